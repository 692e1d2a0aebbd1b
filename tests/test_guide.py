"""The guide's own agreements, clauses and mappings are read by the program; the words of the field are all in it."""

import re

import pytest

from ledgers.importing.mapping import read_mapping
from rules.agreement import Agreement, Kind, On
from rules.reading import read_agreement
from tests.guide.pages import DOCS, page_of
from ui.guide.reading import topic_of

POOL = DOCS / "pool" / "agreement.toml"
AGREEMENT = page_of(DOCS / "agreement.md")
BLOCKS = [
    block.text
    for name in ("agreement.md", "variations.md")
    for block in page_of(DOCS / name).blocks
    if block.language == "toml"
]
WHOLE = next(block for block in BLOCKS if "[agreement]" in block)
FRAGMENTS = [block for block in BLOCKS if "[[" in block and "[agreement]" not in block]
WITHOUT_CLAUSES = re.sub(r"\[\[clause\]\].*?(?=\[\[control)", "", WHOLE, flags=re.DOTALL)


def text_of(name: str) -> str:
    """A page's text."""
    return (DOCS / name).read_text(encoding="utf-8")


def test_the_agreement_to_start_from_is_a_whole_one_and_the_one_of_the_other_pages() -> None:
    assert isinstance(read_agreement(WHOLE), Agreement)
    assert POOL.read_text(encoding="utf-8") == WHOLE


def test_there_is_something_to_put_into_it() -> None:
    assert len(FRAGMENTS) >= 5


@pytest.mark.parametrize("fragment", FRAGMENTS)
def test_each_clause_shown_can_be_put_into_it(fragment: str) -> None:
    if "succeeds" in fragment:
        predecessors = "".join(
            f'[[partner]]\ncode = "{code}"\nname = "NHS CCG"\nkind = "ccg"\n' for code in ("CCG-N", "CCG-S")
        )
        fragment = predecessors + fragment.replace('"ICB"', '"ICB2"')
    before = len(read_agreement(WITHOUT_CLAUSES).clauses)

    agreement = read_agreement(WITHOUT_CLAUSES + fragment)

    assert len(agreement.clauses) - before == fragment.count("[[clause]]")


def test_the_mapping_shown_is_read() -> None:
    blocks = (block.text for block in page_of(DOCS / "importing.md").blocks)
    (mapping,) = (read_mapping(block) for block in blocks if "[columns]" in block)

    assert mapping.name == "isfe"
    assert mapping.flip_sign


def test_every_share_named_in_the_table_is_one_the_program_knows() -> None:
    text = text_of("agreement.md")
    table = text[text.index("| the deed says |") : text.index("## Bands")]
    for by in ("pooled", "core", "fund", "scheme", "responsible", "lead", "host", "partner:ICB"):
        assert f'"{by}"' in table
        clause = f'[[clause]]\nid = "9"\ntitle = "T"\non = "overspend"\nto = "partners"\nshare = {{ by = "{by}" }}\n'
        assert read_agreement(WITHOUT_CLAUSES + clause).clauses[-1].id == "9"


def test_every_kind_of_amount_and_of_line_is_told() -> None:
    text = text_of("agreement.md")
    assert [on for on in On if f'`"{on}"`' not in text] == []
    kinds = text_of("importing.md").partition("## Kinds")[2]
    assert [kind for kind in Kind if f"`{kind}`" not in kinds] == []


# Words

USED = """Partner, Host Partner, Lead Commissioner, Responsible Partner, Pooled Fund Manager, Pooled Fund, Aligned Fund,
Individual Scheme, Financial Contribution, Budget, Virement, Permitted Expenditure, Actual, Accrual, Outturn,
Forecast Outturn, Overspend, Underspend, Adverse Variance, Favourable Variance, QIPP, Benefit, Risk Share, Risk Pool,
Contingency, Carry-forward, Cap, Recovery Plan, Settlement, Statement, Annual Return, Memorandum Account, Sign-off,
Control Total"""
"""The words of the field, as its papers write them."""

ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in text_of("glossary.md").splitlines()
    if line.startswith("|") and not line.startswith(("| word |", "| --- |"))
]


def test_every_word_of_the_field_is_in_the_glossary_in_one_sentence_with_a_way_on() -> None:
    told = {word for row in ROWS for word in row[0].split(", ")}
    assert {word for each in USED.split(",") if (word := " ".join(each.split())) not in told} == set()
    for row in ROWS:
        assert len(row) == 3, row
        assert re.fullmatch(r"\[[^\]]+\]\([^)]+\)", row[2]), row
        assert 15 < len(row[1]) < 200, row


def test_no_word_stands_twice_in_the_glossary() -> None:
    words = [word for row in ROWS for word in row[0].split(", ")]
    assert len(words) == len(set(words))


def test_the_words_inside_the_program_are_those_of_the_glossary() -> None:
    told = {word.casefold() for row in ROWS for word in row[0].split(", ")}
    inside = [
        line.strip("|").split("|")[0].strip()
        for line in topic_of("words").text.splitlines()
        if line.startswith("|") and not line.startswith(("| Word |", "| --- |"))
    ]
    assert len(inside) > 30
    shown = {word.casefold() for each in inside for word in each.split(", ")}
    assert shown - told == {"adverse", "core"}  # the glossary has them with their other half


AVOIDED = re.compile(r"(?i)\b(profit|loss|bill|pot|customer|lead partner)s?\b")
MINE = ("tour", "agreement", "monthly", "importing", "corrections", "year-end", "signing", "at-a-distance", "disputes")


@pytest.mark.parametrize("name", [*MINE, "variations", "keeping", "window", "glossary", "README"])
def test_a_page_for_finance_leads_has_none_of_the_words_that_the_field_avoids(name: str) -> None:
    found = [text for _line, text in page_of(DOCS / f"{name}.md").prose if AVOIDED.search(text)]
    assert found == []
