"""Ledgers for sign-off: each on both stores."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledgers import Ledger
from tests.ledgers.conftest import STORES, _place, unguarded
from tests.settlement.command.conftest import s75
from tests.settlement.signoff.lives import pool

__all__ = ["s75", "unguarded"]


@pytest.fixture(params=STORES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a new ledger can be: on each of the two stores."""
    return _place(request, tmp_path)


@pytest.fixture
def ledger(place: str) -> Iterator[Ledger]:
    """A small pooled fund, £80 over at M3, on each of the two stores."""
    with pool(place) as made:
        yield made


@pytest.fixture
def on_file(tmp_path: Path) -> Iterator[Ledger]:
    """The same in a file, for what no store changes."""
    with pool(tmp_path / "pool.s75") as made:
        yield made
