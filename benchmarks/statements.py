"""What a page of the workings costs, at ten, a hundred and a thousand pages, beside others' tables of the same rows.

Ours are tagged for readers that speak them, with links and bookmarks; nobody else's are.
"""

import json

from bench import Bench, missing_package
from generate import Shape, write
from table import Line, figure, quicker
from timing import Measured, Work, verdict

_LINES = {10: 300, 100: 4_000, 1_000: 42_500}  # lines of a ledger that give about so many pages
_PEERS = {
    "longtable": ("one ReportLab LongTable", "reportlab", 1_000),
    "heights": ("one ReportLab LongTable told every row's height", "reportlab", 1_000),
    "typst": ("typst", "typst", 1_000),
    "fpdf2": ("fpdf2", "fpdf", 100),
    "weasyprint": ("WeasyPrint", "weasyprint", 100),
}
_AT_LEAST = {("longtable", 100): 1.5, ("longtable", 1_000): 8.0, ("typst", 1_000): 1.0}
_AHEAD_AT = 100  # of everybody
_FLAT = 1.3
_MOST_MS = 5


def measure(bench: Bench) -> list[Line]:
    """Milliseconds a page: of each by its own pages. Ratios are of the time for the same rows."""
    if missing := missing_package("pypdfium2"):  # counts the pages
        return [Line("workings as PDF", f"missing: {missing}")]
    sizes = [pages for pages in _LINES if pages <= 100 or not bench.quick]
    lines = [_flat(bench, sizes)]
    for pages in sizes:
        peers = [name for name, (_, _, most) in _PEERS.items() if pages <= most]
        if bench.quick and pages == 100:
            peers = peers[:3]  # the others take a minute
        ours, *found = bench.measure([_work(bench, name, pages) for name in ("ours", *peers)])
        work = f"workings as PDF, {_pages(ours):,} pages, {json.loads(ours.output)['rows']:,} rows"
        lines += [_beside(work, pages, ours, peer) for peer in found]
    return lines


def _flat(bench: Bench, sizes: list[int]) -> Line:
    """The sizes interleaved with each other, so that a busy machine is as busy for each."""
    found = bench.measure([_work(bench, "ours", pages) for pages in sizes])
    medians, least = [_ms(each) for each in found], [_ms(each, least=True) for each in found]
    first = min(json.loads(run.output)["first"] for each in found for run in each.runs)
    return Line(
        f"workings as PDF, ms a page at {', '.join(f'{_pages(each):,}' for each in found)} pages",
        f"{', '.join(map(figure, medians))} ({', '.join(map(figure, least))})",
        "the first, short document of a process: imports, fonts",
        f"{figure(first)} s",
        f"most to least {max(medians) / min(medians):.2f} (least {max(least) / min(least):.2f})",
        f"flat (≤ {_FLAT}), ≤ {_MOST_MS} ms",
        verdict(
            max(medians) <= _FLAT * min(medians) and max(medians) <= _MOST_MS,
            at_best=max(least) <= _FLAT * min(least) and max(least) <= _MOST_MS,
        ),
    )


def _work(bench: Bench, name: str, pages: int) -> Work:
    data = write(bench.folder / f"pages-{pages}", Shape(_LINES[pages], pools=1, schemes_each=4))
    out = bench.folder / f"{name}.pdf"
    title, package, _ = _PEERS.get(name, ("ours", "reportlab", 0))
    missing = "" if name == "ours" else missing_package(package, name)
    return Work(
        f"{title}, {pages:,} pages",
        bench.script("paper.py", name, data.folder, out),
        missing=missing,
        seconds_of=lambda output: float(json.loads(output)["seconds"]),
    )


def _beside(work: str, pages: int, ours: Measured, peer: Measured) -> Line:
    name = str(peer.work.command[2])
    title = _PEERS[name][0]
    if peer.missing:
        return Line(work, _text(ours), title, str(peer))
    least = _AT_LEAST.get((name, pages), 1.0 if pages == _AHEAD_AT else 0.0)
    return Line(
        work,
        _text(ours),
        title,
        _text(peer),
        quicker(ours.seconds, peer.seconds),
        f"≥ {least:g}× quicker" if least > 1 else "quicker" if least else "",
        verdict(peer.seconds >= least * ours.seconds, at_best=peer.least_seconds >= least * ours.least_seconds)
        if least
        else "",
    )


def _pages(found: Measured) -> int:
    return int(json.loads(found.output)["pages"])


def _ms(found: Measured, *, least: bool = False) -> float:
    return 1000 * (found.least_seconds if least else found.seconds) / _pages(found)


def _text(found: Measured) -> str:
    runs = "" if len(found.runs) >= 5 else f", {len(found.runs)} run{'s' if len(found.runs) > 1 else ''}"
    return (
        f"{figure(_ms(found))} ms a page ({figure(_ms(found, least=True))}; {_pages(found):,} pages, "
        f"{figure(found.seconds)} s{runs})"
    )
