"""The command that puts a signatory's own certificate on a PDF, and checks what was signed so: `s75 sign-pdf`."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Never

import typer

from ledgers.refusing import visible
from rules.english import day
from rules.problems import Problem, RefusedError
from settlement.command.telling import say

_DIFFERS = 1


def add_to(app: typer.Typer) -> None:
    """Put this command on the program."""
    app.command("sign-pdf")(sign_pdf)


def sign_pdf(
    statement: Annotated[Path, typer.Argument(metavar="STATEMENT.pdf", help="The PDF to sign, or to check.")],
    p12: Annotated[
        Path | None, typer.Option("--p12", metavar="CERT.p12", help="Your certificate with its private key, PKCS #12.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where to write; else STATEMENT-signed.pdf beside it.")
    ] = None,
    in_place: Annotated[bool, typer.Option("--in-place", help="Replace the PDF by the signed one.")] = False,  # noqa: FBT002
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why you sign; it stays in the PDF.")] = "",
    check: Annotated[bool, typer.Option("--check", help="Check the signatures in it instead.")] = False,  # noqa: FBT002
    trust: Annotated[
        list[Path] | None,
        typer.Option("--trust", metavar="CERT.pem", help="With --check: a certificate that you trust; once for each."),
    ] = None,
) -> None:
    """Sign a PDF with your own certificate (PAdES), or check it: exit status 1 if a signature does not hold.

    This is beside s75 sign, which seals a period, and takes no part in it. The signature is added behind the PDF's
    bytes, so the SHA-256 that was sealed is that of the PDF before it: keep that too. The passphrase is asked for, or
    taken from S75_PASSPHRASE. Examples: s75 sign-pdf statement.pdf --p12 treasurer.p12 --reason "Agreed"
    and s75 sign-pdf statement-signed.pdf --check --trust issuer.pem
    """
    if check:
        if p12 is not None or out is not None or in_place or reason:
            _refuse("a PDF is signed or checked: not both at once", "--check")
        _check(statement, trust or [])
        return
    if trust:
        _refuse("certificates are trusted where a PDF is checked: --check", "--trust")
    if p12 is None:
        _refuse("say with which certificate: --p12 CERT.p12; or check what was signed: --check", "sign-pdf")
    if in_place and out is not None:
        _refuse("say where to write it, or replace it: not both at once", "--in-place")
    _sign(statement, p12, out, reason, in_place=in_place)


def _sign(statement: Path, p12: Path, out: Path | None, reason: str, *, in_place: bool) -> None:
    from settlement.command.keys import passphrase_of
    from settlement.pades import signing as pdf_signing
    from settlement.pades.certificates import need_pyhanko, read_identity

    need_pyhanko()
    target = statement if in_place else out or pdf_signing.signed_path(statement)
    pdf_signing.refuse_taken(statement, target, in_place=in_place)  # nobody types a passphrase for what is refused
    identity = read_identity(p12, passphrase_of(f"Passphrase of {p12.name}"), datetime.now(UTC))
    done = pdf_signing.sign_pdf(statement, identity, target, reason=reason)
    holder = done.holder
    say(f"{done.path}: signed by {visible(holder.name)}, whose certificate is from {visible(holder.issuer)}.")
    say(f"Its fingerprint: sha256 {holder.fingerprint}")
    say(f"The first {done.original_bytes:,} bytes are the PDF as it was. If that was sealed, keep it too: its SHA-256")
    say("is in the pack, and a signed copy’s is another.")


def _check(statement: Path, trust: list[Path]) -> None:
    from settlement.pades.signatures import UNKNOWABLE, check_pdf

    if not trust:
        _refuse("say whose certificate you trust: --trust CERT.pem, as its owner gave it to you", "--trust")
    found = check_pdf(statement, trust)
    for each in found:
        holder = each.holder
        holds = "holds" if each.holds else "does not hold"
        said = f"; it says that it was made at {each.said_at.isoformat()}" if each.said_at else ""
        say(f"The signature of {visible(holder.name)} {holds}{said}")
        for problem in each.problems:
            say(f"  - {problem}")
        if each.reason:
            say(f"  - its reason: {visible(each.reason)}")
        say(f"  - its certificate: from {visible(holder.issuer)}, valid until {day(holder.until.date())}")
        say(f"  - its fingerprint: sha256 {holder.fingerprint}")
    say("What no such check can know:")
    for sentence in UNKNOWABLE:
        say(f"  - {sentence}")
    if not all(each.holds for each in found):
        raise typer.Exit(_DIFFERS)


def _refuse(message: str, place: str) -> Never:
    raise RefusedError(Problem(message, place=place))
