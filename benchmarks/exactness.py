"""Exactness: how many allocations give a penny to the wrong partner, and how many ours makes in a second.

The cases are two to four weights, half of them small numbers, as shares are written, and half contributions in pence.
With small numbers exact fractional parts tie again and again, and a tie goes to whoever is listed first; a remainder
rounded at 28 digits ties no more, and the penny goes elsewhere while the total still adds up.
"""

import json
import random
import sys
import time
from collections.abc import Callable, Sequence
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction
from statistics import median

from bench import Bench, missing_package
from table import Line
from timing import Work, verdict

_CASES = 1_000_000
_PEER_CASES = 100_000
_SPEED_CASES = 50_000
Case = tuple[int, list[int]]
Allocate = Callable[[int, Sequence[int]], list[int]]


def measure(bench: Bench) -> list[Line]:
    """Ours against exact fractions; then the same for what people use instead."""
    cases = _CASES // 20 if bench.quick else _CASES
    ours = json.loads(bench.once(Work("ours", bench.script("exactness.py", "ours", cases))))
    wrong = f"{ours['wrong']:,} wrong of {ours['cases']:,}"
    work = "allocations of 2 to 4 weights, held to Fraction"
    lines = [
        Line(
            work,
            wrong,
            "exact ties among them",
            f"{ours['ties']:,}",
            "",
            "0 wrong",
            verdict(not ours["wrong"], at_best=False),
        )
    ]
    for name, package in (("decimal", ""), ("moneyed", "py-moneyed")):
        title = {"decimal": "Decimal, 28 digits, largest remainder", "moneyed": "py-moneyed, largest remainder"}[name]
        missing = missing_package("moneyed", package) if package else ""
        if missing:
            lines.append(Line(work, wrong, title, f"missing: {missing}"))
            continue
        peer = json.loads(bench.once(Work(name, bench.script("exactness.py", name, _PEER_CASES))))
        assert peer["off"] == 0
        lines.append(Line(work, wrong, title, f"{peer['wrong']:,} wrong of {peer['cases']:,}, every total right"))
    rates = ours["rates"]
    lines.append(
        Line(
            "allocations a second, one core",
            f"{median(rates):,.0f} (best {max(rates):,.0f})",
            "two, three and four weights",
            ", ".join(f"{max(each):,.0f}" for each in ours["by_weights"].values()),
            "",
            "> 300,000",
            verdict(median(rates) > 300_000, at_best=max(rates) > 300_000),
        )
    )
    return lines


def cases(number: int, weights: int | None = None, seed: int = 75) -> list[Case]:
    """Seeded."""
    draw = random.Random(seed)  # noqa: S311  the same cases every time
    found = []
    for _ in range(number):
        count = weights or draw.randrange(2, 5)
        if draw.random() < 0.5:
            shares = [draw.randrange(0, 100) for _ in range(count)]
            shares[draw.randrange(count)] += 1
        else:
            shares = [draw.randrange(1, 10**10) for _ in range(count)]
        found.append((draw.randrange(1, 10 ** draw.randrange(3, 11)), shares))
    return found


def by_fraction(total: int, weights: Sequence[int]) -> tuple[list[int], bool]:
    """Largest remainder, read off the definition; and whether a penny fell on an exact tie."""
    whole = sum(weights)
    exact = [Fraction(total * weight, whole) for weight in weights]
    parts = [share.numerator // share.denominator for share in exact]
    rest = [share - part for share, part in zip(exact, parts, strict=True)]
    order = sorted(range(len(weights)), key=lambda place: (-rest[place], place))
    left = total - sum(parts)
    for place in order[:left]:
        parts[place] += 1
    return parts, 0 < left < len(weights) and rest[order[left - 1]] == rest[order[left]]


def by_decimal(total: int, weights: Sequence[int]) -> list[int]:
    """The same at Decimal's usual 28 digits."""
    whole = sum(weights)
    exact = [Decimal(total) * weight / whole for weight in weights]
    parts = [int(share.to_integral_value(ROUND_FLOOR)) for share in exact]
    rest = [share - part for share, part in zip(exact, parts, strict=True)]
    order = sorted(range(len(weights)), key=lambda place: (-rest[place], place))
    for place in order[: total - sum(parts)]:
        parts[place] += 1
    return parts


def by_moneyed(total: int, weights: Sequence[int]) -> list[int]:
    """The same in Money, which has no allocation of its own."""
    from moneyed import GBP, Money

    whole, penny = sum(weights), Decimal("0.01")
    exact = [Money(Decimal(total) / 100, GBP) * weight / whole for weight in weights]
    parts = [Money(share.amount.quantize(penny, ROUND_FLOOR), GBP) for share in exact]
    rest = [share - part for share, part in zip(exact, parts, strict=True)]
    order = sorted(range(len(weights)), key=lambda place: (-rest[place].amount, place))
    left = int((Decimal(total) / 100 - sum(part.amount for part in parts)) / penny)
    for place in order[:left]:
        parts[place] += Money(penny, GBP)
    return [int(part.amount * 100) for part in parts]


def held_to_fraction(allocate: Allocate, number: int) -> dict[str, object]:
    """How many were wrong, how many did not add up, how many had an exact tie."""
    wrong = off = ties = 0
    for total, weights in cases(number):
        known, tied = by_fraction(total, weights)
        parts = allocate(total, weights)
        wrong += parts != known
        off += sum(parts) != total
        ties += tied
    return {"cases": number, "wrong": wrong, "off": off, "ties": ties}


def rates(allocate: Allocate, rounds: int = 7) -> dict[str, object]:
    """Allocations a second: of the mixture, and by the number of weights."""

    def rate(drawn: list[Case]) -> float:
        begun = time.perf_counter()
        for total, weights in drawn:
            allocate(total, weights)
        return len(drawn) / (time.perf_counter() - begun)

    mixed, by_weights = cases(_SPEED_CASES), {count: cases(_SPEED_CASES, count) for count in (2, 3, 4)}
    return {
        "rates": [rate(mixed) for _ in range(rounds)],
        "by_weights": {count: [rate(drawn) for _ in range(rounds)] for count, drawn in by_weights.items()},
    }


def main(name: str, number: int) -> None:
    """Print what one of them comes to."""
    if name == "ours":
        from rules.allocation import allocate

        print(json.dumps(held_to_fraction(allocate, number) | rates(allocate)))
    else:
        print(json.dumps(held_to_fraction({"decimal": by_decimal, "moneyed": by_moneyed}[name], number)))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
