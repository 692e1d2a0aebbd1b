# Sets up and runs S75 Settlement on Windows: .\run.ps1 demo, .\run.ps1 test, .\run.ps1 COMMAND ...
# Everything Python lives in .venv beside this file; no administrator is needed.
$ErrorActionPreference = "Stop"
Set-Location $PSScriptRoot

function Find-Python {
    foreach ($candidate in @(@("py", "-3"), @("python"), @("python3"))) {
        $command, $arguments = $candidate
        if (-not (Get-Command $command -ErrorAction SilentlyContinue)) { continue }
        & $command @arguments -c "import sys; sys.exit(sys.version_info < (3, 11))" 2>$null
        if ($LASTEXITCODE -eq 0) { return , @($candidate) }
    }
    return $null
}

function Stop-OnFailure { if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE } }

function Initialize-Environment([string]$Lock) {
    $python = Find-Python
    if (-not $python) {
        Write-Host "Installing Python 3.13 for this user"
        winget install --exact --id Python.Python.3.13 --scope user --silent --accept-package-agreements --accept-source-agreements
        Stop-OnFailure
        $python = @((Join-Path $env:LOCALAPPDATA "Programs\Python\Python313\python.exe"))
    }
    $stamp = ".venv\.made-of-$Lock"
    $state = (Get-FileHash $Lock).Hash + (Get-FileHash "pyproject.toml").Hash
    if ((Test-Path $stamp) -and ((Get-Content $stamp -Raw).Trim() -eq $state)) { return }
    Write-Host "Setting up .venv from $Lock (a minute or two, once)"
    $command, $arguments = $python
    & $command @arguments -m venv .venv; Stop-OnFailure
    & .venv\Scripts\python.exe -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r $Lock; Stop-OnFailure
    & .venv\Scripts\python.exe -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .; Stop-OnFailure
    & .venv\Scripts\python.exe -m compileall -q rules ledgers settlement ui; Stop-OnFailure
    Set-Content $stamp $state
}

$first, $rest = $args
switch ($first) {
    "test" {
        Initialize-Environment "requirements-dev.lock"
        foreach ($tool in @("ruff check .", "ruff format --check --quiet .", "mypy", "lint-imports --no-cache", "deptry .")) {
            $name, $arguments = $tool -split " "
            & ".venv\Scripts\$name.exe" @arguments; Stop-OnFailure
        }
        & .venv\Scripts\python.exe -m pytest -n auto --dist worksteal @rest
        exit $LASTEXITCODE
    }
    "bench" {
        Initialize-Environment "requirements-bench.lock"
        & .venv\Scripts\python.exe benchmarks\run.py @rest
        exit $LASTEXITCODE
    }
    default {
        Initialize-Environment "requirements.lock"
        $env:S75_PROGRAM = ".\run.ps1"
        & .venv\Scripts\s75.exe @args
        exit $LASTEXITCODE
    }
}
