"""What an agreement can say has its arithmetic and its words everywhere: whoever adds to it is told here what is left.

`docs/adding` shows how a basis, a threshold, a document is added. A place that was forgotten fails here, by name.
"""

import pytest

from rules.agreement import Agreement, Basis, By, Kind, On, Share, Threshold, Use
from rules.groups import groups_of
from rules.template_sharing import titled
from rules.weights import weights_of
from rules.wording import sentence
from settlement import variation_words
from settlement.command import choosing
from settlement.sentences import kind_name, part_sentences, subject_noun, subject_title
from settlement.sharing_sentences import basis_text
from settlement.statements.kinds import KINDS, PAPER_KINDS
from tests.conftest import agreement_of, clause, figures_at, position_of, settlement_of
from ui import icons
from ui.pages import PLACES
from ui.pages.risk_share import choices

NAMED = {By.PARTNER: "A", By.BASIS: "need"}
LINES = """
M1 S1 A budget 100.00
M1 S1 B budget 50.00
M1 S1 A qipp_target 10.00
M1 S1 B qipp_target 10.00
M1 S1 A qipp_delivered 3.00
M1 S1 B qipp_delivered 4.00
M1 S1 A actual 175.00
"""


def share_by(by: By) -> Share:
    """A share by this basis, with the name that it needs beside it."""
    return Share(by, NAMED.get(by, ""), weights=(("A", 1), ("B", 2)) if by is By.FIXED else ())  # type: ignore[arg-type]


def agreement_by(by: By, on: On = On.OVERSPEND) -> Agreement:
    """An agreement whose one clause shares by this basis."""
    told = {"by": {By.PARTNER: "partner:A", By.BASIS: "need"}.get(by, str(by))}
    if by is By.FIXED:
        told |= {"A": "1", "B": "2"}
    return agreement_of(
        '[basis.need]\nA = "3.00"\nB = "4.00"\n' + clause("1", on, share=told),
        schemes="S1 lead=A responsible=B; S2",
        qipp="separate",
        funds="F netting=scheme",
    )


@pytest.mark.parametrize("by", By)
def test_every_basis_has_its_weights(by: By) -> None:
    agreement = agreement_by(by, On.QIPP_SHORTFALL)
    figures = figures_at(agreement, position_of(LINES))
    assert agreement.bases == (Basis("need", (("A", 300), ("B", 400))),)
    weights = weights_of(share_by(by), On.QIPP_SHORTFALL, groups_of(agreement)[0], figures)
    assert len(weights.whole) == 2
    assert sum(weights.whole) > 0


def test_every_basis_is_said_in_words_of_its_own() -> None:
    agreements = [agreement_by(by, On.QIPP_SHORTFALL) for by in By]
    clauses = [sentence(agreement.clauses[0], agreement) for agreement in agreements]
    titles = [titled(share_by(by)) for by in By]
    agreement = agreement_by(By.BASIS)
    figures, group = figures_at(agreement, position_of(LINES)), groups_of(agreement)[0]
    traced = [basis_text(weights_of(share_by(by), On.OVERSPEND, group, figures), group) for by in By]
    for told in (clauses, titles, traced):
        assert len(set(told)) == len(By), told


def test_the_form_of_a_clause_offers_every_basis_use_kind_and_threshold() -> None:
    agreement = agreement_by(By.BASIS)
    offered = {each.code.partition(":")[0] for each in choices.bases(agreement, On.QIPP_SHORTFALL, None)}
    assert offered >= set(By)
    only = agreement.clauses[0].slices[0]
    uses = {each.code for on in On for each in choices.uses(agreement, on, only, is_split=True)}
    assert uses >= set(Use) - {Use.RESERVE}, "a reserve is offered by its name, and here is none"
    assert {each.code for each in choices.ON} == set(On)
    assert {each.code for each in choices.THRESHOLDS} == set(Threshold)


def test_every_threshold_is_said_in_words_of_its_own() -> None:
    said, traced = set(), set()
    for threshold in Threshold:
        agreement = agreement_of(
            clause("1", "overspend", share={"by": "fund"}, band=["10.00"], threshold=str(threshold)), qipp="separate"
        )
        said.add(sentence(agreement.clauses[0], agreement))
        settlement = settlement_of(agreement, LINES)
        dealt = next(each for each in settlement.outcome.subjects if each.subject.on is On.OVERSPEND)
        traced.add(part_sentences(settlement, dealt, dealt.parts[0])[0])
    assert len(said) == len(traced) == len(Threshold)


def test_every_word_of_an_agreement_is_said_where_a_variation_changes_it() -> None:
    for words in (Threshold, On, Kind):
        assert set(variation_words._VALUES[words]) == set(words)


def test_every_kind_of_amount_and_of_line_has_its_names() -> None:
    assert len({subject_noun(on) for on in On}) == len({subject_title(on) for on in On}) == len(On)
    assert len({kind_name(kind) for kind in Kind}) == len(Kind)


def test_the_command_names_every_document_in_order() -> None:
    """Its help is a text of its own: `--help` loads no statement."""
    metadata = choosing.KindsOption.__metadata__[0]  # type: ignore[attr-defined]
    assert metadata.help == f"Any of {', '.join(KINDS)}; or all."
    assert len({kind.title for kind in PAPER_KINDS}) == len({kind.plural for kind in PAPER_KINDS}) == len(KINDS)


def test_every_page_has_an_icon() -> None:
    assert {place.key for place in PLACES} == set(icons._STROKES)
