"""Accounts, returns, reports and notices of agreements that nobody has seen: they can be made, and they add up."""

from itertools import chain

import pytest

from settlement.statements.document import Document
from settlement.statements.writing import documents_of, papers_of
from tests.settlement.statements.declared import undeclared
from tests.settlement.statements.test_any_agreement import generated

_KINDS = ("memorandum-account", "annual-return", "quarterly-report", "monitoring-report", "transfer-notice")


@pytest.mark.parametrize("chunk", range(4))
def test_they_can_be_made_and_add_up(chunk: int) -> None:
    """The tables hold their own sums: what is left to see is that every total says what it adds."""
    made = 0
    for seed in range(50 * chunk, 50 * chunk + 50):
        inputs = generated(seed)
        if inputs is None:
            continue
        codes = tuple(partner.code for partner in inputs.agreement.partners)
        documents: list[tuple[str, Document]] = list(documents_of(inputs, codes, kinds=_KINDS))
        assert [name for name, _ in documents] == [paper.name for paper in papers_of(inputs.settlement, kinds=_KINDS)]
        assert list(chain.from_iterable(undeclared(document) for _, document in documents)) == []
        returned = next(document for name, document in documents if name.endswith("annual-return"))
        closing = {fund.code: 0 for fund in inputs.agreement.funds if fund.is_pooled}
        for balance in inputs.settlement.outcome.reserves:
            if balance.reserve.fund in closing:
                closing[balance.reserve.fund] += balance.closing_pence
        accounts = [table for table in returned.tables if table.title == "Account of the fund"]
        assert [table.rows[-1].cells[1] for table in accounts] == list(closing.values())
        made += 1
    assert made > 40
