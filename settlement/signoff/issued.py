"""Statements that were issued, held against what the ledger gives now: byte for byte, made again and not kept.

What `s75 statement`, `s75 batch` and the `statements/` of an export are, no signature covers; but the same ledger makes
the same bytes. What a file is, a batch's manifest says, or else its name. A file that is as it was put up for signature
is told by its digest, which a note seals; one that somebody signed as a PDF has the statement as its beginning.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from ledgers import Ledger, sealing
from ledgers.refusing import refuse
from ledgers.stored import StoredLedger
from rules.periods import Period
from rules.problems import RefusedError
from settlement.batches.manifest import MANIFEST, Entry, read_manifest
from settlement.batches.work import ledger_file
from settlement.languages import LANGUAGES
from settlement.looks import Look, speaking_in, theme_of
from settlement.publishing import statement_inputs, theme_beside
from settlement.statements.csv_out import table_csv, write_csv
from settlement.statements.inputs import StatementInputs
from settlement.statements.kinds import IN_THOUSANDS
from settlement.statements.theme import PLAIN, Theme
from settlement.statements.writing import FORMATS, document_of, papers_of, table_of, writer_of
from settlement.version import VERSION

_NAME = re.compile(r"[0-9]{4}-[0-9]{2}-(M[0-9]{1,2})-.+", re.ASCII)
_MADE_WITH = re.compile(r"S75 Settlement ([0-9]+(?:\.[0-9]+)+)")
_THOUSANDS = "-in-thousands"
_SIGNED = re.compile(r"-signed(-[0-9]+)?$", re.ASCII)  # what `s75 sign-pdf` puts to a name
_SIGNATURE = b"/ByteRange"
_NOW = "byte for byte what the ledger gives now"


@dataclass(slots=True)
class Issued:
    """What came of the comparison: a sentence for each file that is the same, and for each that is not."""

    same: list[str] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether there was something to compare, and all of it is the same."""
        return bool(self.same) and not self.differences

    @property
    def conclusion(self) -> str:
        """All of it in a sentence."""
        if not self.same and not self.differences:
            return "NOT verified: there is no statement of this ledger there."
        if self.differences:
            count = len(self.differences)
            return f"NOT verified: {_files(count)} {'is' if count == 1 else 'are'} not what the ledger gives now."
        return f"verified: {_files(len(self.same))}, byte for byte what the ledger gives."


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A file to make again: of which period, what, for whom, how."""

    path: Path
    period: Period
    kind: str
    partner: str
    look: Look
    theme: Theme
    status: str = ""
    version: str = ""

    @property
    def format(self) -> str:
        return self.path.suffix[1:].lower()


def compare_issued(ledger: Ledger, place: Path, look: Look | None = None) -> Issued:
    """Hold a statement, or every one in a folder, against the ledger as it is now.

    `look` says how statements without a manifest were made; in its language or, where that gives other bytes, in
    another, and with its theme file (or the one beside the ledger) or without any. Raises RefusedError if there is
    nothing at the place, and for a manifest or theme file that is none.
    """
    return _Comparison(ledger, place, look or Look()).found


class _Comparison:
    """One run over one place."""

    def __init__(self, ledger: Ledger, place: Path, look: Look) -> None:
        self._ledger, self._place, self._look = ledger, place, look
        theme = theme_of(look.theme_file) or theme_beside(ledger)
        self._themes = {each.digest: each for each in (theme, PLAIN)}
        self._inputs: dict[tuple[Period, str, str], StatementInputs] = {}
        self.found = Issued()
        with ledger.snapshot():
            self._sealed = dict(self._papers())
            entries = self._entries()
            for path in _files_at(place):
                try:
                    self._compare(path, entries)
                except RefusedError as refused:
                    self._differs(path, "; ".join(problem.message for problem in refused.problems))
                except OSError as error:
                    self._differs(path, f"the file cannot be read: {error.strerror or error}")

    def _papers(self) -> Iterator[tuple[str, tuple[str, int]]]:
        """What was put up for signature, by its SHA-256: by which note, and how many bytes it has."""
        if isinstance(self._ledger, StoredLedger):
            for row in sealing.notes(self._ledger):
                for _, _, _, digest, size in sealing.statements_of(self._ledger, row.sequence):
                    yield digest, (f"note {row.sequence} of {row.period}", size)

    def _entries(self) -> dict[Path, Entry | None]:
        """What the manifests at the place say of its files; None of a file of another ledger."""
        above = (self._place,) if self._place.is_dir() else tuple(self._place.parents)
        folder = next((each for each in above if (each / MANIFEST).is_file()), None)
        if folder is None:
            return {}
        identity = sealing.meta(self._ledger).get("ledger", "") if isinstance(self._ledger, StoredLedger) else ""
        found: dict[Path, Entry | None] = {}
        for entry in read_manifest(folder):
            is_ours = entry.ledger_id == identity if identity else entry.ledger == ledger_file(self._ledger.name)
            found[folder / entry.file] = entry if is_ours else None
        others = sum(entry is None and path.exists() for path, entry in found.items())
        if others and self._place.is_dir():
            was = "was" if others == 1 else "were"
            self.found.remarks.append(f"{_files(others)} of other ledgers, by the manifest, {was} passed over.")
        return found

    # One file

    def _compare(self, path: Path, entries: dict[Path, Entry | None]) -> None:
        unsigned = path.with_name(_SIGNED.sub("", path.stem) + path.suffix)
        known = path if path in entries else unsigned
        if known in entries and entries[known] is None and self._place.is_dir():
            return
        told = path.read_bytes()
        if self._is_sealed(path, told):
            return
        entry = entries.get(known)
        wanted = self._wanted_by_name(unsigned) if entry is None else [self._wanted_by_manifest(path, entry)]
        closest = b""
        for each in wanted:
            made = self._made(each)
            if told.startswith(made):
                self._tell_beginning(path, f"{self._status(each)}, {_NOW}", made, told[len(made) :])
                return
            closest = closest or made
        self._tell_difference(path, wanted[0], told, closest)

    def _is_sealed(self, path: Path, told: bytes) -> bool:
        """Whether it is, or begins with, what was put up for signature; it is told then."""
        for digest, (note, size) in self._sealed.items():
            if size <= len(told) and sha256(told[:size]).hexdigest() == digest:
                self._tell_beginning(
                    path, f"as it was put up for signature, which {note} seals", told[:size], told[size:]
                )
                return True
        return False

    def _tell_beginning(self, path: Path, how: str, made: bytes, more: bytes) -> None:
        """The statement, and perhaps something after it: an electronic signature is put behind what it signs."""
        if not more:
            self._is_same(path, how)
            return
        bytes_were = "1 byte was" if len(more) == 1 else f"{len(more):,} bytes were"
        beyond = "are no signature"
        if path.suffix.lower() == ".pdf" and _SIGNATURE in more:
            from settlement.pades.additions import beyond_signatures  # noqa: PLC0415  few are signed so

            beyond = beyond_signatures(made + more, len(made))
        if beyond:
            self._differs(path, f"{bytes_were} put after what the ledger gives, and they {beyond}")
        else:
            told = f"with {len(more):,} bytes after it that sign it as a PDF: s75 sign-pdf --check shows whose"
            self._is_same(path, f"{how}, {told}")

    def _status(self, wanted: _Wanted) -> str:
        inputs = self._gathered(wanted)
        return str(inputs.status) if inputs.seal is None else f"{inputs.status}, note {inputs.seal.sequence}"

    def _tell_difference(self, path: Path, wanted: _Wanted, told: bytes, made: bytes) -> None:
        version = wanted.version or _made_with(path, told)
        if version and version != VERSION:
            self._differs(
                path,
                f"it was made with S75 Settlement {version}, and this is {VERSION}: the bytes of two versions cannot "
                "be compared; do it with that one",
            )
            return
        inputs = self._gathered(wanted)
        if wanted.status and wanted.status != inputs.status:
            self._differs(
                path,
                f"it was written when {wanted.period} was {_stood(wanted.status)}; now it is {_stood(inputs.status)}",
            )
            return
        now = f"{sha256(made).hexdigest()} over {len(made):,}"
        draft = (
            "; a draft’s bytes hang on who prepared it too: --prepared-by"
            if inputs.is_draft and not wanted.version
            else ""
        )
        self._differs(
            path,
            f"it is not what the ledger gives now: its SHA-256 is {sha256(told).hexdigest()} over {len(told):,} bytes, "
            f"where the ledger gives {now}{draft}",
        )

    def _is_same(self, path: Path, how: str) -> None:
        self.found.same.append(f"{self._called(path)}: {how}")

    def _differs(self, path: Path, how: str) -> None:
        self.found.differences.append(f"{self._called(path)}: {how}")

    def _called(self, path: Path) -> str:
        return path.name if path == self._place else path.relative_to(self._place).as_posix()

    # What it should be

    def _wanted_by_manifest(self, path: Path, entry: Entry) -> _Wanted:
        if entry.theme not in self._themes:
            refuse(f"it was written with a theme file whose SHA-256 is {entry.theme}: name that one with --theme", "")
        if entry.language not in LANGUAGES:
            refuse(f"the manifest says that it is in “{entry.language}”, which is no language of statements", "")
        look = Look(bool(entry.thousands), entry.prepared_by, entry.language)
        period = _period(entry.period)
        if period is None or entry.format != path.suffix[1:].lower():
            refuse("the manifest does not say what it is as a batch does", "")
        return _Wanted(
            path, period, entry.kind, entry.partner, look, self._themes[entry.theme], entry.status, entry.version
        )

    def _wanted_by_name(self, path: Path) -> list[_Wanted]:
        """What a file is by its usual name: in the language asked for, then the others; without a theme last."""
        match = _NAME.fullmatch(path.stem)
        in_thousands = path.stem.endswith(_THOUSANDS)
        stem = path.stem.removesuffix(_THOUSANDS)
        period = None if match is None else _period(match[1])
        papers = () if period is None else papers_of(self._gathered_in(period, self._look).settlement)
        paper = next((each for each in papers if each.name == stem), None)
        if period is None or paper is None or (in_thousands and paper.kind not in IN_THOUSANDS):
            refuse("no statement of this ledger is called so, and no manifest says what it is", "")
        languages = dict.fromkeys((self._look.language, *LANGUAGES))
        looks = [replace(self._look, language=each, thousands=in_thousands) for each in languages]
        themes = self._themes.values()
        return [_Wanted(path, period, paper.kind, paper.partner, look, theme) for look in looks for theme in themes]

    def _gathered(self, wanted: _Wanted) -> StatementInputs:
        return replace(self._gathered_in(wanted.period, wanted.look), theme=wanted.theme)

    def _gathered_in(self, period: Period, look: Look) -> StatementInputs:
        """A period's inputs without a theme, once in each language: what a sample says of itself is in it."""
        key = (period, look.prepared_by, look.language)
        if key not in self._inputs:
            if any((period, look.prepared_by) != (at, by) for at, by, _ in self._inputs):
                self._inputs.clear()  # files come period by period: one is held at a time
            with speaking_in(look.language):
                self._inputs[key] = statement_inputs(self._ledger, period, look.prepared_by, theme=PLAIN)
        return self._inputs[key]

    def _made(self, wanted: _Wanted) -> bytes:
        inputs = self._gathered(wanted)
        with TemporaryDirectory(prefix="s75-") as folder, speaking_in(wanted.look.language):
            path = Path(folder) / f"made.{wanted.format}"
            try:
                write = _writer(inputs, wanted)
            except (KeyError, StopIteration):
                refuse(f"the ledger has no {wanted.kind} {wanted.partner} at {wanted.period} now", "")
            write(path)
            return path.read_bytes()


def _period(text: str) -> Period | None:
    try:
        return Period.read(text)
    except ValueError:
        return None


def _writer(inputs: StatementInputs, wanted: _Wanted) -> Callable[[Path], None]:
    paper = next(
        each for each in papers_of(inputs.settlement) if (each.kind, each.partner) == (wanted.kind, wanted.partner)
    )
    if paper.is_table:
        return partial(write_csv, table_csv(table_of(inputs, wanted.kind, wanted.partner)[1]))
    _, document = document_of(inputs, wanted.kind, wanted.partner, thousands=wanted.look.thousands)
    return partial(writer_of(wanted.format), document)


def _files_at(place: Path) -> Iterable[Path]:
    """The statements at a place: the file itself, or every file of a folder that has a statement's ending."""
    if place.is_file():
        return (place,)
    if not place.is_dir():
        refuse("there is no such file or folder", str(place))
    endings = {f".{each}" for each in FORMATS}
    # drafts of a batch at work are nobody's statements yet
    found = (path for path in place.rglob("*") if path.suffix.lower() in endings and path.is_file())
    return sorted(path for path in found if not any(part.startswith(".s75-") for part in path.relative_to(place).parts))


def _made_with(path: Path, told: bytes) -> str:
    """The version of the program that a statement says it was made with; "" where it does not."""
    if path.suffix.lower() != ".pdf":
        found = _MADE_WITH.search(told.decode(errors="replace"))
        return found[1] if found else ""
    from pypdfium2 import (  # type: ignore[import-untyped]  # noqa: PLC0415  it has no types; only for what differs
        PdfDocument,
        PdfiumError,
    )

    try:
        pdf = PdfDocument(told)
        try:
            for page in pdf:
                words = page.get_textpage()
                found = _MADE_WITH.search(words.get_text_range())
                words.close()
                page.close()
                if found:
                    return found[1]
        finally:
            pdf.close()
    except PdfiumError:
        return ""  # it is no PDF any more
    return ""


def _stood(status: str) -> str:
    return {"draft": "a draft", "for signature": "put up for signature"}.get(status, status)


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count:,} files"
