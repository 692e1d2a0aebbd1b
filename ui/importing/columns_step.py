"""The second step: which column of the file is which of ours, what is the same on every row, what codes mean."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QGridLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from ledgers.importing.mapping import (
    DATE_FORMATS,
    LINE_COLUMNS,
    MEASURE_COLUMNS,
    OPTIONAL_COLUMNS,
    Mapping,
)
from ledgers.importing.previewing import TOP, Looked
from rules.english import listed
from rules.problems import RefusedError
from ui.entering.choices import HEADINGS, choices_of
from ui.entering.fields import CodeField
from ui.importing.mapping_words import also_says
from ui.importing.values_model import ValuesGrid, ValuesModel
from ui.importing.work import CODES, Inspected, Values, mapping_in
from ui.widgets import SECTION, button, chars, labelled, lines, words

_NOT, _SAME, _MADE = "Not in the file", "The same on every row:", "As the mapping says, below"
_LINES, _MEASURES = "lines", "measures"
_ASK_AFTER = 300  # milliseconds: whoever goes through a list of columns is not asked about each
_EMPTY_ROW = ("",) * 9
_LONGEST = 24
_MNEMONICS = {
    "period": "P&eriod",
    "scheme": "Sc&heme",
    "partner": "P&artner",
    "kind": "&Kind",
    "amount": "A&mount",
    "date": "&Date",
    "reference": "Re&ference",
    "description": "Descr&iption",
    "cause": "Ca&use",
    "measure": "&Measure",
    "baseline": "&Baseline",
    "target": "&Target",
    "actual": "&Actual",
}


class OurColumn:
    """One of our columns: where it is from, the constant if it is the same on every row, and samples beside it."""

    def __init__(self, name: str, changed: Callable[[], None]) -> None:
        """`name` is our column's; `changed` is called when another place is chosen."""
        self.name = name
        self.is_optional = name in OPTIONAL_COLUMNS
        self.source = QComboBox()
        self.label = labelled(_MNEMONICS[name], self.source)
        self.source.setAccessibleName(f"{HEADINGS[name]}: which column of the file")
        self.constant = CodeField(f"{HEADINGS[name]} on every row")
        if name not in CODES:
            self.constant.setPlaceholderText("The same text on every row")
        self.samples = QLabel()
        self.samples.setTextFormat(Qt.TextFormat.PlainText)
        self.source.currentIndexChanged.connect(lambda _index: self._choose(changed))
        self.constant.textChanged.connect(lambda _text: changed())

    def _choose(self, changed: Callable[[], None]) -> None:
        self.constant.setVisible(self.source.currentText() == _SAME)
        self.samples.setVisible(self.source.currentText() != _SAME)
        changed()

    @property
    def theirs(self) -> str:
        """The file's column; "" if it is from none."""
        return str(self.source.currentData() or "")

    @property
    def fixed(self) -> str | None:
        """What stands on every row; None if that is not said here."""
        return self.constant.code if self.source.currentText() == _SAME else None

    def widgets(self) -> tuple[QWidget, ...]:
        """All of it, to be shown or hidden."""
        return self.label, self.source, self.constant, self.samples

    def show_headings(self, headings: tuple[str, ...], theirs: str, fixed: str | None, *, is_made: bool) -> None:
        """The file's columns to choose from, at the one that is meant; `is_made`: the mapping makes it of others."""
        self.source.blockSignals(True)  # noqa: FBT003  Qt's
        self.source.clear()
        self.source.addItem(_MADE if is_made else _NOT if self.is_optional else "Choose a column", "")
        self.source.addItem(_SAME, "")
        for heading in headings:
            if heading:
                self.source.addItem(heading, heading)
        at = self.source.findData(theirs) if theirs else -1
        self.source.setCurrentIndex(at if at > 0 else 1 if fixed is not None else 0)
        self.constant.setText(fixed or "")
        self.source.blockSignals(False)  # noqa: FBT003  Qt's
        self.constant.setVisible(self.source.currentIndex() == 1)
        self.samples.setVisible(self.source.currentIndex() != 1)


class ColumnsStep(QWidget):
    """Fills in a mapping; `ask_values` is told when other columns of codes are chosen."""

    ask_values = Signal(object)
    """The mapping so far: which codes does the file have under it?"""

    ask_sheet = Signal(str)
    """Another sheet of the workbook is to be looked at."""

    refused = Signal(str, str)
    """A mapping's file cannot be read: what to say above, and why."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Without a file yet."""
        super().__init__(parent)
        self._inspected: Inspected | None = None
        self._filling = False
        self._asked: tuple[object, ...] = ()
        self._base = Mapping()
        self.known_as = QComboBox()
        self.sheet = QComboBox()
        self.header_row = QSpinBox()
        self.header_row.setRange(1, TOP)
        self.header_row.lineEdit().setAccessibleName("Headings stand in row")
        self.content = QComboBox()
        self.content.addItem("Ledger lines", _LINES)
        self.content.addItem("Measures (activity)", _MEASURES)
        self.date_format = QComboBox()
        self.date_format.addItems(list(DATE_FORMATS))
        self.flip_sign = QCheckBox("Turn the &sign of every amount (their credits are positive)")
        self.name = QLineEdit()
        self.name_hint = words()
        self.also = words()
        self.from_file = button("Ma&pping from a file…", self._choose_file)
        self.of_lines = [OurColumn(each, self._change) for each in (*LINE_COLUMNS, *OPTIONAL_COLUMNS)]
        self.of_measures = [OurColumn(each, self._change) for each in MEASURE_COLUMNS]
        self.values = ValuesModel(self)
        self.values_grid = ValuesGrid(self.values)
        self.values_says = words()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_ASK_AFTER)
        self._later.timeout.connect(self._ask)
        self._lay_out()
        self.known_as.currentIndexChanged.connect(self._choose_saved)
        self.sheet.activated.connect(lambda _index: self.ask_sheet.emit(self.sheet.currentText()))
        self.header_row.valueChanged.connect(self._choose_header_row)
        self.content.currentIndexChanged.connect(self._choose_content)
        self.name.textChanged.connect(self._show_name_hint)
        self.values.changed.connect(self._show_unknown)

    def _lay_out(self) -> None:
        top = QGridLayout()
        self.sheet_label = labelled("S&heet", self.sheet)
        for at, (label, field) in enumerate(
            (
                (labelled("Mappin&g", self.known_as), self.known_as),
                (self.sheet_label, self.sheet),
                (labelled("Headings stand in &row", self.header_row), self.header_row),
                (labelled("The file h&olds", self.content), self.content),
            )
        ):
            top.addWidget(label, 0, at)
            top.addWidget(field, 1, at)
        top.addWidget(self.from_file, 1, 4)
        top.setColumnStretch(5, 1)
        form = QGridLayout()
        for at, text in enumerate(("Our column", "Column of the file", "What stands there")):
            heading = words(text)
            font = heading.font()
            font.setBold(True)
            heading.setFont(font)
            heading.setWordWrap(False)
            form.addWidget(heading, 0, at)
        for at, each in enumerate((*self.of_lines, *self.of_measures), 1):
            form.addWidget(each.label, at, 0)
            form.addWidget(each.source, at, 1)
            form.addWidget(each.samples, at, 2)
            form.addWidget(each.constant, at, 2)
            each.source.setMinimumWidth(chars(self, 28))
            each.constant.setMinimumWidth(chars(self, 28))
        form.setColumnStretch(2, 1)
        self.date_label = labelled("Dates are &written", self.date_format)
        below = QGridLayout()
        below.addWidget(self.date_label, 0, 0)
        below.addWidget(self.date_format, 0, 1)
        below.addWidget(self.flip_sign, 0, 2)
        below.addWidget(labelled("Keep this mapping &as", self.name), 1, 0)
        below.addWidget(self.name, 1, 1)
        below.addWidget(self.name_hint, 1, 2)
        below.setColumnStretch(2, 1)
        self.name.setMinimumWidth(chars(self, 28))
        self.values_heading = words("Codes of the file that are not the ledger's", SECTION)
        self.values_grid.setMinimumHeight(lines(self, 10))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(top)
        column.addLayout(form)
        column.addLayout(below)
        column.addWidget(self.also)
        column.addWidget(self.values_heading)
        column.addWidget(self.values_says)
        column.addWidget(self.values_grid, stretch=100)
        column.addStretch(1)

    # What is chosen

    def show_inspected(self, inspected: Inspected) -> None:
        """A file that was looked into, with the mapping that seems to fit."""
        self._inspected = inspected
        self._filling = True
        looked = inspected.looked
        self.known_as.clear()
        self.known_as.addItem("A new mapping", "")
        for name in inspected.saved:
            self.known_as.addItem(name, name)
        self.known_as.setCurrentIndex(max(0, self.known_as.findData(inspected.saved_as)))
        self.sheet.clear()
        self.sheet.addItems(list(looked.sheets))
        self.sheet.setCurrentText(looked.sheet)
        for widget in (self.sheet_label, self.sheet):
            widget.setVisible(looked.is_workbook)
        self._filling = False
        mapping = inspected.mapping
        if mapping is None:
            columns = {heading: heading for heading in looked.headings(1)}
            mapping = Mapping(columns=columns, sheet=looked.sheet or None)
        self._fill(mapping)
        self.show_values(inspected.values, mapping.values)

    def show_values(self, values: Values, meant: dict[str, dict[str, str]]) -> None:
        """The codes of the file under the columns chosen."""
        if self._inspected is not None:
            self.values.show_values(values, meant, self._inspected.book)
            self._show_unknown()

    def mapping(self) -> Mapping:
        """As it is filled in."""
        assert self._inspected is not None  # noqa: S101  the step comes after the file
        ours = self._shown()
        looked = self._inspected.looked
        columns = {each.name: each.theirs for each in ours if each.theirs}
        base = self._base
        used = {name: told for name, told in base.values.items() if name == "sign"}
        used |= {name: dict(told) for name, told in self.values.meant.items() if name in columns and told}
        if "amount" not in columns:
            columns |= {name: base.columns[name] for name in ("debit", "credit") if name in base.columns}
        elif "sign" in base.columns:
            columns["sign"] = base.columns["sign"]
        return replace(
            base,
            wide={} if "amount" in columns else base.wide,
            name=self.name.text().strip(),
            columns=columns,
            constants={each.name: each.fixed for each in ours if each.fixed is not None},
            values=used,
            sheet=looked.sheet or None,
            header_row=self.header_row.value(),
            flip_sign=self.flip_sign.isChecked() and not self._is_measures(),
            flip_kinds=() if self.flip_sign.isChecked() else base.flip_kinds,
            date_format=self.date_format.currentText(),
            text="",
        )

    def wrong(self) -> tuple[QWidget, str] | None:
        """The first field to fill in, and why."""
        made = self._base.made_without_a_column()
        missing = [
            each
            for each in self._shown()
            if not each.is_optional and not each.theirs and not each.fixed and each.name not in made
        ]
        if missing:
            names = listed(HEADINGS[each.name].lower() for each in missing)
            return missing[0].source, f"Choose the column of the file for the {names}, or say what is on every row."
        twice = [each for each in self._shown() if each.theirs and self._headings().count(each.theirs) > 1]
        if twice:
            theirs = twice[0].theirs
            return twice[0].source, f"The file has “{theirs}” more than once: rename one of them in the file."
        if not self.name.text().strip():
            return self.name, "Give the mapping a name: it is kept, and chosen by itself for the next file like this."
        return None

    def _shown(self) -> list[OurColumn]:
        return self.of_measures if self._is_measures() else self.of_lines

    def _is_measures(self) -> bool:
        return bool(self.content.currentData() == _MEASURES)

    def _looked(self) -> Looked:
        assert self._inspected is not None  # noqa: S101  the step comes after the file
        return self._inspected.looked

    def _headings(self) -> tuple[str, ...]:
        return self._looked().headings(self.header_row.value())

    def _choose_file(self) -> None:
        """A mapping that was written as a file: one of the guide's recipes, say."""
        found, _filter = QFileDialog.getOpenFileName(self, "A column mapping", "", "Mappings (*.toml *.json)")
        if found and self._inspected is not None:
            try:
                mapping = mapping_in(found)
            except RefusedError as refused:
                self.refused.emit("The mapping cannot be read", "\n".join(map(str, refused.problems)))
                return
            self._choose(mapping)

    # Filling in

    def _fill(self, mapping: Mapping) -> None:
        self._filling = True
        self._base = mapping
        told = also_says(mapping)
        self.also.setText(told)
        self.also.setVisible(bool(told))
        self.header_row.setValue(mapping.header_row)
        self.content.setCurrentIndex(1 if "measure" in mapping.columns else 0)
        self.date_format.setCurrentText(mapping.date_format)
        self.flip_sign.setChecked(mapping.flip_sign)
        self.name.setText(mapping.name)
        assert self._inspected is not None  # noqa: S101  the step comes after the file
        for each in (*self.of_lines, *self.of_measures):
            each.constant.show_choices(choices_of(each.name, _EMPTY_ROW, self._inspected.book))
            self._offer(each, mapping.columns.get(each.name, ""), mapping.constants.get(each.name))
        self._filling = False
        self._asked = self._of_codes()
        self._show_content()
        self._show_samples()
        self._show_name_hint()

    def _choose_saved(self) -> None:
        """A saved mapping, as far as the file has its headings."""
        if self._filling or self._inspected is None:
            return
        name = str(self.known_as.currentData() or "")
        chosen = self._inspected.saved.get(name) or self._inspected.mapping
        if chosen is not None:
            self._choose(chosen)

    def _choose(self, mapping: Mapping) -> None:
        assert self._inspected is not None  # noqa: S101  the step comes after the file
        self._fill(mapping)
        self.values.show_values({}, mapping.values, self._inspected.book)
        self._asked = ()
        self._change()

    def _choose_header_row(self) -> None:
        if not self._filling:
            mapping = self.mapping()
            for each in (*self.of_lines, *self.of_measures):
                self._offer(each, mapping.columns.get(each.name, ""), each.fixed)
            self._change()

    def _offer(self, ours: OurColumn, theirs: str, fixed: str | None) -> None:
        is_made = ours.name in self._base.made_without_a_column()
        ours.show_headings(self._headings(), theirs, fixed, is_made=is_made)

    def _choose_content(self) -> None:
        self._show_content()
        self._change()

    def _change(self) -> None:
        if not self._filling and self._inspected is not None:
            self._show_samples()
            if self._of_codes() != self._asked:
                self._later.start()

    def _of_codes(self) -> tuple[object, ...]:
        """What the codes of the file depend on."""
        return (self.header_row.value(), *((each.name, each.theirs) for each in self._shown() if each.name in CODES))

    def _ask(self) -> None:
        self._asked = self._of_codes()
        self.ask_values.emit(self.mapping())

    def _show_content(self) -> None:
        for column in (*self.of_lines, *self.of_measures):
            shown = column in self._shown()
            for widget in column.widgets():
                widget.setVisible(shown)
            if shown:
                is_same = column.source.currentText() == _SAME
                column.constant.setVisible(is_same)
                column.samples.setVisible(not is_same)
        for widget in (self.date_label, self.date_format, self.flip_sign):
            widget.setVisible(not self._is_measures())

    def _show_samples(self) -> None:
        looked, headings = self._looked(), self._headings()
        for each in self._shown():
            found: tuple[str, ...] = ()
            if each.theirs in headings:
                found = looked.samples(self.header_row.value(), headings.index(each.theirs))
            told = ", ".join(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…" for text in found)
            each.samples.setText(told or ("nothing in the first rows" if each.theirs else ""))

    def _show_name_hint(self) -> None:
        name = self.name.text().strip()
        saved = self._inspected.saved if self._inspected is not None else {}
        self.name_hint.setText(
            f"“{name}” is kept already: what is chosen here takes its place." if name in saved else ""
        )
        self.name_hint.setVisible(name in saved)

    def _show_unknown(self) -> None:
        rows, unknown = self.values.rowCount(), self.values.unknown
        for widget in (self.values_heading, self.values_grid, self.values_says):
            widget.setVisible(bool(rows))
        if not rows:
            self.values_says.setText("")
        elif unknown:
            self.values_says.setText(
                f"{unknown} of {rows} mean nothing yet: type the ledger's code, or part of its name."
            )
        else:
            self.values_says.setText(f"All {rows} have a meaning." if rows > 1 else "It has a meaning.")
