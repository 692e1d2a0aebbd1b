"""Control totals: what the general ledger says, and the pooled ledger must agree with to the penny."""

from fractions import Fraction

import pytest

from ledgers.checks import control_findings, measure_findings
from rules.periods import Period
from rules.position import Measure
from rules.reading import read_agreement

AGREEMENT = """
[agreement]
id = "a"
title = "A"
financial_year = "2022/23"
[[partner]]
code = "COUNCIL"
name = "Council"
kind = "council"
[[partner]]
code = "CCG"
name = "NHS CCG"
kind = "ccg"
[[partner]]
code = "ICB"
name = "NHS ICB"
kind = "icb"
succeeds = ["CCG"]
from = 2022-07-01
[[fund]]
code = "F"
name = "Fund"
kind = "pooled"
host = "COUNCIL"
[[scheme]]
code = "S"
name = "Scheme"
fund = "F"
[[control]]
"""
TOTALS = [
    ("S", "CCG", "budget", Period.M1, 10_000),
    ("S", "ICB", "budget", Period.M5, 500),
    ("S", "COUNCIL", "budget", Period.M1, 7_000),
    ("S", "CCG", "actual", Period.M1, 99),
]


def messages(control: str, upto: Period = Period.M12) -> list[str]:
    return [finding.message for finding in control_findings(read_agreement(AGREEMENT + control), TOTALS, upto)]


@pytest.mark.parametrize(
    ("control", "said"),
    [
        ('period = "M6"\nkind = "budget"\namount = "175.00"', []),
        (
            'period = "M6"\nkind = "budget"\namount = "174.99"',
            ["the budget to M6 should be £174.99; the ledger has £175.00, £0.01 more"],
        ),
        (
            'period = "M3"\nkind = "budget"\nfund = "F"\namount = "175.00"',
            ["the budget of fund F to M3 should be £175.00; the ledger has £170.00, £5.00 less"],
        ),
        (
            'period = "M6"\nkind = "actual"\nscheme = "S"\npartner = "COUNCIL"\namount = "1.00"',
            ["the actual of scheme S of COUNCIL to M6 should be £1.00; the ledger has £0.00, £1.00 less"],
        ),
    ],
)
def test_a_control_total_differs_by_so_much_or_is_met(control: str, said: list[str]) -> None:
    assert messages(control) == said


def test_a_successors_control_total_takes_in_its_predecessors_lines() -> None:
    assert messages('period = "M6"\nkind = "budget"\npartner = "ICB"\namount = "105.00"') == []


def test_a_predecessors_control_total_before_the_succession_is_its_own() -> None:
    assert messages('period = "M3"\nkind = "budget"\npartner = "CCG"\namount = "100.00"') == []


def test_a_control_total_of_a_later_period_is_not_checked_yet() -> None:
    assert messages('period = "M6"\nkind = "budget"\namount = "1.00"', upto=Period.M5) == []


def test_a_finding_has_its_figures_in_pence() -> None:
    agreement = read_agreement(AGREEMENT + 'period = "M6"\nkind = "budget"\namount = "170.00"')
    (finding,) = control_findings(agreement, TOTALS, Period.M6)
    assert (finding.ledger_pence, finding.expected_pence, finding.difference_pence) == (17_500, 17_000, 500)
    assert str(finding) == "control total: the budget to M6 should be £170.00; the ledger has £175.00, £5.00 more"


def test_a_measure_that_no_element_names_is_found_because_it_would_hold_pay_back_in_silence() -> None:
    agreement = read_agreement(AGREEMENT + 'period = "M6"\nkind = "budget"\namount = "1.00"')
    measure = Measure(Period.M3, "NAE", Fraction(1), Fraction(1), Fraction(1))
    assert [finding.message for finding in measure_findings(agreement, [measure], Period.M6)] == [
        "“NAE” is a measure that no performance element of the agreement names"
    ]
    assert list(measure_findings(agreement, [measure], Period.M2)) == []
