"""The small values pages hand to components: a figure with its rows, a crumb, the progress of long work."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the strip: with unit, denominator ``of``, and ``href``, the way to its rows.

    ``tone`` colours it: "" (ink), "now" (the one thing to do now), "late", "good".
    """

    label: Any
    value: Any
    unit: Any = ""
    of: Any = None
    href: str = ""
    note: Any = ""
    tone: str = ""

    @property
    def share(self) -> int | None:
        """Whole percent of the denominator, when there is one."""
        try:
            return round(100 * self.value / self.of) if self.of else None
        except TypeError:
            return None


@dataclass(frozen=True, slots=True)
class Crumb:
    """A step of the way down the unit tree; the last one, the page itself, has no ``href``."""

    label: Any
    href: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """Long work as a person sees it: ``url`` is asked again every two seconds until ``finished``.

    ``total`` may be unknown (``None``). ``counts`` are further figures, e.g. ``[("已排", "312 户")]``.
    """

    label: Any
    url: str
    done: int = 0
    total: int | None = None
    counts: tuple[tuple[Any, Any], ...] = ()
    cancel_url: str = ""
    finished: bool = False
    next_url: str = ""
    next_label: Any = ""
