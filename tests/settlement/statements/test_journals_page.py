"""The page on journals tells every key that a theme may give a code for, as the journal has it."""

import re
import tomllib
from pathlib import Path

from settlement.statements import ACCOUNT_KEYS, journal
from settlement.statements.accounts.entries import DRAWN, INSTEAD, LINES
from tests.conftest import golden_case
from tests.settlement.statements.making import inputs_of

PAGE = (Path(__file__).parents[3] / "docs" / "journals.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `(\w+)` \| (.+?) \| (debit|credit) \|$", PAGE, re.MULTILINE)


def test_every_key_is_told_with_its_line_and_its_side() -> None:
    assert [(key, name, "debit" if sign > 0 else "credit") for key, sign, name in LINES] == ROWS
    assert {key for key, _, _ in ROWS} == ACCOUNT_KEYS - {DRAWN}


def test_the_key_of_older_themes_is_told() -> None:
    assert set(INSTEAD.values()) == {DRAWN}
    assert "The key `drawn` of" in PAGE
    assert len(INSTEAD) == 4  # as the page has it, in words


def test_every_column_of_a_journal_is_told() -> None:
    inputs = inputs_of(golden_case("telford-2019-20"))
    table = PAGE[PAGE.index("| column |") : PAGE.index("**Post what says")]
    told = [name for row in re.findall(r"^\| ([A-Z][^|]+?) \|", table, re.MULTILINE) for name in row.split(", ")]
    assert told == [column.title for column in journal(inputs, "CCG").columns]


def test_the_codes_shown_are_of_keys_that_there_are() -> None:
    (shown,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert set(tomllib.loads(shown)["partner"]["LBB"]["accounts"]) <= ACCOUNT_KEYS
