"""Printing a statement: each page drawn at the printer's own fineness, off the window's thread."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QWidget

from rules.problems import Problem, RefusedError
from ui.jobs import Job
from ui.pages.statements.drawing import Drawer

_FINEST = 300  # dots to an inch: finer than a reader sees, and a page is 25 MB at it
_STRIP = 64  # rows of dots
_A4_WIDTH, _A4_HEIGHT = 595, 842


def printer_for(title: str) -> QPrinter:
    """The printer that is usual here, set to A4 and to the whole of the paper: a statement has margins of its own."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    printer.setPageOrientation(QPageLayout.Orientation.Portrait)
    printer.setFullPage(True)
    printer.setDocName(title)
    printer.setCreator("S75 Settlement")
    return printer


def print_dialog(title: str, pages: int, parent: QWidget, accepted: Callable[[QPrinter], None]) -> QPrintDialog:
    """The desktop's own dialog for a document of so many pages; `accepted` is told the printer that was chosen."""
    printer = printer_for(title)
    dialog = QPrintDialog(printer, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setOption(QPrintDialog.PrintDialogOption.PrintToFile)
    dialog.setMinMax(1, max(1, pages))
    dialog.accepted.connect(partial(accepted, printer))
    return dialog


def print_pages(drawer: Drawer, printer: QPrinter, job: Job[int]) -> int:
    """Print the document that the drawer has open; answers how many pages. Runs on the drawer's thread.

    Raises RefusedError if the printer cannot be used, CancelledError if it was called off.
    """
    pages = _pages(drawer, printer)
    painter = QPainter()
    out = printer.outputFileName()
    if not printer.isValid() or (out and not Path(out).parent.is_dir()) or not painter.begin(printer):
        message = "the printer did not take the document; see whether it is switched on and may be written to"
        raise RefusedError(Problem(message, printer.outputFileName() or printer.printerName()))
    try:
        for number, page in enumerate(pages):
            job(number, len(pages), f"Printing page {page + 1}")
            if number:
                printer.newPage()
            paper = printer.pageLayout().fullRectPixels(printer.resolution())
            fine = paper.width() * min(_FINEST, printer.resolution()) // max(1, printer.resolution())
            _draw(painter, _fitted(paper), drawer.picture(page, fine), job)
        job(len(pages), len(pages), "Printed")
    except BaseException:
        printer.abort()
        raise
    finally:
        painter.end()
    return len(pages)


def _draw(painter: QPainter, place: QRect, picture: QImage, job: Job[int]) -> None:
    """Draw a page in strips: while one is drawn every other thread of Python waits, and a whole page takes a while."""
    painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)
    high = picture.height()
    for top in range(0, high, _STRIP):
        job.check()
        part = min(_STRIP, high - top)
        begins, ends = (place.top() + place.height() * at // high for at in (top, top + part))
        into = QRect(place.left(), begins, place.width(), ends - begins)
        painter.drawImage(into, picture.copy(0, top, picture.width(), part))


def _pages(drawer: Drawer, printer: QPrinter) -> list[int]:
    """The pages chosen in the dialog, as often as they are wanted where the printer cannot do that itself."""
    count = drawer.pages
    first, last = printer.fromPage() or 1, printer.toPage() or count
    chosen = list(range(max(1, first) - 1, min(last, count)))
    copies = 1 if printer.supportsMultipleCopies() else printer.copyCount()
    if printer.collateCopies():
        return chosen * copies
    return [page for page in chosen for _ in range(copies)]


def _fitted(paper: QRect) -> QRect:
    """The statement's A4 on the paper that there is, as large as it goes."""
    size = QSize(_A4_WIDTH, _A4_HEIGHT).scaled(paper.size(), Qt.AspectRatioMode.KeepAspectRatio)
    place = QRect(paper.topLeft(), size)
    place.moveCenter(paper.center())
    return place
