"""Pictures with the tables that have their figures: budget against actual by month, shares by partner."""

from rules.agreement import Use
from rules.language import say
from rules.money import pounds
from rules.outcome import Outcome
from rules.periods import Period
from settlement.cash import PartnerRow
from settlement.overview import Month
from settlement.statements.document import (
    Block,
    Column,
    Heading,
    Paragraph,
    Picture,
    Row,
    RowKind,
    Table,
    amounts,
    sum_of,
)
from settlement.statements.inputs import StatementInputs
from settlement.statements.pictures.months import MonthColumns, months_in_words, months_picture
from settlement.statements.pictures.shares import PartnerShare, shares_in_words, shares_picture
from settlement.statements.wording import NIL, percent, period_in_words

# By month


def months_blocks(inputs: StatementInputs) -> list[Block]:
    """Budget against actual, and what is forecast of the months to come; nothing if no month is at hand.

    A budget that stands in one period says nothing of the months, and is told of in a sentence.
    """
    period = inputs.settlement.period
    ahead = [each for each in inputs.months if each.period > period and (each.budget_pence or each.forecast_pence)]
    if not any(each.forecast_pence for each in ahead):
        ahead = []  # nothing is forecast, which is not to say that nothing will be spent
    to_date = [each for each in inputs.months if each.period <= period and _is_month(each)]
    if not any(each.budget_pence or each.actual_pence for each in (*to_date, *ahead)):
        return []
    title = say("Budget against actual by month")
    if sum(1 for each in inputs.months if each.budget_pence) == 1:
        return [Heading(title), Paragraph(say("The budget is not phased: it stands in one period for the year."))]
    drawn = [MonthColumns(str(each.period), each.budget_pence, each.actual_pence) for each in to_date]
    drawn += [MonthColumns(str(each.period), each.budget_pence, each.forecast_pence, is_ahead=True) for each in ahead]
    told = [
        say(
            "All funds together. Budget takes in virements and, of influenced services, is the baseline; actual takes "
            "in accruals."
        )
    ]
    withheld = sum(map(sum, inputs.settlement.outcome.figures.withheld or ()))
    if withheld:
        text = say("Performance pay not released, {amount}, is off no month's budget.", amount=pounds(withheld))
        told.append(text)
    picture = Picture(say("Budget and actual, month by month"), months_in_words(drawn), months_picture(drawn), title)
    return [Heading(title), Paragraph(" ".join(told)), picture, _months_table(inputs, title, to_date, ahead)]


def _is_month(month: Month) -> bool:
    """Whether a period is shown though nothing was posted to it: M13 is for adjustments, and often there are none."""
    return month.period is not Period.M13 or any((month.budget_pence, month.actual_pence, month.forecast_pence))


def _months_table(inputs: StatementInputs, title: str, to_date: list[Month], ahead: list[Month]) -> Table:
    year = inputs.agreement.year
    nothing = (0,) if ahead else ()  # forecast of a month that is past
    rows = []
    for each in to_date:
        variance = each.budget_pence - each.actual_pence
        cells = (each.budget_pence, each.actual_pence, *nothing, variance)
        rows.append(Row((period_in_words(year, each.period), *cells)))
    count = len(rows)
    sums = tuple(sum_of(rows, column) for column in range(1, 4 + len(nothing)))
    rows.append(Row((say("To date"), *sums), RowKind.SUBTOTAL if ahead else RowKind.TOTAL, tuple(range(count))))
    if ahead:
        # a variance of what is still to come is a forecast, and stands with the forecast outturn
        rows += [
            Row((period_in_words(year, each.period), each.budget_pence, 0, each.forecast_pence, "")) for each in ahead
        ]
        later = tuple(range(count, len(rows)))
        whole = tuple(sum_of((rows[place] for place in later), column) for column in range(1, 4))
        rows.append(Row((say("The year"), *whole, ""), RowKind.TOTAL, later))
    titles = [say("Budget £"), say("Actual £"), *([say("Forecast £")] if ahead else [])]
    (variance_column,) = amounts(say("Variance £"))
    takes = tuple(range(2, 2 + len(titles) - 1))
    variance_of = Column(variance_column.title, variance_column.align, variance_column.width, (1,), takes)
    return Table(title, (Column(say("Period"), width=3), *amounts(*titles), variance_of), tuple(rows))


# By partner


def shares_blocks(inputs: StatementInputs) -> list[Block]:
    """Each partner's share of the variances; of the contributions, where there is no variance to share."""
    settlement = inputs.settlement
    losses = {row.partner: _losses(row) for row in settlement.rows}
    gains = {row.partner: _gains(row) for row in settlement.rows}
    due = {row.partner: row.contribution_due_pence for row in settlement.rows}
    of_variances = any(losses.values()) or any(gains.values())
    if not of_variances and not any(due.values()):
        return []
    title = say("Shares by partner")
    shares = [
        PartnerShare(
            inputs.name_of(row.partner),
            losses[row.partner] - gains[row.partner] if of_variances else due[row.partner],
        )
        for row in settlement.rows
    ]
    whole = sum(due.values())
    rows = []
    for row in settlement.rows:
        own, lost, gained = due[row.partner], losses[row.partner], gains[row.partner]
        rows.append(Row((inputs.name_of(row.partner), own, percent(own, whole), lost, -gained, lost - gained)))
    sums = [sum_of(rows, column) for column in (1, 3, 4, 5)]
    others = _not_shared(settlement.outcome)
    total = Row(
        (say("All partners"), sums[0], percent(whole, whole) if whole else NIL, *sums[1:]),
        RowKind.SUBTOTAL if others else RowKind.TOTAL,
        tuple(range(len(rows))),
    )
    rows.append(total)
    if others:
        rows += [Row((name, "", "", lost, -gained, lost - gained)) for name, lost, gained in others]
        adds = tuple(range(len(rows) - len(others) - 1, len(rows)))
        of_all = (sum_of((rows[place] for place in adds), column) for column in (3, 4, 5))
        rows.append(Row((say("All variances"), "", "", *of_all), RowKind.TOTAL, adds))
    net = amounts(say("Share of variances, net £"))[0]
    columns = (
        Column(say("Partner"), width=3),
        *amounts(say("Financial Contribution £"), say("Per cent"), say("Bears £"), say("Receives (negative) £")),
        Column(net.title, net.align, net.width, (3, 4)),
    )
    told = say(
        "A partner bears its shares of overspends, QIPP shortfalls and disbenefits, and receives its shares of "
        "underspends and benefits, provisions among these."
    )
    picture = Picture(
        say("Share of the variances, net") if of_variances else say("Financial Contributions"),
        shares_in_words(shares, of_variances=of_variances),
        shares_picture(shares, of_variances=of_variances),
        title,
    )
    return [Heading(title), Paragraph(told), picture, Table(title, columns, tuple(rows))]


def _not_shared(outcome: Outcome) -> list[tuple[str, int, int]]:
    """What of the variances falls to no partner: where it went, what of losses, what of gains, in pence."""
    names = (
        say("Met from reserves, or paid into them"),
        say("Met from underspends, or given to overspends"),
        say("Not allocated by any clause"),
    )
    found = [[0, 0] for _ in names]
    for dealt in outcome.subjects:
        side = 1 if dealt.subject.on.is_gain else 0
        found[2][side] += dealt.unallocated_pence
        for part in dealt.parts:
            if part.shares_pence is None:
                found[0 if part.to.startswith(f"{Use.RESERVE}:") else 1][side] += part.amount_pence
    return [(name, lost, gained) for name, (lost, gained) in zip(names, found, strict=True) if lost or gained]


def _losses(row: PartnerRow) -> int:
    return row.overspend_pence + row.qipp_shortfall_pence + row.disbenefit_pence


def _gains(row: PartnerRow) -> int:
    return row.underspend_pence + row.benefit_pence + row.provision_pence
