"""What the schedule lays on each partner, to date and as the year is forecast to end, against the caps there are."""

from collections.abc import Iterator

from rules.agreement import Cap
from rules.language import say
from rules.wording import cap_sentence
from settlement.overview import Exposure, exposures_of
from settlement.overview_steps import share_of
from settlement.settle import Settlement
from settlement.statements.document import Block, Cell, Column, Heading, Paragraph, Row, Section, Table, amounts
from settlement.statements.inputs import StatementInputs
from settlement.statements.reports.parts import forecast_of, is_year_end, total_row

_Key = tuple[str, Cap | None]


def risks_section(inputs: StatementInputs) -> Section:
    """Each partner's share of the variances, and how near each cap is to holding."""
    readings = [inputs.settlement]
    if (forecast := forecast_of(inputs)) is not None:
        readings.append(forecast)
    intro = Paragraph(
        say(
            "What the risk-share schedule gives each partner: its shares of overspends, QIPP shortfalls and "
            "disbenefits, less its shares of underspends and benefits. An amount in brackets is in its favour."
        )
    )
    blocks: list[Block] = [intro, _shares(inputs, readings), *_caps(inputs, readings), *_due(inputs, readings)]
    title = say("Share of the variances") if is_year_end(inputs) else say("Exposure under the schedule")
    return Section(title, tuple(blocks))


def _titles(readings: list[Settlement], to_date: str, forecast: str) -> tuple[str, ...]:
    if readings[0].is_outturn:
        return (forecast,)
    return (to_date, forecast) if len(readings) > 1 else (to_date,)


def _shares(inputs: StatementInputs, readings: list[Settlement]) -> Table:
    rows = [
        Row((partner.name, *(share_of(settlement, partner.code) for settlement in readings)))
        for partner in inputs.agreement.partners
    ]
    titles = _titles(readings, say("To date £"), say("Forecast £"))
    title = say("Share of the variances by partner")
    columns = (Column(say("Partner"), width=3), *amounts(*titles))
    return Table(title, columns, (*rows, total_row(say("All partners"), rows)))


def _caps(inputs: StatementInputs, readings: list[Settlement]) -> list[Block]:
    """A row for each cap, and for each partner's shares with no cap on them: what they are, and what is left."""
    found = [{_key(each): each for each in exposures_of(settlement)} for settlement in readings]
    keys = list(dict.fromkeys(key for exposures in found for key in exposures))
    heading = Heading(say("Caps"))
    if all(cap is None for _, cap in keys):
        return [heading, Paragraph(say("No cap limits the share of any partner."))]
    rows = []
    for key in keys:
        shares = [0 if (own := exposures.get(key)) is None else own.borne_pence for exposures in found]
        limit = _limit(found[0].get(key))
        left = [limit - share if isinstance(limit, int) else "" for share in shares]
        later = (shares[1], left[1]) if len(readings) > 1 else ()
        rows.append(Row((_what(inputs, key), shares[0], limit, left[0], *later)))
    columns = (Column(say("Partner and what limits it"), width=3), *_cap_columns(readings))
    return [heading, Table(say("Shares under the caps"), columns, tuple(rows))]


def _cap_columns(readings: list[Settlement]) -> Iterator[Column]:
    """Of each reading the share and what is left under the limit, which is of the whole year and the same in both."""
    if len(readings) > 1:
        titles = (say("To date £"), say("Limit £"), say("Left to date £"), say("On forecast £"))
        share, limit, left, later = amounts(*titles)
        (left_later,) = amounts(say("Left on forecast £"))
        yield from (share, limit, Column(left.title, left.align, adds=(2,), takes=(1,)))
        yield from (later, Column(left_later.title, left_later.align, adds=(2,), takes=(4,)))
        return
    first = say("On forecast £") if readings[0].is_outturn else say("To date £")
    share, limit, left = amounts(first, say("Limit £"), say("Left £"))
    yield from (share, limit, Column(left.title, left.align, adds=(2,), takes=(1,)))


def _due(inputs: StatementInputs, readings: list[Settlement]) -> list[Block]:
    """Who would pay whom if each of the readings were settled now."""
    found: dict[tuple[str, str], list[int]] = {}
    for place, settlement in enumerate(readings):
        for transfer in settlement.transfers:
            found.setdefault((transfer.payer, transfer.receiver), [0] * len(readings))[place] += transfer.amount_pence
    heading = Heading(say("Due between the partners"))
    if not found:
        return [heading, Paragraph(say("On these figures nothing is due between the partners."))]
    rows = [
        Row((inputs.name_of(payer), inputs.name_of(receiver), *cells)) for (payer, receiver), cells in found.items()
    ]
    titles = _titles(readings, say("To date £"), say("Forecast £"))
    columns = (Column(say("From"), width=2), Column(say("To"), width=2), *amounts(*titles))
    blocks: list[Block] = [heading]
    if readings[-1].is_outturn:
        text = say("The forecast is of the year's contributions and spend, and counts payments only as made to date.")
        blocks.append(Paragraph(text))
    return [*blocks, Table(say("Who pays whom on these figures"), columns, tuple(rows))]


def _key(exposure: Exposure) -> _Key:
    return exposure.partner.code, exposure.cap


def _what(inputs: StatementInputs, key: _Key) -> str:
    partner, cap = key
    name = inputs.name_of(partner)
    if cap is None:
        return say("{partner}: shares that no cap limits", partner=name)
    return say("{partner}: {cap}", partner=name, cap=cap_sentence(cap, inputs.agreement))


def _limit(exposure: Exposure | None) -> Cell:
    """The limit; nothing where there is none."""
    return "" if exposure is None or exposure.cap_pence is None else exposure.cap_pence
