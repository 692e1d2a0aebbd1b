"""A mended copy of a file: the rows that were wrong as the person mended them, all the others as they were.

The file itself is never written. What is posted is a file that exists, beside it, so that the ledger's raw rows and
digest can be held against something: `NAME-mended.csv`, or `NAME-mended-2.csv` where that is there already.
"""

import csv
import io
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from ledgers.importing.mapping import Mapping
from ledgers.importing.marks import Marks
from ledgers.importing.previewing import Mended
from ledgers.importing.sheet import Sheet
from ledgers.importing.source import CODECS, Form, Source, look_at
from ledgers.ledger import Progress
from ledgers.refusing import one_line, refuse

if TYPE_CHECKING:
    from _csv import Writer


def mended_path(path: str | Path) -> Path:
    """Where the mended copy of a file goes: beside it, where no file is yet."""
    original = Path(path)
    names = (f"{original.stem}-mended{'' if number == 1 else f'-{number}'}.csv" for number in count(1))
    return next(found for name in names if not (found := original.with_name(name)).exists())


def write_mended(
    path: str | Path, mended: Mended, mapping: Mapping | None = None, progress: Progress | None = None
) -> Path:
    """Write the mended copy of a CSV file, or of a sheet of a workbook, and say where it is.

    Its rows stand in the lines that they had; one that was left out is an empty line. Raises RefusedError if the file
    cannot be read, or the copy cannot be written beside it.
    """
    plan = mapping or Mapping()
    source = look_at(path, plan.encoding)
    copy = mended_path(path)
    try:
        with copy.open("x", encoding=CODECS[plan.encoding].removesuffix("-sig"), newline="") as stream:
            writer = csv.writer(stream, lineterminator="\r\n", delimiter=plan.separator)
            sheet = _whole(source, mapping, progress)
            with closing(sheet):
                if source.form is Form.WORKBOOK:
                    _write_sheet(writer, sheet, mended)
                else:
                    _write_lines(stream, writer, source, sheet, mended)
    except OSError as error:
        copy.unlink(missing_ok=True)
        refuse(f"the mended copy cannot be written: {error.strerror or error}", str(copy))
    except UnicodeEncodeError as error:
        copy.unlink(missing_ok=True)
        letter = error.object[error.start : error.end]
        refuse(f"the file is in {plan.encoding}, which has no “{letter}”: mend the row without it", source.file)
    except BaseException:
        copy.unlink(missing_ok=True)
        raise
    source.check_unchanged()
    return copy


def _whole(source: Source, mapping: Mapping | None, progress: Progress | None) -> Sheet:
    """The file from its first row on, wherever its header stands."""
    if source.form is Form.WORKBOOK:
        from ledgers.importing.workbook import read_workbook  # noqa: PLC0415  calamine for workbooks only

        return read_workbook(source, mapping=Mapping(sheet=mapping.sheet if mapping else None), progress=progress)
    from ledgers.importing.delimited import read_csv  # noqa: PLC0415  beside its sister

    plan = mapping or Mapping()
    return read_csv(source, Marks(source.file), header_row=plan.header_row, separator=plan.separator, progress=progress)


def _write_sheet(writer: "Writer", sheet: Sheet, mended: Mended) -> None:
    """A sheet's rows as CSV, each in the line that had its row's number."""
    writer.writerow(map(one_line, sheet.header))
    for row, cells, _raw in sheet.rows:
        ours = mended.get(row, tuple(cells))
        writer.writerow(() if ours is None else map(one_line, ours))


def _write_lines(stream: TextIO, writer: "Writer", source: Source, sheet: Sheet, mended: Mended) -> None:
    """A CSV file's own lines, but for those that were mended."""
    write = stream.write
    with source.path.open(encoding=CODECS[source.encoding], newline="") as original:
        lines = iter(original)
        at = 0
        for row, _cells, raw in sheet.rows:
            if row not in mended:
                continue
            while at < row - 1:
                write(next(lines))
                at += 1
            taken = _lines_in(raw)
            for _ in range(taken):
                next(lines)
            at += taken
            ours = mended[row]
            # a cell that breaks its line is written on one: the rows below must stay where they were
            if ours is None:
                write("\r\n")
            else:
                writer.writerow(map(one_line, ours))
            for _ in range(taken - 1):
                write("\r\n")
        for line in lines:
            write(line)


def _lines_in(raw: str) -> int:
    """How many lines of the file a row takes, by the line ends that the reader goes by."""
    return len(io.StringIO(raw, newline="").readlines())
