"""What `docs/formats.md` says of the tables, written from them: `python -m tests.guide.schema_page`.

What a table is for is the first paragraph of its class's docstring; what it is, the statement that made it.
"""

import re
import sqlite3
import sys
import tempfile
import textwrap
from contextlib import closing
from pathlib import Path

from ledgers import create_ledger
from ledgers.sealing import SEALED_COLUMNS
from ledgers.tables import METADATA, _Table
from tests.guide.pages import DOCS, GOLDEN

PAGE = DOCS / "formats.md"
BEGINS, ENDS = "### The tables\n", "## Packs, notes and signatures\n"
COLUMNS = re.compile(r"(?<=up to the last note\.\n\n)```text\n.*?```\n", re.DOTALL)
_WIDTH = 118


def made(folder: Path) -> Path:
    """A ledger of today's form."""
    file = folder / "made.s75"
    create_ledger(file, (GOLDEN / "telford-2019-20" / "agreement.toml").read_text(encoding="utf-8")).close()
    return file


def statements_of(file: Path) -> dict[str, str]:
    """The statement of each table, and of each index under the table's name, as a file has them."""
    with closing(sqlite3.connect(file)) as connection:
        rows = connection.execute(
            "SELECT tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL AND type IN ('table', 'index')"
            " ORDER BY tbl_name, type DESC, name"
        ).fetchall()
    found: dict[str, str] = {}
    for table, statement in rows:
        lines = [line.rstrip().replace("\t", "    ") for line in statement.strip().splitlines()]
        text = (
            "\n".join(line for line in lines if line)
            .replace("\n) STRICT", "\n) STRICT")
            .replace(")\n STRICT", ") STRICT")
        )
        found[table] = f"{found[table]}\n{text};" if table in found else f"{text};"
    return found


def told(file: Path) -> str:
    """The part of the page: each table with what it is for and its statement."""
    purposes = {mapper.local_table.name: mapper.class_.__doc__ or "" for mapper in _Table._sa_registry.mappers}
    assert set(purposes) == set(METADATA.tables)
    blocks = [BEGINS]
    for table, statement in statements_of(file).items():
        if table in purposes:
            blocks += [textwrap.fill(f"**{table}.** {' '.join(purposes[table].split(chr(10) * 2)[0].split())}", _WIDTH)]
            blocks += [f"```sql\n{statement}\n```"]
    return "\n\n".join(blocks).replace(f"{BEGINS}\n\n", f"{BEGINS}\n") + "\n\n"


def sealed() -> str:
    """The block of which columns of which tables go into a pack."""
    lines = [f"{table}: {', '.join(columns)}" for table, columns in sorted(SEALED_COLUMNS.items())]
    filled = [textwrap.fill(each, _WIDTH, subsequent_indent="    ") for each in lines]
    return "```text\n" + "\n".join(filled) + "\n```\n"


def parts() -> tuple[str, str, str]:
    """The page in its parts: before the tables, the tables, after them."""
    text = PAGE.read_text(encoding="utf-8")
    before, _begins, rest = text.partition(BEGINS)
    tables, _ends, after = rest.partition(ENDS)
    return before, BEGINS + tables, ENDS + after


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        first, _tables, last = parts()
        last = COLUMNS.sub(lambda _found: sealed(), last)
        PAGE.write_text(f"{first}{told(made(Path(scratch)))}{last}", encoding="utf-8")
    sys.exit(0)
