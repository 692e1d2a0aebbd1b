"""What a ledger answers and does, whichever of its forms holds it: a `.s75` file, a PostgreSQL schema, a folder."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from ledgers.lines import Line, NewLine
from rules.agreement import Agreement, Kind
from rules.periods import Period
from rules.position import Measure, Position

if TYPE_CHECKING:
    from ledgers.importing.mapping import Mapping

Progress = Callable[[int, int], None]
"""Told how many bytes or rows of how many were read."""


class State(StrEnum):
    """Of a period. Open: lines are posted to it. Held: closed for now. Signed: final."""

    OPEN = "open"
    HELD = "held"
    SIGNED = "signed"


@dataclass(frozen=True, slots=True)
class PeriodState:
    """A period, its state, and who put it there and when (ISO 8601, UTC); both "" if it was never closed."""

    period: Period
    state: State
    actor: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the agreement: in force from `from_period`, unless a later version is. Times are ISO 8601, UTC.

    `program` is the version of the program it was put in with. Whether every partner has assented to it is for
    `ledgers.assents` to say.
    """

    id: int
    from_period: Period
    reason: str
    digest: str
    actor: str
    at: str
    program: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """What was posted at once: a file of lines or measures, or what a program posted."""

    id: int
    file: str
    digest: str
    content: str
    count: int
    totals_pence: tuple[tuple[Kind, int], ...]
    actor: str
    at: str
    program: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import posted or, of a dry run (`batch` is None), would post.

    `content` is `lines` or `measures`; `totals_pence` is by kind, in the order kinds are listed in the format;
    `late` counts the lines that went to a later period because theirs is held; `sample` is the first few lines;
    `left_out` counts the rows of the file that the mapping leaves out, totals among them.
    """

    batch: int | None
    file: str
    digest: str
    content: str
    count: int
    totals_pence: tuple[tuple[Kind, int], ...] = ()
    late: int = 0
    mapping: str = ""
    sample: tuple[Line, ...] = ()
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a check found. `check` names which; the figures are pence, where the check is one of figures."""

    check: str
    message: str
    period: Period | None = None
    ledger_pence: int | None = None
    expected_pence: int | None = None

    @property
    def difference_pence(self) -> int | None:
        """How much more the ledger has than was expected."""
        if self.ledger_pence is None or self.expected_pence is None:
            return None
        return self.ledger_pence - self.expected_pence

    def __str__(self) -> str:
        """One line for a person."""
        return f"{self.check}: {self.message}"


class Ledger(ABC):
    """The ledger of one agreement and one financial year.

    Every operation that cannot be done raises RefusedError, whose problems say what is wrong and what to do, and then
    has changed nothing. Partners' codes are as on the lines: succession is for the rules to apply.
    It is a context manager, which closes it.
    """

    name: str
    """As the person named it: the path or URL (without a password), for messages and the result."""

    writable: bool
    """Whether this opening may change it."""

    def __enter__(self) -> Self:
        """The ledger itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()

    def snapshot(self) -> AbstractContextManager[None]:
        """Everything read inside is of one moment, whoever posts meanwhile. Nothing is written inside."""
        return nullcontext()

    # What it answers

    @abstractmethod
    def agreement_text_at(self, period: Period) -> str:
        """The text (TOML) of the version of the agreement in force at the period."""

    @abstractmethod
    def agreement_at(self, period: Period) -> Agreement:
        """The agreement in force at the period. Raises RefusedError if its text no longer holds together."""

    @abstractmethod
    def versions(self) -> tuple[Version, ...]:
        """Every version of the agreement, in the order they were put in force."""

    @abstractmethod
    def position(self, period: Period, *, outturn: bool = False) -> Position:
        """What the lines come to at the period: totals by scheme, partner, kind and cause, and all measures in force.

        From the kept totals, so that it costs the same whatever the ledger's length; `findings` holds them against
        the lines. Totals come in the order of their scheme, partner and kind, not of posting. Of a period that every
        partner has signed they are those of the lines posted when it was sealed: a budget for a later month, posted
        since, does not move what was signed.
        """

    def last_line_of(self, period: Period) -> int | None:  # noqa: ARG002  see the ledgers that are signed
        """The last line that counts at a period that every partner has signed; None for one that they have not."""
        return None

    @abstractmethod
    def lines(  # noqa: PLR0913  each condition is named where it is given
        self,
        period: Period | None = None,
        scheme: str | None = None,
        partner: str | None = None,
        kind: Kind | None = None,
        *,
        upto: Period | None = None,
        reference: str | None = None,
        batch: int | None = None,
        reverses: int | None = None,
        late: bool | None = None,
        after: int | None = None,
        limit: int | None = None,
    ) -> Iterator[Line]:
        """The lines for which everything given holds, in the order they were posted; see `LineFilter`."""

    @abstractmethod
    def measures(self) -> tuple[Measure, ...]:
        """The measures in force: of a measure and period given in several files, the row of the last file."""

    @abstractmethod
    def periods(self) -> tuple[PeriodState, ...]:
        """The state of each of the thirteen periods, in order."""

    @abstractmethod
    def last_period(self) -> Period | None:
        """The last period that has a line or a measure; None of an empty ledger."""

    @abstractmethod
    def batches(self) -> tuple[Batch, ...]:
        """Everything posted, in order."""

    @abstractmethod
    def mappings(self) -> "dict[str, Mapping]":
        """The saved column mappings by name."""

    @abstractmethod
    def findings(self, period: Period | None = None) -> list[Finding]:
        """What is wrong with the ledger itself, up to the period (all of it without one).

        Control totals that do not agree, virements that do not sum to zero, late lines still to be dealt with, lines
        posted to a period after it was held, lines of a period before their partner's `from`, codes that the agreement
        no longer has, kept totals that differ from the lines, an audit trail that is broken or does not tell of a
        batch, documents that are not what they were, and damage to the file.
        """

    # What changes it

    @abstractmethod
    def set_agreement(
        self, text: str, from_period: Period | None = None, reason: str = "", *, file: str = ""
    ) -> Version:
        """Put a new version of the agreement in force from a period that is open (the next open one, if none is named).

        It stands from there on in place of every version before it. Refused without a reason, for another agreement
        or year, and if it drops a scheme or partner that has lines in those periods.
        """

    @abstractmethod
    def import_file(
        self,
        path: str | Path,
        mapping: str | None = None,
        *,
        dry_run: bool = False,
        progress: Progress | None = None,
    ) -> Imported:
        """Post a CSV or XLSX file of lines or of measures (told apart by the header), all of it or nothing.

        `mapping` is the name of a saved one, or the path of one in TOML, which is then saved under its name.
        `progress` is told how much of how much was read; what it raises calls the import off.
        """

    @abstractmethod
    def post(self, lines: Iterable[NewLine], *, source: str = "") -> tuple[Line, ...]:
        """Post lines as one batch, all or nothing, checked as a file's lines are. `source` says where they are from."""

    @abstractmethod
    def reverse(self, line_id: int, reason: str) -> Line:
        """Post the reversal of a line and give it back. A leg of a virement takes its other legs with it.

        The reversal counts in the line's own period if that is open and otherwise in the next open one.
        Refused without a reason, for a line that does not exist, is reversed already, or is itself a reversal.
        """

    @abstractmethod
    def hold(self, period: Period) -> tuple[Period, ...]:
        """Close the period and every open one before it (its year to date is theirs too); says which were closed."""

    @abstractmethod
    def reopen(self, period: Period, reason: str = "") -> tuple[Period, ...]:
        """Open the held period, and every held one after it, again; says which. The reason goes into the audit trail.

        Refused for a signed period, and while it is put up for signature.
        """

    @abstractmethod
    def save_mapping(self, name: str, text: str) -> "Mapping":
        """Keep a column mapping (TOML) under a name, in place of an older one of that name."""

    @abstractmethod
    def backup(self, path: str | Path) -> None:
        """Write a consistent copy while others read. Refuses to overwrite."""

    @abstractmethod
    def close(self) -> None:
        """Let go of the file or server. Closing twice does no harm."""

    def virement(
        self,
        period: Period,
        amount_pence: int,
        *,
        giver: tuple[str, str],
        taker: tuple[str, str],
        reference: str,
        description: str = "",
    ) -> tuple[Line, ...]:
        """Move budget from one (scheme, partner) to another: two lines that share the reference and sum to zero."""
        legs = ((giver, -amount_pence), (taker, amount_pence))
        return self.post(
            NewLine(period, scheme, partner, Kind.VIREMENT, pence, reference=reference, description=description)
            for (scheme, partner), pence in legs
        )
