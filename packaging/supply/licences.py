"""`python packaging/supply/licences.py FOLDER`: the licences of everything in a build, written into `FOLDER/licences`.

A folder for each distribution, library and font with the texts that came with it; `NOTICES.txt` lists them, and says
how a library under the LGPL is replaced. Ends with status 1 and a sentence if a licence is not one that
`packaging/supply/policy.toml` allows, if something has no licence text, or if a library in the build is unknown.
"""

import re
import shutil
import sys
import sysconfig
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.metadata import Distribution
from pathlib import Path
from typing import Any

from license_expression import ExpressionError, LicenseWithExceptionSymbol, Licensing, get_spdx_licensing
from packaging.utils import canonicalize_name
from shipped import HERE, ROOT, UnknownPartError, components, in_build, project

TEXTS = HERE / "texts"
_TEXT_FILE = re.compile(r"(?i)^(licen[cs]e|copying|notice|authors)")
_OSI = "License :: OSI Approved :: "
_BY_CLASSIFIER = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
}


class LicenceError(Exception):
    """A licence that cannot be shipped under, that nobody knows, or whose text is missing."""


@cache
def _spdx() -> Licensing:
    """The index of SPDX names, which takes longer to make than to ask."""
    return get_spdx_licensing()


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing that is shipped: its name, version, licence (SPDX), home page, and its licence texts by file name."""

    name: str
    version: str
    licence: str
    home: str
    texts: tuple[tuple[str, str], ...]
    files: tuple[str, ...] = ()

    @property
    def folder(self) -> str:
        """The name of its folder of texts."""
        return "-".join(re.sub(r"[^A-Za-z0-9.+]+", "-", part) for part in (self.name, self.version) if part)


def policy() -> dict[str, Any]:
    """What `policy.toml` says."""
    told: dict[str, Any] = tomllib.loads((HERE / "policy.toml").read_text("utf-8"))
    return told


def licence_of(known: Distribution) -> str:
    """A distribution's licence as an SPDX expression: by our own reading, its record, or its classifier.

    Raises LicenceError if none of them tells.
    """
    name = canonicalize_name(known.metadata["Name"])
    read: dict[str, str] = policy()["licence_of"]
    if name in read:
        return read[name]
    told = known.metadata.get("License-Expression") or known.metadata.get("License") or ""
    try:
        parsed = _spdx().parse(told.strip(), validate=True) if told and "\n" not in told.strip() else None
    except ExpressionError:
        parsed = None
    if parsed is not None:
        return str(parsed)
    for each in known.metadata.get_all("Classifier") or []:
        if (spdx := _BY_CLASSIFIER.get(each.removeprefix(_OSI))) is not None:
            return spdx
    raise LicenceError(
        f"{name} {known.version}: its record does not say its licence; read it, and add it to policy.toml"
    )


def is_allowed(expression: str, allowed: list[str]) -> bool:
    """Whether we may ship under an SPDX expression: one part of an OR, every part of an AND."""
    return _holds(_spdx().parse(expression), set(allowed))


def _holds(node: object, allowed: set[str]) -> bool:
    parts = () if isinstance(node, LicenseWithExceptionSymbol) else getattr(node, "args", ())
    if not parts:
        return str(node) in allowed
    held = (_holds(part, allowed) for part in parts)
    return any(held) if getattr(node, "operator", "").strip() == "OR" else all(held)


def notices(folder: Path) -> list[Notice]:
    """Everything that a build ships, by name, each with its licence texts.

    Raises LicenceError or UnknownPartError, each naming what it is about.
    """
    found = [_of_distribution(each) for each in in_build(folder)]
    found += [
        Notice(
            each.name,
            "",
            each.licence,
            each.home,
            tuple((t, (TEXTS / t).read_text("utf-8")) for t in each.texts),
            each.files,
        )
        for each in components(folder)
    ]
    fonts = ROOT / "settlement" / "fonts"
    found += [_of_font(file) for file in sorted(fonts.glob("LICEN[CS]E-*.txt"))]
    found.append(_python())
    allowed: list[str] = policy()["allowed"]
    wrong = [each for each in found if not is_allowed(each.licence, allowed)]
    if wrong:
        told = "; ".join(f"{each.name} {each.version} is under {each.licence}" for each in wrong)
        raise LicenceError(f"{told}: that is not among the licences of policy.toml")
    bare = [each.name for each in found if not each.texts]
    if bare:
        raise LicenceError(f"no licence text for {', '.join(bare)}: add it to packaging/supply/texts")
    return sorted(found, key=lambda each: each.name.casefold())


def _of_distribution(known: Distribution) -> Notice:
    licence = licence_of(known)
    texts = [
        (path.name, path.locate().read_text("utf-8", errors="replace"))
        for path in known.files or []
        if ".dist-info" in str(path) and (_TEXT_FILE.match(path.name) or "/licenses/" in path.as_posix())
    ]
    if not texts:
        texts = [(name, (TEXTS / name).read_text("utf-8")) for name in _by_name(licence)]
    home = known.metadata.get("Home-page") or next(
        (url.partition(",")[2].strip() for url in known.metadata.get_all("Project-URL") or []), ""
    )
    return Notice(known.metadata["Name"], known.version, licence, home, tuple(_distinct(texts)))


def _by_name(licence: str) -> list[str]:
    """The texts of ours that a licence expression names; the LGPL is read together with the GPL."""
    symbols = [str(symbol) for symbol in _spdx().parse(licence).symbols]
    names = [f"{symbol}.txt" for symbol in symbols]
    if any(symbol.startswith("LGPL-3.0") for symbol in symbols):
        names = ["LGPL-3.0-only.txt", "GPL-3.0-only.txt"]
    return [name for name in names if (TEXTS / name).exists()]


def _distinct(texts: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Texts under names that differ, each text once."""
    taken: dict[str, str] = {}
    for name, text in texts:
        if text in taken.values():
            continue
        stem, free, count = name, name, 1
        while free in taken:
            count += 1
            free = f"{count}-{stem}"
        taken[free] = text
    return list(taken.items())


def _of_font(file: Path) -> Notice:
    text = file.read_text("utf-8")
    name = file.stem.partition("-")[2]
    licence: dict[str, str] = policy()["fonts"]
    if name not in licence:
        raise LicenceError(f"{file.name}: policy.toml does not say which licence the font {name} is under")
    return Notice(f"Font {name}", "", licence[name], "", ((file.name, text),))


def _python() -> Notice:
    version = sys.version.split()[0]
    places = (Path(sysconfig.get_path("stdlib")) / "LICENSE.txt", Path(sys.base_prefix) / "LICENSE.txt")
    text = next((place.read_text("utf-8") for place in places if place.exists()), None)
    text = text or (TEXTS / "PSF-2.0.txt").read_text("utf-8")
    return Notice("Python", version, "PSF-2.0", "https://www.python.org", (("LICENSE.txt", text),))


def write(folder: Path) -> Path:
    """Write the licences of a build into its folder `licences`, all of it anew, and answer where."""
    found = notices(folder)
    out = folder / "licences"
    shutil.rmtree(out, ignore_errors=True)
    for each in found:
        place = out / each.folder
        place.mkdir(parents=True)
        for name, text in each.texts:
            (place / name).write_text(text, encoding="utf-8", newline="\n")
    (out / "NOTICES.txt").write_text(_told(found), encoding="utf-8", newline="\n")
    return out


def _told(found: list[Notice]) -> str:
    replaceable = set(policy()["replaceable"])
    lines = [
        f"S75 Settlement {project()['version']} comes with what is listed here, each under its own licence. The texts",
        "are in the folders of the same names.",
        "",
        "Libraries under the GNU Lesser General Public License (LGPL) are used unchanged and lie beside the program as",
        "files of their own. You may replace them by versions of your own that have the same interface: put your files",
        "in the place of those named below. Their source is to be had from the projects named, in the versions named;",
        "ask us for it if it is not, for three years from when you had the program. You may take the program apart as",
        "far as you need to in order to debug such changes.",
        "",
    ]
    for each in found:
        lines.append(f"{each.name} {each.version}".rstrip())
        lines.append(f"    licence: {each.licence}")
        if each.home:
            lines.append(f"    from: {each.home}")
        if each.licence in replaceable:
            lines.append("    replaceable: " + (", ".join(each.files) or "its modules, in the folder of its name"))
        lines.append(f"    texts: {each.folder}/")
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    """Run as a command; answer its exit status."""
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        sys.stderr.write("use: python packaging/supply/licences.py FOLDER, the folder of a build\n")
        return 2
    try:
        out = write(Path(arguments[0]))
    except (LicenceError, UnknownPartError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{out}: {sum(1 for _ in out.iterdir()) - 1} licences\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
