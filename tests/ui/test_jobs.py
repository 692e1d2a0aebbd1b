"""Work off the GUI thread: in order, on one thread, its answers and its errors told on the GUI thread."""

import threading
from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from rules.problems import Problem, RefusedError
from ui.failures import CancelledError, Failure, failure_of
from ui.jobs import Job, Jobs


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[Jobs]:  # noqa: ARG001  the signals need the application
    queue = Jobs()
    yield queue
    queue.close(lambda: None)


def never(answer: object) -> None:
    pytest.fail(f"told of {answer}")


def raising(error: Exception) -> Callable[[Job[None]], None]:
    def work(_job: Job[None]) -> None:
        raise error

    return work


def test_an_answer_comes_back_on_the_gui_thread_from_one_worker_thread(jobs: Jobs, qtbot: QtBot) -> None:
    told: list[tuple[int, int]] = []
    for _ in range(3):
        jobs.start(
            lambda _job: threading.get_ident(), lambda worker: told.append((worker, threading.get_ident())), never
        )
    qtbot.waitUntil(lambda: not jobs.busy)
    workers, tellers = zip(*told, strict=True)
    assert len(told) == 3
    assert len(set(workers)) == 1
    assert set(tellers) == {threading.get_ident()}
    assert workers[0] != threading.get_ident()


def test_jobs_are_done_in_the_order_asked(jobs: Jobs, qtbot: QtBot) -> None:
    told: list[int] = []
    for number in range(20):
        jobs.start(lambda _job, number=number: number, told.append, never)
    qtbot.waitUntil(lambda: not jobs.busy)
    assert told == list(range(20))


def test_busy_is_told_when_it_begins_and_when_all_is_done(jobs: Jobs, qtbot: QtBot) -> None:
    told: list[bool] = []
    jobs.busy_changed.connect(told.append)
    jobs.start(lambda _job: None, lambda _: None, never)
    jobs.start(lambda _job: None, lambda _: None, never)
    qtbot.waitUntil(lambda: not jobs.busy)
    assert told == [True, False]


def test_a_job_that_was_dropped_tells_nobody(jobs: Jobs, qtbot: QtBot) -> None:
    gate = threading.Event()
    jobs.start(lambda _job: gate.wait(), lambda _: None, never)
    worked: list[int] = []
    jobs.start(lambda _job: worked.append(1), never, never).drop()
    gate.set()
    qtbot.waitUntil(lambda: not jobs.busy)
    assert worked == []


def test_a_refusal_comes_back_in_its_own_words(jobs: Jobs, qtbot: QtBot) -> None:
    told: list[Failure] = []
    refusal = RefusedError(Problem("“£O” is not an amount", "lines.csv", 7, "amount"))
    jobs.start(raising(refusal), never, told.append)
    qtbot.waitUntil(lambda: not jobs.busy)
    assert told == [Failure("lines.csv:7: amount: “£O” is not an amount", "lines.csv:7: amount: “£O” is not an amount")]


def test_of_many_problems_the_first_three_are_told_and_all_are_in_the_details() -> None:
    failure = failure_of(RefusedError(*(Problem(f"problem {number}") for number in range(1, 6))))
    assert failure.sentence == "problem 1\nproblem 2\nproblem 3\nThe details list all 5 problems."
    assert failure.details.splitlines() == [f"problem {number}" for number in range(1, 6)]


def test_a_fault_of_the_program_says_so_and_keeps_its_traceback_for_the_details() -> None:
    try:
        raise KeyError("LBB")  # noqa: EM101, TRY301  as a fault would
    except KeyError as error:
        failure = failure_of(error)
    assert failure.sentence == "The program met an error that it did not expect (KeyError). Nothing was changed."
    assert "KeyError: 'LBB'" in failure.details
    assert "Traceback" in failure.details


def test_what_the_computer_refuses_is_told_as_the_computer_says_it() -> None:
    failure = failure_of(PermissionError(13, "Permission denied"))
    assert failure.sentence == "The computer refused it: Permission denied."


def test_the_last_thing_is_done_on_the_worker_and_what_waits_is_not(qtbot: QtBot) -> None:  # noqa: ARG001
    jobs = Jobs()
    gate = threading.Event()
    done: list[str] = []
    workers: list[int] = []
    jobs.start(lambda _job: workers.append(threading.get_ident()) or gate.wait(), lambda _: None, never)
    jobs.start(lambda _job: done.append("waiting"), never, never)
    threading.Timer(0.05, gate.set).start()
    jobs.close(lambda: workers.append(threading.get_ident()))
    assert done == []
    assert len(workers) == 2
    assert len(set(workers)) == 1


def test_how_far_work_has_come_is_told_and_the_last_word_always_is(jobs: Jobs, qtbot: QtBot) -> None:
    told: list[tuple[int, int, str]] = []

    def work(job: Job[str]) -> str:
        for number in range(1, 1001):
            job(number, 1000, "Counting")
        return "counted"

    answers: list[str] = []
    jobs.start(work, answers.append, never, lambda *so_far: told.append(so_far))
    qtbot.waitUntil(lambda: not jobs.busy)
    assert answers == ["counted"]
    assert told[-1] == (1000, 1000, "Counting")
    assert len(told) < 100


def test_work_that_is_called_off_ends_at_its_next_report_and_is_no_failure(jobs: Jobs, qtbot: QtBot) -> None:
    reached, ended = threading.Event(), threading.Event()

    def work(job: Job[None]) -> None:
        try:
            while True:
                job(1, 2)
                reached.set()
        finally:
            ended.set()

    told: list[str] = []
    job = jobs.start(work, never, never, None, lambda: told.append("called off"))
    assert reached.wait(5)
    job.cancel()
    qtbot.waitUntil(lambda: not jobs.busy)
    assert ended.is_set()
    assert told == ["called off"]


def test_work_that_is_called_off_before_it_began_is_never_begun(jobs: Jobs, qtbot: QtBot) -> None:
    gate = threading.Event()
    worked: list[int] = []
    jobs.start(lambda _job: gate.wait(), lambda _: None, never)
    jobs.start(lambda _job: worked.append(1), never, never).cancel()
    gate.set()
    qtbot.waitUntil(lambda: not jobs.busy)
    assert worked == []


def test_a_dropped_job_finds_out_when_it_asks() -> None:
    job: Job[None] = Job(lambda _job: None, never, never)
    job.check()
    job.drop()
    with pytest.raises(CancelledError):
        job.check()


def test_what_is_asked_once_the_program_ends_is_not_done(qtbot: QtBot) -> None:  # noqa: ARG001
    jobs = Jobs()
    jobs.close(lambda: None)
    jobs.start(lambda _job: never("work"), never, never)
    assert not jobs.busy


class Widgetlike:
    """Something that a job's answer is shown by; it says on which thread it ended."""

    ended_on: list[int] = []  # noqa: RUF012  one list for all, which is the point

    def show(self, _answer: object) -> None:
        """Shown."""

    def __del__(self) -> None:
        self.ended_on.append(threading.get_ident())


def test_a_worker_is_never_the_last_to_hold_what_shows_the_answer(jobs: Jobs, qtbot: QtBot) -> None:
    Widgetlike.ended_on.clear()
    shown = Widgetlike()
    kept = jobs.start(lambda _job: 1, shown.show, shown.show, shown.show)
    del shown
    qtbot.waitUntil(lambda: not jobs.busy)
    assert Widgetlike.ended_on == [threading.get_ident()]  # though the job itself is still held
    kept.drop()
