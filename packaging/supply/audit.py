"""`python packaging/supply/audit.py [--advisories FOLDER|ZIP] [LOCK …]`: known weaknesses of what the locks pin.

With a copy of the advisory database (OSV records) it is held against that, and no network is used. Without one
pip-audit asks its own service. Either way a package that could not be looked up is a failure: "nothing found" has to
mean that somebody looked. Status 0: looked up, nothing known; 1: something is known; 2: it could not be looked up.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path

from advisories import AdvisoriesError, read, served
from shipped import ROOT

NOT_LOOKED_UP = 2
LOCKS = ("requirements.lock", "requirements-package.lock", "requirements-dev.lock")


def asked(lock: Path, address: str | None) -> tuple[dict[str, object] | None, str]:
    """What pip-audit says of a lock, from its own service or from the one at an address; None with why if it cannot."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "audit.json"
        command = [sys.executable, "-m", "pip_audit", "--requirement", str(lock), "--disable-pip", "--no-deps"]
        command += ["--progress-spinner", "off", "--format", "json", "--output", str(out), "--cache-dir", folder]
        command += ["--vulnerability-service", "osv", "--osv-url", address] if address else []
        here = (
            {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")} if address else None
        )
        ran = subprocess.run(command, capture_output=True, text=True, check=False, env=here)  # noqa: S603  our own words
        if not out.exists():
            return None, (ran.stderr.strip().splitlines() or ["pip-audit said nothing"])[-1]
        said: dict[str, object] = json.loads(out.read_text("utf-8"))
        return said, ""


def judged(lock: Path, said: dict[str, object]) -> tuple[int, list[str]]:
    """The status that pip-audit's answer comes to, and its sentences."""
    told: list[dict[str, object]] = said["dependencies"]  # type: ignore[assignment]
    skipped = [str(each["name"]) for each in told if "skip_reason" in each]
    found = [each for each in told if each.get("vulns")]
    sentences = []
    for each in found:
        for weak in each["vulns"]:  # type: ignore[attr-defined]
            mended = ", ".join(weak["fix_versions"]) or "no version yet"
            sentences.append(f"{lock.name}: {each['name']} {each['version']}: {weak['id']}, mended in {mended}")
    if skipped:
        sentences.append(
            f"{lock.name}: {len(skipped)} of {len(told)} could not be looked up: {', '.join(skipped[:5])}…"
        )
    if not told:
        sentences.append(f"{lock.name}: holds no package, so nothing was looked up")
    return (1 if found else NOT_LOOKED_UP if skipped or not told else 0), sentences or [
        f"{lock.name}: {len(told)} packages looked up, nothing known against them"
    ]


def main(arguments: list[str]) -> int:
    """Run as a command; answer its exit status."""
    parser = argparse.ArgumentParser(prog="audit.py", description=__doc__)
    parser.add_argument("--advisories", type=Path, help="a folder or zip of OSV records: no network is used")
    parser.add_argument("locks", nargs="*", type=Path, default=[ROOT / name for name in LOCKS])
    chosen = parser.parse_args(arguments)
    status = 0
    try:
        records = read(chosen.advisories) if chosen.advisories else None
    except (AdvisoriesError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    with served(records) if records is not None else nullcontext() as address:
        for lock in chosen.locks:
            said, why = asked(lock, address)
            worst, sentences = judged(lock, said) if said is not None else (2, [f"{lock.name}: {why}"])
            for sentence in sentences:
                (sys.stderr if worst else sys.stdout).write(f"{sentence}\n")
            status = max(status, worst)
    if status == NOT_LOOKED_UP and records is None:
        sys.stderr.write("The service is out of reach here: give a copy of the advisory database by --advisories.\n")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
