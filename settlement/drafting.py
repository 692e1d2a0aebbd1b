"""A draft of the risk-share schedule: what somebody would have it say, and what each partner would pay under it.

A draft is a value. Every operation answers a new one, so that undoing is keeping the old. Clauses go by keys of the
draft's own: two may bear one number for the moment that it takes to type another, and caps still know which is meant.
Nothing here writes to a ledger.
"""

import re
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property, lru_cache

from ledgers import Ledger
from rules.agreement import Agreement, By, Cap, Clause, On, Share, Slice, Use
from rules.money import decimal
from rules.periods import FinancialYear, Period
from rules.position import Position
from rules.problems import Problem, RefusedError
from rules.reading import read_tables
from rules.reading_clauses import WHOLE
from rules.writing import write_agreement
from settlement.settle import Settlement, settle

_NUMBERED = re.compile(r"(?P<stem>.*?)(?P<number>\d+)", re.DOTALL)
_AT_NUMBER = re.compile(r"(?P<kind>clause|cap)\[(?P<number>\d+)\]")
NEW_TITLE = "New clause"

_SCHEDULE = ("clause", "cap")
_EMPTY = Agreement("", "", FinancialYear(0), (), (), ())


@dataclass(frozen=True, slots=True)
class Entry:
    """A clause of a draft, by its key. One that is disabled stays in the draft, and out of the agreement."""

    key: str
    clause: Clause
    enabled: bool = True


@dataclass(frozen=True)
class Draft:
    """A named draft. `rest` is the agreement but for clauses and caps; `caps` name clauses by the keys of entries."""

    name: str
    rest: Agreement
    entries: tuple[Entry, ...] = ()
    caps: tuple[Cap, ...] = ()

    @cached_property
    def agreement(self) -> Agreement:
        """The agreement as it would be, disabled clauses left out. It may not hold together: see `checked`."""
        return _put_together(self, (entry for entry in self.entries if entry.enabled))

    @cached_property
    def whole(self) -> Agreement:
        """The agreement with its disabled clauses among the others."""
        return _put_together(self, self.entries)

    def place_of(self, key: str) -> int:
        """Where the clause of a key stands, from 0. Raises ValueError if the draft has none such."""
        return [entry.key for entry in self.entries].index(key)

    def has(self, key: str) -> bool:
        """Whether the draft has the clause of a key."""
        return any(entry.key == key for entry in self.entries)

    def caps_on(self, key: str) -> tuple[int, ...]:
        """The places, in the list of caps, of those on a clause."""
        return tuple(place for place, cap in enumerate(self.caps) if key in cap.clauses)


def drafted(agreement: Agreement, name: str) -> Draft:
    """A draft that says what the agreement says."""
    entries = tuple(Entry(str(number), clause) for number, clause in enumerate(agreement.clauses, 1))
    key_of = {entry.clause.id: entry.key for entry in reversed(entries)}
    return Draft(name, _rest(agreement), entries, tuple(_by_keys(cap, key_of) for cap in agreement.caps))


# Operations: each answers the draft as it is afterwards


def renamed(draft: Draft, name: str) -> Draft:
    """Under another name."""
    return replace(draft, name=name)


def added(draft: Draft, clause: Clause, at: int | None = None) -> Draft:
    """With a clause at a place, or at the end; its key is the draft's `next_key` of before."""
    place = len(draft.entries) if at is None else at
    entry = Entry(next_key(draft), clause)
    return replace(draft, entries=(*draft.entries[:place], entry, *draft.entries[place:]))


def next_key(draft: Draft) -> str:
    """The key that the next clause added gets: one that no clause of the draft has."""
    return str(1 + max((int(entry.key) for entry in draft.entries), default=0))


def blank_clause(draft: Draft, on: On = On.OVERSPEND) -> Clause:
    """A clause to begin with: its number free, all of the overspends in proportion to contributions to the fund."""
    last = draft.entries[-1].clause.id if draft.entries else ""
    share = Share(By.INCURRED if on.is_influenced else By.FUND)
    return Clause(free_id(draft, last), NEW_TITLE, on, (Slice(WHOLE, Use.PARTNERS, share=share),))


def free_id(draft: Draft, like: str) -> str:
    """The next number after one that no clause of the draft has: `7.3` after `7.2`, `7B-2` after `7B`."""
    taken = {entry.clause.id for entry in draft.entries}
    if not like:
        like = "0"
    found = _NUMBERED.fullmatch(like)
    stem, number = (found["stem"], int(found["number"])) if found else (f"{like}-", 1)
    while True:
        number += 1
        if f"{stem}{number}" not in taken:
            return f"{stem}{number}"


def duplicated(draft: Draft, key: str) -> Draft:
    """With a copy of a clause right after it, under a free number and the same caps: their headroom is one."""
    place = draft.place_of(key)
    copied = draft.entries[place]
    new = next_key(draft)
    clause = replace(copied.clause, id=free_id(draft, copied.clause.id))
    after = added(draft, clause, place + 1)
    caps = tuple(replace(cap, clauses=(*cap.clauses, new)) if key in cap.clauses else cap for cap in draft.caps)
    return switched(replace(after, caps=caps), new, enabled=copied.enabled)


def moved(draft: Draft, key: str, to: int) -> Draft:
    """With a clause moved to another place, from 0; past either end is at that end."""
    place = draft.place_of(key)
    others = draft.entries[:place] + draft.entries[place + 1 :]
    at = min(max(to, 0), len(others))
    return replace(draft, entries=(*others[:at], draft.entries[place], *others[at:]))


def deleted(draft: Draft, key: str) -> Draft:
    """Without a clause; a cap that was on it alone goes with it."""
    caps = (replace(cap, clauses=tuple(each for each in cap.clauses if each != key)) for cap in draft.caps)
    return replace(
        draft,
        entries=tuple(entry for entry in draft.entries if entry.key != key),
        caps=tuple(cap for cap in caps if cap.clauses),
    )


def switched(draft: Draft, key: str, *, enabled: bool) -> Draft:
    """With a clause disabled, or enabled again."""
    return _with_entry(draft, key, lambda entry: replace(entry, enabled=enabled))


def replaced(draft: Draft, key: str, clause: Clause) -> Draft:
    """With a clause that says something else."""
    return _with_entry(draft, key, lambda entry: replace(entry, clause=clause))


def with_caps(draft: Draft, caps: Iterable[Cap]) -> Draft:
    """With these caps, which name clauses by their keys."""
    return replace(draft, caps=tuple(caps))


def saying(draft: Draft, agreement: Agreement) -> Draft:
    """Saying what another agreement says; the clauses that stand in it as they stood keep key and disablement.

    So a template's answer, or the text as somebody edited it, is taken into a draft.
    """
    known = list(draft.entries)
    fresh = int(next_key(draft))
    entries = []
    for clause in agreement.clauses:
        same = next((entry for entry in known if entry.clause == clause), None)
        same = same or next((entry for entry in known if entry.clause.id == clause.id), None)
        if same is not None:
            known.remove(same)
            entries.append(replace(same, clause=clause))
        else:
            entries.append(Entry(str(fresh), clause))
            fresh += 1
    key_of = {entry.clause.id: entry.key for entry in reversed(entries)}
    return Draft(draft.name, _rest(agreement), tuple(entries), tuple(_by_keys(cap, key_of) for cap in agreement.caps))


def weights_in_words(share: Share) -> str:
    """What fixed shares make together: whether they are per cent, or parts of something else."""
    whole = sum((weight for _, weight in share.weights), Fraction())
    if not share.weights:
        return ""
    if whole == WHOLE:
        return "They make 100%."
    return f"They make {decimal(whole)}, so that each is so many parts of {decimal(whole)}."


# What comes of it


def checked(draft: Draft, file: str = "") -> Agreement:
    """The draft's agreement, read as its file would be.

    Raises RefusedError with everything that does not hold together; `entry_at` says at which clause.
    """
    agreement = draft.agreement
    schedule = replace(_EMPTY, clauses=agreement.clauses, caps=agreement.caps)
    # a draft is read at each key that is typed: what is around its clauses stays, and is by far the most of the text
    written = tomllib.loads(write_agreement(schedule))
    return read_tables({**_tables_of(draft.rest), **{key: written[key] for key in _SCHEDULE if key in written}}, file)


def settled(ledger: Ledger, draft: Draft, period: Period, *, outturn: bool = False) -> Settlement:
    """What the ledger's figures come to under the draft. Raises RefusedError if it cannot be applied to them."""
    with ledger.snapshot():
        position = ledger.position(period, outturn=outturn)
    return settle(checked(draft), position)


@dataclass(frozen=True, slots=True)
class Tried:
    """A draft tried on a ledger's figures: the settlement or, where there is none, what is wrong with the draft."""

    draft: Draft
    settlement: Settlement | None
    problems: tuple[Problem, ...] = ()


def tried(draft: Draft, position: Position) -> Tried:
    """The draft tried on the figures of a position; what is wrong with it is an answer, not an error."""
    try:
        return Tried(draft, settle(checked(draft), position))
    except RefusedError as refused:
        return Tried(draft, None, refused.problems)


def entry_at(draft: Draft, problem: Problem) -> str | None:
    """The key of the clause that a problem of the draft's agreement is about, None if it is about no clause.

    A problem of a cap is about the first clause that the cap is on.
    """
    live = [entry for entry in draft.entries if entry.enabled]
    place = problem.place
    found = _AT_NUMBER.match(place)
    if found is not None:
        at = int(found["number"]) - 1
        if found["kind"] == "clause":
            return live[at].key if at < len(live) else None
        caps = [keys for cap in draft.caps if (keys := _kept(cap, live))]
        return caps[at][0] if at < len(caps) else None
    named = [entry for entry in live if f"{place}.".startswith(f"clause {entry.clause.id}.")]
    # of `7` and `7.1` the longer is meant; of two with one number the second is placed by its place
    return max(reversed(named), key=lambda entry: len(entry.clause.id)).key if named else None


@lru_cache(maxsize=8)
def _tables_of(rest: Agreement) -> dict[str, object]:
    return tomllib.loads(write_agreement(rest))


def _with_entry(draft: Draft, key: str, change: Callable[[Entry], Entry]) -> Draft:
    place = draft.place_of(key)
    entries = draft.entries
    return replace(draft, entries=(*entries[:place], change(entries[place]), *entries[place + 1 :]))


def _put_together(draft: Draft, chosen: Iterable[Entry]) -> Agreement:
    entries = list(chosen)
    id_of = {entry.key: entry.clause.id for entry in entries}
    caps = ((cap, _kept(cap, entries)) for cap in draft.caps)
    return replace(
        draft.rest,
        clauses=tuple(entry.clause for entry in entries),
        caps=tuple(replace(cap, clauses=tuple(id_of[key] for key in keys)) for cap, keys in caps if keys),
    )


def _kept(cap: Cap, entries: Iterable[Entry]) -> tuple[str, ...]:
    """The keys of the clauses that a cap is on, of those that are there."""
    there = {entry.key for entry in entries}
    return tuple(key for key in cap.clauses if key in there)


def _by_keys(cap: Cap, key_of: dict[str, str]) -> Cap:
    return replace(cap, clauses=tuple(key_of[code] for code in cap.clauses))


def _rest(agreement: Agreement) -> Agreement:
    return replace(agreement, clauses=(), caps=())
