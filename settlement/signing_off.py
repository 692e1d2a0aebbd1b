"""What whoever signs a period looks at first: where it stands, what it comes to, what is undecided, what can be done.

All of it is quick, whatever the ledger's length. What has to go through the lines, the checks and the late lines, is
asked for apart (`looked_through`).
"""

from dataclasses import dataclass

from ledgers import Finding, Ledger, PeriodState, State, sealing
from ledgers.disputes import Dispute, disputes
from ledgers.sealing import NoteRow
from ledgers.signing_keys import Key, keys
from ledgers.stored import StoredLedger
from rules.agreement import Agreement
from rules.english import listed
from rules.periods import Period
from rules.problems import RefusedError
from rules.succession import partners_in_being
from settlement.disputed import without_lines
from settlement.service import check, settle_ledger, settled_before
from settlement.settle import Settlement, settle
from settlement.signoff.errors import in_refusals
from settlement.signoff.notes import Note
from settlement.standing import AwaitedVersion, NoteStanding, PeriodStanding, Standing, standing

_LATE = """
    SELECT belongs_to, COUNT(*), CAST(SUM(amount_pence) AS BIGINT), MIN(id) FROM lines
    WHERE belongs_to IS NOT NULL AND period = :period GROUP BY belongs_to
"""


@dataclass(frozen=True, slots=True)
class NoteSeen:
    """A note as its signatories know it: number, period, digest, who prepared what it seals, and who signed it."""

    sequence: int
    period: Period
    digest: str
    prepared_by: str
    sealed_at: str
    standing: NoteStanding


@dataclass(frozen=True, slots=True)
class Due:
    """What a partner pays (above nothing) or receives, in pence, and what was settled before; None: nothing was."""

    partner: str
    pence: int
    before_pence: int | None = None

    @property
    def movement_pence(self) -> int:
        """What is still to be paid or received, once what was settled before has been."""
        return self.pence - (self.before_pence or 0)


@dataclass(frozen=True, slots=True)
class SignOff:
    """Everything of a ledger's sign-off, and of one period in particular, at one moment.

    `settlement` is the year to date as it is, or was, put up or signed; None if it cannot be settled, and `why_not`
    says why. `before` is what was settled before it. `signatories` are the codes of those who must sign the period,
    `disputes` and `versions` what is to be decided first. `note` is that by which it is put up or signed, and
    `next_note` the number that a new one would have.
    """

    period: Period
    agreement: Agreement
    all: Standing
    states: tuple[PeriodState, ...]
    settlement: Settlement | None
    why_not: str
    before: Settlement | None
    signatories: tuple[str, ...]
    disputes: tuple[Dispute, ...]
    all_disputes: tuple[Dispute, ...]
    versions: tuple[AwaitedVersion, ...]
    note: NoteSeen | None
    next_note: int
    keys: tuple[Key, ...]
    has_sign_off: bool

    @property
    def standing(self) -> PeriodStanding:
        """How far the period has come."""
        return self.standing_of(self.period)

    @property
    def state(self) -> PeriodState:
        """Its state, who put it there and when."""
        return next(each for each in self.states if each.period == self.period)

    @property
    def pending(self) -> NoteStanding | None:
        """The note that waits for signatures, of whichever period; None if none does."""
        return next((each for each in self.all.notes if each.awaiting), None)

    def standing_of(self, period: Period) -> PeriodStanding:
        """How far another period has come."""
        return next(each for each in self.all.periods if each.period == period)

    @property
    def dues(self) -> tuple[Due, ...]:
        """What each partner pays or receives, in listed order; nothing where it cannot be settled."""
        if self.settlement is None:
            return ()
        before = {} if self.before is None else {row.partner: row.net_due_pence for row in self.before.rows}
        return tuple(Due(row.partner, row.net_due_pence, before.get(row.partner)) for row in self.settlement.rows)

    @property
    def closes(self) -> tuple[Period, ...]:
        """The periods that are held when it is: itself, and every open one before it."""
        return tuple(
            each.period for each in self.all.periods if each.period <= self.period and each.state is State.OPEN
        )

    @property
    def opens(self) -> tuple[Period, ...]:
        """The periods that are opened again when it is: itself, and every held one after it."""
        return tuple(
            each.period for each in self.all.periods if each.period >= self.period and each.state is State.HELD
        )

    @property
    def finals(self) -> tuple[Period, ...]:
        """The periods that become final with it: itself, and every held one before it."""
        return tuple(
            each.period for each in self.all.periods if each.period <= self.period and each.state is State.HELD
        )

    def key_of(self, partner: str) -> Key | None:
        """The key that signs for a partner now; None if it has signed with none yet."""
        replaced = {key.replaces for key in self.keys}
        return next((key for key in reversed(self.keys) if key.partner == partner and key.id not in replaced), None)

    def name_of(self, partner: str) -> str:
        """A partner's name and code, as a heading has it; the code alone of one whom the agreement no longer knows."""
        known = self.agreement.partner_of.get(partner)
        return partner if known is None else f"{known.name} ({partner})"

    # What can be done, or why not

    def why_not_hold(self) -> str:
        """Why the period cannot be held; "" if it can."""
        state = self.standing.state
        return "" if state is State.OPEN else f"{self.period} is {state} already."

    def why_not_reopen(self) -> str:
        """Why it cannot be opened again; "" if it can."""
        at = self.standing
        if at.state is State.OPEN:
            return f"{self.period} is open."
        signed = [each.period for each in self.all.periods if each.period >= self.period and each.state is State.SIGNED]
        if signed:
            return f"{signed[0]} is signed, which is final."
        if at.note is not None:
            return f"{self.period} is put up for signature in note {at.note}: withdraw the note first."
        return ""

    def why_not_sign(self) -> str:
        """Why it cannot be signed now, checks apart; "" if it can."""
        at = self.standing
        if not self.has_sign_off:
            return "A ledger in a folder has no sign-off."
        if at.state is State.SIGNED:
            return f"{self.period} is signed, and final."
        if at.state is State.OPEN:
            return f"{self.period} is open: hold it first, so that what is signed stays as it is."
        if self.pending is not None and self.pending.period != self.period:
            left = listed(self.pending.awaiting)
            return f"Note {self.pending.sequence} of {self.pending.period} waits for the signature of {left} first."
        return ""

    def why_not_withdraw(self) -> str:
        """Why there is nothing to withdraw; "" if there is."""
        if self.pending is not None and self.pending.period >= self.period and self.standing.note is not None:
            return ""
        return f"No note that waits for signatures covers {self.period}."


@dataclass(frozen=True, slots=True)
class LateLines:
    """Lines that count in a period and belong to one that was closed before they came. `first` is a line's number."""

    belongs_to: Period
    count: int
    pence: int
    first: int


@dataclass(frozen=True, slots=True)
class Looked:
    """What going through the lines found: what keeps the period from being signed, and the late lines in it."""

    period: Period
    findings: tuple[Finding, ...]
    late: tuple[LateLines, ...]


def sign_off_at(ledger: Ledger, period: Period) -> SignOff:
    """Where sign-off stands in a ledger, and of a period. Raises RefusedError if what was signed cannot be read."""
    with in_refusals(ledger.name), ledger.snapshot():
        rows = sealing.notes(ledger) if isinstance(ledger, StoredLedger) else ()
        found = standing(ledger)
        agreement = ledger.agreement_at(period)
        at = next(each for each in found.periods if each.period == period)
        row = next((each for each in rows if each.sequence == at.note), None)
        settlement, why_not = _settled(ledger, period, row)
        partners = settlement.agreement.partners if settlement else partners_in_being(agreement, period)
        governing = {
            max((version.id for version in ledger.versions() if version.from_period <= each), default=1)
            for each in Period
            if each <= period
        }
        return SignOff(
            period=period,
            agreement=agreement,
            all=found,
            states=ledger.periods(),
            settlement=settlement,
            why_not=why_not,
            before=_before(ledger, period),
            signatories=tuple(partner.code for partner in partners),
            disputes=tuple(each for each in disputes(ledger, period) if _is_undecided(each, period)),
            all_disputes=disputes(ledger),
            versions=tuple(each for each in found.versions if each.version in governing),
            note=None if row is None else _seen(row, found),
            next_note=len(rows) + 1,
            keys=keys(ledger),
            has_sign_off=isinstance(ledger, StoredLedger),
        )


def looked_through(ledger: Ledger, period: Period) -> Looked:
    """What keeps a period from being signed, and its late lines: it goes through every line."""
    late: tuple[LateLines, ...] = ()
    if isinstance(ledger, StoredLedger):
        late = tuple(
            LateLines(Period(of), count, pence, first)
            for of, count, pence, first in sorted(ledger.store.rows(_LATE, period=int(period)))
        )
    return Looked(period, tuple(check(ledger, period)), late)


def _settled(ledger: Ledger, period: Period, row: NoteRow | None) -> tuple[Settlement | None, str]:
    """The settlement; of a period put up for signature as it was put up, whatever was posted elsewhere since."""
    try:
        if row is None or not row.is_pending or row.period != period or not isinstance(ledger, StoredLedger):
            return settle_ledger(ledger, period), ""
        since = ledger.lines(after=row.cut["lines"])
        return settle(ledger.agreement_at(period), without_lines(ledger.position(period), since)), ""
    except RefusedError as refused:
        return None, "\n".join(problem.message for problem in refused.problems)


def _before(ledger: Ledger, period: Period) -> Settlement | None:
    try:
        return settled_before(ledger, period)
    except RefusedError:
        return None  # it is looked at for comparison alone


def _is_undecided(dispute: Dispute, period: Period) -> bool:
    carried = dispute.outcome == "carried" and dispute.outcome_period == period
    return dispute.is_open and not carried


def _seen(row: NoteRow, found: Standing) -> NoteSeen:
    return NoteSeen(
        sequence=row.sequence,
        period=row.period,
        digest=Note.read(row.text).digest,
        prepared_by=row.prepared_by,
        sealed_at=row.sealed_at,
        standing=next(each for each in found.notes if each.sequence == row.sequence),
    )
