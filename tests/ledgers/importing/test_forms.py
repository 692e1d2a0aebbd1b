"""How other ledgers write amounts and periods: each form by its own rule, and nothing that is of another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgers.importing.forms import AMOUNT_FORMATS, PeriodForm, amount_of
from rules.money import LARGEST_PENCE
from rules.periods import FinancialYear, Period

YEAR = FinancialYear(2026)
PENCE = st.integers(-LARGEST_PENCE, LARGEST_PENCE)


def written(pence: int, form: str) -> str:
    """An amount as another ledger writes it."""
    digits = f"{abs(pence) // 100:,}.{abs(pence) % 100:02}"
    if form.startswith("1.234"):
        digits = digits.translate(str.maketrans(",.", ".,"))
    if form.endswith("-"):
        return f"{digits}-" if pence < 0 else digits
    if form.endswith("CR"):
        return f"{digits} CR" if pence < 0 else f"{digits} DR"
    return f"-{digits}" if pence < 0 else digits


@given(PENCE, st.sampled_from(AMOUNT_FORMATS))
def test_an_amount_is_read_back_as_it_was_written(pence: int, form: str) -> None:
    assert amount_of(written(pence, form), form) == pence


@given(PENCE.filter(lambda pence: abs(pence) >= 1000_00))
def test_a_comma_before_the_pence_is_never_taken_for_one_between_thousands(pence: int) -> None:
    for form in AMOUNT_FORMATS:
        text = written(pence, form)
        for other in AMOUNT_FORMATS:
            if form.startswith("1.234") != other.startswith("1.234"):
                with pytest.raises(ValueError, match="is not an amount"):
                    amount_of(text, other)


@pytest.mark.parametrize(
    ("text", "form", "pence"),
    [
        ("1.234,56-", "1.234,56-", -1234_56),
        ("0,5", "1.234,56", 50),
        ("12", "1.234,56", 12_00),
        ("(1.234,56)", "1.234,56", -1234_56),
        ("£1.000", "1.234,56", 1000_00),
        ("1,234.56-", "1,234.56-", -1234_56),
        ("1,234.56 -", "1,234.56-", -1234_56),
        ("-5.00", "1,234.56-", -5_00),
        ("(5.00)", "1,234.56-", -5_00),
        ("25.00CR", "1,234.56 CR", -25_00),
        ("25.00 cr", "1,234.56 CR", -25_00),
        ("25.00 DR", "1,234.56 CR", 25_00),
        ("25.00", "1,234.56 CR", 25_00),
        (" 25.00 ", "1,234.56", 25_00),
    ],
)
def test_an_amount_in_its_form(text: str, form: str, pence: int) -> None:
    assert amount_of(text, form) == pence


@pytest.mark.parametrize(
    ("text", "form", "why"),
    [
        ("1,234.56", "1.234,56", "“1,234.56” is not an amount as the mapping says that they are written (1.234,56)"),
        ("12.50", "1.234,56-", "“12.50” is not an amount as the mapping says that they are written (1.234,56-)"),
        ("1.23,45", "1.234,56", "“1.23,45” is not an amount as the mapping says that they are written (1.234,56)"),
        ("-5.00-", "1,234.56-", "“-5.00-” is not an amount; write pounds and pence"),
        ("(5.00) CR", "1,234.56 CR", "“(5.00) CR” is not an amount; write pounds and pence"),
        ("£O-", "1,234.56-", "“£O-” is not an amount: it has the letter O where a nought may be meant"),
        ("1.234-", "1,234.56-", "“1.234-” has more than two decimals"),
        ("", "1.234,56", "the amount is empty; write 0.00 if nothing was meant"),
        ("9" * 50, "1.234,56", "“9999999999999999999999999999999999999999…” is not an amount"),
    ],
)
def test_what_is_no_amount_in_the_form(text: str, form: str, why: str) -> None:
    with pytest.raises(ValueError, match=r"amount|decimals") as refused:
        amount_of(text, form)
    assert str(refused.value).startswith(why)


@pytest.mark.parametrize(
    ("form", "text", "period"),
    [
        ("MMM-YY", "JUN-26", "M3"),
        ("MMM-YY", "Mar-27", "M12"),
        ("MMM-YY", "Sept-26", "M6"),
        ("MMM YYYY", "June 2026", "M3"),
        ("MMM-YY", "2026-06-01", "M3"),  # what Excel makes of Jun-26 that is typed into it
        ("DD/MM/YYYY", "30/04/2026", "M1"),
        ("DD/MM/YYYY", "2027-03-31 00:00:00", "M12"),
        ("YYYY-MM", "2026-12", "M9"),
        ("YYYYPP", "202603", "M3"),
        ("YYYYPP", "202613", "M13"),
        ("PPP", "001", "M1"),
        ("PPP", "016", "M13"),
        ("PP", "P07", "M7"),
        ("PP", "Period 7", "M7"),
        ("PPP.YYYY", "003.2026", "M3"),
        ("PP-YY", "03-26", "M3"),
        ("MM", "4", "M1"),
    ],
)
def test_a_period_in_its_form(form: str, text: str, period: str) -> None:
    assert PeriodForm(form, year=YEAR).read(text) == period


@given(st.sampled_from(Period), st.booleans())
def test_every_period_of_the_year_and_no_other_year(period: Period, names_end: bool) -> None:  # noqa: FBT001  drawn
    form = PeriodForm("YYYYPP", names_end=names_end, year=YEAR)
    named = YEAR.first + names_end
    assert form.read(f"{named}{period:02}") == str(period)
    for other in (named - 1, named + 1):
        with pytest.raises(ValueError, match="and the ledger is of 2026/27"):
            form.read(f"{other}{period:02}")


@pytest.mark.parametrize(
    ("form", "text", "why"),
    [
        ("MMM-YY", "JUN-25", "“JUN-25” is of 2025/26, and the ledger is of 2026/27"),
        ("MMM-YY", "MAR-26", "“MAR-26” is of 2025/26, and the ledger is of 2026/27"),
        ("MMM-YY", "JUX-26", "“JUX-26” is not a period as the mapping says that they are written (MMM-YY)"),
        ("MMM-YY", "Junk-26", "“Junk-26” is not a period as the mapping says that they are written (MMM-YY)"),
        ("MMM-YY", "202603", "“202603” is not a period as the mapping says that they are written (MMM-YY)"),
        ("DD/MM/YYYY", "41/04/2026", "“41/04/2026” is not a period as the mapping says"),
        ("DD/MM/YYYY", "01/13/2026", "“01/13/2026” is not a period as the mapping says"),
        ("PPP", "017", "“017” is not a period as the mapping says that they are written (PPP)"),
        ("PPP", "000", "“000” is period 0, the balance brought forward: leave its rows out with [skip]"),
        ("PPP", "", "“” is not a period as the mapping says that they are written (PPP)"),
        ("PPP", "2026-04-01", "“2026-04-01” is not a period as the mapping says"),
    ],
)
def test_what_is_no_period_of_the_year(form: str, text: str, why: str) -> None:
    with pytest.raises(ValueError, match=r"period|ledger") as refused:
        PeriodForm(form, year=YEAR).read(text)
    assert str(refused.value).startswith(why)


@pytest.mark.parametrize("form", ["", "YYYY", "MMM-PP", "YY-YYYY-MM", "DDPP", "%b", "M1", "DD DD/MM"])
def test_what_is_no_form_of_a_period(form: str) -> None:
    with pytest.raises(ValueError, match=r"is not a way of writing a period; write for example MMM-YY \(JUN-26\)"):
        PeriodForm(form)
