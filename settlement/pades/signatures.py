"""The signatures in a PDF, checked: whether what was signed is unchanged, and whether who signed is somebody trusted.

pyHanko does the checking (ISO 32000-2, 12.8; RFC 5280). Nothing is fetched: whether a certificate was revoked is not
known here, and when a PDF was signed is what the signatory's own computer said.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ledgers.refusing import refuse
from rules.english import day
from settlement.pades.certificates import Holder, holder_of, need_pyhanko, read_trusted

if TYPE_CHECKING:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
    from pyhanko.sign.validation.status import PdfSignatureStatus
    from pyhanko_certvalidator import ValidationContext

UNKNOWABLE = (
    "when a PDF was signed: that is what the signatory’s computer said, and nobody else’s clock confirms it",
    "whether a certificate was revoked: this program opens no connection to ask",
)
_BEGIN = b"%PDF-"
_SEARCHED = 1024


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature of a PDF: whom its certificate names, what it says of itself, and what is wrong with it."""

    holder: Holder
    said_at: datetime | None
    reason: str
    problems: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong with it."""
        return not self.problems


@contextmanager
def reading(path: Path) -> Iterator["PdfFileReader"]:
    """A PDF opened. Raises RefusedError for a file that is none, is damaged or is encrypted."""
    need_pyhanko()
    from pyhanko.pdf_utils.misc import PdfError  # noqa: PLC0415  an extra
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415

    quietly()
    try:
        with path.open("rb") as stream:
            if _BEGIN not in stream.read(_SEARCHED):
                refuse("it is not a PDF", str(path))
            stream.seek(0)
            try:
                reader = PdfFileReader(stream)
                if reader.encrypted:
                    refuse("it is encrypted; give the PDF as the program wrote it", str(path))
                yield reader
            except (PdfError, ValueError, KeyError, TypeError, IndexError) as error:
                refuse(f"it is a damaged PDF: {error}", str(path))
    except OSError as error:
        refuse(f"the file cannot be read: {error.strerror or error}", str(path))


def quietly() -> None:
    """Let pyHanko write nothing of its own: what is wrong is said in sentences here."""
    for name in ("pyhanko", "pyhanko_certvalidator"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def check_pdf(path: Path, trusted: Sequence[Path], now: datetime | None = None) -> list[Signature]:
    """The signatures of a PDF, first to last, checked against the certificates in these files.

    Raises RefusedError for a file that is no PDF or has no signature, and for one of the others without a certificate.
    """
    need_pyhanko()
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415  an extra

    roots = read_trusted(trusted)
    with reading(path) as reader:
        embedded = reader.embedded_regular_signatures
        if not embedded:
            refuse("there is no signature in it", str(path))
        moment = now or datetime.now(UTC)
        found = []
        for place, each in enumerate(embedded):
            context = ValidationContext(trust_roots=roots, allow_fetching=False, moment=moment)
            found.append(_checked(each, context, moment, is_last=place == len(embedded) - 1))
    return found


def refuse_altered(reader: "PdfFileReader", path: Path) -> None:
    """Raise RefusedError if a signature that a PDF has does not stand: nobody signs on top of that."""
    for name, problem in alterations_in(reader):
        refuse(f"the signature of {name} that it has does not hold: {problem}; sign the PDF as it was", str(path))


def alterations_in(reader: "PdfFileReader") -> Iterator[tuple[str, str]]:
    """Each signature that does not stand, by whom it is, with why; whoever signed need not be trusted."""
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415

    embedded = reader.embedded_regular_signatures
    for place, each in enumerate(embedded):
        context = ValidationContext(trust_roots=[], allow_fetching=False)
        problems = _alterations(_status(each, context), is_last=place == len(embedded) - 1)
        if problems:
            yield _holder(each).name, problems[0]


def _checked(
    signature: "EmbeddedPdfSignature", context: "ValidationContext", now: datetime, *, is_last: bool
) -> Signature:
    status = _status(signature, context)
    holder = _holder(signature)
    problems = _alterations(status, is_last=is_last)
    if not problems and not status.trusted:
        problems = [_distrust(holder, now)]
    return Signature(
        holder, signature.self_reported_timestamp, str(signature.sig_object.get("/Reason", "")), tuple(problems)
    )


def _status(signature: "EmbeddedPdfSignature", context: "ValidationContext") -> "PdfSignatureStatus":
    from pyhanko.sign.validation import validate_pdf_signature  # noqa: PLC0415
    from pyhanko.sign.validation.settings import KeyUsageConstraints  # noqa: PLC0415

    usage = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"})
    return validate_pdf_signature(signature, context, key_usage_settings=usage)


def _holder(signature: "EmbeddedPdfSignature") -> Holder:
    from cryptography.x509 import load_der_x509_certificate  # noqa: PLC0415

    return holder_of(load_der_x509_certificate(signature.signer_cert.dump()))


def _alterations(status: "PdfSignatureStatus", *, is_last: bool) -> list[str]:
    """Why what is in the file now is not what was signed."""
    from pyhanko.sign.diff_analysis import ModificationLevel  # noqa: PLC0415
    from pyhanko.sign.validation.status import SignatureCoverageLevel as Coverage  # noqa: PLC0415

    if not status.intact:
        return ["the file is not as it was signed: a byte of it, at least, was changed since"]
    if not status.valid:
        return ["it was not made with the key of the certificate that is in it"]
    if status.coverage is None or status.coverage < Coverage.ENTIRE_REVISION:
        return ["it covers a part of the file only"]
    level = status.modification_level
    if is_last and status.coverage is not Coverage.ENTIRE_FILE:
        return ["something was added to the file after it"]
    if level is None or level > ModificationLevel.FORM_FILLING or not status.docmdp_ok:
        return ["something other than a further signature was added to the file after it"]
    return []


def _distrust(holder: Holder, now: datetime) -> str:
    """Why a certificate is not one that is trusted."""
    if now > holder.until:
        return (
            f"its certificate ran out on {day(holder.until.date())}, and nothing shows that it was signed before; "
            "ask the signatory to confirm it"
        )
    if now < holder.since:
        return f"its certificate is valid only from {day(holder.since.date())}"
    return "its certificate does not lead to one of those that you trust, or is not one to sign documents with"
