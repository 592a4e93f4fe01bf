"""`warmline calls`: a day's list for each recruiter, and its ranks in HubSpot."""

from __future__ import annotations

from collections.abc import Callable

from sandbox.server import RunningSandbox
from tests.conftest import Ended
from tests.system.test_everyday import told

Cli = Callable[..., Ended]


def test_each_recruiter_has_a_days_list_that_says_how_many_more_there_are(
    provisioned: RunningSandbox, cli: Cli
) -> None:
    assert cli("sync").code == 0
    people = told(cli("calls", "--json"))["people"]
    owner = next(one["owner"] for one in people if one["owner"])
    own = [one for one in people if one["owner"] == owner]
    free = [one["name"] for one in own if one["call_allowed"]]

    everybody, hers = cli("calls"), cli("calls", "--owner", owner.upper())
    whole = cli("calls", "--owner", owner, "--limit", str(len(own)))

    shown = hers.stdout.splitlines()
    assert (everybody.code, hers.code, whole.code) == (0, 0, 0)
    assert shown[0] == f"VANDAAG {owner}, {min(8, len(free))} van {len(free)}"
    assert [line[16:46].rstrip() for line in shown[1:9] if line[:2].strip().isdigit()] == [one[:30] for one in free[:8]]
    assert shown[0] in everybody.stdout
    assert sum(line[:2].strip().isdigit() for line in whole.stdout.splitlines()) == len(own)


def test_a_sync_after_half_past_seven_gives_each_recruiter_ranks_once(provisioned: RunningSandbox, cli: Cli) -> None:
    assert cli("provision", "--all").code == 0
    assert cli("sync").code == 0
    people = told(cli("calls", "--json"))["people"]
    shown = {
        one["contact_id"]: provisioned.state.record("contacts", one["contact_id"]).properties.get("warmline_rank") or ""
        for one in people
    }

    again = told(cli("sync", "--json"))

    expected: dict[str, list[str]] = {}
    for one in people:
        if one["call_allowed"] and one["owner"]:
            expected.setdefault(one["owner"], []).append(one["contact_id"])
    ranked = {contact: str(rank) for own in expected.values() for rank, contact in enumerate(own[:8], 1)}
    assert ranked and {contact: rank for contact, rank in shown.items() if rank} == ranked
    assert again["actions"]["update_contact"]["applied"] == 0
