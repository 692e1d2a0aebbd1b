"""The quarterly report: the quarter, the year to date, the forecast, the exposure, and what there is to look at."""

from dataclasses import replace

import pytest

from ledgers.disputes import Dispute
from rules.agreement import Kind
from rules.periods import Period
from rules.reading import read_agreement
from settlement.disputed import Disputed
from settlement.statements import StatementInputs, monitoring_report, quarterly_report
from settlement.statements.document import Note, Tone
from settlement.statements.inputs import Governing, no_lines
from settlement.statements.reports.issues import issues
from settlement.statements.reports.quarterly_report import quarter_of
from settlement.statements.thousands import in_thousands
from tests.conftest import golden_case
from tests.settlement.statements.declared import table_called, texts_of, undeclared
from tests.settlement.statements.making import PostedLine, hard_inputs, inputs_of
from tests.settlement.statements.worked import AGREEMENT, worked


def rows_of(inputs: StatementInputs, ending: str) -> list[tuple[object, ...]]:
    return [row.cells for row in table_called(quarterly_report(inputs), ending).rows]


def test_every_total_says_what_it_adds(golden_inputs: StatementInputs) -> None:
    for inputs in (golden_inputs, replace(golden_inputs, settlement=golden_inputs.outturn, outturn=None)):
        document = quarterly_report(inputs)
        assert undeclared(document) == []
        in_thousands(document, inputs)


def test_the_shares_are_those_of_the_result(golden_inputs: StatementInputs) -> None:
    *partners, total = rows_of(golden_inputs, "Share of the variances by partner")
    for row, (_, told) in zip(golden_inputs.settlement.rows, ((each[0], each[1]) for each in partners), strict=True):
        lost = row.overspend_pence + row.qipp_shortfall_pence + row.disbenefit_pence
        assert told == lost - row.underspend_pence - row.benefit_pence - row.provision_pence
    assert total[1] == sum(each[1] for each in partners)


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        (Period.M1, (1, Period.M1, Period.M3)),
        (Period.M3, (1, Period.M1, Period.M3)),
        (Period.M4, (2, Period.M4, Period.M6)),
        (Period.M12, (4, Period.M10, Period.M12)),
        (Period.M13, (4, Period.M10, Period.M13)),
    ],
)
def test_a_period_is_in_a_quarter(period: Period, expected: tuple[int, Period, Period]) -> None:
    assert quarter_of(period) == expected


def test_the_year_to_date_by_scheme() -> None:
    assert rows_of(worked(), "Pool (P): year to date") == [
        ("Home care (A)", 1_170_00, 1_260_00, -90_00, "Adverse"),
        ("Beds (B)", 330_00, 252_00, 78_00, "Favourable"),
        ("Total", 1_500_00, 1_512_00, -12_00, "Adverse"),
    ]


def test_the_movement_since_the_last_quarter_is_of_the_quarters_own_lines() -> None:
    assert rows_of(worked(), "Pool (P): movement in quarter 2") == [
        ("Home care (A)", 570_00, 630_00, -60_00, "Adverse"),
        ("Beds (B)", 180_00, 132_00, 48_00, "Favourable"),
        ("Total", 750_00, 762_00, -12_00, "Adverse"),
    ]
    assert rows_of(worked(), "Aligned (L): movement in quarter 2")[0] == (
        ("Admissions (I)", 900_00, 870_00, 30_00, "Favourable")
    )


def test_the_forecast_of_the_year() -> None:
    assert rows_of(worked(), "Pool (P): forecast outturn of the year") == [
        ("Home care (A)", 2_370_00, 2_580_00, -210_00, "Adverse"),
        ("Beds (B)", 630_00, 552_00, 78_00, "Favourable"),
        ("Total", 3_000_00, 3_132_00, -132_00, "Adverse"),
    ]
    assert rows_of(worked(), "Variance by fund") == [
        ("Pool (P)", -12_00, -132_00, "Adverse"),
        ("Aligned (L)", 60_00, 60_00, "Favourable"),
        ("Total", 48_00, -72_00, "Adverse"),
    ]


def test_savings_to_date_and_forecast() -> None:
    assert rows_of(worked(), "QIPP: year to date")[0] == ("Home care (A)", 60_00, 36_00, -24_00, "Adverse")
    assert rows_of(worked(), "QIPP: forecast of the year")[0] == ("Home care (A)", 120_00, 84_00, -36_00, "Adverse")


def test_what_is_left_under_a_cap_to_date_and_on_the_forecast() -> None:
    """£12 of QIPP shortfall to date, £6 each; at the outturn £132, of which the cap leaves the Council £20."""
    table = table_called(quarterly_report(worked()), "Shares under the caps")
    titles = ["To date £", "Limit £", "Left to date £", "On forecast £", "Left on forecast £"]
    assert [column.title for column in table.columns[1:]] == titles
    assert str(table.rows[0].cells[0]).startswith("The Council: ")
    assert table.rows[0].cells[1:] == (6_00, 20_00, 14_00, 20_00, 0)
    assert table.rows[1].cells == ("NHS North: shares that no cap limits", 6_00, "", "", 112_00, "")
    alone = table_called(quarterly_report(replace(worked(), outturn=None)), "Shares under the caps")
    assert [column.title for column in alone.columns[1:]] == ["To date £", "Limit £", "Left £"]
    forecast = replace(worked(), settlement=worked().outturn, outturn=None)
    only = table_called(quarterly_report(forecast), "Shares under the caps")
    assert [column.title for column in only.columns[1:]] == ["On forecast £", "Limit £", "Left £"]
    assert only.rows[0].cells[1:] == (20_00, 20_00, 0)


def test_a_limit_is_of_the_whole_year_in_both_readings() -> None:
    """A hundredth of the £1,200 that the Council contributes in the year."""
    capped = read_agreement(AGREEMENT.replace('amount = "20.00"', 'amount = "1%"'))
    table = table_called(quarterly_report(worked(agreement=capped)), "Shares under the caps")
    assert table.rows[0].cells[1:] == (6_00, 12_00, 6_00, 12_00, 0)


def test_the_section_is_of_exposure_until_the_year_has_ended() -> None:
    titles = [section.title for section in quarterly_report(worked()).sections]
    assert "Exposure under the schedule" in titles
    ended = [section.title for section in quarterly_report(inputs_of(golden_case("telford-2019-20"))).sections]
    assert "Share of the variances" in ended
    assert "Exposure under the schedule" not in ended


def test_no_report_says_who_bears_gains_and_losses() -> None:
    said = texts_of(quarterly_report(inputs_of(golden_case("barnet-2014-15-pooled"))))
    assert not {"losses", "gains", "bears", "receives"} & set(said.split())


def test_a_control_total_that_fails_is_told_on_the_first_page() -> None:
    finding = "Control total “Sample” is not met."
    for report in (quarterly_report, monitoring_report):
        first = report(replace(worked(), control_findings=(finding,))).sections[0]
        assert Note(finding, Tone.WARNING) in first.blocks


def test_who_would_pay_whom_to_date_and_at_the_forecast() -> None:
    """NHS North's £900 and £6 of the pool, and the half of £60 that it hands over; then £1,800, £112 and £30."""
    assert rows_of(worked(), "Who pays whom on these figures") == [("NHS North", "The Council", 936_00, 1_942_00)]


def test_a_forecast_of_what_is_due_says_that_payments_are_still_to_come() -> None:
    said = "counts payments only as made to date"
    assert said in texts_of(quarterly_report(worked()))
    assert said not in texts_of(quarterly_report(replace(worked(), outturn=None)))


def test_where_nothing_is_due_it_says_so() -> None:
    text = texts_of(quarterly_report(inputs_of(golden_case("fife-reserves-first"))))
    assert "On these figures nothing is due between the partners." in text


def test_a_quarter_that_has_not_ended_is_told_to_date() -> None:
    document = quarterly_report(worked(Period.M5, None))
    assert document.subtitle == "Quarter 2 of 2014/15 to date, M4 (July 2014) to M5 (August 2014)"
    assert "The quarter has not ended: these are its figures up to M5 (August 2014)." in texts_of(document)
    assert table_called(document, "movement in quarter 2").rows[0].cells[1:3] == (370_00, 420_00)
    assert quarterly_report(worked()).subtitle == "Quarter 2 of 2014/15, M4 (July 2014) to M6 (September 2014)"


def test_the_first_month_and_the_last_adjustments_can_be_told() -> None:
    first = quarterly_report(worked(Period.M1, None))
    assert first.subtitle.startswith("Quarter 1 of 2014/15 to date, M1 (April 2014) to M1")
    last = quarterly_report(inputs_of(golden_case("three-partners-qipp-separate")))
    assert last.subtitle == "Quarter 4 of 2016/17, M10 (January 2017) to M13 (year-end adjustments)"


def test_the_forecast_is_left_out_when_the_year_has_ended_just_so() -> None:
    titles = [table.title for table in quarterly_report(inputs_of(golden_case("telford-2019-20"))).tables]
    assert not [title for title in titles if "forecast" in title]
    assert table_called(quarterly_report(inputs_of(golden_case("telford-2019-20"))), "by fund").rows[-1].cells == (
        "Total",
        -600_000_00,
        "Adverse",
    )


def test_a_forecast_outturn_has_no_quarter() -> None:
    inputs = worked()
    document = quarterly_report(replace(inputs, settlement=inputs.outturn, outturn=None))
    titles = [table.title for table in document.tables]
    assert "Pool (P): forecast outturn of the year" in titles
    assert not [title for title in titles if "movement in quarter" in title or "year to date" in title]


def test_without_the_lines_the_quarter_is_left_out_rather_than_wrong() -> None:
    document = quarterly_report(replace(worked(), lines=no_lines))
    assert not [table.title for table in document.tables if "movement in quarter" in table.title]


def test_spend_in_default_is_in_no_quarter() -> None:
    default = PostedLine(0, Period.M6, "A", "C", Kind.ACTUAL, 7_000_00, cause="default")
    assert rows_of(worked(Period.M6, Period.M5, default), "Pool (P): movement in quarter 2")[0][2] == 630_00


def test_performance_pay_is_no_movement_of_a_quarter() -> None:
    inputs = inputs_of(golden_case("payment-for-performance"))
    assert rows_of(inputs, "before performance pay")
    assert rows_of(inputs, "Performance pay held and released")[0][2:5] == (1_490_000_00, 752_450_00, 737_550_00)


# Issues


def test_the_issues_of_a_quiet_quarter() -> None:
    document = quarterly_report(inputs_of(golden_case("barnet-2014-15-core")))
    assert "There is nothing to report beyond the figures." in texts_of(document)


def test_what_is_forecast_adverse_and_short_and_capped() -> None:
    assert issues(worked()) == (
        "Pool (P) is forecast to be £132.00 adverse at the year's end.",
        "QIPP is forecast to fall £36.00 short of the year's target of £120.00.",
        "At the forecast outturn a cap on the share of The Council would hold: £46.00 would go beyond it.",
    )
    assert issues(replace(worked(), outturn=None)) == (
        "Pool (P) is £12.00 adverse to date.",
        "QIPP is £24.00 short of its target to date of £60.00.",
    )


def test_a_cap_may_hold_to_date_only_or_on_the_forecast_too() -> None:
    tight = read_agreement(AGREEMENT.replace('amount = "20.00"', 'amount = "5.00"'))
    inputs = worked(agreement=tight)
    assert (
        issues(inputs)[-1]
        == "A cap on the share of The Council holds: £1.00 goes beyond it to date, £61.00 on the forecast."
    )
    assert issues(replace(inputs, outturn=None))[-1] == (
        "A cap on the share of The Council holds to date: £1.00 goes beyond it."
    )
    forecast = replace(inputs, settlement=inputs.outturn, outturn=None)
    assert "On the forecast a cap on the share of The Council holds: £61.00 goes beyond it." in issues(forecast)
    eased = PostedLine(0, Period.M12, "A", "C", Kind.QIPP_FORECAST, 36_00)
    lower = PostedLine(0, Period.M12, "A", "C", Kind.FORECAST, -210_00)
    assert issues(worked(Period.M6, Period.M5, eased, lower, agreement=tight)) == (
        "A cap on the share of The Council holds to date, £1.00 going beyond it, and no longer on the forecast.",
    )


def test_at_the_years_end_what_ended_so() -> None:
    assert issues(inputs_of(golden_case("telford-2019-20"))) == (
        "Better Care Fund (BCF) ended the year £600,000.00 adverse.",
    )
    told = issues(inputs_of(golden_case("three-partners-qipp-separate")))
    assert "QIPP ended the year £190,010.02 short of its target of £550,010.01." in told
    assert "A cap on the share of NHS C CCG holds: £9,333.33 goes beyond it." in told


def test_what_no_clause_allocates() -> None:
    inputs = worked()
    bare = replace(inputs.on_file, clauses=(), caps=()) if inputs.on_file else None
    told = issues(worked(agreement=bare))
    assert told[0].startswith("£72.00 is not allocated by any clause: the partners have to agree")
    assert told[1] == "At the forecast outturn £192.00 would not be allocated by any clause."
    assert "£72.00 is not allocated by any clause" in texts_of(quarterly_report(worked(agreement=bare)))


def test_what_is_in_dispute_and_who_has_still_to_assent() -> None:
    at = "2014-10-01T09:00:00+00:00"
    disputes = (
        Dispute(1, Period.M6, "N", 5, None, "The rate is not agreed.", at, "preparer"),
        Dispute(2, Period.M6, "C", None, "2", "Not what was meant.", at, "preparer"),
    )
    inputs = replace(
        worked(),
        disputed=Disputed(disputes, None, "it cannot"),
        governing=Governing(2, Period.M6, "Deed", awaiting=("N",)),
    )
    told = issues(inputs)
    assert told[:3] == (
        "Dispute 1: since M6 NHS North disputes line 5 of the ledger. The rate is not agreed.",
        "Dispute 2: since M6 The Council disputes what comes of clause 2. Not what was meant.",
        "NHS North has still to assent to version 2 of the agreement, which governs these figures.",
    )


def test_late_lines_and_spend_in_default() -> None:
    late = PostedLine(0, Period.M6, "A", "C", Kind.ACTUAL, 5_00, belongs_to=Period.M3)
    default = PostedLine(0, Period.M6, "B", "C", Kind.ACTUAL, 7_00, cause="default")
    told = issues(worked(Period.M6, Period.M5, late, default))
    assert (
        told[-2] == "£7.00 spent by The Council is outside Permitted Expenditure and in no other figure of this report."
    )
    assert told[-1] == "Since M5: Late lines count in it, belonging to M3: £5.00 of actual (1 line)."
    first = issues(worked(Period.M6, None, late))
    assert first[-1] == "Late lines count in it, belonging to M3: £5.00 of actual (1 line)."


def test_performance_pay_that_is_not_earned_or_not_measured() -> None:
    case = golden_case("payment-for-performance")
    told = issues(inputs_of(case))
    assert told == ("£737,550.00 of performance pay for Reduction in non-elective admissions is not released.",)
    early = replace(inputs_of(case), settlement=unmeasured(inputs_of(case)), outturn=None)
    assert "Nothing is measured yet for Reduction in non-elective admissions: £1,490,000.00" in " ".join(issues(early))


def unmeasured(inputs: StatementInputs) -> object:
    (released,) = inputs.settlement.outcome.performance
    nothing = replace(released, required=None, achieved=None, released_pence=0)
    return replace(inputs.settlement, outcome=replace(inputs.settlement.outcome, performance=(nothing,)))


def test_hard_names_can_be_told() -> None:
    assert undeclared(quarterly_report(hard_inputs(40))) == []
