"""Statements say how far a period has come, and those of a signed period say for ever what was signed."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdfium2
import pytest

from ledgers import Ledger, create_ledger, sealing
from ledgers.disputes import carry, dispute_line
from ledgers.evidence import document
from ledgers.sealing import stored
from rules.periods import Period
from rules.problems import RefusedError
from settlement.publishing import statement_inputs, write_ledger_statements
from settlement.result import result_of
from settlement.service import settle_ledger
from settlement.signoff.signing import seal, sign
from settlement.statements.inputs import Seal, Status
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
