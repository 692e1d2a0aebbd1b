"""What the lower floors say to somebody at a command line, as the window says it; and moments as people read them."""

import re
from datetime import UTC, datetime

from rules.english import day
from ui.failures import Failure

# A refusal tells what to do in the words of the command; here there are buttons for it.
_SAID: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r": s75 hold\b", " (Hold)"),
        (r"; resolve it, or carry it visibly: s75 dispute [^\n]*", "; resolve it, or carry it visibly past the period"),
        (r": s75 assent\b[^\n]*", " (Assent)"),
        (r": s75 sign LEDGER --withdraw --reason TEXT", " (Withdraw)"),
        (r": s75 key replace[^\n]*", " (Replace a key, under Keys)"),
        (r": s75 key new\b", " (New key)"),
        (r"`s75 key new`", "New key, in this window,"),
        (r"; “s75 verify” says what differs", "; Verify says what differs"),
        (r": s75 verify\b", "; Verify says what differs"),
        (r"; `s75 check` says", "; the checks of this page say"),
        (r"a folder that s75 export wrote", "a folder that was exported"),
        (r"s75 export writes", "an export writes"),
        (r" \(s75 sign\)", ""),
        (r"; type it at a terminal, or set S75_PASSPHRASE", ""),
        (r" with --for-signature", " for signature"),
        (r"; name the folder with --out", "; choose the folder beside it"),
        (r" \(s75 sign --login says which it is\)", ""),
        (r"leave --prepared-by out", "leave “Prepared by” empty"),
        (r"(?m)^(.*: )?--name: ", r"\1Full name: "),
        (r"(?m)^(.*: )?--role: ", r"\1Role: "),
        (r"(?m)^(.*: )?--prepared-by: ", r"\1Prepared by: "),
        (r"(?m)^(.*: )?--out: ", r"\1Folder: "),
        (r"(?m)^(.*: )?--version: ", r"\1Version: "),
        (r"; make a file of it with “s75 new FILE --agreement agreement.toml”", "; make a new ledger of it"),
    )
)


def in_the_window(text: str) -> str:
    """The sentence with buttons in place of commands."""
    for pattern, words in _SAID:
        text = pattern.sub(words, text)
    return text


def failure_in_the_window(failure: Failure, *without: str) -> Failure:
    """The failure with buttons in place of commands; `without` are file names that everybody knows here."""
    sentence = failure.sentence
    for name in without:
        sentence = re.sub(rf"(?m)^{re.escape(name)}: ", "", sentence)
    return Failure(raised(in_the_window(sentence)), in_the_window(failure.details))


def raised(text: str) -> str:
    """With a capital at the beginning of each line."""
    return "\n".join(line[:1].upper() + line[1:] for line in text.split("\n"))


def when(at: str) -> str:
    """`5 October 2014 at 09:30 UTC`, of a time as the ledger keeps it; what stands there, if it is none."""
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return at
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC)
    return f"{day(moment)} at {moment:%H:%M} UTC"
