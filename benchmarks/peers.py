"""What the peers do with the same data, each as a process of its own: `python peers.py NAME ARGUMENT …`.

Those that read a ledger print what its lines come to by kind, in pence, after summing by scheme, partner and kind; the
benchmark holds that to what was generated. Those that insert print the seconds of the insertion alone.
"""

import json
import sys

_BY_ALL = "SELECT scheme, partner, kind, SUM(amount_pence) FROM {table} WHERE period <= 13 GROUP BY 1, 2, 3"


def _tell(rows: object) -> None:
    """Rows of (…, kind, pence), summed by kind."""
    totals: dict[str, int] = {}
    for *_, kind, pence in rows:  # type: ignore[attr-defined]
        totals[kind] = totals.get(kind, 0) + int(pence)
    print(json.dumps(totals))


# From text


def polars(path: str) -> None:
    """Pence are rounded from floats: exact only while amounts are small."""
    import polars as pl

    found = (
        pl.scan_csv(path)
        .select("scheme", "partner", "kind", (pl.col("amount") * 100).round().cast(pl.Int64).alias("pence"))
        .group_by("scheme", "partner", "kind")
        .agg(pl.col("pence").sum())
        .collect()
    )
    _tell(found.rows())


def pandas(path: str) -> None:
    """Pence are rounded from floats: exact only while amounts are small."""
    import pandas as pd

    frame = pd.read_csv(path, usecols=["scheme", "partner", "kind", "amount"])
    frame["pence"] = (frame["amount"] * 100).round().astype("int64")
    _tell(frame.groupby(["scheme", "partner", "kind"])["pence"].sum().reset_index().itertuples(index=False))


def beancount(path: str) -> None:
    """Loaded and validated without its cache, postings summed by account."""
    from decimal import Decimal

    from beancount import loader

    loaded, errors, _ = loader.load_file(path)
    assert not errors, errors[:3]
    totals: dict[str, Decimal] = {}
    for entry in loaded:
        for posting in getattr(entry, "postings", ()):
            totals[posting.account] = totals.get(posting.account, Decimal(0)) + posting.units.number
    _tell(
        (account.split(":")[1].lower(), pence * 100)
        for account, pence in totals.items()
        if account.startswith("Expenses")
    )


# From a stored SQLite file


def kept(path: str) -> None:
    import sqlite3

    rows = sqlite3.connect(f"file:{path}?mode=ro", uri=True).execute(_BY_ALL.format(table="totals"))
    _tell(rows)


def bare(path: str) -> None:
    import sqlite3

    rows = sqlite3.connect(f"file:{path}?mode=ro", uri=True).execute(_BY_ALL.format(table="lines NOT INDEXED"))
    _tell(rows)


def covering(path: str) -> None:
    import sqlite3

    rows = sqlite3.connect(f"file:{path}?mode=ro", uri=True).execute(_BY_ALL.format(table="lines INDEXED BY covering"))
    _tell(rows)


def pandas_sql(path: str) -> None:
    import sqlite3

    import pandas as pd

    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    frame = pd.read_sql("SELECT scheme, partner, kind, amount_pence FROM lines WHERE period <= 13", connection)
    found = frame.groupby(["scheme", "partner", "kind"])["amount_pence"].sum().reset_index()
    _tell(found.itertuples(index=False))


def store(ledger: str, path: str) -> None:
    """Make the stored peers' file: our lines' own columns in a plain table, with one covering index. Not timed."""
    import sqlite3

    connection = sqlite3.connect(path)
    connection.execute("ATTACH ? AS ours", (ledger,))
    connection.execute(
        "CREATE TABLE lines (id INTEGER PRIMARY KEY, batch INTEGER, period INTEGER, scheme TEXT, partner TEXT, "
        "kind TEXT, amount_pence INTEGER, date TEXT, reference TEXT, description TEXT)"
    )
    connection.execute(
        "INSERT INTO lines SELECT id, batch, period, scheme, partner, kind, amount_pence, date, reference, description "
        "FROM ours.lines"
    )
    connection.execute("CREATE INDEX covering ON lines (scheme, partner, kind, period, amount_pence)")
    connection.commit()
    connection.execute("DETACH ours")
    connection.execute("ANALYZE")
    connection.close()


# Into a file

_COLUMNS = (
    "id, batch, period, scheme, partner, kind, amount_pence, date, reference, description, cause, belongs_to, "
    "row_number, raw"
)
_INSERT = f"INSERT INTO lines ({_COLUMNS}) VALUES ({', '.join('?' * 14)})"


def _writer(path: str) -> object:
    """A connection as our writer sets its own up."""
    import sqlite3

    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in (
        "trusted_schema = OFF",
        "foreign_keys = ON",
        "recursive_triggers = ON",
        "journal_mode = DELETE",
        "synchronous = FULL",
        "cache_size = -65536",
    ):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _batch(connection: object, count: int) -> None:
    connection.execute(  # type: ignore[attr-defined]
        "INSERT INTO batches (id, file, digest, content, count, totals, mapping, posted_at, actor, program) "
        "VALUES (1, '', NULL, 'lines', ?, '{}', '', '', '', '')",
        (count,),
    )


def executemany(imported: str, empty: str) -> None:
    """The very rows that our import made, already in memory, into the same tables: the insertion alone is timed."""
    import sqlite3
    import time

    rows = sqlite3.connect(f"file:{imported}?mode=ro", uri=True).execute(f"SELECT {_COLUMNS} FROM lines").fetchall()
    connection = _writer(empty)
    begun = time.perf_counter()
    connection.execute("BEGIN IMMEDIATE")  # type: ignore[attr-defined]
    connection.executemany(_INSERT, rows)  # type: ignore[attr-defined]
    _batch(connection, len(rows))
    connection.execute("COMMIT")  # type: ignore[attr-defined]
    print(time.perf_counter() - begun)


def unchecked(path: str, empty: str) -> None:
    """csv.reader into executemany into the same tables, nothing checked, no raw row, no totals."""
    import csv

    def rows(stream: object) -> object:
        reader = csv.reader(stream)  # type: ignore[arg-type]
        next(reader)
        for number, (period, scheme, partner, kind, amount, day, reference, description) in enumerate(reader, 1):
            pounds, _, pence = amount.partition(".")
            value = int(pounds + pence)
            yield (
                number, 1, int(period[1:]), scheme, partner, kind, value, day, reference, description, "", None,
                number + 1, "",
            )  # fmt: skip

    connection = _writer(empty)
    connection.execute("BEGIN IMMEDIATE")  # type: ignore[attr-defined]
    with open(path, encoding="utf-8", newline="") as stream:  # noqa: PTH123
        connection.executemany(_INSERT, rows(stream))  # type: ignore[attr-defined]
    _batch(connection, 0)
    connection.execute("COMMIT")  # type: ignore[attr-defined]


def duckdb(path: str, database: str) -> None:
    """Its own parallel reader into its own file."""
    import duckdb as duck

    with duck.connect(database) as connection:
        connection.execute("CREATE TABLE lines AS SELECT * FROM read_csv(?, header = true)", [path])


def calamine(path: str) -> None:
    """Every cell of the sheet as Python values: what is read before anything is understood."""
    from python_calamine import CalamineWorkbook

    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    print(len(rows))


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
