"""The first steps of a new ledger: the agreement, its partners, funds and schemes, and what each contributes."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from settlement.new_ledger import (
    KEY,
    WORDS,
    Content,
    Row,
    Step,
    typed,
    year_of,
    years_about,
)
from settlement.new_ledger_found import Review, Trouble
from ui.figures import exact
from ui.pages.start.sheet import Sheet
from ui.pages.start.sheet_matrix import MatrixModel
from ui.pages.start.sheet_model import Column, RowsModel
from ui.theme import meanings
from ui.widgets import SECTION, chars, words


def colour(label: QLabel, name: str) -> None:
    """Write a label in one of the colours that mean something; its words say the same."""
    palette = label.palette()
    palette.setColor(QPalette.ColorRole.WindowText, QColor(name))
    label.setPalette(palette)


class StepPart(QWidget):
    """One step: what it asks, what is wrong with it in a sentence, where the keyboard begins."""

    step: Step
    edited = Signal()
    finished = Signal()
    """The person has typed the last of it and means to go on."""

    def __init__(self, heading: str, sentence: str) -> None:
        """Under a heading, with a sentence on what to do."""
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.heading = words(heading, SECTION)
        self.column.addWidget(self.heading)
        self.column.addWidget(words(sentence))
        self.trouble = words()
        self.trouble.setAccessibleName("What is to be mended")
        self.was_left = False

    def end(self) -> None:
        """All parts are there: the sentence of what is wrong goes under them."""
        self.column.addWidget(self.trouble)

    def show_content(self, content: Content) -> None:
        """Show what was typed."""
        raise NotImplementedError

    def told(self) -> dict[str, Any]:
        """What stands in it, by the content's fields."""
        raise NotImplementedError

    def show_review(self, review: Review) -> None:
        """Show what was found of it."""
        troubles = [each for each in review.troubles if each.step is self.step]
        # what is only missing is no trouble before the person has been past it
        shown = [each for each in troubles if self.was_left or (each.row is not None and each.column != "name")]
        colour(self.trouble, meanings().adverse)
        more = f" ({len(shown)} things to mend here.)" if len(shown) > 1 else ""
        self.trouble.setText(f"⚠ {self.sentence_of(shown[0])}{more}" if shown else "")
        self.trouble.setVisible(bool(shown))

    def sentence_of(self, trouble: Trouble) -> str:
        """A trouble in a sentence, with the row it is in."""
        where = f"Row {trouble.row + 1}: " if trouble.row is not None else ""
        text = f"{where}{trouble.message}"
        return f"{text[:1].upper()}{text[1:].rstrip('.')}."

    def first(self) -> QWidget:
        """The control that has the keyboard at first."""
        raise NotImplementedError

    def go_to(self, trouble: Trouble) -> None:  # noqa: ARG002  the row and column, where there are any
        """Stand where a trouble is to be mended."""
        self.first().setFocus(Qt.FocusReason.OtherFocusReason)


class AgreementStep(StepPart):
    """Its title, id, year, and how QIPP is reckoned."""

    step = Step.AGREEMENT

    def __init__(self) -> None:
        """Of the present financial year, at first."""
        super().__init__("The agreement", "One ledger holds one Section 75 agreement for one financial year.")
        self.title = QLineEdit()
        self.title.setPlaceholderText("Barnet Better Care Fund")
        self.id = QLineEdit()
        self.year = QComboBox()
        self.year.setEditable(True)
        self.year.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        today = QDate.currentDate().toPython()
        self.year.addItems(list(years_about(today)))  # type: ignore[arg-type]  # PySide calls a date an object
        self.qipp = QComboBox()
        for code, said in WORDS["qipp"].items():
            self.qipp.addItem(said, str(code))
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.title.setMinimumWidth(chars(self, 40))
        for text, field in (
            ("&Title", self.title),
            ("&Id", self.id),
            ("Financial &year", self.year),
            ("&QIPP savings are counted", self.qipp),
        ):
            named = QLabel(text)
            named.setBuddy(field)
            field.setAccessibleName(text.replace("&", ""))
            form.addRow(named, field)
        self.column.addLayout(form)
        self.end()
        self.column.addStretch(1)
        self._usual_year = year_of(today)  # type: ignore[arg-type]  # as above
        self.title.textEdited.connect(lambda _text: self.edited.emit())
        self.id.textEdited.connect(lambda _text: self.edited.emit())
        self.year.editTextChanged.connect(lambda _text: self.edited.emit())
        self.qipp.currentIndexChanged.connect(lambda _row: self.edited.emit())

    def show_content(self, content: Content) -> None:
        """What was typed; the present year, if none was."""
        self.title.setText(content.title)
        self.id.setText(content.id)
        self.year.setCurrentText(content.year or self._usual_year)
        self.qipp.setCurrentIndex(max(0, self.qipp.findData(str(content.qipp))))

    def told(self) -> dict[str, Any]:
        """Its four texts."""
        return {
            "title": self.title.text(),
            "id": self.id.text(),
            "year": self.year.currentText(),
            "qipp": str(self.qipp.currentData()),
        }

    def show_review(self, review: Review) -> None:
        """The id that is taken if none is typed."""
        super().show_review(review)
        self.id.setPlaceholderText(review.usual[Step.AGREEMENT, 0]["id"])

    def first(self) -> QWidget:
        """The title."""
        return self.title

    def go_to(self, trouble: Trouble) -> None:
        """The field."""
        field = {"id": self.id, "year": self.year}.get(trouble.column, self.title)
        field.setFocus(Qt.FocusReason.OtherFocusReason)


class RowsStep(StepPart):
    """A step that is one sheet of rows."""

    def __init__(self, step: Step, field: str, heading: str, sentence: str, columns: Sequence[Column]) -> None:
        """`field` is the content's that the rows are."""
        super().__init__(heading, sentence)
        self.step = step
        self._field = field
        self.model = RowsModel(columns, self)
        self.sheet = Sheet(self.model, heading)
        self.column.addWidget(self.sheet, stretch=1)
        self.end()
        self.model.edited.connect(self.edited)
        self.sheet.finished.connect(self.finished)

    def show_content(self, content: Content) -> None:
        """Its rows."""
        self.model.show_rows(getattr(content, self._field))

    def told(self) -> dict[str, Any]:
        """Its rows."""
        return {self._field: self.model.rows()}

    def show_review(self, review: Review) -> None:
        """What is taken for empty cells, and what is wrong in cells."""
        super().show_review(review)
        usual = {row: texts for (step, row), texts in review.usual.items() if step is self.step}
        wrong = {
            (each.row, each.column): each.message
            for each in review.troubles
            if each.step is self.step and each.row is not None
        }
        self.model.found(usual, wrong)

    def first(self) -> QWidget:
        """The sheet."""
        return self.sheet

    def go_to(self, trouble: Trouble) -> None:
        """The cell."""
        self.sheet.go_to_cell(trouble.row, trouble.column)


def codes_in(rows: Sequence[Row], columns: Sequence[str], review: Review, step: Step) -> dict[str, str]:
    """The code of each row by its key: what was typed, or what is taken for it."""
    found = {}
    for place, row in typed(rows, columns):
        code = row.get("code", "").strip() or review.usual.get((step, place), {}).get("code", "")
        if code and KEY in row:
            found[row[KEY]] = code
    return found


def partners_step() -> RowsStep:
    """Who the partners are."""
    return RowsStep(
        Step.PARTNERS,
        "partners",
        "Partners",
        "Type a name and press Enter for the next; two at least. What stands in grey is taken if nothing is typed. "
        "A partner that takes another’s place in the year has the day it begins, and the code it succeeds.",
        (
            Column("name", "Name", 34, "The partner’s full name, as statements are to show it."),
            Column("code", "Code", 12, "A short code, such as LBB."),
            Column("kind", "Kind", 28, "What kind of body it is.", WORDS["partner"]),
            Column("from", "From", 13, "Only of a partner that begins later: the day, such as 1/7/2026."),
            Column("succeeds", "Succeeds", 14, "The codes of those whose place it takes, with commas."),
        ),
    )


def funds_step(partners: Callable[[], Sequence[str]]) -> RowsStep:
    """Which funds there are."""
    return RowsStep(
        Step.FUNDS,
        "funds",
        "Funds",
        "A pooled fund has one budget, spent by its Host Partner for all. Aligned funds keep budgets apart; influenced "
        "services stand in them. What nets together comes to one over- or underspend.",
        (
            Column("name", "Name", 30, "The fund’s name."),
            Column("code", "Code", 16, "A short code, such as BCF."),
            Column("kind", "Kind", 12, "Pooled or aligned.", WORDS["fund"]),
            Column("host", "Host Partner", 16, "The partner that hosts it.", offers=partners),
            Column("netting", "Nets together", 26, "Which schemes net before anything is shared.", WORDS["netting"]),
        ),
    )


def schemes_step(partners: Callable[[], Sequence[str]], funds: Callable[[], Sequence[str]]) -> RowsStep:
    """Which Individual Schemes there are."""
    return RowsStep(
        Step.SCHEMES,
        "schemes",
        "Individual Schemes",
        "Type each scheme’s name, or paste a block from Excel with the columns in this order. Empty cells are as the "
        "grey text says.",
        (
            Column("name", "Name", 28, "The scheme’s name."),
            Column("code", "Code", 17, "A short code."),
            Column("fund", "Fund", 15, "The fund it is in.", offers=funds),
            Column("lead", "Lead", 10, "The Lead Commissioner; as usual the fund’s host.", offers=partners),
            Column("responsible", "Responsible", 13, "The Responsible Partner; as usual the lead.", offers=partners),
            Column("service", "Service", 12, "Influenced services have a baseline.", WORDS["service"]),
            Column("group", "Group", 10, "Schemes of one group net together, where the fund says so."),
            Column("tags", "Tags", 12, "Words that clauses select by, with commas: BCF."),
            Column("excluded", "Excluded", 10, "Left out of all sharing.", WORDS["excluded"]),
        ),
    )


class ContributionsStep(StepPart):
    """What each partner contributes to each scheme in the year."""

    step = Step.CONTRIBUTIONS

    def __init__(self) -> None:
        """With no scheme yet."""
        super().__init__(
            "Financial Contributions",
            "Whole-year amounts in pounds, by scheme and partner; they are posted to M1 as budgets, and those of "
            "influenced services as baselines. Type down a column, or paste a block from Excel.",
        )
        self.model = MatrixModel(self)
        self.sheet = Sheet(self.model, "Financial Contributions")
        self.nothing = words("Say first which partners and which schemes there are.")
        self.column.addWidget(self.nothing)
        self.column.addWidget(self.sheet, stretch=1)
        self.end()
        self.model.edited.connect(self.edited)
        self.sheet.finished.connect(self.finished)

    def show_content(self, content: Content) -> None:
        """Its amounts."""
        self.model.show_texts(content.contributions)

    def told(self) -> dict[str, Any]:
        """Its amounts."""
        return {"contributions": self.model.texts()}

    def show_review(self, review: Review) -> None:
        """Its schemes and partners, totals, and what is no amount."""
        super().show_review(review)
        matrix = review.matrix
        schemes = [
            (key, f"{name} ({code}){', baseline' if key in matrix.baselines else ''}")
            for key, code, name in matrix.schemes
        ]
        self.model.show_matrix(schemes, matrix.partners)
        self.model.show_totals(
            _money(matrix.by_scheme), {**_money(matrix.by_partner), MatrixModel.TOTAL: exact(matrix.total_pence)}
        )
        wrong = {
            (each.row, each.column): each.message
            for each in review.troubles
            if each.step is self.step and each.row is not None
        }
        self.model.found({}, wrong)
        self.sheet.setVisible(self.model.is_shown)
        self.nothing.setVisible(not self.model.is_shown)

    def first(self) -> QWidget:
        """The sheet."""
        return self.sheet

    def go_to(self, trouble: Trouble) -> None:
        """The cell."""
        self.sheet.go_to_cell(trouble.row, trouble.column)

    def sentence_of(self, trouble: Trouble) -> str:
        """It names the scheme and the partner itself."""
        return f"{trouble.message.rstrip('.')}."


def _money(totals: Mapping[str, int]) -> dict[str, str]:
    return {key: exact(pence) for key, pence in totals.items()}
