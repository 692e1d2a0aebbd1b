"""Lines that a person types, judged as an import judges them; blocks from a spreadsheet."""

from collections.abc import Iterator
from datetime import date

import pytest

from ledgers import Ledger, create_ledger
from ledgers.importing.entering import (
    COLUMNS,
    EMPTY,
    NOTHING,
    Sums,
    balancing,
    judged,
    meant,
    row_of,
    sums_of,
)
from ledgers.importing.pasting import pasted, placed
from ledgers.importing.previewing import Book, read_book
from rules.agreement import Kind
from rules.periods import Period


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory, agreement_text: str) -> Iterator[Ledger]:
    with create_ledger(tmp_path_factory.mktemp("entering") / "a.s75", agreement_text) as made:
        made.hold(Period.M4)
        yield made


@pytest.fixture(scope="module")
def book(kept: Ledger) -> Book:
    return read_book(kept)


def row(**texts: str) -> tuple[str, ...]:
    usual = {"period": "M5", "scheme": "BEDS", "partner": "COUNCIL", "kind": "actual", "amount": "1.00"} | texts
    return tuple(usual.get(name, "") for name in COLUMNS)


def test_a_row_comes_to_its_line(book: Book) -> None:
    (told,) = judged([row(amount="(1,234.56)", date="31/7/2022", reference=" R ", cause="default")], book)
    assert told.line is not None
    assert (told.line.amount_pence, told.line.date, told.line.reference) == (-123456, date(2022, 7, 31), "R")
    assert (told.line.period, told.line.cause, told.counts_in, told.complaints) == (Period.M5, "default", None, ())


def test_a_row_of_a_held_period_is_late_and_keeps_its_period(book: Book) -> None:
    (told,) = judged([row(period="M3", partner="CCG")], book)
    assert told.line is not None
    assert (told.line.period, told.counts_in) == (Period.M3, Period.M5)


@pytest.mark.parametrize(
    ("texts", "column", "sentence"),
    [
        ({"period": "M14"}, "period", "“M14” is not a period"),
        ({"period": ""}, "period", "the period is empty; write M1 to M13"),
        ({"scheme": "BED"}, "scheme", "“BED” is not a scheme of the agreement; it is one of BEDS, HOME, OWN, ACUTE"),
        ({"partner": "ICB", "period": "M2"}, "partner", "ICB is a partner from 2022-07-01; M2 begins before that"),
        ({"kind": "payment", "scheme": "OWN"}, "kind", "OWN is in the aligned fund ALIGNED"),
        ({"amount": "£O"}, "amount", "“£O” is not an amount: it has the letter O where a nought may be meant"),
        ({"amount": ""}, "amount", "the amount is empty; write 0.00 if nothing was meant"),
        ({"date": "31/02/2022"}, "date", "“31/02/2022” is not a date; write it as DD/MM/YYYY, or leave it empty"),
        ({"kind": "budget", "cause": "default"}, "cause", "only an actual or an accrual can be in default"),
        ({"kind": "virement"}, "reference", "a virement needs a reference, which its other legs share"),
        ({"description": "a\x07b"}, "description", "a text cannot have control characters"),
        ({"description": "x" * 10_001}, "description", "a text has at most 10,000 characters"),
    ],
)
def test_each_complaint_is_of_its_column(book: Book, texts: dict[str, str], column: str, sentence: str) -> None:
    (told,) = judged([row(**texts)], book)
    assert told.line is None
    assert told.complaint(column).startswith(sentence)
    assert [name for name, _why in told.complaints] == [column]


def test_an_empty_row_is_nothing(book: Book) -> None:
    assert judged([EMPTY, row()], book)[0] == NOTHING


def test_what_rows_come_to_by_kind_and_by_virement(book: Book) -> None:
    rows = [
        row(amount="2.00"),
        row(kind="virement", amount="-5.00", reference="V1"),
        row(kind="virement", amount="3.00", reference="V1"),
        row(period="M1", amount="1.00"),
        row(amount="x"),
        EMPTY,
    ]
    sums = sums_of(judged(rows, book))
    assert sums.by_kind == ((Kind.VIREMENT, -200), (Kind.ACTUAL, 300))
    assert (sums.virements, sums.lines, sums.late, sums.wrong) == ((("V1", -200),), 4, 1, 1)
    assert sums.unbalanced == {"V1": "the virements of reference “V1” sum to (£2.00), not to zero"}
    assert balancing("V1", sums) == "2.00"
    assert balancing("V2", sums) == ""
    assert not sums.can_be_posted
    assert Sums(((Kind.ACTUAL, 1),), (("V", 0),), 3).can_be_posted


def test_a_typed_code_is_written_as_the_ledger_has_it(book: Book) -> None:
    assert [meant("scheme", text, book) for text in ("beds", "Home first", "4001", "")] == ["BEDS", "HOME", "4001", ""]
    assert meant("period", "4", book, "M1") == "M4"
    assert meant("description", " as it is ", book) == "as it is"


def test_a_posted_line_is_typed_again_as_it_was(kept: Ledger, book: Book) -> None:
    text = row(period="M2", partner="CCG", amount="-10.05", date="01/06/2022", reference="R", description="d")
    (told,) = judged([text], book)
    assert told.line is not None
    (line,) = kept.post([told.line])
    assert line.period is Period.M5
    assert row_of(line) == text


# Blocks from a spreadsheet


def test_a_block_is_divided_into_cells_with_quotation_marks() -> None:
    assert pasted('a\t"b ""c"" d"\r\n\r\n1\t"two\nlines"\r\n') == ([["a", 'b "c" d'], ["1", "two\nlines"]], [])
    assert pasted(" \n\t\n") == ([], [])


def test_headings_are_known_and_say_which_column_is_which(book: Book) -> None:
    block, headings = pasted(
        "Net GBP\tCost centre\tSupplier no\tPeriod\n£1,234.56\tbeds\tx\tJul-22\n(2.00)\tHOME\ty\t5"
    )
    assert headings == ["amount", "scheme", "", "period"]
    first, second = placed(block, headings, [], 0, 3, book)
    assert first == ("M4", "", "BEDS", "", "", "£1,234.56", "", "", "")
    assert second == ("M5", "", "HOME", "", "", "(2.00)", "", "", "")


def test_a_single_known_word_is_no_heading() -> None:
    assert pasted("Period\nM1")[1] == []


def test_a_block_without_headings_is_laid_over_the_cells_from_the_current_one_on(book: Book) -> None:
    rows = [row(), row(scheme="HOME")]
    made = placed([["2.00", "R2"], ["3.00", "R3"]], [], rows, 1, COLUMNS.index("amount"), book)
    assert made == [row(scheme="HOME", amount="2.00", reference="R2"), (*EMPTY[:5], "3.00", "R3", "", "")]


def test_what_reaches_beyond_the_last_column_is_left(book: Book) -> None:
    assert placed([["default", "lost"]], [], [row()], 0, COLUMNS.index("cause"), book) == [row(cause="default")]


def test_a_line_break_within_a_cell_becomes_a_space(book: Book) -> None:
    (made,) = placed([["two\nlines"]], [], [row()], 0, COLUMNS.index("description"), book)
    assert made == row(description="two lines")


def test_a_cell_of_the_block_is_kept_as_it_is_if_no_code_is_meant(book: Book) -> None:
    (made,) = placed([["4001"]], [], [row()], 0, COLUMNS.index("scheme"), book)
    assert made == row(scheme="4001")
