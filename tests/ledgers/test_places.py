"""Where a ledger lies, by what the system says of its mounts and drives: Linux desktops and Windows ones."""

import json
from dataclasses import replace
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

import pytest

from ledgers import create_ledger, open_ledger, places_found
from ledgers.places import Drive, Facts, Kind, Locks, Place, place_of, read_mounts, warnings_of
from ledgers.places_found import facts_here, place_here
from tests.ledgers.conftest import noon

MOUNTS = r"""
22 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw
30 22 0:27 / /srv/finance rw,relatime shared:5 - cifs //fs1/finance rw,vers=3.1.1,cache=strict
31 30 0:28 / /srv/finance/closed\040years ro,relatime - cifs //fs1/closed\040years ro
32 22 0:29 / /srv/nobrl rw - smb3 //fs1/x rw,nobrl
33 22 0:30 / /home/me/nas rw - nfs4 nas:/export rw,vers=4.2,local_lock=none
34 22 0:31 / /home/me/old rw - nfs nas:/old rw,vers=3,nolock,local_lock=all
35 22 0:32 / /home/me/far rw,nosuid shared:9 master:1 - fuse.sshfs me@host:/srv rw,user_id=1000
36 22 0:33 / /home/me/dav rw - fuse.davfs2 https://dav.example.org rw
37 22 8:17 / /media/me/STICK rw,nosuid - vfat /dev/sdb1 rw
38 22 11:0 / /mnt/disc ro - iso9660 /dev/sr0 ro
39 22 254:9 / /locked ro,relatime - ext4 /dev/vda9 ro
not a line of mountinfo
40 22 254:9 /
"""
LINUX = Facts(mounts=read_mounts(MOUNTS))
WINDOWS = Facts(
    drives={
        "C:": Drive(3),
        "Z:": Drive(4, r"\\fs1\finance"),
        "Y:": Drive(4),
        "E:": Drive(2),
        "D:": Drive(5),
        "S:": Drive(3, r"\\fs2\subst"),
    },
    synchronised=(
        (r"C:\Users\me\OneDrive - Testshire Council", "OneDrive"),
        (r"C:\Users\me\Testshire Council\Pooled fund - Documents", "OneDrive"),
        (r"C:\Users\me\Dropbox", "Dropbox"),
    ),
)


@pytest.mark.parametrize(
    ("path", "words", "locks"),
    [
        ("/home/me/pool.s75", "on this computer’s disk", Locks.EVERYBODY),
        ("/srv/finance/pool.s75", "on the network share //fs1/finance (cifs)", Locks.EVERYBODY),
        ("/srv/finances/pool.s75", "on this computer’s disk", Locks.EVERYBODY),
        (
            "/srv/finance/closed years/a/pool.s75",
            "on the network share //fs1/closed years (cifs), which can only be read",
            Locks.EVERYBODY,
        ),
        ("/srv/nobrl/pool.s75", "on the network share //fs1/x (smb3)", Locks.THIS_COMPUTER),
        ("/home/me/nas/pool.s75", "on the network share nas:/export (nfs4)", Locks.EVERYBODY),
        ("/home/me/old/pool.s75", "on the network share nas:/old (nfs)", Locks.THIS_COMPUTER),
        ("/home/me/far/pool.s75", "on the network share me@host:/srv (fuse.sshfs)", Locks.THIS_COMPUTER),
        (
            "/home/me/dav/pool.s75",
            "on the network share https://dav.example.org (fuse.davfs2)",
            Locks.THIS_COMPUTER,
        ),
        ("/media/me/STICK/pool.s75", "on removable media /media/me/STICK (vfat)", Locks.EVERYBODY),
        ("/mnt/disc/pool.s75", "on removable media /mnt/disc (iso9660), which can only be read", Locks.EVERYBODY),
        ("/locked/pool.s75", "on this computer’s disk, which can only be read", Locks.EVERYBODY),
    ],
)
def test_a_place_on_linux(path: str, words: str, locks: Locks) -> None:
    place = place_of(PurePosixPath(path), LINUX)
    assert (place.in_words, place.locks) == (words, locks)


@pytest.mark.parametrize(
    ("path", "words", "locks"),
    [
        (r"C:\finance\pool.s75", "on this computer’s disk", Locks.EVERYBODY),
        (r"X:\finance\pool.s75", "on this computer’s disk", Locks.EVERYBODY),
        (r"\\fs1\finance\2026\pool.s75", r"on the network share \\fs1\finance", Locks.EVERYBODY),
        ("//fs1/finance/pool.s75", r"on the network share \\fs1\finance", Locks.EVERYBODY),
        (r"\\?\UNC\fs1\finance\pool.s75", r"on the network share \\fs1\finance", Locks.EVERYBODY),
        (r"\\?\Z:\pool.s75", r"on the network share \\fs1\finance", Locks.EVERYBODY),
        (r"z:\pool.s75", r"on the network share \\fs1\finance", Locks.EVERYBODY),
        (r"Y:\pool.s75", "on the network share Y:", Locks.EVERYBODY),
        (r"S:\pool.s75", r"on the network share \\fs2\subst", Locks.EVERYBODY),
        (r"E:\pool.s75", "on removable media E:", Locks.EVERYBODY),
        (r"D:\pool.s75", "on removable media D:, which can only be read", Locks.EVERYBODY),
        (
            r"\\council.sharepoint.com@SSL\DavWWWRoot\sites\pool.s75",
            r"on the network share \\council.sharepoint.com@SSL\DavWWWRoot",
            Locks.THIS_COMPUTER,
        ),
        (r"\\tsclient\C\pool.s75", r"on the network share \\tsclient\C", Locks.THIS_COMPUTER),
    ],
)
def test_a_place_on_windows(path: str, words: str, locks: Locks) -> None:
    place = place_of(PureWindowsPath(path), WINDOWS)
    assert (place.in_words, place.locks) == (words, locks)


@pytest.mark.parametrize(
    ("path", "service"),
    [
        (r"C:\Users\me\OneDrive - Testshire Council\pool.s75", "OneDrive"),
        (r"c:\users\ME\onedrive - testshire council\2026\pool.s75", "OneDrive"),
        (r"C:\Users\me\Testshire Council\Pooled fund - Documents\pool.s75", "OneDrive"),
        (r"C:\Users\me\Testshire Council\Other\pool.s75", ""),
        (r"C:\Users\me\Dropbox\pool.s75", "Dropbox"),
        (r"C:\Users\other\OneDrive\pool.s75", "OneDrive"),
        (r"C:\Users\other\OneDrive - Testshire Council\pool.s75", "OneDrive"),
        (r"C:\Users\other\OneDriveless\pool.s75", ""),
        (r"C:\Users\me\OneDrive.s75", ""),
    ],
)
def test_a_folder_that_a_service_synchronises_is_known_by_what_windows_was_told(path: str, service: str) -> None:
    assert place_of(PureWindowsPath(path), WINDOWS).synchronised_by == service


@pytest.mark.parametrize(
    ("mark", "service"),
    [
        (".tmp.drivedownload", "Google Drive"),
        (".dropbox.cache", "Dropbox"),
        (".stfolder", "Syncthing"),
        (".nextcloudsync.log", "Nextcloud"),
    ],
)
def test_a_service_is_known_by_the_mark_that_it_leaves_at_the_top_of_its_folder(mark: str, service: str) -> None:
    def has(folder: PurePath, name: str) -> bool:
        return (str(folder), name) == ("/home/me/drive", mark)

    facts = replace(LINUX, has=has)
    assert place_of(PurePosixPath("/home/me/drive/a/b/pool.s75"), facts).synchronised_by == service
    assert place_of(PurePosixPath("/home/me/other/pool.s75"), facts).synchronised_by == ""


def test_a_mark_is_looked_for_on_disks_only_and_not_above_their_top() -> None:
    """On a share, or over one, a name may be a computer's: looking for it would call that."""
    looked: list[str] = []

    def has(folder: PurePath, _name: str) -> bool:
        looked.append(str(folder))
        return False

    place_of(PurePosixPath("/srv/finance/a/pool.s75"), replace(LINUX, has=has))
    place_of(PureWindowsPath(r"\\fs1\finance\a\pool.s75"), replace(WINDOWS, has=has))
    assert looked == []
    place_of(PurePosixPath("/locked/a/pool.s75"), replace(LINUX, has=has))
    assert set(looked) == {"/locked/a", "/locked"}


def test_what_covers_another_mount_counts() -> None:
    twice = read_mounts("1 0 0:1 / /a rw - nfs x:/a rw\n2 0 0:2 / /a rw - ext4 /dev/b rw\n")
    assert place_of(PurePosixPath("/a/pool.s75"), Facts(mounts=twice)) == Place(Kind.DISK)


def test_most_places_warn_of_nothing() -> None:
    assert warnings_of(Place(), "pool.s75") == ()
    assert warnings_of(Place(Kind.SHARE, "//fs1/finance", "cifs"), "pool.s75") == ()


def test_a_share_whose_locks_do_not_reach_others_is_told_of() -> None:
    (told,) = warnings_of(place_of(PurePosixPath("/home/me/far/pool.s75"), LINUX), "pool.s75")
    assert told == (
        "pool.s75 lies on the network share me@host:/srv (fuse.sshfs), where a lock is seen by this computer only: "
        "agree who has it open, or work in a copy and give that back (s75 copy take)"
    )


def test_the_computer_is_asked_for_its_own_mounts_and_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two, home = tmp_path / "one", tmp_path / "two", tmp_path / "home"
    (home / ".dropbox").mkdir(parents=True)
    (home / ".dropbox" / "info.json").write_text(json.dumps({"personal": {"path": str(two)}, "business": {}}))
    monkeypatch.setenv("OneDriveCommercial", str(one))
    monkeypatch.setenv("APPDATA", str(tmp_path / "none"))
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(home))
    assert place_here(one / "pool.s75").synchronised_by == "OneDrive"
    assert place_here(two / "a" / "pool.s75").synchronised_by == "Dropbox"
    (tmp_path / "three").mkdir()
    (tmp_path / "three" / ".stfolder").mkdir()
    assert place_here(tmp_path / "three" / "pool.s75").synchronised_by == "Syncthing"
    assert place_here(tmp_path / "four" / "pool.s75").synchronised_by == ""
    if Path("/proc/self/mountinfo").exists():
        assert any(mount.at == "/" for mount in facts_here(tmp_path).mounts)


def test_who_opens_a_ledger_there_for_writing_is_told_and_who_reads_is_not(
    tmp_path: Path, agreement_text: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("OneDrive", str(tmp_path))
    path = tmp_path / "in-one-drive.s75"
    create_ledger(path, agreement_text, now=noon).close()
    with open_ledger(path, read_only=True) as ledger:
        assert ledger.warnings == ()
    for _ in range(2):
        with open_ledger(path, now=noon) as ledger:
            (told,) = ledger.warnings
    assert told == (
        "in-one-drive.s75 lies in a folder that OneDrive synchronises, which keeps nobody out: when two people work in "
        "it at once, each gets a file of her own and neither has the other’s work; agree who has it, or keep it on a "
        "file share or a server"
    )
    assert caplog.messages == [told]  # once, however often this process opens it


def test_nothing_that_cannot_be_found_out_keeps_anybody_from_a_ledger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_home() -> Path:
        raise RuntimeError

    monkeypatch.setattr(places_found.Path, "home", no_home)
    assert place_here(tmp_path / "pool.s75").kind in set(Kind)
