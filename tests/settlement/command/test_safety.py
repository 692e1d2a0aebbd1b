"""`s75 backup` and `s75 restore`: a copy made, the ring listed, a backup put back, and what is lost with it told."""

import re
from pathlib import Path

from tests.settlement.command.running import GOLDEN, S75


def backups(ledger: Path) -> list[str]:
    return sorted(each.name for each in ledger.with_name(ledger.name + ".backups").iterdir())


def test_the_backups_are_listed_with_what_is_in_them(s75: S75, barnet: Path) -> None:
    said = s75("restore", barnet)
    assert said.status == 0
    (name,) = backups(barnet)
    listed, where, how = said.out.splitlines()
    assert re.fullmatch(re.escape(name) + r" +1 MB  0 lines, 0 batches", listed)
    assert where == f"They lie in {barnet}.backups."
    assert how == f"To put one back: s75 restore {barnet} --from {name}"
    assert s75("restore", barnet, "--list").out == said.out


def test_a_backup_is_put_back_and_what_is_lost_is_told(s75: S75, barnet: Path) -> None:
    (name,) = backups(barnet)
    said = s75("restore", barnet, "--from", name)
    assert said.status == 0
    first, kept, lost = said.out.splitlines()
    assert first == f"{barnet}: put back from {name}: 0 lines, 0 batches."
    assert kept.startswith(f"What was there before is kept as {barnet}.backups/barnet-")
    assert kept.endswith("-before-restore.s75.")
    assert re.fullmatch(r"Lost with it: \d+ lines in 1 batch posted after the backup\.", lost)
    lines = GOLDEN / "barnet-2014-15-reward-mechanism" / "lines.csv"
    assert s75("import", barnet, lines).status == 0


def test_a_ledger_that_is_gone_is_put_back(s75: S75, barnet: Path) -> None:
    barnet.unlink()
    (name,) = backups(barnet)
    said = s75("restore", barnet, "--from", name)
    assert said.out.splitlines()[1] == (
        "What was posted after the backup cannot be told: the file was not there, or could not be read."
    )
    assert s75("check", barnet).status in {0, 1}


def test_a_note_that_is_lost_is_told_with_its_number(capsys: object) -> None:
    from ledgers.restoring import Content, Restored
    from rules.periods import Period
    from settlement.command.safety import _tell

    after = Content("it", 1, 1, "", None, ())
    before = Content("it", 2, 2, "", Period.M6, ((1, Period.M6),))
    _tell(Path("pool.s75"), Path("old.s75"), Restored(after, before, None))
    assert capsys.readouterr().out.splitlines()[1:] == [
        "Lost with it: 1 line in 1 batch posted after the backup.",
        (
            "Lost with it: the note of M6, number 1. A statement or pack that a partner has of it will not agree with "
            "this ledger; tell the partners before anything is signed again."
        ),
    ]


def test_what_has_no_backups_is_refused(s75: S75, tmp_path: Path) -> None:
    said = s75("restore", tmp_path / "none.s75")
    assert (said.status, said.err.strip()) == (
        2,
        f"{tmp_path}/none.s75: there are no backups of this ledger; they are kept as it is opened for writing",
    )
    assert "a ledger on a server is restored with the server's own tool, pg_restore" in (
        s75("restore", "postgresql://u@h/d").err
    )
    assert "a folder is never written to, and has no backups to restore" in s75("restore", tmp_path).err


def test_a_backup_that_is_not_there_is_refused(s75: S75, barnet: Path) -> None:
    said = s75("restore", barnet, "--from", "none.s75")
    assert said.err.strip() == f"none.s75: there is no such backup; “s75 restore {barnet}” lists those there are"
