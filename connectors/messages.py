"""The port to whatever carries messages to recruiters."""

from __future__ import annotations

from enum import Enum
from typing import Protocol


class Delivery(Enum):
    """What became of a message."""

    DONE = "done"  # the service took it
    REFUSED = "refused"  # it certainly did not: it may be sent again
    LOST = "lost"  # no answer: it may have arrived


class Notifier(Protocol):
    """Sends one message to one address."""

    def send(self, address: str, title: str, body: str) -> Delivery:
        """Send plain text to an address such as slack://…; never raises."""

    def flaw(self, address: str) -> str:
        """Why nothing can be sent to an address, without the address; '' when it can. Sends nothing."""
