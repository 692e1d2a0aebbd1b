"""The packs of an exported folder, read strictly from the first on, and replayed: what the rows come to, and tell.

Whoever signed a pack may have signed anything. So a row has just the columns and the kinds of value that its table has,
ids go on from the pack before, and everything that is told twice (the opening balances, the settlement, the partners,
how far the pack goes, earlier notes and their signatures, documents) is held against what the rows say.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ledgers.sealing import SEALED_COLUMNS
from ledgers.trail import Entry, broken
from rules.english import listed
from settlement.signoff.assented import assents_lacking
from settlement.signoff.canonical import canonical
from settlement.signoff.errors import VerificationError
from settlement.signoff.keys import PublicKey
from settlement.signoff.notes import Note
from settlement.signoff.packfile import Rows, Whole, read_members
from settlement.signoff.packs import FORM, MANY, Replay

NUMBERS: dict[str, frozenset[str]] = {
    "agreements": frozenset({"from_period"}),
    "assents": frozenset({"version"}),
    "audit": frozenset(),
    "batches": frozenset({"count"}),
    "dispute_outcomes": frozenset({"dispute", "period"}),
    "disputes": frozenset({"line", "period"}),
    "documents": frozenset({"size"}),
    "evidence": frozenset({"document"}),
    "keys": frozenset({"replaces"}),
    "lines": frozenset({"amount_pence", "batch", "belongs_to", "period", "reverses", "row_number"}),
    "mappings": frozenset(),
    "measures": frozenset({"batch", "period", "row_number"}),
    "note_statements": frozenset({"document", "note"}),
    "notes": frozenset({"period", "signatories"}),
    "period_states": frozenset({"after_batch", "period"}),
    "signatures": frozenset({"note"}),
    "withdrawals": frozenset({"note"}),
}
"""The sealed columns that are whole numbers, beside `id`; all others are texts."""

OPTIONAL: dict[str, frozenset[str]] = {
    "batches": frozenset({"digest"}),
    "disputes": frozenset({"clause", "line"}),
    "keys": frozenset({"replaces"}),
    "lines": frozenset({"belongs_to", "date", "reverses", "row_number"}),
    "measures": frozenset({"row_number"}),
}
"""The sealed columns that may be empty; a row then leaves them out."""

_WHOLES = frozenset({"meta", "opening", "seal", "settlement", "statements"})
_LONGEST_SHOWN = 80
_SEAL_TEXTS = ("prepared_by", "program", "sealed_at", "sealed_by")


@dataclass(frozen=True, slots=True)
class Paper:
    """A statement or document, as a signed pack names it."""

    name: str
    digest: str
    size: int


class Packs:
    """The packs read so far, and what they tell."""

    def __init__(self) -> None:
        """None yet."""
        self.documents: dict[int, Paper] = {}
        self.attached: dict[int, int] = {}
        self.signatures: dict[tuple[int, str], tuple[str, str]] = {}
        self.withdrawn: set[int] = set()
        self._replay = Replay()
        self._cut: dict[str, int] = {}
        self._cuts: dict[int, str] = {}
        self._notes: dict[int, str] = {}
        self._meta: object = None
        self._last_entry: Entry | None = None

    def read(self, pieces: Iterable[bytes], note: Note) -> tuple[list[str], list[Paper]]:
        """Take in a note's pack: what is wrong with it, in sentences, and its statements.

        Raises VerificationError for what is no pack, or has a row that no ledger has: nothing can rest on it then.
        """
        opening = self._replay.opening()
        wholes: dict[str, Any] = {}
        last: dict[str, int] = {}
        settled: dict[str, Any] = {}
        wrong: list[str] = []
        for member, value in read_members(pieces, MANY):
            if isinstance(value, Rows):
                last[member] = self._take(member, value, wrong)
            elif isinstance(value, Whole):
                wholes[member] = value.value
                if member == "settlement":  # every row that it rests on stands before it
                    settled = self._replay.settled(note.period)
        self._hold_members(wholes.keys(), last.keys())
        wrong += self._wrong(note, wholes, opening, settled, last)
        papers = list(self._statements(wholes["statements"], wrong))
        self._notes[note.sequence] = note.text
        self._cuts[note.sequence] = json.dumps({table: last[table] for table in SEALED_COLUMNS})
        self._cut = last
        return wrong, papers

    def assents_lacking(self, note: Note, keys: Mapping[str, Sequence[PublicKey]] | None) -> list[str]:
        """The variations that the note rests on without the assent of somebody who is asked; of packs read so far."""
        return list(assents_lacking(self._replay, note.period, note.ledger, keys))

    def evidence(self) -> Iterator[Paper]:
        """The documents that are evidence. Raises VerificationError for one that no pack has."""
        for number, document in self.attached.items():
            if document not in self.documents:
                message = f"piece of evidence {number} is of document {document}, which is in no pack"
                raise VerificationError(message)
            yield self.documents[document]

    # Members

    def _hold_members(self, wholes: Iterable[str], tables: Iterable[str]) -> None:
        found = {*wholes, *tables}
        expected = _WHOLES | MANY
        if found != expected:
            told = [f"{name} is missing" for name in sorted(expected - found)]
            told += [f"“{name}” is none of it" for name in sorted(found - expected)]
            message = f"it does not have the members of a pack: {listed(told[:5])}"
            raise VerificationError(message)

    def _wrong(
        self,
        note: Note,
        wholes: Mapping[str, Any],
        opening: dict[str, Any],
        settled: dict[str, Any],
        last: Mapping[str, int],
    ) -> Iterator[str]:
        if canonical(wholes["opening"]) != canonical(opening):
            yield "the opening balances are not what the packs before come to"
        if tuple(settled["partners"]) != note.partners:
            named = listed(note.partners)
            yield f"the partners at {note.period} are {listed(settled['partners'])}; the note names {named}"
        if canonical(wholes["settlement"]) != canonical(settled):
            yield "the rules, run again, do not give the settlement that was signed"
        yield from self._wrong_seal(wholes["seal"], note, last)
        meta = wholes["meta"]
        if self._meta is None:
            self._meta = meta
        if not isinstance(meta, dict) or meta.get("ledger") != note.ledger or meta != self._meta:
            yield "what the pack says of the ledger is not what its note or the pack before says"

    def _wrong_seal(self, seal: object, note: Note, last: Mapping[str, int]) -> Iterator[str]:
        told: dict[str, object] = {
            "cut": dict(last),
            "form": FORM,
            "ledger": note.ledger,
            "period": str(note.period),
            "previous": note.previous or "none",
            "sequence": note.sequence,
        }
        if not isinstance(seal, dict) or seal.keys() != {*told, *_SEAL_TEXTS}:
            yield "the pack’s seal does not say what a seal says"
            return
        if seal["cut"] != told.pop("cut"):
            yield "the rows do not go as far as the pack says that they do"
        yield from (
            f"the pack’s {key} is {_shown(seal[key])}, the note’s {value}"
            for key, value in told.items()
            if seal[key] != value
        )
        if not all(isinstance(seal[key], str) for key in _SEAL_TEXTS):
            yield "the pack’s seal does not say what a seal says"

    def _statements(self, statements: object, wrong: list[str]) -> Iterator[Paper]:
        for told in statements if isinstance(statements, list) else [None]:
            match told:
                case {
                    "id": int(),
                    "name": str(name),
                    "document": int(document),
                    "digest": str(digest),
                    "size": int(size),
                }:
                    kept = self.documents.get(document)
                    if kept is None or (kept.digest, kept.size) != (digest, size):
                        wrong.append(f"the statement {_shown(name)} is not the document {document} of the packs")
                    yield Paper(name, digest, size)
                case _:
                    wrong.append("the statements are not told as a pack tells them")

    # Rows

    def _take(self, member: str, rows: Rows, wrong: list[str]) -> int:
        """Replay the rows, whose ids go on from the pack before; the last of them."""
        columns = SEALED_COLUMNS[member]
        last = self._cut.get(member, 0)
        fit: set[tuple[object, ...]] = set()
        entries: list[Entry] = []
        for _, offset, row in rows:
            shape = (*row, *map(type, row.values()))
            if shape not in fit:
                _hold_shape(member, row, last + 1)
                fit.add(shape)
            if row["id"] != last + 1:
                message = f"row {last + 1} of {member} should stand at byte {offset}, not row {row['id']}"
                raise VerificationError(message)
            last += 1
            if member == "lines":
                for _ in self._replay.take_lines([tuple(map(row.get, columns))]):
                    pass
                continue
            self._replay.take(member, row)
            if member == "audit":
                entries.append(Entry(**row))
            elif problem := self._note(member, row):
                wrong.append(problem)
        if entries:
            wrong += [f"the audit trail does not hold: {each}" for each in broken(entries, self._last_entry)]
            self._last_entry = entries[-1]
        return last

    def _note(self, member: str, row: Mapping[str, Any]) -> str:
        """Keep what is told twice; what is wrong with it."""
        match member:
            case "documents":
                self.documents[row["id"]] = Paper(row["digest"], row["digest"], row["size"])
            case "evidence":
                self.attached[row["id"]] = row["document"]
            case "signatures":
                self.signatures[row["note"], row["partner"]] = (row["text"], row["signature"])
            case "withdrawals":
                self.withdrawn.add(row["note"])
            case "notes":
                number = row["id"]
                if (row["text"], row["cut"]) != (self._notes.get(number), self._cuts.get(number)):
                    return f"it tells otherwise of note {number} than that note and its pack"
            case _:
                pass
        return ""


def _hold_shape(member: str, row: Mapping[str, Any], number: int) -> None:
    """Hold a row to its table's columns and their kinds. Raises VerificationError."""
    columns = SEALED_COLUMNS[member]
    unknown = row.keys() - set(columns)
    if unknown:
        message = f"row {number} of {member} has “{min(unknown)}”, which no such row has"
        raise VerificationError(message)
    for column in columns:
        kind = int if column == "id" or column in NUMBERS[member] else str
        if column not in row and column not in OPTIONAL.get(member, ()):
            message = f"row {number} of {member} has no “{column}”"
            raise VerificationError(message)
        if column in row and type(row[column]) is not kind:
            message = f"the “{column}” of row {number} of {member} is no {'whole number' if kind is int else 'text'}"
            raise VerificationError(message)


def _shown(value: object) -> str:
    text = canonical(value).decode()
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
