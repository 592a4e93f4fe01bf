"""Provision: the group and the contact properties warmline writes to. Safe to run twice; `remove` undoes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from connectors.protocols import Crm, PropertySpec, PropertyState
from sync.errors import FatalError, RejectedAction

GROUP = "warmline"
GROUP_LABEL = "warmline"
Tell = Callable[[str], None]


class PropertyTypeMismatch(FatalError):
    """A property of that name exists with another type; warmline does not write to it."""


@dataclass(slots=True)
class Provisioned:
    """Names of the properties made, found as they should be, removed, and refused by the portal with the reason."""

    created: list[str] = field(default_factory=list)
    present: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)


def mismatches(specs: Sequence[PropertySpec], states: Mapping[str, PropertyState]) -> list[str]:
    """Sentences for the properties that exist with another type, field type or uniqueness than warmline needs."""
    found = []
    for spec in specs:
        state = states.get(spec.name)
        if state is None or state.archived:
            continue
        if state.type != spec.type:
            found.append(f"{spec.name} is of type {state.type}, warmline needs {spec.type}")
        elif spec.unique and not state.unique:
            found.append(f"{spec.name} exists without unique values, warmline needs them")
    return found


def provision(crm: Crm, specs: Sequence[PropertySpec], tell: Tell) -> Provisioned:
    """Make the group and what is missing, in order of priority; a portal that allows fewer properties gets the first
    ones.

    Raises PropertyTypeMismatch before anything is made; MissingScope, AuthError, RetriableError.
    """
    states = crm.fetch_properties()
    wrong = mismatches(specs, states)
    if wrong:
        raise PropertyTypeMismatch(
            "; ".join(wrong) + ".",
            fix="Rename or archive it in HubSpot (Settings, Properties), then run `warmline provision` again.",
        )
    done = Provisioned()
    missing = [spec for spec in specs if spec.name not in states or states[spec.name].archived]
    done.present = [spec.name for spec in specs if spec not in missing]
    if missing:
        crm.ensure_group(GROUP, GROUP_LABEL)
    for spec in missing:
        try:
            crm.create_property(spec, GROUP)
        except RejectedAction as error:
            done.refused[spec.name] = error.reason
            continue
        done.created.append(spec.name)
        tell(f"made {spec.name}")
    return done


def remove(crm: Crm, specs: Sequence[PropertySpec], tell: Tell) -> Provisioned:
    """Archive warmline's properties and its group; HubSpot keeps archived values for 90 days."""
    states = crm.fetch_properties()
    done = Provisioned()
    for spec in specs:
        if spec.name in states and crm.archive_property(spec.name):
            done.removed.append(spec.name)
            tell(f"removed {spec.name}")
    crm.archive_group(GROUP)
    return done
