"""The result as other programs read it (formats.md, The result)."""

import json

from settlement.result import ROW_KEYS, result_of
from tests.conftest import GOLDEN_NAMES, GoldenCase, agreement_of, clause, fixed, golden_case, result


def test_there_are_golden_cases() -> None:
    """Guards against a suite that passes because it looked in the wrong folder."""
    assert len(GOLDEN_NAMES) >= 17


def test_a_golden_case_gives_its_result_value_for_value(golden: GoldenCase) -> None:
    assert result_of(golden.settlement()) == golden.expected


def test_a_golden_case_gives_its_result_byte_for_byte(golden: GoldenCase) -> None:
    text = json.dumps(result_of(golden.settlement()), indent=1, ensure_ascii=False)
    assert text + "\n" == golden.expected_text


def test_keys_come_in_the_order_of_the_contract() -> None:
    settled = result(agreement_of(clause("1", "overspend", share=fixed(A="1"))), "M1 S1 B actual 1.00")
    assert list(settled) == [
        "agreement",
        "financial_year",
        "period",
        "performance",
        "subjects",
        "partners",
        "reserves",
        "transfers",
        "unallocated",
    ]
    assert list(settled["subjects"][0]) == ["on", "fund", "group", "amount", "unallocated", "parts"]
    assert list(settled["subjects"][0]["parts"][0]) == ["clause", "to", "amount", "partners"]
    assert list(settled["partners"]) == ["A", "B"]
    assert list(settled["partners"]["A"]) == list(ROW_KEYS)
    assert list(settled["transfers"][0]) == ["from", "to", "amount"]


def test_every_amount_is_a_whole_number(golden: GoldenCase) -> None:
    def leaves(value: object) -> list[object]:
        if isinstance(value, dict):
            return [leaf for each in value.values() for leaf in leaves(each)]
        if isinstance(value, list):
            return [leaf for each in value for leaf in leaves(each)]
        return [value]

    assert {type(leaf) for leaf in leaves(result_of(golden.settlement()))} <= {int, str, type(None)}


def test_a_part_that_partners_do_not_share_has_no_partners_and_others_have_all_of_them() -> None:
    settled = golden_case("rotherham-first-call").expected
    for subject in settled["subjects"]:
        for part in subject["parts"]:
            shared = part["to"] in {"partners", "provision"}
            assert (list(part["partners"]) == ["COUNCIL", "CCG"]) if shared else (part["partners"] is None)


def test_a_ledger_without_lines_comes_to_nothing() -> None:
    settled = result(agreement_of(clause("1", "overspend", share=fixed(A="1"))), "")
    assert settled["subjects"] == settled["transfers"] == settled["performance"] == []
    assert settled["partners"] == {code: dict.fromkeys(ROW_KEYS, 0) for code in ("A", "B")}
    assert settled["unallocated"] == 0


def test_the_period_and_year_are_those_that_were_settled() -> None:
    settled = result(agreement_of(year="1999/00"), "", "M13")
    assert (settled["agreement"], settled["financial_year"], settled["period"]) == ("worked", "1999/00", "M13")


def test_before_succession_a_row_stands_for_each_predecessor() -> None:
    agreement = agreement_of(partners="A; B; C; X succeeds=B,C from=2016-07-01")
    assert list(result(agreement, "", "M3")["partners"]) == ["A", "B", "C"]
    assert list(result(agreement, "", "M4")["partners"]) == ["A", "X"]
