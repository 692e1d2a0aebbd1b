"""How far a statement has come is on every page of it: draft, for signature, signed, under which agreement."""

import csv
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest

from rules.periods import Period
from settlement.statements import (
    Governing,
    Seal,
    Signatory,
    StatementInputs,
    Status,
    journal,
    memorandum_account,
    settlement_statement,
    transfer_list,
    workings,
    write_statements,
)
from settlement.statements.csv_out import document_csv
from settlement.statements.document import Bullets, Document, Facts, Note, Paragraph, SignatureBlock, Tone
from settlement.statements.html.writer import write_html
from settlement.statements.pdf.writer import write_pdf
from settlement.statements.sealed import moment
from tests.conftest import golden_case
from tests.settlement.statements.making import (
    BEFORE,
    DIGEST,
    LONG,
    for_signature,
    hard_inputs,
    inputs_of,
    pages_of,
    signed,
)

DEED = Governing(
    2,
    Period.M7,
    "Deed of variation",
    "c" * 64,
    (Signatory("LBB", "Jo Treasurer", "Director of Finance", "2014-10-01T08:00:00+00:00"),),
    ("BCCG",),
)


@pytest.fixture
def barnet() -> StatementInputs:
    return inputs_of(golden_case("barnet-2014-15-core"))


@pytest.fixture
def three() -> StatementInputs:
    return inputs_of(golden_case("three-partners-qipp-separate"))


def facts_of(document: Document) -> dict[str, str]:
    """The facts of the first page, or of a document that is one section."""
    blocks = document.sections[0].blocks
    return dict(pair for block in blocks if isinstance(block, Facts) for pair in block.pairs)


def about(document: Document) -> dict[str, str]:
    """The facts at the end of a statement."""
    (section,) = (each for each in document.sections if each.title == "About this statement")
    return dict(pair for block in section.blocks if isinstance(block, Facts) for pair in block.pairs)


def also_signed(document: Document) -> list[tuple[str, str]]:
    """What stands beneath the partner's own signature of the other partners'."""
    blocks = document.sections[0].blocks
    place = max(place for place, block in enumerate(blocks) if isinstance(block, SignatureBlock))
    pairs = [pair for block in blocks[place + 1 :] if isinstance(block, Facts) for pair in block.pairs]
    return [pair for pair in pairs if pair[0] != "Digest (SHA-256)"]


def texts_of(document: Document) -> str:
    """The paragraphs, bullets and notes of a document."""
    found: list[str] = []
    for section in document.sections:
        for block in section.blocks:
            found += block.items if isinstance(block, Bullets) else ()
            found += [block.text] if isinstance(block, Paragraph | Note) else ()
    return "\n".join(found)


def written(document: Document, folder: Path) -> list[str]:
    path = folder / "document.pdf"
    write_pdf(document, path)
    return pages_of(path)


# --- the three states -------------------------------------------------------------------------------------------------


def test_a_draft_says_so_and_has_no_seal(barnet: StatementInputs) -> None:
    document = settlement_statement(barnet, "LBB")
    assert (document.status, document.foot, document.status_tone) == ("DRAFT – not signed", "", Tone.WARNING)
    assert facts_of(document)["Status"] == "DRAFT – not signed"
    assert "Digest (SHA-256)" not in facts_of(document)


def test_what_is_put_up_for_signature_names_its_note_and_who_must_sign_and_no_digest(
    barnet: StatementInputs, tmp_path: Path
) -> None:
    document = settlement_statement(for_signature(barnet), "BCCG")
    assert (document.status, document.foot, document.status_tone) == ("For signature, note 3", "", Tone.WARNING)
    names = " and ".join(partner.name for partner in barnet.agreement.partners)
    assert facts_of(document)["Status"] == f"For signature, note 3: the period is signed when {names} have signed"
    (block,) = (each for each in document.sections[0].blocks if isinstance(each, SignatureBlock))
    assert set(block.pairs) == {("Name", ""), ("Role", ""), ("Signature", ""), ("Date", "")}
    pages = written(document, tmp_path)
    assert all("For signature, note 3" in page for page in pages)
    assert all("Digest (SHA-256)" not in page and "· digest" not in page for page in pages)


def test_a_signed_statement_has_its_whole_seal_on_page_one_and_its_beginning_on_every_page(
    barnet: StatementInputs, tmp_path: Path
) -> None:
    document = settlement_statement(signed(barnet), "LBB")
    assert (document.status, document.status_tone) == ("Signed, note 3", Tone.INFORMATION)
    first, *others = written(document, tmp_path)
    assert DIGEST in first
    assert others
    for page in (first, *others):
        assert "Signed, note 3" in page
        assert f"Note 3 · digest {DIGEST[:16]}…" in page
        assert "DRAFT" not in page
    assert not any(DIGEST in page for page in others)


def test_a_signed_statement_says_how_to_check_it_and_what_its_note_and_digest_are_for(
    barnet: StatementInputs,
) -> None:
    document = settlement_statement(signed(barnet), "LBB")
    assert (
        "Check that note 3 of the ledger has this digest. If it has no note 3, or another digest, it is not the ledger "
        "that was signed."
    ) in texts_of(document)
    assert about(document)["The note before it has the digest"] == BEFORE
    assert about(document)["Made with"] == "S75 Settlement 0.1"
    assert "The note before it has the digest" not in about(settlement_statement(barnet, "LBB"))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"seal": Seal(3)}, "a draft has no seal and no signatories"),
        ({"status": Status.FOR_SIGNATURE}, "has a note's number, and no digest and no signatories yet"),
        ({"status": Status.FOR_SIGNATURE, "seal": Seal(3, DIGEST)}, "has a note's number, and no digest"),
        ({"status": Status.SIGNED, "seal": Seal(3)}, "has a seal and every partner's signatory"),
        ({"status": Status.SIGNED, "seal": Seal(3, DIGEST)}, r"signatory; missing: \['LBB', 'BCCG'\]"),
        ({"status": "Signed"}, "is not a valid Status"),
        (
            {"signatories_so_far": (Signatory("LBB", "Jo", "CFO", ""),)},
            "only a statement put up for signature is signed",
        ),
    ],
)
def test_a_statement_never_says_that_it_is_signed_without_saying_by_whom(
    barnet: StatementInputs, changes: dict[str, object], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        replace(barnet, **changes)  # type: ignore[arg-type]


def test_every_format_has_the_seal(barnet: StatementInputs, tmp_path: Path) -> None:
    inputs = signed(barnet)
    document = settlement_statement(inputs, "LBB")
    rows = list(csv.reader(StringIO(document_csv(document), newline="")))
    assert ["Status", "Signed, note 3"] in rows
    assert ["Digest (SHA-256)", DIGEST] in rows
    assert ["Role", "Director of Finance, LBB"] in rows
    write_html(document, tmp_path / "statement.html")
    html = (tmp_path / "statement.html").read_text(encoding="utf-8")
    assert '<p class="status">Signed, note 3</p>' in html
    assert f"<footer><p>Note 3 · digest {DIGEST[:16]}…</p></footer>" in html
    assert "Director of LBB" in html
    assert write_statements(inputs, tmp_path / "all", ("xlsx",))


# --- who signed -------------------------------------------------------------------------------------------------------


def test_the_partners_own_signatory_stands_in_its_block_and_the_others_beneath(three: StatementInputs) -> None:
    codes = [partner.code for partner in three.agreement.partners]
    assert len(codes) == 3
    for code in codes:
        document = settlement_statement(signed(three), code)
        (block,) = (each for each in document.sections[0].blocks if isinstance(each, SignatureBlock))
        assert block.heading == f"Signed for {three.name_of(code)}"
        assert dict(block.pairs) == {
            "Name": f"Director of {code}",
            "Role": f"Director of Finance, {code}",
            "Signature": "Electronic, kept in the ledger",
            "Date": "28 April 2015, 09:30 UTC",
        }
        assert also_signed(document) == [
            (
                "Also signed",
                f"{three.name_of(other)}: Director of {other}, Director of Finance, {other}, 28 April 2015, 09:30 UTC",
            )
            for other in codes
            if other != code
        ]


def test_long_names_of_signatories_are_printed_whole(tmp_path: Path) -> None:
    names = (f"Dr {LONG} Featherstonehaugh", f"Prof. {LONG}")
    inputs = signed(hard_inputs(2), *names)
    text = "".join("".join(page.split()) for page in written(settlement_statement(inputs, "A"), tmp_path))
    for name in names:
        assert "".join(name.split()) in text


def test_the_signatures_are_not_parted_from_each_other(three: StatementInputs, tmp_path: Path) -> None:
    for code in three.agreement.partner_of:
        pages = written(settlement_statement(signed(three), code), tmp_path)
        (own,) = (number for number, page in enumerate(pages) if f"Signed for {three.name_of(code)}" in page)
        assert own == 0
        assert pages[own].count("Also signed") == 2


@pytest.mark.parametrize(
    ("at", "told"),
    [
        ("2014-10-05T09:30:00+00:00", "5 October 2014, 09:30 UTC"),
        ("2014-10-05T09:30:59Z", "5 October 2014, 09:30 UTC"),
        ("2014-10-05T00:30:00+01:00", "4 October 2014, 23:30 UTC"),
        ("2014-10-05T09:30:00", "5 October 2014, 09:30 UTC"),
    ],
)
def test_a_moment_is_told_in_utc(at: str, told: str) -> None:
    assert moment(at) == told


def test_a_half_signed_statement_says_who_has_signed_and_who_is_awaited(three: StatementInputs, tmp_path: Path) -> None:
    first, second, third = three.agreement.partner_of
    so_far = signed(three).signatories[:1]
    inputs = replace(for_signature(three), signatories_so_far=so_far)

    own, other = settlement_statement(inputs, first), settlement_statement(inputs, second)

    assert facts_of(own)["Status"] == (
        f"For signature, note 3: {three.name_of(first)} has signed it; it awaits the signature of "
        f"{three.name_of(second)} and {three.name_of(third)}"
    )
    (block,) = (each for each in own.sections[0].blocks if isinstance(each, SignatureBlock))
    assert dict(block.pairs)["Name"] == f"Director of {first}"
    (block,) = (each for each in other.sections[0].blocks if isinstance(each, SignatureBlock))
    assert set(dict(block.pairs).values()) == {""}
    assert also_signed(other) == [
        (
            "Also signed",
            f"{three.name_of(first)}: Director of {first}, Director of Finance, {first}, 28 April 2015, 09:30 UTC",
        ),
        ("Signature awaited of", three.name_of(third)),
    ]
    assert "awaited" in written(other, tmp_path)[0]


# --- which agreement governed -----------------------------------------------------------------------------------------


def test_the_first_version_is_said_in_a_word(barnet: StatementInputs) -> None:
    document = settlement_statement(replace(barnet, governing=Governing(1, awaiting=("LBB",))), "LBB")
    assert "Version in force" not in facts_of(document)
    assert about(document)["Version in force"] == "Version 1, the agreement the ledger began with"
    assert "assent" not in texts_of(document)
    assert "provisional" not in texts_of(document)


def test_a_variation_says_since_when_and_why_and_that_every_partner_assented(barnet: StatementInputs) -> None:
    also = Signatory("BCCG", "Sam Chief", "Chief Finance Officer", "2014-10-02T08:00:00+00:00")
    assented = replace(DEED, assents=(*DEED.assents, also), awaiting=())
    document = settlement_statement(replace(barnet, governing=assented), "LBB")
    assert facts_of(document)["Version in force"] == (
        "Version 2, in force from M7 (Deed of variation); assented to by every partner"
    )
    texts = texts_of(document)
    assert "The clauses are those of version 2 of the agreement, in force from M7: Deed of variation." in texts
    assert "assented to it: Jo Treasurer, Director of Finance, on 1 October 2014, 08:00 UTC." in texts
    assert "assented to it: Sam Chief, Chief Finance Officer, on 2 October 2014, 08:00 UTC." in texts
    assert f"SHA-256 of its text: {'c' * 64}" in texts
    assert not [block for block in document.sections[0].blocks if isinstance(block, Note) and "version" in block.text]


def test_a_variation_without_every_assent_is_provisional_and_warns(barnet: StatementInputs, tmp_path: Path) -> None:
    inputs = replace(barnet, governing=DEED)
    awaited = inputs.name_of("BCCG")
    for document in (settlement_statement(inputs, "LBB"), memorandum_account(inputs), workings(inputs)):
        assert facts_of(document)["Version in force"] == "Version 2, in force from M7 (Deed of variation); provisional"
        notes = [block for block in document.sections[0].blocks if isinstance(block, Note)]
        assert notes[0].tone is Tone.WARNING
        assert notes[0].text == (
            "Version 2 of the agreement, under which this is settled, is provisional: "
            f"{awaited} has still to assent to it."
        )
    assert f"{awaited} has still to assent to it." in texts_of(settlement_statement(inputs, "LBB"))
    assert "is provisional" in written(settlement_statement(inputs, "LBB"), tmp_path)[0]


# --- previously settled -----------------------------------------------------------------------------------------------


def test_what_was_signed_before_is_previously_settled_with_its_seal(barnet: StatementInputs, tmp_path: Path) -> None:
    assert barnet.previous is not None
    inputs = replace(barnet, previous_seal=Seal(2, BEFORE))
    document = settlement_statement(inputs, "LBB")
    texts = texts_of(document)
    assert f"Previously stated and signed (M11, note 2, digest {BEFORE[:16]}…): nothing due. Movement since: £" in texts
    assert "Opening position" not in texts
    assert any(column.title == "Signed at M11 £" for table in document.tables for column in table.columns)
    assert f"note 2, digest {BEFORE[:16]}…" in written(document, tmp_path)[0]


def test_what_was_held_before_is_the_opening_position_as_stated(barnet: StatementInputs) -> None:
    document = settlement_statement(barnet, "LBB")
    assert "Opening position, as held at M11, not signed: nothing due. Movement since: £" in texts_of(document)
    assert any(column.title == "Stated at M11 £" for table in document.tables for column in table.columns)


# --- what the partners share ------------------------------------------------------------------------------------------


def test_the_memorandum_account_and_the_workings_have_status_seal_and_version(barnet: StatementInputs) -> None:
    inputs = signed(replace(barnet, governing=Governing(1)))
    for document in (memorandum_account(inputs), workings(inputs)):
        facts = facts_of(document)
        assert facts["Status"] == "Signed, note 3"
        assert facts["Digest (SHA-256)"] == DIGEST
        assert facts["Version in force"].startswith("Version 1")
        assert document.foot == f"Note 3 · digest {DIGEST[:16]}…"


def test_a_journal_says_in_every_line_whether_it_may_be_posted(barnet: StatementInputs) -> None:
    sealed = f"signed, note 3 ({DIGEST[:16]})"
    for inputs, status, narrative, listed in (
        (barnet, "DRAFT: not for posting", "year to date, movement since", "draft, not signed"),
        (for_signature(barnet), "For signature, note 3: not for posting", "for signature, note 3", "note 3"),
        (signed(barnet), "Signed, note 3", f"year to date, {sealed}, movement since", sealed),
        (replace(barnet, governing=DEED), "DRAFT: not for posting", "signed, agreement version 2, mov", "version 2"),
    ):
        for row in journal(inputs, "LBB").rows:
            assert row.cells[3] == status
            assert narrative in str(row.cells[-1])
        assert all(listed in str(row.cells) for row in transfer_list(inputs).rows)
