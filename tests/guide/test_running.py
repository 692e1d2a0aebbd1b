"""The harness of the guide finds each fault of a page that it is there for, and none where there is none."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.guide import checking
from tests.guide.pages import DOCS, Page, commands_of, read_page, slug_of
from tests.guide.running import Demo, Ran, is_shown, not_run, run_page, staged

TICKS = "```"


def page(text: str, path: Path = DOCS / "worked.md") -> Page:
    """A page of that text, which stands in no file."""
    return read_page(path, text)


def session(*lines: str) -> str:
    """A session of these lines."""
    return "\n".join([f"{TICKS}text", *lines, TICKS, ""])


@pytest.fixture
def run(tmp_path: Path, demo: Callable[[], Demo]) -> Callable[[str], Ran]:
    """Runs a page of a text."""

    def ran(text: str) -> Ran:
        with staged(tmp_path, demo) as stage:
            return run_page(page(text), stage)

    return ran


Run = Callable[[str], Ran]


# What is run


def test_a_session_that_prints_what_is_shown_is_sound(run: Run) -> None:
    told = session("$ echo one; echo two three", "one", "two", "  three", "$ s75 --version", "s75 …")
    assert run(told).objections == []


def test_a_wrong_output_is_found_with_page_line_command_and_what_was_said(run: Run) -> None:
    (objection,) = run("# T\n\n" + session("$ echo £1.00", "£2.00")).objections
    assert "docs/worked.md:4: $ echo £1.00" in objection
    assert "-£2.00" in objection
    assert "+£1.00" in objection
    assert "it does not print, in this place: £2.00" in objection


def test_a_command_under_which_nothing_is_shown_prints_nothing(run: Run) -> None:
    assert run(session("$ true")).objections == []


def test_more_than_is_shown_is_found(run: Run) -> None:
    (objection,) = run(session("$ echo one; echo two", "one")).objections
    assert "it prints more than is shown" in objection


def test_an_exit_status_is_nought_unless_it_is_told(run: Run) -> None:
    (objection,) = run(session("$ echo no; exit 3", "no")).objections
    assert "it ended with 3, not 0" in objection


def test_an_exit_status_that_is_told_is_held(run: Run) -> None:
    assert run(session("$ echo no; exit 3", "no", "[exit status 3]", "$ echo on", "on")).objections == []


def test_another_exit_status_than_is_told_is_found(run: Run) -> None:
    assert "it ended with 0, not 3" in run(session("$ echo no", "no", "[exit status 3]")).objections[0]


def test_a_refusal_of_the_program_is_shown_as_it_is_printed(run: Run) -> None:
    told = session("$ s75 settle nothing.s75", "…nothing.s75…", "[exit status 2]")
    assert run(told).objections == []


def test_commands_go_on_over_lines_and_run_in_one_folder_in_order(run: Run) -> None:
    told = session("$ echo one \\", "  two > made.txt", "$ cat made.txt", "one two")
    loop = session("$ for each in a b; do", ">   echo $each", "> done", "a", "b")
    assert run(told + loop).objections == []


def test_a_file_is_written_before_what_comes_after_it(run: Run) -> None:
    told = f"<!-- file: under/it.txt -->\n{TICKS}text\nIn it\n{TICKS}\n\n" + session("$ cat under/it.txt", "In it")
    assert run(told).objections == []


def test_what_is_to_be_there_before_is_there(run: Run) -> None:
    told = "<!-- before: demo -->\n<!-- before: golden telford-2019-20 -->\n"
    ran = run(told + session("$ ls s75-demo telford-2019-20", "…barnet-2014-15-pooled.s75…agreement.toml…lines.csv…"))
    assert ran.objections == []


def test_files_that_the_guide_gives_its_readers_are_there_and_those_of_the_tests(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = tmp_path / "ours" / "deep"
    ours.mkdir(parents=True)
    (ours / "one.csv").write_text("One.\n", encoding="utf-8")
    monkeypatch.setattr("tests.guide.running.EXTRACTS", tmp_path / "ours")
    told = "<!-- before: files pool -->\n<!-- before: extract deep/one.csv -->\n"
    shown = session("$ head -n 1 pool/agreement.toml", "[agreement]", "$ cat one.csv", "One.")
    assert run(told + shown).objections == []


def test_what_is_run_unseen_has_to_succeed(run: Run) -> None:
    assert run("<!-- run: echo seen by nobody -->\n").objections == []


def test_what_is_run_unseen_and_fails_is_found(run: Run) -> None:
    assert len(run("<!-- run: exit 1 -->\n").objections) == 1


def test_the_program_is_in_the_shell_too_and_finds_files_by_pattern(run: Run) -> None:
    told = "<!-- before: golden telford-2019-20 -->\n" + session(
        "$ s75 settle telford* | head -c 7", "…", "$ s75 settle telford*", "Telford…"
    )
    assert run(told).objections == []


def test_a_block_that_is_not_run_is_not_run_and_its_reason_is_kept(run: Run) -> None:
    told = "<!-- not run: it needs Windows -->\n" + session("$ exit 1")
    assert run(told).objections == []
    assert [step.told for step in not_run(page(told))] == ["it needs Windows"]


def test_what_is_shown_is_what_was_printed() -> None:
    assert is_shown(("one …", "four"), "one\ntwo\nthree   four\n")
    assert is_shown(("…",), "")
    assert is_shown(("sha256 …  key",), "sha256 ab12 key")
    assert not is_shown(("one", "three"), "one two three")
    assert not is_shown(("one.two",), "one-two")
    assert not is_shown(("two …",), "one two three")


def test_the_commands_of_a_session_have_their_lines() -> None:
    (block,) = page("# T\n\n" + session("$ one", "said", "$ two", "[exit status 2]")).blocks
    first, second = commands_of(block)
    assert (first.line, first.text, first.shown, first.status) == (4, "one", ("said",), 0)
    assert (second.line, second.text, second.shown, second.status) == (6, "two", (), 2)


# What is read


FAULTS = {
    "a command that nobody runs": (session("s75 settle LEDGER"), "what is typed is a session"),
    "a block of the shell": (f"{TICKS}sh\nmake\n{TICKS}\n", "what is typed is a session"),
    "a comment that asks for nothing known": ("<!-- befor: demo -->\n", "no comment asks for “befor”"),
    "a comment that says nothing": ("<!-- look here -->\n", "a comment asks for nothing that is known"),
    "a file without a block": ("<!-- file: a.toml -->\n\nText.\n", "has no block after it"),
    "a file at the end": ("<!-- file: a.toml -->\n", "has no block after it"),
    "a block that is not closed": (f"{TICKS}text\nText.\n", "the block is not closed"),
    "no reason": ("<!-- not run: -->\n" + session("$ exit 1"), "says no reason"),
    "a directive": (f"{TICKS}{{note}}\nText.\n{TICKS}\n", "a directive of the site"),
    "raw HTML": ("Some <b>bold</b> words.\n", "<b>: raw HTML"),
    "a long line": (f"{'word ' * 24}more.\n", "lines have 120 at most"),
    "a second title": ("# Another\n", "one heading of the first level"),
    "a level left out": ("### Deep\n", "a level of headings is left out"),
    "figures of something else": ("<!-- figures: mine -->\n\nText.\n", "not “mine”"),
}


@pytest.mark.parametrize("what", FAULTS)
def test_a_fault_of_form_is_found(what: str) -> None:
    text, told = FAULTS[what]
    found = checking.faults_of_form(page(f"# T\n\nWhat it is for.\n\n{text}\nNext: [tour](tour.md).\n"))
    assert len([each for each in found if told in each]) == 1, found


def test_a_page_says_first_what_it_is_for_and_last_where_to_go() -> None:
    assert checking.faults_of_form(page("# T\n\nWhat it is for.\n\nNext: [tour](tour.md).\n")) == []
    (first,) = checking.faults_of_form(page("# T\n\n- a list\n\nNext: [tour](tour.md).\n"))
    assert "it does not begin with a sentence" in first
    (last,) = checking.faults_of_form(page("# T\n\nWhat it is for, and [where](tour.md).\n\nThe end.\n"))
    assert "where to go next" in last


def test_a_broken_link_is_found_with_its_line() -> None:
    for target, told in (
        ("nowhere.md", "no such file"),
        ("auditor.md#nowhere", "no such heading"),
        ("#nowhere", "no such heading"),
        ("theme.toml#part", "no such heading"),
        ("../pyproject.toml", "out of the guide"),
    ):
        (found,) = checking.links_astray(page(f"# T\n\nTwo\nlines with [a link]({target}).\n"))
        assert found.startswith(f"docs/worked.md:4: {target}: "), found
        assert told in found


def test_links_that_lead_somewhere_are_sound() -> None:
    led = "[a](#a-title-s75-its) [b](auditor.md#whose-key-it-is) [c](theme.toml) [d](https://x.org)"
    text = f"# A title: `s75`, it's\n\n{led}\n\n![P](pictures/any.png) `[no](link.md)`\n"
    assert checking.links_astray(page(text)) == []


def test_a_picture_from_elsewhere_is_found() -> None:
    assert "from elsewhere" in checking.links_astray(page("# T\n\n![P](https://x.org/p.png)\n"))[0]


def test_headings_are_led_to_as_code_hosts_do() -> None:
    assert slug_of("The [first](a.md) page, `s75`: £5 & 2%") == "the-first-page-s75-5--2"
    assert page("# One\n\n## Two\n\n## Two\n").anchors == {"one", "two", "two-1"}


def test_an_unknown_command_or_option_is_found() -> None:
    for code, told in (
        ("s75 setle LEDGER", "no command “setle”"),
        ("s75 settle LEDGER --jsn", "no option --jsn"),
        ("s75 key newer", "no command “newer”"),
        ("s75 sign LEDGER -z", "no option -z"),
    ):
        (found,) = checking.unknown_commands(page(f"# T\n\nType `{code}` there.\n"))
        assert found.startswith(f"docs/worked.md:3: {code}: "), found
        assert told in found


def test_commands_that_there_are_are_sound() -> None:
    text = 'Type `s75`, `s75 COMMAND --help`, `s75 sign\nLEDGER --as ICB --reason "it\'s"`, `s75 key new NAME`.'
    assert checking.unknown_commands(page(f"# T\n\n{text}\n")) == []


def test_commands_of_blocks_that_are_not_run_are_read_too() -> None:
    found = checking.unknown_commands(page("<!-- not run: why -->\n" + session("$ s75 settle --jsn", "PS> s75 opn")))
    assert len(found) == 2


def test_a_figure_that_nothing_gives_is_found() -> None:
    told = page("# T\n\nIt comes to £1,234.56.\n")
    (found,) = checking.figures_from_nowhere(told, ["Net due £1,234.57"])
    assert found.startswith("docs/worked.md:3: £1,234.56")
    assert checking.figures_from_nowhere(told, ["Net due (£1,234.56)"]) == []


def test_figures_of_blocks_of_golden_cases_and_free_ones_are_given() -> None:
    block = session("amount", "500000.00")
    assert checking.figures_from_nowhere(page(f"# T\n\nHeld: £500,000, which is £0.5m.\n\n{block}"), []) == []
    golden = "<!-- figures: golden telford-2019-20 -->\n\nIt comes to "
    given = min(each for each in checking._golden("telford-2019-20") if each > 10_000_00)
    assert checking.figures_from_nowhere(page(f"{golden}£{given // 100}.{given % 100:02}.\n"), []) == []
    assert len(checking.figures_from_nowhere(page(f"{golden}£0.17.\n"), [])) == 1
    free = "# T\n\n<!-- figures: free -->\n\nSay £100,\nor £200.\n\nThen £300.\n"
    assert [each.split(": ")[1] for each in checking.figures_from_nowhere(page(free), [])] == ["£300"]


def test_a_result_in_json_gives_its_pence() -> None:
    assert checking.figures_from_nowhere(page("# T\n\nIt is £12.34.\n"), ['{"net_due": 1234}']) == []
    assert len(checking.figures_from_nowhere(page("# T\n\nIt is £12.34.\n"), ["net_due: 1234"])) == 1


def test_amounts_are_read_exactly() -> None:
    assert checking.pence_of("44.859", "m") == 4_485_900_000
    assert checking.pence_of("1,482,855.00") == 148_285_500
    assert checking.pence_of("0.005") == -1
