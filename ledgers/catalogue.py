"""What a ledger's schema on a server must be made of: exactly the tables and guards that the migrations make.

Its owner can take a trigger off, or put a view in a table's place that answers as it likes. So what the server's own
catalogue says of the schema is held against what the migrations make, object by object. Nothing here depends on the
schema's name, nor on how a version of PostgreSQL writes an expression out. The rules that `s75 server init` adds
(all are called s75_…) are held by name: they are all there, or none is; what some of them say differs by ledger.
"""

from collections.abc import Iterator
from hashlib import sha256
from itertools import groupby
from typing import Any, Protocol

from ledgers.catalogue_made import MADE
from ledgers.refusing import visible
from ledgers.server_rules import TABLES, guards, row_rules_of
from rules.problems import Problem, RefusedError

Objects = dict[tuple[str, str], str]
"""What a schema is made of, by kind and name, each as the catalogue has it."""

_NAMED_AT_MOST = 5
_KINDS = {"v": "a view", "m": "a materialized view", "f": "a foreign table", "p": "a partitioned table"}
# Qualified throughout: whoever owns a schema could put a catalogue of her own before the server's.
_OURS = """
    FROM pg_catalog.pg_class AS our JOIN pg_catalog.pg_namespace AS space
    ON space.oid = our.relnamespace AND space.nspname = current_schema() AND our.relname = ANY(:tables)
    AND our.relkind NOT IN ('i', 'I')
"""
_TABLES = f"""
    SELECT our.relname, our.relkind, our.relpersistence, our.relhasrules, our.relispartition OR EXISTS (
        SELECT 1 FROM pg_catalog.pg_inherits WHERE our.oid IN (inhrelid, inhparent)) {_OURS}
"""  # noqa: S608  our names, here and below
_COLUMNS = f"""
    SELECT our.relname, attname, pg_catalog.format_type(atttypid, atttypmod), attnotnull, atthasdef, attidentity,
        attgenerated, attcollation = typcollation {_OURS}
    JOIN pg_catalog.pg_attribute ON attrelid = our.oid AND attnum > 0 AND NOT attisdropped
    JOIN pg_catalog.pg_type ON pg_type.oid = atttypid ORDER BY our.relname, attnum
"""
_CONSTRAINTS = f"""
    SELECT our.relname, conname, contype, convalidated, condeferrable, condeferred, other.relname,
        other.relnamespace = our.relnamespace {_OURS}
    JOIN pg_catalog.pg_constraint ON conrelid = our.oid AND contype IN ('c', 'f', 'p', 'u', 'x')
    LEFT JOIN pg_catalog.pg_class AS other ON other.oid = confrelid ORDER BY our.relname, conname
"""
_INDEXES = f"""
    SELECT our.relname, made.relname, indisvalid, indkey, indpred IS NULL, indexprs IS NULL {_OURS}
    JOIN pg_catalog.pg_index ON indrelid = our.oid AND indisunique
    JOIN pg_catalog.pg_class AS made ON made.oid = indexrelid ORDER BY our.relname, made.relname
"""
_TRIGGERS = f"""
    SELECT our.relname, tgname, tgisinternal, tgenabled IN ('O', 'A'), proname, pronamespace = our.relnamespace,
        tgtype, tgqual IS NULL, tgnargs, tgattr, tgdeferrable, tgoldtable, tgnewtable {_OURS}
    JOIN pg_catalog.pg_trigger ON tgrelid = our.oid JOIN pg_catalog.pg_proc ON pg_proc.oid = tgfoid
    ORDER BY our.relname, tgname
"""
_FUNCTIONS = """
    SELECT proname, prosrc, lanname, prosecdef, prokind, pg_catalog.format_type(prorettype, NULL),
        proconfig = ARRAY['search_path=' || quote_ident(current_schema()) || ', pg_temp']
    FROM pg_catalog.pg_proc JOIN pg_catalog.pg_language ON pg_language.oid = prolang
    JOIN pg_catalog.pg_namespace AS space ON space.oid = pronamespace AND space.nspname = current_schema()
    WHERE left(proname, 6) = 'refuse' AND pronargs = 0 ORDER BY proname
"""
_POLICIES = f"""
    SELECT our.relname, our.relrowsecurity, our.relforcerowsecurity, polname, polcmd, polpermissive,
        polroles = CAST('{{0}}' AS oid[]), pg_catalog.pg_get_expr(polqual, polrelid) {_OURS}
    LEFT JOIN pg_catalog.pg_policy ON polrelid = our.oid ORDER BY our.relname, polname
"""


class _Asked(Protocol):
    """The store of a server, as far as its catalogue is asked."""

    name: str

    def rows(self, sql: str, **values: object) -> list[tuple[Any, ...]]: ...


def refuse_unless_tables(store: _Asked) -> None:
    """Raise RefusedError if something else stands in a table's place: what it answers cannot be relied on."""
    found = [told for table, told in _no_tables(store).items() if told != _missing(table)]
    if found:
        shown = visible("; ".join(found[:_NAMED_AT_MOST]))
        more = f" and {len(found) - _NAMED_AT_MOST} more" if len(found) > _NAMED_AT_MOST else ""
        message = (
            f"somebody changed how the ledger is made, so that nothing in it can be relied on ({shown}{more}); "
            "go back to a backup"
        )
        raise RefusedError(Problem(message, store.name))


def differences(store: _Asked) -> list[str]:
    """What is there and should not be, what is missing, and what is not as it should be; in sentences."""
    no_tables = _no_tables(store)
    found = {key: digest_of(text) for key, text in objects_of(store).items() if _table_of(*key) not in no_tables}
    expected = {key: digest for key, digest in MADE.items() if _table_of(*key) not in no_tables}
    told = [
        *no_tables.values(),
        *(f"the {kind} {name} {_are(kind)} missing" for kind, name in sorted(expected.keys() - found.keys())),
        *(
            f"the {kind} {name} {_are(kind)} not as the program makes {'them' if _are(kind) == 'are' else 'it'}"
            for kind, name in sorted(expected.keys() & found.keys())
            if expected[kind, name] != found[kind, name]
        ),
        *(
            f"the {kind} {name} {_are(kind)} none of the program’s"
            for kind, name in sorted(found.keys() - expected.keys())
            if kind != "function"  # one that no trigger of the ledger calls does nothing here
        ),
        *_switched_off(store),
        *_rules(store),
    ]
    return [visible(each) for each in told]


def objects_of(store: _Asked) -> Objects:
    """What the schema is made of, but for the rules of `s75 server init`."""
    objects: Objects = {}
    for kind, query in (("columns of", _COLUMNS), ("constraints of", _CONSTRAINTS), ("unique indexes of", _INDEXES)):
        for table, rows in groupby(_of_ours(store, query), key=lambda row: str(row[0])):
            if table != "alembic_version":  # Alembic's own
                objects[kind, table] = repr(list(rows))
    for table, name, is_internal, _, *rest in _of_ours(store, _TRIGGERS):
        if not is_internal and not name.startswith("s75_"):
            objects["trigger", f"{name} on {table}"] = repr(rest)
    for name, source, *rest in store.rows(_FUNCTIONS):
        objects["function", name] = repr((" ".join(source.split()), rest))
    return objects


def digest_of(text: str) -> str:
    """As `MADE` has it: half of the SHA-256, in hexadecimal."""
    return sha256(text.encode()).hexdigest()[:32]


def _of_ours(store: _Asked, query: str) -> list[tuple[Any, ...]]:
    return store.rows(query, tables=list(TABLES))


def _are(kind: str) -> str:
    return "are" if kind.endswith(" of") else "is"


def _table_of(kind: str, name: str) -> str:
    return "" if kind == "function" else name.rpartition(" on ")[2]


def _missing(table: str) -> str:
    return f"the table {table} is missing"


def _no_tables(store: _Asked) -> dict[str, str]:
    """What is wrong with those that are no ordinary tables, or are not there."""
    found = {name: rest for name, *rest in _of_ours(store, _TABLES)}
    wrong: dict[str, str] = {}
    for table in TABLES:
        kind, persistence, has_rules, inherits = found.get(table, ("", "p", False, False))
        if table not in found:
            wrong[table] = _missing(table)
        elif kind != "r":
            wrong[table] = f"{table} is {_KINDS.get(kind, 'something else')}, not a table"
        elif persistence != "p":
            wrong[table] = f"{table} is unlogged: it would be empty after a crash of the server"
        elif has_rules:
            wrong[table] = f"{table} has a rewrite rule, so that it does not do what it is asked to"
        elif inherits:
            wrong[table] = f"{table} inherits from another table, or another from it, so that rows of both are mixed"
    return wrong


def _switched_off(store: _Asked) -> Iterator[str]:
    """Triggers, and the server's own checks between tables, that are there and do nothing."""
    off: dict[str, None] = {}
    for table, name, is_internal, is_on, *_ in _of_ours(store, _TRIGGERS):
        if not is_on:
            told = (
                f"the checks of {table} against other tables are"
                if is_internal
                else f"the trigger {name} on {table} is"
            )
            off[f"{told} switched off"] = None
    yield from off


def _rules(store: _Asked) -> Iterator[str]:
    """What is wrong with the rules of `s75 server init`, if any of them is there."""
    triggers = {
        (table, name): (function, is_ours)
        for table, name, is_internal, _, function, is_ours, *_ in _of_ours(store, _TRIGGERS)
        if not is_internal and name.startswith("s75_")
    }
    policies = _of_ours(store, _POLICIES)
    named = {(row[0], row[3]) for row in policies if row[3] is not None}
    if triggers.keys() & {*guards()} or named & {*row_rules_of()}:
        again = "its owner runs “s75 server init URL” again"
        yield from (
            f"the rule {name} on {table} is missing; {again}" for table, name in sorted({*guards()} - triggers.keys())
        )
        yield from (
            f"the row rule {name} on {table} is missing; {again}" for table, name in sorted({*row_rules_of()} - named)
        )
    for (table, name), (function, is_ours) in triggers.items():
        if (table, name) not in {*guards()} or function != name or not is_ours:
            yield f"the rule {name} on {table} is none of the program’s"
    for table, name in sorted(named - {*row_rules_of()}):
        yield f"the row rule {name} on {table} is none of the program’s"
    yield from dict.fromkeys(_row_rules_amiss(policies))


def _row_rules_amiss(policies: list[tuple[Any, ...]]) -> Iterator[str]:
    for table, is_on, is_forced, name, command, is_permissive, is_for_all, condition in policies:
        reads = name == "s75_read"
        if reads and (command, is_permissive, is_for_all, condition) != ("r", True, True, "true"):
            yield f"the row rule {name} on {table} hides rows"
        elif name is not None and not reads and command != "a":
            yield f"the row rule {name} on {table} is for more than adding rows"
        if is_forced or is_on != (name is not None):
            told = "forced on its owner" if is_forced else "switched off" if name else "switched on, and there are none"
            yield f"the row rules of {table} are {told}"
