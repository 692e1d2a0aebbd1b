"""Agreements for tests: one small text to edit, and Hypothesis' strategy of agreements that hold together."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from itertools import pairwise

from hypothesis import strategies as st

from rules.agreement import (
    Agreement,
    Band,
    Basis,
    Beyond,
    By,
    Cap,
    Clause,
    Control,
    DrawOn,
    Fund,
    FundKind,
    Kind,
    Limit,
    Mode,
    Netting,
    On,
    Partner,
    PartnerKind,
    Per,
    Performance,
    QippMode,
    Reserve,
    Scheme,
    Scope,
    Service,
    Share,
    Slice,
    Threshold,
    Use,
)
from rules.groups import groups_of
from rules.periods import FinancialYear, Period
from rules.problems import Problem, RefusedError
from rules.reading import read_agreement

# A council, two commissioners and their successor; a pool that nets by group, an aligned fund of influenced services.
BASE = """\
[agreement]
id = "base"
title = "An agreement to edit"
financial_year = "2022/23"

[settle]
period = "M12"

[[partner]]
code = "LBB"
name = "London Borough of Barnet"
kind = "council"

[[partner]]
code = "NCCG"
name = "NHS North CCG"
kind = "ccg"

[[partner]]
code = "ICB"
name = "NHS Integrated Care Board"
kind = "icb"
succeeds = ["NCCG"]
from = 2022-07-01

[[fund]]
code = "POOL"
name = "Pooled fund"
kind = "pooled"
host = "LBB"
netting = "group"

[[fund]]
code = "ALIGNED"
name = "Influenced services"
kind = "aligned"
host = "NCCG"

[[scheme]]
code = "HOME"
name = "Home first"
fund = "POOL"
tier = 1
group = "OLDER"
tags = ["frailty"]

[[scheme]]
code = "BEDS"
name = "Beds"
fund = "POOL"
tier = 2
group = "OLDER"

[[scheme]]
code = "DFG"
name = "Disabled Facilities Grant"
fund = "POOL"
responsible = "NCCG"
excluded = true

[[scheme]]
code = "ACUTE"
name = "Acute care"
fund = "ALIGNED"
service = "influenced"
tier = 4

[[scheme]]
code = "PLACES"
name = "Placements"
fund = "ALIGNED"
service = "influenced"
tier = 5

[[reserve]]
code = "RISK"
name = "Risk pool"
fund = "POOL"
opening = "500000.00"

[basis.target_investment]
LBB = "310000.00"
NCCG = "2800000.00"

[[clause]]
id = "7.1"
title = "The first call"
on = "overspend"
scope = { fund = "POOL", tier = [1, 2] }
band = ["0.00", "250000.00"]
to = "reserve:RISK"

[[clause]]
id = "7.2"
title = "The partners"
on = "overspend"
to = "partners"
share = { by = "fixed", LBB = "50", NCCG = "50" }

[[clause]]
id = "7.3"
title = "Benefits"
on = "benefit"
split = [
  { percent = "40", to = "reserve:RISK" },
  { percent = "60", to = "partners", share = { by = "pooled", at = "opening" } },
]

[[cap]]
partner = "LBB"
amount = "2%"
clauses = ["7.2"]

[[performance]]
id = "NEA"
title = "Admissions"
fund = "POOL"
scheme = "HOME"
payer = "NCCG"
measure = "NEA"
held = "1490000.00"

[[control]]
period = "M12"
amount = "-1.00"
kind = "payment"
"""


def refusals(*edits: tuple[str, str]) -> list[str]:
    """What is said of the base agreement after these edits, each of a text that stands in it."""
    text = BASE
    for old, new in edits:
        assert old in text, f"{old!r} is not in the base agreement"
        text = text.replace(old, new, 1)
    problems: tuple[Problem, ...] = ()
    try:
        read_agreement(text)
    except RefusedError as refused:
        problems = refused.problems
    assert all(problem.file == "agreement.toml" for problem in problems)
    return [str(problem).removeprefix("agreement.toml: ") for problem in problems]


NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
_LETTERS = st.text("ABCxyz019-_.é \"'=:#[]", min_size=1, max_size=5)
_CODES = _LETTERS.filter(lambda code: code == code.strip() and code not in {"by", "at", "excluded"})
_PENCE = st.integers(0, 10**11)
_DECIMALS = st.builds(lambda whole, power: Fraction(whole, 10**power), st.integers(0, 10**6), st.integers(0, 6))
_LIMITS = st.builds(lambda pence: Limit(pence=pence), _PENCE) | st.builds(lambda each: Limit(percent=each), _DECIMALS)


@st.composite
def agreements(draw: st.DrawFn, names: st.SearchStrategy[str] = NAMES) -> Agreement:
    """Any agreement that holds together, of one to four partners."""
    codes = draw(_unique(_CODES, 1, 4))
    successors = _successors(draw, codes)
    partners = tuple(
        Partner(code, draw(names), draw(st.sampled_from(PartnerKind)), *successors.get(code, ((), None)))
        for code in codes
    )
    partner = st.sampled_from(codes)
    funds = tuple(
        Fund(code, draw(names), draw(st.sampled_from(FundKind)), draw(partner), draw(st.sampled_from(Netting)))
        for code in draw(_unique(_CODES, 1, 3))
    )
    schemes = tuple(_scheme(draw, code, draw(names), funds, partner) for code in draw(_unique(_CODES, 1, 5)))
    fund = st.sampled_from([each.code for each in funds])
    reserves = tuple(Reserve(code, draw(names), draw(fund), draw(_PENCE)) for code in draw(_unique(_CODES, 0, 2)))
    basis_names = _CODES.filter(lambda name: name not in list(By) and not name.startswith("partner:"))
    bases = tuple(Basis(name, _for_partners(draw, codes, _PENCE)) for name in draw(_unique(basis_names, 0, 2)))
    parts = Agreement("", "", FinancialYear(2022), partners, funds, schemes, reserves=reserves, bases=bases)
    clauses = tuple(_clause(draw, code, draw(names), parts) for code in draw(_unique(_CODES, 0, 4)))
    return Agreement(
        id=draw(_CODES),
        title=draw(names),
        year=FinancialYear(draw(st.integers(1948, 2100))),
        partners=partners,
        funds=funds,
        schemes=schemes,
        clauses=clauses,
        qipp=draw(st.sampled_from(QippMode)),
        settle_period=draw(st.none() | st.sampled_from(Period)),
        reserves=reserves,
        bases=bases,
        caps=_caps(draw, clauses, partner, fund),
        performance=tuple(
            Performance(
                code,
                draw(names),
                scheme.fund,
                scheme.code,
                draw(partner),
                draw(_CODES),
                draw(_PENCE),
                draw(st.sampled_from(Mode)),
                draw(st.none() | _PENCE),
            )
            for code in draw(_unique(_CODES, 0, 2))
            for scheme in [draw(st.sampled_from(schemes))]
        ),
        controls=tuple(
            Control(
                draw(st.sampled_from(Period)),
                draw(st.integers(-(10**11), 10**11)),
                draw(st.sampled_from(Kind)),
                draw(st.just("") | fund),
                draw(st.just("") | st.sampled_from([each.code for each in schemes])),
                draw(st.just("") | partner),
            )
            for _ in range(draw(st.integers(0, 2)))
        ),
    )


def _unique(codes: st.SearchStrategy[str], least: int, most: int) -> st.SearchStrategy[list[str]]:
    return st.lists(codes, min_size=least, max_size=most, unique=True)


def _successors(draw: st.DrawFn, codes: list[str]) -> dict[str, tuple[tuple[str, ...], date | None]]:
    """Each partner succeeded at most once, always by one listed later, so that there is no circle."""
    days = st.dates(date(1948, 1, 1), date(2100, 1, 1))
    found: dict[str, tuple[tuple[str, ...], date | None]] = {}
    for index, code in enumerate(codes[:-1]):
        successor = draw(st.none() | st.sampled_from(codes[index + 1 :]))
        if successor is not None:
            found[successor] = ((*found.get(successor, ((), None))[0], code), draw(days))
    return found


def _scheme(draw: st.DrawFn, code: str, name: str, funds: tuple[Fund, ...], partner: st.SearchStrategy[str]) -> Scheme:
    fund = draw(st.sampled_from(funds))
    return Scheme(
        code=code,
        name=name,
        fund=fund.code,
        lead=draw(partner),
        responsible=draw(partner),
        service=Service.CORE if fund.is_pooled else draw(st.sampled_from(Service)),
        tier=draw(st.none() | st.integers(1, 5)),
        group=draw(st.none() | st.sampled_from(["G", "H"])),
        tags=tuple(draw(st.lists(_CODES, max_size=2))),
        excluded=draw(st.booleans()),
    )


def _for_partners(
    draw: st.DrawFn, codes: list[str], amounts: st.SearchStrategy, least: int = 0
) -> tuple[tuple[str, object], ...]:
    some = draw(st.lists(st.sampled_from(codes), min_size=least, unique=True))
    return tuple((code, draw(amounts)) for code in some)


def _clause(draw: st.DrawFn, code: str, title: str, parts: Agreement) -> Clause:
    on = draw(st.sampled_from(On))
    low, high = draw(_LIMITS), draw(st.none() | _LIMITS)
    if high is not None and (high.percent is None) == (low.percent is None):
        # of the same sort, the lower is the low edge
        low, high = sorted((low, high), key=lambda edge: (edge.pence or 0, edge.percent or 0))
    return Clause(
        id=code,
        title=title,
        on=on,
        slices=_slices(draw, on, parts),
        scope=_scope(draw, on, parts),
        per=draw(st.sampled_from(Per)),
        band=draw(st.none() | st.just(Band(low, high))),
        threshold=draw(st.sampled_from(Threshold)),
        draw_on=draw(st.sampled_from(DrawOn)),
    )


def _scope(draw: st.DrawFn, on: On, parts: Agreement) -> Scope:
    def some(values: list[object]) -> tuple[object, ...]:
        return tuple(draw(st.just([]) | st.lists(st.sampled_from(values), max_size=2, unique=True)))

    scope = Scope(
        fund=some([fund.code for fund in parts.funds]),
        scheme=some([scheme.code for scheme in parts.schemes]),
        service=some(list(Service)),
        tier=some([1, 2, 3, 4, 5]),
        tag=some(["A", "B", *(tag for scheme in parts.schemes for tag in scheme.tags)]),
    )
    for group in groups_of(parts):
        selected = [scope.selects(parts.schemes[index]) for index in group.schemes]
        if group.influenced is on.is_influenced and any(selected) and not all(selected):
            return Scope()
    return scope


def _slices(draw: st.DrawFn, on: On, parts: Agreement) -> tuple[Slice, ...]:
    cuts = sorted(draw(st.lists(st.integers(0, 10**4), max_size=3)))
    edges = [0, *cuts, 10**4]
    percents = [Fraction(after - before, 100) for before, after in pairwise(edges)]
    uses = [Use.PARTNERS, Use.NEXT]
    uses += [Use.RESERVE] if parts.reserves else []
    uses += [Use.PROVISION] if on.is_gain else []
    uses += [Use.UNDERSPENDS] if on in {On.OVERSPEND, On.QIPP_SHORTFALL} else []
    return tuple(_slice(draw, percent, draw(st.sampled_from(uses)), on, parts) for percent in percents)


def _slice(draw: st.DrawFn, percent: Fraction, use: Use, on: On, parts: Agreement) -> Slice:
    if use in {Use.PARTNERS, Use.PROVISION}:
        return Slice(percent, use, share=_share(draw, on, parts))
    reserve = draw(st.sampled_from([each.code for each in parts.reserves])) if use is Use.RESERVE else ""
    return Slice(percent, use, reserve)


def _share(draw: st.DrawFn, on: On, parts: Agreement) -> Share:
    codes = [partner.code for partner in parts.partners]
    refused = {By.INCURRED} if on in {On.OVERSPEND, On.UNDERSPEND} else set()
    refused |= set() if parts.bases else {By.BASIS}
    by = draw(st.sampled_from([each for each in By if each not in refused]))
    ways: dict[By, Callable[[], Share]] = {
        By.FIXED: lambda: Share(by, weights=_for_partners(draw, codes, _DECIMALS, least=1)),
        By.PARTNER: lambda: Share(by, draw(st.sampled_from(codes))),
        By.BASIS: lambda: Share(by, draw(st.sampled_from([basis.name for basis in parts.bases]))),
    }
    if by in ways:
        return ways[by]()
    return Share(by, at_opening=by.is_contributions and draw(st.booleans()))


def _caps(
    draw: st.DrawFn, clauses: tuple[Clause, ...], partner: st.SearchStrategy[str], fund: st.SearchStrategy[str]
) -> tuple[Cap, ...]:
    caps: list[Cap] = []
    for is_gain in (True, False):
        ids = [clause.id for clause in clauses if clause.on.is_gain is is_gain]
        if not ids or draw(st.booleans()):
            continue
        # one cap for a partner, on clauses of one sign, cannot overlap another
        for capped in draw(st.lists(partner, max_size=2, unique=True)):
            beyond = draw(st.sampled_from(Beyond))
            caps.append(
                Cap(
                    capped,
                    draw(_LIMITS),
                    tuple(draw(_unique(st.sampled_from(ids), 1, 3))),
                    beyond,
                    draw(partner) if beyond is Beyond.PARTNER else "",
                    draw(st.just("") | fund),
                )
            )
    return tuple(caps)
