"""Figures read back from each file are those of the JSON result: in the right table, row and column, in every format.

In the suite one partner's statement of each of 96 generated ledgers is read back from HTML and workbook, and every
third from PDF, through its tags; under `S75_SOAK=1` every partner's of 400 from all three.
"""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rules.outcome import DealtWith
from rules.waterfall import EXCLUDED, FROM_UNDERSPENDS, TO_OVERSPENDS
from settlement.result import ROW_KEYS, result_of
from settlement.statements import StatementInputs, settlement_statement
from settlement.statements.document import Document
from settlement.statements.footing import FOOTING, label_of
from settlement.statements.html.writer import write_html
from settlement.statements.pdf.writer import write_pdf
from settlement.statements.wording import named, subject_name
from settlement.statements.workbook.writer import write_workbook
from tests.conftest import SOAK, GoldenCase, examples
from tests.settlement.statements.making import inputs_of
from tests.settlement.statements.reading_back import (
    Calculator,
    ReadTable,
    html_tables,
    pdf_tables,
    pence,
    xlsx_names,
    xlsx_sheets,
    xlsx_tables,
)
from tests.settlement.statements.test_any_agreement import generated

Written = Callable[[Document, Path], list[ReadTable]]

CASES = examples(400, 96)
CHUNKS = 8


def from_html(document: Document, folder: Path) -> list[ReadTable]:
    write_html(document, folder / "statement.html")
    return html_tables(folder / "statement.html")


def from_workbook(document: Document, folder: Path) -> list[ReadTable]:
    """Its tables, after every formula was worked out again: what is read is what any spreadsheet comes to."""
    path = folder / "statement.xlsx"
    write_workbook(document, path)
    sheets = xlsx_sheets(path)
    calculator = Calculator(sheets, xlsx_names(path))
    formulas = list(calculator.formulas())
    assert formulas
    for sheet, place, cell in formulas:
        assert calculator.pence_of(cell.formula, sheet) == cell.pence, (sheet, place, cell.formula)
    return xlsx_tables(sheets, document)


def from_pdf(document: Document, folder: Path) -> list[ReadTable]:
    write_pdf(document, folder / "statement.pdf")
    return pdf_tables(folder / "statement.pdf")


FORMATS: tuple[Written, ...] = (from_html, from_workbook, from_pdf)


@pytest.mark.parametrize("written", FORMATS)
def test_every_figure_of_a_golden_case_is_in_its_place(golden: GoldenCase, written: Written, tmp_path: Path) -> None:
    inputs = inputs_of(golden)
    for partner in inputs.agreement.partners:
        tables = written(settlement_statement(inputs, partner.code), tmp_path)
        ReadStatement(tables, inputs, partner.code, golden.expected).check()


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_every_figure_of_a_generated_case_is_in_its_place(chunk: int, tmp_path: Path) -> None:
    made, seed = 0, 10_000 * (chunk + 1)
    while made < CASES // CHUNKS:
        seed += 1
        inputs = generated(seed)
        if inputs is None:
            continue
        made += 1
        result = result_of(inputs.settlement)
        partners = [partner.code for partner in inputs.agreement.partners]
        for code in partners if SOAK else [partners[seed % len(partners)]]:
            document = settlement_statement(inputs, code)
            # A PDF takes as long to read back as all else together.
            for written in FORMATS if SOAK or made % 3 == 0 else FORMATS[:2]:
                ReadStatement(written(document, tmp_path), inputs, code, result).check()


class ReadStatement:
    """A partner's statement as it was read back, beside the result that it must say."""

    def __init__(self, tables: list[ReadTable], inputs: StatementInputs, partner: str, result: dict[str, Any]) -> None:
        self.tables = tables
        self.inputs = inputs
        self.outcome = inputs.settlement.outcome
        self.partner = partner
        self.result = result

    def check(self) -> None:
        self.row()
        self.transfers()
        self.reserves()
        self.performance()
        self.subjects()
        self.parts()

    def one(self, title: str) -> ReadTable:
        found = self.called(title)
        assert len(found) == 1, (title, [table.title for table in self.tables])
        return found[0]

    def called(self, title: str) -> list[ReadTable]:
        return [table for table in self.tables if table.title == told(title)]

    def row(self) -> None:
        """All fifteen figures of the partner's row, signed as the lines of the footing are."""
        table = self.one("Every line of the settlement")
        figures = self.result["partners"][self.partner]
        now = table.heads[1]
        assert now in {"Year to date £", "Forecast outturn £"}
        signs = {key: (sign, label_of(self.inputs, self.partner, key, label)) for key, sign, label in FOOTING}
        assert {*signs, "net_due"} == set(ROW_KEYS)
        assert len(table.rows) == len(ROW_KEYS)
        for key, (sign, label) in signs.items():
            assert table.amount(label, now) == sign * figures[key], key
        assert table.amount("Net due (negative: receives)", now) == figures["net_due"]
        first = self.one("How the amount due is made up")
        on_first = {row[0]: pence(row[1]) for row in first.rows}
        assert on_first.pop("Net due (negative: receives)") == figures["net_due"]
        for key, (sign, label) in signs.items():
            assert on_first.pop(label, 0) == sign * figures[key], key
        assert on_first == {}

    def transfers(self) -> None:
        table = self.one("Who pays whom")
        names = {each.code: told(named(each.name, each.code)) for each in self.inputs.agreement.partners}
        expected = [(names[each["from"]], names[each["to"]], each["amount"]) for each in self.result["transfers"]]
        assert table.heads == ["From", "To", "Amount £"]
        found = [(payer, receiver, pence(amount)) for payer, receiver, amount in table.rows]
        assert found == (expected or [("Nobody", "nobody", 0)])

    def reserves(self) -> None:
        if not self.result["reserves"]:
            return
        table = self.one("Reserves drawn and carried forward")
        assert len(table.rows) == len(self.result["reserves"])
        for balance in self.outcome.reserves:
            label = told(named(balance.reserve.name, balance.reserve.code))
            assert table.amount(label, "Carried forward £") == self.result["reserves"][balance.reserve.code]

    def performance(self) -> None:
        if not self.result["performance"]:
            return
        table = self.one("Performance pay held and released")
        titles = {each.element.id: each.element.title for each in self.outcome.performance}
        assert len(table.rows) == len(self.result["performance"])
        for each in self.result["performance"]:
            label = told(named(titles[each["id"]], each["id"]))
            assert table.amount(label, "Held £") == each["held"]
            assert table.amount(label, "Released £") == each["released"]

    def subjects(self) -> None:
        """The amount of each subject, and what is not allocated: of each, and in all."""
        if not self.result["subjects"]:
            assert not self.called("What the schedule had to deal with")
            assert self.result["unallocated"] == 0
            return
        table = self.one("What the schedule had to deal with")
        assert len(table.rows) == len(self.result["subjects"])
        for name, _, subject in self.named_subjects():
            assert table.amount(name, "Amount £") == subject["amount"]
            assert table.amount(name, "Not allocated £") == subject["unallocated"]
        left = table.column("Not allocated £")
        assert sum(pence(row[left]) for row in table.rows) == self.result["unallocated"]
        if self.result["unallocated"]:
            assert self.one("Amounts not allocated").amount("Total", "Not allocated £") == self.result["unallocated"]
        else:
            assert not self.called("Amounts not allocated")

    def named_subjects(self) -> list[tuple[str, DealtWith, dict[str, Any]]]:
        """Each subject of the result with its name in the statement."""
        pairs = zip(self.outcome.subjects, self.result["subjects"], strict=True)
        return [(told(subject_name(dealt.subject, self.outcome)), dealt, subject) for dealt, subject in pairs]

    def parts(self) -> None:
        """Every part under its clause, beside its subject: to each partner, a reserve, another fund's overspend."""
        for name, _, subject in self.named_subjects():
            expected: dict[str, Counter[tuple[tuple[str, int], ...]]] = {}
            moved: dict[tuple[str, str], Counter[int]] = {}
            for part in subject["parts"]:
                if part["to"] in {"partners", "provision"} and part["clause"] != EXCLUDED:
                    told_by = expected.setdefault(part["clause"], Counter())
                    told_by[*part["partners"].items(), ("", part["amount"])] += 1
                else:
                    moved.setdefault((part["clause"], part["to"]), Counter())[part["amount"]] += 1
            for clause, shares in expected.items():
                assert self.shares_of(clause, name) == shares, (clause, name)
            for (clause, to), told_amounts in moved.items():
                assert self.moved(clause, to, name) == told_amounts, (clause, to, name)

    def shares_of(self, clause: str, name: str) -> Counter[tuple[tuple[str, int], ...]]:
        """What a clause gives each partner of an amount, and all: from its own group, or its row among several."""
        codes = {told(each.name): each.code for each in self.inputs.agreement.partners}
        found: Counter[tuple[tuple[str, int], ...]] = Counter()
        for what in ("shared between the partners", "provided for the partners' own exposure"):
            for table in self.called(f"Clause {clause}: {what}"):
                share = table.column("Share £")
                for heading, rows in table.groups():
                    if heading.startswith(f"{name}: "):
                        of_each = [(codes[row[0]], pence(row[share])) for row in rows[: len(codes)]]
                        found[*of_each, ("", pence(rows[len(codes)][share]))] += 1
        several = f"Clause {clause}: each of the "
        for table in self.tables:
            if table.title.startswith(several):
                heads = [head.removesuffix(" £") for head in table.heads[2:]]
                assert len(heads) == len(codes), "a statement of many partners: read the one that it shows"
                for row in table.rows:
                    if row[0] == name:
                        each = [(codes.get(head, head), pence(cell)) for head, cell in zip(heads, row[2:], strict=True)]
                        found[*each, ("", pence(row[1]))] += 1
        return found

    def moved(self, clause: str, to: str, name: str) -> Counter[int]:
        """What a clause took from a reserve or an underspend, or put there, of an amount."""
        if clause == EXCLUDED:
            title, column = "Excluded schemes", 2
        elif to == TO_OVERSPENDS:
            title, column = f"Clause {clause}: underspends called upon", 2
        elif to == FROM_UNDERSPENDS:
            title, column = f"Clause {clause}: met from underspends", 2
        else:
            code = to.partition(":")[2]
            reserve = next(each.reserve for each in self.outcome.reserves if each.reserve.code == code)
            titles = [f"Clause {clause}: {way} {named(reserve.name, code)}" for way in _WAYS]
            title = next(each for each in titles if self.called(each))
            column = len(self.one(title).heads) - 1
        return Counter(pence(row[column]) for row in self.one(title).rows if row[0] == name)


_WAYS = ("drawn from the reserve", "paid into the reserve")


def told(text: str) -> str:
    """A text as every format gives it back: its spaces single."""
    return " ".join(text.split())
