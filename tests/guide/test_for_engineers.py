"""The pages for the next engineer stay true: modules that are named exist, rooms are all named, records are listed."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.guide.pages import DOCS, ROOT, Page, page_of

ARCHITECTURE = DOCS / "architecture.md"
DECISIONS = DOCS / "decisions"
RECORDS = sorted(DECISIONS.glob("[0-9]*.md"))
FLOORS = ("rules", "ledgers", "settlement", "ui")
OURS = (*FLOORS, "tests", "packaging", "docs", "benchmarks")
BY_HAND = [ARCHITECTURE, DOCS / "releasing.md", ROOT / "SECURITY.md", ROOT / "CONTRIBUTING.md", *RECORDS]
PATH = re.compile(rf"(?:{'|'.join(OURS)})/[\w./-]*")
TEST = re.compile(r"(?P<file>tests/[\w/]+\.py)(?:::(?P<name>\w+))?")


def paths_in(page: Page) -> list[tuple[int, str]]:
    """The paths of this repository that a page names in its text."""
    return [(line, path) for line, code in page.codes for path in PATH.findall(code) if code.startswith(OURS)]


@pytest.mark.parametrize("path", BY_HAND, ids=[path.name for path in BY_HAND])
def test_every_module_that_is_named_is_there(path: Path) -> None:
    page = page_of(path)
    assert [page.at(line) for line, named in paths_in(page) if not (ROOT / named).exists()] == []


def test_architecture_names_every_package() -> None:
    """A room that is on no map is a room that nobody looks into."""
    named = {path.rstrip("/") for _line, path in paths_in(page_of(ARCHITECTURE))}
    rooms = {
        file.parent.relative_to(ROOT).as_posix() for floor in FLOORS for file in (ROOT / floor).rglob("__init__.py")
    }
    assert len(rooms) > 30
    assert rooms - named == set()


def test_the_way_of_a_figure_names_what_there_is() -> None:
    (way,) = [block.text for block in page_of(ARCHITECTURE).blocks if "never" not in block.text]
    for module, name in (("rules/position.py", "Position"), ("rules/outcome.py", "outcome_of")):
        assert f"{module.removesuffix('.py').replace('/', '.')}.{name}" in way
        assert name in names_in(module)
    assert "settlement.cash" in way


@cache
def names_in(file: str) -> frozenset[str]:
    """The functions and classes of a module."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return frozenset(
        node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef)
    )


# Decisions


def test_records_are_numbered_without_a_gap_and_all_listed() -> None:
    listed = [target for _line, target, _ in page_of(DECISIONS / "README.md").links if re.match(r"\d{4}-", target)]
    assert [path.name for path in RECORDS] == listed
    assert [int(path.name[:4]) for path in RECORDS] == list(range(1, len(RECORDS) + 1))


@pytest.mark.parametrize("path", RECORDS, ids=[path.stem for path in RECORDS])
def test_a_record_says_why_what_follows_and_what_would_change_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith(f"# {int(path.name[:4])}. ")
    asked = ["**Context.**", "**Decision.**", "**Consequences.**", "**What would change it.**"]
    assert [text.count(each) for each in asked] == [1] * len(asked)
    assert sorted(asked, key=text.index) == asked
    title = text.partition("\n")[0].partition(". ")[2]
    assert f"[{title}]({path.name})" in (DECISIONS / "README.md").read_text(encoding="utf-8")


# The threat model


def protections() -> list[tuple[int, str, str]]:
    """The tests that SECURITY names, each with its file and, if one is named, its function."""
    page = page_of(ROOT / "SECURITY.md")
    return [(line, found["file"], found["name"] or "") for line, code in page.codes for found in TEST.finditer(code)]


def test_each_protection_names_a_test_that_is_there() -> None:
    page = page_of(ROOT / "SECURITY.md")
    astray = [
        f"{page.at(line)}: {file}::{name}"
        for line, file, name in protections()
        if not (ROOT / file).is_file() or (name and name not in names_in(file))
    ]
    assert astray == []


def test_every_threat_says_what_is_not_held_and_has_tests_for_what_is() -> None:
    """Each row of the table: who, what is in the way, what is not; and below the tests, under the same name."""
    page = page_of(ROOT / "SECURITY.md")
    rows = [text for _line, text in page.prose if text.startswith("| **")]
    assert len(rows) >= 10
    held = (ROOT / "SECURITY.md").read_text(encoding="utf-8").partition("## What holds each protection\n")[2]
    for row in rows:
        who, wants, holds, not_held = (cell.strip() for cell in row.strip("|").split("|"))
        assert wants
        assert holds
        assert len(not_held) > 20, who
        under = held.partition(f"{who}\n\n")[2].partition("\n\n")[0]
        assert TEST.search(under), f"{who}: no test holds what is in the way"
        for bullet in re.findall(r"^- .*?(?=^- |\Z)", under, re.DOTALL | re.MULTILINE):
            assert TEST.search(bullet), bullet
