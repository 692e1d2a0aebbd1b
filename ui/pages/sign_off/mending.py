"""Where what a check found is mended: a page, what to show of it, and what the button that leads there says."""

from typing import NamedTuple

from ledgers import Finding
from ledgers.auditing import CLOSED, CODE, DAMAGE, DOCUMENT, FROM, KEPT, LATE, TRAIL, VIREMENT
from ledgers.checks import CONTROL, MEASURE
from rules.agreement import Agreement, Kind
from rules.periods import Period
from ui import links
from ui.links import Lines, Link, PartOf


class Mended(NamedTuple):
    """Where it is mended. `says` is the button's text, the same for everything that leads to one page."""

    link: Link
    says: str


def mended(finding: Finding, agreement: Agreement, period: Period) -> Mended:
    """Where to go about a finding."""
    at = finding.period or period
    why = finding.message[:1].upper() + finding.message[1:]
    match finding.check:
        case check if check == CONTROL:
            found = Mended(Link(links.LEDGER, _controlled(finding, agreement, at, why)), "Show the lines")
        case check if check == VIREMENT:
            found = Mended(Link(links.LEDGER, Lines(kind=Kind.VIREMENT, upto=at, why=why)), "Show the lines")
        case check if check == LATE:
            found = Mended(Link(links.LEDGER, Lines(period=at, late=True, why=why)), "Show the lines")
        case check if check == CLOSED:
            found = Mended(Link(links.LEDGER, Lines(period=at, why=why)), "Show the lines")
        case check if check == CODE:
            found = Mended(Link(links.AGREEMENT, PartOf("schemes")), "Open the agreement")
        case check if check == FROM:
            found = Mended(Link(links.AGREEMENT, PartOf("partners")), "Open the agreement")
        case check if check == MEASURE:
            found = Mended(Link(links.AGREEMENT), "Open the agreement")
        case check if check in {KEPT, TRAIL, DOCUMENT}:
            found = Mended(Link(links.AUDIT), "Open Audit")
        case check if check == DAMAGE:
            found = Mended(Link(links.OPTIONS), "Open backups")
        case _:  # unallocated amounts, and figures that the agreement cannot be applied to
            found = Mended(Link(links.RISK_SHARE), "Open Risk share")
    return found


def _controlled(finding: Finding, agreement: Agreement, at: Period, why: str) -> Lines:
    """The lines of the control total that does not agree, as near as the register can be asked for them."""
    control = next(
        (
            each
            for each in agreement.controls
            if each.period == at and each.amount_pence == finding.expected_pence and f" {each.kind}" in finding.message
        ),
        None,
    )
    if control is None:
        return Lines(upto=at, why=why)
    return Lines(upto=at, kind=control.kind, scheme=control.scheme or None, partner=control.partner or None, why=why)
