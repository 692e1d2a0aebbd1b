"""Two files of one ledger side by side are known by name and content, and it is told which has more; none is merged."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from ledgers import NewLine, create_ledger, open_ledger
from ledgers.doubles import bases_of, named_alike
from rules.agreement import Kind
from rules.periods import Period
from tests.ledgers.conftest import noon

LINE = NewLine(Period.M1, "BEDS", "COUNCIL", Kind.ACTUAL, 100)

CONFLICTS = (
    "pool-PC17",
    "pool-DESKTOP-4F2K9QX",
    "pool-PC17-2",
    "pool (1)",
    "pool(2)",
    "pool (Someone's conflicted copy 2026-01-01)",
    "pool (conflicted copy 2026-01-01 101500)",
    "pool (PC17's conflicted copy 2026-01-01 (1))",
    "pool (Case Conflict)",
    "pool - Copy",
    "pool - Copy (2)",
    "Copy of pool",
    "pool.sync-conflict-20260101-101500-ABCDEF7",
    "pool_conf-20260101-101500",
    "pool 2",
    "POOL-pc17",
)
MEANT = (
    "pool-2026-11-22",
    "pool-20261122T051216Z",
    "pool-given-back-20261122T051216Z",
    "pool-backup",
    "pools",
    "other",
)


@pytest.fixture
def path(tmp_path: Path, agreement_text: str) -> Path:
    made = tmp_path / "pool.s75"
    with create_ledger(made, agreement_text, now=noon) as ledger:
        ledger.post([LINE])
    return made


def work(path: Path, reference: str) -> None:
    with open_ledger(path, now=lambda: noon() + timedelta(hours=len(reference))) as ledger:
        ledger.post([NewLine(Period.M1, "BEDS", "COUNCIL", Kind.ACTUAL, 100, reference=reference)])


def told(path: Path) -> tuple[str, ...]:
    with open_ledger(path, read_only=True) as ledger:
        return ledger.warnings


@pytest.mark.parametrize("name", CONFLICTS)
def test_what_services_call_a_conflict_is_known_by_its_name_either_way(path: Path, name: str) -> None:
    other = path.with_name(f"{name}.s75")
    shutil.copyfile(path, other)
    assert named_alike(path) == (other,)
    assert named_alike(other) == (path,)
    assert len(told(path)) == 1
    assert len(told(other)) == 1


@pytest.mark.parametrize("name", MEANT)
def test_a_name_that_people_or_this_program_give_a_copy_is_meant(path: Path, name: str) -> None:
    shutil.copyfile(path, path.with_name(f"{name}.s75"))
    assert named_alike(path) == ()
    assert told(path) == ()


def test_two_copies_of_one_ledger_are_known_without_it(path: Path) -> None:
    one, two = path.with_name("pool-PC17.s75"), path.with_name("pool-PC18.s75")
    shutil.copyfile(path, one)
    path.rename(two)
    assert named_alike(one) == (two,)
    assert bases_of("pool-PC17") & bases_of("pool-PC18") == {"pool"}


def test_a_ledger_of_another_pool_of_such_a_name_is_no_double(path: Path, agreement_text: str) -> None:
    create_ledger(path.with_name("pool-PC17.s75"), agreement_text, now=noon).close()
    assert told(path) == ()


@pytest.mark.parametrize("content", [b"", b"not a ledger", b"SQLite format 3\0" + bytes(200)])
def test_what_is_no_ledger_is_passed_over(path: Path, content: bytes) -> None:
    path.with_name("pool-PC17.s75").write_bytes(content)
    path.with_name("pool (1).s75").mkdir()
    assert told(path) == ()


def test_one_with_the_same_in_it_is_to_be_moved_away(path: Path) -> None:
    shutil.copyfile(path, path.with_name("pool (1).s75"))
    (said,) = told(path)
    assert said == (
        "pool.s75: pool (1).s75 beside it is another file of the same ledger, with the same in it; move one of the two "
        "away, so that nobody works in both"
    )


def test_which_of_the_two_has_more_is_told_to_who_opens_either(path: Path) -> None:
    other = path.with_name("pool-PC17.s75")
    shutil.copyfile(path, other)
    work(path, "later")
    (of_later,), (of_earlier,) = told(path), told(other)
    assert of_later.startswith(
        "pool.s75: pool-PC17.s75 beside it is another file of the same ledger, of an earlier state: all that is in it "
        "is in this one too, which has 1 entry of the audit trail ("
    )
    assert of_later.endswith(") besides; move the other away, so that nobody works in it")
    assert of_earlier.startswith(
        "pool-PC17.s75: pool.s75 beside it is another file of the same ledger, and has more: all of this one, and "
        "1 entry of the audit trail ("
    )
    assert of_earlier.endswith(") besides; work in pool.s75, and move this one away")


def test_two_that_have_gone_apart_are_told_with_what_only_each_has_and_neither_is_changed(path: Path) -> None:
    other = path.with_name("pool-PC17.s75")
    shutil.copyfile(path, other)
    work(path, "ours")
    for number in range(7):
        work(other, f"theirs {number}")
    before = path.read_bytes(), other.read_bytes()
    with open_ledger(path, now=noon) as ledger:
        (said,) = ledger.warnings
    assert said.startswith(
        "pool.s75: pool-PC17.s75 beside it is another file of the same ledger, and the two have gone apart: somebody "
        "worked in each. Only pool.s75 has 1 entry of the audit trail ("
    )
    assert ": post batch 2" in said
    assert "). Only pool-PC17.s75 has 7 entries of the audit trail (2 earlier entries; " in said
    assert said.endswith(
        "). Nothing is merged: agree which is the ledger, post in it again what only the other has, and move the other "
        "away"
    )
    assert (path.read_bytes(), other.read_bytes()) == before
