"""The trace in words: each step a sentence that a partner can check with a calculator."""

import pytest

from rules.agreement import Agreement, On
from rules.outcome import DealtWith
from settlement.sentences import part_sentences, performance_sentence, subject_sentences
from settlement.settle import Settlement
from tests.conftest import (
    GoldenCase,
    agreement_of,
    basis,
    cap,
    clause,
    fixed,
    golden_case,
    performance,
    reserve,
    settlement_of,
)

HALVES = fixed(A="1", B="1")
THIRDS = fixed(A="1", B="1", C="1")
OVER = "M1 S1 A budget 1000.00\nM1 S1 A actual 1100.00\n"


def dealt_with(settlement: Settlement, group: str, on: str) -> DealtWith:
    """A subject, by its group's code and what it is."""
    found = settlement.outcome.subjects
    return next(each for each in found if (each.subject.group.code, each.subject.on) == (group, on))


def subject_told(settlement: Settlement, group: str, on: str) -> list[str]:
    """How the amount of a subject came about."""
    [dealt] = [
        each for each in settlement.outcome.subjects if (each.subject.group.code, each.subject.on) == (group, on)
    ]
    return subject_sentences(dealt.subject, settlement.outcome)


def parts_told(settlement: Settlement, group: str, on: str) -> list[list[str]]:
    """How each part of a subject came about."""
    [dealt] = [
        each for each in settlement.outcome.subjects if (each.subject.group.code, each.subject.on) == (group, on)
    ]
    return [part_sentences(settlement, dealt, part) for part in dealt.parts]


def overspend_told(schedule: str, lines: str = OVER, **parts: str) -> list[list[str]]:
    """How each part of the overspend of fund F came about."""
    return parts_told(settlement_of(agreement_of(schedule, **parts), lines), "F", On.OVERSPEND)


# --- subjects ---------------------------------------------------------------------------------------------------------


def test_an_overspend_and_an_underspend_are_told_from_spend_and_budget() -> None:
    agreement = agreement_of(funds="F netting=scheme", schemes="S1; S2")
    settlement = settlement_of(agreement, OVER + "M1 S2 A budget 5.00\nM1 S2 A accrual 4.50")
    assert subject_told(settlement, "S1", On.OVERSPEND) == [
        "Expenditure of £1,100.00 against a budget of £1,000.00.",
        "That is £100.00 above it.",
    ]
    assert subject_told(settlement, "S2", On.UNDERSPEND) == [
        "Expenditure of £4.50 against a budget of £5.00.",
        "That is £0.50 below it.",
    ]


def test_a_shortfall_within_the_budget_is_told_as_far_as_it_shows() -> None:
    settlement = settlement_of(agreement_of(), OVER + "M1 S1 A qipp_target 80.00\nM1 S1 A qipp_delivered 50.00")
    assert subject_told(settlement, "F", On.QIPP_SHORTFALL) == [
        "QIPP of £50.00 delivered against a target of £80.00.",
        (
            "The budget was cut by the target already, so that the shortfall counts as far as it shows in the £100.00 "
            "spent above budget: £30.00."
        ),
    ]
    assert subject_told(settlement, "F", On.OVERSPEND) == [
        "Expenditure of £1,100.00 against a budget of £1,000.00.",
        "That is £100.00 above it, of which £30.00 is a QIPP shortfall.",
        "The rest of the overspend is £70.00.",
    ]


def test_a_shortfall_beside_the_budget_is_told_by_itself() -> None:
    settlement = settlement_of(agreement_of(qipp="separate"), "M1 S1 A qipp_target 80.00")
    assert subject_told(settlement, "F", On.QIPP_SHORTFALL) == [
        "QIPP of £0.00 delivered against a target of £80.00.",
        "The savings target stands beside the budget: the shortfall is £80.00.",
    ]


@pytest.mark.parametrize(
    ("spent", "on", "told"),
    [
        ("70.00", On.BENEFIT, "Expenditure of £70.00 against a baseline of £100.00: £30.00 below it."),
        ("105.00", On.DISBENEFIT, "Expenditure of £105.00 against a baseline of £100.00: £5.00 above it."),
    ],
)
def test_influenced_services_are_told_from_spend_and_baseline(spent: str, on: On, told: str) -> None:
    agreement = agreement_of(funds="I kind=aligned", schemes="S1 fund=I service=influenced")
    settlement = settlement_of(agreement, f"M1 S1 A baseline 100.00\nM1 S1 A actual {spent}")
    assert subject_told(settlement, "I", on) == [told]


def test_an_excluded_scheme_is_told_with_its_responsible_partner() -> None:
    settlement = settlement_of(agreement_of(schemes="S1 excluded=true responsible=B"), OVER)
    excluded = "The scheme is excluded from sharing: its variance is the Responsible Partner's, B."
    assert subject_told(settlement, "S1", On.OVERSPEND)[-1] == excluded
    assert parts_told(settlement, "S1", On.OVERSPEND) == [[excluded]]


# --- what a clause took -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("band", "threshold", "told"),
    [
        ([], None, "takes £100.00: all of the £100.00 that remains."),
        (["30.00"], None, "takes £70.00: the part of the £100.00 measured above £30.00."),
        (["0.00", "30.00"], None, "takes £30.00: the part of the £100.00 measured between £0.00 and £30.00."),
        (
            ["2%", "5%"],
            None,
            (
                "takes £30.00: the part of the £100.00 measured between 2% (£20.00) and 5% (£50.00) "
                "of the budget of £1,000.00."
            ),
        ),
        (
            ["2%"],
            "cliff",
            (
                "takes £100.00: 2% (£20.00) is reached, so that the £100.00 measured counts from the first pound "
                "of the budget of £1,000.00."
            ),
        ),
        (
            ["20.00", "50.00"],
            "cliff",
            "takes £50.00: £20.00 is reached, so that the £100.00 measured counts from the first pound up to £50.00.",
        ),
    ],
)
def test_what_a_clause_takes_is_told_with_its_band(band: list[str], threshold: str | None, told: str) -> None:
    schedule = clause("1", "overspend", band=band or None, threshold=threshold, share={"by": "host"})
    assert overspend_told(schedule)[0][0] == f"Clause 1 (Clause 1) {told}"


def test_a_take_that_is_cut_short_by_what_remains_says_so() -> None:
    schedule = clause("1", "overspend", band=["0.00", "60.00"], share=HALVES) + clause(
        "2", "overspend", band=["0.00", "80.00"], share=HALVES
    )
    assert overspend_told(schedule)[1][0] == (
        "Clause 2 (Clause 2) takes £40.00: the part of the £100.00 measured between £0.00 and £80.00, "
        "of which the £40.00 that remains is left to take."
    )


def test_a_band_over_a_fund_is_told_with_the_groups_part_of_it() -> None:
    schedule = clause("1", "overspend", per="fund", band=["0.00", "60.00"], share=HALVES)
    agreement = agreement_of(schedule, funds="F netting=scheme", schemes="S1; S2")
    settlement = settlement_of(agreement, OVER + "M1 S2 A actual 50.00")
    assert parts_told(settlement, "S1", On.OVERSPEND)[0][0] == (
        "Clause 1 (Clause 1) takes £40.00: this group's part, by what remains of each, of £60.00 taken of the groups "
        "of the fund together, the part of the £150.00 measured between £0.00 and £60.00."
    )


def test_each_slice_of_a_split_is_told_with_its_percentage() -> None:
    split = [
        {"percent": "33.5", "to": "reserve:R"},
        {"percent": "66.5", "to": "partners", "share": {"by": "partner:B"}},
    ]
    first, second = overspend_told(reserve("R", "30.00") + clause("1", "overspend", to=None, split=split))
    assert first == [
        "Clause 1 (Clause 1) takes £100.00: all of the £100.00 that remains.",
        "33.5% of it, £33.50, is to be met from reserve R.",
        "£30.00 is drawn from the reserve “The R”, which held £30.00 against £33.50 wanted; £30.00 of it comes here.",
    ]
    assert second == [
        "Clause 1 (Clause 1) takes £100.00: all of the £100.00 that remains.",
        "66.5% of it, £66.50, is shared between the partners.",
        "Shared with B: B 1, which is all.",
        "Allocated: £66.50 makes B £66.50.",
        "B bears £66.50.",
    ]


# --- where it went ----------------------------------------------------------------------------------------------------


def test_a_share_is_told_with_its_basis_exact_ratios_and_the_odd_penny() -> None:
    told = overspend_told(clause("1", "overspend", share=fixed(A="33.33", B="33.33", C="33.34")), partners="A; B; C")
    # £100.00 at 3333:3333:3334
    assert told[0][1:] == [
        (
            "Shared in fixed shares: A 33.33, which is 3,333 / 10,000 (33.33%), B 33.33, which is 3,333 / 10,000 "
            "(33.33%) and C 33.34, which is 1,667 / 5,000 (33.34%)."
        ),
        "Allocated: £100.00 makes A £33.33, B £33.33 and C £33.34.",
        "A bears £33.33, B bears £33.33 and C bears £33.34, £100.00 in all.",
    ]
    told = overspend_told(clause("1", "overspend", share=THIRDS), partners="A; B; C")
    assert told[0][2] == "Allocated: £100.00 makes A £33.34 (with an odd penny), B £33.33 and C £33.33."


@pytest.mark.parametrize(
    ("share", "told"),
    [
        ({"by": "pooled"}, "in proportion to contributions to pooled funds: A £1,000.00"),
        (
            {"by": "core", "at": "opening"},
            "in proportion to contributions to core services as first agreed: A £1,000.00",
        ),
        ({"by": "fund"}, "in proportion to contributions to the fund F: A £1,000.00"),
        ({"by": "scheme"}, "in proportion to contributions to the schemes of F: A £1,000.00"),
        ({"by": "responsible"}, "by the variance of the schemes that each is responsible for: A £100.00"),
        ({"by": "lead"}, "by the variance of the schemes that each leads: A £100.00"),
        ({"by": "host"}, "with the Host Partner: A 1"),
        ({"by": "partner:B"}, "with B: B 1"),
        ({"by": "acute_need"}, "in proportion to the agreed amounts “acute need”: B £3.00"),
    ],
)
def test_every_basis_is_told_with_its_figures(share: dict[str, str], told: str) -> None:
    schedule = basis("acute_need", B="3.00") + clause("1", "overspend", share=share)
    assert overspend_told(schedule)[0][1] == f"Shared {told}, which is all."


def test_a_shortfall_where_it_fell_is_told_so() -> None:
    schedule = clause("1", "qipp_shortfall", share={"by": "incurred"})
    settlement = settlement_of(agreement_of(schedule, qipp="separate"), "M1 S1 B qipp_target 80.00")
    assert parts_told(settlement, "F", On.QIPP_SHORTFALL)[0][1] == (
        "Shared where it fell, by each partner's own variance: B £80.00, which is all."
    )


def test_rounds_caps_and_handovers_are_told_one_by_one() -> None:
    schedule = (
        clause("1", "overspend", share=THIRDS)
        + cap("B", "10.00", "1")
        + cap("C", "40.00", "1", beyond="host")
        + cap("A", "52.00", "1", beyond="next")
    )
    # 33.34, 33.33, 33.33: B leaves with 10. 90: 45 each: C leaves with 40, 45 with it. 45 for A, which has 7 left: 5
    assert overspend_told(schedule, partners="A; B; C")[0][2:] == [
        "Round 1: £100.00 makes A £33.34 (with an odd penny), B £33.33 and C £33.33.",
        "B's cap of £10.00 holds: it bears £10.00, and the £23.33 beyond goes to the other partners.",
        "Round 2: £90.00 makes A £45.00 and C £45.00.",
        "C's cap of £40.00 holds: it bears £40.00, and the £5.00 beyond is offered to the Host Partner.",
        "Round 3: £45.00 makes A £45.00.",
        "A takes £5.00 of C's excess.",
        "A bears £50.00, B bears £10.00 and C bears £40.00, £100.00 in all.",
    ]


def test_a_bearer_that_takes_only_part_says_why_and_what_is_left() -> None:
    schedule = (
        clause("1", "overspend", share=HALVES) + cap("B", "10%", "1", beyond="partner:A") + cap("A", "60.00", "1")
    )
    lines = OVER + "M1 S1 B budget 20.00\nM1 S1 B actual 20.00"
    # 50 each; 10% of B's 20 is 2: of its 48 A takes 10
    assert overspend_told(schedule, lines)[0][2:] == [
        "Round 1: £100.00 makes A £50.00 and B £50.00.",
        (
            "B's cap of £2.00 (10% of its contribution to pooled funds) holds: it bears £2.00, "
            "and the £48.00 beyond is offered to A."
        ),
        "Round 2: £50.00 makes A £50.00.",
        "A takes £10.00 of B's excess of £48.00, as far as its own cap allows.",
        "£38.00 is left for a later clause.",
        "A bears £60.00 and B bears £2.00, £62.00 in all.",
    ]


def test_a_cap_partly_used_up_and_one_of_a_fund_say_so() -> None:
    schedule = (
        clause("1", "overspend", band=["0.00", "10.00"], share=HALVES)
        + clause("2", "overspend", share=HALVES)
        + cap("A", "0.8%", "1", "2", beyond="next", of="F")
    )
    told = overspend_told(schedule)
    # 0.8% of £1,000.00 is £8.00; 5 of it went under clause 1
    assert told[1][3] == (
        "A's cap of £8.00 (0.8% of its contribution to the fund F), of which £3.00 is left, holds: it bears £3.00, "
        "and the £42.00 beyond is left for the next clause."
    )


def test_underspends_are_told_by_those_that_take_and_those_that_give() -> None:
    agreement = agreement_of(clause("1", "overspend", to="underspends"), funds="F netting=scheme", schemes="S1; S2; S3")
    settlement = settlement_of(agreement, OVER + "M1 S2 A budget 30.00\nM1 S3 A budget 10.00")
    assert parts_told(settlement, "S1", On.OVERSPEND) == [
        [
            "Clause 1 (Clause 1) takes £100.00: all of the £100.00 that remains.",
            (
                "Underspends of £40.00 were there to meet £100.00 wanted; £40.00 was met, of it £40.00 here, "
                "from S2 (£30.00) and S3 (£10.00)."
            ),
        ]
    ]
    assert parts_told(settlement, "S2", On.UNDERSPEND) == [
        [
            (
                "Clause 1 called on £40.00 of underspends to meet overspends of £100.00; this group gave £30.00 of the "
                "£40.00 there was."
            )
        ]
    ]


def test_a_gain_is_received_and_paid_in() -> None:
    split = [
        {"percent": "50", "to": "reserve:R"},
        {"percent": "30", "to": "partners", "share": {"by": "host"}},
        {"percent": "20", "to": "provision", "share": {"by": "partner:B"}},
    ]
    agreement = agreement_of(reserve("R", "3.00") + clause("1", "underspend", to=None, split=split))
    told = parts_told(settlement_of(agreement, "M1 S1 A budget 10.00"), "F", On.UNDERSPEND)
    assert told[0][1:] == [
        "50% of it, £5.00, is paid into reserve R.",
        "£5.00 is paid into the reserve “The R”, which held £3.00.",
    ]
    assert told[1][1] == "30% of it, £3.00, is shared between the partners."
    assert told[1][-1] == "A receives £3.00."
    assert told[2][1] == "20% of it, £2.00, is provided for the partners' own exposure."


# --- performance ------------------------------------------------------------------------------------------------------


def test_performance_pay_is_told_with_the_activity_that_decided_it() -> None:
    agreement = agreement_of(performance("P1", "100.00"))
    lines = "M1 S1 B budget 100.00"
    [pay] = settlement_of(agreement, lines, measures="M3 NEA 100 90 94.5").outcome.performance
    assert performance_sentence(pay) == (
        "P1 (Element P1): £100.00 is held from B; a reduction of 5.5 was achieved where 10 was required, "
        "which releases £55.00 and withholds £45.00."
    )
    [pay] = settlement_of(agreement, lines).outcome.performance
    assert performance_sentence(pay) == (
        "P1 (Element P1): £100.00 is held from B; nothing is measured yet by NEA, so that nothing is released."
    )


# --- all of it --------------------------------------------------------------------------------------------------------


def test_every_part_of_a_golden_case_can_be_told(golden: GoldenCase) -> None:
    settlement = golden.settlement()
    for dealt in settlement.outcome.subjects:
        assert subject_sentences(dealt.subject, settlement.outcome)
        for part in dealt.parts:
            told = part_sentences(settlement, dealt, part)
            assert told
            assert all(sentence.endswith(".") for sentence in told)


def test_a_published_ratio_is_told_exactly() -> None:
    settlement = golden_case("oxfordshire-2013-14").settlement()
    told = " ".join(
        sentence
        for dealt in settlement.outcome.subjects
        for part in dealt.parts
        for sentence in part_sentences(settlement, dealt, part)
    )
    assert "33 / 65 (50.77%)" in told
    assert "32 / 65 (49.23%)" in told


def test_an_agreement_in_force_names_the_successor() -> None:
    agreement: Agreement = agreement_of(
        clause("1", "overspend", share={"by": "partner:B"}), partners="A; B; X succeeds=B from=2016-07-01"
    )
    before = settlement_of(agreement, OVER, "M3")
    after = settlement_of(agreement, OVER, "M4")
    assert parts_told(before, "F", On.OVERSPEND)[0][-1] == "B bears £100.00."
    assert parts_told(after, "F", On.OVERSPEND)[0][-1] == "X bears £100.00."
