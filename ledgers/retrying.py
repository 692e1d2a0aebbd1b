"""Operations that are done again when two sessions of a server got into each other's way: no person should have to.

The program's own writers wait for one another, so that they never do; an administrator's session can still cross one.
"""

import random
import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from rules.problems import RefusedError

TRIES = 6
_FIRST_PAUSE_SECONDS = 0.05

P = ParamSpec("P")
T = TypeVar("T")


class ConflictError(RefusedError):
    """The server undoes a transaction because of another's: a deadlock, or a serialization failure.

    `is_undone` once the whole transaction is: what did all of it can then be done again.
    """

    is_undone = False


def retried(operation: Callable[P, T]) -> Callable[P, T]:
    """The operation, done again from its start where another session crossed it; the last time that is raised.

    For what does all its work in one transaction. Within a transaction of the caller's, which is the caller's to do
    again, it is done once.
    """

    @wraps(operation)
    def again(*args: P.args, **kwargs: P.kwargs) -> T:
        for number in range(TRIES - 1):
            try:
                return operation(*args, **kwargs)
            except ConflictError as conflict:
                if not conflict.is_undone:
                    raise
                # Longer each time, and never twice the same: or two that crossed once would cross again.
                time.sleep(_FIRST_PAUSE_SECONDS * 2**number * random.uniform(0.5, 1.5))  # noqa: S311  no secret
        return operation(*args, **kwargs)

    return again
