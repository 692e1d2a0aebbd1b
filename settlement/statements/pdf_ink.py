"""What is drawn on a page, as PDF operators: all of a page at once, which is twice as fast as one by one.

ReportLab keeps the fonts, their subsets and the file; these are the operators of ISO 32000 for text, lines and fills.
"""

from reportlab.pdfbase.pdfmetrics import getFont
from reportlab.pdfgen.canvas import Canvas

from settlement.statements.pdf_text import Style, runs
from settlement.statements.pdf_units import Colour

_ESCAPES = str.maketrans({"\\": "\\\\", "(": "\\(", ")": "\\)"})


class Ink:
    """Collects a page's operators: shades lie lowest, then rules, then text."""

    def __init__(self, canvas: Canvas) -> None:
        """For one document: a character is embedded once, on whatever pages it stands."""
        self._canvas = canvas
        self._shades: list[str] = []
        self._rules: dict[tuple[float, Colour], list[str]] = {}
        self._texts: list[str] = []
        self._now: Style | None = None
        self._drawn: dict[tuple[str, str], list[tuple[str, str]]] = {}

    def text(self, x: float, y: float, style: Style, text: str) -> None:
        """A line of text from the left end of its baseline."""
        write = self._texts.append
        if style is not self._now:
            red, green, blue = style.colour
            write(f"{red:g} {green:g} {blue:g} rg {self._font(style.font, 0)} {style.size:g} Tf")
            self._now = style
        if text.isascii() and text.isprintable():
            # the first subset of a font has ASCII at its own codes
            write(f"1 0 0 1 {x:.2f} {y:.2f} Tm ({text.translate(_ESCAPES)}) Tj")
            return
        write(f"1 0 0 1 {x:.2f} {y:.2f} Tm {self._shown(style, text)}")
        self._now = None

    def rule(self, x: float, y: float, width: float, thickness: float, colour: Colour) -> None:
        """A horizontal rule."""
        segments = self._rules.setdefault((thickness, colour), [])
        segments.append(f"{x:.2f} {y:.2f} m {x + width:.2f} {y:.2f} l")

    def shade(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        """A filled rectangle."""
        red, green, blue = colour
        self._shades.append(f"{red:g} {green:g} {blue:g} rg {x:.2f} {y:.2f} {width:.2f} {height:.2f} re f")

    def take(self) -> str:
        """The page's operators; the next page begins empty."""
        rules = [
            f"{red:g} {green:g} {blue:g} RG {thickness:g} w {' '.join(segments)} S"
            for (thickness, (red, green, blue)), segments in self._rules.items()
        ]
        page = "\n".join(["q", *self._shades, *rules, "BT", *self._texts, "ET", "Q"])
        self._shades, self._rules, self._texts, self._now = [], {}, [], None
        return page

    def _font(self, name: str, subset: int) -> str:
        return str(getFont(name).getSubsetInternalName(subset, self._canvas._doc))  # noqa: SLF001  as ReportLab does

    def _shown(self, style: Style, text: str) -> str:
        """The operators for a text with characters beyond ASCII, in as many fonts and subsets as it takes."""
        key = (style.font, text)
        if key not in self._drawn:
            shown = self._drawn[key] = []
            for font, piece in runs(text, style.font):
                for subset, codes in getFont(font).splitString(piece, self._canvas._doc):  # noqa: SLF001  its own call
                    escaped = self._canvas._escape(codes)  # noqa: SLF001
                    shown.append((self._font(font, subset), str(escaped)))
        return " ".join(f"{name} {style.size:g} Tf ({codes}) Tj" for name, codes in self._drawn[key])
