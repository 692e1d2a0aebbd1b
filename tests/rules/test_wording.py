"""Every shape of clause as the sentence that a lawyer reads, worked by hand, and those of all the worked agreements."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.agreement import (
    Agreement,
    Band,
    Basis,
    Beyond,
    By,
    Cap,
    Clause,
    DrawOn,
    Fund,
    FundKind,
    Limit,
    Mode,
    Netting,
    On,
    Partner,
    PartnerKind,
    Per,
    Performance,
    Reserve,
    Scheme,
    Scope,
    Service,
    Share,
    Slice,
    Threshold,
    Use,
)
from rules.periods import FinancialYear
from rules.wording import cap_sentence, performance_sentence, sentence, succession_sentence
from tests.rules.agreements import agreements

WHOLE = Fraction(100)
POOLED = Share(By.POOLED)


def pence(pounds: int) -> Limit:
    return Limit(pence=pounds * 100)


def percent(number: int | str) -> Limit:
    return Limit(percent=Fraction(number))


def fund(code: str, name: str, netting: Netting = Netting.FUND, kind: FundKind = FundKind.POOLED) -> Fund:
    return Fund(code, name, kind, "LBB", netting)


def scheme(code: str, name: str, fund: str, service: Service = Service.CORE, **more: object) -> Scheme:
    return Scheme(code, name, fund, "LBB", "BCCG", service, **more)  # type: ignore[arg-type]


ONE_POOL = Agreement(
    id="one-pool",
    title="One pooled fund and one aligned",
    year=FinancialYear(2014),
    partners=(
        Partner("LBB", "London Borough of Barnet", PartnerKind.COUNCIL),
        Partner("BCCG", "NHS Barnet CCG", PartnerKind.CCG),
        Partner("TRUST", "Royal Free", PartnerKind.TRUST),
    ),
    funds=(fund("POOL", "Better Care Fund"), fund("INF", "Influenced services", kind=FundKind.ALIGNED)),
    schemes=(
        scheme("HOME", "Home first", "POOL", tier=1, tags=("frailty",)),
        scheme("BEDS", "Beds", "POOL", tier=2),
        scheme("ACUTE", "Acute care", "INF", Service.INFLUENCED, tier=4),
        scheme("PLACES", "Placements", "INF", Service.INFLUENCED, tier=5),
    ),
    reserves=(Reserve("RISK", "Risk pool", "POOL", 50_000_000), Reserve("NIL", "Reinvested", "POOL", 0)),
    bases=(Basis("target_investment", (("LBB", 31_000_000), ("BCCG", 280_000_000))),),
)
BY_SCHEME = replace(ONE_POOL, funds=(fund("POOL", "Better Care Fund", Netting.SCHEME), ONE_POOL.funds[1]))
BY_GROUP = replace(ONE_POOL, funds=(fund("POOL", "Better Care Fund", Netting.GROUP), ONE_POOL.funds[1]))
TWO_POOLS = replace(
    ONE_POOL,
    funds=(*ONE_POOL.funds, fund("MENTAL", "Mental health"), fund("INF2", "More of them", kind=FundKind.ALIGNED)),
    schemes=(
        *ONE_POOL.schemes,
        scheme("LIAISON", "Liaison", "MENTAL"),
        scheme("A&E", "Emergencies", "INF2", Service.INFLUENCED),
    ),
)
TWO_BY_SCHEME = replace(TWO_POOLS, funds=tuple(replace(each, netting=Netting.SCHEME) for each in TWO_POOLS.funds))


def clause(on: On = On.OVERSPEND, share: Share = POOLED, **more: object) -> Clause:
    slices = (Slice(WHOLE, Use.PARTNERS, share=share),)
    return Clause("7.1", "Risk share", on, **{"slices": slices, **more})  # type: ignore[arg-type]


def said(agreement: Agreement, clause: Clause) -> str:
    return sentence(clause, replace(agreement, clauses=(clause,)))


def test_the_sentence_of_the_brief() -> None:
    """The model: a band, a basis and a cap."""
    banded = clause(band=Band(percent(2), percent(5)))
    capped = replace(ONE_POOL, clauses=(banded,), caps=(Cap("BCCG", pence(250_000), ("7.1",)),))
    assert sentence(banded, capped) == (
        "Overspends of the pooled fund between 2% and 5% of budget are shared in proportion to contributions to pooled "
        "funds; BCCG bears at most £250,000.00 a year."
    )


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (On.OVERSPEND, "Overspends of the pooled fund above 2.5% of budget are borne by LBB."),
        (On.UNDERSPEND, "Underspends of the pooled fund above 2.5% of budget are kept by LBB."),
        (On.QIPP_SHORTFALL, "QIPP shortfalls of the pooled fund above 2.5% of the QIPP target are borne by LBB."),
        (
            On.BENEFIT,
            "Benefits (spending below baseline) of the influenced services above 2.5% of the baseline are kept by LBB.",
        ),
        (
            On.DISBENEFIT,
            (
                "Disbenefits (spending above baseline) of the influenced services above 2.5% of the baseline are borne "
                "by LBB."
            ),
        ),
    ],
)
def test_what_a_clause_is_on_names_its_amount_and_its_base(on: On, expected: str) -> None:
    assert said(ONE_POOL, clause(on, Share(By.PARTNER, "LBB"), band=Band(percent("2.5")))) == expected


@pytest.mark.parametrize(
    ("agreement", "scope", "expected"),
    [
        (ONE_POOL, Scope(), "the pooled fund"),
        (ONE_POOL, Scope(fund=("POOL",)), "the pooled fund “Better Care Fund”"),
        (TWO_POOLS, Scope(), "each pooled fund"),
        (TWO_POOLS, Scope(fund=("POOL",)), "the pooled fund “Better Care Fund”"),
        (
            TWO_POOLS,
            Scope(fund=("POOL", "MENTAL")),
            "each of the pooled funds “Better Care Fund” and “Mental health”",
        ),
        (TWO_POOLS, Scope(fund=("POOL", "INF")), "each of the funds “Better Care Fund” and “Influenced services”"),
        (BY_SCHEME, Scope(), "each scheme of the pooled fund"),
        (TWO_BY_SCHEME, Scope(), "each scheme of the pooled funds"),
        (BY_SCHEME, Scope(fund=("POOL",)), "each scheme of the pooled fund “Better Care Fund”"),
        (
            TWO_BY_SCHEME,
            Scope(fund=("POOL", "MENTAL")),
            "each scheme of the pooled funds “Better Care Fund” and “Mental health”",
        ),
        (TWO_BY_SCHEME, Scope(tier=(1,)), "each scheme of the pooled funds at tier 1"),
        (BY_GROUP, Scope(), "each group of schemes of the pooled fund"),
        (BY_SCHEME, Scope(scheme=("HOME",)), "the scheme “Home first”"),
        (BY_SCHEME, Scope(scheme=("HOME", "BEDS")), "each of the schemes “Home first” and “Beds”"),
        (ONE_POOL, Scope(scheme=("HOME", "BEDS")), "the schemes “Home first” and “Beds”"),
        (
            BY_SCHEME,
            Scope(scheme=("HOME",), fund=("POOL",)),
            "the scheme “Home first” of the pooled fund “Better Care Fund”",
        ),
        (BY_SCHEME, Scope(service=(Service.CORE,)), "each scheme of the pooled fund for core services"),
        (BY_SCHEME, Scope(service=(Service.CORE, Service.INFLUENCED)), "each scheme of the pooled fund"),
        (BY_SCHEME, Scope(tier=(1,)), "each scheme of the pooled fund at tier 1"),
        (BY_SCHEME, Scope(tier=(2, 1)), "each scheme of the pooled fund at tiers 1 and 2"),
        (BY_SCHEME, Scope(tag=("frailty",)), "each scheme of the pooled fund tagged “frailty”"),
        (
            BY_SCHEME,
            Scope(service=(Service.CORE,), tier=(1,), tag=("frailty", "falls", "beds")),
            "each scheme of the pooled fund for core services at tier 1 tagged “frailty”, “falls” or “beds”",
        ),
    ],
)
def test_a_scope_is_told_by_names_services_tiers_and_tags(agreement: Agreement, scope: Scope, expected: str) -> None:
    assert said(agreement, clause(scope=scope)) == (
        f"Overspends of {expected} are shared in proportion to contributions to pooled funds."
    )


def test_schemes_of_several_groups_are_told_as_groups() -> None:
    grouped = tuple(replace(each, group="G" if each.code in {"HOME", "BEDS"} else None) for each in ONE_POOL.schemes)
    agreement = replace(BY_GROUP, schemes=(*grouped, scheme("EQUIPMENT", "Equipment", "POOL")))
    assert said(agreement, clause(scope=Scope(scheme=("HOME", "BEDS", "EQUIPMENT")))) == (
        "Overspends of each group of the schemes “Home first”, “Beds” and “Equipment” are shared in proportion to "
        "contributions to pooled funds."
    )


@pytest.mark.parametrize(
    ("agreement", "scope", "expected"),
    [
        (ONE_POOL, Scope(), "the influenced services"),
        (ONE_POOL, Scope(service=(Service.INFLUENCED,)), "the influenced services"),
        (ONE_POOL, Scope(fund=("INF",)), "the influenced services of the aligned fund “Influenced services”"),
        (TWO_POOLS, Scope(), "the influenced services of each aligned fund"),
        (
            TWO_POOLS,
            Scope(fund=("INF", "INF2")),
            "the influenced services of each of the aligned funds “Influenced services” and “More of them”",
        ),
        (TWO_BY_SCHEME, Scope(), "each scheme of influenced services"),
        (TWO_BY_SCHEME, Scope(tier=(4,)), "each scheme of influenced services at tier 4"),
        (TWO_BY_SCHEME, Scope(scheme=("ACUTE",)), "the scheme “Acute care”"),
    ],
)
def test_influenced_services_are_told_apart_from_pooled_funds(
    agreement: Agreement, scope: Scope, expected: str
) -> None:
    assert said(agreement, clause(On.BENEFIT, Share(By.HOST), scope=scope)) == (
        f"Benefits (spending below baseline) of {expected} are kept by the host partner."
    )


def test_excluded_schemes_are_said_to_stand_apart() -> None:
    excluded = replace(ONE_POOL, schemes=(*ONE_POOL.schemes, scheme("DFG", "Grant", "POOL", excluded=True)))
    assert said(excluded, clause()) == (
        "Overspends of the pooled fund (excluded schemes apart) are shared in proportion to contributions to pooled "
        "funds."
    )
    assert "apart" not in said(excluded, clause(On.BENEFIT))


@pytest.mark.parametrize(
    ("band", "threshold", "expected"),
    [
        (Band(pence(0), pence(250_000)), "excess", "The first £250,000.00 of overspends of the pooled fund is"),
        (Band(percent(0), percent(2)), "excess", "Overspends of the pooled fund up to 2% of budget are"),
        (Band(percent(0)), "excess", "Overspends of the pooled fund are"),
        (Band(pence(100)), "excess", "Overspends of the pooled fund above £100.00 are"),
        (Band(pence(100), pence(200)), "excess", "Overspends of the pooled fund between £100.00 and £200.00 are"),
        (
            Band(percent(2), pence(200)),
            "excess",
            "Overspends of the pooled fund between 2% of budget and £200.00 are",
        ),
        (
            Band(pence(100), percent(2)),
            "excess",
            "Overspends of the pooled fund between £100.00 and 2% of budget are",
        ),
        (
            Band(percent(1)),
            "cliff",
            "Once they reach 1% of budget, overspends of the pooled fund, from the first pound, are",
        ),
        (
            Band(percent(1), percent(3)),
            "cliff",
            "Once they reach 1% of budget, overspends of the pooled fund, from the first pound up to 3% of budget, are",
        ),
        # a cliff at nothing is reached by any amount
        (Band(pence(0), pence(100)), "cliff", "The first £100.00 of overspends of the pooled fund is"),
    ],
)
def test_a_band_is_told_by_its_edges(band: Band, threshold: str, expected: str) -> None:
    assert said(ONE_POOL, clause(band=band, threshold=Threshold(threshold))) == (
        f"{expected} shared in proportion to contributions to pooled funds."
    )


@pytest.mark.parametrize(
    ("agreement", "per", "expected"),
    [
        (BY_SCHEME, Per.GROUP, "each scheme of the pooled fund"),
        (BY_SCHEME, Per.FUND, "the schemes of the pooled fund, taken together,"),
        (TWO_BY_SCHEME, Per.FUND, "the schemes of the pooled funds, taken together in each fund,"),
        (TWO_BY_SCHEME, Per.AGREEMENT, "the schemes of the pooled funds, taken together over the whole agreement,"),
        (TWO_POOLS, Per.FUND, "each pooled fund"),
        (TWO_POOLS, Per.AGREEMENT, "the pooled funds, taken together over the whole agreement,"),
        (ONE_POOL, Per.AGREEMENT, "the pooled fund"),
    ],
)
def test_a_band_over_several_groups_says_what_is_taken_together(agreement: Agreement, per: Per, expected: str) -> None:
    assert said(agreement, clause(per=per, band=Band(pence(0), pence(250_000)))) == (
        f"The first £250,000.00 of overspends of {expected} is shared in proportion to contributions to pooled funds."
    )


def test_what_is_taken_together_may_have_a_cliff_and_is_shared_scheme_by_scheme() -> None:
    banded = clause(share=Share(By.LEAD), per=Per.FUND, band=Band(percent(1)), threshold=Threshold.CLIFF)
    assert said(BY_SCHEME, banded) == (
        "Once they reach 1% of budget, overspends of the schemes of the pooled fund, taken together, from the first "
        "pound, are borne by the lead commissioner of each scheme."
    )


def test_funds_named_may_be_taken_together() -> None:
    banded = clause(scope=Scope(fund=("POOL", "MENTAL")), per=Per.AGREEMENT, band=Band(percent(0), percent(2)))
    assert said(TWO_POOLS, banded) == (
        "Overspends of the pooled funds “Better Care Fund” and “Mental health”, taken together over the whole "
        "agreement, up to 2% of budget are shared in proportion to contributions to pooled funds."
    )


def test_influenced_services_may_be_taken_together() -> None:
    banded = clause(On.DISBENEFIT, per=Per.AGREEMENT, band=Band(percent(0), percent(3)))
    assert said(TWO_POOLS, banded) == (
        "Disbenefits (spending above baseline) of the influenced services, taken together over the whole agreement, up "
        "to 3% of the baseline are shared in proportion to contributions to pooled funds."
    )


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (Share(By.POOLED), "shared in proportion to contributions to pooled funds"),
        (Share(By.CORE), "shared in proportion to contributions to core services"),
        (Share(By.FUND), "shared in proportion to contributions to the fund"),
        (Share(By.SCHEME), "shared in proportion to contributions to the scheme"),
        (Share(By.POOLED, at_opening=True), "shared in proportion to contributions to pooled funds as first agreed"),
        (Share(By.RESPONSIBLE), "borne by the responsible partner of the scheme"),
        (Share(By.LEAD), "borne by the lead commissioner of the scheme"),
        (Share(By.INCURRED), "left where they fell"),
        (Share(By.HOST), "borne by the host partner"),
        (Share(By.PARTNER, "BCCG"), "borne by BCCG"),
        (
            Share(By.BASIS, "target_investment"),
            "shared in proportion to each partner’s target investment (LBB £310,000.00 and BCCG £2,800,000.00)",
        ),
        (
            Share(By.FIXED, weights=(("LBB", Fraction(50)), ("BCCG", Fraction(50)))),
            "shared 50% to LBB and 50% to BCCG",
        ),
        (
            Share(By.FIXED, weights=(("LBB", Fraction("33.5")), ("BCCG", Fraction("66.5")), ("TRUST", Fraction(0)))),
            "shared 33.5% to LBB and 66.5% to BCCG",
        ),
        (
            Share(By.FIXED, weights=(("LBB", Fraction(1)), ("BCCG", Fraction(1)), ("TRUST", Fraction(1)))),
            "shared among LBB, BCCG and TRUST in the ratio 1 : 1 : 1",
        ),
        (
            Share(By.FIXED, weights=(("LBB", Fraction(3)), ("BCCG", Fraction("4.5")))),
            "shared between LBB and BCCG in the ratio 3 : 4.5",
        ),
        (Share(By.FIXED, weights=(("LBB", Fraction(100)), ("BCCG", Fraction(0)))), "borne by LBB"),
        (Share(By.FIXED, weights=(("LBB", Fraction(1)),)), "borne by LBB"),
        (Share(By.FIXED, weights=(("LBB", Fraction(0)),)), "shared by weights that are all nought"),
    ],
)
def test_a_share_is_told_by_its_basis(share: Share, expected: str) -> None:
    assert said(BY_SCHEME, clause(On.QIPP_SHORTFALL, share)) == (
        f"QIPP shortfalls of each scheme of the pooled fund are {expected}."
    )


@pytest.mark.parametrize(
    ("on", "share", "expected"),
    [
        (
            On.OVERSPEND,
            Share(By.RESPONSIBLE),
            (
                "Overspends of the pooled fund are shared between the responsible partners in proportion to the "
                "adverse variances of their schemes."
            ),
        ),
        (
            On.UNDERSPEND,
            Share(By.LEAD),
            (
                "Underspends of the pooled fund are shared between the lead commissioners in proportion to the "
                "favourable variances of their schemes."
            ),
        ),
        (
            On.OVERSPEND,
            Share(By.SCHEME),
            "Overspends of the pooled fund are shared in proportion to contributions to the schemes concerned.",
        ),
    ],
)
def test_where_schemes_net_together_no_one_scheme_decides_the_share(on: On, share: Share, expected: str) -> None:
    assert said(ONE_POOL, clause(on, share)) == expected


def to(use: Use, reserve: str = "", share: Share | None = None, percent: str = "100") -> Slice:
    return Slice(Fraction(percent), use, reserve, share)


@pytest.mark.parametrize(
    ("on", "more", "expected"),
    [
        (
            On.OVERSPEND,
            {"slices": (to(Use.UNDERSPENDS),)},
            "Overspends of the pooled fund are met from underspends in the same fund, as far as they go.",
        ),
        (
            On.QIPP_SHORTFALL,
            {"slices": (to(Use.UNDERSPENDS),), "draw_on": DrawOn.AGREEMENT},
            "QIPP shortfalls of the pooled fund are met from underspends anywhere in the agreement, as far as they go.",
        ),
        (
            On.OVERSPEND,
            {"slices": (to(Use.RESERVE, "RISK"),)},
            (
                "Overspends of the pooled fund are met from the reserve “Risk pool” (opening balance £500,000.00), "
                "as far as it lasts."
            ),
        ),
        (
            On.UNDERSPEND,
            {"slices": (to(Use.RESERVE, "RISK"),)},
            "Underspends of the pooled fund are retained in the reserve “Risk pool” (opening balance £500,000.00).",
        ),
        (
            On.UNDERSPEND,
            {"slices": (to(Use.PROVISION, share=POOLED),)},
            (
                "Underspends of the pooled fund are set aside as a provision against each partner’s own exposure, in "
                "proportion to contributions to pooled funds."
            ),
        ),
        (
            On.UNDERSPEND,
            {"slices": (to(Use.PROVISION, share=Share(By.HOST)),)},
            (
                "Underspends of the pooled fund are set aside for the host partner as a provision against that "
                "partner’s own exposure."
            ),
        ),
        (
            On.BENEFIT,
            {"slices": (to(Use.PROVISION, share=Share(By.INCURRED)),)},
            (
                "Benefits (spending below baseline) of the influenced services are set aside where they fell as a "
                "provision against each partner’s own exposure."
            ),
        ),
        (
            On.BENEFIT,
            {
                "slices": (
                    to(Use.RESERVE, "NIL", percent="40"),
                    to(Use.PARTNERS, share=Share(By.INCURRED), percent="44.5"),
                    to(Use.NEXT, percent="15.5"),
                )
            },
            (
                "Benefits (spending below baseline) of the influenced services are divided: 40% is retained in the "
                "reserve “Reinvested”; 44.5% is left where it fell; and 15.5% is left to the clauses that follow."
            ),
        ),
        (
            On.OVERSPEND,
            {"slices": (to(Use.NEXT),)},
            "Overspends of the pooled fund are left to the clauses that follow.",
        ),
    ],
)
def test_where_an_amount_goes(on: On, more: dict[str, object], expected: str) -> None:
    assert said(ONE_POOL, clause(on, **more)) == expected


def test_a_clause_has_what_an_earlier_one_on_the_same_groups_left() -> None:
    first = replace(clause(), id="7.0", slices=(to(Use.RESERVE, "RISK"),))
    both = replace(ONE_POOL, clauses=(first, clause()))
    assert sentence(clause(), both) == (
        "What remains of overspends of the pooled fund is shared in proportion to contributions to pooled funds."
    )
    assert sentence(first, both).startswith("Overspends of the pooled fund are met from")
    underspends = replace(ONE_POOL, clauses=(replace(first, on=On.UNDERSPEND), clause()))
    assert sentence(clause(), underspends).startswith("Overspends of the pooled fund are shared")
    elsewhere = replace(TWO_POOLS, clauses=(replace(first, scope=Scope(fund=("MENTAL",))), clause()))
    assert sentence(clause(), elsewhere).startswith("What remains of overspends of each pooled fund is")
    apart = replace(clause(), scope=Scope(fund=("POOL",)))
    assert sentence(apart, replace(elsewhere, clauses=(elsewhere.clauses[0], apart))).startswith("Overspends of the")


@pytest.mark.parametrize(
    ("on", "cap", "in_clause", "alone"),
    [
        (
            On.OVERSPEND,
            Cap("BCCG", pence(250_000), ("7.1",)),
            "BCCG bears at most £250,000.00 a year",
            "Under clause 7.1, BCCG bears at most £250,000.00 a year; the other partners bear anything beyond that.",
        ),
        (
            On.UNDERSPEND,
            Cap("BCCG", percent(2), ("7.1",)),
            "BCCG receives at most 2% of its contribution to pooled funds a year",
            (
                "Under clause 7.1, BCCG receives at most 2% of its contribution to pooled funds a year; the other "
                "partners receive anything beyond that."
            ),
        ),
        (
            On.OVERSPEND,
            Cap("BCCG", percent("0.5"), ("7.1",), Beyond.NEXT, of="POOL"),
            (
                "BCCG bears at most 0.5% of its contribution to the pooled fund “Better Care Fund” a year; anything "
                "beyond that is left to the clauses that follow"
            ),
            (
                "Under clause 7.1, BCCG bears at most 0.5% of its contribution to the pooled fund “Better Care Fund” a "
                "year; anything beyond that is left to the clauses that follow."
            ),
        ),
        (
            On.OVERSPEND,
            Cap("BCCG", pence(1), ("7.1", "7.2"), Beyond.HOST),
            (
                "BCCG bears at most £1.00 a year under this clause and clause 7.2 together; the host partner bears "
                "anything beyond that"
            ),
            (
                "Under clauses 7.1 and 7.2 together, BCCG bears at most £1.00 a year; the host partner bears anything "
                "beyond that."
            ),
        ),
        (
            On.UNDERSPEND,
            Cap("BCCG", pence(1), ("7.0", "7.1", "7.2"), Beyond.PARTNER, "LBB"),
            (
                "BCCG receives at most £1.00 a year under this clause and clauses 7.0 and 7.2 together; LBB receives "
                "anything beyond that"
            ),
            (
                "Under clauses 7.0, 7.1 and 7.2 together, BCCG receives at most £1.00 a year; LBB receives anything "
                "beyond that."
            ),
        ),
    ],
)
def test_a_cap_is_told_with_its_clause_and_alone(on: On, cap: Cap, in_clause: str, alone: str) -> None:
    clauses = tuple(replace(clause(on), id=each) for each in ("7.1", "7.0", "7.2"))
    agreement = replace(ONE_POOL, clauses=clauses, caps=(cap,))
    assert sentence(clauses[0], agreement) == (
        f"{on.value.capitalize()}s of the pooled fund are shared in proportion to contributions to pooled funds; "
        f"{in_clause}."
    )
    assert cap_sentence(cap, agreement) == alone


def test_caps_that_differ_in_partner_and_amount_are_told_together() -> None:
    caps = (
        Cap("LBB", pence(10), ("7.1",), Beyond.NEXT),
        Cap("BCCG", percent(2), ("7.1",), Beyond.NEXT),
        Cap("TRUST", pence(30), ("7.1",)),
    )
    assert sentence(clause(), replace(ONE_POOL, clauses=(clause(),), caps=caps)) == (
        "Overspends of the pooled fund are shared in proportion to contributions to pooled funds; LBB bears at most "
        "£10.00 a year and BCCG at most 2% of its contribution to pooled funds a year; anything beyond that is left to "
        "the clauses that follow; TRUST bears at most £30.00 a year."
    )


def test_the_caps_of_a_split_clause_have_sentences_of_their_own() -> None:
    split = clause(slices=(to(Use.RESERVE, "RISK", percent="50"), to(Use.PARTNERS, share=POOLED, percent="50")))
    caps = (Cap("LBB", pence(10), ("7.1",), Beyond.NEXT),)
    assert sentence(split, replace(ONE_POOL, clauses=(split,), caps=caps)) == (
        "Overspends of the pooled fund are divided: 50% is met from the reserve “Risk pool” (opening balance "
        "£500,000.00), as far as it lasts; and 50% is shared in proportion to contributions to pooled funds. LBB bears "
        "at most £10.00 a year. Anything beyond that is left to the clauses that follow."
    )


def test_a_cap_on_a_clause_that_shares_nothing_is_not_told_with_it() -> None:
    first_call = clause(slices=(to(Use.RESERVE, "RISK"),))
    capped = replace(ONE_POOL, clauses=(first_call,), caps=(Cap("LBB", pence(10), ("7.1",)),))
    assert "LBB" not in sentence(first_call, capped)


@pytest.mark.parametrize(
    ("mode", "rate_pence", "expected"),
    [
        (
            Mode.LINEAR,
            149_000,
            (
                "£1,490.00 of it is released for each unit by which the measure “NEA” is below its baseline, up to the "
                "whole."
            ),
        ),
        (
            Mode.LINEAR,
            None,
            (
                "it is released in proportion to the reduction of the measure “NEA” from its baseline that is "
                "achieved, up to the whole once the target is reached."
            ),
        ),
        (
            Mode.ALL_OR_NOTHING,
            None,
            (
                "all of it is released if the measure “NEA” is reduced from its baseline to its target, and otherwise "
                "none."
            ),
        ),
    ],
)
def test_performance_pay_is_told_by_what_releases_it(mode: Mode, rate_pence: int | None, expected: str) -> None:
    element = Performance("NEA", "Admissions", "POOL", "HOME", "BCCG", "NEA", 149_000_000, mode, rate_pence)
    assert performance_sentence(element, ONE_POOL) == (
        "£1,490,000.00 of BCCG’s contribution to the scheme “Home first” of the pooled fund “Better Care Fund” is held "
        f"back; {expected}"
    )


@pytest.mark.parametrize(
    ("succeeds", "since", "expected"),
    [
        (
            ("LBB", "BCCG"),
            date(2014, 7, 1),
            (
                "From 1 July 2014 NHS ICB (ICB) stands in the place of London Borough of Barnet (LBB) and NHS Barnet "
                "CCG (BCCG)."
            ),
        ),
        # a period begins on the first of a month, so that nothing changes until the next one
        (
            ("BCCG",),
            date(2014, 7, 2),
            (
                "From the first period that begins after 2 July 2014 NHS ICB (ICB) stands in the place of NHS Barnet "
                "CCG (BCCG)."
            ),
        ),
        ((), date(2014, 7, 1), "From 1 July 2014 NHS ICB (ICB) is a partner."),
        ((), None, "NHS ICB (ICB) is a partner for the whole of 2014/15."),
    ],
)
def test_a_succession_is_told_by_its_day_and_its_names(
    succeeds: tuple[str, ...], since: date | None, expected: str
) -> None:
    assert succession_sentence(Partner("ICB", "NHS ICB", PartnerKind.ICB, succeeds, since), ONE_POOL) == expected


@given(agreements(names=st.text("abc", min_size=1, max_size=4)))
def test_every_agreement_that_holds_together_can_be_told(agreement: Agreement) -> None:
    """Whatever is combined with whatever, it is a sentence: a capital, a stop, and no word twice in a row."""
    sentences = [sentence(each, agreement) for each in agreement.clauses]
    sentences += [cap_sentence(each, agreement) for each in agreement.caps]
    sentences += [performance_sentence(each, agreement) for each in agreement.performance]
    sentences += [succession_sentence(each, agreement) for each in agreement.partners]
    for told in sentences:
        assert told.endswith(".")
        assert not told[0].islower() or any(told.startswith(each.name) for each in agreement.partners)
        assert not any(
            avoided in told for avoided in ("profit", "bill", "customer", "deficit", "surplus", "None", ",,")
        )
