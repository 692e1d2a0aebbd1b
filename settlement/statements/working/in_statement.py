"""A statement's own workings: each line of its first page down to the ledger's lines, as far as they are not too many.

The numbers are those of the Workings: `W3` of a line, `L7` of a group of ledger lines.
"""

from collections.abc import Callable, Iterator

from rules.agreement import By, Kind, Service
from rules.language import say
from settlement.statements.anchors import Anchors, LineGroup, Of
from settlement.statements.document import Block, Heading, Paragraph, Section
from settlement.statements.inputs import StatementInputs, no_lines
from settlement.statements.working.amounts import amounts_blocks
from settlement.statements.working.back import way_back
from settlement.statements.working.figures import working_blocks
from settlement.statements.working.lines import Lines, Placed, grouped, listing_of, placed_lines
from settlement.statements.working.references import references_of

MOST_LINES = 2_000
"""Ledger lines that a statement lists itself: about forty pages, which can be read. With more it would be a ledger."""


def statement_workings(inputs: StatementInputs, partner: str) -> tuple[Section, ...]:
    """How each line of the partner's first page is made, and the ledger's lines behind them."""
    references = references_of(inputs, partner, in_statement=True)
    counts = _counts(inputs, partner)
    lines = _few(inputs, counts)
    blocks: list[Block] = [Paragraph(_intro(inputs, lines)), *working_blocks(references, 2)]
    if inputs.settlement.outcome.subjects:
        blocks += [Heading(say("The amounts that the schedule dealt with")), *amounts_blocks(references)]
    workings = Section(say("Workings"), tuple(blocks), new_page=True, anchor="workings")
    if lines is None:
        return (workings,)
    return (workings, _lines_section(inputs, references.names, partner, lines, counts))


def _intro(inputs: StatementInputs, lines: Lines | None) -> str:
    text = say(
        "Every line of the first page is worked out here under its number, for the period to which this statement is; "
        "what was stated before is worked out in the statement of that time. The ledger's lines are numbered in groups "
        "by scheme, partner and kind, L1 and on, as in the Workings."
    )
    if lines is not None:
        return f"{text} {say('They are listed at the end.')}"
    if inputs.lines is no_lines:
        return f"{text} {say('The Workings list each of them under these numbers.')}"
    return f"{text} {say('They are too many for a statement: the Workings list each of them under these numbers.')}"


def _lines_section(
    inputs: StatementInputs, names: Anchors, partner: str, lines: Lines, counts: Callable[[LineGroup], bool]
) -> Section:
    listing = listing_of(inputs, names, lines, way_back(inputs, names, partner), counts=counts)
    blocks = listing.blocks(Of.FIGURE, say("Ledger lines by scheme, partner and kind"))
    for of, title in ((Of.LATER, say("Contributions of later periods")), (Of.IN_DEFAULT, say("Spend in default"))):
        if listing.groups(of):
            blocks += [Heading(title), *listing.blocks(of, title)]
    return Section(say("Ledger lines"), tuple(blocks), new_page=True, anchor="ledger-lines")


def _few(inputs: StatementInputs, counts: Callable[[LineGroup], bool]) -> Lines | None:
    """The lines that count, by group; None where they are too many, which is known before all of them are read."""
    if inputs.lines is no_lines:
        return None
    found: list[Placed] = []
    for each in _counted(inputs, counts):
        found.append(each)
        if len(found) > MOST_LINES:
            return None
    return grouped(found)


def _counted(inputs: StatementInputs, counts: Callable[[LineGroup], bool]) -> Iterator[Placed]:
    known: dict[tuple[Of, str, str, Kind], bool] = {}
    for of, partner, line in placed_lines(inputs):
        key = (of, line.scheme, partner, line.kind)
        if key not in known:
            known[key] = line.scheme in inputs.agreement.scheme_of and counts(
                LineGroup(line.scheme, partner, None if of is Of.IN_DEFAULT else line.kind, of)
            )
        if known[key]:
            yield of, partner, line


def _counts(inputs: StatementInputs, partner: str) -> Callable[[LineGroup], bool]:
    """Which groups enter a figure of the partner's, or the basis of one.

    Of a pooled fund and of influenced services that is what every partner budgeted and spent, because variances are
    shared; of payments, its own and those to funds that it hosts. Spend in default is told of in every statement.
    """
    agreement = inputs.agreement
    by = {
        part.sharing.weights.share.by
        for dealt in inputs.settlement.outcome.subjects
        for part in (*dealt.parts, *dealt.tried)
        if part.sharing is not None
    }
    weighs = any(each.is_contributions for each in by)

    def counts(group: LineGroup) -> bool:
        scheme = agreement.scheme_of[group.scheme]
        fund = agreement.fund_of[scheme.fund]
        is_shared = agreement.takes_payments(scheme)
        if group.of is Of.IN_DEFAULT:
            return True
        if group.of is Of.LATER or group.kind in {Kind.BUDGET, Kind.VIREMENT}:
            is_core_basis = By.CORE in by and scheme.service is Service.CORE
            return (is_shared or is_core_basis) and (group.of is Of.FIGURE or weighs)
        if group.kind is Kind.PAYMENT:
            return is_shared and partner in {group.partner, fund.host}
        return is_shared

    return counts
