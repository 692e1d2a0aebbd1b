"""How a document is set: its types, its colour, its levels of headings, and which names links can lead to."""

from dataclasses import dataclass, field

from settlement.statements.document import Document, Heading, Row, RowKind, Table
from settlement.statements.pdf.tags import Element, Headings
from settlement.statements.pdf.text import BOLD, REGULAR, Style, one_line, width
from settlement.statements.pdf.text_scripts import DIRECTION_MARKS
from settlement.statements.pdf.units import GREY, Colour, Op, Rule, Text, accent_of

BODY = Style(REGULAR, 9.3)
BODY_BOLD = Style(BOLD, 9.3)
LABEL = Style(REGULAR, 8.6, GREY)
UNDERLINE, BELOW = 0.4, 1.5  # a link's line: its thickness, and how far beneath the baseline


@dataclass(slots=True)
class Setting:
    """One document's. `sect` is the element that its blocks are under at the moment."""

    accent: Colour
    anchors: frozenset[str]
    sect: Element
    headings: Headings = field(default_factory=Headings)
    linked: dict[Style, Style] = field(default_factory=dict)
    below: int = 0
    """How many levels of headings are above a heading of level 2."""

    @property
    def underline(self) -> Colour:
        """The colour of the line beneath a link: that of the house, lighter."""
        red, green, blue = (round(1 - (1 - part) * 0.45, 3) for part in self.accent)
        return red, green, blue

    def coloured(self, font: str, size: float) -> Style:
        """A type in the colour of the house."""
        return Style(font, size, self.accent)

    def link(self, style: Style) -> Style:
        """The type of a link among texts of this one."""
        if style not in self.linked:
            self.linked[style] = Style(style.font, style.size, self.accent)
        return self.linked[style]

    def leads(self, anchor: str) -> bool:
        """Whether the document has the place that a link names."""
        return anchor in self.anchors

    def lines(
        self, x: float, y: float, style: Style, texts: tuple[str, ...], element: Element, goes_to: str = ""
    ) -> list[Op]:
        """Lines beneath each other from this baseline on, all of them a link if they lead anywhere."""
        ops: list[Op] = []
        if self.leads(goes_to):
            element, style = self.link_under(element, goes_to), self.link(style)
        for place, text in enumerate(texts):
            ops += self.line(x, y + style.leading * place, style, text, element)
        return ops

    def link_under(self, element: Element, goes_to: str) -> Element:
        """The link that is all of an element's content."""
        return Element("Link", element, goes_to=goes_to)

    def line(self, x: float, y: float, style: Style, text: str, element: Element) -> list[Op]:
        """A line; that of a link is underlined."""
        ops: list[Op] = [Text(x, y, style, text, element)]
        if element.goes_to:
            wide = width(text.rstrip(" "), style)
            ops.append(Rule(x, y + BELOW, wide, UNDERLINE, self.underline))
        return ops


def setting_of(document: Document, sect: Element) -> Setting:
    """How this document is set."""
    return Setting(accent_of(document.look), anchors_of(document), sect)


def anchors_of(document: Document) -> frozenset[str]:
    """The names that links can lead to."""
    found = {section.anchor for section in document.sections}
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Heading | Table):
                found.add(block.anchor)
            if isinstance(block, Table):
                found.update(row.anchor for row in block.rows)
    return frozenset(found - {""})


def apart(text: str, lines: tuple[str, ...]) -> tuple[str, ...]:
    """Lines as they are drawn: one that was broken at a space ends with it, so that words are heard apart."""
    if len(lines) < 2:  # noqa: PLR2004  one line is as it is
        return lines
    text = one_line(text)
    found = []
    place = 0
    for line in lines:
        plain = line.strip(DIRECTION_MARKS)
        begins = text.find(plain, place)
        if begins >= 0:
            place = begins + len(plain)
        spaced = begins >= 0 and text[place : place + 1] == " "
        found.append(f"{line} " if spaced else line)
    return tuple(found)


def is_sum(row: Row) -> bool:
    """Whether a row is a sum of those above it."""
    return row.kind in {RowKind.SUBTOTAL, RowKind.TOTAL}
