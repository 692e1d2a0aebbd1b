"""A page of the guide, read: its headings, links, figures, commands in the text, and the blocks that are run."""

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
GOLDEN = ROOT / "tests" / "golden"

KNOWN = {"before", "file", "not run", "run", "figures"}
"""What a comment may ask for; README of this folder: `tests/guide/README.md`."""

_FENCE = re.compile(r"^(?P<indent> *)(?P<fence>`{3,}|~{3,})(?P<language>[^`\n]*)$")
_COMMENT = re.compile(r"^\s*<!-- *(?P<word>[a-z ]+): *(?P<told>.*?) *-->\s*$")
_HEADING = re.compile(r"^(?P<level>#{1,6}) +(?P<text>.+?) *#*$")
_LINK = re.compile(r"(?P<image>!?)\[(?P<text>[^\]\[]*(?:\[[^\]]*\][^\]\[]*)*)\]\((?P<target>[^)\s]+)[^)]*\)")
_CODE = re.compile(r"(?P<ticks>`+)(?P<code>.+?)(?P=ticks)", re.DOTALL)
_NO_SLUG = re.compile(r"[^\w\- ]")


@dataclass(frozen=True)
class Block:
    """A fenced block: the line of its first line of text, its language, and the lines themselves."""

    line: int
    language: str
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """What stands in it."""
        return "".join(f"{each}\n" for each in self.lines)

    @property
    def is_session(self) -> bool:
        """Whether it is a session: it begins with a command."""
        return bool(self.lines) and self.lines[0].startswith("$ ")


@dataclass(frozen=True)
class Step:
    """One thing that is done, in the page's order: `before`, `run`, `file`, `session` or `not run`, and with what."""

    line: int
    does: str
    told: str = ""
    block: Block | None = None


@dataclass(frozen=True)
class Command:
    """A command of a session, the line that it stands on, what the page shows it to print, and its exit status."""

    line: int
    text: str
    shown: tuple[str, ...] = ()
    status: int = 0


@dataclass
class Page:
    """What a page holds. `prose` has a text for each of its lines that is not in a block or a comment."""

    path: Path
    lines: list[str]
    steps: list[Step] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    prose: list[tuple[int, str]] = field(default_factory=list)
    goldens: list[str] = field(default_factory=list)
    free: set[int] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Its path in the repository."""
        return self.path.relative_to(ROOT).as_posix() if self.path.is_relative_to(ROOT) else self.path.name

    def at(self, line: int) -> str:
        """A place in it, as messages name it."""
        return f"{self.name}:{line}"

    @property
    def headings(self) -> list[tuple[int, int, str]]:
        """Its headings: line, level, text without marks."""
        found = []
        for line, text in self.prose:
            heading = _HEADING.match(text)
            if heading:
                found.append((line, len(heading["level"]), heading["text"]))
        return found

    @property
    def anchors(self) -> set[str]:
        """The names by which its headings are led to, as code hosts make them."""
        seen: dict[str, int] = {}
        found = set()
        for _line, _level, text in self.headings:
            slug = slug_of(text)
            again = seen.get(slug, 0)
            found.add(f"{slug}-{again}" if again else slug)
            seen[slug] = again + 1
        return found

    @property
    def links(self) -> list[tuple[int, str, bool]]:
        """Its links: line, target, whether it is a picture. What stands in code is no link."""
        found = []
        for line, text in self.paragraphs():
            plain = _CODE.sub(lambda code: "·" * len(code[0]), text)
            found += [
                (line + plain.count("\n", 0, link.start()), link["target"], bool(link["image"]))
                for link in _LINK.finditer(plain)
            ]
        return found

    @property
    def codes(self) -> list[tuple[int, str]]:
        """What stands in the text as code: line and text, a line break in it folded."""
        found = []
        for line, text in self.paragraphs():
            found += [
                (line + text.count("\n", 0, code.start()), " ".join(code["code"].split()))
                for code in _CODE.finditer(text)
            ]
        return found

    def paragraphs(self) -> list[tuple[int, str]]:
        """Its prose by paragraphs and tables: first line and text, with its line breaks."""
        found: list[tuple[int, list[str]]] = []
        last = -1
        for line, text in self.prose:
            if not text.strip():
                continue
            if line != last + 1 or not found:
                found.append((line, []))
            found[-1][1].append(text)
            last = line
        return [(line, "\n".join(texts)) for line, texts in found]


def slug_of(heading: str) -> str:
    """The name by which a heading is led to."""
    text = _LINK.sub(lambda link: link["text"], heading.replace("`", ""))
    return _NO_SLUG.sub("", text.strip().lower()).replace(" ", "-")


@cache
def page_of(path: Path) -> Page:
    """A page of the repository, read once."""
    return read_page(path, path.read_text(encoding="utf-8"))


def read_page(path: Path, text: str) -> Page:
    """A page, read. What is wrong with its form is among its `faults`."""
    page = Page(path, text.splitlines())
    asked: list[Step] = []  # what comments ask of the block that comes next
    at = 0
    while at < len(page.lines):
        line = page.lines[at]
        comment, fence = _COMMENT.match(line), _FENCE.match(line)
        if comment:
            _ask(page, asked, at + 1, comment["word"].strip(), comment["told"])
        elif fence:
            block, at = _block(page, at, fence)
            _take(page, asked, block)
        elif line.lstrip().startswith("<!--"):
            page.faults.append(f"{page.at(at + 1)}: a comment asks for nothing that is known: {line.strip()}")
        else:
            page.prose.append((at + 1, line))
            if asked and line.strip():
                page.faults += [f"{page.at(each.line)}: “{each.does}” has no block after it" for each in asked]
                asked.clear()
        at += 1
    page.faults += [f"{page.at(each.line)}: “{each.does}” has no block after it" for each in asked]
    return page


def _ask(page: Page, asked: list[Step], line: int, word: str, told: str) -> None:
    if word not in KNOWN:
        page.faults.append(f"{page.at(line)}: no comment asks for “{word}”: {', '.join(sorted(KNOWN))}")
    elif word in {"before", "run"}:
        page.steps.append(Step(line, word, told))
    elif word == "figures" and told == "free":
        page.free |= set(_next_paragraph(page.lines, line))
    elif word == "figures" and told.startswith("golden "):
        page.goldens += told.split()[1:]
    elif word == "figures":
        page.faults.append(f"{page.at(line)}: figures are “free” or “golden NAME”, not “{told}”")
    else:
        asked.append(Step(line, word, told))


def _next_paragraph(lines: list[str], line: int) -> list[int]:
    """The numbers of the lines of the paragraph or table after a line; a blank line may stand before it."""
    at = line
    while at < len(lines) and not lines[at].strip():
        at += 1
    found = []
    while at < len(lines) and lines[at].strip():
        found.append(at + 1)
        at += 1
    return found


def _block(page: Page, at: int, fence: re.Match[str]) -> tuple[Block, int]:
    """A fenced block, and where its last line is."""
    indent, mark = len(fence["indent"]), fence["fence"]
    found = []
    end = at + 1
    while end < len(page.lines) and not page.lines[end].strip().startswith(mark):
        line = page.lines[end]
        found.append(line[indent:] if not line[:indent].strip() else line)
        end += 1
    if end == len(page.lines):
        page.faults.append(f"{page.at(at + 1)}: the block is not closed")
    block = Block(at + 2, fence["language"].strip(), tuple(found))
    page.blocks.append(block)
    return block, end


_TYPED = {"sh", "bash", "console", "powershell", "ps1", "bat", "cmd", "shell"}
"""Languages of blocks that a person types: each is a session, or says why it is not run."""


def _take(page: Page, asked: list[Step], block: Block) -> None:
    """A block with what the comments before it ask for."""
    if block.language.startswith("{"):
        page.faults.append(f"{page.at(block.line - 1)}: a directive of the site is read nowhere else: write Markdown")
    if not asked:
        if block.is_session:
            page.steps.append(Step(block.line, "session", block=block))
        elif block.language in _TYPED or any(each.lstrip().startswith(("s75 ", "$ ")) for each in block.lines):
            page.faults.append(
                f"{page.at(block.line)}: what is typed is a session (“$ s75 …” first), or says <!-- not run: why -->"
            )
    for each in asked:
        if each.does == "not run" and not each.told:
            page.faults.append(f"{page.at(each.line)}: “not run” says no reason")
        page.steps.append(Step(each.line, each.does, each.told, block))
    asked.clear()


_STATUS = re.compile(r"\[exit status (\d+)\]")


def commands_of(block: Block) -> list[Command]:
    """The commands of a session, each with what is shown of its output."""
    found: list[tuple[int, list[str], list[str]]] = []
    is_open = False  # the command goes on in the next line
    for number, line in enumerate(block.lines, start=block.line):
        if line.startswith("$ "):
            found.append((number, [line[2:]], []))
            is_open = line.endswith("\\")
        elif found and (is_open or (line.startswith("> ") and not found[-1][2])):
            found[-1][1].append(line.removeprefix("> "))
            is_open = line.endswith("\\")
        else:
            found[-1][2].append(line)
    return [_command(line, typed, shown) for line, typed, shown in found]


def _command(line: int, typed: list[str], shown: list[str]) -> Command:
    told = [_STATUS.fullmatch(each.strip()) for each in shown]
    status = next((int(each[1]) for each in told if each), 0)
    output = tuple(each for each, is_status in zip(shown, told, strict=True) if not is_status)
    text = re.sub(r"\\\n\s*", "", "\n".join(typed)) if typed[0].endswith("\\") else "\n".join(typed)
    return Command(line, text, output, status)


def all_pages() -> list[Path]:
    """Every page of the guide, and the README."""
    return [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
