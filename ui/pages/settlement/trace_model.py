"""The trace of a figure as a tree: each step, its amount, and what it leads to."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QModelIndex, QObject, Qt

from rules.agreement import Kind
from settlement.explain import Explained, Source
from ui import links
from ui.figures import exact, spoken
from ui.pages.settlement.numbered_tree import NumberedTree
from ui.tables import LEFT, OPENS, RIGHT, AnyIndex

HEADINGS = ("Step", "Amount", "Opens")
TEXT, AMOUNT, LEADS = range(len(HEADINGS))

Codes = Callable[[str], tuple[str, ...]]
"""The codes under which a partner's lines were posted: its own, and those of partners whose place it has taken."""


@dataclass(frozen=True, slots=True)
class Step:
    """A row of the trace. `above` is the number of the row it stands under, None at the top; `place` which it is there.

    `opens` is a target of `ui.links`, None of a step that leads nowhere; `leads` says in words where to.
    """

    text: str
    pence: int | None
    above: int | None
    place: int
    depth: int
    opens: object = None
    leads: str = ""


def steps_of(explained: Explained, codes: Codes) -> tuple[Step, ...]:
    """The trace in rows, each before those under it. Made on a worker: there may be very many."""
    steps: list[Step] = []
    below: dict[int | None, int] = {}

    def add(told: Explained, above: int | None, depth: int, whole: str) -> None:
        place = below.get(above, 0)
        below[above] = place + 1
        opens, leads = _leads(told, whole)
        number = len(steps)
        steps.append(Step(told.text, told.pence, above, place, depth, opens, leads))
        if told.source.figure is not None and told.source.figure != "net_due":
            whole = _named(told.text)  # of what is due, each figure is the whole that its lines are a part of
        for child in told.children:
            add(child, number, depth + 1, whole)
        for child in _by_poster(told, codes):
            add(child, number, depth + 1, _named(told.text))

    add(explained, None, 0, _named(explained.text))
    return tuple(steps)


def _named(text: str) -> str:
    """What is traced, without how it counts and without the sentence that follows it."""
    return text.removeprefix("Less: ").partition(": ")[0]


def _by_poster(told: Explained, codes: Codes) -> tuple[Explained, ...]:
    """Where a partner took others' place: the lines of each, for the ledger has them under the codes of then."""
    source = told.source
    if told.pence is None or source.scheme is None or source.partner is None or len(codes(source.partner)) == 1:
        return ()
    return tuple(
        Explained(f"Lines posted under {code}", None, source=replace(source, partner=code))
        for code in codes(source.partner)
    )


def _leads(told: Explained, whole: str) -> tuple[object, str]:
    source = told.source
    if source.scheme is not None:
        return _lines(told, source, whole), "Ledger lines"
    if source.clause is not None:
        return links.ClauseOf(source.clause), f"Clause {source.clause}"
    if source.on is not None and source.group is not None:
        return links.Subject(source.group, source.on), "What was dealt with"
    return None, ""


def _lines(told: Explained, source: Source, whole: str) -> links.Lines:
    until = ""
    if source.upto is not None:
        until = f" to {source.upto}"
    elif source.kind in {Kind.FORECAST, Kind.QIPP_FORECAST}:
        until = ", what is forecast for later periods"
    else:
        until = " of the whole year"
    why = f"{_named(told.text)}, {source.partner}{until}; part of: {whole}"
    return links.Lines(scheme=source.scheme, partner=source.partner, kind=source.kind, upto=source.upto, why=why)


class TraceModel(NumberedTree[Step]):
    """The rows of a trace as a tree."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Empty until a trace is shown."""
        super().__init__(HEADINGS, AMOUNT, parent)

    def show_steps(self, steps: tuple[Step, ...]) -> None:
        """Show this trace in place of the one before."""
        self._show(steps)

    @property
    def steps(self) -> tuple[Step, ...]:
        """Every row, each before those under it."""
        return tuple(self._rows)

    def step_of(self, index: AnyIndex) -> Step | None:
        """The row that an index is of."""
        return self._row_of(index)

    def path_of(self, index: AnyIndex) -> tuple[int, ...]:
        """The way to a row from the top: which it is at each level."""
        step = self.step_of(index)
        path: list[int] = []
        while step is not None:
            path.insert(0, step.place)
            step = None if step.above is None else self._rows[step.above]
        return tuple(path)

    def index_at(self, path: tuple[int, ...]) -> QModelIndex:
        """The row at the end of a way, or the last of it that is there still."""
        found = QModelIndex()
        for place in path:
            below = self.index(place, 0, found)
            if not below.isValid():
                break
            found = below
        return found

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a row shows, its pence, how it is said, where it leads."""
        step = self.step_of(index)
        if step is None:
            return None
        column = index.column()
        value: object = None
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                value = (step.text, "" if step.pence is None else exact(step.pence), step.leads)[column]
            case Qt.ItemDataRole.UserRole if column == AMOUNT:
                value = step.pence
            case _ if role == OPENS:
                value = step.opens
            case Qt.ItemDataRole.AccessibleTextRole:
                value = _said(step) if column == TEXT else None
            case Qt.ItemDataRole.TextAlignmentRole:
                value = (RIGHT if column == AMOUNT else LEFT) if column != TEXT else LEFT
            case Qt.ItemDataRole.FontRole if step.depth == 0:
                value = self._bold
        return value


def _said(step: Step) -> str:
    """A step as it is heard: with its amount, and where it leads."""
    parts = [step.text]
    if step.pence is not None:
        parts.append(spoken(step.pence))
    if step.leads:
        parts.append(f"opens: {step.leads}")
    return ", ".join(parts)
