"""The folder form: read as an import would read it, and never written."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ledgers import Ledger, State, create_ledger, open_ledger
from ledgers.lines import LineFilter
from rules.agreement import Kind
from rules.periods import Period
from rules.problems import RefusedError

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
CASES = sorted(path.parent for path in GOLDEN.glob("*/lines.csv"))
MEASURES = "period,measure,baseline,target,actual\n"


@pytest.fixture
def folder(tmp_path: Path, agreement_text: str, write: Callable[..., Path]) -> Path:
    (tmp_path / "agreement.toml").write_text(agreement_text, encoding="utf-8")
    write("M1,BEDS,COUNCIL,budget,100.00,2022-04-01,R1,First,", "M4,BEDS,ICB,actual,7.50,,,,default")
    return tmp_path


def test_there_are_golden_folders() -> None:
    assert len(CASES) >= 17


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_folder_and_a_file_of_it_come_to_the_same(case: Path, tmp_path: Path) -> None:
    text = (case / "agreement.toml").read_text(encoding="utf-8")
    with open_ledger(case) as read, create_ledger(tmp_path / "a.s75", text) as posted:
        for name in ("lines.csv", "measures.csv"):
            if (case / name).exists():
                posted.import_file(case / name)
        for period in Period:
            assert read.position(period) == posted.position(period)
        assert read.measures() == posted.measures()
        assert read.last_period() == posted.last_period()
        assert read.findings() == posted.findings() == []
        for mine, theirs in zip(read.lines(), posted.lines(), strict=True):
            assert (mine.id, mine.period, mine.amount_pence, mine.raw, mine.row) == (
                theirs.id, theirs.period, theirs.amount_pence, theirs.raw, theirs.row,
            )  # fmt: skip
        assert read.agreement_at(Period.M12) == posted.agreement_at(Period.M12)


def test_it_reads_lines_with_where_they_came_from(folder: Path) -> None:
    with open_ledger(folder) as ledger:
        first, second = ledger.lines()
    assert (first.id, first.reference, first.description, first.row) == (1, "R1", "First", 2)
    assert first.file == str(folder / "lines.csv")
    assert first.raw == "M1,BEDS,COUNCIL,budget,100.00,2022-04-01,R1,First,\n"
    assert (second.partner, second.in_default, second.amount_pence) == ("ICB", True, 7_50)


def test_it_answers_as_any_ledger_does(folder: Path, agreement_text: str) -> None:
    with open_ledger(folder) as ledger:
        assert not ledger.writable
        assert ledger.agreement_text_at(Period.M1) == agreement_text
        assert [version.from_period for version in ledger.versions()] == [Period.M1]
        assert {state.state for state in ledger.periods()} == {State.OPEN}
        assert [line.id for line in ledger.lines(kind=Kind.ACTUAL)] == [2]
        assert [line.id for line in ledger.lines(after=1)] == [2]
        assert [line.id for line in ledger.lines(limit=1)] == [1]
        assert ledger.batches()[0].totals_pence == ((Kind.BUDGET, 100_00), (Kind.ACTUAL, 7_50))
        assert ledger.mappings() == {}


@pytest.mark.parametrize(
    "change",
    [
        lambda ledger: ledger.post([]),
        lambda ledger: ledger.virement(Period.M1, 1, giver=("BEDS", "CCG"), taker=("HOME", "CCG"), reference="V"),
        lambda ledger: ledger.import_file("lines.csv"),
        lambda ledger: ledger.reverse(1, "because"),
        lambda ledger: ledger.hold(Period.M1),
        lambda ledger: ledger.reopen(Period.M1),
        lambda ledger: ledger.set_agreement("", Period.M1, "because"),
        lambda ledger: ledger.save_mapping("a", ""),
    ],
)
def test_it_is_never_written(folder: Path, change: Callable[[Ledger], object]) -> None:
    before = {path: path.read_bytes() for path in folder.iterdir()}
    with (
        open_ledger(folder) as ledger,
        pytest.raises(RefusedError, match=r"a ledger in a folder is only read; make a file"),
    ):
        change(ledger)
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_it_is_its_own_backup(folder: Path) -> None:
    with open_ledger(folder) as ledger, pytest.raises(RefusedError, match=r"is its own files; copy the folder"):
        ledger.backup(folder / "copy")


@pytest.mark.parametrize("missing", ["agreement.toml", "lines.csv"])
def test_a_file_that_is_missing_is_named(folder: Path, missing: str) -> None:
    (folder / missing).unlink()
    with pytest.raises(
        RefusedError, match=rf"{missing}: there is no such file; a ledger's folder holds agreement.toml"
    ):
        open_ledger(folder)


def test_an_agreement_that_is_not_utf_8_is_refused(folder: Path) -> None:
    (folder / "agreement.toml").write_bytes(b'title = "\xff"')
    with pytest.raises(RefusedError, match=r"agreement.toml: the text is not UTF-8; save it as UTF-8"):
        open_ledger(folder)


def test_an_agreement_may_begin_with_a_byte_order_mark(folder: Path, agreement_text: str) -> None:
    (folder / "agreement.toml").write_bytes(b"\xef\xbb\xbf" + agreement_text.encode())
    with open_ledger(folder) as ledger:
        assert ledger.agreement_at(Period.M1).id == "testshire-bcf"


def test_lines_and_measures_in_each_others_place_are_refused(folder: Path, write: Callable[..., Path]) -> None:
    write("M1,NEA,1,1,1", header=MEASURES)
    with pytest.raises(RefusedError, match=r"lines.csv:1: this holds measures; they go in measures.csv"):
        open_ledger(folder)
    write("M1,BEDS,COUNCIL,budget,1.00,,,,")
    write("M1,BEDS,COUNCIL,budget,1.00,,,,", name="measures.csv")
    with pytest.raises(RefusedError, match=r"measures.csv:1: this holds no measures"):
        open_ledger(folder)


def test_every_fault_of_its_lines_is_told(folder: Path, write: Callable[..., Path]) -> None:
    write("M1,BEDS,COUNCIL,budget,£O,,,,", "M77,BEDS,COUNCIL,budget,1.00,,,,")
    with pytest.raises(RefusedError) as caught:
        open_ledger(folder)
    assert [(problem.line, problem.place) for problem in caught.value.problems] == [(2, "amount"), (3, "period")]


def test_a_folder_may_have_no_lines_yet(folder: Path, write: Callable[..., Path]) -> None:
    write()
    with open_ledger(folder) as ledger:
        assert ledger.position(Period.M1).totals == ()
        assert ledger.last_period() is None


def test_a_virement_that_does_not_balance_is_refused(folder: Path, write: Callable[..., Path]) -> None:
    write("M1,BEDS,COUNCIL,virement,1.00,,V1,,")
    with pytest.raises(
        RefusedError, match=r"lines.csv:2: amount: the virements of reference “V1” sum to £1.00, not to zero"
    ):
        open_ledger(folder)


def test_a_control_total_is_checked(folder: Path, agreement_text: str) -> None:
    control = '\n[[control]]\nperiod = "M12"\nkind = "budget"\namount = "99.00"\n'
    (folder / "agreement.toml").write_text(agreement_text + control, encoding="utf-8")
    with open_ledger(folder) as ledger:
        (finding,) = ledger.findings()
    assert finding.message == "the budget to M12 should be £99.00; the ledger has £100.00, £1.00 more"


def test_spend_in_default_is_held_apart(folder: Path) -> None:
    with open_ledger(folder) as ledger:
        totals = ledger.position(Period.M1).totals
    assert [(total.kind, total.to_date_pence, total.later_pence, total.in_default) for total in totals] == [
        (Kind.BUDGET, 100_00, 0, False),
        (Kind.ACTUAL, 0, 7_50, True),
    ]


def test_the_lines_of_a_scheme_and_kind_are_found_without_going_through_the_others(
    folder: Path, write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(*(f"M{1 + number % 12},{('BEDS', 'HOME')[number % 2]},CCG,actual,1.00,,,," for number in range(20)))
    with open_ledger(folder) as ledger:
        whole = list(ledger.lines())
        asked: list[int] = []
        takes = LineFilter.takes
        monkeypatch.setattr(LineFilter, "takes", lambda self, line: asked.append(line.id) or takes(self, line))
        found = list(ledger.lines(scheme="HOME", kind=Kind.ACTUAL, upto=Period.M6, after=2, limit=3))
        assert found == [line for line in whole if line.scheme == "HOME" and line.period <= 6 and line.id > 2][:3]
        assert set(asked) <= {line.id for line in whole if line.scheme == "HOME"}
        assert list(ledger.lines(scheme="HOME", kind=Kind.BUDGET)) == []
