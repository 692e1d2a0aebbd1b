"""Each clause, cap, performance element and succession as a plain English sentence that a lawyer would recognise.

The sentence is made from the clause's values, never kept beside them: what is read is what is calculated.
"""

from collections.abc import Iterable
from fractions import Fraction

from rules.agreement import (
    Agreement,
    Beyond,
    By,
    Cap,
    Clause,
    DrawOn,
    Limit,
    Mode,
    Partner,
    Performance,
    Share,
    Slice,
    Use,
)
from rules.english import day, listed, quoted
from rules.money import decimal, pounds
from rules.wording_subjects import Subject, are_together, fund_named, groups_concerned, subject_of

_CONTRIBUTIONS_TO = {By.POOLED: "pooled funds", By.CORE: "core services", By.FUND: "the fund"}
_ROLES = {By.RESPONSIBLE: "responsible partner", By.LEAD: "lead commissioner"}
_NEXT = "left to the clauses that follow"
_WHOLE = Fraction(100)
_PAIR = 2


def sentence(clause: Clause, agreement: Agreement) -> str:
    """The clause in a sentence or two, with the caps on it; partners go by their codes, amounts in pounds and pence.

    An agreement that `rules.reading` refuses may hold codes that are not declared; for those, KeyError.
    """
    subject = subject_of(clause, agreement)
    begun = f"{_capital(subject.text)} {'are' if subject.is_plural else 'is'}"
    caps = _caps(clause, agreement)
    if len(clause.slices) == 1 and clause.slices[0].percent == _WHOLE:
        return "; ".join([f"{begun} {_goes(clause.slices[0], clause, subject, agreement)}", *caps]) + "."
    amount = Subject("", is_plural=False)
    *first, last = (f"{decimal(part.percent)}% is {_goes(part, clause, amount, agreement)}" for part in clause.slices)
    split = f"{begun} divided: {'; '.join([*first, f'and {last}' if first else last])}."
    return " ".join([split, *(f"{_capital(cap)}." for cap in caps)])


def cap_sentence(cap: Cap, agreement: Agreement) -> str:
    """The most that a partner bears, or receives, under some clauses in the year, and who takes what is beyond."""
    is_gain = agreement.clause_of[cap.clauses[0]].on.is_gain
    under = f"{_clauses(cap.clauses)}{' together' if len(cap.clauses) > 1 else ''}"
    most = f"{cap.partner} {'receives' if is_gain else 'bears'} {_most(cap, agreement)}"
    return f"Under {under}, {most}; {_beyond(cap, is_gain=is_gain)}."


def performance_sentence(element: Performance, agreement: Agreement) -> str:
    """What is held back of the payer's contribution, and what releases it (arithmetic.md, Performance pay)."""
    scheme = quoted(agreement.scheme_of[element.scheme].name)
    of_fund = fund_named(element.fund, agreement)
    held = f"{pounds(element.held_pence)} of {element.payer}’s contribution to the scheme {scheme} of {of_fund}"
    measure = f"the measure {quoted(element.measure)}"
    if element.mode is Mode.ALL_OR_NOTHING:
        released = f"all of it is released if {measure} is reduced from its baseline to its target, and otherwise none"
    elif element.rate_pence is not None:
        rate = pounds(element.rate_pence)
        released = f"{rate} of it is released for each unit by which {measure} is below its baseline, up to the whole"
    else:
        reduced = f"the reduction of {measure} from its baseline that is achieved"
        released = f"it is released in proportion to {reduced}, up to the whole once the target is reached"
    return f"{held} is held back; {released}."


def succession_sentence(partner: Partner, agreement: Agreement) -> str:
    """From when the partner is one, and in whose place it stands."""
    name = _named(partner)
    if partner.since is None:
        return f"{name} is a partner for the whole of {agreement.year}."
    # a period begins on the first of a month; from a day inside one, the succession waits for the next
    when = f"From {day(partner.since)}"
    if partner.since.day != 1:
        when = f"From the first period that begins after {day(partner.since)}"
    if not partner.succeeds:
        return f"{when} {name} is a partner."
    predecessors = listed(_named(agreement.partner_of[code]) for code in partner.succeeds)
    return f"{when} {name} stands in the place of {predecessors}."


def _named(partner: Partner) -> str:
    return f"{partner.name} ({partner.code})"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _goes(part: Slice, clause: Clause, subject: Subject, agreement: Agreement) -> str:
    """Where a slice goes, as what follows `is` or `are`."""
    if part.share is not None:
        return _shared(part.share, part.use, clause, subject, agreement)
    if part.use is Use.RESERVE:
        return _reserve(part.reserve, clause, agreement)
    if part.use is Use.UNDERSPENDS:
        whose = "anywhere in the agreement" if clause.draw_on is DrawOn.AGREEMENT else "in the same fund"
        return f"met from underspends {whose}, as far as they go"
    return _NEXT


def _shared(share: Share, use: Use, clause: Clause, subject: Subject, agreement: Agreement) -> str:
    fell = f"where {'they' if subject.is_plural else 'it'} fell"
    bearer = _bearer(share, clause, agreement)
    if use is Use.PROVISION:
        provision = "as a provision against each partner’s own exposure"
        if share.by is By.INCURRED:
            return f"set aside {fell} {provision}"
        if bearer:
            return f"set aside for {bearer} as a provision against that partner’s own exposure"
        return f"set aside {provision}, {_terms(share, clause, agreement)}"
    if share.by is By.INCURRED:
        return f"left {fell}"
    if bearer:
        return f"{'kept' if clause.on.is_gain else 'borne'} by {bearer}"
    return f"shared {_terms(share, clause, agreement)}"


def _reserve(code: str, clause: Clause, agreement: Agreement) -> str:
    reserve = next(reserve for reserve in agreement.reserves if reserve.code == code)
    balance = f" (opening balance {pounds(reserve.opening_pence)})"
    if clause.on.is_gain:
        return f"retained in the reserve {quoted(reserve.name)}{balance if reserve.opening_pence else ''}"
    return f"met from the reserve {quoted(reserve.name)}{balance}, as far as it lasts"


def _bearer(share: Share, clause: Clause, agreement: Agreement) -> str:
    """The partner that has the whole of what is shared; nothing if the basis divides it."""
    if share.by is By.HOST:
        return "the host partner"
    if share.by is By.PARTNER:
        return share.name
    by_scheme = _the_scheme(clause, agreement)
    if share.by in _ROLES and by_scheme:
        return f"the {_ROLES[share.by]} of {by_scheme}"
    weighed = [code for code, weight in share.weights if weight]
    return weighed[0] if len(weighed) == 1 else ""


def _terms(share: Share, clause: Clause, agreement: Agreement) -> str:
    """By what the partners share: what follows `shared`."""
    if share.by is By.FIXED:
        return _fixed(share)
    if share.by is By.BASIS:
        basis = next(basis for basis in agreement.bases if basis.name == share.name)
        amounts = listed(f"{code} {pounds(amount_pence)}" for code, amount_pence in basis.amounts_pence)
        return f"in proportion to each partner’s {basis.name.replace('_', ' ')}{f' ({amounts})' if amounts else ''}"
    if share.by in _ROLES:
        variances = f"{'favourable' if clause.on.is_gain else 'adverse'} variances"
        return f"between the {_ROLES[share.by]}s in proportion to the {variances} of their schemes"
    to = _CONTRIBUTIONS_TO.get(share.by) or _the_scheme(clause, agreement) or "the schemes concerned"
    return f"in proportion to contributions to {to}{' as first agreed' if share.at_opening else ''}"


def _fixed(share: Share) -> str:
    weights = [(code, weight) for code, weight in share.weights if weight]
    if not weights:
        return "by weights that are all nought"
    if sum(weight for _, weight in weights) == _WHOLE:
        return listed(f"{decimal(weight)}% to {code}" for code, weight in weights)
    between = "between" if len(weights) == _PAIR else "among"
    ratio = " : ".join(decimal(weight) for _, weight in weights)
    return f"{between} {listed(code for code, _ in weights)} in the ratio {ratio}"


def _the_scheme(clause: Clause, agreement: Agreement) -> str:
    """The scheme that what is shared is of; nothing where several net together and no one of them decides."""
    if any(len(group.schemes) > 1 for group in groups_concerned(clause, agreement)):
        return ""
    return "each scheme" if are_together(clause, agreement) else "the scheme"


def _caps(clause: Clause, agreement: Agreement) -> list[str]:
    """What the caps on a clause come to, those together that differ in the partner and the amount only."""
    if not any(part.share for part in clause.slices):
        return []
    alike: dict[tuple[tuple[str, ...], Beyond, str], list[Cap]] = {}
    for cap in agreement.caps:
        if clause.id in cap.clauses:
            alike.setdefault((cap.clauses, cap.beyond, cap.bearer), []).append(cap)
    is_gain = clause.on.is_gain
    told = []
    for (ids, beyond, _), caps in alike.items():
        others = [code for code in ids if code != clause.id]
        under = f" under this clause and {_clauses(others)} together" if others else ""
        verb = "receives" if is_gain else "bears"
        most = listed(
            f"{cap.partner}{'' if index else f' {verb}'} {_most(cap, agreement)}" for index, cap in enumerate(caps)
        )
        told.append(f"{most}{under}")
        if beyond is not Beyond.OTHERS:
            told.append(_beyond(caps[0], is_gain=is_gain))
    return told


def _clauses(ids: Iterable[str]) -> str:
    named = list(ids)
    return f"{'clause' if len(named) == 1 else 'clauses'} {listed(named)}"


def _most(cap: Cap, agreement: Agreement) -> str:
    return f"at most {_limit(cap.limit, cap.of, agreement)} a year"


def _limit(limit: Limit, fund: str, agreement: Agreement) -> str:
    if limit.percent is None:
        return pounds(limit.pence or 0)
    of = fund_named(fund, agreement) if fund else "pooled funds"
    return f"{decimal(limit.percent)}% of its contribution to {of}"


def _beyond(cap: Cap, *, is_gain: bool) -> str:
    verb = "receive" if is_gain else "bear"
    match cap.beyond:
        case Beyond.OTHERS:
            return f"the other partners {verb} anything beyond that"
        case Beyond.NEXT:
            return f"anything beyond that is {_NEXT}"
        case Beyond.HOST:
            return f"the host partner {verb}s anything beyond that"
        case Beyond.PARTNER:
            return f"{cap.bearer} {verb}s anything beyond that"
