"""The waterfall from contribution to amount due, step by step: to what a partner pays or receives."""

from collections.abc import Sequence
from dataclasses import dataclass

from rules.language import say
from rules.money import pounds
from settlement.statements.drawing import Drawing
from settlement.statements.pictures.bars import Bar, Ink, bars


@dataclass(frozen=True, slots=True)
class Step:
    """A step, in pence: above nought it adds to what is due, below it takes off. `parts` are what makes it, if told."""

    label: str
    pence: int
    parts: Sequence["Step"] = ()


def waterfall(steps: Sequence[Step], result: str) -> Drawing:
    """Each step that is not nil as a bar that begins where the one before ends; the result's bar begins at nought."""
    drawn = []
    level = 0
    for step in steps:
        if step.pence:
            ink = Ink.ADDS if step.pence > 0 else Ink.TAKES
            drawn.append(Bar(step.label, level, level + step.pence, pounds(step.pence), ink))
            level += step.pence
    drawn.append(Bar(result, 0, level, pounds(level), Ink.RESULT, is_bold=True))
    legend = [(Ink.ADDS, say("adds")), (Ink.TAKES, say("takes off")), (Ink.RESULT, say("comes to"))]
    return bars(drawn, legend, (say("it receives"), say("it pays")), connected=True)


def waterfall_in_words(steps: Sequence[Step], name: str) -> str:
    """The picture for whoever does not see it, with every figure in it."""
    told = "; ".join(_step_in_words(step) for step in steps if step.pence or step.parts)
    net = sum(step.pence for step in steps)
    if not told:
        return say("No line has an amount: nothing due to or from {name}.", name=name)
    values = {"steps": told, "name": name, "amount": pounds(abs(net))}
    if net > 0:
        return say(
            "Step by step, amounts in brackets taking off: {steps}. It comes to {amount} due from {name}.", **values
        )
    if net < 0:
        return say(
            "Step by step, amounts in brackets taking off: {steps}. It comes to {amount} due to {name}.", **values
        )
    return say(
        "Step by step, amounts in brackets taking off: {steps}. It comes to nothing due to or from {name}.", **values
    )


def _step_in_words(step: Step) -> str:
    said = f"{step.label}, {pounds(step.pence)}"
    if not step.parts:
        return said
    return f"{said} ({'; '.join(f'{part.label}, {pounds(part.pence)}' for part in step.parts)})"
