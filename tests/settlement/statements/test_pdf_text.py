"""Names in every script: what is drawn, what is read, where lines break; and that plain English opens no large font."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from reportlab.pdfbase import pdfmetrics

from settlement.statements.pdf.text import (
    BOLD,
    FALLBACK,
    REGULAR,
    REPLACEMENT,
    Style,
    has_glyph,
    prints,
    runs,
    shortened,
    spoken,
    use_fonts,
    width,
    wrap,
)
from settlement.statements.pdf.text_fonts import ARABIC, EAST_ASIAN, EMOJI, font, has
from settlement.statements.pdf.text_scripts import clusters, visual

STYLE = Style(REGULAR, 8.0)
HEBREW = "שירותי בריאות"
HEBREW_SHOWN = "תואירב יתוריש"
ARABIC_NAME = "خدمات الصحة"
CHINESE = "北京市海淀区中关村大学医院、康复中心（第二部）"
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
WALES = "\U0001f3f4\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f"
DOCTOR = "\U0001f469\u200d\u2695\ufe0f"

NAMES = {
    "Polish": "Łódź, zażółć gęślą jaźń — naïve café",
    "Chinese": CHINESE,
    "Japanese": "社会福祉法人 ひらがな カタカナ が",
    "Korean": "한국 병원 서비스",
    "emoji": "🙂 🏥 👍🏽 ❤️ 1️⃣ 🇬🇧 " + FAMILY + WALES + DOCTOR,
    "Hebrew": "שירותי בריאות (צפון) 2024/25",
    "Arabic": "خدمات الصحة والرعاية الاجتماعية، لا إله",
    "Persian": "کلینیک پیشرفته گچ",
    "Urdu": "صحت ہسپتال کے لیے",
    "pointed Hebrew": "שָׁלוֹם עוֹלָם",
    "vowelled Arabic": "السَّلَامُ عَلَيْكُمْ",
    "Greek": "Νοσοκομείο Αθηνών",
    "Cyrillic": "Городская больница № 1",
    "Armenian": "Հիվանդանոց",
    "Vietnamese": "Bệnh viện Đa khoa",
    "Welsh": "Ysbyty Tŷ Ŵyl",
    "markup": "<b>Jones</b> & Co &amp; Söns",
}


def drawn(text: str, name: str = REGULAR) -> str:
    return "".join(piece for _, piece in runs(text, name))


def read(line: str) -> str:
    """A line as a screen reader has it: what is to be spoken, else what is drawn."""
    return spoken(line) or drawn(line)


@pytest.mark.parametrize("text", NAMES.values(), ids=NAMES)
@pytest.mark.parametrize("name", [REGULAR, BOLD])
def test_every_character_drawn_has_a_glyph_in_its_font(text: str, name: str) -> None:
    assert prints(text)
    for each, piece in runs(text, name):
        assert has(each, piece)
        assert all(font(each).face.charToGlyph[ord(character)] > 0 for character in piece)
    assert REPLACEMENT not in drawn(text, name)


@pytest.mark.parametrize("text", NAMES.values(), ids=NAMES)
def test_a_text_is_as_wide_as_what_is_drawn_for_it(text: str) -> None:
    for name in (REGULAR, BOLD):
        reach = sum(font(each).stringWidth(piece, 8.0) for each, piece in runs(text, name))
        assert width(text, Style(name, 8.0)) == pytest.approx(reach)


@pytest.mark.parametrize("text", NAMES.values(), ids=NAMES)
@pytest.mark.parametrize("room", [12.0, 40.0, 90.0])
def test_lines_fit_their_room_and_lose_nothing(text: str, room: float) -> None:
    text = text * 3
    lines = wrap(text, STYLE, room, 500)

    assert all(width(line, STYLE) <= room for line in lines if len(list(clusters(line))) > 1)
    assert "".join(map(read, lines)).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize("text", ["Łódź <b> £1,234.56", CHINESE, "한국 병원", "🙂 🏥", "café naïve"])
def test_what_is_drawn_as_it_is_read_needs_no_words(text: str) -> None:
    assert spoken(text) is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (HEBREW, HEBREW_SHOWN),
        (f"{HEBREW} 2024/25", f"2024/25 {HEBREW_SHOWN}"),
        (f"({HEBREW})", f"({HEBREW_SHOWN})"),
        (f"S001 {HEBREW} (צפון) Jones", f"S001 (ןופצ) {HEBREW_SHOWN} Jones"),
        (f"Owed by {HEBREW}: £1,234.56 in all", f"Owed by {HEBREW_SHOWN}: £1,234.56 in all"),
        (f"{HEBREW} pays −£5.00", f"{HEBREW_SHOWN} pays −£5.00"),
        (f"{HEBREW} (£5.00)", f"(£5.00) {HEBREW_SHOWN}"),
        (f"to {HEBREW} (£5.00)", f"to {HEBREW_SHOWN} (£5.00)"),
        ("סלאם", "םאלס"),
    ],
)
def test_right_to_left_text_is_drawn_in_the_order_of_display(text: str, shown: str) -> None:
    assert drawn(text) == shown
    assert spoken(text) == text


def test_nothing_in_a_name_turns_the_text_around_it() -> None:
    text = "\u202e" + HEBREW + "\u2067 owes £5.00"

    assert drawn(text) == f"{HEBREW_SHOWN} owes £5.00"
    assert drawn("abc\u202edef") == "abcdef"


def test_arabic_letters_are_joined() -> None:
    assert drawn("بيت") == "\ufe96\ufef4\ufe91"  # final, medial and initial forms, from left to right
    assert drawn("لا") == "\ufefb"
    assert runs("بيت", BOLD) == [(ARABIC, "\ufe96\ufef4\ufe91")]
    assert spoken("بيت") == "بيت"


def test_an_arabic_letter_without_forms_stays_as_it_is() -> None:
    assert drawn("ټول") == "\ufedd\ufeedټ"


def test_the_environment_does_not_change_how_letters_join(tmp_path: Path) -> None:
    """Its library reads a file that the environment names, unless every setting is given."""
    settings = tmp_path / "settings.ini"
    settings.write_text("[ArabicReshaper]\nsupport_ligatures: no\ndelete_harakat: yes\n", encoding="utf-8")
    told = _in_process(
        "from settlement.statements.pdf.text import *; print(ascii(runs('لَا', REGULAR)))",
        {"PYTHON_ARABIC_RESHAPER_CONFIGURATION_FILE": str(settings)},
    )
    assert told == ascii(runs("لَا", REGULAR))


def test_joiners_and_selectors_are_not_drawn_and_tones_only_by_themselves() -> None:
    assert drawn(FAMILY) == "👨👩👧"
    assert drawn(WALES) == "🏴"
    assert drawn("👍🏽") == "👍"
    assert drawn("🏽") == "🏽"
    assert drawn("1️⃣ #️⃣") == "1 #"
    assert drawn("a\u00adb\u200bc\u2060d\ufeff") == "abcd"
    assert spoken(FAMILY) == FAMILY
    assert runs("🙂", REGULAR) == [(EMOJI, "🙂")]
    assert all(map(has_glyph, FAMILY + WALES + "\u00ad\ufe0f"))


def test_letters_and_marks_are_composed_where_there_is_a_character() -> None:
    assert drawn("Cafe\u0301") == "Café"
    assert spoken("Cafe\u0301") == "Cafe\u0301"
    assert drawn("\u1112\u1161\u11ab") == "한"
    assert runs("x\u0302", REGULAR) == [(FALLBACK, "x\u0302")]
    assert drawn("か\u3099") == "が"
    assert drawn("\uac00") == "\uac00"


def test_what_no_font_has_is_replaced_and_still_read() -> None:
    text = "ไทย \U00020000"

    assert drawn(text) == f"{REPLACEMENT * 3} {REPLACEMENT}"
    assert spoken(text) == text
    assert not prints(text)
    assert not has_glyph("ไ")
    assert has_glyph("中")
    assert prints(REPLACEMENT)
    assert prints("plain")
    assert not prints("a\x07b")


def test_half_a_character_is_read_as_what_is_drawn_for_it() -> None:
    assert drawn("\ud800x") == f"{REPLACEMENT}x"
    assert spoken("\ud800x") is not None
    assert "\ud800" not in str(spoken("\ud800x"))


def test_a_line_may_end_between_ideographs_but_not_before_a_closing_sign() -> None:
    style = Style(REGULAR, 10.0)

    assert wrap("一二三、四五（六）七", style, 30.5) == ("一二", "三、四", "五", "（六）", "七")
    assert wrap("Ward 一二三四", style, 45.0) == ("Ward 一", "二三四")
    assert wrap("カードー", style, 20.5) == ("カー", "ドー")
    assert wrap("カードー", style, 30.5) == ("カー", "ドー")
    assert wrap("一\u2060二三\u200b四", style, 20.5) == ("一\u2060二", "三\u200b四")
    assert wrap("Ward\u200bNorth", style, 40.0) == ("Ward\u200b", "North")
    assert wrap("金額£1,234.56です", style, 60.0)[0] == "金額"


def test_plain_text_breaks_at_spaces_else_after_a_sign_else_anywhere() -> None:
    style = Style(REGULAR, 10.0)
    assert wrap("one two three", style, 45.0) == ("one two", "three")
    assert wrap("AB/CDEFGH/IJ", style, 45.0) == ("AB/", "CDEFGH/", "IJ")
    assert wrap("Rehabilitation", style, 20.0) == ("Reh", "abili", "tatio", "n")
    assert wrap("", style, 20.0) == ("",)


def test_korean_breaks_at_its_spaces() -> None:
    assert wrap("한국 병원 서비스", Style(REGULAR, 10.0), 50.0) == ("한국 병원", "서비스")


@pytest.mark.parametrize(
    "whole", [FAMILY, WALES, DOCTOR, "🇬🇧", "👍🏽", "x\u0302\u0323", "1️⃣", "שָׁ", "\u1112\u1161\u11ab"]
)
def test_a_line_never_ends_within_a_character_of_the_reader(whole: str) -> None:
    assert list(clusters(whole * 3)) == [whole] * 3
    for line in wrap(whole * 6, STYLE, 20.0, 100):
        assert read(line) == whole * (len(read(line)) // len(whole))


def test_two_flags_are_two() -> None:
    assert list(clusters("🇬🇧🇫🇷🇬")) == ["🇬🇧", "🇫🇷", "🇬"]
    assert list(clusters("")) == []


def test_a_line_of_a_longer_text_runs_as_the_whole_text_does() -> None:
    """Numbers alone on their line, and a comma between two lines of Hebrew, are placed as the text around them says."""
    style = Style(REGULAR, 10.0)
    whole = "שירותי בריאות, 12, 13 (14)"
    assert drawn(wrap(whole, style, width("שירותי בריאות,", style) + 0.1)[1]) == "(14) 13 ,12"
    first, *_ = wrap("Jones שירותי, בריאות", style, width("Jones שירותי,", style) + 0.1)
    assert drawn(first) == "Jones ,יתוריש"
    assert spoken(first) == "Jones שירותי,"
    assert [read(line) for line in wrap("Ward ٣ خدمات - 5", style, 45.0)] == ["Ward ٣", "خدمات - 5"]


def test_the_fonts_of_plain_text_are_made_known_to_reportlab() -> None:
    use_fonts()
    assert pdfmetrics.getFont(BOLD).face.name == b"LiberationSans-Bold"
    assert Style(BOLD, 10.0).leading == pytest.approx(12.8)


def test_a_text_cut_short_ends_in_an_ellipsis_and_fits() -> None:
    for text in [*NAMES.values(), "plain words of English, rather many of them"]:
        cut = shortened(text, STYLE, 40.0)
        assert width(cut, STYLE) <= 40.0
        assert cut.endswith("…") or cut == text
        assert text.startswith(cut.removesuffix("…"))
    assert shortened("short", STYLE, 40.0) == "short"
    assert shortened("short", STYLE, 1.0) == "…"


def test_more_lines_than_there_may_be_end_in_an_ellipsis() -> None:
    lines = wrap(f"{HEBREW} " * 20, STYLE, 60.0, 3)

    assert len(lines) == 3
    assert read(lines[-1]).endswith("…")
    assert all(width(line, STYLE) <= 60.0 for line in lines)


def test_a_long_text_without_spaces_is_broken_in_reasonable_time() -> None:
    for text in (CHINESE * 300, HEBREW.replace(" ", "") * 500, "نص" * 3000):
        lines = wrap(text, STYLE, 200.0, 10_000)
        assert all(width(line, STYLE) <= 200.0 for line in lines)
        assert "".join(map(read, lines)) == text


def test_a_sign_in_a_long_hard_word_ends_its_line() -> None:
    lines = wrap("שירותי/בריאותשירותי", STYLE, 40.0)

    assert spoken(lines[0]) == "שירותי/"


def test_a_character_wider_than_its_room_has_a_line_of_its_own() -> None:
    assert [read(line) for line in wrap("שלום", STYLE, 1.0)] == list("שלום")
    assert wrap("中文", STYLE, 1.0) == ("中", "文")


def test_brackets_of_any_kind_are_turned_where_they_run_from_the_right() -> None:
    assert visual("a [שלום] {b}") == "a [םולש] {b}"
    assert visual("«שלום»") == "«םולש»"
    assert visual("שלום <צפון>") == "<ןופצ> םולש"
    assert visual("שלום ()") == "() םולש"
    assert visual("x) שלום") == "x) םולש"


def _in_process(code: str, environment: dict[str, str] | None = None) -> str:
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **(environment or {})},
    ).stdout.strip()


def test_plain_english_opens_the_fonts_of_its_text_and_no_other() -> None:
    told = _in_process(
        "import sys\n"
        "from settlement.statements.pdf.text import *\n"
        "from settlement.statements.pdf.text_fonts import font\n"
        "use_fonts()\n"
        "for text in ('Łódź <b> £1,234.56 — café', 'plain'):\n"
        "    spoken(text)\n"
        "    runs(text, BOLD)\n"
        "    wrap(text, Style(REGULAR, 8.0), 20.0)\n"
        "    wrap(text, Style(BOLD, 8.0), 20.0)\n"
        "print(font.cache_info().currsize, 'bidi' in sys.modules, 'arabic_reshaper' in sys.modules)\n"
    )
    assert told == "2 False False"


def test_the_same_is_drawn_whatever_was_drawn_before() -> None:
    names = list(NAMES.values())
    told = _in_process(
        "from settlement.statements.pdf.text import *\n"
        f"for text in {names[::-1]!a}: print(ascii((runs(text, REGULAR), spoken(text))))"
    )

    assert told.splitlines()[::-1] == [ascii((runs(text, REGULAR), spoken(text))) for text in names]
    assert runs("中", REGULAR) == [(EAST_ASIAN, "中")]
