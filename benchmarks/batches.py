"""A finance team's year end: the statements of twelve months, of four partners, of ten ledgers, on all processors."""

import json
import os
import shutil
from pathlib import Path

from bench import Bench
from generate import Shape, agreement_text, write
from table import Line, figure
from timing import Work, verdict

_LEDGERS, _PARTNERS, _MONTHS = 10, 4, 12
_LINES, _POOLS, _SCHEMES = 1_000, 2, 10
_SECONDS = 60
_MOST_GROWTH = 1.1
_FOURTH = '[[partner]]\ncode = "MHT"\nname = "Example mental health trust"\nkind = "trust"\n'


def measure(bench: Bench) -> list[Line]:
    """Seconds for all of them on every processor and on one; the peak memory of one process for few and for many."""
    ledgers = _ledgers(bench)
    count = _LEDGERS * _PARTNERS * _MONTHS
    out = bench.folder / "batch"

    def work(name: str, jobs: int, some: list[Path]) -> Work:
        asked = ["batch", *some, "--out", out, "--periods", "M1-M12", "--jobs", str(jobs)]
        wanted = len(some) * _PARTNERS * _MONTHS
        return bench.ours(
            name,
            *asked,
            prepare=lambda: shutil.rmtree(out, ignore_errors=True),
            check=lambda _told: _check(out, wanted),
        )

    (every,) = bench.measure([work("all", 0, ledgers)], rounds=min(bench.rounds, 3))
    # minutes each: once, after the uncounted round
    one, few = bench.measure([work("one process", 1, ledgers), work("one ledger", 1, ledgers[:1])], rounds=1)
    shutil.rmtree(out, ignore_errors=True)
    runs, cores = len(every.runs), os.cpu_count()
    growth = one.peak_mib / few.peak_mib
    title = f"statements as PDF, {_MONTHS} months × {_PARTNERS} partners × {_LEDGERS} ledgers of {_LINES:,} lines"
    return [
        Line(
            title,
            f"{figure(every.seconds)} s ({figure(every.least_seconds)}; {runs} runs) on {cores} cores",
            "ours on one core",
            f"{figure(one.seconds)} s (one run)",
            f"{figure(one.seconds / every.seconds)}×; {figure(1000 * every.seconds / count)} ms a statement",
            f"< {_SECONDS} s",
            verdict(every.seconds < _SECONDS, at_best=every.least_seconds < _SECONDS),
        ),
        Line(
            f"memory of one process, {count} statements",
            f"{one.peak_mib:.0f} MiB",
            f"ours, {count // _LEDGERS} statements",
            f"{few.peak_mib:.0f} MiB",
            f"{figure(growth)}×",
            f"flat (≤ {_MOST_GROWTH})",
            verdict(growth <= _MOST_GROWTH, at_best=False),
        ),
    ]


def _check(out: Path, wanted: int) -> None:
    told = json.loads((out / "manifest.json").read_bytes())
    assert len(told["files"]) == wanted, len(told["files"])


def _ledgers(bench: Bench) -> list[Path]:
    """Ten ledgers, each with a fourth partner that has lines of its own."""
    folder = bench.folder / "batch-ledgers"
    found = []
    for number in range(_LEDGERS):
        path = folder / f"pool-{number + 1:02}.s75"
        found.append(path)
        if path.exists():
            continue
        shape = Shape(_LINES, _POOLS, _SCHEMES)
        data = write(folder / "data", shape)
        agreement = folder / "agreement.toml"
        text = agreement_text(shape).replace('TRU = "1" }', 'TRU = "1", MHT = "1" }')
        agreement.write_text(text.replace("[[fund]]", f"{_FOURTH}\n[[fund]]", 1))
        lines = data.csv.read_text(encoding="utf-8").splitlines(keepends=True)
        own = [line.replace(",TRU,", ",MHT,") if place % 2 else line for place, line in enumerate(lines)]
        csv = folder / "lines.csv"
        csv.write_text("".join([*own[:1], *own[1 + number :]]), encoding="utf-8")  # no two ledgers are alike
        draft = folder / "draft.s75"
        draft.unlink(missing_ok=True)
        bench.once(bench.ours("new", "new", draft, "--agreement", agreement))
        bench.once(bench.ours("import", "import", draft, csv))
        draft.rename(path)
    return found
