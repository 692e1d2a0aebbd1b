"""The address of a ledger on a server: put together from its parts as a `postgresql://` URL, and taken apart again."""

from dataclasses import dataclass
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

from rules.problems import Problem, RefusedError

SCHEMES = ("postgresql://", "postgres://")
_PORT = 5432


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """Where a ledger is on a server, without the password, which is never part of it.

    `schema` is where the ledger's tables are; "" for the login's own, which is usual. `port` is a text as it was
    typed, "" for the usual one. `more` is what else a URL said (`sslmode=require`).
    """

    server: str
    database: str
    login: str = ""
    port: str = ""
    schema: str = ""
    more: str = ""

    def url(self, password: str = "") -> str:
        """The URL to open. Raises RefusedError for what is missing or cannot be part of one."""
        problems = []
        if not self.server.strip():
            problems.append(Problem("name the server, such as ledgers.example.org", place="Server"))
        if not self.database.strip():
            problems.append(Problem("name the database", place="Database"))
        port = self.port.strip()
        if port and not (port.isascii() and port.isdigit() and 0 < int(port) < 2**16):
            problems.append(Problem(f"“{port}” is not a port; it is a whole number, usually {_PORT}", place="Port"))
        if problems:
            raise RefusedError(*problems)
        secret = f":{quote(password, safe='')}" if password else ""
        login = f"{quote(self.login.strip(), safe='')}{secret}@" if self.login.strip() else ""
        host = self.server.strip()
        host = f"[{host}]" if ":" in host and not host.startswith("[") else host
        query = [self.more] if self.more else []
        if self.schema.strip():
            query.append(urlencode({"options": f"-csearch_path={self.schema.strip()}"}, quote_via=quote))
        asked = f"?{'&'.join(query)}" if query else ""
        return f"postgresql://{login}{host}{f':{port}' if port else ''}/{quote(self.database.strip(), safe='')}{asked}"


def address_of(url: str) -> tuple[ServerAddress, str]:
    """The address that a URL says, and the password in it, "" if it has none (or it was blotted out).

    Raises RefusedError if it is no such URL.
    """
    text = url.strip()
    message = "this is not a PostgreSQL URL; write postgresql://login@server/database"
    if not text.startswith(SCHEMES):
        raise RefusedError(Problem(message))
    try:
        parts = urlsplit(text)
        server = parts.hostname or ""
        asked = parse_qs(parts.query, keep_blank_values=True)
    except ValueError:
        raise RefusedError(Problem(message)) from None
    login, _, password = parts.netloc.rpartition("@")[0].partition(":")
    port = parts.netloc.rpartition("@")[2].rpartition("]")[2].partition(":")[2]
    schema = ""
    options = asked.get("options", [""])[0]
    if options.startswith("-csearch_path="):
        schema = options.removeprefix("-csearch_path=")
        del asked["options"]
    asked.pop("password", None)
    more = urlencode(asked, doseq=True, quote_via=quote)
    address = ServerAddress(server, unquote(parts.path.lstrip("/")), unquote(login), port, schema, more)
    password = unquote(password)
    return address, "" if password == "***" else password  # noqa: S105  what messages put in its place


def without_password(where: str) -> str:
    """What names a ledger, without the password of a URL: for what is written down. A path is as it was."""
    if not where.startswith(SCHEMES):
        return where
    try:
        return address_of(where)[0].url()
    except RefusedError:
        return SCHEMES[0]  # no ledger was ever opened by it
