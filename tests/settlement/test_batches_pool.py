"""Tasks in processes of their own: every answer comes, an end from outside costs one task, closing ends them all."""

import os
import signal
import time
from contextlib import closing
from pathlib import Path

import pytest

from rules.problems import Problem, RefusedError
from settlement.batches.pool import ENDED, Refused, Work, done_by


def doubled(setting: int, task: int) -> int:
    if task == 3:
        raise RefusedError(Problem("three is not doubled", "a file"))
    return task * setting


def ended(_setting: int, task: int) -> int:
    if task == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return task


def full(_setting: int, _task: int) -> int:
    raise OSError(28, "No space left on device", "a.pdf")


def wrong(_setting: int, _task: int) -> int:
    return 1 // 0


def slow(folder: str, task: int) -> int:
    Path(folder, f"{os.getpid()}").touch()
    time.sleep(60)
    return task


@pytest.mark.parametrize("jobs", [0, 1, 2])
def test_every_task_is_answered_with_its_place(jobs: int) -> None:
    found = dict(done_by(Work(doubled, 2), range(6), jobs))
    assert found == {0: 0, 1: 2, 2: 4, 3: Refused(("a file: three is not doubled",)), 4: 8, 5: 10}


def test_no_process_is_started_for_nothing() -> None:
    assert list(done_by(Work(doubled, 2), [], 2)) == []


def test_a_process_that_is_ended_from_outside_costs_its_task_and_no_more() -> None:
    assert dict(done_by(Work(ended, 0), range(4), 1)) == {0: 0, 1: Refused((ENDED,)), 2: 2, 3: 3}


@pytest.mark.parametrize("jobs", [0, 1])
def test_what_the_computer_refuses_is_raised_here(jobs: int) -> None:
    with pytest.raises(OSError, match="No space left") as error:
        list(done_by(Work(full, 0), [1], jobs))
    assert error.value.filename == "a.pdf"


def test_an_error_of_the_program_is_raised_with_where_it_was() -> None:
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        list(done_by(Work(wrong, 0), [1], 1))


class StopError(Exception):
    """Calls the work off."""


@pytest.mark.parametrize("jobs", [1, 2])
def test_calling_it_off_ends_every_process(tmp_path: Path, jobs: int) -> None:
    def check() -> None:
        if len(list(tmp_path.iterdir())) == jobs:
            raise StopError

    begun = time.monotonic()
    with closing(done_by(Work(slow, str(tmp_path)), range(4), jobs, check)) as answers, pytest.raises(StopError):
        list(answers)
    assert time.monotonic() - begun < 50
    for path in tmp_path.iterdir():
        with pytest.raises(ProcessLookupError):
            os.kill(int(path.name), 0)


def test_a_check_is_made_before_each_task_in_this_process() -> None:
    seen = []

    def check() -> None:
        seen.append(1)
        if len(seen) == 3:
            raise StopError

    answers = done_by(Work(doubled, 2), range(9), 0, check)
    assert [next(answers), next(answers)] == [(0, 0), (1, 2)]
    with pytest.raises(StopError):
        next(answers)
