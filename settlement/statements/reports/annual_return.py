"""The annual return of each pooled fund: its income and expenditure, reserves, and how its variances were dealt with.

Regulation 7 of SI 2000/617 has the officer who manages a pooled fund submit one to the partners.
"""

from collections.abc import Iterator
from dataclasses import replace

from rules.agreement import Fund, Kind, Use
from rules.english import listed
from rules.figures import Table as FigureTable
from rules.language import say
from rules.money import pounds
from rules.outcome import DealtWith
from rules.periods import Period
from rules.trace import Part
from rules.waterfall import EXCLUDED, FROM_UNDERSPENDS, TO_OVERSPENDS
from settlement.statements.document import (
    Block,
    Column,
    Document,
    Heading,
    Note,
    Paragraph,
    Row,
    RowKind,
    Section,
    SignatureBlock,
    Table,
    Tone,
    amounts,
)
from settlement.statements.inputs import StatementInputs
from settlement.statements.notes import notes_section
from settlement.statements.reports.fund_account import (
    account_blocks,
    accounts_of,
    carried_forward,
    cash_by_partner,
    dealt_with_of,
    net_of,
    reserves_blocks,
)
from settlement.statements.reports.parts import (
    control_notes,
    head_facts,
    head_notes,
    is_year_end,
    total_row,
)
from settlement.statements.sealed import framed
from settlement.statements.wording import named, scheme_name, subject_name

_MOST_COLUMNS = 4  # partners' columns beside each other on a page, with room for the largest amounts


def annual_return(inputs: StatementInputs) -> Document:
    """Of every pooled fund a section, with a certificate for its host and its manager at the year's end."""
    title = say("Annual return")
    funds = [fund for fund in inputs.agreement.funds if fund.is_pooled]
    sections = tuple(
        section
        for index, fund in enumerate(funds)
        for section in _sections(inputs, fund, first=index == 0, alone=len(funds) == 1)
    )
    if not sections:
        none = Paragraph(say("The agreement has no pooled fund, so that there is no annual return to make."))
        sections = (Section(title, (head_facts(inputs), *head_notes(inputs), none)),)
    subtitle = say("Pooled funds") if len(funds) != 1 else funds[0].name
    document = framed(inputs, title, subtitle, title, (*sections, *notes_section(inputs)))
    return replace(document, status=_status(inputs)) if funds else document


def _sections(inputs: StatementInputs, fund: Fund, *, first: bool, alone: bool) -> Iterator[Section]:
    name = named(fund.name, fund.code)
    pairs = ((say("Pooled Fund"), name), (say("Host Partner"), inputs.name_of(fund.host)))
    blocks: list[Block] = [head_facts(inputs, *pairs, status=_status(inputs))]
    notes = head_notes(inputs) if first else []
    if told := _not_yet(inputs):
        notes.insert(sum(each.tone is Tone.WARNING for each in notes), Note(told))
    blocks += [
        *notes,
        *account_blocks(inputs, fund),
        Heading(say("Income")),
        _income(inputs, fund),
        *cash_by_partner(inputs, fund),
        *_virements(inputs, fund),
        Heading(say("Expenditure")),
        _expenditure(inputs, fund),
        *_by_partner(inputs, fund),
    ]
    yield Section(name, tuple(blocks), new_page=not first)
    dealt = say("How underspends and overspends were dealt with")
    yield Section(
        dealt if alone else say("{fund}: how underspends and overspends were dealt with", fund=name),
        (*_dealt_with(inputs, fund), *reserves_blocks(inputs, fund)),
    )
    if is_year_end(inputs):
        title = say("Certificate") if alone else say("{fund}: certificate", fund=name)
        # a warning begins a page, so that nobody signs on a page without it; all else stays together by itself
        yield Section(title, tuple(_certificate(inputs, fund)), new_page=bool(inputs.control_findings))


def _status(inputs: StatementInputs) -> str:
    """Signing the settlement is not signing the certificate: at the year's end it is said how far each has come."""
    if inputs.seal is None or not is_year_end(inputs):
        return inputs.status_line
    if inputs.is_signed:
        return say("Settlement signed (note {sequence}); certificate not yet signed", sequence=inputs.seal.sequence)
    return say("Settlement for signature (note {sequence}); certificate not yet signed", sequence=inputs.seal.sequence)


def _not_yet(inputs: StatementInputs) -> str:
    """What the figures are not, while they are not those of the whole year with its adjustments."""
    if inputs.settlement.is_outturn:
        return say("This is the forecast outturn: the annual return itself is made when the year has ended.")
    if inputs.settlement.period is Period.M12 and inputs.is_draft:
        return say(
            "Adjustments made after the year's end, in M13, are not in these figures: this draft is not to be "
            "certified yet."
        )
    if inputs.settlement.period is Period.M12:
        return say("Adjustments made after the year's end, in M13, are not in these figures.")
    if is_year_end(inputs):
        return ""
    return say(
        "These are the figures of the year to date, up to {period}: the annual return itself is made when the year has "
        "ended, and certified then.",
        period=inputs.period_text,
    )


# Income


def _income(inputs: StatementInputs, fund: Fund) -> Table:
    """Each partner's contribution by what it is made of."""
    figures = inputs.settlement.outcome.figures
    places = [index for index, scheme in enumerate(inputs.agreement.schemes) if scheme.fund == fund.code]
    tables = [figures.tables[Kind.BUDGET], figures.tables[Kind.VIREMENT]]
    titles = [say("Budget £"), say("Virements £")]
    if (withheld := _withheld(inputs, fund)) is not None:
        tables.append(withheld)
        titles.append(say("Performance pay not released £"))
    rows = []
    for column, partner in enumerate(inputs.agreement.partners):
        budget, virements, *kept = (sum(table[index][column] for index in places) for table in tables)
        cells = (budget, virements, *(-pence for pence in kept))
        rows.append(Row((partner.name, *cells, sum(cells))))
    *sources, due = amounts(*titles, say("Financial Contribution due £"))
    due = Column(due.title, due.align, adds=tuple(range(1, len(titles) + 1)))
    columns = (Column(say("Partner"), width=3), *sources, due)
    return Table(say("Income by partner and source"), columns, (*rows, total_row(say("Total"), rows)))


def _withheld(inputs: StatementInputs, fund: Fund) -> FigureTable | None:
    """Performance pay of the fund that is not released; None where there is none."""
    table = inputs.settlement.outcome.figures.withheld
    schemes = () if table is None else zip(inputs.agreement.schemes, table, strict=True)
    return table if any(any(row) for scheme, row in schemes if scheme.fund == fund.code) else None


def _virements(inputs: StatementInputs, fund: Fund) -> list[Block]:
    table = inputs.settlement.outcome.figures.tables[Kind.VIREMENT]
    rows = [
        Row((scheme_name(scheme), partner.name, table[index][column]))
        for index, scheme in enumerate(inputs.agreement.schemes)
        for column, partner in enumerate(inputs.agreement.partners)
        if scheme.fund == fund.code and table[index][column]
    ]
    if not rows:
        return [Paragraph(say("No virement was made into, out of or within the fund."))]
    columns = (Column(say("Scheme"), width=3), Column(say("Partner"), width=2), *amounts(say("Virements £")))
    title = say("Virements by scheme and partner")
    return [Table(title, columns, (*rows, total_row(say("Into the fund, net (in brackets: out of it)"), rows)))]


# Expenditure


def _expenditure(inputs: StatementInputs, fund: Fund) -> Table:
    """Each scheme's budget and what was spent; performance pay that is not released is off the budget."""
    figures = inputs.settlement.outcome.figures
    kinds = [Kind.ACTUAL, Kind.ACCRUAL, *([Kind.FORECAST] if figures.outturn else [])]
    rows = []
    for index, scheme in enumerate(inputs.agreement.schemes):
        if scheme.fund == fund.code:
            budget, spend = sum(figures.budget[index]), sum(figures.spend[index])
            spent = (sum(figures.tables[kind][index]) for kind in kinds)
            rows.append(Row((scheme_name(scheme), budget, *spent, spend, budget - spend)))
    budget_title = say("Budget after performance pay £") if _withheld(inputs, fund) else say("Budget £")
    titles = [say("Actual £"), say("Accruals £"), *([say("Forecast £")] if figures.outturn else [])]
    budget_column, *spent_columns, spend_column, net = amounts(
        budget_title, *titles, say("Expenditure £"), say("Underspend (overspend) £")
    )
    last = len(titles) + 2
    columns = (
        Column(say("Scheme"), width=3),
        budget_column,
        *spent_columns,
        Column(spend_column.title, spend_column.align, adds=tuple(range(2, last))),
        Column(net.title, net.align, adds=(1,), takes=(last,)),
    )
    return Table(say("Expenditure by scheme"), columns, _with_total(rows, len(columns)))


def _by_partner(inputs: StatementInputs, fund: Fund) -> list[Block]:
    """Who paid for each scheme: a column for each partner where there is room, else a row."""
    spend, partners = inputs.settlement.outcome.figures.spend, inputs.agreement.partners
    schemes = [(index, each) for index, each in enumerate(inputs.agreement.schemes) if each.fund == fund.code]
    title = say("Expenditure by scheme and the partner that paid it")
    if len(partners) <= _MOST_COLUMNS:
        rows = [Row((scheme_name(scheme), *spend[index], sum(spend[index]))) for index, scheme in schemes]
        *own, total = amounts(*(f"{partner.code} £" for partner in partners), say("Total £"))
        total = Column(total.title, total.align, adds=tuple(range(1, len(own) + 1)))
        columns = (Column(say("Scheme"), width=3), *own, total)
        return [Paragraph(inputs.codes_line), Table(title, columns, _with_total(rows, len(columns)))]
    rows = [
        Row((scheme_name(scheme), partner.name, spend[index][column]))
        for index, scheme in schemes
        for column, partner in enumerate(partners)
        if spend[index][column]
    ]
    if not rows:
        return [Paragraph(say("Nothing was spent from the fund."))]
    columns = (Column(say("Scheme"), width=3), Column(say("Partner"), width=2), *amounts(say("Expenditure £")))
    return [Table(title, columns, (*rows, total_row(say("Total"), rows)))]


def _with_total(rows: list[Row], width: int) -> tuple[Row, ...]:
    if not rows:
        return (Row((say("Total"), *(0,) * (width - 1)), RowKind.TOTAL),)
    return (*rows, total_row(say("Total"), rows))


# What the clauses made of the variances


def _dealt_with(inputs: StatementInputs, fund: Fund) -> list[Block]:
    rows: list[Row] = []
    for dealt in dealt_with_of(inputs, fund):
        rows.append(Row((subject_name(dealt.subject, inputs.settlement.outcome),), RowKind.HEADING))
        first = len(rows)
        for part in dealt.parts:
            clause = _clause(inputs, part)
            rows += [Row((clause, whose, pence)) for whose, pence in _went(inputs, dealt, part) if pence]
        if dealt.unallocated_pence:
            rows.append(Row((say("No clause"), say("Not allocated"), dealt.unallocated_pence)))
        adds = tuple(range(first, len(rows)))
        rows.append(Row((say("Dealt with in all"), "", dealt.subject.amount_pence), RowKind.SUBTOTAL, adds=adds))
    if not rows:
        return [Paragraph(say("The fund was neither under nor over its budget, so that there was nothing to share."))]
    columns = (Column(say("Clause"), width=3), Column(say("Where it went"), width=3), *amounts(say("Amount £")))
    return [Table(say("Underspends and overspends by clause"), columns, tuple(rows))]


def _clause(inputs: StatementInputs, part: Part) -> str:
    if part.clause == EXCLUDED:
        return say("Excluded from sharing")
    return say("Clause {clause}: {title}", clause=part.clause, title=inputs.agreement.clause_of[part.clause].title)


def _went(inputs: StatementInputs, dealt: DealtWith, part: Part) -> Iterator[tuple[str, int]]:
    """Where a part went, by partner if they shared it."""
    if part.shares_pence is not None:
        for partner, pence in zip(inputs.agreement.partners, part.shares_pence, strict=True):
            if part.to == Use.PROVISION:
                yield say("Provided for the own exposure of {partner}", partner=partner.name), pence
            elif dealt.subject.on.is_gain:
                yield say("To {partner}", partner=partner.name), pence
            else:
                yield say("Share of {partner}", partner=partner.name), pence
    elif part.to == FROM_UNDERSPENDS:
        yield say("Met from other underspends"), part.amount_pence
    elif part.to == TO_OVERSPENDS:
        yield say("Given to other overspends"), part.amount_pence
    else:
        code = part.to.removeprefix(f"{Use.RESERVE}:")
        name = next(reserve.name for reserve in inputs.agreement.reserves if reserve.code == code)
        if dealt.subject.on.is_gain:
            yield say("Paid into the reserve “{reserve}”", reserve=name), part.amount_pence
        else:
            yield say("Met from the reserve “{reserve}”", reserve=name), part.amount_pence


# The certificate


def _certificate(inputs: StatementInputs, fund: Fund) -> list[Block]:
    others = listed(each.name for each in inputs.agreement.partners if each.code != fund.host)
    who = say(
        "The officer responsible for the finances of {host}, and the Pooled Fund Manager",
        host=inputs.name_of(fund.host),
    )
    role, signature, day = say("Role"), say("Signature"), say("Date")
    lines = (say("Officer's name"), role, signature, day, say("Manager's name"), role, signature, day)
    # a heading holds what is certified to it, and both signatures are one block: all of it stands on one page
    signed: list[Block] = [Heading(say("Signed")), SignatureBlock(who, lines)]
    certified = _certified(inputs, fund)
    if others:
        certified = f"{certified} {say('It is submitted to {partners}.', partners=others)}"
    return [*control_notes(inputs), Paragraph(certified), *signed]


def _certified(inputs: StatementInputs, fund: Fund) -> str:
    accounts, net = accounts_of(inputs, fund), net_of(inputs, fund)
    values = {
        "fund": fund.name,
        "year": inputs.agreement.year,
        "income": pounds(sum(account.contribution_due_pence for account in accounts)),
        "spend": pounds(sum(account.spend_pence for account in accounts)),
        "net": pounds(abs(net)),
        "reserves": pounds(carried_forward(inputs, fund)),
        "host": inputs.name_of(fund.host),
    }
    if net > 0:
        return say(
            "I certify that this return shows the income of the pooled fund “{fund}” for {year}, {income}, the "
            "expenditure met from it, {spend}, the net underspend, {net}, and the reserves carried forward, "
            "{reserves}, as they stand in the accounts that {host} keeps of the fund.",
            **values,
        )
    if net < 0:
        return say(
            "I certify that this return shows the income of the pooled fund “{fund}” for {year}, {income}, the "
            "expenditure met from it, {spend}, the net overspend, {net}, and the reserves carried forward, "
            "{reserves}, as they stand in the accounts that {host} keeps of the fund.",
            **values,
        )
    return say(
        "I certify that this return shows the income of the pooled fund “{fund}” for {year}, {income}, the "
        "expenditure met from it, the same amount, and the reserves carried forward, {reserves}, as they stand in the "
        "accounts that {host} keeps of the fund.",
        **values,
    )
