"""Which schemes net together, and the amounts that a schedule has to deal with (arithmetic.md, Groups and subjects)."""

import pytest

from rules.agreement import Agreement, Scope, Service
from rules.groups import groups_in_scope, groups_of, is_in, subjects_of
from rules.problems import RefusedError
from tests.conftest import agreement_of, clause, column, figures_at, position_of, result, subjects


def told_groups(agreement: Agreement) -> list[tuple[str, str, str]]:
    """Each group: its fund, its code, its schemes; an excluded scheme with a minus."""
    return [
        (
            group.fund,
            group.code,
            ("-" if group.excluded else "") + " ".join(agreement.schemes[index].code for index in group.schemes),
        )
        for group in groups_of(agreement)
    ]


def told_subjects(lines: str, *, qipp: str = "within_budget", **parts: str) -> list[tuple[str, str, int, int]]:
    """Each subject: what it is, of which group, how much, and the base of its bands."""
    agreement = agreement_of(qipp=qipp, **parts)
    found = subjects_of(figures_at(agreement, position_of(lines)))
    return [(str(each.on), each.group.code, each.amount_pence, each.base_pence) for each in found]


# --- which schemes net together ---------------------------------------------------------------------------------------


def test_with_netting_by_fund_all_schemes_of_the_fund_net_together() -> None:
    assert told_groups(agreement_of(funds="F; G", schemes="S1; S2 fund=G; S3")) == [
        ("F", "F", "S1 S3"),
        ("G", "G", "S2"),
    ]


def test_with_netting_by_scheme_each_stands_alone() -> None:
    agreement = agreement_of(funds="F netting=scheme", schemes="S1 group=OLDER; S2 group=OLDER")
    assert told_groups(agreement) == [("F", "S1", "S1"), ("F", "S2", "S2")]


def test_with_netting_by_group_those_that_name_the_same_group_net_and_one_without_stands_alone() -> None:
    agreement = agreement_of(funds="F netting=group", schemes="S1; S2 group=OLDER; S3; S4 group=OLDER; S5 group=YOUNG")
    assert told_groups(agreement) == [
        ("F", "S1", "S1"),
        ("F", "OLDER", "S2 S4"),
        ("F", "S3", "S3"),
        ("F", "YOUNG", "S5"),
    ]


def test_a_group_named_in_two_funds_is_two_groups() -> None:
    agreement = agreement_of(funds="F netting=group; G netting=group", schemes="S1 group=OLDER; S2 fund=G group=OLDER")
    assert told_groups(agreement) == [("F", "OLDER", "S1"), ("G", "OLDER", "S2")]


def test_a_scheme_alone_does_not_fall_into_a_group_that_goes_by_its_code() -> None:
    agreement = agreement_of(funds="F netting=group", schemes="OLDER; S2 group=OLDER")
    assert told_groups(agreement) == [("F", "OLDER", "OLDER"), ("F", "OLDER", "S2")]


def test_groups_come_in_the_order_of_funds_then_schemes_and_excluded_ones_after_them_all() -> None:
    agreement = agreement_of(
        funds="G netting=scheme; F netting=scheme",
        schemes="S1; S2 excluded=true; S3 fund=G excluded=true; S4 fund=G; S5",
    )
    assert [schemes for _, _, schemes in told_groups(agreement)] == ["S4", "S1", "S5", "-S3", "-S2"]
    assert [fund for fund, _, _ in told_groups(agreement)] == ["G", "F", "F", "G", "F"]


def test_in_an_aligned_fund_influenced_services_net_and_the_others_are_each_partners_own() -> None:
    agreement = agreement_of(
        funds="I kind=aligned",
        schemes="S1 fund=I; S2 fund=I service=influenced; S3 fund=I service=influenced; "
        "S4 fund=I service=influenced excluded=true; S5 fund=I excluded=true",
    )
    assert told_groups(agreement) == [("I", "I", "S2 S3")]


# --- what a scope selects ---------------------------------------------------------------------------------------------

SCOPED = agreement_of(
    funds="F netting=scheme; I kind=aligned netting=scheme",
    schemes="S1 tier=1 tags=bcf,joint; S2 tier=2 tags=capital; S3 fund=I service=influenced tier=2",
)


@pytest.mark.parametrize(
    ("scope", "selected"),
    [
        (Scope(), "S1 S2 S3"),
        (Scope(fund=("F",)), "S1 S2"),
        (Scope(scheme=("S1", "S3")), "S1 S3"),
        (Scope(service=(Service.INFLUENCED,)), "S3"),
        (Scope(service=(Service.CORE,)), "S1 S2"),
        (Scope(tier=(1,)), "S1"),
        (Scope(tier=(2, 5)), "S2 S3"),
        (Scope(tag=("joint", "capital")), "S1 S2"),  # any one of a list
        (Scope(tag=("bcf",)), "S1"),
        (Scope(fund=("F",), tier=(2,)), "S2"),  # every key must hold
        (Scope(fund=("I",), tag=("bcf",)), ""),
    ],
)
def test_a_scope_selects_by_every_key_that_is_given(scope: Scope, selected: str) -> None:
    groups = [group.code for group in groups_of(SCOPED) if is_in(group, scope, SCOPED)]
    assert " ".join(groups) == selected


def test_a_scheme_without_a_tier_is_in_no_tier() -> None:
    agreement = agreement_of(schemes="S1")
    assert not is_in(groups_of(agreement)[0], Scope(tier=(1, 2, 3, 4, 5)), agreement)


def test_a_scope_that_selects_part_of_a_group_is_refused() -> None:
    agreement = agreement_of(schemes="S1; S2; S3")
    with pytest.raises(RefusedError) as refused:
        is_in(groups_of(agreement)[0], Scope(scheme=("S1", "S3")), agreement)
    assert str(refused.value) == (
        "the scope selects scheme S1 and not scheme S2, which net together in F; select all of the group or none of it"
    )


def test_a_clause_deals_with_groups_of_its_kind_and_never_with_an_excluded_scheme() -> None:
    agreement = agreement_of(
        clause("1", "overspend", share={"by": "pooled"})
        + clause("2", "benefit", share={"by": "pooled"})
        + clause("3", "underspend", share={"by": "pooled"}, scope={"scheme": ["S2"]}),
        funds="F netting=scheme; I kind=aligned",
        schemes="S1; S2 excluded=true; S3 fund=I service=influenced",
    )
    codes = {ident: {group.code for group in groups} for ident, groups in groups_in_scope(agreement).items()}
    assert codes == {"1": {"S1"}, "2": {"I"}, "3": set()}


# --- what a group comes to --------------------------------------------------------------------------------------------


def test_spend_above_budget_is_an_overspend_and_below_it_an_underspend() -> None:
    lines = """
        M1 S1 A budget 100.00
        M2 S1 B budget 50.00
        M3 S1 B virement 10.00
        M1 S1 A actual 120.00
        M4 S1 B accrual 70.00
        M1 S2 A budget 30.00
        M1 S2 A actual 25.00
        """
    # S1: 190 against 160; S2: 25 against 30
    assert told_subjects(lines, funds="F netting=scheme", schemes="S1; S2") == [
        ("overspend", "S1", 3000, 16000),
        ("underspend", "S2", 500, 3000),
    ]
    # together: 215 against 190
    assert told_subjects(lines, schemes="S1; S2") == [("overspend", "F", 2500, 19000)]


def test_a_group_that_comes_to_nil_is_no_subject() -> None:
    lines = "M1 S1 A budget 10.00\nM1 S2 A budget 10.00\nM1 S1 A actual 12.00\nM1 S2 A actual 8.00"
    assert told_subjects(lines, schemes="S1; S2") == []


def test_within_the_budget_a_shortfall_counts_as_far_as_it_shows_in_the_overspend() -> None:
    budget = "M1 S1 A budget 100.00\nM1 S1 A qipp_target 30.00\nM1 S1 A qipp_delivered 10.00\n"
    # £20.00 undelivered, £50.00 over: 20 of it is the shortfall
    assert told_subjects(budget + "M1 S1 A actual 150.00") == [
        ("qipp_shortfall", "F", 2000, 3000),
        ("overspend", "F", 3000, 10000),
    ]
    # £5.00 over: all of it is the shortfall, and the rest of the £20.00 was made good otherwise
    assert told_subjects(budget + "M1 S1 A actual 105.00") == [("qipp_shortfall", "F", 500, 3000)]
    # exactly £20.00 over: nothing is left of the overspend
    assert told_subjects(budget + "M1 S1 A actual 120.00") == [("qipp_shortfall", "F", 2000, 3000)]
    # under budget: no shortfall shows at all
    assert told_subjects(budget + "M1 S1 A actual 90.00") == [("underspend", "F", 1000, 10000)]


def test_separate_from_the_budget_a_shortfall_stands_beside_the_variance() -> None:
    lines = "M1 S1 A budget 100.00\nM1 S1 A qipp_target 30.00\nM1 S1 A qipp_delivered 10.00\n"
    assert told_subjects(lines + "M1 S1 A actual 150.00", qipp="separate") == [
        ("qipp_shortfall", "F", 2000, 3000),
        ("overspend", "F", 5000, 10000),
    ]
    assert told_subjects(lines + "M1 S1 A actual 90.00", qipp="separate") == [
        ("qipp_shortfall", "F", 2000, 3000),
        ("underspend", "F", 1000, 10000),
    ]


@pytest.mark.parametrize("qipp", ["within_budget", "separate"])
def test_a_shortfall_nets_over_partners_and_schemes_and_savings_beyond_the_target_are_none(qipp: str) -> None:
    # S1 short by 20, S2 ahead by 15: 5 short together; the fund is 50 over
    lines = """
        M1 S1 A budget 100.00
        M1 S1 A actual 150.00
        M1 S1 A qipp_target 20.00
        M1 S2 B qipp_target 10.00
        M1 S2 A qipp_delivered 25.00
        """
    over = 4500 if qipp == "within_budget" else 5000
    assert told_subjects(lines, qipp=qipp, schemes="S1; S2") == [
        ("qipp_shortfall", "F", 500, 3000),
        ("overspend", "F", over, 10000),
    ]
    ahead = lines + "M2 S1 A qipp_delivered 5.01\n"
    assert told_subjects(ahead, qipp=qipp, schemes="S1; S2") == [("overspend", "F", 5000, 10000)]


def test_influenced_services_are_measured_against_their_baseline() -> None:
    parts = {
        "funds": "I kind=aligned netting=scheme",
        "schemes": "S1 fund=I service=influenced; S2 fund=I service=influenced",
    }
    lines = """
        M1 S1 A baseline 100.00
        M1 S1 B baseline 50.00
        M1 S1 B actual 130.00
        M1 S1 A budget 999.00
        M1 S2 A baseline 10.00
        M1 S2 A accrual 12.50
        """
    assert told_subjects(lines, **parts) == [("benefit", "S1", 2000, 15000), ("disbenefit", "S2", 250, 1000)]
    together = {**parts, "funds": "I kind=aligned"}
    assert told_subjects(lines, **together) == [("benefit", "I", 1750, 16000)]


def test_an_excluded_scheme_keeps_its_variance_to_itself_and_has_no_qipp() -> None:
    lines = """
        M1 S1 A budget 100.00
        M1 S1 A actual 110.00
        M1 S2 A budget 100.00
        M1 S2 A actual 140.00
        M1 S2 A qipp_target 30.00
        """
    assert told_subjects(lines, schemes="S1; S2 excluded=true") == [
        ("overspend", "F", 1000, 10000),
        ("overspend", "S2", 4000, 10000),
    ]
    assert told_subjects(lines, qipp="separate", schemes="S1; S2 excluded=true") == [
        ("overspend", "F", 1000, 10000),
        ("overspend", "S2", 4000, 10000),
    ]


def test_subjects_come_fund_by_fund_a_shortfall_before_the_overspend_and_excluded_schemes_last() -> None:
    agreement = agreement_of(
        funds="G; F netting=scheme; I kind=aligned",
        schemes="S1; S2 excluded=true; S3 fund=G; S4 fund=I service=influenced; S5; S6 fund=G excluded=true",
    )
    lines = """
        M1 S1 A budget 1.00
        M1 S1 A actual 9.00
        M1 S1 A qipp_target 2.00
        M1 S2 A actual 5.00
        M1 S3 A budget 4.00
        M1 S4 A actual 3.00
        M1 S5 A budget 7.00
        M1 S6 A budget 6.00
        """
    assert subjects(result(agreement, lines)) == [
        ("underspend", "G", 400),
        ("qipp_shortfall", "S1", 200),
        ("overspend", "S1", 600),
        ("underspend", "S5", 700),
        ("disbenefit", "I", 300),
        ("underspend", "S6", 600),
        ("overspend", "S2", 500),
    ]


def test_what_partners_saved_and_overspent_among_themselves_in_a_group_that_comes_to_nil_moves_no_cash() -> None:
    agreement = agreement_of(funds="I kind=aligned", schemes="S1 fund=I service=influenced")
    lines = "M1 S1 A baseline 10.00\nM1 S1 B baseline 10.00\nM1 S1 A actual 5.00\nM1 S1 B actual 15.00"
    settled = result(agreement, lines)
    assert settled["subjects"] == settled["transfers"] == []
    assert column(settled, "handed_over") == {"A": 0, "B": 0}


def test_core_services_of_an_aligned_fund_are_met_by_each_partner_itself() -> None:
    agreement = agreement_of(funds="I kind=aligned", schemes="S1 fund=I")
    settled = result(agreement, "M1 S1 A budget 10.00\nM1 S1 A actual 50.00\nM1 S1 B actual 7.00")
    assert settled["subjects"] == settled["transfers"] == []
    assert set(settled["partners"]["A"].values()) == {0}
