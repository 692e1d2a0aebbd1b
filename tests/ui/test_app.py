"""Starting: quick, light, and with nothing loaded that the first window does not need."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from ui import __main__, app
from ui.window import Window

from .conftest import GOLDEN

ROOT = Path(__file__).parents[2]
HEAVY = {"alembic", "moneyed", "pandas", "psycopg", "python_calamine", "reportlab", "sqlalchemy", "sqlite3", "sqlmodel"}


def test_importing_the_program_loads_no_database_data_frame_or_pdf() -> None:
    script = "import ui.app, sys; print(*{name.partition('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert HEAVY.isdisjoint(loaded.stdout.split())


def test_run_shows_the_window_before_it_opens_the_ledger(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[bool, str, bool]] = []
    windows: list[Window] = []

    def open_it(self: Window, where: str, *, read_only: bool) -> None:
        seen.append((self.isVisible(), where, read_only))
        windows.append(self)
        QTimer.singleShot(0, self.close)

    monkeypatch.setattr(Window, "open_ledger", open_it)
    assert app.run("pool.s75", read_only=True) == 0
    assert seen == [(True, "pool.s75", True)]
    qtbot.addWidget(windows[0])


def test_the_module_passes_on_what_the_command_line_says(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str | None, bool]] = []
    monkeypatch.setattr(__main__, "run", lambda ledger, *, read_only: asked.append((ledger, read_only)) or 0)
    monkeypatch.setattr(sys, "argv", ["ui", "pool.s75", "--read-only"])
    assert __main__.main() == 0
    assert asked == [("pool.s75", True)]


def test_the_whole_program_starts_opens_a_ledger_and_ends_clean() -> None:
    script = (
        "from PySide6.QtCore import QTimer\n"
        "from ui.window import Window\n"
        "from ui.app import application, run\n"
        "def look():\n"
        "    (window,) = [w for w in application().topLevelWidgets() if isinstance(w, Window)]\n"
        "    if window.session.busy or window.session.opened is None:\n"
        "        return QTimer.singleShot(20, look)\n"
        "    print(window.windowTitle(), '/', window.current.title)\n"
        "    window.close()\n"
        "application()\n"
        "QTimer.singleShot(0, look)\n"
        f"raise SystemExit(run({str(GOLDEN / 'barnet-2014-15-pooled')!r}))\n"
    )
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONIOENCODING": "utf-8"}
    ended = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", timeout=60,
        check=False,
    )  # fmt: skip
    # what the platform without a screen says of itself
    said = ended.stderr.replace("This plugin does not support propagateSizeHints()", "").strip()
    assert (ended.returncode, said) == (0, "")
    assert ended.stdout.strip() == "barnet-2014-15-pooled (read-only) – S75 Settlement / Overview"
