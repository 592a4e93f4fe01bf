"""Homerun's limit of 60 requests a minute. A 429 says nothing about when the minute ends."""

from __future__ import annotations

from connectors.gates import WindowGate
from connectors.http import Answer
from sync.errors import RateLimited

UNNAMED_WAIT_S = 15.0  # the tries of one request together outlast the minute


class MinuteGate(WindowGate):
    """Waits out a minute that somebody else, or an earlier run, has used up."""

    def refused(self, bucket: str, answer: Answer) -> RateLimited:
        told = super().refused(bucket, answer)
        return told if told.retry_after_s is not None else RateLimited(told.message, retry_after_s=UNNAMED_WAIT_S)
