"""The ``jiafang`` command: parses words and hands over; every word's work stands in ``config/commands`` or a room."""

import argparse
import os
import sys
from importlib import import_module

HERE = "jiafang.config.commands"


def parser() -> argparse.ArgumentParser:
    """All words with their options; ``run`` names the function that does the work, loaded only when asked for."""
    top = argparse.ArgumentParser(prog="jiafang", description="家访：学区家访平台")
    words = top.add_subparsers(dest="word", required=True, metavar="命令")

    def word(name: str, run: str, text: str) -> argparse.ArgumentParser:
        sub = words.add_parser(name, help=text, description=text)
        sub.set_defaults(run=run)
        return sub

    for name, text in (("up", "准备数据库，需要时装入示范学区，然后启动"), ("serve", "启动网站")):
        sub = word(name, f"{HERE}.server:{name}", text)
        sub.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
        sub.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
        sub.add_argument("--workers", type=int, default=int(os.environ.get("JIAFANG_WORKERS", "2")))
    word("worker", f"{HERE}.server:worker", "启动后台任务")
    word("prepare", f"{HERE}.server:prepare", "建表、准备缓存表和静态文件")

    sub = word("demo", f"{HERE}.demo:demo", "生成示范学区：写出 Excel，再经导入装入")
    sub.add_argument("--district", choices=["luqu", "baotou"], default="luqu")
    sub.add_argument("--students", type=int, default=13583)
    sub.add_argument("--seed", type=int, default=0)
    sub.add_argument("--finished", action="store_true", help="活动已经结束，数字与公布的一致")

    sub = word("import-roster", f"{HERE}.rosters:import_roster", "导入名册")
    sub.add_argument("files", nargs="+")
    sub.add_argument("--school", required=True, metavar="CODE", help="学校标识码，或教育局代码")
    sub.add_argument("--dry-run", action="store_true", help="只预览，不写入")
    sub.add_argument("--json", action="store_true")
    sub = word("roster-template", f"{HERE}.rosters:roster_template", "写出空白名册模板")
    sub.add_argument("out")

    sub = word("plan", f"{HERE}.planning:plan", "为一所学校排家访")
    sub.add_argument("--campaign", required=True, metavar="ID")
    sub.add_argument("--school", required=True, metavar="CODE")
    sub.add_argument("--publish", action="store_true", help="排好后直接公布")

    word("verify", f"{HERE}.safety:verify", "重新清点全部汇总、核对审计链和文件")
    for name, text in (("backup", "备份数据库和文件（不含密钥）"), ("restore", "从备份恢复")):
        sub = word(name, f"{HERE}.safety:{name}", text)
        sub.add_argument("file")
    return top


def main(argv: list[str] | None = None) -> int:
    """Run one word; words of Django's own (migrate, shell …) go to Django."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiafang.config.settings")
    argv = sys.argv[1:] if argv is None else argv
    words = {"up", "serve", "worker", "prepare", "demo", "import-roster", "roster-template", "plan", "verify"}
    words |= {"backup", "restore", "-h", "--help"}
    if argv and argv[0] not in words:
        from django.core.management import execute_from_command_line

        execute_from_command_line(["jiafang", *argv])
        return 0
    options = parser().parse_args(argv)
    import django

    django.setup()
    module, function = options.run.split(":")
    return getattr(import_module(module), function)(options) or 0


def run() -> None:
    """The console script."""
    sys.exit(main())


if __name__ == "__main__":
    run()
