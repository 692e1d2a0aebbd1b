"""`s75 batch` and the options of `s75 statement` as a person types them."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from settlement.statements.writing import KINDS
from tests.settlement.command.running import GOLDEN, S75

CORE = GOLDEN / "barnet-2014-15-core"
REWARD = GOLDEN / "barnet-2014-15-reward-mechanism"
KIND = "settlement-statement"


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


# batch


def test_a_batch_is_written_said_and_checked(s75: S75, tmp_path: Path) -> None:
    out = tmp_path / "out"
    said = s75("batch", CORE, REWARD, "--out", out, "--periods", "M6,M11-M12", "--format", "csv", "--jobs", "1")
    assert said == type(said)(
        f"{out}: 12 files written.\n{out}/manifest.json has their digests. Check them with: s75 batch --check {out}\n",
        "",
        0,
    )
    assert {name.split("/")[2] for name in names(out) if "/" in name} == {"M6", "M11", "M12"}
    said = s75("batch", "--check", out)
    assert (said.out, said.status) == (f"{out}: 12 files, each as it was written.\n", 0)
    said = s75("batch", CORE, REWARD, "--out", out, "--periods", "M6", "--format", "csv", "--jobs", "1")
    assert said.out.startswith(f"{out}: 0 files written, 4 there already, unchanged.\n")


def test_what_is_not_as_the_manifest_says_is_named(s75: S75, tmp_path: Path) -> None:
    s75("batch", CORE, "--out", tmp_path, "--periods", "M6", "--format", "csv", "--names", "{partner}", "--jobs", "1")
    (tmp_path / "LBB.csv").unlink()
    (tmp_path / "BCCG.csv").write_bytes(b"")
    (tmp_path / "mine\x1b[2J.csv").write_bytes(b"")
    (tmp_path / ".s75-batch-1").mkdir()
    (tmp_path / ".s75-batch-1" / "x").touch()
    said = s75("batch", "--check", tmp_path)
    assert said.out.splitlines()[:2] == ["missing: LBB.csv", "changed: BCCG.csv"]
    assert "\x1b" not in said.out
    assert "noticed: .s75-batch-1 is of a batch that was ended" in said.out
    assert said.out.endswith(f"{tmp_path}: 0 files as written; 3 are not as the manifest says.\n")
    assert said.status == 1


def test_what_is_left_out_is_said_and_the_rest_written(s75: S75, tmp_path: Path) -> None:
    out = tmp_path / "out"
    said = s75("batch", CORE, tmp_path / "none.s75", "--out", out, "--periods", "m6", "--format", "csv", "--jobs", "1")
    assert said.err.startswith("left out: none.s75: ")
    assert said.out.startswith(f"{out}: 2 files written.\n")
    assert said.status == 1
    said = s75("batch", tmp_path / "none.s75", "--out", tmp_path / "nothing")
    assert (said.out, said.status) == (f"{tmp_path / 'nothing'}: 0 files written.\n", 1)


def test_only_with_overwrite_are_files_replaced(s75: S75, tmp_path: Path) -> None:
    asked = (
        "batch",
        CORE,
        "--out",
        tmp_path,
        "--periods",
        "M6",
        "--format",
        "csv",
        "--names",
        "{partner}",
        "--jobs",
        1,
    )
    s75(*asked)
    (tmp_path / "LBB.csv").write_bytes(b"mine")
    said = s75(*asked)
    assert (said.out, said.status) == ("", 2)
    assert "1 file is there already and would become another: LBB.csv. Nothing was written; --overwrite" in said.err
    said = s75(*asked, "--overwrite")
    assert said.out.startswith(f"{tmp_path}: 0 files written, 1 replaced, 1 there already, unchanged.\n")
    assert said.status == 0


def test_every_kind_and_format_of_one_partner(s75: S75, tmp_path: Path) -> None:
    said = s75(
        *("batch", CORE, "--out", tmp_path, "--periods", "M12", "--kinds", "all", "--partner", "LBB"),
        *("--format", "csv,html", "--names", "{kind}/{partner}", "--thousands", "--prepared-by", "A. P.", "--jobs", 1),
    )
    assert said.status == 0
    found = {name.split("/")[0].removesuffix("-in-thousands") for name in names(tmp_path) if "/" in name}
    assert found == set(KINDS)
    assert "settlement-statement-in-thousands/LBB.html" in names(tmp_path)
    assert "journal/LBB.csv" in names(tmp_path)
    assert not any(name.endswith("/BCCG.csv") for name in names(tmp_path))
    assert "A. P." in (tmp_path / "settlement-statement-in-thousands" / "LBB.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "LEDGER: name a ledger at least"),
        (("x.s75",), "--out: name the folder to write to: --out DIR"),
        (("x.s75", "--check", "x"), "--check: a folder is checked, or statements are written: not both at once"),
        (("--check", "x", "--out", "y"), "--check: a folder is checked, or statements are written: not both at once"),
        (("x.s75", "--out", "y", "--periods", "M14"), "--periods: "),
        (("x.s75", "--out", "y", "--periods", "M6-"), "--periods: "),
        (("x.s75", "--out", "y", "--periods", "M6-M3"), "--periods: “M6-M3” ends before it begins"),
        (
            ("x.s75", "--out", "y", "--format", "doc"),
            "--format: “doc” is not a format; choose from pdf, html, xlsx, csv",
        ),
        (("x.s75", "--out", "y", "--format", ","), "--format: name a format to write: pdf, html, xlsx, csv"),
        (
            ("x.s75", "--out", "y", "--kinds", "invoice"),
            "--kinds: “invoice” is not a document; choose from settlement-",
        ),
        (("x.s75", "--out", "y", "--kinds", "journal"), "--kinds: journal is for another ledger to read, as CSV: add"),
        (
            ("x.s75", "--out", "y", "--kinds", "journal,transfers"),
            "--kinds: journal and transfers are for another ledger to read, as CSV: add csv to --format",
        ),
        (("x.s75", "--out", "y", "--language", "fr"), "--language: “fr” is not a language; choose from en, cy"),
        (("x.s75", "--out", "y", "--names", "{month}"), "--names: “{month}” is no field of a name"),
        (("x.s75", "--out", "y", "--theme", "none.toml"), "none.toml"),
        (("--check", "nowhere"), "nowhere: there is no manifest.json"),
    ],
)
def test_what_is_refused(s75: S75, arguments: tuple[str, ...], told: str) -> None:
    said = s75("batch", *arguments)
    assert said.status == 2
    assert told in said.err
    assert said.out == ""


def test_ctrl_c_leaves_whole_files_and_says_what_was_written(tmp_path: Path) -> None:
    out = tmp_path / "out"
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "settlement.command.main", "batch", str(CORE), str(REWARD), "--out", str(out)),
            *("--periods", "M1-M13", "--format", "csv,html,pdf", "--kinds", "all", "--jobs", "2"),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(GOLDEN.parents[1])},
        start_new_session=True,
    )
    until = time.monotonic() + 60
    while time.monotonic() < until and len(list(out.glob("*/*/*/*"))) < 2:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: everybody in the group hears it
    told, errors = process.communicate(timeout=60)
    assert errors == "stopped; every file that was written is whole, and in the manifest\n"
    assert process.returncode == 130
    assert told.startswith(f"{out}: ")
    assert not list(out.glob(".s75-*"))
    checked = subprocess.run(
        [sys.executable, "-m", "settlement.command.main", "batch", "--check", str(out)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(GOLDEN.parents[1])},
        check=False,
    )
    assert checked.returncode == 0, checked.stdout


def test_progress_is_shown_where_there_is_a_terminal(s75: S75, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    said = s75("batch", CORE, "--out", tmp_path, "--periods", "M12", "--format", "csv", "--jobs", 1)
    assert "Writing statements" in said.err
    assert said.status == 0


# statement


def test_statement_writes_what_is_asked_for(s75: S75, tmp_path: Path) -> None:
    said = s75(
        *("statement", CORE, "--out", tmp_path, "--period", "M12", "--format", "html,csv", "--partner", "LBB"),
        *("--kinds", "settlement-statement,journal,quarterly-report", "--thousands"),
    )
    assert said.status == 0
    assert names(tmp_path) == [
        "2014-15-M12-LBB-journal.csv",
        "2014-15-M12-LBB-settlement-statement-in-thousands.csv",
        "2014-15-M12-LBB-settlement-statement-in-thousands.html",
        "2014-15-M12-quarterly-report-in-thousands.csv",
        "2014-15-M12-quarterly-report-in-thousands.html",
    ]
    assert sorted(said.out.splitlines()) == [str(tmp_path / name) for name in names(tmp_path)]


def test_statement_writes_every_kind_unless_told(s75: S75, tmp_path: Path) -> None:
    s75("statement", CORE, "--out", tmp_path, "--period", "M12", "--format", "csv")
    told = " ".join(names(tmp_path))
    assert all(kind in told for kind in KINDS)


def test_statement_in_welsh(s75: S75, tmp_path: Path) -> None:
    said = s75("statement", CORE, "--out", tmp_path, "--language", "cy", "--kinds", KIND, "--format", "html")
    assert said.status == 0
    told = next(tmp_path.glob("*LBB*.html")).read_text(encoding="utf-8")
    assert 'lang="cy"' in told


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--language", "en,cy"), "--language: name one language; s75 batch writes several at once"),
        (("--language", "de"), "--language: “de” is not a language; choose from en, cy"),
        (("--partner", "XYZ"), "--partner: “XYZ” is no partner at M12; the partners are LBB and BCCG"),
        (("--kinds", ""), "--kinds: name a document to write: settlement-statement"),
        (("--kinds", "journal", "--format", "pdf"), "--kinds: journal is for another ledger to read, as CSV"),
        (("--theme", "none.toml"), "none.toml"),
    ],
)
def test_what_statement_refuses(s75: S75, tmp_path: Path, arguments: tuple[str, ...], told: str) -> None:
    said = s75("statement", CORE, "--out", tmp_path / "out", *arguments)
    assert said.status == 2
    assert told in said.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("command", ["batch", "statement"])
def test_help_gives_an_example(s75: S75, command: str) -> None:
    said = s75(command, "--help")
    assert f"Example: s75 {command} " in said.out
    assert "--theme" in said.out
