"""What differs between two packs: told by line, figure and byte, all of it, and nothing of packs that are equal."""

import time
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from settlement.signoff.canonical import canonical
from settlement.signoff.differences import ABSENT, Difference, differences
from settlement.signoff.errors import VerificationError

MANY = frozenset({"lines", "totals"})
LINES = [{"id": number, "amount_pence": 100 * number, "reason": "late"} for number in range(1, 6)]


def found_between(signed: dict[str, Any], found: dict[str, Any], limit: int = 1000) -> list[Difference]:
    """What differs between two packs of these members."""
    return list(differences([canonical(signed)], [canonical(found)], MANY, limit))


def told(signed: dict[str, Any], found: dict[str, Any]) -> list[str]:
    """What differs, as sentences."""
    return [difference.sentence() for difference in found_between(signed, found)]


def of_lines(*lines: dict[str, Any]) -> list[str]:
    """What differs where these lines stand in place of those that were signed."""
    return told({"lines": LINES}, {"lines": list(lines)})


def test_equal_packs_do_not_differ() -> None:
    assert found_between({"lines": LINES, "meta": {"a": 1}}, {"lines": LINES, "meta": {"a": 1}}) == []


def test_a_changed_figure_is_told_with_its_line_its_place_and_its_byte() -> None:
    changed = {**LINES[2], "amount_pence": 399}
    signed, found = {"lines": LINES}, {"lines": [*LINES[:2], changed, *LINES[3:]]}
    [difference] = found_between(signed, found)
    assert difference.sentence() == "line 3: amount was £3.00 when it was signed and is £3.99 now"
    assert (difference.member, difference.path) == ("lines", "lines[id 3].amount_pence")
    assert (difference.signed, difference.found) == (300, 399)
    pack, beside = canonical(signed), canonical(found)
    assert difference.offset == next(index for index, byte in enumerate(pack) if byte != beside[index])


def test_a_column_emptied_and_one_filled_are_told() -> None:
    assert of_lines({"id": 1, "amount_pence": 100}, *LINES[1:]) == [
        "line 1: reason was “late” when it was signed and is missing now"
    ]
    assert of_lines({**LINES[0], "belongs_to": 3}, *LINES[1:]) == ["line 1: belongs_to is 3 now and was not signed"]


def test_a_text_that_became_a_number_is_told() -> None:
    assert of_lines({**LINES[0], "amount_pence": "100"}, *LINES[1:]) == [
        "line 1: amount was £1.00 when it was signed and is “100” now"
    ]


def test_a_line_taken_out_and_one_put_in_are_told() -> None:
    assert of_lines(*LINES[:2], *LINES[3:]) == ["line 3 was signed and is missing"]
    assert of_lines(*LINES, {"id": 6}) == ["line 6 was not signed"]
    assert of_lines(*LINES[:4]) == ["line 5 was signed and is missing"]
    assert of_lines() == [f"line {number} was signed and is missing" for number in range(1, 6)]


def test_swapped_lines_are_told_as_standing_in_another_place() -> None:
    assert of_lines(LINES[0], LINES[2], LINES[1], *LINES[3:]) == [
        "line 2 was signed as row 2 of the lines and stands in row 3 now"
    ]


def test_a_line_whose_id_was_changed_is_told_as_that() -> None:
    assert of_lines(LINES[0], {**LINES[1], "id": 7}, *LINES[2:]) == ["line 2: id was 2 when it was signed and is 7 now"]
    assert of_lines(*LINES[:4], {**LINES[4], "id": 7}) == ["line 5 was signed and is missing", "line 7 was not signed"]
    changed = {**LINES[3], "amount_pence": 1}
    assert of_lines(LINES[0], {**LINES[1], "id": 7}, LINES[2], changed, LINES[4]) == [
        "line 2: id was 2 when it was signed and is 7 now",
        "line 4: amount was £4.00 when it was signed and is £0.01 now",
    ]


def test_lines_whose_ids_do_not_tell_are_told_by_their_place() -> None:
    disordered = [{"id": 5, "pence": 1}, {"id": 3, "pence": 2}, {"id": 3, "pence": 3}]
    assert told({"lines": disordered}, {"lines": [*disordered[:2], {"id": 3, "pence": 4}]}) == [
        "line 3, out of order in row 3: pence was 3 when it was signed and is 4 now"
    ]


def test_rows_of_every_table_have_a_name() -> None:
    def named(member: str) -> str:
        [difference] = differences([canonical({member: [{"id": 4}]})], [canonical({member: []})], frozenset({member}))
        return difference.sentence().removesuffix(" was signed and is missing")

    assert [named(member) for member in ("lines", "batches", "audit", "dispute_outcomes", "evidence", "keys")] == [
        "line 4",
        "batch 4",
        "audit entry 4",
        "dispute outcome 4",
        "piece of evidence 4",
        "key 4",
    ]


def test_a_line_that_stands_twice_is_told() -> None:
    assert of_lines(LINES[0], LINES[0], *LINES[1:]) == ["line 1, out of order in row 2, was not signed"]


def test_a_row_without_an_id_is_told_by_its_place() -> None:
    assert of_lines(LINES[0], {"reason": "x"}, *LINES[1:]) == ["row 2 of the lines was not signed"]
    rows = [{"scheme": f"S{number}", "pence": number} for number in range(5)]
    assert told({"totals": rows}, {"totals": [rows[0], *rows[2:]]}) == ["row 2 of the totals was signed and is missing"]
    assert told({"totals": rows}, {"totals": [*rows[:3], {"scheme": "S9"}, *rows[3:]]}) == [
        "row 4 of the totals was not signed"
    ]
    assert told({"totals": rows}, {"totals": [rows[0], {**rows[1], "pence": 7}, *rows[2:]]}) == [
        "row 2 of the totals: pence was 1 when it was signed and is 7 now"
    ]


def test_a_figure_of_the_settlement_is_told_with_the_way_to_it() -> None:
    signed = {"settlement": {"partners": {"LBB": {"net_due": 5}}, "subjects": [{"amount": 1}, {"amount": 2}]}}
    found = {"settlement": {"partners": {"LBB": {"net_due": 6}}, "subjects": [{"amount": 1}, {"amount": 3}]}}
    first, second = found_between(signed, found)
    assert first.path == "settlement.partners.LBB.net_due"
    assert first.sentence() == "the settlement: partners, LBB, net_due was £0.05 when it was signed and is £0.06 now"
    assert first.offset == canonical(signed).index(b"5")
    assert second.path == "settlement.subjects[1].amount"
    assert (
        second.sentence() == "the settlement: subjects, number 2, amount was £0.02 when it was signed and is £0.03 now"
    )
    assert second.offset is None


def test_a_member_missing_and_one_that_was_not_signed_are_told() -> None:
    assert told({"meta": {"a": 1}}, {"seal": 2}) == [
        "what the ledger is: signed, and missing now",
        "the seal: not signed, and there now",
    ]
    assert told({"lines": LINES[:1]}, {}) == ["the lines: signed, and missing now", "line 1 was signed and is missing"]
    assert told({"meta": 1}, {"meta": 2}) == ["what the ledger is: it was 1 when it was signed and is 2 now"]


def test_a_text_cannot_run_away_with_the_sentence() -> None:
    [sentence] = told({"meta": {"a": "x" * 500}}, {"meta": {"a": "\x1b[2J\n"}})
    assert sentence == f"what the ledger is: a was “{'x' * 80}…” when it was signed and is “\\x1b[2J\\n” now"
    [sentence] = told({"meta": {"a": [1, "b"]}}, {"meta": {}})
    assert sentence == 'what the ledger is: a was [1,"b"] when it was signed and is missing now'


def test_two_long_texts_are_told_from_where_they_part() -> None:
    signed, found = (f"{'x' * 300}gives {share}% to the partners{'y' * 300}" for share in (45, 54))
    [sentence] = told({"agreements": {"body": signed}}, {"agreements": {"body": found}})
    one, other = sentence.split(" when it was signed and is ")
    assert one.startswith(f"the agreements: body was “…{'x' * 14}gives 45% to the partners")
    assert other.startswith(f"“…{'x' * 14}gives 54% to the partners")
    assert len(sentence) < 300
    [sentence] = told({"meta": {"a": "x" * 90}}, {"meta": {"a": "x" * 90 + "y"}})
    assert "was “…xxxxxxxxxxxxxxxxxxxx” when it was signed and is “…xxxxxxxxxxxxxxxxxxxxy” now" in sentence
    [sentence] = told({"meta": {"a": "x" * 30}}, {"meta": {"a": "x" * 30 + "y"}})
    assert "…" not in sentence


def test_too_many_differences_are_cut_short_and_said_to_be() -> None:
    lines = [{"id": number} for number in range(1, 100)]
    several = found_between({"lines": lines}, {"lines": []}, limit=10)
    assert len(several) == 11
    assert several[-1].is_last_of_too_many
    assert several[-1].sentence() == "10 differences are told here, and there are more"
    assert len(found_between({"lines": lines[:10]}, {"lines": []}, limit=10)) == 10


def test_what_is_no_pack_is_refused() -> None:
    with pytest.raises(VerificationError, match="byte 1 of the pack"):
        list(differences([b"{}"], [b"{ }"], MANY))


def test_equal_rows_are_passed_over_at_next_to_no_cost() -> None:
    lines = canonical({"lines": [{"id": number, "raw": "x" * 300} for number in range(30_000)]})
    start = time.process_time()
    assert list(differences([lines], [lines], MANY)) == []
    assert time.process_time() - start < 1
    changed = lines.replace(b'{"id":29000,', b'{"id":29000,"new":1,')
    [difference] = differences([lines], [changed.replace(b'"new":1,"raw":"x', b'"raw":"y')], MANY)
    assert (difference.path, difference.signed_row, difference.found_row) == ("lines[id 29000].raw", 29001, 29001)


# --- any two packs ----------------------------------------------------------------------------------------------------

VALUES = st.integers(0, 3) | st.sampled_from(["", "a", "},{"])
ANY_ROWS = st.lists(st.dictionaries(st.sampled_from(["id", "raw", "pence"]), VALUES, max_size=3), max_size=8)
IN_ORDER = st.lists(st.integers(1, 12), unique=True, max_size=8).flatmap(
    lambda ids: st.tuples(*[st.fixed_dictionaries({"id": st.just(ident), "pence": VALUES}) for ident in sorted(ids)])
)
WHOLES = st.recursive(
    VALUES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner), max_leaves=8
)
PACKS = st.fixed_dictionaries(
    {}, optional={"lines": ANY_ROWS | IN_ORDER.map(list), "totals": ANY_ROWS, "meta": WHOLES, "settlement": WHOLES}
)


def put_right(found: dict[str, Any], named: list[Difference]) -> dict[str, Any]:
    """The pack found, with every difference that is named put back as it was signed."""
    holder: dict[str, Any] = canonical_copy(found)
    for each in named:
        if each.signed_row is None and each.found_row is None:
            put_value_right(holder, (each.member, *each.steps), each)
    for member in {each.member for each in named if each.signed_row or each.found_row}:
        rows = holder.get(member)
        rows = canonical_copy(found)[member] if rows is None else rows
        put_rows_right(rows, [each for each in named if each.member == member])
    for each in named:  # last, because a list taken out goes after its rows
        if each.signed is ABSENT and not each.steps and not each.signed_row and not each.found_row:
            holder.pop(each.member, None)
    return holder


def canonical_copy(value: Any) -> Any:  # noqa: ANN401  JSON
    """The same values again."""
    if isinstance(value, dict):
        return {key: canonical_copy(each) for key, each in value.items()}
    return [canonical_copy(each) for each in value] if isinstance(value, list) else value


def put_value_right(holder: Any, steps: tuple[str | int, ...], each: Difference) -> None:  # noqa: ANN401  JSON
    """One value put back; an element that a list has too many is marked, and taken out by `without_marks`."""
    *way, last = steps
    for step in way:
        holder = holder[step]
    if each.signed is ABSENT:
        if isinstance(holder, list):
            del holder[len(holder) - 1]  # elements too many stand at the end
        elif len(steps) > 1:
            del holder[last]
    elif isinstance(holder, list) and last == len(holder):
        holder.append(each.signed)
    else:
        holder[last] = each.signed


def put_rows_right(rows: list[dict[str, Any]], named: list[Difference]) -> None:
    """Columns put back, then rows taken out by their place in the pack found, then put in by their place as signed."""
    original = list(rows)
    for each in named:
        if each.steps and each.found_row:
            row = original[each.found_row - 1]
            if each.signed is ABSENT:
                del row[each.steps[0]]
            else:
                row[each.steps[0]] = each.signed
    unmatched = [each for each in named if not each.steps and (each.signed_row or each.found_row)]
    for place in sorted((each.found_row for each in unmatched if each.found_row), reverse=True):
        del rows[place - 1]
    for each in sorted((each for each in unmatched if each.signed_row), key=lambda each: each.signed_row or 0):
        moved = original[each.found_row - 1] if each.found_row else each.signed
        rows.insert((each.signed_row or 0) - 1, moved)


@given(PACKS, PACKS)
@example({"lines": [{"id": 2}, {"id": 1}]}, {"lines": [{"id": 1}, {"id": 2}]})
@example({"lines": [{}, {}]}, {"lines": [{}]})
def test_nothing_is_told_if_and_only_if_packs_are_equal_and_what_is_told_put_right_makes_them_so(
    signed: dict[str, Any], found: dict[str, Any]
) -> None:
    named = found_between(signed, found)
    assert (named == []) == (canonical(signed) == canonical(found))
    assert put_right(found, named) == signed
    assert all(difference.sentence() for difference in named)


@given(PACKS)
def test_a_pack_does_not_differ_from_itself_however_disordered(pack: dict[str, Any]) -> None:
    assert found_between(pack, pack) == []


@given(PACKS, PACKS, st.integers(0, 3))
def test_the_limit_only_cuts_short(signed: dict[str, Any], found: dict[str, Any], limit: int) -> None:
    every = found_between(signed, found)
    some = found_between(signed, found, limit)
    assert len(some) == min(len(every), limit + 1)
    assert (len(every) > limit) == (bool(some) and some[-1].is_last_of_too_many)
