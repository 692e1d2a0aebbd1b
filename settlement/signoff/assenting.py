"""A partner's assent to a variation of the agreement: signed like a note, and asked for before a period is.

A version from the second on is provisional until every partner in being at its first period has assented. The first
is assented to by the first sign-off, whose pack holds it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ledgers import Ledger
from ledgers.assents import Assent as AssentRow
from ledgers.assents import add_assent, assents, awaiting
from ledgers.ledger import Version
from ledgers.refusing import refuse, refuse_unless_writable
from ledgers.sealing import meta, stored
from rules.english import listed
from settlement.signoff.errors import VerificationError, in_refusals
from settlement.signoff.keys import PublicKey, SigningKey
from settlement.signoff.known_keys import know_key
from settlement.signoff.notes import clean_name
from settlement.signoff.people import login_of, person, signing_program

_LONGEST = 16 * 1024
_TEXT = re.compile(
    r"S75 Settlement assent 1\n"
    r"ledger: (?P<ledger>[0-9a-f-]{36})\n"
    r"version: (?P<version>[1-9][0-9]{0,8})\n"
    r"from: (?P<start>M[1-9][0-3]?)\n"
    r"agreement: sha256 (?P<digest>[0-9a-f]{64})\n"
    r"signed for: (?P<partner>[^\n]{1,200})\n"
    r"name: (?P<name>[^\n]{1,200})\n"
    r"role: (?P<role>[^\n]{1,200})\n"
    r"at: (?P<at>[0-9T:+-]{25})\n"
    r"login: (?P<login>[^\n]{1,200})\n"
    r"program: (?P<program>[^\n]{1,200})\n"
    r"key: sha256 (?P<fingerprint>[0-9a-f]{64})\n"
)


@dataclass(frozen=True, slots=True)
class AssentText:
    """What a signatory signs to assent: which version, by its own digest, and who she is. Every part is a text."""

    ledger: str
    version: str
    start: str
    digest: str
    partner: str
    name: str
    role: str
    at: str
    login: str
    program: str
    fingerprint: str

    @property
    def text(self) -> str:
        """Exactly what the signature is of, in UTF-8."""
        return (
            "S75 Settlement assent 1\n"
            f"ledger: {self.ledger}\n"
            f"version: {self.version}\n"
            f"from: {self.start}\n"
            f"agreement: sha256 {self.digest}\n"
            f"signed for: {self.partner}\n"
            f"name: {self.name}\n"
            f"role: {self.role}\n"
            f"at: {self.at}\n"
            f"login: {self.login}\n"
            f"program: {self.program}\n"
            f"key: sha256 {self.fingerprint}\n"
        )

    @classmethod
    def read(cls, text: str, where: str = "") -> "AssentText":
        """The text read, to the byte. Raises VerificationError for one that is not such a text."""
        found = _TEXT.fullmatch(text) if len(text) <= _LONGEST else None
        if found is None:
            message = "it is not the text of an assent"
            raise VerificationError(message, where)
        return cls(**found.groupdict())


def assent(ledger: Ledger, version: int, partner: str, key: SigningKey, *, name: str, role: str) -> tuple[str, ...]:
    """Sign a partner's assent to a version of the agreement; the partners still to assent.

    Raises RefusedError for a version that needs no assent or that the partner has assented to, and for a wrong key.
    """
    at = stored(ledger)
    refuse_unless_writable(ledger)
    name, role = clean_name(name, "--name"), clean_name(role, "--role")
    with in_refusals(ledger.name), at.store.transaction():
        varied = next((each for each in ledger.versions() if each.id == version), None)
        if version == 1:
            refuse("version 1 is assented to by the first sign-off; only a variation is assented to", ledger.name)
        if varied is None:
            known = listed(f"version {each.id}" for each in ledger.versions() if each.id > 1)
            told = f"there is {known}" if known else "the agreement was not varied"
            refuse(f"there is no version {version} to assent to; {told}", ledger.name, place="--version")
        left = awaiting(ledger, version)
        if not left:
            refuse(f"every partner has assented to version {version} already", ledger.name)
        if partner not in left:
            message = f"version {version} does not wait for {partner}’s assent; it waits for that of {listed(left)}"
            refuse(message, ledger.name)
        _refuse_one_for_two(ledger, version, name)
        know_key(ledger, partner, key.public, name=name, role=role, reason=f"assented to version {version}")
        text = AssentText(
            ledger=meta(at)["ledger"],
            version=str(version),
            start=str(varied.from_period),
            digest=varied.digest,
            partner=partner,
            name=name,
            role=role,
            at=at.now().isoformat(timespec="seconds"),
            login=login_of(at),
            program=signing_program(),
            fingerprint=key.fingerprint,
        ).text
        AssentText.read(text)  # what cannot be read again is not to be signed
        add_assent(ledger, version, partner, text, key.sign(text.encode()).hex())
    return tuple(code for code in left if code != partner)


def _refuse_one_for_two(ledger: Ledger, version: int, name: str) -> None:
    for row in assents(ledger, version):
        theirs = AssentText.read(row.text)
        if person(theirs.name) == person(name):
            refuse(f"{name} has assented for {theirs.partner}; one person assents for one partner", ledger.name)


def check_assent(
    row: AssentRow, versions: Sequence[Version], ledger_id: str, keys: Mapping[str, Sequence[PublicKey]]
) -> AssentText:
    """What was assented to, if it is signed by a key given for the partner. Raises VerificationError."""
    where = f"assent of {row.partner} to version {row.version}"
    told = AssentText.read(row.text, where)
    version = next((each for each in versions if each.id == row.version), None)
    expected = (ledger_id, str(row.version), row.partner)
    if version is None or (told.ledger, told.version, told.partner) != expected:
        message = "it is signed of another ledger or version, or for another partner"
        raise VerificationError(message, where)
    if (told.digest, told.start) != (version.digest, str(version.from_period)):
        message = "the agreement it was given to is not the one that the ledger has"
        raise VerificationError(message, where)
    given = keys.get(row.partner, ())
    key = next((each for each in given if each.fingerprint == told.fingerprint), None)
    if key is None:
        message = "it is signed with a key that was not given for the partner"
        raise VerificationError(message, where)
    try:
        signature = bytes.fromhex(row.signature)
    except ValueError:
        signature = b""
    if row.signature != signature.hex() or not key.verifies(signature, row.text.encode()):
        message = "the signature does not match the text"
        raise VerificationError(message, where)
    return told
