"""What was posted to each period: the kept totals, month by month, for whoever draws the year."""

from collections.abc import Iterator
from typing import NamedTuple

from ledgers.ledger import Ledger
from ledgers.refusing import as_written
from ledgers.stored import StoredLedger
from rules.agreement import Kind
from rules.periods import Period

_KEPT = "SELECT scheme, partner, kind, cause, period, amount_pence FROM totals"
_SINCE = """
    SELECT scheme, partner, kind, cause, period, CAST(-SUM(amount_pence) AS BIGINT) FROM lines WHERE id > :last
    GROUP BY scheme, partner, kind, cause, period
"""


class Posted(NamedTuple):
    """What the lines of a scheme, partner, kind and period come to, in pence; those `in_default` are apart."""

    scheme: str
    partner: str
    kind: Kind
    period: Period
    in_default: bool
    amount_pence: int


def posted_by_period(ledger: Ledger, seen_from: Period) -> Iterator[Posted]:
    """Every period's totals, later ones too; summed over periods they are `ledger.position(seen_from)`.

    There may be several of the same scheme, partner, kind and period: seen from a signed period, what was posted
    since it was sealed is taken off again.
    """
    if not isinstance(ledger, StoredLedger):
        yield from _differences(ledger)
        return
    last = ledger.last_line_of(seen_from)
    found = ledger.store.rows(_KEPT)
    if last is not None:
        found = [*found, *ledger.store.rows(_SINCE, last=last)]
    with as_written(ledger.name):
        for scheme, partner, kind, cause, period, amount_pence in found:
            yield Posted(scheme, partner, Kind(kind), Period(period), cause != "", amount_pence)


def _differences(ledger: Ledger) -> Iterator[Posted]:
    """From the positions of one period after another: what each added to the one before."""
    before: dict[tuple[str, str, Kind, bool], int] = {}
    for period in Period:
        for total in ledger.position(period).totals:
            key = (total.scheme, total.partner, total.kind, total.in_default)
            added_pence = total.to_date_pence - before.get(key, 0)
            before[key] = total.to_date_pence
            if added_pence:
                yield Posted(total.scheme, total.partner, total.kind, period, total.in_default, added_pence)
