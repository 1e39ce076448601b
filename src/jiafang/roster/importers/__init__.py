"""From a file to changes: read, compare with what is there, preview, apply. The writing itself is a service."""

from jiafang.roster.importers.runs import apply_file, apply_import, preview_import
from jiafang.roster.importers.wizard import MOST_ROWS, rows_of, sheets_of, take_in

__all__ = ["MOST_ROWS", "apply_file", "apply_import", "preview_import", "rows_of", "sheets_of", "take_in"]
