"""How the cells of a workbook look: each format is made once, where it is first needed, and shared."""

from dataclasses import dataclass, field
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format

from settlement.statements.document import Look, RowKind
from settlement.statements.printable import colour_of

# The space after an amount without brackets keeps the pence of all of them beneath each other.
_AMOUNT = "#,##0.00_);(#,##0.00);–_)"
# A comma at the end shows thousands: the cell itself holds the amount to the penny still.
_THOUSANDS = "#,##0,_);(#,##0,);–_)"
_KINDS: dict[RowKind, dict[str, Any]] = {
    RowKind.HEADING: {"bold": True, "bg_color": "#F0F2F6"},
    RowKind.BODY: {},
    RowKind.SUBTOTAL: {"bold": True, "top": 1},
    RowKind.TOTAL: {"bold": True, "top": 1, "bottom": 2},
}
# What a spreadsheet would take for the beginning of a formula, should somebody edit the cell and leave it as it is.
_RISKY = ("=", "+", "-", "@", "\t", "\r", "'")

# A name written from right to left stands in its text, and does not turn the text around.
_LEFT_TO_RIGHT = 1


@dataclass(slots=True)
class Formats:
    """The formats of one workbook."""

    book: xlsxwriter.Workbook
    look: Look
    _cells: dict[tuple[RowKind, bool, bool, bool, bool], Format] = field(default_factory=dict)
    _amounts: dict[tuple[RowKind, bool], Format] = field(default_factory=dict)
    _made: dict[tuple[tuple[str, Any], ...], Format] = field(default_factory=dict)

    def amount(self, kind: RowKind, *, in_thousands: bool) -> Format:
        """An amount in a table."""
        key = (kind, in_thousands)
        if key not in self._amounts:
            shown = _THOUSANDS if in_thousands else _AMOUNT
            self._amounts[key] = self._of(num_format=shown, align="right", **_KINDS[kind])
        return self._amounts[key]

    def due(self) -> Format:
        """What the statement comes to, large."""
        return self._of(num_format=f"£{_AMOUNT}", align="left", bold=True, font_size=16)

    def cell(self, kind: RowKind, text: str, column: int, *, right: bool = False, link: bool = False) -> Format:
        """A text in a column of a table, a little away from an amount before it."""
        key = (kind, text.startswith(_RISKY), right or not column, right, link)
        if key not in self._cells:  # most cells are alike, and there are many
            self._cells[key] = self.text(
                text, right=right, link=link, indent=_indent(column, right=right), **_KINDS[kind]
            )
        return self._cells[key]

    def head(self, text: str, column: int, *, right: bool) -> Format:
        """A column's heading."""
        return self.text(text, bold=True, bottom=2, valign="bottom", right=right, indent=_indent(column, right=right))

    def title(self, text: str, size: int = 16, *, link: bool = False) -> Format:
        """The document's title, or at a smaller size one within it."""
        return self.text(text, link=link, bold=True, font_size=size, font_color=colour_of(self.look.accent))

    def warning(self, text: str) -> Format:
        """What nobody should miss."""
        return self.text(text, bold=True, font_color="#9E1A14")

    def text(self, text: str, *, right: bool = False, link: bool = False, **more: Any) -> Format:  # noqa: ANN401  of any kind in XlsxWriter
        """A text that wraps, and stays a text should its cell be edited."""
        more = {"align": "right" if right else "left", **more}
        if link:
            more |= {"underline": 1, "font_color": "#0B4A8F"}
        if text.startswith(_RISKY):
            more["quote_prefix"] = True
        return self._of(text_wrap=True, reading_order=_LEFT_TO_RIGHT, **more)

    def _of(self, **given: Any) -> Format:  # noqa: ANN401  of any kind in XlsxWriter
        wanted = {"valign": "top", "font_name": "Arial", "font_size": 10, **given}
        key = tuple(sorted(wanted.items()))
        if key not in self._made:
            self._made[key] = self.book.add_format(wanted)
        return self._made[key]


def _indent(column: int, *, right: bool) -> int:
    return 0 if right or not column else 1
