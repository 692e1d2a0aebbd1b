"""A variation is provisional until every partner in being has signed that it assents, to just that text."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from ledgers import Ledger, create_ledger, sealing
from ledgers.assents import Assent, assents, awaiting
from ledgers.sealing import stored
from ledgers.signing_keys import keys
from rules.periods import Period
from rules.problems import RefusedError
from settlement.publishing import governing_version, statement_inputs
from settlement.signoff.assenting import AssentText, assent, check_assent
from settlement.signoff.errors import VerificationError
from settlement.signoff.verification import verify
from tests.conftest import agreement_text
from tests.settlement.signoff.lives import KEYS, SCHEDULE, TEXT, again, counts, pool, signed_off
from tests.settlement.signoff.signing import BCCG, LBB, STRANGER

M3, M6, M7 = Period.M3, Period.M6, Period.M7
VARIED = TEXT.replace('title = "Clause 1"', 'title = "Clause 1, as varied"')
COUNCIL = {"name": "Council Signatory", "role": "Chief Finance Officer"}
COMMISSIONER = {"name": "Commissioner Signatory", "role": "Director of Finance"}


def vary(ledger: Ledger, start: Period = M7) -> None:
    ledger.set_agreement(VARIED, start, "Deed of variation, 28 September")


def refusal(of: Callable[[], object], ledger: Ledger) -> str:
    before = counts(ledger)
    with pytest.raises(RefusedError) as refused:
        of()
    assert counts(ledger) == before
    return refused.value.problems[0].message


def test_a_partner_assents_by_its_signature_to_the_text_itself(ledger: Ledger) -> None:
    vary(ledger)

    assert assent(ledger, 2, "LBB", LBB, **COUNCIL) == ("BCCG",)

    (row,) = assents(ledger)
    told = AssentText.read(row.text)
    version = ledger.versions()[1]
    assert (told.ledger, told.version, told.start) == (sealing.meta(stored(ledger))["ledger"], "2", "M7")
    assert (told.digest, told.partner, told.name, told.role) == (version.digest, "LBB", *COUNCIL.values())
    assert (told.login, told.fingerprint) == (stored(ledger).store.actor(), LBB.fingerprint)
    assert LBB.public.verifies(bytes.fromhex(row.signature), row.text.encode())
    assert awaiting(ledger, 2) == ("BCCG",)
    assert [key.reason for key in keys(ledger)] == ["assented to version 2"]
    assert assent(ledger, 2, "BCCG", BCCG, **COMMISSIONER) == ()


def test_the_statement_says_which_version_governed_and_whether_it_is_provisional(ledger: Ledger) -> None:
    signed_off(ledger, M6)
    vary(ledger)

    before, after = statement_inputs(ledger, M6).governing, statement_inputs(ledger, M7).governing
    assert (before.version, before.is_variation, before.is_provisional) == (1, False, False)
    assert (after.version, after.from_period, after.awaiting) == (2, M7, ("LBB", "BCCG"))
    assert after.is_provisional
    assent(ledger, 2, "LBB", LBB, **COUNCIL)
    assent(ledger, 2, "BCCG", BCCG, **COMMISSIONER)
    now = governing_version(ledger, M7)
    assert not now.is_provisional
    assert [(each.partner, each.name, each.role) for each in now.assents] == [
        ("LBB", *COUNCIL.values()),
        ("BCCG", *COMMISSIONER.values()),
    ]
    assert governing_version(ledger, M6).version == 1


def test_what_is_not_to_be_assented_to_is_refused(on_file: Ledger) -> None:
    assert refusal(lambda: assent(on_file, 2, "LBB", LBB, **COUNCIL), on_file) == (
        "there is no version 2 to assent to; the agreement was not varied"
    )
    vary(on_file)
    assert refusal(lambda: assent(on_file, 1, "LBB", LBB, **COUNCIL), on_file) == (
        "version 1 is assented to by the first sign-off; only a variation is assented to"
    )
    assert refusal(lambda: assent(on_file, 3, "LBB", LBB, **COUNCIL), on_file) == (
        "there is no version 3 to assent to; there is version 2"
    )
    assert refusal(lambda: assent(on_file, 2, "NHS", LBB, **COUNCIL), on_file) == (
        "version 2 does not wait for NHS’s assent; it waits for that of LBB and BCCG"
    )
    assent(on_file, 2, "LBB", LBB, **COUNCIL)
    assert refusal(lambda: assent(on_file, 2, "LBB", LBB, **COUNCIL), on_file) == (
        "version 2 does not wait for LBB’s assent; it waits for that of BCCG"
    )
    assent(on_file, 2, "BCCG", BCCG, **COMMISSIONER)
    assert refusal(lambda: assent(on_file, 2, "BCCG", BCCG, **COMMISSIONER), on_file) == (
        "every partner has assented to version 2 already"
    )


def test_a_wrong_key_and_one_person_for_two_partners_are_refused(on_file: Ledger) -> None:
    signed_off(on_file, M3)
    vary(on_file)
    assert refusal(lambda: assent(on_file, 2, "LBB", STRANGER, **COUNCIL), on_file).startswith(
        f"LBB signs with the key {LBB.fingerprint[:16]}… of Council Signatory, not with this one"
    )
    assert refusal(lambda: assent(on_file, 2, "LBB", BCCG, **COUNCIL), on_file) == (
        "this key is BCCG’s; one key signs for one partner"
    )
    assent(on_file, 2, "LBB", LBB, **COUNCIL)
    assert refusal(lambda: assent(on_file, 2, "BCCG", BCCG, name="COUNCIL SIGNATORY, CPFA", role="CFO"), on_file) == (
        "COUNCIL SIGNATORY, CPFA has assented for LBB; one person assents for one partner"
    )


def test_a_login_or_code_that_cannot_be_read_again_is_not_signed(
    on_file: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = "L" * 201
    text = agreement_text(SCHEDULE, partners=f"LBB; {long} kind=ccg", funds="F host=LBB")
    with create_ledger(tmp_path / "long.s75", text) as ledger:
        ledger.set_agreement(text.replace("Clause 1", "Clause one"), M3, "A better title")
        assert (
            refusal(lambda: assent(ledger, 2, long, BCCG, **COMMISSIONER), ledger) == "it is not the text of an assent"
        )
    vary(on_file)
    monkeypatch.setattr("ledgers.locking.user_name", lambda: "fin\nance")
    assert refusal(lambda: assent(on_file, 2, "LBB", LBB, **COUNCIL), on_file).startswith("your login, “fin")


def test_nothing_is_assented_to_read_only(tmp_path: Path) -> None:
    pool(tmp_path / "pool.s75").close()
    with again(tmp_path / "pool.s75", read_only=True) as ledger, pytest.raises(RefusedError, match="opened read-only"):
        assent(ledger, 2, "LBB", LBB, **COUNCIL)


def test_an_assent_that_was_spoilt_is_a_refusal_to_statements_and_the_next_partner(
    on_file: Ledger, unguarded: Callable[..., None]
) -> None:
    vary(on_file)
    assent(on_file, 2, "LBB", LBB, **COUNCIL)
    unguarded(on_file, "UPDATE assents SET text = 'x' || text")

    assert refusal(lambda: statement_inputs(on_file, M7), on_file) == "it is not the text of an assent"
    assert (
        refusal(lambda: assent(on_file, 2, "BCCG", BCCG, **COMMISSIONER), on_file) == "it is not the text of an assent"
    )


# --- checked ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def given(on_file: Ledger) -> tuple[Ledger, Assent]:
    vary(on_file)
    assent(on_file, 2, "LBB", LBB, **COUNCIL)
    return on_file, assents(on_file)[0]


def checked(ledger: Ledger, row: Assent) -> AssentText:
    return check_assent(row, ledger.versions(), sealing.meta(stored(ledger))["ledger"], KEYS)


def test_an_assent_that_holds_is_told(given: tuple[Ledger, Assent]) -> None:
    assert checked(*given).name == "Council Signatory"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda row: replace(row, text=row.text + "\n"), "it is not the text of an assent"),
        (lambda row: replace(row, text="x" * 20_000), "it is not the text of an assent"),
        (lambda row: replace(row, partner="BCCG"), "it is signed of another ledger or version, or for another partner"),
        (lambda row: replace(row, version=1), "it is signed of another ledger or version, or for another partner"),
        (lambda row: replace(row, version=3), "it is signed of another ledger or version, or for another partner"),
        (
            lambda row: replace(row, text=row.text.replace("from: M7", "from: M8")),
            "the agreement it was given to is not the one that the ledger has",
        ),
        (
            lambda row: replace(row, text=row.text.replace(LBB.fingerprint, STRANGER.fingerprint)),
            "it is signed with a key that was not given for the partner",
        ),
        (lambda row: replace(row, text=row.text.replace("Council", "County")), "the signature does not match the text"),
        (lambda row: replace(row, signature=row.signature.upper()), "the signature does not match the text"),
        (lambda row: replace(row, signature="xyz"), "the signature does not match the text"),
        (lambda row: replace(row, signature="00" * 64), "the signature does not match the text"),
    ],
)
def test_an_assent_that_was_changed_is_told_apart(
    given: tuple[Ledger, Assent], change: Callable[[Assent], Assent], why: str
) -> None:
    ledger, row = given
    with pytest.raises(VerificationError) as error:
        checked(ledger, change(row))
    assert error.value.problem == why


def test_verify_tells_of_an_assent_whose_version_was_changed(on_file: Ledger, unguarded: Callable[..., None]) -> None:
    signed_off(on_file, M6)
    vary(on_file)
    assent(on_file, 2, "LBB", LBB, **COUNCIL)
    assert verify(on_file, KEYS).holds
    unguarded(on_file, "UPDATE agreements SET digest = 'x' WHERE id = 2")

    assert any("assent of LBB to version 2" in told for told in verify(on_file, KEYS).differences)
