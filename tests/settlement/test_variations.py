"""A variation read as a list of sentences: nothing is left out, and each sentence says what a person would say."""

from dataclasses import fields, replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.agreement import (
    Agreement,
    Band,
    Basis,
    Beyond,
    By,
    Cap,
    Clause,
    Control,
    DrawOn,
    Fund,
    FundKind,
    Kind,
    Limit,
    Mode,
    Netting,
    On,
    Partner,
    PartnerKind,
    Per,
    Performance,
    QippMode,
    Reserve,
    Scheme,
    Scope,
    Service,
    Share,
    Slice,
    Threshold,
    Use,
)
from rules.periods import FinancialYear, Period
from settlement.variation_words import Part
from settlement.variations import Difference, differences, in_words
from tests.conftest import examples
from tests.rules.agreements import agreements

EQUALLY = Share(By.FIXED, weights=(("COUNCIL", Fraction(1)), ("CCG", Fraction(1))))
BASE = Agreement(
    id="pool",
    title="Better Care Fund agreement",
    year=FinancialYear(2022),
    partners=(
        Partner("COUNCIL", "Borough Council", PartnerKind.COUNCIL),
        Partner("CCG", "NHS CCG", PartnerKind.CCG),
        Partner("ICB", "NHS ICB", PartnerKind.ICB, ("CCG",), date(2022, 7, 1)),
    ),
    funds=(
        Fund("BCF", "Better Care Fund", FundKind.POOLED, "COUNCIL"),
        Fund("OTHER", "Other fund", FundKind.POOLED, "CCG"),
    ),
    schemes=(
        Scheme("REAB", "Reablement", "BCF", "COUNCIL", "CCG", tags=("a", "b")),
        Scheme("BEDS", "Beds", "BCF", "COUNCIL", "COUNCIL"),
    ),
    reserves=(Reserve("RISK", "Risk pool", "BCF", 50_000_00), Reserve("CARRY", "Carried forward", "BCF", 0)),
    bases=(Basis("target_investment", (("COUNCIL", 100), ("CCG", 300))),),
    clauses=(
        Clause(
            "3.1",
            "The first 2% equally",
            On.OVERSPEND,
            (Slice(Fraction(100), Use.PARTNERS, share=EQUALLY),),
            band=Band(Limit(percent=Fraction(0)), Limit(percent=Fraction(2))),
        ),
        Clause(
            "3.2",
            "Above it",
            On.OVERSPEND,
            (
                Slice(Fraction(50), Use.RESERVE, "CARRY"),
                Slice(Fraction(50), Use.PARTNERS, share=Share(By.FUND)),
            ),
        ),
    ),
    caps=(Cap("COUNCIL", Limit(pence=150_000_00), ("3.1", "3.2")),),
    performance=(Performance("NEA", "Admissions", "BCF", "REAB", "CCG", "NEA", 1_490_000_00),),
    controls=(Control(Period.M12, 12_000_000_00, Kind.BUDGET),),
)


def said(after: Agreement, before: Agreement = BASE) -> list[str]:
    """The sentences."""
    return [each.sentence for each in differences(before, after)]


CLAUSE, SLICE = BASE.clauses[0], BASE.clauses[0].slices[0]
OTHER_VALUES: dict[type, dict[str, object]] = {
    Agreement: {
        "id": "other",
        "title": "Another title",
        "year": FinancialYear(2023),
        "partners": BASE.partners[:2],
        "funds": BASE.funds[:1],
        "schemes": BASE.schemes[:1],
        "clauses": BASE.clauses[::-1],
        "qipp": QippMode.SEPARATE,
        "settle_period": Period.M6,
        "reserves": BASE.reserves[::-1],
        "bases": (),
        "caps": (),
        "performance": (),
        "controls": (),
    },
    Partner: {"code": "X", "name": "Y", "kind": PartnerKind.TRUST, "succeeds": ("CCG",), "since": date(2022, 5, 1)},
    Fund: {"code": "X", "name": "Y", "kind": FundKind.ALIGNED, "host": "CCG", "netting": Netting.SCHEME},
    Scheme: {
        "code": "X",
        "name": "Y",
        "fund": "OTHER",
        "lead": "CCG",
        "responsible": "COUNCIL",
        "service": Service.INFLUENCED,
        "tier": 3,
        "group": "G",
        "tags": ("b", "a"),
        "excluded": True,
    },
    Reserve: {"code": "X", "name": "Y", "fund": "OTHER", "opening_pence": 1},
    Basis: {"name": "challenge", "amounts_pence": (("CCG", 300), ("COUNCIL", 100))},
    Clause: {
        "id": "9",
        "title": "Z",
        "on": On.QIPP_SHORTFALL,
        "slices": (Slice(Fraction(100), Use.NEXT),),
        "scope": Scope(scheme=("REAB", "BEDS")),
        "per": Per.FUND,
        "band": None,
        "threshold": Threshold.CLIFF,
        "draw_on": DrawOn.AGREEMENT,
    },
    Cap: {
        "partner": "CCG",
        "limit": Limit(percent=Fraction(2)),
        "clauses": ("3.1",),
        "beyond": Beyond.HOST,
        "bearer": "CCG",
        "of": "BCF",
    },
    Performance: {
        "id": "X",
        "title": "Y",
        "fund": "OTHER",
        "scheme": "BEDS",
        "payer": "COUNCIL",
        "measure": "DTOC",
        "held_pence": 5,
        "mode": Mode.ALL_OR_NOTHING,
        "rate_pence": 149_000,
    },
    Control: {
        "period": Period.M6,
        "amount_pence": 7,
        "kind": Kind.ACTUAL,
        "fund": "BCF",
        "scheme": "REAB",
        "partner": "CCG",
    },
    Scope: {"fund": ("BCF",), "scheme": ("REAB", "BEDS"), "service": (Service.CORE,), "tier": (1,), "tag": ("a",)},
    Band: {"low": Limit(percent=Fraction(1)), "high": None},
    Limit: {"pence": 5, "percent": Fraction(7)},
    Slice: {"percent": Fraction(50), "use": Use.PROVISION, "reserve": "RISK", "share": Share(By.HOST)},
    Share: {"by": By.POOLED, "name": "CCG", "weights": (("CCG", Fraction(1)),), "at_opening": True},
}
INSIDE_A_CLAUSE = {Scope, Band, Limit, Slice, Share}
LIST_OF = {
    Partner: "partners",
    Fund: "funds",
    Scheme: "schemes",
    Reserve: "reserves",
    Basis: "bases",
    Clause: "clauses",
    Cap: "caps",
    Performance: "performance",
    Control: "controls",
}
EVERY_FIELD = [(kind, each.name) for kind in OTHER_VALUES for each in fields(kind)]


def with_other(kind: type, name: str) -> Agreement:
    """The base with this one field of its first such part changed."""
    value = OTHER_VALUES[kind][name]
    if kind is Agreement:
        return replace(BASE, **{name: value})
    if (kind, name) == (Slice, "reserve"):
        second = BASE.clauses[1]
        slices = (replace(second.slices[0], reserve=value), second.slices[1])
        return replace(BASE, clauses=(CLAUSE, replace(second, slices=slices)))
    if kind in INSIDE_A_CLAUSE:
        return replace(BASE, clauses=(inside_a_clause(kind, name, value), *BASE.clauses[1:]))
    parts = getattr(BASE, LIST_OF[kind])
    return replace(BASE, **{LIST_OF[kind]: (replace(parts[0], **{name: value}), *parts[1:])})


def inside_a_clause(kind: type, name: str, value: object) -> Clause:
    """The first clause with a field of one of its own parts changed."""
    band, share = CLAUSE.band, SLICE.share
    assert band is not None
    assert band.high is not None
    assert share is not None
    if kind is Scope:
        return replace(CLAUSE, scope=replace(CLAUSE.scope, **{name: value}))
    if kind is Band:
        return replace(CLAUSE, band=replace(band, **{name: value}))
    if kind is Limit:
        other = {"pence": "percent", "percent": "pence"}[name]
        return replace(CLAUSE, band=replace(band, high=Limit(**{name: value, other: None})))
    changed = (
        replace(SLICE, **{name: value}) if kind is Slice else replace(SLICE, share=replace(share, **{name: value}))
    )
    return replace(CLAUSE, slices=(changed,))


@pytest.mark.parametrize(("kind", "name"), EVERY_FIELD, ids=[f"{kind.__name__}.{name}" for kind, name in EVERY_FIELD])
def test_a_change_of_any_field_of_any_part_has_a_sentence(kind: type, name: str) -> None:
    varied = with_other(kind, name)
    assert varied != BASE
    found = differences(BASE, varied)
    assert found
    for each in found:
        assert each.sentence[0].isupper() or each.sentence[0] == "“"
        assert each.sentence.endswith(".")
        assert "None" not in each.sentence + each.before + each.after
        assert each.before != each.after


@given(agreements(), agreements())
@settings(max_examples=examples(60, 20), deadline=None)
def test_two_agreements_without_a_difference_are_equal_and_equal_ones_have_none(
    one: Agreement, other: Agreement
) -> None:
    assert differences(one, one) == ()
    assert bool(differences(one, other)) == (one != other)


@given(agreements(), st.data())
@settings(max_examples=examples(60, 20), deadline=None)
def test_any_other_order_of_a_list_is_told(agreement: Agreement, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(list(LIST_OF.values())))
    shuffled = replace(agreement, **{name: tuple(data.draw(st.permutations(getattr(agreement, name))))})
    assert bool(differences(agreement, shuffled)) == (agreement != shuffled)


def test_a_name_a_host_and_a_role_change_in_the_words_of_the_agreement() -> None:
    fund = replace(BASE.funds[0], host="CCG", netting=Netting.SCHEME)
    scheme = replace(BASE.schemes[0], lead="CCG", responsible="COUNCIL", tier=2)
    assert said(replace(BASE, funds=(fund, BASE.funds[1]), schemes=(scheme, BASE.schemes[1]))) == [
        "The fund “Better Care Fund” (BCF): its Host Partner changes from COUNCIL to CCG.",
        (
            "The fund “Better Care Fund” (BCF): its netting changes from all schemes of the fund together to each "
            "scheme by itself."
        ),
        "The scheme “Reablement” (REAB): its Lead Commissioner changes from COUNCIL to CCG.",
        "The scheme “Reablement” (REAB): its Responsible Partner changes from CCG to COUNCIL.",
        "The scheme “Reablement” (REAB): its tier, not given before, is now 2.",
    ]


def test_what_was_given_and_is_no_longer() -> None:
    assert said(BASE, replace(BASE, settle_period=Period.M6)) == [
        "The period that is settled unless another is asked for, M6 before, is no longer given."
    ]


def test_a_scheme_taken_out_of_sharing_and_back() -> None:
    excluded = replace(BASE, schemes=(replace(BASE.schemes[0], excluded=True), BASE.schemes[1]))
    assert said(excluded) == [
        "The scheme “Reablement” (REAB) is now excluded from sharing: its variance stays with its Responsible Partner."
    ]
    assert said(BASE, excluded) == ["The scheme “Reablement” (REAB) is no longer excluded from sharing."]


def test_a_clause_that_changes_is_read_before_and_after() -> None:
    wider = replace(CLAUSE, band=Band(Limit(percent=Fraction(0)), Limit(percent=Fraction(5))))
    (found,) = differences(BASE, replace(BASE, clauses=(wider, BASE.clauses[1])))
    assert found == Difference(
        Part.CLAUSE,
        "3.1",
        "Clause 3.1, “The first 2% equally”, changes in its band.",
        "Overspends of the pooled fund up to 2% of budget are shared between COUNCIL and CCG in the ratio 1 : 1; "
        "COUNCIL bears at most £150,000.00 a year under this clause and clause 3.2 together.",
        "Overspends of the pooled fund up to 5% of budget are shared between COUNCIL and CCG in the ratio 1 : 1; "
        "COUNCIL bears at most £150,000.00 a year under this clause and clause 3.2 together.",
    )


def test_a_clause_that_reads_the_same_is_told_as_it_is_written() -> None:
    (found,) = differences(BASE, replace(BASE, clauses=(replace(CLAUSE, threshold=Threshold.CLIFF), BASE.clauses[1])))
    assert found.sentence == "Clause 3.1, “The first 2% equally”, changes in its threshold."
    assert found.before == "threshold: only the part above its lower edge"
    assert found.after == "threshold: everything, once its lower edge is reached"


def test_a_clause_added_says_where_it_stands_and_what_it_says() -> None:
    first = Clause("3.0", "First call", On.OVERSPEND, (Slice(Fraction(100), Use.RESERVE, "RISK"),))
    assert said(replace(BASE, clauses=(first, *BASE.clauses))) == [
        (
            "Clause 3.0, “First call”, is added first of all: overspends of the pooled fund are met from the reserve "
            "“Risk pool” (opening balance £50,000.00), as far as it lasts."
        )
    ]
    last = said(replace(BASE, clauses=(*BASE.clauses, first)))
    assert last[0].startswith("Clause 3.0, “First call”, is added after clause 3.2: what remains of overspends")
    assert said(BASE, replace(BASE, clauses=(*BASE.clauses, first))) == ["Clause 3.0, “First call”, is taken out."]


def test_an_order_is_told_once() -> None:
    assert said(replace(BASE, clauses=BASE.clauses[::-1])) == [
        "The order of the clauses changes from clause 3.1 and clause 3.2 to clause 3.2 and clause 3.1."
    ]


def test_a_cap_that_loses_a_clause_is_the_same_cap() -> None:
    (found,) = differences(BASE, replace(BASE, caps=(replace(BASE.caps[0], clauses=("3.2",)),)))
    assert found.sentence == (
        "The cap of COUNCIL on clauses 3.1 and 3.2: its list of clauses changes from 3.1 and 3.2 to 3.2."
    )
    assert found.after == (
        "Under clause 3.2, COUNCIL bears at most £150,000.00 a year; the other partners bear anything beyond that."
    )


def test_a_reserve_a_basis_and_a_control_total_in_pounds() -> None:
    varied = replace(
        BASE,
        reserves=(replace(BASE.reserves[0], opening_pence=1), BASE.reserves[1]),
        bases=(Basis("target_investment", (("COUNCIL", 200), ("CCG", 300))),),
        controls=(replace(BASE.controls[0], amount_pence=-1),),
    )
    assert said(varied) == [
        "The reserve “Risk pool” (RISK): its opening balance changes from £50,000.00 to £0.01.",
        (
            "The basis of a share “target investment”: its list of amounts changes from COUNCIL £1.00 and CCG £3.00 to "
            "COUNCIL £2.00 and CCG £3.00."
        ),
        "The control total budget to M12: its amount changes from £12,000,000.00 to (£0.01).",
    ]


def test_a_partner_that_succeeds_two_is_introduced() -> None:
    before = replace(BASE, partners=BASE.partners[:2])
    assert said(BASE, before) == [
        (
            "The partner “NHS ICB” (ICB) is added: an Integrated Care Board. From 1 July 2022 NHS ICB (ICB) stands in "
            "the place of NHS CCG (CCG)."
        )
    ]


def test_everything_can_be_copied_as_text_clauses_with_both_sentences() -> None:
    band = Band(Limit(percent=Fraction(0)), Limit(percent=Fraction(3)))
    varied = replace(BASE, title="New", clauses=(replace(CLAUSE, band=band), BASE.clauses[1]))
    text = in_words(differences(BASE, varied)).splitlines()
    assert text[0] == "The title changes from “Better Care Fund agreement” to “New”."
    assert text[1] == "Clause 3.1, “The first 2% equally”, changes in its band."
    assert text[2].startswith("    Before: Overspends of the pooled fund up to 2%")
    assert text[3].startswith("    After: ")
    assert len(text) == 4
