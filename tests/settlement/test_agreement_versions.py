"""Versions of an agreement with who assented to each and whom it awaits."""

from pathlib import Path

from ledgers import create_ledger, open_ledger
from rules.periods import Period
from settlement.agreement_versions import versions_standing
from settlement.signoff.assenting import assent
from tests.settlement.signoff.signing import key_of

GOLDEN = Path(__file__).parents[1] / "golden"


def test_a_version_that_governs_nothing_any_more_and_one_with_an_assent(tmp_path: Path) -> None:
    text = (GOLDEN / "barnet-2014-15-pooled" / "agreement.toml").read_text(encoding="utf-8")
    with create_ledger(tmp_path / "pool.s75", text) as ledger:
        ledger.set_agreement(text + "\n# once\n", Period.M7, "Once")
        ledger.set_agreement(text + "\n# twice\n", Period.M4, "Twice")
        assent(ledger, 3, "LBB", key_of(1), name="A Name", role="Chief Finance Officer")
        first, second, third = versions_standing(ledger)
    assert (first.governs, first.is_provisional) == ((Period.M1, Period.M2, Period.M3), False)
    assert (second.governs, second.awaiting) == ((), ("LBB", "BCCG"))
    assert third.governs[0] is Period.M4
    assert third.awaiting == ("BCCG",)
    assert [(each.partner, each.name, each.role) for each in third.assents] == [
        ("LBB", "A Name", "Chief Finance Officer")
    ]


def test_a_folders_one_version_governs_the_year() -> None:
    with open_ledger(GOLDEN / "barnet-2014-15-pooled") as folder:
        (only,) = versions_standing(folder)
    assert only.governs == tuple(Period)
    assert only.assents == ()
