"""Statements say how far a period has come, and those of a signed period say for ever what was signed."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copytree

import pypdfium2
import pytest

from ledgers import Ledger, create_ledger, open_ledger, sealing
from ledgers.disputes import carry, dispute_line
from ledgers.evidence import document
from ledgers.sealing import stored
from rules.language import speaking, spoken
from rules.periods import Period
from rules.problems import RefusedError
from settlement.languages import catalogue_of
from settlement.publishing import statement_inputs, theme_path, write_ledger_statements
from settlement.result import result_of
from settlement.service import settle_ledger
from settlement.signoff.signing import seal, sign
from settlement.statements.inputs import Seal, StatementInputs, Status
from settlement.statements.theme import PLAIN, Theme
from tests.conftest import GOLDEN
from tests.ledgers.conftest import unguarded
from tests.settlement.signoff.lives import pool, posted, signed_for, signed_off
from tests.settlement.signoff.signing import key_of

__all__ = ["unguarded"]
M3, M4, M6 = Period.M3, Period.M4, Period.M6


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """A small pooled fund, £80 over at M3."""
    with pool(tmp_path / "pool.s75") as made:
        yield made


def printed(body: bytes) -> str:
    """The text of a PDF."""
    pdf = pypdfium2.PdfDocument(body)
    try:
        return "\n".join(page.get_textpage().get_text_bounded() for page in pdf)
    finally:
        pdf.close()


def put_up(ledger: Ledger, sequence: int) -> dict[str, str]:
    """The text of the statements that were put up for signature with a note."""
    found = sealing.statements_of(stored(ledger), sequence)
    return {name: printed(document(ledger, digest)) for _, name, _, digest, _ in found}


def test_until_every_partner_has_signed_it_is_a_draft(ledger: Ledger) -> None:
    assert statement_inputs(ledger, M3).status is Status.DRAFT
    ledger.hold(M3)

    inputs = statement_inputs(ledger, M3)

    assert (inputs.status, inputs.seal, inputs.signatories) == (Status.DRAFT, None, ())


def test_what_one_partner_has_signed_says_so_and_who_is_awaited_and_the_papers_stay(ledger: Ledger) -> None:
    ledger.hold(M3)
    seal(ledger, M3, "Fund Manager, Accountant")
    papers = put_up(ledger, 1)
    signed_for(ledger, M3, "LBB")

    inputs = statement_inputs(ledger, M3, "Somebody Else")

    assert (inputs.status, inputs.seal, inputs.awaited) == (Status.FOR_SIGNATURE, Seal(1), ("BCCG",))
    assert [(each.partner, each.name) for each in inputs.signatories_so_far] == [("LBB", "Council Signatory")]
    assert inputs.prepared_by == "Fund Manager, Accountant"
    assert put_up(ledger, 1) == papers
    assert not any("Council Signatory" in text for text in papers.values())


def test_what_is_put_up_keeps_its_figures_whatever_is_posted_to_later_periods(ledger: Ledger) -> None:
    disputed = dispute_line(ledger, 3, "BCCG", "Not ours")
    carry(ledger, disputed.id, M3, "They meet in May")
    ledger.hold(M3)
    seal(ledger, M3, "Fund Manager, Accountant")
    before = statement_inputs(ledger, M3)
    posted(ledger, "M12 S1 BCCG budget 500.00", "M9 S1 LBB forecast 600.00")

    after = statement_inputs(ledger, M3)

    assert result_of(after.settlement) == result_of(before.settlement)
    assert after.outturn is not None
    assert before.outturn is not None
    assert result_of(after.outturn) == result_of(before.outturn)
    assert [line.id for line in after.lines()] == [1, 2, 3]
    assert after.disputed is not None
    assert before.disputed is not None
    assert after.disputed.without is not None
    assert before.disputed.without is not None
    assert result_of(after.disputed.without) == result_of(before.disputed.without)


def test_what_is_put_up_for_signature_says_so_and_has_the_figures_of_the_ledger(ledger: Ledger) -> None:
    ledger.hold(M3)
    seal(ledger, M3, "Fund Manager, Accountant")

    papers = put_up(ledger, 1)

    assert list(papers) == [
        "2016-17-M3-LBB-settlement-statement.pdf",
        "2016-17-M3-BCCG-settlement-statement.pdf",
        "2016-17-M3-memorandum-account.pdf",
    ]
    for text in papers.values():
        assert "For signature, note 1" in text
    assert "20.00" in papers["2016-17-M3-BCCG-settlement-statement.pdf"]
    assert "Fund Manager, Accountant" in papers["2016-17-M3-BCCG-settlement-statement.pdf"]


def test_a_signed_statement_names_its_seal_and_who_signed(ledger: Ledger) -> None:
    ledger.hold(M3)
    seal(ledger, M3, "Fund Manager, Accountant")
    signed_for(ledger, M3, "LBB")
    note = signed_for(ledger, M3, "BCCG").note

    inputs = statement_inputs(ledger, M3)

    assert inputs.status is Status.SIGNED
    assert inputs.seal is not None
    assert (inputs.seal.sequence, inputs.seal.digest, inputs.seal.previous) == (1, note.digest, "")
    assert [(each.partner, each.name, each.role) for each in inputs.signatories] == [
        ("LBB", "Council Signatory", "Chief Finance Officer"),
        ("BCCG", "Commissioner Signatory", "Director of Finance"),
    ]
    assert inputs.prepared_by == "Fund Manager, Accountant"


def test_the_next_statement_shows_what_was_signed_as_previously_settled(ledger: Ledger) -> None:
    note = signed_off(ledger, M3).note
    signed = result_of(settle_ledger(ledger, M3))
    posted(ledger, "M2 S1 LBB actual 40.00")

    inputs = statement_inputs(ledger, M4)

    assert inputs.previous is not None
    assert (inputs.previous_period, result_of(inputs.previous)) == (M3, signed)
    assert inputs.previous_seal is not None
    assert (inputs.previous_seal.sequence, inputs.previous_seal.digest) == (1, note.digest)
    assert [(line.period, line.belongs_to) for line in inputs.late] == [(M4, Period.M2)]
    assert inputs.settlement.row_of("LBB").overspend_pence - inputs.previous.row_of("LBB").overspend_pence == 30_00


def test_a_signed_statement_printed_again_is_the_same_whatever_came_afterwards(ledger: Ledger, tmp_path: Path) -> None:
    signed_off(ledger, M3)
    posted(ledger, "M4 S2 BCCG actual 1.00")
    before = {path.name: path.read_bytes() for path in write_ledger_statements(ledger, tmp_path / "before", M3)}

    posted(ledger, "M4 S1 LBB virement -50.00 V1", "M4 S2 LBB virement 50.00 V1", "M12 S1 BCCG budget 9.00")
    posted(ledger, "M2 S1 LBB actual 40.00", "M9 S1 LBB forecast 600.00")
    signed_off(ledger, M4)

    after = {path.name: path.read_bytes() for path in write_ledger_statements(ledger, tmp_path / "after", M3)}
    assert after == before
    inputs = statement_inputs(ledger, M3)
    assert [line.id for line in inputs.lines()] == [1, 2, 3]
    assert inputs.late == ()


def test_what_was_signed_keeps_the_names_of_partners_that_are_no_more(tmp_path: Path) -> None:
    folder = GOLDEN / "ccg-to-icb-2022-23"
    keys = {"COUNCIL": key_of(11), "CCG-N": key_of(12), "CCG-S": key_of(13), "ICB": key_of(14)}
    people = {
        "COUNCIL": "Council Signatory",
        "CCG-N": "Commissioner Signatory",
        "CCG-S": "Fund Manager",
        "ICB": "Board Signatory",
    }
    with create_ledger(tmp_path / "icb.s75", (folder / "agreement.toml").read_text(encoding="utf-8")) as ledger:
        ledger.import_file(folder / "lines.csv")
        for period, codes in ((M3, ("COUNCIL", "CCG-N", "CCG-S")), (M6, ("COUNCIL", "ICB"))):
            ledger.hold(period)
            for code in codes:
                sign(ledger, period, code, keys[code], name=people[code], role="CFO")

        old, new = put_up(ledger, 1), put_up(ledger, 2)
        again = {
            path.name: printed(path.read_bytes())
            for path in write_ledger_statements(ledger, tmp_path / "again", M3, ["pdf"])
        }

    assert "NHS North CCG" in old["2022-23-M3-CCG-N-settlement-statement.pdf"]
    assert not any("ICB" in name for name in old)
    assert not any("CCG" in name for name in new)
    assert "NHS Integrated Care Board" in new["2022-23-M6-ICB-settlement-statement.pdf"]
    assert "NHS North CCG" in again["2022-23-M3-CCG-N-settlement-statement.pdf"]
    statement = new["2022-23-M6-ICB-settlement-statement.pdf"].replace("\r\n", " ")
    assert re.search(r"£[\d,.]+ due (?:from|to) NHS North CCG and NHS South CCG together\. Movement since", statement)
    assert "Signed, note 1" in again["2022-23-M3-CCG-N-settlement-statement.pdf"]
    assert not any("ICB" in name for name in again)


@pytest.mark.parametrize("table", ["signatures", "notes"])
def test_what_was_signed_and_cannot_be_read_is_refused(
    ledger: Ledger,
    unguarded: Callable[..., None],
    table: str,
) -> None:
    signed_off(ledger, M3)
    unguarded(ledger, f"UPDATE {table} SET text = 'x' || text WHERE id = 1")

    with pytest.raises(RefusedError, match="“S75 Settlement note 1” is expected here"):
        statement_inputs(ledger, M3)


def test_a_folder_has_statements_too_and_nothing_signed() -> None:
    from ledgers import open_ledger

    with open_ledger(GOLDEN / "telford-2019-20") as folder:
        inputs = statement_inputs(folder)

    assert (inputs.status, inputs.seal, inputs.governing.version) == (Status.DRAFT, None, 1)


# --- by month ---------------------------------------------------------------------------------------------------------


def spent_by_month(inputs: StatementInputs) -> int:
    return sum(month.actual_pence for month in inputs.months)


def test_the_months_come_to_the_figures_whatever_is_posted_after_signing(ledger: Ledger) -> None:
    before = statement_inputs(ledger, M3)
    assert spent_by_month(before) == sum(map(sum, before.settlement.outcome.figures.spend)) > 0
    signed_off(ledger, M3)
    posted(ledger, "M4 S1 LBB actual 10.00")
    after = statement_inputs(ledger, M3)
    assert after.months == before.months
    assert spent_by_month(statement_inputs(ledger, M4)) == spent_by_month(before) + 10_00


def test_what_is_put_up_has_the_months_it_was_put_up_with(ledger: Ledger) -> None:
    before = statement_inputs(ledger, M3)
    ledger.hold(M3)
    note = seal(ledger, M3, "A. Preparer")
    posted(ledger, "M4 S1 LBB actual 10.00")
    inputs = statement_inputs(ledger, M3)
    assert inputs.seal == Seal(note.sequence)
    assert inputs.months == before.months


# --- themes -----------------------------------------------------------------------------------------------------------


def test_a_theme_beside_the_ledger_is_the_statements_theme_and_that_of_what_is_signed(
    ledger: Ledger, tmp_path: Path
) -> None:
    assert statement_inputs(ledger, M3).theme is PLAIN
    (tmp_path / "pool.theme.toml").write_text('paragraph = "Ask the manager."\n[partner.LBB]\naddress = ["Town Hall"]')
    assert statement_inputs(ledger, M3).theme.of("LBB").address == ("Town Hall",)
    ledger.hold(M3)
    note = seal(ledger, M3, "A. Preparer")
    texts = put_up(ledger, note.sequence)
    statements = [text for name, text in texts.items() if "settlement-statement" in name]
    assert len(statements) == 2
    assert all("Ask the manager." in text for text in statements)
    assert ["Town Hall" in text for text in statements].count(True) == 1


def test_a_theme_that_is_given_stands_in_the_place_of_that_beside_the_ledger(ledger: Ledger, tmp_path: Path) -> None:
    (tmp_path / "pool.theme.toml").write_text("this is not a theme")
    given = Theme(paragraph="Given.")
    assert statement_inputs(ledger, M3, theme=given).theme is given
    assert statement_inputs(ledger, M3, theme=PLAIN).theme is PLAIN
    (path, *_) = write_ledger_statements(ledger, tmp_path / "out", M3, ("html",), theme=given)
    assert "Given." in path.read_text(encoding="utf-8")


def test_a_theme_with_something_wrong_in_it_refuses_before_anything_is_written(ledger: Ledger, tmp_path: Path) -> None:
    theme = tmp_path / "pool.theme.toml"
    theme.write_text('[partner.LBC]\naddress = ["Town Hall"]')
    with pytest.raises(RefusedError) as refused:
        write_ledger_statements(ledger, tmp_path / "out", M3)
    assert str(refused.value) == (
        f"{theme}: partner.LBC: no partner of this ledger has the code “LBC”; did you mean “LBB”?"
    )
    assert not (tmp_path / "out").exists()
    ledger.hold(M3)
    with pytest.raises(RefusedError, match="no partner of this ledger"):
        seal(ledger, M3, "A. Preparer")
    assert sealing.notes(stored(ledger)) == ()


def test_a_folder_has_its_theme_in_it(tmp_path: Path) -> None:
    folder = copytree(GOLDEN / "barnet-2014-15-core", tmp_path / "pool")
    (folder / "theme.toml").write_text('paragraph = "In the folder."')
    with open_ledger(folder) as ledger:
        assert statement_inputs(ledger).theme.paragraph == "In the folder."


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("pool.s75", "pool.theme.toml"),
        ("shared/pool.2026-27.s75", "shared/pool.2026-27.theme.toml"),
        ("pool", "pool.theme.toml"),
        ("postgresql://user@server/pool", None),
    ],
)
def test_where_a_theme_is_looked_for(name: str, path: str | None) -> None:
    assert theme_path(name) == (None if path is None else Path(path))


def test_what_is_refused_is_in_english_whatever_is_spoken(ledger: Ledger) -> None:
    path = theme_path(ledger.name)
    assert path is not None
    path.write_text("[partner.XYZ]\n", encoding="utf-8")
    with speaking(catalogue_of("cy")), pytest.raises(RefusedError, match=r"the partners are .+ and "):
        statement_inputs(ledger, M3)


def test_lines_are_read_in_english_where_another_language_is_spoken(ledger: Ledger) -> None:
    heard = []
    lines = ledger.lines

    def read(*given: object, **named: object) -> object:
        for line in lines(*given, **named):  # type: ignore[arg-type]
            heard.append(spoken())
            yield line

    inputs = statement_inputs(ledger, M3)
    ledger.lines = read  # type: ignore[assignment,method-assign]
    with speaking(catalogue_of("cy")):
        for _ in inputs.lines():
            assert spoken() == "cy"
    assert set(heard) == {"en-GB"}
