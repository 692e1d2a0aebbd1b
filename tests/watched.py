"""Runs the program with a watch over it: what it writes, and whom it would speak to over a network.

`python tests/watched.py TASKS` does the tasks of a JSON file, each a command's arguments; `["window", LEDGER]` opens
the window and goes through its pages. Beside a `sitecustomize` that imports it, every Python that is started watches
itself too. What is seen goes to the file that the environment variable `S75_WATCH` names: JSON, a line for each.
"""

import json
import os
import sys
from pathlib import Path

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_PLACES = {"os.mkdir": 1, "os.rename": 2, "os.remove": 1, "os.rmdir": 1, "os.link": 2, "os.symlink": 2}
_NETWORK = (
    "socket.bind", "socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname",
    "socket.gethostbyaddr", "socket.getnameinfo", "socket.getservbyname", "urllib.Request", "http.client.connect",
    "ftplib.connect", "smtplib.connect", "imaplib.open", "webbrowser.open",
)  # fmt: skip


def watch() -> None:
    """Begin to write down what this process does."""
    out = os.open(os.environ["S75_WATCH"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def see(kind: str, *told: object) -> None:
        os.write(out, (json.dumps([kind, *map(str, told)]) + "\n").encode())

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event == "open":
            path, _mode, flags = arguments
            if isinstance(path, str | bytes | os.PathLike) and isinstance(flags, int) and flags & _WRITES:
                see("write", os.path.abspath(os.fsdecode(path)))  # noqa: PTH100  pathlib imports would be seen too
        elif event in _PLACES:
            for path in arguments[: _PLACES[event]]:
                if isinstance(path, str | bytes | os.PathLike):
                    see("write", os.path.abspath(os.fsdecode(path)))  # noqa: PTH100  as above
        elif event == "sqlite3.connect":
            see("database", arguments[0])
        elif event.startswith(_NETWORK):
            address = arguments[1] if event in {"socket.bind", "socket.connect"} else arguments[0]
            is_local = isinstance(address, str | bytes) and event in {"socket.bind", "socket.connect"}  # AF_UNIX
            see("local" if is_local else "network", event, address)

    sys.addaudithook(hook)


def _window(ledger: str) -> None:
    from PySide6.QtCore import QTimer

    from ui.app import application
    from ui.gallery import _wait
    from ui.links import Link
    from ui.pages import PLACES
    from ui.session import Session
    from ui.window import Window

    app = application()
    session = Session()
    window = Window(session)
    window.show()
    window.open_ledger(ledger)
    _wait(lambda: session.busy)
    assert session.opened is not None
    for place in PLACES:
        window.go(Link(place.key))
        _wait(lambda: session.busy)
    window.close()
    session.close()
    QTimer.singleShot(0, app.quit)
    app.exec()  # what is to be tidied up as the program ends is


def main(tasks: Path) -> None:
    """Do the tasks; what a command refuses ends it all."""
    from settlement.command.main import run

    for task in json.loads(tasks.read_text(encoding="utf-8")):
        if task[0] == "window":
            _window(task[1])
            continue
        sys.argv = ["s75", *task]
        try:
            run()
        except SystemExit as stop:
            if stop.code:
                sys.exit(f"{task} ended with {stop.code}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
