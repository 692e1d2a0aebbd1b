"""`docs/adding` is followed to the letter, in a copy of the house: what no longer fits the code fails here."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.guide.adding import (
    ADDING,
    HOUSE,
    PAGES,
    RUN_TESTS,
    DriftError,
    copy_house,
    environment,
    make_additions,
    new_file,
    objection,
    page_named,
    promised,
)
from tests.guide.pages import Page, commands_of, page_of, read_page


@pytest.fixture(scope="module")
def pages() -> list[Page]:
    return [page_of(path) for path in PAGES]


def test_what_the_pages_have_a_person_add_works(pages: list[Page], tmp_path: Path) -> None:
    """All of it in one copy, for each process takes seconds: the lint, then every test that is named, then the rest."""
    copy_house(tmp_path)
    sources: list[str] = []
    for page in pages:
        touched = [file.relative_to(tmp_path).as_posix() for file in make_additions(page, tmp_path)]
        assert any(file.startswith("tests/") for file in touched), f"{page.name} brings no test"
        assert {file.partition("/")[0] for file in touched} & set(HOUSE), f"{page.name} changes nothing"
        sources += [file for file in touched if file.endswith(".py")]
    for lint in (["check", "--no-cache"], ["format", "--check", "--no-cache"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *lint, *dict.fromkeys(sources)],
            cwd=tmp_path,
            env=environment(tmp_path),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout
    tests, others = promised(pages)
    for page, command in (tests, *others):
        objected = objection(page, command, tmp_path)
        assert not objected, objected


def test_every_page_has_its_own_test_run_and_those_that_look_at_every_choice(pages: list[Page]) -> None:
    for page in pages:
        typed = [command.text for block in page.blocks if block.is_session for command in commands_of(block)]
        told = " ".join(text for text in typed if text.startswith(RUN_TESTS))
        own = [path for block in page.blocks if (path := new_file(page, block)).startswith("tests/")]
        assert own
        assert all(path in told for path in (*own, "tests/test_every_choice.py")), page.name


def test_there_is_a_page_for_each_thing_that_the_first_one_names() -> None:
    assert [path.name for path in PAGES] == ["basis.md", "clause.md", "page.md", "statement.md"]
    links = {target for _line, target, _is_picture in page_named("README.md").links}
    assert {path.name for path in PAGES} <= links


# How it is read


BEFORE = 'ONE = "one"\nTWO = "two"\nTHREE = "three"\n'


def test_a_change_finds_its_place_by_the_lines_around_it(tmp_path: Path) -> None:
    (tmp_path / "numbers.py").write_text(BEFORE, encoding="utf-8")
    text = (
        "# P\n\nText.\n\n```diff\n--- a/numbers.py\n+++ b/numbers.py\n@@ here\n"
        ' TWO = "two"\n+HALF = "half"\n-THREE = "three"\n```\n'
    )
    (file,) = make_additions(read_page(ADDING / "made-up.md", text), tmp_path)
    assert file.read_text(encoding="utf-8") == 'ONE = "one"\nTWO = "two"\nHALF = "half"\n'


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (' FOUR = "four"\n+FIVE = "five"\n', "does not stand there"),
        (' ONE = "one"\n TWO = "two"\n', "nothing is changed"),
        ('ONE = "one"\n+x\n', "not a change that can be made"),
    ],
)
def test_what_does_not_fit_is_said(lines: str, why: str, tmp_path: Path) -> None:
    (tmp_path / "numbers.py").write_text(BEFORE, encoding="utf-8")
    page = read_page(ADDING / "made-up.md", f"# P\n\nText.\n\n```diff\n+++ b/numbers.py\n{lines}```\n")
    with pytest.raises(DriftError, match=rf"docs/adding/made-up\.md:\d+: .*{why}"):
        make_additions(page, tmp_path)


def test_a_place_that_is_there_twice_is_no_place(tmp_path: Path) -> None:
    (tmp_path / "numbers.py").write_text(BEFORE * 2, encoding="utf-8")
    page = read_page(ADDING / "made-up.md", '# P\n\nT.\n\n```diff\n+++ b/numbers.py\n ONE = "one"\n+x = 1\n```\n')
    with pytest.raises(DriftError, match="stands there 2 times"):
        make_additions(page, tmp_path)


def test_a_new_file_is_told_by_the_paragraph_before_it_and_only_there(tmp_path: Path) -> None:
    text = "# P\n\nAll of it. New: `a/b.py`\n\n```python\nx = 1\n```\n\n```python\ny = 2\n```\n"
    page = read_page(ADDING / "made-up.md", text)
    assert [new_file(page, block) for block in page.blocks] == ["a/b.py", ""]
    (file,) = make_additions(page, tmp_path)
    assert file.read_text(encoding="utf-8") == "x = 1\n"
    with pytest.raises(DriftError, match=r"a/b\.py is there already"):
        make_additions(page, tmp_path)
