"""A statement's PDF signed by a signatory's own certificate: PAdES-B-B (ETSI EN 319 142-1), behind the PDF's bytes.

This is beside the program's own sign-off and no part of it: what was sealed is the PDF as it was, whose bytes are the
beginning of the signed file. The signature is not seen on the page and moves nothing on it. Nothing is fetched, so it
has no timestamp of another's clock.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from ledgers.backups import put_in_place
from ledgers.refusing import refuse
from settlement.pades.certificates import Holder, Identity, need_pyhanko
from settlement.pades.signatures import reading, refuse_altered

if TYPE_CHECKING:
    from pyhanko.pdf_utils.reader import PdfFileReader

LONGEST_REASON = 200
_SIGNED_NAME = re.compile(r"(.*-signed)(?:-([0-9]{1,4}))?", re.DOTALL)
_FIELD = "S75-Signature"


@dataclass(frozen=True, slots=True)
class SignedPdf:
    """The file that was written, who signed, and how many of its first bytes are the PDF that was signed."""

    path: Path
    holder: Holder
    original_bytes: int


def signed_path(path: Path) -> Path:
    """Where a signed PDF is put if nobody says: `NAME-signed.pdf`, and `NAME-signed-2.pdf` for the next signature."""
    match = _SIGNED_NAME.fullmatch(path.stem)
    if match is None:
        return path.with_name(f"{path.stem}-signed.pdf")
    return path.with_name(f"{match[1]}-{int(match[2] or 1) + 1}.pdf")


def refuse_taken(path: Path, out: Path, *, in_place: bool) -> None:
    """Raise RefusedError if a signed PDF may not be put there: no file is replaced but the one signed, if asked."""
    if in_place or not out.exists():
        return
    if path.exists() and out.samefile(path):
        refuse("it is the PDF itself, which stays as it was sealed; say --in-place to have it replaced", str(out))
    refuse("there is such a file already, and it is not replaced; name another with --out", str(out))


def sign_pdf(path: Path, identity: Identity, out: Path, *, reason: str = "") -> SignedPdf:
    """Write a PDF with a signature added, to the path itself or elsewhere: a whole file or none.

    Raises RefusedError for what is no PDF to be signed, and for one whose earlier signatures do not stand.
    """
    need_pyhanko()
    from pyhanko.pdf_utils.misc import PdfError  # noqa: PLC0415  an extra
    from pyhanko.sign.general import SigningError  # noqa: PLC0415

    reason = reason.strip()
    if len(reason) > LONGEST_REASON or not reason.isprintable():
        refuse(f"it is one line of at most {LONGEST_REASON} characters", "--reason")
    draft = out.with_name(f"{out.name}.part")
    with reading(path) as reader:
        refuse_altered(reader, path)
        length = path.stat().st_size
        try:
            with draft.open("wb+") as stream:
                _sign(reader, identity, reason, stream)
            put_in_place(draft, out)
        except (PdfError, SigningError) as error:
            refuse(f"it cannot be signed: {error}", str(path))
        finally:
            draft.unlink(missing_ok=True)
    return SignedPdf(out, identity.holder, length)


def _sign(reader: "PdfFileReader", identity: Identity, reason: str, stream: BinaryIO) -> None:
    from pyhanko.pdf_utils.generic import NameObject  # noqa: PLC0415
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415
    from pyhanko.sign.fields import InvisSigSettings, SigFieldSpec, SigSeedSubFilter  # noqa: PLC0415
    from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner  # noqa: PLC0415

    class Writer(IncrementalPdfFileWriter):
        """Leaves the description of the document as it is: a signature changes neither its maker nor its date."""

        def _update_meta(self) -> None:
            pass

    writer = Writer.from_reader(reader)
    page = writer.find_page_for_modification(0)[0].get_object()  # type: ignore[no-untyped-call]
    if "/Tabs" not in page:
        page["/Tabs"] = NameObject("/S")  # PDF/UA: a page with a field is walked in the order of its content
    field = f"{_FIELD}-{1 + len(reader.embedded_signatures)}"
    told = PdfSignatureMetadata(
        field_name=field,
        name=identity.holder.name,
        reason=reason or None,
        subfilter=SigSeedSubFilter.PADES,
        md_algorithm="sha256",
        signer_key_usage=set(),  # `pdf_certificates` looked at it
    )
    # outside the page and without size, so that PDF/A wants no picture of it and PDF/UA no place in the reading order
    unseen = InvisSigSettings(set_print_flag=True, set_hidden_flag=False, box_out_of_bounds=True)
    tooltip = f"Signature of {identity.holder.name}"
    spec = SigFieldSpec(field, invis_sig_settings=unseen, readable_field_name=tooltip)
    PdfSigner(told, identity.signer, new_field_spec=spec).sign_pdf(writer, output=stream)
