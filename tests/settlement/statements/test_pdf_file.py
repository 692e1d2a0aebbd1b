"""The file itself: whole, the same bytes every time, to be kept and to be read by anybody, and what it says of that."""

import re
import subprocess
import zlib
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from PIL import Image, ImageCms

from settlement.statements import StatementInputs, settlement_statement, workings
from settlement.statements.document import Column, Document, Look, Paragraph, Row, Section, Table, amounts
from settlement.statements.pdf.file import PdfFile, text_string
from settlement.statements.pdf.metadata import srgb_profile
from settlement.statements.pdf.text import BOLD, REGULAR
from settlement.statements.pdf.writer import write_pdf
from tests.settlement.statements.making import hard_inputs
from tests.settlement.statements.tagged import elements_of

XMP = "{adobe:ns:meta/}"


def document_of(*paragraphs: str, title: str = "Title", language: str = "en-GB") -> Document:
    blocks = tuple(map(Paragraph, paragraphs))
    sections = (Section("First", blocks),)
    running = ("Agreement", "M12")
    return Document(title, "Subtitle & <b>", running, "DRAFT", sections, author="An author", language=language)


@pytest.fixture
def statement(tmp_path: Path) -> Path:
    path = tmp_path / "statement.pdf"
    write_pdf(settlement_statement(hard_inputs(40), "B"), path)
    return path


# Whole


def test_qpdf_finds_nothing_wrong(statement: Path, tmp_path: Path) -> None:
    path = tmp_path / "workings.pdf"
    write_pdf(workings(hard_inputs(40)), path)
    for each in (statement, path):
        checked = subprocess.run(["qpdf", "--check", str(each)], capture_output=True, text=True, check=False)
        assert checked.returncode == 0, checked.stdout + checked.stderr
        assert "WARNING" not in checked.stdout + checked.stderr


def test_poppler_reads_the_structure(tmp_path: Path) -> None:
    short = tmp_path / "short.pdf"  # it takes half a minute for the structure of a long one
    write_pdf(settlement_statement(hard_inputs(1), "B"), short)
    told = subprocess.run(["pdfinfo", str(short)], capture_output=True, text=True, check=True)
    assert re.search(r"^Tagged: +yes$", told.stdout, re.MULTILINE)
    assert not told.stderr
    read = subprocess.run(["pdfinfo", "-struct-text", str(short)], capture_output=True, check=True)
    assert not read.stderr
    assert read.stdout.startswith(b"Document\n  Sect\n    H1 (block)\n")  # no UTF-8: attributes come as they are


def test_every_object_is_found_where_the_table_says(statement: Path) -> None:
    with pikepdf.open(statement) as pdf:
        assert not pdf.check_pdf_syntax()
        assert int(pdf.trailer.Size) == len(pdf.objects) + 1


def test_objects_are_packed_and_the_file_is_small(statement: Path) -> None:
    data = statement.read_bytes()
    assert data.startswith(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    assert data.endswith(b"%%EOF\n")
    assert b"/Type/StructElem" not in data
    assert b"<</S/TD" not in data
    streams = len(re.findall(rb"\d+ 0 obj\n", data))
    with pikepdf.open(statement) as pdf:
        assert streams < len(pdf.objects) / 10


def test_numbers_may_be_taken_before_and_written_in_any_order() -> None:
    stream = BytesIO()
    file = PdfFile(stream)
    catalogue, pages, info = file.number(), file.numbers(2), file.number()
    file.put_all(pages, [f"<</Type/Pages/Kids[{pages + 1} 0 R]/Count 1>>", f"<</Type/Page/Parent {pages} 0 R/A 1>>"])
    for number in range(2_000):  # more than one object stream holds
        file.add(f"({number})")
    file.put(info, f"<</Title {text_string('Łódź (£)')}>>")
    file.put(catalogue, f"<</Type/Catalog/Pages {pages} 0 R>>")
    file.finish(catalogue, info)
    with pikepdf.open(BytesIO(stream.getvalue())) as pdf:
        assert str(pdf.docinfo.Title) == "Łódź (£)"
        assert int(pdf.pages[0].obj.A) == 1
        assert {str(each) for each in pdf.objects if isinstance(each, pikepdf.String)} == set(map(str, range(2_000)))


@pytest.mark.parametrize("last", [b"\r", b"\n", b"\r\n", b"x", b""])
def test_where_a_stream_ends_is_plain_whatever_it_ends_in(last: bytes) -> None:
    stream = BytesIO()
    file = PdfFile(stream)
    number = file.number()
    file.put_raw_stream(number, b"data" + last)
    file.finish(file.add("<</Type/Catalog>>"), file.add("<<>>"))
    written = stream.getvalue()
    begins = written.index(b"stream\n") + len(b"stream\n")
    before = written[begins : written.index(b"endstream")]
    assert re.sub(rb"(\r\n|\n|\r)$", b"", before) == b"data" + last
    assert f"/Length {4 + len(last)}>>".encode() in written


@pytest.mark.parametrize("text", ["", "plain", "a\\b (c) )(", "Łódź", "\N{GRINNING FACE}", "two\nlines", "£5 – “x”"])
def test_a_text_as_an_object_is_the_text(text: str) -> None:
    assert str(pikepdf.Object.parse(text_string(text).encode("ascii"))) == text


def test_it_says_so_if_it_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_pdf(document_of("Text"), tmp_path / "nowhere" / "document.pdf")


# The same bytes


def test_the_same_document_is_the_same_bytes_and_another_has_another_identity(tmp_path: Path) -> None:
    written = []
    for number, text in enumerate(("One £", "One £", "Two £")):
        path = tmp_path / f"{number}.pdf"
        write_pdf(document_of(text), path)
        written.append(path.read_bytes())
    assert written[0] == written[1]
    identities = [re.findall(rb"/ID\[<(\w{32})><(\w{32})>\]", data) for data in written]
    assert identities[0] == identities[1] != identities[2]
    assert all(first == second for ((first, second),) in identities)


def test_what_was_written_before_changes_nothing(tmp_path: Path) -> None:
    first, second = tmp_path / "first.pdf", tmp_path / "second.pdf"
    document = document_of("Plain – £5", "中文 שלום Łódź")
    write_pdf(document, first)
    write_pdf(document_of("Ż ź ✓ other signs, in another order", "中"), tmp_path / "between.pdf")
    write_pdf(document, second)
    assert first.read_bytes() == second.read_bytes()


# To be kept, and to be read by anybody


def test_it_says_its_title_language_and_that_it_is_tagged(tmp_path: Path) -> None:
    path = tmp_path / "document.pdf"
    write_pdf(document_of("Text", language="cy"), path)
    with pikepdf.open(path) as pdf:
        assert str(pdf.Root.Lang) == "cy"
        assert bool(pdf.Root.MarkInfo.Marked)
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        assert str(pdf.docinfo.Title) == "Title: Subtitle & <b>"
        assert str(pdf.docinfo.Author) == "An author"
        assert "/CreationDate" not in pdf.docinfo
        assert "/ModDate" not in pdf.docinfo


def test_its_metadata_say_the_same_and_which_standards_it_keeps_to(tmp_path: Path) -> None:
    path = tmp_path / "document.pdf"
    write_pdf(document_of("Text", title="A\x00 title\ud800"), path)
    with pikepdf.open(path) as pdf:
        assert "/Filter" not in pdf.Root.Metadata
        with pdf.open_metadata() as metadata:
            assert metadata["dc:title"] == str(pdf.docinfo.Title).replace("\x00", "") == "A title: Subtitle & <b>"
            assert metadata["dc:creator"] == ["An author"]
            assert metadata["dc:description"] == "Agreement · M12 · DRAFT"
            assert metadata["pdf:Producer"] == str(pdf.docinfo.Producer)
            assert metadata["xmp:CreatorTool"] == str(pdf.docinfo.Creator)
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
            assert metadata["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"
            assert not any("Date" in key for key in metadata)


def test_its_colours_are_those_of_srgb_by_a_profile_that_is_whole(statement: Path) -> None:
    with pikepdf.open(statement) as pdf:
        (intent,) = list(pdf.Root.OutputIntents)
        assert str(intent.S) == "/GTS_PDFA1"
        assert bytes(intent.DestOutputProfile.read_bytes()) == srgb_profile()
        assert int(intent.DestOutputProfile.N) == 3
    ours = ImageCms.ImageCmsProfile(BytesIO(srgb_profile()))
    assert ImageCms.getProfileDescription(ours).strip() == "sRGB IEC61966-2.1"
    assert ours.profile.is_matrix_shaper
    seen = Image.new("RGB", (256, 4))
    for step in range(256):
        for row, colour in enumerate([(step, step, step), (step, 0, 255), (0, 255 - step, step), (255, step, 40)]):
            seen.putpixel((step, row), colour)
    known = ImageCms.createProfile("sRGB")
    turned = ImageCms.profileToProfile(seen, ours, known)
    assert turned is not None
    differences = (abs(one - other) for one, other in zip(seen.tobytes(), turned.tobytes(), strict=True))
    assert max(differences) <= 1


@pytest.mark.parametrize("profile", ["2a", "ua1"])
def test_a_checker_of_the_standards_finds_nothing_and_finds_what_is_taken_away(
    profile: str, statement: Path, tmp_path: Path
) -> None:
    checker = pytest.importorskip("page")
    hard, broken = tmp_path / "hard.pdf", tmp_path / "broken.pdf"
    write_pdf(document_of("中文 שלום Łódź 😀", "Half \ud800 – £5", language="cy"), hard)
    for path in (statement, hard):
        report = checker.validate_pdf(str(path), profile=profile)
        assert report.is_compliant, [failure.rule_id for failure in report.failures]
        assert report.rules.total > 100
    with pikepdf.open(statement) as pdf:
        for each in pdf.objects:
            if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/Font" and len(each.Widths) > 65:
                each.Widths[65] = 100
        pdf.save(broken)
    assert not checker.is_pdf_compliant(str(broken), profile=profile)


def test_fonts_are_embedded_with_the_widths_they_have_and_say_what_each_code_is(tmp_path: Path) -> None:
    from fontTools.ttLib import TTFont

    path = tmp_path / "fonts.pdf"
    write_pdf(document_of("Plain (text) £5 – Łódź", "Żółw ✓ 中文 שלום", "".join(map(chr, range(0x100, 0x250)))), path)
    with pikepdf.open(path) as pdf:
        fonts = dict(pdf.pages[0].resources.Font.items())
        assert len(fonts) >= 4
        for font in fonts.values():
            assert str(font.Subtype) == "/TrueType"
            assert "/Encoding" not in font
            assert int(font.FontDescriptor.Flags) & 36 == 4  # symbolic: its own map of characters, and no other
            assert re.fullmatch(r"/[A-Z]{6}\+\w[\w-]+", str(font.BaseFont))
            program = bytes(font.FontDescriptor.FontFile2.read_bytes())
            assert int(font.FontDescriptor.FontFile2.Length1) == len(program)
            embedded = TTFont(BytesIO(program))
            (table,) = embedded["cmap"].tables
            assert (table.platformID, table.platEncID) == (1, 0)
            scale = 1000 / embedded["head"].unitsPerEm
            for code, width in enumerate(map(float, font.Widths)):
                glyph = table.cmap.get(code)
                if glyph not in {None, ".notdef"}:
                    assert abs(embedded["hmtx"][glyph][0] * scale - width) < 1
            unicode_map = font.ToUnicode.read_bytes().decode("ascii")
            said = re.findall(r"^<\w\w> <(\w+)>$", unicode_map, re.MULTILINE)
            assert said
            assert not {"0000", "FEFF", "FFFE"} & set(said)
            assert all(int(count) <= 100 for count in re.findall(r"(\d+) beginbfchar", unicode_map))


def test_plain_documents_share_their_fonts_so_that_they_are_cut_once(tmp_path: Path) -> None:
    programs = []
    for text in ("One – £5", "Two", "Café’s “three”"):
        path = tmp_path / "document.pdf"
        write_pdf(document_of(text), path)
        with pikepdf.open(path) as pdf:
            fonts = pdf.pages[0].resources.Font
            programs.append([bytes(font.FontDescriptor.FontFile2.read_raw_bytes()) for font in fonts.values()])
    assert programs[0] == programs[1] == programs[2]
    assert len(programs[0]) == len({REGULAR, BOLD})


def test_every_page_has_its_resources_and_nothing_shines_through(statement: Path) -> None:
    with pikepdf.open(statement) as pdf:
        for page in pdf.pages:
            assert "/Resources" in page.obj
            assert "/Group" not in page.obj
            assert "/ExtGState" not in page.obj.Resources
            assert str(page.obj.Tabs) == "/S"
        assert not pdf.is_encrypted
        assert not {"/OpenAction", "/AA", "/AcroForm", "/JavaScript", "/EmbeddedFiles"} & set(pdf.Root.keys())


def test_the_whole_is_what_was_packed(golden_inputs: StatementInputs, tmp_path: Path) -> None:
    path = tmp_path / "statement.pdf"
    document = settlement_statement(golden_inputs, golden_inputs.settlement.rows[0].partner)
    write_pdf(replace(document, look=Look(accent="#225544")), path)
    data = path.read_bytes()
    for number, body in re.findall(rb"(\d+) 0 obj\n<</Type/ObjStm/N (\d+)", data):
        assert int(number) > 0
        assert int(body) > 0
    assert sum(1 for _ in elements_of(path)) > 100


def test_memory_does_not_grow_with_the_number_of_documents(tmp_path: Path) -> None:
    import gc
    import weakref

    from settlement.statements.pdf import writer as pdf

    kept: list[weakref.ref[object]] = []
    whole = pdf.Fonts

    class Watched(whole):  # type: ignore[misc, valid-type]
        def __init__(self, file: PdfFile) -> None:
            super().__init__(file)
            kept.append(weakref.ref(self))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pdf, "Fonts", Watched)
        for number in range(5):
            write_pdf(document_of(f"Document {number}"), tmp_path / "document.pdf")
    gc.collect()
    assert len(kept) == 5
    assert not any(each() for each in kept)


def test_a_page_costs_no_more_structure_however_many_there_are(tmp_path: Path) -> None:
    sizes = []
    for count in (500, 2_000):
        rows = tuple(Row((f"Line {number}", number)) for number in range(count))
        sections = (Section("One", (Table("Lines", (Column("Line"), *amounts("Amount £")), rows),)),)
        path = tmp_path / "long.pdf"
        write_pdf(Document("Title", "Subtitle", ("Agreement",), "DRAFT", sections), path)
        sizes.append(path.stat().st_size - len(zlib.compress(b"")))
    assert sizes[1] < 4 * sizes[0]
