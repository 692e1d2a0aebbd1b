"""What was posted to each period adds up to the position, whichever store holds the ledger."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from ledgers import Ledger, open_ledger
from ledgers.monthly import posted_by_period
from rules.agreement import Kind
from rules.periods import Period
from settlement.signoff.signing import seal
from tests.conftest import GOLDEN
from tests.settlement.signoff.lives import pool, posted, signed_off

ROWS = (
    "M1,BEDS,COUNCIL,budget,100.00,,,,",
    "M2,BEDS,COUNCIL,actual,30.00,,,,",
    "M2,BEDS,COUNCIL,actual,5.00,,,,default",
    "M5,BEDS,ICB,actual,7.00,,,,",
    "M6,HOME,COUNCIL,forecast,9.00,,,,",
)


def added_up(ledger: Ledger, at: Period) -> dict[tuple[str, str, Kind, bool], tuple[int, int]]:
    """To date and later, as the periods add up."""
    to_date: Counter[tuple[str, str, Kind, bool]] = Counter()
    later: Counter[tuple[str, str, Kind, bool]] = Counter()
    for each in posted_by_period(ledger, at):
        counted = to_date if each.period <= at else later
        counted[each.scheme, each.partner, each.kind, each.in_default] += each.amount_pence
    return {key: (to_date[key], later[key]) for key in {*to_date, *later} if to_date[key] or later[key]}


def position(ledger: Ledger, at: Period) -> dict[tuple[str, str, Kind, bool], tuple[int, int]]:
    return {
        (total.scheme, total.partner, total.kind, total.in_default): (total.to_date_pence, total.later_pence)
        for total in ledger.position(at).totals
        if total.to_date_pence or total.later_pence
    }


def test_periods_add_up_to_every_position(ledger: Ledger, write: Callable[..., Path]) -> None:
    ledger.import_file(write(*ROWS))
    for period in Period:
        assert added_up(ledger, period) == position(ledger, period)
    of_m2 = [each for each in posted_by_period(ledger, Period.M2) if each.period is Period.M2]
    assert sorted((each.amount_pence, each.in_default) for each in of_m2) == [(500, True), (3_000, False)]


def test_of_a_folder_too() -> None:
    with open_ledger(GOLDEN / "three-partners-qipp-separate") as folder:
        for period in (Period.M1, Period.M6, Period.M13):
            assert added_up(folder, period) == position(folder, period) != {}


def test_seen_from_a_signed_period_what_was_posted_since_is_not_there(tmp_path: Path) -> None:
    with pool(tmp_path / "pool.s75") as ledger:
        signed_off(ledger, Period.M3)
        posted(ledger, "M6 S1 LBB budget 55.00")
        assert added_up(ledger, Period.M3) == position(ledger, Period.M3)
        assert added_up(ledger, Period.M6) == position(ledger, Period.M6)
        assert ("S1", "LBB", Kind.BUDGET, False) in added_up(ledger, Period.M6)
        assert added_up(ledger, Period.M3)["S1", "LBB", Kind.BUDGET, False] == (30_000, 0)
        assert added_up(ledger, Period.M6)["S1", "LBB", Kind.BUDGET, False] == (35_500, 0)


def test_a_period_that_is_only_put_up_shows_what_there_is_now(tmp_path: Path) -> None:
    with pool(tmp_path / "pool.s75") as ledger:
        ledger.hold(Period.M3)
        seal(ledger, Period.M3)
        posted(ledger, "M6 S1 LBB budget 55.00")
        assert added_up(ledger, Period.M3) == position(ledger, Period.M3)
