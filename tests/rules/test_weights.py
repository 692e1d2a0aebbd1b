"""The basis of a share: what each partner's weight is for a group (formats.md, `by`; arithmetic.md, Weights)."""

from fractions import Fraction

import pytest

from rules.agreement import By, On, Share
from rules.groups import groups_of
from rules.weights import Weights, weights_of
from tests.conftest import (
    agreement_of,
    basis,
    clause,
    figures_at,
    fixed,
    position_of,
    refusal,
    result,
    shares,
)

# Two pooled funds and an aligned one; A, B and C contribute differently to everything
PARTS = {
    "partners": "A; B kind=ccg; C kind=trust",
    "funds": "F netting=group; G host=B; I kind=aligned host=C",
    "schemes": "S1 group=OLDER; S2 group=OLDER; S3; S4 fund=G; S5 fund=I; S6 fund=I service=influenced; "
    "S7 fund=G excluded=true",
}
CONTRIBUTIONS = """
M1 S1 A budget 1.00
M1 S2 B budget 2.00
M1 S3 C budget 4.00
M9 S4 A budget 8.00
M1 S5 B budget 16.00
M1 S6 C budget 32.00
M1 S7 A budget 64.00
M2 S1 A virement -0.50
M2 S3 C virement 0.50
"""
UNITS = {code: index for index, code in enumerate(["OLDER", "S3", "G", "I", "S7"])}


def weights(share: Share, group: str, on: On, lines: str = CONTRIBUTIONS, period: str = "M12") -> Weights:
    agreement = agreement_of(**PARTS)
    figures = figures_at(agreement, position_of(lines, period))
    return weights_of(share, on, groups_of(agreement)[UNITS[group]], figures)


# --- contributions ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("period", ["M1", "M12"])
@pytest.mark.parametrize(
    ("by", "group", "expected"),
    [
        # S1 to S4 and the excluded S7: A 0.50 + 8 + 64, B 2, C 4.50
        (By.POOLED, "OLDER", (7250, 200, 450)),
        (By.POOLED, "G", (7250, 200, 450)),
        # all core services, the aligned S5 too: B 2 + 16
        (By.CORE, "OLDER", (7250, 1800, 450)),
        # the group's fund: F has S1 to S3, G S4 and the excluded S7
        (By.FUND, "OLDER", (50, 200, 450)),
        (By.FUND, "S3", (50, 200, 450)),
        (By.FUND, "G", (7200, 0, 0)),
        # the group's own schemes
        (By.SCHEME, "OLDER", (50, 200, 0)),
        (By.SCHEME, "S3", (0, 0, 450)),
        (By.SCHEME, "G", (800, 0, 0)),
    ],
)
def test_contributions_of_the_whole_year_are_weights_at_any_period(
    by: By, group: str, expected: tuple[int, ...], period: str
) -> None:
    found = weights(Share(by), group, On.OVERSPEND, period=period)
    assert found.whole == found.figures == expected
    assert found.in_pence


@pytest.mark.parametrize(
    ("by", "group", "expected"),
    [
        (By.POOLED, "OLDER", (7300, 200, 400)),
        (By.CORE, "OLDER", (7300, 1800, 400)),
        (By.FUND, "OLDER", (100, 200, 400)),
        (By.SCHEME, "OLDER", (100, 200, 0)),
        (By.SCHEME, "S3", (0, 0, 400)),
    ],
)
def test_contributions_as_first_agreed_leave_virements_out(by: By, group: str, expected: tuple[int, ...]) -> None:
    assert weights(Share(by, at_opening=True), group, On.OVERSPEND).whole == expected


def test_shares_at_opening_are_not_moved_by_a_virement() -> None:
    lines = """
        M1 S1 A budget 30.00
        M1 S1 B budget 10.00
        M5 S1 A virement -20.00
        M5 S1 B virement 20.00
        M1 S1 A actual 80.00
        """
    opening = agreement_of(clause("1", "overspend", share={"by": "pooled", "at": "opening"}))
    varied = agreement_of(clause("1", "overspend", share={"by": "pooled"}))
    # £40.00 over, at 30:10 as first agreed, and at 10:30 as varied
    assert shares(result(opening, lines), "F", "overspend") == [(3000, 1000)]
    assert shares(result(varied, lines), "F", "overspend") == [(1000, 3000)]


# --- agreed weights ---------------------------------------------------------------------------------------------------


def test_fixed_weights_are_the_agreements_own_and_a_partner_left_out_has_none() -> None:
    share = Share(By.FIXED, weights=(("C", Fraction("33.34")), ("A", Fraction("33.33"))))
    found = weights(share, "OLDER", On.OVERSPEND)
    assert found.figures == (Fraction("33.33"), 0, Fraction("33.34"))
    assert found.whole == (3333, 0, 3334)
    assert not found.in_pence


def test_a_basis_shares_by_its_own_amounts_and_a_partner_left_out_has_none() -> None:
    agreement = agreement_of(
        basis("target_investment", C="10.00", A="30.00") + clause("1", "overspend", share={"by": "target_investment"}),
        partners="A; B; C",
    )
    # £80.00 at 30:0:10
    assert shares(result(agreement, "M1 S1 B actual 80.00"), "F", "overspend") == [(6000, 0, 2000)]


@pytest.mark.parametrize(("group", "expected"), [("OLDER", (1, 0, 0)), ("G", (0, 1, 0)), ("I", (0, 0, 1))])
def test_the_host_is_that_of_the_groups_fund(group: str, expected: tuple[int, ...]) -> None:
    assert weights(Share(By.HOST), group, On.OVERSPEND).whole == expected


def test_a_named_partner_takes_all() -> None:
    assert weights(Share(By.PARTNER, name="B"), "OLDER", On.OVERSPEND).whole == (0, 1, 0)


# --- who leads, who is responsible ------------------------------------------------------------------------------------

ANSWERABLE = """
M1 S1 A budget 10.00
M1 S1 B actual 40.00
M1 S2 A budget 10.00
M1 S2 A accrual 5.00
M1 S3 B budget 10.00
M1 S3 C actual 20.00
"""


def answerable(by: str, lines: str = ANSWERABLE, on: str = "overspend", **parts: str) -> list[tuple[int, ...]]:
    schemes = "S1 lead=B responsible=C; S2 lead=A responsible=A; S3 lead=A responsible=B"
    agreement = agreement_of(
        clause("1", on, share={"by": by})
        + clause("2", "qipp_shortfall" if on != "qipp_shortfall" else "overspend", share={"by": "host"}),
        **{"partners": "A; B; C", "schemes": schemes, **parts},
    )
    return shares(result(agreement, lines), "F", on)


def test_each_answers_for_the_overspends_of_the_schemes_it_is_responsible_for() -> None:
    # S1 +30 (C), S2 -5 (A), S3 +10 (B); the group is 35 over, and what went the other way weighs nothing:
    # 35 at 0:10:30 is 8.75 and 26.25
    assert answerable("responsible") == [(0, 875, 2625)]


def test_or_for_those_it_leads() -> None:
    # S1 +30 (B), S3 +10 (A): 35 at 10:30:0
    assert answerable("lead") == [(875, 2625, 0)]


def test_by_default_the_host_leads_and_the_lead_is_responsible() -> None:
    assert answerable("responsible", schemes="S1 lead=B; S2; S3") == [(875, 2625, 0)]
    assert answerable("lead", schemes="S1 responsible=C; S2; S3") == [(3500, 0, 0)]


def test_of_an_underspend_those_schemes_weigh_that_were_under() -> None:
    lines = """
        M1 S1 A budget 40.00
        M1 S2 A budget 20.00
        M1 S3 A actual 15.00
        """
    # S1 -40 (C), S2 -20 (A), S3 +15 (B, nothing): 45 at 20:0:40
    assert answerable("responsible", lines, "underspend") == [(1500, 0, 3000)]


def test_a_scheme_weighs_by_its_spend_against_budget_before_any_of_it_is_called_qipp() -> None:
    lines = ANSWERABLE + "M1 S1 A qipp_target 12.00\n"
    # 35 over, 12 of it the shortfall, 23 the overspend; both are shared at 0:10:30
    assert answerable("responsible", lines) == [(0, 575, 1725)]
    assert answerable("responsible", lines, "qipp_shortfall") == [(0, 300, 900)]


def test_of_influenced_services_the_variance_is_against_the_baseline() -> None:
    lines = """
        M1 S1 A baseline 50.00
        M1 S1 A actual 20.00
        M1 S2 A baseline 10.00
        M1 S2 A actual 15.00
        M1 S3 B baseline 10.00
        M1 S3 B budget 99.00
        """
    parts = {
        "funds": "F kind=aligned",
        "schemes": "S1 service=influenced lead=B; S2 service=influenced lead=A; S3 service=influenced lead=C",
    }
    # S1 saved 30 (B), S2 overspent 5 (A, nothing), S3 saved 10 (C): 35 at 0:30:10
    assert answerable("lead", lines, "benefit", **parts) == [(0, 2625, 875)]


def test_performance_pay_withheld_widens_the_variance_a_partner_answers_for() -> None:
    text = """
        [[performance]]
        id = "P1"
        title = "Emergency admissions"
        fund = "F"
        scheme = "S1"
        payer = "A"
        measure = "NEA"
        held = "6.00"
        """ + clause("1", "overspend", share={"by": "responsible"})
    agreement = agreement_of(text, schemes="S1 responsible=A; S2 responsible=B")
    lines = "M1 S1 A budget 10.00\nM1 S1 A actual 10.00\nM1 S2 A budget 10.00\nM1 S2 A actual 12.00"
    # nothing is earned: S1 is 6 over its reduced budget, S2 is 2 over
    assert shares(result(agreement, lines), "F", "overspend") == [(600, 200)]


# --- where it fell ----------------------------------------------------------------------------------------------------

INCURRED = {
    "partners": "A; B; C",
    "funds": "F; I kind=aligned",
    "schemes": "S1; S2; S3 fund=I service=influenced; S4 fund=I service=influenced",
    "qipp": "separate",
}
EACH_ITS_OWN = "".join(clause(on, on, share={"by": "incurred"}) for on in ("qipp_shortfall", "benefit", "disbenefit"))


def test_a_shortfall_lies_with_those_that_missed_their_own_targets() -> None:
    lines = """
        M1 S1 A qipp_target 10.00
        M1 S2 A qipp_target 10.00
        M1 S2 A qipp_delivered 16.00
        M1 S1 B qipp_target 30.00
        M1 S1 B qipp_delivered 18.00
        M1 S1 C qipp_target 5.00
        M1 S1 C qipp_delivered 6.00
        """
    # A 10 - 6 = 4 over both schemes, B 12, C one ahead and so nothing: 15 short together, at 4:12:0
    assert shares(result(agreement_of(EACH_ITS_OWN, **INCURRED), lines), "F", "qipp_shortfall") == [(375, 1125, 0)]


def test_a_benefit_lies_with_those_that_saved_and_a_disbenefit_with_those_that_did_not() -> None:
    lines = """
        M1 S3 A baseline 30.00
        M1 S3 A actual 10.00
        M1 S4 A actual 4.00
        M1 S3 B baseline 10.00
        M1 S3 B actual 2.00
        M1 S4 C actual 9.00
        """
    agreement = agreement_of(EACH_ITS_OWN, **INCURRED)
    # A saved 20 - 4 = 16, B 8, C overspent 9: 15 together, at 16:8:0
    assert shares(result(agreement, lines), "I", "benefit") == [(1000, 500, 0)]
    # with C 39 over, the group is 15 above: all of it C's
    assert shares(result(agreement, lines + "M2 S4 C actual 30.00\n"), "I", "disbenefit") == [(0, 0, 1500)]


# --- what cannot be shared --------------------------------------------------------------------------------------------

OVER = "M1 S1 A actual 50.00\n"
NO_WEIGHT = (
    "clause 1.share: no partner has a weight above zero, so that £50.00 of F cannot be shared; "
    "give the clause another basis"
)


@pytest.mark.parametrize(
    "share", [{"by": "pooled"}, {"by": "core"}, {"by": "fund"}, {"by": "scheme"}, fixed(A="0", B="0"), {"by": "none"}]
)
def test_an_amount_to_share_and_no_weight_above_zero_is_refused(share: dict[str, str]) -> None:
    agreement = agreement_of(basis("none", A="0.00") + clause("1", "overspend", share=share))
    assert refusal(agreement, OVER) == NO_WEIGHT


def test_where_there_is_nothing_to_share_no_weight_is_needed() -> None:
    agreement = agreement_of(clause("1", "overspend", share=fixed(A="0")))
    assert result(agreement, "")["subjects"] == []


def test_a_weight_below_zero_is_refused() -> None:
    agreement = agreement_of(clause("1", "overspend", share={"by": "pooled"}))
    lines = "M1 S1 A budget 30.00\nM1 S1 B virement -10.00\nM1 S1 A actual 70.00"
    assert refusal(agreement, lines) == (
        "clause 1.share: the weight of B is below zero, so that £50.00 of F cannot be shared; "
        "give the clause another basis"
    )


def test_a_shortfall_beside_the_budget_may_find_nobody_responsible() -> None:
    # nothing is overspent, so that nobody answers for an overspend
    agreement = agreement_of(clause("1", "qipp_shortfall", share={"by": "responsible"}), qipp="separate")
    assert refusal(agreement, "M1 S1 A qipp_target 50.00") == NO_WEIGHT


def test_a_share_with_a_partner_not_yet_in_being_is_refused_by_its_name() -> None:
    agreement = agreement_of(
        clause("1", "overspend", share={"by": "partner:X"}), partners="A; B; X succeeds=B from=2016-07-01"
    )
    assert refusal(agreement, OVER, "M3") == (
        "clause 1.share: X is not in being at this period; name the partner whose place it takes"
    )
    assert shares(result(agreement, OVER, "M4"), "F", "overspend") == [(0, 5000)]


def test_an_overspend_that_a_partner_not_yet_in_being_answers_for_is_refused() -> None:
    agreement = agreement_of(
        clause("1", "overspend", share={"by": "lead"}),
        partners="A; B; X succeeds=B from=2016-07-01",
        schemes="S1 lead=X responsible=A; S2",
    )
    assert refusal(agreement, OVER, "M3") == (
        "scheme S1.lead: X is not in being at this period; name the partner whose place it takes"
    )
    # where its scheme is not overspent, nobody has to answer for it
    assert shares(result(agreement, "M1 S2 A actual 50.00", "M3"), "F", "overspend") == [(5000, 0)]
