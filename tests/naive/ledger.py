"""A ledger and its sign-off, read a second time: lists, dicts and obvious loops, to hold the real one against.

Nothing here is shared with the production code. Periods are the numbers 1 to 13, money is pence. An operation that a
ledger refuses raises Refused, says why, and has changed nothing; one that it takes adds to `trail` what it did.
"""

from typing import Any

PERIODS = range(1, 14)


class Refused(Exception):
    """The ledger does not take this; says why."""


def refuse_if(condition: bool, why: str) -> None:
    if condition:
        raise Refused(why)


class NaiveLedger:
    """`partners` gives for each code its first period and its last; an agreement is a set of schemes, and a title."""

    def __init__(self, partners: dict[str, tuple[int, int]], clauses: set[str], agreement: dict[str, Any]) -> None:
        self.partners, self.clauses = partners, clauses
        self.lines: list[dict[str, Any]] = []
        self.batches: list[str] = []  # the file of each, "" for what a program posted
        self.state = dict.fromkeys(PERIODS, "open")
        self.versions = [{"from": 1, "agreement": agreement, "assents": set()}]
        self.disputes: list[dict[str, Any]] = []
        self.notes: list[dict[str, Any]] = []
        self.keys: dict[str, list[int]] = {}  # of each partner; the last signs
        self.evidence: list[tuple[str, str, str]] = []
        self.trail = ["create"]

    # --- what there is

    def in_force(self, period: int) -> dict[str, Any]:
        return [each for each in self.versions if each["from"] <= period][-1]["agreement"]

    def in_being(self, period: int) -> list[str]:
        return [code for code, (first, last) in self.partners.items() if first <= period <= last]

    def counts_in(self, period: int) -> int | None:
        return min((other for other in PERIODS if other >= period and self.state[other] == "open"), default=None)

    def pending(self) -> dict[str, Any] | None:
        waiting = [note for note in self.notes if not note["withdrawn"] and len(note["signed"]) < len(note["partners"])]
        return waiting[0] if waiting else None

    def is_put_up(self, period: int) -> bool:
        waiting = self.pending()
        return waiting is not None and period <= waiting["period"]

    def first_unsigned(self, period: int) -> int:
        left = [other for other in PERIODS if other >= period and self.state[other] != "signed"]
        refuse_if(not left, "every later period is signed")
        refuse_if(self.is_put_up(left[0]), "put up for signature")
        return left[0]

    def covering(self, period: int) -> dict[str, Any] | None:
        """The note that every partner signed and that first covers the period."""
        found = [note for note in self.notes if note["period"] >= period and set(note["signed"]) == note["partners"]]
        return found[0] if found else None

    def position(self, period: int) -> dict[tuple[str, str, str, bool], tuple[int, int]]:
        """Pence to date and later, by scheme, partner, kind and whether in default; as signed, where it was."""
        note = self.covering(period)
        found: dict[tuple[str, str, str, bool], tuple[int, int]] = {}
        for line in self.lines if note is None else self.lines[: note["lines"]]:
            key = (line["scheme"], line["partner"], line["kind"], line["cause"] != "")
            to_date, later = found.get(key, (0, 0))
            if line["period"] <= period:
                to_date += line["pence"]
            else:
                later += line["pence"]
            found[key] = (to_date, later)
        return {key: sums for key, sums in found.items() if sums != (0, 0)}

    def findings(self, upto: int) -> set[str]:
        found = set()
        moved: dict[str, int] = {}
        for line in self.lines:
            if line["period"] > upto:
                continue
            if line["belongs_to"] and self.state[line["period"]] == "open":
                found.add("late line")
            if line["scheme"] not in self.in_force(upto)["schemes"]:
                found.add("code")
            if line["kind"] == "virement":
                moved[line["reference"]] = moved.get(line["reference"], 0) + line["pence"]
        return found | ({"virement"} if any(moved.values()) else set())

    # --- lines

    def post(self, lines: list[dict[str, Any]], file: str = "") -> None:
        refuse_if(file != "" and file in self.batches, "imported already")
        refuse_if(not lines, "nothing to post")
        moved: dict[str, int] = {}
        posted = []
        for line in lines:
            counted = self.counts_in(line["period"])
            refuse_if(counted is None, "no later period is open")
            refuse_if(line["scheme"] not in self.in_force(counted)["schemes"], "no such scheme")
            refuse_if(line["partner"] not in self.partners, "no such partner")
            refuse_if(line["period"] < self.partners[line["partner"]][0], "not a partner yet")
            refuse_if(line["cause"] == "default" and line["kind"] not in {"actual", "accrual"}, "cannot be in default")
            if line["kind"] == "virement":
                refuse_if(not line["reference"], "a virement without a reference")
                moved[line["reference"]] = moved.get(line["reference"], 0) + line["pence"]
            late = None if counted == line["period"] else line["period"]
            posted.append({**line, "period": counted, "belongs_to": late, "reverses": None})
        refuse_if(any(moved.values()), "virements that do not balance")
        only_moves = {line["kind"] for line in lines} == {"virement"}
        self._keep(posted, file, "import" if file else "virement" if only_moves else "post")

    def reverse(self, number: int) -> None:
        refuse_if(not 1 <= number <= len(self.lines), "no such line")
        line = self.lines[number - 1]
        refuse_if(line["reverses"] is not None, "itself a reversal")
        legs = [line]
        if line["kind"] == "virement":
            same = ("kind", "batch", "reference")
            legs = [leg for leg in self.lines if all(leg[key] == line[key] for key in same) and leg["reverses"] is None]
        taken_back = {other["reverses"] for other in self.lines}
        posted = []
        for leg in legs:
            refuse_if(leg["id"] in taken_back, "reversed already")
            counted = self.counts_in(leg["period"])
            refuse_if(counted is None, "no later period is open")
            late = leg["belongs_to"] if counted == leg["period"] else leg["belongs_to"] or leg["period"]
            changed = {"period": counted, "belongs_to": late, "reverses": leg["id"], "pence": -leg["pence"]}
            posted.append({**leg, **changed})
        self._keep(posted, "", "reverse")

    def _keep(self, lines: list[dict[str, Any]], file: str, action: str) -> None:
        self.batches.append(file)
        for line in lines:
            self.lines.append({**line, "id": len(self.lines) + 1, "batch": len(self.batches)})
        self.trail.append(action)

    # --- periods and the agreement

    def hold(self, period: int) -> None:
        refuse_if(self.state[period] != "open", "closed already")
        for other in range(1, period + 1):
            if self.state[other] == "open":
                self.state[other] = "held"
        self.trail.append("hold")

    def reopen(self, period: int) -> None:
        refuse_if("signed" in [self.state[other] for other in PERIODS if other >= period], "signed is final")
        refuse_if(self.state[period] == "open", "open already")
        refuse_if(self.is_put_up(period), "put up for signature")
        for other in range(period, 14):
            self.state[other] = "open"
        self.trail.append("reopen")

    def vary(self, agreement: dict[str, Any], wanted: int | None) -> None:
        start = wanted or self.counts_in(1)
        refuse_if(start is None or self.state[start] != "open", "closed")
        refuse_if(self.in_force(start) == agreement, "in force already")
        refuse_if(any(line["scheme"] not in agreement["schemes"] for line in self.lines), "a scheme with lines")
        self.versions.append({"from": start, "agreement": agreement, "assents": set()})
        self.trail.append("agreement")

    def assent(self, version: int, partner: str, key: int) -> None:
        refuse_if(not 2 <= version <= len(self.versions), "no such version to assent to")
        varied = self.versions[version - 1]
        refuse_if(partner not in self.in_being(varied["from"]) or partner in varied["assents"], "does not wait for it")
        self._know(partner, key)
        varied["assents"].add(partner)
        self.trail.append("assent")

    # --- disputes and evidence

    def dispute(self, partner: str, line: int | None, clause: str | None, period: int = 0) -> None:
        if line is not None:
            refuse_if(not 1 <= line <= len(self.lines), "no such line")
            period = self.first_unsigned(self.lines[line - 1]["period"])
        refuse_if(self.state[period] == "signed" or self.is_put_up(period), "signed, or put up for it")
        refuse_if(line is None and clause not in self.clauses, "no such clause")
        refuse_if(partner not in self.in_being(period), "not a partner in being")
        about = (partner, line, clause)
        refuse_if(any(each["about"] == about and not _is_resolved(each) for each in self.disputes), "disputed already")
        self.disputes.append({"about": about, "period": period, "said": []})
        self.trail.append("dispute")

    def resolve(self, number: int) -> None:
        found = self._open_dispute(number)
        found["said"].append(("resolved", self.first_unsigned(found["period"])))
        self.trail.append("resolve")

    def carry(self, number: int, period: int) -> None:
        found = self._open_dispute(number)
        refuse_if(period < found["period"], "raised later")
        refuse_if(any(period <= upto for _, upto in found["said"]), "carried already")
        refuse_if(self.state[period] == "signed" or self.is_put_up(period), "signed, or put up for it")
        found["said"].append(("carried", period))
        self.trail.append("carry")

    def _open_dispute(self, number: int) -> dict[str, Any]:
        refuse_if(not 1 <= number <= len(self.disputes), "no such dispute")
        refuse_if(_is_resolved(self.disputes[number - 1]), "resolved")
        return self.disputes[number - 1]

    def attach(self, document: str, about: str, target: str) -> None:
        there = {
            "line": [str(line["id"]) for line in self.lines],
            "virement": [line["reference"] for line in self.lines if line["kind"] == "virement"],
            "agreement": [str(number) for number in range(1, len(self.versions) + 1)],
            "dispute": [str(number) for number in range(1, len(self.disputes) + 1)],
            "period": [f"M{period}" for period in PERIODS],
        }
        refuse_if(target not in there[about], "nothing of the kind")
        refuse_if((document, about, target) in self.evidence, "attached already")
        self.evidence.append((document, about, target))
        self.trail.append("evidence")

    # --- sign-off

    def sign(self, period: int, partner: str, key: int, name: str, preparer: str) -> None:
        note = self.pending()
        if note is None:
            self._refuse_unless_fit(period)
            note = {"period": period, "partners": set(self.in_being(period)), "preparer": preparer}
            note |= {"signed": {}, "withdrawn": False, "lines": len(self.lines)}
        refuse_if(note["period"] != period, "another note waits")
        refuse_if(partner not in note["partners"] or partner in note["signed"], "need not sign, or has")
        refuse_if(name in {note["preparer"], *note["signed"].values()}, "maker and checker differ")
        refuse_if(not self._may_use(partner, key), "another key")
        if note is not self.pending():
            self.notes.append(note)
            self.trail.append("seal")
        self._know(partner, key)
        note["signed"][partner] = name
        if set(note["signed"]) == note["partners"]:
            self.state |= dict.fromkeys(range(1, period + 1), "signed")
        self.trail.append("sign")

    def _refuse_unless_fit(self, period: int) -> None:
        refuse_if(self.state[period] != "held", "not held")
        refuse_if(bool(self.findings(period)), "a check finds something")
        for dispute in self.disputes:
            said = [each for each in dispute["said"] if each[1] <= period]
            decided = any(what == "resolved" for what, _ in said) or ("carried", period) in said
            refuse_if(dispute["period"] <= period and not decided, "a dispute is open")
        for governed in range(1, period + 1):
            version = [each for each in self.versions if each["from"] <= governed][-1]
            waits = version is not self.versions[0] and version["assents"] != set(self.in_being(version["from"]))
            refuse_if(waits, "a partner has not assented")

    def withdraw(self) -> None:
        note = self.pending()
        refuse_if(note is None, "no note waits")
        note["withdrawn"] = True
        self.trail.append("withdraw")

    def export(self, period: int) -> bool:
        """Whether what is exported verifies: whether anybody signed any of it."""
        covers = [
            number for number, note in enumerate(self.notes) if note["period"] >= period and not note["withdrawn"]
        ]
        refuse_if(not covers, "not signed, nor put up for it")
        self.trail.append("export")
        return any(note["signed"] for note in self.notes[: covers[0] + 1])

    def replace_key(self, partner: str, key: int) -> None:
        refuse_if(partner not in self.keys, "no key yet")
        refuse_if(any(key in known for known in self.keys.values()), "known already")
        self.keys[partner].append(key)
        self.trail.append("key")

    def _may_use(self, partner: str, key: int) -> bool:
        if partner in self.keys:
            return self.keys[partner][-1] == key
        return not any(key in known for known in self.keys.values())

    def _know(self, partner: str, key: int) -> None:
        refuse_if(not self._may_use(partner, key), "another key")
        if partner not in self.keys:
            self.keys[partner] = [key]
            self.trail.append("key")


def _is_resolved(dispute: dict[str, Any]) -> bool:
    return any(what == "resolved" for what, _ in dispute["said"])
