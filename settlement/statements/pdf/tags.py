"""The structure of a PDF (ISO 32000-1, 14.7): what a reader that speaks it goes by, and which content is whose.

Layout makes an `Element` for each paragraph, heading, list and table, in reading order. The rows of a table are not
elements of that kind: there are hundreds of thousands of them, so `pdf_ink` writes a row with its cells as it draws it.
"""

from settlement.statements.pdf.file import PdfFile, references, text_string

_HEADINGS = frozenset({"H1", "H2", "H3", "H4"})


class Element:
    """An element still to be written. `attributes` and `entries` are as the file has them, `goes_to` is a link's."""

    __slots__ = ("attributes", "entries", "goes_to", "kids", "number", "page", "parent", "tag")

    def __init__(
        self, tag: str, parent: "Element | None" = None, *, attributes: str = "", entries: str = "", goes_to: str = ""
    ) -> None:
        """The next of its parent's children."""
        self.tag = tag
        self.parent = parent
        self.attributes = attributes
        self.entries = entries
        self.goes_to = goes_to
        self.number = 0
        self.page = 0
        self.kids: list[Element | int | str] = []
        """Elements, numbers of marked content on its first page, and anything else as the file has it."""
        if parent is not None:
            parent.kids.append(self)

    def under(self, tag: str, *, attributes: str = "", entries: str = "") -> "Element":
        """A new child, the last."""
        return Element(tag, self, attributes=attributes, entries=entries)

    def holds(self, page: int, marked: int) -> None:
        """A piece of marked content on a page (its object's number) is its content."""
        self.page = self.page or page
        self.kids.append(marked if page == self.page else f"<</Type/MCR/Pg {page} 0 R/MCID {marked}>>")

    def holds_object(self, page: int, number: int) -> None:
        """An annotation on a page is its content."""
        self.page = self.page or page
        self.kids.append(f"<</Type/OBJR/Pg {page} 0 R/Obj {number} 0 R>>")


class Tags:
    """Writes the structure tree of one document."""

    def __init__(self, file: PdfFile) -> None:
        """The tree's root gets its number now."""
        self._file = file
        self.root = file.number()
        self._parents: list[str] = []  # what marked content and annotations belong to, by their keys
        # attributes of cells, written once and named by every cell
        self.row_head = file.add("<</O/Table/Scope/Row>>")
        self.column_head = file.add("<</O/Table/Scope/Column>>")
        self._over: dict[int, int] = {}

    def over(self, columns: int) -> int:
        """The attributes of a heading over so many columns."""
        if columns not in self._over:
            self._over[columns] = self._file.add(f"<</O/Table/Scope/Column/ColSpan {columns}>>")
        return self._over[columns]

    def number(self, element: Element) -> int:
        """The number of an element, given out when it is first asked for."""
        if not element.number:
            element.number = self._file.number()
        return element.number

    def key_of_page(self, elements: list[int]) -> int:
        """The key of a page whose marked content belongs, in this order, to these elements."""
        return self._key(f"[{references(elements)}]")

    def key_of_annotation(self, element: Element) -> int:
        """The key of an annotation that belongs to an element."""
        return self._key(f"{self.number(element)} 0 R")

    def _key(self, entry: str) -> int:
        self._parents.append(f"{self._file.add(entry)} 0 R" if entry.startswith("[") else entry)
        return len(self._parents) - 1

    def finish(self, document: Element) -> None:
        """Write the elements and the tree's root. What has nothing to say is left out, empty cells apart."""
        top = self.write(document, self.root)
        nums = " ".join([f"{key} {entry}" for key, entry in enumerate(self._parents)])
        tree = self._file.add(f"<</Nums[{nums}]>>")
        self._file.put(
            self.root,
            f"<</Type/StructTreeRoot/K {top} 0 R/ParentTree {tree} 0 R/ParentTreeNextKey {len(self._parents)}>>",
        )

    def write(self, element: Element, parent: int) -> int:
        """Write an element and all beneath it; its number."""
        number = self.number(element)
        kids = []
        for kid in element.kids:
            if isinstance(kid, Element):
                kids.append(f"{self.write(kid, number)} 0 R")
            else:
                kids.append(str(kid))
        page = f"/Pg {element.page} 0 R" if element.page else ""
        attributes = f"/A{element.attributes}" if element.attributes else ""
        content = "" if not kids else f"/K {kids[0]}" if len(kids) == 1 else f"/K[{' '.join(kids)}]"
        self._file.put(number, f"<</S/{element.tag}/P {parent} 0 R{page}{attributes}{element.entries}{content}>>")
        return number


def alternative(text: str) -> str:
    """The entry that says in words what a figure shows."""
    return f"/Alt {text_string(text)}"


def summary(text: str) -> str:
    """The attributes of a table that names what it is of."""
    return f"<</O/Table/Summary {text_string(text)}>>"


class Headings:
    """Levels of headings: none is skipped, whatever the blocks ask for."""

    def __init__(self) -> None:
        """Before the first heading."""
        self._level = 0

    def tag(self, level: int) -> str:
        """`H1` to `H4`."""
        self._level = max(1, min(level, self._level + 1, len(_HEADINGS)))
        return f"H{self._level}"
