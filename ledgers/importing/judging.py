"""Whether the codes of a line can stand in the ledger: known to the agreement in force, and right together.

A ledger of a million lines has some thousand distinct sets of codes, so a set is judged once and remembered.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from ledgers.lines import IN_DEFAULT
from rules.agreement import Agreement, Kind
from rules.money import pounds
from rules.periods import FinancialYear, Period

_SPEND = frozenset({Kind.ACTUAL, Kind.ACCRUAL})
_KINDS = frozenset(kind.value for kind in Kind)
_ORDER = ("period", "scheme", "partner", "kind", "cause")
_SHOWN = 12
_MOST_REMEMBERED = 100_000


class Codes(NamedTuple):
    """Codes that may stand on a line: the period it will count in, and the closed one it belongs to, if it is late.

    A tuple, because a file has tens of thousands of them and a frozen dataclass takes three times as long to make.
    """

    period: int
    scheme: str
    partner: str
    kind: str
    cause: str
    belongs_to: int | None


Complaint = tuple[str, str]
"""A column and what is wrong in it."""

_Period = tuple[Period | None, Period | None, Agreement, list[Complaint]]
"""The period written, the one a line of it counts in, the agreement its codes are judged by, and what is wrong."""


class Judge:
    """Judges codes under the agreement in force at the period a line will count in.

    A file has some ten thousand distinct sets of codes, made of a few hundred parts: each part is judged once.
    """

    def __init__(self, agreement_at: Callable[[Period], Agreement], counted_in: Mapping[Period, Period | None]) -> None:
        """`counted_in` gives for each period the one that its lines now go to: itself, a later one, or None."""
        self._agreement_at = agreement_at
        self._counted_in = counted_in
        self._periods: dict[str, _Period] = {}
        self._parts: dict[tuple[str, ...], list[Complaint]] = {}

    @property
    def year(self) -> FinancialYear:
        """The financial year of the ledger."""
        return self._agreement_at(Period.M13).year

    def judge(self, period: str, scheme: str, partner: str, kind: str, cause: str) -> Codes | list[Complaint]:
        """The codes as they will stand, or every complaint about them."""
        found = self._periods.get(period)
        if found is None:
            if len(self._parts) + len(self._periods) > _MOST_REMEMBERED:  # a hostile file; an honest one has hundreds
                self._periods.clear()
                self._parts.clear()
            found = self._periods[period] = self._period(period)
        written, counted, agreement, of_period = found
        spending, paying = (period, scheme, kind), (period, partner)
        complaints = self._parts.get(spending)
        if complaints is None:
            complaints = self._parts[spending] = _scheme(agreement, scheme) + _kind(agreement, kind, scheme)
        of_partner = self._parts.get(paying)
        if of_partner is None:
            of_partner = self._parts[paying] = _partner(agreement, partner, written)
        of_cause = _cause(cause, kind) if cause else []
        if written is None or counted is None or complaints or of_partner or of_cause:
            # in the order of the columns, whatever order they were judged in
            return sorted(of_period + complaints + of_partner + of_cause, key=lambda found: _ORDER.index(found[0]))
        return Codes(counted.value, scheme, partner, kind, cause, None if counted is written else written.value)

    def _period(self, period: str) -> _Period:
        """The period as it was read; the other codes of one that will not do are judged as at the year's end."""
        try:
            written = Period.read(period)
        except ValueError as error:
            message = str(error) if period.strip() else "the period is empty; write M1 to M13"
            return None, None, self._agreement_at(Period.M13), [("period", message)]
        counted = self._counted_in[written]
        if counted is None:
            message = f"{written} is closed and no later period is open to take a late line; reopen one first"
            return written, None, self._agreement_at(Period.M13), [("period", message)]
        return written, counted, self._agreement_at(counted), []


def _scheme(agreement: Agreement, code: str) -> list[Complaint]:
    if code in agreement.scheme_of:
        return []
    return [("scheme", _unknown("scheme", code, list(agreement.scheme_of)))]


def _partner(agreement: Agreement, code: str, period: Period | None) -> list[Complaint]:
    partner = agreement.partner_of.get(code)
    if partner is None:
        return [("partner", _unknown("partner", code, list(agreement.partner_of)))]
    if period is not None and is_before_its_partner(agreement, code, period):
        message = f"{code} is a partner from {partner.since}; {period} begins before that"
        return [("partner", message)]
    return []


def is_before_its_partner(agreement: Agreement, code: str, period: Period) -> bool:
    """Whether a line of the period would be before its partner's `from` (formats.md, `[[partner]]`)."""
    since = agreement.partner_of[code].since
    return since is not None and agreement.year.begins(period) < since


def _kind(agreement: Agreement, kind: str, scheme_code: str) -> list[Complaint]:
    if kind not in _KINDS:
        return [("kind", _unknown("kind", kind, [known.value for known in Kind]))]
    scheme = agreement.scheme_of.get(scheme_code)
    if kind == Kind.PAYMENT and scheme is not None and not agreement.takes_payments(scheme):
        message = (
            f"{scheme_code} is in the aligned fund {scheme.fund}, whose core services each partner pays for itself; "
            "payments are for schemes of pooled funds and for influenced ones"
        )
        return [("kind", message)]
    return []


def unbalanced(reference: str, pence: int, upto: Period | None = None) -> str:
    """What is wrong with virements of a reference that do not sum to zero; those without one count together."""
    which = f"of reference “{reference}”" if reference.strip() else "without a reference"
    to = f" up to {upto}" if upto is not None else ""
    advice = "" if reference.strip() else "; give the legs of each virement a reference that they share"
    return f"the virements {which}{to} sum to {pounds(pence)}, not to zero{advice}"


def _cause(cause: str, kind: str) -> list[Complaint]:
    if cause != IN_DEFAULT:
        return [("cause", f"“{cause}” is not a cause; write “{IN_DEFAULT}”, or leave it empty")]
    if kind not in _SPEND:
        return [("cause", f"only an actual or an accrual can be in default, not “{kind}”")]
    return []


def _unknown(what: str, code: str, known: list[str]) -> str:
    if not code:
        return f"the {what} is empty; write one of {_listed(known)}"
    of = "of lines" if what == "kind" else "of the agreement"
    return f"“{code}” is not a {what} {of}; it is one of {_listed(known)}"


def _listed(codes: list[str]) -> str:
    shown = ", ".join(codes[:_SHOWN])
    return f"{shown} and {len(codes) - _SHOWN} more" if len(codes) > _SHOWN else shown
