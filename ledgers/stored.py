"""A ledger in a database, as it is read. What changes it is in `ledgers.posting`.

Nothing here loads SQLAlchemy, SQLModel or the importer: settling must not wait for what it does not use.
"""

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from fractions import Fraction
from functools import cached_property
from operator import index
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ledgers.ledger import Batch, Finding, Imported, Ledger, PeriodState, Progress, State, Version
from ledgers.lines import Line, LineFilter, NewLine
from ledgers.refusing import ONLY_READ, as_written, refuse, refuse_unless_writable
from ledgers.store import Store
from rules.agreement import Agreement, Kind
from rules.periods import Period
from rules.position import Measure, Position, Total
from rules.problems import Problem, RefusedError

if TYPE_CHECKING:
    from ledgers.importing.mapping import Mapping
    from ledgers.posting import Poster

_WINDOW = 5_000
"""Lines fetched at once: a reader of a million holds no lock on the file while somebody looks at the first screen."""

SELECT_LINES = """
    SELECT lines.id, lines.period, lines.scheme, lines.partner, lines.kind, lines.amount_pence, lines.date,
           lines.reference, lines.description, lines.cause, lines.batch, lines.reverses, lines.reason,
           lines.belongs_to, batches.file, lines.row_number, lines.raw
    FROM lines JOIN batches ON batches.id = lines.batch
"""
_CONDITIONS = {
    "period": "lines.period = :period",
    "scheme": "lines.scheme = :scheme",
    "partner": "lines.partner = :partner",
    "kind": "lines.kind = :kind",
    "upto": "lines.period <= :upto",
    "reference": "lines.reference = :reference",
    "batch": "lines.batch = :batch",
    "reverses": "lines.reverses = :reverses",
    "after": "lines.id > :after",
}
_POSITION = """
    SELECT scheme, partner, kind, cause,
           CAST(SUM(CASE WHEN period <= :period THEN amount_pence ELSE 0 END) AS BIGINT),
           CAST(SUM(CASE WHEN period > :period THEN amount_pence ELSE 0 END) AS BIGINT)
    FROM {} GROUP BY scheme, partner, kind, cause
"""
_AS_SIGNED = """
    (SELECT scheme, partner, kind, cause, period, amount_pence FROM totals UNION ALL
     SELECT scheme, partner, kind, cause, period, -amount_pence FROM lines WHERE id > :last) AS signed
"""
_LAST_SIGNED = """
    SELECT cut FROM notes WHERE period >= :period AND id NOT IN (SELECT note FROM withdrawals)
      AND signatories = (SELECT COUNT(*) FROM signatures WHERE signatures.note = notes.id)
    ORDER BY id LIMIT 1
"""
_MEASURES = """
    SELECT period, measure, baseline, target, actual FROM measures
    WHERE batch = (SELECT MAX(later.batch) FROM measures AS later
                   WHERE later.period = measures.period AND later.measure = measures.measure)
    ORDER BY id
"""
_STATES = """
    SELECT period, state, actor, changed_at FROM period_states
    WHERE id IN (SELECT MAX(id) FROM period_states GROUP BY period)
"""
_MAPPINGS = """
    SELECT name, body FROM mappings WHERE id IN (SELECT MAX(id) FROM mappings GROUP BY name) ORDER BY name
"""


class StoredLedger(Ledger):
    """A ledger in a `.s75` file or a PostgreSQL schema."""

    def __init__(self, store: Store, now: Callable[[], dt.datetime]) -> None:
        """The ledger in an open store; `now` dates what is posted."""
        self.store = store
        self.name = store.name
        self.writable = store.writable
        self.warnings = store.warnings
        self._now = now
        self._agreements: dict[int, Agreement] = {}

    def now(self) -> dt.datetime:
        """The time, in UTC whatever the clock's own: what is signed says it in one way."""
        return self._now().astimezone(dt.UTC)

    def snapshot(self) -> AbstractContextManager[None]:
        """Everything read inside is of one moment."""
        return self.store.snapshot()

    # The agreement

    def agreement_text_at(self, period: Period) -> str:
        """The text of the version in force at the period: the last one set from it or from an earlier period."""
        return self._version_at(period)[1]

    def agreement_at(self, period: Period) -> Agreement:
        """The agreement in force at the period."""
        return self._read(*self._version_at(period))

    def _read(self, version: int, text: str) -> Agreement:
        if version not in self._agreements:
            from rules.reading import read_agreement  # noqa: PLC0415  many questions need no agreement

            self._agreements[version] = read_agreement(text, file=f"{self.name}, agreement version {version}")
        return self._agreements[version]

    def _version_at(self, period: Period) -> tuple[int, str]:
        found = self.store.rows(
            "SELECT id, body FROM agreements WHERE from_period <= :period ORDER BY id DESC LIMIT 1", period=int(period)
        )
        if not found:
            raise RefusedError(Problem(f"the ledger has no agreement in force at {period}", self.name))
        number, text = found[0]
        return number, text

    def versions(self) -> tuple[Version, ...]:
        """Every version, in the order they were put in force."""
        found = self.store.rows(
            "SELECT id, from_period, reason, digest, actor, posted_at, program FROM agreements ORDER BY id"
        )
        with as_written(self.name):
            return tuple(Version(number, Period(period), *told) for number, period, *told in found)

    def agreement_of(self, version: int) -> Agreement:
        """The agreement as a version has it, in force or not. Raises RefusedError if there is no such version."""
        found = self.store.rows("SELECT body FROM agreements WHERE id = :id", id=version)
        if not found:
            raise RefusedError(Problem(f"the ledger has no version {version} of the agreement", self.name))
        return self._read(version, found[0][0])

    # Figures

    def position(self, period: Period, *, outturn: bool = False) -> Position:
        """What the lines come to at the period, from the kept totals; at a signed one less what was posted since."""
        last = self.last_line_of(period)
        with as_written(self.name):
            found = self.store.rows(
                _POSITION.format("totals" if last is None else _AS_SIGNED),
                period=int(period),
                **({} if last is None else {"last": last}),
            )
            totals = tuple(
                Total(scheme, partner, Kind(kind), to_date, later, cause != "")
                for scheme, partner, kind, cause, to_date, later in sorted(found)  # here: databases sort by locale
            )
        return Position(period, totals, self.measures(), outturn)

    def last_line_of(self, period: Period) -> int | None:
        """The last line that counts at a period that every partner has signed; None for one that they have not."""
        found = self.store.rows(_LAST_SIGNED, period=int(period))
        return int(json.loads(found[0][0])["lines"]) if found else None

    def measures(self) -> tuple[Measure, ...]:
        """The measures in force."""
        with as_written(self.name):
            return tuple(
                Measure(Period(period), measure, Fraction(baseline), Fraction(target), Fraction(actual))
                for period, measure, baseline, target, actual in self.store.rows(_MEASURES)
            )

    def lines(  # noqa: PLR0913  each condition is named where it is given
        self,
        period: Period | None = None,
        scheme: str | None = None,
        partner: str | None = None,
        kind: Kind | None = None,
        *,
        upto: Period | None = None,
        reference: str | None = None,
        batch: int | None = None,
        reverses: int | None = None,
        late: bool | None = None,
        after: int | None = None,
        limit: int | None = None,
    ) -> Iterator[Line]:
        """The lines for which everything given holds, in the order they were posted."""
        wanted = LineFilter(
            period, scheme, partner, kind, upto, reference, batch, reverses, late, 0 if after is None else after, limit
        )
        return self._lines(wanted)

    def _lines(self, wanted: LineFilter) -> Iterator[Line]:
        left = wanted.limit
        while left is None or left > 0:
            window = _WINDOW if left is None else min(_WINDOW, left)
            sql, values = _query(wanted, window)
            found = self.store.rows(sql, **values)
            with as_written(self.name):
                lines = [line_of(row) for row in found]
            yield from lines
            if len(found) < window:
                return
            left = None if left is None else left - window
            wanted = replace(wanted, after=found[-1][0])

    # What was posted, and when

    def periods(self) -> tuple[PeriodState, ...]:
        """The state of each of the thirteen periods."""
        with as_written(self.name):
            changed = {
                Period(period): PeriodState(Period(period), State(state), actor, at)
                for period, state, actor, at in self.store.rows(_STATES)
            }
        return tuple(changed.get(period, PeriodState(period, State.OPEN)) for period in Period)

    def last_period(self) -> Period | None:
        """The last period that has a line or a measure."""
        sql = "SELECT MAX(period) FROM (SELECT period FROM totals UNION ALL SELECT period FROM measures) AS used"
        ((last,),) = self.store.rows(sql)
        return None if last is None else Period(last)

    def batches(self) -> tuple[Batch, ...]:
        """Everything posted, in order."""
        found = self.store.rows(
            "SELECT id, file, digest, content, count, totals, actor, posted_at, program FROM batches ORDER BY id"
        )
        with as_written(self.name):
            return tuple(
                Batch(
                    id=number,
                    file=file,
                    digest=digest or "",
                    content=content,
                    count=count,
                    totals_pence=tuple((Kind(kind), pence) for kind, pence in json.loads(totals).items()),
                    actor=actor,
                    at=at,
                    program=program,
                )
                for number, file, digest, content, count, totals, actor, at, program in found
            )

    def mappings(self) -> "dict[str, Mapping]":
        """The saved column mappings by name."""
        from ledgers.importing.mapping import read_mapping  # noqa: PLC0415  importing only

        return {
            name: read_mapping(text, name=name, file=f"{self.name}, mapping {name}")
            for name, text in self.store.rows(_MAPPINGS)
        }

    def findings(self, period: Period | None = None) -> list[Finding]:
        """What is wrong with the ledger itself."""
        from ledgers.auditing import findings_of  # noqa: PLC0415  checking only

        return findings_of(self, period or Period.M13)

    # What changes it

    @cached_property
    def _poster(self) -> "Poster":
        from ledgers.posting import Poster  # noqa: PLC0415  readers do not post

        return Poster(self)

    def set_agreement(
        self, text: str, from_period: Period | None = None, reason: str = "", *, file: str = ""
    ) -> Version:
        """Put a new version of the agreement in force from an open period."""
        from ledgers.versions import set_agreement  # noqa: PLC0415  readers do not set it

        return set_agreement(self, text, from_period, reason, file=file)

    def import_file(
        self,
        path: str | Path,
        mapping: str | None = None,
        *,
        dry_run: bool = False,
        progress: Progress | None = None,
    ) -> Imported:
        """Post a CSV or XLSX file of lines or of measures, all of it or nothing."""
        from ledgers.importing.importer import import_file  # noqa: PLC0415  importing only

        return import_file(self, path, mapping, dry_run=dry_run, progress=progress)

    def post(self, lines: Iterable[NewLine], *, source: str = "") -> tuple[Line, ...]:
        """Post lines as one batch."""
        return self._poster.post(lines, source=source)

    def reverse(self, line_id: int, reason: str) -> Line:
        """Post the reversal of a line."""
        return self._poster.reverse(line_id, reason)

    def hold(self, period: Period) -> tuple[Period, ...]:
        """Close the period and every open one before it."""
        from ledgers.closing import hold  # noqa: PLC0415  readers do not close periods

        return hold(self, period)

    def reopen(self, period: Period, reason: str = "") -> tuple[Period, ...]:
        """Open the held period, and every held one after it, again."""
        from ledgers.closing import reopen  # noqa: PLC0415  readers do not open periods

        return reopen(self, period, reason)

    def save_mapping(self, name: str, text: str) -> "Mapping":
        """Keep a column mapping under a name."""
        from ledgers.importing.importer import save_mapping  # noqa: PLC0415  importing only

        return save_mapping(self, name, text)

    def backup(self, path: str | Path) -> None:
        """Write a consistent copy while others read."""
        self.store.backup(Path(path))

    def close(self) -> None:
        """Let go of the store."""
        self.store.close()


def to_change(ledger: Ledger) -> StoredLedger:
    """The ledger as one that can be changed. Raises RefusedError for a folder, and for one opened read-only."""
    if not isinstance(ledger, StoredLedger):
        refuse(ONLY_READ, ledger.name)
    refuse_unless_writable(ledger)
    return ledger


def _query(wanted: LineFilter, window: int) -> tuple[str, dict[str, object]]:
    values: dict[str, object] = {}
    conditions = []
    for name, condition in _CONDITIONS.items():
        value = getattr(wanted, name)
        if value is not None:
            conditions.append(condition)
            values[name] = _plain(value)
    if wanted.late is not None:
        conditions.append(f"lines.belongs_to IS {'NOT ' if wanted.late else ''}NULL")
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    return f"{SELECT_LINES} {where} ORDER BY lines.id LIMIT {window}", values


def _plain(value: object) -> object:
    """Enumerations as the columns hold them: drivers do not all take them for the str or int that they are."""
    return value.value if isinstance(value, (Kind, Period)) else value


def line_of(row: tuple[Any, ...]) -> Line:
    """The line that a row of `SELECT_LINES` holds. Raises ValueError for one that no ledger has."""
    (
        number, period, scheme, partner, kind, pence, date, reference, description, cause,
        batch, reverses, reason, belongs_to, file, row_number, raw,
    ) = row  # fmt: skip
    return Line(
        id=number,
        period=Period(period),
        scheme=scheme,
        partner=partner,
        kind=Kind(kind),
        amount_pence=index(pence),
        date=None if date is None else dt.date.fromisoformat(date),
        reference=reference,
        description=description,
        cause=cause,
        batch=batch,
        reverses=reverses,
        reason=reason,
        belongs_to=None if belongs_to is None else Period(belongs_to),
        file=file,
        row=row_number,
        raw=raw,
    )
