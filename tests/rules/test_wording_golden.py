"""The sentences of every clause of the worked agreements, as they were read over and approved."""

from pathlib import Path

import pytest

from rules.reading import read_agreement
from rules.wording import sentence

GOLDEN = Path(__file__).parents[1] / "golden"

GOLDEN_SENTENCES = {
    "barnet-2014-15-core": {
        "7B": (
            "Benefits (spending below baseline) of the influenced services are shared in proportion to "
            "contributions to core services."
        ),
    },
    "barnet-2014-15-fifty-fifty": {
        "7B": ("Benefits (spending below baseline) of the influenced services are shared 50% to LBB and 50% to BCCG."),
    },
    "barnet-2014-15-financial-challenge": {
        "7B": (
            "Benefits (spending below baseline) of the influenced services are shared in proportion to "
            "each partner’s financial challenge (LBB £14,000,000.00 and BCCG £20,900,000.00)."
        ),
    },
    "barnet-2014-15-pooled": {
        "7B": (
            "Benefits (spending below baseline) of the influenced services are shared in proportion to "
            "contributions to pooled funds."
        ),
    },
    "barnet-2014-15-reward-mechanism": {
        "7B-reward": (
            "Benefits (spending below baseline) of the influenced services are divided: 40% is "
            "retained in the reserve “Retained in the pooled budget for additional services”; 45% is "
            "shared in proportion to each partner’s financial challenge (LBB £14,000,000.00 and BCCG "
            "£20,900,000.00); and 15% is set aside as a provision against each partner’s own exposure, "
            "in proportion to contributions to core services."
        ),
        "7B-risk": (
            "Disbenefits (spending above baseline) of the influenced services are shared in proportion "
            "to contributions to core services; LBB bears at most 1% of its contribution to pooled "
            "funds a year under this clause and clause 7B-over together."
        ),
        "7B-over": (
            "Overspends of the pooled fund are shared in proportion to contributions to pooled funds; "
            "LBB bears at most 1% of its contribution to pooled funds a year under this clause and "
            "clause 7B-risk together."
        ),
    },
    "barnet-2014-15-target-investment": {
        "7B": (
            "Benefits (spending below baseline) of the influenced services are shared in proportion to "
            "each partner’s target investment (LBB £310,000.00 and BCCG £2,800,000.00)."
        ),
    },
    "ccg-to-icb-2022-23": {
        "5.1": (
            "The first £250,000.00 of overspends of the schemes of the pooled fund, taken together, is "
            "shared 50% to COUNCIL, 30% to CCG-N and 20% to CCG-S; CCG-S bears at most £100,000.00 a "
            "year and CCG-N at most £120,000.00 a year under this clause and clause 5.2 together; the "
            "host partner bears anything beyond that."
        ),
        "5.2": (
            "What remains of overspends of each scheme of the pooled fund is shared in proportion to "
            "contributions to the fund; CCG-S bears at most £100,000.00 a year and CCG-N at most "
            "£120,000.00 a year under this clause and clause 5.1 together; the host partner bears "
            "anything beyond that."
        ),
        "5.3": ("Underspends of each scheme of the pooled fund are kept by the lead commissioner of the scheme."),
    },
    "fife-reserves-first": {
        "RS1": (
            "Overspends of the pooled fund are met from the reserve “Uncommitted reserves” (opening "
            "balance £8,500,000.00), as far as it lasts."
        ),
        "RS2": "What remains of overspends of the pooled fund is shared 60% to CCG and 40% to COUNCIL.",
    },
    "hammersmith-fulham-2017-18": {
        "7.5a": (
            "QIPP shortfalls of each scheme of the pooled fund (excluded schemes apart) are borne by "
            "the responsible partner of the scheme."
        ),
        "7.5b": (
            "Overspends of each scheme of the pooled fund (excluded schemes apart) are borne by the "
            "responsible partner of the scheme."
        ),
        "7.5c": (
            "Underspends of each scheme of the pooled fund (excluded schemes apart) are kept by the "
            "responsible partner of the scheme."
        ),
    },
    "minimum-savings-at-minimum": {
        "MSR": (
            "Once they reach 1% of the baseline, benefits (spending below baseline) of the influenced "
            "services, from the first pound, are shared 50% to COUNCIL and 50% to CCG."
        ),
        "REST": (
            "What remains of benefits (spending below baseline) of the influenced services is left where it fell."
        ),
    },
    "minimum-savings-below-minimum": {
        "MSR": (
            "Once they reach 1% of the baseline, benefits (spending below baseline) of the influenced "
            "services, from the first pound, are shared 50% to COUNCIL and 50% to CCG."
        ),
        "REST": (
            "What remains of benefits (spending below baseline) of the influenced services is left where it fell."
        ),
    },
    "oxfordshire-2013-14": {
        "RS1": "Overspends of the pooled fund are shared in proportion to contributions to pooled funds.",
    },
    "payment-for-performance": {
        "RS1": ("Overspends of each scheme of the pooled fund are shared in proportion to contributions to the fund."),
        "RS2": ("Underspends of each scheme of the pooled fund are shared in proportion to contributions to the fund."),
    },
    "risk-corridor": {
        "C1": (
            "Disbenefits (spending above baseline) of the influenced services up to 3% of the baseline "
            "are borne by COUNCIL."
        ),
        "C2": (
            "Disbenefits (spending above baseline) of the influenced services between 3% and 8% of the "
            "baseline are shared 50% to COUNCIL and 50% to CCG."
        ),
        "C3": (
            "Disbenefits (spending above baseline) of the influenced services above 8% of the baseline "
            "are shared 20% to COUNCIL and 80% to CCG."
        ),
    },
    "rotherham-first-call": {
        "4.1": (
            "Overspends of each scheme of the pooled funds (excluded schemes apart) are met from "
            "underspends anywhere in the agreement, as far as they go."
        ),
        "4.2": (
            "What remains of overspends of each scheme of the pooled funds (excluded schemes apart) is "
            "met from the reserve “Risk pool” (opening balance £500,000.00), as far as it lasts."
        ),
        "4.3": (
            "What remains of overspends of each scheme of the pooled funds (excluded schemes apart) is "
            "shared in proportion to contributions to the scheme; COUNCIL bears at most £150,000.00 a "
            "year and CCG at most 2% of its contribution to pooled funds a year; anything beyond that "
            "is left to the clauses that follow."
        ),
        "4.4": (
            "What remains of overspends of each scheme of the pooled funds (excluded schemes apart) is "
            "borne by the lead commissioner of the scheme."
        ),
        "4.5": (
            "Underspends of each scheme of the pooled funds (excluded schemes apart) are retained in "
            "the reserve “Risk pool” (opening balance £500,000.00)."
        ),
    },
    "telford-2019-20": {
        "RS1": "Overspends of the pooled fund are shared 50% to COUNCIL and 50% to CCG.",
        "RS2": "Underspends of the pooled fund are shared 50% to COUNCIL and 50% to CCG.",
    },
    "three-partners-qipp-separate": {
        "Q1": (
            "The first £100,000.00 of QIPP shortfalls of each group of schemes of the pooled fund is "
            "left where it fell."
        ),
        "Q2": (
            "What remains of QIPP shortfalls of each group of schemes of the pooled fund is shared in "
            "proportion to contributions to pooled funds as first agreed; C bears at most £50,000.00 a "
            "year under this clause and clause O1 together."
        ),
        "O1": (
            "Overspends of each group of schemes of the pooled fund up to 2% of budget are shared "
            "among A, B and C in the ratio 1 : 1 : 1; C bears at most £50,000.00 a year under this "
            "clause and clause Q2 together."
        ),
        "O2": (
            "What remains of overspends of each group of schemes of the pooled fund is shared between "
            "the lead commissioners in proportion to the adverse variances of their schemes."
        ),
        "U1": (
            "Underspends of each group of schemes of the pooled fund are shared in proportion to "
            "contributions to the fund."
        ),
    },
}


def test_every_worked_agreement_is_here() -> None:
    assert sorted(GOLDEN_SENTENCES) == sorted(path.parent.name for path in GOLDEN.glob("*/agreement.toml"))


@pytest.mark.parametrize("case", GOLDEN_SENTENCES)
def test_the_clauses_of_a_worked_agreement_read_as_approved(case: str) -> None:
    agreement = read_agreement((GOLDEN / case / "agreement.toml").read_text(encoding="utf-8"))
    assert {each.id: sentence(each, agreement) for each in agreement.clauses} == GOLDEN_SENTENCES[case]
