"""The pages' commands, run: in order, in one empty folder of the page, and held against what the page shows."""

import contextlib
import difflib
import glob
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.cluster import FAST, cluster, server_folder
from tests.guide.pages import DOCS, GOLDEN, ROOT, Command, Page, Step, commands_of
from tests.own_folders import live_in

PASSPHRASE = "correct horse battery staple"  # noqa: S105  the one that the guide tells a person to think of
EXTRACTS = Path(__file__).parent / "extracts"
_LONGEST = 120  # seconds a command may take
_MOST = 60  # lines of an output that a message tells
_SHELL = re.compile(r"[|<>&;$`]|^[A-Z_0-9]+=")
"""What only a shell understands."""


@dataclass(frozen=True)
class Said:
    """What a command printed, output and errors in their order, and how it ended."""

    text: str
    status: int


@dataclass(frozen=True)
class Demo:
    """What `s75 demo` printed, and the folder that it made its ledgers in, to be copied."""

    folder: Path
    said: str


@dataclass
class Ran:
    """What came of a page: everything that was printed, and what was not as the page shows it."""

    printed: list[str] = field(default_factory=list)
    objections: list[str] = field(default_factory=list)


class Stage:
    """The empty folder in which a page's commands run, and how they are run."""

    def __init__(self, folder: Path, tools: Path, demo: Callable[[], Demo], patched: pytest.MonkeyPatch) -> None:
        """In an empty folder; `tools` takes the program for the shell and what a user's folders hold."""
        self.folder = folder
        self._demo = demo
        self._stack = ExitStack()
        self._patched = patched
        patched.chdir(folder)
        live_in(tools, patched)  # what this user has set does not count
        for name in ("S75_PROGRAM", "PGPASSWORD", "PGSERVICE"):
            patched.delenv(name, raising=False)
        patched.setenv("S75_PASSPHRASE", PASSPHRASE)
        patched.setenv("COLUMNS", "120")
        patched.setenv("LC_ALL", "C.UTF-8")
        patched.setenv("PATH", os.pathsep.join([str(_program(tools)), str(Path(sys.executable).parent), _path()]))
        patched.setenv("PYTHONPATH", str(ROOT))

    def close(self) -> None:
        """Stop what was started for the page."""
        self._stack.close()

    def prepare(self, told: str) -> None:
        """What a page asks to have before a block: `demo`, `golden NAME`, `files NAME`, `extract NAME`, `cluster`."""
        word, _space, name = told.partition(" ")
        if told == "demo":
            (self.folder / "s75-demo").mkdir(exist_ok=True)
            for ledger in sorted((self._demo().folder / "s75-demo").glob("*.s75")):
                shutil.copy(ledger, self.folder / "s75-demo")
        elif word == "golden":
            shutil.copytree(GOLDEN / name, self.folder / name)
        elif word in {"files", "extract"}:
            given, ours = DOCS / name, EXTRACTS / name
            _copy(given if given.exists() else ours, self.folder / Path(name).name)
        elif told == "cluster":
            server = self._stack.enter_context(cluster(*FAST))
            told_by = {"PGHOST": "127.0.0.1", "PGPORT": str(server.port), "PGUSER": "s75", "PGDATABASE": "postgres"}
            for variable, value in told_by.items():
                self._patched.setenv(variable, value)
            self._patched.setenv("PATH", f"{os.environ['PATH']}{os.pathsep}{server_folder()}")
        else:
            pytest.fail(f"nothing is known to be there before a block as “{told}”")

    def run(self, command: str) -> Said:
        """Run a command: `s75` in this process, through the installed program's entrance; anything else in a shell."""
        if command == "s75 demo" and not (self.folder / "s75-demo").exists():
            made = self._demo()  # it takes seconds: once for all pages
            shutil.copytree(made.folder / "s75-demo", self.folder / "s75-demo")
            return Said(made.said, 0)
        if not _SHELL.search(_outside_quotes(command)) and command.startswith("s75 "):
            return run_s75(_arguments(command))
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_LONGEST,
            check=False,
        )
        return Said(done.stdout.decode("utf-8", "replace"), done.returncode)


def run_s75(arguments: list[str]) -> Said:
    """The program run in this process, as a person types it."""
    from settlement.command.main import run

    written = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="", write_through=True)
    status = 0
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sys, "argv", ["s75", *arguments])
        patched.setattr(sys, "stdin", io.StringIO())
        with contextlib.redirect_stdout(written), contextlib.redirect_stderr(written):
            try:
                run()
            except SystemExit as stop:
                status = int(stop.code or 0)
    written.flush()
    raw = written.buffer
    assert isinstance(raw, io.BytesIO)
    return Said(raw.getvalue().decode("utf-8"), status)


def run_page(page: Page, stage: Stage) -> Ran:
    """Do what a page does, step by step; what is not as it shows is among the objections."""
    ran = Ran()
    for step in page.steps:
        if step.does == "before":
            stage.prepare(step.told)
        elif step.does == "run":
            _hold(page, stage, ran, Command(step.line, step.told, ("…",)))
        elif step.does == "file" and step.block is not None:
            file = stage.folder / step.told
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(step.block.text, encoding="utf-8", newline="\n")
        elif step.does == "session" and step.block is not None:
            for command in commands_of(step.block):
                _hold(page, stage, ran, command)
    return ran


def _hold(page: Page, stage: Stage, ran: Ran, command: Command) -> None:
    said = stage.run(command.text)
    ran.printed.append(said.text)
    if said.status != command.status:
        ran.objections.append(
            f"{page.at(command.line)}: $ {command.text}\n"
            f"it ended with {said.status}, not {command.status}, and said:\n{said.text}"
        )
    elif not is_shown(command.shown, said.text):
        ran.objections.append(f"{page.at(command.line)}: $ {command.text}\n{_difference(command.shown, said.text)}")


def is_shown(shown: tuple[str, ...], said: str) -> bool:
    """Whether a page shows what was printed: white space folded, and … for anything left out."""
    parts = [_folded(part) for part in "\n".join(shown).split("…")]
    return re.fullmatch(".*".join(map(re.escape, parts)), _folded(said), re.DOTALL) is not None


def _folded(text: str) -> str:
    return " ".join(text.replace("\ufeff", "").split())  # the mark at the beginning of a CSV is not seen


def _difference(shown: tuple[str, ...], said: str) -> str:
    """Which passage is missing first, the lines that differ, and the whole of what was printed."""
    folded, place, missing = _folded(said), 0, "it prints more than is shown: write … for what is left out\n"
    for passage in (_folded(part) for part in "\n".join(shown).split("…")):
        at = folded.find(passage, place)
        if at < 0:
            missing = f"it does not print, in this place: {passage}\n"
            break
        place = at + len(passage)
    told = [_folded(line) for line in shown]
    printed = [_folded(line) for line in said.splitlines()]
    differing = difflib.unified_diff(told, printed, "the page shows", "it prints", lineterm="", n=1)
    lines = [] if any("…" in line for line in told) else list(differing)  # what is left out would be told as missing
    return f"{missing}{chr(10).join([*lines[:_MOST], ''])}it prints, whole:\n{_beginning(said)}"


def _beginning(said: str) -> str:
    lines = said.splitlines()
    more = [f"(and {len(lines) - _MOST} more lines)"] if len(lines) > _MOST else []
    return "\n".join([*lines[:_MOST], *more])


def not_run(page: Page) -> list[Step]:
    """The blocks of a page that are not run, with their reasons."""
    return [step for step in page.steps if step.does == "not run"]


def _arguments(command: str) -> list[str]:
    """The arguments of an `s75` command, patterns of files written out as a shell does."""
    found = []
    for each in shlex.split(command, comments=True)[1:]:
        matching = sorted(glob.glob(each)) if "*" in each else []  # noqa: PTH207  a pattern with folders in it
        found += matching or [each]
    return found


def _outside_quotes(command: str) -> str:
    return re.sub(r"'[^']*'|\"(?:[^\"$`\\]|\\.)*\"", "", command)


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copy(source, target)


def _program(tools: Path) -> Path:
    """A folder with `s75` in it, for pipes."""
    folder = tools / "bin"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "s75"
    file.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m settlement.command.main "$@"\n', encoding="utf-8")
    file.chmod(0o755)
    return folder


def _path() -> str:
    return os.environ.get("PATH", os.defpath)


@contextlib.contextmanager
def staged(folder: Path, demo: Callable[[], Demo]) -> Iterator[Stage]:
    """A stage in a folder, and everything put back after it."""
    work, tools = folder / "work", folder / "tools"
    work.mkdir()
    with pytest.MonkeyPatch.context() as patched:
        stage = Stage(work, tools, demo, patched)
        try:
            yield stage
        finally:
            stage.close()
