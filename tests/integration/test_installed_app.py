"""HubSpot as an installed OAuth app, from the settings to a finished run."""

from __future__ import annotations

import stat

from tests.integration.conftest import Stage


def as_app(stage: Stage) -> None:
    """The worker has a refresh token in a file, and no key."""
    token = stage.folder / "refresh_token"
    token.write_text("sandbox-refresh-1\n", encoding="utf-8")
    stage.set(
        HUBSPOT__TOKEN="",
        HUBSPOT__CLIENT_ID="sandbox-client",
        HUBSPOT__CLIENT_SECRET="sandbox-secret",
        HUBSPOT__REFRESH_TOKEN_FILE=str(token),
    )


def test_a_run_asks_for_one_token_and_keeps_the_new_refresh_token_for_the_next(stage: Stage) -> None:
    as_app(stage)
    stage.portal.oauth.rotates = True
    stage.person(1, "Jan", "Jansen")

    complete = [stage.sync()["complete"] for _ in range(2)]

    kept = stage.folder / "refresh_token"
    assert complete == [True, True]
    assert (stage.portal.oauth.asked, kept.read_text(encoding="utf-8")) == (2, "sandbox-refresh-3")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
