"""The settlement performed again: it agrees with every golden case, and names what somebody changed."""

from pathlib import Path

import pytest

from ledgers import Ledger, create_ledger, open_ledger
from ledgers.sealing import stored
from rules.periods import Period
from settlement.reperforming import difference_in_words, reperform
from tests.settlement.signoff.conftest import ledger, place, unguarded
from tests.settlement.signoff.lives import posted, signed_off

__all__ = ["ledger", "place", "unguarded"]
GOLDEN = Path(__file__).parents[1] / "golden"


@pytest.mark.parametrize("case", sorted(path.parent.name for path in GOLDEN.glob("*/expected.json")))
def test_every_golden_case_performed_again_agrees_in_a_folder_and_in_a_file(case: str, tmp_path: Path) -> None:
    folder = GOLDEN / case
    with open_ledger(folder) as opened:
        period = opened.agreement_at(Period.M13).settle_period or Period.M12
        of_folder = reperform(opened, period)
    with create_ledger(tmp_path / "case.s75", (folder / "agreement.toml").read_text(encoding="utf-8")) as made:
        for csv in ("lines.csv", "measures.csv"):
            if (folder / csv).exists():
                made.import_file(folder / csv)
        of_file = reperform(made, period)
    assert of_folder.holds
    assert of_file.holds
    assert of_folder.figures == of_file.figures
    assert of_file.note is None


def test_a_signed_period_is_held_against_its_pack_whatever_was_posted_since(ledger: Ledger) -> None:
    signed_off(ledger, Period.M3)
    posted(ledger, "M4 S1 LBB budget 900.00", "M4 S1 LBB actual 5.00")
    found = reperform(ledger, Period.M3)
    assert found.holds
    assert found.note == 1
    assert all(each.was_signed for each in found.figures)
    assert found.conclusion == (
        f"All {len(found.figures)} figures of M3, worked again from the lines, are what the ledger gives and note 1 "
        "signed."
    )
    before = reperform(ledger, Period.M2)
    assert before.note is None
    assert any("M2 was signed together with M3" in fact for fact in before.facts)


def test_a_changed_line_differs_from_what_is_kept_and_from_what_was_signed(ledger: Ledger, unguarded: object) -> None:
    signed_off(ledger, Period.M3)
    at = stored(ledger)
    unguarded(at, "UPDATE lines SET amount_pence = amount_pence + 4000 WHERE id = 3")  # type: ignore[operator]
    found = reperform(ledger, Period.M3)
    assert not found.holds
    assert any("is kept as £480.00; the lines come to £520.00" in each for each in found.others)
    due = next(each for each in found.differing if (each.of, each.key) == ("BCCG", "net_due"))
    assert due.worked_pence is not None
    assert due.signed_pence is not None
    assert due.worked_pence - due.signed_pence == 1_000  # a quarter of £40 more, by its share of the fund
    assert difference_in_words(due).startswith("BCCG: Net due: worked again £")
    assert "differ between M3, worked again from the lines, and what the ledger gives" in found.conclusion
