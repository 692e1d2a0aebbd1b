"""Every message that the program can show has an entry in `docs/messages`, and every entry is of a message it shows.

What a message is and where it comes from, `messages_found.py` finds in the source. What the suite runs into besides is
held against the same pages by `messages_recorded.py`.
"""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from settlement.message_help import FOLDER, Entry, entries, found_in, help_with, like, parts_of, read_page
from tests.guide.messages_found import Message, messages
from tests.guide.pages import DOCS, page_of
from tests.guide.sentences import ROOT

PAGES = sorted(each.name for each in (DOCS / FOLDER).glob("*.md") if each.name != "README.md")

_FILL = "Xy 7"
"""Stands in every hole of a message as it is held against the pages."""

_SHARE = 0.6
"""Of what always stands in a message, so much stands on the page too: no entry is so vague as to take in any text."""

_OF_THE_COMMAND_LINE = {
    "No such command",
    "No such option",
    "Missing argument",
    "Missing option",
    "Missing command",
    "requires an argument",
    "Got unexpected extra argument",
    "Invalid value for",
}
"""Texts of the library that reads the command line: `test_command_line_messages.py` runs into them."""

_NOTHING_TO_DO = {"Stopped"}
_FEWEST_WORDS = 4
"""Of what an entry says: it is a sentence, not a word."""


def _length(parts: tuple[str, ...]) -> int:
    return sum(map(len, parts))


def covering(message: Message, texts: list[tuple[Entry, str, re.Pattern[str], int]]) -> list[tuple[Entry, str]]:
    """The entries that a message is explained in, each with the text of it that says so."""
    filled = " ".join(message.filled(_FILL).split())  # a page folds the lines of a message
    needed = _SHARE * _length(message.literal)
    return [
        (entry, text)
        for entry, text, pattern, told in texts
        if told >= needed and pattern.fullmatch(filled) is not None
    ]


@pytest.fixture(scope="module")
def texts() -> list[tuple[Entry, str, re.Pattern[str], int]]:
    """Every text of the pages, with the pattern that it is and how much of it always stands there."""
    return [
        (entry, text, re.compile("(?s)" + ".*?".join(map(re.escape, parts_of(text)))), _length(parts_of(text)))
        for entry in entries()
        for text in entry.texts
    ]


@pytest.fixture(scope="module")
def covered(texts: list[tuple[Entry, str, re.Pattern[str], int]]) -> dict[Message, list[tuple[Entry, str]]]:
    """Every message of the program, with where it is explained."""
    return {message: covering(message, texts) for message in messages()}


def test_every_message_of_the_program_has_an_entry(covered: dict[Message, list[tuple[Entry, str]]]) -> None:
    missing = [f"{each.file}:{each.line}: {each.filled('…')}" for each, by in covered.items() if not by]
    assert not missing, "docs/messages has nothing on these:\n" + "\n".join(missing)


def test_every_entry_is_of_a_message_of_the_program(covered: dict[Message, list[tuple[Entry, str]]]) -> None:
    alive = {(entry.place, text) for by in covered.values() for entry, text in by}
    dead = [
        f"{entry.place}: {text}"
        for entry in entries()
        for text in entry.texts
        if (entry.place, text) not in alive and not any(known in text for known in _OF_THE_COMMAND_LINE)
    ]
    assert not dead, "the program shows none of these any more:\n" + "\n".join(dead)


def test_a_message_without_an_entry_is_noticed(texts: list[tuple[Entry, str, re.Pattern[str], int]]) -> None:
    unknown = Message("the ledger is too purple for \x00code\x03; repaint it", "ledgers/ledger.py", 1)
    assert covering(unknown, texts) == []
    known = Message("\x00period\x03 is open; hold it first, so that what is signed stays as it is: s75 hold", "x.py", 1)
    assert [entry.heading for entry, _ in covering(known, texts)] == ["The period is open"]


def test_so_many_messages_are_found_in_the_source() -> None:
    """A slip of what finds them would let messages through unseen."""
    assert len({each.literal for each in messages()}) > 800


@pytest.mark.parametrize(
    ("file", "text", "why"),
    [
        ("ledgers/closing.py", "… is signed, which is final; post what corrects it to a later period", "a call"),
        ("ledgers/importing/judging.py", "the … is empty; write one of …", "a function that answers complaints"),
        (
            "ledgers/connecting.py",
            "this is a SQLite database of another program, not a ledger of S75 Settlement",
            "a name",
        ),
        (
            "rules/money.py",
            "“…” is not an amount: it has the letter O where a nought may be meant",
            "a function's answer",
        ),
        (
            "ledgers/auditing.py",
            "lines name the scheme …, which the agreement in force at … does not have",
            "a finding",
        ),
        ("ledgers/server_rules.py", "… is not among the partners that sign this note", "SQL"),
        ("ledgers/server_sentences.py", "the login may not do this; it only reads the ledger", "a table"),
        ("settlement/signoff/verification.py", "note … of the chain is missing", "a difference"),
        ("settlement/command/signing.py", "say which period is signed: --period M1 to M13", "a helper that refuses"),
        ("ui/dialogs.py", "It was called off. Nothing was changed.", "a banner"),
    ],
)
def test_messages_are_found_however_they_come_about(file: str, text: str, why: str) -> None:
    assert text in {each.filled("…") for each in messages() if each.file == file}, why


# ------------------------------------------------------------------------------------------------------------ the pages


@pytest.mark.parametrize("name", PAGES)
def test_every_entry_says_what_it_means_and_what_to_do(name: str) -> None:
    page = DOCS / FOLDER / name
    found = list(read_page(page))
    headings = [text for _line, level, text in page_of(page).headings if level == 3]
    assert [each.heading for each in found] == headings, "each heading of the third level is an entry"
    told = [(each.heading, len(each.means.split()), len(each.do.split())) for each in found]
    assert [
        each for each in told if each[1] < _FEWEST_WORDS or (each[2] < _FEWEST_WORDS and each[0] != "Stopped")
    ] == []
    assert len({each.anchor for each in found}) == len(found)


def test_each_text_is_in_one_entry() -> None:
    seen: dict[tuple[str, ...], str] = {}
    twice = []
    for entry in entries():
        for text in entry.texts:
            parts = parts_of(text)
            if parts in seen:
                twice.append(f"{entry.place} and {seen[parts]}: {text}")
            seen[parts] = entry.place
    assert twice == []


def test_the_index_leads_to_every_page() -> None:
    told = (DOCS / FOLDER / "README.md").read_text(encoding="utf-8")
    assert [name for name in PAGES if f"]({name})" not in told] == []


# ---------------------------------------------------------------------------------------------------- found by its text

_ALL = [(entry, text) for entry in entries() for text in entry.texts]
_NAMES = st.text(st.sampled_from("ABCDEFGHKLMNPQRSTXYZ0123456789£-_"), min_size=1, max_size=12)


@given(st.data())
def test_any_message_is_found_again_whatever_stands_in_its_holes(data: st.DataObject) -> None:
    entry, text = data.draw(st.sampled_from(_ALL))
    first, *rest = parts_of(text)
    shown = first + "".join(data.draw(_NAMES) + part for part in rest)
    place = data.draw(st.sampled_from(["", "pool.s75: ", "lines.csv:7: amount: ", "clause 7.1.share: "]))
    found = help_with(place + shown)
    assert found is not None
    assert found == entry or _tells_more(found, entry, text), f"{place}{shown}: {found.place}, not {entry.place}"


def _tells_more(found: Entry, entry: Entry, text: str) -> bool:
    """Whether another entry was found because a text of it stands within this one, or this one within it."""
    told = {_told(each) for each in found.texts}
    return any(_told(text) in each or each in _told(text) for each in told) or entry in found_in(
        "x".join(parts_of(text))
    )


def _told(text: str) -> str:
    return max(parts_of(text), key=len).strip()


@given(st.text(max_size=200))
def test_no_text_whatever_is_too_much(text: str) -> None:
    assert help_with(text) is None or help_with(text) in entries()
    assert len(like(text)) <= 3


def test_a_message_within_another_is_the_one_that_helps() -> None:
    told = (
        "pool.s75: M7 cannot be signed: the actual of fund POOL to M7 should be £2.00; the ledger has £1.00, £1.00 less"
    )
    found = help_with(told)
    assert found is not None
    assert found.heading == "A control total does not agree"


def test_the_first_line_that_a_page_has_counts() -> None:
    found = help_with("Nothing known here\nlines.csv: the file is empty\nlines.csv: there is no such file")
    assert found is not None
    assert found.place == "messages/rows.md#the-file-is-empty"


def test_a_message_of_several_lines_is_one() -> None:
    found = help_with(
        "pool.s75: the ledger has moved on since the copy was taken, and nothing is ever merged; "
        "what was done in it since:\n  batch 7\nand only in the copy:\n  batch 8\n"
        "the ledger is as it was, and your work is still in the copy; post in the ledger again what only the copy has "
        "(open the copy read-only beside it), then let the copy go: s75 copy discard"
    )
    assert found is not None
    assert found.heading == "The copy cannot be given back"


def test_capitals_quotation_marks_and_spaces_do_not_matter() -> None:
    plain = help_with('lines.csv:2: scheme: "X1"  is not a scheme of the agreement; it is one of A, B')
    assert plain is not None
    assert plain.heading == "The scheme, partner or kind is not known"
    window = help_with("The ledger is opened read-only; open it for writing to change it.")
    assert window is not None
    assert window.heading == "The ledger is read-only"


def test_words_from_memory_bring_what_is_most_like_them() -> None:
    assert "Somebody has it open for writing" in [each.heading for each in like("somebody has it open for writing")]
    assert like("") == ()
    assert like("of a") == ()
    assert like("zebra crossing giraffe") == ()


def test_what_an_entry_says_is_plain_text(tmp_path: Path) -> None:
    page = tmp_path / "rows.md"
    page.write_text(
        "# Rows\n\n## Of files\n\n<!-- figures: free -->\n\n### It is *so*\n\n"
        "- the key \\[skip\\] of *file*\n  is … here\n\n"
        "**Means:** See [the guide](../a.md), **soon**,\nand `s75 check`.\n\n"
        "**Do:** Nothing.\n\n### No texts\n\nWords.\n",
        encoding="utf-8",
    )
    (entry,) = read_page(page)
    assert entry.texts == ("the key \\[skip\\] of *file* is … here",)
    assert parts_of(entry.texts[0]) == ("the key [skip] of ", " is ", " here")
    assert (entry.means, entry.do) == ("See the guide, soon, and s75 check.", "Nothing.")
    assert entry.place == "messages/rows.md#it-is-so"
    assert entry.shown == ("the key [skip] of … is … here",)


def test_without_the_guide_there_are_no_entries(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("sys._MEIPASS", str(tmp_path), raising=False)
    entries.cache_clear()
    try:
        assert entries() == ()
        (tmp_path / "guide" / "messages").mkdir(parents=True)
        (tmp_path / "guide" / "contents.toml").write_text("", encoding="utf-8")
        page = (ROOT / "docs" / "messages" / "check.md").read_bytes()
        (tmp_path / "guide" / "messages" / "check.md").write_bytes(page)
        entries.cache_clear()
        assert {each.page for each in entries()} == {"check.md"}
    finally:
        entries.cache_clear()
