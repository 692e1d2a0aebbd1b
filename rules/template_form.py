"""What a template is: a rule shape of real agreements, in a sentence, with what it asks and the clauses it makes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rules.agreement import Agreement
from rules.groups import groups_of
from rules.problems import Problem, RefusedError
from rules.template_making import Making
from rules.template_questions import Question

Answers = Mapping[str, Any]
"""By the questions' keys."""


@dataclass(frozen=True, slots=True)
class Template:
    """A rule shape to put at the end of a schedule. `sentence` says in plain English what it does.

    `needs` says why it cannot be used in an agreement, and nothing where it can.
    """

    key: str
    title: str
    sentence: str
    questions: tuple[Question, ...]
    make: Callable[[Making, Answers], None]
    needs: Callable[[Agreement], str]

    def why_not(self, agreement: Agreement) -> str:
        """A sentence that says what the agreement lacks for it; "" if it can be used."""
        return self.needs(agreement)

    def defaults(self, agreement: Agreement) -> dict[str, Any]:
        """The answer to each question with which it can be taken as it stands."""
        return {question.key: question.default(agreement) for question in self.questions}

    def told(self, agreement: Agreement, answers: Answers | None = None) -> dict[str, Any]:
        """Answers (the defaults where there are none) as they would be typed: JSON."""
        all_of_them = {**self.defaults(agreement), **(answers or {})}
        return {question.key: question.told(all_of_them[question.key]) for question in self.questions}

    def asked(self, answers: Answers) -> tuple[Question, ...]:
        """The questions that the answers given, or what was typed for them, leave open."""
        found: dict[str, Any] = {}
        asked = []
        for question in self.questions:
            if question.is_asked(found):
                asked.append(question)
                found[question.key] = answers.get(question.key)
        return tuple(asked)

    def read(self, told: Mapping[str, Any], agreement: Agreement) -> dict[str, Any]:
        """The answers that were typed; what was not is as usual.

        Raises RefusedError with a problem for each that is none, placed by the question's title.
        """
        answers: dict[str, Any] = {}
        problems: list[Problem] = []
        usual = self.told(agreement)
        typed = {**usual, **{key: value for key, value in told.items() if key in usual}}
        for question in self.asked(typed):
            try:
                answers[question.key] = question.read(typed[question.key], agreement)
            except ValueError as why:
                problems.append(Problem(str(why), place=question.title))
        if problems:
            raise RefusedError(*problems)
        return answers

    def clauses(self, agreement: Agreement, **answers: Any) -> Agreement:  # noqa: ANN401  by the questions' kinds
        """The agreement with this rule at the end of its schedule, and the reserves, bases and maxima it needs.

        Numbers and codes are free ones. A question without an answer has its default. Raises RefusedError with what
        does not hold together, and TypeError for an answer to a question that is not asked.
        """
        unknown = set(answers) - {question.key for question in self.questions}
        if unknown:
            message = f"the template {self.key} does not ask for {', '.join(sorted(unknown))}"
            raise TypeError(message)
        why_not = self.needs(agreement)
        if why_not:
            raise RefusedError(Problem(why_not))
        making = Making(agreement)
        self.make(making, {**self.defaults(agreement), **answers})
        return making.finished()


def has_pooled(agreement: Agreement) -> bool:
    """Whether a pooled fund has a scheme whose variance is shared."""
    return any(not group.influenced and not group.excluded for group in groups_of(agreement))


def has_influenced(agreement: Agreement) -> bool:
    """Whether there are influenced services that come to a benefit or a disbenefit."""
    return any(group.influenced for group in groups_of(agreement))


def needs_pooled(agreement: Agreement) -> str:
    """Why what is about over- and underspends cannot be used."""
    return "" if has_pooled(agreement) else "It needs a pooled fund with a scheme that is not excluded."


def needs_influenced(agreement: Agreement) -> str:
    """Why what is about benefits cannot be used."""
    return "" if has_influenced(agreement) else "It needs a scheme of influenced services, in an aligned fund."


def needs_either(agreement: Agreement) -> str:
    """Why nothing can be shared yet."""
    if has_pooled(agreement) or has_influenced(agreement):
        return ""
    return "It needs a pooled fund with a scheme, or a scheme of influenced services in an aligned fund."
