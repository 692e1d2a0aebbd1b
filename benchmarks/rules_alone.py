"""The rules alone: settlements of the three-partner golden case, one after another on one core, nothing read."""

import sys
import time
from pathlib import Path

from bench import GOLDEN, Bench
from table import Line, figure
from timing import Work, seconds_text

_TIMES = 10_000
_CASE = GOLDEN / "three-partners-qipp-separate"


def measure(bench: Bench) -> list[Line]:
    """The seconds that the settlements alone take, in processes of their own."""
    times = _TIMES // 10 if bench.quick else _TIMES
    work = Work("rules alone", bench.script("rules_alone.py", _CASE, times), seconds_of=float)
    (found,) = bench.measure([work])
    return [
        Line(
            f"rules alone, {times:,} settlements of the three-partner golden case",
            str(found),
            "a settlement",
            f"{figure(found.seconds / times * 1000)} ms",
            "",
            f"< {seconds_text(10 * times / _TIMES)}",
            found.within(10 * times / _TIMES),
        )
    ]


def settle_many(case: Path, times: int) -> float:
    """From agreement and position, both read beforehand, to the netted cash."""
    from ledgers import open_ledger
    from rules.periods import Period
    from settlement.settle import settle

    with open_ledger(case, read_only=True) as ledger:
        agreement, position = ledger.agreement_at(Period.M13), ledger.position(Period.M13)
    begun = time.perf_counter()
    for _ in range(times):
        settle(agreement, position)
    return time.perf_counter() - begun


if __name__ == "__main__":
    print(settle_many(Path(sys.argv[1]), int(sys.argv[2])))
