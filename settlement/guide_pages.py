"""Where the guide's pages lie: in the build beside the program, in a clone of the repository in `docs/`."""

import sys
from pathlib import Path

_IN_BUILD = "guide"
_IN_REPOSITORY = "docs"
_CONTENTS = "contents.toml"
"""The list of the pages, in their order; it lies with them, and tells their folder from any other."""


def guide_folder() -> Path | None:
    """The folder that holds the guide's pages and their `contents.toml`; None if this program came without them."""
    frozen = getattr(sys, "_MEIPASS", None)
    place = Path(__file__).resolve().parents[1] / _IN_REPOSITORY if frozen is None else Path(frozen) / _IN_BUILD
    return place if (place / _CONTENTS).is_file() else None
