"""The first page of a settlement statement: what is due, to or from whom, why in a few lines, and who signs."""

from rules.english import day, listed
from rules.money import pounds
from settlement.cash import PartnerRow
from settlement.result import row_figures
from settlement.statements.beside import beside, codes_before
from settlement.statements.document import (
    Block,
    Bullets,
    Column,
    Facts,
    KeyFigures,
    Note,
    Paragraph,
    Row,
    RowKind,
    Section,
    Table,
    Tone,
)
from settlement.statements.in_dispute import dispute_note
from settlement.statements.inputs import StatementInputs
from settlement.statements.late import late_sentence
from settlement.statements.notes import first_notes
from settlement.statements.sealed import provisional_notes, short, signature_blocks, standing_facts
from settlement.statements.wording import amount_in_words, named

# The fourteen lines that make a net due, by the result's keys: what each adds or takes away, and what it is called.
FOOTING = (
    ("contribution_due", 1, "Financial Contribution due"),
    ("overspend", 1, "Share of overspends"),
    ("qipp_shortfall", 1, "Share of QIPP shortfalls"),
    ("underspend", -1, "Less: share of underspends"),
    ("disbenefit", 1, "Share of disbenefits"),
    ("benefit", -1, "Less: share of benefits"),
    ("provision", -1, "Less: provided for its own exposure"),
    ("handed_over", 1, "Benefits it realised itself, handed over"),
    ("spend", -1, "Less: spent on the pooled funds' behalf"),
    ("paid", -1, "Less: paid to Host Partners to date"),
    ("received", 1, "As Host Partner: payments received"),
    ("drawn", 1, "As Host Partner: drawn from reserves and underspends, net"),
    ("between_hosts", 1, "As Host Partner: due to other hosts, net"),
    ("unallocated", 1, "As Host Partner: not allocated by any clause"),
)


def first_page(inputs: StatementInputs, partner: str) -> Section:
    """Everything that the partner's finance director signs for."""
    row = inputs.settlement.row_of(partner)
    blocks: list[Block] = [_facts(inputs), *_notes(inputs, partner), _due(inputs, row)]
    blocks.append(Bullets(_why(row)))
    blocks.append(footing(inputs, partner, "How the amount due is made up", leave_out_nil=True))
    blocks += _opening(inputs, partner)
    blocks += signature_blocks(inputs, partner)
    return Section("Settlement", tuple(blocks))


def _facts(inputs: StatementInputs) -> Facts:
    agreement = inputs.agreement
    pairs = [
        ("Agreement", named(agreement.title, agreement.id) if agreement.title else agreement.id),
        ("Financial year", f"{agreement.year}, {inputs.period_text}, {inputs.reading[0].lower()}{inputs.reading[1:]}"),
        *standing_facts(inputs, in_full=True),
    ]
    pairs.append(("Prepared by", inputs.prepared_by or "(name and role, to be completed)"))
    made = [inputs.version, day(inputs.date_shown) if inputs.date_shown else ""]
    if any(made):
        pairs.append(("Made with", ", ".join(filter(None, made))))
    return Facts(tuple(pairs))


def _notes(inputs: StatementInputs, partner: str) -> list[Note]:
    notes = [*provisional_notes(inputs), *dispute_note(inputs, partner)]
    unallocated = inputs.settlement.outcome.unallocated_pence
    if unallocated:
        notes.append(
            Note(
                f"{pounds(unallocated)} is not allocated by any clause: the risk-share schedule is incomplete for "
                "these figures. It is shown on the Host Partner's row, and this settlement cannot be signed until the "
                "partners agree who bears it.",
                Tone.WARNING,
            )
        )
    return notes + first_notes(inputs)


def _due(inputs: StatementInputs, row: PartnerRow) -> KeyFigures:
    name = inputs.name_of(row.partner)
    lines = [
        f"It pays {pounds(transfer.amount_pence)} to {inputs.name_of(transfer.receiver)}."
        for transfer in inputs.settlement.transfers
        if transfer.payer == row.partner
    ]
    lines += [
        f"It receives {pounds(transfer.amount_pence)} from {inputs.name_of(transfer.payer)}."
        for transfer in inputs.settlement.transfers
        if transfer.receiver == row.partner
    ]
    if not row.net_due_pence:
        label = f"Nothing is due to or from {name}"
    else:
        label = f"Due {'from' if row.net_due_pence > 0 else 'to'} {name}"
    return KeyFigures(label, abs(row.net_due_pence), amount_in_words(row.net_due_pence), tuple(lines))


def _why(row: PartnerRow) -> tuple[str, ...]:
    """The reason in at most three lines, only amounts of this row."""
    due, paid, spent = map(pounds, (row.contribution_due_pence, row.paid_pence, row.spend_pence))
    first = f"Its Financial Contribution is {due}; it has paid {paid} to Host Partners and spent {spent} on the pooled "
    lines = [f"{first}funds' behalf."]
    bears = [
        (row.overspend_pence, "overspends"),
        (row.qipp_shortfall_pence, "QIPP shortfalls"),
        (row.disbenefit_pence, "disbenefits"),
    ]
    gets = [
        (row.underspend_pence, "underspends"),
        (row.benefit_pence, "benefits"),
        (row.provision_pence, "gains provided for its own exposure"),
    ]
    said = [
        f"{verb} {listed(f'{pounds(pence)} of {what}' for pence, what in amounts if pence)}"
        for verb, amounts in (("it bears", bears), ("it has", gets))
        if any(pence for pence, _ in amounts)
    ]
    handed = ""
    if row.handed_over_pence > 0:
        handed = f"; it hands over {pounds(row.handed_over_pence)} that it realised itself"
    elif row.handed_over_pence < 0:
        handed = f"; the {pounds(-row.handed_over_pence)} that it bore itself counts towards it"
    shares = f"Under the agreement {' and '.join(said)}" if said else "No share of any variance falls to it"
    lines.append(f"{shares}{handed}.")
    as_host = [
        (row.received_pence, "received in payments", "repaid of payments"),
        (row.drawn_pence, "net drawn from reserves and underspends", "net paid into reserves or given to overspends"),
        (row.between_hosts_pence, "net due to other hosts", "net due from other hosts"),
        (row.unallocated_pence, "that no clause allocates", "of gains that no clause allocates"),
    ]
    said = [f"{pounds(abs(pence))} {above if pence > 0 else below}" for pence, above, below in as_host if pence]
    if said:
        *others, last = said
        lines.append(f"As Host Partner it answers for {', and '.join(filter(None, (', '.join(others), last)))}.")
    return tuple(lines)


def footing(inputs: StatementInputs, partner: str, title: str, *, leave_out_nil: bool) -> Table:
    """The lines that make the partner's net due, signed so that the column adds up."""
    side = beside(inputs, partner)

    def cells(key: str, sign: int) -> tuple[int, ...]:
        return side.cells(
            lambda settlement, codes: (
                sign * sum(row_figures(row)[key] for row in settlement.rows if row.partner in codes)
            )
        )

    lines = [(label, cells(key, sign)) for key, sign, label in FOOTING]
    rows = [Row((label, *found)) for label, found in lines if any(found) or not leave_out_nil]
    total = Row(("Net due (negative: receives)", *cells("net_due", 1)), RowKind.TOTAL)
    return Table(title, (Column("Line", width=3), *side.columns), (*rows, total))


def _opening(inputs: StatementInputs, partner: str) -> list[Block]:
    if inputs.previous is None:
        text = "Nothing was stated before this in the financial year: the opening position is nil."
    else:
        side = beside(inputs, partner)
        _, before, movement, *_ = side.cells(
            lambda settlement, codes: sum(row.net_due_pence for row in settlement.rows if row.partner in codes)
        )
        text = f"{_before(inputs)}: {_direction(before, _whose(inputs, partner))}. Movement since: {pounds(movement)}."
        paid = "A payment made since then counts once it is posted to the ledger."
        text = " ".join(filter(None, (text, late_sentence(inputs), paid)))
    return [Paragraph(text), *(Paragraph(note) for note in inputs.opening_notes)]


def _before(inputs: StatementInputs) -> str:
    """What the opening position is: settled and signed, with its seal, or as it was stated."""
    seal = inputs.previous_seal
    if seal is None:
        return f"Opening position, as stated at {inputs.previous_name}"
    return f"Previously settled ({inputs.previous_name}, signed, note {seal.sequence}, digest {short(seal)})"


def _whose(inputs: StatementInputs, partner: str) -> str:
    """Who the opening position is of: the partner, or by their names those whose place it has taken since."""
    before = inputs.agreement if inputs.previous is None else inputs.previous.agreement
    codes = codes_before(inputs, partner)
    names = [each.name for each in before.partners if each.code in codes]
    if len(names) > 1:
        return f"{listed(names)} together"
    return names[0] if names else inputs.name_of(partner)


def _direction(net_due_pence: int, whose: str) -> str:
    if not net_due_pence:
        return "nothing due"
    return f"{pounds(abs(net_due_pence))} due {'from' if net_due_pence > 0 else 'to'} {whose}"
