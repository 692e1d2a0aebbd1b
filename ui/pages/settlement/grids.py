"""The tables of the Settlement page: partners, one partner's readings side by side, funds, reserves, pay, disputes."""

from collections.abc import Sequence
from textwrap import fill

from rules.money import decimal
from rules.outcome import ReserveBalance
from settlement.disputed import Disputed
from settlement.fund_waterfall import FundLine, FundWaterfall, Step
from settlement.readings import Reading, Readings, without_disputed
from settlement.result import row_figures
from settlement.settle import Settlement
from ui import links
from ui.figures import NIL, heading
from ui.pages.settlement.spots import ElementOf, FigureOf, ReserveOf
from ui.tables import Cell, Grid, figure
from ui.wording import due, partner_name, row_labels

_WIDEST_HEADING = 15  # characters: a partner's name is longer than its figures are wide
_READINGS = (Reading.TO_DATE, Reading.BEFORE, Reading.MOVEMENT, Reading.OUTTURN)


def partners_grid(settlement: Settlement) -> Grid:
    """Every line of the partners' rows, a column for each partner, down to what is due and what that means."""
    figures = {row.partner: row_figures(row) for row in settlement.rows}
    rows = [
        (Cell(label), *(figure(of[key], FigureOf(partner, key)) for partner, of in figures.items()))
        for key, label in row_labels()
    ]
    meant = (Cell(due(row.net_due_pence), opens=FigureOf(row.partner, "net_due")) for row in settlement.rows)
    rows.append((Cell("Which means"), *meant))
    names = [heading(partner_name(settlement.agreement.partner_of[row.partner])) for row in settlement.rows]
    return _grid("Line", names, rows, {len(rows) - 2, len(rows) - 1})


def partner_grid(readings: Readings, partner: str) -> Grid:
    """One partner's row: the year to date, what was settled before, the movement since, the forecast outturn."""
    found = readings.figures_of(partner)
    shown = [reading for reading in _READINGS if reading in found]
    rows = [
        (Cell(label), *(figure(found[reading][key], FigureOf(partner, key, reading)) for reading in shown))
        for key, label in row_labels()
    ]
    meant = (
        Cell(_means(reading, found[reading]["net_due"]), opens=FigureOf(partner, "net_due", reading))
        for reading in shown
    )
    rows.append((Cell("Which means"), *meant))
    names = [heading(reading_heading(readings, reading)) for reading in shown]
    return _grid("Line", names, rows, {len(rows) - 2, len(rows) - 1})


def _means(reading: Reading, pence: int) -> str:
    """Of a movement: more or less to pay than was settled before."""
    if reading is not Reading.MOVEMENT:
        return due(pence)
    if not pence:
        return "no change"
    return "more to pay" if pence > 0 else "more to receive"


def reading_heading(readings: Readings, reading: Reading) -> str:
    """`Year to date at M6`, `Settled before, at M3`, `Movement since M3`, `Forecast outturn from M6`."""
    now = readings.chosen.period
    before = "" if readings.before is None else str(readings.before.period)
    return {
        Reading.TO_DATE: f"Year to date at {now}",
        Reading.BEFORE: f"Settled before, at {before}",
        Reading.MOVEMENT: f"Movement since {before}",
        Reading.OUTTURN: f"Forecast outturn from {now}",
    }[reading]


def fund_grid(settlement: Settlement, waterfall: FundWaterfall) -> Grid:
    """A fund from its variance to cash: in all and by partner, the steps under headings of their own."""
    partners = settlement.agreement.partners
    rows: list[tuple[Cell, ...]] = []
    bold: set[int] = set()
    for step in Step:
        lines = [line for line in waterfall.lines if line.step is step]
        if not lines:
            continue
        bold.add(len(rows))
        rows.append((Cell(str(step)), *(Cell("") for _ in range(len(partners) + 1))))
        for line in lines:
            if line.is_result:
                bold.add(len(rows))
            rows.append(_fund_row(line, [partner.code for partner in partners]))
    host = waterfall.fund.host
    names = [heading(f"{partner_name(partner)}{', host' if partner.code == host else ''}") for partner in partners]
    return _grid("From variance to cash", [heading("In all"), *names], rows, bold)


def _fund_row(line: FundLine, codes: list[str]) -> tuple[Cell, ...]:
    subject = None if line.on is None else links.Subject(line.group, line.on)
    total = Cell("") if line.total_pence is None else figure(line.total_pence, subject)
    if line.partners_pence is None:
        return (Cell(line.text, opens=subject), total, *(Cell("") for _ in codes))
    each = (
        figure(pence, FigureOf(code, line.figure) if line.figure else subject)
        for code, pence in zip(codes, line.partners_pence, strict=True)
    )
    return (Cell(line.text, opens=subject), total, *each)


def reserves_grid(settlement: Settlement) -> Grid:
    """Each reserve with its balance before and after the schedule."""
    rows = [_reserve(settlement, balance) for balance in settlement.outcome.reserves]
    headings = ("Reserve", "Fund", heading("Opening balance"), heading("Closing balance"))
    return Grid(headings, tuple(rows), frozenset({2, 3}))


def _reserve(settlement: Settlement, balance: ReserveBalance) -> tuple[Cell, ...]:
    opens = ReserveOf(balance.reserve.code)
    return (
        Cell(balance.reserve.name, opens=opens),
        Cell(settlement.agreement.fund_of[balance.reserve.fund].name, opens=opens),
        figure(balance.reserve.opening_pence, opens),
        figure(balance.closing_pence, opens),
    )


def performance_grid(settlement: Settlement) -> Grid:
    """Each element of performance pay: what it holds, what the measure released of it, what stays withheld."""
    agreement = settlement.agreement
    rows = []
    for released in settlement.outcome.performance:
        opens = ElementOf(released.element.id)
        counts = [
            Cell(NIL, spoken="no figures yet", opens=opens) if count is None else Cell(decimal(count), opens=opens)
            for count in (released.required, released.achieved)
        ]
        amounts = (released.held_pence, released.released_pence, released.withheld_pence)
        rows.append(
            (
                Cell(f"{released.element.id}: {released.element.title}", opens=opens),
                Cell(agreement.partner_of[released.element.payer].name, opens=opens),
                *counts,
                *(figure(pence, opens) for pence in amounts),
            )
        )
    money = (heading(name) for name in ("Held", "Released", "Withheld"))
    headings = ("Element", "Payer", "Reduction required", "Reduction achieved", *money)
    return Grid(headings, tuple(rows), frozenset({2, 3, 4, 5, 6}))


def without_grid(settlement: Settlement, disputed: Disputed) -> Grid:
    """Each partner's net due as stated, as it would be without what is in dispute, and the difference."""
    name_of = settlement.agreement.partner_of
    rows = [
        (
            Cell(partner_name(name_of[each.partner])),
            figure(each.stated_pence, FigureOf(each.partner, "net_due")),
            figure(each.without_pence),
            figure(each.difference_pence),
        )
        for each in without_disputed(settlement, disputed)
    ]
    names = [heading(name) for name in ("Net due as stated", "Without it", "Difference")]
    return _grid("Partner", names, rows, set())


def disputes_grid(disputed: Disputed) -> Grid:
    """What is in dispute, who disputes it, since when and why; each leads to its line or clause."""
    amount_of = {line.id: line.amount_pence for line in disputed.lines}
    rows = []
    for dispute in disputed.disputes:
        opens: object = links.ClauseOf(dispute.clause or "")
        pence = None
        if dispute.line is not None:
            opens = links.Lines(ids=(dispute.line,), why=f"Line {dispute.line}, which {dispute.partner} disputes")
            pence = amount_of.get(dispute.line)
        amount = Cell("", opens=opens) if pence is None else figure(pence, opens)
        words = (dispute.about[:1].upper() + dispute.about[1:], dispute.partner, str(dispute.period), dispute.reason)
        what, who, since, why = (Cell(text, opens=opens) for text in words)
        rows.append((what, amount, who, since, why))
    return Grid(("In dispute", heading("Amount"), "Disputed by", "Since", "Why"), tuple(rows), frozenset({1}))


def _grid(first: str, names: list[str], rows: Sequence[tuple[Cell, ...]], totals: set[int]) -> Grid:
    broken = (fill(name, _WIDEST_HEADING, break_long_words=False) for name in names)
    return Grid((first, *broken), tuple(rows), frozenset(range(1, len(names) + 1)), totals=frozenset(totals))
