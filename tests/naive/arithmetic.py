"""The arithmetic of a Section 75 settlement, read a second time, literally and without cleverness.

It exists to disagree: nothing here is shared with the production engine, so a figure both give is right by two
readings of `spec/arithmetic.md`. Plain dicts, `fractions.Fraction`, whole pence, obvious loops; no speed, no trace.
Comments that begin `# READING:` mark a sentence of the page that could be read otherwise, and say what was chosen.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from fractions import Fraction
from math import floor
from typing import Any

LOSSES = ("overspend", "qipp_shortfall", "disbenefit")
KINDS = ("qipp_shortfall", "overspend", "disbenefit", "underspend", "benefit")
PERIODS = [f"M{number}" for number in range(1, 14)]


class Refused(Exception):
    """The agreement and its lines cannot be settled; says why."""


# --- numbers ----------------------------------------------------------------------------------------------------


def pence(text: str) -> int:
    """Whole pence of a plain money text, such as "-1234.56" or "£250,000.00"."""
    amount = Fraction(text.replace("£", "").replace(",", "").strip()) * 100
    if amount.denominator != 1:
        raise Refused(f"{text}: more than two decimals")
    return int(amount)


def half_up(amount: Fraction) -> int:
    """To the whole penny, a half penny going up."""
    return floor(amount + Fraction(1, 2))


def percentage_of(text: str, amount: int) -> int:
    """A text like "2.5%" of an amount of pence, rounded half up."""
    return half_up(Fraction(text.strip().rstrip("%").strip()) / 100 * amount)


def allocate(total: int, weights: Mapping[Any, Fraction | int]) -> dict[Any, int]:
    """The total shared among weights in whole pence: floors, then a penny each to the largest fractional parts.

    The weights must come in listed order, for that is how ties are broken.
    """
    if total == 0:
        return dict.fromkeys(weights, 0)
    whole = sum((Fraction(weight) for weight in weights.values()), Fraction(0))
    parts: dict[Any, int] = {}
    fractions: list[tuple[Fraction, int, Any]] = []
    for place, (key, weight) in enumerate(weights.items()):
        exact = total * Fraction(weight) / whole
        parts[key] = floor(exact)
        fractions.append((-(exact - floor(exact)), place, key))
    left = total - sum(parts.values())
    for _, _, key in sorted(fractions, key=lambda item: item[:2])[:left]:
        parts[key] += 1
    assert sum(parts.values()) == total
    return parts


# --- periods and succession -------------------------------------------------------------------------------------


def first_day(period: str, financial_year: str) -> datetime.date:
    """The day a period begins; M13 begins with M12."""
    month = min(PERIODS.index(period) + 1, 12)
    year = int(financial_year[:4])
    if month <= 9:
        return datetime.date(year, month + 3, 1)
    return datetime.date(year + 1, month - 9, 1)


def starts(partner: dict) -> datetime.date | None:
    """The partner's `from`, if it has one."""
    value = partner.get("from")
    if isinstance(value, str):
        return datetime.date.fromisoformat(value)
    return value


class Names:
    """Who is in being at a period, and as whom each code reads."""

    def __init__(self, agreement: dict, period: str) -> None:
        """Of an agreement, as it reads at the period."""
        today = first_day(period, agreement["agreement"]["financial_year"])
        # READING: "Before it, the successor does not exist" taken for any partner that has a `from`, with or without
        # `succeeds`. Whatever names a partner that does not exist yet (a weight, a basis amount, a line of a later
        # period, a cap, the receiver of an excess) is then nothing; a host or responsible partner that must bear
        # something and does not exist is refused. Alternative: refuse every mention.
        begun = [p for p in agreement["partner"] if (starts(p) or today) <= today]
        self.successor: dict[str, str] = {}
        for partner in begun:
            for code in partner.get("succeeds", []):
                self.successor[code] = partner["code"]
        self.partners = [p["code"] for p in begun if p["code"] not in self.successor]

    def now(self, code: str) -> str:
        """The code as it reads at the period: a predecessor's is its successor's, and so on."""
        while code in self.successor:
            code = self.successor[code]
        return code

    def alive(self, code: str) -> bool:
        """Whether the code, as it reads now, is a partner in being."""
        return self.now(code) in self.partners


def read_lines(agreement: dict, lines: list[dict], names: Names) -> list[dict]:
    """The lines with pence for amounts and partners as they read now, those of cause `default` left out."""
    year = agreement["agreement"]["financial_year"]
    begin = {p["code"]: starts(p) for p in agreement["partner"]}
    read = []
    for line in lines:
        since = begin[line["partner"]]
        if since is not None and first_day(line["period"], year) < since:
            raise Refused(f"a line of {line['period']} before its partner {line['partner']} begins")
        if (line.get("cause") or "") == "default":
            continue
        # READING: at a period before a successor begins, its lines (of later periods, so they matter only to the
        # whole-year weights, to caps in per cent and to --outturn) are nobody's and are left out.
        if not names.alive(line["partner"]):
            continue
        read.append(
            {
                "period": PERIODS.index(line["period"]),
                "scheme": line["scheme"],
                "partner": names.now(line["partner"]),
                "kind": line["kind"],
                "pence": pence(line["amount"]),
            }
        )
    return read


def read_caps(agreement: dict, names: Names) -> list[dict]:
    """The caps as they read now: those that come to be one partner's on the same clauses are merged."""
    merged: list[dict] = []
    for cap in agreement.get("cap", []):
        if not names.alive(cap["partner"]):
            continue
        code = names.now(cap["partner"])
        new = {
            "partner": code,
            "written": [cap["partner"]],
            "clauses": set(cap["clauses"]),
            "amount": cap["amount"],
            "percent": cap["amount"].strip().endswith("%"),
            "of": cap.get("of"),
            "beyond": cap.get("beyond", "others"),
        }
        new["pence"] = 0 if new["percent"] else pence(cap["amount"])
        kept = None
        for old in merged:
            if old["partner"] != code or not (old["clauses"] & new["clauses"]):
                continue
            if cap["partner"] in old["written"]:
                raise Refused(f"{code} has two caps on a clause")
            # READING: "on the same clauses" = the same set of clauses, in whatever order they are written; a fixed
            # amount beside a percentage, or sets that share some clauses only, are "any other overlap".
            if old["clauses"] != new["clauses"] or old["percent"] != new["percent"]:
                raise Refused(f"the caps {code} inherits overlap and cannot be merged")
            kept = old
        if kept is None:
            merged.append(new)
        else:
            kept["written"].append(cap["partner"])
            kept["pence"] += new["pence"]
    return merged


# --- the settlement ---------------------------------------------------------------------------------------------


def settle(agreement: dict, lines: list[dict], measures: list[dict], period: str, outturn: bool = False) -> dict:
    """The settlement of one agreement at one period, in the form of `expected.json`; raises `Refused`."""
    names = Names(agreement, period)
    partners = names.partners
    funds = {fund["code"]: fund for fund in agreement.get("fund", [])}
    schemes = {scheme["code"]: scheme for scheme in agreement.get("scheme", [])}
    host = {}
    for code, fund in funds.items():
        host[code] = names.now(fund["host"])
        if host[code] not in partners:
            raise Refused(f"the host of {code} does not exist at {period}")
    lead = {}
    responsible = {}
    for code, scheme in schemes.items():
        lead_as_written = scheme.get("lead", funds[scheme["fund"]]["host"])
        lead[code] = names.now(lead_as_written)
        responsible[code] = names.now(scheme.get("responsible", lead_as_written))
    read = read_lines(agreement, lines, names)
    ledger = Figures(agreement, names, read, measures, period, outturn)
    world = {
        "agreement": agreement,
        "names": names,
        "partners": partners,
        "funds": funds,
        "schemes": schemes,
        "host": host,
        "lead": lead,
        "responsible": responsible,
        "figures": ledger,
        "separate": agreement["agreement"].get("qipp", "within_budget") == "separate",
    }
    groups = make_groups(world)
    check_scopes(world, groups)
    subjects = make_subjects(world, groups)
    excluded = make_excluded(world)
    reserves = {r["code"]: pence(r["opening"]) for r in agreement.get("reserve", [])}
    headroom = make_headroom(world)
    moves: list[tuple[str, str, int]] = []  # cash between funds: (paying fund, receiving fund, pence)
    waterfall(world, subjects, reserves, headroom, moves)
    return write_result(world, subjects, excluded, reserves, moves, period)


class Figures:
    """Budgets, spend, savings, baselines and contributions by scheme and partner, and what performance pay did."""

    def __init__(
        self, agreement: dict, names: Names, read: list[dict], measures: list[dict], period: str, outturn: bool
    ) -> None:
        """From the lines as `read_lines` gives them."""
        self.read = read
        self.partners = names.partners
        self.now = PERIODS.index(period)
        self.outturn = outturn
        self.withheld: dict[tuple[str, str], int] = {}
        self.performance: list[dict] = []
        released_rows = []
        for element in agreement.get("performance", []):
            released_rows.append(self._performance(element, names.now(element["payer"]), measures))
        # Held is "before any such deduction": all elements first, then the deductions.
        for element, held, released in released_rows:
            key = (element["scheme"], names.now(element["payer"]))
            self.withheld[key] = self.withheld.get(key, 0) + held - released
            self.performance.append({"id": element["id"], "held": held, "released": released})

    def _performance(self, element: dict, payer: str, measures: list[dict]) -> tuple[dict, int, int]:
        # READING: the result's `held` is what is held at the period, not the key `held` of the agreement; "the whole
        # of `held`" for all_or_nothing is the whole of what is held at the period ("never more than is held").
        # READING: with --outturn, "the payer's budget to date" is the whole year's, as `budget` is everywhere there.
        held = max(0, min(pence(element["held"]), self.raw_budget(element["scheme"], payer)))
        rows = [
            row
            for row in measures
            if row["measure"] == element["measure"] and (self.outturn or PERIODS.index(row["period"]) <= self.now)
        ]
        if not rows:
            return element, held, 0
        required = sum((Fraction(row["baseline"]) - Fraction(row["target"]) for row in rows), Fraction(0))
        achieved = sum((Fraction(row["baseline"]) - Fraction(row["actual"]) for row in rows), Fraction(0))
        if element.get("mode", "linear") == "all_or_nothing":
            return element, held, held if achieved >= required else 0
        if achieved <= 0:
            return element, held, 0
        if element.get("rate") is not None:
            released = half_up(achieved * pence(element["rate"]))
        elif required <= 0:
            released = held
        else:
            released = half_up(held * achieved / required)
        return element, held, min(released, held)

    def _sum(self, kinds: tuple[str, ...], scheme: str, partner: str, when: str) -> int:
        total = 0
        for line in self.read:
            if line["kind"] not in kinds or line["scheme"] != scheme or line["partner"] != partner:
                continue
            if when == "to date" and line["period"] > self.now:
                continue
            if when == "later" and line["period"] <= self.now:
                continue
            total += line["pence"]
        return total

    def _plan(self, kinds: tuple[str, ...], scheme: str, partner: str) -> int:
        return self._sum(kinds, scheme, partner, "year" if self.outturn else "to date")

    def raw_budget(self, scheme: str, partner: str) -> int:
        """Budget and virements, before performance pay is taken off."""
        return self._plan(("budget", "virement"), scheme, partner)

    def budget(self, scheme: str, partner: str) -> int:
        """Budget and virements less the performance pay not released."""
        return self.raw_budget(scheme, partner) - self.withheld.get((scheme, partner), 0)

    def spend(self, scheme: str, partner: str) -> int:
        """Actuals and accruals to date, and at outturn the forecast of the later periods."""
        spent = self._sum(("actual", "accrual"), scheme, partner, "to date")
        if self.outturn:
            spent += self._sum(("forecast",), scheme, partner, "later")
        return spent

    def target(self, scheme: str, partner: str) -> int:
        """QIPP savings planned."""
        return self._plan(("qipp_target",), scheme, partner)

    def delivered(self, scheme: str, partner: str) -> int:
        """QIPP savings delivered, and at outturn those forecast for the later periods."""
        saved = self._sum(("qipp_delivered",), scheme, partner, "to date")
        if self.outturn:
            saved += self._sum(("qipp_forecast",), scheme, partner, "later")
        return saved

    def baseline(self, scheme: str, partner: str) -> int:
        """What an influenced service was expected to cost this partner."""
        return self._plan(("baseline",), scheme, partner)

    def payments(self, scheme: str, partner: str) -> int:
        """Cash paid to the host, always to date."""
        return self._sum(("payment",), scheme, partner, "to date")

    def contribution(self, scheme: str, partner: str, opening: bool = False) -> int:
        """A contribution as a weight: the whole year's lines, no performance deduction."""
        return self._sum(("budget",) if opening else ("budget", "virement"), scheme, partner, "year")

    def over_all(self, figure: str, scheme: str) -> int:
        """A figure of a scheme, summed over the partners."""
        return sum(getattr(self, figure)(scheme, partner) for partner in self.partners)


# --- groups and subjects ----------------------------------------------------------------------------------------


def make_groups(world: dict) -> list[dict]:
    """Every set of schemes that nets together and can be a subject, in the order funds and schemes are listed."""
    groups: list[dict] = []
    for fund_code, fund in world["funds"].items():
        found: dict[tuple[str, str], dict] = {}
        for code, scheme in world["schemes"].items():
            if scheme["fund"] != fund_code or scheme.get("excluded", False):
                continue
            influenced = scheme.get("service", "core") == "influenced"
            if fund["kind"] != "pooled" and not influenced:
                continue  # each partner meets its own
            netting = fund.get("netting", "fund")
            if netting == "fund":
                key = ("fund", fund_code)
            elif netting == "group" and scheme.get("group"):
                key = ("group", scheme["group"])
            else:
                # A scheme without a group stands alone, even where another scheme's group has this one's code.
                key = ("scheme", code)
            if key not in found:
                found[key] = {"fund": fund_code, "group": key[1], "influenced": influenced, "schemes": []}
                groups.append(found[key])
            found[key]["schemes"].append(code)
    return groups


def in_scope(scheme: dict, scope: dict) -> bool:
    """Whether a scheme is one the scope selects: every key must hold, of a list any one value."""
    for key, wanted in scope.items():
        values = wanted if isinstance(wanted, list) else [wanted]
        if key == "fund":
            has = [scheme["fund"]]
        elif key == "scheme":
            has = [scheme["code"]]
        elif key == "service":
            has = [scheme.get("service", "core")]
        elif key == "tier":
            has = [scheme["tier"]] if "tier" in scheme else []
        else:
            has = scheme.get("tags", [])
        if not any(value in has for value in values):
            return False
    return True


def check_scopes(world: dict, groups: list[dict]) -> None:
    """A scope takes a group whole or not at all; `incurred` is not for the spend of a pooled fund."""
    # READING: "A scope that selects some schemes of a group and not others" is checked for every group that could be
    # a subject of the clause's kind (pooled, or influenced), whether or not the group comes to anything now: a clause
    # on overspends does nothing to influenced services, so that cutting their group in two changes no figure.
    # Alternative: every group, whatever the clause is `on`.
    for clause in world["agreement"].get("clause", []):
        for group in groups:
            if group["influenced"] != (clause["on"] in ("benefit", "disbenefit")):
                continue
            inside = [in_scope(world["schemes"][code], clause.get("scope", {})) for code in group["schemes"]]
            if any(inside) and not all(inside):
                raise Refused(f"the scope of {clause['id']} selects part of the group {group['group']}")
        for slice_ in slices_of(clause):
            if (slice_.get("share") or {}).get("by") == "incurred" and clause["on"] in ("overspend", "underspend"):
                raise Refused(f"{clause['id']}: incurred is not for the spend of a pooled fund")


def group_sum(world: dict, group: dict, figure: str) -> int:
    """A figure of a group: over its schemes and all partners."""
    return sum(world["figures"].over_all(figure, code) for code in group["schemes"])


def make_subjects(world: dict, groups: list[dict]) -> list[dict]:
    """What the schedule has to deal with, in the order of the result."""
    subjects: list[dict] = []

    def add(group: dict, kind: str, amount: int, base: int) -> None:
        if amount > 0:
            subject = {**group, "on": kind, "amount": amount, "measured": amount, "remaining": amount}
            subjects.append({**subject, "base": base, "parts": []})

    for group in groups:
        if group["influenced"]:
            baseline = group_sum(world, group, "baseline")
            saved = baseline - group_sum(world, group, "spend")
            add(group, "benefit", saved, baseline)
            add(group, "disbenefit", -saved, baseline)
            continue
        budget = group_sum(world, group, "budget")
        over = group_sum(world, group, "spend") - budget
        target = group_sum(world, group, "target")
        shortfall = max(0, target - group_sum(world, group, "delivered"))
        if not world["separate"]:
            shortfall = min(shortfall, max(over, 0))
            over = over - shortfall
        add(group, "qipp_shortfall", shortfall, target)
        add(group, "overspend", over, budget)
        add(group, "underspend", -over, budget)
    return subjects


def make_excluded(world: dict) -> list[dict]:
    """The variances of the excluded schemes of pooled funds: wholly their responsible partners'."""
    subjects: list[dict] = []
    figures = world["figures"]
    for fund_code, fund in world["funds"].items():
        for code, scheme in world["schemes"].items():
            if scheme["fund"] != fund_code or fund["kind"] != "pooled" or not scheme.get("excluded", False):
                continue
            over = figures.over_all("spend", code) - figures.over_all("budget", code)
            if over == 0:
                continue
            bearer = world["responsible"][code]
            if bearer not in world["partners"]:
                raise Refused(f"the partner responsible for {code} does not exist yet")
            part = {
                "clause": "excluded",
                "to": "partners",
                "amount": abs(over),
                "partners": {partner: abs(over) if partner == bearer else 0 for partner in world["partners"]},
            }
            subject = {"on": "overspend" if over > 0 else "underspend", "fund": fund_code, "group": code}
            subjects.append({**subject, "amount": abs(over), "remaining": 0, "parts": [part]})
    return subjects


# --- the waterfall ----------------------------------------------------------------------------------------------


def slices_of(clause: dict) -> list[dict]:
    """The slices of a clause; one of 100 per cent if it has `to` and no `split`."""
    if "split" in clause:
        return list(clause["split"])
    return [{"percent": "100", "to": clause["to"], "share": clause.get("share")}]


def waterfall(
    world: dict, subjects: list[dict], reserves: dict[str, int], headroom: list[dict], moves: list[tuple[str, str, int]]
) -> None:
    """Kind by kind, clause by clause; changes the subjects, the reserves, the headroom and the cash moves."""
    for kind in KINDS:
        for clause in world["agreement"].get("clause", []):
            if clause["on"] != kind:
                continue
            scope = clause.get("scope", {})
            groups = [
                subject
                for subject in subjects
                if subject["on"] == kind and all(in_scope(world["schemes"][code], scope) for code in subject["schemes"])
            ]
            takes = what_the_clause_takes(world, clause, groups)
            slices = slices_of(clause)
            wanted = []  # by group, then by slice
            for take in takes:
                wanted.append(allocate(take, {i: Fraction(slice_["percent"]) for i, slice_ in enumerate(slices)}))
            for number, slice_ in enumerate(slices):
                amounts = [by_slice[number] for by_slice in wanted]
                to = slice_["to"]
                if to == "next":
                    continue
                if to == "underspends":
                    draw_underspends(world, clause, groups, amounts, subjects, moves)
                elif to.startswith("reserve:"):
                    use_reserve(world, clause, groups, amounts, to.removeprefix("reserve:"), reserves, moves)
                else:
                    for group, amount in zip(groups, amounts, strict=True):
                        share_out(world, clause, slice_, group, amount, headroom)


def what_the_clause_takes(world: dict, clause: dict, groups: list[dict]) -> list[int]:
    """What the clause takes of each of its groups."""
    per = clause.get("per", "group")
    if per == "group":
        sets = [[place] for place in range(len(groups))]
    elif per == "fund":
        sets = [[place for place, group in enumerate(groups) if group["fund"] == fund] for fund in world["funds"]]
    else:
        sets = [list(range(len(groups)))]
    takes = [0] * len(groups)
    for places in sets:
        base = sum(groups[place]["base"] for place in places)
        measured = sum(groups[place]["measured"] for place in places)
        remaining = sum(groups[place]["remaining"] for place in places)
        take = width_of_band(clause, max(0, base), measured, remaining)
        if take > 0:
            shares = allocate(take, {place: groups[place]["remaining"] for place in places})
            for place, amount in shares.items():
                takes[place] = amount
    return takes


def width_of_band(clause: dict, base: int, measured: int, remaining: int) -> int:
    """The width of the clause's band within [0, measured], never more than remains."""
    if "band" not in clause:
        return remaining
    edges = [percentage_of(edge, base) if "%" in edge else pence(edge) for edge in clause["band"]]
    low = edges[0]
    top = measured
    if len(edges) == 2:
        top = min(measured, edges[1])
    if clause.get("threshold", "excess") == "cliff":
        width = top if measured >= low else 0
    else:
        width = top - low
    return max(0, min(width, remaining))


def record(subject: dict, clause: dict, to: str, amount: int, shares: dict[str, int] | None) -> None:
    """Notes a part of a subject, unless it is nil."""
    if amount != 0:
        subject["parts"].append({"clause": clause["id"], "to": to, "amount": amount, "partners": shares})


def draw_underspends(
    world: dict,
    clause: dict,
    groups: list[dict],
    amounts: list[int],
    subjects: list[dict],
    moves: list[tuple[str, str, int]],
) -> None:
    """The clause's groups draw on underspends of the same fund or of the whole agreement."""
    if clause.get("draw_on", "fund") == "fund":
        areas = [[fund] for fund in world["funds"]]
    else:
        areas = [list(world["funds"])]
    for area in areas:
        takers = {i: amounts[i] for i in range(len(groups)) if groups[i]["fund"] in area and amounts[i] > 0}
        givers = {
            i: subjects[i]["remaining"]
            for i in range(len(subjects))
            if subjects[i]["on"] == "underspend" and subjects[i]["fund"] in area and subjects[i]["remaining"] > 0
        }
        total = min(sum(takers.values()), sum(givers.values()))
        if total == 0:
            continue
        position = dict.fromkeys(area, 0)
        for i, amount in allocate(total, takers).items():
            record(groups[i], clause, "underspends", amount, None)
            groups[i]["measured"] -= amount
            groups[i]["remaining"] -= amount
            position[groups[i]["fund"]] -= amount
        for i, amount in allocate(total, givers).items():
            record(subjects[i], clause, "overspends", amount, None)
            subjects[i]["measured"] -= amount
            subjects[i]["remaining"] -= amount
            position[subjects[i]["fund"]] += amount
        for giving in area:
            for taking in area:
                if position[giving] > 0 and position[taking] < 0:
                    cash = min(position[giving], -position[taking])
                    moves.append((giving, taking, cash))
                    position[giving] -= cash
                    position[taking] += cash


def use_reserve(
    world: dict,
    clause: dict,
    groups: list[dict],
    amounts: list[int],
    code: str,
    reserves: dict[str, int],
    moves: list[tuple[str, str, int]],
) -> None:
    """Draws a reserve for losses, up to its balance, or pays gains into it."""
    home = next(reserve["fund"] for reserve in world["agreement"]["reserve"] if reserve["code"] == code)
    if clause["on"] not in LOSSES:
        for group, amount in zip(groups, amounts, strict=True):
            record(group, clause, f"reserve:{code}", amount, None)
            group["remaining"] -= amount
            reserves[code] += amount
            moves.append((group["fund"], home, amount))
        return
    # READING: a reserve opened below zero has nothing to give.
    drawn = min(sum(amounts), max(0, reserves[code]))
    if drawn == 0:
        return
    for i, amount in allocate(drawn, dict(enumerate(amounts))).items():
        record(groups[i], clause, f"reserve:{code}", amount, None)
        groups[i]["measured"] -= amount
        groups[i]["remaining"] -= amount
        reserves[code] -= amount
        moves.append((home, groups[i]["fund"], amount))


# --- shares and caps --------------------------------------------------------------------------------------------


def weights_of(world: dict, share: dict, group: dict) -> dict[str, Fraction]:
    """The weight of every partner for one group, by the share's basis."""
    by = share["by"]
    opening = share.get("at") == "opening"
    figures, names, schemes, funds = world["figures"], world["names"], world["schemes"], world["funds"]
    weights = {partner: Fraction(0) for partner in world["partners"]}

    def add_contributions(codes: list[str]) -> None:
        for partner in weights:
            for code in codes:
                weights[partner] += figures.contribution(code, partner, opening)

    if by == "fixed":
        for code, weight in share.items():
            if code not in ("by", "at") and names.alive(code):
                weights[names.now(code)] += Fraction(weight)
    elif by == "pooled":
        add_contributions([code for code, scheme in schemes.items() if funds[scheme["fund"]]["kind"] == "pooled"])
    elif by == "core":
        # READING: core services wherever they stand, in aligned funds too (as in Barnet's level 5).
        add_contributions([code for code, scheme in schemes.items() if scheme.get("service", "core") == "core"])
    elif by == "fund":
        add_contributions([code for code, scheme in schemes.items() if scheme["fund"] == group["fund"]])
    elif by == "scheme":
        add_contributions(group["schemes"])
    elif by in ("responsible", "lead"):
        for code in group["schemes"]:
            partner = world[by][code]
            if partner in weights:
                weights[partner] += max(0, variance(world, code, group["on"]))
    elif by == "incurred":
        for partner in weights:
            weights[partner] += incurred(world, group, partner)
    elif by == "host":
        weights[world["host"][group["fund"]]] += 1
    elif by.startswith("partner:"):
        code = by.removeprefix("partner:")
        if names.alive(code):
            weights[names.now(code)] += 1
    else:
        for code, amount in world["agreement"]["basis"][by].items():
            if names.alive(code):
                weights[names.now(code)] += pence(amount)
    return weights


def variance(world: dict, scheme: str, kind: str) -> int:
    """A scheme's variance over all partners, in the direction of the subject."""
    figures: Figures = world["figures"]
    # READING: for a QIPP shortfall the direction is an overspend's, spend over budget; with `separate` the scheme may
    # not be overspent at all, and then nobody has a weight. For influenced schemes: spend against baseline.
    plan = "baseline" if kind in ("benefit", "disbenefit") else "budget"
    over = figures.over_all("spend", scheme) - figures.over_all(plan, scheme)
    return over if kind in LOSSES else -over


def incurred(world: dict, group: dict, partner: str) -> int:
    """A partner's own part of a group's shortfall, benefit or disbenefit, netted over its schemes, never below zero."""
    figures: Figures = world["figures"]
    own = 0
    for code in group["schemes"]:
        if group["on"] == "qipp_shortfall":
            own += figures.target(code, partner) - figures.delivered(code, partner)
        elif group["on"] == "benefit":
            own += figures.baseline(code, partner) - figures.spend(code, partner)
        elif group["on"] == "disbenefit":
            own += figures.spend(code, partner) - figures.baseline(code, partner)
        else:
            raise Refused("incurred is not for the spend of a pooled fund")
    return max(0, own)


def make_headroom(world: dict) -> list[dict]:
    """The caps in force with what each still leaves."""
    caps = read_caps(world["agreement"], world["names"])
    for cap in caps:
        if cap["percent"]:
            contribution = 0
            for code, scheme in world["schemes"].items():
                fund = scheme["fund"]
                if fund == cap["of"] if cap["of"] else world["funds"][fund]["kind"] == "pooled":
                    contribution += world["figures"].contribution(code, cap["partner"])
            # READING: a percentage of a contribution below zero leaves no headroom, rather than a headroom below
            # zero (which the partner would "exactly" get).
            cap["left"] = max(0, percentage_of(cap["amount"], contribution))
        else:
            cap["left"] = cap["pence"]
    return caps


def share_out(world: dict, clause: dict, slice_: dict, group: dict, amount: int, headroom: list[dict]) -> None:
    """Shares one group's slice among the partners, within their caps."""
    if amount == 0:
        return
    weights = weights_of(world, slice_["share"], group)
    if any(weight < 0 for weight in weights.values()):
        raise Refused(f"{clause['id']}: a weight below zero")
    if not any(weight > 0 for weight in weights.values()):
        raise Refused(f"{clause['id']}: an amount to share and no weight above zero")
    cap_of = {cap["partner"]: cap for cap in headroom if clause["id"] in cap["clauses"]}
    given = dict.fromkeys(world["partners"], 0)
    inside = [partner for partner in world["partners"] if weights[partner] > 0]
    total = amount
    handed_over: list[tuple[str, int]] = []  # (receiver, excess), in the order it arose
    while inside:
        parts = allocate(total, {partner: weights[partner] for partner in inside})
        passing = [p for p in inside if p in cap_of and parts[p] > cap_of[p]["left"]]
        if not passing:
            for partner in inside:
                given[partner] = parts[partner]
            break
        # READING: "each whose part passes its headroom ... leaves; then allocate again": all that pass leave in one
        # round. Alternative: one leaves and the rest is allocated again.
        for partner in passing:
            cap = cap_of[partner]
            given[partner] = cap["left"]
            inside.remove(partner)
            excess = parts[partner] - cap["left"]
            if cap["beyond"] == "others":
                total -= cap["left"]
            else:
                total -= parts[partner]
                if cap["beyond"] == "host":
                    handed_over.append((world["host"][group["fund"]], excess))
                elif cap["beyond"].startswith("partner:"):
                    handed_over.append((world["names"].now(cap["beyond"].removeprefix("partner:")), excess))
    for receiver, excess in handed_over:
        # READING: a receiver without a weight, or one that was capped itself, may receive up to what its own cap on
        # this clause leaves after its share; without a cap, all of it.
        if receiver not in given:
            continue
        if receiver in cap_of:
            excess = min(excess, cap_of[receiver]["left"] - given[receiver])
        given[receiver] += excess
    for partner, part in given.items():
        if partner in cap_of:
            cap_of[partner]["left"] -= part
    shared = sum(given.values())
    record(group, clause, slice_["to"], shared, given)
    group["remaining"] -= shared


# --- from shares to cash ----------------------------------------------------------------------------------------


def write_result(
    world: dict,
    subjects: list[dict],
    excluded: list[dict],
    reserves: dict[str, int],
    moves: list[tuple[str, str, int]],
    period: str,
) -> dict:
    """The cash, and everything in the order of `expected.json`."""
    partners, host, figures = world["partners"], world["host"], world["figures"]
    columns = ["contribution_due", "overspend", "qipp_shortfall", "underspend", "disbenefit", "benefit", "provision"]
    columns += ["handed_over", "spend", "paid", "received", "drawn", "between_hosts", "unallocated", "net_due"]
    rows = {partner: dict.fromkeys(columns, 0) for partner in partners}
    owes: dict[tuple[str, str], int] = {(p, q): 0 for p in partners for q in partners}

    # What each partner owes the host of each fund, scheme by scheme ...
    for code, scheme in world["schemes"].items():
        fund = scheme["fund"]
        for partner in partners:
            if world["funds"][fund]["kind"] == "pooled":
                budget = figures.budget(code, partner)
                spend = figures.spend(code, partner)
                rows[partner]["contribution_due"] += budget
                rows[partner]["spend"] += spend
                owes[partner, host[fund]] += budget - spend
            paid = figures.payments(code, partner)
            rows[partner]["paid"] += paid
            rows[host[fund]]["received"] += paid
            owes[partner, host[fund]] -= paid

    # ... and subject by subject.
    unallocated = 0
    for subject in subjects + excluded:
        loss = subject["on"] in LOSSES
        fund_host = host[subject["fund"]]
        unallocated += subject["remaining"]
        rows[fund_host]["unallocated"] += subject["remaining"] if loss else -subject["remaining"]
        for part in subject["parts"]:
            if part["partners"] is None:
                rows[fund_host]["drawn"] += part["amount"] if loss else -part["amount"]
                continue
            column = "provision" if part["to"] == "provision" else subject["on"]
            for partner, share in part["partners"].items():
                rows[partner][column] += share
                owes[partner, fund_host] += share if loss else -share
        if subject["on"] in ("benefit", "disbenefit"):
            for partner in partners:
                realised = 0
                for code in subject["schemes"]:
                    realised += figures.baseline(code, partner) - figures.spend(code, partner)
                rows[partner]["handed_over"] += realised
                owes[partner, fund_host] += realised
        if subject["on"] == "qipp_shortfall" and world["separate"]:
            weights = {partner: incurred(world, subject, partner) for partner in partners}
            for partner, bore in allocate(subject["amount"], weights).items():
                rows[partner]["handed_over"] -= bore
                owes[partner, fund_host] -= bore

    # Reserves and underspends drawn across funds move between the hosts.
    for paying, receiving, cash in moves:
        if host[paying] != host[receiving]:
            owes[host[paying], host[receiving]] += cash
            rows[host[paying]]["between_hosts"] += cash
            rows[host[receiving]]["between_hosts"] -= cash

    transfers = []
    for first in partners:
        for second in partners[partners.index(first) + 1 :]:
            cash = owes[first, second] - owes[second, first]
            rows[first]["net_due"] += cash
            rows[second]["net_due"] -= cash
            if cash > 0:
                transfers.append({"from": first, "to": second, "amount": cash})
            elif cash < 0:
                transfers.append({"from": second, "to": first, "amount": -cash})

    return {
        "agreement": world["agreement"]["agreement"]["id"],
        "financial_year": world["agreement"]["agreement"]["financial_year"],
        "period": period,
        "performance": figures.performance,
        "subjects": [
            {
                "on": subject["on"],
                "fund": subject["fund"],
                "group": subject["group"],
                "amount": subject["amount"],
                "unallocated": subject["remaining"],
                "parts": subject["parts"],
            }
            for subject in subjects + excluded
        ],
        "partners": rows,
        "reserves": reserves,
        "transfers": transfers,
        "unallocated": unallocated,
    }
