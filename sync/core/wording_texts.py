"""The text of a person's task: the template of its play, filled with what is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sync.core.calendar import local_day
from sync.core.facts import Owners, PersonFacts
from sync.core.model import Decision, Score
from sync.core.plays import PLAYS
from sync.core.policy import Policy
from sync.core.wording_facts import common
from sync.core.wording_say import Say
from sync.core.wording_templates import TaskText, render


@dataclass(frozen=True, slots=True)
class Scene:
    """When and for whom texts are written. `now`: aware UTC. `owners`: who their readers are."""

    policy: Policy
    now: datetime
    owners: Owners

    def say(self, owner_id: str | None) -> Say:
        """How the owner is told things: in their language, else the team's."""
        zone = self.policy.time.zone
        return Say(self.language(owner_id), local_day(self.now, zone), zone, self.owners)

    def language(self, owner_id: str | None) -> str:
        """The language an owner reads."""
        owner = self.owners.by_id.get(owner_id or "")
        write = self.policy.write
        return write.languages.get((owner.email or "").lower(), write.language) if owner else write.language


def task_text(facts: PersonFacts, score: Score, decision: Decision, scene: Scene) -> TaskText:
    """The text of a person's task in the language of the recruiter who gets it."""
    say = scene.say(decision.owner_id)
    play = PLAYS.get(decision.play)
    own = play.told(facts, decision, say) if play else {}
    variables = common(facts, score, decision, say, scene.now) | dict(own)
    return render(scene.policy.write.templates, say.language, decision.play, variables)
