"""What each role of a shared ledger may do, as the database's own grants, row rules and triggers.

A grant says which tables a role adds rows to: none changes or takes out any, but for the kept totals. A row rule says
which rows: in the name of the login, and for the partner it approves for. The triggers keep what no grant can: that who
alone prepared a period does not approve it, that one login does not sign for two partners, that a note is to the letter
what the program would write of this ledger and of all who must sign, and that rows are numbered without a gap. All of
it binds logins with a role; the schema's owner and superusers are above it, and against them stands the signature.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from psycopg import sql

from ledgers.sealing import SEALED_COLUMNS

TABLES = (
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


@dataclass(frozen=True, slots=True)
class Version:
    """What a note says of a version of the agreement: its id, its year, and all who sign, for each period from M1 on.

    `signatories` are as a note writes them: codes with one space between, a space in a code as %20 and % as %25.
    """

    number: int
    agreement: str
    year: str
    signatories: tuple[str, ...]


# The text of a signature is the note's own, and the signatory's seven lines after it (`settlement.signoff.notes`).
_WORDS = r"(?:\S|\S[^\n]{0,198}\S)"
_OWN_LINES = (
    rf"^signed for: ([^\n]+)\nname: {_WORDS}\nrole: {_WORDS}\nat: ([^\n]+)\nlogin: ([^\n]+)\nprogram: {_WORDS}\n"
    r"key: sha256 [0-9a-f]{64}\n$"
)
_TIME = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\+00:00$"
_SIGNED = f"""
DECLARE
    noted text := (SELECT notes.text FROM notes WHERE notes.id = NEW.note);
    own text;
    told text[];
    since bigint;
BEGIN
    IF noted IS NULL THEN RAISE EXCEPTION 'the ledger has no note %', NEW.note; END IF;
    IF left(NEW.text, length(noted)) <> noted THEN
        RAISE EXCEPTION 'what is signed begins with the note as it was sealed';
    END IF;
    own := substr(NEW.text, length(noted) + 1);
    told := regexp_match(own, '{_OWN_LINES}');
    IF told IS NULL OR own ~ '[\\u0001-\\u0009\\u000b-\\u001f\\u007f]' OR told[2] !~ '{_TIME}'
            OR told[2]::timestamptz IS NULL THEN
        RAISE EXCEPTION 'what is signed is the note and the seven lines of who signs it, as the program writes them';
    END IF;
    IF told[1] <> NEW.partner THEN
        RAISE EXCEPTION 'what is signed names the partner that it is signed for, %', NEW.partner;
    END IF;
    IF told[3] <> session_user THEN
        RAISE EXCEPTION 'what is signed names the login that brings it, %: it is of another', session_user;
    END IF;
    IF NEW.signature !~ '^[0-9a-f]{{128}}$' THEN
        RAISE EXCEPTION 'a signature is 128 digits of 0-9 and a-f';
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
"""  # noqa: S608  ours
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
# To the letter: a note that no program can read could neither be signed nor withdrawn, and one that names fewer
# partners than there are would make a period final without the others.
_NOTED = """
DECLARE
    in_force bigint := (SELECT COALESCE(max(agreements.id), 1) FROM agreements
                        WHERE agreements.from_period <= NEW.period);
    agreed text := CASE in_force {agreed} END;
    signing text := CASE in_force {signing} END;
    before text := COALESCE((SELECT 'sha256 ' || encode(sha256(convert_to(notes.text, 'UTF8')), 'hex')
                             FROM notes ORDER BY notes.id DESC LIMIT 1), 'none');
    pack text := (regexp_match(NEW.text, '\\npack: sha256 ([0-9a-f]{64} [1-9][0-9]{0,14})\\nprevious: '))[1];
BEGIN
    IF agreed IS NULL THEN
        RAISE EXCEPTION 'version % of the agreement came after the rules of this ledger; the owner runs '
            '“s75 server init URL” again', in_force;
    END IF;
    IF COALESCE((SELECT period_states.state FROM period_states WHERE period_states.period = NEW.period
                 ORDER BY period_states.id DESC LIMIT 1), 'open') <> 'held' THEN
        RAISE EXCEPTION 'a period is put up for signature while it is held';
    END IF;
    IF EXISTS (SELECT 1 FROM notes WHERE notes.id NOT IN (SELECT withdrawals.note FROM withdrawals)
               AND notes.signatories <> (SELECT count(*) FROM signatures WHERE signatures.note = notes.id)) THEN
        RAISE EXCEPTION 'a note is put up when no other waits for signatures';
    END IF;
    IF NEW.cut IS DISTINCT FROM {cut} THEN
        RAISE EXCEPTION 'a note is of everything posted up to now';
    END IF;
    IF cardinality(string_to_array(signing, ' ')) IS DISTINCT FROM NEW.signatories
            OR signing IS DISTINCT FROM (regexp_match(NEW.text, '^partners: (.*)$', 'n'))[1] THEN
        RAISE EXCEPTION 'a note is signed by every partner that there is at its period: %', signing;
    END IF;
    IF NEW.text IS DISTINCT FROM concat_ws(chr(10), 'S75 Settlement note 1',
            'ledger: ' || (SELECT meta.value FROM meta WHERE meta.key = 'ledger'), agreed,
            'sequence: ' || (SELECT COALESCE(max(notes.id), 0) + 1 FROM notes), 'period: M' || NEW.period,
            'partners: ' || signing, 'pack: sha256 ' || pack, 'previous: ' || before, '') THEN
        RAISE EXCEPTION 'a note is nine lines as the program writes them: of this ledger, its agreement, the next '
            'number, its period, its pack and the note before it';
    END IF;
    IF NEW.id <> (SELECT COALESCE(max(notes.id), 0) + 1 FROM notes) OR NEW.sealed_at !~ '{time}'
            OR NEW.sealed_at::timestamptz IS NULL THEN
        RAISE EXCEPTION 'a note has the next number, and the time when it was sealed';
    END IF;
    RETURN NEW;
END
"""
# What is put in later, to a note that stands, would make its pack another.
_WITH_NOTE = """
BEGIN
    IF NOT EXISTS (SELECT 1 FROM notes WHERE notes.id = NEW.note AND notes.xmin = pg_current_xact_id()::xid) THEN
        RAISE EXCEPTION 'the pack and the statements of a note are put in together with it';
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
# Whoever writes waits here first, and so before holding anything that others wait for: raw SQL deadlocks nobody. At a
# stricter level the guards would see the ledger as it was before the wait.
_TURN = """
BEGIN
    IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
        RAISE EXCEPTION 'a shared ledger is written at the isolation level READ COMMITTED, which sees what came before';
    END IF;
    PERFORM pg_advisory_xact_lock('batches'::regclass::oid::bigint);
    RETURN NULL;
END
"""
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
    "s75_with_note": _WITH_NOTE,
    "s75_chained": _CHAINED,
    "s75_turn": _TURN,
    "s75_numbered": _NUMBERED,
}
_ROW_GUARDS = {
    "signatures": "s75_signed",
    "assents": "s75_assented",
    "notes": "s75_noted",
    "pack_parts": "s75_with_note",
    "note_statements": "s75_with_note",
    "audit": "s75_chained",
}


def guards() -> Iterator[tuple[str, str]]:
    """Every table and the name of a trigger that the rules put on it; its function has the same name."""
    for table in TABLES:
        if table not in _NEVER_WRITTEN:
            yield table, "s75_turn"
        if table not in _UNNUMBERED:
            yield table, "s75_numbered"
    yield from _ROW_GUARDS.items()


def row_rules_of() -> Iterator[tuple[str, str]]:
    """Every table with row rules, and the name of each of them."""
    for table in _WITH_ACTOR:
        yield table, "s75_login"
    for table in _OF_PARTNER:
        yield table, "s75_partner"
    yield "period_states", "s75_state"
    yield "dispute_outcomes", "s75_outcome"
    for table in sorted({*_WITH_ACTOR, *_OF_PARTNER}):
        yield table, "s75_read"
        yield table, "s75_add"


def statements(
    schema: str, role_of: Mapping[str, str], approver_of: Mapping[str, str], versions: Sequence[Version]
) -> Iterator[sql.Composed]:
    """The SQL that puts the rules in force in place of those before, for the schema's owner to run in one transaction.

    `role_of` has the names of the roles `preparer`, `manager` and `auditor`; `approver_of`, by partner, the approvers'.
    `versions` are those of the agreement that there are: under a later one no note is taken until this is run again.
    """
    yield from _guards(schema, versions)
    yield from _row_rules(schema, role_of, approver_of)
    yield from _grants(schema, role_of, approver_of)


def _guards(schema: str, versions: Sequence[Version]) -> Iterator[sql.Composed]:
    for name, body in (_FUNCTIONS | {"s75_noted": _noted(versions)}).items():
        function = sql.Identifier(schema, name)
        yield sql.SQL(
            "CREATE OR REPLACE FUNCTION {}() RETURNS trigger LANGUAGE plpgsql SET search_path = {}, pg_temp AS {}"
        ).format(function, sql.Identifier(schema), sql.Literal(body))
        yield sql.SQL("REVOKE ALL ON FUNCTION {}() FROM PUBLIC").format(function)
    for table, name in guards():
        if name == "s75_turn":
            yield _trigger(schema, table, name, "BEFORE INSERT OR UPDATE", "STATEMENT")
        elif name == "s75_numbered":
            yield _trigger(schema, table, name, "AFTER INSERT", "STATEMENT", "REFERENCING NEW TABLE AS added")
        else:
            yield _trigger(schema, table, name, "BEFORE INSERT", "ROW")


def _noted(versions: Sequence[Version]) -> str:
    """The guard of notes, with what each version of the agreement says written into it."""

    def quoted(text: str) -> str:
        return sql.Literal(text).as_string(None)

    agreed, signing = (
        " ".join(f"WHEN {version.number} THEN {value}" for version, value in values)
        for values in (
            [(version, quoted(f"agreement: {version.agreement}\nyear: {version.year}")) for version in versions],
            [(version, f"(ARRAY[{', '.join(map(quoted, version.signatories))}])[NEW.period]") for version in versions],
        )
    )
    ends = " || ', ' || ".join(
        f"'\"{table}\": ' || (SELECT COALESCE(max({table}.id), 0) FROM {table})"  # noqa: S608  our names
        for table in SEALED_COLUMNS
    )
    values = {"{agreed}": agreed, "{signing}": signing, "{cut}": f"'{{' || {ends} || '}}'", "{time}": _TIME}
    return re.sub("|".join(map(re.escape, values)), lambda found: values[found[0]], _NOTED)


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
    tables = sql.SQL(", ").join(sql.Identifier(schema, table) for table in TABLES)
    yield sql.SQL("REVOKE ALL ON {} FROM PUBLIC, {}").format(tables, everybody)
    yield sql.SQL("GRANT SELECT ON {} TO {}").format(tables, everybody)
    for kind, name in roles:
        for table in sorted(MAY_ADD[kind]):
            rights = sql.SQL("INSERT, UPDATE" if table == "totals" else "INSERT")
            yield sql.SQL("GRANT {} ON {} TO {}").format(rights, sql.Identifier(schema, table), sql.Identifier(name))
