"""Ledgers to sign in the window, and who signs them."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QDialog, QWidget
from pytestqt.qtbot import QtBot

from ledgers import create_ledger, open_ledger
from rules.periods import Period
from settlement.signoff import passphrases
from settlement.signoff.keys import new_key
from settlement.signoff.signing import sign
from tests.settlement.signoff.signing import key_of
from ui.aside import Report
from ui.window import Window

from .conftest import GOLDEN

Opened = TypeVar("Opened", bound=QDialog)

WORDS = "four words of it"
PEOPLE = {"LBB": ("Council finance lead", "Chief Finance Officer"), "BCCG": ("Health finance lead", "Director")}
KEYS = {"LBB": key_of(1), "BCCG": key_of(2)}


@pytest.fixture
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is long is done in a thread here: a process of its own takes a second to start, and has its own tests."""

    def in_a_thread(function: Callable[..., object], *told: object) -> Callable[[Report], object]:
        return lambda report: function(*told, report)

    monkeypatch.setattr("ui.aside.in_a_process", in_a_thread)
    monkeypatch.setattr("ui.pages.sign_off.sign_dialog.in_a_process", in_a_thread)


def barnet(folder: Path) -> Path:
    """A `.s75` file of the Barnet case, every period open."""
    case = GOLDEN / "barnet-2014-15-pooled"
    file = folder / "barnet.s75"
    with create_ledger(file, (case / "agreement.toml").read_text(encoding="utf-8")) as ledger:
        ledger.import_file(case / "lines.csv")
    return file


def signed(file: Path, period: Period, *partners: str) -> None:
    """The period held and signed for these partners; for both, if none is named."""
    with open_ledger(file) as ledger:
        ledger.hold(period)
        for code in partners or tuple(KEYS):
            name, role = PEOPLE[code]
            sign(ledger, period, code, KEYS[code], name=name, role=role, prepared_by="Fund Manager")


def public_keys(folder: Path) -> dict[str, Path]:
    """The public keys of those who sign, as files."""
    files = {}
    for code, key in KEYS.items():
        files[code] = folder / f"{code}.pub"
        files[code].write_text(key.public.pem, encoding="ascii")
    return files


def key_file(folder: Path, name: str, passphrase: str = WORDS, rounds: int = 1_000) -> Path:
    """A new private key under a passphrase of few rounds: a test need not wait for what a thief should."""
    before = passphrases.ROUNDS
    passphrases.ROUNDS = rounds
    try:
        return new_key(folder, name, passphrase).private
    finally:
        passphrases.ROUNDS = before


def settle(qtbot: QtBot, window: Window) -> None:
    """Wait until nothing is under way, nor about to be: pages wait a moment before they ask."""

    def is_settled() -> bool:
        timers = [timer for timer in window.findChildren(QTimer) if timer.isSingleShot() and timer.isActive()]
        return not timers and not window.session.busy

    qtbot.waitUntil(is_settled, timeout=60_000)


def dialog(page: QWidget, kind: type[Opened]) -> Opened:
    """The dialog of that kind that is open."""
    (found,) = [each for each in page.findChildren(kind) if each.isVisible()]
    return found
