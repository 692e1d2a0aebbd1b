"""A period is put up for signature, signed by every partner and then final; and everything that keeps it from that."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ledgers import Ledger, State, sealing
from ledgers.disputes import carry, dispute_clause, dispute_line, resolve
from ledgers.sealing import stored
from ledgers.signing_keys import keys
from ledgers.trail import Action, trail
from rules.periods import Period
from rules.problems import RefusedError
from settlement.result import result_of
from settlement.service import explain_ledger, settle_ledger, settled_before
from settlement.signoff import papers, signing
from settlement.signoff.assenting import assent
from settlement.signoff.known_keys import replace_key
from settlement.signoff.notes import Note, Signed
from settlement.signoff.signing import seal, sign, withdraw
from settlement.signoff.verification import verify
from tests.conftest import GOLDEN, agreement_text, basis, clause
from tests.ledgers.shared import shared_ledger
from tests.settlement.signoff.lives import (
    KEYS,
    SCHEDULE,
    SIGNATORIES,
    TEXT,
    again,
    counts,
    pool,
    posted,
    signed_for,
    signed_off,
)
from tests.settlement.signoff.signing import BCCG, LBB, STRANGER, key_of

M1, M2, M3, M4, M6, M7, M12, M13 = (Period(number) for number in (1, 2, 3, 4, 6, 7, 12, 13))
CONTROL = '[[control]]\nkind = "actual"\nperiod = "M3"\namount = "479.99"\nscheme = "S1"\npartner = "LBB"\n'


def states(ledger: Ledger) -> dict[Period, State]:
    return {state.period: state.state for state in ledger.periods() if state.state is not State.OPEN}


def refusal(of: Callable[[], object], ledger: Ledger | None = None) -> str:
    """Why it is refused, without the ledger's name; and the ledger has changed in nothing."""
    before = None if ledger is None else counts(ledger)
    with pytest.raises(RefusedError) as refused:
        of()
    assert ledger is None or counts(ledger) == before
    return "\n".join(f"{each.place}: {each.message}" if each.place else each.message for each in refused.value.problems)


# --- the whole life ---------------------------------------------------------------------------------------------------


def test_a_period_is_held_signed_by_one_and_then_the_other_and_is_final(ledger: Ledger, place: str) -> None:
    ledger.hold(M3)

    first = signed_for(ledger, M3, "LBB")

    assert (first.partner, first.awaiting, first.signed) == ("LBB", ("BCCG",), ())
    assert states(ledger) == {M1: State.HELD, M2: State.HELD, M3: State.HELD}

    last = signed_for(ledger, M3, "BCCG")

    assert (last.note, last.awaiting, last.signed) == (first.note, (), (M1, M2, M3))
    assert states(ledger) == {M1: State.SIGNED, M2: State.SIGNED, M3: State.SIGNED}
    ledger.close()
    with again(place, read_only=True) as opened:
        report = verify(opened, KEYS)
        assert report.holds, report.differences
        assert report.conclusion == (
            "verified: what every partner signed, up to M3 in note 1, stands as they signed it."
        )
        assert "\n---\n".join(report.verified) == (
            "Note 1: worked, 2016/17, M3\n"
            "Signed for LBB by Council Signatory, Chief Finance Officer, on 5 October 2016 at 12:00 UTC\n"
            f"Key: {LBB.fingerprint}\n"
            "Signed for BCCG by Commissioner Signatory, Director of Finance, on 5 October 2016 at 12:00 UTC\n"
            f"Key: {BCCG.fingerprint}\n"
            f"Digest: {first.note.digest}\n"
            f"Sealed on 5 October 2016 at 12:00 UTC, prepared by {stored(opened).store.actor()}\n"
            f"Its pack of {first.note.pack_bytes:,} bytes was rebuilt from the ledger’s rows, byte for byte\n"
            "The rules, run again over those rows, give the settlement that was signed"
        )


def test_the_note_says_what_is_signed_and_the_signed_text_by_whom(on_file: Ledger) -> None:
    on_file.hold(M3)

    note = signed_for(on_file, M3, "LBB").note

    assert (note.agreement, str(note.year), note.sequence, note.period) == ("worked", "2016/17", 1, M3)
    assert (note.partners, note.previous) == (("LBB", "BCCG"), None)
    assert note.ledger == sealing.meta(stored(on_file))["ledger"]
    (row,) = sealing.signatures(stored(on_file))
    signed = Signed.read(row.text)
    assert (signed.name, signed.role, signed.at) == (
        "Council Signatory",
        "Chief Finance Officer",
        "2016-10-05T12:00:00+00:00",
    )
    assert (signed.login, signed.fingerprint) == (stored(on_file).store.actor(), LBB.fingerprint)


def test_put_up_twice_it_is_one_note_and_whoever_signs_first_puts_it_up(on_file: Ledger) -> None:
    on_file.hold(M3)
    note = seal(on_file, M3)

    assert seal(on_file, M3) == note
    assert signed_for(on_file, M3, "BCCG").note == note
    assert len(sealing.notes(stored(on_file))) == 1


def test_the_trail_tells_of_every_step(ledger: Ledger) -> None:
    done = signed_off(ledger, M3)

    who = ", ".join(SIGNATORIES["BCCG"][1:])
    told = [(entry.action, entry.subject, entry.detail) for entry in trail(ledger)]
    actor = stored(ledger).store.actor()
    assert told[-5:] == [
        (Action.SEAL, "note 1", f"M3 put up for signature, prepared by {actor}"),
        (Action.KEY, "key 1", f"Council Signatory, Chief Finance Officer, signs for LBB; sha256 {LBB.fingerprint}"),
        (
            Action.SIGN,
            "note 1",
            f"M3 for LBB by Council Signatory, Chief Finance Officer, with the key {LBB.fingerprint}",
        ),
        (
            Action.KEY,
            "key 2",
            f"Commissioner Signatory, Director of Finance, signs for BCCG; sha256 {BCCG.fingerprint}",
        ),
        (
            Action.SIGN,
            "note 1",
            f"M3 for BCCG by {who}, with the key {BCCG.fingerprint}; M1, M2 and M3 are final",
        ),
    ]
    assert done.signed == (M1, M2, M3)


def test_each_note_follows_the_one_before(ledger: Ledger) -> None:
    first = signed_off(ledger, M3).note
    posted(ledger, "M6 S1 LBB actual 20.00")

    second = signed_off(ledger, M6).note

    assert (second.sequence, second.previous) == (2, first.digest)
    assert verify(ledger, KEYS).holds


# --- what keeps a period from being signed ----------------------------------------------------------------------------


def test_an_open_period_is_held_first(on_file: Ledger) -> None:
    assert refusal(lambda: signed_for(on_file, M3, "LBB"), on_file) == (
        "M3 is open; hold it first, so that what is signed stays as it is: s75 hold"
    )


def test_a_signed_period_is_final(on_file: Ledger) -> None:
    signed_off(on_file, M3)

    assert refusal(lambda: signed_for(on_file, M2, "LBB"), on_file) == "M2 is signed already, and final"
    assert refusal(lambda: seal(on_file, M3), on_file) == "M3 is signed already, and final"
    assert refusal(lambda: on_file.reopen(M3), on_file).startswith("M3 is signed, which is final")


def test_a_control_total_that_does_not_agree_keeps_it_from_being_signed(tmp_path: Path) -> None:
    with pool(
        tmp_path / "pool.s75", agreement_text(f"{SCHEDULE}\n{CONTROL}", partners="LBB; BCCG", funds="F host=LBB")
    ) as ledger:
        ledger.hold(M3)

        assert refusal(lambda: signed_for(ledger, M3, "LBB"), ledger) == (
            "M3 cannot be signed: control total: the actual of scheme S1 of LBB to M3 should be £479.99; the ledger "
            "has £480.00, £0.01 more"
        )


def test_an_amount_that_no_clause_deals_with_keeps_it_from_being_signed(tmp_path: Path) -> None:
    text = agreement_text(clause("2", "underspend", share={"by": "fund"}), partners="LBB; BCCG", funds="F host=LBB")
    with pool(tmp_path / "pool.s75", text) as ledger:
        ledger.hold(M3)

        assert refusal(lambda: seal(ledger, M3), ledger) == (
            "M3 cannot be signed: unallocated: no clause deals with £80.00 of the overspend of £80.00 on F at M3; add "
            "or widen a clause"
        )


def test_a_settlement_that_is_refused_keeps_it_from_being_signed(tmp_path: Path) -> None:
    schedule = "\n".join([clause("1", "overspend", share={"by": "need"}), basis("need", LBB="0.00", BCCG="0.00")])
    text = agreement_text(schedule, partners="LBB; BCCG", funds="F host=LBB", schemes="S1; S2")
    with pool(tmp_path / "pool.s75", text) as ledger:
        posted(ledger, "M2 S2 LBB actual 5.00")
        ledger.hold(M3)

        told = refusal(lambda: seal(ledger, M3), ledger)

    assert told.startswith("M3 cannot be signed: settlement: ")


def test_one_note_waits_for_its_signatures_at_a_time(on_file: Ledger) -> None:
    on_file.hold(M6)
    signed_for(on_file, M3, "LBB")

    assert refusal(lambda: signed_for(on_file, M6, "BCCG"), on_file) == (
        "note 1 of M3 waits for the signature of BCCG; have it signed, or withdraw it, before another period is put up"
    )


def test_a_period_put_up_is_not_opened_under_the_signatories(on_file: Ledger) -> None:
    on_file.hold(M3)
    seal(on_file, M3)

    assert refusal(lambda: on_file.reopen(M2), on_file) == (
        "M2 is put up for signature with M3, in note 1, which not every partner has signed; to change what is to be "
        "signed, withdraw the note first: s75 sign LEDGER --withdraw --reason TEXT"
    )


def test_an_open_dispute_is_resolved_or_carried_visibly(ledger: Ledger) -> None:
    dispute_line(ledger, 3, "BCCG", "The placement ended in May")
    dispute_clause(ledger, "1", M3, "LBB", "Not what the deed says")
    ledger.hold(M3)

    assert refusal(lambda: signed_for(ledger, M3, "LBB"), ledger) == (
        "dispute 1 of BCCG (The placement ended in May) is open; resolve it, or carry it visibly: s75 dispute "
        "--carry 1 --period M3 --reason …\n"
        "dispute 2 of LBB (Not what the deed says) is open; resolve it, or carry it visibly: s75 dispute "
        "--carry 2 --period M3 --reason …"
    )
    resolve(ledger, 2, "The deed was read together")
    carry(ledger, 1, M3, "The invoice is still to come")
    assert signed_for(ledger, M3, "LBB").awaiting == ("BCCG",)
    signed_for(ledger, M3, "BCCG")
    assert verify(ledger, KEYS).holds
    ledger.hold(M4)
    assert "dispute 1 of BCCG" in refusal(lambda: seal(ledger, M4), ledger)  # carried past M3, and no further


def test_a_partner_not_in_being_does_not_sign(on_file: Ledger) -> None:
    on_file.hold(M3)

    assert refusal(lambda: sign(on_file, M3, "NHS", LBB, name="Council Signatory", role="CFO"), on_file) == (
        "NHS is no partner that signs M3; they are LBB and BCCG"
    )


def test_a_partner_signs_a_note_once(ledger: Ledger) -> None:
    ledger.hold(M3)
    signed_for(ledger, M3, "LBB")

    assert refusal(lambda: signed_for(ledger, M3, "LBB"), ledger) == "LBB has signed note 1 already"


@pytest.mark.parametrize(
    ("name", "role", "why"),
    [
        ("", "CFO", "--name: it is empty; write it out in full, as it is to stand on the statement"),
        ("Council Signatory", " ", "--role: it is empty; write it out in full, as it is to stand on the statement"),
        ("A" * 201, "CFO", "--name: it has 201 characters; 200 are the most"),
        ("Council Signatory", "CFO\nname: another", "--role: it is on more than one line; write it on one"),
        ("Council\x1b[2J", "CFO", "--name: a text cannot have control characters; remove them"),
    ],
)
def test_a_name_and_a_role_are_written_out(on_file: Ledger, name: str, role: str, why: str) -> None:
    on_file.hold(M3)

    assert refusal(lambda: sign(on_file, M3, "LBB", LBB, name=name, role=role), on_file) == why


@pytest.mark.parametrize("login", ["", " finance", "fin\nance", "f\u202einance", "f" * 201])
def test_a_login_that_no_signed_text_can_have_is_refused(
    on_file: Ledger, monkeypatch: pytest.MonkeyPatch, login: str
) -> None:
    on_file.hold(M3)
    seal(on_file, M3)
    monkeypatch.setattr("ledgers.locking.user_name", lambda: login)

    told = refusal(lambda: signed_for(on_file, M3, "LBB"), on_file)

    assert told.startswith("your login, “")
    assert told.endswith(
        "”, cannot stand in what is signed: it is empty, too long, or has spaces around it or characters that do not "
        "print; sign under another login"
    )


def test_what_the_note_cannot_hold_is_told_in_a_sentence(tmp_path: Path) -> None:
    long = "L" * 201
    text = agreement_text(SCHEDULE, partners=f"LBB; {long} kind=ccg", funds="F host=LBB")
    with closing(pool(tmp_path / "long.s75", TEXT)) as short:
        short.hold(M3)
    from ledgers import create_ledger

    with create_ledger(tmp_path / "longer.s75", text) as ledger:
        ledger.hold(M3)

        assert refusal(lambda: seal(ledger, M3), ledger).endswith("has more than 200 characters")


def test_a_ledger_opened_read_only_or_in_a_folder_signs_nothing(tmp_path: Path) -> None:
    pool(tmp_path / "pool.s75").close()
    with again(tmp_path / "pool.s75", read_only=True) as ledger:
        for of in (lambda: seal(ledger, M3), lambda: signed_for(ledger, M3, "LBB"), lambda: withdraw(ledger, "x")):
            assert refusal(of) == "the ledger is opened read-only; open it for writing to change it"
    with again(GOLDEN / "telford-2019-20") as folder:
        for of in (lambda: seal(folder, M3), lambda: signed_for(folder, M3, "LBB"), lambda: withdraw(folder, "x")):
            assert refusal(of) == ("a ledger in a folder has no sign-off; make a file of it and import its lines there")


# --- keys and people --------------------------------------------------------------------------------------------------


def test_a_partner_goes_on_with_its_key(ledger: Ledger) -> None:
    signed_off(ledger, M3)
    ledger.hold(M6)

    assert refusal(lambda: signed_for(ledger, M6, "LBB", STRANGER), ledger) == (
        f"LBB signs with the key {LBB.fingerprint[:16]}… of Council Signatory, not with this one "
        f"({STRANGER.fingerprint[:16]}…); say first that it replaces that one: s75 key replace"
    )
    assert refusal(lambda: signed_for(ledger, M6, "LBB", BCCG), ledger) == (
        "this key is BCCG’s; one key signs for one partner"
    )


def test_one_key_signs_for_one_partner(on_file: Ledger) -> None:
    on_file.hold(M3)
    signed_for(on_file, M3, "LBB")

    assert refusal(lambda: signed_for(on_file, M3, "BCCG", LBB), on_file) == (
        "this key has signed for LBB; one key signs for one partner"
    )


@pytest.mark.parametrize("name", ["Council Signatory", "COUNCIL  SIGNATORY", "Council Signatory, CPFA"])
def test_one_person_signs_for_one_partner(on_file: Ledger, name: str) -> None:
    on_file.hold(M3)
    signed_for(on_file, M3, "LBB")

    assert refusal(lambda: sign(on_file, M3, "BCCG", BCCG, name=name, role="CFO"), on_file) == (
        f"{name} has signed for LBB; one person signs for one partner"
    )


@pytest.mark.parametrize(
    "prepared_by",
    [
        "Council Signatory",
        "council signatory, Finance Manager",
        "Fund Manager, Accountant and Council Signatory",
        "Fund Manager (Accountant) & Council Signatory (Manager)",
    ],
)
def test_who_prepared_may_not_approve(on_file: Ledger, prepared_by: str) -> None:
    on_file.hold(M3)
    seal(on_file, M3, prepared_by)

    assert refusal(lambda: signed_for(on_file, M3, "LBB"), on_file) == (
        "Council Signatory prepared what is to be signed, and so may not approve it: maker and checker differ; another "
        "signatory of the partner signs"
    )
    assert signed_for(on_file, M3, "BCCG").partner == "BCCG"
    assert sign(on_file, M3, "LBB", LBB, name="Council Signatoryson", role="CFO").awaiting == ()


def test_who_prepared_is_said_once(on_file: Ledger) -> None:
    on_file.hold(M3)
    seal(on_file, M3, "Fund Manager, Accountant")

    assert refusal(lambda: seal(on_file, M3, "Board Signatory"), on_file) == (
        "--prepared-by: note 1 is put up already, as prepared by Fund Manager, Accountant; leave --prepared-by out, or "
        "withdraw the note and put the period up again"
    )
    assert seal(on_file, M3, " Fund Manager, Accountant ").sequence == 1


def test_who_prepared_is_whoever_posted_since_the_last_signed_note(
    on_file: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    def prepared() -> str:
        return sealing.notes(stored(on_file))[-1].prepared_by

    monkeypatch.setattr("ledgers.locking.user_name", lambda: "dan")
    posted(on_file, "M3 S1 LBB actual 1.00")
    on_file.hold(M3)
    seal(on_file, M3)
    first = prepared()
    assert first.endswith("dan") or first.startswith("dan and ")
    withdraw(on_file, "An accrual is missing")
    on_file.reopen(M3)
    monkeypatch.setattr("ledgers.locking.user_name", lambda: "eve")
    posted(on_file, "M3 S1 LBB accrual 1.00")
    signed_off(on_file, M3)
    assert {"dan", "eve"} <= set(prepared().replace(",", "").split())  # what was given up is still dan's work
    posted(on_file, "M4 S1 LBB actual 1.00")
    on_file.hold(M4)
    seal(on_file, M4)
    assert prepared() == "eve"


def test_on_a_server_each_signs_under_a_login_of_its_own(postgres_url: str) -> None:
    people = {"manager": ("manager",), "lbb": ("LBB",), "bccg": ("BCCG",), "both": ("LBB", "BCCG")}
    shared = shared_ledger(postgres_url, people, TEXT)
    with shared.open("manager") as ledger:
        posted(ledger, "M1 S1 LBB budget 300.00", "M3 S1 LBB actual 300.00")
        ledger.hold(M3)
        assert "it is for the approvers of the partners" in refusal(lambda: signed_for(ledger, M3, "LBB"), ledger)
    with shared.open("both") as ledger:
        signed_for(ledger, M3, "LBB")  # and puts it up
        assert "one person does not sign for two" in refusal(lambda: signed_for(ledger, M3, "BCCG"), ledger)
    with shared.open("lbb") as ledger:
        assert "only an approver of the partner does this" in refusal(lambda: signed_for(ledger, M3, "BCCG"), ledger)
    with shared.open("bccg") as ledger:
        assert signed_for(ledger, M3, "BCCG").awaiting == ()
        report = verify(ledger, KEYS)
        assert report.holds, report.differences


# --- what changes under the signatories -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE lines SET amount_pence = amount_pence + 1 WHERE id = 3",
        "UPDATE lines SET description = 'x' WHERE id = 1",
        "UPDATE batches SET actor = 'x' WHERE id = 1",
        "UPDATE agreements SET reason = 'x' WHERE id = 1",
        "UPDATE period_states SET changed_at = 'x' WHERE id = 1",
        "UPDATE notes SET prepared_by = 'x' WHERE id = 1",
        "UPDATE note_statements SET document = 2 WHERE id = 1",
    ],
)
def test_what_was_changed_after_the_first_signature_is_not_signed(
    on_file: Ledger, unguarded: Callable[..., None], change: str
) -> None:
    on_file.hold(M3)
    signed_for(on_file, M3, "LBB")
    unguarded(on_file, change)

    assert refusal(lambda: signed_for(on_file, M3, "BCCG"), on_file) == (
        "the ledger no longer gives what note 1 says; do not sign it; “s75 verify” says what differs"
    )
    assert not verify(on_file, KEYS).holds


def test_a_statement_that_was_changed_is_not_signed(ledger: Ledger, unguarded: Callable[..., None]) -> None:
    ledger.hold(M3)
    signed_for(ledger, M3, "LBB")
    digest = sealing.statements_of(stored(ledger), 1)[0][3]
    as_bytes = "'x'" if not ledger.name.endswith(".s75") else "x'00'"
    unguarded(ledger, f"UPDATE documents SET body = {as_bytes} WHERE digest = '{digest}'")

    assert refusal(lambda: signed_for(ledger, M3, "BCCG"), ledger) == (
        f"the document {digest} is damaged: its bytes are not those that were put in"
    )


def test_a_note_or_signature_that_cannot_be_read_is_a_refusal(on_file: Ledger, unguarded: Callable[..., None]) -> None:
    on_file.hold(M3)
    signed_for(on_file, M3, "LBB")
    unguarded(on_file, "UPDATE signatures SET text = 'x' || text")

    assert refusal(lambda: signed_for(on_file, M3, "BCCG"), on_file).startswith(
        "line 1: “S75 Settlement note 1” is expected here, not “xS75 Settlement note 1”"
    )
    unguarded(on_file, "UPDATE notes SET text = 'x' || text")
    for of in (lambda: signed_for(on_file, M3, "BCCG"), lambda: seal(on_file, M3), lambda: withdraw(on_file, "spoilt")):
        assert refusal(of, on_file).startswith("line 1: “S75 Settlement note 1” is expected here")


def test_a_failure_after_sealing_leaves_nothing(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger.hold(M3)
    before = counts(ledger)

    def fail(*_: object, **__: object) -> None:
        message = "no space left"
        raise OSError(message)

    for place in ("know_key", "record", "papers_for_signature"):
        with monkeypatch.context() as patched:
            patched.setattr(signing, place, fail)
            with pytest.raises(OSError, match="no space left"):
                signed_for(ledger, M3, "LBB")
    for place in ("add_note", "put_statements", "add_signature"):
        with monkeypatch.context() as patched:
            patched.setattr(sealing, place, fail)
            with pytest.raises(OSError, match="no space left"):
                signed_for(ledger, M3, "LBB")
    with monkeypatch.context() as patched:
        patched.setattr(papers, "put_document", fail)
        with pytest.raises(OSError, match="no space left"):
            signed_for(ledger, M3, "LBB")
    assert counts(ledger) == before
    signed_for(ledger, M3, "LBB")
    with monkeypatch.context() as patched:
        patched.setattr(sealing, "close_signed", fail)
        before = counts(ledger)
        with pytest.raises(OSError, match="no space left"):
            signed_for(ledger, M3, "BCCG")
        assert counts(ledger) == before
    assert signed_for(ledger, M3, "BCCG").signed == (M1, M2, M3)
    assert verify(ledger, KEYS).holds


# --- given up, and put up again ---------------------------------------------------------------------------------------


def test_a_note_is_withdrawn_corrected_and_signed_in_the_next(ledger: Ledger) -> None:
    ledger.hold(M3)
    signed_for(ledger, M3, "LBB")

    given_up = withdraw(ledger, "An invoice was\nposted twice")

    assert (given_up.sequence, states(ledger)[M3]) == (1, State.HELD)
    ledger.reopen(M3, "To take the invoice out")
    posted(ledger, "M3 S1 LBB actual -30.00")
    done = signed_off(ledger, M3)
    assert (done.note.sequence, done.note.previous) == (2, given_up.digest)
    report = verify(ledger, KEYS)
    assert report.holds, report.differences
    assert "Note 1 (M3) was withdrawn: not everybody had signed." in report.remarks
    assert [each.splitlines()[0] for each in report.verified] == ["Note 2: worked, 2016/17, M3"]
    assert [entry.detail for entry in trail(ledger) if entry.action == Action.WITHDRAW] == [
        "M3: An invoice was posted twice"
    ]


def test_a_note_nobody_signed_is_withdrawn_too(on_file: Ledger) -> None:
    on_file.hold(M3)
    seal(on_file, M3)
    withdraw(on_file, "Too early")

    assert signed_off_again(on_file).note.sequence == 2
    assert verify(on_file, KEYS).holds


def signed_off_again(ledger: Ledger) -> signing.SignedOff:
    signed_for(ledger, M3, "LBB")
    return signed_for(ledger, M3, "BCCG")


def test_a_withdrawal_has_a_reason_and_something_to_withdraw(on_file: Ledger) -> None:
    assert refusal(lambda: withdraw(on_file, " "), on_file) == "say why the note is withdrawn: give a reason"
    nothing = "no note waits for signatures; one that every partner has signed is final"
    assert refusal(lambda: withdraw(on_file, "Too early"), on_file) == nothing
    signed_off(on_file, M3)
    assert refusal(lambda: withdraw(on_file, "Too late"), on_file) == nothing


# --- what is signed does not move -------------------------------------------------------------------------------------


def test_a_late_line_goes_to_the_next_open_period_and_says_which_it_belongs_to(ledger: Ledger) -> None:
    signed_off(ledger, M3)

    (late,) = posted(ledger, "M2 S1 LBB actual 40.00")

    assert (late.period, late.belongs_to) == (M4, M2)
    assert verify(ledger, KEYS).holds


def settled(ledger: Ledger, period: Period, *, outturn: bool = False) -> dict[str, object]:
    return result_of(settle_ledger(ledger, period, outturn=outturn))


@pytest.mark.parametrize(
    "later",
    [
        ("M4 S1 LBB virement -100.00 V1", "M4 S2 LBB virement 100.00 V1"),
        ("M12 S1 BCCG budget 77.00",),
        ("M2 S1 LBB actual 40.00",),
        ("M9 S1 LBB forecast 600.00",),
        ("M4 S1 LBB budget -300.00",),
    ],
)
def test_what_was_signed_stands_whatever_is_posted_afterwards(ledger: Ledger, later: tuple[str, ...]) -> None:
    """A budget counts for the whole year, whenever it is posted: at a signed period it does not count all the same."""
    signed_off(ledger, M3)
    to_date, outturn = settled(ledger, M3), settled(ledger, M3, outturn=True)
    told = [[str(each) for _, each in one.walk()] for one in explain_ledger(ledger, M3)]
    over = settle_ledger(ledger, M3).row_of("LBB").overspend_pence

    posted(ledger, *later)

    assert over == 60_00
    assert settled(ledger, M3) == to_date
    assert settled(ledger, M3, outturn=True) == outturn
    assert settled(ledger, M2)["period"] == "M2"
    assert [[str(each) for _, each in one.walk()] for one in explain_ledger(ledger, M3)] == told
    before = settled_before(ledger, M4)
    assert before is not None
    assert result_of(before) == to_date
    report = verify(ledger, KEYS)
    assert report.holds, report.differences


def test_the_pack_has_the_settlement_that_the_ledger_gives(ledger: Ledger) -> None:
    import json

    from settlement.signoff.canonical import canonical
    from settlement.signoff.traced import settlement_with_trace

    signed_off(ledger, M3)
    posted(ledger, "M4 S1 BCCG budget 5.00")

    pack = json.loads(b"".join(sealing.sealed_pack(stored(ledger), 1)))

    now = json.loads(canonical(settlement_with_trace(settle_ledger(ledger, M3))))
    assert {key: pack["settlement"][key] for key in now} == now
    assert pack["settlement"]["partners"] == ["LBB", "BCCG"]
    assert pack["settlement"]["version"] == {"from_period": "M1", "number": 1}


def test_the_year_is_signed_period_after_period_to_its_end(on_file: Ledger) -> None:
    for number in (3, 6, 9, 12, 13):
        posted(on_file, f"M{number} S1 LBB actual 1.00")
        signed_off(on_file, Period(number))

    report = verify(on_file, KEYS)

    assert report.holds, report.differences
    assert len(report.verified) == 5
    assert set(states(on_file).values()) == {State.SIGNED}
    assert "M13" in refusal(lambda: posted(on_file, "M13 S1 LBB actual 1.00"), on_file)


# --- partners that succeed one another --------------------------------------------------------------------------------

CCG_KEYS = {"COUNCIL": key_of(11), "CCG-N": key_of(12), "CCG-S": key_of(13), "ICB": key_of(14)}
PEOPLE = {
    "COUNCIL": "Council Signatory",
    "CCG-N": "Commissioner Signatory",
    "CCG-S": "Fund Manager",
    "ICB": "Board Signatory",
}


def all_sign(ledger: Ledger, period: Period, *partners: str) -> signing.SignedOff:
    ledger.hold(period)
    return [
        sign(ledger, period, code, CCG_KEYS[code], name=PEOPLE[code], role="Chief Finance Officer") for code in partners
    ][-1]


@pytest.fixture
def merged(place: str) -> Iterator[Ledger]:
    """The golden ledger of two CCGs that became an ICB on 1 July, with what was known by June, signed at M3."""
    from ledgers import create_ledger

    folder = GOLDEN / "ccg-to-icb-2022-23"
    rows = (folder / "lines.csv").read_text(encoding="utf-8").splitlines()
    with create_ledger(place, (folder / "agreement.toml").read_text(encoding="utf-8")) as ledger:
        told = [row.split(",") for row in rows[1:]]
        posted(
            ledger, *(f"{row[0]} {row[1]} {row[2]} {row[3]} {row[4]}" for row in told if row[0] in {"M1", "M2", "M3"})
        )
        all_sign(ledger, M3, "COUNCIL", "CCG-N", "CCG-S")
        yield ledger


def test_the_successor_signs_with_its_own_key_and_old_notes_still_verify(merged: Ledger) -> None:
    posted(merged, "M5 HOMEFIRST ICB payment 1500000.00", "M6 HOMEFIRST COUNCIL actual 3450000.00")
    posted(merged, "M6 BEDS ICB actual 820000.00")
    merged.hold(M6)
    assert refusal(
        lambda: sign(merged, M6, "CCG-N", CCG_KEYS["CCG-N"], name="Commissioner Signatory", role="CFO"), merged
    ) == ("CCG-N is no partner that signs M6; they are COUNCIL and ICB")

    done = [sign(merged, M6, code, CCG_KEYS[code], name=PEOPLE[code], role="CFO") for code in ("ICB", "COUNCIL")][-1]

    assert done.note.partners == ("COUNCIL", "ICB")
    first, second = sealing.notes(stored(merged))
    assert Note.read(first.text).partners == ("COUNCIL", "CCG-N", "CCG-S")
    keys_of = {code: [key.public] for code, key in CCG_KEYS.items()}
    report = verify(merged, keys_of)
    assert report.holds, report.differences
    assert [sum(line.startswith("Signed for") for line in each.splitlines()) for each in report.verified] == [3, 2]
    assert second.sequence == 2
    # the successor alone brings its own key: what the others signed cannot be shown
    without = verify(merged, {code: keys_of[code] for code in ("COUNCIL", "ICB", "CCG-S")})
    assert not without.holds
    assert (
        "note 1 (M3), signature of CCG-N: no public key was given for CCG-N; ask that partner for it, and give it"
        in without.differences
    )


def test_the_successor_carries_the_balances_and_what_was_signed_keeps_the_old_names(merged: Ledger) -> None:
    before = settle_ledger(merged, M3)
    codes = [partner.code for partner in before.agreement.partners]
    assert codes == ["COUNCIL", "CCG-N", "CCG-S"]

    after = settle_ledger(merged, M6)

    assert [partner.code for partner in after.agreement.partners] == ["COUNCIL", "ICB"]
    paid = sum(before.row_of(code).paid_pence for code in ("CCG-N", "CCG-S"))
    assert after.row_of("ICB").paid_pence == paid == 1_500_000_00


def test_three_ccgs_merge_into_one(place: str) -> None:
    text = agreement_text(
        SCHEDULE,
        partners="LBB; N kind=ccg; S kind=ccg; W kind=ccg; ICB kind=icb succeeds=N,S,W from=2016-07-01",
        funds="F host=LBB",
    )
    codes = ("LBB", "N", "S", "W")
    signatory = {code: (key_of(30 + number), f"Person {number}") for number, code in enumerate((*codes, "ICB"))}
    from ledgers import create_ledger

    with create_ledger(place, text) as ledger:
        posted(ledger, *(f"M1 S1 {code} budget 100.00" for code in codes), "M3 S1 LBB actual 480.00")
        for period, partners in ((M3, codes), (M6, ("LBB", "ICB"))):
            ledger.hold(period)
            for code in partners:
                key, name = signatory[code]
                sign(ledger, period, code, key, name=name, role="CFO")
        assert settle_ledger(ledger, M3).row_of("W").overspend_pence == 20_00
        assert settle_ledger(ledger, M6).row_of("ICB").overspend_pence == 60_00
        report = verify(ledger, {code: [key.public] for code, (key, _) in signatory.items()})
        assert report.holds, report.differences


# --- keys that succeed one another ------------------------------------------------------------------------------------


def test_old_notes_verify_with_the_old_key_and_new_ones_with_the_new(ledger: Ledger) -> None:
    new = key_of(21)
    signed_off(ledger, M3)
    replace_key(ledger, "LBB", new.public, name="Interim Signatory", role="Interim CFO", reason="the signatory retired")
    ledger.hold(M6)

    assert refusal(lambda: signed_for(ledger, M6, "LBB", LBB), ledger) == (
        f"this key ({LBB.fingerprint[:16]}…) was replaced, and signs no more; LBB signs with the key "
        f"{new.fingerprint[:16]}… of Interim Signatory"
    )
    sign(ledger, M6, "LBB", new, name="Interim Signatory", role="Interim CFO")
    signed_for(ledger, M6, "BCCG")

    both = {"LBB": [LBB.public, new.public], "BCCG": [BCCG.public]}
    assert verify(ledger, both).holds
    only_new = verify(ledger, {**both, "LBB": [new.public]})
    assert only_new.differences[0] == (
        f"note 1 (M3), signature of LBB: it is signed for LBB with a key that nobody gave: {LBB.fingerprint}; given "
        f"for LBB: {new.fingerprint}"
    )
    assert [(key.partner, key.replaces) for key in keys(ledger)] == [("LBB", None), ("BCCG", None), ("LBB", 1)]


# --- versions of the agreement ----------------------------------------------------------------------------------------


def test_a_variation_is_assented_to_before_a_period_it_governs_is_signed(ledger: Ledger) -> None:
    signed_off(ledger, M6)
    varied = TEXT.replace('title = "Clause 1"', 'title = "Clause 1, as varied"')
    ledger.set_agreement(varied, M7, "Deed of variation, 28 September")
    ledger.hold(M7)

    assert refusal(lambda: seal(ledger, M7), ledger) == (
        "version 2 of the agreement waits for the assent of LBB and BCCG: s75 assent"
    )
    assert assent(ledger, 2, "LBB", LBB, name="Council Signatory", role="CFO") == ("BCCG",)
    assert refusal(lambda: seal(ledger, M7), ledger) == (
        "version 2 of the agreement waits for the assent of BCCG: s75 assent"
    )
    assert assent(ledger, 2, "BCCG", BCCG, name="Commissioner Signatory", role="Director of Finance") == ()
    signed_for(ledger, M7, "LBB")
    signed_for(ledger, M7, "BCCG")

    assert settle_ledger(ledger, M6).agreement.clauses[0].title == "Clause 1"
    assert settle_ledger(ledger, M7).agreement.clauses[0].title == "Clause 1, as varied"
    report = verify(ledger, KEYS)
    assert report.holds, report.differences


# --- large ------------------------------------------------------------------------------------------------------------


def test_a_ledger_of_thousands_of_schemes_is_signed(tmp_path: Path) -> None:
    from ledgers import create_ledger

    number = 2_000
    text = agreement_text(
        SCHEDULE, partners="LBB; BCCG", funds="F host=LBB", schemes="; ".join(f"S{each}" for each in range(number))
    )
    with create_ledger(tmp_path / "wide.s75", text) as ledger:
        posted(ledger, *(f"M1 S{each} LBB budget 1.00" for each in range(number)))
        posted(ledger, *(f"M1 S{each} BCCG actual 1.01" for each in range(number)))
        signed_off(ledger, M1)

        assert verify(ledger, KEYS).holds
