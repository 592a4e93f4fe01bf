"""What happens to the disk under a worker: one sentence and the next command, nothing half-written, nothing twice."""

from __future__ import annotations

import json
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sandbox.server import RunningSandbox
from tests.conftest import Ended, Env, process_environment
from tests.integration.store.damage import cut_off, damage_pages, overwrite
from tests.system.conftest import Started
from tests.system.portal import Pause, ask, markers

Cli = Callable[..., Ended]


def mirror_of(env: Env) -> Path:
    return Path(env["WARMLINE_MIRROR__PATH"])


def one_sentence(ended: Ended, code: int, *words: str) -> None:
    """The command ended with this code, one sentence and one line of what to do."""
    lines = [line for line in ended.stderr.splitlines() if line.startswith("warmline: ")]
    assert (ended.code, ended.stdout, len(lines)) == (code, "", 1), (ended.code, ended.stdout, ended.stderr)
    assert "Traceback" not in ended.stderr
    for word in words:
        assert word in ended.stderr


def findings(ended: Ended) -> dict[str, tuple[str, str, str]]:
    """Status, message and fix by check."""
    return {one["check"]: (one["status"], one["message"], one["fix"]) for one in json.loads(ended.stdout)["findings"]}


def move_away(mirror: Path) -> None:
    """What doctor says to do."""
    aside = mirror.parent / "aside"
    aside.mkdir()
    for one in mirror.parent.glob(f"{mirror.name}*"):
        one.rename(aside / one.name)


# -- damage


@pytest.mark.parametrize("spoil", [damage_pages, cut_off, overwrite])
def test_a_damaged_mirror_is_told_and_rebuilt_as_doctor_says_without_a_second_task(
    settled: RunningSandbox, cli: Cli, env: Env, spoil: Callable[[Path], None]
) -> None:
    mirror, made = mirror_of(env), markers(settled.state)
    spoil(mirror)

    sync = cli("sync")
    doctor = cli("doctor", "--mirror", "--json", env={"WARMLINE_MIRROR__PATH": str(mirror)})
    written = settled.state.stats.writes
    move_away(mirror)
    rebuilt, looked = cli("sync"), cli("doctor", "--mirror")

    one_sentence(sync, 1, str(mirror), "damaged", "warmline doctor --mirror")
    wrong = [fix for status, _, fix in findings(doctor).values() if status == "fix"]
    assert doctor.code == 1 and wrong
    for word in (f"{mirror}-wal", "warmline sync", "rulings on reviews", "score history", "Not lost: tasks"):
        assert word in wrong[0]
    assert written == 0
    assert (rebuilt.code, looked.code) == (0, 0), rebuilt.stderr
    assert made and markers(settled.state) == made


def test_doctor_looks_at_the_mirror_alone_and_needs_no_token(
    settled: RunningSandbox, cli: Cli, env: Env, tmp_path: Path
) -> None:
    now = {"WARMLINE_CLOCK__NOW": env["WARMLINE_CLOCK__NOW"]}
    good = cli("doctor", "--mirror", "--json", env={"WARMLINE_MIRROR__PATH": str(mirror_of(env)), **now})
    missing = cli("doctor", "--mirror", "--json", env={"WARMLINE_MIRROR__PATH": str(tmp_path / "none.db"), **now})

    assert good.code == 0, good.stdout
    checks = ("mirror file", "integrity", "references", "version", "write-ahead log", "free pages", "last complete run")
    assert tuple(findings(good)) == checks
    assert findings(good)["integrity"] == ("ok", "sound", "")
    assert findings(good)["last complete run"] == ("ok", "0 minutes ago", "")
    assert missing.code == 0
    assert findings(missing)["mirror file"][2] == "Run `warmline sync`: it makes one."
    assert not (tmp_path / "none.db").exists()
    assert settled.state.stats.total == 0


def test_doctor_names_loose_ends_an_open_file_and_an_old_run(settled: RunningSandbox, cli: Cli, env: Env) -> None:
    mirror = mirror_of(env)
    mirror.chmod(0o644)
    with sqlite3.connect(mirror) as raw:
        raw.execute("DELETE FROM run WHERE id = (SELECT run_id FROM run_stream LIMIT 1)")
        raw.execute("DELETE FROM person WHERE id = (SELECT person_id FROM person_link LIMIT 1)")
    raw.close()

    ended = cli("doctor", "--mirror", "--json")

    told = findings(ended)
    assert ended.code == 1
    assert told["mirror file"][0] == "warning" and "chmod 600" in told["mirror file"][2]
    assert told["references"][0] == "fix"
    assert told["last complete run"] == ("warning", "none yet", "Run `warmline sync`, then `warmline status`.")


# -- no room, no right


def limited(command: str, env: Env, folder: Path) -> Ended:
    """`sync` under a limit the shell sets first."""
    done = subprocess.run(
        ["sh", "-c", f'{command}; exec "$0" -m sync sync', sys.executable],
        env=process_environment(env),
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


def test_a_file_that_may_not_grow_ends_with_one_sentence_and_the_next_run_goes_on(
    provisioned: RunningSandbox, cli: Cli, env: Env, tmp_path: Path
) -> None:
    cramped = limited("ulimit -f 600", env, tmp_path)
    written = provisioned.state.stats.writes
    sound = ask(mirror_of(env), "PRAGMA integrity_check")
    roomy = cli("sync")

    one_sentence(cramped, 1, str(mirror_of(env)))
    assert (written, sound, roomy.code) == (0, [("ok",)], 0)


def _may_mount() -> bool:
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", "mount -t tmpfs -o size=64k none /mnt"], capture_output=True, check=False
    )
    return done.returncode == 0


def mounted(options: str, env: Env, folder: Path, before: str = "") -> Ended:
    """`sync` with the mirror on a volume of its own, which only that process sees."""
    inner = f'mount -t tmpfs -o {options} none "$1" && {before or "true"} && exec "$0" -m sync sync'
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", inner, sys.executable, str(folder)],
        env=process_environment({**env, "WARMLINE_MIRROR__PATH": str(folder / "mirror.db")}),
        cwd=folder.parent,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


@pytest.mark.skipif(shutil.which("unshare") is None or not _may_mount(), reason="needs the right to mount")
def test_a_full_disk_and_a_read_only_volume_are_named(provisioned: RunningSandbox, env: Env, tmp_path: Path) -> None:
    volume = tmp_path / "volume"
    volume.mkdir()

    full = mounted("size=400k", env, volume)
    tiny = mounted("size=8k", env, volume)
    read_only = mounted("size=9m", env, volume, before='mount -o remount,ro "$1"')

    one_sentence(full, 1, str(volume), "is full", "Free some space, then run `warmline sync`.")
    one_sentence(tiny, 1, str(volume), "is full")
    one_sentence(read_only, 1, str(volume), "read-only", "warmline doctor")
    assert provisioned.state.stats.writes == 0


# -- backup and restore


def test_a_backup_made_while_a_worker_writes_can_be_put_back_without_a_second_task(
    provisioned: RunningSandbox, cli: Cli, env: Env, start_cli: Callable[..., Started], tmp_path: Path
) -> None:
    provisioned.state.faults = pause = Pause()
    worker = start_cli("sync")
    assert pause.reached.wait(20)
    backup = cli("backup", str(tmp_path / "kept.db"), "--json")
    pause.go.set()
    ended = worker.wait()
    made = markers(provisioned.state)
    move_away(mirror_of(env))
    shutil.copy(tmp_path / "kept.db", mirror_of(env))
    again = [cli("sync") for _ in range(2)]

    assert (backup.code, ended.code) == (0, 0), backup.stderr + ended.stderr
    told = json.loads(backup.stdout)
    assert told == {
        "file": str(tmp_path / "kept.db"),
        "bytes": (tmp_path / "kept.db").stat().st_size,
        "made_at": "2026-11-24T08:00:00.000Z",
        "last_complete_at": None,
    }
    assert stat.S_IMODE((tmp_path / "kept.db").stat().st_mode) == 0o600
    assert again[-1].code == 0, again[-1].stderr
    assert made and markers(provisioned.state) == made


def test_a_backup_replaces_no_file_unless_told_to(settled: RunningSandbox, cli: Cli, env: Env, tmp_path: Path) -> None:
    target = tmp_path / "kept.db"
    target.write_text("something else")

    refused, itself = cli("backup", str(target)), cli("backup", "--force", str(mirror_of(env)))
    kept = target.read_text()
    forced = cli("backup", "--force", str(target))
    no_folder = cli("backup", str(tmp_path / "none" / "kept.db"))

    one_sentence(refused, 2, "is there already", f"warmline backup --force {target}")
    one_sentence(itself, 2, "is the mirror itself")
    assert kept == "something else"
    assert forced.code == 0 and "checked. Its last complete run began 0 minutes ago." in forced.stdout
    one_sentence(no_folder, 1, "cannot be written", str(tmp_path / "none"))
