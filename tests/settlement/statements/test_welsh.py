"""Statements in Welsh: the same figures and names, no sentence of English left, and English as it was before."""

import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path

import pikepdf
import pytest

from rules.language import speaking
from settlement.languages import WELSH, catalogue_of
from settlement.messages.extract import entries_of
from settlement.result import result_of
from settlement.statements import StatementInputs
from settlement.statements.document import Document, KeyFigures, Paragraph, Table
from settlement.statements.pdf.writer import write_pdf
from settlement.statements.writing import documents_of, tables_of, write_statements
from tests.conftest import golden_case
from tests.settlement.statements.made_up import own_texts, texts_in
from tests.settlement.statements.making import hard_inputs, inputs_of, pages_of, signed
from tests.settlement.statements.test_in_dispute import OF_CLAUSE, RAISED, disputed

CASES = ("barnet-2014-15-reward-mechanism", "ccg-to-icb-2022-23")
_LITERAL = re.compile(r"\{[^{}]*\}")


@pytest.fixture(params=CASES)
def inputs(request: pytest.FixtureRequest) -> StatementInputs:
    return signed(inputs_of(golden_case(request.param)))


def made(inputs: StatementInputs, tag: str = "") -> dict[str, Document]:
    codes = [partner.code for partner in inputs.agreement.partners]
    with speaking(catalogue_of(tag)) if tag else nullcontext():
        return dict(documents_of(inputs, codes))


def amounts_of(document: Document) -> list[int]:
    """Every amount, in reading order."""
    found: list[int] = []
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, KeyFigures):
                found.append(block.amount_pence)
            elif isinstance(block, Table):
                found += [cell for row in block.rows for cell in row.cells if isinstance(cell, int)]
    return found


def told_amounts(document: Document) -> list[str]:
    """The amounts within texts, in any order: sentences put them in their own."""
    return sorted(re.findall(r"£[\d,.]*\d", " ".join(texts_in(document))))


def english_sentences() -> set[str]:
    """What only an English message says: the literal parts of the messages that are at least three words long."""
    parts: set[str] = set()
    welsh = " ".join(text for entry in entries_of(WELSH) for text in entry.texts)
    for entry in entries_of(WELSH):
        for text in entry.key:
            parts.update(part.strip() for part in _LITERAL.split(text) if len(part.split()) > 2)
    return {part for part in parts if part not in welsh}


def without_own(document: Document, inputs: StatementInputs) -> str:
    """All of its texts, without the names and descriptions that are the ledger's own."""
    told = "\n".join(texts_in(document))
    for own in own_texts(inputs):
        if len(own.split()) > 1:
            told = told.replace(own, "·")
    return told


def test_every_figure_is_the_english_ones(inputs: StatementInputs) -> None:
    english, welsh = made(inputs), made(inputs, WELSH)
    assert list(english) == list(welsh)
    for name, document in english.items():
        other = welsh[name]
        assert other.language == WELSH
        assert amounts_of(other) == amounts_of(document), name
        assert told_amounts(other) == told_amounts(document), name
        assert [len(section.blocks) for section in other.sections] == [
            len(section.blocks) for section in document.sections
        ]


def test_no_sentence_of_it_is_english(inputs: StatementInputs) -> None:
    sentences = english_sentences()
    assert len(sentences) > 200
    for name, document in made(inputs, WELSH).items():
        told = without_own(document, inputs)
        assert [sentence for sentence in sentences if sentence in told] == [], name


def test_a_dispute_and_a_hard_ledger_are_told_in_welsh_too() -> None:
    sentences = english_sentences()
    for inputs in (disputed(RAISED, OF_CLAUSE, lines=(2,), clauses=("1",)), hard_inputs(4)):
        for name, document in made(inputs, WELSH).items():
            told = without_own(document, inputs)
            assert [sentence for sentence in sentences if sentence in told] == [], name


def test_what_is_due_is_said_in_welsh_words() -> None:
    documents = made(inputs_of(golden_case("barnet-2014-15-core")), WELSH)
    key = [
        block
        for document in documents.values()
        for section in document.sections
        for block in section.blocks
        if isinstance(block, KeyFigures) and block.amount_pence
    ]
    assert key
    assert all(re.search("o (bunnoedd|geiniogau)$|un (bunt|geiniog)$", block.words) for block in key)
    assert any(isinstance(block, Paragraph) for block in documents.popitem()[1].sections[0].blocks)


def test_a_pdf_and_a_page_of_html_name_their_language(tmp_path: Path, inputs: StatementInputs) -> None:
    with speaking(catalogue_of(WELSH)):
        written = write_statements(inputs, tmp_path, ("pdf", "html"), kinds=("settlement-statement",))
    for path in written:
        if path.suffix == ".html":
            assert '<html lang="cy"' in path.read_text(encoding="utf-8")
        else:
            with pikepdf.open(path) as pdf:
                assert str(pdf.Root.Lang) == WELSH
            assert not any(re.search(r"Page \d+ of \d+", page) for page in pages_of(path))


def test_english_is_the_same_bytes_after_welsh_was_made(tmp_path: Path, inputs: StatementInputs) -> None:
    def bytes_of(folder: str, tag: str = "") -> dict[str, bytes]:
        with speaking(catalogue_of(tag)) if tag else nullcontext():
            paths = write_statements(inputs, tmp_path / folder, ("pdf", "html", "csv"))
        return {path.name: path.read_bytes() for path in paths}

    before = bytes_of("before")
    welsh = bytes_of("welsh", WELSH)
    assert bytes_of("after") == before
    assert bytes_of("again", WELSH) == welsh
    assert list(welsh) == list(before), "files are called the same in every language"
    assert all(welsh[name] != body for name, body in before.items() if name.endswith((".pdf", ".html")))


def test_threads_make_each_language_at_once(inputs: StatementInputs) -> None:
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(lambda tag: made(inputs, tag), ("", WELSH) * 3))
    assert both[0] == both[2] == both[4] == made(inputs)
    assert both[1] == both[3] == both[5] == made(inputs, WELSH)


def test_the_json_result_knows_no_language(inputs: StatementInputs) -> None:
    english = result_of(inputs.settlement)
    with speaking(catalogue_of(WELSH)):
        assert result_of(inputs.settlement) == english


def test_tables_for_another_ledger_keep_their_amounts(inputs: StatementInputs) -> None:
    codes = [partner.code for partner in inputs.agreement.partners]
    with speaking(catalogue_of(WELSH)):
        welsh = dict(tables_of(inputs, codes))
    for name, table in tables_of(inputs, codes):
        assert [row.cells[-2:] for row in welsh[name].rows if isinstance(row.cells[-1], int)] == [
            row.cells[-2:] for row in table.rows if isinstance(row.cells[-1], int)
        ]


def test_letters_of_welsh_are_in_the_print(tmp_path: Path) -> None:
    """ŵ and ŷ are in few fonts: none of them may be replaced by a box."""
    with speaking(catalogue_of(WELSH)):
        document = next(iter(made(inputs_of(golden_case("barnet-2014-15-core")), WELSH).values()))
        write_pdf(document, tmp_path / "cy.pdf")
    told = " ".join(pages_of(tmp_path / "cy.pdf"))
    wanted = {letter for text in texts_in(document) for letter in text if letter in "âêîôûŵŷ"}
    assert wanted
    assert all(letter in told for letter in wanted)
