"""The texts of agreements: every version's, and a file's."""

from pathlib import Path

import pytest

from ledgers import Ledger, open_ledger
from ledgers.agreement_texts import text_of_file, text_of_version
from rules.periods import Period
from rules.problems import RefusedError


def test_each_version_keeps_its_text_in_force_or_not(ledger: Ledger, agreement_text: str) -> None:
    varied = agreement_text.replace("Home first", "Home first, varied")
    ledger.set_agreement(varied, Period.M1, "Renamed")
    assert text_of_version(ledger, 1) == agreement_text
    assert text_of_version(ledger, 2) == varied
    with pytest.raises(RefusedError, match="the ledger has no version 3 of the agreement"):
        text_of_version(ledger, 3)


def test_a_folder_has_one_version(tmp_path: Path, agreement_text: str) -> None:
    (tmp_path / "agreement.toml").write_text(agreement_text, encoding="utf-8")
    (tmp_path / "lines.csv").write_text("period,scheme,partner,kind,amount,date,reference,description\n")
    with open_ledger(tmp_path) as folder:
        assert text_of_version(folder, 1) == agreement_text
        with pytest.raises(RefusedError, match="no version 2"):
            text_of_version(folder, 2)


def test_a_file_is_read_as_utf_8_with_or_without_its_mark(tmp_path: Path) -> None:
    file = tmp_path / "agreement.toml"
    file.write_bytes("\ufeffid = “x”".encode())
    assert text_of_file(file) == "id = “x”"
    file.write_bytes(b"\xff")
    with pytest.raises(RefusedError, match="the text is not UTF-8; save it as UTF-8"):
        text_of_file(file)
    with pytest.raises(RefusedError, match="the file cannot be read"):
        text_of_file(tmp_path / "none.toml")
