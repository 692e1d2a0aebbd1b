"""The `s75` command as a person types it: arguments in; output, errors and exit status out."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ledgers import create_ledger, open_ledger
from tests.settlement.command.running import GOLDEN, S75, Said


@pytest.fixture
def s75(capsys: pytest.CaptureFixture[str]) -> S75:
    """Runs a command in this process, through the same entrance as the installed program."""
    from settlement.command.main import run

    def command(*arguments: object) -> Said:
        argv = sys.argv
        sys.argv = ["s75", *map(str, arguments)]
        try:
            run()
        except SystemExit as stop:
            status = int(stop.code or 0)
        finally:
            sys.argv = argv
        printed = capsys.readouterr()
        return Said(printed.out, printed.err, status)

    return command


@pytest.fixture
def s75_process() -> S75:
    """Runs a command as a process of its own."""

    def command(*arguments: object) -> Said:
        done = subprocess.run(
            [sys.executable, "-m", "settlement.command.main", *map(str, arguments)],
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            env={**os.environ, "PYTHONPATH": str(GOLDEN.parents[1])},
        )
        return Said(done.stdout, done.stderr, done.returncode)

    return command


@pytest.fixture(scope="session")
def barnet_original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger file of the Barnet reward mechanism, its year imported, and its backup, to be copied."""
    folder = GOLDEN / "barnet-2014-15-reward-mechanism"
    made = tmp_path_factory.mktemp("barnet") / "barnet.s75"
    create_ledger(made, (folder / "agreement.toml").read_text(encoding="utf-8")).close()
    with open_ledger(made) as ledger:
        ledger.import_file(folder / "lines.csv")
    return made


@pytest.fixture
def barnet(tmp_path: Path, barnet_original: Path) -> Path:
    """A ledger file of the Barnet reward mechanism, its year imported."""
    shutil.copytree(barnet_original.parent, tmp_path, dirs_exist_ok=True)
    return tmp_path / barnet_original.name
