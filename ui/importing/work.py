"""The work behind the import dialog: off the window's thread and, for a large file, in a process of its own.

Nothing of Qt: a process aside loads this module too. A small file is done with before a process would have started.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import TypeVar

from ledgers import Ledger, open_ledger
from ledgers.importing.guessing import fitting, guess, guess_values, is_ours
from ledgers.importing.mapping import Mapping, read_mapping
from ledgers.importing.mending import write_mended
from ledgers.importing.previewing import (
    Book,
    Checked,
    Looked,
    Mended,
    check,
    look_into,
    read_book,
    values_in,
)
from ledgers.importing.writing_mapping import write_mapping
from ledgers.ledger import Imported, Progress
from rules.agreement import Agreement
from rules.periods import Period
from rules.problems import Problem, RefusedError
from ui.aside import Report, in_a_process

_Answer = TypeVar("_Answer")

_LARGE = 4 << 20
"""Bytes: a process of its own takes half a second to begin, which a month's extract does not take to read."""

CODES = ("period", "scheme", "partner", "kind", "cause")
"""Our columns whose values a mapping may turn into ours."""

Values = dict[str, tuple[tuple[str, int], ...]]
"""By our column: the different values of the file, and how often each stands there."""


@dataclass(frozen=True, slots=True)
class Inspected:
    """A file that was looked into, and how it seems to read.

    `mapping` is a saved one that fits, whose name is `saved_as`, or a guess; None if the file's headings are ours.
    """

    looked: Looked
    book: Book
    saved: dict[str, Mapping] = field(default_factory=dict)
    mapping: Mapping | None = None
    saved_as: str = ""
    values: Values = field(default_factory=dict)

    @property
    def is_settled(self) -> bool:
        """Whether nobody has to look at the columns first: they are ours, or were matched before."""
        return self.mapping is None or bool(self.saved_as)

    @property
    def agreement(self) -> Agreement:
        """The agreement at the year's end, for names of codes."""
        return self.book.agreement_for(Period.M13)


@dataclass(frozen=True, slots=True)
class Posted:
    """What was posted, and the mended copy that it was posted from ("" if the file itself was)."""

    imported: Imported
    copy: str = ""


def near_or_aside(path: str, function: Callable[..., _Answer], *arguments: object) -> Callable[[Report], _Answer]:
    """The work of a function, for a lane: here if the file is small, and otherwise in a process of its own."""

    def work(report: Report) -> _Answer:
        try:
            is_large = Path(path).stat().st_size > _LARGE
        except OSError:
            is_large = False  # whoever reads it says why it cannot be read
        return in_a_process(function, *arguments)(report) if is_large else function(*arguments, report)

    return work


def inspect(where: str, path: str, sheet: str | None, report: Report) -> Inspected:
    """Look into a file and find out how it reads: as our own, as a saved mapping has it, or by a guess."""
    with open_ledger(where, read_only=True) as ledger:
        book, saved = read_book(ledger), ledger.mappings()
    looked = look_into(path, sheet, _told(report, "Looking at the file"))
    if sheet is None and looked.is_workbook:
        looked = _sheet_that_fits(path, looked, saved, report)
    if is_ours(looked):
        return Inspected(looked, book, saved)
    name = fitting(saved, looked)
    if name:
        return Inspected(looked, book, saved, saved[name], name)
    mapping = guess(looked, book.agreement_for(Period.M13), name_for(path))
    return Inspected(looked, book, saved, *_with_values(path, mapping, book, report))


def _sheet_that_fits(path: str, looked: Looked, saved: dict[str, Mapping], report: Report) -> Looked:
    """A workbook at the sheet that a saved mapping reads, if its headings are there; else at its first."""
    wanted = {mapping.sheet for mapping in saved.values() if mapping.sheet in looked.sheets} - {looked.sheet, None}
    if fitting(saved, looked) or is_ours(looked):
        return looked
    for other in sorted(filter(None, wanted)):
        found = look_into(path, other, _told(report, "Looking at the file"))
        if fitting(saved, found):
            return found
    return looked


def _with_values(path: str, mapping: Mapping, book: Book, report: Report) -> tuple[Mapping, str, Values]:
    """The mapping with what its codes seem to mean, and the codes that there are."""
    values = values_of(path, mapping, report)
    return replace(mapping, values=guess_values(values, book.agreement_for(Period.M13))), "", values


def values_of(path: str, mapping: Mapping, report: Report) -> Values:
    """The different codes of a file, as the mapping reads its columns."""
    return values_in(path, mapping, CODES, _told(report, "Looking at the codes"))


def mapping_in(path: str) -> Mapping:
    """The mapping that a file says. Raises RefusedError if there is none in it."""
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise RefusedError(Problem(f"the mapping cannot be read: {error}", path)) from None
    return read_mapping(text, name=Path(path).stem, file=path)


def dry_run(where: str, path: str, mapping: Mapping | None, mended: Mended, report: Report) -> Checked:
    """What importing the file would do, read to its end."""
    with open_ledger(where, read_only=True) as ledger:
        return check(ledger, path, mapping, mended, _told(report, "Checking every row"))


def post(ledger: Ledger, path: str, mapping: Mapping | None, mended: Mended, report: Report) -> Posted:
    """Post the file, or its mended copy, and keep the mapping, all or nothing: what fails leaves no copy either."""
    copy = write_mended(path, mended, mapping, _told(report, "Writing the mended copy")) if mended else None
    try:
        with TemporaryDirectory() as folder:
            name = None
            if mapping is not None:
                name = mapping.name
                saved = ledger.mappings().get(name)
                if saved is None or replace(saved, text="") != replace(mapping, text=""):
                    plan = Path(folder) / "mapping.toml"
                    plan.write_text(write_mapping(mapping), encoding="utf-8")
                    name = str(plan)
            imported = ledger.import_file(copy or path, name, progress=_told(report, "Posting"))
    except BaseException:
        if copy is not None:
            copy.unlink(missing_ok=True)
        raise
    return Posted(imported, "" if copy is None else str(copy))


def name_for(path: str) -> str:
    """A name for a new mapping, after the file: letters, digits, spaces and dashes, without the month's digits."""
    stem = "".join(letter if letter.isalnum() or letter in " -" else " " for letter in Path(path).stem)
    words = [word for word in stem.split() if not word.replace("-", "").isdigit()]
    return " ".join(words).strip("- ") or "Extract"


def _told(report: Report, what: str) -> Progress:
    return lambda done, total: report(done, total, what)


def sample_file(ledger: Ledger) -> str:
    """The path of a file made up from the ledger's own codes, with two rows to mend: for pictures of the dialog."""
    agreement = ledger.agreement_at(Period.M13)
    codes = [(scheme.code, partner.code) for scheme in agreement.schemes for partner in agreement.partners][:12]
    rows = ["period,scheme,partner,kind,amount,date,reference,description"]
    for at, (scheme, partner) in enumerate(codes, 1):
        amount = "1,2O4.50" if at == 2 else f"{at},{at * 37:03}.25"  # noqa: PLR2004  the row to mend
        partner_there = "NHS" if at == min(len(codes), 7) else partner
        day = f"{agreement.year.first}-07-{at:02}"
        rows.append(f'M4,{scheme},{partner_there},actual,"{amount}",{day},INV-{at:04},Care packages')
    path = Path(mkdtemp(prefix="s75-")) / "July extract.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return str(path)
