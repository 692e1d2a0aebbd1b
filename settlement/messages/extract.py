"""The messages of the house, found in its source, and the catalogues renewed from them.

`python -m settlement.messages.extract` puts new messages into every catalogue, without a translation yet, and takes out
those that are said no more; `--check` only says what is missing, and fails if anything is.
"""

import ast
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from string import Formatter

from settlement.languages import ENGLISH, FORMS, LANGUAGES, catalogue_file

_HOUSE = Path(__file__).parents[2]
_FLOORS = ("rules", "ledgers", "settlement")
_SINGULAR = frozenset({"say", "message", "say_before"})
_PLURAL = "say_many"

Key = tuple[str, ...]
"""A message as catalogues know it: its English, or its English singular and plural."""


@dataclass
class Found:
    """What is said: each message with the modules that say it, and the calls whose key no tool could find."""

    messages: dict[Key, list[str]] = field(default_factory=dict)
    unfindable: list[str] = field(default_factory=list)


def found_in_house() -> Found:
    """All messages, module by module in the order of their names, each module's in the order of its lines."""
    found = Found()
    for floor in _FLOORS:
        for path in sorted((_HOUSE / floor).rglob("*.py")):
            name = path.relative_to(_HOUSE).as_posix()
            _look_at(name, ast.parse(path.read_text(encoding="utf-8"), name), found)
    _gather(found)
    return found


def _gather(found: Found) -> None:
    """A message said both with a count and without is one in a catalogue, and has one plural."""
    plural_of: dict[str, Key] = {}
    for key in [key for key in found.messages if len(key) > 1]:
        other = plural_of.setdefault(key[0], key)
        if other != key:
            found.unfindable.append(
                f"{found.messages[key][0]}: “{key[0]}” has two plurals, “{other[1]}” and “{key[1]}”"
            )
    for one, key in plural_of.items():
        if modules := found.messages.pop((one,), None):
            found.messages[key] = sorted({*found.messages[key], *modules})


def _look_at(name: str, tree: ast.Module, found: Found) -> None:
    ours = _imported(tree)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        called = call.func.id if isinstance(call.func, ast.Name) else ""
        if called not in ours or not call.args:
            continue
        keys = call.args[: 2 if called == _PLURAL else 1]
        said = tuple(each.value for each in keys if isinstance(each, ast.Constant) and isinstance(each.value, str))
        if len(said) == len(keys):
            modules = found.messages.setdefault(said, [])
            if name not in modules:
                modules.append(name)
        elif called in {"message", _PLURAL} or not _is_from_a_table(keys[0]):
            found.unfindable.append(f"{name}:{call.lineno}: {ast.unparse(call)}")


def _imported(tree: ast.Module) -> set[str]:
    """Which of the functions that say something are here those of `rules.language`: the terminal has its own `say`."""
    return {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "rules.language"
        for alias in node.names
        if alias.name in {*_SINGULAR, _PLURAL}
    }


def _is_from_a_table(key: ast.expr) -> bool:
    """Whether a key may have come from what is marked by `message`: it is named, and not made here."""
    match key:
        case ast.Name() | ast.Attribute():
            return True
        case ast.Subscript(value=value):
            return _is_from_a_table(value)
        case ast.Call(func=ast.Attribute(value=table, attr="get"), args=[_, default]):
            return _is_from_a_table(table) and _is_from_a_table(default)
        case ast.IfExp(body=body, orelse=other):
            return _is_from_a_table(body) and _is_from_a_table(other)
        case _:
            return isinstance(key, ast.Constant)


@dataclass(frozen=True)
class Entry:
    """A message of a catalogue with its translation: one text, or a form for each of `FORMS`."""

    key: Key
    texts: tuple[str, ...]

    def wrong(self) -> Iterator[str]:
        """What is wrong with the translation, in sentences."""
        forms = len(FORMS) if len(self.key) > 1 else 1
        if len(self.texts) != forms or not all(self.texts):
            yield f"“{self.key[0]}” is not translated"
            return
        wanted = {name for text in self.key for name in braces(text)}
        for text in self.texts:
            try:
                names = braces(text)
            except ValueError:
                yield f"“{self.key[0]}”: the braces of “{text}” do not close"
                continue
            if names - wanted or (len(self.key) == 1 and names != wanted) or wanted - names - {"count"}:
                yield f"“{self.key[0]}”: “{text}” has {sorted(names)} in braces, and not {sorted(wanted)}"
            if _edges(text) != _edges(self.key[0]):
                yield f"“{self.key[0]}”: “{text}” begins or ends with another space"


def _edges(text: str) -> tuple[bool, bool]:
    return text[0].isspace(), text[-1].isspace()


def braces(text: str) -> set[str]:
    """The names in a message's braces. Raises ValueError if a brace does not close."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def entries_of(tag: str) -> list[Entry]:
    """A catalogue's messages, in order. Raises ValueError for one that is marked as doubtful."""
    from babel.messages.pofile import read_po  # noqa: PLC0415  only translators need it here

    with catalogue_file(tag).open("rb") as file:
        told = [entry for entry in read_po(file, locale=tag, abort_invalid=True) if entry.id]
    doubtful = [entry.id for entry in told if entry.fuzzy]
    if doubtful:
        message = f"{tag}: marked as doubtful (fuzzy): {doubtful}"
        raise ValueError(message)
    return [
        Entry((entry.id,) if isinstance(entry.id, str) else tuple(entry.id), _texts(entry.string)) for entry in told
    ]


def _texts(string: object) -> tuple[str, ...]:
    return tuple(map(str, string)) if isinstance(string, (tuple, list)) else (str(string),)


def problems_of(tag: str, found: Found) -> list[str]:
    """Everything that is wrong with a catalogue, in sentences; nothing if it is whole."""
    entries = entries_of(tag)
    keys = [entry.key for entry in entries]
    told = [f"“{key[0]}” is not in it ({', '.join(said)})" for key, said in found.messages.items() if key not in keys]
    told += [f"“{key[0]}” is said no more" for key in keys if key not in found.messages]
    told += [sentence for entry in entries if entry.key in found.messages for sentence in entry.wrong()]
    return told


def renew(tag: str, found: Found, more: Iterable[Entry] = ()) -> None:
    """Write a catalogue again: every message of the house with the translation it has, or has in these entries."""
    path = catalogue_file(tag)
    head = path.read_text(encoding="utf-8").split("\n\n", 1)[0]
    known = {entry.key: entry.texts for entry in (*entries_of(tag), *more) if any(entry.texts)}
    blocks = [head]
    for key, modules in found.messages.items():
        texts = known.get(key, ("",) * (len(FORMS) if len(key) > 1 else 1))
        lines = [f"#: {' '.join(modules)}", f"msgid {_quoted(key[0])}"]
        if len(key) > 1:
            lines.append(f"msgid_plural {_quoted(key[1])}")
            lines += [f"msgstr[{number}] {_quoted(text)}" for number, text in enumerate(texts)]
        else:
            lines.append(f"msgstr {_quoted(texts[0])}")
        blocks.append("\n".join(lines))
    path.write_text("\n\n".join(blocks) + "\n", encoding="utf-8", newline="\n")


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def run(arguments: list[str]) -> int:
    """Check or renew every catalogue; 1 if something of it is wrong."""
    found = found_in_house()
    problems = [f"no tool can find the message of {each}" for each in found.unfindable]
    for tag in LANGUAGES:
        if tag == ENGLISH:
            continue
        if "--check" not in arguments:
            renew(tag, found)
        problems += [f"{tag}: {each}" for each in problems_of(tag, found)]
    for each in problems:
        print(each)  # noqa: T201  a tool for translators, in a terminal
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
