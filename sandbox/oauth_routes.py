"""Where an installed app asks for a token."""

from __future__ import annotations

from urllib.parse import parse_qs

from sandbox.endpoint import Answer, Call, Endpoint


def _token(call: Call) -> Answer:
    form = {name: values[-1] for name, values in parse_qs(call.raw_body.decode()).items()}
    return 200, call.state.oauth.grant(form, call.state.limits.monotonic())


TOKEN_ENDPOINTS = [Endpoint("POST", path, _token, open=True) for path in ("/oauth/2026-09/token", "/oauth/v3/token")]
