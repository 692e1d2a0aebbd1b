"""Statements of agreements that nobody has seen: they can be made, agree with the settlement, add up and balance."""

import random
from pathlib import Path

import pytest

from rules.periods import Period
from rules.position import position_at
from rules.problems import RefusedError
from rules.reading import read_agreement
from settlement.settle import settle
from settlement.statements import (
    StatementInputs,
    journal,
    memorandum_account,
    settlement_statement,
    workings,
    write_statements,
)
from settlement.statements.document import Note, RowKind, Table, Tone, sum_of
from tests.conftest import examples, line_tuples, measures_of
from tests.naive.generator import random_case, toml_text
from tests.settlement.statements.making import posted


def generated(seed: int) -> StatementInputs | None:
    """A generated ledger as inputs; None if it is one that is refused."""
    case = random_case(random.Random(seed))  # noqa: S311  the same cases each time
    lines = posted(case.lines)
    try:
        agreement = read_agreement(toml_text(case.agreement))
        position = position_at(
            Period.read(case.period), line_tuples(case.lines), measures_of(case.measures), outturn=case.outturn
        )
        return StatementInputs(settle(agreement, position), lines=lambda: lines, on_file=agreement)
    except RefusedError:
        return None


@pytest.mark.parametrize("chunk", range(4))
def test_content(chunk: int) -> None:
    made, many = 0, examples(50, 24)
    for seed in range(50 * chunk, 50 * chunk + many):
        inputs = generated(seed)
        if inputs is None:
            continue
        made += 1
        for row in inputs.settlement.rows:
            journal(inputs, row.partner)  # which asserts that it balances
            for table in settlement_statement(inputs, row.partner).tables:
                _check_total(table)
        for table in memorandum_account(inputs).tables:
            if table.title == "Each partner's share":
                nets = [row for row in table.rows if row.kind is RowKind.SUBTOTAL]
                assert sum_of(nets, 2) == table.rows[-1].cells[2]
        lines = next(section for section in workings(inputs).sections if section.title == "Ledger lines")
        assert not [each for each in lines.blocks if isinstance(each, Note) and each.tone is Tone.WARNING]
    assert made > 0.8 * many


def _check_total(table: Table) -> None:
    """A table that ends in a total, with none before it, has columns that add up to it; fund accounts are apart."""
    *rows, last = table.rows
    plain = all(row.kind is RowKind.BODY for row in rows)
    if last.kind is not RowKind.TOTAL or not plain or last.takes:  # what takes away has checked itself
        return
    for column, cell in enumerate(last.cells):
        if isinstance(cell, int):
            assert sum_of(rows, column) == cell, (table.title, column)


@pytest.mark.parametrize("seed", range(examples(8, 5)))
def test_every_format_can_be_written(seed: int, tmp_path: Path) -> None:
    inputs = generated(1000 + seed)
    if inputs is None:
        pytest.skip("a case that is refused")
    written = write_statements(inputs, tmp_path, ("pdf", "html", "xlsx", "csv"))
    assert all(path.stat().st_size > 0 for path in written)
