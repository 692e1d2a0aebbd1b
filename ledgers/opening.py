"""Which store a ledger's name means, and how it is opened or made."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from ledgers.file_paths import whole
from ledgers.ledger import Ledger
from rules.problems import Problem, RefusedError

_POSTGRES = ("postgresql://", "postgres://")


def _utc_now() -> datetime:
    return datetime.now(UTC)


def open_ledger(where: str | Path, *, read_only: bool = False, now: Callable[[], datetime] = _utc_now) -> Ledger:
    """Open the ledger at a path (`.s75` file or folder) or `postgresql://` URL.

    A file is held for this process alone unless it is opened read-only; readers are many and hold nothing. A folder
    is read into memory, and nothing in it is ever written. `now` is the clock that postings are dated by.
    Raises RefusedError if there is no ledger there, it is not one, it is of a newer program, or another process
    holds it.
    """
    if str(where).startswith(_POSTGRES):
        from ledgers.postgres import open_postgres  # noqa: PLC0415  psycopg only for those who use it

        return open_postgres(str(where), read_only=read_only, now=now)
    path = Path(where)
    try:
        is_folder, is_there = whole(path).is_dir(), whole(path).exists()
    except OSError as error:  # a name that is too long, a share that is gone
        raise RefusedError(Problem(f"the ledger cannot be looked for: {error.strerror or error}", str(where))) from None
    if is_folder:
        from ledgers.folder import FolderLedger  # noqa: PLC0415  the file form does not need the reader of CSV

        return FolderLedger(path)
    if not is_there:
        raise RefusedError(
            Problem("there is no such ledger; make one with “s75 new FILE --agreement agreement.toml”", file=str(where))
        )
    from ledgers.sqlite import open_sqlite  # noqa: PLC0415  a folder does not need SQLite

    return open_sqlite(path, read_only=read_only, now=now)


def create_ledger(
    where: str | Path, agreement_text: str, *, file: str = "agreement.toml", now: Callable[[], datetime] = _utc_now
) -> Ledger:
    """Make a new ledger of the agreement (the TOML text of `file`) and open it for writing.

    Raises RefusedError if the agreement does not hold together or something is there already: it never overwrites.
    """
    from ledgers.creating import create_postgres, create_sqlite  # noqa: PLC0415  migrations bring SQLAlchemy, 0.3 s

    if not str(where).strip() or Path(where) == Path():
        raise RefusedError(Problem("name the file to make"))
    if str(where).startswith(_POSTGRES):
        return create_postgres(str(where), agreement_text, file=file, now=now)
    return create_sqlite(Path(where), agreement_text, file=file, now=now)
