"""The production engine and the naive reading, held against each other over generated agreements.

They are hundreds in the suite and thousands under `S75_SOAK=1`.

The production side goes the way a ledger goes: the agreement as the text of a file, the lines as a position. Where
one refuses the other must; where one settles, every figure and the order of every key must be the other's.
"""

import json
import random
from typing import Any

import pytest
from hypothesis import given, settings

from rules.periods import Period
from rules.position import position_at
from rules.problems import RefusedError
from rules.reading import read_agreement
from settlement import result_of, settle
from tests.conftest import examples, line_tuples, measures_of
from tests.naive import arithmetic
from tests.naive.generator import Case, cases, features_of, random_case, toml_text

CHUNKS = 8
CASES_A_CHUNK = examples(300, 100)


def by_the_rules(case: Case) -> dict[str, Any] | None:
    """What the production engine makes of it; None if it is refused."""
    try:
        agreement = read_agreement(toml_text(case.agreement), "agreement.toml")
        position = position_at(
            Period.read(case.period), line_tuples(case.lines), measures_of(case.measures), outturn=case.outturn
        )
        return result_of(settle(agreement, position))
    except RefusedError:
        return None


def by_the_naive_reading(case: Case) -> dict[str, Any] | None:
    """What the naive reading makes of it; None if it is refused."""
    try:
        return arithmetic.settle(case.agreement, case.lines, case.measures, case.period, case.outturn)
    except arithmetic.Refused:
        return None


def held_against(case: Case) -> dict[str, Any] | None:
    """The result that both give, key for key in the same order."""
    rules, naive = by_the_rules(case), by_the_naive_reading(case)
    assert rules == naive
    assert json.dumps(rules) == json.dumps(naive)
    return rules


@given(case=cases())
@settings(max_examples=examples(200))
def test_both_readings_agree_on_cases_that_shrink(case: Case) -> None:
    held_against(case)


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_both_readings_agree_on_a_volume_of_cases(chunk: int) -> None:
    settled = 0
    for seed in range(chunk * CASES_A_CHUNK, (chunk + 1) * CASES_A_CHUNK):
        case = random_case(random.Random(seed))  # noqa: S311  repeatable on purpose
        try:
            result = held_against(case)
        except AssertionError as difference:
            message = f"random_case(random.Random({seed})): {difference}"
            raise AssertionError(message) from None
        settled += result is not None
    assert settled > CASES_A_CHUNK * 0.9  # cases that are mostly refused would prove little


# What the cases held against each other must bring about, or a difference there would not be seen.
EXERCISED = {
    "qipp within_budget", "qipp separate", "outturn", "period M1", "period M13",
    "succession many to one, in force", "succession one to one, in force", "succession many to one, to come",
    "late line by a predecessor",
    "netting fund pooled", "netting scheme pooled", "netting group pooled", "netting group aligned",
    "service influenced", "service influenced excluded", "service core excluded",
    "per group", "per fund", "per agreement", "band excess", "band cliff", "band %", "band money",
    "scope fund", "scope scheme", "scope tier", "scope tag", "scope service",
    "split", "to next in split", "draw_on fund", "draw_on agreement",
    *(f"by {by}" for by in ("fixed", "pooled", "core", "fund", "scheme", "responsible", "lead", "incurred", "host")),
    *(f"by {by} at opening" for by in ("pooled", "core", "fund", "scheme")),
    "by partner", "by target_investment",
    "cap money", "cap %", "cap % of", "beyond others", "beyond next", "beyond host", "beyond partner",
    "performance linear", "performance linear with rate", "performance all_or_nothing", "performance released in part",
    "two elements on one budget", "cause default", "a credit",
    *(f"subject {on}" for on in ("qipp_shortfall", "overspend", "disbenefit", "underspend", "benefit")),
    *(f"unallocated {on}" for on in ("qipp_shortfall", "overspend", "disbenefit", "underspend", "benefit")),
    "part partners of overspend", "part reserve of overspend", "part underspends of overspend",
    "part underspends of qipp_shortfall", "part overspends of underspend", "part reserve of underspend",
    "part provision of underspend", "part provision of benefit", "part reserve of disbenefit", "part excluded",
    "subject met by three clauses",
    *(f"row {key}" for key in ("received", "drawn", "between_hosts", "unallocated", "handed_over", "provision")),
    "signable",
}  # fmt: skip


def test_the_cases_exercise_every_rule_of_the_page() -> None:
    found: set[str] = set()
    refused = 0
    for seed in range(300):
        case = random_case(random.Random(seed))  # noqa: S311  repeatable on purpose
        result = by_the_rules(case)
        found |= features_of(case, result)
        refused += result is None
    assert refused
    assert found >= EXERCISED, sorted(EXERCISED - found)
