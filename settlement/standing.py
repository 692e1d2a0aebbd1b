"""Where sign-off stands: each period's state and note, who has signed, who is awaited, and what is still undecided."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from ledgers import Ledger, State, sealing
from ledgers.assents import awaiting
from ledgers.disputes import Dispute, disputes
from ledgers.sealing import SEALED_COLUMNS, NoteRow
from ledgers.stored import StoredLedger
from rules.english import listed
from rules.periods import Period


@dataclass(frozen=True, slots=True)
class PeriodStanding:
    """How far a period has come. `note` is that by which it is signed, or put up for signature.

    `note_period` is the note's own period: M6, of the periods before it that are signed with it. `awaiting` are the
    codes of the partners who have still to sign, in listed order.
    """

    period: Period
    state: State
    note: int | None = None
    note_period: Period | None = None
    awaiting: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """`open`, `held`, `put up for signature, note 3: awaits CCG`, `signed with M6, note 2`."""
        together = "" if self.note_period in {None, self.period} else f" with {self.note_period}"
        if self.state is State.SIGNED:
            return f"signed{together}" + ("" if self.note is None else f", note {self.note}")
        if self.note is not None:
            return f"put up for signature{together}, note {self.note}: awaits {listed(self.awaiting)}"
        return str(self.state)


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed for a partner, in which role, and when (ISO 8601, UTC)."""

    partner: str
    name: str
    role: str
    at: str


@dataclass(frozen=True, slots=True)
class NoteStanding:
    """A note and who has signed it. `awaiting` are the codes of those who have still to; none, if it is withdrawn."""

    sequence: int
    period: Period
    is_withdrawn: bool
    signed: tuple[Signature, ...]
    awaiting: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AwaitedVersion:
    """A version of the agreement that partners, by their codes, have still to assent to."""

    version: int
    from_period: Period
    reason: str
    awaiting: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where sign-off stands in a ledger. `since` counts what came in since the last note, a part of a sentence each."""

    periods: tuple[PeriodStanding, ...]
    notes: tuple[NoteStanding, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    versions: tuple[AwaitedVersion, ...] = ()
    since: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def standing(ledger: Ledger) -> Standing:
    """Where sign-off stands. Of a folder every period is open, and nothing else is there to tell.

    Raises RefusedError if what was signed cannot be read.
    """
    with ledger.snapshot():
        if not isinstance(ledger, StoredLedger):
            return Standing(tuple(PeriodStanding(each.period, each.state) for each in ledger.periods()))
        rows = sealing.notes(ledger)
        return Standing(
            periods=_periods(ledger, rows),
            notes=_notes(ledger, rows),
            disputes=tuple(dispute for dispute in disputes(ledger) if dispute.is_open),
            versions=tuple(
                AwaitedVersion(version.id, version.from_period, version.reason, left)
                for version in ledger.versions()
                if (left := awaiting(ledger, version.id))
            ),
            since=_since(ledger, rows),
            warnings=tuple(ledger.warnings),
        )


def period_standing(ledger: Ledger, period: Period) -> PeriodStanding:
    """How far one period has come. Raises RefusedError if its note cannot be read."""
    rows = sealing.notes(ledger) if isinstance(ledger, StoredLedger) else ()
    return next(each for each in _periods(ledger, rows) if each.period == period)


def _periods(ledger: Ledger, rows: Iterable[NoteRow]) -> tuple[PeriodStanding, ...]:
    complete = [row for row in rows if row.is_complete]
    pending = [row for row in rows if row.is_pending]
    left = {row.sequence: _awaited(ledger, row) for row in pending}
    found = []
    for each in ledger.periods():
        told = PeriodStanding(each.period, each.state)
        notes = {State.SIGNED: complete, State.HELD: pending, State.OPEN: []}[each.state]
        row = next((row for row in notes if row.period >= each.period), None)
        if row is not None:
            told = replace(told, note=row.sequence, note_period=row.period, awaiting=left.get(row.sequence, ()))
        found.append(told)
    return tuple(found)


def _awaited(ledger: Ledger, row: NoteRow) -> tuple[str, ...]:
    from settlement.signoff.errors import in_refusals  # noqa: PLC0415  settling, which asks too, is to start quickly
    from settlement.signoff.notes import Note  # noqa: PLC0415

    with in_refusals(ledger.name):
        return tuple(code for code in Note.read(row.text).partners if code not in row.signed_by)


def _notes(ledger: StoredLedger, rows: Iterable[NoteRow]) -> tuple[NoteStanding, ...]:
    from settlement.signoff.errors import in_refusals  # noqa: PLC0415
    from settlement.signoff.notes import Signed  # noqa: PLC0415

    signed: dict[int, list[Signature]] = {}
    with in_refusals(ledger.name):
        for row in sealing.signatures(ledger):
            text = Signed.read(row.text)
            signed.setdefault(row.sequence, []).append(Signature(text.partner, text.name, text.role, text.at))
    return tuple(
        NoteStanding(
            row.sequence,
            row.period,
            row.is_withdrawn,
            tuple(signed.get(row.sequence, ())),
            _awaited(ledger, row) if row.is_pending else (),
        )
        for row in rows
    )


def _since(ledger: StoredLedger, rows: tuple[NoteRow, ...]) -> tuple[str, ...]:
    if not rows:
        return ()
    from settlement.signoff.since import came_in  # noqa: PLC0415

    return tuple(came_in(ledger, {**dict.fromkeys(SEALED_COLUMNS, 0), **rows[-1].cut}))


def in_runs(periods: Iterable[Period]) -> str:
    """Periods as a person names them, neighbours together: `M1 to M12`, `M3`, `M1 to M3 and M6`."""
    runs: list[list[Period]] = []
    for period in sorted(periods):
        if runs and period == runs[-1][-1] + 1:
            runs[-1].append(period)
        else:
            runs.append([period])
    return listed(str(run[0]) if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs)
