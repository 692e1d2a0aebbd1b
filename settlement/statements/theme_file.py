"""A theme file read into a `Theme`, or refused with everything that is wrong with it: TOML, every key optional.

Example::

    colour = "#1C3654"
    logo = "logo.png"                        # beside this file; PNG or JPEG
    logo_alternative = "Crest of the council"
    paragraph = "Questions about this statement: the pooled fund manager."
    paragraph_in_welsh = "…"                 # on statements in Welsh; without it `paragraph` is on those too

    [partner.LBB]                            # by the partner's code
    address = ["Town Hall", "High Street"]
    signatories = [{ name = "", role = "Chief Finance Officer" }, { role = "Chief Executive" }]

    [partner.LBB.accounts]                   # codes of its own general ledger, for its journal
    paid = "40210"
"""

import re
import tomllib
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from rules.english import listed, nearest, quoted
from rules.problems import Problem, RefusedError
from rules.reading_tables import Reading, Table, Written
from settlement.statements.document import Look
from settlement.statements.theme import OwnSignatory, PartnerTheme, Theme
from settlement.statements.theme_colour import LEAST_CONTRAST, contrast_in_words, contrast_on_white, is_colour
from settlement.statements.theme_logo import LARGEST_BYTES, check_logo

LARGEST = 256 * 1024
"""Bytes of a theme file: what is longer is none."""

_KEYS = ("colour", "logo", "logo_alternative", "paragraph", "paragraph_in_welsh", "partner")
_MOST_LINES = 8  # of an address: more would push a first page over
_LONGEST_LINE = 100
_LONGEST_PARAGRAPH = 600
_MOST_SIGNATORIES = 4
_AT_LINE = re.compile(r" \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")


def read_theme(path: Path, partners: Iterable[str] | None = None) -> Theme:
    """The theme in a file; with `partners`, the codes there are, a table for any other is refused.

    Raises RefusedError with every problem found, each placed at `file: table.key`, or at the line where it is no TOML.
    """
    name = str(path)
    reading = Reading(name)
    content = _content(path, name)
    root = Table(_tables(content, name), "theme", "", reading)
    look = _look(root, path.parent)
    paragraph, welsh = (_text(root, key, _LONGEST_PARAGRAPH) for key in ("paragraph", "paragraph_in_welsh"))
    found = _partners(root, None if partners is None else tuple(partners))
    for key in root.others():
        meant = nearest(key, _KEYS)
        todo = f"did you mean `{meant}`?" if meant else f"a theme has {listed(_KEYS)}"
        root.refuse(key, f"unknown key `{key}`; {todo}")
    if reading.problems:
        raise RefusedError(*reading.problems)
    digest = sha256(content).hexdigest()
    return Theme(look=look, paragraph=paragraph, paragraph_in_welsh=welsh, partners=found, digest=digest)


def _content(path: Path, name: str) -> bytes:
    """The file, whole. Raises RefusedError if it cannot be read, or is too large to be a theme."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise RefusedError(Problem("there is no such theme file", name)) from None
    except OSError as why:
        raise RefusedError(Problem(f"the theme file cannot be read: {why.strerror or why}", name)) from None
    if len(content) > LARGEST:
        raise RefusedError(Problem(f"this is no theme file: it is larger than {LARGEST // 1024} KB", name))
    return content


def _tables(content: bytes, name: str) -> dict[str, object]:
    """The file's tables. Raises RefusedError with the line if it is not TOML."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as why:
        line = content[: why.start].count(b"\n") + 1
        raise RefusedError(Problem("this line is not in UTF-8; save the file as UTF-8", name, line)) from None
    try:
        return tomllib.loads(text, parse_float=Written)
    except RecursionError:
        raise RefusedError(Problem("this is not a theme: its lists are nested too deeply", name)) from None
    except tomllib.TOMLDecodeError as why:
        at = _AT_LINE.search(str(why))
        line = int(at["line"]) if at and at["line"] else text.count("\n") + 1
        column = f" at column {at['column']}" if at and at["column"] else ""
        message = f"this is not TOML{column}: {_AT_LINE.sub('', str(why))}"
        raise RefusedError(Problem(message, name, line)) from None
    except ValueError:
        # Python reads no number of more than some thousands of digits
        raise RefusedError(Problem("this is not a theme: a number in it is far too long", name)) from None


# How it looks


def _look(root: Table, folder: Path) -> Look:
    accent = Look().accent
    if root.has("colour"):
        accent = _colour(root) or accent
    logo = _logo(root, folder) if root.has("logo") else b""
    alternative = _text(root, "logo_alternative", _LONGEST_LINE)
    if root.has("logo") and not alternative and not root.is_wrong("logo_alternative"):
        root.refuse("logo_alternative", "missing; say in a few words what the logo shows, for whoever does not see it")
    if alternative and not root.has("logo"):
        root.refuse("logo_alternative", "there is no logo; give its file under `logo`, or take this key out")
    return Look(accent, logo, alternative)


def _colour(root: Table) -> str:
    colour = root.text("colour")
    if root.is_wrong("colour"):
        return ""
    if not is_colour(colour):
        root.refuse("colour", f"{quoted(colour[:20])} is not a colour; write it as #RRGGBB, such as #1C3654")
        return ""
    if contrast_on_white(colour) < LEAST_CONTRAST:
        root.refuse(
            "colour",
            f"{colour} has a contrast of {contrast_in_words(colour)} to 1 on white, and text needs 4.5 to 1 to be "
            "read; choose a darker one",
        )
        return ""
    return colour.upper()


def _logo(root: Table, folder: Path) -> bytes:
    """The logo's file, whole. Its place is said from where the theme file is, so that both can be moved together."""
    place = root.code("logo")
    if root.is_wrong("logo"):
        return b""
    path = folder / place
    if Path(place).is_absolute() or "\\" in place or "://" in place:
        root.refuse("logo", f"{quoted(place)}: write the path from where this file is, with /, such as logo.png")
        return b""
    if ".." in Path(place).parts:
        root.refuse("logo", f"{quoted(place)} leads out of the folder that this file is in; put the logo there too")
        return b""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_BYTES + 1)
    except OSError as why:
        root.refuse("logo", f"{quoted(place)} cannot be read beside this file: {why.strerror or why}")
        return b""
    wrong = check_logo(content)
    if wrong:
        root.refuse("logo", f"{quoted(place)} {wrong}")
        return b""
    return content


# What is a partner's own


def _partners(root: Table, known: tuple[str, ...] | None) -> dict[str, PartnerTheme]:
    tables = root.child("partner", "partner table")
    if tables is None:
        return {}
    found = {}
    for code in tables.others():
        table = tables.child(code, "partner")
        if known is not None and code not in known:
            meant = nearest(code, known)
            todo = f"did you mean {quoted(meant)}?" if meant else f"the partners are {listed(known)}"
            tables.refuse(code, f"no partner of this ledger has the code {quoted(code)}; {todo}")
        if table is not None:
            found[code] = PartnerTheme(_address(table), _signatories(table), _accounts(table))
            table.refuse_others()
    return found


def _address(table: Table) -> tuple[str, ...]:
    lines = table.codes("address")
    if len(lines) > _MOST_LINES:
        table.refuse("address", f"an address has {_MOST_LINES} lines at most; put some of them together")
    if any(len(line) > _LONGEST_LINE for line in lines):
        table.refuse("address", f"a line of an address has {_LONGEST_LINE} characters at most")
    return lines


def _signatories(table: Table) -> tuple[OwnSignatory, ...]:
    found = []
    tables = table.children("signatories", "signatory")
    if len(tables) > _MOST_SIGNATORIES:
        table.refuse("signatories", f"a first page has room for {_MOST_SIGNATORIES} signatories at most")
    for each in tables:
        name, role = _text(each, "name", _LONGEST_LINE), _text(each, "role", _LONGEST_LINE)
        if not name and not role and not each.is_wrong("name") and not each.is_wrong("role"):
            each.refuse("role", "a signatory has a name, a role or both")
        each.refuse_others()
        found.append(OwnSignatory(name, role))
    return tuple(found)


def _accounts(table: Table) -> dict[str, str]:
    from settlement.statements.accounts.journal import ACCOUNT_KEYS  # noqa: PLC0415  the journal reads themes itself

    accounts = table.child("accounts", "accounts table")
    if accounts is None:
        return {}
    codes = {key: accounts.code(key) for key in sorted(ACCOUNT_KEYS) if accounts.has(key)}
    accounts.refuse_others()
    return codes


def _text(table: Table, key: str, longest: int) -> str:
    """A text in one line, or nothing if the key is left out."""
    if not table.has(key):
        return ""
    text = " ".join(table.text(key).split())
    if not text.isprintable():
        table.refuse(key, "there are characters in it that do not print; take them out")
    if len(text) > longest:
        table.refuse(key, f"this is {len(text)} characters long, and there is room for {longest}")
    return text
