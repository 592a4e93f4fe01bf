from __future__ import annotations

import pytest

from connectors.hubspot.paths import Paths, bucket, is_read
from connectors.ratelimit import ASSOCIATIONS, BURST, SEARCH


@pytest.mark.parametrize(
    ("sdk", "dated", "v3"),
    [
        ("/crm/v3/objects/contacts", "/crm/objects/2026-09/contacts", "/crm/v3/objects/contacts"),
        (
            "/crm/v3/objects/tasks/batch/create",
            "/crm/objects/2026-09/tasks/batch/create",
            "/crm/v3/objects/tasks/batch/create",
        ),
        (
            "/crm/v4/associations/tasks/contacts/batch/read",
            "/crm/associations/2026-09/tasks/contacts/batch/read",
            "/crm/v4/associations/tasks/contacts/batch/read",
        ),
        (
            "/crm/v3/properties/contacts/groups",
            "/crm/properties/2026-09/contacts/groups",
            "/crm/v3/properties/contacts/groups",
        ),
        ("/crm/v3/owners/", "/crm/owners/2026-09", "/crm/v3/owners"),  # the SDK's slash at the end
        ("/crm/v3/lists/31/memberships", "/crm/lists/2026-09/31/memberships", "/crm/v3/lists/31/memberships"),
        ("/account-info/v3/details", "/account-info/v3/details", "/account-info/v3/details"),  # not the SDK's
    ],
)
def test_the_version_has_its_place_in_every_path(sdk: str, dated: str, v3: str) -> None:
    assert (Paths("2026-09").of_sdk(sdk), Paths("v3").of_sdk(sdk)) == (dated, v3)


def test_account_details_follow_the_version() -> None:
    assert Paths("2026-09").account == "/account-info/2026-09/details"
    assert Paths("v3").account == "/account-info/v3/details"


@pytest.mark.parametrize("version", ["", "v4", "2026", "2026-09/../x", "latest"])
def test_other_versions_are_refused(version: str) -> None:
    with pytest.raises(ValueError, match="v3 or a dated one"):
        Paths(version)


@pytest.mark.parametrize(
    ("method", "path", "read", "limit"),
    [
        ("GET", "/crm/objects/2026-09/contacts", True, BURST),
        ("POST", "/crm/objects/2026-09/contacts/search", True, SEARCH),
        ("POST", "/crm/objects/2026-09/contacts/batch/read", True, BURST),
        ("POST", "/crm/v4/associations/tasks/contacts/batch/read", True, ASSOCIATIONS),
        ("POST", "/crm/objects/2026-09/tasks/batch/create", False, BURST),
        ("POST", "/crm/objects/2026-09/tasks/batch/archive", False, BURST),
        ("DELETE", "/crm/properties/2026-09/contacts/x", False, BURST),
    ],
)
def test_reads_and_buckets_are_told_by_the_path(method: str, path: str, read: bool, limit: str) -> None:
    assert (is_read(method, path), bucket(path)) == (read, limit)
