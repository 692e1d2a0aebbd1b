"""A settlement as a whole: what holds for every agreement and every ledger."""

import random
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import Any

import pytest

from rules.agreement import Agreement, On
from rules.periods import Period
from rules.position import Position, position_at
from rules.problems import RefusedError
from rules.reading import read_agreement
from settlement import Settlement, result_of, settle
from tests.conftest import GoldenCase, agreement_of, clause, fixed, line_tuples, measures_of, settlement_of, shares
from tests.naive.generator import Case, random_case, toml_text

SEEDS = range(10_000, 10_120)
LOSSES = {"overspend", "qipp_shortfall", "disbenefit"}
LESS = {"underspend", "benefit", "provision", "spend", "paid"}
MONTHS = tuple(Period)[:12]

every_seed = pytest.mark.parametrize("seeds", [SEEDS[start::4] for start in range(4)], ids="abcd")


def case_of(seed: int) -> Case:
    """One generated case."""
    return random_case(random.Random(seed))  # noqa: S311  repeatable on purpose


def agreement_in(case: Case) -> Agreement:
    """Its agreement, read from its text."""
    return read_agreement(toml_text(case.agreement))


def position_in(case: Case, lines: list[dict[str, str]] | None = None, period: Period | None = None) -> Position:
    """What its lines come to at its period, or other lines, or at another period."""
    return position_at(
        period or Period.read(case.period),
        line_tuples(case.lines if lines is None else lines),
        measures_of(case.measures),
        outturn=case.outturn,
    )


@cache
def settled_case(seed: int) -> tuple[Case, Agreement, Settlement] | None:
    """A generated case, settled; None if it is refused."""
    case = case_of(seed)
    try:
        agreement = agreement_in(case)
        return case, agreement, settle(agreement, position_in(case))
    except RefusedError:
        return None


def settled(seeds: range) -> Iterator[tuple[Case, Agreement, Settlement]]:
    """Those of the generated cases that are not refused, settled."""
    found = [case for seed in seeds if (case := settled_case(seed)) is not None]
    assert len(found) > len(seeds) // 2
    yield from found


def result_or_refused(agreement: Agreement, position: Position) -> dict[str, Any] | None:
    """The result, or None if it is refused."""
    try:
        return result_of(settle(agreement, position))
    except RefusedError:
        return None


# --- what adds up -----------------------------------------------------------------------------------------------------


@every_seed
def test_shares_and_what_is_unallocated_make_the_subject(seeds: range) -> None:
    for _, _, settlement in settled(seeds):
        for subject in result_of(settlement)["subjects"]:
            assert sum(part["amount"] for part in subject["parts"]) + subject["unallocated"] == subject["amount"]
            assert subject["amount"] > 0
            assert subject["unallocated"] >= 0
            for part in subject["parts"]:
                assert part["amount"] > 0
                assert part["partners"] is None or sum(part["partners"].values()) == part["amount"]
                assert part["partners"] is None or min(part["partners"].values()) >= 0


@every_seed
def test_every_row_foots_and_what_is_paid_is_received(seeds: range) -> None:
    for _, _, settlement in settled(seeds):
        result = result_of(settlement)
        rows = result["partners"]
        paid = dict.fromkeys(rows, 0)
        for transfer in result["transfers"]:
            assert transfer["amount"] > 0
            paid[transfer["from"]] += transfer["amount"]
            paid[transfer["to"]] -= transfer["amount"]
        for code, row in rows.items():
            footed = sum(-row[key] if key in LESS else row[key] for key in row if key != "net_due")
            assert row["net_due"] == footed == paid[code]
        assert sum(row["net_due"] for row in rows.values()) == 0
        assert sum(row["between_hosts"] for row in rows.values()) == 0
        assert sum(row["received"] for row in rows.values()) == sum(row["paid"] for row in rows.values())


@every_seed
def test_a_reserve_closes_at_what_it_opened_with_less_what_was_drawn_and_never_below_nought(seeds: range) -> None:
    for _, agreement, settlement in settled(seeds):
        result = result_of(settlement)
        for reserve in agreement.reserves:
            moved = sum(
                part["amount"] * (-1 if subject["on"] in LOSSES else 1)
                for subject in result["subjects"]
                for part in subject["parts"]
                if part["to"] == f"reserve:{reserve.code}"
            )
            assert result["reserves"][reserve.code] == reserve.opening_pence + moved >= 0


@every_seed
def test_underspends_give_what_overspends_and_shortfalls_take(seeds: range) -> None:
    for _, _, settlement in settled(seeds):
        moved = {"underspends": 0, "overspends": 0}
        for dealt in settlement.outcome.subjects:
            for part in dealt.parts:
                if part.to in moved:
                    moved[part.to] += part.amount_pence
                    assert (part.to == "overspends") is (dealt.subject.on is On.UNDERSPEND)
        assert moved["underspends"] == moved["overspends"]


@every_seed
def test_no_penny_goes_to_a_zero_weight_and_no_share_passes_a_cap(seeds: range) -> None:
    for _, agreement, settlement in settled(seeds):
        current = settlement.agreement
        columns = {partner.code: column for column, partner in enumerate(current.partners)}
        for dealt in settlement.outcome.subjects:
            for part in dealt.parts:
                if part.sharing is None:
                    continue
                receivers = {columns.get(each.receiver) for each in part.sharing.handovers}
                for column, weight in enumerate(part.sharing.weights.whole):
                    if weight == 0 and column not in receivers:
                        assert part.sharing.shares_pence[column] == 0
        for cap in current.caps:
            if cap.limit.pence is not None and cap.partner in columns:
                had = sum(
                    part.shares_pence[columns[cap.partner]]
                    for dealt in settlement.outcome.subjects
                    for part in dealt.parts
                    if part.shares_pence is not None and part.clause in cap.clauses
                )
                assert had <= cap.limit.pence, (agreement.id, cap)


# --- what changes nothing ---------------------------------------------------------------------------------------------


@every_seed
def test_the_order_of_lines_changes_nothing(seeds: range) -> None:
    for case, agreement, settlement in settled(seeds):
        shuffled = random.Random(1).sample(case.lines, len(case.lines))  # noqa: S311  repeatable on purpose
        assert result_of(settle(agreement, position_in(case, shuffled))) == result_of(settlement)


@every_seed
def test_a_line_and_its_reversal_change_nothing(seeds: range) -> None:
    for case, agreement, settlement in settled(seeds):
        line = case.lines[0]
        amount = line["amount"].removeprefix("-") if line["amount"].startswith("-") else f"-{line['amount']}"
        lines = [*case.lines, line, {**line, "amount": amount}]
        assert result_of(settle(agreement, position_in(case, lines))) == result_of(settlement)


@every_seed
def test_names_and_titles_change_nothing(seeds: range) -> None:
    for case, agreement, settlement in settled(seeds):
        renamed = replace(
            agreement,
            title="Another title",
            partners=tuple(replace(partner, name=f"Z{partner.name[::-1]}") for partner in agreement.partners),
            funds=tuple(replace(fund, name="A fund") for fund in agreement.funds),
            schemes=tuple(replace(scheme, name="A scheme") for scheme in agreement.schemes),
            clauses=tuple(replace(each, title="A clause") for each in agreement.clauses),
        )
        assert result_of(settle(renamed, position_in(case))) == result_of(settlement)


@every_seed
def test_the_order_of_partners_decides_nothing_but_who_gets_a_tied_penny(seeds: range) -> None:
    """Without caps: a penny more can make a share pass its cap, and what is beyond goes another way.

    Every clause then takes and shares the same amounts; each partner's share of each is within a penny of what it
    was, and so its net due is within a penny for each allocation that it had a part in.
    """
    for case, agreement, _ in settled(seeds):
        listed = replace(agreement, caps=())
        turned = replace(listed, partners=listed.partners[::-1])
        before = result_of(settle(listed, position_in(case)))
        after = result_of(settle(turned, position_in(case)))
        allocations = 0
        for old, new in zip(before["subjects"], after["subjects"], strict=True):
            assert {**old, "parts": []} == {**new, "parts": []}
            allocations += 1  # of what each bore of a shortfall itself
            for had, has in zip(old["parts"], new["parts"], strict=True):
                assert {**had, "partners": None} == {**has, "partners": None}
                if had["partners"] is not None:
                    allocations += 1
                    changed = [abs(has["partners"][code] - share) for code, share in had["partners"].items()]
                    assert max(changed) <= 1
        assert before["reserves"] == after["reserves"]
        for code, row in before["partners"].items():
            assert abs(after["partners"][code]["net_due"] - row["net_due"]) <= allocations


def test_a_tied_penny_goes_to_whoever_is_listed_first() -> None:
    schedule = clause("1", "overspend", share=fixed(A="1", B="1", C="1"))
    one, other = (agreement_of(schedule, partners=partners) for partners in ("A; B; C", "C; B; A"))
    # 33.333... each of £1.00
    assert shares(result_of(settlement_of(one, "M1 S1 A actual 1.00")), "F", "overspend") == [(34, 33, 33)]
    assert shares(result_of(settlement_of(other, "M1 S1 A actual 1.00")), "F", "overspend") == [(34, 33, 33)]


# --- month by month ---------------------------------------------------------------------------------------------------

LINEAR = {"spend": ("actual", "accrual"), "paid": ("payment",)}


@every_seed
def test_monthly_movements_add_up_to_the_year_and_are_each_months_own_lines(seeds: range) -> None:
    """Of cases without succession: its partners' rows would pass from one code to another in the middle."""
    followed = 0
    for seed in seeds:
        case = replace(case_of(seed), outturn=False)
        if any("from" in partner for partner in case.agreement["partner"]):
            continue
        try:
            agreement = agreement_in(case)
            months = [result_of(settle(agreement, position_in(case, period=month))) for month in MONTHS]
        except RefusedError:
            continue
        pooled = {fund.code for fund in agreement.funds if fund.is_pooled}
        codes = [partner.code for partner in agreement.partners]
        summed = {code: dict.fromkeys(months[-1]["partners"][code], 0) for code in codes}
        cash: dict[tuple[str, str], int] = {}
        nothing = {"partners": {code: dict.fromkeys(row, 0) for code, row in summed.items()}, "transfers": []}
        for month, (before, now) in zip(MONTHS, pairwise([nothing, *months]), strict=True):
            for code in codes:
                movement = {key: now["partners"][code][key] - was for key, was in before["partners"][code].items()}
                for key, amount in movement.items():
                    summed[code][key] += amount
                for key, kinds in LINEAR.items():
                    of_month = sum(
                        amount
                        for scheme, partner, kind, period, in_default, amount in line_tuples(case.lines)
                        if (period, partner) == (month, code)
                        and kind in kinds
                        and not in_default
                        and (key == "paid" or agreement.scheme_of[scheme].fund in pooled)
                    )
                    assert movement[key] == of_month
            for sign, result in ((1, now), (-1, before)):
                for transfer in result["transfers"]:
                    cash[transfer["from"], transfer["to"]] = (
                        cash.get((transfer["from"], transfer["to"]), 0) + sign * transfer["amount"]
                    )
        assert summed == months[-1]["partners"]
        year = {(each["from"], each["to"]): each["amount"] for each in months[-1]["transfers"]}
        assert {pair: amount for pair, amount in cash.items() if amount} == year
        followed += 1
    assert followed > 5


@every_seed
def test_an_outturn_with_nothing_later_is_the_year_to_date(seeds: range) -> None:
    for seed in seeds:
        case = case_of(seed)
        now = Period.read(case.period)
        lines = [line for line in case.lines if Period.read(line["period"]) <= now]
        measures = [row for row in case.measures if Period.read(row["period"]) <= now]
        try:
            agreement = agreement_in(case)
        except RefusedError:
            continue
        done, expected = (
            result_or_refused(agreement, position_in(replace(case, lines=lines, measures=measures, outturn=outturn)))
            for outturn in (False, True)
        )
        assert done == expected


def test_an_outturn_at_the_years_end_is_the_year(golden: GoldenCase) -> None:
    year = result_of(golden.settlement(Period.M13))
    assert result_of(golden.settlement(Period.M13, outturn=True)) == year


# --- what it says of itself -------------------------------------------------------------------------------------------


def test_a_settlement_knows_its_period_its_agreement_and_whether_it_is_an_outturn() -> None:
    agreement = agreement_of(partners="A; B; X succeeds=B from=2016-07-01")
    settlement = settlement_of(agreement, "", "M4", outturn=True)
    assert (settlement.period, settlement.is_outturn) == (Period.M4, True)
    assert settlement.row_of("X").partner == "X"
    assert [row.partner for row in settlement.rows] == ["A", "X"]
    assert not settlement_of(agreement, "", "M4").is_outturn


def test_settling_changes_neither_agreement_nor_position() -> None:
    agreement = agreement_of(clause("1", "overspend", share=fixed(A="1", B="1")))
    text = repr(agreement)
    assert settlement_of(agreement, "M1 S1 A actual 1.00") == settlement_of(agreement, "M1 S1 A actual 1.00")
    assert repr(agreement) == text
