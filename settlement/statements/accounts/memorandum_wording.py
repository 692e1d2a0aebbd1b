"""The words of a memorandum account: the note to a partner's accounts."""

from collections.abc import Iterator

from rules.agreement import Fund
from rules.english import listed
from rules.language import say
from rules.money import pounds
from settlement.cash import FundAccount
from settlement.statements.accounts.disposal import Disposal, OfReserve
from settlement.statements.document import Block, Heading, Paragraph
from settlement.statements.inputs import StatementInputs
from settlement.statements.reports.parts import is_year_end
from settlement.statements.wording import NIL, percent


def note_to_the_accounts(
    inputs: StatementInputs, fund: Fund, partner: str, accounts: list[FundAccount], disposal: Disposal
) -> list[Block]:
    """Paragraphs to paste into the note on pooled budgets of a partner's accounts, in a host's words or another's."""
    funding = sum(account.contribution_due_pence for account in accounts)
    spend = sum(account.spend_pence for account in accounts)
    own = next(account.contribution_due_pence for account in accounts if account.partner == partner)
    return [
        Heading(say("Wording for the note to the accounts")),
        Paragraph(_arrangement(inputs, fund, partner)),
        Paragraph(_provided(inputs, partner, funding, own, spend)),
        Paragraph(became(disposal, partner, inputs.name_of(partner))),
    ]


def _arrangement(inputs: StatementInputs, fund: Fund, partner: str) -> str:
    name, agreement = inputs.name_of(partner), inputs.agreement.title or inputs.agreement.id
    others = listed(each.name for each in inputs.agreement.partners if each.code != partner)
    if not others:
        return say(
            "{partner} keeps the pooled fund “{fund}” under {agreement}.",
            partner=name,
            fund=fund.name,
            agreement=agreement,
        )
    if fund.host == partner:
        return say(
            "{partner} is the Host Partner of the pooled fund “{fund}”, which it shares with {others} under the "
            "partnership agreement “{agreement}”. It keeps the accounts of the fund.",
            partner=name,
            fund=fund.name,
            others=others,
            agreement=agreement,
        )
    return say(
        "{partner} shares the pooled fund “{fund}” with {others} under the partnership agreement “{agreement}”. "
        "{host} is the Host Partner and keeps the accounts of the fund.",
        partner=name,
        fund=fund.name,
        others=others,
        agreement=agreement,
        host=inputs.name_of(fund.host),
    )


def _provided(inputs: StatementInputs, partner: str, funding: int, own: int, spend: int) -> str:
    figures = {
        "year": inputs.agreement.year,
        "funding": pounds(funding),
        "partner": inputs.name_of(partner),
        "own": pounds(own),
        "percent": percent(own, funding),
        "spend": pounds(spend),
    }
    if inputs.settlement.is_outturn:
        return say(
            "For {year} funding of {funding} is forecast to be provided to the fund, of which {partner} provides {own} "
            "({percent}), and expenditure of {spend} is forecast to be met from it.",
            **figures,
        )
    if is_year_end(inputs):
        return say(
            "In {year} funding of {funding} was provided to the fund, of which {partner} provided {own} ({percent}). "
            "Expenditure of {spend} was met from it.",
            **figures,
        )
    return say(
        "In {year} up to {period} funding of {funding} was provided to the fund, of which {partner} provided {own} "
        "({percent}). Expenditure of {spend} was met from it.",
        period=inputs.period_text,
        **figures,
    )


def became(found: Disposal, partner: str, name: str) -> str:
    """The net surplus or deficit, what reserves and other funds had of it, and whose is what of the rest."""
    whole = _met_by_one_reserve(found)
    if whole is not None and not any(found.shares.values()):
        values = {"net": pounds(-found.net_pence), "reserve": whole.reserve.name, "partner": name}
        return say(
            "The net deficit is {net}. It was met from the reserve “{reserve}”, of which {closing} is carried forward; "
            "{partner} bears no share.",
            closing=pounds(whole.closing_pence),
            **values,
        )
    elsewhere = tuple(_elsewhere(found))
    if not found.net_pence and not elsewhere and not any(found.shares.values()):
        return _net(0)
    return " ".join((_net(found.net_pence), *elsewhere, _own(found, partner, name)))


def _met_by_one_reserve(found: Disposal) -> OfReserve | None:
    """The reserve that met the whole of a deficit."""
    if len(found.reserves) != 1 or found.net_pence >= 0 or found.reserves[0].drawn_pence != -found.net_pence:
        return None
    return found.reserves[0]


def _net(net_pence: int) -> str:
    if not net_pence:
        return say("There is neither a net surplus nor a net deficit.")
    if net_pence > 0:
        return say("The net surplus is {net}.", net=pounds(net_pence))
    return say("The net deficit is {net}.", net=pounds(-net_pence))


def _elsewhere(found: Disposal) -> Iterator[str]:
    """What of it no partner has."""
    for each in found.reserves:
        values = {"reserve": each.reserve.name, "closing": pounds(each.closing_pence)}
        if each.drawn_pence:
            yield say(
                "{amount} was met from the reserve “{reserve}”, of which {closing} is carried forward.",
                amount=pounds(each.drawn_pence),
                **values,
            )
        if each.paid_in_pence:
            yield say(
                "{amount} was paid into the reserve “{reserve}”, of which {closing} is carried forward.",
                amount=pounds(each.paid_in_pence),
                **values,
            )
    if found.received_pence:
        yield say("{amount} was met from underspends of other funds.", amount=pounds(found.received_pence))
    if found.given_pence:
        yield say("{amount} of underspends was given to overspends of other funds.", amount=pounds(found.given_pence))
    if found.for_qipp_pence:
        yield say("{amount} of underspends was given to QIPP shortfalls.", amount=pounds(found.for_qipp_pence))
    if found.unallocated_pence:
        yield say("{amount} is not allocated by any clause.", amount=pounds(abs(found.unallocated_pence)))


def _own(found: Disposal, partner: str, name: str) -> str:
    """The partner's share of what is left. Where schemes are shared apart, it may be of the other sign."""
    shared, own, share = found.shared_pence, found.share_of(partner), found.percent_of(partner)
    if not any(found.shares.values()):
        return say("Nothing of it is shared between the partners.")
    values = {"partner": name, "shared": pounds(abs(shared)), "own": pounds(abs(own)), "percent": share}
    if not own:
        return _no_share(shared, values)
    if share != NIL:
        if shared > 0:
            return say(
                "The partners share a surplus of {shared}: the share of {partner} is {own} ({percent}).", **values
            )
        return say("The partners share a deficit of {shared}: the share of {partner} is {own} ({percent}).", **values)
    return _of_either_sign(shared, own, values)


def _no_share(shared: int, values: dict[str, str]) -> str:
    if not shared:
        return say("The partners' shares come to nil, and so does that of {partner}.", **values)
    if shared > 0:
        return say("The partners share a surplus of {shared}; {partner} has no part of it.", **values)
    return say("The partners share a deficit of {shared}; {partner} bears no share.", **values)


def _of_either_sign(shared: int, own: int, values: dict[str, str]) -> str:
    """Where one partner has a surplus and another a deficit, parts in per cent say nothing."""
    if own > 0:
        if shared > 0:
            return say(
                "The partners' shares come to a surplus of {shared}: that of {partner} is a surplus of {own}.", **values
            )
        if shared < 0:
            return say(
                "The partners' shares come to a deficit of {shared}: that of {partner} is a surplus of {own}.", **values
            )
        return say("The partners' shares come to nil: that of {partner} is a surplus of {own}.", **values)
    if shared > 0:
        return say(
            "The partners' shares come to a surplus of {shared}: that of {partner} is a deficit of {own}.", **values
        )
    if shared < 0:
        return say(
            "The partners' shares come to a deficit of {shared}: that of {partner} is a deficit of {own}.", **values
        )
    return say("The partners' shares come to nil: that of {partner} is a deficit of {own}.", **values)
