# Builds everything for Windows from a clean checkout: the program's folder, portable zip, per-user installer, MSI, sums.
#
#   powershell -ExecutionPolicy Bypass -File packaging\windows\build.ps1 [-Out dist] [-Thumbprint ...] [-TimestampUrl ...]
#
# -Thumbprint     signs executables, installer, uninstaller and MSI with the certificate of that thumbprint in the user's
#                 store, by signtool (of the Windows SDK); else the environment variable S75_SIGN_THUMBPRINT; else nothing
#                 is signed, and that is said
# -TimestampUrl   the time stamp service of whoever gave the certificate (S75_SIGN_TIMESTAMP_URL)
# -NoMsi          makes no MSI; else WiX Toolset 3.14 has to be there
# NSIS is installed by winget where it is not; Python as by run.ps1.
param(
    [string]$Out = "dist",
    [string]$Thumbprint = $env:S75_SIGN_THUMBPRINT,
    [string]$TimestampUrl = $env:S75_SIGN_TIMESTAMP_URL,
    [switch]$NoMsi
)
$ErrorActionPreference = "Stop"
. (Join-Path $PSScriptRoot "environment.ps1")
$root = Split-Path -Parent (Split-Path -Parent $PSScriptRoot)

# The path of signtool.exe for x64, the newest that there is. Ends the script if there is none.
function Find-SignTool {
    $found = Get-Command "signtool.exe" -CommandType Application -ErrorAction SilentlyContinue | Select-Object -First 1
    if ($found) { return $found.Source }
    $kits = Join-Path ${env:ProgramFiles(x86)} "Windows Kits\10\bin"
    $newest = Get-ChildItem -Path (Join-Path $kits "*\x64\signtool.exe") -ErrorAction SilentlyContinue |
        Sort-Object { [version]$_.Directory.Parent.Name } | Select-Object -Last 1
    if ($newest) { return $newest.FullName }
    Write-Host "A certificate is given, and signtool is not here: install the Windows SDK."
    exit 1
}

# The command that signs a file, with %1 where its name goes; "" where no certificate is given.
function Get-SignCommand {
    if (-not $Thumbprint) { return "" }
    $tool = Find-SignTool
    $stamp = if ($TimestampUrl) { " /tr $TimestampUrl /td SHA256" } else { "" }
    return "`"$tool`" sign /q /fd SHA256 /sha1 $Thumbprint$stamp `"%1`""
}

# Signs files in place, if a certificate is given.
function Protect-File([string[]]$Files) {
    if (-not $Thumbprint) { return }
    $tool = Find-SignTool
    $options = @("sign", "/q", "/fd", "SHA256", "/sha1", $Thumbprint)
    if ($TimestampUrl) { $options += @("/tr", $TimestampUrl, "/td", "SHA256") }
    & $tool @($options + $Files) | Out-Host
    Stop-OnFailure "Signing"
}

# NSIS, on the path or where its installer puts it; installed by winget where it is not.
function Initialize-Nsis {
    $own = Join-Path ${env:ProgramFiles(x86)} "NSIS\makensis.exe"
    if ((Get-Command "makensis.exe" -ErrorAction SilentlyContinue) -or (Test-Path -LiteralPath $own)) { return }
    if (-not (Get-Command "winget" -CommandType Application -ErrorAction SilentlyContinue)) {
        Write-Host "NSIS is needed, and there is no winget to install it with: install NSIS 3.08 or later."
        exit 1
    }
    Write-Host "Installing NSIS"
    & winget install --exact --id NSIS.NSIS --silent --accept-package-agreements --accept-source-agreements --disable-interactivity | Out-Host
    Stop-OnFailure "Installing NSIS"
}

Push-Location -LiteralPath $root
try {
    Initialize-Nsis
    Initialize-Environment ".venv-package" "requirements-package.lock"
    $python = Join-Path $root ".venv-package\Scripts\python.exe"
    $folder = Join-Path $Out "S75 Settlement"

    & $python packaging\build.py --folder-only --out $Out
    Stop-OnFailure "Building the program"
    Protect-File @((Join-Path $folder "S75 Settlement.exe"), (Join-Path $folder "s75.exe"))
    $making = @("packaging\windows\package.py", $folder, $Out)
    if ($NoMsi) { $making += "--no-msi" }
    $env:S75_SIGN_COMMAND = Get-SignCommand # by the environment: 5.1 mangles quotation marks within an argument
    & $python @making
    Stop-OnFailure "Making the installers"
    if (-not $Thumbprint) { Write-Host "Nothing is signed: no certificate was given." }
}
finally {
    Pop-Location
    $env:S75_SIGN_COMMAND = $null
}
