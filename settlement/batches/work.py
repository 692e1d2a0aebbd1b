"""What a batch does with one ledger and with one period: says which documents there are, and makes those asked for.

Each of these is a task of its own, which any process can do (`settlement.batches.pool`): it opens the ledger itself,
reads it at one moment, and holds one document at a time.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from itertools import islice
from pathlib import Path

from ledgers import Ledger, open_ledger, sealing
from ledgers.stored import StoredLedger
from rules.periods import Period
from rules.problems import Problem, RefusedError
from settlement.batches.manifest import Entry, digest_of
from settlement.batches.names import FOR_ALL, Pattern
from settlement.file_naming import plain_names
from settlement.languages import ENGLISH
from settlement.looks import check_theme, speaking_in
from settlement.publishing import statement_inputs
from settlement.service import period_to_settle
from settlement.statements.csv_out import table_csv, write_csv
from settlement.statements.inputs import StatementInputs
from settlement.statements.kinds import IN_THOUSANDS
from settlement.statements.theme import Theme
from settlement.statements.writing import Paper, document_of, papers_of, table_of, writer_of

_MOST_KEPT = 20_000  # lines of a ledger, about 10 MB: more are read again for each document


class Which(StrEnum):
    """Periods that are not named one by one: every one up to the last there is to settle, or those that are signed."""

    ALL = "all"
    SIGNED = "signed"


Periods = Which | tuple[Period, ...]


def read_periods(text: str, place: str) -> Periods:
    """The periods of a list: `M1-M12`, `M3,M6`, `all`, `signed`. Raises RefusedError, of a place, for what is none."""
    told = text.strip()
    if told.lower() in set(Which):
        return Which(told.lower())
    found: set[Period] = set()
    for part in told.split(","):
        first, dash, last = (each.strip().upper() for each in part.partition("-"))
        try:
            begin = Period.read(first)
            end = Period.read(last) if dash else begin
        except ValueError as error:
            raise RefusedError(Problem(str(error), place=place)) from None
        if end < begin:
            raise RefusedError(Problem(f"“{part.strip()}” ends before it begins", place=place))
        found.update(each for each in Period if begin <= each <= end)
    return tuple(sorted(found))


@dataclass(frozen=True, slots=True)
class Asked:
    """What is made of each ledger. `partners` are None for all; `theme` is None for that beside each ledger, if any."""

    periods: Periods = Which.ALL
    kinds: tuple[str, ...] = ()
    formats: tuple[str, ...] = ("pdf",)
    languages: tuple[str, ...] = (ENGLISH,)
    partners: tuple[str, ...] | None = None
    thousands: bool = False
    theme: Theme | None = None
    prepared_by: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """What every process of a batch is told once: what is asked for, what files are called, where drafts go."""

    asked: Asked
    pattern: Pattern
    drafts: str = ""


@dataclass(frozen=True, slots=True)
class Planned:
    """A file that there will be: its place under the folder, and what it is. `of` says so in words."""

    file: str
    kind: str
    partner: str
    format: str
    language: str
    of: str


@dataclass(frozen=True, slots=True)
class PeriodPlan:
    """The files of one period in one language."""

    period: Period
    language: str
    files: tuple[Planned, ...]


@dataclass(frozen=True, slots=True)
class LedgerTask:
    """A ledger to plan. `called` is what it is called in files' names."""

    where: str
    called: str


@dataclass(frozen=True, slots=True)
class LedgerPlan:
    """What there will be of a ledger, and the periods left out with why; `partners` are all that it has."""

    periods: tuple[PeriodPlan, ...]
    left_out: tuple[tuple[Period, str], ...]
    partners: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PeriodTask:
    """A period to make: these of its planned files. `number` names its drafts."""

    ledger: LedgerTask
    plan: PeriodPlan
    files: tuple[Planned, ...]
    number: int


@dataclass(frozen=True, slots=True)
class Made:
    """A file that was made: the path of its draft, and what the manifest says of it."""

    draft: str
    entry: Entry


def plan_ledger(setting: Setting, task: LedgerTask) -> LedgerPlan:
    """Which files there will be of a ledger. Raises RefusedError if it cannot be opened."""
    asked = setting.asked
    plans: list[PeriodPlan] = []
    left_out: list[tuple[Period, str]] = []
    with open_ledger(task.where, read_only=True) as ledger:
        check_theme(ledger, asked.theme)
        codes = dict.fromkeys(code for at in Period for code in ledger.agreement_at(at).partner_of)
        for period in periods_of(ledger, asked.periods):
            try:
                gathered = _Gathered.of(ledger, period, setting, task)
                for language in asked.languages:
                    files = tuple(gathered.files(language))
                    if files:
                        plans.append(PeriodPlan(period, language, files))
            except RefusedError as refused:
                left_out.append((period, "; ".join(problem.message for problem in refused.problems)))
    return LedgerPlan(tuple(plans), tuple(left_out), tuple(codes))


def periods_of(ledger: Ledger, asked: Periods) -> tuple[Period, ...]:
    """The periods asked for. Signed are those that have a note of their own, signed by every partner."""
    if asked is Which.ALL:
        last = period_to_settle(ledger)
        return tuple(period for period in Period if period <= last)
    if asked is Which.SIGNED:
        if not isinstance(ledger, StoredLedger):
            return ()
        rows = sealing.notes(ledger)
        return tuple(sorted({row.period for row in rows if row.is_complete and not row.is_withdrawn}))
    assert isinstance(asked, tuple)  # noqa: S101  for the type checker
    return asked


def make_period(setting: Setting, task: PeriodTask) -> tuple[Made, ...]:
    """Make these files of a period as drafts. Raises RefusedError if the ledger came to be another meanwhile."""
    made: list[Made] = []
    with open_ledger(task.ledger.where, read_only=True) as ledger:
        with speaking_in(task.plan.language):
            gathered = _Gathered.of(ledger, task.plan.period, setting, task.ledger)
        if tuple(gathered.files(task.plan.language)) != task.plan.files:
            message = "somebody changed it while the batch was at work; run the same again"
            raise RefusedError(Problem(message, file=ledger.name))
        gathered = gathered.with_lines_kept()
        with speaking_in(task.plan.language):
            for number, (planned, write) in enumerate(gathered.writers(task.files)):
                draft = Path(setting.drafts) / f"{task.number}-{number}.{planned.format}"
                write(draft)
                made.append(Made(str(draft), gathered.entry(planned, draft)))
    return tuple(made)


@dataclass(frozen=True, slots=True)
class _Gathered:
    """A period of a ledger at one moment: what its documents show, and which there are."""

    inputs: StatementInputs
    papers: tuple[Paper, ...]
    ledger: LedgerTask
    setting: Setting
    name: str
    identity: str

    @classmethod
    def of(cls, ledger: Ledger, period: Period, setting: Setting, task: LedgerTask) -> "_Gathered":
        asked = setting.asked
        with ledger.snapshot():
            inputs = statement_inputs(ledger, period, asked.prepared_by, theme=asked.theme)
            identity = sealing.meta(ledger).get("ledger", "") if isinstance(ledger, StoredLedger) else ""
        in_being = [partner.code for partner in inputs.agreement.partners]
        chosen = [code for code in in_being if asked.partners is None or code in asked.partners]
        papers = papers_of(inputs.settlement, chosen, asked.kinds)
        return cls(inputs, papers, task, setting, ledger_file(task.where), identity)

    def with_lines_kept(self) -> "_Gathered":
        """The same with the ledger's lines read once for all its documents, unless they are very many."""
        kept = tuple(islice(self.inputs.lines(), _MOST_KEPT + 1))
        if len(kept) > _MOST_KEPT:
            return self
        return replace(self, inputs=replace(self.inputs, lines=lambda: kept))

    def files(self, language: str) -> Iterator[Planned]:
        """The files there are of what is asked for, in the order of the documents and of the formats."""
        asked, pattern = self.setting.asked, self.setting.pattern
        common = {
            "ledger": self.ledger.called,
            "agreement": _plain(self.inputs.agreement.id),
            "year": _plain(str(self.inputs.agreement.year).replace("/", "-")),
            "period": str(self.inputs.settlement.period),
            "language": language,
            "status": self.inputs.status.replace(" ", "-"),
        }
        # of all there is, so that a name does not hang on what else is asked for
        codes = dict.fromkeys(paper.partner for paper in papers_of(self.inputs.settlement) if paper.partner)
        called = plain_names(codes, besides={FOR_ALL})
        for paper in self.papers:
            kind = f"{paper.kind}-in-thousands" if self._in_thousands(paper.kind) else paper.kind
            name = pattern.name({**common, "partner": called.get(paper.partner, FOR_ALL), "kind": kind})
            whose = f" for {paper.partner}" if paper.partner else ""
            of = f"{kind}{whose} of {self.name}, {self.inputs.settlement.period}, {language}"
            for form in asked.formats:
                if form == "csv" or not paper.is_table:
                    yield Planned(f"{name}.{form}", paper.kind, paper.partner, form, language, of)

    def _in_thousands(self, kind: str) -> bool:
        return self.setting.asked.thousands and kind in IN_THOUSANDS

    def writers(self, files: tuple[Planned, ...]) -> Iterator[tuple[Planned, Callable[[Path], None]]]:
        """Each of these files with what writes it; a document is made once for all its formats."""
        for paper in self.papers:
            wanted = [file for file in files if (file.kind, file.partner) == (paper.kind, paper.partner)]
            if wanted and paper.is_table:
                _, table = table_of(self.inputs, paper.kind, paper.partner)
                yield wanted[0], partial(write_csv, table_csv(table))
            elif wanted:
                thousands = self.setting.asked.thousands
                _, document = document_of(self.inputs, paper.kind, paper.partner, thousands=thousands)
                for file in wanted:
                    yield file, partial(writer_of(file.format), document)

    def entry(self, file: Planned, draft: Path) -> Entry:
        """What the manifest says of a file that was made."""
        inputs = self.inputs
        return Entry(
            file=file.file,
            sha256=digest_of(draft),
            size=draft.stat().st_size,
            ledger=self.name,
            ledger_id=self.identity,
            agreement=inputs.agreement.id,
            year=str(inputs.agreement.year),
            period=str(inputs.settlement.period),
            partner=file.partner,
            kind=file.kind,
            format=file.format,
            language=file.language,
            status=str(inputs.status),
            sequence=0 if inputs.seal is None else inputs.seal.sequence,
            digest="" if inputs.seal is None else inputs.seal.digest,
            prepared_by=inputs.prepared_by,
            thousands=int(self._in_thousands(file.kind)),
            theme=inputs.theme.digest,
        )


def ledger_file(where: str) -> str:
    """What a ledger's file, folder or database is called, without the folders and the server that it is in."""
    if "://" in where:
        return where.partition("://")[2].partition("?")[0].rpartition("/")[2]
    return Path(where).name or Path(where).resolve().name or where  # `.` has a name too


def _plain(text: str) -> str:
    return next(iter(plain_names([text]).values()))
