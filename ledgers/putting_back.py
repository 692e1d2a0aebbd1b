"""A backup put back beside the ledger: as a new file, with the ledger left as it is."""

from contextlib import closing
from pathlib import Path

from ledgers.backups import write_copy
from ledgers.connecting import claim, connect
from ledgers.refusing import refuse
from ledgers.restoring import Content, content_of


def put_back_as(backup: Path, path: Path) -> Content:
    """Write a backup to a new file, a ledger of its own; answers what it has in it.

    One of an older form is brought up to date when it is opened. Raises RefusedError if the backup cannot be read, or
    the file is there already or cannot be written.
    """
    content = content_of(backup)
    try:
        claim(path)
        try:
            with closing(connect(backup, "ro")) as connection:
                write_copy(connection, path, path.stat().st_mode)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
    except OSError as error:
        refuse(f"the backup cannot be written there: {error.strerror or error}", str(path))
    return content
