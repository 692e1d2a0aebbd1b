"""Pictures are true and can be read: bars add up, nothing overlaps or leaves the picture, grey tells everything."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.agreement import Kind
from rules.money import LARGEST_PENCE, pounds
from rules.periods import Period
from settlement.overview import Month
from settlement.statements import StatementInputs, settlement_statement
from settlement.statements.document import Document, Paragraph, Picture, RowKind, Table
from settlement.statements.drawing import Anchor, Box, Drawing, Hatch, Label, Line
from settlement.statements.footing import FOOTING
from settlement.statements.pdf.text import BOLD, REGULAR, Style, width
from settlement.statements.pictures.bars import PICTURE_WIDTH, QUIET, TEXT, Ink
from settlement.statements.pictures.months import MonthColumns, months_in_words, months_picture
from settlement.statements.pictures.pictured import months_blocks, shares_blocks
from settlement.statements.pictures.shares import PartnerShare, shares_in_words, shares_picture
from settlement.statements.pictures.text import cut, in_lines, text_width
from settlement.statements.pictures.waterfall import Step, waterfall, waterfall_in_words
from settlement.statements.theme_colour import contrast_on_white
from tests.conftest import agreement_of, examples, golden_case
from tests.settlement.statements.making import LONG, PostedLine, inputs_of, settled

PENCE = st.one_of(
    st.integers(-LARGEST_PENCE, LARGEST_PENCE),
    st.integers(-200, 200),
    st.sampled_from([0, 1, -1, LARGEST_PENCE, -LARGEST_PENCE]),
)
NAMES = st.one_of(
    st.sampled_from([label for _, _, label in FOOTING]),
    st.sampled_from([LONG, LONG * 3, "W" * 120, "中文" * 60, "Ł", "🙂" * 20, "", " ", "מועצה " * 20]),
    st.text(max_size=130),
)
STEPS = st.lists(st.builds(Step, NAMES, PENCE), max_size=14)
SHARES = st.lists(st.builds(PartnerShare, NAMES, PENCE), min_size=1, max_size=12)


@st.composite
def months(draw: st.DrawFn) -> list[MonthColumns]:
    """Up to thirteen months, those from one of them on still to come."""
    ahead = draw(st.integers(1, 14))
    count = draw(st.integers(1, 13))
    return [MonthColumns(f"M{number}", draw(PENCE), draw(PENCE), number >= ahead) for number in range(1, count + 1)]


# --- geometry ---------------------------------------------------------------------------------------------------------

Area = tuple[float, float, float, float]


def area_of(label: Label) -> Area:
    """The room that a label takes: left, top, right, bottom."""
    wide = text_width(label.text, label.size, is_bold=label.is_bold)
    left = label.x - {Anchor.START: 0.0, Anchor.MIDDLE: wide / 2, Anchor.END: wide}[label.anchor]
    return left, label.y - 0.75 * label.size, left + wide, label.y + 0.22 * label.size


def overlap(one: Area, other: Area) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def look(drawing: Drawing) -> None:
    """Everything lies in the picture, no label on another or on an area, and all of it is large and dark enough."""
    labels = [shape for shape in drawing.shapes if isinstance(shape, Label)]
    areas = [shape for shape in drawing.shapes if isinstance(shape, Box)]
    assert drawing.width == PICTURE_WIDTH
    for left, top, right, bottom in (
        *(area_of(label) for label in labels),
        *((box.x, box.y, box.x + box.width, box.y + box.height) for box in areas),
        *(
            (line.x1, min(line.y1, line.y2), line.x2, max(line.y1, line.y2))
            for line in drawing.shapes
            if isinstance(line, Line)
        ),
    ):
        assert left >= -0.01
        assert top >= -0.01
        assert right <= drawing.width + 0.01
        assert bottom <= drawing.height + 0.01
    for one, other in combinations(labels, 2):
        assert not overlap(area_of(one), area_of(other)), (one, other)
    for label in labels:
        for box in areas:
            assert not overlap(area_of(label), (box.x, box.y, box.x + box.width, box.y + box.height)), (label, box)
        assert label.size >= 7.0
        assert contrast_on_white(label.colour) >= 4.5
    for box in areas:
        assert box.width > 0
        assert box.height > 0
        assert max(contrast_on_white(box.fill), contrast_on_white(box.outline)) >= 3.0


def bars_of(drawing: Drawing) -> list[Box]:
    """The bars, without the swatches beneath them."""
    return [shape for shape in drawing.shapes if isinstance(shape, Box) and shape.width != 8.0]


# --- the waterfall ----------------------------------------------------------------------------------------------------


@settings(max_examples=examples(100, 20))
@given(STEPS)
def test_a_waterfall_can_be_read_whatever_its_steps_are(steps: list[Step]) -> None:
    look(waterfall(steps, "Net due (negative: receives)"))


@given(st.lists(st.builds(Step, st.just("A step"), st.integers(-(10**9), 10**9)), max_size=14))
def test_its_bars_add_up(steps: list[Step]) -> None:
    drawing = waterfall(steps, "Net due")
    (nought,) = (line.x1 for line in drawing.shapes[:1] if isinstance(line, Line))
    links = [line for line in drawing.shapes[1:] if isinstance(line, Line)]
    shown = [step.pence for step in steps if step.pence]
    assert len(links) == len(shown)
    levels = [0]
    for pence in shown:
        levels.append(levels[-1] + pence)
    span = max(levels) - min(levels)
    places = [nought, *(line.x1 for line in links)]
    wide = max(places) - min(places)
    for (before, after), pence in zip(pairwise(places), shown, strict=True):
        assert after - before == pytest.approx(wide * (pence / span) if span else 0.0, abs=0.01)
    amounts = [shape.text for shape in drawing.shapes if isinstance(shape, Label) and shape.anchor is Anchor.END]
    assert amounts[: len(shown) + 1] == [*map(pounds, shown), pounds(sum(shown))]


def test_only_steps_that_are_not_nil_have_a_bar() -> None:
    drawing = waterfall([Step("A", 100), Step("Nothing", 0), Step("B", -40)], "Net due")
    assert len(bars_of(drawing)) == 3
    assert "Nothing" not in {shape.text for shape in drawing.shapes if isinstance(shape, Label)}


def test_a_penny_among_billions_is_seen() -> None:
    drawing = waterfall([Step("A", LARGEST_PENCE), Step("B", 1), Step("C", -LARGEST_PENCE)], "Net due")
    assert min(box.width for box in bars_of(drawing)) >= 1.0


def test_the_waterfall_in_words_says_every_figure_and_what_it_comes_to() -> None:
    steps = [Step("Financial Contribution due", 10_000), Step("Less: paid", -10_150), Step("Nil", 0)]
    assert waterfall_in_words(steps, "the ICB") == (
        "Step by step, amounts in brackets taking off: Financial Contribution due, £100.00; Less: paid, (£101.50). It "
        "comes to £1.50 due to the ICB."
    )
    assert waterfall_in_words(steps[:1], "the ICB").endswith("It comes to £100.00 due from the ICB.")
    assert waterfall_in_words([Step("A", 5), Step("B", -5)], "it").endswith("It comes to nothing due to or from it.")
    assert waterfall_in_words([], "the ICB") == "No line has an amount: nothing due to or from the ICB."


# --- by month ---------------------------------------------------------------------------------------------------------


@given(months())
def test_months_can_be_read_whatever_their_amounts_are(drawn: list[MonthColumns]) -> None:
    look(months_picture(drawn))


@given(months())
def test_columns_are_as_high_as_their_amounts(drawn: list[MonthColumns]) -> None:
    drawing = months_picture(drawn)
    nought = next(line.y1 for line in drawing.shapes if isinstance(line, Line) and line.thickness == 0.7)
    amounts = [pence for month in drawn for pence in (month.budget_pence, month.spend_pence) if pence]
    columns = [box for box in bars_of(drawing) if box.height != 6.0]
    assert len(columns) == len(amounts)
    tall = max((box.height for box in columns), default=0.0)
    most = max(map(abs, amounts), default=0)
    for box, pence in zip(columns, amounts, strict=True):
        assert box.y + box.height == pytest.approx(nought, abs=0.9) if pence > 0 else box.y <= nought
        assert box.height == pytest.approx(max(tall * (abs(pence) / most), 0.8), abs=0.9)


@pytest.mark.parametrize(
    ("pence", "ticks"),
    [
        (0, ["£0", "£0.20"]),
        (99, ["£0", "£0.20", "£0.40", "£0.60", "£0.80", "£1"]),
        (12_345_00, ["£0", "£5k", "£10k", "£15k"]),
        (LARGEST_PENCE, ["£0", "£2bn", "£4bn", "£6bn", "£8bn", "£10bn"]),
        (120_000_000_00, ["£0", "£50m", "£100m", "£150m"]),
        (2_000_000_00, ["£0", "£0.5m", "£1m", "£1.5m", "£2m"]),
        (-2_000_000_00, ["(£2m)", "(£1.5m)", "(£1m)", "(£0.5m)", "£0"]),
    ],
)
def test_the_scale_has_round_amounts(pence: int, ticks: list[str]) -> None:
    drawing = months_picture([MonthColumns("M1", pence, 0)])
    shown = [shape.text for shape in drawing.shapes if isinstance(shape, Label) and shape.anchor is Anchor.END]
    assert shown == ticks


def test_the_months_in_words_say_every_figure() -> None:
    drawn = [MonthColumns("M1", 100_00, 90_00), MonthColumns("M2", 100_00, 95_00, is_ahead=True)]
    assert months_in_words(drawn) == (
        "Columns of budget against actual, month by month: M1, budget £100.00, actual £90.00; M2, budget £100.00, "
        "forecast £95.00."
    )


# --- by partner -------------------------------------------------------------------------------------------------------


@given(SHARES, st.booleans())
def test_shares_can_be_read_whatever_they_are(shares: list[PartnerShare], of_variances: bool) -> None:  # noqa: FBT001
    look(shares_picture(shares, of_variances=of_variances))


def test_names_of_120_characters_stand_whole_beside_their_bars() -> None:
    names = [f"{LONG} {'x' * (117 - len(LONG))} {letter}" for letter in "AB"]
    assert {len(name) for name in names} == {120}
    drawing = shares_picture([PartnerShare(name, 100) for name in names], of_variances=True)
    labels = [shape.text for shape in drawing.shapes if isinstance(shape, Label) and shape.anchor is Anchor.START]
    assert " ".join(labels).startswith(f"{names[0]} {names[1]} ")


def test_shares_in_words_say_who_bears_and_who_has_what() -> None:
    shares = [PartnerShare("A", 100), PartnerShare("B", -50), PartnerShare("C", 0)]
    assert shares_in_words(shares, of_variances=True) == (
        "Bars of each partner's share of the variances: A bears £1.00; B receives £0.50; C has no share."
    )
    assert shares_in_words(shares[:1], of_variances=False) == "Bars of each partner's Financial Contribution: A, £1.00."


# --- inks and texts ---------------------------------------------------------------------------------------------------


def luminance(colour: str) -> float:
    return 1.05 / contrast_on_white(colour) - 0.05


def test_inks_beside_each_other_differ_by_hatch_or_much_lightness() -> None:
    for one, other in combinations(Ink, 2):
        (fill, _, hatch), (fill_too, _, hatch_too) = one.value, other.value
        lighter, darker = sorted((luminance(fill), luminance(fill_too)), reverse=True)
        assert hatch is not hatch_too or (lighter + 0.05) / (darker + 0.05) >= 2.0, (one, other)
    assert [ink for ink in Ink if ink.value[2] is Hatch.NONE] == [Ink.ADDS, Ink.RESULT]
    assert min(contrast_on_white(colour) for colour in (TEXT, QUIET)) >= 4.5


@given(st.text(st.characters(max_codepoint=0x24F, exclude_categories=("C", "Z")), max_size=60), st.booleans())
def test_a_text_takes_no_more_room_than_is_thought(text: str, is_bold: bool) -> None:  # noqa: FBT001
    drawn = width(text, Style(BOLD if is_bold else REGULAR, 8.0))
    assert drawn <= text_width(text, 8.0, is_bold=is_bold) * 1.15 + 0.01


@pytest.mark.parametrize("text", [label for _, _, label in FOOTING] + [pounds(-LARGEST_PENCE), LONG])
def test_what_statements_say_takes_no_more_room_than_is_thought(text: str) -> None:
    for name, is_bold in ((REGULAR, False), (BOLD, True)):
        assert width(text, Style(name, 8.0)) <= text_width(text, 8.0, is_bold=is_bold)


@given(st.text(max_size=200), st.integers(1, 300), st.integers(1, 3))
def test_texts_are_cut_to_their_room(text: str, room: int, most: int) -> None:
    assert text_width(cut(text, 8.0, room), 8.0) <= room
    lines = in_lines(text, 8.0, room, most)
    assert 1 <= len(lines) <= most
    assert all(text_width(line, 8.0) <= room for line in lines)


def test_a_text_that_fits_is_whole() -> None:
    assert in_lines("Share of  overspends", 8.0, 200.0) == ("Share of overspends",)
    assert in_lines("Share of overspends", 8.0, 40.0, 3) == ("Share of", "overspe…")
    assert cut("Share of overspends", 8.0, 45.0) == "Share of…"
    assert cut("中文", 8.0, 5.0) == ""


# --- with their tables ------------------------------------------------------------------------------------------------


def pictures_of(document: Document) -> Iterable[tuple[Picture, Table]]:
    for section in document.sections:
        for block, after in pairwise(section.blocks):
            if isinstance(block, Picture):
                assert isinstance(after, Table)
                yield block, after


def phased(inputs: StatementInputs) -> StatementInputs:
    """The same with a pound of its budget in another month than all the rest."""
    whole = next(place for place, month in enumerate(inputs.months) if month.budget_pence)
    other = 0 if whole else 1
    months = list(inputs.months)
    for place, pence in ((whole, -1_00), (other, 1_00)):
        months[place] = replace(months[place], budget_pence=months[place].budget_pence + pence)
    return replace(inputs, months=tuple(months))


def test_a_budget_that_is_not_phased_has_a_sentence_for_a_picture(golden_inputs: StatementInputs) -> None:
    in_one = sum(1 for month in golden_inputs.months if month.budget_pence) == 1
    told = "The budget is not phased: it stands in one period for the year."
    blocks = months_blocks(golden_inputs)
    assert (blocks[1:] == [Paragraph(told)]) is in_one


def test_each_picture_stands_before_the_table_of_its_figures(golden_inputs: StatementInputs) -> None:
    inputs = phased(golden_inputs)
    for row in inputs.settlement.rows:
        document = settlement_statement(inputs, row.partner)
        pictures = list(pictures_of(document))
        assert [table.title for _, table in pictures] == [
            "How the amount due is made up",
            "Budget against actual by month",
            "Shares by partner",
        ]
        assert all(picture.table == table.title for picture, table in pictures)
        for picture, _ in pictures:
            look(picture.drawing)


def test_the_months_come_to_the_settlements_figures(golden_inputs: StatementInputs) -> None:
    settlement = golden_inputs.settlement
    document = settlement_statement(phased(golden_inputs), settlement.rows[0].partner)
    (table,) = (table for _, table in pictures_of(document) if table.title == "Budget against actual by month")
    to_date = next(row for row in table.rows if row.cells[0] == "To date")
    assert to_date.cells[2] == sum(map(sum, settlement.outcome.figures.spend))
    expected = sum(
        int(table.rows[-1].cells[1]) for table in document.tables if table.title.endswith("variance by scheme")
    )
    withheld = sum(map(sum, settlement.outcome.figures.withheld or ()))
    assert to_date.cells[1] == expected + withheld


def test_the_shares_are_the_rows(golden_inputs: StatementInputs) -> None:
    settlement = golden_inputs.settlement
    document = settlement_statement(golden_inputs, settlement.rows[0].partner)
    (table,) = (table for _, table in pictures_of(document) if table.title == "Shares by partner")
    for row, line in zip(settlement.rows, table.rows[: len(settlement.rows)], strict=True):
        losses = row.overspend_pence + row.qipp_shortfall_pence + row.disbenefit_pence
        gains = row.underspend_pence + row.benefit_pence + row.provision_pence
        assert line.cells[1] == row.contribution_due_pence
        assert line.cells[3:] == (losses, -gains, losses - gains)
    assert table.rows[-1].kind is RowKind.TOTAL
    if any(dealt.subject.amount_pence for dealt in settlement.outcome.subjects):
        of_losses, of_gains = (
            sum(dealt.subject.amount_pence for dealt in settlement.outcome.subjects if dealt.subject.on.is_gain is gain)
            for gain in (False, True)
        )
        assert table.rows[-1].cells[3:] == (of_losses, -of_gains, of_losses - of_gains)


def test_months_to_come_have_their_forecast_and_no_variance() -> None:
    months = (Month(Period.M1, 100, 90, 0), Month(Period.M12, 50, 40, 0), Month(Period.M13, 30, 0, 25))
    inputs = inputs_of(golden_case("barnet-2014-15-core"))
    blocks = months_blocks(replace(inputs, months=months))
    (table,) = (block for block in blocks if isinstance(block, Table))
    assert [row.cells[1:] for row in table.rows] == [
        (100, 90, 0, 10),
        (50, 40, 0, 10),
        (150, 130, 0, 20),
        (30, 0, 25, ""),
        (180, 130, 25, ""),
    ]


def test_without_a_forecast_nothing_is_said_of_months_to_come() -> None:
    months = (Month(Period.M1, 100, 90, 0), Month(Period.M13, 30, 0, 0))
    inputs = inputs_of(golden_case("barnet-2014-15-core"))
    (table,) = (block for block in months_blocks(replace(inputs, months=months)) if isinstance(block, Table))
    assert [row.cells[0] for row in table.rows] == [table.rows[0].cells[0], "To date"]
    assert months_blocks(replace(inputs, months=())) == []
    assert months_blocks(replace(inputs, months=(Month(Period.M1, 0, 0, 0),))) == []


def test_where_there_is_nothing_to_share_the_contributions_are_drawn_and_of_nothing_nothing() -> None:
    lines = (
        PostedLine(1, Period.M1, "S1", "A", Kind.BUDGET, 100_00),
        PostedLine(2, Period.M1, "S1", "A", Kind.ACTUAL, 100_00),
    )
    agreement = agreement_of(partners="A; B", funds="F host=A", schemes="S1")
    picture = next(
        each
        for each in shares_blocks(StatementInputs(settled(agreement, lines, Period.M1)))
        if isinstance(each, Picture)
    )
    assert picture.title == "Financial Contributions"
    assert picture.alternative.startswith("Bars of each partner's Financial Contribution: ")
    assert picture.alternative.count("£100.00") == 1
    assert shares_blocks(StatementInputs(settled(agreement, (), Period.M1))) == []
