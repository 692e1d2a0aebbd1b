"""The audit trail: who did what, when, with which version of the program. One entry for each operation.

Entries are numbered from 1, and each is chained to the one before it: its `digest` is the SHA-256 of the digest before
it ("" before the first), a line feed, and its own columns as a JSON array. Whoever changes, takes out or slips in an
entry has to write every later one again, and then the last digest is no longer the one that was sealed or noted down.
Reading it loads no library.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from ledgers.ledger import Ledger
from ledgers.program import program_version
from ledgers.refusing import one_line, visible
from ledgers.store import Store
from ledgers.stored import StoredLedger


class Action(StrEnum):
    """What an entry says was done."""

    CREATE = "create"
    MIGRATE = "migrate"
    IMPORT = "import"
    POST = "post"
    VIREMENT = "virement"
    REVERSE = "reverse"
    AGREEMENT = "agreement"
    ASSENT = "assent"
    MAPPING = "mapping"
    HOLD = "hold"
    REOPEN = "reopen"
    DISPUTE = "dispute"
    RESOLVE = "resolve"
    CARRY = "carry"
    EVIDENCE = "evidence"
    KEY = "key"
    SEAL = "seal"
    SIGN = "sign"
    WITHDRAW = "withdraw"
    EXPORT = "export"
    BACKUP = "backup"
    RESTORE = "restore"
    TAKE = "take"
    GIVE_BACK = "give back"


POSTINGS = frozenset({Action.IMPORT, Action.POST, Action.VIREMENT, Action.REVERSE})
"""The actions whose subject is a batch."""

_WITH = re.compile(r", with (\d+) batch(?:es)?$", re.ASCII)
COLUMNS = "id, at, actor, program, action, subject, detail, digest"
"""Of the table `audit`, in the order of `Entry`."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry. `at` is ISO 8601, UTC; `detail` is a part of a sentence, on one line; `digest` is hexadecimal."""

    id: int
    at: str
    actor: str
    program: str
    action: str
    subject: str
    detail: str
    digest: str

    def digest_after(self, previous: str) -> str:
        """The digest that it has if nothing was changed, after an entry with the digest `previous`."""
        columns = [self.id, self.at, self.actor, self.program, self.action, self.subject, self.detail]
        written = json.dumps(columns, ensure_ascii=False, separators=(",", ":"))
        return sha256(f"{previous}\n{written}".encode("utf-8", "surrogatepass")).hexdigest()


# What writes it


def record(store: Store, at: datetime, action: Action, subject: str, detail: str = "") -> Entry:
    """Add an entry. Within the transaction of what it tells of, so that neither is there without the other."""
    last = store.rows("SELECT id, digest FROM audit ORDER BY id DESC LIMIT 1")
    ((number, previous),) = last or [(0, "")]
    entry = Entry(
        number + 1,
        at.isoformat(timespec="seconds"),
        store.actor(),
        program_version(),
        action.value,
        visible(one_line(subject)),
        visible(one_line(detail)),
        "",
    )
    digest = entry.digest_after(previous)
    store.run(
        f"INSERT INTO audit ({COLUMNS}) "  # noqa: S608  our names
        "VALUES (:id, :at, :actor, :program, :action, :subject, :detail, :digest)",
        id=entry.id,
        at=entry.at,
        actor=entry.actor,
        program=entry.program,
        action=entry.action,
        subject=entry.subject,
        detail=entry.detail,
        digest=digest,
    )
    return replace(entry, digest=digest)


def record_migration(store: Store, at: datetime, before: int, after: int) -> Entry:
    """Add the entry of a ledger brought up to date, with how many batches were in it: the trail may begin with it."""
    ((count,),) = store.rows("SELECT COALESCE(MAX(id), 0) FROM batches")
    batches = "1 batch" if count == 1 else f"{count} batches"
    return record(store, at, Action.MIGRATE, "ledger", f"brought from form {before} to form {after}, with {batches}")


def batch_subject(number: int) -> str:
    """How an entry names a batch."""
    return f"batch {number}"


def batches_before(entries: Iterable[Entry]) -> int:
    """How many batches were posted before the trail began: it has no entry of them."""
    first = next(iter(entries), None)
    found = _WITH.search(first.detail) if first is not None and first.action == Action.MIGRATE else None
    return int(found[1]) if found else 0


# What reads it


def trail(ledger: Ledger, after: int | None = None, limit: int | None = None) -> tuple[Entry, ...]:
    """The entries in order: all, or the first so many after that number. None of a folder, which nothing changes."""
    if not isinstance(ledger, StoredLedger):
        return ()
    sql = f"SELECT {COLUMNS} FROM audit WHERE id > :after ORDER BY id"  # noqa: S608  our names
    if limit is not None:
        sql += f" LIMIT {max(int(limit), 0)}"
    return tuple(Entry(*row) for row in ledger.store.rows(sql, after=after or 0))


def latest(ledger: Ledger, limit: int) -> tuple[Entry, ...]:
    """The last so many entries, in order."""
    if not isinstance(ledger, StoredLedger):
        return ()
    sql = f"SELECT {COLUMNS} FROM audit ORDER BY id DESC LIMIT {max(int(limit), 0)}"  # noqa: S608  our names
    return tuple(Entry(*row) for row in reversed(ledger.store.rows(sql)))


def broken(entries: Iterable[Entry], after: Entry | None = None) -> tuple[str, ...]:
    """Where the numbering or the chain of the entries does not hold: nothing if it does.

    They are the whole trail, or what follows `after`. What is missing at its end no trail can say by itself.
    """
    return tuple(_breaks(entries, after))


def _breaks(entries: Iterable[Entry], after: Entry | None) -> Iterator[str]:
    number, previous = (0, "") if after is None else (after.id, after.digest)
    for entry in entries:
        if entry.id != number + 1:
            yield _numbering(number, entry.id)
        elif entry.digest != entry.digest_after(previous):
            yield f"entry {entry.id} of the audit trail, or the one before it, is not as it was written"
        number, previous = entry.id, entry.digest


def _numbering(before: int, found: int) -> str:
    missing = found - before - 1
    if missing < 0:
        return f"entry {found} of the audit trail stands after entry {before}"
    if missing == 1:
        return f"entry {found - 1} of the audit trail is missing"
    return f"entries {before + 1} to {found - 1} of the audit trail are missing"
