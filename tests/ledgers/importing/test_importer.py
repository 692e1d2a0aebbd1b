"""Imports that are posted: what is read, kept and refused the second time."""

import io
import subprocess
import sys
import textwrap
from collections.abc import Callable
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

import pytest
import xlsxwriter

from ledgers import Imported, Ledger, create_ledger
from rules.agreement import Kind
from rules.periods import Period
from rules.problems import RefusedError

ROW = "M1,BEDS,COUNCIL,budget,100.00,2022-04-30,R1,Beds,"
MEASURES = "period,measure,baseline,target,actual\n"


def amounts(ledger: Ledger) -> list[int]:
    return [line.amount_pence for line in ledger.lines()]


def workbook(*rows: tuple[object, ...], name: str = "Lines") -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, "default_date_format": "dd/mm/yyyy"}) as book:
        book.add_worksheet("Cover").write(0, 0, "Extract") if name != "Lines" else None
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write(number, column, cell)
    return content.getvalue()


class TestLines:
    def test_are_posted_as_they_were_read(self, ledger: Ledger, write: Callable[..., Path]) -> None:
        path = write(ROW, 'M4,HOME,ICB,actual,"(1,234.50)",,,"Beds, and ""more"" here",default')
        imported = ledger.import_file(path)
        first, second = ledger.lines()
        assert (first.period, first.scheme, first.partner, first.kind) == (Period.M1, "BEDS", "COUNCIL", Kind.BUDGET)
        assert (first.amount_pence, first.date, first.reference) == (100_00, date(2022, 4, 30), "R1")
        assert (second.amount_pence, second.in_default, second.date) == (-1234_50, True, None)
        assert second.description == 'Beds, and "more" here'
        assert imported == Imported(
            batch=1,
            file=str(path),
            digest=sha256(path.read_bytes()).hexdigest(),
            content="lines",
            count=2,
            totals_pence=((Kind.BUDGET, 100_00), (Kind.ACTUAL, -1234_50)),
            sample=(first, second),
        )

    def test_keep_where_they_came_from(self, ledger: Ledger, write: Callable[..., Path]) -> None:
        path = write(ROW, "", 'M1,BEDS,CCG,budget,1,,"R2\n",two lines,', ROW)
        ledger.import_file(path)
        assert [(line.file, line.row) for line in ledger.lines()] == [(str(path), 2), (str(path), 4), (str(path), 6)]
        assert [line.raw for line in ledger.lines()] == [
            ROW + "\n",
            'M1,BEDS,CCG,budget,1,,"R2\n",two lines,\n',
            ROW + "\n",
        ]

    def test_of_every_way_to_write_an_amount(self, ledger: Ledger, write: Callable[..., Path]) -> None:
        written = ['"1,234.56"', "£1234.5", "-1234.56", '"(1,234.56)"', "0", " 7 "]
        ledger.import_file(write(*(f"M1,BEDS,COUNCIL,actual,{text},,,," for text in written)))
        assert amounts(ledger) == [123456, 123450, -123456, -123456, 0, 700]

    def test_in_columns_of_any_order_and_with_some_left_out(self, ledger: Ledger, write: Callable[..., Path]) -> None:
        ledger.import_file(write("1.00,budget,COUNCIL,BEDS,M1", header="amount,kind,partner,scheme,period\n"))
        assert amounts(ledger) == [100]

    def test_after_a_byte_order_mark_and_with_the_line_ends_of_windows(
        self, ledger: Ledger, write: Callable[..., Path]
    ) -> None:
        text = ("\ufeffperiod,scheme,partner,kind,amount\r\nM1,BEDS,COUNCIL,budget,1.00\r\n").encode()
        ledger.import_file(write(text=text))
        assert amounts(ledger) == [100]

    def test_with_the_line_ends_of_old_macs(self, ledger: Ledger, write: Callable[..., Path]) -> None:
        ledger.import_file(write(text=b"period,scheme,partner,kind,amount\rM1,BEDS,COUNCIL,budget,1.00\r"))
        assert amounts(ledger) == [100]

    def test_without_a_line_end_at_the_end(self, ledger: Ledger, write: Callable[..., Path]) -> None:
        ledger.import_file(write(text=b"period,scheme,partner,kind,amount\nM1,BEDS,COUNCIL,budget,1.00"))
        assert amounts(ledger) == [100]

    def test_with_empty_rows_between(self, ledger: Ledger, write: Callable[..., Path]) -> None:
        ledger.import_file(write(ROW, ",,,,,,,,", "", ",,", "   ", " ,,,,", " ,,,\t,,,, ", ROW))
        assert amounts(ledger) == [100_00, 100_00]

    def test_whose_references_differ_in_spaces_alone_are_one_virement(
        self, ledger: Ledger, write: Callable[..., Path]
    ) -> None:
        ledger.import_file(write("M1,BEDS,CCG,virement,-5.00,,R1,,", "M1,HOME,CCG,virement,5.00,,R1 ,,"))
        assert [line.reference for line in ledger.lines()] == ["R1", "R1"]

    @pytest.mark.parametrize("amount", ["100.00", "1000", '"100"'])
    def test_with_a_reference_of_three_digits_after_the_amount(
        self, ledger: Ledger, write: Callable[..., Path], amount: str
    ) -> None:
        header = "period,scheme,partner,kind,amount,reference,description\n"
        ledger.import_file(write(f"M1,BEDS,COUNCIL,budget,{amount},123,Beds, and more", header=header))
        (line,) = ledger.lines()
        assert (line.reference, line.description) == ("123", "Beds, and more")

    def test_of_a_workbook_with_a_reference_of_three_digits(self, ledger: Ledger, write: Callable[..., Path]) -> None:
        header = ("period", "scheme", "partner", "kind", "amount", "reference")
        ledger.import_file(write(text=workbook(header, ("M1", "BEDS", "COUNCIL", "budget", 100, 123))))
        (line,) = ledger.lines()
        assert (line.amount_pence, line.reference) == (100_00, "123")

    def test_whose_last_column_is_a_description_with_commas(self, ledger: Ledger, write: Callable[..., Path]) -> None:
        header = "period,scheme,partner,kind,amount,description\n"
        ledger.import_file(write("M1,BEDS,COUNCIL,budget,1.00,0.9% saving, 1% minimum, nothing", header=header))
        assert next(ledger.lines()).description == "0.9% saving, 1% minimum, nothing"

    def test_with_spaces_around_their_codes(self, ledger: Ledger, write: Callable[..., Path]) -> None:
        ledger.import_file(write(" M1 , BEDS ,COUNCIL , budget, 1.00 , 2022-04-01 ,,,"))
        (line,) = ledger.lines()
        assert (line.scheme, line.partner, line.date) == ("BEDS", "COUNCIL", date(2022, 4, 1))

    def test_whose_texts_look_like_something_else(self, ledger: Ledger, write: Callable[..., Path]) -> None:
        ledger.import_file(
            write("M1,BEDS,COUNCIL,budget,1.00,,007,NA,", "M1,BEDS,COUNCIL,budget,1.00,,12345678901234567,=1+1,")
        )
        assert [(line.reference, line.description) for line in ledger.lines()] == [
            ("007", "NA"),
            ("12345678901234567", "=1+1"),
        ]

    def test_of_a_virement_that_balances(self, ledger: Ledger, write: Callable[..., Path]) -> None:
        ledger.import_file(write("M1,BEDS,CCG,virement,-5.00,,V1,,", "M1,HOME,CCG,virement,5.00,,V1,,"))
        assert ledger.findings() == []

    def test_of_a_virement_may_balance_what_already_stands(
        self, ledger: Ledger, write: Callable[..., Path], unguarded: Callable[..., None]
    ) -> None:
        """A leg that came in behind the program's back is put right by its other leg, and by nothing else."""
        ledger.import_file(write(ROW))
        unguarded(
            ledger,
            "INSERT INTO lines "
            "(id, batch, period, scheme, partner, kind, amount_pence, reference, description, cause, raw) "
            "VALUES (9, 1, 1, 'BEDS', 'CCG', 'virement', -500, 'V1', '', '', '')",
        )
        with pytest.raises(RefusedError, match=r"the virements of reference “V1” sum to £1.00, not to zero"):
            ledger.import_file(write("M1,HOME,CCG,virement,6.00,,V1,,", name="wrong.csv"))
        assert ledger.import_file(write("M1,HOME,CCG,virement,5.00,,V1,,", name="right.csv")).count == 1

    def test_come_to_what_the_position_says(self, ledger: Ledger, write: Callable[..., Path]) -> None:
        rows = [f"M{number % 13 + 1},BEDS,COUNCIL,actual,{number}.{number % 100:02},,,," for number in range(500)]
        ledger.import_file(write(*rows))
        assert ledger.findings() == []
        (total,) = ledger.position(Period.M6).totals
        lines = list(ledger.lines())
        assert total.to_date_pence == sum(line.amount_pence for line in lines if line.period <= Period.M6)
        assert total.later_pence == sum(line.amount_pence for line in lines if line.period > Period.M6)


class TestOnce:
    def test_a_file_is_refused_the_second_time(self, ledger: Ledger, write: Callable[..., Path]) -> None:
        path = write(ROW)
        ledger.import_file(path)
        with pytest.raises(RefusedError, match=r"this file was imported already: batch 1, 2022-08-01T12:00:00"):
            ledger.import_file(path)
        with pytest.raises(RefusedError, match=r"this file was imported already"):
            ledger.import_file(path, dry_run=True)
        assert amounts(ledger) == [100_00]

    def test_under_another_name_too(self, ledger: Ledger, write: Callable[..., Path]) -> None:
        first = write(ROW)
        ledger.import_file(first)
        with pytest.raises(RefusedError) as caught:
            ledger.import_file(write(ROW, name="again.csv"))
        assert f"this file was imported already as {first}: batch 1" in str(caught.value)

    def test_a_refused_file_can_be_mended_and_imported(self, ledger: Ledger, write: Callable[..., Path]) -> None:
        with pytest.raises(RefusedError):
            ledger.import_file(write(ROW, "M1,BEDS,COUNCIL,budget,£O,,,,"))
        assert ledger.import_file(write(ROW)).batch == 1

    def test_a_file_that_changes_while_it_is_read_is_refused(self, ledger: Ledger, write: Callable[..., Path]) -> None:
        path = write(*[ROW] * 40_000)

        def meddle(_done: int, _of: int) -> None:
            with path.open("a") as file:
                file.write("\n")

        with pytest.raises(RefusedError, match=r"the file changed while it was being read; nothing was posted"):
            ledger.import_file(path, progress=meddle)
        assert amounts(ledger) == []


def test_a_dry_run_says_what_would_be_posted_and_posts_nothing(ledger: Ledger, write: Callable[..., Path]) -> None:
    ledger.hold(Period.M1)
    imported = ledger.import_file(write(*[ROW] * 30), dry_run=True)
    assert (imported.batch, imported.count, imported.late) == (None, 30, 30)
    assert imported.totals_pence == ((Kind.BUDGET, 3000_00),)
    assert len(imported.sample) == 20
    assert (imported.sample[0].period, imported.sample[0].belongs_to) == (Period.M2, Period.M1)
    assert amounts(ledger) == []


def test_progress_is_told_and_can_call_the_import_off(ledger: Ledger, write: Callable[..., Path]) -> None:
    path = write(*[ROW] * 50_000)
    told = []

    def progress(done: int, of: int) -> None:
        told.append((done, of))
        if len(told) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ledger.import_file(path, progress=progress)
    assert told[0][0] < told[1][0] <= told[1][1] == path.stat().st_size
    assert amounts(ledger) == []
    assert ledger.import_file(path).count == 50_000


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells a process its own peak memory")
def test_memory_stays_flat_however_long_the_file(tmp_path: Path, agreement_text: str) -> None:
    """Four times the lines, the same memory but for what SQLite caches, which has its own limit.

    getrusage would answer with the test worker's peak if that is higher: it is carried over when a process starts.
    """
    program = """
        import re, sys
        from pathlib import Path
        from ledgers import open_ledger
        with open_ledger(sys.argv[1]) as ledger:
            ledger.store.connection.execute("PRAGMA cache_size = 100")
            ledger.import_file(sys.argv[2])
        print(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
    """
    used_kib = []
    for lines in (16_000, 64_000):
        ledger, file = tmp_path / f"{lines}.s75", tmp_path / f"{lines}.csv"
        create_ledger(ledger, agreement_text).close()
        rows = (
            f"M{number % 12 + 1},BEDS,COUNCIL,actual,{number}.{number % 100:02},INV{number}\n"
            for number in range(lines)
        )
        file.write_text("period,scheme,partner,kind,amount,reference\n" + "".join(rows), encoding="utf-8")
        command = [sys.executable, "-c", textwrap.dedent(program), ledger, file]
        used_kib.append(int(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
    assert used_kib[1] < 300 * 1024
    assert used_kib[1] - used_kib[0] < 8 * 1024, used_kib


class TestMeasures:
    def test_are_posted_exactly(self, ledger: Ledger, write: Callable[..., Path]) -> None:
        imported = ledger.import_file(write("M3,NEA,7000.5,6750,6900", header=MEASURES))
        (measure,) = ledger.measures()
        assert (imported.content, imported.count, imported.batch) == ("measures", 1, 1)
        assert (measure.period, measure.measure, measure.baseline, measure.actual) == (Period.M3, "NEA", 7000.5, 6900)
        assert ledger.position(Period.M3).measures == (measure,)

    def test_of_a_later_file_stand_in_place_of_those_before(self, ledger: Ledger, write: Callable[..., Path]) -> None:
        """A year's table comes again each month, its forecasts become actuals."""
        ledger.import_file(write("M3,NEA,10,9,9", "M6,NEA,10,9,9", header=MEASURES))
        ledger.import_file(write("M6,NEA,10,9,8", "M9,NEA,10,9,9", header=MEASURES))
        assert [(measure.period, measure.actual) for measure in ledger.measures()] == [
            (Period.M3, 9), (Period.M6, 8), (Period.M9, 9),
        ]  # fmt: skip

    def test_of_a_closed_period_can_be_repeated_but_not_changed(
        self, ledger: Ledger, write: Callable[..., Path]
    ) -> None:
        ledger.import_file(write("M3,NEA,10,9,9", header=MEASURES))
        ledger.hold(Period.M3)
        ledger.import_file(write("M3,NEA,10,9.0,9", "M6,NEA,10,9,9", header=MEASURES))
        with pytest.raises(
            RefusedError, match=r"lines.csv:2: period: M3 is held; its measures can be repeated but not changed"
        ):
            ledger.import_file(write("M3,NEA,10,9,8", header=MEASURES))
        assert [measure.actual for measure in ledger.measures()] == [9, 9]

    def test_in_a_dry_run_are_not_posted(self, ledger: Ledger, write: Callable[..., Path]) -> None:
        assert ledger.import_file(write("M3,NEA,10,9,9", header=MEASURES), dry_run=True).batch is None
        assert ledger.measures() == ()


class TestWorkbooks:
    HEADER = ("period", "scheme", "partner", "kind", "amount", "date", "reference", "description")

    def test_are_read_cell_by_cell_as_text(self, ledger: Ledger, write: Callable[..., Path]) -> None:
        rows = [
            ("M1", "BEDS", "COUNCIL", "budget", 1234.5, datetime(2022, 4, 30), "007", "NA"),  # noqa: DTZ001  Excel has no zones
            ("M1", "BEDS", "COUNCIL", "budget", 1234, "2022-05-01", 4001, True),
            ("M1", "BEDS", "COUNCIL", "budget", "(1,000.10)", "", "12345678901234567", 0.5),
            ("M1", "BEDS", "COUNCIL", "budget", 2635.15, "", "", ""),
        ]
        path = write(name="lines.xlsx", text=workbook(self.HEADER, *rows))
        assert ledger.import_file(path).count == 4
        assert amounts(ledger) == [1234_50, 1234_00, -1000_10, 2635_15]
        assert [(line.date, line.reference, line.description) for line in ledger.lines()] == [
            (date(2022, 4, 30), "007", "NA"),
            (date(2022, 5, 1), "4001", "TRUE"),
            (None, "12345678901234567", "0.5"),
            (None, "", ""),
        ]
        assert [line.row for line in ledger.lines()] == [2, 3, 4, 5]
        assert next(ledger.lines()).raw == "M1\tBEDS\tCOUNCIL\tbudget\t1234.5\t2022-04-30\t007\tNA"

    def test_are_known_by_what_they_are_and_not_by_their_name(self, ledger: Ledger, write: Callable[..., Path]) -> None:
        path = write(name="lines.csv", text=workbook(self.HEADER[:5], ("M1", "BEDS", "COUNCIL", "budget", 1)))
        assert ledger.import_file(path).count == 1

    def test_may_have_empty_rows_and_cells_around(self, ledger: Ledger, write: Callable[..., Path]) -> None:
        rows = [
            (),
            (),
            (None, *self.HEADER[:5]),
            (),
            (None, "M1", "BEDS", "COUNCIL", "budget", 1),
            (),
            (None, "", "", "", "", ""),
        ]
        ledger.save_mapping("below", "header_row = 3\n")
        path = write(name="lines.xlsx", text=workbook(*rows))
        ledger.import_file(path, "below")
        (line,) = ledger.lines()
        assert (line.row, line.amount_pence) == (5, 100)

    def test_say_the_cell_of_an_error(self, ledger: Ledger, write: Callable[..., Path]) -> None:
        rows = [(), (None, *self.HEADER[:5]), (None, "M1", "BEDS", "COUNCIL", "budget", "£O")]
        ledger.save_mapping("below", "header_row = 2\n")
        path = write(name="lines.xlsx", text=workbook(*rows))
        with pytest.raises(RefusedError, match=r"lines.xlsx:3: F3: “£O” is not an amount"):
            ledger.import_file(path, "below")

    def test_of_measures(self, ledger: Ledger, write: Callable[..., Path]) -> None:
        path = write(
            name="m.xlsx",
            text=workbook(("period", "measure", "baseline", "target", "actual"), ("M1", "NEA", 7.5, 7, 6)),
        )
        ledger.import_file(path)
        (measure,) = ledger.measures()
        assert (measure.baseline, measure.actual) == (7.5, 6)

    def test_tell_progress(self, ledger: Ledger, write: Callable[..., Path]) -> None:
        row = ("M1", "BEDS", "COUNCIL", "budget", 1)
        told = []
        ledger.import_file(
            write(name="m.xlsx", text=workbook(self.HEADER[:5], *[row] * 9000)), progress=lambda *of: told.append(of)
        )
        assert told == [(4096, 9001), (8192, 9001)]
