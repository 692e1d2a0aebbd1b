"""The texts of agreements: of each version that a ledger has, in force or not, and of a file that may become one."""

from pathlib import Path

from ledgers.ledger import Ledger
from ledgers.refusing import refuse
from ledgers.stored import StoredLedger
from rules.periods import Period


def text_of_version(ledger: Ledger, version: int) -> str:
    """The text (TOML) of a version of the agreement, as it was put in. Raises RefusedError if there is none of it."""
    texts: list[str] = []
    if isinstance(ledger, StoredLedger):
        texts = [row[0] for row in ledger.store.rows("SELECT body FROM agreements WHERE id = :id", id=version)]
    elif version == 1:
        texts = [ledger.agreement_text_at(Period.M13)]
    if not texts:
        refuse(f"the ledger has no version {version} of the agreement", ledger.name)
    return texts[0]


def text_of_file(path: Path) -> str:
    """The text of an agreement's file. Raises RefusedError if it cannot be read, or is not UTF-8."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        refuse("the text is not UTF-8; save it as UTF-8", str(path))
    except OSError as error:
        refuse(f"the file cannot be read: {error.strerror or error}", str(path))
