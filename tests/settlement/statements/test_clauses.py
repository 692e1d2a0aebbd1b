"""How a statement says what each clause did: what caps left, who could not take it, what a clause tried in vain."""

import pytest

from rules.periods import Period
from rules.reading import read_agreement
from settlement.statements import StatementInputs, settlement_statement, workings
from settlement.statements.document import Bullets, Document, Heading, Paragraph, RowKind, Section, Table
from tests.conftest import agreement_of, clause, fixed
from tests.settlement.statements.making import posted, settled

AGREEMENT = """
[agreement]
id = "caps"
title = "Caps"
financial_year = "2026/27"
[[partner]]
code = "A"
name = "Anytown Council"
kind = "council"
[[partner]]
code = "B"
name = "Anytown ICB"
kind = "icb"
[[partner]]
code = "T"
name = "Anytown Trust"
kind = "trust"
[[fund]]
code = "F1"
name = "Adults"
kind = "pooled"
host = "A"
[[fund]]
code = "F2"
name = "Second"
kind = "pooled"
host = "B"
netting = "scheme"
[[scheme]]
code = "X"
name = "Equipment"
fund = "F1"
[[scheme]]
code = "Z"
name = "Zed"
fund = "F2"
[[reserve]]
code = "R"
name = "Risk pool"
fund = "F2"
opening = "RESERVE"
[[clause]]
id = "1"
title = "First"
on = "overspend"
to = "underspends"
draw_on = "agreement"
[[clause]]
id = "2"
title = "Second"
on = "overspend"
to = "reserve:R"
[[clause]]
id = "3"
title = "Third"
on = "overspend"
split = [{ percent = "60", to = "partners", share = { by = "fixed", A = "1", B = "1", T = "1" } },
         { percent = "40", to = "next" }]
[[clause]]
id = "4"
title = "Fourth"
on = "overspend"
band = ["0", "100.00"]
to = "partners"
share = { by = "lead" }
[[cap]]
partner = "A"
amount = "MOST"
clauses = ["3"]
beyond = "BEYOND"
[[cap]]
partner = "T"
amount = "TRUST"
clauses = ["3"]
beyond = "next"
"""


def made(
    *,
    beyond: str = "partner:T",
    trust: str = "25.00",
    most: str = "10.00",
    reserve: str = "50.00",
    spent_on_zed: str = "500.00",
    only: str = "",
) -> StatementInputs:
    """An overspend of £500 on Equipment, of which clause 3 shares 60% of what remains in equal thirds under caps."""
    text = AGREEMENT.replace("BEYOND", beyond).replace("TRUST", trust).replace("RESERVE", reserve).replace("MOST", most)
    if only:
        text = text.replace('A = "1", B = "1", T = "1"', f'{only} = "1"')
    told = [
        ("X", "A", "budget", "1000.00"),
        ("X", "B", "budget", "500.00"),
        ("X", "T", "budget", "500.00"),
        ("Z", "A", "budget", "300.00"),
        ("Z", "B", "budget", "300.00"),
        ("X", "A", "actual", "2500.00"),
        ("Z", "B", "actual", spent_on_zed),
    ]
    lines = posted([{"period": "M1", "scheme": s, "partner": p, "kind": k, "amount": a} for s, p, k, a in told])
    return StatementInputs(settled(read_agreement(text), lines, Period.M12), lines=lambda: lines)


def statement(inputs: StatementInputs) -> Document:
    return settlement_statement(inputs, "A")


def clauses_of(document: Document) -> Section:
    return next(section for section in document.sections if section.title == "How the agreement shares it")


def is_heading(block: object) -> bool:
    return isinstance(block, Heading)


def trace_of(document: Document) -> Section:
    return next(section for section in document.sections if section.title == "How each amount was dealt with")


def shared_by_clause_3(document: Document) -> Table:
    return next(table for table in document.tables if table.title == "Clause 3: shared between the partners")


def notes_of(document: Document) -> list[str]:
    return [item for block in clauses_of(document).blocks if isinstance(block, Bullets) for item in block.items]


def paragraphs_of(section: Section) -> list[str]:
    return [block.text for block in section.blocks if isinstance(block, Paragraph)]


def test_what_caps_leave_is_told_beside_the_slice_and_the_column_adds_up_to_it() -> None:
    table = shared_by_clause_3(statement(made()))
    assert [column.title for column in table.columns[2:4]] == ["Exact ratio before caps", "Per cent before caps"]
    heading, *shares, everyone, left, whole = table.rows
    assert heading.cells[0] == (
        "Overspend of Adults (F1): 60% of what it took is £210.00; shared in fixed shares; £105.00 was borne, "
        "£105.00 is left for later clauses"
    )
    assert [row.cells[4] for row in shares] == [10_00, 70_00, 25_00]
    assert everyone.cells[4] == 105_00
    assert (left.cells[0], left.cells[4], left.kind) == ("Left for later clauses", 105_00, RowKind.BODY)
    assert (whole.cells[0], whole.cells[4]) == ("All that was to be shared", 210_00)


def test_where_no_cap_held_the_slice_is_what_was_shared() -> None:
    table = shared_by_clause_3(statement(made(trust="9000.00", most="9000.00")))
    assert [column.title for column in table.columns[2:4]] == ["Exact ratio", "Per cent"]
    assert str(table.rows[0].cells[0]).endswith("60% of what it took, shared in fixed shares")
    assert table.rows[-1].cells[0] == "All partners"


def test_what_is_beyond_a_cap_is_told_as_it_went() -> None:
    told = {
        "25.00": "Anytown Trust cannot take the £60.00 beyond it, because its own cap is used up; it is left for later "
        "clauses.",
        "90.00": "Anytown Trust takes £20.00 of the £60.00 beyond it, as far as its own cap allows; £40.00 is left for "
        "later clauses.",
        "900.00": "Anytown Trust takes £60.00 of the £60.00 beyond it.",
    }
    for trust, expected in told.items():
        about = [note for note in notes_of(statement(made(trust=trust))) if "the cap of Anytown Council" in note]
        assert len(about) == 1
        assert about[0].endswith(f"it bears the £10.00 that was left under the cap. {expected}")
        assert "£0.00" not in about[0]


def test_what_goes_to_the_others_or_to_later_clauses_is_told_so() -> None:
    (council, trust) = (note for note in notes_of(statement(made(beyond="others"))) if "the cap of" in note)
    assert council.endswith("The £60.00 beyond it goes to the other partners.")
    assert trust.endswith("The £45.00 beyond it is left for later clauses.")


def test_a_group_that_is_its_fund_is_named_as_the_fund_and_a_scheme_with_its_code() -> None:
    (table,) = (each for each in statement(made()).tables if each.title == "What the schedule had to deal with")
    assert [row.cells[0] for row in table.rows] == ["Overspend of Adults (F1)", "Underspend of Zed (Z)"]


def test_the_partners_codes_are_told_where_clauses_go_by_them() -> None:
    expected = "Partners by their codes: A: Anytown Council; B: Anytown ICB; T: Anytown Trust."
    assert paragraphs_of(clauses_of(statement(made())))[0] == expected
    assert expected in paragraphs_of(trace_of(workings(made())))


def test_a_clause_that_came_to_nothing_says_why() -> None:
    inputs = made(reserve="0.00", spent_on_zed="600.00")
    section = clauses_of(statement(inputs))
    notes = notes_of(statement(inputs))
    assert paragraphs_of(section).count("It came to nothing.") == 2
    assert "Overspend of Adults (F1): There was no underspend to meet the £500.00 wanted." in notes
    assert any(note.startswith("Overspend of Adults (F1): The reserve “Risk pool” holds £0.00") for note in notes)
    assert not any("had nothing to deal with" in text for text in paragraphs_of(section))
    blocks = trace_of(workings(inputs)).blocks
    traced = [item for block in blocks if isinstance(block, Bullets) for item in block.items]
    assert "There was no underspend to meet the £500.00 wanted." in traced


def test_a_cap_used_up_for_everyone_is_told_for_what_it_is() -> None:
    (cap, nobody) = (note for note in notes_of(statement(made(beyond="others", most="0.00", only="A"))))
    assert cap.endswith(
        "it bears nothing, since nothing was left under the cap. No other partner can take the £210.00 beyond it, "
        "because every cap is used up; it is left for later clauses."
    )
    assert nobody == "Overspend of Adults (F1): Nobody bears any of it."


def test_what_a_host_answers_for_is_told_net_and_without_loss() -> None:
    bullets = next(block for block in statement(made()).sections[0].blocks if isinstance(block, Bullets))
    said = bullets.items[-1]
    assert said.startswith("As Host Partner it answers for £150.00 ")
    assert said.endswith("£150.00 net due from other hosts and £145.00 that no clause allocates.")


def test_what_is_left_and_shared_is_declared_as_a_sum() -> None:
    table = shared_by_clause_3(statement(made()))
    assert [row.adds for row in table.rows if row.kind is RowKind.SUBTOTAL] == [(1, 2, 3), (4, 5)]
    (subjects,) = (each for each in statement(made()).tables if each.title == "What the schedule had to deal with")
    assert [(column.adds, column.takes) for column in subjects.columns if column.title == "Dealt with £"] == [
        ((2,), (4,))
    ]
    assert [row.goes_to for row in subjects.rows] == ["amount-1", "amount-2"]


def test_a_clause_leads_back_to_the_line_that_it_is_part_of() -> None:
    headings = [block for block in clauses_of(statement(made())).blocks if isinstance(block, Heading)]
    assert [(each.text, each.anchor, each.goes_to) for each in headings] == [
        ("Clause 1: First", "clause-1", "w-overspend"),
        ("Clause 2: Second", "clause-2", "w-overspend"),
        ("Clause 3: Third", "clause-3", "w-overspend"),
        ("Clause 4: Fourth", "clause-4", "w-overspend"),
    ]
    agreement = agreement_of(clause("1", "overspend", share=fixed(A="1")))
    lines = posted([{"period": "M1", "scheme": "S1", "partner": "A", "kind": "actual", "amount": "9.00"}])
    inputs = StatementInputs(settled(agreement, lines, Period.M12), lines=lambda: lines)
    for partner, goes_to in (("A", "w-overspend"), ("B", "")):  # B bears none of it
        (heading,) = (each for each in clauses_of(settlement_statement(inputs, partner)).blocks if is_heading(each))
        assert heading == Heading("Clause 1: Clause 1", anchor="clause-1", goes_to=goes_to)


def two_amounts(partners: int, name: str) -> Table:
    """The table of a clause that shares two schemes' overspends by one basis."""
    codes = "ABCDEFG"[:partners]
    schedule = '[[clause]]\nid = "1"\ntitle = "O"\non = "overspend"\nto = "partners"\n'
    weights = ", ".join(f'{code} = "1"' for code in codes)
    text = '[agreement]\nid = "t"\ntitle = "T"\nfinancial_year = "2026/27"\n'
    text += "".join(f'[[partner]]\ncode = "{code}"\nname = "{name} {code}"\nkind = "council"\n' for code in codes)
    text += '[[fund]]\ncode = "F"\nname = "F"\nkind = "pooled"\nhost = "A"\nnetting = "scheme"\n'
    text += "".join(f'[[scheme]]\ncode = "{code}"\nname = "{code}"\nfund = "F"\n' for code in ("X", "Y"))
    text += f'{schedule}share = {{ by = "fixed", {weights} }}\n'
    told = [("X", "A", "actual", "2500.00"), ("Y", "A", "actual", "1.01")]
    lines = posted([{"period": "M1", "scheme": s, "partner": p, "kind": k, "amount": a} for s, p, k, a in told])
    inputs = StatementInputs(settled(read_agreement(text), lines, Period.M12), lines=lambda: lines)
    document = settlement_statement(inputs, "B")
    return next(each for each in document.tables if each.title == "Clause 1: each of the 2 amounts")


@pytest.mark.parametrize(
    ("partners", "name", "titles"),
    [
        (2, "Anytown", ["Anytown A £", "Anytown B £"]),
        (3, "Anytown", ["Anytown A £", "Anytown B £", "Anytown C £"]),
        (4, "Anytown", ["A £", "B £", "C £", "D £"]),
        (2, "Anytown and District Integrated Care Board", ["A £", "B £"]),
        (6, "Anytown", ["Anytown B £"]),
    ],
)
def test_columns_have_the_partners_names_where_there_is_room(partners: int, name: str, titles: list[str]) -> None:
    table = two_amounts(partners, name)
    assert [column.title for column in table.columns[2:]] == titles
    assert table.columns[1].adds == (tuple(range(2, 2 + partners)) if partners < 6 else ())
    assert [row.goes_to for row in table.rows] == ["amount-1", "amount-2", ""]
    assert table.rows[-1].adds == (0, 1)
