"""The naive reading gives every golden case exactly, key order included."""

from __future__ import annotations

import csv
import json
import tomllib
from pathlib import Path

import pytest

from .arithmetic import settle

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = next(
    folder
    for folder in (ROOT / "tests" / "golden", ROOT.parent / "shared" / "golden", ROOT)
    if folder == ROOT or folder.is_dir()
)
CASES = sorted(path.parent for path in GOLDEN.glob("*/expected.json"))


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file; none if there is no such file."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_there_are_golden_cases() -> None:
    """Guards against a suite that passes because it looked in the wrong folder."""
    assert len(CASES) >= 17


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_golden_case_is_given_to_the_penny(case: Path) -> None:
    """Every figure of the worked case, in the order of its keys."""
    agreement = tomllib.loads((case / "agreement.toml").read_text(encoding="utf-8"))
    result = settle(agreement, rows(case / "lines.csv"), rows(case / "measures.csv"), agreement["settle"]["period"])
    expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    assert json.dumps(result, indent=1) == json.dumps(expected, indent=1)
