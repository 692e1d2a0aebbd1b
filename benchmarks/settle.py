"""`s75 settle` on ledgers of a thousand and a million lines, and what else could have summed the same lines."""

import json
from collections.abc import Callable
from pathlib import Path

from bench import Bench, missing_package, missing_program
from generate import Data
from table import Line, figure, quicker
from timing import FailedError, Work, verdict

_SPEND = ("actual", "accrual")
_ROUNDS = 9  # ours is short, and its ratio is to be known within a few per cent


def measure(bench: Bench) -> list[Line]:
    """Whole processes, files in the cache."""
    sized = {size: bench.data(size) for size in bench.sizes}
    largest = bench.data(bench.lines, "journal", "beancount")
    ledgers = {size: bench.ledger(data) for size, data in sized.items()}
    ours = [
        bench.ours(
            f"s75 settle, {size:,} lines",
            "settle",
            ledgers[size],
            "--json",
            reads=[ledgers[size]],
            check=_check_ours(sized[size]),
        )
        for size in bench.sizes
    ]
    of_ours = bench.measure(ours, max(_ROUNDS, bench.rounds))
    smallest, last = of_ours[0], of_ours[-1]
    lines = []
    for size, found in zip(bench.sizes[1:], of_ours[1:], strict=True):
        ratio = found.seconds / smallest.seconds
        at_most = size == bench.lines
        lines.append(
            Line(
                f"settle, {size:,} lines",
                str(found),
                f"s75 settle, {bench.sizes[0]:,} lines",
                str(smallest),
                f"{ratio:.2f} (least {found.least_seconds / smallest.least_seconds:.2f})",
                "≤ 1.3" if at_most else "",
                verdict(ratio <= 1.3, at_best=found.least_seconds <= 1.3 * smallest.least_seconds) if at_most else "",
            )
        )
    work = f"settle, {bench.lines:,} lines"
    lines.append(Line(work, str(last), "", "", "", "< 0.5 s", last.within(0.5)))
    least = {"ledger": 8.0, "hledger": 60.0, "beancount": 120.0} if bench.lines >= 1_000_000 else {}
    for peer in bench.measure(_peers(bench, largest, ledgers[bench.lines])):
        name = peer.work.name
        if peer.missing:
            lines.append(Line(work, str(last), name, str(peer)))
            continue
        target = least.get(name.split()[0])
        lines.append(
            Line(
                work,
                str(last),
                name,
                str(peer),
                quicker(last.seconds, peer.seconds),
                f"≥ {target:.0f}× quicker" if target else "",
                verdict(
                    peer.seconds >= target * last.seconds, at_best=peer.least_seconds >= target * last.least_seconds
                )
                if target
                else "",
            )
        )
    lines.append(Line(work, f"{figure(last.cpu_seconds)} s of processor, {last.peak_mib:.0f} MiB at most"))
    return lines


def _peers(bench: Bench, data: Data, ledger: Path) -> list[Work]:
    stored = data.folder / "stored.sqlite"
    stored.unlink(missing_ok=True)
    bench.once(Work("store", bench.script("peers.py", "store", ledger, stored)))
    check = _check_totals(data)
    journal, beancount = [data.journal], [data.beancount]
    return [
        Work(
            "ledger bal (text)",
            ["ledger", "-f", data.journal, "bal", "--flat", "--no-total"],
            journal,
            check=_check_balances(data),
            missing=missing_program("ledger"),
        ),
        Work(
            "hledger bal (text)",
            ["hledger", "-f", data.journal, "bal", "--flat", "--no-total"],
            journal,
            check=_check_balances(data),
            missing=missing_program("hledger"),
        ),
        Work(
            "beancount (text)",
            bench.script("peers.py", "beancount", data.beancount),
            beancount,
            check=check,
            missing=missing_package("beancount"),
        ),
        Work(
            "polars (text, sums only)",
            bench.script("peers.py", "polars", data.csv),
            [data.csv],
            check=check,
            missing=missing_package("polars"),
        ),
        Work(
            "pandas (text, sums only)",
            bench.script("peers.py", "pandas", data.csv),
            [data.csv],
            check=check,
            missing=missing_package("pandas"),
        ),
        Work(
            "bare sqlite3, our kept totals (computed beforehand, sums only)",
            bench.script("peers.py", "kept", ledger),
            check=check,
        ),
        Work(
            "bare sqlite3, GROUP BY over a covering index (sums only)",
            bench.script("peers.py", "covering", stored),
            check=check,
        ),
        Work(
            "bare sqlite3, GROUP BY over the table (sums only)",
            bench.script("peers.py", "bare", stored),
            check=check,
        ),
        Work(
            "pandas read_sql and groupby (sums only)",
            bench.script("peers.py", "pandas_sql", stored),
            check=check,
            missing=missing_package("pandas"),
        ),
    ]


def _check_ours(data: Data) -> Callable[[str], None]:
    """All spend of the lines is some partner's in the result."""

    def check(output: str) -> None:
        spend = sum(row["spend"] for row in json.loads(output)["partners"].values())
        known = sum(data.totals_pence.get(kind, 0) for kind in _SPEND)
        if abs(spend) != known:
            message = f"s75 settle found a spend of {spend} pence in lines of {known}"
            raise FailedError(message)

    return check


def _check_totals(data: Data) -> Callable[[str], None]:
    def check(output: str) -> None:
        _hold(json.loads(output), data)

    return check


def _check_balances(data: Data) -> Callable[[str], None]:
    """A line of ledger's and hledger's flat balance is an amount, GBP, an account."""

    def check(output: str) -> None:
        totals: dict[str, int] = {}
        for line in output.splitlines():
            amount, _, account = line.strip().partition(" GBP")
            kind = account.strip().split(":")[0]
            if kind in data.totals_pence:
                totals[kind] = totals.get(kind, 0) + round(float(amount.replace(",", "")) * 100)
        _hold(totals, data)

    return check


def _hold(found: dict[str, int], data: Data) -> None:
    known = {kind: pence for kind, pence in data.totals_pence.items() if pence}
    if {kind: pence for kind, pence in found.items() if pence} != known:
        message = f"a peer found {found}, where the lines make {known}"
        raise FailedError(message)
