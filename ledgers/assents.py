"""Assents: which partners have signed that they agree to a variation. What they sign is `settlement.signoff`'s.

The first version is assented to by the first sign-off. A later one is provisional until every partner in being at the
period that it stands from has assented, and every partner that was in being there before it.
"""

import re
from dataclasses import dataclass

from ledgers.ledger import Ledger
from ledgers.refusing import refuse
from ledgers.retrying import retried
from ledgers.stored import StoredLedger, to_change
from ledgers.trail import Action, record
from rules.english import listed
from rules.periods import Period
from rules.succession import asked_to_assent

_SIGNATURE = re.compile(r"[0-9a-f]{128}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Assent:
    """A partner's assent to a version of the agreement: the text that was signed, and its signature, hexadecimal."""

    id: int
    version: int
    partner: str
    text: str
    signature: str


def assents(ledger: Ledger, version: int | None = None) -> tuple[Assent, ...]:
    """The assents to a version, or all, in the order they were given. A folder has none."""
    if not isinstance(ledger, StoredLedger):
        return ()
    found = ledger.store.rows("SELECT id, version, partner, text, signature FROM assents ORDER BY id")
    return tuple(Assent(*row) for row in found if version is None or row[1] == version)


def awaiting(ledger: Ledger, version: int) -> tuple[str, ...]:
    """The codes of the partners who have still to assent to a version, in listed order: it is provisional till then.

    None of the first version, nor of a folder's. Raises RefusedError if there is no such version.
    """
    given = {assent.partner for assent in assents(ledger, version)}
    return tuple(code for code in _asked(ledger, version) if code not in given)


@retried
def add_assent(ledger: Ledger, version: int, partner: str, text: str, signature_hex: str) -> Assent:
    """Keep a partner's assent. Whether the signature is of the text and by the partner's key is the caller's to check.

    Refused for the first version, a partner that is not asked, one that has assented, or what is no signature.
    """
    changed = to_change(ledger)
    with changed.store.transaction():
        asked = _asked(changed, version)
        if not asked:
            refuse("version 1 of the agreement is assented to by the first sign-off", ledger.name)
        if partner not in asked:
            message = (
                f"“{partner}” is not a partner in being at {_from(changed, version)}, where version {version} of the "
                f"agreement stands from; they are {listed(asked)}"
            )
            refuse(message, ledger.name)
        if partner not in awaiting(changed, version):
            refuse(f"{partner} has assented to version {version} of the agreement already", ledger.name)
        if not text or not _SIGNATURE.fullmatch(signature_hex):
            refuse("an assent is a text and its signature, 64 bytes written as 128 hexadecimal digits", ledger.name)
        ((number,),) = changed.store.rows("SELECT COALESCE(MAX(id), 0) + 1 FROM assents")
        changed.store.run(
            "INSERT INTO assents (id, version, partner, text, signature) "
            "VALUES (:id, :version, :partner, :text, :signature)",
            id=number,
            version=version,
            partner=partner,
            text=text,
            signature=signature_hex,
        )
        left = awaiting(changed, version)
        detail = f"{partner} assents; {f'awaiting {listed(left)}' if left else 'every partner has'}"
        record(changed.store, changed.now(), Action.ASSENT, f"version {version}", detail)
    return Assent(number, version, partner, text, signature_hex)


def _asked(ledger: Ledger, version: int) -> tuple[str, ...]:
    """The codes of the partners whose assent a version needs."""
    start = _from(ledger, version)
    if version == 1 or not isinstance(ledger, StoredLedger):
        return ()
    earlier = [each.id for each in ledger.versions() if each.id < version and each.from_period <= start]
    return asked_to_assent(ledger.agreement_of(max(earlier)), ledger.agreement_of(version), start)


def _from(ledger: Ledger, version: int) -> Period:
    found = next((each.from_period for each in ledger.versions() if each.id == version), None)
    if found is None:
        refuse(f"the ledger has no version {version} of the agreement", ledger.name)
    return found
