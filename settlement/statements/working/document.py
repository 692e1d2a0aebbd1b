"""The workings: every figure of a settlement down to the ledger lines that make it, each subtotal held against it.

Every partner's lines are worked out under the numbers that its own statement has for them.
"""

from collections.abc import Iterable

from rules.language import say
from rules.money import pounds
from rules.outcome import DealtWith
from settlement.sentences import part_sentences, performance_sentence, subject_sentences
from settlement.statements.anchors import Of, anchors_of
from settlement.statements.document import (
    Align,
    Block,
    Bullets,
    Column,
    Document,
    Facts,
    Heading,
    Note,
    Paragraph,
    Row,
    RowKind,
    Section,
    Table,
    Tone,
    amounts,
)
from settlement.statements.first_page import when_and_how
from settlement.statements.footing import footing_lines
from settlement.statements.in_dispute import shared_dispute_note
from settlement.statements.inputs import StatementInputs
from settlement.statements.notes import first_notes, notes_section
from settlement.statements.sealed import framed, provisional_notes, standing_facts
from settlement.statements.wording import named, subject_name
from settlement.statements.working.amounts import amounts_blocks
from settlement.statements.working.back import way_back
from settlement.statements.working.figures import steps_title, working_blocks
from settlement.statements.working.lines import Listing, grouped, listing_of, placed_lines
from settlement.statements.working.references import References, references_of


def workings(inputs: StatementInputs) -> Document:
    """What is due, how each line of it is made, how each amount was dealt with; then the lines, read once."""
    each = [references_of(inputs, partner.code, in_statement=False) for partner in inputs.agreement.partners]
    sections = (
        _settlement(inputs, each),
        *(_of_partner(references) for references in each),
        _trace(inputs, each[0]),
        *_lines_sections(_listing(inputs)),
        *notes_section(inputs),
    )
    title = say("Workings")
    return framed(inputs, title, say("Every figure of the settlement, down to the ledger lines"), title, sections)


def _settlement(inputs: StatementInputs, each: Iterable[References]) -> Section:
    """The net due of every partner, and the lines that make it, each leading to its working."""
    agreement = inputs.agreement
    facts = (
        (say("Agreement"), named(agreement.title, agreement.id) if agreement.title else agreement.id),
        when_and_how(inputs),
        *standing_facts(inputs),
    )
    blocks: list[Block] = [Facts(facts)]
    blocks += [*provisional_notes(inputs), *shared_dispute_note(inputs), *first_notes(inputs)]
    blocks.append(
        Paragraph(
            say(
                "Every line below is worked out under its number. The ledger's lines are numbered in groups by scheme, "
                "partner and kind, L1 and on; a group whose lines come to nil makes no figure, and its number comes "
                "after the others."
            )
        )
    )
    for references in each:
        name = named(inputs.name_of(references.partner), references.partner)
        blocks += [Heading(name), _due(references, name)]
    return Section(say("The settlement"), tuple(blocks))


def _due(references: References, title: str) -> Table:
    lines = footing_lines(references.inputs, references.partner)
    rows = []
    for place, line in enumerate(lines):
        is_net = place == len(lines) - 1
        rows.append(
            Row(
                (line.label, line.reference, line.pence),
                RowKind.TOTAL if is_net else RowKind.BODY,
                adds=tuple(range(place)) if is_net else (),
                anchor=references.due(line.key),
                goes_to=references.working(line.key),
                equals=() if is_net else ((), (), (references.comes_to(line.key),)),
            )
        )
    columns = (Column(say("Line"), width=4), Column(say("Working"), Align.RIGHT), *amounts(say("Amount £")))
    return Table(title, columns, tuple(rows))


def _of_partner(references: References) -> Section:
    name = references.inputs.name_of(references.partner)
    title = say("Workings of {partner}", partner=name)
    return Section(title, tuple(working_blocks(references, 2)), new_page=True)


def _trace(inputs: StatementInputs, references: References) -> Section:
    outcome = inputs.settlement.outcome
    blocks: list[Block] = []
    if outcome.performance:
        blocks += [Heading(say("Performance pay")), Bullets(tuple(map(performance_sentence, outcome.performance)))]
    if not outcome.subjects:
        blocks.append(Paragraph(say("No fund is over or under its budget, so that there is nothing to share.")))
        return Section(steps_title(), tuple(blocks), new_page=True)
    blocks += [Paragraph(inputs.codes_line), Heading(say("Where each amount comes from")), *amounts_blocks(references)]
    for number, dealt in enumerate(outcome.subjects, 1):
        text = f"{subject_name(dealt.subject, outcome)}: {pounds(dealt.subject.amount_pence)}"
        names = references.names
        blocks.append(Heading(text, anchor=names.steps(number), goes_to=names.amount(number)))
        blocks += _steps(inputs, dealt)
    return Section(steps_title(), tuple(blocks), new_page=True)


def _steps(inputs: StatementInputs, dealt: DealtWith) -> list[Block]:
    """How the amount came about, and what each clause did with it."""
    outcome = inputs.settlement.outcome
    blocks: list[Block] = [Bullets(tuple(subject_sentences(dealt.subject, outcome)))]
    for part in (*dealt.parts, *dealt.tried):
        clause = outcome.agreement.clause_of.get(part.clause)
        if clause is None:
            head = say("Excluded from sharing")
        else:
            head = say("Clause {clause}: {title}", clause=clause.id, title=clause.title)
        blocks.append(Heading(f"{head}: {pounds(part.amount_pence)}", level=3))
        blocks.append(Bullets(tuple(part_sentences(inputs.settlement, dealt, part))))
    if dealt.unallocated_pence:
        text = say("{amount} of it is not allocated by any clause.", amount=pounds(dealt.unallocated_pence))
        blocks.append(Note(text, Tone.WARNING))
    return blocks


def _listing(inputs: StatementInputs) -> Listing:
    names = anchors_of(inputs)
    headed: set[str] = set()

    def of_scheme(code: str, name: str) -> Heading:
        """The heading over a scheme's lines; where it stands first, what leads to the scheme finds it."""
        anchor = "" if code in headed else names.scheme(code)
        headed.add(code)
        return Heading(name, anchor=anchor)

    return listing_of(inputs, names, grouped(placed_lines(inputs)), way_back(inputs, names, ""), of_scheme=of_scheme)


def _lines_sections(listing: Listing) -> list[Section]:
    title = say("Ledger lines")
    sections = [Section(title, tuple(listing.blocks(Of.FIGURE, title)), new_page=True)]
    if listing.groups(Of.LATER):
        intro = Paragraph(
            say(
                "Budgets and virements of the periods after this one. They enter no figure to date, and count where "
                "contributions of the year are the basis of a share or of a cap."
            )
        )
        title = say("Contributions of later periods")
        sections.append(Section(title, (intro, *listing.blocks(Of.LATER, title)), new_page=True))
    if listing.groups(Of.IN_DEFAULT):
        intro = Paragraph(
            say("Spend outside Permitted Expenditure, or by a partner's own fault: it enters no figure of the pool.")
        )
        title = say("Spend in default")
        sections.append(Section(title, (intro, *listing.blocks(Of.IN_DEFAULT, title)), new_page=True))
    return sections
