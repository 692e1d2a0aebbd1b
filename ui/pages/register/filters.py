"""The filter bar: what is looked for, what is shown of the lines in chips that can be taken off, in which order."""

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QMenu, QPushButton, QVBoxLayout, QWidget

from ledgers.register import By, Filter, Sort
from rules.periods import FinancialYear
from ui.flow import Flow
from ui.pages.register.columns import HEADINGS, Names
from ui.pages.register.filter_words import chips_of
from ui.widgets import button, chars

_PAUSE = 300  # milliseconds without a key before a text is looked for
_LONGEST_TEXT = 200
_GROUPS = (
    ("Not grouped", None),
    ("By scheme", By.SCHEME),
    ("By partner", By.PARTNER),
    ("By kind", By.KIND),
    ("By period", By.PERIOD),
    ("By batch", By.BATCH),
)
_ASKS = (
    ("&Periods…", "periods"),
    ("&Up to a period…", "upto"),
    ("&Funds…", "funds"),
    ("&Schemes…", "schemes"),
    ("P&artners…", "partners"),
    ("&Kinds…", "kinds"),
    ("&Batches…", "batches"),
    ("A&mounts…", "amounts"),
)
_WHETHER = (
    ("&Late lines", {"late": True}),
    ("&Reversals", {"reversals": True}),
    ("Lines that were r&eversed", {"reversed": True}),
    ("Lines that were &not reversed", {"reversed": False}),
)


class FilterBar(QWidget):
    """Says what is shown, and lets it be changed."""

    changed = Signal(object)
    """The new `Filter`."""

    asked = Signal(str)
    """The name of what is to be chosen in a dialog: `schemes`, `amounts`."""

    grouped = Signal(object)
    """A `By`, or None."""

    sorted = Signal(object)
    """A `Sort`."""

    left = Signal()
    """The person is done with searching: to the lines."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """With nothing asked for."""
        super().__init__(parent)
        self._wanted = Filter()
        self._names, self._year = Names(), FinancialYear(2000)
        self._sort = Sort()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE)
        self._timer.timeout.connect(self._look)
        self.search = QLineEdit()
        self.search.setAccessibleName("Search the lines")
        self.search.setPlaceholderText("Search (Ctrl+F)")
        self.search.setToolTip("In references, descriptions, schemes, partners and amounts (Ctrl+F)")
        self.search.setMaxLength(_LONGEST_TEXT)
        self.search.setClearButtonEnabled(True)
        self.search.textEdited.connect(lambda _text: self._timer.start())
        self.search.textChanged.connect(self._cleared)
        self.search.returnPressed.connect(self._search_now)
        self.search.installEventFilter(self)
        self.only = QPushButton("Only sho&w")
        self.only.setMenu(self._only_menu())
        self.order = QPushButton("Sort &by")
        self.order.setMenu(self._sort_menu())
        self.group = QComboBox()
        self.group.setAccessibleName("Group lines")
        self.group.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        for text, _by in _GROUPS:
            self.group.addItem(text)
        self.group.currentIndexChanged.connect(lambda place: self.grouped.emit(_GROUPS[place][1]))
        self.everything = button("&Clear all filters", lambda: self._set(Filter()), tip="Show every line")
        across = QWidget()
        flow = Flow(across)
        for widget in (self.search, self.only, self.order, self.group):
            flow.addWidget(widget)
        self._chips = QWidget()
        self._chip_flow = Flow(self._chips)
        self.chips: list[QPushButton] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(across)
        column.addWidget(self._chips)
        self._fit()
        self.show_filter(Filter(), self._names, self._year)

    # What is shown

    def show_filter(self, wanted: Filter, names: Names, year: FinancialYear) -> None:
        """Say what is shown now."""
        self._wanted, self._names, self._year = wanted, names, year
        is_typing = self._timer.isActive()  # what she types now is looked for next
        if self.search.text().strip() != wanted.text and not is_typing:
            with QSignalBlocker(self.search):
                self.search.setText(wanted.text)
        had_focus = any(chip.hasFocus() for chip in [*self.chips, self.everything])
        while self._chip_flow.takeAt(0) is not None:
            pass
        for chip in self.chips:
            chip.hide()
            chip.deleteLater()
        self.chips = []
        for told in chips_of(wanted, names, year):
            chip = button(
                f"{told.words.replace('&', '&&')}  ×",
                partial(self._set, told.without),
                name=f"Take off the filter {told.words}",
                tip="Take this filter off",
            )
            self._chip_flow.addWidget(chip)
            self.chips.append(chip)
            chip.show()
        self._chip_flow.addWidget(self.everything)
        self.everything.setVisible(bool(wanted.asked))
        self._chips.setVisible(bool(wanted.asked))
        if had_focus:
            (self.chips[0] if self.chips else self.only).setFocus()

    def show_sort(self, sort: Sort) -> None:
        """Say which order lines are in."""
        self._sort = sort
        heading = next(each for each in HEADINGS if each.column is sort.column)
        way = "descending" if sort.descending else "ascending"
        self.order.setAccessibleName(f"Sort lines: by {heading.text}, {way}")
        for action in self.order.menu().actions():
            if action.data() is not None:
                action.setChecked(action.data() in {sort.column.value, way})

    def show_group(self, by: By | None) -> None:
        """Say what lines are grouped by."""
        with QSignalBlocker(self.group):
            self.group.setCurrentIndex(next(place for place, (_, each) in enumerate(_GROUPS) if each is by))

    # What the person does

    def _set(self, wanted: Filter) -> None:
        self.changed.emit(wanted)

    def _look(self) -> None:
        text = self.search.text().strip()
        if text != self._wanted.text:
            self._set(replace(self._wanted, text=text))

    def _cleared(self, text: str) -> None:
        if not text:  # by the field's own button too
            self._timer.start()

    def _search_now(self) -> None:
        self._timer.stop()
        self._look()
        self.left.emit()

    def eventFilter(self, watched: object, event: QEvent) -> bool:  # noqa: N802  Qt's name
        """Escape clears the search field and goes to the lines; Down goes to the lines."""
        if watched is self.search and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Escape:
                self.search.clear()
                self._search_now()
                return True
            if event.key() == Qt.Key.Key_Down:
                self._search_now()
                return True
        return super().eventFilter(watched, event)  # type: ignore[arg-type]

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        """Follow the size of the text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        self.search.setMinimumWidth(chars(self, 34))

    # Its menus

    def _only_menu(self) -> QMenu:
        menu = QMenu(self)
        for text, name in _ASKS:
            menu.addAction(text).triggered.connect(partial(self._ask, name))
        menu.addSeparator()
        for text, asks in _WHETHER:
            menu.addAction(text).triggered.connect(partial(self._also, asks))
        return menu

    def _ask(self, name: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002  a signal has no keywords
        self.asked.emit(name)

    def _also(self, asks: dict[str, bool], _checked: bool = False) -> None:  # noqa: FBT001, FBT002  as above
        self._set(replace(self._wanted, **asks))  # type: ignore[arg-type]  # each is a bool

    def _sort_menu(self) -> QMenu:
        menu = QMenu(self)
        for heading in HEADINGS:
            self._sort_action(menu, heading.text, heading.column.value)
        menu.addSeparator()
        self._sort_action(menu, "&Ascending: A to Z, smallest first", "ascending")
        self._sort_action(menu, "&Descending: Z to A, largest first", "descending")
        return menu

    def _sort_action(self, menu: QMenu, text: str, told: str) -> None:
        action = menu.addAction(text)
        action.setCheckable(True)
        action.setData(told)
        action.triggered.connect(partial(self._sort_by, told))

    def _sort_by(self, told: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002  as above
        if told in {"ascending", "descending"}:
            self.sorted.emit(replace(self._sort, descending=told == "descending"))
            return
        column = next(heading.column for heading in HEADINGS if heading.column.value == told)
        self.sorted.emit(replace(self._sort, column=column))
