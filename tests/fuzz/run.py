"""Fuzzes one reader, guided by what it walks through: `python tests/fuzz/run.py TARGET --seconds N`.

What it finds goes to standard error, with the input; what it walked through new goes into the corpus.
Needs atheris, of the dependency group `fuzz` (docs/fuzzing.md).
"""

import argparse
import re
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.fuzz.keeping import keep, kept
from tests.fuzz.readers import READERS
from tests.fuzz.seeds import seeds

LONGEST = {"agreement": 16_384, "csv": 8_192, "folder": 32_768, "pack": 16_384, "pair": 32_768}
"""Bytes of an input; 2,048 of a reader not named here."""
TIMEOUT_SECONDS = 10
MOST_MEMORY_MB = 700
_WORD = re.compile(rb"[A-Za-z_][A-Za-z0-9_ :-]{2,24}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", choices=sorted(READERS))
    parser.add_argument("--seconds", type=int, default=60)
    asked = parser.parse_args()
    with TemporaryDirectory(prefix="s75-fuzz-") as made:
        folder = Path(made)
        corpus = folder / "corpus"
        corpus.mkdir()
        begun = [*seeds(asked.target), *kept(asked.target)]
        for data in begun:
            (corpus / sha256(data).hexdigest()[:24]).write_bytes(data)
        words = sorted({word for data in begun for word in _WORD.findall(data)}, key=len)[:400]
        (folder / "words").write_text("".join(f'"{word.decode()}"\n' for word in words), encoding="ascii")
        done = subprocess.run(
            [
                sys.executable,
                str(Path(__file__).with_name("guided.py")),
                asked.target,
                made,
                str(corpus),
                f"-max_total_time={asked.seconds}",
                f"-max_len={LONGEST.get(asked.target, 2_048)}",
                f"-timeout={TIMEOUT_SECONDS}",
                f"-rss_limit_mb={MOST_MEMORY_MB}",
                f"-dict={folder / 'words'}",
                f"-artifact_prefix={folder}/found-",
                "-print_final_stats=1",
                "-verbosity=1",
            ],
            check=False,
        )
        inputs = [path.read_bytes() for path in corpus.iterdir()]
        found = [path.read_bytes() for path in folder.glob("found-*")]
        for data in found:
            print(f"found: {data!r}", file=sys.stderr)  # noqa: T201
        if done.returncode == 0:
            print(f"{asked.target}: {keep(asked.target, inputs)} inputs kept")  # noqa: T201
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
