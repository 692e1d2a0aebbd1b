"""Whose key is whose, as a ledger keeps it: a partner goes on with the key it first signed with, until it replaces it.

This keeps honest people from signing with a wrong key; it proves nothing to an auditor, who brings the keys herself.
"""

from ledgers import Ledger
from ledgers.refusing import reason_given, refuse, refuse_unless_writable
from ledgers.sealing import stored
from ledgers.signing_keys import Key, add_key, key_in_use, keys
from settlement.signoff.keys import PublicKey
from settlement.signoff.notes import clean_name
from settlement.signoff.people import person


def know_key(ledger: Ledger, partner: str, key: PublicKey, *, name: str, role: str, reason: str) -> None:
    """Take the key for the partner's if it has none. Raises RefusedError if it has another, or the key is another's."""
    standing = key_in_use(ledger, partner)
    if standing is None:
        _refuse_if_of_another(ledger, partner, key)
        add_key(ledger, partner, name, role, key.pem, key.fingerprint, replaces=None, reason=reason)
    elif standing.fingerprint == key.fingerprint:
        if person(standing.name) != person(name):
            message = (
                f"this is the key of {standing.name}, and not of {name}; sign under that name, or with a key of your "
                f"own, once it replaces this one: s75 key replace {ledger.name} --as {partner} --key NEW.pub …"
            )
            refuse(message, ledger.name)
    else:
        _refuse_if_of_another(ledger, partner, key)
        in_use = f"{partner} signs with the key {standing.fingerprint[:16]}… of {standing.name}"
        if any(known.fingerprint == key.fingerprint for known in keys(ledger, partner)):
            refuse(f"this key ({key.fingerprint[:16]}…) was replaced, and signs no more; {in_use}", ledger.name)
        message = (
            f"{in_use}, not with this one ({key.fingerprint[:16]}…); say first that it replaces that one: "
            "s75 key replace"
        )
        refuse(message, ledger.name)


def replace_key(ledger: Ledger, partner: str, key: PublicKey, *, name: str, role: str, reason: str) -> Key:
    """Say that a key replaces the one that a partner signs with; what that one signed goes on to verify with it.

    Raises RefusedError without a reason, if the partner has no key yet, and for a key that is known already.
    """
    at = stored(ledger)
    refuse_unless_writable(ledger)
    name, role = clean_name(name, "--name"), clean_name(role, "--role")
    why = reason_given(reason, "why the key is replaced", ledger.name)
    with at.store.transaction():
        standing = key_in_use(ledger, partner)
        if standing is None:
            refuse(f"{partner} has signed with no key yet; the first that it signs with is taken", ledger.name)
        known = next((each for each in keys(ledger) if each.fingerprint == key.fingerprint), None)
        if known is not None:
            refuse(f"this key is known already, as {known.partner}’s; make a new one: s75 key new", ledger.name)
        return add_key(ledger, partner, name, role, key.pem, key.fingerprint, replaces=standing.id, reason=why)


def _refuse_if_of_another(ledger: Ledger, partner: str, key: PublicKey) -> None:
    owner = next((known for known in keys(ledger) if known.fingerprint == key.fingerprint), None)
    if owner is not None and owner.partner != partner:
        refuse(f"this key is {owner.partner}’s; one key signs for one partner", ledger.name)
