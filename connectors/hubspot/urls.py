"""Addresses of web pages, cut to what may be kept: host and path. A query can hold anything, so it ends here."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

LAST_URL = "hs_analytics_last_url"
LONGEST = 300  # characters


def page_of(url: Any) -> str | None:
    """`www.example.nl/vacatures/123` of an address: no scheme, port, query or fragment, no `www.` more or less.

    Parts of the path that look like an e-mail address are left out. None for what is no web address.
    """
    if not isinstance(url, str) or not url.strip():
        return None
    text = url.strip()
    try:
        parts = urlsplit(text if "//" in text[:10] else f"//{text}")
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return None
    if "." not in host or " " in host:
        return None
    path = "/".join(one for one in unquote(parts.path.partition(";")[0]).split("/") if one and "@" not in one)
    return f"{host}/{path}".rstrip("/")[:LONGEST]
