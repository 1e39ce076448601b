"""Finds, or installs with apt, what tests need beyond Python: Chromium, and a private throw-away PostgreSQL.

Nothing here touches a database server that is already running on the machine.
"""

import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Speed over safety: the cluster is deleted when the tests end. No TCP: a socket needs no free port.
POSTGRES_OPTIONS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "256MB",
    "timezone": "UTC",
}
FONTS_CONF = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>{folder}</dir>
</fontconfig>
"""


def apt_install(package: str, *, why: str) -> None:
    """Install a Debian package; where that cannot be done, end with a sentence that says what to do."""
    if not shutil.which("apt-get"):
        sys.exit(f"✗ {why}需要 {package}，本机没有 apt-get，无法自动安装。请先自行安装，再重新运行。")
    if os.geteuid() != 0:
        sys.exit(f"✗ {why}需要 {package}。请先运行：sudo apt-get install {package}，再重新运行。")
    print(f"→ 安装 {package}（{why}）", flush=True)
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (("update", "-q"), ("install", "-q", "-y", "--no-install-recommends", package)):
        done = subprocess.run(
            ["apt-get", *command], env=quiet, stdin=subprocess.DEVNULL, capture_output=True, text=True
        )
        if done.returncode:
            sys.exit(f"{done.stdout}{done.stderr}✗ 安装 {package} 失败（{why}）。")


def chromium() -> str:
    """Path of a Chromium, installed when there is none, with the library that Playwright's own Node links to."""
    try:
        ctypes.CDLL("libatomic.so.1")
    except OSError:
        apt_install("libatomic1", why="浏览器测试")
    for attempt in (1, 2):
        for name in BROWSERS:
            if found := shutil.which(name):
                return found
        if attempt == 1:
            apt_install("chromium", why="浏览器测试")
    sys.exit("✗ 安装后仍找不到 Chromium。")


def fonts_conf(folder: Path) -> Path:
    """Write a fontconfig file that adds the product's Chinese fonts: pictures show no empty boxes."""
    import pylopdf_fonts_zh_cn

    conf = folder / "fonts.conf"
    conf.write_text(FONTS_CONF.format(folder=Path(pylopdf_fonts_zh_cn.__file__).parent), encoding="utf-8")
    return conf


def postgres_programs() -> Path:
    """Folder with `initdb` and `postgres`, newest version on the machine; installed when there is none."""
    for attempt in (1, 2):
        debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: float(p.parts[-3]))
        if debian:
            return debian[-1].parent
        if found := shutil.which("initdb"):
            return Path(found).resolve().parent
        if attempt == 1:
            apt_install("postgresql", why="PostgreSQL 测试")
    sys.exit("✗ 安装后仍找不到 PostgreSQL。")


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """Run a fresh cluster and give its DATABASE_URL; it is stopped at the end, also when this process dies.

    It lives in a temporary folder, not in the checkout: PostgreSQL refuses to run as root, and the user it
    runs as instead may have no way into the checkout.
    """
    programs = postgres_programs()
    account = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    # The kernel ends the server with us, however we end.
    leash = ["setpriv", "--pdeathsig", "QUIT"] if shutil.which("setpriv") else []
    folder = Path(tempfile.mkdtemp(prefix="jiafang-pg-"))
    data, log = folder / "data", folder / "log"
    try:
        if account:
            shutil.chown(folder, "postgres", "postgres")
        made = subprocess.run(
            [programs / "initdb", "--no-sync", "--auth=trust", "--username=jiafang", "--encoding=UTF8",
             "--locale=C.UTF-8", "--pgdata", data],
            cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, **account,
        )  # fmt: skip
        if made.returncode:
            sys.exit(f"{made.stdout}{made.stderr}✗ 无法创建测试用的 PostgreSQL。")
        options = [part for name, value in POSTGRES_OPTIONS.items() for part in ("-c", f"{name}={value}")]
        with log.open("wb") as output:
            server = subprocess.Popen(
                [*leash, programs / "postgres", "-D", data, "-k", folder, *options],
                cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output, **account,
            )  # fmt: skip
        try:
            wait_until_ready(server, programs, folder, log)
            yield f"postgres://jiafang@{quote(str(folder), safe='')}/postgres"
        finally:
            server.send_signal(signal.SIGQUIT)
            server.wait(30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def wait_until_ready(server: subprocess.Popen, programs: Path, folder: Path, log: Path) -> None:
    """Return when the server answers; end with its log when it does not within a minute."""
    for _ in range(600):
        asked = subprocess.run([programs / "pg_isready", "-q", "-h", folder], stdin=subprocess.DEVNULL)
        if asked.returncode == 0:
            return
        if server.poll() is not None:
            break
        time.sleep(0.1)
    sys.exit(f"{log.read_text(errors='replace')}✗ 测试用的 PostgreSQL 没有启动。")
