"""Errors, grouped by what the caller does next.

The text of an error is one sentence for a person, followed where possible by the command to run next. It carries ids
and property names, never a person's data, a token, or a vendor's answer body.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

EXIT_COMPLETE = 0
EXIT_FATAL = 1
EXIT_CONFIG = 2
EXIT_INCOMPLETE = 3


class WarmlineError(Exception):
    """Base of every error warmline raises on purpose. `fix` is the next thing to do, `exit_code` what the process
    returns."""

    exit_code = EXIT_FATAL

    def __init__(self, message: str, *, fix: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix

    def __str__(self) -> str:
        return f"{self.message} {self.fix}".strip()


@dataclass(frozen=True, slots=True)
class Problem:
    """One wrong setting or mapping entry: where it is, what is wrong, what to do."""

    key: str
    problem: str
    fix: str

    def __str__(self) -> str:
        return f"{self.key}: {self.problem} {self.fix}".strip()


class ConfigError(WarmlineError):
    """Settings or mappings are wrong. Lists every problem at once; raised before any I/O."""

    exit_code = EXIT_CONFIG

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class FatalError(WarmlineError):
    """The run stops; nothing more is written."""


class AuthError(FatalError):
    """The vendor refused the token (401)."""


class MissingScope(FatalError):
    """The token lacks a scope. `scopes`: the vendor's names. A stream that is optional switches itself off on this."""

    def __init__(self, message: str, *, scopes: Sequence[str] = (), fix: str = "") -> None:
        super().__init__(message, fix=fix)
        self.scopes = tuple(scopes)


class SourceEmptied(FatalError):
    """A source that had records suddenly shows few of them."""


class SourceChanged(FatalError):
    """A source is another company, host or kind than the mirror was filled from."""


class PlanTooLarge(FatalError):
    """The plan touches more contacts or makes more tasks than its guard allows."""


class PortalMismatch(FatalError):
    """The token belongs to another portal than the settings or the mirror say."""


class MirrorError(FatalError):
    """The mirror file cannot be used: unwritable, corrupt, or written by a newer version."""


class MirrorBusy(MirrorError):
    """Another process holds the mirror longer than a write waits for it."""

    exit_code = EXIT_INCOMPLETE


class LeaseLost(FatalError):
    """Another worker took the lease while this one was away; its write transaction was refused."""


class LeaseHeld(WarmlineError):
    """Another worker runs on this portal."""

    exit_code = EXIT_INCOMPLETE


class RetriableError(WarmlineError):
    """The same read may be tried again. `retry_after_s`: seconds the vendor asked for, None if it did not say."""

    exit_code = EXIT_INCOMPLETE

    def __init__(self, message: str, *, retry_after_s: float | None = None, fix: str = "") -> None:
        super().__init__(message, fix=fix)
        self.retry_after_s = retry_after_s


class RateLimited(RetriableError):
    """429: the request was refused before it did anything."""


class DailyLimitReached(RateLimited):
    """The portal's daily quota is used up, or down to the reserve kept for other apps. Resumes after the portal's
    midnight."""


class Busy(RetriableError):
    """423 or 477: the records are locked or the account is being moved; nothing was done."""


class ServerFault(RetriableError):
    """5xx: for a write it is not known whether it was done."""


class NetworkFault(RetriableError):
    """Timeout or lost connection: for a write it is not known whether it was done."""


class BadAnswer(RetriableError):
    """The vendor answered something that is not the documented shape (no JSON, an endless page token)."""


class NotServed(BadAnswer):
    """There is nothing at that address (a 404 that is not the vendor's own): a wrong base URL or version, or a part
    of the API this account does not have."""


class SkippableError(WarmlineError):
    """One record is left out; the run goes on."""


class InvalidRecord(SkippableError):
    """A record cannot be mapped. Goes to quarantine with `field` and `reason`; the value itself is never kept."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


class RejectedAction(WarmlineError):
    """The vendor refused a write for good (4xx). `reason` is the vendor's category and property names, no values.

    `existing_id`: the record that already has the unique value (409), if the vendor named it.
    `missing`: the record does not exist (404).
    """

    def __init__(self, reason: str, *, existing_id: str | None = None, missing: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.existing_id = existing_id
        self.missing = missing
