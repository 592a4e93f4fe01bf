"""`calls`: whom to call first; reads the mirror, writes nothing."""

from __future__ import annotations

import click

from config.segments import segments_of
from sync.bootstrap import App, open_view
from sync.cli.app import Invocation
from sync.cli.output import show_json
from sync.core.call_list import Call
from sync.core.call_words import barred, listed
from sync.core.segments import Relationship, Segment, relationship, relationship_word
from sync.core.wording_say import Say
from sync.errors import ConfigError, Problem
from sync.reports import calls as views

_WORDS = {
    "nl": {"today": "VANDAAG", "of": "van", "no": "NIET BELLEN", "nobody": "zonder recruiter", "none": "Niemand."},
    "en": {"today": "TODAY", "of": "of", "no": "DO NOT CALL", "nobody": "without recruiter", "none": "Nobody."},
}


@click.command("calls")
@click.option("--owner", metavar="E-MAIL", help="Only this recruiter's people (e-mail or HubSpot owner id).")
@click.option(
    "--limit", type=click.IntRange(min=1), help="Only the first N. Default: a day's list a recruiter, all in JSON."
)
@click.option("--segment", metavar="NAME", help="Only this target group, ranked inside each relationship.")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
@click.pass_obj
def calls_command(
    invocation: Invocation, owner: str | None, limit: int | None, segment: str | None, as_json: bool
) -> None:
    """Whom to call first, and why, as of now: appointments and promises, then by score. Nobody is left out for a low
    score.

    \b
    warmline calls --owner kim@example.org
    warmline calls --limit 50
    warmline calls --segment never_applied
    """
    app = App.start(invocation.config)
    meant = _segment(app, segment) if segment is not None else None
    with open_view(app) as view:
        if as_json:
            show_json({"people": views.call_list(view, owner=owner, limit=limit, segment=meant)})
            return
        calls = views.calls_now(view, owner=owner, segment=meant)
        say, capacity = views.say_now(view), view.policy.call_list.capacity
    show_calls(calls, say, capacity=capacity, limit=limit, by_relationship=meant is not None)


def _segment(app: App, name: str) -> Segment:
    known = segments_of(app.settings.segments)
    if name.lower() not in known:
        fix = f"Known: {', '.join(sorted(known))}. Add a table [segments.{name}] to warmline.toml for another."
        raise ConfigError([Problem("--segment", f"there is no segment {name}.", fix)])
    return known[name.lower()]


def show_calls(calls: list[Call], say: Say, *, capacity: int, limit: int | None, by_relationship: bool) -> None:
    """The call list as people read it, one day of it for each recruiter or relationship; then how many may not be
    called, and why. With a limit the first so many of each, who may not be called too."""
    words = _WORDS.get(say.language, _WORDS["nl"])
    for name, own in (_by_relationship(calls, say) if by_relationship else _by_owner(calls, words["nobody"])).items():
        free = [call for call in own if call.bar is None]
        shown = own[:limit] if limit else free[:capacity]
        if not shown:
            continue
        click.echo(f"{words['today']} {name}, {len([one for one in shown if not one.bar])} {words['of']} {len(free)}")
        for rank, call in enumerate(shown, 1):
            click.echo(listed(rank, call, say))
        if len(free) > len(shown):
            whose = "" if by_relationship or own[0].owner is None else f" --owner {own[0].owner.email}"
            click.echo(f"   +{len(free) - len(shown)}: warmline calls{whose} --limit {len(own)}")
    refused = [call.bar.refusal for call in calls if call.bar]
    if refused:
        click.echo(f"{words['no']} {len(refused)}: {barred(refused, say.language)}")
    if not calls:
        click.echo(words["none"])


def _by_owner(calls: list[Call], nobody: str) -> dict[str, list[Call]]:
    """Each recruiter's own by e-mail, in order of e-mails; nobody's last."""
    found: dict[str, list[Call]] = {}
    for call in sorted(calls, key=lambda one: (one.owner is None, (one.owner and one.owner.email) or "")):
        found.setdefault((call.owner.email or call.owner.remote_id) if call.owner else nobody, []).append(call)
    return found


def _by_relationship(calls: list[Call], say: Say) -> dict[str, list[Call]]:
    kinds = [(kind, [call for call in calls if relationship(call.facts) is kind]) for kind in Relationship]
    return {relationship_word(kind, say.language): own for kind, own in kinds if own}
