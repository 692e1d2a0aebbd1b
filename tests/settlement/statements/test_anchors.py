"""Names of destinations and printed numbers: plain, never shared by two things, the same wherever they are asked."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from rules.agreement import Agreement, Kind
from rules.periods import Period
from settlement.statements import StatementInputs
from settlement.statements.anchors import (
    LineGroup,
    Of,
    anchors_of,
    groups_with_figures,
    line_numbers,
    working_numbers,
)
from settlement.statements.footing import footing_lines
from settlement.statements.working.references import ranges
from tests.conftest import agreement_of, clause, fixed, golden_case
from tests.settlement.statements.making import inputs_of, posted, settled

PLAIN = re.compile(r"[a-z0-9]+(-{1,2}[a-z0-9]+)*")
HARD = ("A", "a", "A-2", "a 2", "a--2", "Ł", "中文", "", "<b>", "=1+1", "a" * 60, "a" * 60 + "b", "../x", "x", "CON")


def named(codes: tuple[str, ...]) -> Agreement:
    """An agreement whose schemes, funds, partners and clauses have these codes."""
    plain = agreement_of(clause("1", "overspend", share=fixed(A="1", B="1")))
    return replace(
        plain,
        funds=tuple(replace(plain.funds[0], code=code) for code in codes),
        schemes=tuple(replace(plain.schemes[0], code=code) for code in codes),
        partners=tuple(replace(plain.partners[0], code=code) for code in codes),
        clauses=tuple(replace(plain.clauses[0], id=code) for code in codes),
    )


def with_codes(codes: tuple[str, ...]) -> StatementInputs:
    """Inputs of which nothing but the agreement's codes is looked at."""
    inputs = inputs_of(golden_case("telford-2019-20"))
    outcome = replace(inputs.settlement.outcome, agreement=named(codes))
    return replace(inputs, settlement=replace(inputs.settlement, outcome=outcome))


def every_name(inputs: StatementInputs) -> Iterator[str]:
    names = anchors_of(inputs)
    codes = [scheme.code for scheme in inputs.agreement.schemes]
    for code in codes:
        yield from (names.fund(code), names.scheme(code), names.clause(code))
        yield from (names.due("net_due", code), names.working("net_due", code))
        for partner in codes:
            yield names.lines(LineGroup(code, partner, None, Of.IN_DEFAULT))
            for kind in (Kind.BUDGET, Kind.QIPP_TARGET):
                yield from (names.lines(LineGroup(code, partner, kind, of)) for of in (Of.FIGURE, Of.LATER))


def test_two_codes_never_have_one_name_whatever_is_in_them() -> None:
    names = list(every_name(with_codes(HARD)))
    assert len(names) == len(set(names))
    assert [name for name in names if not PLAIN.fullmatch(name)] == []


def test_a_name_is_readable_where_the_code_is_plain() -> None:
    names = anchors_of(inputs_of(golden_case("rotherham-first-call")))
    assert (names.fund("POOL1"), names.clause("4.1")) == ("fund-pool1", "clause-4-1")
    assert names.scheme("REABLEMENT") == "scheme-reablement"
    assert names.lines(LineGroup("DFG", "CCG", Kind.BUDGET)) == "lines-dfg--ccg--budget"
    assert (names.due("net_due"), names.working("qipp_shortfall")) == ("due-net", "w-qipp-shortfall")
    assert names.due("overspend", "CCG") == "due-overspend--ccg"


def test_what_the_agreement_does_not_have_has_no_name() -> None:
    names = anchors_of(inputs_of(golden_case("rotherham-first-call")))
    assert names.fund("?") == names.scheme("?") == names.clause("?") == ""
    assert names.lines(LineGroup("?", "CCG", Kind.BUDGET)) == ""
    assert names.lines(LineGroup("DFG", "?", Kind.BUDGET)) == ""


def test_workings_are_numbered_in_the_order_of_the_first_page(golden_inputs: StatementInputs) -> None:
    for partner in golden_inputs.agreement.partner_of:
        numbers = working_numbers(golden_inputs, partner)
        assert list(numbers.values()) == [f"W{number}" for number in range(1, len(numbers) + 1)]
        assert list(numbers)[-1] == "net_due"
        assert [(line.key, line.reference) for line in footing_lines(golden_inputs, partner)] == list(numbers.items())


def test_a_line_that_is_nil_now_and_was_not_before_has_a_number() -> None:
    agreement = agreement_of(clause("1", "overspend", share=fixed(A="1", B="1")))
    told = [("M1", "payment", "5.00"), ("M2", "payment", "-5.00")]
    rows = [{"period": p, "scheme": "S1", "partner": "B", "kind": k, "amount": a} for p, k, a in told]
    lines = posted(rows)
    before, now = (settled(agreement, lines, period) for period in (Period.M1, Period.M2))
    assert "paid" not in working_numbers(StatementInputs(now), "B")
    assert working_numbers(StatementInputs(now, before, Period.M1), "B") == {"paid": "W1", "net_due": "W2"}


def test_groups_of_lines_are_numbered_by_scheme_partner_and_kind(golden_inputs: StatementInputs) -> None:
    numbers = line_numbers(golden_inputs)
    assert list(numbers.values()) == [f"L{number}" for number in range(1, len(numbers) + 1)]
    agreement = golden_inputs.agreement
    schemes, partners = list(agreement.scheme_of), list(agreement.partner_of)
    kinds = [None, *Kind]
    for of in Of:
        order = [
            (schemes.index(group.scheme), partners.index(group.partner), kinds.index(group.kind))
            for group in numbers
            if group.of is of
        ]
        assert order == sorted(order)
    assert all(groups_with_figures(golden_inputs).values())


def test_later_contributions_are_numbered_to_date_and_are_figures_of_an_outturn() -> None:
    case = golden_case("barnet-2014-15-core")
    to_date, outturn = (StatementInputs(case.settlement(Period.M6, outturn=outturn)) for outturn in (False, True))
    assert any(group.of is Of.LATER for group in line_numbers(to_date))
    assert not any(group.of is Of.LATER for group in line_numbers(outturn))


@pytest.mark.parametrize(
    ("numbers", "told"),
    [([], ""), ([7], "L7"), ([7, 8], "L7–L8"), ([9, 7, 8, 12, 14, 15], "L7–L9, L12, L14–L15")],
)
def test_numbers_that_follow_each_other_are_told_together(numbers: list[int], told: str) -> None:
    assert ranges(numbers) == told
