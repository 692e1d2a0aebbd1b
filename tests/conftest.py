"""What tests of every floor share: the golden cases, and agreements and ledgers small enough to work by hand.

A worked agreement is written as TOML where the test is about it (its clauses and caps), and in one line apiece where
it is only needed: `partners="A kind=council; X kind=icb succeeds=B,C from=2016-10-01"`. A worked ledger is one line
apiece: `M1 S1 A budget 100.00`.
"""

import csv
import json
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from ledgers import creating
from rules.agreement import Agreement, Kind
from rules.figures import Figures, figures_of
from rules.money import number_of, pence_of
from rules.outcome import Outcome, outcome_of
from rules.periods import Period
from rules.position import Measure, Position, position_at
from rules.problems import RefusedError
from rules.reading import read_agreement
from rules.succession import agreement_at
from settlement.result import result_of
from settlement.settle import Settlement, settle
from settlement.signoff import passphrases
from tests.cluster import FAST, cluster
from tests.guide.messages_recorded import messages_recorded  # noqa: F401  a fixture of every session
from tests.migrating import migrate_quickly
from tests.own_folders import live_in

SOAK = bool(os.environ.get("S75_SOAK"))
"""Whether what is drawn at random is to be many: `examples` of it, kills, lives."""
TESTS = Path(__file__).resolve().parent
GOLDEN = TESTS / "golden"
GOLDEN_NAMES = tuple(sorted(path.parent.name for path in GOLDEN.glob("*/expected.json")))

settings.register_profile(
    "house",
    max_examples=100 if SOAK else 40,
    deadline=None,  # a slow example on a busy computer is no fault
    derandomize=bool(os.environ.get("CI")),  # the same commit gives the same verdict
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("house")


def examples(soak: int, suite: int | None = None) -> int:
    """So many of something drawn at random under `S75_SOAK=1`; in the suite as many as are said, or a quarter."""
    return soak if SOAK else suite or soak // 4


@pytest.fixture(scope="session", autouse=True)
def quick_ledgers() -> Iterator[None]:
    """New ledgers are made by the migrations' statements as they were noted the first time."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(creating, "_upgrade", migrate_quickly)
        yield


@pytest.fixture(scope="session", autouse=True)
def nobodys_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The folders of the person who runs the tests are neither read nor written, whatever a test asks for."""
    with pytest.MonkeyPatch.context() as patched:
        live_in(tmp_path_factory.mktemp("nobody"), patched)
        yield


@pytest.fixture(scope="session", autouse=True)
def few_rounds() -> Iterator[None]:
    """Keys are made with few rounds, and so opened with few: `test_passphrases.py` holds how many the program takes."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(passphrases, "ROUNDS", 2_000)
        yield


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The URL of a database on a server of this session's own."""
    with cluster(*FAST) as server:
        yield server.url


# --- golden cases -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class GoldenCase:
    """A worked ledger in the folder form, and the result that it must give."""

    name: str
    agreement: Agreement
    lines: tuple[tuple[str, str, Kind, Period, bool, int], ...]
    measures: tuple[Measure, ...]
    expected_text: str

    @property
    def expected(self) -> dict[str, Any]:
        """The result that it must give."""
        return json.loads(self.expected_text)

    @property
    def period(self) -> Period:
        """The period that the agreement says is settled."""
        assert self.agreement.settle_period is not None
        return self.agreement.settle_period

    def position(self, period: Period | None = None, *, outturn: bool = False) -> Position:
        """What its lines come to, at its own period or another."""
        return position_at(period or self.period, self.lines, self.measures, outturn=outturn)

    def settlement(self, period: Period | None = None, *, outturn: bool = False) -> Settlement:
        """It settled, at its own period or another."""
        return settle(self.agreement, self.position(period, outturn=outturn))


@cache
def golden_case(name: str) -> GoldenCase:
    """The golden case of that name, read from `tests/golden`."""
    folder = GOLDEN / name
    text = (folder / "agreement.toml").read_text(encoding="utf-8")
    return GoldenCase(
        name=name,
        agreement=read_agreement(text, f"{name}/agreement.toml"),
        lines=line_tuples(_rows(folder / "lines.csv")),
        measures=measures_of(_rows(folder / "measures.csv")),
        expected_text=(folder / "expected.json").read_text(encoding="utf-8"),
    )


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(params=GOLDEN_NAMES)
def golden(request: pytest.FixtureRequest) -> GoldenCase:
    """Each golden case in turn."""
    return golden_case(request.param)


# --- ledgers worked by hand -------------------------------------------------------------------------------------------


def line_tuples(rows: Iterable[dict[str, str]]) -> tuple[tuple[str, str, Kind, Period, bool, int], ...]:
    """Lines as `position_at` takes them, of rows as lines.csv has them."""
    return tuple(
        (
            row["scheme"],
            row["partner"],
            Kind(row["kind"]),
            Period.read(row["period"]),
            row.get("cause") == "default",
            pence_of(row["amount"]),
        )
        for row in rows
    )


def measures_of(rows: Iterable[dict[str, str]]) -> tuple[Measure, ...]:
    """Measures, of rows as measures.csv has them."""
    return tuple(
        Measure(
            Period.read(row["period"]),
            row["measure"],
            number_of(row["baseline"]),
            number_of(row["target"]),
            number_of(row["actual"]),
        )
        for row in rows
    )


def position_of(lines: str, period: str = "M12", *, measures: str = "", outturn: bool = False) -> Position:
    """What lines such as `M1 S1 A budget 100.00` come to, and measures such as `M3 NEA 100 90 95`.

    A line may end in `default`. A measure's numbers are its baseline, target and actual.
    """
    line_columns = ("period", "scheme", "partner", "kind", "amount", "cause")
    measure_columns = ("period", "measure", "baseline", "target", "actual")
    return position_at(
        Period.read(period),
        line_tuples(_table(lines, line_columns)),
        measures_of(_table(measures, measure_columns)),
        outturn=outturn,
    )


def _table(text: str, columns: tuple[str, ...]) -> Iterator[dict[str, str]]:
    for line in text.strip().splitlines():
        yield dict(zip(columns, line.split(), strict=False))


# --- agreements worked by hand ----------------------------------------------------------------------------------------

_BARE = re.compile(r"true|false|\d|\d{4}-\d\d-\d\d")  # TOML takes flags, tiers and dates without quotation marks
_LISTS = {"succeeds", "tags"}


def agreement_text(
    schedule: str = "",
    *,
    partners: str = "A; B",
    funds: str = "F",
    schemes: str = "S1",
    qipp: str = "within_budget",
    year: str = "2016/17",
) -> str:
    """An agreement.toml with this schedule: clauses, caps, reserves, bases and performance elements, as TOML.

    Partners, funds and schemes are told in short. A partner is a council, a fund pooled and hosted by A, a scheme
    in fund F, unless it is said.
    """
    head = f'[agreement]\nid = "worked"\ntitle = "Worked by hand"\nfinancial_year = "{year}"\nqipp = "{qipp}"\n'
    parts = [
        *_tables("partner", partners, {"kind": "council"}),
        *_tables("fund", funds, {"kind": "pooled", "host": "A"}),
        *_tables("scheme", schemes, {"fund": "F"}),
    ]
    return "\n".join([head, *parts, schedule])


def _tables(key: str, told: str, usual: dict[str, str]) -> Iterator[str]:
    for each in told.split(";"):
        code, *words = each.split()
        pairs = {"code": code, "name": f"The {code}", **usual, **dict(word.split("=", 1) for word in words)}
        yield "\n".join([f"[[{key}]]", *(f"{name} = {_value(name, value)}" for name, value in pairs.items()), ""])


def _value(name: str, value: str) -> str:
    if name in _LISTS:
        return json.dumps(value.split(","))
    return value if _BARE.fullmatch(value) else json.dumps(value)


def agreement_of(schedule: str = "", **parts: str) -> Agreement:
    """The same agreement, read."""
    return read_agreement(agreement_text(schedule, **parts))


def figures_at(agreement: Agreement, position: Position) -> Figures:
    """The figures of a position, before performance pay."""
    return figures_of(agreement_at(agreement, position.period), agreement, position)


def outcome(
    agreement: Agreement, lines: str, period: str = "M12", *, measures: str = "", outturn: bool = False
) -> Outcome:
    """What the schedule makes of these lines."""
    return outcome_of(agreement, position_of(lines, period, measures=measures, outturn=outturn))


def settlement_of(
    agreement: Agreement, lines: str, period: str = "M12", *, measures: str = "", outturn: bool = False
) -> Settlement:
    """These lines settled."""
    return settle(agreement, position_of(lines, period, measures=measures, outturn=outturn))


def result(
    agreement: Agreement, lines: str, period: str = "M12", *, measures: str = "", outturn: bool = False
) -> dict[str, Any]:
    """These lines settled, as the JSON result says it."""
    return result_of(settlement_of(agreement, lines, period, measures=measures, outturn=outturn))


# --- a schedule, table by table ---------------------------------------------------------------------------------------


def table(heading: str, **keys: object) -> str:
    """One table of an agreement as TOML; a key that is None is left out."""
    told = [f"{key} = {_toml(value)}" for key, value in keys.items() if value is not None]
    return "\n".join([heading, *told, ""])


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml(each)}" for key, each in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def clause(ident: str, on: str, to: str | None = "partners", **keys: object) -> str:
    """A clause of the schedule."""
    return table("[[clause]]", id=ident, title=f"Clause {ident}", on=on, to=to, **keys)


def cap(partner: str, amount: str, *clauses: str, **keys: object) -> str:
    """A cap on a partner's shares under some clauses."""
    return table("[[cap]]", partner=partner, amount=amount, clauses=list(clauses), **keys)


def reserve(code: str, opening: str, fund: str = "F") -> str:
    """A reserve of a fund."""
    return table("[[reserve]]", code=code, name=f"The {code}", fund=fund, opening=opening)


def basis(name: str, **amounts: str) -> str:
    """A basis with an amount for each partner."""
    return table(f"[basis.{name}]", **amounts)


def performance(ident: str, held: str, payer: str = "B", **keys: object) -> str:
    """A performance element on scheme S1 of fund F, by the measure NEA unless it is said."""
    told = {"fund": "F", "scheme": "S1", "measure": "NEA", **keys}
    return table("[[performance]]", id=ident, title=f"Element {ident}", payer=payer, held=held, **told)


def fixed(**weights: str) -> dict[str, str]:
    """A share by fixed weights."""
    return {"by": "fixed", **weights}


# --- what a result says, in short -------------------------------------------------------------------------------------


def subjects(of: dict[str, Any]) -> list[tuple[str, str, int]]:
    """Each subject: what it is, of which group, how much."""
    return [(subject["on"], subject["group"], subject["amount"]) for subject in of["subjects"]]


def parts(of: dict[str, Any], group: str, on: str) -> list[tuple[str, str, int]]:
    """The parts made of one subject: clause, where it went, how much."""
    return [(part["clause"], part["to"], part["amount"]) for part in _subject(of, group, on)["parts"]]


def shares(of: dict[str, Any], group: str, on: str) -> list[tuple[int, ...]]:
    """The partners' shares of each part of one subject that they share, in listed order."""
    return [tuple(part["partners"].values()) for part in _subject(of, group, on)["parts"] if part["partners"]]


def left(of: dict[str, Any], group: str, on: str) -> int:
    """What no clause dealt with of one subject."""
    return _subject(of, group, on)["unallocated"]


def _subject(of: dict[str, Any], group: str, on: str) -> dict[str, Any]:
    return next(each for each in of["subjects"] if (each["group"], each["on"]) == (group, on))


def column(of: dict[str, Any], key: str) -> dict[str, int]:
    """One column of the partners' rows."""
    return {code: row[key] for code, row in of["partners"].items()}


def transfers(of: dict[str, Any]) -> list[tuple[str, str, int]]:
    """Who pays whom how much."""
    return [(each["from"], each["to"], each["amount"]) for each in of["transfers"]]


def refusal(agreement: Agreement, lines: str, period: str = "M12") -> str:
    """The message with which settling these lines is refused, with its place."""
    with pytest.raises(RefusedError) as refused:
        settlement_of(agreement, lines, period)
    return str(refused.value)
