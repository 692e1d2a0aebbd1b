"""How a person likes the window: units, negatives, theme, text size, folders, recent ledgers. Kept in `desktop.json`.

A file that cannot be read or understood is as good as none: no ledger hangs on it.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from ledgers.settings import settings_path

RECENT = 12
TEXT_SIZES = (100, 125, 150, 175, 200)
"""Per cent of the desktop's own text size."""


class Units(StrEnum):
    """How tables show money: pounds and pence, or thousands of pounds. Figures themselves are always exact."""

    POUNDS = "pounds"
    THOUSANDS = "thousands"


class Negatives(StrEnum):
    """How tables show an amount below nothing."""

    BRACKETS = "brackets"
    MINUS = "minus"


class Theme(StrEnum):
    """Light, dark, or as the desktop is."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Preferences:
    """What is set. `recent` names ledgers, the last opened first; `seen_guide` whether the first tour was shown."""

    units: Units = Units.POUNDS
    negatives: Negatives = Negatives.BRACKETS
    theme: Theme = Theme.SYSTEM
    text_size: int = 100
    statements_folder: str = ""
    ledgers_folder: str = ""
    prepared_by: str = ""
    recent: tuple[str, ...] = ()
    window: str = ""
    """The window's place and size, as Qt writes it, in hexadecimal."""
    kept: dict[str, Any] = field(default_factory=dict)
    """What a page wants to find again: column widths, the last folder of imports. JSON values, by the page's key."""

    def having_opened(self, where: str) -> "Preferences":
        """With a ledger at the head of the recent ones."""
        others = (each for each in self.recent if each != where)
        return replace(self, recent=(where, *others)[:RECENT])

    def having_forgotten(self, where: str) -> "Preferences":
        """Without a ledger among the recent ones."""
        return replace(self, recent=tuple(each for each in self.recent if each != where))


def preferences_path() -> Path:
    """Where they are kept: beside `settings.toml`."""
    return settings_path().with_name("desktop.json")


def read_preferences() -> Preferences:
    """What is set; what is not set, or not understood, is as usual."""
    try:
        told = json.loads(preferences_path().read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return Preferences()
    found: dict[str, Any] = {}
    known = {each.name: each for each in fields(Preferences)}
    for name, value in told.items() if isinstance(told, dict) else ():
        if name in known:
            with suppress(ValueError, TypeError):
                found[name] = _understood(name, value)
    return Preferences(**found)


def write_preferences(preferences: Preferences) -> None:
    """Keep them. Raises OSError if the folder cannot be written in."""
    path = preferences_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(asdict(preferences), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    draft.replace(path)


def _understood(name: str, value: Any) -> object:  # noqa: ANN401  whatever stands in the file
    """The value as the field holds it. Raises ValueError or TypeError for one that no program of ours wrote."""
    reads: dict[str, Callable[[Any], object]] = {
        "units": Units,
        "negatives": Negatives,
        "theme": Theme,
        "text_size": lambda size: TEXT_SIZES[TEXT_SIZES.index(size)],
        "recent": lambda names: tuple(_text(each) for each in list(names)[:RECENT]),
        "kept": dict,
    }
    return reads.get(name, _text)(value)


def _text(value: Any) -> str:  # noqa: ANN401  whatever stands in the file
    if not isinstance(value, str):
        raise TypeError(value)
    return value
