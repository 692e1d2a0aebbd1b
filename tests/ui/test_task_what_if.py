"""A what-if: a draft of the schedule, another share in it, who would pay what; compared, undone, and put in force."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from ledgers import open_ledger
from rules.periods import Period
from settlement.result import result_of
from settlement.settle import settle
from ui.pages.risk_share.force_dialog import ForceDialog
from ui.pages.risk_share.page import RiskSharePage
from ui.tables import PENCE
from ui.window import Window

from .conftest import Opener
from .million import make_million
from .person import Person
from .tasks import in_hand, net_due, opened, shown
from .watchdog import Watchdog

REASON = "Deed of variation, 28 September"


@pytest.fixture(params=["small", "million"])
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Three partners who share what is over 5% in equal parts: clause 9.4."""
    if request.param == "million":
        found: Path = request.getfixturevalue("million")
        return found
    found = tmp_path / "small.s75"
    make_million(found, lines=3_000)
    return found


def column(page: RiskSharePage, place: int) -> list[int]:
    return [page.payers.index(row, place).data(PENCE) for row in range(page.payers.rowCount())]


def test_a_share_is_tried_compared_undone_and_put_in_force(  # noqa: PLR0915  a whole task, step by step
    file: Path, opening: Opener, qtbot: QtBot, window: Window, watchdog: Watchdog
) -> None:
    in_force = net_due(file)
    opening(file)
    person = Person(qtbot, window)
    with watchdog.watching("the schedule in force"):
        person.press("Ctrl+4")
        page = shown(person, RiskSharePage, lambda page: not page.stack.is_filling)
        assert column(page, 1) == in_force
        person.tab_to(page.stack.frames[0])
        person.press("Down", "Down", "Down")  # from the first card to the fourth
        chosen = page.stack.card(page.stack.chosen_key)
        assert chosen is not None
        assert chosen.number == "9.4"

    with watchdog.watching("a draft with another share"):
        person.press("Alt+C")  # change it, in a draft
        person.wait_for(lambda: page.shelf.shown is not None)
        person.wait()
        person.press("Return")
        share = page.form.slices[0].weights["LBX"].line
        person.tab_to(share)
        person.type("3")
        person.wait()
        person.wait_for(lambda: column(page, 3) != in_force)
        tried = column(page, 3)

    with watchdog.watching("comparing, undoing, doing it again"):
        person.press("Alt+M")
        in_hand(person, page.comparison.table)
        person.wait()
        assert page.comparison.model.rowCount() > 0
        person.press("Alt+B")
        person.wait_for(page.stack.isVisible)
        person.press("Ctrl+Z")
        person.wait()
        person.wait_for(lambda: column(page, 3) == in_force)
        undone = column(page, 3)
        person.press("Ctrl+Y")
        person.wait()
        person.wait_for(lambda: column(page, 3) != in_force)

    with watchdog.watching("putting it in force"):
        person.press("Alt+I")
        dialog = opened(person, ForceDialog)
        person.wait()
        person.type(REASON)
        person.wait_for(dialog.does.isEnabled)
        person.press("Return")
        person.wait_for(lambda: not page.shelf.drafts)
        person.wait()
        person.wait_for(lambda: column(page, 1) == tried)

    assert undone == in_force
    assert tried != in_force
    assert net_due(file) == tried
    with open_ledger(file, read_only=True) as ledger:
        version = ledger.versions()[-1]
        assert version.reason == REASON
        again = result_of(settle(ledger.agreement_at(Period.M13), ledger.position(Period.M13)))
    assert [row["net_due"] for row in again["partners"].values()] == tried
    # the reason and the share; besides those the way to the cards and to the share in the form by Tab, and a key a step
    assert person.presses <= len(REASON) + 1 + 40, person.presses
    assert person.clicks == 0
