"""Settings from file and environment."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.init_file import InitAnswers, load_reasons, render_toml
from config.layers import load_defaults
from config.settings import Settings, load
from sync.core.policy import AudiencePolicy, KindPolicy, RoutingPolicy, WorkingTime
from sync.errors import ConfigError, Problem

TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def problems_of(environ: dict[str, str], path: Path | None = None) -> list[Problem]:
    with pytest.raises(ConfigError) as refused:
        load(path, environ)
    return list(refused.value.problems)


def test_without_file_and_environment_the_defaults_hold_and_nothing_is_written() -> None:
    settings = load(None, {})

    assert settings.writes.enabled is False
    assert settings.contact.call_grounds == ()
    assert settings.contact.tracking_consent == "off"
    assert settings.sources == {}
    assert settings.team.timezone == "Europe/Amsterdam"
    assert settings.hubspot.base_url == "https://api.hubapi.com"


def test_the_environment_wins_over_the_file_and_the_file_over_the_defaults(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(
        '[team]\nlanguage = "en"\ntimezone = "Europe/Brussels"\n[score.kinds.reply]\nweight = 2.5\n', encoding="utf-8"
    )

    settings = load(path, {"WARMLINE_TEAM__LANGUAGE": "nl", "WARMLINE_SCORE__KINDS__REPLY__CAP": "5"})

    assert (settings.team.language, settings.team.timezone) == ("nl", "Europe/Brussels")
    reply = settings.score.kinds["reply"]
    assert (reply.weight, reply.half_life_days, reply.cap) == (2.5, 60, 5)


def test_the_file_is_the_argument_else_the_variable_else_the_one_beside_you(tmp_path: Path) -> None:
    for name, rise in (("a.toml", 7), ("b.toml", 8), ("warmline.toml", 9)):
        (tmp_path / name).write_text(f"[writes]\nrise = {rise}\n", encoding="utf-8")

    by_argument = load(Path("a.toml"), {"WARMLINE_CONFIG": "b.toml"})
    by_variable = load(None, {"WARMLINE_CONFIG": "b.toml"})
    beside = load(None, {})

    assert [settings.writes.rise for settings in (by_argument, by_variable, beside)] == [7, 8, 9]


def test_lists_are_comma_separated_in_the_environment_and_empty_variables_are_not_set() -> None:
    environ = {
        "WARMLINE_ROUTING__RECRUITERS": "A@example.org, b@example.org,",
        "WARMLINE_AUDIENCE__INCLUDE": "linked,list:12",
        "WARMLINE_HOURS__EXTRA_HOLIDAYS": "2026-12-24,2026-12-31",
        "WARMLINE_WRITES__OWNERS": "",
    }

    settings = load(None, environ)

    assert settings.routing.recruiters == ("a@example.org", "b@example.org")
    assert settings.audience.include == ("linked", "list:12")
    assert settings.hours.extra_holidays == (date(2026, 12, 24), date(2026, 12, 31))
    assert settings.writes.owners == ()


def test_a_source_from_the_environment_has_its_name_in_lower_case(tmp_path: Path) -> None:
    environ = {"WARMLINE_SOURCES__ATS_1__KIND": "FileDrop", "WARMLINE_SOURCES__ATS_1__PATH": "/srv/in"}

    source = load(None, environ).sources["ats_1"]

    assert (source.kind, source.path, source.errors_report) == ("filedrop", Path("/srv/in"), True)


@pytest.mark.parametrize(
    ("environ", "key", "problem"),
    [
        ({"WARMLINE_TEAM__LANGAUGE": "nl"}, "team.langauge (WARMLINE_TEAM__LANGAUGE)", "unknown key."),
        ({"WARMLINE_TAEM__LANGUAGE": "nl"}, "taem", "unknown key."),
        ({"WARMLINE_TEAM__LANGUAGE": "fr"}, "team.language (WARMLINE_TEAM__LANGUAGE)", "must be one of: nl, en."),
        (
            {"WARMLINE_TEAM__TIMEZONE": "Mars/Base"},
            "team.timezone (WARMLINE_TEAM__TIMEZONE)",
            "is not a time zone such as Europe/Amsterdam.",
        ),
        (
            {"WARMLINE_GUARDS__PLAN_SHARE": "2"},
            "guards.plan_share (WARMLINE_GUARDS__PLAN_SHARE)",
            "must be at most 1.0.",
        ),
        (
            {"WARMLINE_SCORE__KINDS__REPLY__HALF_LIFE_DAYS": "7"},
            "score.kinds.reply.half_life_days (WARMLINE_SCORE__KINDS__REPLY__HALF_LIFE_DAYS)",
            "must be at least 14.0.",
        ),
        ({"WARMLINE_SCORE__KINDS__REPLIES__CAP": "7"}, "score.kinds.replies", "unknown key."),
        (
            {"WARMLINE_WRITES__ENABLED": "misschien"},
            "writes.enabled (WARMLINE_WRITES__ENABLED)",
            "must be true or false.",
        ),
        ({"WARMLINE_WRITES__RISE": "x"}, "writes.rise (WARMLINE_WRITES__RISE)", "must be a whole number."),
        ({"WARMLINE_TEAM": "x"}, "team (WARMLINE_TEAM)", "must be a table."),
        ({"WARMLINE_MIRROR__PATH__X": "x"}, "WARMLINE_MIRROR__PATH__X", "is below a key that has a value of its own."),
        (
            {"WARMLINE_AUDIENCE__INCLUDE": "everyone"},
            "audience.include (WARMLINE_AUDIENCE__INCLUDE)",
            "must be linked, all or list:<number>.",
        ),
        (
            {"WARMLINE_CONTACT__TRACKING_CONSENT": "yes"},
            "contact.tracking_consent (WARMLINE_CONTACT__TRACKING_CONSENT)",
            "must be off, portal or property:<name of a contact property>.",
        ),
        (
            {"WARMLINE_HUBSPOT__BASE_URL": "api.hubapi.com"},
            "hubspot.base_url (WARMLINE_HUBSPOT__BASE_URL)",
            "must be a scheme and a host such as https://api.example.org.",
        ),
        ({"WARMLINE_HOURS__OPENS": "19:00"}, "hours", "opens must be before closes."),
        ({"WARMLINE_SCORE__WARM": "70"}, "score", "cool must be below warm and warm below hot."),
        ({"WARMLINE_CLOCK__NOW": "morgen"}, "clock.now (WARMLINE_CLOCK__NOW)", "is not a date or time as ISO 8601."),
        ({"WARMLINE_SOURCES__A__PATH": "x"}, "sources.a.kind", "is not set."),
        ({"WARMLINE_SOURCES__A__KIND": "filedrop"}, "sources.a.path", "is not set."),
        (
            {"WARMLINE_SOURCES__HUBSPOT__KIND": "filedrop", "WARMLINE_SOURCES__HUBSPOT__PATH": "x"},
            "sources.hubspot",
            "hubspot is HubSpot itself.",
        ),
        (
            {"WARMLINE_SOURCES__A-B__KIND": "filedrop", "WARMLINE_SOURCES__A-B__PATH": "x"},
            "sources.a-b",
            "a source's name may hold a-z, 0-9 and _ only.",
        ),
        (
            {"WARMLINE_CONFIG": "nowhere.toml"},
            "WARMLINE_CONFIG",
            "nowhere.toml cannot be read (No such file or directory).",
        ),
    ],
)
def test_a_wrong_setting_is_told_by_its_key_with_a_fix(environ: dict[str, str], key: str, problem: str) -> None:
    (told,) = problems_of(environ)

    assert (told.key, told.problem) == (key, problem)
    assert told.fix


def test_all_problems_are_told_at_once_from_file_and_environment(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text('[team]\nlangauge = "nl"\n[sources.A]\nkind = "monster"\ntoken = "x"\n', encoding="utf-8")

    told = problems_of({"WARMLINE_WRITES__RISE": "0", "WARMLINE_NOISE": "1"}, path)

    assert {problem.key for problem in told} == {
        "team.langauge",
        "sources.a.kind",
        "writes.rise (WARMLINE_WRITES__RISE)",
        "noise (WARMLINE_NOISE)",
    }
    assert next(problem.fix for problem in told if problem.key == "team.langauge") == "Did you mean language?"
    assert "recruitee, salesforce" in next(problem.problem for problem in told if problem.key == "sources.a.kind")


@pytest.mark.parametrize(
    "content", [b"[team\n", b'[hubspot]\ntoken = "pat-geheim\n', b"\xff\xfe", b"[sources.a]\n[sources.A]\n"]
)
def test_a_file_that_cannot_be_used_is_told_without_its_content(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "own.toml").write_bytes(content)

    (told,) = problems_of({}, tmp_path / "own.toml")

    assert "geheim" not in str(told)


def test_secrets_show_in_no_error_and_no_print(tmp_path: Path) -> None:
    environ = {
        "WARMLINE_HUBSPOT__TOKEN": "pat-geheim",
        "WARMLINE_SOURCES__A__PASSWORD": "geheim",
        "WARMLINE_TEAM__LANGUAGE": "geheim",
    }

    told = problems_of(environ)
    settings = load(None, {"WARMLINE_HUBSPOT__TOKEN": "pat-geheim"})

    assert "geheim" not in str(told)
    assert "geheim" not in repr(settings)
    assert settings.hubspot.read_token() == "pat-geheim"


def test_the_token_file_is_read_at_every_use(tmp_path: Path) -> None:
    token = tmp_path / "token"
    hubspot = load(None, {"WARMLINE_HUBSPOT__TOKEN_FILE": str(token)}).hubspot
    read = []
    for text in ("pat-1\n", "pat-2\n"):
        token.write_text(text, encoding="utf-8")
        read.append(hubspot.read_token())

    assert read == ["pat-1", "pat-2"]


@pytest.mark.parametrize(
    ("content", "key"),
    [(None, "hubspot.token_file"), ("", "hubspot.token_file"), ("none set", "hubspot.token")],
)
def test_a_missing_token_is_a_problem_with_both_ways_to_set_it(tmp_path: Path, content: str | None, key: str) -> None:
    if content is not None:
        (tmp_path / "token").write_text(content, encoding="utf-8")
    environ = {"WARMLINE_HUBSPOT__TOKEN_FILE": str(tmp_path / "token")} if content != "none set" else {}

    with pytest.raises(ConfigError, match="WARMLINE_HUBSPOT__TOKEN") as refused:
        load(None, environ).hubspot.read_token()

    assert refused.value.problems[0].key == key


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-24T09:00:00+01:00", datetime(2026, 11, 24, 8, tzinfo=UTC)),
        ("2026-11-24T08:00:00Z", datetime(2026, 11, 24, 8, tzinfo=UTC)),
        ("2026-11-24T09:00:00", datetime(2026, 11, 24, 8, tzinfo=UTC)),  # no offset: the team's zone
        ("", None),
    ],
)
def test_a_fixed_now_is_in_utc(now: str, expected: datetime | None) -> None:
    assert load(None, {"WARMLINE_CLOCK__NOW": now}).fixed_now == expected


def test_the_policy_holds_what_was_set() -> None:
    environ = {
        "WARMLINE_AUDIENCE__INCLUDE": "list:12,all",
        "WARMLINE_TEAM__DOMAINS": "Example.org",
        "WARMLINE_ROUTING__RECRUITERS": "a@example.org",
        "WARMLINE_WRITES__OWNERS": "a@example.org",
        "WARMLINE_CONTACT__CALL_GROUNDS": "application,request",
        "WARMLINE_HOURS__COUNTRY": "none",
        "WARMLINE_HOURS__WEEKDAYS": "mon,sat",
        "WARMLINE_HOURS__EARLY_DAYS": "12-24",
        "WARMLINE_HOURS__EARLY_CLOSES": "16:00",
    }

    settings = load(None, environ)
    policy = settings.policy("123", frozenset({"warmline_score"}), TODAY)

    assert policy.audience == AudiencePolicy(
        lists=frozenset({"12"}), everyone=True, internal_domains=frozenset({"example.org"})
    )
    assert policy.routing == RoutingPolicy(frozenset({"a@example.org"}), pilots=frozenset({"a@example.org"}))
    assert policy.contact.grounds == {"application", "request"}
    assert policy.time == WorkingTime(
        settings.team.zone,
        time(9),
        time(18),
        frozenset({0, 5}),
        early_days=frozenset({(12, 24)}),
        early_closes=time(16),
    )
    assert policy.score.kinds["reply"] == KindPolicy(1.5, 60, 4)
    assert (policy.portal_id, policy.write.properties) == ("123", {"warmline_score"})


def test_the_score_s_version_changes_with_its_rules_only() -> None:
    versions = [
        load(None, environ).policy("1", frozenset(), TODAY).score.version
        for environ in ({}, {"WARMLINE_WRITES__RISE": "9"}, {"WARMLINE_SCORE__KINDS__FORM__CAP": "2"})
    ]

    assert versions[0] == versions[1] != versions[2]


@pytest.mark.parametrize(
    ("environ", "free", "worked"),
    [
        ({}, [date(2026, 12, 25), date(2027, 3, 29), date(2025, 5, 5)], [date(2026, 4, 3), date(2026, 5, 5)]),
        ({"WARMLINE_HOURS__GOOD_FRIDAY": "true"}, [date(2026, 4, 3), date(2027, 3, 26)], []),
        ({"WARMLINE_HOURS__LIBERATION_DAY": "always"}, [date(2026, 5, 5), date(2025, 5, 5)], []),
        ({"WARMLINE_HOURS__LIBERATION_DAY": "never"}, [], [date(2025, 5, 5)]),
        (
            {"WARMLINE_HOURS__COUNTRY": "BE"},
            [date(2026, 7, 21)],
            [date(2026, 4, 27), date(2026, 4, 3), date(2025, 5, 5)],
        ),
        ({"WARMLINE_HOURS__COUNTRY": "BE", "WARMLINE_HOURS__GOOD_FRIDAY": "true"}, [date(2026, 4, 3)], []),
        # Epiphany is a holiday in Bavaria, not in the whole country
        ({"WARMLINE_HOURS__COUNTRY": "DE", "WARMLINE_HOURS__REGION": "by"}, [date(2026, 1, 6), date(2026, 10, 3)], []),
        ({"WARMLINE_HOURS__COUNTRY": "DE"}, [], [date(2026, 1, 6)]),
        # a holiday on which the office is open all the same
        ({"WARMLINE_HOURS__WORKED_HOLIDAYS": "2026-05-14"}, [date(2027, 5, 6)], [date(2026, 5, 14)]),
        ({"WARMLINE_HOURS__COUNTRY": "DE"}, [date(2026, 4, 3), date(2026, 10, 3)], [date(2026, 4, 27)]),
        (
            {"WARMLINE_HOURS__COUNTRY": "none", "WARMLINE_HOURS__EXTRA_HOLIDAYS": "2026-12-24"},
            [date(2026, 12, 24)],
            [date(2026, 12, 25)],
        ),
    ],
)
def test_days_off_follow_country_and_settings(environ: dict[str, str], free: list[date], worked: list[date]) -> None:
    holidays = load(None, environ).policy("1", frozenset(), TODAY).time.holidays

    assert [day for day in free if day not in holidays] == []
    assert [day for day in worked if day in holidays] == []


def test_every_default_has_a_reason_and_every_setting_without_default_is_optional() -> None:
    reasons = load_reasons()
    tables = [((), load_defaults())]
    while tables:
        path, table = tables.pop()
        for key, value in table.items():
            if isinstance(value, dict) and path != ("score", "kinds"):
                tables.append(((*path, key), value))
            elif path != ("score", "kinds"):
                assert reasons.get((*path, key)), ".".join((*path, key))


def test_settings_import_without_the_slow_packages() -> None:
    code = "import sys, config.settings; print([name for name in ('holidays', 'hubspot') if name in sys.modules])"

    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[3]
    )

    assert shown.stdout.strip() == "[]"


ANSWERS = InitAnswers(
    attested_by='Van "DE" Haterd',
    attested_at="2026-11-21T10:00:00+00:00",
    call_grounds=("application",),
    tracking_consent="property:ok",
    portal_id="123",
    token_file="/run/secrets/hubspot",
    mirror_path="/var/lib/warmline.db",
    timezone="Europe/Brussels",
    language="en",
    domains=("example.org",),
    audience=("linked", "list:12"),
    recruiters=("a@example.org",),
    fallback_owner="b@example.org",
    source_name="ats",
    source_path="C:\\in",
)


def test_what_init_writes_loads_back_with_every_answer(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(render_toml(ANSWERS), encoding="utf-8")

    settings = load(path, {})

    assert settings.contact.attested_by == 'Van "DE" Haterd'
    assert settings.contact.attested_at == "2026-11-21T10:00:00+00:00"
    assert (settings.contact.call_grounds, settings.contact.consent_property) == (("application",), "ok")
    assert (settings.hubspot.portal_id, settings.hubspot.token_file) == ("123", Path("/run/secrets/hubspot"))
    assert (settings.team.timezone, settings.team.language, settings.team.domains) == (
        "Europe/Brussels",
        "en",
        ("example.org",),
    )
    assert settings.audience.include == ("linked", "list:12")
    assert (settings.routing.recruiters, settings.routing.fallback_owner) == (("a@example.org",), "b@example.org")
    assert settings.sources["ats"].path == Path("C:\\in")
    assert settings.writes.enabled is False


@pytest.mark.parametrize("answers", [InitAnswers(), InitAnswers(portal_id="1")])
def test_without_a_token_file_init_writes_where_the_token_comes_from(tmp_path: Path, answers: InitAnswers) -> None:
    text = render_toml(answers)
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")

    assert load(tmp_path / "own.toml", {}).contact.tracking_consent == "off"
    assert text.count("WARMLINE_HUBSPOT__TOKEN") == 1
    assert text.count("[hubspot]") == 1


def test_what_init_writes_says_why_above_each_key() -> None:
    lines = render_toml(ANSWERS).splitlines()

    for place, line in enumerate(lines):
        if " = " in line and not line.startswith("#") and not line.startswith(("kind", 'path = "C')):
            assert any(before.startswith("#") for before in lines[max(0, place - 4) : place]), line


@settings(max_examples=100, deadline=None)
@given(name=st.text(alphabet="ABC_hubspot.0", max_size=20), value=st.text(max_size=20))
def test_no_variable_breaks_the_settings_other_than_by_a_problem(name: str, value: str) -> None:
    try:
        assert isinstance(load(None, {f"WARMLINE_{name}": value}), Settings)
    except ConfigError as refused:
        assert refused.problems


def test_a_file_without_a_source_folder_loads_and_says_how_to_add_one(tmp_path: Path) -> None:
    target = tmp_path / "warmline.toml"
    target.write_text(render_toml(InitAnswers(source_name="ats")), encoding="utf-8")

    assert load(target, {}).sources == {}
    assert '# path = "/data/ats"' in target.read_text(encoding="utf-8")


def test_the_table_of_owners_is_read_from_file_and_environment(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text('[routing.owners]\n"Kim@Agency.example" = "Anna@bureau.example"\n', encoding="utf-8")
    of_file = load(path, {}).routing.owners
    of_both = load(
        path, {"WARMLINE_ROUTING__OWNERS": "a@x.example=B@y.example, c@x.example=d@y.example"}
    ).routing.owners

    assert load(None, {}).routing.owners == {}
    assert of_file == {"kim@agency.example": "anna@bureau.example"}
    assert of_both == {"a@x.example": "b@y.example", "c@x.example": "d@y.example"}


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("a@x.example", "is not an e-mail address."),
        ("a@x.example=", "is not an e-mail address."),
        ("kim=a@x.example", "is not an e-mail address."),
        ("a@x.example=b@y.example,A@x.example=c@y.example", "names an ATS e-mail address twice."),
    ],
)
def test_a_wrong_table_of_owners_is_one_problem_without_an_address(written: str, reason: str) -> None:
    [problem] = problems_of({"WARMLINE_ROUTING__OWNERS": written})

    assert (problem.key, problem.problem) == ("routing.owners (WARMLINE_ROUTING__OWNERS)", reason)
    assert "@" not in str(problem)


def test_a_table_of_owners_with_a_number_in_it_is_one_problem(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text('[routing.owners]\n"kim@agency.example" = 3\n"lea@agency.example" = 4\n', encoding="utf-8")

    assert [one.key for one in problems_of({}, path)] == ["routing.owners"]


def test_init_sets_up_recruitee_without_its_token(tmp_path: Path) -> None:
    target = tmp_path / "warmline.toml"
    answers = InitAnswers(source_name="ats", source_kind="recruitee", source_company="voorbeeldzorg")
    target.write_text(render_toml(answers), encoding="utf-8")

    source = load(target, {}).sources["ats"]
    assert (source.kind, source.company, source.token) == ("recruitee", "voorbeeldzorg", None)
    assert "WARMLINE_SOURCES__ATS__TOKEN" in target.read_text(encoding="utf-8")
