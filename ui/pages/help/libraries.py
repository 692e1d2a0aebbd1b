"""What the program is made with: every library that comes with it, its version, its licence and the licence's text."""

import re
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from importlib.resources import files

_PROGRAM = "s75-settlement"
_DIRECT = (
    "alembic",
    "cryptography",
    "filelock",
    "platformdirs",
    "psycopg",
    "psycopg-binary",
    "py-moneyed",
    "pypdfium2",
    "pyside6-essentials",
    "python-calamine",
    "reportlab",
    "rfc8785",
    "rich",
    "rl-accel",
    "sqlalchemy",
    "sqlmodel",
    "tomlkit",
    "typer",
    "xlsxwriter",
)
"""What the program asks for by itself, for a copy that runs from its source and has no record of that."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_LICENCE_FILE = re.compile(r"(?i)(licen[cs]e|copying|notice|authors)")
_CLASSIFIER = "License :: "
_LONGEST = 60
_FONTS = (
    ("DejaVu Sans", "Bitstream Vera and public domain", "LICENSE-DejaVu.txt"),
    ("Liberation Sans", "SIL Open Font License 1.1", "LICENSE-Liberation.txt"),
)


@dataclass(frozen=True, slots=True)
class Library:
    """A library, or a font: its name, its version ("" of a font), its licence, and the texts of that."""

    name: str
    version: str
    licence: str
    text: str


def libraries() -> tuple[Library, ...]:
    """Every library that the program comes with, by name, and its fonts. Reads many files: not for the GUI thread."""
    wanted, found = list(_asked_by(_PROGRAM) or _DIRECT), {}
    while wanted:
        name = _normal(wanted.pop())
        if name in found or name == _PROGRAM:
            continue
        try:
            known = distribution(name)
        except PackageNotFoundError:
            continue  # for another system, or not needed here
        found[name] = Library(str(known.metadata["Name"]), known.version, _licence(known), _text(known))
        wanted += _asked_by(name)
    fonts = files("settlement.fonts")
    told = [Library(name, "", licence, fonts.joinpath(file).read_text("utf-8")) for name, licence, file in _FONTS]
    return (*sorted(found.values(), key=lambda each: each.name.casefold()), *told)


def _asked_by(name: str) -> list[str]:
    """What a library asks for in every case, not for an extra."""
    try:
        asked = distribution(name).requires or []
    except PackageNotFoundError:
        return []
    names = (_NAME.match(each) for each in asked if "extra ==" not in each)
    return [match[0] for match in names if match]


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _licence(known: Distribution) -> str:
    """The licence in a few words: as the library's record says it, or as the record classifies it."""
    told = known.metadata.json.get("license_expression") or known.metadata.json.get("license") or ""
    first = str(told).strip().partition("\n")[0]
    if first and len(first) <= _LONGEST:
        return first
    classified = (each.removeprefix(_CLASSIFIER) for each in known.metadata.get_all("Classifier") or [])
    named = [each.rpartition(" :: ")[2] for each in classified if each != each.rpartition(" :: ")[2]]
    return next((each for each in named if "icense" in each or "Public" in each), "See its text")


def _text(known: Distribution) -> str:
    paths = [path for path in known.files or [] if ".dist-info" in str(path) and _LICENCE_FILE.search(path.name)]
    texts = []
    for path in paths:
        try:
            texts.append(f"{path.name}\n\n{path.read_text('utf-8')}")
        except (OSError, UnicodeDecodeError):
            continue
    return "\n\n\n".join(texts)
