"""A theme file is read whole or refused with everything that is wrong with it, each with its place and what to do."""

from binascii import crc32
from io import BytesIO
from pathlib import Path
from struct import pack

import pytest
from PIL import Image

from rules.language import speaking
from rules.problems import RefusedError
from settlement.languages import catalogue_of
from settlement.statements.document import Look
from settlement.statements.theme import PLAIN, OwnSignatory, PartnerTheme, Theme
from settlement.statements.theme_colour import contrast_in_words, contrast_on_white
from settlement.statements.theme_file import LARGEST, read_theme
from settlement.statements.theme_logo import LARGEST_BYTES, check_logo

DOCS = Path(__file__).parents[3] / "docs"


def picture(kind: str, size: tuple[int, int] = (40, 20), mode: str = "RGB", **options: object) -> bytes:
    """A picture of one colour."""
    kept = BytesIO()
    Image.new(mode, size).save(kept, kind, **options)
    return kept.getvalue()


def theme_of(text: str, folder: Path, *partners: str) -> Theme:
    path = folder / "pool.theme.toml"
    path.write_text(text, encoding="utf-8")
    return read_theme(path, partners or None)


def refusals(text: str, folder: Path, *partners: str) -> list[tuple[str, str]]:
    """The places and messages that a theme is refused with; all of them name the file."""
    with pytest.raises(RefusedError) as refused:
        theme_of(text, folder, *partners)
    assert {problem.file for problem in refused.value.problems} == {str(folder / "pool.theme.toml")}
    return [(problem.place, problem.message) for problem in refused.value.problems]


# --- what is read -----------------------------------------------------------------------------------------------------


def test_everything_in_a_theme_is_optional(tmp_path: Path) -> None:
    assert theme_of("", tmp_path) == PLAIN


def test_a_whole_theme_is_read(tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(picture("PNG"))
    theme = theme_of(
        """
        colour = "#7a0019"
        logo = "logo.png"
        logo_alternative = "Crest"
        paragraph = '''Two
        lines'''
        paragraph_in_welsh = "Paragraff"
        [partner.LBB]
        address = ["Town Hall", "High Street"]
        signatories = [{ name = "Jo", role = "Treasurer" }, { role = "Chief Executive" }]
        [partner.LBB.accounts]
        paid = "40210"
        [partner.BCCG]
        """,
        tmp_path,
        "LBB",
        "BCCG",
    )
    assert theme.look == Look("#7A0019", picture("PNG"), "Crest")
    assert theme.paragraph == "Two lines"
    assert theme.of("LBB") == PartnerTheme(
        ("Town Hall", "High Street"),
        (OwnSignatory("Jo", "Treasurer"), OwnSignatory("", "Chief Executive")),
        {"paid": "40210"},
    )
    assert theme.of("BCCG") == theme.of("NOBODY") == PartnerTheme()
    assert theme.standing_paragraph == "Two lines"
    with speaking(catalogue_of("cy")):
        assert theme.standing_paragraph == "Paragraff"


def test_a_statement_in_welsh_has_the_only_paragraph_there_is(tmp_path: Path) -> None:
    theme = theme_of('paragraph = "One for all"', tmp_path)
    with speaking(catalogue_of("cy")):
        assert theme.standing_paragraph == "One for all"


def test_the_example_in_the_documents_is_read(tmp_path: Path) -> None:
    theme = read_theme(DOCS / "theme.toml", ("COUNCIL", "ICB"))
    assert set(theme.partners) == {"COUNCIL", "ICB"}
    assert theme.paragraph
    assert theme.of("COUNCIL").accounts
    # the keys that stand there as comments are read as well, once there is a logo
    text = (
        (DOCS / "theme.toml").read_text(encoding="utf-8").replace("# logo", "logo").replace("# paragraph", "paragraph")
    )
    (tmp_path / "logo.png").write_bytes(picture("PNG"))
    assert theme_of(text, tmp_path, "COUNCIL", "ICB").look.logo


def test_a_file_saved_by_notepad_is_read(tmp_path: Path) -> None:
    (tmp_path / "theme.toml").write_bytes(b"\xef\xbb\xbf" + b'paragraph = "x"\r\n')
    assert read_theme(tmp_path / "theme.toml").paragraph == "x"


# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("color = 1", "color", "unknown key `color`; did you mean `colour`?"),
        (
            "size = 1",
            "size",
            "unknown key `size`; a theme has colour, logo, logo_alternative, paragraph, paragraph_in_welsh and ",
        ),
        ("colour = 5", "colour", "a string is needed, not 5; put it in quotation marks"),
        ('colour = "navy"', "colour", "“navy” is not a colour; write it as #RRGGBB, such as #1C3654"),
        (
            'colour = "#777777"',
            "colour",
            "#777777 has a contrast of 4.4 to 1 on white, and text needs 4.5 to 1 to be read; choose a darker one",
        ),
        ('logo = ""\nlogo_alternative = "x"', "logo", "it is empty; write something to know it by"),
        ('logo = "/etc/logo.png"\nlogo_alternative = "x"', "logo", "write the path from where this file is, with /"),
        ('logo = "a\\\\b.png"\nlogo_alternative = "x"', "logo", "write the path from where this file is, with /"),
        ('logo = "none.png"\nlogo_alternative = "x"', "logo", "“none.png” cannot be read beside this file: No such"),
        ('logo = "notes.txt"\nlogo_alternative = "x"', "logo", "“notes.txt” is neither a PNG nor a JPEG; save it as "),
        ('logo = "logo.png"', "logo_alternative", "missing; say in a few words what the logo shows, for whoever does"),
        ('logo_alternative = "x"', "logo_alternative", "there is no logo; give its file under `logo`, or take this "),
        (f'paragraph = "{"x" * 601}"', "paragraph", "this is 601 characters long, and there is room for 600"),
        ('paragraph = "a\\u0007"', "paragraph", "there are characters in it that do not print; take them out"),
        ("partner = 1", "partner", "a table is needed, not 1"),
        ("[partner]\nLBB = 1", "partner.LBB", "a table is needed, not 1"),
        ("[partner.LBC]", "partner.LBC", "no partner of this ledger has the code “LBC”; did you mean “LBB”?"),
        ("[partner.X]", "partner.X", "no partner of this ledger has the code “X”; the partners are LBB and BCCG"),
        ("[partner.LBB]\naddres = []", "partner.LBB.addres", "unknown key `addres`; did you mean `address`?"),
        ('[partner.LBB]\naddress = "x"', "partner.LBB.address", 'a list of strings is needed, such as ["A", "B"]'),
        ('[partner.LBB]\naddress = [" x"]', "partner.LBB.address", "has spaces around it or characters that do not"),
        (
            "[partner.LBB]\naddress = [" + 9 * '"x", ' + "]",
            "partner.LBB.address",
            "an address has 8 lines at most; put some of them together",
        ),
        (
            f'[partner.LBB]\naddress = ["{"x" * 101}"]',
            "partner.LBB.address",
            "a line of an address has 100 characters at most",
        ),
        ("[partner.LBB]\nsignatories = 1", "partner.LBB.signatories", "write each signatory as a { … } in a list"),
        (
            "[partner.LBB]\nsignatories = [{}]",
            "partner.LBB.signatories[1].role",
            "a signatory has a name, a role or both",
        ),
        (
            '[partner.LBB]\nsignatories = [{ nam = "Jo", role = "CFO" }]',
            "partner.LBB.signatories[1].nam",
            "unknown key `nam`; did you mean `name`?",
        ),
        (
            "[partner.LBB]\nsignatories = [" + 5 * '{ role = "x" }, ' + "]",
            "partner.LBB.signatories",
            "a first page has room for 4 signatories at most",
        ),
        (
            '[partner.LBB.accounts]\npayd = "1"',
            "partner.LBB.accounts.payd",
            "unknown key `payd`; did you mean `paid`?",
        ),
        ("[partner.LBB.accounts]\npaid = 40210", "partner.LBB.accounts.paid", "a string is needed, not 40210; put it"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, place: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(picture("PNG"))
    (tmp_path / "notes.txt").write_text("notes")
    ((found, told),) = refusals(text, tmp_path, "LBB", "BCCG")
    assert found == place
    assert message in told


def test_everything_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    found = refusals('colour = "red"\n[partner.LBB]\naddress = 1\nsignatory = 2', tmp_path)
    assert [place for place, _ in found] == ["colour", "partner.LBB.address", "partner.LBB.signatory"]


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        (b'paragraph = "x"\ncolour = #1C3654\n', 2, "this is not TOML at column 10: Invalid value"),
        (b'paragraph = "x', 1, "this is not TOML: Unterminated string"),
        (b'# a\nparagraph = "\xa3"', 2, "this line is not in UTF-8; save the file as UTF-8"),
        (b"a = " + b"[" * 5000 + b"]" * 5000, None, "this is not a theme: its lists are nested too deeply"),
        (b"a = " + b"1" * 5000, None, "this is not a theme: a number in it is far too long"),
        (b"#" * (LARGEST + 1), None, "this is no theme file: it is larger than 256 KB"),
    ],
)
def test_what_is_no_toml_is_refused_with_its_line(
    content: bytes, line: int | None, message: str, tmp_path: Path
) -> None:
    path = tmp_path / "theme.toml"
    path.write_bytes(content)
    with pytest.raises(RefusedError) as refused:
        read_theme(path)
    (problem,) = refused.value.problems
    assert (problem.file, problem.line) == (str(path), line)
    assert message in problem.message


def test_a_theme_file_that_is_not_there_or_not_a_file_is_refused(tmp_path: Path) -> None:
    for path, message in ((tmp_path / "none.toml", "there is no such theme file"), (tmp_path, "cannot be read: ")):
        with pytest.raises(RefusedError, match=message):
            read_theme(path)


# --- logo and colour --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        picture("PNG"),
        picture("PNG", mode="RGBA"),
        picture("PNG", mode="P"),
        picture("JPEG"),
        picture("JPEG", mode="L"),
        picture("JPEG", progressive=True),
        picture("JPEG", exif=b"Exif\x00\x00" + b"x" * 200),
        picture("PNG", (4000, 1)),
    ],
)
def test_ordinary_pictures_are_logos(content: bytes) -> None:
    assert check_logo(content) == ""


def chunk(kind: bytes, body: bytes) -> bytes:
    return pack(">I", len(body)) + kind + body + pack(">I", crc32(kind + body))


_LOSSLESS = b"\xff\xd8\xff\xff\xd0\xff\xc3\x00\x04\x08\x00\xff\xd9"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is neither a PNG nor a JPEG; save it as one of them"),
        (picture("GIF"), "is neither a PNG nor a JPEG; save it as one of them"),
        (b"<svg/>", "is neither a PNG nor a JPEG; save it as one of them"),
        (picture("PNG")[:-20], "is cut short or damaged; save it again"),
        (picture("PNG").replace(b"IHDR", b"IHDX"), "is cut short or damaged; save it again"),
        (b"\x89PNG\r\n\x1a\n" + chunk(b"IEND", b""), "is cut short or damaged; save it again"),
        (
            b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", bytes(13)) + chunk(b"IDAT", b"") + chunk(b"IEND", b""),
            "has no dots in it; save it again",
        ),
        (picture("JPEG")[:-30], "is cut short or damaged; save it again"),
        (b"\xff\xd8\xff\xd9", "is cut short or damaged; save it again"),
        (_LOSSLESS, "is of a kind of JPEG that few programs read; save it as an ordinary one"),
        (picture("JPEG", mode="CMYK"), "is a JPEG in colours for print (CMYK); save it in RGB"),
        (picture("PNG", (4001, 1)), "is 4001 by 1 dots, and there may be 4000 to a side; save it smaller"),
        (bytes(LARGEST_BYTES + 1), "is larger than 1024 KB; save it smaller"),
    ],
)
def test_what_is_no_logo_is_told(content: bytes, told: str) -> None:
    assert check_logo(content) == told


@pytest.mark.parametrize(
    ("colour", "ratio", "told"),
    [("#000000", 21.0, "21.0"), ("#FFFFFF", 1.0, "1.0"), ("#767676", 4.54, "4.5"), ("#777777", 4.48, "4.4")],
)
def test_contrast_is_as_the_guidelines_work_it_out(colour: str, ratio: float, told: str) -> None:
    assert contrast_on_white(colour) == pytest.approx(ratio, abs=0.01)
    assert contrast_in_words(colour) == told


def test_a_logo_of_whole_chunks_with_no_picture_in_them_is_refused() -> None:
    header = b"\x00\x00\x00\x28\x00\x00\x00\x14\x08\x02\x00\x00\x00"
    content = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"rubbish") + chunk(b"IEND", b"")
    assert check_logo(content) == "is cut short or damaged; save it again"


def test_a_logo_stays_in_the_folder_of_its_theme(tmp_path: Path) -> None:
    (tmp_path / "under").mkdir()
    (tmp_path / "logo.png").write_bytes(picture("PNG"))
    with pytest.raises(RefusedError, match="leads out of the folder that this file is in"):
        theme_of('logo = "../logo.png"\nlogo_alternative = "Crest"', tmp_path / "under")
