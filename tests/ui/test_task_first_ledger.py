"""A person's first hour: a new ledger from a template, its figures entered, and the statement of what is due."""

import re
from dataclasses import replace
from pathlib import Path

import pypdfium2
from pytestqt.qtbot import QtBot

from rules.money import pounds
from rules.periods import Period
from ui import links
from ui.pages.register.page import LedgerPage
from ui.pages.settlement.page import SettlementPage
from ui.pages.start.wizard import NewLedgerDialog
from ui.pages.statements.page import StatementsPage
from ui.pages.statements.write_dialog import WriteDialog
from ui.window import Window
from ui.wording import row_labels

from .person import Person
from .tasks import choose_period, net_due, opened, pence_in, shown
from .watchdog import Watchdog

NET_DUE = [key for key, _label in row_labels()].index("net_due")

# each row of the grid: what differs from the row above is typed, the rest stands there already
FIRST_LINE = "m12\t\tHOME\tTWC\tact\t14600000.25\n"
LINES = (
    "REABLEMENT\t\t\t2950000\n",
    "EQUIPMENT\t\t\t810000\n",
)
PAID = "HOME\tICB\tpay\t7000000\n"


def text_of(pdf: Path) -> str:
    """All that a PDF says, its line breaks as spaces."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return re.sub(r"\s+", " ", " ".join(page.get_textpage().get_text_range() for page in document))
    finally:
        document.close()


def test_from_nothing_to_a_statement(  # noqa: PLR0915  a whole task, step by step
    qtbot: QtBot, window: Window, tmp_path: Path, watchdog: Watchdog
) -> None:
    """Two partners, a pooled fund, three schemes, a risk share from a template; lines; who owes what, as a PDF."""
    window.session.keep(replace(window.session.preferences, ledgers_folder=str(tmp_path)))
    person = Person(qtbot, window)
    person.wait()
    typed = 0

    def say(text: str) -> None:
        nonlocal typed
        typed += sum(letter.isprintable() for letter in text)
        person.type(text)

    with watchdog.watching("a new ledger"):
        person.press("Ctrl+N")
        wizard = opened(person, NewLedgerDialog)

        def looked() -> None:
            person.wait_for(lambda: not wizard.is_looking)

        looked()
        say("Telford Better Care Fund\n")
        say("Telford & Wrekin Council\nNHS Shropshire Integrated Care Board\n\n")
        say("Better Care Fund\n\n")
        say("Home\nReablement\nEquipment\n\n")
        looked()
        say("8000000\n2000000\n500000\n")  # down the council's column, then the board's
        say("6000000\n1000000\n250000.50\n")
        looked()
        say("in")  # the template: in proportion to contributions
        assert wizard.rules.box.currentData() == "contributions"
        person.press("Alt+A")
        person.wait_for(lambda: wizard.rules.list.count() == 1)
        looked()
        assert "proportion" in wizard.rules.says.text()
        person.press("Ctrl+Return")
        looked()
        assert wizard.check.list.count() == 0
        person.press("Return")
        person.wait_for(lambda: window.session.opened is not None and window.current.key == links.OVERVIEW)
        person.wait()

    (file,) = tmp_path.glob("telford-better-care-fund-*.s75")
    with watchdog.watching("a month's lines"):
        person.press("Ctrl+E")
        ledger = shown(person, LedgerPage, lambda page: page.doing.entry is not None)
        entry = ledger.doing.entry
        assert entry is not None
        person.wait_for(entry.grid.hasFocus)
        say(FIRST_LINE)
        for line in LINES:
            say(line)
        say(PAID)
        assert entry.summary.text() == "4 lines ready.", [entry.model.complaints(at) for at in range(4)]
        person.press("Ctrl+Return")
        person.wait_for(lambda: ledger.model.rowCount() == 10)
        person.wait()
        assert entry.banner.heading.text().startswith("4 lines posted: batch 2")

    with watchdog.watching("the settlement and its statements"):
        person.press("Ctrl+5")
        page = shown(person, SettlementPage)
        choose_period(person, Period.M12)
        due_shown = pence_in(page.detail.partners_model, NET_DUE, 2)
        transfer = page.transfers.text()
        person.press("Ctrl+6")
        statements = shown(person, StatementsPage, lambda page: page.available is not None)
        person.press("Alt+W")
        opened(person, WriteDialog)
        person.press("Alt+F")
        say(f"{tmp_path / 'out'}\n")
        person.wait_for(statements.written.isVisible)
        person.wait()

    # what stands on the page, in the files and in `s75 settle --json` is one figure
    council, board = due = net_due(file, Period.M12)
    assert due_shown == due
    assert (council + board, board > 0) == (0, True)
    amount = pounds(board)
    assert amount in transfer
    told = {pdf.stem.partition("M12-")[2]: text_of(pdf) for pdf in (tmp_path / "out").glob("*.pdf")}
    assert sorted(told) == [
        *("ICB-memorandum-account", "ICB-settlement-statement", "TWC-ICB-transfer-notice", "TWC-memorandum-account"),
        *("TWC-settlement-statement", "annual-return", "monitoring-report", "quarterly-report", "workings"),
    ]
    assert f"Due to Telford & Wrekin Council {amount}" in told["TWC-settlement-statement"]
    ours = told["ICB-settlement-statement"]
    assert f"Due from NHS Shropshire Integrated Care Board {amount}" in ours
    assert f"It pays {amount} to Telford & Wrekin Council" in ours
    assert "DRAFT – not signed" in ours
    # the names and figures of the agreement, its lines and a folder, and besides those two keys for each of them
    assert typed < 280 + len(str(tmp_path)), typed
    assert person.presses - typed <= 56, person.presses - typed
    assert person.clicks == 0
