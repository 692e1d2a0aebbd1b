"""Where links lead and what is printed of it: names of destinations, `W1…` of workings, `L1…` of groups of lines.

A statement and the Workings say the same number for the same thing, because both are numbered from the settlement's
figures alone: nothing of it hangs on the ledger's lines, in whatever order they come.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from rules.agreement import Agreement, Kind
from rules.figures import Table
from settlement.result import ROW_KEYS, row_figures
from settlement.statements.beside import beside
from settlement.statements.inputs import StatementInputs

NET = "net_due"
_UNSAFE = re.compile(r"[^a-z0-9]+")
_LONGEST_CODE = 40
_CONTRIBUTIONS = (Kind.BUDGET, Kind.VIREMENT)


# Names of destinations


class Of(StrEnum):
    """What the lines of a group make: a figure, contributions of later periods (a basis only), spend in default."""

    FIGURE = "lines"
    LATER = "later"
    IN_DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class LineGroup:
    """The lines of a scheme, partner and kind that are summed. Spend in default is of no kind: all of it together."""

    scheme: str
    partner: str
    kind: Kind | None
    of: Of = Of.FIGURE


@dataclass(frozen=True, slots=True)
class Anchors:
    """The names of an agreement's destinations, "" for what is not in it: a link to nowhere is no link.

    Each is made of what is plain in the code; two codes of a kind never have one name.
    """

    funds: dict[str, str]
    schemes: dict[str, str]
    clauses: dict[str, str]
    partners: dict[str, str]

    def fund(self, code: str) -> str:
        """Where a fund's account is."""
        return _name("fund", self.funds.get(code))

    def scheme(self, code: str) -> str:
        """Where a scheme is among budget and spend."""
        return _name("scheme", self.schemes.get(code))

    def clause(self, clause: str) -> str:
        """Where a clause is, by its number."""
        return _name("clause", self.clauses.get(clause))

    def due(self, key: str, partner: str = "") -> str:
        """Where a line of what is due is, by the result's key; where a document has several partners', of which."""
        return self._of_partner("due", key, partner)

    def working(self, key: str, partner: str = "") -> str:
        """Where the working of that line is."""
        return self._of_partner("w", key, partner)

    def comes_to(self, key: str, partner: str = "") -> str:
        """Where the sum of that working is."""
        return self._of_partner("sum", key, partner)

    def amount(self, number: int) -> str:
        """Where the figures of an amount are that the schedule dealt with, by its place among them from 1."""
        return f"amount-{number}"

    def steps(self, number: int) -> str:
        """Where it is told step by step how that amount was dealt with."""
        return f"steps-{number}"

    def lines(self, group: LineGroup) -> str:
        """Where the lines of a group are."""
        scheme, partner = self.schemes.get(group.scheme), self.partners.get(group.partner)
        if scheme is None or partner is None:
            return ""
        kind = "" if group.kind is None else f"--{_plain(group.kind)}"
        return f"{group.of}-{scheme}--{partner}{kind}"

    def sum_of_lines(self, group: LineGroup) -> str:
        """Where the sum of the lines of a group is."""
        return _name("sum", self.lines(group) or None)

    def _of_partner(self, what: str, key: str, partner: str) -> str:
        name = "net" if key == NET else _plain(key)
        return f"{what}-{name}--{self.partners[partner]}" if partner else f"{what}-{name}"


def anchors_of(inputs: StatementInputs) -> Anchors:
    """The names of what the inputs' agreement has."""
    return _anchors_of(inputs.agreement)


@lru_cache(maxsize=8)
def _anchors_of(agreement: Agreement) -> Anchors:
    return Anchors(
        funds=_plain_names(fund.code for fund in agreement.funds),
        schemes=_plain_names(scheme.code for scheme in agreement.schemes),
        clauses=_plain_names(clause.id for clause in agreement.clauses),
        partners=_plain_names(partner.code for partner in agreement.partners),
    )


def _name(what: str, plain: str | None) -> str:
    return "" if plain is None else f"{what}-{plain}"


def _plain(code: str) -> str:
    """What is plain of a code: small letters and digits, anything between them one hyphen, none at its ends."""
    return _UNSAFE.sub("-", code.lower())[:_LONGEST_CODE].strip("-")


def _plain_names(codes: Iterable[str]) -> dict[str, str]:
    """A name for each code. None has two hyphens together, so that names joined by two are not those of others."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for code in codes:
        plain = _plain(code) or "code"
        name, number = plain, 1
        while name in taken:
            number += 1
            name = f"{plain}-{number}"
        taken.add(name)
        names[code] = name
    return names


# Printed numbers


def working_numbers(inputs: StatementInputs, partner: str) -> dict[str, str]:
    """`W1`, `W2`… by the result's keys: of the lines that the first page shows, in its order, then of the net due.

    A line is shown where it is nil now and was not when last stated, or will not be at the outturn.
    """
    side = beside(inputs, partner)
    each = [
        [row_figures(row) for row in settlement.rows if row.partner in codes]
        for settlement, codes in zip(side.settlements, side.codes, strict=True)
    ]
    shown = [key for key in ROW_KEYS if key == NET or any(sum(row[key] for row in rows) for rows in each)]
    return {key: f"W{number}" for number, key in enumerate(shown, 1)}


def line_numbers(inputs: StatementInputs) -> dict[LineGroup, str]:
    """`L1`, `L2`… of the groups of lines that make a figure, in the order of the workings.

    First those of the settlement's figures, then contributions of later periods and spend in default, each by scheme,
    partner and kind. What comes to nil makes no figure, and has no number here.
    """
    return {group: f"L{number}" for number, group in enumerate(groups_with_figures(inputs), 1)}


def groups_with_figures(inputs: StatementInputs) -> dict[LineGroup, int]:
    """The groups of lines that make a figure other than nil, with it, in the order of the workings."""
    figures = inputs.settlement.outcome.figures
    found = dict(_nonzero(inputs, {kind: figures.tables[kind] for kind in Kind}, Of.FIGURE))
    if not figures.outturn:
        year = {Kind.BUDGET: figures.year_budget, Kind.VIREMENT: figures.year_virement}
        later = {kind: _less(year[kind], figures.tables[kind]) for kind in _CONTRIBUTIONS}
        found.update(_nonzero(inputs, later, Of.LATER))
    found.update(_nonzero(inputs, {None: figures.in_default}, Of.IN_DEFAULT))
    return found


def _nonzero(
    inputs: StatementInputs, tables: "dict[Kind, Table] | dict[None, Table]", of: Of
) -> Iterator[tuple[LineGroup, int]]:
    partners = [partner.code for partner in inputs.agreement.partners]
    for index, scheme in enumerate(inputs.agreement.schemes):
        rows = [(kind, table[index]) for kind, table in tables.items() if any(table[index])]
        for column, partner in enumerate(partners if rows else ()):
            for kind, row in rows:
                if row[column]:
                    yield LineGroup(scheme.code, partner, kind, of), row[column]


def _less(whole: Table, part: Table) -> Table:
    return tuple(
        tuple(one - other for one, other in zip(row, beside_it, strict=True))
        for row, beside_it in zip(whole, part, strict=True)
    )
