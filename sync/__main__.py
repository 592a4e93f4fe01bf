"""`python -m sync` and the `warmline` command."""

from __future__ import annotations

from sync.cli.app import main

if __name__ == "__main__":
    main()
