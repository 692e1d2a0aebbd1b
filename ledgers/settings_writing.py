"""Writing `settings.toml`: what is set is changed where it stands, and every comment and other line is kept."""

from pathlib import Path

from ledgers.refusing import refuse
from ledgers.settings import read_settings, settings_path


def write_backup_settings(folder: Path | None, keep: int) -> Path:
    """Have backups kept in a folder (None: beside each ledger), so many of each; answers the settings' own path.

    Raises RefusedError, with the settings as they were, if those there are are not understood, if the folder is not
    named from its root or drive on, if none are to be kept, or if the file cannot be written.
    """
    import tomlkit  # noqa: PLC0415  only who sets something needs it

    path = settings_path()
    read_settings()  # what is not understood is not written over
    if folder is not None and not folder.expanduser().is_absolute():
        refuse("write the whole path of a folder, from the root or the drive on", str(path))
    if keep < 1:
        refuse("at least one backup of each ledger is kept", str(path))
    try:
        text = path.read_bytes().decode("utf-8-sig") if path.exists() else ""
        document = tomlkit.parse(text)
        backups = document.setdefault("backups", tomlkit.table())
        if folder is None:
            backups.pop("folder", None)
        else:
            backups["folder"] = str(folder)
        backups["keep"] = keep
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".new")
        draft.write_bytes(tomlkit.dumps(document).encode())  # line ends as they were: Windows would add to its own
        draft.replace(path)
    except OSError as error:
        refuse(f"the settings cannot be written: {error.strerror or error}", str(path))
    return path
