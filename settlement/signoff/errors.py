"""The one error of verification: whatever was sealed and is malformed, or does not verify, is told by it."""

from collections.abc import Iterator
from contextlib import contextmanager

from ledgers.refusing import refuse


class VerificationError(Exception):
    """Something sealed that is malformed or does not verify.

    `problem` is a sentence for a person; `where` is the file, line or thing that it is about, empty if that is plain.
    """

    def __init__(self, problem: str, where: str = "") -> None:
        """Tell a problem, and where it is."""
        super().__init__(problem, where)
        self.problem = problem
        self.where = where

    def __str__(self) -> str:
        """`where: problem`, or the problem alone."""
        return f"{self.where}: {self.problem}" if self.where else self.problem


@contextmanager
def in_refusals(name: str) -> Iterator[None]:
    """To who works on the ledger of that name, what is malformed or does not verify is a refusal: RefusedError."""
    try:
        yield
    except VerificationError as error:
        refuse(error.problem, name, place=error.where)
