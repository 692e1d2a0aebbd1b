"""An import: one file, one batch, one transaction. It is posted whole or not at all, and only once."""

import re
from contextlib import nullcontext
from functools import partial
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from ledgers.importing.columns import LINES
from ledgers.importing.mapping import Mapping, read_mapping
from ledgers.importing.opening import Opened, open_source
from ledgers.importing.reading_lines import LineReader, line_of
from ledgers.importing.reading_measures import MeasureRow, read_measures
from ledgers.importing.source import Source, look_at
from ledgers.ledger import Imported, Progress, State
from ledgers.posting import Poster
from ledgers.refusing import refuse, refuse_unless_writable
from ledgers.trail import Action, record

if TYPE_CHECKING:
    from ledgers.stored import StoredLedger

_SAMPLE = 20
_NAME = re.compile(r"[\w][\w .-]*")


def import_file(
    ledger: "StoredLedger", path: str | Path, mapping: str | None, *, dry_run: bool, progress: Progress | None
) -> Imported:
    """Post a CSV or XLSX file of lines or measures. See `Ledger.import_file`."""
    if not dry_run:
        refuse_unless_writable(ledger)
    plan, is_new = (None, False) if mapping is None else _mapping(ledger, mapping)
    source = look_at(path, plan.encoding if plan else "utf-8")
    with nullcontext() if dry_run else ledger.store.transaction():
        refuse_if_posted(ledger, source)
        if plan is not None and is_new and not dry_run:
            _save(ledger, plan.name, plan.text)
        with open_source(source, plan, progress) as opened:
            importing = _import_lines if opened.columns.content == LINES else _import_measures
            imported = importing(ledger, opened, plan.name if plan else "", dry_run=dry_run)
        source.check_unchanged()
    return imported


def dry_run_of(ledger: "StoredLedger", opened: Opened, mapping: str = "") -> Imported:
    """What importing an open file would post; what is wrong goes to its faults, which refuse it or do not."""
    importing = _import_lines if opened.columns.content == LINES else _import_measures
    return importing(ledger, opened, mapping, dry_run=True)


def refuse_if_posted(ledger: "StoredLedger", source: Source) -> None:
    """Raise RefusedError if a file with these very bytes was imported before."""
    before = ledger.store.rows(
        "SELECT id, file, posted_at, actor FROM batches WHERE digest = :digest", digest=source.digest
    )
    if before:
        ((batch, file, at, actor),) = before
        named = "" if file == source.file else f" as {file}"
        message = f"this file was imported already{named}: batch {batch}, {at}, by {actor}; nothing was posted"
        refuse(message, source.file)


def _import_lines(ledger: "StoredLedger", opened: Opened, mapping: str, *, dry_run: bool) -> Imported:
    poster, source = Poster(ledger), opened.source
    reader = LineReader(opened.columns, poster.judge(), opened.faults)
    first, batch = poster.next_ids()
    rows = reader.read(opened.sheet, first, batch)
    if dry_run:
        sample = tuple(line_of(row, source.file) for row in islice(rows, _SAMPLE))
        for _ in rows:
            pass
    else:
        ledger.store.insert_lines(rows)
    reader.check_virements(opened.sheet, partial(poster.standing, before_batch=batch))
    opened.faults.refuse()
    if not reader.count:
        refuse(_no_lines(reader.left_out), source.file)
    if not dry_run:
        poster.keep_totals(reader.totals, source.file)
        poster.keep_batch(
            batch,
            LINES,
            reader.count,
            reader.totals,
            file=source.file,
            digest=source.digest,
            mapping=mapping,
            told=f"{reader.late:,} of them late" if reader.late else "",
        )
        sample = tuple(ledger.lines(after=first - 1, limit=_SAMPLE))
    return Imported(
        batch=None if dry_run else batch,
        file=source.file,
        digest=source.digest,
        content=LINES,
        count=reader.count,
        totals_pence=reader.totals_by_kind(),
        late=reader.late,
        mapping=mapping,
        sample=sample,
        left_out=reader.left_out,
    )


def _no_lines(left_out: int) -> str:
    if not left_out:
        return "the file has a header and no lines"
    return f"the mapping leaves out every row of the file, {left_out:,} of them: look at its [only] and [skip]"


def _import_measures(ledger: "StoredLedger", opened: Opened, mapping: str, *, dry_run: bool) -> Imported:
    poster, source, faults = Poster(ledger), opened.source, opened.faults
    rows = list(read_measures(opened.sheet, opened.columns, faults))
    changed = _changed_of_open_periods(ledger, opened, rows)
    faults.refuse()
    if not rows:
        refuse("the file has a header and no measures", source.file)
    _, batch = poster.next_ids()
    if not dry_run:
        ((first,),) = ledger.store.rows("SELECT COALESCE(MAX(id), 0) + 1 FROM measures")
        ledger.store.run_many(
            "INSERT INTO measures (id, batch, period, measure, baseline, target, actual, row_number, raw) "
            "VALUES (:id, :batch, :period, :measure, :baseline, :target, :actual, :row_number, :raw)",
            [_values(number, batch, row) for number, row in enumerate(changed, first)],
        )
        poster.keep_batch(batch, "measures", len(changed), {}, file=source.file, digest=source.digest, mapping=mapping)
    return Imported(
        batch=None if dry_run else batch,
        file=source.file,
        digest=source.digest,
        content="measures",
        count=len(rows),
        mapping=mapping,
    )


def _changed_of_open_periods(ledger: "StoredLedger", opened: Opened, rows: list[MeasureRow]) -> list[MeasureRow]:
    """The rows to post. What a closed period says may be said again, as a year's table does, but not changed."""
    closed = {state.period: state.state for state in ledger.periods() if state.state is not State.OPEN}
    standing = ledger.measures()
    kept = []
    for row in rows:
        state = closed.get(row.period)
        if state is None:
            kept.append(row)
        elif row.measured() not in standing:
            message = f"{row.period} is {state}; its measures can be repeated but not changed"
            opened.faults.add(message, row.row, opened.sheet.place(opened.columns.index["period"], row.row))
    return kept


def _values(number: int, batch: int, row: MeasureRow) -> dict[str, object]:
    return {
        "id": number,
        "batch": batch,
        "period": int(row.period),
        "measure": row.measure,
        "baseline": row.baseline,
        "target": row.target,
        "actual": row.actual,
        "row_number": row.row,
        "raw": row.raw,
    }


def _mapping(ledger: "StoredLedger", name: str) -> tuple[Mapping, bool]:
    """The saved mapping of the name, or the one in the file of that path, and whether that is still to be saved."""
    saved = ledger.mappings()
    if name in saved:
        return saved[name], False
    path = Path(name)
    if not path.is_file():
        known = f"; saved are {', '.join(saved)}" if saved else ""
        refuse(f"there is neither a saved mapping nor a file of this name{known}", name)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        refuse(f"the mapping cannot be read: {error}", name)
    mapping = read_mapping(text, name=path.stem, file=name)
    return mapping, mapping.name not in saved or saved[mapping.name].text != text


def save_mapping(ledger: "StoredLedger", name: str, text: str) -> Mapping:
    """Keep a mapping under a name, in place of an older one of that name."""
    refuse_unless_writable(ledger)
    mapping = read_mapping(text, name=name, file=name)
    with ledger.store.transaction():
        _save(ledger, name, text)
    return mapping


def _save(ledger: "StoredLedger", name: str, text: str) -> None:
    if not _NAME.fullmatch(name):
        refuse("a mapping's name is of letters, digits, spaces, dots and dashes", name, place="name")
    now = ledger.now()
    ledger.store.run(
        "INSERT INTO mappings (id, name, body, saved_at, actor) "
        "SELECT COALESCE(MAX(id), 0) + 1, :name, :body, :saved_at, :actor FROM mappings",
        name=name,
        body=text,
        saved_at=now.isoformat(timespec="seconds"),
        actor=ledger.store.actor(),
    )
    digest = sha256(text.encode()).hexdigest()
    record(ledger.store, now, Action.MAPPING, f"mapping {name}", f"column mapping saved, sha256 {digest}")
