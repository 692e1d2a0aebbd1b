"""What is in the one-folder build on Linux, and what is not: parts, records, size, and nothing of this machine."""

import importlib.metadata
import json
import re
import sys
import tomllib
from pathlib import Path

from recipe import contents, left_out, system  # of packaging/, which `building` made known

from tests.packaging.building import ROOT, Built

_MEGABYTE = 1024 * 1024
_MOST = 200 * _MEGABYTE
"""Qt with ICU is 86 MB of it and what Python links 30; a library that nobody meant to ship shows here first."""
_GPL_ONLY = re.compile(
    r"lib(readline|gdbm|gmp|mpfr|poppler|ghostscript|gs|xapian|mysqlclient|Qt6(Charts|DataVisualization|Graphs|"
    r"NetworkAuth|HttpServer|Quick3D|VirtualKeyboard|WaylandCompositor))\b",
)
_TEXT = {".cfg", ".csv", ".ini", ".json", ".mako", ".md", ".po", ".py", ".svg", ".toml", ".txt", ".xml", ""}


def _names(built: Built) -> set[str]:
    return {path.name for path in built.folder.rglob("*")}


def test_of_qt_there_is_what_the_window_uses(built: Built) -> None:
    found = {match[1] for name in _names(built) if (match := re.match(r"libQt6(\w+)\.so", name))}
    assert found <= set(contents.QT_LIBRARIES)
    assert {"Core", "Gui", "Widgets", "PrintSupport", "Svg"} <= found
    plugins = {path.relative_to(built.inside).as_posix() for path in built.inside.rglob("plugins/*/*.so")}
    assert any(plugin.endswith("platforms/libqxcb.so") for plugin in plugins)
    assert not [plugin for plugin in plugins if re.search(r"/(tls|networkinformation|sqldrivers|qml\w*)/", plugin)]


def test_nothing_in_it_can_open_a_connection_but_the_client_of_the_ledger_server(built: Built) -> None:
    loose = {path.name.partition(".")[0] for path in built.inside.rglob("*.so*")}
    assert not loose & {"_ssl", "libQt6Network", "QtNetwork", "libcurl"}
    modules = _modules(built)
    assert not {"ssl", "aiohttp", "requests", "urllib3", "certifi", "httpx"} & modules
    assert {"psycopg_binary", "pyhanko"} <= modules | {path.name for path in built.inside.iterdir()}


def _modules(built: Built) -> set[str]:
    """The top-level modules in the archive of the executable."""
    from PyInstaller.archive.readers import CArchiveReader

    archive = CArchiveReader(str(built.program))
    name = next(name for name in archive.toc if name.startswith("PYZ"))
    return {module.partition(".")[0] for module in archive.open_embedded_archive(name).toc}


def test_of_this_environment_only_what_the_lock_ships_goes_along(built: Built) -> None:
    modules = _modules(built)
    assert not modules & {
        "pytest",
        "hypothesis",
        "mypy",
        "pandas",
        "numpy",
        "sphinx",
        "pip",
        "setuptools",
        "PyInstaller",
    }
    assert set(contents.HOUSE) <= modules


def test_no_library_is_under_the_gpl_alone(built: Built) -> None:
    assert not [name for name in _names(built) if _GPL_ONLY.search(name)]


def test_what_is_under_the_lgpl_lies_there_as_files_that_can_be_replaced(built: Built) -> None:
    for module in contents.SEPARATE:
        assert list((built.inside / module).rglob("*.pyc")), module
    assert not _modules(built) & set(contents.SEPARATE)
    assert (built.inside / "PySide6/Qt/lib/libQt6Core.so.6").is_file()


def test_no_link_leads_nowhere(built: Built) -> None:
    links = [path for path in built.folder.rglob("*") if path.is_symlink()]
    assert links
    assert not [
        path for path in links if not path.exists() or not path.resolve().is_relative_to(built.folder.resolve())
    ]


def test_no_text_names_a_place_of_the_machine_that_built_it(built: Built) -> None:
    places = [str(ROOT), sys.prefix, sys.base_prefix, str(built.folder.parents[1])]
    told = [place.encode() for place in places if place not in {"/", "/usr", "/usr/local"}]
    files = [
        path for path in built.folder.rglob("*") if path.is_file() and path.suffix in _TEXT and path != built.program
    ]
    assert len(files) > 100
    found = [(str(path), place) for path in files for place in told if place in path.read_bytes()]
    assert not found


def test_it_is_no_larger_than_it_needs_to_be(built: Built) -> None:
    size = sum(path.stat().st_size for path in built.folder.rglob("*") if path.is_file() and not path.is_symlink())
    assert size < _MOST, f"{size / _MEGABYTE:.0f} MB"


def test_of_babel_there_are_the_languages_of_statements(built: Built) -> None:
    assert {path.stem for path in (built.inside / "babel/locale-data").iterdir()} == set(contents.LOCALES)


def test_every_page_of_the_guide_is_there_with_its_order(built: Built) -> None:
    guide = built.inside / "guide"
    listed = tomllib.loads((guide / "contents.toml").read_text(encoding="utf-8"))["section"]
    pages = [page for section in listed for page in section["pages"] if (ROOT / "docs" / page).exists()]
    assert pages
    assert [page for page in pages if not (guide / page).is_file()] == []
    assert (guide / "README.md").is_file()


def test_every_distribution_has_its_record_there_and_no_note_of_this_machine(built: Built) -> None:
    found = {contents.name_of(each): each for each in importlib.metadata.distributions(path=[str(built.inside)])}
    assert set(found) == {contents.name_of(each) for each in contents.shipped()} | {"s75-settlement"}
    assert not set(found) & left_out.DISTRIBUTIONS
    for name, each in found.items():
        files = each.files or []
        assert files, name
        assert all(Path(str(file.locate())).is_file() for file in files), name
        assert not {file.name for file in files} & {"INSTALLER", "direct_url.json", "REQUESTED"}, name
    assert any("extra" not in each and each.startswith("pyside6") for each in found["s75-settlement"].requires or [])


def test_the_build_says_what_it_was_made_of(built: Built) -> None:
    told = json.loads((built.inside / "build-record.json").read_text(encoding="utf-8"))
    assert told["python"] == ".".join(map(str, sys.version_info[:3]))
    assert told["distributions"]["pyside6-essentials"] == importlib.metadata.version("pyside6-essentials")
    assert told["made_with"]["pyinstaller"] == importlib.metadata.version("pyinstaller")
    assert re.fullmatch(r"[0-9a-f]{64}", told["lock"]["sha256"])
    of_system = {Path(place).name for place in told["system_libraries"]}
    assert all((built.inside / place).is_file() for place in told["system_libraries"])
    assert any(name.startswith("libcrypto.so") for name in of_system)


def test_all_that_it_asks_of_the_system_is_in_packages_that_are_known(built: Built) -> None:
    asked = system.asked_by(built.folder)
    assert "libxcb-cursor.so.0" in asked.libraries
    assert any(each.startswith("libc6 (>= 2.") for each in asked.depends)
    assert asked.recommends == ["libcups2 | libcups2t64"]
