"""Links within a PDF, the places they lead to by name, and its bookmarks (ISO 32000-1, 12.3 and 12.5)."""

from dataclasses import dataclass, field

from settlement.statements.pdf.file import PdfFile, text_string
from settlement.statements.pdf.tags import Element, Tags
from settlement.statements.pdf.text import one_line

_PRINTED = 4  # the flag of an annotation that is printed: PDF/A wants it of all
_LONGEST = 200  # signs of what is said of a link
_ABOVE = 6.0  # points of what stands above a place, when a link has led there

_Box = tuple[float, float, float, float]


@dataclass(slots=True)
class _Mark:
    """A bookmark: its title, where it leads, and those beneath it."""

    title: str
    place: str
    beneath: list["_Mark"] = field(default_factory=list)


class Links:
    """Collects them while the pages are drawn."""

    def __init__(self, file: PdfFile, tags: Tags) -> None:
        """For one document."""
        self._file, self._tags = file, tags
        self._places: dict[str, str] = {}
        self._annotations: list[int] = []
        self._top: list[_Mark] = []

    # Links

    def lead(self, link: Element, page: int, boxes: list[_Box], said: str) -> None:
        """A link over these boxes of a page, one a line: left, bottom, right, top."""
        lefts, bottoms, rights, tops = zip(*boxes, strict=True)
        around = " ".join(f"{each:.2f}" for each in (min(lefts), min(bottoms), max(rights), max(tops)))
        corners = " ".join(
            f"{left:.2f} {top:.2f} {right:.2f} {top:.2f} {left:.2f} {bottom:.2f} {right:.2f} {bottom:.2f}"
            for left, bottom, right, top in boxes
        )
        key = self._tags.key_of_annotation(link)
        number = self._file.add(
            f"<</Type/Annot/Subtype/Link/P {page} 0 R/Rect[{around}]/QuadPoints[{corners}]/Border[0 0 0]/F {_PRINTED}"
            f"/Dest{text_string(link.goes_to)}/Contents {text_string(said.strip()[:_LONGEST])}/StructParent {key}>>"
        )
        link.holds_object(page, number)
        self._annotations.append(number)

    def take(self) -> list[int]:
        """The annotations of the page that is drawn; the next begins without."""
        taken, self._annotations = self._annotations, []
        return taken

    def place(self, anchor: str, page: int, y: float) -> None:
        """Links of this name lead here: to the first place of the name."""
        self._places.setdefault(anchor, f"[{page} 0 R/XYZ null {y + _ABOVE:.2f} null]")

    # Bookmarks

    def mark(self, title: str, level: int, page: int, y: float) -> None:
        """A bookmark. A level is never skipped, or readers refuse the outline."""
        into = self._top
        for _ in range(level):
            if not into:
                break
            into = into[-1].beneath
        into.append(_Mark(one_line(title), f"[{page} 0 R/XYZ null {y + _ABOVE:.2f} null]"))

    def finish(self) -> str:
        """Write the names and the bookmarks; their entries in the catalogue."""
        entries = ""
        if self._top:
            root = self._file.number()
            first, last = self._write(self._top, root)
            self._file.put(root, f"<</Type/Outlines/First {first} 0 R/Last {last} 0 R/Count {len(self._top)}>>")
            entries += f"/Outlines {root} 0 R/PageMode/UseOutlines"
        if self._places:
            named = "".join(f"{text_string(anchor)}{place}" for anchor, place in sorted(self._places.items()))
            entries += f"/Names<</Dests {self._file.add(f'<</Names[{named}]>>')} 0 R>>"
        return entries

    def _write(self, marks: list[_Mark], parent: int) -> tuple[int, int]:
        """Write bookmarks beside each other; the first and the last. Those beneath are shown when they are opened."""
        first = self._file.numbers(len(marks))
        for number, mark in enumerate(marks, first):
            entries = f"/Title {text_string(mark.title)}/Parent {parent} 0 R/Dest{mark.place}"
            if number > first:
                entries += f"/Prev {number - 1} 0 R"
            if number < first + len(marks) - 1:
                entries += f"/Next {number + 1} 0 R"
            if mark.beneath:
                below, lowest = self._write(mark.beneath, number)
                entries += f"/First {below} 0 R/Last {lowest} 0 R/Count {-len(mark.beneath)}"
            self._file.put(number, f"<<{entries}>>")
        return first, first + len(marks) - 1
