"""What a verification found, in sentences: what holds, what differs, what it noticed, and what it cannot know."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from ledgers.refusing import visible
from rules.english import day, listed
from rules.problems import RefusedError
from settlement.signoff.errors import VerificationError
from settlement.signoff.notes import Note, Signed

MALFORMED = (ValueError, TypeError, ArithmeticError, AttributeError, LookupError, RecursionError)
"""What Python raises over a value that no ledger and no pack of ours holds: a period 14, a text where a number was."""

MOST_TOLD = 1_000
_LONGEST_REASON = 200
_ROLLED_BACK = (
    "What was put back whole to an earlier state looks as it did then: compare the last note and its digest above with "
    "those on the newest statement that you have on paper."
)
UNKNOWABLE = (
    _ROLLED_BACK,
    "The times are those of the computers that wrote them; no signature proves a date.",
    "Who had a key and its passphrase: a signature shows which key signed, and you said whose it is.",
)
IN_A_FILE = (
    "Bytes of the file that hold nothing (free space, and counters that SQLite keeps for itself) are not looked at: "
    "no row, and so no figure, is read from them."
)
IN_A_FOLDER = (
    "What stands beside the numbered folders and evidence (READ ME.txt, statements, keys) is not signed, and was not "
    "looked at. Its statements can be held against the ledger: s75 verify LEDGER --statements DIR."
)


@dataclass(slots=True)
class Report:
    """Sentences for the auditor. It holds if something was verified and nothing differs.

    What was verified is a note at a time, on several lines: what it is of, then a fact a line.
    """

    verified: list[str] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    unknowable: list[str] = field(default_factory=lambda: list(UNKNOWABLE))
    _final: Note | None = None  # the last that every partner signed, of those that hold
    _seen: set[str] = field(default_factory=set)
    _more: int = 0

    @property
    def holds(self) -> bool:
        """Whether what was signed stands as it was signed."""
        return bool(self.verified) and not self.differences

    @property
    def conclusion(self) -> str:
        """All of it in a sentence or two."""
        if not self.holds:
            count = len(self.differences)
            found = "nothing was verified" if not count else "1 difference" if count == 1 else f"{count:,} differences"
            return f"NOT verified: {found}."
        if self._final is None:
            return "verified as far as it is signed: no note has the signature of every partner yet, so none is final."
        upto = f"up to {self._final.period} in note {self._final.sequence}"
        return f"verified: what every partner signed, {upto}, stands as they signed it."

    def add_verified(self, note: Note, signed: Sequence[Signed], facts: Sequence[str]) -> None:
        """Note that a note holds, with the signatures on it that do, and what else was found of it."""
        self.verified.append("\n".join(_told(note, signed, facts)))
        if len(signed) == len(note.partners):
            self._final = note

    def add_difference(self, sentence: str) -> None:
        """Note a difference, once. Of very many the first are told: whoever made them could make any number."""
        if sentence in self._seen:
            return
        if len(self.differences) < MOST_TOLD:
            self._seen.add(sentence)
            self.differences.append(sentence)
        elif not self._more:
            self._more = 1
            self.differences.append(f"there are more differences than the {MOST_TOLD:,} told here")

    @contextmanager
    def telling(self, of: str) -> Iterator[None]:
        """What cannot be read, worked out or verified inside is told as a difference of that; no error gets out."""
        try:
            yield
        except VerificationError as error:
            self.add_difference(str(error) if error.where else f"{of}: {error}")
        except RefusedError as error:
            self.add_difference(f"{of}: {error.problems[0].message}")
        except MALFORMED as error:
            self.add_difference(f"{of}: {no_ledger_holds(error)}")


def no_ledger_holds(error: BaseException) -> str:
    """One of `MALFORMED` as a sentence: what it was raised over is somebody else's, and is shown short and harmless."""
    reason = visible(" ".join(str(error).split()))
    return f"something in it is none that a ledger holds ({reason[:_LONGEST_REASON]})"


def _told(note: Note, signed: Sequence[Signed], facts: Sequence[str]) -> Iterator[str]:
    yield f"Note {note.sequence}: {note.agreement}, {note.year}, {note.period}"
    for each in signed:
        yield f"Signed for {each.partner} by {each.name}, {each.role}, on {moment(each.at)}"
        yield f"Key: {each.fingerprint}"
    left = [code for code in note.partners if code not in {each.partner for each in signed}]
    if left:
        yield f"Not signed for {listed(left)}"
    yield f"Digest: {note.digest}"
    yield from facts


def moment(at: str) -> str:
    """`1 October 2014 at 09:30 UTC`."""
    when = datetime.fromisoformat(at)
    return f"{day(when)} at {when:%H:%M} UTC"
