"""The Help page: the guide, the sheet of shortcuts, about the program."""

from typing import ClassVar

from PySide6.QtCore import QUrl
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QListWidgetItem, QSplitter, QVBoxLayout, QWidget

from ui import links
from ui.guide import book
from ui.guide.reading import ORDER, topic_of
from ui.links import Topic
from ui.page import Page
from ui.pages import PLACE_OF
from ui.pages.help.contents import Contents
from ui.pages.help.libraries import Library, libraries
from ui.pages.help.sheets import ABOUT, LICENCE, SHORTCUTS, about_markdown, shortcuts_markdown
from ui.pages.help.text import TopicText
from ui.session import Session
from ui.support import program_details
from ui.widgets import button, chars, labelled, row, words

_PAGE = "page"
"""The scheme of a link that leads to a page of the program: `page:ledger`."""

_FIRST_WIDTH, _TEXT_WIDTH = 34, 96  # characters


class HelpPage(Page):
    """Topics and the pages of the book at the left, found by their words; the text of one at the right."""

    key: ClassVar[str] = links.HELP
    title: ClassVar[str] = "Help"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        """At the first topic."""
        super().__init__(session, parent)
        self._shown = ORDER[0]
        self._made_with: tuple[Library, ...] | None = None
        self._asked = False
        self.looked_for = QLineEdit()
        self.looked_for.setPlaceholderText("Words of the guide")
        self.looked_for.setClearButtonEnabled(True)
        self.looked_for.textChanged.connect(self._search)
        self.looked_for.returnPressed.connect(self._open_first)
        self.list = Contents()
        self.list.currentItemChanged.connect(self._open_item)
        self.list.itemActivated.connect(lambda _item: self.text.setFocus())
        self.none_found = words("No topic has all these words.")
        self.none_found.hide()
        self.no_book = words(
            "This copy of the program came without the guide’s own pages. What each page is for is above; the whole "
            "guide is in the folder “docs” of the program’s source."
        )
        self.no_book.setVisible(not book.sections())
        self.text: TopicText = TopicText()
        self.text.anchorClicked.connect(self._follow_anchor)
        self.to_page = button("", self._go_to_page)
        self.copy_details = button("&Copy details", self._copy_details, name="Copy the details for support")
        self._lay_out()
        self.show_topic(self._shown)

    def _lay_out(self) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(9, 9, 0, 9)
        column.addWidget(labelled("&Search the guide", self.looked_for))
        column.addWidget(self.looked_for)
        column.addWidget(self.list, stretch=1)
        column.addWidget(self.none_found)
        column.addWidget(self.no_book)
        right = QWidget()
        beside = QVBoxLayout(right)
        beside.setContentsMargins(0, 9, 9, 9)
        beside.addWidget(self.text, stretch=1)
        beside.addLayout(row(self.to_page, self.copy_details))
        parts = QSplitter()
        parts.setChildrenCollapsible(False)
        parts.addWidget(left)
        parts.addWidget(right)
        parts.setStretchFactor(1, 1)
        parts.setSizes([chars(self, _FIRST_WIDTH), chars(self, _TEXT_WIDTH)])
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(parts)

    # The page

    def refresh(self) -> None:
        """Show the text again: its size and colours may be others."""
        self.show_topic(self._shown)

    def visit(self, target: object) -> None:
        """Open a topic, the shortcuts, or about."""
        name = target.name if isinstance(target, Topic) else target
        if isinstance(name, str):
            self.looked_for.clear()
            self.show_topic(name)

    def place(self) -> object:
        """The topic that is open."""
        return Topic(self._shown)

    def first_focus(self) -> QWidget | None:
        """The text: the arrow keys scroll it, Tab goes from link to link."""
        return self.text

    # What is shown

    def show_topic(self, name: str) -> None:
        """Show a topic, the shortcuts, about, a page of the book (`book:PATH#HEADING`), a licence (`licence:NAME`)."""
        page = book.page_of(name)
        if page is not None:
            self.text.show_page(page, book.heading_of(name))
        elif name.startswith(book.BOOK) and (file := book.file_of(name)) is not None:
            self.text.show_plain(file.name, file.read_text(encoding="utf-8"))
        elif name.startswith(LICENCE):
            self._show_licence(name.removeprefix(LICENCE))
        elif name == SHORTCUTS:
            self.text.show_markdown(shortcuts_markdown(self._actions()))
        elif name == ABOUT:
            self._look_at_libraries()
            self.text.show_markdown(about_markdown(program_details(), self._made_with))
        else:
            topic = topic_of(name)
            name = topic.name
            self.text.show_markdown(topic.text)
        self._shown = name
        place = PLACE_OF.get(name)
        self.to_page.setVisible(place is not None and name != links.HELP)
        if place is not None:
            self.to_page.setText(f"Go to the {place.title} pa&ge")
            can_go = self.session.opened is not None or not place.needs_ledger
            self.to_page.setEnabled(can_go)
            self.to_page.setToolTip("" if can_go else "Open a ledger first.")
        self.copy_details.setVisible(name == ABOUT)
        self.list.mark(name)

    def _show_licence(self, name: str) -> None:
        known = next((each for each in self._made_with or () if each.name == name), None)
        text = "" if known is None else known.text
        self.text.show_plain(
            name, text or f"{name} comes without the text of its licence; its record says which it is."
        )

    def _actions(self) -> list[QAction]:
        menus = getattr(self.window(), "menus", None)
        return [] if menus is None else list(menus.all_actions())

    def _look_at_libraries(self) -> None:
        if not self._asked:
            self._asked = True
            self.session.asides.start(lambda _job: libraries(), self._show_libraries, lambda _failure: None)

    def _show_libraries(self, found: tuple[Library, ...]) -> None:
        self._made_with = found
        if self._shown == ABOUT:
            self.show_topic(ABOUT)

    # What the person does

    def _search(self) -> None:
        self.list.show_found(self.looked_for.text())
        self.none_found.setVisible(not self.list.count())
        self.list.mark(self._shown)

    def _open_item(self, item: QListWidgetItem | None) -> None:
        name = "" if item is None else self.list.name_of(item)
        if name:
            self.show_topic(name)
            if not book.heading_of(name):
                self.text.show_words(self.looked_for.text())

    def _open_first(self) -> None:
        first = self.list.first()
        if first is not None:
            self.list.setCurrentItem(first)
            self._open_item(first)
            self.text.setFocus()

    def _follow_anchor(self, url: QUrl) -> None:
        told = url.toString()
        # through the window, so that Alt+Left comes back to this topic
        if url.scheme() == _PAGE:
            self.follow(url.path())
        elif told.startswith((LICENCE, book.BOOK)):
            self.follow(links.HELP, Topic(told))
        elif url.scheme():
            QGuiApplication.clipboard().setText(told)
            self.session.said.emit("The program opens nothing outside itself: the address is on the clipboard.")
        elif self._shown.startswith(book.BOOK):
            self.follow(links.HELP, Topic(book.linked(self._shown, told)))
        else:
            self.follow(links.HELP, Topic(told.partition("#")[0].removesuffix(".md")))

    def _go_to_page(self) -> None:
        self.follow(self._shown)

    def _copy_details(self) -> None:
        QGuiApplication.clipboard().setText(program_details())
        self.session.said.emit("The details are on the clipboard.")
