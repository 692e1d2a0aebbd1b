"""Posting by program: batches, virements, reversals."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from ledgers import Ledger, NewLine
from rules.agreement import Kind
from rules.money import LARGEST_PENCE
from rules.periods import Period
from rules.problems import RefusedError

M1, M2, M6 = Period.M1, Period.M2, Period.M6


def budget(amount: int = 100_00, period: Period = M1, **more: object) -> NewLine:
    return NewLine(period, "BEDS", "COUNCIL", Kind.BUDGET, amount, **more)


def test_a_line_is_posted_as_it_was_given(ledger: Ledger) -> None:
    line = NewLine(M2, "HOME", "CCG", Kind.ACTUAL, -12_34, date(2022, 5, 31), "INV 7", "Refund, “beds”", "default")
    (posted,) = ledger.post([line], source="payroll")
    assert posted == next(ledger.lines())
    assert (posted.id, posted.batch, posted.period, posted.scheme, posted.partner) == (1, 1, M2, "HOME", "CCG")
    assert (posted.kind, posted.amount_pence, posted.date) == (Kind.ACTUAL, -12_34, date(2022, 5, 31))
    assert (posted.reference, posted.description, posted.cause, posted.in_default) == (
        "INV 7",
        "Refund, “beds”",
        "default",
        True,
    )
    assert (posted.file, posted.row, posted.raw, posted.reverses, posted.belongs_to) == (
        "payroll",
        None,
        "",
        None,
        None,
    )


def test_a_batch_says_what_it_came_to_and_when(ledger: Ledger) -> None:
    ledger.post([budget(100), budget(250), NewLine(M2, "HOME", "CCG", Kind.ACTUAL, 7)], source="a program")
    (batch,) = ledger.batches()
    assert (batch.id, batch.content, batch.count, batch.file, batch.digest) == (1, "posting", 3, "a program", "")
    assert batch.totals_pence == ((Kind.BUDGET, 350), (Kind.ACTUAL, 7))
    assert batch.at == "2022-08-01T12:00:00+00:00"
    assert batch.actor


def test_the_position_is_the_sum_of_the_lines(ledger: Ledger) -> None:
    ledger.post([budget(100), budget(250, M6), budget(-50, M6)])
    ledger.post([budget(1)])
    (total,) = ledger.position(M2).totals
    assert (total.to_date_pence, total.later_pence) == (101, 200)
    (total,) = ledger.position(M6, outturn=True).totals
    assert (total.to_date_pence, total.later_pence, ledger.position(M6, outturn=True).outturn) == (301, 0, True)


def test_nothing_of_a_batch_with_a_fault_is_posted_and_every_fault_is_told(ledger: Ledger) -> None:
    wrong = [
        budget(),
        NewLine(M1, "NONE", "COUNCIL", Kind.BUDGET, 1),
        NewLine(M1, "OWN", "CCG", Kind.PAYMENT, 1),
        NewLine(M1, "BEDS", "ICB", Kind.BUDGET, 1),
        budget(cause="default"),
        NewLine(M1, "BEDS", "COUNCIL", Kind.BUDGET, amount_pence=True),
        budget(reference="a\0b"),
    ]
    with pytest.raises(RefusedError) as caught:
        ledger.post(wrong)
    assert [(problem.line, problem.place) for problem in caught.value.problems] == [
        (2, "scheme"), (3, "kind"), (4, "partner"), (5, "cause"), (6, "amount"), (7, "reference"),
    ]  # fmt: skip
    assert list(ledger.lines()) == []
    assert ledger.position(M6).totals == ()


def test_every_code_of_a_line_of_an_unknown_period_is_judged(ledger: Ledger) -> None:
    line = NewLine("M77", "NONE", "NOBODY", "gift", 1, cause="why")  # type: ignore[arg-type]
    with pytest.raises(RefusedError) as caught:
        ledger.post([line])
    assert [problem.place for problem in caught.value.problems] == ["period", "scheme", "partner", "kind", "cause"]


def test_a_text_with_control_characters_is_refused(ledger: Ledger) -> None:
    with pytest.raises(RefusedError) as caught:
        ledger.post([budget(reference="a\x1bb", description="a\nb"), budget(description="a\u202eb")])
    assert [(problem.line, problem.place, problem.message) for problem in caught.value.problems] == [
        (line, place, "a text cannot have control characters; remove them")
        for line, place in ((1, "reference"), (1, "description"), (2, "description"))
    ]


def test_references_that_differ_in_spaces_alone_are_one(ledger: Ledger) -> None:
    legs = [("BEDS", -5, "V1"), ("HOME", 5, " V1 ")]
    posted = ledger.post([NewLine(M1, scheme, "CCG", Kind.VIREMENT, pence, reference=of) for scheme, pence, of in legs])
    assert [line.reference for line in posted] == ["V1", "V1"]


def test_posting_nothing_is_refused(ledger: Ledger) -> None:
    with pytest.raises(RefusedError, match=r"there are no lines to post"):
        ledger.post([])


def test_a_batch_beyond_what_a_ledger_can_hold_is_refused(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledgers.posting._LARGEST_TOTAL", 100)  # the real one takes nine million lines to pass
    ledger.post([budget(60)])
    with pytest.raises(RefusedError, match=r"the lines come to more than a ledger can hold"):
        ledger.post([budget(60)] * 2)
    assert len(list(ledger.lines())) == 1


def test_a_sum_beyond_what_a_ledger_can_hold_is_refused(ledger: Ledger) -> None:
    line = budget(LARGEST_PENCE)
    with ledger.store.transaction():  # as nine million lines would leave it
        ledger.store.run(
            "INSERT INTO totals (scheme, partner, kind, period, cause, amount_pence) "
            "VALUES (:scheme, :partner, :kind, :period, '', :pence)",
            scheme=line.scheme,
            partner=line.partner,
            kind=line.kind.value,
            period=int(line.period),
            pence=2**63 - 1,
        )
    with pytest.raises(RefusedError, match=r"the lines come to more than a ledger can hold"):
        ledger.post([line])
    assert list(ledger.lines()) == []


def test_an_amount_is_whole_pence_of_a_size_that_a_ledger_can_hold(ledger: Ledger) -> None:
    with pytest.raises(RefusedError, match=r"the amount is whole pence up to £"):
        ledger.post([budget(LARGEST_PENCE + 1)])


class TestVirement:
    def test_moves_budget_and_balances(self, ledger: Ledger) -> None:
        giving, taking = ledger.virement(M1, 500_00, giver=("BEDS", "CCG"), taker=("HOME", "CCG"), reference="V1")
        assert (giving.scheme, giving.amount_pence, taking.scheme, taking.amount_pence) == (
            "BEDS",
            -500_00,
            "HOME",
            500_00,
        )
        assert giving.reference == taking.reference == "V1"
        assert ledger.findings() == []

    def test_that_does_not_balance_is_refused(self, ledger: Ledger) -> None:
        legs = [NewLine(M1, "BEDS", "CCG", Kind.VIREMENT, -100, reference="V1")]
        with pytest.raises(RefusedError, match=r"the virements of reference “V1” sum to \(£1.00\), not to zero"):
            ledger.post(legs)
        assert list(ledger.lines()) == []

    def test_needs_a_reference(self, ledger: Ledger) -> None:
        with pytest.raises(RefusedError, match=r"a virement needs a reference"):
            ledger.virement(M1, 1, giver=("BEDS", "CCG"), taker=("HOME", "CCG"), reference=" ")

    def test_later_legs_of_the_same_reference_balance_among_themselves(self, ledger: Ledger) -> None:
        ledger.virement(M1, 10, giver=("BEDS", "CCG"), taker=("HOME", "CCG"), reference="V1")
        ledger.virement(M2, 20, giver=("HOME", "CCG"), taker=("BEDS", "CCG"), reference="V1")
        assert ledger.findings() == []


class TestReversal:
    def test_takes_back_the_line_and_says_why(self, ledger: Ledger) -> None:
        (line,) = ledger.post([budget(100_00, reference="R", description="D")])
        reversal = ledger.reverse(line.id, " posted twice ")
        assert (reversal.amount_pence, reversal.reverses, reversal.reason) == (-100_00, line.id, "posted twice")
        assert (reversal.period, reversal.reference, reversal.description) == (M1, "R", "D")
        assert ledger.position(M6).totals[0].to_date_pence == 0
        assert ledger.findings() == []
        assert next(ledger.lines(reverses=line.id)) == reversal

    def test_needs_a_reason(self, ledger: Ledger) -> None:
        ledger.post([budget()])
        with pytest.raises(RefusedError, match=r"say why the line is reversed"):
            ledger.reverse(1, "  ")

    def test_of_a_line_that_is_not_there_is_refused(self, ledger: Ledger) -> None:
        for number in (7, 0, -1, 99999999999999999999999):
            with pytest.raises(RefusedError, match=rf": the ledger has no line {number}$"):
                ledger.reverse(number, "because")

    def test_is_made_once(self, ledger: Ledger) -> None:
        ledger.post([budget()])
        ledger.reverse(1, "because")
        with pytest.raises(RefusedError, match=r"line 1 is reversed already, by line 2"):
            ledger.reverse(1, "because")

    def test_of_a_reversal_is_refused(self, ledger: Ledger) -> None:
        ledger.post([budget()])
        ledger.reverse(1, "because")
        with pytest.raises(RefusedError, match=r"line 2 is itself the reversal of line 1"):
            ledger.reverse(2, "because")

    def test_of_a_virement_takes_its_legs_together(self, ledger: Ledger) -> None:
        ledger.virement(M1, 500_00, giver=("BEDS", "CCG"), taker=("HOME", "CCG"), reference="V1")
        reversal = ledger.reverse(2, "agreed to leave it")
        assert (reversal.scheme, reversal.amount_pence, reversal.reverses) == ("HOME", -500_00, 2)
        assert [line.reverses for line in ledger.lines()] == [None, None, 1, 2]
        assert ledger.findings() == []

    def test_of_a_virement_without_a_reference_is_refused(self, ledger: Ledger, write: Callable[..., Path]) -> None:
        legs = (
            "BEDS,CCG,virement,-1.00",
            "HOME,CCG,virement,1.00",
            "BEDS,CCG,virement,-7.00",
            "HOME,CCG,virement,7.00",
        )
        ledger.import_file(write(*(f"M1,{leg},,,," for leg in legs)))
        with pytest.raises(RefusedError) as caught:
            ledger.reverse(2, "because")
        (problem,) = caught.value.problems
        assert problem.message == (
            "line 2 is a leg of a virement without a reference, so that its other legs are not known; "
            "post a virement that takes it back"
        )
        assert len(list(ledger.lines())) == 4

    def test_of_a_line_of_a_held_period_counts_in_the_next_open_one(self, ledger: Ledger) -> None:
        ledger.post([budget()])
        ledger.hold(M1)
        reversal = ledger.reverse(1, "found at audit")
        assert (reversal.period, reversal.belongs_to) == (M2, M1)

    def test_when_every_period_is_held_is_refused(self, ledger: Ledger) -> None:
        ledger.post([budget()])
        ledger.hold(Period.M13)
        with pytest.raises(RefusedError, match=r"no later period is open to take the reversal"):
            ledger.reverse(1, "because")


@pytest.mark.parametrize(
    "change",
    [
        lambda ledger, _: ledger.post([budget()]),
        lambda ledger, _: ledger.reverse(1, "because"),
        lambda ledger, _: ledger.hold(M1),
        lambda ledger, _: ledger.reopen(M1),
        lambda ledger, text: ledger.set_agreement(text, M1, "because"),
        lambda ledger, _: ledger.save_mapping("a", ""),
    ],
)
def test_a_ledger_opened_read_only_changes_nothing(
    ledger: Ledger,
    place: str,
    reopen: Callable[..., Ledger],
    agreement_text: str,
    change: Callable[[Ledger, str], object],
) -> None:
    ledger.close()
    with (
        reopen(place, read_only=True) as reader,
        pytest.raises(RefusedError, match=r"the ledger is opened read-only; open it for writing to change it"),
    ):
        change(reader, agreement_text)
