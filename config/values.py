"""Kinds of values in warmline.toml: how each is read from text and what it may hold."""

from __future__ import annotations

import re
from datetime import date, time
from ipaddress import ip_address
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field


def _split(value: Any) -> Any:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


def _lower(value: Any) -> Any:
    return value.strip().lower() if isinstance(value, str) else value


def _upper(value: Any) -> Any:
    return value.strip().upper() if isinstance(value, str) else value


def _check_email(value: str) -> str:
    if not re.fullmatch(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+", value):
        raise ValueError("is not an e-mail address")
    return value


def _check_domain(value: str) -> str:
    value = value.removeprefix("@")
    if not re.fullmatch(r"[^@\s/]+\.[^@\s/]+", value):
        raise ValueError("is not a domain such as example.org")
    return value


def _check_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("is not a time zone such as Europe/Amsterdam") from None
    return value


def _check_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.username:
        raise ValueError("must be a scheme and a host such as https://api.example.org")
    if parts.scheme == "http" and not _is_near(parts.hostname):
        raise ValueError("must begin with https://: a token would go over the internet for anybody to read")
    return value.rstrip("/")


def _is_near(host: str) -> bool:
    """Whether a host is this machine, or a name or address that only a network of one's own knows."""
    try:
        address = ip_address(host)
    except ValueError:
        return "." not in host or host.endswith((".localhost", ".local", ".internal", ".lan", ".test"))
    return address.is_private


def _check_audience(value: str) -> str:
    if not re.fullmatch(r"linked|all|list:\d+", value):
        raise ValueError("must be linked, all or list:<number>")
    return value


def _check_consent(value: str) -> str:
    if not re.fullmatch(r"off|portal|property:[a-z][a-z0-9_]*", value):
        raise ValueError("must be off, portal or property:<name of a contact property>")
    return value


def _check_pattern(value: str) -> str:
    value = value.strip()
    if not re.fullmatch(r"[^\s?#:@]+", value) or "//" in value or value.count("{") != value.count("{job}"):
        raise ValueError("must be host and path such as */vacatures/{job}: no scheme, query or space")
    if value.count("{job}") > 1:
        raise ValueError("may name {job} once")
    return value


def _check_event_type(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", value):
        raise ValueError("is not the name of an event type such as e_visited_page")
    return value


def _to_routes(value: Any) -> Any:
    """A table of e-mails; one problem for all of it, so that no address ends up in an error."""
    if isinstance(value, str):
        pairs = [part.partition("=")[::2] for part in value.split(",") if part.strip()]
    elif isinstance(value, dict):
        pairs = list(value.items())
    else:
        return value
    routes = {_check_email(_text_of(ats)): _check_email(_text_of(owner)) for ats, owner in pairs}
    if len(routes) < len(pairs):
        raise ValueError("names an ATS e-mail address twice")
    return routes


def _to_languages(value: Any) -> Any:
    """A table of owners and languages; one problem for all of it, so that no address ends up in an error."""
    if isinstance(value, str):
        pairs = [part.partition("=")[::2] for part in value.split(",") if part.strip()]
    elif isinstance(value, dict):
        pairs = list(value.items())
    else:
        return value
    found = {_check_email(_text_of(owner)): _text_of(language) for owner, language in pairs}
    if len(found) < len(pairs):
        raise ValueError("names an owner twice")
    if not set(found.values()) <= {"nl", "en"}:
        raise ValueError('must hold "owner e-mail" = "nl" or "en"')
    return found


def _to_event_ids(value: Any) -> Any:
    """A table of names and record ids; one problem for all of it."""
    if isinstance(value, str):
        pairs = [part.rpartition("=")[::2] for part in value.split(",") if part.strip()]
    elif isinstance(value, dict):
        pairs = list(value.items())
    else:
        return value
    found = {" ".join(str(name).split()): str(event_id).strip() for name, event_id in pairs}
    if len({name.casefold() for name in found}) < len(pairs):
        raise ValueError("names an event twice")
    if not all(name and event_id.isdigit() for name, event_id in found.items()):
        raise ValueError('must hold "name on the sheet" = "record id of the marketing event"')
    return found


def _check_day_of_year(value: str) -> str:
    try:
        date.fromisoformat(f"2024-{value}")
    except ValueError:
        raise ValueError("is not a day of the year such as 12-24") from None
    return value


def _text_of(value: Any) -> str:
    return value.strip().lower() if isinstance(value, str) else ""


Share = Annotated[float, Field(ge=0, le=1)]
Minutes = Annotated[int, Field(ge=0, le=1440)]
Count = Annotated[int, Field(ge=0)]
Email = Annotated[str, BeforeValidator(_lower), AfterValidator(_check_email)]
Domain = Annotated[str, BeforeValidator(_lower), AfterValidator(_check_domain)]
Url = Annotated[str, BeforeValidator(str), AfterValidator(_check_url)]
Text = Annotated[str, BeforeValidator(lambda value: str(value) if type(value) is int else value)]
Emails = Annotated[tuple[Email, ...], BeforeValidator(_split)]
Domains = Annotated[tuple[Domain, ...], BeforeValidator(_split)]
Routes = Annotated[dict[str, str], BeforeValidator(_to_routes)]
Languages = Annotated[dict[str, str], BeforeValidator(_to_languages)]
EventIds = Annotated[dict[str, str], BeforeValidator(_to_event_ids)]
Zone = Annotated[str, AfterValidator(_check_zone)]
Ground = Annotated[Literal["application", "request", "consent", "legitimate_interest"], BeforeValidator(_lower)]
Weekday = Annotated[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], BeforeValidator(_lower)]
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
AudienceEntry = Annotated[str, BeforeValidator(_lower), AfterValidator(_check_audience)]
AudienceEntries = Annotated[tuple[AudienceEntry, ...], BeforeValidator(_split)]
Grounds = Annotated[tuple[Ground, ...], BeforeValidator(_split)]
Weekdays = Annotated[tuple[Weekday, ...], BeforeValidator(_split), Field(min_length=1)]
Consent = Annotated[str, BeforeValidator(_lower), AfterValidator(_check_consent)]
DaysOfYear = Annotated[tuple[Annotated[str, AfterValidator(_check_day_of_year)], ...], BeforeValidator(_split)]
Dates = Annotated[tuple[date, ...], BeforeValidator(_split)]
Times = Annotated[tuple[time, ...], BeforeValidator(_split), Field(min_length=1)]
Patterns = Annotated[tuple[Annotated[str, AfterValidator(_check_pattern)], ...], BeforeValidator(_split)]
EventTypes = Annotated[tuple[Annotated[str, AfterValidator(_check_event_type)], ...], BeforeValidator(_split)]
Texts = Annotated[tuple[str, ...], BeforeValidator(_split)]
Lower = BeforeValidator(_lower)
Upper = BeforeValidator(_upper)
