"""Which cell of a row is which of our columns, settled once from the header, before any row is read."""

from collections import Counter
from dataclasses import dataclass, field

from ledgers.importing.faults import Faults
from ledgers.importing.mapping import LINE_COLUMNS, MEASURE_COLUMNS, OPTIONAL_COLUMNS, Mapping
from ledgers.importing.sheet import Sheet

LINES = "lines"
MEASURES = "measures"


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each of our columns stands in a row of `width` cells that `added` follow: constants, and "" for the rest.

    `values` turns their codes into ours, by column.
    """

    content: str
    width: int
    index: dict[str, int]
    added: list[str]
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    flip_sign: bool = False
    date_format: str = "YYYY-MM-DD"

    def ours(self, column: int) -> str:
        """The name that a refusal uses for a column of the file, or "" if it is none of ours."""
        return next((name for name, index in self.index.items() if index == column), "")


def columns_of(sheet: Sheet, mapping: Mapping | None, faults: Faults) -> Columns | None:
    """The columns by the header and the mapping, or None, with each fault of the header noted."""
    header = list(sheet.header)
    while header and not header[-1]:
        header.pop()  # a workbook's header row is as wide as its widest row
    plan = mapping or Mapping()
    measures = "measure" in header or "measure" in plan.columns
    required = MEASURE_COLUMNS if measures else LINE_COLUMNS
    optional = () if measures else OPTIONAL_COLUMNS
    index: dict[str, int] = {}
    added: list[str] = []
    for ours in (*required, *optional):
        left_out = ours in optional and ours not in plan.columns and ours not in header
        if ours in plan.constants or left_out:
            index[ours] = len(header) + len(added)
            added.append(plan.constants.get(ours, ""))
            continue
        fault = _fault_of(ours, plan.columns.get(ours), header, None if mapping is None else mapping.name)
        if fault is None:
            index[ours] = header.index(plan.columns.get(ours, ours))
        elif mapping is not None:
            faults.add(fault, sheet.header_line, plan.columns.get(ours, ours))
        elif ours not in header:
            faults.add(_missing(ours, header, required), sheet.header_line, ours)
    if mapping is None:
        _refuse_others(sheet, header, (*required, *optional), faults)
    if faults:
        return None
    content = MEASURES if measures else LINES
    return Columns(content, len(header), index, added, plan.values, plan.flip_sign, plan.date_format)


def _fault_of(ours: str, mapped: str | None, header: list[str], mapping: str | None) -> str | None:
    """Why the header does not say one of our columns, once; None if it does."""
    theirs = ours if mapped is None else mapped
    if header.count(theirs) == 1:
        return None
    if theirs in header:
        return f"the header has “{theirs}” more than once"
    if mapped is not None:
        return f"the mapping reads {ours} from the column “{theirs}”, which the header does not have"
    return f"neither the header nor the mapping says the {ours}" if mapping is not None else ""


def _refuse_others(sheet: Sheet, header: list[str], ours: tuple[str, ...], faults: Faults) -> None:
    """Without a mapping every column must be ours, once: a misspelt `refrence` would otherwise be lost in silence."""
    for name, count in Counter(header).items():
        if count > 1:
            faults.add(f"the header has “{name}” {count} times", sheet.header_line, name)
        elif name not in ours:
            faults.add(
                f"“{name}” is not a column of the ledger ({', '.join(ours)}); take it out, or import with a mapping",
                sheet.header_line,
                name,
            )


def _missing(ours: str, header: list[str], required: tuple[str, ...]) -> str:
    message = f"the column {ours} is missing; the header needs {', '.join(required)}"
    if len(header) == 1 and any(mark in header[0] for mark in ";\t|"):
        message += "; the columns seem not to be separated by commas"
    return message
