"""The HTML says what the document says, for every reader: heads, names, links, pictures; no name becomes markup."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import html5lib
import pytest

from rules.language import speaking
from settlement.statements import StatementInputs, settlement_statement
from settlement.statements.document import (
    Bullets,
    Column,
    Document,
    Facts,
    Heading,
    KeyFigures,
    Look,
    Note,
    Paragraph,
    Picture,
    Row,
    RowKind,
    Section,
    SignatureBlock,
    Table,
    Tone,
    amounts,
)
from settlement.statements.drawing import Anchor, Box, Drawing, Hatch, Label, Line
from settlement.statements.html.picture import shortened
from settlement.statements.html.style import COLOURS
from settlement.statements.html.text import shown
from settlement.statements.html.writer import write_html
from settlement.statements.wording import in_column
from settlement.statements.writing import documents_of
from tests.settlement.statements.made_up import MadeUp, in_cyrillic
from tests.settlement.statements.making import LONG, hard_inputs, signed
from tests.settlement.statements.reading_back import html_tables

ARABIC = "مجلس المدينة"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(8)


class Read(HTMLParser):
    """Every element with its attributes and its own text, in order, as a browser has them."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[list[str]] = []
        self._open: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open.append(len(self.elements))
        self.elements.append((tag, dict(attrs)))
        self.texts.append([])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.texts.append([])

    def handle_endtag(self, tag: str) -> None:
        while self._open and self.elements[self._open.pop()][0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        for each in self._open:
            self.texts[each].append(data)

    def all(self, *tags: str) -> list[tuple[dict[str, str | None], str]]:
        """The attributes and text of each element of these tags."""
        found = zip(self.elements, self.texts, strict=True)
        return [(attributes, "".join(texts)) for (tag, attributes), texts in found if tag in tags]

    def values(self, name: str) -> list[str]:
        """Every value of an attribute."""
        return [attributes[name] or "" for _, attributes in self.elements if name in attributes]


def read(path: Path) -> Read:
    """The file, after a strict parser took it: anything that HTML does not allow fails."""
    html5lib.HTMLParser(strict=True).parse(path.read_bytes())
    reader = Read()
    reader.feed(path.read_text(encoding="utf-8"))
    reader.close()
    return reader


def written(document: Document, tmp_path: Path) -> Read:
    path = tmp_path / "document.html"
    write_html(document, path)
    return read(path)


def document_of(*blocks: object, **more: object) -> Document:
    sections = (Section("One", tuple(blocks)),)  # type: ignore[arg-type]
    return replace(Document("Title", "Subtitle", ("Running",), "DRAFT", sections), **more)  # type: ignore[arg-type]


WATERFALL = Picture(
    "From variance to cash",
    "It goes from £10.00 down to £3.00.",
    Drawing(
        200.0,
        100.0,
        (
            *(Box(10.0 * number, 0.125, 9.0, 50.0, "#1C3654", "#000000", hatch) for number, hatch in enumerate(Hatch)),
            Box(80.0, 0.0, 9.0, 50.0, "#F0F0F0", "", Hatch.RISING),
            Line(0.0, 60.0, 200.0, 60.0, "#1A1A1F", 0.5, is_dashed=True),
            Label(10.0, 80.0, f"<b> & {LONG}", room=40.0, anchor=Anchor.MIDDLE, is_bold=True),
        ),
    ),
    "Figures",
)
FIGURES = Table(
    "Figures",
    (Column("Line"), *amounts("Amount £", "Movement £")),
    (
        Row((f"First {ARABIC} (A)",), RowKind.HEADING),
        Row((ARABIC, 100, -5), anchor="due-net", goes_to="there"),
        Row(("", 100, 0), RowKind.SUBTOTAL, adds=()),
        Row(("Total", 100, -5), RowKind.TOTAL),
    ),
    anchor="figures",
)
EVERYTHING = document_of(
    Facts((("Agreement", LONG), ("Nothing", ""))),
    Note("Read this", Tone.WARNING),
    KeyFigures("Due", 12345, "In words", ("It pays",)),
    WATERFALL,
    Heading("Seldom"),
    Heading("Deep at once", level=4, anchor="there", goes_to="due-net"),
    Paragraph("Lost", goes_to="nowhere"),
    Paragraph("Found", goes_to="due-net"),
    Bullets(("a", "b"), ("due-net", "")),
    Bullets(()),
    FIGURES,
    replace(FIGURES, title="Figures again"),
    WATERFALL,
    SignatureBlock("Signed for A"),
    SignatureBlock("Signed for B", values=("N", "R", "S", "D")),
    foot="Note 3 · digest 0123…",
    watermark="DRAFT",
    look=Look("#5A1F6B", PNG, 'The "council"'),
    language="cy",
)


def test_every_cell_of_every_table_reads_back(golden_inputs: StatementInputs, tmp_path: Path) -> None:
    for _, document in documents_of(golden_inputs, [golden_inputs.settlement.rows[0].partner]):
        path = tmp_path / "document.html"
        write_html(document, path)
        found = html_tables(path)
        assert len(found) == len(document.tables)
        for table, back in zip(document.tables, found, strict=True):
            assert back.title == table.title
            assert back.heads == [column.title for column in table.columns]
            assert back.rows == [
                [in_column(cell) if isinstance(cell, int) else cell for cell in row.cells] for row in table.rows
            ]


def hold_to_rules(found: Read) -> None:
    """What every document must keep to, whatever is in it."""
    ids = found.values("id")
    assert len(ids) == len(set(ids))
    assert {each.removeprefix("#") for each in found.values("href")} <= set(ids)
    assert all(each.startswith("#") for each in found.values("href"))
    for name in ("aria-labelledby", "aria-describedby"):
        assert {each for value in found.values(name) for each in value.split()} <= set(ids)
    levels = [int(tag[1]) for tag, _ in found.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all(text.strip() for _, text in found.all("h1", "h2", "h3", "h4", "a", "th", "caption", "summary", "title"))
    tables, captions = found.all("table"), found.all("caption")
    assert len(tables) == len(captions)
    assert {attributes.get("scope") for attributes, _ in found.all("th")} <= {"col", "row", "rowgroup"}
    for landmark in ("header", "main"):
        assert len(found.all(landmark)) == 1
    for attributes, _ in found.all("nav", "section"):
        assert attributes["aria-labelledby"]
    focusable = [attributes for _, attributes in found.elements if attributes.get("tabindex") == "0"]
    assert all(attributes["role"] == "group" and attributes["aria-labelledby"] for attributes in focusable)
    assert all("alt" in attributes for attributes, _ in found.all("img"))
    for attributes, _ in found.all("svg"):
        assert attributes["role"] == "img"
        assert attributes["aria-labelledby"]
    assert not {tag for tag, _ in found.elements} & {"script", "iframe", "link", "object", "form", "b", "i"}
    assert not [name for _, attributes in found.elements for name in attributes if name.startswith("on")]
    assert all(each.startswith("data:") for each in found.values("src"))


def test_every_document_keeps_to_the_rules(golden_inputs: StatementInputs, tmp_path: Path) -> None:
    for inputs in (golden_inputs, signed(golden_inputs)):
        for _, document in documents_of(inputs, [inputs.settlement.rows[-1].partner]):
            hold_to_rules(written(document, tmp_path))


def test_a_document_with_everything_keeps_to_the_rules(tmp_path: Path) -> None:
    hold_to_rules(written(EVERYTHING, tmp_path))
    hold_to_rules(written(Document("T", "S", (), "", ()), tmp_path))
    hold_to_rules(written(settlement_statement(hard_inputs(3), "A"), tmp_path))


def test_names_stay_text(tmp_path: Path) -> None:
    found = written(settlement_statement(hard_inputs(3), "A"), tmp_path)
    texts = [text for _, text in found.all("body")]
    assert LONG in texts[0]
    assert "<script>alert(1)</script>" in texts[0]
    hostile = '"><script>x</script>&amp;</style>\'</title>\\"; } * {'
    document = document_of(
        Paragraph(hostile),
        Table(hostile, (Column(hostile), Column(hostile)), (Row((hostile, hostile)),)),
        replace(WATERFALL, title=hostile, alternative=hostile, table=hostile),
        title=hostile,
        subtitle=hostile,
        running=(hostile,),
        status=hostile,
        foot=hostile,
        author=hostile,
        watermark=hostile,
        look=Look(hostile, PNG, hostile),
    )
    found = written(document, tmp_path)
    hold_to_rules(found)
    assert [text for _, text in found.all("h1")] == [hostile]
    assert found.values("alt") == [hostile]
    assert [text for _, text in found.all("desc")] == [hostile]
    (style,) = (text for _, text in found.all("style"))
    assert "--accent: #1C3654;" in style
    assert "* {" not in style.split("@page")[1]


def test_a_policy_forbids_everything_from_elsewhere_and_every_script(tmp_path: Path) -> None:
    found = written(EVERYTHING, tmp_path)
    policy = [each["content"] for each, _ in found.all("meta") if each.get("http-equiv") == "Content-Security-Policy"]
    assert len(policy) == 1
    told = dict(each.strip().split(" ", 1) for each in (policy[0] or "").split(";"))
    assert told == {
        "default-src": "'none'",
        "style-src": "'unsafe-inline'",
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }


@pytest.mark.parametrize("language", ["en-GB", "cy"])
def test_the_document_says_its_language(language: str, tmp_path: Path) -> None:
    found = written(document_of(language=language), tmp_path)
    assert [attributes["lang"] for attributes, _ in found.all("html")] == [language]


def test_the_first_text_of_a_row_heads_it_and_a_heading_heads_its_group_and_no_total(tmp_path: Path) -> None:
    table = Table(
        "T",
        (Column("A"), Column("B"), *amounts("C")),
        (
            Row(("One",), RowKind.HEADING),
            Row(("a", "b", 1)),
            Row(("", "subtotal", 1), RowKind.SUBTOTAL),
            Row(("Two",), RowKind.HEADING),
            Row(("c", "", 2)),
            Row(("all", "", 3), RowKind.TOTAL),
        ),
    )
    path = tmp_path / "document.html"
    write_html(document_of(table), path)
    text = path.read_text(encoding="utf-8")
    bodies = re.findall("<tbody>(.*?)</tbody>", text, re.DOTALL)
    assert [re.findall('scope="(.*?)"', body) for body in bodies] == [
        ["rowgroup", "row", "row"],
        ["rowgroup", "row"],
        ["row"],
    ]
    assert '<tr class="subtotal"><td></td><th scope="row">subtotal</th><td class="amount">0.01</td></tr>' in text


def test_links_lead_to_places_that_are_there_and_nowhere_else(tmp_path: Path) -> None:
    found = written(EVERYTHING, tmp_path)
    led = {text: attributes["href"] for attributes, text in found.all("a")}
    assert led["Found"] == "#due-net"
    assert led["a"] == "#due-net"
    assert led[ARABIC] == "#there"
    assert {"Lost", "b"}.isdisjoint(led)
    assert led["Deep at once"] == "#due-net"  # the heading leads back; the contents lead to it
    assert found.values("id").count("due-net") == 1
    # The first picture's table comes after it, the second's before.
    told = "The figures of this picture are in the table “Figures”."
    assert [each["href"] for each, text in found.all("a") if text == told] == ["#figures", "#figures"]


def test_the_contents_lead_to_every_section_and_heading(golden_inputs: StatementInputs, tmp_path: Path) -> None:
    document = settlement_statement(golden_inputs, golden_inputs.settlement.rows[0].partner)
    path = tmp_path / "document.html"
    write_html(document, path)
    (contents,) = re.findall("<nav.*?</nav>", path.read_text(encoding="utf-8"), re.DOTALL)
    linked = len(re.findall("<a href=", contents))
    headings = [block for section in document.sections for block in section.blocks if isinstance(block, Heading)]
    assert linked == len(document.sections) + sum(block.level <= 2 for block in headings)


def test_the_skip_link_is_first_and_leads_to_the_content(tmp_path: Path) -> None:
    found = written(EVERYTHING, tmp_path)
    (first, text), *_ = found.all("a")
    assert (first["href"], text) == ("#main_", "Skip to the content")
    assert ("main", {"id": "main_", "tabindex": "-1"}) in found.elements


def test_a_picture_is_told_in_words_and_drawn_in_the_page(tmp_path: Path) -> None:
    found = written(document_of(WATERFALL, FIGURES), tmp_path)
    ((svg, _),) = found.all("svg")
    named = {attributes["id"]: text for attributes, text in found.all("title", "desc") if "id" in attributes}
    assert " ".join(named[each] for each in (svg["aria-labelledby"] or "").split()) == (
        "From variance to cash It goes from £10.00 down to £3.00."
    )
    assert svg["viewbox"] == "0 0 200 100"
    hatches = [attributes["id"] for attributes, _ in found.all("pattern")]
    assert len(hatches) == 5  # four on the dark area, and one again for the light one
    fills = [attributes["fill"] for attributes, _ in found.all("rect")]
    assert {each for each in fills if (each or "").startswith("url")} == {f"url(#{each})" for each in hatches}
    ((label, text),) = found.all("text")
    assert (label["text-anchor"], label["font-weight"]) == ("middle", "bold")
    assert text.startswith("<b> & ")
    assert text.endswith("…")
    assert {attributes.get("aria-hidden") for attributes, _ in found.all("g")} == {"true", None}


def test_a_picture_without_hatches_table_or_colours_is_drawn_all_the_same(tmp_path: Path) -> None:
    shapes = (Box(0, 0, -1, 5, "", "red"), Box(0, 0, 5, 5, "url(x)", "", Hatch.DOTS), Line(0, -0.001, 1, -1.5, "no"))
    found = written(document_of(replace(WATERFALL, drawing=Drawing(10, 10, shapes)), Paragraph("p")), tmp_path)
    boxes = [attributes for attributes, _ in found.all("rect")]
    assert [each["fill"] for each in boxes] == ["none", "none", "url(#at_1_1_dots_dark)"]
    assert boxes[0]["width"] == "0"
    assert "stroke" not in boxes[0]
    ((line, _),) = found.all("line")
    assert (line["stroke"], line["y1"], line["y2"]) == ("none", "0", "-1.5")
    assert not [text for _, text in found.all("p") if "figures of this picture" in text]


@pytest.mark.parametrize(
    ("text", "room", "expected"),
    [
        ("Short", 100.0, "Short"),
        ("Short", 0.0, "Short"),
        ("Much too long for it", 40.0, "Much to…"),
        ("中文中文中文中文", 40.0, "中文中文…"),
        ("LBB 2014 @", 100.0, "LBB 2014 @"),
        ("x", 1.0, "…"),
    ],
)
def test_a_label_is_shortened_to_about_its_room(text: str, room: float, expected: str) -> None:
    assert shortened(Label(0.0, 0.0, text, 8.0, room=room)) == expected


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("Plain & <b>", "Plain &amp; &lt;b&gt;"),
        ("Łódź 中文 😀", "Łódź 中文 😀"),
        (ARABIC, f"<bdi>{ARABIC}</bdi>"),
        (f"{ARABIC} 12.", f"<bdi>{ARABIC} 12.</bdi>"),
        (f"It pays £1.00 to {ARABIC} (A), £2.00 to B", f"It pays £1.00 to <bdi>{ARABIC}</bdi> (A), £2.00 to B"),
        ("X: שלום; Y: עולם", "X: <bdi>שלום</bdi>; Y: <bdi>עולם</bdi>"),
        ("a\u202e12.34\u202c", "a12.34"),
        ("a\x00b\x1bc\ud800d\ufffee\U0001ffff", "a�b�c�d�e�"),
        ("a\r\nb\rc", "a\nb\nc"),
    ],
)
def test_text_is_escaped_and_set_apart_where_it_reads_from_right_to_left(text: str, markup: str) -> None:
    assert shown(text) == markup


def test_a_text_with_signs_that_no_file_holds_is_written(tmp_path: Path) -> None:
    written(document_of(Paragraph("a\x00\x0b\ud800\ufdd0"), title="\x01\ud800", running=("\x02",)), tmp_path)


def test_the_status_is_in_words_and_the_logo_has_its_alternative(tmp_path: Path) -> None:
    found = written(EVERYTHING, tmp_path)
    assert ({"class": "status warning"}, "DRAFT") in found.all("p")
    assert found.values("alt") == ['The "council"']
    assert found.values("src")[0].startswith("data:image/png;base64,")
    jpeg = written(document_of(look=Look(logo=b"\xff\xd8\xff")), tmp_path)
    assert jpeg.values("src")[0].startswith("data:image/jpeg;base64,")
    assert ({"class": "mark", "aria-hidden": "true"}, "DRAFT") in found.all("div")


def test_a_line_to_sign_on_says_that_it_is_blank(tmp_path: Path) -> None:
    found = written(document_of(SignatureBlock("Signed for A"), SignatureBlock("B", values=tuple("NRSD"))), tmp_path)
    assert [text for _, text in found.all("dt")] == ["Name", "Role", "Signature", "Date"] * 2
    assert [text for _, text in found.all("dd")] == ["to fill in"] * 4 + list("NRSD")


def test_its_own_words_are_in_the_language_spoken(tmp_path: Path) -> None:
    with speaking(MadeUp()):
        found = written(replace(EVERYTHING, title="", language="x-made-up"), tmp_path)
    ((_, skip), *_) = found.all("a")
    assert skip == in_cyrillic("Skip to the content")
    assert in_cyrillic("Contents") in {text for _, text in found.all("h2")}
    assert {in_cyrillic("Warning:")} == {text for _, text in found.all("strong")} - {"Due", "It pays"}
    assert {in_cyrillic("Back to the contents")} == {
        text for each, text in found.all("p") if each.get("class") == "back"
    }
    assert {in_cyrillic("to fill in")} == {text for each, text in found.all("span") if each.get("class") == "unseen"}
    assert [text for _, text in found.all("summary")] == [
        in_cyrillic("{count} heading in “{section}”").format(count=1, section="One")
    ]
    (style,) = (text for _, text in found.all("style"))
    assert '"Page' not in style
    assert "counter(page)" in style


# --- contrast ---------------------------------------------------------------------------------------------------------

_TEXT_ON = {
    "paper": ("ink", "quiet", "link", "alert", "accent"),
    "shade": ("ink", "link", "quiet"),
    "alert-shade": ("ink",),
    "found": ("ink", "link", "quiet"),  # a title that a link leads to is not in the accent, which is tested on white
}
_LINES_ON_PAPER = ("link", "accent", "alert", "frame")  # the focus, the edge of a box, a line to write on


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_that_of_wcag_itself() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_every_text_is_read_against_its_ground_and_every_line_that_means_something_is_seen() -> None:
    colours = {**COLOURS, "accent": Look().accent}
    for ground, texts in _TEXT_ON.items():
        for text in texts:
            assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
    for line in _LINES_ON_PAPER:
        assert contrast(colours[line], colours["paper"]) >= 3, line
    assert contrast(colours["link"], colours["shade"]) >= 3


def test_the_style_uses_only_the_colours_that_are_tested(tmp_path: Path) -> None:
    found = written(EVERYTHING, tmp_path)
    (style,) = (text for _, text in found.all("style"))
    assert set(re.findall(r"var\(--([a-z-]+)\)", style)) <= {*COLOURS, "accent"}
    sheet = style.partition("}")[2]
    # The watermark alone, which no reader is to read.
    assert set(re.findall(r"#[0-9a-f]{3,6}\b", sheet)) == {"#f3e4e3"}
    declared = re.findall(r"(?:^|[{;]\s*)(?:background|color): ([^;]+);", sheet)
    assert {each for each in declared if not each.startswith("var(")} == {"inherit", "none", "#f3e4e3"}


def test_no_text_loses_its_spacing_and_nothing_but_an_amount_keeps_from_wrapping(tmp_path: Path) -> None:
    (style,) = (text for _, text in written(EVERYTHING, tmp_path).all("style"))
    rules = re.findall(r"([^{}]+)\{([^{}]*)\}", style)
    unwrapped = [selector.strip() for selector, rule in rules if "white-space: nowrap" in rule]
    assert unwrapped == [".unseen", "td.amount"]
    assert not re.search(r"(?<!-)(?<!max-)(?<!min-)height: \d", style.replace("width: 1px; height: 1px", ""))
