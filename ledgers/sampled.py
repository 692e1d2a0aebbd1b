"""The numbers and amounts of a population of lines, as a sample is drawn from it: nothing else of them is read."""

from collections.abc import Iterable, Iterator

from ledgers.ledger import Ledger
from ledgers.lines import Line, LineFilter
from ledgers.stored import StoredLedger

_WINDOW = 20_000
_CONDITIONS = {
    "period": "period = :period",
    "upto": "period <= :upto",
    "scheme": "scheme = :scheme",
    "partner": "partner = :partner",
    "kind": "kind = :kind",
}


def last_line(ledger: Ledger) -> int:
    """The number of the last line posted: lines are only ever added, and so stay as they are up to it."""
    if isinstance(ledger, StoredLedger):
        ((last,),) = ledger.store.rows("SELECT COALESCE(MAX(id), 0) FROM lines")
        return int(last)
    return max((line.id for line in ledger.lines()), default=0)


def amounts(ledger: Ledger, wanted: LineFilter, upto_line: int) -> Iterator[tuple[int, int]]:
    """The number and the pence of every line that is asked for, in order of number, a window at a time.

    Of the filter period, upto, scheme, partner and kind are looked at.
    """
    if not isinstance(ledger, StoredLedger):
        found = ledger.lines(wanted.period, wanted.scheme, wanted.partner, wanted.kind, upto=wanted.upto)
        yield from ((line.id, line.amount_pence) for line in found if line.id <= upto_line)
        return
    given = {name: getattr(wanted, name) for name in _CONDITIONS}
    values = {name: getattr(value, "value", value) for name, value in given.items() if value is not None}
    conditions = " AND ".join(["id > :after", "id <= :last", *(_CONDITIONS[name] for name in values)])
    sql = f"SELECT id, amount_pence FROM lines WHERE {conditions} ORDER BY id LIMIT {_WINDOW}"  # noqa: S608  our names
    after = 0
    while rows := ledger.store.rows(sql, after=after, last=upto_line, **values):
        yield from rows
        if len(rows) < _WINDOW:
            return
        after = rows[-1][0]


def lines_numbered(ledger: Ledger, numbers: Iterable[int]) -> Iterator[Line]:
    """The lines of these numbers, in the order given; one that is not there is left out."""
    for number in numbers:
        found = next(iter(ledger.lines(after=number - 1, limit=1)), None)
        if found is not None and found.id == number:
            yield found
