"""The annual return: its account comes to nil, its parts are the settlement's, and it is certified at year end."""

from dataclasses import replace
from pathlib import Path

from rules.agreement import FundKind, Kind
from rules.periods import Period
from rules.reading import read_agreement
from settlement.statements import StatementInputs, annual_return
from settlement.statements.document import Column, Note, RowKind, SignatureBlock, Tone
from settlement.statements.pdf.writer import write_pdf
from settlement.statements.thousands import in_thousands
from tests.conftest import GoldenCase, golden_case
from tests.settlement.statements.declared import table_called, texts_of, undeclared
from tests.settlement.statements.making import (
    PostedLine,
    for_signature,
    hard_inputs,
    inputs_of,
    pages_of,
    settled,
    signed,
)


def pooled(inputs: StatementInputs) -> list[str]:
    return [fund.code for fund in inputs.agreement.funds if fund.is_pooled]


def test_the_account_of_every_pooled_fund_ends_in_what_its_reserves_carry_forward(
    golden_inputs: StatementInputs,
) -> None:
    document = annual_return(golden_inputs)
    accounts = [table for table in document.tables if table.title == "Account of the fund"]
    assert len(accounts) == len(pooled(golden_inputs))
    outcome = golden_inputs.settlement.outcome
    for code, account in zip(pooled(golden_inputs), accounts, strict=True):
        own = [each for each in golden_inputs.settlement.accounts if each.fund == code]
        _, income, expenditure, net, *_ = account.rows
        assert income.cells[1] == sum(each.contribution_due_pence for each in own)
        assert expenditure.cells[1] == -sum(each.spend_pence for each in own)
        assert net.cells[1] == sum(each.contribution_due_pence - each.spend_pence for each in own)
        reserves = [each for each in outcome.reserves if each.reserve.fund == code]
        closing = sum(each.closing_pence for each in reserves)
        assert account.rows[-1].cells == ("Carried forward in reserves", closing)
        (forward,) = (row for row in account.rows if row.cells[0] == "Brought forward")
        assert forward.cells[1] == sum(each.reserve.opening_pence for each in reserves)
        assert sum(each.cells[1] for each in account.rows if each.kind is RowKind.BODY) == closing


def test_an_account_says_what_passed_between_the_funds() -> None:
    """Rotherham's risk pool is pool 1's: it meets overspends of both pools, and so do pool 1's underspends."""
    document = annual_return(inputs_of(golden_case("rotherham-first-call")))
    first, second = ([row.cells for row in table.rows] for table in document.tables if "Account" in table.title)
    assert first[3:] == [
        ("Net overspend", -200_000_00),
        ("Partners' shares of overspends", 231_649_36),
        ("Passed to the overspends of Pooled fund 2, hosted by the council", -177_216_45),
        ("Drawn from the fund's reserves for this fund", -145_567_09),
        ("Reserves",),
        ("Brought forward", 500_000_00),
        ("Passed to the overspends of Pooled fund 2, hosted by the council", -354_432_91),
        ("Carried forward in reserves", 0),
    ]
    assert second[6:] == [
        ("From the underspends of Pooled fund 1, hosted by the CCG", 177_216_45),
        ("From the reserves of Pooled fund 1, hosted by the CCG", 354_432_91),
        ("Left for the fund's reserves", 0),
        ("Reserves",),
        ("Brought forward", 0),
        ("Carried forward in reserves", 0),
    ]
    reserves = table_called(document, "Reserves brought and carried forward")
    assert [column.title for column in reserves.columns[1:]] == [
        "Brought forward £",
        "Drawn for this fund £",
        "Drawn for other funds £",
        "Carried forward £",
    ]
    assert reserves.rows[-1].cells[1:] == (500_000_00, -145_567_09, -354_432_91, 0)
    assert "What it drew was from the reserves of other funds." in texts_of(document)


_TWO_POOLS = """
[agreement]
id = "two"
title = "Two pools"
financial_year = "2014/15"
[[partner]]
code = "C"
name = "The Council"
kind = "council"
[[partner]]
code = "N"
name = "NHS North"
kind = "ccg"
[[fund]]
code = "P"
name = "First pool"
kind = "pooled"
host = "C"
netting = "scheme"
[[fund]]
code = "Q"
name = "Second pool"
kind = "pooled"
host = "N"
[[scheme]]
code = "A"
name = "Home care"
fund = "P"
[[scheme]]
code = "B"
name = "Beds"
fund = "Q"
[[scheme]]
code = "C"
name = "Carers"
fund = "P"
[[reserve]]
code = "R"
name = "Contingency"
fund = "P"
opening = "100.00"
"""
_OVER = '[[clause]]\nid = "{number}"\ntitle = "Contingency"\non = "{on}"\nto = "reserve:R"\n'


def two_pools(on: str, *moved: tuple[str, Kind, int], qipp: str = "", more: str = "") -> StatementInputs:
    """Budgets of £50 in each pool, £50 spent in each, and more lines."""
    text = (
        _TWO_POOLS.replace('title = "Two pools"', f'title = "Two pools"\n{qipp}') + _OVER.format(on=on, number=1) + more
    )
    usual = [(code, kind, 50_00) for code in "AB" for kind in (Kind.BUDGET, Kind.ACTUAL)]
    lines = tuple(
        PostedLine(number, Period.M1, scheme, "C", kind, pence)
        for number, (scheme, kind, pence) in enumerate((*usual, *moved), 1)
    )
    return StatementInputs(settled(read_agreement(text), lines, Period.M12))


def account_rows(inputs: StatementInputs, place: int) -> list[tuple[object, ...]]:
    tables = [table for table in annual_return(inputs).tables if table.title == "Account of the fund"]
    return [row.cells for row in tables[place].rows[3:]]


def test_another_funds_underspend_may_go_into_a_reserve() -> None:
    inputs = two_pools("underspend", ("A", Kind.ACTUAL, -3_00), ("B", Kind.ACTUAL, -7_00))
    assert account_rows(inputs, 0) == [
        ("Net underspend", 3_00),
        ("Paid into the fund's reserves", 3_00),
        ("Reserves",),
        ("Brought forward", 100_00),
        ("Paid in from the underspends of Second pool", 7_00),
        ("Carried forward in reserves", 110_00),
    ]
    assert account_rows(inputs, 1)[:3] == [
        ("Net underspend", 7_00),
        ("From underspends, into the reserves of First pool", -7_00),
        ("Left for the fund's reserves", 0),
    ]
    reserves = table_called(annual_return(inputs), "Reserves brought and carried forward")
    assert [column.title for column in reserves.columns[2:4]] == [
        "Paid in from this fund £",
        "Paid in from other funds £",
    ]
    assert reserves.rows[0].cells[1:] == (100_00, 3_00, 7_00, 110_00)
    text = texts_of(annual_return(inputs))
    assert "the net underspend, £3.00, and the reserves carried forward, £110.00" in text
    assert "The fund has no reserve: nothing is brought or carried forward." in text


def test_what_no_clause_allocates_is_in_the_account() -> None:
    inputs = two_pools("underspend", ("A", Kind.ACTUAL, 3_00), ("B", Kind.ACTUAL, -7_00))
    assert account_rows(inputs, 0)[:2] == [("Net overspend", -3_00), ("Not allocated by any clause", 3_00)]


def test_a_reserve_may_meet_another_funds_qipp_shortfall() -> None:
    inputs = two_pools("qipp_shortfall", ("B", Kind.QIPP_TARGET, 5_00), qipp='qipp = "separate"')
    assert ("Passed to Second pool", -5_00) in account_rows(inputs, 0)
    assert account_rows(inputs, 1)[:3] == [
        ("Net underspend or overspend", 0),
        ("QIPP shortfalls that partners have already met", -5_00),
        ("From the reserves of First pool", 5_00),
    ]


def test_what_one_scheme_pays_into_a_reserve_another_may_draw() -> None:
    inputs = two_pools(
        "overspend", ("A", Kind.ACTUAL, 3_00), ("C", Kind.BUDGET, 9_00), more=_OVER.format(on="underspend", number=2)
    )
    assert account_rows(inputs, 0) == [
        ("Net underspend", 6_00),
        ("Paid into the fund's reserves, less drawn from them for this fund", 6_00),
        ("Reserves",),
        ("Brought forward", 100_00),
        ("Carried forward in reserves", 106_00),
    ]
    reserves = table_called(annual_return(inputs), "Reserves brought and carried forward")
    assert [column.title for column in reserves.columns[2:4]] == ["Paid in £", "Drawn £"]
    assert reserves.rows[0].cells[1:] == (100_00, 9_00, -3_00, 106_00)


def test_a_control_total_that_fails_is_told_at_the_head_and_above_the_certificate() -> None:
    finding = "Control total “Sample” is not met: £1,151,000.00 less was posted."
    inputs = replace(inputs_of(golden_case("rotherham-first-call")), control_findings=(finding,))
    sections = annual_return(inputs).sections
    assert [section.new_page for section in sections if section.title.endswith("certificate")] == [True, True]
    warned = [
        section.title
        for section in sections
        for block in section.blocks
        if isinstance(block, Note) and block.tone is Tone.WARNING and finding in block.text
    ]
    assert warned == [
        "Pooled fund 1, hosted by the CCG (POOL1)",
        "Pooled fund 1, hosted by the CCG (POOL1): certificate",
        "Pooled fund 2, hosted by the council (POOL2): certificate",
    ]


def test_cash_and_spend_by_partner_add_up_to_what_is_still_due() -> None:
    document = annual_return(inputs_of(golden_case("rotherham-first-call")))
    table = table_called(document, "Cash and spend by partner")
    assert [row.cells[1:] for row in table.rows] == [
        (750_000_00, -750_000_00, 0, 0, 0),
        (6_100_000_00, 0, 750_000_00, -7_050_000_00, -200_000_00),
        (6_850_000_00, -750_000_00, 750_000_00, -7_050_000_00, -200_000_00),
    ]
    assert table.columns[5].adds == (1, 2, 3, 4)


def test_every_total_says_what_it_adds(golden_inputs: StatementInputs) -> None:
    for inputs in (golden_inputs, replace(golden_inputs, settlement=golden_inputs.outturn, outturn=None)):
        document = annual_return(inputs)
        assert undeclared(document) == []
        assert len(in_thousands(document, inputs).tables) == len(document.tables)


def test_what_the_clauses_dealt_with_is_every_subject_of_the_result(golden: GoldenCase) -> None:
    inputs = inputs_of(golden)
    expected = [
        subject["amount"]
        for code in pooled(inputs)
        for subject in golden.expected["subjects"]
        if subject["fund"] == code
    ]
    told = [
        row.cells[2]
        for table in annual_return(inputs).tables
        if table.title == "Underspends and overspends by clause"
        for row in table.rows
        if row.kind is RowKind.SUBTOTAL
    ]
    assert told == expected


def test_reserves_brought_forward_drawn_and_carried_forward() -> None:
    document = annual_return(inputs_of(golden_case("fife-reserves-first")))
    reserves = table_called(document, "Reserves brought and carried forward")
    assert reserves.rows[0].cells == (
        "Uncommitted reserves (UNCOMMITTED)",
        8_500_000_00,
        0,
        -4_171_000_00,
        4_329_000_00,
    )
    assert reserves.columns[4].adds == (1, 2, 3)
    account = table_called(document, "Account of the fund")
    assert ("Drawn from the fund's reserves for this fund", -4_171_000_00) in [row.cells for row in account.rows]


def test_virements_are_told_by_scheme_and_partner() -> None:
    document = annual_return(inputs_of(golden_case("three-partners-qipp-separate")))
    rows = [row.cells for row in table_called(document, "Virements by scheme and partner").rows]
    assert rows == [
        ("Scheme 1 (S1)", "NHS B CCG", -100_000_00),
        ("Scheme 3 (S3)", "NHS B CCG", 100_000_00),
        ("Into the fund, net (in brackets: out of it)", "", 0),
    ]
    assert "No virement was made" in texts_of(annual_return(inputs_of(golden_case("fife-reserves-first"))))


def test_qipp_beside_the_budget_is_shared_and_taken_off_where_it_was_borne() -> None:
    document = annual_return(inputs_of(golden_case("three-partners-qipp-separate")))
    rows = {row.cells[0]: row.cells[-1] for row in table_called(document, "Account of the fund").rows}
    assert rows["Partners' shares of QIPP shortfalls"] == 190_010_02
    assert rows["QIPP shortfalls that partners have already met"] == -190_010_02


def test_performance_pay_that_is_not_released_is_taken_off_the_income() -> None:
    document = annual_return(inputs_of(golden_case("payment-for-performance")))
    table = table_called(document, "Income by partner and source")
    assert [column.title for column in table.columns][3] == "Performance pay not released £"
    assert table.columns[4].adds == (1, 2, 3)
    assert table.rows[-1].cells[3:] == (-737_550_00, 13_752_450_00)
    assert table_called(document, "Expenditure by scheme").columns[1].title == "Budget after performance pay £"


def test_it_is_certified_at_the_years_end_by_the_hosts_officer_and_the_manager() -> None:
    document = annual_return(inputs_of(golden_case("telford-2019-20")))
    blocks = [block for section in document.sections for block in section.blocks if isinstance(block, SignatureBlock)]
    assert [block.heading for block in blocks] == [
        "The officer responsible for the finances of Telford & Wrekin Council, and the Pooled Fund Manager"
    ]
    assert [label for block in blocks for label, value in block.pairs if not value and "name" in label] == [
        "Officer's name",
        "Manager's name",
    ]
    text = texts_of(document)
    assert (
        "for 2019/20, £23,767,912.00, the expenditure met from it, £24,367,912.00, the net overspend, £600,000.00, and "
        "the reserves carried forward, £0.00, as they stand" in text
    )
    assert "It is submitted to NHS Telford and Wrekin CCG." in text
    assert "Adjustments made after the year's end, in M13, are not in these figures: this draft is not to be" in text


def test_a_certificate_needs_no_page_of_its_own_and_is_not_parted(tmp_path: Path) -> None:
    for name in ("telford-2019-20", "barnet-2014-15-pooled", "payment-for-performance", "fife-reserves-first"):
        path = tmp_path / f"{name}.pdf"
        write_pdf(annual_return(inputs_of(golden_case(name))), path)
        (page,) = (page for page in pages_of(path) if "I certify" in page)
        assert "Officer's name" in page
        assert "Manager's name" in page


def test_in_the_year_it_says_that_it_is_not_the_return_yet() -> None:
    case = golden_case("ccg-to-icb-2022-23")
    text = texts_of(annual_return(inputs_of(case)))
    assert "These are the figures of the year to date, up to M6 (September 2022)" in text
    assert "I certify" not in text
    forecast = replace(inputs_of(case), settlement=case.settlement(outturn=True), outturn=None)
    assert "This is the forecast outturn" in texts_of(annual_return(forecast))
    assert "I certify" not in texts_of(annual_return(forecast))


def test_at_m13_nothing_is_to_come() -> None:
    inputs = inputs_of(golden_case("three-partners-qipp-separate"))
    assert inputs.settlement.period is Period.M13
    text = texts_of(annual_return(inputs))
    assert "I certify" in text
    assert "are not in these figures" not in text
    assert "not to be certified yet" not in text


def test_an_agreement_without_a_pooled_fund_has_none_to_make() -> None:
    inputs = inputs_of(golden_case("telford-2019-20"))
    (fund,) = inputs.agreement.funds
    agreement = replace(inputs.agreement, funds=(replace(fund, kind=FundKind.ALIGNED),))
    outcome = replace(inputs.settlement.outcome, agreement=agreement, subjects=())
    aligned = replace(inputs, settlement=replace(inputs.settlement, outcome=outcome))
    assert "no pooled fund, so that there is no annual return" in texts_of(annual_return(aligned))


def test_many_partners_have_a_row_each_and_few_a_column() -> None:
    few = table_called(annual_return(hard_inputs(3)), "the partner that paid it")
    assert [column.title for column in few.columns] == ["Scheme", "A £", "B £", "Total £"]
    assert few.columns[3] == Column("Total £", few.columns[3].align, adds=(1, 2))


def test_more_partners_than_have_room_beside_each_other_have_rows() -> None:
    partners = "".join(f'[[partner]]\ncode = "{code}"\nname = "{code}"\nkind = "council"\n' for code in "ABCDE")
    agreement = read_agreement(
        '[agreement]\nid = "five"\ntitle = "Five"\nfinancial_year = "2014/15"\n' + partners + '[[fund]]\ncode = "F"\n'
        'name = "Pool"\nkind = "pooled"\nhost = "A"\n[[scheme]]\ncode = "S"\nname = "Beds"\nfund = "F"\n'
    )
    lines = (
        PostedLine(1, Period.M1, "S", "E", Kind.BUDGET, 3_00),
        PostedLine(2, Period.M1, "S", "D", Kind.ACTUAL, 1_00),
        PostedLine(3, Period.M1, "S", "E", Kind.ACCRUAL, 2_00),
    )
    document = annual_return(StatementInputs(settled(agreement, lines, Period.M12)))
    table = table_called(document, "the partner that paid it")
    assert [row.cells for row in table.rows] == [
        ("Beds (S)", "D", 1_00),
        ("Beds (S)", "E", 2_00),
        ("Total", "", 3_00),
    ]
    nothing = annual_return(StatementInputs(settled(agreement, (), Period.M12)))
    assert "Nothing was spent from the fund." in texts_of(nothing)


def test_it_says_how_far_it_has_come() -> None:
    inputs = inputs_of(golden_case("telford-2019-20"))
    document = annual_return(signed(inputs))
    assert document.status == "Settlement signed (note 3); certificate not yet signed"
    assert f"Status: {document.status}" in texts_of(document)
    assert "Status: Signed, note 3" not in texts_of(document)
    assert "Adjustments made after the year's end, in M13, are not in these figures.\n" in texts_of(document)
    assert document.watermark == ""
    put_up = annual_return(for_signature(inputs))
    assert put_up.status == "Settlement for signature (note 3); certificate not yet signed"
    assert annual_return(inputs).status == "DRAFT – not signed"
    early = signed(inputs_of(golden_case("ccg-to-icb-2022-23")))
    assert annual_return(early).status == "Signed, note 3"


def test_income_and_expenditure_that_are_the_same_are_certified_so() -> None:
    text = texts_of(annual_return(inputs_of(golden_case("barnet-2014-15-pooled"))))
    assert "£51,330,358.00, the expenditure met from it, the same amount, and the reserves carried forward" in text
