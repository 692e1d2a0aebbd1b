"""Why an amount is due, in three lines at most: what it has paid and spent, what it bears, what it holds as a host."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from rules.agreement import On, Use
from rules.english import listed
from rules.language import message, say
from rules.money import pounds
from settlement.cash import PartnerRow, handed_over
from settlement.settle import Settlement
from settlement.statements.beside import beside
from settlement.statements.inputs import StatementInputs
from settlement.statements.wording import named

_MOST_PAYERS = 2  # of whom a creditor's page says what they bear


def reasons(inputs: StatementInputs, partner: str) -> tuple[str, ...]:
    """The reason in at most three lines."""
    row = inputs.settlement.row_of(partner)
    second = (_shares(row), *_handed_over(inputs.settlement, partner), *_payers(inputs, row))
    return tuple(filter(None, (_contribution(inputs, row), " ".join(filter(None, second)), _as_host(inputs, row))))


def _contribution(inputs: StatementInputs, row: PartnerRow) -> str:
    values = {
        "due": pounds(row.contribution_due_pence),
        "paid": pounds(row.paid_pence),
        "spent": pounds(row.spend_pence),
    }
    place = [each.code for each in inputs.agreement.partners].index(row.partner)
    withheld = sum(cells[place] for cells in inputs.settlement.outcome.figures.withheld or ())
    if not withheld:
        return say(
            "Its Financial Contribution is {due}; it has paid {paid} and spent {spent} for the pooled funds.", **values
        )
    return say(
        "Its Financial Contribution is {due}, after {withheld} of performance pay not released; it has paid {paid} and "
        "spent {spent} for the pooled funds.",
        withheld=pounds(withheld),
        **values,
    )


# Shares


def _shares(row: PartnerRow) -> str:
    bears, receives = _bears(row), _receives(row)
    if bears and receives:
        return say(
            "Under the agreement it bears {losses} and it receives {gains}.",
            losses=listed(bears),
            gains=listed(receives),
        )
    if bears:
        return say("Under the agreement it bears {losses}.", losses=listed(bears))
    if receives:
        return say("Under the agreement it receives {gains}.", gains=listed(receives))
    return say("No share of any variance falls to it.")


def _bears(row: PartnerRow) -> list[str]:
    return _told(
        (row.overspend_pence, say("{amount} of overspends", amount=pounds(row.overspend_pence))),
        (row.qipp_shortfall_pence, say("{amount} of QIPP shortfalls", amount=pounds(row.qipp_shortfall_pence))),
        (row.disbenefit_pence, say("{amount} of disbenefits", amount=pounds(row.disbenefit_pence))),
    )


def _receives(row: PartnerRow) -> list[str]:
    return _told(
        (row.underspend_pence, say("{amount} of underspends", amount=pounds(row.underspend_pence))),
        (row.benefit_pence, say("{amount} of benefits", amount=pounds(row.benefit_pence))),
        (
            row.provision_pence,
            say("{amount} of gains set aside against its own exposure", amount=pounds(row.provision_pence)),
        ),
    )


def _payers(inputs: StatementInputs, row: PartnerRow) -> Iterator[str]:
    """Where nothing falls to a creditor itself: what those bear who pay it."""
    if _bears(row) or _receives(row):
        return
    payers = [each.payer for each in inputs.settlement.transfers if each.receiver == row.partner]
    for payer in payers[:_MOST_PAYERS]:
        bears = _bears(inputs.settlement.row_of(payer))
        if bears:
            yield say("{payer} bears {losses}.", payer=inputs.name_of(payer), losses=listed(bears))


def _told(*amounts: tuple[int, str]) -> list[str]:
    """What there is some of."""
    return [text for pence, text in amounts if pence]


# What it realised or bore itself


class _Own(Enum):
    """What a partner had of an amount before it was shared: realised a benefit, or bore a loss already."""

    BENEFIT = 1
    QIPP_SHORTFALL = 2
    DISBENEFIT = 3


_LABELS: dict[frozenset[_Own], str] = {
    frozenset({_Own.BENEFIT}): message("Benefits it realised itself, handed over"),
    frozenset({_Own.QIPP_SHORTFALL}): message("Less: QIPP shortfalls it bore itself"),
    frozenset({_Own.DISBENEFIT}): message("Less: disbenefits it bore itself"),
    frozenset({_Own.BENEFIT, _Own.QIPP_SHORTFALL}): message(
        "Benefits handed over, less QIPP shortfalls it bore itself"
    ),
    frozenset({_Own.BENEFIT, _Own.DISBENEFIT}): message("Benefits handed over, less disbenefits it bore itself"),
    frozenset({_Own.QIPP_SHORTFALL, _Own.DISBENEFIT}): message("Less: QIPP shortfalls and disbenefits it bore itself"),
}
_ANY = message("Benefits handed over, less QIPP shortfalls and disbenefits it bore itself")
HANDED_OVER = message("Benefits handed over, less what it bore itself")
"""What that line is called where there is nothing of it."""


def handed_over_label(inputs: StatementInputs, partner: str, fund: str = "") -> str:
    """What the line of what a partner handed over is, by what makes it in any of its columns: of a fund, or of all."""
    side = beside(inputs, partner)
    found = frozenset(
        own
        for settlement, codes in zip(side.settlements, side.codes, strict=True)
        for code in sorted(codes)
        for own in _own(settlement, code, fund)
    )
    return say(_LABELS.get(found, _ANY)) if found else say(HANDED_OVER)


def _handed_over(settlement: Settlement, partner: str) -> Iterator[str]:
    for own, pence in _own(settlement, partner).items():
        amount = pounds(abs(pence))
        match own:
            case _Own.BENEFIT:
                yield say("It hands over {amount} of benefits that it realised itself.", amount=amount)
            case _Own.QIPP_SHORTFALL:
                yield say("The {amount} of QIPP shortfalls that it bore itself already is taken off.", amount=amount)
            case _Own.DISBENEFIT:
                yield say("The {amount} of disbenefits that it bore itself already is taken off.", amount=amount)


def _own(settlement: Settlement, partner: str, fund: str = "") -> dict[_Own, int]:
    """What the partner handed over, by what it is, in pence: of a fund, or of all."""
    outcome = settlement.outcome
    place = {each.code: number for number, each in enumerate(settlement.agreement.partners)}.get(partner)
    found: dict[_Own, int] = {}
    for dealt in outcome.subjects if place is not None else ():
        pence = handed_over(dealt, place or 0, outcome)
        if not pence or (fund and dealt.subject.group.fund != fund):
            continue
        if dealt.subject.on is On.QIPP_SHORTFALL:
            own = _Own.QIPP_SHORTFALL
        else:
            own = _Own.BENEFIT if pence > 0 else _Own.DISBENEFIT
        found[own] = found.get(own, 0) + pence
    return {own: found[own] for own in _Own if own in found}


# As a host


@dataclass(frozen=True, slots=True)
class Held:
    """What a reserve of funds that a partner hosts was paid, or what was drawn from it, in pence."""

    name: str
    paid_in_pence: int
    drawn_pence: int


def reserves_held(inputs: StatementInputs, partner: str) -> tuple[Held, ...]:
    """The reserves that money was paid into or drawn from, of the funds that the partner hosts."""
    outcome = inputs.settlement.outcome
    found = []
    for balance in outcome.reserves:
        reserve = balance.reserve
        if inputs.agreement.fund_of[reserve.fund].host != partner:
            continue
        paid_in, drawn = (_moved(inputs, f"{Use.RESERVE}:{reserve.code}", is_gain=gain) for gain in (True, False))
        if paid_in or drawn:
            found.append(Held(named(reserve.name, reserve.code), paid_in, drawn))
    return tuple(found)


def _moved(inputs: StatementInputs, to: str, *, is_gain: bool) -> int:
    return sum(
        part.amount_pence
        for dealt in inputs.settlement.outcome.subjects
        for part in dealt.parts
        if part.to == to and dealt.subject.on.is_gain is is_gain
    )


def _as_host(inputs: StatementInputs, row: PartnerRow) -> str:
    held = reserves_held(inputs, row.partner)
    others = row.drawn_pence - sum(each.drawn_pence - each.paid_in_pence for each in held)
    told = list(_reserves(held))
    told += _either(
        others,
        message("{amount} of overspends met from underspends"),
        message("{amount} of underspends given to overspends"),
    )
    said = [
        *_either(row.received_pence, message("{amount} received in payments"), message("{amount} repaid of payments")),
        *told,
        *_either(
            row.between_hosts_pence,
            message("{amount} net due to other hosts"),
            message("{amount} net due from other hosts"),
        ),
        *_either(
            row.unallocated_pence,
            message("{amount} that no clause allocates"),
            message("{amount} of gains that no clause allocates"),
        ),
    ]
    return say("As Host Partner it answers for {amounts}.", amounts=listed(said)) if said else ""


def _either(pence: int, above: str, below: str) -> list[str]:
    return [say(above if pence > 0 else below, amount=pounds(abs(pence)))] if pence else []


def _reserves(held: Iterable[Held]) -> Iterator[str]:
    for each in held:
        if each.drawn_pence:
            yield say("{amount} drawn from the reserve “{reserve}”", amount=pounds(each.drawn_pence), reserve=each.name)
        if each.paid_in_pence:
            yield say(
                "{amount} paid into the reserve “{reserve}”", amount=pounds(each.paid_in_pence), reserve=each.name
            )


def held_for_the_pool(inputs: StatementInputs, row: PartnerRow) -> list[str]:
    """Of what is due to a host, what is not its own: it holds it for the pooled fund, in a reserve."""
    if row.net_due_pence >= 0:
        return []
    told = []
    for each in reserves_held(inputs, row.partner):
        kept = each.paid_in_pence - each.drawn_pence
        if kept <= 0:
            continue
        values = {"amount": pounds(kept), "reserve": each.name}
        if kept <= -row.net_due_pence:
            text = say(
                "Of this, {amount} is held for the pooled fund in the reserve “{reserve}”; it is not its own.", **values
            )
        else:
            text = say(
                "It holds {amount} for the pooled fund in the reserve “{reserve}”; that is not its own.", **values
            )
        told.append(text)
    return told
