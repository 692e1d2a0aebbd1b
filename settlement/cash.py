"""From shares to cash: what each partner owes each fund's host, netted for each pair of partners (arithmetic.md)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rules.agreement import Fund, Kind, On, QippMode, Use
from rules.allocation import allocate
from rules.groups import Group
from rules.money import money
from rules.outcome import DealtWith, Outcome
from rules.waterfall import FROM_UNDERSPENDS, TO_OVERSPENDS
from rules.weights import incurred

if TYPE_CHECKING:
    from rules.money import Money


@dataclass(frozen=True, slots=True)
class FundAccount:
    """One partner's account with one fund's host, in pence: every row foots to `owed_pence`.

    Where it is the host's own row the amounts are still shown, and no cash passes: the host is the balancing party.
    """

    fund: str
    partner: str
    contribution_due_pence: int = 0
    overspend_pence: int = 0
    qipp_shortfall_pence: int = 0
    underspend_pence: int = 0
    disbenefit_pence: int = 0
    benefit_pence: int = 0
    provision_pence: int = 0
    handed_over_pence: int = 0
    spend_pence: int = 0
    paid_pence: int = 0

    @property
    def owed_pence(self) -> int:
        """What the partner owes the host; below zero, what the host owes it."""
        return (
            self.contribution_due_pence
            + self.overspend_pence
            + self.qipp_shortfall_pence
            + self.disbenefit_pence
            - self.underspend_pence
            - self.benefit_pence
            - self.provision_pence
            + self.handed_over_pence
            - self.spend_pence
            - self.paid_pence
        )


@dataclass(frozen=True, slots=True)
class PartnerRow:
    """A partner's settlement in pence, as the result shows it. `net_due_pence` above zero: pays; below: receives.

    net due = contribution due + overspend + QIPP shortfall + disbenefit - underspend - benefit - provision
    + handed over - spend - paid + received + drawn + between hosts + unallocated.
    """

    partner: str
    contribution_due_pence: int
    overspend_pence: int
    qipp_shortfall_pence: int
    underspend_pence: int
    disbenefit_pence: int
    benefit_pence: int
    provision_pence: int
    handed_over_pence: int
    spend_pence: int
    paid_pence: int
    received_pence: int
    drawn_pence: int
    between_hosts_pence: int
    unallocated_pence: int
    net_due_pence: int

    @property
    def net_due(self) -> "Money":
        """What the partner pays, or below zero receives, as money."""
        return money(self.net_due_pence)


@dataclass(frozen=True, slots=True)
class Transfer:
    """Who pays whom, in pence, netted for the pair."""

    payer: str
    receiver: str
    amount_pence: int

    @property
    def amount(self) -> "Money":
        """The amount as money."""
        return money(self.amount_pence)


@dataclass(frozen=True, slots=True)
class Cash:
    """The accounts with each fund's host (funds and partners in listed order), each partner's row, the transfers."""

    accounts: tuple[FundAccount, ...]
    rows: tuple[PartnerRow, ...]
    transfers: tuple[Transfer, ...]


_COLUMN = {
    On.OVERSPEND: "overspend_pence",
    On.QIPP_SHORTFALL: "qipp_shortfall_pence",
    On.UNDERSPEND: "underspend_pence",
    On.DISBENEFIT: "disbenefit_pence",
    On.BENEFIT: "benefit_pence",
}


def cash_of(outcome: Outcome) -> Cash:
    """The cash that an outcome comes to. Raises AssertionError if a row does not foot: no such result leaves here."""
    accounts = tuple(account for fund in outcome.agreement.funds for account in _accounts(fund, outcome))
    pays = _Pairs(tuple(partner.code for partner in outcome.agreement.partners))
    host = {fund.code: fund.host for fund in outcome.agreement.funds}
    for account in accounts:
        pays.add(account.partner, host[account.fund], account.owed_pence)
    for movement in outcome.movements:
        pays.add(host[movement.payer], host[movement.receiver], movement.amount_pence)
    rows = tuple(_row(partner.code, accounts, outcome, pays) for partner in outcome.agreement.partners)
    return Cash(accounts, rows, pays.transfers())


class _Pairs:
    """What each pair of partners owes, the first listed to the second; a partner owes itself nothing."""

    def __init__(self, codes: tuple[str, ...]) -> None:
        self._place = {code: index for index, code in enumerate(codes)}
        self._codes = codes
        self._owed: dict[tuple[int, int], int] = {}

    def add(self, payer: str, receiver: str, amount_pence: int) -> None:
        first, second = self._place[payer], self._place[receiver]
        if first < second:
            self._owed[first, second] = self._owed.get((first, second), 0) + amount_pence
        elif second < first:
            self._owed[second, first] = self._owed.get((second, first), 0) - amount_pence

    def net_due(self, code: str) -> int:
        """What a partner pays all others less what it receives."""
        place = self._place[code]
        return sum(amount * ((first == place) - (second == place)) for (first, second), amount in self._owed.items())

    def transfers(self) -> tuple[Transfer, ...]:
        """One transfer for each pair that owes anything, pairs in listed order."""
        netted = []
        for (first, second), amount in sorted(self._owed.items()):
            if amount:
                payer, receiver = (first, second) if amount > 0 else (second, first)
                netted.append(Transfer(self._codes[payer], self._codes[receiver], abs(amount)))
        return tuple(netted)


def _accounts(fund: Fund, outcome: Outcome) -> list[FundAccount]:
    agreement, figures = outcome.agreement, outcome.figures
    rows = [index for index, scheme in enumerate(agreement.schemes) if scheme.fund == fund.code]
    of_fund = [subject for subject in outcome.subjects if subject.subject.group.fund == fund.code]
    paid_rows = [index for index in rows if agreement.takes_payments(agreement.schemes[index])]
    pooled_rows = rows if fund.is_pooled else []
    accounts = []
    for column, partner in enumerate(agreement.partners):
        shares = dict.fromkeys((*_COLUMN.values(), "provision_pence"), 0)
        realised = 0
        for subject in of_fund:
            for part in subject.parts:
                if part.shares_pence is not None:
                    name = "provision_pence" if part.to == Use.PROVISION else _COLUMN[subject.subject.on]
                    shares[name] += part.shares_pence[column]
            realised += handed_over(subject, column, outcome)
        accounts.append(
            FundAccount(
                fund=fund.code,
                partner=partner.code,
                contribution_due_pence=sum(figures.budget[index][column] for index in pooled_rows),
                handed_over_pence=realised,
                spend_pence=sum(figures.spend[index][column] for index in pooled_rows),
                paid_pence=sum(figures.tables[Kind.PAYMENT][index][column] for index in paid_rows),
                **shares,
            )
        )
    return accounts


def handed_over(subject: DealtWith, column: int, outcome: Outcome) -> int:
    """What the partner realised itself of a benefit or disbenefit, less a QIPP shortfall that it bore itself."""
    figures = outcome.figures
    on, group = subject.subject.on, subject.subject.group
    if on.is_influenced:
        baseline, spend = figures.tables[Kind.BASELINE], figures.spend
        return sum(baseline[index][column] - spend[index][column] for index in group.schemes)
    if on is On.QIPP_SHORTFALL and outcome.agreement.qipp is QippMode.SEPARATE:
        return -borne(group, subject.subject.amount_pence, outcome)[column]
    return 0


def borne(group: Group, shortfall_pence: int, outcome: Outcome) -> list[int]:
    """The part of a QIPP shortfall, beside the budget, that each partner bore itself by missing its own target."""
    return allocate(shortfall_pence, incurred(On.QIPP_SHORTFALL, group, outcome.figures))


def _row(code: str, accounts: tuple[FundAccount, ...], outcome: Outcome, pays: _Pairs) -> PartnerRow:
    own = [account for account in accounts if account.partner == code]
    hosted = {fund.code for fund in outcome.agreement.funds if fund.host == code}
    received = sum(account.paid_pence for account in accounts if account.fund in hosted)
    drawn = unallocated = 0
    for subject in outcome.subjects:
        if subject.subject.group.fund in hosted:
            sign = -1 if subject.subject.on.is_gain else 1
            unallocated += sign * subject.unallocated_pence
            drawn += sign * sum(part.amount_pence for part in subject.parts if is_drawing(part.to))
    between = sum(
        movement.amount_pence * ((movement.payer in hosted) - (movement.receiver in hosted))
        for movement in outcome.movements
    )
    row = PartnerRow(
        partner=code,
        contribution_due_pence=sum(account.contribution_due_pence for account in own),
        overspend_pence=sum(account.overspend_pence for account in own),
        qipp_shortfall_pence=sum(account.qipp_shortfall_pence for account in own),
        underspend_pence=sum(account.underspend_pence for account in own),
        disbenefit_pence=sum(account.disbenefit_pence for account in own),
        benefit_pence=sum(account.benefit_pence for account in own),
        provision_pence=sum(account.provision_pence for account in own),
        handed_over_pence=sum(account.handed_over_pence for account in own),
        spend_pence=sum(account.spend_pence for account in own),
        paid_pence=sum(account.paid_pence for account in own),
        received_pence=received,
        drawn_pence=drawn,
        between_hosts_pence=between,
        unallocated_pence=unallocated,
        net_due_pence=pays.net_due(code),
    )
    footed = sum(account.owed_pence for account in own) + received + drawn + between + unallocated
    if row.net_due_pence != footed:
        message = f"{code}'s row foots to {footed} pence, not to the {row.net_due_pence} that it pays"
        raise AssertionError(message)
    return row


def is_drawing(to: str) -> bool:
    """Whether a part moved money between a group and a reserve or other schemes' underspends."""
    return to in {FROM_UNDERSPENDS, TO_OVERSPENDS} or to.startswith(f"{Use.RESERVE}:")
