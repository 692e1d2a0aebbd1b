"""The audit trail as a person looks through it: by action, who, dates and words."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ledgers.ledger import Ledger
from ledgers.stored import StoredLedger
from ledgers.trail import Entry

_COLUMNS = "id, at, actor, program, action, subject, detail, digest"
_WINDOW = 2_000


@dataclass(frozen=True, slots=True)
class TrailFilter:
    """Which entries are asked for: those for which everything given holds.

    `since` and `until` are days, UTC as the trail has them, both included. `text` stands in what was done, in its
    subject or in its detail, whatever the capitals.
    """

    action: str | None = None
    actor: str | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    text: str = ""


def numbers(ledger: Ledger, wanted: TrailFilter) -> tuple[int, ...]:
    """The numbers of the entries asked for, the newest first. None of a folder, which has no trail."""
    if not isinstance(ledger, StoredLedger):
        return ()
    where, values = _where(wanted)
    sql = f"SELECT id FROM audit {where} ORDER BY id DESC"  # noqa: S608  our names
    return tuple(number for (number,) in ledger.store.rows(sql, **values))


def entries(ledger: Ledger, wanted: Iterable[int]) -> tuple[Entry, ...]:
    """The entries of these numbers, in order: what a screen of them needs, a hundred or so."""
    listed = ", ".join(str(int(number)) for number in wanted)
    if not isinstance(ledger, StoredLedger) or not listed:
        return ()
    sql = f"SELECT {_COLUMNS} FROM audit WHERE id IN ({listed}) ORDER BY id"  # noqa: S608  whole numbers
    return tuple(Entry(*row) for row in ledger.store.rows(sql))


def found_entries(ledger: Ledger, wanted: TrailFilter) -> Iterator[Entry]:
    """Every entry asked for, in order, a window at a time."""
    if not isinstance(ledger, StoredLedger):
        return
    where, values = _where(wanted, "id > :after")
    sql = f"SELECT {_COLUMNS} FROM audit {where} ORDER BY id LIMIT {_WINDOW}"  # noqa: S608  our names
    after = 0
    while rows := ledger.store.rows(sql, after=after, **values):
        yield from (Entry(*row) for row in rows)
        after = rows[-1][0]


def who_and_what(ledger: Ledger) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Everybody whom the trail tells of, and every action, in the order of the alphabet."""
    if not isinstance(ledger, StoredLedger):
        return (), ()
    actors = ledger.store.rows("SELECT DISTINCT actor FROM audit")
    actions = ledger.store.rows("SELECT DISTINCT action FROM audit")
    return tuple(sorted(str(actor) for (actor,) in actors)), tuple(sorted(str(action) for (action,) in actions))


def _where(wanted: TrailFilter, *more: str) -> tuple[str, dict[str, object]]:
    conditions, values = list(more), dict[str, object]()
    if wanted.action is not None:
        conditions.append("action = :action")
        values["action"] = wanted.action
    if wanted.actor is not None:
        conditions.append("actor = :actor")
        values["actor"] = wanted.actor
    if wanted.since is not None:
        conditions.append("at >= :since")
        values["since"] = wanted.since.isoformat()
    if wanted.until is not None:
        conditions.append("at < :until")
        values["until"] = (wanted.until + dt.timedelta(days=1)).isoformat()
    if wanted.text.strip():
        conditions.append("LOWER(action || ' ' || subject || ' ' || detail) LIKE :text ESCAPE '\\'")
        words = wanted.text.strip().lower()
        for special in ("\\", "%", "_"):
            words = words.replace(special, f"\\{special}")
        values["text"] = f"%{words}%"
    return (f"WHERE {' AND '.join(conditions)}" if conditions else ""), values
