"""Work that is not in the ledger yet, kept as it is typed: a crash, or a closed window, loses none of it.

A draft is JSON in the person's own data folder, one file for each ledger and kind of work. It is a convenience: what
cannot be written or read is as good as not there, and nothing in a ledger hangs on it.
"""

import hashlib
import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ledgers.server_address import without_password
from ledgers.settings import PROGRAM


def drafts_folder() -> Path:
    """Where drafts are kept."""
    from platformdirs import user_data_path  # noqa: PLC0415  not before something is drafted

    return user_data_path(PROGRAM, appauthor=False) / "drafts"


def keep_draft(where: str, kind: str, value: object) -> None:
    """Keep the draft of a ledger (`Opened.where`) in place of the one of that kind before. `value` is JSON."""
    where = without_password(where)
    told = {"ledger": where, "kind": kind, "at": datetime.now(UTC).isoformat(timespec="seconds"), "draft": value}
    path = _path(where, kind)
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_suffix(".new")
        new.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        new.replace(path)


def find_draft(where: str, kind: str) -> Any | None:  # noqa: ANN401  a JSON value
    """The draft of a ledger, None if there is none."""
    told = _read(_path(where, kind))
    return None if told is None else told.get("draft")


def forget_draft(where: str, kind: str) -> None:
    """The draft was posted, or is wanted no longer."""
    with suppress(OSError):
        _path(where, kind).unlink()


def all_drafts() -> tuple[tuple[str, str, str], ...]:
    """Every draft there is: the ledger, the kind of work, and when it was kept (ISO 8601, UTC), the newest first."""
    found = [told for path in drafts_folder().glob("*.json") if (told := _read(path)) is not None]
    listed = [tuple(str(told.get(key, "")) for key in ("ledger", "kind", "at")) for told in found]
    return tuple(sorted(((where, kind, at) for where, kind, at in listed), key=lambda each: each[2], reverse=True))


def _path(where: str, kind: str) -> Path:
    where = without_password(where)  # which is neither written down nor what tells a ledger from another
    return drafts_folder() / f"{hashlib.sha256(where.encode()).hexdigest()[:24]}-{kind}.json"


def _read(path: Path) -> dict[str, Any] | None:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None
