"""No word of a statement is English that nobody said: in a made-up language every one of them is another's.

What fails here is a text that is not put through `rules.language.say`, or only a part of it: see `made_up.py`.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from rules.language import speaking
from rules.periods import Period
from settlement.statements import StatementInputs
from settlement.statements.writing import documents_of, write_statements
from tests.conftest import golden_case
from tests.settlement.statements.made_up import MadeUp, in_cyrillic, missed, missed_in, own_texts
from tests.settlement.statements.making import for_signature, hard_inputs, inputs_of, pages_of, signed
from tests.settlement.statements.test_in_dispute import OF_CLAUSE, RAISED, disputed
from tests.settlement.statements.test_late import AGREEMENT as LATE
from tests.settlement.statements.test_late import LINES as LATE_LINES
from tests.settlement.statements.test_late import settled
from tests.settlement.statements.test_sealed import DEED


def of_outturn(inputs: StatementInputs) -> StatementInputs:
    assert inputs.outturn is not None
    return replace(inputs, settlement=inputs.outturn, outturn=None, previous=None, previous_period=None, months=())


def late() -> StatementInputs:
    lines = tuple(each for each in LATE_LINES if each.belongs_to is not None)
    return StatementInputs(
        settled(LATE, LATE_LINES, Period.M7),
        settled(LATE, LATE_LINES, Period.M6),
        Period.M6,
        lines=lambda: LATE_LINES,
        late=lines,
    )


def barnet() -> StatementInputs:
    return inputs_of(golden_case("barnet-2014-15-core"))


def undecided() -> StatementInputs:
    """A dispute that cannot be settled without."""
    inputs = disputed(RAISED, OF_CLAUSE, lines=(2,))
    assert inputs.disputed is not None
    return replace(inputs, disputed=replace(inputs.disputed, without=None, why_not="·"))


STATES: dict[str, Callable[[], StatementInputs]] = {
    "signed": lambda: replace(signed(barnet()), governing=DEED, previous_seal=signed(barnet()).seal),
    "for signature": lambda: for_signature(barnet()),
    "varied": lambda: replace(barnet(), governing=replace(DEED, assents=(), awaiting=("LBB", "BCCG"))),
    "as begun with": lambda: replace(barnet(), governing=replace(DEED, version=1, assents=(), awaiting=())),
    "outturn": lambda: of_outturn(barnet()),
    "disputed": lambda: disputed(RAISED, OF_CLAUSE, lines=(2,), clauses=("1",)),
    "disputed, not settled": undecided,
    "late": late,
    "first": lambda: replace(barnet(), previous=None, previous_period=None, months=()),
    "hard": lambda: hard_inputs(12),
    "many notes": lambda: replace(barnet(), notes=("· " * 300, "· " * 300), prepared_by=""),
    "succeeded": lambda: signed(inputs_of(golden_case("ccg-to-icb-2022-23"))),
}


@pytest.mark.parametrize("thousands", [False, True])
@pytest.mark.parametrize("state", STATES)
def test_every_word_was_said_however_far_the_statement_has_come(state: str, *, thousands: bool) -> None:
    inputs = STATES[state]()
    codes = [partner.code for partner in inputs.agreement.partners]
    with speaking(MadeUp()):
        told = {name: missed(document, inputs) for name, document in documents_of(inputs, codes, thousands=thousands)}
    assert {name: texts for name, texts in told.items() if texts} == {}


def test_every_word_of_every_golden_case_was_said(golden_inputs: StatementInputs) -> None:
    codes = [partner.code for partner in golden_inputs.agreement.partners]
    with speaking(MadeUp()):
        told = {name: missed(document, golden_inputs) for name, document in documents_of(golden_inputs, codes)}
    assert {name: texts for name, texts in told.items() if texts} == {}


def test_every_word_that_a_format_adds_was_said(tmp_path: Path) -> None:
    """Headings of notes, words for a screen reader, page x of y, what is carried forward."""
    inputs = hard_inputs(60)
    with speaking(MadeUp()):
        written = write_statements(inputs, tmp_path, ("html", "pdf"), kinds=("settlement-statement", "workings"))
    own = own_texts(inputs)
    for path in written:
        if path.suffix == ".html":
            texts = shown_in(path.read_text(encoding="utf-8"))
            assert missed_in((text for text in texts if not is_amount_in_words(text)), own) == [], path.name
        else:
            told = " ".join(pages_of(path))
            for english in ("Page {page} of {pages}", "Page"):
                assert english.partition("{")[0] not in told, path.name
            assert in_cyrillic("Net due") in told or in_cyrillic("Workings") in told


def shown_in(html: str) -> list[str]:
    """The texts between tags, and those of attributes that are read out."""
    read_out = re.findall(r'(?:alt|aria-label|title)="([^"]*)"', html)
    body = re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)
    body = re.sub(r"</?(?:bdi|span|wbr|a)\b[^>]*>", "", body)
    return [unescape(text).strip() for text in (*re.split(r"<[^>]*>", body), *read_out) if text.strip()]


def is_amount_in_words(text: str) -> bool:
    return re.search(r"\b(pounds|pence|pound|penny)$", text) is not None


def test_the_made_up_language_finds_what_is_missed() -> None:
    """Guards against a test that finds nothing because it looks at nothing."""
    assert missed_in(["Due to Ward", "Дуе Ward M12", "£1.00", "Ward"], ["Ward"]) == ["Due to Ward"]
