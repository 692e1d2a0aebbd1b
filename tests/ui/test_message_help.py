"""“What can I do?”: beside a refusal, it leads to what the guide says of it, or shows it in a dialog."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from rules.problems import Problem, RefusedError
from ui import links
from ui.banners import Banner, Tone
from ui.dialogs import Dialog
from ui.failures import Failure, failure_of
from ui.links import Link
from ui.pages.help.page import HelpPage
from ui.window import Window

from .conftest import Opener

_SIGNED = failure_of(
    RefusedError(Problem("M3 is signed, which is final; post what corrects it to a later period", "pool.s75"))
)


def test_a_refusal_over_the_pages_leads_to_its_entry_on_the_help_page(
    window: Window, opening: Opener, tmp_path: Path
) -> None:
    file = tmp_path / "notes.s75"
    file.write_bytes(b"minutes of the meeting\n" * 100)
    opening(file)
    assert window.error.what_to_do.isVisible()
    window.error.what_to_do.click()
    assert window.here == Link(links.HELP, links.Topic("book:messages/opening.md#not-a-ledger"))
    page = window.current
    assert isinstance(page, HelpPage)
    assert "If it once was your ledger, restore a backup" in page.text.toPlainText()


def test_in_a_dialog_what_the_entry_says_is_shown_there_and_the_dialog_makes_room(qtbot: QtBot, qapp: object) -> None:  # noqa: ARG001
    dialog = Dialog("Reverse a line", "Reverse")
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.say_failure(_SIGNED)
    before = dialog.height()
    dialog.problem.what_to_do.click()
    assert dialog.problem.advice.text() == (
        "Every partner signed it, and what is signed never changes.\nPost the correction to the next open period; "
        "the statements tell of it as a late line. See Corrections."
    )
    assert dialog.problem.advice.isVisible()
    assert not dialog.problem.what_to_do.isVisible()
    assert dialog.height() > before


def test_the_next_thing_said_is_without_the_advice_on_the_last(qtbot: QtBot, qapp: object) -> None:  # noqa: ARG001
    banner = Banner(Tone.ERROR, "Error")
    qtbot.addWidget(banner)
    banner.say_failure("The ledger was not changed", _SIGNED)
    banner.what_to_do.click()
    assert banner.advice.isVisible()
    banner.say("Words that no message has", "Of nothing.")
    assert not banner.advice.isVisible()
    assert not banner.what_to_do.isVisible()
    banner.what_to_do.click()  # as a click that was under way
    assert not banner.advice.isVisible()


def test_of_several_problems_it_is_the_first_and_without_one_the_heading(qtbot: QtBot, qapp: object) -> None:  # noqa: ARG001
    banner = Banner(Tone.ERROR, "Error")
    qtbot.addWidget(banner)
    banner.say_failure("Nothing was posted", Failure("Something else\nthe file is empty\nthere is no such file", ""))
    banner.what_to_do.click()
    assert "not a single row" in banner.advice.text()
    banner.say("Nothing was posted", "For a reason that no page has.")
    banner.what_to_do.click()
    assert "The sentence under it says why" in banner.advice.text()


@pytest.mark.parametrize("tone", list(Tone))
def test_the_button_is_reached_by_the_keyboard(qtbot: QtBot, qapp: object, tone: Tone) -> None:  # noqa: ARG001
    banner = Banner(tone, "Error")
    qtbot.addWidget(banner)
    banner.say("The ledger was not changed", "the file is empty")
    qtbot.waitExposed(banner)
    banner.what_to_do.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(banner.what_to_do, Qt.Key.Key_Space)
    assert banner.advice.isVisible()
