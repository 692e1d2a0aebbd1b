"""Sign-off of a period: sealed into a pack and a note, signed by every partner, and then final.

`seal` puts a held period up for signature; `sign` adds a partner's signature, here or brought back from another
machine (`settlement.signoff.exporting`); the last one closes the period. `withdraw` gives a note up that not every
partner has signed. Whoever signs, signs what was just rebuilt from the ledger and found to be what the note says.
What is sealed is English, whatever language is spoken around it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256

from ledgers import Ledger, State, sealing
from ledgers.assents import awaiting
from ledgers.checks import MEASURE
from ledgers.disputes import disputes
from ledgers.evidence import document
from ledgers.program import program_version
from ledgers.refusing import reason_given, refuse, refuse_unless_writable
from ledgers.sealing import NoteRow, stored
from ledgers.stored import StoredLedger
from ledgers.trail import Action, record
from rules.english import listed
from rules.language import speaking
from rules.periods import Period
from rules.problems import Problem, RefusedError
from settlement.service import check
from settlement.signoff.errors import VerificationError, in_refusals
from settlement.signoff.keys import PublicKey, SigningKey
from settlement.signoff.known_keys import know_key
from settlement.signoff.notes import Note, Signed, clean_name, signatures_agree
from settlement.signoff.packfile import PackDigest, pack_bytes
from settlement.signoff.packs import Replay, Seal, pack_members
from settlement.signoff.papers import papers_for_signature
from settlement.signoff.people import login_of, people, person, signing_program


@dataclass(frozen=True, slots=True)
class SignedOff:
    """What a signature did: of which note, who is still to sign, and the periods that it made final."""

    note: Note
    partner: str
    awaiting: tuple[str, ...]
    signed: tuple[Period, ...]


@speaking(None)
def seal(ledger: Ledger, period: Period, prepared_by: str = "") -> Note:
    """The note that puts a held period up for signature: the one that waits for signatures already, or a new one.

    Raises RefusedError for a period that is open or signed, for one that a check finds something in or whose schedule
    leaves an amount unallocated, while another note waits for its signatures, with a dispute that is neither resolved
    nor carried, and with a version of the agreement that a partner has not assented to.
    """
    at = stored(ledger)
    refuse_unless_writable(ledger)
    with in_refusals(ledger.name), at.store.transaction():
        return Note.read(_pending_or_new(at, period, prepared_by).text)


@speaking(None)
def sign(
    ledger: Ledger,
    period: Period,
    partner: str,
    key: SigningKey,
    *,
    name: str,
    role: str,
    prepared_by: str = "",
) -> SignedOff:
    """Sign a held period for a partner; the last partner's signature makes it, and those before it, final.

    Raises RefusedError for everything that `seal` refuses, for a partner who need not sign or has signed, for a key
    that is another partner's or not the one that the partner signs with, for who prepared what is to be signed, and
    if the ledger no longer gives what the note says.
    """
    at = stored(ledger)
    refuse_unless_writable(ledger)
    name, role = clean_name(name, "--name"), clean_name(role, "--role")
    with in_refusals(ledger.name), at.store.transaction():
        was_pending = pending(at) is not None
        row = _pending_or_new(at, period, prepared_by)
        signed = _signed_text(at, row, partner, key, name, role)
        signature = key.sign(signed.text.encode())
        return accept(at, row, signed, signature, key.public, is_new=not was_pending)


def pending(ledger: StoredLedger) -> NoteRow | None:
    """The note that waits for signatures, if one does."""
    return next((row for row in sealing.notes(ledger) if row.is_pending), None)


@speaking(None)
def accept(
    ledger: StoredLedger, row: NoteRow, signed: Signed, signature: bytes, key: PublicKey, *, is_new: bool = False
) -> SignedOff:
    """Take a signature into the ledger, within a transaction.

    Raises RefusedError as `sign` does, and VerificationError for what somebody put into the ledger behind the program.
    `is_new` says that the note was sealed within this transaction: the pack need not be made a second time.
    """
    if signed.note.text != row.text:
        refuse(f"this is not a signature of note {row.sequence} of this ledger, but of another", ledger.name)
    if signed.partner in row.signed_by:
        refuse(f"{signed.partner} has signed note {row.sequence} already", ledger.name)
    try:
        signatures_agree(signed, signature, [key])
    except VerificationError as error:
        refuse(str(error), ledger.name)
    _refuse_unless_checker(ledger, row, signed)
    if not is_new:
        _refuse_unless_as_sealed(ledger, row)
    know_key(ledger, signed.partner, key, name=signed.name, role=signed.role, reason=f"signed note {row.sequence}")
    sealing.add_signature(ledger, row.sequence, signed.partner, signed.text, signature)
    left = tuple(code for code in signed.note.partners if code not in {*row.signed_by, signed.partner})
    closed: tuple[Period, ...] = ()
    now = ledger.now()
    if not left:
        at = now.isoformat(timespec="seconds")
        closed = sealing.close_signed(ledger, row, at=at, actor=ledger.store.actor())
    final = f"; {listed(map(str, closed))} {'are' if len(closed) > 1 else 'is'} final" if closed else ""
    told = f"{row.period} for {signed.partner} by {signed.name}, {signed.role}, with the key {signed.fingerprint}"
    record(ledger.store, now, Action.SIGN, f"note {row.sequence}", f"{told}{final}")
    return SignedOff(signed.note, signed.partner, left, closed)


@speaking(None)
def withdraw(ledger: Ledger, reason: str) -> Note:
    """Give up the note that waits for signatures, so that its period can be opened again. The note stays on record."""
    at = stored(ledger)
    refuse_unless_writable(ledger)
    why = reason_given(reason, "why the note is withdrawn", ledger.name)
    with in_refusals(ledger.name), at.store.transaction():
        row = pending(at)
        if row is None:
            refuse("no note waits for signatures; one that every partner has signed is final", ledger.name)
        moment = at.now().isoformat(timespec="seconds")
        sealing.add_withdrawal(at, row.sequence, why, at=moment, actor=at.store.actor())
        record(at.store, at.now(), Action.WITHDRAW, f"note {row.sequence}", f"{row.period}: {why}")
        return Note.read(row.text)


# --- sealing ----------------------------------------------------------------------------------------------------------


def _pending_or_new(ledger: StoredLedger, period: Period, prepared_by: str) -> NoteRow:
    waiting = pending(ledger)
    if waiting is None:
        return _new_note(ledger, period, prepared_by)
    if waiting.period != period:
        note = Note.read(waiting.text)
        left = listed(code for code in note.partners if code not in waiting.signed_by)
        message = (
            f"note {waiting.sequence} of {waiting.period} waits for the signature of {left}; have it signed, or "
            "withdraw it, before another period is put up"
        )
        refuse(message, ledger.name)
    if prepared_by and clean_name(prepared_by, "--prepared-by") != waiting.prepared_by:
        message = (
            f"note {waiting.sequence} is put up already, as prepared by {waiting.prepared_by}; leave --prepared-by "
            "out, or withdraw the note and put the period up again"
        )
        refuse(message, ledger.name, place="--prepared-by")
    return waiting


def _new_note(ledger: StoredLedger, period: Period, prepared_by: str) -> NoteRow:
    _refuse_unless_fit(ledger, period)
    before = sealing.notes(ledger)
    after = before[-1].cut if before else {}
    previous = before[-1].text if before else None
    sequence = len(before) + 1
    signed_upto = max((row.cut["batches"] for row in before if row.is_complete), default=0)
    by = clean_name(prepared_by, "--prepared-by") if prepared_by else _who_posted(ledger, signed_upto)
    record(
        ledger.store, ledger.now(), Action.SEAL, f"note {sequence}", f"{period} put up for signature, prepared by {by}"
    )
    statements = papers_for_signature(ledger, period, sequence, by)
    row = NoteRow(
        sequence=sequence,
        period=period,
        text="",
        signatories=0,
        cut=sealing.ends(ledger),
        prepared_by=by,
        sealed_at=ledger.now().isoformat(timespec="seconds"),
        actor=ledger.store.actor(),
        program=program_version(),
        is_withdrawn=False,
        signed_by=(),
    )
    replay = replay_upto(ledger, after)
    note, parts = _sealed(ledger, row, after, replay, previous, statements)
    made = replace(row, text=note.text, signatories=len(note.partners))
    sealing.add_note(ledger, made, parts)
    sealing.put_statements(ledger, sequence, statements)
    return made


def _sealed(
    ledger: StoredLedger,
    row: NoteRow,
    after: sealing.Cut,
    replay: Replay,
    previous: str | None,
    statements: Iterable[sealing.Statement],
) -> tuple[Note, list[bytes]]:
    """The note and its pack, compressed: it is held until the note that it belongs to is in the ledger."""
    before = None if previous is None else sha256(previous.encode()).hexdigest()
    ledger_id = sealing.meta(ledger)["ledger"]
    head = Seal.of(row, ledger_id, before)
    digest = PackDigest()
    pack = pack_bytes(pack_members(ledger, head, after, replay, statements))
    parts = list(sealing.compressed(digest.tee(pack)))
    agreement = replay.agreement_at(row.period)
    note = Note(
        ledger=ledger_id,
        agreement=agreement.id,
        year=agreement.year,
        sequence=row.sequence,
        period=row.period,
        partners=replay.signatories,
        pack_digest=digest.sha256,
        pack_bytes=digest.size_bytes,
        previous=before,
    )
    return note, parts


def replay_upto(ledger: StoredLedger, cut: sealing.Cut) -> Replay:
    """What the rows up to a cut come to, as a pack's opening needs it."""
    replay = Replay()
    replay.totals = sealing.sums_upto(ledger, cut.get("lines", 0))
    for table in ("agreements", "dispute_outcomes", "disputes", "measures"):
        for row in sealing.sealed_rows(ledger, table, 0, cut.get(table, 0)):
            replay.take(table, dict(zip(sealing.SEALED_COLUMNS[table], row, strict=True)))
    return replay


def _who_posted(ledger: StoredLedger, after_batch: int) -> str:
    """The logins that posted what is to be signed: everything since the last note that every partner signed."""
    who = sorted({batch.actor for batch in ledger.batches() if batch.id > after_batch})
    return listed(who) or ledger.store.actor()


# --- what keeps a period from being signed ----------------------------------------------------------------------------


def _refuse_unless_fit(ledger: StoredLedger, period: Period) -> None:
    state = next(state for state in ledger.periods() if state.period == period)
    if state.state is State.SIGNED:
        refuse(f"{period} is signed already, and final", ledger.name)
    if state.state is State.OPEN:
        refuse(f"{period} is open; hold it first, so that what is signed stays as it is: s75 hold", ledger.name)
    problems = [
        Problem(f"{period} cannot be signed: {found}", ledger.name)
        for found in check(ledger, period)
        if found.check != MEASURE  # one that no element names moves no figure, and could never be taken out again
    ]
    problems += [Problem(told, ledger.name) for told in (*_undecided(ledger, period), *_unassented(ledger, period))]
    if problems:
        raise RefusedError(*problems)


def _undecided(ledger: StoredLedger, period: Period) -> Iterator[str]:
    """Disputes are decided at every sign-off: a line in dispute is never signed by oversight."""
    for dispute in disputes(ledger, period):
        carried = dispute.outcome == "carried" and dispute.outcome_period is not None
        if dispute.is_open and not (carried and dispute.outcome_period == period):
            yield (
                f"dispute {dispute.id} of {dispute.partner} ({dispute.reason}) is open; resolve it, or carry it "
                f"visibly: s75 dispute --carry {dispute.id} --period {period} --reason …"
            )


def _unassented(ledger: StoredLedger, period: Period) -> Iterator[str]:
    """Of the versions that govern a period up to this one. The first is assented to by the first sign-off."""
    versions = ledger.versions()
    governing = {
        max((version.id for version in versions if version.from_period <= each), default=1)
        for each in Period
        if each <= period
    }
    for number in sorted(governing - {1}):
        left = awaiting(ledger, number)
        if left:
            yield f"version {number} of the agreement waits for the assent of {listed(left)}: s75 assent"


def _refuse_unless_checker(ledger: StoredLedger, row: NoteRow, signed: Signed) -> None:
    """Maker and checker differ: by the name that is signed, by the key, and on a server by the login (the database's).

    A file knows no logins that it could trust: two partners may well sign on one machine. `verify` tells of it.
    """
    if person(signed.name) in people(row.prepared_by):
        message = (
            f"{signed.name} prepared what is to be signed, and so may not approve it: maker and checker differ; "
            "another signatory of the partner signs"
        )
        refuse(message, ledger.name)
    for other in sealing.signatures(ledger, row.sequence):
        theirs = Signed.read(other.text)
        if theirs.fingerprint == signed.fingerprint:
            refuse(f"this key has signed for {theirs.partner}; one key signs for one partner", ledger.name)
        if person(theirs.name) == person(signed.name):
            refuse(f"{signed.name} has signed for {theirs.partner}; one person signs for one partner", ledger.name)


def _refuse_unless_as_sealed(ledger: StoredLedger, row: NoteRow) -> None:
    from settlement.signoff.verification import is_as_sealed  # noqa: PLC0415  it imports this module's neighbours

    for _, _, _, digest, _ in sealing.statements_of(ledger, row.sequence):
        document(ledger, digest)  # refused if it is damaged
    if not is_as_sealed(ledger, row):
        message = (
            f"the ledger no longer gives what note {row.sequence} says; do not sign it; “s75 verify” says what differs"
        )
        refuse(message, ledger.name)


def _signed_text(ledger: StoredLedger, row: NoteRow, partner: str, key: SigningKey, name: str, role: str) -> Signed:
    note = Note.read(row.text)
    if partner not in note.partners:
        refuse(f"{partner} is no partner that signs {row.period}; they are {listed(note.partners)}", ledger.name)
    return Signed(
        note=note,
        partner=partner,
        name=name,
        role=role,
        at=ledger.now().isoformat(timespec="seconds"),
        login=login_of(ledger),
        program=signing_program(),
        fingerprint=key.fingerprint,
    )
