"""What is wrong with a ledger that is being thought out, step by step in words; what it comes to; and what it lacks.

Everything is reviewed at once, from the texts alone, so that no step has to be left in a finished state.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TypeVar

from rules.agreement import Agreement, Fund, FundKind, Netting, Partner, PartnerKind, QippMode, Scheme, Service
from rules.english import listed, quoted
from rules.periods import FinancialYear, Period
from rules.problems import RefusedError
from rules.reading import read_agreement
from rules.succession import partners_in_being
from rules.templates import TEMPLATE_OF, gaps
from rules.wording import cap_sentence, performance_sentence, sentence
from rules.writing import write_agreement
from settlement.new_ledger import (
    FUND_COLUMNS,
    KEY,
    PARTNER_COLUMNS,
    SCHEME_COLUMNS,
    WORDS,
    Content,
    Planned,
    Row,
    Step,
    code_for,
    contribution_of,
    day_of,
    id_for,
    kind_for,
    partner_code_for,
    typed,
    word_of,
)
from settlement.new_ledger_found import Matrix, Review, RuleReview, Trouble

_Value = TypeVar("_Value")
_Named = Mapping[int, Partner] | Mapping[int, Fund] | Mapping[int, Partner | Fund]
_FEWEST_PARTNERS = 2
_FILE = "the agreement"


def review(content: Content) -> Review:
    """Look at all that was typed so far."""
    looking = _Looking(content)
    year = looking.head()
    looking.partners(year)
    looking.funds()
    looking.schemes()
    matrix, contributions = looking.contributions()
    agreement = looking.agreement(year)
    rules, made = looking.rules(agreement)
    notes = looking.notes(made, matrix)
    planned = Planned(made, contributions) if made is not None and not looking.troubles else None
    return Review(tuple(looking.troubles), looking.usual, matrix, made or agreement, rules, notes, planned)


class _Looking:
    """One look at the texts: what is wrong so far, and the parts of the agreement that are sound."""

    def __init__(self, content: Content) -> None:
        self.content = content
        self.troubles: list[Trouble] = []
        self.usual: dict[tuple[Step, int], dict[str, str]] = {}
        self._partners: dict[int, Partner] = {}
        self._funds: dict[int, Fund] = {}
        self._schemes: dict[int, Scheme] = {}
        self._in_being: tuple[str, ...] = ()
        self._id = ""

    def _say(self, step: Step, message: str, row: int | None = None, column: str = "") -> None:
        self.troubles.append(Trouble(step, message, row, column))

    def _get(self, step: Step, place: int, column: str, read: Callable[[], _Value], stand_in: _Value) -> _Value:
        """What `read` makes of a cell, or the stand-in if it says in a ValueError why it cannot."""
        try:
            return read()
        except ValueError as why:
            self._say(step, str(why), place, column)
            return stand_in

    # Step by step

    def head(self) -> FinancialYear | None:
        if not self.content.title.strip():
            self._say(Step.AGREEMENT, "give the agreement a title", column="title")
        self._id = self.content.id.strip() or id_for(self.content.title)
        self.usual[Step.AGREEMENT, 0] = {"id": id_for(self.content.title)}
        if self.content.title.strip() and not self._id:
            self._say(Step.AGREEMENT, "give the agreement an id, such as barnet-better-care-fund", column="id")
        try:
            return FinancialYear.read(self.content.year.strip())
        except ValueError as why:
            self._say(Step.AGREEMENT, str(why), column="year")
            return None

    def partners(self, year: FinancialYear | None) -> None:
        step, rows = Step.PARTNERS, typed(self.content.partners, PARTNER_COLUMNS)
        for place, row, code in self._coded(step, rows, partner_code_for, "partner"):
            name, kind_text, from_text = (row.get(each, "").strip() for each in ("name", "kind", "from"))
            guessed = kind_for(name)
            self.usual[step, place]["kind"] = WORDS["partner"][guessed]
            kind = self._get(step, place, "kind", partial(self._word, "partner", kind_text), "")
            since = self._get(step, place, "from", partial(self._day, from_text), None)
            named = [each.strip() for each in row.get("succeeds", "").split(",") if each.strip()]
            if named and not from_text:
                self._say(step, f"say from which day {code} stands in the place of {listed(named)}", place, "from")
            self._partners[place] = Partner(code, name, PartnerKind(kind or guessed), tuple(named), since)
        self._resolve_predecessors()
        if len(rows) < _FEWEST_PARTNERS:
            self._say(step, "an agreement has at least two partners")
        if year is not None:
            bare = Agreement("", "", year, tuple(self._partners.values()), (), ())
            self._in_being = tuple(partner.code for partner in partners_in_being(bare, Period.M1))

    def _resolve_predecessors(self) -> None:
        for place, partner in self._partners.items():
            found = []
            for text in partner.succeeds:
                code = self._named(text, self._partners)
                if code is None:
                    self._say(Step.PARTNERS, f"no partner is called {quoted(text)}", place, "succeeds")
                else:
                    found.append(code)
            self._partners[place] = replace(partner, succeeds=tuple(found))

    def funds(self) -> None:
        step, rows = Step.FUNDS, typed(self.content.funds, FUND_COLUMNS)
        first_host = next((each.code for each in self._partners.values()), "")
        for place, row, code in self._coded(step, rows, code_for, "fund"):
            self.usual[step, place] |= {
                "kind": WORDS["fund"][FundKind.POOLED],
                "host": first_host,
                "netting": WORDS["netting"][Netting.FUND],
            }
            kind = self._chosen(step, place, row, "kind", "fund", FundKind.POOLED)
            netting = self._chosen(step, place, row, "netting", "netting", Netting.FUND)
            host = self._reference(step, place, row, "host", self._partners, "partner", first_host)
            self._funds[place] = Fund(code, row.get("name", "").strip(), FundKind(kind), host, Netting(netting))
        if not rows:
            self._say(step, "an agreement has at least one fund")

    def schemes(self) -> None:
        step, rows = Step.SCHEMES, typed(self.content.schemes, SCHEME_COLUMNS)
        first_fund = next((fund.code for fund in self._funds.values()), "")
        host_of = {fund.code: fund.host for fund in self._funds.values()}
        for place, row, code in self._coded(step, rows, code_for, "scheme"):
            usual = self.usual[step, place]
            fund = self._reference(step, place, row, "fund", self._funds, "fund", first_fund)
            host = host_of.get(fund, "")
            lead = self._reference(step, place, row, "lead", self._partners, "partner", host)
            responsible = self._reference(step, place, row, "responsible", self._partners, "partner", lead)
            service = self._chosen(step, place, row, "service", "service", Service.CORE)
            excluded = self._chosen(step, place, row, "excluded", "excluded", "no")
            usual |= {"fund": first_fund, "lead": host, "responsible": lead}
            usual |= {"service": WORDS["service"][Service.CORE], "excluded": WORDS["excluded"]["no"]}
            tags = tuple(dict.fromkeys(tag.strip() for tag in row.get("tags", "").split(",") if tag.strip()))
            self._schemes[place] = Scheme(
                code,
                row.get("name", "").strip(),
                fund,
                lead,
                responsible,
                Service(service),
                group=row.get("group", "").strip() or None,
                tags=tags,
                excluded=excluded == "yes",
            )
        if not rows:
            self._say(step, "an agreement has at least one scheme")

    def contributions(self) -> tuple[Matrix, tuple[tuple[str, str, int], ...]]:
        schemes = tuple((self.content.schemes[place], scheme) for place, scheme in self._schemes.items())
        partners = tuple(
            (self.content.partners[place], partner)
            for place, partner in self._partners.items()
            if partner.code in self._in_being
        )
        found: list[tuple[str, str, int]] = []
        by_scheme: dict[str, int] = {}
        by_partner: dict[str, int] = {}
        for number, (scheme_row, scheme) in enumerate(schemes):
            told = self.content.contributions.get(scheme_row[KEY], {})
            for partner_row, partner in partners:
                pence = self._contribution(number, scheme, partner, partner_row[KEY], told.get(partner_row[KEY], ""))
                found.append((scheme.code, partner.code, pence))
                by_scheme[scheme_row[KEY]] = by_scheme.get(scheme_row[KEY], 0) + pence
                by_partner[partner_row[KEY]] = by_partner.get(partner_row[KEY], 0) + pence
        matrix = Matrix(
            tuple((row[KEY], scheme.code, scheme.name) for row, scheme in schemes),
            tuple((row[KEY], partner.code, partner.name) for row, partner in partners),
            frozenset(row[KEY] for row, scheme in schemes if scheme.service is Service.INFLUENCED),
            by_scheme,
            by_partner,
            sum(pence for *_, pence in found),
        )
        return matrix, tuple(found)

    def _contribution(self, number: int, scheme: Scheme, partner: Partner, key: str, text: str) -> int:
        try:
            return contribution_of(text)
        except ValueError as why:
            self._say(Step.CONTRIBUTIONS, f"{scheme.code}, {partner.code}: {why}", number, key)
            return 0

    def agreement(self, year: FinancialYear | None) -> Agreement | None:
        """The agreement without a schedule; None while any part of it is in trouble."""
        if year is None or any(trouble.step is not Step.CONTRIBUTIONS for trouble in self.troubles):
            return None
        made = Agreement(
            self._id,
            self.content.title.strip(),
            year,
            tuple(self._partners.values()),
            tuple(self._funds.values()),
            tuple(self._schemes.values()),
            qipp=QippMode(self.content.qipp),
        )
        try:
            return read_agreement(write_agreement(made), _FILE)
        except RefusedError as refused:
            for problem in refused.problems:
                self._place(problem.place, problem.message)
            return None

    def rules(self, agreement: Agreement | None) -> tuple[tuple[RuleReview, ...], Agreement | None]:
        """Each chosen template put into the agreement in turn; one that cannot be is left out of the rest."""
        found: list[tuple[RuleReview, Agreement | None]] = []
        for number, rule in enumerate(self.content.rules):
            template = TEMPLATE_OF.get(rule.template)
            if agreement is None or template is None:
                found.append((RuleReview(rule), None))
                continue
            before = agreement
            try:
                agreement = template.clauses(before, **template.read(rule.told, before))
            except RefusedError as refused:
                why = " ".join(f"{_raised(str(problem).removeprefix(f'{_FILE}: '))}." for problem in refused.problems)
                self._say(Step.RISK_SHARE, f"{template.title}: {why}", number)
                found.append((RuleReview(rule, before, trouble=why), None))
            else:
                found.append((RuleReview(rule, before), agreement))
        told = tuple(
            one if after is None or agreement is None else replace(one, sentences=_said(one.before, after, agreement))
            for one, after in found
        )
        return told, agreement

    def notes(self, made: Agreement | None, matrix: Matrix) -> tuple[str, ...]:
        """What may be meant so, and hinders nothing."""
        told: list[str] = []
        if made is not None:
            with_schemes = {scheme.fund for scheme in made.schemes}
            told += [f"The fund {fund.name} has no scheme." for fund in made.funds if fund.code not in with_schemes]
            if not any(trouble.step is Step.RISK_SHARE for trouble in self.troubles):
                told += gaps(made)
        if matrix.schemes and not matrix.total_pence:
            told.append("No contributions are typed: budgets can be posted to the ledger later.")
        return tuple(told)

    # Cells

    def _coded(
        self, step: Step, rows: tuple[tuple[int, Row], ...], code_of: Callable[..., str], what: str
    ) -> Iterator[tuple[int, Row, str]]:
        """The rows with the code of each: what was typed, or one made from the name."""
        taken = [row["code"].strip() for _, row in rows if row.get("code", "").strip()]
        seen: set[str] = set()
        for place, row in rows:
            name, code = row.get("name", "").strip(), row.get("code", "").strip()
            made = "" if code else code_of(name, taken)
            self.usual[step, place] = {"code": made}
            if not name:
                self._say(step, f"give the {what} a name", place, "name")
            if made:
                taken.append(made)
            code = code or made
            if not code and name:
                self._say(step, f"give {quoted(name)} a code", place, "code")
            if code and code in seen:
                self._say(step, f"{quoted(code)} is the code of another {what}; each has its own", place, "code")
            seen.add(code)
            yield place, row, code

    @staticmethod
    def _day(text: str) -> date | None:
        return day_of(text) if text else None

    @staticmethod
    def _word(words: str, text: str) -> str:
        return word_of(WORDS[words], text) if text else ""

    def _chosen(self, step: Step, place: int, row: Row, column: str, words: str, usual: str) -> str:
        text = row.get(column, "").strip()
        return self._get(step, place, column, lambda: self._word(words, text), usual) or usual

    def _reference(
        self,
        step: Step,
        place: int,
        row: Row,
        column: str,
        parts: Mapping[int, "Partner | Fund"],
        what: str,
        usual: str,
    ) -> str:
        """The code of what a cell names by its code or its name."""
        text = row.get(column, "").strip()
        if not text:
            return usual
        code = self._named(text, parts)
        if code is None:
            self._say(step, f"no {what} is called {quoted(text)}", place, column)
        return code or usual

    @staticmethod
    def _named(text: str, parts: _Named) -> str | None:
        wanted = text.casefold()
        exact = (part.code for part in parts.values() if part.code == text)
        near = (part.code for part in parts.values() if wanted in {part.code.casefold(), part.name.casefold()})
        return next(exact, None) or next(near, None)

    def _place(self, place: str, message: str) -> None:
        """Tell of a problem of the whole agreement in the step where it can be mended."""
        table, _, column = place.rpartition(".")
        kind, _, code = table.partition(" ")
        steps: dict[str, tuple[Step, Mapping[int, Partner | Fund | Scheme]]] = {
            "partner": (Step.PARTNERS, self._partners),
            "fund": (Step.FUNDS, self._funds),
            "scheme": (Step.SCHEMES, self._schemes),
        }
        step, parts = steps.get(kind.partition("[")[0], (Step.AGREEMENT, {}))
        row = next((each for each, part in parts.items() if part.code == code), None)
        self._say(step, f"{code}: {message}" if code else message, row, column)


def _said(before: Agreement | None, after: Agreement, whole: Agreement) -> tuple[str, ...]:
    """What a template added, each in a sentence as the whole schedule has it."""
    assert before is not None  # noqa: S101  it was put into one
    clauses = [
        f"{each.id}. {sentence(whole.clause_of[each.id], whole)}" for each in after.clauses[len(before.clauses) :]
    ]
    held = [performance_sentence(each, whole) for each in after.performance[len(before.performance) :]]
    caps = [cap_sentence(each, whole) for each in after.caps[len(before.caps) :]] if not clauses else []
    return (*clauses, *held, *caps)


def _raised(text: str) -> str:
    return text[:1].upper() + text[1:]
