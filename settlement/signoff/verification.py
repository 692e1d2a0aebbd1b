"""The auditor's check of a ledger: everything that was signed, rebuilt from the live tables and held against it.

The public keys come from the auditor, never from the ledger. Of each note, in order: the signatures; the pack, rebuilt
from the rows as they are now, with the rules run again; its bytes against the digest that was signed; and, if they are
others, against the sealed pack, to name each row and figure that differs. What the last note does not cover is checked
for agreeing with itself (`settlement.signoff.unsigned`). The kept totals are not read for any of it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256

from ledgers import Ledger, sealing
from ledgers.sealing import NoteRow, SignatureRow, stored
from ledgers.stored import StoredLedger
from rules.english import listed
from rules.periods import Period
from rules.problems import RefusedError
from settlement.signoff.assented import assents_lacking
from settlement.signoff.differences import differences
from settlement.signoff.errors import VerificationError
from settlement.signoff.keys import PublicKey
from settlement.signoff.notes import Note, Signed, check_signature
from settlement.signoff.packfile import PackDigest, pack_bytes
from settlement.signoff.packs import MANY, Replay, Seal, pack_members
from settlement.signoff.report import IN_A_FILE, MALFORMED, Report, moment, no_ledger_holds
from settlement.signoff.signing import replay_upto
from settlement.signoff.unsigned import check_the_rest

KeysByPartner = Mapping[str, Sequence[PublicKey]]
MOST_DIFFERENCES = 200
_MOST_TRACED = 3
_MOST_GONE = 20  # a number that somebody wrote may be any

_HEX = re.compile(r"[0-9a-f]{128}")


def verify(ledger: Ledger, keys: KeysByPartner, period: Period | None = None) -> Report:
    """Check everything that was signed, up to the note that covers a period (all of it without one).

    Differences are sentences in the report, whatever the ledger holds; RefusedError is for a ledger that has no
    sign-off, a folder.
    """
    return _Verifier(stored(ledger), keys, period).report


def is_as_sealed(ledger: StoredLedger, row: NoteRow) -> bool:
    """Whether the live tables still give what a note says."""
    rows = sealing.notes(ledger)
    before = next((each for each in reversed(rows) if each.sequence < row.sequence), None)
    after = before.cut if before else {}
    rebuild = _Rebuild(ledger, row, before.text if before else None, after, replay_upto(ledger, after))
    return rebuild.note is not None and rebuild.note.text == row.text


class _Rebuild:
    """A note's pack, rebuilt from the live tables: the note that they give, or why they give none."""

    def __init__(
        self, ledger: StoredLedger, row: NoteRow, previous: str | None, after: sealing.Cut, replay: Replay
    ) -> None:
        """After the previous note's text and cut; `replay` is what came before, and takes in what this note adds."""
        self._ledger, self._row, self._after = ledger, row, after
        self._previous = None if previous is None else sha256(previous.encode()).hexdigest()
        self._before = replay.copy()
        self.note: Note | None = None
        self.problem = ""
        try:
            self.note = self._made(replay)
        except VerificationError as error:
            self.problem = str(error)
        except RefusedError as error:
            self.problem = error.problems[0].message
        except MALFORMED as error:
            self.problem = no_ledger_holds(error)

    def _made(self, replay: Replay) -> Note:
        digest = PackDigest()
        for piece in self._pieces(replay):
            digest.add(piece)
        agreement = replay.agreement_at(self._row.period)
        return Note(
            ledger=sealing.meta(self._ledger)["ledger"],
            agreement=agreement.id,
            year=agreement.year,
            sequence=self._row.sequence,
            period=self._row.period,
            partners=replay.signatories,
            pack_digest=digest.sha256,
            pack_bytes=digest.size_bytes,
            previous=self._previous,
        )

    def pieces(self) -> Iterator[bytes]:
        """The pack again, to be compared: whatever the rows hold, it has a form that can be."""
        return self._pieces(self._before.copy(), tolerant=True)

    def _pieces(self, replay: Replay, *, tolerant: bool = False) -> Iterator[bytes]:
        head = Seal.of(self._row, sealing.meta(self._ledger).get("ledger", ""), self._previous)
        statements = sealing.statements_of(self._ledger, self._row.sequence)
        return pack_bytes(pack_members(self._ledger, head, self._after, replay, statements, tolerant=tolerant))


class _Verifier:
    """One run over one ledger."""

    def __init__(self, ledger: StoredLedger, keys: KeysByPartner, period: Period | None) -> None:
        """Of the whole chain, or up to the note that covers a period."""
        self._ledger, self._keys = ledger, keys
        self.report = Report()
        if ledger.name.endswith(".s75"):
            self.report.unknowable.append(IN_A_FILE)
        for of, step in (
            ("the file", self._look_for_damage),
            ("the notes and their signatures", lambda: self._walk(period)),
            ("what came in since the last note", self._check_the_rest),
        ):
            with self.report.telling(of), ledger.store.snapshot():
                step()

    def _look_for_damage(self) -> None:
        for damage in self._ledger.store.damage(thorough=True):
            self.report.add_difference(f"the ledger is damaged: {damage}")

    def _check_the_rest(self) -> None:
        check_the_rest(self._ledger, self._keys, self.report)

    def _walk(self, period: Period | None) -> None:
        """From the first note on, each with what came before it."""
        replay = Replay()
        after: sealing.Cut = {}
        previous: str | None = None
        rows = sealing.notes(self._ledger)
        wanted = list(_upto(rows, period))
        place = 0
        for row in wanted:
            before = len(self.report.differences)
            for gone in range(place + 1, min(row.sequence, place + 1 + _MOST_GONE)):
                self.report.add_difference(f"note {gone} of the chain is missing")
            place = row.sequence
            signed, signatories = self._signatures(row)
            note = signed or self._note_as_written(row)
            rebuild = _Rebuild(self._ledger, row, previous, after, replay)
            with self.report.telling(_named(row)):
                self._compare(row, note, rebuild)
            with self.report.telling(_named(row)):
                ledger_id = sealing.meta(self._ledger).get("ledger", "")
                for sentence in assents_lacking(replay, row.period, ledger_id, self._keys):
                    self.report.add_difference(f"{_named(row)}: {sentence}")
            if signed is not None and not row.is_withdrawn and len(self.report.differences) == before:
                self.report.add_verified(signed, signatories, _facts(signed, row))
            previous, after = (row.text if note is None else note.text), row.cut
            if rebuild.note is None:
                replay = replay_upto(self._ledger, after)
        if not rows:
            self.report.add_difference("nothing was ever signed: the ledger has no note")
        elif period is not None and not any(row.period >= period and row.is_complete for row in wanted):
            self.report.add_difference(f"{period} is not signed by every partner")

    # Signatures

    def _signatures(self, row: NoteRow) -> tuple[Note | None, list[Signed]]:
        """The note as it was signed, and who signed it; every signature that does not hold is a difference."""
        good: list[Signed] = []
        for signature in sealing.signatures(self._ledger, row.sequence):
            where = f"{_named(row)}, signature of {signature.partner}"
            try:
                signed = self._checked(row, signature, where)
            except VerificationError as error:
                self.report.add_difference(str(error))
                continue
            good.append(signed)
        note = good[0].note if good else None
        missing = (
            [] if note is None else [code for code in note.partners if code not in {each.partner for each in good}]
        )
        if row.is_withdrawn and row.is_complete:
            self.report.add_difference(f"{_named(row)} is said to be withdrawn, and every partner signed it")
        elif row.is_withdrawn:
            self.report.remarks.append(f"Note {row.sequence} ({row.period}) was withdrawn: not everybody had signed.")
        elif row.is_complete and missing:
            self.report.add_difference(f"{_named(row)} has no signature of {listed(missing)} that holds")
        elif not row.is_complete:
            left = listed(missing) if missing else "every partner"
            self.report.remarks.append(f"Note {row.sequence} ({row.period}) still waits for the signature of {left}.")
        return note, good

    def _checked(self, row: NoteRow, signature: SignatureRow, where: str) -> Signed:
        if type(signature.text) is not str or type(signature.signature) is not str:
            message = "it is no text"
            raise VerificationError(message, where)
        if not _HEX.fullmatch(signature.signature):
            message = "it is not written as 128 hexadecimal digits"
            raise VerificationError(message, where)
        signed = check_signature(signature.text, bytes.fromhex(signature.signature), self._keys, where)
        if signed.partner != signature.partner:
            message = f"it is {signed.partner}’s, filed under another partner"
            raise VerificationError(message, where)
        if (signed.note.sequence, signed.note.period) != (row.sequence, row.period):
            message = f"it is of note {signed.note.sequence} ({signed.note.period}), and was put here"
            raise VerificationError(message, where)
        return signed

    def _note_as_written(self, row: NoteRow) -> Note | None:
        try:
            return Note.read(row.text, f"note {row.sequence}")
        except VerificationError as error:
            self.report.add_difference(str(error))
            return None

    # The pack

    def _compare(self, row: NoteRow, note: Note | None, rebuild: _Rebuild) -> None:
        """The rebuilt note against the one that was signed; and where they differ, the packs."""
        where = _named(row)
        if note is None:
            return
        if row.text != note.text:
            self.report.add_difference(f"{where}: its text in the ledger is not the text that was signed")
        if row.signatories != len(note.partners):
            self.report.add_difference(
                f"{where}: {row.signatories} must sign by the ledger, {len(note.partners)} by the note"
            )
        kept = self._sealed_as(note, row, where)
        if rebuild.note is not None and rebuild.note.text == note.text:
            return
        if rebuild.problem:
            self.report.add_difference(f"{where}: its pack can no longer be rebuilt: {rebuild.problem}")
        elif rebuild.note is not None and rebuild.note.pack_digest == note.pack_digest:
            self.report.add_difference(f"{where}: the ledger gives the lines {_others(rebuild.note, note)}")
        if not kept:
            message = (
                f"{where}: the rows of the ledger do not give the pack that was signed, and the sealed pack beside "
                "them was changed too; only an exported pack can tell what differs"
            )
            self.report.add_difference(message)
            return
        signed = sealing.sealed_pack(self._ledger, row.sequence)
        traced: list[str] = []
        for found in differences(signed, rebuild.pieces(), MANY, MOST_DIFFERENCES):
            if found.is_of_trace:
                traced.append(found.sentence())
                continue
            self._tell_traced(where, traced)
            traced = []
            self.report.add_difference(f"{where}: {found.sentence()}")
        self._tell_traced(where, traced)

    def _tell_traced(self, where: str, traced: Sequence[str]) -> None:
        """What only follows from what is told before it: one line's amount moves some fifty values of the workings."""
        for sentence in traced if len(traced) <= _MOST_TRACED else traced[:1]:
            self.report.add_difference(f"{where}: {sentence}")
        if len(traced) > _MOST_TRACED:
            self.report.add_difference(
                f"{where}: the settlement: {len(traced) - 1:,} more values of its trace (how its figures came about) "
                "are not as they were signed"
            )

    def _sealed_as(self, note: Note, row: NoteRow, where: str) -> bool:
        """Whether the sealed pack in the ledger is the one whose digest was signed."""
        digest = PackDigest()
        try:
            for piece in sealing.sealed_pack(self._ledger, row.sequence):
                digest.add(piece)
                if digest.size_bytes > note.pack_bytes:  # small pieces unpack to large ones, and there may be many
                    break
        except RefusedError as error:
            self.report.add_difference(f"{where}: {error.problems[0].message}")
            return False
        if (digest.sha256, digest.size_bytes) == (note.pack_digest, note.pack_bytes):
            return True
        self.report.add_difference(
            f"{where}: the sealed pack in the ledger is not the one that was signed: its SHA-256 is "
            f"{digest.sha256} over {digest.size_bytes:,} bytes; signed was {note.pack_digest} over "
            f"{note.pack_bytes:,}"
        )
        return False


def _named(row: NoteRow) -> str:
    return f"note {row.sequence} ({row.period})"


def _upto(rows: Sequence[NoteRow], period: Period | None) -> Iterator[NoteRow]:
    for row in rows:
        yield row
        if period is not None and row.period >= period and row.is_complete:
            return


def _facts(note: Note, row: NoteRow) -> tuple[str, ...]:
    return (
        f"Sealed on {moment(row.sealed_at)}, prepared by {row.prepared_by}",
        f"Its pack of {note.pack_bytes:,} bytes was rebuilt from the ledger’s rows, byte for byte",
        "The rules, run again over those rows, give the settlement that was signed",
    )


def _others(found: Note, signed: Note) -> str:
    pairs = zip(found.text.splitlines(), signed.text.splitlines(), strict=True)
    return "; ".join(f"“{ours}” where “{theirs}” was signed" for ours, theirs in pairs if ours != theirs)
