"""Three limits with their own bodies; what is exempt from which."""

from __future__ import annotations

from sandbox.state import SandboxState
from tests.unit.sandbox.conftest import Api

CONTACTS = "/crm/objects/2026-09/contacts"
ASSOCIATIONS = "/crm/associations/2026-09/contacts/tasks/batch/read"


def test_the_burst_limit_rolls_over_ten_seconds(served: SandboxState, api: Api) -> None:
    now = [0.0]
    served.limits.monotonic, served.limits.burst = (lambda: now[0]), 2

    first = api("GET", CONTACTS)
    statuses = [first.status_code, *(api("GET", CONTACTS).status_code for _ in range(2))]
    refused = api("GET", CONTACTS)
    now[0] = 10.1
    later = api("GET", CONTACTS)

    assert (statuses, refused.status_code, later.status_code) == ([200, 200, 429], 429, 200)
    assert refused.json()["policyName"] == "TEN_SECONDLY_ROLLING" and refused.json()["errorType"] == "RATE_LIMIT"
    assert first.headers["X-HubSpot-RateLimit-Max"] == "2"
    assert first.headers["X-HubSpot-RateLimit-Remaining"] == "1"
    assert first.headers["X-HubSpot-RateLimit-Daily-Remaining"] == "649999"
    assert served.stats.throttled == {"TEN_SECONDLY_ROLLING": 2}


def test_association_batches_stay_out_of_the_burst_bucket_but_count_for_the_day(served: SandboxState, api: Api) -> None:
    served.limits.burst = 1
    api("GET", CONTACTS)

    statuses = [api("POST", ASSOCIATIONS, {"inputs": [{"id": "10001"}]}).status_code for _ in range(3)]

    assert (statuses, served.limits.daily_used) == ([207, 207, 207], 4)


def test_search_has_its_own_bucket_a_second_and_no_policy_name(served: SandboxState, api: Api) -> None:
    served.limits.monotonic, served.limits.search = (lambda: 0.0), 1

    answers = [api("POST", f"{CONTACTS}/search", {}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 429]
    assert answers[1].json()["message"] == "You have reached your secondly limit."
    assert "policyName" not in answers[1].json() and answers[1].json()["category"] == "RATE_LIMITS"


def test_the_day_ends_at_midnight_in_the_portals_zone(served: SandboxState, api: Api) -> None:
    served.limits.daily = 1
    statuses = [api("GET", CONTACTS).status_code for _ in range(2)]
    policy = api("GET", CONTACTS).json()["policyName"]

    served.clock.set("2026-11-24T22:59:00Z")
    before = api("GET", CONTACTS).status_code
    served.clock.advance(120)  # 00:01 in Amsterdam

    assert (statuses, policy, before, api("GET", CONTACTS).status_code) == ([200, 429], "DAILY", 429, 200)


def test_a_request_before_a_full_bucket_has_room_is_counted_as_impatient(served: SandboxState, api: Api) -> None:
    now = [0.0]
    served.limits.monotonic, served.limits.burst = (lambda: now[0]), 1
    api("GET", CONTACTS)

    for moment in (1.0, 9.0, 10.5):
        now[0] = moment
        api("GET", CONTACTS)

    assert served.limits.impatient == {"TEN_SECONDLY_ROLLING": 1}
    assert served.stats.throttled == {"TEN_SECONDLY_ROLLING": 2}


def test_other_apps_fill_a_bucket_for_a_while_and_its_429_may_say_how_long(served: SandboxState, api: Api) -> None:
    now = [0.0]
    served.limits.monotonic = lambda: now[0]
    served.plan_fault("throttle", "/search$", hang_s=2.5, headers={"Retry-After": ""})
    served.plan_fault("throttle", r"/contacts$", hang_s=4)

    told, untold = api("POST", f"{CONTACTS}/search", {}), api("GET", CONTACTS)
    now[0] = 2.0
    early = api("POST", f"{CONTACTS}/search", {})
    now[0] = 4.0
    late = api("POST", f"{CONTACTS}/search", {})

    assert [told.status_code, untold.status_code, early.status_code, late.status_code] == [429, 429, 429, 200]
    assert (told.headers["Retry-After"], "Retry-After" in untold.headers) == ("3", False)
    assert untold.json()["policyName"] == "TEN_SECONDLY_ROLLING"
    assert served.limits.impatient == {"SECONDLY": 1}
