"""The sample ledgers come to their golden years to the penny, and where their papers disagree, adding up finds it."""

import csv
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from io import StringIO
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import pytest

from rules.allocation import percentage_of, round_half_up
from rules.money import number_of, pence_of
from rules.periods import FinancialYear, Period
from settlement.samples import SAMPLES, Sample, SampleLine, published, write_sample

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
MONTHS = tuple(Period)[:12]
EXPECTED_LATER = {"forecast", "qipp_forecast"}

Rows = list[dict[str, str]]
Totals = dict[tuple[str, str, str], int]

every_sample = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)


def rows_of(text: str) -> Rows:
    """The rows of a lines.csv."""
    return list(csv.DictReader(StringIO(text)))


def year_totals(rows: Rows) -> Totals:
    """The year by scheme, partner and kind in pence, nil ones and lines of cause default left out."""
    totals: Totals = defaultdict(int)
    for row in rows:
        if not row.get("cause"):
            totals[row["scheme"], row["partner"], row["kind"]] += pence_of(row["amount"])
    return {key: pence for key, pence in totals.items() if pence}


def agreement_of(sample: Sample) -> dict[str, Any]:
    """The sample's agreement as TOML tables."""
    return tomllib.loads(sample.agreement_text)


def golden_agreement(sample: Sample) -> dict[str, Any]:
    """The golden case's agreement as TOML tables."""
    return tomllib.loads((GOLDEN / sample.name / "agreement.toml").read_text(encoding="utf-8"))


def by_name(name: str) -> Sample:
    """The sample of that name."""
    return next(sample for sample in SAMPLES if sample.name == name)


REWARD = by_name("barnet-2014-15-reward-mechanism")
HAMMERSMITH = by_name("hammersmith-fulham-2017-18")


def to_date(lines: Iterable[SampleLine], period: Period, *kinds: str) -> int:
    """The year to date, in pence, of lines of these kinds, without those of cause default."""
    return sum(line.amount_pence for line in lines if line.period <= period and line.kind in kinds and not line.cause)


def in_pool(sample: Sample) -> list[SampleLine]:
    """The lines of the four levels that Barnet pools."""
    return [line for line in sample.lines if line.scheme in {"CORE-L1", "CORE-L2", "CORE-L3", "CORE-L4"}]


def overspend_of_pool(period: Period) -> int:
    """Barnet's pooled fund: spend less budget to date."""
    lines = in_pool(REWARD)
    return to_date(lines, period, "actual", "accrual") - to_date(lines, period, "budget", "virement")


# --- every sample -----------------------------------------------------------------------------------------------------


def test_there_is_a_sample_for_each_basis_the_reward_mechanism_and_hammersmith() -> None:
    """Seven, each with the name of its golden case."""
    barnet = {path.name for path in GOLDEN.glob("barnet-*")}
    assert len(barnet) == 6
    assert [sample.name for sample in SAMPLES].count(HAMMERSMITH.name) == 1
    assert {sample.name for sample in SAMPLES} == barnet | {HAMMERSMITH.name}


@every_sample
def test_the_year_is_the_golden_year(sample: Sample) -> None:
    """Every scheme, partner and kind comes to the golden total; accruals and virements come to nothing."""
    golden = rows_of((GOLDEN / sample.name / "lines.csv").read_text(encoding="utf-8"))
    rows = [row for row in rows_of(sample.lines_csv_text) if row["kind"] not in EXPECTED_LATER]
    assert year_totals(rows) == year_totals(golden)


@every_sample
def test_the_agreement_is_the_golden_one_but_for_its_title_and_control_totals(sample: Sample) -> None:
    """The title says that it is a sample; nothing that settles is different."""
    agreement, golden = agreement_of(sample), golden_agreement(sample)
    title, signed = agreement["agreement"].pop("title"), golden["agreement"].pop("title")
    assert title.startswith(f"{signed}: sample")
    agreement.pop("control", None)
    assert agreement == golden


@every_sample
def test_every_month_has_budget_and_spend(sample: Sample) -> None:
    """So that each monthly statement has something to say; and a month without a payment is only Barnet's M5."""
    for period in MONTHS:
        kinds = {line.kind.value for line in sample.lines if line.period is period}
        assert {"budget", "actual"} <= kinds
        assert ("payment" in kinds) is not (period is Period.M5 and sample is not HAMMERSMITH)
    assert list(sample.lines) == sorted(sample.lines, key=lambda line: line.period)


@every_sample
def test_every_date_is_in_its_period(sample: Sample) -> None:
    """A line is never dated outside the month it is posted to."""
    year = FinancialYear.read(agreement_of(sample)["agreement"]["financial_year"])
    for line in sample.lines:
        begins = year.begins(line.period)
        assert (line.date.year, line.date.month) == (begins.year, begins.month)


@every_sample
def test_every_line_says_whether_it_is_published_or_illustrative(sample: Sample) -> None:
    """The description is shown where the figure is, so it has to say; and it has to fit a column."""
    for line in sample.lines:
        assert line.description.startswith(("Illustrative", "Published"))
        assert line.reference
        assert len(line.description) <= 80
    assert sample.sources
    assert sample.illustrative


@every_sample
def test_every_line_is_about_what_the_agreement_declares(sample: Sample) -> None:
    """Scheme and partner codes are the agreement's."""
    agreement = agreement_of(sample)
    assert {line.scheme for line in sample.lines} == {scheme["code"] for scheme in agreement["scheme"]}
    assert {line.partner for line in sample.lines} == {partner["code"] for partner in agreement["partner"]}


@every_sample
def test_an_accrual_is_reversed_in_the_next_month(sample: Sample) -> None:
    """In pairs of one reference, scheme and partner, the same amount back."""
    accruals = [line for line in sample.lines if line.kind == "accrual"]
    for reference, scheme in {(line.reference, line.scheme) for line in accruals}:
        made, back = (line for line in accruals if (line.reference, line.scheme) == (reference, scheme))
        assert made.amount_pence == -back.amount_pence > 0
        assert back.period == made.period + 1
        assert (made.partner, reference) == (back.partner, f"ACC-{made.period}")
    assert accruals


@every_sample
def test_forecasts_are_of_months_still_to_come(sample: Sample) -> None:
    """From M2 on: seen from M1 the rest of the year is forecast, seen from M12 nothing is."""
    assert {line.period for line in sample.lines if line.kind == "forecast"} == set(MONTHS[1:])


@every_sample
def test_the_lines_as_text_read_back_as_the_lines(sample: Sample) -> None:
    """The amounts, and every other column."""
    rows = rows_of(sample.lines_csv_text)
    assert [
        SampleLine(
            Period.read(row["period"]),
            row["scheme"],
            row["partner"],
            next(line.kind for line in sample.lines if line.kind.value == row["kind"]),
            pence_of(row["amount"]),
            date.fromisoformat(row["date"]),
            row["reference"],
            row["description"],
            row["cause"],
        )
        for row in rows
    ] == list(sample.lines)


def test_a_sample_is_written_in_the_folder_form(tmp_path: Path) -> None:
    """The two files, into a folder that need not be there, and again over themselves."""
    folder = tmp_path / "samples" / HAMMERSMITH.name
    for _ in range(2):
        write_sample(HAMMERSMITH, folder)
        assert sorted(path.name for path in folder.iterdir()) == ["agreement.toml", "lines.csv"]
        assert (folder / "agreement.toml").read_bytes() == HAMMERSMITH.agreement_text.encode()
        assert (folder / "lines.csv").read_bytes() == HAMMERSMITH.lines_csv_text.encode()


# --- Barnet -----------------------------------------------------------------------------------------------------------


def test_the_six_barnet_samples_share_their_lines() -> None:
    """One year under six schedules, to show what each rule would have cost each partner."""
    barnet = [sample for sample in SAMPLES if sample.name.startswith("barnet")]
    assert all(sample.lines == REWARD.lines for sample in barnet)
    titles = [agreement_of(sample)["agreement"]["title"] for sample in barnet]
    assert len(set(titles)) == len(barnet) == 6


def test_the_ccgs_contribution_of_m5_is_paid_in_m6() -> None:
    """At M5 it owes a month, £2,474,222.00; at M6 it has caught up to the penny."""
    lines = [line for line in in_pool(REWARD) if line.partner == "BCCG"]
    owed = [to_date(lines, period, "budget") - to_date(lines, period, "payment") for period in MONTHS]
    assert [pence for pence in owed if pence] == [owed[4]] == [2_474_222_00]


def test_virements_balance_by_reference_by_month_and_over_the_year() -> None:
    """And each scheme has back at M12 what it lent, so that the weights are the golden ones."""
    virements = [line for line in REWARD.lines if line.kind == "virement"]
    for column in ("reference", "period", "scheme"):
        sums: Counter[object] = Counter()
        for line in virements:
            sums[getattr(line, column)] += line.amount_pence
        assert len(sums) == 2
        assert set(sums.values()) == {0}
    assert {line.amount_pence for line in virements} == {40_000_00, -40_000_00}


def test_the_pooled_fund_overspends_early_and_recovers_by_the_year_end() -> None:
    """It peaks at M6, is never underspent, which no clause of 7B deals with, and ends on budget."""
    overspend = [overspend_of_pool(period) for period in MONTHS]
    assert overspend[5] == 723_728_91 == max(overspend)
    assert all(before < after for before, after in pairwise(overspend[:6]))
    assert all(before > after > 0 for before, after in pairwise(overspend[5:11]))
    assert overspend[11] == 0


def test_the_forecast_outturn_of_the_pooled_fund_is_an_overspend_until_m12() -> None:
    """April's forecast expects some recovery, and never so much that the year would end underspent."""
    lines = in_pool(REWARD)
    year_pence = to_date(lines, Period.M12, "budget", "virement")
    for period in MONTHS[:11]:
        later = to_date(lines, Period.M12, "forecast") - to_date(lines, period, "forecast")
        outturn = to_date(lines, period, "actual", "accrual") + later - year_pence
        assert 0 < outturn < 260_000_00


def test_the_councils_cap_bites_from_m5_to_m7() -> None:
    """1% of its £21,639,694 is £216,396.94; its share of an overspend is 21,639,694 parts in 51,330,358."""
    council_pence = to_date((line for line in in_pool(REWARD) if line.partner == "LBB"), Period.M12, "budget")
    pool_pence = to_date(in_pool(REWARD), Period.M12, "budget")
    assert (council_pence, pool_pence) == (21_639_694_00, 51_330_358_00)
    cap_pence = percentage_of(number_of("1"), council_pence)
    assert cap_pence == 216_396_94
    bites = [period for period in MONTHS if overspend_of_pool(period) * council_pence > cap_pence * pool_pence]
    assert bites == [Period.M5, Period.M6, Period.M7]


def test_influenced_services_start_above_baseline_and_end_at_the_published_benefit() -> None:
    """Above it in M1 and M2, held up by the winter in M10, and £1,482,855 below it at M12."""
    lines = [line for line in REWARD.lines if line.scheme.startswith("INF")]
    benefit = [to_date(lines, period, "baseline") - to_date(lines, period, "actual", "accrual") for period in MONTHS]
    assert benefit[:3] == [-64_664_35, -39_041_90, 42_850_10]
    assert benefit[9] < benefit[8]
    assert benefit[11] == 1_482_855_00


def test_acute_baselines_are_heavier_in_winter() -> None:
    """M9 to M11, December to February, are the three dearest months of plan and of spend."""
    for kind in ("baseline", "actual"):
        months: Counter[Period] = Counter()
        for line in REWARD.lines:
            if line.scheme == "INF-L5" and line.kind in {kind, "accrual" if kind == "actual" else kind}:
                months[line.period] += line.amount_pence
        assert {period for period, _ in months.most_common(3)} == {Period.M9, Period.M10, Period.M11}


def test_one_payment_is_in_default_and_enters_no_figure() -> None:
    """It is the only line with a cause, and the year is the golden one without it."""
    (line,) = (line for line in REWARD.lines if line.cause)
    assert (line.cause, line.scheme, line.partner, line.amount_pence) == ("default", "CORE-L2", "LBB", 4_250_00)


def test_the_credit_note_undoes_the_invoice_paid_twice() -> None:
    """Two months later, under a reference of its own."""
    invoice, credit = (line for line in REWARD.lines if "INV-4417" in (line.reference + line.description))
    assert (invoice.amount_pence, credit.amount_pence) == (18_240_00, -18_240_00)
    assert (invoice.period, credit.period) == (Period.M7, Period.M9)


# --- Hammersmith & Fulham ---------------------------------------------------------------------------------------------


def controls_of(sample: Sample) -> list[tuple[dict[str, str], int]]:
    """Each control total, with the ledger's own sum less it, in pence."""
    found = []
    for control in agreement_of(sample)["control"]:
        lines = [line for line in sample.lines if line.scheme == control.get("scheme", line.scheme)]
        period = Period.read(control["period"])
        found.append((control, to_date(lines, period, control["kind"]) - pence_of(control["amount"])))
    return found


def test_the_joint_budget_is_the_one_control_total_that_is_not_met() -> None:
    """£44.859m against lines of £43.708m: £1,151,000.00 short. The seven others hold."""
    failing = [(control, short) for control, short in controls_of(HAMMERSMITH) if short]
    assert failing == [({"period": "M12", "amount": "44859000.00", "kind": "budget"}, -1_151_000_00)]
    assert len(controls_of(HAMMERSMITH)) == 8


def test_the_grant_is_budgeted_by_quarter() -> None:
    """Four equal quarters of £5.128m."""
    grant = [line for line in HAMMERSMITH.lines if line.scheme == "IBCF" and line.kind == "budget"]
    assert [line.period for line in grant] == [Period.M1, Period.M4, Period.M7, Period.M10]
    assert [line.amount_pence for line in grant] == [1_282_000_00] * 4


def test_savings_not_delivered_stay_inside_the_overspend_of_every_month() -> None:
    """So that need and efficiency are told apart from M1 on."""
    lines = [line for line in HAMMERSMITH.lines if line.scheme == "S75-HEALTH"]
    for period in MONTHS:
        over = to_date(lines, period, "actual", "accrual") - to_date(lines, period, "budget")
        assert over > to_date(lines, period, "qipp_target") > 0
        assert to_date(lines, period, "qipp_delivered") == 0
    assert over == published.SHORTFALL.pence


# --- published figures that do not agree ------------------------------------------------------------------------------


def row(table: published.Table, name: str) -> list[int]:
    """A row of a printed table in pence."""
    return [pence_of(cell) for cell in table.rows[name]]


@pytest.mark.parametrize(
    "figure",
    [value for value in vars(published).values() if isinstance(value, published.Figure)]
    + list(published.JOINT_BUDGET_LINES.values()),
    ids=lambda figure: figure.place,
)
def test_a_figure_in_words_is_its_pence(figure: published.Figure) -> None:
    """`£44.859m` is 4,485,900,000 pence; the one figure given in per cent is of the Health funded services."""
    if figure.printed.endswith("%"):
        base_pence = published.JOINT_BUDGET_LINES["S75-HEALTH"].pence
        assert percentage_of(number_of(figure.printed.removesuffix("%")), base_pence) == figure.pence
    else:
        millions = number_of(figure.printed.removeprefix("£").removesuffix("m").strip())
        assert millions * 1_000_000_00 == figure.pence


def test_the_joint_budget_of_the_text_is_not_what_its_lines_make() -> None:
    """BCF 7.1 says £44.859m; the five lines of 7.2 make the £43.708m that 7.2 says. £1,151,000 apart."""
    lines_pence = sum(figure.pence for figure in published.JOINT_BUDGET_LINES.values())
    assert lines_pence == published.JOINT_BUDGET_TOTAL.pence == 43_708_000_00
    assert published.JOINT_BUDGET_IN_TEXT.pence - lines_pence == 1_151_000_00


def test_the_shortfall_is_commitments_less_budget() -> None:
    """Here the paper agrees with itself: 12.463 less 11.235 is 1.228."""
    budget_pence = published.JOINT_BUDGET_LINES["S75-HEALTH"].pence
    assert published.COMMITMENTS.pence - budget_pence == published.SHORTFALL.pence
    assert published.PROTECTION_MINIMUM.pence < published.JOINT_BUDGET_LINES["PROTECT-ASC"].pence


def test_the_table_of_resources_adds_up() -> None:
    """Across and down, to the pound."""
    table = published.RESOURCES
    parts = [row(table, name) for name in table.rows if name != "Total"]
    assert [sum(column) for column in zip(*parts, strict=True)] == row(table, "Total")
    assert all(sum(row(table, name)[:5]) == row(table, name)[5] for name in table.rows)


@pytest.mark.parametrize(
    ("figure", "names", "table_pence", "rounds_to"),
    [
        (published.CORE_IN_TEXT, ("Core - LBB", "Core - BCCG"), 77_903_304_00, 77_900_000_00),
        (published.INFLUENCED_IN_TEXT, ("Influenced - LBB", "Influenced - BCCG"), 58_613_868_00, 58_600_000_00),
        (published.ENVELOPE_IN_TEXT, ("Total",), 136_517_172_00, 137_000_000_00),
    ],
    ids=["core", "influenced", "envelope"],
)
def test_the_text_does_not_agree_with_the_table_of_resources(
    figure: published.Figure, names: tuple[str, ...], table_pence: int, rounds_to: int
) -> None:
    """Not by rounding either: £77.6m, £55.8m and £133m would have been £77.9m, £58.6m and £137m."""
    total_pence = sum(row(published.RESOURCES, name)[-1] for name in names)
    assert total_pence == table_pence
    unit_pence = 1_000_000_00 if figure is published.ENVELOPE_IN_TEXT else 100_000_00
    assert round_half_up(number_of(str(total_pence)) / unit_pence) * unit_pence == rounds_to
    assert figure.pence != rounds_to


def test_the_text_agrees_with_itself_on_core_and_influenced() -> None:
    """£77.6m and £55.8m make £133.4m, so the £133m is of the text's own figures and not of the table's."""
    text_pence = published.CORE_IN_TEXT.pence + published.INFLUENCED_IN_TEXT.pence
    assert text_pence == 133_400_000_00
    assert 0 <= text_pence - published.ENVELOPE_IN_TEXT.pence < 500_000_00


def test_the_gap_is_a_pound_out_in_2015_16_and_2018_19() -> None:
    """Funding less expenditure; the other four years agree."""
    gaps = [
        funding - spend
        for funding, spend in zip(row(published.GAP, "Funding"), row(published.GAP, "Net exp"), strict=True)
    ]
    out = [printed - gap for printed, gap in zip(row(published.GAP, "Annual Gap"), gaps, strict=True)]
    assert dict(zip(published.GAP.columns, out, strict=True)) == {
        "2013/14": 0,
        "2014/15": 0,
        "2015/16": 1_00,
        "2016/17": 0,
        "2017/18": 0,
        "2018/19": 1_00,
    }


def test_the_cumulative_gap_is_a_pound_out() -> None:
    """Of the exact gaps in 2015/16 and 2018/19; of the printed gaps from 2016/17 on."""
    printed = row(published.GAP, "Cumulative")
    exact = accumulate(
        funding - spend
        for funding, spend in zip(row(published.GAP, "Funding"), row(published.GAP, "Net exp"), strict=True)
    )
    as_printed = accumulate(row(published.GAP, "Annual Gap"))
    assert [one - other for one, other in zip(printed, exact, strict=True)] == [0, 0, 1_00, 0, 0, 1_00]
    assert [one - other for one, other in zip(printed, as_printed, strict=True)] == [0, 0, 0, -1_00, -1_00, -1_00]


@pytest.mark.parametrize("scenario", [published.SCENARIO_1, published.SCENARIO_2], ids=lambda table: table.place)
def test_the_scenarios_budget_is_the_funding_of_the_year_before(scenario: published.Table) -> None:
    """The row is shifted a year, and the revised gap is worked from it as printed."""
    funding = dict(zip(published.GAP.columns, row(published.GAP, "Funding"), strict=True))
    budget = dict(zip(scenario.columns, row(scenario, "Budget"), strict=True))
    assert list(budget.values()) == list(funding.values())[:5]
    assert all(budget[year] != funding[year] for year in budget)
    revised = zip(budget.values(), row(scenario, "Revised expenditure"), strict=True)
    assert [amount - spend for amount, spend in revised] == row(scenario, "Revised gap")


def test_the_benefit_of_two_years_is_more_than_the_text_says() -> None:
    """Scenario 2 saves £1,482,855 and £4,602,149: £6,085,004 and not £5.8m; nor is the first year's £0.5m."""
    spend = dict(zip(published.GAP.columns, row(published.GAP, "Net exp"), strict=True))
    revised = dict(zip(published.SCENARIO_2.columns, row(published.SCENARIO_2, "Revised expenditure"), strict=True))
    first, second = (spend[year] - revised[year] for year in ("2014/15", "2015/16"))
    assert (first, second) == (1_482_855_00, 4_602_149_00)
    assert first + second == 6_085_004_00
    assert published.BENEFIT_IN_TEXT.pence == 5_800_000_00
    assert published.FIRST_YEAR_BENEFIT_IN_TEXT.pence == 500_000_00


def test_one_qipp_cell_has_a_letter_for_a_nought() -> None:
    """It is refused, never guessed at; every other cell reads."""
    refused = []
    for name, cells in published.QIPP.rows.items():
        for year, cell in zip(published.QIPP.columns, cells, strict=True):
            try:
                pence_of(cell)
            except ValueError as error:
                refused.append((name, year, str(error)))
    ((name, year, message),) = refused
    assert (name, year) == ("Acute Productivity- First to Follow Up Metrics", "2015/16")
    assert message == "“£O” is not an amount: it has the letter O where a nought may be meant"
