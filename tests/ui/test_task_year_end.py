"""The year end: an adjustment in M13, the period held, a new key for each partner, both signatures, and verified."""

from functools import partial
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from ledgers import State, open_ledger, sealing
from rules.agreement import Kind
from rules.periods import Period
from settlement.signoff import passphrases
from ui.pages.register.page import LedgerPage
from ui.pages.sign_off.key_dialogs import MadeDialog, NewKeyDialog
from ui.pages.sign_off.page import SignOffPage
from ui.pages.sign_off.period_dialogs import HoldDialog
from ui.pages.sign_off.sign_dialog import SignDialog
from ui.tables import PENCE
from ui.window import Window

from .conftest import Opener
from .person import Person
from .signing import PEOPLE, WORDS, barnet
from .tasks import choose_period, in_hand, net_due, opened, shown
from .watchdog import Watchdog

ADJUSTMENT = "m13\t\tINF-L5\tBCCG\taccr\t45000.50\tYE-1\tAccrual for March placements\n"


def test_an_adjustment_is_held_signed_by_both_and_verified(  # noqa: PLR0915  a whole task, step by step
    opening: Opener,
    qtbot: QtBot,
    window: Window,
    watchdog: Watchdog,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(passphrases, "ROUNDS", 1_000)  # a test need not wait for what a thief should
    file = barnet(tmp_path)
    before = net_due(file, Period.M13)
    opening(file)
    person = Person(qtbot, window)
    typed = 0

    def say(text: str) -> None:
        nonlocal typed
        typed += sum(letter.isprintable() for letter in text)
        person.type(text)

    with watchdog.watching("the adjustment"):
        person.press("Ctrl+E")
        register = shown(person, LedgerPage, lambda page: page.doing.entry is not None)
        entry = register.doing.entry
        assert entry is not None
        in_hand(person, entry.grid)
        say(ADJUSTMENT)
        person.press("Ctrl+Return")
        person.wait_for(lambda: entry.banner.isVisible() and not entry.model.rows)
        person.wait()

    with watchdog.watching("holding the year"):
        person.press("Ctrl+7")
        page = shown(person, SignOffPage)
        choose_period(person, Period.M13)
        person.wait_for(lambda: page.at is not None and page.at.period is Period.M13)
        person.wait()
        person.press("Alt+D")
        opened(person, HoldDialog)
        person.press("Return")
        person.wait_for(lambda: page.details.buttons["sign"].isEnabled() and page.details.buttons["sign"].isVisible())
        person.wait()

    with watchdog.watching("a key for each partner"):
        person.press("Alt+K")
        for code in PEOPLE:
            person.press("Alt+N")
            dialog = opened(person, NewKeyDialog)
            if dialog.folder.path != str(tmp_path):  # the second time it is remembered
                person.press("Alt+F")
                say(f"{tmp_path}\t\t")
            say(f"{code}\t")
            say(f"{WORDS}\t\t{WORDS}\n")
            opened(person, MadeDialog)
            person.press("Return")
            person.wait()
        person.press("Alt+I")

    for code, (name, role) in PEOPLE.items():
        with watchdog.watching(f"the signature of {code}"):
            person.press("Alt+S")
            signing = opened(person, SignDialog)
            assert signing.who.code == code
            assert person.at is signing.who.name
            say(f"{name}\t{role}\t{tmp_path / code}.key\t\t{WORDS}\n")
            person.wait_for(partial(has_signed, file, code))
            person.wait()

    with watchdog.watching("verifying"):
        person.press("Alt+E")
        person.wait_for(page.verify.isVisible)
        for code in PEOPLE:
            chosen = [str(tmp_path / f"{code}.pub")]  # in the desktop's own dialog
            monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_, chosen=chosen: (chosen, ""))
            person.tab_to(page.verify.rows[code].add)
            person.press("Space")
        person.press("Alt+W")
        person.wait_for(page.verify.result.isVisible)
        person.wait()
        heading = page.verify.result.verified.heading.text()
        text = page.verify.result.text.toPlainText()

    assert heading == "✓ Verified"
    assert text.startswith(f"VERIFIED: {file}")
    with open_ledger(file, read_only=True) as ledger:
        assert {each.state for each in ledger.periods()} == {State.SIGNED}
        (line,) = ledger.lines(kind=Kind.ACCRUAL)
    assert (line.period, line.scheme, line.amount_pence) == (Period.M13, "INF-L5", 4_500_050)
    dues = page.details.dues
    due = net_due(file, Period.M13)
    assert [dues.index(row, 1).data(PENCE) for row in range(dues.rowCount())] == due
    assert due != before
    # a line, two keys with their passphrases, two names with a role: besides what is typed a few keys for each field
    assert typed < 420 + 5 * len(str(tmp_path)), typed
    assert person.presses - typed <= 70, person.presses - typed
    assert person.clicks == 0


def has_signed(file: Path, partner: str) -> bool:
    """Whether a partner has signed a note of the ledger."""
    with open_ledger(file, read_only=True) as ledger:
        return any(partner in note.signed_by for note in sealing.notes(sealing.stored(ledger)))
