"""A document as one HTML file that needs nothing else: no script, no network, all of it for every reader.

It is the accessible twin of the print (WCAG 2.2 AA): the same sections, figures and links, for a screen of any width.
"""

from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

from rules.language import say, say_many
from rules.money import pounds
from settlement.statements.document import (
    Block,
    Bullets,
    Document,
    Facts,
    Heading,
    KeyFigures,
    Note,
    Paragraph,
    Picture,
    Section,
    SignatureBlock,
    Table,
    Tone,
)
from settlement.statements.html.links import Links
from settlement.statements.html.picture import picture_markup
from settlement.statements.html.style import style_of
from settlement.statements.html.table import table_markup
from settlement.statements.html.text import attribute, shown
from settlement.statements.places import Place

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
_PNG = b"\x89PNG\r\n\x1a\n"
_DEEPEST = 6  # HTML has no deeper heading


def write_html(document: Document, path: Path) -> None:
    """Write the document to the path as UTF-8. Raises OSError if it cannot be written."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{line}\n" for line in _lines(document))


def _lines(document: Document) -> Iterator[str]:
    links = Links(document)
    yield "<!DOCTYPE html>"
    yield f'<html lang="{attribute(document.language)}" dir="ltr">'
    yield '<head><meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    yield f"<title>{attribute(f'{document.title}: {document.subtitle}')}</title>"
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    if document.author:
        yield f'<meta name="author" content="{attribute(document.author)}">'
    yield f"<style>{style_of(document)}</style></head>"
    yield "<body>"
    yield f'<a class="skip" href="#main_">{shown(say("Skip to the content"))}</a>'
    yield from _head(document)
    yield from _contents(document, links)
    yield '<main id="main_" tabindex="-1">'
    for number, section in enumerate(document.sections):
        yield from _section(section, links, number)
    yield "</main>"
    if document.foot:
        yield f"<footer><p>{shown(document.foot)}</p></footer>"
    yield "</body></html>"


def _head(document: Document) -> Iterator[str]:
    yield "<header>"
    look = document.look
    if look.logo:
        kind = "png" if look.logo.startswith(_PNG) else "jpeg"
        data = b64encode(look.logo).decode("ascii")
        yield f'<img class="logo" src="data:image/{kind};base64,{data}" alt="{attribute(look.logo_alternative)}">'
    yield f'<h1>{shown(document.title)}</h1><p class="subtitle">{shown(document.subtitle)}</p>'
    yield f'<p class="running">{" · ".join(map(shown, document.running))}</p>'
    warning = " warning" if document.status_tone is Tone.WARNING else ""
    yield f'<p class="status{warning}">{shown(document.status)}</p>'
    yield "</header>"
    if document.watermark:
        yield f'<div class="mark" aria-hidden="true">{shown(document.watermark)}</div>'


def _contents(document: Document, links: Links) -> Iterator[str]:
    """The sections, and folded beneath each the headings in it."""
    yield f'<nav aria-labelledby="contents_"><h2 id="contents_">{shown(say("Contents"))}</h2><ol>'
    for number, section in enumerate(document.sections):
        yield f'<li><a href="#{attribute(links.ident(section.anchor, (number,)))}">{shown(section.title)}</a>'
        headings = [
            (links.ident(block.anchor, (number, place)), block.text)
            for place, block in enumerate(section.blocks)
            if isinstance(block, Heading) and block.level <= 2  # noqa: PLR2004  a section's own headings
        ]
        if headings:
            many = say_many(
                "{count} heading in “{section}”",
                "{count} headings in “{section}”",
                len(headings),
                section=section.title,
            )
            yield f"<details><summary>{shown(many)}</summary><ul>"
            for ident, text in headings:
                yield f'<li><a href="#{attribute(ident)}">{shown(text)}</a></li>'
            yield "</ul></details>"
        yield "</li>"
    yield "</ol></nav>"


def _section(section: Section, links: Links, number: int) -> Iterator[str]:
    kind = ' class="first"' if number == 0 else ' class="page"' if section.new_page else ""
    ident = attribute(links.ident(section.anchor, (number,)))
    yield f'<section{kind} aria-labelledby="{ident}">'
    yield f'<h2 id="{ident}">{shown(section.title)}</h2>'
    level = 2
    for at, block in enumerate(section.blocks):
        if isinstance(block, Heading):
            # A heading is never more than a level below the one before it, whatever the builder says.
            level = min(block.level + 1, level + 1, _DEEPEST)
            text = links.linked(shown(block.text), block.goes_to)
            yield f'<h{level} id="{attribute(links.ident(block.anchor, (number, at)))}">{text}</h{level}>'
        else:
            yield from _block(block, links, (number, at))
    yield f'<p class="back"><a href="#contents_">{shown(say("Back to the contents"))}</a></p>'
    yield "</section>"


def _block(block: Block, links: Links, place: Place) -> Iterator[str]:
    """Any block but a heading, which its section writes: it knows the level."""
    match block:
        case Table():
            yield from table_markup(block, links, place)
        case Picture():
            yield from picture_markup(block, links, place)
        case Paragraph():
            yield f"<p>{links.linked(shown(block.text), block.goes_to)}</p>"
        case Note():
            is_warning = block.tone is Tone.WARNING
            kind, word = ("note warning", say("Warning:")) if is_warning else ("note", say("Note:"))
            yield f'<p class="{kind}"><strong>{shown(word)}</strong> {shown(block.text)}</p>'
        case Bullets():
            yield from _bullets(block, links)
        case KeyFigures():
            yield from _key_figures(block)
        case Facts():
            yield from _facts(block)
        case SignatureBlock():
            yield from _signature(block, links.ident("", place))


def _bullets(block: Bullets, links: Links) -> Iterator[str]:
    goes_to = block.goes_to or ("",) * len(block.items)
    items = [f"<li>{links.linked(shown(text), to)}</li>" for text, to in zip(block.items, goes_to, strict=True)]
    if items:
        yield f"<ul>{''.join(items)}</ul>"


def _key_figures(block: KeyFigures) -> Iterator[str]:
    yield f'<div class="due"><p><strong>{shown(block.label)}</strong></p>'
    yield f'<p class="figure">{pounds(block.amount_pence)}</p><p>{shown(block.words)}</p>'
    for line in block.lines:
        yield f"<p><strong>{shown(line)}</strong></p>"
    yield "</div>"


def _facts(block: Facts) -> Iterator[str]:
    if block.pairs:
        pairs = (f"<dt>{shown(label)}</dt><dd>{shown(text)}</dd>" for label, text in block.pairs)
        yield f"<dl>{''.join(pairs)}</dl>"


def _signature(block: SignatureBlock, ident: str) -> Iterator[str]:
    """What is blank says so to whoever does not see the line to write on."""
    yield f'<div class="sign" role="group" aria-labelledby="{ident}"><p id="{ident}">{shown(block.heading)}</p><dl>'
    for line, value in block.pairs:
        told = shown(value) if value else f'<span class="unseen">{shown(say("to fill in"))}</span>'
        yield f"<dt>{shown(line)}</dt><dd>{told}</dd>"
    yield "</dl></div>"
