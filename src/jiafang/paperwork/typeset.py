"""The PDF engine: sets data in one of the package's layouts, with the embedded Chinese fonts and nothing else."""

import json
import os
import subprocess
import sys
import threading
from functools import cache
from pathlib import Path
from typing import Any

import typst
from pylopdf_fonts_zh_cn import sans_path, serif_path

from jiafang.lib.errors import Problem

LAYOUTS = Path(__file__).with_name("layouts")
CHILD_SECONDS = 120
CHILD_MEMORY = 4 << 30

_lock = threading.Lock()


@cache
def _fonts() -> typst.Fonts:
    folders = sorted({str(sans_path().parent), str(serif_path().parent)})
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


@cache
def _compiler(layout: str) -> typst.Compiler:
    return typst.Compiler(LAYOUTS / f"{layout}.typ", root=LAYOUTS, font_paths=_fonts(), ignore_system_fonts=True)


def compile_pdf(layout: str, data: Any) -> bytes:
    """Set JSON-able data in `layouts/<layout>.typ`; the same data gives the same bytes.

    Texts in the data are set as they are, never read as markup. Runs in this process, one paper at a time.
    """
    text = json.dumps(data, ensure_ascii=False)
    with _lock:
        return _compiler(layout).compile(LAYOUTS / f"{layout}.typ", format="pdf", sys_inputs={"data": text})


def compile_pdf_in_child(layout: str, data: Any, *, seconds: float = CHILD_SECONDS) -> bytes:
    """Like `compile_pdf`, in a fresh process with a limit of time and memory, for papers of many pages.

    The typesetter's cache grows with every paper, and a process that ends gives it back.
    Raises `Problem("busy")` when the time is up and `Problem("failed")` when the child fails.
    """
    job = json.dumps({"layout": layout, "data": data}, ensure_ascii=False).encode()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "jiafang.paperwork.typeset"],
            input=job,
            capture_output=True,
            timeout=seconds,
            check=False,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
    except subprocess.TimeoutExpired:
        raise Problem("busy", "文件太大，排版没有按时完成，请分班或分批导出。") from None
    if done.returncode or not done.stdout.startswith(b"%PDF"):
        raise Problem("failed") from RuntimeError(done.stderr.decode(errors="replace")[-2000:])
    return done.stdout


def _child() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (CHILD_MEMORY, CHILD_MEMORY))
    job = json.load(sys.stdin.buffer)
    sys.stdout.buffer.write(compile_pdf(job["layout"], job["data"]))


if __name__ == "__main__":
    _child()
