"""Each clause, cap, performance element and succession as a plain English sentence that a lawyer would recognise.

The sentence is made from the clause's values, never kept beside them: what is read is what is calculated.
"""

from fractions import Fraction

from rules.agreement import (
    Agreement,
    Beyond,
    By,
    Cap,
    Clause,
    DrawOn,
    Mode,
    Partner,
    Performance,
    Share,
    Slice,
    Use,
)
from rules.english import day, listed, quoted
from rules.language import message, say, say_many
from rules.money import decimal, pounds
from rules.wording_subjects import Subject, are_together, fund_named, groups_concerned, subject_of

_IN_PROPORTION = {
    By.POOLED: message("in proportion to contributions to pooled funds"),
    By.CORE: message("in proportion to contributions to core services"),
    By.FUND: message("in proportion to contributions to the fund"),
}
_OF_THE_SCHEME = {
    By.RESPONSIBLE: message("the responsible partner of the scheme"),
    By.LEAD: message("the lead commissioner of the scheme"),
}
_OF_EACH_SCHEME = {
    By.RESPONSIBLE: message("the responsible partner of each scheme"),
    By.LEAD: message("the lead commissioner of each scheme"),
}
# by whether what is shared is a gain
_BY_VARIANCES = {
    (By.RESPONSIBLE, True): message(
        "between the responsible partners in proportion to the favourable variances of their schemes"
    ),
    (By.RESPONSIBLE, False): message(
        "between the responsible partners in proportion to the adverse variances of their schemes"
    ),
    (By.LEAD, True): message(
        "between the lead commissioners in proportion to the favourable variances of their schemes"
    ),
    (By.LEAD, False): message("between the lead commissioners in proportion to the adverse variances of their schemes"),
}
# by whether the subject is plural, and is parted by a comma from what follows
_IS = {
    (False, False): message("{subject} is {treated}"),
    (True, False): message("{subject} are {treated}"),
    (False, True): message("{subject}, is {treated}"),
    (True, True): message("{subject}, are {treated}"),
}
_WHOLE = Fraction(100)
_PAIR = 2


def sentence(clause: Clause, agreement: Agreement) -> str:
    """The clause in a sentence or two, with the caps on it; partners go by their codes, amounts in pounds and pence.

    An agreement that `rules.reading` refuses may hold codes that are not declared; for those, KeyError.
    """
    subject = subject_of(clause, agreement)
    caps = _caps(clause, agreement)
    if len(clause.slices) == 1 and clause.slices[0].percent == _WHOLE:
        said = _capital(_is(subject, _goes(clause.slices[0], clause, subject, agreement)))
        return "; ".join([said, *caps]) + "."
    amount = Subject("", is_plural=False)
    *first, last = (
        say("{percent}% is {treated}", percent=decimal(part.percent), treated=_goes(part, clause, amount, agreement))
        for part in clause.slices
    )
    parts = "; ".join([*first, say("and {part}", part=last) if first else last])
    split = _capital(_is(subject, say("divided: {parts}", parts=parts)))
    return " ".join(f"{_capital(text)}." for text in (split, *caps))


def _is(subject: Subject, treated: str) -> str:
    return say(_IS[subject.is_plural, subject.has_pause], subject=subject.text, treated=treated)


def cap_sentence(cap: Cap, agreement: Agreement) -> str:
    """The most that a partner bears, or receives, under some clauses in the year, and who takes what is beyond."""
    is_gain = agreement.clause_of[cap.clauses[0]].on.is_gain
    return say_many(
        "Under clause {clauses}, {most}; {beyond}.",
        "Under clauses {clauses} together, {most}; {beyond}.",
        len(cap.clauses),
        clauses=listed(cap.clauses),
        most=_most(cap, agreement, is_gain=is_gain),
        beyond=_beyond(cap, is_gain=is_gain),
    )


def performance_sentence(element: Performance, agreement: Agreement) -> str:
    """What is held back of the payer's contribution, and what releases it (arithmetic.md, Performance pay)."""
    held = say(
        "{amount} of {payer}’s contribution to the scheme {scheme} of {fund} is held back",
        amount=pounds(element.held_pence),
        payer=element.payer,
        scheme=quoted(agreement.scheme_of[element.scheme].name),
        fund=fund_named(element.fund, agreement),
    )
    measure = quoted(element.measure)
    if element.mode is Mode.ALL_OR_NOTHING:
        return say(
            "{held}; all of it is released if the measure {measure} is reduced from its baseline to its target, and "
            "otherwise none.",
            held=held,
            measure=measure,
        )
    if element.rate_pence is not None:
        return say(
            "{held}; {rate} of it is released for each unit by which the measure {measure} is below its baseline, up "
            "to the whole.",
            held=held,
            rate=pounds(element.rate_pence),
            measure=measure,
        )
    return say(
        "{held}; it is released in proportion to the reduction of the measure {measure} from its baseline that is "
        "achieved, up to the whole once the target is reached.",
        held=held,
        measure=measure,
    )


def succession_sentence(partner: Partner, agreement: Agreement) -> str:
    """From when the partner is one, and in whose place it stands."""
    name = _named(partner)
    if partner.since is None:
        return say("{name} is a partner for the whole of {year}.", name=name, year=agreement.year)
    # a period begins on the first of a month; from a day inside one, the succession waits for the next
    at_once = partner.since.day == 1
    when = day(partner.since)
    if not partner.succeeds:
        if at_once:
            return say("From {day} {name} is a partner.", day=when, name=name)
        return say("From the first period that begins after {day} {name} is a partner.", day=when, name=name)
    before = listed(_named(agreement.partner_of[code]) for code in partner.succeeds)
    if at_once:
        return say("From {day} {name} stands in the place of {predecessors}.", day=when, name=name, predecessors=before)
    return say(
        "From the first period that begins after {day} {name} stands in the place of {predecessors}.",
        day=when,
        name=name,
        predecessors=before,
    )


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
        if clause.draw_on is DrawOn.AGREEMENT:
            return say("met from underspends anywhere in the agreement, as far as they go")
        return say("met from underspends in the same fund, as far as they go")
    return say("left to the clauses that follow")


def _shared(share: Share, use: Use, clause: Clause, subject: Subject, agreement: Agreement) -> str:
    if use is Use.PROVISION:
        return _provided(share, clause, subject, agreement)
    if share.by is By.INCURRED:
        return say("left where they fell") if subject.is_plural else say("left where it fell")
    bearer = _bearer(share, clause, agreement)
    if bearer:
        return (
            say("kept by {partner}", partner=bearer) if clause.on.is_gain else say("borne by {partner}", partner=bearer)
        )
    return say("shared {terms}", terms=_terms(share, clause, agreement))


def _provided(share: Share, clause: Clause, subject: Subject, agreement: Agreement) -> str:
    if share.by is By.INCURRED:
        if subject.is_plural:
            return say("set aside where they fell as a provision against each partner’s own exposure")
        return say("set aside where it fell as a provision against each partner’s own exposure")
    bearer = _bearer(share, clause, agreement)
    if bearer:
        return say("set aside for {partner} as a provision against that partner’s own exposure", partner=bearer)
    terms = _terms(share, clause, agreement)
    return say("set aside as a provision against each partner’s own exposure, {terms}", terms=terms)


def _reserve(code: str, clause: Clause, agreement: Agreement) -> str:
    reserve = next(reserve for reserve in agreement.reserves if reserve.code == code)
    name, balance = quoted(reserve.name), pounds(reserve.opening_pence)
    if not clause.on.is_gain:
        return say(
            "met from the reserve {name} (opening balance {balance}), as far as it lasts", name=name, balance=balance
        )
    if not reserve.opening_pence:
        return say("retained in the reserve {name}", name=name)
    return say("retained in the reserve {name} (opening balance {balance})", name=name, balance=balance)


def _bearer(share: Share, clause: Clause, agreement: Agreement) -> str:
    """The partner that has the whole of what is shared; nothing if the basis divides it."""
    if share.by is By.HOST:
        return say("the host partner")
    if share.by is By.PARTNER:
        return share.name
    if share.by in _OF_THE_SCHEME and _has_one_scheme(clause, agreement):
        return say((_OF_EACH_SCHEME if are_together(clause, agreement) else _OF_THE_SCHEME)[share.by])
    weighed = [code for code, weight in share.weights if weight]
    return weighed[0] if len(weighed) == 1 else ""


def _terms(share: Share, clause: Clause, agreement: Agreement) -> str:
    """By what the partners share: what follows `shared`."""
    if share.by is By.FIXED:
        return _fixed(share)
    if share.by is By.BASIS:
        return _by_basis(share, agreement)
    if share.by in _OF_THE_SCHEME:
        return say(_BY_VARIANCES[share.by, clause.on.is_gain])
    terms = say(_IN_PROPORTION[share.by]) if share.by in _IN_PROPORTION else _by_scheme(clause, agreement)
    return say("{terms} as first agreed", terms=terms) if share.at_opening else terms


def _by_scheme(clause: Clause, agreement: Agreement) -> str:
    if not _has_one_scheme(clause, agreement):
        return say("in proportion to contributions to the schemes concerned")
    if are_together(clause, agreement):
        return say("in proportion to contributions to each scheme")
    return say("in proportion to contributions to the scheme")


def _by_basis(share: Share, agreement: Agreement) -> str:
    basis = next(basis for basis in agreement.bases if basis.name == share.name)
    name = basis.name.replace("_", " ")
    amounts = listed(f"{code} {pounds(amount_pence)}" for code, amount_pence in basis.amounts_pence)
    if not amounts:
        return say("in proportion to each partner’s {basis}", basis=name)
    return say("in proportion to each partner’s {basis} ({amounts})", basis=name, amounts=amounts)


def _fixed(share: Share) -> str:
    weights = [(code, weight) for code, weight in share.weights if weight]
    if not weights:
        return say("by weights that are all nought")
    if sum(weight for _, weight in weights) == _WHOLE:
        return listed(say("{percent}% to {partner}", percent=decimal(weight), partner=code) for code, weight in weights)
    codes = listed(code for code, _ in weights)
    ratio = " : ".join(decimal(weight) for _, weight in weights)
    if len(weights) == _PAIR:
        return say("between {partners} in the ratio {ratio}", partners=codes, ratio=ratio)
    return say("among {partners} in the ratio {ratio}", partners=codes, ratio=ratio)


def _has_one_scheme(clause: Clause, agreement: Agreement) -> bool:
    """Whether what is shared is of one scheme at a time; where several net together no one of them decides."""
    return all(len(group.schemes) == 1 for group in groups_concerned(clause, agreement))


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
        first, *more = caps
        most = listed(
            (
                _most(first, agreement, is_gain=is_gain),
                *(
                    say("{partner} at most {limit} a year", partner=cap.partner, limit=_limit(cap, agreement))
                    for cap in more
                ),
            )
        )
        others = [code for code in ids if code != clause.id]
        if others:
            most = say_many(
                "{most} under this clause and clause {clauses} together",
                "{most} under this clause and clauses {clauses} together",
                len(others),
                most=most,
                clauses=listed(others),
            )
        told.append(most)
        if beyond is not Beyond.OTHERS:
            told.append(_beyond(first, is_gain=is_gain))
    return told


def _most(cap: Cap, agreement: Agreement, *, is_gain: bool) -> str:
    limit = _limit(cap, agreement)
    if is_gain:
        return say("{partner} receives at most {limit} a year", partner=cap.partner, limit=limit)
    return say("{partner} bears at most {limit} a year", partner=cap.partner, limit=limit)


def _limit(cap: Cap, agreement: Agreement) -> str:
    if cap.limit.percent is None:
        return pounds(cap.limit.pence or 0)
    percent = decimal(cap.limit.percent)
    if not cap.of:
        return say("{percent}% of its contribution to pooled funds", percent=percent)
    return say("{percent}% of its contribution to {fund}", percent=percent, fund=fund_named(cap.of, agreement))


def _beyond(cap: Cap, *, is_gain: bool) -> str:
    match cap.beyond:
        case Beyond.OTHERS if is_gain:
            return say("the other partners receive anything beyond that")
        case Beyond.OTHERS:
            return say("the other partners bear anything beyond that")
        case Beyond.NEXT:
            return say("anything beyond that is left to the clauses that follow")
        case _:
            bearer = say("the host partner") if cap.beyond is Beyond.HOST else cap.bearer
            if is_gain:
                return say("{partner} receives anything beyond that", partner=bearer)
            return say("{partner} bears anything beyond that", partner=bearer)
