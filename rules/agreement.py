"""A Section 75 agreement for one financial year, as frozen values: partners, funds, schemes, risk-share schedule.

Every key of `agreement.toml` (formats.md) has its place here. `rules.reading` makes these from TOML and refuses what
does not hold together; `rules.writing` writes them back; `rules.wording` says each clause in plain English.
Defaults of the file are filled in: a scheme always has its lead and its responsible partner.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

from rules.allocation import percentage_of
from rules.periods import FinancialYear, Period


class PartnerKind(StrEnum):
    """What a partner is. A CCG ended on 30 June 2022: the kind belongs to the dated partner, not to the program."""

    COUNCIL = "council"
    CCG = "ccg"
    ICB = "icb"
    TRUST = "trust"
    OTHER = "other"


class FundKind(StrEnum):
    """Pooled: one budget, spent by the host for all. Aligned: budgets kept apart and managed together."""

    POOLED = "pooled"
    ALIGNED = "aligned"


class Netting(StrEnum):
    """Which schemes of a fund net together before anything is shared."""

    FUND = "fund"
    SCHEME = "scheme"
    GROUP = "group"


class Service(StrEnum):
    """Core services are redesigned; influenced ones see activity move because of it (Barnet business case, s6)."""

    CORE = "core"
    INFLUENCED = "influenced"


class QippMode(StrEnum):
    """Whether the budget was already cut by the savings target, so that a shortfall is part of the overspend."""

    WITHIN_BUDGET = "within_budget"
    SEPARATE = "separate"


class On(StrEnum):
    """What kind of amount a clause deals with; in this order the waterfall does (arithmetic.md, The waterfall)."""

    QIPP_SHORTFALL = "qipp_shortfall"
    OVERSPEND = "overspend"
    DISBENEFIT = "disbenefit"
    UNDERSPEND = "underspend"
    BENEFIT = "benefit"

    @property
    def is_gain(self) -> bool:
        """An underspend or a benefit, as against a loss."""
        return self in {On.UNDERSPEND, On.BENEFIT}

    @property
    def is_influenced(self) -> bool:
        """Of influenced services, measured against their baseline, as against a pooled fund's budget."""
        return self in {On.BENEFIT, On.DISBENEFIT}


class Per(StrEnum):
    """What a clause's band is measured on."""

    GROUP = "group"
    FUND = "fund"
    AGREEMENT = "agreement"


class Threshold(StrEnum):
    """Excess: only the part above the band's low edge. Cliff: once it is reached, from the first pound."""

    EXCESS = "excess"
    CLIFF = "cliff"


class DrawOn(StrEnum):
    """Whose underspends a first call may use."""

    FUND = "fund"
    AGREEMENT = "agreement"


class Use(StrEnum):
    """Where a slice of an amount goes. RESERVE needs the reserve's code beside it."""

    PARTNERS = "partners"
    PROVISION = "provision"
    RESERVE = "reserve"
    UNDERSPENDS = "underspends"
    NEXT = "next"


class By(StrEnum):
    """The basis of a share. PARTNER and BASIS need a name beside them."""

    FIXED = "fixed"
    POOLED = "pooled"
    CORE = "core"
    FUND = "fund"
    SCHEME = "scheme"
    RESPONSIBLE = "responsible"
    LEAD = "lead"
    INCURRED = "incurred"
    HOST = "host"
    PARTNER = "partner"
    BASIS = "basis"

    @property
    def is_contributions(self) -> bool:
        """In proportion to Financial Contributions, which may be taken as first agreed."""
        return self in {By.POOLED, By.CORE, By.FUND, By.SCHEME}


class Beyond(StrEnum):
    """Who bears what a cap keeps from a partner. PARTNER needs the partner's code beside it."""

    OTHERS = "others"
    NEXT = "next"
    HOST = "host"
    PARTNER = "partner"


class Mode(StrEnum):
    """How performance pay is released."""

    LINEAR = "linear"
    ALL_OR_NOTHING = "all_or_nothing"


class Kind(StrEnum):
    """What a ledger line is (formats.md, lines.csv)."""

    BUDGET = "budget"
    VIREMENT = "virement"
    PAYMENT = "payment"
    ACTUAL = "actual"
    ACCRUAL = "accrual"
    FORECAST = "forecast"
    QIPP_TARGET = "qipp_target"
    QIPP_DELIVERED = "qipp_delivered"
    QIPP_FORECAST = "qipp_forecast"
    BASELINE = "baseline"


@dataclass(frozen=True, slots=True)
class Partner:
    """A party to the agreement. `since` is the file's `from`: the day from which it stands in for those it succeeds."""

    code: str
    name: str
    kind: PartnerKind
    succeeds: tuple[str, ...] = ()
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Fund:
    """A pooled or aligned fund and the partner that hosts it."""

    code: str
    name: str
    kind: FundKind
    host: str
    netting: Netting = Netting.FUND

    @property
    def is_pooled(self) -> bool:
        """One budget, spent by the host on behalf of all."""
        return self.kind is FundKind.POOLED


@dataclass(frozen=True, slots=True)
class Scheme:
    """An Individual Scheme of a fund."""

    code: str
    name: str
    fund: str
    lead: str
    responsible: str
    service: Service = Service.CORE
    tier: int | None = None
    group: str | None = None
    tags: tuple[str, ...] = ()
    excluded: bool = False


@dataclass(frozen=True, slots=True)
class Reserve:
    """A risk pool, contingency or carried-forward underspend, with its opening balance in pence."""

    code: str
    name: str
    fund: str
    opening_pence: int


@dataclass(frozen=True, slots=True)
class Basis:
    """A named amount for each partner, in pence, that a clause may share by."""

    name: str
    amounts_pence: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Limit:
    """An amount in pence, or a percentage of some base: a band's edge or a cap. Exactly one of the two is given."""

    pence: int | None = None
    percent: Fraction | None = None

    def on(self, base_pence: int) -> int:
        """The limit in pence; of a percentage, that share of the base, rounded half up."""
        if self.pence is not None:
            return self.pence
        assert self.percent is not None  # noqa: S101  the reader gives exactly one
        return percentage_of(self.percent, base_pence)


@dataclass(frozen=True, slots=True)
class Band:
    """From `low` up to `high`, or from `low` without end."""

    low: Limit
    high: Limit | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """Which schemes a clause is about: every key that is given must hold, by any one of its values. Empty: all."""

    fund: tuple[str, ...] = ()
    scheme: tuple[str, ...] = ()
    service: tuple[Service, ...] = ()
    tier: tuple[int, ...] = ()
    tag: tuple[str, ...] = ()

    def selects(self, scheme: Scheme) -> bool:
        """Whether the scheme is in the scope."""
        return (
            (not self.fund or scheme.fund in self.fund)
            and (not self.scheme or scheme.code in self.scheme)
            and (not self.service or scheme.service in self.service)
            and (not self.tier or scheme.tier in self.tier)
            and (not self.tag or any(tag in self.tag for tag in scheme.tags))
        )


@dataclass(frozen=True, slots=True)
class Share:
    """How an amount is shared between partners.

    `name` is the partner's code for `By.PARTNER` and the basis' name for `By.BASIS`; `weights` are those of `By.FIXED`.
    `at_opening` takes contributions as first agreed, leaving virements out.
    """

    by: By
    name: str = ""
    weights: tuple[tuple[str, Fraction], ...] = ()
    at_opening: bool = False


@dataclass(frozen=True, slots=True)
class Slice:
    """A percentage of what a clause takes, and where it goes."""

    percent: Fraction
    use: Use
    reserve: str = ""
    share: Share | None = None

    @property
    def to(self) -> str:
        """As the agreement and the result write it: `partners`, `reserve:RISKPOOL`."""
        return f"{self.use}:{self.reserve}" if self.use is Use.RESERVE else str(self.use)


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of the risk-share schedule; without a split it has one slice of 100%."""

    id: str
    title: str
    on: On
    slices: tuple[Slice, ...]
    scope: Scope = Scope()
    per: Per = Per.GROUP
    band: Band | None = None
    threshold: Threshold = Threshold.EXCESS
    draw_on: DrawOn = DrawOn.FUND


@dataclass(frozen=True, slots=True)
class Cap:
    """The most a partner's shares under some clauses may come to in the year.

    A percentage is of the partner's contribution to pooled funds, or to the fund `of`.
    `bearer` is the partner's code for `Beyond.PARTNER`.
    """

    partner: str
    limit: Limit
    clauses: tuple[str, ...]
    beyond: Beyond = Beyond.OTHERS
    bearer: str = ""
    of: str = ""


@dataclass(frozen=True, slots=True)
class Performance:
    """An amount held back from the payer's contribution to a scheme until a measure shows it was earned."""

    id: str
    title: str
    fund: str
    scheme: str
    payer: str
    measure: str
    held_pence: int
    mode: Mode = Mode.LINEAR
    rate_pence: int | None = None


@dataclass(frozen=True, slots=True)
class Control:
    """A control total that the ledger must agree with to the penny: the year to date at `period`, of these lines."""

    period: Period
    amount_pence: int
    kind: Kind
    fund: str = ""
    scheme: str = ""
    partner: str = ""


@dataclass(frozen=True)
class Agreement:
    """The whole agreement. The order of every list is the agreement's own and decides ties and precedence."""

    id: str
    title: str
    year: FinancialYear
    partners: tuple[Partner, ...]
    funds: tuple[Fund, ...]
    schemes: tuple[Scheme, ...]
    clauses: tuple[Clause, ...] = ()
    qipp: QippMode = QippMode.WITHIN_BUDGET
    settle_period: Period | None = None
    reserves: tuple[Reserve, ...] = ()
    bases: tuple[Basis, ...] = ()
    caps: tuple[Cap, ...] = ()
    performance: tuple[Performance, ...] = ()
    controls: tuple[Control, ...] = ()

    def __hash__(self) -> int:
        """Few fields are enough to tell agreements apart in a cache, where hashing every clause would cost more."""
        return hash((self.id, self.year, len(self.schemes), len(self.clauses)))

    def takes_payments(self, scheme: Scheme) -> bool:
        """Whether cash is paid to the host for the scheme: of a pooled fund, or influenced (formats.md, kinds)."""
        return self.fund_of[scheme.fund].is_pooled or scheme.service is Service.INFLUENCED

    @cached_property
    def partner_of(self) -> dict[str, Partner]:
        """Partners by code."""
        return {partner.code: partner for partner in self.partners}

    @cached_property
    def fund_of(self) -> dict[str, Fund]:
        """Funds by code."""
        return {fund.code: fund for fund in self.funds}

    @cached_property
    def scheme_of(self) -> dict[str, Scheme]:
        """Schemes by code."""
        return {scheme.code: scheme for scheme in self.schemes}

    @cached_property
    def clause_of(self) -> dict[str, Clause]:
        """Clauses by number."""
        return {clause.id: clause for clause in self.clauses}
