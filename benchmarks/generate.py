"""Ledgers to measure with: a made-up Section 75 year of any number of lines, for us and for each peer in its own form.

Five pools of forty schemes and three partners, seeded: the same number of lines is the same ledger every time. Each
partner's budget for each scheme comes first, then spend, payments, accruals, forecasts and virements all over the year,
sized so that a pool ends a few per cent over or under its budget whatever the number of lines.

    python benchmarks/generate.py FOLDER --lines 100000
"""

import argparse
import csv
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

GENERATOR = 3
"""Of the data's form: a folder made by another is made again."""

PARTNERS = ("LBX", "ICB", "TRU")
_KINDS = (("actual", 70), ("payment", 20), ("accrual", 6), ("forecast", 3), ("virement", 1))
_CARE = ("Home care", "Residential placement", "Nursing placement", "Reablement", "Community equipment", "Day care")
_SUPPLIERS = ("Ashgrove", "Beacon", "Cedar House", "Dove", "Elmbridge", "Fairview", "Greenway", "Harbour", "Ivy Bank")
_COLUMNS = ("period", "scheme", "partner", "kind", "amount", "date", "reference", "description")


@dataclass(frozen=True, slots=True)
class Shape:
    """How many pools of how many schemes, and how many lines."""

    lines: int
    pools: int = 5
    schemes_each: int = 40

    @property
    def schemes(self) -> list[tuple[str, str]]:
        """(pool, scheme) codes, in listed order."""
        return [
            (f"POOL{pool + 1}", f"S{pool * self.schemes_each + number + 1:03}")
            for pool in range(self.pools)
            for number in range(self.schemes_each)
        ]


@dataclass(frozen=True, slots=True)
class Entry:
    """A ledger line."""

    period: int
    pool: str
    scheme: str
    partner: str
    kind: str
    pence: int
    day: date
    reference: str
    description: str

    @property
    def amount(self) -> str:
        """In pounds."""
        return decimal(self.pence)


@dataclass(frozen=True, slots=True)
class Data:
    """A generated ledger's files, in one folder; see `write`."""

    folder: Path
    lines: int

    @property
    def agreement(self) -> Path:
        return self.folder / "agreement.toml"

    @property
    def csv(self) -> Path:
        return self.folder / "lines.csv"

    @property
    def journal(self) -> Path:
        return self.folder / "lines.journal"

    @property
    def beancount(self) -> Path:
        return self.folder / "lines.beancount"

    @property
    def workbook(self) -> Path:
        return self.folder / "lines.xlsx"

    @property
    def totals_pence(self) -> dict[str, int]:
        """What the lines come to by kind: what any program that read them all must find."""
        return dict(json.loads((self.folder / "totals.json").read_text()))


def decimal(pence: int) -> str:
    """Pounds with two decimals."""
    return f"{'-' if pence < 0 else ''}{abs(pence) // 100}.{abs(pence) % 100:02}"


def agreement_text(shape: Shape) -> str:
    """An agreement such as they are signed: bands with different sharers, a risk pool first, a cap, netting by pool."""
    text = [
        '[agreement]\nid = "bench"\ntitle = "A made-up agreement to measure with"\nfinancial_year = "2025/26"\n',
        '[settle]\nperiod = "M13"\n',
    ]
    for code, name, kind in zip(PARTNERS, ("Council", "Care board", "Trust"), ("council", "icb", "trust"), strict=True):
        text.append(f'[[partner]]\ncode = "{code}"\nname = "Example {name}"\nkind = "{kind}"\n')
    nettings = ("fund", "fund", "scheme", "group", "fund")
    for pool in range(shape.pools):
        host, netting = PARTNERS[pool % 2], nettings[pool % 5]
        text.append(
            f'[[fund]]\ncode = "POOL{pool + 1}"\nname = "Pooled fund {pool + 1}"\nkind = "pooled"\n'
            f'host = "{host}"\nnetting = "{netting}"\n'
        )
    for place, (pool, scheme) in enumerate(shape.schemes):
        text.append(
            f'[[scheme]]\ncode = "{scheme}"\nname = "Scheme {scheme}"\nfund = "{pool}"\n'
            f'lead = "{PARTNERS[place % 3]}"\ngroup = "{pool}G{place % 4}"\ntier = {place % 5 + 1}\n'
        )
    text.append('[[reserve]]\ncode = "RISK"\nname = "Risk pool"\nfund = "POOL1"\nopening = "150000.00"\n')
    clauses = (
        ("9.1", "overspend", 'to = "reserve:RISK"'),
        ("9.2", "overspend", 'band = ["0%", "2%"]\nto = "partners"\nshare = { by = "fund" }'),
        (
            "9.3",
            "overspend",
            (
                'band = ["2%", "5%"]\nsplit = [\n  { percent = "60", to = "partners", share = { by = "pooled" } },\n'
                '  { percent = "40", to = "partners", share = { by = "lead" } },\n]'
            ),
        ),
        ("9.4", "overspend", 'to = "partners"\nshare = { by = "fixed", LBX = "1", ICB = "1", TRU = "1" }'),
        ("9.5", "underspend", 'band = ["0%", "1%"]\nto = "reserve:RISK"'),
        ("9.6", "underspend", 'to = "partners"\nshare = { by = "fund", at = "opening" }'),
    )
    for number, on, rest in clauses:
        text.append(f'[[clause]]\nid = "{number}"\ntitle = "Clause {number}"\non = "{on}"\n{rest}\n')
    text.append('[[cap]]\npartner = "TRU"\namount = "250000.00"\nclauses = ["9.2", "9.3"]\nbeyond = "others"\n')
    return "\n".join(text)


def entries(shape: Shape, seed: int = 75) -> Iterator[Entry]:
    """The lines, in the order they are posted. Virements come in pairs that make zero."""
    draw = random.Random(seed)  # noqa: S311  the same ledger every time
    schemes = shape.schemes
    budgets = {scheme: [draw.randrange(20_000_000, 200_000_000) for _ in PARTNERS] for _, scheme in schemes}
    swing = {scheme: draw.uniform(0.94, 1.06) for _, scheme in schemes}
    written = 0
    for pool, scheme in schemes:
        for partner, pence in zip(PARTNERS, budgets[scheme], strict=True):
            if written < shape.lines:
                yield Entry(1, pool, scheme, partner, "budget", pence, date(2025, 4, 1), "", "Financial Contribution")
                written += 1
    rest = max(1, shape.lines - written)
    each_spend = {  # pence a line, so that all spend makes budget and swing whatever the number of lines
        scheme: sum(budgets[scheme]) * swing[scheme] * len(schemes) / (rest * 0.76) for _, scheme in schemes
    }
    kinds, weights = zip(*_KINDS, strict=True)
    while written < shape.lines:
        (kind,) = draw.choices(kinds, weights)
        if kind == "virement" and shape.lines - written < 2:
            kind = "actual"
        pool, scheme = draw.choice(schemes)
        partner = draw.choice(PARTNERS)
        period = draw.randrange(1, 14)
        day = _day(draw, period)
        pence = round(each_spend[scheme] * draw.uniform(0.2, 1.8))
        if kind != "virement":
            reference = f"INV{draw.randrange(10**7):07}"
            description = f"{draw.choice(_CARE)}, {draw.choice(_SUPPLIERS)} {draw.randrange(1, 400)}"
            yield Entry(period, pool, scheme, partner, kind, pence, day, reference, description)
            written += 1
            continue
        taker = draw.choice([code for fund, code in schemes if fund == pool])
        reference = f"V{written:07}"
        moved = draw.randrange(1, 200_000)
        yield Entry(period, pool, scheme, partner, kind, -moved, day, reference, "Virement within the pool")
        yield Entry(period, pool, taker, partner, kind, moved, day, reference, "Virement within the pool")
        written += 2


def _day(draw: random.Random, period: int) -> date:
    """A day of the period; the year-end adjustments are of its last day."""
    if period == 13:
        return date(2026, 3, 31)
    month = period + 3
    return date(2025 + (month > 12), (month - 1) % 12 + 1, draw.randrange(1, 29))


def write(folder: Path, shape: Shape, forms: tuple[str, ...] = ()) -> Data:
    """The folder form (agreement.toml, lines.csv), `totals.json`, and of `forms` `journal`, `beancount`, `xlsx`.

    What is there already, made by the same generator, is taken as it is.
    """
    data = Data(folder, shape.lines)
    stamp = folder / "made.json"
    made_of = [GENERATOR, shape.lines, shape.pools, shape.schemes_each]
    made = json.loads(stamp.read_text()) if stamp.exists() else {}
    if made.get("of") != made_of:
        made = {"of": made_of, "forms": []}
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("*.s75"):
            old.unlink()
        data.agreement.write_text(agreement_text(shape))
        _write_csv(data, shape)
    writers = {"journal": _write_journal, "beancount": _write_beancount, "xlsx": _write_workbook}
    for form in forms:
        if form not in made["forms"]:
            writers[form](data, shape)
            made["forms"].append(form)
    stamp.write_text(json.dumps(made))
    return data


def _write_csv(data: Data, shape: Shape) -> None:
    totals: dict[str, int] = {}
    with data.csv.open("w", newline="", encoding="utf-8") as stream:
        rows = csv.writer(stream, lineterminator="\n")
        rows.writerow(_COLUMNS)
        for entry in entries(shape):
            totals[entry.kind] = totals.get(entry.kind, 0) + entry.pence
            rows.writerow(
                (
                    f"M{entry.period}",
                    entry.scheme,
                    entry.partner,
                    entry.kind,
                    entry.amount,
                    entry.day.isoformat(),
                    entry.reference,
                    entry.description,
                )
            )
    (data.folder / "totals.json").write_text(json.dumps(totals))


def _write_journal(data: Data, shape: Shape) -> None:
    """For ledger and hledger: a transaction a line, against a clearing account."""
    with data.journal.open("w", encoding="utf-8") as stream:
        for entry in entries(shape):
            account = f"{entry.kind}:{entry.pool}:{entry.scheme}:{entry.partner}"
            stream.write(
                f"{entry.day:%Y-%m-%d} {entry.reference} {entry.description}\n"
                f"    {account}    {entry.amount} GBP\n    clearing\n\n"
            )


def _write_beancount(data: Data, shape: Shape) -> None:
    with data.beancount.open("w", encoding="utf-8") as stream:
        stream.write('option "operating_currency" "GBP"\n2025-01-01 open Equity:Clearing\n')
        for kind in ("budget", *(kind for kind, _ in _KINDS)):
            for pool, scheme in shape.schemes:
                for partner in PARTNERS:
                    stream.write(f"2025-01-01 open Expenses:{kind.title()}:{pool}:{scheme}:{partner}\n")
        for entry in entries(shape):
            account = f"Expenses:{entry.kind.title()}:{entry.pool}:{entry.scheme}:{entry.partner}"
            stream.write(
                f'{entry.day:%Y-%m-%d} * "{entry.reference}" "{entry.description}"\n'
                f"  {account}  {entry.amount} GBP\n  Equity:Clearing\n\n"
            )


def _write_workbook(data: Data, shape: Shape) -> None:
    """As finance systems export them: amounts as numbers, dates as dates."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(data.workbook), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Lines")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, _COLUMNS)
        for row, entry in enumerate(entries(shape), 1):
            sheet.write_row(row, 0, (f"M{entry.period}", entry.scheme, entry.partner, entry.kind))
            sheet.write_number(row, 4, entry.pence / 100)
            sheet.write_datetime(row, 5, entry.day, day)
            sheet.write_row(row, 6, (entry.reference, entry.description))


def main() -> None:
    """Write one ledger's files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--lines", type=int, default=10_000)
    parser.add_argument("--pools", type=int, default=5)
    parser.add_argument("--schemes", type=int, default=40, help="in each pool")
    parser.add_argument("--forms", default="", help="any of journal,beancount,xlsx besides the folder form")
    asked = parser.parse_args()
    forms = tuple(form for form in asked.forms.split(",") if form)
    write(asked.folder, Shape(asked.lines, asked.pools, asked.schemes), forms)


if __name__ == "__main__":
    main()
