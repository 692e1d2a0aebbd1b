"""Posting what was entered, and saying what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from ledgers import Ledger
from ledgers.importing.entering import Sums
from ledgers.lines import Line, NewLine
from rules.english import listed
from rules.money import pounds
from rules.problems import Problem, RefusedError
from settlement.sentences import KIND_NAMES


@dataclass(frozen=True, slots=True)
class Posting:
    """What came of it: the lines as they were posted, or why none was."""

    lines: tuple[Line, ...] = ()
    problems: tuple[Problem, ...] = ()


def post(ledger: Ledger, lines: Sequence[NewLine]) -> Posting:
    """Post all the lines as one batch, or none: a refusal is an answer, that the grid shows at its cells."""
    try:
        return Posting(ledger.post(lines))
    except RefusedError as refused:
        return Posting(problems=refused.problems)


def counted(count: int, noun: str = "line") -> str:
    """`1 line`, `1,204 lines`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def posted_in_words(lines: Sequence[Line]) -> tuple[str, str]:
    """A heading and sentences about lines that were posted: how many, what they come to, where late ones went."""
    sums: dict[str, int] = {}
    for line in lines:
        name = KIND_NAMES[line.kind]
        sums[name] = sums.get(name, 0) + line.amount_pence
    told = [f"They come to: {listed(f'{name} {pounds(pence)}' for name, pence in sums.items())}."]
    told += late_in_words(lines)
    first, last = lines[0].id, lines[-1].id
    numbers = f"line {first}" if first == last else f"lines {first} to {last}"
    return f"{counted(len(lines))} posted: batch {lines[0].batch}, {numbers}", " ".join(told)


def late_in_words(lines: Sequence[Line]) -> list[str]:
    """Where the lines of closed periods count, a sentence for each such period."""
    late: dict[tuple[str, str], int] = {}
    for line in lines:
        if line.belongs_to is not None:
            key = (str(line.belongs_to), str(line.period))
            late[key] = late.get(key, 0) + 1
    return [
        f"{belongs_to} is closed: {'its line counts' if count == 1 else f'its {count:,} lines count'} in {period}."
        for (belongs_to, period), count in late.items()
    ]


def about_rows(sums: Sums) -> str:
    """How far the rows are from being posted, in a sentence."""
    if not sums.lines and not sums.wrong:
        return "Nothing has been entered yet."
    told = [f"{counted(sums.lines)} ready"] if sums.lines else []
    if sums.wrong:
        told.append(f"{counted(sums.wrong, 'row')} to mend")
    if sums.unbalanced:
        told.append(f"{counted(len(sums.unbalanced), 'virement')} not at zero")
    if sums.late:
        told.append(f"{sums.late:,} of them late")
    return ", ".join(told) + "."
