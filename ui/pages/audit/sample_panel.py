"""A sample of lines: what it is drawn from and how, the lines drawn, and the paper that an auditor takes away."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFrame,
    QLineEdit,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from ledgers import Ledger, LineFilter
from rules.agreement import Agreement, Kind
from rules.money import pence_of
from rules.periods import Period
from settlement.audit_papers import drawn_how, sample_facts, write_sample
from settlement.sampling import MOST, Method, Picked, Plan, Sample, how_to_redo, new_seed
from settlement.sentences import KIND_NAMES
from ui import links
from ui.banners import Banner, Tone
from ui.dialogs import ProgressLine
from ui.failures import Failure
from ui.flow import Flow
from ui.jobs import Job
from ui.links import Lines, Link
from ui.pages.audit.rows_model import RowsModel, RowsView, Shown
from ui.pages.sign_off import asides
from ui.pages.sign_off.fields import form
from ui.pages.sign_off.said import failure_in_the_window
from ui.session import Session
from ui.widgets import SECTION, button, chars, labelled, lines, row, words

_METHODS = (
    (Method.RANDOM, "Random: every line is as likely as any other"),
    (Method.MONETARY, "By monetary unit: every pound is as likely as any other, so that large lines come first"),
    (Method.LARGEST, "The largest amounts"),
    (Method.OVER, "Every amount from so much on"),
)
_ALL, _ONLY, _UPTO = "all", "only", "upto"
_LARGEST = 2_147_483_647
_SAVED_AS = "Workbook (*.xlsx);;CSV (*.csv)"


class SamplePanel(QScrollArea):
    """Draws a sample from the session's ledger, aside."""

    go = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        """With a seed that nobody chose."""
        super().__init__(parent)
        self.session = session
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._job: Job[Sample] | None = None
        self._asking: Job[Agreement] | None = None
        self.sample: Sample | None = None
        self._make_fields()
        self.draw_button = button("&Draw the sample", self.draw)
        self.problem = Banner(Tone.ERROR, "Why no sample was drawn")
        self.progress = ProgressLine(self._call_off)
        self.result = self._result()
        inside = QWidget()
        column = QVBoxLayout(inside)
        rows = form()
        for text, field in (
            ("Drawn &by", self.method),
            ("How &many lines", self.count),
            ("&Seed", self.seeded),
            ("Fro&m this amount on, £", self.amount),
        ):
            rows.addRow(labelled(text, field), field)
        self._rows = rows
        narrowed = QWidget()
        flow = Flow(narrowed)
        for text, field in (
            ("Periods &used", self.span),
            ("Period", self.period),
            ("Part&ner", self.partner),
            ("S&cheme", self.scheme),
            ("&Kind", self.kind),
            ("Up to line", self.upto_line),
        ):
            flow.addWidget(_over(text, field))
        column.addWidget(words("How it is drawn", SECTION))
        column.addLayout(rows)
        column.addWidget(words("What it is drawn from", SECTION))
        column.addWidget(narrowed)
        column.addLayout(row(self.draw_button))
        column.addWidget(self.problem)
        column.addWidget(self.progress)
        column.addWidget(self.result, stretch=1)
        column.addStretch()
        self.setWidget(inside)
        self.method.currentIndexChanged.connect(self._switch)
        self.span.currentIndexChanged.connect(self._switch)
        self._switch()

    def _make_fields(self) -> None:
        self.method = QComboBox()
        for method, says in _METHODS:
            self.method.addItem(says, method)
        self.count = QSpinBox()
        self.count.setRange(1, MOST)
        self.count.setValue(25)
        self.count.setMaximumWidth(chars(self.count, 16))
        self.seed = QLineEdit(new_seed())
        self.seed.setAccessibleName("Seed")
        self.seed.setMinimumWidth(chars(self.seed, 16))
        self.new_seed = button("&Another seed", self._new_seed, name="Take a new seed that nobody chose")
        self.seeded = QWidget()
        across = row(self.seed, self.new_seed)
        across.setContentsMargins(0, 0, 0, 0)
        self.seeded.setLayout(across)
        self.seeded.setFocusProxy(self.seed)
        self.amount = QLineEdit("10,000.00")
        self.amount.setMaximumWidth(chars(self.amount, 24))
        self.span, self.period = QComboBox(), QComboBox()
        for text, key in (("All periods", _ALL), ("One period only", _ONLY), ("Up to a period", _UPTO)):
            self.span.addItem(text, key)
        for period in Period:
            self.period.addItem(str(period), period)
        self.partner, self.scheme, self.kind = QComboBox(), QComboBox(), QComboBox()
        self.partner.addItem("Every partner")
        self.scheme.addItem("Every scheme")
        self.kind.addItem("Every kind")
        for kind, name in KIND_NAMES.items():
            self.kind.addItem(name, kind)
        self.upto_line = QLineEdit()
        self.upto_line.setValidator(QIntValidator(1, _LARGEST, self.upto_line))
        self.upto_line.setPlaceholderText("the last posted")
        self.upto_line.setToolTip("To draw an earlier sample again, the line that its paper names")
        self.upto_line.setMaximumWidth(chars(self.upto_line, 18))

    def _result(self) -> QWidget:
        shown = QFrame()
        shown.setFrameShape(QFrame.Shape.StyledPanel)
        self.heading = words("", SECTION)
        self.facts = words()
        self.model = RowsModel(_COLUMNS, self)
        self.view = RowsView(self.model, "The lines of the sample")
        self.view.setMinimumHeight(lines(self, 14))
        self.view.activated.connect(self._open)
        self.view.doubleClicked.connect(self._open)
        self.again = words()
        self.show_button = button("Show them in the Ledger", self._open_all, name="Show the sample’s lines")
        self.save_button = button("Save as a &working paper…", self._save, name="Save the sample as XLSX or CSV")
        column = QVBoxLayout(shown)
        column.addWidget(self.heading)
        column.addWidget(self.facts)
        column.addWidget(self.view, stretch=1)
        column.addLayout(row(self.save_button, self.show_button))
        column.addWidget(words("How to draw it again", SECTION))
        column.addWidget(self.again)
        shown.hide()
        return shown

    # What is asked for

    def refresh(self) -> None:
        """Ask which partners and schemes there are."""
        if self.session.opened is None:
            return
        if self._asking is not None:
            self._asking.drop()

        def work(ledger: Ledger) -> Agreement:
            return ledger.agreement_at(Period.M13)

        self._asking = self.session.read(work, self._show_choices)

    def forget(self) -> None:
        """Nothing of a ledger that is no longer open."""
        for job in (self._job, self._asking):
            if job is not None:
                job.cancel()
                job.drop()
        self._job = self._asking = None
        self.sample = None
        self.progress.end()
        self.problem.hide()
        self.result.hide()
        self.model.show_rows(())
        self.draw_button.setEnabled(True)

    def _show_choices(self, agreement: Agreement) -> None:
        self._asking = None
        _refill(self.partner, [(partner.code, f"{partner.name} ({partner.code})") for partner in agreement.partners])
        _refill(self.scheme, [(scheme.code, f"{scheme.name} ({scheme.code})") for scheme in agreement.schemes])

    def _switch(self) -> None:
        method = Method(self.method.currentData())  # Qt keeps the text of it alone
        self._rows.setRowVisible(self.count, method is not Method.OVER)
        self._rows.setRowVisible(self.seeded, method.is_seeded)
        self._rows.setRowVisible(self.amount, method is Method.OVER)
        self.period.setEnabled(self.span.currentData() != _ALL)

    def _new_seed(self) -> None:
        self.seed.setText(new_seed())

    def plan(self) -> Plan:
        """What is to be drawn. Raises ValueError, with a sentence, for an amount that is none."""
        method = Method(self.method.currentData())
        span, period = self.span.currentData(), Period(self.period.currentData())
        kind = self.kind.currentData()
        return Plan(
            method=method,
            of=LineFilter(
                period=period if span == _ONLY else None,
                upto=period if span == _UPTO else None,
                partner=self.partner.currentData(),
                scheme=self.scheme.currentData(),
                kind=None if kind is None else Kind(kind),
            ),
            count=self.count.value(),
            seed=self.seed.text().strip() if method.is_seeded else "",
            at_least_pence=pence_of(self.amount.text()) if method is Method.OVER else 0,
            upto_line=int(self.upto_line.text()) if self.upto_line.text().strip() else None,
        )

    def draw(self) -> None:
        """Draw it."""
        opened = self.session.opened
        if opened is None:
            return
        try:
            plan = self.plan()
        except ValueError as error:
            self.problem.say("No sample was drawn", f"{error}.")
            self.amount.setFocus()
            return
        self.problem.hide()
        self.result.hide()
        self.draw_button.setEnabled(False)
        self.progress.begin("Waiting for other work to end")
        self._job = self.session.aside(
            asides.draw_sample,
            opened.where,
            plan,
            done=self.show_sample,
            failed=self._failed,
            progressed=self.progress.show_progress,
            cancelled=self._called_off,
        )

    # What it shows

    def show_sample(self, sample: Sample) -> None:
        """Show what was drawn."""
        self._idle()
        self.sample = sample
        count = len(sample.picked)
        self.heading.setText(f"{'1 line' if count == 1 else f'{count:,} lines'} drawn: {drawn_how(sample)}")
        self.facts.setText("\n".join(f"{name}: {value}" for name, value in sample_facts(sample)[1:]))
        columns = _COLUMNS if sample.plan.method is Method.MONETARY else _COLUMNS[:-1]
        self.model.show_rows(sample.picked, columns)
        self.again.setText("\n".join(how_to_redo(sample.plan)))
        self.result.show()
        self.view.choose(0)
        self.view.setFocus()

    def _failed(self, failure: Failure) -> None:
        self._idle()
        name = self.session.opened.name if self.session.opened is not None else ""
        self.problem.say_failure("No sample was drawn", failure_in_the_window(failure, name))

    def _called_off(self) -> None:
        self._idle()
        self.problem.say("It was called off: no sample was drawn.")

    def _call_off(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _idle(self) -> None:
        self._job = None
        self.progress.end()
        self.draw_button.setEnabled(True)

    def _open(self, index: QModelIndex) -> None:
        if self.sample is not None and index.isValid():
            number = self.sample.picked[index.row()].line.id
            why = f"Line {number} of the sample: {drawn_how(self.sample)}"
            self.go.emit(Link(links.LEDGER, Lines(ids=(number,), first=number, why=why)))

    def _open_all(self) -> None:
        if self.sample is not None:
            ids = tuple(each.line.id for each in self.sample.picked)
            self.go.emit(Link(links.LEDGER, Lines(ids=ids, why=f"A sample: {drawn_how(self.sample)}")))

    def _save(self) -> None:
        opened, sample = self.session.opened, self.sample
        if opened is None or sample is None:
            return
        chosen, kind = QFileDialog.getSaveFileName(self, "Save the sample", "sample.xlsx", _SAVED_AS)
        if not chosen:
            return
        path = Path(chosen)
        if not path.suffix:
            path = path.with_suffix(".csv" if "csv" in kind else ".xlsx")
        title = f"{opened.title}, {opened.year}"
        self.session.reads.start(
            lambda _job: write_sample(sample, opened.name, title, path),
            lambda _none: self.session.said.emit(f"The sample was saved as {path}."),
            partial(self.session.failed.emit, "The sample was not saved"),
        )


def _from(picked: Picked) -> str:
    line = picked.line
    return line.file if line.row is None else f"{line.file}, row {line.row}"


_COLUMNS = (
    Shown("Line", lambda each: f"{each.line.id:,}", is_number=True),
    Shown("Period", lambda each: str(each.line.period)),
    Shown("Scheme", lambda each: each.line.scheme),
    Shown("Partner", lambda each: each.line.partner),
    Shown("Kind", lambda each: KIND_NAMES[each.line.kind]),
    Shown("Amount", pence=lambda each: each.line.amount_pence),
    Shown("Date", lambda each: "" if each.line.date is None else each.line.date.isoformat()),
    Shown("Reference", lambda each: each.line.reference),
    Shown("Description", lambda each: each.line.description),
    Shown("From", _from),
    Shown("Points", lambda each: str(each.points), is_number=True),
)


def _refill(combo: QComboBox, choices: list[tuple[str, str]]) -> None:
    """Have these after the first, which is for all of them; what was chosen stays chosen."""
    chosen = combo.currentData()
    while combo.count() > 1:
        combo.removeItem(1)
    for code, name in choices:
        combo.addItem(name, code)
    combo.setCurrentIndex(max(combo.findData(chosen), 0) if chosen is not None else 0)


def _over(text: str, field: QWidget) -> QWidget:
    """A field under its label."""
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(labelled(text, field))
    column.addWidget(field)
    return made
