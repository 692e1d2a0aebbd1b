"""`s75 copy` and `s75 where`: a copy to work in, given back; where a ledger lies, who has it, what lies beside it."""

import json
import os
import re
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from ledgers import open_ledger
from ledgers.locking import user_name
from rules.periods import Period
from tests.own_folders import live_in
from tests.settlement.command.running import GOLDEN, S75

WHO = f"{user_name()} on {socket.gethostname()}"
WHEN = r"\d{1,2} \w+ 20\d\d at \d\d:\d\d UTC"


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A person's own folders."""
    live_in(tmp_path / "own", monkeypatch)
    return tmp_path / "own" / "data" / "s75-settlement" / "copies"


@pytest.fixture
def copy(s75: S75, barnet: Path, own_folders: Path) -> Path:
    """A copy of the ledger."""
    assert s75("copy", "take", barnet).status == 0
    (made,) = own_folders.glob("*/barnet.s75")
    return made


def test_a_copy_is_taken_listed_and_given_back(s75: S75, barnet: Path, own_folders: Path) -> None:
    said = s75("copy", "take", barnet)
    (made,) = own_folders.glob("*/barnet.s75")
    assert (said.status, said.out.splitlines()) == (
        0,
        [
            f"{made}: a copy of {barnet} to work in.",
            "What is posted in the ledger meanwhile keeps the copy from being given back: tell your colleagues.",
            f"When you are done: s75 copy give-back {made}",
        ],
    )
    path, state = s75("copy", "list").out.splitlines()
    assert path == str(made)
    assert re.fullmatch(rf"    a copy of {barnet} \(.+\), taken on {WHEN}: nothing was done in it yet", state)
    assert s75("hold", made, "--period", "M12").status == 0
    assert s75("copy", "list").out.endswith(": 1 entry of work in it, not given back\n")
    done = s75("copy", "give-back", made)
    first, what, aside = done.out.splitlines()
    assert (done.status, first) == (0, f"{barnet}: has the copy's work now, 1 entry of the audit trail:")
    assert re.fullmatch(rf"  {user_name()} on {WHEN}: hold M1 to M12 \(.+\)", what)
    assert re.fullmatch(rf"The copy is put aside as {made.parent}/barnet-given-back-\d{{8}}T\d{{6}}Z\.s75\.", aside)
    assert s75("copy", "list").out == "No copy was taken here that is not given back.\n"
    assert s75("log", barnet).out.count("give back copy") == 1
    with open_ledger(barnet, read_only=True) as ledger:
        assert ledger.periods()[-1].period is Period.M13


def test_one_that_nothing_was_done_in_leaves_the_ledger_as_it_was(s75: S75, barnet: Path, copy: Path) -> None:
    said = s75("copy", "give-back", copy, "--remove")
    assert said.out.splitlines() == [
        f"{barnet}: as it was: nothing was done in the copy.",
        "The copy was deleted.",
    ]
    assert not copy.exists()


def test_what_was_given_back_already_is_said(s75: S75, barnet: Path, copy: Path, own_folders: Path) -> None:
    s75("hold", copy, "--period", "M1")
    saved = {each: each.read_bytes() for each in (copy, *own_folders.glob("*.json"))}
    s75("copy", "give-back", copy)
    for each, content in saved.items():
        each.write_bytes(content)
    said = s75("copy", "give-back", copy)
    assert (said.status, said.out.splitlines()[0]) == (0, f"{barnet}: has the copy's work already.")


def test_when_the_ledger_moved_on_it_is_told_who_did_what(s75: S75, barnet: Path, copy: Path) -> None:
    s75("hold", copy, "--period", "M1")
    s75("hold", barnet, "--period", "M2")
    said = s75("copy", "give-back", copy)
    assert said.status == 2
    assert "the ledger has moved on since the copy was taken" in said.err
    assert f"done in it since: {user_name()} on " in said.err
    assert f"{copy}: only in the copy: {user_name()} on " in said.err
    assert copy.exists()


def test_a_ledger_that_was_moved_is_named(s75: S75, barnet: Path, copy: Path) -> None:
    s75("hold", copy, "--period", "M1")
    moved = barnet.rename(barnet.with_name("moved.s75"))
    assert "say where it is now: --to LEDGER" in s75("copy", "give-back", copy).err
    assert s75("copy", "give-back", copy, "--to", moved).status == 0


def test_a_second_copy_is_taken_only_by_asking_and_where_one_says(s75: S75, barnet: Path, copy: Path) -> None:
    assert copy.exists()
    said = s75("copy", "take", barnet)
    assert said.status == 2
    assert f"{WHO} took a copy to work in on " in said.err
    folder = barnet.with_name("my work")
    said = s75("copy", "take", barnet, "--to", folder, "--anyway")
    assert said.out.splitlines()[-1] == f'When you are done: s75 copy give-back "{folder}/barnet.s75"'


@pytest.mark.skipif(os.name == "nt", reason="the names are none there")
@pytest.mark.parametrize("name", ["my $HOME", "a `b`", 'say "x"', "back\\slash"])
def test_what_is_to_be_typed_next_can_be_typed_as_it_stands(s75: S75, barnet: Path, name: str) -> None:
    folder = barnet.with_name(name)
    typed = s75("copy", "take", barnet, "--to", folder).out.splitlines()[-1].removeprefix("When you are done: ")
    read = subprocess.run(["sh", "-c", f'set -- {typed}; printf %s "$4"'], capture_output=True, text=True, check=True)
    assert read.stdout == f"{folder}/barnet.s75"


def test_one_is_let_go_and_its_work_only_by_asking(s75: S75, barnet: Path, copy: Path) -> None:
    s75("hold", copy, "--period", "M1")
    assert "or lose that work: --lose-work" in s75("copy", "discard", copy).err
    said = s75("copy", "discard", copy, "--lose-work")
    assert said.out == f"{copy}: deleted. {barnet} is as it was. Lost with it: 1 entry of its audit trail.\n"
    assert s75("copy", "discard", copy).status == 2


def test_one_whose_file_is_gone_is_listed_with_what_to_do(s75: S75, copy: Path) -> None:
    copy.unlink()
    assert s75("copy", "list").out.endswith(": its file is no longer there; s75 copy discard takes it off this list\n")
    assert s75("copy", "discard", copy).status == 0


def test_one_that_cannot_be_read_is_listed_with_why(s75: S75, copy: Path) -> None:
    copy.write_bytes(b"x")
    assert s75("copy", "list").out.endswith(": this is not a ledger of S75 Settlement (.s75)\n")


def test_a_server_and_a_folder_need_no_copy(s75: S75, tmp_path: Path) -> None:
    for command in (("copy", "take"), ("where",)):
        said = s75(*command, "postgresql://u@h/d")
        assert said.err == (
            "LEDGER: a ledger on a server is worked in by everybody at once, and needs no copy; name a .s75 file\n"
        )
        assert "a folder is never written to, and needs no copy" in s75(*command, tmp_path).err


def test_where_says_who_has_it_and_which_copies_there_are(s75: S75, barnet: Path, copy: Path) -> None:
    with open_ledger(barnet):
        where, who, note = s75("where", barnet).out.splitlines()
    assert where.startswith(f"{barnet} lies on ")
    assert who.startswith(f"{WHO}, this computer (process ")
    assert re.fullmatch(rf"{WHO} took a copy to work in on {WHEN} \(barnet\.s75\.taken-[0-9a-f]{{12}}\)\.", note)
    where, who, of = s75("where", copy).out.splitlines()
    assert who == "Nobody has it open for writing."
    assert re.fullmatch(rf"It is a copy of {barnet}, taken on {WHEN}\.", of)
    assert s75("where", barnet.with_name("none.s75")).err.endswith("none.s75: there is no such ledger\n")


def test_where_takes_the_note_of_a_killed_program_for_nobody_s(s75: S75, barnet: Path) -> None:
    note = {"user": "finance", "host": socket.gethostname(), "pid": 4711, "since": "2026-11-22 09:14:05+00:00"}
    for name in ("barnet.s75.holder", "barnet.s75.lock"):
        barnet.with_name(name).write_text(json.dumps(note))
    assert s75("where", barnet).out.splitlines()[1] == "Nobody has it open for writing."
    barnet.with_name("barnet.s75.holder").write_text(json.dumps(note | {"host": "PC-17"}))
    assert s75("where", barnet).out.splitlines()[1] == (
        "finance on PC-17 (process 4711) has had it open for writing since 2026-11-22 09:14:05+00:00, though it is not "
        "locked: the program there was killed, or this share passes no locks on."
    )


def test_where_says_what_follows_from_the_place(s75: S75, barnet: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OneDrive", str(barnet.parent))
    where, follows, _ = s75("where", barnet).out.splitlines()
    assert where.endswith(", in a folder that OneDrive synchronises.")
    assert follows.startswith("barnet.s75 lies in a folder that OneDrive synchronises, which keeps nobody out: ")


def test_two_files_that_have_gone_apart_are_a_finding_and_one_that_is_older_is_told_of(
    s75: S75, barnet: Path, caplog: pytest.LogCaptureFixture
) -> None:
    other = barnet.with_name("barnet-PC17.s75")
    shutil.copyfile(barnet, other)
    assert s75("hold", barnet, "--period", "M1").status == 0
    said = s75("check", barnet)
    assert "two files" not in said.out
    assert any("barnet-PC17.s75 beside it is another file of the same ledger" in each for each in caplog.messages)
    assert s75("hold", other, "--period", "M2").status == 0
    said = s75("check", barnet)
    assert said.status == 1
    assert "two files: barnet.s75: barnet-PC17.s75 beside it is another file of the same ledger, and the two have" in (
        said.out
    )
    assert "the two have gone apart" in s75("where", barnet).out


def test_the_note_of_another_file_goes_to_standard_error(s75_process: S75, barnet: Path) -> None:
    shutil.copyfile(barnet, barnet.with_name("barnet (1).s75"))
    said = s75_process("check", barnet)
    assert said.err.count("barnet (1).s75 beside it is another file of the same ledger, with the same in it") == 1
    assert "(1)" not in said.out


def test_every_command_takes_files_and_folders_of_any_name(s75: S75, tmp_path: Path) -> None:
    """Made, imported, checked, settled, explained, stated, backed up, restored, copied and given back."""
    name = "-é e\u0301#%41?d & שלום 😀 'q' \"r\""
    case = GOLDEN / "barnet-2014-15-reward-mechanism"
    folder = tmp_path / name
    shutil.copytree(case, folder / "case é")
    ledger, out = folder / f"{name}.s75", folder / "out #1"
    lines, agreement = folder / "case é" / "lines.csv", folder / "case é" / "agreement.toml"
    commands: list[tuple[object, ...]] = [
        ("new", ledger, "--agreement", agreement),
        ("import", ledger, lines),
        ("agreement", ledger),
        ("settle", ledger, folder / "case é", "--json"),
        ("explain", ledger),
        ("status", ledger),
        ("statement", ledger, "--out", out, "--format", "html"),
        ("hold", ledger, "--period", "M1"),
        ("backup", ledger, "--out", folder / f"{name} kept.s75"),
        ("restore", ledger),
        ("copy", "take", ledger, "--to", folder / "work %20"),
        ("hold", folder / "work %20" / ledger.name, "--period", "M2"),
        ("copy", "give-back", folder / "work %20" / ledger.name),
        ("where", ledger),
        ("log", ledger),
    ]
    for command in commands:
        said = s75(*command)
        assert said.status == 0, (command, said.err)
    assert s75("check", ledger).status in {0, 1}
    assert any(out.rglob("*.html"))
    assert {each.name for each in folder.iterdir()} == {
        "case é",
        ledger.name,
        f"{ledger.name}.backups",
        "out #1",
        f"{name} kept.s75",
        "work %20",
    }
