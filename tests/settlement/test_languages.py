"""The catalogues of other languages: whole, well formed, read when wanted and not before; and what Welsh asks."""

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from babel import Locale

from rules.language import say, say_many, speaking, spoken
from rules.problems import RefusedError
from rules.wording import cap_sentence, sentence, succession_sentence
from settlement import languages
from settlement.languages import ENGLISH, FORMS, LANGUAGES, WELSH, catalogue_file, catalogue_of
from settlement.messages import extract
from settlement.messages.extract import Entry, Found, braces, entries_of, found_in_house, problems_of, renew, run
from settlement.messages.welsh import before_in_welsh
from tests.conftest import golden_case

OTHERS = [tag for tag in LANGUAGES if tag != ENGLISH]
in_house = cache(found_in_house)


# Catalogues


def test_english_needs_no_catalogue_and_an_unknown_language_is_refused_in_a_sentence() -> None:
    assert catalogue_of(ENGLISH) is None
    with pytest.raises(RefusedError, match=r"“fr” is not a language .* en \(English\), cy \(Cymraeg\)$"):
        catalogue_of("fr")
    with pytest.raises(RefusedError):
        catalogue_of("../cy")


@pytest.mark.parametrize("tag", OTHERS)
def test_a_catalogue_says_every_message_of_the_house_and_no_other(tag: str) -> None:
    """Nothing is empty or doubtful, braces are the same; `python -m settlement.messages.extract` puts new ones in."""
    assert problems_of(tag, in_house()) == []


def test_every_message_can_be_found_by_the_tool() -> None:
    found = in_house()
    assert found.unfindable == []
    assert len(found.messages) > 300
    assert ("January",) in found.messages
    assert found.messages["{number} line", "{number} lines"] == ["settlement/explained_words.py"]


@pytest.mark.parametrize("tag", OTHERS)
def test_a_catalogue_stands_as_the_tool_writes_it(tag: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = tmp_path / f"{tag}.po"
    copy.write_bytes(catalogue_file(tag).read_bytes())
    monkeypatch.setattr(extract, "catalogue_file", lambda _tag: copy)
    renew(tag, in_house())
    assert copy.read_text(encoding="utf-8") == catalogue_file(tag).read_text(encoding="utf-8")


@pytest.mark.parametrize("tag", OTHERS)
def test_a_plurals_forms_are_those_of_unicode(tag: str) -> None:
    """The catalogue's own rule, by which other tools than ours fill it, is the one that we count by."""
    from babel.messages.pofile import read_po

    with catalogue_file(tag).open("rb") as file:
        catalogue = read_po(file, locale=tag)
    assert catalogue.num_plurals == len(FORMS)
    form_of = Locale.parse(tag).plural_form
    by_form = {form: [count for count in range(200) if form_of(count) == form] for form in FORMS}
    singles = {form: counts[0] for form, counts in by_form.items() if len(counts) == 1}
    assert len(singles) == len(FORMS) - 1
    assert all(f"n=={count} ? {FORMS.index(form)}" in catalogue.plural_expr for form, count in singles.items())


def test_welsh_counts_in_six_forms() -> None:
    with speaking(catalogue_of(WELSH)):
        told = [say_many("{number} line", "{number} lines", count, number=count) for count in range(8)]
    assert told[:4] == ["0 llinell", "1 llinell", "2 linell", "3 llinell"]


def test_a_message_without_a_translation_is_said_in_english() -> None:
    with speaking(catalogue_of(WELSH)):
        assert spoken() == WELSH
        assert say("Nobody ever said {this}.", this="that") == "Nobody ever said that."
        assert say_many("{count} heffalump", "{count} heffalumps", 1) == "1 heffalump"
        assert say_many("{count} heffalump", "{count} heffalumps", 2) == "2 heffalumps"


def test_a_catalogue_is_read_once_and_not_for_english() -> None:
    assert catalogue_of(WELSH) is catalogue_of(WELSH)
    code = (
        "import sys; from rules.language import say; from settlement.languages import catalogue_of\n"
        "import settlement.statements.wording, settlement.explain\n"
        "assert catalogue_of('en') is None and say('Net due') == 'Net due'\n"
        "assert not any(name.split('.')[0] == 'babel' for name in sys.modules), 'babel'"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=languages.__file__.rpartition("settlement")[0])


# The tool


def look(source: str) -> Found:
    found = Found()
    extract._look_at(
        "a.py", ast.parse(f"from rules.language import message, say, say_before, say_many\n{source}"), found
    )
    return found


def test_the_tool_finds_what_is_said_in_every_way() -> None:
    found = look(
        'say("One " "and the same", a=b)\n'
        'TABLE = {1: message("Two")}\n'
        'say_many("{count} three", "{count} threes", n)\n'
        'say_before("or", x)\n'
        "say(TABLE[1]); say(TABLE.get(1, OTHER)); say(key); say(self.key, a=b); say(A if b else C)\n"
        'say("One and the same")\n'
    )
    assert found.messages == {
        ("One and the same",): ["a.py"],
        ("Two",): ["a.py"],
        ("{count} three", "{count} threes"): ["a.py"],
        ("or",): ["a.py"],
    }
    assert found.unfindable == []


@pytest.mark.parametrize(
    "call",
    [
        'say(f"One {x}")',
        'say("One " + x)',
        "message(x)",
        'say_many(x, "many", n)',
        'say("One".lower())',
        "say(made(x))",
    ],
)
def test_the_tool_says_what_no_translator_could_ever_see(call: str) -> None:
    assert [each.partition(" ")[0] for each in look(call).unfindable] == ["a.py:2:"]


def test_a_message_said_with_a_count_and_without_is_one_and_has_one_plural() -> None:
    found = look('say("one")\nsay_many("one", "many", n)\nsay_many("two", "pair", n)\nsay_many("two", "both", n)')
    extract._gather(found)
    assert list(found.messages) == [("one", "many"), ("two", "pair"), ("two", "both")]
    assert found.unfindable == ["a.py: “two” has two plurals, “pair” and “both”"]


def test_the_terminals_own_say_is_nobodys_message() -> None:
    found = Found()
    extract._look_at("a.py", ast.parse('from settlement.command.telling import say\nsay(f"{x}"); say("x")'), found)
    assert found == Found()


@pytest.mark.parametrize(
    ("entry", "wrong"),
    [
        (Entry(("Net due",), ("Swm net",)), ""),
        (Entry(("Net due",), ("",)), "“Net due” is not translated"),
        (Entry(("{a} of {b}",), ("{b}: {a}",)), ""),
        (Entry(("{a} of {b}",), ("{b}",)), "“{a} of {b}”: “{b}” has ['b'] in braces, and not ['a', 'b']"),
        (Entry(("{a}",), ("{a",)), "“{a}”: the braces of “{a” do not close"),
        (Entry(("Net due",), ("Swm net ",)), "“Net due”: “Swm net ” begins or ends with another space"),
        (Entry(("{count} line", "{count} lines"), ("dim", *["{count} llinell"] * 5)), ""),
        (Entry(("{count} line", "{count} lines"), ("{count} llinell",)), "“{count} line” is not translated"),
        (Entry(("{count} line", "{count} lines"), ("", *["{count} llinell"] * 5)), "“{count} line” is not translated"),
    ],
)
def test_the_tool_says_what_is_wrong_with_a_translation(entry: Entry, wrong: str) -> None:
    assert "".join(entry.wrong()) == wrong


def test_braces_are_read_by_their_names() -> None:
    assert braces("{a} of {b}, {a}") == {"a", "b"}
    with pytest.raises(ValueError, match="expected"):
        braces("{a")


def test_the_tool_puts_new_messages_in_and_takes_old_ones_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "cy.po"
    file.write_text(
        '# Head\nmsgid ""\nmsgstr ""\n"Language: cy\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Plural-Forms: nplurals=6; plural=0;\\n"\n\n'
        'msgid "Said no more"\nmsgstr "Hen"\n\nmsgid "Still"\nmsgstr "O hyd \\"â\\""\n',
        encoding="utf-8",
    )
    monkeypatch.setattr(extract, "catalogue_file", lambda _tag: file)
    messages = {("Still",): ["a.py", "b.py"], ("New",): ["b.py"], ("{count} line", "{count} lines"): ["b.py"]}
    monkeypatch.setattr(extract, "found_in_house", lambda: Found(messages, ["a.py:1: say(x())"]))
    before = file.read_bytes()
    assert run(["--check"]) == 1
    assert file.read_bytes() == before
    assert run([]) == 1
    assert [(entry.key, entry.texts) for entry in entries_of("cy")] == [
        (("Still",), ('O hyd "â"',)),
        (("New",), ("",)),
        (("{count} line", "{count} lines"), ("",) * 6),
    ]
    text = file.read_text(encoding="utf-8")
    assert text.startswith('# Head\nmsgid ""\n')
    assert '#: a.py b.py\nmsgid "Still"\n' in text
    told = capsys.readouterr().out
    assert "no tool can find the message of a.py:1: say(x())" in told
    assert "cy: “Said no more” is said no more" in told
    assert "cy: “New” is not translated" in told
    file.write_text(text.replace('#: b.py\nmsgid "New"', '#, fuzzy\nmsgid "New"'), encoding="utf-8")
    with pytest.raises(ValueError, match="doubtful"):
        entries_of("cy")


# Welsh


@pytest.mark.parametrize(
    ("following", "said"),
    [
        ("Barnet", "a"),
        ("Abertawe", "ac"),
        ("“Adran”", "ac"),
        ("Haringey", "a"),
        ("Wrecsam", "a"),
        ("wyth", "ac"),
        ("Ynys Môn", "ac"),
        ("York", "a"),
        ("£1.00", "ac"),
        ("£1,000.00", "a"),
        ("£2.00", "a"),
        ("8%", "ac"),
        ("£80,000.00", "ac"),
        ("10", "a"),
        ("11", "ac"),
        ("18,000", "ac"),
        ("100", "a"),
        ("", "a"),
    ],
)
def test_and_is_ac_before_a_vowel(following: str, said: str) -> None:
    assert before_in_welsh("a", following) == said
    assert before_in_welsh("neu", following) == "neu"


def test_clauses_caps_and_successions_are_sentences_of_welsh() -> None:
    """As they were read over: what is put in is never mutated, and nothing mutated is put in."""
    with speaking(catalogue_of(WELSH)):
        rotherham = golden_case("rotherham-first-call").agreement
        assert sentence(rotherham.clause_of["4.3"], rotherham) == (
            "Yr hyn sy'n weddill o'r canlynol, gorwariannau yn achos pob cynllun o fewn y cronfeydd cyfun (ac eithrio "
            "cynlluniau a eithriwyd): rhennir yn gymesur â'r cyfraniadau i'r cynllun; uchafswm yr hyn a ysgwyddir gan "
            "COUNCIL yw £150,000.00 bob blwyddyn ac uchafswm CCG yw 2% o'i gyfraniad i gronfeydd cyfun bob blwyddyn; "
            "gadewir unrhyw beth y tu hwnt i hynny i'r cymalau sy'n dilyn."
        )
        corridor = golden_case("risk-corridor").agreement
        said = [sentence(clause, corridor) for clause in corridor.clauses]
        assert any(each.endswith("rhennir 20% i COUNCIL ac 80% i CCG.") for each in said)
        icb = golden_case("ccg-to-icb-2022-23").agreement
        assert succession_sentence(icb.partners[-1], icb) == (
            "O 1 Gorffennaf 2022 ymlaen mae NHS Integrated Care Board (ICB) yn sefyll yn lle NHS North CCG (CCG-N) a "
            "NHS South CCG (CCG-S)."
        )
        assert cap_sentence(icb.caps[0], icb).startswith("O dan gymalau 5.1 a 5.2 gyda'i gilydd, uchafswm ")
