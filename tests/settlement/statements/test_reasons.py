"""Why an amount is due: what a line is called by what makes it, what a host holds, what those bear who pay."""

from dataclasses import replace
from pathlib import Path

import pytest

from ledgers import open_ledger
from rules.money import pounds
from rules.periods import Period
from settlement.publishing import statement_inputs
from settlement.samples import SAMPLES, write_sample
from settlement.statements import StatementInputs, settlement_statement
from settlement.statements.document import KeyFigures, Note, Table, Tone
from settlement.statements.footing import footing_lines
from settlement.statements.funds import funds_section
from settlement.statements.inputs import Seal
from settlement.statements.reasons import HANDED_OVER, handed_over_label, held_for_the_pool, reasons, reserves_held
from tests.conftest import golden_case
from tests.settlement.statements.making import BEFORE, inputs_of


def label_of(inputs: StatementInputs, partner: str) -> str:
    return next((line.label for line in footing_lines(inputs, partner) if line.key == "handed_over"), "")


def panel_of(inputs: StatementInputs, partner: str) -> KeyFigures:
    blocks = settlement_statement(inputs, partner).sections[0].blocks
    return next(block for block in blocks if isinstance(block, KeyFigures))


# --- what it realised or bore itself ----------------------------------------------------------------------------------


def test_a_shortfall_that_a_partner_bore_itself_is_no_benefit() -> None:
    inputs = inputs_of(golden_case("three-partners-qipp-separate"))
    assert label_of(inputs, "B") == "Less: QIPP shortfalls it bore itself"
    assert label_of(inputs, "A") == ""
    assert handed_over_label(inputs, "A") == HANDED_OVER
    assert "The £190,000.01 of QIPP shortfalls that it bore itself already is taken off." in reasons(inputs, "B")[1]
    table = next(block for block in funds_section(inputs, "B").blocks if isinstance(block, Table))
    assert "Less: QIPP shortfalls it bore itself" in [row.cells[0] for row in table.rows]


def test_the_label_says_what_makes_the_line_in_every_golden_case(golden_inputs: StatementInputs) -> None:
    for row in golden_inputs.settlement.rows:
        label = label_of(golden_inputs, row.partner)
        assert not (row.handed_over_pence < 0 and label.startswith("Benefits it realised"))
        assert not (row.handed_over_pence > 0 and label.startswith("Less"))
        assert bool(label) or not row.handed_over_pence


def test_a_disbenefit_that_a_partner_bore_itself_is_named(tmp_path: Path) -> None:
    write_sample(next(sample for sample in SAMPLES if sample.name == "barnet-2014-15-core"), tmp_path)
    with open_ledger(tmp_path) as ledger:
        inputs = statement_inputs(ledger, Period.M6)
    assert label_of(inputs, "LBB") == "Less: disbenefits it bore itself"
    assert "The £1,875.00 of disbenefits that it bore itself already is taken off." in reasons(inputs, "LBB")[1]
    assert label_of(inputs, "BCCG") == "Benefits it realised itself, handed over"
    assert "It hands over £590,369.25 of benefits that it realised itself." in reasons(inputs, "BCCG")[1]


# --- as a host --------------------------------------------------------------------------------------------------------


def test_of_what_is_due_to_a_host_what_it_holds_for_the_pool_is_not_its_own() -> None:
    inputs = inputs_of(golden_case("barnet-2014-15-reward-mechanism"))
    (held,) = reserves_held(inputs, "LBB")
    assert (held.paid_in_pence, held.drawn_pence) == (593_142_00, 0)
    told = f"Of this, £593,142.00 is held for the pooled fund in the reserve “{held.name}”; it is not its own."
    assert panel_of(inputs, "LBB").lines[-1] == told
    assert f"£593,142.00 paid into the reserve “{held.name}”" in reasons(inputs, "LBB")[-1]
    assert reserves_held(inputs, "BCCG") == ()
    assert not any("not its own" in line for line in panel_of(inputs, "BCCG").lines)


def test_a_host_that_is_owed_less_than_it_holds_is_told_so() -> None:
    inputs = inputs_of(golden_case("barnet-2014-15-reward-mechanism"))
    row = inputs.settlement.row_of("LBB")
    (told,) = held_for_the_pool(inputs, replace(row, net_due_pence=-1_00))
    assert told.startswith("It holds £593,142.00 for the pooled fund in the reserve “")
    assert held_for_the_pool(inputs, replace(row, net_due_pence=1_00)) == []


def test_what_is_drawn_from_a_reserve_is_named() -> None:
    inputs = inputs_of(golden_case("fife-reserves-first"))
    (host,) = {fund.host for fund in inputs.agreement.funds}
    (held,) = (each for each in reserves_held(inputs, host) if each.drawn_pence)
    assert f"{pounds(held.drawn_pence)} drawn from the reserve “{held.name}”" in reasons(inputs, host)[-1]


def test_what_goes_between_underspends_and_overspends_is_named() -> None:
    inputs = inputs_of(golden_case("rotherham-first-call"))
    assert "£531,649.36 of overspends met from underspends" in reasons(inputs, "COUNCIL")[-1]
    assert "£531,649.36 of underspends given to overspends" in reasons(inputs, "CCG")[-1]


# --- other partners, performance pay ----------------------------------------------------------------------------------


def test_a_creditor_without_a_share_is_told_what_the_payer_bears() -> None:
    inputs = inputs_of(golden_case("hammersmith-fulham-2017-18"))
    payer = inputs.name_of("HFCCG")
    assert reasons(inputs, "LBHF")[1] == (
        f"No share of any variance falls to it. {payer} bears £868,480.00 of overspends and £359,520.00 of QIPP "
        "shortfalls."
    )
    assert "bears" in reasons(inputs, "HFCCG")[1]


def test_performance_pay_not_released_is_named_where_there_is_any() -> None:
    inputs = inputs_of(golden_case("payment-for-performance"))
    withheld = [sum(cells) for cells in zip(*(inputs.settlement.outcome.figures.withheld or ()), strict=True)]
    assert any(withheld)
    for partner, pence in zip(inputs.agreement.partners, withheld, strict=True):
        told = f"after {pounds(pence)} of performance pay not released;"
        assert (told in reasons(inputs, partner.code)[0]) is bool(pence)


# --- what was signed before -------------------------------------------------------------------------------------------


def test_what_was_signed_before_is_no_new_amount() -> None:
    case = golden_case("barnet-2014-15-reward-mechanism")
    inputs = replace(inputs_of(case), previous=case.settlement(), previous_seal=Seal(1, BEFORE))
    assert panel_of(inputs, "LBB").lines[-1] == (
        "Of it £962,958.16 was stated and signed at M11 (note 1); new since then: £0.00."
    )
    assert not any("stated and signed" in line for line in panel_of(inputs_of(case), "LBB").lines)


def test_who_took_whose_place_is_told_with_the_day() -> None:
    case = golden_case("ccg-to-icb-2022-23")
    document = settlement_statement(replace(inputs_of(case), previous=case.settlement(Period.M3)), "ICB")
    texts = " ".join(getattr(block, "text", "") for block in document.sections[0].blocks)
    assert "NHS Integrated Care Board took the place of NHS North CCG and NHS South CCG on 1 July 2022." in texts


# --- control totals ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("findings", "told"),
    [
        (("It differs.",), "A control total does not agree. It differs."),
        (
            ("It differs.", "So does this."),
            "A control total does not agree. It differs. 1 more does not agree: see “Balances, transfers and key”.",
        ),
    ],
)
def test_a_control_total_that_does_not_agree_is_a_warning_on_page_1(findings: tuple[str, ...], told: str) -> None:
    inputs = replace(inputs_of(golden_case("barnet-2014-15-core")), control_findings=findings)
    document = settlement_statement(inputs, "LBB")
    notes = [block for block in document.sections[0].blocks if isinstance(block, Note)]
    assert (notes[0].text, notes[0].tone) == (told, Tone.WARNING)
    bullets = [block for section in document.sections[1:] for block in section.blocks]
    assert any(getattr(block, "items", ()) == findings for block in bullets)
