"""The fonts of one PDF: a code for each character that is drawn, and the fonts embedded with what was drawn of them.

ReportLab reads the fonts and cuts the subsets. They are written here: as symbolic TrueType fonts whose one map of
characters is their own, each code with its width and, in `ToUnicode`, what it says, as PDF/A and PDF/UA ask (ISO
19005-2, 6.2.11).
"""

import zlib
from functools import lru_cache

from reportlab.pdfbase.pdfmetrics import getFont
from reportlab.pdfbase.ttfonts import SUBSETN

from settlement.statements.pdf.file import PdfFile, escaped, text_string
from settlement.statements.pdf.text import BOLD, REGULAR, runs, spoken

# They are in the first subset of every document, whatever it says first: the same subset is then cut only once.
_COMMON = "£–—’‘“”·•…éáíóúâêîôûŵŷÂÊÎÔÛŴŶ"
_SYMBOLIC, _NONSYMBOLIC = 4, 32
_SPACE = 32
_CODES = 256
_CONTROLS = dict.fromkeys((*range(_SPACE), 127), "\N{REPLACEMENT CHARACTER}")  # a font may have them, as nothing
_OCTAL = {code: f"\\{code:03o}" for code in range(_CODES) if not _SPACE <= code < 127}  # noqa: PLR2004  printable ASCII
_OCTAL |= {ord("("): "\\(", ord(")"): "\\)", ord("\\"): "\\\\"}


class Fonts:
    """The fonts of one document. ReportLab keeps the codes that it gives out by this object."""

    def __init__(self, file: PdfFile) -> None:
        """The resource dictionary of all pages gets its number now."""
        self._file = file
        self._names: dict[tuple[str, int], str] = {}
        self._shown: dict[tuple[str, str], str] = {}
        self.resources = file.number()
        for font in (REGULAR, BOLD):
            getFont(font).splitString(_COMMON, self)
            self.name(font)

    def name(self, font: str, subset: int = 0) -> str:
        """The name by which a page calls a font's subset: `/F0`."""
        key = (font, subset)
        if key not in self._names:
            self._names[key] = f"/F{len(self._names)}"
        return self._names[key]

    def show(self, font: str, size: float, text: str) -> str:
        """The operators that draw a text; afterwards the font and size are as before."""
        if text.isascii() and text.isprintable():
            return f"({escaped(text)})Tj"  # the first subset of a font has ASCII at its own codes
        if text.endswith(" "):  # of a line that goes on: after it, whichever way the line is written
            return f"{self.show(font, size, text[:-1])} ( )Tj"
        key = (font, text)
        if key not in self._shown:
            self._shown[key] = self._operators(font, text)
        shown = self._shown[key]
        return shown.replace("\0", f"{size:g}") if "\0" in shown else shown

    def _operators(self, font: str, text: str) -> str:
        """The operators, with a NUL for the size. What is drawn otherwise than it is said says what it says."""
        own = self.name(font)
        operators: list[str] = []
        current = own
        for name, drawn in runs(text.translate(_CONTROLS), font):
            for subset, codes in getFont(name).splitString(drawn, self):
                resource = self.name(name, subset)
                if resource != current:
                    operators.append(f"{resource} \0 Tf")
                    current = resource
                operators.append(f"({codes.decode('latin-1').translate(_OCTAL)})Tj")
        if current != own:
            operators.append(f"{own} \0 Tf")
        shown = " ".join(operators)
        said = spoken(text)
        return shown if said is None else f"/Span<</ActualText {text_string(said)}>>BDC {shown} EMC"

    def finish(self, image: str = "") -> None:
        """Embed what was drawn; an image is an entry of the same resources."""
        names = [f"{name} {self._embed(font, subset)} 0 R" for (font, subset), name in self._names.items()]
        self._file.put(self.resources, f"<</Font<<{''.join(names)}>>{image}>>")

    def _embed(self, font: str, subset: int) -> int:
        file = self._file
        codes = tuple(getFont(font).state[self].subsets[subset])
        name, font_entries, descriptor_entries, length, program, unicode_map = _embedded(font, subset, codes)
        stream = file.number()
        file.put_raw_stream(stream, program, f"/Length1 {length}/Filter/FlateDecode")
        descriptor = file.add(f"<</Type/FontDescriptor/FontName/{name}{descriptor_entries}/FontFile2 {stream} 0 R>>")
        mapped = file.number()
        file.put_raw_stream(mapped, unicode_map, "/Filter/FlateDecode")
        return file.add(
            f"<</Type/Font/Subtype/TrueType/BaseFont/{name}{font_entries}/FontDescriptor {descriptor} 0 R"
            f"/ToUnicode {mapped} 0 R>>"
        )


_Embedded = tuple[str, str, str, int, bytes, bytes]


@lru_cache(maxsize=24)
def _embedded(font: str, subset: int, codes: tuple[int, ...]) -> _Embedded:
    """A subset's name, entries of its dictionaries, its program with its length before compression, and its map."""
    face = getFont(font).face
    name = f"{SUBSETN(subset).decode('ascii')}+{face.name.decode('ascii')}"
    program = bytes(face.makeSubset(list(codes)))
    widths = " ".join(f"{face.charWidths.get(code, face.defaultWidth):g}" for code in codes)
    bounds = " ".join(f"{each:g}" for each in face.bbox)
    font_entries = f"/FirstChar 0/LastChar {len(codes) - 1}/Widths[{widths}]"
    flags = face.flags & ~_NONSYMBOLIC | _SYMBOLIC
    descriptor_entries = (
        f"/Flags {flags}/FontBBox[{bounds}]/ItalicAngle {face.italicAngle:g}/Ascent {face.ascent:g}"
        f"/Descent {face.descent:g}/CapHeight {face.capHeight:g}/StemV {face.stemV:g}"
        f"/MissingWidth {face.defaultWidth:g}"
    )
    unicode_map = _to_unicode(name, codes).encode("ascii")
    return name, font_entries, descriptor_entries, len(program), zlib.compress(program), zlib.compress(unicode_map)


def _to_unicode(name: str, codes: tuple[int, ...]) -> str:
    """What each code says. Codes that stand for nothing have no entry: none says U+0000."""
    pairs = [
        f"<{place:02X}> <{chr(code).encode('utf-16-be').hex().upper()}>"
        for place, code in enumerate(codes)
        if code and (place == _SPACE or code != _SPACE)
    ]
    blocks = [pairs[start : start + 100] for start in range(0, len(pairs), 100)]  # no more in one, says the standard
    lines = [
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        f"/CMapName /{name.replace('+', '-')} def /CMapType 2 def",
        "1 begincodespacerange <00> <FF> endcodespacerange",
        *(f"{len(block)} beginbfchar\n{chr(10).join(block)}\nendbfchar" for block in blocks),
        "endcmap CMapName currentdict /CMap defineresource pop end end",
    ]
    return "\n".join(lines)
