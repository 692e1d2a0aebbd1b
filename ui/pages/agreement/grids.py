"""The tables of the Agreement page, each made from an agreement or from what the ledger has under it."""

from rules.agreement import Agreement, Kind, Partner
from rules.english import day, listed
from rules.money import pounds
from rules.periods import Period
from rules.succession import stand_ins
from rules.wording import succession_sentence
from settlement.agreement_versions import VersionStanding
from settlement.contributions import Contributions, Reading
from settlement.control_totals import Held
from settlement.sentences import KIND_NAMES
from settlement.standing import in_runs
from settlement.variation_words import value_name
from ui import links
from ui.figures import NIL, exact, heading, spoken
from ui.links import Lines, Link
from ui.tables import Cell, Grid, figure
from ui.wording import partner_name

ALL = "Total"


def partners_grid(agreement: Agreement, period: Period) -> Grid:
    """Each partner: what it is, from when, whose place it takes, and whether it is in being at the period."""
    replaced = stand_ins(agreement, period)
    begins = agreement.year.begins(period)

    def being(partner: Partner) -> str:
        if partner.code in replaced:
            return f"Succeeded by {replaced[partner.code]}"
        if partner.since is not None and partner.since > begins:
            return "Not yet"
        return "Yes"

    rows = tuple(
        (
            Cell(partner.code),
            Cell(partner.name),
            Cell(_capital(value_name(partner.kind).removeprefix("a ").removeprefix("an "))),
            Cell(NIL if partner.since is None else day(partner.since), spoken="the whole year"),
            Cell(listed(partner.succeeds) or NIL, spoken="nobody"),
            Cell(being(partner)),
            Cell(listed(fund.name for fund in agreement.funds if fund.host == partner.code) or NIL, spoken="none"),
        )
        for partner in agreement.partners
    )
    headings = ("Code", "Partner", "Kind", "From", "Succeeds", f"In being at {period}", "Hosts")
    return Grid(headings, rows, frozenset())


def succession_sentences(agreement: Agreement) -> tuple[str, ...]:
    """Who stands in whose place from when; nothing where every partner is one for the whole year."""
    return tuple(succession_sentence(partner, agreement) for partner in agreement.partners if partner.since is not None)


def funds_grid(agreement: Agreement) -> Grid:
    """Each fund: pooled or aligned, its host, and how its schemes net."""
    rows = tuple(
        (
            Cell(fund.code),
            Cell(fund.name),
            Cell("Pooled Fund" if fund.is_pooled else "Aligned Fund"),
            Cell(partner_name(agreement.partner_of[fund.host])),
            Cell(_capital(value_name(fund.netting))),
            Cell(str(sum(scheme.fund == fund.code for scheme in agreement.schemes))),
        )
        for fund in agreement.funds
    )
    return Grid(("Code", "Fund", "Kind", "Host Partner", "Variances net over", "Schemes"), rows, frozenset({5}))


def schemes_grid(agreement: Agreement) -> Grid:
    """Each Individual Scheme with its roles and what clauses select it by; its lines open from it."""
    rows = []
    for scheme in agreement.schemes:
        opens = Link(links.LEDGER, Lines(scheme=scheme.code, why=f"Every line of {scheme.name} ({scheme.code})"))
        cells = (
            scheme.code,
            scheme.name,
            agreement.fund_of[scheme.fund].name,
            scheme.lead,
            scheme.responsible,
            _capital(value_name(scheme.service)),
            NIL if scheme.tier is None else str(scheme.tier),
            scheme.group or NIL,
            listed(scheme.tags) or NIL,
            "Excluded" if scheme.excluded else "Shared",
        )
        rows.append(tuple(Cell(text, spoken="none" if text == NIL else "", opens=opens) for text in cells))
    headings = (
        "Code",
        "Individual Scheme",
        "Fund",
        "Lead Commissioner",
        "Responsible Partner",
        "Service",
        "Tier",
        "Group",
        "Tags",
        "Sharing",
    )
    return Grid(headings, tuple(rows), frozenset())


def contributions_grid(found: Contributions, reading: Reading) -> Grid:
    """The matrix of contributions: schemes down, partners across, totals of both. `lines_of` opens its cells."""
    matrix = found.matrices[reading]
    rows = [
        (Cell(f"{scheme.name} ({scheme.code})"), *(figure(pence) for pence in row), figure(total))
        for scheme, row, total in zip(found.schemes, matrix.rows, matrix.of_schemes, strict=True)
    ]
    rows.append((Cell(ALL), *(figure(pence) for pence in matrix.of_partners), figure(matrix.total_pence)))
    names = (heading(partner_name(partner)) for partner in found.partners)
    headings = ("Individual Scheme", *names, heading(ALL))
    return Grid(headings, tuple(rows), frozenset(range(1, len(headings))), frozenset({len(rows) - 1}))


def lines_of(found: Contributions, reading: Reading, row: int, column: int) -> tuple[tuple[str, Lines], ...]:
    """Where a cell of the matrix leads: what each choice is called, and the lines. One, or two where it was varied.

    The first column and the totals have the lines of the whole row or column.
    """
    scheme = found.schemes[row] if row < len(found.schemes) else None
    partner = found.partners[column - 1] if 0 < column <= len(found.partners) else None
    codes = found.codes_of[partner.code] if partner is not None else ()
    to = f"to {scheme.name}" if scheme else "to every scheme"
    by = f"by {partner_name(partner)}" if partner else "by every partner"
    under = f", on the lines of {listed(codes)}" if len(codes) > 1 else ""
    choices = []
    for kind, its in ((Kind.BUDGET, Reading.FIRST_AGREED), (Kind.VIREMENT, Reading.VIREMENTS)):
        if reading in {Reading.FIRST_AGREED, Reading.VIREMENTS} and reading is not its:
            continue
        pence = _pence(found, its, row, column)
        if not pence and kind is Kind.VIREMENT and reading is not its:
            continue
        name = "Contributions as first agreed" if kind is Kind.BUDGET else "Virements"
        lines = Lines(
            scheme=scheme.code if scheme else None,
            partner=codes[0] if len(codes) == 1 else None,
            kind=kind,
            upto=found.period if reading is Reading.TO_DATE else None,
            why=f"{name}, {by} {to}{under}",
        )
        choices.append((f"{name}: {pounds(pence)} in the year", lines))
    return tuple(choices)


def _pence(found: Contributions, reading: Reading, row: int, column: int) -> int:
    matrix = found.matrices[reading]
    if row == len(found.schemes):
        every = (matrix.total_pence, *matrix.of_partners, matrix.total_pence)
    else:
        every = (matrix.of_schemes[row], *matrix.rows[row], matrix.of_schemes[row])
    return every[column]


def bases_grid(agreement: Agreement) -> Grid:
    """Each named basis of a share: its amount for each partner, to the penny."""
    partners = [each for each in agreement.partners if any(each.code in dict(b.amounts_pence) for b in agreement.bases)]
    rows = []
    for basis in agreement.bases:
        amounts = dict(basis.amounts_pence)
        cells = (_exact(amounts[each.code]) if each.code in amounts else Cell(NIL) for each in partners)
        rows.append((Cell(_capital(basis.name.replace("_", " "))), *cells))
    headings = ("Basis", *(partner_name(each) for each in partners))
    return Grid(headings, tuple(rows), frozenset(range(1, len(headings))))


def reserves_grid(agreement: Agreement) -> Grid:
    """Each reserve with its fund and its opening balance."""
    rows = tuple(
        (
            Cell(reserve.code),
            Cell(reserve.name),
            Cell(agreement.fund_of[reserve.fund].name),
            _exact(reserve.opening_pence),
        )
        for reserve in agreement.reserves
    )
    return Grid(("Code", "Reserve", "Fund", "Opening balance"), rows, frozenset({3}))


def controls_grid(held: tuple[Held, ...]) -> Grid:
    """Each control total: what it should be, what the ledger has, the difference, and in words whether they agree."""
    rows = []
    for each in held:
        control = each.control
        lines = Lines(
            scheme=control.scheme or None,
            partner=control.partner or None,
            kind=control.kind,
            upto=control.period,
            why=f"The lines that the control total of {control.period} is held against",
        )
        opens = Link(links.LEDGER, lines)
        rows.append(
            (
                Cell(str(control.period), opens=opens),
                Cell(KIND_NAMES[control.kind], opens=opens),
                Cell(control.fund or "All funds", opens=opens),
                Cell(control.scheme or "All schemes", opens=opens),
                Cell(control.partner or "All partners", opens=opens),
                _exact(control.amount_pence, opens),
                _exact(each.ledger_pence, opens),
                _exact(each.difference_pence, opens) if each.difference_pence else Cell(NIL, 0, "none", opens),
                Cell("Agrees" if each.agrees else "Does not agree", opens=opens),
            )
        )
    headings = ("To", "Lines", "Fund", "Scheme", "Partner", "Should be", "Ledger has", "Difference", "To the penny")
    return Grid(headings, tuple(rows), frozenset({5, 6, 7}))


def versions_grid(versions: tuple[VersionStanding, ...]) -> Grid:
    """Every version: from when, why, by whom, which periods it governs, and the assents given and awaited."""
    rows = tuple(
        (
            Cell(str(each.version.id)),
            Cell(str(each.version.from_period)),
            Cell(in_runs(each.governs) or "No longer"),
            Cell(_capital(each.version.reason) or NIL, spoken="none given"),
            Cell(each.version.actor or NIL, spoken="not recorded"),
            Cell(moment(each.version.at) or NIL, spoken="not recorded"),
            Cell(given(each)),
            Cell(listed(each.awaiting) or NIL, spoken="nobody"),
        )
        for each in versions
    )
    headings = ("Version", "From", "Governs", "Reason", "Put in by", "When (UTC)", "Assents given", "Awaited")
    return Grid(headings, rows, frozenset())


def given(standing: VersionStanding) -> str:
    """The assents to a version in a cell."""
    if standing.version.id == 1:
        return "With the first sign-off"
    return listed(f"{each.partner} ({each.name}, {moment(each.at)})" for each in standing.assents) or "None yet"


def moment(at: str) -> str:
    """A stored time as a person reads it: `2014-09-28 14:05`."""
    return at[:16].replace("T", " ")


def _exact(pence: int, opens: object = None) -> Cell:
    return Cell(exact(pence), pence, spoken(pence), opens)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
