"""What is said at the start after a crash: when it was, that nothing posted is lost, and the work that was kept."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from rules.english import day
from ui import crash, links
from ui.banners import Banner, Tone
from ui.crash import Crash
from ui.links import Entry, Link
from ui.widgets import button, row

if TYPE_CHECKING:
    from ui.window import Window

_LEADS_TO: dict[str, tuple[str, str, Link]] = {
    "lines": ("lines being entered in {}", "Go on entering lines in {}", Link(links.LEDGER, Entry("enter"))),
    "risk-share": ("drafts of the schedule of {}", "Open the drafts of {}", Link(links.RISK_SHARE)),
    "new-ledger": ("a new ledger being made", "Go on with the new ledger", Link(links.START, "new")),
}
"""What each kind of draft is called, what its button says, and where it is gone on with."""


class CrashNotice(Banner):
    """Explains a crash over every page until the person puts it away."""

    def __init__(self, told: Crash, go_on: Callable[[str, Link], None], parent: QWidget | None = None) -> None:
        """`go_on` opens a ledger ("" for none) and follows a link in it."""
        super().__init__(Tone.WARNING, "How the program ended last time", dismissable=True, parent=parent)
        self.buttons: list[QPushButton] = [
            button(text, partial(go_on, where, link)) for text, where, link in _ways_on(told)
        ]
        self.dismiss.setText("&Dismiss and remove the details")
        column = self.layout()
        if self.buttons and isinstance(column, QVBoxLayout):
            column.insertLayout(2, row(*self.buttons))
        self._of = told

    def tell(self) -> None:
        """Say it, once the notice stands in the window."""
        self.say("The program ended by itself last time", "\n".join(sentences(self._of)), self._of.details)


def sentences(told: Crash) -> list[str]:
    """What happened, what is safe, what was kept."""
    how = "met a fatal error" if told.log else "was ended from outside, or the computer stopped"
    where = f", with {Path(told.name).name} open" if told.name else ""
    said = [f"It {how}{where}, after {_moment(told.seen)}."]
    said.append("Nothing that was posted is lost: a ledger takes what is posted to it altogether or not at all.")
    kept = [name for name in (_draft_name(each) for each in told.drafts) if name]
    if kept:
        said.append(f"Work that was not posted yet was kept: {'; '.join(kept)}.")
    else:
        said.append("No work was waiting to be posted.")
    return said


def _draft_name(draft: tuple[str, str, str]) -> str:
    where, kind, at = draft
    known = _LEADS_TO.get(kind)
    return "" if known is None else f"{known[0].format(_name(where))}, kept {_moment(at)}"


def _ways_on(told: Crash) -> list[tuple[str, str, Link]]:
    """What each button says, which ledger it opens, and where it leads."""
    ways = [
        (_LEADS_TO[kind][1].format(_on_button(where)), where, _LEADS_TO[kind][2])
        for where, kind, _at in told.drafts
        if kind in _LEADS_TO
    ]
    if told.ledger and all(where != told.ledger for _text, where, _link in ways):
        ways.append((f"Open {_on_button(told.ledger)}", told.ledger, Link(links.OVERVIEW)))
    return ways


def _name(where: str) -> str:
    return Path(where).name


def _on_button(where: str) -> str:
    return _name(where).replace("&", "&&")  # a single one would underline the letter after it


def _moment(at: str) -> str:
    """`10:02 on 22 November 2026`, by the computer's own clock."""
    try:
        when = datetime.fromisoformat(at).astimezone()
    except ValueError:
        return "a time that is not known"
    return f"{when:%H:%M} on {day(when.date())}"


def watch(window: "Window", show: Callable[[CrashNotice], None]) -> None:
    """Tell of errors, mark that the program runs, and explain how it ended last time if that was by itself.

    `show` puts the notice into the window. Call once the window is shown; `ui.crash.ended` when the program ends.
    """
    session = window.session
    crash.install(window.tell_failure)
    crash.began(session)

    def go_on(where: str, link: Link) -> None:
        if not where or (session.opened is not None and session.opened.where == where):
            window.go(link)
        else:
            session.open(where, done=lambda: window.go(link))

    def explain(told: Crash | None) -> None:
        if told is not None:
            notice = CrashNotice(told, go_on)
            notice.dismiss.clicked.connect(partial(_forget, told))
            show(notice)
            notice.tell()

    def _forget(told: Crash, _checked: bool = False) -> None:  # noqa: FBT001, FBT002  a signal has no keywords
        session.asides.start(lambda _job: crash.forget(told), lambda _none: None, lambda _failure: None)

    session.asides.start(lambda _job: crash.last_crash(), explain, lambda _failure: None)
