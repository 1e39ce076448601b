"""From a file to changes: read, compare with what is there, preview, apply. The writing itself is a service."""

from jiafang.roster.importers.runs import apply_file, apply_import, preview_import

__all__ = ["apply_file", "apply_import", "preview_import"]
