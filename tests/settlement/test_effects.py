"""What each clause does to the figures is what the waterfall did, added up; and why it does nothing."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from ledgers import open_ledger
from rules.agreement import Agreement, Band, Limit, On, Per, Scope
from rules.periods import Period
from rules.position import Position
from rules.reading import read_agreement
from settlement.effects import Effect, Idle, destination, effects_of, left_over
from settlement.settle import Settlement, settle

GOLDEN = Path(__file__).parents[1] / "golden"
CASES = sorted(folder.name for folder in GOLDEN.iterdir() if folder.is_dir())


@cache
def case(name: str) -> tuple[Agreement, Position]:
    with open_ledger(GOLDEN / name, read_only=True) as ledger:
        return ledger.agreement_at(Period.M12), ledger.position(Period.M12)


def effects(name: str, agreement: Agreement | None = None) -> dict[str, Effect]:
    of_case, position = case(name)
    return {effect.clause: effect for effect in effects_of(settle(agreement or of_case, position))}


@pytest.mark.parametrize("name", CASES)
def test_what_clauses_dealt_with_and_what_is_left_over_make_every_amount(name: str) -> None:
    settlement: Settlement = settle(*case(name))
    given = sum(
        part.amount_pence
        for dealt in settlement.outcome.subjects
        for part in dealt.parts
        if part.to == "overspends" or part.clause == "excluded"
    )
    of_clauses = sum(effect.amount_pence for effect in effects_of(settlement))
    left = sum(dealt.unallocated_pence for dealt in left_over(settlement))
    assert of_clauses + given + left == sum(dealt.subject.amount_pence for dealt in settlement.outcome.subjects)
    assert left == settlement.outcome.unallocated_pence


def test_rotherham_clause_by_clause() -> None:
    """Golden case: £250,000 of underspends, then £500,000 of the risk pool, then shares up to each maximum."""
    found = effects("rotherham-first-call")
    assert [found[code].amount_pence for code in ("4.1", "4.2", "4.3", "4.4")] == [
        250_000_00,
        500_000_00,
        332_000_00,
        463_678_99,
    ]
    assert found["4.1"].elsewhere == (("underspends", 250_000_00),)
    assert found["4.1"].shares_pence == (0, 0)
    assert found["4.2"].elsewhere == (("reserve:RISKPOOL", 500_000_00),)
    assert found["4.3"].shares_pence == (150_000_00, 182_000_00)
    assert set(found["4.3"].held) == {"COUNCIL", "CCG"}
    assert all(found[code].idle is None for code in ("4.1", "4.2", "4.3", "4.4"))


def test_a_clause_that_does_nothing_says_why() -> None:
    name = "rotherham-first-call"
    agreement, _ = case(name)
    assert effects(name)["4.5"].idle is Idle.NOTHING_LEFT
    no_clause = tuple(replace(clause, scope=Scope(tag=("none",))) for clause in agreement.clauses)
    assert {effect.idle for effect in effects(name, replace(agreement, clauses=no_clause)).values()} == {
        Idle.NO_SUBJECT
    }
    empty = replace(agreement, reserves=(replace(agreement.reserves[0], opening_pence=0),))
    assert effects(name, empty)["4.2"].idle is Idle.USED_UP
    high = replace(agreement.clauses[0], band=Band(Limit(pence=10**11)))
    assert effects(name, replace(agreement, clauses=(high, *agreement.clauses[1:])))["4.1"].idle is Idle.BELOW_BAND


def test_a_band_on_the_whole_agreement_is_reached_by_all_amounts_together() -> None:
    """Three overspends of £1,545,678.99 together reach a band from £1.2m that none of them reaches by itself."""
    name = "rotherham-first-call"
    agreement, position = case(name)
    overspends = [
        dealt.subject.amount_pence
        for dealt in settle(agreement, position).outcome.subjects
        if dealt.subject.on is On.OVERSPEND
    ]
    assert max(overspends) < 120_000_000 < sum(overspends)
    rest = [clause for clause in agreement.clauses if clause.id in {"4.3", "4.4"}]
    for per, idle in ((Per.GROUP, Idle.BELOW_BAND), (Per.AGREEMENT, Idle.NOTHING_LEFT)):
        late = replace(agreement.clauses[3], id="9", band=Band(Limit(pence=120_000_000)), per=per)
        found = effects(name, replace(agreement, clauses=(*rest, late)))
        assert found["9"].idle is idle


def test_a_destination_is_a_reserves_name() -> None:
    agreement = read_agreement((GOLDEN / "rotherham-first-call" / "agreement.toml").read_text(encoding="utf-8"))
    assert destination(agreement, "reserve:RISKPOOL") == "Risk pool"
    assert destination(agreement, "underspends") == ""
