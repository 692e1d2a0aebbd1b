"""Every page of the guide, and the README: what it shows is what the program does, and what it names is there."""

import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.guide import checking
from tests.guide.pages import DOCS, ROOT, all_pages, page_of
from tests.guide.running import Demo, not_run, run_page, staged

PAGES = all_pages()
CONTENTS = DOCS / "contents.toml"
_MOST_NOT_RUN = 30
"""Blocks that say why they are not run: what needs Windows, or another computer."""


def named(path: Path) -> str:
    """A page's name in a test's."""
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_what_a_page_shows_is_what_the_program_does(path: Path, tmp_path: Path, demo: Callable[[], Demo]) -> None:
    page = page_of(path)
    with staged(tmp_path, demo) as stage:
        ran = run_page(page, stage)
    assert not ran.objections, "\n\n".join(ran.objections)
    astray = checking.figures_from_nowhere(page, ran.printed)
    assert not astray, "\n".join(astray)


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_a_page_has_the_form_of_all_and_leads_and_commands_only_what_is_there(path: Path) -> None:
    page = page_of(path)
    found = [*checking.faults_of_form(page), *checking.links_astray(page), *checking.unknown_commands(page)]
    assert not found, "\n".join(found)


def test_few_blocks_are_not_run_and_each_says_why() -> None:
    found = [f"{page_of(path).at(step.line)}: {step.told}" for path in PAGES for step in not_run(page_of(path))]
    print("\n".join(found))  # noqa: T201  for whoever looks: pytest -s
    assert all(told.split(": ", 1)[1].strip() for told in found)
    assert len(found) <= _MOST_NOT_RUN, "\n".join(found)


# The contents


def listed() -> list[Path]:
    """The pages of the contents, in their order."""
    sections = tomllib.loads(CONTENTS.read_text(encoding="utf-8"))["section"]
    return [DOCS / page for section in sections for page in section["pages"]]


def test_every_page_of_the_contents_is_there_and_once() -> None:
    missing = [named(path) for path in listed() if not path.is_file()]
    assert not missing
    assert len(set(listed())) == len(listed())


def test_every_page_is_in_the_contents_or_led_to_from_the_page_of_its_folder() -> None:
    in_contents = {DOCS / "README.md", *listed()}
    for path in PAGES:
        if path.is_relative_to(DOCS) and path not in in_contents:
            index = path.parent / "README.md"
            assert index in in_contents, f"{named(path)} is not in contents.toml"
            assert path in checking.pages_named_in(page_of(index)), f"{named(path)} is not led to from {named(index)}"


def test_the_readme_quotes_the_benchmarks_table_with_every_peer() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "| work | ours | beside it | ratio | target |" in text
    for peer in ("ledger bal", "hledger bal", "beancount", "polars", "pandas", "DuckDB", "LongTable", "typst", "fpdf2"):
        assert peer in text


def test_the_readme_and_the_first_page_lead_to_the_tour() -> None:
    for page in (ROOT / "README.md", DOCS / "README.md"):
        assert re.search(r"\((docs/)?tour\.md\)", page.read_text(encoding="utf-8")), named(page)
