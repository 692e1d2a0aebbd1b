"""Budget against actual by month, as pairs of columns on one scale; forecasts where a month is still to come.

A column's name stands in words beside a swatch of its ink, the budget's is hatched and the actual's dark, so that grey
print and whoever sees no colours tell them apart. The table beside it has the amounts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rules.language import say
from rules.money import pounds
from settlement.statements.drawing import Anchor, Drawing, Label, Line, Shape
from settlement.statements.pictures.bars import PICTURE_WIDTH, QUIET, TEXT, Ink, legend_of, portion
from settlement.statements.pictures.text import cut, text_width

_SIZE = 7.5
_HEIGHT = 112.0  # of the columns
_HEAD = 16.0
_FOOT = 13.0
_MOST_TICKS = 5
_LEAST = 0.8  # a column of any amount but nil is seen
_WIDEST = 17.0
_UNITS = ((100_000_000_000, "£{number}bn"), (100_000_000, "£{number}m"), (100_000, "£{number}k"), (100, "£{number}"))


@dataclass(frozen=True, slots=True)
class MonthColumns:
    """A month's budget, and its actual or, if it is still to come, its forecast, in pence."""

    name: str
    budget_pence: int
    spend_pence: int
    is_ahead: bool = False


def months_picture(months: Sequence[MonthColumns]) -> Drawing:
    """The months side by side, amounts below nought beneath the line."""
    amounts = [0, *(each.budget_pence for each in months), *(each.spend_pence for each in months)]
    ticks = _ticks(min(amounts), max(amounts))
    low, high = ticks[0], ticks[-1]
    named = [_named(tick, max(-low, high)) for tick in ticks]
    left = max((text_width(name, _SIZE) for name in named), default=0.0) + 5.0

    def y_of(pence: int) -> float:
        return _HEAD + _HEIGHT * portion(high - pence, high - low)

    shapes: list[Shape] = []
    for tick, name in zip(ticks, named, strict=True):
        y = y_of(tick)
        shapes.append(Line(left, y, PICTURE_WIDTH, y, QUIET if not tick else "#C7CBD1", 0.7 if not tick else 0.4))
        shapes.append(Label(left - 4.0, y + _SIZE * 0.35, name, _SIZE, anchor=Anchor.END, colour=QUIET))
    slot = (PICTURE_WIDTH - left) / max(len(months), 1)
    width = min(slot * 0.38, _WIDEST)
    for place, month in enumerate(months):
        middle = left + slot * (place + 0.5)
        shapes += _column(
            Ink.PLAN, month.budget_pence, middle - width - 0.5, width, (y_of(0), y_of(month.budget_pence))
        )
        ink = Ink.AHEAD if month.is_ahead else Ink.ADDS
        shapes += _column(ink, month.spend_pence, middle + 0.5, width, (y_of(0), y_of(month.spend_pence)))
        name = cut(month.name, _SIZE, slot - 1.0)
        shapes.append(Label(middle, _HEAD + _HEIGHT + 10.0, name, _SIZE, anchor=Anchor.MIDDLE, colour=TEXT))
    legend = [(Ink.PLAN, say("Budget")), (Ink.ADDS, say("Actual"))]
    if any(month.is_ahead for month in months):
        legend.append((Ink.AHEAD, say("Forecast")))
    shapes += legend_of(legend, 7.5, PICTURE_WIDTH)
    return Drawing(PICTURE_WIDTH, _HEAD + _HEIGHT + _FOOT, tuple(shapes))


def months_in_words(months: Sequence[MonthColumns]) -> str:
    """The picture for whoever does not see it, with every figure in it."""
    told = "; ".join(
        say("{month}, budget {budget}, forecast {spend}", **_values(each))
        if each.is_ahead
        else say("{month}, budget {budget}, actual {spend}", **_values(each))
        for each in months
    )
    return say("Columns of budget against actual, month by month: {months}.", months=told)


def _values(month: MonthColumns) -> dict[str, str]:
    return {"month": month.name, "budget": pounds(month.budget_pence), "spend": pounds(month.spend_pence)}


def _column(ink: Ink, pence: int, x: float, width: float, ends: tuple[float, float]) -> Iterator[Shape]:
    if not pence:
        return
    top, bottom = min(ends), max(ends)
    yield ink.box(x, min(top, bottom - _LEAST), width, max(bottom - top, _LEAST))


def _ticks(least: int, most: int) -> list[int]:
    """Round amounts from at most the least to at least the most, nought among them, evenly apart."""
    span = max(most - least, 100)
    step = 1
    while True:
        for each in (step, 2 * step, 5 * step):
            first, last = -(-least // each) if least > 0 else least // each, -(-most // each)
            if last - first <= _MOST_TICKS and each * _MOST_TICKS >= span:
                return [number * each for number in range(first, max(last, first + 1) + 1)]
        step *= 10


def _named(tick: int, largest: int) -> str:
    """A round amount in as few figures as it has: `£1.5m`, `£250k`, in brackets below nought."""
    unit, form = next((each for each in _UNITS if largest >= each[0]), _UNITS[-1])
    whole, part = divmod(abs(tick), unit)
    decimals = f"{part:0{len(str(unit)) - 1}}"
    if unit > _UNITS[-1][0]:
        decimals = decimals.rstrip("0")
    number = f"{whole:,}.{decimals}" if part else f"{whole:,}"
    shown = form.format(number=number) if tick else "£0"
    return f"({shown})" if tick < 0 else shown
