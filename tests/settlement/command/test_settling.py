"""`s75 settle`, `explain` and `statement`: what is due, and where it came from."""

import json
from pathlib import Path

import pytest

from tests.settlement.command.running import GOLDEN, S75

CASES = sorted(path.name for path in GOLDEN.iterdir() if path.is_dir())


@pytest.mark.parametrize("case", CASES)
def test_a_golden_folder_settles_to_its_expected_result_byte_for_byte(case: str, s75: S75) -> None:
    said = s75("settle", GOLDEN / case, "--json")

    assert said.status == 0
    assert said.out == (GOLDEN / case / "expected.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("case", CASES)
def test_a_golden_case_imported_into_a_ledger_file_settles_the_same(case: str, s75: S75, tmp_path: Path) -> None:
    folder = GOLDEN / case
    ledger = tmp_path / "ledger.s75"
    s75("new", ledger, "--agreement", folder / "agreement.toml")
    files = [path for path in (folder / "lines.csv", folder / "measures.csv") if path.exists()]
    assert s75("import", ledger, *files).status == 0

    said = s75("settle", ledger, "--json")

    assert json.loads(said.out) == json.loads((folder / "expected.json").read_text(encoding="utf-8"))


def test_standard_output_is_one_json_object_a_line_for_several_ledgers_in_the_order_given(s75_process: S75) -> None:
    names = ["telford-2019-20", "fife-reserves-first"]

    said = s75_process("settle", "--json", *(GOLDEN / name for name in names))

    lines = said.out.splitlines()
    assert [json.loads(line)["agreement"] for line in lines] == ["telford-bcf", "fife-reserves"]
    assert said.err == ""
    assert said.status == 0


def test_a_refused_ledger_stands_in_its_place_and_makes_the_exit_status_two(s75: S75, tmp_path: Path) -> None:
    missing = tmp_path / "nowhere"

    said = s75("settle", "--json", GOLDEN / "telford-2019-20", missing, GOLDEN / "fife-reserves-first")

    first, second, third = map(json.loads, said.out.splitlines())
    assert first["agreement"] == "telford-bcf"
    assert second["ledger"] == str(missing)
    assert second["errors"] == said.err.splitlines()
    assert third["agreement"] == "fife-reserves"
    assert said.status == 2


def test_the_settlement_says_in_words_who_pays_whom(s75: S75) -> None:
    said = s75("settle", GOLDEN / "hammersmith-fulham-2017-18")

    assert (
        "NHS Hammersmith and Fulham Clinical Commissioning Group pays London Borough of Hammersmith & Fulham "
        "£1,228,000.00" in said.out
    )


def test_an_unallocated_amount_is_said_to_bar_signing(s75: S75, tmp_path: Path) -> None:
    folder = tmp_path / "oxfordshire"
    folder.mkdir()
    agreement = (GOLDEN / "oxfordshire-2013-14" / "agreement.toml").read_text(encoding="utf-8")
    (folder / "agreement.toml").write_text(agreement[: agreement.index("[[clause]]")], encoding="utf-8")
    (folder / "lines.csv").write_bytes((GOLDEN / "oxfordshire-2013-14" / "lines.csv").read_bytes())

    said = s75("settle", folder)

    assert "UNALLOCATED: no clause deals with £1,000,000.00; this cannot be signed" in said.out


def test_a_period_that_is_not_one_is_refused(s75: S75) -> None:
    said = s75("settle", GOLDEN / "telford-2019-20", "--period", "March")

    assert said.status == 2
    assert said.err == (
        "--period: “MARCH” is not a period; write M1 (April) to M12 (March), or M13 for year-end adjustments\n"
    )


def test_outturn_counts_what_is_still_forecast(s75: S75, tmp_path: Path) -> None:
    folder = tmp_path / "pool"
    folder.mkdir()
    (folder / "agreement.toml").write_bytes((GOLDEN / "oxfordshire-2013-14" / "agreement.toml").read_bytes())
    (folder / "lines.csv").write_text(
        "period,scheme,partner,kind,amount\n"
        "M1,ALL,CCG,budget,100.00\nM1,ALL,COUNCIL,budget,100.00\nM6,ALL,COUNCIL,actual,90.00\n"
        "M9,ALL,COUNCIL,forecast,150.00\n",
        encoding="utf-8",
    )

    to_date = json.loads(s75("settle", folder, "--period", "M6", "--json").out)
    outturn = json.loads(s75("settle", folder, "--period", "M6", "--outturn", "--json").out)

    assert [subject["amount"] for subject in to_date["subjects"]] == [11000]  # 90.00 of 200.00 spent
    assert [(subject["on"], subject["amount"]) for subject in outturn["subjects"]] == [("overspend", 4000)]


def test_explain_leads_from_what_is_due_through_the_clause_to_the_ledger_line(s75: S75, barnet: Path) -> None:
    said = s75("explain", barnet, "--partner", "BCCG")

    assert "NHS Barnet Clinical Commissioning Group (BCCG) pays £962,958.16 net" in said.out
    assert "Clause 7B-reward, benefit of INFLUENCED, 59.89% of £667,284.75: £399,606.05" in said.out
    assert "Baseline, Influenced services, level 5 (INF-L5): £58,205,929.00" in said.out
    assert "lines.csv row 26: OBC-6: £58,205,929.00" in said.out
    assert "Shared in proportion to the agreed amounts “financial challenge”" in said.out


def test_explain_refuses_a_partner_that_is_not_in_being(s75: S75) -> None:
    said = s75("explain", GOLDEN / "ccg-to-icb-2022-23", "--partner", "CCG-N")

    assert said.status == 2
    assert said.err == "--partner: “CCG-N” is not a partner in being at M6; they are COUNCIL, ICB\n"


def test_explain_finds_a_predecessors_lines_behind_its_successors_figure(s75: S75) -> None:
    said = s75("explain", GOLDEN / "ccg-to-icb-2022-23", "--partner", "ICB")

    budget = said.out.index("Budget, Home first (HOMEFIRST): £3,000,000.00")
    assert "£2,000,000.00" in said.out[budget : budget + 300]
    assert "£1,000,000.00" in said.out[budget : budget + 300]


def test_statements_are_written_for_each_partner_with_memorandum_workings_and_journals(
    s75: S75, barnet: Path, tmp_path: Path
) -> None:
    out = tmp_path / "statements"

    said = s75("statement", barnet, "--out", out, "--format", "pdf,html,xlsx,csv")

    assert said.status == 0
    written = [Path(line) for line in said.out.splitlines()]
    assert all(path.is_file() and path.stat().st_size for path in written)
    names = " ".join(path.name for path in written)
    for expected in ("LBB-settlement-statement.pdf", "BCCG-settlement-statement.pdf", "memorandum", "workings"):
        assert expected in names
    assert {path.suffix for path in written} == {".pdf", ".html", ".xlsx", ".csv"}


def test_a_format_that_is_not_one_is_refused_and_nothing_is_written(s75: S75, barnet: Path, tmp_path: Path) -> None:
    said = s75("statement", barnet, "--out", tmp_path / "out", "--format", "pdf,docx")

    assert said.status == 2
    assert said.err == "--format: “docx” is not a format; choose from pdf, html, xlsx, csv\n"
    assert not (tmp_path / "out").exists()


def test_naming_no_format_at_all_is_refused(s75: S75, barnet: Path, tmp_path: Path) -> None:
    said = s75("statement", barnet, "--out", tmp_path / "out", "--format", " ")

    assert (said.status, said.err) == (2, "--format: name a format to write: pdf, html, xlsx, csv\n")


def test_a_password_in_a_url_is_never_printed(s75: S75) -> None:
    said = s75("settle", "--json", "postgresql://approver:secret@127.0.0.1:1/pool")

    assert said.status == 2
    assert json.loads(said.out)["ledger"] == "postgresql://approver:***@127.0.0.1:1/pool"
    assert "secret" not in said.out + said.err


def test_a_long_partner_code_keeps_its_column_apart(s75: S75, tmp_path: Path) -> None:
    folder = tmp_path / "telford"
    folder.mkdir()
    for name in ("agreement.toml", "lines.csv"):
        text = (GOLDEN / "telford-2019-20" / name).read_text(encoding="utf-8")
        (folder / name).write_text(text.replace("CCG", "A-VERY-LONG-CODE-0001"), "utf-8")

    header = next(line for line in s75("settle", folder).out.splitlines() if line.startswith("Account"))

    assert header.split() == ["Account", "COUNCIL", "A-VERY-LONG-CODE-0001"]
