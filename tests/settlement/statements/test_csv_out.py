"""CSV that a spreadsheet opens: texts stay texts, amounts are plain, and every block of a document is there."""

import csv
from pathlib import Path

import pytest

from rules.language import speaking
from settlement.statements.csv_out import document_csv, safe, table_csv, write_csv
from settlement.statements.document import (
    Bullets,
    Column,
    Document,
    Facts,
    Heading,
    KeyFigures,
    Note,
    Paragraph,
    Picture,
    Row,
    RowKind,
    Section,
    SignatureBlock,
    Table,
    Tone,
    amounts,
)
from settlement.statements.drawing import Drawing
from tests.settlement.statements.made_up import MadeUp, in_cyrillic

TABLE = Table(
    "Table",
    (Column("Line"), *amounts("£")),
    (Row(("Group",), RowKind.HEADING), Row(("=a", -5)), Row(("b", 10**12 - 1))),
)
EVERYTHING = Document(
    "Title",
    "=Subtitle",
    ("Running", "+1"),
    "DRAFT",
    (
        Section(
            "One",
            (
                Facts((("Label", "@fact"),)),
                Note("read", Tone.WARNING),
                Note("know"),
                Heading("Head"),
                Paragraph("-text"),
                Bullets(("first",)),
                KeyFigures("Due", 12345, "in words", ("it pays",)),
                Picture("Waterfall", "It goes down.", Drawing(1, 1, ()), "Table"),
                TABLE,
                SignatureBlock("Signed", values=("N", "R", "S", "D")),
            ),
        ),
    ),
    foot="Note 3",
)


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_a_text_that_begins_as_a_formula_does_is_prefixed(sign: str) -> None:
    assert safe(f"{sign}1").startswith("'")
    assert safe(f"1{sign}1")[0] == "1"


def test_amounts_are_plain_and_signs_that_no_file_holds_are_replaced() -> None:
    assert [safe(each) for each in (0, -1, 10**12 - 1)] == ["0.00", "-0.01", "9999999999.99"]
    assert safe("a\x00\ud800") == "a��"


def test_every_block_is_there(tmp_path: Path) -> None:
    path = tmp_path / "document.csv"
    write_csv(document_csv(EVERYTHING), path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.reader(file) if row]
    assert rows == [
        ["Title", "'=Subtitle"],
        ["Status", "DRAFT"],
        ["Running", "'+1"],
        ["Note 3"],
        ["One"],
        ["Label", "'@fact"],
        ["Warning", "read"],
        ["Note", "know"],
        ["Head"],
        ["'-text"],
        ["first"],
        ["Due", "123.45"],
        ["in words"],
        ["it pays"],
        ["Waterfall"],
        ["It goes down."],
        ["Table"],
        ["Line", "£"],
        ["Group"],
        ["'=a", "-0.05"],
        ["b", "9999999999.99"],
        ["Signed"],
        ["Name", "N"],
        ["Role", "R"],
        ["Signature", "S"],
        ["Date", "D"],
    ]


def test_a_table_alone_has_no_headings_of_groups() -> None:
    assert table_csv(TABLE) == "Line,£\r\n'=a,-0.05\r\nb,9999999999.99\r\n"


def test_its_own_words_are_in_the_language_spoken() -> None:
    with speaking(MadeUp()):
        text = document_csv(EVERYTHING)
    assert all(in_cyrillic(word) in text for word in ("Status", "Warning", "Note"))
