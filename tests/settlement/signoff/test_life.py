"""Random lives of a ledger, on both stores, each step of which a naive ledger foretells: what is refused, what stands.

`S75_SOAK=1` makes the lives many, long and new each time; in the suite they are few, and the same each time.
"""

import csv
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from ledgers import NewLine, create_ledger, open_ledger
from ledgers.assents import awaiting
from ledgers.disputes import carry, dispute_clause, dispute_line, resolve
from ledgers.evidence import attach
from ledgers.trail import broken, trail
from rules.agreement import Kind
from rules.money import pounds
from rules.periods import Period
from rules.problems import RefusedError
from settlement.result import result_of
from settlement.service import settle_ledger
from settlement.signoff.assenting import assent
from settlement.signoff.exported import verify_export
from settlement.signoff.exporting import export
from settlement.signoff.keys import PublicKey
from settlement.signoff.known_keys import replace_key
from settlement.signoff.signing import sign, withdraw
from settlement.signoff.verification import verify
from tests.conftest import SOAK, agreement_text, clause, fixed
from tests.ledgers.conftest import STORES
from tests.naive.ledger import NaiveLedger, Refused
from tests.settlement.signoff.signing import key_of

LIVES = {"sqlite": 80, "postgresql": 50} if SOAK else {"sqlite": 5, "postgresql": 3}
STEPS = 80 if SOAK else 40

BEGUN = datetime(2022, 8, 1, 12, tzinfo=UTC)
IN_BEING = {"COUNCIL": (1, 13), "CCG": (1, 3), "ICB": (4, 13)}
SHARE = fixed(COUNCIL="60", CCG="40")
SCHEDULE = clause("1", "overspend", share=SHARE) + clause("2", "underspend", share=SHARE)
PEOPLE = {"COUNCIL": "Council Signatory", "CCG": "Commissioner Signatory", "ICB": "Board Signatory"}
PREPARER = "Finance Preparer"
SLIPS = ("undecided", "unassented", "one person", "one signature")
FIRST = {"title": "Worked by hand", "schemes": ["BEDS", "HOME"]}
VARIED = [FIRST, {**FIRST, "title": "Deed 1"}, {"title": "Deed 2", "schemes": ["BEDS", "HOME", "CARE"]}]
COLUMNS = ("scheme", "partner", "kind", "reference", "cause")

near = st.sampled_from([0, 0, 0, 0, -1, -1, 1, 1, 2, 3, -2, -4, 6])
"""How far from the first open period: most of what happens in a ledger happens there."""
partners = st.sampled_from(["COUNCIL", "COUNCIL", "CCG", "ICB", "ICB"])
amounts = st.integers(-9_999, 99_999)
one_line = st.fixed_dictionaries(
    {
        "period": near,
        "scheme": st.sampled_from(["BEDS", "BEDS", "HOME", "HOME", "CARE"]),
        "partner": partners,
        "kind": st.sampled_from(["budget", "payment", "actual", "accrual", "actual", "virement"]),
        "pence": amounts,
        "reference": st.sampled_from(["", "V1", "V2"]),
        "cause": st.sampled_from(["", "", "", "default"]),
    }
)
some_lines = st.lists(one_line, min_size=1, max_size=3)
abouts = st.sampled_from(["line", "virement", "agreement", "dispute", "period"])


def mostly(usual: Any, *others: Any) -> st.SearchStrategy[Any]:  # noqa: ANN401  whatever a rule takes
    """One of these, the first four times in five."""
    return st.sampled_from([usual] * 4 * len(others) + list(others))


seldom = st.integers(0, 9).map(lambda drawn: drawn == 0)


def text_of(agreement: dict[str, Any]) -> str:
    """The agreement of a version."""
    return _text(agreement["title"], *agreement["schemes"])


@cache
def _text(title: str, *schemes: str) -> str:
    text = agreement_text(
        SCHEDULE,
        partners="COUNCIL; CCG kind=ccg; ICB kind=icb succeeds=CCG from=2022-07-01",
        funds="POOL host=COUNCIL",
        schemes="; ".join(f"{code} fund=POOL" for code in schemes),
        year="2022/23",
    )
    return text.replace("Worked by hand", title)


@cache
def public_key(number: int) -> PublicKey:
    """The public key of that number."""
    return key_of(number).public


class Life(RuleBasedStateMachine):
    """One ledger, and the naive one beside it."""

    def __init__(self, place: str, folder: Path) -> None:
        """Of a new ledger, not opened yet, and a folder for what it reads and writes."""
        super().__init__()
        self.place, self.folder = place, folder
        self.ticks = count()
        self.numbers = count(100)
        self.ledger = open_ledger(place, now=self.now)
        self.naive = NaiveLedger(IN_BEING, {"1", "2"}, FIRST)
        self.settled: dict[int, dict[str, Any]] = {}
        self.looked_at = 0

    def now(self) -> datetime:
        """A clock that goes on by a second each time somebody looks."""
        return BEGUN + timedelta(seconds=next(self.ticks))

    def both(self, foretell: Callable[[], Any], do: Callable[[], Any]) -> tuple[Any, Any]:
        """Do it on both: they refuse it both, or neither. What they answer; nothing, if they refuse."""
        told, why, refused = None, "", None
        try:
            told = foretell()
        except Refused as foretold:
            why = str(foretold)
        try:
            done = do()
        except RefusedError as error:
            done, refused = None, error
        assert bool(why) == bool(refused), f"foretold: {why or 'it is taken'}; it is: {refused or 'taken'}"
        return told, done

    def around(self, offset: int) -> int:
        """A period near the first open one."""
        first = self.naive.counts_in(1) or 13
        return min(max(first + offset, 1), 13)

    # --- lines

    @initialize(months=st.lists(st.sampled_from([0, 0, 1, 2]), max_size=3), slip=mostly("", "one signature"))
    def begin(self, months: list[int], slip: str) -> None:
        """With a budget, and the first months signed, or the last of them only put up."""
        line = {"period": 0, "scheme": "BEDS", "kind": "budget", "pence": 100_000, "reference": "", "cause": ""}
        self.post([{**line, "partner": "COUNCIL"}])
        for offset in months:
            self.close_and_sign(offset, slip if offset is months[-1] else "")

    @rule(lines=some_lines)
    def post(self, lines: list[dict[str, Any]]) -> None:
        wanted = [{**line, "period": self.around(line["period"])} for line in lines]
        self.both(
            lambda: self.naive.post(wanted),
            lambda: self.ledger.post(
                NewLine(
                    Period(line["period"]), line["scheme"], line["partner"], Kind(line["kind"]), line["pence"],
                    reference=line["reference"], cause=line["cause"],
                )
                for line in wanted
            ),
        )  # fmt: skip

    @rule(lines=some_lines, again=seldom)
    def import_file(self, lines: list[dict[str, Any]], *, again: bool) -> None:
        wanted = [{**line, "period": self.around(line["period"])} for line in lines]
        files = [name for name in self.naive.batches if name]
        path = Path(files[0]) if again and files else self.folder / f"{next(self.numbers)}.csv"
        if not path.exists():
            with path.open("w", encoding="utf-8", newline="") as file:
                rows = csv.writer(file)
                rows.writerow((*COLUMNS, "amount", "period", "description"))
                for line in wanted:
                    told = (pounds(line["pence"]), f"M{line['period']}", path.name)
                    rows.writerow((*(line[column] for column in COLUMNS), *told))
        self.both(lambda: self.naive.post(wanted, str(path)), lambda: self.ledger.import_file(path))

    @rule(
        offset=near, pence=st.integers(1, 999), giver=partners, taker=partners, reference=st.sampled_from(["V1", "V3"])
    )
    def virement(self, offset: int, pence: int, giver: str, taker: str, reference: str) -> None:
        period = self.around(offset)
        leg = {"period": period, "kind": "virement", "reference": reference, "cause": ""}
        self.both(
            lambda: self.naive.post(
                [
                    {**leg, "scheme": "BEDS", "partner": giver, "pence": -pence},
                    {**leg, "scheme": "HOME", "partner": taker, "pence": pence},
                ]
            ),
            lambda: self.ledger.virement(
                Period(period), pence, giver=("BEDS", giver), taker=("HOME", taker), reference=reference
            ),
        )

    @rule(back=st.integers(0, 12))
    def reverse(self, back: int) -> None:
        number = len(self.naive.lines) - back
        self.both(lambda: self.naive.reverse(number), lambda: self.ledger.reverse(number, "wrong"))

    # --- periods and the agreement

    @rule(offset=near)
    def hold(self, offset: int) -> None:
        period = self.around(offset)
        self.both(lambda: self.naive.hold(period), lambda: self.ledger.hold(Period(period)))

    @rule(offset=near)
    def reopen(self, offset: int) -> None:
        self._reopen(self.around(offset - 1))

    def _reopen(self, period: int) -> None:
        self.both(lambda: self.naive.reopen(period), lambda: self.ledger.reopen(Period(period), "more to come"))

    @rule(agreement=st.sampled_from(VARIED), offset=st.none() | near)
    def vary(self, agreement: dict[str, Any], offset: int | None) -> None:
        wanted = None if offset is None else self.around(offset)
        self.both(
            lambda: self.naive.vary(agreement, wanted),
            lambda: self.ledger.set_agreement(text_of(agreement), wanted and Period(wanted), "deed"),
        )

    @rule(partner=partners, back=st.integers(0, 2), astray=seldom)
    def assent(self, partner: str, back: int, *, astray: bool) -> None:
        self._assent(len(self.naive.versions) - back, partner, self._key(partner, astray=astray))

    def _assent(self, version: int, partner: str, key: int) -> None:
        self.both(
            lambda: self.naive.assent(version, partner, key),
            lambda: assent(self.ledger, version, partner, key_of(key), name=PEOPLE[partner], role="signatory"),
        )

    # --- disputes and evidence

    @rule(partner=partners, back=st.integers(0, 6))
    def dispute_line(self, partner: str, back: int) -> None:
        number = len(self.naive.lines) - back
        self.both(
            lambda: self.naive.dispute(partner, number, None),
            lambda: dispute_line(self.ledger, number, partner, "not ours"),
        )

    @rule(partner=partners, clause=st.sampled_from(["1", "2", "3"]), offset=near)
    def dispute_clause(self, partner: str, clause: str, offset: int) -> None:
        period = self.around(offset)
        self.both(
            lambda: self.naive.dispute(partner, None, clause, period),
            lambda: dispute_clause(self.ledger, clause, Period(period), partner, "not so"),
        )

    @rule(back=st.integers(0, 3), offset=st.none() | near)
    def say(self, back: int, offset: int | None) -> None:
        number = len(self.naive.disputes) - back
        if offset is None:
            self.both(lambda: self.naive.resolve(number), lambda: resolve(self.ledger, number, "agreed"))
        else:
            self._carry(number, self.around(offset))

    def _carry(self, number: int, period: int) -> None:
        self.both(
            lambda: self.naive.carry(number, period),
            lambda: carry(self.ledger, number, Period(period), "to the board"),
        )

    @rule(document=st.sampled_from("ab"), about=abouts, which=st.integers(1, 5))
    def attach(self, document: str, about: str, which: int) -> None:
        target = {"virement": f"V{which}", "period": f"M{which}"}.get(about, str(which))
        path = self.folder / f"{document}.txt"
        path.write_text(document, encoding="utf-8")
        self.both(lambda: self.naive.attach(document, about, target), lambda: attach(self.ledger, path, about, target))

    # --- sign-off

    def _key(self, partner: str, *, astray: bool = False) -> int:
        """The number of the key that a partner would sign with, or of one that it should not."""
        own = self.naive.keys.get(partner, [1 + list(IN_BEING).index(partner)])
        return 2 if astray else own[-1]

    @rule(partner=partners, offset=mostly(0, -1, 1), astray=seldom, signatory=mostly("", PREPARER, "Council Signatory"))
    def sign(self, partner: str, offset: int, *, astray: bool, signatory: str) -> None:
        waiting = self.naive.pending()
        period = waiting["period"] if waiting else self.around(-1)
        self._sign(min(max(period + offset, 1), 13), partner, self._key(partner, astray=astray), signatory)

    def _sign(self, period: int, partner: str, key: int, signatory: str = "") -> None:
        name = signatory or PEOPLE[partner]
        before = {at for at, state in self.naive.state.items() if state == "signed"}
        self.both(
            lambda: self.naive.sign(period, partner, key, name, PREPARER),
            lambda: sign(
                self.ledger, Period(period), partner, key_of(key), name=name, role="signatory", prepared_by=PREPARER
            ),
        )
        for at, state in self.naive.state.items():
            if state == "signed" and at not in before:
                self.settled[at] = result_of(settle_ledger(self.ledger, Period(at)))

    @rule(offset=st.sampled_from([0, 0, 1, 2]), slip=mostly("", *SLIPS))
    def close_and_sign(self, offset: int, slip: str = "") -> None:
        """As a month's end goes: everything decided, and everybody signs. But for a slip."""
        waiting = self.naive.pending()
        period = waiting["period"] if waiting else self.around(offset)
        if not waiting:
            self.both(lambda: self.naive.hold(period), lambda: self.ledger.hold(Period(period)))
            for number in range(2, len(self.naive.versions) + 1):
                for partner in awaiting(self.ledger, number) if slip != "unassented" else ():
                    self._assent(number, partner, self._key(partner))
            for number in range(1, len(self.naive.disputes) + 1):
                if slip != "undecided":
                    self._carry(number, period)
        who = self.naive.in_being(period)
        for partner in who[:1] if slip == "one signature" else who:
            self._sign(period, partner, self._key(partner), "Council Signatory" if slip == "one person" else "")
        if slip == "one signature":
            self._reopen(period)  # what somebody has signed must stay as it is, unless the note was refused

    @precondition(lambda self: self.naive.pending())
    @rule()
    def withdraw(self) -> None:
        self.both(self.naive.withdraw, lambda: withdraw(self.ledger, "an invoice is missing"))

    @precondition(lambda self: self.naive.keys)
    @rule(partner=partners)
    def replace_key(self, partner: str) -> None:
        key = next(self.numbers)
        name = PEOPLE[partner]
        self.both(
            lambda: self.naive.replace_key(partner, key),
            lambda: replace_key(self.ledger, partner, public_key(key), name=name, role="signatory", reason="lost"),
        )

    @rule()
    def restart(self) -> None:
        self.ledger.close()
        self.ledger = open_ledger(self.place, now=self.now)

    @precondition(lambda self: self.naive.notes)
    @rule(offset=near)
    def export(self, offset: int) -> None:
        period, out = self.around(offset - 2), self.folder / f"{next(self.numbers)}"
        holds, _ = self.both(
            lambda: self.naive.export(period), lambda: export(self.ledger, Period(period), out, formats=("csv",))
        )
        if holds is not None:
            report = verify_export(out, self._keys())
            assert (report.holds, report.differences) == (holds, [])

    def _keys(self) -> dict[str, list[PublicKey]]:
        return {partner: [public_key(key) for key in keys] for partner, keys in self.naive.keys.items()}

    # --- what must stand after every step

    def check_invariants(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  Hypothesis's own
        super().check_invariants(*args, **kwargs)
        naive, ledger = self.naive, self.ledger
        entries = trail(ledger)
        assert [entry.action for entry in entries] == naive.trail
        assert broken(entries) == ()
        stands = [
            {"id": line.id, "batch": line.batch, "period": line.period, "belongs_to": line.belongs_to,
             "scheme": line.scheme, "partner": line.partner, "kind": line.kind, "pence": line.amount_pence,
             "reference": line.reference, "cause": line.cause, "reverses": line.reverses}
            for line in ledger.lines()
        ]  # fmt: skip
        assert stands == naive.lines
        assert {int(each.period): each.state for each in ledger.periods()} == naive.state
        if len(entries) == self.looked_at:
            return  # nothing was done, or it was refused
        self.looked_at = len(entries)
        for period in Period:
            assert ledger.agreement_text_at(period) == text_of(naive.in_force(period))
        assert {finding.check for finding in ledger.findings()} == naive.findings(13)
        for period in {*self.settled, self.around(0), self.around(-1), 13}:
            found = {
                (total.scheme, total.partner, total.kind, total.in_default): (total.to_date_pence, total.later_pence)
                for total in ledger.position(Period(period)).totals
            }
            assert {key: sums for key, sums in found.items() if sums != (0, 0)} == naive.position(period)
        if naive.notes:
            report = verify(ledger, self._keys())
            assert (report.holds, report.differences) == (any(note["signed"] for note in naive.notes), [])

        if self.settled:
            self._settles_as_signed(max(self.settled))

    def _settles_as_signed(self, period: int) -> None:
        assert result_of(settle_ledger(self.ledger, Period(period))) == self.settled[period]

    def teardown(self) -> None:
        for period in self.settled:
            self._settles_as_signed(period)
        self.ledger.close()


@pytest.mark.parametrize("store", STORES)
def test_a_ledger_lives_as_a_naive_one_foretells(store: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue("postgres_url") if store == "postgresql" else ""
    new = tmp_path / "new.s75"
    create_ledger(new, text_of(FIRST), now=lambda: BEGUN).close()

    def life() -> Life:
        folder = Path(mkdtemp(dir=tmp_path))
        if url:
            place = f"{url}?options=-csearch_path%3Dl{uuid4().hex[:12]}"
            create_ledger(place, text_of(FIRST), now=lambda: BEGUN).close()
        else:
            place = str(shutil.copy(new, folder / "ledger.s75"))  # quicker than to make one
        return Life(place, folder)

    run_state_machine_as_test(
        life,
        settings=settings(
            max_examples=LIVES[store],
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=not SOAK,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
