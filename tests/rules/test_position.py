"""What a ledger comes to at a period: totals by scheme, partner, kind and cause, to date and later."""

from rules.agreement import Kind
from rules.periods import Period
from rules.position import Position, Total, position_at
from tests.conftest import position_of


def test_lines_up_to_the_period_are_to_date_and_the_rest_later() -> None:
    position = position_of(
        """
        M1 S1 A actual 10.00
        M6 S1 A actual 5.00
        M7 S1 A actual 2.00
        M13 S1 A actual 0.50
        """,
        "M6",
    )
    assert position == Position(Period.M6, (Total("S1", "A", Kind.ACTUAL, 1500, 250),))


def test_year_end_adjustments_come_after_m12() -> None:
    lines = "M12 S1 A actual 10.00\nM13 S1 A actual -1.00"
    assert position_of(lines, "M12").totals == (Total("S1", "A", Kind.ACTUAL, 1000, -100),)
    assert position_of(lines, "M13").totals == (Total("S1", "A", Kind.ACTUAL, 900, 0),)


def test_scheme_partner_and_kind_are_kept_apart() -> None:
    position = position_of(
        """
        M1 S1 A actual 1.00
        M1 S2 A actual 2.00
        M1 S1 B actual 4.00
        M1 S1 A accrual 8.00
        """
    )
    assert {(total.scheme, total.partner, total.kind, total.to_date_pence) for total in position.totals} == {
        ("S1", "A", Kind.ACTUAL, 100),
        ("S2", "A", Kind.ACTUAL, 200),
        ("S1", "B", Kind.ACTUAL, 400),
        ("S1", "A", Kind.ACCRUAL, 800),
    }


def test_spend_in_default_is_held_apart() -> None:
    position = position_of("M1 S1 A actual 1.00\nM1 S1 A actual 7.00 default")
    assert position.totals == (
        Total("S1", "A", Kind.ACTUAL, 100, 0),
        Total("S1", "A", Kind.ACTUAL, 700, 0, in_default=True),
    )


def test_a_ledger_without_lines_has_no_totals() -> None:
    assert position_at(Period.M1, []) == Position(Period.M1, ())


def test_measures_and_the_wish_for_an_outturn_are_carried_along() -> None:
    position = position_of("", "M3", measures="M3 NEA 100 90 95.5\nM6 NEA 100 90 80", outturn=True)
    assert position.outturn
    assert [(row.period, row.actual) for row in position.measures] == [(Period.M3, 95.5), (Period.M6, 80)]
