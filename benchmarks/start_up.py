"""How long a person waits for the smallest commands."""

from bench import GOLDEN, Bench
from table import Line
from timing import Work

_ROUNDS = 15
_CASE = GOLDEN / "three-partners-qipp-separate"


def measure(bench: Bench) -> list[Line]:
    """Beside what the interpreter alone takes, and the library that our commands are written with."""
    help_, settled, bare, typer = bench.measure(
        [
            bench.ours("s75 --help", "--help"),
            bench.ours("s75 settle, a golden folder", "settle", _CASE),
            Work("python alone", [bench.python, "-c", "pass"]),
            Work("python, import typer", [bench.python, "-c", "import typer"]),
        ],
        _ROUNDS,
    )
    return [
        Line("s75 --help", str(help_), bare.work.name, str(bare), "", "< 0.25 s", help_.within(0.25)),
        Line("s75 --help", str(help_), typer.work.name, str(typer)),
        Line("s75 settle, a golden folder", str(settled), "", "", "", "< 0.6 s", settled.within(0.6)),
    ]
