"""Extracts that look as if they could be read, and would be read wrongly: refused, or read as they were meant."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from ledgers import Ledger
from ledgers.importing.forms import PeriodForm
from ledgers.importing.guessing import guess, is_ours
from ledgers.importing.mapping import read_mapping
from ledgers.importing.previewing import check, look_into
from rules.agreement import Agreement
from rules.periods import FinancialYear, Period
from rules.problems import RefusedError

Write = Callable[..., Path]

FIXED = '[constants]\nperiod = "M4"\npartner = "COUNCIL"\nkind = "actual"\nscheme = "BEDS"\n'
SIDES = '[columns]\ndebit = "Debit"\ncredit = "Credit"\n' + FIXED
AMOUNT = '[columns]\namount = "Net"\nreference = "Ref"\ndescription = "Text"\n' + FIXED


@pytest.fixture
def book(sqlite_ledger: Ledger) -> Ledger:
    """One store: what is tried here ends before any."""
    return sqlite_ledger


@pytest.fixture
def agreement(book: Ledger) -> Agreement:
    return book.agreement_at(Period.M13)


def refused(ledger: Ledger, path: Path) -> list[str]:
    with pytest.raises(RefusedError) as caught:
        ledger.import_file(path, "m")
    return [str(problem).replace(str(path), path.name) for problem in caught.value.problems]


def pence(ledger: Ledger) -> list[int]:
    return [line.amount_pence for line in ledger.lines()]


def faults(text: str) -> list[str]:
    with pytest.raises(RefusedError) as caught:
        read_mapping(text)
    return [str(problem) for problem in caught.value.problems]


class TestAmounts:
    @pytest.mark.parametrize("row", ["1.234,56,R1,", "12,50,R1,", "12,50-,R1", "(12,50),R1,"])
    def test_pence_behind_a_comma_without_quotation_marks_are_not_lost(
        self, book: Ledger, write: Write, row: str
    ) -> None:
        book.save_mapping("m", 'amount_format = "1.234,56-"\n' + AMOUNT)
        assert refused(book, write(row, header="Net,Ref,Text\n")) == [
            "lines.csv:2: Net: an amount with a comma needs quotation marks around it"
        ]
        book.import_file(write('"12,50",34,x', header="Net,Ref,Text\n"), "m")
        assert pence(book) == [12_50]

    def test_a_nought_of_a_grid_is_no_part_of_what_stands_after_it(self, book: Ledger, write: Write) -> None:
        wide = '[wide.Apr]\nperiod = "M1"\n[wide.May]\nperiod = "M2"\n'
        book.save_mapping("m", FIXED.replace('period = "M4"\n', "") + wide)
        book.import_file(write("0,125.5", header="Apr,May\n"), "m")
        assert pence(book) == [125_50]

    @pytest.mark.parametrize("columns", ['debit = "D"\ncredit = "C"\n', 'amount = "A"\nsign = "S"\n'])
    def test_a_side_is_said_once(self, columns: str) -> None:
        (told,) = faults(f'amount_format = "1,234.56 CR"\n[columns]\n{columns}')
        assert told == (
            "mapping.toml: amount_format: the columns say which side an amount is on; written behind it too "
            "(1,234.56 CR), a credit would be turned twice: read it without those columns"
        )

    def test_a_constant_amount_is_not_rearranged(self) -> None:
        (told,) = faults('[constants]\namount = "5.00"\n[skip]\nText = "x"\n')
        assert told == (
            "mapping.toml: constants.amount: an amount that is the same on every row is of files whose rows are read "
            "as they stand: take it out, or what rearranges them"
        )

    def test_a_form_with_a_comma_is_guessed_only_of_what_shows_pence_behind_one(
        self, write: Write, agreement: Agreement
    ) -> None:
        header = "Net amount;Cost centre\n"
        for row, form in (("1.234;a", "1,234.56"), ("1.234;a\n7,50;b", "1.234,56"), ("1.234-;a\n7,5-;b", "1.234,56-")):
            looked = look_into(write(row, header=header))
            assert guess(looked, agreement, "m").amount_format == form


class TestTotals:
    MAPPING = SIDES + '[total]\nText = "Total"\n'

    def test_a_blank_side_of_a_total_is_nought(self, book: Ledger, write: Write) -> None:
        book.save_mapping("m", self.MAPPING)
        book.import_file(write("5.00,,a", "5.00, ,Total", header="Debit,Credit,Text\n"), "m")
        assert pence(book) == [5_00]

    def test_the_sign_of_a_total_is_read_as_that_of_a_row(self, book: Ledger, write: Write) -> None:
        book.save_mapping("m", '[columns]\namount = "Net"\nsign = "S"\n' + FIXED + '[total]\nText = "Total"\n')
        book.import_file(write("5.00,-,a", "5.00,-,Total", header="Net,S,Text\n"), "m")
        assert pence(book) == [-5_00]

    def test_rows_that_no_total_counts_are_refused(self, book: Ledger, write: Write) -> None:
        book.save_mapping("m", self.MAPPING)
        path = write("5.00,,a", "5.00,,Total", "2.00,,b", "3.00,,c", header="Debit,Credit,Text\n")
        assert refused(book, path) == [
            (
                "lines.csv:4: from this row on the rows stand below the last total, and none counts them: was the file "
                "cut short?"
            )
        ]

        checked = check(book, path, read_mapping(self.MAPPING, name="m"))
        assert ([seen.number for seen in checked.wrong], checked.good, checked.can_be_posted) == ([4], 2, False)


class TestRowsLeftOut:
    def test_a_row_that_a_comma_pushed_out_of_place_is_not_left_out(self, book: Ledger, write: Write) -> None:
        book.save_mapping("m", AMOUNT.replace('reference = "Ref"\n', "") + '[only]\nFund = "BCF*"\n')
        path = write("a,BCF1,1.00", "Smith, Jones,BCF1,9.00", "Printed by a clerk", header="Text,Fund,Net\n")
        assert refused(book, path) == ["lines.csv:3: the row has too many cells: 4, where the header has 3"]

    @pytest.mark.parametrize("table", ["only", "skip", "total"])
    def test_a_row_whose_condition_is_a_failed_formula_is_not_left_out(
        self, book: Ledger, write: Write, table: str
    ) -> None:
        book.save_mapping("m", f'[columns]\namount = "Net"\n{FIXED}[{table}]\nFund = ["BCF*", ""]\n')
        content = io.BytesIO()
        with xlsxwriter.Workbook(content, {"in_memory": True}) as made:
            sheet = made.add_worksheet()
            sheet.write_row(0, 0, ["Net", "Fund"])
            sheet.write(1, 0, 9)
            sheet.write_formula(1, 1, "=NA()", None, "#N/A")
        assert "x.xlsx:2: B2: the cell's formula gives #N/A; mend it in the workbook" in refused(
            book, write(name="x.xlsx", text=content.getvalue())
        )


class TestPeriods:
    def test_days_and_months_without_a_mark_between_them_have_two_digits_each(self) -> None:
        form = PeriodForm("DDMMYYYY", year=FinancialYear(2026))
        assert form.read("01122026") == "M9"
        with pytest.raises(ValueError, match="“1122026” is not a period as the mapping says"):
            form.read("1122026")  # of 11 February, or of 1 December
        assert PeriodForm("MMYYYY", year=FinancialYear(2026)).read("62026") == "M3"

    def test_a_month_of_another_year_is_no_month_of_this(self, write: Write, agreement: Agreement) -> None:
        """March before the ledger's year must not become its M12."""
        year = agreement.year.first % 100
        path = write(f"Mar-{year},5.00", f"Apr-{year},6.00", header="Period,Net amount\n")
        mapping = guess(look_into(path), agreement, "m")
        assert mapping.period_format == "MMM-YY"
        form = PeriodForm(mapping.period_format, year=agreement.year)
        assert form.read(f"Apr-{year}") == str(Period.M1)
        with pytest.raises(ValueError, match="and the ledger is of"):
            form.read(f"Mar-{year}")

    @pytest.mark.parametrize(
        ("texts", "form"),
        [(("{0}06",), ""), (("{0}06", "{0}03"), "YYYYPP"), (("{0}13",), "YYYYPP"), (("06/{0}", "09/{0}"), "")],
    )
    def test_a_number_that_may_be_a_calendar_month_is_not_guessed_to_be_a_period(
        self, write: Write, agreement: Agreement, texts: tuple[str, ...], form: str
    ) -> None:
        """`202606` is September to one ledger, June to another; `202603` of 2026/27 can only be a period."""
        rows = [f"{text.format(agreement.year.first)},1.00" for text in texts]
        assert guess(look_into(write(*rows, header="Period,Net amount\n")), agreement, "m").period_format == form


def test_marks_in_a_few_texts_do_not_separate_the_cells(write: Write) -> None:
    assert look_into(write("1.00,a;b;c;d|e;f", "2.00,b", header="Net,Text\n")).separator == ","
    assert look_into(write("1,00;a,b,c", "2,00;b", header="Net;Text\n")).separator == ";"


def test_a_file_of_our_headings_in_another_form_needs_a_mapping(write: Write) -> None:
    header = "period,scheme,partner,kind,amount\n"
    assert is_ours(look_into(write("M1,BEDS,ICB,actual,1.00", header=header)))
    assert not is_ours(look_into(write("M1;BEDS;ICB;actual;1.00", header=header.replace(",", ";"))))
    assert not is_ours(look_into(write(text=(header + "M1,B\xe9DS,ICB,actual,1.00\n").encode("cp1252"))))


def test_a_text_that_runs_on_keeps_the_marks_that_it_has(book: Ledger, write: Write) -> None:
    book.save_mapping("m", 'separator = ";"\n[columns]\namount = "Net"\ndescription = "Text"\n' + FIXED)
    book.import_file(write("1.00;a;b, c", header="Net;Text\n"), "m")
    assert [line.description for line in book.lines()] == ["a;b, c"]
