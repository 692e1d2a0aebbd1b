"""What the tests of whole tasks share: the figures that `s75 settle --json` gives, and a way that a person goes."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QAbstractItemModel
from PySide6.QtWidgets import QApplication, QWidget
from typer.testing import CliRunner

from rules.periods import Period
from settlement.command.main import app as s75
from ui.tables import PENCE

from .person import Person

Kind = TypeVar("Kind", bound=QWidget)


def settled(file: Path, period: Period | None = None) -> dict[str, Any]:
    """What `s75 settle --json` says of a ledger. It computes for a while: never while the watchdog looks on."""
    at = [] if period is None else ["--period", str(period)]
    done = CliRunner().invoke(s75, ["settle", str(file), "--json", *at])
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def net_due(file: Path, period: Period | None = None) -> list[int]:
    """What is due from each partner, in pence, as `s75 settle --json` says."""
    return [row["net_due"] for row in settled(file, period)["partners"].values()]


def pence_in(model: QAbstractItemModel, row: int, columns: int) -> list[int]:
    """The figures of a row that is shown, without its heading."""
    return [model.index(row, column).data(PENCE) for column in range(1, columns + 1)]


def in_hand(person: Person, widget: QWidget) -> None:
    """Wait until the keyboard is in a control."""
    person.wait_for(lambda: person.at is widget)


def choose_period(person: Person, period: Period) -> None:
    """Choose it in the bar over every page: Alt+P, then from the nearer end of the list."""
    person.press("Alt+P")
    if period > Period.M7:
        person.press("End", *["Up"] * (Period.M13 - period))
    else:
        person.press("Home", *["Down"] * (period - Period.M1))
    assert person.window.session.period is period
    person.wait()


def opened(person: Person, kind: type[Kind]) -> Kind:
    """The dialog of that kind, once it is there and has the keyboard."""
    found: list[Kind] = []

    def is_there() -> bool:
        found[:] = [each for each in person.window.findChildren(kind) if each.isVisible()]
        return bool(found) and found[0].isActiveWindow() and found[0].isAncestorOf(QApplication.focusWidget())

    person.wait_for(is_there)
    return found[0]


def shown(person: Person, kind: type[Kind], when: Callable[[Kind], bool] = lambda _page: True) -> Kind:
    """The page of that kind, once it is on screen and nothing is under way."""
    person.wait_for(lambda: isinstance(person.window.current, kind))
    person.wait()
    page = person.window.current
    assert isinstance(page, kind)
    person.wait_for(lambda: when(page))
    return page
