"""Garbage with widgets in it is collected on the GUI thread, never by a worker that happens to make one object more."""

import gc
import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from ui.app import application
from ui.collecting import Collector


@pytest.fixture
def collector(qapp: object) -> Iterator[Collector]:  # noqa: ARG001  an application has to be there
    made = Collector(application())
    yield made
    made.stop()
    gc.disable()  # as every test here begins


class Cyclic:
    """In a cycle with itself, so that only the collector finds it; it says on which thread it ended."""

    ended_on: list[int] = []  # noqa: RUF012  one list for all, which is the point

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        self.ended_on.append(threading.get_ident())


def litter() -> None:
    """Make garbage enough for any collector."""
    for _ in range(20_000):
        cycle: list[object] = []
        cycle.append(cycle)


def test_a_worker_that_litters_destroys_no_object_of_the_window(collector: Collector, qtbot: QtBot) -> None:
    Cyclic.ended_on.clear()
    Cyclic()
    worker = threading.Thread(target=litter)
    worker.start()
    worker.join()
    assert Cyclic.ended_on == []
    qtbot.waitUntil(lambda: bool(Cyclic.ended_on), timeout=5_000)  # the collector's own timer
    assert Cyclic.ended_on == [threading.get_ident()]
    assert collector.parent() is application()


def test_without_it_a_worker_would(qapp: object) -> None:  # noqa: ARG001
    """Guards against a test that holds because Python never collects in a worker."""
    Cyclic.ended_on.clear()
    gc.collect()  # no widget of an earlier test is left for the worker to destroy
    gc.enable()
    Cyclic()
    worker = threading.Thread(target=litter)
    worker.start()
    worker.join()
    gc.disable()
    assert Cyclic.ended_on == [worker.ident]


def test_python_collects_by_itself_again_afterwards(qapp: object) -> None:  # noqa: ARG001
    made = Collector(application())
    assert not gc.isenabled()
    made.stop()
    assert gc.isenabled()
