"""Measures the program beside its peers and prints one table: `python benchmarks/run.py [--quick] [--markdown]`.

Generated ledgers (see `generate.py`) are kept in `--folder`. Everything is measured in one run on one machine, caches
warm, whole processes unless the table says otherwise, in interleaved rounds; the table gives the median and the least.
"""

import argparse
import os
import platform
import sys
import tempfile
import time
from pathlib import Path

import batch
import batches
import desktop
import desktop_register
import exactness
import importing
import packaged
import rules_alone
import settle
import signing
import start_up
import statements
from bench import Bench
from table import Line, printed

_PARTS = {
    "start_up": start_up,
    "rules_alone": rules_alone,
    "exactness": exactness,
    "batch": batch,
    "settle": settle,
    "importing": importing,
    "signing": signing,
    "statements": statements,
    "batches": batches,
    "desktop": desktop,
    "desktop_register": desktop_register,
    "packaged": packaged,
}


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="100,000 lines, three rounds: to see that it runs")
    parser.add_argument("--lines", type=int, help="of the largest ledger (a million)")
    parser.add_argument("--rounds", type=int, help="of each work (five)")
    parser.add_argument("--markdown", action="store_true", help="the table as Markdown")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "s75-benchmarks")
    parser.add_argument("--only", default=",".join(_PARTS), help="any of %(default)s")
    asked = parser.parse_args()
    bench = Bench(
        asked.folder,
        asked.lines or (100_000 if asked.quick else 1_000_000),
        asked.rounds or (3 if asked.quick else 5),
        asked.quick,
    )
    begun = time.monotonic()
    load = os.getloadavg()[0]
    bench.set_up()
    lines: list[Line] = []
    for name in asked.only.split(","):
        print(name, file=sys.stderr)
        lines += _PARTS[name].measure(bench)
        print(printed(lines, markdown=False), file=sys.stderr)
    print(printed(lines, markdown=asked.markdown))
    print(
        f"\nMedian and, in brackets, least of at least {bench.rounds} runs unless said otherwise; interleaved, warm "
        f"caches, whole processes unless said otherwise. Python {platform.python_version()}, {os.cpu_count()} cores, "
        f"{platform.machine()}, load {load:.1f} at the start and {os.getloadavg()[0]:.1f} at the end, "
        f"{(time.monotonic() - begun) / 60:.0f} minutes."
    )


if __name__ == "__main__":
    main()
