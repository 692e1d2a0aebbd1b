"""An auditor and one figure: a signed ledger, opened to be read and verified; its trace, down to the invoice."""

import os
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from ledgers import NewLine, open_ledger
from ledgers.evidence import About, attach
from rules.agreement import Kind
from rules.periods import Period
from settlement.signoff.signing import sign
from tests.settlement.signoff.signing import key_of
from ui.pages.audit.page import AuditPage
from ui.pages.register.page import LedgerPage
from ui.pages.settlement.page import SettlementPage
from ui.window import Window
from ui.wording import row_labels

from .conftest import Opener
from .million import make_million
from .person import Person
from .tasks import in_hand, pence_in, settled, shown
from .watchdog import Watchdog

SPEND = [key for key, _label in row_labels()].index("spend")
NET_DUE = [key for key, _label in row_labels()].index("net_due")
KEYS = {"LBX": key_of(1), "ICB": key_of(2), "TRU": key_of(3)}
INVOICE = "INV-2026/0417"


@pytest.fixture(params=["small", "million"])
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A ledger with an invoice, attached to its line, signed by all; a million lines are sealed under S75_SOAK only."""
    if request.param == "million":
        found: Path = request.getfixturevalue("million")
    else:
        found = tmp_path / "small.s75"
        make_million(found, lines=3_000)
    scan = tmp_path / "0417 Ashgrove.pdf"
    scan.write_bytes(b"%PDF-1.4\n% the invoice, as it was scanned\n%%EOF\n")
    line = NewLine(
        Period.M12, "S004", "LBX", Kind.ACTUAL, 417_000, reference=INVOICE, description="Home care, Ashgrove"
    )
    with open_ledger(found) as ledger:
        (posted,) = ledger.post([line])
        attach(ledger, scan, About.LINE, posted.id, "Passed for payment")
        if request.param == "small" or os.environ.get("S75_SOAK"):
            ledger.hold(Period.M13)
            for code, key in KEYS.items():
                sign(ledger, Period.M13, code, key, name=f"{code} finance lead", role="Director", prepared_by="Manager")
    return found


@pytest.fixture
def is_signed(file: Path) -> bool:
    with open_ledger(file, read_only=True) as ledger:
        return str(ledger.periods()[-1].state) == "signed"


def test_a_figure_is_traced_from_the_settlement_to_its_invoice_and_back(  # noqa: PLR0915  a whole task, step by step
    file: Path,
    is_signed: bool,  # noqa: FBT001  a fixture
    opening: Opener,
    qtbot: QtBot,
    window: Window,
    watchdog: Watchdog,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    before = file.read_bytes()[:100]
    rows = settled(file, Period.M13)["partners"]
    for code, key in KEYS.items():
        (tmp_path / f"{code}.pub").write_text(key.public.pem, encoding="ascii")
    opening(file, read_only=True)
    person = Person(qtbot, window)
    if is_signed:
        with watchdog.watching("verifying"):
            person.press("Ctrl+8")
            audit = shown(person, AuditPage, lambda page: len(page.verify.rows) == len(KEYS))
            for code, row in audit.verify.rows.items():
                chosen = [str(tmp_path / f"{code}.pub")]  # in the desktop's own dialog
                monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_, chosen=chosen: (chosen, ""))
                person.tab_to(row.add)
                person.press("Space")
            person.press("Alt+W")
            person.wait_for(audit.verify.result.isVisible)
            assert audit.verify.result.verified.heading.text() == "✓ Verified"
            person.wait()

    with watchdog.watching("the figure and its trace"):
        person.press("Ctrl+5")
        page = shown(person, SettlementPage, lambda page: page.trace.tree.isVisible())
        state = page.subtitle.text()
        assert pence_in(page.detail.partners_model, NET_DUE, 3) == [row["net_due"] for row in rows.values()]
        in_hand(person, page.detail.partners)
        person.press(*["Up"] * (NET_DUE - SPEND))  # what the council spent on the pools' behalf
        person.wait()
        person.press("Return")
        in_hand(person, page.trace.tree)
        wanted = next(
            place
            for place, step in enumerate(page.trace.model.steps)
            if getattr(step.opens, "scheme", None) == "S004" and getattr(step.opens, "kind", None) is Kind.ACTUAL
        )
        assert page.trace.model.steps[0].pence == rows["LBX"]["spend"]
        for _ in range(wanted):
            if page.trace.model.step_of(page.trace.tree.currentIndex()) == page.trace.model.steps[wanted]:
                break
            person.press("Down")
        spot = page.place()
        step = page.trace.model.steps[wanted]
        assert page.trace.model.step_of(page.trace.tree.currentIndex()) == step

    with watchdog.watching("the lines behind it, and the invoice"):
        person.press("Return")
        register = shown(person, LedgerPage, lambda page: page.arranger.is_finished)
        assert not register.doing.reverse_button.isEnabled()
        person.press("Ctrl+F")
        person.type("0417\n")
        person.wait_for(lambda: register.model.rowCount() == 1)
        in_hand(person, register.table)
        person.wait()
        person.press("Return")
        person.wait_for(lambda: INVOICE in register.panel.text)
        told = register.panel.text

    with watchdog.watching("the way back"):
        person.press("Alt+Left")
        page = shown(person, SettlementPage, lambda page: page.place() == spot)

    assert ("signed" in state.lower().replace("not signed", "")) is is_signed
    assert "Actual of £4,170.00 in M12" in told
    assert INVOICE in told
    assert "0417 Ashgrove.pdf (" in told
    assert "Passed for payment" in told
    with open_ledger(file, read_only=True) as ledger:
        behind = ledger.lines(scheme="S004", partner="LBX", kind=Kind.ACTUAL)
        assert step.pence == sum(line.amount_pence for line in behind)
    assert file.read_bytes()[:100] == before

    # two keys for each public key and some Tabs between; a dozen steps down the trace; the invoice's number
    assert person.presses <= 60, person.presses
    assert person.clicks == 0
