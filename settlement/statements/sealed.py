"""How a statement says how far it has come: its status, its seal, who signed, and which agreement governs it."""

from datetime import UTC, datetime

from rules.english import day, listed
from rules.language import spoken
from settlement.statements.document import (
    Block,
    Bullets,
    Column,
    Document,
    Note,
    Paragraph,
    Row,
    Section,
    SignatureBlock,
    Table,
    Tone,
)
from settlement.statements.inputs import Governing, Seal, Signatory, StatementInputs, Status

_SHORT = 16  # of a digest's 64 figures: enough to tell any two apart where the whole one stands elsewhere
_HOW_SIGNED = "Electronic, kept in the ledger"


def framed(inputs: StatementInputs, title: str, subtitle: str, subject: str, sections: tuple[Section, ...]) -> Document:
    """The sections as a document, with what stands on every page of it."""
    return Document(
        title=title,
        subtitle=subtitle,
        running=inputs.running(subject),
        status=inputs.status_line,
        sections=sections,
        author=inputs.prepared_by,
        foot=foot(inputs),
        status_tone=Tone.INFORMATION if inputs.is_signed else Tone.WARNING,
        watermark="DRAFT" if inputs.is_draft else "",
        language=spoken(),
        look=inputs.theme.look,
    )


# The seal


def short(seal: Seal) -> str:
    """The beginning of a digest, for where the whole one has no room."""
    return f"{seal.digest[:_SHORT]}…"


def foot(inputs: StatementInputs) -> str:
    """The seal at the foot of every page; nothing until every partner has signed."""
    if inputs.seal is None or not inputs.is_signed:
        return ""
    return f"Note {inputs.seal.sequence} · digest {short(inputs.seal)}"


def in_narrative(inputs: StatementInputs) -> str:
    """Status, seal and version for a journal's narrative: what is posted from a draft should say so."""
    if inputs.seal is None:
        said = "draft, not signed"
    elif inputs.is_signed:
        said = f"signed, note {inputs.seal.sequence} ({inputs.seal.digest[:_SHORT]})"
    else:
        said = f"for signature, note {inputs.seal.sequence}"
    governing = inputs.governing
    version = f", agreement version {governing.version}" if governing is not None and governing.is_variation else ""
    return f"{said}{version}"


def standing_facts(inputs: StatementInputs, *, in_full: bool = False) -> list[tuple[str, str]]:
    """Status, seal and governing version as pairs for the facts at the head of a document.

    In full, for a statement's first page, also who must sign or is still awaited, and how to check a seal.
    """
    must_sign = ""
    if in_full and inputs.status is Status.FOR_SIGNATURE:
        names = listed(map(inputs.name_of, inputs.awaited))
        if inputs.signatories_so_far:
            signed = listed(inputs.party_name(each.partner) for each in inputs.signatories_so_far)
            have = "has" if len(inputs.signatories_so_far) == 1 else "have"
            must_sign = f": {signed} {have} signed it; it awaits the signature of {names}"
        else:
            must_sign = f": the period is signed when {names} have signed"
    pairs = [("Status", f"{inputs.status_line}{must_sign}")]
    if inputs.seal is not None and inputs.is_signed:
        pairs.append(("Digest (SHA-256)", inputs.seal.digest))
        if in_full:
            pairs.append(("To check it", _how_to_check(inputs.seal)))
    if inputs.governing is not None:
        pairs.append(("Version in force", version_in_words(inputs.governing)))
    return pairs


def _how_to_check(seal: Seal) -> str:
    note = f"note {seal.sequence}"
    return (
        f"Check that {note} of the ledger has this digest. If it has no {note}, or another digest, it is not the "
        "ledger that was signed."
    )


# Who signs


def signature_blocks(inputs: StatementInputs, partner: str) -> list[Block]:
    """The partner's own block, and beneath it those of the other partners, who sign the same period."""
    heading = f"Signed for {inputs.name_of(partner)}"
    signed = {signatory.partner: signatory for signatory in (*inputs.signatories, *inputs.signatories_so_far)}
    if not signed:
        return [SignatureBlock(heading)]
    own = signed.get(partner)
    values = () if own is None else (own.name, own.role, _HOW_SIGNED, moment(own.at))
    blocks: list[Block] = [SignatureBlock(heading, values=values)]
    others = [each.code for each in inputs.agreement.partners if each.code != partner]
    if others:
        title = f"Signed for the other partner{'s' if len(others) > 1 else ''}"
        rows = tuple(_signed_row(inputs, code, signed.get(code)) for code in others)
        columns = (Column("Partner", width=3), Column("Name", width=2), Column("Role", width=2), Column("Signed on"))
        blocks.append(Table(title, columns, rows))
    return blocks


def _signed_row(inputs: StatementInputs, partner: str, signed: Signatory | None) -> Row:
    if signed is None:
        return Row((inputs.party_name(partner), "", "", "awaited"))
    return Row((inputs.party_name(partner), signed.name, signed.role, moment(signed.at)))


def moment(at: str) -> str:
    """`5 October 2014, 09:30 UTC`, of a time as the ledger keeps it."""
    when = datetime.fromisoformat(at)
    if when.tzinfo is not None:
        when = when.astimezone(UTC)
    return f"{day(when)}, {when:%H:%M} UTC"


# The agreement


def version_in_words(governing: Governing) -> str:
    """`Version 2, in force from M7 (Deed of variation): every partner has assented`."""
    if not governing.is_variation:
        return f"Version {governing.version}, the agreement the ledger began with"
    assent = "provisional" if governing.is_provisional else "assented to by every partner"
    return f"Version {governing.version}, in force from {governing.from_period} ({governing.reason}); {assent}"


def provisional_notes(inputs: StatementInputs) -> list[Note]:
    """The warning that a variation still wants somebody's assent; nothing otherwise."""
    governing = inputs.governing
    if governing is None or not governing.is_provisional:
        return []
    names = listed(map(inputs.party_name, governing.awaiting))
    have = "has" if len(governing.awaiting) == 1 else "have"
    text = (
        f"Version {governing.version} of the agreement, under which this is settled, is provisional: {names} {have} "
        "still to assent to it."
    )
    return [Note(text, Tone.WARNING)]


def governing_blocks(inputs: StatementInputs) -> list[Block]:
    """Which version the clauses are of, where they are shown: of a variation, since when, why and who assented."""
    governing = inputs.governing
    if governing is None:
        return []
    if not governing.is_variation:
        return [
            Paragraph(
                f"The clauses are those of version {governing.version} of the agreement, which the ledger began with."
            )
        ]
    said = (
        f"The clauses are those of version {governing.version} of the agreement, in force from "
        f"{governing.from_period}: {governing.reason.rstrip('.')}. It governs the whole year to date; what was settled "
        "before it stays as it was settled, and the difference is in the movement."
    )
    blocks: list[Block] = [Paragraph(said)]
    told = [f"{inputs.party_name(each.partner)} assented to it: {_who(each)}." for each in governing.assents]
    told += [f"{inputs.party_name(code)} has still to assent to it." for code in governing.awaiting]
    if governing.digest:
        told.append(f"SHA-256 of its text: {governing.digest}")
    if told:
        blocks.append(Bullets(tuple(told)))
    return blocks


def _who(signatory: Signatory) -> str:
    return f"{signatory.name}, {signatory.role}, on {moment(signatory.at)}"
