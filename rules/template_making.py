"""An agreement with more in its schedule: clauses with free numbers, and the reserves, bases and caps that they need.

What was made is written and read back before it is given out, so that no template can make an agreement that a file
could not hold.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from rules.agreement import (
    Agreement,
    Basis,
    Beyond,
    By,
    Cap,
    Clause,
    Limit,
    On,
    Performance,
    Reserve,
    Scope,
    Share,
    Slice,
    Use,
)
from rules.english import quoted
from rules.problems import Problem, RefusedError
from rules.reading import read_agreement
from rules.wording_subjects import groups_concerned
from rules.writing import write_agreement

WHOLE = Fraction(100)

NAMES = {
    On.QIPP_SHORTFALL: "QIPP not delivered",
    On.OVERSPEND: "Overspends",
    On.DISBENEFIT: "Influenced services above baseline",
    On.UNDERSPEND: "Underspends",
    On.BENEFIT: "Benefits of the influenced services",
}
"""What a clause's title begins with."""

_NOTHING_THERE = {
    True: "no influenced services are in what it is about; name schemes of influenced services, or another fund",
    False: "no pooled fund is in what it is about; only a pooled fund comes to an overspend or an underspend",
}


class Making:
    """An agreement while more is put at the end of its schedule."""

    def __init__(self, agreement: Agreement) -> None:
        """Begin with the agreement as it is."""
        self.agreement = agreement

    def finished(self) -> Agreement:
        """The agreement with what was added. Raises RefusedError with what does not hold together."""
        return read_agreement(write_agreement(self.agreement), "the agreement")

    def clause(self, on: On, title: str, *slices: Slice, scope: Scope | None = None, **more: Any) -> str:  # noqa: ANN401  keys of Clause
        """Add a clause; `title` follows what it is on. Answers its number.

        Raises RefusedError if nothing in the agreement could ever be its subject.
        """
        ident = self._free("RS", {clause.id for clause in self.agreement.clauses})
        clause = replace(Clause(ident, f"{NAMES[on]}: {title}", on, slices, scope or Scope()), **more)
        self.agreement = replace(self.agreement, clauses=(*self.agreement.clauses, clause))
        if not groups_concerned(clause, self.agreement):
            raise RefusedError(Problem(_NOTHING_THERE[on.is_influenced]))
        return ident

    def shared(self, on: On, title: str, share: Share, *, scope: Scope | None = None, **more: Any) -> str:  # noqa: ANN401  keys of Clause
        """Add a clause that shares all it takes between partners. Answers its number."""
        return self.clause(on, title, Slice(WHOLE, Use.PARTNERS, share=share), scope=scope, **more)

    def to_reserve(self, on: On, title: str, code: str, *, scope: Scope | None = None) -> str:
        """Add a clause that meets a loss from a reserve, or pays a gain into it. Answers its number."""
        return self.clause(on, title, Slice(WHOLE, Use.RESERVE, reserve=code), scope=scope)

    def reserve(self, name: str, fund: str, opening_pence: int) -> str:
        """Add a reserve. Answers its code, which is made from its name."""
        taken = {reserve.code for reserve in self.agreement.reserves}
        code = "".join(each for each in name.upper() if each.isalnum())[:12] or "RESERVE"
        code = code if code not in taken else self._free(code, taken, first=2)
        added = Reserve(code, name, fund, opening_pence)
        self.agreement = replace(self.agreement, reserves=(*self.agreement.reserves, added))
        return code

    def basis(self, name: str, amounts_pence: Mapping[str, int]) -> Share:
        """The share by a named amount for each partner; the basis is added, unless it is there with these amounts."""
        wanted = tuple(amounts_pence.items())
        there = {basis.name: dict(basis.amounts_pence) for basis in self.agreement.bases}
        if name in there and there[name] != dict(wanted):
            name = self._free(f"{name}_", set(there), first=2)
        if name not in there:
            self.agreement = replace(self.agreement, bases=(*self.agreement.bases, Basis(name, wanted)))
        return Share(By.BASIS, name)

    def caps(self, maxima: Mapping[str, Limit], clauses: Iterable[str], beyond: str) -> None:
        """Put a maximum on partners' shares under clauses, of losses and of gains apart.

        `beyond` is `others`, `next`, `host`, `partner:CODE`; or `lead` or `responsible`, for whom a clause is added
        that takes what the maximum leaves. Raises RefusedError if a partner has a cap on one of the clauses already.
        """
        ids = tuple(clauses)
        if not maxima:
            return
        self._refuse_second_caps(maxima, ids)
        bearing = beyond in {By.LEAD, By.RESPONSIBLE}
        how, _, bearer = ("next" if bearing else beyond).partition(":")
        for is_gain in (False, True):
            of_sign = tuple(each for each in ids if self.agreement.clause_of[each].on.is_gain is is_gain)
            added = [Cap(code, limit, of_sign, Beyond(how), bearer) for code, limit in maxima.items() if of_sign]
            self.agreement = replace(self.agreement, caps=(*self.agreement.caps, *added))
        if bearing:
            who = "the Lead Commissioner" if beyond == By.LEAD else "the Responsible Partner"
            for each in ids:
                capped = self.agreement.clause_of[each]
                verb = "has" if capped.on.is_gain else "bears"
                self.shared(capped.on, f"{who} {verb} what is beyond a maximum", Share(By(beyond)), scope=capped.scope)

    def performance(self, element: Performance) -> None:
        """Add an element of performance pay, under a number of its own."""
        ident = self._free("PP", {each.id for each in self.agreement.performance})
        self.agreement = replace(self.agreement, performance=(*self.agreement.performance, replace(element, id=ident)))

    def _refuse_second_caps(self, maxima: Mapping[str, Limit], ids: tuple[str, ...]) -> None:
        for cap in self.agreement.caps:
            twice = [each for each in cap.clauses if each in ids]
            if cap.partner in maxima and twice:
                message = f"{cap.partner} has a maximum under clause {twice[0]} already; leave that clause out"
                raise RefusedError(Problem(message))

    @staticmethod
    def _free(stem: str, taken: set[str], first: int = 1) -> str:
        number = first
        while f"{stem}{number}" in taken:
            number += 1
        return f"{stem}{number}"


def scheme_fund(agreement: Agreement, code: str) -> str:
    """The fund of a scheme. Raises RefusedError if there is no such scheme."""
    scheme = agreement.scheme_of.get(code)
    if scheme is None:
        raise RefusedError(Problem(f"there is no scheme {quoted(code)}; choose another"))
    return scheme.fund
