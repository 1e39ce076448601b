"""Who gets through which door, as a table that was read line by line, and rules no table may break.

``table.txt`` holds for each address and method who is let in at each place. ``python -m tests.doors.write`` writes it
anew after a change; the difference is to be read, not waved through. Whoever is not named must be answered as if
nothing were there; no answer may carry a canary of a child its reader has nothing to do with.
"""

import io
import re
import zipfile
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse

from tests.cast import CANARY
from tests.doors.addresses import ADDRESSES, OPEN
from tests.doors.world import PLACES, World

TABLE = Path(__file__).with_name("table.txt")
pytestmark = pytest.mark.sqlite

OWN = ("ju", "de", "xiao", "zhong", "nian", "ban", "ban2", "ke", "ke2", "xin", "wai", "waixiao", "yi", "jiu")
ASKED = {
    "own": OWN,
    "same": ("ju", "xiao", "nian", "ban", "ban2", "ke", "xin", "waixiao", "yi"),
    "other": ("ju", "xiao", "ban", "ke", "wai", "wai2", "waixiao", "yi"),
    "foreign": ("ju", "xiao", "ban", "waixiao", "yi", "yuan", "yuan2"),
}
# Whose children somebody may read of: by post, or by going along on the visit.
CHILDREN = {
    "xiao": "abc", "zhong": "abc", "nian": "abc", "xin": "abc", "ban": "ab", "ban2": "c", "ke": "a", "ke2": "c",
    "wai": "w", "wai2": "w", "waixiao": "w", "yuan": "f", "yuan2": "f", "ju": "", "de": "", "yi": "", "jiu": "",
}  # fmt: skip


def names() -> set[str]:
    """All named addresses of the product."""
    found = set()

    def walk(patterns, space=""):
        for pattern in patterns:
            if hasattr(pattern, "url_patterns"):
                walk(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else space)
            else:
                found.add(f"{space}{pattern.name}")

    walk(get_resolver().url_patterns)
    return found


def test_every_address_is_listed():
    assert names() == OPEN | ADDRESSES.keys()


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Built once, and taken back at the end; every request is taken back too."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield World.build()
        transaction.set_rollback(True)


def address(world: World, name: str, place: str) -> str:
    words = ADDRESSES[name].split()
    return reverse(name, args=[w[1:] if w.startswith("=") else world.things[place][w] for w in words])


def ask(client: Client, method: str, url: str):
    """The answer, and the world as it was before."""
    with transaction.atomic():
        answer = client.get(url) if method == "GET" else client.post(url, {})
        transaction.set_rollback(True)
    return answer


def let_in(answer) -> bool:
    """Refused means: as if it were not there, told plainly (an insider, 403), or sent to sign in."""
    if answer.status_code == 302 and answer["Location"].startswith("/accounts/login/"):
        return False
    return answer.status_code not in (403, 404, 405)


def text_of(answer) -> str:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            body = b"".join(book.read(n) for n in book.namelist())
    return body.decode("utf-8", "ignore")


def found(world: World, name: str) -> tuple[list[str], list[str]]:
    """The lines of one address, and every canary that flew where it does not belong."""
    lines, leaks = [], []
    clients = {who: world.cast.client(who) for who in {w for people in ASKED.values() for w in people}}
    places = PLACES if set(ADDRESSES[name].split()) & world.things["own"].keys() else ("own",)
    for method in ("GET", "POST"):
        for place in places:
            url, inside = address(world, name, place), []
            for who in ASKED[place]:
                answer = ask(clients[who], method, url)
                assert answer.status_code < 500, f"{method} {url} as {who}: {answer.status_code}"
                if let_in(answer):
                    inside.append(who)
                birds = set(re.findall(f"{CANARY}([a-z])", text_of(answer)))
                if birds - set(CHILDREN[who]):
                    leaks.append(f"{method} {url} as {who} shows {sorted(birds - set(CHILDREN[who]))}")
            if inside:
                lines.append(f"{name} {method} {place}: {' '.join(inside)}")
    return lines, leaks


def table() -> dict[str, list[str]]:
    """``{address name: its lines}`` as agreed."""
    out: dict[str, list[str]] = {name: [] for name in ADDRESSES}
    for line in TABLE.read_text().splitlines():
        if line and not line.startswith("#"):
            out.setdefault(line.split()[0], []).append(line)
    return out


@pytest.mark.parametrize("name", sorted(ADDRESSES))
def test_a_door_opens_to_those_in_the_table_and_shows_nobody_elses_child(world, name):
    lines, leaks = found(world, name)
    assert lines == table()[name]
    assert leaks == []


@pytest.mark.parametrize("name", sorted(ADDRESSES))
def test_nobody_enters_without_signing_in(world, name):
    for method in ("GET", "POST"):
        answer = ask(Client(), method, address(world, name, "own"))
        assert answer.status_code in (302, 401), f"{method} {name}"
        assert CANARY not in text_of(answer)


# Rules that hold whatever the table says.
AFAR = {"wai", "wai2", "waixiao", "yi", "yuan", "yuan2", "jiu"}
CHILD_ROOMS = ("dossiers:", "visits:")


def cells():
    for lines in table().values():
        for line in lines:
            head, _, people = line.partition(": ")
            name, method, place = head.split()
            # an address about nothing in particular is everybody's own page; a campaign is the whole district's
            if {w for w in ADDRESSES[name].split() if not w.startswith("=")} - {"campaign", "bureau", "term"}:
                yield name, method, place, set(people.split())


def test_nobody_from_afar_comes_near():
    assert [c for c in cells() if c[2] in ("own", "same") and c[3] & AFAR] == []
    at_home = {"xiao", "zhong", "nian", "ban", "ban2", "ke", "ke2", "xin", "ju", "de"}
    assert [c for c in cells() if c[2] == "foreign" and c[3] & (at_home | {"wai", "waixiao"})] == []
    assert [c for c in cells() if c[2] == "other" and c[3] & (at_home - {"ju", "de"})] == []


def test_a_bureau_opens_no_child():
    """Who has read a file is the one thing its administrator may ask, with the child's name masked."""
    opened = [c for c in cells() if c[0].startswith(CHILD_ROOMS) and c[3] & {"ju", "de", "yi"}]
    assert {c[0] for c in opened} <= {"dossiers:readers"}


def test_a_subject_teacher_opens_no_file_and_only_the_own_visits():
    assert [c for c in cells() if c[0].startswith("dossiers:") and c[3] & {"ke", "ke2", "wai2", "yuan2"}] == []
    assert [c for c in cells() if c[0].startswith("visits:") and c[2] == "own" and "ke2" in c[3]] == []


def test_a_class_teacher_opens_no_other_class():
    assert [c for c in cells() if c[0].startswith(CHILD_ROOMS) and c[2] == "same" and "ban" in c[3]] == []
    assert [c for c in cells() if c[0].startswith(CHILD_ROOMS) and c[2] == "own" and "ban2" in c[3]] == []


def test_a_bureau_never_plans_for_schools():
    assert [c for c in cells() if c[0].startswith("planning:") and c[1] == "POST" and c[3] & {"ju", "de"}] == []


def test_a_calendar_address_nobody_was_given_opens_nothing(client, db):
    assert client.get(reverse("planning:ics", args=["guess-guess-guess-guess"])).status_code == 404
