"""The register of a ledger's lines, as a person looks through it: which lines, in which order, and what they come to.

What is asked for and answered are values; `register_of` gives the register of a ledger, in whichever form it is. No
answer holds more than was asked for: places in the order are ids, and a window's lines are fetched by their ids.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cached_property

from ledgers.ledger import Ledger
from ledgers.lines import Line
from ledgers.register_places import Positions, Run
from rules.agreement import Agreement, Kind
from rules.money import pence_of
from rules.periods import Period

_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")
_KEPT = frozenset({"periods", "upto", "schemes", "funds", "partners", "kinds"})


class Column(StrEnum):
    """What lines can be put in order by. `REVERSES` is the number of the line that a reversal takes back."""

    NUMBER = "number"
    PERIOD = "period"
    DATE = "date"
    SCHEME = "scheme"
    PARTNER = "partner"
    KIND = "kind"
    AMOUNT = "amount"
    REFERENCE = "reference"
    DESCRIPTION = "description"
    BELONGS_TO = "belongs_to"
    REVERSES = "reverses"
    BATCH = "batch"


class By(StrEnum):
    """What lines can be grouped by."""

    SCHEME = "scheme"
    PARTNER = "partner"
    KIND = "kind"
    PERIOD = "period"
    BATCH = "batch"


@dataclass(frozen=True, slots=True)
class Sort:
    """An order of lines. Those that are equal in it follow by number; those with nothing in the column come last.

    Texts are in the order of their letters, A to Z in either case alike.
    """

    column: Column = Column.NUMBER
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """Which lines are looked at: those for which everything given holds. An empty tuple, "" and None ask for nothing.

    `upto` takes periods up to and including it; `funds` the schemes that the agreement has in them; `late` lines that
    belong to an earlier period (False: those that do not); `text` is looked for, A to Z in either case alike, in
    references, descriptions, and codes and names of schemes and partners, and as an amount if it is one, whatever its
    sign; `reversed` lines that a later one takes back; `reversals` lines that take one back; `newest` leaves out what
    was posted after that line. Amounts are pence, both ends included.
    """

    periods: tuple[Period, ...] = ()
    upto: Period | None = None
    schemes: tuple[str, ...] = ()
    funds: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    batches: tuple[int, ...] = ()
    reference: str | None = None
    late: bool | None = None
    ids: tuple[int, ...] = ()
    text: str = ""
    least_pence: int | None = None
    most_pence: int | None = None
    reversed: bool | None = None
    reversals: bool | None = None
    newest: int | None = None

    @property
    def asked(self) -> frozenset[str]:
        """The names of what is asked for."""
        return frozenset(
            each.name
            for each in fields(self)
            if (value := getattr(self, each.name)) is not None and value not in {(), ""}
        )

    @property
    def is_kept(self) -> bool:
        """Whether it asks for nothing that the kept totals do not tell apart."""
        return self.asked <= _KEPT


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """A line, and the number of the line that takes it back; None if none does."""

    line: Line
    reversed_by: int | None = None


Sums = tuple[tuple[Kind, int], ...]
"""Pence by kind, in the order kinds are listed in the format. Never one sum over all: a budget is no spending."""


@dataclass(frozen=True, slots=True)
class Totals:
    """How many lines, and what they come to."""

    count: int
    pence: Sums


@dataclass(frozen=True, slots=True)
class Group:
    """The lines that have the same scheme, partner, kind, period or batch. `count` is None where it is not known."""

    key: str | int
    count: int | None
    pence: Sums


@dataclass(frozen=True, slots=True)
class Choices:
    """What the lines of a ledger have in them, in order: what there is to choose between."""

    periods: tuple[Period, ...] = ()
    schemes: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()


class Register(ABC):
    """The register of one ledger. It belongs to the thread that the ledger belongs to."""

    @abstractmethod
    def agreement(self) -> Agreement:
        """The agreement that names of schemes, partners and funds are taken from: the last of the year."""

    @abstractmethod
    def run(self) -> Run | None:
        """All lines in the order they were posted, if their numbers leave nothing out; None if they do."""

    @abstractmethod
    def last(self) -> int:
        """The highest number a line has; 0 if there are no lines."""

    @abstractmethod
    def lines(self, ids: Sequence[int]) -> dict[int, RegisterLine]:
        """The lines of these numbers; of a number that is none, nothing."""

    @abstractmethod
    def ends(self, wanted: Filter, sort: Sort, count: int, *, last: bool = False) -> list[int]:
        """The numbers of the first so many lines, or of the last so many, in order."""

    @abstractmethod
    def count(self, wanted: Filter) -> int:
        """How many lines there are."""

    @abstractmethod
    def fill(self, positions: Positions, wanted: Filter, sort: Sort, told: Callable[[int, int], None]) -> None:
        """Put the number of every line there is into the positions, in order.

        `told` hears how much of how much was looked through; what it raises ends the work.
        """

    @abstractmethod
    def totals(self, wanted: Filter) -> Totals:
        """How many lines there are, and what they come to."""

    @abstractmethod
    def totals_of(self, ids: Iterable[int]) -> Totals:
        """What the lines of these numbers come to."""

    @abstractmethod
    def kept_sums(self, wanted: Filter) -> Sums | None:
        """What the lines come to, from the kept totals, at once; None if those cannot say."""

    @abstractmethod
    def groups(self, wanted: Filter, by: By) -> tuple[Group, ...]:
        """Every group that has lines, in the order of its key."""

    @abstractmethod
    def kept_groups(self, wanted: Filter, by: By) -> tuple[Group, ...] | None:
        """The groups from what is kept, at once, perhaps without counts; None if that cannot say."""

    @abstractmethod
    def choices(self) -> Choices:
        """What the lines have in them."""

    def given_up(self, check: Callable[[], None]) -> AbstractContextManager[None]:  # noqa: ARG002  see the stored form
        """While it runs, what is asked ends as soon as `check` raises, and raises the same."""
        return nullcontext()

    # What is meant by a filter

    def schemes_of(self, wanted: Filter) -> tuple[str, ...] | None:
        """The codes of the schemes that are asked for, of funds and singly; None for all. Empty: there is none."""
        if not wanted.funds:
            return wanted.schemes or None
        of_funds = (scheme.code for scheme in self.agreement().schemes if scheme.fund in wanted.funds)
        return tuple(code for code in of_funds if not wanted.schemes or code in wanted.schemes)

    def named(self, text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The codes of the schemes, and of the partners, whose code or name has the text in it."""
        agreement = self.agreement()
        needle, there = folded(text), self._codes
        scheme_names = {scheme.code: scheme.name for scheme in agreement.schemes}
        partner_names = {partner.code: partner.name for partner in agreement.partners}
        return (
            tuple(code for code in there.schemes if needle in folded(f"{code}\n{scheme_names.get(code, '')}")),
            tuple(code for code in there.partners if needle in folded(f"{code}\n{partner_names.get(code, '')}")),
        )

    @cached_property
    def _codes(self) -> Choices:
        return self.choices()


def register_of(ledger: Ledger) -> Register:
    """The register of a ledger."""
    from ledgers.stored import StoredLedger  # noqa: PLC0415  each form loads what it needs

    if isinstance(ledger, StoredLedger):
        from ledgers.register_stored import StoredRegister  # noqa: PLC0415

        return StoredRegister(ledger)
    from ledgers.register_memory import MemoryRegister  # noqa: PLC0415

    # a ledger in memory does not change: what was looked up of its lines once is kept with it
    found = vars(ledger).setdefault("register", None) or MemoryRegister(ledger)
    vars(ledger)["register"] = found
    return found


def folded(text: str) -> str:
    """The text with A to Z in lower case: what databases take for alike without being told a language."""
    return text.translate(_LOWER)


def amount_in(text: str) -> int | None:
    """The size in pence of the amount that a text is; None if it is none."""
    try:
        return abs(pence_of(text))
    except ValueError:
        return None


def in_order(pence: dict[Kind, int]) -> Sums:
    """Sums by kind in the order of kinds."""
    return tuple((kind, pence[kind]) for kind in Kind if kind in pence)
