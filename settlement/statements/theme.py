"""The partners' own words and looks on a statement: colour, logo, addresses, a standing paragraph, who signs.

They change how a statement looks and never what it says of the settlement: no figure, clause or date is of the theme.
"""

from dataclasses import dataclass, field

from rules.language import spoken
from settlement.languages import WELSH
from settlement.statements.document import Look


@dataclass(frozen=True, slots=True)
class OwnSignatory:
    """Somebody who signs for a partner by hand: a block for each stands beneath a statement. "" is left to fill in."""

    name: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class PartnerTheme:
    """What is a partner's own: the lines of its address, who signs, the codes of its general ledger.

    `accounts` gives for a line of its journal (`overspend`, `paid`, `creditor`, …; `journal.ACCOUNT_KEYS` lists them)
    the code that its own ledger has for it.
    """

    address: tuple[str, ...] = ()
    signatories: tuple[OwnSignatory, ...] = ()
    accounts: dict[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Theme:
    """All of a theme file. `paragraph` stands on every statement, before who signs it.

    `digest` is the SHA-256 of the file it was read from, "" of none: it says which file, and is no part of a look.
    """

    look: Look = field(default_factory=Look)
    paragraph: str = ""
    paragraph_in_welsh: str = ""
    partners: dict[str, PartnerTheme] = field(default_factory=dict, hash=False)
    digest: str = field(default="", compare=False)

    @property
    def standing_paragraph(self) -> str:
        """The paragraph in the language spoken; in Welsh the other one, where there is none of its own."""
        own = self.paragraph_in_welsh if spoken() == WELSH else ""
        return own or self.paragraph

    def of(self, partner: str) -> PartnerTheme:
        """What is a partner's own; nothing if the theme says nothing of it."""
        return self.partners.get(partner, PartnerTheme())


PLAIN = Theme()
"""The look of a statement without a theme file."""
