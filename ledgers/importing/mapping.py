"""A column mapping: how one source ledger's extract reads as lines, said once and kept under a name.

Example::

    name = "council-oracle"
    sheet = "Extract"            # a workbook's; the first one if left out
    header_row = 4               # 1 if left out
    flip_sign = true             # their credits are positive
    date_format = "DD/MM/YYYY"   # or MM/DD/YYYY, DD-MM-YYYY, DD.MM.YYYY; YYYY-MM-DD if left out

    [columns]                    # our column = their header
    amount = "Net GBP"
    scheme = "Cost centre"

    [constants]                  # our column = the same on every row
    kind = "actual"

    [values.scheme]              # their value = ours
    "4001" = "HOMECARE"
"""

import json
import tomllib
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from ledgers.importing.faults import Faults
from rules.problems import Problem, RefusedError

LINE_COLUMNS = ("period", "scheme", "partner", "kind", "amount")
OPTIONAL_COLUMNS = ("date", "reference", "description", "cause")
MEASURE_COLUMNS = ("period", "measure", "baseline", "target", "actual")
OURS = frozenset((*LINE_COLUMNS, *OPTIONAL_COLUMNS, *MEASURE_COLUMNS))
DATE_FORMATS = MappingProxyType(
    {
        "YYYY-MM-DD": "%Y-%m-%d",
        "DD/MM/YYYY": "%d/%m/%Y",
        "MM/DD/YYYY": "%m/%d/%Y",
        "DD-MM-YYYY": "%d-%m-%Y",
        "DD.MM.YYYY": "%d.%m.%Y",
    }
)
_KEYS = frozenset({"name", "sheet", "header_row", "flip_sign", "date_format", "columns", "constants", "values"})


@dataclass(frozen=True, slots=True)
class Mapping:
    """How an extract's columns, codes and signs read as ours. `text` is the TOML or JSON it was written as."""

    name: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    sheet: str | None = None
    header_row: int = 1
    flip_sign: bool = False
    date_format: str = "YYYY-MM-DD"
    text: str = ""


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
    mapping = Mapping(
        name=_text(table, "name", name, faults),
        columns=_texts(table, "columns", faults),
        constants=_texts(table, "constants", faults),
        values=_values(table, faults),
        sheet=_text(table, "sheet", "", faults) or None,
        header_row=_header_row(table, faults),
        flip_sign=_flag(table, "flip_sign", faults),
        date_format=_text(table, "date_format", "YYYY-MM-DD", faults),
        text=text,
    )
    if mapping.date_format not in DATE_FORMATS:
        faults.add(
            f"“{mapping.date_format}” is not a date format; write one of {', '.join(DATE_FORMATS)}", place="date_format"
        )
    for key in sorted(mapping.columns.keys() & mapping.constants.keys()):
        faults.add(f"{key} is both read from a column and constant; it can be one of them", place=f"constants.{key}")
    faults.refuse()
    return mapping


def _text(table: dict[str, Any], key: str, default: str, faults: Faults) -> str:
    value = table.get(key, default)
    if isinstance(value, str):
        return value
    faults.add("this is a text, in quotation marks", place=key)
    return default


def _flag(table: dict[str, Any], key: str, faults: Faults) -> bool:
    value = table.get(key, False)
    if not isinstance(value, bool):
        faults.add("this is true or false", place=key)
    return bool(value)


def _header_row(table: dict[str, Any], faults: Faults) -> int:
    value = table.get("header_row", 1)
    if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
        return value
    faults.add("the header's row is a whole number from 1", place="header_row")
    return 1


def _texts(table: dict[str, Any], key: str, faults: Faults, *, ours: bool = True) -> dict[str, str]:
    value: Any = table
    for part in key.split(".", 1):
        value = value.get(part, {}) if isinstance(value, dict) else {}
    if not isinstance(value, dict):
        faults.add("this is a table", place=key)
        return {}
    good = {}
    for name, text in value.items():
        if ours and name not in OURS:
            faults.add(f"the ledger has no column {name}; it has {', '.join(sorted(OURS))}", place=f"{key}.{name}")
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
    for name in sorted(value.keys() - OURS):
        faults.add(f"the ledger has no column {name}", place=f"values.{name}")
    return {name: _texts(table, f"values.{name}", faults, ours=False) for name in value if name in OURS}
