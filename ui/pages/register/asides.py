"""What is done aside, in a process of its own: many lines written to a file or made into text for the clipboard."""

from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from ledgers import Ledger, open_ledger
from ledgers.register import register_of
from settlement.register_files import write_lines
from settlement.statements.csv_out import safe
from ui.aside import Report
from ui.figures import show_as
from ui.pages.register.columns import AMOUNT, HEADINGS, cells_of, for_a_spreadsheet, names_in
from ui.preferences import Negatives, Units

_AT_ONCE = 2_000


def save_lines(where: str, ids: Sequence[int], path: str, report: Report) -> int:
    """Write lines to a file; how many there were."""
    with open_ledger(where, read_only=True) as ledger:
        return write_lines(ledger, ids, Path(path), report)


def copied_aside(where: str, ids: Sequence[int], columns: Sequence[int], report: Report) -> str:
    """The text of many lines for the clipboard."""
    show_as(Units.POUNDS, Negatives.BRACKETS)  # amounts are plain numbers there, whatever is chosen for the screen
    with open_ledger(where, read_only=True) as ledger:
        return copied(ledger, ids, columns, report)


def copied(ledger: Ledger, ids: Sequence[int], columns: Sequence[int], report: Report | None = None) -> str:
    """Lines as a spreadsheet pastes them: the columns under their headings, amounts as plain numbers."""
    register = register_of(ledger)
    names = names_in(register.agreement())
    rows = ["\t".join(HEADINGS[place].text for place in columns)]
    numbers = iter(ids)
    while some := list(islice(numbers, _AT_ONCE)):
        if report is not None:
            report(len(rows), len(ids), "Copying lines")
        found = register.lines(some)
        for number in some:
            if number in found:
                line = found[number]
                cells = cells_of(line, names)
                rows.append("\t".join(_in_a_cell(for_a_spreadsheet(line, cells, place), place) for place in columns))
    return "\n".join(rows)


def _in_a_cell(text: str, place: int) -> str:
    """Without what would end the cell; and, unless it is an amount, without what would make it a formula."""
    return text if place == AMOUNT else safe(" ".join(text.split()))
