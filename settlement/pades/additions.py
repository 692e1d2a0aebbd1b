"""What was put behind a PDF's bytes: nothing but signatures that show nothing on its pages, or something else.

Whoever reads a PDF sees its last revision: with the bytes of a statement as its beginning it may show another one, and
be signed by anybody. So what was added is held to what signing adds: a form with signatures in it, seen nowhere.
"""

from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Any

from settlement.pades.certificates import is_installed
from settlement.pades.signatures import alterations_in, quietly

if TYPE_CHECKING:
    from pyhanko.pdf_utils.reader import PdfFileReader

_ROOT_MAY_HAVE = frozenset({"/AcroForm", "/Extensions", "/Version"})
_PAGE_MAY_HAVE = frozenset({"/Annots", "/Tabs"})
_FORM_MAY_HAVE = frozenset({"/Fields", "/SigFlags"})
_FIELD_MAY_HAVE = frozenset(
    {"/Type", "/Subtype", "/FT", "/T", "/TU", "/V", "/F", "/P", "/Rect", "/Border", "/Ff", "/Kids", "/Parent", "/AP"}
)


def beyond_signatures(whole: bytes, length: int) -> str:
    """Why what stands behind the first `length` bytes is not signatures alone, to follow “they”; "" if it is."""
    if not is_installed():
        return "may be anything: to see whether they only sign it, install pyHanko"
    from pyhanko.pdf_utils.misc import PdfError  # noqa: PLC0415  an extra
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415

    quietly()
    try:
        before, after = (PdfFileReader(BytesIO(each)) for each in (whole[:length], whole))
        if not after.embedded_regular_signatures:
            return "are no signature"
        if next(_changes(before, after), None) is not None:
            return "change what is read or seen, besides signing it"
        return "are no signature that holds" if next(alterations_in(after), None) is not None else ""
    except (PdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError):
        return "are no signature, or a damaged one"


def _changes(before: "PdfFileReader", after: "PdfFileReader") -> Iterator[str]:
    """What signing does not do to a PDF."""
    for key in ("/Root", "/Info"):
        if _told(before.trailer.raw_get(key)) != _told(after.trailer.raw_get(key)):
            yield key
    there = before.xrefs.explicit_refs_in_revision(0)
    revisions = range(before.xrefs.total_revisions, after.xrefs.total_revisions)
    pages = {before.root_ref: _ROOT_MAY_HAVE} | {_page(before, at): _PAGE_MAY_HAVE for at in range(_pages(before))}
    may_have = {(ref.idnum, ref.generation): keys for ref, keys in pages.items()}
    for revision in revisions:
        if after.xrefs.refs_freed_in_revision(revision):
            yield "something was taken out"
        for ref in after.xrefs.explicit_refs_in_revision(revision):
            if ref not in there:
                continue
            keys = may_have.get((ref.idnum, ref.generation))
            if keys is None or not _differ_by(_object(before, ref), _object(after, ref), keys):
                yield str(ref)
    yield from _shown(before, after)


def _differ_by(before: Any, after: Any, keys: frozenset[str]) -> bool:  # noqa: ANN401  whatever a PDF holds
    """Whether two dictionaries are the same but for these keys."""
    return {key: _told(before.raw_get(key)) for key in before if key not in keys} == {
        key: _told(after.raw_get(key)) for key in after if key not in keys
    }


def _shown(before: "PdfFileReader", after: "PdfFileReader") -> Iterator[str]:
    """What was put on the pages, and is not a signature that is seen nowhere."""
    if not set(after.root["/AcroForm"]) <= _FORM_MAY_HAVE:
        yield "the form does something"
    for at in range(_pages(before)):
        old, new = (_object(each, _page(each, at)) for each in (before, after))
        had = [_told(each) for each in _raw_list(old)]
        has = [_told(each) for each in _raw_list(new)]
        if has[: len(had)] != had:
            yield "a link or note was taken away"
        yield from (f"page {at + 1}" for each in list(new.get("/Annots", ()))[len(had) :] if not _is_unseen(each))


def _raw_list(page: Any) -> list[Any]:  # noqa: ANN401
    annotations = page.get("/Annots", ())
    return [annotations.raw_get(place) for place in range(len(annotations))]


def _is_unseen(field: Any) -> bool:  # noqa: ANN401
    """Whether it is a signature without size, which does nothing."""
    field = field.get_object()
    left, bottom, right, top = field["/Rect"]
    return field.get("/FT") == "/Sig" and set(field) <= _FIELD_MAY_HAVE and (left == right or bottom == top)


def _pages(reader: "PdfFileReader") -> int:
    return int(reader.root["/Pages"]["/Count"])


def _page(reader: "PdfFileReader", at: int) -> Any:  # noqa: ANN401
    return reader.find_page_for_modification(at)[0].reference  # type: ignore[no-untyped-call]


def _object(reader: "PdfFileReader", ref: Any) -> Any:  # noqa: ANN401
    return reader.get_object(ref)  # type: ignore[no-untyped-call]


def _told(value: Any) -> bytes:  # noqa: ANN401
    written = BytesIO()
    value.write_to_stream(written)
    return written.getvalue()
