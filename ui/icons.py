"""The pages' icons: a few strokes each on a grid of sixteen, drawn in the palette's own colours.

A stroke is a line through points, `o` a circle (centre and radius). They stand beside words, never in their place.
"""

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPalette, QPen, QPixmap, QPolygonF

from ui import links

_GRID = 16
_SIZES = (16, 24, 32, 48, 64, 96)  # a larger text has larger icons, and an icon is never drawn larger than it was made
_Stroke = tuple[float, ...]
_STROKES: dict[str, tuple[_Stroke | tuple[str, float, float, float], ...]] = {
    links.START: ((2, 8, 8, 2.5, 14, 8), (4, 7, 4, 13.5, 12, 13.5, 12, 7)),
    links.OVERVIEW: ((2, 2, 2, 14, 14, 14), (5, 11, 5, 8), (8.5, 11, 8.5, 4), (12, 11, 12, 6)),
    links.LEDGER: ((2, 3, 14, 3, 14, 13, 2, 13, 2, 3), (2, 6.5, 14, 6.5), (2, 9.8, 14, 9.8), (6, 3, 6, 13)),
    links.AGREEMENT: ((4, 1.5, 10, 1.5, 13, 4.5, 13, 14.5, 4, 14.5, 4, 1.5), (6.5, 7, 10.5, 7), (6.5, 10, 10.5, 10)),
    links.RISK_SHARE: (("o", 8, 8, 6), (8, 2, 8, 8, 13, 11), (8, 8, 3, 11)),
    links.SETTLEMENT: ((2, 5, 13, 5, 10, 2), (13, 5, 10, 8), (14, 11, 3, 11, 6, 8), (3, 11, 6, 14)),
    links.STATEMENTS: ((3, 4, 3, 14.5, 11, 14.5, 11, 4, 3, 4), (6, 4, 6, 1.5, 14, 1.5, 14, 11.5, 11, 11.5)),
    links.SIGN_OFF: ((2, 13.5, 14, 13.5), (3, 10.5, 4, 7.5, 11, 1.5, 13, 3.5, 6.5, 9.5, 3, 10.5)),
    links.AUDIT: (("o", 7, 7, 4.8), (10.5, 10.5, 14.5, 14.5), (5, 7, 6.5, 8.5, 9.2, 5.5)),
    links.OPTIONS: (
        (2, 4, 14, 4),
        (2, 8, 14, 8),
        (2, 12, 14, 12),
        ("o", 5, 4, 1.6),
        ("o", 11, 8, 1.6),
        ("o", 7, 12, 1.6),
    ),
    links.HELP: (("o", 8, 8, 6.3), (6, 6.2, 6.6, 5, 8, 4.5, 9.6, 5, 10, 6.4, 8, 8.2, 8, 9.4), ("o", 8, 11.6, 0.4)),
}


def icon(key: str, palette: QPalette) -> QIcon:
    """The icon of a page by its key: in the text's colour and, on a selected row, in that of selected text."""
    made = QIcon()
    for mode, role, group in (
        (QIcon.Mode.Normal, QPalette.ColorRole.WindowText, QPalette.ColorGroup.Active),
        (QIcon.Mode.Selected, QPalette.ColorRole.HighlightedText, QPalette.ColorGroup.Active),
        (QIcon.Mode.Disabled, QPalette.ColorRole.WindowText, QPalette.ColorGroup.Disabled),
    ):
        for size in _SIZES:
            made.addPixmap(_drawn(key, palette.color(group, role), size), mode)
    return made


def _drawn(key: str, colour: QColor, size: int) -> QPixmap:
    picture = QPixmap(QSize(size, size))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.scale(size / _GRID, size / _GRID)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(colour, 1.3)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    for stroke in _STROKES[key]:
        if stroke[0] == "o":
            _, x, y, radius = stroke
            painter.drawEllipse(QPointF(x, y), radius, radius)
        else:
            numbers = iter([number for number in stroke if not isinstance(number, str)])
            painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in zip(numbers, numbers, strict=True)]))
    painter.end()
    return picture
