"""The forms for Windows, as far as they can be held without it: what is installed is what is removed, and no more."""

import re
import struct
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from types import SimpleNamespace
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "packaging")]

from icons import draw  # noqa: E402  of the folder just named
from windows import installer, msi, names, package, payload, resources  # noqa: E402  of the folder just named

SCRIPT = installer.SCRIPT.read_text(encoding="utf-8") + installer.SCRIPT.with_name("search-path.nsh").read_text("utf-8")
FILES = {
    "S75 Settlement.exe": "the window",
    "s75.exe": "the commands",
    "_internal/a b/one.pyd": "a module",
    "_internal/two.dll": "a library",
    "licences/NOTICES.txt": "What it carries: £, “and more”\n",
}


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build as its folder looks, of a few small files."""
    folder = tmp_path_factory.mktemp("build") / "S75 Settlement"
    for place, text in FILES.items():
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@dataclass(frozen=True)
class Made:
    """What `package` made, what it was asked to sign, and the payload."""

    portable: Path
    setup: Path
    managed: Path
    signed: tuple[str, ...]
    payload: payload.Payload


@pytest.fixture(scope="session")
def made(build: Path, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Everything made once of that build, and signed by a command that notes what it was given."""
    folder = tmp_path_factory.mktemp("made")
    resources.write(folder / "resources")
    signer = folder / "sign it.sh"
    signer.write_text(f'#!/bin/sh\nsha256sum "$1" >> "{folder}/signed"\n', encoding="utf-8")
    signer.chmod(0o755)
    making = installer.Making(folder / "resources" / names.PROGRAM_ICON, sign=f'"{signer}" "%1"')
    portable, setup, managed = package.package(build, folder / "out", making)
    signed = tuple(line.split()[0] for line in (folder / "signed").read_text(encoding="utf-8").splitlines())
    icon = folder / "resources" / names.LEDGER_ICON
    return Made(portable, setup, managed, signed, payload.payload_of(build, icon))


def _entries(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Each entry of an `.ico` file: its size in pixels, and what it holds."""
    reserved, kind, count = struct.unpack_from("<HHH", data)
    assert (reserved, kind) == (0, 1)
    for number in range(count):
        width, height, _, _, _, bits, length, place = struct.unpack_from("<BBBBHHII", data, 6 + 16 * number)
        assert (width, bits) == (height, 32)
        yield width or 256, data[place : place + length]


class TestIcons:
    @pytest.mark.parametrize("what", list(draw.NAMES))
    def test_windows_has_every_size_it_asks_for(self, what: str) -> None:
        entries = dict(_entries(draw.ico(what)))

        assert list(entries) == [16, 20, 24, 32, 40, 48, 64, 128, 256]
        for size, data in entries.items():
            if size == 256:
                assert data.startswith(b"\x89PNG\r\n\x1a\n")
            else:
                header, width, height = struct.unpack_from("<Iii", data)
                mask = (size + 31) // 32 * 4 * size
                assert (header, width, height, len(data)) == (40, size, 2 * size, 40 + 4 * size * size + mask)

    @pytest.mark.parametrize("size", [16, 32, 256])
    def test_the_two_halves_are_alike_and_parted_by_one_line(self, size: int) -> None:
        mark = draw.picture("program", size)
        row = [mark.pixelColor(column, size // 2).name() for column in range(size)]

        assert row.count("#ffffff") == row.count("#e3b23c") >= size // 4
        assert row[size // 2 - 1] == row[size // 2] == "#14323f"
        assert mark.pixelColor(0, 0).alpha() < 255, "the corners are round"

    def test_they_are_drawn_the_same_every_time(self) -> None:
        assert draw.ico("document") == draw.ico("document") != draw.ico("program")

    @pytest.mark.no_qt_log
    def test_a_drawing_that_cannot_be_read_is_said_so(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setattr(draw, "HERE", tmp_path)
        (tmp_path / "program.svg").write_text("no drawing", encoding="utf-8")

        with pytest.raises(ValueError, match=r"program\.svg cannot be drawn"):
            draw.picture("program", 64)


class TestResources:
    @pytest.mark.parametrize("executable", [names.WINDOW_EXE, names.COMMAND_EXE])
    def test_an_executable_says_what_and_whose_it_is(self, executable: str) -> None:
        kinds = (
            "VSVersionInfo",
            "FixedFileInfo",
            "StringFileInfo",
            "StringTable",
            "StringStruct",
            "VarFileInfo",
            "VarStruct",
        )

        def kept(kind: str) -> Any:  # noqa: ANN401  stands for PyInstaller's classes, which load on Windows only
            return lambda *values, **named: SimpleNamespace(kind=kind, values=values, **named)

        stands_for = {kind: kept(kind) for kind in [*kinds, "VarStruct"]}
        read = eval(resources.version_resource(executable, "1.2.3"), stands_for)  # noqa: S307  our own text

        assert read.ffi.filevers == read.ffi.prodvers == (1, 2, 3, 0)
        (table,) = read.kids[0].values[0]
        assert table.values[0] == "080904B0"
        told = dict(each.values for each in table.values[1])
        assert told["OriginalFilename"] == executable
        assert told["FileVersion"] == told["ProductVersion"] == "1.2.3"
        assert told["ProductName"] == told["CompanyName"] == "S75 Settlement"
        assert told["LegalCopyright"].startswith("Copyright ©")
        assert read.kids[1].values[0][0].values == ("Translation", [0x0809, 1200])

    def test_the_manifest_asks_for_no_administrator_and_for_sharp_screens_long_paths_and_utf_8(self) -> None:
        root = ET.fromstring(resources.manifest())  # noqa: S314  our own text
        told = {each.tag.rpartition("}")[2]: (each.text or "").strip() for each in root.iter()}
        level = next(each for each in root.iter() if each.tag.endswith("requestedExecutionLevel"))

        assert level.attrib == {"level": "asInvoker", "uiAccess": "false"}
        assert told["dpiAwareness"].split(",")[0] == "PerMonitorV2"
        assert (told["longPathAware"], told["activeCodePage"]) == ("true", "UTF-8")

    @pytest.mark.parametrize("version", ["1.2", "1.2.3rc1", "256.0.0", "1.256.0", "1.0.65536", ""])
    def test_a_version_that_windows_could_not_order_is_refused(self, version: str) -> None:
        with pytest.raises(ValueError, match="not a version that Windows Installer orders"):
            names.version_numbers(version)

    def test_they_are_where_the_recipe_of_the_build_looks(self, tmp_path: Path) -> None:
        resources.write(tmp_path)
        recipe = (ROOT / "packaging" / "s75.spec").read_text(encoding="utf-8")

        for name in ("s75-settlement.ico", "s75.manifest"):
            assert (tmp_path / name).exists()
            assert f'resource("{name}")' in recipe
        assert 'resource(f"{name}.version")' in recipe
        assert {"s75.version", "S75 Settlement.version"} <= {path.name for path in tmp_path.iterdir()}


class TestPayload:
    @pytest.mark.parametrize("missing", ["S75 Settlement.exe", "s75.exe", "licences/NOTICES.txt"])
    def test_a_folder_that_is_no_build_is_refused(self, build: Path, tmp_path: Path, missing: str) -> None:
        for place in FILES:
            path = tmp_path / "not" / place
            path.parent.mkdir(parents=True, exist_ok=True)
            if place != missing:
                path.write_bytes((build / place).read_bytes())

        with pytest.raises(payload.PayloadError, match=f"is no build of the program: it has no {missing}"):
            payload.payload_of(tmp_path / "not", tmp_path / "icon")

    @pytest.mark.parametrize(
        ("name", "told"),
        [
            ("a$b", "not a name that every Windows"),
            ("ends.", "not a name that every Windows"),
            ("£", "not a name that every Windows"),
            ("n" * 171, "longer than 170 characters"),
            ("pool.s75", "a ledger or a private key is no part of the program"),
            ("LBB.key", "a ledger or a private key is no part of the program"),
            ("Uninstall.exe", "that name is the installer's own"),
            ("S75.EXE", "are one file on Windows"),
        ],
    )
    def test_a_file_that_cannot_or_should_not_be_installed_is_refused(
        self, build: Path, tmp_path: Path, name: str, told: str
    ) -> None:
        for place in FILES:
            path = tmp_path / place
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes((build / place).read_bytes())
        (tmp_path / name).write_text("x", encoding="utf-8")

        with pytest.raises(payload.PayloadError, match=re.escape(told)):
            payload.payload_of(tmp_path, tmp_path / "s75.exe")

    def test_folders_go_the_deepest_first(self, made: Made) -> None:
        assert [str(each) for each in made.payload.folders] == ["_internal/a b", "_internal", "licences"]


class TestInstaller:
    def test_what_is_removed_is_what_was_installed_file_by_file(self, made: Made, tmp_path: Path) -> None:
        text = installer.contents_script(made.payload, installer.Making(tmp_path / "icon.ico"), tmp_path)
        installing, removing = text.split("!macro REMOVE_FILES")
        installed, folder = [], ""
        for opened, name in re.findall(r'SetOutPath "([^"]*)"|File "/oname=([^"]*)"', installing):
            folder = opened or folder
            installed += [f"{folder}\\{name}"] if name else []

        removed = re.findall(r'Delete "([^"]*)"', removing)
        assert sorted(removed) == sorted(installed)
        assert len(removed) == len(FILES) + 1
        assert all(each.startswith("$INSTDIR\\") and "*" not in each for each in removed)

    def test_no_folder_is_removed_with_what_is_in_it(self, made: Made, tmp_path: Path) -> None:
        """A ledger that somebody put into the program's folder stays there."""
        text = SCRIPT + installer.contents_script(made.payload, installer.Making(tmp_path / "icon.ico"), tmp_path)

        assert not re.search(r"(?i)rmdir\s+/(r|rebootok)", text)
        assert not re.search(r'(?i)delete\s+(/\w+\s+)?"[^"]*[*?]', text)
        assert [each for each in re.findall(r'RMDir "([^"]*)"', SCRIPT) if "INSTDIR" not in each] == [
            "$Before",
            "$LOCALAPPDATA\\s75-settlement",
        ]

    def test_of_a_persons_settings_two_files_go_and_only_when_asked(self) -> None:
        section = SCRIPT.split('Section /o "un.My settings')[1].split("SectionEnd")[0]

        assert re.findall(r'Delete "([^"]*)"', section) == [
            "$LOCALAPPDATA\\s75-settlement\\desktop.json",
            "$LOCALAPPDATA\\s75-settlement\\settings.toml",
        ]
        assert "s75-settlement" not in SCRIPT.replace(section, "")

    def test_it_needs_no_administrator_and_writes_to_the_users_registry_alone(self) -> None:
        assert "\nRequestExecutionLevel user\n" in SCRIPT
        roots = re.findall(r"^\s*(?:Write|Delete)Reg\w+ (?:/ifempty )?(\w+)", SCRIPT, re.MULTILINE)
        assert len(roots) > 25
        assert set(roots) == {"HKCU"}
        assert "SetShellVarContext all" not in SCRIPT

    def test_every_key_that_is_written_is_taken_away_again(self) -> None:
        installing, _, removing = SCRIPT.partition('Section "un.${PRODUCT}"')
        written = set(re.findall(r'WriteReg\w+ HKCU "([^"]*)"', installing))
        gone = re.findall(r'DeleteRegKey HKCU "([^"]*)"', removing)
        emptied = set(re.findall(r'DeleteRegValue HKCU "([^"]*)"', removing))

        left = {key for key in written if not any(key == each or key.startswith(f"{each}\\") for each in gone)}
        assert left == {
            "${CLASSES}\\${EXTENSION}",
            "${CLASSES}\\${EXTENSION}\\OpenWithProgids",
            "Software\\RegisteredApplications",
        }
        assert left <= emptied

    def test_it_is_an_installer_that_says_what_it_is(self, made: Made) -> None:
        data = made.setup.read_bytes()

        assert made.setup.name == f"s75-settlement-{names.VERSION}-windows-x64-setup.exe"
        assert data.startswith(b"MZ")
        for key, value in {"ProductName": names.PRODUCT, "FileVersion": names.VERSION}.items():
            assert re.search(key.encode("utf-16-le") + b"\x00+" + re.escape(value.encode("utf-16-le")), data)
        assert b'level="asInvoker"' in data or b'level="user"' in data
        assert b"PerMonitorV2" in data or b"dpiAware" in data

    def test_uninstaller_installer_and_msi_are_signed_in_that_order_as_they_are_given_out(self, made: Made) -> None:
        uninstaller, setup, managed = made.signed

        assert setup == sha256(made.setup.read_bytes()).hexdigest()
        assert managed == sha256(made.managed.read_bytes()).hexdigest()
        assert uninstaller not in {setup, managed}

    def test_a_signature_that_fails_ends_the_making(self, made: Made, tmp_path: Path) -> None:
        icon = tmp_path / "resources"
        resources.write(icon)
        making = installer.Making(icon / names.PROGRAM_ICON, sign='false "%1"')

        with pytest.raises(installer.ToolError, match="makensis refused"):
            installer.make_installer(made.payload, making, tmp_path / "setup.exe", tmp_path)

    def test_a_tool_that_is_not_there_is_named(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))

        with pytest.raises(installer.ToolError, match="makensis is not here: install NSIS"):
            installer.find_tool("makensis", "NSIS")

    def test_a_tool_is_found_where_its_own_installer_puts_it(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        home = tmp_path / "programs" / "NSIS"
        home.mkdir(parents=True)
        (home / "makensis.exe").touch()
        monkeypatch.setenv("PATH", str(tmp_path))
        monkeypatch.setenv("ProgramFiles(x86)", str(tmp_path / "programs"))

        assert installer.find_tool("makensis", "NSIS") == str(home / "makensis.exe")


def _table(path: Path, name: str) -> list[dict[str, str]]:
    run = subprocess.run(["msiinfo", "export", path, name], check=True, capture_output=True, text=True)
    heads, _kinds, _table, *rows = (line.split("\t") for line in run.stdout.replace("\r", "").splitlines())
    return [dict(zip(heads, row, strict=False)) for row in rows]


class TestMsi:
    def test_every_file_is_a_component_whose_identity_is_of_its_place_alone(self, made: Made) -> None:
        components = {row["KeyPath"]: row["ComponentId"] for row in _table(made.managed, "Component")}
        files = {row["File"]: row["FileName"] for row in _table(made.managed, "File")}

        assert sorted(files.values()) == sorted(place.name for place, _ in made.payload.files)
        for place, _ in made.payload.files:
            key = msi._key("f", str(place))
            assert files[key] == place.name
            assert components[key] == f"{{{names.identity('component', str(place))}}}"

    def test_a_newer_version_replaces_an_older_and_an_older_is_refused(self, made: Made) -> None:
        upgrades = {row["ActionProperty"]: row for row in _table(made.managed, "Upgrade")}

        assert {row["UpgradeCode"] for row in upgrades.values()} == {f"{{{names.UPGRADE_CODE}}}"}
        assert upgrades["WIX_UPGRADE_DETECTED"]["VersionMax"] == names.VERSION
        assert upgrades["WIX_DOWNGRADE_DETECTED"]["VersionMin"] == names.VERSION
        conditions = {row["Condition"]: row["Description"] for row in _table(made.managed, "LaunchCondition")}
        assert conditions["NOT WIX_DOWNGRADE_DETECTED"].startswith("A newer version is installed")
        assert any("VersionNT64" in each for each in conditions)

    def test_it_is_for_everybody_in_program_files_with_the_shortcut_and_the_association(self, made: Made) -> None:
        properties = {row["Property"]: row["Value"] for row in _table(made.managed, "Property")}
        directories = {row["Directory"]: row["Directory_Parent"] for row in _table(made.managed, "Directory")}
        registry = {(row["Key"], row["Name"]): row for row in _table(made.managed, "Registry")}
        (shortcut,) = _table(made.managed, "Shortcut")

        assert (properties["ALLUSERS"], properties["ProductName"]) == ("1", names.PRODUCT)
        assert directories["INSTALLDIR"] == "ProgramFiles64Folder"
        assert (shortcut["Directory_"], shortcut["Target"]) == ("ProgramMenuFolder", "[INSTALLDIR]S75 Settlement.exe")
        assert {row["Root"] for row in registry.values()} == {"2"}, "the machine's"
        opening = registry["Software\\Classes\\S75Settlement.Ledger\\shell\\open\\command", ""]
        assert opening["Value"] == '"[INSTALLDIR]S75 Settlement.exe" "%1"'
        assert registry["Software\\Classes\\.s75", ""]["Value"] == "S75Settlement.Ledger"

    def test_installer_and_msi_write_the_same_association(self, made: Made) -> None:
        short = {"${CLASSES}": "Software\\Classes", "${PROG_ID}": names.PROG_ID, "${EXTENSION}": names.EXTENSION}
        by_installer = set()
        for key, name in re.findall(r'WriteRegStr HKCU "(\$\{CLASSES\}[^"]*)" "([^"]*)"', SCRIPT):
            for each, value in short.items():
                key, name = key.replace(each, value), name.replace(each, value)  # noqa: PLW2901
            by_installer.add((key, name))
        by_msi = {(row["Key"], row["Name"]) for row in _table(made.managed, "Registry") if "Classes" in row["Key"]}

        assert by_msi <= by_installer
        assert by_installer - by_msi == {("Software\\Classes\\S75Settlement.Ledger\\shell", "")}

    def test_the_product_is_another_with_every_version_and_a_component_is_not(self, made: Made, tmp_path: Path) -> None:
        texts = [msi.source_of(made.payload, tmp_path / "i", tmp_path, each) for each in ("1.0.0", "1.0.1")]
        sources = [ET.fromstring(text) for text in texts]  # noqa: S314  our own text
        space = {"w": "http://schemas.microsoft.com/wix/2006/wi"}
        products = [source.find("w:Product", space) for source in sources]
        guids = [[each.attrib["Guid"] for each in source.iterfind(".//w:Component", space)] for source in sources]

        assert products[0] is not None
        assert products[1] is not None
        assert products[0].attrib["Id"] != products[1].attrib["Id"]
        assert products[0].attrib["UpgradeCode"] == products[1].attrib["UpgradeCode"]
        assert guids[0] == guids[1]
        assert len(set(guids[0])) == len(guids[0]) == len(FILES) + 3


class TestPackage:
    def test_the_command_makes_all_and_sums_them(
        self,
        made: Made,
        build: Path,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        def quickly(_build: Path, out: Path, making: installer.Making, *, msi: bool) -> list[Path]:
            out.mkdir()
            assert (msi, making.sign) == (False, "a signer")
            (out / made.setup.name).write_bytes(made.setup.read_bytes())
            return [out / made.setup.name]

        monkeypatch.setattr(package, "package", quickly)
        monkeypatch.setenv("S75_SIGN_COMMAND", "a signer")
        monkeypatch.setattr(sys, "argv", ["package.py", str(build), str(tmp_path / "out"), "--no-msi"])

        assert package.main() == 0
        told = (tmp_path / "out" / "SHA256SUMS").read_text(encoding="utf-8")
        assert told == f"{sha256(made.setup.read_bytes()).hexdigest()}  {made.setup.name}\n"
        assert capsys.readouterr().out.splitlines()[0].endswith("-setup.exe")

    def test_what_is_missing_is_a_sentence_and_status_1(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(sys, "argv", ["package.py", str(tmp_path), str(tmp_path / "out")])

        assert package.main() == 1
        assert "is no build of the program: it has no S75 Settlement.exe" in capsys.readouterr().err

    def test_words_of_a_signing_command_are_parted_as_windows_does(self) -> None:
        told = package._words('"C:\\Program Files\\sign tool.exe" sign  /fd SHA256 "%1"')

        assert told == ["C:\\Program Files\\sign tool.exe", "sign", "/fd", "SHA256", "%1"]

    def test_the_portable_form_is_the_folder(self, made: Made) -> None:
        import zipfile

        with zipfile.ZipFile(made.portable) as archive:
            assert sorted(archive.namelist()) == sorted(f"S75 Settlement/{PurePosixPath(place)}" for place in FILES)
