"""Puts warmline's own packages into a virtual environment without a build backend: nothing that is not pinned in
requirements.lock takes part.

    python packaging/install_app.py /opt/warmline
"""

from __future__ import annotations

import shutil
import stat
import sys
import sysconfig
import tomllib
from pathlib import Path

PACKAGES = ("sync", "connectors", "mappings", "config", "sandbox", "web")
SCRIPT = "#!{python}\nimport sys\n\nfrom sync.__main__ import main\n\nsys.exit(main())\n"


def install(environment: Path) -> None:
    """Put the packages in place of an earlier version's, say which version they are, make the `warmline` command."""
    version = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    site = Path(sysconfig.get_path("purelib", "venv", {"base": str(environment), "platbase": str(environment)}))
    for old in [*(site / name for name in PACKAGES), *site.glob("warmline-*.dist-info")]:
        shutil.rmtree(old, ignore_errors=True)
    for name in PACKAGES:
        shutil.copytree(name, site / name, ignore=shutil.ignore_patterns("__pycache__"))
    metadata = site / f"warmline-{version}.dist-info"
    metadata.mkdir()
    metadata.joinpath("METADATA").write_text(f"Metadata-Version: 2.1\nName: warmline\nVersion: {version}\n")
    script = environment / "bin" / "warmline"
    script.write_text(SCRIPT.format(python=environment / "bin" / "python"))
    script.chmod(script.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)


if __name__ == "__main__":
    install(Path(sys.argv[1]))
