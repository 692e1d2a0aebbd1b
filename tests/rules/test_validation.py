"""What does not hold between the parts of an agreement, and what does."""

import pytest

from tests.rules.agreements import refusals

REFUSED = [
    pytest.param(
        [('succeeds = ["NCCG"]', 'succeeds = ["ICB"]')],
        ["partner ICB.succeeds: ICB cannot succeed itself; take it out of the list"],
        id="no partner succeeds itself",
    ),
    pytest.param(
        [('succeeds = ["NCCG"]', 'succeeds = ["NCCG", "NCCG"]')],
        ["partner ICB.succeeds: NCCG is already succeeded by ICB; a partner has one successor"],
        id="a partner is succeeded once by another",
    ),
    pytest.param(
        [('name = "London Borough of Barnet"', 'name = "Barnet"\nsucceeds = ["NCCG"]\nfrom = 2022-04-01')],
        ["partner ICB.succeeds: NCCG is already succeeded by LBB; a partner has one successor"],
        id="a partner has one successor",
    ),
    pytest.param(
        [('name = "NHS North CCG"', 'name = "North"\nsucceeds = ["ICB"]\nfrom = 2022-04-01')],
        [
            (
                "partner NCCG.succeeds: NCCG and ICB succeed one another in a circle; leave out the "
                "`succeeds` of the one that came first"
            )
        ],
        id="succession does not come round",
    ),
    pytest.param(
        [("tier = 1\n", 'tier = 1\nservice = "influenced"\n')],
        [
            (
                "scheme HOME.service: influenced services stand in aligned funds only, and POOL is pooled; "
                "move the scheme to an aligned fund"
            )
        ],
        id="influenced services stand in aligned funds only",
    ),
    pytest.param(
        [('fund = "POOL"\nscheme = "HOME"', 'fund = "ALIGNED"\nscheme = "HOME"')],
        [
            (
                "performance NEA.scheme: scheme HOME is in fund POOL, not in ALIGNED; name a scheme of the "
                "fund, or its own fund"
            )
        ],
        id="performance pay is of a scheme of its fund",
    ),
    pytest.param(
        [("tier = [1, 2]", "tier = 1")],
        [
            (
                "clause 7.1.scope: selects HOME and leaves out BEDS, which net together in group OLDER of "
                "fund POOL; select all of them or none"
            )
        ],
        id="a clause on overspends takes a group of a pooled fund whole",
    ),
    pytest.param(
        [('on = "benefit"', 'on = "benefit"\nscope = { scheme = "PLACES" }')],
        [
            (
                "clause 7.3.scope: selects PLACES and leaves out ACUTE, which net together in fund ALIGNED; "
                "select all of them or none"
            )
        ],
        id="a clause on benefits takes a fund of influenced services whole",
    ),
    pytest.param(
        [("[[performance]]", '[[cap]]\npartner = "LBB"\namount = "1.00"\nclauses = ["7.1", "7.2"]\n\n[[performance]]')],
        ["cap[2].clauses: LBB has a cap on clause 7.2 already, cap[1]; keep one of the two"],
        id="a partner has one cap on a clause",
    ),
    pytest.param(
        [('clauses = ["7.2"]', 'clauses = ["7.2", "7.3"]')],
        ["cap[1].clauses: clause 7.2 deals with losses, 7.3 with gains; write a cap for each"],
        id="a cap is of losses or of gains",
    ),
    pytest.param(
        [('clauses = ["7.2"]', 'clauses = ["7.3", "7.1", "7.2"]')],
        ["cap[1].clauses: clauses 7.1 and 7.2 deal with losses, 7.3 with gains; write a cap for each"],
        id="a cap of several losses is not of gains too",
    ),
    pytest.param(
        [('clauses = ["7.2"]', 'clauses = ["7.2", "7.2"]')],
        ["cap[1].clauses: clause 7.2 stands in the list twice; once is enough"],
        id="a cap names a clause once",
    ),
]


@pytest.mark.parametrize(("edits", "expected"), REFUSED)
def test_refused(edits: list[tuple[str, str]], expected: list[str]) -> None:
    assert refusals(*edits) == expected


def test_a_scope_may_name_what_no_scheme_has() -> None:
    """A tag for next year's schemes: the clause deals with nothing yet."""
    assert refusals(("tier = [1, 2]", 'tag = "nobody"')) == []


def test_a_scope_may_leave_out_what_could_be_no_subject_of_its_clause() -> None:
    """An excluded scheme stands in no group, and a clause on overspends has no say over influenced services."""
    assert refusals(('fund = "POOL", tier = [1, 2]', 'scheme = ["HOME", "BEDS", "ACUTE"]')) == []


def test_a_scheme_alone_in_its_group_may_be_selected_alone() -> None:
    assert refusals(('netting = "group"', 'netting = "scheme"'), ("tier = [1, 2]", "tier = 1")) == []
    assert refusals(('tier = 2\ngroup = "OLDER"', "tier = 2"), ("tier = [1, 2]", "tier = 1")) == []


def test_a_fund_that_nets_whole_is_selected_whole() -> None:
    assert refusals(('netting = "group"\n', ""), ("tier = [1, 2]", "tier = 1")) == [
        (
            "clause 7.1.scope: selects HOME and leaves out BEDS, which net together in fund POOL; "
            "select all of them or none"
        )
    ]


def test_a_group_is_not_judged_by_half_when_a_scheme_could_not_be_read() -> None:
    """The scheme that is wrong may be the one that completes the group: only what is wrong with it is said."""
    alone = ("tier = [1, 2]", "tier = 1")
    assert refusals(alone, ('code = "BEDS"\n', "")) == ["scheme[2].code: missing; every scheme needs it"]
    third = '[[scheme]]\ncode = "MORE"\nname = "More"\nfund = "POOL"\ntier = 9\ngroup = "OLDER"\n\n[[reserve]]'
    assert refusals(alone, ("[[reserve]]", third)) == [
        "scheme MORE.tier: a tier is a whole number from 1 to 5, without quotation marks"
    ]


def test_a_partner_may_be_succeeded_by_one_that_is_itself_succeeded() -> None:
    chain = '[[partner]]\ncode = "NEXT"\nname = "Next"\nkind = "icb"\nsucceeds = ["ICB"]\nfrom = 2022-10-01\n\n'
    assert refusals(('[[fund]]\ncode = "POOL"', f'{chain}[[fund]]\ncode = "POOL"')) == []


def test_a_partner_may_join_without_succeeding_anybody_and_before_the_year() -> None:
    assert refusals(('succeeds = ["NCCG"]\nfrom = 2022-07-01', "from = 2021-07-01")) == []


def test_a_partner_may_have_separate_caps_on_separate_clauses() -> None:
    cap = '[[cap]]\npartner = "LBB"\namount = "1.00"\nclauses = ["7.3"]\nbeyond = "partner:ICB"\nof = "POOL"\n\n'
    assert refusals(("[[performance]]", f"{cap}[[performance]]")) == []
