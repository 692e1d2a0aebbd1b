"""Transfer notices: who invoices whom, for how much and for what, a notice for each transfer of the settlement."""

from collections.abc import Iterator

from rules.agreement import Fund
from rules.english import listed
from rules.language import message, say
from rules.money import pounds
from rules.outcome import Outcome
from rules.trace import FundMovement
from rules.waterfall import FROM_UNDERSPENDS
from settlement.cash import Transfer
from settlement.settle import Settlement
from settlement.statements.accounts.entries import DISBENEFIT_BORNE, HANDED_OVER, QIPP_BORNE, Account, entries_of
from settlement.statements.accounts.notice_notes import disputed_blocks, nothing_new, told_before
from settlement.statements.accounts.notified import Notified, notified_before, owed_before, reference_of
from settlement.statements.document import (
    Block,
    Column,
    Document,
    Facts,
    KeyFigures,
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
from settlement.statements.inputs import StatementInputs, Status
from settlement.statements.reports.parts import agreement_name
from settlement.statements.sealed import framed, provisional_notes, standing_facts
from settlement.statements.wording import amount_in_words, named, subject_name

# What a partner's account with a fund's host is made of: the journal's key, and what it is called where the debtor owes
# it to the creditor, and where it is the creditor's own with a fund of the debtor.
_LINES = (
    ("contribution_due", message("Financial Contribution due"), message("Less: Financial Contribution due")),
    ("overspend", message("Share of overspends"), message("Less: share of overspends")),
    ("qipp_shortfall", message("Share of QIPP shortfalls"), message("Less: share of QIPP shortfalls")),
    ("disbenefit", message("Share of disbenefits"), message("Less: share of disbenefits")),
    ("underspend", message("Less: share of underspends"), message("Share of underspends")),
    ("benefit", message("Less: share of benefits"), message("Share of benefits")),
    ("provision", message("Less: provided for its own exposure"), message("Provided for its own exposure")),
    (HANDED_OVER, message("Benefits realised and handed over"), message("Less: benefits realised and handed over")),
    (DISBENEFIT_BORNE, message("Less: disbenefits it bore itself"), message("Disbenefits it bore itself")),
    (QIPP_BORNE, message("Less: QIPP shortfalls it bore itself"), message("QIPP shortfalls it bore itself")),
    ("spend", message("Less: spent on the fund's behalf"), message("Spent on the fund's behalf")),
    ("paid", message("Less: paid to date"), message("Paid to date")),
)


def notices_of(settlement: Settlement) -> dict[str, Transfer]:
    """The transfers that there is a notice of, by what it is asked for: creditor and debtor, as `LBB-BCCG`.

    A forecast asks nobody for money: of an outturn there are none.
    """
    found: dict[str, Transfer] = {}
    for transfer in () if settlement.is_outturn else settlement.transfers:
        pair = name = f"{transfer.receiver}-{transfer.payer}"
        number = 1
        while name in found:  # a hyphen may be in a code: A-B and C, A and B-C
            number += 1
            name = f"{pair}-{number}"
        found[name] = transfer
    return found


def transfer_notice(inputs: StatementInputs, pair: str) -> Document:
    """The notice that the creditor of a pair gives its debtor. Raises KeyError where nothing is due between the two.

    Where the settlement last signed notified all of it already, it says so and asks for nothing.
    """
    transfer = notices_of(inputs.settlement)[pair]
    creditor, debtor = inputs.name_of(transfer.receiver), inputs.name_of(transfer.payer)
    before = notified_before(inputs, transfer)
    old = before if before is not None and not before.new_pence else None
    number = reference_of(inputs, transfer) if old is None else old.numbers  # one debt has one number
    label = say("Due from {debtor} to {creditor}", debtor=debtor, creditor=creditor)
    if old is not None:
        label = say("Notified already and not paid, from {debtor} to {creditor}", debtor=debtor, creditor=creditor)
    blocks: list[Block] = [
        _facts(inputs, transfer, number),
        *(_standing(inputs) if old is None else nothing_new(inputs, old)),
        *provisional_notes(inputs),
        KeyFigures(
            label,
            transfer.amount_pence,
            amount_in_words(transfer.amount_pence),
            () if before is None else told_before(inputs, before),
        ),
        *disputed_blocks(inputs, transfer),
    ]
    if old is None:
        blocks.append(Paragraph(_what_for(inputs, transfer)))
    blocks.append(Paragraph(_cumulative(inputs, transfer, before)))
    if old is None:
        blocks.append(_to_fill_in())
    signs = Paragraph(say("Amounts in brackets reduce what is due."))
    makes = Section(say("How it is made up"), (signs, _breakdown(inputs, transfer)))
    title = say("Transfer notice") if old is None else say("Transfer notice: nothing new")
    subtitle = say("{creditor} to {debtor}", creditor=creditor, debtor=debtor)
    subject = say("Transfer notice {number}", number=number)
    return framed(inputs, title, subtitle, subject, (Section(say("What is due"), tuple(blocks)), makes))


def _to_fill_in() -> SignatureBlock:
    """What an invoice and its payment need and no settlement says: lines to fill in by hand."""
    lines = (say("To be paid by"), say("Purchase order"), say("Pay to"), say("VAT treatment"))
    return SignatureBlock(say("To be filled in, as the agreement provides"), lines)


def _facts(inputs: StatementInputs, transfer: Transfer, number: str) -> Facts:
    return Facts(
        (
            (say("Number"), number),
            (say("Creditor, who invoices"), _party(inputs, transfer.receiver)),
            (say("Debtor, who pays"), _party(inputs, transfer.payer)),
            (say("Agreement"), agreement_name(inputs)),
            (say("Financial year"), str(inputs.agreement.year)),
            (say("Period"), inputs.period_text),
            *standing_facts(inputs),
        )
    )


def _party(inputs: StatementInputs, partner: str) -> str:
    return ", ".join((inputs.name_of(partner), *inputs.theme.of(partner).address))


def _standing(inputs: StatementInputs) -> list[Note]:
    """What is not signed is no request for payment, and says so before it names an amount."""
    if inputs.is_signed:
        return []
    if inputs.status is Status.FOR_SIGNATURE:
        text = say("Not every partner has signed the settlement yet: this notice is not a request for payment.")
    else:
        text = say("The settlement is a draft: this notice is not a request for payment.")
    return [Note(text, Tone.WARNING)]


def _what_for(inputs: StatementInputs, transfer: Transfer) -> str:
    figures = {
        "debtor": inputs.name_of(transfer.payer),
        "creditor": inputs.name_of(transfer.receiver),
        "agreement": agreement_name(inputs),
        "year": inputs.agreement.year,
        "period": inputs.period_text,
    }
    if inputs.is_signed and inputs.seal is not None:
        return say(
            "In settlement of {agreement} for {year} up to {period}, as every partner signed it in note {note}: "
            "{creditor} invoices {debtor}.",
            note=inputs.seal.sequence,
            **figures,
        )
    return say("In settlement of {agreement} for {year} up to {period}: {creditor} is to invoice {debtor}.", **figures)


def _cumulative(inputs: StatementInputs, transfer: Transfer, before: Notified | None) -> str:
    """A settlement is of the year to date: a notice stands in the place of an earlier one that was not paid."""
    paid = say(
        "The amount is that of the whole year to date, less what the ledger shows as paid. It takes the place of any "
        "earlier notice between the two that is not paid; a payment made since counts once it is posted."
    )
    if inputs.previous is None or before is not None:
        return paid
    owed = owed_before(inputs, transfer)
    names = {
        "period": inputs.previous_name,
        "debtor": inputs.name_of(transfer.payer),
        "creditor": inputs.name_of(transfer.receiver),
        "amount": pounds(abs(owed)),
    }
    if owed > 0:
        stated = say("At {period} {amount} was due from {debtor} to {creditor}.", **names)
    elif owed < 0:
        stated = say("At {period} {amount} was due from {creditor} to {debtor}.", **names)
    else:
        stated = say("At {period} nothing was due between the two.", **names)
    return f"{paid} {stated}"


# What makes it


def _breakdown(inputs: StatementInputs, transfer: Transfer) -> Table:
    """The accounts of each with the funds that the other hosts, and what their funds owe each other."""
    rows: list[Row] = []
    subtotals: list[int] = []
    for heading, lines in _groups(inputs, transfer):
        shown = [(label, pence) for label, pence in lines if pence]
        if not shown:
            continue
        rows.append(Row((heading,), RowKind.HEADING))
        first = len(rows)
        rows += [Row((label, pence)) for label, pence in shown]
        subtotals.append(len(rows))
        adds = tuple(range(first, len(rows)))
        rows.append(Row((say("Together"), sum(pence for _, pence in shown)), RowKind.SUBTOTAL, adds=adds))
    label = say("Due to {creditor}", creditor=inputs.name_of(transfer.receiver))
    rows.append(Row((label, transfer.amount_pence), RowKind.TOTAL, adds=tuple(subtotals)))
    return Table(say("What makes the amount"), (Column(say("Line"), width=3), *amounts(say("Amount £"))), tuple(rows))


def _groups(inputs: StatementInputs, transfer: Transfer) -> Iterator[tuple[str, list[tuple[str, int]]]]:
    agreement = inputs.agreement
    for sign, partner, host in ((1, transfer.payer, transfer.receiver), (-1, transfer.receiver, transfer.payer)):
        for fund in agreement.funds:
            if fund.host == host:
                heading = say(
                    "{partner} with {fund}, hosted by {host}",
                    partner=inputs.name_of(partner),
                    fund=named(fund.name, fund.code),
                    host=inputs.name_of(host),
                )
                yield heading, _of_account(inputs.settlement, fund, partner, sign)
    yield say("Between the funds that they host"), _between(inputs, transfer)


def _of_account(settlement: Settlement, fund: Fund, partner: str, sign: int) -> list[tuple[str, int]]:
    entries = entries_of(settlement, partner)
    return [
        (say(owed if sign > 0 else own), sign * entries.get(Account(key, fund.code, counterparty=fund.host), 0))
        for key, owed, own in _LINES
    ]


def _between(inputs: StatementInputs, transfer: Transfer) -> list[tuple[str, int]]:
    """What funds of the one owe funds of the other: by which clause, and for which overspends or underspends."""
    agreement, outcome = inputs.agreement, inputs.settlement.outcome
    host_of = {fund.code: fund.host for fund in agreement.funds}
    told: set[tuple[int, int]] = set()
    lines = []
    for movement in outcome.movements:
        ends = (host_of[movement.payer], host_of[movement.receiver])
        sign = (ends == (transfer.payer, transfer.receiver)) - (ends == (transfer.receiver, transfer.payer))
        if sign:
            label = say(
                "From {giver} to {taker}, by clause {clause}: {amounts}",
                giver=agreement.fund_of[movement.payer].name,
                taker=agreement.fund_of[movement.receiver].name,
                clause=movement.clause,
                amounts=listed(dict.fromkeys(_behind(outcome, movement, told))),
            )
            lines.append((label, sign * movement.amount_pence))
    return lines


def _behind(outcome: Outcome, movement: FundMovement, told: set[tuple[int, int]]) -> list[str]:
    """The names of the amounts that a movement dealt with: all that underspends met of a fund, or one for a reserve.

    `told` are the places of the parts that an earlier movement of the same reserve has told already.
    """
    names = []
    ends = {movement.payer, movement.receiver}
    for place, dealt in enumerate(outcome.subjects):
        for number, part in enumerate(dealt.parts):
            if part.clause != movement.clause or part.to != movement.source or dealt.subject.group.fund not in ends:
                continue
            if part.to == FROM_UNDERSPENDS:
                if dealt.subject.group.fund == movement.receiver:
                    names.append(subject_name(dealt.subject, outcome))
            elif part.amount_pence == movement.amount_pence and (place, number) not in told:
                told.add((place, number))
                return [subject_name(dealt.subject, outcome)]
    return names
