"""Questions that several templates ask: which amounts, of which fund, shared how, met from which reserve."""

from rules.agreement import Agreement, By, On, Scope
from rules.template_form import Answers, has_influenced, has_pooled
from rules.template_making import Making
from rules.template_questions import OPENING, Asks, Option, Question, fixed, partners_asked, share_by

EVERY_FUND = ""
NEW, NONE = "new", "none"

_POOLED_AMOUNTS = {
    "variances": ("Overspends and underspends", (On.OVERSPEND, On.UNDERSPEND)),
    "overspend": ("Overspends", (On.OVERSPEND,)),
    "underspend": ("Underspends", (On.UNDERSPEND,)),
    "losses": ("Overspends and QIPP not delivered", (On.QIPP_SHORTFALL, On.OVERSPEND)),
    "qipp_shortfall": ("QIPP not delivered", (On.QIPP_SHORTFALL,)),
    "all": ("Overspends, QIPP not delivered and underspends", (On.QIPP_SHORTFALL, On.OVERSPEND, On.UNDERSPEND)),
}
_INFLUENCED_AMOUNTS = {
    "influenced": ("Benefits and disbenefits of influenced services", (On.DISBENEFIT, On.BENEFIT)),
    "benefit": ("Benefits of influenced services", (On.BENEFIT,)),
    "disbenefit": ("Influenced services above baseline", (On.DISBENEFIT,)),
}
_AMOUNTS = {**_POOLED_AMOUNTS, **_INFLUENCED_AMOUNTS}


def amounts_of(answers: Answers) -> tuple[On, ...]:
    """What the clauses are on."""
    return _AMOUNTS[answers["amounts"]][1]


def amounts_question(usual: str = "variances", *, only: tuple[str, ...] = ()) -> Question:
    """Which amounts the rule is for: those that the agreement can come to, out of `only` if that is given."""

    def options(agreement: Agreement) -> tuple[Option, ...]:
        found = {
            **(_POOLED_AMOUNTS if has_pooled(agreement) else {}),
            **(_INFLUENCED_AMOUNTS if has_influenced(agreement) else {}),
        }
        return tuple(Option(code, label) for code, (label, _) in found.items() if not only or code in only)

    def default(agreement: Agreement) -> str:
        codes = [option.code for option in options(agreement)]
        return usual if usual in codes or not codes else codes[0]

    return Question("amounts", "What is shared", Asks.CHOICE, default, options)


def _funds(agreement: Agreement) -> tuple[Option, ...]:
    named = tuple(Option(fund.code, fund.name) for fund in agreement.funds)
    return named if len(named) == 1 else (Option(EVERY_FUND, "Every fund"), *named)


FUND = Question("fund", "Of which fund", Asks.CHOICE, lambda agreement: _funds(agreement)[0].code, _funds)


def fund_scope(making: Making, answers: Answers) -> Scope:
    """The scope of the fund that was chosen; everything, where there is no other."""
    chosen = answers["fund"]
    only_one = len(making.agreement.funds) == 1
    return Scope() if chosen == EVERY_FUND or only_one else Scope(fund=(chosen,))


_SHARES = (
    Option(By.FIXED, "Fixed shares"),
    Option(By.POOLED, "Contributions to pooled funds"),
    Option(f"{By.POOLED}{OPENING}", "Contributions to pooled funds, as first agreed"),
    Option(By.FUND, "Contributions to the fund"),
    Option(f"{By.FUND}{OPENING}", "Contributions to the fund, as first agreed"),
    Option(By.SCHEME, "Contributions to the scheme"),
    Option(f"{By.SCHEME}{OPENING}", "Contributions to the scheme, as first agreed"),
    Option(By.CORE, "Contributions to core services"),
    Option(By.RESPONSIBLE, "The Responsible Partner"),
    Option(By.LEAD, "The Lead Commissioner"),
    Option(By.HOST, "The Host Partner"),
)
_INCURRED = Option(By.INCURRED, "Left where it fell")


def share_options(agreement: Agreement, *, incurred: bool = False) -> tuple[Option, ...]:
    """The ways to share in an agreement: `incurred` only of savings and influenced services."""
    single = (Option(f"{By.PARTNER}:{each.code}", f"{each.code} alone") for each in partners_asked(agreement))
    bases = (Option(f"{By.BASIS}:{each.name}", each.name.replace("_", " ")) for each in agreement.bases)
    return (*_SHARES, *((_INCURRED,) if incurred else ()), *single, *bases)


def share_question(
    key: str = "share",
    title: str = "Shared by",
    by: str = By.FIXED,
    *,
    incurred: bool = False,
    only_if: tuple[str, tuple[str, ...]] | None = None,
) -> Question:
    """How it is shared, at first `by` a basis (fixed: equally)."""
    return Question(
        key,
        title,
        Asks.SHARE,
        lambda agreement: fixed(agreement) if by == By.FIXED else share_by(by),
        lambda agreement: share_options(agreement, incurred=incurred),
        only_if=only_if,
    )


def reserve_questions(
    key: str,
    title: str,
    name: str,
    *,
    optional: bool = False,
    usual: str = "",
    only_if: tuple[str, tuple[str, ...]] | None = None,
) -> tuple[Question, ...]:
    """Which reserve: one of the agreement's, or a new one with its name, fund and opening balance; or perhaps none.

    At first `usual`, or the first that there is, or a new one.
    """

    def options(agreement: Agreement) -> tuple[Option, ...]:
        there = tuple(Option(f"reserve:{each.code}", each.name) for each in agreement.reserves)
        none = (Option(NONE, "None"),) if optional else ()
        return (*none, *there, Option(NEW, "A new reserve"))

    def default(agreement: Agreement) -> str:
        return usual or options(agreement)[0].code

    def funds(agreement: Agreement) -> tuple[Option, ...]:
        return tuple(
            Option(fund.code, fund.name) for fund in sorted(agreement.funds, key=lambda one: not one.is_pooled)
        )

    is_new = (key, (NEW,))
    return (
        Question(key, title, Asks.CHOICE, default, options, only_if=only_if),
        Question(f"{key}_name", "Its name", Asks.TEXT, lambda _agreement: name, only_if=is_new),
        Question(
            f"{key}_fund", "Held in", Asks.CHOICE, lambda agreement: funds(agreement)[0].code, funds, only_if=is_new
        ),
        Question(f"{key}_opening", "Opening balance", Asks.MONEY, lambda _agreement: 0, only_if=is_new),
    )


def reserve_chosen(making: Making, answers: Answers, key: str) -> str:
    """The code of the reserve that was chosen, which is made if it is new; "" for none."""
    chosen: str = answers[key]
    if chosen == NONE:
        return ""
    if chosen == NEW:
        return making.reserve(answers[f"{key}_name"], answers[f"{key}_fund"], answers[f"{key}_opening"])
    return chosen.partition(":")[2]


_BEYOND = (
    Option("others", "The other partners"),
    Option("host", "The Host Partner"),
    Option("lead", "The Lead Commissioner of the scheme"),
    Option("responsible", "The Responsible Partner of the scheme"),
)
_NEXT = Option("next", "The clauses that follow")


def maximum_questions(*, optional: bool) -> tuple[Question, Question]:
    """The most that each partner bears, and who bears what is beyond it."""

    def options(agreement: Agreement) -> tuple[Option, ...]:
        single = (Option(f"partner:{each.code}", f"{each.code} alone") for each in partners_asked(agreement))
        return (*_BEYOND, *single, _NEXT)

    maxima = Question(
        "maxima",
        "Maximum for each partner in the year",
        Asks.LIMITS,
        lambda _agreement: {},
        explains="Pounds, or a percentage of the partner’s contribution to pooled funds; empty where there is none.",
        may_be_empty=optional,
    )
    return maxima, Question("beyond", "Anything beyond it is borne by", Asks.CHOICE, lambda _: "others", options)
