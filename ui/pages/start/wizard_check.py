"""The last step of a new ledger: what was thought out, what is still to be mended, and where the file is to be."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QListWidgetItem, QWidget

from rules.english import listed
from settlement.new_ledger import Content, Step, file_for
from settlement.new_ledger_found import Review, Trouble
from ui.figures import exact
from ui.pages.start.lists import ChoiceList
from ui.pages.start.wizard_steps import StepPart
from ui.widgets import button, lines, row, words

STEP_NAMES = {
    Step.AGREEMENT: "Agreement",
    Step.PARTNERS: "Partners",
    Step.FUNDS: "Funds",
    Step.SCHEMES: "Schemes",
    Step.CONTRIBUTIONS: "Contributions",
    Step.RISK_SHARE: "Risk share",
    Step.CHECK: "Check and make",
}
_LEDGERS = "Ledgers (*.s75)"


class CheckStep(StepPart):
    """All in a few sentences, each trouble with the step it belongs to, and the file."""

    step = Step.CHECK
    wanted = Signal(object)
    """A Trouble that the person wants to mend."""

    def __init__(self, folder: str, sentence_of: Callable[[Trouble], str]) -> None:
        """`folder` is where ledgers usually are, "" for the person's documents."""
        super().__init__("Check and make", "This is what the ledger will hold. Nothing is made until you say so.")
        self._sentence_of = sentence_of
        self._folder = Path(
            folder or QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        )
        self._content = Content()
        self.summary = words()
        self.summary.setAccessibleName("What the ledger will hold")
        self.notes = words()
        self.notes.setAccessibleName("What may be meant so")
        self.mend = QLabel("To mend first (Enter goes there)")
        self.list = ChoiceList()
        self.list.setAccessibleName("To mend first")
        self.list.setWordWrap(True)
        self.list.setMinimumHeight(lines(self.list, 4))
        self.list.itemActivated.connect(self._want)
        self.file = QLineEdit()
        self.file.setAccessibleName("File of the ledger")
        self.browse = button("Bro&wse…", self._browse, name="Choose where the file is to be")
        label = QLabel("&File of the ledger")
        label.setBuddy(self.file)
        self.column.addWidget(self.summary)
        self.column.addWidget(self.notes)
        self.column.addWidget(self.mend)
        self.column.addWidget(self.list, stretch=1)
        self.column.addWidget(label)
        across = row(self.file, self.browse, stretch=False)
        across.setStretch(0, 1)
        self.column.addLayout(across)
        self.end()
        self.column.addStretch(1)
        self.file.textEdited.connect(lambda _text: self.edited.emit())

    @property
    def path(self) -> Path:
        """Where the file is to be."""
        typed = self.file.text().strip()
        chosen = Path(typed).expanduser() if typed else self._folder / file_for(self._content)
        chosen = chosen if chosen.is_absolute() else self._folder / chosen
        return chosen if chosen.suffix.lower() == ".s75" else chosen.with_name(f"{chosen.name}.s75")

    def show_content(self, content: Content) -> None:
        """The file that was typed."""
        self._content = content
        self.file.setText(content.file)

    def follow(self, content: Content) -> None:
        """The file that is taken if none is typed."""
        self._content = content
        self.file.setPlaceholderText(str(self._folder / file_for(content)))

    def told(self) -> dict[str, Any]:
        """The file that was typed."""
        return {"file": self.file.text()}

    def show_review(self, review: Review) -> None:
        """What there is, what is to be mended, what may be meant so."""
        self.trouble.hide()
        self.summary.setText("\n".join(_summary(review)))
        self.notes.setText("\n".join(review.notes))
        self.notes.setVisible(bool(review.notes))
        self.list.clear()
        for trouble in review.troubles:
            item = QListWidgetItem(f"{STEP_NAMES[trouble.step]}: {self._sentence_of(trouble)}")
            item.setData(Qt.ItemDataRole.UserRole, trouble)
            self.list.addItem(item)
        for widget in (self.mend, self.list):
            widget.setVisible(bool(review.troubles))

    def first(self) -> QWidget:
        """What is to be mended, if anything is."""
        if self.list.count():
            self.list.setCurrentRow(0)
            return self.list
        return self.file

    def _want(self, item: QListWidgetItem) -> None:
        self.wanted.emit(item.data(Qt.ItemDataRole.UserRole))

    def _browse(self) -> None:
        chosen, _filter = QFileDialog.getSaveFileName(self, "Where the ledger is to be", str(self.path), _LEDGERS)
        if chosen:
            self.file.setText(chosen)
            self.edited.emit()


def _summary(review: Review) -> list[str]:
    agreement = review.agreement
    if agreement is None:
        return ["The agreement does not hold together yet."]
    partners = listed(f"{partner.name} ({partner.code})" for partner in agreement.partners)
    funds = listed(f"{fund.name} ({fund.kind}, hosted by {fund.host})" for fund in agreement.funds)
    return [
        f"{agreement.title}, {agreement.year}.",
        f"Partners: {partners}.",
        f"Funds: {funds}; {_counted(len(agreement.schemes), 'scheme')}.",
        f"Contributions and baselines of the year: {exact(review.matrix.total_pence)}.",
        f"Risk share: {_counted(len(agreement.clauses), 'clause')}.",
    ]


def _counted(number: int, what: str) -> str:
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"
