"""Money read from text and shown to a person: every form that is read, every form that is refused and what is said."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from moneyed import Money

from rules.money import LARGEST_PENCE, decimal, money, number_of, pence, pence_of, plain, pounds

# --- amounts that are read --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "amount_pence"),
    [
        ("1234", 123400),
        ("1234.5", 123450),
        ("1234.56", 123456),
        ("1,234.56", 123456),
        ("1,234,567.89", 123456789),
        ("£1234.5", 123450),
        ("£250,000.00", 25000000),
        ("-1234.56", -123456),
        ("-£5.00", -500),
        ("(1,234.56)", -123456),
        ("(£1,234.56)", -123456),
        ("(0.01)", -1),
        ("0", 0),
        ("0.00", 0),
        ("-0.00", 0),
        ("0.05", 5),
        ("0.5", 50),
        ("007", 700),
        (" 12.00 ", 1200),
        ("\t12.00\r\n", 1200),
        ("9,999,999,999.99", LARGEST_PENCE),
        ("(9999999999.99)", -LARGEST_PENCE),
    ],
)
def test_an_amount_in_any_usual_form_is_read_to_the_penny(text: str, amount_pence: int) -> None:
    assert pence_of(text) == amount_pence


# --- amounts that are refused -----------------------------------------------------------------------------------------

EMPTY = "the amount is empty; write 0.00 if nothing was meant"
LETTER_O = "is not an amount: it has the letter O where a nought may be meant"
FINER = "has more than two decimals; amounts are pounds and whole pence"
NO_AMOUNT = "is not an amount; write pounds and pence, for example 1,234.56 or (1,234.56)"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", EMPTY),
        ("   ", EMPTY),
        ("£O", f"“£O” {LETTER_O}"),  # Barnet's business case has this in a QIPP cell
        ("£o", f"“£o” {LETTER_O}"),
        ("O", f"“O” {LETTER_O}"),
        ("1O0.00", f"“1O0.00” {LETTER_O}"),
        ("1.234", f"“1.234” {FINER}"),
        ("0.005", f"“0.005” {FINER}"),
        ("1,234.567", f"“1,234.567” {FINER}"),
        ("£1.000", f"“£1.000” {FINER}"),
        ("-1.234", f"“-1.234” {FINER}"),
        ("(1.234)", f"“(1.234)” {FINER}"),
        ("1e3", f"“1e3” {NO_AMOUNT}"),
        ("NaN", f"“NaN” {NO_AMOUNT}"),
        ("nan", f"“nan” {NO_AMOUNT}"),
        ("inf", f"“inf” {NO_AMOUNT}"),
        ("-", f"“-” {NO_AMOUNT}"),
        ("£", f"“£” {NO_AMOUNT}"),
        ("()", f"“()” {NO_AMOUNT}"),
        ("n/a", f"“n/a” {NO_AMOUNT}"),
        ("#REF!", f"“#REF!” {NO_AMOUNT}"),
        ("(-5.00)", f"“(-5.00)” {NO_AMOUNT}"),
        ("-(5.00)", f"“-(5.00)” {NO_AMOUNT}"),
        ("(5.00", f"“(5.00” {NO_AMOUNT}"),
        ("5.00)", f"“5.00)” {NO_AMOUNT}"),
        ("5.00-", f"“5.00-” {NO_AMOUNT}"),
        ("+5.00", f"“+5.00” {NO_AMOUNT}"),
        ("--5", f"“--5” {NO_AMOUNT}"),
        ("£-5", f"“£-5” {NO_AMOUNT}"),
        ("££5", f"“££5” {NO_AMOUNT}"),
        ("£ 5", f"“£ 5” {NO_AMOUNT}"),
        ("$5", f"“$5” {NO_AMOUNT}"),
        ("5 GBP", f"“5 GBP” {NO_AMOUNT}"),
        ("1.", f"“1.” {NO_AMOUNT}"),
        (".5", f"“.5” {NO_AMOUNT}"),
        ("1.2.3", f"“1.2.3” {NO_AMOUNT}"),
        ("1 234.00", f"“1 234.00” {NO_AMOUNT}"),
        ("1_234.00", f"“1_234.00” {NO_AMOUNT}"),
        ("12,34.56", f"“12,34.56” {NO_AMOUNT}"),
        ("1234,567.00", f"“1234,567.00” {NO_AMOUNT}"),
        ("1.234,56", f"“1.234,56” {NO_AMOUNT}"),  # as on the continent
        (",123", f"“,123” {NO_AMOUNT}"),
        ("0x10", f"“0x10” {NO_AMOUNT}"),
        ("１２", f"“１２” {NO_AMOUNT}"),  # digits to Python, not to an accountant
        ("٣", f"“٣” {NO_AMOUNT}"),
        ("½", f"“½” {NO_AMOUNT}"),
        ("9" * 41, f"“{'9' * 40}…” {NO_AMOUNT}"),
        (
            "10,000,000,000.00",
            "10,000,000,000.00 is more than £9,999,999,999.99, the largest amount a line can hold",
        ),
        (
            "(10000000000.00)",
            "(10000000000.00) is more than £9,999,999,999.99, the largest amount a line can hold",
        ),
    ],
)
def test_what_is_not_plainly_an_amount_is_refused_with_the_reason(text: str, message: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011  the whole message is compared
        pence_of(text)
    assert str(refused.value) == message


@given(st.text(max_size=60))
@example("1.00\n")
def test_any_text_is_read_or_refused_with_a_sentence_and_never_breaks(text: str) -> None:
    try:
        assert abs(pence_of(text)) <= LARGEST_PENCE
    except ValueError as refused:
        assert str(refused)  # noqa: PT017  either answer is right


def test_a_very_long_amount_is_refused_at_once_and_shown_in_short() -> None:
    with pytest.raises(ValueError, match=r"^“1{40}…” is not an amount"):
        pence_of("1" * 5_000_000)


# --- amounts that are shown -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount_pence", "shown", "kept"),
    [
        (123456, "£1,234.56", "1234.56"),
        (-123456, "(£1,234.56)", "-1234.56"),
        (0, "£0.00", "0.00"),
        (5, "£0.05", "0.05"),
        (-5, "(£0.05)", "-0.05"),
        (100, "£1.00", "1.00"),
        (100000000, "£1,000,000.00", "1000000.00"),
        (-LARGEST_PENCE, "(£9,999,999,999.99)", "-9999999999.99"),
    ],
)
def test_an_amount_is_shown_in_pounds_and_pence_and_a_negative_in_brackets(
    amount_pence: int, shown: str, kept: str
) -> None:
    assert pounds(amount_pence) == shown
    assert plain(amount_pence) == kept


@given(st.integers(-LARGEST_PENCE, LARGEST_PENCE))
def test_what_is_shown_is_read_back_as_the_same_pence(amount_pence: int) -> None:
    assert pence_of(pounds(amount_pence)) == amount_pence
    assert pence_of(plain(amount_pence)) == amount_pence


# --- numbers that are not money ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("40", Fraction(40)),
        ("33.33", Fraction(3333, 100)),
        ("-0.5", Fraction(-1, 2)),
        ("0.1", Fraction(1, 10)),
        (" 7 ", Fraction(7)),
        ("0.000000001", Fraction(1, 10**9)),
    ],
)
def test_a_plain_decimal_is_read_exactly(text: str, number: Fraction) -> None:
    assert number_of(text) == number


@pytest.mark.parametrize(
    "text", ["", " ", "1/3", "1e3", "50%", "1,000", ".5", "5.", "NaN", "inf", "+1", "٣", "1_0", "£1", "(1)"]
)
def test_what_is_no_plain_decimal_is_refused(text: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011  the whole message is compared
        number_of(text)
    assert str(refused.value) == f"“{text}” is not a plain decimal number"


def test_a_very_long_number_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match=r"^“1{40}…” is not a plain decimal number$"):
        number_of("1" * 1_000_000)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("100", "100"),
        ("10", "10"),
        ("0", "0"),
        ("1/8", "0.125"),
        ("3/20", "0.15"),
        ("1/10", "0.1"),
        ("3333/100", "33.33"),
        ("-1/2", "-0.5"),
        ("-7/4", "-1.75"),
        ("1/1024", "0.0009765625"),
        ("1/3125", "0.00032"),
        ("1001/1000", "1.001"),
    ],
)
def test_a_number_is_written_as_the_shortest_decimal(number: str, text: str) -> None:
    assert decimal(Fraction(number)) == text


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**9), max_value=10**9))
def test_a_decimal_that_is_written_is_read_back_as_the_same_number(number: Decimal) -> None:
    assert number_of(decimal(Fraction(number))) == Fraction(number)


def test_a_third_has_no_finite_decimal() -> None:
    with pytest.raises(ValueError, match=r"^1/3 has no finite decimal$"):
        decimal(Fraction(1, 3))


# --- py-moneyed, at the edge ------------------------------------------------------------------------------------------


@given(st.integers(-LARGEST_PENCE, LARGEST_PENCE))
def test_money_given_out_is_the_same_pence_when_it_comes_back(amount_pence: int) -> None:
    assert pence(money(amount_pence)) == amount_pence


def test_money_given_out_is_exact_pounds_sterling() -> None:
    assert money(123456) == Money("1234.56", "GBP")
    assert money(-1) == Money("-0.01", "GBP")
    assert money(LARGEST_PENCE).amount == Decimal("9999999999.99")


def test_money_in_another_currency_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^EUR is not pounds sterling; a pooled fund is kept in GBP$"):
        pence(Money("1.00", "EUR"))


def test_money_with_a_fraction_of_a_penny_is_refused_not_truncated() -> None:
    with pytest.raises(ValueError, match=r"^1\.005 pounds has a fraction of a penny; amounts are whole pence$"):
        pence(Money("1.005", "GBP"))
