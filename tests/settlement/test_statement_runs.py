"""Statements made aside: whole files in their place, or none; £000 with nothing lost; drafts that say so."""

import re
import shutil
from pathlib import Path

import pypdfium2
import pytest

from ledgers import open_ledger
from rules.periods import Period
from rules.problems import RefusedError
from settlement.statement_runs import (
    Look,
    Wanted,
    discard,
    draft_statements,
    make_documents,
    put_in_place,
    statements_of,
)
from tests.conftest import GOLDEN

BARNET = str(GOLDEN / "barnet-2014-15-reward-mechanism")


def report(_done: int, _total: int, _what: str) -> None:
    """Nobody looks."""


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def text_of(path: str) -> str:
    pdf = pypdfium2.PdfDocument(path)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in pdf)
    finally:
        pdf.close()


def test_what_there_is_of_a_period() -> None:
    with open_ledger(BARNET, read_only=True) as ledger:
        found = statements_of(ledger, Period.M12)
    assert [each.key for each in found.listed] == [
        "settlement-statement:LBB",
        "settlement-statement:BCCG",
        "memorandum-account:LBB",
        "memorandum-account:BCCG",
        "annual-return:",
        "quarterly-report:",
        "monitoring-report:",
        "workings:",
        "transfer-notice:LBB-BCCG",
        "journal:LBB",
        "journal:BCCG",
        "transfers:",
    ]
    assert found.listed[0].title == "Settlement statement: London Borough of Barnet"
    notice = next(each for each in found.listed if each.kind == "transfer-notice")
    assert notice.title == "Transfer notice: London Borough of Barnet to NHS Barnet Clinical Commissioning Group"
    assert notice.parties == ("LBB", "BCCG")
    assert [each.kind for each in found.listed if each.is_table] == ["journal", "journal", "transfers"]
    assert (found.is_draft, found.standing) == (True, "open")


def test_one_document_to_look_at_is_the_one_that_would_be_written(tmp_path: Path) -> None:
    look = Look(prepared_by="Finance lead")
    with open_ledger(BARNET, read_only=True) as ledger:
        keys = tuple(each.key for each in statements_of(ledger, Period.M12).listed)
    made = make_documents(BARNET, Period.M12, keys, look, str(tmp_path), report)
    draft = tmp_path / "draft"
    wanted = Wanted((Period.M12,), ("pdf", "csv"), None, look)
    draft_statements(BARNET, wanted, str(tmp_path / "out"), str(draft), report)
    assert list(made) == list(keys)
    for path in made.values():
        assert Path(path).read_bytes() == (draft / Path(path).name).read_bytes()
    assert "DRAFT" in text_of(made["settlement-statement:LBB"])


def test_thousands_are_shown_and_what_is_due_stays_exact(tmp_path: Path) -> None:
    keys = ("settlement-statement:LBB", "memorandum-account:", "workings:")
    made = make_documents(BARNET, Period.M12, keys, Look(thousands=True), str(tmp_path), report)
    assert [Path(path).name for path in made.values()] == [
        "2014-15-M12-LBB-settlement-statement-in-thousands.pdf",
        "2014-15-M12-memorandum-account-in-thousands.pdf",
        "2014-15-M12-workings.pdf",
    ]
    shown = text_of(made["settlement-statement:LBB"])
    assert "£962,958.16" in shown
    assert "Tables are in £000" in shown
    assert "21,640" in shown
    in_tables = re.compile(r"(?<!£)21,639,694")
    assert not in_tables.search(shown)
    assert not in_tables.search(text_of(made["memorandum-account:"]))
    assert "Tables are in £000" not in text_of(made["workings:"])


def test_each_period_goes_into_a_folder_of_its_own_and_no_earlier_than_all_are_whole(tmp_path: Path) -> None:
    told: list[tuple[int, int, str]] = []

    def tell(done: int, total: int, what: str) -> None:
        told.append((done, total, what))

    out, draft = tmp_path / "out", tmp_path / "out" / ".s75-draft"
    wanted = Wanted((Period.M11, Period.M12), ("html", "csv"), ("LBB",), apart=True)
    drafted = draft_statements(BARNET, wanted, str(out), str(draft), tell)
    assert [name for name in names(out) if not name.startswith(".s75-draft")] == []
    assert told[0] == (1, 28, "M11: 2014-15-M11-LBB-settlement-statement.html")
    assert told[-1][:2] == (30, 30)
    placed = put_in_place(str(draft), str(out), drafted.files)
    assert names(out) == sorted(drafted.files)
    assert len(placed) == 30
    assert "2014-15-M11/2014-15-M11-LBB-journal.csv" in drafted.files
    assert not [name for name in drafted.files if "M12-BCCG" in name or "M11-BCCG" in name]
    assert not draft.exists()


def test_files_that_are_there_already_are_said_before_they_are_replaced(tmp_path: Path) -> None:
    out, draft = tmp_path / "out", tmp_path / "out" / ".s75-draft"
    out.mkdir()
    (out / "2014-15-M12-transfers.csv").write_text("old", encoding="utf-8")
    drafted = draft_statements(BARNET, Wanted((Period.M12,), ("csv",)), str(out), str(draft), report)
    assert drafted.there_already == ("2014-15-M12-transfers.csv",)
    assert (out / "2014-15-M12-transfers.csv").read_text(encoding="utf-8") == "old"
    put_in_place(str(draft), str(out), drafted.files)
    assert (out / "2014-15-M12-transfers.csv").read_text(encoding="utf-8") != "old"


def test_a_draft_that_is_thrown_away_leaves_nothing(tmp_path: Path) -> None:
    out, draft = tmp_path / "out", tmp_path / "out" / ".s75-draft"
    draft_statements(BARNET, Wanted((Period.M12,), ("csv",)), str(out), str(draft), report)
    discard(str(draft))
    assert names(out) == []
    discard(str(draft))


def test_a_period_that_cannot_be_settled_is_left_out_and_said(tmp_path: Path) -> None:
    case = GOLDEN / "oxfordshire-2013-14"
    folder = tmp_path / "ledger"
    shutil.copytree(case, folder)
    lines = (folder / "lines.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("period,")
    with open_ledger(str(folder), read_only=True) as ledger:
        agreement = ledger.agreement_at(Period.M1)
    scheme = next(each for each in agreement.schemes if agreement.fund_of[each.fund].is_pooled)
    spent = f"M1,{scheme.code},{agreement.partners[0].code},actual,100.00"
    (folder / "lines.csv").write_text(f"period,scheme,partner,kind,amount\n{spent}\n", encoding="utf-8")
    wanted = Wanted((Period.M1,), ("csv",))
    with pytest.raises(RefusedError, match="M1: "):
        draft_statements(str(folder), wanted, str(tmp_path / "out"), str(tmp_path / "draft"), report)
    back = f"M2,{scheme.code},{agreement.partners[0].code},actual,-100.00"
    (folder / "lines.csv").write_text(f"period,scheme,partner,kind,amount\n{spent}\n{back}\n", encoding="utf-8")
    wanted = Wanted((Period.M1, Period.M2), ("csv",), apart=True)
    drafted = draft_statements(str(folder), wanted, str(tmp_path / "out"), str(tmp_path / "draft"), report)
    assert [period for period, _why in drafted.left_out] == [Period.M1]
    assert drafted.files
