"""`python -m ui [LEDGER] [--read-only]`: the window without the `s75` command around it."""

import argparse
import sys

from ui.app import run


def main() -> int:
    """Open the window on what the command line names; answers the exit status."""
    parser = argparse.ArgumentParser(prog="python -m ui", description="Shows the settlement of a ledger.")
    parser.add_argument("ledger", nargs="?", help="a .s75 file, a folder with agreement.toml, or a postgresql:// URL")
    parser.add_argument("--read-only", action="store_true", help="open it so that nothing can be changed")
    asked = parser.parse_args()
    return run(asked.ledger, read_only=asked.read_only)


if __name__ == "__main__":
    sys.exit(main())
