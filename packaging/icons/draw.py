"""`python packaging/icons/draw.py FOLDER`: the icons of the program and of a ledger, as Windows and Linux take them.

They are drawn from the SVG files beside this one, by the Qt that the program is shipped with, so that no picture is
kept. Up to 24 pixels the simpler drawing is taken, whose edges lie between pixels. Nothing needs a display.
"""

import struct
import sys
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgRenderer

HERE = Path(__file__).resolve().parent
NAMES = {"program": "s75-settlement", "document": "s75-ledger"}
"""What is drawn, and what its files are called."""
WINDOWS_SIZES = (16, 20, 24, 32, 40, 48, 64, 128, 256)
"""In an `.ico`: what the taskbar, the desktop and the Explorer ask for from 100 to 250 per cent."""
LINUX_SIZES = (16, 24, 32, 48, 64, 128, 256)
"""As PNG, for `hicolor/SIZExSIZE`."""
_SMALL = 24
_AS_PNG = 256
"""From this size on an entry of an `.ico` is a PNG; smaller ones are bitmaps, which every program reads."""


def svg(what: str) -> Path:
    """The drawing of a thing, which scales."""
    return HERE / f"{what}.svg"


def picture(what: str, size: int) -> QImage:
    """It drawn at so many pixels, with transparency."""
    source = HERE / f"{what}-small.svg" if size <= _SMALL else svg(what)
    renderer = QSvgRenderer(str(source))
    if not renderer.isValid():
        message = f"{source} cannot be drawn"
        raise ValueError(message)
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter)
    painter.end()
    return image


def png(what: str, size: int) -> bytes:
    """It as a PNG file."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, b"png")
    if not writer.write(picture(what, size)):
        raise ValueError(writer.errorString())
    return bytes(buffer.data().data())


def ico(what: str) -> bytes:
    """It as an `.ico` file, in every size that Windows asks for."""
    entries = [(size, png(what, size) if size >= _AS_PNG else _bitmap(picture(what, size))) for size in WINDOWS_SIZES]
    place = 6 + 16 * len(entries)
    head = struct.pack("<HHH", 0, 1, len(entries))
    for size, data in entries:
        side = size % 256  # 256 is written as nought
        head += struct.pack("<BBBBHHII", side, side, 0, 0, 1, 32, len(data), place)
        place += len(data)
    return head + b"".join(data for _, data in entries)


def write(folder: Path) -> list[Path]:
    """Write every icon into a folder, and say which files they are."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for what, name in NAMES.items():
        files = {f"{name}.ico": ico(what), f"{name}.svg": svg(what).read_bytes()}
        files |= {f"{name}-{size}.png": png(what, size) for size in LINUX_SIZES}
        for file, data in files.items():
            (folder / file).write_bytes(data)
            written.append(folder / file)
    return written


def _bitmap(image: QImage) -> bytes:
    """An entry as a bitmap: a header of twice the height, rows from below in BGRA, then a mask that hides nothing."""
    size = image.width()
    stride = image.bytesPerLine()
    rows = bytes(image.constBits())
    colours = b"".join(rows[row * stride : row * stride + 4 * size] for row in reversed(range(size)))
    mask = bytes((size + 31) // 32 * 4 * size)
    return (
        struct.pack("<IiiHHIIiiII", 40, size, 2 * size, 1, 32, 0, len(colours) + len(mask), 0, 0, 0, 0) + colours + mask
    )


if __name__ == "__main__":
    for path in write(Path(sys.argv[1])):
        sys.stdout.write(f"{path}\n")
