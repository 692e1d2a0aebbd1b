"""The pages of `docs/adding`: what they have a person write, done to a copy of the house, and what they have run.

Two kinds of block change the house. A block of `diff` changes files that are there: what it leaves (` `) and takes out
(`-`) has to stand in the file just so, once; of a long line its beginning and … will do. A block whose paragraph before
ends in “New: `path`” is a new file. A session that says <!-- not run: … --> for the guide is run here, in the copy.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tests.guide.pages import DOCS, ROOT, Block, Command, Page, commands_of, page_of
from tests.guide.running import is_shown
from tests.own_folders import own_folders

ADDING = DOCS / "adding"
PAGES = tuple(path for path in sorted(ADDING.glob("*.md")) if path.name != "README.md")
HOUSE = ("rules", "ledgers", "settlement", "ui")
_NEW = re.compile(r"New: `(?P<path>[^`]+)`\.?$")
_FILE = re.compile(r"\+\+\+ b/(?P<path>\S+)")
RUN_TESTS = "sh run test "
_LONGEST = 300  # seconds a command may take


@dataclass(frozen=True)
class Hunk:
    """One place of a file that is changed: lines that stay (` `), go (`-`) and come (`+`), each with its mark."""

    line: int
    path: str
    lines: tuple[str, ...]

    @property
    def before(self) -> tuple[str, ...]:
        """The lines that have to stand there. One that ends in … may go on."""
        return tuple(text[1:] for text in self.lines if not text.startswith("+"))


class DriftError(AssertionError):
    """The code has moved on, and the page's example fits it no longer: the page is to be written anew."""

    def __init__(self, page: Page, line: int, why: str) -> None:
        """At a line of a page, for a reason."""
        super().__init__(f"{page.at(line)}: {why}")


def copy_house(to: Path) -> None:
    """The packages, the tests and what configures them, as they stand now; what is large and never changed, by link."""
    for name in HOUSE:
        shutil.copytree(ROOT / name, to / name, ignore=shutil.ignore_patterns("__pycache__", "fonts"))
    (to / "settlement" / "fonts").symlink_to(ROOT / "settlement" / "fonts")
    shutil.copytree(ROOT / "tests", to / "tests", ignore=shutil.ignore_patterns("__pycache__", "golden"))
    (to / "tests" / "golden").symlink_to(ROOT / "tests" / "golden")
    shutil.copytree(DOCS, to / "docs", ignore=shutil.ignore_patterns("pictures"))
    shutil.copy(ROOT / "pyproject.toml", to)


def make_additions(page: Page, house: Path) -> list[Path]:
    """Do in a copy of the house what a page says; the files that were changed or made. Raises DriftError."""
    touched: list[Path] = []
    for block in page.blocks:
        if block.language == "diff":
            for hunk in hunks_of(page, block):
                file = house / hunk.path
                file.write_text(changed(page, hunk, file), encoding="utf-8")
                touched.append(file)
        elif path := new_file(page, block):
            file = house / path
            if file.exists():
                why = f"{path} is there already"
                raise DriftError(page, block.line, why)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block.text, encoding="utf-8")
            touched.append(file)
    return list(dict.fromkeys(touched))


def new_file(page: Page, block: Block) -> str:
    """The path of the file that a block is, by the paragraph before it; nothing of a block that is none."""
    before = [text for line, text in page.paragraphs() if line < block.line]
    named = _NEW.search(before[-1]) if before else None
    last_block = max((each.line for each in page.blocks if each.line < block.line), default=0)
    line = max((line for line, _ in page.paragraphs() if line < block.line), default=0)
    return named["path"] if named and line > last_block else ""


def hunks_of(page: Page, block: Block) -> Iterator[Hunk]:
    """The places that a block of `diff` changes. Raises DriftError for one that is none."""
    path, line = "", block.line
    lines: list[str] = []
    for number, text in enumerate((*block.lines, "@@ "), start=block.line):
        if text.startswith(("--- ", "+++ ", "@@ ")):
            if lines:
                yield _hunk(page, line, path, lines)
            lines, line = [], number
            named = _FILE.match(text)
            path = named["path"] if named else path
        else:
            lines.append(text)


def _hunk(page: Page, line: int, path: str, lines: list[str]) -> Hunk:
    odd = [text for text in lines if text and text[0] not in " +-"]
    if not path or odd:
        why = f"not a change that can be made: {odd or 'no +++ b/file'}"
        raise DriftError(page, line, why)
    if all(text.startswith(" ") or not text for text in lines):
        why = f"{path}: nothing is changed"
        raise DriftError(page, line, why)
    return Hunk(line, path, tuple(lines))


def changed(page: Page, hunk: Hunk, file: Path) -> str:
    """The file's text with the change made. Raises DriftError unless what is to be changed stands in it, once."""
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    pattern = "".join(
        f"{re.escape(each).removesuffix('…')}{'.*' if each.endswith('…') else ''}\n" for each in hunk.before
    )
    places = list(re.finditer(f"^{pattern}", text, re.MULTILINE))
    if len(places) != 1:
        stands = "does not stand there" if not places else f"stands there {len(places)} times"
        why = f"{hunk.path}: what is to be changed {stands}:\n{chr(10).join(hunk.before)}"
        raise DriftError(page, hunk.line, why)
    there = iter(places[0][0].splitlines(keepends=True))
    made = []
    for each in hunk.lines:
        if each.startswith("+"):
            made.append(f"{each[1:]}\n")
        elif each.startswith("-"):
            next(there)
        else:
            made.append(next(there))
    return f"{text[: places[0].start()]}{''.join(made)}{text[places[0].end() :]}"


def promised(pages: Sequence[Page]) -> tuple[tuple[Page, Command], list[tuple[Page, Command]]]:
    """What the pages have a person run: the tests of all of them as one command, and the others one by one."""
    typed = [
        (page, command) for page in pages for block in page.blocks if block.is_session for command in commands_of(block)
    ]
    tests = [(page, command) for page, command in typed if command.text.startswith(RUN_TESTS)]
    assert all(command.shown == ("… passed…",) for _page, command in tests)
    named = dict.fromkeys(word for _page, command in tests for word in command.text.removeprefix(RUN_TESTS).split())
    first, command = tests[0]
    together = replace(command, text=f"{RUN_TESTS}{' '.join(named)}")
    return (first, together), [each for each in typed if each not in tests]


def objection(page: Page, command: Command, house: Path) -> str:
    """Run a command in the changed house: what is not as the page shows it, with all that it printed."""
    done = subprocess.run(
        _arguments(command.text),
        cwd=house,
        env=environment(house),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=_LONGEST,
        check=False,
    )
    said = done.stdout.decode("utf-8", "replace")
    if done.returncode == command.status and is_shown(command.shown, said):
        return ""
    return f"{page.at(command.line)}: $ {command.text}: ended with {done.returncode} and said:\n{said}"


def _arguments(command: str) -> list[str]:
    """`s75 …` is the program, `sh run test …` the tests that are named: both of this copy, by this Python."""
    program, *words = shlex.split(command)
    if program == "s75":
        return [sys.executable, "-m", "settlement.command.main", *words]
    assert command.startswith(RUN_TESTS), f"nothing is known of “{command}”"
    return [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", "-p", "no:cacheprovider", *words[2:]]


def environment(house: Path) -> dict[str, str]:
    """This process's, with the copy in front, no screen, and folders of a user's own."""
    return {
        **os.environ,
        **own_folders(house / ".own"),
        "PYTHONPATH": str(house),
        "PYTHONDONTWRITEBYTECODE": "1",
        "QT_QPA_PLATFORM": "offscreen",
        "LC_ALL": "C.UTF-8",
        "COLUMNS": "120",
    }


def page_named(name: str) -> Page:
    """A page of `docs/adding`."""
    return page_of(ADDING / name)
