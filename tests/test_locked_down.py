"""On a locked-down desktop: nothing is written but where the person works, and nobody is spoken to over a network.

The program does its whole round in processes of their own that write down every file they open to write, every database
and every address (`tests/watched.py`, by Python's audit hooks). What the hooks do not see, Qt's and SQLite's own calls,
the proxies show: they lead to a socket that nobody may call.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).resolve().parents[1]
CASE = ROOT / "tests" / "golden" / "barnet-2014-15-reward-mechanism"
PROXIES = ("http_proxy", "https_proxy", "ftp_proxy", "all_proxy")
SIGNATORY = ("--name", "Chief finance officer", "--role", "Section 151 officer")
OWN = ("home", "temp", "share", "out")
LEFT = ("XDG_", "WIN_PD_", "S75_", "PYTEST")
NOWHERE = {"/dev/null", os.devnull, "nul"}


class Watched:
    """What was seen of a round: `seen` by kind; `home`, `temp`, `share` and `out` are all that it was given."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in (*OWN, "site"):
            (folder / name).mkdir()
        (folder / "site" / "sitecustomize.py").write_text("import watched\nwatched.watch()\n")
        shutil.copy(ROOT / "tests" / "watched.py", folder / "site")
        self.seen: dict[str, list[list[str]]] = defaultdict(list)

    def do(self, *tasks: tuple[object, ...]) -> None:
        """Do the tasks in a process, with the proxies leading to a socket that nobody may call."""
        file = self.folder / "tasks.json"
        file.write_text(json.dumps([[str(part) for part in task] for task in tasks]), encoding="utf-8")
        log = self.folder / "log"
        log.unlink(missing_ok=True)
        with socket.create_server(("127.0.0.1", 0)) as trap:
            trap.settimeout(0)
            proxy = f"http://127.0.0.1:{trap.getsockname()[1]}"
            done = subprocess.run(
                [sys.executable, str(self.folder / "site" / "watched.py"), str(file)],
                env=self._environment(log) | {each: proxy for name in PROXIES for each in (name, name.upper())},
                cwd=self.folder / "share",
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stderr
            with pytest.raises(BlockingIOError):
                trap.accept()
        for line in log.read_text(encoding="utf-8").splitlines():
            kind, *told = json.loads(line)
            self.seen[kind].append(told)

    def _environment(self, log: Path) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(LEFT)}
        home, temp = str(self.folder / "home"), str(self.folder / "temp")
        return kept | {
            "HOME": home,
            "USERPROFILE": home,
            "APPDATA": f"{home}/AppData/Roaming",
            "LOCALAPPDATA": f"{home}/AppData/Local",
            "WIN_PD_OVERRIDE_LOCAL_APPDATA": f"{home}/AppData/Local",  # Windows itself is not asked by a variable
            "TMPDIR": temp,
            "TEMP": temp,
            "TMP": temp,
            "PYTHONPATH": os.pathsep.join([str(self.folder / "site"), str(ROOT)]),
            "PYTHONDONTWRITEBYTECODE": "1",  # the package has what is compiled in it
            "QT_QPA_PLATFORM": "offscreen",
            "S75_PASSPHRASE": "correct horse battery staple",
            "S75_WATCH": str(log),
        }

    def written(self) -> set[Path]:
        """Every path that something was written to."""
        files = {Path(path) for (path,) in self.seen["write"] if path not in NOWHERE}
        uris = (path for (path,) in self.seen["database"] if path != ":memory:")
        return files | {Path(unquote(uri.partition("?")[0].removeprefix("file:"))) for uri in uris}

    def strayed(self) -> set[Path]:
        """Those outside what it was given."""
        own = [self.folder / name for name in OWN]
        return {path for path in self.written() if not any(path.is_relative_to(each) for each in own)}


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Watched:
    """A whole round by commands, and then by the window."""
    round_ = Watched(tmp_path_factory.mktemp("watched"))
    ledger, out, home = (round_.folder / each for each in ("share/pool.s75", "out", "home"))
    copy = home / "work" / "pool.s75"
    round_.do(
        ("new", ledger, "--agreement", CASE / "agreement.toml"),
        ("import", ledger, CASE / "lines.csv"),
        ("check", ledger, "--period", "M1"),
        ("settle", ledger, CASE),
        ("explain", ledger),
        ("statement", ledger, "--out", out / "statements", "--format", "pdf,xlsx"),
        ("copy", "take", ledger, "--to", copy.parent),
        ("hold", copy, "--period", "M12"),
        ("copy", "give-back", copy),
        ("key", "new", "council", "--out", out),
        ("sign", ledger, "--period", "M12", "--as", "LBB", "--key", out / "council.key", *SIGNATORY),
        ("export", ledger, "--period", "M12", "--out", out / "pack"),
        ("backup", ledger, "--out", out / "kept.s75"),
        ("where", ledger),
        ("window", ledger),
    )
    return round_


def test_the_watch_sees_what_is_done(watched: Watched) -> None:
    """Guards against a round in which nothing was looked at: its files, its processes' too."""
    strayed = watched.strayed()
    written = {path.relative_to(watched.folder).as_posix() for path in watched.written() - strayed}
    for expected in ("share/pool.s75", "share/pool.s75.lock", "out/council.key", "out/kept.s75.part"):
        assert expected in written
    assert any(each.startswith("out/statements/") for each in written)
    assert any(each.startswith("home/") and each.endswith("desktop.new") for each in written)


def test_nothing_is_written_outside_the_ledgers_folder_the_output_and_the_persons_own_folders(watched: Watched) -> None:
    assert watched.strayed() == set()


def test_no_address_is_called_bound_or_looked_up(watched: Watched) -> None:
    assert watched.seen["network"] == []


def test_processes_that_work_side_by_side_are_spoken_to_within_the_computer_only(watched: Watched) -> None:
    """Pipes and sockets with a path for their address: they lead to no other computer."""
    for _event, address in watched.seen["local"]:
        assert Path(address.lstrip("\0")).is_relative_to(watched.folder / "temp") or address.startswith("\0")


def test_temporary_files_are_gone_at_the_end(watched: Watched) -> None:
    assert list((watched.folder / "temp").iterdir()) == []


def test_the_watch_would_see_an_address(tmp_path: Path) -> None:
    script = "import socket\ntry: socket.getaddrinfo('localhost', 80)\nexcept OSError: pass\nopen('/dev/null', 'w')"
    log = tmp_path / "log"
    watched = Watched(tmp_path)
    subprocess.run([sys.executable, "-c", script], env=watched._environment(log), check=True)
    assert '["network", "socket.getaddrinfo", "localhost"]' in log.read_text().splitlines()
    assert '["write", "/dev/null"]' in log.read_text().splitlines()
