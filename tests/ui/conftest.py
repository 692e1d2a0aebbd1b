"""A window without a screen, and golden ledgers to open in it."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from ledgers import create_ledger
from rules.periods import Period
from ui.app import application
from ui.window import Window

GOLDEN = Path(__file__).parents[1] / "golden"

Opener = Callable[..., None]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every Qt warning fails its test, but for what the platform without a screen says of itself."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints"))


@pytest.fixture(scope="session")
def qapp() -> object:
    return application()


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[Window]:
    """A window that is shown, with no ledger open."""
    shown = Window()
    qtbot.addWidget(shown)
    shown.show()
    qtbot.waitExposed(shown)
    yield shown
    shown.close()


@pytest.fixture
def wait(qtbot: QtBot, window: Window) -> Callable[[], None]:
    """Waits until every job was done and its answer shown."""

    def until_idle() -> None:
        qtbot.waitUntil(lambda: not window.jobs.busy, timeout=10_000)

    return until_idle


@pytest.fixture
def opening(window: Window, wait: Callable[[], None]) -> Opener:
    """Opens a ledger in the window and waits until its settlement is there."""

    def open_it(where: Path, *, read_only: bool = False) -> None:
        window.open_ledger(str(where), read_only=read_only)
        wait()

    return open_it


@pytest.fixture
def file_ledger(tmp_path: Path) -> Path:
    """A `.s75` file of the Barnet case with M1 to M3 held."""
    case = GOLDEN / "barnet-2014-15-pooled"
    file = tmp_path / "barnet.s75"
    with create_ledger(file, (case / "agreement.toml").read_text(encoding="utf-8")) as ledger:
        ledger.import_file(case / "lines.csv")
        ledger.hold(Period.M3)
    return file


@pytest.fixture
def without_clause(tmp_path: Path) -> Callable[[str, str], Path]:
    """A copy of a golden case whose schedule lost a clause."""

    def make(case: str, clause: str) -> Path:
        folder = tmp_path / case
        shutil.copytree(GOLDEN / case, folder)
        agreement = folder / "agreement.toml"
        tables = agreement.read_text(encoding="utf-8").split("[[clause]]")
        kept = [table for table in tables if f'id = "{clause}"' not in table]
        assert len(kept) == len(tables) - 1
        agreement.write_text("[[clause]]".join(kept), encoding="utf-8")
        return folder

    return make
