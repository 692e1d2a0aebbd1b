"""Golden cases as inputs for statements."""

import pytest

from settlement.statements import StatementInputs
from tests.conftest import GoldenCase
from tests.settlement.statements.making import inputs_of


@pytest.fixture
def golden_inputs(golden: GoldenCase) -> StatementInputs:
    """Each golden case in turn, with what was stated a period before and the forecast outturn."""
    return inputs_of(golden)
