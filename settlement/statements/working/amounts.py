"""The amounts that the schedule dealt with, from their schemes' figures: which lines make a variance or shortfall."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rules.agreement import Kind, On
from rules.figures import Figures
from rules.figures import Table as FigureTable
from rules.language import say
from rules.outcome import DealtWith
from settlement.statements.anchors import LineGroup
from settlement.statements.document import Align, Block, Cell, Column, Heading, Paragraph, Row, RowKind, Table, sum_of
from settlement.statements.inputs import StatementInputs
from settlement.statements.wording import named, subject_name
from settlement.statements.working.references import References
from settlement.statements.working.table import Equals

SPEND_KINDS = (Kind.ACTUAL, Kind.ACCRUAL, Kind.FORECAST)
CONTRIBUTION_KINDS = (Kind.BUDGET, Kind.VIREMENT)
_TEXTS = 2  # columns before those of amounts


@dataclass(frozen=True, slots=True)
class _Measure:
    """A column of figures by scheme and partner, and whether it adds to what the row comes to or is taken from it.

    `kinds` are those of the lines that make the figures, if lines alone do.
    """

    title: str
    table: FigureTable | None
    adds: bool = False
    kinds: tuple[Kind, ...] = ()


@dataclass(frozen=True, slots=True)
class _Sort:
    """A sort of amount: the kinds of line that it comes of, its measures, and what the last column is called.

    `beside` is the measure of a whole group, no scheme's, that ties a shortfall and the overspend it shows in.
    """

    ons: frozenset[On]
    kinds: tuple[Kind, ...]
    title: str
    told: str
    measures: tuple[_Measure, ...]
    comes_to: str
    beside: _Measure


def amounts_blocks(references: References) -> list[Block]:
    """A table for each sort of amount there is: QIPP shortfalls, variances of budgets, those of influenced services."""
    outcome = references.inputs.settlement.outcome
    blocks: list[Block] = []
    for sort in _sorts(outcome.figures):
        own = [(number, dealt) for number, dealt in enumerate(outcome.subjects, 1) if dealt.subject.on in sort.ons]
        if own:
            blocks += [Heading(sort.title, level=3), Paragraph(sort.told), _table(references, sort, own)]
    return blocks


def _sorts(figures: Figures) -> tuple[_Sort, ...]:
    return (_qipp(figures), _variances(figures), _influenced(figures))


def _qipp(figures: Figures) -> _Sort:
    return _Sort(
        frozenset({On.QIPP_SHORTFALL}),
        (Kind.QIPP_TARGET, Kind.QIPP_DELIVERED, Kind.QIPP_FORECAST),
        say("QIPP shortfalls"),
        say("A shortfall is the target less what was delivered."),
        (
            _Measure(say("Target £"), figures.tables[Kind.QIPP_TARGET], adds=True, kinds=(Kind.QIPP_TARGET,)),
            _Measure(say("Delivered £"), figures.delivered, kinds=(Kind.QIPP_DELIVERED, Kind.QIPP_FORECAST)),
        ),
        say("Shortfall £"),
        _Measure(say("Not spent above budget £"), None),
    )


def _variances(figures: Figures) -> _Sort:
    measures = [_Measure(say("Budget and virements £"), figures.funding, adds=True, kinds=CONTRIBUTION_KINDS)]
    if figures.withheld is not None:
        measures.append(_Measure(say("Performance pay not released £"), figures.withheld))
    measures.append(_Measure(say("Spend £"), figures.spend, kinds=SPEND_KINDS))
    return _Sort(
        frozenset({On.OVERSPEND, On.UNDERSPEND}),
        (*CONTRIBUTION_KINDS, *SPEND_KINDS),
        say("Overspends and underspends"),
        say("A variance is the budget less spend: an overspend is below zero, and stands in brackets."),
        tuple(measures),
        say("Variance £"),
        _Measure(say("Of it QIPP shortfall £"), None, adds=True),
    )


def _influenced(figures: Figures) -> _Sort:
    return _Sort(
        frozenset({On.BENEFIT, On.DISBENEFIT}),
        (Kind.BASELINE, *SPEND_KINDS),
        say("Benefits and disbenefits of influenced services"),
        say("A benefit is the baseline less spend: a disbenefit is below zero, and stands in brackets."),
        (
            _Measure(say("Baseline £"), figures.tables[Kind.BASELINE], adds=True, kinds=(Kind.BASELINE,)),
            _Measure(say("Spend £"), figures.spend, kinds=SPEND_KINDS),
        ),
        say("Benefit £"),
        _Measure("", None),
    )


def _table(references: References, sort: _Sort, numbered: list[tuple[int, DealtWith]]) -> Table:
    left = {number: _beside(sort, dealt) for number, dealt in numbered}
    measures = (*sort.measures, sort.beside) if any(left.values()) else sort.measures
    rows: list[Row] = []
    for number, dealt in numbered:
        _add(references, rows, sort, measures, number, dealt, left[number])
    places = range(_TEXTS, _TEXTS + len(measures))
    adds = tuple(place for place, measure in zip(places, measures, strict=True) if measure.adds)
    takes = tuple(place for place in places if place not in adds)
    columns = (
        Column(say("Amount"), width=3),
        Column(say("Ledger lines"), width=2),
        *(Column(measure.title, Align.RIGHT) for measure in measures),
        Column(sort.comes_to, Align.RIGHT, adds=adds, takes=takes),
    )
    return Table(sort.title, columns, tuple(rows))


def _beside(sort: _Sort, dealt: DealtWith) -> int:
    """What ties the amount to the group's figures: of a shortfall within the budget, what is no overspend."""
    subject = dealt.subject
    signed = -subject.amount_pence if subject.on in {On.OVERSPEND, On.DISBENEFIT} else subject.amount_pence
    found = sum(_comes_to(sort.measures, _figures(sort.measures, index)) for index in subject.group.schemes)
    return signed - found if sort.beside.adds else found - signed


def _figures(measures: Iterable[_Measure], index: int) -> list[int]:
    """A scheme's figures over all partners."""
    return [0 if measure.table is None else sum(measure.table[index]) for measure in measures]


def _comes_to(measures: Iterable[_Measure], figures: Iterable[int]) -> int:
    return sum(pence if measure.adds else -pence for measure, pence in zip(measures, figures, strict=True))


def _add(
    references: References,
    rows: list[Row],
    sort: _Sort,
    measures: tuple[_Measure, ...],
    number: int,
    dealt: DealtWith,
    beside: int,
) -> None:
    """Append an amount: of one scheme a row; of several a heading, a row for each, and their sum."""
    inputs, schemes = references.inputs, dealt.subject.group.schemes
    name = subject_name(dealt.subject, inputs.settlement.outcome)
    anchor = references.names.amount(number)
    if len(schemes) == 1:
        figures = _figures(measures, schemes[0])
        if measures[-1] is sort.beside:
            figures[-1] = beside
        groups = tuple(groups_of(inputs, schemes, sort.kinds))
        cells: tuple[Cell, ...] = (name, references.told(groups), *figures, _comes_to(measures, figures))
        equals = _equals(references, measures, groups)
        rows.append(Row(cells, anchor=anchor, goes_to=references.first(groups), equals=equals))
        return
    rows.append(Row((name,), RowKind.HEADING, anchor=anchor))
    first = len(rows)
    for index in schemes:
        figures = _figures(measures, index)
        if any(figures):
            groups = tuple(groups_of(inputs, (index,), sort.kinds))
            scheme = inputs.agreement.schemes[index]
            cells = (named(scheme.name, scheme.code), references.told(groups), *figures, _comes_to(measures, figures))
            equals = _equals(references, measures, groups)
            rows.append(Row(cells, goes_to=references.first(groups), equals=equals))
    if beside:
        figures = [*(0 for _ in sort.measures), beside]
        rows.append(Row((say("Of the schemes together"), "", *figures, _comes_to(measures, figures))))
    sums = [sum_of(rows[first:], place) for place in range(_TEXTS, _TEXTS + len(measures) + 1)]
    rows.append(Row((name, "", *sums), RowKind.SUBTOTAL, adds=tuple(range(first, len(rows)))))


def _equals(references: References, measures: Iterable[_Measure], groups: Iterable[LineGroup]) -> Equals:
    """The sums of lines that each figure of a scheme is."""
    groups = tuple(groups)
    own = (references.sums(group for group in groups if group.kind in measure.kinds) for measure in measures)
    return ((), (), *own, ())


def groups_of(
    inputs: StatementInputs, schemes: Iterable[int], kinds: Iterable[Kind], partner: str = ""
) -> Iterator[LineGroup]:
    """The groups of lines of these schemes, by their place, and kinds: of one partner, or of all."""
    kinds = tuple(kinds)
    codes = (partner,) if partner else tuple(each.code for each in inputs.agreement.partners)
    for index in schemes:
        for code in codes:
            for kind in kinds:
                yield LineGroup(inputs.agreement.schemes[index].code, code, kind)
