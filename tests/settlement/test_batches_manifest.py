"""The manifest of a batch: canonical, taken by sha256sum, and a folder held against it."""

import json
import os
import shutil
import subprocess
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from rules.problems import RefusedError
from settlement.batches.manifest import (
    MANIFEST,
    SUMS,
    Entry,
    check_folder,
    manifest_bytes,
    read_manifest,
    write_manifest,
)


def entry(file: str, content: bytes = b"x") -> Entry:
    return Entry(
        file=file,
        sha256=sha256(content).hexdigest(),
        size=len(content),
        ledger="pool.s75",
        ledger_id="",
        agreement="BCF",
        year="2014/15",
        period="M12",
        partner="LBB",
        kind="settlement-statement",
        format="pdf",
        language="en",
        status="draft",
        prepared_by="Ł. Preparer",
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    entries = []
    for name in ("b/two.pdf", "a one.pdf"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(name.encode())
        entries.append(entry(name, name.encode()))
    write_manifest(tmp_path, entries)
    return tmp_path


def test_a_manifest_is_canonical_whatever_order_it_is_told_in(folder: Path) -> None:
    import rfc8785

    told = (folder / MANIFEST).read_bytes()
    read = read_manifest(folder)
    assert [each.file for each in read] == ["a one.pdf", "b/two.pdf"]
    assert manifest_bytes(reversed(read)) == manifest_bytes(read) == told
    assert told == rfc8785.dumps(json.loads(told)) + b"\n"
    assert "Ł. Preparer".encode() in told


def test_no_clock_is_in_it(folder: Path) -> None:
    assert set(json.loads((folder / MANIFEST).read_bytes())["files"][0]) == {
        "agreement", "digest", "file", "format", "kind", "language", "ledger", "ledger_id", "partner", "period",
        "prepared_by", "sequence", "sha256", "size", "status", "theme", "thousands", "version", "year",
    }  # fmt: skip


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="GNU coreutils")
def test_sha256sum_takes_the_sums(folder: Path) -> None:
    done = subprocess.run(
        ["sha256sum", "-c", "--strict", SUMS], cwd=folder, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "a one.pdf: OK\nb/two.pdf: OK\n")


def test_a_folder_as_it_was_written_holds(folder: Path) -> None:
    found = check_folder(folder)
    assert found.holds
    assert found.count == 2


def test_what_is_missing_changed_or_put_in_is_named(folder: Path) -> None:
    (folder / "a one.pdf").unlink()
    (folder / "b" / "two.pdf").write_bytes(b"b/twO.pdf")
    (folder / "b" / "three.pdf").write_bytes(b"")
    (folder / "c").mkdir()
    (folder / "c" / "link").symlink_to("/")
    found = check_folder(folder)
    assert not found.holds
    assert (found.count, found.missing, found.changed) == (0, ("a one.pdf",), ("b/two.pdf",))
    assert found.unknown == ("b/three.pdf", "c/link")


def test_a_link_in_the_place_of_a_file_is_a_change(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "x"
    elsewhere.write_bytes(b"a one.pdf")
    (folder / "a one.pdf").unlink()
    (folder / "a one.pdf").symlink_to(elsewhere)
    assert check_folder(folder).changed == ("a one.pdf",)


def test_the_sums_are_checked_too(folder: Path) -> None:
    (folder / SUMS).write_text("")
    assert check_folder(folder).changed == (SUMS,)
    (folder / SUMS).unlink()
    found = check_folder(folder)
    assert (found.count, found.missing) == (2, (SUMS,))


def test_drafts_of_a_batch_that_was_killed_are_noticed_and_no_difference(folder: Path) -> None:
    (folder / ".s75-batch-x1").mkdir()
    (folder / ".s75-batch-x1" / "1-1.pdf").write_bytes(b"%P")
    found = check_folder(folder)
    assert found.holds
    assert found.remarks == (
        ".s75-batch-x1 is of a batch that was ended from outside, or is at work now; if none is, it can be removed",
    )


def test_a_folder_without_a_manifest_is_refused(tmp_path: Path) -> None:
    assert read_manifest(tmp_path) == ()
    with pytest.raises(RefusedError, match=r"there is no manifest\.json; s75 batch writes one"):
        check_folder(tmp_path)


def broken(change: str, value: object) -> bytes:
    told = json.loads(manifest_bytes([entry("a.pdf")]))
    told["files"][0][change] = value
    return json.dumps(told).encode()


@pytest.mark.parametrize(
    "told",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b"[" * 100_000,
        b'{"of":"s75 batch","form":1}',
        b'{"of":"s75 batch","form":1,"files":[1]}',
        b'{"of":"s75 batch","form":1,"files":[{}]}',
        broken("file", "../a.pdf"),
        broken("file", "/etc/passwd"),
        broken("file", "a//b.pdf"),
        broken("file", "C:\\a.pdf"),
        broken("file", ""),
        broken("sha256", "AB"),
        broken("size", "1"),
        broken("size", 1.5),
        broken("partner", None),
    ],
)
def test_what_no_batch_wrote_is_refused(tmp_path: Path, told: bytes) -> None:
    (tmp_path / MANIFEST).write_bytes(told)
    with pytest.raises(RefusedError, match="this is no manifest that s75 batch wrote"):
        read_manifest(tmp_path)


def test_a_manifest_of_another_form_or_that_names_a_file_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_bytes(b'{"of":"s75 batch","form":2,"files":[]}')
    with pytest.raises(RefusedError, match="another form than this version"):
        read_manifest(tmp_path)
    one = entry("a.pdf")
    (tmp_path / MANIFEST).write_bytes(manifest_bytes([one, replace(one, size=2)]))
    with pytest.raises(RefusedError, match="names a file twice"):
        read_manifest(tmp_path)


def test_a_manifest_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / MANIFEST).mkdir()
    with pytest.raises(RefusedError, match="the manifest cannot be read"):
        read_manifest(tmp_path)


def test_a_manifest_that_cannot_be_put_in_place_leaves_no_draft(tmp_path: Path) -> None:
    (tmp_path / MANIFEST).mkdir()
    with pytest.raises(OSError, match="directory"):
        write_manifest(tmp_path, [entry("a.pdf")])
    assert [path.name for path in tmp_path.iterdir()] == [MANIFEST]


def test_a_pipe_is_no_manifest_and_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / MANIFEST)
    with pytest.raises(RefusedError, match="it is no file"):
        read_manifest(tmp_path)


@pytest.mark.parametrize("name", ["\\ud800", "a\\u0000b", "manifest.json", "SHA256SUMS"])
def test_a_manifest_names_no_file_that_a_batch_cannot_write(tmp_path: Path, name: str) -> None:
    told = manifest_bytes([entry("a.pdf")]).replace(b'"a.pdf"', f'"{name}"'.encode())
    (tmp_path / MANIFEST).write_bytes(told)
    with pytest.raises(RefusedError, match="no manifest that s75 batch wrote"):
        read_manifest(tmp_path)
