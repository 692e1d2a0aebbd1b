"""A correction: a wrong line is found by searching, taken back with a reason, and entered as it should have been."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from ledgers import NewLine, open_ledger
from rules.agreement import Kind
from rules.periods import Period
from ui.entering.reversal import ReversalDialog
from ui.pages.register.page import LedgerPage
from ui.pages.settlement.page import SettlementPage
from ui.window import Window
from ui.wording import row_labels

from .conftest import Opener
from .million import make_million
from .person import Person
from .tasks import in_hand, net_due, opened, pence_in, shown
from .watchdog import Watchdog

NET_DUE = [key for key, _label in row_labels()].index("net_due")
REASON = "A nought too many: the invoice is for £4,170.00"


@pytest.fixture(params=["small", "million"])
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A ledger in which an invoice of £4,170.00 was posted as one of £41,700.00."""
    if request.param == "million":
        found: Path = request.getfixturevalue("million")
    else:
        found = tmp_path / "small.s75"
        make_million(found, lines=3_000)
    with open_ledger(found) as ledger:
        wrong = NewLine(Period.M12, "S007", "ICB", Kind.ACTUAL, 4_170_000, reference="INV-2026/0417")
        ledger.post([wrong])
    return found


def test_a_wrong_line_is_found_taken_back_and_put_right(
    file: Path, opening: Opener, qtbot: QtBot, window: Window, watchdog: Watchdog
) -> None:
    before = net_due(file)
    opening(file)
    person = Person(qtbot, window)
    with watchdog.watching("the settlement as it was"):
        person.press("Ctrl+5")
        settlement = shown(person, SettlementPage)
        shown_before = pence_in(settlement.detail.partners_model, NET_DUE, 3)

    with watchdog.watching("finding the line"):
        person.press("Ctrl+2")
        register = shown(person, LedgerPage)
        person.press("Ctrl+F")
        person.type("2026/0417\n")
        person.wait_for(lambda: register.model.rowCount() == 1 and register.table.hasFocus())
        person.wait_for(lambda: register.doing.line() is not None and register.doing.reverse_button.isEnabled())
        wrong = register.doing.line()
        assert wrong is not None
        assert (wrong.scheme, wrong.amount_pence) == ("S007", 4_170_000)

    with watchdog.watching("taking it back and entering it as it should be"):
        person.press("Ctrl+Shift+R")
        dialog = opened(person, ReversalDialog)
        person.wait_for(dialog.does.isEnabled)
        person.type(f"{REASON}\n")
        person.wait_for(lambda: register.doing.entry is not None)
        entry = register.doing.entry
        assert entry is not None
        in_hand(person, entry.grid)
        person.wait_for(lambda: len(entry.model.rows) == 1)
        person.type("4170.00\n")  # the keyboard is at the amount of a line like the wrong one
        person.press("Ctrl+Return")
        person.wait_for(lambda: entry.banner.isVisible() and not entry.model.rows)
        person.wait()

    with watchdog.watching("the settlement as it is"):
        person.press("Ctrl+5")
        settlement = shown(person, SettlementPage)
        shown_after = pence_in(settlement.detail.partners_model, NET_DUE, 3)
        person.press("Alt+Left")
        shown(person, LedgerPage)

    with open_ledger(file, read_only=True) as ledger:
        back = next(ledger.lines(reverses=wrong.id))
        right = next(ledger.lines(reference="INV-2026/0417", batch=back.batch + 1))
    assert (back.amount_pence, back.reason) == (-4_170_000, REASON)
    assert (right.scheme, right.partner, right.kind, right.amount_pence) == ("S007", "ICB", Kind.ACTUAL, 417_000)
    assert shown_before == before
    assert shown_after == net_due(file)
    assert shown_after != shown_before
    # what is looked for, the reason and the amount, and thirteen keys besides
    assert person.presses <= len("2026/0417") + len(REASON) + len("4170.00") + 13, person.presses
    assert person.clicks == 0
