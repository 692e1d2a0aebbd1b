"""Every role against every operation: by raw SQL and through the program, on a server and on a file.

On a server the login decides, and the database's own grants, row rules and triggers refuse. On a file there are two
that the store itself knows: who has it open for writing, and who opened it read-only; who may sign there has a key.
"""

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from hashlib import sha256
from pathlib import Path

import psycopg
import pytest

from ledgers import Ledger, NewLine, create_ledger, open_ledger
from ledgers.assents import add_assent
from ledgers.disputes import carry, dispute_line, disputes, resolve
from ledgers.evidence import About, attach
from ledgers.sealing import SEALED_COLUMNS
from ledgers.server import set_up_server
from ledgers.server_rules import MAY_ADD
from ledgers.signing_keys import add_key, key_in_use
from ledgers.tables import METADATA
from ledgers.trail import Entry
from rules.agreement import Kind
from rules.periods import Period
from rules.problems import RefusedError
from settlement.signoff.keys import new_key, read_signing_key
from settlement.signoff.signing import seal, sign
from tests.ledgers.conftest import AGREEMENT, noon
from tests.ledgers.shared import AT_THE_YEARS_BEGIN, ROLES, Shared, note_text, shared_ledger, signed_text

M1, M2 = Period.M1, Period.M2
TABLES = sorted(METADATA.tables)
EVERYBODY = set(ROLES)
READERS = EVERYBODY - {"stranger"}
WRITERS = READERS - {"auditor"}
POSTING = {"preparer", "manager"}
MANAGER = {"manager"}
COUNCIL = {"council", "both"}
ICB = {"icb", "both"}
APPROVERS = COUNCIL | ICB
NOBODY: set[str] = set()

LINE = (
    "INSERT INTO lines (id, batch, period, scheme, partner, kind, amount_pence, reference, description, cause, raw) "
    "SELECT max(id) + 1, {batch}, 3, 'BEDS', 'COUNCIL', 'actual', 100, '', '', '', '' FROM lines"
)
TOTAL = (
    "INSERT INTO totals VALUES ('BEDS', 'COUNCIL', 'actual', '', 3, 100) ON CONFLICT (scheme, partner, kind, cause, "
    "period) DO UPDATE SET amount_pence = totals.amount_pence + 100"
)
BATCH = (
    "INSERT INTO batches SELECT max(id) + 1, '', NULL, 'posting', 1, '', '', '', {actor}, '' FROM batches; "
    "SET CONSTRAINTS ALL IMMEDIATE"
)
NEXT_BATCH = "(SELECT max(id) + 1 FROM batches)"
STATE = (
    "INSERT INTO period_states SELECT COALESCE(max(id), 0) + 1, {period}, '{state}', 1, '', {actor} FROM period_states"
)
NUMBER = "(SELECT COALESCE(max(id), 0) + 1 FROM {})"
ME = "session_user"
OTHER = "'s75'"
AGREE = (
    f"INSERT INTO agreements SELECT {NUMBER.format('agreements')}, 3, body, digest, 'r', '', {{}}, '' FROM agreements"
)
MAPPING = f"INSERT INTO mappings VALUES ({NUMBER.format('mappings')}, 'isfe', '', '', {{}})"
EVIDENCE = (
    f"INSERT INTO documents VALUES ({NUMBER.format('documents')}, 'd', 1, 'x'); "
    f"INSERT INTO evidence SELECT {NUMBER.format('evidence')}, max(id), 'line', '1', '', '', '', '', {{}} "
    "FROM documents"
)
DISPUTE = f"INSERT INTO disputes VALUES ({NUMBER.format('disputes')}, 1, '{{}}', 1, NULL, 'r', '', {{}})"
OUTCOME = f"INSERT INTO dispute_outcomes VALUES ({NUMBER.format('dispute_outcomes')}, 1, 1, '{{}}', 'r', '', {ME})"
KEY = f"INSERT INTO keys VALUES ({NUMBER.format('keys')}, '{{}}', '', '', '', '', NULL, '', '', {{}})"
ASSENT = f"INSERT INTO assents VALUES ({NUMBER.format('assents')}, 1, '{{}}', 'signed for: {{}}\nlogin: {{}}\n', '')"
SIGN = f"INSERT INTO signatures VALUES ({NUMBER.format('signatures')}, 1, '{{}}', '{{}}', '{'0' * 128}')"
NOTE = "INSERT INTO notes VALUES (%s, %s, %s, %s, %s, '', %s, COALESCE(%s, session_user), '')"
PART = f"INSERT INTO pack_parts VALUES ({NUMBER.format('pack_parts')}, {{}}, 1, 'x')"
STATEMENT = (
    f"INSERT INTO documents VALUES ({NUMBER.format('documents')}, 'd', 1, 'x'); INSERT INTO note_statements "
    f"SELECT {NUMBER.format('note_statements')}, 1, 'x', max(id) FROM documents"
)
WITHDRAW = f"INSERT INTO withdrawals VALUES ({NUMBER.format('withdrawals')}, 1, 'r', '', {{}})"

OPERATIONS: dict[str, tuple[str, set[str]]] = {
    "read the lines": ("SELECT 1 FROM lines", READERS),
    "post": (f"{LINE.format(batch=NEXT_BATCH)}; {TOTAL}; {BATCH.format(actor=ME)}", POSTING),
    "post in another's name": (f"{LINE.format(batch=NEXT_BATCH)}; {BATCH.format(actor=OTHER)}", NOBODY),
    "add a line to what is posted": (LINE.format(batch=1), NOBODY),
    "add a line to no batch": (f"{LINE.format(batch=99)}; SET CONSTRAINTS ALL IMMEDIATE", NOBODY),
    "leave numbers out": (BATCH.format(actor=ME).replace("+ 1", "+ 2"), NOBODY),
    "begin at the last number there is": (BATCH.format(actor=ME).replace("max(id) + 1", str(2**63 - 1)), NOBODY),
    "hold": (STATE.format(period=3, state="held", actor=ME), MANAGER),
    "hold in another's name": (STATE.format(period=3, state="held", actor=OTHER), NOBODY),
    "reopen": (STATE.format(period=2, state="open", actor=ME), MANAGER),
    "mark a period signed before it is": (STATE.format(period=1, state="signed", actor=ME), NOBODY),
    "set the agreement": (AGREE.format(ME), MANAGER),
    "set the agreement in another's name": (AGREE.format(OTHER), NOBODY),
    "save a mapping": (MAPPING.format(ME), POSTING),
    "save a mapping in another's name": (MAPPING.format(OTHER), NOBODY),
    "attach evidence": (EVIDENCE.format(ME), WRITERS),
    "attach evidence in another's name": (EVIDENCE.format(OTHER), NOBODY),
    "dispute for the council": (DISPUTE.format("COUNCIL", ME), COUNCIL),
    "dispute for the ICB": (DISPUTE.format("ICB", ME), ICB),
    "dispute for nobody": (DISPUTE.format("X", ME), NOBODY),
    "dispute in another's name": (DISPUTE.format("COUNCIL", OTHER), NOBODY),
    "resolve the council's dispute": (OUTCOME.format("resolved"), COUNCIL),
    "carry a dispute": (OUTCOME.format("carried"), WRITERS),
    "add a key of the council": (KEY.format("COUNCIL", ME), COUNCIL),
    "add a key of the ICB": (KEY.format("ICB", ME), ICB),
    "add a key in another's name": (KEY.format("COUNCIL", OTHER), NOBODY),
    "assent for the council": (ASSENT.format("COUNCIL", "COUNCIL", "{login}"), COUNCIL),
    "assent for the ICB": (ASSENT.format("ICB", "ICB", "{login}"), ICB),
    "assent for one with what says another": (ASSENT.format("COUNCIL", "ICB", "{login}"), NOBODY),
    "assent with what another login signed": (ASSENT.format("COUNCIL", "COUNCIL", "s75"), NOBODY),
    "assent for both partners": (
        f"{ASSENT.format('COUNCIL', 'COUNCIL', '{login}')}; {ASSENT.format('ICB', 'ICB', '{login}')}", NOBODY,
    ),
    "sign for the council": (SIGN.format("COUNCIL", signed_text("{login}", "COUNCIL")), COUNCIL),
    "sign for the ICB": (SIGN.format("ICB", signed_text("{login}", "ICB")), ICB),
    "sign for a partner the note does not name": (SIGN.format("CCG", signed_text("{login}", "CCG")), NOBODY),
    "sign for one what says another": (SIGN.format("COUNCIL", signed_text("{login}", "ICB")), NOBODY),
    "sign what another login signed": (SIGN.format("COUNCIL", signed_text("s75", "COUNCIL")), NOBODY),
    "sign what is of two logins": (
        SIGN.format("COUNCIL", signed_text("{login}", "COUNCIL") + "login: s75\n"), NOBODY,
    ),
    "sign another text than the note's": (
        SIGN.format("COUNCIL", signed_text("{login}", "COUNCIL", "S75 Settlement note 1\n")), NOBODY,
    ),
    "sign for both partners": (
        SIGN.format("COUNCIL", signed_text("{login}", "COUNCIL"))
        + "; "
        + SIGN.format("ICB", signed_text("{login}", "ICB")),
        NOBODY,
    ),
    "sign with what is no signature": (
        SIGN.format("COUNCIL", signed_text("{login}", "COUNCIL")).replace("0" * 128, "00"), NOBODY,
    ),
    "sign with fewer lines": (
        SIGN.format("COUNCIL", "{note}signed for: COUNCIL\nlogin: {login}\n"), NOBODY,
    ),
    **{
        f"sign with an odd {key}": (SIGN.format("COUNCIL", signed_text("{login}", "COUNCIL", **{key: value})), NOBODY)
        for key, value in (
            ("name", ""), ("name", " Somebody"), ("name", "x" * 201), ("role", "a\tb"),
            ("at", "2022-02-30T12:00:00+00:00"),
            ("at", "yesterday"), ("key", "sha256 00"), ("program", "\x1b"), ("key", f"sha256 {'0' * 64}\nmore: 1"),
        )
    },
    "add to the pack of a note that stands": (PART.format(1), NOBODY),
    "add to the statements of a note that stands": (STATEMENT, NOBODY),
    "write at a level that sees the past": (
        f"SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; {MAPPING.format(ME)}", NOBODY,
    ),
    "withdraw a note": (WITHDRAW.format(ME), MANAGER),
    "take a trigger off": ("DROP TRIGGER lines_refuse_change ON lines", NOBODY),
    "take a rule's trigger off": ("DROP TRIGGER s75_signed ON signatures", NOBODY),
    "put triggers out of force": ("ALTER TABLE signatures DISABLE TRIGGER ALL", NOBODY),
    "put row rules out of force": ("ALTER TABLE signatures DISABLE ROW LEVEL SECURITY", NOBODY),
    "take a row rule off": ("DROP POLICY s75_partner ON signatures", NOBODY),
    "go round row rules": ("SET row_security = off; SELECT 1", EVERYBODY),  # it makes refusals of what they would hide
    "go round the triggers": ("SET session_replication_role = replica", NOBODY),
    "put another function under a trigger": (
        "CREATE OR REPLACE FUNCTION s75_signed() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'", NOBODY,
    ),
    "add a column": ("ALTER TABLE lines ADD COLUMN mine TEXT", NOBODY),
    "make a table in the schema": ("CREATE TABLE mine (id INTEGER)", NOBODY),
    "drop a table": ("DROP TABLE lines CASCADE", NOBODY),
    "drop the schema": ("DO $$ BEGIN EXECUTE format('DROP SCHEMA %I CASCADE', current_schema()); END $$", NOBODY),
    "put a trigger of one's own on": (
        "CREATE TRIGGER mine BEFORE DELETE ON lines FOR EACH ROW EXECUTE FUNCTION tsvector_update_trigger()", NOBODY,
    ),
    "run a program on the server": ("COPY (SELECT 1) TO PROGRAM 'true'", NOBODY),
    "read a file of the server": ("SELECT pg_read_file('/etc/hostname')", NOBODY),
    "become the owner": ("SET SESSION AUTHORIZATION s75", NOBODY),
    "take the manager's role": ('SET ROLE "{manager_role}"', MANAGER),
    "take an approver's role": ('SET ROLE "{council_role}"', COUNCIL),
    "give oneself the manager's role": ('GRANT "{manager_role}" TO "{login}"', NOBODY),
    "give oneself rights to a table": (
        'GRANT ALL ON alembic_version TO "{login}"; DELETE FROM alembic_version', NOBODY,  # GRANT alone only warns
    ),
    "make a login": ("CREATE ROLE mine LOGIN", NOBODY),
    "be read-only no more, and post": (
        f"SET TRANSACTION READ WRITE; {LINE.format(batch=NEXT_BATCH)}; {BATCH.format(actor=ME)}", POSTING,
    ),
}  # fmt: skip
CHANGES = {
    f"{verb} {table}": (statement, {"preparer", "manager"} if (verb, table) == ("update", "totals") else NOBODY)
    for table in TABLES
    for verb, statement in (
        ("update", f"UPDATE {table} SET {METADATA.tables[table].columns.keys()[-1]} = DEFAULT"
         if table != "totals" else "UPDATE totals SET amount_pence = 0"),
        ("delete from", f"DELETE FROM {table}"),
        ("empty", f"TRUNCATE {table} CASCADE"),
    )
}  # fmt: skip


@pytest.fixture(scope="module")
def shared(postgres_url: str) -> Shared:
    """A ledger with lines, M1 and M2 held, a dispute of the council's, and a note of M1 put up for signature."""
    made = shared_ledger(postgres_url, agreement=AT_THE_YEARS_BEGIN)
    with made.open("preparer") as ledger:
        ledger.post([NewLine(M1, "BEDS", "COUNCIL", Kind.ACTUAL, 100), NewLine(M1, "HOME", "ICB", Kind.ACTUAL, 100)])
    with made.open("manager") as ledger:
        ledger.hold(M2)
    made.owner(DISPUTE.format("COUNCIL", ME))
    put_up(made, 1)
    return made


@pytest.fixture(scope="module")
def connections(shared: Shared) -> Iterator[dict[str, psycopg.Connection]]:
    """Each login's own connection."""
    with ExitStack() as stack:
        yield {who: stack.enter_context(shared.connect(who)) for who in ROLES}


def is_done(shared: Shared, connection: psycopg.Connection, who: str, statement: str) -> bool:
    """Whether the server does it; it is undone."""
    told = statement
    if "{note}" in told:
        ((note,),) = shared.owner("SELECT text FROM notes WHERE id = 1")
        told = told.replace("{note}", str(note))
    told = told.replace("{login}", shared.logins[who])
    for role in shared.done.roles:
        told = told.replace(f"{{{(role.partner or role.kind).lower()}_role}}", role.name)
    connection.execute("BEGIN")
    try:
        connection.execute(told)
    except psycopg.Error:
        return False
    finally:
        connection.execute("ROLLBACK; RESET ALL; RESET ROLE")
    return True


@pytest.mark.parametrize("operation", [*OPERATIONS, *CHANGES])
def test_the_server_itself_holds_every_login_to_its_role(
    shared: Shared, connections: dict[str, psycopg.Connection], operation: str
) -> None:
    statement, allowed = (OPERATIONS | CHANGES)[operation]
    done = {who for who in ROLES if is_done(shared, connections[who], who, statement)}
    assert done == allowed


def test_every_table_is_among_those_that_the_rules_know(shared: Shared) -> None:
    """A table of a later migration is not forgotten: it has grants, a turn to wait for and numbers without a gap."""
    found = {
        str(name) for (name,) in shared.owner("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
    }
    ruled = shared.owner(
        "SELECT DISTINCT table_name FROM information_schema.role_table_grants WHERE grantee LIKE 's75_%'"
    )
    assert found == {*TABLES, "alembic_version"}
    assert {str(name) for (name,) in ruled if name in found} == found
    assert set().union(*MAY_ADD.values()) == set(TABLES) - {"meta"}


def test_every_column_that_names_who_did_it_is_held_to_the_login(shared: Shared) -> None:
    """As the table of operations shows for some of them."""
    ruled = {str(table) for (table,) in shared.owner(
        "SELECT tablename FROM pg_policies WHERE policyname = 's75_login' AND schemaname = current_schema()"
    )}  # fmt: skip
    assert ruled == {name for name, table in METADATA.tables.items() if "actor" in table.columns}


@pytest.mark.parametrize("who", sorted(WRITERS))
def test_the_trail_takes_an_entry_that_is_chained_in_ones_own_name(
    shared: Shared, connections: dict[str, psycopg.Connection], who: str
) -> None:
    connection = connections[who]
    last = connection.execute("SELECT id, digest FROM audit ORDER BY id DESC LIMIT 1").fetchone() or (0, "")

    def taken(actor: str, digest: str | None = None) -> bool:
        entry = Entry(last[0] + 1, "2022-08-01", actor, "P “1”", "post", "a\tb\\\x01 £é", "", "")
        values = (*(getattr(entry, name) for name in Entry.__slots__[:-1]), digest or entry.digest_after(last[1]))
        connection.execute("BEGIN")
        try:
            connection.execute("INSERT INTO audit VALUES (%s, %s, %s, %s, %s, %s, %s, %s)", values)
        except psycopg.Error:
            return False
        finally:
            connection.execute("ROLLBACK")
        return True

    assert taken(shared.logins[who])
    assert not taken("s75")
    assert not taken(shared.logins[who], digest="0" * 64)


def test_a_table_of_ones_own_before_the_ledgers_deceives_oneself_alone(
    shared: Shared, connections: dict[str, psycopg.Connection]
) -> None:
    """Temporary tables are found first by whoever made them, but never by what guards the ledger."""
    council = connections["council"]
    council.execute("BEGIN")
    council.execute("CREATE TEMP TABLE notes (id BIGINT, text TEXT, cut TEXT, signatories INTEGER)")
    council.execute("INSERT INTO notes VALUES (1, 'x', '{}', 1)")
    text = f"xsigned for: COUNCIL\nlogin: {shared.logins['council']}\n"
    with pytest.raises(psycopg.errors.RaiseException, match=r"begins with the note as it was sealed"):
        council.execute("INSERT INTO signatures VALUES (1, 1, 'COUNCIL', %s, '')", [text])
    council.execute("ROLLBACK")


# Maker and checker

MAKERS = {"maker": ("preparer", "COUNCIL"), "other": ("preparer",), "checker": ("COUNCIL",), "icb": ("ICB",)}


def put_signature(shared: Shared, who: str, partner: str, note: int = 1) -> str:
    """What the server says when that login signs a note for a partner; nothing if it takes the signature."""
    ((noted,),) = shared.owner(f"SELECT text FROM notes WHERE id = {note}")
    text = signed_text(shared.logins[who], partner, str(noted))
    with shared.connect(who) as connection:
        try:
            connection.execute(SIGN.format(partner, text).replace(", 1, '", f", {note}, '"))
        except psycopg.Error as error:
            return str(error.diag.message_primary).replace(shared.logins[who], who)
    return ""


def put_up(shared: Shared, note: int) -> None:
    """Put a note of M1 up for signature that is of everything posted up to now."""
    with closing(psycopg.connect(shared.url, autocommit=True)) as connection:
        put_note(shared, connection, id=note, text=note_text(shared, note))


def put_note(shared: Shared, connection: psycopg.Connection, **changed: object) -> None:
    """Put a note in, as the program would but for what is `changed`."""
    ends = ", ".join(f"(SELECT COALESCE(max(id), 0) FROM {table})" for table in SEALED_COLUMNS)
    cut = dict(zip(SEALED_COLUMNS, shared.owner(f"SELECT {ends}")[0], strict=True))
    values = {
        "id": 1, "period": 1, "text": "", "signatories": 2, "cut": json.dumps(cut),
        "sealed_at": "2022-08-01T12:00:00+00:00", "actor": None,
    } | changed  # fmt: skip
    connection.execute(NOTE, [*values.values()])


def hold_m1(shared: Shared) -> None:
    with open_ledger(shared.url, now=noon) as ledger:
        ledger.hold(M1)


# Forged notes


@pytest.fixture(scope="module")
def unsealed(postgres_url: str) -> Shared:
    """A ledger with M1 and M2 held, and no note yet."""
    made = shared_ledger(postgres_url, agreement=AT_THE_YEARS_BEGIN)
    with made.open("manager") as ledger:
        ledger.post([NewLine(M1, "BEDS", "COUNCIL", Kind.ACTUAL, 100)])
        ledger.hold(M2)
    return made


@pytest.fixture(scope="module")
def unsealed_connections(unsealed: Shared) -> Iterator[dict[str, psycopg.Connection]]:
    """Each login's own connection."""
    with ExitStack() as stack:
        yield {who: stack.enter_context(unsealed.connect(who)) for who in ROLES}


BARE = "S75 Settlement note 1\npartners: ICB\n"
FORGED: dict[str, tuple[dict[str, object], dict[str, str]]] = {
    "as the program writes it": ({}, {}),
    "of one partner": ({"signatories": 1}, {"partners": "ICB"}),
    "of all, signed by one": ({"signatories": 1}, {}),
    "of one twice": ({}, {"partners": "ICB ICB"}),
    "in another order": ({}, {"partners": "ICB COUNCIL"}),
    "of another ledger": ({}, {"ledger": "0b9d9df0-4cbb-4b5e-9a5e-5b4f3b2f1a00"}),
    "of another agreement": ({}, {"agreement": "other"}),
    "of another year": ({}, {"year": "2021/22"}),
    "with another sequence": ({}, {"sequence": "2"}),
    "out of sequence": ({"id": 2}, {"sequence": "2"}),
    "that says another period": ({}, {"period": "M2"}),
    "with no pack": ({}, {"pack": "none"}),
    "with a digest that is too short": ({}, {"pack": "sha256 00 1"}),
    "with a note before that there is not": ({}, {"previous": f"sha256 {'0' * 64}"}),
    "with a line more": ({}, {"more": "1"}),
    "with two lines in one": ({}, {"year": "2022/23\nsequence: 1"}),
    "bare": ({"text": BARE, "signatories": 1}, {}),
    "empty": ({"text": ""}, {}),
    "of an open period": ({"period": 3}, {"period": "M3"}),
    "of no period": ({"period": 14}, {"period": "M14"}),
    "with a cut of batches alone": ({"cut": '{"batches": 1}'}, {}),
    "with a cut that is none": ({"cut": "x"}, {}),
    "at no time": ({"sealed_at": "2016"}, {}),
    "in another's name": ({"actor": "s75"}, {}),
}


@pytest.mark.parametrize("forged", FORGED)
def test_a_note_is_put_up_only_as_the_program_writes_it(
    unsealed: Shared, unsealed_connections: dict[str, psycopg.Connection], forged: str
) -> None:
    row, lines = FORGED[forged]
    told = {"text": note_text(unsealed, **lines)} | row
    done = set()
    for who, connection in unsealed_connections.items():
        connection.execute("BEGIN")
        with suppress(psycopg.Error):
            put_note(unsealed, connection, **told)
            connection.execute(PART.format(1))
            done.add(who)
        connection.execute("ROLLBACK")
    assert done == (NOBODY if row or lines else WRITERS)


def test_a_second_note_waits_for_the_first_and_names_it(unsealed: Shared) -> None:
    with closing(psycopg.connect(unsealed.url, autocommit=True)) as owner:
        owner.execute("BEGIN")
        first = note_text(unsealed)
        put_note(unsealed, owner, text=first)
        second = note_text(unsealed, 2, previous=f"sha256 {sha256(first.encode()).hexdigest()}")
        cut = '{"notes": 1}'
        with pytest.raises(
            psycopg.errors.RaiseException, match=r"^a note is put up when no other waits for signatures"
        ):
            put_note(unsealed, owner, id=2, text=second, cut=cut)
        owner.execute("ROLLBACK")


def test_under_a_version_that_the_rules_do_not_know_the_owner_sets_the_server_up_again(postgres_url: str) -> None:
    shared = shared_ledger(postgres_url, agreement=AT_THE_YEARS_BEGIN)
    with shared.open("manager") as ledger:
        ledger.set_agreement(AT_THE_YEARS_BEGIN.replace("Better Care", "Best Care"), M1, "a deed")
        ledger.hold(M1)
    with shared.connect("preparer") as preparer:
        with pytest.raises(psycopg.errors.RaiseException) as refused:
            put_note(shared, preparer, text=note_text(shared))
        assert refused.value.diag.message_primary == (
            "version 2 of the agreement came after the rules of this ledger; the owner runs “s75 server init URL” again"
        )
        preparer.rollback()
        set_up_server(shared.url)
        put_note(shared, preparer, text=note_text(shared))


def test_codes_and_ids_with_odd_characters_are_written_as_notes_write_them(postgres_url: str) -> None:
    odd = AT_THE_YEARS_BEGIN.replace('"ICB"', '"I%C B\'s"').replace("testshire-bcf", "o'dd {cut} %s")
    shared = shared_ledger(postgres_url, {}, odd)
    hold_m1(shared)
    with closing(psycopg.connect(shared.url, autocommit=True)) as owner:
        put_note(shared, owner, text=note_text(shared, agreement="o'dd {cut} %s", partners="COUNCIL I%25C%20B's"))


def test_who_alone_prepared_a_period_does_not_approve_it(postgres_url: str) -> None:
    shared = shared_ledger(postgres_url, MAKERS, AT_THE_YEARS_BEGIN)
    hold_m1(shared)
    line = NewLine(M2, "BEDS", "COUNCIL", Kind.ACTUAL, 100)
    with shared.open("maker") as maker, shared.open("other") as other:
        maker.post([line])
        put_up(shared, 1)
        refused = "maker alone prepared what is signed, and does not approve it; another approver of COUNCIL signs"
        assert put_signature(shared, "maker", "COUNCIL") == refused
        assert put_signature(shared, "checker", "COUNCIL") == ""
        assert put_signature(shared, "icb", "ICB") == ""
        # The next note: what others posted before the last one is no help, what they post after it is.
        maker.post([line])
        put_up(shared, 2)
        assert put_signature(shared, "maker", "COUNCIL", 2) == refused
        other.post([line])
        shared.owner(WITHDRAW.format(ME).replace(", 1, 'r'", ", 2, 'r'"))
        put_up(shared, 3)
        assert put_signature(shared, "maker", "COUNCIL", 3) == ""


def test_one_login_does_not_sign_a_note_for_two_partners(postgres_url: str) -> None:
    shared = shared_ledger(postgres_url, {"both": ("COUNCIL", "ICB"), "icb": ("ICB",)}, AT_THE_YEARS_BEGIN)
    hold_m1(shared)
    put_up(shared, 1)
    assert put_signature(shared, "both", "COUNCIL") == ""
    assert put_signature(shared, "both", "ICB") == (
        "both has signed this note for another partner; one person does not sign for two"
    )
    assert put_signature(shared, "icb", "ICB") == ""


# Through the program

CSV = "period,scheme,partner,kind,amount,description\nM5,BEDS,COUNCIL,actual,1.00,{}\n"
VARIED = AGREEMENT.replace('title = "Testshire Better Care Fund"', 'title = "Varied {}"')


def do_post(ledger: Ledger, _: Path) -> None:
    ledger.post([NewLine(M1, "BEDS", "COUNCIL", Kind.ACTUAL, 100)])


def do_import(ledger: Ledger, folder: Path) -> None:
    path = folder / "lines.csv"
    path.write_text(CSV.format(folder.name + ledger.name), "utf-8")
    ledger.import_file(path)


def do_virement(ledger: Ledger, _: Path) -> None:
    legs = [NewLine(M1, scheme, "COUNCIL", Kind.VIREMENT, pence, reference="V") for scheme, pence in
            (("BEDS", -5), ("HOME", 5))]  # fmt: skip
    ledger.post(legs)


def do_reverse(ledger: Ledger, _: Path) -> None:
    taken_back = {line.reverses for line in ledger.lines()}
    line = next(line for line in ledger.lines() if line.reverses is None and line.id not in taken_back)
    ledger.reverse(line.id, "coded wrongly")


def do_hold(ledger: Ledger, _: Path) -> None:
    ledger.hold(next(state.period for state in ledger.periods() if state.state == "open"))


def do_reopen(ledger: Ledger, _: Path) -> None:
    ledger.reopen(Period.M2)


def do_set_agreement(ledger: Ledger, folder: Path) -> None:
    ledger.set_agreement(VARIED.replace("{}", folder.name), Period.M9, "a deed")


def do_save_mapping(ledger: Ledger, _: Path) -> None:
    ledger.save_mapping("isfe", '[columns]\namount = "Net"\n')


def do_dispute(ledger: Ledger, _: Path) -> None:
    standing = {dispute.line for dispute in disputes(ledger)}
    dispute_line(ledger, next(line.id for line in ledger.lines() if line.id not in standing), "COUNCIL", "not ours")


def do_resolve(ledger: Ledger, _: Path) -> None:
    resolve(ledger, next(dispute.id for dispute in disputes(ledger) if dispute.is_open), "agreed")


def do_carry(ledger: Ledger, _: Path) -> None:
    fresh = (dispute.id for dispute in disputes(ledger) if not dispute.outcome)
    carry(ledger, next(fresh), Period.M4, "for the year end")


def do_attach(ledger: Ledger, folder: Path) -> None:
    path = folder / "invoice.pdf"
    path.write_bytes(f"%PDF {folder.name} {ledger.name}".encode())
    attach(ledger, path, About.LINE, 1)


def do_add_key(ledger: Ledger, folder: Path) -> None:
    in_use = key_in_use(ledger, "COUNCIL")
    fingerprint = sha256(f"{folder.name}".encode()).hexdigest()
    replaces = None if in_use is None else in_use.id
    add_key(ledger, "COUNCIL", "Somebody", "Treasurer", "PEM", fingerprint, replaces=replaces, reason="a new one")


def do_assent(ledger: Ledger, _: Path) -> None:
    text = f"signed for: COUNCIL\nlogin: {ledger.store.actor()}\n"
    add_assent(ledger, ledger.versions()[-1].id, "COUNCIL", text, "0" * 128)


def do_settle(ledger: Ledger, _: Path) -> None:
    ledger.position(Period.M12)
    list(ledger.lines())
    assert ledger.periods()


PROGRAM: dict[str, tuple[Callable[[Ledger, Path], None], set[str]]] = {
    "read": (do_settle, READERS),
    "post": (do_post, POSTING),
    "import": (do_import, POSTING),
    "virement": (do_virement, POSTING),
    "reverse": (do_reverse, POSTING),
    "hold": (do_hold, MANAGER),
    "reopen": (do_reopen, MANAGER),
    "set the agreement": (do_set_agreement, MANAGER),
    "save a mapping": (do_save_mapping, POSTING),
    "dispute for the council": (do_dispute, COUNCIL),
    "resolve the council's dispute": (do_resolve, COUNCIL),
    "carry a dispute": (do_carry, WRITERS),
    "attach evidence": (do_attach, WRITERS),
    "add a key of the council": (do_add_key, COUNCIL),
    "assent for the council": (do_assent, COUNCIL),
}


@pytest.fixture(scope="module")
def worked(postgres_url: str) -> Shared:
    """A ledger that every login works in through the program, with lines to reverse, and M1 to M3 held."""
    made = shared_ledger(postgres_url)
    with made.open("manager") as ledger:
        prepare(ledger)
    return made


def prepare(ledger: Ledger) -> None:
    """Lines to reverse and to dispute, and M1 to M3 held."""
    ledger.post([NewLine(M1, "BEDS", "COUNCIL", Kind.ACTUAL, number) for number in range(30)])
    ledger.hold(Period.M3)


def prepare_for(operation: str, owner: Ledger, folder: Path) -> None:
    """What has to be there before some of the operations."""
    if operation == "assent for the council":
        do_set_agreement(owner, folder)
    if operation in {"resolve the council's dispute", "carry a dispute"}:
        do_dispute(owner, folder)


@pytest.mark.parametrize("who", sorted(ROLES))
@pytest.mark.parametrize("operation", PROGRAM)
def test_through_the_program_a_login_does_what_its_role_is_for_and_is_told_whose_the_rest_is(
    worked: Shared, tmp_path: Path, who: str, operation: str
) -> None:
    do, allowed = PROGRAM[operation]
    if who == "stranger":
        with pytest.raises(RefusedError, match=r"the login has no role in this ledger; its owner gives it one"):
            worked.open(who)
        return
    with open_ledger(worked.url, now=noon) as owner:
        prepare_for(operation, owner, tmp_path)
    before = worked.owner("SELECT (SELECT count(*) FROM lines), (SELECT count(*) FROM audit)")
    with worked.open(who) as ledger:
        if who in allowed:
            do(ledger, tmp_path)
            if operation == "reopen":
                ledger.hold(Period.M3)  # as it was, for the next
            return
        with pytest.raises(RefusedError, match=r"; the login (may not|is not one)$|the login may not do this; it "):
            do(ledger, tmp_path)
    assert worked.owner("SELECT (SELECT count(*) FROM lines), (SELECT count(*) FROM audit)") == before


def test_an_auditor_who_opens_for_reading_is_told_so(worked: Shared, tmp_path: Path) -> None:
    with worked.open("auditor", read_only=True) as ledger:
        do_settle(ledger, tmp_path)
        with pytest.raises(RefusedError, match=r"the ledger is opened read-only; open it for writing to change it"):
            do_post(ledger, tmp_path)


def test_a_period_is_signed_by_an_approver_of_each_partner_and_by_nobody_else(
    postgres_url: str, tmp_path: Path
) -> None:
    people = {"preparer": ("preparer",), "manager": ("manager",), "maker": ("preparer", "COUNCIL"),
              "council": ("COUNCIL",), "ccg": ("CCG",), "auditor": ("auditor",)}  # fmt: skip
    shared = shared_ledger(postgres_url, people)
    keys = {code: read_signing_key(new_key(tmp_path, code, "a passphrase").private, "a passphrase")
            for code in ("COUNCIL", "CCG")}  # fmt: skip

    def signs(who: str, code: str) -> str:
        with shared.open(who) as ledger:
            try:
                done = sign(ledger, M1, code, keys[code], name=f"The {who}", role="Officer")
            except RefusedError as refused:
                return str(refused).partition(": ")[2].replace(shared.logins[who], who)
        return f"signed; {len(done.awaiting)} to come"

    budget = [NewLine(M1, "BEDS", code, Kind.BUDGET, 100) for code in ("COUNCIL", "CCG")]
    with shared.open("maker") as maker:
        maker.post([*budget, NewLine(M1, "BEDS", "COUNCIL", Kind.ACTUAL, 200)])
    with shared.open("manager") as manager:
        manager.hold(M1)
    with shared.open("preparer") as preparer:
        seal(preparer, M1, prepared_by="Finance")
    not_hers = "only an approver of the partner does this for it; the login is not one"
    assert signs("council", "CCG") == not_hers
    assert signs("manager", "COUNCIL") == "the login may not do this; it is for the approvers of the partners"
    assert signs("maker", "COUNCIL") == (
        "maker alone prepared what is signed, and does not approve it; another approver of COUNCIL signs"
    )
    assert signs("council", "COUNCIL") == "signed; 1 to come"
    assert signs("ccg", "CCG") == "signed; 0 to come"
    with shared.open("auditor", read_only=True) as ledger:
        assert ledger.periods()[0].state == "signed"


# On a file


@pytest.fixture(scope="module")
def made_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger file with a few lines, and M1 to M3 held."""
    path = tmp_path_factory.mktemp("made") / "file.s75"
    with create_ledger(path, AGREEMENT, now=noon) as made:
        prepare(made)
    return path


@pytest.fixture
def file_ledger(made_file: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copy(made_file, tmp_path))


@pytest.mark.parametrize("operation", PROGRAM)
def test_on_a_file_who_has_it_open_for_writing_may_and_an_auditor_may_not(
    file_ledger: Path, tmp_path: Path, reopen: Callable[..., Ledger], operation: str
) -> None:
    do, allowed = PROGRAM[operation]
    with reopen(file_ledger) as ledger:
        prepare_for(operation, ledger, tmp_path)
    with reopen(file_ledger, read_only=True) as ledger:
        if "auditor" in allowed:
            do(ledger, tmp_path)
        else:
            with pytest.raises(RefusedError, match=r"the ledger is opened read-only"):
                do(ledger, tmp_path)
    with reopen(file_ledger) as ledger:
        do(ledger, tmp_path)


@pytest.mark.parametrize(
    "statement",
    [
        *(statement for statement, _ in CHANGES.values() if not statement.startswith("TRUNCATE")),
        *(f"INSERT INTO {table} DEFAULT VALUES" for table in TABLES),
        *(f"DROP TABLE {table}" for table in TABLES),
        "DROP TRIGGER lines_refuse_update",
        "CREATE TABLE mine (id INTEGER) STRICT",
        "ALTER TABLE lines ADD COLUMN mine TEXT",
        "PRAGMA user_version = 7",
        "VACUUM",
        "PRAGMA query_only = OFF; DELETE FROM totals",
        "PRAGMA writable_schema = ON; DELETE FROM sqlite_master",
    ],
)
def test_an_auditors_file_is_not_written_by_raw_sql_either(
    file_ledger: Path, reopen: Callable[..., Ledger], statement: str
) -> None:
    """`DEFAULT` is PostgreSQL's; what follows it would do the same."""
    before = file_ledger.read_bytes()
    with reopen(file_ledger, read_only=True) as ledger:
        told = statement.replace("= DEFAULT", "= NULL")
        with pytest.raises(sqlite3.Error):
            ledger.store.connection.executescript(told)
        with pytest.raises(sqlite3.OperationalError, match=r"readonly|not authorized"):
            ledger.store.connection.execute("DELETE FROM totals")
    assert file_ledger.read_bytes() == before
