"""The one place that picks the real parts and wires them: settings in, an open run out."""

from __future__ import annotations

from sync.bootstrap.app import App
from sync.bootstrap.look import examine, open_view, property_specs
from sync.bootstrap.session import Session, check_expected_portal, open_session

__all__ = ["App", "Session", "check_expected_portal", "examine", "open_session", "open_view", "property_specs"]
