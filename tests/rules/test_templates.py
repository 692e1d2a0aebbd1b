"""Each rule shape of real agreements, by its template: read, written, settled; by golden figures where worked."""

from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from rules.agreement import Agreement, By, Limit, Mode, Netting, Share
from rules.problems import RefusedError
from rules.reading import read_agreement
from rules.template_questions import Asks, limit_of, number_typed
from rules.templates import TEMPLATE_OF, TEMPLATES, Template, gaps
from rules.wording import cap_sentence, performance_sentence, sentence
from rules.writing import write_agreement
from settlement.result import result_of
from settlement.settle import settle
from tests.conftest import agreement_of, golden_case, position_of

PLAIN = agreement_of(
    partners="A; B kind=icb",
    funds="F; G kind=aligned host=B",
    schemes="S1 tags=BCF; S2 responsible=B; I1 fund=G service=influenced",
)
SCHEMES_APART = replace(PLAIN, funds=tuple(replace(fund, netting=Netting.SCHEME) for fund in PLAIN.funds))

OVERSPENT = """
M1 S1 A budget 100.00
M1 S1 B budget 300.00
M1 S2 B budget 100.00
M1 S1 A actual 420.00
M1 S2 A actual 140.00
M1 S2 B qipp_target 25.00
M1 I1 B baseline 1000.00
M1 I1 B actual 900.00
"""
UNDERSPENT = OVERSPENT.replace("actual 420.00", "actual 320.00").replace("actual 900.00", "actual 1100.00")


def schedule(*chosen: tuple[str, dict[str, Any]], agreement: Agreement = PLAIN) -> Agreement:
    """The agreement with these templates put into it, in this order."""
    for key, answers in chosen:
        agreement = TEMPLATE_OF[key].clauses(agreement, **answers)
    return agreement


def bare(name: str) -> Agreement:
    """A golden agreement without its schedule."""
    return replace(golden_case(name).agreement, clauses=(), caps=(), bases=(), reserves=(), performance=())


def money(of: dict[str, Any]) -> dict[str, Any]:
    """All that a result says in money: not what clauses and reserves are called."""
    return {
        "partners": of["partners"],
        "transfers": of["transfers"],
        "unallocated": of["unallocated"],
        "reserves": sorted(of["reserves"].values()),
        "performance": [(each["held"], each["released"]) for each in of["performance"]],
        "subjects": [
            (
                subject["on"],
                subject["group"],
                subject["amount"],
                subject["unallocated"],
                [(part["to"].partition(":")[0], part["amount"], part["partners"]) for part in subject["parts"]],
            )
            for subject in of["subjects"]
        ],
    }


# --- every template ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda each: each.key)
@pytest.mark.parametrize("lines", [OVERSPENT, UNDERSPENT], ids=["overspent", "underspent"])
def test_a_template_as_it_stands_makes_clauses_that_are_read_back_and_settle(template: Template, lines: str) -> None:
    start = schedule(("fixed", {"amounts": "underspend"}), agreement=SCHEMES_APART)
    answers = {"target_investment": {"A": 1, "B": 2}} if template.key == "benefit" else {}
    answers |= {"maxima": {"B": Limit(pence=1000)}} if "maximum" in template.key else {}
    made = template.clauses(start, **answers)
    assert read_agreement(write_agreement(made)) == made
    added = [clause for clause in made.clauses if clause not in start.clauses]
    assert added or made.performance or made.caps
    for clause in added:
        assert sentence(clause, made).endswith(".")
    assert made.clauses[: len(start.clauses)] == start.clauses
    settled = settle(made, position_of(lines))
    assert sum(row.net_due_pence for row in settled.rows) == 0


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda each: each.key)
def test_what_a_template_has_by_default_is_what_would_be_typed_for_it(template: Template) -> None:
    start = schedule(("fixed", {}), agreement=SCHEMES_APART)
    told = template.told(start)
    if "maximum" in template.key:
        told["maxima"] = {"A": "2%", "B": "100"}
    read = template.read(told, start)
    for question in template.asked(told):
        if question.key != "maxima":
            assert read[question.key] == template.defaults(start)[question.key]
    assert template.clauses(start, **read) == template.clauses(
        start, **({"maxima": read["maxima"]} if "maximum" in template.key else {})
    )


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda each: each.key)
def test_a_template_has_one_plain_sentence(template: Template) -> None:
    assert template.sentence.endswith(".")
    assert template.sentence.count(". ") == 0
    assert template.sentence[0].isupper()
    assert len({question.key for question in template.questions}) == len(template.questions)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda each: each.key)
def test_every_option_of_a_question_can_be_chosen(template: Template) -> None:
    """An option makes an agreement, or is refused in words: never an error of the program's."""
    start = schedule(("fixed", {}), ("benefit", {}), agreement=SCHEMES_APART)
    for question in template.questions:
        for option in question.options(start):
            if question.asks is Asks.CLAUSES:
                answer: object = (option.code,)
            elif question.asks is Asks.SHARE:
                weights = {"A": "1", "B": "1"}
                answer = question.read({"by": option.code, "weights": weights}, start)
            else:
                answer = question.read(option.code, start)
            extra = {"maxima": {"A": Limit(pence=1)}} if "maximum" in template.key else {}
            with suppress(RefusedError):
                made = template.clauses(start, **{question.key: answer}, **extra)
                assert read_agreement(write_agreement(made)) == made


def test_what_an_agreement_lacks_for_a_template_is_said_and_refused() -> None:
    pooled = agreement_of()
    aligned = agreement_of(funds="F kind=aligned", schemes="S1 service=influenced")
    assert TEMPLATE_OF["benefit"].why_not(pooled) == "It needs a scheme of influenced services, in an aligned fund."
    assert TEMPLATE_OF["first_calls"].why_not(aligned) == "It needs a pooled fund with a scheme that is not excluded."
    assert "needs a tag" in TEMPLATE_OF["part"].why_not(pooled)
    assert "needs a clause" in TEMPLATE_OF["maximum_together"].why_not(pooled)
    nothing = agreement_of(funds="F kind=aligned")
    assert TEMPLATE_OF["fixed"].why_not(nothing).startswith("It needs a pooled fund with a scheme, or")
    with pytest.raises(RefusedError, match="influenced services"):
        TEMPLATE_OF["benefit"].clauses(pooled)


def test_an_answer_that_is_not_asked_for_is_an_error() -> None:
    with pytest.raises(TypeError, match="does not ask for colour"):
        TEMPLATE_OF["fixed"].clauses(PLAIN, colour="red")


def test_a_part_that_cuts_through_what_nets_together_is_refused_in_words() -> None:
    with pytest.raises(RefusedError, match="which net together in fund F"):
        TEMPLATE_OF["part"].clauses(PLAIN)


def test_a_fund_that_never_comes_to_such_an_amount_is_refused_in_words() -> None:
    with pytest.raises(RefusedError, match="no pooled fund is in what it is about"):
        TEMPLATE_OF["fixed"].clauses(PLAIN, amounts="overspend", fund="G")
    with pytest.raises(RefusedError, match="no influenced services"):
        TEMPLATE_OF["fixed"].clauses(PLAIN, amounts="benefit", fund="F")


def test_two_maxima_of_one_partner_on_one_clause_are_refused_in_words() -> None:
    made = schedule(("maximum", {"maxima": {"A": Limit(pence=100)}}))
    with pytest.raises(RefusedError, match="A has a maximum under clause RS1 already"):
        TEMPLATE_OF["maximum_together"].clauses(made, maxima={"A": Limit(pence=1)}, clauses=("RS1",))


def test_a_basis_of_nothing_is_refused_in_words() -> None:
    with pytest.raises(RefusedError, match="each partner’s target investment"):
        TEMPLATE_OF["benefit"].clauses(PLAIN, basis="target_investment")


def test_a_basis_with_other_amounts_gets_a_name_of_its_own() -> None:
    challenge = {"basis": "financial_challenge", "financial_challenge": {"A": 100, "B": 300}}
    other = {"basis": "financial_challenge", "financial_challenge": {"A": 200, "B": 300}}
    made = schedule(("benefit", challenge), ("benefit", challenge), ("benefit", other))
    assert [basis.name for basis in made.bases] == ["financial_challenge", "financial_challenge_2"]


def test_numbers_and_codes_are_free_ones() -> None:
    calls: dict[str, Any] = {"reserve_opening": 100}
    made = schedule(("first_calls", calls), ("first_calls", calls))
    assert [clause.id for clause in made.clauses] == ["RS1", "RS2", "RS3", "RS4", "RS5", "RS6"]
    assert [reserve.code for reserve in made.reserves] == ["RISKPOOL", "RISKPOOL2"]


def test_a_successor_is_not_asked_for_a_share_of_its_own() -> None:
    start = bare("ccg-to-icb-2022-23")
    (first, *_) = schedule(("fixed", {}), agreement=start).clauses
    share = first.slices[0].share
    assert share is not None
    assert dict(share.weights) == {"COUNCIL": 1, "CCG-N": 1, "CCG-S": 1}


def test_sentences_of_what_is_made_say_what_was_chosen() -> None:
    made = schedule(
        (
            "fixed",
            {"amounts": "overspend", "share": Share(By.FIXED, weights=(("A", Fraction(40)), ("B", Fraction(60))))},
        ),
        ("maximum_together", {"maxima": {"B": limit_of("£1,000")}, "beyond": "host"}),
        ("performance", {"scheme": "S1", "held": 5000, "released": "all_or_nothing"}),
    )
    assert sentence(made.clauses[0], made) == (
        "Overspends of the pooled fund are shared 40% to A and 60% to B; "
        "B bears at most £1,000.00 a year; the host partner bears anything beyond that."
    )
    assert cap_sentence(made.caps[0], made).startswith("Under clause RS1, B bears at most £1,000.00 a year")
    assert performance_sentence(made.performance[0], made).startswith("£50.00 of B’s contribution")
    assert made.performance[0].mode is Mode.ALL_OR_NOTHING


# --- answers as they are typed ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "told", "message"),
    [
        ("fixed", {"amounts": "gains"}, "What is shared: “gains” cannot be chosen here any more"),
        ("fixed", {"share": {"by": "fixed", "weights": {"A": "x"}}}, "A: “x” is not a plain decimal number"),
        ("fixed", {"share": {"by": "fixed", "weights": {}}}, "write a percentage, or a number of parts"),
        ("fixed", {"share": {"by": "fixed", "weights": {"A": "-1"}}}, "“-1” is below zero"),
        ("maximum", {"maxima": {}}, "write a maximum for at least one partner"),
        ("maximum", {"maxima": {"A": "2 %%"}}, "is not a plain decimal number"),
        ("first_calls", {"reserve_opening": "£O"}, "the letter O"),
        ("first_calls", {"reserve_name": "  "}, "Its name: it is empty; write a few words"),
        ("corridor", {"first_edge": ""}, "First band ends at: it is empty; write an amount"),
        ("benefit", {"basis": "financial_challenge"}, "Financial challenge: write an amount for at least one partner"),
        ("benefit", {"uses": "divided", "provision": ""}, "it is empty; write a number, such as 50"),
        ("maximum_together", {"clauses": [], "maxima": {"A": "1"}}, "choose at least one clause"),
        ("performance", {"held": "-5"}, "“-5” is below zero"),
    ],
)
def test_what_was_typed_wrongly_is_told_by_its_question(key: str, told: dict[str, Any], message: str) -> None:
    start = schedule(("fixed", {}))
    with pytest.raises(RefusedError) as refused:
        TEMPLATE_OF[key].read(told, start)
    assert message in str(refused.value)


def test_percentages_that_do_not_make_a_hundred_are_refused_in_words() -> None:
    answers = TEMPLATE_OF["benefit"].read({"uses": "divided", "retained": "50%"}, PLAIN)
    with pytest.raises(RefusedError, match="the percentages make 110, and must make 100"):
        TEMPLATE_OF["benefit"].clauses(PLAIN, **answers)


def test_what_is_not_asked_is_not_read() -> None:
    """An opening balance that was typed before the reserve was chosen from those there are."""
    answers = TEMPLATE_OF["first_calls"].read({"reserve": "none", "reserve_opening": "nonsense"}, PLAIN)
    assert "reserve_opening" not in answers


def test_numbers_are_read_as_they_are_typed() -> None:
    assert number_typed("37.5%") == Fraction(75, 2)
    assert limit_of("2.5 %") == Limit(percent=Fraction(5, 2))
    assert limit_of("£250,000") == Limit(pence=25_000_000)


# --- what no clause is about ------------------------------------------------------------------------------------------


def test_amounts_without_a_clause_are_told() -> None:
    assert len(gaps(PLAIN)) == 4
    assert gaps(schedule(("fixed", {}), ("fixed", {"amounts": "influenced"}))) == ()
    (only,) = gaps(schedule(("fixed", {"amounts": "overspend"}), ("fixed", {"amounts": "influenced"})))
    assert only.startswith("No clause says who has an underspend of The F; it would stay unallocated")


def test_qipp_without_a_clause_is_told_where_it_is_shared_beside_the_budget() -> None:
    separate = agreement_of(qipp="separate")
    (only,) = gaps(schedule(("fixed", {}), agreement=separate))
    assert "QIPP that is not delivered" in only
    assert gaps(schedule(("fixed", {"amounts": "all"}), agreement=separate)) == ()


# --- the golden cases, by templates -----------------------------------------------------------------------------------

CHALLENGE = {"LBB": 1_400_000_000, "BCCG": 2_090_000_000}
INVESTMENT = {"LBB": 31_000_000, "BCCG": 280_000_000}


def limits(**amounts: str) -> dict[str, Limit]:
    """Maxima by partner, a `_` for the dash of a code."""
    return {code.replace("_", "-"): limit_of(amount) for code, amount in amounts.items()}


def weights(**each: int) -> Share:
    """Fixed shares by partner, a `_` for the dash of a code."""
    return Share(By.FIXED, weights=tuple((code.replace("_", "-"), Fraction(part)) for code, part in each.items()))


BY_TEMPLATES: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "barnet-2014-15-core": [("benefit", {"basis": "core"})],
    "barnet-2014-15-pooled": [("benefit", {"basis": "pooled"})],
    "barnet-2014-15-fifty-fifty": [("benefit", {"basis": "equally"})],
    "barnet-2014-15-financial-challenge": [
        ("benefit", {"basis": "financial_challenge", "financial_challenge": CHALLENGE})
    ],
    "barnet-2014-15-target-investment": [("benefit", {"basis": "target_investment", "target_investment": INVESTMENT})],
    "barnet-2014-15-reward-mechanism": [
        (
            "benefit",
            {
                "basis": "financial_challenge",
                "financial_challenge": CHALLENGE,
                "uses": "divided",
                "retained": Fraction(40),
                "to_partners": Fraction(45),
                "provision": Fraction(15),
                "provision_by": "core",
                "reserve_fund": "POOL",
            },
        ),
        ("contributions", {"amounts": "disbenefit", "to": "core"}),
        ("contributions", {"amounts": "overspend", "to": "pooled"}),
        ("maximum_together", {"maxima": limits(LBB="1%")}),
    ],
    "ccg-to-icb-2022-23": [
        (
            "corridor",
            {
                "per": "fund",
                "bands": "2",
                "first_edge": limit_of("250000"),
                "within": weights(COUNCIL=50, CCG_N=30, CCG_S=20),
                "above": Share(By.FUND),
            },
        ),
        ("underspends", {"goes": "kept", "keeper": "lead"}),
        (
            "maximum_together",
            {"maxima": limits(CCG_S="100000", CCG_N="120000"), "clauses": ("RS1", "RS2"), "beyond": "host"},
        ),
    ],
    "fife-reserves-first": [("reserves_first", {"reserve_opening": 850_000_000, "share": weights(CCG=60, COUNCIL=40)})],
    "hammersmith-fulham-2017-18": [("responsible", {})],
    "minimum-savings-at-minimum": [("minimum_savings", {})],
    "minimum-savings-below-minimum": [("minimum_savings", {})],
    "oxfordshire-2013-14": [("contributions", {"amounts": "overspend"})],
    "payment-for-performance": [
        (
            "performance",
            {"scheme": "P4P", "held": 149_000_000, "released": "rate", "rate": 149_000, "payer": "CCG"},
        ),
        ("contributions", {"to": "fund"}),
    ],
    "risk-corridor": [
        (
            "corridor",
            {
                "amounts": "disbenefit",
                "within": Share(By.PARTNER, "COUNCIL"),
                "above": weights(COUNCIL=20, CCG=80),
            },
        )
    ],
    "rotherham-first-call": [
        (
            "first_calls",
            {
                "reserve_fund": "POOL1",
                "reserve_opening": 50_000_000,
                "maxima": limits(COUNCIL="150000", CCG="2%"),
                "beyond": "lead",
            },
        ),
        ("underspends", {"reserve": "reserve:RISKPOOL"}),
    ],
    "telford-2019-20": [("fixed", {})],
    "three-partners-qipp-separate": [
        (
            "corridor",
            {
                "amounts": "qipp_shortfall",
                "bands": "2",
                "first_edge": limit_of("100000"),
                "within": Share(By.INCURRED),
                "above": Share(By.POOLED, at_opening=True),
            },
        ),
        (
            "corridor",
            {"bands": "2", "first_edge": limit_of("2%"), "within": weights(A=1, B=1, C=1), "above": Share(By.LEAD)},
        ),
        ("underspends", {"goes": "returned"}),
        ("maximum_together", {"clauses": ("RS2", "RS3"), "maxima": limits(C="50000")}),
    ],
}


@pytest.mark.parametrize("name", sorted(BY_TEMPLATES))
def test_templates_give_the_settlement_that_was_worked(name: str) -> None:
    case = golden_case(name)
    made = schedule(*BY_TEMPLATES[name], agreement=bare(name))
    assert money(result_of(settle(made, case.position()))) == money(case.expected)


def test_every_golden_case_is_made_by_templates() -> None:
    from tests.conftest import GOLDEN_NAMES

    assert set(BY_TEMPLATES) == set(GOLDEN_NAMES)


def test_shares_for_the_better_care_fund_part_only_leave_the_rest_with_the_commissioner() -> None:
    """Wirral: S1 is tagged BCF and shared 50:50; S2, led by A, stays with A."""
    made = schedule(("part", {}), agreement=SCHEMES_APART)
    settled = settle(made, position_of(OVERSPENT))
    parts = {
        (dealt.subject.group.code, part.clause): part.amount_pence
        for dealt in settled.outcome.subjects
        for part in dealt.parts
    }
    assert parts == {("S1", "RS1"): 2000, ("S2", "RS2"): 1500}
    assert {row.partner: row.overspend_pence for row in settled.rows} == {"A": 1000 + 1500, "B": 1000}
