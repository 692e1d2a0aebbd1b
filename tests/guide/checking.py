"""What a page says without running it: its links, the commands in its text, its figures, its form."""

import json
import re
import shlex
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import typer.main
from typer.core import TyperGroup

from tests.guide.pages import DOCS, GOLDEN, ROOT, Page, page_of

_LONGEST = 120
_FIGURE = re.compile(r"£(?!000\b)\s?(\d[\d,]*(?:\.\d+)?)\s?(bn|m|k|million|billion)?\b")
_AMOUNT = re.compile(r"(?<![\w.,])£?(\d[\d,]*(?:\.\d{1,2})?)(?![\d.,]*\d)")
_TIMES = {None: 1, "k": 1_000, "m": 1_000_000, "million": 1_000_000, "bn": 1_000_000_000, "billion": 1_000_000_000}
_PROMPT = re.compile(r"^(\$|PS>) ")
_HTML = re.compile(r"</?[a-zA-Z][^>`]*>")
_AUTOMATIC = re.compile(r"<https?://[^>]+>")


# Links


def links_astray(page: Page) -> list[str]:
    """The links that lead nowhere: a page, a heading or a file that is not there, or one outside the guide."""
    found = []
    for line, target, is_picture in page.links:
        fault = _astray(page, target, is_picture=is_picture)
        if fault:
            found.append(f"{page.at(line)}: {target}: {fault}")
    return found


def _astray(page: Page, target: str, *, is_picture: bool) -> str:
    if re.match(r"(https?|mailto):", target):
        return "a picture from elsewhere" if is_picture else ""
    path, _hash, anchor = unquote(target).partition("#")
    is_here = not path
    file = page.path if is_here else (page.path.parent / path).resolve()
    if page.path.is_relative_to(DOCS) and not file.is_relative_to(DOCS):
        return "it leads out of the guide, where neither the site nor the program can follow"
    if file.is_relative_to(DOCS / "pictures") and file.suffix == ".png":
        return ""  # drawn when the site or a package is built: tests/ui/test_gallery.py knows which
    if not is_here and not file.exists():
        return "there is no such file"
    if anchor and (file.suffix != ".md" or anchor not in (page if is_here else page_of(file)).anchors):
        return "there is no such heading"
    return ""


# Commands in the text


def unknown_commands(page: Page) -> list[str]:
    """The commands named in the text, or in blocks that are not run, that the program does not have."""
    told = [(line, code) for line, code in page.codes if code == "s75" or code.startswith("s75 ")]
    for block in page.blocks:
        for number, line in enumerate(block.lines, start=block.line):
            typed = _PROMPT.sub("", line.strip())
            is_typed = typed != line.strip() or not block.is_session  # other lines of a session are what is printed
            if is_typed and typed.startswith("s75 "):
                told.append((number, typed))
    return [f"{page.at(line)}: {code}: {fault}" for line, code in told for fault in _faults_of(code)]


def _faults_of(code: str) -> Iterator[str]:
    try:
        words = shlex.split(code.removesuffix("\\"), comments=True)
    except ValueError:
        words = code.split()
    command: object = program()
    options = _options(command)
    for word in words[1:]:
        if word in {"|", ">", "&&", ";"}:
            return
        if word.startswith("-") and len(word) > 1 and not word[1:2].isdigit():
            if word.partition("=")[0] not in options:
                yield f"“{getattr(command, 'name', '')}” has no option {word.partition('=')[0]}"
        elif isinstance(command, TyperGroup) and word not in {"…", "COMMAND"}:
            inner = command.commands.get(word)
            if inner is None:
                yield f"there is no command “{word}”"
                return
            command = inner
            options |= _options(command)


@cache
def program() -> TyperGroup:
    """The program's commands, as its entrance puts them together."""
    from settlement.command.main import app

    made = typer.main.get_command(app)
    assert isinstance(made, TyperGroup)
    return made


def _options(command: object) -> set[str]:
    of_all = {"-h", "--help"}
    return of_all | {name for each in getattr(command, "params", ()) for name in (*each.opts, *each.secondary_opts)}


# Figures


def figures_from_nowhere(page: Page, printed: list[str]) -> list[str]:
    """The amounts in the text that no command, block, file or golden case gives."""
    there = {pence for text in [*printed, *(block.text for block in page.blocks)] for pence in amounts_in(text)}
    for name in page.goldens:
        there |= _golden(name)
    return [
        f"{page.at(line)}: {figure[0]}: nothing on the page gives it"
        for line, text in page.prose
        for figure in _FIGURE.finditer(text)
        if line not in page.free and pence_of(figure[1], figure[2]) not in there
    ]


def amounts_in(text: str) -> set[int]:
    """Every amount of a text, in pence; of a JSON result its whole numbers too, which are pence."""
    found = {pence_of(amount[1]) for amount in _AMOUNT.finditer(text)}
    if text.lstrip().startswith(("{", "[{")):
        found |= {int(number) for number in re.findall(r"(?<![\d.])\d+(?![\d.])", text)}
    return found


def pence_of(amount: str, times: str | None = None) -> int:
    """An amount in pence, exactly: of `44.859` with `m`, 4485900000. A fraction of a penny is no amount: -1."""
    whole, _dot, fraction = amount.replace(",", "").partition(".")
    scaled = int(whole + fraction) * _TIMES[times] * 100
    divisor = 10 ** len(fraction)
    return scaled // divisor if scaled % divisor == 0 else -1


@cache
def _golden(name: str) -> frozenset[int]:
    folder = GOLDEN / name
    expected = json.dumps(json.loads((folder / "expected.json").read_text(encoding="utf-8")))
    return frozenset(amounts_in(expected) | amounts_in((folder / "agreement.toml").read_text(encoding="utf-8")))


# Form


def faults_of_form(page: Page) -> list[str]:
    """What would not read alike on a code host, on the site and inside the program, or is not the house's form."""
    found = list(page.faults)
    is_of_guide = page.path.is_relative_to(DOCS)
    in_blocks = {block.line + number for block in page.blocks for number in range(len(block.lines))}
    for number, line in enumerate(page.lines, start=1):
        is_long = len(line) > _LONGEST and is_of_guide  # the README is for code hosts, which wrap
        if is_long and number not in in_blocks and not line.lstrip().startswith(("|", "<!--", "!")):
            found.append(f"{page.at(number)}: {len(line)} characters; lines have {_LONGEST} at most")
        if line != line.rstrip():
            found.append(f"{page.at(number)}: white space at its end")
    for line, text in page.paragraphs():
        plain = _AUTOMATIC.sub("", re.sub(r"(`+).+?\1", "", text, flags=re.DOTALL))
        html = _HTML.search(plain)
        if html:
            found.append(f"{page.at(line)}: {html[0]}: raw HTML")
    levels = [level for _line, level, _text in page.headings]
    if not levels or levels[0] != 1 or levels.count(1) != 1 or page.headings[0][0] != 1:
        found.append(f"{page.at(1)}: a page begins with its one heading of the first level")
    if any(after > before + 1 for before, after in pairwise(levels)):
        found.append(f"{page.at(1)}: a level of headings is left out")
    if is_of_guide:
        found += _beginning_and_end(page)
    return found


def _beginning_and_end(page: Page) -> Iterator[str]:
    """A page says first what it is for, and last where to go on."""
    paragraphs = [(line, text) for line, text in page.paragraphs() if not text.startswith("#")]
    first = paragraphs[0][1] if paragraphs else ""
    if first.startswith(("|", "- ", "!")) or not re.search(r"[.:](\s|$)", first):
        yield f"{page.at(3)}: it does not begin with a sentence on what it is for"
    last = {line for line, _text in paragraphs[-1:]}
    is_catalogue = page.path.parent == DOCS / "messages"  # an entry is come to from a message, and left for the work
    if not is_catalogue and not any(min(last, default=0) <= line for line, target, _ in page.links if ".md" in target):
        yield f"{page.at(len(page.lines))}: it does not end with where to go next"


def pages_named_in(page: Page) -> set[Path]:
    """The pages that a page leads to."""
    targets = {unquote(target).partition("#")[0] for _line, target, _ in page.links}
    return {(page.path.parent / target).resolve() for target in targets if target.endswith(".md")} - {ROOT}
