"""By fund: the partner's account with each fund's host, and every line of its settlement."""

from collections.abc import Iterable

from rules.agreement import Fund, FundKind, Kind
from rules.figures import Table as FigureTable
from rules.language import message, say
from settlement.cash import FundAccount
from settlement.settle import Settlement
from settlement.statements.anchors import NET, anchors_of, working_numbers
from settlement.statements.beside import Beside, beside
from settlement.statements.document import Block, Cell, Column, Heading, Paragraph, Row, RowKind, Section, Table
from settlement.statements.footing import FOOTING, cells_of, footing, net_label
from settlement.statements.inputs import StatementInputs
from settlement.statements.late import late_blocks
from settlement.statements.opening import payments_to_date
from settlement.statements.reasons import HANDED_OVER, handed_over_label
from settlement.statements.schemes import expected_of, schemes_section, variances_of
from settlement.statements.wording import named

__all__ = ["account_figure", "expected_of", "funds_section", "schemes_section", "variances_of"]

# What makes the amount that a partner owes a fund's host, after its contribution: sign and name.
_ACCOUNT = (
    ("overspend", 1, message("Share of overspends")),
    ("qipp_shortfall", 1, message("Share of QIPP shortfalls")),
    ("disbenefit", 1, message("Share of disbenefits")),
    ("underspend", -1, message("Less: share of underspends")),
    ("benefit", -1, message("Less: share of benefits")),
    ("provision", -1, message("Less: set aside against its own exposure")),
    ("handed_over", 1, HANDED_OVER),
    ("spend", -1, message("Less: spent on the pool's behalf")),
    ("paid", -1, message("Less: paid to date")),
)
_CONTRIBUTION = "contribution_due"
_AS_HOST = {"received", "drawn", "between_hosts", "unallocated"}
_ALWAYS = {_CONTRIBUTION, "spend", "paid"}


def funds_section(inputs: StatementInputs, partner: str) -> Section:
    """The partner's account with the host of each fund."""
    blocks: list[Block] = []
    names = anchors_of(inputs)
    for fund in inputs.agreement.funds:
        title = _title(fund)
        account = _account(inputs, fund, partner, title)
        blocks += [
            Heading(title, anchor=names.fund(fund.code), goes_to=names.due(NET)),
            Paragraph(_hosted(inputs, fund, partner)),
        ]
        nothing = Paragraph(say("Nothing is due on this account either way."))
        blocks.append(account if len(account.rows) > 1 else nothing)
    blocks += _to_net_due(inputs, partner)
    every_line = say("Every line of the settlement")
    paid = say("A payment made since it was last stated counts once it is posted to the ledger.")
    paid = " ".join(filter(None, (paid, payments_to_date(inputs))))
    blocks += [Heading(every_line, goes_to=names.due(NET)), Paragraph(paid)]
    blocks.append(footing(inputs, partner, every_line, leave_out_nil=False))
    blocks += late_blocks(inputs)
    return Section(say("Account with each fund"), tuple(blocks), new_page=True)


def _title(fund: Fund) -> str:
    name = named(fund.name, fund.code)
    if fund.kind is FundKind.POOLED:
        return say("{fund}: pooled fund", fund=name)
    return say("{fund}: aligned fund", fund=name)


def _hosted(inputs: StatementInputs, fund: Fund, partner: str) -> str:
    if fund.host == partner:
        return say(
            "It hosts this fund: it owes itself nothing; what the other partners owe it is in their accounts and on "
            "page 1."
        )
    return say("Host Partner: {name}.", name=inputs.name_of(fund.host))


def _to_net_due(inputs: StatementInputs, partner: str) -> list[Block]:
    """How the accounts and what it answers for as a host come to what is due; nothing where one account is that."""
    side = beside(inputs, partner)
    title = say("From the accounts to what is due")
    rows = []
    for fund in inputs.agreement.funds:
        rows += _unless_nil(_title(fund), _of_account(side, fund, "owed", 1))
    hosts = [
        row
        for key, sign, label in FOOTING
        if key in _AS_HOST
        for row in _unless_nil(say(label), cells_of(side, key, sign))
    ]
    if len(rows) + len(hosts) <= 1:
        return []
    names = anchors_of(inputs)
    net = Row((net_label(), *cells_of(side, NET, 1)), RowKind.TOTAL, tuple(range(len(rows) + len(hosts))))
    table = Table(title, (Column(say("Line"), width=3), *side.columns), (*rows, *hosts, net))
    return [Heading(title, goes_to=names.due(NET)), table]


def _account(inputs: StatementInputs, fund: Fund, partner: str, title: str) -> Table:
    side = beside(inputs, partner)
    names, numbered = anchors_of(inputs), working_numbers(inputs, partner)

    def working(key: str) -> str:
        return names.working(key) if key in numbered else ""  # a line that is nil throughout has no working

    rows = _contribution(side, fund, working(_CONTRIBUTION)) if fund.is_pooled else []
    begins = max(len(rows) - 1, 0)  # what makes the contribution is in it, and not counted again
    for key, sign, label in _ACCOUNT:
        cells = _of_account(side, fund, key, sign)
        if any(cells) or (key in _ALWAYS and fund.is_pooled):
            said = handed_over_label(inputs, partner, fund.code) if key == "handed_over" else say(label)
            rows.append(Row((said, *cells), goes_to=working(key)))
    owed = say("Net of its own account") if fund.host == partner else say("Owed to the host (negative: owed by it)")
    total = Row(
        (owed, *_of_account(side, fund, "owed", 1)),
        RowKind.TOTAL,
        tuple(range(begins, len(rows))),
        goes_to=working(NET),
    )
    return Table(title, (Column(say("Line"), width=3), *side.columns), (*rows, total))


def _contribution(side: Beside, fund: Fund, goes_to: str) -> list[Row]:
    """The Financial Contribution as agreed, what changes it, and as it is due."""

    def of_kind(kind: Kind) -> tuple[int, ...]:
        return side.cells(
            lambda settlement, codes: _of_fund(settlement, settlement.outcome.figures.tables[kind], fund, codes)
        )

    withheld = side.cells(
        lambda settlement, codes: -_of_fund(settlement, settlement.outcome.figures.withheld, fund, codes)
    )
    rows = [
        Row((say("Financial Contribution as agreed"), *of_kind(Kind.BUDGET))),
        *_unless_nil(say("Virements"), of_kind(Kind.VIREMENT)),
        *_unless_nil(say("Less: performance pay not released"), withheld),
    ]
    due: tuple[Cell, ...] = (say("Financial Contribution due"), *_of_account(side, fund, _CONTRIBUTION, 1))
    adds = tuple(range(len(rows)))
    return [*rows, Row(due, RowKind.SUBTOTAL, adds, goes_to=goes_to)]


def _of_account(side: Beside, fund: Fund, key: str, sign: int) -> tuple[int, ...]:
    return side.cells(
        lambda settlement, codes: sign * sum(account_figure(each, key) for each in _own(settlement, fund, codes))
    )


def _unless_nil(label: str, cells: tuple[int, ...]) -> list[Row]:
    return [Row((label, *cells))] if any(cells) else []


def account_figure(account: FundAccount, key: str) -> int:
    """One amount of a fund account, by the result's name for it; `owed` is what it comes to."""
    return int(getattr(account, f"{key}_pence"))


def _own(settlement: Settlement, fund: Fund, codes: Iterable[str]) -> list[FundAccount]:
    return [account for account in settlement.accounts if account.fund == fund.code and account.partner in codes]


def _of_fund(settlement: Settlement, table: FigureTable | None, fund: Fund, codes: Iterable[str]) -> int:
    """The sum over the fund's schemes of the partners' cells."""
    if table is None:
        return 0
    agreement = settlement.agreement
    columns = [index for index, partner in enumerate(agreement.partners) if partner.code in codes]
    rows = [index for index, scheme in enumerate(agreement.schemes) if scheme.fund == fund.code]
    return sum(table[row][column] for row in rows for column in columns)
