"""Doctor: looks at everything a run needs and says what to do about what is missing. Writes nothing anywhere."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from connectors.protocols import Account, Crm, PropertySpec, StreamSpec, Window
from sync.errors import MissingScope, NotServed, RejectedAction, WarmlineError
from sync.stages.provision import mismatches
from sync.store.reads import AtsRecruiter, UnknownStage

OK, WARNING, FIX = "ok", "warning", "fix"
EVERYTHING = Window(None, datetime.max.replace(tzinfo=UTC))
LISTED = 20
A_DAY_LONG_AGO = Window(datetime(2000, 1, 1, tzinfo=UTC), datetime(2000, 1, 2, tzinfo=UTC))  # one request, no records


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `status`: ok, warning (works, but know this), fix (a run would fail or do less than
    asked)."""

    check: str
    status: str
    message: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Setup:
    """What doctor looks at, gathered by bootstrap. Empty `grounds`: no calls.

    `tracking`: off, portal or property:<name>. `routes`: ATS e-mail to owner e-mail. `ats_recruiters`: who recruits in
    the ATS; None: there is no mirror yet. `unknown_stages`: of open vacancies in the mirror. `absent`: e-mails of who
    is away and of who stands in.
    """

    mirror_path: Path
    portal_id: str | None
    writes: bool
    recruiters: Sequence[str]
    fallback_owner: str | None
    grounds: Sequence[str]
    tracking: str
    sources: Sequence[tuple[str, Callable[[], str]]]
    routes: Mapping[str, str]
    ats_recruiters: Callable[[], Sequence[AtsRecruiter] | None]
    unknown_stages: Callable[[], Sequence[UnknownStage]]
    absent: Sequence[str] = ()


def examine(crm: Crm, setup: Setup, specs: Sequence[PropertySpec], open_mirror: Callable[[], str]) -> Iterator[Finding]:
    """Every check in order; one that raises becomes a finding, the next ones still run (those that need HubSpot only
    while it answers)."""
    yield _attempt("mirror", open_mirror, f"Check {setup.mirror_path} and its folder.")
    for name, look in setup.sources:
        yield _attempt(f"source {name}", look, f"Check the settings under sources.{name}.")
    yield from _stages(setup)
    account = _account(crm, setup)
    yield account
    if account.status != FIX:
        yield from _hubspot(crm, setup, specs)
    yield from _policy(setup)


def _attempt(check: str, look: Callable[[], str], fix: str) -> Finding:
    try:
        return Finding(check, OK, look())
    except WarmlineError as error:
        return Finding(check, FIX, error.message, error.fix or fix)


def _stages(setup: Setup) -> Iterator[Finding]:
    """Stages whose names no word list knows, by source."""
    try:
        unknown = setup.unknown_stages()
    except WarmlineError:
        return  # the check of the mirror says so
    for source in sorted({one.source for one in unknown}):
        own = [one for one in unknown if one.source == source]
        told = ", ".join(f"{one.name} ({one.vacancies})" for one in own[:LISTED])
        more = f" and {len(own) - LISTED} more" if len(own) > LISTED else ""
        text = f"no known meaning (number of open vacancies): {told}{more}"
        fix = f"Put their words under [words.stage_kind] in the file of sources.{source}.mapping."
        yield Finding(f"stages {source}", WARNING, text, fix)


def _account(crm: Crm, setup: Setup) -> Finding:
    try:
        account = crm.fetch_account()
    except WarmlineError as error:
        return Finding("hubspot token", FIX, error.message, error.fix or "Check hubspot.token and hubspot.base_url.")
    if setup.portal_id and account.portal_id != setup.portal_id:
        message = f"the token belongs to portal {account.portal_id}, the settings say {setup.portal_id}"
        return Finding("hubspot portal", FIX, message, "Correct hubspot.portal_id or use that portal's token.")
    return Finding("hubspot portal", OK, _portal_words(account))


def _portal_words(account: Account) -> str:
    return f"portal {account.portal_id}, {account.time_zone}"


def _hubspot(crm: Crm, setup: Setup, specs: Sequence[PropertySpec]) -> Iterator[Finding]:
    yield _properties(crm, specs)
    yield from _owners(crm, setup)
    yield _stream(crm, "contacts", "crm.objects.contacts.read")
    yield _stream(crm, "tasks", "crm.objects.contacts.read")
    yield from (_optional_stream(crm, spec) for spec in crm.streams if spec.optional)


def _properties(crm: Crm, specs: Sequence[PropertySpec]) -> Finding:
    try:
        states = crm.fetch_properties()
    except WarmlineError as error:
        return Finding("properties", FIX, error.message, error.fix or "Give the token crm.schemas.contacts.read.")
    wrong = mismatches(specs, states)
    if wrong:
        return Finding(
            "properties", FIX, "; ".join(wrong), "Rename or archive it in HubSpot, then run `warmline provision`."
        )
    missing = [spec.name for spec in specs if spec.name not in states or states[spec.name].archived]
    if missing:
        return Finding("properties", WARNING, f"missing: {', '.join(missing)}", "Run `warmline provision`.")
    return Finding("properties", OK, f"{len(specs)} of {len(specs)} there")


def _stream(crm: Crm, noun: str, scope: str) -> Finding:
    try:
        next(iter(crm.fetch_pages(noun, EVERYTHING, None)), None)
    except MissingScope as error:
        scopes = ", ".join(error.scopes) or scope
        return Finding(f"hubspot {noun}", FIX, f"the token may not read {noun}", f"Add the scope {scopes}.")
    except WarmlineError as error:
        return Finding(f"hubspot {noun}", FIX, error.message, error.fix)
    return Finding(f"hubspot {noun}", OK, "readable")


def _optional_stream(crm: Crm, spec: StreamSpec) -> Finding:
    """A stream a run can do without: it switches itself off when HubSpot does not show it."""
    noun = spec.noun
    try:
        next(iter(crm.fetch_pages(noun, A_DAY_LONG_AGO, None)), None)
    except MissingScope as error:
        if spec.needs:
            fix = f"It needs {spec.needs}. `warmline sync --full` asks again at once, other runs once a day."
            return Finding(f"hubspot {noun}", WARNING, f"off: HubSpot does not show {noun} to this token", fix)
        scopes = " or ".join(error.scopes) or f"crm.objects.{noun}.read"
        return Finding(f"hubspot {noun}", WARNING, f"off: the token may not read {noun}", f"Add the scope {scopes}.")
    except (NotServed, RejectedAction) as error:
        fix = f"It needs {spec.needs}." if spec.needs else error.fix
        return Finding(f"hubspot {noun}", WARNING, f"off: {error.message}", fix)
    except WarmlineError as error:
        return Finding(f"hubspot {noun}", FIX, error.message, error.fix)
    return Finding(f"hubspot {noun}", OK, "readable")


def _owners(crm: Crm, setup: Setup) -> Iterator[Finding]:
    try:
        pages = crm.fetch_pages("owners", EVERYTHING, None)
        emails = {str(one.get("email") or "").lower() for page in pages for one in page.records}
    except WarmlineError as error:
        yield Finding("owners", FIX, error.message, error.fix or "Give the token crm.objects.owners.read.")
        return
    wanted = sorted({*setup.recruiters, *([setup.fallback_owner] if setup.fallback_owner else [])})
    unknown = [email for email in wanted if email not in emails]
    if not wanted:
        yield Finding("routing", WARNING, "no recruiters are listed: nobody gets tasks", "Set routing.recruiters.")
    elif unknown:
        text = f"{len(unknown)} of {len(wanted)} recruiters are not an active HubSpot owner"
        yield Finding("routing", WARNING, text, "Compare routing.recruiters with the users of the portal.")
    else:
        yield Finding("routing", OK, f"{len(wanted)} recruiters found among {len(emails)} owners")
    unlisted = [email for email in setup.absent if email not in wanted]
    if unlisted:
        text = f"{len(unlisted)} of {len(setup.absent)} e-mails in routing.absent are no recruiter's and change nothing"
        yield Finding("absence", WARNING, text, "Write them as in routing.recruiters.")
    yield from _ats_users(setup, emails - {""})


def _ats_users(setup: Setup, owners: Collection[str]) -> Iterator[Finding]:
    """Who recruits in the ATS and is nobody in HubSpot: their tasks go to the next in line. Ids only."""
    try:
        everyone = setup.ats_recruiters()
    except WarmlineError:
        return  # the check of the mirror says so
    if everyone is None:
        return
    unmapped = [one for one in everyone if one.email not in owners and setup.routes.get(one.email or "") not in owners]
    if not unmapped:
        yield Finding("ats users", OK, f"all {len(everyone)} are active HubSpot owners")
        return
    told = ", ".join(one.ref for one in unmapped[:LISTED])
    more = f" and {len(unmapped) - LISTED} more" if len(unmapped) > LISTED else ""
    text = f"{len(unmapped)} of {len(everyone)} are no active HubSpot owner, others get their tasks: {told}{more}"
    yield Finding("ats users", WARNING, text, "Name the owner of each who recruits in routing.owners.")


def _policy(setup: Setup) -> Iterator[Finding]:
    if setup.grounds:
        yield Finding("call ground", OK, ", ".join(setup.grounds))
    else:
        fix = "Set contact.call_grounds once somebody answers for the ground."
        yield Finding("call ground", WARNING, "none is recorded: no call tasks are made", fix)
    if setup.tracking == "off":
        fix = "Set contact.tracking_consent to portal or property:<name> once consent is arranged."
        yield Finding("tracking consent", WARNING, "off: web and mail touches are not stored", fix)
    else:
        yield Finding("tracking consent", OK, setup.tracking)
    if setup.writes:
        yield Finding("writes", OK, "on")
    else:
        yield Finding(
            "writes", WARNING, "off: runs end with the plan", "Set writes.enabled = true when the plan looks right."
        )
