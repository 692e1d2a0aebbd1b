"""How long a person waits for the window: its first paint, and the figures of a ledger, short or long."""

from bench import Bench
from table import Line, quicker
from timing import Work

_ROUNDS = 11


def measure(bench: Bench) -> list[Line]:
    """Beside an empty window of the same library, which is the least that any program written with it takes."""
    sizes = [bench.sizes[0], bench.sizes[-1]]
    ledgers = [bench.ledger(bench.data(size)) for size in sizes]
    works = [
        Work("an empty window", bench.script("desktop_window.py", "bare")),
        Work("first window", bench.script("desktop_window.py", "first"), always=True),
        *(
            Work(f"usable, {size:,} lines", bench.script("desktop_window.py", "usable", ledger), always=True)
            for size, ledger in zip(sizes, ledgers, strict=True)
        ),
    ]
    bare, first, *usable = bench.measure(works, _ROUNDS)
    lines = [
        Line(
            "first window",
            str(first),
            bare.work.name,
            str(bare),
            quicker(first.seconds, bare.seconds),
            "< 0.35 s",
            first.within(0.35),
        )
    ]
    lines += [Line(each.work.name, str(each), "", "", "", "< 1 s", each.within(1.0)) for each in usable]
    return lines
