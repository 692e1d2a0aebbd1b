"""Where a pooled fund's net surplus or deficit went: reserves, other funds, and only then the partners' shares."""

from collections.abc import Iterator
from dataclasses import dataclass

from rules.agreement import Fund, On, QippMode, Reserve
from rules.language import message, say
from rules.outcome import DealtWith
from rules.waterfall import FROM_UNDERSPENDS, TO_OVERSPENDS
from settlement.cash import FundAccount
from settlement.settle import Settlement
from settlement.statements.accounts.entries import reserve_in
from settlement.statements.document import Column, Row, RowKind, Table, amounts
from settlement.statements.inputs import StatementInputs
from settlement.statements.wording import NIL, named, percent

# The kinds of a partner's share, by the result's keys: its sign in a net surplus.
_SHARES = (
    ("overspend", -1, message("Share of overspends")),
    ("qipp_shortfall", -1, message("Share of QIPP shortfalls")),
    ("underspend", 1, message("Share of underspends")),
    ("provision", 1, message("Set aside against its own exposure")),
)


@dataclass(frozen=True, slots=True)
class OfReserve:
    """What a fund had of a reserve, of its own or of another fund, in pence: `closing_pence` is carried forward."""

    reserve: Reserve
    drawn_pence: int
    paid_in_pence: int
    closing_pence: int


@dataclass(frozen=True, slots=True)
class Disposal:
    """A fund's net surplus (above nought) or deficit, and what became of it, in pence.

    net + drawn from reserves - paid into them + received from other funds - given to them - given to QIPP shortfalls
    beside the budget - not allocated is what the partners share: their `shares` come to `shared_pence`.
    """

    net_pence: int
    reserves: tuple[OfReserve, ...]
    received_pence: int
    given_pence: int
    for_qipp_pence: int
    unallocated_pence: int
    shares: dict[str, tuple[tuple[str, int], ...]]

    @property
    def shared_pence(self) -> int:
        """What the partners share."""
        return sum(map(self.share_of, self.shares))

    def share_of(self, partner: str) -> int:
        """A partner's share of it, above nought of a surplus."""
        return sum(pence for _, pence in self.shares[partner])

    def percent_of(self, partner: str) -> str:
        """A partner's part of what is shared, in per cent; nothing where somebody's is of the other sign."""
        shared = self.shared_pence
        if not shared or any(self.share_of(each) * shared < 0 for each in self.shares):
            return NIL
        return percent(self.share_of(partner), shared)


def disposal_of(settlement: Settlement, fund: Fund) -> Disposal:
    """What became of a fund's net surplus or deficit. Raises AssertionError if that is not all of it."""
    within = settlement.agreement.qipp is QippMode.WITHIN_BUDGET
    accounts = [account for account in settlement.accounts if account.fund == fund.code]
    drawn: dict[str, int] = {}
    paid_in: dict[str, int] = {}
    underspends = unallocated = 0
    for dealt in _of_surplus(settlement, fund):
        gain = dealt.subject.on.is_gain
        unallocated += dealt.unallocated_pence if gain else -dealt.unallocated_pence
        for part in dealt.parts:
            code = reserve_in(part.to)
            if code:
                moved = paid_in if gain else drawn
                moved[code] = moved.get(code, 0) + part.amount_pence
            elif part.to in {FROM_UNDERSPENDS, TO_OVERSPENDS}:
                underspends += part.amount_pence if gain else -part.amount_pence
    of_underspends = [each for each in settlement.outcome.movements if each.source == FROM_UNDERSPENDS]
    given = sum(each.amount_pence for each in of_underspends if each.payer == fund.code)
    received = sum(each.amount_pence for each in of_underspends if each.receiver == fund.code)
    found = Disposal(
        net_pence=sum(account.contribution_due_pence - account.spend_pence for account in accounts),
        reserves=tuple(
            OfReserve(
                balance.reserve,
                drawn.get(balance.reserve.code, 0),
                paid_in.get(balance.reserve.code, 0),
                balance.closing_pence,
            )
            for balance in settlement.outcome.reserves
            if balance.reserve.code in {*drawn, *paid_in}
        ),
        received_pence=received,
        given_pence=given,
        for_qipp_pence=underspends - given + received,
        unallocated_pence=unallocated,
        shares={account.partner: _shares(account, within=within) for account in accounts},
    )
    left = (
        found.net_pence
        + sum(each.drawn_pence - each.paid_in_pence for each in found.reserves)
        + (received - given - found.for_qipp_pence - unallocated)
    )
    if left != found.shared_pence:
        told = f"of {fund.code}'s surplus {left} pence are to be shared, and {found.shared_pence} are"
        raise AssertionError(told)
    return found


def _of_surplus(settlement: Settlement, fund: Fund) -> Iterator[DealtWith]:
    """The amounts that make a fund's surplus: a QIPP shortfall beside the budget is no part of it."""
    beside_budget = settlement.agreement.qipp is QippMode.SEPARATE
    for dealt in settlement.outcome.subjects:
        if dealt.subject.group.fund == fund.code and not (dealt.subject.on is On.QIPP_SHORTFALL and beside_budget):
            yield dealt


def _shares(account: FundAccount, *, within: bool) -> tuple[tuple[str, int], ...]:
    """A partner's shares by kind, above nought of a surplus; nothing of nil."""
    pence = {
        "overspend": account.overspend_pence,
        "qipp_shortfall": account.qipp_shortfall_pence if within else 0,
        "underspend": account.underspend_pence,
        "provision": account.provision_pence,
    }
    return tuple((label, sign * pence[key]) for key, sign, label in _SHARES if pence[key])


# As tables


def net_label(net_pence: int) -> str:
    """The words of the accounts regulations, for the memorandum account alone."""
    if not net_pence:
        return say("Net surplus or deficit arising in the year")
    return say("Net surplus arising in the year") if net_pence > 0 else say("Net deficit arising in the year")


def what_became(inputs: StatementInputs, found: Disposal) -> Table:
    """From the net surplus or deficit to what the partners share: a deficit and what reduces it are below nought."""
    funds = inputs.agreement.fund_of
    lines = [(net_label(found.net_pence), found.net_pence)]
    for each in found.reserves:
        values = {"reserve": named(each.reserve.name, each.reserve.code), "fund": funds[each.reserve.fund].name}
        lines.append((say("Met from the reserve {reserve} of {fund}", **values), each.drawn_pence))
        lines.append((say("Paid into the reserve {reserve} of {fund}", **values), -each.paid_in_pence))
    lines += [
        (say("Met from underspends of other funds"), found.received_pence),
        (say("Underspends given to overspends of other funds"), -found.given_pence),
        (say("Underspends given to QIPP shortfalls, which are shared apart"), -found.for_qipp_pence),
        (say("Not allocated by any clause"), -found.unallocated_pence),
    ]
    rows = [Row(line) for place, line in enumerate(lines) if line[1] or not place]
    total = Row((say("Shared between the partners"), found.shared_pence), RowKind.TOTAL, adds=tuple(range(len(rows))))
    columns = (Column(say("Line"), width=3), *amounts(say("Amount £")))
    return Table(say("What became of the net surplus or deficit"), columns, (*rows, total))


def shares_table(inputs: StatementInputs, found: Disposal) -> Table:
    """Each partner's shares of overspends and underspends, a line each, and its net share in per cent of them all."""
    rows: list[Row] = []
    nets = []
    for partner, shares in found.shares.items():
        name = inputs.name_of(partner)
        rows.append(Row((name,), RowKind.HEADING))
        first = len(rows)
        rows += [Row((say(label), "", pence)) for label, pence in shares]
        nets.append(len(rows))
        label = say("Net share of {partner}", partner=name)
        cells = (label, found.percent_of(partner), found.share_of(partner))
        rows.append(Row(cells, RowKind.SUBTOTAL, adds=tuple(range(first, nets[-1]))))
    whole = percent(found.shared_pence, found.shared_pence)
    cells = (say("Shared between the partners"), whole, found.shared_pence)
    rows.append(Row(cells, RowKind.TOTAL, adds=tuple(nets)))
    columns = (Column(say("Whose"), width=3), *amounts(say("Per cent"), say("Amount £")))
    return Table(say("Each partner's share"), columns, tuple(rows))


def reserves_table(settlement: Settlement, fund: Fund) -> Table | None:
    """The account of each reserve that the fund holds, from what was brought forward to what is carried forward."""
    rows: list[Row] = []
    for balance in settlement.outcome.reserves:
        reserve = balance.reserve
        if reserve.fund != fund.code:
            continue
        moved = dict.fromkeys(((gain, own) for gain in (True, False) for own in (True, False)), 0)
        for dealt in settlement.outcome.subjects:
            key = (dealt.subject.on.is_gain, dealt.subject.group.fund == fund.code)
            moved[key] += sum(part.amount_pence for part in dealt.parts if reserve_in(part.to) == reserve.code)
        lines = [
            (say("Brought forward"), reserve.opening_pence),
            (say("Paid in from this fund"), moved[True, True]),
            (say("Paid in from other funds"), moved[True, False]),
            (say("Drawn for this fund"), -moved[False, True]),
            (say("Passed to other funds"), -moved[False, False]),
        ]
        rows.append(Row((named(reserve.name, reserve.code),), RowKind.HEADING))
        first = len(rows)
        rows += [Row(line) for place, line in enumerate(lines) if line[1] or not place]
        adds = tuple(range(first, len(rows)))
        rows.append(Row((say("Carried forward"), balance.closing_pence), RowKind.SUBTOTAL, adds=adds))
    if not rows:
        return None
    columns = (Column(say("Reserve"), width=3), *amounts(say("Amount £")))
    return Table(say("Reserves held in the fund"), columns, tuple(rows))
