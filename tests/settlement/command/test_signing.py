"""`s75 sign`, `verify`, `export`, `assent`, `key replace` and `key list`, as people type them."""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from ledgers import open_ledger
from rules.periods import Period
from settlement.signoff.keys import new_key, read_public_key
from tests.ledgers.shared import shared_ledger
from tests.settlement.command.running import GOLDEN, S75, Said
from tests.settlement.signoff.lives import TEXT

WORDS = "four words of it"
ANN = ("--name", "Council Signatory", "--role", "Chief Finance Officer")
BEN = ("--name", "Commissioner Signatory", "--role", "Director of Finance")
COLUMNS = 80


@dataclass(frozen=True)
class Pool:
    """A ledger and the partners' keys, and the command."""

    s75: S75
    folder: Path

    @property
    def ledger(self) -> Path:
        return self.folder / "barnet.s75"

    def key(self, code: str) -> Path:
        return self.folder / f"{code}.key"

    def fingerprint(self, code: str) -> str:
        return read_public_key(self.folder / f"{code}.pub").fingerprint

    def sign(self, code: str, *told: object, at: object = None, period: str = "M6") -> Said:
        who = ANN if code == "LBB" else BEN
        return self.s75(
            "sign", at or self.ledger, *(("-p", period) if at is None else ()), "--as", code, "--key", self.key(code),
            *who, *told,
        )  # fmt: skip

    def verify(self, at: object = None, *told: object) -> Said:
        keys = [part for code in ("LBB", "BCCG") for part in ("--key", f"{code}={self.folder / code}.pub")]
        return self.s75("verify", at or self.ledger, *keys, *told)


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a key for each partner and one more: made once, for they are slow to make on purpose."""
    folder = tmp_path_factory.mktemp("keys")
    for code in ("LBB", "BCCG", "NEW"):
        new_key(folder, code, WORDS)
    return folder


@pytest.fixture(scope="session")
def held(barnet_original: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Barnet ledger held at M6, to be copied."""
    made = Path(shutil.copy(barnet_original, tmp_path_factory.mktemp("held")))
    with open_ledger(made) as ledger:
        ledger.hold(Period.M6)
    return made


@pytest.fixture
def pool(tmp_path: Path, held: Path, s75: S75, keys: Path, monkeypatch: pytest.MonkeyPatch) -> Pool:
    """The Barnet ledger held at M6, with a key for each partner."""
    monkeypatch.setenv("S75_PASSPHRASE", WORDS)
    monkeypatch.setenv("COLUMNS", str(COLUMNS))
    shutil.copytree(keys, tmp_path, dirs_exist_ok=True)
    shutil.copy(held, tmp_path)
    return Pool(s75, tmp_path)


def refused(said: Said) -> str:
    """Why: one line of standard error, and nothing on standard output."""
    assert (said.out, said.status) == ("", 2), said
    return said.err.removesuffix("\n")


# --- sign -------------------------------------------------------------------------------------------------------------


def test_both_sign_and_the_last_makes_it_final(pool: Pool) -> None:
    first = pool.sign("LBB", "--prepared-by", "Fund Manager, Accountant")

    assert (first.err, first.status) == ("", 0)
    signed, waits = first.out.splitlines()
    assert re.fullmatch(r"Signed: note 1 of M6 for LBB\. Its digest is [0-9a-f]{64}\.", signed)
    assert waits == "It waits for the signature of BCCG."

    last = pool.sign("BCCG")

    assert last.out.splitlines() == [
        signed.replace("LBB", "BCCG"),
        "Every partner has signed: M1, M2, M3, M4, M5 and M6 are final.",
    ]


def test_one_period_is_final(pool: Pool) -> None:
    pool.sign("LBB")
    pool.sign("BCCG")
    pool.s75("hold", pool.ledger, "-p", "M7")
    pool.sign("LBB", period="m7")

    assert pool.sign("BCCG", period="M7").out.endswith("Every partner has signed: M7 is final.\n")


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ((), "sign: say for whom you sign and with which key: --as CODE --key NAME.key"),
        (("--as", "LBB", "--key", "LBB.key", *ANN), "--period: say which period is signed: --period M1 to M13"),
        (("-p", "M6", "--as", "LBB", "--key", "LBB.key"), "--name: it is empty; write it out in full"),
        (("-p", "M6", "--as", "LBB", "--key", "LBB.key", "--name", "Ann"), "--role: it is empty; write it out in full"),
        (
            ("-p", "M6", "--as", "LBB", "--key", "LBB.key", *ANN, "--login", "x"),
            "--login: the ledger itself says who you are; a login is said only where an exported folder is signed",
        ),
        (("-p", "M6", "--as", "LBB", "--key", "nowhere.key", *ANN), "nowhere.key: the file cannot be read"),
        (("-p", "M6", "--as", "LBB", "--key", "LBB.pub", *ANN), "LBB.pub: it is a public key, and signs nothing"),
        (("-p", "M99", "--as", "LBB", "--key", "LBB.key", *ANN), "--period: “M99” is not a period"),
        (("-p", "M7", "--as", "LBB", "--key", "LBB.key", *ANN), "barnet.s75: M7 is open; hold it first"),
        (("--withdraw",), "barnet.s75: say why the note is withdrawn: give a reason"),
        (("--withdraw", "--reason", "Too early"), "barnet.s75: no note waits for signatures"),
        (("--withdraw", "--bring", "."), "--withdraw: withdraw a note, or bring its signatures back: not both at once"),
        (("--bring", "."), ".: this is not a folder that s75 export wrote: it has no 0001/note.txt"),
    ],
)
def test_what_cannot_be_signed_is_told(
    pool: Pool, monkeypatch: pytest.MonkeyPatch, told: tuple[str, ...], why: str
) -> None:
    monkeypatch.chdir(pool.folder)

    assert refused(pool.s75("sign", "barnet.s75", *told)).startswith(why)


def test_a_folder_that_is_no_export_is_a_ledger_that_signs_nothing(pool: Pool) -> None:
    folder = GOLDEN / "telford-2019-20"

    assert refused(pool.s75("sign", folder, "-p", "M6", "--as", "LBB", "--key", pool.key("LBB"), *ANN)) == (
        f"{folder}: a ledger in a folder has no sign-off; make a file of it and import its lines there"
    )
    assert "has no sign-off" in refused(pool.s75("verify", folder))


def test_a_wrong_passphrase_signs_nothing(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("S75_PASSPHRASE", "four other words")

    assert refused(pool.sign("LBB")).startswith(f"{pool.key('LBB')}: the passphrase is not the one")


def test_every_reason_is_on_a_line_of_its_own(pool: Pool) -> None:
    for clause, partner in (("7B-risk", "BCCG"), ("7B-over", "LBB")):
        said = pool.s75(
            "dispute", pool.ledger, "--clause", clause, "-p", "M6", "--as", partner, "--reason", "Not as agreed"
        )
        assert said.status == 0, said

    lines = refused(pool.sign("LBB")).splitlines()

    assert [line.partition(" of ")[0] for line in lines] == [
        f"{pool.ledger}: dispute 1",
        f"{pool.ledger}: dispute 2",
    ]


def test_a_note_is_withdrawn(pool: Pool) -> None:
    pool.sign("LBB")

    said = pool.s75("sign", pool.ledger, "--withdraw", "--reason", "An invoice was posted twice")

    assert said.out == "Withdrawn: note 1 of M6. The period is held; s75 reopen opens it.\n"
    assert pool.s75("reopen", pool.ledger, "-p", "M6").status == 0


# --- verify -----------------------------------------------------------------------------------------------------------


def test_what_holds_is_told_a_fact_a_line_and_fits_the_terminal(pool: Pool) -> None:
    pool.sign("LBB", "--prepared-by", "Fund Manager, Accountant")
    (digest,) = re.findall("[0-9a-f]{64}", pool.sign("BCCG").out)

    said = pool.verify()

    assert (said.err, said.status) == ("", 0)
    lines = said.out.splitlines()
    assert max(map(len, lines)) <= max(COLUMNS, len(f"{pool.ledger}: ") + 90)
    assert all(len(line) <= COLUMNS for line in lines[:-1])
    at = r"on \d+ \w+ \d{4} at \d\d:\d\d UTC"
    expected = [
        r"Verified:",
        r"  - Note 1: barnet-integration, 2014/15, M6",
        rf"    Signed for LBB by Council Signatory, Chief Finance Officer, {at}",
        rf"    Key: {pool.fingerprint('LBB')}",
        rf"    Signed for BCCG by Commissioner Signatory, Director of Finance, {at}",
        rf"    Key: {pool.fingerprint('BCCG')}",
        rf"    Digest: {digest}",
        rf"    Sealed {at}, prepared by Fund Manager, Accountant",
        r"    Its pack of [0-9,]+ bytes was rebuilt from the ledger’s rows, byte for byte",
        r"    The rules, run again over those rows, give the settlement that was signed",
        r"",
    ]
    unwrapped = re.sub(r"\n {6}(?=\S)", " ", said.out).splitlines()
    for line, pattern in zip(unwrapped, expected, strict=False):
        assert re.fullmatch(pattern, line), (line, pattern)
    assert "What no such check can know:" in lines
    assert lines[-1] == (
        f"{pool.ledger}: verified: what every partner signed, up to M6 in note 1, stands as they signed it."
    )


def test_a_key_that_was_not_given_is_named_and_the_status_is_1(pool: Pool) -> None:
    pool.sign("LBB")
    pool.sign("BCCG")

    said = pool.s75("verify", pool.ledger, "--key", f"LBB={pool.folder / 'LBB.pub'}")

    assert said.status == 1
    assert "no public key was given for BCCG; ask that" in said.out
    assert said.out.splitlines()[-1] == f"{pool.ledger}: NOT verified: 2 differences."
    assert "Verified:" not in said.out


def test_what_not_everybody_signed_is_not_said_to_be_final(pool: Pool) -> None:
    pool.sign("LBB")

    said = pool.verify()

    assert said.status == 0
    assert "    Not signed for BCCG\n" in said.out
    assert said.out.splitlines()[-1] == (
        f"{pool.ledger}: verified as far as it is signed: no note has the signature of every partner yet, so none is "
        "final."
    )
    assert pool.verify(None, "-p", "M6").status == 1


def test_a_ledger_nobody_signed_is_not_verified(pool: Pool) -> None:
    said = pool.verify()

    assert said.status == 1
    assert "nothing was ever signed: the ledger has no note" in said.out


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("LBB", "--key: “LBB” is not a partner’s code and a file: CODE=NAME.pub"),
        ("=LBB.pub", "--key: “=LBB.pub” is not a partner’s code and a file: CODE=NAME.pub"),
        ("LBB=nowhere.pub", "nowhere.pub: the file cannot be read"),
        ("LBB=LBB.key", "LBB.key: it is a private key, which nobody but its owner should have"),
    ],
)
def test_a_key_that_cannot_be_read_is_refused(
    pool: Pool, monkeypatch: pytest.MonkeyPatch, given: str, why: str
) -> None:
    monkeypatch.chdir(pool.folder)

    assert refused(pool.s75("verify", "barnet.s75", "--key", given)).startswith(why)


def test_a_ledger_with_a_guard_taken_away_is_told_of(pool: Pool) -> None:
    import sqlite3
    from contextlib import closing

    pool.sign("LBB")
    with closing(sqlite3.connect(pool.ledger)) as connection:
        ((trigger,),) = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger' LIMIT 1").fetchall()
        connection.execute(f"DROP TRIGGER {trigger}")

    said = pool.verify()

    assert said.status == 1
    assert said.out.startswith("Differs from what was signed, or cannot be shown to be it:\n  - ")


def test_what_somebody_put_into_a_ledger_does_not_drive_the_terminal(pool: Pool) -> None:
    import sqlite3
    from contextlib import closing

    pool.sign("LBB")
    with closing(sqlite3.connect(pool.ledger, isolation_level=None)) as connection:
        guards = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE signatures SET partner = 'LBB' || char(27) || '[2J' || char(10) || 'Verified:'")
        for _, sql in guards:
            connection.execute(sql)

    said = pool.verify()

    assert said.status == 1
    assert "\x1b" not in said.out
    assert "\nVerified:" not in said.out


def test_a_password_in_a_url_is_not_shown(
    s75: S75, postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("S75_PASSPHRASE", WORDS)
    shared = shared_ledger(postgres_url, {"manager": ("manager",)}, TEXT)
    url = shared.url.replace("//s75@", "//s75:s3cret@")

    for command in (("verify", url), ("key", "list", url), ("export", url, "-p", "M3", "--out", tmp_path / "out")):
        said = s75(*command)
        assert "s3cret" not in said.out + said.err
    assert s75("verify", url).out.splitlines()[-1].startswith("postgresql://s75:***@")


# --- export, and signing at a distance --------------------------------------------------------------------------------


def test_what_was_signed_is_exported_and_verified_in_its_folder(pool: Pool) -> None:
    pool.sign("LBB")
    pool.sign("BCCG")
    out = pool.folder / "signed"

    said = pool.s75("export", pool.ledger, "-p", "M6", "--out", out)

    count = sum(path.is_file() for path in out.rglob("*"))
    assert said.out == f"{out}: {count} files. Check it with: s75 verify {out} --key CODE=NAME.pub …\n"
    checked = pool.verify(out)
    assert (checked.err, checked.status) == ("", 0)
    assert checked.out.splitlines()[-1] == (
        f"{out}: verified: what every partner signed, up to M6 in note 1, stands as they signed it."
    )
    (out / "0001" / "pack.json").write_bytes(b"{}")
    assert pool.verify(out).status == 1
    assert refused(pool.s75("export", pool.ledger, "-p", "M6", "--out", out)) == (
        f"{out}: --out: there is something of this name already; name a new folder"
    )


def test_it_is_signed_in_the_folder_and_brought_back(pool: Pool) -> None:
    out = pool.folder / "to-sign"

    said = pool.s75("export", pool.ledger, "-p", "M6", "--out", out, "--for-signature", "--prepared-by", "Fund Manager")

    assert (
        said.out.splitlines()[1] == f"To sign it elsewhere: s75 sign {out} --as CODE --key NAME.key --name … --role …"
    )
    there = pool.sign("BCCG", "--login", "ben", at=out)
    assert there.out.splitlines() == [
        f"Signed: note 1 of M6 for BCCG, in {out}.",
        f"To bring the signature back to the ledger: s75 sign LEDGER --bring {out}",
    ]
    assert "login: ben\n" in (out / "0001" / "BCCG.txt").read_text(encoding="utf-8")
    brought = pool.s75("sign", pool.ledger, "--bring", out)
    assert brought.out.splitlines()[1] == "It waits for the signature of LBB."
    assert pool.sign("LBB").out.splitlines()[1] == "Every partner has signed: M1, M2, M3, M4, M5 and M6 are final."
    assert pool.verify().status == 0


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (("--for-signature", "--read-only"), "--read-only: what is put up for signature is put into the ledger"),
        (("--prepared-by", "Carol"), "--prepared-by: who prepared it is said when it is put up for signature"),
        ((), "barnet.s75: M6 was not signed, nor put up for signature"),
    ],
)
def test_what_cannot_be_exported_is_told(
    pool: Pool, monkeypatch: pytest.MonkeyPatch, told: tuple[str, ...], why: str
) -> None:
    monkeypatch.chdir(pool.folder)

    assert refused(pool.s75("export", "barnet.s75", "-p", "M6", "--out", "out", *told)).startswith(why)
    assert not Path("out").exists()


def test_read_only_it_is_exported_while_another_has_the_ledger_open(pool: Pool) -> None:
    from ledgers import open_ledger

    pool.sign("LBB")
    with open_ledger(pool.ledger):
        said = pool.s75("export", pool.ledger, "-p", "M6", "--out", pool.folder / "copy", "--read-only")

    assert said.status == 0, said.err
    assert "export" not in pool.s75("log", pool.ledger).out


# --- assent and keys --------------------------------------------------------------------------------------------------


def test_a_variation_is_assented_to(pool: Pool) -> None:
    varied = pool.folder / "varied.toml"
    text = (GOLDEN / "barnet-2014-15-reward-mechanism" / "agreement.toml").read_text(encoding="utf-8")
    varied.write_text(f"{text}\n# varied\n", encoding="utf-8")
    assert pool.s75("agreement", pool.ledger, "--set", varied, "--from", "M7", "--reason", "A deed").status == 0

    def assents(code: str, *who: str) -> Said:
        return pool.s75("assent", pool.ledger, "--version", 2, "--as", code, "--key", pool.key(code), *who)

    assert refused(assents("LBB")).startswith("--name: it is empty")
    assert assents("LBB", *ANN).out == (
        "Assented: version 2 of the agreement, for LBB. It waits for the assent of BCCG.\n"
    )
    assert assents("BCCG", *BEN).out == (
        "Assented: version 2 of the agreement, for BCCG. Every partner has assented.\n"
    )
    assert refused(assents("BCCG", *BEN)) == f"{pool.ledger}: every partner has assented to version 2 already"


def test_a_key_is_replaced_and_both_are_listed(pool: Pool) -> None:
    assert pool.s75("key", "list", pool.ledger).out == (
        f"{pool.ledger}: no key is known yet; the first that a partner signs with is taken.\n"
    )
    pool.sign("LBB")

    said = pool.s75(
        "key", "replace", pool.ledger, "--as", "LBB", "--key", pool.folder / "NEW.pub", "--name", "Eve Green",
        "--role", "Interim CFO", "--reason", "Council Signatory retired",
    )  # fmt: skip

    assert said.out.splitlines() == [
        "Key 2: Eve Green, Interim CFO, signs for LBB from now on, in place of key 1.",
        f"Its fingerprint: sha256 {pool.fingerprint('NEW')}",
        "Give NEW.pub to the other partners and to the auditor yourself.",
        "Keep the public key that it replaces: what was signed with that one is verified with it.",
    ]
    first, mark, second, other = pool.s75("key", "list", pool.ledger).out.splitlines()
    assert first.startswith(
        "Key 1: Council Signatory, Chief Finance Officer, signed for LBB until key 2 replaced it; known "
    )
    assert (mark, other) == (f"  sha256 {pool.fingerprint('LBB')}", f"  sha256 {pool.fingerprint('NEW')}")
    assert second.startswith("Key 2: Eve Green, Interim CFO, signs for LBB; known since ")
    assert second.endswith(": Council Signatory retired")


def test_what_replaces_no_key_is_refused(pool: Pool) -> None:
    new = ("--key", pool.folder / "NEW.pub", "--name", "Eve Green", "--role", "CFO")

    assert refused(pool.s75("key", "replace", pool.ledger, "--as", "LBB", *new, "--reason", "Left")) == (
        f"{pool.ledger}: LBB has signed with no key yet; the first that it signs with is taken"
    )
    pool.sign("LBB")
    assert refused(pool.s75("key", "replace", pool.ledger, "--as", "LBB", *new)) == (
        f"{pool.ledger}: say why the key is replaced: give a reason"
    )
    assert "it is a private key" in refused(
        pool.s75("key", "replace", pool.ledger, "--as", "LBB", "--key", pool.key("NEW"), "--reason", "Left")
    )
