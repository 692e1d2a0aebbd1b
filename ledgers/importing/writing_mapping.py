"""A column mapping as the TOML that `read_mapping` reads back: a mapping made on screen is one that can be written."""

import tomlkit

from ledgers.importing.mapping import Mapping
from ledgers.importing.mapping_tables import Part

_USUAL = Mapping()
_CHOICES = ("encoding", "separator", "date_format", "amount_format", "period_format", "year_named")


def write_mapping(mapping: Mapping) -> str:
    """The mapping's text, what is as usual left out. `read_mapping` reads the same mapping from it."""
    lines = [*_head(mapping), *_table("columns", mapping.columns), *_table("constants", mapping.constants)]
    if mapping.parts:
        lines += ["", "[parts]", *(f"{_key(ours)} = {_part(part)}" for ours, part in mapping.parts.items())]
    for ours, values in mapping.values.items():
        lines += _table(f"values.{ours}", values)
    for key, patterns in (("only", mapping.only), ("skip", mapping.skip), ("total", mapping.total)):
        if patterns:
            lines += ["", f"[{key}]", *(f"{_key(theirs)} = {_list(told)}" for theirs, told in patterns.items())]
    for heading, told in mapping.wide.items():
        lines += _table(f"wide.{_key(heading)}", told)
    return "\n".join(lines) + "\n"


def _head(mapping: Mapping) -> list[str]:
    """What is said of the file as a whole."""
    lines = [f"name = {_text(mapping.name)}"]
    if mapping.sheet:
        lines.append(f"sheet = {_text(mapping.sheet)}")
    if mapping.header_row != 1:
        lines.append(f"header_row = {mapping.header_row}")
    if mapping.flip_sign:
        lines.append("flip_sign = true")
    elif mapping.flip_kinds:
        lines.append(f"flip_sign = {_list(mapping.flip_kinds)}")
    told = ((key, getattr(mapping, key)) for key in _CHOICES)
    return lines + [f"{key} = {_text(value)}" for key, value in told if value != getattr(_USUAL, key)]


def _part(part: Part) -> str:
    if part.by:
        return f"{{ by = {_text(part.by)}, number = {part.number} }}"
    return f"{{ from = {part.first}, to = {part.last} }}"


def _list(texts: tuple[str, ...]) -> str:
    return f"[{', '.join(map(_text, texts))}]"


def _table(name: str, pairs: dict[str, str]) -> list[str]:
    if not pairs:
        return []
    return ["", f"[{name}]", *(f"{_key(key)} = {_text(value)}" for key, value in pairs.items())]


def _key(name: str) -> str:
    return str(tomlkit.key(name).as_string())


def _text(text: str) -> str:
    return str(tomlkit.string(text).as_string())
