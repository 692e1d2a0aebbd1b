"""The gallery draws every page and dialog, and the guide shows only pictures that it draws."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from ui.guide.book import pictures_of, sections
from ui.guide.cards import all_pictured
from ui.guide.reading import Topic
from ui.pages import PLACES

from .conftest import GOLDEN

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pictures of the Settings page and of the Agreement page of a ledger."""
    out = tmp_path_factory.mktemp("pictures")
    command = [sys.executable, "-m", "ui.gallery", str(GOLDEN / "ccg-to-icb-2022-23"), str(out), "--only", "settings"]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=240)
    return out


def test_each_page_is_drawn_light_and_dark_at_both_text_sizes(drawn: Path) -> None:
    names = {file.stem for file in drawn.glob("settings-*.png") if "dialog" not in file.stem}
    assert {f"settings-{theme}-{size}" for theme in ("light", "dark") for size in (100, 200)} <= names


def test_pictures_are_of_the_theme_they_name(drawn: Path) -> None:
    for theme, is_dark in (("light", False), ("dark", True)):
        picture = QImage(str(drawn / f"settings-{theme}-100.png"))
        assert picture.width() >= 1200
        corner = picture.pixelColor(picture.width() - 40, picture.height() - 40)
        assert (corner.lightness() < 128) == is_dark


def test_the_guide_shows_only_pictures_that_the_gallery_and_the_cards_draw() -> None:
    pages = {place.key for place in PLACES}
    shown = {name.rpartition("/")[2] for page in _pages_of_the_book() for name in pictures_of(page)}
    drawn = {found.groups() for name in shown if (found := re.fullmatch(r"([a-z-]+)-(light|dark)-(\d+)\.png", name))}
    assert len(drawn) >= 6
    assert {name for name, _, _ in drawn} <= pages
    assert {size for _, _, size in drawn} <= {"100", "200"}
    cards = {name for name in shown if name.startswith("card-")}
    assert {name.removeprefix("card-").removesuffix(".png") for name in cards} == set(all_pictured())
    assert len(shown) == len(drawn) + len(cards)


def _pages_of_the_book() -> list[Topic]:
    return [page for section in sections() for page in section.pages]


def test_what_is_no_ledger_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    command = [sys.executable, "-m", "ui.gallery", str(tmp_path / "empty"), str(tmp_path / "out")]
    ended = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True, timeout=120)
    assert ended.returncode != 0
    assert "agreement.toml" in ended.stderr
