"""A statement's own workings: what they list and when they leave it to the Workings, and every sort of line in them."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import pytest

from rules.agreement import Kind, Netting, QippMode
from rules.periods import Period
from rules.reading import read_agreement
from settlement.statements import StatementInputs, settlement_statement, workings
from settlement.statements.anchors import line_numbers
from settlement.statements.document import Block, Bullets, Document, Note, Paragraph, Row, RowKind, Section, Table
from settlement.statements.inputs import LedgerLine
from settlement.statements.working.figures import MOST_TOLD
from settlement.statements.working.in_statement import MOST_LINES, statement_workings
from tests.conftest import agreement_of, clause, fixed, golden_case
from tests.settlement.statements.following import lost_links, numbered_groups, working_of
from tests.settlement.statements.making import PostedLine, inputs_of, lines_of, posted, settled
from tests.settlement.statements.test_references import check

AGREEMENT = agreement_of(clause("1", "overspend", share=fixed(A="1", B="1")), schemes="S1; S2")
M3, M6 = Period.M3, Period.M6


def lines(*told: tuple[str, str, str, str, str]) -> tuple[PostedLine, ...]:
    """Lines by period, scheme, partner, kind and amount."""
    return posted(
        [{"period": p, "scheme": s, "partner": c, "kind": k, "amount": a} for p, s, c, k, a in told],
    )


def of_lines(count: int, others: int = 0) -> StatementInputs:
    """A settlement of so many lines, and of others that enter no figure of it."""
    counted = [PostedLine(number, Period.M1, "S1", "A", Kind.ACTUAL, number) for number in range(1, count + 1)]
    later = [PostedLine(count + number, Period.M9, "S1", "A", Kind.ACTUAL, 1) for number in range(1, others + 1)]
    every = (*counted, *later)
    return StatementInputs(settled(AGREEMENT, tuple(every), M3), lines=lambda: every)


def sections_of(inputs: StatementInputs, partner: str = "A") -> dict[str, Section]:
    return {section.title: section for section in statement_workings(inputs, partner)}


def texts_of(section: Section) -> str:
    return " ".join(block.text for block in section.blocks if isinstance(block, Paragraph))


def tables_of(section: Section) -> list[Table]:
    return [block for block in section.blocks if isinstance(block, Table)]


def line_rows(section: Section) -> list[Row]:
    return [row for table in tables_of(section) for row in table.rows if row.kind is RowKind.BODY]


def document_of(inputs: StatementInputs, partner: str = "A") -> Document:
    return settlement_statement(inputs, partner)


# How many lines


def test_up_to_the_most_lines_a_statement_lists_them_all() -> None:
    sections = sections_of(of_lines(MOST_LINES, others=10))
    assert list(sections) == ["Workings", "Ledger lines"]
    assert "They are listed at the end." in texts_of(sections["Workings"])
    assert len(line_rows(sections["Ledger lines"])) == MOST_LINES


def test_with_one_more_it_says_that_the_workings_list_them_under_the_same_numbers() -> None:
    inputs = of_lines(MOST_LINES + 1)
    sections = sections_of(inputs)
    assert list(sections) == ["Workings"]
    assert "the Workings list each of them under these numbers" in texts_of(sections["Workings"])
    statement = document_of(inputs)
    assert lost_links(statement) == set()
    assert numbered_groups(statement) == {}
    _, table = working_of(statement, "w-spend")
    assert table is not None
    assert table.rows[0].cells[1] == "L1"
    assert numbered_groups(workings(inputs)) == {"lines-s1--a--actual": "L1"}


def test_no_more_lines_are_read_than_tell_that_they_are_too_many() -> None:
    inputs = of_lines(5 * MOST_LINES)
    read = 0

    def counting() -> Iterator[LedgerLine]:
        nonlocal read
        for line in inputs.lines():
            read += 1
            yield line

    statement_workings(replace(inputs, lines=counting), "A")
    assert read == MOST_LINES + 1


def test_without_the_ledger_at_hand_no_lines_are_missed() -> None:
    inputs = StatementInputs(of_lines(3).settlement)
    sections = sections_of(inputs)
    assert list(sections) == ["Workings"]
    assert "L1 and on, as in the Workings. The Workings list each of them" in texts_of(sections["Workings"])
    assert lost_links(document_of(inputs)) == set()


def test_a_ledger_without_lines_says_so() -> None:
    inputs = StatementInputs(settled(AGREEMENT, (), M3), lines=lambda: ())
    sections = sections_of(inputs)
    assert texts_of(sections["Ledger lines"]) == "The ledger has no lines up to this period."
    heading, table = working_of(document_of(inputs), "w-net")
    assert (heading.text, table) == ("W1 Net due (negative: receives): nil at this period", None)


def test_a_line_that_the_figures_do_not_have_is_a_warning_in_the_statement_too() -> None:
    inputs = of_lines(3)
    more = (*inputs.lines(), PostedLine(9, Period.M1, "S1", "A", Kind.ACTUAL, 100))
    section = sections_of(replace(inputs, lines=lambda: more))["Ledger lines"]
    (note,) = (block for block in section.blocks if isinstance(block, Note))
    assert note.text == "Actual of The A for The S1 (S1): the lines make £1.06, the settlement has £0.06."


def test_lines_of_a_scheme_that_the_agreement_does_not_have_yet_are_not_listed() -> None:
    inputs = of_lines(3)
    more = (*inputs.lines(), PostedLine(9, Period.M9, "NEW", "A", Kind.BUDGET, 100))
    for document in (document_of(replace(inputs, lines=lambda: more)), workings(replace(inputs, lines=lambda: more))):
        assert list(numbered_groups(document).values()) == ["L1"]


# Which lines


def test_a_partner_does_not_list_what_only_others_have() -> None:
    told = lines(
        ("M1", "S1", "A", "budget", "100.00"),
        ("M1", "S1", "B", "budget", "100.00"),
        ("M1", "S1", "C", "payment", "7.00"),
        ("M1", "S1", "B", "payment", "5.00"),
        ("M2", "S1", "A", "actual", "150.00"),
    )
    agreement = agreement_of(clause("1", "underspend", share=fixed(A="1", B="1")), partners="A; B; C")
    inputs = StatementInputs(settled(agreement, told, M3), lines=lambda: told)
    paid = {code: [row.cells[4] for row in line_rows(sections_of(inputs, code)["Ledger lines"])] for code in "ABC"}
    assert paid == {"A": ["1", "5", "2", "4", "3"], "B": ["1", "5", "2", "4"], "C": ["1", "5", "2", "3"]}
    check(inputs)


def test_aligned_budgets_are_listed_only_where_contributions_to_core_services_weigh() -> None:
    case = golden_case("barnet-2014-15-core")
    inputs = inputs_of(case)
    agreement = inputs.agreement
    aligned = {scheme.code for scheme in agreement.schemes if not agreement.takes_payments(scheme)}
    kinds = {line.kind for line in lines_of(case.name) if line.scheme in aligned}
    assert kinds - {Kind.BUDGET, Kind.VIREMENT}
    document = document_of(inputs, agreement.partners[0].code)
    listed = {
        anchor
        for anchor in numbered_groups(document)
        if anchor.split("--")[0] in {f"lines-{c.lower()}" for c in aligned}
    }
    assert {anchor.rpartition("--")[2] for anchor in listed} <= {"budget", "virement"}


def test_later_contributions_are_listed_where_they_weigh_and_not_where_nothing_is_shared_by_them() -> None:
    told = lines(
        ("M1", "S1", "A", "budget", "100.00"),
        ("M1", "S1", "B", "budget", "50.00"),
        ("M9", "S1", "B", "budget", "30.00"),
        ("M2", "S1", "A", "actual", "190.00"),
    )
    by_fund = agreement_of(clause("1", "overspend", share={"by": "fund"}))
    for agreement, listed in ((by_fund, True), (AGREEMENT, False)):
        inputs = StatementInputs(settled(agreement, told, M3), lines=lambda: told)
        assert ("later-s1--b--budget" in numbered_groups(document_of(inputs))) is listed
        assert numbered_groups(workings(inputs))["later-s1--b--budget"] == "L4"
        check(inputs)


def test_spend_in_default_is_one_group_whatever_its_kind_and_its_table_leads_to_it() -> None:
    made = (
        PostedLine(1, Period.M1, "S1", "B", Kind.ACTUAL, 5_00, cause="default"),
        PostedLine(2, Period.M1, "S1", "B", Kind.ACCRUAL, 2_00, cause="default", description="Homecare"),
        PostedLine(3, Period.M9, "S1", "B", Kind.ACTUAL, 9_00, cause="default"),
    )
    inputs = StatementInputs(settled(AGREEMENT, made, M3), lines=lambda: made)
    document = document_of(inputs)
    assert numbered_groups(document) == {"default-s1--b": "L1"}
    (of_balances, listed) = (table for table in document.tables if "default-s1--b" in str(table.rows))
    assert of_balances.rows[0] == Row(("The S1 (S1)", "The B", "L1", 7_00), goes_to="default-s1--b")
    assert listed.rows[0].cells == ("L1 Spend in default, The B, The S1 (S1)",)
    assert [row.cells[3] for row in listed.rows[1:]] == ["Actual.", "Accruals. Homecare", "Spend in default: subtotal"]
    check(inputs)


# Which settlements


def test_of_a_period_of_year_end_adjustments_and_of_an_earlier_one() -> None:
    for period in (Period.M3, Period.M13):
        for name in ("three-partners-qipp-separate", "barnet-2014-15-reward-mechanism"):
            told = lines_of(name)
            check(StatementInputs(golden_case(name).settlement(period), lines=lambda told=told: told))


def test_of_a_successor_the_lines_of_those_it_succeeds_are_its_own() -> None:
    inputs = inputs_of(golden_case("ccg-to-icb-2022-23"))
    assert inputs.on_file is not None
    being = set(inputs.agreement.partner_of)
    assert {line.partner for line in inputs.lines()} - being
    assert {group.partner for group in line_numbers(inputs)} <= being
    check(inputs)


def test_of_an_amount_that_no_clause_deals_with() -> None:
    told = lines(
        ("M1", "S1", "A", "budget", "100.00"),
        ("M2", "S1", "B", "actual", "160.00"),
        ("M1", "S2", "A", "budget", "50.00"),
    )
    agreement = agreement_of("", schemes="S1; S2")
    inputs = StatementInputs(settled(agreement, told, M3), lines=lambda: told)
    assert inputs.settlement.outcome.unallocated_pence
    _, table = working_of(document_of(inputs), "w-unallocated")
    assert table is not None
    assert [row.goes_to for row in table.rows[:-1]] == ["amount-1"]
    check(inputs)


def test_an_amount_of_several_schemes_is_told_scheme_by_scheme_with_what_is_of_them_together() -> None:
    agreement = read_agreement(
        '[agreement]\nid = "q"\ntitle = "Q"\nfinancial_year = "2024/25"\nqipp = "within_budget"\n'
        + "".join(f'[[partner]]\ncode = "{code}"\nname = "The {code}"\nkind = "council"\n' for code in "AB")
        + '[[fund]]\ncode = "F"\nname = "Fund"\nkind = "pooled"\nhost = "A"\nnetting = "fund"\n'
        + "".join(f'[[scheme]]\ncode = "S{n}"\nname = "The S{n}"\nfund = "F"\n' for n in (1, 2))
        + '[[clause]]\nid = "1"\ntitle = "Q"\non = "qipp_shortfall"\nto = "partners"\nshare = { by = "fund" }\n'
        + '[[clause]]\nid = "2"\ntitle = "O"\non = "overspend"\nto = "partners"\nshare = { by = "fund" }\n'
    )
    told = lines(
        ("M1", "S1", "A", "budget", "100.00"),
        ("M1", "S2", "B", "budget", "100.00"),
        ("M2", "S1", "A", "actual", "150.00"),
        ("M2", "S2", "B", "actual", "75.00"),
        ("M1", "S1", "A", "qipp_target", "40.00"),
        ("M2", "S2", "B", "qipp_delivered", "5.00"),
    )
    inputs = StatementInputs(settled(agreement, told, M3), lines=lambda: told)
    tables = {table.title: table for table in tables_of(sections_of(inputs)["Workings"])}
    shortfall = tables["QIPP shortfalls"]
    assert [column.title for column in shortfall.columns[2:]] == [
        "Target £",
        "Delivered £",
        "Not spent above budget £",
        "Shortfall £",
    ]
    together = next(row for row in shortfall.rows if row.cells[0] == "Of the schemes together")
    assert together.cells[2:] == (0, 0, 10_00, -10_00)
    assert shortfall.rows[-1].cells[2:] == (40_00, 5_00, 10_00, 25_00)
    assert [block for block in inputs.settlement.outcome.subjects if block.subject.on == "overspend"] == []
    check(inputs)


def test_an_overspend_that_is_partly_a_qipp_shortfall_says_which_part() -> None:
    told = lines(
        ("M1", "S1", "A", "budget", "100.00"),
        ("M2", "S1", "A", "actual", "150.00"),
        ("M1", "S1", "A", "qipp_target", "20.00"),
        ("M2", "S1", "A", "qipp_delivered", "5.00"),
    )
    plain = agreement_of(clause("1", "overspend", share=fixed(A="1", B="1")))
    agreement = replace(plain, qipp=QippMode.WITHIN_BUDGET)
    inputs = StatementInputs(settled(agreement, told, M3), lines=lambda: told)
    tables = {table.title: table for table in tables_of(sections_of(inputs)["Workings"])}
    assert [row.cells[1:] for row in tables["QIPP shortfalls"].rows] == [("L3–L4", 20_00, 5_00, 15_00)]
    overspend = tables["Overspends and underspends"]
    assert overspend.columns[4].title == "Of it QIPP shortfall £"
    assert [row.cells[1:] for row in overspend.rows] == [("L1–L2", 100_00, 150_00, 15_00, -35_00)]
    check(inputs)


def test_codes_that_are_hard_to_name_are_linked_and_listed() -> None:
    text = '[agreement]\nid = "h"\ntitle = "H"\nfinancial_year = "2024/25"\n'
    text += "".join(
        f'[[partner]]\ncode = "{code}"\nname = "<b>{code}"\nkind = "council"\n' for code in ("A", "A-1", "A 1")
    )
    text += "".join(
        f'[[fund]]\ncode = "{code}"\nname = "=F"\nkind = "pooled"\nhost = "A 1"\nnetting = "scheme"\n'
        for code in ("F", "Ł")
    )
    schemes = ("S", "s", "S--1", "S 1", "中文", "@" * 60)
    text += "".join(
        f'[[scheme]]\ncode = "{code}"\nname = "{code}"\nfund = "{"FŁ"[place % 2]}"\n'
        for place, code in enumerate(schemes)
    )
    text += '[[clause]]\nid = "1.2"\ntitle = "O"\non = "overspend"\nto = "partners"\nshare = { by = "fund" }\n'
    told = [
        (period, code, partner, kind, amount)
        for code in schemes
        for partner in ("A", "A-1", "A 1")
        for period, kind, amount in (("M1", "budget", "10.00"), ("M2", "actual", "12.34"), ("M2", "payment", "1.00"))
    ]
    posted_lines = lines(*told)
    inputs = StatementInputs(settled(read_agreement(text), posted_lines, M3), lines=lambda: posted_lines)
    check(inputs)
    assert len(numbered_groups(workings(inputs))) == len(told)


# How it is told


def shares(count: int) -> StatementInputs:
    """So many schemes, each overspent."""
    schemes = "; ".join(f"S{number}" for number in range(count))
    told = lines(*((("M1", f"S{number}", "A", "actual", "10.00")) for number in range(count)))
    agreement = agreement_of(clause("1", "overspend", share=fixed(A="1", B="1")), schemes=schemes)
    fund = replace(agreement.funds[0], netting=Netting.SCHEME)
    agreement = replace(agreement, funds=(fund, *agreement.funds[1:]))
    return StatementInputs(settled(agreement, told, M3), lines=lambda: told)


@pytest.mark.parametrize(("count", "steps_told"), [(MOST_TOLD, MOST_TOLD), (MOST_TOLD + 1, 0)])
def test_few_shares_are_told_step_by_step_and_many_in_the_workings(count: int, steps_told: int) -> None:
    blocks: tuple[Block, ...] = sections_of(shares(count))["Workings"].blocks
    steps = [block for block in blocks if isinstance(block, Bullets)]
    assert len(steps) == steps_told
    told = "The Workings tell of each how it was shared, under “How each amount was dealt with”."
    assert any(isinstance(block, Paragraph) and block.text == told for block in blocks) is not bool(steps_told)


def test_a_step_leads_to_its_amount_and_the_amount_to_the_lines() -> None:
    document = document_of(shares(2))
    ways = [block for section in document.sections for block in section.blocks if isinstance(block, Paragraph)]
    assert [(block.text, block.goes_to) for block in ways if block.goes_to.startswith("amount-")] == [
        ("Overspend of The S0 (S0)", "amount-1"),
        ("Overspend of The S1 (S1)", "amount-2"),
    ]
    (table,) = (table for table in document.tables if table.title == "Overspends and underspends")
    assert [(row.anchor, row.goes_to) for row in table.rows] == [
        ("amount-1", "lines-s0--a--actual"),
        ("amount-2", "lines-s1--a--actual"),
    ]


def test_lines_are_carried_forward_and_summed_under_their_group() -> None:
    day = dt.date(2016, 5, 31)
    made = (
        PostedLine(1, Period.M2, "S1", "A", Kind.ACTUAL, 3_00, day, "R2"),
        PostedLine(2, Period.M2, "S1", "A", Kind.ACTUAL, 4_00, None, "R1", "Homecare"),
    )
    inputs = StatementInputs(settled(AGREEMENT, made, M3), lines=lambda: made)
    (table,) = tables_of(sections_of(inputs)["Ledger lines"])
    assert table.carries == (5,)
    heading, first, second, total = table.rows
    assert heading == Row(
        ("L1 Actual, The A, The S1 (S1)",), RowKind.HEADING, anchor="lines-s1--a--actual", goes_to="w-spend"
    )
    assert first.cells == ("M2", "", "R1", "Homecare", "2", 4_00)
    assert second.cells == ("M2", "31/05/2016", "R2", "", "1", 3_00)
    cells = ("L1", "", "", "Actual: subtotal", "", 7_00)
    anchor = "sum-lines-s1--a--actual"
    assert total == Row(cells, RowKind.SUBTOTAL, adds=(1, 2), anchor=anchor, goes_to="w-spend")
