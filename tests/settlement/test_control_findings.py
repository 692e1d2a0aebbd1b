"""Control totals that a ledger does not agree with are on its statements, by the names that their readers know."""

from dataclasses import replace
from pathlib import Path

import pytest

from ledgers import open_ledger
from rules.periods import Period
from settlement.control_findings import disagreeing, finding_in_words
from settlement.publishing import statement_inputs
from settlement.samples import SAMPLES, write_sample
from tests.conftest import golden_case

HAMMERSMITH = SAMPLES[-1]
TOLD = "£1,151,000.00 less."


def test_the_sample_that_differs_says_so_on_its_statements(tmp_path: Path) -> None:
    write_sample(HAMMERSMITH, tmp_path)
    with open_ledger(tmp_path) as ledger:
        (told,) = statement_inputs(ledger, Period.M12).control_findings
        assert told.startswith("Control total of ")
        assert told.endswith(TOLD)
        assert statement_inputs(ledger, Period.M6).control_findings == ()


def test_what_was_put_up_is_held_to_its_own_sums(tmp_path: Path) -> None:
    write_sample(HAMMERSMITH, tmp_path)
    with open_ledger(tmp_path) as ledger:
        agreement = ledger.agreement_at(Period.M12)
        (held,) = disagreeing(ledger, agreement, Period.M12)
        sums = [
            (total.scheme, total.partner, str(total.kind), Period.M12, total.to_date_pence)
            for total in ledger.position(Period.M12).totals
        ]
        assert disagreeing(ledger, agreement, Period.M12, sums) == (held,)
        assert len(disagreeing(ledger, agreement, Period.M12, [])) == len(agreement.controls)


@pytest.mark.parametrize(("ledger_pence", "end"), [(2_00, "£1.00 more."), (0, "£1.00 less.")])
def test_it_says_of_what_it_is_by_name_or_by_code(ledger_pence: int, end: str, tmp_path: Path) -> None:
    write_sample(HAMMERSMITH, tmp_path)
    agreement = golden_case("barnet-2014-15-core").agreement
    with open_ledger(tmp_path) as ledger:
        (held,) = disagreeing(ledger, ledger.agreement_at(Period.M12), Period.M12)
    of = replace(held.control, scheme="CORE-L5", partner="LBB", fund="POOL", amount_pence=1_00)
    told = finding_in_words(replace(held, control=of, ledger_pence=ledger_pence), agreement)
    assert "London Borough of Barnet" in told
    assert "(CORE-L5)" in told
    assert "(POOL)" in told
    assert told.endswith(end)
    unknown = finding_in_words(replace(held, control=replace(of, scheme="X", partner="Y", fund="Z")), agreement)
    assert ", Z, X, Y to " in unknown
