"""Ledgers that live through a sign-off: small ones, posted to in one line apiece, and who signs them."""

from datetime import UTC, datetime
from pathlib import Path

from ledgers import Ledger, Line, NewLine, create_ledger, open_ledger
from ledgers.sealing import stored
from rules.agreement import Kind
from rules.money import pence_of
from rules.periods import Period
from settlement.signoff.keys import PublicKey, SigningKey
from settlement.signoff.signing import SignedOff, sign
from tests.conftest import agreement_text, clause
from tests.settlement.signoff.signing import BCCG, LBB

BY_FUND = {"by": "fund"}
SCHEDULE = "\n".join([clause("1", "overspend", share=BY_FUND), clause("2", "underspend", share=BY_FUND)])
TEXT = agreement_text(SCHEDULE, partners="LBB; BCCG kind=ccg", funds="F host=LBB", schemes="S1; S2")

SIGNATORIES = {
    "LBB": (LBB, "Council Signatory", "Chief Finance Officer"),
    "BCCG": (BCCG, "Commissioner Signatory", "Director of Finance"),
}
KEYS: dict[str, list[PublicKey]] = {code: [key.public] for code, (key, _, _) in SIGNATORIES.items()}


def noon() -> datetime:
    """The clock of these ledgers."""
    return datetime(2016, 10, 5, 12, 0, tzinfo=UTC)


def posted(ledger: Ledger, *told: str) -> tuple[Line, ...]:
    """Lines such as `M1 S1 LBB budget 100.00`, posted as one batch."""
    lines = []
    for each in told:
        period, scheme, partner, kind, amount, *reference = each.split()
        reference = reference or [""]
        lines.append(
            NewLine(Period.read(period), scheme, partner, Kind(kind), pence_of(amount), reference=reference[0])
        )
    return ledger.post(lines)


def pool(place: str | Path, text: str = TEXT) -> Ledger:
    """A new pooled fund: budgets of £300 and £100 at M1, and £480 spent by M3: £80 over, £60 and £20 of it by share."""
    made = create_ledger(place, text, now=noon)
    posted(made, "M1 S1 LBB budget 300.00", "M1 S1 BCCG budget 100.00", "M3 S1 LBB actual 480.00")
    return made


def again(place: str | Path, *, read_only: bool = False) -> Ledger:
    """The ledger opened again."""
    return open_ledger(place, read_only=read_only, now=noon)


def signed_for(ledger: Ledger, period: Period, partner: str, key: SigningKey | None = None) -> SignedOff:
    """A partner's own signatory signs."""
    own, name, role = SIGNATORIES[partner]
    return sign(ledger, period, partner, key or own, name=name, role=role)


def signed_off(ledger: Ledger, period: Period) -> SignedOff:
    """The period held, and signed by both."""
    ledger.hold(period)
    signed_for(ledger, period, "LBB")
    return signed_for(ledger, period, "BCCG")


def counts(ledger: Ledger) -> dict[str, int]:
    """How many rows each table of the ledger has: the same before and after what was refused."""
    from ledgers.tables import METADATA

    at = stored(ledger)
    return {table: at.store.rows(f"SELECT COUNT(*) FROM {table}")[0][0] for table in METADATA.tables}
