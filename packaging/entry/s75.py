"""The packaged program: `s75`, every command, and under the name `S75 Settlement` the desktop.

The desktop opens the ledger that it is given, as by a double click on a `.s75` file. On Linux the second name is a link
to the first; on Windows there are two files, for a program is there either one of a console or one without.
"""

import sys
from multiprocessing import freeze_support
from pathlib import Path

_WINDOW = {"s75 settlement", "s75-settlement"}


def _is_window() -> bool:
    started_as = Path(sys.executable if sys.platform == "win32" else sys.argv[0])
    return started_as.stem.lower() in _WINDOW


if __name__ == "__main__":
    freeze_support()  # a process that the program starts is this file again

    if _is_window():
        from ui.__main__ import main

        sys.exit(main())
    from settlement.command.main import run

    run()
