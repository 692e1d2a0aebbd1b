"""The Settings page: how amounts and the window look, folders, names, backups. What is chosen counts at once."""

from dataclasses import replace
from typing import Any, ClassVar

from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from ui import links
from ui.charts.whole_table import WholeTable
from ui.figures import heading
from ui.page import ScrollingPage
from ui.pages.agreement.parts import flowing
from ui.pages.options.backups import BackupsBox
from ui.preferences import TEXT_SIZES, Negatives, Preferences, Theme, Units
from ui.session import Session
from ui.tables import Cell, Grid, GridModel, figure
from ui.widgets import PAGE_TITLE, SECTION, button, chars, labelled, row, words

_SAMPLE = (
    ("Reablement", 3_926_544_00, 4_012_345_67, -85_801_67),
    ("Community equipment", 1_973_456_01, 1_873_456_01, 100_000_00),
    ("Intermediate care beds", 499_99, 0, 499_99),
)
_UNITS = {Units.POUNDS: "Pounds and pe&nce", Units.THOUSANDS: "Thousands of p&ounds (£000)"}
_NEGATIVES = {Negatives.BRACKETS: "In brac&kets, (£1,234.56)", Negatives.MINUS: "With a &minus sign, −£1,234.56"}
_THEMES = {Theme.SYSTEM: "As the &desktop is", Theme.LIGHT: "L&ight", Theme.DARK: "D&ark"}


class OptionsPage(ScrollingPage):
    """Shows what is set, and sets it."""

    key: ClassVar[str] = links.OPTIONS
    title: ClassVar[str] = "Settings"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        """With what is set now."""
        super().__init__(session, parent)
        self._looked_at: object = None
        self._is_shown = False  # while what is set is shown, nothing is set
        self.units = _Choice(_UNITS)
        self.negatives = _Choice(_NEGATIVES)
        self.theme = _Choice(_THEMES)
        self.text_size = QComboBox()
        for size in TEXT_SIZES:
            self.text_size.addItem(f"{size}%", size)
        self.statements = QLineEdit()
        self.ledgers = QLineEdit()
        self.prepared_by = QLineEdit()
        self.prepared_by.setPlaceholderText("Your name and role, as statements are to say it")
        self.backups = BackupsBox(session)
        self.backups.opening.connect(self._open)
        self.content.addWidget(words("Settings", PAGE_TITLE))
        self.content.addWidget(words("What you choose counts at once, for you on this computer. No ledger is changed."))
        self.content.addWidget(self._amounts())
        self.content.addWidget(self._window())
        self.content.addWidget(self._folders())
        self.content.addWidget(self.backups)
        self.reset = button("Put all but folders, name and backups back to the usual", self.put_back)
        self.content.addLayout(row(self.reset))
        self.content.addStretch()

    def _amounts(self) -> QWidget:
        box = QWidget()
        self.sample = GridModel()
        self.sample_table = WholeTable(self.sample, "A sample of how amounts look")
        self.sample_table.horizontalHeader().setStretchLastSection(False)
        layout = _column(box, "How tables show amounts")
        layout.addWidget(self.units.box("Amounts in"))
        layout.addWidget(self.negatives.box("Amounts below nothing"))
        layout.addWidget(self.sample_table)
        layout.addWidget(
            words("Figures stay exact to the penny: only their look changes. Who pays whom is always in pence.")
        )
        for choice in (self.units, self.negatives):
            choice.group.buttonToggled.connect(self._set)
        return box

    def _window(self) -> QWidget:
        box = QWidget()
        layout = _column(box, "How the window looks")
        layout.addWidget(self.theme.box("Colours"))
        layout.addLayout(row(labelled("Te&xt size", self.text_size), self.text_size))
        self.theme.group.buttonToggled.connect(self._set)
        self.text_size.currentIndexChanged.connect(self._set)
        return box

    def _folders(self) -> QWidget:
        box = QWidget()
        form = QFormLayout()
        _column(box, "Folders and names").addLayout(form)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        for label, field, title in (
            ("&Statements are written to", self.statements, "A folder for statements"),
            ("L&edgers are looked for in", self.ledgers, "A folder for ledgers"),
        ):
            field.setPlaceholderText("The folder last used")
            field.editingFinished.connect(self._set)
            form.addRow(labelled(label, field), self._with_browse(field, title))
        self.prepared_by.editingFinished.connect(self._set)
        self.prepared_by.setMinimumWidth(chars(self, 40))
        form.addRow(labelled("Prepared b&y", self.prepared_by), self.prepared_by)
        return box

    def _with_browse(self, field: QLineEdit, title: str) -> QHBoxLayout:
        def browse() -> None:
            chosen = QFileDialog.getExistingDirectory(self, title, field.text())
            if chosen:
                field.setText(chosen)
                self._set()

        across = QHBoxLayout()
        across.addWidget(field, stretch=1)
        across.addWidget(button("Browse…", browse, name=f"Browse for {title[:1].lower()}{title[1:]}"))
        return across

    # The page

    def refresh(self) -> None:
        """Show what is set now, the sample in it, and the backups of the open ledger if it is another than before."""
        self._show(self.session.preferences)
        opened = self.session.opened
        if not self._is_shown or opened is not self._looked_at:
            self._is_shown, self._looked_at = True, opened
            self.backups.look()

    def forget(self) -> None:
        """The backups shown are another ledger's."""
        self._looked_at = None

    def first_focus(self) -> QWidget | None:
        """The first choice."""
        return self.units.chosen_button()

    def put_back(self) -> None:
        """Have the look as it was when the program was new."""
        usual = Preferences()
        self.session.keep(
            replace(
                self.session.preferences,
                units=usual.units,
                negatives=usual.negatives,
                theme=usual.theme,
                text_size=usual.text_size,
            )
        )
        self._show(self.session.preferences)
        self.session.said.emit("Amounts, colours and text size are as usual again.")

    def _show(self, preferences: Preferences) -> None:
        fields: tuple[Any, ...] = (self.text_size, self.units.group, self.negatives.group, self.theme.group)
        for each in fields:
            each.blockSignals(True)  # noqa: FBT003  Qt's
        self.units.choose(preferences.units)
        self.negatives.choose(preferences.negatives)
        self.theme.choose(preferences.theme)
        self.text_size.setCurrentIndex(TEXT_SIZES.index(preferences.text_size))
        for each in fields:
            each.blockSignals(False)  # noqa: FBT003  Qt's
        self.statements.setText(preferences.statements_folder)
        self.ledgers.setText(preferences.ledgers_folder)
        self.prepared_by.setText(preferences.prepared_by)
        self.sample.show_grid(sample_grid())

    def _set(self) -> None:
        self.session.keep(
            replace(
                self.session.preferences,
                units=Units(self.units.chosen()),
                negatives=Negatives(self.negatives.chosen()),
                theme=Theme(self.theme.chosen()),
                text_size=int(self.text_size.currentData()),
                statements_folder=self.statements.text().strip(),
                ledgers_folder=self.ledgers.text().strip(),
                prepared_by=self.prepared_by.text().strip(),
            )
        )

    def _open(self, where: str) -> None:
        self.session.open(where, done=lambda: self.follow(links.OVERVIEW))


def _column(box: QWidget, title: str) -> QVBoxLayout:
    """The column of a section, its title in it."""
    layout = QVBoxLayout(box)
    layout.setContentsMargins(0, box.fontMetrics().height() // 2, 0, 0)
    layout.addWidget(words(title, SECTION))
    return layout


class _Choice:
    """One of some, each a radio button."""

    def __init__(self, choices: dict[Any, str]) -> None:
        self.group = QButtonGroup()
        self.buttons = {}
        for value, text in choices.items():
            self.buttons[value] = QRadioButton(text)
            self.group.addButton(self.buttons[value])

    def box(self, name: str) -> QWidget:
        """The buttons in a row under their name, which a screen reader says with each."""
        box = QWidget()
        layout = QVBoxLayout(box)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(words(name))
        layout.addWidget(flowing(*self.buttons.values()))
        for each in self.buttons.values():
            each.setAccessibleName(f"{name}: {each.text().replace('&', '')}")
        return box

    def choose(self, value: object) -> None:
        """Show this one as chosen."""
        self.buttons[value].setChecked(True)

    def chosen(self) -> Any:  # noqa: ANN401  one of the values
        """The one that is chosen."""
        return next(value for value, each in self.buttons.items() if each.isChecked())

    def chosen_button(self) -> QRadioButton:
        """Its button."""
        return next(each for each in self.buttons.values() if each.isChecked())


def sample_grid() -> Grid:
    """Amounts as every table now shows them: large, below nothing, small, none."""
    rows = tuple((Cell(name), *map(figure, amounts)) for name, *amounts in _SAMPLE)
    headings = ("Individual Scheme", heading("Budget"), heading("Spend"), heading("Variance"))
    return Grid(headings, rows, frozenset({1, 2, 3}))
