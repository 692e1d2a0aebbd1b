"""Commands of sign-off: sign, verify, export, assent."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Never

import typer

from rules.english import listed
from rules.problems import Problem, RefusedError
from settlement.command.choosing import ThemeOption, language_of
from settlement.command.telling import LedgerArgument, PeriodOption, needed_period, period_of, say, shown_name

if TYPE_CHECKING:
    from rules.periods import Period
    from settlement.looks import Look
    from settlement.signoff.keys import PublicKey, SigningKey
    from settlement.signoff.report import Report
    from settlement.signoff.signing import SignedOff

_DIFFERS = 1
_NARROWEST = 60  # columns: what is piped counts as 80
_Partner = Annotated[str | None, typer.Option("--as", metavar="CODE", help="The partner signed for.")]
_Key = Annotated[Path | None, typer.Option("--key", metavar="NAME.key", help="The signatory’s private key.")]
_Name = Annotated[str, typer.Option("--name", metavar="TEXT", help="The signatory’s full name.")]
_Role = Annotated[str, typer.Option("--role", metavar="TEXT", help="The signatory’s role.")]
_Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; it stays on record.")]
_PreparedBy = Annotated[str, typer.Option("--prepared-by", metavar="TEXT", help="Name and role of who prepared it.")]


def add_to(app: typer.Typer) -> None:
    """Put these commands on the program."""
    app.command("sign")(sign)
    app.command("verify")(verify)
    app.command("export")(export)
    app.command("assent")(assent)


def sign(  # noqa: PLR0913, PLR0917  a command's options
    ledger: Annotated[str, typer.Argument(metavar="LEDGER", help="A ledger, or a folder exported to be signed.")],
    period: PeriodOption = None,
    partner: _Partner = None,
    key: _Key = None,
    name: _Name = "",
    role: _Role = "",
    prepared_by: _PreparedBy = "",
    bring: Annotated[
        Path | None, typer.Option("--bring", metavar="DIR", help="Take in the signatures made in an exported folder.")
    ] = None,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Give up a note not everybody has signed.")] = False,  # noqa: FBT002
    reason: _Reason = "",
    login: Annotated[
        str | None, typer.Option("--login", metavar="TEXT", help="In a folder: your login on the ledger’s server.")
    ] = None,
) -> None:
    """Sign a held period for a partner; the last partner's signature makes it final.

    Example: s75 sign pool.s75 --period M6 --as LBB --key lbb.key --name "Full name" --role "Chief Finance Officer"
    """
    from ledgers import open_ledger
    from settlement.signoff import exporting, signing
    from settlement.signoff.notes import clean_name

    if withdraw and bring is not None:
        _refuse("withdraw a note, or bring its signatures back: not both at once", "--withdraw")
    if withdraw:
        with open_ledger(ledger) as opened:
            note = signing.withdraw(opened, reason)
        say(f"Withdrawn: note {note.sequence} of {note.period}. The period is held; s75 reopen opens it.")
        return
    if bring is not None:
        with open_ledger(ledger) as opened:
            for done in exporting.bring(opened, bring):
                _tell_signed(done)
        return
    if partner is None or key is None:
        _refuse("say for whom you sign and with which key: --as CODE --key NAME.key", "sign")
    in_folder = _is_exported(ledger)
    if not in_folder and period is None:
        _refuse("say which period is signed: --period M1 to M13", "--period")
    if not in_folder and login is not None:
        _refuse(
            "the ledger itself says who you are; a login is said only where an exported folder is signed", "--login"
        )
    clean_name(name, "--name"), clean_name(role, "--role")  # nobody types a passphrase for what is refused
    signing_key = _opened(key)
    if in_folder:
        note = exporting.sign_in_folder(
            Path(ledger), partner, signing_key, name=name, role=role, login=_login(login), at=_now()
        )
        say(f"Signed: note {note.sequence} of {note.period} for {partner}, in {ledger}.")
        say(f"To bring the signature back to the ledger: s75 sign LEDGER --bring {ledger}")
        return
    with open_ledger(ledger) as opened:
        done = signing.sign(
            opened, needed_period(period or ""), partner, signing_key, name=name, role=role, prepared_by=prepared_by
        )
    _tell_signed(done)


def _tell_signed(done: "SignedOff") -> None:
    note = done.note
    say(f"Signed: note {note.sequence} of {note.period} for {done.partner}. Its digest is {note.digest}.")
    if done.awaiting:
        say(f"It waits for the signature of {listed(done.awaiting)}.")
    else:
        are = "are" if len(done.signed) > 1 else "is"
        say(f"Every partner has signed: {listed(map(str, done.signed))} {are} final.")


def _opened(path: Path) -> "SigningKey":
    from settlement.command.keys import passphrase_of
    from settlement.signoff.keys import read_signing_key

    return read_signing_key(path, passphrase_of(f"Passphrase of {path.name}"))


def _now() -> str:
    from datetime import UTC, datetime

    return datetime.now(UTC).isoformat(timespec="seconds")


def _login(given: str | None) -> str:
    from ledgers.locking import user_name

    return given or user_name()


def verify(
    ledger: Annotated[str, typer.Argument(metavar="LEDGER", help="A ledger, or a folder that s75 export wrote.")],
    period: PeriodOption = None,
    keys: Annotated[
        list[str] | None, typer.Option("--key", metavar="CODE=NAME.pub", help="A partner’s public key; once for each.")
    ] = None,
    statements: Annotated[
        Path | None,
        typer.Option("--statements", metavar="PATH", help="Hold issued statements against the ledger: file or folder."),
    ] = None,
    language: Annotated[str, typer.Option("--language", metavar="CODE", help="Theirs: en, or cy for Welsh.")] = "en",
    theme: ThemeOption = "",
    prepared_by: Annotated[
        str, typer.Option("--prepared-by", metavar="TEXT", help="Who prepared them, where they are drafts.")
    ] = "",
) -> None:
    """Check, with the partners' public keys, that what they signed stands as they signed it. Exit status 1 if not.

    Example: s75 verify pool.s75 --key LBB=lbb.pub --key BCCG=bccg.pub

    With --statements, also that statements which were issued are, byte for byte, what the ledger gives now; with that
    alone, nothing else. Example: s75 verify pool.s75 --statements 2014-15-M12-LBB-settlement-statement.pdf
    """
    from settlement.looks import Look
    from settlement.signoff.exported import verify_export

    if statements is None and (language != "en" or theme or prepared_by):
        _refuse("this is of statements: name them with --statements", "verify")
    if statements is not None and _is_exported(ledger):
        _refuse("statements are held against a ledger; this is an exported folder, which has none", "--statements")
    at = period_of(period)
    given = _public_keys(keys or [])
    holds = True
    if statements is None or given:
        report = verify_export(Path(ledger), given, at) if _is_exported(ledger) else _verified(ledger, given, at)
        _tell_report(report, ledger)
        holds = report.holds
    if statements is not None:
        look = Look(False, prepared_by, language_of(language), theme)  # noqa: FBT003  £000 or not, the names say
        holds &= _tell_issued(ledger, statements, look, is_all=not given)
    if not holds:
        raise typer.Exit(_DIFFERS)


def _tell_issued(ledger: str, place: Path, look: "Look", *, is_all: bool) -> bool:
    """Hold issued statements against the ledger, and say what came of it; whether they are the same."""
    from ledgers import open_ledger
    from settlement.signoff.issued import compare_issued

    with open_ledger(ledger, read_only=True) as opened:
        found = compare_issued(opened, place, look)
    told = (
        ("The same", found.same),
        ("Differs from what the ledger gives now", found.differences),
        ("Noticed", found.remarks),
    )
    for heading, sentences in told:
        if sentences:
            say(f"{heading}:")
            for each in sentences:
                _tell([each])
            say()
    if is_all:
        say("No signature was verified: that takes the partners’ public keys, --key CODE=NAME.pub.")
    say(f"{place}: {found.conclusion}")
    return found.holds


def _is_exported(ledger: str) -> bool:
    from settlement.signoff.exported import is_exported

    return "://" not in ledger and is_exported(Path(ledger))


def _verified(ledger: str, keys: "dict[str, list[PublicKey]]", at: "Period | None") -> "Report":
    from ledgers import open_ledger
    from ledgers.schema import AlteredError
    from settlement.signoff.report import Report
    from settlement.signoff.verification import verify as verify_ledger

    try:
        with open_ledger(ledger, read_only=True) as opened:
            return verify_ledger(opened, keys, at)
    except AlteredError as altered:
        return Report(differences=[str(problem) for problem in altered.problems])


def _public_keys(given: list[str]) -> "dict[str, list[PublicKey]]":
    from settlement.signoff.keys import read_public_key

    keys: dict[str, list[PublicKey]] = {}
    for text in given:
        code, equals, path = text.partition("=")
        if not (code and equals and path):
            raise RefusedError(Problem(f"“{text}” is not a partner’s code and a file: CODE=NAME.pub", place="--key"))
        keys.setdefault(code, []).append(read_public_key(Path(path)))
    return keys


def _tell_report(report: "Report", ledger: str) -> None:
    told = (
        ("Verified", [each.split("\n") for each in report.verified]),
        ("Differs from what was signed, or cannot be shown to be it", [[each] for each in report.differences]),
        ("Noticed", [[each] for each in report.remarks]),
        ("What no such check can know", [[each] for each in report.unknowable]),
    )
    for heading, found in told:
        if found:
            say(f"{heading}:")
            for lines in found:
                _tell(lines)
            say()
    say(f"{shown_name(ledger)}: {report.conclusion}")


def _tell(lines: list[str]) -> None:
    """A sentence, and facts that belong to it under it, no wider than the terminal."""
    from shutil import get_terminal_size
    from textwrap import TextWrapper

    from ledgers.refusing import visible

    wide = max(get_terminal_size().columns, _NARROWEST)
    # digests, and paths that somebody is to copy, stay whole
    wrap = TextWrapper(
        wide, initial_indent="  - ", subsequent_indent=" " * 4, break_long_words=False, break_on_hyphens=False
    )
    first, *facts = map(visible, lines)  # what somebody put into a ledger drives no terminal
    say(wrap.fill(first))
    wrap.initial_indent, wrap.subsequent_indent = " " * 4, " " * 6
    for fact in facts:
        say(wrap.fill(fact))


def export(
    ledger: LedgerArgument,
    period: Annotated[str, typer.Option("--period", "-p", metavar="P", help="M1 to M13.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder to make.")],
    for_signature: Annotated[  # noqa: FBT002
        bool, typer.Option("--for-signature", help="Put a held period up, to be signed on another machine.")
    ] = False,
    prepared_by: _PreparedBy = "",
    read_only: Annotated[bool, typer.Option("--read-only", help="Keep no record of it in the ledger.")] = False,  # noqa: FBT002
) -> None:
    """Write pack, note, signatures, statements and documents to a folder: what a partner keeps.

    Example: s75 export pool.s75 --period M12 --out signed-2014-15
    """
    from ledgers import open_ledger
    from settlement.signoff.exporting import export as write

    at = needed_period(period)
    if read_only and for_signature:
        _refuse("what is put up for signature is put into the ledger; leave --read-only out", "--read-only")
    if prepared_by and not for_signature:
        _refuse("who prepared it is said when it is put up for signature: --for-signature", "--prepared-by")
    with open_ledger(ledger, read_only=read_only) as opened:
        written = write(opened, at, out, for_signature=for_signature, prepared_by=prepared_by)
    say(f"{out}: {len(written)} files. Check it with: s75 verify {out} --key CODE=NAME.pub …")
    if for_signature:
        say(f"To sign it elsewhere: s75 sign {out} --as CODE --key NAME.key --name … --role …")


def assent(
    ledger: LedgerArgument,
    version: Annotated[int, typer.Option("--version", metavar="N", min=2, help="The version of the agreement.")],
    partner: Annotated[str, typer.Option("--as", metavar="CODE", help="The partner that assents.")],
    key: Annotated[Path, typer.Option("--key", metavar="NAME.key", help="The signatory’s private key.")],
    name: _Name = "",
    role: _Role = "",
) -> None:
    """Sign, for a partner, its assent to a variation of the agreement; no period it governs is signed without.

    Example: s75 assent pool.s75 --version 2 --as LBB --key treasurer.key --name "Full name" --role "Director"
    """
    from ledgers import open_ledger
    from settlement.signoff.assenting import assent as give
    from settlement.signoff.notes import clean_name

    clean_name(name, "--name"), clean_name(role, "--role")
    signing_key = _opened(key)
    with open_ledger(ledger) as opened:
        left = give(opened, version, partner, signing_key, name=name, role=role)
    waits = f" It waits for the assent of {listed(left)}." if left else " Every partner has assented."
    say(f"Assented: version {version} of the agreement, for {partner}.{waits}")


def _refuse(message: str, place: str) -> Never:
    raise RefusedError(Problem(message, place=place))
