"""The Python API: the same operations as the command's, and money at the edge."""

import subprocess
import sys
from pathlib import Path

import pytest
from moneyed import GBP, Money

import settlement
from rules.periods import Period
from rules.problems import RefusedError
from settlement import explain_ledger, open_ledger, settle_ledger
from tests.settlement.signoff.lives import TEXT

TELFORD = Path(__file__).parents[1] / "golden" / "telford-2019-20"


def test_every_name_of_the_api_can_be_had() -> None:
    for name in settlement.__all__:
        assert getattr(settlement, name) is not None


def test_a_name_it_does_not_have_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'settlement' has no attribute 'unheard_of'"):
        _ = settlement.unheard_of


def test_what_is_due_is_given_out_as_money() -> None:
    """£680,000 over, £80,000 under, shared equally: the CCG has paid its contribution and owes half of £600,000."""
    with open_ledger(TELFORD) as ledger:
        settled = settle_ledger(ledger)
    (transfer,) = settled.transfers
    assert (transfer.payer, transfer.receiver, transfer.amount) == ("CCG", "COUNCIL", Money("300000.00", GBP))
    assert settled.row_of("COUNCIL").net_due == Money("-300000.00", GBP)


def test_an_explanation_of_a_partner_not_in_being_is_refused() -> None:
    with open_ledger(TELFORD) as ledger, pytest.raises(RefusedError, match="“ICB” is not a partner in being at M12"):
        explain_ledger(ledger, partner="ICB")


def test_a_period_is_signed_and_checked_through_the_api(tmp_path: Path) -> None:
    with settlement.create_ledger(tmp_path / "pool.s75", TEXT) as ledger:
        ledger.hold(Period.M3)
        words = "four words of it"
        public = {}
        for code, name in (("LBB", "Council Signatory"), ("BCCG", "Commissioner Signatory")):
            files = settlement.new_key(tmp_path, code, words)
            key = settlement.read_signing_key(files.private, words)
            public[code] = [settlement.read_public_key(files.public)]
            done = settlement.sign(ledger, Period.M3, code, key, name=name, role="Director of Finance")
        assert done.awaiting == ()
        settlement.export(ledger, Period.M3, tmp_path / "signed")
        assert settlement.verify(ledger, public).holds
        assert [entry.action for entry in settlement.trail(ledger)][-1] == "export"
    assert settlement.verify_export(tmp_path / "signed", public).holds


def test_nothing_heavy_is_loaded_with_the_package() -> None:
    heavy = "{'sqlalchemy', 'sqlmodel', 'reportlab', 'pandas', 'PySide6', 'babel', 'moneyed', 'cryptography'}"
    code = f"import sys, settlement; print(sorted({heavy} & set(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
