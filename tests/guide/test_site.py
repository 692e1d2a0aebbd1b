"""The site of the guide is made without a warning, has every page, and needs nothing from anywhere else."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import html5lib
import pytest
from filelock import FileLock

from tests.guide.pages import DOCS, ROOT
from tests.guide.test_pages import PAGES, listed

_LOADED = re.compile(
    r"""<(?:script|img|iframe|source|audio|video|embed|object|input)\b[^>]*?\b(?:src|data|srcset)\s*=\s*["']?([^"'\s>]+)"""
    r"""|<link\b[^>]*?\bhref\s*=\s*["']?([^"'\s>]+)""",
    re.IGNORECASE,
)
_FROM_STYLE = re.compile(r"""url\(\s*["']?([^"')]+)|@import\s+["']([^"']+)""")
_ELSEWHERE = re.compile(r"(?i)^([a-z][a-z0-9+.-]*:)?//")
_LOOKED_THROUGH = ("README.html", "tour.html", "glossary.html", "auditor.html")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, made once for all workers: it takes some fifteen seconds, being every page of the guide."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own
    out, said = shared / "guide-site", shared / "guide-site.said"
    with FileLock(shared / "guide-site.lock"):
        if not said.exists():
            command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html"]
            done = subprocess.run(
                [*command, "-d", str(shared / "guide-doctrees"), str(DOCS), str(out)],
                cwd=ROOT,
                capture_output=True,
                text=True,
                check=False,
                timeout=600,
            )
            said.write_text(f"{done.returncode}\n{done.stdout}{done.stderr}", encoding="utf-8")
    status, _newline, told = said.read_text(encoding="utf-8").partition("\n")
    assert status == "0", told
    return out


def files_of(site: Path, ending: str) -> Iterator[tuple[str, str]]:
    """The files of the site of an ending: name and text."""
    for file in sorted(site.rglob(f"*{ending}")):
        yield file.relative_to(site).as_posix(), file.read_text(encoding="utf-8", errors="replace")


def test_every_page_is_in_it_and_in_its_navigation(site: Path) -> None:
    first = (site / "index.html").read_text(encoding="utf-8")
    for path in PAGES:
        if path.is_relative_to(DOCS):
            page = path.relative_to(DOCS).with_suffix(".html").as_posix()
            assert (site / page).is_file(), page
    for path in listed():
        assert f'href="{path.relative_to(DOCS).with_suffix(".html").as_posix()}"' in first, path.name


def test_nothing_is_loaded_from_anywhere_else(site: Path) -> None:
    found = []
    for name, text in files_of(site, ".html"):
        loaded = [one or other for one, other in _LOADED.findall(text)] + [
            one or other for one, other in _FROM_STYLE.findall("".join(re.findall(r"(?s)<style.*?</style>", text)))
        ]
        assert loaded, name
        found += [f"{name}: {each}" for each in loaded if _ELSEWHERE.match(each)]
    for name, text in files_of(site, ".css"):
        found += [
            f"{name}: {one or other}" for one, other in _FROM_STYLE.findall(text) if _ELSEWHERE.match(one or other)
        ]
    assert found == []


def test_what_is_looked_for_is_what_would_be_loaded() -> None:
    text = '<link rel="x" href="https://x.org/a.css"><script async src=//x.org/a.js></script><img alt="" src="a.png">'
    loaded = [one or other for one, other in _LOADED.findall(text)]
    assert loaded == ["https://x.org/a.css", "//x.org/a.js", "a.png"]
    assert [bool(_ELSEWHERE.match(each)) for each in loaded] == [True, True, False]
    assert _FROM_STYLE.findall('a { b: url("http://x.org/f.woff") } @import "y.css";') == [
        ("http://x.org/f.woff", ""),
        ("", "y.css"),
    ]


def test_it_searches_by_itself(site: Path) -> None:
    index = (site / "searchindex.js").read_text(encoding="utf-8")
    assert "memorandum" in index
    assert (site / "search.html").is_file()


def test_what_only_the_tests_read_is_not_shown(site: Path) -> None:
    for name, text in files_of(site, ".html"):
        assert not re.search(r"<!-- *(before|run|file|not run|figures):", text), name


@pytest.mark.parametrize("name", _LOOKED_THROUGH)
def test_a_page_is_html_that_a_strict_reader_takes(site: Path, name: str) -> None:
    parser = html5lib.HTMLParser()
    document = parser.parse((site / name).read_text(encoding="utf-8"))
    assert [error for _place, error, _told in parser.errors] == []
    html = "{http://www.w3.org/1999/xhtml}"
    assert len(list(document.iter(f"{html}h1"))) == 1
    assert document.get("lang") == "en-GB"
    assert all(picture.get("alt") for picture in document.iter(f"{html}img"))
