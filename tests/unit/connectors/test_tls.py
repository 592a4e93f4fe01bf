"""TLS is verified, and no setting, environment variable or line of code switches that off."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
import requests

from connectors import http
from connectors.credentials import BearerToken
from tests.conftest import ROOT

FALSES = ("verify", "check_hostname", "cert_reqs", "assert_hostname", "ssl_verify", "disable_warnings")


@pytest.mark.parametrize("variable", ["CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "PYTHONHTTPSVERIFY"])
@pytest.mark.parametrize("value", ["", "0", "false"])
def test_no_environment_variable_switches_it_off(variable: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, value)
    session = http._session(BearerToken(lambda: "own"))

    settings = session.merge_environment_settings("https://api.example.org", {}, False, None, None)

    assert session.verify is True
    assert settings["verify"] not in (False, None, "")


def test_no_line_of_code_speaks_of_switching_it_off() -> None:
    found = []
    for folder in ("connectors", "sync", "config"):
        for path in ROOT.joinpath(folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                names = (
                    [node.arg]
                    if isinstance(node, ast.keyword)
                    else [node.attr]
                    if isinstance(node, ast.Attribute)
                    else []
                )
                found += [f"{path.name}: {name}" for name in names if name in FALSES]

    assert found == []


def test_a_password_in_the_home_folder_goes_nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """requests would take one from ~/.netrc for any host; the session's own credentials come first."""
    netrc = tmp_path / "netrc"
    netrc.write_text("default login kim password zwartemolen\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    session = http._session(BearerToken(lambda: "own"))

    prepared = session.prepare_request(requests.Request("GET", "https://api.example.org"))

    assert prepared.headers["Authorization"] == "Bearer own"
