"""What the page shows of a schedule, as values: a card for each clause, and what it does to the year's figures.

They are made where the schedule is settled, off the GUI thread: a sentence of a clause looks at every scheme.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from ledgers import Ledger
from rules.agreement import Agreement, Cap, Clause, Limit, Per, Scope
from rules.english import listed, quoted
from rules.groups import Subject
from rules.money import decimal, pounds
from rules.outcome import DealtWith
from rules.performance import Released
from rules.periods import Period
from rules.position import Position
from rules.problems import Problem, RefusedError
from rules.template_gaps import gaps
from rules.trace import Part
from rules.wording import cap_sentence, performance_sentence, sentence, succession_sentence
from settlement.comparing import Comparison, compare
from settlement.draft_files import draft_to_json
from settlement.drafting import Draft, Entry, checked, drafted, entry_at, tried
from settlement.effects import Effect, Idle, destination, effects_of, left_over
from settlement.sentences import SUBJECT_NAMES, base_name
from settlement.settle import Settlement, settle
from settlement.variations import differences, in_words
from ui import links
from ui.figures import exact
from ui.tables import Cell, Grid, figure
from ui.wording import doing, subject_name, unallocated_in_words

IN_FORCE = "In force"
_SUCCESSION = "Succession"
WHAT_TO_DO = "Add a clause for it, or widen one: until then the period cannot be signed."


_MEASURED = {
    Per.GROUP: "what nets together",
    Per.FUND: "each fund as a whole",
    Per.AGREEMENT: "the whole agreement",
}


class CardKind(Enum):
    """What a card is of."""

    CLAUSE = "clause"
    PERFORMANCE = "performance pay"
    SUCCESSION = "succession"
    UNALLOCATED = "unallocated"


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure on a card: what it is of, the pence, and what it opens on the Settlement page."""

    label: str
    pence: int
    target: object


@dataclass(frozen=True, slots=True)
class Card:
    """One card of the stack. `does` says in words what it does to the figures; `parts` are the amounts it dealt with.

    `facts` are the terms of a clause in a few words each, `caps` the sentences of its caps.
    """

    key: str
    kind: CardKind
    number: str
    title: str
    says: str
    does: str = ""
    facts: tuple[str, ...] = ()
    caps: tuple[str, ...] = ()
    figures: tuple[Shown, ...] = ()
    parts: tuple[tuple[DealtWith, Part | None], ...] = ()
    problems: tuple[str, ...] = ()
    enabled: bool = True

    @property
    def heading(self) -> str:
        """The number and the title."""
        return f"{self.number}: {self.title}" if self.number else self.title


@dataclass(frozen=True, slots=True)
class View:
    """A schedule on a position: its cards, the settlement (None if there is none), what is wrong with it.

    `problems` are those of no card; `unallocated` says what no clause deals with, a sentence for each amount.
    """

    agreement: Agreement
    position: Position
    cards: tuple[Card, ...]
    settlement: Settlement | None
    problems: tuple[str, ...] = ()
    unallocated: tuple[str, ...] = ()
    unallocated_pence: int = 0


@dataclass(frozen=True, slots=True)
class Beside:
    """A draft's view, and its settlement beside that of the schedule in force."""

    view: View
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Schedules compared at a period, and what each draft says that is not in force, in words."""

    comparison: Comparison
    differences: str
    position: Position


def view_in_force(ledger: Ledger, period: Period, *, outturn: bool) -> View:
    """The schedule in force at a period, on its figures."""
    with ledger.snapshot():
        agreement, position = ledger.agreement_at(period), ledger.position(period, outturn=outturn)
    settlement: Settlement | None = None
    problems: tuple[Problem, ...] = ()
    try:
        settlement = settle(agreement, position)
    except RefusedError as refused:
        problems = refused.problems
    # by the clauses' numbers, which links name them by
    as_drafted = drafted(agreement, IN_FORCE)
    draft_to_json(as_drafted)  # as it is kept once a draft is begun: what is around the clauses is written here
    entries = tuple(replace(entry, key=entry.clause.id) for entry in as_drafted.entries)
    return _view(replace(as_drafted, entries=entries, caps=()), agreement, settlement, position, problems)


def view_of_draft(draft: Draft, in_force: View) -> Beside:
    """A draft on the same figures, beside what is in force."""
    answer = tried(draft, in_force.position)
    view = _view(draft, draft.agreement, answer.settlement, in_force.position, answer.problems)
    return Beside(view, compare(((IN_FORCE, in_force.settlement), (draft.name, answer.settlement))))


def side_by_side(drafts: Sequence[Draft], in_force: View) -> SideBySide:
    """Drafts beside the schedule in force, on the same figures, with what each says that is not in force."""
    answers = [tried(draft, in_force.position) for draft in drafts]
    columns = [(IN_FORCE, in_force.settlement), *((each.draft.name, each.settlement) for each in answers)]
    texts = []
    for answer in answers:
        if answer.settlement is None:
            text = "\n".join(("It cannot be settled:", *(told(problem) for problem in answer.problems)))
        else:
            text = in_words(differences(in_force.agreement, checked(answer.draft))) or "The same as what is in force."
        texts.append(f"{answer.draft.name}\n{text}")
    return SideBySide(compare(columns), "\n\n".join(texts), in_force.position)


def told(problem: Problem) -> str:
    """A problem of a draft as its card says it: a sentence, of a cap named as one."""
    of_cap = "Its cap: " if problem.place.startswith("cap") else ""
    return f"{of_cap}{problem.message}." if of_cap else f"{problem.message[:1].upper()}{problem.message[1:]}."


def _view(
    draft: Draft,
    agreement: Agreement,
    settlement: Settlement | None,
    position: Position,
    problems: Iterable[Problem],
) -> View:
    at_cards: dict[str | None, list[str]] = {}
    for problem in problems:
        at_cards.setdefault(entry_at(draft, problem), []).append(told(problem))
    effects = {} if settlement is None else {effect.clause: effect for effect in effects_of(settlement)}
    cards = [
        _clause_card(
            entry,
            agreement,
            effects.get(entry.clause.id) if entry.enabled else None,
            settlement,
            position.period,
            tuple(at_cards.get(entry.key, ())),
        )
        for entry in draft.entries
    ]
    cards += _performance_cards(agreement, settlement)
    cards += [
        Card(
            f"succession {partner.code}", CardKind.SUCCESSION, "", "Succession", succession_sentence(partner, agreement)
        )
        for partner in agreement.partners
        if partner.since is not None
    ]
    cards.append(_unallocated_card(settlement, agreement, position.period))
    return View(
        agreement=agreement,
        position=position,
        cards=tuple(cards),
        settlement=settlement,
        problems=tuple(at_cards.get(None, ())),
        unallocated=() if settlement is None else tuple(unallocated_in_words(settlement)),
        unallocated_pence=0 if settlement is None else settlement.outcome.unallocated_pence,
    )


def _clause_card(
    entry: Entry,
    agreement: Agreement,
    effect: Effect | None,
    settlement: Settlement | None,
    period: Period,
    problems: tuple[str, ...],
) -> Card:
    clause = entry.clause
    caps = tuple(cap for cap in agreement.caps if clause.id in cap.clauses)
    if not entry.enabled:
        does = "Disabled: it is kept in the draft and left out of the agreement."
    elif effect is None or settlement is None:
        does = "It has no figures until what is wrong is put right."
    else:
        does = _does(effect, clause, settlement, period)
    return Card(
        key=entry.key,
        kind=CardKind.CLAUSE,
        number=clause.id,
        title=clause.title,
        says=_sentence(clause, agreement),
        does=does,
        facts=facts_of(clause, caps),
        caps=tuple(cap_sentence(cap, agreement) for cap in caps),
        figures=() if effect is None or settlement is None else tuple(_figures(effect, clause, settlement)),
        parts=() if effect is None else effect.parts,
        problems=problems,
        enabled=entry.enabled,
    )


def _sentence(clause: Clause, agreement: Agreement) -> str:
    try:
        return sentence(clause, agreement)
    except (KeyError, RuntimeError, StopIteration):
        # a draft may name what the agreement no longer has; its problem says so, at the same card
        return "It names what the agreement does not have."


def facts_of(clause: Clause, caps: Sequence[Cap]) -> tuple[str, ...]:
    """The terms of a clause in a few words each: what it is on, its scope, its band, its caps."""
    name = SUBJECT_NAMES[clause.on]
    facts = [f"On {name}s", f"Scope: {scope_in_words(clause.scope)}"]
    if clause.band is not None:
        high = "" if clause.band.high is None else f" to {limit_in_words(clause.band.high, clause)}"
        facts.append(f"Band: from {limit_in_words(clause.band.low, clause)}{high}, measured on {_MEASURED[clause.per]}")
    if caps:
        facts.append(
            f"{len(caps)} cap{'s' if len(caps) > 1 else ''}: {listed(dict.fromkeys(cap.partner for cap in caps))}"
        )
    return tuple(facts)


def scope_in_words(scope: Scope) -> str:
    """What a scope selects: `everything`, `fund POOL1; core services`."""
    told_parts = []
    for name, values in (("fund", scope.fund), ("scheme", scope.scheme), ("tier", scope.tier), ("tag", scope.tag)):
        if values:
            plural = "s" if len(values) > 1 else ""
            told_parts.append(f"{name}{plural} {listed(map(str, values), 'or')}")
    if scope.service:
        told_parts.append(f"{listed(map(str, scope.service), 'or')} services")
    return "; ".join(told_parts) or "everything"


def limit_in_words(limit: Limit, clause: Clause) -> str:
    """`£250,000.00`, `2% of budget`."""
    if limit.percent is None:
        return pounds(limit.pence or 0)
    return f"{decimal(limit.percent)}% of {base_name(clause.on)}"


def _does(effect: Effect, clause: Clause, settlement: Settlement, period: Period) -> str:
    name = SUBJECT_NAMES[clause.on]
    if effect.idle is not None:
        why = {
            Idle.NO_SUBJECT: f"there is no {name} in its scope",
            Idle.BELOW_BAND: f"no {name} in its scope reaches its band",
            Idle.NOTHING_LEFT: f"the clauses before it deal with every {name} in its scope",
            Idle.USED_UP: "what it looks to (a reserve, underspends, room under a cap) has nothing to give",
        }[effect.idle]
        return f"Does nothing at {period}: {why}."
    amounts = len({id(dealt) for dealt, part in effect.parts if dealt.subject.on is clause.on})
    of_what = f"{name}s ({amounts} amounts)" if amounts > 1 else f"{name}"
    when = "in the forecast outturn" if settlement.is_outturn else f"at {period}"
    caps = "The caps of {} hold." if len(effect.held) > 1 else "The cap of {} holds."
    held = f" {caps.format(listed(effect.held))}" if effect.held else ""
    return f"Deals with {exact(effect.amount_pence)} of {of_what} {when}.{held}"


def _figures(effect: Effect, clause: Clause, settlement: Settlement) -> Iterable[Shown]:
    if not effect.parts:
        return
    target = links.Subject(_largest(effect).group.code, clause.on)
    yield Shown("Dealt with", effect.amount_pence, target)
    for to, pence in effect.elsewhere:
        name = destination(settlement.agreement, to)
        yield Shown(f"Reserve {quoted(name)}" if name else "From underspends", pence, target)
    if any(part.shares_pence is not None for _, part in effect.parts):
        for partner, pence in zip(settlement.agreement.partners, effect.shares_pence, strict=True):
            yield Shown(partner.code, pence, target)


def _largest(effect: Effect) -> Subject:
    own = [(part.amount_pence, dealt.subject) for dealt, part in effect.parts]
    return max(own, key=lambda each: each[0])[1]


def _performance_cards(agreement: Agreement, settlement: Settlement | None) -> list[Card]:
    released = {} if settlement is None else {each.element.id: each for each in settlement.outcome.performance}
    return [
        Card(
            key=f"performance {element.id}",
            kind=CardKind.PERFORMANCE,
            number=element.id,
            title=element.title,
            says=performance_sentence(element, agreement),
            does=_released(released.get(element.id)),
            figures=_performance_figures(released.get(element.id)),
        )
        for element in agreement.performance
    ]


def _released(released: Released | None) -> str:
    if released is None:
        return ""
    if released.achieved is None:
        return "Releases nothing: nothing is measured yet."
    return f"Holds {exact(released.held_pence)}, of which {exact(released.released_pence)} is released."


def _performance_figures(released: Released | None) -> tuple[Shown, ...]:
    if released is None:
        return ()
    target = links.Figure(released.element.payer, "contribution_due")
    return (
        Shown("Held", released.held_pence, target),
        Shown("Released", released.released_pence, target),
        Shown("Withheld", released.withheld_pence, target),
    )


def _unallocated_card(settlement: Settlement | None, agreement: Agreement, period: Period) -> Card:
    key, kind = "unallocated", CardKind.UNALLOCATED
    to_come = gaps(agreement)
    if settlement is None:
        says = "Whether any amount is left over is not known until what is wrong is put right."
        return Card(key, kind, "", "Unallocated", says, facts=to_come)
    left = left_over(settlement)
    if not left:
        says = f"Nothing: the schedule deals with every amount at {period}."
        return Card(key, kind, "", "Unallocated", says, facts=to_come)
    return Card(
        key,
        kind,
        "",
        f"Unallocated: {exact(settlement.outcome.unallocated_pence)}",
        "\n".join(unallocated_in_words(settlement)),
        WHAT_TO_DO,
        facts=to_come,
        figures=tuple(
            Shown(
                subject_name(dealt, settlement),
                dealt.unallocated_pence,
                links.Subject(dealt.subject.group.code, dealt.subject.on),
            )
            for dealt in left
        ),
        parts=tuple((dealt, None) for dealt in left),
    )


def parts_grid(card: Card, settlement: Settlement) -> Grid:
    """What a clause did amount by amount: where each went, and each partner's share of it."""
    agreement = settlement.agreement
    codes = [partner.code for partner in agreement.partners]
    rows = []
    for dealt, part in card.parts:
        if part is None:
            cells = [Cell("Left with the host"), figure(dealt.unallocated_pence), *(Cell("") for _ in codes)]
        else:
            shares = part.shares_pence
            of_each = [figure(share) for share in shares] if shares is not None else [Cell("") for _ in codes]
            cells = [Cell(doing(part, dealt.subject.on, agreement)), figure(part.amount_pence), *of_each]
        rows.append((Cell(subject_name(dealt, settlement)), *cells))
    headings = ("Amount of", "What is done with it", "Dealt with", *codes)
    return Grid(headings, tuple(rows), frozenset(range(2, len(headings))))
