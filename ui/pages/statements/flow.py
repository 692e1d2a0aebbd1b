"""A layout that goes on in the next row where a row is full: a bar of controls at any width and text size."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class Flow(QLayout):
    """Lays its widgets out from left to right, and from row to row."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """With the spacing that the style has between controls."""
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:  # noqa: N802  Qt's name
        """Put an item at the end."""
        self._items.append(item)

    def count(self) -> int:
        """How many items."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:  # noqa: N802  Qt asks past the end
        """An item by its place."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # noqa: N802  Qt asks past the end
        """Take an item out."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:  # noqa: N802  Qt's name
        """It takes no more room than it needs."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:  # noqa: N802  Qt's name
        """How many rows there are hangs on the width."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802  Qt's name
        """The height of the rows at a width."""
        return self._lay_out(QRect(0, 0, width, 0), place=False)

    def setGeometry(self, rect: QRect) -> None:  # noqa: N802  Qt's name
        """Place every item."""
        super().setGeometry(rect)
        self._lay_out(rect, place=True)

    def sizeHint(self) -> QSize:  # noqa: N802  Qt's name
        """All in one row."""
        wide = sum(item.sizeHint().width() + self.spacing() for item in self._shown())
        return QSize(wide, max((item.sizeHint().height() for item in self._shown()), default=0))

    def minimumSize(self) -> QSize:  # noqa: N802  Qt's name
        """As wide as the widest item."""
        size = QSize()
        for item in self._shown():
            size = size.expandedTo(item.minimumSize())
        return size

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _lay_out(self, rect: QRect, *, place: bool) -> int:
        left, top, high = rect.left(), rect.top(), 0
        gap = max(4, self.spacing())
        row: list[tuple[QLayoutItem, QPoint, QSize]] = []

        def put() -> None:
            for item, at, size in row:
                if place:  # in the middle of their row: a label stands beside its field
                    item.setGeometry(QRect(at + QPoint(0, (high - size.height()) // 2), size))
            row.clear()

        for item in self._shown():
            size = item.sizeHint()
            if row and left + size.width() > rect.right() + 1:
                put()
                left, top, high = rect.left(), top + high + gap, 0
            row.append((item, QPoint(left, top), size))
            left += size.width() + gap
            high = max(high, size.height())
        put()
        return top + high - rect.top()
