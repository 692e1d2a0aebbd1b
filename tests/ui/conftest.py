"""A window without a screen, ledgers to open in it, and a watchdog over its thread."""

import gc
import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from PySide6.QtGui import QColor, QPixmap
from pytestqt.qtbot import QtBot

from ledgers import create_ledger, open_ledger
from rules.periods import Period
from tests.own_folders import live_in
from ui import icons
from ui.app import application
from ui.figures import show_as
from ui.preferences import Negatives, Preferences, Units
from ui.session import Session
from ui.theme import dress
from ui.window import Window

from .million import make_million
from .watchdog import Watchdog

GOLDEN = Path(__file__).parents[1] / "golden"

Opener = Callable[..., None]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every Qt warning fails its test, but for what the platform without a screen says of itself."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints"))


@pytest.fixture(scope="session")
def qapp() -> object:
    app = application()
    dress(app, Preferences().theme)
    gc.collect()
    gc.freeze()  # what is loaded stays: going through it after every test would take longer than many tests
    return app


@pytest.fixture(scope="session", autouse=True)
def icons_drawn_once() -> Iterator[None]:
    """A window draws two hundred small pictures for its icons: the same ones in every test, kept for the next."""
    drawn: dict[tuple[str, int, int], QPixmap] = {}
    draw = icons._drawn

    def once(key: str, colour: QColor, size: int) -> QPixmap:
        asked = (key, colour.rgba(), size)
        if asked not in drawn:
            drawn[asked] = draw(key, colour, size)
        return drawn[asked]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(icons, "_drawn", once)
        yield
    drawn.clear()


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Preferences, drafts and backups of the person who runs the tests are not touched."""
    live_in(tmp_path / "own", monkeypatch)
    show_as(Units.POUNDS, Negatives.BRACKETS)


@pytest.fixture(autouse=True)
def collected_here() -> Iterator[None]:
    """Garbage is collected between tests, on this thread, as the program does: a worker must destroy no widget."""
    gc.disable()
    yield
    gc.collect()


@pytest.fixture
def session(qapp: object) -> Iterator[Session]:  # noqa: ARG001  an application has to be there
    """A session with no ledger open, for tests of one page."""
    made = Session()
    yield made
    made.close()


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[Window]:
    """A window that is shown, with no ledger open."""
    shown = Window()
    qtbot.addWidget(shown)
    shown.show()
    qtbot.waitExposed(shown)
    yield shown
    shown.close()
    shown.session.close()


@pytest.fixture
def wait(qtbot: QtBot, window: Window) -> Callable[[], None]:
    """Waits until every job was done and its answer shown."""

    def until_idle() -> None:
        qtbot.waitUntil(lambda: not window.session.busy, timeout=60_000)

    return until_idle


@pytest.fixture
def opening(window: Window, wait: Callable[[], None]) -> Opener:
    """Opens a ledger in the window and waits until its first page is there."""

    def open_it(where: Path | str, *, read_only: bool = False) -> None:
        window.open_ledger(str(where), read_only=read_only)
        wait()

    return open_it


@pytest.fixture(scope="session")
def golden_file(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The `.s75` file of a golden case, every period open, made once to be copied."""
    folder = tmp_path_factory.mktemp("golden")

    def made(name: str) -> Path:
        case, file = GOLDEN / name, folder / f"{name}.s75"
        if not file.exists():
            with create_ledger(file, (case / "agreement.toml").read_text(encoding="utf-8")) as ledger:
                for csv in ("lines.csv", "measures.csv"):
                    if (case / csv).exists():
                        ledger.import_file(case / csv)
        return file

    return made


@pytest.fixture
def file_ledger(tmp_path: Path, golden_file: Callable[[str], Path]) -> Path:
    """A `.s75` file of the Barnet case with M1 to M3 held."""
    file = Path(shutil.copyfile(golden_file("barnet-2014-15-pooled"), tmp_path / "barnet.s75"))
    with open_ledger(file) as ledger:
        ledger.hold(Period.M3)
    return file


@pytest.fixture
def open_file(tmp_path: Path, golden_file: Callable[[str], Path]) -> Callable[[str], Path]:
    """A `.s75` file of a golden case, every period open."""
    return lambda name: Path(shutil.copy(golden_file(name), tmp_path))


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


@pytest.fixture(scope="session")
def million_original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger of a million lines, made once for all workers. Never opened for writing: see `million`."""
    shared = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        shared = shared.parent
    file = shared / "million.s75"
    with FileLock(shared / "million.lock"):
        if not file.exists():
            draft = shared / "million-draft.s75"
            make_million(draft)
            draft.replace(file)
    return file


@pytest.fixture
def million(million_original: Path, tmp_path: Path) -> Path:
    """A copy of the ledger of a million lines, for this test to change."""
    file = tmp_path / "million.s75"
    shutil.copyfile(million_original, file)
    return file


@pytest.fixture
def watchdog(qapp: object) -> Iterator[Watchdog]:  # noqa: ARG001  an application has to be there
    """Fails the test if the GUI thread was blocked for more than 100 ms at a time while it watched."""
    watching = Watchdog()
    yield watching
    watching.close()
