"""A strict HubSpot on 127.0.0.1 with invented people, for tests and the demo.

Start it with `sandbox.server.start`.
"""

from __future__ import annotations
