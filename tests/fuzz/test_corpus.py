"""What the fuzz came upon, read again by every reader: nothing but our own errors leaves one, and soon."""

import json
from contextlib import suppress
from pathlib import Path
from time import process_time

import pytest

from tests.fuzz.keeping import CORPUS, kept
from tests.fuzz.readers import APART, OURS, READERS

LONGEST_SECONDS = 2
"""Of processor time, for an input of a few thousand bytes: a hang, not a slow computer."""
MOST_BYTES = 300_000

HOSTILE = (
    *(b"", b"\0", b"\xff", b"{" * 5_000, b'{"a":' * 50_000, b"a = " + b"[" * 5_000, b"a = " + b"9" * 5_000),
    *(b'{"statements":[["a"]]}', b'{"statements":1}', b'{"agreements":[{"body":1,"from_period":"x","id":1}]}'),
    b'{"evidence":[{"document":"x","id":1}],"lines":[{"id":1}],"seal":[],"settlement":{}}',
)
"""What chance seldom comes upon."""
EVERY_INPUT = sorted({data for target in READERS for data in kept(target)})


@pytest.mark.parametrize("target", sorted(READERS))
def test_only_our_errors_leave_a_reader_whatever_it_is_given(target: str, tmp_path: Path) -> None:
    slow = []
    for data in (*EVERY_INPUT, *HOSTILE, *(each + APART for each in HOSTILE)):
        begun = process_time()
        with suppress(*OURS):
            READERS[target](data, tmp_path)
        if process_time() - begun > LONGEST_SECONDS:
            slow.append(data)
    assert slow == []


def test_every_reader_has_a_corpus_and_they_are_small_text() -> None:
    assert {path.stem for path in CORPUS.iterdir()} == set(READERS)
    assert sum(path.stat().st_size for path in CORPUS.iterdir()) < MOST_BYTES
    for path in CORPUS.iterdir():
        assert all(ord(letter) < 256 for text in json.loads(path.read_text("utf-8")) for letter in text)
