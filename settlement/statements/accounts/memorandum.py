"""The memorandum account of each pooled fund, for the notes to each partner's annual accounts."""

from rules.agreement import Fund, QippMode
from rules.english import listed
from rules.language import say
from rules.money import pounds
from settlement.cash import FundAccount
from settlement.settle import Settlement
from settlement.statements.accounts.disposal import disposal_of, net_label, reserves_table, shares_table, what_became
from settlement.statements.accounts.dues import due_section
from settlement.statements.accounts.memorandum_wording import note_to_the_accounts
from settlement.statements.document import (
    Block,
    Bullets,
    Column,
    Document,
    Facts,
    Heading,
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
from settlement.statements.reports.parts import total_row
from settlement.statements.sealed import framed, provisional_notes, standing_facts
from settlement.statements.wording import named


def memorandum_account(inputs: StatementInputs, partner: str | None = None) -> Document:
    """Funding, expenditure, net surplus or deficit, what became of it, and its reserves, for every pooled fund.

    For a partner's own accounts it has the wording of a note as well, and what the partner owes or is owed. Without a
    partner it is what all of them share. Raises KeyError for a code that no partner in being has.
    """
    name = "" if partner is None else inputs.name_of(partner)
    funds = [fund for fund in inputs.agreement.funds if fund.is_pooled]
    sections = tuple(_section(inputs, fund, partner, first=index == 0) for index, fund in enumerate(funds))
    title = say("Memorandum account")
    if not sections:
        none = Paragraph(say("The agreement has no pooled fund, so that there is no memorandum account to give."))
        sections = (Section(title, (none,)),)
    elif partner is not None:
        sections = (*sections, due_section(inputs, partner))
    shared = say("Pooled funds") if len(funds) != 1 else funds[0].name
    subject = say("Memorandum account, {partner}", partner=name) if name else title
    return framed(inputs, title, name or shared, subject, (*sections, *notes_section(inputs)))


def _section(inputs: StatementInputs, fund: Fund, partner: str | None, *, first: bool) -> Section:
    settlement = inputs.settlement
    accounts = [account for account in settlement.accounts if account.fund == fund.code]
    period = (
        say("{period}, forecast outturn for the year", period=inputs.period_text)
        if settlement.is_outturn
        else say("{period}, year to date", period=inputs.period_text)
    )
    pairs = [
        (say("Agreement"), named(inputs.agreement.title, inputs.agreement.id)),
        (say("Host Partner"), inputs.name_of(fund.host)),
        (say("Financial year"), str(inputs.agreement.year)),
        (say("Period"), period),
        *standing_facts(inputs),
    ]
    if partner is not None:
        pairs.insert(1, (say("For the accounts of"), inputs.name_of(partner)))
    blocks: list[Block] = [Facts(tuple(pairs))]
    if first:
        blocks += [*provisional_notes(inputs), *shared_dispute_note(inputs), *first_notes(inputs)]
    disposal = disposal_of(settlement, fund)
    if partner is not None:
        blocks += note_to_the_accounts(inputs, fund, partner, accounts, disposal)
        blocks.append(Heading(say("The account")))
    reserves = reserves_table(settlement, fund)
    blocks += [
        _by_partner(inputs, accounts),
        _by_scheme(settlement, fund),
        what_became(inputs, disposal),
        shares_table(inputs, disposal),
        *(() if reserves is None else (reserves,)),
    ]
    if inputs.agreement.qipp is QippMode.SEPARATE and any(account.qipp_shortfall_pence for account in accounts):
        shortfall = sum(account.qipp_shortfall_pence for account in accounts)
        text = say(
            "Savings targets stand beside the budget in this agreement: QIPP shortfalls of {amount} are shared between "
            "the partners apart from the net surplus or deficit above.",
            amount=pounds(shortfall),
        )
        blocks.append(Paragraph(text))
    if partner is not None and first:
        blocks += [Heading(say("Before the wording is used")), _before_use(inputs)]
    return Section(named(fund.name, fund.code), tuple(blocks), new_page=not first)


def _by_partner(inputs: StatementInputs, accounts: list[FundAccount]) -> Table:
    count = len(accounts)
    funding = sum(account.contribution_due_pence for account in accounts)
    spend = sum(account.spend_pence for account in accounts)
    rows = [Row((say("Funding provided to the pooled fund"),), RowKind.HEADING)]
    rows += [Row((inputs.name_of(account.partner), account.contribution_due_pence)) for account in accounts]
    rows.append(Row((say("Total funding"), funding), RowKind.SUBTOTAL, adds=tuple(range(1, count + 1))))
    rows.append(Row((say("Expenditure met from the pooled fund, by the partner that paid it"),), RowKind.HEADING))
    rows += [Row((inputs.name_of(account.partner), account.spend_pence)) for account in accounts]
    spent = tuple(range(count + 3, 2 * count + 3))
    rows.append(Row((say("Total expenditure"), spend), RowKind.SUBTOTAL, adds=spent))
    net = funding - spend
    rows.append(Row((net_label(net), net), RowKind.TOTAL, adds=(count + 1,), takes=(2 * count + 3,)))
    columns = (Column(say("Line"), width=3), *amounts(say("Amount £")))
    return Table(say("Funding and expenditure by partner"), columns, tuple(rows))


def _by_scheme(settlement: Settlement, fund: Fund) -> Table:
    figures = settlement.outcome.figures
    rows = [
        Row((named(scheme.name, scheme.code), sum(figures.budget[index]), sum(figures.spend[index])))
        for index, scheme in enumerate(settlement.agreement.schemes)
        if scheme.fund == fund.code
    ]
    rows.append(total_row(say("Total"), rows) if rows else Row((say("Total"), 0, 0), RowKind.TOTAL))
    columns = (Column(say("Scheme"), width=3), *amounts(say("Funding £"), say("Expenditure £")))
    return Table(say("Funding and expenditure by scheme"), columns, tuple(rows))


def _before_use(inputs: StatementInputs) -> Bullets:
    told = []
    if not inputs.is_signed:
        awaited = listed(each.name for each in inputs.agreement.partners)
        told.append(say("The figures are not final until they are signed by {partners}.", partners=awaited))
    return Bullets(
        (
            *told,
            say("A ledger holds one year: last year's comparative figures are those of its own memorandum account."),
            say("How the arrangement is shown in its own statements is for each partner and its auditor to judge."),
        )
    )
