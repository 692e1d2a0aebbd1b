"""Where what the Overview shows leads: a task, a step of the waterfall, a figure of a scheme or of a partner."""

from dataclasses import replace
from enum import StrEnum

from rules.agreement import Kind, Partner, Scheme, Service
from rules.money import pounds
from rules.periods import FinancialYear, Period
from settlement.overview import Exposure, Month
from settlement.overview_steps import Step
from settlement.overview_tasks import About, Task
from ui import links
from ui.links import ClauseOf, Figure, Lines, Link, PartOf, PeriodOf, Subject
from ui.periods import period_name


class Column(StrEnum):
    """Which figure of a row it is."""

    BUDGET = "Budget to date"
    ACTUAL = "Actual to date"
    VARIANCE = "Variance to date"
    YEAR = "Budget for the year"
    OUTTURN = "Forecast outturn"
    FORECAST = "Forecast variance"
    SHARE = "Share of variance"
    DUE = "Net due"


_TO_SIGN_OFF = {About.HOLD, About.SEAL, About.SIGN}


def task_link(task: Task) -> Link:
    """The page where the task is done, at what it is about."""
    about = task.about
    if about in _TO_SIGN_OFF and task.period is not None:
        return Link(links.SIGN_OFF, PeriodOf(task.period))
    if about is About.ASSENT:
        return Link(links.AGREEMENT, PartOf("versions", str(task.version)))
    if about is About.AGREEMENT:
        return Link(links.AGREEMENT)
    if about is About.LEDGER:
        return Link(links.AUDIT)
    if about is About.DISPUTE and task.line is None:
        return Link(links.RISK_SHARE, ClauseOf(task.clause))
    lines = _lines(task)
    return Link(links.RISK_SHARE) if lines is None else Link(links.LEDGER, lines)


def _lines(task: Task) -> Lines | None:
    """The lines that a task is about; None of one that is about the risk share."""
    every = Lines(upto=task.period, why=task.sentence)
    if task.line is not None:
        return replace(every, upto=None, ids=(task.line,), first=task.line)
    if task.control is not None:
        control = task.control
        return replace(
            every,
            scheme=control.scheme or None,
            partner=control.partner or None,
            kind=control.kind,
            upto=control.period,
        )
    return {
        About.CONTROL: every,
        About.VIREMENT: replace(every, kind=Kind.VIREMENT),
        About.LATE: replace(every, upto=None, period=task.period, late=True),
        About.LINES: replace(every, upto=None, period=task.period),
    }.get(task.about)


def step_link(step: Step) -> Link | None:
    """A clause on the Risk share page, a partner's row or an amount on the Settlement page."""
    if step.key == "unallocated":
        return Link(links.RISK_SHARE)
    if step.clause:
        return Link(links.RISK_SHARE, ClauseOf(step.clause))
    if step.partner:
        return Link(links.SETTLEMENT, Figure(step.partner, step.key or "net_due"))
    if step.on is not None and step.group:
        return Link(links.SETTLEMENT, Subject(step.group, step.on))
    return Link(links.SETTLEMENT)


def exposure_link(exposure: Exposure) -> Link:
    """The cap's first clause on the Risk share page; without a cap, the partner's row."""
    if exposure.cap is None:
        return Link(links.SETTLEMENT, Figure(exposure.partner.code))
    return Link(links.RISK_SHARE, ClauseOf(exposure.cap.clauses[0]))


def month_links(month: Month, year: FinancialYear, *, is_running: bool = False) -> tuple[Link, Link, Link]:
    """What was budgeted, spent and forecast in a month; or, `is_running`, up to and including it."""
    period = month.period
    when = f"{'the year up to ' if is_running else ''}{period_name(period, year)}"
    lines = Lines(upto=period) if is_running else Lines(period=period)
    budget = replace(
        lines,
        kind=None if month.is_mixed else Kind.BUDGET,
        why=f"Budget of {when}: {pounds(month.budget_pence)}, with any virements",
    )
    accruals = ", accruals among it" if month.has_accruals else ""
    actual = replace(
        lines,
        kind=None if month.has_accruals else Kind.ACTUAL,
        why=f"Actual of {when}: {pounds(month.actual_pence)}{accruals}",
    )
    forecast = replace(
        lines,
        kind=None if is_running else Kind.FORECAST,
        why=f"Forecast of {when}: {pounds(month.forecast_pence)}{', on top of actual' if is_running else ''}",
    )
    return Link(links.LEDGER, budget), Link(links.LEDGER, actual), Link(links.LEDGER, forecast)


def scheme_lines(scheme: Scheme | None, column: Column, period: Period) -> Link:
    """The lines behind a figure of a scheme (None: of all) in a column: of the kind that makes the most of it."""
    budget = Kind.BASELINE if scheme is not None and scheme.service is Service.INFLUENCED else Kind.BUDGET
    kind = {Column.BUDGET: budget, Column.YEAR: budget, Column.ACTUAL: Kind.ACTUAL}.get(column)
    name = "all schemes" if scheme is None else scheme.name
    upto, when = _reach(column, period)
    what = {Column.BUDGET: "Budget", Column.YEAR: "Budget", Column.ACTUAL: "Actual"}.get(column, "Every line")
    besides = {Kind.BUDGET: "; virements are besides", Kind.ACTUAL: "; accruals are besides"}
    why = f"{what} of {name}, {when}{'' if kind is None else besides.get(kind, '')}"
    return Link(links.LEDGER, Lines(scheme=None if scheme is None else scheme.code, kind=kind, upto=upto, why=why))


def partner_link(partner: Partner, column: Column, period: Period) -> Link:
    """The lines behind a partner's own figure, or its row on the Settlement page."""
    if column in {Column.SHARE, Column.DUE}:
        return Link(links.SETTLEMENT, Figure(partner.code))
    upto, when = _reach(column, period)
    kind = {Column.BUDGET: Kind.BUDGET, Column.YEAR: Kind.BUDGET, Column.ACTUAL: Kind.ACTUAL}.get(column)
    # a successor's figures take in its predecessors' lines, which have their own codes
    code = None if partner.succeeds else partner.code
    why = f"{partner.name}, {when}" if code else f"{partner.name} and those it succeeds are among these, {when}"
    return Link(links.LEDGER, Lines(partner=code, kind=kind, upto=upto, why=why))


def _reach(column: Column, period: Period) -> tuple[Period | None, str]:
    if column in {Column.YEAR, Column.OUTTURN, Column.FORECAST}:
        return None, "the whole year"
    return period, f"up to {period}"
