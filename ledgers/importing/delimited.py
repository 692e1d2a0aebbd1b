"""Rows of a CSV file, streamed: memory stays flat however long it is."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice, tee
from typing import TYPE_CHECKING

from ledgers.importing.faults import Faults
from ledgers.importing.mapping import SEPARATORS
from ledgers.importing.sheet import Row, Sheet
from ledgers.importing.source import CODECS, LONGEST_LINE, Source
from ledgers.refusing import refuse

if TYPE_CHECKING:
    from _csv import Reader

_REPORT_EVERY = 1 << 14
_LOOKED_AT = 60  # lines
_QUOTED = re.compile(r'"[^"]*"')


def read_csv(
    source: Source,
    faults: Faults,
    *,
    header_row: int = 1,
    separator: str = ",",
    progress: Callable[[int, int], None] | None = None,
) -> Sheet:
    """The header and rows of a text file that `look_at` let through. Faults of form go to `faults`, with their line."""
    stream = source.path.open("rb")
    text = io.TextIOWrapper(stream, encoding=CODECS[source.encoding], newline="")
    try:
        # The reader is fed by a limited readline and the row's own text comes from the other half of the tee: all of
        # it runs in C, where a generator that kept the lines would cost as much as parsing them.
        fed, kept = tee(iter(partial(text.readline, LONGEST_LINE), ""))
        reader = csv.reader(fed, strict=True, delimiter=separator)
        before = header_row - 1
        for _ in islice(fed, before):
            next(kept)
        header = _header(reader, source.file, header_row)
        for _ in range(reader.line_num):
            next(kept)
    except BaseException:
        text.close()
        raise
    tell = None if progress is None else partial(_tell, progress, stream, source.size)
    rows = _rows(reader, kept, before, faults, tell)
    return Sheet(source.file, header, header_row, rows, lambda column, _line: header[column], text.close)


def separator_of(source: Source) -> str:
    """What seems to separate the cells of a text file: the mark that most of its first lines have, quoted cells apart.

    For a guess that a person sees.
    """
    with source.path.open(encoding=CODECS[source.encoding], newline="") as stream:
        lines = list(islice(iter(partial(stream.readline, LONGEST_LINE), ""), _LOOKED_AT))
    text = _QUOTED.sub("", "".join(lines))
    unquoted = text.splitlines()
    return max(SEPARATORS, key=lambda mark: (sum(mark in line for line in unquoted), text.count(mark)))


def _header(reader: "Reader", file: str, header_row: int) -> list[str]:
    try:
        header = next(reader, None)
    except csv.Error as error:
        refuse(_why(error, 1), file, header_row)
    if header is None:
        refuse(f"the header should be on line {header_row}, and the file ends before it", file)
    return [name.strip() for name in header]


def _rows(
    reader: "Reader", kept: Iterator[str], before: int, faults: Faults, tell: Callable[[], None] | None
) -> Iterator[Row]:
    """The rows with their line and own text; `before` counts the lines that were skipped above the header."""
    read_lines = reader.line_num
    while True:
        try:
            for cells in reader:
                line = read_lines + 1
                raw = next(kept)
                if reader.line_num != line:
                    raw += "".join(islice(kept, reader.line_num - line))
                read_lines = reader.line_num
                if cells:
                    yield before + line, cells, raw
                if tell is not None and not read_lines % _REPORT_EVERY:
                    tell()
        except csv.Error as error:
            taken = reader.line_num - read_lines
            faults.add(_why(error, taken), before + read_lines + 1)
            if _runs_on(error):
                return  # the rest of the file is inside that cell
            for _ in islice(kept, taken):
                pass
            read_lines = reader.line_num
        else:
            return


def _tell(progress: Callable[[int, int], None], stream: io.BufferedReader, size: int) -> None:
    progress(stream.tell(), size)


def _runs_on(error: csv.Error) -> bool:
    return "end of data" in str(error) or "field limit" in str(error)


def _why(error: csv.Error, lines: int) -> str:
    text = str(error)
    if "end of data" in text or ("field limit" in text and lines > 1):
        return "a quotation mark opened in this row is never closed"
    if "field limit" in text:
        return f"a cell is longer than {csv.field_size_limit():,} characters"
    if "new-line" in text:
        return "the lines end in a way that CSV files do not; save the file again as “CSV UTF-8”"
    return (
        "a quotation mark stands where it cannot: a cell in quotation marks is followed by more text before the comma"
    )
