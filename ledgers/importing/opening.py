"""A file on its way in: looked at, opened in its form, its header understood."""

from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from ledgers.importing.columns import Columns, columns_of
from ledgers.importing.delimited import read_csv
from ledgers.importing.faults import Faults
from ledgers.importing.forms import is_with_comma
from ledgers.importing.mapping import Mapping
from ledgers.importing.sheet import Sheet
from ledgers.importing.source import Form, Source
from ledgers.refusing import refuse


@dataclass(frozen=True, slots=True)
class Opened:
    """A file whose header is understood: its rows are still to be read, and are read once.

    A context manager, which lets go of the file.
    """

    source: Source
    sheet: Sheet
    columns: Columns
    faults: Faults

    def __enter__(self) -> Self:
        """The file."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of it."""
        self.sheet.close()


def open_source(
    source: Source,
    mapping: Mapping | None = None,
    progress: Callable[[int, int], None] | None = None,
    faults: Faults | None = None,
) -> Opened:
    """Open the file in its form and settle its columns. Raises RefusedError with every fault of the header.

    What is wrong further down goes to `faults`: those given, or new ones.
    """
    faults = Faults(source.file) if faults is None else faults
    if source.form is Form.WORKBOOK:
        if mapping is not None and is_with_comma(mapping.amount_format):
            message = (
                f"amounts written as {mapping.amount_format} are of text files: in a workbook 1.234 is a number of "
                "three decimals; take amount_format out of the mapping, or save the sheet as CSV"
            )
            refuse(message, source.file)
        from ledgers.importing.workbook import read_workbook  # noqa: PLC0415  calamine only for workbooks

        sheet = read_workbook(source, mapping=mapping, progress=progress)
    else:
        plan = mapping or Mapping()
        sheet = read_csv(source, faults, header_row=plan.header_row, separator=plan.separator, progress=progress)
    columns = columns_of(sheet, mapping, faults)
    if columns is None:
        sheet.close()
        faults.refuse()
        raise AssertionError  # columns are refused with a reason
    return Opened(source, sheet, columns, faults)
