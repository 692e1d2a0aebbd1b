"""The session: opening, what cannot be changed and why, periods, reads beside a write, preferences kept."""

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from ledgers import Ledger, open_ledger
from rules.agreement import Kind
from rules.periods import Period
from rules.problems import Problem, RefusedError
from settlement import service
from ui.failures import Failure
from ui.preferences import Preferences, Theme, Units, preferences_path, read_preferences
from ui.session import ASKED_READ_ONLY, FOLDER_READ_ONLY, Session

from .conftest import GOLDEN

BARNET = GOLDEN / "barnet-2014-15-pooled"


@pytest.fixture
def opened(session: Session, qtbot: QtBot) -> Callable[..., list[Failure]]:
    """Opens a ledger and waits; answers what was told of going wrong."""

    def open_it(where: Path | str, *, read_only: bool = False) -> list[Failure]:
        failures: list[Failure] = []
        session.open(str(where), read_only=read_only, failed=failures.append)
        qtbot.waitUntil(lambda: not session.busy, timeout=20_000)
        return failures

    return open_it


def test_a_file_is_opened_to_be_changed(
    session: Session, opened: Callable[..., list[Failure]], file_ledger: Path
) -> None:
    assert opened(file_ledger) == []
    assert session.opened is not None
    assert session.writable
    assert session.period is Period.M12
    assert session.opened.title
    with pytest.raises(RefusedError, match="open for writing"):
        open_ledger(file_ledger)


@pytest.mark.parametrize(("where", "why"), [("file", ASKED_READ_ONLY), ("folder", FOLDER_READ_ONLY)])
def test_why_a_ledger_can_only_be_read_is_said(
    where: str, why: str, session: Session, opened: Callable[..., list[Failure]], file_ledger: Path
) -> None:
    opened(file_ledger if where == "file" else BARNET, read_only=where == "file")
    assert session.opened is not None
    assert session.opened.why_read_only == why
    assert not session.writable


def test_a_file_that_another_has_open_is_read_and_says_who_has_it(
    session: Session, opened: Callable[..., list[Failure]], file_ledger: Path
) -> None:
    with open_ledger(file_ledger):
        assert opened(file_ledger) == []
    assert session.opened is not None
    assert "has had it open for writing since" in session.opened.why_read_only


def test_what_is_no_ledger_is_told_and_the_open_one_stays(
    session: Session, opened: Callable[..., list[Failure]], tmp_path: Path
) -> None:
    opened(BARNET)
    before = session.opened
    (failure,) = opened(tmp_path / "nowhere.s75")
    assert "there is no such ledger" in failure.sentence
    assert session.opened is before


def test_a_ledger_that_opens_and_cannot_be_read_is_let_go(
    session: Session, opened: Callable[..., list[Failure]], file_ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_ledger: Ledger) -> None:
        raise RefusedError(Problem("the last period cannot be read"))

    with monkeypatch.context() as broken:
        broken.setattr(service, "period_to_settle", refuse)
        (failure,) = opened(file_ledger)
    assert failure.sentence == "the last period cannot be read"
    assert session.opened is None


def test_reads_are_answered_while_a_write_is_under_way(
    session: Session, opened: Callable[..., list[Failure]], file_ledger: Path, qtbot: QtBot
) -> None:
    opened(file_ledger)
    gate, begun = threading.Event(), threading.Event()
    answers: list[int] = []
    changes: list[str] = []
    session.changed.connect(lambda: changes.append("changed"))

    def post(ledger: Ledger, _job: object) -> int:
        begun.set()
        assert gate.wait(10)
        return ledger.reverse(8, "Coded to the wrong scheme").id

    session.write(post, answers.append)
    assert begun.wait(5)
    counted: list[int] = []
    session.read(lambda ledger: sum(1 for _ in ledger.lines()), counted.append)
    qtbot.waitUntil(lambda: bool(counted))
    assert (counted, answers, changes) == ([26], [], [])
    gate.set()
    qtbot.waitUntil(lambda: not session.busy)
    assert (answers, changes) == ([27], ["changed"])
    session.read(lambda ledger: [line.id for line in ledger.lines(kind=Kind.BUDGET)], lambda _: None)
    session.read(lambda ledger: sum(1 for _ in ledger.lines()), counted.append)
    qtbot.waitUntil(lambda: not session.busy)
    assert counted == [26, 27]


def test_writing_to_what_can_only_be_read_is_refused_with_the_reason(
    session: Session, opened: Callable[..., list[Failure]], qtbot: QtBot
) -> None:
    opened(BARNET)
    told: list[tuple[str, str]] = []
    session.failed.connect(lambda heading, failure: told.append((heading, failure.sentence)))
    session.write(lambda ledger, _job: ledger.hold(Period.M1), lambda _: None)
    qtbot.waitUntil(lambda: not session.busy)
    ((heading, sentence),) = told
    assert heading == "The ledger was not changed"
    assert FOLDER_READ_ONLY in sentence


def test_choosing_the_period_that_is_chosen_tells_nobody(session: Session) -> None:
    told: list[Period] = []
    session.view_changed.connect(lambda: told.append(session.period))
    session.choose(session.period, outturn=False)
    session.choose(Period.M3, outturn=False)
    session.choose(Period.M3, outturn=True)
    assert told == [Period.M3, Period.M3]


def test_closing_lets_go_of_the_file(
    session: Session, opened: Callable[..., list[Failure]], file_ledger: Path, qtbot: QtBot
) -> None:
    opened(file_ledger)
    session.close_ledger()
    qtbot.waitUntil(lambda: not session.busy)
    assert session.opened is None
    with open_ledger(file_ledger) as ledger:
        assert ledger.writable


def test_recent_ledgers_are_kept_the_last_first_and_once(
    opened: Callable[..., list[Failure]], file_ledger: Path
) -> None:
    for where in (file_ledger, BARNET, file_ledger):
        opened(where)
    assert read_preferences().recent == (str(file_ledger), str(BARNET))


def test_preferences_that_nobody_understands_are_as_usual() -> None:
    path = preferences_path()
    path.parent.mkdir(parents=True)
    for text in ("{", "[]", '{"units": "pints", "text_size": 3, "recent": 7, "theme": "dark", "strange": 1}'):
        path.write_text(text, encoding="utf-8")
        found = read_preferences()
        assert (found.units, found.text_size, found.recent) == (Units.POUNDS, 100, ())
    assert found.theme is Theme.DARK


def test_preferences_are_told_when_what_is_shown_changes_and_kept(session: Session) -> None:
    told: list[Preferences] = []
    session.preferences_changed.connect(lambda: told.append(session.preferences))
    session.keep_for("ledger", {"widths": [1, 2]})
    assert told == []
    session.keep(replace(session.preferences, units=Units.THOUSANDS))
    assert [each.units for each in told] == [Units.THOUSANDS]
    assert read_preferences().kept == {"ledger": {"widths": [1, 2]}}
