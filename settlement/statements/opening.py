"""What was stated before, on the first page: the opening position, what has moved since, who has succeeded whom."""

from rules.english import day, listed
from rules.language import message, say
from rules.money import pounds
from settlement.statements.beside import beside, codes_before, predecessors
from settlement.statements.document import Block, Paragraph
from settlement.statements.inputs import StatementInputs
from settlement.statements.late import late_sentence
from settlement.statements.sealed import short

_LESS_FROM = message("Movement since: {amount} less is due from it.")
_MORE_TO = message("Movement since: {amount} more is due to it.")


def opening(inputs: StatementInputs, partner: str) -> list[Block]:
    """The opening position, the movement since with a word for its sign, and what the preparer says of it."""
    if inputs.previous is None:
        text = say("Nothing was stated before this in the financial year: the opening position is nil.")
    else:
        now, before = _net_dues(inputs, partner)
        text = " ".join(filter(None, (_before(inputs, partner, before), _moved(now, before), late_sentence(inputs))))
    told = " ".join(filter(None, (text, payments_to_date(inputs), *_successions(inputs))))
    return [Paragraph(told), *(Paragraph(note) for note in inputs.opening_notes)]


def payments_to_date(inputs: StatementInputs) -> str:
    """What a forecast of what is due is not, where one is shown: a forecast of the cash that is still to pass."""
    has_forecast = inputs.outturn is not None or inputs.settlement.is_outturn
    return say("The forecast counts payments only as made to date.") if has_forecast else ""


def signed_before(inputs: StatementInputs, partner: str) -> list[str]:
    """Beside what is due, how much of it every partner has signed already, and how much is new since then."""
    if inputs.previous is None or inputs.previous_seal is None:
        return []
    now, before = _net_dues(inputs, partner)
    if not before or not now or (now > 0) is not (before > 0):
        return []
    values = {
        "period": inputs.previous_name,
        "sequence": inputs.previous_seal.sequence,
        "before": pounds(abs(before)),
        "difference": pounds(abs(abs(now) - abs(before))),
    }
    if abs(now) >= abs(before):
        return [
            say(
                "Of it {before} was stated and signed at {period} (note {sequence}); new since then: {difference}.",
                **values,
            )
        ]
    return [
        say(
            "{before} was stated and signed at {period} (note {sequence}); since then it is {difference} less.",
            **values,
        )
    ]


def _net_dues(inputs: StatementInputs, partner: str) -> tuple[int, int]:
    """What is due now and what was when last stated, in pence."""
    now, before, *_ = beside(inputs, partner).cells(
        lambda settlement, codes: sum(row.net_due_pence for row in settlement.rows if row.partner in codes)
    )
    return now, before


def _moved(now: int, before: int) -> str:
    """The movement, whose sign alone says little of amounts that are due to somebody."""
    moved = now - before
    if min(now, before) >= 0:
        more, less = message("Movement since: {amount} more is due from it."), _LESS_FROM
    elif max(now, before) <= 0:
        more, less = message("Movement since: {amount} less is due to it."), _MORE_TO
    else:
        more, less = message("Movement since: {amount} against it."), message("Movement since: {amount} in its favour.")
    if not moved:
        return say("Nothing has moved since.")
    return say(more if moved > 0 else less, amount=pounds(abs(moved)))


def _before(inputs: StatementInputs, partner: str, net_due_pence: int) -> str:
    """The opening position: stated and signed, with its seal, or as it was stated."""
    seal, period = inputs.previous_seal, inputs.previous_name
    position = _direction(net_due_pence, _whose(inputs, partner))
    if seal is None:
        return say("Opening position, as held at {period}, not signed: {position}.", period=period, position=position)
    return say(
        "Previously stated and signed ({period}, note {sequence}, digest {digest}): {position}.",
        period=period,
        sequence=seal.sequence,
        digest=short(seal),
        position=position,
    )


def _whose(inputs: StatementInputs, partner: str) -> str:
    """Who the opening position is of: the partner, or by their names those whose place it has taken since."""
    before = inputs.agreement if inputs.previous is None else inputs.previous.agreement
    codes = codes_before(inputs, partner)
    names = [each.name for each in before.partners if each.code in codes]
    if len(names) > 1:
        return say("{names} together", names=listed(names))
    return names[0] if names else inputs.name_of(partner)


def _direction(net_due_pence: int, whose: str) -> str:
    if not net_due_pence:
        return say("nothing due")
    amount = pounds(abs(net_due_pence))
    if net_due_pence > 0:
        return say("{amount} due from {name}", amount=amount, name=whose)
    return say("{amount} due to {name}", amount=amount, name=whose)


def _successions(inputs: StatementInputs) -> list[str]:
    """For each partner that has taken others' place this year: whose, and since when."""
    replaced = predecessors(inputs)
    on_file = (inputs.on_file or inputs.agreement).partner_of
    told = []
    for partner in inputs.agreement.partners:
        codes = [code for code, now in replaced.items() if now == partner.code]
        since = on_file[partner.code].since if partner.code in on_file else None
        if codes and since is not None:
            names = listed(map(inputs.party_name, codes))
            told.append(
                say("{name} took the place of {names} on {day}.", name=partner.name, names=names, day=day(since))
            )
    return told
