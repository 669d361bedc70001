"""The browsers of the demo company's visitors: what they post to ``/b``, from a seed, with a ledger of it. Pure.

The website is a single-page app (leaving a page and arriving at the next are one request), the blog is pages of HTML.
There are campaigns, returning visitors, crawlers that run scripts, a monitor that never sleeps, visitors who do not
want to be tracked, requests that are sent twice, and a robot that replays a page's id with other content. Browsers keep an
id of the site's own, as ``b.js`` does where a page has ``data-id``: one for each host, since the first visit there; robots'
and some people's keep nothing. The ledger is made here, from what people did, and never by Headwater's code.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from tests.servers.company import HOUR, poisson, season
from tests.servers.vendor import Book

SITE, WEBSITE, BLOG = "acme", "www.acme.example", "blog.acme.example"
VISITS_PER_HOUR = 7.0
PAGES = ("/", "/pricing", "/product", "/product/connectors", "/customers", "/docs/start", "/docs/api", "/download")
POSTS = tuple(f"/{name}" for name in ("streams", "exactly-once", "midnight", "parquet", "release-4-0", "hiring"))
ENTRIES: tuple[tuple[str, str, float], ...] = (
    ("https://search.example/find", "", 0.34),
    ("", "", 0.30),
    ("https://social.example/feed", "utm_source=social&utm_medium=post&utm_campaign=launch", 0.14),
    ("", "utm_source=newsletter&utm_medium=email&utm_campaign=monthly", 0.12),
    ("https://github.com/acme/pipeline", "", 0.10),
)
TARGETS = ("https://github.com/acme/pipeline", "https://status.acme.example/now", "https://jobs.example/acme")
FILES = ("/files/pipeline-4.3.0.tar.gz", "/files/guide.pdf")
GOALS = ("signed_up", "demo_requested", "trial_started")


@dataclass(frozen=True, slots=True)
class Browser:
    """A user agent, and what has to become of it."""

    user_agent: str
    family: str
    device: str
    bot: bool = False


BROWSERS = (
    Browser("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36", "Chrome", "desktop"),
    Browser("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15", "Safari", "desktop"),
    Browser("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox", "desktop"),
    Browser("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0", "Edge", "desktop"),
    Browser("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1", "Mobile Safari", "mobile"),
    Browser("Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36", "Chrome Mobile", "mobile"),
    Browser("Mozilla/5.0 (iPad; CPU OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1", "Mobile Safari", "tablet"),
)  # fmt: skip
ROBOTS = (
    Browser("Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Googlebot/2.1; +http://www.google.com/bot.html) Chrome/142.0.0.0 Safari/537.36", "Googlebot", "other", True),
    Browser("Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)", "bingbot", "other", True),
)  # fmt: skip
MONITOR = Browser(
    "Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)", "UptimeRobot", "other", True
)
COLUMNS = (
    "event_id", "kind", "site", "host", "path", "section", "referrer", "target", "name", "duration_s",
    "utm_source", "utm_medium", "utm_campaign", "browser", "device", "is_bot", "first_party_id", "first_seen_on",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody, or something, behind one address with one browser."""

    address: str
    browser: Browser
    unwilling: bool = False  # asks not to be tracked
    regular: bool = False


@dataclass(frozen=True, slots=True)
class Post:
    """One request to ``POST /b``: when it is sent, with which headers, and the rows that it has to become.

    ``X-Forwarded-For`` stands for what the front would say of where it came from.
    """

    at: datetime
    headers: Mapping[str, str]
    body: bytes
    rows: tuple[Mapping[str, Any], ...]
    again: bool = False  # the same events were sent before


@dataclass
class Storages:
    """What each browser keeps of each host (``localStorage`` is an origin's): an id, and since when it has it.

    A coming visit finds what an earlier one has left. Of the regular visitors most were there before ``begin``.
    """

    seed: int
    begin: datetime
    kept: dict[tuple[str, str, str], tuple[str, date] | None] = field(default_factory=dict)

    def own(self, person: Person, host: str, at: datetime) -> tuple[str, date] | None:
        """Answer what a page finds at ``at``, or puts there; None where the browser keeps nothing."""
        where = (person.address, person.browser.user_agent, host)
        if where not in self.kept:
            chance = random.Random(f"{self.seed} storage {where}")
            keeps = not person.browser.bot and chance.random() > 0.06
            earlier = self.begin - timedelta(days=chance.uniform(1, 200))
            since = earlier if person.regular and chance.random() < 0.6 else at
            self.kept[where] = (f"{chance.getrandbits(96):024x}", since.date()) if keeps else None
        return self.kept[where]


@dataclass
class _Visit:
    """One visit as it goes on."""

    chance: random.Random
    person: Person
    at: datetime
    host: str
    path: str
    query: str
    referrer: str
    own: tuple[str, date] | None
    view: str = ""
    said: list[dict[str, Any]] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)

    def say(self, kind: str, held: float = 0.0, **more: Any) -> None:
        """Note one event that happened ``held`` seconds ago."""
        name = f"{self.chance.getrandbits(96):024x}"
        self.view = name if kind == "view" else self.view
        query = f"?{self.query}&session=s3cret" if self.query else "?session=s3cret" if kind == "view" else ""
        happened = self.at - timedelta(seconds=held)
        beacon = {
            "id": name,
            "kind": kind,
            "view": self.view,
            "at": int(happened.timestamp() * 1000),
            "url": f"https://{self.host}{self.path}{query}",
            **more,
            **({"first_party_id": self.own[0], "first_seen": self.own[1].isoformat()} if self.own else {}),
        }
        self.said.append({key: value for key, value in beacon.items() if value not in ("", None)})
        self.rows.append(self._row(name, kind, more))

    def _row(self, name: str, kind: str, more: Mapping[str, Any]) -> dict[str, Any]:
        campaign = dict(pair.split("=") for pair in self.query.split("&") if pair)
        duration = more.get("duration_ms")
        return {
            "event_id": name,
            "kind": kind,
            "site": SITE,
            "host": self.host,
            "path": self.path,
            "section": "blog" if self.host == BLOG or self.path.split("/")[1] == "blog" else "website",
            "referrer": _place(more.get("referrer", "")),
            "target": _place(more.get("target", "")),
            "name": more.get("name"),
            "duration_s": None if duration is None else duration / 1000,
            **{key: campaign.get(key) for key in ("utm_source", "utm_medium", "utm_campaign")},
            "browser": self.person.browser.family,
            "device": self.person.browser.device,
            "is_bot": self.person.browser.bot,
            "first_party_id": self.own[0] if self.own else None,
            "first_seen_on": self.own[1] if self.own else None,
        }

    def post(self) -> Post:
        """Send what was said."""
        rows = () if self.person.unwilling else tuple(self.rows)
        made = Post(self.at, self._headers(), _body(self.at, self.said), rows)
        self.said, self.rows = [], []
        return made

    def _headers(self) -> dict[str, str]:
        headers = {
            "Content-Type": "text/plain;charset=UTF-8",
            "Origin": f"https://{self.host}",
            "User-Agent": self.person.browser.user_agent,
            "X-Forwarded-For": self.person.address,
        }
        return headers | ({"Sec-GPC": "1"} if self.person.unwilling else {})


def _body(at: datetime, said: list[dict[str, Any]]) -> bytes:
    return json.dumps({"sent": int(at.timestamp() * 1000), "events": said}).encode()


def _place(url: str) -> str | None:
    parts = urlsplit(url)
    return f"{parts.netloc}{parts.path or '/'}" if url else None


def history(seed: int, anchor: datetime, days: int = 90, busy: float = 1.0) -> Iterator[Post]:
    """Everything that is posted in the ``days`` before ``anchor``, in order of time.

    Parameters
    ----------
    busy
        How many visits there are, beside the usual: about 1,300 events a day.
    """
    chance = random.Random(f"{seed} beacons")
    regulars = [replace(_person(chance), regular=True) for _ in range(400)]
    first = anchor.replace(minute=0, second=0, microsecond=0) - timedelta(days=days)
    storages = Storages(seed, first)
    pending: list[tuple[datetime, int, Post]] = []
    for hour in range(days * 24):
        begin = first + hour * HOUR
        for visit in _visits(chance, regulars, storages, begin, busy):
            pending += [(post.at, len(pending), post) for post in _with_repeats(chance, visit)]
        pending.sort(key=lambda entry: entry[:2])
        ready = [entry for entry in pending if entry[0] < begin + HOUR]
        pending = [(at, number, post) for number, (at, _, post) in enumerate(pending[len(ready) :])]
        yield from (post for at, _, post in ready if at < anchor)
    yield from (post for at, _, post in pending if at < anchor)


def _visits(
    chance: random.Random, regulars: list[Person], storages: Storages, begin: datetime, busy: float
) -> Iterator[list[Post]]:
    """The visits that begin in an hour."""
    for _ in range(poisson(chance, VISITS_PER_HOUR * season(begin) * busy)):
        person = chance.choice(regulars) if chance.random() < 0.35 else _person(chance)
        yield _visit(chance, person, storages, begin + timedelta(seconds=chance.uniform(0, 3600)))
    if chance.random() < 0.5 * busy:
        robot = Person(f"198.51.100.{chance.randrange(1, 5)}", chance.choice(ROBOTS))
        yield _crawl(chance, robot, begin + timedelta(seconds=chance.uniform(0, 3000)))
    for quarter in range(4):  # never silent for half an hour: one session over every midnight
        watched = Person("198.51.100.9", MONITOR)
        yield _crawl(chance, watched, begin + timedelta(minutes=15 * quarter, seconds=7), pages=1)


def _person(chance: random.Random) -> Person:
    address = f"198.18.{chance.randrange(256)}.{chance.randrange(1, 255)}"
    if chance.random() < 0.2:
        address = f"2001:db8:{chance.randrange(65_536):x}::{chance.randrange(1, 65_536):x}"
    return Person(address, chance.choice(BROWSERS), chance.random() < 0.03)


def _visit(chance: random.Random, person: Person, storages: Storages, at: datetime) -> list[Post]:
    """One visit of a person: pages, what was done there, and sometimes a long pause, which ends the session."""
    referrer, query, _ = chance.choices(ENTRIES, [share for _, _, share in ENTRIES])[0]
    on_blog = chance.random() < 0.4
    host, path = (BLOG, chance.choice(POSTS)) if on_blog else (WEBSITE, chance.choice(PAGES))
    visit = _Visit(chance, person, at, host, path, query, referrer, storages.own(person, host, at))
    posts: list[Post] = []
    visit.say("view", title=f"Acme {path}", referrer=referrer)
    posts.append(visit.post())
    for _ in range(min(12, int(chance.expovariate(0.45)))):
        _look(visit, posts)
        before = f"https://{visit.host}{visit.path}"
        visit.path, visit.query = chance.choice(POSTS if on_blog else PAGES), ""
        if on_blog:
            posts.append(visit.post())
            visit.at += timedelta(seconds=chance.uniform(0.2, 2))
        visit.say("view", held=chance.uniform(0, 0.4), title=f"Acme {visit.path}" if on_blog else "", referrer=before)
        posts.append(visit.post())
    _look(visit, posts)
    posts.append(visit.post())
    return posts


def _look(visit: _Visit, posts: list[Post]) -> None:
    """Stay on a page for a while, and do something there at times."""
    chance = visit.chance
    seconds = min(1500.0, chance.lognormvariate(3.2, 1.1))
    visit.at += timedelta(seconds=seconds)
    draw = chance.random()
    if draw < 0.06:
        visit.say("outbound", target=chance.choice(TARGETS))
        posts.append(visit.post())
    elif draw < 0.10:
        visit.say("download", target=f"https://{WEBSITE}{chance.choice(FILES)}")
        posts.append(visit.post())
    elif draw < 0.14:
        visit.say("event", name=chance.choice(GOALS), properties={"plan": chance.choice(["team", "solo"]), "seats": 3})
        posts.append(visit.post())
    visit.say("engagement", held=chance.uniform(0, 0.1), duration_ms=int(seconds * 1000))
    if chance.random() < 0.03:
        visit.at += timedelta(minutes=chance.uniform(31, 90))  # lunch


def _crawl(chance: random.Random, robot: Person, at: datetime, pages: int = 0) -> list[Post]:
    """A robot's visit: views and nothing else; one in a hundred says another page's id."""
    visit = _Visit(chance, robot, at, WEBSITE, "/", "", "", None)
    posts = []
    for _ in range(pages or chance.randrange(2, 7)):
        visit.say("view", title="Acme")
        posts.append(visit.post())
        visit.path = chance.choice(PAGES)
        visit.at += timedelta(seconds=chance.uniform(1, 20))
    if chance.random() < 0.01 and len(posts) > 1:
        replayed = posts[0]
        other = json.loads(posts[1].body)["events"][0]["at"]
        said = {**json.loads(replayed.body)["events"][0], "at": other, "title": "Acme, replayed"}
        posts.append(Post(visit.at, replayed.headers, _body(visit.at, [said]), replayed.rows))
    return posts


def _with_repeats(chance: random.Random, posts: list[Post]) -> Iterator[Post]:
    """Send some requests twice, three seconds later: the browser did not hear the answer."""
    for post in posts:
        yield post
        if chance.random() < 0.015:
            later = post.at + timedelta(seconds=3)
            yield Post(later, post.headers, _body(later, json.loads(post.body)["events"]), post.rows, again=True)


def book(posts: Iterator[Post] | list[Post]) -> Book:
    """The rows that these requests have to become."""
    rows = [row for post in posts if not post.again for row in post.rows]
    return Book("web_events", COLUMNS, ("event_id", "kind", "path"), rows)
