"""Where a ledger's file lies: this computer's own disk, a network share, a stick, a folder that a service synchronises.

All is worked out from facts that are given (`ledgers.places_found` finds them): the mounts, the drives' letters, the
services' folders. What follows for the lock is said here too: on some shares it keeps nobody out on other computers.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePath, PurePosixPath, PureWindowsPath

from ledgers.file_paths import plain


class Kind(StrEnum):
    """What a place is."""

    DISK = "disk"
    SHARE = "share"
    REMOVABLE = "removable"


class Locks(StrEnum):
    """Whom the program's lock keeps out there."""

    EVERYBODY = "everybody"
    """Every computer that has the ledger open through the same server, or there is only this one."""

    THIS_COMPUTER = "this computer"
    """Only programs on this computer: another's lock is not seen here, nor ours there."""


@dataclass(frozen=True, slots=True)
class Mount:
    """A file system as Linux has it in its tree, from /proc/self/mountinfo: `options` are the mount's and its own."""

    at: str
    source: str
    file_system: str
    options: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Drive:
    """A drive of Windows by GetDriveTypeW's number; `remote` is what its letter is mapped to, `""` if to no share."""

    type: int
    remote: str = ""
    file_system: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the system says. `drives` are by letter and colon (`Z:`), `synchronised` folders each with its service.

    `has` says whether there is a file or folder of that name in a folder: services leave marks in theirs.
    """

    mounts: tuple[Mount, ...] = ()
    drives: dict[str, Drive] = field(default_factory=dict)
    synchronised: tuple[tuple[str, str], ...] = ()
    has: Callable[[PurePath, str], bool] = lambda _folder, _name: False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a file lies. `at` names the share or device, `synchronised_by` the service, `""` if there is none."""

    kind: Kind = Kind.DISK
    at: str = ""
    file_system: str = ""
    synchronised_by: str = ""
    is_read_only: bool = False
    locks: Locks = Locks.EVERYBODY

    @property
    def in_words(self) -> str:
        r"""`on the network share \\fs1\finance (cifs)`, `on this computer’s disk`."""
        told = f" ({self.file_system})" if self.file_system else ""
        words = {
            Kind.DISK: "on this computer’s disk",
            Kind.SHARE: f"on the network share {self.at}{told}",
            Kind.REMOVABLE: f"on removable media {self.at}{told}",
        }[self.kind]
        if self.is_read_only:
            words += ", which can only be read"
        if self.synchronised_by:
            words += f", in a folder that {self.synchronised_by} synchronises"
        return words


_SHARES = frozenset({
    "cifs", "smb3", "smbfs", "nfs", "nfs4", "afs", "ceph", "glusterfs", "lustre", "gpfs", "ncpfs", "davfs",
    "davfs2", "beegfs", "orangefs", "vboxsf", "fuse.sshfs", "fuse.davfs2", "fuse.glusterfs", "fuse.smbnetfs",
    "fuse.rclone", "fuse.s3fs", "fuse.gvfsd-fuse", "fuse.curlftpfs", "fuse.vmhgfs-fuse", "fuse.cephfs",
    "fuse.juicefs",
})  # fmt: skip
_LOCKS_STAY_HERE = frozenset({
    "davfs", "davfs2", "fuse.sshfs", "fuse.davfs2", "fuse.smbnetfs", "fuse.rclone", "fuse.s3fs", "fuse.gvfsd-fuse",
    "fuse.curlftpfs", "fuse.vmhgfs-fuse", "vboxsf",
})  # fmt: skip
_LOCKS_OFF = frozenset({"nobrl", "nolock", "local_lock=all", "local_lock=flock", "local_lock=posix", "localflocks"})
_OPTICAL = frozenset({"iso9660", "udf"})
_REMOVABLE_AT = ("/media/", "/run/media/")
_WINDOWS_REMOVABLE, _WINDOWS_REMOTE, _WINDOWS_OPTICAL = 2, 4, 5
_WEB_SERVERS = re.compile(r"@SSL|@\d+|DavWWWRoot", re.IGNORECASE)
_MARKS = (
    (".tmp.drivedownload", "Google Drive"),
    (".tmp.driveupload", "Google Drive"),
    (".dropbox", "Dropbox"),
    (".dropbox.cache", "Dropbox"),
    (".stfolder", "Syncthing"),
    (".nextcloudsync.log", "Nextcloud"),
    (".owncloudsync.log", "ownCloud"),
)
_ONE_DRIVE = re.compile(r"OneDrive(?: - .+)?")
_ESCAPED = re.compile(r"\\([0-7]{3})")


def place_of(path: PurePath, facts: Facts) -> Place:
    """Where an absolute path lies, by the facts. What they do not say is taken for this computer's own disk."""
    if isinstance(path, PureWindowsPath):
        place = _of_windows(PureWindowsPath(plain(str(path))), facts)
    else:
        place = _of_mounts(path, facts.mounts)
    service = _service(path, place, facts)
    return Place(place.kind, place.at, place.file_system, service, place.is_read_only, place.locks)


def _of_windows(path: PureWindowsPath, facts: Facts) -> Place:
    if path.drive.startswith("\\\\"):
        return _share(path.drive)
    drive = facts.drives.get(path.drive.upper())
    if drive is None:
        return Place()
    if drive.type == _WINDOWS_REMOTE or drive.remote:
        return _share(drive.remote or path.drive)
    if drive.type == _WINDOWS_OPTICAL:
        return Place(Kind.REMOVABLE, path.drive, drive.file_system, is_read_only=True)
    if drive.type == _WINDOWS_REMOVABLE:
        return Place(Kind.REMOVABLE, path.drive, drive.file_system)
    return Place()


def _share(at: str) -> Place:
    """A share of Windows: WebDAV is put forward as one, and knows no locks of parts of a file; nor a remote desktop."""
    here = at.lower().startswith("\\\\tsclient\\") or _WEB_SERVERS.search(at) is not None
    return Place(Kind.SHARE, at, locks=Locks.THIS_COMPUTER if here else Locks.EVERYBODY)


def _of_mounts(path: PurePath, mounts: tuple[Mount, ...]) -> Place:
    around = {str(each) for each in (path, *path.parents)}
    found = [mount for mount in mounts if mount.at in around]
    if not found:
        return Place()
    # the innermost; of two at one place the last, which covers the other
    longest = max(len(mount.at) for mount in found)
    mount = next(mount for mount in reversed(found) if len(mount.at) == longest)
    is_read_only = "ro" in mount.options or mount.file_system in _OPTICAL
    if mount.file_system in _SHARES:
        here = mount.file_system in _LOCKS_STAY_HERE or not _LOCKS_OFF.isdisjoint(mount.options)
        locks = Locks.THIS_COMPUTER if here else Locks.EVERYBODY
        return Place(Kind.SHARE, mount.source, mount.file_system, is_read_only=is_read_only, locks=locks)
    if mount.file_system in _OPTICAL or f"{mount.at}/".startswith(_REMOVABLE_AT):
        return Place(Kind.REMOVABLE, mount.at, mount.file_system, is_read_only=is_read_only)
    return Place(is_read_only=is_read_only)


def _service(path: PurePath, place: Place, facts: Facts) -> str:
    """Which service synchronises the folder: by the folders that it told the system of, then by what it leaves there.

    Last by the name that OneDrive gives its own folder, for a profile that was copied from another computer. What a
    service leaves is looked for on disks only, up to the top of each: above, a name may be a computer's, and looking
    for it would call that.
    """
    kind = type(path)
    for folder, service in facts.synchronised:
        if folder and path.is_relative_to(kind(folder)):
            return service
    if place.kind is Kind.DISK:
        tops = {mount.at for mount in facts.mounts}
        for folder_of in path.parents:
            for mark, service in _MARKS:
                if facts.has(folder_of, mark):
                    return service
            if str(folder_of) in tops:
                break
    if any(_ONE_DRIVE.fullmatch(part) for part in path.parent.parts):
        return "OneDrive"
    return ""


def read_mounts(text: str) -> tuple[Mount, ...]:
    """The mounts that /proc/self/mountinfo tells of; a line that is none is passed over."""
    found = []
    for line in text.splitlines():
        left, dash, right = line.partition(" - ")
        ours, theirs = left.split(), right.split()
        if dash and len(ours) >= 6 and len(theirs) >= 2:  # noqa: PLR2004  proc(5)
            options = frozenset(ours[5].split(",")) | frozenset(theirs[2].split(",") if theirs[2:] else ())
            at, source = _unescaped(ours[4]), _unescaped(theirs[1])
            found.append(Mount(str(PurePosixPath(at)), source, theirs[0], options))
    return tuple(found)


def _unescaped(text: str) -> str:
    r"""The path or source of a mount: the kernel writes a space as `\040`."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 8)), text)


def warnings_of(place: Place, name: str) -> tuple[str, ...]:
    """What whoever is about to write to a ledger there has to know, as sentences; nothing on most disks and shares."""
    told = []
    if place.synchronised_by:
        told.append(
            f"{name} lies in a folder that {place.synchronised_by} synchronises, which keeps nobody out: when two "
            "people work in it at once, each gets a file of her own and neither has the other’s work; agree who has "
            "it, or keep it on a file share or a server"
        )
    if place.locks is Locks.THIS_COMPUTER:
        told.append(
            f"{name} lies {place.in_words}, where a lock is seen by this computer only: agree who has it open, or "
            "work in a copy and give that back (s75 copy take)"
        )
    return tuple(told)
