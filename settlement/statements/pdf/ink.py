"""What is drawn on a page, as PDF operators: all of a page at once, each text marked with the element it belongs to.

These are the operators of ISO 32000-1 for text, lines and fills, and 14.6 for marked content. What is no content
(rules, shades, the running head, what is repeated from page to page) is marked as an artefact.
"""

from settlement.statements.pdf.fonts import Fonts
from settlement.statements.pdf.links import Links
from settlement.statements.pdf.tags import Element, Tags
from settlement.statements.pdf.text import Style, width
from settlement.statements.pdf.units import Colour

_NO_ELEMENT = Element("Artifact")
_RISES, _FALLS = 0.78, 0.22  # of a type's size, above and below its baseline: what a link takes


class Ink:
    """Collects a page's operators: shades lie lowest, then rules, then texts and pictures in reading order."""

    def __init__(self, fonts: Fonts, tags: Tags, links: Links) -> None:
        """For one document: a character is embedded once, on whatever pages it stands."""
        self.fonts = fonts
        self.tags = tags
        self._links = links
        self.begin(0)

    def begin(self, page: int) -> None:
        """Begin a page, of this number among the file's objects."""
        self.page = page
        self.texts: list[str] = []
        self.elements: list[int] = []
        """The numbers of the elements that the page's marked content belongs to, in its order."""
        self._beneath: list[str] = []
        self._shades: list[str] = []
        self._rules: dict[tuple[float, Colour], list[str]] = {}
        self._style: Style | None = None
        self._open: Element | None = None
        self._boxes: list[tuple[float, float, float, float]] = []
        self._said: list[str] = []

    # Texts

    def text(self, x: float, y: float, style: Style, text: str, element: Element | None = None) -> None:
        """A line of text from the left end of its baseline, as content of the element or of none."""
        element = element or _NO_ELEMENT
        if element is not self._open:
            self._mark(element)
        self.use(style)
        self.texts.append(f"1 0 0 1 {x:.2f} {y:.2f} Tm {self.fonts.show(style.font, style.size, text)}")
        if element.goes_to:
            right = x + width(text.rstrip(" "), style)
            self._boxes.append((x, y - _FALLS * style.size, right, y + _RISES * style.size))
            self._said.append(text)

    def use(self, style: Style) -> None:
        """Set the type for the texts that follow."""
        if style is not self._style:
            red, green, blue = style.colour
            self.texts.append(f"{red:g} {green:g} {blue:g} rg {self.fonts.name(style.font)} {style.size:g} Tf")
            self._style = style

    def close(self) -> None:
        """End the marked content that is open."""
        if self._open is None:
            return
        self.texts.append("EMC")
        if self._open.goes_to:
            self._links.lead(self._open, self.page, self._boxes, "".join(self._said))
            self._boxes, self._said = [], []
        self._open = None

    def _mark(self, element: Element) -> None:
        """What is drawn from here on is content of this element, until another's is."""
        self.close()
        self._open = element
        if element is _NO_ELEMENT:
            self.texts.append("/Artifact BMC")
        else:
            self.texts.append(f"/{element.tag}<</MCID {self._holds(element)}>>BDC")

    def _holds(self, element: Element) -> int:
        marked = len(self.elements)
        self.elements.append(self.tags.number(element))
        element.holds(self.page, marked)
        return marked

    # Pictures, rules and shades

    def figure(self, element: Element, operators: str) -> None:
        """A picture as one piece of content, whatever it is made of."""
        self.close()
        marked = self._holds(element)
        self.texts.append(f"ET /Figure<</MCID {marked}>>BDC q\n{operators}\nQ EMC BT")

    def running(self, subtype: str) -> None:
        """What is drawn from here on runs from page to page: `Header` or `Footer`."""
        self.close()
        self._open = _NO_ELEMENT
        self.texts.append(f"/Artifact<</Type/Pagination/Subtype/{subtype}>>BDC")

    def beneath(self, operators: str) -> None:
        """Something behind all else on the page, marked already."""
        self._beneath.append(operators)

    def rule(self, x: float, y: float, width: float, thickness: float, colour: Colour) -> None:
        """A horizontal rule."""
        segments = self._rules.setdefault((thickness, colour), [])
        segments.append(f"{x:.2f} {y:.2f} m {x + width:.2f} {y:.2f} l")

    def shade(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        """A filled rectangle."""
        red, green, blue = colour
        self._shades.append(f"{red:g} {green:g} {blue:g} rg {x:.2f} {y:.2f} {width:.2f} {height:.2f} re f")

    def take(self) -> str:
        """The page's operators."""
        self.close()
        rules = [
            f"{red:g} {green:g} {blue:g} RG {thickness:g} w {' '.join(segments)} S"
            for (thickness, (red, green, blue)), segments in self._rules.items()
        ]
        lowest = ["/Artifact BMC q", *self._shades, *rules, "Q EMC"]
        return "\n".join([*self._beneath, *lowest, "BT", *self.texts, "ET"])
