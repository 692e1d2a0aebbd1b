"""Why something could not be done, as a person is told it. Nothing of Qt: processes aside send these too."""

import traceback
from dataclasses import dataclass

from rules.problems import RefusedError

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a job gave no answer: what a person is told, and details to copy."""

    sentence: str
    details: str


class AsideError(Exception):
    """What failed in a process aside, already in words: the error itself stayed there."""

    def __init__(self, failure: Failure) -> None:
        """With the words."""
        super().__init__(failure.sentence)
        self.failure = failure


class CancelledError(Exception):
    """Raised inside work that the person called off. Nothing is told of it: she knows."""


def failure_of(error: BaseException) -> Failure:
    """The error in words: a refusal has its own, anything else is the program's fault and says so."""
    if isinstance(error, AsideError):
        return error.failure
    if isinstance(error, RefusedError):
        problems = [str(problem) for problem in error.problems]
        told = problems[:_SHOWN]
        if problems[_SHOWN:]:
            told.append(f"The details list all {len(problems)} problems.")
        return Failure("\n".join(told), "\n".join(problems))
    details = "".join(traceback.format_exception(error))
    if isinstance(error, OSError):
        return Failure(f"The computer refused it: {error.strerror or error}.", details)
    sentence = f"The program met an error that it did not expect ({type(error).__name__}). Nothing was changed."
    return Failure(sentence, details)
