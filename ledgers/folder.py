"""The folder form: `agreement.toml`, `lines.csv` and perhaps `measures.csv`, read into memory and never written."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Never

from ledgers.importing.columns import LINES, MEASURES
from ledgers.importing.judging import Judge
from ledgers.importing.opening import open_source
from ledgers.importing.reading_lines import Key, LineReader, LineRow, by_kind, line_of
from ledgers.importing.reading_measures import read_measures
from ledgers.importing.source import look_at
from ledgers.ledger import Batch, Finding, Imported, Ledger, PeriodState, Progress, State, Version
from ledgers.lines import Line, LineFilter, NewLine
from ledgers.refusing import ONLY_READ, refuse
from rules.agreement import Agreement, Kind
from rules.periods import Period
from rules.position import Measure, Position, position_at
from rules.reading import read_agreement

if TYPE_CHECKING:
    from ledgers.importing.mapping import Mapping


class FolderLedger(Ledger):
    """A ledger in memory, of a folder's files as they were when it was opened."""

    writable = False

    def __init__(self, folder: Path) -> None:
        """Read the folder. Raises RefusedError with everything that is wrong in it."""
        self.name = str(folder)
        self._file = str(folder / "agreement.toml")
        self._text = _text_of(folder / "agreement.toml")
        self._agreement = read_agreement(self._text, file=self._file)
        self._lines_file = str(folder / "lines.csv")
        self._totals: dict[Key, int] = {}
        self._rows = self._read_lines(folder / "lines.csv")
        self._measures = _read_measures(folder / "measures.csv")

    def _read_lines(self, path: Path) -> list[LineRow]:
        if not path.exists():
            refuse("there is no such file; a ledger's folder holds agreement.toml and lines.csv", str(path))
        with open_source(look_at(path)) as opened:
            if opened.columns.content != LINES:
                refuse("this holds measures; they go in measures.csv", str(path), 1)
            judge = Judge(self.agreement_at, {period: period for period in Period})
            reader = LineReader(opened.columns, judge, opened.faults)
            rows = list(reader.read(opened.sheet))
            reader.check_virements(opened.sheet)
            opened.faults.refuse()
        self._totals = reader.totals
        return rows

    def agreement_text_at(self, period: Period) -> str:  # noqa: ARG002
        """The text of agreement.toml, in force all year."""
        return self._text

    def agreement_at(self, period: Period) -> Agreement:  # noqa: ARG002
        """The agreement, in force all year."""
        return self._agreement

    def versions(self) -> tuple[Version, ...]:
        """The one version that a folder has."""
        import hashlib  # noqa: PLC0415  3 ms that settling a folder does not need

        digest = hashlib.sha256(self._text.encode()).hexdigest()
        return (Version(1, Period.M1, "", digest, "", ""),)

    def position(self, period: Period, *, outturn: bool = False) -> Position:
        """What the lines come to at the period."""
        summed = (
            (scheme, partner, Kind(kind), Period(when), bool(cause), self._totals[scheme, partner, kind, when, cause])
            for scheme, partner, kind, when, cause in sorted(self._totals)
        )
        return position_at(period, summed, self._measures, outturn=outturn)

    @cached_property
    def _lines(self) -> list[Line]:
        return [line_of(row, self._lines_file) for row in self._rows]

    @cached_property
    def _by_scheme_and_kind(self) -> dict[tuple[str, Kind], list[Line]]:
        """An explanation asks for each scheme's lines in turn; to go through all of them each time is quadratic."""
        index: dict[tuple[str, Kind], list[Line]] = {}
        for line in self._lines:
            index.setdefault((line.scheme, line.kind), []).append(line)
        return index

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
        """The lines for which everything given holds, in the file's order."""
        wanted = LineFilter(period, scheme, partner, kind, upto, reference, batch, reverses, late)
        if scheme is None or kind is None:
            found = self._lines[after or 0 :]
        else:
            found = self._by_scheme_and_kind.get((scheme, kind), [])
            found = [line for line in found if line.id > after] if after else found
        return islice(filter(wanted.takes, found), limit)

    def measures(self) -> tuple[Measure, ...]:
        """All rows of measures.csv."""
        return self._measures

    def periods(self) -> tuple[PeriodState, ...]:
        """All open: a folder has no states."""
        return tuple(PeriodState(period, State.OPEN) for period in Period)

    def last_period(self) -> Period | None:
        """The last period that has a line or a measure."""
        used = {Period(when) for _scheme, _partner, _kind, when, _cause in self._totals}
        return max(used | {measure.period for measure in self._measures}, default=None)

    def batches(self) -> tuple[Batch, ...]:
        """The lines, as one batch that was never posted."""
        return (Batch(0, self._lines_file, "", LINES, len(self._rows), by_kind(self._totals), "", "", ""),)

    def mappings(self) -> "dict[str, Mapping]":
        """None: a folder keeps no mappings."""
        return {}

    def findings(self, period: Period | None = None) -> list[Finding]:
        """Control totals that do not agree. What else a check finds, opening the folder has refused."""
        from ledgers.checks import control_findings, measure_findings  # noqa: PLC0415  checking only

        upto = period or Period.M13
        totals = (
            (scheme, partner, kind, Period(when), pence)
            for (scheme, partner, kind, when, _cause), pence in self._totals.items()
        )
        return [
            *control_findings(self._agreement, totals, upto),
            *measure_findings(self._agreement, self._measures, upto),
        ]

    def set_agreement(
        self,
        text: str,  # noqa: ARG002
        from_period: Period | None = None,  # noqa: ARG002
        reason: str = "",  # noqa: ARG002
        *,
        file: str = "",  # noqa: ARG002
    ) -> Version:
        """Refused."""
        self._refuse()

    def import_file(
        self,
        path: str | Path,  # noqa: ARG002
        mapping: str | None = None,  # noqa: ARG002
        *,
        dry_run: bool = False,  # noqa: ARG002
        progress: Progress | None = None,  # noqa: ARG002
    ) -> Imported:
        """Refused."""
        self._refuse()

    def post(self, lines: Iterable[NewLine], *, source: str = "") -> tuple[Line, ...]:  # noqa: ARG002
        """Refused."""
        self._refuse()

    def reverse(self, line_id: int, reason: str) -> Line:  # noqa: ARG002
        """Refused."""
        self._refuse()

    def hold(self, period: Period) -> tuple[Period, ...]:  # noqa: ARG002
        """Refused."""
        self._refuse()

    def reopen(self, period: Period, reason: str = "") -> tuple[Period, ...]:  # noqa: ARG002
        """Refused."""
        self._refuse()

    def save_mapping(self, name: str, text: str) -> "Mapping":  # noqa: ARG002
        """Refused."""
        self._refuse()

    def backup(self, path: str | Path) -> None:  # noqa: ARG002
        """Refused."""
        refuse("a ledger in a folder is its own files; copy the folder", self.name)

    def close(self) -> None:
        """Nothing is held."""

    def _refuse(self) -> Never:
        refuse(ONLY_READ, self.name)


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        refuse("there is no such file; a ledger's folder holds agreement.toml and lines.csv", str(path))
    except UnicodeDecodeError:
        refuse("the text is not UTF-8; save it as UTF-8", str(path))
    except OSError as error:
        refuse(f"the file cannot be read: {error.strerror or error}", str(path))


def _read_measures(path: Path) -> tuple[Measure, ...]:
    if not path.exists():
        return ()
    with open_source(look_at(path)) as opened:
        if opened.columns.content != MEASURES:
            refuse("this holds no measures; its header is period, measure, baseline, target, actual", str(path), 1)
        rows = [row.measured() for row in read_measures(opened.sheet, opened.columns, opened.faults)]
        opened.faults.refuse()
    return tuple(rows)
