"""The journal of each partner's own general ledger, balanced, and the transfers between the partners."""

from collections.abc import Iterable

from rules.agreement import Agreement
from rules.language import say
from settlement.statements.accounts.entries import DRAWN, INSTEAD, LINES, Account, entries_before, entries_of
from settlement.statements.accounts.notified import notified_before, reference_of
from settlement.statements.accounts.transfer_notices import notices_of
from settlement.statements.document import Align, Cell, Column, Row, RowKind, Table, amounts
from settlement.statements.inputs import StatementInputs
from settlement.statements.sealed import in_narrative
from settlement.statements.wording import named

ACCOUNT_KEYS = frozenset({key for key, _, _ in LINES} | {DRAWN})
"""What a theme may give a partner's own account code for (docs/journals.md): the lines of a journal, and the key by
which older themes know all that is drawn of reserves and underspends."""

_NAMES = {key: name for key, _, name in LINES}
_SIDES = range(6, 10)  # the columns of amounts: debit and credit, year to date and then of the movement


def journal(inputs: StatementInputs, partner: str) -> Table:
    """The entries that bring a partner's settlement into its own ledger: each fund's account, debtors and creditors.

    Debit and credit are of the year to date; the movement is what they add to the journal last stated, with a line for
    what was in that and is nil now. `Code` is the partner's own for the account, where its theme gives one.
    Debits equal credits, in both, or AssertionError.
    """
    now, before = entries_of(inputs.settlement, partner), entries_before(inputs, partner)
    lines = _Lines(inputs, partner)
    for account in dict.fromkeys((*now, *before)):
        lines.add(account, now.get(account, 0), before.get(account, 0))
    sums = [sum(cell for row in lines.rows if isinstance(cell := row.cells[side], int)) for side in _SIDES]
    for debit, credit in (sums[:2], sums[2:]):
        if debit != credit:
            told = f"the journal of {partner} has debits of {debit} pence and credits of {credit}"
            raise AssertionError(told)
    cells = lines.cells("", (say("Total"), ""), sums, "", "")
    total = Row(cells, RowKind.TOTAL, adds=tuple(range(len(lines.rows))))
    title = say("Journal of {partner}", partner=named(inputs.name_of(partner), partner))
    columns = (
        Column(say("Line number")),
        Column(say("Financial year")),
        Column(say("Period")),
        Column(say("Status")),
        Column(say("Account")),
        Column(say("Code")),
        *amounts(say("Debit"), say("Credit"), say("Movement debit"), say("Movement credit")),
        Column(say("Counterparty code")),
        Column(say("Counterparty")),
        Column(say("Narrative")),
    )
    return Table(title, columns, (*lines.rows, total))


class _Lines:
    """The lines of a partner's journal, numbered, each with the partner's own code for its account."""

    def __init__(self, inputs: StatementInputs, partner: str) -> None:
        self.rows: list[Row] = []
        self._inputs = inputs
        self._codes = inputs.theme.of(partner).accounts
        self._status = posting_status(inputs)
        self._narrative = _narrative(inputs)
        agreements = [each.agreement for each in (inputs.previous, inputs.settlement) if each is not None]
        self._funds = _names_of_funds(agreements)
        self._reserves = _names_of_reserves(agreements)

    def add(self, account: Account, now_pence: int, before_pence: int) -> None:
        """A line: the debit, or below nought the credit, of the year to date, and what it was when last stated."""
        sides = (*_sides(now_pence), *_sides(now_pence - before_pence))
        name = say(_NAMES[account.key])
        if account.reserve:
            name = say(_NAMES[account.key], reserve=self._reserves[account.reserve])
        code = self._codes.get(account.key) or self._codes.get(INSTEAD.get(account.key, ""), "")
        of_fund = self._funds.get(account.fund, "")
        number = str(len(self.rows) + 1)
        self.rows.append(Row(self.cells(number, (name, code), sides, account.counterparty, of_fund)))

    def cells(
        self, number: str, account: tuple[str, str], sides: Iterable[Cell], counterparty: str, fund: str
    ) -> tuple[Cell, ...]:
        """The cells of a line: year, period and status stand in every one of them."""
        settlement = self._inputs.settlement
        other = self._inputs.party_name(counterparty) if counterparty else ""
        narrative = f"{self._narrative}, {fund}" if fund else self._narrative
        about = (number, str(settlement.agreement.year), str(settlement.period), self._status, *account)
        return (*about, *sides, counterparty, other, narrative)


def _sides(debit_pence: int) -> tuple[Cell, Cell]:
    """An amount as a debit or, below nought, a credit; neither, of nil."""
    return (debit_pence or "", "") if debit_pence >= 0 else ("", -debit_pence)


def _names_of_funds(agreements: list[Agreement]) -> dict[str, str]:
    return {fund.code: named(fund.name, fund.code) for agreement in agreements for fund in agreement.funds}


def _names_of_reserves(agreements: list[Agreement]) -> dict[str, str]:
    return {each.code: named(each.name, each.code) for agreement in agreements for each in agreement.reserves}


def posting_status(inputs: StatementInputs) -> str:
    """What a journal's `Status` says: whether it may be posted, and by which note it is signed."""
    if inputs.settlement.is_outturn:
        return say("FORECAST: not for posting")
    if inputs.is_signed:
        return inputs.status_line
    if inputs.seal is not None:
        return say("For signature, note {sequence}: not for posting", sequence=inputs.seal.sequence)
    return say("DRAFT: not for posting")


def _narrative(inputs: StatementInputs) -> str:
    """Agreement, year, period and reading; the seal and version; since which journal the movement is."""
    settlement = inputs.settlement
    about = f"{inputs.agreement.id} {inputs.agreement.year} {settlement.period} {inputs.reading.lower()}"
    if not inputs.is_draft or (inputs.governing is not None and inputs.governing.is_variation):
        about = f"{about}, {in_narrative(inputs)}"
    if inputs.previous is None:
        return about
    if inputs.previous_seal is None:
        return say(
            "{narrative}, movement since the journal at {period}, which is not signed",
            narrative=about,
            period=inputs.previous_name,
        )
    return say(
        "{narrative}, movement since the journal at {period}, note {note}",
        narrative=about,
        period=inputs.previous_name,
        note=inputs.previous_seal.sequence,
    )


def transfer_list(inputs: StatementInputs) -> Table:
    """Who pays whom, a row for each pair, for the payments run; with the number of its notice, where there is one.

    What was signed and notified before stands beside what is new: nobody pays it twice.
    """
    narrative = say(
        "{agreement} {year} {period} settlement, {standing}",
        agreement=inputs.agreement.id,
        year=inputs.agreement.year,
        period=inputs.settlement.period,
        standing=in_narrative(inputs),
    )
    rows = []
    asked_for = notices_of(inputs.settlement).values()
    for transfer in inputs.settlement.transfers:
        before = notified_before(inputs, transfer)
        number = reference_of(inputs, transfer) if transfer in asked_for else ""
        if before is not None and not before.new_pence:
            number = before.numbers
        notified, new = (0, transfer.amount_pence) if before is None else (before.open_pence, before.new_pence)
        rows.append(
            Row(
                (
                    transfer.payer,
                    inputs.name_of(transfer.payer),
                    transfer.receiver,
                    inputs.name_of(transfer.receiver),
                    transfer.amount_pence,
                    notified,
                    new,
                    narrative,
                    number,
                )
            )
        )
    columns = (
        Column(say("From code")),
        Column(say("From")),
        Column(say("To code")),
        Column(say("To")),
        *amounts(say("Amount")),
        *amounts(say("Of which notified before")),
        Column(say("Of which new"), Align.RIGHT, adds=(4,), takes=(5,)),
        Column(say("Narrative")),
        Column(say("Notice")),
    )
    return Table(say("Transfers"), columns, tuple(rows))
