"""What workings refer to by number and by link: whose they are, the groups of lines, the clauses and the amounts."""

from collections.abc import Iterable
from dataclasses import dataclass

from rules.trace import Part
from rules.waterfall import EXCLUDED
from settlement.statements.anchors import Anchors, LineGroup, anchors_of, groups_with_figures
from settlement.statements.inputs import StatementInputs


@dataclass(frozen=True, slots=True)
class References:
    """The references of one partner's workings, in its own statement or among every partner's.

    `places` are the numbers of the groups of lines. In a statement a share leads to its clause and a fund's name to the
    account with it; the Workings have neither, and there a share leads to the steps by which its amount was dealt with.
    """

    inputs: StatementInputs
    partner: str
    names: Anchors
    places: dict[LineGroup, int]
    in_statement: bool

    @property
    def column(self) -> int:
        """The partner's place in tables of figures and in shares."""
        return [each.code for each in self.inputs.agreement.partners].index(self.partner)

    def due(self, key: str) -> str:
        """Where the line is that a working is of."""
        return self.names.due(key, self._whose)

    def working(self, key: str) -> str:
        """Where the working of a line is."""
        return self.names.working(key, self._whose)

    def comes_to(self, key: str) -> str:
        """Where the sum of that working is."""
        return self.names.comes_to(key, self._whose)

    def sums(self, groups: Iterable[LineGroup]) -> tuple[str, ...]:
        """Where the sums are of those of the groups that make a figure."""
        return tuple(self.names.sum_of_lines(group) for group in groups if group in self.places)

    def fund(self, code: str) -> str:
        """Where a fund's account is."""
        return self.names.fund(code) if self.in_statement else ""

    def clause(self, clause: str) -> str:
        """Where a clause is."""
        return self.names.clause(clause) if self.in_statement else ""

    def part(self, number: int, part: Part) -> str:
        """Where it is told how a part of an amount was dealt with; an excluded scheme has no clause to lead to."""
        if not self.in_statement:
            return self.names.steps(number)
        return self.names.amount(number) if part.clause == EXCLUDED else self.names.clause(part.clause)

    def told(self, groups: Iterable[LineGroup]) -> str:
        """The numbers of those of the groups that make a figure: `L7–L9, L12`."""
        return ranges(self.places[group] for group in groups if group in self.places)

    def first(self, groups: Iterable[LineGroup]) -> str:
        """Where the first of them is, "" if none makes a figure."""
        return next((self.names.lines(group) for group in groups if group in self.places), "")

    @property
    def _whose(self) -> str:
        return "" if self.in_statement else self.partner


def references_of(inputs: StatementInputs, partner: str, *, in_statement: bool) -> References:
    """The references of a partner's workings."""
    places = {group: number for number, group in enumerate(groups_with_figures(inputs), 1)}
    return References(inputs, partner, anchors_of(inputs), places, in_statement)


def ranges(numbers: Iterable[int]) -> str:
    """Numbers of groups of lines as they are printed, those that follow each other together: `L7–L9, L12`."""
    found: list[list[int]] = []
    for number in sorted(numbers):
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return ", ".join(f"L{low}" if low == high else f"L{low}–L{high}" for low, high in found)
