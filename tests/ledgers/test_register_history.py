"""A line's history: where it came from, what it takes back, what hangs on it."""

from collections.abc import Callable
from pathlib import Path

from ledgers import Ledger, NewLine, open_ledger
from ledgers.disputes import dispute_line
from ledgers.evidence import About, attach
from ledgers.register_history import history_of
from rules.agreement import Kind
from rules.periods import Period
from tests.ledgers.conftest import AGREEMENT

M1 = Period.M1


def test_a_line_of_a_file_has_its_batch_its_row_and_its_entry(ledger: Ledger, write: Callable[..., Path]) -> None:
    ledger.import_file(write("M1,BEDS,COUNCIL,actual,12.50,,INV-1,A bed,", "M1,HOME,COUNCIL,actual,1.00,,,,"))
    history = history_of(ledger, 2)
    assert history is not None
    assert (history.line.row, history.line.raw.strip()) == (3, "M1,HOME,COUNCIL,actual,1.00,,,,")
    assert history.batch is not None
    assert (history.batch.id, history.batch.count) == (1, 2)
    assert [(entry.action, entry.subject) for entry in history.entries] == [("import", "batch 1")]
    assert (history.reverses, history.reversed_by, history.legs, history.evidence) == (None, None, (), ())


def test_a_reversal_and_its_line_know_each_other(ledger: Ledger) -> None:
    ledger.post([NewLine(M1, "BEDS", "COUNCIL", Kind.ACTUAL, 100)])
    ledger.reverse(1, "posted twice")
    taken_back, reversal = history_of(ledger, 1), history_of(ledger, 2)
    assert taken_back is not None
    assert taken_back.reversed_by is not None
    assert (taken_back.reversed_by.id, taken_back.reversed_by.reason) == (2, "posted twice")
    assert reversal is not None
    assert reversal.reverses is not None
    assert reversal.reverses.id == 1
    assert [entry.action for entry in reversal.entries] == ["reverse"]


def test_the_legs_of_a_virement_are_shown_with_each_other(ledger: Ledger) -> None:
    ledger.virement(M1, 500, giver=("BEDS", "COUNCIL"), taker=("HOME", "COUNCIL"), reference="V1")
    ledger.virement(M1, 700, giver=("BEDS", "COUNCIL"), taker=("HOME", "COUNCIL"), reference="V2")
    history = history_of(ledger, 1)
    assert history is not None
    assert [(leg.id, leg.amount_pence) for leg in history.legs] == [(2, 500)]


def test_documents_of_the_line_its_virement_and_its_dispute_are_its_evidence(ledger: Ledger, tmp_path: Path) -> None:
    ledger.virement(M1, 500, giver=("BEDS", "COUNCIL"), taker=("HOME", "COUNCIL"), reference="V1")
    ledger.post([NewLine(M1, "BEDS", "COUNCIL", Kind.ACTUAL, 100)])
    dispute = dispute_line(ledger, 1, "COUNCIL", "not agreed")
    for name, about, target in (
        ("line.txt", About.LINE, 1),
        ("virement.txt", About.VIREMENT, "V1"),
        ("dispute.txt", About.DISPUTE, dispute.id),
        ("other.txt", About.LINE, 3),
        ("period.txt", About.PERIOD, M1),
    ):
        (tmp_path / name).write_text(name)
        attach(ledger, tmp_path / name, about, target)
    history = history_of(ledger, 1)
    assert history is not None
    assert [each.name for each in history.evidence] == ["line.txt", "virement.txt", "dispute.txt"]
    assert [each.reason for each in history.disputes] == ["not agreed"]


def test_a_line_that_is_not_there_has_none(ledger: Ledger) -> None:
    assert history_of(ledger, 1) is None


def test_a_line_of_a_folder_says_its_row(tmp_path: Path) -> None:
    (tmp_path / "agreement.toml").write_text(AGREEMENT, encoding="utf-8")
    (tmp_path / "lines.csv").write_text("period,scheme,partner,kind,amount\nM1,BEDS,COUNCIL,actual,1.00\n")
    with open_ledger(tmp_path) as ledger:
        history = history_of(ledger, 1)
    assert history is not None
    assert (history.line.row, history.entries, history.evidence) == (2, (), ())
    assert history.batch is not None
    assert history.batch.id == 0
