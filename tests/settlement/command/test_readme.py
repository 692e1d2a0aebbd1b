"""The README's tour, run: every command in it gives the output that it shows."""

import re
import shlex
from pathlib import Path

import pytest

from tests.settlement.command.running import S75

README = Path(__file__).parents[3] / "README.md"
_BLOCK = re.compile(r"```text\n\$ s75 (?P<command>[^\n]*)\n(?P<output>.*?)```", re.DOTALL)


def _flat(text: str) -> str:
    """White space folded: long lines are wrapped for reading."""
    return " ".join(text.split())


def test_every_command_of_the_tour_gives_the_output_shown(
    s75: S75, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("S75_PASSPHRASE", "correct horse battery staple")
    blocks = _BLOCK.findall(README.read_text(encoding="utf-8"))
    assert len(blocks) >= 11

    for command, shown in blocks:
        said = _flat(s75(*shlex.split(command)).out.replace("\\", "/"))
        place = 0
        for passage in map(_flat, shown.split("…\n")):
            found = said.find(passage, place)
            assert found >= 0, f"s75 {command} does not say: {passage}"
            place = found + len(passage)


def test_the_benchmarks_table_is_quoted_with_every_peer() -> None:
    text = README.read_text(encoding="utf-8")
    assert "| work | ours | beside it | ratio | target |" in text
    for peer in ("ledger bal", "hledger bal", "beancount", "polars", "pandas", "DuckDB", "LongTable", "typst", "fpdf2"):
        assert peer in text
