"""How the packaged program is made: what goes into it, what is left out and why, the forms it is given out in."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "supply"))  # what is shipped is said there, once
