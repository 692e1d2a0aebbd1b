"""What is in dispute is taken out of a settlement exactly: lines with what goes with them, clauses with their caps."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ledgers import Ledger, Line, NewLine, create_ledger
from ledgers.disputes import Dispute
from rules.agreement import Agreement, Kind
from rules.periods import Period
from rules.position import Position, position_at
from rules.problems import RefusedError
from rules.reading import read_agreement
from settlement.disputed import (
    MOST_ALONE,
    disputed_at,
    lines_disputed,
    settle_without,
    standing,
    without_clauses,
    without_lines,
)
from settlement.result import result_of
from settlement.service import settle_ledger
from settlement.settle import Settlement, settle
from tests.conftest import agreement_of, agreement_text, cap, clause, position_of

M2, M4, M5, M6, M7, M12 = Period.M2, Period.M4, Period.M5, Period.M6, Period.M7, Period.M12
BY_FUND = {"by": "fund"}
SCHEDULE = "\n".join(
    [
        clause("1", "overspend", share=BY_FUND, band=["0.00", "50.00"]),
        clause("2", "overspend", share={"by": "host"}),
        clause("3", "underspend", share=BY_FUND),
        cap("B", "20.00", "1", "2"),
    ]
)
TEXT = agreement_text(SCHEDULE, partners="A; B; C", schemes="S1; S2")
AGREEMENT = read_agreement(TEXT)


def dispute(number: int = 1, *, line: int | None = None, clause: str | None = None, **keys: object) -> Dispute:
    told = {"period": M5, "partner": "B", "reason": "not ours", "at": "2016-09-01T10:00:00+00:00", "actor": "x", **keys}
    return Dispute(id=number, line=line, clause=clause, **told)  # type: ignore[arg-type]


def new(period: Period, scheme: str, partner: str, kind: Kind, pence: int, **keys: str) -> NewLine:
    return NewLine(period, scheme, partner, kind, pence, **keys)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """Three partners, two schemes: budgets of now and later, spend, spend in default, forecasts, a virement."""
    with create_ledger(tmp_path / "disputed.s75", TEXT) as made:
        made.post(
            [
                *(new(Period.M1, "S1", code, Kind.BUDGET, 100_00) for code in "ABC"),
                *(new(Period.M8, "S2", code, Kind.BUDGET, 30_00) for code in "AB"),
                new(M2, "S1", "A", Kind.ACTUAL, 390_00),
                new(M4, "S1", "B", Kind.ACTUAL, 17_01),
                new(M4, "S1", "B", Kind.ACTUAL, 3_33, cause="default"),
                new(Period.M9, "S1", "A", Kind.FORECAST, 41_00),
                new(M2, "S1", "B", Kind.PAYMENT, 55_00),
            ]
        )
        made.virement(M4, 12_00, giver=("S1", "C"), taker=("S2", "C"), reference="V1")
        yield made


def settled_by_hand(agreement: Agreement, lines: Iterable[Line], period: Period, *, outturn: bool) -> Settlement:
    """Settled from the lines themselves, which shares nothing with taking amounts out of totals."""
    told = [(line.scheme, line.partner, line.kind, line.period, line.in_default, line.amount_pence) for line in lines]
    return settle(agreement, position_at(period, told, outturn=outturn))


def number_of(ledger: Ledger, kind: Kind, pence: int) -> int:
    return next(line.id for line in ledger.lines(kind=kind) if line.amount_pence == pence)


# --- which disputes stand ---------------------------------------------------------------------------------------------


def test_a_dispute_stands_from_its_period_until_it_is_resolved() -> None:
    raised = dispute(line=1)
    assert standing([raised], M4) == ()
    assert standing([raised], M5) == standing([raised], M12) == (raised,)


def test_a_dispute_carried_past_a_sign_off_still_stands() -> None:
    carried = dispute(line=1, outcome="carried", outcome_period=M6)
    assert standing([carried], M7) == (carried,)


def test_a_dispute_resolved_at_a_later_period_stood_before_it() -> None:
    resolved = dispute(line=1, outcome="resolved", outcome_period=M7)
    assert standing([resolved], M6) == (resolved,)
    assert standing([resolved], M7) == ()
    assert standing([replace(resolved, outcome_period=None)], M6) == ()


def test_nothing_is_in_dispute_where_no_dispute_stands(ledger: Ledger) -> None:
    assert disputed_at(ledger, M4, [dispute(line=1)]) is None


# --- lines ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("outturn", [False, True])
def test_without_any_one_line_the_settlement_is_that_of_the_others(ledger: Ledger, outturn: bool) -> None:  # noqa: FBT001
    lines = list(ledger.lines())
    for line in lines:
        goes = {each.id for each in lines_disputed(ledger, [dispute(line=line.id)])}
        assert goes == ({line.id} if line.kind is not Kind.VIREMENT else {each.id for each in lines[-2:]})
        expected = settled_by_hand(AGREEMENT, [each for each in lines if each.id not in goes], M5, outturn=outturn)
        found = settle_without(ledger, M5, [dispute(line=line.id)], outturn=outturn)
        assert result_of(found) == result_of(expected)


def test_a_budget_of_a_later_period_weighs_no_longer_though_nothing_to_date_changes(ledger: Ledger) -> None:
    later = next(line.id for line in ledger.lines(period=Period.M8))
    now, then = settle_ledger(ledger, M5), settle_without(ledger, M5, [dispute(line=later)])
    assert now.outcome.figures.tables == then.outcome.figures.tables
    assert now.outcome.figures.pooled_contributions == (130_00, 130_00, 100_00)
    assert then.outcome.figures.pooled_contributions == (100_00, 130_00, 100_00)


def test_a_forecast_still_to_come_leaves_the_outturn_and_not_the_year_to_date(ledger: Ledger) -> None:
    forecast = number_of(ledger, Kind.FORECAST, 41_00)
    to_date = settle_without(ledger, M5, [dispute(line=forecast)])
    assert to_date.rows == settle_ledger(ledger, M5).rows
    outturn = settle_without(ledger, M5, [dispute(line=forecast)], outturn=True)
    assert sum(row.spend_pence for row in outturn.rows) == 390_00 + 17_01


def test_spend_in_default_leaves_only_what_is_kept_apart(ledger: Ledger) -> None:
    default = number_of(ledger, Kind.ACTUAL, 3_33)
    without = settle_without(ledger, M5, [dispute(line=default)])
    assert without.rows == settle_ledger(ledger, M5).rows
    assert sum(map(sum, without.outcome.figures.in_default)) == 0


def test_a_leg_of_a_virement_takes_the_others_with_it(ledger: Ledger) -> None:
    legs = [line.id for line in ledger.lines(kind=Kind.VIREMENT)]
    for leg in legs:
        assert [line.id for line in lines_disputed(ledger, [dispute(line=leg)])] == legs
    without = settle_without(ledger, M5, [dispute(line=legs[0])])
    assert sum(map(sum, without.outcome.figures.tables[Kind.VIREMENT])) == 0
    assert without.outcome.figures.tables[Kind.VIREMENT] == ((0, 0, 0), (0, 0, 0))


def test_a_line_that_was_reversed_takes_its_reversal_so_that_it_makes_no_difference(ledger: Ledger) -> None:
    line = number_of(ledger, Kind.ACTUAL, 17_01)
    ledger.hold(M5)
    reversal = ledger.reverse(line, "posted twice")
    assert reversal.belongs_to is M4
    assert [each.id for each in lines_disputed(ledger, [dispute(line=line)])] == [line, reversal.id]
    assert settle_without(ledger, M6, [dispute(line=line)]).rows == settle_ledger(ledger, M6).rows
    before = settle_without(ledger, M5, [dispute(line=line)])  # at M5 the line counts, and its reversal not yet
    assert sum(row.spend_pence for row in before.rows) == 390_00


def test_a_reversal_in_dispute_leaves_the_line_standing(ledger: Ledger) -> None:
    line = number_of(ledger, Kind.ACTUAL, 17_01)
    before = settle_ledger(ledger, M5)
    reversal = ledger.reverse(line, "posted twice")
    assert settle_without(ledger, M5, [dispute(line=reversal.id)]).rows == before.rows


def test_the_reversal_of_a_virement_takes_the_reversals_of_its_other_legs(ledger: Ledger) -> None:
    legs = [line.id for line in ledger.lines(kind=Kind.VIREMENT)]
    before = settle_ledger(ledger, M5)
    reversal = ledger.reverse(legs[0], "never agreed")
    taken = lines_disputed(ledger, [dispute(line=reversal.id)])
    assert [line.reverses for line in taken] == legs
    assert settle_without(ledger, M5, [dispute(line=reversal.id)]).rows == before.rows


def test_a_line_disputed_by_two_partners_is_taken_out_once(ledger: Ledger) -> None:
    line = number_of(ledger, Kind.ACTUAL, 17_01)
    both = [dispute(1, line=line), dispute(2, line=line, partner="C")]
    assert settle_without(ledger, M5, both).rows == settle_without(ledger, M5, both[:1]).rows


def test_each_of_several_things_is_taken_out_by_itself_where_that_is_asked_for(ledger: Ledger) -> None:
    line = number_of(ledger, Kind.ACTUAL, 17_01)
    both = [dispute(1, line=line), dispute(2, line=line, partner="C"), dispute(3, clause="1"), dispute(4, line=999)]
    found = disputed_at(ledger, M5, both, with_each=True)
    assert found is not None
    assert [(each.line, each.clause) for each in found.alone] == [(line, None), (None, "1"), (999, None)]
    for each, of in zip(found.alone, (both[0], both[2]), strict=False):
        assert each.without is not None
        assert each.without.rows == settle_without(ledger, M5, [of]).rows
    assert (found.alone[-1].without, found.alone[-1].why_not) == (
        None,
        "the ledger has no line 999, which is in dispute",
    )
    for few in (both, both[:2]):
        plain = disputed_at(ledger, M5, few, with_each=few != both)
        assert plain is not None
        assert plain.alone == ()
    many = [dispute(number, clause=str(number)) for number in range(MOST_ALONE + 1)]
    too_many = disputed_at(ledger, M5, many, with_each=True)
    assert too_many is not None
    assert too_many.alone == ()


def test_it_is_taken_out_of_the_position_that_is_settled(ledger: Ledger) -> None:
    line = number_of(ledger, Kind.ACTUAL, 17_01)
    before = ledger.position(M5)
    ledger.post([new(M5, "S1", "A", Kind.ACTUAL, 1_00)])
    found = disputed_at(ledger, M5, [dispute(1, line=line)], position=before)
    assert found is not None
    assert found.without is not None
    assert sum(row.spend_pence for row in found.without.rows) == 390_00


def test_a_line_that_is_not_there_is_refused_and_the_statement_says_so(ledger: Ledger) -> None:
    with pytest.raises(RefusedError, match=r"the ledger has no line 999, which is in dispute$"):
        settle_without(ledger, M5, [dispute(line=999)])
    found = disputed_at(ledger, M5, [dispute(line=999)])
    assert found is not None
    assert (found.without, found.why_not) == (None, "the ledger has no line 999, which is in dispute")


def test_a_leg_of_a_virement_without_a_reference_is_refused(ledger: Ledger, tmp_path: Path) -> None:
    path = tmp_path / "virements.csv"
    rows = ["M3,S1,A,virement,-5.00,,", "M3,S2,A,virement,5.00,,"]
    path.write_text("\n".join(["period,scheme,partner,kind,amount,date,reference", *rows, ""]), encoding="utf-8")
    ledger.import_file(path)
    leg = number_of(ledger, Kind.VIREMENT, 5_00)
    with pytest.raises(RefusedError, match="is a leg of a virement without a reference, so that its other legs are"):
        settle_without(ledger, M5, [dispute(line=leg)])


def test_a_line_that_the_totals_know_nothing_of_is_refused(ledger: Ledger) -> None:
    line = next(ledger.lines())
    with pytest.raises(RefusedError, match=r"know nothing of line 1; `s75 check` says what is wrong"):
        without_lines(Position(M5, ()), [line])


# --- clauses ----------------------------------------------------------------------------------------------------------


def test_without_a_clause_its_amount_goes_on_to_the_next(ledger: Ledger) -> None:
    found = settle_without(ledger, M5, [dispute(clause="1")])
    clauses = [part.clause for dealt in found.outcome.subjects for part in dealt.parts]
    assert clauses
    assert "1" not in clauses
    assert "2" in clauses
    assert "1" in [part.clause for dealt in settle_ledger(ledger, M5).outcome.subjects for part in dealt.parts]


def test_a_cap_stays_on_the_clauses_that_are_left_and_goes_with_the_last() -> None:
    (one,) = without_clauses(AGREEMENT, frozenset({"1"})).caps
    assert one.clauses == ("2",)
    gone = without_clauses(AGREEMENT, frozenset({"1", "2"}))
    assert gone.caps == ()
    assert [each.id for each in gone.clauses] == ["3"]


def test_without_every_clause_the_amount_is_not_allocated(ledger: Ledger) -> None:
    found = settle_without(ledger, M5, [dispute(1, clause="1"), dispute(2, clause="2")])
    (overspend,) = found.outcome.subjects
    assert found.outcome.unallocated_pence == overspend.subject.amount_pence > 0


def test_a_clause_that_a_variation_has_dropped_changes_nothing(ledger: Ledger) -> None:
    assert settle_without(ledger, M5, [dispute(clause="9.9")]).rows == settle_ledger(ledger, M5).rows


def test_a_clause_is_not_yet_in_dispute_before_its_period(ledger: Ledger) -> None:
    assert settle_without(ledger, M4, [dispute(clause="1")]).rows == settle_ledger(ledger, M4).rows


def test_a_line_and_a_clause_leave_together(ledger: Ledger) -> None:
    line = number_of(ledger, Kind.ACTUAL, 17_01)
    found = disputed_at(ledger, M5, [dispute(1, line=line), dispute(2, clause="1")])
    assert found is not None
    assert found.without is not None
    assert [each.id for each in found.lines] == [line]
    rest = [each for each in ledger.lines() if each.id != line]
    agreement = without_clauses(AGREEMENT, frozenset({"1"}))
    assert result_of(found.without) == result_of(settled_by_hand(agreement, rest, M5, outturn=False))


def test_what_cannot_be_settled_without_the_lines_says_why(tmp_path: Path) -> None:
    schedule = clause("1", "overspend", share=BY_FUND)
    with create_ledger(tmp_path / "weights.s75", agreement_text(schedule)) as ledger:
        lines = [new(Period.M1, "S1", "A", Kind.BUDGET, 1_00), new(Period.M1, "S1", "A", Kind.ACTUAL, 2_00)]
        ledger.post(lines)
        found = disputed_at(ledger, M5, [dispute(line=1)])
    assert found is not None
    assert found.without is None
    assert "clause 1" in found.why_not.lower() or "weight" in found.why_not
    assert [line.id for line in found.lines] == [1]


def test_the_position_keeps_its_measures_and_reading() -> None:
    position = position_of("M1 S1 A budget 100.00", "M5", measures="M3 NEA 100 90 95", outturn=True)
    line = Line(1, Period.M1, "S1", "A", Kind.BUDGET, 40_00)
    left = without_lines(position, [line])
    assert (left.period, left.measures, left.outturn) == (position.period, position.measures, True)
    assert [total.to_date_pence for total in left.totals] == [60_00]


def test_an_agreement_without_disputed_clauses_is_itself() -> None:
    agreement = agreement_of(clause("1", "overspend", share=BY_FUND))
    assert without_clauses(agreement, frozenset()) is agreement
