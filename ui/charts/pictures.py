"""Charts as pictures: for the clipboard, as PNG and as SVG. Always in light colours: they go on paper and into mail."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QFontMetrics, QImage, QPainter, QPalette

from ui.charts.brush import Brush, wrapped_height
from ui.theme import palette_of

if TYPE_CHECKING:
    from ui.charts.chart import Chart

_SCALE = 2  # pixels for each point: sharp on paper
_NARROWEST = 70  # characters


def image_of(chart: "Chart") -> QImage:
    """The chart with its title and its sentence, twice as fine as the screen."""
    size = _size(chart)
    image = QImage(size * _SCALE, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(_SCALE)
    palette = palette_of(dark=False)
    image.fill(palette.color(QPalette.ColorRole.Base))
    painter = QPainter(image)
    _paint(chart, painter, palette, size)
    painter.end()
    return image


def write_picture(chart: "Chart", path: Path) -> None:
    """Write the chart as SVG where the name ends so, and otherwise as PNG. Raises OSError if that cannot be."""
    if path.suffix.lower() != ".svg":
        # PySide says that the format is bytes, and takes only str
        if not image_of(chart).save(str(path), "PNG"):  # type: ignore[call-overload]
            raise _not_written(path)
        return
    from PySide6.QtSvg import QSvgGenerator  # noqa: PLC0415  not before a picture is drawn

    with path.open("wb"):
        pass  # the generator itself would only say so on the console if it cannot
    size = _size(chart)
    drawing = QSvgGenerator()
    drawing.setFileName(str(path))
    drawing.setSize(size)
    drawing.setViewBox(QRect(0, 0, size.width(), size.height()))
    drawing.setTitle(chart.title)
    drawing.setDescription(chart.sentence)
    painter = QPainter(drawing)
    palette = palette_of(dark=False)
    painter.fillRect(QRect(0, 0, size.width(), size.height()), palette.color(QPalette.ColorRole.Base))
    _paint(chart, painter, palette, size)
    painter.end()


def _not_written(path: Path) -> OSError:
    try:
        with path.open("ab"):
            pass
    except OSError as error:
        return error
    return OSError(None, "the picture could not be written")


def _size(chart: "Chart") -> QSize:
    metrics = QFontMetrics(chart.font())
    width = max(chart.canvas.width(), metrics.averageCharWidth() * _NARROWEST)
    return QSize(width, _head(chart, metrics, width) + chart.height_at(width, metrics))


def _head(chart: "Chart", metrics: QFontMetrics, width: int) -> int:
    inner = width - metrics.height()
    return metrics.height() * 2 + wrapped_height(metrics, chart.sentence, inner)


def _paint(chart: "Chart", painter: QPainter, palette: QPalette, size: QSize) -> None:
    painter.setFont(chart.font())
    brush = Brush(painter, palette)
    margin = brush.gap
    inner = size.width() - margin * 2
    brush.text(QRect(margin, margin, inner, brush.line), chart.title, bold=True)
    said = wrapped_height(brush.metrics, chart.sentence, inner)
    brush.text(QRect(margin, margin + brush.line, inner, said), chart.sentence)
    top = _head(chart, brush.metrics, size.width())
    area = QRect(0, top, size.width(), size.height() - top).adjusted(margin, margin, -margin, -margin)
    chart.paint(brush, area)
