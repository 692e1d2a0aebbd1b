"""The memorandum account adds up: funding less expenditure is the net surplus or deficit, and the shares make it."""

from settlement.statements import StatementInputs, memorandum_account
from settlement.statements.document import RowKind
from tests.conftest import golden_case
from tests.settlement.statements.making import inputs_of


def test_every_pooled_fund_has_one_and_each_adds_up(golden_inputs: StatementInputs) -> None:
    document = memorandum_account(golden_inputs)
    funds = [fund for fund in golden_inputs.agreement.funds if fund.is_pooled]
    tables = document.tables
    assert len(tables) == 3 * len(funds)
    for place, fund in enumerate(funds):
        by_partner, by_scheme, shares = tables[3 * place : 3 * place + 3]
        funding, spend = (row.cells[1] for row in by_partner.rows if row.kind is RowKind.SUBTOTAL)
        net = by_partner.rows[-1].cells[1]
        assert funding - spend == net
        partners = len(golden_inputs.agreement.partners)
        assert sum(row.cells[1] for row in by_partner.rows[1 : 1 + partners]) == funding
        assert by_scheme.rows[-1].cells[1:] == (funding, spend)
        *each, total = shares.rows
        assert sum(row.cells[2] for row in each) == total.cells[2] == net, fund.code


def test_telford_shares_its_net_deficit_equally() -> None:
    inputs = inputs_of(golden_case("telford-2019-20"))
    *_, shares = memorandum_account(inputs).tables
    council, ccg, total = shares.rows
    assert council.cells[1:] == ccg.cells[1:] == ("50.00%", -300_000_00)
    assert total.cells == ("Net deficit arising in the year", "100.00%", -600_000_00)


def test_what_reserves_met_is_no_partners_share() -> None:
    inputs = inputs_of(golden_case("fife-reserves-first"))
    *_, shares = memorandum_account(inputs).tables
    labels = [row.cells[0] for row in shares.rows]
    assert any(label.startswith("Carried to reserves") for label in labels)
