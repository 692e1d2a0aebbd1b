"""Batches: many months of many partners of many ledgers, whole files or none, the same manifest however it is made."""

import os
import shutil
import time
from dataclasses import replace
from pathlib import Path

import pytest

from ledgers import open_ledger
from rules.periods import Period
from rules.problems import RefusedError
from settlement.batches import running as batches
from settlement.batches.manifest import MANIFEST, SUMS, check_folder, read_manifest
from settlement.batches.pool import ENDED
from settlement.batches.running import Batch, Done, LeftOut, run_batch
from settlement.batches.work import Asked, Which, ledger_file
from settlement.publishing import write_ledger_statements
from tests.conftest import GOLDEN
from tests.settlement.signoff.lives import pool, posted, signed_off

BARNET = str(GOLDEN / "barnet-2014-15-reward-mechanism")
CORE = str(GOLDEN / "barnet-2014-15-core")
TWO = (Period.M6, Period.M12)
STATEMENT = ("settlement-statement",)
CSV = Asked(TWO, STATEMENT, ("csv",))


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def contents(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in names(folder)}


def batch(out: Path, *ledgers: str, asked: Asked = CSV, **more: object) -> Batch:
    return replace(Batch(ledgers or (BARNET,), str(out), asked, jobs=1), **more)  # type: ignore[arg-type]


def refusal(wanted: Batch) -> str:
    with pytest.raises(RefusedError) as refused:
        run_batch(wanted)
    return str(refused.value)


@pytest.fixture
def signed_pool(tmp_path: Path) -> str:
    """A ledger with M3 signed by both partners, and M4 open."""
    place = tmp_path / "ledgers" / "pool.s75"
    place.parent.mkdir()
    with pool(place) as ledger:
        signed_off(ledger, Period.M3)
        posted(ledger, "M4 S1 LBB actual 1.00")
    return str(place)


# What is written


def test_every_period_of_every_partner_of_every_ledger_is_written(tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = run_batch(batch(out, BARNET, CORE))
    expected = [
        f"{name}/2014-15/{period}/{partner}-settlement-statement.csv"
        for name in ("barnet-2014-15-core", "barnet-2014-15-reward-mechanism")
        for period in ("M12", "M6")
        for partner in ("BCCG", "LBB")
    ]
    assert done.written == expected
    assert (done.count, done.total, done.left_out) == (8, 8, [])
    assert names(out) == sorted([*expected, MANIFEST, SUMS])
    assert [each.file for each in read_manifest(out)] == expected
    assert check_folder(out).holds


def test_each_file_is_the_one_that_statement_writes(tmp_path: Path) -> None:
    formats = ("pdf", "html", "xlsx", "csv")
    asked = Asked(
        (Period.M12,), ("settlement-statement", "workings", "journal", "transfers"), formats, prepared_by="A. P."
    )
    run_batch(batch(tmp_path / "out", asked=asked, names="{year}-{period}-{partner}-{kind}"))
    with open_ledger(BARNET, read_only=True) as ledger:
        write_ledger_statements(ledger, tmp_path / "one", Period.M12, formats, "A. P.")
    one = contents(tmp_path / "one")
    many = contents(tmp_path / "out")
    for name, told in many.items():
        if name not in {MANIFEST, SUMS}:
            assert one[name.replace("-all-", "-")] == told, name
    assert len(many) - 2 == 2 * 4 + 4 + 2 + 1


def test_the_manifest_says_what_each_file_is(tmp_path: Path, signed_pool: str) -> None:
    out = tmp_path / "out"
    run_batch(batch(out, signed_pool, asked=replace(CSV, periods=(Period.M3, Period.M4), prepared_by="A. P.")))
    entries = {each.file: each for each in read_manifest(out)}
    signed = entries["pool/2016-17/M3/LBB-settlement-statement.csv"]
    draft = entries["pool/2016-17/M4/BCCG-settlement-statement.csv"]
    assert (signed.status, signed.sequence, len(signed.digest)) == ("signed", 1, 64)
    assert (draft.status, draft.sequence, draft.digest, draft.prepared_by) == ("draft", 0, "", "A. P.")
    assert (draft.ledger, draft.agreement, draft.year, draft.period) == ("pool.s75", "worked", "2016/17", "M4")
    assert (draft.partner, draft.kind, draft.format, draft.language) == ("BCCG", *STATEMENT, "csv", "en")
    assert draft.ledger_id == signed.ledger_id != ""
    assert signed.sha256 in (out / SUMS).read_text()


def test_the_manifest_is_the_same_bytes_however_many_processes(tmp_path: Path) -> None:
    for jobs in (1, 2):
        run_batch(batch(tmp_path / str(jobs), BARNET, CORE, jobs=jobs))
    assert contents(tmp_path / "1") == contents(tmp_path / "2")


def test_all_periods_are_those_up_to_the_one_that_is_settled_and_signed_those_with_a_note(
    tmp_path: Path, signed_pool: str
) -> None:
    done = run_batch(batch(tmp_path / "all", signed_pool, asked=replace(CSV, periods=Which.ALL)))
    assert {name.split("/")[2] for name in done.written} == {"M1", "M2", "M3", "M4"}
    done = run_batch(batch(tmp_path / "signed", signed_pool, asked=replace(CSV, periods=Which.SIGNED)))
    assert {name.split("/")[2] for name in done.written} == {"M3"}
    done = run_batch(batch(tmp_path / "none", signed_pool, BARNET, asked=replace(CSV, periods=Which.SIGNED)))
    assert [str(each) for each in done.left_out] == ["barnet-2014-15-reward-mechanism: it has no signed period"]
    assert {name.split("/")[0] for name in done.written} == {"pool"}


def test_only_the_partners_asked_for(tmp_path: Path) -> None:
    done = run_batch(batch(tmp_path, asked=replace(CSV, partners=("LBB",))))
    assert [name.rpartition("/")[2] for name in done.written] == ["LBB-settlement-statement.csv"] * 2
    assert refusal(batch(tmp_path / "x", asked=replace(CSV, partners=("LBB", "XYZ")))) == (
        "--partner: no ledger has the partner “XYZ”; they have BCCG and LBB"
    )
    assert not (tmp_path / "x").exists()


def test_in_thousands_the_names_say_so(tmp_path: Path) -> None:
    asked = Asked((Period.M12,), ("settlement-statement", "workings"), ("csv",), thousands=True)
    done = run_batch(batch(tmp_path, asked=asked, names="{partner}-{kind}"))
    assert done.written == [
        "BCCG-settlement-statement-in-thousands.csv",
        "LBB-settlement-statement-in-thousands.csv",
        "all-workings.csv",
    ]
    assert {each.file: each.thousands for each in read_manifest(tmp_path)} == dict(
        zip(done.written, (1, 1, 0), strict=True)
    )


def test_progress_is_told_file_by_file(tmp_path: Path) -> None:
    told: list[tuple[int, int, str]] = []
    run_batch(batch(tmp_path), lambda done, total, what: told.append((done, total, what)))
    assert told[-1] == (4, 4, "barnet-2014-15-reward-mechanism, M12")
    assert (0, 0, "Reading barnet-2014-15-reward-mechanism") in told
    counts = [done for done, _, _ in told]
    assert counts == sorted(counts)


# What is left out


def test_a_ledger_or_period_that_cannot_be_settled_is_left_out_and_said(tmp_path: Path) -> None:
    bad = tmp_path / "bad"
    shutil.copytree(CORE, bad)
    text = (bad / "agreement.toml").read_text(encoding="utf-8")
    (bad / "agreement.toml").write_text(text.replace("[agreement]", "[agreement", 1), encoding="utf-8")
    out = tmp_path / "out"
    done = run_batch(batch(out, BARNET, str(bad), str(tmp_path / "none.s75")))
    assert len(done.written) == 4
    assert [(each.ledger, each.period) for each in done.left_out] == [("bad", None), ("none.s75", None)]
    assert "there is no" in done.left_out[1].why
    assert check_folder(out).count == 4


def test_what_is_left_out_is_said_with_its_period() -> None:
    assert str(LeftOut("pool.s75", Period.M6, "why")) == "pool.s75, M6: why"
    assert ledger_file("postgresql://me:word@host:5432/s75_pool?sslmode=require") == "s75_pool"


def test_where_nothing_can_be_written_no_folder_is_made(tmp_path: Path) -> None:
    done = run_batch(batch(tmp_path / "out", str(tmp_path / "none.s75")))
    assert (done.count, len(done.left_out)) == (0, 1)
    assert not (tmp_path / "out").exists()


def test_a_ledger_changed_meanwhile_is_left_out(
    tmp_path: Path, signed_pool: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned = batches._Run._planned

    def then_signed(run: batches._Run, tasks: object) -> object:
        found = planned(run, tasks)  # type: ignore[arg-type]
        with open_ledger(signed_pool) as ledger:
            signed_off(ledger, Period.M4)
        return found

    monkeypatch.setattr(batches._Run, "_planned", then_signed)
    asked = replace(CSV, periods=(Period.M3, Period.M4))
    done = run_batch(batch(tmp_path / "out", signed_pool, asked=asked, names="{period}/{partner}-{status}"))
    assert [name.split("/")[0] for name in done.written] == ["M3", "M3"]
    assert [str(each) for each in done.left_out] == [
        f"pool.s75, M4: {signed_pool}: somebody changed it while the batch was at work; run the same again"
    ]


# What is refused before anything is written


def test_two_documents_of_one_name_are_refused(tmp_path: Path) -> None:
    told = refusal(batch(tmp_path / "out", names="{period}-{kind}"))
    assert told.startswith("--names: M6-settlement-statement.csv: settlement-statement for LBB of barnet-2014-15-")
    assert "would both have this name, and 1 other like it" in told
    assert not (tmp_path / "out").exists()


def test_a_ledger_named_twice_is_refused(tmp_path: Path) -> None:
    told = refusal(batch(tmp_path / "out", BARNET, f"{GOLDEN}/../golden/barnet-2014-15-reward-mechanism"))
    assert told.startswith("LEDGER: the ledger is named twice")


def test_a_file_in_the_place_of_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "this is a file; name a folder to write to" in refusal(batch(tmp_path / "file"))
    (tmp_path / "out" / "barnet-2014-15-reward-mechanism").mkdir(parents=True)
    (tmp_path / "out" / "barnet-2014-15-reward-mechanism" / "2014-15").touch()
    assert "this is a file, and a folder of that name is to be made" in refusal(batch(tmp_path / "out"))
    assert names(tmp_path / "out") == ["barnet-2014-15-reward-mechanism/2014-15"]


@pytest.mark.parametrize("jobs", [1, 2])
def test_nothing_is_overwritten_unless_asked(tmp_path: Path, jobs: int) -> None:
    run_batch(batch(tmp_path, jobs=jobs))
    before = contents(tmp_path)
    again = run_batch(batch(tmp_path, jobs=jobs))
    assert (len(again.unchanged), again.written, contents(tmp_path)) == (4, [], before)

    mine = next(name for name in before if name.endswith(".csv"))
    (tmp_path / mine).write_bytes(b"my own")
    told = refusal(batch(tmp_path, asked=replace(CSV, periods=(*TWO, Period.M7)), jobs=jobs))
    assert told == (
        f"{tmp_path}: 1 file is there already and would become another: {mine}. Nothing was written; --overwrite "
        "replaces them"
    )
    assert contents(tmp_path) == {**before, mine: b"my own"}

    done = run_batch(batch(tmp_path, jobs=jobs, overwrite=True))
    assert (done.replaced, len(done.unchanged), done.written) == ([mine], 3, [])
    assert contents(tmp_path) == before


def test_of_many_files_that_are_there_the_first_are_named(tmp_path: Path) -> None:
    asked = replace(CSV, periods=tuple(Period)[:4])
    run_batch(batch(tmp_path, asked=asked))
    for name in names(tmp_path):
        if name.endswith(".csv"):
            (tmp_path / name).write_bytes(b"")
    told = refusal(batch(tmp_path, asked=asked))
    assert "8 files are there already and would become others: " in told
    assert told.count("settlement-statement") == 5
    assert "and 3 more. Nothing was written" in told


def test_a_link_or_a_folder_in_the_place_of_a_file_is_not_taken_for_it(tmp_path: Path) -> None:
    asked = replace(CSV, partners=("LBB",), periods=(Period.M12,))
    wanted = batch(tmp_path / "out", asked=asked, names="{period}-{partner}")
    run_batch(wanted)
    path = tmp_path / "out" / "M12-LBB.csv"
    elsewhere = tmp_path / "elsewhere.csv"
    path.rename(elsewhere)
    path.symlink_to(elsewhere)
    assert "1 file is there already" in refusal(wanted)
    before = elsewhere.read_bytes()
    assert run_batch(replace(wanted, overwrite=True)).replaced == ["M12-LBB.csv"]
    assert not path.is_symlink()
    assert elsewhere.read_bytes() == before


def test_a_manifest_or_sums_that_no_batch_wrote_are_left_as_they_are(tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_text("{}")
    assert "this is no manifest that s75 batch wrote" in refusal(batch(tmp_path))
    (tmp_path / MANIFEST).unlink()
    (tmp_path / SUMS).write_text("mine")
    assert "there is a SHA256SUMS already that no batch wrote" in refusal(batch(tmp_path))
    assert contents(tmp_path) == {SUMS: b"mine"}
    run_batch(batch(tmp_path, overwrite=True))
    assert check_folder(tmp_path).holds


def test_a_second_batch_in_the_folder_adds_to_the_manifest(tmp_path: Path) -> None:
    run_batch(batch(tmp_path))
    run_batch(batch(tmp_path, CORE))
    assert len(read_manifest(tmp_path)) == 8
    assert check_folder(tmp_path).holds


def test_what_somebody_writes_meanwhile_is_left_as_it_is(tmp_path: Path) -> None:
    out = tmp_path / "out"
    last = out / "barnet-2014-15-reward-mechanism/2014-15/M12/LBB-settlement-statement.csv"

    def report(done: int, _total: int, _what: str) -> None:
        if done == 2 and not last.exists():
            last.parent.mkdir(parents=True)
            last.write_bytes(b"theirs")

    done = Done(str(out))
    with pytest.raises(RefusedError, match="somebody else wrote it meanwhile; it is left as it is"):
        run_batch(batch(out), report, done)
    assert last.read_bytes() == b"theirs"
    assert done.written == [
        f"barnet-2014-15-reward-mechanism/2014-15/M6/{code}-settlement-statement.csv" for code in ("BCCG", "LBB")
    ]
    assert check_folder(out).unknown == (last.relative_to(out).as_posix(),)


def test_a_draft_takes_no_place_that_is_taken_in_the_same_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft, path = tmp_path / "draft", tmp_path / "path"
    draft.write_bytes(b"ours")
    path.write_bytes(b"theirs")
    with pytest.raises(RefusedError, match="somebody else wrote it meanwhile"):
        batches._take(draft, path)

    def no_links(_one: Path, _other: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    with pytest.raises(RefusedError, match="somebody else wrote it meanwhile"):
        batches._take(draft, path)
    assert path.read_bytes() == b"theirs"
    path.unlink()
    batches._take(draft, path)
    assert path.read_bytes() == b"ours"
    assert not draft.exists()


# Calling it off


class StopError(Exception):
    """Calls it off."""


@pytest.mark.parametrize("jobs", [1, 2])
def test_called_off_it_leaves_whole_files_and_a_manifest_of_them(tmp_path: Path, jobs: int) -> None:
    out = tmp_path / "out"

    def report(count: int, _total: int, _what: str) -> None:
        if count >= 2:
            raise StopError

    done = Done(str(out))
    with pytest.raises(StopError):
        run_batch(batch(out, asked=replace(CSV, periods=tuple(Period)), jobs=jobs), report, done)
    assert done.written
    assert done.count < done.total == 26
    assert names(out) == sorted([*done.written, MANIFEST, SUMS])
    found = check_folder(out)
    assert found.holds
    assert found.count == done.count
    assert not list(out.glob(".s75-*"))
    assert run_batch(batch(out, asked=replace(CSV, periods=tuple(Period)))).total == 26
    assert check_folder(out).count == 26


def test_called_off_before_anything_is_written_it_leaves_no_folder(tmp_path: Path) -> None:
    def report(_count: int, total: int, _what: str) -> None:
        if total:
            raise StopError

    with pytest.raises(StopError):
        run_batch(batch(tmp_path / "out"), report)
    assert not (tmp_path / "out").exists()


def test_a_file_that_cannot_be_written_ends_it_with_what_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    place = batches._Run._place

    def full(run: batches._Run, made: object) -> None:
        if len(run._done.written) == 3:
            raise OSError(28, "No space left on device")
        place(run, made)  # type: ignore[arg-type]

    monkeypatch.setattr(batches._Run, "_place", full)
    done = Done(str(out))
    with pytest.raises(OSError, match="No space left"):
        run_batch(batch(out), done=done)
    assert len(done.written) == 3
    assert check_folder(out).count == 3
    assert check_folder(out).holds


def test_a_process_that_is_ended_costs_its_period_and_no_more(tmp_path: Path) -> None:
    killed: list[int] = []

    def report(count: int, _total: int, _what: str) -> None:
        if count >= 2 and not killed:
            killed.append(_kill_a_child())

    done = run_batch(batch(tmp_path / "out", asked=replace(CSV, periods=tuple(Period)), jobs=2), report)
    assert [each.why for each in done.left_out] in ([ENDED], [])  # it may have been between two tasks
    assert done.count == 26 - 2 * len(done.left_out)
    assert check_folder(tmp_path / "out").holds


def _kill_a_child() -> int:
    import multiprocessing

    child = multiprocessing.active_children()[0]
    child.kill()
    time.sleep(0.1)
    return child.pid or 0


def test_as_many_processes_as_processors_unless_told(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = Batch((BARNET,), "out")
    assert wanted.processes >= 1
    assert replace(wanted, jobs=7).processes == 7
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    assert wanted.processes == 3
    assert replace(wanted, jobs=7).processes == 7


# A theme beside the ledger, and other languages


def test_without_a_theme_named_each_ledger_has_its_own(tmp_path: Path, signed_pool: str) -> None:
    Path(signed_pool).with_suffix(".theme.toml").write_text('paragraph = "Own words."', encoding="utf-8")
    run_batch(batch(tmp_path / "out", signed_pool, BARNET, asked=replace(CSV, periods=(Period.M3,))))
    themed = {each.ledger: each.theme for each in read_manifest(tmp_path / "out")}
    assert len(themed["pool.s75"]) == 64
    assert themed["barnet-2014-15-reward-mechanism"] == ""
    told = contents(tmp_path / "out")["pool/2016-17/M3/LBB-settlement-statement.csv"]
    assert b"Own words." in told


def test_a_ledger_whose_theme_cannot_be_read_is_left_out_once(tmp_path: Path, signed_pool: str) -> None:
    Path(signed_pool).with_suffix(".theme.toml").write_text('colour = "red"', encoding="utf-8")
    done = run_batch(batch(tmp_path / "out", signed_pool, BARNET))
    assert [(each.ledger, each.period) for each in done.left_out] == [("pool.s75", None)]


def test_a_sample_says_what_it_is_in_the_language_of_the_document(tmp_path: Path) -> None:
    from settlement.samples import SAMPLES, write_sample

    place = tmp_path / "sample"
    write_sample(SAMPLES[0], place)
    asked = Asked((Period.M12,), STATEMENT, ("csv",), ("en", "cy"))
    run_batch(batch(tmp_path / "out", str(place), asked=asked, names="{partner}-{language}"))
    for name, told in contents(tmp_path / "out").items():
        if name.endswith(".csv"):
            assert (b"Cyhoeddwyd: " in told) == name.endswith("-cy.csv"), name
            assert (b"Published: " in told) == name.endswith("-en.csv"), name


def test_a_ledger_linked_under_another_name_is_the_same(tmp_path: Path, signed_pool: str) -> None:
    os.link(signed_pool, tmp_path / "other.s75")
    assert "the ledger is named twice" in refusal(batch(tmp_path / "out", signed_pool, str(tmp_path / "other.s75")))
    assert "an empty name is no ledger" in refusal(batch(tmp_path / "out", " "))


def test_no_link_leads_the_batch_elsewhere_and_no_folder_is_a_file(tmp_path: Path) -> None:
    out = tmp_path / "out"
    (tmp_path / "elsewhere").mkdir()
    out.mkdir()
    (out / "barnet-2014-15-reward-mechanism").symlink_to(tmp_path / "elsewhere")
    assert "this is a link, and the batch writes to no other folder" in refusal(batch(out))
    (tmp_path / "two" / "LBB-M6.csv").mkdir(parents=True)
    wanted = batch(tmp_path / "two", names="{partner}-{period}", overwrite=True)
    assert "this is a folder, and a file of that name is to be written" in refusal(wanted)
    assert not list((tmp_path / "elsewhere").iterdir())
