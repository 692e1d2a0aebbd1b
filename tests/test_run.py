"""`sh run test`: a check that fails ends it, before the tests and with its own status."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
_CHECKS = ("ruff", "mypy", "lint-imports", "deptry")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="run is for a Unix shell; run.ps1 is Windows' own")


def executable(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose environment is made, with checks and tests that only say that they ran."""
    shutil.copy(ROOT / "run", tmp_path)
    for name in ("requirements-dev.lock", "pyproject.toml"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    for check in _CHECKS:
        executable(tmp_path / ".venv" / "bin" / check, f"echo {check}")
    executable(tmp_path / ".venv" / "bin" / "python", "echo tests: 1 passed")
    executable(tmp_path / "system" / "dpkg-query", "echo ok installed")
    executable(tmp_path / "system" / "python3", "[ $1 = -V ] && echo Python 3; exit 0")
    stamp = '"$(cat requirements-dev.lock pyproject.toml | cksum) Python 3"'
    subprocess.run(["sh", "-c", f"printf %s {stamp} > .venv/.made-of-requirements-dev.lock"], cwd=tmp_path, check=True)
    return tmp_path


def ran(checkout: Path) -> subprocess.CompletedProcess[str]:
    path = f"{checkout / 'system'}:{os.environ['PATH']}"
    return subprocess.run(
        ["sh", "run", "test"], cwd=checkout, env={"PATH": path}, capture_output=True, text=True, check=False
    )


def test_the_tests_run_after_every_check(checkout: Path) -> None:
    done = ran(checkout)

    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["ruff", "ruff", "mypy", "lint-imports", "deptry", "tests:", "1", "passed"]


@pytest.mark.parametrize("check", _CHECKS)
def test_a_check_that_fails_is_the_end(checkout: Path, check: str) -> None:
    executable(checkout / ".venv" / "bin" / check, "exit 3")

    done = ran(checkout)

    assert done.returncode == 3
    assert "passed" not in done.stdout
