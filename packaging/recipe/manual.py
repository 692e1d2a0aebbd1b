"""The manual pages, made of what the commands say of themselves, so that a page never tells of another version."""

import sys
from datetime import UTC, datetime

from recipe.contents import ROOT

sys.path.insert(0, str(ROOT))

from typer.main import get_command

from settlement.command.main import app
from settlement.version import VERSION

_TEXTS = {
    "s75": ("settles Section 75 pooled funds", "every command of S75 Settlement"),
    "s75-settlement": ("the desktop program of S75 Settlement", "shows a window, and opens the LEDGER if one is named"),
}
_FILES = """.SH FILES
.TP
.I NAME.s75
A ledger: an SQLite file. Removing the program leaves ledgers, keys and statements where they are.
.TP
.I NAME.s75.backups
Backups of it, one at every opening, in a ring.
.TP
.I NAME.s75.lock, NAME.s75.holder
That somebody has it open, and who.
"""
_EXIT = """.SH EXIT STATUS
0: done. 1: a check ran and found something. 2: what was asked is refused, each problem on a line of standard error, and
nothing is changed.
"""
_ENVIRONMENT = """.SH ENVIRONMENT
.TP
.B S75_PASSPHRASE
The passphrase of a key, where nobody is there to be asked.
"""


def pages(when: int) -> dict[str, str]:
    """The text of each manual page, by the name of its file."""
    return {"s75.1": _command_page(when), "s75-settlement.1": _window_page(when)}


def _command_page(when: int) -> str:
    command = get_command(app)
    told = [_head("s75", when), ".SH SYNOPSIS\n.B s75\n.RI [ COMMAND ]\n.RI [ OPTION \\|...]\n", ".SH DESCRIPTION\n"]
    told.append(_text(command.help or "") + "\nWithout a command the desktop program is opened.\n")
    told.append(".B s75\n.I COMMAND\n.B \\-\\-help\ntells what a command takes.\n.SH COMMANDS\n")
    for name, each in getattr(command, "commands", {}).items():
        first = (each.help or "").strip().partition("\n\n")[0]
        told.append(f".TP\n.B {_text(name)}\n{_text(' '.join(first.split()))}\n")
    return "".join([*told, _EXIT, _ENVIRONMENT, _FILES, _also("s75-settlement")])


def _window_page(when: int) -> str:
    synopsis = ".SH SYNOPSIS\n.B s75-settlement\n.RB [ \\-\\-read\\-only ]\n.RI [ LEDGER ]\n"
    described = f".SH DESCRIPTION\nIt {_TEXTS['s75-settlement'][1]}. A file manager does so on a double click.\n"
    options = ".SH OPTIONS\n.TP\n.B \\-\\-read\\-only\nOpen it so that nothing can be changed, as an auditor does.\n"
    return "".join([_head("s75-settlement", when), synopsis, described, options, _FILES, _also("s75")])


def _head(name: str, when: int) -> str:
    day = datetime.fromtimestamp(when, UTC).date().isoformat()
    title = f'.TH "{name.upper()}" 1 "{day}" "S75 Settlement {VERSION}" "User Commands"\n'
    return f"{title}.SH NAME\n{_text(name)} \\- {_TEXTS[name][0]}\n"


def _also(other: str) -> str:
    return f".SH SEE ALSO\n.BR {_text(other)} (1)\n.PP\nThe guide is in the program: F1.\n"


def _text(told: str) -> str:
    """A sentence as troff takes it: no hyphen is a dash, and no line begins with its own marks."""
    escaped = told.replace("\\", "\\e").replace("-", "\\-")
    return "\n".join(f"\\&{line}" if line.startswith((".", "'")) else line for line in escaped.splitlines())
