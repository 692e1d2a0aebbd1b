"""A signed ledger with everything in it, to be tampered with; and what SQLite lets somebody do to it."""

import datetime as dt
import shutil
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ledgers import Ledger, create_ledger, disputes, evidence, open_ledger
from ledgers.lines import NewLine
from ledgers.schema import AlteredError
from ledgers.stored import StoredLedger
from rules.agreement import Kind
from rules.periods import Period
from rules.problems import RefusedError
from settlement.signoff import signing
from settlement.signoff.assenting import assent
from settlement.signoff.keys import PublicKey, SigningKey
from settlement.signoff.known_keys import replace_key
from settlement.signoff.report import Report
from settlement.signoff.verification import verify
from tests.conftest import agreement_text, clause, performance
from tests.settlement.signoff.signing import key_of

_REST = clause("7B", "underspend", share={"by": "fund"}) + performance("P1", "1000.00")
SCHEDULE = clause("7A", "overspend", share={"by": "fund"}) + _REST
VARIED = clause("7A", "overspend", share={"by": "fixed", "A": "1", "B": "1"}) + _REST
PARTS = {"partners": "A; B", "schemes": "S1; S2 tags=beds; S3", "year": "2014/15"}
FIRST_A, FIRST_B, SECOND_A = key_of(11), key_of(12), key_of(13)
SIGNATORIES = {"A": ("Ada Council", "Chief Finance Officer"), "B": ("Bea Health", "Director of Finance")}

MAPPING = """
name = "general ledger"
[columns]
period = "Month"
scheme = "Scheme"
partner = "Partner"
kind = "Kind"
amount = "Amount"
reference = "Document"
description = "Text"
"""


class Clock:
    """Time that goes on by a minute with every look at it, so that no two things are of one moment."""

    def __init__(self, start: dt.datetime) -> None:
        """From a moment on."""
        self._now = start

    def __call__(self) -> dt.datetime:
        """The next moment."""
        self._now += dt.timedelta(minutes=1)
        return self._now


@dataclass(frozen=True)
class Signed:
    """A signed ledger's file, and the keys that the partners gave the auditor."""

    path: Path
    keys: Mapping[str, Sequence[PublicKey]]

    @cached_property
    def dump(self) -> dict[str, list[tuple[Any, ...]]]:
        """Everything that is in it."""
        return logical_content(self.path)

    def copied_to(self, path: Path) -> Path:
        """A copy to be tampered with."""
        shutil.copyfile(self.path, path)
        return path


def keys_given() -> dict[str, list[PublicKey]]:
    """What the partners gave the auditor themselves: A has replaced a key in the year."""
    return {"A": [FIRST_A.public, SECOND_A.public], "B": [FIRST_B.public]}


def make_signed_ledger(path: Path, lines: int, start: int = 0) -> Signed:
    """A ledger of about so many lines, signed at M3, M6, M9, M12 and M13, after which nothing came in."""
    clock = Clock(dt.datetime(2014, 7, 1, 9, tzinfo=dt.UTC) + dt.timedelta(days=start))
    papers = path.parent
    with create_ledger(path, agreement_text(SCHEDULE, **PARTS), now=clock) as ledger:
        ledger.save_mapping("general ledger", MAPPING)
        _first_quarter(ledger, papers, lines)
        _sign(ledger, Period.M3, FIRST_A)
        _second_quarter(ledger, papers, lines)
        _sign(ledger, Period.M6, FIRST_A)
        _third_quarter(ledger, papers, lines)
        _sign(ledger, Period.M9, SECOND_A)
        _import(ledger, papers, (10, 11, 12), lines // 4)
        ledger.hold(Period.M12)
        disputes.carry(ledger, 2, Period.M12, "the arbitrator has not decided")
        _sign(ledger, Period.M12, SECOND_A)
        ledger.post([NewLine(Period.M13, "S1", "A", Kind.ACTUAL, 4321, reference="YE-1", description="Year end")])
        disputes.resolve(ledger, 2, "the arbitrator decided")
        ledger.hold(Period.M13)
        _sign(ledger, Period.M13, SECOND_A)
    return Signed(path, keys_given())


def _first_quarter(ledger: Ledger, papers: Path, lines: int) -> None:
    ledger.post(
        [
            NewLine(period, scheme, partner, Kind.BUDGET, 5_000_00, reference=f"B-{period}")
            for period in Period
            if period <= Period.M12
            for scheme in ("S1", "S2", "S3")
            for partner in ("A", "B")
        ],
        source="budgets",
    )
    _import(ledger, papers, (1, 2, 3), lines // 4)
    _measures(ledger, papers, "M3,NEA,7000,6750,6900.5")
    ledger.virement(Period.M2, 123_45, giver=("S1", "A"), taker=("S2", "A"), reference="V-1", description="Moved")
    _attach(ledger, papers, "invoice.txt", b"An invoice.\n", evidence.About.LINE, 80)
    ledger.hold(Period.M3)


def _second_quarter(ledger: Ledger, papers: Path, lines: int) -> None:
    _import(ledger, papers, (2, 4, 5, 6), lines // 4)
    ledger.reverse(81, "posted twice")
    _measures(ledger, papers, "M6,NEA,7000,6750,6890")
    ledger.set_agreement(agreement_text(VARIED, **PARTS), Period.M5, "the partners agreed to share equally")
    for partner, key in (("A", FIRST_A), ("B", FIRST_B)):
        name, role = SIGNATORIES[partner]
        assent(ledger, 2, partner, key, name=name, role=role)
    _attach(ledger, papers, "minute.txt", b"Minute 12: agreed.\n", evidence.About.AGREEMENT, 2)
    disputes.dispute_line(ledger, 90, "B", "not in the scheme")
    ledger.hold(Period.M6)
    disputes.carry(ledger, 1, Period.M6, "to be looked at")
    name, role = SIGNATORIES["A"]
    signing.sign(ledger, Period.M6, "A", FIRST_A, name=name, role=role, prepared_by="Paul Preparer, accountant")
    signing.withdraw(ledger, "a line was forgotten")
    ledger.reopen(Period.M6, "a line was forgotten")
    ledger.post([NewLine(Period.M6, "S2", "B", Kind.ACTUAL, 77_00, cause="default", description="Forgotten “line” é")])
    ledger.hold(Period.M6)


def _third_quarter(ledger: Ledger, papers: Path, lines: int) -> None:
    _import(ledger, papers, (7, 8, 9), lines // 4)
    name, role = SIGNATORIES["A"]
    replace_key(ledger, "A", SECOND_A.public, name=name, role=role, reason="the first was on a lost computer")
    disputes.resolve(ledger, 1, "it is in the scheme")
    disputes.dispute_clause(ledger, "7A", Period.M9, "B", "the basis is wrong")
    ledger.hold(Period.M9)
    disputes.carry(ledger, 2, Period.M9, "the arbitrator decides")


def _sign(ledger: Ledger, period: Period, key_of_a: SigningKey) -> None:
    for partner, key in (("A", key_of_a), ("B", FIRST_B)):
        name, role = SIGNATORIES[partner]
        signing.sign(ledger, period, partner, key, name=name, role=role, prepared_by="Paul Preparer, accountant")


def _import(ledger: Ledger, papers: Path, months: Sequence[int], count: int) -> None:
    path = papers / f"lines {months[0]}-{months[-1]}.csv"
    rows = [
        f"M{months[number % len(months)]},S{number % 3 + 1},{'AB'[number % 2]},actual,"
        f"{(number * 7919) % 90_000 / 100 + 1:.2f},DOC-{months[0]}-{number},Line {number} of the general ledger\n"
        for number in range(count)
    ]
    path.write_text("Month,Scheme,Partner,Kind,Amount,Document,Text\n" + "".join(rows), encoding="utf-8")
    ledger.import_file(path, "general ledger")


def _measures(ledger: Ledger, papers: Path, row: str) -> None:
    path = papers / f"measures {row[:2]}.csv"
    path.write_text(f"period,measure,baseline,target,actual\n{row}\n", encoding="utf-8")
    ledger.import_file(path)


def _attach(ledger: Ledger, papers: Path, name: str, body: bytes, about: evidence.About, target: int) -> None:
    path = papers / name
    path.write_bytes(body)
    evidence.attach(ledger, path, about, target, "as agreed")


# --- what a verification says of a file -------------------------------------------------------------------------------


def report_of(path: Path, keys: Mapping[str, Sequence[PublicKey]], period: Period | None = None) -> Report:
    """As `s75 verify` tells it: a file that cannot be opened is told as a difference, and no other error gets out."""
    try:
        with open_ledger(path, read_only=True) as opened:
            return verify(opened, keys, period)
    except AlteredError as altered:
        return Report(differences=list(altered.differences))
    except RefusedError as refused:
        return Report(differences=[str(problem) for problem in refused.problems])


def logical_content(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table with the type of each value, and the schema. Raises sqlite3.Error if it is damaged."""
    connection = sqlite3.connect(path)
    try:
        found = {"sqlite_schema": _rows(connection, "SELECT type, name, tbl_name, sql FROM sqlite_schema")}
        for kind, name, _, _ in found["sqlite_schema"]:
            if kind == "table":
                found[name] = _rows(connection, f'SELECT * FROM "{name}"')
    finally:
        connection.close()
    return found


def _rows(connection: sqlite3.Connection, sql: str) -> list[tuple[Any, ...]]:
    return sorted(connection.execute(sql).fetchall(), key=repr)


def tables_of(path: Path) -> dict[str, list[str]]:
    """The columns of every table."""
    connection = sqlite3.connect(path)
    try:
        names = [
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
            if not name.startswith("sqlite_")
        ]
        return {name: [row[1] for row in connection.execute(f'PRAGMA table_info("{name}")')] for name in names}
    finally:
        connection.close()


def stored_of(ledger: Ledger) -> StoredLedger:
    """The ledger as one in a database."""
    assert isinstance(ledger, StoredLedger)
    return ledger
