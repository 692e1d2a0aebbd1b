"""A verification by files, told as one text with the conclusion first; and working papers in which nothing can run."""

import csv
from pathlib import Path

import pytest

from ledgers import Ledger, LineFilter, NewLine
from ledgers.trail_search import TrailFilter
from rules.agreement import Kind
from rules.periods import Period
from rules.problems import RefusedError
from settlement.audit_papers import described, write_sample, write_trail
from settlement.sampling import Method, Plan, draw
from settlement.signoff.exporting import export
from settlement.verifying import partners_of_folder, partners_of_ledger, read_keys, verified_folder, verified_ledger
from tests.settlement.signoff.conftest import on_file
from tests.settlement.signoff.lives import KEYS, signed_off

__all__ = ["on_file"]


@pytest.fixture
def files(tmp_path: Path) -> dict[str, list[str]]:
    """The partners' public keys, as files."""
    found = {}
    for code, (key,) in KEYS.items():
        path = tmp_path / f"{code}.pub"
        path.write_text(key.pem, encoding="ascii")
        found[code] = [str(path)]
    return found


def test_the_text_begins_with_the_conclusion_and_names_what_to_compare(
    on_file: Ledger, files: dict[str, list[str]], tmp_path: Path
) -> None:
    signed_off(on_file, Period.M3)
    out = tmp_path / "kept"
    export(on_file, Period.M3, out)
    on_file.close()
    told: list[str] = []
    found = verified_ledger(str(tmp_path / "pool.s75"), files, report=lambda _done, _total, what: told.append(what))
    assert found.holds
    assert found.last is not None
    assert told[:2] == ["Opening the ledger", "Looking for damage"]
    lines = found.text.splitlines()
    assert lines[0] == f"VERIFIED: {tmp_path / 'pool.s75'}"
    assert lines[1] == "Verified: what every partner signed, up to M3 in note 1, stands as they signed it."
    assert f"    Digest: {found.last.digest}" in lines
    assert [heading for heading, _ in found.sections] == [
        "What was checked",
        "Noticed",  # who prepared it signed it, by the login: one computer runs these tests
        "Compare with the newest statement on paper",
        "Keys that it was verified with",
        "What no such check can know",
    ]
    assert {key.fingerprint for key in found.keys} == {key.fingerprint for (key,) in KEYS.values()}
    of_folder = verified_folder(str(out), files)
    assert of_folder.holds
    assert of_folder.last == found.last
    assert partners_of_folder(str(out)) == ("LBB", "BCCG")


def test_without_a_key_nothing_is_verified_and_what_is_no_key_is_named(
    on_file: Ledger, files: dict[str, list[str]], tmp_path: Path
) -> None:
    signed_off(on_file, Period.M3)
    assert partners_of_ledger(on_file) == ("LBB", "BCCG")
    found = verified_ledger(str(tmp_path / "pool.s75"), {"LBB": files["LBB"]})
    assert found.heading == "Not verified"
    assert any("no public key was given for BCCG" in each for each in found.differences)
    assert found.text.splitlines()[0].startswith("NOT VERIFIED: ")
    (tmp_path / "one.txt").write_text("nothing", encoding="ascii")
    with pytest.raises(RefusedError) as refused:
        read_keys({"LBB": [str(tmp_path / "one.txt"), str(tmp_path / "none.pub")]})
    assert [problem.file for problem in refused.value.problems] == [
        str(tmp_path / "one.txt"),
        str(tmp_path / "none.pub"),
    ]


def test_a_working_paper_and_a_saved_trail_run_nothing(on_file: Ledger, tmp_path: Path) -> None:
    on_file.post([NewLine(Period.M3, "S1", "LBB", Kind.ACTUAL, 500, reference="=1+1", description="@SUM(A1)")])
    on_file.hold(Period.M3)
    on_file.reopen(Period.M3, "=HYPERLINK(1)")
    sample = draw(on_file, Plan(Method.LARGEST, LineFilter(partner="LBB"), count=9))
    write_sample(sample, "pool", "A pool", tmp_path / "paper.csv")
    with (tmp_path / "paper.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert {"'=1+1", "'@SUM(A1)"} <= set(cells)
    assert not [cell for cell in cells if cell.startswith(("=", "@"))]
    assert "Total" in cells
    assert write_trail(on_file, TrailFilter(), tmp_path / "trail.csv") == write_trail(
        on_file, TrailFilter(), tmp_path / "again.csv"
    )
    assert "'=HYPERLINK(1)" in (tmp_path / "trail.csv").read_text(encoding="utf-8-sig")


def test_a_population_is_described_in_words() -> None:
    assert described(LineFilter()) == "all lines of the ledger"
    wanted = LineFilter(kind=Kind.ACTUAL, scheme="S1", partner="LBB", upto=Period.M6)
    assert described(wanted) == "lines: actual, scheme S1, partner LBB, up to M6"
    assert described(LineFilter(period=Period.M2)) == "lines: in M2"
