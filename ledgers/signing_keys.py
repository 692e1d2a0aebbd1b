"""The public keys of those who sign for the partners, as the ledger has them: rows only.

They say whose key is whose while a year is signed. An auditor does not take them from here but from the partners.
"""

import re
from dataclasses import dataclass

from ledgers.ledger import Ledger
from ledgers.refusing import one_line, refuse, without_control
from ledgers.retrying import retried
from ledgers.stored import StoredLedger, to_change
from ledgers.trail import Action, record
from rules.english import listed
from rules.periods import Period

_FINGERPRINT = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Key:
    """A public key (PEM) of a partner's signatory. `fingerprint` is the SHA-256 of its DER form, hexadecimal.

    `replaces` is the key of the same partner that it stands in place of, and `reason` why. `at` is ISO 8601, UTC.
    """

    id: int
    partner: str
    name: str
    role: str
    public_key: str
    fingerprint: str
    replaces: int | None
    reason: str
    at: str
    actor: str


def keys(ledger: Ledger, partner: str | None = None) -> tuple[Key, ...]:
    """The keys of a partner, or of all, in the order they were added. A folder has none."""
    if not isinstance(ledger, StoredLedger):
        return ()
    found = ledger.store.rows(
        "SELECT id, partner, name, role, public_key, fingerprint, replaces, reason, added_at, actor FROM keys "
        "ORDER BY id"
    )
    return tuple(Key(*row) for row in found if partner is None or row[1] == partner)


def key_in_use(ledger: Ledger, partner: str) -> Key | None:
    """The key that signs for a partner now: the last that none replaces. None if the partner has no key."""
    of_partner = keys(ledger, partner)
    replaced = {key.replaces for key in of_partner}
    return next((key for key in reversed(of_partner) if key.id not in replaced), None)


@retried
def add_key(
    ledger: Ledger,
    partner: str,
    name: str,
    role: str,
    public_key_pem: str,
    fingerprint: str,
    *,
    replaces: int | None = None,
    reason: str = "",
) -> Key:
    """Keep a partner's public key, the first, or one that replaces the key in use, with a reason.

    Whether the PEM is a key and the fingerprint its own is the caller's to check. Refused for an unknown partner, a
    key that is in the ledger already (one key cannot sign for two partners), and a second key that replaces none.
    """
    changed = to_change(ledger)
    who, what, why = (
        without_control(one_line(text), place, ledger.name)
        for place, text in (("name", name), ("role", role), ("reason", reason))
    )
    if not who or not what:
        refuse("say who signs with the key: a full name and a role", ledger.name)
    if not public_key_pem or not _FINGERPRINT.fullmatch(fingerprint):
        refuse("a key is its PEM text and its fingerprint, 64 hexadecimal digits", ledger.name)
    with changed.store.transaction():
        _refuse_unless_a_partner(changed, partner)
        _refuse_if_known(changed, partner, fingerprint)
        _refuse_unless_it_follows(changed, partner, replaces, why)
        ((number,),) = changed.store.rows("SELECT COALESCE(MAX(id), 0) + 1 FROM keys")
        now = changed.now()
        at, actor = now.isoformat(timespec="seconds"), changed.store.actor()
        key = Key(number, partner, who, what, public_key_pem, fingerprint, replaces, why, at, actor)
        changed.store.run(
            "INSERT INTO keys (id, partner, name, role, public_key, fingerprint, replaces, reason, added_at, actor) "
            "VALUES (:id, :partner, :name, :role, :public_key, :fingerprint, :replaces, :reason, :at, :actor)",
            id=key.id,
            partner=key.partner,
            name=key.name,
            role=key.role,
            public_key=key.public_key,
            fingerprint=key.fingerprint,
            replaces=key.replaces,
            reason=key.reason,
            at=key.at,
            actor=key.actor,
        )
        detail = f"{who}, {what}, signs for {partner}; sha256 {fingerprint}"
        if replaces is not None:
            detail += f"; in place of key {replaces}: {why}"
        record(changed.store, now, Action.KEY, f"key {number}", detail)
    return key


def _refuse_unless_a_partner(ledger: StoredLedger, partner: str) -> None:
    """Of any version of the agreement: a successor's key may be there before it is in being."""
    known = dict.fromkeys(code for period in Period for code in ledger.agreement_at(period).partner_of)
    if partner not in known:
        refuse(f"“{partner}” is not a partner of the agreement; they are {listed(known)}", ledger.name)


def _refuse_if_known(ledger: StoredLedger, partner: str, fingerprint: str) -> None:
    known = next((key for key in keys(ledger) if key.fingerprint == fingerprint), None)
    if known is None:
        return
    if known.partner != partner:
        message = f"this is {known.partner}’s key ({known.name}, key {known.id}); one key cannot sign for two partners"
        refuse(message, ledger.name)
    refuse(f"the ledger has this key already, as key {known.id} of {partner}", ledger.name)


def _refuse_unless_it_follows(ledger: StoredLedger, partner: str, replaces: int | None, reason: str) -> None:
    in_use = key_in_use(ledger, partner)
    if in_use is None:
        if replaces is not None:
            refuse(f"{partner} has no key yet for this one to replace", ledger.name)
        return
    if replaces != in_use.id:
        message = (
            f"{partner} signs with key {in_use.id} ({in_use.name}); say that the new key replaces key {in_use.id}, "
            "and why"
        )
        refuse(message, ledger.name)
    if not reason:
        refuse(f"say why key {in_use.id} is replaced: give a reason", ledger.name)
