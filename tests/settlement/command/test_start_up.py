"""What a command may load before it does its work: libraries by name, and how many modules in all.

Seconds are measured by `benchmarks/`; what makes them is counted here, where no other work on the machine changes it.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.settlement.command.running import GOLDEN

_HERE = {**os.environ, "PYTHONPATH": str(GOLDEN.parents[1])}
_COUNTS = """
import json, sys
before = set(sys.modules)
from settlement.command.main import run
try:
    run()
except SystemExit:
    pass
loaded = set(sys.modules) - before
ours = {"rules", "ledgers", "settlement", "ui"}
theirs = sorted({name.partition(".")[0] for name in loaded} - set(sys.stdlib_module_names) - ours)
sys.stderr.write(json.dumps([len(loaded), theirs]))
"""
_TO_READ_COMMANDS = {"annotated_doc", "shellingham", "typer"}
_TO_WRITE_A_LEDGER = {"filelock", "platformdirs"}

_BUDGETS = [
    (["--help"], _TO_READ_COMMANDS, 175),
    (["import", "lines.s75", "--help"], _TO_READ_COMMANDS, 175),
    (["settle", "fife-reserves-first"], _TO_READ_COMMANDS, 275),
    (["settle", "fife.s75", "--json"], _TO_READ_COMMANDS, 275),
    (["hold", "fife.s75", "--period", "M1"], _TO_READ_COMMANDS | _TO_WRITE_A_LEDGER, 290),
    (["verify", "fife.s75"], _TO_READ_COMMANDS | {"rfc8785"}, 395),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("started")
    shutil.copytree(GOLDEN / "fife-reserves-first", made / "fife-reserves-first")
    for command in (
        ["new", "fife.s75", "--agreement", "fife-reserves-first/agreement.toml"],
        ["import", "fife.s75", "fife-reserves-first/lines.csv"],
    ):
        subprocess.run([sys.executable, "-m", "settlement.command.main", *command], cwd=made, env=_HERE, check=True)
    return made


@pytest.mark.parametrize(
    ("command", "libraries", "most"),
    _BUDGETS,
    ids=lambda given: "-".join(given)[:24] if isinstance(given, list) else "",
)
def test_a_command_loads_no_more_than_its_budget(
    command: list[str], libraries: set[str], most: int, folder: Path
) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", _COUNTS, *command], cwd=folder, env=_HERE, capture_output=True, text=True, check=True
    )

    count, loaded = json.loads(ran.stderr.splitlines()[-1])
    assert set(loaded) <= libraries, f"{sorted(set(loaded) - libraries)} is loaded before it is needed"
    assert count <= most, f"{count} modules; what was added that this command does not need?"
