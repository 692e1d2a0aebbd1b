"""Templates of what is called on before partners are, and of where an underspend goes: reserves and first calls."""

from rules.agreement import Agreement, By, DrawOn, On, Scope, Share, Slice, Use
from rules.template_asked import (
    FUND,
    NONE,
    amounts_of,
    amounts_question,
    fund_scope,
    maximum_questions,
    reserve_chosen,
    reserve_questions,
    share_options,
    share_question,
)
from rules.template_form import Answers, Template, needs_pooled
from rules.template_making import WHOLE, Making
from rules.template_questions import Asks, Option, Question, share_by
from rules.template_sharing import titled

_LOSSES = ("overspend", "losses", "qipp_shortfall")


def _draws(making: Making, on: On, code: str, scope: Scope) -> None:
    name = next(reserve.name for reserve in making.agreement.reserves if reserve.code == code)
    making.to_reserve(on, f"met from the reserve {name}", code, scope=scope)


# --- reserves before partners -----------------------------------------------------------------------------------------


def _make_reserves_first(making: Making, answers: Answers) -> None:
    scope = fund_scope(making, answers)
    code = reserve_chosen(making, answers, "reserve")
    for on in amounts_of(answers):
        _draws(making, on, code, scope)
        making.shared(on, f"what is left, {titled(answers['share'])}", answers["share"], scope=scope)


RESERVES_FIRST = Template(
    "reserves_first",
    "Reserves before partners",
    "An overspend is met from a reserve as far as it lasts; only what is left is shared between the partners.",
    (
        amounts_question("overspend", only=_LOSSES),
        FUND,
        *reserve_questions("reserve", "Met first from", "Uncommitted reserves"),
        share_question(title="What is left is shared by"),
    ),
    _make_reserves_first,
    needs_pooled,
)


# --- ordered first calls ----------------------------------------------------------------------------------------------

_CALLS = (
    Option(DrawOn.AGREEMENT, "Underspends anywhere in the agreement"),
    Option(DrawOn.FUND, "Underspends in the same fund"),
    Option(NONE, "No underspends"),
)


def _make_first_calls(making: Making, answers: Answers) -> None:
    scope = fund_scope(making, answers)
    reserves = [code for key in ("reserve", "then_reserve") if (code := reserve_chosen(making, answers, key))]
    ids = []
    for on in amounts_of(answers):
        if answers["underspends"] != NONE:
            draw_on = DrawOn(answers["underspends"])
            making.clause(on, "met from other underspends", Slice(WHOLE, Use.UNDERSPENDS), scope=scope, draw_on=draw_on)
        for code in reserves:
            _draws(making, on, code, scope)
        ids.append(making.shared(on, f"what is left, {titled(answers['share'])}", answers["share"], scope=scope))
    making.caps(answers["maxima"], ids, answers["beyond"])


FIRST_CALLS = Template(
    "first_calls",
    "Ordered first calls",
    "An overspend calls first on other underspends, then on the risk pool and further reserves, and last on partners.",
    (
        amounts_question("overspend", only=_LOSSES),
        FUND,
        Question(
            "underspends",
            "First call",
            Asks.CHOICE,
            lambda _agreement: DrawOn.AGREEMENT.value,
            lambda _agreement: _CALLS,
        ),
        *reserve_questions("reserve", "Then", "Risk pool", optional=True, usual="new"),
        *reserve_questions("then_reserve", "And then", "Uncommitted allocations", optional=True, usual=NONE),
        share_question(title="What is left is shared by", by=By.SCHEME),
        *maximum_questions(optional=True),
    ),
    _make_first_calls,
    needs_pooled,
)


# --- what becomes of an underspend ------------------------------------------------------------------------------------

_CARRIED, _RETURNED, _KEPT = "carried", "returned", "kept"
_GOES = (
    Option(_CARRIED, "Carried forward in a reserve, or reinvested from it"),
    Option(_RETURNED, "Returned to the partners"),
    Option(_KEPT, "Kept by one of them"),
)
_NOT_ONE = (By.RESPONSIBLE, By.LEAD, By.HOST)


def _kept_by(agreement: Agreement) -> tuple[Option, ...]:
    one = (By.PARTNER, *_NOT_ONE)
    return tuple(option for option in share_options(agreement) if option.code.partition(":")[0] in one)


def _returned_by(agreement: Agreement) -> tuple[Option, ...]:
    kept = _kept_by(agreement)
    return tuple(option for option in share_options(agreement) if option not in kept)


def _make_underspends(making: Making, answers: Answers) -> None:
    scope = fund_scope(making, answers)
    if answers["goes"] == _CARRIED:
        code = reserve_chosen(making, answers, "reserve")
        name = next(reserve.name for reserve in making.agreement.reserves if reserve.code == code)
        making.to_reserve(On.UNDERSPEND, f"carried forward in the reserve {name}", code, scope=scope)
        return
    share = answers["share"] if answers["goes"] == _RETURNED else share_by(answers["keeper"])
    verb = "returned" if answers["goes"] == _RETURNED else "kept:"
    making.shared(On.UNDERSPEND, f"{verb} {titled(share)}", share, scope=scope)


UNDERSPENDS = Template(
    "underspends",
    "What becomes of an underspend",
    "An underspend is carried forward in a reserve, returned to the partners, or kept by one of them.",
    (
        FUND,
        Question("goes", "An underspend is", Asks.CHOICE, lambda _agreement: _CARRIED, lambda _agreement: _GOES),
        *reserve_questions("reserve", "In the reserve", "Underspend carried forward", only_if=("goes", (_CARRIED,))),
        Question(
            "share",
            "Returned by",
            Asks.SHARE,
            lambda _agreement: Share(By.FUND),
            _returned_by,
            only_if=("goes", (_RETURNED,)),
        ),
        Question(
            "keeper",
            "Kept by",
            Asks.CHOICE,
            lambda _agreement: By.RESPONSIBLE.value,
            _kept_by,
            only_if=("goes", (_KEPT,)),
        ),
    ),
    _make_underspends,
    needs_pooled,
)
