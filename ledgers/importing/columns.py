"""Which cell of a row is which of our columns, settled once from the header, before any row is read."""

from collections import Counter
from dataclasses import dataclass, field

from ledgers.importing.faults import Faults
from ledgers.importing.mapping import AMOUNT_COLUMNS, LINE_COLUMNS, MEASURE_COLUMNS, OPTIONAL_COLUMNS, Mapping
from ledgers.importing.mapping_tables import Part, Patterns, matcher
from ledgers.importing.rearranging import Conditions, Rearrangement
from ledgers.importing.sheet import Sheet

LINES = "lines"
MEASURES = "measures"


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each of our columns stands in a row of `width` cells that `added` follow: constants, and "" for the rest.

    `parts` and then `values` turn their codes into ours, by column. `rearrangement` is what is done to rows before
    that, if anything.
    """

    content: str
    width: int
    index: dict[str, int]
    added: list[str]
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    flip_sign: bool = False
    date_format: str = "YYYY-MM-DD"
    flip_kinds: tuple[str, ...] = ()
    period_format: str = ""
    year_named: str = "start"
    parts: dict[str, Part] = field(default_factory=dict)
    rearrangement: Rearrangement | None = None
    separator: str = ","

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
    made = _made(plan)
    index: dict[str, int] = {}
    added: list[str] = []
    for ours in (*required, *optional):
        left_out = ours in optional and ours not in plan.columns and ours not in header
        if ours in plan.constants or ours in made or left_out:
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
    _refuse_unread(sheet, header, plan, faults)
    if faults:
        return None
    return Columns(
        MEASURES if measures else LINES,
        len(header),
        index,
        added,
        plan.values,
        plan.flip_sign,
        plan.date_format,
        plan.flip_kinds,
        plan.period_format,
        plan.year_named,
        plan.parts,
        _rearrangement(plan, header, index, added) if plan.rearranges and not measures else None,
        plan.separator,
    )


def _made(plan: Mapping) -> set[str]:
    """Our columns that no one column of the file says: an amount of debit and credit, what every wide heading says."""
    said = {name for told in plan.wide.values() for name in told}
    return plan.made_without_a_column() | {name for name in said if name in plan.constants or name in OPTIONAL_COLUMNS}


def _also_read(plan: Mapping) -> list[str]:
    """Columns of the file that are read, or looked at, beside those that are one of ours."""
    amounts = [plan.columns[name] for name in AMOUNT_COLUMNS if name in plan.columns]
    return list(dict.fromkeys([*amounts, *plan.wide, *plan.only, *plan.skip, *plan.total]))


def _refuse_unread(sheet: Sheet, header: list[str], plan: Mapping, faults: Faults) -> None:
    for heading in _also_read(plan):
        if header.count(heading) != 1:
            why = "has more than once" if heading in header else "does not have"
            message = f"the mapping speaks of the column “{heading}”, which the header {why}"
            faults.add(message, sheet.header_line, heading)


def _rearrangement(plan: Mapping, header: list[str], index: dict[str, int], added: list[str]) -> Rearrangement:
    def at(name: str) -> int | None:
        return header.index(plan.columns[name]) if name in plan.columns else None

    def conditions(patterns: Patterns) -> Conditions:
        return tuple((header.index(heading), matcher(texts)) for heading, texts in patterns.items())

    is_made = bool(plan.wide) or "debit" in plan.columns
    return Rearrangement(
        width=len(header),
        added=tuple(added),
        into=index["amount"],
        form=plan.amount_format,
        separator=plan.separator,
        amount=None if is_made else index["amount"],
        sign=at("sign"),
        signs=plan.values.get("sign", {}),
        debit=at("debit"),
        credit=at("credit"),
        wide=tuple(
            (header.index(heading), tuple((index[name], text) for name, text in told.items()))
            for heading, told in plan.wide.items()
        ),
        only=conditions(plan.only),
        skip=conditions(plan.skip),
        total=conditions(plan.total),
    )


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
