"""The roles of a ledger on a PostgreSQL server: made once by the schema's owner, and again when a partner joins.

They are group roles that nobody logs in as: a person's login is granted one. A server has its roles in common, so that
each is named by its schema and a digest of database, schema and the ledger's own id: what was granted for one ledger
says nothing of another that comes to stand in its place.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from urllib.parse import quote, urlencode

import psycopg
from psycopg import Connection, sql
from psycopg.conninfo import conninfo_to_dict

from ledgers.postgres import PostgresStore, check_version, connect_postgres, name_of, version_of
from ledgers.retrying import retried
from ledgers.server_rules import Version, statements
from ledgers.server_sentences import in_sentences
from ledgers.store import SCHEMA_VERSION
from ledgers.trail import record_migration
from rules.agreement import Agreement
from rules.english import listed
from rules.periods import Period
from rules.problems import Problem, RefusedError
from rules.reading import read_agreement
from rules.succession import partners_in_being

_KINDS = ("preparer", "manager", "auditor")
_ODD = re.compile(r"[^A-Za-z0-9_]")
_LONGEST_SCHEMA = 20
_LONGEST_CODE = 20


@dataclass(frozen=True, slots=True)
class Role:
    """A group role: `preparer`, `manager`, `auditor`, or `approver` of one `partner`."""

    kind: str
    name: str
    partner: str = ""


@dataclass(frozen=True, slots=True)
class ServerSetUp:
    """What was set up. Where `for_administrator` has SQL, nothing was: roles are wanting that the login cannot make.

    `url` is how a person opens the ledger, with LOGIN in place of hers. `upgraded_from` is the older version of the
    tables, where they were brought up to date.
    """

    roles: tuple[Role, ...]
    url: str
    made: tuple[str, ...] = ()
    upgraded_from: int | None = None
    for_administrator: tuple[str, ...] = ()


def _utc_now() -> datetime:
    return datetime.now(UTC)


@retried
def set_up_server(url: str, *, now: Callable[[], datetime] = _utc_now) -> ServerSetUp:
    """Make the ledger's roles and put its rules in force; bring older tables up to date. It can be run again.

    Raises RefusedError if there is no ledger, it is of a newer program, or the login does not own it.
    """
    with closing(connect_postgres(url)) as connection:
        return _set_up(PostgresStore(name_of(url), connection, writable=True), url, now)


def _set_up(store: PostgresStore, url: str, now: Callable[[], datetime]) -> ServerSetUp:
    version = version_of(store)
    check_version(version, store.name, oldest=1)
    ((schema, database),) = store.rows("SELECT current_schema(), current_database()")
    _refuse_unless_owner(store, schema)
    roles = _roles(store, database, schema)
    opened_as = _url(url, store.connection)
    there = dict(
        store.rows(
            "SELECT rolname, rolcanlogin OR rolsuper FROM pg_roles WHERE rolname = ANY(:names)",
            names=[role.name for role in roles],
        )
    )
    for name in (name for name, is_no_group in there.items() if is_no_group):
        message = f"the role “{name}” is one that people log in as; the ledger's roles are groups; drop or rename it"
        raise RefusedError(Problem(message, store.name))
    wanting = [role for role in roles if role.name not in there]
    making = [statement for role in wanting for statement in _making(role, database, schema)]
    ((may_make,),) = store.rows(
        "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = :login", login=store.actor()
    )
    if wanting and not may_make:
        told = tuple(f"{statement.as_string(store.connection)};" for statement in making)
        return ServerSetUp(roles, opened_as, for_administrator=told)

    def put_in_force() -> None:
        if version < SCHEMA_VERSION:
            record_migration(store, now(), version, SCHEMA_VERSION)
        for statement in (*making, *_rules(store, database, schema, roles)):
            store.connection.execute(statement)
        _refuse_unless_reached(store, database, schema, roles)

    with in_sentences(store.name, store.connection, is_posting=True):
        # The writers' turn, for the session: who changes tables under a writer would deadlock with her.
        store.connection.execute("SELECT pg_advisory_lock('batches'::regclass::oid::bigint)")
        _upgrade(store.connection, put_in_force)
    return ServerSetUp(
        roles,
        opened_as,
        made=tuple(role.name for role in wanting),
        upgraded_from=version if version < SCHEMA_VERSION else None,
    )


def _upgrade(connection: Connection, then: Callable[[], None]) -> None:
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415  migrations bring SQLAlchemy

    from ledgers.creating import upgrade_postgres  # noqa: PLC0415  the same

    try:
        upgrade_postgres(connection, then=then)
    except DBAPIError as error:
        if isinstance(error.orig, psycopg.Error):
            raise error.orig from None  # the driver's own, which has its sentence
        raise


def _refuse_unless_owner(store: PostgresStore, schema: str) -> None:
    ((owner, is_owner),) = store.rows(
        "SELECT pg_get_userbyid(relowner), pg_has_role(relowner, 'USAGE') FROM pg_class "
        "WHERE oid = CAST('alembic_version' AS regclass)"
    )
    if not is_owner:
        message = f"the ledger in the schema {schema} belongs to {owner}; its roles are set up with that login"
        raise RefusedError(Problem(message, store.name))


# The roles


def _roles(store: PostgresStore, database: str, schema: str) -> tuple[Role, ...]:
    """Preparer, manager and auditor, and an approver for each partner of each version of the agreement."""
    ((ledger,),) = store.rows("SELECT value FROM meta WHERE key = 'ledger'")
    digest = sha256(f"{database}\0{schema}\0{ledger}".encode()).hexdigest()[:8]
    start = f"s75_{_ODD.sub('_', schema)[:_LONGEST_SCHEMA]}_{digest}"
    codes: dict[str, None] = {}
    for _, agreement in _agreements(store):
        codes |= dict.fromkeys(partner.code for partner in agreement.partners)
    return (
        *(Role(kind, f"{start}_{kind}") for kind in _KINDS),
        *(Role("approver", f"{start}_approver_{_short(code)}", code) for code in codes),
    )


def _agreements(store: PostgresStore) -> Iterator[tuple[int, Agreement]]:
    for number, body in store.rows("SELECT id, body FROM agreements ORDER BY id"):
        yield number, read_agreement(body, file=f"{store.name}, agreement version {number}")


def _as_noted(number: int, agreement: Agreement) -> Version:
    """What the notes of a version of the agreement say of it."""
    signatories = tuple(
        " ".join(
            partner.code.replace("%", "%25").replace(" ", "%20") for partner in partners_in_being(agreement, period)
        )
        for period in Period
    )
    return Version(number, agreement.id, str(agreement.year), signatories)


def _short(code: str) -> str:
    """A partner's code as part of a role's name, which has room for 63 bytes: an odd one by its digest."""
    if len(code) <= _LONGEST_CODE and not _ODD.search(code):
        return code
    return f"{_ODD.sub('_', code)[: _LONGEST_CODE - 7]}_{sha256(code.encode()).hexdigest()[:6]}"


def _making(role: Role, database: str, schema: str) -> Iterator[sql.Composed]:
    of = f" of {role.partner}" if role.partner else ""
    about = f"S75 Settlement: {role.kind}{of}, ledger in schema {schema} of database {database}"
    name = sql.Identifier(role.name)
    yield sql.SQL("CREATE ROLE {} NOLOGIN").format(name)
    yield sql.SQL("COMMENT ON ROLE {} IS {}").format(name, sql.Literal(about))


# The rules


def _rules(store: PostgresStore, database: str, schema: str, roles: tuple[Role, ...]) -> Iterator[sql.Composed]:
    names = sql.SQL(", ").join(sql.Identifier(role.name) for role in roles)
    on = sql.Identifier(schema)
    ((owns_schema, owns_database),) = store.rows(
        "SELECT pg_has_role(nspowner, 'USAGE'), "
        "(SELECT pg_has_role(datdba, 'USAGE') FROM pg_database WHERE datname = current_database()) "
        "FROM pg_namespace WHERE nspname = current_schema()"
    )
    if owns_schema:
        # The schema `public` is not the ledger's alone: others may look into it, where every table keeps its own door.
        yield sql.SQL("REVOKE {} ON SCHEMA {} FROM PUBLIC").format(
            sql.SQL("CREATE" if schema == "public" else "ALL"), on
        )
        yield sql.SQL("REVOKE ALL ON SCHEMA {} FROM {}").format(on, names)
        yield sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(on, names)
    if owns_database:
        yield sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(sql.Identifier(database), names)
    yield from statements(
        schema,
        {role.kind: role.name for role in roles if not role.partner},
        {role.partner: role.name for role in roles if role.partner},
        [_as_noted(number, agreement) for number, agreement in _agreements(store)],
    )


def _refuse_unless_reached(store: PostgresStore, database: str, schema: str, roles: tuple[Role, ...]) -> None:
    """What only the owners of schema and database can grant, and this login is not."""
    ((reaches, connects, creates),) = store.rows(
        "SELECT bool_and(has_schema_privilege(rolname, :schema, 'USAGE')), "
        "bool_and(has_database_privilege(rolname, :database, 'CONNECT')), "
        "bool_or(has_schema_privilege(rolname, :schema, 'CREATE')) "
        "FROM pg_roles WHERE rolname = ANY(:names)",
        schema=schema,
        database=database,
        names=[role.name for role in roles],
    )
    wrong = [
        words
        for words, is_wrong in (
            (f"may not use the schema {schema}", not reaches),
            (f"may make tables of their own in the schema {schema}", creates),
            (f"may not connect to the database {database}", not connects),
        )
        if is_wrong
    ]
    if wrong:
        message = (
            f"the ledger's roles {listed(wrong)}, which its owner alone can change; nothing was set up; run this with "
            "the login that owns database and schema"
        )
        raise RefusedError(Problem(message, store.name))


def _url(url: str, connection: Connection) -> str:
    """The URL that a person opens, with LOGIN in place of hers, and no password."""
    told = conninfo_to_dict(url)
    info = connection.info
    apart = {"user", "password", "host", "port", "dbname", "hostaddr", "passfile", "sslpassword", "sslkey", "sslcert"}
    rest = {key: str(value) for key, value in told.items() if key not in apart and value is not None}
    host = str(told.get("host") or info.host)
    if ":" in host:
        host = f"[{host}]"  # a numeric address of the newer kind
    where = quote(host, safe=".,:[]-") + (f":{info.port}" if "," not in host else "")
    query = f"?{urlencode(rest, quote_via=quote)}" if rest else ""
    return f"postgresql://LOGIN@{where}/{quote(info.dbname, safe='')}{query}"
