"""Log lines and the clock."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from sync import log
from sync.clock import Clock


@pytest.fixture
def output() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    log.configure("DEBUG", stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)


def lines_of(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_holds_the_sentence_the_action_the_run_and_the_counts(output: io.StringIO) -> None:
    token = log.run_id.set("r1")
    logging.getLogger("sync.stages.pull").info(
        "Pulled %s.", "candidates", extra={"action": "pull.done", "stored": 3, "by": {"a": [1]}}
    )
    log.run_id.reset(token)

    (line,) = lines_of(output)

    assert datetime.fromisoformat(line.pop("at")).tzinfo is not None
    assert line == {
        "level": "INFO",
        "logger": "sync.stages.pull",
        "message": "Pulled candidates.",
        "run_id": "r1",
        "action": "pull.done",
        "stored": 3,
        "by": {"a": [1]},
    }


@pytest.mark.parametrize(
    "secret",
    [
        "sanne@example.org",
        "Authorization: Bearer abcdef123456",
        "pat-eu1-0123-4567",
        "https://api.example.org/x?email=geheim&hapikey=geheim",
        "GET /crm/v3/objects?email=geheim HTTP/1.1",
        "token=geheim",
        '"password": "geheim"',
    ],
)
def test_addresses_credentials_and_queries_are_masked_wherever_they_stand(output: io.StringIO, secret: str) -> None:
    logger = logging.getLogger("sync")
    logger.info("Saw %s.", secret, extra={"note": secret, "deep": {"list": [secret]}})
    try:
        raise ValueError(secret)
    except ValueError:
        logger.exception("Failed.")

    shown = output.getvalue()

    for hidden in ("sanne@", "abcdef123456", "0123-4567", "geheim"):
        assert hidden not in shown
    assert "ValueError" in lines_of(output)[1]["exception"]


def test_a_message_that_cannot_be_formatted_is_logged_without_its_arguments() -> None:
    record = logging.makeLogRecord({"msg": "Only %d.", "args": ("words",)})

    assert json.loads(log.RedactingJson().format(record))["message"] == "Only %d."


def test_libraries_speak_from_warning_on_and_configuring_twice_doubles_nothing(output: io.StringIO) -> None:
    log.configure("DEBUG", output)
    for name in ("urllib3.connectionpool", "hubspot", "apscheduler.scheduler"):
        logging.getLogger(name).info("chatter")
        logging.getLogger(name).warning("trouble")

    assert [line["message"] for line in lines_of(output)] == ["trouble"] * 3


def test_a_line_stays_one_line(output: io.StringIO) -> None:
    logging.getLogger("sync").info("a\nb")

    assert len(output.getvalue().splitlines()) == 1


def test_a_fixed_clock_stands_still_in_utc_while_the_real_one_runs() -> None:
    clock = Clock(datetime(2026, 11, 24, 9, tzinfo=timezone(timedelta(hours=1))))

    assert clock.now() == datetime(2026, 11, 24, 8, tzinfo=UTC)
    assert clock.now().tzinfo is UTC
    assert abs(clock.real_time() - datetime.now(UTC).timestamp()) < 60
    assert clock.monotonic() <= clock.monotonic()


def test_a_clock_without_a_fixed_now_tells_the_time_and_does_not_sleep_for_nothing() -> None:
    clock = Clock()
    clock.sleep(0)
    clock.sleep(-1)

    assert abs((clock.now() - datetime.now(UTC)).total_seconds()) < 60


def test_a_fixed_now_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Clock(datetime(2026, 11, 24, 9))  # noqa: DTZ001
