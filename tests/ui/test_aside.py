"""Long work in a process of its own: its answer, its errors, how far it has come, and being called off."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from rules.problems import Problem, RefusedError
from ui.aside import Report
from ui.failures import Failure
from ui.session import Session


def counted(upto: int, report: Report) -> tuple[int, int]:
    for number in range(upto):
        report(number + 1, upto, "Counting")
    return upto, os.getpid()


def refused(_report: Report) -> None:
    raise RefusedError(Problem("there is no such period", "pool.s75"))


def faulty(_report: Report) -> None:
    raise KeyError("LBB")  # noqa: EM101  as a fault would


def gone(_report: Report) -> None:
    os._exit(3)


def endless(file: str, _report: Report) -> None:
    Path(file).write_text(str(os.getpid()), encoding="utf-8")
    while True:
        time.sleep(0.01)


@pytest.fixture
def idle(session: Session, qtbot: QtBot) -> Iterator[Session]:
    yield session
    qtbot.waitUntil(lambda: not session.busy, timeout=20_000)


def never(answer: object) -> None:
    pytest.fail(f"told of {answer}")


def finish(session: Session, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not session.busy, timeout=20_000)


def test_the_answer_comes_from_another_process_and_says_how_far_it_was(idle: Session, qtbot: QtBot) -> None:
    answers: list[tuple[int, int]] = []
    told: list[tuple[int, int, str]] = []
    idle.aside(counted, 1000, done=answers.append, failed=never, progressed=lambda *so_far: told.append(so_far))
    finish(idle, qtbot)
    ((upto, process),) = answers
    assert upto == 1000
    assert process != os.getpid()
    assert told[-1] == (1000, 1000, "Counting")


@pytest.mark.parametrize(
    ("work", "sentence"),
    [
        (refused, "pool.s75: there is no such period"),
        (faulty, "The program met an error that it did not expect (KeyError). Nothing was changed."),
        (gone, "The work was ended from outside before it was done. Nothing was changed."),
    ],
)
def test_what_goes_wrong_there_is_told_here_in_words(work: object, sentence: str, idle: Session, qtbot: QtBot) -> None:
    told: list[Failure] = []
    idle.aside(work, done=never, failed=told.append)  # type: ignore[arg-type]
    finish(idle, qtbot)
    assert [failure.sentence for failure in told] == [sentence]


def test_calling_it_off_ends_the_process(idle: Session, qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "process"
    told: list[str] = []
    job = idle.aside(endless, str(file), done=never, failed=never, cancelled=lambda: told.append("called off"))
    qtbot.waitUntil(lambda: file.exists() and file.read_text() != "", timeout=20_000)
    job.cancel()
    finish(idle, qtbot)
    assert told == ["called off"]
    with pytest.raises(ProcessLookupError):
        os.kill(int(file.read_text()), 0)
