"""The one place that picks the real parts and wires them: settings in, an open run out."""

from __future__ import annotations

from sync.bootstrap.app import App
from sync.bootstrap.greeting import check_expected_portal
from sync.bootstrap.look import drift_of, examine, examine_mirror_file, open_view, property_specs
from sync.bootstrap.session import Session, open_session

__all__ = [
    "App",
    "Session",
    "check_expected_portal",
    "drift_of",
    "examine",
    "examine_mirror_file",
    "open_session",
    "open_view",
    "property_specs",
]
