"""What needs doing, each thing a sentence of its own; and nothing where nothing does."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledgers import Finding, Ledger, create_ledger, open_ledger
from ledgers.disputes import dispute_clause, dispute_line
from ledgers.monthly import posted_by_period
from rules.agreement import Kind
from rules.periods import Period
from settlement.overview import overview_of
from settlement.overview_tasks import About, Task, checked, is_signed_in, tasks_of
from settlement.service import check
from settlement.signoff.signing import seal
from settlement.standing import standing
from tests.conftest import GOLDEN, agreement_text, clause, table
from tests.settlement.signoff.lives import SCHEDULE, TEXT, noon, pool, posted, signed_for, signed_off

M1, M2, M3, M5, M12 = Period.M1, Period.M2, Period.M3, Period.M5, Period.M12
IN_JULY = dt.date(2016, 7, 1)
LATER = dt.date(2018, 1, 1)


def tasks(ledger: Ledger, period: Period, today: dt.date = IN_JULY) -> tuple[Task, ...]:
    overview = overview_of(ledger, period)
    return tasks_of(
        ledger.agreement_at(period),
        overview.settlement,
        overview.why_not,
        posted_by_period(ledger, period),
        standing(ledger),
        period=period,
        today=today,
        is_signed_here=is_signed_in(ledger),
    )


def told(found: tuple[Task, ...]) -> list[tuple[About, str]]:
    return [(task.about, task.sentence) for task in found]


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """A small pooled fund of 2016/17: budgets at M1, £480 spent by M3."""
    with pool(tmp_path / "pool.s75") as made:
        yield made


def test_a_signed_year_to_date_needs_nothing(ledger: Ledger) -> None:
    signed_off(ledger, M3)
    assert tasks(ledger, M3) == ()


def test_nothing_is_held_in_a_folder() -> None:
    with open_ledger(GOLDEN / "telford-2019-20") as folder:
        assert tasks(folder, M12, LATER) == ()


class TestPeriodsToHold:
    def test_months_that_have_passed_and_are_open(self, ledger: Ledger) -> None:
        (task,) = tasks(ledger, M3)
        assert task == Task(About.HOLD, "M1 to M3 have passed and are still open. Hold them once complete.", period=M3)
        assert not task.is_grave

    def test_a_month_has_passed_on_the_first_of_the_next(self, ledger: Ledger) -> None:
        assert told(tasks(ledger, M3, dt.date(2016, 6, 30))) == [
            (About.HOLD, "M1 to M2 have passed and are still open. Hold them once complete.")
        ]
        assert told(tasks(ledger, M3, dt.date(2016, 5, 1))) == [
            (About.HOLD, "M1 has passed and is still open. Hold it once complete.")
        ]
        assert tasks(ledger, M3, dt.date(2016, 4, 30)) == ()

    def test_months_after_the_last_line_wait_for_their_lines(self, ledger: Ledger) -> None:
        assert told(tasks(ledger, M12, LATER)) == [
            (About.HOLD, "M1 to M3 have passed and are still open. Hold them once complete.")
        ]

    def test_march_passes_with_the_year_and_m13_is_never_said_to(self, ledger: Ledger) -> None:
        ledger.hold(Period.M11)
        posted(ledger, "M12 S1 LBB budget 1.00", "M13 S1 LBB actual 1.00")
        holds = [task for task in tasks(ledger, M12, dt.date(2017, 3, 31)) if task.about is About.HOLD]
        assert holds == []
        holds = [task for task in tasks(ledger, M12, dt.date(2017, 4, 1)) if task.about is About.HOLD]
        assert [task.sentence for task in holds] == ["M12 has passed and is still open. Hold it once complete."]


class TestSigning:
    def test_held_periods_are_to_be_put_up(self, ledger: Ledger) -> None:
        ledger.hold(M3)
        assert told(tasks(ledger, M3)) == [(About.SEAL, "M1 to M3 are held and not yet put up for signature.")]
        ledger.reopen(M2)
        assert (About.SEAL, "M1 is held and not yet put up for signature.") in told(tasks(ledger, M3))

    def test_statements_put_up_say_who_has_still_to_sign(self, ledger: Ledger) -> None:
        ledger.hold(M3)
        seal(ledger, M3)
        assert told(tasks(ledger, M3)) == [
            (About.SIGN, "The statements of M3 are put up for signature (note 1): LBB and BCCG to sign.")
        ]
        signed_for(ledger, M3, "LBB")
        (task,) = tasks(ledger, M3)
        assert task.sentence == "The statements of M3 are put up for signature (note 1): BCCG to sign."
        assert task.period is M3


def test_a_version_awaits_assent(ledger: Ledger) -> None:
    ledger.set_agreement(TEXT.replace("Worked by hand", "Varied"), M5, "varied")
    (_, task) = tasks(ledger, M3)
    assert task == Task(
        About.ASSENT,
        "Version 2 of the agreement, from M5, is provisional: LBB and BCCG have still to assent to it.",
        period=M5,
        version=2,
    )


def test_disputes_that_stand(ledger: Ledger) -> None:
    dispute_line(ledger, 3, "BCCG", "Not our patient")
    dispute_clause(ledger, "1", M3, "LBB", "Wrong basis.")
    found = [task for task in tasks(ledger, M3) if task.about is About.DISPUTE]
    assert [(task.sentence, task.line, task.clause) for task in found] == [
        ("BCCG disputes line 3 from M3 on: Not our patient.", 3, ""),
        ("LBB disputes clause 1 from M3 on: Wrong basis.", None, "1"),
    ]


class TestFigures:
    def test_what_no_clause_deals_with_is_grave(self, tmp_path: Path) -> None:
        text = agreement_text(partners="LBB; BCCG", funds="F host=LBB")
        with pool(tmp_path / "open.s75", text) as ledger:
            found = tasks(ledger, M3)
        assert found[0] == Task(
            About.UNALLOCATED,
            "No clause deals with £80.00 of the overspend of The F (year to date). "
            "Add a clause to the risk share, or widen one.",
            is_grave=True,
            period=M3,
        )

    def test_an_agreement_that_cannot_be_applied(self, tmp_path: Path) -> None:
        schedule = clause("1", "overspend", share={"by": "scheme"})
        with create_ledger(tmp_path / "none.s75", agreement_text(schedule), now=noon) as ledger:
            posted(ledger, "M1 S1 A actual 30.00")
            found = tasks(ledger, M1, dt.date(2016, 4, 2))
        assert [(task.about, task.is_grave) for task in found] == [(About.NOT_SETTLED, True)]
        assert found[0].sentence.startswith("The agreement cannot be applied: ")

    def test_a_control_total_that_fails_knows_its_control(self, tmp_path: Path) -> None:
        controls = [
            table("[[control]]", period="M3", amount="479.00", kind="actual", fund="F", partner="LBB"),
            table("[[control]]", period="M1", amount="400.00", kind="budget"),
            table("[[control]]", period="M6", amount="1.00", kind="actual"),
        ]
        text = agreement_text("\n".join([SCHEDULE, *controls]), partners="LBB; BCCG kind=ccg", funds="F host=LBB")
        with pool(tmp_path / "pool.s75", text) as ledger:
            found = [task for task in tasks(ledger, M3) if task.about is About.CONTROL]
            known = tasks(ledger, M3)
            (finding,) = check(ledger, M3)
            assert [task.about for task in tasks(ledger, Period.M6)].count(About.CONTROL) == 2
        (task,) = found
        assert task.sentence == (
            "The actual of fund F of LBB to M3 should be £479.00; the ledger has £480.00, £1.00 more."
        )
        assert task.is_grave
        assert task.control is not None
        assert (task.control.kind, task.control.partner, task.period) == (Kind.ACTUAL, "LBB", M3)
        assert checked([finding], known) == (), "the check of every line finds the same one and tells it once"


class TestChecked:
    def test_late_lines_are_told_and_are_not_grave(self, ledger: Ledger) -> None:
        ledger.hold(M3)
        posted(ledger, "M2 S1 LBB actual 7.00")
        (task,) = checked(check(ledger, Period.M4), ())
        assert (task.about, task.is_grave, task.period) == (About.LATE, False, Period.M4)
        assert task.sentence.startswith("1 line of £7.00, really of M2, is in M4 because M2 was held")

    def test_each_check_leads_somewhere(self) -> None:
        names = {
            "control total": About.CONTROL,
            "virement": About.VIREMENT,
            "late line": About.LATE,
            "closed period": About.LINES,
            "partner's from": About.LINES,
            "measure": About.AGREEMENT,
            "code": About.AGREEMENT,
            "kept total": About.LEDGER,
            "file": About.LEDGER,
            "audit trail": About.LEDGER,
            "document": About.LEDGER,
        }
        found = checked([Finding(name, f"of {name}") for name in names], ())
        assert [task.about for task in found] == list(names.values())
        assert [task.sentence for task in found][:2] == ["Of control total.", "Of virement."]

    def test_what_the_settlement_tells_is_not_told_twice(self, tmp_path: Path) -> None:
        text = agreement_text(partners="LBB; BCCG", funds="F host=LBB")
        with pool(tmp_path / "open.s75", text) as ledger:
            (finding,) = check(ledger, M3)
            assert finding.check == "unallocated"
            assert checked([finding], tasks(ledger, M3)) == ()
