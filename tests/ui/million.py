"""A ledger of a million lines, as `benchmarks/generate.py` makes them: 5 pools, 200 schemes, 3 partners."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from ledgers import create_ledger
from ledgers.importing.columns import LINES as LINES_OF_A_FILE
from ledgers.importing.opening import open_source
from ledgers.importing.reading_lines import LineReader
from ledgers.importing.source import look_at
from ledgers.posting import Poster
from ledgers.store import LINE_COLUMNS
from ledgers.stored import StoredLedger

LINES = 1_000_000
A_PART = 50_000
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


def make_million(file: Path, lines: int = LINES, *, schemes_each: int = 40) -> None:
    """Make the ledger at a path where nothing is: a batch of lines as an import puts them in, again and again.

    A million lines are drawn and read in a minute; so it is a part of them that is, and copied within the ledger, with
    references of its own to each copy. Totals, batch and audit trail are those of all the lines.
    """
    times = max(1, lines // A_PART)
    generate = generator()
    data = generate.write(file.parent / f"{file.stem}-data", generate.Shape(lines // times, schemes_each=schemes_each))
    with create_ledger(file, data.agreement.read_text(encoding="utf-8")) as ledger:
        if times == 1:
            ledger.import_file(data.csv)
        else:
            assert isinstance(ledger, StoredLedger)
            _import_many_times(ledger, data.csv, times)


def _import_many_times(ledger: StoredLedger, csv: Path, times: int) -> None:
    poster, source, store = Poster(ledger), look_at(csv), ledger.store
    with store.transaction(), open_source(source, None, None) as opened:
        reader = LineReader(opened.columns, poster.judge(), opened.faults)
        first, batch = poster.next_ids()
        store.insert_lines(reader.read(opened.sheet, first, batch))
        opened.faults.refuse()
        for copy in range(1, times):
            store.run(
                f"INSERT INTO lines ({', '.join(LINE_COLUMNS)}) SELECT id + :by, batch, period, scheme, partner, kind, "
                "amount_pence, date, CASE reference WHEN '' THEN '' ELSE reference || :copy END, description, cause, "
                "belongs_to, row_number + :by, raw FROM lines WHERE id BETWEEN :first AND :last ORDER BY id",
                by=copy * reader.count,
                copy=f"-{copy}",
                first=first,
                last=first + reader.count - 1,
            )
        totals = {key: pence * times for key, pence in reader.totals.items()}
        poster.keep_totals(totals, source.file)
        poster.keep_batch(batch, LINES_OF_A_FILE, reader.count * times, totals, file=source.file, digest=source.digest)
