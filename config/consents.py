"""The contact properties in which a team keeps consent, one table each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from config.sections import Section
from config.values import Lower
from sync.core.consent_said import ConsentProperty

Property = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=100)]
PropertyOrNone = Annotated[str, Field(pattern=r"^([a-z][a-z0-9_]*)?$", max_length=100)]
Short = Annotated[str, Field(max_length=80)]


class ConsentSettings(Section):
    """One property and what a yes in it means."""

    property: Property
    purpose: Annotated[Literal["running_application", "talent_pool", "marketing", "profiling"], Lower] = "talent_pool"
    channel: Annotated[Literal["phone", "email", "message", "any"], Lower]
    refuses: bool = False
    option: Short = ""
    text_version: Short = ""
    text_property: PropertyOrNone = ""
    at_property: PropertyOrNone = ""
    until_property: PropertyOrNone = ""


def consent_properties(settings: Mapping[str, ConsentSettings]) -> tuple[ConsentProperty, ...]:
    """Where consent is read, in the order of the names people gave."""
    return tuple(_property(settings[name].model_dump()) for name in sorted(settings))


def _property(values: dict[str, Any]) -> ConsentProperty:
    return ConsentProperty(values.pop("property"), **values)
