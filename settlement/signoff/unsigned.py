"""What a verification checks beside the notes: that the ledger agrees with itself, and what no signature covers yet.

Nothing of this is proved by a signature. It finds what was changed behind the program's back in what was posted since
the last note, in the states of the periods and in the kept totals, which no pack holds.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256

from ledgers import sealing
from ledgers.assents import assents
from ledgers.auditing import kept_total_findings
from ledgers.ledger import State
from ledgers.refusing import visible
from ledgers.sealing import LARGEST_ID, SEALED_COLUMNS, NoteRow
from ledgers.signing_keys import keys as known_keys
from ledgers.store import SCHEMA_VERSION
from ledgers.stored import StoredLedger
from ledgers.trail import Action, broken, trail
from rules.english import day, listed
from rules.periods import Period
from settlement.signoff.assenting import check_assent
from settlement.signoff.errors import VerificationError
from settlement.signoff.keys import PublicKey, public_key_of
from settlement.signoff.notes import Signed
from settlement.signoff.report import MALFORMED, Report, no_ledger_holds
from settlement.signoff.since import came_in, changes_of_states, untold

_LONGEST_SHOWN = 40
_MOST_KEYS = 500


def check_the_rest(ledger: StoredLedger, keys: Mapping[str, Sequence[PublicKey]], report: Report) -> None:
    """Check what the chain of notes does not, adding to the report. Raises RefusedError for what cannot be read."""
    rows = sealing.notes(ledger)
    cut = rows[-1].cut if rows else dict.fromkeys(SEALED_COLUMNS, 0)
    covered = max((row.period for row in rows if row.is_complete), default=None)
    checks: tuple[tuple[str, Callable[[], Iterator[str]]], ...] = (
        ("the numbering", lambda: _numbering(ledger)),
        ("the ledger’s form", lambda: _version(ledger)),
        ("the audit trail", lambda: (f"the audit trail does not hold: {each}" for each in broken(trail(ledger)))),
        ("what came in since the last note", lambda: untold(ledger, cut) if rows else iter(())),
        ("the lines", lambda: _lines(ledger, cut)),
        ("the agreement and the disputes", lambda: _too_late(ledger, cut, covered)),
        ("the states of the periods", lambda: _states(ledger, covered)),
        ("the changes of the periods’ states", lambda: changes_of_states(ledger, cut) if rows else iter(())),
        ("the documents", lambda: _documents(ledger)),
        ("the keys", lambda: _keys(ledger)),
        ("the keys that were replaced", lambda: _replaced_keys(ledger, rows)),
        ("the assents", lambda: _assents(ledger, keys)),
        ("the kept totals", lambda: _totals(ledger)),
    )
    for of, sentences in checks:
        with report.telling(of):
            for sentence in sentences():
                report.add_difference(sentence)
    with report.telling("what came in since the last note"):
        report.remarks.extend(_remarks(ledger, rows, cut))


def _numbering(ledger: StoredLedger) -> Iterator[str]:
    """Every table counts its rows from 1 without a gap."""
    for table in (*SEALED_COLUMNS, "pack_parts"):
        ((count, first, last),) = ledger.store.rows(
            f"SELECT COUNT(*), COALESCE(MIN(id), 1), COALESCE(MAX(id), 0) FROM {table}"  # noqa: S608  our names
        )
        if (first, last) != (1, count):
            yield (
                f"{table}: {count:,} rows are numbered from {first} to {last}; they are numbered from 1 without a gap "
                "when none was taken out or slipped in"
            )
    found = ledger.store.rows("SELECT note, part FROM pack_parts ORDER BY id")
    expected = [
        (note, part)
        for note, count in sorted(Counter(note for note, _ in found).items())
        for part in range(1, count + 1)
    ]
    if list(map(tuple, found)) != expected:
        yield "the pieces of the sealed packs are not in the order they were put in"


def _version(ledger: StoredLedger) -> Iterator[str]:
    found = [number for (number,) in ledger.store.rows("SELECT version_num FROM alembic_version")]
    if found != [f"{SCHEMA_VERSION:04}"]:
        told = visible(listed([str(each)[:_LONGEST_SHOWN] for each in found[:2]])) or "none"
        yield f"the ledger says that its form (alembic_version) is {told}; it is {SCHEMA_VERSION:04}"


def _lines(ledger: StoredLedger, cut: Mapping[str, int]) -> Iterator[str]:
    """Lines and measures since the last note: in batches since then that are as they were noted, of open periods."""
    signed = {int(state.period) for state in ledger.periods() if state.state is State.SIGNED}
    counted: Counter[int] = Counter()
    pence: dict[int, Counter[str]] = {}
    for table in ("lines", "measures"):
        amount = "amount_pence, kind" if table == "lines" else "0, ''"
        found = ledger.store.rows(
            f"SELECT id, batch, period, {amount} FROM {table} WHERE id > :after",  # noqa: S608  our names
            after=cut[table],
        )
        for number, batch, period, amount_pence, kind in found:
            counted[batch] += 1
            if table == "lines":
                pence.setdefault(batch, Counter())[kind] += amount_pence
            if batch <= cut["batches"]:
                yield f"row {number} of {table} was put into batch {batch} after that was signed"
            if period in signed:
                yield f"row {number} of {table} was put into {Period(period)} after that was signed"
    batches = ledger.store.rows(
        "SELECT id, count, totals FROM batches WHERE id > :after ORDER BY id", after=cut["batches"]
    )
    for number, count, totals in batches:
        if counted[number] != count:
            yield f"batch {number} is noted with {count:,} rows and has {counted[number]:,}"
        elif json.loads(totals) != pence.get(number, {}):
            yield f"the rows of batch {number} do not come to the totals noted of it"


def _too_late(ledger: StoredLedger, cut: Mapping[str, int], covered: Period | None) -> Iterator[str]:
    """Versions of the agreement and disputes since the last note: of periods that are not signed."""
    if covered is None:
        return
    for table, column, named in (
        ("agreements", "from_period", "version {} of the agreement stands from"),
        ("disputes", "period", "dispute {} was put into"),
        ("dispute_outcomes", "period", "outcome {} of a dispute was put into"),
    ):
        found = ledger.store.rows(
            f"SELECT id, {column} FROM {table} WHERE id > :after AND {column} <= :covered ORDER BY id",  # noqa: S608
            after=cut[table],
            covered=int(covered),
        )
        for number, period in found:
            yield f"{named.format(number)} {Period(period)} after that was signed"


def _states(ledger: StoredLedger, covered: Period | None) -> Iterator[str]:
    """A period is signed if, and only if, a note that every partner signed covers it."""
    for state in ledger.periods():
        is_signed = state.state is State.SIGNED
        if is_signed != (covered is not None and state.period <= covered):
            told = "is said to be signed, and no note that every partner signed covers it"
            other = f"is {state.state}, and a note that every partner signed covers it"
            yield f"{state.period} {told if is_signed else other}"


def _totals(ledger: StoredLedger) -> Iterator[str]:
    """Each kept total is what the lines come to, and there is one for just what there are lines of."""
    for found in kept_total_findings(ledger):
        yield f"{found} (no signed figure is read from it)"
    kept = {tuple(key) for key in ledger.store.rows("SELECT scheme, partner, kind, cause, period FROM totals")}
    for scheme, partner, kind, _, period in sorted(kept ^ sealing.sums_upto(ledger, LARGEST_ID).keys()):
        told = f"{kind} of {partner} for {scheme} in {Period(period)}"
        yield f"the kept total of the {told} is missing, or there are no lines of it (no signed figure is read from it)"


def _documents(ledger: StoredLedger) -> Iterator[str]:
    used = {
        document
        for (document,) in ledger.store.rows("SELECT document FROM evidence UNION SELECT document FROM note_statements")
    }
    for number, digest, size in ledger.store.rows("SELECT id, digest, size FROM documents ORDER BY id"):
        ((body,),) = ledger.store.rows("SELECT body FROM documents WHERE id = :id", id=number)
        if not isinstance(body, bytes) or sha256(body).hexdigest() != digest or len(body) != size:
            yield f"document {number} is not the one whose SHA-256 is {digest}"
        if number not in used:
            yield f"document {number} belongs to nothing"


def _keys(ledger: StoredLedger) -> Iterator[str]:
    """A key is there once, under its own fingerprint."""
    seen: dict[str, int] = {}
    known = known_keys(ledger)
    if len(known) > _MOST_KEYS:  # each takes milliseconds to look at
        yield f"the ledger has {len(known):,} keys, more than {_MOST_KEYS}: no ledger has so many signatories"
    for key in known[:_MOST_KEYS]:
        if key.fingerprint in seen:
            yield f"key {key.id} is key {seen[key.fingerprint]} once more"
        seen.setdefault(key.fingerprint, key.id)
        try:
            is_own = public_key_of(key.public_key).fingerprint == key.fingerprint
        except (VerificationError, *MALFORMED):
            is_own = False
        if not is_own:
            yield f"key {key.id} is not the one whose fingerprint is beside it"


def _replaced_keys(ledger: StoredLedger, rows: Sequence[NoteRow]) -> Iterator[str]:
    """A key signs nothing that is sealed after it was replaced."""
    known = {key.id: key for key in known_keys(ledger)[:_MOST_KEYS]}
    cut_of = {row.sequence: row.cut for row in rows}
    for signature in sealing.signatures(ledger):
        try:
            signed = Signed.read(signature.text)
        except (VerificationError, *MALFORMED):
            continue  # told where signatures are checked
        for key in known.values():
            replaced = known.get(key.replaces or 0)
            sealed = cut_of.get(signature.sequence, {})
            if replaced is not None and replaced.fingerprint == signed.fingerprint and key.id <= sealed.get("keys", 0):
                yield (
                    f"note {signature.sequence} is signed for {signed.partner} with a key that another had replaced "
                    f"before ({signed.fingerprint})"
                )


def _assents(ledger: StoredLedger, keys: Mapping[str, Sequence[PublicKey]]) -> Iterator[str]:
    ledger_id = sealing.meta(ledger).get("ledger", "")
    versions = ledger.versions()
    for row in assents(ledger):
        try:
            check_assent(row, versions, ledger_id, keys)
        except VerificationError as error:
            yield str(error)
        except MALFORMED as error:
            yield f"assent {row.id}: {no_ledger_holds(error)}"
    for version in versions:
        ((body,),) = ledger.store.rows("SELECT body FROM agreements WHERE id = :id", id=version.id)
        if sha256(str(body).encode("utf-8", "surrogatepass")).hexdigest() != version.digest:
            yield f"version {version.id} of the agreement is not the text whose SHA-256 is beside it"


def _remarks(ledger: StoredLedger, rows: Sequence[NoteRow], cut: Mapping[str, int]) -> Iterator[str]:
    for entry in trail(ledger):
        if entry.action == Action.RESTORE:
            yield (
                f"On {day(datetime.fromisoformat(entry.at))} {entry.actor} restored the ledger: {entry.detail}. What "
                "was signed since that backup was made is no longer in it: compare the partners’ own copies."
            )
    if not rows:
        return
    new = came_in(ledger, cut)
    if new:
        yield f"Since note {rows[-1].sequence}, {listed(new)} came in, which no signature covers yet."
    alone: dict[str, list[str]] = {}
    for signature in sealing.signatures(ledger):
        try:
            signed = Signed.read(signature.text)
        except (VerificationError, *MALFORMED):
            continue
        row = next((row for row in rows if row.sequence == signature.sequence), None)
        if row is not None and signed.login == row.prepared_by:
            alone.setdefault(signed.login, []).append(f"note {row.sequence} for {signed.partner}")
    for login, told in alone.items():
        yield f"The login “{login}” alone prepared what it signed, {listed(told)}; ask who sat there."
