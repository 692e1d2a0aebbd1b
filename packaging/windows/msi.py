"""The MSI for managed estates, per machine: one source, compiled by wixl on Linux and by WiX 3 on Windows.

Every file is a component whose identity is made from its place: Windows Installer counts by it, and it must be the same
in every version.
"""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree as ET

from windows import names
from windows.installer import ToolError, find_tool, run_tool
from windows.payload import Payload

_WIX = "http://schemas.microsoft.com/wix/2006/wi"
_BRITISH_ENGLISH, _CODE_PAGE = "2057", "1252"
_NEWER = (
    "A newer version is installed: a ledger that it has opened could not be opened by this one. Uninstall it first."
)
_SOFTWARE = f"Software\\{names.PRODUCT}"
_CLASSES = "Software\\Classes"


def source_of(payload: Payload, icon: Path, work: Path, version: str = names.VERSION) -> str:
    """The source of the MSI, in the dialect that WiX 3 and wixl share; it names files as they are seen from `work`."""
    numbers = ".".join(str(number) for number in names.version_numbers(version)[:3])
    root = ET.Element("Wix", xmlns=_WIX)
    product = ET.SubElement(
        root, "Product",
        Id=names.identity("product", version), UpgradeCode=names.UPGRADE_CODE, Name=names.PRODUCT, Version=numbers,
        Manufacturer=names.PUBLISHER, Language=_BRITISH_ENGLISH, Codepage=_CODE_PAGE,
    )  # fmt: skip
    ET.SubElement(
        product, "Package",
        InstallerVersion="500", Compressed="yes", InstallScope="perMachine",
        Description=names.DESCRIPTION, Manufacturer=names.PUBLISHER, Languages=_BRITISH_ENGLISH,
        SummaryCodepage=_CODE_PAGE,
    )  # fmt: skip
    ET.SubElement(product, "MajorUpgrade", DowngradeErrorMessage=_NEWER)
    ET.SubElement(product, "Media", Id="1", Cabinet="s75.cab", EmbedCab="yes")
    for_x64 = ET.SubElement(product, "Condition", Message=f"{names.PRODUCT} needs a 64-bit Windows 10 or later.")
    for_x64.text = "Installed OR (VersionNT64 AND VersionNT >= 603)"
    ET.SubElement(product, "Icon", Id="s75.ico", SourceFile=_seen_from(work, icon))
    for key, value in {"ARPPRODUCTICON": "s75.ico", "ARPNOMODIFY": "1", "ARPCOMMENTS": names.DESCRIPTION}.items():
        ET.SubElement(product, "Property", Id=key, Value=value)
    top = ET.SubElement(product, "Directory", Id="TARGETDIR", Name="SourceDir")
    home = ET.SubElement(ET.SubElement(top, "Directory", Id="ProgramFiles64Folder"), "Directory", Id="INSTALLDIR")
    home.set("Name", names.PRODUCT)
    components = [*_files(home, payload, work), _association(home), _shortcut(top)]
    program = ET.SubElement(product, "Feature", Id="Program", Title=names.PRODUCT, Level="1", Absent="disallow")
    for component in components:
        ET.SubElement(program, "ComponentRef", Id=component)
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def make_msi(payload: Payload, icon: Path, output: Path, work: Path, version: str = names.VERSION) -> None:
    """Make the MSI, by WiX where it is and by wixl else. Raises ToolError if neither is there, or if one refuses."""
    work = work.absolute()
    source = work / "s75.wxs"
    source.write_text(source_of(payload, icon, work, version), encoding="utf-8")
    try:
        candle, light = _wix("candle"), _wix("light")
    except ToolError:
        run_tool([find_tool("wixl", "wixl"), "--arch", "x64", "--output", str(output.absolute()), source.name], work)
        return
    compiled = work / "s75.wixobj"
    run_tool([candle, "-nologo", "-arch", "x64", "-out", str(compiled), str(source)], work)
    # ICE60 warns of fonts without a language, ICE61 that the same version can be installed over itself
    run_tool(
        [light, "-nologo", "-sice:ICE60", "-sice:ICE61", "-spdb", "-out", str(output.absolute()), str(compiled)], work
    )


def _wix(name: str) -> str:
    for package in ("WiX Toolset v3.14/bin", "WiX Toolset v3.11/bin"):
        try:
            return find_tool(name, package)
        except ToolError:
            continue
    message = f"{name} is not here: install WiX Toolset 3.14"
    raise ToolError(message)


def _files(home: ET.Element, payload: Payload, work: Path) -> Iterator[str]:
    """A component for each file, in the folder where it goes."""
    folders: dict[PurePosixPath, ET.Element] = {PurePosixPath(): home}
    for place, source in payload.files:
        for folder in reversed(place.parents):
            if folder not in folders:
                folders[folder] = ET.SubElement(
                    folders[folder.parent], "Directory", Id=_key("d", str(folder)), Name=folder.name
                )
        component = _component(folders[place.parent], "c", str(place))
        file = ET.SubElement(component, "File", Id=_key("f", str(place)), Name=place.name, KeyPath="yes")
        file.set("Source", _seen_from(work, source))
        yield component.attrib["Id"]


def _association(home: ET.Element) -> str:
    """Ledgers open with the program, for everybody on the machine."""
    component = _component(home, "c", "association")
    window = f"[INSTALLDIR]{names.WINDOW_EXE}"
    kind = f"{_CLASSES}\\{names.PROG_ID}"
    values = [
        (_SOFTWARE, "InstallLocation", "[INSTALLDIR]"),
        (kind, "", f"{names.PRODUCT} ledger"),
        (kind, "FriendlyTypeName", f"{names.PRODUCT} ledger"),
        (f"{kind}\\DefaultIcon", "", f"[INSTALLDIR]{names.LEDGER_ICON},0"),
        (f"{kind}\\shell\\open", "", f"&Open in {names.PRODUCT}"),
        (f"{kind}\\shell\\open\\command", "", f'"{window}" "%1"'),
        (f"{_CLASSES}\\{names.EXTENSION}", "", names.PROG_ID),
        (f"{_CLASSES}\\{names.EXTENSION}\\OpenWithProgids", names.PROG_ID, ""),
        (f"{_SOFTWARE}\\Capabilities", "ApplicationName", names.PRODUCT),
        (f"{_SOFTWARE}\\Capabilities", "ApplicationDescription", names.DESCRIPTION),
        (f"{_SOFTWARE}\\Capabilities\\FileAssociations", names.EXTENSION, names.PROG_ID),
        (
            f"Software\\Microsoft\\Windows\\CurrentVersion\\App Paths\\{names.COMMAND_EXE}",
            "",
            f"[INSTALLDIR]{names.COMMAND_EXE}",
        ),
        ("Software\\RegisteredApplications", names.PRODUCT, f"{_SOFTWARE}\\Capabilities"),
    ]
    for key, name, value in values:
        entry = ET.SubElement(component, "RegistryValue", Root="HKLM", Key=key, Type="string", Value=value)
        if name:
            entry.set("Name", name)
    component[0].set("KeyPath", "yes")
    return component.attrib["Id"]


def _shortcut(top: ET.Element) -> str:
    """One in the start menu, for everybody on the machine."""
    component = _component(ET.SubElement(top, "Directory", Id="ProgramMenuFolder"), "c", "shortcut")
    ET.SubElement(
        component, "Shortcut",
        Id="ProgramShortcut", Name=names.PRODUCT, Description=names.DESCRIPTION, WorkingDirectory="INSTALLDIR",
        Target=f"[INSTALLDIR]{names.WINDOW_EXE}", Icon="s75.ico", IconIndex="0",
    )  # fmt: skip
    ET.SubElement(
        component,
        "RegistryValue",
        Root="HKLM",
        Key=_SOFTWARE,
        Name="Shortcut",
        Type="integer",
        Value="1",
        KeyPath="yes",
    )
    return component.attrib["Id"]


def _seen_from(work: Path, path: Path) -> str:
    """A file's path as the source of the MSI names it: wixl takes no whole path, and another drive has no other."""
    try:
        return os.path.relpath(path.absolute(), work.absolute())
    except ValueError:
        return str(path.absolute())


def _component(folder: ET.Element, kind: str, place: str) -> ET.Element:
    key, identity = _key(kind, place), names.identity("component", place)
    return ET.SubElement(folder, "Component", Id=key, Guid=identity, Win64="yes")


def _key(kind: str, place: str) -> str:
    """A short key for a table of the MSI, the same for the same place."""
    return kind + hashlib.sha256(place.encode()).hexdigest()[:24]
