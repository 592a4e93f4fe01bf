"""`web`: what others see of warmline over HTTP."""

from __future__ import annotations

import importlib.util
import sys

import click

from sync.bootstrap import App
from sync.cli.app import Invocation
from sync.errors import EXIT_CONFIG

PARTS = ("starlette", "uvicorn")


@click.command("web")
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="0 picks a free port.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 in a container.")
@click.pass_obj
def web_command(invocation: Invocation, port: int, host: str) -> None:
    """Answer /health, /metrics and /webhooks/<source> until stopped. `warmline run` works beside it.

    \b
    warmline web --port 8080
    curl http://127.0.0.1:8080/health

    Webhooks are taken from sources whose webhook_secret is set; put a proxy with TLS in front, and set web.public_url.
    """
    if any(importlib.util.find_spec(one) is None for one in PARTS):
        click.echo("warmline: the web server is not installed.", err=True)
        click.echo('  Install it: pip install "warmline[server]"', err=True)
        sys.exit(EXIT_CONFIG)
    from web.serving import listen, serve

    app = App.start(invocation.config, unattended=True)
    listener = listen(host, port)
    click.echo(f"web: http://{host}:{listener.getsockname()[1]}  (Ctrl-C stops it)", err=True)
    serve(app, listener)
