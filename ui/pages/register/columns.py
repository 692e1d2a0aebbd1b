"""The columns of the register: what each is called, what it shows of a line, and what it is put in order by."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePath

from ledgers.ledger import Batch
from ledgers.lines import Line
from ledgers.register import Column, RegisterLine
from rules.agreement import Agreement, Kind
from rules.money import plain
from ui.figures import exact, spoken

KIND_NAMES = {
    Kind.BUDGET: "Budget",
    Kind.VIREMENT: "Virement",
    Kind.PAYMENT: "Payment",
    Kind.ACTUAL: "Actual",
    Kind.ACCRUAL: "Accrual",
    Kind.FORECAST: "Forecast",
    Kind.QIPP_TARGET: "QIPP target",
    Kind.QIPP_DELIVERED: "QIPP delivered",
    Kind.QIPP_FORECAST: "QIPP forecast",
    Kind.BASELINE: "Baseline",
}
"""A kind as one line is called."""


@dataclass(frozen=True, slots=True)
class Names:
    """Names of schemes, partners and funds by their codes, from the agreement."""

    schemes: dict[str, str] = field(default_factory=dict)
    partners: dict[str, str] = field(default_factory=dict)
    funds: dict[str, str] = field(default_factory=dict)

    def scheme(self, code: str) -> str:
        """`HOME Home first`: the code first, which is what it is put in order by."""
        return _with_code(code, self.schemes)

    def partner(self, code: str) -> str:
        """`ICB NHS Testshire ICB`."""
        return _with_code(code, self.partners)

    def fund(self, code: str) -> str:
        """`POOL Pooled fund`."""
        return _with_code(code, self.funds)


def names_in(agreement: Agreement) -> Names:
    """The names in an agreement."""
    return Names(
        {scheme.code: scheme.name for scheme in agreement.schemes},
        {partner.code: partner.name for partner in agreement.partners},
        {fund.code: fund.name for fund in agreement.funds},
    )


def kind_name(line: Line) -> str:
    """The kind, and whether the line is in default, which keeps it out of every figure of the pool."""
    return f"{KIND_NAMES[line.kind]}, in default" if line.in_default else KIND_NAMES[line.kind]


def belongs_to(line: Line) -> str:
    """`late, of M3`; nothing of a line that is not late."""
    return f"late, of {line.belongs_to}" if line.belongs_to is not None else ""


def reversal(found: RegisterLine) -> str:
    """`reverses 12`, `reversed by 34`, both, or nothing."""
    told = [] if found.line.reverses is None else [f"reverses {found.line.reverses}"]
    told += [] if found.reversed_by is None else [f"reversed by {found.reversed_by}"]
    return ", ".join(told)


def batch_and_file(line: Line) -> str:
    """`3, march.csv`: the batch, and the name of the file that it was posted from."""
    name = PurePath(line.file.replace("\\", "/")).name
    return ", ".join(part for part in (str(line.batch) if line.batch else "", name) if part)


def batch_name(batch: Batch) -> str:
    """`Batch 3, march.csv, 1,200 lines`."""
    name = PurePath(batch.file.replace("\\", "/")).name
    count = "1 line" if batch.count == 1 else f"{batch.count:,} lines"
    return ", ".join(part for part in (f"Batch {batch.id}", name, count) if part)


def date_shown(line: Line) -> str:
    """`01/04/2025`."""
    return "" if line.date is None else f"{line.date.day:02}/{line.date.month:02}/{line.date.year}"


@dataclass(frozen=True, slots=True)
class Heading:
    """A column: its heading, its width in characters, what it shows, and how that is said if it is said otherwise."""

    text: str
    width: int
    shows: Callable[[RegisterLine, Names], str]
    column: Column
    is_right: bool = False
    tip: str = ""


HEADINGS = (
    Heading("No.", 9, lambda found, _names: str(found.line.id), Column.NUMBER, is_right=True, tip="The line's number"),
    Heading("Period", 7, lambda found, _names: str(found.line.period), Column.PERIOD),
    Heading("Date", 11, lambda found, _names: date_shown(found.line), Column.DATE),
    Heading("Scheme", 28, lambda found, names: names.scheme(found.line.scheme), Column.SCHEME),
    Heading("Partner", 24, lambda found, names: names.partner(found.line.partner), Column.PARTNER),
    Heading("Kind", 11, lambda found, _names: kind_name(found.line), Column.KIND),
    Heading("Amount", 16, lambda found, _names: exact(found.line.amount_pence), Column.AMOUNT, is_right=True),
    Heading("Reference", 14, lambda found, _names: found.line.reference, Column.REFERENCE),
    Heading("Description", 34, lambda found, _names: found.line.description, Column.DESCRIPTION),
    Heading(
        "Belongs to",
        12,
        lambda found, _names: belongs_to(found.line),
        Column.BELONGS_TO,
        tip="The held or signed period that a late line is really of",
    ),
    Heading(
        "Reversal", 18, lambda found, _names: reversal(found), Column.REVERSES, tip="Which line takes back which other"
    ),
    Heading(
        "Batch and file",
        20,
        lambda found, _names: batch_and_file(found.line),
        Column.BATCH,
        tip="What the line was posted with, and from which file",
    ),
)
NUMBER, PERIOD, DATE, SCHEME, PARTNER, KIND, AMOUNT, REFERENCE, DESCRIPTION, BELONGS, REVERSES, BATCH = range(
    len(HEADINGS)
)


def cells_of(found: RegisterLine, names: Names) -> tuple[str, ...]:
    """What the register shows of a line, a text for each column."""
    return tuple(heading.shows(found, names) for heading in HEADINGS)


def said(found: RegisterLine, cells: tuple[str, ...], place: int) -> str:
    """A cell as a screen reader should say it: with its heading, for nobody hears where on the screen it stands."""
    text = spoken(found.line.amount_pence) if place == AMOUNT else cells[place]
    return f"{'Number' if place == NUMBER else HEADINGS[place].text}: {text or 'nothing'}"


def for_a_spreadsheet(found: RegisterLine, cells: tuple[str, ...], place: int) -> str:
    """A cell as a spreadsheet is to have it: an amount as `-1234.56`, whatever the screen makes of it."""
    return plain(found.line.amount_pence) if place == AMOUNT else cells[place]


def _with_code(code: str, names: dict[str, str]) -> str:
    name = names.get(code, "")
    return f"{code} {name}" if name and name != code else code
