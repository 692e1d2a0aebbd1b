"""The settlement of a ledger at a period: the one object that every statement, screen and file shows."""

from dataclasses import dataclass

from rules.agreement import Agreement
from rules.outcome import Outcome, outcome_of
from rules.periods import Period
from rules.position import Position
from settlement.cash import Cash, FundAccount, PartnerRow, Transfer, cash_of


@dataclass(frozen=True, slots=True)
class Settlement:
    """What the schedule makes of a position, and the cash that settles it. Nothing that shows it recomputes it."""

    outcome: Outcome
    cash: Cash

    @property
    def agreement(self) -> Agreement:
        """The agreement in force at the period, with successors in their predecessors' place."""
        return self.outcome.agreement

    @property
    def period(self) -> Period:
        """The period settled, year to date."""
        return self.outcome.period

    @property
    def is_outturn(self) -> bool:
        """Whether this is the forecast outturn of the year rather than the year to date."""
        return self.outcome.figures.outturn

    @property
    def rows(self) -> tuple[PartnerRow, ...]:
        """Each partner in being, in listed order."""
        return self.cash.rows

    @property
    def transfers(self) -> tuple[Transfer, ...]:
        """Who pays whom."""
        return self.cash.transfers

    @property
    def accounts(self) -> tuple[FundAccount, ...]:
        """Each partner's account with each fund's host."""
        return self.cash.accounts

    def row_of(self, partner: str) -> PartnerRow:
        """The row of a partner in being, by its code."""
        return next(row for row in self.rows if row.partner == partner)


def settle(agreement: Agreement, position: Position) -> Settlement:
    """Settle a position under an agreement. Raises RefusedError where the agreement cannot be applied to it."""
    outcome = outcome_of(agreement, position)
    return Settlement(outcome, cash_of(outcome))
