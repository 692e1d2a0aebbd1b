"""What came in since the last note, held against the audit trail, row by row and entry by entry.

No signature covers either yet: whoever changes both, with the trail chained anew, is found only where a period is
signed already. Whoever changes one of them is found here.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from ledgers import sealing
from ledgers.ledger import State
from ledgers.stored import StoredLedger
from ledgers.trail import POSTINGS, Action, Entry, trail
from rules.periods import Period
from settlement.signoff.errors import VerificationError
from settlement.signoff.notes import Signed
from settlement.signoff.report import MALFORMED

# Of each table: how a row is called, which entries tell of it, and its action, subject, time and login, as far as the
# row has them.
_TOLD: dict[str, tuple[str, frozenset[str], str]] = {
    "agreements": (
        "version of the agreement",
        frozenset({Action.AGREEMENT}),
        "'agreement', 'version ' || id, posted_at, actor",
    ),
    "assents": ("assent", frozenset({Action.ASSENT}), "'assent', 'version ' || version, NULL, NULL"),
    "batches": ("batch", frozenset(POSTINGS), "NULL, 'batch ' || id, posted_at, actor"),
    "dispute_outcomes": (
        "outcome of a dispute",
        frozenset({Action.CARRY, Action.RESOLVE}),
        "CASE outcome WHEN 'resolved' THEN 'resolve' ELSE 'carry' END, 'dispute ' || dispute, at, actor",
    ),
    "disputes": ("dispute", frozenset({Action.DISPUTE}), "'dispute', 'dispute ' || id, raised_at, actor"),
    "evidence": (
        "piece of evidence",
        frozenset({Action.EVIDENCE}),
        "'evidence', 'evidence ' || id, attached_at, actor",
    ),
    "keys": ("key", frozenset({Action.KEY}), "'key', 'key ' || id, added_at, actor"),
    "mappings": ("column mapping", frozenset({Action.MAPPING}), "'mapping', 'mapping ' || name, saved_at, actor"),
    "notes": ("note", frozenset({Action.SEAL}), "'seal', 'note ' || id, NULL, actor"),
    "signatures": ("signature", frozenset({Action.SIGN}), "'sign', 'note ' || note, NULL, NULL"),
    "withdrawals": ("withdrawal", frozenset({Action.WITHDRAW}), "'withdraw', 'note ' || note, NULL, actor"),
}
_OF_ROWS = frozenset().union(*(actions for _, actions, _ in _TOLD.values()))
_OF_STATES = frozenset({Action.HOLD, Action.REOPEN, Action.SIGN})
_RUN = re.compile(r"(M\d{1,2})(?: to (M\d{1,2}))?", re.ASCII)
# The program's own words stand at the end, after the key: before it a signatory may have written anything.
_FINAL = re.compile(r", with the key [0-9a-f]{64}; ((?:M\d{1,2}(?:, | and )?)+) (?:is|are) final$", re.ASCII)
_LEFT_BY = re.compile(r"after (?:no batch|batch (\d+))", re.ASCII)

_Row = tuple[str | None, str, str | None, str | None]


def untold(ledger: StoredLedger, cut: Mapping[str, int]) -> Iterator[str]:
    """Rows that the audit trail does not tell of, or tells otherwise; and entries that tell of no row."""
    entries = trail(ledger, after=cut["audit"])
    for table, (name, actions, columns) in _TOLD.items():
        told = [entry for entry in entries if entry.action in actions]
        # a note's own row, and what its seal says, come in after its cut and before it
        after = cut[table] + (table == "notes" and bool(cut["audit"]))
        rows = ledger.store.rows(
            f"SELECT id, {columns} FROM {table} WHERE id > :after ORDER BY id",  # noqa: S608  our names
            after=after,
        )
        if len(rows) != len(told):
            yield (
                f"since the last note {counted(len(rows), name)} came in, and the audit trail tells of "
                f"{len(told):,}: something was changed behind the program"
            )
            continue
        for (number, *row), entry in zip(rows, told, strict=True):
            if any(is_so not in {None, says} for is_so, says in zip(row, _said(entry), strict=True)):
                yield f"the audit trail tells otherwise of {name} {number}, in its entry {entry.id}"
    yield from _signatures(ledger, cut, entries)
    known = {*map(str, Action)}
    yield from (
        f"entry {entry.id} of the audit trail tells of “{entry.action[:40]}”, which the program never does"
        for entry in entries
        if entry.action not in known
    )


def _said(entry: Entry) -> _Row:
    return entry.action, entry.subject, entry.at, entry.actor


def _signatures(ledger: StoredLedger, cut: Mapping[str, int], entries: tuple[Entry, ...]) -> Iterator[str]:
    """Who signed, with which key, is as the entries tell it, in their order."""
    told = [entry for entry in entries if entry.action == Action.SIGN]
    found = [signature for signature in sealing.signatures(ledger) if signature.id > cut["signatures"]]
    for signature, entry in zip(found, told, strict=False):
        try:
            signed = Signed.read(signature.text)
        except (VerificationError, *MALFORMED):
            continue  # told where signatures are checked
        begins = f"{signed.note.period} for {signed.partner} by "
        if not entry.detail.startswith(begins) or f"the key {signed.fingerprint}" not in entry.detail:
            yield (
                f"the audit trail tells otherwise of the signature of {signature.partner} on note "
                f"{signature.sequence}, in its entry {entry.id}"
            )


def changes_of_states(ledger: StoredLedger, cut: Mapping[str, int]) -> Iterator[str]:
    """The changes of the periods' states are just those that the entries tell of, one after the other."""
    rows = ledger.store.rows("SELECT id, period, state, after_batch, changed_at, actor FROM period_states ORDER BY id")
    states = dict.fromkeys(Period, State.OPEN)
    for number, period, state, *_ in rows:
        if number <= cut["period_states"]:
            states[Period(period)] = State(state)
    found = [row for row in rows if row[0] > cut["period_states"]]
    expected = [
        change
        for entry in trail(ledger, after=cut["audit"])
        if entry.action in _OF_STATES
        for change in _changes(entry, states, cut)
    ]
    if len(found) != len(expected):
        yield (
            f"since the last note {counted(len(found), 'change')} of the periods’ states came in, and the audit trail "
            f"tells of {len(expected):,}: something was changed behind the program"
        )
    for (number, *row), (told, batch) in zip(found, expected, strict=False):
        period, state, after_batch, at, actor = row
        if (period, state, at, actor) != told or batch not in {None, after_batch}:
            yield f"change {number} of the periods’ states ({Period(period)} {state}) is not as the audit trail has it"


_Change = tuple[tuple[int, str, str, str], int | None]
"""Period, state, time and login; and the last batch before it, where the entry tells that."""


def _changes(entry: Entry, states: dict[Period, State], cut: Mapping[str, int]) -> Iterator[_Change]:
    """What an entry changes in the states before it, which are brought up to it."""
    batch: int | None = None
    if entry.action == Action.SIGN:
        final = _FINAL.search(entry.detail)
        periods = [] if final is None else [Period.read(name) for name in re.findall(r"M\d{1,2}", final[1])]
        state, batch = State.SIGNED, cut["batches"]
    else:
        run = _RUN.fullmatch(entry.subject)
        first, last = (Period.M1, Period.M1) if run is None else (Period.read(run[1]), Period.read(run[2] or run[1]))
        is_hold = entry.action == Action.HOLD
        before, state = (State.OPEN, State.HELD) if is_hold else (State.HELD, State.OPEN)
        periods = [each for each in Period if first <= each <= last and states[each] is before and run is not None]
        left_by = _LEFT_BY.search(entry.detail) if is_hold else None
        batch = int(left_by[1] or 0) if left_by else None
    for period in periods:
        states[period] = state
        yield (int(period), state.value, entry.at, entry.actor), batch


def came_in(ledger: StoredLedger, cut: Mapping[str, int]) -> list[str]:
    """What came in since the last note, counted, apart from its own signatures and the keys they are made with."""
    now = sealing.ends(ledger)
    new = [counted(now["lines"] - cut["lines"], "line")] if now["lines"] > cut["lines"] else []
    for table, (name, _, _) in _TOLD.items():
        count = now[table] - cut[table]
        if table == "keys":
            count -= _keys_of_the_last_note(ledger, cut)
        if count > 0 and table not in {"signatures", "notes"}:
            new.append(counted(count, name))
    others = Counter(
        entry.action for entry in trail(ledger, after=cut["audit"]) if entry.action not in _OF_ROWS | _OF_STATES
    )
    new += [counted(count, f"entry of the audit trail ({action})") for action, count in sorted(others.items())]
    return new


def _keys_of_the_last_note(ledger: StoredLedger, cut: Mapping[str, int]) -> int:
    texts = [signature.text for signature in sealing.signatures(ledger) if signature.id > cut["signatures"]]
    found = ledger.store.rows("SELECT fingerprint FROM keys WHERE id > :after", after=cut["keys"])
    return sum(any(str(fingerprint) in str(text) for text in texts) for (fingerprint,) in found)


def counted(count: int, name: str) -> str:
    """So many of them, as a sentence has it."""
    if count == 1:
        return f"1 {name}"
    first, _, rest = name.partition(" ")
    plural = {"batch": "batches", "entry": "entries", "piece": "pieces", "outcome": "outcomes", "version": "versions"}
    if first in plural:
        return f"{count:,} {plural[first]} {rest}".rstrip()
    return f"{count:,} {name}s"
