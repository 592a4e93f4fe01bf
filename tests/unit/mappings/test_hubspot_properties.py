"""The contact properties, their canonical spelling, and what no mapping may read."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mappings.filedrop import NOUNS, Mapper
from mappings.hubspot import contact_properties
from mappings.hubspot_properties import TYPES, canonical, load_group, load_properties, property_types
from mappings.rules import FORBIDDEN, is_forbidden
from sync.core.model import Band

DEFAULTS = [
    "warmline_candidate_id",
    "warmline_score",
    "warmline_band",
    "warmline_why",
    "warmline_last_touch_at",
    "warmline_reply_due_at",
    "warmline_call_back_at",
    "warmline_do_not_call",
]


def test_the_defaults_come_first_in_order_of_priority() -> None:
    properties = load_properties()

    assert [spec.name for spec in properties if spec.default] == DEFAULTS
    assert [spec.priority for spec in properties] == list(range(19))
    assert [spec.name for spec in properties if spec.unique] == ["warmline_candidate_id"]
    assert load_group()[0] == "warmline"


def test_every_property_has_a_type_that_fits_its_name_and_both_languages() -> None:
    for spec in load_properties():
        assert spec.type in TYPES
        assert (spec.type == "datetime") == spec.name.endswith("_at")
        assert bool(spec.options) == (spec.type in ("bool", "enumeration"))
        for language in ("nl", "en"):
            assert spec.labels[language]
            assert spec.descriptions[language]
            assert all(label for _, label in spec.option_labels(language))


def test_the_band_s_options_are_the_bands() -> None:
    band = next(spec for spec in load_properties() if spec.name == "warmline_band")

    assert [value for value, _ in band.options] == [band.value for band in Band]
    assert band.option_labels("nl")[0] == ("hot", "heet")
    assert property_types()["warmline_band"] == "enumeration"


@pytest.mark.parametrize(
    ("type", "one", "other"),
    [
        ("number", "62", "62.0"),
        ("number", "1E3", "1000"),
        ("number", "-0", "0"),
        ("datetime", "1793520000000", "2026-11-01T08:00:00Z"),
        ("datetime", "2026-11-01T09:00:00+01:00", "2026-11-01T08:00:00.000Z"),
        ("date", "1793491200000", "2026-11-01"),
        ("bool", "true", "TRUE"),
        ("enumeration", "b;a", "a;b"),
        ("string", "tekst \n", "tekst"),
        ("string", "a\r\nb", "a\nb"),
        ("string", None, ""),
        ("number", None, ""),
        ("datetime", "", None),
    ],
)
def test_two_spellings_of_one_value_are_equal(type: str, one: str | None, other: str | None) -> None:
    assert canonical(type, one) == canonical(type, other)


@pytest.mark.parametrize(
    ("type", "one", "other"),
    [
        ("number", "62", "63"),
        ("number", "0", ""),  # zero is not empty
        ("string", "62", "62.0"),
        ("bool", "false", ""),
        ("string", " a", "a"),
        ("datetime", "1793520000000", "1793520000001"),
    ],
)
def test_two_values_are_not_equal(type: str, one: str, other: str) -> None:
    assert canonical(type, one) != canonical(type, other)


@given(type=st.sampled_from(TYPES), value=st.text())
def test_canonical_never_fails_and_is_settled(type: str, value: str) -> None:
    once = canonical(type, value)

    assert canonical(type, once) == once


def test_no_mapping_reads_or_fills_what_is_forbidden(mapper: Mapper) -> None:
    columns = {column for noun in NOUNS for column in mapper.columns(noun)}
    fields = {field.name for model in NOUNS.values() for field in dataclasses.fields(model)}

    assert [name for name in [*contact_properties(), *columns, *fields] if is_forbidden(name)] == []


@pytest.mark.parametrize(
    "name",
    ["date_of_birth", "Geboortedatum", "birthday", "gender", "Geslacht", "photo_url", "nationality", "BSN", "religion",
     "health", "notes", "hs_note_body",
     "CV", "cv_text", "resume", "Motivatie", "cover letter",
     "hs_analytics_last_url", "ip_address"],
)  # fmt: skip
def test_forbidden_names_are_known_however_they_are_spelled(name: str) -> None:
    assert is_forbidden(name)
    assert FORBIDDEN


@pytest.fixture
def mapper() -> Mapper:
    from zoneinfo import ZoneInfo

    return Mapper(None, ZoneInfo("Europe/Amsterdam"))
