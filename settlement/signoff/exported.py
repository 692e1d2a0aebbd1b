"""The auditor's check of an exported folder, without its ledger: files, digests, signatures, and the rules run again.

The notes come first: their signatures, and that each names the one before. A pack is read when its digest is the one
in its note, and a signature stands on that note or on a later one: what nobody signed is not looked into. Then its rows
are replayed from the first note on, and what the pack says they come to must be just what they come to.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISLNK, S_ISREG

from ledgers.refusing import refuse
from rules.english import listed
from rules.periods import Period
from settlement.file_naming import plain_names
from settlement.signoff.errors import VerificationError
from settlement.signoff.keys import SIGNATURE_BYTES, PublicKey
from settlement.signoff.notes import LONGEST_BYTES, Note, Signed, check_signature
from settlement.signoff.packfile import PackDigest
from settlement.signoff.replayed import Packs, Paper
from settlement.signoff.report import IN_A_FOLDER, Report

_PIECE = 1 << 20
_LONGEST_FILE = 64 * 1024
_DIGEST = re.compile(r"[0-9a-f]{64}")
_NUMBER = re.compile(r"[0-9]{4}")


@dataclass(frozen=True, slots=True)
class SignedFiles:
    """A partner's files beside a note."""

    text: Path
    signature: Path
    key: Path

    @staticmethod
    def read(path: Path) -> bytes:
        """A small file's bytes. Raises VerificationError for one that is not there, cannot be read or is too long."""
        return _small(path)


def is_exported(folder: Path) -> bool:
    """Whether a folder is one that was exported: it has the first note in it."""
    return (folder / "0001" / "note.txt").exists()


def names_of(note: Note) -> dict[str, str]:
    """How each partner's files are called, whatever its code holds: two codes never have one name."""
    return plain_names(note.partners, besides=("note", "pack"))


def files_of(folder: Path, number: int, name: str) -> SignedFiles:
    """A partner's files at a note."""
    at = folder / f"{number:04}"
    return SignedFiles(at / f"{name}.txt", at / f"{name}.sig", at / f"{name}.pub")


def last_note(folder: Path) -> tuple[int, Note]:
    """The last note of an exported folder, and its number. Raises RefusedError if it is none that can be read."""
    numbers = list(_numbers(folder))
    if not numbers:
        refuse("this is not a folder that s75 export wrote: it has no 0001/note.txt", str(folder))
    path = folder / f"{numbers[-1]:04}" / "note.txt"
    try:
        return numbers[-1], Note.read(_small(path), str(path))
    except VerificationError as error:
        refuse(error.problem, error.where)


def verify_export(folder: Path, keys: Mapping[str, Sequence[PublicKey]], period: Period | None = None) -> Report:
    """Check everything in an exported folder, up to the note that covers a period (all of it without one)."""
    return _Exported(folder, keys, period).report


def look_through(folder: Path) -> Report:
    """The same without keys: whether the folder holds together, whoever signed it."""
    return _Exported(folder, None, None).report


def _numbers(folder: Path) -> Iterator[int]:
    number = 1
    while (folder / f"{number:04}" / "note.txt").exists():
        yield number
        number += 1


def _plain_file(path: Path) -> Path:
    """The path, if a plain file is there. Raises VerificationError if not.

    To open a pipe would wait for whoever writes to it, and a link leads to what is not in the folder.
    """
    try:
        mode = path.lstat().st_mode
    except (OSError, ValueError):
        message = "the file is missing"
        raise VerificationError(message, str(path)) from None
    if not S_ISREG(mode):
        message = "it is a link" if S_ISLNK(mode) else "it is no file"
        message += "; s75 export writes plain files and no others"
        raise VerificationError(message, str(path))
    return path


def _small(path: Path) -> bytes:
    try:
        with _plain_file(path).open("rb") as file:
            data = file.read(_LONGEST_FILE + 1)
    except OSError as error:
        message = f"the file cannot be read: {error.strerror or error}"
        raise VerificationError(message, str(path)) from None
    if len(data) > _LONGEST_FILE:
        message = f"the file is longer than {_LONGEST_FILE // 1024} KiB, and so not one that s75 export writes"
        raise VerificationError(message, str(path))
    return data


@dataclass(frozen=True, slots=True)
class _Found:
    """A note of the folder, with its signatures that hold."""

    note: Note
    signed: tuple[Signed, ...]

    @property
    def left(self) -> list[str]:
        """The partners whose signature is not among them."""
        return [code for code in self.note.partners if code not in {each.partner for each in self.signed}]


class _Exported:
    """One run over one folder."""

    def __init__(self, folder: Path, keys: Mapping[str, Sequence[PublicKey]] | None, period: Period | None) -> None:
        """With the auditor's keys; without, signatures are only looked at."""
        self._folder, self._keys = folder, keys
        self.report = Report()
        self.report.unknowable.append(IN_A_FOLDER)
        self._packs = Packs()
        self._statements: dict[int, set[str]] = {}
        with self.report.telling(str(folder)):
            try:
                self._check(period)
            except OSError as error:
                self.report.add_difference(f"{error.filename or folder} cannot be read: {error.strerror or error}")

    def _check(self, period: Period | None) -> None:
        numbers = list(_numbers(self._folder))
        found = self._chain(numbers, period)
        trusted = [at for at, each in enumerate(found, 1) if each.signed or self._keys is None]
        read = self._check_packs(found[: max(trusted, default=0)])
        self._check_signatories(found, read)
        self._check_evidence()
        if len(found) == len(numbers):
            self._look_for_more(found)
        if not found:
            self.report.add_difference("there is no note 0001/note.txt: nothing was signed, or it was taken out")
        elif period is not None and not any(each.note.period >= period and not each.left for each in found):
            self.report.add_difference(f"{period} is not signed by every partner")

    def _chain(self, numbers: Sequence[int], period: Period | None) -> list[_Found]:
        """The notes in sequence, each with its signatures that hold; up to the one that covers the period."""
        found: list[_Found] = []
        for number in numbers:
            path = self._folder / f"{number:04}" / "note.txt"
            try:
                note = Note.read(_small(path)[: LONGEST_BYTES + 1], str(path))
                self._check_chain(number, note, found[-1].note if found else None, str(path))
            except VerificationError as error:
                self.report.add_difference(str(error))
                return found  # what comes after rests on this one
            found.append(_Found(note, tuple(self._signatures(number, note))))
            if period is not None and note.period >= period and not found[-1].left:
                return found
        return found

    def _check_packs(self, found: Sequence[_Found]) -> int:
        """From the first on: what a pack opens with is what those before it come to. Says how many could be read."""
        sound: list[_Found] = []
        read = 0
        for number, each in enumerate(found, 1):
            told = len(self.report.differences)
            path = self._folder / f"{number:04}" / "pack.json"
            try:
                wrong, statements = self._packs.read(_signed_pack(path, each.note), each.note)
                wrong += self._packs.assents_lacking(each.note, self._keys)
            except VerificationError as error:
                self.report.add_difference(str(error) if error.where == str(path) else f"{path}: {error}")
                break
            read = number
            for sentence in wrong:
                self.report.add_difference(f"{path}: {sentence}")
            self._check_statements(statements, path.parent / "statements")
            if len(self.report.differences) == told and each.signed:
                sound.append(each)
        for each in sound:
            if each.note.sequence not in self._packs.withdrawn:
                self.report.add_verified(each.note, each.signed, _facts(each.note))
        return read

    def _check_signatories(self, found: Sequence[_Found], read: int) -> None:
        """Who signed each note, by the packs of those after it; what no pack tells of yet is only noticed."""
        packs = self._packs
        for number, each in enumerate(found, 1):
            named = f"Note {number} ({each.note.period})"
            if number < read:
                in_pack = {code for note, code in packs.signatures if note == number}
                for code in sorted(in_pack ^ {signed.partner for signed in each.signed}):
                    told = "is in a later pack, and not, or not rightly, in the folder"
                    other = "is in the folder, and in no later pack"
                    self.report.add_difference(f"{named}: the signature of {code} {told if code in in_pack else other}")
                self._compare_signatures(number, each)
                if each.left and number not in packs.withdrawn:
                    self.report.add_difference(
                        f"{named} has no signature of {listed(each.left)}, and was not withdrawn"
                    )
                elif not each.left and number in packs.withdrawn:
                    self.report.add_difference(f"{named} is said to be withdrawn, and every partner signed it")
                elif each.left:
                    self.report.remarks.append(f"{named} was withdrawn: {listed(each.left)} had not signed.")
            elif each.left and number < len(found):
                remark = f"{named} has no signature of {listed(each.left)}: it was withdrawn, as far as can be seen."
                self.report.remarks.append(remark)
            elif each.left and self._keys is not None:
                self.report.remarks.append(f"{named} waits for the signature of {listed(each.left)}.")

    def _compare_signatures(self, number: int, found: _Found) -> None:
        """A partner can sign a note twice; it is the first time that is sealed by the next."""
        for code, name in names_of(found.note).items():
            if (number, code) not in self._packs.signatures or code in found.left:
                continue
            files = files_of(self._folder, number, name)
            text, signature = _small(files.text).decode(errors="replace"), _small(files.signature).hex()
            if self._packs.signatures[number, code] != (text, signature):
                message = f"it is another signature of {code} than the one that the pack of a later note has"
                self.report.add_difference(f"{files.signature}: {message}")

    def _look_for_more(self, found: Sequence[_Found]) -> None:
        """What is in the folder and no part of it: later notes without one between them, files put in beside."""
        last = len(found)
        for path in sorted(self._folder.iterdir()):
            if not _NUMBER.fullmatch(path.name):
                continue
            number = int(path.name)
            if number > last:
                self.report.add_difference(f"{path.name} is there, and {last + 1:04} before it is missing")
            elif number == 0:
                self.report.add_difference(f"{path.name} is there; notes count from 0001")
            else:
                self._look_beside(path, found[number - 1].note)

    def _look_beside(self, folder: Path, note: Note) -> None:
        known = {"note.txt", "pack.json", "statements"}
        known |= {f"{name}.{kind}" for name in names_of(note).values() for kind in ("txt", "sig", "pub")}
        found = [path for path in folder.iterdir() if path.name not in known]
        statements = folder / "statements"
        if self._statements.get(note.sequence) is not None and statements.is_dir():
            found += [path for path in statements.iterdir() if path.name not in self._statements[note.sequence]]
        for path in sorted(found):
            self.report.add_difference(f"{path}: it is no part of what was signed; it was put in beside")

    def _check_chain(self, number: int, note: Note, before: Note | None, where: str) -> None:
        if note.sequence != number:
            message = f"this is note {note.sequence}, put in the place of note {number}"
            raise VerificationError(message, where)
        if before is None:
            return
        if note.ledger != before.ledger:
            message = "this note is of another ledger than the one before it"
            raise VerificationError(message, where)
        if note.previous != before.digest:
            message = f"it follows a note whose SHA-256 is {note.previous}; the one before it here has {before.digest}"
            raise VerificationError(message, where)

    # Signatures

    def _signatures(self, number: int, note: Note) -> list[Signed]:
        found = []
        for code, name in names_of(note).items():
            files = files_of(self._folder, number, name)
            if not files.text.exists() and not files.signature.exists():
                continue
            try:
                found.append(self._signature(files, note, code))
            except VerificationError as error:
                self.report.add_difference(str(error))
        return found

    def _signature(self, files: SignedFiles, note: Note, partner: str) -> Signed:
        text, signature = _small(files.text), _small(files.signature)
        if self._keys is None:
            signed = Signed.read(text, str(files.text))
            if len(signature) != SIGNATURE_BYTES:
                message = f"a signature has {SIGNATURE_BYTES} bytes, this one {len(signature):,}"
                raise VerificationError(message, str(files.signature))
        else:
            signed = check_signature(text, signature, self._keys, str(files.text))
        if signed.partner != partner:
            message = f"it is signed for {signed.partner}, in the file of {partner}"
            raise VerificationError(message, str(files.text))
        if signed.note != note:
            message = f"it is a signature of another note ({signed.note.sequence}, {signed.note.period}) than note.txt"
            raise VerificationError(message, str(files.text))
        return signed

    # Files that a pack names

    def _check_statements(self, statements: Sequence[Paper], folder: Path) -> None:
        self._statements[int(folder.parent.name)] = {each.name for each in statements}
        for each in statements:
            if Path(each.name).name != each.name or each.name in {"", ".", ".."}:
                self.report.add_difference(f"{folder}: a statement is called {each.name[:80]!r}, which no file is")
                continue
            self._check_file(folder / each.name, each)

    def _check_evidence(self) -> None:
        """Every document that a pack knows as evidence is there; others were attached since, or put there."""
        known = {each.digest: each for each in self._packs.evidence()}
        folder = self._folder / "evidence"
        for digest, paper in sorted(known.items()):
            if not _DIGEST.fullmatch(digest):
                self.report.add_difference(f"{folder}: a document has the digest {digest[:80]!r}, which is none")
                continue
            self._check_file(folder / digest, paper)
        if not folder.is_dir():
            return
        for path in sorted(folder.iterdir()):
            if path.name not in known:
                told = f"{path} is in no pack that was checked: it was attached later, or put there by somebody."
                self.report.remarks.append(told)

    def _check_file(self, path: Path, paper: Paper) -> None:
        try:
            found, size = _digest_of(path, paper.size)
        except VerificationError as error:
            self.report.add_difference(str(error))
            return
        if (found, size) != (paper.digest, paper.size):
            more = "more than " if size > paper.size else ""
            self.report.add_difference(
                f"{path}: its SHA-256 is {found} over {more}{size:,} bytes, where {paper.digest} over "
                f"{paper.size:,} was signed"
            )


def _signed_pack(path: Path, note: Note) -> Iterator[bytes]:
    """The pack's bytes, once it is known that they are those whose digest was signed; and held to it as they go by."""
    digest, size = _digest_of(path, note.pack_bytes)
    if (digest, size) != (note.pack_digest, note.pack_bytes):
        more = "more than " if size > note.pack_bytes else ""
        message = (
            f"it is not the pack that was signed: its SHA-256 is {digest} over {more}{size:,} bytes, where "
            f"{note.pack_digest} over {note.pack_bytes:,} was signed"
        )
        raise VerificationError(message, str(path))
    return _held(path, note)


def _held(path: Path, note: Note) -> Iterator[bytes]:
    again = PackDigest()
    yield from again.tee(_pieces(path))
    if again.sha256 != note.pack_digest:
        message = "somebody changed it while it was read"
        raise VerificationError(message, str(path))


def _facts(note: Note) -> tuple[str, ...]:
    return (
        f"Its pack of {note.pack_bytes:,} bytes has the digest that was signed",
        "The rules, run again over its rows, give the settlement in it",
    )


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def _digest_of(path: Path, at_most: int | None = None) -> tuple[str, int]:
    """SHA-256 and size; of a file that is longer than it may be, no more is read than shows that."""
    digest = PackDigest()
    try:
        for piece in _pieces(_plain_file(path)):
            digest.add(piece)
            if at_most is not None and digest.size_bytes > at_most:
                break
    except OSError as error:
        message = f"the file cannot be read: {error.strerror or error}"
        raise VerificationError(message, str(path)) from None
    return digest.sha256, digest.size_bytes
