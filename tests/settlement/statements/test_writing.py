"""Files: which are written, under which names, whole or not at all; and CSV that runs nothing."""

import csv
import subprocess
import sys
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest

from rules.agreement import Partner, PartnerKind
from settlement.statements import StatementInputs, settlement_statement, write_statements
from settlement.statements.csv_out import document_csv, safe, table_csv
from settlement.statements.document import Column, Document, Row, Table, amounts
from settlement.statements.writing import file_names
from tests.conftest import golden_case
from tests.settlement.statements.making import hard_inputs, inputs_of


@pytest.fixture
def barnet() -> StatementInputs:
    return inputs_of(golden_case("barnet-2014-15-core"))


def test_one_statement_per_partner_the_memorandum_the_workings_journals_and_transfers(
    barnet: StatementInputs, tmp_path: Path
) -> None:
    written = write_statements(barnet, tmp_path / "new" / "folder", ("pdf", "csv"))
    assert sorted(path.name for path in written) == sorted(
        [f"2014-15-M12-{code}-settlement-statement.{kind}" for code in ("LBB", "BCCG") for kind in ("pdf", "csv")]
        + [f"2014-15-M12-{what}.{kind}" for what in ("memorandum-account", "workings") for kind in ("pdf", "csv")]
        + ["2014-15-M12-LBB-journal.csv", "2014-15-M12-BCCG-journal.csv", "2014-15-M12-transfers.csv"]
    )
    assert sorted(path.name for path in (tmp_path / "new" / "folder").iterdir()) == sorted(p.name for p in written)


def test_only_the_partners_that_are_asked_for(barnet: StatementInputs, tmp_path: Path) -> None:
    names = {path.name for path in write_statements(barnet, tmp_path, ("html",), ("BCCG",))}
    assert names == {
        "2014-15-M12-BCCG-settlement-statement.html",
        "2014-15-M12-memorandum-account.html",
        "2014-15-M12-workings.html",
    }


@pytest.mark.parametrize(("formats", "partners"), [(("docx",), None), (("pdf",), ("NOBODY",))])
def test_an_unknown_format_or_partner_writes_nothing(
    barnet: StatementInputs, tmp_path: Path, formats: tuple[str, ...], partners: tuple[str, ...] | None
) -> None:
    with pytest.raises(ValueError, match=r"is not a format|is no partner"):
        write_statements(barnet, tmp_path / "out", formats, partners)
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

    monkeypatch.setattr("settlement.statements.html.write_html", full)
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
