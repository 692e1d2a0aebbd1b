"""The rules of the house, as tests: what review would otherwise have to look for every time."""

import ast
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("rules", "ledgers", "settlement", "ui")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
SHARED_GOLDEN = ROOT.parent / "shared" / "golden"
MONEY = "rules/money.py"


def name_of(path: Path) -> str:
    """A module by its path in the house."""
    return path.relative_to(ROOT).as_posix()


@dataclass
class Found:
    """What there is in the modules for the rules to judge: each is parsed once, and its tree is not kept."""

    called: set[tuple[str, str]] = field(default_factory=set)
    imported: set[tuple[str, str]] = field(default_factory=set)
    formatted: list[tuple[str, int, str]] = field(default_factory=list)
    divided: set[str] = field(default_factory=set)
    undescribed: list[str] = field(default_factory=list)
    said: list[tuple[str, int, str]] = field(default_factory=list)

    def look_at(self, name: str, tree: ast.Module) -> None:
        """Take from a module's syntax tree what the rules are about."""
        if not (ast.get_docstring(tree) or "").strip():
            self.undescribed.append(name)
        ours = docstrings_of(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                self.called.add((name, called(node)))
            elif isinstance(node, ast.Import):
                self.imported |= {(name, alias.name) for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                self.imported.add((name, node.module or ""))
            elif isinstance(node, ast.FormattedValue) and isinstance(node.format_spec, ast.JoinedStr):
                spec = "".join(each.value for each in node.format_spec.values if isinstance(each, ast.Constant))
                self.formatted.append((name, node.lineno, spec))
            elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
                words = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
                words |= {each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute)}
                if any(word == "pence" or word.endswith("_pence") for word in words):
                    self.divided.add(name)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in ours:
                self.said.append((name, node.lineno, node.value))


@cache
def found() -> Found:
    """What there is in every module."""
    all_of_it = Found()
    for path in MODULES:
        all_of_it.look_at(name_of(path), ast.parse(path.read_text(encoding="utf-8"), str(path)))
    return all_of_it


def called(call: ast.Call) -> str:
    """The name that a call calls; nothing of anything else."""
    function = call.func
    return (
        function.id if isinstance(function, ast.Name) else function.attr if isinstance(function, ast.Attribute) else ""
    )


def docstrings_of(tree: ast.Module) -> set[int]:
    """The texts that nobody reads but us: docstrings, of attributes too."""
    return {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}


def test_every_floor_of_the_house_was_looked_at() -> None:
    """Guards against rules that hold because nothing was read."""
    assert {name_of(path).split("/")[0] for path in MODULES} == set(PACKAGES)
    assert len(MODULES) > 50


# --- money ------------------------------------------------------------------------------------------------------------

# Where a float is no money: a page is measured in points.
ON_PAPER = ("settlement/statements/pdf/", "settlement/statements/pictures/")
MAKES_OR_BREAKS_MONEY = {"float", "Decimal", "Money", "round", "format_money", "localize"}


def test_only_the_money_module_makes_a_float_a_decimal_or_a_money() -> None:
    """Pence are whole numbers: a float loses them, a Decimal gives the odd penny away, py-moneyed takes either."""
    makers = {each for each in found().called if each[1] in MAKES_OR_BREAKS_MONEY}
    assert makers
    assert {each for each in makers if each[0] != MONEY and not each[0].startswith(ON_PAPER)} == set()


def test_only_the_money_module_imports_decimals_and_py_moneyed() -> None:
    assert {name for name, each in found().imported if each.split(".")[0] in {"decimal", "moneyed"}} == {MONEY}


def test_no_number_is_formatted_as_a_float() -> None:
    """`f"{pence / 100:.2f}"` is how a penny is lost in print: `rules.money.pounds` shows amounts."""
    assert found().formatted
    assert [
        f"{name}:{line}: {spec}"
        for name, line, spec in found().formatted
        if re.fullmatch(r".*[feEgG%]", spec) and not name.startswith(ON_PAPER)
    ] == []


# Divisions that are exact: the other side is a Fraction, or what comes of it is of a form that has nothing better.
EXACT_DIVISIONS = {
    "rules/allocation.py": "a percentage is a Fraction",
    "rules/performance.py": "activity is a Fraction",
    "settlement/statements/workbook/book.py": "a spreadsheet has floats, and fifteen figures of them hold pence",
}


def test_pence_are_never_divided_into_floats() -> None:
    assert found().divided == set(EXACT_DIVISIONS)


# --- how the house is built -------------------------------------------------------------------------------------------


def test_each_floor_imports_only_what_it_may(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The contracts of pyproject.toml, by import-linter."""
    from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

    monkeypatch.chdir(ROOT)
    monkeypatch.syspath_prepend(str(ROOT))
    status = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True, no_logo=True)
    told = capsys.readouterr().out
    assert status == EXIT_STATUS_SUCCESS, told


def test_every_module_says_what_it_is_for() -> None:
    assert found().undescribed == []


LONGEST = 450


def test_no_module_is_too_long_to_be_read_at_a_sitting() -> None:
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_no_module_is_named_for_being_useful() -> None:
    """`utils.py` is where things go that were not given a name."""
    useless = {"utils", "util", "helpers", "helper", "common", "misc", "tools", "base"}
    assert [name_of(path) for path in MODULES if path.stem in useless] == []


# --- words ------------------------------------------------------------------------------------------------------------

# domain.md, Words: what the field does not say.
AVOIDED = re.compile(
    r"\b(profits?|bills?|pots?|customers?|clients?|deficits?|surplus(?:es)?|lead partners?|CCGs?)\b", re.IGNORECASE
)
# Where a word stands all the same, and why.
ALLOWED = {
    ("rules/agreement.py", "ccg"): "a partner's kind, as formats.md writes it",
    ("settlement/samples/barnet.py", "ccg"): "Barnet's own note on its published figures of 2014/15",
    ("settlement/statements/accounts/disposal.py", "surplus"): "of a memorandum account, as domain.md calls it",
    ("settlement/statements/accounts/disposal.py", "deficit"): "of a memorandum account, as domain.md calls it",
    ("settlement/statements/accounts/memorandum.py", "surplus"): "of a memorandum account, as domain.md calls it",
    ("settlement/statements/accounts/memorandum.py", "deficit"): "of a memorandum account, as domain.md calls it",
    ("settlement/statements/accounts/memorandum_wording.py", "surplus"): "in the note to a partner's accounts",
    ("settlement/statements/accounts/memorandum_wording.py", "deficit"): "in the note to a partner's accounts",
    ("settlement/statements/notes.py", "surplus"): "the note to a memorandum account",
    ("settlement/statements/notes.py", "deficit"): "the note to a memorandum account",
}


def test_no_text_for_a_person_uses_a_word_that_the_field_does_not() -> None:
    wrong = []
    for name, line, text in found().said:
        words = {word for word in AVOIDED.findall(text) if (name, word.lower()) not in ALLOWED}
        wrong += [f"{name}:{line}: {word} in {text!r}" for word in sorted(words)]
    assert wrong == []


# --- golden cases -----------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not SHARED_GOLDEN.is_dir(), reason="the shared golden cases are not beside this repository")
def test_the_golden_cases_are_those_that_are_shared() -> None:
    def files(folder: Path) -> dict[str, bytes]:
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    assert files(ROOT / "tests" / "golden") == files(SHARED_GOLDEN)


def test_no_widget_is_asked_for_its_screen() -> None:
    """PySide destroys the one screen's object with the widget that was asked, and crashes at the next window."""
    asking = re.compile(r"\.screen\(\)")
    assert [name_of(path) for path in MODULES if asking.search(path.read_text(encoding="utf-8"))] == []
