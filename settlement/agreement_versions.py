"""Every version of an agreement: who put it in force when and why, who has assented to it, and who is awaited."""

from dataclasses import dataclass

from ledgers import Ledger, Version
from ledgers.assents import assents, awaiting
from rules.periods import Period


@dataclass(frozen=True, slots=True)
class Assented:
    """A partner's assent: who gave it, in which role, and when (ISO 8601, UTC)."""

    partner: str
    name: str
    role: str
    at: str


@dataclass(frozen=True, slots=True)
class VersionStanding:
    """A version and its assents. `awaiting` are the codes of the partners who have still to assent.

    `governs` are the periods that it is in force at: none, where a later version took its place altogether.
    """

    version: Version
    assents: tuple[Assented, ...]
    awaiting: tuple[str, ...]
    governs: tuple[Period, ...]

    @property
    def is_provisional(self) -> bool:
        """Whether a partner has still to assent."""
        return bool(self.awaiting)


def versions_standing(ledger: Ledger) -> tuple[VersionStanding, ...]:
    """Every version, in the order they were put in force. Raises RefusedError if an assent cannot be read."""
    with ledger.snapshot():
        versions = ledger.versions()
        in_force = {period: _in_force(versions, period) for period in Period}
        return tuple(
            VersionStanding(
                version,
                _given(ledger, version.id),
                awaiting(ledger, version.id),
                tuple(period for period, number in in_force.items() if number == version.id),
            )
            for version in versions
        )


def _in_force(versions: tuple[Version, ...], period: Period) -> int:
    """The last one put in force from the period or from an earlier one."""
    return max((version.id for version in versions if version.from_period <= period), default=0)


def _given(ledger: Ledger, version: int) -> tuple[Assented, ...]:
    rows = assents(ledger, version)
    if not rows:
        return ()
    from settlement.signoff.assenting import AssentText  # noqa: PLC0415  signing's libraries, for a version assented to
    from settlement.signoff.errors import in_refusals  # noqa: PLC0415

    with in_refusals(ledger.name):
        texts = [AssentText.read(row.text) for row in rows]
    return tuple(Assented(text.partner, text.name, text.role, text.at) for text in texts)
