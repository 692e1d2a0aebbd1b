"""What a pack says: everything posted since the note before, what came before it, and the settlement it makes.

The form of pack 1. Rows stand as the ledger has them; everything else is worked out from those rows and from the packs
before, by the one `Replay` that sealing, verifying a ledger and verifying an exported pack all use. The kept totals
are never read.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ledgers import sealing
from ledgers.assents import Assent
from ledgers.sealing import SEALED_COLUMNS, NoteRow
from ledgers.stored import StoredLedger
from rules.agreement import Agreement, Kind
from rules.money import number_of, pounds
from rules.periods import Period
from rules.position import Measure, position_at
from rules.problems import RefusedError
from rules.reading import read_agreement
from settlement.settle import Settlement, settle
from settlement.signoff.canonical import LARGEST_INTEGER, row_encoder
from settlement.signoff.errors import VerificationError
from settlement.signoff.packfile import LARGEST_ROW_BYTES, Many, Whole
from settlement.signoff.report import MALFORMED, no_ledger_holds
from settlement.signoff.traced import settlement_with_trace

FORM = "S75 Settlement pack 1"
MANY = frozenset(SEALED_COLUMNS)
"""The members of a pack that are rows, of which there can be millions."""

LARGEST_TOTAL_PENCE = 2**53 - 1
"""What a number in a canonical JSON text can be: £90,071,992,547,409.91."""

Key = tuple[str, str, str, str, int]
"""Scheme, partner, kind, cause, period."""

_LONGEST_SHOWN = 200
_LINE = SEALED_COLUMNS["lines"]
_KEY_AT = tuple(_LINE.index(name) for name in ("scheme", "partner", "kind", "cause", "period"))
_PENCE_AT = _LINE.index("amount_pence")


@dataclass(frozen=True, slots=True)
class Seal:
    """What a note seals, and how it came to be: the pack's own head."""

    ledger: str
    sequence: int
    period: Period
    previous: str | None
    cut: Mapping[str, int]
    prepared_by: str
    sealed_at: str
    sealed_by: str
    program: str

    @classmethod
    def of(cls, row: NoteRow, ledger_id: str, previous: str | None) -> "Seal":
        """The head of a note that the ledger has, after the previous note of that digest."""
        return cls(
            ledger=ledger_id,
            sequence=row.sequence,
            period=row.period,
            previous=previous,
            cut=row.cut,
            prepared_by=row.prepared_by,
            sealed_at=row.sealed_at,
            sealed_by=row.actor,
            program=row.program,
        )

    @property
    def value(self) -> dict[str, Any]:
        """As the pack has it."""
        return {
            "cut": dict(self.cut),
            "form": FORM,
            "ledger": self.ledger,
            "period": str(self.period),
            "prepared_by": self.prepared_by,
            "previous": self.previous or "none",
            "program": self.program,
            "sealed_at": self.sealed_at,
            "sealed_by": self.sealed_by,
            "sequence": self.sequence,
        }


@contextmanager
def _of_rows() -> Iterator[None]:
    """What is worked out of rows: whatever they hold, all that is raised is VerificationError."""
    try:
        yield
    except RefusedError as refused:
        raise VerificationError(str(refused.problems[0])) from None
    except MALFORMED as error:
        raise VerificationError(no_ledger_holds(error)) from None


class Replay:
    """What the rows taken so far come to: totals, measures, the agreement in force, what is disputed.

    It believes nothing but the rows it is given, in order of their ids, from the first note on.
    """

    def __init__(self) -> None:
        """Of nothing yet."""
        self.totals: dict[Key, int] = {}
        self.signatories: tuple[str, ...] = ()  # of the period settled last: the partners in being
        self.agreements: list[tuple[int, int, str]] = []
        self._measures: dict[tuple[int, str], tuple[int, list[tuple[str, str, str]]]] = {}
        self._disputes: dict[int, dict[str, Any]] = {}
        self._outcomes: list[dict[str, Any]] = []
        self.assents: list[Assent] = []
        self._read: dict[str, Agreement] = {}

    def copy(self) -> "Replay":
        """Another, that goes on from here by itself."""
        other = Replay()
        other.totals = dict(self.totals)
        other.signatories = self.signatories
        other.agreements = list(self.agreements)
        other._measures = dict(self._measures)
        other._disputes = dict(self._disputes)
        other._outcomes = list(self._outcomes)
        other.assents = list(self.assents)
        other._read = self._read
        return other

    def take_lines(self, rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
        """Add lines, by `SEALED_COLUMNS`, to the totals as they go through."""
        totals = self.totals
        scheme, partner, kind, cause, period = _KEY_AT
        for row in rows:
            pence = row[_PENCE_AT]
            if type(pence) is int:  # what is not, the encoding of the row tells
                key = (row[scheme], row[partner], row[kind], row[cause], row[period])
                totals[key] = totals.get(key, 0) + pence
            yield row

    def take(self, table: str, row: Mapping[str, Any]) -> None:
        """Take in a row of another table; of most there is nothing to take."""
        match table:
            case "agreements":
                self.agreements.append((row["id"], row["from_period"], row["body"]))
            case "measures":
                self._take_measure(row)
            case "disputes":
                self._disputes[row["id"]] = dict(row)
            case "assents":
                self.assents.append(Assent(**row))
            case "dispute_outcomes":
                self._outcomes.append(dict(row))
            case _:
                pass

    def _take_measure(self, row: Mapping[str, Any]) -> None:
        """Of a period and measure the last batch stands: what it says takes the place of what an earlier one said."""
        key = (row["period"], row["measure"])
        batch, figures = self._measures.get(key, (row["batch"], []))
        if row["batch"] != batch:
            figures = []
        self._measures[key] = (row["batch"], [*figures, (row["baseline"], row["target"], row["actual"])])

    # What they come to

    def opening(self) -> dict[str, Any]:
        """The balances: scheme, partner, kind, period, pence. Spend in default stands apart."""
        balances: dict[str, Any] = {}
        with _of_rows():
            for (scheme, partner, kind, cause, period), pence in sorted(self.totals.items()):
                if abs(pence) > LARGEST_TOTAL_PENCE:
                    message = (
                        f"the {kind} of {partner} for {scheme} come to more than can be signed, {pounds(pence)}; "
                        f"the largest is {pounds(LARGEST_TOTAL_PENCE)}"
                    )
                    raise VerificationError(message)
                named = f"{kind}, {cause}" if cause else kind
                of_partner = balances.setdefault(scheme, {}).setdefault(partner, {})
                of_partner.setdefault(named, {})[str(Period(period))] = pence
        return balances

    def version_at(self, period: Period) -> tuple[int, int, str]:
        """The version of the agreement in force: number, first period, text. Raises VerificationError for none."""
        for version in reversed(self.agreements):
            if version[1] <= period:
                return version
        message = f"there is no agreement in force at {period}"
        raise VerificationError(message)

    def agreement_at(self, period: Period) -> Agreement:
        """The agreement in force. Raises VerificationError where it does not hold together."""
        return self.agreement_of(self.version_at(period)[0])

    def agreement_of(self, number: int) -> Agreement:
        """The agreement as a version has it. Raises VerificationError where it does not hold together."""
        with _of_rows():
            text = next(text for version, _, text in self.agreements if version == number)
            if text not in self._read:
                self._read[text] = read_agreement(text, file=f"agreement version {number}")
            return self._read[text]

    def settlement_at(self, period: Period) -> Settlement:
        """The rules run again over the rows taken. Raises VerificationError where they cannot be."""
        with _of_rows():
            summed = (
                (scheme, partner, Kind(kind), Period(when), bool(cause), pence)
                for (scheme, partner, kind, cause, when), pence in sorted(self.totals.items())
            )
            return settle(self.agreement_at(period), position_at(period, summed, self._measured()))

    def _measured(self) -> list[Measure]:
        return [  # not by Fraction: that makes a number of a thousand million digits of “1e999999999”
            Measure(Period(period), measure, number_of(baseline), number_of(target), number_of(actual))
            for (period, measure), (_, figures) in self._measures.items()
            for baseline, target, actual in figures
        ]

    def disputed(self, period: Period) -> list[dict[str, Any]]:
        """The disputes that stand at a period: what is disputed, by whom, why, and at which period it was carried."""
        said = {outcome["dispute"]: outcome for outcome in self._outcomes if outcome["period"] <= period}
        found = []
        for number, dispute in sorted(self._disputes.items()):
            outcome = said.get(number, {})
            if dispute["period"] > period or outcome.get("outcome") == "resolved":
                continue
            carried = {"carried_at": str(Period(outcome["period"]))} if outcome else {}
            about = {"clause": dispute["clause"]} if dispute.get("line") is None else {"line": dispute["line"]}
            told = {"id": number, "by": dispute["partner"], "period": str(Period(dispute["period"]))}
            found.append({**told, **about, **carried, "reason": dispute["reason"]})
        return found

    def settled(self, period: Period) -> dict[str, Any]:
        """The pack's `settlement`: the version that governs, who must sign, the result with its trace, disputes."""
        with _of_rows():
            number, start, _ = self.version_at(period)
            settlement = self.settlement_at(period)
            self.signatories = tuple(partner.code for partner in settlement.agreement.partners)
            return {
                "disputed": self.disputed(period),
                "partners": list(self.signatories),
                "version": {"from_period": str(Period(start)), "number": number},
                **settlement_with_trace(settlement),
            }


def pack_members(
    ledger: StoredLedger,
    seal: Seal,
    after: Mapping[str, int],
    replay: Replay,
    statements: Iterable[sealing.Statement],
    *,
    tolerant: bool = False,
) -> Iterator[tuple[str, Whole | Many]]:
    """The members of a note's pack, rebuilt from the live tables; `after` is the cut of the note before.

    `replay` holds what came before and takes in what this note adds, as far as the members have been drawn.
    Raises VerificationError for rows that no ledger holds, and figures that cannot be settled; a `tolerant` pack has
    a word for them instead, so that it can be compared with another.
    """
    opening = _opening(replay, tolerant=tolerant)
    for table in sorted({*SEALED_COLUMNS, "meta", "opening", "seal", "settlement", "statements"}):
        if table in SEALED_COLUMNS:
            rows = sealing.sealed_rows(ledger, table, after.get(table, 0), seal.cut[table])
            yield table, Many(_encoded(table, map(_plain, rows) if tolerant else rows, replay))
            continue
        try:
            yield table, Whole(_derived(table, ledger, seal, replay, opening, statements))
        except VerificationError as error:
            if not tolerant:
                raise
            yield table, Whole(_unknown(error))


def _opening(replay: Replay, *, tolerant: bool) -> dict[str, Any]:
    try:
        return replay.opening()
    except VerificationError as error:
        if not tolerant:
            raise
        return _unknown(error)


def _unknown(error: VerificationError) -> dict[str, Any]:
    return {"cannot be worked out": str(error)}


def _encoded(table: str, rows: Iterable[tuple[Any, ...]], replay: Replay) -> Iterator[bytes]:
    columns = SEALED_COLUMNS[table]
    encode = row_encoder(columns)
    try:
        if table == "lines":
            yield from map(encode, replay.take_lines(rows))
            return
        for row in rows:
            replay.take(table, dict(zip(columns, row, strict=True)))
            yield encode(row)
    except VerificationError as error:  # of the encoder, which knows the column alone
        raise VerificationError(error.problem, f"{table}, {error.where}" if error.where else table) from None


def _plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """A row with what no pack can hold written out: a file that was tampered with holds anything anywhere."""
    return tuple(each if each is None or _fits(each) else _written_out(each) for each in row)


def _fits(value: object) -> bool:
    if type(value) is int:
        return abs(value) <= LARGEST_INTEGER
    return type(value) is str and len(value) < LARGEST_ROW_BYTES // 2


def _written_out(value: object) -> str:
    shown = repr(value)
    cut = f"{shown[:_LONGEST_SHOWN]}…, {len(shown):,} characters" if len(shown) > _LONGEST_SHOWN else shown
    return f"{type(value).__name__}: {cut}"


def _derived(
    member: str,
    ledger: StoredLedger,
    seal: Seal,
    replay: Replay,
    opening: dict[str, Any],
    statements: Iterable[sealing.Statement],
) -> Any:  # noqa: ANN401  JSON
    match member:
        case "meta":
            return sealing.meta(ledger)
        case "opening":
            return opening
        case "seal":
            return seal.value
        case "settlement":
            return replay.settled(seal.period)
        case _:
            return [
                {"id": row, "name": name, "document": document, "digest": digest, "size": size}
                for row, name, document, digest, size in statements
            ]
