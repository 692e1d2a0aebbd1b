# Sets up and runs S75 Settlement on Windows: .\run.ps1 demo, .\run.ps1 open, .\run.ps1 test, .\run.ps1 COMMAND ...
# Everything Python lives in .venv beside this file; no administrator is needed.
$ErrorActionPreference = "Stop"
. (Join-Path $PSScriptRoot "packaging\windows\environment.ps1")

$first = if ($args.Count -gt 0) { [string]$args[0] } else { "" }
$rest = @($args | Select-Object -Skip 1)
$asked = @($args)
$program = $env:S75_PROGRAM
$path = $env:PATH
$encoding = $null
$status = 0
Push-Location -LiteralPath $PSScriptRoot
try {
    try {
        # what the program writes is UTF-8: a pound sign that goes through a pipe stays one
        $before = [Console]::OutputEncoding
        [Console]::OutputEncoding = New-Object System.Text.UTF8Encoding $false
        $encoding = $before
    }
    catch { Write-Verbose "There is no console here, and so nothing to set." }
    switch ($first) {
        "test" {
            Initialize-Environment ".venv" "requirements-dev.lock"
            $env:PATH = (Join-Path $PSScriptRoot ".venv\Scripts") + ";" + $env:PATH
            & ruff.exe check .
            Stop-OnFailure "ruff check"
            & ruff.exe format --check --quiet .
            Stop-OnFailure "ruff format"
            & mypy.exe
            Stop-OnFailure "mypy"
            & lint-imports.exe --no-cache
            Stop-OnFailure "lint-imports"
            & deptry.exe .
            Stop-OnFailure "deptry"
            & .venv\Scripts\python.exe @(@("-m", "pytest", "-n", "auto", "--dist", "worksteal") + $rest)
            $status = $LASTEXITCODE
        }
        "bench" {
            Initialize-Environment ".venv" "requirements-bench.lock"
            & .venv\Scripts\python.exe @(@("benchmarks\run.py") + $rest)
            $status = $LASTEXITCODE
        }
        default {
            Initialize-Environment ".venv" "requirements.lock"
            $env:S75_PROGRAM = ".\run.ps1"
            & .venv\Scripts\s75.exe @asked
            $status = $LASTEXITCODE
        }
    }
}
finally {
    Pop-Location
    $env:S75_PROGRAM = $program
    $env:PATH = $path
    if ($encoding) { [Console]::OutputEncoding = $encoding }
}
exit $status
