"""Asking which lines to show: the dialogs behind “Only show”, and what a line's own cells can be narrowed to."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog

from ledgers import Ledger
from ledgers.ledger import Batch
from ledgers.register import Choices, Filter, RegisterLine, register_of
from rules.periods import Period
from ui.pages.register.choosing import AmountDialog, ChooseDialog, GoToDialog
from ui.pages.register.columns import (
    AMOUNT,
    BATCH,
    BELONGS,
    DESCRIPTION,
    KIND,
    KIND_NAMES,
    PARTNER,
    PERIOD,
    REFERENCE,
    SCHEME,
    batch_name,
)
from ui.periods import period_name

if TYPE_CHECKING:
    from ui.pages.register.page import LedgerPage

_TITLES = {
    "periods": "Only these periods",
    "upto": "Only up to a period",
    "funds": "Only these funds",
    "schemes": "Only these schemes",
    "partners": "Only these partners",
    "kinds": "Only these kinds of line",
    "batches": "Only these batches",
}


class Narrowing:
    """Opens the dialogs of one page, with what its ledger has to choose between."""

    def __init__(self, page: "LedgerPage") -> None:
        """For a page."""
        self._page = page
        page.filters.asked.connect(self.ask)
        page.table.go_to_wanted.connect(self.ask_line)

    def ask(self, name: str) -> None:
        """Ask for schemes, amounts, or whatever it is, once it is known what there is."""
        if name == "amounts":
            self._open(self._amounts())
        elif name == "batches":
            self._page.session.read(_batches, lambda found: self._open(self._choose(name, self._of_batches(found))))
        else:
            self._page.session.read(_choices, lambda found: self._open(self._choose(name, self._of(name, found))))

    def ask_line(self, typed: str = "") -> None:
        """Ask for the number of a line to go to."""
        self._page.session.read(_last, lambda last: self._open(self._go_to(typed, last)))

    def dialogs(self) -> tuple[Callable[[], QDialog], ...]:
        """Each of them, with what the agreement has."""
        names = self._page.names
        schemes = [(code, names.scheme(code)) for code in names.schemes]
        return (
            partial(self._choose, "schemes", schemes),
            self._amounts,
            partial(self._go_to, "12", max(self._page.model.rowCount(), 1)),
        )

    # Each dialog

    def _choose(self, name: str, choices: Sequence[tuple[Any, str]]) -> ChooseDialog:
        wanted = self._page.wanted
        chosen = (wanted.upto,) if name == "upto" else getattr(wanted, name)
        return ChooseDialog(
            _TITLES[name], choices, chosen, partial(self._take, name), self._page, is_one=name == "upto"
        )

    def _take(self, name: str, values: tuple[Any, ...]) -> None:
        value: Any = next(iter(values), None) if name == "upto" else values
        self._page.show_only(replace(self._page.wanted, **{name: value}))

    def _amounts(self) -> AmountDialog:
        wanted = self._page.wanted
        return AmountDialog(wanted.least_pence, wanted.most_pence, self._take_amounts, self._page)

    def _take_amounts(self, least: int | None, most: int | None) -> None:
        self._page.show_only(replace(self._page.wanted, least_pence=least, most_pence=most))

    def _go_to(self, typed: str, last: int) -> GoToDialog:
        return GoToDialog(typed, last, self._page.go_to_line, self._page)

    @staticmethod
    def _open(dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    # What there is to choose

    def _of(self, name: str, found: Choices) -> Sequence[tuple[Any, str]]:
        names, opened = self._page.names, self._page.session.opened
        match name:
            case "periods" if opened is not None:
                return [(period, period_name(period, opened.year)) for period in found.periods]
            case "upto" if opened is not None:
                return [(period, period_name(period, opened.year)) for period in Period]
            case "funds":
                return [(code, names.fund(code)) for code in names.funds]
            case "schemes":
                return [(code, names.scheme(code)) for code in found.schemes]
            case "partners":
                return [(code, names.partner(code)) for code in found.partners]
            case _:
                return [(kind, KIND_NAMES[kind]) for kind in found.kinds]

    @staticmethod
    def _of_batches(found: Sequence[Batch]) -> Sequence[tuple[Any, str]]:
        return [(batch.id, batch_name(batch)) for batch in found if batch.content != "measures"]


def narrowed_to(wanted: Filter, found: RegisterLine, column: int) -> Filter | None:
    """The filter with only lines that have the same in a column as a line has; None if there is no such thing."""
    line = found.line
    narrowed: dict[int, Callable[[], Filter]] = {
        PERIOD: lambda: replace(wanted, periods=(line.period,)),
        SCHEME: lambda: replace(wanted, schemes=(line.scheme,)),
        PARTNER: lambda: replace(wanted, partners=(line.partner,)),
        KIND: lambda: replace(wanted, kinds=(line.kind,)),
        AMOUNT: lambda: replace(wanted, least_pence=line.amount_pence, most_pence=line.amount_pence),
        REFERENCE: lambda: replace(wanted, reference=line.reference),
        DESCRIPTION: lambda: replace(wanted, text=line.description),
        BELONGS: lambda: replace(wanted, late=line.belongs_to is not None),
        BATCH: lambda: replace(wanted, batches=(line.batch,)),
    }
    return narrowed[column]() if column in narrowed else None


def _choices(ledger: Ledger) -> Choices:
    return register_of(ledger).choices()


def _batches(ledger: Ledger) -> tuple[Batch, ...]:
    return ledger.batches()


def _last(ledger: Ledger) -> int:
    return register_of(ledger).last()
