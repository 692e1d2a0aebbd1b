"""The guided run itself, in a process of its own: `python guided.py TARGET SEED FOLDER [libFuzzer's options]`.

atheris watches which branches of ours an input takes. Inputs that are JSON are changed as JSON half of the time, or
hardly any would get further than the first bracket.
"""

import json
import random
import sys
from contextlib import suppress
from copy import deepcopy
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import atheris

atheris.enabled_hooks.add("str")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
with atheris.instrument_imports(include=["rules", "ledgers", "settlement", "tomllib"]):
    from tests.fuzz.readers import APART, OURS, READERS

WEIRD = [0, -1, 1, 2**53, 2**63, 10**30, 14, "", "M1", "x", "\x00", "é", [], {}, [[]], 0.5, None, True, "1/0", "nan"]


def change(value: Any, rng: random.Random) -> Any:  # noqa: ANN401  JSON
    """The value with one place in it changed: taken out, doubled, moved, or made something else."""
    if isinstance(value, (dict, list)) and value and rng.random() < 0.8:
        place = rng.choice(list(value)) if isinstance(value, dict) else rng.randrange(len(value))
        what = rng.random()
        if what < 0.7:
            value[place] = change(value[place], rng)
        elif what < 0.8:
            del value[place]
        elif isinstance(value, list):
            value.insert(rng.randrange(len(value) + 1), deepcopy(value[place]))
        else:
            value[rng.choice([*value, "x"])] = deepcopy(value[place])
        return value
    if isinstance(value, int) and rng.random() < 0.5:
        return value + rng.choice([-1, 1, 12, -(10**6)])
    return deepcopy(rng.choice(WEIRD))


def mutated(data: bytes, most: int, seed: int) -> bytes:
    """The next input to try."""
    rng = random.Random(seed)  # noqa: S311  to be tried again with the same seed
    if rng.random() < 0.5:
        parts = data.split(APART)
        place = rng.randrange(len(parts))
        try:
            value = json.loads(parts[place])
            for _ in range(rng.randrange(1, 4)):
                value = change(value, rng)
            parts[place] = json.dumps(value, separators=(",", ":")).encode()
        except (ValueError, RecursionError):
            pass
        else:
            return APART.join(parts)[:most]
    return atheris.Mutate(data, most)


def main() -> None:
    target, options = sys.argv[1], sys.argv[2:]
    read = READERS[target]
    folder = Path(mkdtemp(prefix="s75-fuzz-", dir=options[0]))

    def once(data: bytes) -> None:
        with suppress(*OURS):
            read(data, folder)

    is_json = target in {"folder", "pack", "pair"}
    atheris.Setup([sys.argv[0], *options[1:]], once, **({"custom_mutator": mutated} if is_json else {}))
    atheris.Fuzz()


main()
