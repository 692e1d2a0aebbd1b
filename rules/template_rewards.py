"""Templates of rewards and bands: benefits by Barnet's section 7B, savings, corridors, performance pay."""

from collections.abc import Mapping

from rules.agreement import Agreement, Band, By, Limit, Mode, On, Per, Performance, Share, Slice, Threshold, Use
from rules.problems import Problem, RefusedError
from rules.template_asked import (
    FUND,
    amounts_of,
    amounts_question,
    fund_scope,
    reserve_chosen,
    reserve_questions,
    share_question,
)
from rules.template_form import Answers, Template, needs_either, needs_influenced
from rules.template_making import WHOLE, Making, scheme_fund
from rules.template_questions import Asks, Option, Question, equal_weights, partners_asked, share_by
from rules.template_sharing import titled

# --- a benefit, by section 7B -----------------------------------------------------------------------------------------

_INVESTMENT, _CHALLENGE = "target_investment", "financial_challenge"
_EQUALLY, _SAME = "equally", "same"
_SHARED, _DIVIDED = "partners", "divided"

_BASES = (
    Option(By.POOLED, "Contributions to the pooled budget"),
    Option(By.CORE, "Contributions to core services"),
    Option(_INVESTMENT, "Target investment of each partner"),
    Option(_CHALLENGE, "Financial challenge of each partner"),
    Option(_EQUALLY, "Equally (50:50 between two)"),
)
_PROVIDED_BY = (Option(_SAME, "The same basis"), _BASES[1], _BASES[0], _BASES[4])
_USES = (
    Option(_SHARED, "All of it to the partners"),
    Option(_DIVIDED, "Divided: some retained and reinvested, some to the partners, some as a provision"),
)


def _amounts_of_basis(name: str, title: str) -> Question:
    def default(agreement: Agreement) -> Mapping[str, int]:
        there = next((dict(basis.amounts_pence) for basis in agreement.bases if basis.name == name), {})
        return there or {partner.code: 0 for partner in partners_asked(agreement)}

    return Question(name, title, Asks.AMOUNTS, default, only_if=("basis", (name,)))


def _share_7b(making: Making, answers: Answers, basis: str) -> Share:
    if basis == _EQUALLY:
        return Share(By.FIXED, weights=tuple(equal_weights(making.agreement).items()))
    if basis not in {_INVESTMENT, _CHALLENGE}:
        return share_by(basis)
    amounts = answers[basis]
    if not any(amounts.values()):
        named = basis.replace("_", " ")
        raise RefusedError(Problem(f"write each partner’s {named}: a benefit cannot be shared by amounts of nothing"))
    return making.basis(basis, amounts)


def _make_benefit(making: Making, answers: Answers) -> None:
    share = _share_7b(making, answers, answers["basis"])
    if answers["uses"] == _SHARED:
        making.shared(On.BENEFIT, titled(share), share)
        return
    by = answers["provision_by"]
    provision = share if by == _SAME else _share_7b(making, answers, by)
    slices = []
    if answers["retained"]:
        code = reserve_chosen(making, answers, "reserve")
        slices.append(Slice(answers["retained"], Use.RESERVE, reserve=code))
    slices.append(Slice(answers["to_partners"], Use.PARTNERS, share=share))
    slices.append(Slice(answers["provision"], Use.PROVISION, share=provision))
    making.clause(On.BENEFIT, "retained, shared and provided for", *(each for each in slices if each.percent))


def _percentage(key: str, title: str, usual: int) -> Question:
    return Question(key, title, Asks.PERCENT, lambda _agreement: WHOLE * usual / 100, only_if=("uses", (_DIVIDED,)))


BENEFIT = Template(
    "benefit",
    "Benefit of influenced services",
    "What influenced services save against their baseline is shared on an agreed basis, retained, or set aside.",
    (
        Question("basis", "Shared by", Asks.CHOICE, lambda _agreement: By.CORE.value, lambda _agreement: _BASES),
        _amounts_of_basis(_INVESTMENT, "Target investment"),
        _amounts_of_basis(_CHALLENGE, "Financial challenge"),
        Question("uses", "What becomes of it", Asks.CHOICE, lambda _agreement: _SHARED, lambda _agreement: _USES),
        _percentage("retained", "Per cent retained and reinvested", 40),
        *reserve_questions("reserve", "Retained in", "Retained for additional services", only_if=("uses", (_DIVIDED,))),
        _percentage("to_partners", "Per cent to the partners", 40),
        _percentage("provision", "Per cent as a provision against own exposure", 20),
        Question(
            "provision_by",
            "Provision by",
            Asks.CHOICE,
            lambda _agreement: _SAME,
            lambda _agreement: _PROVIDED_BY,
            only_if=("uses", (_DIVIDED,)),
        ),
    ),
    _make_benefit,
    needs_influenced,
)


# --- minimum savings --------------------------------------------------------------------------------------------------

_FIRST_POUND = (
    Option(Threshold.CLIFF, "From the first pound, once it is reached"),
    Option(Threshold.EXCESS, "Only what is above it"),
)


def _make_minimum(making: Making, answers: Answers) -> None:
    scope = fund_scope(making, answers)
    threshold = Threshold(answers["threshold"])
    share = answers["share"]
    making.shared(
        On.BENEFIT,
        f"above the minimum, {titled(share)}",
        share,
        scope=scope,
        band=Band(answers["rate"]),
        threshold=threshold,
    )
    below = answers["below"]
    making.shared(On.BENEFIT, f"below the minimum, {titled(below)}", below, scope=scope)


MINIMUM_SAVINGS = Template(
    "minimum_savings",
    "Minimum savings rate",
    "Savings are shared only once they reach a minimum; below it they stay where they fell.",
    (
        FUND,
        Question(
            "rate",
            "Minimum",
            Asks.LIMIT,
            lambda _agreement: Limit(percent=WHOLE / 100),
            explains="A percentage of the baseline, or pounds.",
        ),
        Question(
            "threshold",
            "What is shared",
            Asks.CHOICE,
            lambda _agreement: Threshold.CLIFF.value,
            lambda _agreement: _FIRST_POUND,
        ),
        share_question(incurred=True),
        share_question("below", "Below the minimum", By.INCURRED, incurred=True),
    ),
    _make_minimum,
    needs_influenced,
)


# --- bands ------------------------------------------------------------------------------------------------------------

_TWO, _THREE = "2", "3"
_HOW_MANY = (Option(_TWO, "Two: up to an edge, and above it"), Option(_THREE, "Three: with a band in between"))
_PER = (
    Option(Per.GROUP, "Each group of schemes by itself"),
    Option(Per.FUND, "The fund taken together"),
    Option(Per.AGREEMENT, "The whole agreement taken together"),
)
_NOUGHT = Limit(pence=0)


def _percent(usual: int) -> Limit:
    return Limit(percent=WHOLE * usual / 100)


def _make_corridor(making: Making, answers: Answers) -> None:
    first, second = answers["first_edge"], answers["second_edge"]
    bands = [("within the first band", Band(_nothing_of(first), first), answers["within"])]
    if answers["bands"] == _THREE:
        bands.append(("within the second band", Band(first, second), answers["between"]))
    for on in amounts_of(answers):
        scope = fund_scope(making, answers)
        for title, band, share in bands:
            making.shared(on, f"{title}, {titled(share)}", share, scope=scope, per=Per(answers["per"]), band=band)
        # what the bands leave, whatever else took some of it: nothing of this kind is left without a bearer
        share = answers["above"]
        making.shared(on, f"above, {titled(share)}", share, scope=scope)


def _nothing_of(edge: Limit) -> Limit:
    return _percent(0) if edge.percent is not None else _NOUGHT


CORRIDOR = Template(
    "corridor",
    "Risk corridor by bands",
    "The first part of an amount is shared one way and what is above it another: the bands of a risk corridor.",
    (
        amounts_question("overspend"),
        FUND,
        Question("per", "Measured on", Asks.CHOICE, lambda _agreement: Per.GROUP.value, lambda _agreement: _PER),
        Question("bands", "How many bands", Asks.CHOICE, lambda _agreement: _THREE, lambda _agreement: _HOW_MANY),
        Question(
            "first_edge",
            "First band ends at",
            Asks.LIMIT,
            lambda _agreement: _percent(3),
            explains="A percentage of the budget or baseline, or pounds.",
        ),
        share_question("within", "Within it, shared by", By.RESPONSIBLE, incurred=True),
        Question(
            "second_edge",
            "Second band ends at",
            Asks.LIMIT,
            lambda _agreement: _percent(8),
            only_if=("bands", (_THREE,)),
        ),
        share_question("between", "Between the two, shared by", incurred=True, only_if=("bands", (_THREE,))),
        share_question("above", "Above, shared by", By.POOLED, incurred=True),
    ),
    _make_corridor,
    needs_either,
)


# --- payment for performance ------------------------------------------------------------------------------------------

_BY_TARGET, _BY_RATE, _ALL = "linear", "rate", "all_or_nothing"
_RELEASED = (
    Option(_BY_TARGET, "In proportion to the target that is reached"),
    Option(_BY_RATE, "So much for each unit"),
    Option(_ALL, "All of it at the target, and otherwise nothing"),
)


def _schemes(agreement: Agreement) -> tuple[Option, ...]:
    return tuple(Option(scheme.code, scheme.name) for scheme in agreement.schemes)


def _payers(agreement: Agreement) -> tuple[Option, ...]:
    return tuple(Option(partner.code, partner.name) for partner in partners_asked(agreement))


def _payer(agreement: Agreement) -> str:
    """The commissioner, who held the money back in the Better Care Fund; the first partner if all are councils."""
    asked = partners_asked(agreement)
    return next((partner.code for partner in asked if partner.kind != "council"), asked[0].code)


def _make_performance(making: Making, answers: Answers) -> None:
    making.performance(
        Performance(
            "",
            answers["title"],
            scheme_fund(making.agreement, answers["scheme"]),
            answers["scheme"],
            answers["payer"],
            answers["measure"],
            answers["held"],
            Mode.ALL_OR_NOTHING if answers["released"] == _ALL else Mode.LINEAR,
            answers["rate"] if answers["released"] == _BY_RATE else None,
        )
    )


PERFORMANCE = Template(
    "performance",
    "Payment for performance",
    "A part of one partner’s contribution is held back until a measure, such as fewer admissions, shows it was earned.",
    (
        Question("title", "Named", Asks.TEXT, lambda _agreement: "Reduction in non-elective admissions"),
        Question("scheme", "Scheme", Asks.CHOICE, lambda agreement: _schemes(agreement)[0].code, _schemes),
        Question("payer", "Held back of", Asks.CHOICE, _payer, _payers),
        Question("held", "Amount held back in the year", Asks.MONEY, lambda _agreement: 0),
        Question(
            "measure",
            "Measure",
            Asks.TEXT,
            lambda _agreement: "NEA",
            explains="As the file of measures names it.",
        ),
        Question("released", "Released", Asks.CHOICE, lambda _agreement: _BY_TARGET, lambda _agreement: _RELEASED),
        Question("rate", "For each unit", Asks.MONEY, lambda _agreement: 149_000, only_if=("released", (_BY_RATE,))),
    ),
    _make_performance,
    needs_either,
)
