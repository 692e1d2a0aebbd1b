"""What needs doing: a list of sentences, each a link; a calm sentence where there is none."""

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from settlement.overview_tasks import Task
from ui.pages.overview.leads import task_link
from ui.theme import meanings

_GRAVE = "Before signing: "


class ToDo(QListWidget):
    """The tasks, each as high as its words. Enter or a double click goes where it is done."""

    followed = Signal(object)
    """A `Link`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Empty."""
        super().__init__(parent)
        self.tasks: tuple[Task, ...] = ()
        self.setAccessibleName("What needs doing")
        self.setWordWrap(True)
        self.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAlternatingRowColors(True)
        self.itemActivated.connect(self._follow)

    def show_tasks(self, tasks: tuple[Task, ...]) -> None:
        """Show these in place of those before."""
        row = max(self.currentRow(), 0)
        self.tasks = tasks
        self.clear()
        for task in tasks:
            item = QListWidgetItem(f"{_GRAVE if task.is_grave else ''}{task.sentence}")
            if task.is_grave:
                font = self.font()
                font.setBold(True)
                item.setFont(font)
            self.addItem(item)
        self._paint()
        if tasks:
            self.setCurrentRow(min(row, len(tasks) - 1))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        """Sentences wrap at another width."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        """Follow the text's size and the theme."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.ApplicationFontChange}:
            self._fit()
        elif event.type() == QEvent.Type.PaletteChange:
            self._paint()

    def _paint(self) -> None:
        grave = QColor(meanings(self.palette()).adverse)
        for row, task in enumerate(self.tasks):
            if task.is_grave:
                self.item(row).setForeground(grave)

    def _fit(self) -> None:
        """Every sentence whole, and the list as high as all of them."""
        width = max(1, self.viewport().width() - 16)
        height = 0
        for row in range(self.count()):
            item = self.item(row)
            font = item.font() if self.tasks[row].is_grave else self.font()
            needed = QFontMetrics(font).boundingRect(0, 0, width, 100_000, Qt.TextFlag.TextWordWrap, item.text())
            item.setSizeHint(QSize(width, needed.height() + self.fontMetrics().height() * 2 // 3))
            height += item.sizeHint().height()
        self.setFixedHeight(height + 2 * self.frameWidth() + 2)

    def _follow(self, item: QListWidgetItem) -> None:
        self.followed.emit(task_link(self.tasks[self.row(item)]))
