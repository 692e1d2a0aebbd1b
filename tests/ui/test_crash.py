"""A crash loses no work and is explained at the next start; an error that nothing caught is told, never swallowed."""

import faulthandler
import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from ui import crash, links
from ui.crash_notice import CrashNotice, watch
from ui.drafts import all_drafts, keep_draft
from ui.failures import Failure
from ui.support import without_names
from ui.window import Window

_PROGRAM = """
import sys
from PySide6.QtCore import QTimer
from ui import app, window
from ui.drafts import keep_draft

class Typing(window.Window):
    def __init__(self, *given):
        super().__init__(*given)
        self.session.opened_changed.connect(self.type)

    def type(self):
        if self.session.opened is not None:
            keep_draft(self.session.opened.where, "lines", [["M3", "CORE-L1", "LBB", "actual", "12.34"]])
            QTimer.singleShot(200, self.say)

    def say(self):
        print("typed", flush=True)
        if sys.argv[2] == "fault":
            import faulthandler
            faulthandler._sigsegv()

app.Window = Typing
app.run(sys.argv[1])
"""


@pytest.fixture(autouse=True)
def put_back() -> Iterator[None]:
    """What a test sets up of hooks and markers is taken down, and pytest's own fault handler is as it was."""
    yield
    crash.uninstall()
    crash.ended()
    if not faulthandler.is_enabled():
        faulthandler.enable(sys.__stderr__)


def run_and_crash(ledger: Path, how: str) -> None:
    """Start the program on a ledger in a process of its own, type a line, and let it crash."""
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(_PROGRAM), str(ledger), how],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "typed\n"
        if how == "kill":
            process.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
        process.wait(timeout=30)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def noticed(window: Window) -> CrashNotice | None:
    """What is said over the pages, if anything is."""
    found = window.findChildren(CrashNotice)
    return found[0] if found else None


def button_of(notice: CrashNotice, text: str) -> QPushButton:
    """A button by what it says."""
    return next(each for each in notice.buttons if each.text() == text)


def test_a_killed_program_is_explained_and_its_work_gone_on_with(
    file_ledger: Path, window: Window, wait: Callable[[], None], qtbot: QtBot
) -> None:
    run_and_crash(file_ledger, "kill")
    watch(window, window.show_first)
    qtbot.waitUntil(lambda: noticed(window) is not None)
    notice = noticed(window)
    assert notice is not None
    assert notice.isVisible()
    assert notice.heading.text() == "The program ended by itself last time"
    said = notice.body.text().splitlines()
    assert said[0].startswith("It was ended from outside, or the computer stopped, with barnet.s75 open, after ")
    assert said[1] == "Nothing that was posted is lost: a ledger takes what is posted to it altogether or not at all."
    assert said[2].startswith("Work that was not posted yet was kept: lines being entered in barnet.s75, kept ")
    assert [each.text() for each in notice.buttons] == ["Go on entering lines in barnet.s75"]

    button_of(notice, "Go on entering lines in barnet.s75").click()
    wait()
    assert window.session.opened is not None
    assert window.session.opened.where == str(file_ledger)
    assert window.session.writable  # the killed program's lock is gone with it
    assert window.current.key == links.LEDGER

    notice.dismiss.click()
    wait()
    assert not notice.isVisible()
    assert crash.last_crash() is None
    assert len(all_drafts()) == 1  # the details are removed, the work is not


def test_a_fatal_error_leaves_its_trace_without_the_persons_name(
    file_ledger: Path, window: Window, qtbot: QtBot
) -> None:
    run_and_crash(file_ledger, "fault")
    watch(window, window.show_first)
    qtbot.waitUntil(lambda: noticed(window) is not None)
    notice = noticed(window)
    assert notice is not None
    assert notice.body.text().startswith("It met a fatal error, with barnet.s75 open, after ")
    notice.copy_details.click()
    details = QGuiApplication.clipboard().text()
    assert "Segmentation fault" in details
    assert "in say" in details
    assert "S75 Settlement" in details
    assert "barnet" not in details
    assert str(Path.home()) not in details


def test_a_program_that_ended_as_asked_leaves_nothing(
    file_ledger: Path, window: Window, wait: Callable[[], None]
) -> None:
    crash.began(window.session)
    window.open_ledger(str(file_ledger))
    wait()
    (marker,) = crash.state_folder().glob("*.json")
    assert json.loads(marker.read_text(encoding="utf-8"))["name"] == str(file_ledger)
    assert crash.last_crash() is None  # it runs still
    crash.ended()
    assert list(crash.state_folder().iterdir()) == []
    watch(window, window.show_first)
    wait()
    assert noticed(window) is None


def test_two_programs_at_once_are_no_crash(file_ledger: Path, window: Window, wait: Callable[[], None]) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(_PROGRAM), str(file_ledger), "stay"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "typed\n"
        watch(window, window.show_first)
        wait()
        assert noticed(window) is None
        assert len(list(crash.state_folder().glob("*.json"))) == 2
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def test_with_no_ledger_open_and_nothing_kept_there_is_nothing_to_open(
    window: Window, wait: Callable[[], None]
) -> None:
    folder = crash.state_folder()
    folder.mkdir(parents=True)
    told = {
        "began": "2026-11-22T09:00:00+00:00",
        "seen": "never",
        "ledger": "",
        "name": "",
        "program": "S75 Settlement",
    }
    (folder / "20261122T090000-1.json").write_text(json.dumps(told), encoding="utf-8")
    (folder / "20261121T090000-1.json").write_text("{", encoding="utf-8")
    watch(window, window.show_first)
    wait()
    notice = noticed(window)
    assert notice is not None
    assert notice.body.text().splitlines() == [
        "It was ended from outside, or the computer stopped, after a time that is not known.",
        "Nothing that was posted is lost: a ledger takes what is posted to it altogether or not at all.",
        "No work was waiting to be posted.",
    ]
    assert notice.buttons == []


def test_a_new_ledger_that_was_being_made_is_gone_on_with(qtbot: QtBot) -> None:
    keep_draft("", "new-ledger", {})
    told = crash.Crash(Path("x"), "", "2026-11-22T09:00:00+00:00", "/a & b.s75", "/a & b.s75", "", "", all_drafts())
    went: list[tuple[str, links.Link]] = []
    notice = CrashNotice(told, lambda where, link: went.append((where, link)))
    qtbot.addWidget(notice)
    notice.tell()
    assert [each.text() for each in notice.buttons] == ["Go on with the new ledger", "Open a && b.s75"]
    notice.buttons[0].click()
    notice.buttons[1].click()
    assert went == [
        ("", links.Link(links.START, "new")),
        ("/a & b.s75", links.Link(links.OVERVIEW)),
    ]
    assert "with a & b.s75 open" in notice.body.text()


def test_a_state_folder_that_cannot_be_written_in_keeps_nobody_from_working(
    window: Window, wait: Callable[[], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    for name in ("XDG_STATE_HOME", "WIN_PD_OVERRIDE_LOCAL_APPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "file"))
    watch(window, window.show_first)
    wait()
    assert noticed(window) is None


# Errors that nothing caught


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch, qapp: object) -> list[tuple[str, Failure]]:  # noqa: ARG001
    """What is told of errors; the hooks below ours do nothing here, as they would fail the test."""
    monkeypatch.setattr(sys, "excepthook", lambda *_: None)
    monkeypatch.setattr(threading, "excepthook", lambda *_: None)
    monkeypatch.setattr(sys, "unraisablehook", lambda *_: None)
    found: list[tuple[str, Failure]] = []
    crash.install(lambda heading, failure: found.append((heading, failure)))
    return found


def fail() -> None:
    """Raise what nobody expects."""
    message = "a bug"
    raise ZeroDivisionError(message)


def test_an_error_in_a_slot_is_told_once_with_details(told: list[tuple[str, Failure]], qtbot: QtBot) -> None:
    button = QPushButton()
    qtbot.addWidget(button)
    button.clicked.connect(fail)
    for _ in range(3):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(told))
    qtbot.wait(50)
    assert len(told) == 1
    heading, failure = told[0]
    assert heading == "The program met an error that it did not expect"
    assert failure.sentence.endswith("what is posted to it is posted altogether or not at all.")
    assert "ZeroDivisionError: a bug" in failure.details
    assert "SQLite 3." in failure.details


def test_an_error_on_another_thread_comes_to_the_gui_thread(told: list[tuple[str, Failure]], qtbot: QtBot) -> None:
    thread = threading.Thread(target=fail, name="helper")
    thread.start()
    thread.join()
    assert told == []  # not yet: it waits for the GUI thread
    qtbot.waitUntil(lambda: bool(told))
    assert "In the thread helper:" in told[0][1].details


def test_an_error_that_cannot_be_raised_is_told(told: list[tuple[str, Failure]], qtbot: QtBot) -> None:
    class Ends:
        def __del__(self) -> None:
            fail()

    Ends()
    qtbot.waitUntil(lambda: bool(told))
    assert "ZeroDivisionError" in told[0][1].details


def test_what_was_there_before_is_called_too_and_put_back(monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    printed: list[object] = []

    def before(*given: object) -> None:
        printed.append(given[0])

    monkeypatch.setattr(sys, "excepthook", before)
    found: list[object] = []
    crash.install(lambda *given: found.append(given))
    sys.excepthook(ValueError, ValueError("x"), None)
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert printed == [ValueError, KeyboardInterrupt]
    qtbot.waitUntil(lambda: bool(found))
    assert len(found) == 1  # who stops the program by hand is not told of an error
    crash.uninstall()
    assert sys.excepthook is before


def test_the_window_shows_it_over_every_page(window: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "excepthook", lambda *_: None)
    crash.install(window.tell_failure)
    sys.excepthook(ValueError, ValueError("x"), None)
    qtbot.waitUntil(window.error.isVisible)
    assert window.error.heading.text() == "The program met an error that it did not expect"
    assert window.error.copy_details.isVisible()


def test_details_hold_no_persons_name() -> None:
    home = str(Path.home())
    text = without_names(f'File "{home}/x.py"\nFile "C:\\Users\\jsmith\\pool.py"\n/home/asmith/y.py')
    assert home not in text or home == "/"
    assert "jsmith" not in text
    assert "asmith" not in text
    assert "x.py" in text
