"""`agreement.toml` read into an `Agreement`, or refused with everything that is wrong with it (formats.md).

Three steps: TOML into tables (here and `reading_tables`), each table by itself into its value (here, and
`reading_clauses` for the risk-share schedule), then what must hold between the parts (`validation`).
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from typing import TypeVar

from rules.agreement import (
    Agreement,
    Basis,
    Beyond,
    Cap,
    Control,
    Fund,
    FundKind,
    Kind,
    Limit,
    Mode,
    Netting,
    Partner,
    PartnerKind,
    Performance,
    QippMode,
    Reserve,
    Scheme,
    Service,
)
from rules.english import quoted
from rules.periods import FinancialYear, Period
from rules.problems import Problem, RefusedError
from rules.reading_clauses import BUILT_IN_BASES, SHARE_WORDS, read_clause, read_tier
from rules.reading_tables import Reading, Table, Written
from rules.validation import Parts, check_between

_Part = TypeVar("_Part")

_NAMED_BY = {
    "partner": "code",
    "fund": "code",
    "scheme": "code",
    "reserve": "code",
    "clause": "id",
    "performance": "id",
}
_NEEDED = ("partner", "fund", "scheme")
_AT_LINE = re.compile(r" \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")


def read_agreement(text: str, file: str = "agreement.toml") -> Agreement:
    """The agreement that the text of an `agreement.toml` says, money in pence.

    Raises RefusedError with every problem found, each placed at `file: table.key`: `clause 7B.share.by`,
    `basis.target_investment.LBB`; a table without a code of its own goes by its number, `cap[2].amount`.
    """
    return read_tables(_toml(text, file), file)


def read_tables(content: Mapping[str, object], file: str = "agreement.toml") -> Agreement:
    """The agreement that the tables of an `agreement.toml` say, as TOML's reader gives them.

    For whoever reads much the same tables again and again. Raises RefusedError as `read_agreement` does.
    """
    reading = Reading(file)
    _declare(content, reading)
    root = Table(content, "file", "", reading)
    code, title, year, qipp = _head(
        root.child("agreement", "agreement") or Table({}, "agreement", "agreement", reading)
    )
    period = _settle_period(root)
    partners = _parts(root, "partner", _partner)
    funds = _parts(root, "fund", _fund)
    host_of = {fund.code: fund.host for fund in funds.values()}
    problems_before = len(reading.problems)
    schemes = _parts(root, "scheme", lambda table: _scheme(table, host_of))
    has_every_scheme = len(reading.problems) == problems_before
    reserves = _parts(root, "reserve", _reserve)
    bases = _bases(root)
    clauses = _parts(root, "clause", read_clause)
    caps = _parts(root, "cap", _cap)
    performance = _parts(root, "performance", _performance)
    controls = _parts(root, "control", _control)
    root.refuse_others()
    check_between(Parts(partners, funds, schemes, clauses, caps, performance, has_every_scheme), reading)
    if reading.problems:
        raise RefusedError(*reading.problems)
    return Agreement(
        id=code,
        title=title,
        year=year,
        partners=tuple(partners.values()),
        funds=tuple(funds.values()),
        schemes=tuple(schemes.values()),
        clauses=tuple(clauses.values()),
        qipp=qipp,
        settle_period=period,
        reserves=tuple(reserves.values()),
        bases=bases,
        caps=tuple(caps.values()),
        performance=tuple(performance.values()),
        controls=tuple(controls.values()),
    )


def _toml(text: str, file: str) -> dict[str, object]:
    """The tables of the text. Raises RefusedError with the line if it is not TOML."""
    # Windows' Notepad may begin a file with a byte-order mark, which TOML does not know
    text = text.removeprefix("\ufeff")
    try:
        return tomllib.loads(text, parse_float=Written)
    except RecursionError:
        raise RefusedError(Problem("this is not an agreement: its lists are nested too deeply", file)) from None
    except tomllib.TOMLDecodeError as why:
        at = _AT_LINE.search(str(why))
        line = int(at["line"]) if at and at["line"] else text.count("\n") + 1
        column = f" at column {at['column']}" if at and at["column"] else ""
        message = f"this is not TOML{column}: {_AT_LINE.sub('', str(why))}"
        raise RefusedError(Problem(message, file, line)) from None
    except ValueError:
        # Python reads no decimal number of more than some thousands of digits
        raise RefusedError(Problem("this is not an agreement: a number in it is far too long", file)) from None


def _declare(content: Mapping[str, object], reading: Reading) -> None:
    """Note the codes that the file declares, from tables with something wrong as well: those name it all the same."""
    for key, named_by in _NAMED_BY.items():
        tables = content.get(key)
        names = [each.get(named_by) for each in tables if isinstance(each, dict)] if isinstance(tables, list) else []
        reading.declared[key] = tuple(name for name in names if isinstance(name, str))
    bases = content.get("basis")
    reading.declared["basis"] = tuple(bases) if isinstance(bases, dict) else ()


def _parts(root: Table, key: str, read: Callable[[Table], _Part]) -> dict[str, _Part]:
    """The values of the sound tables of a list, by their places."""
    if key in _NEEDED and not root.has(key):
        root.refuse(key, f"missing; an agreement has at least one [[{key}]]")
        return {}
    tables = root.children(key, key, _NAMED_BY.get(key, ""))
    if key in _NEEDED and not tables and not root.is_wrong(key):
        root.refuse(key, f"the list is empty; an agreement has at least one [[{key}]]")
    found = {}
    for table in tables:
        problems_before = len(root.reading.problems)
        value = read(table)
        table.refuse_others()
        if len(root.reading.problems) == problems_before:
            found[table.place] = value
    return found


def _head(table: Table) -> tuple[str, str, FinancialYear, QippMode]:
    head = (
        table.code("id"),
        table.text("title"),
        table.parsed("financial_year", FinancialYear.read, FinancialYear(0)),
        table.choice("qipp", QippMode, QippMode.WITHIN_BUDGET),
    )
    table.refuse_others()
    return head


def _settle_period(root: Table) -> Period | None:
    table = root.child("settle", "settle table")
    if table is None:
        return None
    period = table.parsed("period", Period.read, Period.M12)
    table.refuse_others()
    return period


def _partner(table: Table) -> Partner:
    code = table.code("code")
    if code in SHARE_WORDS:
        table.refuse("code", f"{quoted(code)} is a word of `share`, where partners’ codes stand too; choose another")
    partner = Partner(
        code=code,
        name=table.text("name"),
        kind=table.choice("kind", PartnerKind),
        succeeds=table.references("succeeds", "partner"),
        since=table.day("from"),
    )
    if partner.succeeds and not table.has("from"):
        table.refuse("from", f"missing; write the day from which {code} stands in its predecessors’ place")
    return partner


def _fund(table: Table) -> Fund:
    return Fund(
        code=table.code("code"),
        name=table.text("name"),
        kind=table.choice("kind", FundKind),
        host=table.reference("host", "partner"),
        netting=table.choice("netting", Netting, Netting.FUND),
    )


def _scheme(table: Table, host_of: dict[str, str]) -> Scheme:
    code, name = table.code("code"), table.text("name")
    fund = table.reference("fund", "fund")
    lead = table.reference("lead", "partner", default=host_of.get(fund, ""))
    return Scheme(
        code=code,
        name=name,
        fund=fund,
        lead=lead,
        responsible=table.reference("responsible", "partner", default=lead),
        service=table.choice("service", Service, Service.CORE),
        tier=read_tier(table, "tier", table.value("tier")) if table.has("tier") else None,
        group=table.code("group") if table.has("group") else None,
        tags=table.codes("tags"),
        excluded=table.flag("excluded"),
    )


def _reserve(table: Table) -> Reserve:
    return Reserve(
        code=table.code("code"),
        name=table.text("name"),
        fund=table.reference("fund", "fund"),
        opening_pence=table.pence("opening"),
    )


def _bases(root: Table) -> tuple[Basis, ...]:
    tables = root.child("basis", "basis")
    if tables is None:
        return ()
    bases = []
    for name in tables.others():
        table = tables.child(name, "basis")
        tables.check_code(name, name)
        if name in BUILT_IN_BASES or name.startswith("partner:"):
            tables.refuse(name, f"{quoted(name)} has a meaning of its own in `by`; give the basis another name")
        if table is not None:
            bases.append(Basis(name, _amounts(table)))
    return tuple(bases)


def _amounts(table: Table) -> tuple[tuple[str, int], ...]:
    amounts = []
    for code in table.others():
        table.check_declared(code, "partner", code)
        amounts.append((code, table.pence(code)))
    return tuple(amounts)


def _cap(table: Table) -> Cap:
    partner = table.reference("partner", "partner")
    amount = table.value("amount")
    limit = table.limit("amount", amount) if amount is not None else Limit(pence=0)
    clauses = table.references("clauses", "clause")
    if not clauses and not table.is_wrong("clauses"):
        table.refuse("clauses", 'a cap is on at least one clause; write their ids, such as ["7.1", "7.2"]')
    beyond, bearer = _beyond(table)
    return Cap(partner, limit, clauses, beyond, bearer, table.reference("of", "fund", default=""))


def _beyond(table: Table) -> tuple[Beyond, str]:
    """Who bears what is above a cap, and that partner's code if it is a named one."""
    if not table.has("beyond"):
        return Beyond.OTHERS, ""
    text = table.text("beyond")
    if table.is_wrong("beyond"):
        return Beyond.OTHERS, ""
    word, colon, bearer = text.partition(":")
    if word not in list(Beyond) or (word == Beyond.PARTNER) != bool(colon):
        table.refuse("beyond", f"{quoted(text)} is not allowed here; write others, next, host or partner:CODE")
        return Beyond.OTHERS, ""
    if colon:
        table.check_declared("beyond", "partner", bearer)
    return Beyond(word), bearer


def _performance(table: Table) -> Performance:
    return Performance(
        id=table.code("id"),
        title=table.text("title"),
        fund=table.reference("fund", "fund"),
        scheme=table.reference("scheme", "scheme"),
        payer=table.reference("payer", "partner"),
        measure=table.code("measure"),
        held_pence=table.pence("held"),
        mode=table.choice("mode", Mode, Mode.LINEAR),
        rate_pence=table.pence("rate") if table.has("rate") else None,
    )


def _control(table: Table) -> Control:
    return Control(
        period=table.parsed("period", Period.read, Period.M12),
        amount_pence=table.pence("amount", signed=True),
        kind=table.choice("kind", Kind),
        fund=table.reference("fund", "fund", default=""),
        scheme=table.reference("scheme", "scheme", default=""),
        partner=table.reference("partner", "partner", default=""),
    )
