"""A process killed at any moment of an import leaves none of the file or all of it."""

import os
import random
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from ledgers import Ledger, create_ledger, open_ledger

LINES = 100_000
KILLS_EACH = 5
IMPORT = """
    import sys
    from ledgers import open_ledger
    ledger = open_ledger(sys.argv[1])
    import ledgers.importing.importer
    print("ready", flush=True)
    ledger.import_file(sys.argv[2])
    print("done", flush=True)
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, agreement_text: str) -> tuple[Path, float]:
    """A new ledger, a file of 100,000 lines for it, and how long importing it takes."""
    folder = tmp_path_factory.mktemp("killed")
    create_ledger(folder / "new.s75", agreement_text).close()
    with (folder / "lines.csv").open("w", encoding="utf-8") as file:
        file.write("period,scheme,partner,kind,amount,description\n")
        for number in range(LINES):
            file.write(
                f"M{number % 12 + 1},{('BEDS', 'HOME')[number % 2]},COUNCIL,actual,{number}.{number % 100:02},x\n"
            )
    shutil.copyfile(folder / "new.s75", folder / "timed.s75")
    with start(folder / "timed.s75", folder / "lines.csv") as process:
        begun = time.monotonic()
        assert process.stdout.readline() == "done\n"
        return folder, time.monotonic() - begun


def start(ledger: Ledger, lines: Path) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(IMPORT), str(ledger), str(lines)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.mark.parametrize("seed", range(10))
def test_an_import_that_is_killed_leaves_all_or_nothing(made: tuple[Path, float], tmp_path: Path, seed: int) -> None:
    folder, seconds = made
    chance = random.Random(seed)  # noqa: S311  the same moments each time
    for number in range(KILLS_EACH):
        path = tmp_path / f"{number}.s75"
        shutil.copyfile(folder / "new.s75", path)
        with start(path, folder / "lines.csv") as process:
            time.sleep(chance.random() * seconds * 1.05)
            os.kill(process.pid, signal.SIGKILL)
        with open_ledger(path, read_only=number % 2 == 0) as ledger:  # a reader cannot roll back, and reads a copy
            ((count,),) = ledger.store.rows("SELECT COUNT(*) FROM lines")
            assert count in {0, LINES}
            assert len(ledger.batches()) == (count == LINES)
            assert ledger.store.damage() == []
            assert ledger.store.rows("SELECT COALESCE(SUM(amount_pence), 0) FROM lines") == ledger.store.rows(
                "SELECT COALESCE(SUM(amount_pence), 0) FROM totals"
            )
