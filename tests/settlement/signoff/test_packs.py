"""What a pack says: what came before, everything posted since, and the settlement that the rules make of the rows."""

import json
from typing import Any

import pytest

from ledgers import Ledger, sealing
from ledgers.disputes import carry, dispute_line, resolve
from ledgers.sealing import SEALED_COLUMNS, stored
from rules.periods import Period
from settlement.signoff.errors import VerificationError
from settlement.signoff.packs import LARGEST_TOTAL_PENCE, Replay, Seal
from settlement.signoff.signing import replay_upto, seal, withdraw
from tests.conftest import agreement_text, clause, performance
from tests.settlement.signoff.lives import TEXT, posted, signed_for, signed_off

M3, M4, M6 = Period.M3, Period.M4, Period.M6
LINE = SEALED_COLUMNS["lines"]


def pack_of(ledger: Ledger, sequence: int) -> dict[str, Any]:
    return json.loads(b"".join(sealing.sealed_pack(stored(ledger), sequence)))  # type: ignore[no-any-return]


def line(period: int, scheme: str, partner: str, kind: str, pence: object, cause: str = "") -> tuple[Any, ...]:
    told = {"period": period, "scheme": scheme, "partner": partner, "kind": kind, "amount_pence": pence, "cause": cause}
    return tuple(told.get(name) for name in LINE)


def replayed(*lines: tuple[Any, ...], text: str = TEXT) -> Replay:
    replay = Replay()
    replay.take("agreements", {"id": 1, "from_period": 1, "body": text})
    assert list(replay.take_lines(lines)) == list(lines)
    return replay


# --- packs of a ledger ------------------------------------------------------------------------------------------------


def test_the_chain_of_packs_is_the_whole_ledger(ledger: Ledger) -> None:
    signed_off(ledger, M3)
    posted(ledger, "M4 S2 BCCG actual 7.00")
    ledger.hold(M4)
    signed_for(ledger, M4, "LBB")
    withdraw(ledger, "A line is missing")
    ledger.reopen(M4)
    posted(ledger, "M4 S2 BCCG actual 8.00")
    signed_off(ledger, M4)

    packs = [pack_of(ledger, sequence) for sequence in (1, 2, 3)]

    last = sealing.notes(stored(ledger))[-1].cut
    for table, columns in SEALED_COLUMNS.items():
        rows = [tuple(row.get(name) for name in columns) for pack in packs for row in pack[table]]
        assert rows == list(sealing.sealed_rows(stored(ledger), table, 0, last[table])), table
    assert [pack["seal"]["previous"] == "none" for pack in packs] == [True, False, False]
    assert [note["id"] for note in packs[2]["notes"]] == [2]
    assert [row["reason"] for row in packs[2]["withdrawals"]] == ["A line is missing"]


def test_a_pack_opens_with_what_those_before_it_come_to(ledger: Ledger) -> None:
    signed_off(ledger, M3)
    posted(ledger, "M2 S1 LBB actual 40.00")
    signed_off(ledger, M4)

    first, second = pack_of(ledger, 1), pack_of(ledger, 2)

    assert first["opening"] == {}
    assert second["opening"] == {
        "S1": {"LBB": {"actual": {"M3": 480_00}, "budget": {"M1": 300_00}}, "BCCG": {"budget": {"M1": 100_00}}}
    }
    assert [(row["id"], row["period"], row["belongs_to"]) for row in second["lines"]] == [(4, 4, 2)]


def test_the_head_of_a_pack_says_how_it_came_to_be(ledger: Ledger) -> None:
    ledger.hold(M3)
    seal(ledger, M3, "Fund Manager, Accountant")

    head = pack_of(ledger, 1)["seal"]

    row = sealing.notes(stored(ledger))[0]
    assert head == Seal.of(row, sealing.meta(stored(ledger))["ledger"], None).value
    assert (head["prepared_by"], head["sealed_at"]) == ("Fund Manager, Accountant", "2016-10-05T12:00:00+00:00")
    assert (head["form"], head["period"], head["cut"]["lines"]) == ("S75 Settlement pack 1", "M3", 3)


def test_what_is_disputed_stands_in_the_pack_with_where_it_was_carried(ledger: Ledger) -> None:
    dispute_line(ledger, 3, "BCCG", "The placement ended in May")
    dispute_line(ledger, 1, "BCCG", "Not the budget")
    resolve(ledger, 2, "It is")
    ledger.hold(M3)
    carry(ledger, 1, M3, "The invoice is to come")
    signed_for(ledger, M3, "LBB")

    assert pack_of(ledger, 1)["settlement"]["disputed"] == [
        {
            "id": 1,
            "by": "BCCG",
            "period": "M3",
            "line": 3,
            "carried_at": "M3",
            "reason": "The placement ended in May",
        }
    ]


def test_a_replay_up_to_a_note_is_that_of_its_rows(ledger: Ledger) -> None:
    signed_off(ledger, M3)
    posted(ledger, "M4 S2 BCCG actual 7.00")

    replay = replay_upto(stored(ledger), sealing.notes(stored(ledger))[0].cut)

    assert replay.totals == {
        ("S1", "LBB", "budget", "", 1): 300_00,
        ("S1", "BCCG", "budget", "", 1): 100_00,
        ("S1", "LBB", "actual", "", 3): 480_00,
    }
    assert replay.settlement_at(M3).row_of("BCCG").overspend_pence == 20_00


# --- a replay ---------------------------------------------------------------------------------------------------------


def test_spend_in_default_stands_apart_in_the_opening() -> None:
    replay = replayed(
        line(1, "S1", "LBB", "actual", 5),
        line(1, "S1", "LBB", "actual", 7, "default"),
        line(1, "S1", "LBB", "actual", 1),
    )

    assert replay.opening() == {"S1": {"LBB": {"actual": {"M1": 6}, "actual, default": {"M1": 7}}}}


def test_a_total_that_no_json_number_can_be_is_refused_with_both_figures() -> None:
    replay = replayed(line(1, "S1", "LBB", "actual", LARGEST_TOTAL_PENCE), line(1, "S1", "LBB", "actual", 1))

    with pytest.raises(VerificationError) as error:
        replay.opening()

    assert error.value.problem == (
        "the actual of LBB for S1 come to more than can be signed, £90,071,992,547,409.92; the largest is "
        "£90,071,992,547,409.91"
    )


def test_a_copy_goes_on_by_itself() -> None:
    replay = replayed(line(1, "S1", "LBB", "budget", 100))
    other = replay.copy()

    list(other.take_lines([line(1, "S1", "LBB", "budget", 1)]))
    other.take("agreements", {"id": 2, "from_period": 1, "body": TEXT})

    assert replay.opening()["S1"]["LBB"]["budget"]["M1"] == 100
    assert (replay.version_at(M3)[0], other.version_at(M3)[0]) == (1, 2)


def test_the_version_in_force_is_the_last_that_stands_from_the_period_or_before() -> None:
    replay = replayed()
    replay.take("agreements", {"id": 2, "from_period": 6, "body": TEXT})
    replay.take("agreements", {"id": 3, "from_period": 4, "body": TEXT})

    assert [replay.version_at(period)[0] for period in (M3, M4, M6)] == [1, 3, 3]
    with pytest.raises(VerificationError, match="there is no agreement in force at M3"):
        Replay().version_at(M3)


def test_of_a_measure_the_last_file_stands() -> None:
    text = agreement_text(
        f"{clause('1', 'overspend', share={'by': 'fund'})}\n{performance('P1', '100.00')}",
        partners="LBB; BCCG",
        funds="F host=LBB",
    )
    replay = replayed(text=text)
    for batch, actual in ((1, "90"), (1, "91"), (2, "95")):
        row = {"batch": batch, "period": 3, "measure": "NEA", "baseline": "100", "target": "90", "actual": actual}
        replay.take("measures", row)

    assert [str(measure.actual) for measure in replay._measured()] == ["95"]


@pytest.mark.parametrize(
    "row",
    [
        line(14, "S1", "LBB", "actual", 5),
        line(1, "S1", "LBB", "nonsense", 5),
        line(1, "S9", "LBB", "actual", 5),
        line(1, "S1", "NHS", "actual", 5),
    ],
)
def test_rows_that_no_ledger_holds_are_the_one_error(row: tuple[Any, ...]) -> None:
    with pytest.raises(VerificationError):
        replayed(row).settlement_at(M3)


def test_an_agreement_that_does_not_hold_together_is_the_one_error() -> None:
    replay = Replay()
    replay.take("agreements", {"id": 1, "from_period": 1, "body": "[agreement]"})

    with pytest.raises(VerificationError, match="agreement version 1: "):
        replay.agreement_at(M3)
