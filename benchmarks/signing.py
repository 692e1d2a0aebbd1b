"""`s75 sign` and `s75 verify`: every line sealed, rebuilt, settled again; beside a bare digest of the same rows."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from bench import Bench, missing_program
from generate import Data
from table import Line, quicker
from timing import Measured, Work, verdict

_SIGNATORIES = (("LBX", "lbx"), ("ICB", "icb"), ("TRU", "tru"))
_PASSPHRASE = {"S75_PASSPHRASE": "a passphrase to measure with"}
_TARGETS = {100_000: 5.0, 1_000_000: 60.0}
_MOST_MB = 600.0
_TO_MB = 1.048576


def measure(bench: Bench) -> list[Line]:
    """A year of a hundred thousand lines, and of the most."""
    lines: list[Line] = []
    for size in sorted({min(100_000, bench.lines), bench.lines}):
        lines += _of(bench, bench.data(size))
    return lines


def _of(bench: Bench, data: Data) -> list[Line]:
    held, signed, fresh = (data.folder / f"{name}.s75" for name in ("held", "signed", "fresh"))
    for _, name in _SIGNATORIES:
        for ending in ("key", "pub"):
            (data.folder / f"{name}.{ending}").unlink(missing_ok=True)
        bench.once(bench.ours("key", "key", "new", name, "--out", data.folder, environment=_PASSPHRASE))
    shutil.copyfile(bench.ledger(data), held)
    bench.once(bench.ours("hold", "hold", held, "--period", "M12"))
    shutil.copyfile(held, signed)
    for code, name in _SIGNATORIES:
        bench.once(bench.ours("sign", *_sign(signed, data, code, name), environment=_PASSPHRASE))
    keys = [part for code, name in _SIGNATORIES for part in ("--key", f"{code}={data.folder / name}.pub")]
    digest = Work(
        "sqlite3 .dump into sha256sum: a digest of the same rows, no rules, nothing named",
        ["sh", "-c", f"sqlite3 '{signed}' .dump | sha256sum"],
        missing=missing_program("sqlite3"),
    )
    sign, verify, bare = bench.measure(
        [
            bench.ours(
                "s75 sign, the first signature",
                *_sign(fresh, data, *_SIGNATORIES[0]),
                environment=_PASSPHRASE,
                prepare=_copied(held, fresh),
            ),
            bench.ours("s75 verify", "verify", signed, *keys, reads=[signed]),
            digest,
        ],
        3,
    )
    fresh.unlink(missing_ok=True)
    return [_line("sign", data.lines, sign, bare), _line("verify", data.lines, verify, bare)]


def _sign(ledger: Path, data: Data, code: str, name: str) -> tuple[str | Path, ...]:
    key = data.folder / f"{name}.key"
    who = ("--name", f"Signatory for {code}", "--role", "Director of Finance")
    return ("sign", ledger, "--period", "M12", "--as", code, "--key", key, *who)


def _copied(source: Path, fresh: Path) -> Callable[[], None]:
    def prepare() -> None:
        for old in fresh.parent.glob(f"{fresh.name}*"):
            shutil.rmtree(old) if old.is_dir() else os.unlink(old)  # noqa: PTH108  a file, a lock, or its backups
        shutil.copyfile(source, fresh)

    return prepare


def _line(name: str, lines: int, ours: Measured, bare: Measured) -> Line:
    target = _TARGETS.get(lines)
    told = "" if target is None else f"≤ {target:.0f} s, < {_MOST_MB:.0f} MB"
    is_small = ours.peak_mib * _TO_MB < _MOST_MB
    met = "" if target is None else verdict(ours.seconds <= target and is_small, at_best=ours.least_seconds <= target)
    return Line(
        f"s75 {name}, {lines:,} lines",
        f"{ours}, {ours.peak_mib:.0f} MiB",
        bare.work.name,
        str(bare),
        "" if bare.missing else quicker(ours.seconds, bare.seconds),
        told,
        met,
    )
