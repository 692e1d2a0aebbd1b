"""`s75 log`, `dispute` and `evidence`: who did what, what a partner disputes, and what shows that it is right."""

import json
import re
from hashlib import sha256
from pathlib import Path

import pytest

from ledgers.program import program_version
from settlement.command.recording import when
from tests.settlement.command.running import GOLDEN, S75

FOLDER = GOLDEN / "telford-2019-20"


@pytest.fixture
def invoice(tmp_path: Path) -> Path:
    """A document to attach."""
    path = tmp_path / "invoice 881.pdf"
    path.write_bytes(b"%PDF-1.7 an invoice")
    return path


class TestLog:
    def test_says_who_did_what_when_and_with_which_version_the_newest_last(self, s75: S75, barnet: Path) -> None:
        s75("hold", barnet, "--period", "M3")

        headings, made, imported, held = s75("log", barnet).out.splitlines()

        assert headings.split() == ["No.", "When", "Who", "Program", "What"]
        assert headings.index("What") == held.index("hold M1")
        assert re.search(r"  create ledger: made of the agreement with sha256 [0-9a-f]{16}…", made)
        assert re.match(r"  1  \d{1,2} [A-Z][a-z]{2} 20\d\d \d\d:\d\d UTC +\S+  ", made)
        assert re.search(rf"  {re.escape(program_version())} +import batch 1: ", imported)
        assert "lines.csv: 26 lines; budget £" in imported
        assert held.endswith("  hold M1 to M3: closed to new lines after batch 1")

    def test_can_be_limited_to_the_last_entries(self, s75: S75, barnet: Path) -> None:
        _, only = s75("log", barnet, "--limit", "1").out.splitlines()

        assert only.startswith("  2  ")
        assert s75("log", barnet, "--limit", "0").status == 2

    def test_says_no_word_twice_and_has_digests_whole_for_a_script_alone(self, s75: S75, barnet: Path) -> None:
        s75("dispute", barnet, "--line", 4, "--as", "LBB", "--reason", "Paid by another council")

        *_, disputed = s75("log", barnet).out.splitlines()
        first = json.loads(s75("log", barnet, "--json").out.splitlines()[0])

        assert "  dispute 1: LBB disputes line 4 from M12 on" in disputed
        assert re.search(r"sha256 [0-9a-f]{64}", first["detail"])

    @pytest.mark.parametrize(
        ("at", "told"),
        [
            ("2026-11-22T07:02:59+00:00", "22 Nov 2026 07:02 UTC"),
            ("2026-05-02T00:30:00+01:00", "1 May 2026 23:30 UTC"),
            ("2026-05-02T09:05:00", "2 May 2026 09:05 UTC"),
            ("soon", "soon"),
        ],
    )
    def test_tells_times_in_utc_and_what_is_no_time_as_it_stands(self, at: str, told: str) -> None:
        assert when(at) == told

    def test_is_json_for_a_script_an_entry_a_line(self, s75: S75, barnet: Path) -> None:
        entries = [json.loads(line) for line in s75("log", barnet, "--json").out.splitlines()]

        assert [(entry["id"], entry["action"]) for entry in entries] == [(1, "create"), (2, "import")]
        assert list(entries[0]) == ["id", "at", "actor", "program", "action", "subject", "detail", "digest"]

    def test_of_a_folder_says_that_it_has_none(self, s75: S75) -> None:
        said = s75("log", FOLDER)

        assert (said.status, said.out) == (
            0, f"{FOLDER}: there is no audit trail; a folder has none, because nothing changes it.\n",
        )  # fmt: skip
        assert s75("log", FOLDER, "--json").out == ""


class TestDispute:
    def test_of_a_line_is_raised_listed_carried_and_resolved(self, s75: S75, barnet: Path) -> None:
        told = "Dispute 1: LBB disputes line 4 from M12 on: Paid by another council"

        assert s75("dispute", barnet).out == f"{barnet}: nothing is disputed.\n"
        raised = s75("dispute", barnet, "--line", 4, "--as", "LBB", "--reason", "Paid by another council")
        assert raised.out == s75("dispute", barnet).out == f"{told} (open)\n"
        carried = s75("dispute", barnet, "--carry", 1, "--period", "M12", "--reason", "No time")
        assert carried.out == f"{told} (open, carried past M12: No time)\n"
        resolved = s75("dispute", barnet, "--resolve", 1, "--reason", "Shown the invoice")
        assert resolved.out == s75("dispute", barnet).out == f"{told} (resolved from M12: Shown the invoice)\n"

    def test_of_a_clause_is_raised_at_a_period(self, s75: S75, barnet: Path) -> None:
        said = s75("dispute", barnet, "--clause", "7B-reward", "--period", "m6", "--as", "LBB", "--reason", "Not fair")

        assert said.out == "Dispute 1: LBB disputes clause 7B-reward from M6 on: Not fair (open)\n"

    @pytest.mark.parametrize(
        ("options", "said"),
        [
            (("--line", 4, "--resolve", 1), "--resolve: one at a time: --line or --resolve"),
            (("--line", 4, "--reason", "x"), "--as: say which partner disputes it"),
            (("--clause", "7B-reward", "--as", "LBB", "--reason", "x"), "--period: say at which period"),
            (("--carry", 1, "--reason", "x"), "--period: say at which period"),
            (("--line", 4, "--as", "LBB"), "say why the line is disputed: give a reason"),
            (("--line", 9999, "--as", "LBB", "--reason", "x"), "the ledger has no line 9999"),
            (("--resolve", 3, "--reason", "x"), "the ledger has no dispute 3"),
        ],
    )
    def test_that_cannot_be_is_refused_with_a_sentence(
        self, s75: S75, barnet: Path, options: tuple[object, ...], said: str
    ) -> None:
        refused = s75("dispute", barnet, *options)

        assert refused.status == 2
        assert refused.err.endswith(f"{said}\n")

    def test_in_a_folder_is_refused(self, s75: S75) -> None:
        assert s75("dispute", FOLDER).out == f"{FOLDER}: nothing is disputed.\n"
        said = s75("dispute", FOLDER, "--line", 1, "--as", "COUNCIL", "--reason", "x")
        assert said.status == 2
        assert "a ledger in a folder is only read" in said.err


class TestEvidence:
    def test_is_attached_listed_and_written_out_again(
        self, s75: S75, barnet: Path, invoice: Path, tmp_path: Path
    ) -> None:
        digest = sha256(invoice.read_bytes()).hexdigest()

        assert s75("evidence", barnet).out == f"{barnet}: nothing is attached.\n"
        said = s75("evidence", barnet, invoice, "--line", 4, "--note", "Invoice of 3 May")
        assert said.out == f"“invoice 881.pdf” is attached to line 4. Its SHA-256 is {digest}.\n"
        listed = f"line 4: “invoice 881.pdf”, 19 bytes, {digest[:12]}; Invoice of 3 May\n"
        assert s75("evidence", barnet).out == listed

        out = tmp_path / "again.pdf"
        assert (
            s75("evidence", barnet, "--save", digest[:12], "--out", out).out
            == f"{out}: 19 bytes, as they were attached.\n"
        )
        assert out.read_bytes() == invoice.read_bytes()
        again = s75("evidence", barnet, "--save", digest, "--out", out)
        assert (again.status, again.err) == (
            2,
            f"{out}: there is a file of this name already; it is never overwritten\n",
        )

    @pytest.mark.parametrize(
        ("option", "target", "of"),
        [("--agreement", 1, "version 1 of the agreement"), ("--period", "M6", "M6"), ("--virement", "V1", None)],
    )
    def test_can_be_of_other_things(
        self, s75: S75, barnet: Path, invoice: Path, option: str, target: object, of: str | None
    ) -> None:
        said = s75("evidence", barnet, invoice, option, target)

        if of is None:
            assert "the ledger has no virement with the reference “V1”" in said.err
        else:
            assert f" is attached to {of}. " in said.out

    @pytest.mark.parametrize(
        ("options", "said"),
        [
            (("FILE",), "say what it is evidence of: --line, --virement, --agreement, --dispute or --period"),
            (("FILE", "--line", 4, "--period", "M6"), "or --period"),
            (("--line", 4), "FILE: name the document to attach"),
            (("--save", "abcdef12"), "--out: name the file to write"),
            (("--out", "x.pdf"), "--save: say which document to write, by its digest"),
            (
                ("FILE", "--save", "abcdef12", "--out", "x.pdf"),
                "--save: write a document out, or attach one: not both at once",
            ),
            (("--save", "abcdef12", "--out", "x.pdf"), "the ledger has no document with the digest “abcdef12”"),
            (("FILE", "--dispute", 1), "the ledger has no dispute 1"),
        ],
    )
    def test_that_cannot_be_is_refused_with_a_sentence(
        self, s75: S75, barnet: Path, invoice: Path, options: tuple[object, ...], said: str
    ) -> None:
        refused = s75("evidence", barnet, *(invoice if option == "FILE" else option for option in options))

        assert refused.status == 2
        assert refused.err.endswith(f"{said}\n")

    def test_too_short_a_digest_names_no_document(self, s75: S75, barnet: Path, invoice: Path, tmp_path: Path) -> None:
        s75("evidence", barnet, invoice, "--line", 4)
        digest = sha256(invoice.read_bytes()).hexdigest()

        said = s75("evidence", barnet, "--save", digest[:4], "--out", tmp_path / "again.pdf")

        assert f"the ledger has no document with the digest “{digest[:4]}”" in said.err
        assert not (tmp_path / "again.pdf").exists()
