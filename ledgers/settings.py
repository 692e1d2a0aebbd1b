"""What a person has set for the program on her computer: `settings.toml` in her configuration folder.

```toml
[backups]
folder = "/srv/backups/s75"   # else a folder beside each ledger
keep = 10
```
The environment variable `S75_BACKUPS` names the folder too, and goes before the file.
"""

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path

from rules.problems import Problem, RefusedError

PROGRAM = "s75-settlement"
_KEEP = 10


@dataclass(frozen=True, slots=True)
class Settings:
    """Where backups are kept (None: beside each ledger), and how many of each."""

    backups_folder: Path | None = None
    backups_keep: int = _KEEP


def settings_path() -> Path:
    """Where the settings are, if there are any."""
    from platformdirs import user_config_path  # noqa: PLC0415  readers have no settings

    return user_config_path(PROGRAM, appauthor=False) / "settings.toml"


def read_settings() -> Settings:
    """What is set; what is not is as usual. Raises RefusedError for settings that are not understood."""
    path = settings_path()
    name = str(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
        told = tomllib.loads(text)
    except FileNotFoundError:
        told = {}
    except OSError as error:
        raise RefusedError(Problem(f"the settings cannot be read: {error.strerror or error}", name)) from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RefusedError(Problem(f"the settings are not TOML: {error}", name)) from None
    backups = told.pop("backups", {})
    if told or not isinstance(backups, dict):
        place = next(iter(told), "backups")
        raise RefusedError(Problem("this is not a setting; there is [backups] with folder and keep", name, place=place))
    set_here = os.environ.get("S75_BACKUPS", "").strip()
    folder, keep = backups.pop("folder", None), backups.pop("keep", _KEEP)
    if backups:
        message = "this is not a setting; [backups] has folder and keep"
        raise RefusedError(Problem(message, name, place=f"backups.{next(iter(backups))}"))
    if folder is not None and not (isinstance(folder, str) and Path(folder).expanduser().is_absolute()):
        message = "write the whole path of a folder, from the root or the drive on"
        raise RefusedError(Problem(message, name, place="backups.folder"))
    if type(keep) is not int or keep < 1:
        message = f"write how many backups to keep of each ledger: a whole number from 1, such as {_KEEP}"
        raise RefusedError(Problem(message, name, place="backups.keep"))
    chosen = set_here or folder
    return Settings(Path(chosen).expanduser().absolute() if chosen else None, keep)
