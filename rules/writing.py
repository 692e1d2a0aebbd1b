"""An `Agreement` written as `agreement.toml`, the way a person would keep it beside the signed agreement (formats.md).

One agreement has one text: keys in the order of formats.md, defaults left out, one slice of a split on a line. Reading
it back gives the same agreement. tomlkit quotes keys and strings; the layout is ours, as it has no inline table
with room inside the braces.
"""

from collections.abc import Iterable
from dataclasses import fields
from datetime import date

import tomlkit

from rules.agreement import (
    Agreement,
    Basis,
    Beyond,
    By,
    Cap,
    Clause,
    Control,
    DrawOn,
    Fund,
    Limit,
    Mode,
    Netting,
    Partner,
    Per,
    Performance,
    QippMode,
    Reserve,
    Scheme,
    Scope,
    Service,
    Share,
    Slice,
    Threshold,
    Use,
)
from rules.money import decimal, plain

_WHOLE = 100

# What a key's value is written as; a key whose value is None is left out.
_Pairs = Iterable[tuple[str, str | None]]


def write_agreement(agreement: Agreement) -> str:
    """The text of the agreement's file, which `rules.reading.read_agreement` reads as the same agreement.

    Raises ValueError for a percentage or weight that has no finite decimal; no file can have brought one.
    """
    settle = agreement.settle_period
    tables = [
        _table("[agreement]", _head(agreement)),
        *([_table("[settle]", [("period", _string(str(settle)))])] if settle is not None else []),
        *(_table("[[partner]]", _partner(partner)) for partner in agreement.partners),
        *(_table("[[fund]]", _fund(fund)) for fund in agreement.funds),
        *(_table("[[scheme]]", _scheme(scheme, agreement)) for scheme in agreement.schemes),
        *(_table("[[reserve]]", _reserve(reserve)) for reserve in agreement.reserves),
        *(_table(f"[basis.{_key(basis.name)}]", _basis(basis)) for basis in agreement.bases),
        *(_table("[[clause]]", _clause(clause)) for clause in agreement.clauses),
        *(_table("[[cap]]", _cap(cap)) for cap in agreement.caps),
        *(_table("[[performance]]", _performance(element)) for element in agreement.performance),
        *(_table("[[control]]", _control(control)) for control in agreement.controls),
    ]
    return "\n".join(tables)


def _head(agreement: Agreement) -> _Pairs:
    yield "id", _string(agreement.id)
    yield "title", _string(agreement.title)
    yield "financial_year", _string(str(agreement.year))
    yield "qipp", _unless(agreement.qipp, QippMode.WITHIN_BUDGET)


def _partner(partner: Partner) -> _Pairs:
    yield "code", _string(partner.code)
    yield "name", _string(partner.name)
    yield "kind", _string(partner.kind)
    yield "succeeds", _strings(partner.succeeds) if partner.succeeds else None
    yield "from", _day(partner.since)


def _fund(fund: Fund) -> _Pairs:
    yield "code", _string(fund.code)
    yield "name", _string(fund.name)
    yield "kind", _string(fund.kind)
    yield "host", _string(fund.host)
    yield "netting", _unless(fund.netting, Netting.FUND)


def _scheme(scheme: Scheme, agreement: Agreement) -> _Pairs:
    yield "code", _string(scheme.code)
    yield "name", _string(scheme.name)
    yield "fund", _string(scheme.fund)
    yield "service", _unless(scheme.service, Service.CORE)
    yield "tier", str(scheme.tier) if scheme.tier is not None else None
    yield "lead", _unless(scheme.lead, agreement.fund_of[scheme.fund].host)
    yield "responsible", _unless(scheme.responsible, scheme.lead)
    yield "group", _string(scheme.group) if scheme.group is not None else None
    yield "tags", _strings(scheme.tags) if scheme.tags else None
    yield "excluded", "true" if scheme.excluded else None


def _reserve(reserve: Reserve) -> _Pairs:
    yield "code", _string(reserve.code)
    yield "name", _string(reserve.name)
    yield "fund", _string(reserve.fund)
    yield "opening", _money(reserve.opening_pence)


def _basis(basis: Basis) -> _Pairs:
    for code, amount_pence in basis.amounts_pence:
        yield _key(code), _money(amount_pence)


def _clause(clause: Clause) -> _Pairs:
    yield "id", _string(clause.id)
    yield "title", _string(clause.title)
    yield "on", _string(clause.on)
    yield "scope", _scope(clause.scope)
    yield "per", _unless(clause.per, Per.GROUP)
    if clause.band is not None:
        edges = (clause.band.low, clause.band.high)
        yield "band", f"[{', '.join(_limit(edge) for edge in edges if edge is not None)}]"
    yield "threshold", _unless(clause.threshold, Threshold.EXCESS)
    only = clause.slices[0]
    # `next` may stand in a split only, even for the whole
    if len(clause.slices) == 1 and only.use is not Use.NEXT:
        yield from _to(only)
    else:
        rows = "".join(
            f"  {_inline([('percent', _string(decimal(row.percent))), *_to(row)])},\n" for row in clause.slices
        )
        yield "split", f"[\n{rows}]"
    yield "draw_on", _unless(clause.draw_on, DrawOn.FUND)


def _to(row: Slice) -> _Pairs:
    yield "to", _string(row.to)
    yield "share", _share(row.share) if row.share is not None else None


def _scope(scope: Scope) -> str | None:
    pairs: list[tuple[str, str | None]] = []
    for field in fields(scope):
        values = getattr(scope, field.name)
        written = [str(each) if isinstance(each, int) else _string(each) for each in values]
        if written:
            pairs.append((field.name, written[0] if len(written) == 1 else f"[{', '.join(written)}]"))
    return _inline(pairs) if pairs else None


def _share(share: Share) -> str:
    by = {By.PARTNER: f"partner:{share.name}", By.BASIS: share.name}.get(share.by, str(share.by))
    weights = ((_key(code), _string(decimal(weight))) for code, weight in share.weights)
    return _inline([("by", _string(by)), *weights, ("at", _string("opening") if share.at_opening else None)])


def _cap(cap: Cap) -> _Pairs:
    beyond = f"partner:{cap.bearer}" if cap.beyond is Beyond.PARTNER else str(cap.beyond)
    yield "partner", _string(cap.partner)
    yield "amount", _limit(cap.limit)
    yield "of", _unless(cap.of, "")
    yield "clauses", _strings(cap.clauses)
    yield "beyond", _unless(beyond, Beyond.OTHERS)


def _performance(element: Performance) -> _Pairs:
    yield "id", _string(element.id)
    yield "title", _string(element.title)
    yield "fund", _string(element.fund)
    yield "scheme", _string(element.scheme)
    yield "payer", _string(element.payer)
    yield "measure", _string(element.measure)
    yield "held", _money(element.held_pence)
    yield "mode", _unless(element.mode, Mode.LINEAR)
    yield "rate", _money(element.rate_pence) if element.rate_pence is not None else None


def _control(control: Control) -> _Pairs:
    yield "period", _string(str(control.period))
    yield "amount", _money(control.amount_pence)
    yield "kind", _string(control.kind)
    yield "fund", _unless(control.fund, "")
    yield "scheme", _unless(control.scheme, "")
    yield "partner", _unless(control.partner, "")


def _table(header: str, pairs: _Pairs) -> str:
    rows = "".join(f"{key} = {value}\n" for key, value in pairs if value is not None)
    return f"{header}\n{rows}"


def _inline(pairs: _Pairs) -> str:
    return f"{{ {', '.join(f'{key} = {value}' for key, value in pairs if value is not None)} }}"


def _key(name: str) -> str:
    """A code as a key, in quotation marks where TOML asks for them."""
    return tomlkit.key(name).as_string()


def _string(text: str) -> str:
    return tomlkit.string(str(text)).as_string()


def _strings(texts: tuple[str, ...]) -> str:
    return f"[{', '.join(_string(text) for text in texts)}]"


def _unless(text: str, default: str) -> str | None:
    return None if text == default else _string(text)


def _day(when: date | None) -> str | None:
    return when.isoformat() if when is not None else None


def _money(pence: int) -> str:
    return _string(plain(pence))


def _limit(limit: Limit) -> str:
    return _string(f"{decimal(limit.percent)}%") if limit.percent is not None else _money(limit.pence or 0)
