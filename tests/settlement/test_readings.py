"""A settlement beside those it is held against: settled before, the movement, the outturn; and its trace and funds."""

from pathlib import Path

import pytest

from ledgers import create_ledger, open_ledger
from ledgers.disputes import dispute_clause, dispute_line
from rules.agreement import On
from rules.periods import Period
from settlement.explain import Explained
from settlement.fund_waterfall import Step, fund_waterfalls
from settlement.readings import Reading, readings, without_disputed
from settlement.result import ROW_KEYS, row_figures
from settlement.tracing import (
    trace_of_figure,
    trace_of_performance,
    trace_of_reading,
    trace_of_reserve,
    trace_of_subject,
)
from settlement.without import shown_without
from tests.conftest import GOLDEN, GoldenCase


@pytest.fixture
def rotherham(tmp_path: Path) -> Path:
    case = GOLDEN / "rotherham-first-call"
    file = tmp_path / "rotherham.s75"
    with create_ledger(file, (case / "agreement.toml").read_text(encoding="utf-8")) as ledger:
        ledger.import_file(case / "lines.csv")
    return file


def test_the_movement_is_what_is_due_now_less_what_was_settled_before() -> None:
    with open_ledger(GOLDEN / "ccg-to-icb-2022-23", read_only=True) as ledger:
        found = readings(ledger, Period.M6)
    assert found.before is None
    assert Reading.MOVEMENT not in found.figures_of("COUNCIL")
    assert found.figures_of("COUNCIL")[Reading.TO_DATE] == row_figures(found.chosen.row_of("COUNCIL"))


def test_a_successor_moves_from_what_all_whose_place_it_took_were_settled_at(tmp_path: Path) -> None:
    case = GOLDEN / "ccg-to-icb-2022-23"
    file = tmp_path / "icb.s75"
    with create_ledger(file, (case / "agreement.toml").read_text(encoding="utf-8")) as ledger:
        ledger.import_file(case / "lines.csv")
        ledger.hold(Period.M3)
        found = readings(ledger, Period.M6)
    assert found.before is not None
    assert found.codes_of("ICB") == ("ICB", "CCG-N", "CCG-S")
    before = [row_figures(found.before.row_of(code)) for code in ("CCG-N", "CCG-S")]
    figures = found.figures_of("ICB")
    for key in ROW_KEYS:
        assert figures[Reading.BEFORE][key] == sum(row[key] for row in before)
        assert figures[Reading.MOVEMENT][key] == figures[Reading.TO_DATE][key] - figures[Reading.BEFORE][key]
    told = trace_of_reading(found, Reading.MOVEMENT, "ICB", "net_due")
    assert told.pence == figures[Reading.MOVEMENT]["net_due"]
    assert [child.pence for child in told.children[1].children] == [row["net_due"] for row in before]


def test_asked_for_the_outturn_the_year_to_date_stands_beside_it() -> None:
    with open_ledger(GOLDEN / "ccg-to-icb-2022-23", read_only=True) as ledger:
        found = readings(ledger, Period.M6, outturn=True)
    assert found.chosen is found.outturn
    assert found.to_date is not None
    assert not found.to_date.is_outturn


def test_every_figure_of_a_row_has_a_trace_that_comes_to_it(golden: GoldenCase) -> None:
    settlement = golden.settlement()
    for row in settlement.rows:
        for key, pence in row_figures(row).items():
            assert trace_of_figure(settlement, row.partner, key).pence == pence


def test_every_amount_reserve_and_element_has_its_trace(golden: GoldenCase) -> None:
    settlement = golden.settlement()
    for dealt in settlement.outcome.subjects:
        told = trace_of_subject(settlement, dealt.subject.on, dealt.subject.group.code)
        assert told.pence == dealt.subject.amount_pence
        assert told.children[-1].text.startswith("The figures that it comes from")
        assert all(child.source.scheme for child in told.children[-1].children)
    for balance in settlement.outcome.reserves:
        assert trace_of_reserve(settlement, balance.reserve.code).pence == balance.closing_pence
    for released in settlement.outcome.performance:
        told = trace_of_performance(settlement, released.element.id)
        held, paid, withheld = (child.pence or 0 for child in told.children)
        assert held - paid == withheld == told.pence


def test_what_is_not_there_has_no_trace(golden: GoldenCase) -> None:
    settlement = golden.settlement()
    for ask in (
        lambda: trace_of_figure(settlement, "NOBODY", "net_due"),
        lambda: trace_of_subject(settlement, On.OVERSPEND, "NOWHERE"),
        lambda: trace_of_reserve(settlement, "NOTHING"),
        lambda: trace_of_performance(settlement, "NOTHING"),
    ):
        with pytest.raises(KeyError):
            ask()


def test_a_share_in_a_trace_names_its_clause_and_has_the_steps_under_it(golden: GoldenCase) -> None:
    settlement = golden.settlement()

    def shares(told: Explained) -> list[Explained]:
        return [each for _, each in told.walk() if each.source.clause and each.source.partner]

    for row in settlement.rows:
        for each in shares(trace_of_figure(settlement, row.partner, "net_due")):
            assert each.source.clause in settlement.agreement.clause_of
            assert each.children


def test_a_funds_steps_lead_from_its_variance_to_what_is_owed(golden: GoldenCase) -> None:
    settlement = golden.settlement()
    for waterfall in fund_waterfalls(settlement):
        accounts = [account for account in settlement.accounts if account.fund == waterfall.fund.code]
        variance = [line for line in waterfall.lines if line.step is Step.VARIANCE]
        if variance:
            budget, spent, difference = variance
            assert budget.total_pence == sum(budget.partners_pence or ())
            assert difference.total_pence == (budget.total_pence or 0) - (spent.total_pence or 0)
        cash = [line for line in waterfall.lines if line.step is Step.CASH]
        if cash:
            *parts, owed = cash
            assert owed.partners_pence == tuple(account.owed_pence for account in accounts)
            signed = [(-1 if line.text.startswith("Less: ") else 1, line) for line in parts]
            for column, account in enumerate(accounts):
                footed = sum(sign * (line.partners_pence or ())[column] for sign, line in signed)
                assert footed == account.owed_pence


def test_what_the_schedule_made_of_an_amount_adds_up_to_it(golden: GoldenCase) -> None:
    for waterfall in fund_waterfalls(golden.settlement()):
        whole = rest = 0
        for line in waterfall.lines:
            if line.step is Step.SCHEDULE and line.is_result:
                assert rest == 0
                whole = rest = line.total_pence or 0
            elif line.step is Step.SCHEDULE:
                rest -= line.total_pence or 0
        assert rest == 0, whole


def test_what_is_due_without_a_disputed_line(rotherham: Path) -> None:
    with open_ledger(rotherham) as ledger:
        dispute_line(ledger, 1, "CCG", "Not agreed")
        found = readings(ledger, Period.M12)
    assert found.disputed is not None
    told = without_disputed(found.chosen, found.disputed)
    assert [each.partner for each in told] == ["COUNCIL", "CCG"]
    assert sum(each.difference_pence for each in told) == 0
    assert all(each.stated_pence - each.without_pence == each.difference_pence for each in told)
    assert found.disputed.without is not None
    assert shown_without(found.chosen, found.disputed.without).open_pence == 0


def test_what_only_a_disputed_clause_deals_with_hangs_on_it(rotherham: Path) -> None:
    with open_ledger(rotherham) as ledger:
        dispute_clause(ledger, "4.4", Period.M12, "CCG", "Not agreed")
        found = readings(ledger, Period.M12)
    assert found.disputed is not None
    # what 4.4 shares of the three overspends: £20,449.86, £205,224.52 and £238,004.61
    assert found.disputed.without is not None
    assert shown_without(found.chosen, found.disputed.without).open_pence == 2_044_986 + 20_522_452 + 23_800_461
