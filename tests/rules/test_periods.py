"""Financial years and their periods: 1 April to 31 March, M1 to M12, and M13 for year-end adjustments."""

from datetime import date

import pytest

from rules.periods import FinancialYear, Period


@pytest.mark.parametrize(
    ("period", "first_day"),
    [
        ("M1", date(2014, 4, 1)),
        ("M2", date(2014, 5, 1)),
        ("M8", date(2014, 11, 1)),
        ("M9", date(2014, 12, 1)),
        ("M10", date(2015, 1, 1)),
        ("M11", date(2015, 2, 1)),
        ("M12", date(2015, 3, 1)),
        ("M13", date(2015, 3, 1)),  # year-end adjustments begin with M12
    ],
)
def test_a_period_begins_on_the_first_of_its_month(period: str, first_day: date) -> None:
    assert FinancialYear.read("2014/15").begins(Period.read(period)) == first_day


def test_every_month_of_the_year_begins_after_the_one_before() -> None:
    days = [FinancialYear.read("2022/23").begins(period) for period in Period]
    assert days[:12] == sorted(set(days))


def test_a_year_ends_on_31_march() -> None:
    assert FinancialYear.read("2014/15").ends() == date(2015, 3, 31)


@pytest.mark.parametrize("text", ["2014/15", "1999/00", "2000/01", "2022/23", "2098/99", "2099/00"])
def test_a_year_is_written_as_it_is_read(text: str) -> None:
    assert str(FinancialYear.read(text)) == text


def test_a_year_at_the_turn_of_a_century_ends_in_00() -> None:
    assert FinancialYear.read("1999/00").ends() == date(2000, 3, 31)


@pytest.mark.parametrize(
    "text",
    [
        "2014/16",
        "2014/14",
        "2014-15",
        "2014/2015",
        "14/15",
        "2014",
        "",
        "2014/15 ",
        "20１4/15",
        "FY15",
    ],  # １ is a digit to Python
)
def test_a_year_in_any_other_form_is_refused(text: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011  the whole message is compared
        FinancialYear.read(text)
    assert str(refused.value) == f"“{text}” is not a financial year; write it as 2014/15"


def test_periods_are_in_order_and_thirteen() -> None:
    assert len(Period) == 13
    assert list(Period) == sorted(Period)
    assert Period.M9 < Period.M10 < Period.M13  # by month, not by spelling


@pytest.mark.parametrize("period", Period)
def test_a_period_is_written_as_it_is_read(period: Period) -> None:
    assert Period.read(str(period)) is period
    assert Period.read(f" {period} ") is period


@pytest.mark.parametrize("text", ["M0", "M14", "m1", "1", "M01", "", "April", "M1.0", "M"])
def test_any_other_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011  the whole message is compared
        Period.read(text)
    message = f"“{text}” is not a period; write M1 (April) to M12 (March), or M13 for year-end adjustments"
    assert str(refused.value) == message


@pytest.mark.parametrize("text", ["0000/01", "0001/02", "9998/99", "9999/00"])
def test_a_year_that_is_read_has_every_one_of_its_days(text: str) -> None:
    try:
        year = FinancialYear.read(text)
    except ValueError as refused:
        assert str(refused) == f"“{text}” is not a financial year; write it as 2014/15"  # noqa: PT017  either is right
    else:
        assert len({year.begins(period) for period in Period} | {year.ends()}) == 13
