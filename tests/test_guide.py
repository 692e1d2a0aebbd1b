"""The guide's own agreements, clauses and mappings are read by the program that it is the guide of."""

import re
from pathlib import Path

import pytest

from ledgers.importing.mapping import read_mapping
from rules.agreement import Agreement
from rules.reading import read_agreement

GUIDE = (Path(__file__).parents[1] / "docs" / "guide.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)
WHOLE = next(block for block in BLOCKS if "[agreement]" in block)
FRAGMENTS = [block for block in BLOCKS if "[[" in block and "[agreement]" not in block]
WITHOUT_CLAUSES = re.sub(r"\[\[clause\]\].*?(?=\[\[control)", "", WHOLE, flags=re.DOTALL)


def test_the_agreement_to_start_from_is_a_whole_one() -> None:
    assert isinstance(read_agreement(WHOLE), Agreement)


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
    (mapping,) = (read_mapping(block) for block in BLOCKS if "[columns]" in block)

    assert mapping.name == "isfe"
    assert mapping.flip_sign


def test_every_share_named_in_the_table_is_one_the_program_knows() -> None:
    table = GUIDE[GUIDE.index("| the deed says |") : GUIDE.index("**Bands.**")]
    for by in ("pooled", "core", "fund", "scheme", "responsible", "lead", "host", "partner:ICB"):
        assert f'"{by}"' in table
        clause = f'[[clause]]\nid = "9"\ntitle = "T"\non = "overspend"\nto = "partners"\nshare = {{ by = "{by}" }}\n'
        assert read_agreement(WITHOUT_CLAUSES + clause).clauses[-1].id == "9"
