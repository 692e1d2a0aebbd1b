"""Guesses at how a stranger's extract reads as ours, for a person to look over: which column, which code, which date.

A guess is never posted by itself: it fills in the mapping that the person sees, beside samples of what it takes.
"""

import re
from collections.abc import Iterable
from collections.abc import Mapping as Table

from ledgers.importing.forms import AMOUNT_FORMATS, OURS, PeriodForm, amount_of, is_with_comma
from ledgers.importing.mapping import DATE_FORMATS, LINE_COLUMNS, MEASURE_COLUMNS, OPTIONAL_COLUMNS, Mapping
from ledgers.importing.previewing import TOP, Looked
from rules.agreement import Agreement, Kind
from rules.money import pence_of
from rules.periods import FinancialYear, Period

# Headings of general ledgers' extracts, as they were met; the first of ours that a heading fits has it.
_HEADINGS = {
    "period": ("period", "per", "period name", "accounting period", "gl period", "posting period", "fin period",
               "month"),
    "scheme": ("scheme", "scheme code", "cost centre", "cost center", "costcentre", "cost code", "cc", "service"),
    "partner": ("partner", "partner code", "organisation", "org", "body", "payer"),
    "kind": ("kind", "kind of line", "line type", "type", "transaction type"),
    "amount": ("amount", "net gbp", "net amount", "net value", "net", "value", "gbp", "amount gbp", "total", "sum"),
    "date": ("date", "transaction date", "posting date", "posted", "gl date", "effective date", "document date"),
    "reference": ("reference", "ref", "journal", "journal no", "journal name", "document no", "doc no", "invoice",
                  "invoice no", "invoice number", "voucher", "document"),
    "description": ("description", "narrative", "details", "detail", "line description", "text", "comment", "supplier"),
    "cause": ("cause",),
    "debit": ("debit", "dr", "debit amount", "accounted dr", "entered dr", "activity debit", "debit gbp"),
    "credit": ("credit", "cr", "credit amount", "accounted cr", "entered cr", "activity credit", "credit gbp"),
    "measure": ("measure", "indicator"),
    "baseline": ("baseline",),
    "target": ("target", "plan"),
    "actual": ("actual",),
}  # fmt: skip
_CODES = ("scheme", "partner", "kind", "period")
_MONTHS = ("apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "jan", "feb", "mar")
_KIND_WORDS = {
    "expenditure": Kind.ACTUAL,
    "spend": Kind.ACTUAL,
    "contribution": Kind.PAYMENT,
    "cash": Kind.PAYMENT,
    "savings target": Kind.QIPP_TARGET,
    "savings delivered": Kind.QIPP_DELIVERED,
}
_WORD = re.compile(r"[a-z0-9£]+")
_NUMBERED = re.compile(r"(?:m|p|per|period|month)?\s*0*(\d{1,2})", re.IGNORECASE)
_DATED = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2\d{4}")
_COMMA_AND_PENCE = re.compile(r"[-(£]*[\d.]+,\d{1,2}\)?\s*-?", re.ASCII)
_MOST_OF_FIVE = 4
_FEWEST_HEADINGS = 2
_MONTHS_IN_A_YEAR = 12
_PERIOD_FORMS = ("MMM-YY", "MMM YY", "MMM-YYYY", "MMM YYYY", "YYYYPP", "YYYY/PP", "PP/YYYY", "PP.YYYY", "PP-YY")


def words_of(text: str) -> str:
    """A heading in small letters and single spaces: `Net (GBP)` is `net gbp`."""
    return " ".join(_WORD.findall(text.lower()))


def column_meant(heading: str, *, measures: bool = False) -> str:
    """Which of our columns a heading names; "" for none that is known."""
    told = words_of(heading)
    ours = MEASURE_COLUMNS if measures else (*LINE_COLUMNS, *OPTIONAL_COLUMNS)
    return next((name for name in ours if told == name or told in _HEADINGS[name]), "")


def header_row_of(looked: Looked) -> int:
    """The row that the headings seem to stand in: the first that has most known ones, or else the first fullest row."""
    known = {row: len({column_meant(cell) for cell in cells} - {""}) for row, cells in looked.top}
    if max(known.values(), default=0) >= _FEWEST_HEADINGS:
        return max(known, key=lambda row: (known[row], -row))
    full = {row: sum(bool(cell.strip()) for cell in cells) for row, cells in looked.top}
    return max(full, key=lambda row: (full[row], -row), default=1)


def fits(mapping: Mapping, looked: Looked) -> bool:
    """Whether the file has the sheet, and every heading once, that a mapping reads."""
    if mapping.header_row > TOP or (mapping.sheet and looked.is_workbook and mapping.sheet != looked.sheet):
        return False
    if not looked.is_workbook and mapping.separator != looked.separator:
        return False
    headings = looked.headings(mapping.header_row)
    read = {*mapping.columns.values(), *mapping.wide, *mapping.only, *mapping.skip, *mapping.total}
    required = MEASURE_COLUMNS if mapping.is_of_measures else LINE_COLUMNS
    said = mapping.columns.keys() | mapping.constants.keys() | set(headings)
    said |= mapping.made_without_a_column()
    return bool(read) and all(headings.count(each) == 1 for each in read) and said.issuperset(required)


def fitting(saved: Table[str, Mapping], looked: Looked) -> str:
    """The name of the saved mapping that fits best, the one that reads most columns; "" if none does."""
    found = [name for name, mapping in saved.items() if fits(mapping, looked)]
    return max(found, key=lambda name: len(saved[name].columns), default="")


def is_ours(looked: Looked) -> bool:
    """Whether the file needs no mapping: its headings are the ledger's own, all those that are needed and no others."""
    headings = set(looked.headings(1))
    for required, optional in ((LINE_COLUMNS, OPTIONAL_COLUMNS), (MEASURE_COLUMNS, ())):
        if headings.issuperset(required) and headings.issubset((*required, *optional)):
            return not _needs_date_format(looked) and (looked.encoding, looked.separator) == ("utf-8", ",")
    return False


def _needs_date_format(looked: Looked) -> bool:
    headings = looked.headings(1)
    return "date" in headings and _date_format(looked.samples(1, headings.index("date"), TOP)) != "YYYY-MM-DD"


def guess(looked: Looked, agreement: Agreement, name: str) -> Mapping:
    """A mapping of the file, as far as its headings and first rows tell. `values` are for `guess_values` to fill in."""
    row = header_row_of(looked)
    headings = looked.headings(row)
    measures = any(column_meant(heading, measures=True) == "measure" for heading in headings)
    columns: dict[str, str] = {}
    for heading in headings:
        ours = column_meant(heading, measures=measures)
        if ours and ours not in columns and headings.count(heading) == 1:
            columns[ours] = heading
    if not measures:
        if "amount" not in columns:
            _by_sides(headings, columns)
        _by_content(looked, row, headings, agreement, columns)

    def samples(*ours: str) -> list[str]:
        at = [headings.index(columns[name]) for name in ours if name in columns]
        return [text for column in at for text in looked.samples(row, column, TOP)]

    at_date = headings.index(columns["date"]) if "date" in columns else None
    return Mapping(
        name=name,
        columns=columns,
        constants=_constants(columns, agreement) if not measures else {},
        sheet=looked.sheet or None,
        header_row=row,
        date_format="YYYY-MM-DD" if at_date is None else _date_format(looked.samples(row, at_date, TOP)),
        encoding=looked.encoding,
        separator=looked.separator,
        amount_format=OURS if looked.is_workbook else _amount_format(samples("amount", "debit", "credit")),
        period_format=_period_format(samples("period"), agreement),
    )


def _by_sides(headings: tuple[str, ...], columns: dict[str, str]) -> None:
    """A debit and a credit, where no column is of amounts."""
    found = {
        side: [each for each in headings if words_of(each) in _HEADINGS[side] and headings.count(each) == 1]
        for side in ("debit", "credit")
    }
    if all(found.values()):
        columns |= {side: headings_of[0] for side, headings_of in found.items()}


def _amount_format(texts: list[str]) -> str:
    """The form that every amount can be read in, ours if it does as well as another.

    One with a comma before the pence only where some amount shows it: `1.234` may be three decimals as well.
    """
    shown = any(_COMMA_AND_PENCE.fullmatch(text.strip()) for text in texts)
    forms = [form for form in AMOUNT_FORMATS if shown or not is_with_comma(form)]

    def unread(form: str) -> int:
        return sum(not _is_amount(text, form) for text in texts)

    return min(forms, key=unread)


def _is_amount(text: str, form: str) -> bool:
    try:
        amount_of(text, form)
    except ValueError:
        return False
    return True


def _period_format(texts: list[str], agreement: Agreement) -> str:
    """The form that every period is written in with its year, so that next month's are read by it too; "" if none.

    A month by its name is known whatever its year; a number is a period only where it can be no calendar month.
    """

    def fits(form: str, year: FinancialYear | None) -> bool:
        reader = PeriodForm(form, year=year)
        return bool(texts) and all(_is_period(text, reader) for text in texts)

    for form in _PERIOD_FORMS:
        if fits(form, None if "MMM" in form else agreement.year):
            may_be_month = "PP" in form and fits(form.replace("PP", "MM"), agreement.year)
            return "" if may_be_month else form
    return ""


def _is_period(text: str, form: PeriodForm) -> bool:
    try:
        form.read(text)
    except ValueError:
        return False
    return True


def _by_content(
    looked: Looked, row: int, headings: tuple[str, ...], agreement: Agreement, columns: dict[str, str]
) -> None:
    """Columns whose heading says nothing, by what stands in them."""
    for ours in ("scheme", "partner", "kind", "amount"):
        if ours in columns or (ours == "amount" and "debit" in columns):
            continue
        shares = {}
        for at, heading in enumerate(headings):
            texts = looked.samples(row, at, TOP)
            if heading and headings.count(heading) == 1 and heading not in columns.values() and texts:
                shares[heading] = [bool(_reads(ours, text, agreement)) for text in texts]
        # four of five and more: an extract has a few codes that nobody knows
        good = [each for each, read in shares.items() if read.count(True) * 5 >= len(read) * _MOST_OF_FIVE]
        if good:
            columns[ours] = max(good, key=lambda each: shares[each].count(True))


def _reads(ours: str, text: str, agreement: Agreement) -> bool:
    if ours != "amount":
        return bool(value_meant(ours, text, agreement))
    try:
        pence_of(text)
    except ValueError:
        return False
    return "." in text


def _constants(columns: dict[str, str], agreement: Agreement) -> dict[str, str]:
    """What the file does not say, and is likely the same on every row: a general ledger's extract is of spend."""
    constants = {}
    if "kind" not in columns:
        constants["kind"] = Kind.ACTUAL.value
    if "partner" not in columns and len(agreement.partners) == 1:
        constants["partner"] = agreement.partners[0].code
    return constants


def _date_format(texts: Iterable[str]) -> str:
    """The format that every date can be read by; days go before months, unless a date has no such month."""
    found = [match for text in texts if (match := _DATED.fullmatch(text))]
    if not found:
        return "YYYY-MM-DD"
    separator = found[0][2]
    month_first = separator == "/" and any(int(match[3]) > _MONTHS_IN_A_YEAR for match in found)
    wanted = "MM/DD/YYYY" if month_first else f"DD{separator}MM{separator}YYYY"
    return wanted if wanted in DATE_FORMATS else "DD/MM/YYYY"


# Codes


def codes_of(ours: str, agreement: Agreement) -> tuple[str, ...]:
    """What can stand in one of our columns of codes; nothing of a column of anything else."""
    if ours == "period":
        return tuple(map(str, Period))
    if ours == "kind":
        return tuple(kind.value for kind in Kind)
    if ours == "cause":
        return ("default",)
    return tuple(code for code, _name in _named(ours, agreement))


def value_meant(ours: str, text: str, agreement: Agreement) -> str:
    """The code that a value means: itself, one that differs in capitals, or the one of that name; "" if none is."""
    told = text.strip()
    codes = codes_of(ours, agreement)
    if told in codes:
        return told
    by_lower = {code.lower(): code for code in codes}
    if told.lower() in by_lower:
        return by_lower[told.lower()]
    if ours == "period":
        return _period_meant(told)
    if ours == "kind":
        return _kind_meant(told)
    named = [code for code, name in _named(ours, agreement) if words_of(name) == words_of(told)]
    return named[0] if len(named) == 1 else ""


def _named(ours: str, agreement: Agreement) -> list[tuple[str, str]]:
    """The codes and names that a column of schemes or partners can hold."""
    if ours == "scheme":
        return [(scheme.code, scheme.name) for scheme in agreement.schemes]
    return [(partner.code, partner.name) for partner in agreement.partners] if ours == "partner" else []


def guess_values(values: Table[str, tuple[tuple[str, int], ...]], agreement: Agreement) -> dict[str, dict[str, str]]:
    """For each of our columns of codes, those of its values that are no code and what they seem to mean."""
    found = {
        ours: {
            text: meant
            for text, _count in told
            if text not in codes_of(ours, agreement) and (meant := value_meant(ours, text, agreement))
        }
        for ours, told in values.items()
        if ours in _CODES
    }
    return {ours: meant for ours, meant in found.items() if meant}


def _period_meant(text: str) -> str:
    """`Apr-22`, `April`, `P01`, `Period 1` and `1` are M1: extracts number periods from April."""
    numbered = _NUMBERED.fullmatch(text)
    if numbered is not None:
        number = int(numbered[1])
        return str(Period(number)) if number in set(Period) else ""
    month = next((at for at, name in enumerate(_MONTHS, 1) if re.match(rf"{name}[a-z]*\b", text.lower())), None)
    return "" if month is None else str(Period(month))


def _kind_meant(text: str) -> str:
    told = words_of(text)
    by_words = {kind.value.replace("_", " "): kind for kind in Kind} | _KIND_WORDS
    found = by_words.get(told) or by_words.get(told.removesuffix("s"))
    return found.value if found else ""
