"""`s75 new`, `agreement`, `import`, `check`, `backup`: a ledger made, varied, filled, looked over and copied."""

import os
import sqlite3
from pathlib import Path

import pytest

from tests.settlement.command.running import GOLDEN, S75

OXFORDSHIRE = GOLDEN / "oxfordshire-2013-14"
COMMANDS = [
    *("demo", "open", "new", "agreement", "import", "check", "settle", "explain", "statement", "reverse", "hold"),
    *("reopen", "log", "dispute", "evidence", "backup"),
]
HAMMERSMITH = GOLDEN / "hammersmith-fulham-2017-18"


def test_help_names_every_command_of_the_contract(s75: S75) -> None:
    said = s75("--help")

    assert all(f"\n  {command} " in said.out for command in COMMANDS)


def test_each_command_shows_an_example(s75: S75) -> None:
    for command in COMMANDS:
        assert "Example: s75" in s75(command, "--help").out, command


def test_a_new_ledger_never_overwrites(s75: S75, tmp_path: Path) -> None:
    ledger = tmp_path / "pool.s75"
    s75("new", ledger, "--agreement", OXFORDSHIRE / "agreement.toml")
    before = ledger.read_bytes()

    said = s75("new", ledger, "--agreement", HAMMERSMITH / "agreement.toml")

    assert said.status == 2
    assert str(ledger) in said.err
    assert ledger.read_bytes() == before


def test_an_agreement_with_several_faults_is_refused_with_each_on_its_own_line(s75: S75, tmp_path: Path) -> None:
    broken = tmp_path / "agreement.toml"
    text = (OXFORDSHIRE / "agreement.toml").read_text(encoding="utf-8")
    broken.write_text(
        text.replace('by = "pooled"', 'by = "poled"').replace('host = "COUNCIL"', 'host = "NHS"'), "utf-8"
    )

    said = s75("new", tmp_path / "pool.s75", "--agreement", broken)

    assert said.status == 2
    assert len(said.err.splitlines()) == 2
    assert all(line.startswith(f"{broken}: ") for line in said.err.splitlines())
    assert not (tmp_path / "pool.s75").exists()


def test_an_agreement_that_is_not_utf8_is_refused(s75: S75, tmp_path: Path) -> None:
    broken = tmp_path / "agreement.toml"
    broken.write_bytes("[agreement]".encode("utf-16"))

    said = s75("new", tmp_path / "pool.s75", "--agreement", broken)

    assert (said.status, said.err) == (2, f"{broken}: the file is not UTF-8 text; save it as UTF-8\n")


def test_a_missing_agreement_file_is_refused(s75: S75, tmp_path: Path) -> None:
    said = s75("new", tmp_path / "pool.s75", "--agreement", tmp_path / "none.toml")

    assert said.status == 2
    assert said.err == f"{tmp_path / 'none.toml'}: the file cannot be read: {os.strerror(2)}\n"


def test_the_agreement_in_force_is_printed_as_it_was_put_in(s75: S75, barnet: Path) -> None:
    said = s75("agreement", barnet)

    expected = (GOLDEN / "barnet-2014-15-reward-mechanism" / "agreement.toml").read_text(encoding="utf-8")
    assert said.out.strip() == expected.strip()


def test_the_schedule_can_be_read_out_in_plain_english(s75: S75, barnet: Path) -> None:
    said = s75("agreement", barnet, "--in-words")

    assert "7B-reward  Benefits of the reduction in the influenced services" in said.out
    assert "40% is" in said.out


def test_a_variation_needs_a_reason_and_takes_effect_from_its_period(s75: S75, barnet: Path, tmp_path: Path) -> None:
    varied = tmp_path / "varied.toml"
    text = (GOLDEN / "barnet-2014-15-reward-mechanism" / "agreement.toml").read_text(encoding="utf-8")
    varied.write_text(text.replace('amount = "1%"', 'amount = "2%"'), encoding="utf-8")

    refused = s75("agreement", barnet, "--set", varied)
    done = s75("agreement", barnet, "--set", varied, "--from", "M7", "--reason", "Deed of variation")

    assert refused.status == 2
    assert done.status == 0
    assert done.out == f"{barnet}: version 2 of the agreement is in force from M7.\n"
    assert 'amount = "1%"' in s75("agreement", barnet, "--from", "M6").out
    assert 'amount = "2%"' in s75("agreement", barnet, "--from", "M7").out


def test_a_dry_run_says_what_would_be_posted_and_posts_nothing(s75: S75, tmp_path: Path) -> None:
    ledger = tmp_path / "pool.s75"
    s75("new", ledger, "--agreement", OXFORDSHIRE / "agreement.toml")

    said = s75("import", ledger, OXFORDSHIRE / "lines.csv", "--dry-run")

    assert said.status == 0
    assert "would post 5 lines." in said.out
    assert sqlite3.connect(ledger).execute("SELECT count(*) FROM lines").fetchone() == (0,)


def test_an_import_tells_how_many_lines_and_their_totals_by_kind(s75: S75, tmp_path: Path) -> None:
    ledger = tmp_path / "pool.s75"
    s75("new", ledger, "--agreement", OXFORDSHIRE / "agreement.toml")

    said = s75("import", ledger, OXFORDSHIRE / "lines.csv")

    assert "posted 5 lines as batch 1." in said.out
    assert said.out.splitlines()[1].split() == ["Budget", "£195,000,000.00"]


def test_the_same_file_twice_is_refused(s75: S75, barnet: Path) -> None:
    said = s75("import", barnet, GOLDEN / "barnet-2014-15-reward-mechanism" / "lines.csv")

    assert said.status == 2
    assert "lines.csv" in said.err


def test_a_bad_line_is_told_with_its_place_and_nothing_is_posted(s75: S75, barnet: Path, tmp_path: Path) -> None:
    before = s75("settle", barnet, "--json").out
    bad = tmp_path / "bad.csv"
    bad.write_text(
        "period,scheme,partner,kind,amount\nM12,CORE-L1,LBB,actual,10.00\nM12,CORE-L1,LBB,actual,£O\n", encoding="utf-8"
    )

    said = s75("import", barnet, bad)

    assert said.status == 2
    assert said.err.startswith(f"{bad}:3: amount: “£O” is not an amount")
    assert s75("settle", barnet, "--json").out == before


def test_hammersmith_and_fulhams_control_total_is_found_to_differ_with_the_difference(s75: S75, tmp_path: Path) -> None:
    """The board report says £44.859m in 7.1; its five lines in 7.2 make £43.708m."""
    ledger = tmp_path / "hf.s75"
    agreement = tmp_path / "agreement.toml"
    text = (HAMMERSMITH / "agreement.toml").read_text(encoding="utf-8")
    agreement.write_text(f'{text}\n[[control]]\nperiod = "M12"\namount = "44859000.00"\nkind = "budget"\n', "utf-8")
    s75("new", ledger, "--agreement", agreement)
    s75("import", ledger, HAMMERSMITH / "lines.csv")

    said = s75("check", ledger)

    assert said.status == 1
    assert "£44,859,000.00" in said.out
    assert "£43,708,000.00" in said.out
    assert "£1,151,000.00" in said.out


def test_a_ledger_with_nothing_wrong_passes_the_check(s75: S75, barnet: Path) -> None:
    said = s75("check", barnet)

    assert (said.status, said.out) == (0, f"{barnet}: nothing found.\n")


def test_an_amount_no_clause_deals_with_is_a_finding(s75: S75, tmp_path: Path) -> None:
    ledger = tmp_path / "pool.s75"
    agreement = tmp_path / "agreement.toml"
    text = (OXFORDSHIRE / "agreement.toml").read_text(encoding="utf-8")
    agreement.write_text(text[: text.index("[[clause]]")], encoding="utf-8")
    s75("new", ledger, "--agreement", agreement)
    s75("import", ledger, OXFORDSHIRE / "lines.csv")

    said = s75("check", ledger)

    assert said.status == 1
    assert said.out == (
        "unallocated: no clause deals with £1,000,000.00 of the overspend of £1,000,000.00 on POOL at M12; "
        "add or widen a clause\n"
    )


def test_a_backup_settles_as_its_original_does_and_never_overwrites(s75: S75, barnet: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.s75"

    assert s75("backup", barnet, "--out", copy).status == 0
    again = s75("backup", barnet, "--out", copy)

    assert s75("settle", copy, "--json").out == s75("settle", barnet, "--json").out
    assert again.status == 2


def test_no_ledger_there_says_how_to_make_one(s75: S75, tmp_path: Path) -> None:
    said = s75("settle", tmp_path / "none.s75")

    assert said.status == 2
    assert "there is no such ledger; make one with “s75 new FILE --agreement agreement.toml”" in said.err


def test_a_period_that_is_not_one_is_told_with_the_option_that_named_it(s75: S75, barnet: Path) -> None:
    said = s75("agreement", barnet, "--from", "M99")

    assert said.status == 2
    assert said.err.startswith("--from: “M99” is not a period")


def test_the_demo_is_kept_when_it_is_run_again_and_names_the_next_command_as_it_was_started(
    s75: S75, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("S75_PROGRAM", "sh run")
    s75("demo", tmp_path / "demo")
    kept = tmp_path / "demo" / "barnet-2014-15-pooled.s75"
    before = kept.read_bytes()

    said = s75("demo", tmp_path / "demo")

    assert f"{kept} (there already, kept)" in said.out
    assert kept.read_bytes() == before
    assert said.out.splitlines()[-1].strip().startswith("sh run open ")
