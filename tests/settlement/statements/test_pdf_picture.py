"""Pictures are vectors, whole, no wider than the page, told apart without colour; a logo is a figure with its words."""

import zlib
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from settlement.statements import settlement_statement
from settlement.statements.document import Document, Look, Paragraph, Picture, Section
from settlement.statements.drawing import Anchor, Box, Drawing, Hatch, Label, Line
from settlement.statements.pdf.picture import dots_of
from settlement.statements.pdf.units import MARGIN, WIDTH
from settlement.statements.pdf.writer import write_pdf
from tests.settlement.statements.making import hard_inputs
from tests.settlement.statements.tagged import elements_of, marked_content

BOXES = tuple(
    Box(10.0 + 30 * place, 10.0, 25.0, 40.0, "#DDDDDD", "#333333", hatch) for place, hatch in enumerate(Hatch)
)
SHAPES = (
    *BOXES,
    Box(0, 60, 10, 10, "#112233"),
    Line(0.0, 5.0, 180.0, 5.0, "#FF0000", 1.5),
    Line(0.0, 8.0, 180.0, 8.0, "#00FF00", is_dashed=True),
    Label(10.0, 70.0, "start"),
    Label(90.0, 70.0, "Ł middle", is_bold=True, anchor=Anchor.MIDDLE),
    Label(180.0, 70.0, "end", size=6.0, anchor=Anchor.END, colour="#336699"),
    Label(10.0, 80.0, "much too long for its room", room=40.0),
    Label(10.0, 90.0, ""),
)


def document_of(drawing: Drawing, *, look: Look | None = None) -> Document:
    blocks = (Paragraph("Before."), Picture("The title", "What it shows.", drawing, "Table"), Paragraph("After."))
    sections = (Section("First", blocks), Section("Second", (Paragraph("Then."),), new_page=True))
    return Document("Title", "Subtitle", ("Agreement",), "DRAFT", sections, look=look or Look())


def content_of(path: Path, page: int = 0) -> str:
    with pikepdf.open(path) as pdf:
        return pdf.pages[page].Contents.read_bytes().decode("ascii")


def test_shapes_are_drawn_as_vectors(tmp_path: Path) -> None:
    path = tmp_path / "picture.pdf"
    write_pdf(document_of(Drawing(200.0, 100.0, SHAPES)), path)
    content = content_of(path)
    figure = content[content.index("/Figure") :]
    figure = figure[: figure.index("Q EMC BT")]
    assert figure.count("10.00 50.00 25.00 40.00 re") == 2  # filled, and its outline: `y` is from the top
    assert figure.count(" W n ") == 4  # each hatch stays within its box
    assert "1 0 0 RG 1.5 w 0.00 95.00 m 180.00 95.00 l S" in figure
    assert "q [2 2] 0 d 0 1 0 RG 0.5 w 0.00 92.00 m" in figure
    with pikepdf.open(path) as pdf:
        assert "/XObject" not in pdf.pages[0].resources
        drawn = {each.text: each for each in marked_content(pdf.pages[0]).drawn}
    assert round(drawn["start"].x) == MARGIN + 10
    assert drawn["end"].x + drawn["end"].width == pytest.approx(MARGIN + 180, abs=0.02)
    assert drawn["Ł middle"].x + drawn["Ł middle"].width / 2 == pytest.approx(MARGIN + 90, abs=0.02)
    (cut,) = [each for text, each in drawn.items() if text.startswith("much")]
    assert cut.text.endswith("…")
    assert cut.width <= 40.0


def test_each_hatch_is_another(tmp_path: Path) -> None:
    path = tmp_path / "hatch.pdf"
    drawn = set()
    for hatch in Hatch:
        write_pdf(document_of(Drawing(60.0, 60.0, (Box(0, 0, 50, 50, "#000000", hatch=hatch),))), path)
        content = content_of(path)
        drawn.add(content[content.index("/Figure") : content.index("Q EMC BT")])
    assert len(drawn) == len(Hatch)


def test_a_picture_wider_than_the_page_is_made_smaller(tmp_path: Path) -> None:
    path = tmp_path / "wide.pdf"
    write_pdf(document_of(Drawing(2 * WIDTH, 100.0, (Label(2 * WIDTH - 100, 50.0, "far right"),))), path)
    (figure,) = elements_of(path, "Figure")
    left, bottom, right, top = map(float, figure.attributes["BBox"])  # type: ignore[call-overload]
    assert right - left == pytest.approx(WIDTH, abs=0.02)
    assert top - bottom == pytest.approx(50.0, abs=0.02)
    with pikepdf.open(path) as pdf:
        (label,) = [each for each in marked_content(pdf.pages[0]).drawn if each.text == "far right"]
    assert label.size == pytest.approx(4.0, abs=0.01)
    assert label.x + label.width <= MARGIN + WIDTH


def test_a_picture_is_one_figure_beneath_its_title(tmp_path: Path) -> None:
    path = tmp_path / "picture.pdf"
    write_pdf(document_of(Drawing(200.0, 100.0, SHAPES)), path)
    (figure,) = elements_of(path, "Figure")
    assert figure.text == figure.attributes["Alt"] == "What it shows."
    assert figure.pages == (1,)
    said = [each.text for each in elements_of(path, "P", "Figure")]
    assert said[said.index("Before.") :][:4] == ["Before.", "The title", "What it shows.", "After."]


def image(kind: str, mode: str = "RGB", size: tuple[int, int] = (60, 30)) -> bytes:
    stream = BytesIO()
    Image.new(mode, size, 90 if mode == "L" else None).save(stream, kind)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("logo", "space", "how"),
    [
        (image("PNG"), "/DeviceRGB", "/FlateDecode"),
        (image("PNG", "RGBA"), "/DeviceRGB", "/FlateDecode"),
        (image("PNG", "P"), "/DeviceRGB", "/FlateDecode"),
        (image("JPEG"), "/DeviceRGB", "/DCTDecode"),
        (image("JPEG", "L"), "/DeviceGray", "/DCTDecode"),
        (image("JPEG", "CMYK"), "/DeviceRGB", "/FlateDecode"),
    ],
)
def test_a_logo_is_on_the_first_page_alone_with_its_words(logo: bytes, space: str, how: str, tmp_path: Path) -> None:
    path = tmp_path / "logo.pdf"
    look = Look(logo=logo, logo_alternative="Arms of the council")
    write_pdf(document_of(Drawing(10.0, 10.0, ()), look=look), path)
    figures = list(elements_of(path, "Figure"))
    assert [figure.attributes["Alt"] for figure in figures] == ["Arms of the council", "What it shows."]
    left, bottom, right, top = map(float, figures[0].attributes["BBox"])  # type: ignore[call-overload]
    assert right == pytest.approx(MARGIN + WIDTH, abs=0.01)
    assert (right - left) / (top - bottom) == pytest.approx(2.0, abs=0.01)
    with pikepdf.open(path) as pdf:
        dots = pdf.pages[0].resources.XObject.Logo
        assert (str(dots.ColorSpace), str(dots.Filter)) == (space, how)
        assert (int(dots.Width), int(dots.Height)) == (60, 30)
        assert "/SMask" not in dots
    assert "/Logo Do" in content_of(path)
    assert "/Logo Do" not in content_of(path, 1)


def test_where_a_logo_shines_through_it_is_the_white_of_the_paper() -> None:
    stream = BytesIO()
    Image.new("RGBA", (2, 2), (200, 0, 0, 0)).save(stream, "PNG")
    _, _, data, _ = dots_of(stream.getvalue())
    assert zlib.decompress(data) == b"\xff" * 12


def test_a_logo_of_many_dots_is_made_smaller() -> None:
    wide, high, _, _ = dots_of(image("PNG", size=(3000, 1000)))
    assert (wide, high) == (1200, 400)
    wide, high, _, entries = dots_of(image("JPEG", size=(3000, 1000)))
    assert (wide, high) == (1200, 400)
    assert "/FlateDecode" in entries


def test_what_is_no_picture_is_refused() -> None:
    with pytest.raises(OSError, match="cannot identify"):
        dots_of(b"no picture")


def test_a_long_title_stands_beside_the_logo_and_the_first_page_stays_one(tmp_path: Path) -> None:
    path = tmp_path / "statement.pdf"
    document = settlement_statement(hard_inputs(3), "A")
    document = replace(document, look=Look(logo=image("PNG", size=(400, 200)), logo_alternative="Arms"))
    write_pdf(document, path)
    (logo, *_) = elements_of(path, "Figure")
    left = float(logo.attributes["BBox"][0])  # type: ignore[index]
    bottom = float(logo.attributes["BBox"][1])  # type: ignore[index]
    with pikepdf.open(path) as pdf:
        drawn = [each for each in marked_content(pdf.pages[0]).drawn if each.marked is not None and each.y > bottom]
        assert drawn
        assert all(each.x + each.width <= left for each in drawn)
        assert any(each.text == "Signature" for each in marked_content(pdf.pages[0]).drawn)
