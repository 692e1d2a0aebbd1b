"""A signature killed at any moment is there, with the note, the pack and the states it makes, or none of it is."""

from pathlib import Path

import pytest

import settlement.statements.pdf.writer
from ledgers import sealing
from ledgers.ledger import State
from ledgers.trail import broken, trail
from rules.periods import Period
from settlement.signoff.verification import verify
from tests.conftest import examples
from tests.ledgers.forking import copy_of, killed_at, moments, timed
from tests.settlement.signoff.lives import KEYS, again, pool, signed_for

assert settlement.statements.pdf.writer  # loaded before anything forks

NAME = "pool.s75"
KILLS = examples(20, 10)


def sign_first(path: Path) -> None:
    with again(path) as ledger:
        signed_for(ledger, Period.M3, "LBB")


def sign_last(path: Path) -> None:
    with again(path) as ledger:
        signed_for(ledger, Period.M3, "BCCG")


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a ledger whose M3 is held."""
    folder = tmp_path_factory.mktemp("held")
    with pool(folder / NAME) as ledger:
        ledger.hold(Period.M3)
    return folder


def signatures_of(path: Path) -> int:
    """How many there are, once everything about the ledger is found to agree with that."""
    with again(path, read_only=True) as ledger:
        store = sealing.stored(ledger)
        rows, signatures = sealing.notes(store), sealing.signatures(store)
        assert len(rows) == (len(signatures) > 0)
        assert ledger.store.damage(thorough=True) == []
        assert broken(trail(ledger)) == ()
        final = {state.period for state in ledger.periods() if state.state is State.SIGNED}
        assert final == ({Period.M1, Period.M2, Period.M3} if len(signatures) == 2 else set())
        if signatures:
            report = verify(ledger, KEYS)
            assert (report.differences, report.holds) == ([], True)
    return len(signatures)


@pytest.mark.parametrize("is_first", [True, False])
def test_a_signature_that_is_killed_is_there_or_is_not(held: Path, tmp_path: Path, *, is_first: bool) -> None:
    start = copy_of(held, tmp_path / "start")
    if not is_first:
        sign_first(start / NAME)
    sign, before = (sign_first, 0) if is_first else (sign_last, 1)
    seconds = timed(sign, copy_of(start, tmp_path / "timed") / NAME)
    for moment in moments(75, KILLS, seconds):
        path = copy_of(start, tmp_path / "killed") / NAME
        killed_at(sign, path, moment)
        if signatures_of(path) == before:
            sign(path)
        assert signatures_of(path) == before + 1
