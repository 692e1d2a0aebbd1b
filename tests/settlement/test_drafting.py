"""A draft is a value: what its operations do, what it settles at, where its problems belong."""

import json
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledgers import open_ledger
from rules.agreement import Agreement, Beyond, By, Cap, Limit, On, Share
from rules.periods import Period
from rules.problems import Problem, RefusedError
from rules.reading import read_agreement
from rules.templates import TEMPLATE_OF
from settlement import result_of, settle_ledger
from settlement.draft_files import DraftError, draft_from_json, draft_to_json
from settlement.drafting import (
    Draft,
    added,
    blank_clause,
    checked,
    deleted,
    drafted,
    duplicated,
    entry_at,
    free_id,
    moved,
    next_key,
    renamed,
    replaced,
    saying,
    settled,
    switched,
    tried,
    weights_in_words,
    with_caps,
)
from tests.conftest import examples
from tests.rules.agreements import agreements

GOLDEN = Path(__file__).parents[1] / "golden"
CASES = sorted(folder for folder in GOLDEN.iterdir() if folder.is_dir())


def agreement_of(case: str) -> Agreement:
    return read_agreement((GOLDEN / case / "agreement.toml").read_text(encoding="utf-8"))


def rotherham() -> Draft:
    """Clauses 4.1 to 4.5, keys 1 to 5; caps of both partners on 4.3."""
    return drafted(agreement_of("rotherham-first-call"), "A")


def ids(draft: Draft) -> list[str]:
    return [entry.clause.id for entry in draft.entries]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_new_draft_says_and_settles_what_is_in_force(case: Path) -> None:
    with open_ledger(case, read_only=True) as ledger:
        draft = drafted(ledger.agreement_at(Period.M12), "A")
        assert draft.agreement == draft.whole == ledger.agreement_at(Period.M12)
        for outturn in (False, True):
            mine = settled(ledger, draft, Period.M12, outturn=outturn)
            assert result_of(mine) == result_of(settle_ledger(ledger, Period.M12, outturn=outturn))


def test_a_clause_is_moved_among_the_others_and_never_past_an_end() -> None:
    draft = rotherham()
    assert ids(moved(draft, "1", 2)) == ["4.2", "4.3", "4.1", "4.4", "4.5"]
    assert ids(moved(draft, "5", -3)) == ["4.5", "4.1", "4.2", "4.3", "4.4"]
    assert ids(moved(draft, "1", 99)) == ["4.2", "4.3", "4.4", "4.5", "4.1"]
    assert moved(draft, "3", 2) == draft


def test_a_copy_stands_after_its_clause_under_a_free_number_and_the_same_caps() -> None:
    draft = duplicated(rotherham(), "3")
    assert ids(draft) == ["4.1", "4.2", "4.3", "4.6", "4.4", "4.5"]
    assert draft.entries[3].clause == replace(draft.entries[2].clause, id="4.6")
    assert [cap.clauses for cap in draft.agreement.caps] == [("4.3", "4.6"), ("4.3", "4.6")]


def test_a_clause_that_is_disabled_stays_in_the_draft_and_out_of_the_agreement_with_its_caps() -> None:
    draft = switched(rotherham(), "3", enabled=False)
    assert ids(draft) == ["4.1", "4.2", "4.3", "4.4", "4.5"]
    assert [clause.id for clause in draft.agreement.clauses] == ["4.1", "4.2", "4.4", "4.5"]
    assert draft.agreement.caps == ()
    assert len(draft.whole.caps) == 2
    assert switched(draft, "3", enabled=True) == rotherham()


def test_a_cap_goes_with_the_last_clause_that_it_is_on() -> None:
    draft = duplicated(rotherham(), "3")
    left = deleted(draft, "3")
    assert [cap.clauses for cap in left.agreement.caps] == [("4.6",), ("4.6",)]
    assert deleted(left, "6").caps == ()


def test_a_cap_knows_its_clause_while_another_number_is_typed() -> None:
    """On the way from 4.3 to 4.10 the clause is for a moment a second 4.1."""
    draft = rotherham()
    for number in ("4.1", "4.10"):
        clause = replace(draft.entries[2].clause, id=number)
        draft = replaced(draft, "3", clause)
    assert [cap.clauses for cap in checked(draft).caps] == [("4.10",), ("4.10",)]


def test_a_free_number_goes_on_from_the_last() -> None:
    draft = rotherham()
    assert free_id(draft, "4.1") == "4.6"
    assert free_id(draft, "7B") == "7B-2"
    assert free_id(draft, "") == "1"
    assert free_id(added(draft, replace(blank_clause(draft), id="7B-2")), "7B") == "7B-3"


def test_a_blank_clause_shares_all_overspends_by_contributions_to_the_fund() -> None:
    draft = rotherham()
    clause = blank_clause(draft)
    assert (clause.id, clause.on) == ("4.6", On.OVERSPEND)
    assert clause.slices[0].share == Share(By.FUND)
    assert checked(added(draft, clause)).clauses[-1] == clause
    assert blank_clause(draft, On.BENEFIT).slices[0].share == Share(By.INCURRED)


def test_a_template_is_taken_with_its_clauses_caps_and_reserves_and_nothing_else_changes() -> None:
    before = switched(rotherham(), "2", enabled=False)
    answer = TEMPLATE_OF["fixed"].clauses(before.whole)
    draft = saying(before, answer)
    assert draft.entries[:5] == before.entries
    assert len(draft.entries) > 5
    assert draft.entries[5].key == next_key(before)
    assert draft.whole == answer


def test_the_text_of_a_draft_is_taken_with_what_was_disabled_still_disabled() -> None:
    before = switched(rotherham(), "4", enabled=False)
    edited = replace(before.whole, clauses=(*before.whole.clauses[2:], *before.whole.clauses[:2]))
    draft = saying(before, edited)
    assert [(entry.key, entry.enabled) for entry in draft.entries] == [
        ("3", True),
        ("4", False),
        ("5", True),
        ("1", True),
        ("2", True),
    ]


def test_weights_are_told_for_what_they_make() -> None:
    def fixed(*weights: int) -> Share:
        return Share(By.FIXED, weights=tuple((code, Fraction(each)) for code, each in zip("AB", weights, strict=False)))

    assert weights_in_words(fixed(60, 40)) == "They make 100%."
    assert weights_in_words(fixed(60, 50)) == "They make 110, so that each is so many parts of 110."
    assert weights_in_words(Share(By.HOST)) == ""


@settings(max_examples=examples(100, 20))
@given(agreements())
def test_a_draft_is_checked_as_its_file_would_be(agreement: Agreement) -> None:
    assert checked(drafted(agreement, "A")) == agreement


def test_what_does_not_hold_together_is_an_answer_and_placed_at_its_clause() -> None:
    draft = rotherham()
    clause = draft.entries[2].clause
    half = replace(clause, slices=(replace(clause.slices[0], percent=Fraction(60)), clause.slices[0]))
    draft = replaced(draft, "3", half)
    with open_ledger(GOLDEN / "rotherham-first-call", read_only=True) as ledger:
        answer = tried(draft, ledger.position(Period.M12))
        assert tried(rotherham(), ledger.position(Period.M12)).settlement is not None
        with pytest.raises(RefusedError):
            settled(ledger, draft, Period.M12)
    assert answer.settlement is None
    assert [problem.message for problem in answer.problems] == ["the percentages make 160, and must make 100"]
    assert entry_at(draft, answer.problems[0]) == "3"


def test_a_problem_belongs_to_the_clause_in_the_agreement_not_in_the_draft() -> None:
    """Places count the clauses and caps that are in the agreement, and the longest number is meant."""
    draft = switched(rotherham(), "1", enabled=False)
    draft = replaced(draft, "5", replace(draft.entries[4].clause, id="4.2.1"))

    def at(place: str) -> str | None:
        return entry_at(draft, Problem("wrong", place=place))

    assert at("clause 4.2.to") == "2"
    assert at("clause 4.2.1.to") == "5"
    assert at("clause[1].id") == "2"
    assert at("clause[9].id") is None
    assert at("cap[2].amount") == "3"
    assert at("cap[3].amount") is None
    assert at("scheme X.fund") is None


def test_two_clauses_of_one_number_are_told_of_at_the_second() -> None:
    draft = replaced(rotherham(), "4", replace(rotherham().entries[3].clause, id="4.2"))
    with open_ledger(GOLDEN / "rotherham-first-call", read_only=True) as ledger:
        (problem,) = tried(draft, ledger.position(Period.M12)).problems
    assert "“4.2” is already the id of clause[2]" in problem.message
    assert entry_at(draft, problem) == "4"


OPERATIONS: dict[str, Callable[[Draft, str, int], Draft]] = {
    "add": lambda draft, _key, place: added(draft, blank_clause(draft), min(place, len(draft.entries))),
    "duplicate": lambda draft, key, _place: duplicated(draft, key) if key else draft,
    "delete": lambda draft, key, _place: deleted(draft, key) if key else draft,
    "move": lambda draft, key, place: moved(draft, key, place) if key else draft,
    "disable": lambda draft, key, place: switched(draft, key, enabled=bool(place % 2)) if key else draft,
    "number": lambda draft, key, place: (
        replaced(draft, key, replace(draft.entries[draft.place_of(key)].clause, id=str(place))) if key else draft
    ),
    "cap": lambda draft, key, place: (
        with_caps(draft, (*draft.caps, Cap(draft.rest.partners[0].code, Limit(pence=place), (key,), Beyond.NEXT)))
        if key
        else draft
    ),
}
STEPS = st.lists(st.tuples(st.sampled_from(sorted(OPERATIONS)), st.integers(0, 30), st.integers(0, 30)), max_size=12)


def after(draft: Draft, steps: list[tuple[str, int, int]]) -> list[Draft]:
    """The draft after each step, itself first; a step is of one of the clauses there are."""
    drafts = [draft]
    for name, number, place in steps:
        entries = drafts[-1].entries
        key = entries[number % len(entries)].key if entries else ""
        drafts.append(OPERATIONS[name](drafts[-1], key, place))
    return drafts


@settings(max_examples=examples(100, 20))
@given(agreements(), STEPS)
def test_whatever_is_done_a_draft_has_one_of_each_key_and_no_cap_on_nothing(
    agreement: Agreement, steps: list[tuple[str, int, int]]
) -> None:
    for draft in after(drafted(agreement, "A"), steps):
        keys = [entry.key for entry in draft.entries]
        assert len(keys) == len(set(keys))
        assert all(cap.clauses and set(cap.clauses) <= set(keys) for cap in draft.caps)
        enabled = [entry.clause for entry in draft.entries if entry.enabled]
        assert list(draft.agreement.clauses) == enabled
        assert {code for cap in draft.agreement.caps for code in cap.clauses} <= {clause.id for clause in enabled}
        assert replace(draft.agreement, clauses=(), caps=()) == replace(agreement, clauses=(), caps=())


@settings(max_examples=examples(100, 20))
@given(agreements(), STEPS)
def test_whatever_was_done_a_draft_that_was_kept_comes_back(
    agreement: Agreement, steps: list[tuple[str, int, int]]
) -> None:
    draft = renamed(after(drafted(agreement, "A"), steps)[-1], "Höher & <so>")
    assert draft_from_json(json.loads(json.dumps(draft_to_json(draft)))) == draft


@pytest.mark.parametrize(
    "change",
    [
        lambda _told: {},
        lambda _told: [],
        lambda told: {**told, "form": 2},
        lambda told: {**told, "rest": "not TOML"},
        lambda told: {**told, "rest": 7},
        lambda told: {**told, "entries": [{**told["entries"][0], "key": "x"}]},
        lambda told: {**told, "entries": [told["entries"][0], told["entries"][0]], "caps": []},
        lambda told: {**told, "caps": [{**told["caps"][0], "clauses": ["99"]}]},
        lambda told: {**told, "caps": [{**told["caps"][0], "partner": 7}]},
        lambda told: {**told, "caps": [{**told["caps"][0], "beyond": "nobody"}]},
        lambda told: {**told, "caps": [{**told["caps"][0], "clauses": "3"}]},
    ],
)
def test_what_is_no_draft_is_refused_as_just_that(change: Callable[[dict[str, object]], object]) -> None:
    with pytest.raises(DraftError, match="draft"):
        draft_from_json(change(draft_to_json(rotherham())))
