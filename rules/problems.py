"""What is wrong with somebody's input, where, and what to do: a value, so that all of it can be reported at once."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input.

    `file` is the file's name as the person gave it. `line` counts from 1 (a header is line 1); `place` is a
    column of a table, a cell of a workbook (`E7`) or a `table.key` of an agreement.
    """

    message: str
    file: str = ""
    line: int | None = None
    place: str = ""

    def __str__(self) -> str:
        """`file:line: place: message`, or `file: table.key: message`; parts that are not known are left out."""
        where = f"{self.file}:{self.line}" if self.line is not None else self.file
        return ": ".join(part for part in (where, self.place, self.message) if part)


class RefusedError(Exception):
    """Input that is refused. Nothing was written. `problems` says what is wrong, each with its place."""

    def __init__(self, *problems: Problem) -> None:
        """Refuse for these problems, in the order a reader meets them."""
        super().__init__(*problems)
        self.problems = problems

    def __str__(self) -> str:
        """One problem on each line."""
        return "\n".join(str(problem) for problem in self.problems)
