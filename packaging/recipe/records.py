"""The records of what is shipped: each distribution's own, without what is of the machine, and the build's.

`importlib.metadata` finds the first in the folder as it does in an environment: the program tells its version by it,
and its page of libraries their licences. The second, `build-record.json`, says what a build was made of.
"""

import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from importlib.metadata import Distribution, distributions
from pathlib import Path

from shipped import project

from recipe import left_out
from recipe.contents import ROOT, Entry, is_of_environment, name_of, shipped

BUILD_RECORD = "build-record.json"
LOCK = ROOT / "requirements-package.lock"
_LICENCE = re.compile(r"(?i)(licen[cs]e|copying|notice|authors)")


def write_records(folder: Path) -> list[tuple[str, str]]:
    """Write the record of every distribution that is shipped, and of ours: each file, and the folder that it goes to.

    What pip noted of the machine is not among it: where from, by whom, scripts that it made for an environment.
    """
    shutil.rmtree(folder, ignore_errors=True)
    _write_own(folder)
    for each in shipped():
        _write(each, folder)
    return sorted((str(path), str(path.parent.relative_to(folder))) for path in folder.rglob("*") if path.is_file())


def _write_own(folder: Path) -> None:
    told = project()
    extras = told["optional-dependencies"]
    lines = [
        "Metadata-Version: 2.1",
        f"Name: {told['name']}",
        f"Version: {told['version']}",
        f"Summary: {told['description']}",
    ]
    lines += [f"Requires-Dist: {each}" for each in (*told["dependencies"], *extras["pades"])]
    _put(
        folder / f"{told['name'].replace('-', '_')}-{told['version']}.dist-info", {"METADATA": "\n".join(lines) + "\n"}
    )


def _write(known: Distribution, folder: Path) -> None:
    told: dict[str, str] = {}
    name = ""
    for file in known.files or []:
        name = file.parts[0] if file.parts[0].endswith(".dist-info") else name
        inside = "/".join(file.parts[1:])
        if file.parts[0] == name and (inside in {"METADATA", "entry_points.txt"} or _LICENCE.search(inside)):
            told[inside] = _text(Path(file.locate()).read_bytes())
    _put(folder / name, told)


def _text(content: bytes) -> str:
    """What a file says: a few licences are older than UTF-8."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _put(folder: Path, texts: dict[str, str]) -> None:
    for place, text in sorted(texts.items()):
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    named = sorted([*texts, "RECORD"])
    (folder / "RECORD").write_text(
        "".join(f"{folder.name}/{each},,\n" for each in named), encoding="utf-8", newline="\n"
    )


def write_build_record(path: Path, binaries: Iterable[Entry]) -> None:
    """Write what a build was made of and with: versions, commit, the lock's digest, the system's libraries in it."""
    installed = {name_of(each): each.version for each in distributions()}
    told = {
        "program": {"name": project()["name"], "version": project()["version"], "commit": commit()},
        "python": platform.python_version(),
        "system": {"platform": sys.platform, "machine": platform.machine()},
        "made_with": {name: installed[name] for name in ("pyinstaller", "pyinstaller-hooks-contrib")},
        "lock": {"file": LOCK.name, "sha256": hashlib.sha256(LOCK.read_bytes()).hexdigest()},
        "distributions": {name_of(each): each.version for each in shipped()},
        "not_shipped": sorted(left_out.DISTRIBUTIONS),
        "system_libraries": dict(_of_system(binaries)),
    }
    path.write_text(json.dumps(told, indent=2, sort_keys=True) + "\n", encoding="utf-8", newline="\n")


def commit() -> str:
    """The commit that is built, with `+` behind it if there is anything beside it; "" outside a repository."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        return ""
    run = [git, "-C", str(ROOT)]
    head = subprocess.run([*run, "rev-parse", "HEAD"], capture_output=True, text=True, check=False)  # noqa: S603
    beside = subprocess.run([*run, "status", "--porcelain"], capture_output=True, text=True, check=False)  # noqa: S603
    return head.stdout.strip() + ("+" if beside.stdout.strip() else "") if head.returncode == 0 else ""


def source_date() -> int:
    """The time that everything in a build is dated with: SOURCE_DATE_EPOCH, the commit's, or 1 January 2026."""
    if told := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(told)
    git = shutil.which("git")
    if git is not None and (ROOT / ".git").exists():
        asked = [git, "-C", str(ROOT), "log", "-1", "--format=%ct"]
        found = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603
        if found.returncode == 0 and found.stdout.strip():
            return int(found.stdout)
    return 1_767_225_600


def _of_system(binaries: Iterable[Entry]) -> Iterable[tuple[str, str]]:
    """Each library that is neither a distribution's nor Python's own, with the Debian package and version it is of."""
    for place, source, _kind in sorted(binaries):
        if sys.platform != "win32" and not is_of_environment(Path(source)):
            yield place, _package_of(Path(source))


def _package_of(source: Path) -> str:
    query = shutil.which("dpkg-query")
    if query is None:
        return "of the machine that built"
    for path in dict.fromkeys((str(source), str(source.resolve()), str(source.resolve()).removeprefix("/usr"))):
        found = subprocess.run([query, "--search", path], capture_output=True, text=True, check=False)  # noqa: S603
        if found.returncode == 0:
            package = found.stdout.partition(": ")[0]
            asked = [query, "--show", "--showformat=${Package} ${Version}", package]
            return subprocess.run(asked, capture_output=True, text=True, check=True).stdout  # noqa: S603
    return "of the machine that built"
