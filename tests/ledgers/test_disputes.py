"""Disputes: a partner says that a line, or what a clause makes of it, is not right; it stands until it is resolved."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from ledgers import Ledger, NewLine, open_ledger
from ledgers.disputes import Dispute, carry, dispute_clause, dispute_line, dispute_of, disputes, resolve
from rules.agreement import Kind
from rules.periods import Period
from rules.problems import RefusedError

M1, M2, M3, M4, M6, M13 = Period.M1, Period.M2, Period.M3, Period.M4, Period.M6, Period.M13
LINES = [NewLine(period, "BEDS", "COUNCIL", Kind.ACTUAL, 100) for period in (M1, M2, M6)]

Sign = Callable[[Ledger, Period], None]


@pytest.fixture
def posted(ledger: Ledger) -> Ledger:
    """A ledger of three lines, of M1, M2 and M6."""
    ledger.post(LINES)
    return ledger


@pytest.fixture
def put_up(raw: Callable[..., None]) -> Callable[[Ledger, Period], int]:
    """Puts a period up for signature, as far as the store knows; gives the note's number."""

    def put_up(ledger: Ledger, period: Period) -> int:
        ledger.hold(period)
        ((note,),) = ledger.store.rows("SELECT COALESCE(MAX(id), 0) + 1 FROM notes")
        raw(ledger, f"INSERT INTO notes VALUES ({note}, {int(period)}, 'what is signed', 1, '{{}}', '', '', '', '')")
        return note

    return put_up


@pytest.fixture
def sign(put_up: Callable[[Ledger, Period], int], raw: Callable[..., None]) -> Sign:
    """Signs a period, and every one before it, as far as the store knows."""

    def sign(ledger: Ledger, period: Period) -> None:
        note = put_up(ledger, period)
        raw(ledger, f"INSERT INTO signatures VALUES ({note}, {note}, 'CCG', 'what is signed', 'ab')")
        for number in range(1, period + 1):
            raw(ledger, f"INSERT INTO period_states VALUES ({100 * note + number}, {number}, 'signed', 0, '', '')")

    return sign


def refusal(do: Callable[[], object]) -> str:
    with pytest.raises(RefusedError) as caught:
        do()
    (problem,) = caught.value.problems
    return problem.message


def test_a_line_is_disputed_from_its_period_on(posted: Ledger) -> None:
    raised = dispute_line(posted, 2, "CCG", " the placement\nended in May ")
    assert raised == Dispute(
        1, M2, "CCG", 2, None, "the placement ended in May", "2022-08-01T12:00:00+00:00", posted.store.actor()
    )
    assert disputes(posted) == (raised,)
    assert (raised.is_open, raised.about) == (True, "line 2")
    assert dispute_of(posted, 1) == raised


def test_a_clauses_outcome_is_disputed_at_a_period(posted: Ledger) -> None:
    raised = dispute_clause(posted, "1", M6, "ICB", "the shares are of the old year")
    assert (raised.period, raised.partner, raised.line, raised.clause) == (M6, "ICB", None, "1")
    assert raised.about == "clause 1"


def test_a_dispute_that_is_resolved_stands_no_more_and_says_how(posted: Ledger) -> None:
    dispute_line(posted, 1, "CCG", "not ours")
    resolved = resolve(posted, 1, "shown the invoice")
    assert (resolved.outcome, resolved.outcome_period, resolved.outcome_reason) == ("resolved", M1, "shown the invoice")
    assert resolved.outcome_at == "2022-08-01T12:00:00+00:00"
    assert not resolved.is_open
    assert disputes(posted) == (resolved,)


def test_a_dispute_that_is_carried_stays_open_for_later_periods(posted: Ledger, sign: Sign) -> None:
    raised = dispute_line(posted, 1, "CCG", "not ours")
    carried = carry(posted, 1, M1, "no time before the sign-off")
    assert (carried.outcome, carried.outcome_period, carried.is_open) == ("carried", M1, True)
    sign(posted, M1)
    assert carry(posted, 1, M3, "still no time").outcome_period is M3
    resolved = resolve(posted, 1, "agreed")
    assert resolved.outcome_period is M2  # M1 was signed with it
    assert disputes(posted, M1) == (carried,)
    assert disputes(posted) == (resolved,)
    assert replace(carried, outcome="", outcome_period=None, outcome_reason="", outcome_at="") == raised


def test_only_what_was_raised_by_a_period_is_known_at_it(posted: Ledger) -> None:
    dispute_line(posted, 3, "ICB", "not ours")
    dispute_line(posted, 1, "CCG", "not ours")
    assert [dispute.id for dispute in disputes(posted, M2)] == [2]
    assert [dispute.id for dispute in disputes(posted)] == [1, 2]


def test_a_line_of_a_signed_period_counts_as_disputed_from_the_next_one_on(posted: Ledger, sign: Sign) -> None:
    sign(posted, M2)
    assert dispute_line(posted, 1, "CCG", "found at audit").period is M3


def test_a_line_of_a_held_period_is_disputed_at_it(posted: Ledger) -> None:
    posted.hold(M2)
    assert dispute_line(posted, 1, "CCG", "seen on the draft").period is M1


def test_the_same_can_be_disputed_by_another_partner_and_again_once_resolved(posted: Ledger) -> None:
    dispute_line(posted, 1, "CCG", "not ours")
    dispute_line(posted, 1, "COUNCIL", "nor ours")
    resolve(posted, 1, "agreed")
    assert dispute_line(posted, 1, "CCG", "not agreed after all").id == 3


class TestRefused:
    def test_a_line_that_is_not_there(self, posted: Ledger) -> None:
        for number in (0, -1, 4, 10**30):
            assert refusal(lambda line=number: dispute_line(posted, line, "CCG", "why")) == (
                f"the ledger has no line {number}"
            )

    def test_a_clause_that_the_agreement_does_not_have(self, posted: Ledger) -> None:
        assert refusal(lambda: dispute_clause(posted, "9", M6, "ICB", "why")) == (
            "the agreement in force at M6 has no clause “9”; it has 1"
        )

    def test_a_clause_of_a_variation_before_it_stands(self, posted: Ledger, agreement_text: str) -> None:
        posted.set_agreement(agreement_text.replace('id = "1"', 'id = "2"'), M4, "Deed of variation")
        assert dispute_clause(posted, "2", M4, "COUNCIL", "why").id == 1
        assert "the agreement in force at M3 has no clause “2”" in refusal(
            lambda: dispute_clause(posted, "2", M3, "COUNCIL", "why")
        )

    def test_a_partner_that_is_not_there_yet_or_no_longer(self, posted: Ledger) -> None:
        assert refusal(lambda: dispute_line(posted, 1, "ICB", "why")) == (
            "“ICB” is not a partner in being at M1; they are COUNCIL and CCG"
        )
        assert refusal(lambda: dispute_line(posted, 3, "CCG", "why")) == (
            "“CCG” is not a partner in being at M6; they are COUNCIL and ICB"
        )
        assert "“NOBODY” is not a partner" in refusal(lambda: dispute_clause(posted, "1", M1, "NOBODY", "why"))

    def test_without_a_reason(self, posted: Ledger) -> None:
        dispute_line(posted, 1, "CCG", "not ours")
        for do, said in (
            (lambda: dispute_line(posted, 2, "CCG", " "), "say why the line is disputed: give a reason"),
            (
                lambda: dispute_clause(posted, "1", M1, "CCG", ""),
                "say why the clause’s outcome is disputed: give a reason",
            ),
            (lambda: resolve(posted, 1, "\n"), "say how the dispute was resolved: give a reason"),
            (lambda: carry(posted, 1, M1, ""), "say why the dispute is carried: give a reason"),
        ):
            assert refusal(do) == said

    def test_a_reason_with_control_characters(self, posted: Ledger) -> None:
        assert refusal(lambda: dispute_line(posted, 1, "CCG", "a\x1bb")) == (
            "a text cannot have control characters; remove them"
        )

    def test_what_the_partner_disputes_already(self, posted: Ledger) -> None:
        dispute_line(posted, 1, "CCG", "not ours")
        dispute_clause(posted, "1", M1, "CCG", "not fair")
        carry(posted, 1, M1, "no time")
        assert refusal(lambda: dispute_line(posted, 1, "CCG", "again")) == "CCG disputes line 1 already, in dispute 1"
        assert refusal(lambda: dispute_clause(posted, "1", M2, "CCG", "again")) == (
            "CCG disputes clause 1 already, in dispute 2"
        )

    def test_what_was_resolved_or_never_raised(self, posted: Ledger) -> None:
        dispute_line(posted, 1, "CCG", "not ours")
        resolve(posted, 1, "agreed")
        assert refusal(lambda: resolve(posted, 1, "again")) == "dispute 1 was resolved at M1: agreed"
        assert refusal(lambda: carry(posted, 1, M1, "again")) == "dispute 1 was resolved at M1: agreed"
        assert refusal(lambda: resolve(posted, 7, "why")) == "the ledger has no dispute 7"

    def test_a_clause_of_a_signed_period(self, posted: Ledger, sign: Sign) -> None:
        sign(posted, M2)
        assert refusal(lambda: dispute_clause(posted, "1", M2, "CCG", "why")) == (
            "M2 is signed, which is final; its sign-off settled what the clause made; dispute it at M3"
        )

    def test_carried_past_a_period_before_it_or_a_second_time_or_a_signed_one(self, posted: Ledger, sign: Sign) -> None:
        dispute_line(posted, 2, "CCG", "not ours")
        assert refusal(lambda: carry(posted, 1, M1, "why")) == "dispute 1 was raised at M2, after M1"
        carry(posted, 1, M2, "no time")
        assert refusal(lambda: carry(posted, 1, M2, "why")) == "dispute 1 is carried past M2 already"
        sign(posted, M3)
        assert refusal(lambda: carry(posted, 1, M3, "why")) == (
            "M3 is signed, which is final; a dispute can be carried past the sign-off of M4"
        )

    def test_while_its_period_is_put_up_for_signature(
        self, posted: Ledger, put_up: Callable[[Ledger, Period], int]
    ) -> None:
        dispute_line(posted, 2, "CCG", "not ours")
        put_up(posted, M2)
        withdraw = (
            ", in note 1, which not every partner has signed; to change what is to be signed, withdraw the note first: "
            "s75 sign LEDGER --withdraw --reason TEXT"
        )
        for do, which in (
            (lambda: dispute_line(posted, 1, "CCG", "why"), "M1 is put up for signature with M2"),
            (lambda: dispute_clause(posted, "1", M2, "CCG", "why"), "M2 is put up for signature"),
            (lambda: resolve(posted, 1, "why"), "M2 is put up for signature"),
            (lambda: carry(posted, 1, M2, "why"), "M2 is put up for signature"),
        ):
            assert refusal(do) == which + withdraw
        assert dispute_line(posted, 3, "COUNCIL", "of a later period").period is M6

    def test_once_the_whole_year_is_signed(self, posted: Ledger, sign: Sign) -> None:
        sign(posted, M13)
        assert refusal(lambda: dispute_line(posted, 3, "ICB", "why")) == (
            "every period from M6 on is signed; take it up in the next year’s ledger"
        )
        assert refusal(lambda: dispute_clause(posted, "1", M13, "ICB", "why")).endswith("at the next year’s ledger")

    def test_in_a_ledger_that_is_only_read(
        self, posted: Ledger, place: str, tmp_path: Path, agreement_text: str, reopen: Callable[..., Ledger]
    ) -> None:
        posted.close()
        with reopen(place, read_only=True) as reader:
            assert "opened read-only" in refusal(lambda: dispute_line(reader, 1, "CCG", "why"))
        folder = tmp_path / "folder"
        folder.mkdir()
        (folder / "agreement.toml").write_text(agreement_text, encoding="utf-8")
        (folder / "lines.csv").write_text("period,scheme,partner,kind,amount\n", encoding="utf-8")
        with open_ledger(folder) as opened:
            assert "a ledger in a folder is only read" in refusal(lambda: resolve(opened, 1, "why"))
            assert disputes(opened) == ()
