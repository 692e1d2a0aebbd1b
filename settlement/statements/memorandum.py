"""The memorandum account of each pooled fund, for the notes to each partner's annual accounts."""

from rules.agreement import Fund, On, QippMode, Use
from rules.money import pounds
from rules.waterfall import FROM_UNDERSPENDS, TO_OVERSPENDS
from settlement.cash import FundAccount
from settlement.settle import Settlement
from settlement.statements.document import (
    Block,
    Column,
    Document,
    Facts,
    Paragraph,
    Row,
    RowKind,
    Section,
    Table,
    amounts,
)
from settlement.statements.in_dispute import shared_dispute_note
from settlement.statements.inputs import StatementInputs
from settlement.statements.notes import first_notes, notes_section
from settlement.statements.sealed import framed, provisional_notes, standing_facts
from settlement.statements.wording import named, percent


def memorandum_account(inputs: StatementInputs) -> Document:
    """Funding, expenditure, net surplus or deficit, and each partner's share of it, for every pooled fund."""
    funds = [fund for fund in inputs.agreement.funds if fund.is_pooled]
    sections = tuple(_section(inputs, fund, first=index == 0) for index, fund in enumerate(funds))
    if not sections:
        none = Paragraph("The agreement has no pooled fund, so that there is no memorandum account to give.")
        sections = (Section("Memorandum account", (none,)),)
    subtitle = "Pooled funds" if len(funds) != 1 else funds[0].name
    title = "Memorandum account"
    return framed(inputs, title, subtitle, title, (*sections, *notes_section(inputs)))


def _section(inputs: StatementInputs, fund: Fund, *, first: bool) -> Section:
    settlement = inputs.settlement
    accounts = [account for account in settlement.accounts if account.fund == fund.code]
    funding = sum(account.contribution_due_pence for account in accounts)
    spend = sum(account.spend_pence for account in accounts)
    blocks: list[Block] = [
        Facts(
            (
                ("Agreement", named(inputs.agreement.title, inputs.agreement.id)),
                ("Host Partner", inputs.name_of(fund.host)),
                ("Financial year", str(inputs.agreement.year)),
                ("Period", f"{inputs.period_text}, {inputs.reading[0].lower()}{inputs.reading[1:]}"),
                *standing_facts(inputs),
            )
        )
    ]
    if first:
        blocks += [*provisional_notes(inputs), *shared_dispute_note(inputs), *first_notes(inputs)]
    blocks += [
        _by_partner(inputs, accounts, funding, spend),
        _by_scheme(settlement, fund, spend),
        _shares(inputs, fund, accounts, funding - spend),
    ]
    if inputs.agreement.qipp is QippMode.SEPARATE and any(account.qipp_shortfall_pence for account in accounts):
        shortfall = sum(account.qipp_shortfall_pence for account in accounts)
        blocks.append(
            Paragraph(
                f"Savings targets stand beside the budget in this agreement: QIPP shortfalls of {pounds(shortfall)} "
                "are shared between the partners apart from the net surplus or deficit above."
            )
        )
    return Section(named(fund.name, fund.code), tuple(blocks), new_page=not first)


def _by_partner(inputs: StatementInputs, accounts: list[FundAccount], funding: int, spend: int) -> Table:
    net = f"{_surplus_or_deficit(funding - spend)} arising in the year"
    rows = [Row(("Funding provided to the pooled fund",), RowKind.HEADING)]
    rows += [Row((inputs.name_of(account.partner), account.contribution_due_pence)) for account in accounts]
    rows.append(Row(("Total funding", funding), RowKind.SUBTOTAL))
    rows.append(Row(("Expenditure met from the pooled fund, by the partner that paid it",), RowKind.HEADING))
    rows += [Row((inputs.name_of(account.partner), account.spend_pence)) for account in accounts]
    rows.append(Row(("Total expenditure", spend), RowKind.SUBTOTAL))
    rows.append(Row((net, funding - spend), RowKind.TOTAL))
    return Table("Funding and expenditure by partner", (Column("Line", width=3), *amounts("£")), tuple(rows))


def _surplus_or_deficit(net_pence: int) -> str:
    """The words of the accounts regulations, for the memorandum account alone."""
    if not net_pence:
        return "Net surplus or deficit"
    return "Net surplus" if net_pence > 0 else "Net deficit"


def _by_scheme(settlement: Settlement, fund: Fund, spend: int) -> Table:
    figures = settlement.outcome.figures
    rows = [
        Row((named(scheme.name, scheme.code), sum(figures.budget[index]), sum(figures.spend[index])))
        for index, scheme in enumerate(settlement.agreement.schemes)
        if scheme.fund == fund.code
    ]
    funding = sum(cell for row in rows if isinstance(cell := row.cells[1], int))
    rows.append(Row(("Total", funding, spend), RowKind.TOTAL))
    columns = (Column("Scheme", width=3), *amounts("Funding £", "Expenditure £"))
    return Table("Funding and expenditure by scheme", columns, tuple(rows))


def _shares(inputs: StatementInputs, fund: Fund, accounts: list[FundAccount], net_pence: int) -> Table:
    within = inputs.agreement.qipp is QippMode.WITHIN_BUDGET
    lines = [
        (
            inputs.name_of(account.partner),
            account.underspend_pence
            + account.provision_pence
            - account.overspend_pence
            - (account.qipp_shortfall_pence if within else 0),
        )
        for account in accounts
    ]
    lines += [(label, pence) for label, pence in _elsewhere(inputs.settlement, fund) if pence]
    rows = [Row((label, percent(pence, net_pence), pence)) for label, pence in lines]
    net = f"{_surplus_or_deficit(net_pence)} arising in the year"
    total = Row((net, percent(net_pence, net_pence), net_pence), RowKind.TOTAL)
    columns = (Column("Whose", width=3), *amounts("Per cent", "£"))
    return Table("Share of the net surplus or deficit", columns, (*rows, total))


def _elsewhere(settlement: Settlement, fund: Fund) -> list[tuple[str, int]]:
    """What of a fund's net surplus or deficit no partner has: reserves, other funds' underspends, not allocated.

    A QIPP shortfall beside the budget is no part of the surplus, nor is what reserves and underspends met of it.
    """
    reserves = underspends = unallocated = 0
    beside_budget = settlement.agreement.qipp is QippMode.SEPARATE
    for dealt in settlement.outcome.subjects:
        subject = dealt.subject
        if subject.group.fund != fund.code or (subject.on is On.QIPP_SHORTFALL and beside_budget):
            continue
        sign = 1 if subject.on.is_gain else -1
        unallocated += sign * dealt.unallocated_pence
        for part in dealt.parts:
            if part.to.startswith(f"{Use.RESERVE}:"):
                reserves += sign * part.amount_pence
            elif part.to in {FROM_UNDERSPENDS, TO_OVERSPENDS}:
                underspends += sign * part.amount_pence
    return [
        ("Carried to reserves (negative: met from them)", reserves),
        ("Given to overspends elsewhere (negative: met from underspends elsewhere)", underspends),
        ("Not allocated by any clause", unallocated),
    ]
