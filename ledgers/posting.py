"""Posting: lines go in as batches, with the totals they change, in one transaction."""

import json
from collections.abc import Iterable, Iterator
from itertools import count
from typing import TYPE_CHECKING

from ledgers.closing import counted_in
from ledgers.importing.faults import Faults
from ledgers.importing.judging import Codes, Complaint, Judge, unbalanced
from ledgers.importing.reading_lines import Key, LineRow, by_kind
from ledgers.lines import Line, NewLine
from ledgers.program import program_version
from ledgers.refusing import (
    LONGEST_TEXT,
    NO_CONTROL,
    TOO_LONG,
    has_control,
    reason_given,
    refuse,
    refuse_unless_writable,
)
from ledgers.store import LINE_COLUMNS
from ledgers.trail import Action, batch_subject, record
from rules.agreement import Kind
from rules.english import listed
from rules.money import LARGEST_PENCE, pounds
from rules.periods import Period

if TYPE_CHECKING:
    from ledgers.stored import StoredLedger

_LARGEST_TOTAL = 2**63 - 1
_LARGEST_ID = 2**63 - 1
_BELONGS_TO = LINE_COLUMNS.index("belongs_to")
_UPSERT_TOTAL = """
    INSERT INTO totals (scheme, partner, kind, period, cause, amount_pence)
    VALUES (:scheme, :partner, :kind, :period, :cause, :amount_pence)
    ON CONFLICT (scheme, partner, kind, period, cause)
    DO UPDATE SET amount_pence = totals.amount_pence + excluded.amount_pence
"""
_INSERT_REVERSAL = """
    INSERT INTO lines (id, batch, period, scheme, partner, kind, amount_pence, date, reference, description, cause,
                       belongs_to, row_number, raw, reverses, reason)
    SELECT :id, :batch, :period, scheme, partner, kind, -amount_pence, date, reference, description, cause,
           CAST(:belongs_to AS INTEGER), NULL, '', id, :reason
    FROM lines WHERE id = :reverses
"""


class Poster:
    """Posts to one ledger."""

    def __init__(self, ledger: "StoredLedger") -> None:
        """Of a stored ledger."""
        self._ledger = ledger
        self._store = ledger.store

    # What every posting needs, within its transaction

    def judge(self) -> Judge:
        """Of codes, under the agreements and periods as they are now: it asks nothing of the store while it judges."""
        agreements = {period: self._ledger.agreement_at(period) for period in Period}
        return Judge(agreements.__getitem__, counted_in(self._ledger.periods()))

    def next_ids(self) -> tuple[int, int]:
        """The next line's and the next batch's."""
        ((line, batch),) = self._store.rows(
            "SELECT (SELECT COALESCE(MAX(id), 0) + 1 FROM lines), (SELECT COALESCE(MAX(id), 0) + 1 FROM batches)"
        )
        return line, batch

    def standing(self, reference: str, *, before_batch: int) -> int:
        """What the virements of a reference came to, in pence: nought, unless somebody went behind the program."""
        ((pence,),) = self._store.rows(
            "SELECT CAST(COALESCE(SUM(amount_pence), 0) AS BIGINT) FROM lines "
            "WHERE kind = 'virement' AND reference = :reference AND batch < :batch",
            reference=reference,
            batch=before_batch,
        )
        return int(pence)

    def keep_totals(self, totals: dict[Key, int], file: str) -> None:
        """Add what a batch comes to to the kept totals."""
        if any(abs(pence) > _LARGEST_TOTAL for pence in totals.values()):
            refuse("the lines come to more than a ledger can hold", file)
        self._store.run_many(
            _UPSERT_TOTAL,
            (
                {
                    "scheme": scheme,
                    "partner": partner,
                    "kind": kind,
                    "period": period,
                    "cause": cause,
                    "amount_pence": pence,
                }
                for (scheme, partner, kind, period, cause), pence in sorted(totals.items())
            ),
        )

    def keep_batch(
        self,
        number: int,
        content: str,
        count: int,
        totals: dict[Key, int],
        *,
        file: str = "",
        digest: str | None = None,
        mapping: str = "",
        told: str = "",
    ) -> None:
        """Note the batch, once its lines are in, and who posted it in the audit trail, which `told` is added to."""
        by = by_kind(totals)
        at = self._ledger.now()
        self._store.run(
            "INSERT INTO batches (id, file, digest, content, count, totals, mapping, posted_at, actor, program) "
            "VALUES (:id, :file, :digest, :content, :count, :totals, :mapping, :posted_at, :actor, :program)",
            id=number,
            file=file,
            digest=digest,
            content=content,
            count=count,
            totals=json.dumps({kind.value: pence for kind, pence in by}),
            mapping=mapping,
            posted_at=at.isoformat(timespec="seconds"),
            actor=self._ledger.store.actor(),
            program=program_version(),
        )
        if content == "reversal":
            action = Action.REVERSE
        elif content != "posting":
            action = Action.IMPORT
        else:
            action = Action.VIREMENT if {kind for kind, _ in by} == {Kind.VIREMENT} else Action.POST
        parts = [
            f"{file}: {_counted(count, content)}" if file else _counted(count, content),
            listed(f"{kind.value} {pounds(pence)}" for kind, pence in by),
            told,
            f"sha256 {digest}" if digest else "",
            f"mapping {mapping}" if mapping else "",
        ]
        record(self._store, at, action, batch_subject(number), "; ".join(part for part in parts if part))

    # What a program posts

    def post(self, lines: Iterable[NewLine], *, source: str = "") -> tuple[Line, ...]:
        """Post lines as one batch, checked as a file's are. Problems give the line's place in the batch, from 1."""
        refuse_unless_writable(self._ledger)
        wanted = list(lines)
        faults = Faults(source or self._ledger.name)
        with self._store.transaction():
            first, batch = self.next_ids()
            rows = self._checked(wanted, first, batch, faults)
            faults.refuse()
            if not rows:
                refuse("there are no lines to post", faults.file)
            totals: dict[Key, int] = {}
            for _, _, period, scheme, partner, kind, pence, _, _, _, cause, *_ in rows:
                key = (scheme, partner, kind, period, cause)
                totals[key] = totals.get(key, 0) + pence
            self._store.insert_lines(iter(rows))
            self.keep_totals(totals, faults.file)
            late = sum(row[_BELONGS_TO] is not None for row in rows)
            told = f"{late:,} of them late" if late else ""
            self.keep_batch(batch, "posting", len(rows), totals, file=source, told=told)
        return tuple(self._ledger.lines(after=first - 1, limit=len(rows)))

    def _checked(self, lines: list[NewLine], first: int, batch: int, faults: Faults) -> list[LineRow]:
        judge = self.judge()
        rows: list[LineRow] = []
        virements: dict[str, int] = {}
        for number, line in enumerate(lines, 1):
            judged = judge.judge(str(line.period), line.scheme, line.partner, str(line.kind), line.cause)
            complaints = [*(judged if isinstance(judged, list) else ()), *complaints_of(line)]
            for column, message in complaints:
                faults.add(message, number, column)
            if isinstance(judged, Codes) and not complaints:
                rows.append(_row(first + len(rows), batch, line, judged))
                if line.kind == Kind.VIREMENT:
                    reference = line.reference.strip()
                    virements[reference] = virements.get(reference, 0) + line.amount_pence
        for reference, pence in virements.items():
            total = pence + (self.standing(reference, before_batch=batch) if pence else 0)
            if total:
                faults.add(unbalanced(reference, total), place="amount")
        return rows

    # Corrections

    def reverse(self, line_id: int, reason: str) -> Line:
        """Post the reversal of a line; the legs of a virement go together, or budgets would no longer balance."""
        refuse_unless_writable(self._ledger)
        why = reason_given(reason, "why the line is reversed", self._ledger.name)
        with self._store.transaction():
            line = self._reversible(line_id)
            legs = [line]
            if line.kind is Kind.VIREMENT:
                legs = self._legs(line)
            first, batch = self.next_ids()
            counted = counted_in(self._ledger.periods())
            totals: dict[Key, int] = {}
            numbers = count(first)
            for leg in legs:
                period = counted[leg.period]
                if period is None:
                    message = (
                        f"{leg.period} is closed and no later period is open to take the reversal; reopen one first"
                    )
                    refuse(message, self._ledger.name)
                belongs_to = leg.belongs_to if period == leg.period else (leg.belongs_to or leg.period)
                self._store.run(
                    _INSERT_REVERSAL,
                    id=next(numbers),
                    batch=batch,
                    period=int(period),
                    belongs_to=None if belongs_to is None else int(belongs_to),
                    reason=why,
                    reverses=leg.id,
                )
                key = (leg.scheme, leg.partner, leg.kind.value, int(period), leg.cause)
                totals[key] = totals.get(key, 0) - leg.amount_pence
            self.keep_totals(totals, self._ledger.name)
            taken_back = "line" if len(legs) == 1 else "lines"
            told = f"{taken_back} {listed(str(leg.id) for leg in legs)} taken back: {why}"
            self.keep_batch(batch, "reversal", len(legs), totals, told=told)
        return next(self._ledger.lines(reverses=line_id))

    def _reversible(self, line_id: int) -> Line:
        line = None
        if 0 < line_id <= _LARGEST_ID:
            line = next(self._ledger.lines(after=line_id - 1, limit=1), None)
        if line is None or line.id != line_id:
            refuse(f"the ledger has no line {line_id}", self._ledger.name)
        if line.reverses is not None:
            message = f"line {line_id} is itself the reversal of line {line.reverses}; post what is right as a new line"
            refuse(message, self._ledger.name)
        self._refuse_if_reversed(line_id)
        return line

    def _refuse_if_reversed(self, line_id: int) -> None:
        already = next(self._ledger.lines(reverses=line_id), None)
        if already is not None:
            refuse(f"line {line_id} is reversed already, by line {already.id}", self._ledger.name)

    def _legs(self, line: Line) -> list[Line]:
        """The legs that were posted together with this one and balance it."""
        if not line.reference.strip():
            message = (
                f"line {line.id} is a leg of a virement without a reference, so that its other legs are not known; "
                "post a virement that takes it back"
            )
            refuse(message, self._ledger.name)
        together = self._ledger.lines(kind=Kind.VIREMENT, reference=line.reference, batch=line.batch)
        legs = [leg for leg in together if leg.reverses is None]
        for leg in legs:
            self._refuse_if_reversed(leg.id)
        return legs


def _counted(count: int, content: str) -> str:
    """`1 line`, `1,204 measures`: what a batch of that content holds."""
    noun = "measure" if content == "measures" else "line"
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def complaints_of(line: NewLine) -> Iterator[Complaint]:
    """What is wrong with a program's line apart from its codes."""
    if type(line.amount_pence) is not int or abs(line.amount_pence) > LARGEST_PENCE:
        yield "amount", f"the amount is whole pence up to {pounds(LARGEST_PENCE)}"
    if line.kind == Kind.VIREMENT and not line.reference.strip():
        yield "reference", "a virement needs a reference, which its other legs share"
    for column, text in (("reference", line.reference), ("description", line.description)):
        if has_control(text.strip() if column == "reference" else text):
            yield column, NO_CONTROL
        if len(text) > LONGEST_TEXT:
            yield column, TOO_LONG


def _row(number: int, batch: int, line: NewLine, codes: Codes) -> LineRow:
    return (
        number, batch, codes.period, codes.scheme, codes.partner, codes.kind, line.amount_pence,
        None if line.date is None else line.date.isoformat(), line.reference.strip(), line.description, codes.cause,
        codes.belongs_to, None, "",
    )  # fmt: skip
