"""What a partner keeps: a folder with every note, pack, signature, statement and document, that stands by itself.

`NNNN/` is a note by its sequence: `note.txt`, `pack.json`, for each partner that signed `CODE.txt` (what it signed) and
`CODE.sig`, and `statements/` as they were put up for signature. `evidence/` has the documents by their SHA-256,
`statements/` those of the period as they stand now, `READ ME.txt` says how to check it all. docs/auditor.md does so
at length. A folder with a note that waits for signatures can be signed on another machine and brought back.
"""

import os
import re
import shutil
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from tempfile import mkdtemp

from ledgers import Ledger, sealing
from ledgers.evidence import document, evidence
from ledgers.refusing import refuse, refuse_unless_writable
from ledgers.sealing import NoteRow, stored
from ledgers.stored import StoredLedger
from ledgers.trail import Action, record
from rules.english import listed
from rules.periods import Period
from settlement.publishing import write_ledger_statements
from settlement.signoff import signing
from settlement.signoff.errors import VerificationError, in_refusals
from settlement.signoff.exported import files_of, is_exported, last_note, look_through, names_of
from settlement.signoff.keys import SigningKey, public_key_of
from settlement.signoff.notes import Note, Signed, clean_name
from settlement.signoff.people import person, signing_program
from settlement.signoff.signing import SignedOff

_SIGNATURE = re.compile(r"[0-9a-f]{128}")
_STATEMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,150}")

READ_ME = """\
{title}, {year}: sign-off up to note {sequence}, {period}

0001, 0002 … hold the notes in sequence: note.txt says what was signed, pack.json is it, and of each partner
CODE.txt is the text that it signed and CODE.sig the signature. statements/ in them are as they were put up for
signature; evidence/ has the documents, each under its SHA-256; the other statements/ are those of {period}.

To check all of it, with the partners' public keys as they gave them to you themselves:

    s75 verify . {keys}

or by hand, with openssl and sha256sum alone:

    sha256sum {number}/pack.json                   # is what {number}/note.txt calls pack
    head -c $(wc -c < {number}/note.txt) {number}/{code}.txt | cmp - {number}/note.txt
    openssl pkeyutl -verify -pubin -inkey {code}.pub -rawin -in {number}/{code}.txt -sigfile {number}/{code}.sig

Compare the sequence and the digest, sha256sum {number}/note.txt, with those printed on the newest statement you have.
"""


def export(
    ledger: Ledger,
    period: Period,
    out: Path,
    *,
    for_signature: bool = False,
    prepared_by: str = "",
    formats: Sequence[str] = ("pdf", "csv"),
) -> list[Path]:
    """Write everything signed up to a period to a new folder, and say in the ledger that it was; the files written.

    With `for_signature` a held period is put up for signature first, to be signed elsewhere. A ledger opened read-only
    is exported too, and keeps no record of it. Raises RefusedError if nothing was signed for the period, and if the
    folder has anything in it: it is never overwritten. Nothing is left half written, and nothing put up for signature
    that was not written.
    """
    at = stored(ledger)
    if os.path.lexists(out) and (not out.is_dir() or any(out.iterdir())):
        refuse("there is something of this name already; name a new folder", str(out), place="--out")
    out = out.resolve()
    if for_signature:
        refuse_unless_writable(ledger)
    placed: list[Path] = []
    try:
        # what is put up for signature and what is written of it: both or neither
        with in_refusals(ledger.name), at.store.transaction() if for_signature else nullcontext():
            if for_signature:
                signing.seal(ledger, period, prepared_by)
            _export(at, period, out, formats, placed)
    except BaseException:
        for path in placed:
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        raise
    return sorted(path for path in out.rglob("*") if path.is_file())


def _export(ledger: StoredLedger, period: Period, out: Path, formats: Sequence[str], placed: list[Path]) -> None:
    """Write to a draft that takes its place when it is whole; `placed` is told what is in its place."""
    draft = _draft_for(out)
    try:
        with ledger.store.snapshot():  # of one moment, whatever others post meanwhile
            rows = _covering(ledger, period)
            for row in rows:
                _write_note(ledger, row, draft / f"{row.sequence:04}")
            _write_evidence(ledger, draft / "evidence")
            write_ledger_statements(ledger, draft / "statements", rows[-1].period, formats)
            _write_read_me(ledger, rows[-1], draft)
        with ledger.store.transaction() if ledger.writable else nullcontext():
            if ledger.writable:
                told = f"{period}: pack, note, signatures, statements"
                record(ledger.store, ledger.now(), Action.EXPORT, f"note {rows[-1].sequence}", told)
            _take_place(draft, out, placed)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _draft_for(out: Path) -> Path:
    """A new folder on the same disk: beside the one that is to be or, if that is there and empty, within it."""
    at = out if out.exists() else out.parent
    at.mkdir(parents=True, exist_ok=True)
    return Path(mkdtemp(prefix=".s75-", dir=at))


def _take_place(draft: Path, out: Path, placed: list[Path]) -> None:
    """Let the draft be called what it is to be called. A folder that is there stays: somebody may stand in it."""
    if out.exists():
        for path in sorted(draft.iterdir()):
            placed.append(out / path.name)
            path.rename(out / path.name)
        return
    mask = os.umask(0)
    os.umask(mask)
    draft.chmod(0o777 & ~mask)  # a temporary folder is private, an export is as other folders are
    draft.rename(out)
    placed.append(out)


def sign_in_folder(folder: Path, partner: str, key: SigningKey, *, name: str, role: str, login: str, at: str) -> Note:
    """Sign, on another machine, the note that an exported folder puts up; the ledger takes it in by `bring`.

    Everything in the folder is checked first, as far as it can be without keys. `at` is the time, ISO 8601 in UTC.
    Raises RefusedError for a folder that does not hold together, and for a partner who need not sign or has signed.
    """
    name, role = clean_name(name, "--name"), clean_name(role, "--role")
    if not is_exported(folder):
        refuse("this is not a folder that s75 export wrote: it has no 0001/note.txt", str(folder))
    found = look_through(folder)
    if found.differences:
        refuse(f"do not sign it; the folder does not hold together: {found.differences[0]}", str(folder))
    number, note = last_note(folder)
    if partner not in note.partners:
        refuse(f"{partner} is no partner that signs {note.period}; they are {listed(note.partners)}", str(folder))
    files = files_of(folder, number, names_of(note)[partner])
    if files.text.exists():
        refuse(f"{partner} has signed note {note.sequence} already", str(files.text))
    _refuse_one_for_two(folder, number, note, key, name)
    signed = Signed(
        note=note,
        partner=partner,
        name=name,
        role=role,
        at=at,
        login=clean_name(login, "--login"),
        program=signing_program(),
        fingerprint=key.fingerprint,
    )
    try:
        files.key.write_bytes(key.public.pem.encode())
        files.signature.write_bytes(key.sign(signed.text.encode()))
        files.text.write_bytes(signed.text.encode())  # last: what stands is whole
    except BaseException:
        for path in (files.text, files.signature, files.key):
            path.unlink(missing_ok=True)
        raise
    return note


def _refuse_one_for_two(folder: Path, number: int, note: Note, key: SigningKey, name: str) -> None:
    """As the ledger would, when it is brought back."""
    for code, called in names_of(note).items():
        files = files_of(folder, number, called)
        if files.text.exists():
            theirs = Signed.read(files.read(files.text), str(files.text))
            if theirs.fingerprint == key.fingerprint:
                refuse(f"this key has signed for {code}; one key signs for one partner", str(folder))
            if person(theirs.name) == person(name):
                refuse(f"{name} has signed for {code}; one person signs for one partner", str(folder))


def bring(ledger: Ledger, folder: Path) -> list[SignedOff]:
    """Take the signatures made in an exported folder into the ledger that it was exported from.

    On a server each login brings its own: signatures made under another are left for whoever made them.
    Raises RefusedError for a folder of another ledger or note, for a signature that does not hold, and for a key that
    is not the one the partner signs with; then none is taken.
    """
    at = stored(ledger)
    refuse_unless_writable(ledger)
    number, note = last_note(folder)
    done, of_others = [], []
    with in_refusals(ledger.name), at.store.transaction():
        row = signing.pending(at)
        if row is None or row.text != note.text:
            message = (
                f"the folder has note {note.sequence} of {note.period}, which is not the one that waits for "
                "signatures in this ledger"
            )
            refuse(message, str(folder))
        for partner, name in names_of(note).items():
            files = files_of(folder, number, name)
            if partner in row.signed_by or not files.text.exists():
                continue
            try:
                signed = Signed.read(files.read(files.text), str(files.text))
                if signed.partner != partner:
                    refuse(f"it is signed for {signed.partner}, in the file of {partner}", str(files.text))
                if at.store.knows_logins and signed.login != at.store.actor():
                    of_others.append(f"{partner}’s is by the login “{signed.login}”")
                    continue
                key = public_key_of(files.read(files.key), str(files.key))
                taken = signing.accept(at, row, signed, files.read(files.signature), key)
            except VerificationError as error:
                refuse(error.problem, error.where or str(files.text))
            done.append(taken)
            row = next(each for each in sealing.notes(at) if each.sequence == row.sequence)
    if not done:
        why = f"; {listed(of_others)}, which brings it in (s75 sign --login says which it is)" if of_others else ""
        refuse(f"there is no signature in the folder that the ledger does not have{why}", str(folder))
    return done


# --- what is written --------------------------------------------------------------------------------------------------


def _covering(ledger: StoredLedger, period: Period) -> list[NoteRow]:
    """The notes up to the one that covers the period: signed by all, or waiting for signatures."""
    rows = sealing.notes(ledger)
    covering = next((row.sequence for row in rows if row.period >= period and not row.is_withdrawn), None)
    if covering is None:
        message = (
            f"{period} was not signed, nor put up for signature; sign it (s75 sign), or export it to be signed "
            "elsewhere with --for-signature"
        )
        refuse(message, ledger.name)
    return [row for row in rows if row.sequence <= covering]


def _write_note(ledger: StoredLedger, row: NoteRow, folder: Path) -> None:
    folder.mkdir()
    (folder / "note.txt").write_bytes(row.text.encode())
    with (folder / "pack.json").open("wb") as file:
        for piece in sealing.sealed_pack(ledger, row.sequence):
            file.write(piece)
    names = names_of(Note.read(row.text, f"note {row.sequence}"))
    for signature in sealing.signatures(ledger, row.sequence):
        signed = Signed.read(signature.text, f"note {row.sequence}, signature of {signature.partner}")
        if signature.partner != signed.partner or not _SIGNATURE.fullmatch(signature.signature):
            refuse(f"a signature of note {row.sequence} is not as it was given: s75 verify", ledger.name)
        name = names[signature.partner]
        (folder / f"{name}.txt").write_bytes(signature.text.encode())
        (folder / f"{name}.sig").write_bytes(bytes.fromhex(signature.signature))
    statements = folder / "statements"
    statements.mkdir()
    for _, name, _, digest, _ in sealing.statements_of(ledger, row.sequence):
        if not _STATEMENT.fullmatch(name):  # whoever made the ledger does not say where we write
            refuse(f"a statement of note {row.sequence} is not called as statements are: s75 verify", ledger.name)
        (statements / name).write_bytes(document(ledger, digest))


def _write_evidence(ledger: StoredLedger, folder: Path) -> None:
    digests = sorted({attached.digest for attached in evidence(ledger)})
    if not digests:
        return
    folder.mkdir()
    for digest in digests:
        (folder / digest).write_bytes(document(ledger, digest))


def _write_read_me(ledger: StoredLedger, row: NoteRow, folder: Path) -> None:
    note = Note.read(row.text)
    names = names_of(note)
    text = READ_ME.format(
        title=ledger.agreement_at(row.period).title or note.agreement,
        year=note.year,
        sequence=note.sequence,
        period=note.period,
        number=f"{note.sequence:04}",
        code=names[note.partners[0]],
        keys=" ".join(f"--key {_quoted(f'{code}={name}.pub')}" for code, name in names.items()),
    )
    (folder / "READ ME.txt").write_text(text, encoding="utf-8", newline="\n")


def _quoted(text: str) -> str:
    """As a shell takes it for one word, here and on Windows."""
    return text if re.fullmatch(r"[A-Za-z0-9=._-]+", text) else f'"{text}"'
