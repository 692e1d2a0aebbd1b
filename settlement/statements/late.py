"""Late lines: what belongs to a period that was closed already, and counts in the movement since."""

from collections.abc import Iterable

from rules.agreement import Kind
from rules.english import listed
from rules.language import say, say_many
from rules.money import pounds
from rules.periods import Period
from settlement.sentences import kind_name
from settlement.statements.beside import predecessors
from settlement.statements.document import Block, Column, Heading, Paragraph, Row, RowKind, Table, amounts, sum_of
from settlement.statements.inputs import LedgerLine, StatementInputs
from settlement.statements.wording import kind_in_text, named

_AMOUNT = 6  # the column
_STILL_TO_COME = frozenset({Kind.FORECAST, Kind.QIPP_FORECAST})


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
            kind = kind_in_text(line.kind)
            name = say("{kind}, in default", kind=kind) if line.cause else kind
            sums[name] = sums.get(name, 0) + line.amount_pence
        told.append(
            say_many(
                "belonging to {period}: {amounts} ({count} line)",
                "belonging to {period}: {amounts} ({count} lines)",
                len(lines),
                period=period,
                amounts=listed(
                    say("{amount} of {kind}", amount=pounds(pence), kind=name) for name, pence in sums.items()
                ),
            )
        )
    if not told:
        return ""
    return say("Late lines count in it, {told}.", told="; ".join(told))


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
            say("{kind}, in default", kind=kind_name(line.kind)) if line.cause else kind_name(line.kind),
        )
        own = sums.setdefault(key, [0, 0])
        own[0] += 1
        own[1] += line.amount_pence
    rows = [Row((*key, f"{count:,}", pence)) for key, (count, pence) in sums.items()]
    lines_in_all = sum(count for count, _ in sums.values())
    total = (say("Total"), "", "", "", "", f"{lines_in_all:,}", sum_of(rows, _AMOUNT))
    columns = (
        Column(say("Belongs to")),
        Column(say("Counts in")),
        Column(say("Scheme"), width=3),
        Column(say("Partner"), width=2),
        Column(say("Kind")),
        *amounts(say("Lines"), say("Amount £")),
    )
    intro = say(
        "Lines that came after their period was closed. What was stated of that period stays as it was; they count in "
        "the next open period, and so in the movement. The workings list each of them."
    )
    table = Table(say("Late lines"), columns, (*rows, Row(total, RowKind.TOTAL, adds=tuple(range(len(rows))))))
    return [Heading(say("Late lines")), Paragraph(intro), table]


def _by_period(lines: Iterable[LedgerLine]) -> dict[Period, list[LedgerLine]]:
    found: dict[Period, list[LedgerLine]] = {}
    for line in lines:
        if line.belongs_to is not None:
            found.setdefault(line.belongs_to, []).append(line)
    return found
