"""What each role of a shared ledger may do, as the database's own grants, row rules and triggers.

A grant says which tables a role adds rows to: none changes or takes out any, but for the kept totals. A row rule says
which rows: in the name of the login, and for the partner it approves for. The triggers keep what no grant can: that who
alone prepared a period does not approve it, that one login does not sign for two partners, that a note is of the whole
ledger and of all who must sign, and that rows are numbered without a gap. All of it binds logins with a role; the
schema's owner and superusers are above it, and against them stands the signature.
"""

from collections.abc import Iterable, Iterator, Mapping

from psycopg import sql

_TABLES = (
    "agreements", "alembic_version", "assents", "audit", "batches", "dispute_outcomes", "disputes", "documents",
    "evidence", "keys", "lines", "mappings", "measures", "meta", "note_statements", "notes", "pack_parts",
    "period_states", "signatures", "totals", "withdrawals",
)  # fmt: skip
_UNNUMBERED = {"alembic_version", "meta", "totals"}
_NEVER_WRITTEN = {"alembic_version", "meta"}
_WITH_ACTOR = (
    "agreements", "audit", "batches", "dispute_outcomes", "disputes", "evidence", "keys", "mappings", "notes",
    "period_states", "withdrawals",
)  # fmt: skip
_OF_PARTNER = ("assents", "disputes", "keys", "signatures")

_POSTING = {"batches", "lines", "mappings", "measures", "totals"}
_BY_ALL = {"audit", "dispute_outcomes", "documents", "evidence", "note_statements", "notes", "pack_parts"}
MAY_ADD: Mapping[str, frozenset[str]] = {
    "auditor": frozenset(),
    "preparer": frozenset(_POSTING | _BY_ALL),
    "manager": frozenset(_POSTING | _BY_ALL | {"agreements", "period_states", "withdrawals"}),
    "approver": frozenset(_BY_ALL | {"assents", "disputes", "keys", "period_states", "signatures"}),
}
"""Which tables each kind of role adds rows to."""

# The text of a signature is the note's own, and the signatory's lines after it.
_SIGNED = """
DECLARE
    noted text := (SELECT notes.text FROM notes WHERE notes.id = NEW.note);
    own text;
    since bigint;
BEGIN
    IF noted IS NULL THEN RAISE EXCEPTION 'the ledger has no note %', NEW.note; END IF;
    IF left(NEW.text, length(noted)) <> noted THEN
        RAISE EXCEPTION 'what is signed begins with the note as it was sealed';
    END IF;
    own := substr(NEW.text, length(noted) + 1);
    IF ARRAY(SELECT (regexp_matches(own, '^signed for: (.*)$', 'gn'))[1]) <> ARRAY[NEW.partner] THEN
        RAISE EXCEPTION 'what is signed names the partner that it is signed for, %', NEW.partner;
    END IF;
    IF ARRAY(SELECT (regexp_matches(own, '^login: (.*)$', 'gn'))[1]) <> ARRAY[session_user::text] THEN
        RAISE EXCEPTION 'what is signed names the login that brings it, %: it is of another', session_user;
    END IF;
    IF NOT replace(replace(NEW.partner, '%', '%25'), ' ', '%20')
            = ANY(string_to_array((regexp_match(noted, '^partners: (.*)$', 'n'))[1], ' ')) THEN
        RAISE EXCEPTION '% is not among the partners that sign this note', NEW.partner;
    END IF;
    IF EXISTS (SELECT 1 FROM signatures WHERE signatures.note = NEW.note
               AND ARRAY[session_user::text] = regexp_match(substr(signatures.text, length(noted) + 1),
                                                            '^login: (.*)$', 'n')) THEN
        RAISE EXCEPTION '% has signed this note for another partner; one person does not sign for two', session_user;
    END IF;
    since := COALESCE((
        SELECT max((notes.cut::json ->> 'batches')::bigint) FROM notes WHERE notes.id < NEW.note AND notes.signatories
            = (SELECT count(*) FROM signatures WHERE signatures.note = notes.id)), 0);
    IF EXISTS (SELECT 1 FROM batches WHERE batches.id > since)
            AND NOT EXISTS (SELECT 1 FROM batches WHERE batches.id > since AND batches.actor <> session_user) THEN
        RAISE EXCEPTION '% alone prepared what is signed, and does not approve it; another approver of % signs',
            session_user, NEW.partner;
    END IF;
    RETURN NEW;
END
"""
# One login does not assent for two partners either, to the same version.
_ASSENTED = """
BEGIN
    IF ARRAY(SELECT (regexp_matches(NEW.text, '^signed for: (.*)$', 'gn'))[1]) <> ARRAY[NEW.partner] THEN
        RAISE EXCEPTION 'what is signed names the partner that assents, %', NEW.partner;
    END IF;
    IF ARRAY(SELECT (regexp_matches(NEW.text, '^login: (.*)$', 'gn'))[1]) <> ARRAY[session_user::text] THEN
        RAISE EXCEPTION 'what is signed names the login that brings it, %: it is of another', session_user;
    END IF;
    IF EXISTS (SELECT 1 FROM assents WHERE assents.version = NEW.version
               AND ARRAY[session_user::text] = regexp_match(assents.text, '^login: (.*)$', 'n')) THEN
        RAISE EXCEPTION '% has assented for another partner; one person does not assent for two', session_user;
    END IF;
    RETURN NEW;
END
"""
_NOTED = """
BEGIN
    IF (NEW.cut::json ->> 'batches')::bigint IS DISTINCT FROM (SELECT COALESCE(max(id), 0) FROM batches) THEN
        RAISE EXCEPTION 'a note is of everything posted up to now';
    END IF;
    IF cardinality(string_to_array((regexp_match(NEW.text, '^partners: (.*)$', 'n'))[1], ' '))
            IS DISTINCT FROM NEW.signatories THEN
        RAISE EXCEPTION 'a note is signed by every partner that it names';
    END IF;
    RETURN NEW;
END
"""
# As `ledgers.trail` chains its entries; the server writes JSON as the program does.
_CHAINED = """
DECLARE
    previous text := COALESCE((SELECT audit.digest FROM audit WHERE audit.id = NEW.id - 1), '');
    written text := '[' || NEW.id || (
        SELECT string_agg(',' || to_json(part)::text, '' ORDER BY place)
        FROM unnest(ARRAY[NEW.at, NEW.actor, NEW.program, NEW.action, NEW.subject, NEW.detail])
        WITH ORDINALITY AS parts (part, place)) || ']';
BEGIN
    IF NEW.digest <> encode(sha256(convert_to(previous || chr(10) || written, 'UTF8')), 'hex') THEN
        RAISE EXCEPTION 'an entry of the audit trail is chained to the one before it';
    END IF;
    RETURN NEW;
END
"""
# Whoever writes waits here first, and so before holding anything that others wait for: raw SQL deadlocks nobody.
_TURN = "BEGIN PERFORM pg_advisory_xact_lock('batches'::regclass::oid::bigint); RETURN NULL; END"
# A number far beyond the next would leave no room for those after it, and what is posted cannot be taken out again.
_NUMBERED = """
DECLARE
    first bigint;
    last bigint;
    many bigint;
    before bigint;
BEGIN
    SELECT min(added.id), max(added.id), count(*) INTO first, last, many FROM added;
    EXECUTE format('SELECT COALESCE(max(id), 0) FROM %I WHERE id < $1', TG_TABLE_NAME) INTO before USING first;
    IF many > 0 AND (first <> before + 1 OR last - first + 1 <> many OR first < 1) THEN
        RAISE EXCEPTION 'rows of % are numbered one after the other', TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END
"""
_FUNCTIONS = {
    "s75_signed": _SIGNED,
    "s75_assented": _ASSENTED,
    "s75_noted": _NOTED,
    "s75_chained": _CHAINED,
    "s75_turn": _TURN,
    "s75_numbered": _NUMBERED,
}


def statements(schema: str, role_of: Mapping[str, str], approver_of: Mapping[str, str]) -> Iterator[sql.Composed]:
    """The SQL that puts the rules in force in place of those before, for the schema's owner to run in one transaction.

    `role_of` has the names of the roles `preparer`, `manager` and `auditor`; `approver_of`, by partner, the approvers'.
    """
    yield from _guards(schema)
    yield from _row_rules(schema, role_of, approver_of)
    yield from _grants(schema, role_of, approver_of)


def _guards(schema: str) -> Iterator[sql.Composed]:
    for name, body in _FUNCTIONS.items():
        function = sql.Identifier(schema, name)
        yield sql.SQL(
            "CREATE OR REPLACE FUNCTION {}() RETURNS trigger LANGUAGE plpgsql SET search_path = {}, pg_temp AS {}"
        ).format(function, sql.Identifier(schema), sql.Literal(body))
        yield sql.SQL("REVOKE ALL ON FUNCTION {}() FROM PUBLIC").format(function)
    for table in _TABLES:
        if table not in _NEVER_WRITTEN:
            yield _trigger(schema, table, "s75_turn", "BEFORE INSERT OR UPDATE", "STATEMENT")
        if table not in _UNNUMBERED:
            yield _trigger(schema, table, "s75_numbered", "AFTER INSERT", "STATEMENT", "REFERENCING NEW TABLE AS added")
    yield _trigger(schema, "signatures", "s75_signed", "BEFORE INSERT", "ROW")
    yield _trigger(schema, "assents", "s75_assented", "BEFORE INSERT", "ROW")
    yield _trigger(schema, "notes", "s75_noted", "BEFORE INSERT", "ROW")
    yield _trigger(schema, "audit", "s75_chained", "BEFORE INSERT", "ROW")


def _trigger(schema: str, table: str, name: str, when: str, each: str, seeing: str = "") -> sql.Composed:
    return sql.SQL("CREATE OR REPLACE TRIGGER {} {} ON {} {} FOR EACH {} EXECUTE FUNCTION {}()").format(
        sql.Identifier(name),
        sql.SQL(when),
        sql.Identifier(schema, table),
        sql.SQL(seeing),
        sql.SQL(each),
        sql.Identifier(schema, name),
    )


def _row_rules(schema: str, role_of: Mapping[str, str], approver_of: Mapping[str, str]) -> Iterator[sql.Composed]:
    """Not forced on the owner: it could not take a backup with pg_dump, and could switch them off all the same.

    Who is asked about is always `session_user`: a login stays itself after SET ROLE.
    """
    is_manager = _is_of([role_of["manager"]])
    is_approver = _is_of(approver_of.values())
    disputing = sql.SQL("(SELECT partner FROM {disputes} WHERE {disputes}.id = dispute)").format(
        disputes=sql.Identifier(schema, "disputes")
    )
    rules: dict[str, dict[str, sql.Composable]] = {}
    for table in _WITH_ACTOR:
        rules.setdefault(table, {})["s75_login"] = sql.SQL("actor = session_user::text")
    for table in _OF_PARTNER:
        rules.setdefault(table, {})["s75_partner"] = _is_approver_of(sql.Identifier("partner"), approver_of)
    rules["period_states"]["s75_state"] = sql.SQL("CASE WHEN state = 'signed' THEN {} ELSE {} END").format(
        is_approver, is_manager
    )
    rules["dispute_outcomes"]["s75_outcome"] = sql.SQL("outcome = 'carried' OR {}").format(
        _is_approver_of(disputing, approver_of)
    )
    for table, conditions in rules.items():
        on = sql.Identifier(schema, table)
        yield sql.SQL("ALTER TABLE {} ENABLE ROW LEVEL SECURITY").format(on)
        yield from _policy(on, "s75_read", sql.SQL("FOR SELECT USING (true)"))
        yield from _policy(on, "s75_add", sql.SQL("FOR INSERT WITH CHECK (true)"))
        for name, condition in conditions.items():
            yield from _policy(
                on, name, sql.SQL("AS RESTRICTIVE FOR INSERT WITH CHECK (({}) IS TRUE)").format(condition)
            )


def _policy(table: sql.Composable, name: str, rule: sql.Composable) -> Iterator[sql.Composed]:
    yield sql.SQL("DROP POLICY IF EXISTS {} ON {}").format(sql.Identifier(name), table)
    yield sql.SQL("CREATE POLICY {} ON {} {}").format(sql.Identifier(name), table, rule)


def _is_of(roles: Iterable[str]) -> sql.Composed:
    """Whether the login has one of the roles. By name: a role that is renamed lets nobody in until `init` is run."""
    asked = [sql.SQL("pg_has_role(session_user, {}, 'MEMBER')").format(sql.Literal(role)) for role in roles]
    return sql.SQL("({})").format(sql.SQL(" OR ").join(asked))


def _is_approver_of(partner: sql.Composable, approver_of: Mapping[str, str]) -> sql.Composed:
    cases = [sql.SQL("WHEN {} THEN {}").format(sql.Literal(code), _is_of([role])) for code, role in approver_of.items()]
    return sql.SQL("CASE {} {} ELSE false END").format(partner, sql.SQL(" ").join(cases))


def _grants(schema: str, role_of: Mapping[str, str], approver_of: Mapping[str, str]) -> Iterator[sql.Composed]:
    roles = [*role_of.items(), *(("approver", name) for name in approver_of.values())]
    everybody = sql.SQL(", ").join(sql.Identifier(name) for _, name in roles)
    tables = sql.SQL(", ").join(sql.Identifier(schema, table) for table in _TABLES)
    yield sql.SQL("REVOKE ALL ON {} FROM PUBLIC, {}").format(tables, everybody)
    yield sql.SQL("GRANT SELECT ON {} TO {}").format(tables, everybody)
    for kind, name in roles:
        for table in sorted(MAY_ADD[kind]):
            rights = sql.SQL("INSERT, UPDATE" if table == "totals" else "INSERT")
            yield sql.SQL("GRANT {} ON {} TO {}").format(rights, sql.Identifier(schema, table), sql.Identifier(name))
