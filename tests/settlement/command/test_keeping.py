"""`s75 reverse`, `hold` and `reopen`: lines are taken back, never edited; periods close and open again."""

import json
from pathlib import Path

from tests.settlement.command.running import GOLDEN, S75


def test_a_reversal_takes_the_line_out_of_the_settlement_and_keeps_both(s75: S75, barnet: Path) -> None:
    before = json.loads(s75("settle", barnet, "--json").out)

    said = s75("reverse", barnet, "4", "--reason", "Paid by another council")  # LBB's actual on CORE-L1, £372,000.00
    after = json.loads(s75("settle", barnet, "--json").out)

    assert said.out == "Line 27 in M12 reverses line 4: (£372,000.00).\n"
    assert before["partners"]["LBB"]["spend"] - after["partners"]["LBB"]["spend"] == 37_200_000


def test_a_line_is_reversed_once(s75: S75, barnet: Path) -> None:
    s75("reverse", barnet, "4", "--reason", "Miscoded")

    said = s75("reverse", barnet, "4", "--reason", "Again")

    assert said.status == 2
    assert "4" in said.err


def test_a_reversal_needs_a_reason(s75: S75, barnet: Path) -> None:
    assert s75("reverse", barnet, "4").status == 2
    assert s75("reverse", barnet, "4", "--reason", " ").status == 2


def test_a_held_period_sends_late_lines_to_the_next_open_one(s75: S75, barnet: Path, tmp_path: Path) -> None:
    late = tmp_path / "late.csv"
    late.write_text("period,scheme,partner,kind,amount\nM12,CORE-L1,LBB,actual,10.00\n", encoding="utf-8")

    held = s75("hold", barnet, "--period", "M12")
    said = s75("import", barnet, late)

    assert held.out == "Held: M1 to M12. Late lines go to the next open period.\n"
    assert "1 late line" in said.out
    assert json.loads(s75("settle", barnet, "--json").out)["partners"]["LBB"]["spend"] == 5_133_035_800
    year_end = json.loads(s75("settle", barnet, "--period", "M13", "--json").out)
    assert year_end["partners"]["LBB"]["spend"] == 5_133_036_800


def test_a_held_period_can_be_reopened(s75: S75, barnet: Path) -> None:
    s75("hold", barnet, "--period", "M2")

    assert s75("reopen", barnet, "--period", "M2").out == "Open: M2.\n"
    assert s75("reopen", barnet, "--period", "M2").status == 2
    assert s75("hold", barnet, "--period", "M1").status == 2


def test_the_reason_of_a_reopening_is_kept_in_the_audit_trail(s75: S75, barnet: Path) -> None:
    s75("hold", barnet, "--period", "M2")

    s75("reopen", barnet, "--period", "M2", "--reason", "Accruals came late")

    assert s75("log", barnet, "--limit", "1").out.endswith("  reopen M2: Accruals came late\n")


def test_a_folder_is_read_only(s75: S75) -> None:
    said = s75("hold", GOLDEN / "telford-2019-20", "--period", "M1")

    assert said.status == 2
    assert "folder" in said.err


def test_every_line_that_a_reversal_takes_back_is_told(s75: S75, tmp_path: Path) -> None:
    folder = GOLDEN / "rotherham-first-call"
    ledger = tmp_path / "rotherham.s75"
    s75("new", ledger, "--agreement", folder / "agreement.toml")
    s75("import", ledger, folder / "lines.csv")

    said = s75("reverse", ledger, "9", "--reason", "Agreed in error")  # V1 moved £50,000.00 of the council's budget

    assert said.out == "Line 20 in M12 reverses line 9: £50,000.00.\nLine 21 in M12 reverses line 10: (£50,000.00).\n"


def test_after_the_last_period_is_held_none_is_open_to_late_lines(s75: S75, barnet: Path) -> None:
    said = s75("hold", barnet, "--period", "M13")

    assert said.out.endswith("Held: M1 to M13. No period is open to take late lines.\n")
