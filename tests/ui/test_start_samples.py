"""The samples: made in a folder of one's own, called off without a trace, kept as they are the next time."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from settlement.samples import SAMPLES
from ui import links
from ui.links import Link
from ui.pages.start.samples import SamplesDialog, make_samples
from ui.window import Window

Wait = Callable[[], None]


@pytest.fixture
def dialog(window: Window, qtbot: QtBot, wait: Wait, tmp_path: Path) -> Iterator[SamplesDialog]:
    """The dialog, its folder one of the test's."""
    window.session.keep(replace(window.session.preferences, ledgers_folder=str(tmp_path)))
    window.go(Link(links.START, "samples"))
    wait()
    found = window.findChild(SamplesDialog)
    assert found is not None
    qtbot.waitExposed(found)
    yield found
    wait()


class Told:
    """What work aside says of itself."""

    def __init__(self) -> None:
        self.told: list[tuple[int, int, str]] = []

    def __call__(self, done: int, total: int, what: str = "") -> None:
        self.told.append((done, total, what))

    def check(self) -> None:
        """Nobody calls it off."""


def test_samples_are_made_listed_and_opened(
    dialog: SamplesDialog, qtbot: QtBot, wait: Wait, window: Window, tmp_path: Path
) -> None:
    assert dialog.folder.hasFocus()
    assert dialog.folder.text() == str(tmp_path / "S75 samples")
    qtbot.keyClick(dialog.folder, Qt.Key.Key_Return)
    assert dialog.progress.isVisible()
    wait()
    assert dialog.does.text() == "&Open"
    listed = [dialog.list.item(row).text() for row in range(dialog.list.count())]
    assert listed == [sample.title for sample in SAMPLES]
    assert dialog.list.hasFocus()
    qtbot.keyClick(dialog.list, Qt.Key.Key_Down)
    qtbot.keyClick(dialog.list, Qt.Key.Key_Return)
    wait()
    assert window.session.opened is not None
    assert window.session.opened.where == str(tmp_path / "S75 samples" / f"{SAMPLES[1].name}.s75")
    assert window.current.key == links.OVERVIEW


def test_calling_it_off_leaves_no_half_of_a_sample(dialog: SamplesDialog, qtbot: QtBot, wait: Wait) -> None:
    folder = Path(dialog.folder.text())
    qtbot.mouseClick(dialog.does, Qt.MouseButton.LeftButton)
    apart = folder / ".s75-samples-being-made"
    qtbot.waitUntil(apart.exists, timeout=30_000)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    wait()
    assert dialog.problem.heading.text() == "It was called off. Nothing was changed."
    assert dialog.does.text() == "&Make the samples"
    assert list(folder.iterdir()) == []
    dialog.reject()


def test_a_folder_that_cannot_be_made_is_told_inside(
    dialog: SamplesDialog, qtbot: QtBot, wait: Wait, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    dialog.folder.setText(str(tmp_path / "file" / "samples"))
    qtbot.mouseClick(dialog.does, Qt.MouseButton.LeftButton)
    wait()
    assert dialog.problem.body.text() == "The computer refused it: Not a directory."
    assert dialog.folder.text() == str(tmp_path / "file" / "samples")
    dialog.reject()


def test_a_folder_is_needed(dialog: SamplesDialog, qtbot: QtBot) -> None:
    dialog.folder.clear()
    qtbot.mouseClick(dialog.does, Qt.MouseButton.LeftButton)
    assert dialog.problem.heading.text() == "Name the folder first"
    dialog.reject()


def test_the_folder_can_be_chosen(
    dialog: SamplesDialog, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "elsewhere"))
    qtbot.mouseClick(dialog.browse, Qt.MouseButton.LeftButton)
    assert dialog.folder.text() == str(tmp_path / "elsewhere" / "S75 samples")
    dialog.reject()


def test_samples_that_are_there_are_kept_as_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import settlement.demo
    import settlement.samples

    two = SAMPLES[1:3]  # of those no statements are made
    monkeypatch.setattr(settlement.samples, "SAMPLES", two)
    monkeypatch.setattr(settlement.demo, "SAMPLES", two)
    told = Told()
    made = make_samples(str(tmp_path), told)
    assert [Path(each.path).exists() for each in made] == [True, True]
    assert told.told[-1][:2] == (2, 2)
    changed = Path(made[0].path)
    changed.write_bytes(changed.read_bytes() + b"mine")
    Path(made[1].path).unlink()
    assert make_samples(str(tmp_path), Told()) == made
    assert changed.read_bytes().endswith(b"mine")
    assert Path(made[1].path).exists()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    again = Told()
    make_samples(str(tmp_path), again)
    assert again.told == []  # nothing to make
