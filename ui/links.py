"""Where a figure, a sentence or a button leads: a page and, on it, what to show. Pages know links, not each other."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from rules.periods import Period

if TYPE_CHECKING:
    from rules.agreement import Kind, On

OVERVIEW, LEDGER, AGREEMENT, RISK_SHARE = "overview", "ledger", "agreement", "risk-share"
SETTLEMENT, STATEMENTS, SIGN_OFF, AUDIT = "settlement", "statements", "sign-off", "audit"
START, OPTIONS, HELP = "start", "settings", "help"


class Link(NamedTuple):
    """A page by its key, and one of the targets below (None: the page as it was left)."""

    page: str
    target: object = None


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of the ledger for which everything given holds, on the Ledger page. `why` heads them there.

    `upto` takes periods up to and including it; `ids` are single lines by number. `first` is selected.
    """

    scheme: str | None = None
    partner: str | None = None
    kind: "Kind | None" = None
    period: Period | None = None
    upto: Period | None = None
    batch: int | None = None
    reference: str | None = None
    late: bool | None = None
    ids: tuple[int, ...] = ()
    text: str = ""
    first: int | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a partner's row on the Settlement page, by the result's key: `net_due`, `overspend`."""

    partner: str
    key: str = "net_due"


@dataclass(frozen=True, slots=True)
class Subject:
    """An amount that the schedule deals with, on the Settlement page: its group's code, and what kind it is."""

    group: str
    on: "On"


@dataclass(frozen=True, slots=True)
class ClauseOf:
    """A clause of the schedule, on the Risk share page."""

    id: str


@dataclass(frozen=True, slots=True)
class PartOf:
    """A part of the agreement on the Agreement page: `partners`, `funds`, `schemes`, `caps`, `versions`; and a code."""

    part: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class PeriodOf:
    """A period, on the Sign-off page and on the Statements page."""

    period: Period


@dataclass(frozen=True, slots=True)
class Entry:
    """Doing something on the Ledger page: `enter` lines, `import` a file (`path`), post a `virement`."""

    doing: str
    path: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic of the guide, on the Help page: a page's `topic`."""

    name: str
