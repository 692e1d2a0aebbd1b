"""The settlement with its trace as it is signed: plain values in one form, from which every share can be added up."""

import hashlib
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest

from settlement.signoff.canonical import canonical
from settlement.signoff.traced import exact, settlement_with_trace
from tests.conftest import GoldenCase, golden_case

# The form is what packs were signed in: a digest here changes only with a golden case, never with the program.
PINNED = {
    "rotherham-first-call": "5758543e92a0cfaeee0a4c06c189c8b3d37323bf9605cc89ec1c671a0e2151d3",
    "three-partners-qipp-separate": "b1c2beb55a9c65d46152e71e1c2ea8dcd56bc4a3b1456de02731d9c6932c83ce",
    "payment-for-performance": "8d4cd4045e9cff946353408cd1713e16923d262de811283cf81387f8f5ba103a",
}


def traced(golden: GoldenCase) -> dict[str, Any]:
    """A golden case with its trace."""
    return settlement_with_trace(golden.settlement())


def parts(of: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every part of the trace, also those that came to nothing."""
    for subject in of["trace"]["subjects"]:
        yield from [*subject["parts"], *subject["tried"]]


def without_nothing(value: Any) -> Any:  # noqa: ANN401  JSON
    """A value with what is null left out."""
    if isinstance(value, dict):
        return {key: without_nothing(each) for key, each in value.items() if each is not None}
    return [without_nothing(each) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize("name", PINNED)
def test_the_form_is_the_one_that_packs_were_signed_in(name: str) -> None:
    assert hashlib.sha256(canonical(traced(golden_case(name)))).hexdigest() == PINNED[name]


def test_the_result_is_the_result_with_what_is_null_left_out(golden: GoldenCase) -> None:
    assert traced(golden)["result"] == without_nothing(golden.expected)


def test_the_trace_is_of_the_subjects_and_parts_of_the_result(golden: GoldenCase) -> None:
    of = traced(golden)
    for told, subject in zip(of["result"]["subjects"], of["trace"]["subjects"], strict=True):
        assert [told[key] for key in ("on", "fund", "group", "amount", "unallocated")] == [
            subject[key] for key in ("on", "fund", "group", "amount", "unallocated")
        ]
        for part, beside in zip(told["parts"], subject["parts"], strict=True):
            assert (part["clause"], part["to"], part["amount"]) == (beside["clause"], beside["to"], beside["amount"])
            assert part.get("partners") == beside.get("shares")


def test_the_trace_can_be_written_in_canonical_form_at_every_reading(golden: GoldenCase) -> None:
    assert canonical(traced(golden)).startswith(b'{"result":{"agreement":')
    outturn = settlement_with_trace(golden.settlement(outturn=True))
    assert canonical(outturn)
    assert (traced(golden)["trace"]["outturn"], outturn["trace"]["outturn"]) == ("no", "yes")


def test_the_shares_of_a_part_add_up_from_its_rounds_caps_and_handovers(golden: GoldenCase) -> None:
    for part in parts(traced(golden)):
        if "sharing" not in part:
            continue
        sharing = part["sharing"]
        added = dict.fromkeys(sharing["shares"], 0)
        for number, each in enumerate(sharing["rounds"], 1):
            for held in each["held"]:
                added[held["partner"]] += held["headroom"]
                assert held["excess"] == held["part"] - held["headroom"]
            if number == len(sharing["rounds"]) and not each["held"]:
                for code, share in each["shares"].items():
                    added[code] += share
            assert sum(each["shares"].values()) == each["total"]
        for handover in sharing["handovers"]:
            added[handover["receiver"]] += handover["taken"]
        assert added == sharing["shares"] == part["shares"]
        assert sum(added.values()) == part["amount"] == part["slice"] - sharing["left"]


def test_exact_shares_make_one_and_stand_as_their_figures_do(golden: GoldenCase) -> None:
    for part in parts(traced(golden)):
        if "sharing" in part:
            weights = part["sharing"]["weights"]
            ratios = {code: Fraction(text) for code, text in weights["exact"].items()}
            figures = {code: Fraction(figure) for code, figure in weights["figures"].items()}
            assert sum(ratios.values()) == 1
            assert {code: figure / sum(figures.values()) for code, figure in figures.items()} == ratios
            assert {type(figure) for figure in weights["figures"].values()} == {
                int if weights["in_pence"] == "yes" else str
            }


def test_a_percentage_of_a_slice_is_exact(golden: GoldenCase) -> None:
    for part in parts(traced(golden)):
        assert exact(Fraction(part["percent"])) == part["percent"]
        if "take" in part and part["percent"] == "100/1":
            assert part["slice"] == part["take"]["taken"]


def test_an_exact_ratio_is_read_back() -> None:
    assert exact(Fraction(100)) == "100/1"
    for ratio in (Fraction(1, 3), Fraction(-7, 2), Fraction(0), Fraction("33.333333333333333333")):
        assert Fraction(exact(ratio)) == ratio


def test_a_groups_figures_give_the_amount_of_an_overspend_or_underspend(golden: GoldenCase) -> None:
    of = traced(golden)["trace"]
    for subject in of["subjects"]:
        figures = subject["figures"].values()
        for each in figures:
            assert each["contribution"] == each["budget"] + each["virement"] - each["withheld"]
            assert each["spend"] == each["actual"] + each["accrual"] + each["forecast"]
            assert each["delivered"] == each["qipp_delivered"] + each["qipp_forecast"]
        if subject["on"] == "underspend":
            assert subject["amount"] == sum(each["contribution"] - each["spend"] for each in figures)
        if subject["on"] in {"benefit", "disbenefit"}:
            assert subject["amount"] == abs(sum(each["baseline"] - each["spend"] for each in figures))


def test_accounts_and_reserves_come_to_what_the_result_says(golden: GoldenCase) -> None:
    of = traced(golden)
    rows, trace = of["result"]["partners"], of["trace"]
    for code, row in rows.items():
        own = [account for account in trace["accounts"] if account["partner"] == code]
        for key in ("contribution_due", "overspend", "underspend", "handed_over", "spend", "paid"):
            assert sum(account[key] for account in own) == row[key]
        moved = sum(row[key] for key in ("received", "drawn", "between_hosts", "unallocated"))
        assert sum(account["owed"] for account in own) + moved == row["net_due"]
    assert {each["code"]: each["closing"] for each in trace["reserves"]} == of["result"]["reserves"]


def test_performance_says_the_activity_that_decided_it() -> None:
    [element] = traced(golden_case("payment-for-performance"))["trace"]["performance"]
    assert element["withheld"] == element["held"] - element["released"]
    assert 0 < Fraction(element["achieved"]) < Fraction(element["required"])
