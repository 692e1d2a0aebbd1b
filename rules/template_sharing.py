"""Templates of who shares what: fixed shares, contributions, responsibility, part of the schemes, maxima."""

from dataclasses import replace

from rules.agreement import Agreement, By, On, Scope, Share
from rules.template_asked import FUND, amounts_of, amounts_question, fund_scope, maximum_questions, share_question
from rules.template_form import Answers, Template, needs_either, needs_pooled
from rules.template_making import Making
from rules.template_questions import OPENING, Asks, Option, Question, share_by

_YES, _NO = "yes", "no"

_TITLED = {
    By.FIXED: "in fixed shares",
    By.POOLED: "in proportion to contributions to pooled funds",
    By.CORE: "in proportion to contributions to core services",
    By.FUND: "in proportion to contributions to the fund",
    By.SCHEME: "in proportion to contributions to the scheme",
    By.RESPONSIBLE: "with the Responsible Partner",
    By.LEAD: "with the Lead Commissioner",
    By.INCURRED: "left where they fell",
    By.HOST: "with the Host Partner",
}


def titled(share: Share) -> str:
    """What a clause's title says of a share."""
    if share.by is By.PARTNER:
        return f"with {share.name}"
    if share.by is By.BASIS:
        return f"in proportion to {share.name.replace('_', ' ')}"
    return f"{_TITLED[share.by]}{', as first agreed' if share.at_opening else ''}"


# --- fixed shares -----------------------------------------------------------------------------------------------------


def _make_fixed(making: Making, answers: Answers) -> None:
    for on in amounts_of(answers):
        making.shared(on, titled(answers["share"]), answers["share"], scope=fund_scope(making, answers))


FIXED = Template(
    "fixed",
    "Fixed shares",
    "The partners share what is left over or short in percentages that they agree beforehand.",
    (
        amounts_question(),
        FUND,
        replace(share_question(title="Each partner’s share"), options=lambda _: (Option(By.FIXED, "Fixed shares"),)),
    ),
    _make_fixed,
    needs_either,
)


# --- in proportion to contributions -----------------------------------------------------------------------------------

_TO = (
    Option(By.POOLED, "All pooled funds"),
    Option(By.FUND, "The fund"),
    Option(By.SCHEME, "The scheme"),
    Option(By.CORE, "Core services"),
)
_WHEN = (Option("varied", "As varied in the year"), Option("opening", "As first agreed, virements left out"))


def _make_contributions(making: Making, answers: Answers) -> None:
    share = share_by(f"{answers['to']}{OPENING if answers['at'] == 'opening' else ''}")
    for on in amounts_of(answers):
        making.shared(on, titled(share), share, scope=fund_scope(making, answers))


CONTRIBUTIONS = Template(
    "contributions",
    "In proportion to contributions",
    "Each partner bears or receives the same proportion as it contributes: to the pool, to the fund or to the scheme.",
    (
        amounts_question(),
        FUND,
        Question("to", "Contributions to", Asks.CHOICE, lambda _agreement: By.POOLED.value, lambda _agreement: _TO),
        Question("at", "Contributions", Asks.CHOICE, lambda _agreement: "varied", lambda _agreement: _WHEN),
    ),
    _make_contributions,
    needs_either,
)


# --- liability with the responsible partner ---------------------------------------------------------------------------

_YES_OR_NO = (Option(_YES, "Yes"), Option(_NO, "No: other clauses deal with underspends"))


def _make_responsible(making: Making, answers: Answers) -> None:
    scope = fund_scope(making, answers)
    share = Share(By.RESPONSIBLE)
    making.shared(On.QIPP_SHORTFALL, titled(share), share, scope=scope)
    making.shared(On.OVERSPEND, f"because of need, {titled(share)}", share, scope=scope)
    if answers["underspends"] == _YES:
        making.shared(On.UNDERSPEND, titled(share), share, scope=scope)


RESPONSIBLE = Template(
    "responsible",
    "Liability with the Responsible Partner",
    "Whoever is responsible for a scheme bears its overspend, whether from need or from QIPP that was not delivered.",
    (
        FUND,
        Question(
            "underspends",
            "It keeps underspends too",
            Asks.CHOICE,
            lambda _agreement: _YES,
            lambda _agreement: _YES_OR_NO,
        ),
    ),
    _make_responsible,
    needs_pooled,
)


# --- shares for a part only -------------------------------------------------------------------------------------------


def _parts(agreement: Agreement) -> tuple[Option, ...]:
    tags = dict.fromkeys(tag for scheme in agreement.schemes for tag in scheme.tags)
    pooled = [fund for fund in agreement.funds if fund.is_pooled]
    funds = pooled if len(pooled) > 1 else []
    return (
        *(Option(f"tag:{tag}", f"Schemes tagged {tag}") for tag in tags),
        *(Option(f"fund:{fund.code}", f"The fund {fund.name}") for fund in funds),
    )


def _needs_parts(agreement: Agreement) -> str:
    without = "It needs a tag on the schemes of the shared part (BCF, say), or a second pooled fund."
    return needs_pooled(agreement) or ("" if _parts(agreement) else without)


def _make_part(making: Making, answers: Answers) -> None:
    kind, _, code = answers["part"].partition(":")
    scope = Scope(tag=(code,)) if kind == "tag" else Scope(fund=(code,))
    rest = share_by(answers["rest"])
    for on in amounts_of(answers):
        making.shared(on, f"{code}, {titled(answers['share'])}", answers["share"], scope=scope)
        making.shared(on, f"the rest, {titled(rest)}", rest)


_REST = (
    Option(By.LEAD, "The Lead Commissioner"),
    Option(By.RESPONSIBLE, "The Responsible Partner"),
    Option(By.HOST, "The Host Partner"),
)

PART = Template(
    "part",
    "Shares for a part only",
    "One part of the schemes, such as the Better Care Fund, is shared; the rest stays with whoever commissions it.",
    (
        amounts_question(only=("variances", "overspend", "underspend", "losses", "qipp_shortfall", "all")),
        Question(
            "part",
            "The part that is shared",
            Asks.CHOICE,
            lambda agreement: next((option.code for option in _parts(agreement)), ""),
            _parts,
        ),
        share_question(title="That part is shared by"),
        Question(
            "rest", "The rest stays with", Asks.CHOICE, lambda _agreement: By.LEAD.value, lambda _agreement: _REST
        ),
    ),
    _make_part,
    _needs_parts,
)


# --- maxima -----------------------------------------------------------------------------------------------------------


def _make_maximum(making: Making, answers: Answers) -> None:
    scope = fund_scope(making, answers)
    up_to = ", up to each partner’s maximum"
    ids = [
        making.shared(on, f"{titled(answers['share'])}{up_to}", answers["share"], scope=scope)
        for on in amounts_of(answers)
    ]
    making.caps(answers["maxima"], ids, answers["beyond"])


MAXIMUM = Template(
    "maximum",
    "Shares with a maximum",
    "Partners share, but none bears more than its maximum in the year; the agreement says who bears what is beyond it.",
    (
        amounts_question("overspend"),
        FUND,
        share_question(by=By.POOLED),
        *maximum_questions(optional=False),
    ),
    _make_maximum,
    needs_either,
)


def _clauses_shared(agreement: Agreement) -> tuple[Option, ...]:
    return tuple(
        Option(clause.id, f"{clause.id}: {clause.title}")
        for clause in agreement.clauses
        if any(part.share is not None for part in clause.slices)
    )


def _losses_shared(agreement: Agreement) -> tuple[str, ...]:
    shared = [option.code for option in _clauses_shared(agreement)]
    losses = tuple(code for code in shared if not agreement.clause_of[code].on.is_gain)
    return losses or tuple(shared)


def _needs_clauses(agreement: Agreement) -> str:
    return "" if _clauses_shared(agreement) else "It needs a clause in the schedule that partners share by."


def _make_together(making: Making, answers: Answers) -> None:
    making.caps(answers["maxima"], answers["clauses"], answers["beyond"])


TOGETHER = Template(
    "maximum_together",
    "A maximum over several clauses",
    "What a partner bears under the chosen clauses of this schedule, taken together, has a maximum in the year.",
    (
        Question("clauses", "Under these clauses", Asks.CLAUSES, _losses_shared, _clauses_shared),
        *maximum_questions(optional=False),
    ),
    _make_together,
    _needs_clauses,
)

__all__ = ["CONTRIBUTIONS", "FIXED", "MAXIMUM", "PART", "RESPONSIBLE", "TOGETHER", "titled"]
