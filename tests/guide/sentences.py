"""What the strings of the program's source come to: an expression followed back to the sentences it can be.

From an expression the way leads through names, constants, conditions and the functions that build it, to the strings
that it is made of. What only running shows stands as a hole.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import product
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OPENS, CLOSES = "\x00", "\x03"
HOLE = OPENS + CLOSES
"""Stands in a template for what only running shows; between its two halves may stand what that is called."""

_FLOORS = ("rules", "ledgers", "settlement", "ui")
_DEEPEST = 12
_MOST = 24
_FRAGMENT = 3  # words: what is shorter is a name or a plural, and stays a hole
_AS_IT_IS = {"visible", "_on_one_line", "str", "raised", "in_the_window", "one_line"}
"""Functions that answer the sentence they are given, for the purpose here."""

_NAMES = {
    "listed",
    "quoted",
    "nearest",
    "pounds",
    "plain",
    "counted",
    "shown_name",
    "_shown",
    "_some",
    "_listed",
    "when",
}
"""Functions that answer a name, an amount or a list of them, however many words of their own they put into it."""


@dataclass(eq=False)
class Module:
    """A module of the program: what it names, and what it imports."""

    name: str
    file: str
    constants: dict[str, ast.expr] = field(default_factory=dict)
    functions: dict[str, list["Function"]] = field(default_factory=dict)
    imports: dict[str, tuple[str, str]] = field(default_factory=dict)
    calls: dict[str, list[tuple[ast.Call, "Function"]]] = field(default_factory=dict)


@dataclass(eq=False)
class Function:
    """A function or method of the program."""

    module: Module
    node: ast.FunctionDef
    in_class: bool

    @cached_property
    def assigned(self) -> dict[str, list[ast.expr]]:
        """What is assigned to each name in it."""
        found: dict[str, list[ast.expr]] = {}
        for node in ast.walk(self.node):
            for name, value in _assignments(node):
                found.setdefault(name, []).append(value)
        return found

    @cached_property
    def returned(self) -> list[ast.expr]:
        """What it answers."""
        return [node.value for node in ast.walk(self.node) if isinstance(node, ast.Return) and node.value is not None]

    @cached_property
    def answered(self) -> list[ast.expr]:
        """What it answers or yields."""
        yielded = [node.value for node in ast.walk(self.node) if isinstance(node, ast.Yield) and node.value is not None]
        return [*self.returned, *yielded]

    @cached_property
    def parameters(self) -> list[str]:
        """The names of what it is given, without `self`."""
        given = self.node.args
        names = [each.arg for each in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
        is_bound = self.in_class and names[:1] in (["self"], ["cls"])
        return names[1:] if is_bound else names


@dataclass(frozen=True)
class Scope:
    module: Module
    function: Function | None
    given: tuple[tuple[str, frozenset[str]], ...] = ()


@cache
def sources() -> dict[str, tuple[str, str]]:
    """Every module of the program by its dotted name: its file and its text."""
    found = {}
    for floor in _FLOORS:
        for path in sorted((ROOT / floor).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            found[name] = (path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))
    return found


@cache
def module_named(name: str) -> Module | None:
    """The module of that dotted name; None if the program has none. What nobody asks for is never parsed."""
    known = sources().get(name)
    return None if known is None else _module(name, known[0], ast.parse(known[1]))


def modules_with(text: str) -> Iterator[Module]:
    """The modules in whose source a text stands."""
    for name, (_file, source) in sources().items():
        if text in source:
            module = module_named(name)
            assert module is not None
            yield module


def module_of(file: str) -> Module:
    """The module that a file is."""
    module = module_named(next(name for name, (known, _) in sources().items() if known == file))
    assert module is not None
    return module


def _module(name: str, file: str, tree: ast.Module) -> Module:
    made = Module(name, file)
    for statement in tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=known)], value=value):
                made.constants[known] = value
            case ast.AnnAssign(target=ast.Name(id=known), value=ast.expr() as value):
                made.constants[known] = value
    _visit(tree, made, None, in_class=False)
    return made


def _visit(node: ast.AST, module: Module, function: Function | None, *, in_class: bool) -> None:
    """Note what is in a node: imports, functions, and the calls of each."""
    for child in ast.iter_child_nodes(node):
        within, of_class = function, in_class
        match child:
            case ast.ImportFrom(module=str() as source, names=names, level=0):
                module.imports.update({each.asname or each.name: (source, each.name) for each in names})
            case ast.FunctionDef():
                within, of_class = Function(module, child, in_class), False
                module.functions.setdefault(child.name, []).append(within)
            case ast.ClassDef():
                of_class = True
            case ast.Call() if function is not None:
                module.calls.setdefault(called(child), []).append((child, function))
        _visit(child, module, within, in_class=of_class)


# ------------------------------------------------------------------------------------------- what a sentence is made of


_known: dict[tuple[ast.expr | None, Scope], frozenset[str]] = {}


def texts(expression: ast.expr | None, scope: Scope, depth: int = 0) -> frozenset[str]:
    """The texts, with holes, that an expression can be; a hole alone where it cannot be told."""
    if depth > _DEEPEST:
        return frozenset({HOLE})
    told = _known.get((expression, scope))
    if told is None:
        told = _found(expression, scope, depth)
        if not depth:
            _known[expression, scope] = told
    return told


def _found(expression: ast.expr | None, scope: Scope, depth: int) -> frozenset[str]:  # noqa: PLR0911  a kind of expression each
    deeper = depth + 1
    match expression:
        case ast.Constant(value=str() as text):
            return frozenset({text})
        case ast.JoinedStr(values=values):
            return _joined([_part(each, scope, deeper) for each in values])
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _joined([texts(left, scope, deeper), texts(right, scope, deeper)])
        case ast.IfExp(body=body, orelse=orelse):
            return texts(body, scope, deeper) | texts(orelse, scope, deeper)
        case ast.BoolOp(values=values):
            return frozenset().union(*(texts(each, scope, deeper) for each in values))
        case ast.NamedExpr(value=value):
            return texts(value, scope, deeper)
        case ast.Name(id=name):
            return _of_name(name, scope, deeper)
        case ast.Subscript(value=value):
            return _of_table(value, scope, deeper)
        case ast.Call():
            return _of_call(expression, scope, deeper)
    return frozenset({HOLE})


def _part(value: ast.expr, scope: Scope, depth: int) -> frozenset[str]:
    if not isinstance(value, ast.FormattedValue):
        return texts(value, scope, depth)
    hole = f"{OPENS}{_name_of(value.value)}{CLOSES}"
    if value.format_spec is not None:
        return frozenset({hole})
    found = texts(value.value, scope, depth)
    if len(found) > _MOST or not any(_is_told(each) for each in found):
        return frozenset({hole})
    return frozenset(each if not each or _is_told(each) else hole for each in found)


def _name_of(expression: ast.expr) -> str:  # noqa: PLR0911  a kind of expression each
    """What a hole is called: the last name of the expression, in words."""
    match expression:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name.strip("_").replace("_", " ")
        case ast.Call(func=ast.Name(id="pounds" | "plain")):
            return "amount"
        case ast.Call(func=ast.Name(id="listed" | "_listed" | "_some")) | ast.Call(func=ast.Attribute(attr="join")):
            return "list"
        case ast.Call(func=ast.Name(id="len")):
            return "number"
        case ast.Call(args=[first, *_]):
            return _name_of(first)
        case ast.BoolOp(values=[first, *_]) | ast.Subscript(value=first):
            return _name_of(first)
    return ""


def _is_told(text: str) -> bool:
    """Whether it is words of a sentence."""
    words = re.sub(f"{OPENS}[^{CLOSES}]*{CLOSES}", "", text).split()
    return sum(1 for word in words if any(map(str.isalpha, word))) >= _FRAGMENT


def _joined(parts: list[frozenset[str]]) -> frozenset[str]:
    if len(parts) > 1:
        few = [part if len(part) <= _MOST else frozenset({HOLE}) for part in parts]
        count = 1
        for at, part in enumerate(few):
            count *= len(part)
            if count > _MOST * 4:
                few[at] = frozenset({HOLE})
                count //= len(part)
        parts = few
    return frozenset("".join(each) for each in product(*parts))


def _of_name(name: str, scope: Scope, depth: int) -> frozenset[str]:
    function = scope.function
    if function is not None:
        told = dict(scope.given).get(name)
        found: set[str] = set(told or ())
        for value in function.assigned.get(name, ()):
            found |= texts(value, scope, depth)
        if found:
            return frozenset(found)
        if name in {each.arg for each in ast.walk(function.node.args) if isinstance(each, ast.arg)}:
            return frozenset({HOLE})
    constant = _constant(name, scope.module)
    if constant is None:
        return frozenset({HOLE})
    module, value = constant
    return texts(value, Scope(module, None), depth)


def _constant(name: str, module: Module) -> tuple[Module, ast.expr] | None:
    if name in module.constants:
        return module, module.constants[name]
    source, known = module.imports.get(name, ("", ""))
    other = module_named(source)
    return None if other is None else _constant(known, other)


def _assignments(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    match node:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                yield from _unpacked(target, value)
        case ast.AnnAssign(target=ast.Name(id=known), value=ast.expr() as value):
            yield known, value
        case ast.NamedExpr(target=ast.Name(id=known), value=value):
            yield known, value
        case ast.AugAssign(target=ast.Name(id=known), value=value):
            yield known, ast.BinOp(ast.Constant(HOLE), ast.Add(), value)


def _unpacked(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    match target, value:
        case ast.Name(id=known), _:
            yield known, value
        case ast.Tuple(elts=targets), ast.Tuple(elts=values) if len(targets) == len(values):
            for each, given in zip(targets, values, strict=True):
                yield from _unpacked(each, given)


def _of_table(table: ast.expr, scope: Scope, depth: int) -> frozenset[str]:
    """The texts that stand in a table of sentences."""
    values: list[ast.expr | None] = []
    match table:
        case ast.Name(id=name):
            constant = _constant(name, scope.module)
            if constant is None:
                return frozenset({HOLE})
            module, value = constant
            return (
                _of_table(value, Scope(module, None), depth) if not isinstance(value, ast.Name) else frozenset({HOLE})
            )
        case ast.Dict(values=given):
            values = list(given)
        case ast.Tuple(elts=given) | ast.List(elts=given):
            values = list(given)
        case ast.Call(args=[inner, *_]):  # a frozen mapping
            return _of_table(inner, scope, depth)
    return frozenset().union(*(texts(each, scope, depth) for each in values)) or frozenset({HOLE})


def _of_call(call: ast.Call, scope: Scope, depth: int) -> frozenset[str]:  # noqa: PLR0911  a kind of expression each
    name = called(call)
    match call.func:
        case ast.Attribute(value=inner, attr="format"):
            return frozenset(_with_holes(each) for each in texts(inner, scope, depth))
        case ast.Attribute(value=inner, attr="get") if call.args:
            rest = [texts(each, scope, depth) for each in call.args[1:]]
            return _of_table(inner, scope, depth).union(*rest)
        case ast.Attribute(value=inner, attr="capitalize" | "rstrip" | "strip" | "removesuffix" | "replace"):
            return texts(inner, scope, depth)
    if name in _NAMES:
        return frozenset({HOLE})
    if name in _AS_IT_IS and call.args:
        return texts(call.args[0], scope, depth)
    found: set[str] = set()
    for function in functions_called(call, scope.module):
        if depth > _DEEPEST // 2:
            return frozenset({HOLE})
        within = Scope(function.module, function, tuple(_given(call, function, scope, depth)))
        for value in function.returned:
            found |= texts(value, within, depth)
    return frozenset(found) or frozenset({HOLE})


def _with_holes(text: str) -> str:
    """A text for `str.format`, with holes for its fields."""
    parts = []
    while "{" in text:
        before, _, after = text.partition("{")
        parts.append(before + HOLE)
        text = after.partition("}")[2]
    return "".join(parts) + text


def _given(call: ast.Call, function: Function, scope: Scope, depth: int) -> Iterator[tuple[str, frozenset[str]]]:
    named = [*zip(function.parameters, call.args, strict=False), *((each.arg, each.value) for each in call.keywords)]
    for name, value in named:
        found = texts(value, scope, depth)
        if name is not None and HOLE not in found:
            yield name, found


def called(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def functions_called(call: ast.Call, module: Module) -> list[Function]:
    """The functions of the program that a call may mean: of its module, of the one it is imported from."""
    name = called(call)
    if isinstance(call.func, ast.Attribute):
        is_own = isinstance(call.func.value, ast.Name) and call.func.value.id in {"self", "cls"}
        return [each for each in module.functions.get(name, []) if each.in_class] if is_own else []
    if name in module.functions:
        return module.functions[name]
    source, known = module.imports.get(name, ("", ""))
    other = module_named(source)
    if other is None:
        return []
    if known not in other.functions and known in other.imports:
        source, known = other.imports[known]
        other = module_named(source) or other
    return other.functions.get(known, [])
