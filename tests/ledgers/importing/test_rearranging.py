"""Extracts in a layout of their own: rows left out, held as totals, of two columns of amounts, or of twelve."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from ledgers import Ledger
from ledgers.importing.faults import Faults
from ledgers.importing.mapping import Mapping, read_mapping
from ledgers.importing.mapping_tables import matcher
from ledgers.importing.mending import write_mended
from ledgers.importing.opening import open_source
from ledgers.importing.previewing import check, look_into, marks_of, read_book, values_in
from ledgers.importing.rearranging import Rearranger
from ledgers.importing.source import look_at
from ledgers.importing.writing_mapping import write_mapping
from rules.agreement import Kind
from rules.problems import RefusedError

Write = Callable[..., Path]


@pytest.fixture
def book(sqlite_ledger: Ledger) -> Ledger:
    """One store: what is tried here ends before any."""
    return sqlite_ledger


FIXED = '[constants]\nperiod = "M4"\npartner = "COUNCIL"\nkind = "actual"\nscheme = "BEDS"\n'
SIDES = '[columns]\ndebit = "Debit"\ncredit = "Credit"\n' + FIXED


def refused(ledger: Ledger, path: Path, name: str = "m") -> list[str]:
    with pytest.raises(RefusedError) as caught:
        ledger.import_file(path, name)
    return [str(problem).replace(str(path), path.name) for problem in caught.value.problems]


def pence(ledger: Ledger) -> list[int]:
    return [line.amount_pence for line in ledger.lines()]


class TestAmounts:
    def test_a_debit_less_a_credit(self, book: Ledger, write: Write) -> None:
        book.save_mapping("m", SIDES)
        book.import_file(
            write('"1,250.00",,a', ",25.00,b", "0.00,3.10,c", "-7.00,,d", header="Debit,Credit,Text\n"), "m"
        )
        assert pence(book) == [1250_00, -25_00, -3_10, -7_00]
        assert next(book.lines()).raw == '"1,250.00",,a\n'

    def test_a_debit_and_a_credit_in_one_row_none_or_a_torn_one_are_refused(self, book: Ledger, write: Write) -> None:
        book.save_mapping("m", SIDES)
        path = write("5.00,3.00,a", ",,b", "1,000.00,", "x,,d", "1,2,3,4", header="Debit,Credit,Text\n")
        assert refused(book, path) == [
            "lines.csv:2: Credit: the row has a debit of £5.00 and a credit of £3.00; it has one of them",
            "lines.csv:3: Debit: the row has neither a debit nor a credit; write 0.00 if none was meant",
            "lines.csv:4: Debit: an amount with a comma needs quotation marks around it",
            "lines.csv:5: Debit: “x” is not an amount; write pounds and pence, for example 1,234.56 or (1,234.56)",
            "lines.csv:6: the row has too many cells: 4, where the header has 3",
        ]
        assert pence(book) == []

    def test_a_sign_beside_the_amount(self, book: Ledger, write: Write) -> None:
        book.save_mapping("m", '[columns]\namount = "Value"\nsign = "D/C"\n[values.sign]\nH = "-"\nS = "+"\n' + FIXED)
        book.import_file(write("5.00,S", "3.00,H", "2.00,-", header="Value,D/C\n"), "m")
        assert pence(book) == [5_00, -3_00, -2_00]
        assert refused(book, write("5.00,X", "-3.00,H", header="Value,D/C\n")) == [
            "lines.csv:2: D/C: “X” is not a sign; say in [values.sign] which of + and - it means",
            (
                "lines.csv:3: Value: the amount has a sign of its own beside the column of signs; read it without that "
                "column"
            ),
        ]

    def test_signs_are_turned_for_some_kinds_alone(self, book: Ledger, write: Write) -> None:
        book.save_mapping("m", 'flip_sign = ["payment", "virement"]')
        book.import_file(
            write(
                "M4,BEDS,ICB,payment,-9.00,,,,", "M4,BEDS,COUNCIL,actual,8.00,,,,",
                "M4,BEDS,COUNCIL,virement,5.00,,V1,,", "M4,HOME,COUNCIL,virement,-5.00,,V1,,",
            ),
            "m",
        )  # fmt: skip
        assert pence(book) == [9_00, 8_00, -5_00, 5_00]

    def test_the_sap_way(self, book: Ledger, write: Write) -> None:
        book.save_mapping(
            "m",
            'separator = ";"\nencoding = "windows-1252"\namount_format = "1.234,56-"\nperiod_format = "PPP"\n'
            '[columns]\namount = "Betrag"\nperiod = "Per"\ndescription = "Text"\n'
            + FIXED.replace('period = "M4"\n', ""),
        )
        path = write(text="Per;Betrag;Text\r\n004;1.234,56;Café £5\r\n005;99,00-;x,y\r\n".encode("cp1252"))
        book.import_file(path, "m")
        first, second = book.lines()
        assert (str(first.period), first.amount_pence, first.description) == ("M4", 1234_56, "Café £5")
        assert (str(second.period), second.amount_pence, second.description) == ("M5", -99_00, "x,y")

    def test_a_comma_before_the_pence_is_refused_of_a_workbook(self, book: Ledger, write: Write) -> None:
        book.save_mapping("m", 'amount_format = "1.234,56"')
        content = io.BytesIO()
        with xlsxwriter.Workbook(content, {"in_memory": True}) as made:
            made.add_worksheet().write_row(0, 0, ["period", "scheme", "partner", "kind", "amount"])
        (told,) = refused(book, write(name="x.xlsx", text=content.getvalue()))
        assert told.startswith("x.xlsx: amounts written as 1.234,56 are of text files: in a workbook 1.234 is a number")

    def test_a_formula_that_failed_is_told_at_its_own_cell(self, book: Ledger, write: Write) -> None:
        book.save_mapping("m", SIDES)
        content = io.BytesIO()
        with xlsxwriter.Workbook(content, {"in_memory": True}) as made:
            sheet = made.add_worksheet()
            sheet.write_row(0, 0, ["Debit", "Credit"])
            sheet.write_formula(1, 0, "=1/0", None, "#DIV/0!")
            sheet.write(2, 1, 4)
        path = write(name="x.xlsx", text=content.getvalue())
        assert refused(book, path) == ["x.xlsx:2: A2: the cell's formula gives #DIV/0!; mend it in the workbook"]

    def test_text_that_is_not_in_the_encoding_that_the_mapping_says(self, book: Ledger, write: Write) -> None:
        book.save_mapping("m", 'encoding = "windows-1252"\n' + SIDES)
        path = write(text=b"Debit,Credit\n1.00,\x81\n")
        assert refused(book, path) == ["lines.csv:2: the text is not in windows-1252, as the mapping says that it is"]


class TestRows:
    MAPPING = SIDES.replace('scheme = "BEDS"\n', "").replace("[constants]", 'scheme = "CC"\n[constants]')

    def test_rows_of_others_and_of_balances_are_left_out_and_counted(self, book: Ledger, write: Write) -> None:
        book.save_mapping("m", self.MAPPING + '[only]\nCC = ["BE*", "home"]\n[skip]\nText = "Balance *"\n')
        done = book.import_file(
            write(
                "1.00,,BEDS,a", "2.00,,OTHER,b", "9.00,,BEDS,balance b/f", "4.00,, HOME ,c", ",,,", ",,,Balance",
                header="Debit,Credit,CC,Text\n",
            ),
            "m",
        )  # fmt: skip
        assert pence(book) == [1_00, 4_00]
        assert (done.count, done.left_out) == (2, 3)

    def test_a_file_of_which_everything_is_left_out_is_refused(self, book: Ledger, write: Write) -> None:
        book.save_mapping("m", self.MAPPING + '[only]\nCC = "NONE"\n')
        path = write("1.00,,BEDS", "1.00,,HOME", header="Debit,Credit,CC\n")
        assert refused(book, path) == [
            "lines.csv: the mapping leaves out every row of the file, 2 of them: look at its [only] and [skip]"
        ]

    def test_a_total_must_be_what_the_rows_above_it_come_to(self, book: Ledger, write: Write) -> None:
        book.save_mapping("m", self.MAPPING + '[only]\nCC = "BEDS"\n[total]\nText = "*total*"\n')
        rows = ["5.00,,BEDS,a", "2.00,,OTHER,b", "7.00,,,Subtotal", ",1.00,BEDS,c", ",1.00,,Subtotal"]
        header = "Debit,Credit,CC,Text\n"
        done = book.import_file(write(*rows, "7.00,1.00,,Grand total", header=header), "m")
        assert (pence(book), done.left_out) == ([5_00, -1_00], 4)
        assert refused(book, write(*rows, "7.00,2.00,,Grand total", header=header)) == [
            (
                "lines.csv:7: Debit: the total row says £5.00, and the rows above it come to £0.00 since the last "
                "total, £6.00 in all: £1.00 apart; is the file whole, and does every row count?"
            )
        ]

    def test_a_file_without_its_total_was_cut_short(self, book: Ledger, write: Write) -> None:
        book.save_mapping("m", self.MAPPING + '[total]\nText = "Total"\n')
        assert refused(book, write("5.00,,BEDS,a", header="Debit,Credit,CC,Text\n")) == [
            (
                "lines.csv: the file has no row that is a total, as the mapping's [total] says that there is: was it "
                "cut short?"
            )
        ]

    def test_a_total_is_not_spoken_of_where_an_amount_could_not_be_read(self, book: Ledger, write: Write) -> None:
        book.save_mapping("m", self.MAPPING + '[total]\nText = "Total"\n')
        path = write("5.0O,,BEDS,a", "9.00,,,Total", header="Debit,Credit,CC,Text\n")
        (told,) = refused(book, path)
        assert "it has the letter O where a nought may be meant" in told

    @given(st.lists(st.integers(-(10**9), 10**9), min_size=1), st.integers(-5, 5))
    def test_of_any_rows_the_total_is_taken_if_and_only_if_it_is_their_sum(self, rows: list[int], off: int) -> None:
        from ledgers.importing.rearranging import Rearrangement
        from ledgers.importing.sheet import Sheet
        from rules.money import plain

        plan = Rearrangement(2, (), 1, "1,234.56", amount=1, total=((0, matcher(("Total",))),))
        told = [["a", plain(each)] for each in rows] + [["TOTAL", plain(sum(rows) + off)]]
        numbered = ((number, cells, "") for number, cells in enumerate(told, 2))
        faults = Faults("f")
        sheet = Sheet("f", ["T", "A"], 1, numbered, lambda column, _row: "TA"[column], lambda: None)
        taken = [cells[1] for _, cells, _ in Rearranger(plan, faults).rows(sheet)]
        assert taken == [plain(each) for each in rows]
        assert bool(faults) == bool(off)

    def test_columns_that_are_spoken_of_must_be_there_once(self, book: Ledger, write: Write) -> None:
        book.save_mapping("m", self.MAPPING + '[skip]\nNote = "x"\nText = "y"\n')
        assert refused(book, write(header="Debit,Credit,CC,Text,Text\n")) == [
            "lines.csv:1: Note: the mapping speaks of the column “Note”, which the header does not have",
            "lines.csv:1: Text: the mapping speaks of the column “Text”, which the header has more than once",
        ]


class TestCodes:
    def test_a_part_of_a_code_is_the_scheme(self, book: Ledger, write: Write) -> None:
        book.save_mapping(
            "m",
            '[columns]\nscheme = "Account"\nkind = "Account"\n[constants]\nperiod = "M4"\npartner = "COUNCIL"\n'
            '[parts]\nscheme = { by = "-", number = 2 }\nkind = { from = 9, to = 12 }\n'
            '[values.scheme]\n"4001" = "BEDS"\n[values.kind]\n5216 = "actual"\n4000 = "payment"\n',
        )
        header = "Account,amount\n"
        book.import_file(write("01-4001-521600-0,5.00", "01-4001-4000-0,6.00", header=header), "m")
        assert [(line.scheme, line.kind) for line in book.lines()] == [
            ("BEDS", Kind.ACTUAL), ("BEDS", Kind.PAYMENT)
        ]  # fmt: skip
        assert refused(book, write("4001,5.00", header=header)) == [
            "lines.csv:2: Account: “4001” is not a scheme of the agreement; it is one of BEDS, HOME, OWN, ACUTE",
            (
                "lines.csv:2: Account: “4001” is not a kind of lines; it is one of budget, virement, payment, actual, "
                "accrual, forecast, qipp_target, qipp_delivered, qipp_forecast, baseline"
            ),
        ]

    def test_a_period_is_held_to_the_year_and_a_value_goes_before_its_form(self, book: Ledger, write: Write) -> None:
        book.save_mapping("m", 'period_format = "MMM-YY"\n[values.period]\n"ADJ-23" = "M13"\n')
        header = "period,scheme,partner,kind,amount\n"
        book.import_file(write("JUL-22,BEDS,COUNCIL,actual,1", "ADJ-23,BEDS,COUNCIL,actual,1", header=header), "m")
        assert [str(line.period) for line in book.lines()] == ["M4", "M13"]
        path = write("JUL-23,BED,COUNCIL,actual,1", ",BEDS,COUNCIL,actual,2", "M5,BEDS,COUNCIL,actual,2", header=header)
        assert refused(book, path) == [
            "lines.csv:2: period: “JUL-23” is of 2023/24, and the ledger is of 2022/23",
            "lines.csv:2: scheme: “BED” is not a scheme of the agreement; it is one of BEDS, HOME, OWN, ACUTE",
            "lines.csv:3: period: the period is empty; write M1 to M13",
            "lines.csv:4: period: “M5” is not a period as the mapping says that they are written (MMM-YY)",
        ]

    def test_what_the_mapping_says_of_every_row_is_as_ours_whatever_the_form(self, book: Ledger, write: Write) -> None:
        book.save_mapping("m", 'period_format = "MMM-YY"\n' + SIDES)
        book.import_file(write("1.00,", header="Debit,Credit\n"), "m")
        assert [str(line.period) for line in book.lines()] == ["M4"]


class TestWide:
    MONTHS = (
        '[columns]\nscheme = "Scheme"\n[constants]\npartner = "COUNCIL"\nkind = "actual"\n'
        '[wide."Apr"]\nperiod = "M1"\n[wide."May"]\nperiod = "M2"\n[wide."Accrued"]\nperiod = "M2"\nkind = "accrual"\n'
    )
    HEADER = "Scheme,Apr,May,Accrued,Year\n"

    def test_a_row_of_months_is_a_line_for_each_amount(self, book: Ledger, write: Write) -> None:
        book.save_mapping("m", self.MONTHS)
        done = book.import_file(write("BEDS,10.00,, 5.00 ,15", "HOME,-,0.00,£-,0", header=self.HEADER), "m")
        assert [(str(line.period), line.kind.value, line.amount_pence, line.row) for line in book.lines()] == [
            ("M1", "actual", 10_00, 2),
            ("M2", "accrual", 5_00, 2),
        ]
        assert done.totals_pence == ((Kind.ACTUAL, 10_00), (Kind.ACCRUAL, 5_00))

    def test_what_is_wrong_with_a_row_is_said_once_and_an_amount_by_its_own_column(
        self, book: Ledger, write: Write
    ) -> None:
        book.save_mapping("m", self.MONTHS)
        assert refused(book, write("BED,1.00,2.00,3.00,6", "BEDS,x,2.00,y,", header=self.HEADER)) == [
            "lines.csv:2: Scheme: “BED” is not a scheme of the agreement; it is one of BEDS, HOME, OWN, ACUTE",
            "lines.csv:3: Apr: “x” is not an amount; write pounds and pence, for example 1,234.56 or (1,234.56)",
            "lines.csv:3: Accrued: “y” is not an amount; write pounds and pence, for example 1,234.56 or (1,234.56)",
        ]

    def test_what_only_some_headings_say_must_be_said_elsewhere(self, book: Ledger, write: Write) -> None:
        book.save_mapping("m", self.MONTHS.replace('kind = "actual"\n', ""))
        assert refused(book, write("BEDS,1.00,,,", header=self.HEADER)) == [
            "lines.csv:1: kind: neither the header nor the mapping says the kind"
        ]

    def test_a_total_of_a_grid(self, book: Ledger, write: Write) -> None:
        book.save_mapping("m", self.MONTHS + '[total]\nScheme = "Total"\n')
        path = write("BEDS,10.00,1.00,,11", "Total,10.00,2.00,-,12", header=self.HEADER)
        (told,) = refused(book, path)
        assert told.startswith("lines.csv:3: Apr: the total row says £12.00, and the rows above it come to £11.00:")


class TestPreviews:
    def test_rows_left_out_are_counted_and_not_shown_as_good(self, book: Ledger, write: Write) -> None:
        mapping = read_mapping(SIDES + '[skip]\nText = "b"\n[total]\nText = "Total"\n', name="m")
        path = write("1.00,,a", "2.00,,b", "3.00,x,c", "4.00,,Total", header="Debit,Credit,Text\n")
        checked = check(book, path, mapping)
        assert [row.number for row in checked.first] == [2]
        assert (checked.good, checked.bad, checked.left_out) == (1, 1, 2)
        mended = check(book, path, mapping, {4: ("3.00", "", "c")})
        assert (mended.good, mended.bad, mended.problems) == (2, 0, ())
        (seen,) = checked.wrong
        judge = read_book(book).judge()
        assert [mark.column for mark in marks_of(seen, checked, judge)] == [1]

    def test_codes_to_be_given_a_meaning_are_those_of_rows_that_are_taken(self, write: Write) -> None:
        mapping = read_mapping(
            'period_format = "MMM-YY"\n[columns]\nperiod = "P"\nscheme = "A"\namount = "N"\n'
            '[constants]\npartner = "ICB"\nkind = "actual"\n'
            '[parts]\nscheme = { by = "-", number = 1 }\n[skip]\nN = "0"\n'
        )
        path = write("JUL-22,1-a,5", "ADJ-22,1-b,6", "JUL-22,9-c,0", header="P,A,N\n")
        assert values_in(path, mapping, ("period", "scheme")) == {"period": (("ADJ-22", 1),), "scheme": (("1", 2),)}

    def test_what_a_file_is_written_in_is_guessed(self, write: Write) -> None:
        looked = look_into(write(text='A;B;C\r\n"x,y,z,z";£1;1,5\r\n'.encode("cp1252")))
        assert (looked.encoding, looked.separator, looked.headings(1)) == ("windows-1252", ";", ("A", "B", "C"))
        looked = look_into(write(text="A\tB\r\n£1\t2\r\n"))
        assert (looked.encoding, looked.separator) == ("utf-8", "\t")

    def test_a_mended_copy_is_written_as_the_file_was(self, book: Ledger, write: Write) -> None:
        mapping = read_mapping('separator = ";"\nencoding = "windows-1252"\n' + SIDES)
        path = write(text="Debit;Credit;Text\r\n1.00;;£\r\nx;;é\r\n".encode("cp1252"))
        copy = write_mended(path, {3: ("2.00", "", "é")}, mapping)
        assert copy.read_bytes() == "Debit;Credit;Text\r\n1.00;;£\r\n2.00;;é\r\n".encode("cp1252")
        assert check(book, copy, mapping).totals_pence == ((Kind.ACTUAL, 3_00),)
        with pytest.raises(RefusedError, match="the file is in windows-1252, which has no “→”: mend the row without"):
            write_mended(path, {3: ("2.00", "", "a → b")}, mapping)
        assert [each.name for each in sorted(path.parent.glob("*mended*"))] == [copy.name]


ALL = """name = "all"
header_row = 3
flip_sign = ["payment"]
encoding = "windows-1252"
separator = "\\t"
amount_format = "1,234.56-"
period_format = "YYYYPP"
year_named = "end"

[columns]
scheme = "A.1"
debit = "Dr"
credit = "Cr"

[constants]
partner = "ICB"

[parts]
scheme = { by = ".", number = 2 }
kind = { from = 1, to = 3 }

[values.scheme]
a = "b"

[only]
"Cost centre" = ["1", "2*"]

[skip]
Source = ["Balance"]

[total]
T = ["*"]
"""


def test_a_mapping_with_every_key_is_written_as_it_was_read() -> None:
    mapping = read_mapping(ALL)
    assert write_mapping(mapping) == ALL
    wide = read_mapping('[columns]\nscheme = "S"\n[wide."Apr 1"]\nperiod = "M1"\n[wide.May]\nkind = "budget"\n')
    assert read_mapping(write_mapping(wide)).wide == {"Apr 1": {"period": "M1"}, "May": {"kind": "budget"}}
    assert Mapping(text=mapping.text) != mapping


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ('encoding = "latin"', "encoding", "“latin” is not an encoding that is read; write one of utf-8, windows-1252"),
        ('separator = ":"', "separator", "“:” does not separate columns; write one of ,, ;, a tab (\\t), |"),
        ('amount_format = "1 234"', "amount_format", "“1 234” is not a way of writing an amount; write one of 1,234."),
        ('period_format = "x"', "period_format", "“x” is not a way of writing a period; write for example MMM-YY"),
        ('year_named = "2026"', "year_named", "“2026” does not say which year is meant; write one of start, end"),
        ('flip_sign = ["cash"]', "flip_sign", "this is true or false, or a list of kinds of line whose sign is turned"),
        ("parts = 5", "parts", "this is a table of tables"),
        ("parts.amount = {}", "parts.amount", "a part is of a column of codes: period, scheme, partner, kind, cause"),
        ("parts.scheme.by = '-'", "parts.scheme", 'a part is { by = "-", number = 2 }, or { from = 4, to = 9 }'),
        ("parts.scheme = {from = 4, to = 3}", "parts.scheme", "a part is"),
        ("parts.scheme = {by = '-', number = true}", "parts.scheme", "a part is"),
        ("parts.scheme = 'x'", "parts.scheme", "a part is"),
        ("only = 5", "only", "this is a table"),
        ("skip.A = []", "skip.A", "this is a text, in quotation marks, or a list of them"),
        ("total.A = [5]", "total.A", "this is a text, in quotation marks, or a list of them"),
        ("wide = 5", "wide", "this is a table of tables"),
        ("wide.A = {}", "wide.A", 'a column of amounts says something of them, such as { period = "M1" }'),
        ("wide.A.amount = '5'", "wide.A.amount", "a heading can say of an amount its period, scheme, partner, kind"),
        ("wide.A.period = 1", "wide.A.period", "this is a text, in quotation marks"),
        ("columns.debit = 'D'", "columns", "a debit and a credit go together: name both columns"),
        ("columns.sign = 'S'", "columns.sign", "a sign stands beside a column of amounts: name that too"),
        (
            "columns.amount = 'N'\nwide.A.period = 'M1'",
            "columns",
            "an amount is of one column, of a debit and a credit, or of wide columns: one of the three",
        ),
        (
            "columns.period = 'P'\nwide.A.period = 'M1'",
            "wide.A.period",
            "period is both read from a column and said by a heading",
        ),
        ("columns.measure = 'M'\nskip.A = 'x'", "skip", "this is for ledger lines, and the mapping reads measures"),
    ],
)
def test_a_key_that_cannot_be(text: str, place: str, message: str) -> None:
    with pytest.raises(RefusedError) as caught:
        read_mapping(text)
    assert [problem.place for problem in caught.value.problems] == [place]
    assert caught.value.problems[0].message.startswith(message)


@given(st.text(max_size=12), st.text(max_size=12))
def test_a_star_stands_for_anything_and_nothing_else_is_special(before: str, after: str) -> None:
    if "*" in before + after or before.endswith("\\"):
        return
    pattern = matcher((f"{before}*{after}",))
    assert pattern.fullmatch(f"{before}anything{after}")
    assert matcher((before,)).fullmatch(f" {before.strip()} ")


def test_a_star_that_is_meant_is_written_with_a_stroke_before_it() -> None:
    assert matcher((r"\**",)).fullmatch("** total")
    assert not matcher((r"\*",)).fullmatch("**")
    assert not matcher((r"\*",)).fullmatch("x")


def test_the_rows_are_as_they_were_without_anything_to_rearrange(write: Write) -> None:
    path = write("M4,BEDS,ICB,actual,5", header="period,scheme,partner,kind,amount\n")
    with open_source(look_at(path), read_mapping('flip_sign = ["payment"]')) as opened:
        assert opened.columns.rearrangement is None  # a million rows pay nothing for what they do not need
