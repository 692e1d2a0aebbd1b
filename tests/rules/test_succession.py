"""Successors in their predecessors' place (arithmetic.md, Succession first)."""

from fractions import Fraction

import pytest

from rules.agreement import Agreement, Beyond, Limit
from rules.periods import Period
from rules.problems import RefusedError
from rules.succession import agreement_at, stand_ins
from tests.conftest import agreement_of, basis, cap, clause, column, fixed, performance, result, shares, transfers

# B and C become X on 1 July 2016, the first day of M4
TWO_CCGS = "A; B kind=ccg; C kind=ccg; X kind=icb succeeds=B,C from=2016-07-01"
# ... and X becomes Y on 1 January 2017, the first day of M10
CHAIN = TWO_CCGS + "; Y kind=icb succeeds=X from=2017-01-01"
BUDGETS = """
M1 S1 A budget 100.00
M1 S1 B budget 60.00
M1 S1 C budget 40.00
"""
OVER = BUDGETS + "M1 S1 A actual 300.00\n"  # £100.00 over, paid by the host
LOSSES = clause("1", "overspend", share={"by": "pooled"}) + clause("2", "qipp_shortfall", share={"by": "pooled"})


def in_being(agreement: Agreement, period: str) -> list[str]:
    return [partner.code for partner in agreement_at(agreement, Period.read(period)).partners]


def caps_at_m4(*caps: str) -> list[tuple[str, Limit, tuple[str, ...], Beyond, str, str]]:
    """The caps that stand once B and C are X."""
    agreement = agreement_of(LOSSES + "".join(caps), partners=TWO_CCGS)
    return [
        (each.partner, each.limit, each.clauses, each.beyond, each.bearer, each.of)
        for each in agreement_at(agreement, Period.M4).caps
    ]


# --- from when --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("since", "period", "partners"),
    [
        ("2016-07-01", "M3", ["A", "B", "C"]),
        ("2016-07-01", "M4", ["A", "X"]),  # M4 begins on the very day
        ("2016-07-02", "M4", ["A", "B", "C"]),  # M4 began the day before
        ("2016-07-02", "M5", ["A", "X"]),
        ("2016-06-30", "M4", ["A", "X"]),
        ("2016-04-01", "M1", ["A", "X"]),
        ("2015-01-01", "M1", ["A", "X"]),
        ("2017-03-01", "M11", ["A", "B", "C"]),
        ("2017-03-01", "M12", ["A", "X"]),
        ("2017-03-01", "M13", ["A", "X"]),  # M13 begins with M12
        ("2017-03-02", "M12", ["A", "B", "C"]),
        ("2017-03-02", "M13", ["A", "B", "C"]),
        ("2017-04-01", "M13", ["A", "B", "C"]),
    ],
)
def test_a_successor_stands_in_from_the_first_period_that_begins_on_or_after_its_date(
    since: str, period: str, partners: list[str]
) -> None:
    agreement = agreement_of(partners=f"A; B; C; X succeeds=B,C from={since}")
    assert in_being(agreement, period) == partners


def test_a_successor_is_listed_where_the_agreement_lists_it() -> None:
    agreement = agreement_of(partners="X succeeds=B,C from=2016-07-01; A; B; C")
    assert in_being(agreement, "M4") == ["X", "A"]


def test_a_chain_of_successors_is_followed_as_far_as_it_has_come() -> None:
    agreement = agreement_of(partners=CHAIN)
    assert stand_ins(agreement, Period.M3) == {}
    assert stand_ins(agreement, Period.M4) == {"B": "X", "C": "X"}
    assert stand_ins(agreement, Period.M10) == {"B": "Y", "C": "Y", "X": "Y"}
    assert in_being(agreement, "M10") == ["A", "Y"]


def test_a_partner_with_a_date_and_no_predecessor_joins_on_it() -> None:
    agreement = agreement_of(partners="A; B; T kind=trust from=2016-10-01")
    assert in_being(agreement, "M6") == ["A", "B"]
    assert in_being(agreement, "M7") == ["A", "B", "T"]


def test_an_agreement_without_successors_reads_the_same_all_year() -> None:
    agreement = agreement_of(LOSSES)
    assert agreement_at(agreement, Period.M13) is agreement


# --- codes, wherever they stand ---------------------------------------------------------------------------------------


def test_lines_of_predecessors_add_up_to_their_successors() -> None:
    agreement = agreement_of(LOSSES, partners=TWO_CCGS)
    lines = BUDGETS + "M2 S1 B payment 10.00\nM5 S1 C payment 5.00\nM5 S1 X payment 2.00\n"
    assert column(result(agreement, lines, "M3"), "contribution_due") == {"A": 10000, "B": 6000, "C": 4000}
    # a line that comes late under a predecessor's code counts as its successor's too
    assert column(result(agreement, lines, "M5"), "contribution_due") == {"A": 10000, "X": 10000}
    assert column(result(agreement, lines, "M5"), "paid") == {"A": 0, "X": 1700}


def test_before_its_date_a_successors_later_lines_are_nobodys() -> None:
    agreement = agreement_of(LOSSES, partners=TWO_CCGS)
    # contributions as weights are the whole year's: at M3 A 100, B 60 and C 40 share £100.00; X's 1,000 is nobody's yet
    later = OVER + "M5 S1 X budget 1000.00\n"
    assert shares(result(agreement, later, "M3"), "F", "overspend") == [(5000, 3000, 2000)]
    # at M4 X's contribution of the year is 60 + 40 + 1,000: £100.00 at 100:1,100 is 8.333... and 91.666...
    assert shares(result(agreement, later, "M4"), "F", "overspend") == [(833, 9167)]


def test_hosting_lead_responsible_and_payer_pass_to_the_successor() -> None:
    agreement = agreement_at(
        agreement_of(
            performance("P1", "10.00", payer="B"),
            partners=TWO_CCGS,
            funds="F host=B",
            schemes="S1 lead=B responsible=C; S2",
        ),
        Period.M4,
    )
    assert agreement.fund_of["F"].host == "X"
    assert (agreement.scheme_of["S1"].lead, agreement.scheme_of["S1"].responsible) == ("X", "X")
    assert (agreement.scheme_of["S2"].lead, agreement.scheme_of["S2"].responsible) == ("X", "X")
    assert agreement.performance[0].payer == "X"


def test_what_a_partner_owed_its_predecessors_host_it_owes_the_successor() -> None:
    agreement = agreement_of(LOSSES, partners=TWO_CCGS, funds="F host=B")
    lines = BUDGETS + "M1 S1 B actual 200.00\n"
    # on budget: A and C owe the host their contributions
    assert transfers(result(agreement, lines, "M3")) == [("A", "B", 10000), ("C", "B", 4000)]
    # C's is now within X itself
    assert transfers(result(agreement, lines, "M4")) == [("A", "X", 10000)]


def test_fixed_weights_of_partners_that_became_one_add_up() -> None:
    agreement = agreement_of(clause("1", "overspend", share=fixed(A="1", B="2", C="1")), partners=TWO_CCGS)
    assert shares(result(agreement, OVER, "M3"), "F", "overspend") == [(2500, 5000, 2500)]
    assert shares(result(agreement, OVER, "M4"), "F", "overspend") == [(2500, 7500)]


def test_a_weight_of_the_successor_itself_adds_to_those_it_inherits_and_counts_nothing_before() -> None:
    agreement = agreement_of(clause("1", "overspend", share=fixed(A="1", B="1", C="1", X="1")), partners=TWO_CCGS)
    assert shares(result(agreement, OVER, "M3"), "F", "overspend") == [(3334, 3333, 3333)]
    assert shares(result(agreement, OVER, "M4"), "F", "overspend") == [(2500, 7500)]


def test_basis_amounts_add_up() -> None:
    text = basis("headcount", A="30.00", B="15.00", C="5.00") + clause("1", "overspend", share={"by": "headcount"})
    agreement = agreement_of(text, partners=TWO_CCGS)
    assert shares(result(agreement, OVER, "M3"), "F", "overspend") == [(6000, 3000, 1000)]
    assert shares(result(agreement, OVER, "M4"), "F", "overspend") == [(6000, 4000)]


def test_a_share_with_one_partner_is_its_successors() -> None:
    agreement = agreement_of(clause("1", "overspend", share={"by": "partner:C"}), partners=CHAIN)
    assert shares(result(agreement, OVER, "M3"), "F", "overspend") == [(0, 0, 10000)]
    assert shares(result(agreement, OVER, "M9"), "F", "overspend") == [(0, 10000)]
    assert in_being(agreement, "M10") == ["A", "Y"]
    assert shares(result(agreement, OVER, "M10"), "F", "overspend") == [(0, 10000)]


# --- caps -------------------------------------------------------------------------------------------------------------


def test_fixed_caps_on_the_same_clauses_add_up_and_the_first_says_who_bears_the_rest() -> None:
    assert caps_at_m4(cap("B", "10.00", "1", "2", beyond="host"), cap("C", "2.50", "2", "1", beyond="next")) == [
        ("X", Limit(pence=1250), ("1", "2"), Beyond.HOST, "", "")
    ]


def test_of_percentage_caps_the_first_stays_with_its_beyond_and_its_of() -> None:
    assert caps_at_m4(cap("B", "2%", "1", beyond="partner:A", of="F"), cap("C", "5%", "1", beyond="next")) == [
        ("X", Limit(percent=Fraction(2)), ("1",), Beyond.PARTNER, "A", "F")
    ]


def test_caps_on_different_clauses_all_stay() -> None:
    assert caps_at_m4(cap("B", "10.00", "1"), cap("C", "5%", "2"), cap("A", "1.00", "1")) == [
        ("X", Limit(pence=1000), ("1",), Beyond.OTHERS, "", ""),
        ("X", Limit(percent=Fraction(5)), ("2",), Beyond.OTHERS, "", ""),
        ("A", Limit(pence=100), ("1",), Beyond.OTHERS, "", ""),
    ]


def test_the_partner_that_bears_what_is_beyond_a_cap_is_read_as_its_successor() -> None:
    assert caps_at_m4(cap("A", "1.00", "1", beyond="partner:C")) == [
        ("A", Limit(pence=100), ("1",), Beyond.PARTNER, "X", "")
    ]


def test_a_cap_of_the_successors_own_adds_to_those_it_inherits() -> None:
    assert caps_at_m4(cap("X", "1.00", "1"), cap("B", "2.00", "1"), cap("C", "4.00", "1")) == [
        ("X", Limit(pence=700), ("1",), Beyond.OTHERS, "", "")
    ]


@pytest.mark.parametrize(
    ("caps", "clauses"),
    [
        ([cap("B", "10.00", "1", "2"), cap("C", "10.00", "1")], "1, 2 and on clauses 1"),
        ([cap("B", "10.00", "1"), cap("C", "5%", "1")], "1 and on clauses 1"),
        ([cap("B", "5%", "2"), cap("C", "10.00", "2")], "2 and on clauses 2"),
        ([cap("B", "5%", "1"), cap("C", "5%", "2", "1")], "1 and on clauses 2, 1"),
    ],
)
def test_any_other_overlap_of_caps_is_refused_once_the_successor_stands_in(caps: list[str], clauses: str) -> None:
    agreement = agreement_of(LOSSES + "".join(caps), partners=TWO_CCGS)
    assert len(agreement_at(agreement, Period.M3).caps) == 2
    with pytest.raises(RefusedError) as refused:
        agreement_at(agreement, Period.M4)
    assert str(refused.value) == (
        f"cap X.clauses: X inherits two caps that cannot be put together, on clauses {clauses}; "
        "agree one cap for the successor"
    )


def test_inherited_caps_are_used_up_as_one() -> None:
    # B at most £20.00, C at most £5.00: X at most £25.00, and A, the other partner, bears the rest of £100.00
    agreement = agreement_of(LOSSES + cap("B", "20.00", "1") + cap("C", "5.00", "1"), partners=TWO_CCGS)
    # at M3: 50, 30 and 20 by contributions; B and C are held to 20 and 5, A bears 75
    assert shares(result(agreement, OVER, "M3"), "F", "overspend") == [(7500, 2000, 500)]
    assert shares(result(agreement, OVER, "M4"), "F", "overspend") == [(7500, 2500)]


def test_an_inherited_percentage_is_of_the_successors_own_contribution() -> None:
    # 10% of X's 60 + 40 is £10.00; C's 50% is gone
    agreement = agreement_of(LOSSES + cap("B", "10%", "1") + cap("C", "50%", "1"), partners=TWO_CCGS)
    assert shares(result(agreement, OVER, "M4"), "F", "overspend") == [(9000, 1000)]


# --- what a partner not yet in being cannot do ------------------------------------------------------------------------


def test_a_fund_cannot_be_hosted_by_a_partner_not_yet_in_being() -> None:
    agreement = agreement_of(partners=TWO_CCGS, funds="F host=X", schemes="S1 lead=A")
    with pytest.raises(RefusedError) as refused:
        agreement_at(agreement, Period.M3)
    assert str(refused.value) == (
        "fund F.host: X is not in being at this period; name the partner whose place it takes"
    )
    assert agreement_at(agreement, Period.M4).fund_of["F"].host == "X"


def test_an_element_of_a_payer_not_yet_in_being_holds_nothing() -> None:
    agreement = agreement_of(performance("P1", "1.00", payer="X"), partners=TWO_CCGS)
    lines = "M1 S1 B budget 5.00\nM5 S1 X budget 5.00"
    before, after = (result(agreement, lines, period)["performance"] for period in ("M3", "M5"))
    assert before == [{"id": "P1", "held": 0, "released": 0}]
    assert after == [{"id": "P1", "held": 100, "released": 0}]


def test_an_excluded_scheme_cannot_fall_on_a_partner_not_yet_in_being() -> None:
    agreement = agreement_of(LOSSES, partners=TWO_CCGS, schemes="S1; S2 excluded=true responsible=X")
    with pytest.raises(RefusedError) as refused:
        result(agreement, "M1 S2 A actual 1.00", "M3")
    assert str(refused.value) == (
        "scheme S2.responsible: X is not in being at this period; name the partner whose place it takes"
    )
    assert result(agreement, "", "M3")["subjects"] == []  # where nothing falls on it, nothing is refused


def test_a_cap_of_a_successor_holds_nobody_before_its_date() -> None:
    agreement = agreement_of(LOSSES + cap("X", "0.00", "1"), partners=TWO_CCGS)
    assert shares(result(agreement, OVER, "M3"), "F", "overspend") == [(5000, 3000, 2000)]
    assert shares(result(agreement, OVER, "M4"), "F", "overspend") == [(10000, 0)]


def test_what_is_beyond_a_cap_is_left_if_its_bearer_is_not_yet_in_being() -> None:
    agreement = agreement_of(LOSSES + cap("A", "0.00", "1", beyond="partner:X"), partners=TWO_CCGS)
    # A's half of £100.00 is left over; B and C bear their own shares only
    before = result(agreement, OVER, "M3")
    assert shares(before, "F", "overspend") == [(0, 3000, 2000)]
    assert before["unallocated"] == 5000
    assert shares(result(agreement, OVER, "M4"), "F", "overspend") == [(0, 10000)]
