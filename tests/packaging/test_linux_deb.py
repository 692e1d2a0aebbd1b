"""The Debian package: what it installs where, what a desktop knows it by, and that it runs from where it is put."""

import gzip
import hashlib
import os
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest
from recipe import deb, system  # of packaging/, which `building` made known

from ledgers.connecting import APPLICATION_ID
from settlement.version import VERSION
from tests.packaging.building import ROOT, Built

WHEN = 1_767_225_600
_MIME = "{http://www.freedesktop.org/standards/shared-mime-info}"


@pytest.fixture(scope="module")
def package(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package, not packed: that takes a minute, and is not what is tried here."""
    folder = tmp_path_factory.mktemp("package")
    asked = system.asked_by(built.folder)
    return deb.make_deb(built.folder, folder, asked, WHEN, folder / "work", packing=("-Znone",))


@pytest.fixture(scope="module")
def installed(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What it installs, under another root."""
    root = tmp_path_factory.mktemp("root")
    subprocess.run(["dpkg-deb", "--extract", package, root], check=True)
    yield root
    shutil.rmtree(root)


def _field(package: Path, name: str) -> str:
    return subprocess.run(["dpkg-deb", "-f", package, name], capture_output=True, text=True, check=True).stdout.strip()


def test_it_says_what_it_is_and_what_it_needs(package: Path) -> None:
    assert _field(package, "Package") == "s75-settlement"
    assert _field(package, "Version") == VERSION
    assert _field(package, "Architecture") in {"amd64", "arm64"}
    needs = _field(package, "Depends")
    for name in ("libc6 (>= 2.", "libegl1", "libxcb-cursor0", "libxkbcommon-x11-0", "libglib2.0-0 | libglib2.0-0t64"):
        assert name in needs
    assert "python" not in needs
    assert "libcups2" in _field(package, "Recommends")
    assert int(_field(package, "Installed-Size")) > 100_000


def test_it_runs_nothing_of_its_own_on_installing_and_on_removing(package: Path, tmp_path: Path) -> None:
    subprocess.run(["dpkg-deb", "--control", package, tmp_path / "control"], check=True)
    assert {path.name for path in (tmp_path / "control").iterdir()} == {"control", "md5sums"}


def test_its_sums_are_of_all_that_it_installs(package: Path, installed: Path, tmp_path: Path) -> None:
    subprocess.run(["dpkg-deb", "--control", package, tmp_path / "control"], check=True)
    lines = (tmp_path / "control" / "md5sums").read_text(encoding="utf-8").splitlines()
    told = dict(reversed(line.split("  ", 1)) for line in lines)
    files = {path.relative_to(installed).as_posix(): path for path in installed.rglob("*") if not path.is_symlink()}
    assert told.keys() == {place for place, path in files.items() if path.is_file()}
    assert all(told[place] == hashlib.md5(files[place].read_bytes()).hexdigest() for place in list(told)[::50])  # noqa: S324


def test_every_file_is_for_everybody_to_read_and_for_nobody_to_write(package: Path) -> None:
    listing = subprocess.run(["dpkg-deb", "-c", package], capture_output=True, text=True, check=True).stdout
    modes = {line.split()[0] for line in listing.splitlines()}
    assert modes == {"drwxr-xr-x", "-rw-r--r--", "-rwxr-xr-x", "lrwxrwxrwx"}
    assert all(line.split()[1] == "root/root" for line in listing.splitlines())
    assert listing.count("-rwxr-xr-x") == 1  # the program


def test_it_runs_from_where_it_is_put_by_both_its_names(built: Built, installed: Path, tmp_path: Path) -> None:
    programs = installed / "usr/bin"
    assert built.run(tmp_path, "--version", program=programs / "s75").out == f"s75 {VERSION}\n"
    assert "Shows the settlement of a ledger" in built.run(tmp_path, "--help", program=programs / "s75-settlement").out


def test_a_desktop_opens_ledgers_with_it(installed: Path) -> None:
    entry = (installed / "usr/share/applications/s75-settlement.desktop").read_text(encoding="utf-8")
    (type_,) = _types(installed)
    assert f"MimeType={type_.get('type')};" in entry
    assert "Exec=s75-settlement %f" in entry
    assert (installed / "usr/share/icons/hicolor/256x256/apps/s75-settlement.png").read_bytes().startswith(b"\x89PNG")
    icon = type_.find(f"{_MIME}icon")
    assert icon is not None
    assert (installed / f"usr/share/icons/hicolor/scalable/mimetypes/{icon.get('name')}.svg").is_file()


def test_a_ledger_is_known_by_its_name_and_by_its_bytes(installed: Path) -> None:
    (type_,) = _types(installed)
    assert [each.get("pattern") for each in type_.iter(f"{_MIME}glob")] == ["*.s75"]
    of_sqlite, of_ledger = type_.iter(f"{_MIME}match")
    assert (of_sqlite.get("value"), of_sqlite.get("offset")) == (r"SQLite format 3\0", "0")
    assert (of_ledger.get("value"), of_ledger.get("offset")) == (APPLICATION_ID.to_bytes(4, "big").decode(), "68")


def _types(installed: Path) -> list[ET.Element]:
    path = installed / "usr/share/mime/packages/s75-settlement.xml"
    return list(ET.parse(path).getroot().iter(f"{_MIME}mime-type"))  # noqa: S314  our own file


@pytest.mark.parametrize(
    ("tool", "file"),
    [
        (("desktop-file-validate",), "usr/share/applications/s75-settlement.desktop"),
        (("appstreamcli", "validate", "--no-net"), "usr/share/metainfo/*.metainfo.xml"),
        (("man", "--warnings", "--encoding=UTF-8", "--local-file"), "usr/share/man/man1/s75.1.gz"),
    ],
)
def test_its_files_are_as_their_own_tools_want_them(installed: Path, tool: tuple[str, ...], file: str) -> None:
    if shutil.which(tool[0]) is None:
        pytest.skip(f"{tool[0]} is not installed")
    (path,) = installed.glob(file)
    done = subprocess.run(
        [*tool, path], capture_output=True, text=True, check=False, env={**os.environ, "MANWIDTH": "100"}
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert not done.stderr.strip()


def test_the_manual_tells_of_every_command(installed: Path) -> None:
    from typer.main import get_command

    from settlement.command.main import app

    text = gzip.decompress((installed / "usr/share/man/man1/s75.1.gz").read_bytes()).decode()
    told = set(re.findall(r"^\.B (\S+)$", text, re.MULTILINE))
    commands = getattr(get_command(app), "commands")  # noqa: B009  a group has them
    assert {name.replace("-", r"\-") for name in commands} <= told


def test_what_it_is_under_is_told(installed: Path) -> None:
    papers = (installed / "usr/share/doc/s75-settlement/copyright").read_text(encoding="utf-8")
    assert "GNU Lesser General Public License" in papers
    assert (
        gzip.decompress((installed / "usr/share/doc/s75-settlement/changelog.gz").read_bytes())
        == (ROOT / "CHANGELOG.md").read_bytes()
    )
