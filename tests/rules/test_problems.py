"""What is wrong with an input, as it is told: where it stands, and what it is."""

import pytest

from rules.problems import Problem, RefusedError


@pytest.mark.parametrize(
    ("problem", "told"),
    [
        (Problem("it is empty"), "it is empty"),
        (Problem("it is empty", "lines.csv"), "lines.csv: it is empty"),
        (Problem("it is empty", "lines.csv", 3), "lines.csv:3: it is empty"),
        (Problem("it is empty", "lines.csv", 3, "amount"), "lines.csv:3: amount: it is empty"),
        (Problem("it is empty", "book.xlsx", place="E7"), "book.xlsx: E7: it is empty"),
        (Problem("it is empty", "agreement.toml", place="cap[2].amount"), "agreement.toml: cap[2].amount: it is empty"),
        (Problem("it is empty", place="clause 7B.share"), "clause 7B.share: it is empty"),
    ],
)
def test_a_problem_says_its_place_as_far_as_it_is_known(problem: Problem, told: str) -> None:
    assert str(problem) == told


def test_a_refusal_says_every_problem_in_order_one_on_each_line() -> None:
    problems = (Problem("first", "lines.csv", 2), Problem("second", "lines.csv", 9))
    refused = RefusedError(*problems)
    assert refused.problems == problems
    assert str(refused) == "lines.csv:2: first\nlines.csv:9: second"


def test_problems_are_values() -> None:
    assert Problem("it is empty", "lines.csv", 3) == Problem("it is empty", "lines.csv", 3)
    assert len({Problem("it is empty"), Problem("it is empty")}) == 1
