"""Stands for `pyhanko_certvalidator.fetchers.aiohttp_fetchers` in the packaged program, which opens no connection.

pyHanko imports it whether or not anything is to be fetched: certificates and revocation lists are those that the files
hold, and those that a person names.
"""


class AIOHttpFetcherBackend:
    """What would fetch certificates and revocation lists."""

    def __init__(self, *_arguments: object, **_options: object) -> None:
        """Say that nothing does."""
        message = "the packaged program opens no connection: it cannot fetch certificates or revocation lists"
        raise RuntimeError(message)
