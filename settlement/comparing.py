"""Schedules side by side: what each partner would pay under each, and how that differs from the first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from rules.agreement import Partner
from rules.money import pounds
from settlement.explain import row_names
from settlement.result import row_figures
from settlement.settle import Settlement

NET_DUE = "net_due"


class About(Enum):
    """What a row of a comparison is of."""

    NET_DUE = "net due"
    FIGURE = "figure"
    TRANSFER = "transfer"
    RESERVE = "reserve"
    UNALLOCATED = "unallocated"


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure under each schedule, in pence: None where there is no settlement, or no such partner.

    `partner` is whose figure it is (of a transfer the payer, "" of a reserve or of what is unallocated); `key` is the
    result's key of the figure, the receiver of a transfer or the reserve's code.
    """

    about: About
    partner: str
    key: str
    label: str
    pence: tuple[int | None, ...]

    @property
    def differences_pence(self) -> tuple[int | None, ...]:
        """How much more each is than the first; of the first itself, 0."""
        first, *_ = self.pence
        return tuple(None if first is None or each is None else each - first for each in self.pence)

    def in_words(self, column: int) -> str:
        """What the figure of a column means beside that of the first: `pays £10.00 more`, `the same`."""
        before, after = self.pence[0], self.pence[column]
        if before is None or after is None:
            return "not known"
        if self.about is About.NET_DUE:
            return _net_due(before, after)
        if before == after:
            return "the same"
        return f"{pounds(abs(after - before))} {'more' if after > before else 'less'}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Schedules by name, what was settled under each (None where it could not be), and every figure of them."""

    names: tuple[str, ...]
    settlements: tuple[Settlement | None, ...]
    rows: tuple[Compared, ...]

    def net_due(self) -> tuple[Compared, ...]:
        """What each partner pays or receives."""
        return tuple(row for row in self.rows if row.about is About.NET_DUE)


def compare(columns: Sequence[tuple[str, Settlement | None]]) -> Comparison:
    """Settlements of the same figures under several schedules, side by side; the first is what is compared with.

    Figures that are nil under every schedule are left out, what is due and what is unallocated never.
    """
    settlements = tuple(settlement for _, settlement in columns)
    rows = [
        *(_net_dues(settlements)),
        *(row for row in _figures(settlements) if any(row.pence)),
        *_transfers(settlements),
        *_reserves(settlements),
        Compared(
            About.UNALLOCATED,
            "",
            "unallocated",
            "Unallocated: no clause deals with it",
            tuple(None if each is None else each.outcome.unallocated_pence for each in settlements),
        ),
    ]
    return Comparison(tuple(name for name, _ in columns), settlements, tuple(rows))


def _partners(settlements: Iterable[Settlement | None]) -> dict[str, Partner]:
    """Every partner of any of them, in the order they are listed."""
    found: dict[str, Partner] = {}
    for settlement in settlements:
        for partner in settlement.agreement.partners if settlement is not None else ():
            found.setdefault(partner.code, partner)
    return found


def _row_figure(settlement: Settlement | None, partner: str, key: str) -> int | None:
    if settlement is None or partner not in settlement.agreement.partner_of:
        return None
    return row_figures(settlement.row_of(partner))[key]


def _net_dues(settlements: Sequence[Settlement | None]) -> Iterable[Compared]:
    for code, partner in _partners(settlements).items():
        pence = tuple(_row_figure(each, code, NET_DUE) for each in settlements)
        yield Compared(About.NET_DUE, code, NET_DUE, f"{partner.name} ({code})", pence)


def _figures(settlements: Sequence[Settlement | None]) -> Iterable[Compared]:
    for code in _partners(settlements):
        for key, label, _sign in row_names():
            if key != NET_DUE:
                pence = tuple(_row_figure(each, code, key) for each in settlements)
                yield Compared(About.FIGURE, code, key, f"{code}: {label[:1].lower()}{label[1:]}", pence)


def _transfers(settlements: Sequence[Settlement | None]) -> Iterable[Compared]:
    paid = [
        None if each is None else {(way.payer, way.receiver): way.amount_pence for way in each.transfers}
        for each in settlements
    ]
    ways = dict.fromkeys(way for each in paid for way in each or ())
    for payer, receiver in ways:
        pence = tuple(None if each is None else each.get((payer, receiver), 0) for each in paid)
        yield Compared(About.TRANSFER, payer, receiver, f"{payer} pays {receiver}", pence)


def _reserves(settlements: Sequence[Settlement | None]) -> Iterable[Compared]:
    balances = [
        None
        if each is None
        else {balance.reserve.code: (balance.reserve.name, balance.closing_pence) for balance in each.outcome.reserves}
        for each in settlements
    ]
    names = {code: name for each in balances for code, (name, _) in (each or {}).items()}
    for code, name in names.items():
        # a draft may bring a reserve with it: the schedule in force has none of it, which is no balance
        pence = tuple(None if each is None or code not in each else each[code][1] for each in balances)
        yield Compared(About.RESERVE, "", code, f"Closing balance of “{name}”", pence)


def _net_due(before: int, after: int) -> str:
    if before == after:
        return "the same"
    if before * after > 0:
        more = abs(after) > abs(before)
        verb = "pays" if after > 0 else "receives"
        return f"{verb} {pounds(abs(after - before))} {'more' if more else 'less'}"
    now = _says(after, "pays", "receives", "neither pays nor receives")
    was = _says(before, "paying", "receiving", "nothing")
    return f"{now} instead of {was}"


def _says(pence: int, pays: str, receives: str, neither: str) -> str:
    if not pence:
        return neither
    return f"{pays if pence > 0 else receives} {pounds(abs(pence))}"
