"""What a careful eye finds on a window: what has no name, is not reached by Tab, is cut off, or is too faint."""

from collections import Counter
from collections.abc import Iterator
from functools import cache

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QScrollArea,
    QScrollBar,
    QTabBar,
    QToolButton,
    QWidget,
)

LEGIBLE = 4.5
_ROLES_THAT_ACT = {
    QAccessible.Role.Button,
    QAccessible.Role.PushButton,
    QAccessible.Role.CheckBox,
    QAccessible.Role.RadioButton,
    QAccessible.Role.ComboBox,
    QAccessible.Role.EditableText,
    QAccessible.Role.Slider,
    QAccessible.Role.SpinBox,
    QAccessible.Role.Table,
    QAccessible.Role.Tree,
    QAccessible.Role.List,
    QAccessible.Role.PageTab,
    QAccessible.Role.ProgressBar,
    QAccessible.Role.Chart,
}
_MOST_CHILDREN = 400  # a table's cells are looked at by the tests of its model


def named(widget: QWidget) -> str:
    """A widget as a failing test names it."""
    text = getattr(widget, "text", lambda: "")()
    place = type(widget.parent()).__name__ if widget.parent() else "nothing"
    return f"{type(widget).__name__} “{widget.accessibleName() or text}” {widget.objectName()} in {place}"


def nameless(root: QWidget) -> list[str]:
    """What a screen reader comes to, that can be in or pressed, and has nothing to say of."""
    found = []
    for interface in _interfaces(QAccessible.queryAccessibleInterface(root)):
        if interface.role() in _ROLES_THAT_ACT and not interface.text(QAccessible.Text.Name).strip():
            owner = interface.object()
            if isinstance(owner, QWidget) and not _is_part(owner):
                found.append(named(owner))
    for widget in _visible(root):
        operable = isinstance(widget, (QAbstractButton, QComboBox)) or widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        if isinstance(widget, QLabel) and not widget.text():
            continue
        if operable and not _is_part(widget):
            interface = QAccessible.queryAccessibleInterface(widget)
            if interface is None or not interface.text(QAccessible.Text.Name).strip():
                found.append(named(widget))
    return sorted(set(found))


def _interfaces(interface: QAccessibleInterface | None) -> Iterator[QAccessibleInterface]:
    if interface is None or not interface.isValid():
        return
    yield interface
    if interface.role() in {QAccessible.Role.Table, QAccessible.Role.Tree, QAccessible.Role.List}:
        return
    for number in range(min(interface.childCount(), _MOST_CHILDREN)):
        child = interface.child(number)
        owner = None if child is None else child.object()
        if isinstance(owner, QWidget) and not owner.isVisible():
            continue
        yield from _interfaces(child)


def unreached(root: QWidget) -> list[str]:
    """What takes the keyboard by Tab and is not come to by pressing it."""
    wanted = {
        widget
        for widget in _visible(root)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.isEnabled()
        and not _is_part(widget)
        and not isinstance(widget, (QScrollArea, QLabel))  # a text is read, and need not be come to
    }
    # of radio buttons that belong together Tab comes to the chosen one, and arrows to the others
    wanted = {each for each in wanted if not (_is_radio(each) and not each.isChecked())}  # type: ignore[attr-defined]
    if not wanted:
        return []
    start = QApplication.focusWidget()
    if start is None or not root.isAncestorOf(start):
        start = next(iter(wanted))
        start.setFocus()
    reached: set[QWidget] = set()
    last: QWidget | None = None
    for _ in range(400):
        focused = QApplication.focusWidget()
        # in a text with links Tab goes from link to link before it leaves
        if focused is None or (focused in reached and focused is not last):
            break
        reached.add(focused)
        last = focused
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    owners = {_owner(widget) for widget in reached}
    return sorted(named(widget) for widget in wanted - reached if widget not in owners)


def cut_off(root: QWidget) -> list[str]:  # noqa: C901  each kind of widget is cut off in its own way
    """Text that does not fit where it stands, and widgets that stick out of what holds them and does not scroll."""
    found = []
    for widget in _visible(root):
        if isinstance(widget, QLabel) and widget.text() and not widget.pixmap():
            if widget.wordWrap():
                needed = widget.heightForWidth(widget.width())
                if widget.height() + 2 < needed:
                    found.append(f"{named(widget)} is {widget.height()} high and needs {needed}")
            elif widget.width() + 2 < widget.minimumSizeHint().width() and not widget.sizePolicy().hasHeightForWidth():
                found.append(f"{named(widget)} is {widget.width()} wide")
        is_button = isinstance(widget, QAbstractButton) and widget.text() and not isinstance(widget.parent(), QTabBar)
        if isinstance(widget, QToolButton) and widget.toolButtonStyle() is Qt.ToolButtonStyle.ToolButtonIconOnly:
            is_button = False  # its text is for who cannot see it
        if is_button:
            needed = widget.fontMetrics().horizontalAdvance(widget.text().replace("&", ""))
            if widget.width() < needed + 4:
                found.append(f"{named(widget)} is {widget.width()} wide and its text {needed}")
        parent = widget.parentWidget()
        if parent is None or widget is root or _is_part(widget) or _scrolls(parent):
            continue
        if not parent.rect().adjusted(-3, -3, 3, 3).contains(widget.geometry()) and widget.width() and widget.height():
            found.append(f"{named(widget)} at {widget.geometry()} sticks out of {named(parent)} {parent.rect()}")
    return found


def faint(root: QWidget, at_least: float = LEGIBLE) -> list[str]:
    """Text whose contrast with what is behind it, measured from the pixels, is too low. What is disabled may be."""
    image = root.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    ratio = image.devicePixelRatio()
    found = []
    for widget in _visible(root):
        if not isinstance(widget, (QLabel, QAbstractButton, QLineEdit, QComboBox)) or not widget.isEnabled():
            continue
        text = widget.currentText() if isinstance(widget, QComboBox) else widget.text()
        if not text.strip() or _is_part(widget):
            continue
        seen = widget.visibleRegion().boundingRect() if widget.isVisible() else widget.rect()
        if seen.height() < min(widget.fontMetrics().height(), widget.height()):
            continue  # scrolled away but for a sliver
        if not isinstance(widget, QLabel):  # not the edge: of a button in shades it may be the commonest colour
            seen = seen.intersected(widget.rect().adjusted(3, 3, -3, -3))
        area = QRect(widget.mapTo(root, seen.topLeft()), seen.size()).intersected(root.rect())
        area = QRect(area.topLeft() * ratio, area.size() * ratio)
        if area.width() < 6 or area.height() < 6:
            continue
        contrast = contrast_within(image, area)
        if contrast < at_least:
            found.append(f"{named(widget)}: {contrast:.1f}:1")
    return found


def contrast_within(image: QImage, area: QRect) -> float:
    """The contrast of the commonest colour in an area with the colour that stands out from it most."""
    step = 1 if area.width() * area.height() < 20_000 else 2
    pixels, across = memoryview(image.constBits()).cast("I"), image.bytesPerLine() // 4
    colours: Counter[int] = Counter()
    for y in range(area.top(), min(area.bottom(), image.height() - 1), step):
        row = y * across
        colours.update(pixels[row + area.left() : row + min(area.right(), image.width() - 1) : step])
    if not colours:
        return 21.0
    ((behind, _),) = colours.most_common(1)
    found = [luminance_of(each) for each in colours]
    return max(ratio_of(luminance_of(behind), furthest) for furthest in (min(found), max(found)))


@cache
def luminance_of(rgb: int) -> float:
    """That of a pixel: a picture has the same few thousand colours again and again."""
    return luminance(QColor.fromRgb(rgb))


def luminance(colour: QColor) -> float:
    """Relative luminance, as WCAG 2.2 defines it."""
    channels = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (colour.redF(), colour.greenF(), colour.blueF())
    ]
    return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]


def contrast(one: QColor, other: QColor) -> float:
    """The contrast ratio, as WCAG 2.2 defines it."""
    return ratio_of(luminance(one), luminance(other))


def ratio_of(one: float, other: float) -> float:
    """The contrast ratio of two luminances."""
    dark, light = sorted((one, other))
    return (light + 0.05) / (dark + 0.05)


def mnemonics(root: QWidget) -> list[str]:
    """Letters that two things on the window answer to with Alt: then neither does at once."""
    letters: dict[str, list[str]] = {}
    for widget in _visible(root):
        text = ""
        if (isinstance(widget, QLabel) and widget.buddy() is not None) or isinstance(widget, QAbstractButton):
            text = widget.text()
        marked = text.replace("&&", "")
        if "&" in marked[:-1] and widget.isEnabled():
            letters.setdefault(marked[marked.index("&") + 1].lower(), []).append(named(widget))
    for bar in root.findChildren(QTabBar):
        for tab in range(bar.count()) if bar.isVisible() else ():
            marked = bar.tabText(tab).replace("&&", "")
            if "&" in marked[:-1]:
                letters.setdefault(marked[marked.index("&") + 1].lower(), []).append(f"tab {marked}")
    return [f"Alt+{letter.upper()}: {', '.join(who)}" for letter, who in sorted(letters.items()) if len(who) > 1]


def _visible(root: QWidget) -> Iterator[QWidget]:
    return (widget for widget in root.findChildren(QWidget) if widget.isVisibleTo(root))


def _is_part(widget: QWidget) -> bool:
    """A part of another control, which is what has the name: a viewport, a header, a spin box's field."""
    parent = widget.parentWidget()
    return (
        isinstance(widget, (QHeaderView, QScrollBar))
        or widget.objectName().startswith("qt_")
        or (isinstance(parent, (QAbstractSpinBox, QComboBox, QLineEdit, QTabBar, QAbstractItemView)))
        or (isinstance(parent, QAbstractScrollArea) and not isinstance(parent, QScrollArea))
        or (isinstance(parent, QWidget) and isinstance(parent.parentWidget(), QAbstractItemView))
    )


def _scrolls(parent: QWidget) -> bool:
    above = parent.parentWidget()
    return isinstance(above, QAbstractScrollArea) or isinstance(parent, QAbstractScrollArea)


def _is_radio(widget: QWidget) -> bool:
    return isinstance(widget, QAbstractButton) and widget.autoExclusive()


def _owner(widget: QWidget) -> QWidget | None:
    proxy = widget.parentWidget()
    return proxy if proxy is not None and proxy.focusProxy() is widget else None
