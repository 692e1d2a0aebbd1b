"""What the fuzz begins with: the golden cases, and a small ledger's own notes, texts and packs."""

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from ledgers import Ledger, NewLine, create_ledger
from ledgers.assents import assents
from ledgers.disputes import carry, dispute_line
from ledgers.evidence import About, attach
from rules.agreement import Kind
from rules.periods import Period
from settlement.signoff.assenting import assent
from settlement.signoff.exporting import export
from settlement.signoff.signing import sign
from tests.conftest import agreement_text, clause, fixed
from tests.fuzz.readers import APART, GOLDEN
from tests.settlement.signoff.signing import BCCG, LBB

SAMPLES = Path(__file__).resolve().parents[2] / "settlement" / "samples"

_SHARED = clause("1", "overspend", share=fixed(A="60", B="40")) + clause("2", "underspend", share={"by": "fund"})
_MAPPING = """name = "theirs"
header_row = 2
flip_sign = true
date_format = "DD/MM/YYYY"
[columns]
amount = "Net"
scheme = "Cost centre"
[constants]
kind = "actual"
period = "M4"
partner = "LBB"
[values.scheme]
"4001" = "HOMECARE"
"""
_EXTRACT = 'Extract of 5 May\nCost centre,Net,reference,date\n4001,"(1,234.56)",INV-1,05/05/2014\n'
_MEASURES = "period,measure,baseline,target,actual\nM3,NEA,100,90,95.5\n"
_QUIRKS = (
    "period,scheme,partner,kind,amount,date,reference,description,cause\n"
    'M1,S1,LBB,virement,-5.00,2014-05-05,V1,"said ""so""",\nM1,S1,LBB,virement,5.00,,V1,a,b\n'
    "M4,S1,LBB,actual,£1,234.56,,,default\n"
)


def seeds(target: str) -> list[bytes]:
    """The inputs that a target begins with."""
    match target:
        case "agreement":
            return [path.read_bytes() for path in sorted([*GOLDEN.glob("*/agreement.toml"), *SAMPLES.glob("*.toml")])]
        case "csv":
            found = sorted([*GOLDEN.glob("*/lines.csv"), *GOLDEN.glob("*/measures.csv")])
            made = [f"{_MAPPING}{APART.decode()}{_EXTRACT}", _MEASURES, _QUIRKS]
            return [*(path.read_bytes() for path in found), *(text.encode() for text in made)]
        case _:
            return list(_of_a_life(target))


def _of_a_life(target: str) -> Iterator[bytes]:
    """The files of that kind that a signed ledger exports."""
    with TemporaryDirectory(prefix="s75-fuzz-") as made:
        folder = Path(made)
        with create_ledger(folder / "ledger.s75", agreement_text(_SHARED)) as ledger:
            _live(ledger, folder)
            export(ledger, Period.M4, folder / "out", formats=("csv",))
            texts = [each.text.encode() for each in assents(ledger)]
        files: Callable[[str], list[bytes]] = lambda pattern: [  # noqa: E731
            path.read_bytes() for path in sorted((folder / "out").glob(pattern))
        ]
        packs = files("*/pack.json")
        match target:
            case "assent":
                yield from texts
            case "key":
                yield from (LBB.public.pem.encode(), BCCG.public.pem.encode())
            case "note":
                yield from files("*/note.txt")
            case "signed":
                yield from files("*/[AB].txt")
            case "pair":
                yield APART.join(packs)
                yield APART.join([packs[0], packs[0]])
            case _:
                yield from packs


def _live(ledger: Ledger, folder: Path) -> None:
    """A line, a variation, a dispute, a document, two sign-offs."""
    people = (("A", LBB, "Director of Finance"), ("B", BCCG, "Chief Finance Officer"))
    minute = folder / "minute.txt"
    minute.write_text("Agreed", encoding="utf-8")
    ledger.post([NewLine(Period.M1, "S1", "A", Kind.BUDGET, 10_000), NewLine(Period.M1, "S1", "B", Kind.ACTUAL, 9_100)])
    ledger.hold(Period.M2)
    for partner, key, name in people:
        sign(ledger, Period.M2, partner, key, name=name, role="signatory")
    ledger.set_agreement(agreement_text(_SHARED).replace("Worked by hand", "As varied"), Period.M3, "deed 1")
    for partner, key, name in people:
        assent(ledger, 2, partner, key, name=name, role="signatory")
    (line,) = ledger.post([NewLine(Period.M1, "S1", "A", Kind.ACTUAL, -101, description="late")])
    attach(ledger, minute, About.LINE, line.id)
    dispute = dispute_line(ledger, line.id, "B", "not ours")
    ledger.hold(Period.M4)
    carry(ledger, dispute.id, Period.M4, "to the board")
    for partner, key, name in people:
        sign(ledger, Period.M4, partner, key, name=name, role="signatory")
