"""The year at a glance agrees with the settlement to the penny; worked by hand for funds, partners, months, caps."""

from pathlib import Path

import pytest

from ledgers import create_ledger, open_ledger
from rules.periods import Period
from rules.trace import CapHeld
from settlement.overview import Measured, Overview, exposures_of, months_of, overview_of, running
from settlement.settle import Settlement
from settlement.statements.funds import variances_of
from tests.conftest import GOLDEN, GOLDEN_NAMES, GoldenCase, agreement_of, agreement_text, cap, clause, settlement_of
from tests.settlement.signoff.lives import posted

M1, M2, M3, M12, M13 = Period.M1, Period.M2, Period.M3, Period.M12, Period.M13
EQUALLY = {"by": "fixed", "A": "1", "B": "1"}


def seen(case: str, period: Period, *, outturn: bool = False) -> Overview:
    with open_ledger(GOLDEN / case) as ledger:
        return overview_of(ledger, period, outturn=outturn)


@pytest.mark.parametrize("outturn", [False, True])
def test_every_golden_case_agrees_with_its_settlement(golden: GoldenCase, *, outturn: bool) -> None:
    overview = seen(golden.name, golden.period, outturn=outturn)
    to_date, forecast = golden.settlement(), golden.settlement(outturn=True)
    assert overview.settlement == (forecast if outturn else to_date)
    shown = {row.scheme.code: row.measured for fund in overview.funds for row in fund.schemes}
    assert {code: row.variance_pence for code, row in shown.items()} == variances_of(to_date)
    assert {code: row.forecast_variance_pence for code, row in shown.items()} == variances_of(forecast)
    spent = to_date.outcome.figures.spend
    assert overview.total.actual_pence == sum(map(sum, spent))
    assert overview.total.outturn_pence == sum(map(sum, forecast.outcome.figures.spend))
    assert [row.measured.actual_pence for row in overview.partners] == [
        sum(column) for column in zip(*spent, strict=True)
    ]
    assert overview.total == sum((row.measured for row in overview.partners), Measured())
    assert overview.total == sum((row.measured for row in overview.funds), Measured())
    assert [row.net_due_pence for row in overview.partners] == [
        row.net_due_pence for row in (forecast if outturn else to_date).rows
    ]


@pytest.mark.parametrize("name", GOLDEN_NAMES)
def test_the_months_add_up_to_the_overview(name: str) -> None:
    with open_ledger(GOLDEN / name) as ledger:
        for period in (M1, Period.M6, M12, M13):
            overview, months = overview_of(ledger, period), months_of(ledger, period)
            assert [month.period for month in months] == list(Period)
            budgets = sum(month.budget_pence for month in months if month.period <= period)
            assert budgets - overview.withheld_pence == overview.total.budget_pence
            actual = sum(month.actual_pence for month in months)
            assert actual == overview.total.actual_pence
            assert actual + sum(month.forecast_pence for month in months) == overview.total.outturn_pence
            *_, last = running(months)
            assert last.actual_pence == actual
            assert last.forecast_pence == overview.total.outturn_pence
            assert last.budget_pence == sum(month.budget_pence for month in months)


def test_a_fund_and_a_partner_worked_by_hand() -> None:
    """Telford: £680,000 over on one scheme, £80,000 under on the other, the net shared equally."""
    overview = seen("telford-2019-20", M12)
    (fund,) = overview.funds
    assert (fund.name, fund.is_influenced) == ("Better Care Fund", False)
    assert fund.measured == Measured(2_376_791_200, 2_436_791_200, 2_376_791_200, 2_436_791_200)
    assert [(row.scheme.code, row.measured.variance_pence) for row in fund.schemes] == [
        ("COMMUNITY", -68_000_000),
        ("OTHER", 8_000_000),
    ]
    council, ccg = overview.partners
    assert (council.measured.budget_pence, council.measured.actual_pence) == (1_100_000_000, 2_436_791_200)
    assert council.share_pence == ccg.share_pence == -30_000_000
    assert (council.net_due_pence, ccg.net_due_pence) == (-30_000_000, 30_000_000)


def test_influenced_services_are_a_row_of_their_own_against_their_baseline() -> None:
    overview = seen("barnet-2014-15-pooled", M12)
    row = overview.funds[-1]
    assert row.is_influenced
    assert row.name == "Influenced services"
    assert row.measured.budget_pence == 5_861_386_800
    assert row.measured.variance_pence == 148_285_500


def test_a_fund_with_both_kinds_of_services_has_two_rows(tmp_path: Path) -> None:
    text = agreement_text(funds="F kind=aligned", schemes="S1; S2 service=influenced")
    with create_ledger(tmp_path / "both.s75", text) as ledger:
        posted(ledger, "M1 S1 A budget 10.00", "M1 S2 A baseline 7.00", "M1 S2 A actual 9.00")
        overview = overview_of(ledger, M1)
        assert [(row.name, row.measured.variance_pence) for row in overview.funds] == [
            ("The F", 1_000),
            ("The F, influenced services", -200),
        ]
        assert [month.is_mixed for month in months_of(ledger, M1)[:2]] == [True, False]


def test_what_has_happened_is_actual_and_what_is_to_come_is_forecast(tmp_path: Path) -> None:
    with create_ledger(tmp_path / "year.s75", agreement_text()) as ledger:
        posted(
            ledger,
            "M1 S1 A budget 100.00",
            "M2 S1 A actual 30.00",
            "M2 S1 A accrual 5.00",
            "M2 S1 A forecast 33.00",
            "M3 S1 A actual 40.00",
            "M3 S1 A forecast 44.00",
            "M4 S1 B budget 20.00",
        )
        months = {month.period: month for month in months_of(ledger, M2)}
        assert (months[M2].actual_pence, months[M2].forecast_pence, months[M2].has_accruals) == (3_500, 0, True)
        assert (months[M3].actual_pence, months[M3].forecast_pence) == (0, 4_400)
        overview = overview_of(ledger, M2)
        assert overview.total == Measured(10_000, 3_500, 12_000, 7_900)
        assert overview.total.forecast_variance_pence == 4_100


def test_lines_of_a_partner_to_come_count_nowhere_yet(tmp_path: Path) -> None:
    partners = "A; B; C kind=icb succeeds=B from=2016-07-01"
    with create_ledger(tmp_path / "come.s75", agreement_text(partners=partners)) as ledger:
        posted(ledger, "M1 S1 A budget 100.00", "M1 S1 B actual 3.00", "M6 S1 C budget 50.00")
        assert sum(month.budget_pence for month in months_of(ledger, M3)) == 10_000
        assert overview_of(ledger, M3).total.year_budget_pence == 10_000
        assert sum(month.budget_pence for month in months_of(ledger, Period.M4)) == 15_000
        assert [row.partner.code for row in overview_of(ledger, Period.M4).partners] == ["A", "C"]
        assert overview_of(ledger, Period.M4).partners[1].measured.actual_pence == 300


def test_a_ledger_without_lines_is_empty(tmp_path: Path) -> None:
    with create_ledger(tmp_path / "empty.s75", agreement_text()) as ledger:
        overview = overview_of(ledger, M12)
        assert overview.is_empty
        assert overview.total == Measured()
        assert all(month.budget_pence == 0 for month in months_of(ledger, M12))


def test_an_agreement_that_cannot_be_applied_leaves_the_figures_and_says_why(tmp_path: Path) -> None:
    schedule = clause("1", "overspend", share={"by": "scheme"})
    with create_ledger(tmp_path / "none.s75", agreement_text(schedule)) as ledger:
        posted(ledger, "M1 S1 A actual 30.00")
        overview = overview_of(ledger, M1)
    assert overview.settlement is None
    assert len(overview.why_not) == 1
    assert "clause 1" in overview.why_not[0].lower() or "weight" in overview.why_not[0]
    assert overview.total.actual_pence == 3_000
    assert [(row.share_pence, row.net_due_pence) for row in overview.partners] == [(None, None), (None, None)]
    assert overview.exposures == ()


def test_performance_pay_that_is_not_released_is_off_the_budget_to_date() -> None:
    overview = seen("payment-for-performance", M12)
    assert overview.withheld_pence == 73_755_000
    assert overview.total.budget_pence == 1_375_245_000


# Caps


def held_in(settlement: Settlement) -> list[CapHeld]:
    return [
        held
        for dealt in settlement.outcome.subjects
        for part in (*dealt.parts, *dealt.tried)
        if part.sharing is not None
        for turn in part.sharing.rounds
        for held in turn.held
    ]


def test_a_cap_comes_to_what_the_trace_says_it_did(golden: GoldenCase) -> None:
    settlement = golden.settlement()
    exposures = {exposure.cap: exposure for exposure in exposures_of(settlement) if exposure.cap is not None}
    assert [cap.partner for cap in exposures] == [cap.partner for cap in settlement.agreement.caps]
    for held in held_in(settlement):
        assert exposures[held.cap].cap_pence == held.cap_pence
        assert exposures[held.cap].borne_pence == held.cap_pence
        assert exposures[held.cap].beyond_pence > 0


def test_what_is_borne_of_losses_is_shown_once_under_caps_or_without(golden: GoldenCase) -> None:
    settlement = golden.settlement()
    for column, partner in enumerate(settlement.agreement.partners):
        shown = [each for each in exposures_of(settlement) if each.partner == partner and not each.is_gain]
        borne = sum(
            part.shares_pence[column]
            for dealt in settlement.outcome.subjects
            if not dealt.subject.on.is_gain
            for part in dealt.parts
            if part.shares_pence is not None
        )
        assert sum(each.borne_pence for each in shown) == borne


def test_exposure_worked_by_hand() -> None:
    """£100 over, shared equally, A capped at £20 under clause 1: it bears £20, and the other takes the £30 beyond."""
    agreement = agreement_of(
        "\n".join([clause("1", "overspend", share=EQUALLY), cap("A", "20.00", "1")]), partners="A; B"
    )
    settlement = settlement_of(agreement, "M1 S1 A budget 100.00\nM1 S1 A actual 200.00")
    capped, free = exposures_of(settlement)
    assert (capped.partner.code, capped.borne_pence, capped.cap_pence, capped.beyond_pence) == (
        "A",
        2_000,
        2_000,
        3_000,
    )
    assert capped.sentence.startswith("Under clause 1, A bears at most £20.00 a year; the other partners bear")
    assert (free.partner.code, free.borne_pence, free.cap_pence) == ("B", 8_000, None)
    assert free.sentence == "No cap limits what The B bears."


def test_a_percentage_cap_that_was_not_reached_has_room_left() -> None:
    agreement = agreement_of(
        "\n".join(
            [clause("1", "overspend", share=EQUALLY), clause("2", "underspend", share=EQUALLY), cap("A", "10%", "1")]
        ),
        partners="A; B",
    )
    settlement = settlement_of(agreement, "M1 S1 A budget 100.00\nM1 S1 A actual 101.00")
    (capped, _) = exposures_of(settlement)
    assert (capped.borne_pence, capped.cap_pence, capped.beyond_pence) == (50, 1_000, 0)


def test_a_capped_partner_that_bears_more_elsewhere_has_a_row_for_that() -> None:
    overview = seen("rotherham-first-call", M12)
    rows = [(row.partner.code, row.borne_pence, row.cap_pence) for row in overview.exposures]
    assert rows == [
        ("COUNCIL", 15_000_000, 15_000_000),
        ("COUNCIL", 44_322_913, None),
        ("CCG", 18_200_000, 18_200_000),
        ("CCG", 2_044_986, None),
    ]
    assert overview.exposures[1].sentence.endswith("under the other clauses.")
