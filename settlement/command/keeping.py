"""Commands that change a ledger line by line or period by period: reverse, hold, reopen."""

from typing import Annotated

import typer

from settlement.command.telling import LedgerArgument, needed_period, say

_PeriodNeeded = Annotated[str, typer.Option("--period", "-p", metavar="P", help="M1 to M13.")]


def add_to(app: typer.Typer) -> None:
    """Put these commands on the program."""
    app.command("reverse")(reverse)
    app.command("hold")(hold)
    app.command("reopen")(reopen)


def reverse(
    ledger: LedgerArgument,
    line: Annotated[int, typer.Argument(metavar="LINE", help="The line's number, as `s75 explain LEDGER` shows it.")],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; it stays with the reversal.")],
) -> None:
    """Take a line back by posting its reversal, linked to it. A leg of a virement takes its other legs with it.

    Example: s75 reverse pool.s75 1204 --reason "Invoice coded to the wrong scheme"
    """
    from ledgers import open_ledger
    from rules.money import pounds

    with open_ledger(ledger) as opened:
        made = opened.reverse(line, reason)
        for each in opened.lines(batch=made.batch):  # a virement's other legs go with it
            say(f"Line {each.id} in {each.period} reverses line {each.reverses}: {pounds(each.amount_pence)}.")


def hold(ledger: LedgerArgument, period: _PeriodNeeded) -> None:
    """Close a period, and every open one before it, until it is reopened or signed.

    Example: s75 hold pool.s75 --period M7
    """
    from ledgers import State, open_ledger
    from settlement.standing import in_runs

    with open_ledger(ledger) as opened:
        closed = opened.hold(needed_period(period))
        still_open = any(state.state is State.OPEN for state in opened.periods())
    late = "Late lines go to the next open period." if still_open else "No period is open to take late lines."
    say(f"Held: {in_runs(closed)}. {late}")


def reopen(
    ledger: LedgerArgument,
    period: _PeriodNeeded,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; the audit trail keeps it.")] = "",
) -> None:
    """Open a held period, and every held one after it, again.

    Example: s75 reopen pool.s75 --period M7 --reason "The council's accruals came in late"
    """
    from ledgers import open_ledger
    from settlement.standing import in_runs

    with open_ledger(ledger) as opened:
        opened_again = opened.reopen(needed_period(period), reason)
    say(f"Open: {in_runs(opened_again)}.")
