"""A folder as read-only media has it, for tests: by its mode, or for root, whom no mode binds, by a mount."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """While inside, nothing in the folder can be written, nor anything made in it."""
    if os.name == "nt" or os.geteuid():
        for file in folder.iterdir():
            file.chmod(0o444)
        folder.chmod(0o555)
        try:
            yield
        finally:
            folder.chmod(0o755)
        return
    if subprocess.run(["mount", "--bind", folder, folder], check=False, capture_output=True).returncode:
        pytest.skip("this system lets nobody mount, and no mode binds root")
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", folder], check=True)
        yield
    finally:
        subprocess.run(["umount", folder], check=True)
