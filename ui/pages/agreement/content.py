"""What the Agreement page shows of a ledger at a period: read on the reading lane, in one go."""

from dataclasses import dataclass

from ledgers import Ledger, PeriodState
from rules.agreement import Agreement
from rules.periods import Period
from rules.problems import RefusedError
from rules.succession import partners_in_being
from settlement.agreement_versions import VersionStanding, versions_standing
from settlement.contributions import Contributions, contributions_of
from settlement.control_totals import Held, control_totals


@dataclass(frozen=True, slots=True)
class Content:
    """The version in force at the period, and what the ledger has to do with it.

    `contributions` is None where the agreement cannot be applied to the lines; `trouble` then says why.
    """

    period: Period
    agreement: Agreement
    in_being: frozenset[str]
    versions: tuple[VersionStanding, ...]
    states: tuple[PeriodState, ...]
    controls: tuple[Held, ...]
    contributions: Contributions | None
    trouble: str = ""

    @property
    def in_force(self) -> VersionStanding:
        """The version that stands at the period."""
        return next(each for each in self.versions if self.period in each.governs)


def content_of(ledger: Ledger, period: Period) -> Content:
    """Everything for the page. Raises RefusedError if the agreement itself cannot be read."""
    with ledger.snapshot():
        agreement = ledger.agreement_at(period)
        contributions, trouble = None, ""
        try:
            contributions = contributions_of(ledger, period)
        except RefusedError as refused:
            trouble = "\n".join(problem.message for problem in refused.problems)
        return Content(
            period=period,
            agreement=agreement,
            in_being=frozenset(partner.code for partner in partners_in_being(agreement, period)),
            versions=versions_standing(ledger),
            states=ledger.periods(),
            controls=control_totals(ledger, agreement),
            contributions=contributions,
            trouble=trouble,
        )
