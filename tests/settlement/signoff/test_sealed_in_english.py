"""What is sealed, signed and recorded is the same bytes in whatever language somebody speaks around it."""

from contextlib import nullcontext
from pathlib import Path
from shutil import copyfile

from ledgers import sealing
from ledgers.sealing import stored
from ledgers.trail import trail
from rules.language import speaking
from rules.periods import Period
from settlement.languages import catalogue_of
from settlement.signoff.signing import seal, withdraw
from tests.settlement.signoff.lives import again, pool, signed_for


def life_of(place: Path, tag: str) -> tuple[object, ...]:
    """Put up, withdrawn, put up again and signed by both: notes, statements, signatures, and what was recorded."""
    with again(place) as ledger, speaking(catalogue_of(tag)) if tag else nullcontext():
        ledger.hold(Period.M3)
        seal(ledger, Period.M3)
        withdraw(ledger, "a line was missing")
        seal(ledger, Period.M3)
        done = [signed_for(ledger, Period.M3, code) for code in ("LBB", "BCCG")]
        at = stored(ledger)
        rows = sealing.notes(at)
        statements = [sealing.statements_of(at, row.sequence) for row in rows]
        signatures = [sealing.signatures(at, row.sequence) for row in rows]
        return rows, statements, signatures, [(entry.action, entry.detail) for entry in trail(ledger)], done


def test_what_is_sealed_does_not_know_which_language_is_spoken(tmp_path: Path) -> None:
    own, copy = tmp_path / "pool.s75", tmp_path / "copy" / "pool.s75"
    pool(own).close()
    copy.parent.mkdir()
    copyfile(own, copy)
    english = life_of(own, "")
    assert english[3]
    assert life_of(copy, "cy") == english
