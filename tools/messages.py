"""Collects the texts of code and templates into src/jiafang/locale; `make setup` compiles the catalogues.

The texts in the code are Chinese, so Chinese needs no catalogue. Babel does the work, because GNU gettext is
not on every machine; Django's own `templatize` turns a template into something Babel can read.
"""

import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "src" / "jiafang"
LOCALE = SOURCES / "locale"
LANGUAGES = ("en",)
# what each function takes: message, (singular, plural), (context, message) …
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def texts() -> Iterator[tuple[str, int, object, list[str], str | None]]:
    """Every text as (file, line, message, comments, context)."""
    patterns = ("*.py", "templates/**/*.html", "templates/**/*.txt")
    for path in sorted(path for pattern in patterns for path in SOURCES.rglob(pattern)):
        source = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            source = templatize(source, origin=str(path))
        found = extract("python", BytesIO(source.encode()), KEYWORDS, options={"encoding": "utf-8"})
        for line, message, comments, context in found:
            yield path.relative_to(ROOT).as_posix(), line, message, comments, context


def main() -> None:
    settings.configure(USE_I18N=True)
    catalogue = Catalog(project="jiafang", charset="utf-8")
    for file, line, message, comments, context in texts():
        catalogue.add(message, None, [(file, line)], auto_comments=comments, context=context)
    LOCALE.mkdir(exist_ok=True)
    template = LOCALE / "django.pot"
    with template.open("wb") as output:
        # Without line numbers and dates a text that merely moved makes no change.
        write_po(output, catalogue, include_lineno=False, omit_header=False, sort_by_file=True)
    for language in LANGUAGES:
        exists = (LOCALE / language / "LC_MESSAGES" / "django.po").exists()
        command = ["update", "--no-fuzzy-matching", "--ignore-obsolete"] if exists else ["init"]
        subprocess.run(
            [str(Path(sys.executable).parent / "pybabel"), "--quiet", *command, "--domain=django",
             f"--input-file={template}", f"--output-dir={LOCALE}", f"--locale={language}"],
            check=True,
        )  # fmt: skip
    print(f"{len(catalogue)} texts")


if __name__ == "__main__":
    main()
