"""`s75 key new`: a signatory's pair, its passphrase typed twice or taken from the environment, and never shown."""

import getpass
import os
import re
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from settlement.command.keys import passphrase_of
from settlement.signoff.keys import read_public_key, read_signing_key
from tests.settlement.command.running import GOLDEN, S75

WORDS = "four words of it"


@pytest.fixture(autouse=True)
def _unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("S75_PASSPHRASE", raising=False)


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the person will type, in turn; a terminal is there. Nothing more to type is the end of the input."""
    lines: list[str] = []

    def answer(_: str) -> str:
        if not lines:
            raise EOFError
        return lines.pop(0)

    monkeypatch.setattr("settlement.command.keys.getpass", answer)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    return lines


def test_a_pair_is_made_and_the_fingerprint_told(s75: S75, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("S75_PASSPHRASE", WORDS)

    said = s75("key", "new", "LBB", "--out", tmp_path / "keys")

    keys = tmp_path / "keys"
    public = read_public_key(keys / "LBB.pub")
    assert said.status == 0
    assert said.out.splitlines() == [
        f"{keys / 'LBB.key'}: the private key, which signs. Nobody else should have it, nor its passphrase.",
        f"{keys / 'LBB.pub'}: the public key. Give it to the other partners and to the auditor yourself.",
        f"Its fingerprint, to be read out to them: sha256 {public.fingerprint}",
    ]
    assert read_signing_key(keys / "LBB.key", WORDS).public == public


def test_without_out_the_files_are_put_here(s75: S75, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("S75_PASSPHRASE", WORDS)

    assert s75("key", "new", "LBB").out.startswith("LBB.key: ")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["LBB.key", "LBB.pub"]


def test_a_second_of_the_same_name_is_refused_before_a_passphrase_is_asked(s75: S75, tmp_path: Path) -> None:
    (tmp_path / "LBB.pub").write_text("mine", encoding="utf-8")

    said = s75("key", "new", "LBB", "--out", tmp_path)

    assert said.status == 2
    assert said.err == (
        f"{tmp_path / 'LBB.pub'}: there is such a file already, and a key is never overwritten; choose another name\n"
    )


def test_a_new_passphrase_is_typed_twice(s75: S75, tmp_path: Path, typed: list[str]) -> None:
    typed += [WORDS, WORDS]

    assert s75("key", "new", "LBB", "--out", tmp_path).status == 0
    assert read_signing_key(tmp_path / "LBB.key", WORDS)


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([WORDS, "four words of it?"], "passphrase: the two that were typed differ; nothing was written; start again"),
        ([], "passphrase: none was typed; start again"),
        ([WORDS], "passphrase: none was typed; start again"),
        (["short", "short"], "fewer than 8 characters"),
        (["", ""], "this one is empty"),
    ],
)
def test_a_slip_of_the_fingers_makes_no_key(
    s75: S75, tmp_path: Path, typed: list[str], lines: list[str], told: str
) -> None:
    typed += lines

    said = s75("key", "new", "LBB", "--out", tmp_path)

    assert said.status == 2
    assert told in said.err
    assert list(tmp_path.iterdir()) == []


def test_a_passphrase_to_open_a_key_is_typed_once(typed: list[str]) -> None:
    typed += [WORDS]

    assert passphrase_of("Passphrase of LBB.key") == WORDS


def test_a_passphrase_of_the_environment_is_not_asked_for(monkeypatch: pytest.MonkeyPatch, typed: list[str]) -> None:
    monkeypatch.setenv("S75_PASSPHRASE", WORDS)

    assert passphrase_of("Passphrase", confirm=True) == WORDS
    assert typed == []


def test_where_there_is_no_terminal_the_variable_is_named(
    s75: S75, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = "passphrase: it is asked for at a terminal, and there is none; set S75_PASSPHRASE instead\n"

    monkeypatch.setattr(sys.stdin, "isatty", lambda: False)
    assert s75("key", "new", "LBB", "--out", tmp_path).err == told
    monkeypatch.setattr(sys, "stdin", None)
    said = s75("key", "new", "LBB", "--out", tmp_path)

    assert (said.err, said.status) == (told, 2)
    assert list(tmp_path.iterdir()) == []


def test_a_terminal_that_would_show_it_is_not_asked(
    s75: S75, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: list[str]
) -> None:
    def showing(_: str) -> str:
        warnings.warn("Can not control echo on the terminal.", getpass.GetPassWarning, stacklevel=2)
        return WORDS

    assert typed == []
    monkeypatch.setattr("settlement.command.keys.getpass", showing)

    said = s75("key", "new", "LBB", "--out", tmp_path)

    assert said.err == "passphrase: this terminal would show it while it is typed; set S75_PASSPHRASE instead\n"


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    """Both ends of a terminal: the person's, the program's."""
    pty = pytest.importorskip("pty", reason="no such terminals on Windows")
    person, program = pty.openpty()
    yield person, program
    os.close(person)
    os.close(program)


def test_at_a_real_terminal_nothing_of_it_is_shown(tmp_path: Path, terminal: tuple[int, int]) -> None:
    person, program = terminal
    running = subprocess.Popen(
        [sys.executable, "-m", "settlement.command.main", "key", "new", "LBB", "--out", str(tmp_path)],
        stdin=program,
        stdout=subprocess.PIPE,
        stderr=program,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(GOLDEN.parents[1])},
    )
    shown = b""
    for prompt in (b"Passphrase of the new key: ", b"The same again: "):
        while not shown.endswith(prompt):
            shown += os.read(person, 1024)
        os.write(person, f"{WORDS}\n".encode())
    out, _ = running.communicate(timeout=60)

    assert running.returncode == 0
    assert re.search(rb"sha256 [0-9a-f]{64}", out)
    assert WORDS.encode() not in shown + out
    assert read_signing_key(tmp_path / "LBB.key", WORDS)
