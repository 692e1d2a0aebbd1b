"""The workings of lines that are sums of schemes' figures: contributions, spend, payments, what was handed over."""

from collections.abc import Callable
from dataclasses import dataclass

from rules.agreement import Kind, Scheme
from rules.figures import Table as FigureTable
from rules.language import say
from settlement.cash import handed_over
from settlement.statements.document import Align, Cell, Column
from settlement.statements.wording import named, subject_name
from settlement.statements.working.amounts import CONTRIBUTION_KINDS, SPEND_KINDS, groups_of
from settlement.statements.working.references import References
from settlement.statements.working.table import Entry, Equals, Under, Working

_TEXTS = 2  # columns before those of amounts


@dataclass(frozen=True, slots=True)
class _Measure:
    """A column of one partner's figures by scheme, of a kind of line if it is of one.

    A table of None is nil. A column that is nil throughout is left out.
    """

    title: str
    table: FigureTable | None
    kind: Kind | None
    takes: bool = False


def contribution_due(references: References) -> Working:
    """Budget and virements of pooled schemes, less performance pay that was not released."""
    figures = references.inputs.settlement.outcome.figures
    measures = (
        _Measure(say("Budget £"), figures.tables[Kind.BUDGET], Kind.BUDGET),
        _Measure(say("Virements £"), figures.tables[Kind.VIREMENT], Kind.VIREMENT),
        _Measure(say("Performance pay not released £"), figures.withheld, None, takes=True),
    )
    return _of_schemes(references, measures, say("Due £"), CONTRIBUTION_KINDS, _is_pooled(references))


def spend(references: References) -> Working:
    """What it spent on pooled schemes."""
    tables = references.inputs.settlement.outcome.figures.tables
    measures = (
        _Measure(say("Actual £"), tables[Kind.ACTUAL], Kind.ACTUAL),
        _Measure(say("Accruals £"), tables[Kind.ACCRUAL], Kind.ACCRUAL),
        _Measure(say("Forecast £"), tables[Kind.FORECAST], Kind.FORECAST),
    )
    return _of_schemes(references, measures, say("Spend £"), SPEND_KINDS, _is_pooled(references))


def paid(references: References) -> Working:
    """What it paid to Host Partners."""
    measures = (
        _Measure(say("Paid £"), references.inputs.settlement.outcome.figures.tables[Kind.PAYMENT], Kind.PAYMENT),
    )
    takes_payments = references.inputs.agreement.takes_payments
    return _of_schemes(references, measures, say("Paid £"), (Kind.PAYMENT,), takes_payments)


def received(references: References) -> Working:
    """As a host: what each partner paid to each of its funds."""
    inputs = references.inputs
    agreement, table = inputs.agreement, inputs.settlement.outcome.figures.tables[Kind.PAYMENT]
    entries = []
    for fund in agreement.funds:
        if fund.host != references.partner:
            continue
        for column, partner in enumerate(agreement.partners):
            under = Under(
                say("From {partner}, to {fund}", partner=partner.name, fund=named(fund.name, fund.code)),
                references.fund(fund.code),
            )
            for index, scheme in enumerate(agreement.schemes):
                pence = table[index][column]
                if scheme.fund == fund.code and pence and agreement.takes_payments(scheme):
                    groups = tuple(groups_of(inputs, (index,), (Kind.PAYMENT,), partner.code))
                    cells = (named(scheme.name, scheme.code), references.told(groups), pence)
                    equals: Equals = ((), (), references.sums(groups))
                    entries.append(Entry(under, cells, references.first(groups), equals=equals))
    return Working((*_texts(), Column(say("Received £"), Align.RIGHT)), tuple(entries))


def realised(references: References) -> Working:
    """What it realised itself of benefits and disbenefits, less the QIPP shortfalls that it bore itself."""
    inputs, column = references.inputs, references.column
    outcome = inputs.settlement.outcome
    baseline, spent = outcome.figures.tables[Kind.BASELINE], outcome.figures.spend
    found: list[tuple[str, str, tuple[int, int, int], Equals, str, str]] = []
    for number, dealt in enumerate(outcome.subjects, 1):
        group = dealt.subject.group
        if not dealt.subject.on.is_influenced:
            bore = -handed_over(dealt, column, outcome)
            if bore:
                what = say("{amount}: what it bore itself", amount=subject_name(dealt.subject, outcome))
                found.append((what, "", (0, 0, bore), ((), (), ()), references.names.amount(number), group.fund))
            continue
        for index in group.schemes:
            cells = (baseline[index][column], spent[index][column], 0)
            if any(cells):
                scheme = inputs.agreement.schemes[index]
                groups = tuple(groups_of(inputs, (index,), (Kind.BASELINE, *SPEND_KINDS), references.partner))
                what = named(scheme.name, scheme.code)
                expected = [each for each in groups if each.kind is Kind.BASELINE]
                spending = [each for each in groups if each.kind is not Kind.BASELINE]
                sums: Equals = (references.sums(expected), references.sums(spending), ())
                found.append((what, references.told(groups), cells, sums, references.first(groups), group.fund))
    titles = (say("Baseline £"), say("Spend £"), say("QIPP shortfall it bore £"))
    chosen = [place for place in range(len(titles)) if any(figures[place] for _, _, figures, *_ in found)]
    columns = _with_sum([titles[place] for place in chosen], [place > 0 for place in chosen], say("Handed over £"))
    entries = []
    for what, told, figures, made_of, goes_to, fund in found:
        handed = figures[0] - figures[1] - figures[2]
        shown = [*(figures[place] for place in chosen), handed] if len(chosen) > 1 else [handed]
        each = [made_of[place] for place in chosen]
        equals: Equals = ((), (), *each, ()) if len(chosen) > 1 else ((), (), ())
        entries.append(Entry(under_fund(references, fund), (what, told, *shown), goes_to, equals=equals))
    return Working(columns, tuple(entries))


def _is_pooled(references: References) -> Callable[[Scheme], bool]:
    funds = references.inputs.agreement.fund_of
    return lambda scheme: funds[scheme.fund].is_pooled


def _of_schemes(
    references: References,
    measures: tuple[_Measure, ...],
    comes_to: str,
    kinds: tuple[Kind, ...],
    counts: Callable[[Scheme], bool],
) -> Working:
    """The partner's figures of each scheme that counts, fund by fund."""
    inputs, column = references.inputs, references.column
    found = []
    for fund in inputs.agreement.funds:
        for index, scheme in enumerate(inputs.agreement.schemes):
            if scheme.fund != fund.code or not counts(scheme):
                continue
            figures = [0 if each.table is None else each.table[index][column] for each in measures]
            if any(figures):
                found.append((index, scheme, figures))
    chosen = [place for place in range(len(measures)) if any(figures[place] for _, _, figures in found)]
    columns = _with_sum(
        [measures[place].title for place in chosen], [measures[place].takes for place in chosen], comes_to
    )
    entries = []
    for index, scheme, figures in found:
        groups = tuple(groups_of(inputs, (index,), kinds, references.partner))
        sum_pence = sum(-figures[place] if measures[place].takes else figures[place] for place in chosen)
        shown = [*(figures[place] for place in chosen), sum_pence] if len(chosen) > 1 else [sum_pence]
        cells: tuple[Cell, ...] = (named(scheme.name, scheme.code), references.told(groups), *shown)
        own = [references.sums(group for group in groups if group.kind is measures[place].kind) for place in chosen]
        equals: Equals = ((), (), *own, ()) if len(chosen) > 1 else ((), (), *own)
        entries.append(Entry(under_fund(references, scheme.fund), cells, references.first(groups), equals=equals))
    return Working(columns, tuple(entries))


def under_fund(references: References, code: str) -> Under:
    """A fund, as what stands beneath it is headed."""
    fund = references.inputs.agreement.fund_of[code]
    return Under(named(fund.name, code), references.fund(code))


def _texts() -> tuple[Column, Column]:
    return Column(say("Scheme"), width=3), Column(say("Ledger lines"), width=2)


def _with_sum(titles: list[str], takes: list[bool], comes_to: str) -> tuple[Column, ...]:
    """The columns, and where there are several of amounts, what they come to."""
    if len(titles) < 2:  # noqa: PLR2004  one column needs no sum across
        return (*_texts(), Column(comes_to, Align.RIGHT))
    places = range(_TEXTS, _TEXTS + len(titles))
    taken = tuple(place for place, each in zip(places, takes, strict=True) if each)
    added = tuple(place for place in places if place not in taken)
    figures = (Column(title, Align.RIGHT) for title in titles)
    return (*_texts(), *figures, Column(comes_to, Align.RIGHT, adds=added, takes=taken))
