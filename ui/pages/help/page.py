"""The Help page: the guide, the sheet of shortcuts, about the program."""

from typing import ClassVar

from PySide6.QtCore import QEvent, Qt, QUrl
from PySide6.QtGui import QAction, QGuiApplication, QTextCursor, QTextTable
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QSplitter,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from ui import links
from ui.guide.reading import ORDER, search, topic_of
from ui.links import Topic
from ui.page import Page
from ui.pages import PLACE_OF
from ui.pages.help.libraries import Library, libraries
from ui.pages.help.sheets import ABOUT, LICENCE, SHORTCUTS, about_markdown, shortcuts_markdown
from ui.session import Session
from ui.support import program_details
from ui.widgets import button, chars, labelled, lines, row, words

_OTHERS = ((SHORTCUTS, "Keyboard shortcuts"), (ABOUT, "About S75 Settlement"))
_NAME = Qt.ItemDataRole.UserRole
_PAGE = "page"
"""The scheme of a link that leads to a page of the program: `page:ledger`."""

_FIRST_WIDTH, _TEXT_WIDTH = 34, 96  # characters


class HelpPage(Page):
    """Topics at the left, found by their words; the text of one at the right."""

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
        self.list = QListWidget()
        self.list.setAccessibleName("Topics")
        self.list.setWordWrap(True)
        self.list.currentItemChanged.connect(self._open_item)
        self.list.itemActivated.connect(lambda _item: self.text.setFocus())
        self.none_found = words("No topic has all these words.")
        self.none_found.hide()
        self.text: _Text = _Text()
        self.text.anchorClicked.connect(self._follow_anchor)
        self.to_page = button("", self._go_to_page)
        self.copy_details = button("&Copy details", self._copy_details, name="Copy the details for support")
        self._lay_out()
        self._search()
        self.show_topic(self._shown)

    def _lay_out(self) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(9, 9, 0, 9)
        column.addWidget(labelled("&Search the guide", self.looked_for))
        column.addWidget(self.looked_for)
        column.addWidget(self.list, stretch=1)
        column.addWidget(self.none_found)
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
        """Show a topic, the shortcuts, about, or the text of a licence (`licence:NAME`)."""
        if name.startswith(LICENCE):
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
        self._mark(name)

    def _mark(self, name: str) -> None:
        self.list.blockSignals(True)  # noqa: FBT003  Qt's
        for at in range(self.list.count()):
            if self.list.item(at).data(_NAME) == name:
                self.list.setCurrentRow(at)
        self.list.blockSignals(False)  # noqa: FBT003  Qt's

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
        wanted = self.looked_for.text()
        self.list.blockSignals(True)  # noqa: FBT003  Qt's
        self.list.clear()
        for found in search(wanted):
            text = f"{found.topic.title}\n{found.excerpt}" if found.excerpt else found.topic.title
            self._add(text, found.topic.name)
        for name, title in _OTHERS:
            if all(word in title.casefold() for word in wanted.casefold().split()):
                self._add(title, name)
        self.list.blockSignals(False)  # noqa: FBT003  Qt's
        self.none_found.setVisible(not self.list.count())
        self._mark(self._shown)

    def _add(self, text: str, name: str) -> None:
        item = QListWidgetItem(text)
        item.setData(_NAME, name)
        self.list.addItem(item)

    def _open_item(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.show_topic(str(item.data(_NAME)))
            self.text.show_words(self.looked_for.text())

    def _open_first(self) -> None:
        if self.list.count():
            self.list.setCurrentRow(0)
            self._open_item(self.list.item(0))
            self.text.setFocus()

    def _follow_anchor(self, url: QUrl) -> None:
        told = url.toString()
        if url.scheme() == _PAGE:
            self.follow(url.path())
        elif told.startswith(LICENCE):
            self.follow(links.HELP, Topic(told))
        else:
            # through the window, so that Alt+Left comes back to this topic
            self.follow(links.HELP, Topic(told.partition("#")[0].removesuffix(".md")))

    def _go_to_page(self) -> None:
        self.follow(self._shown)

    def _copy_details(self) -> None:
        QGuiApplication.clipboard().setText(program_details())
        self.session.said.emit("The details are on the clipboard.")


class _Text(QTextBrowser):
    """The text of a topic, in the window's own colours and size; it never loads anything from anywhere."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._markdown = ""
        self.setAccessibleName("The text of the topic")
        self.setOpenLinks(False)
        self.setFrameShape(QFrame.Shape.StyledPanel)

    def show_markdown(self, text: str) -> None:
        """Show it, from the top unless it is shown already."""
        at = self.verticalScrollBar().value() if text == self._markdown else 0
        self._markdown = text
        self.document().setDefaultFont(self.font())
        self.document().setDocumentMargin(lines(self, 1))
        self.setMarkdown(text)
        for frame in self.document().rootFrame().childFrames():
            if isinstance(frame, QTextTable):
                self._dress(frame)
        self.moveCursor(QTextCursor.MoveOperation.Start)
        self.verticalScrollBar().setValue(at)

    def show_plain(self, title: str, text: str) -> None:
        """Show a text as it is, under a title."""
        self._markdown = ""
        self.setPlainText(f"{title}\n\n{text}")

    def show_words(self, text: str) -> None:
        """Go to the first of the words."""
        first = text.split()[:1]
        if first:
            self.moveCursor(QTextCursor.MoveOperation.Start)
            self.find(first[0])

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        """Be drawn again in the new colours and size."""
        super().changeEvent(event)
        # Qt tells of a change while the widget is still being made
        is_made = hasattr(self, "_markdown")
        if is_made and self._markdown and event.type() in {QEvent.Type.PaletteChange, QEvent.Type.FontChange}:
            self.show_markdown(self._markdown)

    def _dress(self, table: QTextTable) -> None:
        """No lines, and room around the cells, which Markdown cannot ask for."""
        shape = table.format()
        shape.setBorder(0)
        shape.setCellPadding(lines(self, 1) // 3)
        shape.setCellSpacing(0)
        shape.setTopMargin(lines(self, 1) // 2)
        shape.setBottomMargin(lines(self, 1) // 2)
        table.setFormat(shape)
