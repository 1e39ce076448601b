"""Preparing the database, serving, and the worker beside it."""

import argparse
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from rich.console import Console

console = Console()


def prepare(_options: argparse.Namespace | None = None) -> None:
    """Tables, the shared cache's table and hashed static files; quick when nothing changed."""
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


def worker(_options: argparse.Namespace | None = None) -> None:
    """Run background jobs until stopped."""
    call_command("qcluster")


def serve(options: argparse.Namespace) -> None:
    """Serve the site until stopped."""
    from granian import Granian
    from granian.constants import Interfaces

    Granian(
        "jiafang.config.wsgi:application",
        address=options.host,
        port=options.port,
        interface=Interfaces.WSGI,
        workers=options.workers,
        blocking_threads=4,
        respawn_failed_workers=True,
        log_access=False,
    ).serve()


def up(options: argparse.Namespace) -> int:
    """Everything ``make run`` needs: prepare, the demo district when the database is empty, worker, site, sign-ins."""
    from jiafang.units.models import Unit

    prepare()
    if not Unit.objects.exists():
        from jiafang.config.commands.demo import demo

        demo(argparse.Namespace(district="luqu", students=13583, seed=0, finished=False))
    helper = subprocess.Popen([sys.executable, "-m", "jiafang.config.cli", "worker"], env=os.environ)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    welcome(options)
    try:
        serve(options)
    finally:
        helper.terminate()
        try:
            helper.wait(timeout=10)
        except subprocess.TimeoutExpired:
            helper.kill()
    return 0


def welcome(options: argparse.Namespace) -> None:
    """Print the address, and the demo's sign-ins when this is one."""
    console.print(f"\n[bold green]家访已启动[/]  http://{options.host}:{options.port}/\n", highlight=False)
    file = Path(settings.HOME) / "demo-signins.json"
    if file.exists():
        from rich.table import Table

        table = Table("角色", "用户名", "密码", "单位", title="示范账号")
        for row in json.loads(file.read_text()):
            table.add_row(row["role"], row["username"], row["password"], row["unit"])
        console.print(table)
    sys.stdout.flush()
