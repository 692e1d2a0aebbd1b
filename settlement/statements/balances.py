"""Reserves, performance pay, benefits, spend in default, amounts not allocated, transfers."""

from rules.agreement import Use
from rules.money import pounds
from rules.outcome import Outcome
from settlement.settle import Settlement
from settlement.statements.document import (
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


def balances_section(inputs: StatementInputs) -> Section:
    """Everything beside the shares, a heading each; what there is none of is left out, or said to be nil."""
    blocks: list[Block] = []
    blocks += _unallocated(inputs.settlement.outcome)
    blocks += _in_default(inputs)
    blocks += _reserves(inputs.settlement.outcome)
    blocks += _performance(inputs)
    blocks += _benefits(inputs)
    blocks += [Heading("Transfers between the partners"), transfers_table(inputs.settlement), *_key()]
    return Section("Balances, transfers and key", tuple(blocks))


def _unallocated(outcome: Outcome) -> list[Block]:
    blocks: list[Block] = [Heading("Amounts not allocated")]
    if not outcome.unallocated_pence:
        return [*blocks, Paragraph("None: the clauses dealt with every amount.")]
    rows = [
        Row((subject_name(dealt.subject, outcome), dealt.subject.amount_pence, dealt.unallocated_pence))
        for dealt in outcome.subjects
        if dealt.unallocated_pence
    ]
    rows.append(Row(("Total", sum_of(rows, 1), outcome.unallocated_pence), RowKind.TOTAL))
    columns = (Column("Amount", width=3), *amounts("Amount £", "Not allocated £"))
    warning = (
        f"{pounds(outcome.unallocated_pence)} is left after the last clause. The schedule is incomplete for these "
        "figures, and the settlement cannot be signed."
    )
    return [*blocks, Note(warning, Tone.WARNING), Table("Amounts not allocated", columns, tuple(rows))]


def _in_default(inputs: StatementInputs) -> list[Block]:
    agreement, table = inputs.agreement, inputs.settlement.outcome.figures.in_default
    rows = [
        Row((named(scheme.name, scheme.code), partner.name, table[index][column]))
        for index, scheme in enumerate(agreement.schemes)
        for column, partner in enumerate(agreement.partners)
        if table[index][column]
    ]
    if not rows:
        return []
    rows.append(Row(("Total", "", sum_of(rows, 2)), RowKind.TOTAL))
    columns = (Column("Scheme", width=3), Column("Partner", width=2), *amounts("Spend in default £"))
    return [
        Heading("Spend in default"),
        Paragraph(
            "Spend outside Permitted Expenditure, or by a partner's own fault. It stays wholly with the partner shown "
            "and is in no other figure of this statement."
        ),
        Table("Spend in default", columns, tuple(rows)),
    ]


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
        Column("Reserve", width=3),
        Column("Fund", width=2),
        *amounts("Opening £", "Drawn £", "Paid in £", "Carried forward £"),
    )
    return [Heading("Reserves"), Table("Reserves drawn and carried forward", columns, tuple(rows))]


def _performance(inputs: StatementInputs) -> list[Block]:
    released = inputs.settlement.outcome.performance
    if not released:
        return []
    rows = [
        Row(
            (
                named(each.element.title, each.element.id),
                inputs.bearer_name(each.element.payer),
                "no figures yet" if each.required is None else exact_number(each.required),
                "no figures yet" if each.achieved is None else exact_number(each.achieved),
                each.held_pence,
                each.released_pence,
                each.withheld_pence,
            )
        )
        for each in released
    ]
    columns = (
        Column("Element", width=3),
        Column("Payer", width=2),
        *amounts("Reduction required", "Reduction achieved", "Held £", "Released £", "Not released £"),
    )
    return [
        Heading("Performance pay"),
        Paragraph("What is not released is taken off the payer's contribution to the scheme."),
        Table("Performance pay held and released", columns, tuple(rows)),
    ]


def _benefits(inputs: StatementInputs) -> list[Block]:
    settlement = inputs.settlement
    funds = dict.fromkeys(
        dealt.subject.group.fund for dealt in settlement.outcome.subjects if dealt.subject.on.is_influenced
    )
    if not funds:
        return []
    blocks: list[Block] = [
        Heading("Benefits of influenced services"),
        Paragraph(
            "Each partner hands over what it realised itself, its baseline less its spend, and has its share back; a "
            "disbenefit (negative where handed over) works the other way."
        ),
    ]
    columns = (
        Column("Partner", width=3),
        *amounts("Handed over £", "Share of benefits £", "Provided for £", "Share of disbenefits £"),
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
        total = Row(("All partners", *(sum_of(rows, column) for column in range(1, len(columns)))), RowKind.TOTAL)
        blocks.append(Table(f"Benefits: {inputs.agreement.fund_of[code].name}", columns, (*rows, total)))
    return blocks


def transfers_table(settlement: Settlement) -> Table:
    """Who pays whom, netted for each pair."""
    name = {partner.code: named(partner.name, partner.code) for partner in settlement.agreement.partners}
    rows = [
        Row((name[transfer.payer], name[transfer.receiver], transfer.amount_pence)) for transfer in settlement.transfers
    ]
    if not rows:
        rows = [Row(("Nobody", "nobody", 0))]
    return Table("Who pays whom", (Column("From", width=2), Column("To", width=2), *amounts("Amount £")), tuple(rows))


def _key() -> list[Block]:
    return [
        Heading("Key"),
        Bullets(
            (
                "Amounts are pounds and pence, exact to the penny: nothing is rounded for display.",
                "An amount in brackets is below zero; a dash is nil.",
                "Adverse: more was spent, or less saved, than planned. Favourable: the other way.",
                "Exact ratios are what amounts are shared by; percentages are rounded for reading only.",
            )
        ),
    ]
