"""Stands for `pyhanko.sign.timestamps.aiohttp_client` in the packaged program, which opens no connection.

pyHanko imports its client of timestamping services whether or not one is asked for, and with it an HTTP client and TLS.
Statements are signed without another's clock: the program never makes one.
"""


class HTTPTimeStamper:
    """What would ask a service for the time."""

    def __init__(self, *_arguments: object, **_options: object) -> None:
        """Say that there is none."""
        message = "the packaged program opens no connection: it cannot ask a service for the time"
        raise RuntimeError(message)
