"""What the pages of the guide share: the demo, made once for all workers."""

import os
from collections.abc import Callable

import pytest
from filelock import FileLock

from tests.guide.running import Demo, run_s75


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Demo]:
    """Answers what `s75 demo` made: it is run when a page first asks for it, and once, whoever asks."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own
    folder, told = shared / "guide-demo", shared / "guide-demo.said"

    def made() -> Demo:
        with FileLock(shared / "guide-demo.lock"):
            if not told.exists():
                folder.mkdir()
                with pytest.MonkeyPatch.context() as patched:
                    patched.chdir(folder)
                    said = run_s75(["demo"])
                assert said.status == 0, said.text
                told.write_bytes(said.text.encode())
        return Demo(folder, told.read_bytes().decode())

    return made
