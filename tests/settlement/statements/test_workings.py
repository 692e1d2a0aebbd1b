"""The workings end at the ledger's lines, and every subtotal is a figure of the settlement."""

from dataclasses import replace

from rules.agreement import Kind
from rules.periods import Period
from settlement.statements import StatementInputs, settlement_statement, workings
from settlement.statements.document import Document, Heading, Note, RowKind, Section, Table, Tone
from settlement.statements.wording import named
from tests.conftest import agreement_of, clause, fixed, golden_case
from tests.settlement.statements.following import numbered_groups, sums_of_groups
from tests.settlement.statements.making import inputs_of, lines_of, posted, settled


def section_named(document: Document, title: str) -> Section:
    return next(section for section in document.sections if section.title == title)


def warnings_of(section: Section) -> list[str]:
    return [block.text for block in section.blocks if isinstance(block, Note) and block.tone is Tone.WARNING]


def amounts_of(section: Section, kind: RowKind) -> list[int]:
    tables = [block for block in section.blocks if isinstance(block, Table)]
    last = [row.cells[-1] for table in tables for row in table.rows if row.kind is kind]
    return [cell for cell in last if isinstance(cell, int)]


def test_every_subtotal_agrees_with_the_settlement(golden_inputs: StatementInputs) -> None:
    section = section_named(workings(golden_inputs), "Ledger lines")
    assert warnings_of(section) == []
    figures = golden_inputs.settlement.outcome.figures
    nonzero = [cell for kind in Kind for row in figures.tables[kind] for cell in row if cell]
    assert sorted(amount for amount in sums_of_groups(section) if amount) == sorted(nonzero)
    assert sum(amounts_of(section, RowKind.BODY)) == sum(nonzero)


def test_the_workings_of_an_outturn_agree_too(golden_inputs: StatementInputs) -> None:
    outturn = replace(golden_inputs, settlement=golden_inputs.outturn, outturn=None)
    assert warnings_of(section_named(workings(outturn), "Ledger lines")) == []


def test_the_order_of_the_ledgers_lines_changes_nothing(golden_inputs: StatementInputs) -> None:
    backwards = replace(golden_inputs, lines=lambda: reversed(list(golden_inputs.lines())))
    assert workings(backwards) == workings(golden_inputs)


def test_a_missing_line_is_a_warning_with_the_difference() -> None:
    inputs = inputs_of(golden_case("telford-2019-20"))
    lines = [line for line in inputs.lines() if line.amount_pence]
    (warning,) = warnings_of(section_named(workings(replace(inputs, lines=lambda: lines[1:])), "Ledger lines"))
    assert "the lines make £0.00, the settlement has £" in warning


def test_spend_in_default_stands_apart() -> None:
    inputs = inputs_of(golden_case("ccg-to-icb-2022-23"))
    apart = section_named(workings(inputs), "Spend in default")
    in_default = [line.amount_pence for line in inputs.lines() if line.cause == "default"]
    assert in_default
    assert sum(amounts_of(apart, RowKind.BODY)) == sum(in_default)


def test_later_budgets_stand_apart_because_they_weigh() -> None:
    name = "barnet-2014-15-core"
    case = golden_case(name)
    inputs = StatementInputs(case.settlement(Period.M6), lines=lambda: lines_of(name))
    document = workings(inputs)
    later = section_named(document, "Contributions of later periods")
    expected = [
        line for line in lines_of(name) if line.period > Period.M6 and line.kind in {Kind.BUDGET, Kind.VIREMENT}
    ]
    assert len(expected) == len(amounts_of(later, RowKind.BODY))
    assert sum(line.amount_pence for line in expected) == sum(amounts_of(later, RowKind.BODY))


def test_forecasts_count_in_the_outturn_alone() -> None:
    agreement = agreement_of(clause("1", "overspend", share=fixed(A="1", B="1")))
    told = [
        ("M1", "budget", "100.00"),
        ("M2", "actual", "30.00"),
        ("M2", "forecast", "5.00"),
        ("M7", "forecast", "90.00"),
    ]
    rows = [{"period": p, "scheme": "S1", "partner": "A", "kind": k, "amount": a} for p, k, a in told]
    lines = posted(rows)
    for outturn, expected in ((False, [100_00, 30_00]), (True, [100_00, 30_00, 90_00])):
        settlement = settled(agreement, lines, Period.M6, outturn=outturn)
        section = section_named(workings(StatementInputs(settlement, lines=lambda: lines)), "Ledger lines")
        assert warnings_of(section) == []
        assert amounts_of(section, RowKind.BODY) == expected


def test_it_begins_with_what_is_due_from_everybody_line_by_line(golden_inputs: StatementInputs) -> None:
    document = workings(golden_inputs)
    first = document.sections[0]
    assert first.title == "The settlement"
    tables = [block for block in first.blocks if isinstance(block, Table)]
    for table, row in zip(tables, golden_inputs.settlement.rows, strict=True):
        assert table.title == named(golden_inputs.name_of(row.partner), row.partner)
        assert table.rows[-1].cells[-1] == row.net_due_pence
        assert table.rows[-1].adds == tuple(range(len(table.rows) - 1))
    titles = [section.title for section in document.sections]
    assert titles[1 : len(tables) + 1] == [
        f"Workings of {partner.name}" for partner in golden_inputs.agreement.partners
    ]


def test_a_group_of_lines_that_come_to_nil_is_listed_and_numbered_after_the_others() -> None:
    agreement = agreement_of(clause("1", "overspend", share=fixed(A="1", B="1")), schemes="S1; S2")
    told = [
        ("M1", "S1", "payment", "5.00"),
        ("M2", "S1", "payment", "-5.00"),
        ("M1", "S2", "payment", "3.00"),
        ("M1", "S1", "actual", "7.00"),
    ]
    rows = [{"period": p, "scheme": s, "partner": "B", "kind": k, "amount": a} for p, s, k, a in told]
    lines = posted(rows)
    inputs = StatementInputs(settled(agreement, lines, Period.M6), lines=lambda: lines)
    assert numbered_groups(workings(inputs)) == {
        "lines-s1--b--payment": "L3",
        "lines-s1--b--actual": "L1",
        "lines-s2--b--payment": "L2",
    }
    assert list(numbered_groups(settlement_statement(inputs, "A")).values()) == ["L1", "L2"]


def test_every_amount_is_told_step_by_step_and_leads_to_its_figures() -> None:
    document = workings(inputs_of(golden_case("rotherham-first-call")))
    trace = section_named(document, "How each amount was dealt with")
    headings = [block for block in trace.blocks if isinstance(block, Heading) and block.anchor.startswith("steps-")]
    assert [(each.anchor, each.goes_to) for each in headings] == [
        (f"steps-{number}", f"amount-{number}") for number in range(1, len(headings) + 1)
    ]
    (table,) = (block for block in trace.blocks if isinstance(block, Table))
    assert [row.anchor for row in table.rows] == [each.goes_to for each in headings]
    assert all(row.goes_to.startswith("lines-") for row in table.rows)


def test_a_table_of_lines_is_carried_from_page_to_page_and_its_subtotals_are_declared() -> None:
    section = section_named(workings(inputs_of(golden_case("rotherham-first-call"))), "Ledger lines")
    for table in (block for block in section.blocks if isinstance(block, Table)):
        assert table.carries == (5,)
        for place, row in enumerate(table.rows):
            if row.kind is RowKind.SUBTOTAL:
                assert len(row.adds) != 1
                assert row.adds == tuple(range(place - len(row.adds), place))
