"""A column mapping: how one source ledger's extract reads as lines, said once and kept under a name.

Example::

    name = "council-oracle"
    sheet = "Extract"            # a workbook's; the first one if left out
    header_row = 4               # 1 if left out
    encoding = "windows-1252"    # of a text file; utf-8 if left out
    separator = ";"              # of a text file; a comma if left out
    flip_sign = true             # their credits are positive; or of some kinds only: ["payment"]
    date_format = "DD/MM/YYYY"   # or MM/DD/YYYY, DD-MM-YYYY, DD.MM.YYYY; YYYY-MM-DD if left out
    amount_format = "1.234,56-"  # or 1,234.56- or 1,234.56 CR or 1.234,56; 1,234.56 if left out
    period_format = "MMM-YY"     # JUN-26; see `forms.PeriodForm`; M1 to M13 if left out
    year_named = "end"           # 2027 of 2026/27, where a period's number has a year beside it; "start" if left out

    [columns]                    # our column = their header
    debit = "Debit"              # these two instead of an amount; or amount, and sign = "D/C"
    credit = "Credit"
    scheme = "Account"

    [constants]                  # our column = the same on every row
    kind = "actual"

    [parts]                      # our column = the part of their code that says it
    scheme = { by = ".", number = 2 }    # or { from = 4, to = 9 }: characters

    [values.scheme]              # their value = ours
    "4001" = "HOMECARE"

    [only]                       # their column = what its rows must have; * stands for anything
    "Fund" = ["BCF*"]

    [skip]                       # their column = what its rows must not have
    "Source" = ["Opening balance"]

    [total]                      # the rows of totals: what they say must be what the rows above come to
    "Account" = ["Total*"]

    [wide."Apr"]                 # a column of amounts, and what its heading says of them: one line for each amount
    period = "M1"
"""

import json
import tomllib
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from ledgers.importing.faults import Faults
from ledgers.importing.forms import AMOUNT_FORMATS, OURS, PeriodForm
from ledgers.importing.mapping_tables import Part, Patterns, parts_of, patterns_of, wide_of
from rules.agreement import Kind
from rules.problems import Problem, RefusedError

LINE_COLUMNS = ("period", "scheme", "partner", "kind", "amount")
OPTIONAL_COLUMNS = ("date", "reference", "description", "cause")
MEASURE_COLUMNS = ("period", "measure", "baseline", "target", "actual")
AMOUNT_COLUMNS = ("debit", "credit", "sign")
"""What a mapping may read an amount from beside, or instead of, one column of amounts."""

CODE_COLUMNS = ("period", "scheme", "partner", "kind", "cause")
LEDGERS = frozenset((*LINE_COLUMNS, *OPTIONAL_COLUMNS, *MEASURE_COLUMNS))
DATE_FORMATS = MappingProxyType(
    {
        "YYYY-MM-DD": "%Y-%m-%d",
        "DD/MM/YYYY": "%d/%m/%Y",
        "MM/DD/YYYY": "%m/%d/%Y",
        "DD-MM-YYYY": "%d-%m-%Y",
        "DD.MM.YYYY": "%d.%m.%Y",
    }
)
ENCODINGS = ("utf-8", "windows-1252")
SEPARATORS = (",", ";", "\t", "|")
YEARS_NAMED = ("start", "end")
_OF_LINES = ("flip_sign", "amount_format", "only", "skip", "total", "wide")
_KEYS = frozenset(
    {
        "name", "sheet", "header_row", "encoding", "separator", "flip_sign", "date_format", "amount_format",
        "period_format", "year_named", "columns", "constants", "values", "parts", "only", "skip", "total", "wide",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mapping:
    """How an extract's columns, codes and signs read as ours. `text` is the TOML or JSON it was written as.

    `flip_sign` turns every amount, `flip_kinds` those of some kinds. `only`, `skip` and `total` are by their column:
    what stands in it on a row that is taken, left out, or a total of those above.
    """

    name: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    sheet: str | None = None
    header_row: int = 1
    flip_sign: bool = False
    date_format: str = "YYYY-MM-DD"
    text: str = ""
    encoding: str = "utf-8"
    separator: str = ","
    flip_kinds: tuple[str, ...] = ()
    amount_format: str = OURS
    period_format: str = ""
    year_named: str = "start"
    parts: dict[str, Part] = field(default_factory=dict)
    only: Patterns = field(default_factory=dict)
    skip: Patterns = field(default_factory=dict)
    total: Patterns = field(default_factory=dict)
    wide: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def rearranges(self) -> bool:
        """Whether rows are more than read cell by cell: left out, totalled, spread, or their amounts made first."""
        return bool(
            self.only or self.skip or self.total or self.wide or self.amount_format != OURS
            or not self.columns.keys().isdisjoint(AMOUNT_COLUMNS)
        )  # fmt: skip

    def made_without_a_column(self) -> set[str]:
        """Our columns that no one column of the file says: an amount of two or many, what every wide heading says."""
        made = {"amount"} if self.wide or "debit" in self.columns else set()
        said = [set(told) for told in self.wide.values()]
        return made | (set.intersection(*said) if said else set())

    @property
    def is_of_measures(self) -> bool:
        """Whether it reads measures, and not lines."""
        return "measure" in self.columns


def read_mapping(text: str, *, name: str = "", file: str = "mapping.toml") -> Mapping:
    """The mapping written as TOML or JSON; `name` stands in where it gives none itself.

    Raises RefusedError with every unknown key and wrong value.
    """
    faults = Faults(file)
    try:
        table: dict[str, Any] = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    except (tomllib.TOMLDecodeError, json.JSONDecodeError) as error:
        raise RefusedError(Problem(f"the mapping cannot be read: {error}", file)) from None
    except RecursionError:
        raise RefusedError(Problem("the mapping cannot be read: it is nested too deeply", file)) from None
    except ValueError:
        # Python reads no decimal number of more than some thousands of digits
        raise RefusedError(Problem("the mapping cannot be read: a number in it is far too long", file)) from None
    for key in sorted(table.keys() - _KEYS):
        faults.add(f"a mapping has no such key; it has {', '.join(sorted(_KEYS))}", place=key)
    flip_sign, flip_kinds = _flip(table, faults)
    mapping = Mapping(
        name=_text(table, "name", name, faults),
        columns=_texts(table, "columns", faults, LEDGERS | set(AMOUNT_COLUMNS)),
        constants=_texts(table, "constants", faults, LEDGERS),
        values=_values(table, faults),
        sheet=_text(table, "sheet", "", faults) or None,
        header_row=_header_row(table, faults),
        flip_sign=flip_sign,
        date_format=_choice(table, "date_format", tuple(DATE_FORMATS), "is not a date format", faults),
        text=text,
        encoding=_choice(table, "encoding", ENCODINGS, "is not an encoding that is read", faults),
        separator=_choice(table, "separator", SEPARATORS, "does not separate columns", faults),
        flip_kinds=flip_kinds,
        amount_format=_choice(table, "amount_format", AMOUNT_FORMATS, "is not a way of writing an amount", faults),
        period_format=_period_format(table, faults),
        year_named=_choice(table, "year_named", YEARS_NAMED, "does not say which year is meant", faults),
        parts=parts_of(table, CODE_COLUMNS, faults),
        only=patterns_of(table, "only", faults),
        skip=patterns_of(table, "skip", faults),
        total=patterns_of(table, "total", faults),
        wide=wide_of(table, (*CODE_COLUMNS, *OPTIONAL_COLUMNS), faults),
    )
    _hold_together(mapping, table, faults)
    faults.refuse()
    return mapping


def _hold_together(mapping: Mapping, table: dict[str, Any], faults: Faults) -> None:
    """Each of our columns is said once, and nothing that the other content has not."""
    columns, constants = mapping.columns, mapping.constants
    for key in sorted(columns.keys() & constants.keys()):
        faults.add(f"{key} is both read from a column and constant; it can be one of them", place=f"constants.{key}")
    for heading, told in mapping.wide.items():
        for key in sorted(columns.keys() & told.keys()):
            faults.add(f"{key} is both read from a column and said by a heading", place=f"wide.{heading}.{key}")
    _hold_amounts(mapping, faults)
    if mapping.is_of_measures:
        for key in (key for key in _OF_LINES if key in table):
            faults.add("this is for ledger lines, and the mapping reads measures", place=key)


def _hold_amounts(mapping: Mapping, faults: Faults) -> None:
    """An amount is said in one way, and its side once."""
    columns, constants = mapping.columns, mapping.constants
    sources = ("amount" in columns or "amount" in constants, "debit" in columns or "credit" in columns, mapping.wide)
    if sum(map(bool, sources)) > 1:
        faults.add("an amount is of one column, of a debit and a credit, or of wide columns: one of the three", None,
                   "columns")  # fmt: skip
    if mapping.rearranges and "amount" in constants:
        message = (
            "an amount that is the same on every row is of files whose rows are read as they stand: take it out, or "
            "what rearranges them"
        )
        faults.add(message, place="constants.amount")
    if mapping.amount_format.endswith("CR") and not {"debit", "sign"}.isdisjoint(columns):
        message = (
            f"the columns say which side an amount is on; written behind it too ({mapping.amount_format}), a credit "
            "would be turned twice: read it without those columns"
        )
        faults.add(message, place="amount_format")
    if ("debit" in columns) != ("credit" in columns):
        faults.add("a debit and a credit go together: name both columns", place="columns")
    if "sign" in columns and "amount" not in columns:
        faults.add("a sign stands beside a column of amounts: name that too", place="columns.sign")


def _text(table: dict[str, Any], key: str, default: str, faults: Faults) -> str:
    value = table.get(key, default)
    if isinstance(value, str):
        return value
    faults.add("this is a text, in quotation marks", place=key)
    return default


def _choice(table: dict[str, Any], key: str, choices: tuple[str, ...], is_none: str, faults: Faults) -> str:
    """One of a few texts; the first if it is left out."""
    value = _text(table, key, choices[0], faults)
    if value not in choices:
        shown = ", ".join("a tab (\\t)" if each == "\t" else each for each in choices)
        faults.add(f"“{value}” {is_none}; write one of {shown}", place=key)
        return choices[0]
    return value


def _period_format(table: dict[str, Any], faults: Faults) -> str:
    value = _text(table, "period_format", "", faults)
    if value:
        try:
            PeriodForm(value)
        except ValueError as error:
            faults.add(str(error), place="period_format")
    return value


def _flip(table: dict[str, Any], faults: Faults) -> tuple[bool, tuple[str, ...]]:
    """Whether every amount's sign is turned, or the kinds whose is."""
    value = table.get("flip_sign", False)
    if isinstance(value, bool):
        return value, ()
    kinds = [kind.value for kind in Kind]
    if isinstance(value, list) and all(each in kinds for each in value):
        return False, tuple(value)
    faults.add("this is true or false, or a list of kinds of line whose sign is turned", place="flip_sign")
    return False, ()


def _header_row(table: dict[str, Any], faults: Faults) -> int:
    value = table.get("header_row", 1)
    if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
        return value
    faults.add("the header's row is a whole number from 1", place="header_row")
    return 1


def _texts(table: dict[str, Any], key: str, faults: Faults, ours: frozenset[str] | None = None) -> dict[str, str]:
    value: Any = table
    for part in key.split(".", 1):
        value = value.get(part, {}) if isinstance(value, dict) else {}
    if not isinstance(value, dict):
        faults.add("this is a table", place=key)
        return {}
    good = {}
    for name, text in value.items():
        if ours is not None and name not in ours:
            faults.add(f"the ledger has no column {name}; it has {', '.join(sorted(ours))}", place=f"{key}.{name}")
        elif not isinstance(text, str):
            faults.add("this is a text, in quotation marks", place=f"{key}.{name}")
        else:
            good[name] = text
    return good


def _values(table: dict[str, Any], faults: Faults) -> dict[str, dict[str, str]]:
    value = table.get("values", {})
    if not isinstance(value, dict):
        faults.add("this is a table of tables", place="values")
        return {}
    ours = LEDGERS | {"sign"}
    for name in sorted(value.keys() - ours):
        faults.add(f"the ledger has no column {name}", place=f"values.{name}")
    return {name: _texts(table, f"values.{name}", faults) for name in value if name in ours}
