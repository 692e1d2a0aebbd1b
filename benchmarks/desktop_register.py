"""How long a person waits for the register of a ledger, and what it takes to hold it: ours beside models of Qt's kind.

As a part of `run.py` its `measure` gives lines for the table. By itself it measures one ledger and prints them:

    python benchmarks/desktop_register.py [--lines 1000000] [--rounds 5] [--folder FOLDER]

Each figure is from the person's act to the paint that shows what she wanted, measured in the process itself, without a
screen: the page opened (its modules are loaded ahead, as the program does), Ctrl+End, a sort by amount, a search for a
text, lines of one scheme. Memory is what the process grew by from before the page was opened until its end was seen.

    python desktop_register.py ours|sql-model|orm-list LEDGER    prints one process's figures as JSON
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench import Bench
    from PySide6.QtWidgets import QAbstractItemView
    from table import Line

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

TARGETS = {"opened": 0.1, "end": 0.1, "sorted": 0.5, "searched": 0.5, "filtered": 0.5}
NAMES = {
    "opened": "first lines painted",
    "end": "last line painted",
    "sorted": "sorted by amount, painted",
    "searched": "text found, painted",
    "filtered": "one scheme's lines, painted",
}
PEERS = {"sql-model": "QSqlQueryModel", "orm-list": "SQLModel objects in a list"}
_TEXT = "Ivy Bank 29"
_SCHEME = "S007"
_SIZE = (1280, 860)
_COLUMNS = "id, period, date, scheme, partner, kind, amount_pence, reference, description, belongs_to, reverses, batch"
_PATIENCE = 120  # seconds

Figures = dict[str, float]


# --- one process ------------------------------------------------------------------------------------------------------


def resident_mib() -> float:
    """What the process holds now."""
    with Path("/proc/self/statm").open(encoding="ascii") as stream:
        return int(stream.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


def timed(act: Callable[[], object], done: Callable[[], bool], view: "QAbstractItemView | None" = None) -> float:
    """Seconds from an act until what was wanted is there and, if it is in a view, painted there."""
    from PySide6.QtCore import QEvent, QObject
    from PySide6.QtWidgets import QApplication

    painted: list[bool] = []

    class Paints(QObject):
        """Sees the view being painted with what was wanted in it."""

        def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
            if event.type() == QEvent.Type.Paint and done():
                painted.append(True)
            return False

    paints = Paints()
    begun = time.perf_counter()
    if view is not None:
        view.viewport().installEventFilter(paints)
    act()
    while not (painted if view is not None else done()):
        QApplication.processEvents()
        time.sleep(0.0002)  # the other threads' turn
        if time.perf_counter() - begun > _PATIENCE:
            message = "it never came"
            raise TimeoutError(message)
    taken = time.perf_counter() - begun
    if view is not None:
        view.viewport().removeEventFilter(paints)
    return taken


def ours(ledger: str) -> Figures:  # noqa: PLR0915  one story, measured as it goes
    """The program's own page."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    import ui.pages.register.page  # noqa: F401  loaded ahead by the program
    from ledgers.register import Column, Filter, Sort
    from ui import links
    from ui.app import application
    from ui.collecting import Collector
    from ui.preferences import Preferences
    from ui.session import Session
    from ui.theme import dress
    from ui.window import Window

    app = application()
    collector = Collector(app)  # as the program runs
    preferences = Preferences()
    dress(app, preferences.theme, preferences.text_size)
    session = Session(preferences=preferences)
    session.keep = lambda _preferences: None  # type: ignore[method-assign]  # nobody's preferences are changed
    window = Window(session)
    window.resize(*_SIZE)
    window.show()
    opened: list[bool] = []
    session.open(ledger, read_only=True, done=lambda: opened.append(True))

    def is_idle() -> bool:
        return bool(opened) and not session.reads.busy and not session.searches.busy

    def settle() -> None:
        for _ in range(5):
            timed(lambda: time.sleep(0.02), is_idle)

    settle()
    before = resident_mib()
    figures = {}
    begun = time.perf_counter()
    page = window.page(links.LEDGER)  # by itself, to be watched as it is opened
    making = time.perf_counter() - begun

    def go() -> None:
        window.go(links.Link(links.LEDGER))

    figures["opened"] = making + timed(go, lambda: page.model.line_at(0) is not None, page.table)
    table, model = page.table, page.model
    settle()
    last = model.rowCount() - 1

    def press_end() -> None:
        QTest.keyClick(table, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)

    figures["end"] = timed(press_end, lambda: model.line_at(last) is not None, table)
    for step in range(0, last, max(last // 200, 1)):  # a drag through everything
        table.scrollTo(model.index(step, 0))
        QApplication.processEvents()
    settle()
    figures["memory"] = resident_mib() - before
    seen: list[bool] = []
    page.arranger.began.connect(lambda *_told: seen.append(True))

    def shown() -> bool:
        return bool(seen) and (model.rowCount() == 0 or model.line_at(0) is not None)

    for name, act in (
        ("sorted", lambda: page.sort_by(Sort(Column.AMOUNT, descending=True))),
        ("searched", lambda: page.show_only(Filter(text=_TEXT))),
        ("filtered", lambda: page.show_only(Filter(schemes=(_SCHEME,)))),
    ):
        settle()
        page.sort = page.sort if name == "sorted" else Sort()
        seen.clear()
        figures[name] = timed(act, shown, table)
    settle()
    session.close()
    collector.stop()
    return figures


def sql_model(ledger: str) -> Figures:
    """Qt's own model of a query, in a table; it fetches 256 rows at a time, and to the end it fetches them all."""
    from PySide6.QtSql import QSqlDatabase, QSqlQueryModel
    from PySide6.QtWidgets import QApplication, QTableView

    app = QApplication([])
    database = QSqlDatabase.addDatabase("QSQLITE")
    database.setDatabaseName(ledger)
    database.setConnectOptions("QSQLITE_OPEN_READONLY")
    assert database.open(), database.lastError().text()
    view = QTableView()
    view.resize(*_SIZE)
    view.show()
    app.processEvents()
    before = resident_mib()
    model = QSqlQueryModel()
    view.setModel(model)

    def query(rest: str) -> Callable[[], object]:
        return lambda: model.setQuery(f"SELECT {_COLUMNS} FROM lines {rest}", database)

    def has_rows() -> bool:
        return model.rowCount() > 0

    def to_end() -> None:
        while model.canFetchMore():
            model.fetchMore()
        view.scrollToBottom()

    figures = {"opened": timed(query("ORDER BY id"), has_rows, view)}
    figures["end"] = timed(to_end, has_rows, view)
    figures["memory"] = resident_mib() - before
    figures["sorted"] = timed(query("ORDER BY amount_pence DESC, id"), has_rows, view)
    like = f"'%{_TEXT}%'"
    figures["searched"] = timed(
        query(f"WHERE reference LIKE {like} OR description LIKE {like} ORDER BY id"), has_rows, view
    )
    figures["filtered"] = timed(query(f"WHERE scheme = '{_SCHEME}' ORDER BY id"), has_rows, view)
    return figures


def orm_list(ledger: str) -> Figures:
    """Every line as an object of the ledger's own SQLModel class, in a Python list under a table model."""
    from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt
    from PySide6.QtWidgets import QApplication, QTableView
    from sqlmodel import Session, create_engine, select

    from ledgers.tables import LineRow

    app = QApplication([])
    names = _COLUMNS.split(", ")

    class Lines(QAbstractTableModel):
        def __init__(self) -> None:
            super().__init__()
            self.lines: list[LineRow] = []

        def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008, N802
            return 0 if parent.isValid() else len(self.lines)

        def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008, N802
            return 0 if parent.isValid() else len(names)

        def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
            if role != Qt.ItemDataRole.DisplayRole:
                return None
            value = getattr(self.lines[index.row()], names[index.column()])
            return None if value is None else str(value)

        def show(self, lines: list[LineRow]) -> None:
            self.beginResetModel()
            self.lines = lines
            self.endResetModel()

    engine = create_engine(f"sqlite:///file:{ledger}?mode=ro&uri=true")
    view, model = QTableView(), Lines()
    view.resize(*_SIZE)
    view.setModel(model)
    view.show()
    app.processEvents()
    before = resident_mib()
    with Session(engine) as session:

        def has_rows() -> bool:
            return model.rowCount() > 0

        figures = {"opened": timed(lambda: model.show(list(session.exec(select(LineRow)))), has_rows, view)}
        everything = model.lines
        figures["end"] = timed(view.scrollToBottom, has_rows, view)
        figures["memory"] = resident_mib() - before
        by_amount = lambda: sorted(everything, key=lambda line: (-line.amount_pence, line.id))  # noqa: E731
        figures["sorted"] = timed(lambda: model.show(by_amount()), has_rows, view)
        text = _TEXT.lower()

        def found() -> list[LineRow]:
            return [line for line in everything if text in line.description.lower() or text in line.reference.lower()]

        figures["searched"] = timed(lambda: model.show(found()), has_rows, view)
        one = lambda: [line for line in everything if line.scheme == _SCHEME]  # noqa: E731
        figures["filtered"] = timed(lambda: model.show(one()), has_rows, view)
    return figures


# --- all of them ------------------------------------------------------------------------------------------------------


def measure(bench: "Bench") -> "list[Line]":
    """Ours beside each peer on the longest ledger, and what ours grows by from the shortest."""
    from timing import Work

    def figures_of(which: str, ledger: Path, rounds: int) -> list[Figures]:
        work = Work(which, bench.script("desktop_register.py", which, ledger))
        return [json.loads(bench.once(work).strip().splitlines()[-1]) for _ in range(rounds)]

    short, long = (bench.ledger(bench.data(size)) for size in (bench.sizes[0], bench.sizes[-1]))
    bench.once(Work("warm", bench.script("desktop_register.py", "ours", short)))
    found = {"ours": figures_of("ours", long, bench.rounds), "sql-model": figures_of("sql-model", long, bench.rounds)}
    found["orm-list"] = figures_of("orm-list", long, 1)
    return table_of(found, figures_of("ours", short, bench.rounds), bench.sizes[-1])


def table_of(found: dict[str, list[Figures]], short: list[Figures], lines: int) -> "list[Line]":
    """The lines of the table."""
    from table import Line, figure, quicker
    from timing import seconds_text, verdict

    told = []
    for name, work in NAMES.items():
        own = [each[name] for each in found["ours"]]
        met = verdict(median(own) <= TARGETS[name], at_best=min(own) <= TARGETS[name])
        for peer, peer_name in PEERS.items():
            theirs = median(each[name] for each in found[peer])
            told.append(
                Line(
                    f"{lines:,} lines: {work}",
                    f"{seconds_text(median(own))} ({seconds_text(min(own), unit=False)})",
                    peer_name,
                    seconds_text(theirs),
                    quicker(median(own), theirs),
                    f"< {TARGETS[name]:g} s",
                    met,
                )
            )
    own_mib, short_mib = (median(each["memory"] for each in some) for some in (found["ours"], short))
    for peer, peer_name in PEERS.items():
        theirs = median(each["memory"] for each in found[peer])
        told.append(
            Line(
                f"{lines:,} lines: memory, to the end and back",
                f"{own_mib:.0f} MiB ({short_mib:.0f} for a thousand)",
                peer_name,
                f"{theirs:.0f} MiB",
                f"{figure(theirs / max(own_mib, 0.1))}× less",
                "does not grow",
                verdict(own_mib - short_mib < 32, at_best=False),
            )
        )
    return told


def main() -> None:
    """One process's figures, or the table."""
    processes = {"ours": ours, "sql-model": sql_model, "orm-list": orm_list}
    if len(sys.argv) == 3 and sys.argv[1] in processes:
        sys.stdout.write(json.dumps(processes[sys.argv[1]](sys.argv[2])) + "\n")
        sys.stdout.flush()
        os._exit(0)  # a million objects take long to be let go of, and that is not measured
    from bench import Bench
    from table import printed

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "s75-benchmarks")
    asked = parser.parse_args()
    bench = Bench(asked.folder, asked.lines, asked.rounds)
    bench.set_up()
    print(printed(measure(bench), markdown=False))


if __name__ == "__main__":
    main()
