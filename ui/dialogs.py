"""What every dialog has: a heading, its content, what went wrong, buttons; and how far long work has come."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QLayout,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from ui.banners import Banner, Tone
from ui.failures import Failure
from ui.jobs import Job
from ui.widgets import SECTION, chars, room, words

_WHOLE = 1000
_NARROWEST = 56  # characters


class Dialog(QDialog):
    """A dialog that does one thing. Fill `body`; say in `act` what the first button does.

    It closes when `accept` is called, by the page once the work is done: until then what was typed stays there, and
    what went wrong is told in it (`say_failure`).
    """

    def __init__(self, title: str, does: str, parent: QWidget | None = None, *, explains: str = "") -> None:
        """`does` is the first button's text; `explains` a sentence under the title."""
        super().__init__(parent)
        self.setWindowTitle(title.replace("&", ""))
        self.problem = Banner(Tone.ERROR, "What went wrong")
        self.problem.grown.connect(self._make_room)
        self.progress = ProgressLine()
        self._has_room = False
        inside = _Inside(self._grow)
        self.body = QVBoxLayout(inside)
        self.body.setContentsMargins(0, 0, 0, 0)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inside)
        self._scroll, self._inside = scroll, inside
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.does: QPushButton = self.buttons.addButton(does, QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.accepted.connect(self._act)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(words(title.replace("&", ""), SECTION))
        if explains:
            layout.addWidget(words(explains))
        layout.addWidget(self.problem)
        layout.addWidget(scroll, stretch=1)
        layout.addWidget(self.progress)
        layout.addWidget(self.buttons)
        self.does.setDefault(True)  # only once it is the dialog's: Qt forgets one that was set before
        self._grows = False
        self._job: Job[Any] | None = None
        self._had_keyboard: QWidget | None = None

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802  Qt's name
        """The keyboard goes through the content first, then to the buttons, whichever was made first."""
        super().showEvent(event)
        fields = self._fields()
        if not fields or event.spontaneous():
            return
        # what is hidden as yet too: another step of it is shown later, and keeps its place before the buttons
        order = [*self._in_order(), self.does, *(each for each in self.buttons.buttons() if each is not self.does)]
        for before, after in pairwise(order):
            self.setTabOrder(before, after)
        has_keyboard: QWidget | None = self.focusWidget()
        if not has_keyboard or self.buttons.isAncestorOf(has_keyboard):
            fields[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002, FBT001, N802  Qt's names
        """Tab goes round: what went wrong, the content, the buttons; whichever was made, or shown, first.

        Qt asks this too while what has the keyboard is being hidden or destroyed: then it finds the next by itself.
        """
        here: QWidget | None = self.focusWidget()
        if here is None or not isValid(here) or not here.isVisible():
            return super().focusNextPrevChild(next)
        order = self._round()
        at = [number for number, each in enumerate(order) if each is here]
        if not at:
            return super().focusNextPrevChild(next)
        step = 1 if next else -1
        reason = Qt.FocusReason.TabFocusReason if next else Qt.FocusReason.BacktabFocusReason
        order[(at[0] + step) % len(order)].setFocus(reason)
        return True

    def _round(self) -> list[QWidget]:
        told = [each for each in self.problem.findChildren(QPushButton) if each.isVisible()]
        buttons = [self.does, *(each for each in self.buttons.buttons() if each is not self.does)]
        order = [*told, *self._fields(), *(each for each in buttons if each.isVisible() and each.isEnabled())]
        return [each for each in order if not (isinstance(each, QRadioButton) and not each.isChecked())]

    def _fields(self) -> list[QWidget]:
        """What has the keyboard in the content, in its order."""
        return [each for each in self._in_order() if each.isVisibleTo(self) and each.isEnabled()]

    def _in_order(self) -> list[QWidget]:
        """What can have the keyboard by Tab in the content, hidden or not."""
        found = []
        widget = self._inside.nextInFocusChain()
        while widget and widget is not self._inside:
            by_tab = widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None
            if by_tab and self._inside.isAncestorOf(widget) and not isinstance(widget, QScrollArea):
                found.append(widget)
            widget = widget.nextInFocusChain()
        return found

    def act(self) -> None:
        """Do what the dialog is for. Without an answer to wait for: `accept`."""
        self.accept()

    def working(self, job: Job[Any]) -> None:
        """Work has begun: nothing else can be pressed but Cancel, which calls it off."""
        self._job = job
        self.problem.hide()
        self._had_keyboard = self.focusWidget()
        self._set_enabled(enabled=False)
        was_shown = self.progress.isVisibleTo(self)
        self.progress.begin()
        layout = self.layout()
        if not was_shown and not self._has_room and layout is not None:
            self._has_room = True  # it keeps its height when the work ends: another try would make it higher again
            self._make_room(self.progress.sizeHint().height() + layout.spacing())

    def show_progress(self, done: int, total: int, what: str = "") -> None:
        """How far the work has come; for `progressed`."""
        self.progress.show_progress(done, total, what)

    def say_failure(self, failure: Failure, heading: str = "That could not be done") -> None:
        """The work failed: say why, with everything as it was typed."""
        self._idle()
        self.say_problem(heading, failure.sentence, failure.details)

    def called_off(self) -> None:
        """The work was called off: nothing was changed; for `cancelled`."""
        self._idle()
        self.say_problem("It was called off. Nothing was changed.")

    def say_problem(self, heading: str, sentences: str = "", details: str = "") -> None:
        """Say what is wrong over the content, and grow by what that takes, as far as the screen allows."""
        was_shown = self.problem.isVisibleTo(self)
        self.problem.say(heading, sentences, details)
        layout = self.layout()
        if not was_shown and layout is not None:
            across = self.width() - layout.contentsMargins().left() - layout.contentsMargins().right()
            more = max(self.problem.heightForWidth(across), self.problem.sizeHint().height())
            self._make_room(more + layout.spacing())

    def _make_room(self, more: int) -> None:
        """Be higher by that, as far as the screen allows."""
        self.resize(QSize(self.width(), self.height() + more).boundedTo(self._available()))

    def reject(self) -> None:
        """Close; while work is under way, call that off instead."""
        if self._job is not None:
            self._job.cancel()
            self.progress.say("Calling it off…")
            return
        super().reject()

    def done(self, result: int) -> None:
        """Close, whatever is under way."""
        self._job = None
        super().done(result)

    def fit(self) -> None:
        """As large as its content, never larger than the screen: what does not fit scrolls. Call when it is full.

        What comes into it later makes it higher.
        """
        self.ensurePolished()
        hint = self._inside.sizeHint().expandedTo(self._inside.minimumSizeHint())
        self._scroll.setMinimumWidth(min(hint.width() + 24, self._available().width()))
        across = max(self.sizeHint().width(), hint.width() + 40, chars(self, _NARROWEST))
        across = min(across, self._available().width())
        spare = self.fontMetrics().height()  # words that wrap ask for a little less than they take
        self.resize(QSize(across, self._height_at(across) + spare).boundedTo(self._available()))
        self._grows = True

    def _grow(self) -> None:
        """Something came into the content: make room for it, as far as the screen allows."""
        if self._grows and self.isVisible():
            across = max(self.width(), min(self._inside.minimumSizeHint().width() + 40, self._available().width()))
            wanted = QSize(across, max(self.height(), self._height_at(across)))
            self.resize(wanted.boundedTo(self._available().expandedTo(self.size())))

    def _height_at(self, across: int) -> int:
        """How high everything is when the dialog is so wide: text that wraps is higher in a narrow one."""
        layout = self.layout()
        assert layout is not None  # noqa: S101  it is made with the dialog
        around = layout.contentsMargins()
        inner = across - around.left() - around.right()
        heights = []
        for item in (layout.itemAt(place) for place in range(layout.count())):
            widget = None if item is None else item.widget()
            if item is None or item.isEmpty():
                continue
            if widget is self._scroll:
                heights.append(_height_for(self.body, inner) + 8)
            else:
                heights.append(item.heightForWidth(inner) if item.hasHeightForWidth() else item.sizeHint().height())
        return sum(heights) + layout.spacing() * max(len(heights) - 1, 0) + around.top() + around.bottom()

    def _available(self) -> QSize:
        return room()

    def _act(self) -> None:
        if self._job is None:
            self.act()

    def _idle(self) -> None:
        self._job = None
        self._set_enabled(enabled=True)
        self.progress.end()
        if self._had_keyboard is not None:  # with it, Enter means the first button again and not Cancel
            self._had_keyboard.setFocus(Qt.FocusReason.OtherFocusReason)
            self._had_keyboard = None

    def _set_enabled(self, *, enabled: bool) -> None:
        self._scroll.setEnabled(enabled)
        self.does.setEnabled(enabled)


class _Inside(QWidget):
    """The content of a dialog: tells when something in it has come to need more room, or less."""

    def __init__(self, changed: Callable[[], None]) -> None:
        super().__init__()
        self._changed = changed

    def event(self, event: QEvent) -> bool:
        """Tell of it once the layout knows."""
        is_done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._changed()
        return is_done


def _height_for(layout: QLayout, across: int) -> int:
    hint = layout.totalSizeHint().height()
    return layout.totalHeightForWidth(across) if layout.hasHeightForWidth() else hint


class ProgressLine(QWidget):
    """How far work has come, in words and as a bar; hidden while there is none."""

    def __init__(self, cancel: Callable[[], None] | None = None, parent: QWidget | None = None) -> None:
        """With a Cancel button of its own if `cancel` is given; a dialog has one already."""
        super().__init__(parent)
        self.label = words()
        self.label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.bar = QProgressBar()
        self.bar.setAccessibleName("How far the work has come")
        self.cancel_button = QPushButton("Cance&l")
        if cancel is not None:
            self.cancel_button.clicked.connect(lambda _checked=False: cancel())
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.label, 3)
        layout.addWidget(self.bar, 3)
        layout.addWidget(self.cancel_button)
        self.cancel_button.setVisible(cancel is not None)  # in its place by now, or it would be a window of its own
        self.hide()

    def begin(self, what: str = "Working…") -> None:
        """Work has begun; how much there is to do is not known yet."""
        self.label.setText(what)
        self.bar.setRange(0, 0)
        self.show()

    def show_progress(self, done: int, total: int, what: str = "") -> None:
        """So much of so much is done."""
        if what:
            self.label.setText(what)
        if total > 0:
            self.bar.setRange(0, _WHOLE)
            self.bar.setValue(min(done * _WHOLE // total, _WHOLE))

    def say(self, what: str) -> None:
        """Say what is being done."""
        self.label.setText(what)

    def end(self) -> None:
        """There is no more work."""
        self.hide()
