"""The corpus: for each reader the smallest inputs that between them walk every way through it, kept as text.

A list of strings, each character a byte (Latin-1), so that a diff shows what was added.
"""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Any

from tests.fuzz.readers import OURS, READERS

CORPUS = Path(__file__).with_name("corpus")
ROOT = Path(__file__).resolve().parents[2]
MOST_BYTES = 30_000
"""Of one reader's inputs, as written."""

_WALKED = tuple(str(ROOT / name) for name in ("rules", "ledgers", "settlement"))
_Way = tuple[str, int, int]


def kept(target: str) -> list[bytes]:
    """A reader's inputs."""
    path = CORPUS / f"{target}.json"
    return [text.encode("latin-1") for text in json.loads(path.read_text("utf-8"))] if path.exists() else []


def keep(target: str, inputs: Iterable[bytes]) -> int:
    """Keep what of the inputs is smallest and walks a way that no smaller one does; how many those are."""
    walked: set[_Way] = set()
    chosen: list[bytes] = []
    size = 0
    with TemporaryDirectory(prefix="s75-fuzz-") as folder:
        for data in sorted(set(inputs), key=lambda each: (len(each), each)):
            written = len(json.dumps(data.decode("latin-1"))) + 3
            if size + written > MOST_BYTES:
                continue
            ways = _ways(target, data, Path(folder))
            if not ways <= walked:
                walked |= ways
                chosen.append(data)
                size += written
    text = json.dumps([data.decode("latin-1") for data in chosen], indent=0)
    (CORPUS / f"{target}.json").write_text(text + "\n", encoding="utf-8", newline="\n")
    return len(chosen)


def _ways(target: str, data: bytes, folder: Path) -> set[_Way]:
    """Which lines of ours are walked, each with the one before it in its function."""
    found: set[_Way] = set()

    def called(frame: FrameType, _event: str, _arg: Any) -> Any:  # noqa: ANN401  as sys.settrace has it
        file = frame.f_code.co_filename
        if not file.startswith(_WALKED):
            return None
        before = 0

        def walked(frame: FrameType, event: str, _arg: Any) -> Any:  # noqa: ANN401
            nonlocal before
            if event == "line":
                found.add((file, before, frame.f_lineno))
                before = frame.f_lineno
            return walked

        return walked

    standing = sys.gettrace()
    sys.settrace(called)
    try:
        READERS[target](data, folder)
    except OURS:
        pass
    finally:
        sys.settrace(standing)
    return found
