"""`s75 help-with`: a message is explained by its text; and what the command line itself refuses is on a page too."""

import sys
from pathlib import Path

import pytest

from settlement import message_help
from tests.settlement.command.running import S75


def test_a_message_as_it_was_printed_is_explained(s75: S75, tmp_path: Path) -> None:
    refused = s75("settle", tmp_path / "no.s75")
    assert refused.status == 2
    told = s75("help-with", refused.err.strip())
    assert (told.status, told.err) == (0, "")
    assert told.out.splitlines()[0] == "There is no such ledger"
    assert "  Means: Nothing lies at that path." in told.out
    assert "  Do: Look in the folder; s75 where LEDGER" in told.out
    assert told.out.splitlines()[-1] == "In the guide: messages/opening.md#there-is-no-such-ledger"


def test_a_message_needs_no_quotation_marks(s75: S75) -> None:
    told = s75("help-with", "M3", "is", "signed,", "which", "is", "final;", "post", "what", "corrects", "it", "to", "a",
               "later", "period")  # fmt: skip
    assert told.out.splitlines()[0] == "The period is signed"


def test_words_of_no_message_bring_the_most_like_and_exit_status_1(s75: S75) -> None:
    told = s75("help-with", "open for writing by somebody")
    assert told.status == 1
    assert told.out.startswith("No message is just that. The most like it:\n")
    assert "Somebody has it open for writing" in told.out


def test_words_like_no_message_say_so(s75: S75) -> None:
    told = s75("help-with", "zebra giraffe")
    assert (told.status, told.out) == (1, "No message of the program is like that.\n")


def test_no_words_are_refused(s75: S75) -> None:
    told = s75("help-with", " ")
    assert (told.status, told.err) == (2, "MESSAGE: give the message, or some words of it\n")


def test_without_the_guide_it_says_so(s75: S75, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    message_help.entries.cache_clear()
    told = s75("help-with", "the file is empty")
    message_help.entries.cache_clear()
    assert told.status == 2
    assert told.err == "this program came without its guide, where the messages are explained\n"


@pytest.mark.parametrize(
    ("arguments", "heading"),
    [
        (["nonsense"], "No such command or option"),
        (["setle"], "No such command or option"),
        (["settle", "--perod", "M1", "x.s75"], "No such command or option"),
        (["--foo"], "No such command or option"),
        (["settle"], "Something is missing, or too much"),
        (["check", "a.s75", "b", "c"], "Something is missing, or too much"),
        (["settle", "x.s75", "--period"], "Something is missing, or too much"),
        (["key"], "Something is missing, or too much"),
        (["reopen", "x.s75"], "Something is missing, or too much"),
        (["log", "x.s75", "--limit", "a"], "Not a value for an option"),
    ],
)
def test_what_the_command_line_refuses_is_on_a_page(s75: S75, arguments: list[str], heading: str) -> None:
    refused = s75(*arguments)
    assert refused.status == 2
    found = message_help.help_with(refused.err.splitlines()[-1])
    assert found is not None
    assert found.heading == heading
