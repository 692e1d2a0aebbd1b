"""Samples: the same seed gives the same lines anywhere, no line is favoured, and what was drawn adds up."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledgers import Ledger, LineFilter, NewLine, create_ledger
from rules.agreement import Kind
from rules.periods import Period
from rules.problems import RefusedError
from settlement import sampling
from settlement.sampling import Method, Plan, Sample, draw, how_to_redo, new_seed, rank, start_of
from tests.conftest import agreement_text

SCHEMES = ("S1", "S2")


def amount_of(number: int) -> int:
    """An amount for a line, some below nothing, some nothing."""
    return (number * 7919) % 5003 - 1200 if number % 10 else 0


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """Two hundred lines: of two schemes, two partners and three periods."""
    with create_ledger(tmp_path_factory.mktemp("sampled") / "pool.s75", agreement_text(schemes="S1; S2")) as made:
        made.post(
            NewLine(Period(1 + number % 3), SCHEMES[number % 2], "AB"[number % 2], Kind.ACTUAL, amount_of(number))
            for number in range(1, 201)
        )
        yield made


def numbers(sample: Sample) -> list[int]:
    return [each.line.id for each in sample.picked]


def test_a_random_sample_is_the_lines_of_the_lowest_ranks_as_anybody_works_them_out(ledger: Ledger) -> None:
    sample = draw(ledger, Plan(Method.RANDOM, count=12, seed="April"))
    by_hand = sorted(range(1, 201), key=lambda number: sha256(f"April:{number}".encode()).hexdigest())[:12]
    assert numbers(sample) == sorted(by_hand)
    assert rank("April", 1) == sha256(b"April:1").hexdigest()


def test_this_seed_gives_these_lines_on_every_machine_and_for_ever(ledger: Ledger) -> None:
    """Pinned: an auditor may draw again years later, with another version of the program."""
    assert numbers(draw(ledger, Plan(Method.RANDOM, count=5, seed="20260401"))) == RANDOM_5
    assert numbers(draw(ledger, Plan(Method.MONETARY, count=5, seed="20260401"))) == MONETARY_5


@settings(max_examples=20)
@given(seed=st.text("abc0123456789", min_size=1, max_size=8), count=st.integers(1, 250))
def test_the_same_seed_gives_the_same_sample_and_never_more_lines_than_asked(
    ledger: Ledger, seed: str, count: int
) -> None:
    for method in (Method.RANDOM, Method.MONETARY):
        plan = Plan(method, count=count, seed=seed)
        first, again = draw(ledger, plan), draw(ledger, plan)
        assert first == again
        assert len(first.picked) <= count
        assert numbers(first) == sorted(set(numbers(first)))


@settings(max_examples=20)
@given(seed=st.text("abc0123456789", min_size=1, max_size=8), smaller=st.integers(1, 100), more=st.integers(1, 100))
def test_a_larger_random_sample_holds_the_smaller_one(ledger: Ledger, seed: str, smaller: int, more: int) -> None:
    few = draw(ledger, Plan(Method.RANDOM, count=smaller, seed=seed))
    many = draw(ledger, Plan(Method.RANDOM, count=smaller + more, seed=seed))
    assert set(numbers(few)) <= set(numbers(many))


def test_every_line_is_about_as_likely_as_any_other(ledger: Ledger) -> None:
    drawn = Counter(
        number for seed in range(100) for number in numbers(draw(ledger, Plan(Method.RANDOM, count=20, seed=str(seed))))
    )
    assert len(drawn) == 200  # expected 10 times each, deviation 3
    assert max(drawn.values()) <= 25


def test_a_line_is_drawn_by_money_as_often_as_it_is_large(ledger: Ledger) -> None:
    samples = [draw(ledger, Plan(Method.MONETARY, count=10, seed=str(seed))) for seed in range(100)]
    size = samples[0].population_size_pence
    points = Counter[int]()
    for sample in samples:
        assert sum(each.points for each in sample.picked) == 10
        points.update({each.line.id: each.points for each in sample.picked})
    for number in range(1, 201):
        expected = 1000 * abs(amount_of(number)) / size
        assert abs(points[number] - expected) <= 6 + expected / 2, number
    assert all(points[number] == 0 for number in range(10, 201, 10))  # lines of nothing


def test_points_of_money_stand_where_the_definition_says(ledger: Ledger) -> None:
    plan = Plan(Method.MONETARY, count=7, seed="x")
    size = sum(abs(amount_of(number)) for number in range(1, 201))
    start = int(sha256(b"x").hexdigest(), 16) % size
    assert start_of("x", size) == start
    expected = Counter[int]()
    for k in range(7):
        point, before = (k * size + start) // 7, 0
        for number in range(1, 201):
            if before <= point < before + abs(amount_of(number)):
                expected[number] += 1
            before += abs(amount_of(number))
    assert {each.line.id: each.points for each in draw(ledger, plan).picked} == dict(expected)


def test_a_line_as_wide_as_the_gap_between_points_is_always_taken(tmp_path: Path) -> None:
    with create_ledger(tmp_path / "pool.s75", agreement_text()) as ledger:
        ledger.post(NewLine(Period.M1, "S1", "A", Kind.ACTUAL, pence) for pence in (100, 5000, 100, -5000, 100))
        for seed in range(20):
            found = draw(ledger, Plan(Method.MONETARY, count=3, seed=str(seed)))
            assert {2, 4} <= set(numbers(found))


def test_the_largest_amounts_whatever_their_sign_the_lower_number_of_equals(tmp_path: Path) -> None:
    with create_ledger(tmp_path / "pool.s75", agreement_text()) as ledger:
        ledger.post(NewLine(Period.M1, "S1", "A", Kind.ACTUAL, pence) for pence in (500, -900, 100, 500, 300, -500))
        assert numbers(draw(ledger, Plan(Method.LARGEST, count=3))) == [1, 2, 4]
        assert numbers(draw(ledger, Plan(Method.OVER, at_least_pence=500))) == [1, 2, 4, 6]
        assert numbers(draw(ledger, Plan(Method.LARGEST, count=99))) == [1, 2, 3, 4, 5, 6]


def test_the_population_is_counted_and_summed_and_so_is_the_sample(ledger: Ledger) -> None:
    of = LineFilter(scheme="S2", partner="B", kind=Kind.ACTUAL, upto=Period.M2)
    wanted = [number for number in range(1, 201) if number % 2 and 1 + number % 3 <= 2]
    sample = draw(ledger, Plan(Method.RANDOM, of, count=10, seed="s"))
    assert sample.population_count == len(wanted)
    assert sample.population_pence == sum(map(amount_of, wanted))
    assert sample.population_size_pence == sum(abs(amount_of(number)) for number in wanted)
    assert set(numbers(sample)) <= set(wanted)
    assert sample.picked_pence == sum(map(amount_of, numbers(sample)))
    assert sample.picked_size_pence == sum(abs(amount_of(number)) for number in numbers(sample))
    in_one = draw(ledger, Plan(Method.RANDOM, LineFilter(period=Period.M3), count=500, seed="s"))
    assert {each.line.period for each in in_one.picked} == {Period.M3}
    assert in_one.population_count == len(in_one.picked)


def test_lines_posted_since_change_no_sample_that_names_its_last_line(tmp_path: Path) -> None:
    with create_ledger(tmp_path / "pool.s75", agreement_text()) as ledger:
        ledger.post(NewLine(Period.M1, "S1", "A", Kind.ACTUAL, 100 + number) for number in range(50))
        first = draw(ledger, Plan(Method.MONETARY, count=9, seed="s"))
        assert first.plan.upto_line == 50
        ledger.post(NewLine(Period.M1, "S1", "A", Kind.ACTUAL, 9_999) for _ in range(50))
        assert draw(ledger, first.plan) == first
        assert draw(ledger, replace(first.plan, upto_line=None)) != first


def test_a_folder_gives_the_sample_that_its_lines_in_a_file_give(tmp_path: Path) -> None:
    case = Path(__file__).parents[1] / "golden" / "barnet-2014-15-pooled"
    from ledgers import open_ledger

    with create_ledger(tmp_path / "b.s75", (case / "agreement.toml").read_text(encoding="utf-8")) as stored:
        stored.import_file(case / "lines.csv")
        with open_ledger(case) as folder:
            for method in (Method.RANDOM, Method.MONETARY, Method.LARGEST):
                plan = Plan(method, count=5, seed="7")
                assert numbers(draw(stored, plan)) == numbers(draw(folder, plan))


def test_how_far_it_has_come_is_told_and_what_the_report_raises_ends_it(ledger: Ledger) -> None:
    told: list[str] = []
    draw(ledger, Plan(Method.LARGEST, count=1), lambda _done, _total, what: told.append(what))
    assert told == ["Counting the lines", "Drawing the sample"]

    def stop(_done: int, _total: int, _what: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        draw(ledger, Plan(Method.LARGEST, count=1), stop)


def refused(ledger: Ledger, plan: Plan) -> str:
    with pytest.raises(RefusedError) as error:
        draw(ledger, plan)
    return str(error.value)


def test_what_cannot_be_drawn_is_refused_with_the_reason(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    assert refused(ledger, Plan(Method.RANDOM, count=0, seed="s")) == "how many: a sample has from 1 to 10,000 lines"
    assert refused(ledger, Plan(Method.RANDOM, count=10_001, seed="s")).startswith("how many: ")
    empty = "seed: the seed is empty, or has spaces around it: any word or number will do"
    assert refused(ledger, Plan(Method.RANDOM)) == empty
    assert refused(ledger, Plan(Method.MONETARY, seed=" 7")) == empty
    assert refused(ledger, Plan(Method.RANDOM, seed="a\tb")) == (
        "seed: the seed has characters that do not print, or more than 100"
    )
    assert refused(ledger, Plan(Method.OVER)) == "amount: the amount is nothing or less: name an amount above £0.00"
    assert refused(ledger, Plan(Method.LARGEST, LineFilter(kind=Kind.BUDGET))) == (
        "no line of the ledger is asked for: widen what is drawn from"
    )
    monkeypatch.setattr(sampling, "MOST", 20)
    assert refused(ledger, Plan(Method.OVER, at_least_pence=1)) == (
        "more than 20 lines are of £0.01 or more: name a larger amount, or draw from fewer lines"
    )


def test_lines_of_nothing_alone_hold_no_money_to_draw_from(tmp_path: Path) -> None:
    with create_ledger(tmp_path / "pool.s75", agreement_text()) as ledger:
        ledger.post([NewLine(Period.M1, "S1", "A", Kind.ACTUAL, 0)])
        assert refused(ledger, Plan(Method.MONETARY, seed="s")) == (
            "every line asked for is of £0.00: there is no money to draw from"
        )


def test_how_to_draw_it_again_is_told_for_each_method(ledger: Ledger) -> None:
    for method in Method:
        told = how_to_redo(draw(ledger, Plan(method, count=3, seed="s", at_least_pence=3_000)).plan)
        assert told[0].endswith("up to line 200, in order of line number.")
        assert len(told) >= 2
        assert any("“s" in each for each in told) == method.is_seeded


def test_seeds_are_eight_digits_and_nobody_chooses_them() -> None:
    seeds = {new_seed() for _ in range(20)}
    assert len(seeds) > 15
    assert all(len(seed) == 8 and seed.isdigit() for seed in seeds)


RANDOM_5 = [35, 99, 115, 124, 175]
MONETARY_5 = [29, 68, 108, 152, 192]
