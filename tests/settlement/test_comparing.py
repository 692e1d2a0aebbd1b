"""Schedules side by side: every figure is that of its settlement, and a difference is said from the partner's side."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from ledgers import open_ledger
from rules.agreement import Agreement
from rules.periods import Period
from settlement import result_of, settle
from settlement.comparing import About, Compared, compare
from settlement.drafting import deleted, drafted
from settlement.settle import Settlement

GOLDEN = Path(__file__).parents[1] / "golden"
CASES = sorted(folder.name for folder in GOLDEN.iterdir() if folder.is_dir())


@cache
def settled(name: str, without: str = "") -> Settlement:
    with open_ledger(GOLDEN / name, read_only=True) as ledger:
        agreement: Agreement = ledger.agreement_at(Period.M12)
        draft = drafted(agreement, "A")
        for entry in draft.entries:
            if entry.clause.id == without:
                draft = deleted(draft, entry.key)
        return settle(draft.agreement, ledger.position(Period.M12))


@pytest.mark.parametrize("name", CASES)
def test_every_figure_is_that_of_the_settlement(name: str) -> None:
    settlement = settled(name)
    result = result_of(settlement)
    rows = compare((("In force", settlement), ("A", None))).rows
    figures = {(row.partner, row.key): row.pence[0] for row in rows if row.about in {About.NET_DUE, About.FIGURE}}
    for code, told in result["partners"].items():
        for key, pence in told.items():
            assert figures.get((code, key), 0) == pence
    ways = [(row.partner, row.key, row.pence[0]) for row in rows if row.about is About.TRANSFER]
    assert ways == [(each["from"], each["to"], each["amount"]) for each in result["transfers"]]
    assert {row.key: row.pence[0] for row in rows if row.about is About.RESERVE} == result["reserves"]
    assert rows[-1].pence == (result["unallocated"], None)
    assert all(row.pence[1] is None and row.in_words(1) == "not known" for row in rows)


def test_without_the_last_clause_its_amount_is_unallocated() -> None:
    """Rotherham's clause 4.4 deals with £463,678.99."""
    found = compare((("In force", settled("rotherham-first-call")), ("A", settled("rotherham-first-call", "4.4"))))
    assert found.names == ("In force", "A")
    last = found.rows[-1]
    assert (last.about, last.pence, last.differences_pence) == (
        About.UNALLOCATED,
        (0, 463_678_99),
        (0, 463_678_99),
    )
    assert last.in_words(1) == "£463,678.99 more"
    assert [row.partner for row in found.net_due()] == ["COUNCIL", "CCG"]


def test_a_transfer_the_other_way_is_a_row_of_its_own() -> None:
    before = settled("rotherham-first-call")
    (way,) = before.transfers
    turned = replace(way, payer=way.receiver, receiver=way.payer)
    after = replace(before, cash=replace(before.cash, transfers=(turned,)))
    rows = [row for row in compare((("In force", before), ("A", after))).rows if row.about is About.TRANSFER]
    assert [(row.label, row.pence) for row in rows] == [
        ("CCG pays COUNCIL", (60_244_987, 0)),
        ("COUNCIL pays CCG", (0, 60_244_987)),
    ]


def test_a_reserve_that_only_one_schedule_has_is_not_known_in_the_other() -> None:
    with_reserve = settled("rotherham-first-call")
    without = replace(with_reserve, outcome=replace(with_reserve.outcome, reserves=()))
    (row,) = [row for row in compare((("In force", without), ("A", with_reserve))).rows if row.about is About.RESERVE]
    assert row.pence == (None, 0)
    assert row.in_words(1) == "not known"


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (100, 100, "the same"),
        (100, 150, "pays £0.50 more"),
        (150, 100, "pays £0.50 less"),
        (-100, -150, "receives £0.50 more"),
        (-150, -100, "receives £0.50 less"),
        (100, -50, "receives £0.50 instead of paying £1.00"),
        (-50, 100, "pays £1.00 instead of receiving £0.50"),
        (0, 100, "pays £1.00 instead of nothing"),
        (0, -100, "receives £1.00 instead of nothing"),
        (100, 0, "neither pays nor receives instead of paying £1.00"),
    ],
)
def test_what_is_due_is_said_from_the_partners_side(before: int, after: int, words: str) -> None:
    assert Compared(About.NET_DUE, "A", "net_due", "A", (before, after)).in_words(1) == words


def test_any_other_figure_is_more_or_less() -> None:
    row = Compared(About.FIGURE, "A", "overspend", "A: share of overspends", (100, 250, 40, 100, None))
    assert [row.in_words(column) for column in range(5)] == [
        "the same",
        "£1.50 more",
        "£0.60 less",
        "the same",
        "not known",
    ]
