"""What can be opened on the Settlement page, and where on it a person is."""

from dataclasses import dataclass

from settlement.readings import Reading


@dataclass(frozen=True, slots=True)
class FigureOf:
    """A figure of a partner's row by the result's key; of the reading that the page shows, if none is named."""

    partner: str
    key: str
    reading: Reading | None = None


@dataclass(frozen=True, slots=True)
class ReserveOf:
    """A reserve's closing balance."""

    code: str


@dataclass(frozen=True, slots=True)
class ElementOf:
    """An element of performance pay."""

    id: str


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a person is: the tab, whose figures are shown there, the cell, and the row of the trace beside it.

    `cell` is a path of row numbers from the top, and the column last; so is `step`, without a column.
    """

    tab: int
    whose: str = ""
    cell: tuple[int, ...] = ()
    step: tuple[int, ...] = ()
