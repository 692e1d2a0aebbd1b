"""What a batch's files are called: fields that are known, names that every file system takes, no name twice."""

import pytest

from rules.problems import RefusedError
from settlement.batches.names import FIELDS, USUAL, USUAL_IN_LANGUAGES, ledger_names, read_pattern, refuse_same

VALUES = {
    "ledger": "barnet",
    "agreement": "BCF",
    "year": "2014-15",
    "period": "M12",
    "partner": "LBB",
    "kind": "settlement-statement",
    "language": "en",
    "status": "draft",
}


def refusal(text: str) -> str:
    with pytest.raises(RefusedError) as refused:
        read_pattern(text)
    (problem,) = refused.value.problems
    assert problem.place == "--names"
    return problem.message


def test_a_pattern_gives_a_path_of_its_fields() -> None:
    assert read_pattern(USUAL).name(VALUES) == "barnet/2014-15/M12/LBB-settlement-statement"
    assert read_pattern(USUAL_IN_LANGUAGES).name(VALUES) == "barnet/2014-15/M12/LBB-settlement-statement-en"
    assert read_pattern(" {partner} {period} ").name(VALUES) == "LBB M12"
    assert read_pattern("Bwrdd Iechyd ŵ/{period}").name(VALUES) == "Bwrdd Iechyd ŵ/M12"


def test_every_field_can_be_named_and_values_are_there_for_each() -> None:
    pattern = read_pattern("-".join(f"{{{field}}}" for field in FIELDS))
    assert pattern.fields == set(FIELDS) == set(VALUES)
    assert pattern.name(VALUES) == "barnet-BCF-2014-15-M12-LBB-settlement-statement-en-draft"


def test_an_unknown_field_is_refused_with_those_that_are_known() -> None:
    assert refusal("{ledger}/{month}") == (
        "“{month}” is no field of a name; the fields are {ledger}, {agreement}, {year}, {period}, {partner}, {kind}, "
        "{language}, {status}"
    )


@pytest.mark.parametrize("text", ["{}", "{0}", "{period!r}", "{period:>9}", "{period.real}", "{period[0]}", "{Period}"])
def test_only_plain_fields_are_fields(text: str) -> None:
    assert "is no field of a name" in refusal(text)


@pytest.mark.parametrize("text", ["{period", "period}", "{partner}-{"])
def test_a_lone_brace_is_refused(text: str) -> None:
    assert "has a brace without its other; a field is written {period}" in refusal(text)


@pytest.mark.parametrize("text", ["", "statement", "all/of/them"])
def test_a_pattern_without_a_field_is_refused(text: str) -> None:
    assert "names no field, and every document would have that one name" in refusal(text)


@pytest.mark.parametrize(
    "text",
    ["/{period}", "{period}/", "{period}//{partner}", "../{period}", "{period}/../x", "./{period}", " /{period}"],
)
def test_no_part_of_a_path_leads_elsewhere(text: str) -> None:
    told = refusal(text)
    assert "has a part that is empty, is dots alone, or begins or ends with a space" in told


@pytest.mark.parametrize("text", [".{period}", "{period}.", ".git/{period}"])
def test_dots_at_the_ends_are_refused(text: str) -> None:
    assert "begins or ends with a dot" in refusal(text)


@pytest.mark.parametrize("char", [*'<>:"\\|?*\n\0\x7f\u202e'])
def test_what_not_every_file_system_takes_is_refused(char: str) -> None:
    assert "which not every file system takes" in refusal(f"a{char}b-{{period}}")


def test_a_name_too_long_is_refused() -> None:
    assert "is longer than the 200 bytes" in refusal("x" * 200 + "{period}")
    assert "is longer than the 200 bytes" in refusal("ŵ" * 100 + "{period}")


@pytest.mark.parametrize("text", ["manifest.json/{period}", "SHA256sums/{period}"])
def test_the_batch_s_own_files_are_no_folders(text: str) -> None:
    assert "is a file that every batch writes, and no folder" in refusal(text)


def test_names_that_windows_keeps_for_itself_are_written_otherwise() -> None:
    pattern = read_pattern("{partner}/{period}")
    assert pattern.name({**VALUES, "partner": "CON"}) == "CON_/M12"
    assert pattern.name({**VALUES, "partner": "lpt1.x"}) == "lpt1_.x/M12"
    assert pattern.name({**VALUES, "partner": "CONS"}) == "CONS/M12"


def test_a_name_composed_in_two_ways_is_one_name() -> None:
    assert read_pattern("e\u0301-{period}").name(VALUES) == "é-M12"
    with pytest.raises(RefusedError):
        refuse_same([("é-M1.pdf", "one"), ("e\u0301-M1.pdf", "another")])


def test_two_documents_of_one_name_are_refused_and_capitals_do_not_tell_them_apart() -> None:
    refuse_same([("a/M1.pdf", "one"), ("a/M2.pdf", "another")])
    with pytest.raises(RefusedError) as refused:
        refuse_same([("a/M1.pdf", "one"), ("A/m1.pdf", "another"), ("a/M1.PDF", "a third")])
    assert str(refused.value) == (
        "--names: A/m1.pdf: one and another would both have this name, and 1 other like it; name what tells them "
        "apart, as in {ledger}/{year}/{period}/{partner}-{kind}"
    )


def test_ledgers_are_called_by_their_files_and_numbered_where_two_are_called_the_same() -> None:
    wheres = [
        "a/pool.s75",
        "b/pool.s75",
        "B/POOL.s75",
        "a/folder",
        "postgresql://me:word@host/s75_pool?sslmode=x",
        "ŁÓDŹ",
    ]
    assert ledger_names(wheres) == {
        "a/pool.s75": "pool",
        "b/pool.s75": "pool-2",
        "B/POOL.s75": "POOL-3",
        "a/folder": "folder",
        "postgresql://me:word@host/s75_pool?sslmode=x": "s75_pool",
        "ŁÓDŹ": "_ODZ",
    }
