"""Transfer notices: one for each transfer, made up to the penny, always of one number; a draft is no request."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from ledgers.disputes import Dispute
from ledgers.lines import Line
from rules.agreement import Kind, Partner, PartnerKind
from rules.language import speaking
from rules.money import pounds
from rules.periods import Period
from settlement.cash import Transfer
from settlement.disputed import Disputed
from settlement.languages import catalogue_of
from settlement.settle import Settlement
from settlement.statements import StatementInputs, notices_of, transfer_notice
from settlement.statements.accounts.notified import notified_before, reference_of
from settlement.statements.document import KeyFigures, Table
from settlement.statements.inputs import Seal
from settlement.statements.theme import PartnerTheme, Theme
from tests.conftest import GoldenCase, golden_case
from tests.settlement.statements.declared import texts_of, undeclared
from tests.settlement.statements.making import PostedLine, for_signature, hard_inputs, inputs_of, signed
from tests.settlement.statements.test_any_agreement import generated
from tests.settlement.statements.worked import worked


def test_there_is_one_for_each_transfer_of_the_result_and_it_adds_up(golden: GoldenCase) -> None:
    inputs = inputs_of(golden)
    notices = notices_of(inputs.settlement)
    assert [(each.payer, each.receiver, each.amount_pence) for each in notices.values()] == [
        (each["from"], each["to"], each["amount"]) for each in golden.expected["transfers"]
    ]
    for pair, transfer in notices.items():
        document = transfer_notice(inputs, pair)
        assert undeclared(document) == []
        (table,) = document.tables
        assert "Amounts in brackets reduce what is due." in texts_of(document)
        assert table.rows[-1].cells[1] == transfer.amount_pence
        assert table.rows[-1].adds
        (key,) = (block for section in document.sections for block in section.blocks if isinstance(block, KeyFigures))
        assert key.amount_pence == transfer.amount_pence


def breakdown(inputs: StatementInputs, pair: str) -> list[tuple[object, ...]]:
    table = transfer_notice(inputs, pair).sections[1].blocks[1]
    assert isinstance(table, Table)
    return [row.cells for row in table.rows]


def test_what_makes_the_amount() -> None:
    assert breakdown(worked(), "C-N") == [
        ("NHS North with Pool (P), hosted by The Council",),
        ("Financial Contribution due", 900_00),
        ("Share of QIPP shortfalls", 6_00),
        ("Together", 906_00),
        ("The Council with Aligned (L), hosted by NHS North",),
        ("Share of benefits", 30_00),
        ("Together", 30_00),
        ("Due to The Council", 936_00),
    ]


def test_what_funds_of_two_hosts_owe_each_other_is_in_it() -> None:
    rows = breakdown(inputs_of(golden_case("rotherham-first-call")), next(iter(notices_of(rotherham().settlement))))
    between = rows[rows.index(("Between the funds that they host",)) + 1 :]
    ends = "From Pooled fund 1, hosted by the CCG to Pooled fund 2, hosted by the council, by clause"
    names = ("Overspend of Reablement (REABLEMENT)", "Overspend of Community equipment (EQUIPMENT)")
    assert between[:3] == [
        (f"{ends} 4.1: {' and '.join(names)}", 177_216_45),
        (f"{ends} 4.2: {names[0]}", 204_872_21),
        (f"{ends} 4.2: {names[1]}", 149_560_70),
    ]


def test_every_movement_between_funds_names_what_it_dealt_with() -> None:
    found = 0
    for inputs in map(generated, range(200)):
        for pair in () if inputs is None else notices_of(inputs.settlement):
            assert inputs is not None
            for label, *_ in breakdown(inputs, pair):
                if str(label).startswith("From "):
                    found += 1
                    assert not str(label).endswith(": "), label
    assert found > 20


def rotherham() -> StatementInputs:
    return inputs_of(golden_case("rotherham-first-call"))


def test_every_line_is_called_by_the_way_it_counts(golden: GoldenCase) -> None:
    inputs = inputs_of(golden)
    for pair in notices_of(inputs.settlement):
        for label, *amount in breakdown(inputs, pair):
            if amount and not str(label).startswith(("Together", "Due to", "From ")):
                assert (amount[0] < 0) == str(label).startswith("Less: "), (label, amount)


def test_who_what_for_and_how_much_in_words() -> None:
    text = texts_of(transfer_notice(inputs_of(golden_case("telford-2019-20")), "COUNCIL-CCG"))
    assert "Due from NHS Telford and Wrekin CCG to Telford & Wrekin Council" in text
    assert "Three hundred thousand pounds" in text
    assert "Number: TELFORD-BCF/2019-20/M12/COUNCIL/CCG/DRAFT" in text
    assert "To be filled in, as the agreement provides" in text
    for blank in ("To be paid by: ", "Purchase order: ", "Pay to: ", "VAT treatment: "):
        assert f"\n{blank}\n" in text


def test_a_draft_is_no_request_for_payment_and_a_signed_one_says_by_which_note() -> None:
    inputs = inputs_of(golden_case("telford-2019-20"))
    draft = texts_of(transfer_notice(inputs, "COUNCIL-CCG"))
    assert "The settlement is a draft: this notice is not a request for payment." in draft
    put_up = texts_of(transfer_notice(for_signature(inputs), "COUNCIL-CCG"))
    assert "Not every partner has signed the settlement yet: this notice is not a request for payment." in put_up
    assert "/DRAFT" in put_up
    text = texts_of(transfer_notice(signed(inputs), "COUNCIL-CCG"))
    assert "not a request for payment" not in text
    assert "as every partner signed it in note 3: Telford & Wrekin Council invoices NHS Telford" in text
    assert "Number: TELFORD-BCF/2019-20/M12/COUNCIL/CCG/N3" in text


def test_what_was_due_before_is_told_so_that_nobody_pays_twice() -> None:
    """At M5 the Council had £750 of NHS North's contributions and half of £50; at M6 £900, £6 and half of £60."""
    text = texts_of(transfer_notice(worked(), "C-N"))
    assert "It takes the place of any earlier notice between the two that is not paid" in text
    assert "At M5 £775.00 was due from NHS North to The Council." in text
    first = texts_of(transfer_notice(worked(Period.M6, None), "C-N"))
    assert "was due" not in first
    nothing = texts_of(transfer_notice(inputs_of(golden_case("telford-2019-20")), "COUNCIL-CCG"))
    assert "At M11 nothing was due between the two." in nothing


def test_what_was_due_the_other_way_is_told_so() -> None:
    inputs = worked()
    assert inputs.previous is not None
    (before,) = inputs.previous.transfers
    turned = replace(
        inputs.previous, cash=replace(inputs.previous.cash, transfers=(Transfer("C", "N", before.amount_pence),))
    )
    text = texts_of(transfer_notice(replace(inputs, previous=turned), "C-N"))
    assert "At M5 £775.00 was due from The Council to NHS North." in text


# What was notified before


SEAL = Seal(2, 64 * "c")


def key_figures(inputs: StatementInputs, pair: str) -> KeyFigures:
    blocks = transfer_notice(inputs, pair).sections[0].blocks
    return next(block for block in blocks if isinstance(block, KeyFigures))


def test_what_a_signed_notice_asked_for_is_apart_from_what_is_new() -> None:
    signed_before = replace(worked(), previous_seal=SEAL)
    assert key_figures(signed_before, "C-N").lines == (
        "Already notified at M5 (notice WORKED/2014-15/M5/C/N/N2): £775.00.",
        "New since then, and to be invoiced: £161.00.",
    )
    assert "At M5 £775.00 was due" not in texts_of(transfer_notice(signed_before, "C-N"))
    assert key_figures(worked(), "C-N").lines == ()  # nobody signed what was stated before


@pytest.mark.parametrize(
    ("paid", "due", "told"),
    [
        (
            500_00,
            436_00,
            ("Posted as paid between the two since then: £500.00.", "New since then, and to be invoiced: £161.00."),
        ),
        (
            775_00,
            161_00,
            ("Posted as paid between the two since then: £775.00.", "New since then, and to be invoiced: £161.00."),
        ),
        (
            900_00,
            36_00,
            ("Posted as paid between the two since then: £900.00.", "New since then, and to be invoiced: £36.00."),
        ),
        (
            -100_00,
            1036_00,
            ("Posted as repaid between the two since then: £100.00.", "New since then, and to be invoiced: £161.00."),
        ),
    ],
)
def test_what_was_paid_since_is_no_longer_open(paid: int, due: int, told: tuple[str, ...]) -> None:
    """At M5 £775 was due, at M6 £936 before any payment: £161 is new, whatever was paid of what is old."""
    payment = PostedLine(1, Period.M6, "A", "N", Kind.PAYMENT, paid)
    inputs = replace(worked(Period.M6, Period.M5, payment), previous_seal=SEAL)
    (transfer,) = inputs.settlement.transfers
    assert transfer.amount_pence == due
    assert key_figures(inputs, "C-N").lines[1:] == told


def test_where_less_is_due_than_was_notified_it_is_to_be_credited() -> None:
    less = PostedLine(1, Period.M6, "A", "N", Kind.BUDGET, -400_00)
    more = PostedLine(1, Period.M6, "A", "C", Kind.BUDGET, 400_00)
    inputs = replace(worked(Period.M6, Period.M5, less, more), previous_seal=SEAL)
    (transfer,) = inputs.settlement.transfers
    assert transfer.amount_pence < 775_00
    said = key_figures(inputs, "C-N").lines[-1]
    assert said == f"Less since then, and to be credited: {pounds(775_00 - transfer.amount_pence)}."


def test_where_nothing_is_new_there_is_nothing_to_pay() -> None:
    now = worked()
    same = signed(replace(now, previous=now.settlement, previous_period=Period.M6, previous_seal=SEAL))
    document = transfer_notice(same, "C-N")
    assert document.title == "Transfer notice: nothing new"
    text = texts_of(document)
    assert "notice WORKED/2014-15/M6/C/N/N2 asked for this amount already. This is not a request for payment" in text
    assert "Number: WORKED/2014-15/M6/C/N/N2" in text
    assert "/N3" not in text
    assert "Notified already and not paid, from NHS North to The Council" in text
    assert "invoices" not in text.replace("Creditor, who invoices", "")
    assert "To be filled in" not in text
    payment = PostedLine(1, Period.M6, "A", "N", Kind.PAYMENT, 100_00)
    partly = worked(Period.M6, Period.M5, payment)
    still = replace(partly, previous=now.settlement, previous_period=Period.M6, previous_seal=SEAL)
    assert key_figures(still, "C-N").lines[1:] == (
        "Posted as paid between the two since then: £100.00.",
        "New since then: nothing.",
    )


def test_the_same_amount_is_new_where_the_earlier_one_was_paid() -> None:
    """£775 was notified and paid, and by the turn of the month as much is due again."""
    paid = PostedLine(1, Period.M6, "A", "N", Kind.PAYMENT, 775_00)
    more = PostedLine(1, Period.M6, "B", "N", Kind.BUDGET, 614_00)
    inputs = replace(worked(Period.M6, Period.M5, paid, more), previous_seal=SEAL)
    (transfer,) = inputs.settlement.transfers
    before = notified_before(inputs, transfer)
    assert before is not None
    assert before.new_pence == transfer.amount_pence
    assert transfer_notice(inputs, "C-N").title == "Transfer notice"


def test_what_was_notified_the_other_way_is_told_in_words() -> None:
    inputs = replace(worked(), previous_seal=SEAL)
    assert inputs.previous is not None
    turned = replace(inputs.previous, cash=replace(inputs.previous.cash, transfers=(Transfer("C", "N", 1_00),)))
    text = texts_of(transfer_notice(replace(inputs, previous=turned), "C-N"))
    assert "At M5 £1.00 was due from The Council to NHS North." in text
    assert "Already notified" not in text


def test_a_successor_is_asked_for_what_its_predecessors_were_not() -> None:
    case = golden_case("ccg-to-icb-2022-23")
    inputs = replace(
        inputs_of(case), previous=case.settlement(Period.M3), previous_period=Period.M3, previous_seal=SEAL
    )
    assert inputs.previous is not None
    for transfer in inputs.settlement.transfers:
        before = notified_before(inputs, transfer)
        if before is not None:
            assert before.numbers.count("/M3/") == len(inputs.previous.transfers)
            return
    pytest.fail("nothing was notified before")


# What is in dispute


def paying(settlement: Settlement, *transfers: Transfer) -> Settlement:
    return replace(settlement, cash=replace(settlement.cash, transfers=transfers))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda _: None, "How much of the amount is not in dispute cannot be worked out"),
        (
            lambda it: paying(it, Transfer("N", "C", 700_00)),
            "£700.00 would be due from NHS North to The Council. Not in dispute: £700.00.",
        ),
        (
            lambda it: paying(it, Transfer("N", "C", 999_00)),
            "£999.00 would be due from NHS North to The Council. Not in dispute: £936.00.",
        ),
        (
            lambda it: paying(it, Transfer("C", "N", 5_00)),
            "£5.00 would be due from The Council to NHS North: nothing of the amount is",
        ),
        (paying, "nothing would be due between the two: nothing of the amount is undisputed."),
    ],
)
def test_how_much_is_not_in_dispute(change: Callable[[Settlement], Settlement | None], told: str) -> None:
    inputs = worked()
    raised = (("line", 7), ("clause", "1"), ("line", 99))
    disputes = tuple(
        Dispute(
            number,
            Period.M5,
            "N",
            what if about == "line" and isinstance(what, int) else None,
            str(what) if about == "clause" else None,
            "Not ours.",
            "2014-09-03T10:00:00+00:00",
            "somebody",
        )
        for number, (about, what) in enumerate(raised, 1)
    )
    taken = (Line(7, Period.M5, "A", "C", Kind.ACTUAL, 12_00),)
    disputed = Disputed(disputes, change(inputs.settlement), lines=taken)
    text = texts_of(transfer_notice(replace(inputs, disputed=disputed), "C-N"))
    assert told in text
    assert "Dispute 1, of NHS North: line 7, £12.00. Not ours." in text
    assert "Dispute 2, of NHS North: what clause 1 comes to. Not ours." in text
    assert "Dispute 3, of NHS North: line 99. Not ours." in text


def test_addresses_are_the_themes() -> None:
    theme = Theme(partners={"C": PartnerTheme(address=("Town Hall", "High Street"))})
    text = texts_of(transfer_notice(replace(worked(), theme=theme), "C-N"))
    assert "Creditor, who invoices: The Council, Town Hall, High Street" in text
    assert "Debtor, who pays: NHS North\n" in text


def test_no_notice_where_nothing_is_due_and_none_of_a_forecast() -> None:
    assert notices_of(inputs_of(golden_case("fife-reserves-first")).settlement) == {}
    inputs = worked()
    assert inputs.outturn is not None
    assert inputs.outturn.transfers
    assert notices_of(inputs.outturn) == {}
    with pytest.raises(KeyError):
        transfer_notice(inputs, "N-C")


def test_a_number_is_the_same_in_every_language() -> None:
    inputs = inputs_of(golden_case("telford-2019-20"))
    (transfer,) = inputs.settlement.transfers
    english = reference_of(inputs, transfer)
    with speaking(catalogue_of("cy")):
        assert reference_of(inputs, transfer) == english
        assert english in texts_of(transfer_notice(inputs, "COUNCIL-CCG"))


def test_no_two_notices_have_one_number_or_one_name_whatever_the_codes() -> None:
    inputs = inputs_of(golden_case("telford-2019-20"))
    codes = ("A-B", "C", "A", "B-C", "a", "ŁŁ", "Ł")
    agreement = replace(inputs.agreement, partners=tuple(Partner(code, code, PartnerKind.OTHER) for code in codes))
    transfers = tuple(Transfer(payer, receiver, 1) for payer in codes for receiver in codes if payer != receiver)
    settlement = inputs.settlement
    many = replace(
        settlement,
        outcome=replace(settlement.outcome, agreement=agreement),
        cash=replace(settlement.cash, transfers=transfers),
    )
    drafted = replace(inputs, settlement=many)
    assert len(notices_of(many)) == len(transfers)
    numbers = {reference_of(drafted, transfer) for transfer in transfers}
    assert len(numbers) == len(transfers)
    assert all(number.isascii() and " " not in number for number in numbers)


def test_hard_names_can_be_told() -> None:
    assert undeclared(transfer_notice(hard_inputs(3), "A-B")) == []
