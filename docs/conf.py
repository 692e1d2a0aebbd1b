"""The site of the guide, made by Sphinx: `python -m sphinx -W -b html docs OUT`, or `sh run guide`.

The pages are plain Markdown, which a code host and the program's own Help page show as well. What only the site needs
is put in here as they are read: the navigation, of `contents.toml`, and what stands for a picture that was not drawn.
"""  # noqa: INP001  Sphinx looks for this name in this place

import re
import shutil
import tomllib
from pathlib import Path

from pygments.lexers.special import TextLexer
from sphinx.application import Sphinx

_HERE = Path(__file__).parent
_FIRST = "README"

project = "S75 Settlement"
author = "S75 Settlement"
copyright = ""  # noqa: A001  Sphinx's name
release = tomllib.loads((_HERE.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
version = release
language = "en_GB"

extensions = ["myst_parser"]
root_doc = _FIRST
source_suffix = {".md": "markdown"}
nitpicky = True
myst_heading_anchors = 6
suppress_warnings = ["misc.highlighting_failure"]  # psql's \\gexec is no SQL; such a block is shown uncoloured
smartquotes = False  # quotation marks stay as they were typed

html_theme = "furo"
html_title = f"S75 Settlement {release}"
html_short_title = "S75 Settlement"
html_static_path = ["static"]
html_css_files = ["guide.css"]
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False
html_show_sphinx = False
html_last_updated_fmt = None  # the same pages give the same site

_COMMENT = re.compile(r"<!--.*?-->")
_FENCED = re.compile(r"(^```.*?^```$)", re.DOTALL | re.MULTILINE)
_PICTURE = re.compile(r"!\[(?P<says>[^\]]*)\]\((?P<path>[^)\s]*pictures/[^)\s]+\.png)\)")
_LINK = re.compile(r"\]\((?P<path>[^)#\s]+\.md)[)#]")


def setup(app: Sphinx) -> None:
    """Have pages prepared as they are read, and the first one found by its usual name."""
    app.connect("source-read", _prepare)
    app.connect("build-finished", _name_first)
    app.add_lexer("csv", TextLexer)  # Pygments has none, and a code host colours nothing in it


def _prepare(_app: Sphinx, docname: str, source: list[str]) -> None:
    """Leave out what only the tests read, say what a missing picture shows, and add the navigation."""
    folder = (_HERE / docname).parent
    parts = _FENCED.split(source[0])
    text = "".join(part if part.startswith("```") else _COMMENT.sub("", part) for part in parts)
    text = _PICTURE.sub(lambda found: found[0] if (folder / found["path"]).is_file() else f"*{found['says']}*", text)
    sections = tomllib.loads((_HERE / "contents.toml").read_text(encoding="utf-8"))["section"]
    if docname == _FIRST:
        text += "".join(_navigation(each["title"], each["pages"]) for each in sections)
    elif docname.endswith(f"/{_FIRST}"):
        listed = {(_HERE / page).resolve() for each in sections for page in each["pages"]}
        text += _navigation("", [path for path in _below(folder, text) if (folder / path).resolve() not in listed])
    source[0] = text


def _below(folder: Path, text: str) -> list[str]:
    """The pages of a folder in the order in which its first page leads to them."""
    led = dict.fromkeys(found["path"] for found in _LINK.finditer(text))
    return [path for path in led if path != f"{_FIRST}.md" and (folder / path).resolve().parent == folder.resolve()]


def _navigation(title: str, pages: list[str]) -> str:
    there = [page for page in pages if page]
    caption = f":caption: {title}\n" if title else ""
    return "\n\n```{toctree}\n:hidden:\n" + caption + "\n" + "\n".join(there) + "\n```\n" if there else ""


def _name_first(app: Sphinx, failed: Exception | None) -> None:
    """The first page under the name that a browser and a file server look for as well."""
    first = Path(app.outdir) / f"{_FIRST}.html"
    if failed is None and first.is_file():
        shutil.copyfile(first, Path(app.outdir) / "index.html")
