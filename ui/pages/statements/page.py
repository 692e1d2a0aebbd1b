"""The Statements page: each document of a period looked at, written to files, printed."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import ClassVar, TypeVar

from PySide6.QtCore import Qt, QTemporaryDir, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QDialog, QSplitter, QVBoxLayout, QWidget

from ledgers import Ledger
from settlement.looks import Look
from settlement.statement_runs import Available, Listed, make_documents, statements_of
from settlement.statements.kinds import WORKINGS
from ui import links
from ui.banners import Banner, Tone
from ui.dialogs import ProgressLine
from ui.failures import Failure
from ui.jobs import Job
from ui.page import Page
from ui.pages.statements.choices import Choices
from ui.pages.statements.drawing import Drawer
from ui.pages.statements.kept_looks import KeptLooks, ThemeCheck
from ui.pages.statements.many_dialog import ManyDialog
from ui.pages.statements.pdf_links import Goal, Spot
from ui.pages.statements.preview import Preview
from ui.pages.statements.printing import print_dialog, print_pages
from ui.pages.statements.write_dialog import WriteDialog, Written
from ui.session import Session
from ui.temporary import at_the_end, temporary_folder
from ui.widgets import PAGE_TITLE, Nothing, button, words
from ui.wording import period_name

_KEY = "statements-units"
_Dialog = TypeVar("_Dialog", WriteDialog, ManyDialog)


class StatementsPage(Page):
    """Shows the session's period's statements as they would be written now."""

    key: ClassVar[str] = links.STATEMENTS
    title: ClassVar[str] = "Statements"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        """Nothing is made until the page is shown."""
        super().__init__(session, parent)
        self.available: Available | None = None
        self._made: dict[str, str] = {}
        self._folder: QTemporaryDir | None = None
        self._asking: Job[Available] | None = None
        self._making: Job[dict[str, str]] | None = None
        self._printing: Job[int] | None = None
        self._awaited: Spot | None = None
        self._written_to = ""
        self._leads_into_it = False
        self._looks = KeptLooks(session)
        self._theme_check = ThemeCheck(session, self._use_theme, self._refuse_theme)
        self.drawer = Drawer()
        self.destroyed.connect(self.drawer.close)
        at_the_end(self.drawer.close)
        self.nothing = Nothing(
            "No ledger is open",
            "Open a ledger: then each partner's statement can be looked at here, written to files and printed.",
            button("Go to S&tart", lambda: self.follow(links.START)),
        )
        self.heading = words("Statements", PAGE_TITLE)
        self.subtitle = words()
        self.failure = Banner(Tone.ERROR, "What went wrong", dismissable=True)
        self.written = Banner(Tone.NOTE, "What was written", dismissable=True)
        self.choices = Choices(thousands=session.kept(_KEY) == "thousands", prepared_by=session.preferences.prepared_by)
        self._connect_choices()
        self.preview = Preview(self.drawer)
        self.preview.failed.connect(partial(self.tell, "The document cannot be shown"))
        self.preview.followed.connect(self._follow_link)
        self.progress = ProgressLine(self._call_off)
        self.content = QSplitter(Qt.Orientation.Horizontal)
        self.content.setChildrenCollapsible(False)
        self.content.addWidget(self.choices)
        self.content.addWidget(self.preview)
        self.content.setStretchFactor(0, 0)
        self.content.setStretchFactor(1, 1)
        layout = QVBoxLayout(self)
        for part in (self.nothing, self.heading, self.subtitle, self.failure, self.written):
            layout.addWidget(part)
        layout.addWidget(self.content, stretch=1)
        layout.addWidget(self.progress)
        self._set_buttons()

    def _connect_choices(self) -> None:
        choices = self.choices
        choices.list.currentRowChanged.connect(lambda _row: self._look_at())
        choices.units.currentIndexChanged.connect(lambda _row: self._look_changed())
        choices.language.currentIndexChanged.connect(lambda _row: self._look_changed())
        choices.theme_named.connect(self._theme_check.check)
        choices.prepared_by.editingFinished.connect(self._look_changed)
        for pressed, does in (
            (choices.write_button, partial(self._open_dialog, self.write_dialog)),
            (choices.months_button, partial(self._open_dialog, partial(self.write_dialog, every_month=True))),
            (choices.many_button, partial(self._open_dialog, self.many_dialog)),
            (choices.print_button, self.open_print_dialog),
            (choices.open_button, self.open_file),
            (choices.folder_button, self.open_folder),
        ):
            pressed.clicked.connect(partial(_press, does))

    # What there is

    def forget(self) -> None:
        """Nothing of a ledger that is no longer open is kept, on disk either."""
        self._drop()
        self.available = None
        self._looks.forget()
        self._awaited = None
        self._made = {}
        self.written.hide()
        self.failure.hide()
        self.choices.offer(())
        self.preview.say("Nothing to look at yet", "")
        self.drawer.let_go()
        self._folder = None

    def _drop(self) -> None:
        for job in (self._asking, self._making):
            if job is not None:
                job.cancel()
                job.drop()
        self._asking = self._making = None
        self._theme_check.drop()
        self.progress.end()

    def refresh(self) -> None:
        """Ask what statements the session's period has, and make them anew."""
        opened = self.session.opened
        self.nothing.setVisible(opened is None)
        for part in (self.heading, self.subtitle, self.content):
            part.setVisible(opened is not None)
        if opened is None:
            return
        self._drop()
        recalled = self._looks.recalled()
        if recalled is not None:
            self.choices.use_language(recalled[0])
            self.choices.use_theme(recalled[1])
        period = self.session.period
        self.subtitle.setText(f"{opened.title}, {opened.year}, {period_name(period, opened.year)}")

        def work(ledger: Ledger) -> Available:
            return statements_of(ledger, period)

        self._asking = self.session.read(work, self._show_available, self._show_why_not)

    def _show_available(self, found: Available) -> None:
        self._asking = None
        spot = self._awaited or Spot(self.chosen or "", self.preview.view.page)
        self.available = found
        opened = self.session.opened
        if opened is not None:
            period = period_name(found.settlement.period, opened.year)
            said = "draft, not signed" if found.is_draft else found.standing
            self.subtitle.setText(f"{opened.title}, {opened.year}, {period}: {said}")
        self.choices.sealed_note.setVisible(not found.is_draft)
        keys = self.choices.offer(found.listed, spot.key)
        self._awaited = spot if spot.key in keys else None
        self._make_anew()

    def _show_why_not(self, failure: Failure) -> None:
        """There is nothing to state: say why, and keep nothing of another period on screen."""
        self._asking = None
        self.available = None
        self.choices.offer(())
        self.preview.say(f"There are no statements of {self.session.period}", failure.sentence)
        self._set_buttons()

    # Making them

    @property
    def look(self) -> Look:
        """How they are made."""
        return self.choices.look

    @property
    def chosen(self) -> str | None:
        """The key of the document that is chosen."""
        return self.choices.chosen

    @property
    def listed(self) -> Listed | None:
        """The document that is chosen."""
        found = () if self.available is None else self.available.listed
        return next((each for each in found if each.key == self.chosen), None)

    def _look_changed(self) -> None:
        look = self.look
        kept = "thousands" if look.thousands else "pounds"
        is_other = look.prepared_by != self.session.preferences.prepared_by or kept != self.session.kept(_KEY, "pounds")
        if is_other:
            self.session.keep(replace(self.session.preferences, prepared_by=look.prepared_by))
            self.session.keep_for(_KEY, kept)
        if self._looks.keep(self.look) or is_other:
            self._show_anew()

    def _show_anew(self) -> None:
        if self.available is not None:
            self._awaited = Spot(self.chosen or "", self.preview.view.page)
            self._make_anew()

    def _use_theme(self, file: str) -> None:
        self.failure.hide()
        self.choices.use_theme(file)
        if self._looks.keep(self.look):
            self._show_anew()

    def _refuse_theme(self, failure: Failure) -> None:
        self.tell("The theme file cannot be used: statements stay as they were", failure)

    def _make_anew(self) -> None:
        """Make them all again: the ledger, the period or the look is another."""
        self._made = {}
        self.drawer.let_go()
        self._folder = temporary_folder()
        self._drop()
        self._look_at()

    def _look_at(self) -> None:
        """Show the document that is chosen, once it is made."""
        listed, opened = self.listed, self.session.opened
        self._set_buttons()
        if listed is None or opened is None or self.available is None:
            return
        path = self._made.get(listed.key)
        if path is not None:
            self._show(listed, path)
        elif self._making is None:
            self._make(listed)
        else:
            self.preview.say(f"{listed.title}", "It is being made.")

    def _make(self, listed: Listed) -> None:
        found, opened = self.available, self.session.opened
        if found is None or opened is None or self._folder is None:
            return
        # workings have every line of the ledger, which may be a million: they are made when they are asked for
        keys = tuple(each.key for each in found.listed if each.kind != WORKINGS)
        wanted = (listed.key,) if listed.kind == WORKINGS else keys
        self.preview.say(listed.title, "It is being made, from the ledger as it stands now.")
        self.progress.begin("Making the statements…" if len(wanted) > 1 else "Making the workings…")
        self._making = self.session.aside(
            make_documents,
            opened.where,
            found.settlement.period,
            wanted,
            self.look,
            self._folder.path(),
            done=self._are_made,
            failed=self._not_made,
            progressed=self.progress.show_progress,
            cancelled=self._was_called_off,
        )

    def _are_made(self, made: dict[str, str]) -> None:
        self._making = None
        self.progress.end()
        self._made.update(made)
        self._look_at()

    def _not_made(self, failure: Failure) -> None:
        self._making = None
        self.progress.end()
        self.preview.say("The statements could not be made", failure.sentence)
        self.tell("The statements could not be made", failure)

    def _was_called_off(self) -> None:
        self._making = None
        self.progress.end()
        self.preview.say("It was called off", "Choose the document again to have it made.")
        self.choices.choose_none()
        self._set_buttons()

    def _call_off(self) -> None:
        for job in (self._making, self._printing):
            if job is not None:
                job.cancel()
                self.progress.say("Calling it off…")

    def _show(self, listed: Listed, path: str) -> None:
        awaited, self._awaited = self._awaited, None
        goal = awaited.goal if awaited is not None and awaited.key == listed.key else Goal(0)
        if listed.is_table:
            self.preview.show_csv(path, listed.title)
        else:
            self.preview.show_pdf(path, listed.title, goal, listed.key)
        self._set_buttons()

    def _set_buttons(self) -> None:
        listed = self.listed
        made = self._made.get(listed.key) if listed is not None else None
        is_pdf = made is not None and listed is not None and not listed.is_table
        for each in (self.choices.write_button, self.choices.months_button, self.choices.many_button):
            each.setEnabled(self.available is not None)
        self.choices.print_button.setEnabled(is_pdf and self._printing is None)
        why = "" if is_pdf else "A table for another ledger is written to a file, not printed"
        self.choices.print_button.setToolTip(why if made is not None else "")
        self.choices.open_button.setEnabled(made is not None)
        is_table = listed is not None and listed.is_table
        self.choices.open_button.setText("&Open in your spreadsheet" if is_table else "&Open in your PDF reader")
        self.choices.folder_button.setEnabled(bool(self._written_to or self.session.preferences.statements_folder))

    def tell(self, heading: str, failure: Failure) -> None:
        """Say what went wrong."""
        self.failure.say_failure(heading, failure)

    # Writing

    def write_dialog(self, *, every_month: bool = False) -> WriteDialog | None:
        """The dialog that writes them; None while there is nothing to write."""
        if self.available is None:
            return None
        settlement = self.available.settlement
        partners = settlement.agreement.partners
        return self._telling(
            WriteDialog(self.session, settlement.period, partners, self.look, self, every_month=every_month)
        )

    def many_dialog(self) -> ManyDialog | None:
        """The dialog that writes statements of several ledgers; None while there is nothing to write."""
        if self.available is None:
            return None
        return self._telling(ManyDialog(self.session, self.available.settlement, self.look, self))

    def _telling(self, dialog: _Dialog) -> _Dialog:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.written.connect(self._are_written)
        return dialog

    def _open_dialog(self, make: Callable[[], QDialog | None]) -> None:
        if (dialog := make()) is not None:
            dialog.open()

    def _are_written(self, written: Written) -> None:
        self._written_to = written.folder
        self.written.say(written.heading, written.sentences)
        self.session.said.emit(f"{len(written.files)} files were written to {written.folder}")
        self._set_buttons()

    def open_folder(self) -> None:
        """Show the folder last written to, in the desktop's own program."""
        folder = self._written_to or self.session.preferences.statements_folder
        self._open(folder, "The folder cannot be shown")

    def open_file(self) -> None:
        """Open the document that is looked at in the desktop's own program."""
        path = self._made.get(self.chosen or "")
        if path is not None:
            self._open(path, "The file cannot be opened")

    def _open(self, path: str, heading: str) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(path)):
            sentence = f"The desktop has no program for {Path(path).name}, or it is not there any more."
            self.tell(heading, Failure(sentence, path))

    # Printing

    def open_print_dialog(self) -> None:
        """Ask for the printer, and print the document that is looked at."""
        listed = self.listed
        if listed is None or listed.is_table or listed.key not in self._made:
            return
        QDialog.open(print_dialog(listed.title, self.preview.view.page_count, self, self.print_on))

    def print_on(self, printer: QPrinter) -> None:
        """Print the document that is looked at."""
        self.progress.begin("Printing…")
        self._printing = self.drawer.run(
            lambda job: print_pages(self.drawer, printer, job),
            self._is_printed,
            self._not_printed,
            self.progress.show_progress,
            self._print_called_off,
        )
        self._set_buttons()

    def _is_printed(self, pages: int) -> None:
        self._end_printing()
        self.session.said.emit(f"{pages} page{'s were' if pages != 1 else ' was'} sent to the printer")

    def _not_printed(self, failure: Failure) -> None:
        self._end_printing()
        self.tell("It was not printed", failure)

    def _print_called_off(self) -> None:
        self._end_printing()
        self.session.said.emit("Printing was called off")

    def _end_printing(self) -> None:
        self._printing = None
        self.progress.end()
        self._set_buttons()

    # The way here and back

    def visit(self, target: object) -> None:
        """Show a period's statements, or the document and page where the person was."""
        if isinstance(target, links.PeriodOf):
            self.session.choose(target.period, outturn=self.session.outturn)
        elif isinstance(target, Spot):
            if not self._is_stale and self.preview.is_showing(target.key):
                self.preview.go_to(target.goal)
                self._leads_into_it = True
                return
            self._awaited = target
            keys = [] if self.available is None else [each.key for each in self.available.listed]
            if target.key in keys and not self._is_stale:
                if self.chosen == target.key:
                    self._look_at()
                else:
                    self.choices.list.setCurrentRow(keys.index(target.key))

    def place(self) -> object:
        """The document that is looked at, and the place in it."""
        view = self.preview.view
        return Spot(self.chosen, view.page, view.down) if self.chosen else self._awaited

    def _follow_link(self, goal: Goal) -> None:
        """Go on to where a link of the document leads; the way back is the window's."""
        if self.chosen is not None:
            self.follow(self.key, Spot(self.chosen, goal.page, goal.down))

    def first_focus(self) -> QWidget | None:
        """The list of documents; the document, where a link of it was followed."""
        into, self._leads_into_it = self._leads_into_it, False
        return self.preview.shown if into else self.choices.list

    def dialogs(self) -> Iterable[Callable[[], QDialog]]:
        """The dialogs that write statements: for this period, for every month, of several ledgers."""

        def shown(make: Callable[[], QDialog | None]) -> QDialog:
            dialog = make()
            assert dialog is not None  # noqa: S101  there is something to write
            return dialog

        makers = (self.write_dialog, partial(self.write_dialog, every_month=True), self.many_dialog)
        return () if self.available is None else tuple(partial(shown, make) for make in makers)


def _press(does: Callable[[], None], _checked: bool = False) -> None:  # noqa: FBT001, FBT002  a signal has no keywords
    does()
