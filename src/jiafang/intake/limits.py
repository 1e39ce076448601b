"""How much of a file is read before it is refused."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one file; the defaults hold a district of 40,000 students and a child process of 300 MB."""

    file_bytes: int = 30 * MEGABYTE
    unpacked_bytes: int = 160 * MEGABYTE
    ratio: int = 150  # unpacked to packed, looked at above 4 MB: honest sheets reach about 40
    entries: int = 2_000
    rows: int = 60_000
    columns: int = 200
    cells: int = 2_500_000
    cell_chars: int = 32_767  # Excel's own limit
    memory_bytes: int = 300 * MEGABYTE
    seconds: float = 1.5  # processor time for looking the file over; honest reading gets more by size
    seconds_per_unpacked_mb: float = 0.25


DEFAULT = Limits()
