"""The line that a problem of an agreement's text is at."""

import pytest

from rules.problems import RefusedError
from rules.reading import read_agreement
from settlement.draft_text import line_of
from tests.rules.agreements import BASE

TEXT = """\
[agreement]
id = "x"

[[clause]]
id = "7"
to = "partners"

[[clause]]
id = "7.1"
title = "Shares"
share = { by = "nobody" }

[basis.risk]
LBB = "1.00"

[[cap]]
partner = "A"

[[cap]]
amount = "2 per cent"
"""


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("agreement.id", 2),
        ("clause 7.to", 6),
        ("clause 7.1.share.by", 11),
        ("clause 7.1.on", 8),
        ("clause[2].title", 10),
        ("basis.risk.LBB", 14),
        ("cap[2].amount", 20),
        ("cap[1].amount", 16),
        ("cap[3].amount", None),
        ("scheme S.fund", None),
        ("", None),
    ],
)
def test_a_problem_is_at_the_line_of_its_key_or_else_of_its_table(place: str, line: int | None) -> None:
    assert line_of(TEXT, place) == line


def test_a_real_problem_is_found_where_it_was_made() -> None:
    text = BASE.replace('host = "LBB"', 'host = "LBX"', 1)
    with pytest.raises(RefusedError) as refused:
        read_agreement(text)
    problem = refused.value.problems[0]
    line = line_of(text, problem.place)
    assert line is not None
    assert text.splitlines()[line - 1] == 'host = "LBX"'
