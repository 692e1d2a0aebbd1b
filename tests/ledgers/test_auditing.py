"""The check of a ledger: what each finding says, and that a sound ledger has none."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ledgers import Ledger, NewLine, create_ledger
from ledgers.disputes import dispute_line
from ledgers.evidence import attach, put_document
from ledgers.trail import Action, record, record_migration, trail
from rules.agreement import Kind
from rules.periods import Period

M1, M2, M4, M12 = Period.M1, Period.M2, Period.M4, Period.M12

CONTROL = """
[[control]]
period = "M12"
kind = "budget"
amount = "44859000.00"
fund = "POOL"
"""


def texts(ledger: Ledger, period: Period | None = None) -> list[str]:
    return [str(finding) for finding in ledger.findings(period)]


def insert(
    number: int,
    period: str = "1",
    scheme: str = "BEDS",
    partner: str = "COUNCIL",
    kind: str = "actual",
    pence: int = 100,
    belongs: str = "NULL",
    batch: int = 1,
) -> str:
    return (
        "INSERT INTO lines (id, batch, period, scheme, partner, kind, amount_pence, reference, description, cause, "
        f"belongs_to, raw) "
        f"VALUES ({number}, {batch}, {period}, '{scheme}', '{partner}', '{kind}', {pence}, '', '', '', "
        f"{belongs}, '')"
    )


def actual(period: Period = M1, pence: int = 100) -> NewLine:
    return NewLine(period, "BEDS", "COUNCIL", Kind.ACTUAL, pence)


def test_a_sound_ledger_has_no_findings(ledger: Ledger) -> None:
    ledger.post([actual(), actual(M4)])
    assert ledger.findings() == []


def test_a_control_total_that_does_not_agree_is_reported_with_the_difference(place: str, agreement_text: str) -> None:
    with create_ledger(place, agreement_text + CONTROL) as ledger:
        ledger.post([NewLine(M1, "BEDS", "COUNCIL", Kind.BUDGET, 43_708_000_00), actual()])
        ledger.post([NewLine(M1, "OWN", "CCG", Kind.BUDGET, 1_00)])
        (finding,) = ledger.findings()
        assert (finding.check, finding.period) == ("control total", M12)
        assert (finding.ledger_pence, finding.expected_pence) == (43_708_000_00, 44_859_000_00)
        assert finding.difference_pence == -1_151_000_00
        assert finding.message == (
            "the budget of fund POOL to M12 should be £44,859,000.00; the ledger has £43,708,000.00, £1,151,000.00 less"
        )
        assert ledger.findings(M4) == []


def test_a_control_total_can_be_of_a_scheme_and_partner(place: str, agreement_text: str) -> None:
    control = CONTROL.replace('fund = "POOL"', 'scheme = "BEDS"\npartner = "CCG"').replace("44859000.00", "1.00")
    with create_ledger(place, agreement_text + control) as ledger:
        ledger.post([NewLine(M1, scheme, "CCG", Kind.BUDGET, 150) for scheme in ("BEDS", "HOME")])
        expected = (
            "control total: the budget of scheme BEDS of CCG to M12 should be £1.00; the ledger has £1.50, £0.50 more"
        )
        assert texts(ledger) == [expected]


def test_kept_totals_are_held_against_the_lines(ledger: Ledger, raw: Callable[..., None]) -> None:
    ledger.post([actual(), NewLine(M1, "BEDS", "COUNCIL", Kind.ACTUAL, 5, cause="default")])
    raw(ledger, "UPDATE totals SET amount_pence = 900 WHERE cause = ''")
    assert texts(ledger) == ["kept total: actual of COUNCIL for BEDS in M1 is kept as £9.00; the lines come to £1.00"]
    raw(ledger, "DELETE FROM totals")
    assert texts(ledger) == [
        "kept total: actual of COUNCIL for BEDS in M1 is kept as £0.00; the lines come to £1.00",
        "kept total: actual of COUNCIL for BEDS in M1 in default is kept as £0.00; the lines come to £0.05",
    ]


def test_lines_put_in_behind_the_programs_back_are_found(ledger: Ledger, unguarded: Callable[..., None]) -> None:
    ledger.post([actual()])
    unguarded(ledger, insert(2, period="2", kind="virement", pence=7))
    unguarded(ledger, insert(3, partner="ICB"))
    found = texts(ledger)
    assert "kept total: virement of COUNCIL for BEDS in M2 is kept as £0.00; the lines come to £0.07" in found
    unbalanced = "virement: the virements without a reference up to M13 sum to £0.07, not to zero"
    assert any(text.startswith(unbalanced) for text in found)
    expected = "partner's from: 1 line is of ICB in M1, before it is a partner (2022-07-01), the first of them line 3"
    assert expected in found


def test_a_virement_posted_in_two_periods_does_not_balance_in_between(ledger: Ledger) -> None:
    legs = [NewLine(when, "BEDS", "CCG", Kind.VIREMENT, pence, reference="V") for when, pence in ((M1, -5), (M4, 5))]
    ledger.post(legs)
    assert texts(ledger) == []
    assert texts(ledger, M2) == ["virement: the virements of reference “V” up to M2 sum to (£0.05), not to zero"]


def test_codes_that_the_agreement_does_not_have_are_found(ledger: Ledger, unguarded: Callable[..., None]) -> None:
    ledger.post([actual()])
    unguarded(ledger, insert(2, scheme="GONE"))
    unguarded(ledger, insert(3, partner="NOBODY"))
    found = texts(ledger)
    assert "code: lines name the scheme GONE, which the agreement in force at M13 does not have" in found
    assert "code: lines name the partner NOBODY, which the agreement in force at M13 does not have" in found


def test_late_lines_are_found_until_their_period_is_held(ledger: Ledger) -> None:
    ledger.hold(M1)
    ledger.post([actual(), actual(M2)])
    (finding,) = texts(ledger)
    assert finding == "late line: 1 line of £1.00, really of M1, is in M2 because M1 was held; the first is line 1"
    ledger.post([actual()])
    (finding,) = texts(ledger)
    assert finding == (
        "late line: 2 lines of £2.00 in all, really of M1, are in M2 because M1 was held; the first is line 1"
    )
    ledger.hold(M2)
    assert ledger.findings() == []


def test_lines_posted_to_a_period_after_it_was_held_are_found(ledger: Ledger, unguarded: Callable[..., None]) -> None:
    ledger.post([actual()])
    ledger.hold(M1)
    ledger.post([actual(M2)])
    unguarded(ledger, insert(9, batch=2))
    expected = "closed period: 1 line is posted to M1 after it was closed, the first of them line 9"
    assert expected in texts(ledger)


def test_a_measure_that_no_element_names_is_found(ledger: Ledger, write: Callable[..., Path]) -> None:
    ledger.import_file(write("M1,NEEA,1,1,1", header="period,measure,baseline,target,actual\n"))
    assert texts(ledger) == ["measure: “NEEA” is a measure that no performance element of the agreement names"]


def test_an_audit_trail_that_was_changed_is_found(ledger: Ledger, unguarded: Callable[..., None]) -> None:
    ledger.post([actual()])
    ledger.hold(M1)
    unguarded(ledger, "UPDATE audit SET actor = 'somebody else' WHERE id = 2")
    assert texts(ledger) == ["audit trail: entry 2 of the audit trail, or the one before it, is not as it was written"]
    unguarded(ledger, "DELETE FROM audit WHERE id = 2")
    assert texts(ledger) == [
        "audit trail: entry 2 of the audit trail is missing",
        "audit trail: the audit trail does not say who posted batch 1",
    ]
    unguarded(ledger, "DELETE FROM audit")
    assert texts(ledger) == [
        "audit trail: the ledger has no audit trail, which begins when a ledger is made or brought up to date"
    ]


def test_a_batch_that_only_the_audit_trail_tells_of_is_found(ledger: Ledger) -> None:
    ledger.post([actual()])
    with ledger.store.transaction():
        for number in (1, 7):
            record(ledger.store, ledger.now(), Action.POST, f"batch {number}", "1 line")
    assert texts(ledger) == [
        "audit trail: the audit trail tells of batch 1 more than once",
        "audit trail: the audit trail tells of batch 7, which is not in the ledger",
    ]


def test_batches_posted_before_the_trail_began_are_not_missed_in_it(
    ledger: Ledger, unguarded: Callable[..., None]
) -> None:
    ledger.post([actual()])
    unguarded(ledger, "DELETE FROM audit")  # as a ledger stood that was made by the first version
    with ledger.store.transaction():
        record_migration(ledger.store, ledger.now(), 1, 2)
    ledger.post([actual()])
    assert texts(ledger) == []
    assert [entry.subject for entry in trail(ledger)] == ["ledger", "batch 2"]
    assert trail(ledger)[0].detail == "brought from form 1 to form 2, with 1 batch"


def test_a_document_that_was_changed_is_found(
    ledger: Ledger, write: Callable[..., Path], unguarded: Callable[..., None]
) -> None:
    attached = attach(ledger, write(name="minute.txt", text="agreed"), "period", "M1")
    with ledger.store.transaction():
        statement = put_document(ledger.store, b"a statement")
    assert texts(ledger) == []
    unguarded(ledger, "UPDATE documents SET size = 1")
    assert texts(ledger) == [
        f"document: “minute.txt” of M1 is not what was put in: its bytes have not the digest {attached.digest}",
        f"document: document 2 is not what was put in: its bytes have not the digest {statement.digest}",
    ]


def test_a_dispute_is_no_finding(ledger: Ledger) -> None:
    ledger.post([actual()])
    dispute_line(ledger, 1, "CCG", "not ours")
    assert texts(ledger) == []


def test_damage_to_the_file_is_found_and_nothing_else_is_said(
    sqlite_ledger: Ledger, tmp_path: Path, reopen: Callable[..., Ledger]
) -> None:
    sqlite_ledger.post([actual(pence=number) for number in range(2000)])
    sqlite_ledger.close()
    path = tmp_path / "file.s75"
    content = bytearray(path.read_bytes())
    content[-4096:] = b"\xff" * 4096
    path.write_bytes(content)
    with reopen(path, read_only=True) as damaged:
        found = damaged.findings()
        assert found
        assert {finding.check for finding in found} == {"file"}


@pytest.mark.parametrize("period", [M1, M12])
def test_a_check_goes_up_to_the_period_asked_for(
    ledger: Ledger, unguarded: Callable[..., None], period: Period | None
) -> None:
    ledger.post([actual()])
    unguarded(ledger, insert(2, period="4", scheme="GONE"))
    assert any("GONE" in text for text in texts(ledger, period) if text.startswith("code")) == (period is M12)
