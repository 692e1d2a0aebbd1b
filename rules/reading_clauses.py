"""A clause of the risk-share schedule read from its TOML table (formats.md, A clause).

What a clause may say depends on what it is `on`: that is checked here, with the key still at hand. What it says
about other tables (that a scope takes a group whole) is `rules.validation`'s.
"""

from fractions import Fraction

from rules.agreement import Band, By, Clause, DrawOn, Limit, On, Per, Scope, Service, Share, Slice, Threshold, Use
from rules.english import listed, nearest, quoted
from rules.money import decimal
from rules.reading_tables import Table

WHOLE = Fraction(100)

# What `by` takes beside `partner:CODE` and the names of the agreement's own bases.
BUILT_IN_BASES = tuple(str(by) for by in By if by not in {By.PARTNER, By.BASIS})
# In `share = { by = "fixed", A = "1" }` these stand beside the partners' codes.
SHARE_WORDS = ("by", "at")
# The result names the part of an excluded scheme so, where other parts name their clause.
RESERVED_ID = "excluded"

_TIERS = range(1, 6)
_EDGES = (1, 2)


def read_clause(table: Table) -> Clause:
    """The clause that a table says; what is wrong is noted, and stand-ins take its place."""
    ident = table.code("id")
    if ident == RESERVED_ID:
        table.refuse(
            "id", f"{quoted(RESERVED_ID)} is what the result calls excluded schemes; give the clause another id"
        )
    title = table.text("title")
    on = table.choice("on", On)
    scope = table.child("scope", "scope")
    return Clause(
        id=ident,
        title=title,
        on=on,
        scope=_scope(scope) if scope is not None else Scope(),
        per=table.choice("per", Per, Per.GROUP),
        band=_band(table),
        threshold=table.choice("threshold", Threshold, Threshold.EXCESS),
        slices=_slices(table, None if table.is_wrong("on") else on),
        draw_on=table.choice("draw_on", DrawOn, DrawOn.FUND),
    )


def read_tier(table: Table, key: str, value: object) -> int:
    """A tier, 1 to 5."""
    # True is an int to Python, and would be tier 1
    if isinstance(value, int) and not isinstance(value, bool) and value in _TIERS:
        return value
    table.refuse(key, "a tier is a whole number from 1 to 5, without quotation marks")
    return _TIERS[0]


def _scope(table: Table) -> Scope:
    scope = Scope(
        fund=_texts(table, "fund"),
        scheme=_texts(table, "scheme"),
        service=tuple(Service(each) for each in _texts(table, "service") if each in list(Service)),
        tier=tuple(read_tier(table, "tier", each) for each in table.values("tier")),
        tag=_texts(table, "tag"),
    )
    for kind, codes in (("fund", scope.fund), ("scheme", scope.scheme)):
        for code in codes:
            table.check_declared(kind, kind, code)
    table.refuse_others()
    return scope


def _texts(table: Table, key: str) -> tuple[str, ...]:
    values = table.values(key)
    texts = tuple(each for each in values if isinstance(each, str))
    if len(texts) != len(values):
        table.refuse(key, "a string or a list of strings is needed")
    if key == "service":
        for each in texts:
            if each not in list(Service):
                table.refuse(key, f"{quoted(each)} is not allowed here; write {listed(Service, 'or')}")
    return texts


def _band(table: Table) -> Band | None:
    if not table.has("band"):
        return None
    edges = table.value("band")
    if not isinstance(edges, list) or len(edges) not in _EDGES:
        table.refuse("band", 'a band is a list of one edge or two, such as ["2%"] or ["0.00", "250000.00"]')
        return None
    low, *above = (table.limit("band", edge) for edge in edges)
    high = above[0] if above else None
    if high is not None and _is_above(low, high):
        table.refuse("band", f"the low edge {quoted(str(edges[0]))} is above the high edge {quoted(str(edges[1]))}")
    return Band(low, high)


def _is_above(low: Limit, high: Limit) -> bool:
    """Whether no amount can lie between; of an amount and a percentage only the figures can tell."""
    if low.pence is not None and high.pence is not None:
        return low.pence > high.pence
    return low.percent is not None and high.percent is not None and low.percent > high.percent


def _slices(table: Table, on: On | None) -> tuple[Slice, ...]:
    has_to = table.has("to")
    if not table.has("split"):
        if not has_to:
            table.refuse("to", "neither `to` nor `split` says where the amount goes; write one of them")
            # so that a `share` beside them is not called unknown
            table.has("share")
            return ()
        return (_slice(table, WHOLE, on, in_split=False),)
    if has_to:
        table.refuse("split", "`to` and `split` both say where the amount goes; keep one of them")
    if table.has("share"):
        table.refuse("share", "with a `split` each slice has its own share; write it there")
    rows = table.children("split", "slice")
    slices = []
    for row in rows:
        slices.append(_slice(row, row.number("percent", "percentage"), on, in_split=True))
        row.refuse_others()
    whole = sum((each.percent for each in slices), Fraction())
    if whole != WHOLE and not table.is_wrong("split") and not any(row.is_wrong("percent") for row in rows):
        table.refuse("split", f"the percentages make {decimal(whole)}, and must make 100")
    return tuple(slices)


def _slice(table: Table, percent: Fraction, on: On | None, *, in_split: bool) -> Slice:
    to = table.text("to")
    use, reserve = Use.PARTNERS, ""
    if not table.is_wrong("to"):
        use, reserve = _use(table, to, on, in_split=in_split)
    is_shared = use in {Use.PARTNERS, Use.PROVISION}
    share = table.child("share", "share")
    if table.is_wrong("to") or table.is_wrong("share"):
        return Slice(percent, use, reserve)
    if is_shared and share is None:
        table.refuse("share", f'missing; {to} needs one, such as share = {{ by = "pooled" }}')
    elif share is not None and not is_shared:
        table.refuse("share", f"{quoted(to)} is not shared between partners; leave `share` out")
    return Slice(percent, use, reserve, _share(share, on) if share is not None and is_shared else None)


def _use(table: Table, to: str, on: On | None, *, in_split: bool) -> tuple[Use, str]:
    """Where an amount goes, and the reserve's code if it is one."""
    word, colon, code = to.partition(":")
    if word not in list(Use) or (word == Use.RESERVE) != bool(colon):
        words = ("partners", "provision", "reserve:CODE", "underspends", *(["next"] if in_split else []))
        table.refuse("to", f"{quoted(to)} is not allowed here; write {listed(words, 'or')}")
        return Use.PARTNERS, ""
    use = Use(word)
    if use is Use.RESERVE:
        table.check_declared("to", "reserve", code)
    if use is Use.NEXT and not in_split:
        table.refuse("to", "`next` stands in a slice of a `split` only; an amount left whole needs no clause")
    if use is Use.PROVISION and on is not None and not on.is_gain:
        table.refuse("to", f"a provision is made out of a gain, an underspend or a benefit; this is on {on}")
    if use is Use.UNDERSPENDS and on not in {None, On.OVERSPEND, On.QIPP_SHORTFALL}:
        table.refuse("to", f"underspends meet an overspend or a qipp_shortfall only; this is on {on}")
    return use, code


def _share(table: Table, on: On | None) -> Share | None:
    by, name = _basis(table)
    at_opening = _at_opening(table, by)
    if by is By.INCURRED and on in {On.OVERSPEND, On.UNDERSPEND}:
        table.refuse(
            "by", "the host pays the spend of a pooled fund for all, so no partner incurred it; share it otherwise"
        )
    weights = tuple((code, _weight(table, code)) for code in table.others()) if by is By.FIXED else ()
    if by is By.FIXED and not weights:
        table.refuse("by", 'fixed needs a weight for each partner, such as { by = "fixed", A = "50", B = "50" }')
    for code in table.others():
        if code in table.reading.declared["partner"] and table.has(code):
            table.refuse(code, 'a partner’s weight stands beside by = "fixed" only; leave it out')
    table.refuse_others()
    return Share(by, name, weights, at_opening) if by is not None else None


def _at_opening(table: Table, by: By | None) -> bool:
    if not table.has("at"):
        return False
    at = table.text("at")
    if at != "opening" and not table.is_wrong("at"):
        table.refuse("at", f"{quoted(at)} is not allowed here; write opening, or leave `at` out")
    elif by is not None and not by.is_contributions:
        table.refuse("at", "only contributions have an opening: pooled, core, fund or scheme; leave `at` out")
    return True


def _weight(table: Table, code: str) -> Fraction:
    table.check_declared(code, "partner", code)
    return table.number(code, "weight")


def _basis(table: Table) -> tuple[By | None, str]:
    """The basis of a share and the name that goes with it; None if it is none."""
    word = table.text("by")
    if table.is_wrong("by"):
        return None, ""
    bases = table.reading.declared["basis"]
    if word in BUILT_IN_BASES:
        return By(word), ""
    if word.startswith("partner:"):
        code = word.removeprefix("partner:")
        table.check_declared("by", "partner", code)
        return By.PARTNER, code
    if word in bases:
        return By.BASIS, word
    meant = nearest(word, (*BUILT_IN_BASES, *bases))
    words = listed((*BUILT_IN_BASES, "partner:CODE"), "or")
    todo = f"did you mean {quoted(meant)}?" if meant else f"declare it as a [basis.NAME], or write {words}"
    table.refuse("by", f"there is no basis {quoted(word)}; {todo}")
    return None, ""
