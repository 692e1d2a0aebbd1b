"""One `s75 settle` over a thousand folders."""

import json
import shutil

from bench import GOLDEN, Bench
from table import Line, figure
from timing import FailedError


def measure(bench: Bench) -> list[Line]:
    """The golden cases in turn, each as a folder of its own."""
    number = 100 if bench.quick else 1_000
    cases = sorted(path for path in GOLDEN.iterdir() if path.is_dir())
    root = bench.folder / "folders"
    shutil.rmtree(root, ignore_errors=True)
    folders = [root / f"{place:04}" for place in range(number)]
    for place, folder in enumerate(folders):
        shutil.copytree(cases[place % len(cases)], folder)
    expected = [json.loads((case / "expected.json").read_text()) for case in cases]

    def check(output: str) -> None:
        results = [json.loads(line) for line in output.splitlines()]
        if results != [expected[place % len(cases)] for place in range(number)]:
            message = "the batch did not give the golden results"
            raise FailedError(message)

    (found,) = bench.measure([bench.ours("s75 settle --json, folders", "settle", "--json", *folders, check=check)])
    return [
        Line(
            f"s75 settle --json over {number:,} folders",
            str(found),
            "a folder",
            f"{figure(found.seconds / number * 1000)} ms",
            "",
            f"< {15 * number / 1000:g} s",
            found.within(15 * number / 1000),
        )
    ]
