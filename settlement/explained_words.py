"""The short texts of an explanation: what is taken away, which clause, to where, at which ratio, which ledger line."""

from fractions import Fraction

from ledgers.lines import Line
from rules.agreement import On, Scheme, Use
from rules.language import message, say, say_many
from rules.money import pounds
from rules.outcome import DealtWith
from rules.trace import Part
from rules.waterfall import EXCLUDED, FROM_UNDERSPENDS, TO_OVERSPENDS
from settlement.ratios import percent_text


def coded_scheme(scheme: Scheme) -> str:
    """A scheme by its name and code."""
    return f"{scheme.name} ({scheme.code})"


def less(text: str) -> str:
    """What is taken away."""
    return say("Less: {what}", what=text)


_NOUNS_OF_GROUP = {
    On.QIPP_SHORTFALL: message("QIPP shortfall of {group}"),
    On.OVERSPEND: message("overspend of {group}"),
    On.DISBENEFIT: message("disbenefit of {group}"),
    On.UNDERSPEND: message("underspend of {group}"),
    On.BENEFIT: message("benefit of {group}"),
}


def noun_of_group(dealt: DealtWith) -> str:
    """An amount within a sentence, by its group's code."""
    return say(_NOUNS_OF_GROUP[dealt.subject.on], group=dealt.subject.group.code)


def net_due(name: str, pence: int) -> str:
    """Whether a partner pays or receives, and how much."""
    if not pence:
        return say("{partner} neither pays nor receives", partner=name)
    amount = pounds(abs(pence))
    if pence > 0:
        return say("{partner} pays {amount} net", partner=name, amount=amount)
    return say("{partner} receives {amount} net", partner=name, amount=amount)


def moved(dealt: DealtWith, part: Part) -> str:
    """A movement of a reserve."""
    clause, group = part.clause, dealt.subject.group.code
    if dealt.subject.on.is_gain:
        return say("Clause {clause} pays in for {group}", clause=clause, group=group)
    return say("Clause {clause} draws for {group}", clause=clause, group=group)


_DESTINATIONS = {
    str(Use.PARTNERS): message("partners"),
    str(Use.PROVISION): message("provision"),
    FROM_UNDERSPENDS: message("underspends"),
    TO_OVERSPENDS: message("overspends"),
}
_TO_RESERVE = message("reserve:{code}")


def destination(part: Part) -> str:
    """Where a part went, in the result's own words: `partners`, `reserve:RISK`."""
    if part.to in _DESTINATIONS:
        return say(_DESTINATIONS[part.to])
    return say(_TO_RESERVE, code=part.to.partition(":")[2])


def clause_name(part: Part) -> str:
    """What dealt with a part: `Clause 7.1`, or that its scheme is excluded."""
    return say("Excluded scheme") if part.clause == EXCLUDED else say("Clause {clause}", clause=part.clause)


def of_what(part: Part, column: int) -> str:
    """Of what a share is, and at which ratio: where caps moved it, the ratio is that before caps."""
    if part.sharing is None:
        return say("all of {amount}", amount=pounds(part.amount_pence))
    whole = part.sharing.weights.whole
    percent = percent_text(Fraction(whole[column], sum(whole)))
    amount = pounds(part.slice_pence)
    if any(turn.held for turn in part.sharing.rounds):
        return say("{percent} of {amount} before caps", percent=percent, amount=amount)
    return say("{percent} of {amount}", percent=percent, amount=amount)


def line_text(line: Line) -> str:
    """A ledger line: its number, period, day, file and row, and what it is about."""
    about = "; ".join(part for part in (line.reference, line.description) if part)
    words = [say("Line {number}", number=line.id), f"{line.period}"]
    if line.date:
        words[-1] += f" {line.date.isoformat()}"
    if line.belongs_to:
        words.append(say("belongs to {period}", period=line.belongs_to))
    if line.row is not None:
        words.append(say("{file} row {row}", file=line.file, row=line.row))
    text = ", ".join(words)
    return f"{text}: {about}" if about else text


def lines_left(count: int, *, is_more: bool) -> str:
    """The lines that are not told one by one; there are more of them where some are."""
    number = f"{count:,}"
    if is_more:
        return say_many("and {number} more line", "and {number} more lines", count, number=number)
    return say_many("{number} line", "{number} lines", count, number=number)
