"""A ledger line, as it is read and as it is asked for: the smallest thing that every figure comes down to."""

import datetime as dt
from dataclasses import dataclass

from rules.agreement import Kind
from rules.periods import Period

IN_DEFAULT = "default"
"""The one cause a line can have: spend outside Permitted Expenditure, or by a partner's own fault."""


@dataclass(frozen=True, slots=True)
class Line:
    """One posted line. It is never edited or deleted: a correction is another line that reverses it.

    `period` is the period it counts in; a late line says in `belongs_to` which held or signed period it is really of.
    `reverses` is the id of the line that this one takes back, and `reason` says why.
    `file`, `row` and `raw` say where it came from: the file as it was named, its line or row there, and that row's
    own text. They are "", None and "" for a line that a program posted.
    """

    id: int
    period: Period
    scheme: str
    partner: str
    kind: Kind
    amount_pence: int
    date: dt.date | None = None
    reference: str = ""
    description: str = ""
    cause: str = ""
    batch: int = 0
    reverses: int | None = None
    reason: str = ""
    belongs_to: Period | None = None
    file: str = ""
    row: int | None = None
    raw: str = ""

    @property
    def in_default(self) -> bool:
        """Whether it stays wholly with its partner and enters no figure of the pool."""
        return self.cause == IN_DEFAULT


@dataclass(frozen=True, slots=True)
class NewLine:
    """A line that a program wants posted. Codes and period are checked just as a file's are."""

    period: Period
    scheme: str
    partner: str
    kind: Kind
    amount_pence: int
    date: dt.date | None = None
    reference: str = ""
    description: str = ""
    cause: str = ""


@dataclass(frozen=True, slots=True)
class LineFilter:
    """Which lines are asked for: those for which everything given holds.

    `upto` takes periods up to and including it, `after` takes ids above it and `limit` the first so many: with them
    a screen fetches one window at a time, whatever the ledger's length.
    """

    period: Period | None = None
    scheme: str | None = None
    partner: str | None = None
    kind: Kind | None = None
    upto: Period | None = None
    reference: str | None = None
    batch: int | None = None
    reverses: int | None = None
    late: bool | None = None
    after: int | None = None
    limit: int | None = None

    def takes(self, line: Line) -> bool:
        """Whether the line is asked for, `after` and `limit` apart."""
        return (
            (self.period is None or line.period == self.period)
            and (self.scheme is None or line.scheme == self.scheme)
            and (self.partner is None or line.partner == self.partner)
            and (self.kind is None or line.kind == self.kind)
            and (self.upto is None or line.period <= self.upto)
            and (self.reference is None or line.reference == self.reference)
            and (self.batch is None or line.batch == self.batch)
            and (self.reverses is None or line.reverses == self.reverses)
            and (self.late is None or (line.belongs_to is not None) == self.late)
        )
