"""The HTML says what the document says, with header cells, and nothing in a name can become markup."""

from html.parser import HTMLParser
from pathlib import Path

from settlement.statements import StatementInputs, settlement_statement, workings
from settlement.statements.html import write_html
from settlement.statements.wording import in_column
from tests.settlement.statements.making import LONG, hard_inputs


class Read(HTMLParser):
    """The cells of every table and all text, as a browser has them."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.tables: list[list[list[str]]] = []
        self.text: list[str] = []
        self.attributes: list[tuple[str, str, str | None]] = []
        self._cell: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, *pair) for pair in attrs]
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in {"td", "th"}:
            self._cell = []

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th"} and self._cell is not None:
            self.tables[-1][-1].append("".join(self._cell))
            self._cell = None

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if self._cell is not None:
            self._cell.append(data)


def read(path: Path) -> Read:
    reader = Read()
    reader.feed(path.read_text(encoding="utf-8"))
    reader.close()
    return reader


def test_every_cell_of_every_table_reads_back(golden_inputs: StatementInputs, tmp_path: Path) -> None:
    for document in (
        settlement_statement(golden_inputs, golden_inputs.settlement.rows[0].partner),
        workings(golden_inputs),
    ):
        path = tmp_path / "document.html"
        write_html(document, path)
        found = read(path).tables
        assert len(found) == len(document.tables)
        for table, rows in zip(document.tables, found, strict=True):
            head, *body = rows
            assert head == [column.title for column in table.columns]
            expected = [
                [in_column(cell) if isinstance(cell, int) else cell for cell in row.cells] for row in table.rows
            ]
            assert body == expected


def test_names_stay_text(tmp_path: Path) -> None:
    path = tmp_path / "hard.html"
    write_html(settlement_statement(hard_inputs(3), "A"), path)
    found = read(path)
    assert "script" not in found.tags
    assert "b" not in found.tags
    assert any(LONG in text for text in found.text)
    assert "<script>alert(1)</script>" in "".join(found.text)


def test_it_needs_nothing_from_elsewhere_and_says_its_language(tmp_path: Path) -> None:
    path = tmp_path / "hard.html"
    write_html(settlement_statement(hard_inputs(3), "A"), path)
    found = read(path)
    assert not {name for _, name, _ in found.attributes} & {"src", "href", "onload", "onclick"}
    assert ("html", "lang", "en-GB") in found.attributes
    assert {value for tag, name, value in found.attributes if (tag, name) == ("th", "scope")} == {
        "col",
        "row",
        "colgroup",
    }
