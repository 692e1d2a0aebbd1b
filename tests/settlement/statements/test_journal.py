"""Journals balance, carry the settlement, say against whom, and can be posted month after month; so can transfers."""

from dataclasses import replace

import pytest

from rules.periods import Period
from settlement.result import ROW_KEYS
from settlement.settle import Settlement
from settlement.statements import ACCOUNT_KEYS, StatementInputs, journal, transfer_list
from settlement.statements.accounts.entries import (
    BETWEEN_HOSTS,
    CREDITOR,
    DEBTOR,
    DISBENEFIT_BORNE,
    DRAWN,
    HANDED_OVER,
    INSTEAD,
    LINES,
    QIPP_BORNE,
    RECEIVED,
    RESERVE,
    RESERVE_BETWEEN,
    UNALLOCATED,
    UNDERSPEND_GIVEN,
    UNDERSPEND_RECEIVED,
    Entries,
    entries_before,
    entries_of,
)
from settlement.statements.document import Cell, Row, RowKind
from settlement.statements.inputs import Seal
from settlement.statements.theme import PartnerTheme, Theme
from tests.conftest import golden_case
from tests.settlement.statements.making import inputs_of, signed
from tests.settlement.statements.test_any_agreement import generated
from tests.settlement.statements.worked import worked

ACCOUNT, CODE, DEBIT, CREDIT, MOVED_DEBIT, MOVED_CREDIT, OTHER = 4, 5, 6, 7, 8, 9, 10


def lines_of(inputs: StatementInputs, partner: str) -> list[tuple[Cell, ...]]:
    """Account, debit, credit and counterparty of each line."""
    *lines, _ = journal(inputs, partner).rows
    return [(*row.cells[ACCOUNT : ACCOUNT + 1], *row.cells[DEBIT : CREDIT + 1], row.cells[OTHER]) for row in lines]


def test_every_journal_balances_and_ends_in_what_is_due(golden_inputs: StatementInputs) -> None:
    for row in golden_inputs.settlement.rows:
        *entries, total = journal(golden_inputs, row.partner).rows
        assert total.kind is RowKind.TOTAL
        sums = [added(entries, side) for side in (DEBIT, CREDIT, MOVED_DEBIT, MOVED_CREDIT)]
        assert tuple(sums) == total.cells[DEBIT : MOVED_CREDIT + 1]
        assert sums[0] == sums[1]
        assert sums[2] == sums[3]
        debtors = added([each for each in entries if str(each.cells[ACCOUNT]).startswith("Debtor")], DEBIT)
        creditors = added([each for each in entries if str(each.cells[ACCOUNT]).startswith("Creditor")], CREDIT)
        assert creditors - debtors == row.net_due_pence


def added(rows: list[Row], side: int) -> int:
    return sum(cell for row in rows if isinstance(cell := row.cells[side], int))


# What the lines carry


def test_the_lines_are_those_of_the_result(golden_inputs: StatementInputs) -> None:
    hold_to_the_result(golden_inputs.settlement)


def test_the_lines_are_those_of_the_result_whatever_the_agreement() -> None:
    settled = [inputs.settlement for inputs in map(generated, range(150)) if inputs is not None]
    assert len(settled) > 100
    for settlement in settled:
        hold_to_the_result(settlement)


def hold_to_the_result(settlement: Settlement) -> None:
    """Each line or few come to a figure of the partner's row; each partner's line against another is the other's."""
    against: dict[tuple[str, str, str], int] = {}
    for row in settlement.rows:
        entries = entries_of(settlement, row.partner)
        assert sum(entries.values()) == 0
        assert 0 not in entries.values()
        for key, sign, _ in LINES[: [line[0] for line in LINES].index(RECEIVED)]:
            if key not in {HANDED_OVER, DISBENEFIT_BORNE, QIPP_BORNE}:
                assert of(entries, key) == sign * getattr(row, f"{key}_pence"), key
        assert of(entries, HANDED_OVER, DISBENEFIT_BORNE, QIPP_BORNE) == row.handed_over_pence
        assert of(entries, RECEIVED) == row.received_pence
        drawn = (RESERVE, RESERVE_BETWEEN, UNDERSPEND_RECEIVED, UNDERSPEND_GIVEN)
        assert of(entries, *drawn) == row.drawn_pence
        assert of(entries, BETWEEN_HOSTS) == row.between_hosts_pence
        assert of(entries, UNALLOCATED) == row.unallocated_pence
        for account, pence in entries.items():
            assert account.counterparty != row.partner
            if account.counterparty and account.key in _MIRRORED:
                mirrored = _MIRRORED[account.key]
                ends = sorted((row.partner, account.counterparty))
                against[mirrored, *ends] = against.get((mirrored, *ends), 0) + pence
    assert set(against.values()) <= {0}


_MIRRORED = {
    "paid": RECEIVED,
    RECEIVED: RECEIVED,
    RESERVE_BETWEEN: RESERVE_BETWEEN,
    BETWEEN_HOSTS: BETWEEN_HOSTS,
    DEBTOR: DEBTOR,
    CREDITOR: DEBTOR,
}
"""The lines that stand with the other sign in the other partner's books, by what they are there."""


def of(entries: Entries, *keys: str) -> int:
    return sum(pence for account, pence in entries.items() if account.key in keys)


def test_what_was_realised_is_apart_from_what_was_borne() -> None:
    settlement = golden_case("three-partners-qipp-separate").settlement()
    found = {key for row in settlement.rows for key in {each.key for each in entries_of(settlement, row.partner)}}
    assert QIPP_BORNE in found
    for row in settlement.rows:
        entries = entries_of(settlement, row.partner)
        assert all(pence < 0 for each, pence in entries.items() if each.key in {QIPP_BORNE, DISBENEFIT_BORNE})
        assert all(pence > 0 for each, pence in entries.items() if each.key == HANDED_OVER)


def test_a_reserve_is_in_the_books_of_the_host_that_holds_it() -> None:
    """The CCG holds the risk pool, and drew £354,432.91 of it for the Council's fund."""
    inputs = inputs_of(golden_case("rotherham-first-call"))
    ccg, council = lines_of(inputs, "CCG"), lines_of(inputs, "COUNCIL")
    assert ("Reserve held: Risk pool (RISKPOOL)", 500_000_00, "", "") in ccg
    assert ("Reserve used between hosts: Risk pool (RISKPOOL)", "", 354_432_91, "COUNCIL") in ccg
    assert ("Underspends given to overspends", "", 250_000_00, "") in ccg
    assert ("Settlement with other hosts", 531_649_36, "", "COUNCIL") in ccg
    assert not [each for each in council if str(each[0]).startswith("Reserve held")]
    assert ("Reserve used between hosts: Risk pool (RISKPOOL)", 354_432_91, "", "CCG") in council
    assert ("Settlement with other hosts", "", 531_649_36, "CCG") in council


def test_what_is_paid_into_a_reserve_is_a_credit() -> None:
    lines = lines_of(inputs_of(golden_case("barnet-2014-15-reward-mechanism")), "LBB")
    name = "Reserve held: Retained in the pooled budget for additional services (REINVEST)"
    assert (name, "", 593_142_00, "") in lines


# Whose the other end is


def test_nobody_has_a_counterparty_in_itself_and_a_host_has_its_payers(golden_inputs: StatementInputs) -> None:
    for row in golden_inputs.settlement.rows:
        for cells in lines_of(golden_inputs, row.partner):
            assert cells[-1] != row.partner
    case = golden_case("telford-2019-20")
    received = [
        each for each in lines_of(inputs_of(case), "COUNCIL") if str(each[0]).startswith("Payments on account rec")
    ]
    assert {each[-1] for each in received} == {"CCG"}


def test_what_one_owes_is_what_another_is_owed(golden_inputs: StatementInputs) -> None:
    owed: dict[tuple[str, str], int] = {}
    for row in golden_inputs.settlement.rows:
        for account, pence in entries_of(golden_inputs.settlement, row.partner).items():
            if account.key in {DEBTOR, CREDITOR}:
                ends = (row.partner, account.counterparty) if pence < 0 else (account.counterparty, row.partner)
                owed[ends] = owed.get(ends, 0) + pence
    assert set(owed.values()) <= {0}


# Posting


def test_every_line_can_be_posted_by_itself(golden_inputs: StatementInputs) -> None:
    settlement = golden_inputs.settlement
    for row in settlement.rows:
        *lines, total = journal(golden_inputs, row.partner).rows
        assert [line.cells[0] for line in lines] == [str(number) for number in range(1, len(lines) + 1)]
        assert total.cells[0] == ""
        for line in (*lines, total):
            assert line.cells[1:4] == (str(settlement.agreement.year), str(settlement.period), "DRAFT: not for posting")
        for line in lines:
            pairs = (line.cells[DEBIT : CREDIT + 1], line.cells[MOVED_DEBIT : MOVED_CREDIT + 1])
            assert pairs != (("", ""), ("", ""))
            for pair in pairs:
                assert "" in pair
                assert all(cell == "" or (isinstance(cell, int) and cell > 0) for cell in pair)


def test_a_forecast_is_never_posted() -> None:
    inputs = inputs_of(golden_case("telford-2019-20"))
    assert inputs.outturn is not None
    forecast = replace(signed(inputs), settlement=inputs.outturn, outturn=None)
    assert {row.cells[3] for row in journal(forecast, "CCG").rows} == {"FORECAST: not for posting"}


def test_the_movement_is_from_the_journal_last_stated() -> None:
    """To M5 NHS North has £750 of contributions due, to M6 £900."""
    row = next(each for each in journal(worked(), "N").rows if str(each.cells[ACCOUNT]).startswith("Financial"))
    assert row.cells[DEBIT : MOVED_CREDIT + 1] == (900_00, "", 150_00, "")
    first = next(each for each in journal(worked(Period.M6, None), "N").rows if "Financial" in str(each.cells[ACCOUNT]))
    assert first.cells[DEBIT : MOVED_CREDIT + 1] == (900_00, "", 900_00, "")


def test_the_movement_makes_the_one_out_of_the_other_whatever_the_agreement(golden_inputs: StatementInputs) -> None:
    for row in golden_inputs.settlement.rows:
        before = entries_before(golden_inputs, row.partner)
        moved = [movement(each) for each in journal(golden_inputs, row.partner).rows[:-1]]
        now = entries_of(golden_inputs.settlement, row.partner)
        assert sum(map(abs, moved)) == sum(abs(now.get(each, 0) - before.get(each, 0)) for each in {*now, *before})


def movement(row: Row) -> int:
    debit, credit = row.cells[MOVED_DEBIT : MOVED_CREDIT + 1]
    return (debit or 0) - (credit or 0)  # type: ignore[operator]  amounts or nothing


def test_what_was_stated_and_is_nil_now_is_taken_back() -> None:
    inputs = worked()
    assert inputs.previous is not None
    turned = replace(inputs, settlement=inputs.previous, previous=inputs.settlement)
    empty = replace(turned, settlement=worked(Period.M1, None).settlement)
    *lines, _ = journal(empty, "N").rows
    gone = [line for line in lines if line.cells[DEBIT : CREDIT + 1] == ("", "")]
    assert gone
    before = entries_before(empty, "N")
    assert len(lines) == len({*entries_of(empty.settlement, "N"), *before})
    assert all(movement(line) for line in gone)


def test_a_successor_moves_from_the_journals_of_those_whose_place_it_took() -> None:
    case = golden_case("ccg-to-icb-2022-23")
    inputs = replace(inputs_of(case), previous=case.settlement(Period.M3), previous_period=Period.M3)
    assert inputs.previous is not None
    codes = [each.code for each in inputs.previous.agreement.partners if each.code not in {"COUNCIL", "ICB"}]
    assert codes
    before = entries_before(inputs, "ICB")
    funding = sum(of(entries_of(inputs.previous, code), "contribution_due") for code in codes)
    assert of(before, "contribution_due") == funding > 0
    assert {account.counterparty for account in before} <= {"", "COUNCIL"}
    assert {account.counterparty for account in entries_before(inputs, "COUNCIL")} <= {"", "ICB"}
    assert sum(before.values()) == 0


def test_it_says_since_which_journal_and_how_far_it_has_come() -> None:
    inputs = inputs_of(golden_case("telford-2019-20"))
    about = "telford-bcf 2019/20 M12 year to date"
    narrative = journal(inputs, "CCG").rows[-1].cells[-1]
    assert narrative == f"{about}, movement since the journal at M11, which is not signed"
    first = journal(replace(inputs, previous=None, previous_period=None), "CCG").rows[-1].cells[-1]
    assert first == about
    last = journal(replace(signed(inputs), previous_seal=Seal(2, 64 * "c")), "CCG").rows[-1]
    assert last.cells[3] == "Signed, note 3"
    assert "signed, note 3 (" in str(last.cells[-1])
    assert str(last.cells[-1]).endswith(", movement since the journal at M11, note 2")


def test_a_journal_that_does_not_balance_never_leaves(golden_inputs: StatementInputs) -> None:
    settlement = golden_inputs.settlement
    if not settlement.transfers:
        pytest.skip("nobody owes anybody")
    broken = replace(settlement, cash=replace(settlement.cash, transfers=()))
    partner = settlement.transfers[0].payer
    with pytest.raises(AssertionError, match="debits of"):
        journal(replace(golden_inputs, settlement=broken), partner)


def test_the_debits_of_each_side_are_declared_as_the_sum_of_its_entries(golden_inputs: StatementInputs) -> None:
    for row in golden_inputs.settlement.rows:
        *entries, total = journal(golden_inputs, row.partner).rows
        assert total.adds == tuple(range(len(entries)))


# Account codes


def test_each_entry_has_the_partners_own_code_where_its_theme_gives_one() -> None:
    inputs = inputs_of(golden_case("telford-2019-20"))
    codes = {key: f"4{place:03}" for place, key in enumerate(sorted(ACCOUNT_KEYS))}
    theme = Theme(partners={"COUNCIL": PartnerTheme(accounts=codes)})
    mapped = journal(replace(inputs, theme=theme), "COUNCIL")
    assert mapped.columns[CODE].title == "Code"
    told = {row.cells[ACCOUNT]: row.cells[CODE] for row in mapped.rows}
    assert told == {
        "Financial Contribution to the fund": codes["contribution_due"],
        "Risk share: overspends": codes["overspend"],
        "Expenditure met on the fund's behalf": codes["spend"],
        "Payments on account received as host": codes["received"],
        "Debtor: settlement due": codes["debtor"],
        "Total": "",
    }
    other = journal(replace(inputs, theme=theme), "CCG")
    assert {row.cells[CODE] for row in other.rows} == {""}
    assert [row.cells[ACCOUNT] for row in other.rows if str(row.cells[ACCOUNT]).startswith("Creditor")]


def test_every_line_of_a_result_has_a_key_and_those_of_older_themes_still_count() -> None:
    assert (frozenset(ROW_KEYS) - {"net_due"}) | {DEBTOR, CREDITOR} <= ACCOUNT_KEYS
    inputs = inputs_of(golden_case("rotherham-first-call"))
    for codes, expected in (
        ({DRAWN: "D"}, {"D"}),
        ({DRAWN: "D", RESERVE: "R"}, {"D", "R"}),
        ({HANDED_OVER: "H"}, {""}),
    ):
        theme = Theme(partners={"CCG": PartnerTheme(accounts=codes)})
        keys = tuple(name.partition(":")[0] for key, _, name in LINES if key in INSTEAD)
        lines = journal(replace(inputs, theme=theme), "CCG").rows
        assert {line.cells[CODE] for line in lines if str(line.cells[ACCOUNT]).startswith(keys)} == expected


def test_codes_change_nothing_else(golden_inputs: StatementInputs) -> None:
    codes = dict.fromkeys(ACCOUNT_KEYS, "X")
    theme = Theme(partners={row.partner: PartnerTheme(accounts=codes) for row in golden_inputs.settlement.rows})
    for row in golden_inputs.settlement.rows:
        plain, mapped = (journal(each, row.partner) for each in (golden_inputs, replace(golden_inputs, theme=theme)))
        assert [(*each.cells[:CODE], *each.cells[CODE + 1 :]) for each in plain.rows] == [
            (*each.cells[:CODE], *each.cells[CODE + 1 :]) for each in mapped.rows
        ]
        assert {each.cells[CODE] for each in mapped.rows[:-1]} <= {"X"}


# Transfers


def test_the_transfers_are_the_settlements(golden_inputs: StatementInputs) -> None:
    rows = [(row.cells[0], row.cells[2], row.cells[4]) for row in transfer_list(golden_inputs).rows]
    assert rows == [(each.payer, each.receiver, each.amount_pence) for each in golden_inputs.settlement.transfers]


def test_a_transfer_has_the_number_of_its_notice_and_a_forecast_none() -> None:
    inputs = inputs_of(golden_case("telford-2019-20"))
    (row,) = transfer_list(inputs).rows
    assert row.cells[-1] == "TELFORD-BCF/2019-20/M12/COUNCIL/CCG/DRAFT"
    (row,) = transfer_list(replace(inputs, settlement=inputs.outturn)).rows
    assert row.cells[-1] == ""


def test_what_was_notified_before_is_apart_from_what_is_new() -> None:
    """At M5 £775 was due, at M6 £936."""
    (row,) = transfer_list(replace(worked(), previous_seal=Seal(2, 64 * "c"))).rows
    assert row.cells[4:7] == (936_00, 775_00, 161_00)
    assert str(row.cells[-1]).endswith("/M6/C/N/DRAFT")
    (row,) = transfer_list(worked()).rows  # what nobody signed, nobody was notified of
    assert row.cells[4:7] == (936_00, 0, 936_00)
    inputs = replace(worked(), previous_seal=Seal(2, 64 * "c"))
    (row,) = transfer_list(replace(inputs, previous=inputs.settlement, previous_period=Period.M6)).rows
    assert row.cells[4:7] == (936_00, 936_00, 0)
    assert str(row.cells[-1]).endswith("/M6/C/N/N2")
