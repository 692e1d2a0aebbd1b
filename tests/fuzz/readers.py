"""Every reader of what comes from a stranger, each as a function of bytes that only our own errors may leave.

Beside “nothing else leaves” each says what must hold of whatever was read: that it is written again as it stood.
"""

import json
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path

from ledgers.importing.columns import LINES
from ledgers.importing.judging import Judge
from ledgers.importing.mapping import Mapping, read_mapping
from ledgers.importing.opening import open_source
from ledgers.importing.reading_lines import LineReader
from ledgers.importing.reading_measures import read_measures
from ledgers.importing.source import look_at
from rules.agreement import Agreement
from rules.periods import FinancialYear, Period
from rules.problems import RefusedError
from rules.reading import read_agreement
from rules.succession import agreement_at
from settlement.signoff.assenting import AssentText
from settlement.signoff.canonical import canonical
from settlement.signoff.differences import differences
from settlement.signoff.errors import VerificationError
from settlement.signoff.exported import look_through
from settlement.signoff.keys import public_key_of
from settlement.signoff.notes import Note, Signed
from settlement.signoff.packfile import Rows, pack_bytes, read_members
from settlement.signoff.packs import MANY

OURS = (RefusedError, VerificationError)
GOLDEN = Path(__file__).resolve().parents[1] / "golden"
APART = b"\n=====\n"
"""Between the two parts of an input that has two."""

Reader = Callable[[bytes, Path], None]
"""Reads bytes; whatever files that needs go into the folder."""


def csv(data: bytes, folder: Path) -> None:
    """A file of lines or measures, as an import reads it; a mapping may stand before it."""
    mapping, found, rows = data.partition(APART)
    plan = read_mapping(mapping.decode(errors="replace"), name="theirs") if found else None
    _imported(rows if found else data, folder, plan)


def _imported(data: bytes, folder: Path, plan: Mapping | None) -> None:
    path = folder / "lines.csv"
    path.write_bytes(data)
    source = look_at(path)
    assert source.digest == sha256(data).hexdigest()
    with open_source(source, plan) as opened:
        if opened.columns.content != LINES:
            list(read_measures(opened.sheet, opened.columns, opened.faults))
            opened.faults.refuse()
            return
        agreement = _agreement()
        later = {period: max(period, Period.M3) for period in Period}
        reader = LineReader(opened.columns, Judge(lambda _: agreement, later), opened.faults)
        rows = list(reader.read(opened.sheet))
        reader.check_virements(opened.sheet, lambda _: 0)
        opened.faults.refuse()
        assert len(rows) == reader.count
        assert sum(row[6] for row in rows) == sum(reader.totals.values())


@cache
def _agreement() -> Agreement:
    text = (GOLDEN / "barnet-2014-15-core" / "agreement.toml").read_text(encoding="utf-8")
    return read_agreement(text)


def agreement(data: bytes, _: Path) -> None:
    """An agreement.toml, and how it reads at the first and the last period."""
    read = read_agreement(data.decode(errors="replace"))
    for period in (Period.M1, Period.M13):
        agreement_at(read, period)


def note(data: bytes, _: Path) -> None:
    """A note."""
    assert Note.read(data).text.encode() == data


def signed(data: bytes, _: Path) -> None:
    """The text that a partner signed."""
    assert Signed.read(data).text.encode() == data


def key(data: bytes, _: Path) -> None:
    """A public key."""
    assert public_key_of(data).pem.encode() == data


def assent(data: bytes, _: Path) -> None:
    """The text of an assent."""
    text = data.decode(errors="replace")
    assert AssentText.read(text).text == text


def pack(data: bytes, _: Path) -> None:
    """A pack, as one piece and as many: as it stands, and with the form mended, so that what it says is read."""
    for each in {data, _mended(data)}:
        _read_pack(each)


def _read_pack(data: bytes) -> None:
    whole, small = _told(data, len(data) or 1), _told(data, 7)
    if isinstance(whole, str):
        assert isinstance(small, str)  # which of several faults is told first may differ
        raise VerificationError(whole)
    assert whole == small
    members = read_members([data], MANY)
    assert b"".join(pack_bytes(members)) == data


def _told(data: bytes, size: int) -> str | list[object]:
    """What the members say, or why there are none, of the pack in pieces of a size."""
    pieces = [data[start : start + size] for start in range(0, len(data), size)]
    try:
        return [
            (name, [row.values for row in member] if isinstance(member, Rows) else member.value)
            for name, member in read_members(pieces, MANY)
        ]
    except VerificationError as error:
        return str(error)


def pair(data: bytes, _: Path) -> None:
    """What differs between two packs: nothing if they are the same, else something, each in a sentence."""
    one, _, other = data.partition(APART)
    one, other = _mended(one), _mended(other)
    found = [each.sentence() for each in differences([one], [other], MANY, 50)]
    assert bool(found) == (one != other)


def folder(data: bytes, folder: Path) -> None:
    """An exported folder whose note fits its pack, whatever the pack says."""
    pack = _mended(data)
    at = folder / "export" / "0001"
    at.mkdir(parents=True, exist_ok=True)
    (at / "pack.json").write_bytes(pack)
    (at / "note.txt").write_bytes(_note_of(pack).text.encode())
    found = look_through(folder / "export")
    assert not found.verified


def _note_of(pack: bytes) -> Note:
    """A note that says of a pack what the pack says of itself, as far as a note can."""
    said = _value(pack)
    seal = said.get("seal") if isinstance(said, dict) else None
    settlement = said.get("settlement") if isinstance(said, dict) else None
    told = seal if isinstance(seal, dict) else {}
    partners = settlement.get("partners") if isinstance(settlement, dict) else None
    period = Period.__members__.get(str(told.get("period")), Period.M1)
    codes = tuple(map(str, partners)) if isinstance(partners, list) and partners else ("A", "B")
    return Note(
        ledger=str(told.get("ledger", "")),
        agreement="worked",
        year=FinancialYear(2022),
        sequence=1,
        period=period,
        partners=codes,
        pack_digest=sha256(pack).hexdigest(),
        pack_bytes=len(pack),
        previous=None,
    )


def _mended(data: bytes) -> bytes:
    """The same JSON in canonical form, if it has one: chance would not come upon it."""
    try:
        return canonical(_value(data))
    except VerificationError:
        return data


def _value(data: bytes) -> object:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return 0.5  # what no pack holds


READERS: dict[str, Reader] = {
    each.__name__: each for each in (agreement, assent, csv, folder, key, note, pack, pair, signed)
}
