"""What a clause of `agreement.toml` is refused for: one case for each thing that may be said, with its place."""

from fractions import Fraction

import pytest

from rules.agreement import By, Clause, Scope, Service, Share, Slice, Use
from rules.reading import read_agreement
from tests.rules.agreements import BASE, refusals

REFUSED = [
    pytest.param(
        [('id = "7.1"', 'id = "excluded"')],
        [("clause excluded.id: “excluded” is what the result calls excluded schemes; give the clause another id")],
        id="the result calls excluded schemes `excluded`",
    ),
    pytest.param(
        [('on = "overspend"\nscope', 'on = "overspends"\nscope')],
        [
            (
                "clause 7.1.on: “overspends” is not allowed here; write qipp_shortfall, overspend, "
                "disbenefit, underspend or benefit"
            )
        ],
        id="a clause is on one of five amounts",
    ),
    pytest.param(
        [('on = "benefit"\n', "")], ["clause 7.3.on: missing; every clause needs it"], id="a clause is on something"
    ),
    pytest.param(
        [('scope = { fund = "POOL", tier = [1, 2] }', 'scope = "POOL"')],
        ["clause 7.1.scope: a table is needed, not “POOL”"],
        id="a scope is a table",
    ),
    pytest.param(
        [('scope = { fund = "POOL", tier = [1, 2] }', 'scope = { funds = "POOL" }')],
        ["clause 7.1.scope.funds: unknown key `funds`; did you mean `fund`?"],
        id="a scope has keys of its own",
    ),
    pytest.param(
        [('scope = { fund = "POOL", tier = [1, 2] }', 'scope = { fund = ["POOL", "POOLS"] }')],
        ["clause 7.1.scope.fund: no fund has the code “POOLS”; did you mean “POOL”?"],
        id="a scope's fund is a fund",
    ),
    pytest.param(
        [('scope = { fund = "POOL", tier = [1, 2] }', 'scope = { scheme = "ZZZ" }')],
        ["clause 7.1.scope.scheme: no scheme has the code “ZZZ”; declare it under [[scheme]]"],
        id="a scope's scheme is a scheme",
    ),
    pytest.param(
        [('scope = { fund = "POOL", tier = [1, 2] }', 'scope = { service = "cores" }')],
        ["clause 7.1.scope.service: “cores” is not allowed here; write core or influenced"],
        id="a service is core or influenced",
    ),
    pytest.param(
        [('scope = { fund = "POOL", tier = [1, 2] }', "scope = { tier = [true] }")],
        ["clause 7.1.scope.tier: a tier is a whole number from 1 to 5, without quotation marks"],
        id="a scope's tier is a number",
    ),
    pytest.param(
        [('scope = { fund = "POOL", tier = [1, 2] }', "scope = { tag = 5 }")],
        ["clause 7.1.scope.tag: a string or a list of strings is needed"],
        id="a scope's tag is a string",
    ),
    pytest.param(
        [('scope = { fund = "POOL", tier = [1, 2] }', "scope = { tag = [] }")],
        ["clause 7.1.scope.tag: an empty list selects nothing; leave the key out to select everything"],
        id="an empty list is not everything",
    ),
    pytest.param(
        [('to = "reserve:RISK"\n', 'to = "reserve:RISK"\nper = "funds"\n')],
        ["clause 7.1.per: “funds” is not allowed here; write group, fund or agreement"],
        id="a band is measured on one of three",
    ),
    pytest.param(
        [('to = "reserve:RISK"\n', 'to = "reserve:RISK"\nthreshold = "clif"\n')],
        ["clause 7.1.threshold: “clif” is not allowed here; write excess or cliff"],
        id="a threshold is one of two",
    ),
    pytest.param(
        [('to = "reserve:RISK"\n', 'to = "underspends"\ndraw_on = "all"\n')],
        ["clause 7.1.draw_on: “all” is not allowed here; write fund or agreement"],
        id="underspends are drawn on in one of two ways",
    ),
    pytest.param(
        [('band = ["0.00", "250000.00"]', 'band = "2%"')],
        [('clause 7.1.band: a band is a list of one edge or two, such as ["2%"] or ["0.00", "250000.00"]')],
        id="a band is a list",
    ),
    pytest.param(
        [('band = ["0.00", "250000.00"]', 'band = ["1%", "2%", "3%"]')],
        [('clause 7.1.band: a band is a list of one edge or two, such as ["2%"] or ["0.00", "250000.00"]')],
        id="a band has two edges at most",
    ),
    pytest.param(
        [('band = ["0.00", "250000.00"]', 'band = [0.5, "2%"]')],
        ['clause 7.1.band: money is a string; write "0.50"; of a percentage, write "2%"'],
        id="an edge is not a float",
    ),
    pytest.param(
        [('band = ["0.00", "250000.00"]', 'band = ["-1%", "2%"]')],
        ["clause 7.1.band: “-1%” is below zero; write nought or more"],
        id="an edge is not below zero",
    ),
    pytest.param(
        [('band = ["0.00", "250000.00"]', 'band = ["2.5.1%"]')],
        ["clause 7.1.band: “2.5.1%” is not a percentage; write it as 2% or 2.5%"],
        id="an edge is money or a percentage",
    ),
    pytest.param(
        [('band = ["0.00", "250000.00"]', 'band = ["5%", "2%"]')],
        ["clause 7.1.band: the low edge “5%” is above the high edge “2%”"],
        id="no percentage lies between 5% and 2%",
    ),
    pytest.param(
        [('band = ["0.00", "250000.00"]', 'band = ["5.00", "£2.00"]')],
        ["clause 7.1.band: the low edge “5.00” is above the high edge “£2.00”"],
        id="no amount lies between £5 and £2",
    ),
    pytest.param(
        [('to = "reserve:RISK"\n', "")],
        ["clause 7.1.to: neither `to` nor `split` says where the amount goes; write one of them"],
        id="an amount goes somewhere",
    ),
    pytest.param(
        [("split = [", 'to = "partners"\nsplit = [')],
        ["clause 7.3.split: `to` and `split` both say where the amount goes; keep one of them"],
        id="an amount goes whole or is split",
    ),
    pytest.param(
        [("split = [", 'share = { by = "pooled" }\nsplit = [')],
        ["clause 7.3.share: with a `split` each slice has its own share; write it there"],
        id="a split has its shares inside",
    ),
    pytest.param(
        [('percent = "40"', 'percent = "39.9"')],
        ["clause 7.3.split: the percentages make 99.9, and must make 100"],
        id="a split makes exactly 100",
    ),
    pytest.param(
        [
            (
                (
                    'split = [\n  { percent = "40", to = "reserve:RISK" },\n  { percent = "60", to = "partners", '
                    'share = { by = "pooled", at = "opening" } },\n]'
                ),
                "split = []",
            )
        ],
        ["clause 7.3.split: the percentages make 0, and must make 100"],
        id="an empty split makes nothing",
    ),
    pytest.param(
        [('percent = "40"', "percent = 40.5")],
        ['clause 7.3.split[1].percent: a percentage is a string; write "40.5"'],
        id="a percentage is not a number",
    ),
    pytest.param(
        [('percent = "40"', 'percent = "40 %"')],
        ['clause 7.3.split[1].percent: a percentage here is a plain decimal; write "40", without %'],
        id="a slice's percentage has no sign",
    ),
    pytest.param(
        [('percent = "40"', 'percent = "-40"')],
        ["clause 7.3.split[1].percent: “-40” is below zero; write nought or more"],
        id="a percentage is not below zero",
    ),
    pytest.param(
        [('percent = "40", ', "")],
        ["clause 7.3.split[1].percent: missing; every slice needs it"],
        id="a slice has a percentage",
    ),
    pytest.param(
        [('{ percent = "40", to = "reserve:RISK" }', "5")],
        ["clause 7.3.split: write each slice as a { … } in a list"],
        id="a split is a list of slices",
    ),
    pytest.param(
        [('percent = "40"', 'percent = "40", draw_on = "fund"')],
        ["clause 7.3.split[1].draw_on: unknown key `draw_on`; the keys here: percent, to and share"],
        id="a slice has keys of its own",
    ),
    pytest.param(
        [('to = "reserve:RISK"\n', 'to = "partner"\n')],
        [("clause 7.1.to: “partner” is not allowed here; write partners, provision, reserve:CODE or underspends")],
        id="an amount goes to one of a list",
    ),
    pytest.param(
        [('to = "reserve:RISK" }', 'to = "reserves" }')],
        [
            (
                "clause 7.3.split[1].to: “reserves” is not allowed here; write partners, provision, "
                "reserve:CODE, underspends or next"
            )
        ],
        id="a slice goes to one of a list",
    ),
    pytest.param(
        [('to = "reserve:RISK"\n', 'to = "reserve"\n')],
        [("clause 7.1.to: “reserve” is not allowed here; write partners, provision, reserve:CODE or underspends")],
        id="a reserve has a code",
    ),
    pytest.param(
        [('to = "reserve:RISK"\n', 'to = "underspends:RISK"\n')],
        [
            (
                "clause 7.1.to: “underspends:RISK” is not allowed here; write partners, provision, "
                "reserve:CODE or underspends"
            )
        ],
        id="only a reserve has a code",
    ),
    pytest.param(
        [('to = "reserve:RISK"\n', 'to = "reserve:RISKS"\n')],
        ["clause 7.1.to: no reserve has the code “RISKS”; did you mean “RISK”?"],
        id="a reserve is declared",
    ),
    pytest.param(
        [('to = "reserve:RISK"\n', 'to = "next"\n')],
        [("clause 7.1.to: `next` stands in a slice of a `split` only; an amount left whole needs no clause")],
        id="next stands in a split",
    ),
    pytest.param(
        [('to = "reserve:RISK"\n', 'to = "provision"\nshare = { by = "pooled" }\n')],
        [("clause 7.1.to: a provision is made out of a gain, an underspend or a benefit; this is on overspend")],
        id="no provision is made out of a loss",
    ),
    pytest.param(
        [('to = "reserve:RISK" }', 'to = "underspends" }')],
        [("clause 7.3.split[1].to: underspends meet an overspend or a qipp_shortfall only; this is on benefit")],
        id="underspends meet no benefit",
    ),
    pytest.param(
        [('share = { by = "fixed", LBB = "50", NCCG = "50" }\n', "")],
        ['clause 7.2.share: missing; partners needs one, such as share = { by = "pooled" }'],
        id="partners share by something",
    ),
    pytest.param(
        [('to = "reserve:RISK"\n', 'to = "reserve:RISK"\nshare = { by = "pooled" }\n')],
        ["clause 7.1.share: “reserve:RISK” is not shared between partners; leave `share` out"],
        id="a reserve is not shared",
    ),
    pytest.param(
        [('share = { by = "fixed", LBB = "50", NCCG = "50" }', 'share = "fixed"')],
        ["clause 7.2.share: a table is needed, not “fixed”"],
        id="a share is a table",
    ),
    pytest.param(
        [('by = "fixed", LBB = "50", NCCG = "50"', 'by = "target_investments"')],
        [("clause 7.2.share.by: there is no basis “target_investments”; did you mean “target_investment”?")],
        id="an unknown basis is refused, with the nearest known one",
    ),
    pytest.param(
        [('by = "fixed", LBB = "50", NCCG = "50"', 'by = "zebra"')],
        [
            (
                "clause 7.2.share.by: there is no basis “zebra”; declare it as a [basis.NAME], or write "
                "fixed, pooled, core, fund, scheme, responsible, lead, incurred, host or partner:CODE"
            )
        ],
        id="an unknown basis far from any is refused, with all that there are",
    ),
    pytest.param(
        [('by = "fixed", LBB = "50", NCCG = "50"', 'by = "partner:LBX"')],
        ["clause 7.2.share.by: no partner has the code “LBX”; did you mean “LBB”?"],
        id="a partner that bears it all is declared",
    ),
    pytest.param(
        [('by = "fixed", LBB = "50", NCCG = "50"', "")],
        ["clause 7.2.share.by: missing; every share needs it"],
        id="a share has a basis",
    ),
    pytest.param(
        [('by = "fixed", LBB = "50", NCCG = "50"', 'by = "fixed"')],
        [('clause 7.2.share.by: fixed needs a weight for each partner, such as { by = "fixed", A = "50", B = "50" }')],
        id="fixed shares have weights",
    ),
    pytest.param(
        [('LBB = "50"', 'LBB = "-50"')],
        ["clause 7.2.share.LBB: “-50” is below zero; write nought or more"],
        id="a weight is not below zero",
    ),
    pytest.param(
        [('LBB = "50"', "LBB = 50")],
        ['clause 7.2.share.LBB: a weight is a string; write "50"'],
        id="a weight is not a number",
    ),
    pytest.param(
        [('LBB = "50"', 'LBX = "50"')],
        ["clause 7.2.share.LBX: no partner has the code “LBX”; did you mean “LBB”?"],
        id="a weight is a partner's",
    ),
    pytest.param(
        [('by = "fixed", LBB = "50", NCCG = "50"', 'by = "pooled", LBB = "50"')],
        ['clause 7.2.share.LBB: a partner’s weight stands beside by = "fixed" only; leave it out'],
        id="weights stand beside `fixed` only",
    ),
    pytest.param(
        [('by = "fixed", LBB = "50", NCCG = "50"', 'by = "pooled", att = "opening"')],
        ["clause 7.2.share.att: unknown key `att`; did you mean `at`?"],
        id="a share has keys of its own",
    ),
    pytest.param(
        [('at = "opening"', 'at = "outturn"')],
        [("clause 7.3.split[2].share.at: “outturn” is not allowed here; write opening, or leave `at` out")],
        id="contributions are as varied or at opening",
    ),
    pytest.param(
        [('by = "pooled", at', 'by = "host", at')],
        [
            (
                "clause 7.3.split[2].share.at: only contributions have an opening: pooled, core, fund or "
                "scheme; leave `at` out"
            )
        ],
        id="a host has no opening",
    ),
    pytest.param(
        [('by = "fixed", LBB = "50", NCCG = "50"', 'by = "fixed", LBB = "50", NCCG = "50", at = "opening"')],
        [("clause 7.2.share.at: only contributions have an opening: pooled, core, fund or scheme; leave `at` out")],
        id="fixed shares have no opening",
    ),
    pytest.param(
        [('by = "fixed", LBB = "50", NCCG = "50"', 'by = "incurred"')],
        [
            (
                "clause 7.2.share.by: the host pays the spend of a pooled fund for all, so no partner "
                "incurred it; share it otherwise"
            )
        ],
        id="nobody but the host incurs the spend of a pooled fund",
    ),
]


@pytest.mark.parametrize(("edits", "expected"), REFUSED)
def test_refused(edits: list[tuple[str, str]], expected: list[str]) -> None:
    assert refusals(*edits) == expected


def first_clause(old: str, new: str) -> Clause:
    assert old in BASE
    return read_agreement(BASE.replace(old, new, 1)).clauses[0]


def test_a_clause_without_a_split_has_one_slice_of_the_whole() -> None:
    assert read_agreement(BASE).clauses[0].slices == (Slice(Fraction(100), Use.RESERVE, "RISK"),)


def test_a_split_keeps_its_order_and_its_shares() -> None:
    assert read_agreement(BASE).clauses[2].slices == (
        Slice(Fraction(40), Use.RESERVE, "RISK"),
        Slice(Fraction(60), Use.PARTNERS, share=Share(By.POOLED, at_opening=True)),
    )


def test_a_scope_takes_one_value_or_several() -> None:
    scope = 'scope = { fund = "POOL", tier = [1, 2] }'
    assert first_clause(scope, scope).scope == Scope(fund=("POOL",), tier=(1, 2))
    both = 'scope = { service = ["core", "influenced"], tag = "nobody" }'
    assert first_clause(scope, both).scope == Scope(service=(Service.CORE, Service.INFLUENCED), tag=("nobody",))


def test_thirds_that_cannot_be_written_exactly_do_not_make_100() -> None:
    thirds = 'split = [\n{ percent = "33.33", to = "next" },\n{ percent = "66.66", to = "next" }]\n'
    assert refusals(('to = "reserve:RISK"\n', thirds)) == [
        "clause 7.1.split: the percentages make 99.99, and must make 100"
    ]


def test_a_band_of_an_amount_and_a_percentage_is_left_to_the_figures() -> None:
    """Whether £5 is above 2% of budget can be told only when there is a budget."""
    assert refusals(('band = ["0.00", "250000.00"]', 'band = ["5.00", "2%"]')) == []


def test_a_share_may_name_a_basis_of_the_agreement_or_a_partner() -> None:
    fixed = 'by = "fixed", LBB = "50", NCCG = "50"'
    by_basis, by_partner = (
        read_agreement(BASE.replace(fixed, f'by = "{by}"')).clauses[1].slices[0].share
        for by in ("target_investment", "partner:ICB")
    )
    assert by_basis == Share(By.BASIS, "target_investment")
    assert by_partner == Share(By.PARTNER, "ICB")
