"""What every chart is: a title, a sentence with its main facts, the picture, the same as a table, ways to take it."""

from functools import partial
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QAction, QFontMetrics, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QFileDialog, QMenu, QPushButton, QToolButton, QVBoxLayout, QWidget

from ui.charts.brush import Brush
from ui.charts.canvas import Canvas
from ui.charts.marks import Mark
from ui.charts.pictures import image_of, write_picture
from ui.charts.whole_table import WholeTable
from ui.copying import as_text, plain_text
from ui.failures import failure_of
from ui.flow import Flow
from ui.tables import OPENS, Grid, GridModel
from ui.widgets import SECTION, words

_HOW = "Arrow keys go from mark to mark; Enter opens what is behind one."
_PNG, _SVG = "Picture (*.png)", "Drawing (*.svg)"


class Chart(QWidget):
    """A chart with its title, sentence and table. What it shows is told by its subclass: marks, painting, height.

    Without figures there is a sentence in place of the picture.
    """

    followed = Signal(object)
    """A `Link` that the person followed."""

    said = Signal(str)
    """What was done: copied, saved."""

    failed = Signal(str, object)
    """A heading and a Failure."""

    def __init__(self, title: str, nothing: str, parent: QWidget | None = None) -> None:
        """`nothing` is the sentence that stands there while there are no figures."""
        super().__init__(parent)
        self.title = title
        self.sentence = ""
        self.marks: tuple[Mark, ...] = ()
        self.grid = Grid((), (), frozenset())
        self.heading = words(title, SECTION)
        self.facts = words()
        self.nothing = words(nothing)
        self.canvas = Canvas(self)
        self.canvas.setAccessibleName(title)
        self.canvas.moved.connect(self._show_caption)
        self.canvas.entered.connect(self._follow_mark)
        self.canvas.reached.connect(self._come)
        self.caption = words(" ")
        self.model = GridModel()
        self.table_view = WholeTable(self.model, f"{title}: table")
        self.table_view.activated.connect(self._follow_cell)
        self._make_actions()
        self._lay_out()
        self.setAccessibleName(title)
        self._show_parts()

    def _make_actions(self) -> None:
        self.as_table = QPushButton("Show as table")
        self.as_table.setCheckable(True)
        self.as_table.setAutoDefault(False)
        self.as_table.setAccessibleName(f"Show as table: {self.title}")
        self.as_table.toggled.connect(self._show_parts)
        self.copy_picture_action = self._action("Copy &picture", self.copy_picture, QKeySequence.StandardKey.Copy)
        self.copy_table_action = self._action("Copy &table", self.copy_table, "Ctrl+Shift+C")
        self.save_png_action = self._action("Save as P&NG…", partial(self.choose_file, ".png"))
        self.save_svg_action = self._action("Save as &SVG…", partial(self.choose_file, ".svg"))
        self.menu = QMenu(self)
        self.menu.addActions(
            [self.copy_picture_action, self.copy_table_action, self.save_png_action, self.save_svg_action]
        )
        self.take = QToolButton()
        self.take.setText("Copy or save")
        self.take.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.take.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.take.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.take.setAccessibleName(f"Copy or save: {self.title}")
        self.take.setMenu(self.menu)
        self.canvas.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.canvas.addActions(self.menu.actions())

    def _action(self, text: str, does: object, keys: QKeySequence.StandardKey | str | None = None) -> QAction:
        action = QAction(text, self)
        if keys is not None:
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)  # in the picture: a table copies its own rows
        action.triggered.connect(lambda _checked=False: does())  # type: ignore[operator]  # every one is callable
        return action

    def _lay_out(self) -> None:
        self.options = Flow(across=8)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for label in (self.heading, self.facts, self.nothing):
            layout.addWidget(label)
        layout.addLayout(self.options)
        for part in (self.canvas, self.table_view, self.caption):
            layout.addWidget(part)
        self.add_options()

    def add_options(self, *widgets: QWidget) -> None:
        """Put controls of the page's own before those that every chart has; Tab comes to them first too."""
        for usual in (self.as_table, self.take):
            self.options.removeWidget(usual)
        for each in (*widgets, self.as_table, self.take):
            self.options.addWidget(each)
        for before, after in pairwise((*widgets, self.as_table, self.take, self.canvas, self.table_view)):
            QWidget.setTabOrder(before, after)

    # For a chart to say

    def paint(self, brush: Brush, area: QRect) -> list[QRect]:  # noqa: ARG002  what a chart paints in
        """Paint the chart in the area; says where each mark is, in order."""
        return []

    def height_at(self, width: int, metrics: QFontMetrics) -> int:  # noqa: ARG002  what a chart needs
        """How high it is at a width, with texts of these metrics."""
        return metrics.height() * 16

    def next_mark(self, number: int, key: Qt.Key) -> int:
        """The mark that an arrow key leads to from another."""
        step = 1 if key in {Qt.Key.Key_Right, Qt.Key.Key_Down} else -1
        return min(max(number + step, 0), len(self.marks) - 1)

    # What it shows

    @property
    def count(self) -> int:
        """How many marks there are."""
        return len(self.marks)

    def table(self) -> Grid:
        """The chart's data."""
        return self.grid

    def said_of(self, number: int) -> str:
        """What is said of a mark; of none, the chart's sentence."""
        return self.marks[number].said if 0 <= number < len(self.marks) else self.sentence

    def show_marks(self, sentence: str, marks: tuple[Mark, ...], grid: Grid) -> None:
        """Show these in place of those before; none leaves the sentence that there is nothing."""
        self.sentence, self.marks, self.grid = sentence, marks, grid
        self.facts.setText(sentence)
        self.canvas.setAccessibleDescription(sentence)
        self.model.show_grid(grid)
        self._show_caption(-1)
        self._show_parts()
        self.canvas.renew()

    def _show_parts(self) -> None:
        has_marks = bool(self.marks)
        is_table = self.as_table.isChecked()
        for part, is_shown in (
            (self.nothing, not has_marks),
            (self.facts, has_marks),
            (self.as_table, has_marks),
            (self.take, has_marks),
            (self.canvas, has_marks and not is_table),
            (self.caption, has_marks and not is_table),
            (self.table_view, has_marks and is_table),
        ):
            if part.isHidden() == is_shown:  # each change has the whole page laid out anew
                part.setVisible(is_shown)

    def _show_caption(self, number: int) -> None:
        hint = _HOW if self.canvas.hasFocus() else " "
        text = self.said_of(number) if number >= 0 else hint
        self.caption.setText(text)
        self.caption.setAccessibleName(text.strip() or f"What the keyboard is at: {self.title}")

    def _come(self) -> None:
        self._show_caption(self.canvas.at)

    # Where it leads

    def _follow_mark(self, number: int) -> None:
        link = self.marks[number].link
        if link is not None:
            self.followed.emit(link)

    def _follow_cell(self, index: QModelIndex) -> None:
        link = index.data(OPENS)
        if link is not None:
            self.followed.emit(link)

    # Ways to take it

    def copy_picture(self) -> None:
        """Put the chart on the clipboard as a picture."""
        QGuiApplication.clipboard().setImage(image_of(self))
        self.said.emit(f"Copied as a picture: {self.title}")

    def copy_table(self) -> None:
        """Put the chart's data on the clipboard, as a spreadsheet pastes it."""
        model = self.model
        rows = [list(self.grid.headings)]
        columns = range(model.columnCount())
        rows += [[plain_text(model.index(row, column)) for column in columns] for row in range(model.rowCount())]
        QGuiApplication.clipboard().setText(as_text(rows))
        self.said.emit(f"Copied as a table: {self.title}")

    def choose_file(self, suffix: str) -> QFileDialog:
        """Ask where to save the chart, as `.png` or `.svg`, and save it there."""
        dialog = QFileDialog(self, f"Save the chart: {self.title}", f"{self.title}{suffix}")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(_SVG if suffix == ".svg" else _PNG)
        dialog.setDefaultSuffix(suffix[1:])
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.save)
        dialog.open()
        return dialog

    def save(self, path: str) -> None:
        """Save the chart at a path: as SVG if it ends so, else as PNG."""
        try:
            write_picture(self, Path(path))
        except OSError as error:
            self.failed.emit("The chart was not saved", failure_of(error))
        else:
            self.said.emit(f"Saved: {path}")
