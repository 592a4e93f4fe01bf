"""Events and pages to touch kinds. The mapping: touch_kinds.toml, and the team's own addresses and forms."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import Any

from mappings.rules import load_table
from mappings.values import spelled, to_moment
from sync.core.events import FILTERED, OTHER, SCANNER, SeenEvent, SuspectRules
from sync.errors import InvalidRecord

Record = Mapping[str, Any]
PAGE_KINDS = ("application_started", "vacancy_visit", "careers_visit")
DEVICES = {"COMPUTER": "computer", "MOBILE": "mobile"}


@cache
def load_kinds() -> Mapping[str, Any]:
    """The tables of touch_kinds.toml."""
    return load_table("touch_kinds.toml")


def suspect_rules() -> SuspectRules:
    """When a click is a machine's."""
    table = load_kinds()["suspect"]
    at_once = tuple((one["links"], timedelta(seconds=one["seconds"])) for one in table["at_once"])
    return SuspectRules(timedelta(seconds=table["soon_s"]), at_once)


@dataclass(frozen=True, slots=True)
class PageKind:
    """What a page is. `kind` empty: none of the lists names it. `job`: the vacancy, as its address spells it."""

    kind: str = ""
    job: str = ""


class Pages:
    """Which page is which kind. `own`: the team's patterns by kind; an empty list leaves the mapping's in force."""

    def __init__(self, own: Mapping[str, Sequence[str]] | None = None) -> None:
        given = {kind: patterns for kind, patterns in (own or {}).items() if patterns}
        lists = {**load_kinds()["pages"], **given}
        self._patterns = [(kind, _compiled(pattern)) for kind in PAGE_KINDS for pattern in lists[kind]]
        self.kind_of = lru_cache(maxsize=10_000)(self._kind_of)

    def _kind_of(self, page: str) -> PageKind:
        """The kind of a page by its host and path, without `www.`."""
        text = plain(page)
        for kind, pattern in self._patterns:
            found = pattern.fullmatch(text)
            if found:
                return PageKind(kind, found.groupdict().get("job") or "")
        return PageKind()


def plain(page: str) -> str:
    """A page as it is compared: lower case, without `www.` and the last slash."""
    return page.lower().removeprefix("www.").rstrip("/")


def _compiled(pattern: str) -> re.Pattern[str]:
    parts = re.split(r"(\*|\{job\})", plain(pattern))
    named = {"*": ".*", "{job}": r"(?P<job>[\w.~-]{1,80})"}
    return re.compile("".join(named.get(part, re.escape(part)) for part in parts))


@dataclass(frozen=True, slots=True)
class EventMapper:
    """Records of HubSpot's event streams to events. `clicks`: further event types that are clicks in a recruiter's
    mail. `application_forms`: ids of forms by which people apply."""

    clicks: Collection[str] = ()
    application_forms: Collection[str] = ()

    def to_event(self, record: Record) -> SeenEvent:
        """A visit, or what else HubSpot counts as an event. Raises InvalidRecord."""
        event_type = record["type"]
        known = load_kinds()["events"]
        kind = "mail_click" if event_type in self.clicks else known.get(event_type, OTHER)
        page = record["page"] if event_type in known else None
        return SeenEvent(record["id"], kind, _moment(record, "at"), contact_id=record["contact_id"], page=page)

    def to_mail_event(self, record: Record) -> SeenEvent:
        """An open or a click, with what it betrays of a machine; or a delivery. Raises InvalidRecord."""
        kinds = load_kinds()
        type_, at = str(record["type"] or "").upper(), _moment(record, "at")
        kind = kinds["mail"].get(type_, "" if type_ in kinds["mail_ignored"]["types"] else OTHER)
        sent_at = _moment(record, "sent_at") if record["sent_at"] else None
        return SeenEvent(
            record["id"],
            kind,
            at,
            email=_email(record["recipient"]),
            mail=_hashed(record["emailCampaignId"]) if kind != OTHER else "",
            link=_hashed(record["linkId"]) if record["linkId"] else "",
            rule=_own_rule(record),
            delivered_at=at if type_ == "DELIVERED" else sent_at,
            device=DEVICES.get(str(record["deviceType"] or "").upper(), ""),
            replaced_by=record["replaced_by"],
        )

    def to_submission(self, record: Record) -> SeenEvent:
        """A form somebody sent. Raises InvalidRecord."""
        table = load_kinds()["forms"]
        kind = table["application"] if record["form_id"] in self.application_forms else table["other"]
        return SeenEvent(record["id"], kind, _moment(record, "at"), email=_email(record["email"]), page=record["page"])


def _own_rule(record: Record) -> str:
    if record["filteredEvent"] is True:
        return FILTERED
    agent = record["userAgent"]
    name = str(agent).lower() if isinstance(agent, str) else ""
    return SCANNER if any(one in name for one in load_kinds()["suspect"]["scanners"]) else ""


def _moment(record: Record, field: str) -> datetime:
    try:
        return to_moment(spelled(record[field]))
    except ValueError:
        raise InvalidRecord(field, "not a date") from None


def _email(value: Any) -> str | None:
    return value.strip().lower() or None if isinstance(value, str) else None


def _hashed(value: Any) -> str:
    return hashlib.blake2b(str(value).encode(), digest_size=8).hexdigest()
