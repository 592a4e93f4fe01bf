"""Every score can be added up by hand."""

from __future__ import annotations

import math
from collections.abc import Callable

from sandbox.server import RunningSandbox
from tests.conftest import Ended
from tests.system.test_everyday import told

Cli = Callable[..., Ended]


def test_the_points_of_everyone_in_the_call_list_give_the_score(provisioned: RunningSandbox, cli: Cli) -> None:
    assert cli("sync").code == 0

    people = told(cli("calls", "--json"))["people"]

    keys = [
        "rank",
        "person_id",
        "name",
        "contact_id",
        "candidate_id",
        "owner",
        "score",
        "band",
        "why",
        "call_allowed",
        "refused_because",
    ]
    assert people and all(list(one) == keys for one in people)
    assert [one["rank"] for one in people] == list(range(1, len(people) + 1))
    assert all(isinstance(one[name], str) for one in people for name in ("person_id", "contact_id", "candidate_id"))
    allowed = [one["call_allowed"] for one in people]
    assert allowed == sorted(allowed, reverse=True)
    assert all(one["call_allowed"] is (one["refused_because"] is None) for one in people)
    for one in people:
        found = told(cli("explain", one["person_id"], "--json"))
        assert math.isclose(sum(point["points"] for point in found["points"]), found["raw"], abs_tol=1e-9)
        assert found["score"] == one["score"] == round(100 * (1 - math.exp(-found["raw"] / 3)))
