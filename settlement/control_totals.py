"""Every control total of an agreement beside what the ledger has: those that agree too, which a check does not name."""

from dataclasses import dataclass, replace

from ledgers import Ledger
from ledgers.checks import control_findings
from rules.agreement import Agreement, Control
from rules.periods import Period


@dataclass(frozen=True, slots=True)
class Held:
    """A control total held against the ledger, in pence."""

    control: Control
    ledger_pence: int

    @property
    def difference_pence(self) -> int:
        """How much more the ledger has than the agreement says."""
        return self.ledger_pence - self.control.amount_pence

    @property
    def agrees(self) -> bool:
        """To the penny."""
        return not self.difference_pence


def control_totals(ledger: Ledger, agreement: Agreement) -> tuple[Held, ...]:
    """Each control total of the agreement, in its order, with the year to date at its own period."""
    with ledger.snapshot():
        return tuple(_held(ledger, agreement, control) for control in agreement.controls)


def _held(ledger: Ledger, agreement: Agreement, control: Control) -> Held:
    position = ledger.position(control.period)
    totals = [
        (total.scheme, total.partner, str(total.kind), control.period, total.to_date_pence) for total in position.totals
    ]
    # the check's own arithmetic, so that the page and `s75 check` can never differ
    found = list(control_findings(replace(agreement, controls=(control,)), totals, Period.M13))
    pence = found[0].ledger_pence if found else control.amount_pence
    return Held(control, 0 if pence is None else pence)
