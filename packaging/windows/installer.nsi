; The installer of S75 Settlement for one user: no administrator is asked for, and nothing is written outside the user's
; own folders and the user's own part of the registry. `installer.py` compiles it with what a build holds (CONTENTS).
;
;   setup.exe [/S] [/DESKTOP] [/PATH] [/D=C:\a\folder]       /D= is last, and without quotation marks
;   Uninstall.exe [/S] [/PREFERENCES]
;
; How it ended: 0 done, 1 cancelled, 2 stopped by Windows, and those below.
!define ENDED_RUNNING 3        ; the program, or a command of it, is running
!define ENDED_NEWER 4          ; a newer version is installed
!define ENDED_FOLDER 5         ; the folder holds a copy that was not installed
!define ENDED_OLD_LEFT 6       ; the version before could not be removed
!define ENDED_NOT_WRITTEN 7    ; a file could not be written or removed
!define ENDED_WINDOWS 8        ; not a 64-bit Windows 10 or later

Unicode true
Target ${TARGET}
SetCompressor /SOLID lzma
SetCompressorDictSize 64
SetDateSave off
CRCCheck on
RequestExecutionLevel user
ManifestDPIAware true
ManifestLongPathAware true
ManifestSupportedOS Win10

!include "${CONTENTS}"
!include MUI2.nsh
!include FileFunc.nsh
!include LogicLib.nsh
!include Sections.nsh
!include WinVer.nsh
!include WordFunc.nsh
!include x64.nsh

!define UNINSTALL_KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\${PRODUCT}"
!define SETTINGS_KEY "Software\${PRODUCT}"
!define CLASSES "Software\Classes"

Name "${PRODUCT}"
OutFile "${OUTPUT}"
BrandingText "${PRODUCT} ${VERSION}"
InstallDir "$LOCALAPPDATA\Programs\${PRODUCT}"
InstallDirRegKey HKCU "${UNINSTALL_KEY}" "InstallLocation"

VIProductVersion "${VERSION_NUMBERS}"
VIFileVersion "${VERSION_NUMBERS}"
VIAddVersionKey /LANG=2057 "ProductName" "${PRODUCT}"
VIAddVersionKey /LANG=2057 "ProductVersion" "${VERSION}"
VIAddVersionKey /LANG=2057 "FileDescription" "Installs ${PRODUCT}"
VIAddVersionKey /LANG=2057 "FileVersion" "${VERSION}"
VIAddVersionKey /LANG=2057 "CompanyName" "${PUBLISHER}"
VIAddVersionKey /LANG=2057 "LegalCopyright" "${COPYRIGHT}"

!ifdef SIGN
  !uninstfinalize '${SIGN}' = 0
  !finalize '${SIGN}' = 0
!endif

!define MUI_ICON "${PROGRAM_ICON}"
!define MUI_UNICON "${PROGRAM_ICON}"
!define MUI_ABORTWARNING
!define MUI_LICENSEPAGE_BUTTON "&Next >"
!define MUI_LICENSEPAGE_TEXT_TOP "What this program carries, and under which licences."
!define MUI_LICENSEPAGE_TEXT_BOTTOM "Every licence is in the folder licences of the program, in full."
!define MUI_COMPONENTSPAGE_NODESC
!define MUI_FINISHPAGE_RUN "$INSTDIR\${WINDOW_EXE}"
!define MUI_FINISHPAGE_NOAUTOCLOSE
!insertmacro MUI_PAGE_LICENSE "${NOTICES}"
!insertmacro MUI_PAGE_COMPONENTS
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_COMPONENTS
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"

!include "search-path.nsh"

Var Before        ; the folder of the version that is installed, or nothing
Var Upgrading     ; in the uninstaller: 1 when a newer version takes this one's place

; Says why it ends, unless it is silent, and ends with that status.
!macro Refuse status message
  MessageBox MB_OK|MB_ICONEXCLAMATION "${message}" /SD IDOK
  SetErrorLevel ${status}
  Quit
!macroend

; Goes there if a file is there and cannot be written to.
!macro GoIfHeld file label
  ${If} ${FileExists} "${file}"
    ClearErrors
    FileOpen $1 "${file}" a
    IfErrors ${label} ; which forgets that there was an error: it can be asked once
    FileClose $1
  ${EndIf}
!macroend

; Ends unless both executables of a folder can be written over: Windows lets nobody write to one that is running.
!macro StopWhileRunning un
Function ${un}StopWhileRunning
  Exch $0
  Push $1
  again:
  !insertmacro GoIfHeld "$0\${WINDOW_EXE}" held
  !insertmacro GoIfHeld "$0\${COMMAND_EXE}" held
  Pop $1
  Pop $0
  Return
  held:
  MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION \
    "${PRODUCT} is running. Close its windows, and wait for commands to end; then press Retry." \
    /SD IDCANCEL IDRETRY again
  SetErrorLevel ${ENDED_RUNNING}
  Quit
FunctionEnd
!macroend
!insertmacro StopWhileRunning ""
!insertmacro StopWhileRunning "un."

; Takes back the desktop's shortcut and the folder in the search path, where an installer put them there.
!macro TakeBack un folder
  ReadRegDWORD $1 HKCU "${SETTINGS_KEY}" "Desktop"
  ${If} $1 = 1
    Delete "$DESKTOP\${PRODUCT}.lnk"
    DeleteRegValue HKCU "${SETTINGS_KEY}" "Desktop"
  ${EndIf}
  ReadRegDWORD $1 HKCU "${SETTINGS_KEY}" "SearchPath"
  ${If} $1 = 1
    Push ${folder}
    Call ${un}RemoveFromPath
    DeleteRegValue HKCU "${SETTINGS_KEY}" "SearchPath"
  ${EndIf}
!macroend

!macro TellExplorer
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)' ; SHCNE_ASSOCCHANGED
!macroend

; ------------------------------------------------------------------------------------------------------ installing

Section "${PRODUCT}" SectionProgram
  SectionIn RO
  ${If} ${FileExists} "$INSTDIR\${WINDOW_EXE}"
  ${AndIfNot} ${FileExists} "$INSTDIR\${UNINSTALLER}"
    !insertmacro Refuse ${ENDED_FOLDER} "$INSTDIR holds a copy of ${PRODUCT} that was not installed. \
Choose another folder, or remove that copy."
  ${EndIf}
  Push $INSTDIR
  Call StopWhileRunning
  ${If} $Before != ""
  ${AndIf} ${FileExists} "$Before\${UNINSTALLER}"
    Push $Before
    Call StopWhileRunning
    DetailPrint "Removing the version before"
    ExecWait '"$Before\${UNINSTALLER}" /S /UPGRADE _?=$Before' $0
    ${If} $0 != 0
      !insertmacro Refuse ${ENDED_OLD_LEFT} "The version before could not be removed from $Before. \
Nothing new was installed."
    ${EndIf}
    Delete "$Before\${UNINSTALLER}"
    RMDir "$Before"
  ${EndIf}

  SetOutPath "$INSTDIR"
  ClearErrors
  WriteUninstaller "$INSTDIR\${UNINSTALLER}"
  SetOverwrite on
  !insertmacro INSTALL_FILES
  ${If} ${Errors}
    !insertmacro Refuse ${ENDED_NOT_WRITTEN} "Not every file could be written into $INSTDIR. Look whether there is \
room, and whether the folder can be written in; then install again."
  ${EndIf}
  SetOutPath "$INSTDIR"

  SetShellVarContext current
  CreateShortcut "$SMPROGRAMS\${PRODUCT}.lnk" "$INSTDIR\${WINDOW_EXE}" "" "$INSTDIR\${WINDOW_EXE}" 0 \
    SW_SHOWNORMAL "" "${DESCRIPTION}"
  !insertmacro TakeBack "" $Before ; what is still wanted, the sections below make again

  ; Ledgers open with it, and it can be chosen among Windows' default programs.
  WriteRegStr HKCU "${CLASSES}\${PROG_ID}" "" "${PRODUCT} ledger"
  WriteRegStr HKCU "${CLASSES}\${PROG_ID}" "FriendlyTypeName" "${PRODUCT} ledger"
  WriteRegStr HKCU "${CLASSES}\${PROG_ID}\DefaultIcon" "" "$INSTDIR\${LEDGER_ICON},0"
  WriteRegStr HKCU "${CLASSES}\${PROG_ID}\shell" "" "open"
  WriteRegStr HKCU "${CLASSES}\${PROG_ID}\shell\open" "" "&Open in ${PRODUCT}"
  WriteRegStr HKCU "${CLASSES}\${PROG_ID}\shell\open\command" "" '"$INSTDIR\${WINDOW_EXE}" "%1"'
  WriteRegStr HKCU "${CLASSES}\${EXTENSION}" "" "${PROG_ID}"
  WriteRegStr HKCU "${CLASSES}\${EXTENSION}\OpenWithProgids" "${PROG_ID}" ""
  WriteRegStr HKCU "${SETTINGS_KEY}\Capabilities" "ApplicationName" "${PRODUCT}"
  WriteRegStr HKCU "${SETTINGS_KEY}\Capabilities" "ApplicationDescription" "${DESCRIPTION}"
  WriteRegStr HKCU "${SETTINGS_KEY}\Capabilities\FileAssociations" "${EXTENSION}" "${PROG_ID}"
  WriteRegStr HKCU "Software\RegisteredApplications" "${PRODUCT}" "${SETTINGS_KEY}\Capabilities"
  !insertmacro TellExplorer

  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayName" "${PRODUCT}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "Publisher" "${PUBLISHER}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayIcon" "$INSTDIR\${WINDOW_EXE},0"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "UninstallString" '"$INSTDIR\${UNINSTALLER}"'
  WriteRegStr HKCU "${UNINSTALL_KEY}" "QuietUninstallString" '"$INSTDIR\${UNINSTALLER}" /S'
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "EstimatedSize" ${KILOBYTES}
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "NoRepair" 1
SectionEnd

Section /o "Shortcut on the desktop" SectionDesktop
  SetShellVarContext current
  CreateShortcut "$DESKTOP\${PRODUCT}.lnk" "$INSTDIR\${WINDOW_EXE}" "" "$INSTDIR\${WINDOW_EXE}" 0 \
    SW_SHOWNORMAL "" "${DESCRIPTION}"
  WriteRegDWORD HKCU "${SETTINGS_KEY}" "Desktop" 1 ; the next version asks the same of itself
SectionEnd

Section /o "The command s75 in every new console (PATH)" SectionPath
  Push $INSTDIR
  Call AddToPath
  WriteRegDWORD HKCU "${SETTINGS_KEY}" "SearchPath" 1
SectionEnd

!macro SelectIf section asked key
  ClearErrors
  ${GetOptions} $0 "${asked}" $1
  ${IfNot} ${Errors}
    !insertmacro SelectSection ${section}
  ${EndIf}
  ReadRegDWORD $1 HKCU "${SETTINGS_KEY}" "${key}"
  ${If} $1 = 1
    !insertmacro SelectSection ${section}
  ${EndIf}
!macroend

Function .onInit
  SetRegView 64
  SetShellVarContext current
  ${IfNot} ${RunningX64}
  ${OrIfNot} ${AtLeastWin10}
    !insertmacro Refuse ${ENDED_WINDOWS} "${PRODUCT} needs a 64-bit Windows 10 or later."
  ${EndIf}
  ReadRegStr $Before HKCU "${UNINSTALL_KEY}" "InstallLocation"
  ReadRegStr $0 HKCU "${UNINSTALL_KEY}" "DisplayVersion"
  ${If} $0 != ""
    ${VersionCompare} $0 "${VERSION}" $1
    ${If} $1 = 1
      !insertmacro Refuse ${ENDED_NEWER} "${PRODUCT} $0 is installed, which is newer than ${VERSION}: a ledger that it \
has opened could not be opened by this one. To go back all the same, uninstall it first; ledgers stay where they are."
    ${EndIf}
  ${EndIf}
  ${GetParameters} $0
  !insertmacro SelectIf ${SectionDesktop} "/DESKTOP" "Desktop"
  !insertmacro SelectIf ${SectionPath} "/PATH" "SearchPath"
  ClearErrors
FunctionEnd

; ----------------------------------------------------------------------------------------------------- uninstalling

Section "un.${PRODUCT}" SectionRemove
  SectionIn RO
  Push $INSTDIR
  Call un.StopWhileRunning
  ; Only what was installed: a ledger that somebody put here stays, and so does the folder that holds it.
  SetOutPath "$TEMP"
  ClearErrors
  !insertmacro REMOVE_FILES
  ${If} ${FileExists} "$INSTDIR\${WINDOW_EXE}"
  ${OrIf} ${FileExists} "$INSTDIR\${COMMAND_EXE}"
    !insertmacro Refuse ${ENDED_NOT_WRITTEN} "Not every file could be removed from $INSTDIR. Try again later."
  ${EndIf}
  ${If} $Upgrading != 1
    Delete "$INSTDIR\${UNINSTALLER}"
    RMDir "$INSTDIR"
    Delete "$SMPROGRAMS\${PRODUCT}.lnk"
    !insertmacro TakeBack "un." $INSTDIR
    DeleteRegKey HKCU "${CLASSES}\${PROG_ID}"
    ReadRegStr $0 HKCU "${CLASSES}\${EXTENSION}" ""
    ${If} $0 == "${PROG_ID}"
      DeleteRegValue HKCU "${CLASSES}\${EXTENSION}" ""
    ${EndIf}
    DeleteRegValue HKCU "${CLASSES}\${EXTENSION}\OpenWithProgids" "${PROG_ID}"
    DeleteRegKey /ifempty HKCU "${CLASSES}\${EXTENSION}\OpenWithProgids"
    DeleteRegKey /ifempty HKCU "${CLASSES}\${EXTENSION}"
    DeleteRegValue HKCU "Software\RegisteredApplications" "${PRODUCT}"
    DeleteRegKey HKCU "${SETTINGS_KEY}"
    DeleteRegKey HKCU "${UNINSTALL_KEY}"
    !insertmacro TellExplorer
  ${EndIf}
SectionEnd

Section /o "un.My settings (recent ledgers, window, backups' folder)" SectionPreferences
  ; Two files by name. Drafts and working copies of ledgers are work, and stay beside them.
  Delete "$LOCALAPPDATA\s75-settlement\desktop.json"
  Delete "$LOCALAPPDATA\s75-settlement\settings.toml"
  RMDir "$LOCALAPPDATA\s75-settlement"
SectionEnd

Function un.onInit
  SetRegView 64
  SetShellVarContext current
  ${GetParameters} $0
  ClearErrors
  ${GetOptions} $0 "/UPGRADE" $1
  ${IfNot} ${Errors}
    StrCpy $Upgrading 1
  ${EndIf}
  ClearErrors
  ${GetOptions} $0 "/PREFERENCES" $1
  ${IfNot} ${Errors}
    !insertmacro SelectSection ${SectionPreferences}
  ${EndIf}
  ClearErrors
FunctionEnd
