"""The journal of each partner's own general ledger, balanced, and the transfers between the partners."""

from settlement.cash import FundAccount, PartnerRow
from settlement.statements.document import Column, Row, RowKind, Table, amounts
from settlement.statements.funds import account_figure
from settlement.statements.inputs import StatementInputs
from settlement.statements.sealed import in_narrative
from settlement.statements.wording import named

_COLUMNS = (
    Column("Account"),
    *amounts("Debit", "Credit"),
    Column("Counterparty code"),
    Column("Counterparty"),
    Column("Narrative"),
)

# By the result's keys: whether an amount above nought is a debit (1) or a credit (-1), and the account it goes to.
_BY_FUND = (
    ("contribution_due", 1, "Financial Contribution to the fund"),
    ("overspend", 1, "Risk share: overspends"),
    ("qipp_shortfall", 1, "Risk share: QIPP shortfalls"),
    ("disbenefit", 1, "Risk share: disbenefits"),
    ("underspend", -1, "Risk share: underspends"),
    ("benefit", -1, "Risk share: benefits"),
    ("provision", -1, "Risk share: provided for own exposure"),
    ("handed_over", 1, "Benefits realised and handed over"),
    ("spend", -1, "Expenditure met on the fund's behalf"),
    ("paid", -1, "Payments on account to the fund's host"),
)
_AS_HOST = (
    ("received", 1, "Payments on account received as host"),
    ("drawn", 1, "Reserves and underspends drawn for hosted funds"),
    ("between_hosts", 1, "Settlement with other hosts"),
    ("unallocated", 1, "Variance not allocated by any clause"),
)


def journal(inputs: StatementInputs, partner: str) -> Table:
    """The entries that bring a partner's settlement into its own ledger: each fund's account, debtors and creditors.

    Year to date: it takes the place of an earlier period's journal. Debits equal credits, or AssertionError.
    """
    settlement = inputs.settlement
    reading = inputs.reading.lower()
    about = f"{inputs.agreement.id} {inputs.agreement.year} {settlement.period} {reading}"
    narrative = f"{about}, {in_narrative(inputs)}"
    if inputs.previous is not None:
        narrative += f", in place of the journal at {inputs.previous_name}"
    rows: list[Row] = []
    for account in settlement.accounts:
        if account.partner == partner:
            rows += _of_account(inputs, account, narrative)
    rows += _as_host(settlement.row_of(partner), inputs, narrative)
    for transfer in settlement.transfers:
        if transfer.payer == partner:
            rows += _entry(inputs, "Creditor: settlement due", -transfer.amount_pence, transfer.receiver, narrative)
        elif transfer.receiver == partner:
            rows += _entry(inputs, "Debtor: settlement due", transfer.amount_pence, transfer.payer, narrative)
    debit, credit = (sum(cell for row in rows if isinstance(cell := row.cells[place], int)) for place in (1, 2))
    if debit != credit:
        message = f"the journal of {partner} has debits of {debit} pence and credits of {credit}"
        raise AssertionError(message)
    rows.append(Row(("Total", debit, credit, "", "", narrative), RowKind.TOTAL))
    return Table(f"Journal of {named(inputs.name_of(partner), partner)}", _COLUMNS, tuple(rows))


def _entry(inputs: StatementInputs, account: str, debit_pence: int, counterparty: str, narrative: str) -> list[Row]:
    """A debit, or below nought a credit; nothing for nil."""
    if not debit_pence:
        return []
    sides = (debit_pence, "") if debit_pence > 0 else ("", -debit_pence)
    return [Row((account, *sides, counterparty, inputs.name_of(counterparty), narrative))]


def _of_account(inputs: StatementInputs, account: FundAccount, narrative: str) -> list[Row]:
    fund = inputs.agreement.fund_of[account.fund]
    about = f"{narrative}, {named(fund.name, fund.code)}"
    return [
        row
        for key, sign, name in _BY_FUND
        for row in _entry(inputs, name, sign * account_figure(account, key), fund.host, about)
    ]


def _as_host(own: PartnerRow, inputs: StatementInputs, narrative: str) -> list[Row]:
    """What falls to a partner as host stands in its own books, against itself."""
    return [
        row
        for key, sign, name in _AS_HOST
        for row in _entry(inputs, name, sign * int(getattr(own, f"{key}_pence")), own.partner, f"{narrative}, as host")
    ]


def transfer_list(inputs: StatementInputs) -> Table:
    """Who pays whom, a row for each pair, for the payments run."""
    narrative = (
        f"{inputs.agreement.id} {inputs.agreement.year} {inputs.settlement.period} settlement, {in_narrative(inputs)}"
    )
    rows = [
        Row(
            (
                transfer.payer,
                inputs.name_of(transfer.payer),
                transfer.receiver,
                inputs.name_of(transfer.receiver),
                transfer.amount_pence,
                narrative,
            )
        )
        for transfer in inputs.settlement.transfers
    ]
    columns = (
        *(Column(title) for title in ("From code", "From", "To code", "To")),
        *amounts("Amount"),
        Column("Narrative"),
    )
    return Table("Transfers", columns, tuple(rows))
