"""What statements are made from: settlements, the ledger's lines, and what the preparer says about them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from rules.agreement import Agreement, Kind
from rules.language import say
from rules.periods import Period
from settlement.disputed import Disputed
from settlement.overview import Month
from settlement.settle import Settlement
from settlement.statements.theme import PLAIN, Theme
from settlement.statements.wording import period_in_words


class Status(StrEnum):
    """How far a statement has come: a draft, put up for the partners to sign, signed by every one of them."""

    DRAFT = "draft"
    FOR_SIGNATURE = "for signature"
    SIGNED = "signed"


@dataclass(frozen=True, slots=True)
class Seal:
    """By what a signed settlement is known: its note's number in the ledger, and the SHA-256 of the note's text in hex.

    `previous` is the digest of the note before it, "" of the first. While a statement is put up for signature there is
    a number and no digest yet: the note names what is signed, and this statement is part of that.
    """

    sequence: int
    digest: str = ""
    previous: str = ""


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signed for a partner, or assented for it, in which role, and when (ISO 8601, UTC)."""

    partner: str
    name: str
    role: str
    at: str


@dataclass(frozen=True, slots=True)
class Governing:
    """The version of the agreement that a settlement is made under.

    `digest` is the SHA-256 of its text in hex; `awaiting` are the codes of the partners still to assent to it.
    """

    version: int
    from_period: Period = Period.M1
    reason: str = ""
    digest: str = ""
    assents: tuple[Signatory, ...] = ()
    awaiting: tuple[str, ...] = ()

    @property
    def is_variation(self) -> bool:
        """Whether it varies what the ledger was made with."""
        return self.version > 1

    @property
    def is_provisional(self) -> bool:
        """Whether it varies the agreement and not every partner has assented to that."""
        return self.is_variation and bool(self.awaiting)


class LedgerLine(Protocol):
    """A line of the ledger as a statement shows it. `id` is how the ledger finds it again."""

    @property
    def id(self) -> object:
        """The line's number in the ledger."""

    @property
    def period(self) -> Period:
        """The period it belongs to."""

    @property
    def scheme(self) -> str:
        """The scheme's code."""

    @property
    def partner(self) -> str:
        """The partner's code as posted, before any succession."""

    @property
    def kind(self) -> Kind:
        """What kind of line it is."""

    @property
    def amount_pence(self) -> int:
        """The amount in pence."""

    @property
    def date(self) -> date | None:
        """The day of the entry, if the file had one."""

    @property
    def reference(self) -> str:
        """The source ledger's reference."""

    @property
    def description(self) -> str:
        """The source ledger's text."""

    @property
    def cause(self) -> str:
        """`default` for spend outside Permitted Expenditure, else empty."""

    @property
    def belongs_to(self) -> Period | None:
        """Of a late line, the closed period that it is really of; `period` is where it counts."""


def no_lines() -> Iterable[LedgerLine]:
    """For statements made without the ledger at hand."""
    return ()


@dataclass(frozen=True, slots=True)
class StatementInputs:
    """Everything a set of statements shows. Every figure is one of these settlements'; nothing is worked out again.

    `previous` is the settlement last stated, at `previous_period`, and `previous_seal` its seal if it was signed;
    `outturn` the forecast outturn seen from the same period. `lines` gives the ledger's lines afresh at each call, in
    any order, and `late` are the late ones among them. `governing` says which version of the agreement `settlement` is
    made under, `disputed` what of it is in dispute. `notes` stand on the first page (what is illustrative),
    `opening_notes` beside the opening position, `theme` has the partners' own words and looks. `on_file` is the
    agreement before succession, where it differs. `months` are budget and actual by month, if they are at hand: summed
    to the period they are the settlement's figures. `control_findings` say which of the agreement's control totals do
    not agree with the ledger, a whole sentence each. No clock is read: `date_shown` is printed if it is given.

    A statement for signature has a seal with no digest, and who has signed it until now in `signatories_so_far`: nobody
    of one that is put up by it. A signed one has a whole seal and every partner's signatory.
    Anything else raises ValueError: a statement never says that it is signed without saying by whom.
    """

    settlement: Settlement
    previous: Settlement | None = None
    previous_period: Period | None = None
    outturn: Settlement | None = None
    lines: Callable[[], Iterable[LedgerLine]] = no_lines
    late: tuple[LedgerLine, ...] = ()
    status: Status = Status.DRAFT
    seal: Seal | None = None
    signatories: tuple[Signatory, ...] = ()
    signatories_so_far: tuple[Signatory, ...] = ()
    previous_seal: Seal | None = None
    governing: Governing | None = None
    disputed: Disputed | None = None
    notes: tuple[str, ...] = ()
    prepared_by: str = ""
    version: str = ""
    opening_notes: tuple[str, ...] = ()
    on_file: Agreement | None = None
    date_shown: date | None = None
    theme: Theme = PLAIN
    months: tuple[Month, ...] = ()
    control_findings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Hold status, seal and signatories to each other. Raises ValueError."""
        Status(self.status)
        has_digest = self.seal is not None and bool(self.seal.digest)
        if self.is_draft and (self.seal is not None or self.signatories):
            message = "a draft has no seal and no signatories"
            raise ValueError(message)
        if self.status is Status.FOR_SIGNATURE and (self.seal is None or has_digest or self.signatories):
            message = "a statement put up for signature has a note's number, and no digest and no signatories yet"
            raise ValueError(message)
        unsigned = [
            code for code in self.agreement.partner_of if code not in {each.partner for each in self.signatories}
        ]
        so_far = {each.partner for each in self.signatories_so_far}
        if so_far and (self.status is not Status.FOR_SIGNATURE or so_far >= set(self.agreement.partner_of)):
            message = "only a statement put up for signature is signed by some of its partners and not by others"
            raise ValueError(message)
        if self.is_signed and (not has_digest or unsigned):
            message = f"a signed statement has a seal and every partner's signatory; missing: {unsigned or 'the seal'}"
            raise ValueError(message)

    @property
    def agreement(self) -> Agreement:
        """The agreement in force at the period: an old statement keeps the names that were on it."""
        return self.settlement.agreement

    @property
    def is_draft(self) -> bool:
        """Whether it is neither put up for signature nor signed."""
        return self.status is Status.DRAFT

    @property
    def is_signed(self) -> bool:
        """Whether every partner has signed it."""
        return self.status is Status.SIGNED

    @property
    def awaited(self) -> tuple[str, ...]:
        """Of what is put up for signature: the codes of the partners who have still to sign, in listed order."""
        so_far = {each.partner for each in self.signatories_so_far}
        if self.status is not Status.FOR_SIGNATURE:
            return ()
        return tuple(code for code in self.agreement.partner_of if code not in so_far)

    @property
    def status_line(self) -> str:
        """The mark on every page: `DRAFT – not signed`, `For signature, note 3`, `Signed, note 3`."""
        if self.seal is None:
            return say("DRAFT – not signed")
        if self.is_signed:
            return say("Signed, note {sequence}", sequence=self.seal.sequence)
        return say("For signature, note {sequence}", sequence=self.seal.sequence)

    @property
    def reading(self) -> str:
        """Year to date, or the forecast outturn."""
        return say("Forecast outturn for the year") if self.settlement.is_outturn else say("Year to date")

    @property
    def period_text(self) -> str:
        """`M12 (March 2015)`."""
        return period_in_words(self.agreement.year, self.settlement.period)

    @property
    def previous_name(self) -> str:
        """The period last stated: `M11`, or nothing if this is the first."""
        if self.previous is None:
            return ""
        return str(self.previous_period or self.previous.period)

    def name_of(self, partner: str) -> str:
        """The name of a partner in being, by its code. Raises KeyError for any other."""
        return self.agreement.partner_of[partner].name

    @property
    def codes_line(self) -> str:
        """Whose the codes are that clauses and their workings go by: `LBB: London Borough of Barnet; BCCG: …`."""
        told = "; ".join(f"{partner.code}: {partner.name}" for partner in self.agreement.partners)
        return say("Partners by their codes: {told}.", told=told)

    def bearer_name(self, partner: str) -> str:
        """The same for a cap's bearer or a payer, which may be a partner not yet in being: then its code."""
        found = self.agreement.partner_of.get(partner)
        return found.name if found else partner

    def party_name(self, partner: str) -> str:
        """The name of whoever signed, assented or disputed: a partner in being, or one that has been succeeded."""
        found = self.agreement.partner_of.get(partner) or (self.on_file or self.agreement).partner_of.get(partner)
        return found.name if found else partner

    def running(self, subject: str) -> tuple[str, ...]:
        """What stands at the head of every page: agreement, whose or what it is, year, period."""
        period = str(self.settlement.period)
        if self.settlement.is_outturn:
            period = say("{period}, forecast outturn", period=period)
        return (self.agreement.title or self.agreement.id, subject, str(self.agreement.year), period)
