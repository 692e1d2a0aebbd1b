"""Files that are no CSV or XLSX, or not a safe one: each with its message and its place, and nothing of it posted."""

import errno
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from ledgers import Ledger
from rules.problems import RefusedError

GOOD = "M1,BEDS,COUNCIL,budget,100.00,2022-04-30,R1,Beds,"


def problems(ledger: Ledger, path: Path) -> list[tuple[int | None, str, str]]:
    with pytest.raises(RefusedError) as caught:
        ledger.import_file(path)
    for problem in caught.value.problems:
        assert problem.file == str(path)
    return [(problem.line, problem.place, problem.message) for problem in caught.value.problems]


def refused(ledger: Ledger, path: Path) -> tuple[int | None, str, str]:
    (found,) = problems(ledger, path)
    return found


class TestFiles:
    """What is no CSV or XLSX file at all."""

    def test_that_is_not_there(self, empty_ledger: Ledger, tmp_path: Path) -> None:
        assert refused(empty_ledger, tmp_path / "none.csv")[2] == "there is no such file"

    def test_that_is_a_folder(self, empty_ledger: Ledger, tmp_path: Path) -> None:
        assert refused(empty_ledger, tmp_path)[2] == "this is a folder; name a CSV or XLSX file"

    def test_that_is_a_folder_of_windows(
        self, empty_ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*_: object) -> None:
            raise PermissionError(errno.EACCES, "Permission denied")

        monkeypatch.setattr(Path, "open", refuse)
        assert refused(empty_ledger, tmp_path)[2] == "this is a folder; name a CSV or XLSX file"
        file = tmp_path / "kept.csv"
        assert refused(empty_ledger, file)[2] == "the file cannot be read: Permission denied"

    def test_that_is_empty(self, empty_ledger: Ledger, write: Callable[..., Path]) -> None:
        assert refused(empty_ledger, write(text=b""))[2] == "the file is empty"

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
    def test_of_utf_16(self, empty_ledger: Ledger, write: Callable[..., Path], encoding: str) -> None:
        path = write(text=("period,scheme,partner,kind,amount\n" + GOOD).encode(encoding))
        assert refused(empty_ledger, path)[2] == "the file is UTF-16 text; save it as “CSV UTF-8” and import that"

    def test_of_another_encoding(self, empty_ledger: Ledger, write: Callable[..., Path]) -> None:
        path = write(text=b"period,scheme\nM1,BEDS\nM1,caf\xe9\n")
        assert refused(empty_ledger, path) == (
            3,
            "",
            "the text is not UTF-8; save it as “CSV UTF-8” and import that, or name its encoding in a mapping",
        )

    def test_with_nul_bytes(self, empty_ledger: Ledger, write: Callable[..., Path]) -> None:
        path = write(text=b"period,scheme\nM1,BE\0DS\n")
        assert refused(empty_ledger, path) == (2, "", "the file has NUL bytes: it is binary, not CSV text")

    def test_that_is_binary(self, empty_ledger: Ledger, write: Callable[..., Path]) -> None:
        path = write(text=b"\x89PNG\r\n\x1a\n\x01\x02\x03\x04\xff\xfe\x05\x06\x07")
        assert refused(empty_ledger, path)[2] == "the file is binary, not CSV text"

    def test_that_ends_in_the_middle_of_a_letter(self, empty_ledger: Ledger, write: Callable[..., Path]) -> None:
        path = write(text="period,scheme\nM1,é".encode()[:-1])
        assert refused(empty_ledger, path)[2] == "the file ends in the middle of a letter; was it cut short?"

    @pytest.mark.parametrize("before", [b"", b"period,scheme,partner,kind,amount\n"])
    def test_of_one_line_of_fifty_megabytes(
        self, empty_ledger: Ledger, write: Callable[..., Path], before: bytes
    ) -> None:
        path = write(text=before + b"M1,BEDS," * (50_000_000 // 8))
        line, _, message = refused(empty_ledger, path)
        assert line == before.count(b"\n") + 1
        assert message == "the line is longer than 200,000 bytes; no row is: are its line ends missing?"

    def test_with_a_long_line_across_blocks(self, empty_ledger: Ledger, write: Callable[..., Path]) -> None:
        path = write(text=b"a\n" * 400_000 + b"x" * 1_000_001 + b"\na\n")
        assert refused(empty_ledger, path)[0] == 400_001

    def test_of_the_old_excel_form(self, empty_ledger: Ledger, write: Callable[..., Path]) -> None:
        path = write(text=bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600 + "Workbook".encode("utf-16-le"))
        assert (
            refused(empty_ledger, path)[2]
            == "this is a workbook of the old .xls form; save it as XLSX or CSV and import that"
        )

    @pytest.mark.parametrize("content", [b"%PDF-1.4\n", GOOD.encode()])
    def test_named_as_a_workbook_that_it_is_not(
        self, empty_ledger: Ledger, write: Callable[..., Path], content: bytes
    ) -> None:
        path = write(text=content, name="lines.XLSX")
        assert refused(empty_ledger, path) == (None, "", "this is not an XLSX workbook; save it as XLSX or CSV")

    def test_that_is_encrypted(self, empty_ledger: Ledger, write: Callable[..., Path]) -> None:
        path = write(
            text=bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 2_000_000 + "EncryptedPackage".encode("utf-16-le")
        )
        assert refused(empty_ledger, path)[2] == (
            "the workbook is protected by a password; save a copy without one and import that"
        )

    def test_of_open_document(self, empty_ledger: Ledger, write: Callable[..., Path]) -> None:
        path = write(text=zipped(mimetype="application/vnd.oasis.opendocument.spreadsheet"))
        assert refused(empty_ledger, path)[2] == "this is an OpenDocument file; save it as XLSX or CSV and import that"


def zipped(how: int = zipfile.ZIP_STORED, **parts: str | bytes) -> bytes:
    """A ZIP of these parts; `__` in a name stands for a slash and a dot is written `_xml`."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", how) as archive:
        for name, text in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin"), text)
    return content.getvalue()


def workbook(
    *rows: tuple[object, ...], header: tuple[str, ...] = ("period", "scheme", "partner", "kind", "amount")
) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Lines")
        for number, row in enumerate((header, *rows)):
            for column, cell in enumerate(row):
                if isinstance(cell, str) and cell.startswith("="):
                    sheet.write_formula(number, column, cell, None, "#REF!")
                else:
                    sheet.write(number, column, cell)
    return content.getvalue()


def with_part(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The workbook with one of its parts changed."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            text = old.read(part)
            new.writestr(part, change(text) if part == name else text)
    return changed.getvalue()


class TestWorkbooks:
    SHEET = "xl/worksheets/sheet1.xml"

    def test_a_formula_that_gives_an_error(self, empty_ledger: Ledger, write: Callable[..., Path]) -> None:
        path = write(text=workbook(("M1", "BEDS", "COUNCIL", "budget", 1), ("M1", "BEDS", "COUNCIL", "budget", "=A1")))
        assert problems(empty_ledger, path) == [(3, "E3", "the cell's formula gives #REF!; mend it in the workbook")]

    def test_a_formula_that_gives_an_error_in_a_row_otherwise_empty(
        self, empty_ledger: Ledger, write: Callable[..., Path]
    ) -> None:
        found = problems(empty_ledger, write(text=workbook(("", "", "", "", "=A1"))))
        assert found[-1] == (2, "E2", "the cell's formula gives #REF!; mend it in the workbook")

    def test_a_measure_whose_formula_gives_an_error(self, empty_ledger: Ledger, write: Callable[..., Path]) -> None:
        header = ("period", "measure", "baseline", "target", "actual")
        path = write(text=workbook(("M1", "NEA", 1, "=A1", 1), header=header))
        assert problems(empty_ledger, path) == [(2, "D2", "the cell's formula gives #REF!; mend it in the workbook")]

    def test_a_formula_that_gives_an_error_where_the_cell_may_be_empty(
        self, empty_ledger: Ledger, write: Callable[..., Path]
    ) -> None:
        header = ("period", "scheme", "partner", "kind", "amount", "description")
        path = write(text=workbook(("M1", "BEDS", "COUNCIL", "budget", 1, "=A1"), header=header))
        assert problems(empty_ledger, path) == [(2, "F2", "the cell's formula gives #REF!; mend it in the workbook")]

    @pytest.mark.parametrize(("amount", "shown"), [(1234.567, "1234.567"), (0.300000000004, "0.300000000004")])
    def test_a_third_decimal(self, empty_ledger: Ledger, write: Callable[..., Path], amount: float, shown: str) -> None:
        path = write(text=workbook(("M1", "BEDS", "COUNCIL", "budget", amount)))
        assert refused(empty_ledger, path) == (
            2, "E2", f"“{shown}” has more than two decimals; amounts are pounds and whole pence",
        )  # fmt: skip

    def test_a_number_too_long_for_excel(self, empty_ledger: Ledger, write: Callable[..., Path]) -> None:
        header = ("period", "scheme", "partner", "kind", "amount", "reference")
        path = write(text=workbook(("M1", "BEDS", "COUNCIL", "budget", 1, 12345678901234567), header=header))
        message = "a number of more than fifteen digits, which Excel does not keep; write it as text"
        assert refused(empty_ledger, path) == (2, "F2", message)
        path = write(text=workbook(("M1", "BEDS", "COUNCIL", "budget", 12345678901234567, 1e17), header=header))
        assert problems(empty_ledger, path) == [(2, "E2", message), (2, "F2", message)]

    def test_a_bomb(self, empty_ledger: Ledger, write: Callable[..., Path]) -> None:
        path = write(
            text=zipped(zipfile.ZIP_DEFLATED, xl__workbook_xml="<workbook/>", xl__media__image1_bin=b"\0" * 100_000_000)
        )
        message = refused(empty_ledger, path)[2]
        assert message.startswith("the workbook would unpack to 100,000,011 bytes from ")
        assert message.endswith("; no ledger does that, and it is not read; save the sheet as CSV")

    def test_a_bomb_that_says_it_is_small(self, empty_ledger: Ledger, write: Callable[..., Path]) -> None:
        """Its directory lies about the size: the part is read up to what it said, and its checksum is wrong."""
        content = bytearray(
            with_part(
                workbook(("M1", "BEDS", "COUNCIL", "budget", 1)), self.SHEET, lambda text: text + b" " * 5_000_000
            )
        )
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = archive.getinfo(self.SHEET).file_size
        told = size.to_bytes(4, "little")
        assert content.count(told) >= 1
        lying = bytes(content).replace(told, (1000).to_bytes(4, "little"))
        assert refused(empty_ledger, write(text=lying))[2].startswith("the workbook is damaged (")

    def test_entities(self, empty_ledger: Ledger, write: Callable[..., Path]) -> None:
        entity = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY lol "lol">]>'
        content = with_part(workbook(), self.SHEET, lambda text: entity + text.partition(b"?>")[2])
        message = refused(empty_ledger, write(text=content))[2]
        assert message.startswith("the workbook declares entities in its XML (xl/worksheets/sheet1.xml)")

    def test_entities_where_its_sheets_are_named(self, empty_ledger: Ledger, write: Callable[..., Path]) -> None:
        entity = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY lol "lol">]>'
        content = with_part(workbook(), "xl/workbook.xml", lambda text: entity + text.partition(b"?>")[2])
        assert refused(empty_ledger, write(text=content))[2].startswith("the workbook declares entities in its XML")

    def test_a_cell_far_to_the_right(self, empty_ledger: Ledger, write: Callable[..., Path]) -> None:
        """The reader would make every cell up to it: seventeen thousand million."""
        far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
        content = with_part(workbook(), self.SHEET, lambda text: text.replace(b"</sheetData>", far))
        message = refused(empty_ledger, write(text=content))[2]
        assert message == "a cell of the sheet is further right than column ZZ; clear what is beyond the 702nd column"

    def test_a_binary_workbook(self, empty_ledger: Ledger, write: Callable[..., Path]) -> None:
        path = write(text=zipped(xl__workbook_bin=b"x"))
        assert (
            refused(empty_ledger, path)[2]
            == "this is a binary workbook (.xlsb); save it as XLSX or CSV and import that"
        )

    def test_another_zip(self, empty_ledger: Ledger, write: Callable[..., Path]) -> None:
        path = write(text=zipped(hello=b"x"))
        assert refused(empty_ledger, path)[2] == "this is a ZIP file, and not an Excel workbook"

    def test_a_zip_cut_short(self, empty_ledger: Ledger, write: Callable[..., Path]) -> None:
        path = write(text=workbook()[:-100])
        assert refused(empty_ledger, path)[2].startswith("the workbook is damaged (")

    def test_a_workbook_without_a_sheet(self, empty_ledger: Ledger, write: Callable[..., Path]) -> None:
        content = with_part(workbook(), "xl/workbook.xml", lambda _: b"<workbook/>")
        assert refused(empty_ledger, write(text=content))[2] == "the workbook has no sheet"

    def test_a_sheet_that_is_not_there(self, empty_ledger: Ledger, write: Callable[..., Path]) -> None:
        content = with_part(workbook(), "xl/_rels/workbook.xml.rels", lambda text: text.replace(b"sheet1", b"sheet7"))
        assert (
            refused(empty_ledger, write(text=content))[2] == "the workbook is damaged: its sheet “Lines” is not in it"
        )

    def test_a_sheet_that_cannot_be_read(self, empty_ledger: Ledger, write: Callable[..., Path]) -> None:
        content = with_part(workbook(), self.SHEET, lambda text: text[: len(text) // 2])
        message = refused(empty_ledger, write(text=content))[2]
        assert message.startswith(
            ("the workbook cannot be read (", "the workbook is damaged (", "the sheet “Lines” is empty")
        )

    def test_an_empty_sheet(self, empty_ledger: Ledger, write: Callable[..., Path]) -> None:
        assert refused(empty_ledger, write(text=workbook(header=())))[2] == "the sheet “Lines” is empty"
