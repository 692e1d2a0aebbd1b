"""Batches: the statements of every month of every partner of many ledgers, on all processors, with a manifest.

What there will be is planned before anything is written: two documents of one name are refused, and so is a file that
is there already and would become another. Each file is drafted aside, by whichever process is free, and takes its place
when it is whole; so a batch that is called off leaves whole files, and the manifest names them. What is written does
not depend on how many processes there are, nor on which of them made it.
"""

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from tempfile import mkdtemp
from typing import Never

from rules.english import listed, quoted
from rules.periods import Period
from rules.problems import Problem, RefusedError
from settlement.batches.manifest import DRAFTS, MANIFEST, SUMS, Entry, digest_of, read_manifest, write_manifest
from settlement.batches.names import USUAL, USUAL_IN_LANGUAGES, ledger_names, read_pattern, refuse_same
from settlement.batches.pool import Refused, Work, deaf_to_interrupts, done_by
from settlement.batches.work import (
    Asked,
    LedgerPlan,
    LedgerTask,
    Made,
    PeriodPlan,
    PeriodTask,
    Setting,
    ledger_file,
    make_period,
    plan_ledger,
)
from settlement.looks import strangers_in

Report = Callable[[int, int, str], None]
"""Told how much of how much is done, and what; it may raise, which calls the batch off."""

_NAMED = 5


@dataclass(frozen=True, slots=True)
class Batch:
    """What is to be written: of these ledgers, to this folder. `names` is a pattern, "" for the usual one.

    `jobs` is how many processes work on it, 0 for as many as there are processors. A single one is this process itself
    unless the work is to be done `aside`, so that a window can draw meanwhile.
    """

    ledgers: tuple[str, ...]
    out: str
    asked: Asked = field(default_factory=Asked)
    names: str = ""
    jobs: int = 0
    overwrite: bool = False
    aside: bool = False

    @property
    def pattern(self) -> str:
        """The pattern of the names."""
        return self.names or (USUAL_IN_LANGUAGES if len(self.asked.languages) > 1 else USUAL)

    @property
    def processes(self) -> int:
        """How many processes work on it: as many as are asked for, or as there are processors for this one."""
        return self.jobs or _processors()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What could not be written, and why: a ledger, or one period of it."""

    ledger: str
    period: Period | None
    why: str

    @property
    def place(self) -> str:
        """`pool.s75, M6`, or the ledger alone."""
        return self.ledger if self.period is None else f"{self.ledger}, {self.period}"

    def __str__(self) -> str:
        """`pool.s75, M6: why`."""
        return f"{self.place}: {self.why}"


@dataclass(slots=True)
class Done:
    """What a batch has done, also one that was called off: files by their place under the folder.

    `remarks` are worth a look, and keep nothing from being written; `is_listed` says that the manifest names the files.
    """

    out: str
    total: int = 0
    written: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    is_listed: bool = False

    @property
    def count(self) -> int:
        """How many files are there as they should be."""
        return len(self.written) + len(self.replaced) + len(self.unchanged)


def run_batch(batch: Batch, report: Report = lambda _done, _total, _what: None, done: Done | None = None) -> Done:
    """Write a batch. `done` is filled as files take their places: whoever calls the batch off sees what there is.

    Raises RefusedError before anything is written: for a pattern that gives no proper names or two documents one, for
    partners that no ledger has, for files that are there and would become others, unless they may be replaced. A
    ledger or period that cannot be settled is left out, and said in the answer. Raises OSError if a file cannot be
    written; whatever ends a batch, whole files and a manifest that names them are what is left.
    """
    return _Run(batch, report, Done(batch.out) if done is None else done).go()


class _Run:
    """One batch on its way."""

    def __init__(self, batch: Batch, report: Report, done: Done) -> None:
        self._batch, self._report, self._done = batch, report, done
        self._out = Path(batch.out)
        self._setting = Setting(batch.asked, read_pattern(batch.pattern))
        self._entries: dict[str, Entry] = {}
        self._doing = "Reading the ledgers"

    def go(self) -> Done:
        self._look_at_folder()
        before = read_manifest(self._out)
        tasks = self._planned(self._ledgers())
        self._look_for_folders(tasks)
        self._done.total = sum(len(task.files) for task in tasks)
        there = [] if self._batch.overwrite else self._there_already(tasks)
        if not tasks:
            return self._done
        is_new = not self._out.exists()
        self._out.mkdir(parents=True, exist_ok=True)
        drafts = mkdtemp(prefix=f"{DRAFTS}batch-", dir=self._out)
        self._setting = replace(self._setting, drafts=drafts)
        try:
            self._hold_to_what_is_there(there)
            standing = {file.file for task in there for file in task.files}
            rest = [
                replace(task, files=tuple(each for each in task.files if each.file not in standing)) for task in tasks
            ]
            for task, made in self._made([task for task in rest if task.files]):
                for each in made:
                    with deaf_to_interrupts():  # what takes its place is in the manifest too
                        self._place(each)
                self._tell(task)
        finally:
            with deaf_to_interrupts():  # whoever is impatient gets whole files and their manifest as well
                self._end(drafts, before, is_new=is_new)
        return self._done

    def _end(self, drafts: str, before: Iterable[Entry], *, is_new: bool) -> None:
        """Leave nothing but whole files and a manifest of them, however it ended."""
        shutil.rmtree(drafts, ignore_errors=True)
        self._put_in_order()
        if self._entries:
            kept = {each.file: each for each in before}
            write_manifest(self._out, {**kept, **self._entries}.values())
            self._done.is_listed = True
        if is_new:
            with suppress(OSError):  # it stays where there is something in it
                self._out.rmdir()

    def _put_in_order(self) -> None:
        """Whichever process was first, the same batch says the same."""
        for each in (self._done.written, self._done.replaced, self._done.unchanged):
            each.sort()
        self._done.left_out.sort(key=lambda each: (each.ledger, each.period or 0))

    # What there will be

    def _ledgers(self) -> list[LedgerTask]:
        """The ledgers, each once."""
        seen: dict[str, str] = {}
        for where in self._batch.ledgers:
            if not where.strip():
                _refuse("an empty name is no ledger’s", "LEDGER")
            same = _identity(where)
            if same in seen:
                _refuse(f"the ledger is named twice; {ledger_file(seen[same])} is {ledger_file(where)}", "LEDGER")
            seen[same] = where
        return [LedgerTask(where, called) for where, called in ledger_names(seen.values()).items()]

    def _planned(self, ledgers: list[LedgerTask]) -> list[PeriodTask]:
        """Every period to make, in the order of the ledgers; names are held to each other."""
        work = Work(plan_ledger, self._setting)
        plans: dict[int, LedgerPlan | Refused] = {}
        answers = done_by(work, ledgers, self._jobs(len(ledgers)), self._check)
        with closing(answers):
            for place, answer in answers:
                plans[place] = answer
                self._report(0, 0, f"Reading {ledger_file(ledgers[place].where)}")
        found: list[tuple[LedgerTask, PeriodPlan]] = []
        known: set[str] = set()
        for place, ledger in enumerate(ledgers):
            plan = plans[place]
            called = ledger_file(ledger.where)
            if isinstance(plan, Refused):
                self._done.left_out.append(LeftOut(called, None, "; ".join(plan.why)))
                continue
            known.update(plan.partners)
            self._done.left_out += [LeftOut(called, period, why) for period, why in plan.left_out]
            if not plan.periods and not plan.left_out:
                self._done.left_out.append(LeftOut(called, None, self._nothing()))
            found += [(ledger, each) for each in plan.periods]
        unknown = [code for code in self._batch.asked.partners or () if code not in known]
        if unknown and known:
            _refuse(
                f"no ledger has the partner {listed(map(quoted, unknown))}; they have {listed(sorted(known))}",
                "--partner",
            )
        if self._batch.asked.theme is not None and known:
            self._done.remarks += strangers_in(self._batch.asked.theme, sorted(known))
        refuse_same((file.file, file.of) for _, plan in found for file in plan.files)
        return [PeriodTask(ledger, plan, plan.files, number) for number, (ledger, plan) in enumerate(found)]

    def _nothing(self) -> str:
        asked = self._batch.asked
        return "it has no signed period" if asked.periods == "signed" else "it has nothing of what is asked for"

    # What is there already

    def _look_at_folder(self) -> None:
        if self._out.exists() and not self._out.is_dir():
            _refuse("this is a file; name a folder to write to", str(self._out))
        is_ours = os.path.lexists(self._out / MANIFEST)
        if os.path.lexists(self._out / SUMS) and not is_ours and not self._batch.overwrite:
            _refuse(f"there is a {SUMS} already that no batch wrote; --overwrite replaces it", str(self._out))

    def _look_for_folders(self, tasks: Iterable[PeriodTask]) -> None:
        """Refuse where something else stands in the place of a folder, or a folder in that of a file."""
        places = {above for task in tasks for file in task.files for above in PurePosixPath(file.file).parents}
        for place in sorted(map(str, places)):
            path = self._out / place
            if place != "." and path.is_symlink():
                _refuse("this is a link, and the batch writes to no other folder than its own", str(path))
            if os.path.lexists(path) and not path.is_dir():
                _refuse("this is a file, and a folder of that name is to be made", str(path))
        for path in (self._out / file.file for task in tasks for file in task.files):
            if path.is_dir() and not path.is_symlink():
                _refuse("this is a folder, and a file of that name is to be written", str(path))

    def _there_already(self, tasks: Iterable[PeriodTask]) -> list[PeriodTask]:
        """The files that are there, each to be made and held against what is there."""
        found = []
        for task in tasks:
            files = tuple(each for each in task.files if os.path.lexists(self._out / each.file))
            if files:
                found.append(replace(task, files=files))
        return found

    def _hold_to_what_is_there(self, tasks: list[PeriodTask]) -> None:
        """Refuse to replace what would become another file. Nothing is written yet."""
        others: list[str] = []
        for task, made in self._made(tasks):
            for each in made:
                if self._is_the_same(each):
                    self._take_as_it_is(each)
                else:
                    others.append(each.entry.file)
                Path(each.draft).unlink()
            self._tell(task)
        if others:
            self._entries.clear()
            self._done.unchanged.clear()
            others.sort()
            named = listed((*others[:_NAMED], *((f"{len(others) - _NAMED:,} more",) if len(others) > _NAMED else ())))
            are = (
                "file is there already and would become another"
                if len(others) == 1
                else ("files are there already and would become others")
            )
            _refuse(f"{len(others):,} {are}: {named}. Nothing was written; --overwrite replaces them", str(self._out))

    def _is_the_same(self, made: Made) -> bool:
        path = self._out / made.entry.file
        if path.is_symlink() or not path.is_file() or path.stat().st_size != made.entry.size:
            return False
        return digest_of(path) == made.entry.sha256

    def _take_as_it_is(self, made: Made) -> None:
        self._entries[made.entry.file] = made.entry
        self._done.unchanged.append(made.entry.file)

    # Making them

    def _made(self, tasks: list[PeriodTask]) -> Iterator[tuple[PeriodTask, tuple[Made, ...]]]:
        """What was made of each task, as it comes; a period that was refused after all is left out."""
        work = Work(make_period, self._setting)
        answers = done_by(work, tasks, self._jobs(len(tasks)), self._check)
        with closing(answers):
            for place, answer in answers:
                task = tasks[place]
                if isinstance(answer, Refused):
                    told = LeftOut(ledger_file(task.ledger.where), task.plan.period, "; ".join(answer.why))
                    self._done.left_out.append(told)
                    continue
                yield task, answer

    def _jobs(self, tasks: int) -> int:
        """How many processes are worth their start; 0 does it in this one."""
        jobs = min(self._batch.processes, tasks)
        return jobs if jobs > 1 or self._batch.aside else 0

    def _place(self, made: Made) -> None:
        """Let a draft take its place, whole; what is there is replaced only if it may be."""
        path, draft = self._out / made.entry.file, Path(made.draft)
        path.parent.mkdir(parents=True, exist_ok=True)
        if not os.path.lexists(path):
            _take(draft, path)
            into = self._done.written
        elif self._is_the_same(made):
            draft.unlink()
            into = self._done.unchanged
        elif self._batch.overwrite:
            draft.replace(path)
            into = self._done.replaced
        else:
            _refuse("somebody else wrote it meanwhile; it is left as it is", str(path))
        self._entries[made.entry.file] = made.entry
        into.append(made.entry.file)

    def _tell(self, task: PeriodTask) -> None:
        self._doing = f"{ledger_file(task.ledger.where)}, {task.plan.period}"
        self._report(self._done.count, self._done.total, self._doing)

    def _check(self) -> None:
        self._report(self._done.count, self._done.total, self._doing)


def _identity(where: str) -> str:
    """What is the same for one ledger by whatever name: its file, linked or not; its address on a server."""
    if "://" in where:
        return where
    try:
        told = os.stat(where)  # noqa: PTH116  as for `samefile`
    except (OSError, ValueError):  # that is told when it is opened
        return os.path.realpath(where)
    return f"{told.st_dev}:{told.st_ino}"


def _processors() -> int:
    """How many processors this program may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _take(draft: Path, path: Path) -> None:
    """Move a draft to a place where nothing is, never over what somebody puts there in the same moment."""
    try:
        os.link(draft, path)
    except FileExistsError:
        _refuse("somebody else wrote it meanwhile; it is left as it is", str(path))
    except OSError:  # a file system without links: Windows' own refuses to rename over a file, others are not asked
        if os.path.lexists(path):
            _refuse("somebody else wrote it meanwhile; it is left as it is", str(path))
        draft.rename(path)
    else:
        draft.unlink()


def _refuse(message: str, place: str) -> Never:
    raise RefusedError(Problem(message, place=place))
