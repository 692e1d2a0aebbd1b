"""The workbook of docs/mappings/workbook.md: `python monitoring.py`, with `wrong` a spoilt one."""

import sys

import xlsxwriter

ROWS = [
    ("Reablement", 3_000_000, 248_000.5, 251_200, 249_300),
    ("Community equipment", 1_000_000, 80_000, None, 79_500.25),
    ("Carers' breaks", 2_000_000, 166_000, 166_000, "-"),
]


def write(path: str, *, wrong: bool) -> None:
    """Write the workbook, with the values that Excel would have worked out."""
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Read me").write(0, 0, "Please return by the tenth working day.")
        sheet = book.add_worksheet("Monitoring")
        sheet.write(0, 0, "Better Care Fund 2026/27: monitoring return")
        sheet.write(1, 0, "Prepared for the Pooled Fund Manager")
        sheet.write_row(3, 0, ["Scheme", "Annual budget", "Apr", "May", "Jun", "Year to date"])
        for at, row in enumerate(ROWS, 4):
            sheet.write_row(at, 0, row)
            year = sum(each for each in row[2:] if isinstance(each, float | int))
            sheet.write_formula(at, 5, f"=SUM(C{at + 1}:E{at + 1})", None, year)
        if wrong:
            sheet.write(4, 0, "Re-ablement")
            sheet.write_formula(5, 4, "=1/0", None, "#DIV/0!")
        sheet.write(7, 0, "Total")
        for column in range(1, 6):
            letter = "ABCDEF"[column]
            told = [row[column] for row in ROWS if column < 5 and isinstance(row[column], float | int)]
            sheet.write_formula(7, column, f"=SUM({letter}5:{letter}7)", None, sum(told))


write("monitoring-wrong.xlsx" if "wrong" in sys.argv else "monitoring.xlsx", wrong="wrong" in sys.argv)
