"""An auditor who has the page for auditors, `openssl` and `sha256sum` finds out what was changed, and needs no more."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.settlement.signoff.auditor_page import commands, objections
from tests.settlement.signoff.signing import BCCG, exported


def test_the_page_shows_a_command_for_each_thing_that_it_promises() -> None:
    words = " ".join(shown.text for shown in commands())

    assert len(commands()) >= 8
    for each in ("pkeyutl -verify", "outform DER", "cmp -n", "sha256sum -c", "previous", "statements", "pack.json"):
        assert each in words


def test_a_folder_that_nobody_changed_gives_what_the_page_shows(tmp_path: Path) -> None:
    assert objections(exported(tmp_path)) == []


def turned(path: Path, at: int = -2) -> None:
    """Change one bit of one byte of a file."""
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


CHANGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "the signatory's own lines": (lambda to: turned(to / "0001" / "LBB.txt"), "Signature Verification Failure"),
    "the note within the signed text": (lambda to: turned(to / "0001" / "LBB.txt", 60), "differ"),
    "the signature": (lambda to: turned(to / "0001" / "LBB.sig"), "Signature Verification Failure"),
    "another partner's key": (
        lambda to: (to / "LBB.pub").write_text(BCCG.public.pem, encoding="ascii"),
        "Signature Verification Failure",
    ),
    "the pack": (lambda to: turned(to / "0001" / "pack.json"), "0001/pack.json: FAILED"),
    "the note": (lambda to: turned(to / "0001" / "note.txt", 60), "differ"),
    "the note before": (lambda to: turned(to / "0001" / "note.txt", 60), "0001/note.txt: FAILED"),
    "the end of the signed text": (
        lambda to: (to / "0001" / "LBB.txt").write_bytes((to / "0001" / "LBB.txt").read_bytes()[:100]),
        "EOF",
    ),
    "a statement": (
        lambda to: turned(to / "0001" / "statements" / "LBB settlement statement.html"),
        "0001/statements/LBB settlement statement.html is not in the pack",
    ),
    "a statement too many": (
        lambda to: (to / "0001" / "statements" / "more.pdf").write_bytes(b"%PDF"),
        "0001/statements/more.pdf is not in the pack",
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_is_seen_and_named(tmp_path: Path, what: str) -> None:
    change, told = CHANGES[what]
    folder = exported(tmp_path)

    change(folder)

    assert told in "".join(objections(folder))
