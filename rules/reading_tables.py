"""Reading TOML key by key: each getter gives a value of its type, and notes what is wrong with its place.

A getter that meets something wrong gives a stand-in of the right type back, so that reading goes on and every
problem of a file is found at once. Where problems were noted, what was read is not to be used.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from rules.agreement import Limit
from rules.english import listed, nearest, quoted
from rules.money import LARGEST_PENCE, number_of, pence_of, plain
from rules.problems import Problem

_Word = TypeVar("_Word", bound=StrEnum)
_Value = TypeVar("_Value")
_Number = TypeVar("_Number", int, Fraction)

_LONGEST_SHOWN = 40


class Written:
    """A TOML float, kept as it was written: it is always refused, and the message shows it."""

    def __init__(self, text: str) -> None:
        """Keep the text that TOML's reader hands over for a float."""
        self.text = text.replace("_", "")


class Reading:
    """One reading of one file: the codes it declares, by kind, and what was found wrong so far."""

    def __init__(self, file: str) -> None:
        """Begin, with nothing declared and nothing wrong."""
        self.file = file
        self.declared: dict[str, tuple[str, ...]] = {}
        self.problems: list[Problem] = []

    def refuse(self, place: str, message: str) -> None:
        """Note one thing wrong. It takes one line, whatever the file's strings and keys hold."""
        self.problems.append(Problem(_on_one_line(message), self.file, place=_on_one_line(place)))


class Table:
    """One TOML table. `noun` is what a message calls it, `place` what a problem's place begins with."""

    def __init__(self, content: Mapping[str, object], noun: str, place: str, reading: Reading) -> None:
        """Take the table's content; nothing is read until it is asked for."""
        self.noun = noun
        self.place = place
        self.reading = reading
        self._content = content
        self._asked: list[str] = []
        self._wrong: set[str] = set()

    def refuse(self, key: str, message: str) -> None:
        """Note something wrong with a key."""
        self._wrong.add(key)
        self.reading.refuse(self.place_of(key), message)

    def place_of(self, key: str) -> str:
        """A problem's place: `clause 7B.share.by`."""
        return f"{self.place}.{key}" if self.place else key

    def has(self, key: str) -> bool:
        """Whether the table has the key, which is a known one."""
        self._asked.append(key)
        return key in self._content

    def is_wrong(self, key: str) -> bool:
        """Whether the key's value is a stand-in."""
        return key in self._wrong

    def others(self) -> list[str]:
        """The keys that have not been asked for, in the file's order."""
        return [key for key in self._content if key not in self._asked]

    def refuse_others(self) -> None:
        """Refuse the keys that were never asked for: a key nobody reads is a rule nobody applies."""
        known = list(dict.fromkeys(self._asked))
        what = "key" if self.place else "table"
        for key in self.others():
            meant = nearest(key, known)
            todo = f"did you mean `{meant}`?" if meant else f"the {what}s here: {listed(known)}"
            self.refuse(key, f"unknown {what} `{key}`; {todo}")

    def text(self, key: str) -> str:
        """A string, perhaps empty: a name or a title."""
        value = self._required(key)
        if value is None or isinstance(value, str):
            return value or ""
        self.refuse(key, f"a string is needed, not {_shown(value)}; put it in quotation marks")
        return ""

    def code(self, key: str) -> str:
        """A string that stands for something: not empty, printable, no spaces around it."""
        value = self.text(key)
        if not self.is_wrong(key):
            self.check_code(key, value)
        return value

    def check_code(self, key: str, code: str) -> None:
        """Refuse the key if the code is empty, does not print, or has spaces around it."""
        if not code:
            self.refuse(key, "it is empty; write something to know it by")
        elif code != code.strip() or not code.isprintable():
            self.refuse(key, f"{_shown(code)} has spaces around it or characters that do not print; take them out")

    def codes(self, key: str) -> tuple[str, ...]:
        """A list of codes, empty if the key is left out."""
        value = self._find(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            self.refuse(key, 'a list of strings is needed, such as ["A", "B"]')
            return ()
        for each in value:
            self.check_code(key, each)
        return tuple(value)

    def reference(self, key: str, kind: str, default: str | None = None) -> str:
        """The code of something declared elsewhere in the file; left out, the default if there is one."""
        if default is not None and not self.has(key):
            return default
        code = self.code(key)
        if not self.is_wrong(key):
            self.check_declared(key, kind, code)
        return code

    def references(self, key: str, kind: str) -> tuple[str, ...]:
        """A list of codes of things declared elsewhere, empty if the key is left out."""
        codes = self.codes(key)
        if not self.is_wrong(key):
            for code in codes:
                self.check_declared(key, kind, code)
        return codes

    def check_declared(self, key: str, kind: str, code: str) -> None:
        """Refuse the key if no table of that kind, such as [[partner]], has the code."""
        known = self.reading.declared[kind]
        if code in known:
            return
        meant = nearest(code, known)
        what = "id" if kind == "clause" else "code"
        todo = f"did you mean {_shown(meant)}?" if meant else f"declare it under [[{kind}]]"
        self.refuse(key, f"no {kind} has the {what} {_shown(code)}; {todo}")

    def choice(self, key: str, words: type[_Word], default: _Word | None = None) -> _Word:
        """One of a list of words; left out, the default if there is one."""
        if default is not None and not self.has(key):
            return default
        value = self._required(key)
        if value is not None and value not in list(words):
            self.refuse(key, f"{_shown(value)} is not allowed here; write {listed(words, 'or')}")
            value = None
        return words(str(value)) if value is not None else next(iter(words))

    def parsed(self, key: str, read: Callable[[str], _Value], stand_in: _Value) -> _Value:
        """A string that `read` understands, or refuses with a ValueError that says why: a period, a year."""
        text = self.text(key)
        return stand_in if self.is_wrong(key) else self._read(key, read, text, stand_in)

    def flag(self, key: str) -> bool:
        """True or false; false if the key is left out."""
        value = self._find(key)
        if value is not None and not isinstance(value, bool):
            self.refuse(key, f"write true or false, without quotation marks, not {_shown(value)}")
        return value is True

    def day(self, key: str) -> date | None:
        """A TOML date, or None if the key is left out."""
        value = self._find(key)
        # a datetime is a date to Python; an agreement takes effect on a day
        if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
            return value
        self.refuse(key, f"a date is needed, not {_shown(value)}; write it as 2022-07-01, without quotation marks")
        return None

    def pence(self, key: str, *, signed: bool = False) -> int:
        """Money, in pence; below zero only if it may be."""
        value = self._required(key)
        if value is None or not self._is_text_of_money(key, value):
            return 0
        return self._read(key, pence_of if signed else _pence_not_negative, str(value), 0)

    def number(self, key: str, what: str) -> Fraction:
        """A plain decimal in a string, nought or more: a `what`, such as a percentage or a weight."""
        value = self._required(key)
        if value is None:
            return Fraction()
        if not isinstance(value, str):
            example = _shown(value) if _is_number(value) else "40"
            self.refuse(key, f'a {what} is a string; write "{example}"')
            return Fraction()
        if value.rstrip().endswith("%"):
            self.refuse(key, f'a {what} here is a plain decimal; write "{value.rstrip()[:-1].rstrip()}", without %')
            return Fraction()
        return self._read(key, _number_not_negative, value, Fraction())

    def limit(self, key: str, value: object) -> Limit:
        """Money, or a percentage with its `%`, nought or more: a band's edge or a cap."""
        if not self._is_text_of_money(key, value, '; of a percentage, write "2%"'):
            return Limit(pence=0)
        return self._read(key, _limit_of, str(value).strip(), Limit(pence=0))

    def value(self, key: str) -> object:
        """What TOML gives, or None; refused if it is missing. For the few keys that take more than one form."""
        return self._required(key)

    def values(self, key: str) -> list[object]:
        """The values of a key that takes one or a list; none if it is left out. An empty list is refused."""
        value = self._find(key)
        if value is None:
            return []
        if value == []:
            self.refuse(key, "an empty list selects nothing; leave the key out to select everything")
        return list(value) if isinstance(value, list) else [value]

    def child(self, key: str, noun: str) -> "Table | None":
        """The table under a key, or None if there is none."""
        value = self._find(key)
        if value is None or isinstance(value, dict):
            return None if value is None else Table(value, noun, self.place_of(key), self.reading)
        self.refuse(key, f"a table is needed, not {_shown(value)}")
        return None

    def children(self, key: str, noun: str, named_by: str = "") -> "list[Table]":
        """The list of tables under a key, each placed by its code or id where it has one of its own."""
        value = self._find(key)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            how = "{ … } in a list" if self.place else f"table under [[{key}]]"
            self.refuse(key, f"write each {noun} as a {how}")
            return []
        found: dict[str, str] = {}
        tables = []
        for number, content in enumerate(value, 1):
            place = self.place_of(f"{key}[{number}]")
            name = content.get(named_by)
            if not isinstance(name, str):
                name = ""
            if name in found:
                message = f"{_shown(name)} is already the {named_by} of {found[name]}; each has one of its own"
                self.reading.refuse(f"{place}.{named_by}", message)
            is_name = name.strip() == name != "" and name.isprintable() and name not in found
            tables.append(Table(content, noun, f"{noun} {name}" if is_name else place, self.reading))
            if name:
                found.setdefault(name, place)
        return tables

    def _find(self, key: str) -> object | None:
        self._asked.append(key)
        return self._content.get(key)

    def _required(self, key: str) -> object | None:
        value = self._find(key)
        if value is None:
            self.refuse(key, f"missing; every {self.noun} needs it")
        return value

    def _is_text_of_money(self, key: str, value: object, more: str = "") -> bool:
        if not isinstance(value, str):
            how = f'; write "{_as_money(value)}"' if _is_number(value) else ', such as "250000.00"'
            self.refuse(key, f"money is a string{how}{more}")
        return isinstance(value, str)

    def _read(self, key: str, read: Callable[[str], _Value], text: str, stand_in: _Value) -> _Value:
        """What `read` makes of the text, or the stand-in if it says in a ValueError why it cannot."""
        try:
            return read(text)
        except ValueError as why:
            self.refuse(key, str(why))
            return stand_in


def _not_negative(number: _Number, text: str) -> _Number:
    if number < 0:
        message = f"{quoted(text)} is below zero; write nought or more"
        raise ValueError(message)
    return number


def _pence_not_negative(text: str) -> int:
    return _not_negative(pence_of(text), text)


def _number_not_negative(text: str) -> Fraction:
    return _not_negative(number_of(text), text)


def _limit_of(text: str) -> Limit:
    if not text.endswith("%"):
        return Limit(pence=_pence_not_negative(text))
    try:
        percent = number_of(text[:-1].rstrip())
    except ValueError:
        message = f"{_shown(text)} is not a percentage; write it as 2% or 2.5%"
        raise ValueError(message) from None
    return Limit(percent=_not_negative(percent, text))


def _on_one_line(text: str) -> str:
    return "".join(each if each.isprintable() else "�" for each in text)


def _is_number(value: object) -> bool:
    return isinstance(value, Written) or (isinstance(value, int) and not isinstance(value, bool))


def _shown(value: object) -> str:
    """A TOML value as a message shows it."""
    match value:
        case str():
            shown = quoted(value if len(value) <= _LONGEST_SHOWN else value[:_LONGEST_SHOWN] + "…")
        case bool():
            shown = str(value).lower()
        case int() if abs(value) > LARGEST_PENCE:
            # Python will not print a number of thousands of digits, and TOML may hold one in hexadecimal
            shown = "so large a number"
        case Written():
            shown = value.text
        case list():
            shown = "a list"
        case dict():
            shown = "a table"
        case _:
            shown = str(value)
    return shown


def _as_money(value: object) -> str:
    """How money that was written as a number should have been; an example if that cannot be told."""
    try:
        return plain(pence_of(_shown(value)))
    except ValueError:
        return "250000.00"
