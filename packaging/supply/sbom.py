"""`python packaging/supply/sbom.py FOLDER`: a build's bill of materials, CycloneDX JSON, as `FOLDER/sbom.cdx.json`.

Every distribution with the hashes that the lock has of it, every library with the SHA-256 of its files, Python itself.
The same build gives the same bytes: the serial number is a digest of the content, and the time is SOURCE_DATE_EPOCH's
or none.
"""

import json
import os
import re
import sys
import uuid
from datetime import UTC, datetime
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, Property, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from licences import LicenceError, Notice, notices
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from shipped import ROOT, UnknownPartError, in_build, project, sha256

LOCK = ROOT / "requirements-package.lock"
FILE = "sbom.cdx.json"
_SCHEMA = SchemaVersion.V1_6
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*])?==([^ ;\\]+)")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_OURS = uuid.UUID("3f1f6f52-4a5a-5d8a-9a55-575375353735")


class SbomError(Exception):
    """The bill of materials would not be true, or not be valid."""


def locked(lock: Path = LOCK) -> dict[str, tuple[str, tuple[str, ...]]]:
    """By canonical name: the version that a lock pins, and the SHA-256 of each file that it may be installed from."""
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    name, version = "", ""
    for line in lock.read_text("utf-8").splitlines():
        if (pinned := _PINNED.match(line)) is not None:
            name, version = canonicalize_name(pinned[1]), pinned[2]
            found[name] = version, ()
        if name:
            found[name] = version, (*found[name][1], *_HASH.findall(line))
    return found


def bill(folder: Path) -> Bom:
    """The bill of materials of a build.

    Raises SbomError if a distribution is not of the version that the lock pins, LicenceError or UnknownPartError as the
    licences do.
    """
    pins, bom = locked(), Bom()
    said = project()
    ours = Component(
        name=str(said["name"]),
        version=str(said["version"]),
        type=ComponentType.APPLICATION,
        description=str(said["description"]),
        bom_ref=f"{said['name']}@{said['version']}",
    )
    bom.metadata.component = ours
    parts = {canonicalize_name(each.name): _component(folder, each, pins) for each in notices(folder)}
    for part in parts.values():
        bom.components.add(part)
    by_name = {canonicalize_name(each.metadata["Name"]): each for each in in_build(folder)}
    for name, known in by_name.items():
        asked = {canonicalize_name(Requirement(each).name) for each in known.requires or []}
        bom.register_dependency(parts[name], [parts[each] for each in sorted(asked & set(by_name))])
    bom.register_dependency(ours, list(parts.values()))
    bom.serial_number = uuid.uuid5(_OURS, "\n".join(sorted(f"{p.bom_ref} {p.hashes}" for p in parts.values())))
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch:
        bom.metadata.timestamp = datetime.fromtimestamp(int(epoch), UTC)
    return bom


def _component(folder: Path, notice: Notice, pins: dict[str, tuple[str, tuple[str, ...]]]) -> Component:
    key = canonicalize_name(notice.name)
    is_distribution = bool(notice.version) and notice.name != "Python"
    hashes: tuple[str, ...] = ()
    if is_distribution:
        pinned, hashes = pins.get(key, ("", ()))
        if pinned != notice.version:
            raise SbomError(f"{notice.name} {notice.version} is in the build; {LOCK.name} pins {pinned or 'none'}")
    kind = ComponentType.FILE if notice.name.startswith("Font ") else ComponentType.LIBRARY
    component = Component(
        name=notice.name,
        version=notice.version or None,
        type=kind,
        licenses=[LicenseFactory().make_from_string(notice.licence)],
        purl=PackageURL("pypi", name=key, version=notice.version) if is_distribution else None,
        bom_ref=f"{key}@{notice.version}" if notice.version else key,
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=sha256(folder / notice.files[0]))]
        if len(notice.files) == 1
        else [],
        properties=[Property(name="s75:locked-sha256", value=each) for each in hashes]
        + [Property(name=f"s75:file:{file}", value=sha256(folder / file)) for file in notice.files],
    )
    if notice.home:
        component.external_references.add(ExternalReference(type=ExternalReferenceType.WEBSITE, url=XsUri(notice.home)))
    return component


def write(folder: Path) -> Path:
    """Write a build's bill of materials into its folder, and answer where. Raises as `bill` does."""
    bom = bill(folder)
    told = json.loads(make_outputter(bom, OutputFormat.JSON, _SCHEMA).output_as_string())
    if not os.environ.get("SOURCE_DATE_EPOCH"):
        del told["metadata"]["timestamp"]
    text = json.dumps(told, indent=1, sort_keys=True)
    problem = JsonStrictValidator(_SCHEMA).validate_str(text)
    if problem is not None:
        raise SbomError(f"the bill of materials is not valid CycloneDX: {problem}")
    out = folder / FILE
    out.write_text(text + "\n", encoding="utf-8", newline="\n")
    return out


def main(arguments: list[str]) -> int:
    """Run as a command; answer its exit status."""
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        sys.stderr.write("use: python packaging/supply/sbom.py FOLDER, the folder of a build\n")
        return 2
    try:
        out = write(Path(arguments[0]))
    except (LicenceError, UnknownPartError, SbomError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{out}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
