"""A column mapping as the TOML that `read_mapping` reads back: a mapping made on screen is one that can be written."""

import tomlkit

from ledgers.importing.mapping import Mapping

_DEFAULT_DATE = "YYYY-MM-DD"


def write_mapping(mapping: Mapping) -> str:
    """The mapping's text, what is as usual left out. `read_mapping` reads the same mapping from it."""
    lines = [f"name = {_text(mapping.name)}"]
    if mapping.sheet:
        lines.append(f"sheet = {_text(mapping.sheet)}")
    if mapping.header_row != 1:
        lines.append(f"header_row = {mapping.header_row}")
    if mapping.flip_sign:
        lines.append("flip_sign = true")
    if mapping.date_format != _DEFAULT_DATE:
        lines.append(f"date_format = {_text(mapping.date_format)}")
    lines += _table("columns", mapping.columns) + _table("constants", mapping.constants)
    for ours, values in mapping.values.items():
        lines += _table(f"values.{ours}", values)
    return "\n".join(lines) + "\n"


def _table(name: str, pairs: dict[str, str]) -> list[str]:
    if not pairs:
        return []
    return ["", f"[{name}]", *(f"{_key(key)} = {_text(value)}" for key, value in pairs.items())]


def _key(name: str) -> str:
    return str(tomlkit.key(name).as_string())


def _text(text: str) -> str:
    return str(tomlkit.string(text).as_string())
