"""A year small enough to work by hand: two schemes of a pooled fund, an influenced one, budgets and spend by month.

To M6 scheme A has a budget of £1,170 (200 a month less a virement of 30 to B) and spent £1,260; B has £330 and spent
£252, £12 of it accrued; I has a baseline of £1,800 and spent £1,740. A is to deliver £10 of QIPP a month, and delivers
£6. From M7 on £220, £50 and £300 a month are forecast, and QIPP of £8.
"""

from dataclasses import replace

from rules.agreement import Agreement, Kind
from rules.periods import Period
from rules.reading import read_agreement
from settlement.statements import StatementInputs
from tests.settlement.statements.making import PostedLine, settled

AGREEMENT = """
[agreement]
id = "worked"
title = "Worked example"
financial_year = "2014/15"
[[partner]]
code = "C"
name = "The Council"
kind = "council"
[[partner]]
code = "N"
name = "NHS North"
kind = "ccg"
[[fund]]
code = "P"
name = "Pool"
kind = "pooled"
host = "C"
[[fund]]
code = "L"
name = "Aligned"
kind = "aligned"
host = "N"
[[scheme]]
code = "A"
name = "Home care"
fund = "P"
[[scheme]]
code = "B"
name = "Beds"
fund = "P"
[[scheme]]
code = "I"
name = "Admissions"
fund = "L"
service = "influenced"
[[clause]]
id = "1"
title = "Equal shares"
on = "overspend"
to = "partners"
share = { by = "fixed", C = "50", N = "50" }
[[clause]]
id = "2"
title = "QIPP in equal shares"
on = "qipp_shortfall"
to = "partners"
share = { by = "fixed", C = "50", N = "50" }
[[clause]]
id = "3"
title = "Underspends returned"
on = "underspend"
to = "partners"
share = { by = "fund" }
[[clause]]
id = "4"
title = "Benefits halved"
on = "benefit"
to = "partners"
share = { by = "fixed", C = "50", N = "50" }
[[cap]]
partner = "C"
amount = "20.00"
clauses = ["1", "2"]
beyond = "others"
"""

_MONTHLY = (
    # scheme, partner, kind, pounds of each month, first, last
    ("A", "C", Kind.BUDGET, 100, 1, 12),
    ("A", "N", Kind.BUDGET, 100, 1, 12),
    ("B", "N", Kind.BUDGET, 50, 1, 12),
    ("I", "N", Kind.BASELINE, 300, 1, 12),
    ("A", "C", Kind.ACTUAL, 210, 1, 6),
    ("B", "C", Kind.ACTUAL, 40, 1, 6),
    ("I", "N", Kind.ACTUAL, 290, 1, 6),
    ("A", "C", Kind.FORECAST, 220, 7, 12),
    ("B", "C", Kind.FORECAST, 50, 7, 12),
    ("I", "N", Kind.FORECAST, 300, 7, 12),
    ("A", "C", Kind.QIPP_TARGET, 10, 1, 12),
    ("A", "C", Kind.QIPP_DELIVERED, 6, 1, 6),
    ("A", "C", Kind.QIPP_FORECAST, 8, 7, 12),
    ("A", "N", Kind.VIREMENT, -30, 4, 4),
    ("B", "N", Kind.VIREMENT, 30, 4, 4),
    ("B", "C", Kind.ACCRUAL, 12, 6, 6),
)


def worked_lines() -> tuple[PostedLine, ...]:
    """The lines of the year."""
    told = [
        (Period(month), scheme, partner, kind, pounds * 100)
        for scheme, partner, kind, pounds, first, last in _MONTHLY
        for month in range(first, last + 1)
    ]
    return tuple(
        PostedLine(number, *line, reference=f"R{number}", description="Worked") for number, line in enumerate(told, 1)
    )


def worked_agreement() -> Agreement:
    """The agreement."""
    return read_agreement(AGREEMENT)


def worked(
    period: Period = Period.M6, before: Period | None = Period.M5, *more: PostedLine, agreement: Agreement | None = None
) -> StatementInputs:
    """The year settled at a period, with what was stated before, the forecast outturn, and more lines."""
    under = agreement or worked_agreement()
    lines = (*worked_lines(), *(replace(line, id=1000 + number) for number, line in enumerate(more)))
    return StatementInputs(
        settled(under, lines, period),
        previous=None if before is None else settled(under, lines, before),
        previous_period=before,
        outturn=settled(under, lines, period, outturn=True),
        lines=lambda: lines,
        late=tuple(line for line in lines if line.belongs_to is not None and line.period <= period),
        on_file=under,
    )
