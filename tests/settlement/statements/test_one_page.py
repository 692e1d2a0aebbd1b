"""What is signed for and who signs it stand on page 1, in every combination of state, dispute, unit and language."""

from dataclasses import replace
from pathlib import Path

import pytest

from ledgers import open_ledger
from ledgers.disputes import Dispute
from rules.language import speaking
from rules.periods import Period
from settlement.disputed import Disputed
from settlement.languages import LANGUAGES, catalogue_of
from settlement.publishing import statement_inputs
from settlement.samples import SAMPLES, Sample, write_sample
from settlement.settle import settle
from settlement.statements import StatementInputs, settlement_statement
from settlement.statements.document import Document, Paragraph, Picture, Section, SignatureBlock, Table
from settlement.statements.first_page import first_page
from settlement.statements.fitting import fits, fitted
from settlement.statements.sealed import framed
from settlement.statements.theme import Theme
from settlement.statements.thousands import in_thousands
from tests.conftest import golden_case
from tests.settlement.statements.making import LONG, for_signature, hard_inputs, inputs_of, signed


def in_dispute(inputs: StatementInputs) -> StatementInputs:
    """A line and every clause in dispute, and a settlement without that which differs by all there is."""
    by, period = inputs.agreement.partners[0].code, inputs.settlement.period
    told = [Dispute(1, period, by, 1, None, "Why.", "2016-07-03T10:00:00+00:00", "somebody")]
    told += [
        Dispute(number, period, by, None, clause.id, "Why.", "2016-07-03T10:00:00+00:00", "somebody")
        for number, clause in enumerate(inputs.agreement.clauses, 2)
    ]
    return replace(inputs, disputed=Disputed(tuple(told), inputs.previous))


def first_of(inputs: StatementInputs, partner: str) -> Document:
    """The first page as its statement has it, and nothing behind it: the rest of a statement takes a while to make."""
    name = inputs.name_of(partner)
    sections = (first_page(inputs, partner), Section("Next", (), new_page=True))
    return fitted(framed(inputs, "Settlement statement", name, name, sections))


def look(plain: StatementInputs) -> None:
    """Of every partner and state, in pounds and in £000."""
    for inputs in (plain, for_signature(plain), signed(plain)):
        for partner in inputs.agreement.partners:
            document = first_of(inputs, partner.code)
            assert fits(document), (partner.code, inputs.status)
            assert fits(in_thousands(document, inputs)), (partner.code, inputs.status, "in £000")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_golden_case_has_it(golden_inputs: StatementInputs, language: str) -> None:
    with speaking(catalogue_of(language)):
        look(golden_inputs)
        look(in_dispute(golden_inputs))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("period", [Period.M6, Period.M12])
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_every_sample_has_it(sample: Sample, period: Period, language: str, tmp_path: Path) -> None:
    write_sample(sample, tmp_path / "sample")
    with speaking(catalogue_of(language)), open_ledger(tmp_path / "sample") as ledger:
        before = settle(ledger.agreement_at(period), ledger.position(Period(period - 1)))
        inputs = replace(statement_inputs(ledger, period), previous=before, previous_period=Period(period - 1))
        look(inputs)
        look(in_dispute(inputs))


# --- what moves -------------------------------------------------------------------------------------------------------


def test_what_fits_stays_as_it_is() -> None:
    document = settlement_statement(inputs_of(golden_case("barnet-2014-15-core")), "LBB")
    assert fitted(document) is document


def test_first_texts_after_the_opening_position_move_then_the_picture() -> None:
    inputs = inputs_of(golden_case("rotherham-first-call"))
    moved = []
    for words in (0, 400, 1_000):
        own = replace(inputs, theme=Theme(paragraph="words of ours " * words))
        document = settlement_statement(own, "COUNCIL")
        first, second = (section.blocks for section in document.sections[:2])
        assert fits(document)
        assert any(isinstance(block, SignatureBlock) for block in first)
        after = first[next(at for at, block in enumerate(first) if isinstance(block, Table)) + 1]
        assert isinstance(after, Paragraph)
        assert after.text.startswith("Opening position")
        moved.append([type(block) for block in second[:1]])
    assert moved[1] == moved[2] == [Paragraph]


def test_the_picture_moves_where_lines_and_notes_leave_no_room() -> None:
    inputs = replace(inputs_of(golden_case("rotherham-first-call")), control_findings=("It differs. " * 90,))
    document = settlement_statement(inputs, "COUNCIL")
    assert fits(document)
    assert isinstance(document.sections[1].blocks[0], Picture)


def test_where_nothing_makes_room_the_page_stays_as_it_was_built() -> None:
    inputs = replace(hard_inputs(3), control_findings=(LONG * 40,))
    document = settlement_statement(inputs, "A")
    assert not fits(document)
    assert any(isinstance(block, Picture) for block in document.sections[0].blocks)


def test_a_document_with_nothing_to_sign_fits() -> None:
    document = settlement_statement(inputs_of(golden_case("barnet-2014-15-core")), "LBB")
    assert fits(replace(document, sections=document.sections[1:]))
    assert fits(replace(document, sections=document.sections[:1]))
