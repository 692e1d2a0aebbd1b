"""The dialog that adds to a draft: a rule shape of real agreements, filled in, or a blank clause."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from rules.problems import RefusedError
from rules.template_form import Template
from rules.templates import TEMPLATE_OF, TEMPLATES
from settlement.drafting import Draft, added, blank_clause, saying
from ui.dialogs import Dialog
from ui.failures import Failure, failure_of
from ui.pages.risk_share.asking import Asking
from ui.widgets import SECTION, chars, labelled, lines, words

BLANK = "blank"
_BLANK_SAYS = (
    "One clause to fill in: it begins with all overspends, shared in proportion to contributions to the fund. Every "
    "part of it can be changed."
)


class AddingDialog(Dialog):
    """Chooses what to add. `taken` is called with the draft as it is then, and what was added in words."""

    def __init__(
        self, draft: Draft, taken: Callable[[Draft, str], None], parent: QWidget | None = None, *, key: str = BLANK
    ) -> None:
        """`key` is the template that is chosen at first."""
        super().__init__("Add to the schedule", "&Add", parent, explains="Its clauses come after those there are.")
        self._draft, self._taken = draft, taken
        self.shapes = QListWidget()
        self.shapes.setMinimumSize(chars(self, 40), lines(self, 18))
        self.shapes.setWordWrap(True)
        for code, title in ((BLANK, "A blank clause"), *((each.key, each.title) for each in TEMPLATES)):
            item = QListWidgetItem(title)
            item.setData(Qt.ItemDataRole.UserRole, code)
            self.shapes.addItem(item)
        self._pages = QStackedWidget()
        self._made: dict[str, QWidget] = {}
        self.asking: Asking | None = None
        left, across = QVBoxLayout(), QHBoxLayout()
        left.addWidget(labelled("&Kind of rule", self.shapes))
        left.addWidget(self.shapes)
        across.addLayout(left, 2)
        across.addSpacing(chars(self, 2))
        across.addWidget(self._pages, 3)
        self.body.addLayout(across)
        self._pages.setMinimumWidth(chars(self, 50))
        self._pages.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.shapes.currentRowChanged.connect(self._show)
        codes = [BLANK, *(each.key for each in TEMPLATES)]
        self.shapes.setCurrentRow(codes.index(key))
        self.shapes.setFocus()
        self.fit()

    @property
    def chosen(self) -> Template | None:
        """The template chosen; None for a blank clause."""
        return TEMPLATE_OF.get(self.shapes.currentIndex().data(Qt.ItemDataRole.UserRole))

    def act(self) -> None:
        """Add it, if what was typed can be read."""
        template = self.chosen
        if template is None:
            clause = blank_clause(self._draft)
            self._taken(added(self._draft, clause), f"add clause {clause.id}")
            self.accept()
            return
        assert self.asking is not None  # noqa: S101  a template that is chosen shows what it asks
        whole = self._draft.whole
        try:
            after = template.clauses(whole, **template.read(self.asking.answers, whole))
        except RefusedError as refused:
            lines_of = "\n".join(
                f"{problem.place}: {problem.message}." for problem in refused.problems if problem.place
            )
            failure = failure_of(refused)
            self.say_failure(Failure(lines_of or failure.sentence, failure.details), "That cannot be added yet")
            return
        self._taken(saying(self._draft, after), f"add “{template.title}”")
        self.accept()

    def _show(self, _row: int) -> None:
        template = self.chosen
        key = BLANK if template is None else template.key
        if key not in self._made:
            self._made[key] = self._page(template)
            self._pages.addWidget(self._made[key])
        page = self._made[key]
        self._pages.setCurrentWidget(page)
        self.asking = page.findChild(Asking)
        why_not = "" if template is None else template.why_not(self._draft.whole)
        self.does.setEnabled(not why_not)
        self.does.setToolTip(why_not)
        self.problem.hide()

    def _page(self, template: Template | None) -> QWidget:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(words("A blank clause" if template is None else template.title, SECTION))
        column.addWidget(words(_BLANK_SAYS if template is None else template.sentence))
        if template is not None:
            why_not = template.why_not(self._draft.whole)
            column.addWidget(words(why_not) if why_not else Asking(template, self._draft.whole))
        column.addStretch()
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inside)
        return scroll
