# What run.ps1 and packaging\windows\build.ps1 share: a Python that can run the program, and an environment of a lock.
# Written for Windows PowerShell 5.1, which every Windows 10 has, and PowerShell 7. ASCII only: 5.1 reads a script
# without a mark as the country's own code page.

# A Python of 64 bits on x64, 3.11 or later, as the command that starts it; $null if there is none.
function Find-Python {
    # A redirected error stream of a program is an error of the script in 5.1, and under "Stop" its end: what
    # the Microsoft Store's "python" writes when no Python is installed would stop us here.
    $ErrorActionPreference = "Continue"
    $told = "import sys, sysconfig, venv, ensurepip; " +
        "sys.exit(sys.version_info < (3, 11) or sysconfig.get_platform() != 'win-amd64')"
    $candidates = @(
        @("py", "-3.13"), @("py", "-3.12"), @("py", "-3.14"), @("py", "-3.11"), @("py", "-3"), @("python"), @("python3")
    )
    foreach ($candidate in $candidates) {
        if (-not (Get-Command $candidate[0] -CommandType Application -ErrorAction SilentlyContinue)) { continue }
        $arguments = @($candidate | Select-Object -Skip 1) + @("-c", $told)
        & $candidate[0] @arguments 2>&1 | Out-Null
        if ($LASTEXITCODE -eq 0) { return , @($candidate) }
    }
    $own = Join-Path $env:LOCALAPPDATA "Programs\Python\Python313\python.exe" # installed below, in another session
    if (Test-Path -LiteralPath $own) { return , @($own) }
    return $null
}

# The same, installed for this user if there is none. Ends the script with a sentence if it cannot be.
function Get-Python {
    $python = Find-Python
    if ($python) { return , @($python) }
    if (-not (Get-Command "winget" -CommandType Application -ErrorAction SilentlyContinue)) {
        Write-Host "Python 3.11 or later for 64-bit Windows is needed, and there is no winget to install it with: install Python 3.13 for yourself, then run this again."
        exit 1
    }
    Write-Host "Installing Python 3.13 for this user"
    & winget install --exact --id Python.Python.3.13 --architecture x64 --scope user --silent --accept-package-agreements --accept-source-agreements --disable-interactivity | Out-Host
    $python = Find-Python
    if ($python) { return , @($python) }
    Write-Host "Python 3.13 could not be installed by winget. Ask whoever looks after this computer for Python 3.11 or later, 64-bit."
    exit 1
}

# Ends the script with the status of the program that ran last, if it failed.
function Stop-OnFailure([string]$What) {
    if ($LASTEXITCODE -eq 0) { return }
    Write-Host "$What ended with status $LASTEXITCODE; nothing after it was done."
    exit $LASTEXITCODE
}

# An environment beside the script that asks, with the packages of a lock and the program; made once for each state.
function Initialize-Environment([string]$Folder, [string]$Lock) {
    $python = Get-Python
    $runner = Join-Path $Folder "Scripts\python.exe"
    $stamp = Join-Path $Folder ("made-of-" + [IO.Path]::GetFileName($Lock) + ".txt")
    $ending = @($python | Select-Object -Skip 1)
    $version = & $python[0] @($ending + @("-V"))
    $state = "$version " + (Get-FileHash -LiteralPath $Lock).Hash + (Get-FileHash -LiteralPath "pyproject.toml").Hash
    if ((Test-Path -LiteralPath $stamp) -and (Test-Path -LiteralPath $runner)) {
        if ((Get-Content -LiteralPath $stamp -Raw).Trim() -eq $state) { return }
    }
    Write-Host "Setting up $Folder from $Lock (a minute or two, once)"
    & $python[0] @($ending + @("-m", "venv", $Folder)) | Out-Host
    Stop-OnFailure "Making the environment"
    & $runner -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r $Lock | Out-Host
    Stop-OnFailure "Installing the packages"
    & $runner -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . | Out-Host
    Stop-OnFailure "Installing the program"
    & $runner -m compileall -q rules ledgers settlement ui | Out-Host
    Stop-OnFailure "Compiling the program"
    Set-Content -LiteralPath $stamp -Value $state -Encoding ASCII
}
