"""Versions of the agreement."""

from hashlib import sha256
from pathlib import Path

import pytest

from ledgers import Ledger, NewLine, create_ledger
from ledgers.program import program_version
from rules.agreement import Kind
from rules.outcome import outcome_of
from rules.periods import Period
from rules.problems import RefusedError

M1, M3, M4, M12 = Period.M1, Period.M3, Period.M4, Period.M12


@pytest.fixture
def varied(agreement_text: str) -> str:
    return agreement_text.replace("Testshire Better Care Fund", "As varied")


def test_a_new_ledger_has_the_agreement_it_was_made_with_all_year(ledger: Ledger, agreement_text: str) -> None:
    assert {ledger.agreement_text_at(period) for period in Period} == {agreement_text}
    assert ledger.agreement_at(M1).title == "Testshire Better Care Fund"
    (version,) = ledger.versions()
    assert (version.id, version.from_period, version.reason) == (1, M1, "as the ledger was made with")
    assert version.digest == sha256(agreement_text.encode()).hexdigest()


def test_a_variation_is_in_force_from_its_period_on(ledger: Ledger, agreement_text: str, varied: str) -> None:
    version = ledger.set_agreement(varied, M4, "Deed of variation 1")
    assert (version.from_period, version.reason) == (M4, "Deed of variation 1")
    assert ledger.versions()[1] == version
    assert ledger.agreement_text_at(M3) == agreement_text
    assert ledger.agreement_at(M4).title == ledger.agreement_at(M12).title == "As varied"


def test_settlements_before_a_variation_are_as_they_were_under_the_version_before_it(
    ledger: Ledger, agreement_text: str
) -> None:
    """£100.00 over budget, of which the council contributed a quarter: by what it contributes, then half and half."""
    ledger.post(
        [
            NewLine(M1, "BEDS", partner, kind, pence)
            for partner, kind, pence in (
                ("COUNCIL", Kind.BUDGET, 250_00),
                ("CCG", Kind.BUDGET, 750_00),
                ("COUNCIL", Kind.PAYMENT, 250_00),
                ("CCG", Kind.PAYMENT, 750_00),
                ("COUNCIL", Kind.ACTUAL, 1_100_00),
            )
        ]
    )
    m6, m7 = Period.M6, Period.M7

    def due(period: Period) -> list[int]:
        of = outcome_of(ledger.agreement_at(period), ledger.position(period))
        return list(of.subjects[0].parts[0].shares_pence)

    assert due(m6) == due(m7) == [25_00, 75_00]
    halves = 'share = { by = "fixed", COUNCIL = "50", CCG = "50" }'
    varied = agreement_text.replace('share = { by = "fund" }', halves)
    ledger.set_agreement(varied, m7, "Deed of variation")
    assert due(m6) == [25_00, 75_00]
    assert due(m7) == [50_00, 50_00]
    assert [ledger.agreement_of(version.id).clauses[0].slices[0].share.by.value for version in ledger.versions()] == [
        "fund",
        "fixed",
    ]


def test_a_version_says_which_program_put_it_in_force(ledger: Ledger, varied: str) -> None:
    ledger.set_agreement(varied, M4, "variation")
    assert [version.program for version in ledger.versions()] == [program_version()] * 2


def test_a_version_that_is_not_there_is_said_so(ledger: Ledger) -> None:
    with pytest.raises(RefusedError, match=r": the ledger has no version 2 of the agreement$"):
        ledger.agreement_of(2)


def test_a_reason_with_control_characters_is_refused(ledger: Ledger, varied: str) -> None:
    with pytest.raises(RefusedError, match=r"reason: a text cannot have control characters; remove them"):
        ledger.set_agreement(varied, M1, "a\x1bb")


def test_without_a_period_it_is_in_force_from_the_next_open_one(ledger: Ledger, varied: str) -> None:
    ledger.hold(M3)
    assert ledger.set_agreement(varied, reason="variation").from_period == M4


def test_a_later_variation_from_an_earlier_period_stands_in_place_of_all_before_it(ledger: Ledger, varied: str) -> None:
    ledger.set_agreement(varied, M4, "first")
    ledger.set_agreement(varied.replace("As varied", "As corrected"), M3, "second")
    assert ledger.agreement_at(M12).title == "As corrected"


def test_a_closed_period_keeps_its_agreement(ledger: Ledger, varied: str) -> None:
    ledger.hold(M3)
    with pytest.raises(RefusedError, match=r"M1 is closed; the variation can stand from M4, the next open period"):
        ledger.set_agreement(varied, M1, "variation")


def test_when_every_period_is_closed_it_is_refused(ledger: Ledger, varied: str) -> None:
    ledger.hold(Period.M13)
    with pytest.raises(RefusedError, match=r"every period is closed; reopen the one the variation is to stand from"):
        ledger.set_agreement(varied, reason="variation")


def test_it_needs_a_reason(ledger: Ledger, varied: str) -> None:
    with pytest.raises(RefusedError, match=r"say why the agreement is varied: give a reason"):
        ledger.set_agreement(varied, M1, " ")


def test_the_version_in_force_is_not_set_again(ledger: Ledger, agreement_text: str) -> None:
    with pytest.raises(RefusedError, match=r"this is the version already in force at M1"):
        ledger.set_agreement(agreement_text, M1, "again")


def test_another_agreement_or_year_is_refused(ledger: Ledger, agreement_text: str) -> None:
    other = agreement_text.replace("testshire-bcf", "elsewhere").replace("2022/23", "2023/24")
    with pytest.raises(RefusedError) as caught:
        ledger.set_agreement(other, M1, "variation", file="new.toml")
    assert [str(problem) for problem in caught.value.problems] == [
        "new.toml: agreement.id: the ledger is of id testshire-bcf, and this of elsewhere",
        "new.toml: agreement.financial_year: the ledger is of financial_year 2022/23, and this of 2023/24",
    ]


def test_what_has_lines_cannot_be_dropped(ledger: Ledger, agreement_text: str) -> None:
    ledger.post(
        [
            NewLine(M1, "HOME", "CCG", Kind.ACTUAL, 1),
            NewLine(M4, "BEDS", "ICB", Kind.PAYMENT, 1),
            NewLine(M4, "ACUTE", "ICB", Kind.PAYMENT, 1),
        ]
    )
    dropped = (
        agreement_text.replace('code = "HOME"', 'code = "OTHER"')
        .replace('service = "influenced"', "")
        .replace("2022-07-01", "2022-08-01")
        .replace('code = "CCG"', 'code = "SUB"')
        .replace('["CCG"]', '["SUB"]')
        .replace('host = "CCG"', 'host = "SUB"')
    )
    with pytest.raises(RefusedError) as caught:
        ledger.set_agreement(dropped, M4, "variation")
    messages = {problem.message for problem in caught.value.problems}
    assert messages == {
        "the scheme HOME has lines in the ledger; it cannot be dropped",
        "the partner CCG has lines in the ledger; it cannot be dropped (a successor names it in succeeds)",
        "ICB has lines of M4, before its from",
        "the scheme ACUTE has payments in the ledger, which core services of an aligned fund do not take",
    }
    assert len(ledger.versions()) == 1


def test_an_agreement_that_does_not_hold_together_is_refused(ledger: Ledger) -> None:
    with pytest.raises(RefusedError, match=r"mine.toml"):
        ledger.set_agreement("[agreement]\nid = 7\n", M1, "variation", file="mine.toml")


def test_no_ledger_is_made_of_an_agreement_that_does_not_hold_together(place: str, tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match=r"mine.toml"):
        create_ledger(place, "[agreement]\nid = 7\n", file="mine.toml")
    assert list(tmp_path.iterdir()) == []
