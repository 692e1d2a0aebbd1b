"""The list at the left of the Help page: topics of the program's pages, the book by section, what a search finds."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from ui.guide import book, reading
from ui.pages.help.sheets import ABOUT, SHORTCUTS

_NAME = Qt.ItemDataRole.UserRole
_OTHERS = ((SHORTCUTS, "Keyboard shortcuts"), (ABOUT, "About S75 Settlement"))


class Contents(QListWidget):
    """Topics and pages by title; in a search, what a message means, and those that hold every word."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """With everything."""
        super().__init__(parent)
        self.setAccessibleName("Topics")
        self.setWordWrap(True)
        self.show_found("")

    def show_found(self, wanted: str) -> None:
        """List what holds every word; all of it, under the headings of the book, of no words."""
        self.blockSignals(True)  # noqa: FBT003  Qt's
        self.clear()
        for found in (*book.meanings(wanted), *reading.search(wanted)):
            self._add_found(found)
        for name, title in _OTHERS:
            if all(word in title.casefold() for word in wanted.casefold().split()):
                self._add(title, name)
        if wanted.split():
            for found in book.search(wanted):
                self._add_found(found)
        else:
            for section in book.sections():
                self._add_heading(section.title)
                for page in section.pages:
                    self._add(page.title, page.name)
        self.blockSignals(False)  # noqa: FBT003  Qt's

    def mark(self, name: str) -> None:
        """Select what is shown, without opening it again."""
        page = name.partition("#")[0]
        self.blockSignals(True)  # noqa: FBT003  Qt's
        for at in range(self.count()):
            if self.item(at).data(_NAME) == page:
                self.setCurrentRow(at)
        self.blockSignals(False)  # noqa: FBT003  Qt's

    def name_of(self, item: QListWidgetItem) -> str:
        """The name of the topic or page of a row; "" of a heading."""
        return str(item.data(_NAME) or "")

    def first(self) -> QListWidgetItem | None:
        """The first topic or page that is listed."""
        return self.item(0) if self.count() else None

    def _add_found(self, found: reading.Found) -> None:
        text = f"{found.topic.title}\n{found.excerpt}" if found.excerpt else found.topic.title
        self._add(text, found.topic.name)

    def _add(self, text: str, name: str) -> None:
        item = QListWidgetItem(text)
        item.setData(_NAME, name)
        self.addItem(item)

    def _add_heading(self, title: str) -> None:
        item = QListWidgetItem(f"\n{title}")
        item.setFlags(Qt.ItemFlag.NoItemFlags)  # the arrow keys pass it by
        font = self.font()
        font.setBold(True)
        item.setFont(font)
        item.setForeground(self.palette().text())
        self.addItem(item)
