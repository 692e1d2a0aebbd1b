"""A verification as an auditor files it: the conclusion first, what was checked and what differs, with which keys.

The public keys come from files that the auditor names, never from what is verified. What is checked, and how, is
`settlement.signoff`'s; here it is asked for by files, and told as one text.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ledgers import open_ledger, sealing
from ledgers.ledger import Ledger
from ledgers.progress import told
from ledgers.schema import AlteredError
from ledgers.stored import StoredLedger
from rules.english import day
from rules.periods import Period
from rules.problems import Problem, RefusedError
from settlement.signoff.errors import VerificationError
from settlement.signoff.exported import last_note, verify_export
from settlement.signoff.keys import PublicKey, read_public_key
from settlement.signoff.notes import Note
from settlement.signoff.report import Report
from settlement.signoff.verification import verify
from settlement.version import VERSION

Told = Callable[[int, int, str], None]

KeyFiles = Mapping[str, Sequence[str]]
"""The paths of public keys by the partner's code."""

_DIFFERS = "Differs from what was signed, or cannot be shown to be it"
_CANNOT_KNOW = "What no such check can know"


@dataclass(frozen=True, slots=True)
class KeyGiven:
    """A public key that the verification was done with, by partner and file."""

    partner: str
    file: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class LastNote:
    """The last note that there is: its number, period and digest are what to compare with paper."""

    sequence: int
    period: Period
    digest: str


@dataclass(frozen=True, slots=True)
class Verified:
    """A verification that was done. `of` is the ledger or folder; `at` is ISO 8601, UTC. The texts are the report's.

    `checked` is a note at a time, on several lines: what it is of, then a fact a line.
    """

    of: str
    at: str
    holds: bool
    conclusion: str
    checked: tuple[str, ...]
    differences: tuple[str, ...]
    remarks: tuple[str, ...]
    unknowable: tuple[str, ...]
    keys: tuple[KeyGiven, ...]
    last: LastNote | None

    @property
    def heading(self) -> str:
        """The conclusion in a word or two."""
        return "Verified" if self.holds else "Not verified"

    @property
    def sections(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """What there is to tell under its headings, in the order in which it is read."""
        told_of = (
            (_DIFFERS, self.differences),
            ("What was checked", self.checked),
            ("Noticed", self.remarks),
            ("Compare with the newest statement on paper", self._compared()),
            ("Keys that it was verified with", tuple(f"{_key(key)}" for key in self.keys)),
            (_CANNOT_KNOW, self.unknowable),
        )
        return tuple((heading, found) for heading, found in told_of if found)

    def _compared(self) -> tuple[str, ...]:
        if self.last is None:
            return ()
        return (f"Note {self.last.sequence}, {self.last.period}\nDigest: {self.last.digest}",)

    @property
    def text(self) -> str:
        """All of it as plain text, to be copied or filed."""
        moment = datetime.fromisoformat(self.at)
        lines = [
            f"{self.heading.upper()}: {self.of}",
            self.conclusion,
            f"Verified on {day(moment)} at {moment:%H:%M} UTC, with S75 Settlement {VERSION}.",
        ]
        for heading, found in self.sections:
            lines += ["", f"{heading}:"]
            for each in found:
                first, *facts = each.split("\n")
                lines += [f"  - {first}", *(f"    {fact}" for fact in facts)]
        return "\n".join(lines) + "\n"


def verified_ledger(
    where: str, files: KeyFiles, period: Period | None = None, report: Told = lambda _done, _total, _what: None
) -> Verified:
    """Verify a ledger, up to the note that covers a period or all of it. Raises RefusedError for what is no key."""
    keys, given = read_keys(files)
    report(0, 0, "Opening the ledger")
    try:
        with open_ledger(where, read_only=True) as ledger:
            report(0, 0, "Looking for damage")
            with told(ledger, report, "Verifying"):
                found = verify(ledger, keys, period)
            return _verified(ledger.name, found, given, _last_in(ledger))
    except AlteredError as altered:
        found = Report(differences=[str(problem) for problem in altered.problems])
        return _verified(where.rpartition("@")[2], found, given, None)


def verified_folder(
    folder: str, files: KeyFiles, period: Period | None = None, report: Told = lambda _done, _total, _what: None
) -> Verified:
    """Verify an exported folder. Raises RefusedError if it is none, and for a file that is no key."""
    keys, given = read_keys(files)
    number, note = last_note(Path(folder))
    report(0, 0, f"Verifying {number} notes" if number > 1 else "Verifying the note")
    found = verify_export(Path(folder), keys, period)
    return _verified(folder, found, given, LastNote(note.sequence, note.period, note.digest))


def partners_of_folder(folder: str) -> tuple[str, ...]:
    """The codes of the partners who must sign what is in an exported folder. Raises RefusedError if it is none."""
    number, _ = last_note(Path(folder))
    codes: dict[str, None] = {}
    for each in range(1, number + 1):
        path = Path(folder) / f"{each:04}" / "note.txt"
        try:
            codes |= dict.fromkeys(Note.read(path.read_bytes(), str(path)).partners)
        except (VerificationError, OSError):
            continue  # verifying it says so
    return tuple(codes)


def partners_of_ledger(ledger: Ledger) -> tuple[str, ...]:
    """The codes of everybody who signs or signed: of every version of the agreement, predecessors among them."""
    return tuple(dict.fromkeys(code for period in Period for code in ledger.agreement_at(period).partner_of))


def read_keys(files: KeyFiles) -> tuple[dict[str, list[PublicKey]], tuple[KeyGiven, ...]]:
    """The keys in the files, by partner. Raises RefusedError, naming the file, for one that is no public key."""
    keys: dict[str, list[PublicKey]] = {}
    given: list[KeyGiven] = []
    problems: list[Problem] = []
    for partner, paths in files.items():
        for path in paths:
            try:
                key = read_public_key(Path(path))
            except RefusedError as refused:
                problems += refused.problems
                continue
            keys.setdefault(partner, []).append(key)
            given.append(KeyGiven(partner, path, key.fingerprint))
    if problems:
        raise RefusedError(*problems)
    return keys, tuple(given)


def _last_in(ledger: Ledger) -> LastNote | None:
    if not isinstance(ledger, StoredLedger):
        return None
    try:
        rows = sealing.notes(ledger)
        return LastNote(rows[-1].sequence, rows[-1].period, Note.read(rows[-1].text).digest) if rows else None
    except (VerificationError, RefusedError):
        return None  # the report tells of it


def _verified(of: str, found: Report, keys: Iterable[KeyGiven], last: LastNote | None) -> Verified:
    first, rest = found.conclusion[:1], found.conclusion[1:]
    return Verified(
        of=of,
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        holds=found.holds,
        conclusion=first.upper() + rest,
        checked=tuple(found.verified),
        differences=tuple(found.differences),
        remarks=tuple(found.remarks),
        unknowable=tuple(found.unknowable),
        keys=tuple(keys),
        last=last,
    )


def _key(key: KeyGiven) -> str:
    return f"{key.partner}: {key.file}\n{key.fingerprint}"
