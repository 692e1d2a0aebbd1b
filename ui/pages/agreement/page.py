"""The Agreement page: what the agreement in force says, part by part, what the ledger has under it, versions."""

from collections.abc import Callable, Iterable
from typing import ClassVar

from PySide6.QtWidgets import QDialog, QTabWidget, QWidget

from rules.english import listed
from rules.wording import cap_sentence, performance_sentence
from settlement.agreement_versions import VersionStanding
from settlement.variation_words import value_name
from settlement.variations import Difference
from ui import links
from ui.banners import Banner, Tone
from ui.failures import Failure
from ui.links import ClauseOf, Link, PartOf
from ui.page import ScrollingPage
from ui.pages.agreement.content import Content, content_of
from ui.pages.agreement.contributions import ContributionsTab
from ui.pages.agreement.grids import (
    bases_grid,
    controls_grid,
    funds_grid,
    partners_grid,
    reserves_grid,
    schemes_grid,
    succession_sentences,
)
from ui.pages.agreement.parts import Sentences, TablePart, tab_of
from ui.pages.agreement.text_dialog import TextDialog
from ui.pages.agreement.vary_dialog import VaryDialog
from ui.pages.agreement.versions import VersionsTab, part_of
from ui.session import Session
from ui.widgets import PAGE_TITLE, SECTION, Nothing, button, lines, row, words
from ui.wording import period_name

_NO_SUCCESSION = "Every partner is one for the whole year: none succeeds another."
_NO_CAPS = "No partner has a cap: whatever the schedule gives it to bear or receive, it bears or receives in full."
_NO_PERFORMANCE = "No contribution is held back for performance."


class AgreementPage(ScrollingPage):
    """Shows the version in force at the session's period."""

    key: ClassVar[str] = links.AGREEMENT
    title: ClassVar[str] = "Agreement"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        """Without an agreement until one is shown."""
        super().__init__(session, parent)
        self._content: Content | None = None
        self._wanted: PartOf | None = None
        self.heading = words(scale=PAGE_TITLE)
        self.in_force = words()
        self.provisional = Banner(Tone.WARNING, "Provisional agreement")
        self.failure = Banner(Tone.ERROR, "Why there is no agreement to show")
        self.nothing = Nothing(
            "No ledger is open",
            "The agreement is in a ledger. Open one, or make a new one.",
            button("Go to &Start", lambda: self.follow(links.START)),
        )
        self.partners = TablePart("Partners", "")
        self.succession = Sentences("Who succeeds whom")
        self.funds = TablePart("Funds", "")
        self.qipp = words()
        self.schemes = TablePart("Individual Schemes", "")
        self.contributions = ContributionsTab()
        self.bases = TablePart("Bases of shares", "No clause shares by amounts agreed otherwise.", "Bases of shares")
        self.reserves = TablePart("Reserves", "The agreement has no reserves.", "Reserves")
        self.caps = Sentences("Caps")
        self.performance = Sentences("Performance elements")
        self.controls = TablePart(
            "Control totals",
            "The agreement names no control totals. Those that it names are held against the ledger here.",
        )
        self.controls_said = words()
        self.versions = VersionsTab(session)
        self.versions.vary.connect(self.vary)
        self.versions.sign.connect(lambda: self.follow(links.SIGN_OFF))
        self.versions.list.opened.connect(self._open_difference)
        for part in (self.partners, self.funds, self.schemes, self.contributions, self.controls):
            part.opened.connect(self.go)
        self.tabs = self._tabs()
        for widget in (self.heading, self.in_force, self.provisional, self.failure):
            self.content.addWidget(widget)
        self.content.addWidget(self.tabs, stretch=1)
        self.content.addWidget(self.nothing)
        self.forget()

    def _tabs(self) -> QTabWidget:
        tabs = QTabWidget()
        tabs.setAccessibleName("Parts of the agreement")
        tabs.setMinimumHeight(lines(self, 24))
        self.to_schedule = button("Go to the schedule on the &Risk share page", lambda: self.follow(links.RISK_SHARE))
        self.no_caps, self.no_performance = words(_NO_CAPS), words(_NO_PERFORMANCE)
        self.no_succession = words(_NO_SUCCESSION)
        self.to_lines = words("Enter on a scheme opens its lines.")
        self.tab_of: dict[str, QWidget] = {
            "partners": tab_of(self.partners, words("Succession", SECTION), self.no_succession, self.succession),
            "funds": tab_of(self.funds, self.qipp),
            "schemes": tab_of(self.schemes, self.to_lines),
            "contributions": self.contributions,
            "bases": tab_of(self.bases, self.reserves),
            "caps": self._terms(),
            "controls": tab_of(self.controls_said, self.controls),
            "versions": self.versions,
        }
        for title, part in (
            ("P&artners", "partners"),
            ("F&unds", "funds"),
            ("&Schemes", "schemes"),
            ("Co&ntributions", "contributions"),
            ("&Bases and reserves", "bases"),
            ("Caps and perfor&mance", "caps"),
            ("C&ontrol totals", "controls"),
            ("Vers&ions", "versions"),
        ):
            tabs.addTab(self.tab_of[part], title)
        self.tab_of |= {"reserves": self.tab_of["bases"], "performance": self.tab_of["caps"]}
        return tabs

    def _terms(self) -> QWidget:
        tab = tab_of(
            words("Caps", SECTION),
            self.no_caps,
            self.caps,
            words("Payment for performance", SECTION),
            self.no_performance,
            self.performance,
        )
        layout = tab.layout()
        if layout is not None:
            layout.addItem(row(self.to_schedule))
        self.caps.opened.connect(self.go)
        return tab

    # The page

    def forget(self) -> None:
        """Nothing of a ledger that is no longer open."""
        self._content = None
        self.versions.forget()
        self._show_only(self.nothing)

    def refresh(self) -> None:
        """Ask for the agreement in force at the session's period."""
        if self.session.opened is None:
            self.forget()
            return
        if self._content is None:
            self._show_only(self.tabs)  # where the keyboard is; they fill in a moment
        period = self.session.period
        self.session.read(lambda ledger: content_of(ledger, period), self._show, self._fail)

    def visit(self, target: object) -> None:
        """Show a part, and in it what the code names."""
        if isinstance(target, PartOf):
            self._wanted = target
            if self._content is not None:
                self._go_to_part()

    def place(self) -> object:
        """The part that is on screen, and the row in it."""
        shown = self.tabs.currentWidget()
        part = next(part for part, tab in self.tab_of.items() if tab is shown)
        tables = {
            "partners": self.partners,
            "funds": self.funds,
            "schemes": self.schemes,
            "controls": self.controls,
            "versions": self.versions.part,
            "contributions": self.contributions.part,
        }
        return PartOf(part, tables[part].code() if part in tables else "")

    def first_focus(self) -> QWidget | None:
        """The tabs: Ctrl+Tab goes through them, Tab into the one that is shown."""
        return self.tabs.tabBar() if self.session.opened is not None else None

    def dialogs(self) -> Iterable[Callable[[], QDialog]]:
        """A new version, and the text of one."""
        content = self._content
        if content is None:
            return ()
        version = content.in_force.version
        return (
            lambda: VaryDialog(self.session, content.states, self),
            lambda: TextDialog(version, f'[agreement]\nid = "{content.agreement.id}"\n', self),
        )

    def vary(self) -> None:
        """Have a new version put in force."""
        if self._content is not None:
            VaryDialog(self.session, self._content.states, self).open()

    # What is shown

    def _show_only(self, *shown: QWidget) -> None:
        for widget in (self.heading, self.in_force, self.tabs, self.nothing, self.failure, self.provisional):
            widget.setVisible(widget in shown)

    def _fail(self, failure: Failure) -> None:
        self._content = None
        self._show_only(self.failure)
        self.failure.say_failure(f"The agreement in force at {self.session.period} cannot be shown", failure)

    def _show(self, content: Content) -> None:
        opened = self.session.opened
        if opened is None:
            return
        self._content = content
        agreement = content.agreement
        self.heading.setText(agreement.title)
        self.in_force.setText(
            f"{agreement.year}. {_standing(content.in_force, len(content.versions))} at "
            f"{period_name(content.period, opened.year)}."
        )
        self._show_only(self.heading, self.in_force, self.tabs)
        self._warn(content.in_force)
        self.partners.show_grid(partners_grid(agreement, content.period))
        self._show_list(self.succession, self.no_succession, [(each, None) for each in succession_sentences(agreement)])
        self.funds.show_grid(funds_grid(agreement))
        self.qipp.setText(f"QIPP: {value_name(agreement.qipp)}.")
        self.schemes.show_grid(schemes_grid(agreement))
        self.contributions.show_contributions(content.contributions, content.trouble)
        self.bases.show_grid(bases_grid(agreement))
        self.reserves.show_grid(reserves_grid(agreement))
        caps: list[tuple[str, object]] = [
            (cap_sentence(cap, agreement), Link(links.RISK_SHARE, ClauseOf(cap.clauses[0]))) for cap in agreement.caps
        ]
        self._show_list(self.caps, self.no_caps, caps)
        elements: list[tuple[str, object]] = [
            (f"{each.id}: {each.title}. {performance_sentence(each, agreement)}", None)
            for each in agreement.performance
        ]
        self._show_list(self.performance, self.no_performance, elements)
        self.controls.show_grid(controls_grid(content.controls))
        self.controls_said.setText(_controls_said(content))
        self.controls_said.setVisible(bool(content.controls))
        self.versions.show_versions(content.versions)
        self._go_to_part()

    def _show_list(self, shown: Sentences, nothing: QWidget, sentences: list[tuple[str, object]]) -> None:
        shown.show_sentences(sentences)
        shown.setVisible(bool(sentences))
        nothing.setVisible(not sentences)

    def _warn(self, standing: VersionStanding) -> None:
        if standing.is_provisional:
            self.provisional.say(
                f"Version {standing.version.id} is provisional: it awaits the assent of {listed(standing.awaiting)}",
                "Statements say so, and no period that it governs can be signed before. An assent is given on the "
                "Sign-off page, or with s75 assent.",
            )

    def _go_to_part(self) -> None:
        wanted, self._wanted = self._wanted, None
        if wanted is None or wanted.part not in self.tab_of:
            return
        self.tabs.setCurrentWidget(self.tab_of[wanted.part])
        if not wanted.code:
            return
        tables = {
            "partners": self.partners,
            "funds": self.funds,
            "schemes": self.schemes,
            "bases": self.bases,
            "reserves": self.reserves,
            "controls": self.controls,
            "contributions": self.contributions.part,
        }
        if wanted.part == "versions":
            self.versions.choose(wanted.code)
        elif wanted.part in tables:
            tables[wanted.part].choose(wanted.code)

    def _open_difference(self, difference: Difference) -> None:
        part = part_of(difference)
        if part:
            self.follow(links.AGREEMENT, PartOf(part, difference.code))
        elif difference.code:
            self.follow(links.RISK_SHARE, ClauseOf(difference.code))


def _standing(standing: VersionStanding, count: int) -> str:
    version = standing.version
    if count == 1:
        return "The agreement as first agreed is in force"
    why = f", “{version.reason}”," if version.reason else ""
    return f"Version {version.id} of {count}, from {version.from_period}{why} is in force"


def _controls_said(content: Content) -> str:
    wrong = sum(not held.agrees for held in content.controls)
    if not wrong:
        return (
            "Every control total agrees with the ledger to the penny. Enter on one opens the lines it is held against."
        )
    total = len(content.controls)
    return f"{wrong} of {total} control totals do not agree with the ledger. Enter on one opens its lines."
