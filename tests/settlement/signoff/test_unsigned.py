"""What verification says beside the notes: of honest ledgers nothing wrong, and what a person must know of them."""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from ledgers import Ledger, NewLine, create_ledger, open_ledger
from ledgers.backups import ring_of
from ledgers.disputes import dispute_line
from ledgers.refusing import LONGEST_TEXT
from ledgers.restoring import restore
from rules.agreement import Kind
from rules.periods import Period
from rules.problems import RefusedError
from settlement.signoff.report import MOST_TOLD, Report
from settlement.signoff.signing import sign
from settlement.signoff.verification import verify
from tests.settlement.signoff.lives import KEYS, SIGNATORIES, TEXT, again, noon, pool, signed_for, signed_off
from tests.settlement.signoff.signing import BCCG, LBB

M3, M6 = Period.M3, Period.M6


def test_of_a_new_ledger_it_says_only_that_nothing_was_signed(tmp_path: Path) -> None:
    with create_ledger(tmp_path / "new.s75", TEXT, now=noon) as ledger:
        assert verify(ledger, KEYS).differences == ["nothing was ever signed: the ledger has no note"]


def test_what_a_signatory_calls_herself_makes_no_period_final(tmp_path: Path) -> None:
    with pool(tmp_path / "pool.s75") as ledger:
        ledger.hold(M3)
        sign(ledger, M3, "LBB", LBB, name="Council Signatory", role="Chair; M1 is final")
        sign(ledger, M3, "BCCG", BCCG, name="Commissioner Signatory", role="Director; M1, M2 and M3 are final")
        assert verify(ledger, KEYS).differences == []


def test_a_restored_ledger_says_so_for_ever(tmp_path: Path) -> None:
    path = tmp_path / "pool.s75"
    with pool(path) as ledger:
        ledger.hold(M3)
    again(path).close()  # keeps a backup of what is held
    with again(path) as ledger:
        signed_off_held(ledger)
    restore(path, ring_of(path)[0].path, noon)
    with again(path) as ledger:
        signed_off_held(ledger)
        told = verify(ledger, KEYS).remarks[0]
    assert told.startswith("On 5 October 2016 ")
    assert " restored the ledger: put back from pool-" in told
    assert told.endswith("is no longer in it: compare the partners’ own copies.")


def signed_off_held(ledger: Ledger) -> None:
    for code in SIGNATORIES:
        signed_for(ledger, M3, code)


def test_a_key_signs_under_the_name_that_it_first_signed_under(tmp_path: Path) -> None:
    with pool(tmp_path / "pool.s75") as ledger:
        signed_off(ledger, M3)
        ledger.hold(M6)
        with pytest.raises(RefusedError, match=r"this is the key of Council Signatory, and not of Somebody Else; sign"):
            sign(ledger, M6, "LBB", LBB, name="Somebody Else", role="Clerk")
        assert sign(ledger, M6, "LBB", LBB, name="council  SIGNATORY", role="Chief Executive").partner == "LBB"


def test_times_are_kept_in_utc_whatever_the_clock(tmp_path: Path) -> None:
    def summer() -> datetime:
        return datetime(2016, 7, 1, 9, 30, tzinfo=timezone(timedelta(hours=1)))

    pool(tmp_path / "pool.s75").close()
    with open_ledger(tmp_path / "pool.s75", now=summer) as ledger:
        signed_off(ledger, M3)
        assert "at: 2016-07-01T08:30:00+00:00" in ledger.store.rows("SELECT text FROM signatures")[0][0]
        assert verify(ledger, KEYS).holds


def test_a_measure_that_no_element_names_keeps_nobody_from_signing(tmp_path: Path) -> None:
    measures = tmp_path / "measures.csv"
    measures.write_text("period,measure,baseline,target,actual\nM1,NEA,1,1,1\n")
    with pool(tmp_path / "pool.s75") as ledger:
        ledger.import_file(measures)
        signed_off(ledger, M3)
        assert verify(ledger, KEYS).holds


def post_a_long_one(ledger: Ledger) -> None:
    ledger.post([NewLine(M6, "S1", "LBB", Kind.ACTUAL, 1, description="x" * (LONGEST_TEXT + 1))])


def import_a_long_one(ledger: Ledger) -> None:
    path = Path(ledger.name).with_name("lines.csv")
    path.write_text(f"period,scheme,partner,kind,amount,description\nM6,S1,LBB,actual,1.00,{'x' * 100_000}\n")
    ledger.import_file(path)


@pytest.mark.parametrize(
    ("do", "why"),
    [
        (post_a_long_one, "a text has at most 10,000 characters; attach what is longer as evidence"),
        (import_a_long_one, "the row has more than 100,000 characters, and could not be signed"),
        (lambda ledger: dispute_line(ledger, 1, "LBB", "x" * 10_001), "a text has at most 10,000 characters"),
        (lambda ledger: ledger.reverse(1, "x" * 10_001), "a text has at most 10,000 characters"),
        (
            lambda ledger: ledger.set_agreement(TEXT + "#" * 250_000, M6, "Longer"),
            "the agreement has more than 250,000 characters, the most that can be signed",
        ),
    ],
)
def test_what_could_not_be_signed_is_not_taken_in(tmp_path: Path, do: Callable[[Ledger], object], why: str) -> None:
    with pool(tmp_path / "pool.s75") as ledger:
        with pytest.raises(RefusedError) as refused:
            do(ledger)
        assert why in str(refused.value.problems[0])
        signed_off(ledger, M3)


def test_of_very_many_differences_the_first_are_told() -> None:
    report = Report()
    for number in range(100_000):
        report.add_difference(f"row {number} differs")
    assert len(report.differences) == MOST_TOLD + 1
    assert report.differences[-1] == "there are more differences than the 1,000 told here"
