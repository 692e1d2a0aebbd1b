"""Inputs for statements: golden cases with their lines, a ledger that is hard to print, and files read back."""

import csv
import datetime as dt
import re
from dataclasses import dataclass, replace
from pathlib import Path

import pypdfium2

from ledgers.monthly import Posted
from rules.agreement import Agreement, Kind
from rules.money import pence_of
from rules.periods import Period
from rules.position import position_at
from rules.reading import read_agreement
from settlement.overview import Month, months_from
from settlement.settle import Settlement, settle
from settlement.statements import Seal, Signatory, StatementInputs, Status
from settlement.statements.document import Document, RowKind
from tests.conftest import GOLDEN, GoldenCase

LONG = "Jones & Söns <b>Łódź</b> Integrated Community Rehabilitation, Reablement and Intermediate Care Service (N-East)"

SCRIPTS = {
    3: "北京市海淀区中关村大学医院、康复中心（第二部） 社会福祉法人さくら会 ケアセンター 한국 노인 복지관 서비스 " * 2,
    4: "🙂 Wellbeing 👩‍⚕️👨‍👩‍👧 hub 🏥 🇬🇧 👍🏽 ❤️ 1️⃣ cafe\u0301 x\u0302 🏴󠁧󠁢󠁷󠁬󠁳󠁿",
    5: "שירותי בריאות הנפש (צפון), מרכז 24/7 Jones & Co " * 2,
    6: "خدمات الصحة النفسية والرعاية الاجتماعية (الشمال)، مركز 12 – صحت ہسپتال " * 2,
}
"""Names in other scripts, up to 120 characters and more, for schemes whose numbers leave these after sevens."""


@dataclass(frozen=True)
class PostedLine:
    """A line as a ledger gives it."""

    id: int
    period: Period
    scheme: str
    partner: str
    kind: Kind
    amount_pence: int
    date: dt.date | None = None
    reference: str = ""
    description: str = ""
    cause: str = ""
    belongs_to: Period | None = None


def posted(rows: list[dict[str, str]]) -> tuple[PostedLine, ...]:
    """Rows of a lines.csv as a ledger gives them."""
    return tuple(
        PostedLine(
            number,
            Period.read(row["period"]),
            row["scheme"],
            row["partner"],
            Kind(row["kind"]),
            pence_of(row["amount"]),
            dt.date.fromisoformat(row["date"]) if row.get("date") else None,
            row.get("reference") or "",
            row.get("description") or "",
            row.get("cause") or "",
        )
        for number, row in enumerate(rows, 1)
    )


def settled(
    agreement: Agreement, lines: tuple[PostedLine, ...], period: Period, *, outturn: bool = False
) -> Settlement:
    """These lines settled."""
    totals = [
        (line.scheme, line.partner, line.kind, line.period, line.cause == "default", line.amount_pence)
        for line in lines
    ]
    return settle(agreement, position_at(period, totals, outturn=outturn))


def lines_of(name: str) -> tuple[PostedLine, ...]:
    """The lines of a golden case, with dates, references and descriptions."""
    with (GOLDEN / name / "lines.csv").open(encoding="utf-8-sig", newline="") as file:
        return posted(list(csv.DictReader(file)))


def inputs_of(case: GoldenCase) -> StatementInputs:
    """A golden case as inputs, with what was stated a period before and the forecast outturn."""
    before = Period(case.period - 1)
    lines = lines_of(case.name)
    return StatementInputs(
        case.settlement(),
        previous=case.settlement(before),
        previous_period=before,
        outturn=case.settlement(outturn=True),
        lines=lambda: lines,
        notes=("What the papers do not publish is illustrative.",),
        prepared_by="A. Preparer",
        version="S75 Settlement 0.1",
        on_file=case.agreement,
        months=months_of(case.agreement, lines, case.period),
    )


def months_of(agreement: Agreement, lines: tuple[PostedLine, ...], period: Period) -> tuple[Month, ...]:
    """Budget and actual of these lines by month, as a ledger gives them."""
    posted_by_period = (
        Posted(line.scheme, line.partner, line.kind, line.period, line.cause == "default", line.amount_pence)
        for line in lines
    )
    return months_from(posted_by_period, agreement, period)


DIGEST = "0123456789abcdef" + 48 * "a"
BEFORE = "fedcba9876543210" + 48 * "b"


def signed(inputs: StatementInputs, *names: str) -> StatementInputs:
    """The same, signed by every partner: by the people named, or by one named after each."""
    partners = inputs.agreement.partners
    named = names or tuple(f"Director of {partner.code}" for partner in partners)
    signatories = tuple(
        Signatory(partner.code, name, f"Director of Finance, {partner.code}", "2015-04-28T09:30:00+00:00")
        for partner, name in zip(partners, named, strict=True)
    )
    return replace(inputs, status=Status.SIGNED, seal=Seal(3, DIGEST, BEFORE), signatories=signatories)


def for_signature(inputs: StatementInputs) -> StatementInputs:
    """The same, put up for the partners to sign."""
    return replace(inputs, status=Status.FOR_SIGNATURE, seal=Seal(3, previous=BEFORE))


def hard_inputs(schemes: int = 3, *, budget_pence: int = 100_00, spend_pence: int | None = None) -> StatementInputs:
    """A pooled fund with names of 120 characters, in many scripts, and texts that are markup or formulas elsewhere.

    Every partner pays the same into every scheme; each scheme spends what is said, or one penny less than its budget.
    """
    agreement = read_agreement(_hard_agreement(schemes))
    spend = 2 * budget_pence - 1 if spend_pence is None else spend_pence
    lines: list[PostedLine] = []
    for number in range(schemes):
        code = f"S{number:03}"
        for partner in ("A", "B"):
            text = "=HYPERLINK(1)" if partner == "A" else "@SUM(A1) " + LONG
            line = PostedLine(len(lines) + 1, Period.M1, code, partner, Kind.BUDGET, budget_pence, None, "+44", text)
            lines.append(line)
        told = "<Jones> & Co, Łukasz é"
        day = dt.date(2024, 5, 31)
        lines.append(PostedLine(len(lines) + 1, Period.M2, code, "A", Kind.ACTUAL, spend, day, "-1", told))
    posted_lines = tuple(lines)
    return StatementInputs(
        settled(agreement, posted_lines, Period.M12),
        previous=settled(agreement, posted_lines, Period.M1),
        previous_period=Period.M1,
        outturn=settled(agreement, posted_lines, Period.M12, outturn=True),
        lines=lambda: posted_lines,
        notes=("<script>alert(1)</script>",),
        months=months_of(agreement, posted_lines, Period.M12),
    )


def _hard_agreement(schemes: int) -> str:
    head = f'[agreement]\nid = "hard"\ntitle = "{LONG}, agreement"\nfinancial_year = "2024/25"\n'
    partners = [f'[[partner]]\ncode = "{code}"\nname = "{LONG} {code}"\nkind = "council"\n' for code in "AB"]
    fund = f'[[fund]]\ncode = "F"\nname = "{LONG}"\nkind = "pooled"\nhost = "A"\nnetting = "scheme"\n'
    listed = [
        f'[[scheme]]\ncode = "S{number:03}"\nname = "{_hard_name(number)} {number}"\nfund = "F"\n'
        for number in range(schemes)
    ]
    reserve = '[[reserve]]\ncode = "R"\nname = "Rezerwa 中文"\nfund = "F"\nopening = "0.01"\n'
    clauses = (
        '[[clause]]\nid = "1"\ntitle = "=HYPERLINK() <i>"\non = "overspend"\n'
        'split = [{ percent = "40", to = "reserve:R" }, '
        '{ percent = "60", to = "partners", share = { by = "scheme" } }]\n'
        '[[clause]]\nid = "2"\ntitle = "Underspend"\non = "underspend"\nto = "partners"\nshare = { by = "fund" }\n'
    )
    return "\n".join([head, *partners, fund, *listed, reserve, clauses])


def descriptions_of(document: Document) -> dict[object, object]:
    """What the workings' ledger lines say in words, by the line's number."""
    tables = [table for table in document.tables if table.columns[-2].title == "Line"]
    return {row.cells[4]: row.cells[3] for table in tables for row in table.rows if row.kind is RowKind.BODY}


def _hard_name(number: int) -> str:
    """Markup and length, formulas, and from the fourth scheme on other scripts."""
    if number % 7 == 0:
        return LONG
    return SCRIPTS.get(number % 7, "=1+1").strip()


def pages_of(path: Path) -> list[str]:
    """The text of each page of a PDF, as a reader's search finds it, white space as single spaces."""
    document = pypdfium2.PdfDocument(path)
    try:
        texts = []
        for page in document:
            textpage = page.get_textpage()
            texts.append(re.sub(r"\s+", " ", textpage.get_text_range()))
            textpage.close()
            page.close()
        return texts
    finally:
        document.close()
