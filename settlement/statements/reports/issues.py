"""What the partners have to know or decide beside the figures: a sentence for each thing that the ledger knows of."""

from collections.abc import Iterator

from rules.agreement import Kind
from rules.language import say
from rules.money import pounds
from rules.outcome import Outcome
from settlement.overview import Exposure, exposures_of
from settlement.statements.inputs import StatementInputs
from settlement.statements.late import late_sentence
from settlement.statements.reports.parts import (
    expected_by_scheme,
    forecast_of,
    is_year_end,
    scheme_lists,
    spend_by_scheme,
)


def issues(inputs: StatementInputs) -> tuple[str, ...]:
    """The sentences, the gravest first; none where there is nothing to say."""
    return (
        *_unallocated(inputs),
        *_in_dispute(inputs),
        *_provisional(inputs),
        *_adverse(inputs),
        *_qipp(inputs),
        *_performance(inputs.settlement.outcome),
        *_caps(inputs),
        *_in_default(inputs),
        *_late(inputs),
    )


def _unallocated(inputs: StatementInputs) -> Iterator[str]:
    now = inputs.settlement.outcome.unallocated_pence
    if now:
        yield say(
            "{amount} is not allocated by any clause: the partners have to agree whose it is before the settlement "
            "can be signed.",
            amount=pounds(now),
        )
    forecast = forecast_of(inputs)
    if forecast is not None and (later := forecast.outcome.unallocated_pence):
        yield say("At the forecast outturn {amount} would not be allocated by any clause.", amount=pounds(later))


def _in_dispute(inputs: StatementInputs) -> Iterator[str]:
    for dispute in () if inputs.disputed is None else inputs.disputed.disputes:
        values = {
            "number": dispute.id,
            "partner": inputs.party_name(dispute.partner),
            "period": dispute.period,
            "reason": dispute.reason,
        }
        if dispute.line is not None:
            yield say(
                "Dispute {number}: since {period} {partner} disputes line {line} of the ledger. {reason}",
                line=dispute.line,
                **values,
            )
        else:
            yield say(
                "Dispute {number}: since {period} {partner} disputes what comes of clause {clause}. {reason}",
                clause=dispute.clause,
                **values,
            )


def _provisional(inputs: StatementInputs) -> Iterator[str]:
    governing = inputs.governing
    if governing is not None and governing.is_provisional:
        for code in governing.awaiting:
            yield say(
                "{partner} has still to assent to version {version} of the agreement, which governs these figures.",
                partner=inputs.party_name(code),
                version=governing.version,
            )


def _adverse(inputs: StatementInputs) -> Iterator[str]:
    """The funds that are forecast to spend more than is expected; without a forecast, that have done so."""
    settlement = forecast_of(inputs) or inputs.settlement
    expected, spend = expected_by_scheme(settlement), spend_by_scheme(settlement)
    for each in scheme_lists(inputs):
        over = sum(spend[scheme.code] - expected[scheme.code] for scheme in each.schemes)
        if over <= 0:
            continue
        if settlement.is_outturn:
            yield say(
                "{fund} is forecast to be {amount} adverse at the year's end.", fund=each.title, amount=pounds(over)
            )
        elif is_year_end(inputs):
            yield say("{fund} ended the year {amount} adverse.", fund=each.title, amount=pounds(over))
        else:
            yield say("{fund} is {amount} adverse to date.", fund=each.title, amount=pounds(over))


def _qipp(inputs: StatementInputs) -> Iterator[str]:
    settlement = forecast_of(inputs) or inputs.settlement
    figures = settlement.outcome.figures
    target, delivered = sum(map(sum, figures.tables[Kind.QIPP_TARGET])), sum(map(sum, figures.delivered))
    if delivered >= target:
        return
    values = {"short": pounds(target - delivered), "target": pounds(target)}
    if settlement.is_outturn:
        yield say("QIPP is forecast to fall {short} short of the year's target of {target}.", **values)
    elif is_year_end(inputs):
        yield say("QIPP ended the year {short} short of its target of {target}.", **values)
    else:
        yield say("QIPP is {short} short of its target to date of {target}.", **values)


def _performance(outcome: Outcome) -> Iterator[str]:
    for each in outcome.performance:
        if each.required is None and each.held_pence:
            yield say(
                "Nothing is measured yet for {element}: {amount} of performance pay is held.",
                element=each.element.title,
                amount=pounds(each.held_pence),
            )
        elif each.withheld_pence:
            yield say(
                "{amount} of performance pay for {element} is not released.",
                element=each.element.title,
                amount=pounds(each.withheld_pence),
            )


def _caps(inputs: StatementInputs) -> Iterator[str]:
    """The caps that hold, and those that would at the forecast outturn; a cap may hold to date only."""
    forecast = forecast_of(inputs)
    now, later = (
        {(each.partner.code, each.cap): each for each in (() if reading is None else exposures_of(reading))}
        for reading in (inputs.settlement, forecast)
    )
    for key, exposure in now.items():
        then = later.get(key)
        values = {
            "partner": exposure.partner.name,
            "amount": pounds(exposure.beyond_pence),
            "later": pounds(0 if then is None else then.beyond_pence),
        }
        if exposure.beyond_pence:
            yield _holds(inputs, then, values)
        elif then is not None and then.beyond_pence:
            yield say(
                "At the forecast outturn a cap on the share of {partner} would hold: {later} would go beyond it.",
                **values,
            )


def _holds(inputs: StatementInputs, then: Exposure | None, values: dict[str, str]) -> str:
    """A cap that holds in the settlement itself, and what becomes of it by the forecast."""
    if inputs.settlement.is_outturn:
        return say("On the forecast a cap on the share of {partner} holds: {amount} goes beyond it.", **values)
    if is_year_end(inputs):
        return say("A cap on the share of {partner} holds: {amount} goes beyond it.", **values)
    if then is None:
        return say("A cap on the share of {partner} holds to date: {amount} goes beyond it.", **values)
    if then.beyond_pence:
        return say(
            "A cap on the share of {partner} holds: {amount} goes beyond it to date, {later} on the forecast.", **values
        )
    return say(
        "A cap on the share of {partner} holds to date, {amount} going beyond it, and no longer on the forecast.",
        **values,
    )


def _in_default(inputs: StatementInputs) -> Iterator[str]:
    table = inputs.settlement.outcome.figures.in_default
    for column, partner in enumerate(inputs.agreement.partners):
        pence = sum(row[column] for row in table)
        if pence:
            yield say(
                "{amount} spent by {partner} is outside Permitted Expenditure and in no other figure of this report.",
                amount=pounds(pence),
                partner=partner.name,
            )


def _late(inputs: StatementInputs) -> Iterator[str]:
    sentence = late_sentence(inputs)
    if sentence and inputs.previous is not None:
        yield say("Since {period}: {late}", period=inputs.previous_name, late=sentence)
    elif sentence:
        yield sentence
