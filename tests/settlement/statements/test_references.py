"""References lead from the first page to the last line and back, and what they lead to makes the figure."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from settlement.statements import StatementInputs, settlement_statement, workings
from settlement.statements.anchors import NET, anchors_of, groups_with_figures, line_numbers, working_numbers
from settlement.statements.document import Document, RowKind, Table
from settlement.statements.footing import footing_lines
from settlement.statements.working.in_statement import statement_workings
from tests.conftest import examples
from tests.settlement.statements.following import (
    anchors_in,
    groups_told,
    lost_links,
    numbered_groups,
    rows_with_lines,
    variance_of,
    working_of,
)
from tests.settlement.statements.test_any_agreement import generated

_SUMS = frozenset({"contribution_due", "spend", "paid", "received"})


def of_outturn(inputs: StatementInputs) -> StatementInputs:
    return replace(inputs, settlement=inputs.outturn, outturn=None, previous=None, previous_period=None)


def check(inputs: StatementInputs) -> None:
    """Everything that holds of the references of any settlement."""
    of_all = workings(inputs)
    check_links(of_all)
    numbers = line_numbers(inputs)
    names = anchors_of(inputs)
    printed = {names.lines(group): number for group, number in numbers.items()}
    assert printed.items() <= numbered_groups(of_all).items()
    for table in of_all.tables:
        check_amounts(inputs, table)
    for partner in inputs.agreement.partner_of:
        statement = settlement_statement(inputs, partner)
        check_links(statement)
        assert numbered_groups(statement).items() <= printed.items()
        for document, whose in ((statement, ""), (of_all, partner)):
            check_workings(inputs, document, partner, whose)


def check_links(document: Document) -> None:
    anchors = anchors_in(document)
    assert sorted(anchors) == sorted(set(anchors))
    assert lost_links(document) == set()


def check_workings(inputs: StatementInputs, document: Document, partner: str, whose: str) -> None:
    """Each line of what is due has a working under its number that comes to it, and leads back."""
    names = anchors_of(inputs)
    rows = {row.anchor: row for table in document.tables for row in table.rows if row.anchor}
    lines = footing_lines(inputs, partner)
    assert [line.reference for line in lines] == list(working_numbers(inputs, partner).values())
    for line in lines:
        row = rows[names.due(line.key, whose)]
        assert (row.goes_to, line.reference in row.cells) == (names.working(line.key, whose), True)
        heading, table = working_of(document, row.goes_to)
        assert heading.text.startswith(f"{line.reference} {line.label}: ")
        assert heading.goes_to == row.anchor
        amount = row.cells.index(line.pence) if line.key != NET else 0
        assert row.equals[amount : amount + 1] == (((names.comes_to(line.key, whose),),) if line.key != NET else ())
        if table is None:
            assert line.pence == 0
            continue
        total = table.rows[-1]
        assert (total.kind, total.cells[-1]) == (RowKind.TOTAL, line.pence)
        assert (total.anchor, total.takes) == (names.comes_to(line.key, whose), ())
        assert list(total.adds) == [place for place, each in enumerate(table.rows) if each.kind is RowKind.BODY]
        if line.key in _SUMS:
            check_sums(inputs, table)


def check_sums(inputs: StatementInputs, table: Table) -> None:
    """The groups of lines that a row names make it, less performance pay that is in no line."""
    for row in rows_with_lines(table):
        withheld = [place for place, column in enumerate(table.columns) if "not released" in column.title]
        less = sum(cell for place in withheld if isinstance(cell := row.cells[place], int))
        made = sum(pence for _, pence in groups_told(inputs, row)) - less
        assert row.equals_sign * made == row.cells[-1]


def check_amounts(inputs: StatementInputs, table: Table) -> None:
    """The groups that a row of the amounts dealt with names make its variance, beside what the table says of it."""
    if table.title in {"QIPP shortfalls", "Overspends and underspends"} or table.title.startswith("Benefits and dis"):
        for row in rows_with_lines(table):
            beside = 0
            for column, cell in zip(table.columns, row.cells, strict=True):
                if isinstance(cell, int) and column.title.startswith(("Of it", "Not spent", "Performance")):
                    beside += cell if column.title.startswith("Of it") else -cell
            assert variance_of(groups_told(inputs, row)) + beside == row.cells[-1]


def test_of_every_golden_case(golden_inputs: StatementInputs) -> None:
    check(golden_inputs)


def test_of_every_golden_cases_outturn(golden_inputs: StatementInputs) -> None:
    check(of_outturn(golden_inputs))


@pytest.mark.parametrize("chunk", range(4))
def test_of_generated_agreements(chunk: int) -> None:
    many = examples(30, 15)
    made = [inputs for seed in range(30 * chunk, 30 * chunk + many) if (inputs := generated(seed)) is not None]
    for inputs in made:
        check(inputs)
    assert len(made) > 2 * many / 3


def leads(documents: Document) -> Iterator[tuple[str, str]]:
    for table in documents.tables:
        for row in table.rows:
            if row.anchor and row.goes_to:
                yield row.anchor, row.goes_to


def test_every_group_of_lines_leads_back_to_what_it_makes(golden_inputs: StatementInputs) -> None:
    for partner in golden_inputs.agreement.partner_of:
        document = settlement_statement(golden_inputs, partner)
        back = dict(leads(document))
        groups = numbered_groups(document)
        assert set(groups) <= set(back)
        assert all(back[anchor].split("-")[0] in {"w", "amount", "scheme"} for anchor in groups)


def test_a_statement_lists_the_lines_of_its_partner_and_of_what_is_shared(golden_inputs: StatementInputs) -> None:
    """A payment to a fund that somebody else hosts is listed for who paid it and for who had it."""
    agreement, names = golden_inputs.agreement, anchors_of(golden_inputs)
    for partner in agreement.partner_of:
        listed = numbered_groups(replace_sections(golden_inputs, partner))
        for group in groups_with_figures(golden_inputs):
            scheme = agreement.scheme_of[group.scheme]
            host = agreement.fund_of[scheme.fund].host
            if group.kind == "payment" and group.of == "lines":
                assert (names.lines(group) in listed) is (partner in {group.partner, host})


def replace_sections(inputs: StatementInputs, partner: str) -> Document:
    """The statement's own workings as a document."""
    return replace(settlement_statement(inputs, partner), sections=statement_workings(inputs, partner))
