"""A position's figures by scheme and partner, to date or forecast outturn (arithmetic.md, Figures at a period)."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from rules.agreement import Agreement, Kind, Service
from rules.position import Position, Total
from rules.problems import Problem, RefusedError
from rules.succession import stand_ins

# A table of pence: a row for each scheme in the agreement's order, in it a cell for each partner in being.
Table = tuple[tuple[int, ...], ...]

# How a forecast outturn reads each kind: of later periods only, of the whole year, and all others to date.
LATER_KINDS = frozenset({Kind.FORECAST, Kind.QIPP_FORECAST})
WHOLE_YEAR_KINDS = frozenset({Kind.BUDGET, Kind.VIREMENT, Kind.QIPP_TARGET, Kind.BASELINE})


@dataclass(frozen=True)
class Figures:
    """Pence by scheme and partner, in the agreement's order, for the period and reading that was asked for.

    `tables` has one table for each kind of line: to date, or with `outturn` as the whole year is expected to end.
    `year_budget` and `year_virement` are always of the whole year: contributions as weights and percentages of caps.
    `withheld` is performance pay not released, off the payer's budget. `in_default` is spend kept out of the pool.
    """

    agreement: Agreement
    outturn: bool
    tables: dict[Kind, Table]
    year_budget: Table
    year_virement: Table
    in_default: Table
    withheld: Table | None = None

    @cached_property
    def funding(self) -> Table:
        """Budget and virements, before performance pay is taken off."""
        return _added(self.tables[Kind.BUDGET], self.tables[Kind.VIREMENT])

    @cached_property
    def budget(self) -> Table:
        """Financial Contributions due: budget and virements, less performance pay not released."""
        return self.funding if self.withheld is None else _subtracted(self.funding, self.withheld)

    @cached_property
    def spend(self) -> Table:
        """Actuals and accruals; of an outturn, with what is still forecast for later periods."""
        return _added(_added(self.tables[Kind.ACTUAL], self.tables[Kind.ACCRUAL]), self.tables[Kind.FORECAST])

    @cached_property
    def delivered(self) -> Table:
        """QIPP delivered; of an outturn, with what is still forecast for later periods."""
        return _added(self.tables[Kind.QIPP_DELIVERED], self.tables[Kind.QIPP_FORECAST])

    @cached_property
    def year_contributions(self) -> Table:
        """Budgets and virements of the whole year, with no deduction for performance."""
        return _added(self.year_budget, self.year_virement)

    @cached_property
    def pooled_contributions(self) -> tuple[int, ...]:
        """Each partner's contribution of the year to pooled funds."""
        return self.contributions(lambda index: self._is_pooled[index])

    @cached_property
    def _is_pooled(self) -> tuple[bool, ...]:
        return tuple(self.agreement.fund_of[scheme.fund].is_pooled for scheme in self.agreement.schemes)

    @cached_property
    def _is_core(self) -> tuple[bool, ...]:
        return tuple(scheme.service is Service.CORE for scheme in self.agreement.schemes)

    def contributions(self, counts: Callable[[int], bool], *, at_opening: bool = False) -> tuple[int, ...]:
        """Each partner's contribution of the year to the schemes that count, by index; virements may be left out."""
        table = self.year_budget if at_opening else self.year_contributions
        rows = [row for index, row in enumerate(table) if counts(index)]
        return tuple(map(sum, zip(*rows, strict=True))) if rows else (0,) * len(self.agreement.partners)

    def contributions_to_pooled(self, *, at_opening: bool) -> tuple[int, ...]:
        """Each partner's contribution to pooled funds."""
        if not at_opening:
            return self.pooled_contributions
        return self.contributions(lambda index: self._is_pooled[index], at_opening=True)

    def contributions_to_core(self, *, at_opening: bool) -> tuple[int, ...]:
        """Each partner's contribution to core services, pooled or aligned."""
        return self.contributions(lambda index: self._is_core[index], at_opening=at_opening)

    def contributions_to_fund(self, code: str, *, at_opening: bool = False) -> tuple[int, ...]:
        """Each partner's contribution to a fund."""
        schemes = self.agreement.schemes
        return self.contributions(lambda index: schemes[index].fund == code, at_opening=at_opening)


def figures_of(agreement: Agreement, original: Agreement, position: Position) -> Figures:
    """The figures of a position, with successors in their predecessors' place.

    `agreement` is the one that `agreement_at` gives for the position's period, `original` the one on file. Figures of
    a partner not yet in being are nobody's yet and are left out; so are those of a code that neither knows and only
    later lines have, because a variation brings it in. Raises RefusedError for any other code that neither knows.
    """
    replaced = stand_ins(original, position.period)
    row_of = {scheme.code: index for index, scheme in enumerate(agreement.schemes)}
    column_of = {partner.code: index for index, partner in enumerate(agreement.partners)}
    known = original.partner_of
    width = len(column_of)

    def blank() -> list[list[int]]:
        return [[0] * width for _ in row_of]

    tables = {kind: blank() for kind in Kind}
    year_budget, year_virement, in_default = blank(), blank(), blank()
    whole_year = {Kind.BUDGET: year_budget, Kind.VIREMENT: year_virement}
    for total in position.totals:
        row = row_of.get(total.scheme)
        if row is None or total.partner not in known:
            if not total.to_date_pence:
                continue  # a later version of the agreement brings it in, and this one has no say over it
            which = f"scheme {total.scheme}" if row is None else f"partner {total.partner}"
            message = f"the ledger has lines of {which}, which the agreement does not declare"
            raise RefusedError(Problem(message))
        column = column_of.get(replaced.get(total.partner, total.partner))
        if column is None:
            continue
        kind = total.kind
        if total.in_default:
            in_default[row][column] += total.to_date_pence
            continue
        tables[kind][row][column] += _amount(total, outturn=position.outturn)
        year = whole_year.get(kind)
        if year is not None:
            year[row][column] += total.to_date_pence + total.later_pence
    return Figures(
        agreement=agreement,
        outturn=position.outturn,
        tables={kind: _frozen(table) for kind, table in tables.items()},
        year_budget=_frozen(year_budget),
        year_virement=_frozen(year_virement),
        in_default=_frozen(in_default),
    )


def _amount(total: Total, *, outturn: bool) -> int:
    """What a total comes to in the figures of a year to date, or of a forecast outturn."""
    if total.kind in LATER_KINDS:
        return total.later_pence if outturn else 0
    if outturn and total.kind in WHOLE_YEAR_KINDS:
        return total.to_date_pence + total.later_pence
    return total.to_date_pence


def _frozen(table: list[list[int]]) -> Table:
    return tuple(map(tuple, table))


def _added(first: Table, second: Table) -> Table:
    return tuple(
        tuple(one + other for one, other in zip(row, beside, strict=True))
        for row, beside in zip(first, second, strict=True)
    )


def _subtracted(first: Table, second: Table) -> Table:
    return tuple(
        tuple(one - other for one, other in zip(row, beside, strict=True))
        for row, beside in zip(first, second, strict=True)
    )
