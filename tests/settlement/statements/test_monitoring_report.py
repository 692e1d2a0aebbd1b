"""The monitoring report: budgets as they were revised, spend, forecast, movement, and causes that the ledger knows."""

from dataclasses import replace

from ledgers.disputes import Dispute
from rules.agreement import Kind, Service
from rules.periods import Period
from settlement.disputed import Disputed
from settlement.statements import StatementInputs, monitoring_report
from settlement.statements.document import SignatureBlock
from settlement.statements.reports.causes import causes_of
from settlement.statements.thousands import in_thousands
from tests.conftest import golden_case
from tests.settlement.statements.declared import table_called, texts_of, undeclared
from tests.settlement.statements.making import PostedLine, hard_inputs, inputs_of
from tests.settlement.statements.worked import worked


def rows_of(inputs: StatementInputs, ending: str) -> list[tuple[object, ...]]:
    return [row.cells for row in table_called(monitoring_report(inputs), ending).rows]


def test_it_says_which_reading_it_is() -> None:
    inputs = worked()
    assert "Period: M6 (September 2014), year to date" in texts_of(monitoring_report(inputs))
    forecast = replace(inputs, settlement=inputs.outturn, outturn=None)
    assert "Period: M6 (September 2014), forecast outturn for the year" in texts_of(monitoring_report(forecast))


def test_every_total_says_what_it_adds(golden_inputs: StatementInputs) -> None:
    for inputs in (
        golden_inputs,
        replace(golden_inputs, previous=None, previous_period=None),
        replace(golden_inputs, settlement=golden_inputs.outturn, outturn=None),
    ):
        document = monitoring_report(inputs)
        assert undeclared(document) == []
        in_thousands(document, inputs)


def test_the_variances_of_pooled_funds_are_contributions_less_spend(golden_inputs: StatementInputs) -> None:
    told = {row[0]: row[1] for row in rows_of(golden_inputs, "Variance by fund")}
    for fund in golden_inputs.agreement.funds:
        if fund.is_pooled:
            own = [each for each in golden_inputs.settlement.accounts if each.fund == fund.code]
            name = f"{fund.name} ({fund.code})" if fund.name != fund.code else fund.code
            assert told[name] == sum(each.contribution_due_pence - each.spend_pence for each in own)


def test_the_budget_of_the_year_as_it_was_revised() -> None:
    assert rows_of(worked(), "Pool (P): budget of the year") == [
        ("Home care (A)", 2_400_00, -30_00, 2_370_00),
        ("Beds (B)", 600_00, 30_00, 630_00),
        ("Total", 3_000_00, 0, 3_000_00),
    ]


def test_performance_pay_is_taken_off_the_revised_budget() -> None:
    table = table_called(monitoring_report(inputs_of(golden_case("payment-for-performance"))), "budget of the year")
    assert table.columns[3].title == "Performance pay not released £"
    assert table.columns[4].adds == (1, 2, 3)
    assert table.rows[-1].cells[3:] == (-737_550_00, 13_752_450_00)


def test_the_movement_since_what_was_stated() -> None:
    """In M6 A spent £210 of £200; B £40 and an accrual of £12 of £50."""
    assert rows_of(worked(), "Pool (P): movement of the variance") == [
        ("Home care (A)", -90_00, -80_00, -10_00, "Adverse"),
        ("Beds (B)", 78_00, 80_00, -2_00, "Adverse"),
        ("Total", -12_00, 0, -12_00, "Adverse"),
    ]
    assert rows_of(worked(), "Variance by fund") == [
        ("Pool (P)", -12_00, 0, -12_00, -132_00, "Adverse"),
        ("Aligned (L)", 60_00, 50_00, 10_00, 60_00, "Favourable"),
        ("Total", 48_00, 50_00, -2_00, -72_00, "Adverse"),
    ]


def test_the_causes_are_what_the_ledger_shows() -> None:
    told = causes_of(worked()).told
    assert told["A"] == (
        "Since M5 £210.00 was spent where £200.00 was expected. QIPP of £24.00 is not delivered. "
        "The line is £210.00 (M6, R54, Worked)."
    )
    assert told["B"] == (
        "Since M5 £52.00 was spent where £50.00 was expected. Accruals of C up by £12.00. "
        "The largest lines are £40.00 (M6, R60, Worked) and £12.00 (M6, R111, Worked)."
    )


def test_from_the_beginning_of_the_year_if_nothing_was_stated() -> None:
    inputs = worked(Period.M4, None)
    document = monitoring_report(inputs)
    assert document.subtitle == "Movement since the beginning of the year"
    assert table_called(document, "movement of the variance").columns[2].title == "Before the year £"
    told = causes_of(inputs).told["B"]
    assert told.startswith("£160.00 was spent where £230.00 was expected. Virements of N up by £30.00.")


def test_late_disputed_and_defaulted_lines_are_named() -> None:
    late = PostedLine(0, Period.M6, "A", "C", Kind.ACTUAL, 5_00, belongs_to=Period.M3)
    later = PostedLine(0, Period.M6, "A", "N", Kind.ACTUAL, 6_00, belongs_to=Period.M4)
    default = PostedLine(0, Period.M6, "A", "C", Kind.ACTUAL, 7_00, cause="default")
    inputs = worked(Period.M6, Period.M5, late, later, default)
    dispute = Dispute(1, Period.M6, "N", 1000, None, "Why?", "2014-10-01T09:00:00+00:00", "preparer")
    told = causes_of(replace(inputs, disputed=Disputed((dispute,), None, "it cannot"))).told["A"]
    assert "Since M5 £221.00 was spent where £200.00 was expected." in told
    assert "Actual up by £221.00: C £215.00 and N £6.00." in told
    assert "In it are 2 late lines, belonging to M3 and M4." in told
    assert "1 line of £5.00 in it is in dispute." in told
    assert "Spend in default of £7.00 is not in it." in told
    assert "In it is 1 late line, belonging to M3." in causes_of(worked(Period.M6, Period.M5, late)).told["A"]


def test_what_fell_and_what_moved_between_partners() -> None:
    down = PostedLine(0, Period.M6, "A", "C", Kind.ACCRUAL, -8_00)
    told = causes_of(worked(Period.M6, Period.M5, down)).told["A"]
    assert "Accruals of C down by £8.00." in told
    both = (down, PostedLine(0, Period.M6, "A", "N", Kind.ACCRUAL, -1_00))
    assert (
        "Accruals down by £9.00: C (£8.00) and N (£1.00)." in causes_of(worked(Period.M6, Period.M5, *both)).told["A"]
    )
    moved = (down, PostedLine(0, Period.M6, "A", "N", Kind.ACCRUAL, 8_00))
    told = causes_of(worked(Period.M6, Period.M5, *moved)).told["A"]
    assert "Accruals moved between partners: C (£8.00) and N £8.00." in told


def test_the_largest_changes_come_first() -> None:
    accrued = PostedLine(0, Period.M4, "A", "C", Kind.ACCRUAL, -8_00)
    also = PostedLine(0, Period.M4, "A", "N", Kind.ACTUAL, 1_00)
    told = causes_of(worked(Period.M4, Period.M3, accrued, also)).told["A"]
    places = [
        told.index(each) for each in ("Actual up by £211.00", "Virements of N down by £30.00", "Accruals of C down")
    ]
    assert places == sorted(places)


def test_spend_in_default_is_none_of_the_lines() -> None:
    default = PostedLine(0, Period.M6, "A", "C", Kind.ACTUAL, 7_000_00, cause="default")
    told = causes_of(worked(Period.M6, Period.M5, default)).told["A"]
    assert "Since M5 £210.00 was spent where £200.00 was expected." in told
    assert "The line is £210.00" in told


def test_where_nothing_was_spent_or_no_more_was_expected() -> None:
    told = causes_of(inputs_of(golden_case("three-partners-qipp-separate"))).told
    assert told["S1"].startswith("Since M12 £77,777.77 was spent, and no more was expected. Accruals of A up by")
    assert told["S2"] == ""
    undone = PostedLine(0, Period.M6, "A", "C", Kind.ACTUAL, -210_00)
    told = causes_of(worked(Period.M6, Period.M5, undone)).told
    assert told["A"].startswith("Since M5 nothing was spent where £200.00 was expected.")


def test_performance_pay_moves_a_variance_too() -> None:
    told = causes_of(inputs_of(golden_case("payment-for-performance"))).told["P4P"]
    assert "Performance pay not released up by £737,550.00: CCG £737,550.00." in told


def test_the_same_causes_whatever_order_the_ledger_gives_its_lines_in() -> None:
    inputs = worked()
    backwards = tuple(reversed(tuple(inputs.lines())))
    assert causes_of(replace(inputs, lines=lambda: backwards)).told == causes_of(inputs).told


def test_a_successor_takes_its_predecessors_figures() -> None:
    case = golden_case("ccg-to-icb-2022-23")
    inputs = replace(inputs_of(case), previous=case.settlement(Period.M2), previous_period=Period.M2)
    assert "moved between partners" not in texts_of(monitoring_report(inputs))
    assert inputs.previous is not None
    before, now = (each.outcome.figures for each in (inputs.previous, inputs.settlement))
    assert [sum(row) for row in before.budget] == [sum(row) for row in now.budget]
    for told in causes_of(inputs).told.values():
        assert "was spent, and no more was expected." in told


def test_schemes_that_did_not_move_have_no_cause() -> None:
    inputs = inputs_of(golden_case("telford-2019-20"))
    still = replace(inputs, previous=inputs.settlement, previous_period=Period.M12)
    assert "The variance of none of these schemes moved." in texts_of(monitoring_report(still))
    assert "own words" not in texts_of(monitoring_report(still))
    assert not [table for table in monitoring_report(still).tables if "movement of" in table.title]


def test_a_movement_that_no_line_made_is_told_as_such() -> None:
    """A baseline where there was a budget, under a variation: the same lines make another variance."""
    inputs = worked(Period.M6, Period.M6)
    under = replace(
        inputs.agreement, schemes=tuple(replace(each, service=Service.CORE) for each in inputs.agreement.schemes)
    )
    assert inputs.previous is not None
    outcome = inputs.previous.outcome
    before = replace(inputs.previous, outcome=replace(outcome, agreement=under))
    rows = rows_of(replace(inputs, previous=before), "Aligned (L): largest causes of the movement")
    assert rows == [("Admissions (I)", 1_800_00, "The lines of the ledger do not show why.")]


def test_only_what_moved_has_a_cause_the_largest_first_and_room_for_the_managers_words() -> None:
    document = monitoring_report(worked())
    rows = [row.cells[:2] for row in table_called(document, "Pool (P): largest causes of the movement").rows]
    assert rows == [("Home care (A)", -10_00), ("Beds (B)", -2_00)]
    level = PostedLine(0, Period.M6, "A", "C", Kind.ACCRUAL, -10_00)
    rows = [row[0] for row in rows_of(worked(Period.M6, Period.M5, level), "Pool (P): largest causes of the movement")]
    assert rows == ["Beds (B)"]
    words = [block for section in document.sections for block in section.blocks if isinstance(block, SignatureBlock)]
    assert [block.pairs for block in words] == 2 * [(("Why it moved", ""), ("What is being done", ""))]


def test_the_smaller_movements_of_many_schemes_are_told_together() -> None:
    assert len(rows_of(hard_inputs(13), "largest causes of the movement")) == 10
    few = hard_inputs(11, budget_pence=100_00, spend_pence=199_00)
    assert "1 more scheme moved, by (£199.00)." in texts_of(monitoring_report(few))
    many = hard_inputs(13, budget_pence=100_00, spend_pence=199_00)
    assert "3 more schemes moved, by (£597.00) together." in texts_of(monitoring_report(many))


def test_hard_names_can_be_told() -> None:
    assert undeclared(monitoring_report(hard_inputs(40))) == []
