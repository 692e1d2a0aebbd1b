"""The memorandum account adds up: funding less expenditure is the net surplus or deficit, and the shares make it."""

from dataclasses import replace

import pytest

from rules.agreement import FundKind, Kind, Reserve
from rules.money import pounds
from rules.periods import Period
from rules.reading import read_agreement
from settlement.statements import StatementInputs, memorandum_account, settlement_statement
from settlement.statements.accounts.disposal import Disposal, OfReserve, disposal_of
from settlement.statements.accounts.memorandum_wording import became
from settlement.statements.document import Document, Row, RowKind, Table
from tests.conftest import golden_case
from tests.settlement.statements.declared import texts_of, undeclared
from tests.settlement.statements.making import PostedLine, hard_inputs, inputs_of, settled, signed
from tests.settlement.statements.test_any_agreement import generated

RESERVE = Reserve("R", "Rainy days", "F", 5)


def called(document: Document, title: str) -> list[Table]:
    return [table for table in document.tables if table.title == title]


def test_every_pooled_fund_has_one_and_each_adds_up(golden_inputs: StatementInputs) -> None:
    document = memorandum_account(golden_inputs)
    funds = [fund for fund in golden_inputs.agreement.funds if fund.is_pooled]
    assert undeclared(document) == []
    tables = zip(
        funds,
        called(document, "Funding and expenditure by partner"),
        called(document, "Funding and expenditure by scheme"),
        called(document, "What became of the net surplus or deficit"),
        called(document, "Each partner's share"),
        strict=True,
    )
    for fund, by_partner, by_scheme, disposal, shares in tables:
        funding, spend = (row.cells[1] for row in by_partner.rows if row.kind is RowKind.SUBTOTAL)
        net = by_partner.rows[-1].cells[1]
        assert funding - spend == net
        partners = len(golden_inputs.agreement.partners)
        assert sum(row.cells[1] for row in by_partner.rows[1 : 1 + partners]) == funding
        assert by_scheme.rows[-1].cells[1:] == (funding, spend)
        assert disposal.rows[0].cells[1] == net, fund.code
        assert disposal.rows[-1].cells[1] == shares.rows[-1].cells[2]
        for row, partner in zip(nets(shares), golden_inputs.agreement.partners, strict=True):
            assert row.cells[0] == f"Net share of {partner.name}"


def nets(shares: Table) -> list[Row]:
    return [row for row in shares.rows if row.kind is RowKind.SUBTOTAL]


def test_telford_shares_its_net_deficit_equally() -> None:
    inputs = inputs_of(golden_case("telford-2019-20"))
    (shares,) = called(memorandum_account(inputs), "Each partner's share")
    council, ccg = nets(shares)
    assert council.cells[1:] == ccg.cells[1:] == ("50.00%", -300_000_00)
    assert shares.rows[-1].cells == ("Shared between the partners", "100.00%", -600_000_00)


def test_from_the_net_deficit_to_what_the_partners_share() -> None:
    """Reserves first, then other funds, and only the rest is the partners': by kind, in per cent of that rest."""
    document = memorandum_account(inputs_of(golden_case("rotherham-first-call")))
    first, second = called(document, "What became of the net surplus or deficit")
    reserve = "Met from the reserve Risk pool (RISKPOOL) of Pooled fund 1, hosted by the CCG"
    assert [row.cells for row in first.rows] == [
        ("Net deficit arising in the year", -200_000_00),
        (reserve, 145_567_09),
        ("Underspends given to overspends of other funds", -177_216_45),
        ("Shared between the partners", -231_649_36),
    ]
    assert [row.cells for row in second.rows] == [
        ("Net deficit arising in the year", -995_678_99),
        (reserve, 354_432_91),
        ("Met from underspends of other funds", 177_216_45),
        ("Shared between the partners", -464_029_63),
    ]
    _, shares = called(document, "Each partner's share")
    council = "Rotherham Metropolitan Borough Council"
    assert [row.cells for row in shares.rows[:4]] == [
        (council,),
        ("Share of overspends", "", -564_029_63),
        ("Share of underspends", "", 100_000_00),
        (f"Net share of {council}", "100.00%", -464_029_63),
    ]


def test_a_share_in_per_cent_is_between_nothing_and_all_of_it_or_is_not_told(golden_inputs: StatementInputs) -> None:
    told(golden_inputs)


def test_so_it_is_whatever_the_agreement() -> None:
    assert sum(told(inputs) for inputs in map(generated, range(150)) if inputs is not None) > 20


def told(inputs: StatementInputs) -> int:
    """How many percentages are told, each of them meaningful."""
    count = 0
    for shares in called(memorandum_account(inputs), "Each partner's share"):
        whole = shares.rows[-1].cells[2]
        assert isinstance(whole, int)
        for row in nets(shares):
            _, share, pence = row.cells
            if share != "–":
                count += 1
                assert isinstance(pence, int)
                assert 0 < pence / whole <= 1
        assert all(row.cells[1] == "" for row in shares.rows if row.kind is RowKind.BODY)
    return count


def test_the_reserves_of_a_fund_are_those_of_the_statement(golden_inputs: StatementInputs) -> None:
    document = memorandum_account(golden_inputs)
    partner = golden_inputs.agreement.partners[0].code
    stated = called(settlement_statement(golden_inputs, partner), "Reserves drawn and carried forward")
    pooled = {fund.code for fund in golden_inputs.agreement.funds if fund.is_pooled}
    reserves = [each for each in golden_inputs.agreement.reserves if each.fund in pooled]
    expected = {row.cells[0]: row.cells[2:] for table in stated for row in table.rows}
    found: dict[object, tuple[int, int, int, int]] = {}
    for table in called(document, "Reserves held in the fund"):
        for row in table.rows:
            if row.kind is RowKind.HEADING:
                name, of_it = row.cells[0], {}
                continue
            of_it[row.cells[0]] = row.cells[1]
            if row.kind is RowKind.SUBTOTAL:
                drawn = of_it.get("Drawn for this fund", 0) + of_it.get("Passed to other funds", 0)
                paid_in = of_it.get("Paid in from this fund", 0) + of_it.get("Paid in from other funds", 0)
                found[name] = (of_it["Brought forward"], drawn, paid_in, of_it["Carried forward"])
    assert len(found) == len(reserves)
    assert all(expected[name] == cells for name, cells in found.items())


def test_what_a_reserve_passed_to_another_fund_is_apart() -> None:
    (table,) = called(memorandum_account(inputs_of(golden_case("rotherham-first-call"))), "Reserves held in the fund")
    assert [row.cells for row in table.rows] == [
        ("Risk pool (RISKPOOL)",),
        ("Brought forward", 500_000_00),
        ("Drawn for this fund", -145_567_09),
        ("Passed to other funds", -354_432_91),
        ("Carried forward", 0),
    ]


# For a partner's own accounts


def test_each_partners_own_says_whose_it_is(golden_inputs: StatementInputs) -> None:
    for partner in golden_inputs.agreement.partners:
        document = memorandum_account(golden_inputs, partner.code)
        assert document.subtitle == partner.name
        assert document.running[1] == f"Memorandum account, {partner.name}" or not any(
            fund.is_pooled for fund in golden_inputs.agreement.funds
        )
        assert undeclared(document) == []


def test_what_is_due_is_a_debtor_of_one_and_a_creditor_of_the_other(golden_inputs: StatementInputs) -> None:
    if not any(fund.is_pooled for fund in golden_inputs.agreement.funds):
        pytest.skip("no pooled fund")
    for row in golden_inputs.settlement.rows:
        document = memorandum_account(golden_inputs, row.partner)
        due = next(section for section in document.sections if section.title == "Debtors and creditors")
        tables = [block for block in due.blocks if isinstance(block, Table) and block.title == due.title]
        debtors, creditors = tables[0].rows[-1].cells[1:] if tables else (0, 0)
        assert creditors - debtors == row.net_due_pence


def test_debtors_and_creditors_are_gross_by_fund_and_then_set_off() -> None:
    inputs = inputs_of(golden_case("rotherham-first-call"))
    (table,) = called(memorandum_account(inputs, "COUNCIL"), "Debtors and creditors")
    assert [row.cells for row in table.rows] == [
        ("NHS Rotherham CCG",),
        ("Pooled fund 1, hosted by the CCG (POOL1), hosted by NHS Rotherham CCG", 0, 29_199_50),
        (
            "Pooled fund 2, hosted by the council (POOL2), hosted by Rotherham Metropolitan Borough Council",
            100_000_01,
            0,
        ),
        ("Between the funds that they host", 531_649_36, 0),
        ("Set off between the two", -29_199_50, -29_199_50),
        ("Net, NHS Rotherham CCG", 602_449_87, 0),
        ("Total", 602_449_87, 0),
    ]


def test_a_net_is_each_transfer_whatever_the_agreement() -> None:
    for inputs in map(generated, range(100)):
        if inputs is None or not any(fund.is_pooled for fund in inputs.agreement.funds):
            continue
        for partner in inputs.agreement.partners:
            net = [
                (inputs.name_of(each.receiver if each.payer == partner.code else each.payer), each.amount_pence)
                for each in inputs.settlement.transfers
                if partner.code in {each.payer, each.receiver}
            ]
            document = memorandum_account(inputs, partner.code)
            assert undeclared(document) == []
            found = [
                (str(row.cells[0]).removeprefix("Net, "), row.cells[1] or row.cells[2])
                for table in called(document, "Debtors and creditors")
                for row in table.rows
                if row.kind is RowKind.SUBTOTAL and (row.cells[1] or row.cells[2])
            ]
            assert sorted(found) == sorted(net)


def test_a_host_owes_the_fund_the_reserves_that_it_holds() -> None:
    inputs = inputs_of(golden_case("barnet-2014-15-reward-mechanism"))
    (held,) = called(memorandum_account(inputs, "LBB"), "Reserves held as Host Partner")
    assert held.rows[-1].cells == ("Total", 0, 593_142_00, 593_142_00)
    assert not called(memorandum_account(inputs, "BCCG"), "Reserves held as Host Partner")


def test_the_wording_of_the_host_and_of_another() -> None:
    inputs = inputs_of(golden_case("telford-2019-20"))
    host, other = (texts_of(memorandum_account(inputs, code)) for code in ("COUNCIL", "CCG"))
    assert (
        "Telford & Wrekin Council is the Host Partner of the pooled fund “Better Care Fund”, which it shares with NHS "
        "Telford and Wrekin CCG under the partnership agreement “Telford & Wrekin Better Care Fund”. It keeps the "
        "accounts of the fund."
    ) in host
    assert (
        "In 2019/20 funding of £23,767,912.00 was provided to the fund, of which Telford & Wrekin Council provided "
        "£11,000,000.00 (46.28%). Expenditure of £24,367,912.00 was met from it."
    ) in host
    assert (
        "The net deficit is £600,000.00. The partners share a deficit of £600,000.00: the share of Telford & Wrekin "
        "Council is £300,000.00 (50.00%)."
    ) in host
    assert "Telford & Wrekin Council is the Host Partner and keeps the accounts of the fund." in other


def test_the_wording_says_what_reserves_and_other_funds_met() -> None:
    fife = texts_of(memorandum_account(inputs_of(golden_case("fife-reserves-first")), "COUNCIL"))
    (balance,) = golden_case("fife-reserves-first").settlement().outcome.reserves
    assert (
        f"The net deficit is £4,171,000.00. It was met from the reserve “{balance.reserve.name}”, of which "
        f"{pounds(balance.closing_pence)} is carried forward; Fife Council bears no share."
    ) in fife
    rotherham = texts_of(memorandum_account(inputs_of(golden_case("rotherham-first-call")), "CCG"))
    assert (
        "The net deficit is £200,000.00. £145,567.09 was met from the reserve “Risk pool”, of which £0.00 is carried "
        "forward. £177,216.45 of underspends was given to overspends of other funds. The partners share a deficit of "
        "£231,649.36: the share of NHS Rotherham CCG is £202,449.86 (87.39%)."
    ) in rotherham


def test_in_the_year_and_of_a_forecast_the_wording_says_so() -> None:
    case = golden_case("ccg-to-icb-2022-23")
    inputs = inputs_of(case)
    assert "In 2022/23 up to M6 (September 2022) funding of" in texts_of(memorandum_account(inputs, "ICB"))
    forecast = replace(inputs, settlement=case.settlement(outturn=True), outturn=None)
    assert "For 2022/23 funding of" in texts_of(memorandum_account(forecast, "ICB"))


@pytest.mark.parametrize(
    ("own", "other", "expected"),
    [
        (0, 0, "Nothing of it is shared between the partners."),
        (50, 50, "The partners share a surplus of £1.00: the share of X is £0.50 (50.00%)."),
        (-50, -50, "The partners share a deficit of £1.00: the share of X is £0.50 (50.00%)."),
        (None, 50, "The partners share a surplus of £0.50; X has no part of it."),
        (None, -50, "The partners share a deficit of £0.50; X bears no share."),
        (None, None, "The partners' shares come to nil, and so does that of X."),
        (90, -50, "The partners' shares come to a surplus of £0.40: that of X is a surplus of £0.90."),
        (-50, 90, "The partners' shares come to a surplus of £0.40: that of X is a deficit of £0.50."),
        (50, -90, "The partners' shares come to a deficit of £0.40: that of X is a surplus of £0.50."),
        (-90, 50, "The partners' shares come to a deficit of £0.40: that of X is a deficit of £0.90."),
        (50, -50, "The partners' shares come to nil: that of X is a surplus of £0.50."),
        (-50, 50, "The partners' shares come to nil: that of X is a deficit of £0.50."),
    ],
)
def test_a_share_is_told_whichever_way_it_falls(own: int | None, other: int | None, expected: str) -> None:
    """None: a surplus and a deficit of as much."""
    shares = {code: shares_of(pence) for code, pence in (("A", own), ("B", other))}
    said = became(Disposal(-7, (), 0, 0, 0, -7, shares), "A", "X")
    assert said.startswith("The net deficit is £0.07. £0.07 is not allocated by any clause. ")
    assert said.endswith(expected)


def shares_of(pence: int | None) -> tuple[tuple[str, int], ...]:
    if pence is None:
        return (("overspends", -5), ("underspends", 5))
    return (("shares", pence),) if pence else ()


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (Disposal(0, (), 0, 0, 0, 0, {"A": ()}), "There is neither a net surplus nor a net deficit."),
        (
            Disposal(9, (), 1, 2, 8, 0, {"A": ()}),
            (
                "The net surplus is £0.09. £0.01 was met from underspends of other funds. £0.02 of underspends was "
                "given to overspends of other funds. £0.08 of underspends was given to QIPP shortfalls. Nothing of it "
                "is shared between the partners."
            ),
        ),
        (
            Disposal(9, (OfReserve(RESERVE, 1, 10, 14),), 0, 0, 0, 0, {"A": ()}),
            (
                "The net surplus is £0.09. £0.01 was met from the reserve “Rainy days”, of which £0.14 is carried "
                "forward. £0.10 was paid into the reserve “Rainy days”, of which £0.14 is carried forward. Nothing of "
                "it is shared between the partners."
            ),
        ),
    ],
)
def test_what_no_partner_has_is_told(found: Disposal, expected: str) -> None:
    assert became(found, "A", "X") == expected


def test_a_disposal_that_is_not_all_of_it_never_leaves() -> None:
    settlement = golden_case("telford-2019-20").settlement()
    (fund,) = settlement.agreement.funds
    broken = replace(settlement, cash=replace(settlement.cash, accounts=settlement.accounts[:1]))
    with pytest.raises(AssertionError, match="are to be shared"):
        disposal_of(broken, fund)


def test_what_is_not_signed_is_not_final() -> None:
    inputs = inputs_of(golden_case("telford-2019-20"))
    not_final = "The figures are not final until they are signed by"
    assert not_final in texts_of(memorandum_account(inputs, "CCG"))
    assert not_final not in texts_of(memorandum_account(signed(inputs), "CCG"))


def test_nothing_due_and_no_pooled_fund_are_said() -> None:
    nothing = texts_of(memorandum_account(inputs_of(golden_case("fife-reserves-first")), "CCG"))
    assert "Nothing is due to or from NHS Fife in settlement of the agreement." in nothing
    inputs = inputs_of(golden_case("telford-2019-20"))
    (fund,) = inputs.agreement.funds
    agreement = replace(inputs.agreement, funds=(replace(fund, kind=FundKind.ALIGNED),))
    outcome = replace(inputs.settlement.outcome, agreement=agreement)
    aligned = replace(inputs, settlement=replace(inputs.settlement, outcome=outcome))
    for partner in (None, "CCG"):
        assert "no pooled fund, so that there is no memorandum account" in texts_of(
            memorandum_account(aligned, partner)
        )


def test_the_only_partner_shares_with_nobody() -> None:
    agreement = read_agreement(
        """
        [agreement]
        id = "alone"
        title = "Alone"
        financial_year = "2014/15"
        [[partner]]
        code = "A"
        name = "The Council"
        kind = "council"
        [[fund]]
        code = "F"
        name = "Pool"
        kind = "pooled"
        host = "A"
        [[scheme]]
        code = "S"
        name = "Home care"
        fund = "F"
        """
    )
    lines = (PostedLine(1, Period.M1, "S", "A", Kind.BUDGET, 100), PostedLine(2, Period.M1, "S", "A", Kind.ACTUAL, 100))
    text = texts_of(memorandum_account(StatementInputs(settled(agreement, lines, Period.M12)), "A"))
    assert "The Council keeps the pooled fund “Pool” under Alone." in text
    assert "There is neither a net surplus nor a net deficit." in text


def test_no_partner_of_that_code() -> None:
    with pytest.raises(KeyError):
        memorandum_account(hard_inputs(3), "NOBODY")


def test_qipp_beside_the_budget_is_said_to_be_apart() -> None:
    inputs = inputs_of(golden_case("three-partners-qipp-separate"))
    shortfall = sum(row.qipp_shortfall_pence for row in inputs.settlement.rows)
    assert f"QIPP shortfalls of {pounds(shortfall)} are shared" in texts_of(memorandum_account(inputs, "A"))
