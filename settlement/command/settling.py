"""Commands that settle: settle, explain, statement. None of them changes a ledger."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rules.english import listed
from rules.periods import Period
from rules.problems import Problem, RefusedError
from settlement.command.choosing import (
    FORMATS,
    FormatOption,
    KindsOption,
    PartnersOption,
    PreparedByOption,
    ThemeOption,
    ThousandsOption,
    chosen_of,
    kinds_of,
    language_of,
)
from settlement.command.telling import LedgerArgument, PeriodOption, period_of, say, shown_name

if TYPE_CHECKING:
    from settlement.statements.inputs import StatementInputs

_REFUSED = 2
_Outturn = Annotated[bool, typer.Option("--outturn", help="The forecast outturn of the year, seen from the period.")]


def add_to(app: typer.Typer) -> None:
    """Put these commands on the program."""
    app.command("settle")(settle)
    app.command("explain")(explain)
    app.command("statement")(statement)


def settle(
    ledgers: Annotated[list[str], typer.Argument(metavar="LEDGER…", help="One or more ledgers.")],
    period: PeriodOption = None,
    outturn: _Outturn = False,  # noqa: FBT002
    as_json: Annotated[bool, typer.Option("--json", help="The result as JSON, whole pence.")] = False,  # noqa: FBT002
) -> None:
    """Settle a ledger: who pays whom, and each partner's account.

    Example: s75 settle s75-demo/barnet-2014-15-reward-mechanism.s75 --period M6
    """
    at = period_of(period)
    refused = False
    for name in ledgers:
        try:
            text = _settled(name, at, outturn=outturn, as_json=as_json, one_line=len(ledgers) > 1)
        except (RefusedError, OSError) as caught:
            refused = True
            error = caught if isinstance(caught, RefusedError) else RefusedError(Problem(str(caught), file=name))
            for problem in error.problems:
                typer.echo(str(problem), err=True)
            if not as_json:
                continue
            text = _dumped(
                {"ledger": shown_name(name), "errors": [str(each) for each in error.problems]}, one_line=True
            )
        say(text)
    if refused:
        raise typer.Exit(_REFUSED)


def _settled(name: str, at: Period | None, *, outturn: bool, as_json: bool, one_line: bool) -> str:
    from ledgers import open_ledger
    from settlement.service import settle_ledger

    with open_ledger(name, read_only=True) as ledger:
        if as_json:
            from settlement.result import result_of

            return _dumped(result_of(settle_ledger(ledger, at, outturn=outturn)), one_line=one_line)
        from ledgers.disputes import disputes
        from settlement.command.shown import dispute_text, settlement_text
        from settlement.disputed import disputed_at
        from settlement.standing import period_standing

        with ledger.snapshot():
            settlement = settle_ledger(ledger, at, outturn=outturn)
            period = settlement.period
            disputed = disputed_at(ledger, period, disputes(ledger, period), outturn=outturn)
            standing = period_standing(ledger, period)
    return settlement_text(settlement, standing, dispute_text(settlement, disputed, shown_name(name)))


def _dumped(result: object, *, one_line: bool) -> str:
    """One object a line where there are several; of a single ledger laid out for reading."""
    return json.dumps(result, ensure_ascii=False, indent=None if one_line else 1)


def explain(
    ledger: LedgerArgument,
    period: PeriodOption = None,
    partner: Annotated[str | None, typer.Option("--partner", metavar="CODE", help="Only this partner.")] = None,
    outturn: _Outturn = False,  # noqa: FBT002
    most_lines: Annotated[int, typer.Option("--lines", metavar="N", min=0, help="Lines told behind each figure.")] = 5,
) -> None:
    """Say in words where every figure comes from: its clause, its basis, down to the ledger lines.

    Example: s75 explain pool.s75 --period M7 --partner LBB
    """
    from ledgers import open_ledger
    from settlement.service import explain_ledger

    at = period_of(period)
    with open_ledger(ledger, read_only=True) as opened:
        for told in explain_ledger(opened, at, partner, outturn=outturn, most_lines=most_lines):
            for depth, statement_ in told.walk():
                say("  " * depth + str(statement_))
            say()


def statement(  # noqa: PLR0913, PLR0917  a command's options
    ledger: LedgerArgument,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder to write to.")],
    period: PeriodOption = None,
    formats: FormatOption = "pdf,csv",
    kinds: KindsOption = "all",
    partners: PartnersOption = None,
    language: Annotated[str, typer.Option("--language", metavar="CODE", help="en, or cy for Welsh.")] = "en",
    theme: ThemeOption = "",
    thousands: ThousandsOption = False,  # noqa: FBT002
    prepared_by: PreparedByOption = "",
) -> None:
    """Write the statements of every partner, accounts, reports, workings, notices and journals; draft until signed.

    Example: s75 statement pool.s75 --out statements --period M7 --format pdf,xlsx

    Example: s75 statement pool.s75 --out cymraeg --kinds settlement-statement --partner LBB --language cy

    Example: s75 statement pool.s75 --out board --kinds quarterly-report --thousands --theme our-theme.toml
    """
    from ledgers import open_ledger
    from ledgers.refusing import visible
    from settlement.looks import Look, speaking_in, strangers_in
    from settlement.statements.writing import write_statements

    chosen = chosen_of(formats, FORMATS, "--format", "format")
    documents = kinds_of(kinds, chosen)
    spoken = language_of(language)
    look = Look(thousands, prepared_by, spoken, theme)
    at = period_of(period)
    with open_ledger(ledger, read_only=True) as opened:
        inputs = look.inputs(opened, at)
        codes = _partners(inputs, partners)
        for remark in strangers_in(inputs.theme, inputs.agreement.partner_of):
            typer.echo(f"noticed: {visible(remark)}", err=True)
        with speaking_in(spoken):
            written = write_statements(inputs, out, chosen, codes, thousands=thousands, kinds=documents)
    for path in written:
        say(str(path))


def _partners(inputs: "StatementInputs", asked: list[str] | None) -> list[str] | None:
    """The partners asked for. Raises RefusedError for one that there is not at the period."""
    known = [partner.code for partner in inputs.agreement.partners]
    for code in asked or ():
        if code not in known:
            message = f"“{code}” is no partner at {inputs.settlement.period}; the partners are {listed(known)}"
            raise RefusedError(Problem(message, place="--partner"))
    return asked or None
