"""Reserves, performance pay, benefits, spend in default, amounts not allocated, transfers."""

from rules.agreement import Use
from rules.language import say
from rules.money import pounds
from rules.outcome import Outcome
from settlement.settle import Settlement
from settlement.statements.anchors import LineGroup, Of, anchors_of, groups_with_figures
from settlement.statements.clauses_shared import with_total
from settlement.statements.document import (
    Align,
    Block,
    Bullets,
    Column,
    Heading,
    Note,
    Paragraph,
    Row,
    RowKind,
    Section,
    Table,
    Tone,
    amounts,
    sum_of,
)
from settlement.statements.inputs import StatementInputs
from settlement.statements.wording import exact_number, named, subject_name

_DEFAULT = 3  # the column of amounts


def balances_section(inputs: StatementInputs) -> Section:
    """Everything beside the shares, a heading each; what there is none of is left out, or said to be nil."""
    blocks: list[Block] = []
    blocks += _controls(inputs)
    blocks += _unallocated(inputs)
    blocks += _in_default(inputs)
    blocks += _reserves(inputs.settlement.outcome)
    blocks += _performance(inputs)
    blocks += _benefits(inputs)
    blocks += [Heading(say("Transfers between the partners")), transfers_table(inputs.settlement), *_key()]
    return Section(balances_title(), tuple(blocks))


def balances_title() -> str:
    """What the section is called where another refers to it."""
    return say("Balances, transfers and key")


def _controls(inputs: StatementInputs) -> list[Block]:
    """Every control total that does not agree; the first page has word of the first alone."""
    if not inputs.control_findings:
        return []
    return [Heading(say("Control totals that do not agree")), Bullets(inputs.control_findings)]


def _unallocated(inputs: StatementInputs) -> list[Block]:
    outcome, names = inputs.settlement.outcome, anchors_of(inputs)
    blocks: list[Block] = [Heading(say("Amounts not allocated"))]
    if not outcome.unallocated_pence:
        return [*blocks, Paragraph(say("None: the clauses dealt with every amount."))]
    rows = [
        Row(
            (subject_name(dealt.subject, outcome), dealt.subject.amount_pence, dealt.unallocated_pence),
            goes_to=names.amount(number),
        )
        for number, dealt in enumerate(outcome.subjects, 1)
        if dealt.unallocated_pence
    ]
    columns = (Column(say("Amount"), width=3), *amounts(say("Amount £"), say("Not allocated £")))
    warning = say(
        "{amount} is left after the last clause. The schedule is incomplete for these figures, and the settlement "
        "cannot be signed.",
        amount=pounds(outcome.unallocated_pence),
    )
    return [*blocks, Note(warning, Tone.WARNING), Table(say("Amounts not allocated"), columns, with_total(rows))]


def _in_default(inputs: StatementInputs) -> list[Block]:
    agreement, names = inputs.agreement, anchors_of(inputs)
    numbered = enumerate(groups_with_figures(inputs).items(), 1)
    found = [(number, group, pence) for number, (group, pence) in numbered if group.of is Of.IN_DEFAULT]
    if not found:
        return []
    rows = [
        Row(
            (_scheme_name(inputs, group), agreement.partner_of[group.partner].name, f"L{number}", pence),
            goes_to=names.lines(group),
        )
        for number, group, pence in found
    ]
    total = Row((say("Total"), "", "", sum_of(rows, _DEFAULT)), RowKind.TOTAL, adds=tuple(range(len(rows))))
    columns = (
        Column(say("Scheme"), width=3),
        Column(say("Partner"), width=2),
        Column(say("Ledger lines")),
        *amounts(say("Spend in default £")),
    )
    return [
        Heading(say("Spend in default")),
        Paragraph(
            say(
                "Spend outside Permitted Expenditure, or by a partner's own fault. It was met by the partner shown "
                "itself, and is in no other figure of this statement."
            )
        ),
        Table(say("Spend in default"), columns, (*rows, total)),
    ]


def _scheme_name(inputs: StatementInputs, group: LineGroup) -> str:
    return named(inputs.agreement.scheme_of[group.scheme].name, group.scheme)


def _reserves(outcome: Outcome) -> list[Block]:
    if not outcome.reserves:
        return []
    rows = []
    for balance in outcome.reserves:
        reserve = balance.reserve
        to = f"{Use.RESERVE}:{reserve.code}"
        moved = [
            (dealt.subject.on.is_gain, part.amount_pence)
            for dealt in outcome.subjects
            for part in dealt.parts
            if part.to == to
        ]
        drawn = sum(pence for is_gain, pence in moved if not is_gain)
        paid_in = sum(pence for is_gain, pence in moved if is_gain)
        fund = outcome.agreement.fund_of[reserve.fund].name
        cells = (named(reserve.name, reserve.code), fund, reserve.opening_pence, -drawn, paid_in, balance.closing_pence)
        rows.append(Row(cells))
    columns = (
        Column(say("Reserve"), width=3),
        Column(say("Fund"), width=2),
        *amounts(say("Opening £"), say("Drawn £"), say("Paid in £")),
        Column(say("Carried forward £"), Align.RIGHT, adds=(2, 3, 4)),
    )
    return [Heading(say("Reserves")), Table(say("Reserves drawn and carried forward"), columns, tuple(rows))]


def _performance(inputs: StatementInputs) -> list[Block]:
    released = inputs.settlement.outcome.performance
    if not released:
        return []
    rows = [
        Row(
            (
                named(each.element.title, each.element.id),
                inputs.bearer_name(each.element.payer),
                say("no figures yet") if each.required is None else exact_number(each.required),
                say("no figures yet") if each.achieved is None else exact_number(each.achieved),
                each.held_pence,
                each.released_pence,
                each.withheld_pence,
            )
        )
        for each in released
    ]
    columns = (
        Column(say("Element"), width=3),
        Column(say("Payer"), width=2),
        *amounts(say("Reduction required"), say("Reduction achieved"), say("Held £"), say("Released £")),
        Column(say("Not released £"), Align.RIGHT, adds=(4,), takes=(5,)),
    )
    return [
        Heading(say("Performance pay")),
        Paragraph(say("What is not released is taken off the payer's contribution to the scheme.")),
        Table(say("Performance pay held and released"), columns, tuple(rows)),
    ]


def _benefits(inputs: StatementInputs) -> list[Block]:
    settlement = inputs.settlement
    funds = dict.fromkeys(
        dealt.subject.group.fund for dealt in settlement.outcome.subjects if dealt.subject.on.is_influenced
    )
    if not funds:
        return []
    blocks: list[Block] = [
        Heading(say("Benefits of influenced services")),
        Paragraph(
            say(
                "Each partner hands over what it realised itself, its baseline less its spend, and has its share back; "
                "a disbenefit (negative where handed over) works the other way."
            )
        ),
    ]
    columns = (
        Column(say("Partner"), width=3),
        *amounts(
            say("Handed over £"), say("Share of benefits £"), say("Provided for £"), say("Share of disbenefits £")
        ),
    )
    for code in funds:
        rows = [
            Row(
                (
                    inputs.name_of(account.partner),
                    account.handed_over_pence,
                    account.benefit_pence,
                    account.provision_pence,
                    account.disbenefit_pence,
                )
            )
            for account in settlement.accounts
            if account.fund == code
        ]
        sums = (sum_of(rows, column) for column in range(1, len(columns)))
        total = Row((say("All partners"), *sums), RowKind.TOTAL, adds=tuple(range(len(rows))))
        title = say("Benefits: {fund}", fund=inputs.agreement.fund_of[code].name)
        blocks.append(Table(title, columns, (*rows, total)))
    return blocks


def transfers_table(settlement: Settlement) -> Table:
    """Who pays whom, netted for each pair."""
    name = {partner.code: named(partner.name, partner.code) for partner in settlement.agreement.partners}
    rows = [
        Row((name[transfer.payer], name[transfer.receiver], transfer.amount_pence)) for transfer in settlement.transfers
    ]
    if not rows:
        rows = [Row((say("Nobody"), say("nobody"), 0))]
    columns = (Column(say("From"), width=2), Column(say("To"), width=2), *amounts(say("Amount £")))
    return Table(say("Who pays whom"), columns, tuple(rows))


def _key() -> list[Block]:
    return [
        Heading(say("Key")),
        Bullets(
            (
                say("Amounts are in pounds and pence, exact to the penny; where a heading says £000, in thousands."),
                say("An amount in brackets is below zero; a dash is nil."),
                say("Of what is due, an amount without brackets is to be paid, one in brackets to be received."),
                say("“Less:” before a line says that its amount is taken off; it stands in brackets for that."),
                say("A movement is what a figure is now, less what it was when last stated."),
                say("Adverse: more was spent, or less saved, than planned. Favourable: the other way."),
                say("Exact ratios are what amounts are shared by; percentages are rounded for reading only."),
                say("In brackets after a name is the code by which the ledgers know it."),
                say("M1 to M12 are April to March; M13 is for year-end adjustments."),
                say("W1 and on number the workings of the first page's lines, L1 and on the groups of ledger lines."),
            )
        ),
    ]
