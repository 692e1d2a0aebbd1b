"""What `agreement.toml` is refused for: one case for each thing that may be said, whole and with its place."""

from pathlib import Path

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from rules.agreement import Agreement
from rules.problems import Problem, RefusedError
from rules.reading import read_agreement
from tests.rules.agreements import BASE, refusals

GOLDEN = sorted((Path(__file__).parents[1] / "golden").glob("*/agreement.toml"))

REFUSED = [
    pytest.param(
        [('[agreement]\nid = "base"\ntitle = "An agreement to edit"\nfinancial_year = "2022/23"\n', "")],
        [
            "agreement.id: missing; every agreement needs it",
            "agreement.title: missing; every agreement needs it",
            "agreement.financial_year: missing; every agreement needs it",
        ],
        id="an agreement begins with what it is",
    ),
    pytest.param(
        [("[[control]]", "[[controls]]")],
        ["controls: unknown table `controls`; did you mean `control`?"],
        id="an unknown table is refused, with the nearest known one",
    ),
    pytest.param(
        [("[settle]", "[zebra]")],
        [
            (
                "zebra: unknown table `zebra`; the tables here: agreement, settle, partner, fund, scheme, "
                "reserve, basis, clause, cap, performance and control"
            )
        ],
        id="an unknown table far from any is refused, with all that there are",
    ),
    pytest.param(
        [('netting = "group"', 'nettng = "group"')],
        ["fund POOL.nettng: unknown key `nettng`; did you mean `netting`?"],
        id="an unknown key is refused, with the nearest known one",
    ),
    pytest.param(
        [('tags = ["frailty"]\n', "zebra = 1\n")],
        [
            (
                "scheme HOME.zebra: unknown key `zebra`; the keys here: code, name, fund, lead, responsible, "
                "service, tier, group, tags and excluded"
            )
        ],
        id="an unknown key far from any is refused, with all that there are",
    ),
    pytest.param(
        [('name = "Home first"\n', "")],
        ["scheme HOME.name: missing; every scheme needs it"],
        id="a key that is needed is missed",
    ),
    pytest.param(
        [('name = "Home first"', "name = 5")],
        ["scheme HOME.name: a string is needed, not 5; put it in quotation marks"],
        id="a number is not a name",
    ),
    pytest.param(
        [('name = "Home first"', "name = 5.50")],
        ["scheme HOME.name: a string is needed, not 5.50; put it in quotation marks"],
        id="a decimal is not a name",
    ),
    pytest.param(
        [('name = "Home first"', 'name = ["Home", "first"]')],
        ["scheme HOME.name: a string is needed, not a list; put it in quotation marks"],
        id="a list is not a name",
    ),
    pytest.param(
        [('name = "Home first"', "name = 0x" + "f" * 5000)],
        ["scheme HOME.name: a string is needed, not so large a number; put it in quotation marks"],
        id="a number of thousands of digits is not printed",
    ),
    pytest.param(
        [('code = "BEDS"', 'code = ""')],
        ["scheme[2].code: it is empty; write something to know it by"],
        id="a code is not empty",
    ),
    pytest.param(
        [('code = "BEDS"', 'code = " BEDS"')],
        ["scheme[2].code: “ BEDS” has spaces around it or characters that do not print; take them out"],
        id="a code has no spaces around it",
    ),
    pytest.param(
        [('code = "BEDS"', 'code = "BE\\nDS"')],
        ["scheme[2].code: “BE�DS” has spaces around it or characters that do not print; take them out"],
        id="a code is printable",
    ),
    pytest.param(
        [('code = "BEDS"', 'code = "HOME"')],
        ["scheme[2].code: “HOME” is already the code of scheme[1]; each has one of its own"],
        id="two schemes have two codes",
    ),
    pytest.param(
        [('id = "7.3"', 'id = "7.1"')],
        ["clause[3].id: “7.1” is already the id of clause[1]; each has one of its own"],
        id="two clauses have two ids",
    ),
    pytest.param(
        [
            (
                "[[control]]",
                (
                    '[[performance]]\nid = "NEA"\ntitle = "Again"\nfund = "POOL"\nscheme = "HOME"\npayer = "LBB"\n'
                    'measure = "NEA"\nheld = "1"\n\n[[control]]'
                ),
            )
        ],
        ["performance[2].id: “NEA” is already the id of performance[1]; each has one of its own"],
        id="two performance elements have two ids",
    ),
    pytest.param(
        [
            (
                '[[fund]]\ncode = "POOL"',
                '[[partner]]\ncode = "at"\nname = "At"\nkind = "other"\n\n[[fund]]\ncode = "POOL"',
            )
        ],
        ["partner at.code: “at” is a word of `share`, where partners’ codes stand too; choose another"],
        id="a partner is not called as a word of a share",
    ),
    pytest.param(
        [('kind = "ccg"', 'kind = "ccgs"')],
        ["partner NCCG.kind: “ccgs” is not allowed here; write council, ccg, icb, trust or other"],
        id="a kind is one of a list",
    ),
    pytest.param(
        [('kind = "ccg"', "kind = true")],
        ["partner NCCG.kind: true is not allowed here; write council, ccg, icb, trust or other"],
        id="a kind is a word",
    ),
    pytest.param(
        [("2022/23", "2022/24")],
        ["agreement.financial_year: “2022/24” is not a financial year; write it as 2014/15"],
        id="a financial year is two years that follow",
    ),
    pytest.param(
        [('[settle]\nperiod = "M12"', '[settle]\nperiod = "M14"')],
        [("settle.period: “M14” is not a period; write M1 (April) to M12 (March), or M13 for year-end adjustments")],
        id="the period settled is one of thirteen",
    ),
    pytest.param(
        [('[settle]\nperiod = "M12"', "[settle]")],
        ["settle.period: missing; every settle table needs it"],
        id="a settle table says the period",
    ),
    pytest.param(
        [("[settle]", "[[settle]]")], ["settle: a table is needed, not a list"], id="a settle table is one table"
    ),
    pytest.param(
        [("[[control]]", "[control]")],
        ["control: write each control as a table under [[control]]"],
        id="controls are a list of tables",
    ),
    pytest.param(
        [("from = 2022-07-01", 'from = "2022-07-01"')],
        [("partner ICB.from: a date is needed, not “2022-07-01”; write it as 2022-07-01, without quotation marks")],
        id="a successor's day is a date, not a string",
    ),
    pytest.param(
        [("from = 2022-07-01", "from = 2022-07-01T00:00:00")],
        [
            (
                "partner ICB.from: a date is needed, not 2022-07-01 00:00:00; write it as 2022-07-01, "
                "without quotation marks"
            )
        ],
        id="a successor's day has no time",
    ),
    pytest.param(
        [("from = 2022-07-01\n", "")],
        ["partner ICB.from: missing; write the day from which ICB stands in its predecessors’ place"],
        id="a successor has a day",
    ),
    pytest.param(
        [('succeeds = ["NCCG"]', 'succeeds = "NCCG"')],
        ['partner ICB.succeeds: a list of strings is needed, such as ["A", "B"]'],
        id="predecessors are a list",
    ),
    pytest.param(
        [('succeeds = ["NCCG"]', 'succeeds = ["NCCH"]')],
        ["partner ICB.succeeds: no partner has the code “NCCH”; did you mean “NCCG”?"],
        id="a predecessor is a partner",
    ),
    pytest.param(
        [('host = "LBB"', 'host = "ZZZ"')],
        ["fund POOL.host: no partner has the code “ZZZ”; declare it under [[partner]]"],
        id="a host is a partner",
    ),
    pytest.param(
        [('fund = "POOL"\ntier = 2', 'fund = "POLO"\ntier = 2')],
        ["scheme BEDS.fund: no fund has the code “POLO”; did you mean “POOL”?"],
        id="a scheme's fund is a fund",
    ),
    pytest.param(
        [('responsible = "NCCG"', 'lead = "NCC"')],
        ["scheme DFG.lead: no partner has the code “NCC”; did you mean “NCCG”?"],
        id="a lead commissioner is a partner",
    ),
    pytest.param(
        [('responsible = "NCCG"', 'responsible = "NCC"')],
        ["scheme DFG.responsible: no partner has the code “NCC”; did you mean “NCCG”?"],
        id="a responsible partner is a partner",
    ),
    pytest.param(
        [("tier = 1\n", "tier = 6\n")],
        ["scheme HOME.tier: a tier is a whole number from 1 to 5, without quotation marks"],
        id="there is no tier 6",
    ),
    pytest.param(
        [("tier = 1\n", "tier = true\n")],
        ["scheme HOME.tier: a tier is a whole number from 1 to 5, without quotation marks"],
        id="true is not tier 1",
    ),
    pytest.param(
        [("tier = 1\n", 'tier = "1"\n')],
        ["scheme HOME.tier: a tier is a whole number from 1 to 5, without quotation marks"],
        id="a tier is not a string",
    ),
    pytest.param(
        [("excluded = true", 'excluded = "true"')],
        ["scheme DFG.excluded: write true or false, without quotation marks, not “true”"],
        id="a flag is not a string",
    ),
    pytest.param(
        [('tags = ["frailty"]', 'tags = "frailty"')],
        ['scheme HOME.tags: a list of strings is needed, such as ["A", "B"]'],
        id="tags are a list",
    ),
    pytest.param(
        [('opening = "500000.00"', "opening = 500_000.5")],
        ['reserve RISK.opening: money is a string; write "500000.50"'],
        id="money is not a float",
    ),
    pytest.param(
        [('opening = "500000.00"', "opening = 500_000")],
        ['reserve RISK.opening: money is a string; write "500000.00"'],
        id="money is not a whole number",
    ),
    pytest.param(
        [('opening = "500000.00"', 'opening = ["500000.00"]')],
        ['reserve RISK.opening: money is a string, such as "250000.00"'],
        id="money is not a list",
    ),
    pytest.param(
        [('opening = "500000.00"', "opening = inf")],
        ['reserve RISK.opening: money is a string; write "250000.00"'],
        id="money that is infinite is answered by an example",
    ),
    pytest.param(
        [('opening = "500000.00"', 'opening = "-1.00"')],
        ["reserve RISK.opening: “-1.00” is below zero; write nought or more"],
        id="an opening balance is not below zero",
    ),
    pytest.param(
        [('opening = "500000.00"', 'opening = "5OO"')],
        [("reserve RISK.opening: “5OO” is not an amount: it has the letter O where a nought may be meant")],
        id="money is pounds and pence",
    ),
    pytest.param(
        [('LBB = "310000.00"', 'LBB = "(1.00)"')],
        ["basis.target_investment.LBB: “(1.00)” is below zero; write nought or more"],
        id="an amount of a basis is not below zero",
    ),
    pytest.param(
        [('LBB = "310000.00"', "LBB = 310000")],
        ['basis.target_investment.LBB: money is a string; write "310000.00"'],
        id="an amount of a basis is money",
    ),
    pytest.param(
        [('LBB = "310000.00"', 'LBX = "310000.00"')],
        ["basis.target_investment.LBX: no partner has the code “LBX”; did you mean “LBB”?"],
        id="an amount of a basis is a partner's",
    ),
    pytest.param(
        [("[basis.target_investment]", "[basis.fund]")],
        ["basis.fund: “fund” has a meaning of its own in `by`; give the basis another name"],
        id="a basis is not named as a word of `by`",
    ),
    pytest.param(
        [("[basis.target_investment]", '[basis."partner:LBB"]')],
        [("basis.partner:LBB: “partner:LBB” has a meaning of its own in `by`; give the basis another name")],
        id="a basis is not named as a partner in `by`",
    ),
    pytest.param(
        [("[basis.target_investment]", '[basis.""]')],
        ["basis.: it is empty; write something to know it by"],
        id="a basis has a name",
    ),
    pytest.param(
        [('[basis.target_investment]\nLBB = "310000.00"\nNCCG = "2800000.00"', "[basis]\nneed = 5")],
        ["basis.need: a table is needed, not 5"],
        id="a basis is a table",
    ),
    pytest.param(
        [('amount = "2%"', 'amount = "-2%"')],
        ["cap[1].amount: “-2%” is below zero; write nought or more"],
        id="a cap is not below zero",
    ),
    pytest.param(
        [('amount = "2%"', "amount = 250000")],
        ['cap[1].amount: money is a string; write "250000.00"; of a percentage, write "2%"'],
        id="a cap is not a number",
    ),
    pytest.param(
        [('amount = "2%"', 'amount = "two%"')],
        ["cap[1].amount: “two%” is not a percentage; write it as 2% or 2.5%"],
        id="a percentage is a number and a sign",
    ),
    pytest.param([('amount = "2%"\n', "")], ["cap[1].amount: missing; every cap needs it"], id="a cap has an amount"),
    pytest.param(
        [('partner = "LBB"', 'partner = "LBX"')],
        ["cap[1].partner: no partner has the code “LBX”; did you mean “LBB”?"],
        id="a capped partner is a partner",
    ),
    pytest.param(
        [('clauses = ["7.2"]\n', "")],
        ['cap[1].clauses: a cap is on at least one clause; write their ids, such as ["7.1", "7.2"]'],
        id="a cap is on a clause",
    ),
    pytest.param(
        [('clauses = ["7.2"]', 'clauses = ["9.9"]')],
        ["cap[1].clauses: no clause has the id “9.9”; declare it under [[clause]]"],
        id="a cap's clause is a clause",
    ),
    pytest.param(
        [('clauses = ["7.2"]', 'clauses = ["7.2"]\nof = "POO"')],
        ["cap[1].of: no fund has the code “POO”; did you mean “POOL”?"],
        id="a cap's percentage is of a fund",
    ),
    pytest.param(
        [('clauses = ["7.2"]', 'clauses = ["7.2"]\nbeyond = "hosts"')],
        ["cap[1].beyond: “hosts” is not allowed here; write others, next, host or partner:CODE"],
        id="beyond a cap is one of a list",
    ),
    pytest.param(
        [('clauses = ["7.2"]', 'clauses = ["7.2"]\nbeyond = "partner"')],
        ["cap[1].beyond: “partner” is not allowed here; write others, next, host or partner:CODE"],
        id="beyond a cap a partner is named",
    ),
    pytest.param(
        [('clauses = ["7.2"]', 'clauses = ["7.2"]\nbeyond = "host:LBB"')],
        ["cap[1].beyond: “host:LBB” is not allowed here; write others, next, host or partner:CODE"],
        id="beyond a cap only a partner is named",
    ),
    pytest.param(
        [('clauses = ["7.2"]', 'clauses = ["7.2"]\nbeyond = "partner:LBX"')],
        ["cap[1].beyond: no partner has the code “LBX”; did you mean “LBB”?"],
        id="beyond a cap the partner is one",
    ),
    pytest.param(
        [('clauses = ["7.2"]', 'clauses = ["7.2"]\nbeyond = 1')],
        ["cap[1].beyond: a string is needed, not 1; put it in quotation marks"],
        id="who bears what is beyond a cap is a string",
    ),
    pytest.param(
        [('held = "1490000.00"', 'held = "-1.00"')],
        ["performance NEA.held: “-1.00” is below zero; write nought or more"],
        id="what is held is not below zero",
    ),
    pytest.param(
        [('held = "1490000.00"', 'held = "1490000.00"\nrate = "-1.00"')],
        ["performance NEA.rate: “-1.00” is below zero; write nought or more"],
        id="a rate is not below zero",
    ),
    pytest.param(
        [('held = "1490000.00"', 'held = "1490000.00"\nmode = "linar"')],
        ["performance NEA.mode: “linar” is not allowed here; write linear or all_or_nothing"],
        id="performance pay is released in one of two ways",
    ),
    pytest.param(
        [('payer = "NCCG"', 'payer = "NCC"')],
        ["performance NEA.payer: no partner has the code “NCC”; did you mean “NCCG”?"],
        id="a payer is a partner",
    ),
    pytest.param(
        [('scheme = "HOME"', 'scheme = "HOMES"')],
        ["performance NEA.scheme: no scheme has the code “HOMES”; did you mean “HOME”?"],
        id="performance pay is of a scheme",
    ),
    pytest.param(
        [('kind = "payment"', 'kind = "payments"')],
        [
            (
                "control[1].kind: “payments” is not allowed here; write budget, virement, payment, actual, "
                "accrual, forecast, qipp_target, qipp_delivered, qipp_forecast or baseline"
            )
        ],
        id="a control total is of one kind of line",
    ),
    pytest.param(
        [('kind = "payment"', 'kind = "payment"\npartner = "LBX"\nfund = "POO"\nscheme = "HOMES"')],
        [
            "control[1].fund: no fund has the code “POO”; did you mean “POOL”?",
            "control[1].scheme: no scheme has the code “HOMES”; did you mean “HOME”?",
            "control[1].partner: no partner has the code “LBX”; did you mean “LBB”?",
        ],
        id="a control total is of a declared fund, scheme and partner",
    ),
    pytest.param(
        [('period = "M12"\namount', 'period = "12"\namount')],
        [("control[1].period: “12” is not a period; write M1 (April) to M12 (March), or M13 for year-end adjustments")],
        id="a control total is at a period",
    ),
]


@pytest.mark.parametrize(("edits", "expected"), REFUSED)
def test_refused(edits: list[tuple[str, str]], expected: list[str]) -> None:
    assert refusals(*edits) == expected


def refusal_of(text: str) -> str:
    with pytest.raises(RefusedError) as refused:
        read_agreement(text, "Barnet.toml")
    return str(refused.value)


def test_text_that_is_not_toml_is_refused_at_its_line() -> None:
    assert refusal_of(BASE.replace("[settle]", "[settle")) == (
        "Barnet.toml:6: this is not TOML at column 8: Expected ']' at the end of a table declaration"
    )


def test_text_that_breaks_off_is_refused_at_its_last_line() -> None:
    assert refusal_of('[agreement]\nid = "base') == ("Barnet.toml:2: this is not TOML: Unterminated string")


def test_a_number_too_long_for_python_is_refused() -> None:
    assert refusal_of(f"id = {'9' * 5000}") == "Barnet.toml: this is not an agreement: a number in it is far too long"


def test_lists_nested_past_pythons_depth_are_refused() -> None:
    assert refusal_of(f"id = {'[' * 5000}{']' * 5000}") == (
        "Barnet.toml: this is not an agreement: its lists are nested too deeply"
    )


@pytest.mark.parametrize("name", ["partner", "fund", "scheme"])
def test_an_agreement_has_partners_funds_and_schemes(name: str) -> None:
    """Neither left out nor empty; the codes that are then undeclared are said as well."""
    tables = "".join(f"{each}\n" for each in BASE.split("\n\n") if not each.startswith(f"[[{name}]]"))
    assert f"Barnet.toml: {name}: missing; an agreement has at least one [[{name}]]" in refusal_of(tables).splitlines()
    assert f"Barnet.toml: {name}: the list is empty; an agreement has at least one [[{name}]]" in (
        refusal_of(f"{name} = []\n{tables}").splitlines()
    )


def test_everything_wrong_is_said_at_once() -> None:
    """A finance lead mends a file in one go: problems of separate tables and within one table come together."""
    edits = [
        ('kind = "council"', 'kind = "borough"'),
        ('succeeds = ["NCCG"]', 'succeeds = ["ICB"]'),
        ('netting = "group"', 'nettng = "group"'),
        ('"500000.00"', "5.0"),
        ('clauses = ["7.2"]', 'clauses = ["7.2", "7.3"]'),
    ]
    assert [line.split(":")[0] for line in refusals(*edits)] == [
        "partner LBB.kind",
        "fund POOL.nettng",
        "reserve RISK.opening",
        "partner ICB.succeeds",
        "cap[1].clauses",
    ]


def test_what_does_not_print_takes_one_line_of_a_message() -> None:
    """A message is one line of standard error, whatever a hostile file calls its keys."""
    key = '"a\\nb"'
    assert refusals(("tier = 1\n", f"tier = 1\n{key} = 1\n")) == [
        (
            "scheme HOME.a�b: unknown key `a�b`; the keys here: code, name, "
            "fund, lead, responsible, service, tier, group, tags and excluded"
        )
    ]


def test_a_byte_order_mark_is_passed_over() -> None:
    assert read_agreement(f"\ufeff{BASE}") == read_agreement(BASE)


def test_a_scheme_left_to_defaults_is_core_led_and_answered_for_by_the_host() -> None:
    scheme = read_agreement(BASE).scheme_of["BEDS"]
    assert (scheme.service, scheme.lead, scheme.responsible, scheme.excluded) == ("core", "LBB", "LBB", False)


def test_the_responsible_partner_is_the_lead_unless_another_is_named() -> None:
    text = BASE.replace('name = "Beds"\nfund = "POOL"', 'name = "Beds"\nfund = "POOL"\nlead = "NCCG"')
    assert read_agreement(text).scheme_of["BEDS"].responsible == "NCCG"


def test_amounts_are_read_as_pence_and_limits_as_they_are_written() -> None:
    agreement = read_agreement(BASE.replace('"310000.00"', '"£310,000.50"'))
    assert agreement.bases[0].amounts_pence == (("LBB", 31_000_050), ("NCCG", 280_000_000))
    assert agreement.caps[0].limit.percent == 2
    assert agreement.controls[0].amount_pence == -100


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.parent.name)
def test_a_worked_agreement_is_read(path: Path) -> None:
    assert isinstance(read_agreement(path.read_text(encoding="utf-8")), Agreement)


def test_there_are_worked_agreements() -> None:
    assert len(GOLDEN) >= 17


ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 10**20),
    st.floats(),
    st.text(max_size=3),
    st.dates(),
    st.sampled_from(["", "LBB", "POOL", "7.1", "next", "excluded", "100", "-1%", "partner:LBB", "reserve:", "M13"]),
    st.lists(st.sampled_from(["LBB", 1, "7.2", "5%"]), max_size=3),
    st.dictionaries(st.sampled_from(["by", "to", "LBB", "percent"]), st.sampled_from(["fixed", "1", 2]), max_size=2),
)


@given(st.data())
def test_malformed_agreements_are_refused_and_nothing_else_happens(data: st.DataObject) -> None:
    """Any value put in place of any other, or taken out, gives an agreement or problems that each have a place."""
    content = tomlkit.parse(BASE).unwrap()
    for _ in range(data.draw(st.integers(1, 3))):
        inside = content
        while True:
            keys = list(inside) if isinstance(inside, dict) else list(range(len(inside)))
            if not keys:
                break
            key = data.draw(st.sampled_from(keys))
            if isinstance(inside[key], dict | list) and data.draw(st.integers(0, 3)):
                inside = inside[key]
                continue
            odd = data.draw(ODD)
            if odd is None:
                del inside[key]
            else:
                inside[key] = odd
            break
    problems: tuple[Problem, ...] = ()
    try:
        read_agreement(tomlkit.dumps(content))
    except RefusedError as refused:
        problems = refused.problems
    for problem in problems:
        assert problem.place
        assert problem.message
        assert str(problem).isprintable()
