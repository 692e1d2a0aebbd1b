"""What a PostgreSQL server refuses, said so that a person knows what to do, or whose right it is."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import errors

from ledgers.retrying import ConflictError
from rules.problems import Problem, RefusedError

_LOST = "the connection to the server was lost; open the ledger again when the server is back"
_LOST_POSTING = f"{_LOST}; nothing of what was under way was posted"
_LOST_AFTER = f"{_LOST}, and look at “s75 log” for what was posted before doing anything again"
_ENDED = (
    errors.AdminShutdown, errors.CrashShutdown, errors.DatabaseDropped, errors.IdleSessionTimeout,
    errors.IdleInTransactionSessionTimeout,
)  # fmt: skip
_CROSSED = "other sessions kept crossing this one; nothing was changed; try again later"
_SENTENCES: dict[type[psycopg.Error], str] = {
    errors.ReadOnlySqlTransaction: "the ledger is opened read-only",
    errors.LockNotAvailable: "somebody else is posting to the ledger; nothing was changed; try again later",
    errors.QueryCanceled: "the server stopped this because it took too long; nothing was changed; try again later",
    errors.DiskFull: "the server's disk is full; nothing was posted",
    errors.NumericValueOutOfRange: "the lines come to more than a ledger can hold",
    errors.UndefinedObject: (
        "a role of this ledger is not on the server; its owner runs “s75 server init URL”, and grants the role again"
    ),
    errors.UndefinedTable: "there is no ledger in this schema; make one with “s75 new URL --agreement agreement.toml”",
}

# Why a server does not let somebody in: a part of what the driver says, and what it means

_AT_THE_DOOR = {
    "does not match host name": (
        "the server's certificate is made out to another name: write the URL with the name that is in it, and do not "
        "turn the check off, for it may be another computer that answers"
    ),
    "certificate verify failed": (
        "the server's certificate is not signed by the authority that sslrootcert names: ask the server's "
        "administrator for that authority's certificate, and do not turn the check off, for it may be another "
        "computer that answers"
    ),
    "root certificate file": (
        "the certificate of the authority that signs for the server is not there: write sslrootcert=FILE in the URL, "
        "or put it where the driver looks"
    ),
    "does not support SSL": "the server has no TLS, which the URL asks for: its administrator turns it on",
    "no pg_hba.conf entry": (
        "the server does not let this login in to this database from this computer, or not without TLS: its "
        "administrator sees to pg_hba.conf"
    ),
    "pg_hba.conf rejects connection": ("the server does not let this login in from this computer, or not without TLS"),
    "is not permitted to log in": "the login is closed: its holder has left, or the administrator opens it again",
    "password authentication failed": "the server does not take this login and password",
    "no password supplied": (
        "the server asks for a password and was given none: put it into the password file, or open the ledger in the "
        "window, which asks for it"
    ),
}

# Whose right it is, where the login has not got it

_OF_PREPARERS = "the login may not do this; it is for the ledger's preparers"
_OF_MANAGER = "the login may not do this; it is for the pooled fund manager"
_OF_APPROVERS = "the login may not do this; it is for the approvers of the partners"
_OF_WRITERS = "the login may not do this; it only reads the ledger"
_RIGHTS = (  # the word in the server's message, in whatever language that is, and what it means
    ("s75_login", "what is posted bears the name of the login that posts it, and no other"),
    ("s75_partner", "only an approver of the partner does this for it; the login is not one"),
    ("s75_state", "the pooled fund manager holds and opens a period, and an approver signs it; the login may not"),
    ("s75_outcome", "only an approver of the partner that disputes says it is resolved; the login is not one"),
    *((table, _OF_PREPARERS) for table in ("lines", "batches", "measures", "mappings", "totals")),
    *((table, _OF_MANAGER) for table in ("period_states", "agreements", "withdrawals")),
    *((table, _OF_APPROVERS) for table in ("keys", "signatures", "assents", "disputes")),
    *(
        (table, _OF_WRITERS)
        for table in (
            "audit", "documents", "evidence", "dispute_outcomes", "notes", "note_statements", "pack_parts",
        )
    ),
)  # fmt: skip
NO_ROLE = "the login has no role in this ledger; its owner gives it one (“s75 server init URL” says how)"


@contextmanager
def in_sentences(
    name: str, connection: psycopg.Connection | None = None, *, is_posting: bool = False, is_read: bool = False
) -> Iterator[None]:
    """What the server refuses for reasons outside the program, as RefusedError; of `connection` once there is one.

    Where that is lost, what a transaction would have posted (`is_posting`) is not; of what came before it nobody is
    told here, unless the ledger is only read (`is_read`).
    """
    try:
        yield
    except psycopg.Error as error:
        if isinstance(error, (errors.DeadlockDetected, errors.SerializationFailure)):
            raise ConflictError(Problem(_CROSSED, name)) from error
        if is_lost(error, connection):
            sentence: str | None = _LOST_POSTING if is_posting else _LOST if is_read else _LOST_AFTER
        else:
            sentence = _sentence(error)
        if sentence is None:
            raise
        raise RefusedError(Problem(sentence, name)) from error


def _sentence(error: psycopg.Error) -> str | None:
    if isinstance(error, errors.RaiseException):
        return error.diag.message_primary  # our own triggers' words
    if isinstance(error, errors.InsufficientPrivilege):
        return _whose_right(error)
    if isinstance(error, psycopg.OperationalError) and error.sqlstate is None:
        return _at_the_door(first_line(error))
    return next((text for kind, text in _SENTENCES.items() if isinstance(error, kind)), None)


def _at_the_door(told: str) -> str:
    why = told.rpartition(" failed: ")[2]
    known = next((part for part in _AT_THE_DOOR if part in told), None)
    if known is not None:
        return f"{_AT_THE_DOOR[known]} ({why.removeprefix('FATAL:').strip()})"
    return f"the server cannot be reached: {told}"


def is_lost(error: psycopg.Error, connection: psycopg.Connection | None) -> bool:
    """Whether the server has ended the connection, by its word or without one."""
    # The server went, not we: a store that is closed asks no more.
    return isinstance(error, _ENDED) or (connection is not None and connection.closed)


def _whose_right(error: psycopg.Error) -> str:
    words = set((error.diag.message_primary or "").replace('"', " ").replace("„", " ").replace("“", " ").split())
    return next((sentence for word, sentence in _RIGHTS if word in words), NO_ROLE)


def first_line(error: psycopg.Error) -> str:
    """What the driver says, without its guesses (“Is the server running…”) and its list of every attempt."""
    return next(iter(str(error).splitlines()), "").strip().rstrip(" .:;,")
