"""A ledger thought out in texts: what is taken for empty ones, what is wrong, what it comes to, and its making."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ledgers import open_ledger
from rules.agreement import Kind, PartnerKind
from rules.periods import Period
from rules.problems import RefusedError
from settlement.new_ledger import (
    KEY,
    Content,
    Planned,
    Rule,
    Step,
    code_for,
    day_of,
    file_for,
    from_json,
    id_for,
    kind_for,
    make_ledger,
    partner_code_for,
    to_json,
    year_of,
    years_about,
)
from settlement.new_ledger_found import Review
from settlement.new_ledger_review import review

POOL = Content(
    title="Barnet pool",
    year="2026/27",
    partners=({KEY: "a", "name": "London Borough of Barnet"}, {KEY: "b", "name": "NHS North ICB"}),
    funds=({KEY: "f", "name": "Pool"},),
    schemes=({KEY: "s", "name": "Home first"}, {KEY: "t", "name": "Beds", "lead": "icb"}),
    contributions={"s": {"a": "100.00", "b": "£200"}, "t": {"b": "50"}},
    rules=(Rule("fixed"),),
)


def told(found: Review) -> list[tuple[str, int | None, str, str]]:
    return [(str(each.step), each.row, each.column, each.message) for each in found.troubles]


def only(content: Content) -> tuple[str, int | None, str, str]:
    (trouble,) = told(review(content))
    return trouble


# --- what is taken for what was left empty ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kind", "code"),
    [
        ("London Borough of Barnet", PartnerKind.COUNCIL, "LBB"),
        ("Telford & Wrekin Council", PartnerKind.COUNCIL, "TWC"),
        ("NHS North Central London Integrated Care Board", PartnerKind.ICB, "ICB"),
        ("NHS Barnet CCG", PartnerKind.CCG, "CCG"),
        ("Central London Community Healthcare NHS Trust", PartnerKind.TRUST, "CLCHNT"),
        ("Wirral", PartnerKind.OTHER, "WIRRAL"),
        ("", PartnerKind.OTHER, ""),
    ],
)
def test_a_partner_s_kind_and_code_are_guessed_from_its_name(name: str, kind: PartnerKind, code: str) -> None:
    assert (kind_for(name), partner_code_for(name)) == (kind, code)


def test_a_code_that_is_taken_gets_a_number() -> None:
    assert partner_code_for("NHS South ICB", ["ICB", "ICB2"]) == "ICB3"
    assert code_for("Community equipment store") == "COMMUNITY"
    assert code_for("Home first") == "HOME-FIRST"
    assert id_for("Barnet: Better Care Fund") == "barnet-better-care-fund"


def test_the_file_is_named_by_the_agreement_and_its_year() -> None:
    assert file_for(POOL) == "barnet-pool-2026-27.s75"
    assert file_for(Content()) == "ledger.s75"
    assert file_for(replace(POOL, id="a/b")) == "a-b-2026-27.s75"


def test_the_financial_year_of_a_day() -> None:
    assert [year_of(date(2026, 3, 31)), year_of(date(2026, 4, 1))] == ["2025/26", "2026/27"]
    assert years_about(date(2026, 4, 1))[:3] == ("2026/27", "2027/28", "2025/26")


def test_a_day_is_read_as_it_is_written_here() -> None:
    assert day_of("1/7/2022") == day_of("2022-07-01") == date(2022, 7, 1)
    with pytest.raises(ValueError, match="“31/2/2022” is not a date; write it as 1/7/2022"):
        day_of("31/2/2022")


# --- reviewed ---------------------------------------------------------------------------------------------------------


def test_what_is_typed_comes_to_an_agreement_with_its_clauses_and_totals() -> None:
    found = review(POOL)
    assert told(found) == []
    assert found.planned is not None
    agreement = found.planned.agreement
    assert (agreement.id, str(agreement.year)) == ("barnet-pool", "2026/27")
    assert [(each.code, each.fund, each.lead, each.responsible) for each in agreement.schemes] == [
        ("HOME-FIRST", "POOL", "LBB", "LBB"),
        ("BEDS", "POOL", "ICB", "ICB"),
    ]
    assert found.matrix.by_partner == {"a": 10_000, "b": 25_000}
    assert found.matrix.by_scheme == {"s": 30_000, "t": 5_000}
    assert found.matrix.total_pence == 35_000
    assert found.rules[0].sentences == (
        "RS1. Overspends of the pooled fund are shared 50% to LBB and 50% to ICB.",
        "RS2. Underspends of the pooled fund are shared 50% to LBB and 50% to ICB.",
    )
    assert found.usual[Step.PARTNERS, 0] == {"code": "LBB", "kind": "Council"}
    assert found.notes == ()


def with_row(field: str, **cells: str) -> Content:
    """The pool with one more row, or one in the place of the last if it has its key."""
    rows = [row for row in getattr(POOL, field) if row[KEY] != cells.get(KEY)]
    return replace(POOL, **{field: (*rows, {KEY: "new", **cells})})


@pytest.mark.parametrize(
    ("content", "trouble"),
    [
        (replace(POOL, title=" "), ("agreement", None, "title", "give the agreement a title")),
        (replace(POOL, title="&"), ("agreement", None, "id", "give the agreement an id, such as barnet-")),
        (replace(POOL, year="2026"), ("agreement", None, "year", "“2026” is not a financial year")),
        (replace(POOL, partners=POOL.partners[:1]), ("schemes", 1, "lead", "no partner is called “icb”")),
        (with_row("partners", code="X"), ("partners", 2, "name", "give the partner a name")),
        (with_row("partners", name="&"), ("partners", 2, "code", "give “&” a code")),
        (
            replace(POOL, partners=tuple({**row, "code": "LBB"} for row in POOL.partners)),
            ("partners", 1, "code", "“LBB” is the code of another partner"),
        ),
        (with_row("partners", name="X", kind="parish"), ("partners", 2, "kind", "“parish” is not one of Council, ")),
        (with_row("partners", name="X", **{"from": "soon"}), ("partners", 2, "from", "“soon” is not a date")),
        (with_row("partners", name="X", succeeds="LBB"), ("partners", 2, "from", "say from which day X stands")),
        (
            with_row("partners", name="X", succeeds="Nobody", **{"from": "1/7/2026"}),
            ("partners", 2, "succeeds", "no partner is called “Nobody”"),
        ),
        (
            with_row("partners", name="X", code="by"),
            ("partners", 2, "code", "by: “by” is a word of `share`"),
        ),
        (replace(POOL, funds=()), ("funds", None, "", "an agreement has at least one fund")),
        (with_row("funds", name="Two", host="Nobody"), ("funds", 1, "host", "no partner is called “Nobody”")),
        (with_row("funds", name="Two", kind="sunk"), ("funds", 1, "kind", "“sunk” is not one of Pooled, Aligned")),
        (with_row("funds", name="Two", netting="all"), ("funds", 1, "netting", "“all” is not one of All schemes")),
        (replace(POOL, schemes=()), ("schemes", None, "", "an agreement has at least one scheme")),
        (with_row("schemes", name="X", fund="Two"), ("schemes", 2, "fund", "no fund is called “Two”")),
        (with_row("schemes", name="X", service="x"), ("schemes", 2, "service", "“x” is not one of Core, Influenced")),
        (with_row("schemes", name="X", excluded="?"), ("schemes", 2, "excluded", "“?” is not one of Yes, No")),
        (
            with_row("schemes", name="X", service="Influenced"),
            ("schemes", 2, "service", "X: influenced services stand in aligned funds only"),
        ),
        (
            replace(POOL, contributions={"t": {"b": "£O"}}),
            ("contributions", 1, "b", "BEDS, ICB: “£O” is not an amount"),
        ),
        (
            replace(POOL, contributions={"t": {"b": "-1"}}),
            ("contributions", 1, "b", "BEDS, ICB: “-1” is below zero"),
        ),
        (
            replace(POOL, rules=(Rule("benefit"),)),
            ("risk_share", 0, "", "Benefit of influenced services: It needs a scheme of influenced services"),
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_step_row_and_column(
    content: Content, trouble: tuple[str, int | None, str, str]
) -> None:
    found = told(review(content))
    starts = [(step, row, column) for step, row, column, _ in found]
    assert trouble[:3] in starts
    message = found[starts.index(trouble[:3])][3]
    assert message.startswith(trouble[3])
    assert review(content).planned is None


def test_a_successor_comes_into_the_matrix_only_if_it_is_in_being_in_april() -> None:
    later = with_row("partners", name="NHS One ICB", code="ONE", succeeds="ICB", **{"from": "1/7/2026"})
    assert [code for _, code, _ in review(later).matrix.partners] == ["LBB", "ICB"]
    sooner = with_row("partners", name="NHS One ICB", code="ONE", succeeds="ICB", **{"from": "1/4/2026"})
    assert [code for _, code, _ in review(sooner).matrix.partners] == ["LBB", "ONE"]


def test_empty_rows_are_no_rows() -> None:
    assert review(replace(POOL, partners=(*POOL.partners, {KEY: "x", "name": "  "}))).planned is not None


def test_what_may_be_meant_so_hinders_nothing() -> None:
    found = review(replace(with_row("funds", name="Two"), rules=(), contributions={}))
    assert found.planned is not None
    assert found.notes == (
        "The fund Two has no scheme.",
        "No clause says who has an overspend of Pool; it would stay unallocated, and nothing could be signed.",
        "No clause says who has an underspend of Pool; it would stay unallocated, and nothing could be signed.",
        "No contributions are typed: budgets can be posted to the ledger later.",
    )


def test_a_rule_that_is_wrong_is_left_out_of_the_rest() -> None:
    found = review(replace(POOL, rules=(Rule("first_calls", {"reserve_opening": "x"}), Rule("fixed"))))
    first, second = found.rules
    assert first.trouble.startswith("Opening balance: “x” is not an amount")
    assert second.sentences[0].startswith("RS1. Overspends")
    assert found.planned is None


# --- kept as a draft --------------------------------------------------------------------------------------------------


def test_a_draft_is_read_as_it_was_kept() -> None:
    assert from_json(json.loads(json.dumps(to_json(POOL)))) == POOL


@pytest.mark.parametrize(
    "told_of", [None, [], "x", {"partners": 1, "rules": [1], "contributions": {"s": 2}}, {"qipp": "none"}]
)
def test_a_draft_that_is_not_understood_is_as_if_nothing_was_typed(told_of: Any) -> None:  # noqa: ANN401  any JSON
    assert from_json(told_of) == Content()


# --- made -------------------------------------------------------------------------------------------------------------


def planned(content: Content) -> Planned:
    made = review(content).planned
    assert made is not None
    return made


def test_the_ledger_holds_the_agreement_and_the_year_s_contributions(tmp_path: Path) -> None:
    content = replace(
        POOL,
        funds=(*POOL.funds, {KEY: "g", "name": "Influenced", "kind": "aligned"}),
        schemes=(*POOL.schemes, {KEY: "u", "name": "Acute", "fund": "Influenced", "service": "influenced"}),
        contributions={**POOL.contributions, "u": {"b": "1000"}},
    )
    path = make_ledger(tmp_path / "new folder" / "pool", planned(content))
    assert path == tmp_path / "new folder" / "pool.s75"
    with open_ledger(path) as ledger:
        lines = [(each.scheme, each.partner, each.kind, each.amount_pence) for each in ledger.lines()]
        assert {each.period for each in ledger.lines()} == {Period.M1}
        assert ledger.agreement_at(Period.M1) == planned(content).agreement
    assert lines == [
        ("HOME-FIRST", "LBB", Kind.BUDGET, 10_000),
        ("HOME-FIRST", "ICB", Kind.BUDGET, 20_000),
        ("BEDS", "ICB", Kind.BUDGET, 5_000),
        ("ACUTE", "ICB", Kind.BASELINE, 100_000),
    ]


def test_a_file_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    there = tmp_path / "pool.s75"
    there.write_text("mine", encoding="utf-8")
    with pytest.raises(RefusedError):
        make_ledger(there, planned(POOL))
    assert there.read_text(encoding="utf-8") == "mine"


def test_a_ledger_whose_contributions_cannot_be_posted_is_not_left_behind(tmp_path: Path) -> None:
    wrong = replace(planned(POOL), contributions_pence=(("HOME-FIRST", "NOBODY", 1),))
    with pytest.raises(KeyError):
        make_ledger(tmp_path / "pool.s75", replace(wrong, contributions_pence=(("NOWHERE", "LBB", 1),)))
    with pytest.raises(RefusedError, match="NOBODY"):
        make_ledger(tmp_path / "pool.s75", wrong)
    assert list(tmp_path.iterdir()) == []
