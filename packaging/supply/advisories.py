"""A copy of an advisory database, as OSV records, and a service on this machine that answers pip-audit from it.

The records are OSV JSON files, in a folder or a zip: what the Python Packaging Advisory Database and OSV's own export
hold. Nothing here reaches out: pip-audit is pointed at a loopback address for as long as it runs.
"""

import json
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

Record = dict[str, object]


class AdvisoriesError(Exception):
    """The copy of the database is not there, or is not one."""


def read(place: Path) -> dict[str, list[Record]]:
    """The records that a folder or a zip holds, by the canonical name of each package they are about.

    Raises AdvisoriesError if there is none, naming a file that cannot be read.
    """
    found: dict[str, list[Record]] = {}
    for name, text in _files(place):
        try:
            record = json.loads(text)
            packages = [each["package"] for each in record.get("affected", [])]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise AdvisoriesError(f"{name} is not an OSV record: {error}") from None
        for each in packages:
            each["name"] = canonicalize_name(each["name"])  # as pip-audit compares it
        for key in {each["name"] for each in packages if each.get("ecosystem") == "PyPI"}:
            found.setdefault(key, []).append(record)
    if not found:
        raise AdvisoriesError(f"{place} holds no OSV record of a Python package")
    return found


def _files(place: Path) -> Iterator[tuple[str, str]]:
    if place.is_dir():
        for path in sorted(place.rglob("*.json")):
            yield str(path), path.read_text("utf-8")
    elif zipfile.is_zipfile(place):
        with zipfile.ZipFile(place) as archive:
            for name in sorted(archive.namelist()):
                if name.endswith(".json"):
                    yield f"{place}: {name}", archive.read(name).decode("utf-8")
    else:
        raise AdvisoriesError(f"{place} is neither a folder nor a zip of OSV records")


def about(records: list[Record], name: str, version: str) -> list[Record]:
    """Those records that hold for a version of a package: it is listed, or lies in a range."""
    return [record for record in records if any(_affects(each, name, version) for each in record["affected"])]  # type: ignore[attr-defined]


def _affects(affected: dict[str, object], name: str, version: str) -> bool:
    package: dict[str, str] = affected["package"]  # type: ignore[assignment]
    if package.get("ecosystem") != "PyPI" or canonicalize_name(package["name"]) != canonicalize_name(name):
        return False
    if version in affected.get("versions", []):  # type: ignore[operator]
        return True
    ranges: list[dict[str, object]] = affected.get("ranges", [])  # type: ignore[assignment]
    return any(_within(each["events"], Version(version)) for each in ranges if each.get("type") == "ECOSYSTEM")  # type: ignore[arg-type]


def _within(events: list[dict[str, str]], version: Version) -> bool:
    """Whether a version is in an OSV range: brought in at or before it, and not mended by then."""
    inside = False
    for event in sorted(events, key=_at):
        at = _at(event)
        if "introduced" in event and version >= at:
            inside = True
        elif ("fixed" in event and version >= at) or ("last_affected" in event and version > at):
            inside = False
    return inside


def _at(event: dict[str, str]) -> Version:
    text = next(iter(event.values()))
    try:
        return Version(text)
    except InvalidVersion:
        return Version("0")


@contextmanager
def served(records: dict[str, list[Record]]) -> Iterator[str]:
    """The address at which the records are asked for as OSV's own are, on this machine alone, while the block runs."""

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            name = canonicalize_name(asked["package"]["name"])
            hits = about(records.get(name, []), name, asked["version"])
            body = json.dumps({"vulns": hits} if hits else {}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing: what matters is what pip-audit says."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1/query"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
