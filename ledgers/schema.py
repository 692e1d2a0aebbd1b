"""What a ledger's file must be made of: exactly the tables, indexes and triggers that this program makes, no other.

SQLite believes what a file says of itself: a trigger that somebody put in runs when the program writes, a view or a
changed CHECK answers otherwise than the program's tables do. So the text of the whole schema is held against a digest
before anything else is asked of the file.
"""

import sqlite3
from functools import cache
from hashlib import sha256

from ledgers.connecting import first_read, in_sentences
from ledgers.refusing import visible
from rules.problems import Problem, RefusedError

SCHEMAS = {
    1: "cafa679a33efb9c03380ce691cd9cc2c0de4a226008b6505368faff2076a7056",
    2: "8411dde15ef7cc9330eb38c134586a0fdf4001aca1e5e1e19addd8e147daf198",
}
"""The digest of the schema of each version of the ledger. A test makes each by the migrations, and compares."""

_READ_AT_OPEN = ("totals", "measures", "agreements", "period_states")
_NAMED_AT_MOST = 5
_LONGEST_NAME = 60

Objects = dict[tuple[str, str], str]
"""What a schema is made of: its SQL text by type and name."""


class AlteredError(RefusedError):
    """The file's tables and guards are not those that this program makes. `differences` names each that differs."""

    def __init__(self, name: str, differences: tuple[str, ...]) -> None:
        """Of the ledger of that name."""
        shown = visible("; ".join(differences[:_NAMED_AT_MOST]))
        more = f" and {len(differences) - _NAMED_AT_MOST} more" if len(differences) > _NAMED_AT_MOST else ""
        message = (
            f"somebody changed how the file is made, so that nothing in it can be relied on ({shown}{more}); "
            "go back to a backup"
        )
        super().__init__(Problem(message, name))
        self.differences = differences


def check_schema(connection: sqlite3.Connection, version: int, name: str) -> None:
    """Raise AlteredError unless the file is made of what that version of the ledger is made of."""
    try:
        with in_sentences(name):
            first_read(connection)
            objects = objects_of(connection)
    except sqlite3.Error as error:  # neither of a kind that happens to a ledger of ours, nor of one of our statements
        raise AlteredError(name, (f"its schema cannot be read: {error}",)) from None
    if digest_of(objects) != SCHEMAS[version]:
        raise AlteredError(name, differences(objects, version))


def check_values(connection: sqlite3.Connection, name: str) -> None:
    """Raise RefusedError if what every settlement reads has text where numbers belong, or anything else it cannot have.

    STRICT keeps that out as rows are written. SQLite does not look again as they are read. (Of a file opened read-only
    it forgets the CHECKs: a period or state that is none is refused when somebody asks for it.)
    """
    with in_sentences(name):
        for table in _READ_AT_OPEN:
            ((found,), *_) = connection.execute(f"PRAGMA quick_check({table})").fetchall()
            if found != "ok":
                message = f"the file is damaged ({found}); go back to a backup"
                raise RefusedError(Problem(message, name))


def objects_of(connection: sqlite3.Connection) -> Objects:
    """What the file is made of. White space is no part of it: SQLAlchemy's may change."""
    return {
        (str(kind), str(name)): f"{table} {' '.join(str(sql or '').split())}"
        for kind, name, table, sql in connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema")
    }


def digest_of(objects: Objects) -> str:
    """The SHA-256 of a schema, whatever the order in which it was made."""
    return sha256(
        "\n".join(f"{kind} {name} {sql}" for (kind, name), sql in sorted(objects.items())).encode()
    ).hexdigest()


def differences(objects: Objects, version: int) -> tuple[str, ...]:
    """What is there and should not be, what is missing, and what is not as it should be."""
    expected = _made_by_the_migrations(version)
    return (
        *(f"{kind} “{name[:_LONGEST_NAME]}” was put in" for kind, name in sorted(objects.keys() - expected.keys())),
        *(f"{kind} “{name}” is missing" for kind, name in sorted(expected.keys() - objects.keys())),
        *(
            f"{kind} “{name}” was changed"
            for kind, name in sorted(objects.keys() & expected.keys())
            if objects[kind, name] != expected[kind, name]
        ),
    )


@cache
def _made_by_the_migrations(version: int) -> Objects:
    from ledgers.creating import schema_of  # noqa: PLC0415  only to say what was altered: migrations bring SQLAlchemy

    return schema_of(version)
