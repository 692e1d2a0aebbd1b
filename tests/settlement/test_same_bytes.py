"""The same ledger gives the same bytes: whenever, wherever, in whichever time zone, locale, process and order.

Each way is a process of its own, which writes every kind in every format and tells the digests; several ways that
cannot touch each other are taken at once, so that few processes are started.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import GOLDEN

CASE = GOLDEN / "barnet-2014-15-financial-challenge"
WRITES = """
import hashlib, json, sys
from pathlib import Path
from settlement.batches.running import Batch, run_batch
from settlement.batches.work import Asked
from settlement.statements.writing import FORMATS, KINDS
from rules.periods import Period

if __name__ == "__main__":
    out, ledger, jobs = sys.argv[1:]
    asked = Asked((Period.M12,), KINDS, FORMATS, ("en", "cy"), prepared_by="A. Preparer")
    done = run_batch(Batch((ledger,), out, asked, jobs=int(jobs)))
    assert not done.left_out, done.left_out
    files = sorted(path for path in Path(out).rglob("*") if path.is_file())
    told = {path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    print(json.dumps(told))
"""


def _installed_locales() -> set[str]:
    try:
        told = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False).stdout
    except FileNotFoundError:
        return set()
    return set(told.split())


def _a_foreign_locale() -> str:
    """One that writes numbers and dates in its own way, where such a one is installed."""
    known = _installed_locales()
    foreign = (each for name in ("de_DE", "fr_FR", "tr_TR", "cy_GB") for each in (f"{name}.utf8", f"{name}.UTF-8"))
    return next((each for each in foreign if each in known), "POSIX")


def written(folder: Path, script: Path, jobs: int, **environment: str) -> dict[str, str]:
    """What a process writes from a working folder of its own: the SHA-256 of each file by its name."""
    folder.mkdir()
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("LC_", "LANG", "PYTHON", "TZ"))}
    done = subprocess.run(
        [sys.executable, str(script), "out", os.path.relpath(CASE, folder), str(jobs)],
        capture_output=True,
        text=True,
        cwd=folder,
        env={**kept, "PYTHONPATH": str(GOLDEN.parents[1]), "PYTHONIOENCODING": "utf-8", **environment},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("script") / "writes.py"
    path.write_text(WRITES, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory, script: Path) -> dict[str, str]:
    """As most people have it."""
    folder = tmp_path_factory.mktemp("usual") / "work"
    return written(folder, script, 0, TZ="Europe/London", LC_ALL="C.UTF-8", PYTHONHASHSEED="0", PYTHONUTF8="1")


def test_every_kind_and_format_is_among_them(usual: dict[str, str]) -> None:
    from settlement.statements.writing import FORMATS, KINDS, TABLES

    for kind in KINDS:
        for form in FORMATS if kind not in TABLES else ("csv",):
            assert any(f"-{kind}-" in name and name.endswith(f".{form}") for name in usual), (kind, form)
    assert {"manifest.json", "SHA256SUMS"} < set(usual)


@pytest.mark.parametrize(
    ("jobs", "environment"),
    [
        (0, {"TZ": "Pacific/Kiritimati", "LC_ALL": "POSIX", "PYTHONHASHSEED": "1", "PYTHONUTF8": "0"}),
        (
            2,
            {
                "TZ": "America/St_Johns",
                "LC_ALL": _a_foreign_locale(),
                "PYTHONHASHSEED": "4294967295",
                "PYTHONOPTIMIZE": "1",
            },
        ),
        (1, {"TZ": "", "LANG": "C", "PYTHONHASHSEED": "random", "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}),
    ],
    ids=["another-place", "two-processes", "another-day"],
)
def test_the_same_bytes_however_they_are_made(
    usual: dict[str, str], script: Path, tmp_path: Path, jobs: int, environment: dict[str, str]
) -> None:
    found = written(tmp_path / "elsewhere", script, jobs, **environment)
    assert {name for name in {*found, *usual} if found.get(name) != usual.get(name)} == set()


def test_the_same_bytes_twice_in_one_process_and_in_another_order(tmp_path: Path) -> None:
    from rules.periods import Period
    from settlement.batches.running import Batch, run_batch
    from settlement.batches.work import Asked
    from settlement.statements.writing import FORMATS, KINDS

    names = "{period}-{kind}-{partner}"
    for out, periods, kinds in (
        ("one", (Period.M6, Period.M7), KINDS),
        ("two", (Period.M7,), tuple(reversed(KINDS))),
        ("two", (Period.M6,), KINDS),
    ):
        run_batch(Batch((str(CASE),), str(tmp_path / out), Asked(periods, kinds, FORMATS), names, 1))
    one, two = ({path.name: path.read_bytes() for path in (tmp_path / each).iterdir()} for each in ("one", "two"))
    assert {name for name in {*one, *two} if one.get(name) != two.get(name)} == set()


MEMORY = """
import resource, sys
from settlement.batches.running import Batch, run_batch
from settlement.batches.work import Asked
from rules.periods import Period

if __name__ == "__main__":
    ledger, out = sys.argv[1:]
    most = []
    for name, periods in (("warm", (Period.M1,)), ("few", tuple(Period)[:2]), ("many", tuple(Period)[:12])):
        for number in range(2 if name == "many" else 1):
            asked = Asked(periods, ("settlement-statement", "memorandum-account"), ("pdf", "html"))
            run_batch(Batch((ledger,), f"{out}/{name}{number}", asked, jobs=1))
        most.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    print(*most)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="the peak of a process is asked for as POSIX tells it")
def test_memory_does_not_grow_with_the_number_of_statements(tmp_path: Path) -> None:
    script = tmp_path / "memory.py"
    script.write_text(MEMORY, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(script), str(CASE), str(tmp_path / "out")],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(GOLDEN.parents[1])},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    warm, few, many = map(int, done.stdout.split())
    assert len(list((tmp_path / "out").rglob("*.pdf"))) == 4 + 8 + 96
    assert few <= many <= few * 1.1, (warm, few, many)
