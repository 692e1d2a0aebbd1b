"""`s75 import`: durable, checked, every error located; beside a bare insertion of the same rows and what does less."""

import shutil
from collections.abc import Callable
from pathlib import Path

from bench import Bench, missing_package, missing_program
from table import Line, figure, quicker
from timing import Measured, Work, seconds_text, verdict

_MOST_MIB = 300.0
_WORKBOOK_LINES = 100_000


def measure(bench: Bench) -> list[Line]:
    """CSV of the most lines, memory at a tenth of them too, then a workbook."""
    return [*_csv(bench), *_workbook(bench)]


def _csv(bench: Bench) -> list[Line]:
    data = bench.data(bench.lines)
    imported, empty = bench.ledger(data), bench.empty_ledger(data)
    fresh = data.folder / "fresh.s75"
    plain, duck = data.folder / "plain.sqlite", data.folder / "plain.duckdb"
    ours, bare, unchecked, shell, duckdb = bench.measure(
        [
            bench.ours("s75 import", "import", fresh, data.csv, reads=[data.csv], prepare=_copied(empty, fresh)),
            Work(
                "bare executemany of the same rows, already in memory, into the same tables (insertion alone)",
                bench.script("peers.py", "executemany", imported, fresh),
                [imported],
                prepare=_copied(empty, fresh),
                seconds_of=float,
                always=True,
            ),
            Work(
                "csv.reader into executemany, the same tables, nothing checked, no raw rows",
                bench.script("peers.py", "unchecked", data.csv, fresh),
                prepare=_copied(empty, fresh),
            ),
            Work(
                "sqlite3 .import (text columns, no key, nothing checked)",
                ["sqlite3", plain, ".mode csv", f".import {data.csv} lines"],
                prepare=_gone(plain),
                missing=missing_program("sqlite3"),
            ),
            Work(
                "DuckDB read_csv into a table (parallel, nothing checked)",
                bench.script("peers.py", "duckdb", data.csv, duck),
                prepare=_gone(duck),
                missing=missing_package("duckdb"),
            ),
        ]
    )
    work = f"import, {bench.lines:,} lines of CSV"
    lines = [
        Line(
            work,
            str(ours),
            bare.work.name,
            str(bare),
            quicker(ours.seconds, bare.seconds),
            "≤ 3× slower",
            verdict(ours.seconds <= 3 * bare.seconds, at_best=ours.least_seconds <= 3 * bare.least_seconds),
        )
    ]
    lines += [_beside(work, ours, peer) for peer in (unchecked, shell, duckdb)]
    lines += _memory(bench, ours)
    for path in (fresh, plain, duck):
        path.unlink(missing_ok=True)
    return lines


def _memory(bench: Bench, ours: Measured) -> list[Line]:
    """Beside a tenth of the lines, and half: SQLite's page cache of the writer is 64 MiB, and full well before that."""
    found = []
    for lines in (bench.lines // 10, bench.lines // 2):
        data = bench.data(lines)
        empty, fresh = bench.empty_ledger(data), data.folder / "fresh.s75"
        works = [bench.ours(f"s75 import, {lines:,} lines", "import", fresh, data.csv, prepare=_copied(empty, fresh))]
        found += bench.measure(works, 2)
        fresh.unlink(missing_ok=True)
    tenth, half = found
    ratio = ours.peak_mib / half.peak_mib
    return [
        Line(
            f"import, most memory at {bench.lines:,} lines",
            f"{ours.peak_mib:.0f} MiB",
            f"at {bench.lines // 10:,} and {bench.lines // 2:,}",
            f"{tenth.peak_mib:.0f} and {half.peak_mib:.0f} MiB",
            f"{figure(ratio)} of half",
            f"< {_MOST_MIB:.0f} MB, flat",
            verdict(ours.peak_mib * 1.048576 < _MOST_MIB and ratio < 1.1, at_best=False),
        )
    ]


def _workbook(bench: Bench) -> list[Line]:
    lines = min(bench.lines, _WORKBOOK_LINES)
    work = f"import, {lines:,} rows of XLSX"
    if missing := missing_package("xlsxwriter"):
        return [Line(work, f"missing: {missing}")]
    data = bench.data(lines, "xlsx")
    imported, empty, fresh = bench.ledger(data), bench.empty_ledger(data), data.folder / "fresh.s75"
    ours, dry, calamine, bare = bench.measure(
        [
            bench.ours("s75 import, workbook", "import", fresh, data.workbook, prepare=_copied(empty, fresh)),
            bench.ours("s75 import --dry-run, workbook", "import", empty, data.workbook, "--dry-run"),
            Work("python-calamine, reading alone", bench.script("peers.py", "calamine", data.workbook)),
            Work(
                "bare executemany of the same rows (insertion alone)",
                bench.script("peers.py", "executemany", imported, fresh),
                prepare=_copied(empty, fresh),
                seconds_of=float,
            ),
        ]
    )
    fresh.unlink(missing_ok=True)
    shown = f"{calamine}, {calamine.peak_mib:.0f} MiB"
    return [
        Line(
            work,
            f"{ours}, {ours.peak_mib:.0f} MiB",
            calamine.work.name,
            shown,
            quicker(ours.seconds, calamine.seconds),
            "≤ 2× slower",
            verdict(ours.seconds <= 2 * calamine.seconds, at_best=ours.least_seconds <= 2 * calamine.least_seconds),
        ),
        Line(
            work,
            f"{ours}, {ours.peak_mib:.0f} MiB",
            "the same reading, and a bare executemany of the same rows",
            seconds_text(calamine.seconds + bare.seconds),
            quicker(ours.seconds, calamine.seconds + bare.seconds),
        ),
        Line(
            f"import --dry-run, {lines:,} rows of XLSX",
            f"{dry}, {dry.peak_mib:.0f} MiB",
            calamine.work.name,
            shown,
            quicker(dry.seconds, calamine.seconds),
        ),
    ]


def _beside(work: str, ours: Measured, peer: Measured) -> Line:
    ratio = "" if peer.missing else quicker(ours.seconds, peer.seconds)
    return Line(work, str(ours), peer.work.name, str(peer), ratio)


def _copied(empty: Path, fresh: Path) -> Callable[[], None]:
    """A new ledger for each run."""

    def prepare() -> None:
        shutil.copyfile(empty, fresh)

    return prepare


def _gone(path: Path) -> Callable[[], None]:
    def prepare() -> None:
        path.unlink(missing_ok=True)

    return prepare
