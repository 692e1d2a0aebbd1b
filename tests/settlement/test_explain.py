"""Where every penny came from: each figure of a settlement, and what stands under it, adding up."""

import random

import pytest

from ledgers.lines import Line
from rules.agreement import Kind
from rules.periods import Period
from rules.position import position_at
from rules.problems import RefusedError
from rules.reading import read_agreement
from settlement.explain import Explained, explain, row_names
from settlement.result import ROW_KEYS, row_figures
from settlement.settle import Settlement, settle
from tests.conftest import (
    GoldenCase,
    agreement_of,
    cap,
    clause,
    fixed,
    golden_case,
    line_tuples,
    measures_of,
    performance,
    reserve,
    settlement_of,
)
from tests.naive.generator import random_case, toml_text

HALVES = fixed(A="1", B="1")
OVER = "M1 S1 A budget 1000.00\nM1 S1 A actual 1100.00\nM1 S1 B budget 10.00\n"


def told(explained: tuple[Explained, ...]) -> list[str]:
    """Every statement, indented by how deep it stands."""
    return ["  " * depth + str(each) for top in explained for depth, each in top.walk()]


def counted(child: Explained) -> int:
    """How a statement counts in the one that it stands under."""
    is_less = child.text.startswith("Less: ") or " draws for " in child.text
    return (-1 if is_less else 1) * (child.pence or 0)


def that_do_not_add_up(explained: tuple[Explained, ...]) -> list[str]:
    """Statements whose amount is not the sum of those right under it, what is less or drawn taken off."""
    wrong = []
    for top in explained:
        for _, each in top.walk():
            under = [child for child in each.children if child.pence is not None]
            if each.pence is not None and under and sum(map(counted, under)) != each.pence:
                wrong.append(f"{each} | {'; '.join(map(str, under))}")
    return wrong


def generated(seed: int) -> Settlement | None:
    """A generated case settled; None if it is refused."""
    case = random_case(random.Random(seed))  # noqa: S311  repeatable on purpose
    try:
        position = position_at(
            Period.read(case.period), line_tuples(case.lines), measures_of(case.measures), outturn=case.outturn
        )
        return settle(read_agreement(toml_text(case.agreement)), position)
    except RefusedError:
        return None


# --- it adds up -------------------------------------------------------------------------------------------------------


def test_what_stands_under_a_figure_of_a_golden_case_adds_up_to_it(golden: GoldenCase) -> None:
    assert that_do_not_add_up(explain(golden.settlement())) == []


@pytest.mark.parametrize("seeds", [range(start, 160, 4) for start in range(4)], ids="abcd")
def test_what_stands_under_a_figure_of_a_generated_case_adds_up_to_it(seeds: range) -> None:
    for seed in seeds:
        settlement = generated(seed)
        if settlement is not None:
            assert that_do_not_add_up(explain(settlement)) == [], f"random_case(random.Random({seed}))"


@pytest.mark.parametrize("seeds", [range(start, 160, 4) for start in range(4)], ids="abcd")
def test_a_partners_figures_add_up_to_its_net_due(seeds: range) -> None:
    for settlement in filter(None, map(generated, seeds)):
        for row, top in zip(settlement.rows, explain(settlement), strict=False):
            *figures, net_due = top.children
            assert (net_due.text, net_due.pence) == ("Net due", row.net_due_pence)
            assert sum(map(counted, figures)) == row.net_due_pence


def test_a_movement_between_hosts_is_told_to_each_host_as_it_pays_or_is_paid() -> None:
    agreement = agreement_of(
        clause("1", "overspend", to="underspends", draw_on="agreement"),
        partners="A; B; C",
        funds="F; G host=B; H host=C",
        schemes="S1; S2 fund=G; S3 fund=H",
    )
    settlement = settlement_of(agreement, "M1 S1 A actual 10.00\nM1 S2 A budget 4.00\nM1 S3 A budget 6.00")
    between = {
        row.partner: next(each for each in top.children if each.text.startswith("Between"))
        for row, top in zip(settlement.rows, explain(settlement), strict=False)
    }
    assert {code: each.pence for code, each in between.items()} == {"A": -1000, "B": 400, "C": 600}
    # B has no part in what C's fund paid
    assert [len(each.children) for each in between.values()] == [2, 1, 1]


def test_what_a_partner_handed_over_is_told_fund_by_fund_shortfalls_and_benefits_alike() -> None:
    agreement = agreement_of(
        clause("Q", "qipp_shortfall", share={"by": "host"}) + clause("B", "benefit", share={"by": "host"}),
        funds="F; G; I kind=aligned",
        schemes="S1; S2 fund=G; S3 fund=I service=influenced",
        qipp="separate",
    )
    lines = "M1 S1 B qipp_target 1.00\nM1 S2 B qipp_target 2.00\nM1 S3 B baseline 10.00\nM1 S3 B actual 3.00"
    settlement = settlement_of(agreement, lines)
    # 7 saved, less the shortfalls of 1 and 2 that it bore
    assert settlement.row_of("B").handed_over_pence == 400
    assert that_do_not_add_up(explain(settlement, "B")) == []


def test_a_reserves_closing_balance_is_told_from_its_opening() -> None:
    split = [{"percent": "50", "to": "reserve:R"}, {"percent": "50", "to": "partners", "share": HALVES}]
    agreement = agreement_of(
        reserve("R", "30.00")
        + clause("1", "overspend", to="reserve:R")
        + clause("2", "underspend", to=None, split=split),
        funds="F netting=scheme",
        schemes="S1; S2",
    )
    explained = explain(settlement_of(agreement, "M1 S1 A actual 10.00\nM1 S2 A budget 8.00"))
    [closing] = [each for each in explained if each.text.startswith("Reserve")]
    assert closing.pence == 2400  # 30 - 10 + 4
    assert that_do_not_add_up((closing,)) == []


# --- what is told -----------------------------------------------------------------------------------------------------


def test_a_partner_is_told_what_it_pays_to_whom_and_each_figure_of_it() -> None:
    settlement = settlement_of(agreement_of(clause("1", "overspend", share=HALVES)), OVER + "M2 S1 B payment 4.00")
    # 1,100 against 1,010: 90 over, 45 each. B owes 10 + 45 - 4 = 51
    assert told(explain(settlement, "B"))[:9] == [
        "The B (B) pays £51.00 net: B pays A £51.00",
        "  Contribution due to pooled funds: £10.00",
        "    Budget, The S1 (S1): £10.00",
        "  Share of overspends: £45.00",
        "    Clause 1, overspend of F, 50.00% of £90.00: £45.00",
        "  Less: Paid to the Host Partner to date: £4.00",
        "    Payments to the Host Partner, The S1 (S1): £4.00",
        "  Net due: £51.00",
        "Overspend of The F: £90.00",
    ]


def test_all_partners_are_told_unless_one_is_named() -> None:
    settlement = golden_case("three-partners-qipp-separate").settlement()
    assert [each.text.split(" (")[0] for each in explain(settlement)[:3]] == ["Council A", "NHS B CCG", "NHS C CCG"]
    assert explain(settlement, "C")[0].text.startswith("NHS C CCG (C) receives £205,555.55 net")
    assert explain(settlement, "C")[1:] == explain(settlement)[3:]


def test_a_partner_without_anything_due_neither_pays_nor_receives() -> None:
    settlement = settlement_of(agreement_of(), "")
    assert told(explain(settlement, "A")) == ["The A (A) neither pays nor receives", "  Net due: £0.00"]


def test_performance_pay_not_released_is_told_under_the_contribution() -> None:
    settlement = settlement_of(agreement_of(performance("P1", "4.00")), "M1 S1 B budget 10.00\nM1 S1 A actual 6.00")
    assert "    The S1 (S1), performance pay not released: (£4.00)" in told(explain(settlement, "B"))


def test_what_no_clause_deals_with_stands_out() -> None:
    settlement = settlement_of(agreement_of(), OVER)
    assert "  UNALLOCATED: no clause deals with: £90.00" in told(explain(settlement))


def test_spend_in_default_is_told_apart() -> None:
    settlement = settlement_of(agreement_of(), "M1 S1 B actual 5.00 default")
    assert told(explain(settlement))[-1] == ("Spend in default by B on The S1 (S1), which stays wholly with it: £5.00")


def test_every_figure_of_a_row_has_words_and_a_sign_and_they_make_the_net_due(golden: GoldenCase) -> None:
    assert tuple(key for key, _, _ in row_names()) == ROW_KEYS
    for row in golden.settlement().rows:
        figures = row_figures(row)
        assert sum(sign * figures[key] for key, _, sign in row_names() if key != "net_due") == row.net_due_pence


# --- down to the lines ------------------------------------------------------------------------------------------------


def lines_behind(scheme: str, partner: str, kind: Kind) -> list[Line]:
    """Seven actuals of A on S1, and nothing else."""
    if (scheme, partner, kind) != ("S1", "A", Kind.ACTUAL):
        return []
    return [
        Line(number, Period.M1, "S1", "A", Kind.ACTUAL, 100 * number, reference=f"R{number}") for number in range(1, 8)
    ]


def test_the_lines_behind_a_figure_are_told_and_of_many_the_rest_summed_up() -> None:
    settlement = settlement_of(agreement_of(), "M1 S1 A actual 28.00")  # 1 + 2 + ... + 7
    explained = explain(settlement, "A", lines_behind, most_lines=5)
    [spend] = [each for top in explained for _, each in top.walk() if each.text == "Actual, The S1 (S1)"]
    assert [str(each) for each in spend.children] == [
        "Line 1, M1: R1: £1.00",
        "Line 2, M1: R2: £2.00",
        "Line 3, M1: R3: £3.00",
        "Line 4, M1: R4: £4.00",
        "Line 5, M1: R5: £5.00",
        "and 2 more lines: £13.00",
    ]
    assert that_do_not_add_up((spend,)) == []
    [spend] = [
        each
        for top in explain(settlement, "A", lines_behind, most_lines=6)
        for _, each in top.walk()
        if each.text == "Actual, The S1 (S1)"
    ]
    assert str(spend.children[-1]) == "and 1 more line: £7.00"


# --- what came to nothing ---------------------------------------------------------------------------------------------


def test_a_share_of_which_caps_left_some_is_told_of_the_whole_slice() -> None:
    agreement = agreement_of(
        clause("1", "overspend", share=HALVES)
        + clause("2", "overspend", share={"by": "host"})
        + cap("B", "10.00", "1", beyond="next")
    )
    explained = explain(settlement_of(agreement, OVER))
    # 90 over: 45 each, of which B bears 10 and 35 is left for the host under clause 2
    assert "    Clause 1, overspend of F, 50.00% of £90.00 before caps: £10.00" in told(explained)
    assert "    Clause 1, overspend of F, 50.00% of £90.00 before caps: £45.00" in told(explained)
    assert that_do_not_add_up(explained) == []


def test_a_clause_that_could_deal_with_nothing_is_told_with_the_reason() -> None:
    agreement = agreement_of(
        reserve("R", "0.00")
        + clause("1", "overspend", to="underspends")
        + clause("2", "overspend", to="reserve:R")
        + clause("3", "overspend", share={"by": "partner:B"})
        + cap("B", "0.00", "3", beyond="partner:B")
    )
    explained = told(explain(settlement_of(agreement, OVER)))
    assert "    There was no underspend to meet the £90.00 wanted." in explained
    assert "    The reserve “The R” holds £0.00: nothing of the £90.00 wanted is drawn from it." in explained
    assert "    B can take none of B's excess of £90.00: its own cap is used up." in explained
    assert "    £90.00 is left for a later clause." in explained
    assert "    Nobody bears any of it." in explained
    assert "  UNALLOCATED: no clause deals with: £90.00" in explained


def test_a_fund_that_nets_as_one_goes_by_its_own_name_even_with_one_scheme() -> None:
    agreement = agreement_of(clause("1", "overspend", share=HALVES), schemes="S1; S2 excluded=true")
    [overspend] = [each.text for each in explain(settlement_of(agreement, OVER)) if each.text.startswith("Overspend")]
    assert overspend == "Overspend of The F"
