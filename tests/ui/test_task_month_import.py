"""A month's import: a file with two bad rows, both put right where they are shown; checked, posted, in the register."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from pytestqt.qtbot import QtBot

from ledgers import open_ledger
from rules.periods import Period
from ui.importing.wizard import ImportDialog
from ui.pages.register.page import LedgerPage
from ui.window import Window

from .conftest import Opener
from .million import make_million
from .person import Person
from .tasks import in_hand, opened, settled, shown
from .watchdog import Watchdog

HEADER = "period,scheme,partner,kind,amount,date,reference,description\n"
GOOD = 118


@pytest.fixture(params=["small", "million"])
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A ledger of 200 schemes and three partners."""
    if request.param == "million":
        found: Path = request.getfixturevalue("million")
        return found
    found = tmp_path / "small.s75"
    make_million(found, lines=3_000)
    return found


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    """The month's extract of a general ledger: 120 rows, an amount with a letter in it, a partner nobody has."""
    rows = [
        f"M12,S{number % 40 + 1:03},{('LBX', 'ICB', 'TRU')[number % 3]},actual,{100 + number}.25,"
        f"2026-03-{number % 28 + 1:02},GL-{number:05},Home care\n"
        for number in range(GOOD + 2)
    ]
    rows[40] = rows[40].replace("140.25", "14O.25")
    rows[90] = rows[90].replace("LBX", "LBK")
    path = tmp_path / "general ledger M12.csv"
    path.write_text(HEADER + "".join(rows), encoding="utf-8")
    return path


def drop(window: Window, path: Path) -> None:
    """Let go of a file over the window."""
    held = QMimeData()
    held.setUrls([QUrl.fromLocalFile(str(path))])
    button, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    window.dropEvent(QDropEvent(QPointF(400, 300), Qt.DropAction.CopyAction, held, button, keys))


def test_two_bad_rows_are_mended_in_the_preview_and_all_is_posted(
    file: Path, extract: Path, opening: Opener, qtbot: QtBot, window: Window, watchdog: Watchdog
) -> None:
    text = extract.read_bytes()
    before = settled(file, Period.M12)["partners"]
    opening(file)
    person = Person(qtbot, window)
    with watchdog.watching("a file dropped on the window, and checked"):
        drop(window, extract)
        register = shown(person, LedgerPage)
        dialog = opened(person, ImportDialog)
        person.wait_for(lambda: dialog.check.checked is not None)
        person.wait()
        assert dialog.check.heading.text() == f"2 rows to mend; {GOOD} lines good"
        assert not dialog.does.isEnabled()

    with watchdog.watching("both rows mended, and checked again"):
        in_hand(person, dialog.check.grid)
        assert "“14O.25” is not an amount" in dialog.check.says.text()
        person.type("140.25\n")
        person.wait_for(lambda: "LBK" in dialog.check.says.text())
        person.type("lbx\n")
        person.wait_for(lambda: dialog.check.can_post)
        person.wait()
        assert dialog.check.heading.text() == f"{GOOD + 2} lines to post, and nothing to mend"

    with open_ledger(file, read_only=True) as ledger:
        batches = len(ledger.batches())  # so far all of it was looked at, and nothing posted
    with watchdog.watching("posting, and the lines in the register"):
        in_hand(person, dialog.does)
        person.press("Return")
        person.wait_for(dialog.done_heading.isVisible)
        person.wait()
        heading = dialog.done_heading.text()
        person.press("Alt+S")
        register = shown(person, LedgerPage, lambda page: page.model.rowCount() == GOOD + 2)
        person.wait_for(lambda: register.doing.line() is not None)
        first = register.doing.line()

    assert heading == f"{GOOD + 2} lines posted as batch {batches + 1}"
    assert first is not None
    assert (first.reference, first.amount_pence) == ("GL-00000", 10_025)
    with open_ledger(file, read_only=True) as ledger:
        posted = list(ledger.lines(batch=batches + 1))
    assert [line.amount_pence for line in posted] == [10_000 + 100 * number + 25 for number in range(GOOD + 2)]
    assert (posted[90].partner, posted[90].reference) == ("LBX", "GL-00090")
    assert extract.read_bytes() == text  # the file that was sent stays as it was sent
    after = settled(file, Period.M12)["partners"]
    for code, row in after.items():
        spent = sum(line.amount_pence for line in posted if line.partner == code)
        assert row["spend"] - before[code]["spend"] == spent
    # what was typed in the two cells, Enter after each, one for posting and one for the lines
    assert person.presses == len("140.25\n") + len("lbx\n") + 2
    assert person.clicks == 0
