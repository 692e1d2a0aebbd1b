"""How statements are made, whatever they say: in £000 or to the penny, in which language, with whose theme, by whom."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from ledgers import Ledger
from rules.english import nearest, quoted
from rules.language import speaking
from rules.periods import Period
from settlement.languages import ENGLISH, catalogue_of
from settlement.publishing import statement_inputs, theme_beside
from settlement.statements.inputs import StatementInputs
from settlement.statements.theme import Theme


@dataclass(frozen=True, slots=True)
class Look:
    """How statements are to be made. `theme_file` is the path of a theme file, "" for the one beside the ledger."""

    thousands: bool = False
    prepared_by: str = ""
    language: str = ENGLISH
    theme_file: str = ""

    def inputs(self, ledger: Ledger, period: Period | None) -> StatementInputs:
        """What a period's statements show, in its language. Raises RefusedError, for the theme file too.

        Whoever asks need not speak the language: what is refused is then said in English, like every message.
        """
        theme = theme_of(self.theme_file)
        with speaking_in(self.language):
            return statement_inputs(ledger, period, self.prepared_by, theme=theme)


def check_theme(ledger: Ledger, theme: Theme | None) -> None:
    """Refuse a ledger whose own theme cannot be read, where no other is given: what is wrong is of no one period."""
    if theme is None:
        theme_beside(ledger)


def strangers_in(theme: Theme, codes: Iterable[str]) -> tuple[str, ...]:
    """A sentence for each partner that a theme is about and that is none of these: a file may be for several ledgers.

    Of a theme beside a ledger, such a partner is refused.
    """
    known = tuple(codes)
    meant = {code: nearest(code, known) for code in theme.partners if code not in known}
    return tuple(
        f"the theme has a table for {quoted(code)}, and there is no such partner"
        + ("" if near is None else f"; did you mean {quoted(near)}?")
        for code, near in meant.items()
    )


def speaking_in(language: str) -> AbstractContextManager[None]:
    """Speak a language, by its code, while documents are made and written."""
    return speaking(catalogue_of(language))


def theme_of(file: str) -> Theme | None:
    """The theme in a file; None if none is named, and each ledger has its own. Raises RefusedError."""
    if not file:
        return None
    from settlement.statements.theme_file import read_theme  # noqa: PLC0415  few have one

    return read_theme(Path(file))
