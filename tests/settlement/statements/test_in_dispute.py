"""What is in dispute stands on every partner's statement, with what would be due without it."""

from dataclasses import replace
from pathlib import Path

import pytest

from ledgers.disputes import Dispute
from ledgers.lines import Line
from rules.agreement import Agreement, Kind
from rules.money import pounds
from rules.periods import Period
from settlement.disputed import Alone, Disputed, without_clauses
from settlement.statements import (
    StatementInputs,
    memorandum_account,
    settlement_statement,
    workings,
    write_statements,
)
from settlement.statements.document import Document, Facts, Heading, Note, Paragraph, Section, Table, Tone
from settlement.statements.pdf.writer import write_pdf
from tests.conftest import agreement_of, cap, clause, fixed
from tests.settlement.statements.making import LONG, PostedLine, descriptions_of, pages_of, settled

M1, M4, M5 = Period.M1, Period.M4, Period.M5
AGREEMENT = agreement_of(
    clause("1", "overspend", share=fixed(A="1", B="1", C="2"))
    + cap("C", "30.00", "1", beyond="others")
    + clause("2", "underspend", share=fixed(A="1", B="1")),
    partners="A; B; C",
    schemes="S1; S2",
)
LINES = (
    Line(1, M1, "S1", "A", Kind.BUDGET, 300_00),
    Line(2, M4, "S1", "A", Kind.ACTUAL, 340_00, reference="INV-1", description="Homecare"),
    Line(3, M4, "S1", "B", Kind.ACTUAL, 60_00, belongs_to=Period.M2),
    Line(4, M4, "S1", "C", Kind.VIREMENT, -7_00, reference="V1", batch=2),
    Line(5, M4, "S2", "C", Kind.VIREMENT, 7_00, reference="V1", batch=2),
    Line(6, M5, "S1", "B", Kind.ACTUAL, -60_00, reverses=3, reason="twice"),
)
RAISED = Dispute(1, M4, "B", 2, None, "Not a service of the pool.", "2016-07-03T10:00:00+00:00", "somebody")
OF_CLAUSE = Dispute(2, M5, "C", None, "1", "The cap was to be 20.00.", "2016-08-09T10:00:00+00:00", "somebody")


def settlement_of(agreement: Agreement, lines: tuple[Line, ...]) -> StatementInputs:
    rows = tuple(
        PostedLine(line.id, line.period, line.scheme, line.partner, line.kind, line.amount_pence, cause=line.cause)
        for line in lines
    )
    return StatementInputs(settled(agreement, rows, M5), lines=lambda: rows)


def disputed(*disputes: Dispute, lines: tuple[int, ...] = (), clauses: tuple[str, ...] = ()) -> StatementInputs:
    """The settlement with these disputes, and what it would be without these lines and clauses."""
    rest = tuple(line for line in LINES if line.id not in lines)
    without = settlement_of(without_clauses(AGREEMENT, frozenset(clauses)), rest).settlement
    taken = tuple(line for line in LINES if line.id in lines)
    return replace(settlement_of(AGREEMENT, LINES), disputed=Disputed(disputes, without, lines=taken))


def section_of(document: Document) -> Section:
    return next(section for section in document.sections if section.title == "In dispute")


def facts_of(document: Document, heading: str) -> dict[str, str]:
    blocks = section_of(document).blocks
    place = next(at for at, block in enumerate(blocks) if isinstance(block, Heading) and block.text == heading)
    facts = blocks[place + 1]
    assert isinstance(facts, Facts)
    return dict(facts.pairs)


def warnings_of(document: Document) -> list[str]:
    blocks = document.sections[0].blocks
    return [block.text for block in blocks if isinstance(block, Note) and block.tone is Tone.WARNING]


def table_named(document: Document, title: str) -> Table:
    return next(table for table in document.tables if table.title == title)


@pytest.mark.parametrize("nothing", [None, Disputed((), None)])
def test_where_nothing_is_in_dispute_nothing_is_said_of_it(nothing: Disputed | None) -> None:
    inputs = replace(settlement_of(AGREEMENT, LINES), disputed=nothing)
    for document in (settlement_statement(inputs, "A"), memorandum_account(inputs), workings(inputs)):
        assert "In dispute" not in [section.title for section in document.sections]
        assert warnings_of(document) == []


def test_the_first_page_warns_with_what_would_be_due_without(tmp_path: Path) -> None:
    inputs = disputed(RAISED, lines=(2,))
    assert inputs.disputed is not None
    assert inputs.disputed.without is not None
    for code in "ABC":
        now, then = (each.row_of(code).net_due_pence for each in (inputs.settlement, inputs.disputed.without))
        assert now != then
        document = settlement_statement(inputs, code)
        (warning,) = warnings_of(document)
        due = f"{pounds(abs(then))} would be due {'from' if then > 0 else 'to'} The {code}" if then else "nothing would"
        assert warning.startswith(f"1 line is in dispute. Without it, {due}")
        assert f"a difference of {pounds(abs(now - then))}. See “In dispute”." in warning
        path = tmp_path / "statement.pdf"
        write_pdf(document, path)
        assert "1 line is in dispute." in pages_of(path)[0]


def test_it_says_so_where_a_partner_would_owe_the_same() -> None:
    inputs = disputed(RAISED, lines=())
    (warning,) = warnings_of(settlement_statement(inputs, "A"))
    assert warning == (
        "1 line is in dispute. Without it, what is due to or from The A would be the same. See “In dispute”."
    )


def test_lines_and_clauses_are_counted_once_however_many_dispute_them() -> None:
    both = (RAISED, replace(RAISED, id=3, partner="C"), OF_CLAUSE, replace(RAISED, id=4, line=5))
    (warning, *_) = warnings_of(settlement_statement(disputed(*both, lines=(2, 4, 5), clauses=("1",)), "A"))
    assert warning.startswith("2 lines and 1 clause are in dispute. Without them, ")


def test_net_due_and_transfers_stand_side_by_side_with_and_without() -> None:
    inputs = disputed(RAISED, lines=(2,))
    assert inputs.disputed is not None
    now, without = inputs.settlement, inputs.disputed.without
    assert without is not None
    document = settlement_statement(inputs, "C")
    table = table_named(document, "Net due (negative: receives)")
    assert [row.cells for row in table.rows] == [
        (
            f"The {code} ({code})",
            now.row_of(code).net_due_pence,
            without.row_of(code).net_due_pence,
            now.row_of(code).net_due_pence - without.row_of(code).net_due_pence,
        )
        for code in "ABC"
    ]
    paid = {row.cells[:2]: row.cells[2:] for row in table_named(document, "Who pays whom, with and without").rows}
    for place, settlement in enumerate((now, without)):
        for transfer in settlement.transfers:
            pair = (f"The {transfer.payer} ({transfer.payer})", f"The {transfer.receiver} ({transfer.receiver})")
            assert paid[pair][place] == transfer.amount_pence
    assert all(cells[0] - cells[1] == cells[2] for cells in paid.values())
    assert sum(cells[0] for cells in paid.values()) == sum(transfer.amount_pence for transfer in now.transfers)


def test_what_only_a_disputed_clause_deals_with_has_a_row_of_its_own_and_is_nobodys() -> None:
    for code in "ABC":
        document = settlement_statement(disputed(OF_CLAUSE, clauses=("1",)), code)
        (warning,) = warnings_of(document)
        assert warning.startswith("1 clause is in dispute. Without it, nothing would be due to or from The ")
        assert warning.endswith(
            "£40.00 would then be allocated by no clause, and is in no partner's figure. See “In dispute”."
        )
        table = table_named(document, "Net due (negative: receives)")
        *partners, last = (row.cells for row in table.rows)
        assert last == ("Allocated by no clause: to be borne", 0, 40_00, -40_00)
        assert [cells[2] for cells in partners] == [0, 0, 0]
        blocks = section_of(document).blocks
        after = blocks[blocks.index(table) + 1]
        assert isinstance(after, Paragraph)
        assert after.text.startswith("What no clause would allocate stays with whoever spent or realised it, ")


def test_what_no_clause_deals_with_once_a_line_is_out_is_told_of_too() -> None:
    inputs = disputed(RAISED, lines=(2,))
    assert inputs.disputed is not None
    schedule = without_clauses(AGREEMENT, frozenset({"2"}))
    now, without = (settlement_of(schedule, lines).settlement for lines in (LINES, (LINES[0], *LINES[2:])))
    inputs = replace(inputs, settlement=now, disputed=replace(inputs.disputed, without=without))
    document = settlement_statement(inputs, "A")
    (warning,) = warnings_of(document)
    assert "£300.00 would then be allocated by no clause, and is in no partner's figure." in warning
    last = table_named(document, "Net due (negative: receives)").rows[-1]
    assert last.cells == ("Allocated by no clause: to be received", 0, -300_00, 300_00)


def test_where_nobody_owes_anybody_it_is_a_sentence() -> None:
    lines = (LINES[0], replace(LINES[1], amount_pence=300_00))
    inputs = settlement_of(AGREEMENT, lines)
    inputs = replace(inputs, disputed=Disputed((OF_CLAUSE,), inputs.settlement))
    document = settlement_statement(inputs, "A")
    assert section_of(document).blocks[-1] == Paragraph("With and without it, nobody owes anybody anything.")


def test_each_of_several_disputes_is_left_out_by_itself_and_then_all_together() -> None:
    inputs = disputed(RAISED, OF_CLAUSE, replace(RAISED, id=3, partner="C"), lines=(2,), clauses=("1",))
    assert inputs.disputed is not None
    of_line = settlement_of(AGREEMENT, tuple(line for line in LINES if line.id != 2)).settlement
    alone = (Alone(2, None, of_line), Alone(None, "1", None, "it cannot be shared."))
    inputs = replace(inputs, disputed=replace(inputs.disputed, alone=alone))
    blocks = section_of(settlement_statement(inputs, "A")).blocks
    titles = [getattr(block, "title", getattr(block, "text", "")) for block in blocks]
    assert [title for title in titles if title.startswith(("Net due", "With and"))] == [
        "Net due without dispute 1 alone (negative: receives)",
        "With and without all that is in dispute",
        "Net due (negative: receives)",
    ]
    table = next(block for block in blocks if isinstance(block, Table))
    assert [row.cells[2] for row in table.rows] == [row.net_due_pence for row in of_line.rows]
    assert blocks[blocks.index(table) - 2] == Heading("Dispute 1: line 2", goes_to="lines-s1--a--actual")
    why = "What would be due without this alone cannot be worked out: it cannot be shared."
    assert Note(why, Tone.WARNING) in blocks


def test_a_dispute_says_who_disputes_which_line_since_when_and_why() -> None:
    facts = facts_of(settlement_statement(disputed(RAISED, lines=(2,)), "A"), "Dispute 1: line 2")
    assert facts == {
        "Disputed by": "The B",
        "What": "Actual of £340.00, The S1 (S1), The A, M4: INV-1; Homecare",
        "Since": "M4, 3 July 2016",
        "Why": "Not a service of the pool.",
        "How it stands": "Open",
    }


def test_a_dispute_of_a_clause_names_the_clause_there_and_where_the_clauses_are() -> None:
    document = settlement_statement(disputed(OF_CLAUSE, clauses=("1",)), "A")
    assert facts_of(document, "Dispute 2: clause 1")["What"] == "What comes of clause 1, Clause 1"
    clauses = next(section for section in document.sections if section.title == "How the agreement shares it")
    heading = Heading("Clause 1: Clause 1", anchor="clause-1", goes_to="w-overspend")
    note = Note("The C disputes what this clause comes to: see “In dispute”.", Tone.WARNING)
    assert clauses.blocks[clauses.blocks.index(heading) + 1] == note
    (of_dispute,) = (block for block in section_of(document).blocks if getattr(block, "text", "").startswith("Dispute"))
    assert of_dispute == Heading("Dispute 2: clause 1", goes_to="clause-1")


@pytest.mark.parametrize(
    ("line", "taken", "goes"),
    [
        (4, (4, 5), "line 5, £7.00, a leg of the same virement"),
        (3, (3, 6), "line 6, (£60.00), the reversal of line 3"),
    ],
)
def test_what_goes_with_a_disputed_line_is_told(line: int, taken: tuple[int, ...], goes: str) -> None:
    document = settlement_statement(disputed(replace(RAISED, line=line), RAISED, lines=(*taken, 2)), "A")
    assert facts_of(document, f"Dispute 1: line {line}")["Goes with it"] == goes


def heading_of(line: Line) -> Heading:
    """The heading of a dispute of this line, which the settlement has beside the others."""
    rest = tuple(each for each in LINES if each.id != line.id)
    inputs = settlement_of(AGREEMENT, (*rest, line))
    without = settlement_of(AGREEMENT, rest).settlement
    of_line = replace(RAISED, line=line.id)
    document = settlement_statement(replace(inputs, disputed=Disputed((of_line,), without, lines=(line,))), "A")
    blocks = section_of(document).blocks
    return next(block for block in blocks if isinstance(block, Heading) and block.text.startswith("Dispute 1"))


@pytest.mark.parametrize(
    ("line", "goes_to"),
    [
        (LINES[1], "lines-s1--a--actual"),
        (replace(LINES[1], cause="default"), "default-s1--a"),
        (Line(9, M4, "S1", "B", Kind.PAYMENT, 5_00), ""),  # listed by who paid it and who had it alone
        (Line(9, M4, "S2", "B", Kind.ACCRUAL, 0), ""),  # it makes no figure
        (Line(9, Period.M6, "NEW", "B", Kind.ACCRUAL, 1_00), ""),  # of a scheme that a variation brings in later
    ],
)
def test_a_dispute_of_a_line_leads_to_the_lines_that_it_is_among(line: Line, goes_to: str) -> None:
    heading = heading_of(line)
    assert heading == Heading(f"Dispute 1: line {line.id}", goes_to=goes_to)


def test_a_late_line_in_dispute_says_what_it_belongs_to() -> None:
    document = settlement_statement(disputed(replace(RAISED, line=3), lines=(3, 6)), "A")
    assert facts_of(document, "Dispute 1: line 3")["What"].endswith("The B, M4, late, belonging to M2")


@pytest.mark.parametrize(
    ("outcome", "period", "told"),
    [
        ("", None, "Open"),
        ("carried", M5, "Open, carried at this sign-off: they meet in May"),
        ("carried", M4, "Open, carried at the sign-off of M4: they meet in May"),
        ("carried", Period.M6, "Open"),
        ("resolved", Period.M6, "Open at this period; resolved at M6: they meet in May"),
    ],
)
def test_whether_it_is_carried_at_this_sign_off_is_told(outcome: str, period: Period | None, told: str) -> None:
    reason = "they meet in May" if outcome else ""
    dispute = replace(RAISED, outcome=outcome, outcome_period=period, outcome_reason=reason)
    document = settlement_statement(disputed(dispute, lines=(2,)), "A")
    assert facts_of(document, "Dispute 1: line 2")["How it stands"] == told


def test_where_it_cannot_be_settled_without_the_statement_says_why() -> None:
    unsettled = Disputed((RAISED,), None, "clause 1 has nothing to share by")
    inputs = replace(settlement_of(AGREEMENT, LINES), disputed=unsettled)
    document = settlement_statement(inputs, "B")
    assert warnings_of(document) == [
        "1 line is in dispute, and what would be due otherwise cannot be worked out: see “In dispute”."
    ]
    assert facts_of(document, "Dispute 1: line 2")["What"] == "Line 2 of the ledger"
    notes = [block for block in section_of(document).blocks if isinstance(block, Note)]
    why = "What would be due without it cannot be worked out: clause 1 has nothing to share by."
    assert notes == [Note(why, Tone.WARNING)]
    assert "Who pays whom, with and without" not in [table.title for table in document.tables]


def test_what_the_partners_share_points_to_the_statements_and_the_workings_mark_the_line() -> None:
    inputs = disputed(RAISED, lines=(2,))
    expected = "1 line is in dispute. Each partner's statement shows the settlement with and without."
    for document in (memorandum_account(inputs), workings(inputs)):
        assert warnings_of(document) == [expected]
    told = descriptions_of(workings(inputs))
    assert told["2"] == "In dispute."
    assert told["3"] == ""


def test_every_format_has_the_section_and_long_texts_are_printed_whole(tmp_path: Path) -> None:
    inputs = disputed(replace(RAISED, reason=f"{LONG}. " * 6), lines=(2,))
    paths = write_statements(inputs, tmp_path, ("pdf", "html", "xlsx", "csv"))
    (pdf,) = (path for path in paths if path.name.endswith("A-settlement-statement.pdf"))
    text = "".join("".join(page.split()) for page in pages_of(pdf))
    assert "".join(LONG.split()) in text
    assert text.count("(N-East).") == 6
    for kind in ("html", "csv"):
        (path,) = (each for each in paths if each.name.endswith(f"A-settlement-statement.{kind}"))
        assert "With and without what is in dispute" in path.read_text(encoding="utf-8-sig")


def test_a_dispute_by_a_partner_that_was_succeeded_keeps_its_name() -> None:
    inputs = disputed(replace(RAISED, partner="OLD"), lines=(2,))
    partners = (*AGREEMENT.partners, replace(AGREEMENT.partners[0], code="OLD", name="The old one"))
    inputs = replace(inputs, on_file=replace(AGREEMENT, partners=partners))
    facts = facts_of(settlement_statement(inputs, "A"), "Dispute 1: line 2")
    assert facts["Disputed by"] == "The old one"
