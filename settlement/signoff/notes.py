"""The note that stands for a sealed period, and the text that a partner's signatory signs: written and read strictly.

A note is nine lines of text that name what was sealed by its digest, and the note before. A signed text is the note
and seven lines of the signatory's own; the signature is of exactly its bytes. Either has one writing: a text that reads
as a value is the text of that value, to the byte, and whatever differs from it is refused or is another value.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from hashlib import sha256
from typing import Never

from ledgers.refusing import NO_CONTROL
from rules.english import quoted
from rules.periods import FinancialYear, Period
from rules.problems import Problem, RefusedError
from settlement.signoff.errors import VerificationError
from settlement.signoff.keys import SIGNATURE_BYTES, PublicKey

LONGEST_BYTES = 16 * 1024
LONGEST_NAME = 200

_LONGEST_NOTE_BYTES = 8 * 1024  # so that every note leaves room to be signed
_LONGEST_SHOWN = 40
_TITLE = "S75 Settlement note 1"
_TITLE_OF_ANY = re.compile(r"S75 Settlement note [0-9]{1,9}")
_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
"""Control codes, Unicode's line breaks, bidi overrides, byte-order marks, halves of characters: they drive a terminal,
hide, or turn the order in which a text is read. A list and not `str.isprintable`, which differs between Pythons.
"""

_LEDGER = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SEQUENCE = re.compile(r"[1-9][0-9]{0,8}")
_PACK = re.compile(r"sha256 ([0-9a-f]{64}) ([1-9][0-9]{0,14})")
_DIGEST = re.compile(r"sha256 ([0-9a-f]{64})")
_AT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\+00:00")
_NOT_AN_ESCAPE = re.compile(r"%(?!20|25)")


@dataclass(frozen=True, slots=True)
class Note:
    """What was sealed. Raises VerificationError for values that no note can have.

    `ledger` is the ledger's own id, `partners` are the codes of all who must sign, `pack_digest` and `previous` are
    SHA-256 in hexadecimal; `previous`, of the note before, is None for sequence 1 alone.
    """

    ledger: str
    agreement: str
    year: FinancialYear
    sequence: int
    period: Period
    partners: tuple[str, ...]
    pack_digest: str
    pack_bytes: int
    previous: str | None

    def __post_init__(self) -> None:
        """Hold the values to their own text: a note is what its text says, and nothing else."""
        _hold(self, _note_values(_Lines(self.text, "", _LONGEST_NOTE_BYTES)))

    @property
    def text(self) -> str:
        """The note, every line ended by a line feed."""
        return (
            f"{_TITLE}\n"
            f"ledger: {self.ledger}\n"
            f"agreement: {self.agreement}\n"
            f"year: {self.year}\n"
            f"sequence: {self.sequence}\n"
            f"period: {self.period}\n"
            f"partners: {' '.join(map(_without_spaces, self.partners))}\n"
            f"pack: sha256 {self.pack_digest} {self.pack_bytes}\n"
            f"previous: {'none' if self.previous is None else f'sha256 {self.previous}'}\n"
        )

    @property
    def digest(self) -> str:
        """SHA-256 of the text, in hexadecimal: what the next note calls `previous`."""
        return sha256(self.text.encode()).hexdigest()

    @classmethod
    def read(cls, data: str | bytes, file: str = "") -> "Note":
        """The note whose text this is, to the byte. Raises VerificationError saying which line is not so, and why."""
        lines = _Lines(data, file, _LONGEST_NOTE_BYTES)
        values = _note_values(lines)
        lines.end()
        return cls(*values)


@dataclass(frozen=True, slots=True)
class Signed:
    """What a partner's signatory signs: the note, and who signs it, as what, when, from which login, with which key.

    Raises VerificationError for values that no signed text can have. `at` is in UTC, `2014-10-05T09:30:00+00:00`.
    """

    note: Note
    partner: str
    name: str
    role: str
    at: str
    login: str
    program: str
    fingerprint: str

    def __post_init__(self) -> None:
        """Hold the values to their own text."""
        _hold(self, _signed_values(_Lines(self.text, "", LONGEST_BYTES)))

    @property
    def text(self) -> str:
        """The note's text and the signatory's lines: exactly what the signature is of, in UTF-8."""
        return (
            f"{self.note.text}"
            f"signed for: {self.partner}\n"
            f"name: {self.name}\n"
            f"role: {self.role}\n"
            f"at: {self.at}\n"
            f"login: {self.login}\n"
            f"program: {self.program}\n"
            f"key: sha256 {self.fingerprint}\n"
        )

    @classmethod
    def read(cls, data: str | bytes, file: str = "") -> "Signed":
        """The signed text read, to the byte. Raises VerificationError saying which line is not so, and why."""
        lines = _Lines(data, file, LONGEST_BYTES)
        values = _signed_values(lines)
        lines.end()
        return cls(*values)


def clean_name(text: str, place: str) -> str:
    """A signatory's name or role as a note takes it, from what a person typed at `place`, such as `--name`.

    Raises RefusedError for one that is empty, too long or on more than one line, or that has control characters.
    """
    name = text.strip()
    if not any(character.isalnum() for character in name):
        message = "it is empty; write it out in full, as it is to stand on the statement"
    elif len(name) > LONGEST_NAME:
        message = f"it has {len(name):,} characters; {LONGEST_NAME} are the most"
    elif len(name.splitlines()) > 1:
        message = "it is on more than one line; write it on one"
    elif _UNFIT.search(name):
        message = NO_CONTROL
    else:
        return name
    raise RefusedError(Problem(message, place=place))


# --- signatures -------------------------------------------------------------------------------------------------------


def signatures_agree(signed: Signed, signature: bytes, keys: Sequence[PublicKey], where: str = "") -> None:
    """Nothing, if the signature is of this text by the one of these keys that the text names.

    Raises VerificationError that tells apart: a signature of a wrong length, a key that was not given, a signature by
    another of the keys, and one that does not match the text.
    """
    if len(signature) != SIGNATURE_BYTES:
        message = f"the signature has {len(signature):,} bytes, where Ed25519’s have {SIGNATURE_BYTES}"
        raise VerificationError(message, where)
    key = next((key for key in keys if key.fingerprint == signed.fingerprint), None)
    if key is None:
        message = f"it was signed with the key {signed.fingerprint}, which was not given"
        raise VerificationError(message, where)
    data = signed.text.encode()
    if key.verifies(signature, data):
        return
    for other in keys:
        if other.verifies(signature, data):
            message = f"the text names the key {key.fingerprint}, but {other.fingerprint} signed it"
            raise VerificationError(message, where)
    message = f"{signed.partner}’s signature does not match the text: one of the two was changed after it was signed"
    raise VerificationError(message, where)


def check_signature(
    signed_text: str | bytes,
    signature: bytes,
    keys_by_partner: Mapping[str, Sequence[PublicKey]],
    where: str = "",
) -> Signed:
    """What was signed, if the signature is of this text by a key that was given for the partner it is signed for.

    Raises VerificationError that tells apart: a malformed text, a key given under another partner's name, a partner
    for whom no key was given, a key that nobody gave, and a signature that does not match the text.
    """
    signed = Signed.read(signed_text, where)
    own = keys_by_partner.get(signed.partner, ())
    others = [(code, key) for code, keys in keys_by_partner.items() if code != signed.partner for key in keys]
    if signed.fingerprint not in {key.fingerprint for key in own}:
        for code, key in others:
            if key.fingerprint == signed.fingerprint:
                message = f"it is signed for {signed.partner} with the key that was given for {code}"
                raise VerificationError(message, where)
        if not own:
            message = f"no public key was given for {signed.partner}; ask that partner for it, and give it"
            raise VerificationError(message, where)
        message = (
            f"it is signed for {signed.partner} with a key that nobody gave: {signed.fingerprint}; "
            f"given for {signed.partner}: {', '.join(key.fingerprint for key in own)}"
        )
        raise VerificationError(message, where)
    for code, key in others:
        if key not in own and len(signature) == SIGNATURE_BYTES and key.verifies(signature, signed.text.encode()):
            message = f"it names a key of {signed.partner}, but was signed with the key that was given for {code}"
            raise VerificationError(message, where)
    signatures_agree(signed, signature, own, where)
    return signed


# --- reading ----------------------------------------------------------------------------------------------------------


class _Lines:
    """The lines of a text, taken one after the other; a refusal names the line that was taken last."""

    def __init__(self, data: str | bytes, file: str, longest_bytes: int) -> None:
        """Take a text that is bounded, UTF-8 without a byte-order mark, with nothing in it that hides or drives."""
        self._file = file
        self._number = 0
        # the length first: nothing else is done with a text of a gigabyte
        if len(data) > longest_bytes:
            self.refuse(f"it is longer than {longest_bytes // 1024} KiB, and so not what is signed here")
        try:
            text = data.decode() if isinstance(data, bytes) else data
            size = len(text.encode())
        except UnicodeError:
            self.refuse("it is not UTF-8 text")
        if size > longest_bytes:
            self.refuse(f"it is longer than {longest_bytes // 1024} KiB, and so not what is signed here")
        self._lines = text.split("\n")
        for number, line in enumerate(self._lines, 1):
            if found := _UNFIT.search(line):
                self._number = number
                self.refuse(f"it has the character U+{ord(found[0]):04X}, which does not print or hides what does")
        if self._lines[-1]:
            self._number = len(self._lines)
            self.refuse("the last line is not ended by a line feed")
        self._lines.pop()

    def refuse(self, problem: str) -> Never:
        """Raise VerificationError, at the line that was taken last."""
        if not self._number:
            raise VerificationError(problem, self._file)
        where = f"{self._file}:{self._number}" if self._file else f"line {self._number}"
        raise VerificationError(problem, where) from None

    def take(self) -> str:
        """The next line."""
        self._number += 1
        if self._number > len(self._lines):
            self.refuse("the text ends here, before its last line")
        return self._lines[self._number - 1]

    def value(self, key: str) -> str:
        """What the next line says of a key: `key: value`."""
        line = self.take()
        if not line.startswith(f"{key}: "):
            self.refuse(f"“{key}: ” and a value are expected here, not {_shown(line)}")
        return line.removeprefix(f"{key}: ")

    def matched(self, key: str, pattern: re.Pattern[str], example: str) -> re.Match[str]:
        """The same, of the one form that the value has."""
        value = self.value(key)
        found = pattern.fullmatch(value)
        if found is None:
            self.refuse(f"{_shown(value)} is not written as {example}")
        return found

    def words(self, key: str) -> str:
        """The same, of words: not empty, not too long, no spaces around them."""
        value = self.value(key)
        self.check_words(value)
        return value

    def check_words(self, value: str) -> None:
        """Refuse words that are none, too many, or have spaces around them."""
        if not value or value != value.strip():
            self.refuse(f"{_shown(value)} is empty or has spaces around it")
        if len(value) > LONGEST_NAME:
            self.refuse(f"{_shown(value)} has more than {LONGEST_NAME} characters")

    def end(self) -> None:
        """Refuse anything more."""
        self._number += 1
        if self._number <= len(self._lines):
            self.refuse(f"the text should have ended before {_shown(self._lines[self._number - 1])}")


_NoteValues = tuple[str, str, FinancialYear, int, Period, tuple[str, ...], str, int, str | None]
_SignedValues = tuple[Note, str, str, str, str, str, str, str]


def _note_values(lines: _Lines) -> _NoteValues:
    title = lines.take()
    if title != _TITLE:
        newer = "; a newer version of the program made it" if _TITLE_OF_ANY.fullmatch(title) else ""
        lines.refuse(f"“{_TITLE}” is expected here, not {_shown(title)}{newer}")
    ledger = lines.matched("ledger", _LEDGER, "a ledger’s id: 8-4-4-4-12 digits of 0–9 and a–f")[0]
    agreement = lines.words("agreement")
    year = _year(lines)
    sequence = int(lines.matched("sequence", _SEQUENCE, "1, 2, 3 …")[0])
    period = _period(lines)
    partners = _partners(lines)
    pack = lines.matched("pack", _PACK, "“sha256”, 64 digits of 0–9 and a–f, and a number of bytes")
    return ledger, agreement, year, sequence, period, partners, pack[1], int(pack[2]), _previous(lines, sequence)


def _signed_values(lines: _Lines) -> _SignedValues:
    note = Note(*_note_values(lines))
    partner = lines.words("signed for")
    if partner not in note.partners:
        lines.refuse(f"{_shown(partner)} is not among the partners who must sign this note")
    name, role, at = lines.words("name"), lines.words("role"), _at(lines)
    login, program = lines.words("login"), lines.words("program")
    key = lines.matched("key", _DIGEST, "“sha256” and 64 digits of 0–9 and a–f")
    return note, partner, name, role, at, login, program, key[1]


def _year(lines: _Lines) -> FinancialYear:
    value = lines.value("year")
    try:
        return FinancialYear.read(value)
    except ValueError:
        lines.refuse(f"{_shown(value)} is not a financial year, such as 2014/15")


def _period(lines: _Lines) -> Period:
    value = lines.value("period")
    period = Period.__members__.get(value)
    if period is None:
        lines.refuse(f"{_shown(value)} is not a period, M1 to M13")
    return period


def _partners(lines: _Lines) -> tuple[str, ...]:
    """Codes with one space between them; a space in a code is `%20`, and `%` itself `%25`."""
    partners = []
    for word in lines.value("partners").split(" "):
        if _NOT_AN_ESCAPE.search(word):
            lines.refuse(f"in {_shown(word)}, % is followed by neither 20 (a space) nor 25 (% itself)")
        code = word.replace("%20", " ").replace("%25", "%")
        lines.check_words(code)
        if code in partners:
            lines.refuse(f"{_shown(code)} is named twice")
        partners.append(code)
    return tuple(partners)


def _without_spaces(code: str) -> str:
    return code.replace("%", "%25").replace(" ", "%20")


def _previous(lines: _Lines, sequence: int) -> str | None:
    value = lines.value("previous")
    if sequence == 1:
        if value != "none":
            lines.refuse(f"sequence 1 has no note before it; “none” is expected here, not {_shown(value)}")
        return None
    found = _DIGEST.fullmatch(value)
    if found is None:
        lines.refuse(f"{_shown(value)} is not written as “sha256” and 64 digits of 0–9 and a–f")
    return found[1]


def _at(lines: _Lines) -> str:
    example = "2014-10-05T09:30:00+00:00"
    value = lines.matched("at", _AT, example)[0]
    try:
        datetime.fromisoformat(value)
    except ValueError:
        lines.refuse(f"{_shown(value)} is no time that there is; it is written as {example}")
    return value


def _hold(value: Note | Signed, said: _NoteValues | _SignedValues) -> None:
    """Refuse a value that its own text does not give back, such as a list where a tuple belongs."""
    for each, read in zip(fields(value), said, strict=True):
        own = getattr(value, each.name)
        if own != read:
            message = f"{_shown(str(own))} cannot be written in a note"
            raise VerificationError(message, each.name)


def _shown(value: str) -> str:
    """A stranger's words as a message shows them."""
    short = value if len(value) <= _LONGEST_SHOWN else value[:_LONGEST_SHOWN] + "…"
    return quoted(_UNFIT.sub("�", short))
