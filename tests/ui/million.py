"""A ledger of a million lines, as `benchmarks/generate.py` makes them: 5 pools, 200 schemes, 3 partners."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from ledgers import create_ledger

LINES = 1_000_000
_GENERATE = Path(__file__).parents[2] / "benchmarks" / "generate.py"


def generator() -> ModuleType:
    """The benchmarks' maker of ledgers."""
    name = "benchmarks_generate"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, _GENERATE)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]


def make_million(file: Path, lines: int = LINES) -> None:
    """Make the ledger at a path where nothing is."""
    generate = generator()
    data = generate.write(file.parent / f"{file.stem}-data", generate.Shape(lines))
    with create_ledger(file, data.agreement.read_text(encoding="utf-8")) as ledger:
        ledger.import_file(data.csv)
