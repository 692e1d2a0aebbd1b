"""Whether everybody who is asked assented to the variations that a signed period rests on.

Signing refuses a period otherwise; but whoever can write the file can leave that out, vary a partner out of the
agreement, and sign the rest alone. So verification asks again, with the auditor's keys.
"""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256

from ledgers.ledger import Version
from rules.english import listed
from rules.periods import Period
from rules.succession import asked_to_assent
from settlement.signoff.assenting import check_assent
from settlement.signoff.errors import VerificationError
from settlement.signoff.keys import PublicKey
from settlement.signoff.packs import Replay


def assents_lacking(
    replay: Replay, period: Period, ledger: str, keys: Mapping[str, Sequence[PublicKey]] | None
) -> Iterator[str]:
    """The variations that govern a period up to this one without the assent of somebody who is asked, in sentences.

    `ledger` is the ledger's own id. An assent counts if it is signed with a key that was given for the partner; without
    keys, if there is one. Raises VerificationError for a version that does not hold together.
    """
    versions = {
        number: Version(number, Period(start), "", sha256(body.encode("utf-8", "surrogatepass")).hexdigest(), "", "")
        for number, start, body in replay.agreements
    }
    governing = {replay.version_at(each)[0] for each in Period if each <= period}
    for number in sorted(governing - {1}):
        start = versions[number].from_period
        earlier = [each.id for each in versions.values() if each.id < number and each.from_period <= start]
        if not earlier:
            message = f"version {number} of the agreement varies nothing that was in force at {start}"
            raise VerificationError(message)
        given: set[str] = set()
        for row in replay.assents:
            if row.version == number:
                try:
                    if keys is not None:
                        check_assent(row, tuple(versions.values()), ledger, keys)
                except VerificationError as error:
                    yield str(error)
                else:
                    given.add(row.partner)
        asked = asked_to_assent(replay.agreement_of(max(earlier)), replay.agreement_of(number), start)
        missing = [code for code in asked if code not in given]
        if missing:
            yield (
                f"version {number} of the agreement governs from {start}, and there is no assent of {listed(missing)} "
                "to it that holds"
            )
