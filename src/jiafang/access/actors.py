"""Who acts: a person with today's posts, or the system with a reason. Made anew for each request and job."""

from dataclasses import dataclass
from typing import Any

from jiafang.access.fence import Reach

NOWHERE = Reach()


@dataclass(frozen=True, slots=True)
class Post:
    """One appointment in force: a role at a unit (its path), for a subject perhaps."""

    role: str
    path: str
    unit_id: int
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """``account_id`` and ``staff_id`` are null for the system, which must say ``why``."""

    account_id: Any = None
    staff_id: Any = None
    name: str = ""
    posts: tuple[Post, ...] = ()
    reach: Reach = NOWHERE
    why: str = ""

    @property
    def is_system(self) -> bool:
        return bool(self.why)

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(p.role for p in self.posts)

    def paths_as(self, *roles: str) -> tuple[str, ...]:
        """Paths of the posts held in one of ``roles``."""
        return tuple(p.path for p in self.posts if p.role in roles)


def system(why: str) -> Actor:
    """The installation itself: command line, demo, nightly work. Passes every policy, leaves its reason in the audit."""
    return Actor(name="系统", reach=Reach(everything=True, why=why), why=why)
