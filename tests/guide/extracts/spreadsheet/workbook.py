"""The risk-share workbook of docs/spreadsheet.md, and each of its tabs saved as a file of its own."""

import xlsxwriter

MONTHS = ["Apr", "May", "Jun", "Jul-Mar"]
SHEETS: dict[str, list[list[object]]] = {
    "Budget": [
        ["Risk share model 2026/27: contributions by month"],
        ["Scheme", "Partner", *MONTHS, "Year"],
        ["Reablement", "Council", 153_850, 153_850, 153_850, 1_384_650],
        ["Reablement", "ICB", 100_000, 100_000, 100_000, 900_000],
        ["Equipment", "Council", 100_000, 100_000, 100_000, 900_000],
        ["Equipment", "ICB", 146_150, 146_150, 146_150, 1_315_350],
        ["Total", ""],
    ],
    "Virements": [
        ["Agreed by the Pooled Fund Manager"],
        ["Ref", "Month", "Scheme", "Amount", "Why"],
        ["V1", "Jun", "Equipment", -30_000, "Waiting list for reablement"],
        ["V1", "Jun", "Reablement", 30_000, "Waiting list for reablement"],
    ],
    "Spend": [
        ["The council's ledger, month by month"],
        ["Scheme", "Apr", "May", "Jun", "Year"],
        ["Reablement", 260_000, 268_450.55, 281_200.40],
        ["Equipment", 240_000, 241_300, 226_000.10],
        ["Total"],
    ],
    "Accruals": [
        ["Not invoiced at the month's end"],
        ["Month", "Scheme", "Amount", "What"],
        ["Jun", "Reablement", 12_500, "Agency staff, June"],
    ],
    "Payments": [
        ["Received from the ICB"],
        ["Month", "Amount", "Receipt"],
        ["Apr", 246_150, "RCT-1102"],
        ["May", 246_150, "RCT-1131"],
        ["Jun", 246_150, "RCT-1160"],
    ],
    "Risk share": [
        ["To the end of June"],
        ["", "Amount"],
        ["Budget", 1_500_000],
        ["Spend and accruals", 1_529_451.05],
        ["Overspend", 29_451.05],
        ["Council 51%", 15_020.04],
        ["ICB 49%", 14_431.01],
    ],
}


def _with_sums(rows: list[list[object]]) -> list[list[object]]:
    """The rows with the year's column and the total row filled in, as the workbook's formulas give them."""
    header = rows[1]
    if "Year" not in header:
        return rows
    first, last = header.index("Apr"), header.index("Year")
    body = [[*row, sum(each for each in row[first:] if isinstance(each, float | int))] for row in rows[2:-1]]
    sums = [sum(row[at] for row in body) for at in range(first, last + 1)]  # type: ignore[misc]
    return [*rows[:2], *body, ["Total", *[""] * (first - 1), *sums]]


def _write(path: str, names: list[str]) -> None:
    with xlsxwriter.Workbook(path) as book:
        for name in names:
            sheet = book.add_worksheet(name)
            for at, row in enumerate(_with_sums(SHEETS[name])):
                sheet.write_row(at, 0, row)


_write("risk-share.xlsx", list(SHEETS))
for tab in ("Budget", "Virements", "Spend", "Accruals", "Payments"):
    _write(f"{tab.lower()}.xlsx", [tab])
