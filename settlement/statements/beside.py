"""Figures side by side: this settlement, the one stated before it, the movement between them, the forecast outturn."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from rules.language import say
from rules.succession import stand_ins
from settlement.settle import Settlement
from settlement.statements.document import Column, amounts
from settlement.statements.inputs import StatementInputs

Figure = Callable[[Settlement, frozenset[str]], int]
"""An amount of a settlement for some partners' codes: a partner, and before its time those whose place it took."""


@dataclass(frozen=True, slots=True)
class Beside:
    """Which settlements stand side by side for a partner, and under which codes each of them knows it.

    Its `columns` are for a table whose first column names the line, so that the movement adds up.
    """

    settlements: tuple[Settlement, ...]
    codes: tuple[frozenset[str], ...]
    columns: tuple[Column, ...]
    has_previous: bool

    def cells(self, figure: Figure) -> tuple[int, ...]:
        """The figure of each settlement, in the columns' order: now, before, movement, forecast outturn."""
        found = [figure(settlement, codes) for settlement, codes in zip(self.settlements, self.codes, strict=True)]
        if self.has_previous:
            found.insert(2, found[0] - found[1])
        return tuple(found)


def beside(inputs: StatementInputs, partner: str) -> Beside:
    """What the inputs have to set side by side for the partner."""
    settlements = [inputs.settlement]
    codes = [frozenset({partner})]
    titles = [say("Forecast outturn £") if inputs.settlement.is_outturn else say("Year to date £")]
    if inputs.previous is not None:
        settlements.append(inputs.previous)
        codes.append(codes_before(inputs, partner))
        period = inputs.previous_name
        is_signed = inputs.previous_seal is not None
        titles.append(
            say("Signed at {period} £", period=period) if is_signed else say("Stated at {period} £", period=period)
        )
        titles.append(say("Movement since £"))
    if inputs.outturn is not None:
        settlements.append(inputs.outturn)
        codes.append(frozenset({partner}))
        titles.append(say("Forecast outturn £"))
    columns = list(amounts(*titles))
    if inputs.previous is not None:
        # in a table the line's own name stands before these columns
        columns[2] = replace(columns[2], adds=(1,), takes=(2,))
    return Beside(tuple(settlements), tuple(codes), tuple(columns), inputs.previous is not None)


def codes_before(inputs: StatementInputs, partner: str) -> frozenset[str]:
    """The partner and all those whose place it has taken by now."""
    replaced = predecessors(inputs)
    return frozenset({partner, *(code for code, now in replaced.items() if now == partner)})


def predecessors(inputs: StatementInputs) -> dict[str, str]:
    """For each partner replaced by the period, the code that stands in its place: what its lines are counted under."""
    return stand_ins(inputs.on_file or inputs.agreement, inputs.settlement.period)
