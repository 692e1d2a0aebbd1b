"""What sign-off and audit have done in processes of their own: nothing of Qt is loaded here."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from ledgers import open_ledger
from rules.periods import Period
from settlement.reperforming import Reperformed, reperform
from settlement.sampling import Plan, Sample, draw
from settlement.signing_off import Looked, looked_through
from settlement.verifying import Verified, partners_of_folder, verified_folder, verified_ledger
from ui.aside import Report

KeyFiles = Mapping[str, Sequence[str]]


def look_through(where: str, period: Period, report: Report) -> Looked:
    """What keeps a period from being signed."""
    report(0, 0, "Checking")
    with open_ledger(where, read_only=True) as ledger:
        return looked_through(ledger, period)


def open_key(path: str, passphrase: str, report: Report) -> bytes:
    """A signatory's key, opened."""
    from settlement.signoff.opened_keys import opened_key  # noqa: PLC0415  cryptography, for those who sign

    report(0, 0, "Opening the key")
    return opened_key(path, passphrase)


def verify(where: str, files: KeyFiles, period: Period | None, report: Report) -> Verified:
    """A ledger verified."""
    return verified_ledger(where, files, period, report)


def verify_folder(folder: str, files: KeyFiles, report: Report) -> Verified:
    """An exported folder verified."""
    return verified_folder(folder, files, None, report)


def look_at_folder(folder: str, report: Report) -> tuple[str, ...]:
    """The partners who must sign what is in an exported folder."""
    report(0, 0, "Looking at the folder")
    return partners_of_folder(folder)


def sign_folder(folder: str, partner: str, key: str, passphrase: str, name: str, role: str, report: Report) -> str:
    """What an exported folder has, signed in it for a partner: a sentence that says so."""
    from datetime import UTC, datetime  # noqa: PLC0415  with the rest

    from ledgers.locking import user_name  # noqa: PLC0415  filelock, for those who sign
    from settlement.signoff.exporting import sign_in_folder  # noqa: PLC0415  as above
    from settlement.signoff.keys import read_signing_key  # noqa: PLC0415  as above

    report(0, 0, "Opening the key")
    opened = read_signing_key(Path(key), passphrase)
    report(0, 0, "Checking the folder, and signing in it")
    at = datetime.now(UTC).isoformat(timespec="seconds")
    note = sign_in_folder(Path(folder), partner, opened, name=name, role=role, login=user_name(), at=at)
    return f"Signed: note {note.sequence} of {note.period} for {partner}, in {folder}."


def export_read_only(where: str, period: Period, out: str, report: Report) -> int:
    """Everything signed up to a period written to a folder, with no record of it in the ledger: how many files."""
    from settlement.signoff.exporting import export  # noqa: PLC0415  ReportLab takes a while

    report(0, 0, "Writing the folder")
    with open_ledger(where, read_only=True) as ledger:
        return len(export(ledger, period, Path(out)))


def draw_sample(where: str, plan: Plan, report: Report) -> Sample:
    """A sample drawn from a ledger."""
    with open_ledger(where, read_only=True) as ledger:
        return draw(ledger, plan, report)


def perform_again(where: str, period: Period, report: Report) -> Reperformed:
    """A settlement performed again from the lines."""
    with open_ledger(where, read_only=True) as ledger:
        return reperform(ledger, period, report)
