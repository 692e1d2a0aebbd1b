# Tries what build.ps1 made: installs it silently, settles the samples, writes and checks, and takes it away again.
#
#   powershell -ExecutionPolicy Bypass -File packaging\windows\try.ps1 -From dist
#
# It leaves the user as before, and ends with a sentence and status 1 at the first thing that is not as it should be.
param([string]$From = "dist")
$ErrorActionPreference = "Stop"

function Assert-That([bool]$Fact, [string]$Told) {
    if ($Fact) { Write-Host "  $Told"; return }
    Write-Host "NOT SO: $Told"
    exit 1
}

# Runs a program, and what it starts, to the end, and answers its status.
function Invoke-ToTheEnd([string]$File, [string]$Arguments) {
    return (Start-Process -FilePath $File -ArgumentList $Arguments -Wait -PassThru).ExitCode
}

$setup = @(Get-ChildItem -Path (Join-Path $From "*-setup.exe"))
Assert-That ($setup.Count -eq 1) "there is one installer in $From"
$named = @(Get-Content -LiteralPath (Join-Path $From "SHA256SUMS") | Where-Object { $_.EndsWith("  " + $setup[0].Name) })
$sum = (Get-FileHash -LiteralPath $setup[0].FullName -Algorithm SHA256).Hash
Assert-That ($named.Count -eq 1 -and $named[0].Split(" ")[0] -eq $sum) "its SHA-256 is the one in SHA256SUMS"

$work = Join-Path ([IO.Path]::GetTempPath()) ("s75-try-" + [guid]::NewGuid().ToString("N"))
$folder = Join-Path $work "S75 Settlement"
New-Item -ItemType Directory -Path $work | Out-Null
Push-Location -LiteralPath $work
try {
    Assert-That ((Invoke-ToTheEnd $setup[0].FullName "/S /D=$folder") -eq 0) "it installs, silently"
    $command = Join-Path $folder "s75.exe"
    $told = (& $command --version) -join ""
    Assert-That ($LASTEXITCODE -eq 0 -and $told.StartsWith("s75 ")) "the command answers: $told"
    Assert-That ((Get-Item -LiteralPath $command).VersionInfo.ProductName -eq "S75 Settlement") "it says what it is of"
    $open = Get-ItemProperty -LiteralPath "HKCU:\Software\Classes\S75Settlement.Ledger\shell\open\command"
    Assert-That ($open."(default)" -eq "`"$folder\S75 Settlement.exe`" `"%1`"") "ledgers open with it"

    & $command demo samples | Out-Null
    Assert-That ($LASTEXITCODE -eq 0) "the samples are made and settled"
    $ledger = "samples\barnet-2014-15-reward-mechanism.s75"
    & $command statement $ledger --period M12 --out statements | Out-Null
    Assert-That ($LASTEXITCODE -eq 0 -and @(Get-ChildItem statements -Filter "*.pdf").Count -gt 0) "statements are written"
    & $command check $ledger | Out-Null
    Assert-That ($LASTEXITCODE -eq 0) "the ledger is whole"

    Copy-Item -LiteralPath $ledger -Destination (Join-Path $folder "mine.s75")
    Assert-That ((Invoke-ToTheEnd (Join-Path $folder "Uninstall.exe") "/S") -eq 0) "it uninstalls, silently"
    $left = @(Get-ChildItem -LiteralPath $folder -Recurse -File | ForEach-Object { $_.Name } | Sort-Object)
    Assert-That (($left -join " ") -eq "mine.s75") "a ledger in its folder is left alone, and nothing else is left"
    Assert-That (-not (Test-Path "HKCU:\Software\Classes\S75Settlement.Ledger")) "nothing of it is left in the registry"
}
finally {
    Pop-Location
    Remove-Item -LiteralPath $work -Recurse -Force -ErrorAction SilentlyContinue
}
