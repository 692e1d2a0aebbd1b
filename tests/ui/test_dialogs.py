"""What every dialog does while its work is under way."""

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from ui.dialogs import Dialog
from ui.jobs import Job


def work() -> Job[None]:
    return Job(lambda _job: None, lambda _answer: None, lambda _failure: None)


def test_the_line_that_shows_progress_takes_nothing_from_the_content(qtbot: QtBot, qapp: object) -> None:  # noqa: ARG001
    dialog = Dialog("Sign", "Sign")
    qtbot.addWidget(dialog)
    for number in range(6):
        dialog.body.addWidget(QLabel(f"Line {number} of what is to be read"))
    dialog.show()
    qtbot.waitExposed(dialog)
    before, content = dialog.height(), dialog._scroll.height()

    dialog.working(work())
    dialog.layout().activate()

    assert dialog.progress.isVisible()
    assert dialog._scroll.height() >= content
    higher = dialog.height()
    assert higher > before

    dialog.called_off()
    dialog.problem.hide()
    dialog.resize(dialog.width(), higher)
    dialog.working(work())

    assert dialog.height() == higher
