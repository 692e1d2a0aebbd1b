"""A note and a signed text have one writing each: what is not that, to the byte, is refused or is something else."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.periods import FinancialYear, Period
from rules.problems import RefusedError
from settlement.signoff.errors import VerificationError
from settlement.signoff.keys import PublicKey
from settlement.signoff.notes import LONGEST_BYTES, Note, Signed, check_signature, clean_name, signatures_agree
from tests.settlement.signoff.signing import BCCG, FIRST, LBB, STRANGER, key_of, signed_by

NOTE = FIRST.text
SIGNED = signed_by(LBB)
THIRD = replace(FIRST, sequence=3, period=Period.M6, previous="cd" * 32)

# --- what they say ----------------------------------------------------------------------------------------------------


def test_a_note_is_nine_lines_that_anybody_can_read() -> None:
    assert THIRD.text == (
        "S75 Settlement note 1\n"
        "ledger: 3f2c9a54-0d5e-4f0c-9b1e-6a7d8c9e0f12\n"
        "agreement: barnet-2014-15\n"
        "year: 2014/15\n"
        "sequence: 3\n"
        "period: M6\n"
        "partners: LBB BCCG\n"
        f"pack: sha256 {'ab' * 32} 12345\n"
        f"previous: sha256 {'cd' * 32}\n"
    )


def test_the_first_note_has_none_before_it() -> None:
    assert NOTE.endswith("previous: none\n")
    with pytest.raises(VerificationError, match=r"line 9: sequence 1 has no note before it"):
        replace(FIRST, previous="cd" * 32)
    with pytest.raises(VerificationError, match=r"line 9: “none” is not written as"):
        replace(THIRD, previous=None)


def test_a_signed_text_is_the_note_and_seven_lines_of_the_signatory() -> None:
    assert SIGNED.text == NOTE + (
        "signed for: LBB\n"
        "name: Director of Finance\n"
        "role: Section 151 officer\n"
        "at: 2014-10-05T09:30:00+00:00\n"
        "login: finance\n"
        "program: S75 Settlement 0.1.0\n"
        f"key: sha256 {LBB.fingerprint}\n"
    )
    assert Signed.read(SIGNED.text).note == FIRST


def test_a_space_in_a_partners_code_cannot_be_taken_for_the_space_between_two() -> None:
    """Agreements allow such codes; of “A B” and “C” a plain list would make three partners, or others."""
    one = replace(FIRST, partners=("A B", "C"))
    other = replace(FIRST, partners=("A", "B C"))
    third = replace(FIRST, partners=("A%20B", "C"))

    assert "partners: A%20B C\n" in one.text
    assert "partners: A%2520B C\n" in third.text
    assert len({one.digest, other.digest, third.digest}) == 3
    assert [Note.read(each.text) for each in (one, other, third)] == [one, other, third]
    assert "signed for: A B\n" in signed_by(LBB, one, "A B").text


# --- what is refused --------------------------------------------------------------------------------------------------

MALFORMED_NOTES = {
    "nothing": ("", "line 1: the text ends here, before its last line"),
    "another text": ("Dear all\n", "line 1: “S75 Settlement note 1” is expected here, not “Dear all”"),
    "a newer note": (NOTE.replace("note 1\n", "note 2\n"), "line 1: .*; a newer version of the program made it"),
    "a byte-order mark": ("\ufeff" + NOTE, r"line 1: it has the character U\+FEFF"),
    "line ends of Windows": (NOTE.replace("\n", "\r\n"), r"line 1: it has the character U\+000D"),
    "no last line end": (NOTE[:-1], "line 9: the last line is not ended by a line feed"),
    "a line too many": (NOTE + "more: of it\n", "line 10: the text should have ended before “more: of it”"),
    "an empty line too many": (NOTE + "\n", "line 10: the text should have ended before “”"),
    "a line too few": (NOTE.removesuffix("previous: none\n"), "line 9: the text ends here"),
    "lines in another order": (
        NOTE.replace("sequence: 1\nperiod: M3\n", "period: M3\nsequence: 1\n"),
        "line 5: “sequence: ” and a value are expected here, not “period: M3”",
    ),
    "no space": (NOTE.replace("year: ", "year:"), "line 4: “year: ” and a value are expected"),
    "a capital": (NOTE.replace("year: ", "Year: "), "line 4: “year: ” and a value are expected"),
    "a ledger's id in capitals": (NOTE.replace("3f2c", "3F2C"), "line 2: .* is not written as a ledger’s id"),
    "no agreement": (NOTE.replace("barnet-2014-15", ""), "line 3: “” is empty or has spaces around it"),
    "spaces around": (NOTE.replace("barnet", " barnet"), "line 3: “ barnet-2014-15” is empty or has spaces"),
    "an agreement too long": (NOTE.replace("barnet", "b" * 201), "line 3: .* has more than 200 characters"),
    "no such year": (NOTE.replace("2014/15", "2014/16"), "line 4: “2014/16” is not a financial year"),
    "a leading zero": (NOTE.replace("sequence: 1", "sequence: 01"), "line 5: “01” is not written as 1, 2, 3 …"),
    "a sign": (NOTE.replace("sequence: 1", "sequence: +1"), "line 5: “.1” is not written as"),
    "nought": (NOTE.replace("sequence: 1", "sequence: 0"), "line 5: “0” is not written as"),
    "digits of another script": (NOTE.replace("sequence: 1", "sequence: ١"), "line 5: “١” is not written as"),
    "no such period": (NOTE.replace("M3", "M14"), "line 6: “M14” is not a period, M1 to M13"),
    "a space after a period": (NOTE.replace("M3", "M3 "), "line 6: “M3 ” is not a period"),
    "a partner twice": (NOTE.replace("LBB BCCG", "LBB LBB"), "line 7: “LBB” is named twice"),
    "two spaces": (NOTE.replace("LBB BCCG", "LBB  BCCG"), "line 7: “” is empty"),
    "no partner": (NOTE.replace("LBB BCCG", ""), "line 7: “” is empty"),
    "another escape": (NOTE.replace("LBB BCCG", "LBB%2C"), "line 7: in “LBB%2C”, % is followed by neither 20"),
    "spaces around a code": (NOTE.replace("LBB BCCG", "LBB%20"), "line 7: “LBB ” is empty or has spaces"),
    "a digest in capitals": (NOTE.replace("ab" * 32, "AB" * 32), "line 8: .* is not written as “sha256”, 64 digits"),
    "a short digest": (NOTE.replace("ab" * 32, "ab" * 31), "line 8: .* is not written as “sha256”"),
    "a pack of no bytes": (NOTE.replace("12345", "0"), "line 8: .* and a number of bytes"),
    "another digest's name": (NOTE.replace("sha256", "sha1"), "line 8: .* is not written as “sha256”"),
    "a bidi override": (NOTE.replace("barnet", "\u202ebarnet"), r"line 3: it has the character U\+202E"),
    "a terminal's escape": (NOTE.replace("barnet", "\x1b[2J"), r"line 3: it has the character U\+001B"),
    "a tab": (NOTE.replace("barnet", "bar\tnet"), r"line 3: it has the character U\+0009"),
    "a line break of Unicode": (NOTE.replace("barnet", "bar\u2028net"), r"line 3: it has the character U\+2028"),
    "half a character": (NOTE.replace("barnet", "bar\ud800net"), "it is not UTF-8 text"),
    "bytes that are no text": (NOTE.encode().replace(b"barnet", b"bar\xff"), "it is not UTF-8 text"),
    "an overlong form": (NOTE.encode().replace(b"barnet", b"\xc1\x81"), "it is not UTF-8 text"),
    "a text without end": (NOTE * 100, "it is longer than 8 KiB"),
    "wide characters without end": ("é" * 5000, "it is longer than 8 KiB"),
}


@pytest.mark.parametrize("what", MALFORMED_NOTES)
def test_what_is_not_a_note_to_the_letter_is_refused_with_its_line(what: str) -> None:
    data, told = MALFORMED_NOTES[what]

    with pytest.raises(VerificationError, match=f"(?s)^{told}"):
        Note.read(data)


def test_a_refusal_names_the_file_it_is_about() -> None:
    with pytest.raises(VerificationError) as refused:
        Note.read(NOTE.replace("M3", "M0"), "0001/note.txt")

    assert refused.value.where == "0001/note.txt:6"
    assert refused.value.problem == "“M0” is not a period, M1 to M13"
    assert str(refused.value) == "0001/note.txt:6: “M0” is not a period, M1 to M13"
    with pytest.raises(VerificationError, match=r"^0001/note.txt: it is not UTF-8"):
        Note.read(b"\xff", "0001/note.txt")


def test_what_a_refusal_quotes_of_a_strangers_text_is_short() -> None:
    with pytest.raises(VerificationError, match=f"not “{'x' * 40}…”$"):
        Note.read("x" * 5000 + "\n")


TEXT = SIGNED.text
MALFORMED_SIGNED = {
    "a note alone": (NOTE, "line 10: the text ends here"),
    "a malformed note": (TEXT.replace("M3", "M99"), "line 6: “M99” is not a period"),
    "a partner of another note": (
        TEXT.replace("signed for: LBB", "signed for: ICB"),
        "line 10: “ICB” is not among the partners who must sign this note",
    ),
    "no name": (TEXT.replace("Director of Finance", ""), "line 11: “” is empty"),
    "a name too long": (TEXT.replace("Director", "D" * 200), "line 11: .* has more than 200 characters"),
    "spaces after the role": (TEXT.replace("officer", "officer "), "line 12: .* has spaces around it"),
    "a time of no zone": (TEXT.replace("+00:00", ""), "line 13: .* is not written as 2014-10-05T09:30:00.00:00"),
    "a time of another zone": (TEXT.replace("+00:00", "+01:00"), "line 13: .* is not written as"),
    "a time that there is not": (TEXT.replace("2014-10-05", "2014-02-30"), "line 13: .* is no time that there is"),
    "a key in capitals": (TEXT.replace(LBB.fingerprint, LBB.fingerprint.upper()), "line 16: .* is not written as"),
    "a line too many": (TEXT + "signed for: BCCG\n", "line 17: the text should have ended"),
    "a text without end": (TEXT + "x" * LONGEST_BYTES, "it is longer than 16 KiB"),
}


@pytest.mark.parametrize("what", MALFORMED_SIGNED)
def test_what_is_not_a_signed_text_to_the_letter_is_refused_with_its_line(what: str) -> None:
    data, told = MALFORMED_SIGNED[what]

    with pytest.raises(VerificationError, match=f"(?s)^{told}"):
        Signed.read(data)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("agreement", "a\nyear: 2014/15"),
        ("agreement", "x" * 201),
        ("period", 3),
        ("sequence", True),
        ("pack_bytes", 0),
        ("pack_digest", "AB" * 32),
        ("partners", ()),
        ("partners", ["LBB"]),
        ("partners", ("LBB", "LBB")),
        ("partners", tuple(f"{number:0200}" for number in range(100))),
    ],
)
def test_a_note_cannot_be_made_of_what_its_text_would_not_give_back(field: str, value: object) -> None:
    with pytest.raises(VerificationError):
        replace(FIRST, **{field: value})


@pytest.mark.parametrize(
    ("field", "value"), [("name", "A\nrole: B"), ("role", ""), ("at", "today"), ("partner", "ICB"), ("program", " x")]
)
def test_a_signed_text_cannot_be_made_of_what_it_would_not_give_back(field: str, value: str) -> None:
    with pytest.raises(VerificationError):
        replace(SIGNED, **{field: value})


# --- whatever there is ------------------------------------------------------------------------------------------------

# what agreements allow of a code: it prints, and has no spaces around it
printed = st.characters(exclude_categories=["C", "Z"], include_characters=" ")
codes = st.text(printed, min_size=1, max_size=30).filter(lambda text: text.isprintable() and text == text.strip())
digests = st.binary(min_size=32, max_size=32).map(bytes.hex)


@st.composite
def notes(draw: st.DrawFn) -> Note:
    """Any note that an agreement and a ledger can give."""
    sequence = draw(st.integers(1, 999_999_999))
    return Note(
        ledger=str(draw(st.uuids())),
        agreement=draw(codes),
        year=FinancialYear(draw(st.integers(1000, 2999))),
        sequence=sequence,
        period=draw(st.sampled_from(Period)),
        partners=tuple(
            draw(st.lists(codes | st.sampled_from(["A", "A B", "%20", "%"]), min_size=1, max_size=5, unique=True))
        ),
        pack_digest=draw(digests),
        pack_bytes=draw(st.integers(1, 10**15 - 1)),
        previous=None if sequence == 1 else draw(digests),
    )


@st.composite
def signed_texts(draw: st.DrawFn) -> Signed:
    """Any text that a signatory can be given to sign."""
    note = draw(notes())
    return Signed(
        note=note,
        partner=draw(st.sampled_from(note.partners)),
        name=draw(codes),
        role=draw(codes),
        at=draw(st.datetimes()).replace(microsecond=0).isoformat() + "+00:00",
        login=draw(codes),
        program=draw(codes),
        fingerprint=draw(digests),
    )


@given(notes())
def test_a_note_is_read_as_it_was_written(note: Note) -> None:
    assert Note.read(note.text) == note
    assert Note.read(note.text.encode()).text == note.text


@given(signed_texts())
def test_a_signed_text_is_read_as_it_was_written(signed: Signed) -> None:
    assert Signed.read(signed.text) == signed
    assert Signed.read(signed.text.encode()).text == signed.text
    assert signed.text.startswith(signed.note.text)


@given(notes(), notes())
def test_two_notes_never_have_one_text(one: Note, other: Note) -> None:
    assert (one == other) == (one.text == other.text)


@pytest.mark.parametrize("value", [FIRST, THIRD, replace(FIRST, partners=("A B", "C%")), SIGNED])
def test_no_byte_can_be_changed_left_out_or_added_unnoticed(value: Note | Signed) -> None:
    """Every byte, each bit of it, and a few that mean something: refused, or another value, and no other error."""
    text = value.text.encode()
    changed = [
        text[:at] + bytes([each]) + text[at + 1 :]
        for at in range(len(text))
        for each in {*(text[at] ^ 1 << bit for bit in range(8)), *b" \n\r%0", 0xC2} - {text[at]}
    ]
    changed += [text[:at] + text[at + 1 :] for at in range(len(text))]
    changed += [text[:at] + bytes([each]) + text[at:] for at in range(len(text) + 1) for each in b" 0\n"]
    for each in changed:
        try:
            read = type(value).read(each)
        except VerificationError:
            continue
        assert read != value
        assert read.text.encode() == each


@given(st.data())
def test_a_mutated_text_is_refused_or_says_something_else(data: st.DataObject) -> None:
    value = data.draw(notes() | signed_texts())
    text = value.text.encode()
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    changed = text[:start] + data.draw(st.binary(max_size=8)) + text[end:]
    try:
        read = type(value).read(changed)
    except VerificationError:
        return
    assert (read == value) == (changed == text)
    assert read.text.encode() == changed


@given(st.binary() | st.text() | st.text().map(lambda text: NOTE + text))
def test_whatever_is_read_is_refused_by_one_error(data: bytes | str) -> None:
    for kind in (Note, Signed):
        try:
            assert kind.read(data).text == (data if isinstance(data, str) else data.decode())
        except VerificationError:
            continue


# --- names as people type them ----------------------------------------------------------------------------------------


def test_a_name_is_taken_without_the_spaces_around_it() -> None:
    assert clean_name("  Zoë O’Neill-Ng \n", "--name") == "Zoë O’Neill-Ng"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "--name: it is empty; write it out in full, as it is to stand on the statement"),
        (" \t", "--name: it is empty; write it out in full, as it is to stand on the statement"),
        ("\u200b", "--name: it is empty; write it out in full, as it is to stand on the statement"),
        ("x" * 201, "--name: it has 201 characters; 200 are the most"),
        ("A\nB", "--name: it is on more than one line; write it on one"),
        ("A\u2028B", "--name: it is on more than one line; write it on one"),
        ("A\tB", "--name: a text cannot have control characters; remove them"),
        ("A\u202eB", "--name: a text cannot have control characters; remove them"),
        ("A\ud800B", "--name: a text cannot have control characters; remove them"),
    ],
)
def test_a_name_that_cannot_stand_in_a_note_is_refused(typed: str, told: str) -> None:
    with pytest.raises(RefusedError, match=f"^{re.escape(told)}$"):
        clean_name(typed, "--name")


@given(st.text())
def test_a_name_that_is_taken_can_be_signed(typed: str) -> None:
    try:
        name = clean_name(typed, "--name")
    except RefusedError:
        return
    assert Signed.read(replace(SIGNED, name=name, role=name).text).name == name


# --- signatures -------------------------------------------------------------------------------------------------------

KEYS = {"LBB": [LBB.public], "BCCG": [BCCG.public]}
SIGNATURE = LBB.sign(TEXT.encode())


def test_a_signature_by_the_partners_own_key_is_found_right() -> None:
    assert check_signature(TEXT, SIGNATURE, KEYS) == SIGNED
    assert check_signature(TEXT.encode(), SIGNATURE, {"LBB": [STRANGER.public, LBB.public]}) == SIGNED
    signatures_agree(SIGNED, SIGNATURE, [BCCG.public, LBB.public])


def test_after_succession_one_key_may_stand_under_two_names() -> None:
    assert check_signature(TEXT, SIGNATURE, {"LBB": [LBB.public], "ICB": [LBB.public]}) == SIGNED


STRANGERS = signed_by(STRANGER).text
LATER = signed_by(LBB, THIRD).text

WRONG_SIGNATURES: dict[str, tuple[str, bytes, dict[str, list[PublicKey]], str]] = {
    "no key for the partner": (
        TEXT,
        SIGNATURE,
        {"BCCG": [BCCG.public]},
        "no public key was given for LBB; ask that partner for it, and give it",
    ),
    "a key under another partner's name": (
        TEXT,
        SIGNATURE,
        {"LBB": [BCCG.public], "BCCG": [LBB.public]},
        "it is signed for LBB with the key that was given for BCCG",
    ),
    "the other partner signing in the partner's name": (
        signed_by(BCCG).text,
        BCCG.sign(signed_by(BCCG).text.encode()),
        KEYS,
        "it is signed for LBB with the key that was given for BCCG",
    ),
    "the same, under a false fingerprint": (
        TEXT,
        BCCG.sign(TEXT.encode()),
        KEYS,
        "it names a key of LBB, but was signed with the key that was given for BCCG",
    ),
    "a key that nobody gave": (
        STRANGERS,
        STRANGER.sign(STRANGERS.encode()),
        KEYS,
        f"it is signed for LBB with a key that nobody gave: {STRANGER.fingerprint}; given for LBB: {LBB.fingerprint}",
    ),
    "a text that was changed": (
        TEXT.replace("Director", "Directoress"),
        SIGNATURE,
        KEYS,
        "LBB’s signature does not match the text: one of the two was changed after it was signed",
    ),
    "the signature of another note, replayed": (
        LATER,
        SIGNATURE,
        KEYS,
        "LBB’s signature does not match the text: one of the two was changed after it was signed",
    ),
    "a signature cut short": (TEXT, SIGNATURE[:-1], KEYS, "the signature has 63 bytes, where Ed25519’s have 64"),
    "no signature": (TEXT, b"", KEYS, "the signature has 0 bytes, where Ed25519’s have 64"),
    "a malformed text": (NOTE, SIGNATURE, KEYS, "the text ends here, before its last line"),
}


@pytest.mark.parametrize("what", WRONG_SIGNATURES)
def test_what_is_wrong_with_a_signature_is_told_apart(what: str) -> None:
    text, signature, keys, told = WRONG_SIGNATURES[what]

    with pytest.raises(VerificationError) as refused:
        check_signature(text, signature, keys, "0001/LBB.txt")

    assert refused.value.problem == told
    assert refused.value.where.startswith("0001/LBB.txt")


def test_a_signature_is_held_against_the_keys_that_are_given() -> None:
    with pytest.raises(VerificationError, match="which was not given"):
        signatures_agree(SIGNED, SIGNATURE, [BCCG.public])
    with pytest.raises(VerificationError, match=f"names the key {LBB.fingerprint}, but {BCCG.fingerprint} signed it"):
        signatures_agree(SIGNED, BCCG.sign(TEXT.encode()), [LBB.public, BCCG.public])


def test_every_bit_of_a_signature_counts() -> None:
    for bit in range(512):
        turned = (int.from_bytes(SIGNATURE, "big") ^ 1 << bit).to_bytes(64, "big")
        with pytest.raises(VerificationError, match="does not match the text"):
            check_signature(TEXT, turned, KEYS)


@given(st.integers(1, 2**255), st.binary())
def test_a_signature_never_fits_a_key_that_did_not_make_it(number: int, data: bytes) -> None:
    key = key_of(number)
    assert key.public.verifies(key.sign(data), data)
    assert (key.public == LBB.public) == LBB.public.verifies(key.sign(data), data)
