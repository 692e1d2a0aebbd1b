"""Where in an agreement's text a problem is: its line, from the table and key that the problem names."""

import re

_HEADER = re.compile(r"^\s*\[\[?\s*(?P<name>[^\]\s]+)\s*\]\]?")
_NUMBERED = re.compile(r"(?P<kind>\w+)\[(?P<number>\d+)\]$")
_NAMED_BY = ("code", "id")


def line_of(text: str, place: str) -> int | None:
    """The line, from 1, of what a problem's place names; of its table where the key is not written; None if unknown.

    The place is as `rules.reading` gives it: `clause 7B.share.by`, `cap[2].amount`, `basis.risk.LBB`.
    """
    lines = text.splitlines()
    tables = _tables(lines)
    for first, last in _tables_named(lines, tables, place):
        keys = place[place.rfind("]") + 1 :].lstrip(".").split(".") if "[" in place else place.split(".")
        for key in keys:
            for at in range(first, last):
                if re.match(rf"\s*\"?{re.escape(key)}\"?\s*=", lines[at]):
                    return at + 1
        return first + 1
    return None


def _tables(lines: list[str]) -> list[tuple[str, int, int]]:
    """Each table's name, and its lines: the first from 0, and the one after the last."""
    headers = [(found["name"], at) for at, line in enumerate(lines) if (found := _HEADER.match(line))]
    ends = [at for _, at in headers[1:]] + [len(lines)]
    return [(name, at, end) for (name, at), end in zip(headers, ends, strict=True)]


def _tables_named(lines: list[str], tables: list[tuple[str, int, int]], place: str) -> list[tuple[int, int]]:
    """The tables that a place may mean, the likeliest first."""
    numbered = _NUMBERED.match(place.partition(".")[0])
    if numbered is not None:
        found = [(first, last) for name, first, last in tables if name == numbered["kind"]]
        return found[int(numbered["number"]) - 1 :][:1]
    kind, _, rest = place.partition(" ")
    named = []
    for name, first, last in tables:
        if name == kind and rest:
            code = next((_value(line) for line in lines[first:last] if _key(line) in _NAMED_BY), "")
            if code and f"{rest}.".startswith(f"{code}."):
                named.append((len(code), first, last))
        elif f"{place}.".startswith(f"{name}."):
            named.append((len(name), first, last))
    return [(first, last) for _, first, last in sorted(named, key=lambda each: -each[0])]


def _key(line: str) -> str:
    return line.partition("=")[0].strip()


def _value(line: str) -> str:
    return line.partition("=")[2].strip().strip("\"'")
