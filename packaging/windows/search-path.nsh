; The user's own search path (HKCU\Environment, Path): a folder put into it, and taken out of it again.
;
; A variable of the installer holds 1,023 characters, and a search path may be longer: one that went through a variable
; would come back cut off. It is therefore read, searched and written as memory, whatever its length, by Windows itself.

!define READ_AND_WRITE 0x2001F
!define KIND_EXPANDED 2 ; REG_EXPAND_SZ: %USERPROFILE% and the like are filled in

; In: $9 the folder. Out: $0 the key or 0, $2 the value's kind, $5 memory with ";PATH;" and room for the folder behind.
!macro ReadPath
  StrCpy $5 0
  System::Call 'advapi32::RegCreateKeyExW(p 0x80000001, w "Environment", i 0, p 0, i 0, i ${READ_AND_WRITE}, p 0, *p .r0, p 0) i .r1'
  ${If} $1 <> 0
    StrCpy $0 0
  ${Else}
    System::Call 'advapi32::RegQueryValueExW(p r0, w "Path", p 0, *i .r2, p 0, *i .r3) i .r1'
    ${If} $1 <> 0
      StrCpy $2 ${KIND_EXPANDED}
      StrCpy $3 0
    ${EndIf}
    StrLen $4 $9
    IntOp $4 $4 * 2
    IntOp $4 $4 + $3
    IntOp $4 $4 + 16
    System::Alloc $4
    Pop $5
    System::Call 'kernel32::lstrcpyW(p r5, w ";")'
    ${If} $3 > 0
      IntPtrOp $6 $5 + 2
      System::Call 'advapi32::RegQueryValueExW(p r0, w "Path", p 0, p 0, p r6, *i r3r3) i .r1'
      ${If} $1 <> 0 ; what cannot be read is not written over
        System::Call 'advapi32::RegCloseKey(p r0)'
        System::Free $5
        StrCpy $0 0
      ${EndIf}
    ${EndIf}
  ${EndIf}
  ${If} $0 P<> 0
    System::Call 'kernel32::lstrcatW(p r5, w ";")'
    System::Call 'shlwapi::StrStrIW(p r5, w ";$9;") p .r7'
  ${EndIf}
!macroend

; In: $5 memory with ";PATH;". Writes what is between the first and the last semicolon, and lets everything go.
!macro WritePath
  System::Call 'kernel32::lstrlenW(p r5) i .r3'
  ${If} $3 > 1
    IntOp $4 $3 - 1
    IntOp $4 $4 * 2
    IntPtrOp $6 $5 + $4
    System::Call '*$6(&i2 0)'
    IntPtrOp $6 $5 + 2
  ${Else}
    IntPtrOp $6 $5 + 2
    System::Call '*$6(&i2 0)'
  ${EndIf}
  System::Call 'kernel32::lstrlenW(p r6) i .r3'
  ${If} $3 = 0
    System::Call 'advapi32::RegDeleteValueW(p r0, w "Path")'
  ${Else}
    IntOp $3 $3 + 1
    IntOp $3 $3 * 2
    System::Call 'advapi32::RegSetValueExW(p r0, w "Path", i 0, i r2, p r6, i r3)'
  ${EndIf}
  SendMessage ${HWND_BROADCAST} ${WM_SETTINGCHANGE} 0 "STR:Environment" /TIMEOUT=3000
!macroend

!macro SavedRegisters direction
  !if ${direction} == "push"
    Push $0
    Push $1
    Push $2
    Push $3
    Push $4
    Push $5
    Push $6
    Push $7
  !else
    Pop $7
    Pop $6
    Pop $5
    Pop $4
    Pop $3
    Pop $2
    Pop $1
    Pop $0
  !endif
!macroend

; Push the folder, call; it is at the end of the path then, once.
Function AddToPath
  Exch $9
  !insertmacro SavedRegisters push
  !insertmacro ReadPath
  ${If} $0 P<> 0
    ${If} $7 P= 0
      System::Call 'kernel32::lstrlenW(p r5) i .r3'
      ${If} $3 = 2 ; ";;": there was none
        System::Call 'kernel32::lstrcpyW(p r5, w ";")'
      ${EndIf}
      System::Call 'kernel32::lstrcatW(p r5, w "$9;")'
      !insertmacro WritePath
    ${EndIf}
    System::Call 'advapi32::RegCloseKey(p r0)'
    System::Free $5
  ${EndIf}
  !insertmacro SavedRegisters pop
  Pop $9
FunctionEnd

; Push the folder, call; it is not in the path then, and everything else in it is as it was.
!macro RemoveFromPath un
Function ${un}RemoveFromPath
  Exch $9
  !insertmacro SavedRegisters push
  !insertmacro ReadPath
  ${If} $0 P<> 0
    ${If} $7 P<> 0
      StrLen $4 ";$9"
      IntOp $4 $4 * 2
      IntPtrOp $6 $7 + $4
      System::Call 'kernel32::lstrlenW(p r6) i .r3'
      IntOp $3 $3 + 1
      IntOp $3 $3 * 2
      System::Call 'kernel32::RtlMoveMemory(p r7, p r6, p r3)'
      !insertmacro WritePath
    ${EndIf}
    System::Call 'advapi32::RegCloseKey(p r0)'
    System::Free $5
  ${EndIf}
  !insertmacro SavedRegisters pop
  Pop $9
FunctionEnd
!macroend
!insertmacro RemoveFromPath ""
!insertmacro RemoveFromPath "un."
