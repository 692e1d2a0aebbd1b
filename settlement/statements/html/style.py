"""How an HTML document looks: on a screen of any width, with the reader's own spacing, and on A4 paper."""

import re

from rules.language import say
from settlement.statements.document import Document
from settlement.statements.printable import colour_of, printable

COLOURS = {
    "paper": "#ffffff",
    "ink": "#1a1a1f",
    "quiet": "#55595f",
    "link": "#0b4a8f",
    "alert": "#9e1a14",
    "shade": "#f0f2f6",
    "alert-shade": "#fdf0ee",
    "found": "#fff8df",
    "rule": "#c7ccd4",
    "frame": "#6b7079",
}
"""The colours by their names in the style sheet; `accent` beside them is the document's own."""

_STYLE = """
* { box-sizing: border-box; }
html { color-scheme: light; background: var(--paper); scroll-padding-top: 1rem; }
body { font: 1rem/1.5 "Liberation Sans", Arial, Helvetica, "Noto Sans", sans-serif; color: var(--ink);
  max-width: 64rem; margin: 0 auto; padding: 1.5rem; overflow-wrap: anywhere; }
h1, h2, h3, h4, h5, h6, caption, figcaption { color: var(--accent); line-height: 1.25; }
h1 { margin: 0; font-size: 1.9rem; }
h2 { border-bottom: 2px solid var(--accent); margin: 2.5rem 0 1rem; padding-bottom: .2rem; font-size: 1.4rem; }
h3 { font-size: 1.15rem; margin: 1.8rem 0 .6rem; } h4, h5, h6 { font-size: 1rem; margin: 1.4rem 0 .4rem; }
a { color: var(--link); text-underline-offset: .15em; } a:hover { text-decoration-thickness: .15em; }
h2 a, h3 a, h4 a { color: inherit; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
main:focus { outline: none; } :target { background: var(--found); color: var(--ink); }
:target caption { color: var(--ink); }
.skip { position: absolute; left: -100rem; background: var(--paper); padding: .6rem 1rem; z-index: 1; }
.skip:focus { left: 1rem; top: 1rem; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.logo { max-width: 14rem; max-height: 5rem; float: right; margin: 0 0 1rem 1.5rem; }
.subtitle { font-size: 1.35rem; margin: .2rem 0 .6rem; } .running { color: var(--quiet); margin: 0 0 .6rem; }
.status { display: inline-block; border: 2px solid var(--accent); color: var(--accent); font-weight: bold;
  padding: .2rem .8rem; margin: 0; } .status.warning { border-color: var(--alert); color: var(--alert); }
header::after { content: ""; display: block; clear: both; }
nav { border: 1px solid var(--rule); padding: .4rem 1.2rem 1rem; margin: 1.5rem 0; }
nav h2 { border: 0; margin: .4rem 0 0; font-size: 1.15rem; } nav ol, nav ul { margin: 0; padding-left: 1.6rem; }
nav li { margin: .5rem 0; } nav summary { cursor: pointer; padding: .2rem 0; display: block; }
nav details summary::before { content: "+ "; } nav details[open] summary::before { content: "– "; }
main { display: block; } li { margin: .25rem 0; }
.back { margin: 1.5rem 0 0; } footer { border-top: 1px solid var(--rule); margin-top: 2.5rem; color: var(--quiet); }
.wide { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
caption { text-align: left; font-weight: bold; padding: .3rem 0; }
caption span { display: inline-block; position: sticky; left: 0; max-width: calc(100vw - 3rem); }
th, td { padding: .35rem .6rem; border-bottom: 1px solid var(--rule); text-align: left; vertical-align: top; }
thead th { border-bottom: 2px solid var(--accent); vertical-align: bottom; overflow-wrap: normal; }
tbody th { font-weight: normal; } tbody th[scope="row"]:first-child { min-width: 9rem; }
th.right, td.right { text-align: right; } td { min-width: 4rem; }
td.amount { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
tr.heading th { background: var(--shade); font-weight: bold; }
tr.subtotal > *, tr.total > * { font-weight: bold; border-top: 1px solid var(--accent); }
tr.total > * { border-bottom: 2px solid var(--accent); }
.due { background: var(--shade); border-left: 4px solid var(--accent); padding: .8rem 1.2rem; margin: 1rem 0; }
.due p { margin: .2rem 0; } .due .figure { font-size: clamp(1.4rem, 6vw, 2.2rem); font-weight: bold; }
.note { background: var(--shade); border-left: 4px solid var(--frame); padding: .6rem 1rem; }
.note.warning { background: var(--alert-shade); border-left-color: var(--alert); font-weight: bold; }
dl { display: grid; grid-template-columns: minmax(8rem, max-content) 1fr; gap: .15rem 1.2rem; margin: 1rem 0; }
dt { color: var(--quiet); } dd { margin: 0; }
.sign { margin: 1.5rem 0; max-width: 34rem; break-inside: avoid; } .sign > p { font-weight: bold; margin: 0; }
.sign dl { margin: .4rem 0 0; gap: 0 1.2rem; }
.sign dt, .sign dd { padding: 1.1rem 0 .1rem; } .sign dd { border-bottom: 1px solid var(--frame); font-weight: bold; }
figure { margin: 1.5rem 0; } figcaption { font-weight: bold; } .aside { margin: .2rem 0; font-size: .92rem; }
svg { display: block; width: 100%; min-width: 30rem; max-width: 56rem; height: auto;
  font-family: "Liberation Sans", Arial, Helvetica, "Noto Sans", sans-serif; }
.mark { display: none; }
@media (max-width: 40rem) {
  body { padding: 1rem; } h1 { font-size: 1.5rem; } .subtitle { font-size: 1.15rem; } .logo { float: none; margin: 0; }
  dl { grid-template-columns: 1fr; } dd { margin-bottom: .5rem; } .sign dt { padding-bottom: 0; }
  .sign dd { padding-top: 0; min-height: 2rem; } nav ol, nav ul { padding-left: 1.3rem; }
}
@media print {
  html { font-size: 9.5pt; } body { max-width: none; padding: 0; } nav, .skip, .back { display: none; }
  a { color: inherit; text-decoration: none; } .wide { overflow: visible; } svg { min-width: 0; }
  h2, h3, h4, caption, figcaption { break-after: avoid; } thead { display: table-header-group; }
  tr, .due, .note, figure { break-inside: avoid; }
  tr.subtotal, tr.total { break-before: avoid; } .page { break-before: page; } .first { break-after: page; }
  .due, .note, tr.heading th, svg { print-color-adjust: exact; } :target { background: none; }
  .mark { display: block; position: fixed; top: 40%; left: 0; right: 0; text-align: center; z-index: -1;
    transform: rotate(-35deg); font-size: 90pt; font-weight: bold; color: #f3e4e3; print-color-adjust: exact; }
}
"""


def style_of(document: Document) -> str:
    """The style sheet, with the document's colour, and on paper its status and the page's number on every page."""
    named = {**COLOURS, "accent": colour_of(document.look.accent)}
    colours = " ".join(f"--{name}: {colour};" for name, colour in named.items())
    counters = {"\0": "counter(page)", "\1": "counter(pages)"}
    parts = re.split("([\0\1])", say("Page {page} of {pages}", page="\0", pages="\1"))
    counted = " ".join(counters.get(part) or f'"{_quoted(part)}"' for part in parts)
    paper = (
        "@page { size: A4; margin: 20mm 15mm 18mm; font: 8pt Arial, Helvetica, sans-serif;\n"
        f'  @top-left {{ content: "{_quoted(" · ".join(document.running))}"; width: 70%; }}\n'
        f'  @top-right {{ content: "{_quoted(document.status)}"; font-weight: bold; }}\n'
        f'  @bottom-left {{ content: "{_quoted(document.foot)}"; width: 70%; }}\n'
        f"  @bottom-right {{ content: {counted}; }} }}\n"
    )
    return f"\n:root {{ {colours} }}{_STYLE}{paper}"


def _quoted(text: str) -> str:
    """The text inside quotation marks of a style sheet, where only letters and figures are safe as they are."""
    return "".join(sign if sign.isascii() and sign.isalnum() else f"\\{ord(sign):x} " for sign in printable(text))
