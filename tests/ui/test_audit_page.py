"""The Audit page: verification, the trail, samples, the settlement performed again; read-only, and never frozen."""

import csv
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from ledgers import open_ledger
from ledgers.trail import trail
from rules.agreement import Kind
from rules.periods import Period
from settlement.result import result_of
from settlement.sampling import Method, Plan, draw
from settlement.service import settle_ledger
from settlement.signoff.exporting import export
from tests.conftest import examples
from ui import links
from ui.links import Figure, Lines, Link
from ui.pages.audit.page import REPERFORM, SAMPLE, TRAIL, VERIFY, AuditPage
from ui.pages.audit.trail_panel import EntryDialog
from ui.pages.sign_off.verify_panel import VerifyPanel
from ui.tables import PENCE
from ui.window import Window

from .conftest import GOLDEN, Opener
from .million import make_million
from .signing import barnet, dialog, in_this_process, public_keys, settle, signed
from .watchdog import Watchdog

LARGE = examples(20_000, 10_000)

__all__ = ["in_this_process"]

Shower = Callable[..., AuditPage]


@pytest.fixture
def show(window: Window, opening: Opener, qtbot: QtBot) -> Shower:
    """Opens a ledger read-only at a part of the Audit page."""

    def open_it(file: Path, part: str, period: Period = Period.M12, *, read_only: bool = True) -> AuditPage:
        opening(file, read_only=read_only)
        window.session.choose(period, outturn=False)
        window.go(Link(links.AUDIT, part))
        settle(qtbot, window)
        page = window.current
        assert isinstance(page, AuditPage)
        return page

    return open_it


def choose_keys(panel: VerifyPanel, files: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    for code, file in files.items():
        monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_, file=file: ([str(file)], ""))
        panel.rows[code].add.click()


def tamper(file: Path, sql: str) -> None:
    """Somebody changes a row behind the program, guards and all put back."""
    with sqlite3.connect(file) as connection:
        guards = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            connection.execute(f'DROP TRIGGER "{name}"')
        connection.execute(sql)
        for _, text in guards:
            connection.execute(text)
    connection.close()


# --- verification -----------------------------------------------------------------------------------------------------


def test_what_both_signed_is_verified_with_the_keys_that_the_auditor_chose(
    show: Shower, window: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = barnet(tmp_path)
    signed(file, Period.M12)
    page = show(file, "verify")
    assert page.tabs.currentIndex() == VERIFY
    panel = page.verify
    panel.verify_button.click()
    assert panel.problem.heading.text().startswith("Choose the public key of each partner who signed")
    choose_keys(panel, public_keys(tmp_path), monkeypatch)
    qtbot.mouseClick(panel.verify_button, Qt.MouseButton.LeftButton)
    assert panel.progress.isVisible()
    settle(qtbot, window)
    assert panel.result.verified.isVisible()
    assert panel.result.verified.heading.text() == "✓ Verified"
    text = panel.result.text.toPlainText()
    first, second, *_ = text.splitlines()
    assert first == f"VERIFIED: {file}"
    assert second == "Verified: what every partner signed, up to M12 in note 1, stands as they signed it."
    for heading in ("What was checked:", "Compare with the newest statement on paper:", "What no such check can know:"):
        assert heading in text.splitlines()
    with open_ledger(file, read_only=True) as ledger:
        from ledgers import sealing
        from settlement.signoff.notes import Note

        digest = Note.read(sealing.notes(sealing.stored(ledger))[0].text).digest
    assert f"Note 1, M12\n    Digest: {digest}" in text
    panel.result.copy_button.click()
    assert QApplication.clipboard().text() == text
    out = tmp_path / "verification.txt"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(out), ""))
    panel.result.save_button.click()
    settle(qtbot, window)
    assert out.read_text(encoding="utf-8") == text


@pytest.mark.usefixtures("in_this_process")
def test_a_changed_line_is_told_and_so_is_a_wrong_key(
    show: Shower, window: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = barnet(tmp_path)
    signed(file, Period.M12)
    tamper(file, "UPDATE lines SET amount_pence = amount_pence + 100 WHERE id = 4")
    page = show(file, "verify")
    files = public_keys(tmp_path)
    choose_keys(page.verify, files, monkeypatch)
    page.verify.verify_button.click()
    settle(qtbot, window)
    assert page.verify.result.not_verified.heading.text() == "✗ Not verified"
    assert not page.verify.result.verified.isVisible()
    text = page.verify.result.text.toPlainText()
    assert text.startswith("NOT VERIFIED: ")
    assert "line 4" in text
    page.verify.rows["LBB"].show_files((str(files["BCCG"]),))
    page.verify.verify_button.click()
    settle(qtbot, window)
    assert "signed for LBB with " in page.verify.result.text.toPlainText()
    (tmp_path / "no.pub").write_text("nothing", encoding="ascii")
    page.verify.rows["LBB"].show_files((str(tmp_path / "no.pub"),))
    page.verify.verify_button.click()
    settle(qtbot, window)
    assert page.verify.problem.heading.text() == "Nothing was verified"
    assert "it is not a public key" in page.verify.problem.body.text()


@pytest.mark.usefixtures("in_this_process")
def test_the_files_chosen_are_remembered_for_the_ledger_and_read_anew(
    show: Shower, window: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = barnet(tmp_path)
    signed(file, Period.M3)
    files = public_keys(tmp_path)
    page = show(file, "verify")
    choose_keys(page.verify, files, monkeypatch)
    window.open_ledger(str(GOLDEN / "rotherham-first-call"))
    settle(qtbot, window)
    window.go(Link(links.AUDIT, "verify"))
    settle(qtbot, window)
    assert list(page.verify.rows) == ["COUNCIL", "CCG"]
    assert all(not each.files for each in page.verify.rows.values())
    window.open_ledger(str(file), read_only=True)
    settle(qtbot, window)
    window.go(Link(links.AUDIT, "verify"))
    settle(qtbot, window)
    assert {code: row.files for code, row in page.verify.rows.items()} == {
        code: (str(path),) for code, path in files.items()
    }
    page.verify.rows["LBB"].clear.click()
    assert page.verify.rows["LBB"].files == ()
    assert not page.verify.rows["LBB"].clear.isEnabled()


@pytest.mark.usefixtures("in_this_process")
def test_an_exported_folder_is_verified_without_its_ledger(
    show: Shower, window: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = barnet(tmp_path)
    signed(file, Period.M12)
    out = tmp_path / "kept"
    with open_ledger(file, read_only=True) as ledger:
        export(ledger, Period.M12, out)
    page = show(GOLDEN / "rotherham-first-call", "verify")
    panel = page.verify
    panel.of_folder.click()
    assert panel.says.text() == "Choose the folder that was exported."
    panel.verify_button.click()
    assert panel.problem.heading.text() == "Choose the folder that was exported."
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    panel.folder.browse.click()
    settle(qtbot, window)
    assert panel.says.text() == "This is not a folder that was exported: it has no 0001/note.txt"
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(out))
    panel.folder.browse.click()
    settle(qtbot, window)
    assert list(panel.rows) == ["LBB", "BCCG"]
    choose_keys(panel, public_keys(tmp_path), monkeypatch)
    panel.verify_button.click()
    settle(qtbot, window)
    assert panel.result.verified.isVisible()
    (out / "0001" / "pack.json").write_bytes((out / "0001" / "pack.json").read_bytes() + b" ")
    panel.verify_button.click()
    settle(qtbot, window)
    assert panel.result.not_verified.isVisible()


# --- the trail --------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("in_this_process")
def test_the_trail_is_narrowed_by_action_words_and_days(
    show: Shower, window: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    file = barnet(tmp_path)
    signed(file, Period.M3)
    with open_ledger(file, read_only=True) as ledger:
        entries = trail(ledger)
    page = show(file, "trail")
    assert page.tabs.currentIndex() == TRAIL
    panel = page.trail
    assert panel.said.text() == f"{len(entries)} of {len(entries)} entries, the newest first. Times are UTC."
    newest = [str(panel.model.index(0, column).data()) for column in range(6)]
    assert newest[0] == str(len(entries))
    assert newest[2:] == [entries[-1].actor, "sign", "note 1", entries[-1].detail]
    panel.action.setCurrentIndex(panel.action.findData("sign"))
    settle(qtbot, window)
    assert panel.said.text().startswith(f"2 of {len(entries)} entries")
    qtbot.keyClicks(panel.text, "for lbb")
    settle(qtbot, window)
    assert panel.model.rowCount() == 1
    qtbot.keyClicks(panel.text, "%_")
    settle(qtbot, window)
    assert panel.said.text() == "No entry is as asked for: clear the filters to see all."
    qtbot.mouseClick(panel.clear_button, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(panel.since, "31/02/2015")
    settle(qtbot, window)
    assert panel.said.text() == "“31/02/2015” is not a day: write it as 31/03/2015."
    panel.since.setText("01/01/2000")
    panel.until.setText("02/01/2000")
    settle(qtbot, window)
    assert panel.model.rowCount() == 0


@pytest.mark.usefixtures("in_this_process")
def test_an_entry_opens_whole_leads_to_its_lines_and_all_are_saved(
    show: Shower, window: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = barnet(tmp_path)
    signed(file, Period.M3)
    with open_ledger(file, read_only=True) as ledger:
        entries = trail(ledger)
    page = show(file, "trail")
    panel = page.trail
    panel.action.setCurrentIndex(panel.action.findData("import"))
    settle(qtbot, window)
    panel.view.setFocus()
    qtbot.keyClick(panel.view, Qt.Key.Key_Return)
    whole = dialog(page, EntryDialog)
    imported = next(entry for entry in entries if entry.action == "import")
    assert imported.digest in whole.text.toPlainText()
    assert imported.detail in whole.text.toPlainText()
    followed: list[Link] = []
    page.go.disconnect(window.go)
    page.go.connect(followed.append)
    whole.show_button.click()
    assert followed == [Link(links.LEDGER, Lines(batch=1, why=f"Batch 1: {imported.detail}"))]
    panel.clear()
    settle(qtbot, window)
    out = tmp_path / "trail.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(out), ""))
    panel.save_button.click()
    settle(qtbot, window)
    with out.open(encoding="utf-8-sig", newline="") as saved:
        rows = list(csv.reader(saved))
    assert rows[0] == ["No.", "At", "Who", "Program", "Action", "Subject", "Detail", "Digest"]
    assert [row[7] for row in rows[1:]] == [entry.digest for entry in entries]


def test_a_folder_has_no_trail_and_says_so(show: Shower) -> None:
    page = show(GOLDEN / "barnet-2014-15-pooled", "trail")
    assert page.trail.said.text() == (
        "There is no audit trail: a ledger in a folder has none, because nothing changes it."
    )
    assert not page.trail.save_button.isEnabled()


# --- samples ----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("in_this_process")
def test_a_sample_shows_its_seed_its_population_and_how_to_draw_it_again(
    show: Shower, window: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = barnet(tmp_path)
    page = show(file, "sample")
    assert page.tabs.currentIndex() == SAMPLE
    panel = page.sample
    assert len(panel.seed.text()) == 8
    before = panel.seed.text()
    panel.new_seed.click()
    assert panel.seed.text() != before
    panel.seed.setText("April")
    panel.count.setValue(5)
    panel.kind.setCurrentIndex(panel.kind.findData(Kind.ACTUAL))
    panel.partner.setCurrentIndex(panel.partner.findData("LBB"))
    qtbot.mouseClick(panel.draw_button, Qt.MouseButton.LeftButton)
    settle(qtbot, window)
    assert panel.sample is not None
    with open_ledger(file, read_only=True) as ledger:
        assert panel.sample == draw(ledger, panel.plan())
    shown = [panel.model.index(row, 5).data(PENCE) for row in range(panel.model.rowCount())]
    assert shown == [each.line.amount_pence for each in panel.sample.picked]
    assert panel.heading.text() == "5 lines drawn: at random, seed April"
    assert f"Population: {panel.sample.population_count} lines, " in panel.facts.text()
    assert "printf '%s' 'April:1' | sha256sum" in panel.again.text()
    followed: list[Link] = []
    page.go.disconnect(window.go)
    page.go.connect(followed.append)
    qtbot.keyClick(panel.view, Qt.Key.Key_Return)
    first = panel.sample.picked[0].line.id
    target = followed[0].target
    assert isinstance(target, Lines)
    assert (followed[0].page, target.ids, target.first) == (links.LEDGER, (first,), first)
    panel.show_button.click()
    everything = followed[1].target
    assert isinstance(everything, Lines)
    assert everything.ids == tuple(each.line.id for each in panel.sample.picked)
    for name, kind in (("paper.csv", "CSV (*.csv)"), ("paper", "Workbook (*.xlsx)")):
        monkeypatch.setattr(
            QFileDialog, "getSaveFileName", lambda *_, name=name, kind=kind: (str(tmp_path / name), kind)
        )
        panel.save_button.click()
        settle(qtbot, window)
    paper = (tmp_path / "paper.csv").read_text(encoding="utf-8-sig")
    assert "at random, seed April" in paper
    assert "how to draw it again" in paper.lower()
    assert (tmp_path / "paper.xlsx").read_bytes().startswith(b"PK")


@pytest.mark.usefixtures("in_this_process")
def test_by_value_the_largest_and_all_from_an_amount(
    show: Shower, window: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    page = show(barnet(tmp_path), "sample")
    panel = page.sample
    panel.method.setCurrentIndex(panel.method.findData(Method.OVER))
    assert not panel.seed.isVisible()
    assert panel.amount.isVisible()
    panel.amount.setText("a lot")
    panel.draw_button.click()
    assert panel.problem.heading.text() == "No sample was drawn"
    assert "is not an amount" in panel.problem.body.text()
    panel.amount.setText("10,000,000.00")
    panel.draw_button.click()
    settle(qtbot, window)
    assert panel.sample is not None
    assert all(abs(each.line.amount_pence) >= 10**9 for each in panel.sample.picked)
    panel.kind.setCurrentIndex(panel.kind.findData(Kind.BASELINE))
    panel.span.setCurrentIndex(1)
    assert panel.period.isEnabled()
    panel.draw_button.click()
    settle(qtbot, window)
    assert panel.problem.body.text() == "No line of the ledger is asked for: widen what is drawn from"


def test_the_same_plan_again_gives_the_same_sample_after_more_was_posted(tmp_path: Path) -> None:
    file = barnet(tmp_path)
    with open_ledger(file) as ledger:
        first = draw(ledger, Plan(Method.RANDOM, count=5, seed="7"))
        ledger.import_file(_more(tmp_path))
        assert draw(ledger, first.plan) == first


def _more(folder: Path) -> Path:
    path = folder / "more.csv"
    path.write_text("period,scheme,partner,kind,amount\nM12,CORE-L1,BCCG,payment,1.00\n", encoding="utf-8")
    return path


# --- performed again --------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("in_this_process")
def test_the_settlement_performed_again_agrees_with_the_ledger_and_with_what_was_signed(
    show: Shower, window: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    file = barnet(tmp_path)
    signed(file, Period.M12)
    page = show(file, "reperform")
    assert page.tabs.currentIndex() == REPERFORM
    panel = page.reperform
    assert "year to date at M12, March 2015" in panel.says.text()
    qtbot.mouseClick(panel.perform_button, Qt.MouseButton.LeftButton)
    settle(qtbot, window)
    assert panel.agrees.heading.text() == "✓ Agrees"
    assert panel.agrees.body.text().endswith("are what the ledger gives and note 1 signed.")
    assert "The trace of every figure, step by step, is to the letter" in panel.facts.text()
    with open_ledger(file, read_only=True) as ledger:
        result = result_of(settle_ledger(ledger, Period.M12))
    model = panel.model
    shown = {
        (model.index(row, 0).data(), model.index(row, 1).data()): [
            model.index(row, column).data(PENCE) for column in (2, 3, 4)
        ]
        for row in range(model.rowCount())
    }
    for code, row in result["partners"].items():
        assert shown[code, "Net due"] == [row["net_due"]] * 3
    followed: list[Link] = []
    page.go.disconnect(window.go)
    page.go.connect(followed.append)
    qtbot.keyClick(panel.view, Qt.Key.Key_Return)
    assert followed == [Link(links.SETTLEMENT, Figure("LBB", "contribution_due"))]


@pytest.mark.usefixtures("in_this_process")
def test_a_changed_line_and_a_changed_kept_total_do_not_agree(
    show: Shower, window: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    file = barnet(tmp_path)
    signed(file, Period.M12)
    tamper(file, "UPDATE lines SET amount_pence = amount_pence + 100 WHERE id = 4")
    page = show(file, "reperform")
    page.reperform.perform_button.click()
    settle(qtbot, window)
    panel = page.reperform
    assert panel.differs.heading.text() == "✗ Does not agree"
    assert "is kept as " in panel.differs.body.text()
    assert panel.only_differing.isChecked()
    assert 0 < panel.model.rowCount() < 31
    assert {str(panel.model.index(row, 5).data()) for row in range(panel.model.rowCount())} == {"✗ no"}
    panel.only_differing.click()
    assert panel.model.rowCount() >= 31


@pytest.mark.usefixtures("in_this_process")
def test_a_period_signed_with_a_later_one_and_a_folder_say_what_they_were_held_against(
    show: Shower, window: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    file = barnet(tmp_path)
    signed(file, Period.M3)
    page = show(file, "reperform", Period.M2)
    page.reperform.perform_button.click()
    settle(qtbot, window)
    assert "M2 was signed together with M3" in page.reperform.facts.text()
    assert page.reperform.model.columnCount() == 5
    window.session.choose(Period.M5, outturn=False)
    settle(qtbot, window)
    assert not page.reperform.result.isVisible()
    page.reperform.perform_button.click()
    settle(qtbot, window)
    assert "M5 was not put up for signature" in page.reperform.facts.text()
    folder = show(GOLDEN / "barnet-2014-15-pooled", "reperform")
    folder.reperform.perform_button.click()
    settle(qtbot, window)
    assert folder.reperform.agrees.isVisible()


# --- large ------------------------------------------------------------------------------------------------------------


def test_nothing_freezes_while_a_large_ledger_is_verified_and_it_can_be_called_off(
    show: Shower,
    window: Window,
    qtbot: QtBot,
    watchdog: Watchdog,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    from settlement.signoff.signing import sign
    from tests.settlement.signoff.signing import key_of

    file = tmp_path / "large.s75"
    make_million(file, lines=LARGE, schemes_each=10)  # all are in what is signed
    keys = {}
    with open_ledger(file) as ledger:
        ledger.hold(Period.M12)
        for number, partner in enumerate(ledger.agreement_at(Period.M12).partners, 1):
            sign(ledger, Period.M12, partner.code, key_of(number), name=f"Lead {number}", role="Lead")
            keys[partner.code] = tmp_path / f"{number}.pub"
            keys[partner.code].write_text(key_of(number).public.pem, encoding="ascii")
    page = show(file, "verify")
    panel = page.verify
    choose_keys(panel, keys, monkeypatch)
    with watchdog.watching(f"verifying {LARGE:,} lines"):
        panel.verify_button.click()
        qtbot.waitUntil(lambda: panel.progress.label.text() == "Verifying", timeout=60_000)
        settle(qtbot, window)
    assert panel.result.verified.isVisible()
    panel.verify_button.click()
    qtbot.waitUntil(lambda: panel.progress.label.text() == "Verifying", timeout=60_000)
    qtbot.mouseClick(panel.progress.cancel_button, Qt.MouseButton.LeftButton)
    settle(qtbot, window)
    assert panel.problem.heading.text() == "It was called off: nothing was verified."
    assert not panel.result.isVisible()


def test_an_entry_of_the_trail_opens_as_a_dialog(show: Shower, tmp_path: Path) -> None:
    page = show(barnet(tmp_path), "trail")
    (make,) = page.dialogs()
    made = make()
    assert made.windowTitle() == "Entry 2 of the audit trail"
    made.deleteLater()


def test_the_page_keeps_nothing_of_a_ledger_that_was_closed(
    show: Shower, window: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    file = barnet(tmp_path)
    page = show(file, "trail")
    shutil.copyfile(file, tmp_path / "other.s75")
    window.session.close_ledger()
    settle(qtbot, window)
    assert page.trail.model.rowCount() == 0
    assert page.verify.rows == {}
