"""Bad input: each with its message and its place, and nothing of it posted (the shared ledger is empty to the end)."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ledgers import Ledger
from rules.problems import RefusedError

GOOD = "M1,BEDS,COUNCIL,budget,100.00,2022-04-30,R1,Beds,"
SCHEMES = "it is one of BEDS, HOME, OWN, ACUTE"


def problems(ledger: Ledger, path: Path, **how: object) -> list[tuple[int | None, str, str]]:
    with pytest.raises(RefusedError) as caught:
        ledger.import_file(path, **how)
    for problem in caught.value.problems:
        assert problem.file == str(path)
    return [(problem.line, problem.place, problem.message) for problem in caught.value.problems]


CELLS = {
    "the letter O for a nought": (
        "M1,BEDS,COUNCIL,budget,£O,,,,",
        "amount",
        "“£O” is not an amount: it has the letter O where a nought may be meant",
    ),
    "a third decimal": (
        "M1,BEDS,COUNCIL,budget,1.234,,,,",
        "amount",
        "“1.234” has more than two decimals; amounts are pounds and whole pence",
    ),
    "NaN": (
        "M1,BEDS,COUNCIL,budget,NaN,,,,",
        "amount",
        "“NaN” is not an amount; write pounds and pence, for example 1,234.56 or (1,234.56)",
    ),
    "an exponent": (
        "M1,BEDS,COUNCIL,budget,1e3,,,,",
        "amount",
        "“1e3” is not an amount; write pounds and pence, for example 1,234.56 or (1,234.56)",
    ),
    "no amount": ("M1,BEDS,COUNCIL,budget,,,,,", "amount", "the amount is empty; write 0.00 if nothing was meant"),
    "an unknown scheme": (
        "M1,BED,COUNCIL,budget,1,,,,",
        "scheme",
        f"“BED” is not a scheme of the agreement; {SCHEMES}",
    ),
    "no scheme": ("M1,,COUNCIL,budget,1,,,,", "scheme", "the scheme is empty; write one of BEDS, HOME, OWN, ACUTE"),
    "an unknown partner": (
        "M1,BEDS,COUNCILS,budget,1,,,,",
        "partner",
        "“COUNCILS” is not a partner of the agreement; it is one of COUNCIL, CCG, ICB",
    ),
    "an unknown kind": (
        "M1,BEDS,COUNCIL,Budget,1,,,,",
        "kind",
        (
            "“Budget” is not a kind of lines; it is one of budget, virement, payment, actual, accrual, forecast, "
            "qipp_target, qipp_delivered, qipp_forecast, baseline"
        ),
    ),
    "an unknown period": (
        "M14,BEDS,COUNCIL,budget,1,,,,",
        "period",
        "“M14” is not a period; write M1 (April) to M12 (March), or M13 for year-end adjustments",
    ),
    "no period": (",BEDS,COUNCIL,budget,1,,,,", "period", "the period is empty; write M1 to M13"),
    "a day that is not one": (
        "M1,BEDS,COUNCIL,budget,1,2022-02-30,,,",
        "date",
        "“2022-02-30” is not a date; write it as YYYY-MM-DD, or leave it empty",
    ),
    "a date of another form": (
        "M1,BEDS,COUNCIL,budget,1,20220401,,,",
        "date",
        "“20220401” is not a date; write it as YYYY-MM-DD, or leave it empty",
    ),
    "an unknown cause": (
        "M1,BEDS,COUNCIL,actual,1,,,,accident",
        "cause",
        "“accident” is not a cause; write “default”, or leave it empty",
    ),
    "a budget in default": (
        "M1,BEDS,COUNCIL,budget,1,,,,default",
        "cause",
        "only an actual or an accrual can be in default, not “budget”",
    ),
    "a payment for what each meets itself": (
        "M1,OWN,CCG,payment,1,,,,",
        "kind",
        (
            "OWN is in the aligned fund ALIGNED, whose core services each partner pays for itself; "
            "payments are for schemes of pooled funds and for influenced ones"
        ),
    ),
    "a line before its partner was one": (
        "M3,BEDS,ICB,actual,1,,,,",
        "partner",
        "ICB is a partner from 2022-07-01; M3 begins before that",
    ),
    "virements without a reference that do not balance together": (
        "M1,BEDS,CCG,virement,1,,,,",
        "amount",
        (
            "the virements without a reference sum to £1.00, not to zero; "
            "give the legs of each virement a reference that they share"
        ),
    ),
    "a virement that does not balance": (
        "M1,BEDS,CCG,virement,1,,V9,,",
        "amount",
        "the virements of reference “V9” sum to £1.00, not to zero",
    ),
}


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_is_refused_with_its_line_and_column(
    empty_ledger: Ledger, write: Callable[..., Path], name: str
) -> None:
    row, place, message = CELLS[name]
    assert problems(empty_ledger, write(GOOD, row)) == [(3, place, message)]


@pytest.mark.parametrize("name", CELLS)
def test_a_dry_run_refuses_the_same(empty_ledger: Ledger, write: Callable[..., Path], name: str) -> None:
    row, place, message = CELLS[name]
    assert problems(empty_ledger, write(row), dry_run=True) == [(2, place, message)]


def test_every_error_is_reported(empty_ledger: Ledger, write: Callable[..., Path]) -> None:
    rows = [row for row, _, _ in CELLS.values()]
    found = problems(empty_ledger, write(*rows, "M77,NONE,NOBODY,gift,lots,someday,,,why"))
    assert {line for line, _, _ in found} == set(range(2, len(rows) + 3))
    last = [place for line, place, _ in found if line == len(rows) + 2]
    assert last == ["amount", "period", "scheme", "partner", "kind", "cause", "date"]


def test_other_codes_of_an_unknown_period_are_judged_by_the_agreement_at_the_years_end(
    empty_ledger: Ledger, write: Callable[..., Path]
) -> None:
    found = problems(empty_ledger, write("M77,BED,NOBODY,gift,1.00,,,,why", "M77,BEDS,ICB,actual,1.00,,,,"))
    period = "“M77” is not a period; write M1 (April) to M12 (March), or M13 for year-end adjustments"
    kinds = "budget, virement, payment, actual, accrual, forecast, qipp_target, qipp_delivered, qipp_forecast, baseline"
    assert found == [
        (2, "period", period),
        (2, "scheme", f"“BED” is not a scheme of the agreement; {SCHEMES}"),
        (2, "partner", "“NOBODY” is not a partner of the agreement; it is one of COUNCIL, CCG, ICB"),
        (2, "kind", f"“gift” is not a kind of lines; it is one of {kinds}"),
        (2, "cause", "“why” is not a cause; write “default”, or leave it empty"),
        (3, "period", period),
    ]


CONTROL = "a text cannot have control characters; remove them"


@pytest.mark.parametrize("code", ["\x01", "\x1b", "\x7f", "\x9b", "\u202a", "\u202e", "\u2066", "\u2069"])
def test_a_text_with_control_characters_is_refused(empty_ledger: Ledger, write: Callable[..., Path], code: str) -> None:
    row = f'M1,BEDS,COUNCIL,budget,1.00,,"R{code}1","Beds{code}",'
    assert problems(empty_ledger, write(row)) == [(2, "reference", CONTROL), (2, "description", CONTROL)]


def test_a_narrative_broken_over_lines_is_kept_as_one(ledger: Ledger, write: Callable[..., Path]) -> None:
    ledger.import_file(write('M1,BEDS,COUNCIL,budget,1.00,,R1,"Beds,\r\n  first ward\n",'))
    assert [line.description for line in ledger.lines()] == ["Beds, first ward"]


def test_a_whole_pound_beside_a_reference_of_three_figures_is_no_torn_amount(
    ledger: Ledger, write: Callable[..., Path]
) -> None:
    header = "period,scheme,partner,kind,amount,reference\n"
    ledger.import_file(write("M1,BEDS,COUNCIL,budget,50,101", header=header))
    assert [(line.amount_pence, line.reference) for line in ledger.lines()] == [(50_00, "101")]


def test_what_a_message_quotes_has_its_control_characters_written_out(
    empty_ledger: Ledger, write: Callable[..., Path]
) -> None:
    found = problems(empty_ledger, write("M1,BE\x1b[2JDS,COUNCIL,budget,1\u202e2,,,,"))
    assert found == [
        (2, "amount", "“1\\u202e2” is not an amount; write pounds and pence, for example 1,234.56 or (1,234.56)"),
        (2, "scheme", f"“BE\\x1b[2JDS” is not a scheme of the agreement; {SCHEMES}"),
    ]
    found = problems(empty_ledger, write(header="period,scheme,partner,kind,amount,a\x9bb\n"))
    assert [(line, place) for line, place, _ in found] == [(1, "a\\x9bb")]
    assert found[0][2].startswith("“a\\x9bb” is not a column of the ledger (")


def test_past_two_hundred_they_are_counted(empty_ledger: Ledger, write: Callable[..., Path]) -> None:
    found = problems(empty_ledger, write(*["M1,BEDS,COUNCIL,budget,x,,,,"] * 1500))
    assert len(found) == 201
    assert found[-1] == (None, "", "and 1,300 more problems, not shown")


class TestHeader:
    def test_a_missing_column(self, empty_ledger: Ledger, write: Callable[..., Path]) -> None:
        found = problems(empty_ledger, write(header="period,scheme,kind\n"))
        needed = "the header needs period, scheme, partner, kind, amount"
        assert found == [
            (1, "partner", f"the column partner is missing; {needed}"),
            (1, "amount", f"the column amount is missing; {needed}"),
        ]

    def test_an_extra_column(self, empty_ledger: Ledger, write: Callable[..., Path]) -> None:
        found = problems(empty_ledger, write(header="period,scheme,partner,kind,amount,refrence\n"))
        ours = "period, scheme, partner, kind, amount, date, reference, description, cause"
        message = f"“refrence” is not a column of the ledger ({ours}); take it out, or import with a mapping"
        assert found == [(1, "refrence", message)]

    def test_a_column_twice(self, empty_ledger: Ledger, write: Callable[..., Path]) -> None:
        found = problems(empty_ledger, write(header="period,scheme,partner,kind,amount,amount\n"))
        assert found == [(1, "amount", "the header has “amount” 2 times")]

    def test_columns_parted_by_something_else(self, empty_ledger: Ledger, write: Callable[..., Path]) -> None:
        found = problems(empty_ledger, write(header="period;scheme;partner;kind;amount\n"))
        assert found[0][2].endswith("; the columns seem not to be separated by commas")

    def test_no_rows(self, empty_ledger: Ledger, write: Callable[..., Path]) -> None:
        assert problems(empty_ledger, write()) == [(None, "", "the file has a header and no lines")]

    def test_no_measures(self, empty_ledger: Ledger, write: Callable[..., Path]) -> None:
        path = write(header="period,measure,baseline,target,actual\n")
        assert problems(empty_ledger, path) == [(None, "", "the file has a header and no measures")]


class TestRows:
    def test_too_few_cells(self, empty_ledger: Ledger, write: Callable[..., Path]) -> None:
        assert problems(empty_ledger, write("M1,BEDS,COUNCIL,budget,1")) == [
            (2, "", "the row has too few cells: 5, where the header has 9")
        ]

    def test_too_many_cells(self, empty_ledger: Ledger, write: Callable[..., Path]) -> None:
        assert problems(empty_ledger, write(GOOD + ",more")) == [
            (2, "", "the row has too many cells: 10, where the header has 9")
        ]

    def test_an_amount_with_a_comma_and_no_quotation_marks(
        self, empty_ledger: Ledger, write: Callable[..., Path]
    ) -> None:
        """Before a description that takes surplus cells, £1,234.56 would be posted as £1."""
        header = "period,scheme,partner,kind,amount,reference,description\n"
        found = problems(empty_ledger, write("M1,BEDS,COUNCIL,budget,1,234.56,R,Beds", header=header))
        assert found == [(2, "amount", "an amount with a comma needs quotation marks around it")]

    @pytest.mark.parametrize("amount", ["1,234.56", "£12,345,678.9", "(£1,234.56)", "-£1, 234.50"])
    @pytest.mark.parametrize("last", ["description", "reference"])
    def test_an_amount_with_a_comma_in_a_row_of_the_right_width(
        self, empty_ledger: Ledger, write: Callable[..., Path], amount: str, last: str
    ) -> None:
        extra = amount.count(",") - 1
        header = (
            f"period,scheme,partner,kind,amount,{last}\n"
            if not extra
            else ("period,scheme,partner,kind,amount,reference,description\n")
        )
        found = problems(empty_ledger, write(f"M1,BEDS,COUNCIL,actual,{amount}", header=header))
        assert found == [(2, "amount", "an amount with a comma needs quotation marks around it")]

    def test_a_quotation_mark_that_is_never_closed(self, empty_ledger: Ledger, write: Callable[..., Path]) -> None:
        found = problems(empty_ledger, write(GOOD, 'M1,BEDS,COUNCIL,budget,1,,,"Beds,', GOOD, GOOD))
        assert found == [(3, "", "a quotation mark opened in this row is never closed")]

    def test_a_quotation_mark_that_is_never_closed_in_a_long_file(
        self, empty_ledger: Ledger, write: Callable[..., Path]
    ) -> None:
        found = problems(empty_ledger, write('M1,BEDS,COUNCIL,budget,1,,,"Beds,', *[GOOD] * 20_000))
        assert found == [(2, "", "a quotation mark opened in this row is never closed")]

    def test_text_after_a_closing_quotation_mark(self, empty_ledger: Ledger, write: Callable[..., Path]) -> None:
        found = problems(empty_ledger, write('M1,BEDS,COUNCIL,budget,1,,,"Beds" x,', "M1,BEDS,COUNCIL,budget,x,,,,"))
        assert [line for line, _, _ in found] == [2, 3]
        assert found[0][2].startswith("a quotation mark stands where it cannot")

    def test_a_cell_beyond_all_measure(self, empty_ledger: Ledger, write: Callable[..., Path]) -> None:
        found = problems(empty_ledger, write(f"M1,BEDS,COUNCIL,budget,1,,,{'x' * 200_000},"))
        assert found == [(2, "", "a cell is longer than 131,072 characters")]


class TestMeasures:
    HEADER = "period,measure,baseline,target,actual\n"

    @pytest.mark.parametrize(
        ("row", "place", "message"),
        [
            (
                "M0,NEA,1,1,1",
                "period",
                "“M0” is not a period; write M1 (April) to M12 (March), or M13 for year-end adjustments",
            ),
            ("M1,,1,1,1", "measure", "the measure is empty; write its code as the agreement has it"),
            ("M1,NEA,,1,1", "baseline", "the baseline is empty; write 0 if nothing was meant"),
            ("M1,NEA,1,1e3,1", "target", "“1e3” is not a plain decimal number"),
            ("M1,NEA,1,1,NaN", "actual", "“NaN” is not a plain decimal number"),
            ("M1,NEA,1,1", "", "the row has too few cells: 4, where the header has 5"),
            ("M1,NEA,1,1,1,1", "", "the row has too many cells: 6, where the header has 5"),
        ],
    )
    def test_a_cell_is_refused_with_its_line_and_column(
        self, empty_ledger: Ledger, write: Callable[..., Path], row: str, place: str, message: str
    ) -> None:
        assert problems(empty_ledger, write("M1,A,1,1,1", row, header=self.HEADER)) == [(3, place, message)]
