"""What must hold between the parts of an agreement: codes alone say nothing of it (formats.md).

Parts come with the place of their table, for the messages. Only sound parts come: what is wrong inside a table
has been said already, and what would need a part that is missing is left unsaid.
"""

from collections import Counter
from dataclasses import dataclass

from rules.agreement import Agreement, Cap, Clause, Fund, Netting, Partner, Performance, Scheme, Service
from rules.english import listed
from rules.groups import groups_of
from rules.periods import FinancialYear
from rules.reading_tables import Reading


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of an agreement that bear on each other, each by the place of its table."""

    partners: dict[str, Partner]
    funds: dict[str, Fund]
    schemes: dict[str, Scheme]
    clauses: dict[str, Clause]
    caps: dict[str, Cap]
    performance: dict[str, Performance]
    has_every_scheme: bool


def check_between(parts: Parts, reading: Reading) -> None:
    """Note on the reading everything that does not hold between these parts."""
    _check_succession(parts.partners, reading)
    _check_influenced(parts, reading)
    # a scheme that could not be read may be the very one that completes a group
    if parts.has_every_scheme:
        _check_scopes(parts, reading)
    _check_caps(parts, reading)
    scheme_of = {scheme.code: scheme for scheme in parts.schemes.values()}
    for place, element in parts.performance.items():
        scheme = scheme_of.get(element.scheme)
        if scheme is not None and scheme.fund != element.fund:
            message = f"scheme {scheme.code} is in fund {scheme.fund}, not in {element.fund}"
            reading.refuse(f"{place}.scheme", f"{message}; name a scheme of the fund, or its own fund")


def _check_succession(partners: dict[str, Partner], reading: Reading) -> None:
    """Each partner has one successor at most, and no partner comes to succeed itself."""
    successor_of: dict[str, str] = {}
    for place, partner in partners.items():
        for code in partner.succeeds:
            if code == partner.code:
                reading.refuse(f"{place}.succeeds", f"{code} cannot succeed itself; take it out of the list")
            elif code in successor_of:
                message = f"{code} is already succeeded by {successor_of[code]}; a partner has one successor"
                reading.refuse(f"{place}.succeeds", message)
            else:
                successor_of[code] = partner.code
    in_a_circle: set[str] = set()
    for place, partner in partners.items():
        chain = [partner.code]
        while chain[-1] in successor_of and successor_of[chain[-1]] not in chain:
            chain.append(successor_of[chain[-1]])
        # of each circle one partner tells
        if successor_of.get(chain[-1]) == partner.code and partner.code not in in_a_circle:
            in_a_circle.update(chain)
            told = f"{listed(chain)} succeed one another in a circle"
            reading.refuse(f"{place}.succeeds", f"{told}; leave out the `succeeds` of the one that came first")


def _check_influenced(parts: Parts, reading: Reading) -> None:
    """Influenced services stand in aligned funds only: they are measured against a baseline, not a pooled budget."""
    fund_of = {fund.code: fund for fund in parts.funds.values()}
    for place, scheme in parts.schemes.items():
        fund = fund_of.get(scheme.fund)
        if fund is not None and fund.is_pooled and scheme.service is Service.INFLUENCED:
            message = f"influenced services stand in aligned funds only, and {fund.code} is pooled"
            reading.refuse(f"{place}.service", f"{message}; move the scheme to an aligned fund")


def _check_scopes(parts: Parts, reading: Reading) -> None:
    """A clause takes a group whole or not at all: what a group comes to cannot be divided between its schemes.

    Only groups that could be a subject of what the clause is on count: of a pooled fund for an overspend, an
    underspend or a QIPP shortfall, of influenced services for a benefit or a disbenefit.
    """
    schemes = tuple(parts.schemes.values())
    of_groups = Agreement("", "", FinancialYear(0), (), tuple(parts.funds.values()), schemes)
    for place, clause in parts.clauses.items():
        for group in groups_of(of_groups):
            if group.excluded or group.influenced is not clause.on.is_influenced:
                continue
            selected = {index for index in group.schemes if clause.scope.selects(schemes[index])}
            if selected and len(selected) < len(group.schemes):
                taken = _some([schemes[index].code for index in group.schemes if index in selected])
                left = _some([schemes[index].code for index in group.schemes if index not in selected])
                is_fund = of_groups.fund_of[group.fund].netting is Netting.FUND
                where = f"fund {group.fund}" if is_fund else f"group {group.code} of fund {group.fund}"
                message = f"selects {taken} and leaves out {left}, which net together in {where}"
                reading.refuse(f"{place}.scope", f"{message}; select all of them or none")


def _some(codes: list[str], most: int = 3) -> str:
    if len(codes) <= most:
        return listed(codes)
    return f"{', '.join(codes[:most])} and {len(codes) - most} more"


def _check_caps(parts: Parts, reading: Reading) -> None:
    """A cap is of losses or of gains, and a partner has at most one on a clause, or the headroom would be two."""
    clause_of = {clause.id: clause for clause in parts.clauses.values()}
    capped: dict[tuple[str, str], str] = {}
    for place, cap in parts.caps.items():
        known = [clause_of[code] for code in cap.clauses if code in clause_of]
        gains = [clause.id for clause in known if clause.on.is_gain]
        losses = [clause.id for clause in known if not clause.on.is_gain]
        if gains and losses:
            what = f"clause {losses[0]} deals" if len(losses) == 1 else f"clauses {_some(losses)} deal"
            message = f"{what} with losses, {_some(gains)} with gains; write a cap for each"
            reading.refuse(f"{place}.clauses", message)
        for code, times in Counter(cap.clauses).items():
            if times > 1:
                reading.refuse(f"{place}.clauses", f"clause {code} stands in the list twice; once is enough")
            first = capped.setdefault((cap.partner, code), place)
            if first != place:
                message = f"{cap.partner} has a cap on clause {code} already, {first}; keep one of the two"
                reading.refuse(f"{place}.clauses", message)
