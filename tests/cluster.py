"""A PostgreSQL server of the tests' own, on a loopback port: started, killed, started again."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

FAST = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_wal_size=256MB")
"""Settings for a server that no test kills."""


class Cluster:
    """A server with a data folder of its own. It lets every login in that it has, without a password."""

    def __init__(self, folder: Path, settings: tuple[str, ...]) -> None:
        """In an empty folder: the data is made, and the server is not started yet."""
        self._folder = folder
        self._programs = server_folder()
        self._as_user: dict[str, Any] = {}
        if sys.platform != "win32" and os.geteuid() == 0:  # the server refuses to run as root
            import pwd  # Windows has none

            names = {entry.pw_name: entry for entry in pwd.getpwall()}
            entry = names.get("postgres") or names["nobody"]
            os.chown(folder, entry.pw_uid, entry.pw_gid)
            self._as_user = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
        subprocess.run(
            [
                self._programs / "initdb", "--no-sync", "--auth=trust", "--username=s75", "--encoding=UTF8",
                "--locale=C", folder / "data",
            ],
            check=True,
            capture_output=True,
            cwd=folder,
            **self._as_user,
        )  # fmt: skip
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        here = (f"port={self.port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={folder}")
        self._settings = (*settings, *here)
        self.url = f"postgresql://s75@127.0.0.1:{self.port}/postgres"
        self._server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        log = self._folder / "log"
        with log.open("ab") as written:
            self._server = subprocess.Popen(
                [
                    self._programs / "postgres", "-D", self._folder / "data",
                    *(part for setting in self._settings for part in ("-c", setting)),
                ],
                stdout=subprocess.DEVNULL,
                stderr=written,
                cwd=self._folder,
                **self._as_user,
            )  # fmt: skip
        until = time.monotonic() + 60
        while time.monotonic() < until and self._server.poll() is None:
            try:
                psycopg.connect(self.url, connect_timeout=2).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        pytest.fail(f"PostgreSQL did not start: {log.read_text(errors='replace')}")

    def kill(self) -> None:
        """SIGKILL, to the server and to every process that it started: as when the machine loses its power."""
        assert self._server is not None
        os.kill(self._server.pid, signal.SIGSTOP)  # so that it starts no more of them
        for process in (*_children(self._server.pid), self._server.pid):
            os.kill(process, signal.SIGKILL)
        self._server.wait(timeout=30)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """SIGTERM waits for the sessions to end; SIGINT ends them; SIGQUIT drops everything at once."""
        assert self._server is not None
        self._server.send_signal(how)
        self._server.wait(timeout=30)


@contextmanager
def cluster(*settings: str) -> Iterator[Cluster]:
    """A server that runs, in a folder that is removed."""
    server_folder()  # before anything is made
    # not pytest's own folder: the server's user could not reach into it
    folder = Path(tempfile.mkdtemp(prefix="s75-pg-"))
    made = Cluster(folder, settings)
    made.start()
    try:
        yield made
    finally:
        made.stop(signal.SIGINT)
        shutil.rmtree(folder, ignore_errors=True)


def _children(parent: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            after_name = stat.read_text(errors="replace").rpartition(")")[2].split()
        except OSError:  # it has ended meanwhile
            continue
        if int(after_name[1]) == parent:
            found.append(int(stat.parent.name))
    return found


def server_folder() -> Path:
    """Where the server's programs are."""
    if sys.platform == "win32":  # a server is started, stopped and killed here as POSIX does it
        pytest.skip("what asks for a PostgreSQL server of the tests' own is tested on Linux and macOS")
    found = shutil.which("pg_config")
    if found:
        folder = Path(subprocess.run([found, "--bindir"], check=True, capture_output=True, text=True).stdout.strip())
        if (folder / "initdb").exists():
            return folder
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").exists():
            return folder
    pytest.fail("the ledger tests need PostgreSQL's server programs: install the package postgresql")
