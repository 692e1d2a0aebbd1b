"""The PowerShell scripts, the hosted recipe and the page for IT departments, held to each other and the installer."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import tree_sitter
import tree_sitter_powershell
import yaml

ROOT = Path(__file__).parents[2]
WINDOWS = ROOT / "packaging" / "windows"
SCRIPTS = [ROOT / "run.ps1", *sorted(WINDOWS.glob("*.ps1"))]
WORKFLOW = ROOT / ".github" / "workflows" / "windows.yml"
PAGE = (ROOT / "docs" / "install.md").read_text(encoding="utf-8")
INSTALLER = (WINDOWS / "installer.nsi").read_text(encoding="utf-8")
POWERSHELL = tree_sitter.Parser(tree_sitter.Language(tree_sitter_powershell.language()))


def _faults(text: str) -> list[str]:
    """Where a PowerShell text cannot be parsed."""
    found = []
    waiting = [POWERSHELL.parse(text.encode()).root_node]
    while waiting:
        node = waiting.pop()
        if node.is_error or node.is_missing:
            found.append(f"line {node.start_point.row + 1}: {node.text.decode()[:40] if node.text else node.type}")
        waiting.extend(node.children)
    return found


@pytest.fixture(scope="module")
def workflow() -> dict[Any, Any]:
    """The hosted recipe, read."""
    read: dict[Any, Any] = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))
    return read


def _steps(workflow: dict[Any, Any]) -> list[dict[str, Any]]:
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


class TestPowerShell:
    @pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
    def test_it_can_be_parsed(self, script: Path) -> None:
        assert _faults(script.read_text(encoding="ascii")) == [], "5.1 reads anything but ASCII as another code page"

    def test_what_cannot_be_parsed_is_found(self) -> None:
        assert _faults('if ($true) { Write-Host "a" }') == []
        assert _faults('if ($true) { Write-Host "a"') != []

    @pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
    def test_a_programs_error_stream_is_turned_aside_only_where_that_is_no_error(self, script: Path) -> None:
        """Under "Stop", 5.1 ends at the first line that a program writes to a redirected error stream."""
        text = script.read_text(encoding="ascii")
        for function in re.split(r"^(?=function )", text, flags=re.MULTILINE):
            if re.search(r"\s2>", function):
                assert '$ErrorActionPreference = "Continue"' in function.split("2>")[0]

    @pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
    def test_what_it_runs_is_there(self, script: Path) -> None:
        text = script.read_text(encoding="ascii")
        named = re.findall(r"(?:packaging|benchmarks)\\[\w\\.]+\.(?:py|ps1)|[\w-]+\.lock", text)
        for each in named:
            assert (ROOT / each.replace("\\", "/")).exists(), each

    def test_the_build_asks_its_steps_for_options_that_they_have(self) -> None:
        text = (WINDOWS / "build.ps1").read_text(encoding="ascii")
        for script in ("build.py", "windows/package.py"):
            run = [sys.executable, ROOT / "packaging" / script, "--help"]
            told = subprocess.run(run, check=True, capture_output=True, text=True, cwd=ROOT).stdout
            lines = [each for each in text.splitlines() if f"packaging\\{script}".replace("/", "\\") in each]
            asked = set(re.findall(r"(?<!-)--[a-z-]+", "".join(lines)))
            assert lines
            assert asked <= set(re.findall(r"--[a-z-]+", told))
        assert '"--no-msi"' in text

    @pytest.mark.parametrize(("command", "default"), [("test", False), ("bench", False), ("*", True)])
    def test_a_command_is_run_with_the_lock_of_the_shell_script(self, command: str, default: bool) -> None:  # noqa: FBT001
        shell = re.search(
            rf"^{re.escape(command)}\).*?environment ([\w.-]+\.lock)",
            (ROOT / "run").read_text(encoding="utf-8"),
            re.MULTILINE | re.DOTALL,
        )
        head = "default" if default else f'"{command}"'
        script = (ROOT / "run.ps1").read_text(encoding="ascii")
        powershell = re.search(rf'^ +{head} \{{\s+Initialize-Environment "\.venv" "([\w.-]+)"', script, re.MULTILINE)

        assert shell is not None
        assert powershell is not None
        assert powershell[1] == shell[1]

    def test_run_does_before_the_tests_what_the_shell_script_does(self) -> None:
        shell = (ROOT / "run").read_text(encoding="utf-8").split("test)")[1].split(";;")[0]
        powershell = (ROOT / "run.ps1").read_text(encoding="ascii")
        for tool in re.findall(r"(ruff check|ruff format|mypy|lint-imports|deptry)", shell):
            name, _, rest = tool.partition(" ")
            assert f"& {name}.exe {rest}".rstrip() in powershell


class TestHostedRecipe:
    def test_every_action_is_pinned_to_a_commit(self, workflow: dict[Any, Any]) -> None:
        used = [step["uses"] for step in _steps(workflow) if "uses" in step]

        assert len(used) == 5
        assert all(re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", each) for each in used)

    def test_it_runs_the_two_commands_of_the_readme_and_builds_and_tries(self, workflow: dict[Any, Any]) -> None:
        readme = (ROOT / "README.md").read_text(encoding="utf-8")
        runs = [step["run"].strip() for step in _steps(workflow) if "run" in step]

        for command in ("demo", "test"):
            told = f"powershell -ExecutionPolicy Bypass -File run.ps1 {command}"
            assert told in runs
            assert f"`{told}`" in readme
        for script in ("build.ps1", "try.ps1"):
            assert any(f"packaging\\windows\\{script}" in each for each in runs)

    def test_it_may_read_and_keeps_no_login_and_signs_only_with_a_certificate(self, workflow: dict[Any, Any]) -> None:
        assert workflow["permissions"] == {"contents": "read"}
        checkouts = [step for step in _steps(workflow) if "checkout" in step.get("uses", "")]
        assert all(step["with"] == {"persist-credentials": False} for step in checkouts)
        for step in _steps(workflow):
            if "certificate" in step.get("name", ""):
                assert "env.SIGNING_CERTIFICATE != ''" in step["if"]
        assert "secrets." not in "".join(step.get("run", "") for step in _steps(workflow)), "never in a command line"

    def test_what_it_runs_in_place_can_be_parsed(self, workflow: dict[Any, Any]) -> None:
        for step in _steps(workflow):
            if "run" in step:
                assert step["shell"] == "powershell"
                assert _faults(step["run"]) == []

    def test_it_gives_out_everything_that_is_made(self, workflow: dict[Any, Any]) -> None:
        (upload,) = [step for step in _steps(workflow) if "upload" in step.get("uses", "")]

        assert upload["with"]["path"].split() == ["dist/*.zip", "dist/*.exe", "dist/*.msi", "dist/SHA256SUMS"]
        assert upload["with"]["if-no-files-found"] == "error"


class TestPage:
    def test_every_status_of_the_installer_is_told(self) -> None:
        defined = {int(number) for number in re.findall(r"!define ENDED_\w+ (\d)", INSTALLER)}
        told = {int(number) for number in re.findall(r"^\| (\d) \|", PAGE, re.MULTILINE)}

        assert defined == {3, 4, 5, 6, 7, 8}
        assert told == defined | {0, 1, 2}

    def test_every_switch_of_the_installer_is_told(self) -> None:
        own = set(re.findall(r'"(/[A-Z]+)"', INSTALLER)) - {"/UPGRADE"}  # which the installer says to the uninstaller

        assert own == {"/DESKTOP", "/PATH", "/PREFERENCES"}
        assert set(re.findall(r"^\| `(/[A-Z]+)", PAGE, re.MULTILINE)) == own | {"/S", "/D"}

    def test_the_places_that_are_told_are_those_that_are_written(self) -> None:
        for place in ("Software\\Classes", "Software\\RegisteredApplications"):
            assert f"`HKCU\\{place}`" in PAGE
            assert place in INSTALLER
        assert "`%LOCALAPPDATA%\\s75-settlement`" in PAGE
        assert "$LOCALAPPDATA\\s75-settlement" in INSTALLER
