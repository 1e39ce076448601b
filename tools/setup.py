"""Builds .venv and static/vendor from the locks, on a machine with only Python; redoes only what changed.

Runs before any library is installed, so it uses the standard library alone. With `--tests` also the libraries
and the type checker that tests need (not Chromium and PostgreSQL: tools/test_services.py sees to those).
"""

import argparse
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
NODE_MODULES = ROOT / "node_modules"
VENDOR = ROOT / "static" / "vendor"
OLDEST_NODE = 18


def say(text: str) -> None:
    """Print one line of progress at once, also when the output is a file."""
    print(f"→ {text}", flush=True)


def run(*command: str | Path, **options) -> None:
    """Run a command in the checkout; its failure ends the set-up with its exit status."""
    done = subprocess.run([str(part) for part in command], cwd=ROOT, stdin=subprocess.DEVNULL, **options)
    if done.returncode:
        sys.exit(f"✗ 失败（{done.returncode}）：{' '.join(str(part) for part in command)}")


def digest(*paths: Path, extra: str = "") -> str:
    """Hash of the contents of files: what a step was built from."""
    total = hashlib.sha256(extra.encode())
    for path in paths:
        total.update(path.read_bytes())
    return total.hexdigest()


def step(stamp: Path, key: str, text: str, build: Callable[[], None]) -> None:
    """Build unless the stamp, kept in the folder it vouches for, says that it was built from the same."""
    if stamp.exists() and stamp.read_text() == key:
        return
    say(text)
    stamp.unlink(missing_ok=True)
    build()
    stamp.write_text(key)


def make_venv() -> None:
    """Create .venv; a Python without `ensurepip` (Debian splits it off) is completed by apt if possible."""
    if PYTHON.exists() and subprocess.run([PYTHON, "-c", "import pip"], capture_output=True).returncode == 0:
        return
    try:
        import ensurepip  # noqa: F401  only asked whether it is there
    except ImportError:
        from test_services import apt_install

        apt_install("python3-venv", why="创建 Python 虚拟环境")
    say("创建 .venv")
    venv.EnvBuilder(with_pip=True, clear=True, symlinks=True).create(VENV)


def pip_install(*names: str) -> None:
    """Install locks; every file must carry a hash that the lock names."""
    quiet = [] if sys.stdout.isatty() else ["--quiet"]
    locks = [part for name in names for part in ("-r", ROOT / "requirements" / f"{name}.txt")]
    # The locks are complete, so nothing is resolved.
    run(PYTHON, "-m", "pip", "install", *quiet, "--disable-pip-version-check", "--no-input", "--no-compile",
        "--no-deps", "--require-hashes", *locks)  # fmt: skip
    # pip compiles on one core; and where PYTHONDONTWRITEBYTECODE is set, later would mean never.
    # Some packages carry files that are no valid Python on purpose, so its exit status says nothing.
    subprocess.run([PYTHON, "-m", "compileall", "-q", "-j", "0", VENV / "lib"], stdout=subprocess.DEVNULL)


def python_packages(tests: bool) -> None:
    """Libraries of the product (and of the tests), then the product itself in editable form."""
    requirements = ROOT / "requirements"
    locks = [requirements / "build.txt", requirements / "base.txt"]
    step(VENV / ".base", digest(*locks), "安装 Python 程序库（首次约需下载 300 MB）",
         lambda: pip_install("build", "base"))  # fmt: skip
    if tests:
        step(VENV / ".tests", digest(requirements / "test.txt"), "安装测试用的程序库",
             lambda: pip_install("test"))  # fmt: skip
    key = digest(ROOT / "pyproject.toml", requirements / "base.in", extra=str(ROOT))
    step(VENV / ".editable", key, "安装 jiafang",
         lambda: run(PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps",
                     "--no-build-isolation", "--editable", ROOT))  # fmt: skip


def npm() -> list[str | Path]:
    """The npm to call: the machine's if its Node is recent enough, else one installed into .venv."""
    found = shutil.which("npm")
    node = shutil.which("node")
    if found and node:
        version = subprocess.run([node, "--version"], capture_output=True, text=True).stdout
        major = version.strip().lstrip("v").split(".")[0]
        if major.isdigit() and int(major) >= OLDEST_NODE:
            return [found]
    step(VENV / ".node", digest(ROOT / "requirements" / "node.txt"), "本机没有 Node.js，安装到 .venv",
         lambda: pip_install("node"))  # fmt: skip
    os.environ["PATH"] = f"{VENV / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return [VENV / "bin" / "npm"]


def frontend(tests: bool) -> None:
    """Front-end packages by the lock, and the few files the pages use copied to static/vendor."""
    key = digest(ROOT / "package-lock.json")
    stamp = NODE_MODULES / ".jiafang"
    have = stamp.read_text() if stamp.exists() else ""
    if have != key + " dev" and (tests or have != key):
        step(stamp, key + " dev" if tests else key, "安装前端程序包",
             lambda: run(*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error",
                         *([] if tests else ["--omit=dev"]), stdout=subprocess.DEVNULL))  # fmt: skip
    sources = [ROOT / "package-lock.json", ROOT / "tools" / "vendor.py", ROOT / "tools" / "icons.txt"]
    step(VENDOR / ".stamp", digest(*sources), "整理 static/vendor",
         lambda: run(PYTHON, ROOT / "tools" / "vendor.py"))  # fmt: skip


def translations() -> None:
    """Compile the message catalogues that are there (Babel does it: no gettext tools needed)."""
    folder = ROOT / "src" / "jiafang" / "locale"
    catalogues = sorted(folder.glob("*/LC_MESSAGES/django.po"))
    if catalogues:
        command = (VENV / "bin" / "pybabel", "--quiet", "compile", "--domain=django", f"--directory={folder}")
        step(folder / ".stamp", digest(*catalogues), "编译译文", lambda: run(*command))


def planner() -> None:
    """Compile the planner's inner loops ahead of time. The compiler's cache does not see a change in a called module,
    so an old one is thrown away first."""
    folder = ROOT / "src" / "jiafang" / "planner"

    def compile_anew() -> None:
        for old in folder.glob("__pycache__/*.nb[ic]"):
            old.unlink()
        run(PYTHON, "-m", "jiafang.planner", "warm")

    key = digest(*sorted(folder.glob("*.py")), ROOT / "requirements" / "base.txt")
    step(VENV / ".planner", key, "预先编译排程程序（约半分钟）", compile_anew)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tests", action="store_true", help="also what the tests need")
    wanted = parser.parse_args()
    if sys.version_info < (3, 11):  # noqa: UP036  the only file that an older Python gets to run
        sys.exit(f"✗ 需要 Python 3.11 或更新的版本，这里是 {sys.version.split()[0]}：make PYTHON=python3.11")
    with Path(__file__).open() as itself:
        # Two set-ups in one checkout wait for each other.
        fcntl.flock(itself, fcntl.LOCK_EX)
        make_venv()
        python_packages(wanted.tests)
        frontend(wanted.tests)
        translations()
        planner()


if __name__ == "__main__":
    main()
