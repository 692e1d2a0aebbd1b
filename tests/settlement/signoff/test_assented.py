"""A signed period rests on a variation only if everybody who is asked assented to it: verification asks again."""

from pathlib import Path

import pytest

from ledgers import Ledger, sealing
from ledgers.assents import awaiting
from ledgers.sealing import stored
from rules.periods import Period
from settlement.signoff import signing
from settlement.signoff.assenting import assent
from settlement.signoff.exported import verify_export
from settlement.signoff.exporting import export
from settlement.signoff.verification import verify
from tests.conftest import agreement_text
from tests.settlement.signoff.lives import KEYS, SCHEDULE, SIGNATORIES, TEXT, pool, signed_off

M3, M4, M6 = Period.M3, Period.M4, Period.M6
VARIED = TEXT.replace("Clause 1", "Clause one")
SUCCEEDED = agreement_text(
    SCHEDULE,
    partners="LBB; BCCG kind=ccg; NEW kind=icb succeeds=BCCG from=2016-07-01",
    funds="F host=LBB",
    schemes="S1; S2",
)
LACKING = "version 2 of the agreement governs from M4, and there is no assent of LBB and BCCG to it that holds"


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """M3 signed by both."""
    with pool(tmp_path / "pool.s75") as made:
        signed_off(made, M3)
        yield made


def test_a_variation_that_was_put_past_the_partners_is_told(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ledger.set_agreement(VARIED, M4, "A deed that nobody saw")
    monkeypatch.setattr(signing, "_unassented", lambda *_: iter(()))  # as whoever writes the file leaves it out
    signed_off(ledger, M6)
    assert sealing.notes(stored(ledger))[-1].is_complete

    assert f"note 2 (M6): {LACKING}" in verify(ledger, KEYS).differences
    export(ledger, M6, tmp_path / "out")
    report = verify_export(tmp_path / "out", KEYS)
    assert not report.holds
    assert any(LACKING in each for each in report.differences)


def test_who_is_succeeded_by_a_variation_is_asked_as_well(ledger: Ledger) -> None:
    ledger.set_agreement(SUCCEEDED, M4, "A new commissioner")
    assert awaiting(ledger, 2) == ("LBB", "BCCG", "NEW")


def test_a_variation_that_everybody_assented_to_is_verified(ledger: Ledger, tmp_path: Path) -> None:
    ledger.set_agreement(VARIED, M4, "A better heading")
    for code, (key, name, role) in SIGNATORIES.items():
        assent(ledger, 2, code, key, name=name, role=role)
    signed_off(ledger, M6)

    assert verify(ledger, KEYS).differences == []
    export(ledger, M6, tmp_path / "out")
    assert verify_export(tmp_path / "out", KEYS).differences == []


def test_an_assent_with_a_key_that_nobody_gave_does_not_count(ledger: Ledger) -> None:
    ledger.set_agreement(VARIED, M4, "A better heading")
    for code, (key, name, role) in SIGNATORIES.items():
        assent(ledger, 2, code, key, name=name, role=role)
    signed_off(ledger, M6)

    found = verify(ledger, {"LBB": KEYS["LBB"]}).differences
    assert (
        "note 2 (M6): version 2 of the agreement governs from M4, and there is no assent of BCCG to it that holds"
        in found
    )
