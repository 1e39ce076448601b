"""``verify``, ``backup`` and ``restore``: what keeps the data true and gets it back."""

import argparse
import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from rich.console import Console

from jiafang.access import audit
from jiafang.access.fence import system_fence
from jiafang.lib import clock
from jiafang.lib.errors import Problem

console = Console()


def faults() -> Iterator[str]:
    """Everything that is not as it should be, in plain words."""
    from jiafang.paperwork.selectors import file_faults
    from jiafang.reports.selectors import rollup_faults

    with system_fence("verify"):
        yield from audit.verify()
        yield from rollup_faults()
        yield from file_faults()


def verify(_options: argparse.Namespace | None = None) -> int:
    """Print every fault; exit status 1 when there is one."""
    found = list(faults())
    for line in found:
        console.print(f"[red]✗[/] {line}", highlight=False)
    if not found:
        console.print("[green]✓[/] 汇总、审计链和文件都对得上。")
    return 1 if found else 0


def _database_copy(folder: Path) -> Path:
    """A consistent copy of the database in ``folder`` while the site keeps running."""
    config = connection.settings_dict
    if connection.vendor == "sqlite":
        out = folder / "database.sqlite3"
        source, target = sqlite3.connect(config["NAME"]), sqlite3.connect(out)
        with source, target:
            source.backup(target)
        source.close()
        target.close()
        return out
    out = folder / "database.pgdump"
    subprocess.run(["pg_dump", "--format=custom", f"--file={out}", *_pg(config)], check=True, env=_pg_env(config))
    return out


def _pg(config: dict) -> list[str]:
    words = ["--dbname", config["NAME"]]
    for option, key in (("--host", "HOST"), ("--port", "PORT"), ("--username", "USER")):
        if config.get(key):
            words += [option, str(config[key])]
    return words


def _pg_env(config: dict) -> dict:
    return os.environ | ({"PGPASSWORD": config["PASSWORD"]} if config.get("PASSWORD") else {})


def backup(options: argparse.Namespace) -> int:
    """One tar.gz of database, files and anchors. Keys are not in it: keep ``keys/`` elsewhere, or nothing opens."""
    out = Path(options.file)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy = _database_copy(folder)
        about = {"format": "jiafang-backup/1", "made": clock.now().isoformat(), "database": copy.name}
        fresh = out.with_name(out.name + ".part")
        with tarfile.open(fresh, "w:gz", compresslevel=3) as tar:
            body = json.dumps(about).encode()
            info = tarfile.TarInfo("about.json")
            info.size = len(body)
            tar.addfile(info, io.BytesIO(body))
            tar.add(copy, arcname=copy.name)
            for part, place in (("files", settings.FILES), ("anchors", settings.ANCHORS)):
                if Path(place).is_dir():
                    tar.add(place, arcname=part)
        fresh.replace(out)
    console.print(f"[green]✓[/] 已备份到 {out}（{out.stat().st_size / 1e6:.1f} MB）。密钥不在其中，请另行保管。")
    return 0


def restore(options: argparse.Namespace) -> int:
    """Put a backup in the place of the present data. Refuses a file that is no backup, before touching anything."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        try:
            with tarfile.open(options.file) as tar:
                members = list(tar)
                if not all(_harmless(member) for member in members):
                    raise tarfile.ExtractError("a backup holds files and folders of its own only")
                tar.extractall(folder, members)  # noqa: S202 (each was looked at)
            about = json.loads((folder / "about.json").read_text())
        except (tarfile.TarError, OSError, ValueError) as bad:
            raise Problem("unreadable", f"{options.file} 不是家访的备份文件。") from bad
        if about.get("format") != "jiafang-backup/1":
            raise Problem("unreadable", f"{options.file} 不是家访的备份文件。")
        _put_database(folder / Path(about["database"]).name)
        for part, place in (("files", settings.FILES), ("anchors", settings.ANCHORS)):
            if Path(place).exists():
                shutil.rmtree(place)
            if (folder / part).is_dir():
                shutil.copytree(folder / part, place)
    call_command("migrate", verbosity=0)
    return verify()


def _harmless(member: tarfile.TarInfo) -> bool:
    # No link, no device, nothing outside the folder; `extractall` itself only asks since Python 3.11.4.
    path = PurePosixPath(member.name)
    return (member.isfile() or member.isdir()) and not path.is_absolute() and ".." not in path.parts


def _put_database(copy: Path) -> None:
    config = connection.settings_dict
    connections.close_all()
    if copy.suffix == ".sqlite3":
        target = Path(config["NAME"])
        fresh = target.with_name(target.name + ".restored")
        shutil.copyfile(copy, fresh)
        for rest in ("-wal", "-shm"):
            target.with_name(target.name + rest).unlink(missing_ok=True)
        fresh.replace(target)
        return
    words = ["pg_restore", "--clean", "--if-exists", "--no-owner", *_pg(config), str(copy)]
    subprocess.run(words, check=True, env=_pg_env(config))
