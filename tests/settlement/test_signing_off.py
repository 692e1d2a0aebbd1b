"""What whoever signs a period looks at: the figures as put up, what is undecided, what can be done and why not."""

from pathlib import Path

from ledgers import Ledger, open_ledger
from ledgers.disputes import carry, dispute_line
from rules.periods import Period
from settlement.publishing import statement_inputs
from settlement.result import result_of
from settlement.signing_off import looked_through, sign_off_at
from tests.settlement.signoff.conftest import ledger, place, unguarded
from tests.settlement.signoff.lives import posted, signed_for, signed_off

__all__ = ["ledger", "place", "unguarded"]
GOLDEN = Path(__file__).parents[1] / "golden"


def test_an_open_period_is_held_with_those_before_it(ledger: Ledger) -> None:
    at = sign_off_at(ledger, Period.M3)
    assert at.closes == (Period.M1, Period.M2, Period.M3)
    assert at.why_not_hold() == ""
    assert at.why_not_reopen() == "M3 is open."
    assert at.why_not_sign() == "M3 is open: hold it first, so that what is signed stays as it is."
    assert at.why_not_withdraw() == "No note that waits for signatures covers M3."
    assert at.next_note == 1
    assert at.signatories == ("LBB", "BCCG")


def test_what_is_put_up_stays_as_it_was_whatever_is_posted_since(ledger: Ledger) -> None:
    ledger.hold(Period.M3)
    held = sign_off_at(ledger, Period.M3)
    assert held.finals == (Period.M1, Period.M2, Period.M3)
    signed_for(ledger, Period.M3, "LBB")
    posted(ledger, "M4 S1 LBB budget 900.00", "M4 S2 BCCG budget 50.00")  # moves the year's shares by fund
    at = sign_off_at(ledger, Period.M3)
    assert at.settlement is not None
    assert held.settlement is not None
    assert result_of(at.settlement) == result_of(held.settlement)
    assert result_of(at.settlement) == result_of(statement_inputs(ledger, Period.M3).settlement)
    assert at.note is not None
    assert (at.note.sequence, at.note.standing.awaiting) == (1, ("BCCG",))
    assert at.why_not_reopen() == "M3 is put up for signature in note 1: withdraw the note first."
    assert at.why_not_withdraw() == ""
    assert at.key_of("LBB") is not None
    assert at.key_of("BCCG") is None
    ledger.hold(Period.M4)
    assert sign_off_at(ledger, Period.M4).why_not_sign() == "Note 1 of M3 waits for the signature of BCCG first."


def test_the_movement_is_what_is_due_less_what_was_settled_before(ledger: Ledger) -> None:
    signed_off(ledger, Period.M3)
    posted(ledger, "M4 S1 LBB actual 40.00")
    at = sign_off_at(ledger, Period.M4)
    assert at.before is not None
    assert at.before.period is Period.M3
    for each in at.dues:
        assert each.before_pence is not None
        assert each.movement_pence == each.pence - each.before_pence
    assert at.why_not_hold() == ""
    assert sign_off_at(ledger, Period.M2).why_not_reopen() == "M2 is signed, which is final."
    assert sign_off_at(ledger, Period.M2).why_not_sign() == "M2 is signed, and final."


def test_a_dispute_is_undecided_until_it_is_carried_past_the_period(ledger: Ledger) -> None:
    dispute_line(ledger, 3, "BCCG", "Not ours")
    assert [each.id for each in sign_off_at(ledger, Period.M3).disputes] == [1]
    carry(ledger, 1, Period.M3, "The adjudicator is asked")
    at = sign_off_at(ledger, Period.M3)
    assert at.disputes == ()
    assert [each.id for each in at.all_disputes] == [1]
    assert [each.id for each in sign_off_at(ledger, Period.M4).disputes] == [1]


def test_late_lines_are_counted_by_the_period_that_they_belong_to(ledger: Ledger, tmp_path: Path) -> None:
    ledger.hold(Period.M3)
    late = tmp_path / "late.csv"
    late.write_text(
        "period,scheme,partner,kind,amount\nM2,S1,LBB,actual,7.00\nM2,S1,LBB,actual,3.00\n", encoding="utf-8"
    )
    ledger.import_file(late)
    looked = looked_through(ledger, Period.M4)
    assert [(each.belongs_to, each.count, each.pence, each.first) for each in looked.late] == [(Period.M2, 2, 1_000, 4)]
    assert "late line" in {finding.check for finding in looked.findings}


def test_a_folder_has_no_sign_off() -> None:
    with open_ledger(GOLDEN / "barnet-2014-15-pooled") as folder:
        at = sign_off_at(folder, Period.M12)
        assert not at.has_sign_off
        assert at.why_not_sign() == "A ledger in a folder has no sign-off."
        assert at.settlement is not None
        assert looked_through(folder, Period.M12).late == ()
