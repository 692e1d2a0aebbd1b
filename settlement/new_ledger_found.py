"""What is found of a ledger that is being thought out: troubles by step, sentences of its rules, totals, notes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from rules.agreement import Agreement
from settlement.new_ledger import Planned, Rule, Step


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing to mend before the ledger can be made: in which step, and in which row and column if it is in one."""

    step: Step
    message: str
    row: int | None = None
    column: str = ""


@dataclass(frozen=True, slots=True)
class RuleReview:
    """What a chosen template comes to: the agreement that it was put into, each clause in a sentence, what is wrong."""

    rule: Rule
    before: Agreement | None = None
    sentences: tuple[str, ...] = ()
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Matrix:
    """The contributions matrix: its schemes and partners by `key`, with their codes and names, and totals in pence.

    `baselines` are the schemes whose amounts are baselines.
    """

    schemes: tuple[tuple[str, str, str], ...] = ()
    partners: tuple[tuple[str, str, str], ...] = ()
    baselines: frozenset[str] = frozenset()
    by_scheme: Mapping[str, int] = field(default_factory=dict)
    by_partner: Mapping[str, int] = field(default_factory=dict)
    total_pence: int = 0


@dataclass(frozen=True, slots=True)
class Review:
    """What was found. `usual` is what is taken for each text left empty, by step and row; `notes` hinder nothing."""

    troubles: tuple[Trouble, ...]
    usual: Mapping[tuple[Step, int], Mapping[str, str]]
    matrix: Matrix
    agreement: Agreement | None = None
    rules: tuple[RuleReview, ...] = ()
    notes: tuple[str, ...] = ()
    planned: Planned | None = None
