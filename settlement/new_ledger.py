"""A ledger that is being thought out: what was typed of its agreement so far, as texts, and the ledger made of it.

What is typed may be half done. `settlement.new_ledger_review` says what is wrong and what it comes to; here are the
texts themselves, what is taken for those left empty, and the making of the file.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from rules.agreement import Agreement, FundKind, Kind, Netting, PartnerKind, QippMode, Scheme, Service
from rules.money import pence_of
from rules.periods import Period
from rules.problems import Problem, RefusedError

Row = Mapping[str, str]
"""A row of a table as it was typed: texts by column, and under `key` what tells it from others whatever its code."""

KEY = "key"


class Step(StrEnum):
    """The steps in which a ledger is thought out, in order."""

    AGREEMENT = "agreement"
    PARTNERS = "partners"
    FUNDS = "funds"
    SCHEMES = "schemes"
    CONTRIBUTIONS = "contributions"
    RISK_SHARE = "risk_share"
    CHECK = "check"


PARTNER_COLUMNS = ("name", "code", "kind", "from", "succeeds")
FUND_COLUMNS = ("name", "code", "kind", "host", "netting")
SCHEME_COLUMNS = ("name", "code", "fund", "lead", "responsible", "service", "group", "tags", "excluded")

WORDS: dict[str, dict[str, str]] = {
    "qipp": {
        QippMode.WITHIN_BUDGET: "Within the budget, which was cut by the target",
        QippMode.SEPARATE: "Separately, beside the budget",
    },
    "partner": {
        PartnerKind.COUNCIL: "Council",
        PartnerKind.ICB: "Integrated Care Board",
        PartnerKind.CCG: "Clinical Commissioning Group",
        PartnerKind.TRUST: "Trust",
        PartnerKind.OTHER: "Other",
    },
    "fund": {FundKind.POOLED: "Pooled", FundKind.ALIGNED: "Aligned"},
    "netting": {
        Netting.FUND: "All schemes of the fund",
        Netting.SCHEME: "Each scheme alone",
        Netting.GROUP: "Schemes of one group",
    },
    "service": {Service.CORE: "Core", Service.INFLUENCED: "Influenced"},
    "excluded": {"yes": "Yes", "no": "No"},
}
"""What a person chooses from, by its code in the agreement."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A template that was chosen, and what was typed for its questions."""

    template: str
    told: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Content:
    """All that was typed. Contributions are by scheme's and partner's `key`, so that a new code loses none."""

    title: str = ""
    id: str = ""
    year: str = ""
    qipp: str = QippMode.WITHIN_BUDGET
    partners: tuple[Row, ...] = ()
    funds: tuple[Row, ...] = ()
    schemes: tuple[Row, ...] = ()
    contributions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    file: str = ""


def to_json(content: Content) -> dict[str, Any]:
    """As a draft keeps it."""
    return asdict(content)


def from_json(told: Any) -> Content:  # noqa: ANN401  whatever a draft holds
    """What a draft kept; what is not understood of it is as if it had not been typed."""
    if not isinstance(told, dict):
        return Content()
    texts = {name: str(told.get(name) or "") for name in ("title", "id", "year", "file")}
    qipp = told.get("qipp")
    rules = [each for each in _list(told.get("rules")) if isinstance(each, dict)]
    contributions = told.get("contributions")
    return Content(
        **texts,
        qipp=qipp if qipp in list(QippMode) else QippMode.WITHIN_BUDGET,
        partners=_rows(told.get("partners")),
        funds=_rows(told.get("funds")),
        schemes=_rows(told.get("schemes")),
        contributions={
            str(scheme): {str(code): str(text) for code, text in row.items()}
            for scheme, row in (contributions.items() if isinstance(contributions, dict) else ())
            if isinstance(row, dict)
        },
        rules=tuple(Rule(str(each.get("template")), each.get("told") or {}) for each in rules),
    )


def _list(told: Any) -> list[Any]:  # noqa: ANN401  whatever a draft holds
    return list(told) if isinstance(told, list | tuple) else []


def _rows(told: Any) -> tuple[Row, ...]:  # noqa: ANN401  whatever a draft holds
    return tuple({str(name): str(text) for name, text in row.items()} for row in _list(told) if isinstance(row, dict))


def typed(rows: Iterable[Row], columns: Iterable[str]) -> tuple[tuple[int, Row], ...]:
    """The rows in which anything was typed, with their places: an empty row is no row."""
    names = tuple(columns)
    return tuple((place, row) for place, row in enumerate(rows) if any(row.get(name, "").strip() for name in names))


# --- what is taken for what was left empty ----------------------------------------------------------------------------

_KINDS = (
    (PartnerKind.ICB, re.compile(r"\bicb\b|integrated care board", re.IGNORECASE)),
    (PartnerKind.CCG, re.compile(r"\bccg\b|clinical commissioning", re.IGNORECASE)),
    (PartnerKind.TRUST, re.compile(r"\btrust\b", re.IGNORECASE)),
    (PartnerKind.COUNCIL, re.compile(r"council|borough|county|city of|corporation", re.IGNORECASE)),
)
_LONGEST_CODE = 16


def kind_for(name: str) -> PartnerKind:
    """What a partner of that name probably is."""
    return next((kind for kind, pattern in _KINDS if pattern.search(name)), PartnerKind.OTHER)


def partner_code_for(name: str, taken: Iterable[str] = ()) -> str:
    """A short code for a partner: ICB or CCG, a council's initials, its one word."""
    kind = kind_for(name)
    if kind in {PartnerKind.ICB, PartnerKind.CCG}:
        return _free(kind.upper(), taken)
    words = re.findall(r"[A-Za-z0-9]+", name)
    capitals = [word[0] for word in words if word[0].isupper() or word[0].isdigit()]
    initials = "".join(capitals) if len(capitals) > 1 else "".join(words).upper()
    return _free(initials[:_LONGEST_CODE], taken)


def code_for(name: str, taken: Iterable[str] = ()) -> str:
    """A code for a fund or scheme, of the first words of its name: `COMMUNITY-EQUIPMENT`."""
    words = re.findall(r"[A-Z0-9]+", name.upper())
    code = ""
    for word in words:
        longer = f"{code}-{word}" if code else word
        if len(longer) > _LONGEST_CODE and code:
            break
        code = longer[:_LONGEST_CODE]
    return _free(code, taken)


def id_for(title: str) -> str:
    """An id for the agreement, of its title's words: `barnet-better-care-fund`."""
    return "-".join(re.findall(r"[a-z0-9]+", title.lower()))[:48].strip("-")


def file_for(content: Content) -> str:
    """A name for the file, of the agreement's id and year: `barnet-better-care-fund-2026-27.s75`."""
    stem = content.id.strip() or id_for(content.title) or "ledger"
    year = content.year.strip().replace("/", "-")
    return f"{'-'.join(part for part in (_safe(stem), year) if part)}.s75"


def _safe(stem: str) -> str:
    return re.sub(r"[^\w.-]+", "-", stem).strip("-.") or "ledger"


def year_of(today: date) -> str:
    """The financial year that a day is in: `2026/27`."""
    first = today.year if (today.month, today.day) >= (4, 1) else today.year - 1
    return f"{first}/{(first + 1) % 100:02}"


def years_about(today: date) -> tuple[str, ...]:
    """Years that a new ledger may be of, the present one first: agreements are often signed after the year."""
    first = int(year_of(today)[:4])
    return tuple(f"{year}/{(year + 1) % 100:02}" for year in (first, first + 1, *range(first - 1, first - 6, -1)))


def _free(code: str, taken: Iterable[str]) -> str:
    if not code:
        return ""
    others = set(taken)
    number, free = 2, code
    while free in others:
        free, number = f"{code}{number}", number + 1
    return free


# --- reading what was typed -------------------------------------------------------------------------------------------

_DAY = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})", re.ASCII)


def day_of(text: str) -> date:
    """The day that a text says, as 2022-07-01 or 1/7/2022. Raises ValueError with a sentence for anything else."""
    text = text.strip()
    british = _DAY.fullmatch(text)
    try:
        if british:
            return date(int(british[3]), int(british[2]), int(british[1]))
        return date.fromisoformat(text)
    except ValueError:
        message = f"“{text}” is not a date; write it as 1/7/2022 or 2022-07-01"
        raise ValueError(message) from None


def word_of(words: Mapping[str, str], text: str) -> str:
    """The code of one of the words, which was typed as its code or its words, in whatever case. Raises ValueError."""
    wanted = text.strip().casefold()
    for code, label in words.items():
        if wanted in {code.casefold(), label.casefold(), code.replace("_", " ").casefold()}:
            return str(code)
    message = f"“{text.strip()}” is not one of {', '.join(words.values())}"
    raise ValueError(message)


def contribution_of(text: str) -> int:
    """The pence of a contribution; nothing typed is nothing. Raises ValueError with a sentence."""
    pence = pence_of(text) if text.strip() else 0
    if pence < 0:
        message = f"“{text.strip()}” is below zero; a contribution is nought or more"
        raise ValueError(message)
    return pence


# --- made -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Planned:
    """A ledger to be made: its agreement, and what each partner contributes to each scheme in the year, in pence."""

    agreement: Agreement
    contributions_pence: tuple[tuple[str, str, int], ...]


def takes_baseline(scheme: Scheme) -> bool:
    """Whether what is typed for the scheme is a baseline: influenced services have one where others have a budget."""
    return scheme.service is Service.INFLUENCED


def make_ledger(path: Path, planned: Planned) -> Path:
    """Make the ledger's file, with the year's contributions posted as budgets (or baselines) of M1.

    Raises RefusedError if there is a file already, or it cannot be made: then nothing is left behind.
    """
    from ledgers import NewLine, create_ledger  # noqa: PLC0415  what is only typed needs no ledger
    from rules.writing import write_agreement  # noqa: PLC0415  tomlkit, not before something is written

    if path.suffix.lower() != ".s75":
        path = path.with_name(f"{path.name}.s75")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"the folder cannot be made: {error.strerror or error}"
        raise RefusedError(Problem(message, str(path.parent))) from None
    scheme_of = planned.agreement.scheme_of
    lines = [
        NewLine(
            Period.M1,
            scheme,
            partner,
            Kind.BASELINE if takes_baseline(scheme_of[scheme]) else Kind.BUDGET,
            pence,
            description="Baseline for the year"
            if takes_baseline(scheme_of[scheme])
            else "Financial Contribution for the year",
        )
        for scheme, partner, pence in planned.contributions_pence
        if pence
    ]
    ledger = create_ledger(path, write_agreement(planned.agreement))
    try:
        if lines:
            ledger.post(lines, source="contributions agreed, as the ledger was made with")
    except BaseException:
        ledger.close()
        path.unlink(missing_ok=True)  # made a moment ago, by us, and holding nothing
        raise
    ledger.close()
    return path
