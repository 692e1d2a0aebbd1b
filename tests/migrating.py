"""New ledgers for tests made quickly: what the migrations do to an empty store is noted once, and then done again.

Alembic takes a tenth of a second to work out the same statements, and the suite makes thousands of ledgers. The first
ledger of a process on each kind of store is made by the migrations themselves, and so is every ledger that is brought
up to date: see `tests/ledgers/test_migrations.py`, which also holds that both ways make the same ledger.
"""

import re
from collections.abc import Callable

import sqlalchemy as sa

from ledgers import creating
from ledgers.store import SCHEMA_VERSION

migrate: Callable[[sa.Connection, str], int] = creating._upgrade
"""What the program does."""
_PLAIN = re.compile(r"[a-z][0-9a-f]{12}")
"""A schema's name of the tests' own: it needs no quotation marks, and stands in a statement for nothing else."""
_HERE = "<this schema>"
_READS = ("SELECT", "PRAGMA", "BEGIN")
_noted: dict[str, list[str]] = {}


def migrate_quickly(connection: sa.Connection, revision: str) -> int:
    """Do what the migrations do, by their own statements if an empty store of this kind was migrated before."""
    kind, schema = connection.dialect.name, ""
    if kind == "postgresql":
        schema = str(connection.scalar(sa.text("SELECT current_schema()")))
        there = "SELECT count(*) FROM pg_class WHERE relnamespace = quote_ident(current_schema())::regnamespace"
    else:
        there = "SELECT count(*) FROM sqlite_master WHERE tbl_name <> 'alembic_version'"
    if revision != "head" or connection.scalar(sa.text(there)) or (schema and not _PLAIN.fullmatch(schema)):
        return migrate(connection, revision)
    if kind not in _noted:
        _noted[kind] = _note(connection, schema)
        if schema:  # all at once, and as psycopg takes what has no parameters
            _noted[kind] = [";\n".join(_noted[kind]).replace("%%", "%")]
        return SCHEMA_VERSION
    driver = connection.connection.driver_connection
    assert driver is not None
    if kind == "sqlite":
        for statement in _noted[kind]:
            driver.execute(statement)
    else:
        driver.execute(_noted[kind][0].replace(_HERE, schema))
    return SCHEMA_VERSION


def _note(connection: sa.Connection, schema: str) -> list[str]:
    statements: list[str] = []

    def noting(_: object, __: object, statement: str, parameters: object, *___: object) -> None:
        if not statement.lstrip().startswith(_READS):
            assert not parameters, statement
            statements.append(statement.replace(schema, _HERE) if schema else statement)

    sa.event.listen(connection, "before_cursor_execute", noting)
    try:
        migrate(connection, "head")
    finally:
        sa.event.remove(connection, "before_cursor_execute", noting)
    return statements
