"""The Debian package of a one-folder build: the folder, links to its two programs, and what a desktop knows them by.

It is put together by `dpkg-deb` of a tree that is the same for the same build, and asks for exactly the libraries that
the build was found to need. Nothing is run on installing but what Debian itself runs for menus, icons and file types;
removing the package removes what it brought, and no ledger.
"""

import gzip
import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from recipe import desktop
from recipe.contents import PROGRAM, ROOT
from recipe.records import project
from recipe.system import Asked

PACKAGE = desktop.NAME
FOLDER = f"usr/lib/{PACKAGE}"
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
_FONTS = "fonts-dejavu-core | fonts-liberation"


_PACKED = ("-Zxz", "-z6")


class DebError(Exception):
    """The package cannot be made here."""


def file_name() -> str:
    """What the package is called."""
    return f"{PACKAGE}_{project()['version']}_{architecture()}.deb"


def architecture() -> str:
    """Debian's name of this machine's. Raises DebError for one that it has none of."""
    machine = os.uname().machine
    if machine not in _ARCHITECTURES:
        message = f"no Debian package is made on {machine}"
        raise DebError(message)
    return _ARCHITECTURES[machine]


def make_deb(build: Path, out: Path, asked: Asked, when: int, work: Path, packing: tuple[str, ...] = _PACKED) -> Path:
    """Make the package of a build in a folder. Raises DebError where Debian's tools are missing or refuse."""
    tool = shutil.which("dpkg-deb")
    if tool is None:
        message = "dpkg-deb is not installed: it is in Debian's package dpkg"
        raise DebError(message)
    tree = work / "deb"
    shutil.rmtree(tree, ignore_errors=True)
    stage(build, tree, when, work)
    control = tree / "DEBIAN"
    control.mkdir()
    size = sum(path.stat().st_size for path in _files(tree)) // 1024
    (control / "control").write_text(_control(asked, size), encoding="utf-8")
    (control / "md5sums").write_text("".join(_sums(tree)), encoding="utf-8")
    for path in [tree, *tree.rglob("*")]:
        if not path.is_symlink():
            path.chmod(_mode(path, tree))
        os.utime(path, (when, when), follow_symlinks=False)
    made = out / file_name()
    run = [tool, "--build", "--root-owner-group", *packing, str(tree), str(made)]
    dated = {**os.environ, "SOURCE_DATE_EPOCH": str(when)}
    told = subprocess.run(run, capture_output=True, text=True, check=False, env=dated)  # noqa: S603
    if told.returncode:
        raise DebError(told.stderr.strip())
    return made


def stage(build: Path, tree: Path, when: int, work: Path) -> None:
    """Lay out everything that the package installs."""
    from recipe.manual import pages  # noqa: PLC0415  loads the program

    shutil.copytree(build, tree / FOLDER, symlinks=True)
    programs = tree / "usr/bin"
    programs.mkdir(parents=True)
    for name in (PROGRAM, PACKAGE):  # the program looks which of the two it was started by
        (programs / name).symlink_to(f"../lib/{PACKAGE}/{PROGRAM}")
    share = tree / "usr/share"
    _put(share / f"applications/{PACKAGE}.desktop", (desktop.LINUX / f"{PACKAGE}.desktop").read_text("utf-8"))
    _put(share / f"mime/packages/{PACKAGE}.xml", (desktop.LINUX / f"{PACKAGE}.xml").read_text("utf-8"))
    day = datetime.fromtimestamp(when, UTC).date().isoformat()
    about = (desktop.LINUX / f"{PACKAGE}.metainfo.xml").read_text("utf-8")
    about = about.replace("@VERSION@", project()["version"]).replace("@DATE@", day)
    _put(share / f"metainfo/{about.partition('<id>')[2].partition('</id>')[0]}.metainfo.xml", about)
    _put(share / f"lintian/overrides/{PACKAGE}", (desktop.LINUX / "lintian-overrides").read_text("utf-8"))
    papers = share / f"doc/{PACKAGE}"
    _put(papers / "copyright", (desktop.LINUX / "copyright").read_text("utf-8"))
    _pack(papers / "changelog.gz", (ROOT / "CHANGELOG.md").read_text("utf-8"))
    for name, text in pages(when).items():
        _pack(share / f"man/man1/{name}.gz", text)
    desktop.install_icons(share / "icons/hicolor", work)


def _control(asked: Asked, kilobytes: int) -> str:
    """What Debian is told of the package."""
    lines = [
        f"Package: {PACKAGE}",
        f"Version: {project()['version']}",
        f"Architecture: {architecture()}",
        "Maintainer: S75 Settlement <s75-settlement@localhost>",
        f"Installed-Size: {kilobytes}",
        f"Depends: {', '.join(asked.depends)}",
        f"Recommends: {', '.join([_FONTS, *asked.recommends, 'shared-mime-info'])}",
        "Section: misc",
        "Priority: optional",
        "Description: settles Section 75 pooled funds, to the penny",
        " English councils and NHS commissioners pool money under Section 75 of the NHS",
        " Act 2006. S75 Settlement keeps the pooled ledger by partner, applies the agreed",
        " risk share to the penny, shows where every penny came from, and writes a",
        " settlement statement for each partner, monthly and at year end.",
        " .",
        " It opens no connection but to a ledger's own server.",
        "",
    ]
    return "\n".join(lines)


def _sums(tree: Path) -> Iterator[str]:
    for path in _files(tree):
        inside = path.relative_to(tree).as_posix()
        if not inside.startswith("DEBIAN/"):
            yield f"{hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()}  {inside}\n"


def _files(tree: Path) -> Iterator[Path]:
    return (path for path in sorted(tree.rglob("*")) if path.is_file() and not path.is_symlink())


def _mode(path: Path, tree: Path) -> int:
    return 0o755 if path.is_dir() or path == tree / FOLDER / PROGRAM else 0o644


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _pack(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
