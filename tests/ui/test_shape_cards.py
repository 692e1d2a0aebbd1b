"""The pictures of the shape pages: each is the program's own card, and the page says in words what the card says."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QImage, QTextDocument

from ui.app import application
from ui.guide import cards
from ui.guide.cards import Pictured, all_pictured, cards_of, pictured, read_out, sheet_of
from ui.pages.risk_share.views import CardKind
from ui.preferences import Theme
from ui.theme import dress

DOCS = Path(__file__).parents[2] / "docs"
SHAPES = DOCS / "shapes"
ALL = all_pictured()

pytestmark = pytest.mark.usefixtures("qapp")


def text_of(page: str) -> str:
    """A page without its pictures' words, white space folded."""
    text = (SHAPES / f"{page}.md").read_text(encoding="utf-8")
    return " ".join(re.sub(r"!\[[^\]]*\]\([^)]*\)", "", text).split())


def colours_of(image: QImage) -> set[int]:
    """The colours of a picture, looked at here and there."""
    places = ((x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3))
    return {image.pixel(x, y) for x, y in places}


@pytest.mark.parametrize("name", ALL)
def test_a_picture_is_read_out_as_its_page_says(name: str) -> None:
    sheet, frames = sheet_of(ALL[name])
    said = read_out(frames)
    sheet.deleteLater()
    assert ALL[name].says == said, "run python -m ui.guide.cards, which prints what the cards say"


@pytest.mark.parametrize("name", ALL)
def test_the_sentences_of_the_cards_stand_on_the_page_in_words(name: str) -> None:
    told = [card.says for card in cards_of(ALL[name]) if card.kind is not CardKind.UNALLOCATED]
    own = text_of(ALL[name].page)
    assert told
    assert [each for each in told if name != "forgotten" and each not in own] == []


def test_every_shape_page_has_a_picture_and_no_page_names_one_that_is_not_drawn() -> None:
    assert {each.page for each in ALL.values()} == {path.stem for path in SHAPES.glob("*.md")}
    for path in DOCS.rglob("*.md"):
        for name in re.findall(r"pictures/card-([A-Za-z0-9-]+)\.png\)", path.read_text(encoding="utf-8")):
            assert name in ALL, f"{path.name}: {name}"


@pytest.mark.parametrize("path", sorted(SHAPES.glob("*.md")), ids=lambda path: path.stem)
def test_the_program_shows_each_picture_once(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    document = QTextDocument()
    document.setMarkdown(text)
    # Qt draws a picture again for every line that its words have: they stand on one
    assert document.toPlainText().count("\ufffc") == len(list(pictured(text, path.stem)))


def test_a_picture_is_as_wide_as_asked_with_as_many_dots_as_asked() -> None:
    once = cards.picture("fixed-shares", 600)
    assert once is not None
    assert once.width() == 600
    assert len(colours_of(once)) > 10
    twice = cards.picture("card-fixed-shares.png", 600, 2.0)
    assert twice is not None
    assert (twice.width(), twice.height(), twice.devicePixelRatio()) == (1200, 2 * once.height(), 2.0)


def test_a_narrow_picture_is_taller() -> None:
    narrow, wide = cards.picture("first-calls", 320), cards.picture("first-calls", 900)
    assert narrow is not None
    assert wide is not None
    assert narrow.height() > wide.height()


@pytest.fixture
def dark() -> Iterator[None]:
    dress(application(), Theme.DARK)
    yield
    dress(application(), Theme.LIGHT)


@pytest.mark.usefixtures("dark")
def test_a_picture_in_the_program_has_the_programs_look() -> None:
    image = cards.picture("fixed-shares")
    assert image is not None
    assert image.pixelColor(2, 2).lightness() < 128


def test_what_no_page_pictures_is_none() -> None:
    assert cards.picture("card-of-nothing.png") is None


@pytest.fixture
def no_guide(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(cards, "guide_folder", lambda: None)
    all_pictured.cache_clear()
    yield
    all_pictured.cache_clear()


@pytest.mark.usefixtures("no_guide")
def test_without_the_guide_there_are_no_pictures() -> None:
    assert cards.picture("fixed-shares") is None


BLOCKS = """<!-- file: {0}/agreement.toml -->
```toml
{1}
```

<!-- file: {0}/lines.csv -->
```text
period,scheme,partner,kind,amount
```

![x](../pictures/card-{2}.png)
"""


def test_a_picture_without_its_files_names_what_is_missing() -> None:
    with pytest.raises(KeyError, match=r"b/agreement\.toml"):
        list(pictured(BLOCKS.format("a", "", "page-b"), "page"))


def test_a_ledger_without_a_period_to_settle_is_told() -> None:
    agreement = re.sub(r"\[settle\]\nperiod = \S+\n", "", ALL["fixed-shares"].agreement)
    (empty,) = pictured(BLOCKS.format("a", agreement, "page"), "page")
    with pytest.raises(ValueError, match="page: page: there is no period to settle"):
        cards_of(empty)


def test_a_case_of_its_own_folder_has_its_own_lines() -> None:
    text = BLOCKS.format("a", "one", "page") + BLOCKS.format("b", "two", "page-b").replace("amount\n", "amount\nM1\n")
    first, second = pictured(text, "page")
    assert isinstance(first, Pictured)
    assert (first.agreement, second.agreement) == ("one\n", "two\n")
    assert second.lines == f"{first.lines}M1\n"


# From the command line, as a build does it


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["cards", *arguments])
    return cards.main()


def test_the_command_writes_pictures_twice_as_sharp(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "pictures"
    assert run(monkeypatch, str(out), "--only", "underspend-re") == 0
    names = ["card-underspend-reinvested.png", "card-underspend-returned.png"]
    assert sorted(file.name for file in out.iterdir()) == names
    assert capsys.readouterr().out.split() == [str(out / name) for name in names]
    assert all(QImage(str(out / name)).width() == 2 * cards.WIDTH for name in names)


def test_the_command_says_what_cards_say_where_no_folder_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "--only", "fixed-shares") == 0
    assert capsys.readouterr().out == f"fixed-shares: {ALL['fixed-shares'].says}\n"


def test_a_picture_that_cannot_be_written_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "card-fixed-shares.png").mkdir()
    assert run(monkeypatch, str(tmp_path), "--only", "fixed-shares") == 1
    assert "card-fixed-shares.png: the picture cannot be written" in capsys.readouterr().err
