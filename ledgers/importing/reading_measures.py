"""Measures out of rows of cells: activity, not money, and exact decimals all the same."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from ledgers.importing.columns import Columns
from ledgers.importing.faults import Faults
from ledgers.importing.mapping import MEASURE_COLUMNS
from ledgers.importing.sheet import Sheet
from rules.money import number_of
from rules.periods import Period
from rules.position import Measure

_FIGURES = ("baseline", "target", "actual")


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """A measure as a file gives it: the figures as the texts that they were, to be kept exactly."""

    period: Period
    measure: str
    baseline: str
    target: str
    actual: str
    row: int
    raw: str

    def measured(self) -> Measure:
        """As the rules take it."""
        return Measure(self.period, self.measure, Fraction(self.baseline), Fraction(self.target), Fraction(self.actual))


def read_measures(sheet: Sheet, columns: Columns, faults: Faults) -> Iterator[MeasureRow]:
    """The measures of the sheet; what is wrong goes to the faults, and gives no row."""
    width = columns.width
    for row, cells, raw in sheet.rows:
        if not any(map(str.strip, cells)) and row not in sheet.errors:
            continue
        if len(cells) < width or any(cells[width:]):
            fewer = "few" if len(cells) < width else "many"
            faults.add(f"the row has too {fewer} cells: {len(cells)}, where the header has {width}", row)
            continue
        full = [*cells[:width], *columns.added]
        texts = {name: full[columns.index[name]].strip() for name in MEASURE_COLUMNS}
        texts = {name: columns.values.get(name, {}).get(text, text) for name, text in texts.items()}
        before = faults.count
        errors = dict(sheet.errors.get(row, ()))
        for column, message in errors.items():
            if columns.ours(column):
                faults.add(message, row, sheet.place(column, row))
        for name, message in _complaints(texts):
            index = columns.index[name]
            if index in errors:
                continue
            faults.add(message, row, sheet.place(index, row) if index < width else f"the mapping's {name}")
        if faults.count == before:
            baseline, target, actual = (texts[name] for name in _FIGURES)
            yield MeasureRow(Period.read(texts["period"]), texts["measure"], baseline, target, actual, row, raw)


def _complaints(texts: dict[str, str]) -> Iterator[tuple[str, str]]:
    try:
        Period.read(texts["period"])
    except ValueError as error:
        yield "period", str(error)
    if not texts["measure"]:
        yield "measure", "the measure is empty; write its code as the agreement has it"
    for name in _FIGURES:
        if not texts[name]:
            yield name, f"the {name} is empty; write 0 if nothing was meant"
            continue
        try:
            number_of(texts[name])
        except ValueError as error:
            yield name, str(error)
