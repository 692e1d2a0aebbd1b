"""The recipe of the packages, step by step: what goes in, what is refused, and that the same gives the same bytes."""

import ast
import os
import subprocess
import sys
import tarfile
import zipfile
from importlib.util import find_spec
from pathlib import Path

import build
import pytest
from recipe import archives, contents, deb, desktop, guide, left_out, locked, manual, records, stripping, system

from tests.packaging.building import PACKAGING, ROOT

WHEN = 1_767_225_600


def test_of_libraries_for_windows_the_used_ones_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents.sys, "platform", "win32")
    kept = [
        r"PySide6\Qt6Core.dll",
        r"PySide6\plugins\platforms\qwindows.dll",
        r"PySide6\plugins\styles\qmodernwindows.dll",
    ]
    kept += ["VCRUNTIME140.dll", r"psycopg_binary.libs\libpq.dll", r"PySide6\plugins\imageformats\qsvg.dll"]
    dropped = [r"PySide6\Qt6Network.dll", r"PySide6\Qt6Quick.dll", r"PySide6\opengl32sw.dll", r"PySide6\Qt6Pdf.dll"]
    dropped += [r"PySide6\plugins\tls\qschannelbackend.dll", r"PySide6\plugins\platforms\qdirect2d.dll"]
    entries = [(place, "a source", "BINARY") for place in (*kept, *dropped)]
    assert [place for place, _source, _kind in contents.wanted_binaries(entries)] == kept


def test_no_library_of_the_system_goes_along_that_is_not_pythons() -> None:
    own = f"{sys.prefix}/lib/python/site-packages/x.so"
    entries = [("x.so", own, "EXTENSION"), ("libGL.so.1", "/usr/lib/libGL.so.1", "BINARY")]
    entries += [
        ("libsqlite3.so.0", "/usr/lib/libsqlite3.so.0", "BINARY"),
        ("libzstd.so.1", "/usr/lib/libzstd.so.1", "BINARY"),
    ]
    assert [entry[0] for entry in contents.wanted_binaries(entries)] == ["x.so", "libsqlite3.so.0"]


def test_links_go_where_what_they_lead_to_goes() -> None:
    library = ("PySide6/Qt/lib/libQt6Core.so.6", "/anywhere/libQt6Core.so.6", "BINARY")
    core = ("libQt6Core.so.6", "PySide6/Qt/lib/libQt6Core.so.6", "SYMLINK")
    network = ("libQt6Network.so.6", "PySide6/Qt/lib/libQt6Network.so.6", "SYMLINK")
    assert contents.wanted_binaries([library, core, network]) == [library, core]
    assert contents.wanted_data([network, core], [library]) == [core]


def test_of_the_data_of_libraries_the_used_ones_are_kept() -> None:
    kept = ["babel/global.dat", "babel/locale-data/cy.dat", "settlement/messages/cy.po"]
    dropped = ["babel/locale-data/de.dat", "PySide6/Qt/translations/qtbase_de.qm", "reportlab/fonts/Vera.ttf"]
    dropped += ["alembic/templates/generic/env.py", "pip-26.dist-info/INSTALLER"]
    entries = [(place, "a source", "DATA") for place in (*kept, *dropped)]
    assert [entry[0] for entry in contents.wanted_data(entries, [])] == kept


def test_what_tests_and_builds_is_refused_by_name() -> None:
    refused = set(contents.unwanted())
    assert {"pytest", "mypy", "PyInstaller", "sphinx", "aiohttp", "ssl", "unittest", "tkinter"} <= refused
    assert not refused & {*contents.HOUSE, "PySide6", "sqlalchemy", "pyhanko", "lxml", "_rl_accel"}


def test_every_module_of_ours_is_named_and_every_file_beside_them() -> None:
    named = set(contents.hidden())
    assert {"ui.pages.settlement.page", "settlement.pades.signing", "ledgers.postgres", "rules"} <= named
    places = {Path(source).relative_to(ROOT).as_posix(): folder for source, folder in contents.house_data()}
    assert places["ledgers/migrations/versions/0001_ledger.py"] == "ledgers/migrations/versions"
    assert places["settlement/fonts/LiberationSans-Regular.ttf"] == "settlement/fonts"
    assert not [
        place for place in places if place.endswith(".pyc") or (place.endswith(".py") and "migrations" not in place)
    ]


def test_a_stand_in_has_what_is_imported_of_the_module_that_it_stands_for() -> None:
    wanted = {name.rpartition(".")[2]: set[str]() for name in left_out.REPLACED}
    folders = [Path(found.submodule_search_locations[0]) for each in ("pyhanko.sign", "pyhanko_certvalidator.fetchers")
               if (found := find_spec(each)) and found.submodule_search_locations]  # fmt: skip
    for file in (file for folder in folders for file in folder.rglob("*.py")):
        if any(part in str(file) for part in ("csc_signer", "aiohttp_fetchers/", "eutl_fetch")):
            continue  # left out themselves
        text = file.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)) if "aiohttp" in text else ():
            if isinstance(node, ast.ImportFrom) and (last := (node.module or "").rpartition(".")[2]) in wanted:
                wanted[last] |= {alias.name for alias in node.names}
    assert all(wanted.values())
    for name, file in left_out.REPLACED.items():
        told = ast.parse((PACKAGING / "entry" / file).read_text(encoding="utf-8"))
        assert wanted[name.rpartition(".")[2]] <= {node.name for node in told.body if isinstance(node, ast.ClassDef)}


def test_a_page_brings_the_pictures_that_it_shows_and_no_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guide, "DOCS", tmp_path)
    for place in ("pictures/shown.png", "pictures/other.png", "_build/page.md", "shapes/leaf.md", "contents.toml"):
        (tmp_path / place).parent.mkdir(exist_ok=True)
        (tmp_path / place).write_text("", encoding="utf-8")
    (tmp_path / "shapes/page.md").write_text(
        "![A card](../pictures/shown.png) ![Not drawn](none.png)", encoding="utf-8"
    )
    told = {Path(source).name: folder for source, folder in guide.pages()}
    assert told == {
        "contents.toml": "guide",
        "leaf.md": "guide/shapes",
        "page.md": "guide/shapes",
        "shown.png": "guide/pictures",
    }


def test_an_environment_of_other_versions_than_the_locks_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    locked.check()
    pinned = {**locked.pins(), "sqlalchemy": "1.0"}
    monkeypatch.setattr(locked, "pins", lambda: pinned)
    with pytest.raises(locked.NotLockedError, match=r"sqlalchemy is \S+, and the lock pins 1\.0"):
        locked.check()


def test_a_library_that_no_package_is_known_of_stops_the_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "program").write_bytes(Path(sys.executable).resolve().read_bytes())
    (tmp_path / "text").write_text("no program", encoding="utf-8")
    asked = system.asked_by(_with_libpython(tmp_path))
    assert "libc.so.6" in asked.libraries
    monkeypatch.setattr(system, "PACKAGES", {})
    with pytest.raises(system.UnknownLibraryError, match=r"does not say which package has .*libc\.so\.6"):
        system.asked_by(tmp_path)


def _with_libpython(folder: Path) -> Path:
    """A Python of its own library asks for that: it is beside it, as in a build."""
    (folder / f"libpython3.{sys.version_info.minor}.so.1.0").touch()
    return folder


def _small(folder: Path) -> Path:
    """A folder such as a build is: a program, a text, a link, a folder in it."""
    inside = folder / "S75 Settlement" / "_internal"
    inside.mkdir(parents=True)
    (inside / "guide.md").write_text("# A page\n", encoding="utf-8")
    program = folder / "S75 Settlement" / "s75"
    program.write_bytes(b"\x7fELF of a kind")
    program.chmod(0o755)
    (folder / "S75 Settlement" / "S75 Settlement").symlink_to("s75")
    return folder / "S75 Settlement"


@pytest.mark.parametrize("write", [archives.write_zip, archives.write_tar])
def test_the_same_folder_gives_the_same_bytes_whenever_it_was_made(tmp_path: Path, write: object) -> None:
    assert callable(write)
    for name, when in (("one", 1_000_000_000), ("two", 1_500_000_000)):
        folder = _small(tmp_path / name)
        for path in folder.rglob("*"):
            os.utime(path, (when, when), follow_symlinks=False)
        write(folder, tmp_path / f"{name}.packed", WHEN)
    assert (tmp_path / "one.packed").read_bytes() == (tmp_path / "two.packed").read_bytes()


def test_a_zip_holds_the_program_as_one_that_can_be_run_and_its_date(tmp_path: Path) -> None:
    archives.write_zip(_small(tmp_path), tmp_path / "p.zip", WHEN)
    with zipfile.ZipFile(tmp_path / "p.zip") as archive:
        entries = {entry.filename: entry for entry in archive.infolist()}
    assert list(entries) == ["S75 Settlement/S75 Settlement", "S75 Settlement/_internal/guide.md", "S75 Settlement/s75"]
    assert entries["S75 Settlement/s75"].external_attr >> 16 & 0o777 == 0o755
    assert entries["S75 Settlement/_internal/guide.md"].external_attr >> 16 & 0o777 == 0o644
    assert {entry.date_time for entry in entries.values()} == {(2026, 1, 1, 0, 0, 0)}


def test_a_tar_keeps_links_and_names_nobody(tmp_path: Path) -> None:
    archives.write_tar(_small(tmp_path), tmp_path / "p.tar.xz", WHEN)
    with tarfile.open(tmp_path / "p.tar.xz") as archive:
        entries = {entry.name: entry for entry in archive}
    assert entries["S75 Settlement/S75 Settlement"].linkname == "s75"
    assert {(entry.uid, entry.uname, entry.mtime) for entry in entries.values()} == {(0, "root", WHEN)}
    assert entries["S75 Settlement/s75"].mode == 0o755


def test_sums_are_as_sha256sum_reads_them(tmp_path: Path) -> None:
    (tmp_path / "b").write_bytes(b"2")
    (tmp_path / "a").write_bytes(b"1")
    archives.write_sums([tmp_path / "b", tmp_path / "a"], tmp_path / "SHA256SUMS")
    checking = ["sha256sum", "--check", "--strict", "SHA256SUMS"]
    done = subprocess.run(checking, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout == "a: OK\nb: OK\n"


def test_only_libraries_that_are_ours_to_strip_are_stripped(tmp_path: Path) -> None:
    library = ("PySide6/Qt/lib/libQt6Core.so.6", "/anywhere/libQt6Core.so.6", "BINARY")
    link = ("libpython3.so", "libpython3.11.so", "SYMLINK")
    own = ("libpython3.11.so.1.0", str(Path(sys.executable).resolve()), "BINARY")
    told = stripping.stripped([library, link, own], tmp_path / "stripped")
    assert told[:2] == [library, link]
    assert Path(told[2][1]).parent == tmp_path / "stripped"
    assert Path(told[2][1]).stat().st_size <= Path(own[1]).stat().st_size


def test_records_hold_the_licences_and_nothing_of_the_machine(tmp_path: Path) -> None:
    written = records.write_records(tmp_path / "records")
    places = {f"{folder}/{Path(source).name}" for source, folder in written}
    assert not [place for place in places if place.endswith(("INSTALLER", "direct_url.json", "WHEEL", "REQUESTED"))]
    assert any(place.startswith("s75_settlement-") and place.endswith("/METADATA") for place in places)
    assert any(place.startswith("reportlab-") and "LICENSE" in place.upper() for place in places)
    for source, _folder in written:
        assert sys.prefix not in Path(source).read_text(encoding="utf-8")


def test_what_is_built_is_dated_by_the_commit_or_as_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    assert records.source_date() == 1_000_000_000
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    assert records.source_date() > 1_760_000_000
    monkeypatch.setattr(records, "ROOT", Path("/nowhere"))
    assert records.source_date() == WHEN
    assert records.commit() == ""


def test_a_manual_page_is_dated_and_of_this_version() -> None:
    from settlement.version import VERSION

    page = manual.pages(WHEN)["s75.1"]
    assert page.startswith(f'.TH "S75" 1 "2026-01-01" "S75 Settlement {VERSION}"')
    assert "\n.B verify\n" in page


def test_on_a_machine_that_debian_has_no_name_for_no_package_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deb.os, "uname", lambda: os.uname_result(("Linux", "here", "6", "1", "abacus")))
    with pytest.raises(deb.DebError, match="no Debian package is made on abacus"):
        deb.architecture()


def test_a_tool_that_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(deb.DebError, match="dpkg-deb is not installed"):
        deb.make_deb(tmp_path, tmp_path, system.Asked(frozenset(), (2, 36)), WHEN, tmp_path)
    with pytest.raises(system.UnknownLibraryError, match="objdump is not installed"):
        system.asked_by(tmp_path)


def test_a_folder_brings_what_a_desktop_wants_of_it(tmp_path: Path) -> None:
    (tmp_path / "build").mkdir()
    desktop.write_beside(tmp_path / "build", tmp_path / "work")
    assert sorted(path.name for path in (tmp_path / "build/desktop").iterdir()) == [
        "s75-ledger.svg",
        "s75-settlement.desktop",
        "s75-settlement.svg",
        "s75-settlement.xml",
    ]


def test_what_is_given_out_on_linux_is_named_by_version_and_machine(tmp_path: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("on Windows the folder is given out as a zip")
    from settlement.version import VERSION

    (made,) = build.give_out(_small(tmp_path), tmp_path, tmp_path / "work", with_deb=False)
    assert made.name.startswith(f"s75-settlement-{VERSION}-linux-")
    with tarfile.open(made) as archive:
        assert "S75 Settlement/desktop/s75-settlement.desktop" in archive.getnames()


def test_a_step_that_is_refused_ends_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse() -> None:
        message = "sqlalchemy is 1.0, and the lock pins 2.0"
        raise locked.NotLockedError(message)

    monkeypatch.setattr(locked, "check", refuse)
    monkeypatch.setattr(sys, "argv", ["build.py", "--out", str(tmp_path / "out"), "--work", str(tmp_path / "work")])
    assert build.main() == 1
    assert capsys.readouterr().err == "sqlalchemy is 1.0, and the lock pins 2.0\n"
    assert list((tmp_path / "out").iterdir()) == []
