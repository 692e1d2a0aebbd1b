"""The text of a topic or a page of the book, as it is read: its links, its headings, its pictures."""

from PySide6.QtCore import QEvent, Qt, QUrl
from PySide6.QtGui import QImage, QTextBlock, QTextCursor, QTextDocument, QTextFormat, QTextTable
from PySide6.QtWidgets import QFrame, QTextBrowser, QWidget

from ui.guide.book import BOOK, file_of, linked, pictures_of, slug_of, without_pictures
from ui.guide.reading import Topic
from ui.widgets import lines

_CARD = "pictures/card-"
_ROOM = 3  # the document's margins and the scroll bar, in lines of text


class TopicText(QTextBrowser):
    """Shows Markdown in the window's own colours and size; it never loads anything from outside the program."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Empty."""
        super().__init__(parent)
        self._markdown = ""
        self._page: Topic | None = None
        self.setAccessibleName("The text of the topic")
        self.setOpenLinks(False)
        self.setFrameShape(QFrame.Shape.StyledPanel)

    def show_page(self, page: Topic, heading: str = "") -> None:
        """Show a page of the book, at a heading of it if one is named."""
        self._page = page
        missing = frozenset(name for name in pictures_of(page) if not _is_to_be_had(name))
        self._show(without_pictures(page, missing))
        if heading:
            self._go_to(heading)

    def show_markdown(self, text: str) -> None:
        """Show a text of the program's own, from the top unless it is shown already."""
        self._page = None
        self._show(text)

    def show_plain(self, title: str, text: str) -> None:
        """Show a text as it is, under a title."""
        self._markdown, self._page = "", None
        self.setPlainText(f"{title}\n\n{text}")

    def show_words(self, text: str) -> None:
        """Go to the first of the words."""
        first = text.split()[:1]
        if first:
            self.moveCursor(QTextCursor.MoveOperation.Start)
            self.find(first[0])

    def headings(self) -> dict[str, QTextBlock]:
        """Where each heading stands, by the name that links give it."""
        found: dict[str, QTextBlock] = {}
        seen: dict[str, int] = {}
        block = self.document().begin()
        while block.isValid():
            if block.blockFormat().headingLevel():
                slug = slug_of(block.text())
                again = seen.get(slug, 0)
                found[f"{slug}-{again}" if again else slug] = block
                seen[slug] = again + 1
            block = block.next()
        return found

    def _show(self, text: str) -> None:
        at = self.verticalScrollBar().value() if text == self._markdown else 0
        self._markdown = text
        self.document().setDefaultFont(self.font())
        self.document().setDocumentMargin(lines(self, 1))
        self.setMarkdown(text)
        for frame in self.document().rootFrame().childFrames():
            if isinstance(frame, QTextTable):
                self._dress(frame)
        self._dress_blocks()
        self.moveCursor(QTextCursor.MoveOperation.Start)
        self.verticalScrollBar().setValue(at)

    def _dress_blocks(self) -> None:
        """Room above headings, and a ground of its own for what is typed and printed."""
        ground, room = self.palette().alternateBase(), lines(self, 1)
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        block = self.document().begin()
        was_code = False
        while block.isValid():
            shape = block.blockFormat()
            is_code = shape.hasProperty(QTextFormat.Property.BlockCodeFence)
            if is_code or was_code or shape.headingLevel() > 1:
                if is_code:
                    shape.setBackground(ground)
                if is_code != was_code or not is_code:
                    shape.setTopMargin(room)
                cursor.setPosition(block.position())
                cursor.setBlockFormat(shape)
            was_code = is_code
            block = block.next()
        cursor.endEditBlock()

    def _go_to(self, heading: str) -> None:
        block = self.headings().get(heading)
        if block is None:
            return
        self.setTextCursor(QTextCursor(block))
        top = self.document().documentLayout().blockBoundingRect(block).top()
        self.verticalScrollBar().setValue(int(top) - lines(self, 1))

    def loadResource(self, kind: int, name: QUrl | str) -> object:  # noqa: N802  Qt's name
        """A picture of the book, as wide as the text at most; nothing else, and nothing from anywhere else."""
        url = name.toString() if isinstance(name, QUrl) else name
        if kind != QTextDocument.ResourceType.ImageResource.value or self._page is None:
            return None
        return _picture(linked(self._page.name, url), self.viewport().width() - lines(self, _ROOM))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        """Be drawn again in the new colours and size."""
        super().changeEvent(event)
        # Qt tells of a change while the widget is still being made
        is_made = hasattr(self, "_markdown")
        if is_made and self._markdown and event.type() in {QEvent.Type.PaletteChange, QEvent.Type.FontChange}:
            self.document().clear()  # pictures are drawn in the colours of then
            self._show(self._markdown)

    def _dress(self, table: QTextTable) -> None:
        """No lines, and room around the cells, which Markdown cannot ask for."""
        shape = table.format()
        shape.setBorder(0)
        shape.setCellPadding(lines(self, 1) // 3)
        shape.setCellSpacing(0)
        shape.setTopMargin(lines(self, 1) // 2)
        shape.setBottomMargin(lines(self, 1) // 2)
        table.setFormat(shape)


def _is_to_be_had(name: str) -> bool:
    """Whether the book has a picture, or the program can draw it."""
    if file_of(name) is not None:
        return True
    if not name.removeprefix(BOOK).startswith(_CARD):
        return False
    from ui.guide.cards import all_pictured  # noqa: PLC0415  reads every page of shapes: when one of them is opened

    return name.rpartition("/")[2].removesuffix(".png").removeprefix("card-") in all_pictured()


def _picture(name: str, width: int) -> QImage | None:
    """A picture of the book: the file that was drawn for it, or the card drawn now."""
    file = file_of(name)
    if file is None:
        from ui.guide.cards import picture  # noqa: PLC0415  a card needs the whole Risk share page

        image = picture(name.rpartition("/")[2], width) if name.removeprefix(BOOK).startswith(_CARD) else None
    else:
        image = QImage(str(file))
    if image is None or image.isNull():
        return None
    return image if image.width() <= width else image.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation)
