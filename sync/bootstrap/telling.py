"""Who is told what at once: from the settings to the stage, and what doctor says of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from connectors.messages import Notifier
from connectors.notify import AppriseNotifier
from sync.bootstrap.app import App
from sync.core.notices import Hours
from sync.doctor import FIX, OK, WARNING, Finding
from sync.errors import ConfigError
from sync.stages.notify import Telling, tell_recruiters
from sync.stages.run import Run
from sync.store.runs import setting

UI_DOMAIN = "ui_domain"


def tell(app: App, run: Run, notifier: Notifier | None = None) -> list[str]:
    """Tell recruiters what there is to tell. What went wrong, as notes: it makes no run incomplete."""
    own = app.settings.notify
    if not own.is_on:
        return []
    try:
        addresses = own.addresses()
    except ConfigError as error:
        return [f"nobody was told anything: {error.problems[0].problem}"]
    hours = Hours(own.opens, own.closes, timedelta(minutes=own.ahead_minutes), run.policy.time)
    telling = Telling(own.what, hours, addresses, setting(run.db, UI_DOMAIN) or "")
    missed = tell_recruiters(run, notifier or AppriseNotifier(), telling)
    return [f"{missed} messages to recruiters were not delivered for sure: warmline doctor"] if missed else []


def telling_findings(app: App) -> Iterator[Finding]:
    """Addresses that cannot be used and owners who get no tasks, by e-mail; nothing where nobody is to be told."""
    own, routing = app.settings.notify, app.settings.routing
    if not own.is_on:
        return
    try:
        addresses = own.addresses()
    except ConfigError as error:
        yield Finding("notify", FIX, error.problems[0].problem, error.problems[0].fix)
        return
    notifier = AppriseNotifier()
    flaws = [flaw for one in addresses.values() if (flaw := notifier.flaw(one))]
    strangers = [email for email in addresses if email not in {*routing.recruiters, routing.fallback_owner}]
    if flaws:
        text = f"{len(flaws)} of {len(addresses)} addresses cannot be used: {flaws[0]}"
        yield Finding("notify", FIX, text, "Correct notify.urls; forms: github.com/caronc/apprise/wiki.")
    elif strangers:
        text = f"{len(strangers)} of {len(addresses)} e-mails in notify.urls are no recruiter's and are told nothing"
        yield Finding("notify", WARNING, text, "Write them as in routing.recruiters.")
    else:
        yield Finding("notify", OK, f"{len(addresses)} recruiters are told: {', '.join(own.what)}")
