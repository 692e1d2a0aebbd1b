"""Late lines: what belongs to a period that was closed already, and counts in the movement since."""

from collections.abc import Iterable

from rules.agreement import Kind
from rules.english import listed
from rules.money import pounds
from rules.periods import Period
from settlement.sentences import KIND_NAMES
from settlement.statements.beside import predecessors
from settlement.statements.document import Block, Column, Heading, Paragraph, Row, Table, amounts
from settlement.statements.inputs import LedgerLine, StatementInputs
from settlement.statements.wording import kind_in_text, named

_STILL_TO_COME = frozenset({Kind.FORECAST, Kind.QIPP_FORECAST})
_DEFAULT = ", in default"


def late_in_movement(inputs: StatementInputs) -> list[LedgerLine]:
    """The late lines that count since what was last stated, in the order of what they belong to and where they count.

    Forecasts are of periods still to come and enter no year to date; lines of a partner not yet in being no figure.
    """
    since = inputs.previous_period
    replaced, being = predecessors(inputs), inputs.agreement.partner_of
    found = [
        line
        for line in inputs.late
        if line.belongs_to is not None
        and (since is None or line.period > since)
        and line.period <= inputs.settlement.period
        and line.kind not in _STILL_TO_COME
        and replaced.get(line.partner, line.partner) in being
    ]
    return sorted(found, key=lambda line: (line.belongs_to or line.period, line.period))


def late_sentence(inputs: StatementInputs) -> str:
    """The late lines in the movement, summed for each period they belong to and each kind of line; "" if none are."""
    told = []
    for period, lines in _by_period(late_in_movement(inputs)).items():
        sums: dict[str, int] = {}
        for line in lines:
            name = f"{kind_in_text(line.kind)}{_DEFAULT if line.cause else ''}"
            sums[name] = sums.get(name, 0) + line.amount_pence
        said = listed(f"{pounds(pence)} of {name}" for name, pence in sums.items())
        count = f"{len(lines)} line{'s' if len(lines) > 1 else ''}"
        told.append(f"belonging to {period}: {said} ({count})")
    if not told:
        return ""
    return f"Late lines count in it, {'; '.join(told)}."


def late_blocks(inputs: StatementInputs) -> list[Block]:
    """The late lines of the movement, summed by what they belong to, where they count, and whose they are."""
    lines = late_in_movement(inputs)
    if not lines:
        return []
    agreement = inputs.agreement
    replaced = predecessors(inputs)
    sums: dict[tuple[str, str, str, str, str], list[int]] = {}
    for line in lines:
        scheme = agreement.scheme_of.get(line.scheme)
        key = (
            str(line.belongs_to),
            str(line.period),
            line.scheme if scheme is None else named(scheme.name, scheme.code),
            agreement.partner_of[replaced.get(line.partner, line.partner)].name,
            f"{KIND_NAMES[line.kind]}{_DEFAULT if line.cause else ''}",
        )
        own = sums.setdefault(key, [0, 0])
        own[0] += 1
        own[1] += line.amount_pence
    rows = tuple(Row((*key, f"{count:,}", pence)) for key, (count, pence) in sums.items())
    columns = (
        Column("Belongs to"),
        Column("Counts in"),
        Column("Scheme", width=3),
        Column("Partner", width=2),
        Column("Kind"),
        *amounts("Lines", "Amount £"),
    )
    intro = (
        "Lines that came after their period was closed. What was stated of that period stays as it was; they count in "
        "the next open period, and so in the movement. The workings list each of them."
    )
    return [Heading("Late lines"), Paragraph(intro), Table("Late lines", columns, rows)]


def _by_period(lines: Iterable[LedgerLine]) -> dict[Period, list[LedgerLine]]:
    found: dict[Period, list[LedgerLine]] = {}
    for line in lines:
        if line.belongs_to is not None:
            found.setdefault(line.belongs_to, []).append(line)
    return found
