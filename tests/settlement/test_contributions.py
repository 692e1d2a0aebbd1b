"""The matrix of contributions, on the golden cases' own figures."""

from pathlib import Path

import pytest

from ledgers import create_ledger, open_ledger
from rules.agreement import Kind
from rules.periods import Period
from settlement.contributions import Contributions, Reading, contributions_of

GOLDEN = Path(__file__).parents[1] / "golden"


def found(case: str, period: Period) -> Contributions:
    with open_ledger(GOLDEN / case) as ledger:
        return contributions_of(ledger, period)


def test_first_agreed_and_virements_make_what_is_varied() -> None:
    matrices = found("rotherham-first-call", Period.M12).matrices
    first, moved, varied = (
        matrices[reading] for reading in (Reading.FIRST_AGREED, Reading.VIREMENTS, Reading.AS_VARIED)
    )
    assert any(map(any, moved.rows))
    for one, other, both in zip(first.rows, moved.rows, varied.rows, strict=True):
        assert tuple(map(sum, zip(one, other, strict=True))) == both
    assert varied.total_pence == sum(varied.of_partners) == sum(varied.of_schemes)


def test_the_total_is_the_sum_of_the_budget_lines_whatever_the_period() -> None:
    with open_ledger(GOLDEN / "barnet-2014-15-pooled") as ledger:
        budget = sum(line.amount_pence for line in ledger.lines(kind=Kind.BUDGET))
        for period in (Period.M1, Period.M12):
            assert contributions_of(ledger, period).matrices[Reading.FIRST_AGREED].total_pence == budget


def test_a_successor_has_its_predecessors_contributions_and_their_codes() -> None:
    before, after = found("ccg-to-icb-2022-23", Period.M3), found("ccg-to-icb-2022-23", Period.M6)
    assert [partner.code for partner in before.partners] == ["COUNCIL", "CCG-N", "CCG-S"]
    assert [partner.code for partner in after.partners] == ["COUNCIL", "ICB"]
    assert after.codes_of == {"COUNCIL": ("COUNCIL",), "ICB": ("CCG-N", "CCG-S")}
    was = before.matrices[Reading.FIRST_AGREED].of_partners
    now = after.matrices[Reading.FIRST_AGREED].of_partners
    assert now == (was[0], was[1] + was[2])


@pytest.mark.parametrize("reading", list(Reading))
def test_a_ledger_without_lines_has_nothing_everywhere(reading: Reading, tmp_path: Path) -> None:
    text = (GOLDEN / "barnet-2014-15-pooled" / "agreement.toml").read_text(encoding="utf-8")
    with create_ledger(tmp_path / "empty.s75", text) as ledger:
        matrix = contributions_of(ledger, Period.M12).matrices[reading]
    assert not any(map(any, matrix.rows))
    assert matrix.total_pence == 0
