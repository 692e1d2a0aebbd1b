"""The register of a ledger's lines: filtered, sorted, grouped, counted, as a page of plain loops would do it."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledgers import Ledger, Line, NewLine, State, create_ledger, open_ledger
from ledgers.register import By, Column, Filter, Group, Sort, register_of
from ledgers.register_places import Ends, Positions, Run, chunks
from rules.agreement import Kind
from rules.periods import Period
from rules.problems import RefusedError
from tests.ledgers.conftest import AGREEMENT, noon

M1, M2, M3, M4 = Period.M1, Period.M2, Period.M3, Period.M4
FUND_OF = {"BEDS": "POOL", "HOME": "POOL", "OWN": "ALIGNED", "ACUTE": "ALIGNED"}
NAMES = {"BEDS": "Intermediate care beds", "HOME": "Home first", "OWN": "What each meets itself"}
PARTNERS = {"COUNCIL": "Testshire Council", "CCG": "NHS Testshire CCG"}
DAYS = [None, dt.date(2022, 4, 1), dt.date(2022, 5, 31), dt.date(2023, 3, 31)]
TEXTS = ["", "a", "A", "b", "Zoë", "émile", "50%", "a_b", "a\\b", "=SUM(A1)", "beds", "100.00", "B"]

new_lines = st.builds(
    NewLine,
    st.sampled_from([M1, M2, M3]),
    st.sampled_from(["BEDS", "HOME", "OWN"]),
    st.sampled_from(["COUNCIL", "CCG"]),
    st.sampled_from([Kind.ACTUAL, Kind.BUDGET, Kind.ACCRUAL, Kind.FORECAST]),
    st.sampled_from([-10_000, -1, 0, 1, 10_000, 10**12 - 1]),
    st.sampled_from(DAYS),
    st.sampled_from(TEXTS),
    st.sampled_from(TEXTS),
)


def some(values: list[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(st.sampled_from(values), max_size=2, unique=True).map(tuple)


filters = st.builds(
    Filter,
    periods=some([M1, M2, M3, M4]),
    upto=st.sampled_from([None, None, M1, M3]),
    schemes=some(["BEDS", "HOME", "NONE"]),
    funds=st.sampled_from([(), (), ("POOL",), ("POOL", "ALIGNED"), ("NONE",)]),
    partners=some(["COUNCIL", "CCG"]),
    kinds=some([Kind.ACTUAL, Kind.BUDGET, Kind.QIPP_TARGET]),
    batches=st.sampled_from([(), (), (1,), (2, 3)]),
    reference=st.sampled_from([None, None, None, "a", ""]),
    late=st.sampled_from([None, None, True, False]),
    ids=st.sampled_from([(), (), (1, 3, 999), (2,)]),
    text=st.sampled_from(["", "", "A", "É", "%", "_", "\\", "home FIRST", "nhs", "100.00", "(100.00)", "zzz"]),
    least_pence=st.sampled_from([None, None, -1, 1]),
    most_pence=st.sampled_from([None, None, 10_000]),
    reversed=st.sampled_from([None, None, True, False]),
    reversals=st.sampled_from([None, None, True, False]),
    newest=st.sampled_from([None, None, 4]),
)
sorts = st.builds(Sort, st.sampled_from(list(Column)), st.booleans())


def lowered(text: str) -> str:
    return "".join(chr(ord(sign) + 32) if "A" <= sign <= "Z" else sign for sign in text)


def is_wanted(line: Line, wanted: Filter, lines: list[Line]) -> bool:  # noqa: C901, PLR0911, PLR0912  plain, on purpose
    if wanted.periods and line.period not in wanted.periods:
        return False
    if wanted.upto is not None and line.period > wanted.upto:
        return False
    if wanted.schemes and line.scheme not in wanted.schemes:
        return False
    if wanted.funds and FUND_OF[line.scheme] not in wanted.funds:
        return False
    if wanted.partners and line.partner not in wanted.partners:
        return False
    if wanted.kinds and line.kind not in wanted.kinds:
        return False
    if wanted.batches and line.batch not in wanted.batches:
        return False
    if wanted.reference is not None and line.reference != wanted.reference:
        return False
    if wanted.late is not None and wanted.late != (line.belongs_to is not None):
        return False
    if wanted.ids and line.id not in wanted.ids:
        return False
    if wanted.least_pence is not None and line.amount_pence < wanted.least_pence:
        return False
    if wanted.most_pence is not None and line.amount_pence > wanted.most_pence:
        return False
    if wanted.reversed is not None and wanted.reversed != any(other.reverses == line.id for other in lines):
        return False
    if wanted.reversals is not None and wanted.reversals != (line.reverses is not None):
        return False
    if wanted.newest is not None and line.id > wanted.newest:
        return False
    if not wanted.text:
        return True
    if wanted.text in {"100.00", "(100.00)"} and abs(line.amount_pence) == 10_000:
        return True
    told = (
        line.reference, line.description, line.scheme, NAMES[line.scheme], line.partner, PARTNERS[line.partner],
    )  # fmt: skip
    return any(lowered(wanted.text) in lowered(each) for each in told)


def key_of(line: Line, column: Column) -> object:
    match column:
        case Column.NUMBER:
            return line.id
        case Column.AMOUNT:
            return line.amount_pence
        case Column.REFERENCE | Column.DESCRIPTION:
            return lowered(getattr(line, column.value)) or None
        case Column.KIND:
            return line.kind.value
    return getattr(line, column.value)


def found_by_hand(lines: list[Line], wanted: Filter, sort: Sort) -> list[int]:
    """Bubble sort: whatever the program does, it is not this."""
    found = [line for line in lines if is_wanted(line, wanted, lines)]
    for end in range(len(found), 0, -1):
        for place in range(end - 1):
            if is_after(found[place], found[place + 1], sort):
                found[place], found[place + 1] = found[place + 1], found[place]
    return [line.id for line in found]


def is_after(one: Line, other: Line, sort: Sort) -> bool:
    first, second = key_of(one, sort.column), key_of(other, sort.column)
    if first == second:
        return one.id > other.id
    if first is None or second is None:
        return first is None
    return first < second if sort.descending else first > second  # type: ignore[operator]


def placed(ledger: Ledger, wanted: Filter, sort: Sort) -> list[int]:
    positions = Positions()
    register_of(ledger).fill(positions, wanted, sort, lambda _done, _total: None)
    return list(positions.ids(0, positions.count))


def check_all(ledger: Ledger, wanted: Filter, sort: Sort, by: By) -> None:
    """Every answer of the register against the lines themselves."""
    lines = list(ledger.lines())
    expected = found_by_hand(lines, wanted, sort)
    register = register_of(ledger)
    assert placed(ledger, wanted, sort) == expected
    assert register.count(wanted) == len(expected)
    for count in (1, 3, 1000):
        assert register.ends(wanted, sort, count) == expected[:count]
        assert register.ends(wanted, sort, count, last=True) == expected[-count:]
    chosen = [line for line in lines if line.id in expected]
    sums = by_kind(chosen)
    totals = register.totals(wanted)
    assert (totals.count, totals.pence) == (len(chosen), sums)
    assert register.totals_of(expected) == totals
    kept = register.kept_sums(wanted)
    assert kept is None or [(kind, pence) for kind, pence in kept if pence] == [each for each in sums if each[1]]
    groups = grouped(chosen, by)
    assert register.groups(wanted, by) == groups
    at_once = register.kept_groups(wanted, by)
    if at_once is not None:
        assert {group.key: group.pence for group in at_once} == {group.key: group.pence for group in groups}


def by_kind(lines: list[Line]) -> tuple[tuple[Kind, int], ...]:
    return tuple(
        (kind, sum(line.amount_pence for line in lines if line.kind is kind))
        for kind in Kind
        if any(line.kind is kind for line in lines)
    )


def grouped(lines: list[Line], by: By) -> tuple[Group, ...]:
    def key(line: Line) -> str | int:
        value = getattr(line, by.value)
        return value.value if isinstance(value, (Kind, Period)) else value

    keys = sorted({key(line) for line in lines})  # type: ignore[type-var]
    of = {each: [line for line in lines if key(line) == each] for each in keys}
    return tuple(Group(each, len(of[each]), by_kind(of[each])) for each in keys)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    batches=st.lists(st.lists(new_lines, min_size=1, max_size=4), min_size=1, max_size=2),
    asked=st.lists(st.tuples(filters, sorts, st.sampled_from(list(By))), min_size=1, max_size=6),
    chance=st.randoms(use_true_random=False),
)
def test_the_register_answers_as_a_page_of_plain_loops(
    growing: Callable[[], Ledger],
    batches: list[list[NewLine]],
    asked: list[tuple[Filter, Sort, By]],
    chance: object,
) -> None:
    ledger = growing()
    for batch in batches:
        posted = ledger.post(batch)
        if chance.random() < 0.2 and ledger.periods()[0].state is State.OPEN:  # type: ignore[attr-defined]
            ledger.hold(M1)  # what is posted to it from now on is late
        if chance.random() < 0.5:  # type: ignore[attr-defined]
            ledger.reverse(chance.choice(posted).id, "drawn by chance")  # type: ignore[attr-defined]
    for wanted, sort, by in asked:
        check_all(ledger, wanted, sort, by)


@pytest.fixture(params=["sqlite", "postgresql"])
def growing(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Ledger]]:
    """One ledger for all examples of a test: what is asked of it does not depend on what was posted before."""
    place = str(tmp_path / "growing.s75")
    if request.param == "postgresql":
        place = f"{request.getfixturevalue('postgres_url')}?options=-csearch_path%3Dregister"
    with create_ledger(place, AGREEMENT, now=noon) as ledger:
        yield lambda: ledger


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(new_lines, max_size=12),
    asked=st.lists(st.tuples(filters, sorts, st.sampled_from(list(By))), min_size=1, max_size=6),
)
def test_the_register_of_a_folder_answers_alike(
    tmp_path: Path, rows: list[NewLine], asked: list[tuple[Filter, Sort, By]]
) -> None:
    (tmp_path / "agreement.toml").write_text(AGREEMENT, encoding="utf-8")
    told = ["period,scheme,partner,kind,amount,date,reference,description"]
    for row in rows:
        pounds = f"{row.amount_pence // 100 if row.amount_pence >= 0 else -(-row.amount_pence // 100)}"
        amount = f"{'-' if row.amount_pence < 0 else ''}{pounds.lstrip('-')}.{abs(row.amount_pence) % 100:02}"
        told.append(
            f"{row.period},{row.scheme},{row.partner},{row.kind.value},{amount},"
            f"{row.date or ''},{row.reference},{row.description}"
        )
    (tmp_path / "lines.csv").write_text("\n".join(told) + "\n", encoding="utf-8")
    with open_ledger(tmp_path) as ledger:
        assert len(list(ledger.lines())) == len(rows)
        for wanted, sort, by in asked:
            check_all(ledger, wanted, sort, by)


def three(ledger: Ledger) -> None:
    ledger.post([NewLine(M1, "BEDS", "COUNCIL", Kind.ACTUAL, 100, reference="INV-1")])
    ledger.post([NewLine(M2, "HOME", "CCG", Kind.BUDGET, 200), NewLine(M2, "HOME", "CCG", Kind.ACTUAL, 300)])


def test_an_empty_ledger_has_nothing_to_show(empty_ledger: Ledger) -> None:
    register = register_of(empty_ledger)
    assert register.run() == Run(1, 0)
    assert register.last() == 0
    assert register.lines([1, 2]) == {}
    assert placed(empty_ledger, Filter(), Sort()) == []
    assert register.totals(Filter()).pence == ()
    assert register.groups(Filter(), By.BATCH) == ()


def test_all_lines_are_a_run_of_numbers(ledger: Ledger) -> None:
    three(ledger)
    register = register_of(ledger)
    assert register.run() == Run(1, 3)
    assert register.last() == 3


def test_a_batch_of_measures_has_no_lines(ledger: Ledger, write: Callable[..., Path]) -> None:
    three(ledger)
    ledger.import_file(write("M9,NEA,1,1,1", header="period,measure,baseline,target,actual\n"))
    assert register_of(ledger).run() == Run(1, 3)
    assert [group.key for group in register_of(ledger).groups(Filter(), By.BATCH)] == [1, 2]


def test_numbers_that_batches_do_not_account_for_are_no_run(ledger: Ledger, unguarded: Callable[..., None]) -> None:
    three(ledger)
    unguarded(ledger, "DELETE FROM lines WHERE id = 3")
    assert register_of(ledger).run() is None
    assert placed(ledger, Filter(), Sort(descending=True)) == [2, 1]


def test_a_line_that_was_taken_out_is_missed_when_its_place_is_looked_at(
    ledger: Ledger, unguarded: Callable[..., None]
) -> None:
    three(ledger)
    unguarded(ledger, "DELETE FROM lines WHERE id = 2")
    run = register_of(ledger).run()
    assert run == Run(1, 3)
    assert sorted(register_of(ledger).lines(run.ids(0, 3))) == [1, 3]


def test_a_line_says_which_one_takes_it_back(ledger: Ledger) -> None:
    three(ledger)
    ledger.reverse(1, "wrong scheme")
    found = register_of(ledger).lines([1, 3, 4, 99])
    assert sorted(found) == [1, 3, 4]
    assert (found[1].reversed_by, found[3].reversed_by) == (4, None)
    assert (found[4].line.reverses, found[4].line.reason) == (1, "wrong scheme")


def test_a_scheme_is_found_by_a_part_of_its_name(ledger: Ledger) -> None:
    three(ledger)
    assert placed(ledger, Filter(text="intermediate CARE"), Sort()) == [1]
    assert placed(ledger, Filter(text="inv-"), Sort()) == [1]


def test_what_there_is_to_choose_is_what_lines_have(ledger: Ledger) -> None:
    three(ledger)
    choices = register_of(ledger).choices()
    assert choices.periods == (M1, M2)
    assert choices.schemes == ("BEDS", "HOME")
    assert choices.partners == ("CCG", "COUNCIL")
    assert choices.kinds == (Kind.BUDGET, Kind.ACTUAL)


def test_sums_larger_than_a_plain_integer_are_exact(ledger: Ledger) -> None:
    ledger.post([NewLine(M1, "BEDS", "COUNCIL", Kind.ACTUAL, 10**12 - 1)] * 5)
    assert register_of(ledger).totals(Filter(text="beds")).pence == ((Kind.ACTUAL, 5 * (10**12 - 1)),)


def test_what_is_not_wanted_any_more_ends(sqlite_ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    class NoLongerError(Exception):
        pass

    def check() -> None:
        raise NoLongerError

    three(sqlite_ledger)
    monkeypatch.setattr("ledgers.register_stored._STEPS", 1)
    register = register_of(sqlite_ledger)
    with pytest.raises(NoLongerError), register.given_up(check):
        register.groups(Filter(text="beds"), By.SCHEME)
    assert register.count(Filter()) == 3  # and what is asked next is answered


def test_what_ends_for_another_reason_says_which(sqlite_ledger: Ledger) -> None:
    three(sqlite_ledger)

    register = register_of(sqlite_ledger)
    with pytest.raises(RefusedError, match="no sum"), register.given_up(lambda: None):
        raise RefusedError(*_problem("no sum"))


def _problem(message: str) -> list[object]:
    from rules.problems import Problem

    return [Problem(message)]


def test_told_how_far_it_has_come_and_may_call_it_off(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    three(ledger)
    monkeypatch.setattr("ledgers.register_stored._RANGE", 2)
    heard: list[tuple[int, int]] = []
    positions = Positions()
    register_of(ledger).fill(positions, Filter(kinds=(Kind.ACTUAL,)), Sort(), lambda *told: heard.append(told))
    assert heard == [(0, 2), (1, 2), (2, 2)]
    assert list(positions.ids(0, 9)) == [1, 3]


def test_orders_are_read_in_pieces(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger.post([NewLine(M1, "BEDS", "COUNCIL", Kind.ACTUAL, 50 - number) for number in range(50)])
    monkeypatch.setattr("ledgers.register_stored._PIECE", 1)
    assert placed(ledger, Filter(), Sort(Column.AMOUNT)) == list(range(50, 0, -1))


# --- places -----------------------------------------------------------------------------------------------------------


@given(st.lists(st.lists(st.integers(1, 2**40), max_size=9), max_size=5), st.integers(-3, 40), st.integers(0, 40))
def test_positions_are_what_was_put_in(pieces: list[list[int]], first: int, count: int) -> None:
    positions = Positions()
    for piece in pieces:
        positions.add(piece)
    told = [number for piece in pieces for number in piece]
    assert positions.count == len(told)
    begin = max(first, 0)
    assert list(positions.ids(first, count)) == told[begin : begin + count]
    for number in told[:3]:
        assert positions.place_of(number) == told.index(number)
    assert positions.place_of(2**41) is None
    positions.close()
    assert list(positions.ids(0, 9)) == []


def test_many_positions_are_kept_in_a_file_and_found_again() -> None:
    positions = Positions()
    for begin in range(0, 300_000, 50_000):
        positions.add(range(begin + 1, begin + 50_001))
    assert positions._file._rolled  # type: ignore[attr-defined]
    assert list(positions.ids(299_998, 9)) == [299_999, 300_000]
    assert positions.place_of(299_999) == 299_998
    assert [len(some) for some in chunks(positions, 10, 100_000, 60_000)] == [60_000, 40_000]


@pytest.mark.parametrize("descending", [False, True])
def test_a_run_needs_no_looking_up(*, descending: bool) -> None:
    run = Run(5, 4, descending=descending)
    told = [8, 7, 6, 5] if descending else [5, 6, 7, 8]
    assert list(run.ids(0, 9)) == told
    assert list(run.ids(1, 2)) == told[1:3]
    assert list(run.ids(4, 2)) == []
    assert [run.place_of(number) for number in told] == [0, 1, 2, 3]
    assert run.place_of(4) is None
    assert run.place_of(9) is None


def test_between_its_ends_an_order_is_not_known_yet() -> None:
    ends = Ends(7, (9, 4), (2, 6))
    assert ends.ids(0, 9) == [9, 4, None, None, None, 2, 6]
    assert ends.ids(4, 2) == [None, 2]
    assert [ends.place_of(number) for number in (9, 4, 2, 6, 5)] == [0, 1, 5, 6, None]
    assert list(chunks(ends, 0, 7, 3)) == [[9, 4], [2], [6]]
