"""A line's history in sentences."""

import re
from datetime import datetime

from ledgers.disputes import Dispute
from ledgers.evidence import Evidence
from ledgers.ledger import Batch
from ledgers.lines import Line
from ledgers.register_history import History
from rules.english import day
from rules.money import pounds
from rules.periods import FinancialYear
from ui.pages.register.columns import Names, kind_name
from ui.periods import period_name

_ANY_BYTES = "application/octet-stream"
_KIB, _MIB = 1 << 10, 1 << 20
_LONGEST_WORD = 20
_LONG_WORD = re.compile(rf"\S{{{_LONGEST_WORD + 1},}}")
_ZERO_WIDTH = "\u200b"


def about_line(line: Line, names: Names, year: FinancialYear) -> str:
    """What the line says."""
    what = f"{kind_name(line)} of {pounds(line.amount_pence)} in {period_name(line.period, year)}"
    told = [f"{what}, for {names.scheme(line.scheme)}, of {names.partner(line.partner)}."]
    if line.date is not None:
        told.append(f"Dated {day(line.date)}.")
    if line.reference:
        told.append(f"Reference: {breakable(line.reference)}")
    if line.description:
        told.append(f"Description: {breakable(line.description)}")
    if line.belongs_to is not None:
        told.append(
            f"It is late: it belongs to {period_name(line.belongs_to, year)}, which was closed when it was posted, "
            f"and counts in {line.period}."
        )
    if line.in_default:
        told.append("It is in default: it stays wholly with its partner and enters no figure of the pool.")
    return "\n".join(told)


def about_posting(line: Line, batch: Batch | None) -> tuple[str, ...]:
    """Which file and row it is from, and who posted it when."""
    where = f"Row {line.row:,} of {breakable(line.file)}." if line.row is not None and line.file else ""
    if not where:
        where = (
            f"Posted from: {breakable(line.file)}."
            if line.file
            else "Entered in the program, not imported from a file."
        )
    if batch is None or not line.batch:
        return (where,)
    count = "1 line" if batch.count == 1 else f"{batch.count:,} lines"
    who = f"posted by {batch.actor or 'somebody'} on {moment(batch.at)}"
    return (where, f"Batch {batch.id}: {count}, {who}.")


def about_reversals(history: History) -> tuple[str, ...]:
    """What it takes back, and what takes it back."""
    line, told = history.line, []
    if history.reverses is not None:
        told.append(f"This line takes back line {history.reverses.id:,}. The reason given: {_ended(line.reason)}")
    if history.reversed_by is not None:
        told.append(
            f"Line {history.reversed_by.id:,} takes this line back. "
            f"The reason given: {_ended(history.reversed_by.reason)}"
        )
    return tuple(told)


def about_document(found: Evidence) -> str:
    """A document that is attached: its name, its size, who attached it to what."""
    note = f" Note: {_ended(found.note)}" if found.note else ""
    return (
        f"{breakable(found.name)} ({_size(found.size)}), attached to {found.of} by {found.actor or 'somebody'} on "
        f"{moment(found.at)}.{note}"
    )


def can_be_opened(found: Evidence) -> bool:
    """Whether its bytes are of a kind that the name says: anything else is only saved, never run."""
    return found.media_type != _ANY_BYTES


def about_dispute(dispute: Dispute) -> str:
    """A dispute about the line, and how it stands."""
    told = f"Dispute {dispute.id}: {dispute.partner} disputes it from {dispute.period} on. {_ended(dispute.reason)}"
    if not dispute.outcome:
        return f"{told} It is open."
    return f"{told} It was {dispute.outcome} at {dispute.outcome_period}: {_ended(dispute.outcome_reason)}"


def moment(at: str) -> str:
    """`1 August 2022 at 12:00 (UTC)`, of ISO 8601; as it is written, of anything else."""
    try:
        when = datetime.fromisoformat(at)
    except ValueError:
        return at
    return f"{day(when.date())} at {when.hour:02}:{when.minute:02} (UTC)"


def breakable(text: str) -> str:
    """The text with places to break a line in words that are too long for one: a path, a reference without a space."""
    return _LONG_WORD.sub(lambda found: _ZERO_WIDTH.join(_pieces(found[0])), text)


def _pieces(word: str) -> list[str]:
    return [word[begin : begin + _LONGEST_WORD] for begin in range(0, len(word), _LONGEST_WORD)]


def _ended(sentence: str) -> str:
    told = breakable(sentence)
    return told if told.endswith((".", "?", "!", ")")) else f"{told}."


def _size(size: int) -> str:
    if size < _KIB:
        return f"{size} bytes"
    return f"{size // _KIB:,} KiB" if size < _MIB else f"{size // _MIB:,} MiB"
