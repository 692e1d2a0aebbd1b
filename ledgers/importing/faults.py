"""What is wrong with a file, gathered while all of it is read, so that one run reports everything."""

from ledgers.refusing import visible
from rules.problems import Problem, RefusedError

MOST_REPORTED = 200
"""A file of the wrong kind has a fault on each of a million lines; nobody reads past the first screens of them."""


class Faults:
    """The problems of one file, in the order they are met; past the first 200 they are only counted."""

    def __init__(self, file: str) -> None:
        """No faults yet, of the file as the person named it."""
        self.file = file
        self._problems: list[Problem] = []
        self._rest = 0

    @property
    def count(self) -> int:
        """How many there are, shown or not."""
        return len(self._problems) + self._rest

    def __bool__(self) -> bool:
        """Whether anything is wrong."""
        return bool(self._problems)

    def add(self, message: str, line: int | None = None, place: str = "") -> None:
        """Note one fault. What it quotes of a cell is shown with its control characters written out."""
        if len(self._problems) < MOST_REPORTED:
            self._problems.append(Problem(visible(message), self.file, line, visible(place)))
        else:
            self._rest += 1

    def refuse(self) -> None:
        """Raise RefusedError if anything is wrong."""
        if not self._problems:
            return
        rest: list[Problem] = []
        if self._rest:
            rest.append(Problem(f"and {self._rest:,} more problems, not shown", self.file))
        raise RefusedError(*self._problems, *rest)
