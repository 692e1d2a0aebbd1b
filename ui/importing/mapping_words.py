"""What a mapping says beside its columns and codes, in sentences: it is written in a file, and seen in the window."""

from ledgers.importing.forms import OURS
from ledgers.importing.mapping import Mapping
from rules.english import listed

_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "upright strokes"}


def also_says(mapping: Mapping) -> str:
    """Everything of a mapping that no field of the dialog shows; "" if there is nothing."""
    told = [*_of_the_file(mapping), *_of_amounts(mapping), *_of_rows(mapping)]
    if not told:
        return ""
    return f"The mapping also says: {'; '.join(told)}."


def _of_the_file(mapping: Mapping) -> list[str]:
    told = []
    if mapping.separator in _SEPARATORS:
        told.append(f"cells are separated by {_SEPARATORS[mapping.separator]}")
    if mapping.encoding != "utf-8":
        told.append(f"the text is in {mapping.encoding}")
    if mapping.period_format:
        end = ", by the year that it ends in" if mapping.year_named == "end" else ""
        told.append(f"periods are written as {mapping.period_format}{end}")
    told += [f"the {ours} is part of its code" for ours in mapping.parts]
    return told


def _of_amounts(mapping: Mapping) -> list[str]:
    told = []
    columns = mapping.columns
    if "debit" in columns:
        told.append(f"the amount is “{columns['debit']}” less “{columns['credit']}”")
    if "sign" in columns:
        told.append(f"the sign of the amount is in “{columns['sign']}”")
    if mapping.wide:
        told.append(f"each amount in {listed(f'“{heading}”' for heading in mapping.wide)} is a line")
    if mapping.amount_format != OURS:
        told.append(f"amounts are written as {mapping.amount_format}")
    if mapping.flip_kinds:
        told.append(f"the sign is turned of {listed(kind.replace('_', ' ') for kind in mapping.flip_kinds)} lines")
    return told


def _of_rows(mapping: Mapping) -> list[str]:
    told = []
    if mapping.only:
        told.append(f"only rows are taken that have in {_columns(mapping.only)} what it names")
    if mapping.skip:
        told.append(f"rows are left out by {_columns(mapping.skip)}")
    if mapping.total:
        told.append(f"total rows are known by {_columns(mapping.total)}, and checked")
    return told


def _columns(patterns: dict[str, tuple[str, ...]]) -> str:
    return listed(f"“{heading}”" for heading in patterns)
