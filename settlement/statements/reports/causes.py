"""Why a scheme's variance moved, as far as the ledger knows: which kinds of line, whose, late or disputed ones, which.

The ledger knows what was posted and not what happened: where a cause needs more words, they are the manager's.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import nsmallest

from rules.agreement import Kind, Scheme, Service
from rules.english import listed
from rules.figures import Figures
from rules.figures import Table as FigureTable
from rules.language import say, say_many
from rules.money import pounds
from settlement.statements.beside import predecessors
from settlement.statements.in_dispute import disputed_lines
from settlement.statements.inputs import LedgerLine, StatementInputs
from settlement.statements.late import late_in_movement
from settlement.statements.reports.parts import SPEND_KINDS, counted_lines, variances_by_scheme
from settlement.statements.wording import kind_in_text

_MOST_KINDS = 3
_MOST_LINES = 2
_SPENT = SPEND_KINDS | {Kind.FORECAST}
_AS_PLANNED = frozenset({Kind.BUDGET, Kind.BASELINE})  # what was agreed is no cause of a movement against it
_ALL = (Kind.ACTUAL, 1)  # actuals of one partner: told already by what was spent
_SHOWN = SPEND_KINDS | {Kind.VIREMENT}
_By = dict[str, dict[str, int]]  # what something comes to by scheme and partner, in pence


@dataclass(frozen=True, slots=True)
class Causes:
    """Each scheme's variance now and as it was last stated, in pence by its code, and why it moved ("": it did not)."""

    now: dict[str, int]
    before: dict[str, int]
    told: dict[str, str]
    intro: str


def causes_of(inputs: StatementInputs) -> Causes:
    """The causes of every scheme's movement since it was last stated, or since the year began. Reads the lines once."""
    now, before = inputs.settlement, inputs.previous
    changes = _changes(inputs)
    posted = _Posted.of(inputs)
    told = {scheme.code: " ".join(_causes(inputs, scheme, changes, posted)) for scheme in inputs.agreement.schemes}
    intro = say(
        "The largest causes are told as the ledger shows them: what was spent against what was expected, the largest "
        "changes by kind of line and partner, late and disputed lines, and the largest lines. What lies behind them "
        "is for the Pooled Fund Manager to write in, where there is room for it."
    )
    return Causes(
        variances_by_scheme(now),
        {} if before is None else variances_by_scheme(before),
        told,
        f"{intro} {inputs.codes_line}",
    )


# By kind and partner


def _changes(inputs: StatementInputs) -> dict[Kind | None, _By]:
    """How much each kind's figures changed since last stated; under None performance pay that is not released."""
    now = _by_kind(inputs.settlement.outcome.figures, {})
    before: dict[Kind | None, _By] = {}
    if inputs.previous is not None:
        before = _by_kind(inputs.previous.outcome.figures, predecessors(inputs))
    changes: dict[Kind | None, _By] = {}
    for kind, by_scheme in now.items():
        for scheme, by_partner in by_scheme.items():
            old = before.get(kind, {}).get(scheme, {})
            changes.setdefault(kind, {})[scheme] = {
                partner: moved for partner, pence in by_partner.items() if (moved := pence - old.get(partner, 0))
            }
    return changes


def _by_kind(figures: Figures, replaced: dict[str, str]) -> dict[Kind | None, _By]:
    found: dict[Kind | None, _By] = {}
    tables: dict[Kind | None, FigureTable] = dict(figures.tables.items())
    if figures.withheld is not None:
        tables[None] = figures.withheld
    for kind, table in tables.items():
        for scheme, row in zip(figures.agreement.schemes, table, strict=True):
            own = found.setdefault(kind, {}).setdefault(scheme.code, {})
            for partner, pence in zip(figures.agreement.partners, row, strict=True):
                code = replaced.get(partner.code, partner.code)
                own[code] = own.get(code, 0) + pence
    return found


def _kinds(scheme: Scheme) -> tuple[Kind | None, ...]:
    """What makes a scheme's variance."""
    expected = (Kind.BASELINE,) if scheme.service is Service.INFLUENCED else (Kind.BUDGET, Kind.VIREMENT, None)
    return (*expected, Kind.ACTUAL, Kind.ACCRUAL, Kind.FORECAST)


# By line


@dataclass(frozen=True, slots=True)
class _Posted:
    """The lines of the movement: the largest of each scheme, and how many late and disputed ones it has."""

    largest: dict[str, list[LedgerLine]]
    late: dict[str, list[LedgerLine]]
    disputed: dict[str, list[LedgerLine]]

    @classmethod
    def of(cls, inputs: StatementInputs) -> "_Posted":
        largest: dict[str, list[LedgerLine]] = {}
        disputed: dict[str, list[LedgerLine]] = {}
        late: dict[str, list[LedgerLine]] = {}
        in_dispute = disputed_lines(inputs)
        for line in counted_lines(
            inputs, 0 if inputs.previous is None else inputs.previous_period or inputs.previous.period
        ):
            if line.kind in _SHOWN and line.amount_pence:
                own = largest.setdefault(line.scheme, [])
                own[:] = nsmallest(_MOST_LINES, (*own, line), key=_order)
            if line.id in in_dispute:
                disputed.setdefault(line.scheme, []).append(line)
        for line in late_in_movement(inputs):
            if line.cause == "":
                late.setdefault(line.scheme, []).append(line)
        return cls(largest, late, disputed)


def _order(line: LedgerLine) -> tuple[int, int, str, str, str]:
    """The largest first; of two as large, whatever order the ledger gives its lines in, the same one."""
    return (-abs(line.amount_pence), line.period, line.reference, line.description, str(line.id))


# In words


def _causes(inputs: StatementInputs, scheme: Scheme, changes: dict[Kind | None, _By], posted: _Posted) -> Iterator[str]:
    code = scheme.code
    moved = {kind: changes.get(kind, {}).get(code, {}) for kind in _kinds(scheme)}
    sums = {kind: sum(by_partner.values()) for kind, by_partner in moved.items() if by_partner}
    yield from _against(inputs, sums)
    shown = {
        kind: pence for kind, pence in sums.items() if kind not in _AS_PLANNED and (kind, len(moved[kind])) != _ALL
    }
    for kind in nsmallest(_MOST_KINDS, shown, key=lambda kind: -abs(shown[kind])):
        yield _kind_sentence(kind, shown[kind], moved[kind])
    late = posted.late.get(code, [])
    if late:
        periods = listed(str(each) for each in sorted({line.belongs_to for line in late if line.belongs_to}))
        yield say_many(
            "In it is {count} late line, belonging to {periods}.",
            "In it are {count} late lines, belonging to {periods}.",
            len(late),
            periods=periods,
        )
    disputed = posted.disputed.get(code, [])
    if disputed:
        amount = pounds(sum(line.amount_pence for line in disputed))
        yield say_many(
            "{count} line of {amount} in it is in dispute.",
            "{count} lines of {amount} in it are in dispute.",
            len(disputed),
            amount=amount,
        )
    place = next(index for index, each in enumerate(inputs.agreement.schemes) if each.code == code)
    figures = inputs.settlement.outcome.figures
    short = sum(figures.tables[Kind.QIPP_TARGET][place]) - sum(figures.delivered[place])
    if short > 0:
        yield say("QIPP of {amount} is not delivered.", amount=pounds(short))
    in_default = sum(figures.in_default[place])
    if in_default:
        yield say("Spend in default of {amount} is not in it.", amount=pounds(in_default))
    largest = [_line(line) for line in posted.largest.get(code, [])]
    if len(largest) == 1:
        yield say("The line is {lines}.", lines=largest[0])
    elif largest:
        yield say("The largest lines are {lines}.", lines=listed(largest))


def _against(inputs: StatementInputs, sums: dict[Kind | None, int]) -> Iterator[str]:
    """What was spent since against what was to be spent since: the movement is their difference."""
    if not sums:
        return
    spent = sum(pence for kind, pence in sums.items() if kind in _SPENT)
    expected = sum(-pence if kind is None else pence for kind, pence in sums.items() if kind not in _SPENT)
    values = {"spent": pounds(spent), "expected": pounds(expected), "period": inputs.previous_name}
    if inputs.previous is None:
        yield say("{spent} was spent where {expected} was expected.", **values)
    elif not expected:
        yield say("Since {period} {spent} was spent, and no more was expected.", **values)
    elif not spent:
        yield say("Since {period} nothing was spent where {expected} was expected.", **values)
    else:
        yield say("Since {period} {spent} was spent where {expected} was expected.", **values)


def _kind_sentence(kind: Kind | None, change: int, by_partner: dict[str, int]) -> str:
    """`Actual up by £1,050,000.00: LBB £1,000,000.00 and BCCG £50,000.00`, as a sentence."""
    values = {
        "amount": pounds(abs(change)),
        "whose": listed(f"{code} {pounds(pence)}" for code, pence in by_partner.items()),
        "partner": next(iter(by_partner)),
    }
    if kind is None:
        if change > 0:
            return say("Performance pay not released up by {amount}: {whose}.", **values)
        return say("Performance pay not released down by {amount}: {whose}.", **values)
    values["kind"] = _begun(kind_in_text(kind))
    if not change:
        said = say("{kind} moved between partners: {whose}.", **values)
    elif len(by_partner) == 1:
        up = say("{kind} of {partner} up by {amount}.", **values)
        said = up if change > 0 else say("{kind} of {partner} down by {amount}.", **values)
    else:
        up = say("{kind} up by {amount}: {whose}.", **values)
        said = up if change > 0 else say("{kind} down by {amount}: {whose}.", **values)
    return said


def _begun(text: str) -> str:
    return text[0].upper() + text[1:]


def _line(line: LedgerLine) -> str:
    """`£123.00 (M3, INV-7, Home care)`: enough to find it in the workings."""
    about = ", ".join(filter(None, (str(line.period), line.reference, line.description)))
    return f"{pounds(line.amount_pence)} ({about})"
