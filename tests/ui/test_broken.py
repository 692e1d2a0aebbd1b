"""What once broke, and has not since: another ledger opened in the middle of things; kept files that are garbage."""

import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from ledgers import Ledger, create_ledger, open_ledger
from rules.periods import Period
from rules.problems import Problem, RefusedError
from settlement import service
from ui import links
from ui.drafts import drafts_folder, find_draft, keep_draft
from ui.failures import Failure
from ui.jobs import Job
from ui.links import Link
from ui.preferences import Preferences, preferences_path, read_preferences
from ui.session import OPENED_ANEW, Session
from ui.window import Window

from .conftest import GOLDEN, Opener

BARNET = GOLDEN / "barnet-2014-15-pooled"


@pytest.fixture
def other_ledger(tmp_path: Path) -> Path:
    """Another `.s75` file of the Barnet case, with no lines."""
    file = tmp_path / "other.s75"
    create_ledger(file, (BARNET / "agreement.toml").read_text(encoding="utf-8")).close()
    return file


@pytest.fixture
def idle(session: Session, qtbot: QtBot) -> Callable[[], None]:
    """Waits until the session has nothing under way."""
    return lambda: qtbot.waitUntil(lambda: not session.busy, timeout=20_000)


def name_of(ledger: Ledger, _job: Job[str]) -> str:
    """A write that tells which ledger it reached."""
    return ledger.name


def refuse(_ledger: Ledger) -> Period:
    """Stands for a ledger that opens and cannot be read."""
    raise RefusedError(Problem("the last period cannot be read"))


def test_what_is_posted_while_another_ledger_is_being_opened_goes_to_the_one_on_screen(
    session: Session, qtbot: QtBot, idle: Callable[[], None], file_ledger: Path, other_ledger: Path
) -> None:
    session.open(str(file_ledger))
    idle()
    gate, reached, read = threading.Event(), list[str](), list[str]()
    session.reads.start(lambda _job: gate.wait(10), lambda _: None, lambda _: None)  # a long read of the one on screen
    session.open(str(other_ledger))
    qtbot.waitUntil(lambda: not session.writes.busy)
    assert session.opened is not None
    assert session.opened.where == str(file_ledger)
    session.write(name_of, reached.append)
    session.read(lambda ledger: ledger.name, read.append)
    qtbot.waitUntil(lambda: bool(reached))
    gate.set()
    idle()
    assert reached == read == [str(file_ledger)]
    assert session.opened.where == str(other_ledger)
    session.write(name_of, reached.append)
    session.read(lambda ledger: ledger.name, read.append)
    idle()
    assert reached == read == [str(file_ledger), str(other_ledger)]


def test_a_ledger_that_opens_and_cannot_be_read_takes_nothing_that_is_posted(
    session: Session, idle: Callable[[], None], file_ledger: Path, other_ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.open(str(file_ledger))
    idle()
    failures, reached = list[Failure](), list[str]()
    with monkeypatch.context() as broken:
        broken.setattr(service, "period_to_settle", refuse)
        session.open(str(other_ledger), failed=failures.append)
        idle()
    assert len(failures) == 1
    assert session.opened is not None
    assert session.opened.where == str(file_ledger)
    session.write(name_of, reached.append)
    idle()
    assert reached == [str(file_ledger)]
    open_ledger(other_ledger).close()  # and it is let go of


def test_opening_one_ledger_after_another_at_once_shows_the_last(
    session: Session, idle: Callable[[], None], file_ledger: Path, other_ledger: Path
) -> None:
    failures, reached = list[Failure](), list[str]()
    for where in (file_ledger, other_ledger, other_ledger, file_ledger, "nowhere.s75", other_ledger):
        session.open(str(where), failed=failures.append)
    idle()
    assert session.opened is not None
    assert (session.opened.where, session.opened.why_read_only) == (str(other_ledger), "")
    assert failures == []
    session.write(name_of, reached.append)
    idle()
    assert reached == [str(other_ledger)]
    open_ledger(file_ledger).close()  # none of those asked for before is held


def test_closing_a_ledger_while_another_is_being_opened_leaves_that_one_to_be_changed(
    session: Session, idle: Callable[[], None], file_ledger: Path, other_ledger: Path
) -> None:
    session.open(str(file_ledger))
    idle()
    reached = list[str]()
    session.open(str(other_ledger))
    session.close_ledger()
    idle()
    assert session.writable
    session.write(name_of, reached.append)
    idle()
    assert reached == [str(other_ledger)]


def test_what_is_posted_while_its_ledger_is_opened_anew_is_told_to_be_done_once_more(
    session: Session, qtbot: QtBot, idle: Callable[[], None], file_ledger: Path
) -> None:
    session.open(str(file_ledger))
    idle()
    gate, told, reached = threading.Event(), list[Failure](), list[str]()
    session.reads.start(lambda _job: gate.wait(10), lambda _: None, lambda _: None)
    session.open(str(file_ledger))
    qtbot.waitUntil(lambda: not session.writes.busy)
    session.write(name_of, reached.append, told.append)
    qtbot.waitUntil(lambda: bool(told))
    assert OPENED_ANEW in told[0].sentence
    gate.set()
    idle()
    session.write(name_of, reached.append)
    idle()
    assert reached == [str(file_ledger)]


def test_the_open_ledger_opened_by_another_path_is_not_said_to_be_somebody_elses(
    session: Session, idle: Callable[[], None], file_ledger: Path
) -> None:
    session.open(str(file_ledger))
    idle()
    link = file_ledger.with_name("link.s75")
    link.symlink_to(file_ledger)
    session.open(str(link))
    idle()
    assert session.opened is not None
    assert (session.opened.where, session.opened.why_read_only) == (str(link), "")


def test_a_server_that_cannot_be_reached_is_named_without_its_password(
    session: Session, idle: Callable[[], None]
) -> None:
    told = list[tuple[str, Failure]]()
    session.failed.connect(lambda heading, failure: told.append((heading, failure)))
    session.open("postgresql://lead:secret@127.0.0.1:1/pool")
    idle()
    ((heading, failure),) = told
    assert heading == "postgresql://lead@127.0.0.1:1/pool could not be opened"
    assert "secret" not in failure.sentence + failure.details


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"prepared_by": null, "window": 5, "recent": [null]}', '{"recent": 5}']
)
def test_preferences_of_nobodys_making_are_as_usual(text: str) -> None:
    path = preferences_path()
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    assert read_preferences() == Preferences()


@pytest.mark.parametrize("garbage", [None, 5, "x", [1]])
def test_what_a_page_kept_is_as_usual_if_it_is_of_another_kind(garbage: object, session: Session) -> None:
    session.keep_for("a-page", garbage)
    assert session.kept("a-page", {}) == {}
    session.keep_for("a-page", {"a": "b"})
    assert session.kept("a-page", {}) == {"a": "b"}


def test_a_ledger_is_opened_though_the_titles_kept_on_the_start_page_are_garbage(
    opening: Opener, window: Window, file_ledger: Path
) -> None:
    session = window.session
    session.keep_for("start-titles", [1])
    opening(file_ledger)
    assert session.kept("start-titles") == {str(file_ledger): session.opened and session.opened.title}


def test_a_draft_that_is_nested_without_end_is_as_good_as_none(file_ledger: Path) -> None:
    keep_draft(str(file_ledger), "lines", [])
    (path,) = drafts_folder().glob("*.json")
    path.write_text("[" * 100_000, encoding="utf-8")
    assert find_draft(str(file_ledger), "lines") is None
    path.write_text(json.dumps(5), encoding="utf-8")
    assert find_draft(str(file_ledger), "lines") is None


@pytest.mark.parametrize("garbage", [5, {"drafts": 5}, {"drafts": None}, {"drafts": [None, 5, {}], "shown": []}])
def test_the_risk_share_page_is_shown_though_its_drafts_are_garbage(
    opening: Opener, wait: Callable[[], None], window: Window, file_ledger: Path, garbage: object
) -> None:
    keep_draft(str(file_ledger), "risk-share", garbage)
    opening(file_ledger)
    window.go(Link(links.RISK_SHARE))
    wait()
    assert window.current.key == links.RISK_SHARE
    assert not window.error.isVisible()


def test_an_error_as_a_page_is_shown_is_told_and_does_not_end_the_program(
    opening: Opener, wait: Callable[[], None], window: Window, file_ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opening(file_ledger)
    page = window.page(links.AUDIT)
    # an error that C raises, let out of what Qt calls, is the end of the process under Python 3.11
    monkeypatch.setattr(page, "refresh", lambda: list(5))  # type: ignore[call-overload]
    window.go(Link(links.AUDIT))
    wait()
    assert window.error.isVisible()
    assert window.error.heading.text() == "The page could not be shown"
    assert "TypeError" in window.error.body.text()


class Asking(QLabel):
    """Stands for a dialog that asked something and is closed."""

    def show_name(self, name: str) -> None:
        """Show an answer."""
        self.setText(name)

    def show_failure(self, failure: Failure) -> None:
        """Show why there is none."""
        self.setText(failure.sentence)


def test_an_answer_for_a_dialog_that_is_gone_by_then_is_told_to_nobody(
    session: Session, qtbot: QtBot, idle: Callable[[], None], file_ledger: Path
) -> None:
    session.open(str(file_ledger))
    idle()
    changes = list[str]()
    session.changed.connect(lambda: changes.append("changed"))
    dialog = Asking()
    session.read(lambda ledger: ledger.name, dialog.show_name)
    session.read(lambda _ledger: refuse(_ledger).name, dialog.show_name, dialog.show_failure)
    session.write(name_of, dialog.show_name)
    dialog.deleteLater()
    with qtbot.waitSignal(dialog.destroyed):
        pass
    with capture_exceptions() as errors:
        idle()
    assert errors == []
    assert changes == ["changed"]  # what the dialog had asked to be posted was, and every page is told
