"""What the Help page makes as Markdown by itself: the sheet of shortcuts, and what is said about the program."""

from collections.abc import Iterable, Sequence

from PySide6.QtGui import QAction, QKeySequence

from ui.guide.reading import topics
from ui.pages.help.libraries import Library

SHORTCUTS, ABOUT = "shortcuts", "about"
LICENCE = "licence:"
"""Before a library's name: a link to the text of its licence."""

_ABOUT = """\
# About S75 Settlement

S75 Settlement applies a Section 75 risk-share schedule to the ledger of a pooled fund, to the penny, and shows where
every figure comes from.

It runs on this computer alone. It sends nothing anywhere, and asks nothing of the internet.

## Details for support

These lines hold no name and no figure of yours. **Copy details**, under this text, puts them on the clipboard.

```
{details}
```
"""
_LIBRARIES = """
## What it is made with

Follow a name to read its licence. Qt and PySide6 are used under the LGPL, version 3: they are separate files beside the
program, which may be put in place of by others of the same interface.

| Library or font | Version | Licence |
| --- | --- | --- |
"""
_LOOKING = "\n## What it is made with\n\nLooking at what is installed…\n"
_SHORTCUTS = """\
# Keyboard shortcuts

Everything in the program can be done from the keyboard. Letters that are underlined are pressed with Alt. Tab goes to
the next control, Shift+Tab to the one before, the arrow keys move inside a table or list, Enter goes in.

"""


def shortcuts_markdown(actions: Sequence[QAction]) -> str:
    """The sheet of shortcuts: every command of the menus that has keys, then the keys of each page, from its topic."""
    rows = [(_keys(action), _command(action)) for action in actions if not action.shortcut().isEmpty()]
    sheet = f"{_SHORTCUTS}## Everywhere\n\n{_table(rows)}"
    for topic in topics():
        if topic.keys:
            sheet += f"\n## {topic.title}\n\n{_table(topic.keys)}"
    return sheet


def about_markdown(details: str, made_with: Sequence[Library] | None) -> str:
    """What is said about the program; the libraries, once they are known (None: not yet)."""
    if made_with is None:
        return _ABOUT.format(details=details) + _LOOKING
    rows = "".join(
        f"| [{each.name}]({LICENCE}{each.name.replace(' ', '%20')}) | {each.version or '–'} | {each.licence} |\n"
        for each in made_with
    )
    return _ABOUT.format(details=details) + _LIBRARIES + rows


def _table(rows: Iterable[tuple[str, str]]) -> str:
    head = "| Keys | What they do |\n| --- | --- |\n"
    return head + "".join(f"| {keys} | {does} |\n" for keys, does in rows)


def _keys(action: QAction) -> str:
    return ", ".join(f"`{keys.toString(QKeySequence.SequenceFormat.NativeText)}`" for keys in action.shortcuts())


def _command(action: QAction) -> str:
    return action.text().replace("&&", "\0").replace("&", "").replace("\0", "&").rstrip("…")
