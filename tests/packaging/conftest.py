"""What the tests of the packages share: the one-folder build, made once for all workers."""

import os
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from tests.packaging.building import Built


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The program as `packaging/build.py` makes it of this source, in this environment. It takes about a minute.

    `S75_BUILT` names a folder to try in its place: the one that is to be given out.
    """
    if sys.platform != "linux":
        pytest.skip("the folder for Windows is built and tried on Windows: packaging/windows")
    if named := os.environ.get("S75_BUILT"):
        return Built(Path(named))
    import build  # of packaging/, which `building` made known

    own = tmp_path_factory.getbasetemp()
    shared = (own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own) / "package"
    told = shared / "told"
    with FileLock(f"{shared}.lock"):
        if not told.exists():
            out: Path = shared / "out"
            out.mkdir(parents=True)
            try:
                build.build_folder(out, shared / "work", pictures=False)
            except build.REFUSALS as error:
                told.write_text(str(error), encoding="utf-8")
            else:
                told.write_text("", encoding="utf-8")
    assert told.read_text(encoding="utf-8") == ""
    return Built(shared / "out" / "S75 Settlement")
