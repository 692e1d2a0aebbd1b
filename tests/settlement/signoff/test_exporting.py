"""What a partner keeps stands by itself; what waits for a signature is signed elsewhere, and brought back."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ledgers import Ledger, create_ledger, sealing
from ledgers.evidence import About, attach
from ledgers.sealing import stored
from ledgers.signing_keys import keys
from ledgers.trail import Action, trail
from rules.periods import Period
from rules.problems import RefusedError
from settlement.signoff import exporting
from settlement.signoff.exported import verify_export
from settlement.signoff.exporting import bring, export, sign_in_folder
from settlement.signoff.keys import SigningKey
from settlement.signoff.known_keys import replace_key
from settlement.signoff.notes import Note
from settlement.signoff.signing import seal, sign, withdraw
from settlement.signoff.verification import verify
from tests.conftest import agreement_text
from tests.ledgers.shared import shared_ledger
from tests.settlement.signoff.auditor_page import objections
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

M3, M4, M6 = Period.M3, Period.M4, Period.M6
AT = "2016-10-06T08:00:00+00:00"


def refusal(of: Callable[[], object]) -> str:
    with pytest.raises(RefusedError) as refused:
        of()
    return refused.value.problems[0].message


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def year(on_file: Ledger, tmp_path: Path) -> Ledger:
    """A ledger signed at M3 and M6, with an invoice attached to a line in between."""
    signed_off(on_file, M3)
    invoice = tmp_path / "invoice.pdf"
    invoice.write_bytes(b"%PDF-1.4 an invoice")
    attach(on_file, invoice, About.LINE, 3)
    posted(on_file, "M6 S1 LBB actual 20.00")
    signed_off(on_file, M6)
    return on_file


# --- what a partner keeps ---------------------------------------------------------------------------------------------


def test_an_auditor_with_openssl_and_sha256sum_finds_it_sound(year: Ledger, tmp_path: Path) -> None:
    out = tmp_path / "signed"
    export(year, M6, out)

    for code, (key, _, _) in SIGNATORIES.items():
        (out / f"{code}.pub").write_text(key.public.pem, encoding="ascii", newline="\n")

    assert objections(out) == []


def test_the_folder_is_laid_out_as_the_page_for_auditors_says(year: Ledger, tmp_path: Path) -> None:
    out = tmp_path / "signed"

    written = export(year, M6, out)

    assert [path.relative_to(out).as_posix() for path in written] == files(out)
    found = files(out)
    for note in ("0001", "0002"):
        own = [name.removeprefix(f"{note}/") for name in found if name.startswith(note)]
        period = "M3" if note == "0001" else "M6"
        assert own == [
            "BCCG.sig",
            "BCCG.txt",
            "LBB.sig",
            "LBB.txt",
            "note.txt",
            "pack.json",
            f"statements/2016-17-{period}-BCCG-settlement-statement.pdf",
            f"statements/2016-17-{period}-LBB-settlement-statement.pdf",
            f"statements/2016-17-{period}-memorandum-account.pdf",
        ]
        assert (out / note / "LBB.sig").stat().st_size == 64
    from hashlib import sha256

    assert f"evidence/{sha256(b'%PDF-1.4 an invoice').hexdigest()}" in found
    assert "statements/2016-17-M6-workings.pdf" in found
    assert {name.split("/")[0] for name in found} == {"0001", "0002", "READ ME.txt", "evidence", "statements"}
    read_me = (out / "READ ME.txt").read_text(encoding="utf-8")
    assert read_me.startswith("Worked by hand, 2016/17: sign-off up to note 2, M6\n")
    assert "s75 verify . --key LBB=LBB.pub --key BCCG=BCCG.pub" in read_me


def test_what_was_exported_verifies_by_itself(year: Ledger, tmp_path: Path) -> None:
    export(year, M6, tmp_path / "signed")

    report = verify_export(tmp_path / "signed", KEYS)

    assert report.holds, report.differences
    assert report.conclusion == verify(year, KEYS).conclusion
    assert [each.splitlines()[:6] for each in report.verified] == [
        each.splitlines()[:6] for each in verify(year, KEYS).verified
    ]


def test_an_earlier_period_is_exported_with_the_notes_up_to_it(year: Ledger, tmp_path: Path) -> None:
    export(year, Period.M2, tmp_path / "signed")

    assert {name.split("/")[0] for name in files(tmp_path / "signed")} == {
        "0001",
        "READ ME.txt",
        "evidence",
        "statements",
    }
    assert verify_export(tmp_path / "signed", KEYS, M3).holds


def test_a_withdrawn_note_keeps_its_place_in_the_folder(on_file: Ledger, tmp_path: Path) -> None:
    on_file.hold(M3)
    signed_for(on_file, M3, "LBB")
    withdraw(on_file, "Too early")
    signed_for(on_file, M3, "LBB")
    signed_for(on_file, M3, "BCCG")

    export(on_file, M3, tmp_path / "signed")

    report = verify_export(tmp_path / "signed", KEYS)
    assert report.holds, report.differences
    assert "0001/LBB.txt" in files(tmp_path / "signed")
    assert "0001/BCCG.txt" not in files(tmp_path / "signed")


def test_the_export_is_on_record(year: Ledger, tmp_path: Path) -> None:
    export(year, M6, tmp_path / "signed")

    last = trail(year)[-1]
    assert (last.action, last.subject, last.detail) == (
        Action.EXPORT,
        "note 2",
        "M6: pack, note, signatures, statements",
    )
    assert verify(year, KEYS).holds


def test_an_auditor_exports_read_only_and_leaves_no_trace(place: str, tmp_path: Path) -> None:
    with pool(place) as ledger:
        signed_off(ledger, M3)
        entries = len(trail(ledger))

    with again(place, read_only=True) as opened:
        export(opened, M3, tmp_path / "signed")
        assert len(trail(opened)) == entries

    assert verify_export(tmp_path / "signed", KEYS).holds


def test_what_nobody_put_up_is_not_exported(on_file: Ledger, tmp_path: Path) -> None:
    assert refusal(lambda: export(on_file, M3, tmp_path / "signed")) == (
        "M3 was not signed, nor put up for signature; sign it (s75 sign), or export it to be signed elsewhere with "
        "--for-signature"
    )
    assert not (tmp_path / "signed").exists()


def test_nothing_is_overwritten(year: Ledger, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    entries = len(trail(year))

    for name in ("full", "file", "link"):
        assert refusal(lambda name=name: export(year, M6, tmp_path / name)) == (  # type: ignore[misc]
            "there is something of this name already; name a new folder"
        )

    assert files(tmp_path / "full") == ["mine.txt"]
    assert len(trail(year)) == entries


def test_an_empty_folder_is_filled_also_where_the_person_stands_in_it(
    year: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    monkeypatch.chdir(folder)

    export(year, M6, Path())

    assert Path("0002/note.txt").exists()
    assert verify_export(folder, KEYS).holds
    assert not list(folder.glob(".s75-*"))


STEPS = ("_write_note", "_write_evidence", "write_ledger_statements", "_write_read_me", "record", "_take_place")


@pytest.mark.parametrize("is_there", [False, True])
@pytest.mark.parametrize("step", STEPS)
def test_a_disk_that_fills_leaves_nothing_half_written(
    year: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, *, is_there: bool
) -> None:
    out = tmp_path / "there" / "signed"
    out.parent.mkdir()
    if is_there:
        out.mkdir()
    own = getattr(exporting, step)

    def fill(*told: object, **named: object) -> None:
        own(*told, **named)
        message = "no space left"
        raise OSError(message)

    before = counts(year)
    monkeypatch.setattr(exporting, step, fill)
    with pytest.raises(OSError, match="no space left"):
        export(year, M6, out)

    assert counts(year) == before
    assert list(out.parent.iterdir()) == ([out] if is_there else [])
    assert not is_there or list(out.iterdir()) == []


def test_what_could_not_be_written_is_not_put_up_for_signature(
    on_file: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_file.hold(M3)
    before = counts(on_file)

    def fill(*_: object) -> None:
        message = "no space left"
        raise OSError(message)

    monkeypatch.setattr(exporting, "_write_read_me", fill)
    with pytest.raises(OSError, match="no space left"):
        export(on_file, M3, tmp_path / "signed", for_signature=True)

    assert counts(on_file) == before


def test_odd_codes_have_files_of_their_own(tmp_path: Path) -> None:
    codes = ("lbb", "LBB 2", "L/B:B", "../x", "note", "Ünïted")
    partners = "; ".join(["LBB", "LBb kind=ccg", *(f"X{number} kind=ccg" for number in range(len(codes)))])
    text = agreement_text(SCHEDULE, partners=partners, funds="F host=LBB")
    for number, code in enumerate(codes):
        text = text.replace(f'code = "X{number}"', f'code = "{code}"')
    signatory = {code: key_of(40 + number) for number, code in enumerate(("LBB", "LBb", *codes))}
    with create_ledger(tmp_path / "odd.s75", text) as ledger:
        posted(ledger, "M1 S1 LBB budget 1.00")
        ledger.hold(Period.M1)
        for number, (code, key) in enumerate(signatory.items()):
            sign(ledger, Period.M1, code, key, name=f"Person {number}", role="CFO")

        export(ledger, Period.M1, tmp_path / "signed")

    found = [name for name in files(tmp_path / "signed") if name.startswith("0001/") and name.endswith(".sig")]
    assert len(found) == len({name.lower() for name in found}) == len(signatory)
    assert all(name.count("/") == 1 and name.isascii() and " " not in name for name in found)
    report = verify_export(tmp_path / "signed", {code: [key.public] for code, key in signatory.items()})
    assert report.holds, report.differences
    read_me = (tmp_path / "signed" / "READ ME.txt").read_text(encoding="utf-8")
    assert '--key "LBB 2=LBB_2.pub"' in read_me
    assert "--key LBB=LBB.pub" in read_me


def test_who_made_a_ledger_does_not_say_where_its_export_is_written(
    year: Ledger, tmp_path: Path, unguarded: Callable[..., None]
) -> None:
    unguarded(year, "UPDATE note_statements SET name = '../../../outside.pdf' WHERE id = 1")

    assert refusal(lambda: export(year, M6, tmp_path / "signed")) == (
        "a statement of note 1 is not called as statements are: s75 verify"
    )
    assert not list(tmp_path.rglob("outside.pdf"))
    assert not (tmp_path / "signed").exists()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (
            "UPDATE signatures SET signature = 'zz' WHERE id = 1",
            "a signature of note 1 is not as it was given: s75 verify",
        ),
        (
            "UPDATE signatures SET partner = 'X' WHERE id = 1",
            "a signature of note 1 is not as it was given: s75 verify",
        ),
        ("UPDATE signatures SET text = 'x' WHERE id = 1", "the last line is not ended by a line feed"),
        ("UPDATE pack_parts SET body = x'00' WHERE id = 1", "piece 1 of the sealed pack of note 1 is damaged"),
    ],
)
def test_what_was_spoilt_in_the_ledger_is_not_exported(
    year: Ledger, tmp_path: Path, unguarded: Callable[..., None], change: str, why: str
) -> None:
    unguarded(year, change)

    assert refusal(lambda: export(year, M6, tmp_path / "signed")) == why
    assert not (tmp_path / "signed").exists()


# --- signing at a distance --------------------------------------------------------------------------------------------


def signs(
    folder: Path, partner: str = "BCCG", key: SigningKey | None = None, name: str = "", login: str = "nhs finance"
) -> Note:
    own, known, role = SIGNATORIES[partner]
    return sign_in_folder(folder, partner, key or own, name=name or known, role=role, login=login, at=AT)


@pytest.fixture
def waiting(place: str, tmp_path: Path) -> Iterator[tuple[Ledger, Path]]:
    """A ledger whose M3 LBB has signed, and the folder that goes to BCCG: a copy, as it comes to another machine."""
    with pool(place) as ledger:
        ledger.hold(M3)
        export(ledger, M3, tmp_path / "exported", for_signature=True)
        signed_for(ledger, M3, "LBB")
        shutil.copytree(tmp_path / "exported", tmp_path / "elsewhere")
        yield ledger, tmp_path / "elsewhere"


def test_it_is_signed_on_another_machine_and_brought_back(waiting: tuple[Ledger, Path]) -> None:
    ledger, folder = waiting

    note = signs(folder, login=stored(ledger).store.actor())

    assert {"0001/BCCG.txt", "0001/BCCG.sig", "0001/BCCG.pub"} <= set(files(folder))
    (done,) = bring(ledger, folder)
    assert (done.note, done.partner, done.awaiting) == (note, "BCCG", ())
    assert done.signed[-1] == M3
    report = verify(ledger, KEYS)
    assert report.holds, report.differences
    assert (
        "Signed for BCCG by Commissioner Signatory, Director of Finance, on 6 October 2016 at 08:00 UTC"
        in report.verified[0]
    )
    assert [key.fingerprint for key in keys(ledger, "BCCG")] == [BCCG.fingerprint]


def test_both_sign_in_the_folder_and_both_are_brought_back(on_file: Ledger, tmp_path: Path) -> None:
    on_file.hold(M3)
    folder = tmp_path / "elsewhere"
    export(on_file, M3, folder, for_signature=True, prepared_by="Fund Manager")
    signs(folder, "LBB", login="council finance")
    signs(folder)

    assert [(each.partner, each.awaiting) for each in bring(on_file, folder)] == [("LBB", ("BCCG",)), ("BCCG", ())]
    assert verify(on_file, KEYS).holds


def test_what_is_put_up_already_is_exported_again_as_it_is(on_file: Ledger, tmp_path: Path) -> None:
    on_file.hold(M3)
    note = seal(on_file, M3)

    export(on_file, M3, tmp_path / "exported", for_signature=True)

    assert (tmp_path / "exported" / "0001" / "note.txt").read_bytes() == note.text.encode()
    assert len(sealing.notes(stored(on_file))) == 1


def test_nothing_is_put_up_from_a_ledger_that_is_only_read(tmp_path: Path) -> None:
    with pool(tmp_path / "pool.s75") as ledger:
        ledger.hold(M3)
    with again(tmp_path / "pool.s75", read_only=True) as ledger:
        assert refusal(lambda: export(ledger, M3, tmp_path / "out", for_signature=True)) == (
            "the ledger is opened read-only; open it for writing to change it"
        )
        assert refusal(lambda: bring(ledger, tmp_path)) == (
            "the ledger is opened read-only; open it for writing to change it"
        )


@pytest.fixture
def put_up(on_file: Ledger, tmp_path: Path) -> tuple[Ledger, Path]:
    """The same in a file, and signed by nobody."""
    on_file.hold(M3)
    folder = tmp_path / "elsewhere"
    export(on_file, M3, folder, for_signature=True, prepared_by="Fund Manager")
    return on_file, folder


def test_what_does_not_hold_together_is_not_signed(put_up: tuple[Ledger, Path]) -> None:
    _, folder = put_up
    pack = folder / "0001" / "pack.json"
    sound = pack.read_bytes()
    pack.write_bytes(sound.replace(b"48000", b"48001", 1))
    assert refusal(lambda: signs(folder)).startswith(
        f"do not sign it; the folder does not hold together: {pack}: it is not the pack that was signed"
    )
    pack.write_bytes(sound)
    statement = next((folder / "0001" / "statements").iterdir())
    statement.write_bytes(b"%PDF another")
    assert "do not sign it; the folder does not hold together: " in refusal(lambda: signs(folder))
    note = folder / "0001" / "note.txt"
    note.write_bytes(note.read_bytes().replace(b"M3", b"M4"))
    assert refusal(lambda: signs(folder)).startswith("do not sign it; the folder does not hold together: ")
    assert not (folder / "0001" / "BCCG.sig").exists()


def test_who_may_not_sign_in_the_folder_is_told_there(put_up: tuple[Ledger, Path], tmp_path: Path) -> None:
    _, folder = put_up
    assert refusal(
        lambda: sign_in_folder(folder, "NHS", LBB, name="Council Signatory", role="CFO", login="council finance", at=AT)
    ) == ("NHS is no partner that signs M3; they are LBB and BCCG")
    assert refusal(lambda: signs(tmp_path)) == ("this is not a folder that s75 export wrote: it has no 0001/note.txt")
    for named in ({"name": " "}, {"login": "\x1b[2J"}):
        assert refusal(lambda named=named: signs(folder, **named)) in {  # type: ignore[misc]
            "it is empty; write it out in full, as it is to stand on the statement",
            "a text cannot have control characters; remove them",
        }
    signs(folder)
    assert refusal(lambda: signs(folder)) == "BCCG has signed note 1 already"
    assert refusal(lambda: signs(folder, "LBB", BCCG)) == "this key has signed for BCCG; one key signs for one partner"
    assert refusal(lambda: signs(folder, "LBB", name="Commissioner SIGNATORY")) == (
        "Commissioner SIGNATORY has signed for BCCG; one person signs for one partner"
    )


def test_a_signature_that_cannot_be_written_leaves_nothing(
    put_up: tuple[Ledger, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, folder = put_up
    write = Path.write_bytes

    def fill(path: Path, data: bytes) -> int:
        if path.name == "BCCG.txt":
            write(path, data[:10])
            message = "no space left"
            raise OSError(message)
        return write(path, data)

    monkeypatch.setattr(Path, "write_bytes", fill)
    with pytest.raises(OSError, match="no space left"):
        signs(folder)

    assert not any("BCCG.t" in name or "BCCG.sig" in name or "BCCG.pub" in name for name in files(folder))


NOT_THE_ONE = "the folder has note 1 of M3, which is not the one that waits for signatures in this ledger"


def test_a_folder_of_another_ledger_is_not_taken(put_up: tuple[Ledger, Path], tmp_path: Path) -> None:
    _, folder = put_up
    signs(folder)
    with pool(tmp_path / "other.s75") as other:
        other.hold(M3)
        assert refusal(lambda: bring(other, folder)) == NOT_THE_ONE
        seal(other, M3)
        assert refusal(lambda: bring(other, folder)) == NOT_THE_ONE


def test_a_folder_of_an_older_note_is_not_taken(put_up: tuple[Ledger, Path], tmp_path: Path) -> None:
    ledger, folder = put_up
    signs(folder)
    withdraw(ledger, "An invoice was posted twice")
    seal(ledger, M3)

    assert refusal(lambda: bring(ledger, folder)) == NOT_THE_ONE
    assert refusal(lambda: bring(ledger, tmp_path)) == (
        "this is not a folder that s75 export wrote: it has no 0001/note.txt"
    )


def test_what_was_brought_is_not_brought_again(put_up: tuple[Ledger, Path]) -> None:
    ledger, folder = put_up
    assert refusal(lambda: bring(ledger, folder)) == (
        "there is no signature in the folder that the ledger does not have"
    )
    signs(folder)
    bring(ledger, folder)
    assert refusal(lambda: bring(ledger, folder)) == (
        "there is no signature in the folder that the ledger does not have"
    )
    signs(folder, "LBB")
    bring(ledger, folder)
    assert refusal(lambda: bring(ledger, folder)) == NOT_THE_ONE


def turned(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-2] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda at: (at / "BCCG.pub").unlink(), "the file is missing"),
        (lambda at: (at / "BCCG.sig").unlink(), "the file is missing"),
        (lambda at: turned(at / "BCCG.sig"), "BCCG’s signature does not match the text"),
        (lambda at: (at / "BCCG.sig").write_bytes(b"short"), "the signature has 5 bytes, where Ed25519’s have 64"),
        (lambda at: (at / "BCCG.txt").write_bytes(b"\xff" * 70_000), "the file is longer than 64 KiB"),
        (lambda at: turned(at / "BCCG.txt"), "which was not given"),
        (
            lambda at: (at / "BCCG.txt").write_bytes(
                (at / "BCCG.txt").read_bytes().replace(b"Commissioner", b"Commissionaire")
            ),
            "BCCG’s signature does not match the text",
        ),
        (
            lambda at: (at / "BCCG.txt").write_bytes((at / "BCCG.txt").read_bytes().replace(b"M3", b"M4")),
            "this is not a signature of note 1 of this ledger, but of another",
        ),
        (lambda at: (at / "BCCG.pub").write_text("no key"), "it is not a public key"),
        (
            lambda at: (at / "BCCG.pub").write_text(STRANGER.public.pem),
            f"it was signed with the key {BCCG.fingerprint}, which was not given",
        ),
    ],
)
def test_a_signature_that_does_not_hold_is_not_taken(
    put_up: tuple[Ledger, Path], change: Callable[[Path], object], why: str
) -> None:
    ledger, folder = put_up
    signs(folder, "LBB")  # and then none is taken
    signs(folder)
    before = counts(ledger)

    change(folder / "0001")

    assert why in refusal(lambda: bring(ledger, folder))
    assert counts(ledger) == before


def test_a_folder_in_another_partners_name_is_not_taken(put_up: tuple[Ledger, Path]) -> None:
    """BCCG's files renamed to LBB's: BCCG has then signed, and LBB has not."""
    ledger, folder = put_up
    signs(folder)
    for ending in ("txt", "sig", "pub"):
        (folder / "0001" / f"BCCG.{ending}").rename(folder / "0001" / f"LBB.{ending}")

    assert "it is signed for BCCG, in the file of LBB" in refusal(lambda: bring(ledger, folder))


def test_who_prepared_and_a_key_that_is_not_the_one_are_refused_when_brought(
    put_up: tuple[Ledger, Path], tmp_path: Path
) -> None:
    ledger, folder = put_up
    signs(folder, name="Fund Manager")
    assert refusal(lambda: bring(ledger, folder)).startswith("Fund Manager prepared what is to be signed")
    signed_for(ledger, M3, "LBB")
    signed_for(ledger, M3, "BCCG")
    ledger.hold(M4)
    export(ledger, M4, tmp_path / "next", for_signature=True)
    signs(tmp_path / "next", key=STRANGER, name="Interim Signatory")
    assert refusal(lambda: bring(ledger, tmp_path / "next")).startswith(
        f"BCCG signs with the key {BCCG.fingerprint[:16]}…"
    )
    replace_key(
        ledger, "BCCG", STRANGER.public, name="Interim Signatory", role="CFO", reason="Commissioner Signatory retired"
    )
    assert bring(ledger, tmp_path / "next")[0].partner == "BCCG"


def test_on_a_server_whoever_brings_it_is_the_login_it_names(postgres_url: str, tmp_path: Path) -> None:
    people = {"manager": ("manager",), "lbb": ("LBB",), "bccg": ("BCCG",)}
    shared = shared_ledger(postgres_url, people, TEXT)
    with shared.open("manager") as ledger:
        posted(ledger, "M1 S1 LBB budget 300.00", "M3 S1 LBB actual 300.00")
        ledger.hold(M3)
        export(ledger, M3, tmp_path / "exported", for_signature=True)
    with shared.open("lbb") as ledger:
        signed_for(ledger, M3, "LBB")
    wrong, right = tmp_path / "wrong", tmp_path / "right"
    for folder, login in ((wrong, "nhs finance"), (right, shared.logins["bccg"])):
        shutil.copytree(tmp_path / "exported", folder)
        signs(folder, login=login)

    with shared.open("bccg") as ledger:
        assert refusal(lambda: bring(ledger, wrong)) == (
            "there is no signature in the folder that the ledger does not have; BCCG’s is by the login “nhs finance”, "
            "which brings it in (s75 sign --login says which it is)"
        )
    with shared.open("lbb") as ledger:
        assert "BCCG’s is by the login" in refusal(lambda: bring(ledger, right))
    with shared.open("bccg") as ledger:
        (done,) = bring(ledger, right)
        assert done.awaiting == ()
        assert verify(ledger, KEYS).holds
