"""GitHub's statistics of repositories: a snapshot of stars, forks, watchers and open work, every hour.

GitHub's answers have two traps: ``watchers_count`` repeats the stars (watchers are ``subscribers_count``), and
``open_issues_count`` includes pull requests, which are therefore counted by a request of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, ClassVar

from chalicelib.errors import FatalSourceError, SkippableRecordError
from chalicelib.sources import github_answers, keys, snapshots
from chalicelib.sources.base import (
    CALLS,
    Accepted,
    Allowance,
    Column,
    ColumnType,
    Outcome,
    Page,
    Period,
    PullSource,
    Rejected,
    Request,
    Table,
    Window,
)
from chalicelib.sources.json_fields import instant, read_object, whole

_S, _I, _T = ColumnType.STRING, ColumnType.INT64, ColumnType.TIMESTAMP

STATS = Table(
    "github_repository_stats",
    "What GitHub counts of each repository, once an hour",
    (
        *snapshots.columns("GitHub", "the hour"),
        Column("repository", _S, "Full name, owner/name, as configured"),
        Column("stars", _I, "Stars"),
        Column("forks", _I, "Forks"),
        Column("watchers", _I, "Watchers: people who are told of everything (subscribers_count)"),
        Column("open_issues", _I, "Open issues without pull requests; null when the two answers contradict each other"),
        Column("open_pull_requests", _I, "Open pull requests, drafts included"),
        Column("size_kib", _I, "Size of the repository on GitHub's disk"),
        Column("pushed_at", _T, "When somebody last pushed to it"),
    ),
    time_column="observed_at",
    sort_by=("repository", "observed_at"),
)

Question = tuple[str, tuple[tuple[str, str], ...]]
"""An address and its parameters: what tells one request from another, whatever headers are on it."""

_HEADERS = {"accept": "application/vnd.github+json", "x-github-api-version": "2022-11-28", "user-agent": "headwater"}


class GithubRepositoryStats(snapshots.Snapshots, PullSource):
    """A pulled source whose past cannot be asked for."""

    name: ClassVar[str] = "github_repository_stats"
    title: ClassVar[str] = "GitHub repository statistics"
    tables: ClassVar[tuple[Table, ...]] = (STATS,)
    grid: ClassVar[timedelta] = timedelta(hours=1)
    credential: ClassVar[str | None] = "github"
    allowances: ClassVar[tuple[Allowance, ...]] = (Allowance("calls_per_hour", CALLS, Period.HOUR),)
    keys: ClassVar[tuple[keys.Key, ...]] = (
        keys.Key("base_url", keys.url, "the root of GitHub's REST API", "https://api.github.com"),
        keys.Key("repositories", keys.list_of(keys.repository), 'the repositories, as "owner/name"'),
        keys.Key("calls_per_hour", keys.positive, "how many requests an hour may be spent", 1000),
    )

    def requests(self, window: Window, config: Mapping[str, Any]) -> Sequence[Request]:  # noqa: ARG002 - the protocol
        """Name two requests a repository: itself, and its open pull requests, one a page, to learn how many pages."""
        return [r for name in config["repositories"] for r in (_repository(name, config), _pulls(name, config))]

    def authorise(self, request: Request, secret: Mapping[str, str]) -> Request:
        """Put the token on the request."""
        return replace(request, headers={**request.headers, "authorization": f"Bearer {secret['token']}"})

    def judge(self, page: Page) -> None:
        """Accept an answer, or say whether to try again and when; a repository that is gone is no failure.

        An answer of another shape than GitHub's contract stops the source: it would be so for every repository.
        """
        github_answers.judge(page)
        if page.status == 200:
            try:
                _check_shape(page)
            except SkippableRecordError as error:
                raise FatalSourceError(f"{page.request.url}: the answer has changed its shape: {error}") from error

    def follow(self, page: Page) -> Sequence[Request]:
        """Go where a renamed repository has gone, on the same host only: the token goes with it."""
        onward = github_answers.redirection(page)
        return (onward,) if onward else ()

    def spent(self, page: Page) -> Mapping[str, int]:
        """Answer what an answer did cost: an unchanged one is free."""
        return {CALLS: 0 if page.status == 304 else 1}

    def parse(self, pages: Iterable[Page], window: Window, config: Mapping[str, Any]) -> Iterator[Outcome]:
        """Read a snapshot: one outcome a repository, in the configured order."""
        answers = _answers(pages)
        for name in config["repositories"]:
            where = f"repository {name}"
            found = [answers.get(_identity(request(name, config))) for request in (_repository, _pulls)]
            try:
                yield _accept(name, *found, window=window)
            except SkippableRecordError as error:
                raw = "\n".join(page.body.decode("utf-8", "backslashreplace") for page in found if page)
                yield Rejected(str(error), where, raw)


def _repository(name: str, config: Mapping[str, Any]) -> Request:
    return Request("GET", f"{config['base_url']}/repos/{name}", headers=_HEADERS, conditional=True)


def _pulls(name: str, config: Mapping[str, Any]) -> Request:
    url = f"{config['base_url']}/repos/{name}/pulls"
    return Request("GET", url, {"state": "open", "per_page": "1"}, _HEADERS, conditional=True)


def _identity(request: Request) -> Question:
    return request.url, tuple(sorted(request.params.items()))


def _answers(pages: Iterable[Page]) -> dict[Question, Page]:
    """Map each question to its last answer; the answer to a redirected question is that of where it led."""
    answers: dict[Question, Page] = {}
    first: dict[Question, Question] = {}
    for page in pages:
        asked = first.get(_identity(page.request), _identity(page.request))
        answers[asked] = page
        if onward := github_answers.redirection(page):
            first[_identity(onward)] = asked
    return answers


def _check_shape(page: Page) -> None:
    """Refuse an answer that lacks what the rows need."""
    if page.request.url.endswith("/pulls"):
        github_answers.total(page)
        return
    answer = read_object(page.body)
    for field in ("stargazers_count", "forks_count", "subscribers_count", "open_issues_count"):
        _count(answer, field)


def _accept(name: str, repository: Page | None, pulls: Page | None, *, window: Window) -> Accepted:
    """Make the row of one repository."""
    if repository is None or pulls is None:
        raise SkippableRecordError("there is no answer to one of its two requests")
    github_answers.refuse_gone(repository)
    github_answers.refuse_gone(pulls)
    answer = read_object(repository.body)
    counts = {
        "stars": _count(answer, "stargazers_count"),
        "forks": _count(answer, "forks_count"),
        "watchers": _count(answer, "subscribers_count"),
        "open_pull_requests": github_answers.total(pulls),
    }
    issues = _count(answer, "open_issues_count") - counts["open_pull_requests"]
    row = {
        "observed_at": repository.fetched_at,
        "window_start": window.start,
        "repository": name,
        **counts,
        "open_issues": issues if issues >= 0 else None,
        "size_kib": whole(answer, "size"),
        "pushed_at": instant(answer, "pushed_at"),
    }
    return snapshots.accepted(STATS, row, window, name)


def _count(answer: Mapping[str, Any], field: str) -> int:
    """Take a count, which GitHub always gives."""
    value = whole(answer, field)
    if value is None or value < 0:
        raise SkippableRecordError(f"{field}: a count was expected, not {value}")
    return value
