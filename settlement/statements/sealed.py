"""How a statement says how far it has come: its status, its seal, who signed, and which agreement governs it."""

from datetime import UTC, datetime

from rules.english import day, listed
from rules.language import message, say, say_many, spoken
from settlement.statements.document import (
    Block,
    Bullets,
    Document,
    Facts,
    Note,
    Paragraph,
    Section,
    SignatureBlock,
    Tone,
)
from settlement.statements.inputs import Governing, Seal, Signatory, StatementInputs, Status
from settlement.statements.theme import OwnSignatory

_SHORT = 16  # of a digest's 64 figures: enough to tell any two apart where the whole one stands elsewhere
_LINES = (message("Name"), message("Role"), message("Signature"), message("Date"))


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
        watermark=say("DRAFT") if inputs.is_draft else "",
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
    return say("Note {sequence} · digest {digest}", sequence=inputs.seal.sequence, digest=short(inputs.seal))


def in_narrative(inputs: StatementInputs) -> str:
    """Status, seal and version for a journal's narrative: what is posted from a draft should say so."""
    if inputs.seal is None:
        said = say("draft, not signed")
    elif inputs.is_signed:
        digest = inputs.seal.digest[:_SHORT]
        said = say("signed, note {sequence} ({digest})", sequence=inputs.seal.sequence, digest=digest)
    else:
        said = say("for signature, note {sequence}", sequence=inputs.seal.sequence)
    governing = inputs.governing
    if governing is None or not governing.is_variation:
        return said
    return say("{said}, agreement version {version}", said=said, version=governing.version)


def standing_facts(inputs: StatementInputs, *, on_first_page: bool = False) -> list[tuple[str, str]]:
    """Status, seal and governing version as pairs for the facts at the head of a document.

    On a statement's first page also who must sign or is still awaited; there the digest stands with who signed, and
    the version is named if it varies what the ledger began with: “About this statement” has the rest.
    """
    status = _awaiting(inputs) if on_first_page and inputs.status is Status.FOR_SIGNATURE else inputs.status_line
    pairs = [(say("Status"), status), *(() if on_first_page else digest_facts(inputs))]
    governing = inputs.governing
    if governing is not None and (governing.is_variation or not on_first_page):
        pairs.append((say("Version in force"), version_in_words(governing)))
    return pairs


def digest_facts(inputs: StatementInputs) -> tuple[tuple[str, str], ...]:
    """The whole digest of what every partner has signed; nothing before that."""
    if inputs.seal is None or not inputs.is_signed:
        return ()
    return ((say("Digest (SHA-256)"), inputs.seal.digest),)


def _awaiting(inputs: StatementInputs) -> str:
    """The status of what is put up for signature, with who has signed it and who is awaited."""
    names = listed(map(inputs.name_of, inputs.awaited))
    if not inputs.signatories_so_far:
        return say("{status}: the period is signed when {names} have signed", status=inputs.status_line, names=names)
    signed = listed(inputs.party_name(each.partner) for each in inputs.signatories_so_far)
    return say_many(
        "{status}: {signed} has signed it; it awaits the signature of {names}",
        "{status}: {signed} have signed it; it awaits the signature of {names}",
        len(inputs.signatories_so_far),
        status=inputs.status_line,
        signed=signed,
        names=names,
    )


def how_to_check(seal: Seal) -> str:
    """What a reader of a signed statement compares with the ledger."""
    return say(
        "Check that note {sequence} of the ledger has this digest. If it has no note {sequence}, or another digest, "
        "it is not the ledger that was signed.",
        sequence=seal.sequence,
    )


# Who signs


def signature_blocks(inputs: StatementInputs, partner: str) -> list[Block]:
    """The partner's own blocks; beneath them who signed the same for the other partners, and the digest of it all."""
    heading = say("Signed for {name}", name=inputs.name_of(partner))
    lines = tuple(map(say, _LINES))
    signed = {signatory.partner: signatory for signatory in (*inputs.signatories, *inputs.signatories_so_far)}
    own = signed.get(partner)
    blocks: list[Block] = []
    if own is not None:
        values = (own.name, own.role, say("Electronic, kept in the ledger"), moment(own.at))
        blocks.append(SignatureBlock(heading, lines, values))
    by_hand = [each for each in inputs.theme.of(partner).signatories if own is None or not _is(each, own)]
    if by_hand:
        # beneath one heading: several have to fit on the page with what they sign
        blanks = tuple(value for each in by_hand for value in (each.name, each.role, "", ""))
        blocks.append(SignatureBlock(heading, lines * len(by_hand), blanks))
    if not blocks:
        blocks.append(SignatureBlock(heading, lines))
    if signed:
        others = [each.code for each in inputs.agreement.partners if each.code != partner]
        blocks.append(Facts((*(_other(inputs, code, signed.get(code)) for code in others), *digest_facts(inputs))))
    return blocks


def _is(signatory: OwnSignatory, signed: Signatory) -> bool:
    """Whether a signatory of the theme is the one who has signed: by name, or by role where no name is given."""
    if signatory.name:
        return signatory.name.casefold() == signed.name.casefold()
    return signatory.role.casefold() in {"", signed.role.casefold()}


def _other(inputs: StatementInputs, partner: str, signed: Signatory | None) -> tuple[str, str]:
    """A line for another partner: who signed for it, or that it is awaited."""
    name = inputs.party_name(partner)
    if signed is None:
        return say("Signature awaited of"), name
    values = {"partner": name, "name": signed.name, "role": signed.role, "moment": moment(signed.at)}
    return say("Also signed"), say("{partner}: {name}, {role}, {moment}", **values)


def moment(at: str) -> str:
    """`5 October 2014, 09:30 UTC`, of a time as the ledger keeps it."""
    when = datetime.fromisoformat(at)
    if when.tzinfo is not None:
        when = when.astimezone(UTC)
    return say("{day}, {time} UTC", day=day(when), time=f"{when:%H:%M}")


# The agreement


def version_in_words(governing: Governing) -> str:
    """`Version 2, in force from M7 (Deed of variation): every partner has assented`."""
    values = {"version": governing.version, "period": governing.from_period, "reason": governing.reason}
    if not governing.is_variation:
        return say("Version {version}, the agreement the ledger began with", version=governing.version)
    if governing.is_provisional:
        return say("Version {version}, in force from {period} ({reason}); provisional", **values)
    return say("Version {version}, in force from {period} ({reason}); assented to by every partner", **values)


def provisional_notes(inputs: StatementInputs) -> list[Note]:
    """The warning that a variation still wants somebody's assent; nothing otherwise."""
    governing = inputs.governing
    if governing is None or not governing.is_provisional:
        return []
    text = say_many(
        "Version {version} of the agreement, under which this is settled, is provisional: {names} has still to assent "
        "to it.",
        "Version {version} of the agreement, under which this is settled, is provisional: {names} have still to assent "
        "to it.",
        len(governing.awaiting),
        version=governing.version,
        names=listed(map(inputs.party_name, governing.awaiting)),
    )
    return [Note(text, Tone.WARNING)]


def governing_blocks(inputs: StatementInputs) -> list[Block]:
    """Which version the clauses are of, where they are shown: of a variation, since when, why and who assented."""
    governing = inputs.governing
    if governing is None:
        return []
    if not governing.is_variation:
        text = say(
            "The clauses are those of version {version} of the agreement, which the ledger began with.",
            version=governing.version,
        )
        return [Paragraph(text)]
    said = say(
        "The clauses are those of version {version} of the agreement, in force from {period}: {reason}. It governs the "
        "whole year to date; what was settled before it stays as it was settled, and the difference is in the "
        "movement.",
        version=governing.version,
        period=governing.from_period,
        reason=governing.reason.rstrip("."),
    )
    blocks: list[Block] = [Paragraph(said)]
    told = [
        say(
            "{partner} assented to it: {name}, {role}, on {moment}.",
            partner=inputs.party_name(each.partner),
            name=each.name,
            role=each.role,
            moment=moment(each.at),
        )
        for each in governing.assents
    ]
    told += [
        say("{partner} has still to assent to it.", partner=inputs.party_name(code)) for code in governing.awaiting
    ]
    if governing.digest:
        told.append(say("SHA-256 of its text: {digest}", digest=governing.digest))
    if told:
        blocks.append(Bullets(tuple(told)))
    return blocks
