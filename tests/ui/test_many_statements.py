"""The dialog that writes statements of several ledgers: what is asked for, progress, the outcome, calling it off."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialogButtonBox, QFileDialog
from pytestqt.qtbot import QtBot

from settlement.batches.manifest import MANIFEST, check_folder
from settlement.batches.running import Done
from settlement.statement_runs import make_documents
from settlement.statements.writing import KINDS
from ui import links
from ui.aside import Report
from ui.failures import CancelledError
from ui.links import Link
from ui.pages.statements import many_dialog
from ui.pages.statements.many_dialog import KIND_NAMES, ManyDialog
from ui.pages.statements.many_parts import Outcome
from ui.pages.statements.page import StatementsPage
from ui.preferences import Theme
from ui.theme import dress
from ui.window import Window

from .conftest import GOLDEN, Opener
from .looking import cut_off, faint, mnemonics, nameless, unreached
from .watchdog import Watchdog

CASE = GOLDEN / "barnet-2014-15-reward-mechanism"
CORE = GOLDEN / "barnet-2014-15-core"

Asked = Callable[..., ManyDialog]


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes no previews on the page, and all else on the worker thread: these tests are of the dialog."""

    def work_of(function: Callable[..., object], *given: object) -> Callable[[Report], object]:
        def work(report: Report) -> object:
            if function is make_documents:
                raise CancelledError
            return function(*given, report)

        return work

    monkeypatch.setattr("ui.aside.in_a_process", work_of)


@pytest.fixture
def asked(window: Window, opening: Opener, wait: Callable[[], None], qtbot: QtBot) -> Asked:
    """Opens a ledger, its Statements page, and the dialog by its button."""

    def open_it(where: Path = CASE) -> ManyDialog:
        opening(where)
        window.resize(1200, 800)
        window.go(Link(links.STATEMENTS))
        wait()
        page = window.current
        assert isinstance(page, StatementsPage)
        qtbot.mouseClick(page.choices.many_button, Qt.MouseButton.LeftButton)
        # one that was closed before may not be deleted yet
        qtbot.waitUntil(lambda: any(each.isVisible() for each in page.findChildren(ManyDialog)))
        return next(each for each in page.findChildren(ManyDialog) if each.isVisible())

    return open_it


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def csv_of(dialog: ManyDialog, out: Path, periods: str = "M11-M12") -> None:
    """Have only CSV, for it is quick."""
    for form, box in dialog.formats.boxes.items():
        box.setChecked(form == "csv")
    dialog.periods.which.setCurrentIndex(2)
    dialog.periods.list.setText(periods)
    dialog.folder.setText(str(out))


def test_several_ledgers_are_written_and_what_came_of_it_is_listed(
    asked: Asked, qtbot: QtBot, wait: Callable[[], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = asked()
    page = dialog.parent()
    assert isinstance(page, StatementsPage)
    bad = tmp_path / "bad.s75"
    bad.write_bytes(b"no ledger")
    file = shutil.copytree(CORE, tmp_path / "core")
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_asked: ([str(file), str(bad), str(file)], ""))
    qtbot.mouseClick(dialog.ledgers.add, Qt.MouseButton.LeftButton)
    assert dialog.ledgers.wheres == (str(CASE), str(file), str(bad))
    out = tmp_path / "out"
    csv_of(dialog, out)
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    wait()
    expected = [
        f"{ledger}/2014-15/{period}/{partner}-settlement-statement.csv"
        for ledger in ("barnet-2014-15-reward-mechanism", "core")
        for period in ("M11", "M12")
        for partner in ("BCCG", "LBB")
    ]
    assert [name for name in names(out) if "/" in name] == expected
    assert check_folder(out).holds
    outcome = dialog.outcome
    assert outcome.isVisible()
    assert outcome.heading.text() == "Files: 8 written"
    assert outcome.said.text() == (
        f"They are in {out}. manifest.json there has their digests. 1 was left out, first in the list."
    )
    listed = [outcome.list.item(row).text() for row in range(outcome.list.count())]
    assert listed[0].startswith("Left out: bad.s75: ")
    assert listed[1:] == expected
    assert not dialog.ledgers.isVisible()
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url) or True)
    qtbot.mouseClick(outcome.open_folder, Qt.MouseButton.LeftButton)
    assert [url.toLocalFile() for url in opened] == [str(out)]
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _url: False)
    qtbot.mouseClick(outcome.open_folder, Qt.MouseButton.LeftButton)
    assert outcome.trouble.text() == "The desktop has no program for a folder, or it is not there any more."
    assert page.written.heading.text() == "8 files were written"
    assert "bad.s75 was left out: " in page.written.body.text()
    assert f"{MANIFEST} there has their digests." in page.written.body.text()
    assert dialog.does.text() == "&Close"
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_every_kind_can_be_chosen_and_what_was_chosen_is_there_again(
    asked: Asked, wait: Callable[[], None], tmp_path: Path
) -> None:
    dialog = asked()
    assert tuple(dialog.kinds.boxes) == KINDS == tuple(KIND_NAMES)
    csv_of(dialog, tmp_path / "out", "M12")
    for box in dialog.kinds.boxes.values():
        box.setChecked(True)
    dialog.names.setText("{kind}-{partner}")
    dialog.act()
    wait()
    assert {name.split("-LBB")[0].split("-all")[0].split("-BCCG")[0] for name in names(tmp_path / "out")} >= set(KINDS)
    dialog.act()  # closes
    again = asked()
    assert again.kinds.chosen == KINDS
    assert again.formats.chosen == ("csv",)
    assert again.periods.text == "M12"
    assert again.names.text() == "{kind}-{partner}"
    assert again.folder.text() == str(tmp_path / "out")


def test_the_example_follows_what_is_chosen_and_says_what_is_wrong(asked: Asked) -> None:
    dialog = asked()
    usual = "As in barnet-2014-15-reward-mechanism/2014-15/M12/LBB-settlement-statement"
    assert dialog.example.text() == f"{usual}.pdf"
    dialog.languages.boxes["cy"].setChecked(True)
    assert dialog.example.text() == f"{usual}-en.pdf"
    dialog.names.setText("{period}/{month}")
    assert dialog.example.text().startswith("“{month}” is no field of a name; the fields are {ledger}, ")
    dialog.names.setText("{period} {partner}")
    for kind, box in dialog.kinds.boxes.items():
        box.setChecked(kind == "transfers")
    assert dialog.example.text() == "As in M12 all.csv"
    assert "{period}: the period, M1 to M13" in dialog.fields.text()
    dialog.kinds.boxes["transfers"].setChecked(False)
    dialog.kinds.boxes["transfer-notice"].setChecked(True)
    assert dialog.example.text() == "As in M12 LBB-BCCG.pdf"


def test_the_example_names_what_is_in_thousands(asked: Asked) -> None:
    dialog = asked()
    page = dialog.parent()
    assert isinstance(page, StatementsPage)
    page.choices.units.setCurrentIndex(1)
    again = page.many_dialog()
    assert again is not None
    assert again.example.text().endswith("/LBB-settlement-statement-in-thousands.pdf")
    again.kinds.boxes["settlement-statement"].setChecked(False)
    again.kinds.boxes["workings"].setChecked(True)
    assert again.example.text().endswith("/all-workings.pdf")


def test_files_are_listed_in_the_order_of_their_months(qtbot: QtBot) -> None:
    outcome = Outcome()
    qtbot.addWidget(outcome)
    done = Done("out")
    done.written += ["a/M10.pdf", "a/M9.pdf", "a 2/M1.pdf"]
    done.unchanged.append("a/M1.pdf")
    done.remarks.append("the theme has a table for “LBX”, and there is no such partner")
    outcome.show_done(done)
    assert [outcome.list.item(row).text() for row in range(5)] == [
        *("Noticed: the theme has a table for “LBX”, and there is no such partner", "a 2/M1.pdf", "a/M1.pdf"),
        *("a/M9.pdf", "a/M10.pdf"),
    ]
    assert MANIFEST not in outcome.said.text()  # it was not written


def test_ledgers_are_taken_from_the_list_by_keyboard(asked: Asked, qtbot: QtBot) -> None:
    dialog = asked()
    dialog.ledgers.add_ledgers([str(CORE), "postgresql://me:word@host/s75_pool"])
    assert dialog.ledgers.list.item(2).text() == "s75_pool, on a server"
    assert "word" not in dialog.ledgers.list.item(2).toolTip()
    assert not dialog.ledgers.remove.isEnabled()
    dialog.ledgers.list.setFocus()
    dialog.ledgers.list.setCurrentRow(0)
    qtbot.keyClick(dialog.ledgers.list, Qt.Key.Key_Delete)
    assert dialog.ledgers.wheres == (str(CORE), "postgresql://me:word@host/s75_pool")
    dialog.ledgers.list.selectAll()
    qtbot.mouseClick(dialog.ledgers.remove, Qt.MouseButton.LeftButton)
    assert dialog.ledgers.wheres == ()
    assert dialog.example.text().startswith("As in ledger/")


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ("ledgers", "Add a ledger at least."),
        ("kinds", "Choose a document at least."),
        ("formats", "Choose a format at least."),
        ("languages", "Choose a language at least."),
        ("tables", "Journals and transfers are for another ledger to read: choose CSV."),
        ("folder", "Name the folder to write to."),
        ("periods", "That cannot be written"),
        ("names", "That cannot be written"),
    ],
)
def test_what_is_missing_is_said(asked: Asked, what: str, sentence: str, tmp_path: Path) -> None:
    dialog = asked()
    csv_of(dialog, tmp_path / "out")
    if what == "ledgers":
        dialog.ledgers.list.selectAll()
        dialog.ledgers._remove()
    elif what in {"kinds", "formats", "languages"}:
        for box in getattr(dialog, what).boxes.values():
            box.setChecked(False)
    elif what == "tables":
        for kind, box in dialog.kinds.boxes.items():
            box.setChecked(kind == "journal")
        dialog.formats.boxes["csv"].setChecked(False)
        dialog.formats.boxes["pdf"].setChecked(True)
    elif what == "periods":
        dialog.periods.list.setText("M14")
    elif what == "names":
        dialog.names.setText("{month}")
    else:
        dialog.folder.clear()
    dialog.act()
    assert dialog.problem.heading.text() == sentence
    assert not dialog._session.busy
    assert not (tmp_path / "out").exists()


def test_files_that_would_become_others_are_named_and_stay(
    asked: Asked, wait: Callable[[], None], tmp_path: Path
) -> None:
    dialog = asked()
    csv_of(dialog, tmp_path, "M12")
    dialog.names.setText("mine-{partner}")
    (tmp_path / "mine-LBB.csv").write_text("mine", encoding="utf-8")
    dialog.act()
    wait()
    assert dialog.problem.heading.text() == "The statements were not written"
    assert "mine-LBB.csv" in dialog.problem.body.text()
    assert (tmp_path / "mine-LBB.csv").read_text(encoding="utf-8") == "mine"
    assert not (tmp_path / "mine-BCCG.csv").exists()
    dialog.replace.setChecked(True)
    dialog.act()
    wait()
    assert dialog.outcome.heading.text() == "Files: 1 written, 1 replaced"


def test_calling_it_off_ends_it_and_leaves_whole_files(
    asked: Asked, qtbot: QtBot, wait: Callable[[], None], tmp_path: Path, watchdog: Watchdog
) -> None:
    dialog = asked()
    out = tmp_path / "out"
    csv_of(dialog, out, "M1-M13")
    for box in (*dialog.kinds.boxes.values(), *dialog.formats.boxes.values()):
        box.setChecked(True)
    with watchdog.watching("writing many"):
        dialog.act()
        qtbot.waitUntil(lambda: dialog._done.count > 0, timeout=60_000)
        qtbot.waitUntil(lambda: " files: barnet" in dialog.progress.label.text(), timeout=60_000)
        qtbot.mouseClick(dialog.buttons.button(QDialogButtonBox.StandardButton.Cancel), Qt.MouseButton.LeftButton)
        wait()
    assert dialog.isVisible()
    assert dialog.problem.heading.text().startswith("It was called off: ")
    assert "Each is whole, and manifest.json in the folder names them." in dialog.problem.body.text()
    found = check_folder(out)
    assert found.holds
    assert found.count == dialog._done.count
    assert not list(out.glob(".s75-*"))
    page = dialog.parent()
    assert isinstance(page, StatementsPage)
    assert page.written.isVisible()


def test_calling_it_off_at_once_writes_nothing(asked: Asked, wait: Callable[[], None], tmp_path: Path) -> None:
    dialog = asked()
    csv_of(dialog, tmp_path / "out")
    dialog.act()
    dialog.reject()
    wait()
    assert dialog.problem.heading.text() == "It was called off. Nothing was written."
    assert not (tmp_path / "out").exists()


def test_a_full_disk_is_said_with_what_is_there(
    asked: Asked, wait: Callable[[], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_batch: object, _report: object, done: many_dialog.Done) -> None:
        done.written.append("a.pdf")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(many_dialog, "run_batch", full)
    dialog = asked()
    csv_of(dialog, tmp_path)
    dialog.act()
    wait()
    assert dialog.problem.heading.text() == "It ended before all were written: 1 file is there"
    assert "No space left on device" in dialog.problem.body.text()


@pytest.mark.parametrize(("look", "size"), [(Theme.LIGHT, 100), (Theme.DARK, 200)])
def test_the_dialog_and_its_outcome_are_named_reached_legible_and_whole(
    asked: Asked, qtbot: QtBot, wait: Callable[[], None], tmp_path: Path, look: Theme, size: int
) -> None:
    from ui.app import application

    try:
        dress(application(), look, size)
        dialog = asked()
        csv_of(dialog, tmp_path / "out", "M12")
        for _ in range(2):
            qtbot.wait(50)
            assert nameless(dialog) == []
            assert mnemonics(dialog) == []
            assert faint(dialog) == []
            qtbot.waitUntil(lambda: cut_off(dialog) == [], timeout=3_000)
            assert unreached(dialog) == []
            if not dialog._is_over:
                dialog.act()
                wait()
    finally:
        dress(application(), Theme.LIGHT, 100)
