"""Which language and theme file each ledger's statements were last looked at with, from one start to the next."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from settlement.languages import ENGLISH
from settlement.looks import Look, theme_of
from ui.failures import Failure
from ui.jobs import Job
from ui.session import Session

_KEY, _MOST = "statements-looks", 50


class KeptLooks:
    """The looks of the ledgers last looked at, in the session's preferences."""

    def __init__(self, session: Session) -> None:
        """With no ledger recalled yet."""
        self._session = session
        self._of = ""

    def forget(self) -> None:
        """No ledger is open: the next one's is recalled, be it the same."""
        self._of = ""

    def recalled(self) -> tuple[str, str] | None:
        """The language and theme file of a ledger that was opened since; None where the last one still is."""
        key = self._key()
        if self._of == key:
            return None
        self._of = key
        kept = self._kept().get(key)
        kept = kept if isinstance(kept, dict) else {}
        return str(kept.get("language", ENGLISH)), str(kept.get("theme", ""))

    def keep(self, look: Look) -> bool:
        """Keep the open ledger's; whether it is another than before."""
        key, kept = self._key(), self._kept()
        usual = {"language": ENGLISH, "theme": ""}
        told = {"language": look.language, "theme": look.theme_file}
        if not key or kept.get(key, usual) == told:
            return False
        others = {name: each for name, each in kept.items() if name != key}
        last = dict(list(others.items())[-_MOST + 1 :])
        self._session.keep_for(_KEY, last if told == usual else {**last, key: told})
        return True

    def _key(self) -> str:
        """The ledger's name among those that were looked at; of one on a server, without the password."""
        opened = self._session.opened
        if opened is None:
            return ""
        return opened.name if opened.is_server else str(Path(opened.where).absolute())

    def _kept(self) -> dict[str, Any]:
        found = self._session.kept(_KEY, {})
        return found if isinstance(found, dict) else {}


class ThemeCheck:
    """Reads a theme file that was named, off this thread, and tells whether it can be used."""

    def __init__(self, session: Session, use: Callable[[str], None], refuse: Callable[[Failure], None]) -> None:
        """`use` is told the file, or `refuse` what is wrong with it."""
        self._session, self._use, self._refuse = session, use, refuse
        self._job: Job[object] | None = None

    def check(self, file: str) -> None:
        """Check this one; "" is no theme file, which can always be used."""
        self.drop()

        def use(_read: object) -> None:
            self._job = None
            self._use(file)

        self._job = self._session.reads.start(lambda _job: theme_of(file), use, self._refuse)

    def drop(self) -> None:
        """Want to know no longer."""
        if self._job is not None:
            self._job.drop()
            self._job = None
