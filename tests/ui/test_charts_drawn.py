"""Charts: what is painted is there in both themes, can be gone through by keyboard, taken away, and read as a table."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QAction, QColor, QFontMetrics, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from settlement.overview_steps import Step
from ui.app import application
from ui.charts import BarChart, CapChart, CapRow, Category, Chart, Pattern, Series, WaterfallChart
from ui.charts.brush import Key, legend_height
from ui.charts.marks import Scale, short, ticks
from ui.figures import show_as
from ui.links import Link
from ui.preferences import Negatives, Theme, Units
from ui.tables import PENCE
from ui.theme import dress, meanings, palette_of

from .looking import contrast, cut_off, faint, nameless

GRAPHIC, TEXT = 3.0, 4.5  # WCAG 2.2 AA: contrast of what is drawn, and of what is written
SERIES = (
    Series("Budget", Pattern.HOLLOW, 0),
    Series("Actual", Pattern.SOLID, 1),
    Series("Forecast", Pattern.HATCHED, 1),
)
MONTHS = (
    Category("M1", "M1, April 2016", (10_000, 12_000, None), (Link("a"), Link("b"), None)),
    Category("M2", "M2, May 2016", (10_000, -3_000, None), (Link("c"), Link("d"), None)),
    Category("M3", "M3, June 2016", (20_000, None, 15_000), (Link("e"), None, Link("f"))),
)
STEPS = (
    Step("Overspends", 10_100, clause="", partner=""),
    Step("Clause 1: met from the risk pool, which is kept for just this", -3_000, clause="1"),
    Step("Shared between the partners", 7_100, is_subtotal=True),
    Step("Share of the council", -7_100, partner="A", detail="It bears £71.00."),
)
CAPS = (
    CapRow(
        "Council",
        5_000,
        5_000,
        2_000,
        "£50.00 of £50.00; the cap holds",
        "Under clause 1 it bears at most £50.",
        Link("x"),
    ),
    CapRow("Care board", 1_000, 4_000, 0, "£10.00 of £40.00, 25%", "Under clause 2 it bears at most £40.", Link("y")),
    CapRow("Trust", 3_000, None, 0, "£30.00, no cap", "No cap limits what Trust bears.", Link("z")),
)


@pytest.fixture
def bars(qtbot: QtBot) -> BarChart:
    chart = BarChart("Budget against actual", "Nothing yet.")
    chart.show_bars("Something was spent.", SERIES, MONTHS)
    show(qtbot, chart)
    return chart


@pytest.fixture
def waterfall(qtbot: QtBot) -> WaterfallChart:
    chart = WaterfallChart("From variance to cash", "Nothing to share.")
    chart.show_steps("The council bears £71.00.", STEPS, lambda step: Link("step", step.label))
    show(qtbot, chart)
    return chart


@pytest.fixture
def caps(qtbot: QtBot) -> CapChart:
    chart = CapChart("Exposure against caps", "No settlement.")
    chart.show_rows("A cap holds.", CAPS)
    show(qtbot, chart)
    return chart


@pytest.fixture(params=["bars", "waterfall", "caps"])
def chart(request: pytest.FixtureRequest) -> Chart:
    """Each kind of chart in turn."""
    made: Chart = request.getfixturevalue(request.param)
    return made


@pytest.fixture(params=[Theme.LIGHT, Theme.DARK])
def theme(request: pytest.FixtureRequest) -> Iterator[Theme]:
    """Both themes; and the desktop's own afterwards."""
    dress(application(), request.param)
    yield request.param
    dress(application(), Theme.SYSTEM)


@pytest.fixture
def large() -> Iterator[None]:
    """Text at twice its size."""
    dress(application(), Theme.LIGHT, 200)
    yield
    dress(application(), Theme.SYSTEM)


def show(qtbot: QtBot, chart: Chart) -> None:
    qtbot.addWidget(chart)
    chart.resize(760, 500)
    chart.show()
    qtbot.waitExposed(chart)


def picture(chart: Chart) -> QImage:
    QApplication.processEvents()
    return chart.canvas.grab().toImage()


def colours_in(image: QImage, area: QRect) -> set[str]:
    part = image.copy(area.intersected(image.rect())).convertToFormat(QImage.Format.Format_RGB32)
    raw = bytes(part.constBits())
    return {QColor(*reversed(raw[at : at + 3])).name() for at in _firsts(raw)}


def _firsts(raw: bytes) -> Iterator[int]:
    """Where each colour stands first."""
    seen = set()
    for at in range(0, len(raw), 4):
        colour = raw[at : at + 3]
        if colour not in seen:
            seen.add(colour)
            yield at


def press(qtbot: QtBot, chart: Chart, *keys: Qt.Key) -> str:
    """What the caption says after the keys."""
    chart.canvas.setFocus()
    for key in keys:
        qtbot.keyClick(chart.canvas, key)
    return chart.caption.text()


def cells(chart: Chart) -> list[list[object]]:
    model = chart.model
    return [
        [model.index(row, column).data(PENCE) for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


# Painted


def test_every_mark_is_painted_in_a_colour_that_can_be_seen(chart: Chart, theme: Theme) -> None:
    image = picture(chart)
    behind = image.pixelColor(2, 2)
    series = {QColor(colour).name() for colour in meanings().series}
    assert behind.lightness() > 200 if theme is Theme.LIGHT else behind.lightness() < 60
    for number in range(chart.count):
        drawn = colours_in(image, chart.canvas.area_of(number)) & series
        assert drawn, chart.said_of(number)
        assert all(contrast(QColor(colour), behind) >= GRAPHIC for colour in drawn)


def test_what_is_written_can_be_read(chart: Chart, theme: Theme) -> None:
    assert theme in Theme
    behind = picture(chart).pixelColor(2, 2)
    written = [chart.canvas.palette().color(chart.canvas.palette().ColorRole.Text), QColor(meanings().quiet)]
    assert all(contrast(colour, behind) >= TEXT for colour in written)
    strongest = max(contrast(QColor(colour), behind) for colour in colours_in(picture(chart), QRect(8, 8, 300, 40)))
    assert strongest >= TEXT
    assert faint(chart) == []


def test_bars_are_told_apart_without_colour(bars: BarChart) -> None:
    """Hollow has the background inside, solid has none of it, hatched has both."""
    image = picture(bars)
    behind = image.pixelColor(2, 2).name()
    inside = [colours_in(image, bars.canvas.area_of(number).adjusted(4, 4, -4, -4)) for number in (4, 0, 1, 5)]
    assert inside[0] == inside[1] == {behind}
    assert behind not in inside[2]
    assert behind in inside[3]
    assert len(inside[3]) > 1


def test_bars_stand_on_nought_and_are_as_high_as_their_amounts(bars: BarChart) -> None:
    picture(bars)
    areas = [bars.canvas.area_of(number) for number in range(bars.count)]
    budget, actual, _, negative, double, forecast = areas
    assert abs(double.height() - 2 * budget.height()) <= 2
    assert budget.bottom() == double.bottom() == forecast.bottom()
    assert negative.top() > budget.bottom()
    assert actual.left() > budget.right()
    assert all(not one.intersects(other) for one, other in pairwise(areas))


def test_steps_begin_where_the_one_before_ended_and_subtotals_at_nought(waterfall: WaterfallChart) -> None:
    picture(waterfall)
    over, reserve, subtotal, share = (waterfall.canvas.area_of(number) for number in range(4))
    assert abs(over.right() - reserve.right()) <= 2
    assert over.left() == subtotal.left()
    assert abs(reserve.left() - subtotal.right()) <= 2
    assert share == QRect(subtotal.left(), share.top(), subtotal.width(), share.height())
    assert over.bottom() < reserve.top() < subtotal.top()


def test_a_cap_is_a_line_across_the_bar_and_what_it_kept_is_beyond(caps: CapChart) -> None:
    image = picture(caps)
    held, roomy, free = (caps.canvas.area_of(number) for number in range(3))
    assert held.width() > roomy.width() > free.width()
    text = caps.canvas.palette().color(caps.canvas.palette().ColorRole.Text).name()
    above_held = colours_in(image, QRect(held.left() + 4, held.top() - 2, held.width(), 1))
    above_free = colours_in(image, QRect(free.left() + 4, free.top() - 2, free.width(), 1))
    assert text in above_held
    assert text not in above_free


def test_labels_of_months_never_run_into_each_other(qtbot: QtBot, large: None) -> None:  # noqa: ARG001  twice the size
    chart = BarChart("Narrow", "Nothing.")
    long = tuple(Category(f"Month {number}", f"Month {number}", (100,), (None,)) for number in range(1, 14))
    chart.show_bars("Thirteen.", (Series("Budget", Pattern.SOLID, 0),), long)
    show(qtbot, chart)
    chart.resize(420, 600)
    image = picture(chart)
    below = max(chart.canvas.area_of(number).bottom() for number in range(13)) + 3
    text = chart.canvas.palette().color(chart.canvas.palette().ColorRole.Text).name()
    inked = [
        any(image.pixelColor(x, y).name() == text for y in range(below + 8, image.height() - 2))
        for x in range(image.width())
    ]
    assert any(inked)
    # the letters of a label are near each other: labels that touched would be one long word
    labels = [each for each in "".join("x" if ink else " " for ink in inked).split(" " * 9) if each.strip()]
    width = QFontMetrics(chart.font()).horizontalAdvance("Month 13")
    assert 2 <= len(labels) < 13
    assert all(len(each.strip()) <= width for each in labels)


def test_nothing_is_cut_off_at_twice_the_size(large: None, chart: Chart) -> None:  # noqa: ARG001  twice the size
    picture(chart)
    assert cut_off(chart) == []
    bottom = max(chart.canvas.area_of(number).bottom() for number in range(chart.count))
    assert bottom < chart.canvas.height()
    chart.resize(400, 700)
    picture(chart)
    bottom = max(chart.canvas.area_of(number).bottom() for number in range(chart.count))
    assert bottom < chart.canvas.height()


def test_a_legend_goes_on_in_another_line_where_there_is_no_room(bars: BarChart) -> None:
    keys: list[Key] = [(name, Pattern.SOLID, 0) for name in ("Budget", "Actual", "Forecast")]
    metrics = QFontMetrics(bars.font())
    assert legend_height(metrics, keys, 1_000) * 3 == legend_height(metrics, keys, 10)


# Keyboard and mouse


def test_arrows_go_from_month_to_month_and_from_bar_to_bar(qtbot: QtBot, bars: BarChart) -> None:
    key = Qt.Key
    assert press(qtbot, bars) == "Arrow keys go from mark to mark; Enter opens what is behind one."
    assert press(qtbot, bars, key.Key_Right) == "M1, April 2016, budget: £100.00"
    assert press(qtbot, bars, key.Key_Down) == "M1, April 2016, actual: £120.00"
    assert press(qtbot, bars, key.Key_Right) == "M2, May 2016, actual: minus £30.00"
    assert press(qtbot, bars, key.Key_Right) == "M3, June 2016, forecast: £150.00"
    assert press(qtbot, bars, key.Key_Right) == "M3, June 2016, forecast: £150.00"
    assert press(qtbot, bars, key.Key_Up) == "M3, June 2016, budget: £200.00"
    assert press(qtbot, bars, key.Key_Left, key.Key_Left) == "M1, April 2016, budget: £100.00"
    assert press(qtbot, bars, key.Key_End) == "M3, June 2016, forecast: £150.00"
    assert bars.canvas.accessibleDescription() == "M3, June 2016, forecast: £150.00"
    assert press(qtbot, bars, key.Key_Escape) == "Arrow keys go from mark to mark; Enter opens what is behind one."
    assert bars.canvas.accessibleDescription() == "Something was spent."


def test_arrows_go_down_the_steps_and_say_the_detail(qtbot: QtBot, waterfall: WaterfallChart) -> None:
    key = Qt.Key
    assert press(qtbot, waterfall, key.Key_Down) == "Overspends: £101.00."
    assert press(qtbot, waterfall, key.Key_End) == "Share of the council: minus £71.00. It bears £71.00."
    assert press(qtbot, waterfall, key.Key_Up) == "Shared between the partners: £71.00."
    assert press(qtbot, waterfall, key.Key_Home) == "Overspends: £101.00."


def test_enter_and_a_double_click_lead_on(qtbot: QtBot, chart: Chart) -> None:
    picture(chart)
    with qtbot.waitSignal(chart.followed) as followed:
        press(qtbot, chart, Qt.Key.Key_Home, Qt.Key.Key_Return)
    assert followed.args == [chart.marks[0].link]
    place = chart.canvas.area_of(chart.count - 1).center()
    with qtbot.waitSignal(chart.followed) as followed:
        qtbot.mouseDClick(chart.canvas, Qt.MouseButton.LeftButton, pos=place)
    assert followed.args == [chart.marks[-1].link]
    with qtbot.assertNotEmitted(chart.followed):
        qtbot.mouseDClick(chart.canvas, Qt.MouseButton.LeftButton, pos=chart.canvas.rect().topRight())


def test_the_mouse_is_told_what_it_points_at(qtbot: QtBot, chart: Chart) -> None:
    picture(chart)
    qtbot.mouseMove(chart.canvas, chart.canvas.area_of(1).center())
    assert chart.caption.text() == chart.marks[1].said


def test_the_keyboard_can_be_seen_on_the_chart(qtbot: QtBot, chart: Chart) -> None:
    chart.activateWindow()
    before = picture(chart)
    press(qtbot, chart, Qt.Key.Key_Home)
    qtbot.waitUntil(chart.canvas.hasFocus)
    after = picture(chart)
    around = chart.canvas.area_of(0).adjusted(-3, -3, 3, 3)
    corner = around.topLeft()
    assert after.pixelColor(corner) != before.pixelColor(corner)
    assert after.pixelColor(1, 1) != before.pixelColor(1, 1)


# As a table


def test_the_table_has_every_figure(bars: BarChart, waterfall: WaterfallChart, caps: CapChart) -> None:
    assert cells(bars) == [[None, 10_000, 12_000, None], [None, 10_000, -3_000, None], [None, 20_000, None, 15_000]]
    assert [row[1:3] for row in cells(waterfall)] == [[10_100, 10_100], [-3_000, 7_100], [7_100, 7_100], [-7_100, 0]]
    assert [row[1:4] for row in cells(caps)] == [[5_000, 5_000, 2_000], [1_000, 4_000, 0], [3_000, None, 0]]
    assert bars.table().headings == ("Period", "Budget", "Actual", "Forecast")
    assert waterfall.table().totals == {2}


def test_the_table_takes_the_picture_s_place_and_leads_where_it_led(qtbot: QtBot, chart: Chart) -> None:
    assert chart.canvas.isVisible()
    chart.as_table.setFocus()
    qtbot.keyClick(chart.as_table, Qt.Key.Key_Space)
    assert chart.table_view.isVisible()
    assert not chart.canvas.isVisible()
    chart.table_view.setCurrentIndex(chart.model.index(0, 1))
    with qtbot.waitSignal(chart.followed) as followed:
        qtbot.keyClick(chart.table_view, Qt.Key.Key_Return)
    assert followed.args == [chart.marks[0].link]
    assert nameless(chart) == []
    qtbot.keyClick(chart.as_table, Qt.Key.Key_Space)
    assert chart.canvas.isVisible()


def test_a_table_is_as_high_as_its_rows(qtbot: QtBot, chart: Chart) -> None:
    chart.as_table.click()
    qtbot.wait(10)
    view = chart.table_view
    last = chart.model.rowCount() - 1
    assert view.visualRect(chart.model.index(last, 0)).bottom() < view.viewport().height()
    assert view.verticalScrollBar().maximum() == 0


def test_a_table_follows_the_units(qtbot: QtBot) -> None:
    show_as(Units.THOUSANDS, Negatives.BRACKETS)
    chart = BarChart("Budget", "Nothing.")
    chart.show_bars("x", SERIES[:1], (Category("M1", "M1", (123_456_789,), (None,)),))
    qtbot.addWidget(chart)
    assert chart.table().headings == ("Period", "Budget £000")
    assert chart.model.index(0, 1).data() == "1,235"
    assert chart.model.index(0, 1).data(PENCE) == 123_456_789


def test_without_figures_there_is_a_sentence(qtbot: QtBot, bars: BarChart, waterfall: WaterfallChart) -> None:
    bars.show_bars("x", SERIES, (Category("M1", "M1", (0, 0, None), (None, None, None)),))
    waterfall.show_steps("", (), lambda _step: None)
    for chart, sentence in ((bars, "Nothing yet."), (waterfall, "Nothing to share.")):
        assert chart.nothing.isVisible()
        assert chart.nothing.text() == sentence
        assert not any(part.isVisible() for part in (chart.canvas, chart.table_view, chart.as_table, chart.take))
    qtbot.wait(10)


# Taken away


def clipboard_image() -> QImage:
    return QGuiApplication.clipboard().image()


def test_ctrl_c_copies_a_picture_in_light_colours(qtbot: QtBot, theme: Theme, chart: Chart) -> None:
    assert theme in Theme
    chart.activateWindow()
    chart.canvas.setFocus()
    qtbot.waitUntil(chart.canvas.hasFocus)
    with qtbot.waitSignal(chart.said) as said:
        qtbot.keyClick(chart.canvas, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert said.args == [f"Copied as a picture: {chart.title}"]
    image = clipboard_image()
    assert image.width() >= 2 * chart.canvas.width()
    assert image.pixelColor(1, 1) == palette_of(dark=False).color(chart.palette().ColorRole.Base)
    head = colours_in(image, QRect(0, 0, image.width(), 60))
    assert len(head) > 2, "the title stands over it"


def test_the_table_is_copied_for_a_spreadsheet(qtbot: QtBot, waterfall: WaterfallChart) -> None:
    waterfall.activateWindow()
    waterfall.canvas.setFocus()
    qtbot.waitUntil(waterfall.canvas.hasFocus)
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(waterfall.canvas, Qt.Key.Key_C, both)
    head, first, second, *_ = QGuiApplication.clipboard().text().splitlines()
    assert head.split("\t") == ["Step", "Amount", "Comes to", "In words"]
    assert first.split("\t") == ["Overspends", "101.00", "101.00", ""]
    assert second.split("\t")[1:3] == ["-30.00", "71.00"]


def test_every_way_to_take_it_is_in_the_menu_and_in_the_button(chart: Chart) -> None:
    actions = [action.text() for action in chart.menu.actions()]
    assert actions == ["Copy &picture", "Copy &table", "Save as P&NG…", "Save as &SVG…"]
    assert [action.text() for action in chart.canvas.actions()] == actions
    assert chart.canvas.contextMenuPolicy() is Qt.ContextMenuPolicy.ActionsContextMenu
    assert chart.take.menu() is chart.menu


def choose(qtbot: QtBot, chart: Chart, action: QAction, path: Path) -> None:
    """Choose a file in the dialog that an action opens."""
    action.trigger()
    dialog = chart.findChild(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    assert dialog.isVisible()
    dialog.selectFile(str(path))
    dialog.accept()
    qtbot.waitUntil(lambda: not dialog.isVisible())


def test_a_chart_is_saved_as_a_picture(qtbot: QtBot, chart: Chart, tmp_path: Path) -> None:
    path = tmp_path / "chart.png"
    with qtbot.waitSignal(chart.said) as said:
        choose(qtbot, chart, chart.save_png_action, path)
    assert said.args == [f"Saved: {path}"]
    image = QImage(str(path))
    assert image.width() >= 2 * chart.canvas.width()
    assert QColor(meanings(palette_of(dark=False)).series[0]).name() in colours_in(image, image.rect())


def test_a_chart_is_saved_as_a_drawing(qtbot: QtBot, chart: Chart, tmp_path: Path) -> None:
    path = tmp_path / "chart.svg"
    choose(qtbot, chart, chart.save_svg_action, path)
    root = ET.parse(path).getroot()  # noqa: S314  our own file
    space = "{http://www.w3.org/2000/svg}"
    assert root.findtext(f"{space}title") == chart.title
    assert root.findtext(f"{space}desc") == chart.sentence
    words = " ".join("".join(text.itertext()) for text in root.iter(f"{space}text"))
    assert chart.title in words
    assert QColor(meanings(palette_of(dark=False)).series[0]).name() in path.read_text(encoding="utf-8").lower()


@pytest.mark.parametrize("name", ["chart.png", "chart.svg"])
def test_a_place_that_cannot_be_written_to_is_told(qtbot: QtBot, bars: BarChart, tmp_path: Path, name: str) -> None:
    with qtbot.waitSignal(bars.failed) as failed:
        bars.save(str(tmp_path / "nowhere" / name))
    heading, failure = failed.args
    assert heading == "The chart was not saved"
    assert failure.sentence == "The computer refused it: No such file or directory."


# Scales


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 0, [0, 100]),
        (0, 1, [0, 100]),
        (0, 12_000, [0, 2_000, 4_000, 6_000, 8_000, 10_000, 12_000]),
        (-3_000, 20_000, [-5_000, 0, 5_000, 10_000, 15_000, 20_000]),
        (-5, -1, [-100, 0]),
        (0, 1_482_855_00, [0, 50_000_000, 100_000_000, 150_000_000]),
    ],
)
def test_an_axis_has_round_amounts_around_all_of_them(low: int, high: int, expected: list[int]) -> None:
    assert ticks(low, high, 6) == expected


@pytest.mark.parametrize(
    ("pence", "expected"),
    [
        (0, "£0"),
        (10_000, "£100"),
        (100_000, "£1k"),
        (150_000, "£1.5k"),
        (50_000_000, "£500k"),
        (150_000_000, "£1.5m"),
        (200_000_000_000, "£2,000m"),
        (-5_000_000, "(£50k)"),
    ],
)
def test_axis_labels_are_short(pence: int, expected: str) -> None:
    assert short(pence) == expected


def test_a_scale_puts_amounts_of_any_size_within_its_length() -> None:
    scale = Scale(-(10**15), 10**15, 500)
    assert (scale.at(-(10**15)), scale.at(0), scale.at(10**15)) == (0, 250, 500)
    assert Scale(0, 0, 100).at(0) == 0
