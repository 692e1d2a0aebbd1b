"""What goes into the packaged program: read by `s75.spec`, and held by tests.

A build is of what the lock pins and of nothing else that the machine happens to have: modules of a distribution that
is not shipped are refused by name, and of the system's libraries only those go along that Python was linked with.
"""

import re
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path, PurePosixPath

from packaging.utils import canonicalize_name
from shipped import distributions as asked_for  # the one list of what the program asks for

from recipe import left_out

ROOT = Path(__file__).resolve().parents[2]
HOUSE = ("rules", "ledgers", "settlement", "ui")
PROGRAM, WINDOW = "s75", "S75 Settlement"
"""The two executables: every command, in a console, and the desktop."""
INSIDE = "_internal"
"""The folder beside them that holds everything else."""

Entry = tuple[str, str, str]
"""A file of the build as PyInstaller has it: its place, where it comes from (of a link: where it leads), its kind."""

SEPARATE = ("PySide6", "bidi", "psycopg", "shiboken6")
"""Under the LGPL: their modules lie in the folder as files, as their libraries do, so that they can be replaced."""

LOCALES = ("root", "cy", "en", "en_001", "en_GB")
"""Babel's, of which the program asks for the plural forms of the languages that statements are made in."""

QT_LIBRARIES = (
    "Core", "DBus", "Gui", "PrintSupport", "Svg", "WaylandClient", "WlShellIntegration", "Widgets", "XcbQpa",
)  # fmt: skip
"""Qt's, by the part of their name behind `Qt6`."""

QT_PLUGINS = (
    "iconengines/qsvgicon", "imageformats/qgif", "imageformats/qico", "imageformats/qjpeg", "imageformats/qsvg",
    "platforms/qoffscreen", "printsupport/*", "styles/*",
    # Windows
    "platforms/qwindows",
    # Linux
    "platforms/qwayland", "platforms/qxcb", "platformthemes/qxdgdesktopportal",
    "platforminputcontexts/composeplatforminputcontextplugin", "platforminputcontexts/ibusplatforminputcontextplugin",
    "wayland-decoration-client/adwaita", "wayland-decoration-client/bradient", "wayland-shell-integration/xdg-shell",
)  # fmt: skip
"""Qt's plugins, without the `lib` before a name: platforms, pictures, printers, and what a Linux desktop asks for."""

_QT_LIBRARY = re.compile(r"^(?:lib)?Qt6(\w+?)(?:\.so(?:\.\d+)*|\.dll)$")
_BY_GRAPHICS_CARD = ("d3dcompiler", "opengl32sw")
_OF_PYTHON = re.compile(r"^lib(python[\d.]+|crypto|sqlite3|ffi|bz2|lzma|uuid|expat|z)\.so")
"""System libraries that Python itself was linked with: their names differ from one Linux to another, so they go along.

Those of the desktop (X11, Wayland, OpenGL, fonts, D-Bus, GLib, printers, C++) have to be of the system that shows the
window: packages name them, and nothing is taken from the machine that builds.
"""


def shipped() -> list[Distribution]:
    """The distributions whose modules are in the build."""
    return [each for each in asked_for() if name_of(each) not in left_out.DISTRIBUTIONS]


def unwanted() -> list[str]:
    """Every module that the build refuses: those of all other distributions installed here, and those not used."""
    keep = {top for each in shipped() for top in _tops(each)} | set(HOUSE)
    others = {top for each in distributions() for top in _tops(each)}
    return sorted({*(others - keep), *left_out.MODULES, *left_out.REPLACED})


def hidden() -> list[str]:
    """Modules that are imported by a name made at run time: all of ours, and those of libraries that we ask for so."""
    return [
        *_house(),
        "_rl_accel",
        "psycopg_binary",
        "sqlalchemy.dialects.postgresql.psycopg",
        "sqlalchemy.dialects.sqlite",
    ]


def stand_ins() -> list[Entry]:
    """Our modules that stand for a library's."""
    entry = ROOT / "packaging" / "entry"
    return [(name, str(entry / file), "PYMODULE") for name, file in left_out.REPLACED.items()]


def house_data() -> list[tuple[str, str]]:
    """Our files that are no modules, and the migrations, which Alembic runs from their files: where from, where to."""
    found = []
    for floor in HOUSE:
        for path in sorted((ROOT / floor).rglob("*")):
            inside = path.relative_to(ROOT).parent
            is_migration = inside.parts[:2] == ("ledgers", "migrations") and path.suffix == ".py"
            if path.is_file() and "__pycache__" not in path.parts and (path.suffix != ".py" or is_migration):
                found.append((str(path), str(inside)))
    return found


def wanted_data(entries: Iterable[Entry], binaries: Iterable[Entry]) -> list[Entry]:
    """The data files of libraries that are used, and links only to what is there."""
    every = [*entries]
    kept = [entry for entry in every if entry[2] != "SYMLINK" and _is_wanted_data(_place(entry[0]))]
    return [*kept, *_links(every, [*kept, *binaries])]


def wanted_binaries(entries: Iterable[Entry]) -> list[Entry]:
    """The libraries that are used, none that belongs to the system, and links only to what is there."""
    every = [*entries]
    kept = [entry for entry in every if entry[2] != "SYMLINK" and _is_wanted_binary(_place(entry[0]), entry[1])]
    return [*kept, *_links(every, kept)]


def is_of_environment(source: Path) -> bool:
    """Whether a file is of the environment that builds or of Python's library, and not of the system under them."""
    homes = {Path(home).resolve() for home in (sys.prefix, sysconfig.get_path("stdlib"))} - {Path("/usr")}
    return any(home in (source.absolute(), *source.absolute().parents) for home in homes)


def name_of(known: Distribution) -> str:
    """The name of a distribution as locks have it."""
    return str(canonicalize_name(known.metadata["Name"]))


def _links(entries: Iterable[Entry], kept: Iterable[Entry]) -> list[Entry]:
    places = {_place(entry[0]) for entry in kept}
    links = (entry for entry in entries if entry[2] == "SYMLINK")
    return [entry for entry in links if _place(entry[0]).parent / _place(entry[1]) in places]


def _place(told: str) -> PurePosixPath:
    return PurePosixPath(told.replace("\\", "/"))


def _is_wanted_data(place: PurePosixPath) -> bool:
    parts = place.parts
    if any(part.endswith(".dist-info") for part in parts):
        return False  # records are written by `records.py`, without what is of the machine
    if parts[:2] == ("babel", "locale-data"):
        return place.stem in LOCALES
    if parts[0] == "PySide6":
        return place.suffix != ".qm"  # the window is in English, and Qt's own words are
    if parts[:2] == ("reportlab", "fonts"):
        return False  # documents embed our own
    return not (parts[0] == "alembic" and "templates" in parts)


def _is_wanted_binary(place: PurePosixPath, source: str) -> bool:
    if (library := _QT_LIBRARY.match(place.name)) is not None:
        return library[1] in QT_LIBRARIES
    if place.parts[0] == "PySide6" and "plugins" in place.parts:
        plugin = PurePosixPath(place.parent.name, place.stem.removeprefix("lib"))
        return any(plugin.match(pattern) for pattern in QT_PLUGINS)
    if place.name.lower().startswith(_BY_GRAPHICS_CARD):
        return False
    return sys.platform == "win32" or is_of_environment(Path(source)) or _OF_PYTHON.match(place.name) is not None


def _house() -> Iterator[str]:
    for floor in HOUSE:
        for path in sorted((ROOT / floor).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            if parts[:2] != ("ledgers", "migrations"):
                yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _tops(known: Distribution) -> set[str]:
    """The top-level modules of a distribution, by the files that it recorded."""
    tops = {file.parts[0].partition(".")[0] for file in known.files or [] if not file.parts[0].startswith("..")}
    return {top for top in tops if top.isidentifier() and top != "__pycache__"}
