"""The settlement performed again from the lines themselves, and every figure held against what is kept and was signed.

Nothing is taken from the kept totals, nor from what was settled before: the agreement's text is read anew, the lines
are summed, the rules are run. The result is compared with the one that the ledger gives from its kept totals and, of a
period that was sealed by a note of its own, with the one in the sealed pack, trace and all.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ledgers import sealing
from ledgers.auditing import kept_total_findings
from ledgers.ledger import Ledger
from ledgers.sealing import NoteRow
from ledgers.stored import StoredLedger
from rules.agreement import On
from rules.money import pounds
from rules.periods import Period
from rules.position import position_at
from rules.problems import RefusedError
from settlement.explain import row_names
from settlement.result import result_of
from settlement.sentences import SUBJECT_NAMES
from settlement.service import settle_ledger
from settlement.settle import Settlement, settle
from settlement.signoff.canonical import canonical
from settlement.signoff.errors import VerificationError, in_refusals
from settlement.signoff.packfile import Rows, read_members
from settlement.signoff.packs import MANY
from settlement.signoff.signing import replay_upto

Report = Callable[[int, int, str], None]

_ROW_NAMES = {key: words for key, words, _ in row_names()}
_KEYS = {words: key for key, words in _ROW_NAMES.items()}


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure in pence: as worked again, as the ledger gives it, and as it was signed. None: it is not there.

    `what` names it, `of` whose or what it is of: a partner's code, a group of schemes. `key` is the result's, of a
    figure of a partner's row.
    """

    of: str
    what: str
    worked_pence: int | None
    ledger_pence: int | None
    signed_pence: int | None = None
    was_signed: bool = False
    key: str = ""

    @property
    def agrees(self) -> bool:
        """Whether all that there is to compare is the same."""
        return self.worked_pence == self.ledger_pence and (
            not self.was_signed or self.worked_pence == self.signed_pence
        )


@dataclass(frozen=True, slots=True)
class Reperformed:
    """A settlement performed again. `note` is the sealed one that it was held against, None if there is none.

    `figures` are in the order of the result; `others` are differences that are no figures, in sentences, and `facts`
    what was done, in sentences too.
    """

    period: Period
    note: int | None
    figures: tuple[Compared, ...]
    others: tuple[str, ...]
    facts: tuple[str, ...]

    @property
    def differing(self) -> tuple[Compared, ...]:
        """The figures that do not agree."""
        return tuple(each for each in self.figures if not each.agrees)

    @property
    def holds(self) -> bool:
        """Whether nothing differs."""
        return not self.others and not self.differing

    @property
    def conclusion(self) -> str:
        """All of it in a sentence."""
        against = "what the ledger gives" if self.note is None else f"what the ledger gives and note {self.note} signed"
        if self.holds:
            return f"All {len(self.figures):,} figures of {self.period}, worked again from the lines, are {against}."
        count = len(self.differing) + len(self.others)
        differ = "1 thing differs" if count == 1 else f"{count:,} things differ"
        return f"{differ} between {self.period}, worked again from the lines, and {against}."


def reperform(ledger: Ledger, period: Period, report: Report = lambda _done, _total, _what: None) -> Reperformed:
    """Perform the settlement of a period's year to date again. Raises RefusedError where it cannot be settled."""
    report(0, 0, "Adding up the lines")
    note: NoteRow | None = None
    if isinstance(ledger, StoredLedger):
        note = next((row for row in sealing.notes(ledger) if row.period == period and not row.is_withdrawn), None)
        covering = next((row for row in sealing.notes(ledger) if row.period >= period and row.is_complete), None)
        cut = (note or covering or _Now(sealing.ends(ledger))).cut
        with in_refusals(ledger.name), ledger.snapshot():
            replay = replay_upto(ledger, cut)
            settlement = replay.settlement_at(period)
        count = cut["lines"]
    else:
        settlement, count = _of_folder(ledger, period)
        covering = None
    report(0, 0, "Comparing the figures")
    worked = dict(_figures(result_of(settlement)))
    given = dict(_figures(result_of(settle_ledger(ledger, period))))
    others, signed = [], None
    facts = [f"{count:,} lines were added up anew, and the agreement in force at {period} was applied to them."]
    if isinstance(ledger, StoredLedger):
        report(0, 0, "Holding the kept totals against the lines")
        others += [f"{_raised(finding.message)}." for finding in kept_total_findings(ledger)]
        if not others:
            facts.append("Every kept total is what its lines come to.")
    if note is not None and isinstance(ledger, StoredLedger):
        report(0, 0, f"Reading the pack of note {note.sequence}")
        with in_refusals(ledger.name):
            again = replay.settled(period)
        signed = _signed(ledger, note, again, others, facts)
    elif covering is not None:
        facts.append(
            f"{period} was signed together with {covering.period}, whose pack has the figures of {covering.period}: "
            "perform that again to hold them against it."
        )
    else:
        facts.append(f"{period} was not put up for signature: there is no pack to hold the figures against.")
    keys = dict.fromkeys([*worked, *given, *(signed or {})])
    figures = tuple(
        Compared(
            *key,
            worked.get(key),
            given.get(key),
            None if signed is None else signed.get(key),
            signed is not None,
            _KEYS.get(key[1], ""),
        )
        for key in keys
    )
    held_against = note.sequence if note is not None and signed is not None else None
    return Reperformed(period, held_against, figures, tuple(others), tuple(facts))


@dataclass(frozen=True, slots=True)
class _Now:
    """The ledger as it is, where no note covers the period."""

    cut: sealing.Cut


def _of_folder(ledger: Ledger, period: Period) -> tuple[Settlement, int]:
    lines = list(ledger.lines())
    position = position_at(
        period,
        ((line.scheme, line.partner, line.kind, line.period, line.in_default, line.amount_pence) for line in lines),
        ledger.measures(),
    )
    return settle(ledger.agreement_at(period), position), len(lines)


def _signed(
    ledger: StoredLedger, note: NoteRow, again: Mapping[str, Any], others: list[str], facts: list[str]
) -> dict[tuple[str, str], int] | None:
    """The figures in a note's pack; how the rest of its settlement compares goes into `others` and `facts`."""
    try:
        told = _settlement_in_pack(ledger, note)
        figures = dict(_figures(told["result"]))
        same = canonical(told) == canonical(again)
    except (VerificationError, RefusedError, KeyError, TypeError, AttributeError, ValueError) as error:
        others.append(f"The sealed pack of note {note.sequence} cannot be read: {error}.")
        return None
    if same:
        facts.append(
            f"The trace of every figure, step by step, is to the letter the one in the sealed pack of note "
            f"{note.sequence}."
        )
    else:
        others.append(f"The trace worked again is not the one in the sealed pack of note {note.sequence}.")
    facts.append("Whether the pack is the one that was signed, verification says: it needs the partners’ public keys.")
    return figures


def _settlement_in_pack(ledger: StoredLedger, note: NoteRow) -> dict[str, Any]:
    for name, member in read_members(sealing.sealed_pack(ledger, note.sequence), MANY):
        if isinstance(member, Rows):
            for _ in member:
                pass
        elif name == "settlement":
            return dict(member.value)
    message = "it has no settlement"
    raise VerificationError(message)


# --- the figures of a result, each by its name ------------------------------------------------------------------------


def _figures(result: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], int]]:
    for code, row in result["partners"].items():
        for key, words in _ROW_NAMES.items():
            yield (code, words), row[key]
    for each in result["transfers"]:
        yield (each["from"], f"Pays {each['to']}"), each["amount"]
    for subject in result["subjects"]:
        yield from _of_subject(subject)
    for code, pence in result["reserves"].items():
        yield (code, "Reserve, closing balance"), pence
    for each in result["performance"]:
        yield (each["id"], "Performance pay held"), each["held"]
        yield (each["id"], "Performance pay released"), each["released"]
    yield ("", "Unallocated in all"), result["unallocated"]


def _of_subject(subject: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], int]]:
    name = _raised(SUBJECT_NAMES[On(subject["on"])])
    group = subject["group"]
    yield (group, name), subject["amount"]
    yield (group, f"{name}, unallocated"), subject["unallocated"]
    for part in subject["parts"]:
        dealt = f"{name}, clause {part['clause']} to {part['to']}"
        yield (group, dealt), part["amount"]
        for code, pence in (part.get("partners") or {}).items():
            yield (group, f"{dealt}, share of {code}"), pence


def _raised(text: str) -> str:
    return text[:1].upper() + text[1:]


def difference_in_words(compared: Compared) -> str:
    """What a figure is, worked again and otherwise, as a sentence."""
    of = f"{compared.of}: " if compared.of else ""
    told = [f"worked again {_shown(compared.worked_pence)}", f"the ledger gives {_shown(compared.ledger_pence)}"]
    if compared.was_signed:
        told.append(f"signed was {_shown(compared.signed_pence)}")
    return f"{of}{compared.what}: {', '.join(told)}."


def _shown(pence: int | None) -> str:
    return "nothing" if pence is None else pounds(pence)
