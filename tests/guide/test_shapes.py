"""The shape pages: every rule shape, option and template has its page, each of one form, on figures that are pinned."""

import re
import tomllib
from collections.abc import Iterator
from enum import StrEnum
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from rules.agreement import (
    Agreement,
    Beyond,
    By,
    DrawOn,
    FundKind,
    Mode,
    Netting,
    On,
    Per,
    QippMode,
    Service,
    Threshold,
    Use,
)
from rules.reading import read_agreement
from rules.templates import TEMPLATES
from tests.guide.checking import pages_named_in
from tests.guide.pages import DOCS, GOLDEN, Block, Page, page_of

SHAPES = DOCS / "shapes"
INDEX = SHAPES / "README.md"
PAGES = sorted(path for path in SHAPES.glob("*.md") if path != INDEX)
PARTS = ("The clause", "As TOML", "The card in the program", "The figures", "On the statement", "What to watch for")
GOLDEN_LEDGERS = {  # page, its ledger's files, and the golden case that they are
    "barnet-three-uses": ("barnet", "barnet-2014-15-reward-mechanism"),
    "first-calls": ("rotherham", "rotherham-first-call"),
    "fixed-shares": ("telford", "telford-2019-20"),
    "minimum-savings": ("at", "minimum-savings-at-minimum"),
    "performance-linear": ("p4p", "payment-for-performance"),
    "qipp-separate": ("three", "three-partners-qipp-separate"),
    "reserves-first": ("fife", "fife-reserves-first"),
    "responsible-partner": ("fulham", "hammersmith-fulham-2017-18"),
    "risk-corridor": ("corridor", "risk-corridor"),
    "succession": ("icb", "ccg-to-icb-2022-23"),
}
BASES = ("fifty-fifty", "pooled", "core", "target-investment", "financial-challenge")
NO_CLAUSE = {"qipp-separate", "succession", "excluded-grants", "spend-in-default"}
"""Shapes that are said elsewhere than in the schedule, so that the program has no template of them."""


def files_of(page: Page) -> dict[str, Block]:
    """The files that a page has one write."""
    return {step.told: step.block for step in page.steps if step.does == "file" and step.block is not None}


def fragments_of(page: Page) -> list[Block]:
    """The clauses that a page shows and has one write into no file."""
    written = {id(block) for block in files_of(page).values()}
    return [block for block in page.blocks if block.language == "toml" and id(block) not in written]


@cache
def agreements() -> tuple[Agreement, ...]:
    """Every whole agreement of the pages."""
    found = []
    for path in (INDEX, *PAGES):
        files = files_of(page_of(path))
        found += [read_agreement(block.text) for name, block in files.items() if name.endswith("agreement.toml")]
        if "common.toml" in files:
            of_one = [each for name, each in files.items() if name.endswith(".toml") and name != "common.toml"]
            found += [read_agreement(f"{files['common.toml'].text}\n{each.text}") for each in of_one]
    return tuple(found)


@cache
def all_code() -> str:
    """What stands as code on the pages: their TOML, and what is between backticks."""
    pages = [page_of(path) for path in PAGES]
    blocks = [block.text for page in pages for block in page.blocks if block.language == "toml"]
    return "\n".join([*blocks, *(code for page in pages for _line, code in page.codes)])


# The form of a page


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_every_page_has_the_parts_of_all_in_their_order(path: Path) -> None:
    headings = [text.replace("cards", "card") for _line, level, text in page_of(path).headings if level == 2]
    assert tuple(headings) == PARTS


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_says_when_it_is_for_and_whose_words_its_clause_has(path: Path) -> None:
    paragraphs = [text for _line, text in page_of(path).paragraphs()]
    assert paragraphs[1].startswith("Use this "), paragraphs[1]
    first, last = paragraphs.index("## The clause"), paragraphs.index("## As TOML")
    told = " ".join(paragraphs[first + 1 : last])
    assert paragraphs[first + 1].startswith("> ")
    assert "drafting suggestion" in told or "Quoted from" in told


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_works_by_hand_reads_its_clause_back_and_prints_a_statement(path: Path) -> None:
    page = page_of(path)
    typed = "\n".join(line for block in page.blocks if block.is_session for line in block.lines if line[:2] == "$ ")
    for command in ("s75 agreement ", "s75 settle ", "s75 statement ", "$ cat out/"):
        assert command in typed, command
    assert "--in-words" in typed
    assert re.search(r"^By hand|^Follow the first scheme, .* by hand|, by hand", "\n".join(page.lines), re.MULTILINE)


@pytest.mark.parametrize("path", [INDEX, *PAGES], ids=lambda path: path.stem)
def test_every_file_is_named_where_a_reader_sees_it(path: Path) -> None:
    page = page_of(path)
    for step in page.steps:
        if step.does == "file":
            before = next(line for line in reversed(page.lines[: step.line - 1]) if line.strip())
            assert before == f"`{step.told}`:", page.at(step.line)


WORKED = re.compile(r"([\d,.]+) × ([\d,.]+) / ([\d,.]+) = (\d[\d,]*)\.(\d{3,})(…?)")
"""An amount worked by hand, its decimals cut off where there is a … after them."""


def worked() -> Iterator[tuple[Path, re.Match[str]]]:
    """Each amount that is worked by hand on a page."""
    for path in PAGES:
        for found in WORKED.finditer(" ".join(path.read_text(encoding="utf-8").split())):
            yield path, found


def test_amounts_worked_by_hand_are_right_to_their_last_decimal() -> None:
    assert len(list(worked())) >= 25
    for path, found in worked():
        total, weight, weights = (Fraction(found[number].replace(",", "")) for number in (1, 2, 3))
        scaled = total * weight / weights * 10 ** len(found[5])
        assert int(found[4].replace(",", "") + found[5]) == int(scaled), f"{path.name}: {found[0]}"
        assert bool(found[6]) == (scaled.denominator != 1), f"{path.name}: {found[0]}"


def test_amounts_worked_by_hand_are_cut_off_to_what_the_page_shows_or_lack_its_odd_penny() -> None:
    for path, found in worked():
        text = path.read_text(encoding="utf-8")
        pence = int(found[4].replace(",", "") + found[5][:2])
        shown = [f"£{each // 100:,}.{each % 100:02}" for each in (pence, pence + 1)]
        assert any(each in text for each in shown), f"{path.name}: {found[0]}"


def test_no_other_amount_is_shown_cut_off() -> None:
    for path in PAGES:
        text = " ".join(path.read_text(encoding="utf-8").split())
        assert len(re.findall(r"\d…", text)) == len(re.findall(WORKED.pattern.replace("(…?)", "…"), text)), path.name


def quotations() -> Iterator[tuple[str, str]]:
    """What pages quote from papers: the quotation, without marks."""
    for stem, begins in (("responsible-partner", "Within the Section 75"), ("barnet-five-bases", "This could be done")):
        text = page_of(SHAPES / f"{stem}.md")
        told = next(each for _line, each in text.paragraphs() if begins in each)
        yield stem, " ".join(line.removeprefix(">").strip() for line in told.splitlines() if line.strip("> "))


def test_what_is_quoted_is_the_papers_own_wording() -> None:
    found = dict(quotations())
    assert found["responsible-partner"].endswith("will rest with the organisation responsible for the customer.")
    assert "where efficiency savings are not delivered then this financial liability" in found["responsible-partner"]
    for basis in (
        "A 50/50 split of the reduction in the influenced services",
        "In proportion to funds invested in the 'pooled' budget",
        "In proportion to funds invested in the core budget",
        "In proportion to the target investment",
        "In proportion to the agreed size of the financial challenge facing the two organisations",
    ):
        assert basis in found["barnet-five-bases"]


# Nothing is left out


def test_the_first_table_leads_to_every_page() -> None:
    assert pages_named_in(page_of(INDEX)) >= set(PAGES)


def test_every_page_is_in_the_contents() -> None:
    sections = tomllib.loads((DOCS / "contents.toml").read_text(encoding="utf-8"))["section"]
    (own,) = (each["pages"] for each in sections if "shapes/README.md" in each["pages"])
    assert own[0] == "shapes/README.md"
    assert sorted(own[1:]) == [f"shapes/{path.name}" for path in PAGES]


def rows_of_templates() -> dict[str, set[str]]:
    """The table of the program's kinds of rule: each kind's title, and the pages that it leads to."""
    (table,) = (text for _line, text in page_of(INDEX).paragraphs() if text.startswith("| kind of rule |"))
    rows = [row.strip("|").split("|") for row in table.splitlines()[2:]]
    return {title.strip(): set(re.findall(r"\(([a-z-]+)\.md\)", pages)) for title, pages in rows}


def test_every_template_of_the_program_has_a_page() -> None:
    rows = rows_of_templates()
    assert set(rows) == {template.title for template in TEMPLATES}
    assert all(rows.values())


def test_every_page_is_of_a_template_or_of_what_is_no_clause() -> None:
    of_templates = set().union(*rows_of_templates().values())
    assert of_templates.isdisjoint(NO_CLAUSE)
    assert of_templates | NO_CLAUSE == {path.stem for path in PAGES}


def options() -> Iterator[str]:
    """Every value that formats.md gives a choice of, as it is written."""
    choices: dict[str, type[StrEnum]] = {
        "on": On,
        "per": Per,
        "threshold": Threshold,
        "draw_on": DrawOn,
        "mode": Mode,
        "kind": FundKind,
        "service": Service,
        "netting": Netting,
        "qipp": QippMode,
    }
    for key, values in choices.items():
        yield from (f'{key} = "{value}"' for value in values)
    yield from (f'by = "{by}{":" if by is By.PARTNER else ""}' for by in By if by is not By.BASIS)
    yield from (f'to = "{use}{":" if use is Use.RESERVE else ""}' for use in Use)
    yield from (f'beyond = "{beyond}{":" if beyond is Beyond.PARTNER else ""}' for beyond in Beyond)


@pytest.mark.parametrize("option", [*options()])
def test_every_option_stands_on_some_page(option: str) -> None:
    assert option in all_code()


@pytest.mark.parametrize(
    "form",
    [
        r'band = \["\d+%"\]',
        r'band = \["\d+\.\d\d"\]',
        r'band = \["\d+%", "\d+%"\]',
        r'band = \["\d+\.\d\d", "\d+\.\d\d"\]',
        r'at = "opening"',
        r'amount = "\d+%"',
        r'amount = "\d+\.\d\d"',
        r'^of = "',
        r"^excluded = true",
        r"^succeeds = \[",
        r"^from = \d{4}-",
        r"^group = ",
        r"^tags = \[",
        r'^rate = "',
        r'^held = "',
        r'^opening = "',
        r'percent = "\d+"',
        *(rf"scope = \{{[^}}]*\b{key} = " for key in ("fund", "scheme", "service", "tier", "tag")),
    ],
)
def test_every_form_of_a_band_a_cap_and_a_scope_stands_on_some_page(form: str) -> None:
    assert re.search(form, all_code(), re.MULTILINE)


def test_a_share_by_amounts_agreed_otherwise_is_worked() -> None:
    assert any(
        part.share is not None and part.share.by is By.BASIS
        for agreement in agreements()
        for clause in agreement.clauses
        for part in clause.slices
    )


# What is shown is what is pinned elsewhere


@pytest.mark.parametrize("stem", GOLDEN_LEDGERS)
def test_a_page_of_a_golden_case_has_that_case_whole(stem: str) -> None:
    folder, case = GOLDEN_LEDGERS[stem]
    files = files_of(page_of(SHAPES / f"{stem}.md"))
    shown = {name.partition("/")[2]: block.text for name, block in files.items() if name.startswith(f"{folder}/")}
    expected = {file.name: file.read_text(encoding="utf-8") for file in (GOLDEN / case).iterdir()}
    del expected["expected.json"]
    assert shown == expected


@pytest.mark.parametrize("basis", BASES)
def test_barnets_bases_are_the_golden_cases(basis: str) -> None:
    files = files_of(page_of(SHAPES / "barnet-five-bases.md"))
    shown = read_agreement(f"{files['common.toml'].text}\n{files[f'{basis}.toml'].text}")
    case = GOLDEN / f"barnet-2014-15-{basis}"
    golden = read_agreement((case / "agreement.toml").read_text(encoding="utf-8"))
    assert [each.slices for each in shown.clauses] == [each.slices for each in golden.clauses]
    assert (shown.partners, shown.funds, shown.schemes) == (golden.partners, golden.funds, golden.schemes)
    assert files["lines.csv"].text == (case / "lines.csv").read_text(encoding="utf-8")


def test_clauses_shown_beside_can_be_put_into_an_agreement() -> None:
    whole = files_of(page_of(SHAPES / "first-calls.md"))["rotherham/agreement.toml"].text
    fragments = [block for path in PAGES for block in fragments_of(page_of(path))]
    assert len(fragments) >= 2
    before = len(read_agreement(whole).clauses)
    for fragment in fragments:
        assert len(read_agreement(f"{whole}\n{fragment.text}").clauses) == before + 1
