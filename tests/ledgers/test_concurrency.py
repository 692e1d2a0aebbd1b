"""Many sessions at once on one ledger, and the server killed under them: nothing is lost, nothing half seen.

The suite gives the fifty sessions a few seconds; `S75_SOAK_SECONDS=60` gives them the whole minute.
"""

import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from ledgers import Ledger, NewLine, create_ledger, open_ledger
from ledgers.server import set_up_server
from ledgers.trail import broken, trail
from rules.agreement import Kind
from rules.periods import Period
from rules.problems import RefusedError
from tests.cluster import Cluster, cluster
from tests.ledgers.conftest import AGREEMENT, noon
from tests.ledgers.shared import shared_ledger

SESSIONS = 50
SECONDS = float(os.environ.get("S75_SOAK_SECONDS", "4"))
BUDGET = 1_000_000
SCHEMES = ("BEDS", "HOME")
PARTNERS = ("COUNCIL", "CCG")
MONTHS = (Period.M1, Period.M2, Period.M3)

Key = tuple[str, str, Kind, Period]


@dataclass
class Session:
    """Somebody at work in the ledger from one place: what she says she posted, and what she saw."""

    number: int
    open: Callable[[], Ledger]
    said: Counter[Key] = field(default_factory=Counter)
    lines: dict[int, str] = field(default_factory=dict)
    reversible: list[int] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    wrong: list[str] = field(default_factory=list)

    def work(self, until: float) -> None:
        chance = random.Random(self.number)  # noqa: S311  the same work each time
        try:
            with self.open() as ledger:
                while not self.done or time.monotonic() < until:  # everybody has a turn
                    do = chance.choices(
                        (self.post, self.virement, self.reverse, self.read), weights=(4, 3, 1, 2)
                    )[0]  # fmt: skip
                    begun = time.monotonic()
                    do(ledger, chance)
                    self.slowest = max(self.slowest, time.monotonic() - begun)
                    self.done[do.__name__] += 1
        except Exception as error:  # noqa: BLE001  whatever reaches a person here is what the test is about
            self.wrong.append(f"session {self.number}: {type(error).__name__}: {error}")

    def post(self, ledger: Ledger, chance: random.Random) -> None:
        lines = [
            NewLine(
                chance.choice(MONTHS),
                chance.choice(SCHEMES),
                chance.choice(PARTNERS),
                Kind.ACTUAL,
                chance.randint(-500, 1_000),
                description=f"session {self.number}",
            )
            for _ in range(chance.randint(1, 4))
        ]
        posted = self.take(ledger.post(lines))
        self.reversible.append(chance.choice(posted))

    def virement(self, ledger: Ledger, chance: random.Random) -> None:
        pence = chance.randint(1, 10_000)
        partner, reference = chance.choice(PARTNERS), f"V{self.number}-{self.done['virement']}"
        legs = [
            NewLine(Period.M2, scheme, partner, Kind.VIREMENT, signed, reference=reference)
            for scheme, signed in zip(SCHEMES, (-pence, pence), strict=True)
        ]
        self.take(ledger.post(legs))

    def reverse(self, ledger: Ledger, chance: random.Random) -> None:
        if self.reversible:
            line = self.reversible.pop(chance.randrange(len(self.reversible)))
            self.take([ledger.reverse(line, "drawn by chance")])

    def take(self, lines: "tuple[object, ...] | list[object]") -> list[int]:
        for line in lines:
            self.said[line.scheme, line.partner, line.kind, line.period] += line.amount_pence
            self.lines[line.id] = line.description
        return [line.id for line in lines]

    def read(self, ledger: Ledger, _: random.Random) -> None:
        """One reader looks with one question at the kept totals; in a snapshot she may ask several."""
        moved = [total for total in ledger.position(Period.M12).totals if total.kind is Kind.VIREMENT]
        if sum(total.to_date_pence for total in moved):
            self.wrong.append("a virement was seen with one of its legs")
        with ledger.store.snapshot():
            totals = ledger.position(Period.M12).totals
            ((budget, summed, count, last),) = ledger.store.rows(
                "SELECT CAST(SUM(amount_pence) FILTER (WHERE kind IN ('budget', 'virement')) AS BIGINT), "
                "CAST(SUM(amount_pence) AS BIGINT), COUNT(*), MAX(id) FROM lines"
            )
        if budget != BUDGET * len(SCHEMES):
            self.wrong.append(f"the budgets came to {budget}")
        if summed != sum(total.to_date_pence for total in totals) or count != last:
            self.wrong.append(f"the kept totals and the {count} lines up to {last} were of two moments")


def at_once(sessions: list[Session], seconds: float) -> None:
    until = time.monotonic() + seconds
    threads = [threading.Thread(target=session.work, args=(until,)) for session in sessions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=seconds + 120)
    assert not any(thread.is_alive() for thread in threads)


def test_fifty_sessions_at_once_lose_nothing_and_see_nothing_half_done(
    postgres_url: str, record_property: Callable[[str, object], None]
) -> None:
    who = {"preparer": ("preparer",), "manager": ("manager",)}
    shared = shared_ledger(postgres_url, who)
    with shared.open("manager") as ledger:
        ledger.post([NewLine(Period.M1, scheme, "COUNCIL", Kind.BUDGET, BUDGET) for scheme in SCHEMES])
    sessions = [
        Session(number, lambda login=("preparer", "manager")[number % 2]: shared.open(login))
        for number in range(SESSIONS)
    ]
    at_once(sessions, SECONDS)
    assert [wrong for session in sessions for wrong in session.wrong] == []

    said, done = Counter[Key](), Counter[str]()
    for session in sessions:
        said.update(session.said)  # not +, which leaves out what is below nought
        done.update(session.done)
    assert all(session.done.total() for session in sessions), "somebody never had a turn"
    with shared.open("manager") as ledger:
        lines = {line.id: line.description for line in ledger.lines()}
        assert list(lines) == list(range(1, len(lines) + 1))
        own = {number: text for session in sessions for number, text in session.lines.items()}
        assert sum(len(session.lines) for session in sessions) == len(own) == len(lines) - len(SCHEMES)
        assert {number: lines[number] for number in own} == own
        kept = {
            (scheme, partner, Kind(kind), Period(period)): pence
            for scheme, partner, kind, period, pence in ledger.store.rows(
                "SELECT scheme, partner, kind, period, amount_pence FROM totals WHERE kind <> 'budget'"
            )
        }
        assert {key: pence for key, pence in kept.items() if pence} == {
            key: pence for key, pence in said.items() if pence
        }
        assert ledger.findings() == []
        batches = [batch.id for batch in ledger.batches()]
        assert batches == list(range(1, len(batches) + 1))
        entries = trail(ledger)
        assert broken(entries) == ()
        assert [entry.id for entry in entries] == list(range(1, len(entries) + 1))
        posted = {entry.subject for entry in entries if entry.subject.startswith("batch ")}
        assert posted == {f"batch {number}" for number in batches}
    slowest = max(session.slowest for session in sessions)
    record_property("done", dict(done))
    print(f"\n{SECONDS:.0f} s, {SESSIONS} sessions: {dict(done)}; slowest {slowest:.2f} s")  # noqa: T201  figures of -s


# The server killed


@dataclass
class Posting:
    """Somebody who posts one line after another, each with words of its own, and notes what she was told of each."""

    number: int
    url: str
    acknowledged: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def work(self, stopped: threading.Event) -> None:
        words = ""
        try:
            with open_ledger(self.url, now=noon) as ledger:
                while not stopped.is_set():
                    words = f"session {self.number}, line {len(self.acknowledged)}, {time.monotonic_ns()}"
                    ledger.post([NewLine(Period.M1, "BEDS", "COUNCIL", Kind.ACTUAL, 100, description=words)])
                    self.acknowledged.append(words)
        except RefusedError as refused:
            message = str(refused)
            if "whether it was posted is not known" in message or "look at “s75 log” for what was posted" in message:
                self.unknown.append(words)
            elif message.endswith("; nothing of what was under way was posted"):
                self.refused.append(words)
            else:
                self.wrong.append(message)
        except Exception as error:  # noqa: BLE001  whatever reaches a person here is what the test is about
            self.wrong.append(f"{type(error).__name__}: {error}")


@pytest.fixture(scope="module")
def safe_cluster() -> Iterator[Cluster]:
    """A server as it comes, which writes what it acknowledges to the disk."""
    with cluster() as server:
        yield server


def end_by_sigkill(server: Cluster) -> None:
    server.kill()


def end_at_once(server: Cluster) -> None:
    server.stop(signal.SIGQUIT)


def end_the_sessions(server: Cluster) -> None:
    server.stop(signal.SIGINT)


@pytest.mark.parametrize("end", [end_by_sigkill, end_at_once, end_the_sessions])
def test_a_server_that_is_killed_comes_back_with_every_posting_that_was_acknowledged(
    safe_cluster: Cluster, end: Callable[[Cluster], None]
) -> None:
    url = f"{safe_cluster.url}?options=-csearch_path%3D{end.__name__}"
    create_ledger(url, AGREEMENT, now=noon).close()
    set_up_server(url)
    people = [Posting(number, url) for number in range(8)]
    stopped = threading.Event()
    threads = [threading.Thread(target=person.work, args=(stopped,)) for person in people]
    for thread in threads:
        thread.start()
    time.sleep(1.5)
    end(safe_cluster)
    stopped.set()
    for thread in threads:
        thread.join(timeout=60)
    safe_cluster.start()

    assert [wrong for person in people for wrong in person.wrong] == []
    assert sum(len(person.acknowledged) for person in people) > 0
    with open_ledger(url, now=noon) as ledger:
        there = [line.description for line in ledger.lines()]
        assert len(set(there)) == len(there)
        assert {words for person in people for words in person.acknowledged} <= set(there)
        assert not {words for person in people for words in person.refused} & set(there)
        assert set(there) <= {words for person in people for words in (*person.acknowledged, *person.unknown)}
        assert ledger.findings() == []
        assert len(ledger.batches()) == len(there)
        assert broken(trail(ledger)) == ()
        ledger.post([NewLine(Period.M1, "BEDS", "COUNCIL", Kind.ACTUAL, 100)])
        assert len(list(ledger.lines())) == len(there) + 1
