"""The two ways an unattended program gets a Salesforce token, as the form its token endpoint is asked with."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from sync.errors import AuthError

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
LIVES = timedelta(minutes=3)  # Salesforce refuses an assertion that ends more than five minutes ahead
Sign = Callable[[str, bytes], bytes]


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """A connected app's id and secret. Salesforce takes them at the My Domain host only."""

    client_id: str
    secret: Callable[[], str] = field(repr=False)

    def __call__(self) -> Mapping[str, str]:
        return {"grant_type": "client_credentials", "client_id": self.client_id, "client_secret": self.secret()}


def can_sign() -> bool:
    """Whether the package that signs assertions is installed."""
    return find_spec("cryptography") is not None


def sign_rs256(pem: str, text: bytes) -> bytes:
    """The RS256 signature of a text. Raises AuthError when the key is none."""
    serialization = import_module("cryptography.hazmat.primitives.serialization")
    padding = import_module("cryptography.hazmat.primitives.asymmetric.padding")
    hashes = import_module("cryptography.hazmat.primitives.hashes")
    try:
        key: Any = serialization.load_pem_private_key(pem.encode(), password=None)
        return bytes(key.sign(text, padding.PKCS1v15(), hashes.SHA256()))
    except (ValueError, TypeError, AttributeError):
        pass
    raise AuthError("The private key is no RSA key in PEM without a password.", fix="Check the token_file setting.")


@dataclass(frozen=True, slots=True)
class JwtBearer:
    """A user for whom a signed assertion asks. `key`: the private key, read anew at each use. `now`: aware UTC."""

    client_id: str
    username: str
    audience: str
    key: Callable[[], str] = field(repr=False)
    now: Callable[[], datetime] = field(repr=False)
    sign: Sign = field(default=sign_rs256, repr=False)

    def __call__(self) -> Mapping[str, str]:
        ends_at = int((self.now() + LIVES).timestamp())
        claims = {"iss": self.client_id, "sub": self.username, "aud": self.audience, "exp": ends_at}
        text = f"{_encoded({'alg': 'RS256', 'typ': 'JWT'})}.{_encoded(claims)}"
        signature = _base64(self.sign(self.key(), text.encode()))
        return {"grant_type": JWT_BEARER, "assertion": f"{text}.{signature}"}


def audience_of(base_url: str) -> str:
    """Whom an assertion is meant for: the login host of production, or that of sandboxes."""
    host = urlsplit(base_url).hostname or ""
    is_sandbox = host.endswith(".sandbox.my.salesforce.com") or host == "test.salesforce.com"
    return f"https://{'test' if is_sandbox else 'login'}.salesforce.com"


def _encoded(value: Mapping[str, Any]) -> str:
    return _base64(json.dumps(value, separators=(",", ":")).encode())


def _base64(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()
