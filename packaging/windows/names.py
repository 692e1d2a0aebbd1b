"""What the program is called on Windows, and the identities that must never change from one version to the next."""

import re
import uuid
from pathlib import Path

from settlement import version as program

ROOT = Path(__file__).resolve().parents[2]

VERSION = program.VERSION
PRODUCT = "S75 Settlement"
PUBLISHER = "S75 Settlement"
DESCRIPTION = "Settles Section 75 pooled funds"
COPYRIGHT = "Copyright © 2026 S75 Settlement"
PROG_ID = "S75Settlement.Ledger"
EXTENSION = ".s75"
WINDOW_EXE, COMMAND_EXE = "S75 Settlement.exe", "s75.exe"
LEDGER_ICON, PROGRAM_ICON = "s75-ledger.ico", "s75-settlement.ico"
NOTICES = "licences/NOTICES.txt"
"""In a build: what it carries and under which licences."""
UNINSTALLER = "Uninstall.exe"

NAMESPACE = uuid.UUID("5c9f8a52-6a6b-5d0e-9a43-7be0f64c1d75")
"""Under which the MSI's identities are made: a component's from its place, and so the same in every version."""
UPGRADE_CODE = "D4B0E1C5-2C0F-4B0B-8C56-2F1C7A9E7575"
"""By which Windows Installer knows an older version of the same program. Changing it would leave both installed."""

_VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+)")


def version_numbers(version: str = VERSION) -> tuple[int, int, int, int]:
    """The version in the four numbers of Windows. Raises ValueError for one that Windows cannot order."""
    found = _VERSION.fullmatch(version)
    numbers = [int(part) for part in found.groups()] if found else []
    if not numbers or numbers[0] > 255 or numbers[1] > 255 or numbers[2] > 65535:  # noqa: PLR2004  the MSI's limits
        message = f"{version} is not a version that Windows Installer orders: write 1.2.3"
        raise ValueError(message)
    return numbers[0], numbers[1], numbers[2], 0


def identity(*parts: str) -> str:
    """The same GUID for the same parts, always."""
    return str(uuid.uuid5(NAMESPACE, "\n".join(parts))).upper()
