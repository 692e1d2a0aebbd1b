"""The one-folder build on Linux, run as by somebody who has no Python: the month's work, from nothing to a signed year.

The build is of this source, in this environment, and takes about a minute; all that is here shares it.
"""

import json
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.conftest import GOLDEN
from tests.packaging.building import PASSPHRASE, Built, environment
from tests.settlement.pdf_certificates import issued, p12, pem

CASE = GOLDEN / "barnet-2014-15-reward-mechanism"
SIGNED = ("LBB", "BCCG")


@pytest.fixture(scope="module")
def ledger(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger that the packaged program made: by the migrations, and by importing a file."""
    home = tmp_path_factory.mktemp("home")
    built.run(home, "new", "pool.s75", "--agreement", str(CASE / "agreement.toml"))
    said = built.run(home, "import", "pool.s75", str(CASE / "lines.csv"))
    assert "posted 26 lines as batch 1" in said.out
    return home / "pool.s75"


@pytest.fixture
def home(ledger: Path, tmp_path: Path) -> Path:
    """A folder with the ledger, and with nothing else."""
    shutil.copyfile(ledger, tmp_path / "pool.s75")
    return tmp_path


def test_it_says_its_version_and_its_commands(built: Built, tmp_path: Path) -> None:
    from settlement.version import VERSION

    assert built.run(tmp_path, "--version").out == f"s75 {VERSION}\n"
    assert "Settles Section 75 pooled funds" in built.run(tmp_path, "--help").out
    assert "--read-only" in built.run(tmp_path, "--help", program=built.window).out


def test_it_settles_to_the_penny_that_is_worked_by_hand(built: Built, home: Path) -> None:
    said = json.loads(built.run(home, "settle", "pool.s75", "--json").out)
    assert said["transfers"] == json.loads((CASE / "expected.json").read_text(encoding="utf-8"))["transfers"]


def test_a_refusal_is_a_sentence_and_status_2(built: Built, tmp_path: Path) -> None:
    said = built.run(tmp_path, "settle", "nowhere.s75", status=2)
    assert "nowhere.s75: there is no such ledger" in said.err
    assert "Traceback" not in said.err


def test_two_partners_sign_and_an_auditor_verifies(built: Built, home: Path) -> None:
    for partner in SIGNED:
        built.run(home, "key", "new", partner)
    built.run(home, "hold", "pool.s75", "--period", "M12")
    for partner in SIGNED:
        named = ("--name", f"Signatory for {partner}", "--role", "Chief Finance Officer")
        built.run(home, "sign", "pool.s75", "--period", "M12", "--as", partner, "--key", f"{partner}.key", *named)
    keys = [word for partner in SIGNED for word in ("--key", f"{partner}={partner}.pub")]
    assert built.run(home, "verify", "pool.s75", *keys).out.startswith("Verified:")


def test_a_statement_in_every_form_and_in_welsh_is_a_whole_file(built: Built, home: Path) -> None:
    wanted = ("--period", "M12", "--partner", "LBB", "--out", "statements", "--format", "pdf,html,xlsx,csv")
    built.run(home, "statement", "pool.s75", *wanted, "--language", "cy")
    statement = next((home / "statements").glob("*LBB-settlement-statement*.pdf"))
    qpdf = subprocess.run(["qpdf", "--check", statement], capture_output=True, text=True, check=False)
    assert qpdf.returncode == 0, qpdf.stdout
    page = statement.with_suffix(".html").read_text(encoding="utf-8")
    assert 'lang="cy"' in page
    assert "Cyfraniad" in page  # a contribution
    assert statement.with_suffix(".xlsx").read_bytes().startswith(b"PK")


def test_statements_are_signed_with_a_certificate_though_nothing_is_fetched(built: Built, home: Path) -> None:
    built.run(home, "statement", "pool.s75", "--period", "M12", "--partner", "LBB", "--out", "st", "--format", "pdf")
    (home / "statement.pdf").write_bytes(next((home / "st").glob("*settlement-statement*.pdf")).read_bytes())
    signatory = issued("Signatory for Barnet")
    p12(home / "own.p12", signatory, passphrase=PASSPHRASE)
    pem(home / "own.pem", signatory)
    built.run(home, "sign-pdf", "statement.pdf", "--p12", "own.p12", "--reason", "Agreed")
    built.run(home, "sign-pdf", "statement-signed.pdf", "--p12", "own.p12")  # over XMP and a signature
    checked = built.run(home, "sign-pdf", "statement-signed-2.pdf", "--check", "--trust", "own.pem").out
    assert checked.count("The signature of Signatory for Barnet holds") == len(SIGNED)


def test_a_batch_runs_in_processes_of_the_program_itself(built: Built, home: Path) -> None:
    shutil.copyfile(home / "pool.s75", home / "other.s75")
    built.run(home, "batch", "pool.s75", "other.s75", "--out", "year", "--jobs", "2")
    assert "each as it was written" in built.run(home, "batch", "--check", "year").out


def test_the_window_opens_the_ledger_that_it_is_given(built: Built, home: Path) -> None:
    with subprocess.Popen(
        [built.window, "pool.s75"],
        cwd=home,
        env=environment(home),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as window:
        try:
            opened = _opened(home, window)
            holder = (home / "pool.s75.holder").exists()
        finally:
            window.send_signal(signal.SIGTERM)
            said = window.communicate(timeout=30)[0]
    assert opened["ledger"] == "pool.s75", said
    assert "shown by offscreen" in opened["program"]
    assert holder
    assert "Traceback" not in said


def _opened(home: Path, window: "subprocess.Popen[str]") -> dict[str, str]:
    """What the running program notes of itself, once a ledger is open in it."""
    until = time.monotonic() + 90
    while time.monotonic() < until and window.poll() is None:
        for marker in (home / "state").rglob("*.json"):
            told: dict[str, str] = json.loads(marker.read_text(encoding="utf-8"))
            if told.get("ledger"):
                return told
        time.sleep(0.1)
    return {"ledger": "", "program": f"exit status {window.poll()}"}


def test_nothing_is_written_into_the_program_folder(built: Built, home: Path) -> None:
    before = _written(built.folder)
    built.run(home, "settle", "pool.s75")
    built.run(home, "statement", "pool.s75", "--period", "M12", "--out", "st", "--format", "pdf")
    assert _written(built.folder) == before


def _written(folder: Path) -> set[tuple[str, int]]:
    return {(str(path), path.stat().st_mtime_ns) for path in folder.rglob("*") if path.is_file()}
