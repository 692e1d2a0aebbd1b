"""A PDF read back through its tags, as a reader that speaks it does: elements with texts, tables as rows of cells.

`read_tagged` answers the structure tree: each element with its tag, the text it and all within it have, its attributes
(`Scope`, `ColSpan`, `Summary`, `ListNumbering`, `Alt`, `Lang`, `ActualText`, `BBox`) and its children. `tables_of`
answers the tables alone, each as rows of texts, its column headings first; a group's heading is a row of one cell.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf

_INLINE = frozenset({"Link", "Span", "Reference"})
_TOLD = ("Alt", "Lang", "ActualText", "T")
_Key = tuple[tuple[int, int], int]  # a page's object and a number of marked content on it


@dataclass(frozen=True)
class Element:
    """An element of the structure tree. `text` is all that is said in it; `pages` are those it stands on, from 1."""

    tag: str
    text: str
    attributes: dict[str, object]
    children: list["Element"]
    pages: tuple[int, ...] = ()

    def all(self, *tags: str) -> Iterator["Element"]:
        """This element and all within it that have one of the tags, in reading order; all of them without a tag."""
        if not tags or self.tag in tags:
            yield self
        for child in self.children:
            yield from child.all(*tags)


@dataclass(frozen=True)
class Drawn:
    """A line of text as it stands on a page: the left end of its baseline, how wide it is, its size, in points."""

    x: float
    y: float
    width: float
    size: float
    text: str
    marked: int | None


@dataclass
class Marked:
    """What a page's content says in each piece of marked content, and what is said outside of any."""

    said: dict[int, str] = field(default_factory=dict)
    artefacts: list[str] = field(default_factory=list)
    unmarked: list[str] = field(default_factory=list)
    order: list[int] = field(default_factory=list)
    repeated: list[int] = field(default_factory=list)
    drawn: list[Drawn] = field(default_factory=list)


def read_tagged(path: Path) -> list[Element]:
    """The elements at the top of the structure tree: the one `Document`."""
    return list(_read(path.read_bytes()))


@lru_cache(maxsize=8)  # of one file tables, headings and texts are asked for one after another
def _read(data: bytes) -> list[Element]:
    with pikepdf.open(BytesIO(data)) as pdf:
        root = pdf.Root.StructTreeRoot
        pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages, 1)}
        said = {
            (page.obj.objgen, number): text for page in pdf.pages for number, text in marked_content(page).said.items()
        }
        return [_element(each, None, said, pages) for each in _listed(root.K)]


def elements_of(path: Path, *tags: str) -> list[Element]:
    """Every element with one of the tags, in reading order; every element of all without a tag."""
    return [found for top in read_tagged(path) for found in top.all(*tags)]


def tables_of(path: Path) -> list[list[list[str]]]:
    """Every table as rows of its cells' texts, the column headings first."""
    return [
        [[cell.text for cell in row.all("TH", "TD")] for row in table.all("TR")] for table in elements_of(path, "Table")
    ]


def said_in(path: Path) -> str:
    """All that is said, in reading order."""
    return " ".join(top.text for top in read_tagged(path))


def marked_content(page: pikepdf.Page) -> Marked:
    """What the page's content says, piece by piece. A text with `ActualText` says that instead of what it shows."""
    listener = _Listener({str(name): _font(font) for name, font in page.resources.get("/Font", {}).items()})
    for operands, operator in pikepdf.parse_content_stream(page):
        listener.hear(str(operator), list(operands))
    assert not listener.around, "marked content is not closed"
    return listener.found


@dataclass(frozen=True)
class _Font:
    """What each code of a font says, and how wide it is in thousandths of the size."""

    says: dict[int, str]
    widths: dict[int, float]


@dataclass
class _Pen:
    """Where the next text stands; how the page is scaled, and from where."""

    font: _Font = field(default_factory=lambda: _Font({}, {}))
    size: float = 0.0
    x: float = 0.0
    y: float = 0.0
    scale: float = 1.0
    left: float = 0.0
    base: float = 0.0
    is_turned: bool = False

    def at(self, x: float, y: float) -> tuple[float, float]:
        return self.left + self.scale * x, self.base + self.scale * y

    def move(self, a: float, b: float, c: float, _d: float, e: float, f: float) -> None:
        self.left, self.base = self.at(e, f)
        self.is_turned = self.is_turned or bool(b or c)
        self.scale *= a


@dataclass(frozen=True)
class _Around:
    """A piece of marked content that is open: its tag, its number if it has one, what is to be said instead of it."""

    tag: str
    number: int | None
    instead: str | None


class _Listener:
    """Follows a page's operators."""

    def __init__(self, fonts: dict[str, _Font]) -> None:
        self.found = Marked()
        self.around: list[_Around] = []
        self._fonts = fonts
        self._pen = _Pen()
        self._kept: list[_Pen] = []

    def hear(self, operator: str, operands: list[Any]) -> None:
        """One operator."""
        match operator:
            case "BDC" | "BMC":
                self._open(str(operands[0]), operands[1] if len(operands) > 1 else {})
            case "EMC":
                self.around.pop()
            case "Tj":
                self._show(bytes(operands[0]))
            case "re" | "f" | "S" | "B" | "Do" | "sh" if not self.around:
                self.found.unmarked.append(operator)
            case "TJ" | "Td" | "TD" | "T*" | "'" | '"':
                message = f"{operator}: this reader does not know where that would be"
                raise AssertionError(message)
            case _:
                self._move(operator, operands)

    def _move(self, operator: str, operands: list[Any]) -> None:
        match operator:
            case "q":
                self._kept.append(replace(self._pen))
            case "Q":
                self._pen = self._kept.pop()
            case "cm":
                self._pen.move(*map(float, operands))
            case "Tf":
                self._pen.font, self._pen.size = self._fonts[str(operands[0])], float(operands[1])
            case "Tm":
                self._pen.x, self._pen.y = float(operands[4]), float(operands[5])
            case _:
                pass

    def _open(self, tag: str, given: Any) -> None:  # noqa: ANN401  a dictionary of the file, or none
        number = int(given["/MCID"]) if "/MCID" in given else None
        instead = str(given["/ActualText"]) if "/ActualText" in given else None
        if number is not None:
            (self.found.repeated if number in self.found.order else self.found.order).append(number)
            self.found.said.setdefault(number, "")
        if instead is not None:
            self._say(instead)
        self.around.append(_Around(tag, number, instead))

    def _show(self, codes: bytes) -> None:
        pen = self._pen
        text = "".join(pen.font.says[code] for code in codes)
        wide = sum(pen.font.widths[code] for code in codes) * pen.size / 1000
        if not pen.is_turned:
            x, y = pen.at(pen.x, pen.y)
            self.found.drawn.append(Drawn(x, y, wide * pen.scale, pen.size * pen.scale, text, self._number()))
        pen.x += wide
        self._say(text)

    def _say(self, text: str) -> None:
        if any(each.instead is not None for each in self.around):
            return
        number = self._number()
        if number is not None:
            self.found.said[number] += text
        elif any(each.tag == "/Artifact" for each in self.around):
            self.found.artefacts.append(text)
        else:
            self.found.unmarked.append(text)

    def _number(self) -> int | None:
        return next((each.number for each in reversed(self.around) if each.number is not None), None)


def _font(font: pikepdf.Object) -> _Font:
    first = int(font.FirstChar)
    return _Font(_codes(font), {first + place: float(width) for place, width in enumerate(font.Widths)})


def _codes(font: pikepdf.Object) -> dict[int, str]:
    """What each code of a font says, by its ToUnicode map."""
    text = bytes(font.ToUnicode.read_bytes()).decode("ascii")
    found: dict[int, str] = {}
    for kind, block in re.findall(r"beginbf(char|range)(.*?)endbf", text, re.DOTALL):
        if kind == "char":
            for code, to in re.findall(r"<(\w+)>\s*<(\w+)>", block):
                found[int(code, 16)] = bytes.fromhex(to).decode("utf-16-be")
            continue
        for first, last, to in re.findall(r"<(\w+)>\s*<(\w+)>\s*(<\w+>|\[.*?\])", block, re.DOTALL):
            each = re.findall(r"<(\w+)>", to)
            for place, code in enumerate(range(int(first, 16), int(last, 16) + 1)):
                if to.startswith("["):
                    found[code] = bytes.fromhex(each[place]).decode("utf-16-be")
                else:
                    start = bytes.fromhex(each[0]).decode("utf-16-be")
                    found[code] = start[:-1] + chr(ord(start[-1]) + place)
    return found


def _element(
    each: pikepdf.Object, page: pikepdf.Object | None, said: dict[_Key, str], pages: dict[tuple[int, int], int]
) -> Element:
    page = each.get("/Pg", page)
    parts: list[str] = []
    children: list[Element] = []
    stands: list[int] = []

    def hear(on: pikepdf.Object, number: int) -> None:
        parts.append(said[on.objgen, number])
        stands.append(pages[on.objgen])

    for kid in _listed(each.get("/K")):
        if isinstance(kid, int):
            assert page is not None
            hear(page, kid)
        elif kid.get("/Type") == "/MCR":
            hear(kid.get("/Pg", page), int(kid.MCID))
        elif kid.get("/Type") != "/OBJR":
            child = _element(kid, page, said, pages)
            children.append(child)
            parts.append(child.text if child.tag in _INLINE else f" {child.text} ")
            stands += child.pages
    attributes: dict[str, object] = {key: str(each[f"/{key}"]) for key in _TOLD if f"/{key}" in each}
    for attached in _listed(each.get("/A")):
        for key, value in attached.items():
            attributes[str(key)[1:]] = _plain(value)
    text = str(attributes.get("ActualText") or attributes.get("Alt") or "".join(parts))  # what is heard instead
    return Element(
        str(each.S)[1:], re.sub(r"[ \n]+", " ", text).strip(" "), attributes, children, tuple(dict.fromkeys(stands))
    )


def _plain(value: object) -> object:
    if isinstance(value, pikepdf.Name):
        return str(value)[1:]
    if isinstance(value, pikepdf.String):
        return str(value)
    if isinstance(value, pikepdf.Array):
        return [_plain(each) for each in value]
    return value


def _listed(kids: object) -> list[pikepdf.Object]:
    if kids is None:
        return []
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]
