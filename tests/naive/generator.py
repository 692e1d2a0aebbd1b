"""Generated agreements, lines and measures that exercise everything in `spec/arithmetic.md` at once.

`cases()` is the Hypothesis strategy (it shrinks); `random_case(random.Random(n))` draws from the same builder without
Hypothesis, for volume; `write_case` lays a case out as the folder form, so that it can be replayed through files;
`features_of` names what a case exercises, to count coverage. Most cases settle; a few per cent are meant to be refused.
"""

from __future__ import annotations

import csv
import datetime
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeVar

from hypothesis import strategies as st

from .arithmetic import PERIODS, first_day, in_scope, make_groups, slices_of

T = TypeVar("T")
YEAR = "2016/17"
LINE_COLUMNS = ["period", "scheme", "partner", "kind", "amount", "reference", "description", "cause"]
MEASURE_COLUMNS = ["period", "measure", "baseline", "target", "actual"]
POOLED_KINDS = ("qipp_shortfall", "overspend", "underspend")
LOSSES = ("qipp_shortfall", "overspend", "disbenefit")
PERCENTS = ["0", "0.5", "1", "2", "2.5", "3", "5", "8", "10", "12.5", "20", "33.33", "50", "100", "150"]
WEIGHTS = ["1", "1", "2", "3", "50", "33.33", "0.5", "7", "12.5", "0"]
SPLITS = [
    ["100"],
    ["50", "50"],
    ["40", "45", "15"],
    ["33.33", "33.33", "33.34"],
    ["0", "100"],
    ["10", "20", "30", "40"],
]


@dataclass(frozen=True)
class Case:
    """One agreement with its lines and measures, and what to settle."""

    agreement: dict
    lines: list[dict]
    measures: list[dict]
    period: str
    outturn: bool


class Chooser(Protocol):
    """Where choices come from: Hypothesis or a `random.Random`."""

    def integer(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""


class HypothesisChooser:
    """Choices that shrink."""

    def __init__(self, draw: st.DrawFn) -> None:
        """From the `draw` of a composite strategy."""
        self._draw = draw

    def integer(self, low: int, high: int) -> int:
        """Drawn by Hypothesis."""
        return self._draw(st.integers(low, high))


class RandomChooser:
    """Choices from a seeded generator, uniform and fast."""

    def __init__(self, source: random.Random) -> None:
        """From a generator that the caller seeded."""
        self._source = source

    def integer(self, low: int, high: int) -> int:
        """Drawn uniformly."""
        return self._source.randint(low, high)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Generated cases, biased to small amounts, caps that bite and underspends that are drawn on."""
    return Builder(HypothesisChooser(draw)).case()


def random_case(source: random.Random) -> Case:
    """One generated case without Hypothesis."""
    return Builder(RandomChooser(source)).case()


def money(pence: int) -> str:
    """Pounds text of whole pence."""
    sign = "-" if pence < 0 else ""
    return f"{sign}{abs(pence) // 100}.{abs(pence) % 100:02d}"


@dataclass
class Builder:
    """Builds one case from choices; keeps what later choices must know."""

    chooser: Chooser
    lines: list[dict] = field(default_factory=list)
    measures: list[dict] = field(default_factory=list)
    contributed: dict[tuple[str, str], int] = field(default_factory=dict)  # (scheme, partner): the year's pence

    # --- choices ---

    def pick(self, options: Sequence[T]) -> T:
        """One of the options, the first the simplest."""
        return options[self.chooser.integer(0, len(options) - 1)]

    def chance(self, percent: int) -> bool:
        """True in so many cases of a hundred."""
        return self.chooser.integer(0, 99) >= 100 - percent

    def some(self, options: Sequence[T], low: int = 0) -> list[T]:
        """Some of the options in their order, at least so many."""
        chosen = [option for option in options if self.chance(50)]
        for option in options:
            if len(chosen) >= low:
                break
            if option not in chosen:
                chosen.append(option)
        return chosen

    def pence(self, share_of_scale: int = 100, low: int = 1) -> int:
        """Pence up to a percentage of the case's scale."""
        return self.chooser.integer(low, max(low, self.scale * share_of_scale // 100))

    # --- the case ---

    def case(self) -> Case:
        """The whole case."""
        self.scale = self.pick([9_99, 99_99, 29, 9_999_99, 123_456_789_00])
        self.period = self.pick(["M12", "M6", "M13", "M12", "M3", "M9", "M1", "M13", "M11"])
        self.now = PERIODS.index(self.period)
        self.outturn = self.chance(30)
        self.qipp = self.pick(["within_budget", "separate"])
        self.make_partners()
        self.make_funds()
        self.make_schemes()
        self.reserves = [
            {
                "code": f"R{number}",
                "name": f"Reserve {number}",
                "fund": self.pick(self.funds)["code"],
                "opening": money(0 if self.chance(15) else self.pence(60)),
            }
            for number in range(1, 1 + self.pick([1, 0, 2, 1]))
        ]
        self.bases = {}
        for name in ["target_investment", "financial_challenge", "headcount"][: self.pick([0, 1, 2, 3])]:
            self.bases[name] = {code: money(self.pence(low=0)) for code in self.mentions()}
            self.bases[name][self.base[0]] = money(self.pence())
        self.make_lines()
        performance = self.make_performance()
        self.clauses: list[dict] = []
        self.make_clauses()
        caps = self.make_caps()
        agreement: dict[str, Any] = {
            "agreement": {
                "id": "generated",
                "title": "A generated agreement",
                "financial_year": YEAR,
                "qipp": self.qipp,
            },
            "settle": {"period": self.period},
            "partner": self.partners,
            "fund": self.funds,
            "scheme": self.schemes,
        }
        for key, value in (
            ("reserve", self.reserves),
            ("basis", self.bases),
            ("performance", performance),
            ("clause", self.clauses),
            ("cap", caps),
        ):
            if value:
                agreement[key] = value
        return Case(agreement, self.lines, self.measures, self.period, self.outturn)

    def make_partners(self) -> None:
        """Two to four partners; sometimes a successor of one or several of them, or two in a row."""
        count = self.pick([2, 3, 4, 3])
        self.base = ["A", "B", "C", "D"][:count]
        kinds = ["council", "ccg", "ccg", "trust"]
        self.partners: list[dict[str, Any]] = [
            {"code": code, "name": f"Partner {code}", "kind": kind}
            for code, kind in zip(self.base, kinds, strict=False)
        ]
        self.successor_of: dict[str, str] = {}
        self.begins: dict[str, int] = {}
        if not self.chance(40):
            return
        month = self.chooser.integer(1, 11)  # in being from this period's index
        gone = self.base[1:] if count > 2 and self.chance(70) else [self.pick(self.base)]
        self.succeed("X", gone, month)
        if month < 11 and self.chance(15):
            self.succeed("Y", ["X"], self.chooser.integer(month + 1, 11))

    def succeed(self, code: str, gone: list[str], month: int) -> None:
        """A partner that stands in others' place from a period."""
        day = first_day(PERIODS[month], YEAR)
        if self.chance(30):
            day -= datetime.timedelta(days=self.chooser.integer(1, 27))
        partner = {"code": code, "name": f"Successor {code}", "kind": "icb", "succeeds": gone, "from": day}
        self.partners.insert(self.chooser.integer(0, len(self.partners)), partner)
        self.begins[code] = month
        for predecessor in gone:
            self.successor_of[predecessor] = code

    def mentions(self) -> list[str]:
        """The codes a weight may be written for: the first partners, and a successor now and then."""
        return self.base + [code for code in self.begins if self.chance(25)]

    def written(self, code: str, period: int) -> str:
        """How a line of a period names a partner: by its successor once there is one, or late by its own code."""
        while code in self.successor_of and self.begins[self.successor_of[code]] <= period and self.chance(60):
            code = self.successor_of[code]
        return code

    def anyone(self) -> str:
        """A partner to be a host, lead, payer or bearer: one that is there from the start, or a successor in being."""
        in_being = [code for code, month in self.begins.items() if month <= self.now]
        if in_being and self.chance(15):
            return self.pick(in_being)
        return self.pick(self.base)

    def make_funds(self) -> None:
        """One to four funds."""
        self.funds: list[dict[str, Any]] = []
        for number in range(1, 1 + self.pick([1, 2, 3, 2, 4])):
            fund = {
                "code": f"F{number}",
                "name": f"Fund {number}",
                "kind": "pooled" if number == 1 and self.chance(85) else self.pick(["pooled", "aligned", "pooled"]),
                "host": self.anyone(),
            }
            netting = self.pick(["fund", "scheme", "group", "scheme"])
            if netting != "fund" or self.chance(30):
                fund["netting"] = netting
            self.funds.append(fund)
        self.kind_of = {fund["code"]: fund["kind"] for fund in self.funds}

    def make_schemes(self) -> None:
        """One to three schemes a fund, listed by fund or mixed."""
        self.schemes: list[dict[str, Any]] = []
        for fund in self.funds:
            for _ in range(self.pick([1, 2, 3, 2])):
                scheme: dict[str, Any] = {"fund": fund["code"]}
                if fund["kind"] == "aligned" and self.chance(75):
                    scheme["service"] = "influenced"
                elif self.chance(10):
                    scheme["service"] = "core"
                if self.chance(40):
                    scheme["tier"] = self.chooser.integer(1, 5)
                if self.chance(35):
                    scheme["lead"] = self.anyone()
                if self.chance(35):
                    scheme["responsible"] = self.anyone()
                if self.chance(60):
                    scheme["group"] = self.pick(["G1", "G2"])
                if self.chance(40):
                    scheme["tags"] = self.some(["capital", "bcf", "joint"], 1)
                if self.chance(12):
                    scheme["excluded"] = True
                position = self.chooser.integer(0, len(self.schemes)) if self.chance(20) else len(self.schemes)
                self.schemes.insert(position, scheme)
        for number, scheme in enumerate(self.schemes, 1):
            rest = {key: value for key, value in scheme.items() if key != "fund"}
            named = {"code": f"S{number}", "name": f"Scheme {number}", "fund": scheme["fund"], **rest}
            self.schemes[number - 1] = named

    # --- lines ---

    def up_to_now(self) -> int:
        """The index of a period that counts to date."""
        return self.now if self.chance(30) else self.chooser.integer(0, self.now)

    def line(self, period: int, scheme: dict, partner: str, kind: str, pence: int, **more: str) -> None:
        """One ledger line; its reference makes it unlike any other."""
        written = {
            "period": PERIODS[period],
            "scheme": scheme["code"],
            "partner": self.written(partner, period),
            "kind": kind,
            "amount": money(pence),
            "reference": f"L{len(self.lines) + 1}",
        }
        self.lines.append({**written, **more})

    def make_lines(self) -> None:
        """Budgets, virements, spend, payments, savings and baselines."""
        self.influenced_budgets = self.chance(30)
        for scheme in self.schemes:
            influenced = scheme.get("service") == "influenced"
            planned = 0
            if influenced:
                planned = self.plan(scheme, "baseline")
                if self.influenced_budgets:
                    self.plan(scheme, "budget")
            else:
                planned = self.plan(scheme, "budget")
            self.spend(scheme, planned)
            if self.kind_of[scheme["fund"]] == "pooled":
                self.savings(scheme)
            if self.kind_of[scheme["fund"]] == "pooled" or influenced:
                for _ in range(self.pick([1, 0, 2])):
                    amount = self.pence(120)
                    self.line(self.up_to_now(), scheme, self.pick(self.base), "payment", amount)
                if self.chance(5):
                    self.line(self.up_to_now(), scheme, self.pick(self.base), "payment", -self.pence(30))
        self.virements()

    def plan(self, scheme: dict, kind: str) -> int:
        """Budget or baseline lines of some partners; answers what of them counts to date."""
        to_date = 0
        for partner in self.some(self.base, 1):
            amount = self.pence()
            self.line(0 if self.chance(50) else self.up_to_now(), scheme, partner, kind, amount)
            to_date += amount
            if kind == "budget":
                key = (scheme["code"], partner)
                self.contributed[key] = self.contributed.get(key, 0) + amount
            if self.now < 12 and self.chance(25):
                later = self.pence()
                self.line(self.chooser.integer(self.now + 1, 12), scheme, partner, kind, later)
                to_date += later if self.outturn else 0
        return to_date

    def spend(self, scheme: dict, planned: int) -> None:
        """Spend about the plan: on it, pennies off it, over it, under it, or far over it."""
        way = self.pick(["over", "under", "pennies", "over", "on plan", "far over", "under", "nothing"])
        over = 0
        if way in ("over", "far over"):
            over = self.pence(60 if way == "over" else 400)
        elif way == "under":
            over = -self.pence(70)
        elif way == "pennies":
            over = self.chooser.integer(-7, 7)
        elif way == "nothing":
            over = -planned
        left = planned + over
        payers = self.some(self.base, 1)
        for number, payer in enumerate(payers):
            last = number == len(payers) - 1
            amount = left if last else self.chooser.integer(0, max(0, left))
            left -= amount
            kind = self.pick(["actual", "accrual"])
            if self.outturn and self.now < 12 and self.chance(40):
                self.line(self.chooser.integer(self.now + 1, 12), scheme, payer, "forecast", amount)
            else:
                self.line(self.up_to_now(), scheme, payer, kind, amount)
        if self.chance(12):
            self.line(self.up_to_now(), scheme, self.pick(self.base), "actual", -self.pence(20))
        if self.chance(12):
            kind = self.pick(["actual", "accrual"])
            self.line(self.up_to_now(), scheme, self.pick(self.base), kind, self.pence(50), cause="default")
        if self.now < 12 and self.chance(12):
            kind = self.pick(["actual", "accrual", "forecast"])
            self.line(self.chooser.integer(self.now + 1, 12), scheme, self.pick(self.base), kind, self.pence(50))
        if self.chance(8):
            self.line(self.up_to_now(), scheme, self.pick(self.base), "forecast", self.pence(50))

    def savings(self, scheme: dict) -> None:
        """QIPP planned, delivered and forecast."""
        if not self.chance(55):
            return
        for partner in self.some(self.base, 1):
            target = self.pence(50)
            self.line(self.up_to_now(), scheme, partner, "qipp_target", target)
            if self.chance(60):
                delivered = self.chooser.integer(0, target * 5 // 4)
                self.line(self.up_to_now(), scheme, partner, "qipp_delivered", delivered)
            if self.now < 12 and self.chance(30):
                later = self.chooser.integer(self.now + 1, 12)
                kind = self.pick(["qipp_forecast", "qipp_target", "qipp_delivered"])
                self.line(later, scheme, partner, kind, self.pence(30))

    def virements(self) -> None:
        """Movements of budget that sum to zero by reference; now and then one below nothing."""
        for number in range(1, 1 + self.pick([0, 1, 0, 2])):
            if not self.contributed:
                return
            (source, giver), budget = self.pick(list(self.contributed.items()))
            (target, taker), _ = self.pick(list(self.contributed.items()))
            amount = self.pence(300) if self.chance(12) else self.chooser.integer(0, max(0, budget))
            period = self.up_to_now() if self.chance(85) else self.chooser.integer(0, 12)
            by_code = {scheme["code"]: scheme for scheme in self.schemes}
            self.line(period, by_code[source], giver, "virement", -amount, reference=f"V{number}")
            self.line(period, by_code[target], taker, "virement", amount, reference=f"V{number}")
            self.contributed[source, giver] -= amount
            self.contributed[target, taker] += amount

    def make_performance(self) -> list[dict]:
        """Up to three elements, often two on one scheme, with their measures."""
        made: list[dict] = []
        places = [
            (scheme, partner)
            for scheme in self.schemes
            for partner in self.base
            if self.kind_of[scheme["fund"]] == "pooled" and (scheme["code"], partner) in self.contributed
        ]
        if not places or not self.chance(40):
            return made
        scheme, payer = self.pick(places)
        for number in range(1, 1 + self.pick([1, 2, 1, 3])):
            if self.chance(50):
                scheme, payer = self.pick(places)
            budget = max(1, self.contributed[scheme["code"], payer])
            element: dict[str, Any] = {
                "id": f"P{number}",
                "title": f"Element {number}",
                "fund": scheme["fund"],
                "scheme": scheme["code"],
                "payer": self.pick(list(self.begins))
                if self.begins and self.chance(10)
                else self.written(payer, self.now),
                "measure": self.pick(["NEA", "DTOC"]),
                "held": money(self.chooser.integer(1, max(1, budget * self.pick([30, 70, 130]) // 100))),
            }
            mode = self.pick(["linear", "all_or_nothing", "default"])
            if mode != "default":
                element["mode"] = mode
            if mode != "all_or_nothing" and self.chance(50):
                element["rate"] = money(self.chooser.integer(1, max(1, budget // 10)))
            made.append(element)
        for measure in ("NEA", "DTOC"):
            for period in self.some(PERIODS[:12:3]) if self.chance(50) else [PERIODS[min(self.now, 11)]]:
                baseline = self.chooser.integer(0, 300)
                row = {"period": period, "measure": measure, "baseline": str(baseline)}
                row["target"] = str(baseline - self.chooser.integer(-1, 12))
                row["actual"] = str(baseline - self.chooser.integer(-3, 14)) + self.pick(["", ".5", ".25"])
                self.measures.append(row)
        return made

    # --- the schedule ---

    def make_clauses(self) -> None:
        """One to four clauses of each kind that can arise, most often with one at the end that takes the rest."""
        influenced = any(scheme.get("service") == "influenced" for scheme in self.schemes)
        kinds = ["overspend", "underspend", "qipp_shortfall"] if "pooled" in self.kind_of.values() else []
        if influenced or self.chance(5):
            kinds = [*kinds, "benefit", "disbenefit"]
        for kind in kinds:
            if kind in ("overspend", "qipp_shortfall") and self.chance(35):
                self.clauses.append(self.first_call(kind))
            for _ in range(self.pick([1, 2, 3, 2])):
                self.clauses.append(self.clause(kind, whole=False))
            if self.chance(85):
                self.clauses.append(self.clause(kind, whole=True))
        if self.chance(25):
            order = sorted(range(len(self.clauses)), key=lambda _: self.chooser.integer(0, 99))
            self.clauses = [self.clauses[place] for place in order]
        for number, clause in enumerate(self.clauses, 1):
            clause["id"] = f"{number}"

    def first_call(self, kind: str) -> dict:
        """A first call on other underspends or a reserve, before the partners are asked."""
        clause: dict[str, Any] = {"id": "", "title": f"First call for {kind}", "on": kind}
        clause["to"] = self.pick(["underspends", *(f"reserve:{reserve['code']}" for reserve in self.reserves)])
        if clause["to"] == "underspends" and self.chance(75):
            clause["draw_on"] = self.pick(["agreement", "fund", "agreement"])
        return clause

    def clause(self, kind: str, *, whole: bool) -> dict:
        """A clause; a whole one takes all that remains and gives it to the partners."""
        clause: dict[str, Any] = {"id": "", "title": f"On {kind}", "on": kind}
        if whole:
            return {**clause, "to": "partners", "share": self.share(kind)}
        if self.chance(30):
            scope = self.scope(kind)
            if scope:
                clause["scope"] = scope
        if self.chance(60):
            clause["band"] = self.band()
            if self.chance(30):
                clause["threshold"] = self.pick(["cliff", "excess"])
        if self.chance(35):
            clause["per"] = self.pick(["fund", "agreement", "group"])
        if self.chance(45):
            split = []
            for percent in self.pick(SPLITS):
                to = self.destination(kind, in_split=True)
                slice_: dict[str, Any] = {"percent": percent, "to": to}
                if to in ("partners", "provision"):
                    slice_["share"] = self.share(kind)
                split.append(slice_)
            clause["split"] = split
        else:
            clause["to"] = self.destination(kind, in_split=False)
            if clause["to"] in ("partners", "provision"):
                clause["share"] = self.share(kind)
        if any(slice_["to"] == "underspends" for slice_ in slices_of(clause)) and self.chance(70):
            clause["draw_on"] = self.pick(["agreement", "fund", "agreement"])
        return clause

    def destination(self, kind: str, *, in_split: bool) -> str:
        """Where an amount goes."""
        options = ["partners", "partners", "partners"]
        if kind in ("overspend", "qipp_shortfall"):
            options += ["underspends", "underspends"]
        if kind in ("underspend", "benefit"):
            options.append("provision")
        options += [f"reserve:{reserve['code']}" for reserve in self.reserves]
        if in_split:
            options.append("next")
        return self.pick(options)

    def band(self) -> list[str]:
        """A band in money, per cent, or both."""
        low, high = sorted([self.pence(50, low=0), self.pence(90, low=0)])
        percents = sorted([self.pick(PERCENTS), self.pick(PERCENTS)], key=float)
        low = 0 if self.chance(50) else low
        edges = self.pick(
            [
                [money(low), money(high)],
                [f"{percents[0]}%", f"{percents[1]}%"],
                ["0%", f"{percents[1]}%"],
                [money(low)],
                [f"{percents[0]}%"],
                ["0.00", f"{percents[1]}%"],
                [money(low), money(max(low, 5))],
            ]
        )
        return edges

    def scope(self, kind: str) -> dict:
        """A scope that takes groups whole; once in a while one that does not, for a fund that nets as one."""
        chosen = self.pick(["fund", "scheme", "tier", "tag", "service"])
        options: dict[str, list] = {
            "fund": [fund["code"] for fund in self.funds],
            "scheme": [scheme["code"] for scheme in self.schemes],
            "tier": [1, 2, 3, 4, 5],
            "tag": ["capital", "bcf", "joint"],
            "service": ["core", "influenced"],
        }
        values = options[chosen]
        scope: dict[str, Any] = {chosen: self.some(values, 1) if self.chance(70) else self.pick(values)}
        if self.chance(25) and chosen != "fund":
            scope["fund"] = self.some(options["fund"], 1)
        pretend = {fund["code"]: {**fund, "kind": "pooled"} for fund in self.funds}
        # every set of schemes that could be called a group, those of an aligned fund's core services too
        for service in ("core", "influenced"):
            schemes = {s["code"]: s for s in self.schemes if s.get("service", "core") == service}
            for group in make_groups({"funds": pretend, "schemes": schemes}):
                inside = [in_scope(schemes[code], scope) for code in group["schemes"]]
                if any(inside) and not all(inside):
                    pooled = self.kind_of[group["fund"]] == "pooled"
                    met = (pooled and service == "core") if kind in POOLED_KINDS else service == "influenced"
                    if met:  # a clause cuts what it could meet only to be refused; what it never meets, freely
                        return scope if pooled and self.chance(4) else {}
        return scope

    def share(self, kind: str) -> dict:
        """A share by a basis that has a weight for what the clause is on, nearly always."""
        options = ["fixed", "fixed", "fixed", "host", "partner", *self.bases, *self.bases]
        kinds = self.kind_of
        pooled = any(kinds[scheme["fund"]] == "pooled" for scheme in self.schemes)
        core = any(scheme.get("service", "core") == "core" for scheme in self.schemes)
        options += ["pooled", "pooled"] if pooled else []
        options += ["core"] if core else []
        if kind in POOLED_KINDS or self.influenced_budgets:
            options += ["fund", "scheme", "scheme"]
        if not (kind == "qipp_shortfall" and self.qipp == "separate") or self.chance(2):
            options += ["responsible", "lead"]
        if kind in ("qipp_shortfall", "benefit", "disbenefit"):
            options += ["incurred", "incurred", "incurred"]
        by = self.pick(options)
        if by == "partner":
            return {"by": f"partner:{self.anyone()}"}
        share: dict[str, Any] = {"by": by}
        if by == "fixed":
            for code in self.mentions():
                if self.chance(92):
                    share[code] = self.pick(WEIGHTS)
            if not self.chance(1):
                share[self.pick(self.base)] = self.pick(WEIGHTS[:-1])
        if by in ("pooled", "core", "fund", "scheme") and self.chance(35):
            share["at"] = "opening"
        return share

    def make_caps(self) -> list[dict]:
        """Up to five caps, at most one for a partner on a clause; sometimes the same on predecessors that merge."""
        caps: list[dict] = []
        taken: set[tuple[str, str]] = set()
        for _ in range(self.pick([1, 2, 0, 3, 4])):
            losses = self.chance(75)
            clauses = [
                clause["id"]
                for clause in self.clauses
                if (clause["on"] in LOSSES) == losses
                and any(slice_["to"] in ("partners", "provision") for slice_ in slices_of(clause))
            ]
            if not clauses:
                continue
            partners = [self.pick(self.base)]
            together = [code for code in self.base if self.successor_of.get(code) == self.successor_of.get(partners[0])]
            if partners[0] in self.successor_of and len(together) > 1 and self.chance(70):
                partners = together
            elif self.begins and self.chance(8):
                partners = list(self.begins)[:1]
            on = self.some(clauses, 1)
            percent = self.chance(35)
            for partner in partners:
                new = self.cap(partner, on, percent=percent)
                if not any((partner, clause) in taken for clause in on) and self.mergeable(new, caps):
                    caps.append(new)
                    taken |= {(partner, clause) for clause in on}
        return caps

    def mergeable(self, new: dict, caps: list[dict]) -> bool:
        """Whether a cap can stand beside those of fellow predecessors; now and then yes though it will be refused."""
        for cap in caps:
            same_heir = self.last_heir(cap["partner"]) == self.last_heir(new["partner"])
            alike = set(cap["clauses"]) == set(new["clauses"]) and ("%" in cap["amount"]) == ("%" in new["amount"])
            if same_heir and set(cap["clauses"]) & set(new["clauses"]) and not alike:
                return self.chance(4)
        return True

    def last_heir(self, code: str) -> str:
        """Who stands in a partner's place at the year's end."""
        while code in self.successor_of:
            code = self.successor_of[code]
        return code

    def cap(self, partner: str, clauses: list[str], *, percent: bool) -> dict:
        """One cap, in money or per cent, with any of the four ways beyond it."""
        cap: dict[str, Any] = {"partner": partner, "clauses": list(clauses)}
        if percent:
            cap["amount"] = f"{self.pick(PERCENTS[:-2])}%"
            pooled = [fund["code"] for fund in self.funds if fund["kind"] == "pooled"]
            if pooled and self.chance(40):
                cap["of"] = self.pick(pooled)
        else:
            cap["amount"] = money(0 if self.chance(10) else self.pence(self.pick([20, 5, 60])))
        beyond = self.pick(["default", "next", "host", "partner", "others", "next", "host", "partner"])
        if beyond != "default":
            cap["beyond"] = f"partner:{self.anyone()}" if beyond == "partner" else beyond
        return cap


# --- files --------------------------------------------------------------------------------------------------------


def toml_value(value: Any) -> str:
    """A value as TOML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, list):
        return "[" + ", ".join(toml_value(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{toml_key(key)} = {toml_value(item)}" for key, item in value.items()) + " }"
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'


def toml_key(key: str) -> str:
    """A key, quoted where TOML wants it."""
    return key if key.replace("_", "").replace("-", "").isalnum() and key.isascii() else toml_value(key)


def toml_text(agreement: dict) -> str:
    """The text of agreement.toml."""
    out: list[str] = []
    for table, value in agreement.items():
        if table == "basis":
            entries = [(f"[basis.{toml_key(name)}]", amounts) for name, amounts in value.items()]
        elif isinstance(value, list):
            entries = [(f"[[{table}]]", entry) for entry in value]
        else:
            entries = [(f"[{table}]", value)]
        for heading, entry in entries:
            out += [heading, *(f"{toml_key(key)} = {toml_value(item)}" for key, item in entry.items()), ""]
    return "\n".join(out)


def write_case(case: Case, folder: Path) -> None:
    """Lays the case out as a ledger in the folder form; period and outturn are left to the caller."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "agreement.toml").write_text(toml_text(case.agreement), encoding="utf-8", newline="\n")
    for name, columns, rows in (
        ("lines.csv", LINE_COLUMNS, case.lines),
        ("measures.csv", MEASURE_COLUMNS, case.measures),
    ):
        if name == "measures.csv" and not rows:
            continue
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


# --- coverage -----------------------------------------------------------------------------------------------------


def features_of(case: Case, result: dict | None = None) -> set[str]:
    """Names of what the case, and its result if given, exercises."""
    found: set[str] = set()
    agreement = case.agreement
    found.add(f"qipp {agreement['agreement']['qipp']}")
    found.add(f"period {case.period}")
    if case.outturn:
        found.add("outturn")
    found.add(f"partners {len(agreement['partner'])}")
    found.add(f"funds {len(agreement['fund'])}")
    for partner in agreement["partner"]:
        if "succeeds" in partner:
            begun = first_day(case.period, YEAR) >= partner["from"]
            how = "many" if len(partner["succeeds"]) > 1 else "one"
            found.add(f"succession {how} to one, {'in force' if begun else 'to come'}")
            for line in case.lines:
                after = first_day(line["period"], YEAR) >= partner["from"]
                if begun and line["partner"] in partner["succeeds"] and after:
                    found.add("late line by a predecessor")
                if line["partner"] == partner["code"]:
                    found.add("line by a successor" if begun else "line by a successor to come")
    for fund in agreement["fund"]:
        found.add(f"netting {fund.get('netting', 'fund')} {fund['kind']}")
    for scheme in agreement["scheme"]:
        found.add(f"service {scheme.get('service', 'core')}{' excluded' if scheme.get('excluded') else ''}")
    for clause in agreement.get("clause", []):
        found |= {f"on {clause['on']}", f"per {clause.get('per', 'group')}"}
        found |= {f"scope {key}" for key in clause.get("scope", {})}
        if "band" in clause:
            found.add(f"band {clause.get('threshold', 'excess')}")
            found |= {"band %" if "%" in edge else "band money" for edge in clause["band"]}
        if "split" in clause:
            found.add("split")
        for slice_ in slices_of(clause):
            to = slice_["to"].split(":")[0]
            found.add(f"to {to} {'in split' if 'split' in clause else ''}".strip())
            if to == "underspends":
                found.add(f"draw_on {clause.get('draw_on', 'fund')}")
            share = slice_.get("share") or {}
            if share:
                by = share["by"].split(":")[0]
                found.add(f"by {by}" + (" at opening" if "at" in share else ""))
    for cap in agreement.get("cap", []):
        found.add(f"cap {'%' if cap['amount'].endswith('%') else 'money'}{' of' if 'of' in cap else ''}")
        found.add(f"beyond {cap.get('beyond', 'others').split(':')[0]}")
    for element in agreement.get("performance", []):
        rate = " with rate" if "rate" in element else ""
        found.add(f"performance {element.get('mode', 'linear')}{rate}")
    places = [(element["scheme"], element["payer"]) for element in agreement.get("performance", [])]
    if len(places) != len(set(places)):
        found.add("two elements on one budget")
    found |= {f"line {line['kind']}" for line in case.lines}
    if any(line.get("cause") for line in case.lines):
        found.add("cause default")
    if any(line["amount"].startswith("-") and line["kind"] != "virement" for line in case.lines):
        found.add("a credit")
    if result is not None:
        found |= result_features(result)
    return found


def result_features(result: dict) -> set[str]:
    """Names of what came about in a result."""
    found: set[str] = set()
    for subject in result["subjects"]:
        found.add(f"subject {subject['on']}")
        if subject["unallocated"]:
            found.add(f"unallocated {subject['on']}")
        if len({part["clause"] for part in subject["parts"]}) > 2:
            found.add("subject met by three clauses")
        for part in subject["parts"]:
            found.add(f"part {part['to'].split(':')[0]} of {subject['on']}")
            if part["clause"] == "excluded":
                found.add("part excluded")
    for row in result["partners"].values():
        found |= {f"row {column}" for column, amount in row.items() if amount}
    if any(element["released"] not in (0, element["held"]) for element in result["performance"]):
        found.add("performance released in part")
    if result["unallocated"] == 0:
        found.add("signable")
    return found
