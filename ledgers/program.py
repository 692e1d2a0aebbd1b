"""Which version of the program posts."""

from importlib.metadata import PackageNotFoundError, version


def program_version() -> str:
    """The installed version of `s75-settlement`; `unreleased` when it runs from its source."""
    try:
        return version("s75-settlement")
    except PackageNotFoundError:
        return "unreleased"
