"""Files: which are written, under which names, whole or not at all; and CSV that runs nothing."""

import csv
import subprocess
import sys
import weakref
from dataclasses import fields, replace
from io import StringIO
from pathlib import Path

import pytest

from rules.agreement import Partner, PartnerKind
from rules.language import speaking
from rules.problems import RefusedError
from settlement.statements import KINDS, StatementInputs, memorandum_account, settlement_statement, write_statements
from settlement.statements.csv_out import document_csv, safe, table_csv
from settlement.statements.document import Column, Document, Row, Table, amounts
from settlement.statements.writing import (
    document_of,
    documents_of,
    file_names,
    papers_of,
    table_of,
    tables_of,
)
from tests.conftest import golden_case
from tests.settlement.statements.making import hard_inputs, inputs_of


@pytest.fixture
def barnet() -> StatementInputs:
    return inputs_of(golden_case("barnet-2014-15-core"))


SHARED = ("annual-return", "quarterly-report", "monitoring-report", "workings", "LBB-BCCG-transfer-notice")


def test_everything_there_is_of_a_settlement(barnet: StatementInputs, tmp_path: Path) -> None:
    written = write_statements(barnet, tmp_path / "new" / "folder", ("pdf", "csv"))
    own = ("settlement-statement", "memorandum-account")
    assert [path.name for path in written] == [
        *(f"2014-15-M12-{code}-{what}.{kind}" for what in own for code in ("LBB", "BCCG") for kind in ("pdf", "csv")),
        *(f"2014-15-M12-{what}.{kind}" for what in SHARED for kind in ("pdf", "csv")),
        *("2014-15-M12-LBB-journal.csv", "2014-15-M12-BCCG-journal.csv", "2014-15-M12-transfers.csv"),
    ]
    assert sorted(path.name for path in (tmp_path / "new" / "folder").iterdir()) == sorted(p.name for p in written)


def test_only_the_partners_that_are_asked_for(barnet: StatementInputs, tmp_path: Path) -> None:
    names = {path.name for path in write_statements(barnet, tmp_path, ("html",), ("BCCG",))}
    assert names == {
        "2014-15-M12-BCCG-settlement-statement.html",
        "2014-15-M12-BCCG-memorandum-account.html",
        *(f"2014-15-M12-{what}.html" for what in SHARED),
    }


def test_a_notice_is_for_those_whom_it_is_about() -> None:
    inputs = inputs_of(golden_case("three-partners-qipp-separate"))
    pairs = {(each.receiver, each.payer) for each in inputs.settlement.transfers}
    assert pairs == {("B", "A"), ("C", "A")}
    told = [paper.name for paper in papers_of(inputs.settlement, ("B",), ("transfer-notice",))]
    assert told == ["2016-17-M13-B-A-transfer-notice"]
    assert papers_of(inputs.settlement, ("B",), ("transfer-notice",))[0].parties == ("B", "A")


def test_only_the_kinds_that_are_asked_for(barnet: StatementInputs, tmp_path: Path) -> None:
    kinds = ("journal", "annual-return", "transfer-notice")
    names = [path.name for path in write_statements(barnet, tmp_path, ("html", "csv"), ("LBB",), kinds=kinds)]
    assert names == [
        "2014-15-M12-annual-return.html",
        "2014-15-M12-annual-return.csv",
        "2014-15-M12-LBB-BCCG-transfer-notice.html",
        "2014-15-M12-LBB-BCCG-transfer-notice.csv",
        "2014-15-M12-LBB-journal.csv",
    ]


def test_tables_are_written_with_csv_alone(barnet: StatementInputs, tmp_path: Path) -> None:
    assert write_statements(barnet, tmp_path, ("html",), kinds=("journal", "transfers")) == []


def test_every_kind_has_one_name_however_it_is_asked_for(barnet: StatementInputs) -> None:
    papers = papers_of(barnet.settlement)
    assert {paper.kind for paper in papers} == set(KINDS)
    listed = [name for name, _ in documents_of(barnet, ("LBB", "BCCG"))]
    listed += [name for name, _ in tables_of(barnet, ("LBB", "BCCG"))]
    assert listed == [paper.name for paper in papers]
    for paper in papers:
        made = table_of if paper.is_table else document_of
        assert made(barnet, paper.kind, paper.partner)[0] == paper.name


def test_the_memorandum_account_of_all_is_there_to_be_signed(barnet: StatementInputs) -> None:
    name, document = document_of(barnet, "memorandum-account")
    assert name == "2014-15-M12-memorandum-account"
    assert document == memorandum_account(barnet)


def test_thousands_are_of_what_a_board_reads_and_never_of_what_is_posted_or_paid(
    barnet: StatementInputs, tmp_path: Path
) -> None:
    written = write_statements(barnet, tmp_path, ("html", "csv"), ("LBB",), thousands=True)
    apart = {path.stem for path in written if not path.stem.endswith("-in-thousands")}
    assert apart == {
        "2014-15-M12-workings",
        "2014-15-M12-LBB-BCCG-transfer-notice",
        "2014-15-M12-LBB-journal",
        "2014-15-M12-transfers",
    }
    for kind, partner in (("annual-return", ""), ("quarterly-report", ""), ("monitoring-report", "")):
        _, document = document_of(barnet, kind, partner, thousands=True)
        assert any(table.in_thousands for table in document.tables)
    _, notice = document_of(barnet, "transfer-notice", "LBB-BCCG", thousands=True)
    assert not any(table.in_thousands for table in notice.tables)


def test_files_may_be_named_otherwise(barnet: StatementInputs, tmp_path: Path) -> None:
    told: list[tuple[str, str, str]] = []

    def name_of(kind: str, partner: str, usual: str) -> str | None:
        told.append((kind, partner, usual))
        return f"{partner}/{kind}" if partner else None

    kinds = ("memorandum-account", "workings", "transfer-notice")
    written = write_statements(barnet, tmp_path, ("html",), ("LBB",), kinds=kinds, name_of=name_of)
    assert told == [
        ("memorandum-account", "LBB", "2014-15-M12-LBB-memorandum-account"),
        ("workings", "", "2014-15-M12-workings"),
        ("transfer-notice", "LBB-BCCG", "2014-15-M12-LBB-BCCG-transfer-notice"),
    ]
    assert [str(path.relative_to(tmp_path)) for path in written] == [
        "LBB/memorandum-account.html",
        "2014-15-M12-workings.html",
        "LBB-BCCG/transfer-notice.html",
    ]


def test_two_files_of_one_name_are_refused_before_anything_is_written(barnet: StatementInputs, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with pytest.raises(ValueError, match=r"two files would be called (same|SAME)\.html"):
        write_statements(barnet, out, ("html",), name_of=lambda kind, *_: "same" if "-" in kind else "SAME")
    assert not out.exists()


def test_nothing_is_replaced_unless_it_may_be(barnet: StatementInputs, tmp_path: Path) -> None:
    kinds = ("workings", "annual-return")
    first, second = write_statements(barnet, tmp_path, ("html",), kinds=kinds, overwrite=False)
    second.write_text("mine", encoding="utf-8")
    with pytest.raises(RefusedError) as refused:
        write_statements(barnet, tmp_path, ("html", "csv"), kinds=kinds, overwrite=False)
    assert [problem.message for problem in refused.value.problems] == [
        f"{first.name} and 1 more is there already, and nothing was written; choose to replace, or another folder"
    ]
    assert second.read_text(encoding="utf-8") == "mine"
    assert not list(tmp_path.glob("*.csv"))
    first.unlink()
    with pytest.raises(RefusedError, match=f"{second.name} is there already, and nothing was written"):
        write_statements(barnet, tmp_path, ("html",), kinds=kinds, overwrite=False)
    write_statements(barnet, tmp_path, ("html",), kinds=kinds)
    assert second.read_text(encoding="utf-8") != "mine"


def test_documents_are_in_the_language_spoken_when_they_were_asked_for(barnet: StatementInputs) -> None:
    class Shouting:
        language = "cy"

        def message(self, english: str) -> str:
            return english.replace("Annual return", "ANNUAL RETURN")

        def plural(self, one: str, many: str, count: int) -> str:
            return one if count == 1 else many

        def before(self, word: str, _following: str) -> str:
            return word

    with speaking(Shouting()):
        documents = documents_of(barnet, (), kinds=("annual-return",))
    ((_, document),) = documents
    assert (document.title, document.language) == ("ANNUAL RETURN", "cy")
    ((_, english),) = documents_of(barnet, (), kinds=("annual-return",))
    assert (english.title, english.language) == ("Annual return", "en-GB")


def test_one_document_is_held_at_a_time_however_many_there_are(
    barnet: StatementInputs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alive: list[int] = []
    made: list[weakref.ref[Document]] = []

    class Held(Document):
        __slots__ = ("__weakref__",)

    def building(inputs: StatementInputs, kind: str, partner: str = "", *, thousands: bool = False) -> object:
        alive.append(sum(ref() is not None for ref in made))
        name, document = document_of(inputs, kind, partner, thousands=thousands)
        held = Held(**{field.name: getattr(document, field.name) for field in fields(document)})
        made.append(weakref.ref(held))
        return name, held

    monkeypatch.setattr("settlement.statements.writing.document_of", building)
    write_statements(barnet, tmp_path, ("csv", "html"))
    assert len(alive) == 9
    assert set(alive) == {0}


@pytest.mark.parametrize(
    ("formats", "partners", "kinds", "said"),
    [
        (("docx",), None, None, "“docx” is not a format of statements; choose from pdf, html, xlsx, csv"),
        (("pdf",), ("NOBODY",), None, "“NOBODY” is no partner at M12; the partners are LBB, BCCG"),
        (("pdf",), None, ("poem",), "“poem” is not a kind of statement; choose from settlement-statement, "),
    ],
)
def test_an_unknown_format_partner_or_kind_writes_nothing(
    barnet: StatementInputs,
    tmp_path: Path,
    formats: tuple[str, ...],
    partners: tuple[str, ...] | None,
    kinds: tuple[str, ...] | None,
    said: str,
) -> None:
    with pytest.raises(ValueError, match=said):
        write_statements(barnet, tmp_path / "out", formats, partners, kinds=kinds)
    assert not (tmp_path / "out").exists()


def test_a_draft_is_replaced_whole_and_a_failure_leaves_the_old_one(
    barnet: StatementInputs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (path, *_) = write_statements(barnet, tmp_path, ("html",))
    path.write_text("old", encoding="utf-8")
    write_statements(barnet, tmp_path, ("html",))
    whole = path.read_bytes()
    assert whole != b"old"

    def full(_document: Document, target: Path) -> None:
        target.write_text("half", encoding="utf-8")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("settlement.statements.html.writer.write_html", full)
    with pytest.raises(OSError, match="No space left"):
        write_statements(barnet, tmp_path, ("html",))
    assert path.read_bytes() == whole
    assert not [each for each in tmp_path.iterdir() if each.name.startswith(".")]


def test_names_are_safe_whatever_the_partners_codes_and_no_two_are_one(barnet: StatementInputs) -> None:
    codes = ("A/B", "A_B", "a/b", "..", "../../etc", "Ł" * 90, "x" * 90)
    agreement = replace(barnet.agreement, partners=tuple(Partner(code, code, PartnerKind.COUNCIL) for code in codes))
    outcome = replace(barnet.settlement.outcome, agreement=agreement)
    names = file_names(replace(barnet, settlement=replace(barnet.settlement, outcome=outcome)))
    assert len({name.lower() for name in names.values()}) == len(codes)
    assert all(len(name) < 70 and name.isascii() and not set(name) & set('/\\:*?"<>|') for name in names.values())
    assert all(name.startswith("2014-15-M12-") for name in names.values())


def test_the_forecast_outturn_has_a_name_of_its_own(barnet: StatementInputs) -> None:
    names = file_names(replace(barnet, settlement=barnet.outturn))
    assert names["LBB"] == "2014-15-M12-outturn-LBB"


@pytest.mark.parametrize("text", ["=1+1", "+44", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_text_that_could_be_a_formula_is_prefixed(text: str) -> None:
    assert safe(text) == f"'{text}"


def test_amounts_are_plain_and_other_text_is_left_alone() -> None:
    assert [safe(cell) for cell in (-123456, 5, "a=b", "")] == ["-1234.56", "0.05", "a=b", ""]


def test_a_table_reads_back() -> None:
    table = Table("T", (Column("Text"), *amounts("Amount")), (Row(('a "b", c\nd', -1)), Row(("Łódź", 10**12))))
    rows = list(csv.reader(StringIO(table_csv(table), newline="")))
    assert rows == [["Text", "Amount"], ['a "b", c\nd', "-0.01"], ["Łódź", "10000000000.00"]]


def test_no_cell_of_a_hard_statement_could_be_a_formula() -> None:
    text = document_csv(settlement_statement(hard_inputs(3), "A"))
    for row in csv.reader(StringIO(text, newline="")):
        for cell in row:
            assert not cell.startswith(("=", "+", "@", "\t", "\r"))
            assert not cell.startswith("-") or cell[1:].replace(".", "").isdigit()


def test_reportlab_and_xlsxwriter_are_imported_only_when_their_format_is_written() -> None:
    program = (
        "import sys, settlement.statements\n"
        "print([name for name in ('reportlab', 'xlsxwriter', 'csv') if name in sys.modules and name != 'csv'])"
    )
    said = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert said.stdout.strip() == "[]"
