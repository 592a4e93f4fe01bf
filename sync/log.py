"""Log lines: one JSON object a line, with `action` for machines and a sentence for people.

Never a person or a secret.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, TextIO

run_id: ContextVar[str] = ContextVar("run_id", default="")

_LOUD = ("urllib3", "requests", "hubspot", "apscheduler", "tenacity", "asyncio", "uvicorn.access")
_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_MASKS = (
    (re.compile(r"[\w.+%'-]+@[\w-]+(?:\.[\w-]+)+"), "<e-mail>"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{6,}"), r"\1 <secret>"),
    (re.compile(r"\bpat-[\w-]{6,}"), "<secret>"),
    (
        re.compile(r"(?i)\b(token|secret|password|api_key|apikey|hapikey)(['\"]?\s*[=:]\s*['\"]?)[^\s'\"&,}]+"),
        r"\1\2<secret>",
    ),
    (re.compile(r"(\bhttps?://[^\s?\"'<>]*|/[\w./-]+)\?[^\s\"'<>]+"), r"\1?<query>"),
)


def redacted(text: str) -> str:
    """The text with e-mail addresses, credentials and URL queries masked."""
    for pattern, mask in _MASKS:
        text = pattern.sub(mask, text)
    return text


class RedactingJson(logging.Formatter):
    """A record as one JSON line: at, level, logger, message, run_id, and whatever stands in `extra`.

    Strings are redacted.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its newline. A message that cannot be formatted is logged without its arguments."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _message(record),
        }
        if run_id.get():
            line["run_id"] = run_id.get()
        line.update({key: value for key, value in vars(record).items() if key not in _OWN})
        if record.exc_info and record.exc_info[0] is not None:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps({key: _clean(value) for key, value in line.items()}, ensure_ascii=False)


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError):
        return str(record.msg)


def _clean(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, dict):
        return {redacted(str(key)): _clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean(item) for item in value]
    return redacted(str(value))


def configure(level: str = "INFO", stream: TextIO | None = None) -> None:
    """Sends all logging to `stream` (stderr when None) as JSON lines, in place of what was there. Safe twice."""
    output = logging.StreamHandler(stream or sys.stderr)
    output.setFormatter(RedactingJson())
    root = logging.getLogger()
    root.handlers[:] = [output]
    root.setLevel(level)
    for name in _LOUD:
        logging.getLogger(name).setLevel(logging.WARNING)
