"""The page's tables: who would pay what under a draft, and schedules side by side."""

from settlement.comparing import About, Compared, Comparison
from ui.tables import Cell, Grid, figure
from ui.wording import due

_UNKNOWN = Cell("not known", spoken="not known")


def net_due_grid(comparison: Comparison) -> Grid:
    """What each partner pays or receives: in force alone or, of a draft, beside it and the difference in words."""
    rows = []
    for row in comparison.net_due():
        cells = [Cell(row.label), _cell(row, 0), _due(row, 0)]
        for column in range(1, len(comparison.names)):
            cells += [_cell(row, column), _due(row, column), Cell(row.in_words(column))]
        rows.append(tuple(cells))
    headings = ["Partner", f"{comparison.names[0]}: net due", "Which means"]
    for name in comparison.names[1:]:
        headings += [f"{name}: net due", "Which means", "Difference"]
    figures = frozenset({1, *range(3, len(headings), 3)})
    return Grid(tuple(headings), tuple(rows), figures)


def comparison_grid(comparison: Comparison) -> Grid:
    """Every figure under every schedule, each draft's with the difference from what is in force."""
    headings = ["Line", comparison.names[0]]
    for name in comparison.names[1:]:
        headings += [name, f"{name}: difference"]
    rows = []
    for row in comparison.rows:
        cells = [Cell(row.label if row.about is not About.NET_DUE else f"{row.label}: net due"), _cell(row, 0)]
        for column in range(1, len(comparison.names)):
            cells += [_cell(row, column), Cell(row.in_words(column))]
        rows.append(tuple(cells))
    bold = frozenset(
        number
        for number, row in enumerate(comparison.rows)
        if row.about is About.NET_DUE or (row.about is About.UNALLOCATED and any(row.pence))
    )
    return Grid(tuple(headings), tuple(rows), frozenset({1, *range(2, len(headings), 2)}), totals=bold)


def _cell(row: Compared, column: int) -> Cell:
    pence = row.pence[column]
    return _UNKNOWN if pence is None else figure(pence)


def _due(row: Compared, column: int) -> Cell:
    pence = row.pence[column]
    return Cell("") if pence is None else Cell(due(pence))
