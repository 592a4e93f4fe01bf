"""Messages through apprise: Slack, Teams, e-mail and what else it knows (extra `notify`).

Apprise says only yes or no; whether a request left without an answer shows in its log alone. That log holds addresses
with their secrets and the texts, so it is read here and goes nowhere else.
"""

from __future__ import annotations

import importlib.util
import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from connectors.messages import Delivery

LOGGER = "apprise"
_MISSING = 'apprise is not installed: pip install "warmline[notify]"'
_NO_ANSWER = "socket exception"
# These did not even reach the service; after anything else the message may be there.
_NOT_LEFT = (
    "failed to establish",
    "connecttimeout",
    "connect timeout",
    "nameresolution",
    "name or service",
    "sslerror",
    "certificate",
    "authentication",
    "(535",
    "proxyerror",
)


class AppriseNotifier:
    """Sends by apprise, which is imported at the first message."""

    def send(self, address: str, title: str, body: str) -> Delivery:
        """Send plain text to an address; never raises."""
        if self.flaw(address):
            return Delivery.REFUSED
        with _overheard() as heard:
            if _to(address).notify(title=title, body=body, body_format="text"):
                return Delivery.DONE
        return Delivery.LOST if any(map(_may_have_left, heard)) else Delivery.REFUSED

    def flaw(self, address: str) -> str:
        """Why nothing can be sent to an address; '' when it can. Sends nothing."""
        if importlib.util.find_spec(LOGGER) is None:
            return _MISSING
        with _overheard():
            return "" if len(_to(address)) == 1 else "apprise does not know this kind of address"


def _to(address: str) -> Any:
    with warnings.catch_warnings():  # it warns of its own imports
        warnings.simplefilter("ignore", DeprecationWarning)
        import apprise  # 0.3 s

        target = apprise.Apprise()
        target.add(address)
    return target


def _may_have_left(line: str) -> bool:
    return _NO_ANSWER in line and not any(sign in line for sign in _NOT_LEFT)


class _Listener(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(record.getMessage().lower())


@contextmanager
def _overheard() -> Iterator[list[str]]:
    """What apprise logs meanwhile, in lower case; nobody else hears it."""
    logger, listener = logging.getLogger(LOGGER), _Listener()
    before = logger.level, logger.propagate
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    logger.addHandler(listener)
    try:
        yield listener.heard
    finally:
        logger.removeHandler(listener)
        logger.level, logger.propagate = before
