"""What statements are made from: settlements, the ledger's lines, and what the preparer says about them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from rules.agreement import Agreement, Kind
from rules.periods import Period
from settlement.settle import Settlement
from settlement.statements.wording import period_in_words

DRAFT = "draft"


class LedgerLine(Protocol):
    """A line of the ledger as a statement shows it. `id` is how the ledger finds it again."""

    @property
    def id(self) -> object:
        """The line's number in the ledger."""

    @property
    def period(self) -> Period:
        """The period it belongs to."""

    @property
    def scheme(self) -> str:
        """The scheme's code."""

    @property
    def partner(self) -> str:
        """The partner's code as posted, before any succession."""

    @property
    def kind(self) -> Kind:
        """What kind of line it is."""

    @property
    def amount_pence(self) -> int:
        """The amount in pence."""

    @property
    def date(self) -> date | None:
        """The day of the entry, if the file had one."""

    @property
    def reference(self) -> str:
        """The source ledger's reference."""

    @property
    def description(self) -> str:
        """The source ledger's text."""

    @property
    def cause(self) -> str:
        """`default` for spend outside Permitted Expenditure, else empty."""


def no_lines() -> Iterable[LedgerLine]:
    """For statements made without the ledger at hand."""
    return ()


@dataclass(frozen=True, slots=True)
class StatementInputs:
    """Everything a set of statements shows. Every figure is one of these settlements'; nothing is worked out again.

    `previous` is the settlement last stated, at `previous_period`; `outturn` the forecast outturn seen from the same
    period. `lines` gives the ledger's lines afresh at each call, in any order. `notes` stand on the first page (what
    is illustrative), `opening_notes` beside the opening position. `on_file` is the agreement before succession, where
    it differs. No clock is read: `date_shown` is printed if it is given.
    """

    settlement: Settlement
    previous: Settlement | None = None
    previous_period: Period | None = None
    outturn: Settlement | None = None
    lines: Callable[[], Iterable[LedgerLine]] = no_lines
    status: str = DRAFT
    notes: tuple[str, ...] = ()
    prepared_by: str = ""
    version: str = ""
    opening_notes: tuple[str, ...] = ()
    on_file: Agreement | None = None
    date_shown: date | None = None

    @property
    def agreement(self) -> Agreement:
        """The agreement in force at the period: an old statement keeps the names that were on it."""
        return self.settlement.agreement

    @property
    def is_draft(self) -> bool:
        """Whether it is still to be signed."""
        return self.status == DRAFT

    @property
    def status_line(self) -> str:
        """The mark on every page: `DRAFT – not signed`."""
        return "DRAFT – not signed" if self.is_draft else self.status

    @property
    def reading(self) -> str:
        """Year to date, or the forecast outturn."""
        return "Forecast outturn for the year" if self.settlement.is_outturn else "Year to date"

    @property
    def period_text(self) -> str:
        """`M12 (March 2015)`."""
        return period_in_words(self.agreement.year, self.settlement.period)

    @property
    def previous_name(self) -> str:
        """The period last stated: `M11`, or nothing if this is the first."""
        if self.previous is None:
            return ""
        return str(self.previous_period or self.previous.period)

    def name_of(self, partner: str) -> str:
        """The name of a partner in being, by its code. Raises KeyError for any other."""
        return self.agreement.partner_of[partner].name

    @property
    def codes_line(self) -> str:
        """Whose the codes are that clauses and their workings go by: `LBB: London Borough of Barnet; BCCG: …`."""
        told = "; ".join(f"{partner.code}: {partner.name}" for partner in self.agreement.partners)
        return f"Partners by their codes: {told}."

    def bearer_name(self, partner: str) -> str:
        """The same for a cap's bearer or a payer, which may be a partner not yet in being: then its code."""
        found = self.agreement.partner_of.get(partner)
        return found.name if found else partner

    def running(self, subject: str) -> tuple[str, ...]:
        """What stands at the head of every page: agreement, whose or what it is, year, period."""
        outturn = ", forecast outturn" if self.settlement.is_outturn else ""
        period = f"{self.settlement.period}{outturn}"
        return (self.agreement.title or self.agreement.id, subject, str(self.agreement.year), period)
