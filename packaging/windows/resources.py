"""`python packaging/windows/resources.py FOLDER`: what the executables carry, written where `s75.spec` looks for it.

The icons, a version resource for each of the two executables, and the application manifest.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "packaging")]

from icons import draw  # noqa: E402

from windows import names  # noqa: E402

MANIFEST = "s75.manifest"
_BRITISH_ENGLISH, _UNICODE = 0x0809, 1200
_TITLES = {names.WINDOW_EXE: names.PRODUCT, names.COMMAND_EXE: f"{names.PRODUCT}, by command"}
"""What the Task Manager and Explorer call each executable."""


def version_resource(executable: str, version: str = names.VERSION) -> str:
    """The version resource of an executable, as PyInstaller reads it."""
    numbers = names.version_numbers(version)
    told = {
        "CompanyName": names.PUBLISHER,
        "FileDescription": _TITLES[executable],
        "FileVersion": version,
        "InternalName": executable.removesuffix(".exe"),
        "LegalCopyright": names.COPYRIGHT,
        "OriginalFilename": executable,
        "ProductName": names.PRODUCT,
        "ProductVersion": version,
    }
    lines = ",\n".join(f"        StringStruct({key!r}, {value!r})" for key, value in told.items())
    return f"""VSVersionInfo(
  ffi=FixedFileInfo(
    filevers={numbers}, prodvers={numbers}, mask=0x3F, flags=0x0, OS=0x40004, fileType=0x1, subtype=0x0, date=(0, 0),
  ),
  kids=[
    StringFileInfo([
      StringTable('{_BRITISH_ENGLISH:04X}{_UNICODE:04X}', [
{lines},
      ]),
    ]),
    VarFileInfo([VarStruct('Translation', [{_BRITISH_ENGLISH}, {_UNICODE}])]),
  ],
)
"""


def manifest(version: str = names.VERSION) -> str:
    """The application manifest: no administrator, sharp on every screen, long paths, and UTF-8 as the code page."""
    numbers = ".".join(str(number) for number in names.version_numbers(version))
    settings_2005 = "http://schemas.microsoft.com/SMI/2005/WindowsSettings"
    settings_2016 = "http://schemas.microsoft.com/SMI/2016/WindowsSettings"
    settings_2019 = "http://schemas.microsoft.com/SMI/2019/WindowsSettings"
    return f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<assembly xmlns="urn:schemas-microsoft-com:asm.v1" manifestVersion="1.0">
  <assemblyIdentity type="win32" name="S75Settlement" version="{numbers}" processorArchitecture="amd64"/>
  <description>{names.DESCRIPTION}</description>
  <trustInfo xmlns="urn:schemas-microsoft-com:asm.v3">
    <security>
      <requestedPrivileges>
        <requestedExecutionLevel level="asInvoker" uiAccess="false"/>
      </requestedPrivileges>
    </security>
  </trustInfo>
  <compatibility xmlns="urn:schemas-microsoft-com:compatibility.v1">
    <application>
      <supportedOS Id="{{8e0f7a12-bfb3-4fe8-b9a5-48fd50a15a9a}}"/>
    </application>
  </compatibility>
  <application xmlns="urn:schemas-microsoft-com:asm.v3">
    <windowsSettings>
      <dpiAware xmlns="{settings_2005}">true/pm</dpiAware>
      <dpiAwareness xmlns="{settings_2016}">PerMonitorV2, PerMonitor</dpiAwareness>
      <longPathAware xmlns="{settings_2016}">true</longPathAware>
      <activeCodePage xmlns="{settings_2019}">UTF-8</activeCodePage>
    </windowsSettings>
  </application>
  <dependency>
    <dependentAssembly>
      <assemblyIdentity type="win32" name="Microsoft.Windows.Common-Controls" version="6.0.0.0"
        processorArchitecture="*" publicKeyToken="6595b64144ccf1df" language="*"/>
    </dependentAssembly>
  </dependency>
</assembly>
"""


def write(folder: Path, version: str = names.VERSION) -> None:
    """Write all of it into a folder."""
    draw.write(folder)
    for executable in (names.WINDOW_EXE, names.COMMAND_EXE):
        text = version_resource(executable, version)
        (folder / f"{executable.removesuffix('.exe')}.version").write_text(text, encoding="utf-8")
    (folder / MANIFEST).write_text(manifest(version), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
