"""`s75 status`, and what `s75 settle` says of how far a period has come and of what is in dispute."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledgers import Ledger, NewLine
from ledgers.disputes import carry, dispute_clause, dispute_line
from rules.agreement import Kind
from rules.periods import Period
from settlement.signoff.signing import seal, withdraw
from settlement.standing import in_runs, period_standing, standing
from tests.settlement.command.running import GOLDEN, S75
from tests.settlement.signoff.lives import TEXT, pool, posted, signed_for, signed_off

FOLDER = GOLDEN / "telford-2019-20"
M1, M2, M3, M4, M5, M6 = (Period(number) for number in range(1, 7))


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "pool.s75"


@pytest.fixture
def ledger(place: Path) -> Iterator[Ledger]:
    """A small pooled fund, £80 over at M3."""
    with pool(place) as made:
        yield made


def head(s75: S75, place: Path, period: str) -> str:
    """The line of a settlement that says how far its period has come."""
    return s75("settle", place, "-p", period).out.splitlines()[1]


class TestStatus:
    def test_of_a_new_ledger_every_period_is_open(self, s75: S75, ledger: Ledger, place: Path) -> None:
        ledger.close()

        assert s75("status", place).out == (
            f"{place}: worked, 2016/17\n  M1 to M13  open\nNothing was put up for signature yet.\n"
        )

    def test_of_a_folder_too(self, s75: S75) -> None:
        assert s75("status", FOLDER).out == (
            f"{FOLDER}: telford-bcf, 2019/20\n  M1 to M13  open\nNothing was put up for signature yet.\n"
        )

    def test_says_everything_that_somebody_has_still_to_do(self, s75: S75, ledger: Ledger, place: Path) -> None:
        signed_off(ledger, M3)
        posted(ledger, "M4 S2 BCCG actual 1.00")
        ledger.hold(M4)
        seal(ledger, M4, "Fund Manager, Accountant")
        withdraw(ledger, "A line is missing")
        posted(ledger, "M5 S2 BCCG actual 2.00", "M5 S2 BCCG actual 3.00")
        carry(ledger, dispute_line(ledger, 5, "LBB", "Not ours").id, M5, "They meet in May")
        ledger.hold(M5)
        signed_for(ledger, M5, "LBB")
        ledger.set_agreement(f"{TEXT}\n# varied\n", M6, "Deed of variation")
        posted(ledger, "M6 S2 BCCG actual 4.00")
        ledger.close()

        said = s75("status", place)

        assert said.status == 0
        assert said.out.splitlines()[1:] == [
            "  M1 to M3   signed, note 1",
            "  M4 to M5   put up for signature, note 3: awaits BCCG",
            "  M6 to M13  open",
            "Note 1, M3:",
            "  LBB: Council Signatory, Chief Finance Officer, 5 Oct 2016 12:00 UTC",
            "  BCCG: Commissioner Signatory, Director of Finance, 5 Oct 2016 12:00 UTC",
            "Note 2, M4, withdrawn:",
            "Note 3, M5:",
            "  LBB: Council Signatory, Chief Finance Officer, 5 Oct 2016 12:00 UTC",
            "  BCCG: awaited",
            "In dispute: LBB disputes line 5 from M5 on, in dispute 1: Not ours (carried past M5)",
            (
                "Version 2 of the agreement, in force from M6, awaits the assent of LBB and BCCG: "
                f"s75 assent {place} --version 2 --as CODE --key NAME.key"
            ),
            "Since note 3: 1 line, 1 version of the agreement and 1 batch.",
        ]

    def test_is_json_for_a_script(self, s75: S75, ledger: Ledger, place: Path) -> None:
        ledger.hold(M3)
        signed_for(ledger, M3, "LBB")
        ledger.close()

        found = json.loads(s75("status", place, "--json").out)

        assert list(found) == [
            "ledger", "agreement", "year", "periods", "notes", "disputes", "versions", "since", "warnings",
        ]  # fmt: skip
        assert found["periods"][1] == {
            "period": "M2", "state": "held", "note": 1, "note_period": "M3", "awaiting": ["BCCG"],
        }  # fmt: skip
        assert found["notes"][0]["signed"] == [
            {"partner": "LBB", "name": "Council Signatory", "role": "Chief Finance Officer",
             "at": "2016-10-05T12:00:00+00:00"},
        ]  # fmt: skip

    def test_has_the_warnings_of_the_ledger(self, ledger: Ledger, capsys: pytest.CaptureFixture[str]) -> None:
        from settlement.command.standing import _told

        ledger.warnings = ("no backup was made",)  # type: ignore[attr-defined]

        assert list(_told(standing(ledger), "pool.s75"))[-1] == "Warning: no backup was made"
        assert capsys.readouterr().out == ""


class TestSettle:
    def test_says_how_far_the_period_has_come(self, s75: S75, ledger: Ledger, place: Path) -> None:
        told = [period_standing(ledger, M3).words]
        ledger.hold(M3)
        told.append(period_standing(ledger, M3).words)
        signed_for(ledger, M3, "LBB")
        told.append(period_standing(ledger, M3).words)
        signed_for(ledger, M3, "BCCG")
        ledger.close()

        assert told == ["open", "held", "put up for signature, note 1: awaits BCCG"]
        assert head(s75, place, "M2") == "2016/17, M2, year to date: signed with M3, note 1"
        assert head(s75, place, "M3") == "2016/17, M3, year to date: signed, note 1"
        assert head(s75, place, "M4") == "2016/17, M4, year to date: open, draft"

    def test_counts_what_is_in_dispute_and_says_what_would_be_due(self, s75: S75, ledger: Ledger, place: Path) -> None:
        ledger.post([NewLine(M3, "S1", "LBB", Kind.ACTUAL, 40_00)])
        dispute_line(ledger, 4, "BCCG", "Not ours")
        ledger.close()

        paid = next(line for line in s75("settle", place, "-p", "M3").out.splitlines() if "In dispute" in line)

        assert paid == (
            f"In dispute: 1; without it BCCG would pay LBB £120.00. “s75 dispute {place}” lists what is in dispute."
        )
        assert "In dispute" not in s75("settle", place, "-p", "M2").out

    def test_says_nothing_of_what_would_be_due_where_no_clause_would_deal_with_it(
        self, s75: S75, ledger: Ledger, place: Path
    ) -> None:
        dispute_clause(ledger, "1", M3, "BCCG", "Not what was agreed")
        ledger.close()

        said = s75("settle", place, "-p", "M3").out

        assert f"\nIn dispute: 1. “s75 dispute {place}” lists what is in dispute.\n" in said


@pytest.mark.parametrize(
    ("periods", "told"),
    [
        ((M1,), "M1"),
        ((M1, M2, M3), "M1 to M3"),
        ((M6, M1, M2), "M1 to M2 and M6"),
        ((M1, M3, M5, M6), "M1, M3 and M5 to M6"),
    ],
)
def test_neighbouring_periods_are_named_as_a_run(periods: tuple[Period, ...], told: str) -> None:
    assert in_runs(periods) == told
