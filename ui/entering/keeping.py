"""The draft of lines that are not posted yet: kept as they are typed, and forgotten with the posting itself.

A computer may fail between the ledger's commit and the draft's end. So a draft that is being posted says after which
batch: found again beside a later batch of as many lines, it was posted, and is not offered a second time.
"""

from collections.abc import Sequence

from ledgers import Ledger
from ledgers.importing.entering import COLUMNS, EMPTY, Row
from ledgers.lines import NewLine
from ui.drafts import find_draft, forget_draft, keep_draft
from ui.entering.posting import Posting, post

DRAFT = "lines"
"""The kind of work that a draft of lines is."""


def keep_rows(where: str, rows: Sequence[Row]) -> None:
    """Keep these rows as the draft of a ledger; none: there is no draft."""
    if rows:
        keep_draft(where, DRAFT, [list(row) for row in rows])
    else:
        forget_draft(where, DRAFT)


def post_rows(ledger: Ledger, where: str, rows: Sequence[Row], lines: Sequence[NewLine]) -> Posting:
    """Post the rows' lines as one batch or none, and forget the draft with it."""
    draft = {"rows": [list(row) for row in rows], "lines": len(lines), "after": _last_batch(ledger)}
    keep_draft(where, DRAFT, draft)
    posting = post(ledger, lines)
    keep_rows(where, rows if posting.problems else ())
    return posting


def find_rows(ledger: Ledger, where: str) -> list[Row]:
    """The rows of a ledger's draft; none of one that was posted, or that is no draft of ours."""
    draft = find_draft(where, DRAFT)
    if isinstance(draft, dict):
        after, count = draft.get("after"), draft.get("lines")
        later = [batch for batch in ledger.batches() if isinstance(after, int) and batch.id > after]
        if any(batch.content == "posting" and batch.count == count for batch in later):
            forget_draft(where, DRAFT)
            return []
        draft = draft.get("rows")
    if not isinstance(draft, list):
        return []
    rows = [each for each in draft if isinstance(each, list) and any(each)]
    return [tuple(map(str, (*each, *EMPTY)[: len(COLUMNS)])) for each in rows]


def _last_batch(ledger: Ledger) -> int:
    return max((batch.id for batch in ledger.batches()), default=0)
