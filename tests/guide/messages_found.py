"""Every message that the program can show, found in its source: the sentences that reach what tells a person.

A refusal, a finding or a failure is told by a few calls (`Problem`, `VerificationError`, `Finding`, …), and by what
passes a sentence on to one of those. Which functions do is found too, until no more are.
`messages_recorded.py` is the other half: it holds what the suite runs into against the same pages.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from tests.guide.sentences import (
    CLOSES,
    HOLE,
    OPENS,
    Function,
    Scope,
    functions_called,
    module_of,
    modules_with,
    sources,
    texts,
)

_TELLS: dict[str, tuple[tuple[int, str], ...]] = {
    "Problem": ((0, "message"),),
    "VerificationError": ((0, "problem"),),
    "pass_over": ((1, "rule"),),
    "DraftError": ((0, "message"),),
    "Failure": ((0, "sentence"),),
    "Finding": ((1, "message"),),
    "Mark": ((0, "message"),),
    "ValueError": ((0, "message"),),
    "say_problem": ((0, "heading"), (1, "sentences")),
    "say_failure": ((1, "heading"),),
    "Trouble": ((1, "message"),),
    "warning": ((0, "message"),),
}
"""What tells a message: where the message stands among its arguments, and its name."""

_ON = {
    "say": {"problem", "failure", "wrong", "why_not", "error", "warning"},
    "add": {"checks", "decisions", "late"},
    "emit": {"failed"},
}
"""Methods that tell a heading and sentences, and the attributes whose methods they are: banners of the window, its
lists of what keeps a period from being signed, and the signal of what failed."""

_METHODS = {"refuse", "refused", "add", "add_difference", "_complain", "_say", "_ask_for", "ask_for", "_tell"}
"""Methods that pass a sentence on. Any object may have one of these names; what it is given is then no sentence."""

_WRITTEN = {"add": "faults.add("}
"""How the call of a method is written of which every object has one: no other source has to be parsed for it."""

_LISTS = {"remarks", "others", "complaints", "differences", "errors", "errors[row]"}
"""Lists that what is told is put into, a sentence at a time."""

_ANSWER = {
    "ledgers/posting.py": {"complaints_of"},
    "ledgers/importing/judging.py": {"_period", "_scheme", "_partner", "_kind", "_cause"},
    "ledgers/importing/reading_measures.py": {"_complaints"},
    "ledgers/trail.py": {"_breaks", "_numbering"},
    "rules/template_form.py": {"needs_pooled", "needs_influenced", "needs_either"},
    "settlement/signing_off.py": {"why_not_hold", "why_not_reopen", "why_not_sign", "why_not_withdraw"},
    "settlement/signoff/differences.py": {"sentence", "_of_whole"},
    "settlement/signoff/signing.py": {"_undecided", "_unassented"},
    "settlement/signoff/window.py": {"_too_deep", "_too_many"},
}
"""Functions that answer what is wrong, by themselves or in tuples and lists, which somebody else tells."""

_NO_MESSAGES = {
    "rules/allocation.py": "a slip of the program's own: weights are looked at before anything is allocated",
    "settlement/messages/": "told to whoever translates statements, when the texts are gathered",
    "settlement/statements/inputs.py": "slips of the program's own: a statement's state and its seal go together",
    "settlement/statements/numbers_in_welsh.py": "no amount of a ledger is so large",
    "settlement/statements/pdf/": "parts of a PDF",
    "settlement/statements/wording.py": "no amount of a ledger is so large",
    "settlement/statements/workbook/": "names of a workbook's cells",
    "ui/pages/statements/preview.py": "how far a search in a document has come",
    "ui/guide/": "told to whoever draws the guide's pictures",
}
"""Files that nobody is told anything from, and why."""

_SLIPS = {
    "two files would be called": "names of statements differ by their partner and kind",
    "has no finite decimal": "numbers are read from decimals",
    "’s is by the login “": "a part of another sentence",
}
"""Parts of sentences that nobody is told by themselves, and why."""

_TABLES = {
    "ledgers/connecting.py": {"_SENTENCES"},
    "ledgers/migrations/versions/0002_sign_off.py": {"_REFUSALS", "_CLOSED", "_NOTED"},
    "ledgers/server_sentences.py": {"_RIGHTS", "_SENTENCES"},
    "ui/session.py": {"FOLDER_READ_ONLY"},
}
"""Constants that hold sentences, of which one is looked up as the program runs."""

_RAISE = "RAISE EXCEPTION"
_FEWEST_WORDS = 2


HOLES = f"{OPENS}[^{CLOSES}]*{CLOSES}"
"""A pattern: each hole of a template, whatever it is called."""


@dataclass(frozen=True, slots=True, order=True)
class Message:
    """A message: its text with holes, and where in the source it is told."""

    template: str
    file: str
    line: int

    @property
    def literal(self) -> tuple[str, ...]:
        """What always stands in it, in order, around its holes."""
        return tuple(re.split(HOLES, self.template))

    def filled(self, fill: str) -> str:
        """The message with the same words in every hole."""
        return fill.join(self.literal)


@dataclass(frozen=True)
class _Passing:
    """A function that tells what it is given: by which parameter, and in which sentence (the hole marked)."""

    function: Function
    parameter: str
    sentence: str


@dataclass(frozen=True)
class _Call:
    node: ast.Call
    scope: Scope


def _mark(parameter: str) -> str:
    return f"\x01{parameter}\x02"


_MARK = re.compile("\x01([^\x02]*)\x02")


@cache
def messages() -> tuple[Message, ...]:
    """Every message of the program, in the order of its files."""
    found: set[Message] = set()
    passing: dict[_Passing, None] = {}
    for call, sentence in _first_told():
        _note(sentence, call, found, passing)
    done: set[_Passing] = set()
    while more := [each for each in passing if each not in done]:
        done.update(more)
        for each in more:
            name = each.function.node.name
            for call in _calls_of(name, _WRITTEN.get(name, "")):
                for sentence in _passed(call, each):
                    _note(sentence, call, found, passing)
    for told in (*_answered(), *_kept(), *_raised()):
        _add(*told, found)
    return tuple(sorted(found, key=lambda each: (each.file, each.line, each.template)))


def _first_told() -> Iterator[tuple[_Call, str]]:
    """Each call that tells by itself, and each sentence that it tells."""
    written = [(name, "") for name in (*_TELLS, "echo")]
    written += [(name, f"{attribute}.{name}(") for name, attributes in _ON.items() for attribute in sorted(attributes)]
    for name, how in written:
        for call in _calls_of(name, how):
            for sentence in _told(call, name):
                yield call, sentence
    for name in sorted(_LISTS):
        for call in _calls_of("append", f"{name}.append("):
            for sentence in _put(call, name):
                yield call, sentence


@cache
def _calls_of(name: str, written: str = "") -> tuple[_Call, ...]:
    """The calls of what has that name, in every function of the program."""
    return tuple(
        _Call(node, Scope(module, function, tuple((each, frozenset({_mark(each)})) for each in function.parameters)))
        for module in modules_with(written or f"{name}(")
        for node, function in module.calls.get(name, ())
    )


def _told(call: _Call, name: str) -> Iterator[str]:
    """The sentences that a call tells by itself."""
    places = _TELLS.get(name, ())
    if name == "echo" and any(each.arg == "err" for each in call.node.keywords):
        places = ((0, "message"),)  # on standard error
    if name in _ON and isinstance(call.node.func, ast.Attribute):
        shown_in = getattr(call.node.func.value, "attr", "")
        places = ((0, "heading"), (1, "sentences")) if shown_in in _ON[name] else ()
    for at, known in places:
        yield from _sentences(call, at, known)


def _put(call: _Call, name: str) -> Iterator[str]:
    """The sentences that a call puts into a list of that name, alone or last in a tuple."""
    function, told = call.scope.function, call.node.func
    if function is None or not isinstance(told, ast.Attribute) or not ast.unparse(told.value).endswith(name):
        return
    for value in call.node.args:
        known = function.assigned.get(value.id, ()) if isinstance(value, ast.Name) else ()
        for each in known or (value,):
            yield from texts(each.elts[-1] if isinstance(each, ast.Tuple) else each, call.scope)


def _answered() -> Iterator[tuple[str, str, int]]:
    """The sentences that functions answer: each with its file and line."""
    for file, names in _ANSWER.items():
        module = module_of(file)
        for function in (each for name in sorted(names) for each in module.functions[name]):
            for value in function.answered:
                pairs = [each.elts[-1] for each in ast.walk(value) if isinstance(each, ast.Tuple) and each.elts]
                for each in pairs or [value]:
                    for sentence in texts(each, Scope(module, function)):
                        yield sentence, file, each.lineno


def _kept() -> Iterator[tuple[str, str, int]]:
    """The sentences of the tables that are looked up as the program runs: each with its file and line."""
    for file, names in _TABLES.items():
        module = module_of(file)
        for name in sorted(names):
            for each in _last_of(module.constants[name]):
                for sentence in texts(each, Scope(module, None)) - {HOLE}:
                    yield sentence, file, each.lineno


def _last_of(table: ast.expr) -> Iterator[ast.expr]:
    """What a table answers: the values of a dictionary, the last of each of its rows."""
    match table:
        case ast.Dict(values=values):
            for each in values:
                yield from _last_of(each)
        case ast.Tuple(elts=[*_, ast.Tuple() | ast.Starred()] as rows):
            for each in rows:
                yield from _last_of(each)
        case ast.Tuple(elts=[*_, last]):
            yield last
        case ast.Starred(value=ast.GeneratorExp(elt=row)):
            yield from _last_of(row)
        case _:
            yield table


def _raised() -> Iterator[tuple[str, str, int]]:
    """The sentences that a server's functions raise, which stand in SQL: each with its file and line."""
    for module in modules_with(_RAISE):
        source = sources()[module.name][1]
        for told in re.finditer(rf"{_RAISE}((?:\s*'(?:[^']|'')*')+)", source):
            sentence = "".join(re.findall(r"'((?:[^']|'')*)'", told[1])).replace("''", "'").replace("%", HOLE)
            if "{" not in sentence:
                yield sentence, module.file, source.count("\n", 0, told.start()) + 1


def _passed(call: _Call, passing: _Passing) -> Iterator[str]:
    """The sentences that a call tells by a function that passes them on."""
    function = passing.function
    if isinstance(call.node.func, ast.Attribute):
        is_own = call.scope.module.file.partition("/")[0] == function.module.file.partition("/")[0]
        is_meant = function.in_class and function.node.name in _METHODS and (is_own or function.node.name == "refuse")
    else:
        is_meant = function in functions_called(call.node, call.scope.module)
    if is_meant:
        at = function.parameters.index(passing.parameter)
        for inner in _sentences(call, at, passing.parameter):
            yield passing.sentence.replace(_mark(passing.parameter), inner)


def _sentences(call: _Call, at: int, name: str) -> frozenset[str]:
    positional = call.node.args[at : at + 1]
    value = next((each.value for each in call.node.keywords if each.arg == name), None)
    if positional and not isinstance(positional[0], ast.Starred):
        value = positional[0]
    return frozenset() if value is None else texts(value, call.scope)


def _note(sentence: str, call: _Call, found: set[Message], passing: dict[_Passing, None]) -> None:
    """The message, and which parameters of the function it is told in it is made of."""
    function = call.scope.function
    for parameter in set(_MARK.findall(sentence)) if function is not None else ():
        kept = _mark(parameter).join(_MARK.sub(HOLE, each) for each in sentence.split(_mark(parameter)))
        passing.setdefault(_Passing(function, parameter, kept))
    _add(sentence, call.scope.module.file, call.node.lineno, found)


def _add(sentence: str, file: str, line: int, found: set[Message]) -> None:
    if file.startswith(tuple(_NO_MESSAGES)) or any(slip in sentence for slip in _SLIPS):
        return
    template = re.sub(f"({HOLES})+", r"\1", _MARK.sub(HOLE, sentence)).strip()
    if len(re.findall(r"(?<![\w])[^\W\d_]{2,}(?![\w])", re.sub(HOLES, " ", template))) >= _FEWEST_WORDS:
        found.add(Message(template, file, line))
