"""Late lines: told where the movement is, by the closed period that they belong to."""

from dataclasses import replace

import pytest

from rules.agreement import Kind
from rules.periods import Period
from settlement.statements import StatementInputs, settlement_statement, workings
from settlement.statements.document import Document, Paragraph, RowKind
from settlement.statements.late import late_in_movement
from tests.conftest import agreement_of, clause, fixed
from tests.settlement.statements.making import PostedLine, descriptions_of, settled

AGREEMENT = agreement_of(clause("1", "overspend", share=fixed(A="1", B="1")))
M3, M5, M6, M7, M8 = Period.M3, Period.M5, Period.M6, Period.M7, Period.M8


def line(number: int, period: Period, kind: Kind, pence: int, of: Period | None = None, cause: str = "") -> PostedLine:
    return PostedLine(number, period, "S1", "A", kind, pence, description="Homecare", cause=cause, belongs_to=of)


LINES = (
    line(1, Period.M1, Kind.BUDGET, 900_00),
    line(2, M5, Kind.ACTUAL, 700_00),
    line(3, M7, Kind.ACTUAL, 100_00, M5),
    line(4, M7, Kind.ACTUAL, 20_00, M5),
    line(5, M7, Kind.ACCRUAL, -5_00, M6),
    line(6, M7, Kind.ACTUAL, 3_00, M6, "default"),
    line(7, M7, Kind.FORECAST, 99_00, M6),  # of a period that has passed: in no figure
    line(8, M6, Kind.ACTUAL, 1_00, M3),  # in what was stated before
    line(9, M8, Kind.ACTUAL, 2_00, M6),  # in the next settlement
)


@pytest.fixture
def inputs() -> StatementInputs:
    late = tuple(each for each in LINES if each.belongs_to is not None)
    before = settled(AGREEMENT, LINES, M6)
    return StatementInputs(settled(AGREEMENT, LINES, M7), before, M6, lines=lambda: LINES, late=late)


def opening_of(document: Document) -> str:
    (text,) = (block.text for block in document.sections[0].blocks if isinstance(block, Paragraph))
    return text


def test_only_late_lines_that_count_since_the_last_statement_are_in_the_movement(inputs: StatementInputs) -> None:
    assert [each.id for each in late_in_movement(inputs)] == [3, 4, 5, 6]


def test_the_movement_says_what_of_it_is_late(inputs: StatementInputs) -> None:
    assert (
        "Late lines count in it, belonging to M5: £120.00 of actual (2 lines); belonging to M6: (£5.00) of accruals "
        "and £3.00 of actual, in default (2 lines)."
    ) in opening_of(settlement_statement(inputs, "B"))


def test_they_are_summed_by_whose_they_are_and_where_they_count(inputs: StatementInputs) -> None:
    document = settlement_statement(inputs, "B")
    (table,) = (each for each in document.tables if each.title == "Late lines")
    assert [row.cells for row in table.rows] == [
        ("M5", "M7", "The S1 (S1)", "The A", "Actual", "2", 120_00),
        ("M6", "M7", "The S1 (S1)", "The A", "Accruals", "1", -5_00),
        ("M6", "M7", "The S1 (S1)", "The A", "Actual, in default", "1", 3_00),
        ("Total", "", "", "", "", "4", 118_00),
    ]
    assert (table.rows[-1].kind, table.rows[-1].adds) == (RowKind.TOTAL, (0, 1, 2))


def test_the_workings_mark_each_of_them(inputs: StatementInputs) -> None:
    told = descriptions_of(workings(inputs))
    assert told["3"] == "Late, belongs to M5. Homecare"
    assert told["6"] == "Actual. Late, belongs to M6. Homecare"
    assert told["2"] == "Homecare"


def test_without_late_lines_nothing_is_said_of_them(inputs: StatementInputs) -> None:
    document = settlement_statement(replace(inputs, late=()), "A")
    assert "Late" not in opening_of(document)
    assert not [table for table in document.tables if table.title == "Late lines"]


def test_lines_of_a_partner_not_yet_in_being_are_in_no_movement(inputs: StatementInputs) -> None:
    strange = replace(line(10, M7, Kind.ACTUAL, 1_00, M5), partner="LATER")
    assert [each.id for each in late_in_movement(replace(inputs, late=(*inputs.late, strange)))] == [3, 4, 5, 6]
