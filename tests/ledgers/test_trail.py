"""The audit trail: every operation has its entry, and no entry can be changed, taken out or slipped in unseen."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from ledgers import Ledger, NewLine, create_ledger, open_ledger
from ledgers.assents import add_assent
from ledgers.disputes import carry, dispute_line, resolve
from ledgers.evidence import attach
from ledgers.program import program_version
from ledgers.signing_keys import add_key
from ledgers.trail import Action, Entry, batches_before, broken, latest, record, record_migration, trail
from rules.agreement import Kind
from rules.periods import Period
from rules.problems import RefusedError

M1, M2, M4 = Period.M1, Period.M2, Period.M4
BEDS = NewLine(M1, "BEDS", "COUNCIL", Kind.ACTUAL, 1_234_56)


def told(ledger: Ledger) -> list[tuple[str, str, str]]:
    """What the entries after the ledger's making say."""
    return [(entry.action, entry.subject, entry.detail) for entry in trail(ledger, after=1)]


def test_a_trail_begins_with_the_making_of_its_ledger(ledger: Ledger, agreement_text: str) -> None:
    (entry,) = trail(ledger)
    digest = sha256(agreement_text.encode()).hexdigest()
    assert (entry.id, entry.at, entry.program) == (1, "2022-08-01T12:00:00+00:00", program_version())
    assert (entry.action, entry.subject, entry.detail) == (
        "create", "ledger", f"made of the agreement with sha256 {digest}",
    )  # fmt: skip
    assert entry.actor == ledger.store.actor()


def test_an_entrys_digest_is_of_the_digest_before_it_and_of_its_columns_as_json(ledger: Ledger) -> None:
    ledger.post([BEDS], source="payroll “May”")
    first, second = trail(ledger)
    columns = [second.id, second.at, second.actor, second.program, second.action, second.subject, second.detail]
    written = json.dumps(columns, ensure_ascii=False, separators=(",", ":"))
    assert "“May”" in written
    assert second.digest == sha256(f"{first.digest}\n{written}".encode()).hexdigest()
    assert first.digest == first.digest_after("")


def test_an_import_is_told_with_its_file_its_digest_and_what_it_came_to(
    ledger: Ledger, write: Callable[..., Path]
) -> None:
    ledger.hold(M1)
    path = write("M1,BEDS,CCG,actual,1.50,,,,", "M2,HOME,CCG,budget,1000.00,,,,")
    imported = ledger.import_file(path)
    assert told(ledger)[1] == (
        "import",
        "batch 1",
        f"{path}: 2 lines; budget £1,000.00 and actual £1.50; 1 of them late; sha256 {imported.digest}",
    )


def test_measures_and_the_mapping_they_were_read_with_are_told(ledger: Ledger, write: Callable[..., Path]) -> None:
    mapping = write(name="counts.toml", header="", text='[columns]\nmeasure = "What"\n')
    path = write("M1,NEA,1,1,1", header="period,What,baseline,target,actual\n")
    imported = ledger.import_file(path, str(mapping))
    digest = sha256(mapping.read_bytes()).hexdigest()
    assert told(ledger) == [
        ("mapping", "mapping counts", f"column mapping saved, sha256 {digest}"),
        ("import", "batch 1", f"{path}: 1 measure; sha256 {imported.digest}; mapping counts"),
    ]


def test_a_mapping_that_is_as_it_was_saved_is_not_saved_again(ledger: Ledger, write: Callable[..., Path]) -> None:
    mapping = write(name="counts.toml", text='[columns]\nmeasure = "What"\n')
    for number in (1, 2):
        path = write(f"M1,NEA,1,1,{number}", header="period,What,baseline,target,actual\n")
        ledger.import_file(path, str(mapping))
    assert [action for action, _, _ in told(ledger)] == ["mapping", "import", "import"]


def test_a_dry_run_leaves_no_entry(ledger: Ledger, write: Callable[..., Path]) -> None:
    ledger.import_file(write("M1,BEDS,CCG,actual,1.50,,,,"), dry_run=True)
    assert told(ledger) == []


def test_what_a_program_posts_moves_and_takes_back_is_told(ledger: Ledger) -> None:
    ledger.post([BEDS, BEDS], source="payroll")
    ledger.post([BEDS])
    ledger.virement(M1, 500, giver=("BEDS", "CCG"), taker=("HOME", "CCG"), reference="V1")
    ledger.reverse(1, "posted\ntwice")
    ledger.reverse(4, "not agreed")
    assert told(ledger) == [
        ("post", "batch 1", "payroll: 2 lines; actual £2,469.12"),
        ("post", "batch 2", "1 line; actual £1,234.56"),
        ("virement", "batch 3", "2 lines; virement £0.00"),
        ("reverse", "batch 4", "1 line; actual (£1,234.56); line 1 taken back: posted twice"),
        ("reverse", "batch 5", "2 lines; virement £0.00; lines 4 and 5 taken back: not agreed"),
    ]


def test_late_lines_of_a_program_are_told(ledger: Ledger) -> None:
    ledger.hold(M1)
    ledger.post([BEDS])
    assert told(ledger)[1] == ("post", "batch 1", "1 line; actual £1,234.56; 1 of them late")


def test_periods_closed_and_opened_are_told_with_the_reason(ledger: Ledger) -> None:
    ledger.hold(M2)
    ledger.post([BEDS])
    ledger.hold(M4)
    ledger.reopen(M1, "accruals came late")
    assert [entry for entry in told(ledger) if entry[0] != "post"] == [
        ("hold", "M1 to M2", "closed to new lines after no batch"),
        ("hold", "M3 to M4", "closed to new lines after batch 1"),
        ("reopen", "M1 to M4", "accruals came late"),
    ]


def test_a_reopening_without_a_reason_is_told_to_be_one(ledger: Ledger) -> None:
    ledger.hold(M1)
    ledger.reopen(M1)
    assert told(ledger)[1] == ("reopen", "M1", "no reason was given")


def test_a_variation_and_the_assents_to_it_are_told(ledger: Ledger, agreement_text: str) -> None:
    varied = agreement_text.replace("Testshire Better Care Fund", "As varied")
    ledger.set_agreement(varied, M4, "Deed of variation")
    for partner in ("COUNCIL", "ICB"):
        add_assent(ledger, 2, partner, "I assent", "ab" * 64)
    assert told(ledger) == [
        (
            "agreement",
            "version 2",
            f"in force from M4, sha256 {sha256(varied.encode()).hexdigest()}: Deed of variation",
        ),
        ("assent", "version 2", "COUNCIL assents; awaiting ICB"),
        ("assent", "version 2", "ICB assents; every partner has"),
    ]


def test_disputes_evidence_and_keys_are_told(ledger: Ledger, write: Callable[..., Path]) -> None:
    ledger.post([BEDS])
    dispute_line(ledger, 1, "CCG", "not ours")
    carry(ledger, 1, M1, "no time")
    resolve(ledger, 1, "shown the invoice")
    path = write(name="invoice.txt", text="£1,234.56")
    attached = attach(ledger, path, "line", 1, "the invoice")
    add_key(ledger, "CCG", "A. Name", "Treasurer", "PEM", "ab" * 32)
    add_key(ledger, "CCG", "B. Name", "Treasurer", "PEM", "cd" * 32, replaces=1, reason="A. Name left")
    assert told(ledger)[1:] == [
        ("dispute", "dispute 1", "CCG disputes line 1 from M1 on: not ours"),
        ("carry", "dispute 1", "line 1, disputed by CCG, carried past M1: no time"),
        ("resolve", "dispute 1", "line 1, disputed by CCG, resolved from M1: shown the invoice"),
        (
            "evidence",
            "evidence 1",
            f"“invoice.txt” attached to line 1; 10 bytes, sha256 {attached.digest}: the invoice",
        ),
        ("key", "key 1", f"A. Name, Treasurer, signs for CCG; sha256 {'ab' * 32}"),
        (
            "key",
            "key 2",
            f"B. Name, Treasurer, signs for CCG; sha256 {'cd' * 32}; in place of key 1: A. Name left",
        ),
    ]
    assert broken(trail(ledger)) == ()


def test_what_is_refused_leaves_no_entry(ledger: Ledger) -> None:
    with pytest.raises(RefusedError):
        ledger.post([NewLine(M1, "NONE", "COUNCIL", Kind.ACTUAL, 1)])
    with pytest.raises(RefusedError):
        ledger.reverse(1, "because")
    assert told(ledger) == []


def test_an_entry_is_on_one_line_and_shows_no_control_characters(ledger: Ledger) -> None:
    with ledger.store.transaction():
        entry = record(ledger.store, ledger.now(), Action.EXPORT, "note\n1", "a\r\nb\x1bc\udcff")
    assert (entry.subject, entry.detail) == ("note 1", r"a b\x1bc\udcff")
    assert trail(ledger, after=1) == (entry,)


def test_entries_are_read_from_one_on_or_from_the_end(ledger: Ledger) -> None:
    for period in (M1, M2, M4):
        ledger.hold(period)
    assert [entry.id for entry in trail(ledger)] == [1, 2, 3, 4]
    assert [entry.id for entry in trail(ledger, after=2)] == [3, 4]
    assert [entry.id for entry in trail(ledger, after=1, limit=2)] == [2, 3]
    assert [entry.id for entry in latest(ledger, 2)] == [3, 4]
    assert [entry.id for entry in latest(ledger, 9)] == [1, 2, 3, 4]


def test_a_folder_has_no_trail(tmp_path: Path, agreement_text: str) -> None:
    (tmp_path / "agreement.toml").write_text(agreement_text, encoding="utf-8")
    (tmp_path / "lines.csv").write_text("period,scheme,partner,kind,amount\n", encoding="utf-8")
    with open_ledger(tmp_path) as folder:
        assert trail(folder) == latest(folder, 5) == ()


# The chain


@pytest.fixture
def entries(sqlite_ledger: Ledger) -> list[Entry]:
    """Six entries as they were written."""
    for period in (M1, M2, Period.M3, M4, Period.M5):
        sqlite_ledger.hold(period)
    return list(trail(sqlite_ledger))


def written_again(entry: Entry, previous: str, **changed: Any) -> Entry:  # noqa: ANN401  any column
    """An entry as a forger would write it, with a digest of its own."""
    forged = replace(entry, **changed)
    return replace(forged, digest=forged.digest_after(previous))


def test_a_chain_that_was_not_touched_holds(entries: list[Entry]) -> None:
    assert broken(entries) == ()
    assert broken(entries[3:], after=entries[2]) == ()
    assert broken([]) == ()


@pytest.mark.parametrize("column", ["at", "actor", "program", "action", "subject", "detail", "digest"])
def test_any_column_that_is_changed_breaks_the_chain(entries: list[Entry], column: str) -> None:
    entries[2] = replace(entries[2], **{column: "other"})
    assert broken(entries)[0] == "entry 3 of the audit trail, or the one before it, is not as it was written"


def test_an_entry_written_again_breaks_the_chain_at_the_next(entries: list[Entry]) -> None:
    entries[2] = written_again(entries[2], entries[1].digest, actor="somebody else")
    assert broken(entries) == ("entry 4 of the audit trail, or the one before it, is not as it was written",)


def test_entries_that_are_missing_moved_or_doubled_are_named(entries: list[Entry]) -> None:
    first, second, third, fourth, fifth, sixth = entries
    assert broken([first, second, fourth, fifth, sixth]) == ("entry 3 of the audit trail is missing",)
    assert broken([first, fifth, sixth]) == ("entries 2 to 4 of the audit trail are missing",)
    assert broken(entries[1:]) == ("entry 1 of the audit trail is missing",)
    assert broken([first, third, second])[1] == "entry 2 of the audit trail stands after entry 3"
    assert broken([first, first]) == ("entry 1 of the audit trail stands after entry 1",)


def test_what_follows_another_trail_does_not_follow_this_one(entries: list[Entry]) -> None:
    other = replace(entries[2], digest="0" * 64)
    assert broken(entries[3:], after=other) == (
        "entry 4 of the audit trail, or the one before it, is not as it was written",
    )


def test_a_trail_that_begins_with_a_migration_says_what_it_follows(ledger: Ledger) -> None:
    ledger.post([BEDS])
    ledger.post([BEDS])
    with ledger.store.transaction():
        entry = record_migration(ledger.store, ledger.now(), 1, 2)
    assert (entry.action, entry.detail) == ("migrate", "brought from form 1 to form 2, with 2 batches")
    assert batches_before([entry]) == 2
    assert batches_before(trail(ledger)) == batches_before([]) == 0


def test_reading_a_trail_loads_no_library(tmp_path: Path, agreement_text: str) -> None:
    place = tmp_path / "a.s75"
    create_ledger(place, agreement_text).close()
    program = f"""
import sys
from ledgers import open_ledger
from ledgers.trail import broken, trail
with open_ledger({str(place)!r}, read_only=True) as ledger:
    assert broken(trail(ledger)) == ()
heavy = {{"sqlmodel", "sqlalchemy", "alembic", "pydantic", "filelock", "cryptography", "moneyed"}}
assert not heavy & sys.modules.keys(), heavy & sys.modules.keys()
"""
    subprocess.run([sys.executable, "-c", program], check=True)
