"""By fund and by scheme: the partner's account with each fund's host, budget and spend, QIPP, movement and forecast."""

from collections.abc import Iterable

from rules.agreement import Fund, Kind, Scheme, Service
from rules.figures import Figures
from rules.figures import Table as FigureTable
from settlement.cash import FundAccount
from settlement.settle import Settlement
from settlement.statements.beside import beside
from settlement.statements.document import (
    Block,
    Column,
    Heading,
    Paragraph,
    Row,
    RowKind,
    Section,
    Table,
    amounts,
)
from settlement.statements.first_page import footing
from settlement.statements.inputs import StatementInputs
from settlement.statements.late import late_blocks
from settlement.statements.wording import marker, named

# What makes the amount that a partner owes a fund's host, after its contribution: sign and name.
_ACCOUNT = (
    ("overspend", 1, "Share of overspends"),
    ("qipp_shortfall", 1, "Share of QIPP shortfalls"),
    ("disbenefit", 1, "Share of disbenefits"),
    ("underspend", -1, "Less: share of underspends"),
    ("benefit", -1, "Less: share of benefits"),
    ("provision", -1, "Less: provided for its own exposure"),
    ("handed_over", 1, "Realised itself and handed over, less QIPP shortfall it bore itself"),
    ("spend", -1, "Less: spent on the pool's behalf"),
    ("paid", -1, "Less: paid to date"),
)
_ALWAYS = {"contribution_due", "spend", "paid"}


def funds_section(inputs: StatementInputs, partner: str) -> Section:
    """The partner's account with the host of each fund."""
    blocks: list[Block] = []
    for fund in inputs.agreement.funds:
        title = f"{named(fund.name, fund.code)}: {fund.kind} fund"
        account = _account(inputs, fund, partner, title)
        blocks += [Heading(title), Paragraph(_hosted(inputs, fund, partner))]
        blocks.append(account if len(account.rows) > 1 else Paragraph("Nothing is due on this account either way."))
    every_line = "Every line of the settlement"
    blocks += [Heading(every_line), footing(inputs, partner, every_line, leave_out_nil=False)]
    blocks += late_blocks(inputs)
    return Section("Account with each fund", tuple(blocks), new_page=True)


def _hosted(inputs: StatementInputs, fund: Fund, partner: str) -> str:
    if fund.host == partner:
        return "It hosts this fund itself and is the balancing party: no cash passes on its own account."
    return f"Host Partner: {inputs.name_of(fund.host)}."


def _account(inputs: StatementInputs, fund: Fund, partner: str, title: str) -> Table:
    side = beside(inputs, partner)

    def of_kind(kind: Kind) -> tuple[int, ...]:
        return side.cells(
            lambda settlement, codes: _of_fund(settlement, settlement.outcome.figures.tables[kind], fund, codes)
        )

    def of_account(key: str, sign: int) -> tuple[int, ...]:
        return side.cells(
            lambda settlement, codes: sign * sum(account_figure(each, key) for each in _own(settlement, fund, codes))
        )

    rows = []
    if fund.is_pooled:
        rows += [Row(("Financial Contribution as agreed", *of_kind(Kind.BUDGET)))]
        rows += _unless_nil("Virements", of_kind(Kind.VIREMENT))
        withheld = side.cells(
            lambda settlement, codes: -_of_fund(settlement, settlement.outcome.figures.withheld, fund, codes)
        )
        rows += _unless_nil("Less: performance pay not released", withheld)
        rows.append(Row(("Financial Contribution due", *of_account("contribution_due", 1)), RowKind.SUBTOTAL))
    for key, sign, label in _ACCOUNT:
        cells = of_account(key, sign)
        if any(cells) or (key in _ALWAYS and fund.is_pooled):
            rows.append(Row((label, *cells)))
    owed = "Net, for the host to balance" if fund.host == partner else "Owed to the host (negative: owed by it)"
    total = Row((owed, *of_account("owed", 1)), RowKind.TOTAL)
    return Table(title, (Column("Line", width=3), *side.columns), (*rows, total))


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


def schemes_section(inputs: StatementInputs) -> Section:
    """Budget, actual, accrual, outturn and variance of every scheme, fund by fund."""
    blocks: list[Block] = [
        Paragraph(
            "Outturn is actual and accrual. A variance is budget less outturn: favourable where less was spent, "
            "adverse (negative) where more was. Influenced services are measured against their baseline."
        )
    ]
    for fund in inputs.agreement.funds:
        blocks.append(Heading(named(fund.name, fund.code)))
        own = [scheme for scheme in inputs.agreement.schemes if scheme.fund == fund.code]
        influenced = [scheme for scheme in own if scheme.service is Service.INFLUENCED]
        core = [scheme for scheme in own if scheme.service is not Service.INFLUENCED]
        if core:
            if not fund.is_pooled:
                blocks.append(Paragraph("Aligned budgets: each partner meets its own spend; none of it is shared."))
            blocks += _variances(inputs, fund.name, core)
        if influenced:
            blocks += _variances(inputs, f"{fund.name}, influenced services", influenced)
    blocks += _qipp(inputs)
    return Section("Budget and spend by scheme", tuple(blocks))


def expected_of(figures: Figures, scheme: Scheme, index: int) -> int:
    """What a scheme's spend is measured against: its budget, or the baseline of an influenced service, in pence."""
    table = figures.tables[Kind.BASELINE] if scheme.service is Service.INFLUENCED else figures.budget
    return sum(table[index])


def variances_of(settlement: Settlement) -> dict[str, int]:
    """Each scheme's variance in pence by its code, favourable above nought."""
    figures = settlement.outcome.figures
    return {
        scheme.code: expected_of(figures, scheme, index) - sum(figures.spend[index])
        for index, scheme in enumerate(settlement.agreement.schemes)
    }


def _variances(inputs: StatementInputs, title: str, schemes: list[Scheme]) -> list[Block]:
    figures = inputs.settlement.outcome.figures
    place = {scheme.code: index for index, scheme in enumerate(inputs.agreement.schemes)}
    kinds = [Kind.ACTUAL, Kind.ACCRUAL, *([Kind.FORECAST] if figures.outturn else [])]

    def cells(scheme: Scheme) -> list[int]:
        index = place[scheme.code]
        expected, spend = expected_of(figures, scheme, index), sum(figures.spend[index])
        return [expected, *(sum(figures.tables[kind][index]) for kind in kinds), spend, expected - spend]

    each = [(scheme, cells(scheme)) for scheme in schemes]
    rows = [Row((_label(scheme), *found, marker(found[-1]))) for scheme, found in each]
    total = [sum(column) for column in zip(*(found for _, found in each), strict=True)]
    first = "Baseline £" if schemes[0].service is Service.INFLUENCED else "Budget £"
    spent = ["Actual £", "Accrual £", *(["Forecast £"] if figures.outturn else [])]
    columns = (
        Column("Scheme", width=3),
        *amounts(first, *spent, "Outturn £", "Variance £"),
        Column("Adverse or favourable"),
    )
    rows.append(Row(("Total", *total, marker(total[-1])), RowKind.TOTAL))
    blocks: list[Block] = [Table(f"{title}: variance by scheme", columns, tuple(rows))]
    if inputs.previous is not None or inputs.outturn is not None:
        blocks.append(_movements(inputs, title, schemes))
    return blocks


def _label(scheme: Scheme) -> str:
    return named(scheme.name, scheme.code) + (", excluded from sharing" if scheme.excluded else "")


def _movements(inputs: StatementInputs, title: str, schemes: list[Scheme]) -> Table:
    columns = [Column("Scheme", width=3)]
    figures: list[dict[str, int]] = []
    now = variances_of(inputs.settlement)
    if inputs.previous is not None:
        before = variances_of(inputs.previous)
        at, now_at = inputs.previous_name, inputs.settlement.period
        columns += amounts(f"Variance at {at} £", "Movement £", f"Variance at {now_at} £")
        figures += [before, {code: pence - before.get(code, 0) for code, pence in now.items()}, now]
    if (outturn := inputs.outturn) is not None:
        columns += [*amounts("Forecast outturn variance £"), Column("Adverse or favourable")]
        figures.append(variances_of(outturn))

    def row(label: str, cells: list[int], kind: RowKind = RowKind.BODY) -> Row:
        marked = (marker(cells[-1]),) if outturn is not None else ()
        return Row((label, *cells, *marked), kind)

    each = [(scheme, [figure.get(scheme.code, 0) for figure in figures]) for scheme in schemes]
    total = [sum(column) for column in zip(*(cells for _, cells in each), strict=True)]
    rows = [row(_label(scheme), cells) for scheme, cells in each]
    rows.append(row("Total", total, RowKind.TOTAL))
    return Table(f"{title}: movement and forecast", tuple(columns), tuple(rows))


def _qipp(inputs: StatementInputs) -> list[Block]:
    figures = inputs.settlement.outcome.figures
    targets = figures.tables[Kind.QIPP_TARGET]
    rows = []
    for index, scheme in enumerate(inputs.agreement.schemes):
        target, delivered = sum(targets[index]), sum(figures.delivered[index])
        if target or delivered:
            rows.append(Row((_label(scheme), target, delivered, delivered - target, marker(delivered - target))))
    if not rows:
        return []
    columns = (
        Column("Scheme", width=3),
        *amounts("Target £", "Delivered £", "Difference £"),
        Column("Adverse or favourable"),
    )
    return [Heading("QIPP"), Table("QIPP savings by scheme", columns, tuple(rows))]
