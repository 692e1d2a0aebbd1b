"""`docs/formats.md` says what the program reads and writes: each list is held against the code it is a list of."""

import json
import re
import sqlite3
from contextlib import closing
from dataclasses import fields
from pathlib import Path

import pytest

from ledgers.importing.mapping import LINE_COLUMNS, MEASURE_COLUMNS, OPTIONAL_COLUMNS, read_mapping
from ledgers.sealing import SEALED_COLUMNS
from ledgers.trail import Entry
from rules.agreement import (
    Beyond,
    By,
    DrawOn,
    FundKind,
    Kind,
    Mode,
    Netting,
    On,
    PartnerKind,
    Per,
    QippMode,
    Service,
    Threshold,
    Use,
)
from settlement.batches.manifest import Entry as Listed
from settlement.signoff.passphrases import __doc__ as passphrases
from tests.conftest import GOLDEN
from tests.guide.pages import page_of
from tests.guide.schema_page import PAGE, made, parts, sealed, told

TEXT = PAGE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("formats"))


# The ledger's file


def test_the_tables_are_those_of_a_ledger(ledger: Path) -> None:
    """`python -m tests.guide.schema_page` writes them anew."""
    _before, tables, _after = parts()
    assert tables.splitlines() == told(ledger).splitlines()


def test_the_header_is_the_files_own(ledger: Path) -> None:
    with closing(sqlite3.connect(ledger)) as connection:
        ((number,),) = connection.execute("PRAGMA application_id")
        ((form,),) = connection.execute("PRAGMA user_version")
        triggers = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")}
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert f"`application_id` is {number} (`{number.to_bytes(4, 'big').decode()}`)" in TEXT
    assert f"This page tells of form {form}." in TEXT
    kept = {table for table in tables if f"{table}_refuse_update" in triggers}
    assert tables - kept == {"totals", "alembic_version"}, "the page says that rows of every other table are only added"


def test_an_entry_of_the_trail_is_chained_as_the_page_says(ledger: Path) -> None:
    from hashlib import sha256

    columns = [each.name for each in fields(Entry)]
    assert (columns[0], columns[-2], columns[-1]) == ("id", "detail", "digest")
    with closing(sqlite3.connect(ledger)) as connection:
        rows = connection.execute(f"SELECT {', '.join(columns)} FROM audit ORDER BY id").fetchall()
    before = ""
    for *values, digest in rows:
        told_as = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
        assert sha256(f"{before}\n{told_as}".encode()).hexdigest() == digest
        before = digest
    assert before


# What is signed


def test_the_columns_of_a_pack_are_those_that_are_sealed() -> None:
    assert sealed() in TEXT
    assert set(SEALED_COLUMNS) > {"lines", "batches"}


def test_the_rounds_and_the_cipher_are_those_of_the_keys() -> None:
    import settlement.signoff.passphrases as module

    source = Path(module.__file__).read_text(encoding="utf-8")
    rounds = re.search(r"^ROUNDS = ([\d_]+)$", source, re.MULTILINE)
    assert rounds is not None
    assert f"{int(rounds[1]):,} rounds, AES-256-CBC" in TEXT
    assert "PBES2" in (passphrases or "")


def test_every_key_of_a_manifest_is_named() -> None:
    told_of = TEXT.partition("## A batch's manifest")[2].partition("\n## ")[0]
    assert [
        name for name in re.findall(r"`([a-z_0-9]+)`", told_of) if name in {each.name for each in fields(Listed)}
    ] == [each.name for each in fields(Listed)]


# Files for people


def section(title: str) -> str:
    """A section of the page."""
    (found,) = re.findall(rf"^#+ {re.escape(title)}\n(.*?)(?=^## |\Z)", TEXT, re.DOTALL | re.MULTILINE)
    return str(found)


def test_every_word_that_an_agreement_takes_is_named() -> None:
    told_of = section("agreement.toml")
    for words in (PartnerKind, FundKind, Netting, Service, QippMode, On, Per, Threshold, DrawOn, Mode):
        for word in words:
            assert f"`{word}`" in told_of or f'`"{word}"`' in told_of, word
    for use in set(Use) - {Use.RESERVE}:
        assert f"`{use}`" in told_of, use
    for by in set(By) - {By.PARTNER, By.BASIS}:
        assert f"`{by}`" in told_of, by
    for beyond in set(Beyond) - {Beyond.PARTNER}:
        assert f"`{beyond}`" in told_of, beyond
    assert {"`reserve:CODE`", "`partner:CODE`"} <= set(re.findall(r"`[^`]+`", told_of))


def test_every_column_and_kind_of_a_line_is_named() -> None:
    told_of = section("lines.csv")
    assert all(f"`{each}`" in told_of for each in (*LINE_COLUMNS, *OPTIONAL_COLUMNS, *Kind))
    assert all(f"`{each}`" in section("measures.csv") for each in MEASURE_COLUMNS)


def test_the_mapping_shown_is_read() -> None:
    (block,) = [block for block in page_of(PAGE).blocks if "[columns]" in block.text]
    mapping = read_mapping(block.text)
    assert (mapping.name, mapping.header_row, mapping.flip_sign) == ("council-oracle", 4, True)


def test_the_keys_of_the_result_are_named_in_their_order() -> None:
    expected = json.loads((GOLDEN / "rotherham-first-call" / "expected.json").read_text(encoding="utf-8"))
    rows = [text for text in section("The result").splitlines() if text.startswith("| `")]
    keys = [key for row in rows for key in re.findall(r"`(\w+)`", row.split("|")[1])]
    assert keys == list(expected)
    (partners,) = [row for row in rows if row.startswith("| `partners`")]
    assert re.findall(r"`(\w+)`", partners.split("|")[2]) == list(next(iter(expected["partners"].values())))
    (subjects,) = [row for row in rows if row.startswith("| `subjects`")]
    subject = expected["subjects"][0]
    assert re.findall(r"`(\w+)`", subjects.split("|")[2]) == [*subject, *subject["parts"][0]]
