"""The chosen period beside the timeline: what can be done, what must pass first, and the figures that are signed."""

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from ledgers import Finding, State
from ledgers.disputes import Dispute
from rules.english import listed
from settlement.signing_off import Looked, SignOff
from settlement.standing import AwaitedVersion, in_runs
from ui import links
from ui.dialogs import ProgressLine
from ui.figures import exact, spoken
from ui.flow import Flow
from ui.links import Figure, Lines, Link
from ui.pages.sign_off.mending import mended
from ui.pages.sign_off.said import in_the_window, raised, when
from ui.pages.sign_off.sentence_rows import SentenceRows
from ui.pages.sign_off.timeline import words_of
from ui.periods import period_name
from ui.tables import Cell, FigureTable, Grid, GridModel, figure, row_height
from ui.widgets import SECTION, button, chars, words
from ui.wording import due, transfers_in_words

_MOST_FINDINGS = 40
_CLOSED = {State.OPEN: "Opened again", State.HELD: "Held", State.SIGNED: "Signed"}
_HOLD, _REOPEN, _SIGN, _WITHDRAW = "hold", "reopen", "sign", "withdraw"
_EXPORT, _BRING, _SIGN_FOLDER = "export", "bring", "sign-folder"


class PeriodDetails(QScrollArea):
    """Shows a period of a sign-off. What the person asks for it tells: `asked` by name, `go` a link."""

    asked = Signal(str)
    """`hold`, `reopen`, `sign`, `withdraw`, `export`, `bring`, `sign-folder`, `check`, `check-off`."""

    go = Signal(object)
    assenting = Signal(object)
    """The version of the agreement that is to be assented to."""

    resolving = Signal(object)
    carrying = Signal(object)
    """The dispute that is to be resolved, or carried past the period."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Empty, until a sign-off is shown."""
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.at: SignOff | None = None
        self.heading = words(scale=SECTION)
        self.state = words()
        self.next = words()
        self.buttons: dict[str, QPushButton] = {}
        self.checking = words()
        self.checks = SentenceRows()
        self.late = SentenceRows()
        self.progress = ProgressLine(partial(self.asked.emit, "check-off"))
        self.check_again = button("Check agai&n", partial(self.asked.emit, "check"), name="Check the period again")
        self.undecided = words()
        self.decisions = SentenceRows()
        self.transfers = words(scale=SECTION)
        self.dues = GridModel()
        self.table = FigureTable(self.dues, "Net due from each partner")
        self.table.doubleClicked.connect(self._open_figure)
        self.table.activated.connect(self._open_figure)
        self.figures_title = _title("")
        self.why_no_figures = words()
        self.show_settlement = button("Open settle&ment", self._open_settlement, name="Open the Settlement page")
        self.signatures_title = _title("Signatures")
        self.signatures = words()
        self.copy_digest = button("&Copy the digest", self._copy_digest, name="Copy the digest of the note")
        inside = QWidget()
        self._fill(QVBoxLayout(inside))
        self.setWidget(inside)

    def _fill(self, column: QVBoxLayout) -> None:
        column.addWidget(self.heading)
        column.addWidget(self.state)
        column.addWidget(
            self._actions((_HOLD, "Hol&d…"), (_REOPEN, "&Reopen…"), (_SIGN, "&Sign…"), (_WITHDRAW, "&Withdraw…"))
        )
        column.addWidget(self.next)
        column.addWidget(_title("Checks that must pass"))
        column.addWidget(self.checking)
        column.addWidget(self.progress)
        column.addWidget(self.checks)
        column.addWidget(self.late)
        column.addLayout(_left(self.check_again))
        column.addWidget(_title("Undecided"))
        column.addWidget(self.undecided)
        column.addWidget(self.decisions)
        column.addWidget(self.figures_title)
        band = QFrame()
        band.setFrameShape(QFrame.Shape.StyledPanel)
        band.setAutoFillBackground(True)
        band.setBackgroundRole(QPalette.ColorRole.Base)
        across = QVBoxLayout(band)
        across.addWidget(self.transfers)
        self.band = band
        column.addWidget(band)
        column.addWidget(self.why_no_figures)
        column.addWidget(self.table)
        column.addLayout(_left(self.show_settlement))
        column.addWidget(self.signatures_title)
        column.addWidget(self.signatures)
        column.addLayout(_left(self.copy_digest))
        column.addWidget(_title("The other partner is elsewhere"))
        column.addWidget(
            words("Export the period, have it signed in the folder on the other machine, and bring the signature back.")
        )
        column.addWidget(
            self._actions(
                (_EXPORT, "E&xport…"),
                (_SIGN_FOLDER, "Sign in an exported f&older…"),
                (_BRING, "&Bring signatures back…"),
            )
        )
        column.addStretch()

    def _actions(self, *named: tuple[str, str]) -> QWidget:
        line = QWidget()
        flow = Flow(line)
        for name, text in named:
            self.buttons[name] = button(text, partial(self.asked.emit, name))
            flow.addWidget(self.buttons[name])
        return line

    # What it shows

    def show_sign_off(self, at: SignOff, why_read_only: str) -> None:
        """Show the period that it is about. `why_read_only` says why nothing can be changed; "" if it can."""
        is_same = self.at is not None and self.at.period == at.period
        self.at = at
        self.heading.setText(period_name(at.period, at.agreement.year))
        self.state.setText(_state_told(at))
        self._allow(at, why_read_only)
        self._show_undecided(at, why_read_only)
        self._show_figures(at)
        self._show_signatures(at)
        if not is_same:
            self.verticalScrollBar().setValue(0)

    def _allow(self, at: SignOff, why_read_only: str) -> None:
        reasons = {
            _HOLD: at.why_not_hold(),
            _REOPEN: at.why_not_reopen(),
            _SIGN: at.why_not_sign(),
            _WITHDRAW: at.why_not_withdraw(),
            _BRING: "" if at.pending is not None else "No note waits for signatures.",
            _EXPORT: _why_not_export(at, why_read_only),
            _SIGN_FOLDER: "",
        }
        for name, why in reasons.items():
            told = why_read_only if why_read_only and name not in {_EXPORT, _SIGN_FOLDER} else why
            self.buttons[name].setEnabled(not told)
            self.buttons[name].setToolTip(told)
        self.next.setText(_next_told(at, why_read_only))

    def show_checking(self) -> None:
        """The checks are being made."""
        self.checking.setText("Checking…")
        self.checks.clear()
        self.late.clear()
        self.check_again.hide()
        self.progress.begin("Going through the lines of the ledger")

    def show_unchecked(self, why: str) -> None:
        """They were called off, or could not be made."""
        self.progress.end()
        self.check_again.show()
        self.checking.setText(why)

    def show_looked(self, looked: Looked) -> None:
        """Show what they found."""
        if self.at is None or looked.period != self.at.period:
            return
        self.progress.end()
        self.check_again.show()
        count = len(looked.findings)
        if not count:
            self.checking.setText("✓ Every check passes.")
        else:
            told = "One thing is" if count == 1 else f"{count:,} things are"
            self.checking.setText(f"✗ {told} to be mended before {looked.period} can be signed.")
        self.checks.clear()
        for finding in looked.findings[:_MOST_FINDINGS]:
            self._add_finding(finding, self.at)
        if looked.findings[_MOST_FINDINGS:]:
            self.checks.add(f"… and {count - _MOST_FINDINGS:,} more, once these are mended.")
        self.late.clear()
        for late in looked.late:
            one = late.count == 1
            counted = "1 late line" if one else f"{late.count:,} late lines"
            sentence = (
                f"{counted}, {exact(late.pence)} in all, count{'s' if one else ''} in {looked.period}: "
                f"{'it belongs' if one else 'they belong'} to a period that was closed before "
                f"{'it' if one else 'they'} came, {late.belongs_to}."
            )
            target = Lines(period=looked.period, late=True, first=late.first, why=f"Late lines in {looked.period}")
            self.late.add(sentence, ("Show the lines", partial(self.go.emit, Link(links.LEDGER, target))))

    def _add_finding(self, finding: Finding, at: SignOff) -> None:
        where = mended(finding, at.agreement, at.period)
        sentence = f"{raised(finding.check)}: {in_the_window(finding.message)}."
        self.checks.add(sentence, (where.says, partial(self.go.emit, where.link)))

    def _show_undecided(self, at: SignOff, why_read_only: str) -> None:
        self.decisions.clear()
        left = 0 if at.settlement is None else at.settlement.outcome.unallocated_pence
        if left:
            self.decisions.add(
                f"No clause deals with {exact(left)}: it is left with the Host Partner until one does.",
                ("Open Risk share", partial(self.go.emit, Link(links.RISK_SHARE))),
            )
        for dispute in at.disputes:
            self._add_dispute(dispute, why_read_only)
        for version in at.versions:
            self._add_version(version, at, why_read_only)
        count = self.decisions.count
        if count:
            told = "One thing is" if count == 1 else f"{count} things are"
            self.undecided.setText(f"✗ {told} to be decided before {at.period} can be signed.")
        else:
            self.undecided.setText("✓ Nothing: no dispute, no version that waits for assent, nothing unallocated.")

    def _add_dispute(self, dispute: Dispute, why_read_only: str) -> None:
        sentence = (
            f"Dispute {dispute.id}: {dispute.partner} disputes {dispute.about} from {dispute.period} on: "
            f"{dispute.reason}"
        )
        target = Lines(ids=(dispute.line,), why=raised(sentence)) if dispute.line is not None else None
        link = Link(links.RISK_SHARE, links.ClauseOf(dispute.clause)) if dispute.clause is not None else None
        shown = Link(links.LEDGER, target) if target is not None else link or Link(links.LEDGER)
        self.decisions.add(
            sentence,
            ("Resolve…", partial(self.resolving.emit, dispute)),
            ("Carry…", partial(self.carrying.emit, dispute)),
            ("Show it", partial(self.go.emit, shown)),
            why_not={"Resolve…": why_read_only, "Carry…": why_read_only},
            about=f"dispute {dispute.id}",
        )

    def _add_version(self, version: AwaitedVersion, at: SignOff, why_read_only: str) -> None:
        self.decisions.add(
            f"Version {version.version} of the agreement, in force from {version.from_period}, waits for the assent of "
            f"{listed(map(at.name_of, version.awaiting))}: {version.reason}",
            ("Assent…", partial(self.assenting.emit, version)),
            ("Show it", partial(self.go.emit, Link(links.AGREEMENT, links.PartOf("versions", str(version.version))))),
            why_not={"Assent…": why_read_only},
            about=f"version {version.version}",
        )

    def _show_figures(self, at: SignOff) -> None:
        is_final = at.standing.state is State.SIGNED
        named = period_name(at.period, at.agreement.year)
        about = "What was signed" if is_final else "What is signed"
        self.figures_title.setText(f"{about}: the year to date at {named}")
        self.band.setVisible(at.settlement is not None)
        self.table.setVisible(at.settlement is not None)
        self.why_no_figures.setVisible(at.settlement is None)
        self.why_no_figures.setText(f"There are no figures: {in_the_window(at.why_not)}")
        if at.settlement is None:
            return
        self.transfers.setText("\n".join(transfers_in_words(at.settlement)))
        self.dues.show_grid(dues_grid(at))
        rows = self.dues.rowCount() + 1
        bar = self.table.horizontalScrollBar().sizeHint().height()
        self.table.setFixedHeight(rows * row_height(self.table) + bar + 2 * self.table.frameWidth())

    def _show_signatures(self, at: SignOff) -> None:
        self.signatures.setText("\n".join(_signatures_told(at)))
        self.copy_digest.setVisible(at.note is not None)

    # Where it leads

    def _open_figure(self, index: QModelIndex) -> None:
        if self.at is not None and index.isValid():
            self.go.emit(Link(links.SETTLEMENT, Figure(self.at.dues[index.row()].partner)))

    def _open_settlement(self) -> None:
        self.go.emit(Link(links.SETTLEMENT))

    def _copy_digest(self) -> None:
        if self.at is not None and self.at.note is not None:
            QGuiApplication.clipboard().setText(self.at.note.digest)


def dues_grid(at: SignOff) -> Grid:
    """What each partner pays or receives, what was settled before it, and what that leaves."""
    has_before = any(each.before_pence is not None for each in at.dues)
    rows: list[tuple[Cell, ...]] = []
    for each in at.dues:
        cells = [Cell(at.name_of(each.partner)), exact_figure(each.pence), Cell(due(each.pence))]
        if has_before:
            cells += [figure(each.before_pence or 0), figure(each.movement_pence)]
        rows.append(tuple(cells))
    headings: Iterable[str] = ("Partner", "Net due", "Which means")
    if has_before and at.before is not None:
        headings = (*headings, f"Settled at {at.before.period}", "Movement since")
    return Grid(tuple(headings), tuple(rows), frozenset({1, 3, 4} if has_before else {1}))


def exact_figure(pence: int) -> Cell:
    """A cell of money to the penny, whatever the units of tables."""
    return Cell(exact(pence), pence, spoken(pence))


def _state_told(at: SignOff) -> str:
    state = at.state
    told = words_of(at, at.period)
    if not state.actor:
        return f"{told}."
    since = f"{_CLOSED[state.state]} on {when(state.at)}, by {state.actor}."
    return f"{told}. {since}" if at.note is not None else since


def _next_told(at: SignOff, why_read_only: str) -> str:
    if not at.has_sign_off:
        return "A ledger in a folder has no sign-off: make a new ledger of it, and import its lines there."
    if why_read_only:
        return f"Nothing can be held or signed here. {why_read_only}"
    why = at.why_not_sign()
    if at.standing.state is State.OPEN:
        others = f" {in_runs(at.closes)} are held together." if len(at.closes) > 1 else ""
        told = f"Next: hold it, once everything is posted.{others}"
    elif at.standing.state is State.SIGNED:
        told = "It is final. Lines that come later go to the next open period."
    elif why:
        told = f"Next: {why[:1].lower()}{why[1:]}"
    elif at.note is not None:
        told = f"Next: the signature of {listed(map(at.name_of, at.standing.awaiting))}."
    else:
        told = f"Next: sign it. The first signature puts it up as note {at.next_note}."
    return told


def _why_not_export(at: SignOff, why_read_only: str) -> str:
    if not at.has_sign_off:
        return "A ledger in a folder has no sign-off."
    if at.standing.state is State.OPEN:
        return f"{at.period} is open: hold it first."
    if at.note is None:
        return why_read_only or at.why_not_sign()
    return ""


def _signatures_told(at: SignOff) -> list[str]:
    if at.note is None:
        return [f"None yet. To sign: {listed(map(at.name_of, at.signatories))}."]
    note = at.note
    told = [f"Note {note.sequence} of {note.period}, sealed on {when(note.sealed_at)}, prepared by {note.prepared_by}."]
    told += [
        f"✓ {at.name_of(each.partner)}: {each.name}, {each.role}, on {when(each.at)}." for each in note.standing.signed
    ]
    told += [f"○ {at.name_of(code)}: awaited." for code in note.standing.awaiting]
    told.append(f"Digest: {note.digest}")
    return told


def _title(text: str) -> QLabel:
    made = words(text, SECTION)
    made.setContentsMargins(0, made.fontMetrics().height() // 2, 0, 0)
    return made


def _left(widget: QWidget) -> QHBoxLayout:
    across = QHBoxLayout()
    across.addWidget(widget)
    across.addStretch()
    widget.setMinimumWidth(chars(widget, 8))
    return across
