"""The workings: every figure of a settlement down to the ledger lines that make it, each subtotal held against it."""

from collections.abc import Iterable
from datetime import date

from rules.agreement import Kind, Scheme
from rules.figures import Figures
from rules.money import pounds
from settlement.sentences import KIND_NAMES, part_sentences, performance_sentence, subject_sentences
from settlement.statements.beside import predecessors
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
)
from settlement.statements.in_dispute import disputed_lines, shared_dispute_note
from settlement.statements.inputs import LedgerLine, StatementInputs
from settlement.statements.notes import first_notes, notes_section
from settlement.statements.sealed import framed, provisional_notes, standing_facts
from settlement.statements.wording import named, subject_name

_DEFAULT = "default"
_STILL_TO_COME = frozenset({Kind.FORECAST, Kind.QIPP_FORECAST})
_AS_HAPPENED = frozenset({Kind.PAYMENT, Kind.ACTUAL, Kind.ACCRUAL, Kind.QIPP_DELIVERED})
_CONTRIBUTIONS = frozenset({Kind.BUDGET, Kind.VIREMENT})

_COLUMNS = (
    Column("Period", width=2),
    Column("Date", width=3),
    Column("Reference", width=4),
    Column("Description", width=9),
    Column("Line", Align.RIGHT, width=2),
    Column("Amount £", Align.RIGHT),
)

# Lines by scheme, partner in being and kind.
_Sorted = dict[tuple[str, str, Kind], list[LedgerLine]]


def workings(inputs: StatementInputs) -> Document:
    """The trace of every amount in words, then the ledger lines. The lines are read once, and sorted."""
    counted, later, in_default = _sorted_lines(inputs)
    figures = inputs.settlement.outcome.figures
    to_date = _lines_section(inputs, "Ledger lines", counted, figures)
    sections = [_trace(inputs), to_date]
    if later:
        sections.append(_later_section(inputs, later))
    if in_default:
        sections.append(_default_section(inputs, in_default))
    subtitle = "Every figure of the settlement, down to the ledger lines"
    return framed(inputs, "Workings", subtitle, "Workings", (*sections, *notes_section(inputs)))


def _trace(inputs: StatementInputs) -> Section:
    outcome = inputs.settlement.outcome
    blocks: list[Block] = [Facts(tuple(standing_facts(inputs)))]
    blocks += [*provisional_notes(inputs), *shared_dispute_note(inputs), *first_notes(inputs)]
    if outcome.performance:
        blocks += [Heading("Performance pay"), Bullets(tuple(map(performance_sentence, outcome.performance)))]
    if outcome.subjects:
        blocks.append(Paragraph(inputs.codes_line))
    for dealt in outcome.subjects:
        blocks.append(Heading(f"{subject_name(dealt.subject, outcome)}: {pounds(dealt.subject.amount_pence)}"))
        blocks.append(Bullets(tuple(subject_sentences(dealt.subject, outcome))))
        for part in (*dealt.parts, *dealt.tried):
            title = outcome.agreement.clause_of[part.clause].title if part.clause in outcome.agreement.clause_of else ""
            head = f"Clause {part.clause}: {title}" if title else "Excluded from sharing"
            blocks.append(Heading(f"{head}: {pounds(part.amount_pence)}", level=3))
            blocks.append(Bullets(tuple(part_sentences(inputs.settlement, dealt, part))))
        if dealt.unallocated_pence:
            text = f"{pounds(dealt.unallocated_pence)} of it is not allocated by any clause."
            blocks.append(Note(text, Tone.WARNING))
    if not outcome.subjects:
        blocks.append(Paragraph("No fund is over or under its budget, so that there is nothing to share."))
    return Section("How each amount was dealt with", tuple(blocks))


def _sorted_lines(inputs: StatementInputs) -> tuple[_Sorted, _Sorted, _Sorted]:
    """The lines that make the figures, later budgets and virements of the year, and spend in default."""
    replaced = predecessors(inputs)
    being = inputs.agreement.partner_of
    period, outturn = inputs.settlement.period, inputs.settlement.is_outturn
    counted: _Sorted = {}
    later: _Sorted = {}
    in_default: _Sorted = {}
    for line in inputs.lines():
        partner = replaced.get(line.partner, line.partner)
        if partner not in being:  # of a partner not yet in being: in no figure, as `figures_of` has it
            continue
        to_date = line.period <= period
        if line.cause == _DEFAULT:
            into = in_default if to_date else None
        elif outturn:
            into = counted if _counts_in_outturn(line.kind, to_date=to_date) else None
        elif to_date:
            into = None if line.kind in _STILL_TO_COME else counted
        else:
            into = later if line.kind in _CONTRIBUTIONS else None
        if into is not None:
            into.setdefault((line.scheme, partner, line.kind), []).append(line)
    return counted, later, in_default


def _counts_in_outturn(kind: Kind, *, to_date: bool) -> bool:
    if kind in _STILL_TO_COME:
        return not to_date
    return to_date or kind not in _AS_HAPPENED


def _lines_section(inputs: StatementInputs, title: str, lines: _Sorted, figures: Figures) -> Section:
    agreement = inputs.agreement
    column_of = {partner.code: column for column, partner in enumerate(agreement.partners)}
    disputed = disputed_lines(inputs)
    wrong: list[str] = []
    blocks: list[Block] = []
    for index, scheme in enumerate(agreement.schemes):
        rows: list[Row] = []
        for partner in agreement.partners:
            for kind in Kind:
                figure = figures.tables[kind][index][column_of[partner.code]]
                own = lines.get((scheme.code, partner.code, kind), [])
                if not own and not figure:
                    continue
                subtotal = sum(line.amount_pence for line in own)
                if subtotal != figure:
                    wrong.append(
                        f"{KIND_NAMES[kind]} of {partner.name} for {named(scheme.name, scheme.code)}: the lines make "
                        f"{pounds(subtotal)}, the settlement has {pounds(figure)}."
                    )
                rows += _group_rows(kind, partner.name, own, subtotal, disputed)
        if rows:
            blocks += _scheme_blocks(scheme, rows)
    if not blocks:
        blocks.append(Paragraph("The ledger has no lines up to this period."))
    notes: list[Block] = [Note(text, Tone.WARNING) for text in wrong]
    if not wrong:
        notes.append(Paragraph("Every subtotal below agrees with the figure of the settlement."))
    return Section(title, (*notes, *blocks), new_page=True)


def _scheme_blocks(scheme: Scheme, rows: list[Row]) -> list[Block]:
    name = named(scheme.name, scheme.code)
    return [Heading(name), Table(name, _COLUMNS, tuple(rows))]


def _group_rows(
    kind: Kind, partner: str, lines: Iterable[LedgerLine], subtotal_pence: int, disputed: frozenset[object]
) -> list[Row]:
    rows = [Row((f"{KIND_NAMES[kind]}, {partner}",), RowKind.HEADING)]
    rows += [
        Row(
            (
                str(line.period),
                day_in_figures(line.date),
                line.reference,
                _description(line, disputed),
                "" if line.id is None else str(line.id),
                line.amount_pence,
            )
        )
        for line in sorted(lines, key=_order)
    ]
    rows.append(Row(("", "", "", f"{KIND_NAMES[kind]}: subtotal", "", subtotal_pence), RowKind.SUBTOTAL))
    return rows


def _description(line: LedgerLine, disputed: frozenset[object]) -> str:
    """The source ledger's text, after what a reader must know of the line."""
    if line.belongs_to is None and line.id not in disputed:
        return line.description
    marks = []
    if line.belongs_to is not None:
        marks.append(f"Late, belongs to {line.belongs_to}.")
    if line.id in disputed:
        marks.append("In dispute.")
    return " ".join((*marks, line.description)).rstrip()


def _order(line: LedgerLine) -> tuple[int, str, str, str, int, str]:
    """Whatever order the ledger gives its lines in, the print is the same."""
    when = line.date.isoformat() if line.date else ""
    return (line.period, when, line.reference, line.description, line.amount_pence, str(line.id))


def day_in_figures(when: date | None) -> str:
    """`31/03/2015`, whatever the computer's locale; nothing for no date."""
    return f"{when.day:02}/{when.month:02}/{when.year}" if when else ""


def _later_section(inputs: StatementInputs, later: _Sorted) -> Section:
    intro = Paragraph(
        "Budgets and virements of the periods after this one. They enter no figure to date, and count where "
        "contributions of the year are the basis of a share or of a cap."
    )
    return Section("Contributions of later periods", (intro, *_plain_blocks(inputs, later)), new_page=True)


def _default_section(inputs: StatementInputs, in_default: _Sorted) -> Section:
    text = "Spend outside Permitted Expenditure, or by a partner's own fault: it enters no figure of the pool."
    intro = Paragraph(text)
    return Section("Spend in default", (intro, *_plain_blocks(inputs, in_default)), new_page=True)


def _plain_blocks(inputs: StatementInputs, lines: _Sorted) -> list[Block]:
    disputed = disputed_lines(inputs)
    blocks: list[Block] = []
    for scheme in inputs.agreement.schemes:
        rows: list[Row] = []
        for partner in inputs.agreement.partners:
            for kind in Kind:
                own = lines.get((scheme.code, partner.code, kind), [])
                if own:
                    subtotal = sum(line.amount_pence for line in own)
                    rows += _group_rows(kind, partner.name, own, subtotal, disputed)
        if rows:
            blocks += _scheme_blocks(scheme, rows)
    return blocks
