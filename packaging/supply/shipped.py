"""What a build carries: the Python distributions that the program asks for, and the libraries that lie in its folder.

A distribution is shipped if `pyproject.toml` leads to it on this system, extras that the build takes in included. A
library is any shared object of the folder; `components.toml` says what each is, and one that it does not know is an
error: nothing is shipped whose licence nobody looked up.
"""

import fnmatch
import hashlib
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
EXTRAS = ("pades",)
"""What the packaged program has besides what it needs: a finance lead cannot install anything into it."""

_LIBRARY = (".so", ".dll", ".pyd", ".dylib")


class UnknownPartError(Exception):
    """Something is in the build that nobody has said the origin and the licence of."""


@dataclass(frozen=True, slots=True)
class Component:
    """A library that is no Python distribution: its name, licence (SPDX), home, and the files of it in the build."""

    name: str
    licence: str
    home: str
    texts: tuple[str, ...]
    files: tuple[str, ...]


def project() -> dict[str, Any]:
    """The `[project]` table of pyproject.toml."""
    table: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return table


def distributions() -> list[Distribution]:
    """The distributions that the program ships with on this system, by name.

    Raises PackageNotFoundError if one that is asked for is not installed here.
    """
    found: dict[str, tuple[Distribution, set[str]]] = {}
    asked = project()
    wanted = [Requirement(each) for each in asked["dependencies"]]
    wanted += [Requirement(each) for extra in EXTRAS for each in asked["optional-dependencies"][extra]]
    while wanted:
        requirement = wanted.pop()
        key, extras = canonicalize_name(requirement.name), set(requirement.extras)
        known, had = found.get(key) or (distribution(key), set())
        if key in found and extras <= had:
            continue
        found[key] = known, had | extras
        wanted += [each for each in map(Requirement, known.requires or []) if _wanted(each, extras)]
    return [found[key][0] for key in sorted(found)]


def _wanted(requirement: Requirement, extras: set[str]) -> bool:
    marker = requirement.marker
    return marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *extras))


def in_build(folder: Path) -> list[Distribution]:
    """Those distributions whose records lie in a build, by name.

    Raises UnknownPartError for a build without any, and for a record of something that the program does not ask for.
    """
    asked = {canonicalize_name(each.metadata["Name"]): each for each in distributions()}
    own = canonicalize_name(str(project()["name"]))
    names = {canonicalize_name(path.name.partition("-")[0]) for path in folder.rglob("*.dist-info")} - {own}
    if not names:
        raise UnknownPartError(f"{folder} holds no record of a distribution: is it the folder of a build?")
    if strange := sorted(names - set(asked)):
        raise UnknownPartError(f"the program does not ask for these, and they are in the build: {', '.join(strange)}")
    return [asked[name] for name in sorted(names)]


def components(folder: Path) -> list[Component]:
    """What the shared libraries of a build are, by name, but for the modules that are a distribution's own.

    Raises UnknownPartError naming every library that `components.toml` has no line for.
    """
    known = tomllib.loads((HERE / "components.toml").read_text("utf-8"))["component"]
    files: dict[str, list[str]] = {each["name"]: [] for each in known}
    unknown = []
    for path in libraries(folder):
        name = next((each["name"] for each in known if _matches(path.name, each["files"])), None)
        if name is not None:
            files[name].append(path.relative_to(folder).as_posix())
        elif not _is_module(path):
            unknown.append(path.relative_to(folder).as_posix())
    if unknown:
        raise UnknownPartError(
            "packaging/supply/components.toml does not say what these are, nor their licence: " + ", ".join(unknown)
        )
    return [
        Component(each["name"], each["licence"], each["home"], tuple(each["texts"]), tuple(files[each["name"]]))
        for each in sorted(known, key=lambda each: str(each["name"]).casefold())
        if files[each["name"]]
    ]


def libraries(folder: Path) -> Iterator[Path]:
    """Every shared library and extension module in a folder, by their paths, each once."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and _is_library(path):
            yield path


def _is_library(path: Path) -> bool:
    return path.suffix.lower() in _LIBRARY or ".so." in path.name


def _matches(name: str, patterns: list[str]) -> bool:
    return any(fnmatch.fnmatch(name.lower(), pattern.lower()) for pattern in patterns)


def _is_module(path: Path) -> bool:
    """Whether it is an extension module of a distribution, or of Python itself: those go under their licence."""
    return (
        ".cpython-" in path.name
        or ".abi3." in path.name
        or path.suffix.lower() == ".pyd"
        or (path.parent.name in {"lib-dynload", "python3"} and ".so" in path.name)
    )


def sha256(path: Path) -> str:
    """A file's SHA-256, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
