"""`docs/commands.md` says of every command what the program's own help says, and of what it heeds all that there is."""

import re

from settlement.command.main import REFUSED, STOPPED
from tests.guide.commands_page import ENDS, commands, listed, parts
from tests.guide.pages import ROOT

VARIABLE = re.compile(r"\bS75_[A-Z]+\b")


def test_the_list_is_the_programs_own_help() -> None:
    """`python -m tests.guide.commands_page` writes it anew."""
    _before, told, _after = parts()
    assert told.splitlines() == listed().splitlines()


def test_every_command_stands_in_it_with_an_example_of_itself() -> None:
    text = listed()
    names = [name for name, _command in commands()]
    assert len(names) > 25
    assert "key new" in names
    for name, command in commands():
        assert f"\n### s75 {name}\n" in text
        assert f"s75 {name}" in " ".join((command.help or "").split()), f"the help of {name} has no example"


def test_the_ways_of_ending_are_the_programs() -> None:
    _before, _told, after = parts()
    assert after.startswith(ENDS)
    stated = {int(status) for status in re.findall(r"^\| `(\d+)` \|", after, re.MULTILINE)}
    assert stated == {0, 1, REFUSED, STOPPED}


def test_every_variable_of_ours_is_named_and_no_other() -> None:
    """Those that the program reads; what is the tests' own (`S75_SOAK`) is told to contributors."""
    read = set()
    for floor in ("rules", "ledgers", "settlement", "ui"):
        for path in (ROOT / floor).rglob("*.py"):
            read |= set(VARIABLE.findall(path.read_text(encoding="utf-8")))
    _before, _told, after = parts()
    assert set(VARIABLE.findall(after)) == read
