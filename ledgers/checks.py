"""The checks of a ledger that need only its figures, whatever store they are in."""

from collections.abc import Iterable, Iterator

from ledgers.ledger import Finding
from rules.agreement import Agreement, Control
from rules.money import pounds
from rules.periods import Period
from rules.position import Measure
from rules.succession import stand_ins

CONTROL = "control total"
MEASURE = "measure"


def control_findings(
    agreement: Agreement, totals: Iterable[tuple[str, str, str, Period, int]], upto: Period
) -> Iterator[Finding]:
    """Control totals that the ledger does not agree with to the penny: the year to date, of lines of the kind.

    Totals are (scheme, partner, kind, period, pence), spend in default among them: a control total is of what the
    general ledger has, not of what the pool bears. A successor's control total takes in its predecessors' lines.
    """
    controls = [control for control in agreement.controls if control.period <= upto]
    if not controls:
        return
    kept = list(totals)
    for control in controls:
        now = stand_ins(agreement, control.period)
        found = sum(
            pence
            for scheme, partner, kind, period, pence in kept
            if kind == control.kind
            and period <= control.period
            and (not control.scheme or scheme == control.scheme)
            and (not control.partner or now.get(partner, partner) == now.get(control.partner, control.partner))
            and (not control.fund or _fund_of(agreement, scheme) == control.fund)
        )
        if found != control.amount_pence:
            difference = found - control.amount_pence
            message = (
                f"{_of(control)} to {control.period} should be {pounds(control.amount_pence)}; "
                f"the ledger has {pounds(found)}, {pounds(abs(difference))} {'more' if difference > 0 else 'less'}"
            )
            yield Finding(CONTROL, message, control.period, found, control.amount_pence)


def _fund_of(agreement: Agreement, scheme: str) -> str:
    known = agreement.scheme_of.get(scheme)
    return "" if known is None else known.fund


def _of(control: Control) -> str:
    parts = [f"the {control.kind}"]
    if control.fund:
        parts.append(f"of fund {control.fund}")
    if control.scheme:
        parts.append(f"of scheme {control.scheme}")
    if control.partner:
        parts.append(f"of {control.partner}")
    return " ".join(parts)


def measure_findings(agreement: Agreement, measures: Iterable[Measure], upto: Period) -> Iterator[Finding]:
    """Measures that no performance element names: a misspelt one would hold pay back for ever, in silence."""
    named = {element.measure for element in agreement.performance}
    unnamed = sorted({measure.measure for measure in measures if measure.period <= upto} - named)
    for name in unnamed:
        yield Finding(MEASURE, f"“{name}” is a measure that no performance element of the agreement names")
