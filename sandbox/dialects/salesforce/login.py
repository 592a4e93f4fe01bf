"""The token endpoint: client credentials and signed assertions."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from sandbox.dialects.base import Asked, Reply

if TYPE_CHECKING:
    from sandbox.dialects.salesforce.company import Company

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
LONGEST_S = 300
PREFIX = bytes.fromhex("3031300d060960864801650304020105000420")  # DigestInfo of SHA-256


def token(org: Company, asked: Asked) -> Reply:
    """A session, or why there is none."""
    form = asked.form
    grant = form.get("grant_type")
    if grant == "client_credentials":
        error = _check_client(org, form)
    elif grant == JWT_BEARER:
        error = _check_assertion(org, form.get("assertion", ""))
    else:
        error = ("unsupported_grant_type", "grant type not supported")
    if error:
        return Reply({"error": error[0], "error_description": error[1]}, 400)
    org.logins += 1
    org.session = f"00D9K0000000001!AQ{org.logins:04d}"
    identity = f"{asked.base_url}/id/00D9K0000000001AAA/0059K00000AAAAAAAA"
    told = {"access_token": org.session, "instance_url": org.instance_url or asked.base_url, "id": identity}
    issued_at = str(int(org.clock.now().timestamp() * 1000))
    return Reply({**told, "token_type": "Bearer", "issued_at": issued_at, "signature": "c2FuZGJveA=="})


def _check_client(org: Company, form: dict[str, str]) -> tuple[str, str] | None:
    if form.get("client_id") != org.client_id:
        return "invalid_client_id", "client identifier invalid"
    if form.get("client_secret") != org.client_secret:
        return "invalid_client", "invalid client credentials"
    return None


def _check_assertion(org: Company, assertion: str) -> tuple[str, str] | None:
    """Signature, client, user, audience, and an end that is ahead, but not far."""
    try:
        head, body, signature = assertion.split(".")
        claims: Any = json.loads(_decoded(body))
        is_signed = _is_signed(org, f"{head}.{body}".encode(), _decoded(signature))
        left_s = float(claims["exp"]) - org.clock.now().timestamp()
    except (ValueError, KeyError, TypeError):
        return "invalid_grant", "invalid assertion"
    if not is_signed or json.loads(_decoded(head)).get("alg") != "RS256" or claims.get("iss") != org.client_id:
        return "invalid_grant", "invalid assertion"
    if claims.get("aud") not in ("https://login.salesforce.com", "https://test.salesforce.com"):
        return "invalid_grant", "audience is invalid"
    if claims.get("sub") != org.username:
        return "invalid_grant", "user hasn't approved this consumer"
    return None if 0 < left_s <= LONGEST_S else ("invalid_grant", "expired authorization code")


def _is_signed(org: Company, text: bytes, signature: bytes) -> bool:
    """Whether the certificate of the connected app verifies it (PKCS #1 v1.5, SHA-256)."""
    if org.certificate is None:
        return False
    modulus, exponent = org.certificate
    size = (modulus.bit_length() + 7) // 8
    found = pow(int.from_bytes(signature, "big"), exponent, modulus).to_bytes(size, "big")
    tail = PREFIX + sha256(text).digest()
    return found == b"\0\1" + b"\xff" * (size - len(tail) - 3) + b"\0" + tail


def _decoded(part: str) -> bytes:
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))
