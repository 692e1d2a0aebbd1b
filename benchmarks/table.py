"""The one table that everything is printed as."""

from dataclasses import dataclass

_HEAD = ("work", "ours", "beside it", "its figure", "ratio", "target", "met")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table. `met` is empty where nothing was promised; see `timing.verdict`."""

    work: str
    ours: str
    peer: str = ""
    peers: str = ""
    ratio: str = ""
    target: str = ""
    met: str = ""

    @property
    def cells(self) -> tuple[str, ...]:
        return (self.work, self.ours, self.peer, self.peers, self.ratio, self.target, self.met)


def quicker(ours: float, theirs: float) -> str:
    """How many times theirs ours is."""
    ratio = theirs / ours
    if ratio >= 1:
        return f"{figure(ratio)}× quicker"
    return f"{figure(1 / ratio)}× slower"


def figure(ratio: float) -> str:
    """Two or three figures."""
    return f"{ratio:.2f}" if ratio < 10 else f"{ratio:.1f}" if ratio < 100 else f"{ratio:,.0f}"


def printed(lines: list[Line], *, markdown: bool) -> str:
    """The table; what a line has in common with the one above it is left out."""
    rows = []
    above: tuple[str, ...] = ("",) * 7
    for line in lines:
        cells = line.cells
        same = cells[0] == above[0]
        rows.append(("", "" if cells[1] == above[1] else cells[1], *cells[2:]) if same else cells)
        above = cells
    if markdown:
        head = ["| " + " | ".join(_HEAD) + " |", "| " + " | ".join(["---"] * len(_HEAD)) + " |"]
        return "\n".join(head + ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows])
    widths = [max(len(row[place]) for row in [_HEAD, *rows]) for place in range(len(_HEAD))]
    ruled = [_HEAD, tuple("-" * width for width in widths), *rows]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in ruled
    )
