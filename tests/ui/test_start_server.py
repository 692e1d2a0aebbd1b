"""Connecting to a ledger on a server: by parts or by a whole URL; the password is never kept."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from ledgers import create_ledger
from ui import links
from ui.drafts import all_drafts, drafts_folder, find_draft, keep_draft
from ui.links import Link
from ui.pages.start.server import ServerDialog
from ui.preferences import preferences_path
from ui.window import Window

from .conftest import GOLDEN

Wait = Callable[[], None]


@pytest.fixture
def dialog(window: Window, qtbot: QtBot, wait: Wait) -> Iterator[ServerDialog]:
    """The dialog, as the File menu opens it."""
    window.go(Link(links.START, "server"))
    wait()
    found = window.findChild(ServerDialog)
    assert found is not None
    qtbot.waitExposed(found)
    yield found
    wait()


@pytest.fixture
def pool(postgres_url: str, tmp_path: Path) -> str:
    """The URL of a ledger in a schema of its own."""
    url = f"{postgres_url}?options=-csearch_path%3Dpool_{abs(hash(str(tmp_path)))}"
    create_ledger(url, (GOLDEN / "telford-2019-20" / "agreement.toml").read_text(encoding="utf-8")).close()
    return url


def type_into(qtbot: QtBot, field: QLineEdit, text: str) -> None:
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)


def test_a_wrong_address_is_told_in_a_sentence_and_nothing_typed_is_lost(
    dialog: ServerDialog, qtbot: QtBot, wait: Wait, window: Window
) -> None:
    assert dialog.server.hasFocus()
    type_into(qtbot, dialog.server, "127.0.0.1")
    type_into(qtbot, dialog.port, "1")
    type_into(qtbot, dialog.database, "pool")
    type_into(qtbot, dialog.login, "finance")
    type_into(qtbot, dialog.password, "secret")
    qtbot.keyClick(dialog.password, Qt.Key.Key_Return)
    assert not dialog.does.isEnabled()
    dialog.reject()  # the server is still asked
    assert dialog.isVisible()
    wait()
    assert dialog.problem.heading.text() == "The server could not be connected to"
    assert "the server cannot be reached" in dialog.problem.body.text()
    assert "secret" not in dialog.problem.body.text() + dialog.problem.details.toPlainText()
    assert dialog.password.text() == "secret"
    assert dialog.does.isEnabled()
    assert window.session.opened is None
    dialog.reject()
    assert not dialog.isVisible()


@pytest.mark.parametrize(
    ("server", "port", "database", "message"),
    [
        ("", "", "pool", "Server: name the server"),
        ("ledgers.example.org", "", "", "Database: name the database"),
        ("ledgers.example.org", "70000", "pool", "Port: “70000” is not a port"),
        ("postgresql://[", "", "", "this is not a PostgreSQL URL"),
    ],
)
def test_an_address_that_is_not_complete_says_what_is_missing(
    dialog: ServerDialog, qtbot: QtBot, server: str, port: str, database: str, message: str
) -> None:
    dialog.server.setText(server)
    dialog.port.setText(port)
    dialog.database.setText(database)
    qtbot.mouseClick(dialog.does, Qt.MouseButton.LeftButton)
    assert dialog.problem.heading.text() == "The address is not complete"
    assert message in dialog.problem.body.text()
    dialog.reject()


def test_a_whole_url_that_is_pasted_is_taken_apart(dialog: ServerDialog, qtbot: QtBot) -> None:
    url = "postgresql://finance:se%40cret@db.example.org:5433/pool?options=-csearch_path%3Dy26"
    type_into(qtbot, dialog.server, url)
    qtbot.keyClick(dialog.server, Qt.Key.Key_Tab)
    assert dialog.server.text() == "db.example.org"
    assert (dialog.port.text(), dialog.database.text(), dialog.login.text()) == ("5433", "pool", "finance")
    assert (dialog.schema.text(), dialog.password.text()) == ("y26", "se@cret")
    assert dialog.password.echoMode() is QLineEdit.EchoMode.Password
    dialog.reject()


def test_a_ledger_on_a_server_is_opened_and_the_password_is_never_kept(
    dialog: ServerDialog, qtbot: QtBot, wait: Wait, window: Window, pool: str
) -> None:
    dialog.server.setText(pool)
    dialog.password.setText("a secret that the server does not ask for")
    qtbot.keyClick(dialog.password, Qt.Key.Key_Return)
    wait()
    opened = window.session.opened
    assert opened is not None
    assert opened.is_server
    assert opened.writable
    assert window.current.key == links.OVERVIEW
    keep_draft(opened.where, "lines", [["M1"]])
    assert "secret" not in preferences_path().read_text(encoding="utf-8")
    assert all("secret" not in path.read_text(encoding="utf-8") for path in drafts_folder().glob("*"))
    assert "secret" not in all_drafts()[0][0]
    assert find_draft(pool, "lines") == [["M1"]]  # by another password, or none: it is the same ledger
    window.session.close_ledger()
    wait()
    # the next time it is offered again, without the password
    again = ServerDialog(window.session)
    qtbot.addWidget(again)
    assert again.server.text() == "127.0.0.1"
    assert again.password.text() == ""


def test_a_recent_server_is_asked_for_its_password(window: Window, qtbot: QtBot, wait: Wait, pool: str) -> None:
    window.open_ledger(pool)
    wait()
    window.go(Link(links.START))
    wait()
    page = window.current
    page.recent.chosen.emit(0)  # type: ignore[attr-defined]  # the first page
    dialog = window.findChild(ServerDialog)
    assert dialog is not None
    qtbot.waitExposed(dialog)
    assert dialog.server.text() == "127.0.0.1"
    qtbot.waitUntil(dialog.password.hasFocus)
    dialog.reads_only.setChecked(True)
    qtbot.keyClick(dialog.password, Qt.Key.Key_Return)
    wait()
    assert window.session.opened is not None
    assert not window.session.opened.writable
