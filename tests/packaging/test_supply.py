"""What a build ships is known: licences, the bill of materials, and advisories against what the locks pin."""

import json
import sys
import zipfile
from pathlib import Path
from types import ModuleType
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "packaging" / "supply"))

import advisories  # noqa: E402  of the folder just named
import audit  # noqa: E402  of the folder just named
import licences  # noqa: E402  of the folder just named
import sbom  # noqa: E402  of the folder just named
import shipped  # noqa: E402  of the folder just named


@pytest.fixture
def build(tmp_path: Path) -> Path:
    """A build as its folder looks: the records of what is shipped, and a library that psycopg brings."""
    inside = tmp_path / "S75 Settlement" / "_internal"
    for known in shipped.distributions():
        name = canonicalize_name(known.metadata["Name"]).replace("-", "_")
        (inside / f"{name}-{known.version}.dist-info").mkdir(parents=True)
    (inside / "s75_settlement-0.1.0.dist-info").mkdir()
    (inside / "libpq-e9b5c9ac.so.5.18").write_bytes(b"a library")
    (inside / "PIL").mkdir()
    (inside / "PIL" / "_imaging.cpython-311-x86_64-linux-gnu.so").write_bytes(b"a module of a distribution")
    return tmp_path / "S75 Settlement"


@pytest.fixture
def policy(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """The policy, to be changed for a test."""
    told = licences.policy()
    monkeypatch.setattr(licences, "policy", lambda: told)
    return told


class TestLicences:
    def test_everything_has_a_folder_with_its_texts(self, build: Path) -> None:
        out = licences.write(build)

        folders = {path.name for path in out.iterdir() if path.is_dir()}
        for known in shipped.distributions():
            wanted = canonicalize_name(f"{known.metadata['Name']}-{known.version}")
            (place,) = [each for each in folders if canonicalize_name(each) == wanted]
            assert any(path.stat().st_size > 100 for path in (out / place).iterdir())
        assert {"PostgreSQL-client-libpq-", "Font-Liberation", "Font-DejaVu"} <= folders
        assert any(name.startswith("Python-3") for name in folders)

    def test_the_notices_say_how_a_library_under_the_lgpl_is_replaced(self, build: Path) -> None:
        told = (licences.write(build) / "NOTICES.txt").read_text("utf-8")

        assert "You may replace them by versions of your own" in told
        for name in ("pyside6_essentials", "shiboken6", "psycopg", "python-bidi"):
            entry = told[told.lower().index(f"\n{name.lower().replace('_', '-')} ".replace("pyside6-", "pyside6_")) :]
            assert "replaceable: " in entry[: entry.index("texts:")]
        assert "licence: LGPL-3.0-only" in told

    def test_the_lgpl_itself_goes_along_where_a_distribution_does_not_bring_it(self, build: Path) -> None:
        out = licences.write(build)

        (place,) = out.glob("[Pp]y[Ss]ide6*")
        assert "GNU LESSER GENERAL PUBLIC LICENSE" in (place / "LGPL-3.0-only.txt").read_text("utf-8")
        assert "GNU GENERAL PUBLIC LICENSE" in (place / "LGPL-3.0-only.txt").read_text("utf-8")

    def test_the_same_build_gives_the_same_bytes(self, build: Path) -> None:
        def written() -> dict[str, bytes]:
            out = licences.write(build)
            return {str(path): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}

        assert written() == written()

    def test_a_licence_that_policy_does_not_allow_stops_the_build(
        self, build: Path, policy: dict[str, object], capsys: pytest.CaptureFixture[str]
    ) -> None:
        policy["allowed"] = [each for each in policy["allowed"] if each != "LGPL-3.0-only"]  # type: ignore[attr-defined]

        assert licences.main([str(build)]) == 1
        said = capsys.readouterr().err
        assert "psycopg" in said
        assert "is under LGPL-3.0-only" in said
        assert "that is not among the licences of policy.toml" in said

    def test_a_library_that_nobody_looked_up_stops_the_build(
        self, build: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (build / "_internal" / "libmystery.so.1").write_bytes(b"?")

        assert licences.main([str(build)]) == 1
        assert "does not say what these are, nor their licence: _internal/libmystery.so.1" in capsys.readouterr().err

    def test_a_distribution_that_the_program_does_not_ask_for_stops_the_build(
        self, build: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (build / "_internal" / "pytest-9.0.dist-info").mkdir()

        assert licences.main([str(build)]) == 1
        assert "the program does not ask for these, and they are in the build: pytest" in capsys.readouterr().err

    def test_a_missing_text_stops_the_build(
        self, build: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(licences, "_by_name", lambda _licence: [])

        assert licences.main([str(build)]) == 1
        assert "no licence text for pyside6_essentials, shiboken6: add it" in capsys.readouterr().err.lower()

    def test_a_record_without_a_licence_asks_to_be_read(self, policy: dict[str, object]) -> None:
        policy["licence_of"] = {}
        (bidi,) = [each for each in shipped.distributions() if each.metadata["Name"] == "python-bidi"]

        with pytest.raises(licences.LicenceError, match=r"python-bidi .*: its record does not say its licence"):
            licences.licence_of(bidi)

    def test_a_font_that_policy_does_not_know_is_refused(self, policy: dict[str, object], build: Path) -> None:
        policy["fonts"] = {}

        with pytest.raises(licences.LicenceError, match=r"which licence the font DejaVu is under"):
            licences.notices(build)

    @pytest.mark.parametrize("arguments", [[], ["nowhere"], ["a", "b"]])
    def test_how_it_is_used_is_said(self, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
        assert licences.main(arguments) == 2
        assert "licences.py FOLDER" in capsys.readouterr().err

    def test_a_folder_that_is_no_build_is_refused(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert licences.main([str(tmp_path)]) == 1
        assert "holds no record of a distribution: is it the folder of a build?" in capsys.readouterr().err

    @pytest.mark.parametrize(
        ("expression", "holds"),
        [
            ("MIT", True),
            ("GPL-2.0-only", False),
            ("GPL-2.0-only OR MIT", True),
            ("GPL-2.0-only AND MIT", False),
            ("Apache-2.0 AND MIT", True),
            ("MIT AND (GPL-2.0-only OR ISC)", True),
            ("(MIT AND GPL-2.0-only) OR AGPL-3.0-only", False),
        ],
    )
    def test_of_a_choice_one_has_to_be_allowed_and_of_a_sum_each(self, expression: str, *, holds: bool) -> None:
        assert licences.is_allowed(expression, ["MIT", "ISC", "Apache-2.0"]) is holds


class TestBill:
    def test_it_lists_what_is_shipped_with_the_hashes_of_the_lock(self, build: Path) -> None:
        told = json.loads(sbom.write(build).read_text("utf-8"))

        parts = {each["name"].lower(): each for each in told["components"]}
        for known in shipped.distributions():
            part = parts[known.metadata["Name"].lower()]
            assert part["version"] == known.version
            assert part["licenses"]
            assert part["purl"].endswith(f"@{known.version}")
            hashes = {each["value"] for each in part["properties"] if each["name"] == "s75:locked-sha256"}
            assert hashes == set(sbom.locked()[canonicalize_name(known.metadata["Name"])][1])
        assert parts["postgresql client (libpq)"]["hashes"][0]["content"] == shipped.sha256(
            build / "_internal" / "libpq-e9b5c9ac.so.5.18"
        )
        assert told["metadata"]["component"]["name"] == "s75-settlement"

    def test_what_needs_what_is_said(self, build: Path) -> None:
        told = json.loads(sbom.write(build).read_text("utf-8"))

        needs = {each["ref"].partition("@")[0]: each.get("dependsOn", []) for each in told["dependencies"]}
        assert {each.partition("@")[0] for each in needs["sqlmodel"]} >= {"pydantic", "sqlalchemy"}
        assert len(needs["s75-settlement"]) == len(told["components"])

    def test_the_same_build_gives_the_same_bytes_and_another_another_number(
        self, build: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
        first = sbom.write(build).read_bytes()
        assert sbom.write(build).read_bytes() == first
        assert b"timestamp" not in first

        (build / "_internal" / "libpq-e9b5c9ac.so.5.18").write_bytes(b"another library")
        second = sbom.write(build).read_bytes()

        assert json.loads(first)["serialNumber"] != json.loads(second)["serialNumber"]

    def test_its_time_is_the_source_s(self, build: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")

        told = json.loads(sbom.write(build).read_text("utf-8"))

        assert told["metadata"]["timestamp"].startswith("2026-01-01T00:00:00")

    def test_a_version_that_the_lock_does_not_pin_stops_it(
        self, build: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        pins = sbom.locked()
        pins["babel"] = ("1.0", ())
        monkeypatch.setattr(sbom, "locked", lambda: pins)

        assert sbom.main([str(build)]) == 1
        assert "is in the build; requirements-package.lock pins 1.0" in capsys.readouterr().err

    @pytest.mark.parametrize("arguments", [[], ["nowhere"]])
    def test_how_it_is_used_is_said(self, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
        assert sbom.main(arguments) == 2
        assert "sbom.py FOLDER" in capsys.readouterr().err


class TestLocks:
    @pytest.mark.parametrize("lock", sorted(ROOT.glob("requirements*.lock")), ids=lambda path: path.name)
    def test_each_pins_one_version_by_hash_and_names_no_address(self, lock: Path) -> None:
        pins = sbom.locked(lock)

        assert len(pins) > 20
        assert all(hashes for _version, hashes in pins.values())
        assert "://" not in lock.read_text("utf-8")

    def test_what_is_tested_is_what_is_shipped(self) -> None:
        tested = sbom.locked(ROOT / "requirements-dev.lock")
        for name in ("requirements.lock", "requirements-package.lock"):
            for key, (version, hashes) in sbom.locked(ROOT / name).items():
                assert tested[key] == (version, hashes), f"{key} of {name}: renew the locks together"


_VERSIONS = st.builds("{}.{}.{}".format, *[st.integers(0, 3)] * 3)


class TestAdvisories:
    RECORD: ClassVar = {
        "id": "PYSEC-0000-1",
        "summary": "A weakness for a test",
        "affected": [
            {
                "package": {"name": "Filelock", "ecosystem": "PyPI"},
                "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "999"}]}],
            }
        ],
    }

    @pytest.fixture
    def lock(self, tmp_path: Path) -> Path:
        version, hashes = sbom.locked()["filelock"]
        path = tmp_path / "one.lock"
        path.write_text(f"filelock=={version} \\\n    --hash=sha256:{hashes[0]}\n", encoding="utf-8")
        return path

    def test_a_known_weakness_of_a_pinned_version_is_found(
        self, lock: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "database").mkdir()
        (tmp_path / "database" / "one.json").write_text(json.dumps(self.RECORD), encoding="utf-8")

        assert audit.main(["--advisories", str(tmp_path / "database"), str(lock)]) == 1
        assert "PYSEC-0000-1, mended in 999" in capsys.readouterr().err

    def test_nothing_known_is_said_after_each_was_looked_up(
        self, lock: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
        record = json.loads(json.dumps(self.RECORD).replace("999", "0.1"))
        with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
            archive.writestr("PYSEC-0000-1.json", json.dumps(record))

        assert audit.main(["--advisories", str(tmp_path / "all.zip"), str(lock)]) == 0
        assert "one.lock: 1 packages looked up, nothing known against them" in capsys.readouterr().out

    def test_what_could_not_be_looked_up_is_no_all_clear(
        self, lock: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        skipped = {"dependencies": [{"name": "filelock", "skip_reason": "not found"}]}
        monkeypatch.setattr(audit, "asked", lambda _lock, _address: (skipped, ""))

        assert audit.main([str(lock)]) == 2
        said = capsys.readouterr().err
        assert "1 of 1 could not be looked up: filelock" in said
        assert "give a copy of the advisory database by --advisories" in said

    def test_an_empty_answer_is_no_all_clear(self) -> None:
        assert audit.judged(Path("a.lock"), {"dependencies": []}) == (
            2,
            ["a.lock: holds no package, so nothing was looked up"],
        )

    @pytest.mark.parametrize(
        ("name", "text", "message"),
        [
            ("bad.json", "{", r"bad\.json is not an OSV record"),
            ("other.json", '{"affected": []}', r"holds no OSV record of a Python package"),
        ],
    )
    def test_a_copy_that_is_none_is_refused(self, name: str, text: str, message: str, tmp_path: Path) -> None:
        (tmp_path / name).write_text(text, encoding="utf-8")

        with pytest.raises(advisories.AdvisoriesError, match=message):
            advisories.read(tmp_path)

    def test_no_copy_at_all_is_refused(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert audit.main(["--advisories", str(tmp_path / "none.zip")]) == 2
        assert "is neither a folder nor a zip of OSV records" in capsys.readouterr().err

    @given(_VERSIONS, _VERSIONS, _VERSIONS)
    def test_a_range_holds_from_what_brought_it_in_to_before_what_mended_it(
        self, low: str, high: str, version: str
    ) -> None:
        low, high = sorted((low, high))
        events = [{"introduced": low}, {"fixed": high}]
        record = {
            "affected": [
                {"package": {"name": "x", "ecosystem": "PyPI"}, "ranges": [{"type": "ECOSYSTEM", "events": events}]}
            ]
        }

        assert bool(advisories.about([record], "X", version)) is (low <= version < high)

    @given(_VERSIONS, _VERSIONS)
    def test_the_last_affected_version_is_still_affected(self, last: str, version: str) -> None:
        events = [{"introduced": "0"}, {"last_affected": last}]
        record = {
            "affected": [
                {"package": {"name": "x", "ecosystem": "PyPI"}, "ranges": [{"type": "ECOSYSTEM", "events": events}]}
            ]
        }

        assert bool(advisories.about([record], "x", version)) is (version <= last)

    def test_a_listed_version_is_affected_and_another_ecosystem_is_not(self) -> None:
        listed = {"affected": [{"package": {"name": "x", "ecosystem": "PyPI"}, "versions": ["1.0"]}]}
        other = {"affected": [{"package": {"name": "x", "ecosystem": "npm"}, "versions": ["1.0"]}]}

        assert advisories.about([listed, other], "x", "1.0") == [listed]
        assert advisories.about([listed], "x", "1.1") == []


def test_modules_of_the_supply_are_the_ones_here() -> None:
    for module in (advisories, audit, licences, sbom, shipped):
        assert isinstance(module, ModuleType)
        assert Path(module.__file__ or "").parent == ROOT / "packaging" / "supply"
