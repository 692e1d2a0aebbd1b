"""The matrix of Financial Contributions: what each partner puts into each scheme in the year, first and as varied."""

from dataclasses import dataclass
from enum import StrEnum

from ledgers import Ledger
from rules.agreement import Kind, Partner, Scheme
from rules.figures import Table, figures_of
from rules.periods import Period
from rules.succession import agreement_at, stand_ins


class Reading(StrEnum):
    """Which contributions a matrix shows; of the whole year, but for what was due to date."""

    AS_VARIED = "as varied"
    FIRST_AGREED = "as first agreed"
    VIREMENTS = "virements"
    TO_DATE = "due to date"


@dataclass(frozen=True, slots=True)
class Matrix:
    """Pence: a row for each scheme, in it a cell for each partner in being; totals of rows, of columns and of all."""

    rows: Table
    of_schemes: tuple[int, ...]
    of_partners: tuple[int, ...]
    total_pence: int


@dataclass(frozen=True, slots=True)
class Contributions:
    """The matrices of a period, in the agreement's order of schemes and partners in being.

    `codes_of` has for each partner the codes its lines stand under: its own, and those of the partners it succeeded.
    """

    period: Period
    schemes: tuple[Scheme, ...]
    partners: tuple[Partner, ...]
    matrices: dict[Reading, Matrix]
    codes_of: dict[str, tuple[str, ...]]


def contributions_of(ledger: Ledger, period: Period) -> Contributions:
    """The Financial Contributions as the ledger's lines have them, seen from a period.

    Performance pay is not taken off. Raises RefusedError where the agreement in force cannot be applied to the lines.
    """
    with ledger.snapshot():
        original, position = ledger.agreement_at(period), ledger.position(period)
    agreement = agreement_at(original, period)
    figures = figures_of(agreement, original, position)
    tables = {
        Reading.AS_VARIED: figures.year_contributions,
        Reading.FIRST_AGREED: figures.year_budget,
        Reading.VIREMENTS: figures.year_virement,
        Reading.TO_DATE: figures.funding,
    }
    used = {(total.partner) for total in position.totals if total.kind in {Kind.BUDGET, Kind.VIREMENT}}
    replaced = stand_ins(original, period)
    codes_of = {
        partner.code: tuple(sorted(code for code in used if replaced.get(code, code) == partner.code) or [partner.code])
        for partner in agreement.partners
    }
    matrices = {reading: _matrix(table, len(agreement.partners)) for reading, table in tables.items()}
    return Contributions(period, agreement.schemes, agreement.partners, matrices, codes_of)


def _matrix(table: Table, width: int) -> Matrix:
    of_partners = tuple(map(sum, zip(*table, strict=True))) if table else (0,) * width
    return Matrix(table, tuple(map(sum, table)), of_partners, sum(of_partners))
