"""Light and dark: the palettes of the whole window, and the few colours that mean something, each legible on them.

Every pair of colours here that text is drawn in has a contrast of 4.5:1 or more; tests measure it from the pixels.
"""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from ui.preferences import Theme

_ROLE = QPalette.ColorRole
_LIGHT = {
    _ROLE.Window: "#f3f4f6",
    _ROLE.WindowText: "#16191d",
    _ROLE.Base: "#ffffff",
    _ROLE.AlternateBase: "#f4f7fa",
    _ROLE.Text: "#16191d",
    _ROLE.PlaceholderText: "#5b6570",
    _ROLE.Button: "#e8ebef",
    _ROLE.ButtonText: "#16191d",
    _ROLE.BrightText: "#ffffff",
    _ROLE.Highlight: "#0b5cad",
    _ROLE.HighlightedText: "#ffffff",
    _ROLE.Link: "#0b5394",
    _ROLE.LinkVisited: "#5b3a8c",
    _ROLE.ToolTipBase: "#ffffff",
    _ROLE.ToolTipText: "#16191d",
    _ROLE.Accent: "#0b5cad",
    _ROLE.Light: "#ffffff",
    _ROLE.Midlight: "#e3e7ec",
    _ROLE.Mid: "#b4bcc6",
    _ROLE.Dark: "#8b95a1",
    _ROLE.Shadow: "#5b6570",
}
_DARK = {
    _ROLE.Window: "#1f2327",
    _ROLE.WindowText: "#eceff2",
    _ROLE.Base: "#16191c",
    _ROLE.AlternateBase: "#1d2125",
    _ROLE.Text: "#eceff2",
    _ROLE.PlaceholderText: "#a3adb8",
    _ROLE.Button: "#32383e",
    _ROLE.ButtonText: "#eceff2",
    _ROLE.BrightText: "#ffffff",
    _ROLE.Highlight: "#2b6fb8",
    _ROLE.HighlightedText: "#ffffff",
    _ROLE.Link: "#7db7f0",
    _ROLE.LinkVisited: "#c0a5ee",
    _ROLE.ToolTipBase: "#32383e",
    _ROLE.ToolTipText: "#eceff2",
    _ROLE.Accent: "#2b6fb8",
    _ROLE.Light: "#454d55",
    _ROLE.Midlight: "#3a4148",
    _ROLE.Mid: "#59636d",
    _ROLE.Dark: "#0f1113",
    _ROLE.Shadow: "#000000",
}
_OUTLINED = ("QRadioButton", "QCheckBox", "QLineEdit", "QPlainTextEdit", "QTextEdit", "QGroupBox")
_OUTLINE = {False: "#a6aeb8", True: "#bcc5ce"}
"""Fusion outlines these in the window's colour, a third darker: in its own it could hardly be seen."""

_DISABLED = {False: "#646e79", True: "#9aa4ae"}


@dataclass(frozen=True, slots=True)
class Meanings:
    """Colours that go with words, never in their place: adverse, favourable, a warning, and what is drawn in charts.

    `series` are for areas and bars: 3:1 and more against the background and told apart by pattern or label besides.
    """

    adverse: str
    favourable: str
    caution: str
    quiet: str
    series: tuple[str, ...]
    rule: str


_MEANINGS = {
    False: Meanings(
        adverse="#a1260d",
        favourable="#0a6b3d",
        caution="#7a4f00",
        quiet="#56606b",
        series=("#0b5cad", "#b35900", "#3d7a2a", "#8a3d8f", "#a3263b", "#4a5866"),
        rule="#d5dae0",
    ),
    True: Meanings(
        adverse="#ff9c85",
        favourable="#6fd39b",
        caution="#f2c14e",
        quiet="#a9b3bd",
        series=("#5ea6ee", "#f0a04b", "#85c76b", "#d08ad6", "#f2869a", "#a9b3bd"),
        rule="#3a4148",
    ),
}


def is_dark(palette: QPalette | None = None) -> bool:
    """Whether the window is dark now."""
    palette = palette or QGuiApplication.palette()
    return palette.color(_ROLE.Window).lightness() < palette.color(_ROLE.WindowText).lightness()


def meanings(palette: QPalette | None = None) -> Meanings:
    """The colours with a meaning that suit the palette."""
    return _MEANINGS[is_dark(palette)]


def palette_of(*, dark: bool) -> QPalette:
    """The palette of the whole window."""
    palette = QPalette()
    for role, colour in (_DARK if dark else _LIGHT).items():
        palette.setColor(role, QColor(colour))
    disabled = QColor(_DISABLED[dark])
    for role in (_ROLE.WindowText, _ROLE.Text, _ROLE.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, disabled)
    return palette


def dress(app: QApplication, theme: Theme, text_size: int = 100) -> None:
    """Give the program its palette and text size. `text_size` is in per cent of the desktop's own."""
    dark = theme is Theme.DARK
    if theme is Theme.SYSTEM:
        dark = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
    palette = palette_of(dark=dark)
    app.setPalette(palette)
    outlined = QPalette(palette)
    outlined.setColor(_ROLE.Window, QColor(_OUTLINE[dark]))
    for kind in _OUTLINED:
        app.setPalette(outlined, kind)  # type: ignore[arg-type]  # PySide says bytes and takes only str
    own = app.property("s75_text_size")
    if own is None:
        own = app.font().pointSizeF()
        app.setProperty("s75_text_size", own)
    font = app.font()
    wanted = own * text_size / 100
    if font.pointSizeF() != wanted:
        font.setPointSizeF(wanted)
        app.setFont(font)
