"""The list in `docs/commands.md`, written from the program's own help: `python -m tests.guide.commands_page`.

What stands before the list and after it is written by hand.
"""

import re
import sys
import textwrap
from collections.abc import Iterator
from typing import Any

from tests.guide.checking import program
from tests.guide.pages import DOCS

PAGE = DOCS / "commands.md"
BEGINS, ENDS = "## The commands\n", "## How a command ends\n"
_WIDTH = 118
_EXAMPLE = re.compile(r"Examples?: (?P<typed>s75 .*)$")


def commands() -> Iterator[tuple[str, Any]]:
    """Every command as it is typed, `settle`, `key new`, in the order of the program's help."""
    for name, command in program().commands.items():
        inner = getattr(command, "commands", None)
        if inner is None:
            yield name, command
        else:
            yield from ((f"{name} {each}", found) for each, found in inner.items())


def listed() -> str:
    """The list: of each command how it is typed, what it does, its arguments and options."""
    return "\n".join([BEGINS, *(_told(name, command) for name, command in commands())]) + "\n"


def _told(name: str, command: Any) -> str:  # noqa: ANN401  of Typer's own copy of Click
    typed = " ".join(["s75", name, *map(_usage, command.params)])
    paragraphs = [_paragraph(each) for each in command.help.strip().split("\n\n")]
    rows = [f"| {_named(each)} | {each.help}{_default(each)} |" for each in command.params]
    table = ["| | |\n| --- | --- |\n" + "\n".join(rows)] if rows else []
    told = [textwrap.fill(each, _WIDTH, break_on_hyphens=False) for each in (_code(typed), *paragraphs)]
    return "\n\n".join([f"### s75 {name}", *told, *table]) + "\n"


def _usage(parameter: Any) -> str:  # noqa: ANN401  as above
    if parameter.param_type_name == "argument":
        metavar = str(parameter.metavar).strip("[]")
        return metavar if parameter.required else f"[{metavar}]"
    typed = parameter.opts[0] if parameter.is_flag else f"{parameter.opts[0]} {parameter.metavar}"
    return typed if parameter.required else f"[{typed}]"


def _named(parameter: Any) -> str:  # noqa: ANN401  as above
    if parameter.param_type_name == "argument":
        return f"`{str(parameter.metavar).strip('[]')}`"
    value = "" if parameter.is_flag else f" {parameter.metavar}"
    return ", ".join(f"`{each}{value}`" for each in parameter.opts)


def _default(parameter: Any) -> str:  # noqa: ANN401  as above
    default = parameter.default
    return (
        f" If it is left out: `{default}`."
        if isinstance(default, str | int) and default and default is not True
        else ""
    )


def _paragraph(text: str) -> str:
    """A paragraph of help with its examples as code."""
    told = " ".join(text.split())
    example = _EXAMPLE.search(told)
    if example is None:
        return told
    typed = example["typed"].split(" and s75 ")
    codes = " and ".join(_code(each if each.startswith("s75 ") else f"s75 {each}") for each in typed)
    return f"{told[: example.start('typed')]}{codes}"


def _code(text: str) -> str:
    return f"`{text}`"


def parts() -> tuple[str, str, str]:
    """The page in its parts: before the list, the list, after it."""
    text = PAGE.read_text(encoding="utf-8")
    before, _begins, rest = text.partition(BEGINS)
    list_, _ends, after = rest.partition(ENDS)
    return before, BEGINS + list_, ENDS + after


if __name__ == "__main__":
    first, _list, last = parts()
    PAGE.write_text(f"{first}{listed()}{last}", encoding="utf-8")
    sys.exit(0)
