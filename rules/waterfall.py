"""The waterfall: what each clause of the schedule does with the subjects, in order (arithmetic.md, The waterfall)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rules.agreement import Agreement, Clause, DrawOn, On, Per, Slice, Threshold, Use
from rules.allocation import allocate, whole_weights
from rules.caps import Caps
from rules.figures import Figures
from rules.groups import Subject, groups_in_scope
from rules.problems import RefusedError
from rules.succession import not_in_being
from rules.trace import FundMovement, Part, ReserveCall, Sharing, Take, UnderspendCall
from rules.weights import checked, weights_of

EXCLUDED = "excluded"
FROM_UNDERSPENDS = "underspends"
TO_OVERSPENDS = "overspends"


@dataclass(slots=True)
class Dealing:
    """A subject on its way through the schedule: what bands measure, what is still to be dealt with, the parts made."""

    subject: Subject
    measured_pence: int
    remaining_pence: int
    parts: list[Part] = field(default_factory=list)
    tried: list[Part] = field(default_factory=list)

    def record(self, part: Part) -> None:
        """Keep a part; one that came to nothing apart, for the trace only."""
        (self.parts if part.amount_pence else self.tried).append(part)

    @property
    def fund(self) -> str:
        """The fund of the subject's group."""
        return self.subject.group.fund

    @property
    def code(self) -> str:
        """The code of the subject's group."""
        return self.subject.group.code


@dataclass(slots=True)
class _Wanting:
    """A slice of what a clause took of a group, still to be dealt with."""

    dealing: Dealing
    take: Take
    pence: int


class Waterfall:
    """One run of the schedule over the subjects. `reserves_pence` and `movements` are what it did to the funds."""

    def __init__(self, figures: Figures, subjects: Iterable[Subject]) -> None:
        """Excluded schemes are dealt with at once: their variance is their responsible partner's alone."""
        self.figures = figures
        self.agreement: Agreement = figures.agreement
        self.reserves_pence = {reserve.code: reserve.opening_pence for reserve in self.agreement.reserves}
        self.movements: list[FundMovement] = []
        self.dealings = [Dealing(subject, subject.amount_pence, subject.amount_pence) for subject in subjects]
        self._caps = Caps(figures)

    def run(self) -> None:
        """Deal with every kind in turn, and in it with clause after clause."""
        in_scope = groups_in_scope(self.agreement)
        by_kind: dict[On, list[Dealing]] = {on: [] for on in On}
        for dealing in self.dealings:
            if dealing.subject.group.excluded:
                self._leave_with_responsible(dealing)
            else:
                by_kind[dealing.subject.on].append(dealing)
        self._givers = by_kind[On.UNDERSPEND]
        for on, dealings in by_kind.items():
            if dealings:
                for clause in self.agreement.clauses:
                    if clause.on is on:
                        chosen = [dealing for dealing in dealings if dealing.subject.group in in_scope[clause.id]]
                        self._apply(clause, chosen)

    def _leave_with_responsible(self, dealing: Dealing) -> None:
        scheme = self.agreement.schemes[dealing.subject.group.schemes[0]]
        if scheme.responsible not in self.agreement.partner_of:
            raise RefusedError(not_in_being(scheme.responsible, f"scheme {scheme.code}.responsible"))
        amount = dealing.remaining_pence
        shares = tuple(amount if partner.code == scheme.responsible else 0 for partner in self.agreement.partners)
        dealing.parts.append(Part(EXCLUDED, str(Use.PARTNERS), amount, shares))
        dealing.remaining_pence = 0

    def _apply(self, clause: Clause, chosen: Sequence[Dealing]) -> None:
        taken = [
            (dealing, take) for dealing, take in zip(chosen, takes(clause, chosen), strict=True) if take.taken_pence
        ]
        if not taken:
            return
        percents = whole_weights([part.percent for part in clause.slices])
        amounts = [allocate(take.taken_pence, percents) for _, take in taken]
        for index, part in enumerate(clause.slices):
            wanting = [
                _Wanting(dealing, take, split[index])
                for (dealing, take), split in zip(taken, amounts, strict=True)
                if split[index]
            ]
            if wanting:
                self._deal(clause, part, wanting)

    def _deal(self, clause: Clause, part: Slice, wanting: list[_Wanting]) -> None:
        match part.use:
            case Use.NEXT:
                pass  # it stays in remaining, for a later clause
            case Use.PARTNERS | Use.PROVISION:
                for wants in wanting:
                    self._share(clause, part, wants)
            case Use.RESERVE if clause.on.is_gain:
                for wants in wanting:
                    self._pay_in(clause, part, wants)
            case Use.RESERVE:
                self._draw_reserve(clause, part, wanting)
            case Use.UNDERSPENDS if clause.draw_on is DrawOn.AGREEMENT:
                self._draw_underspends(clause, part, wanting, self._givers)
            case Use.UNDERSPENDS:
                for fund in self.agreement.funds:
                    takers = [wants for wants in wanting if wants.dealing.fund == fund.code]
                    givers = [giver for giver in self._givers if giver.fund == fund.code]
                    self._draw_underspends(clause, part, takers, givers)

    def _share(self, clause: Clause, part: Slice, wants: _Wanting) -> None:
        dealing = wants.dealing
        group = dealing.subject.group
        assert part.share is not None  # noqa: S101  the reader asks for it wherever partners share
        weights = weights_of(part.share, clause.on, group, self.figures)
        checked(weights, clause.id, group, wants.pence, self.agreement)
        sharing: Sharing = self._caps.share(clause.id, wants.pence, weights, self.agreement.fund_of[group.fund].host)
        shared = wants.pence - sharing.left_pence
        dealing.remaining_pence -= shared
        dealing.record(
            Part(
                clause.id,
                part.to,
                shared,
                sharing.shares_pence,
                wants.take,
                part.percent,
                wants.pence,
                sharing=sharing,
            )
        )

    def _pay_in(self, clause: Clause, part: Slice, wants: _Wanting) -> None:
        balance = self.reserves_pence[part.reserve]
        self.reserves_pence[part.reserve] = balance + wants.pence
        wants.dealing.remaining_pence -= wants.pence
        call = ReserveCall(part.reserve, balance, wants.pence, wants.pence)
        self._record(clause, part, wants, wants.pence, reserve=call)
        self._move(clause, part.to, wants.dealing.fund, self._fund_of_reserve(part.reserve), wants.pence)

    def _draw_reserve(self, clause: Clause, part: Slice, wanting: list[_Wanting]) -> None:
        balance = self.reserves_pence[part.reserve]
        wanted = sum(wants.pence for wants in wanting)
        drawn = max(0, min(balance, wanted))
        self.reserves_pence[part.reserve] = balance - drawn
        call = ReserveCall(part.reserve, balance, wanted, drawn)
        amounts = _spread(drawn, [wants.pence for wants in wanting])
        for wants, amount in zip(wanting, amounts, strict=True):
            wants.dealing.measured_pence -= amount
            wants.dealing.remaining_pence -= amount
            self._record(clause, part, wants, amount, reserve=call)
            self._move(clause, part.to, self._fund_of_reserve(part.reserve), wants.dealing.fund, amount)

    def _draw_underspends(
        self, clause: Clause, part: Slice, wanting: list[_Wanting], givers: Sequence[Dealing]
    ) -> None:
        if not wanting:
            return
        giving = [giver for giver in givers if giver.remaining_pence]
        wanted = sum(wants.pence for wants in wanting)
        available = sum(giver.remaining_pence for giver in giving)
        met = min(wanted, available)
        taken = _spread(met, [wants.pence for wants in wanting])
        given = _spread(met, [giver.remaining_pence for giver in giving])
        call = UnderspendCall(
            wanted,
            available,
            met,
            tuple((wants.dealing.code, amount) for wants, amount in zip(wanting, taken, strict=True)),
            tuple((giver.code, amount) for giver, amount in zip(giving, given, strict=True)),
        )
        position = {fund.code: 0 for fund in self.agreement.funds}
        for wants, amount in zip(wanting, taken, strict=True):
            wants.dealing.measured_pence -= amount
            wants.dealing.remaining_pence -= amount
            position[wants.dealing.fund] -= amount
            self._record(clause, part, wants, amount, underspends=call)
        for giver, amount in zip(giving, given, strict=True):
            giver.measured_pence -= amount
            giver.remaining_pence -= amount
            position[giver.fund] += amount
            if amount:
                giver.parts.append(Part(clause.id, TO_OVERSPENDS, amount, underspends=call))
        self._settle_between_funds(clause, position)

    def _settle_between_funds(self, clause: Clause, position: dict[str, int]) -> None:
        """Giving funds in listed order pay taking funds in listed order."""
        owing = {fund: -amount for fund, amount in position.items() if amount < 0}
        for payer, amount in position.items():
            left = amount
            for receiver, owed in owing.items():
                paid = min(left, owed)
                if paid > 0:
                    self._move(clause, FROM_UNDERSPENDS, payer, receiver, paid)
                    owing[receiver] = owed - paid
                    left -= paid

    def _record(
        self,
        clause: Clause,
        part: Slice,
        wants: _Wanting,
        amount_pence: int,
        reserve: ReserveCall | None = None,
        underspends: UnderspendCall | None = None,
    ) -> None:
        wants.dealing.record(
            Part(
                clause.id,
                part.to,
                amount_pence,
                None,
                wants.take,
                part.percent,
                wants.pence,
                reserve=reserve,
                underspends=underspends,
            )
        )

    def _move(self, clause: Clause, source: str, payer: str, receiver: str, amount_pence: int) -> None:
        if payer != receiver and amount_pence:
            self.movements.append(FundMovement(clause.id, source, payer, receiver, amount_pence))

    def _fund_of_reserve(self, code: str) -> str:
        return next(reserve.fund for reserve in self.agreement.reserves if reserve.code == code)


def takes(clause: Clause, chosen: Sequence[Dealing]) -> list[Take]:
    """What a clause takes of each of its groups, all worked out before any of it is dealt with."""
    if clause.per is Per.GROUP:
        return [take for dealing in chosen for take in _taken_together(clause, [dealing])]
    if clause.per is Per.AGREEMENT:
        return _taken_together(clause, chosen)
    of_dealing: dict[int, Take] = {}
    for fund in dict.fromkeys(dealing.fund for dealing in chosen):
        together = [dealing for dealing in chosen if dealing.fund == fund]
        of_dealing.update(zip(map(id, together), _taken_together(clause, together), strict=True))
    return [of_dealing[id(dealing)] for dealing in chosen]


def _taken_together(clause: Clause, together: Sequence[Dealing]) -> list[Take]:
    """Groups measured as one, and what is taken of them allocated over them by what remains of each."""
    if not together:
        return []
    base = max(0, sum(dealing.subject.base_pence for dealing in together))
    measured = sum(dealing.measured_pence for dealing in together)
    remaining = sum(dealing.remaining_pence for dealing in together)
    low = high = None
    width = remaining
    if clause.band is not None:
        low = clause.band.low.on(base)
        high = clause.band.high.on(base) if clause.band.high is not None else None
        top = measured if high is None else min(high, measured)
        width = _width(clause.threshold, low, top) if measured >= low else 0
    taken = min(width, remaining)
    each = [taken] if len(together) == 1 else _spread(taken, [dealing.remaining_pence for dealing in together])
    return [
        Take(clause.per, base, measured, remaining, low, high, width, dealing.remaining_pence, amount)
        for dealing, amount in zip(together, each, strict=True)
    ]


def _width(threshold: Threshold, low: int, top: int) -> int:
    """How much of what is measured counts, where it reaches `low`; `top` is it, or the band's high edge if less."""
    match threshold:
        case Threshold.EXCESS:
            return max(0, top - low)
        case Threshold.CLIFF:
            return top


def _spread(amount_pence: int, wanted: list[int]) -> list[int]:
    """An allocation that may be of nothing, and then may have no weights."""
    return allocate(amount_pence, wanted) if amount_pence else [0] * len(wanted)
