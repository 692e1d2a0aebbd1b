"""Whether the environment that builds is the one that the lock pins: a package is made of nothing else."""

import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from recipe.contents import name_of, shipped
from recipe.records import LOCK

_LINE = re.compile(r"^(?P<requirement>[A-Za-z0-9][^\\]*?)\s*\\?$")
_BUILDERS = ("pyinstaller", "pyinstaller-hooks-contrib")


class NotLockedError(Exception):
    """What is installed here is not what the lock pins."""


def pins() -> dict[str, str]:
    """By name, the version that the lock pins on this system and this Python."""
    return {canonicalize_name(each.name): next(iter(each.specifier)).version for each in _requirements()}


def check() -> None:
    """Raise NotLockedError, naming them, if anything that is shipped or builds is of another version here."""
    pinned = pins()
    wrong = []
    for name in (*map(name_of, shipped()), *_BUILDERS):
        try:
            here = version(name)
        except PackageNotFoundError:
            here = "not installed"
        if here != pinned.get(name):
            wrong.append(f"{name} is {here}, and the lock pins {pinned.get(name, 'no version of it')}")
    if wrong:
        message = f"the environment is not of {LOCK.name}: {'; '.join(wrong)}"
        raise NotLockedError(message)


def _requirements() -> Iterator[Requirement]:
    for line in LOCK.read_text("utf-8").splitlines():
        if (match := _LINE.match(line)) is not None:
            requirement = Requirement(match["requirement"])
            if requirement.marker is None or requirement.marker.evaluate():
                yield requirement
