"""Rank trackers: every share can be recomputed from the positions, and another make is configuration."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.errors import ConfigError, FatalSourceError
from chalicelib.sources.base import Accepted, Page, Request, Window
from chalicelib.sources.config import parse_sources
from chalicelib.sources.rank_tracker_positions import RankTrackerPositions
from chalicelib.sources.share_of_voice import CLICK_CURVE, Ranking, shares
from tests.contract.story import START, Story
from tests.servers.world import World

SOURCE = RankTrackerPositions()
DAY = datetime(2026, 11, 20, tzinfo=UTC)
WINDOW = Window(DAY, DAY + timedelta(days=1))
RECOMPUTED = """
    with last as (
        select *, checked_at[:10] as day, row_number() over
            (partition by url, keyword, engine, checked_at[:10] order by checked_at desc) as latest
        from positions where brand is not null
    ), clicks as (
        select day, brand, sum(keyword_weight::decimal(18, 4) * click_rate::decimal(18, 4)) as own
        from last where latest = 1 group by all
    )
    select day, brand, own, sum(own) over (partition by day) from clicks order by day, brand
"""


def config(text: str = "") -> Mapping[str, Any]:
    written = f'[rank_tracker_positions]\nbase_url = "https://rank.test"\nbrands = {{ "a.test" = "A" }}\n{text}'
    return parse_sources(written).section("rank_tracker_positions")


def lines(story: Story, table: str) -> list[dict[str, Any]]:
    keys = (k for location in story.catalog.tables[table].values() for k in story.store.keys(location))
    return [json.loads(line) for key in keys for line in story.store.objects[key].body.splitlines()]


def test_every_share_can_be_recomputed_from_the_positions(served: tuple[World, str]) -> None:
    story = Story(SOURCE, *served)
    story.live(timedelta(days=1))
    positions, given_shares = lines(story, "rank_tracker_positions"), lines(story, "rank_tracker_shares")
    columns = {name: [row[name] for row in positions] for name in positions[0]}

    table = pa.table(columns)
    assert table.num_rows == len(positions)
    recomputed = duckdb.connect().register("positions", table).execute(RECOMPUTED).fetchall()

    told = sorted((s["day_start"][:10], s["brand"], s["clicks"], s["share"]) for s in given_shares)
    assert len(told) == len(recomputed) >= 6
    for (day, brand, clicks, share), (their_day, their_brand, own, total) in zip(told, recomputed, strict=True):
        assert (day, brand, Decimal(clicks)) == (their_day, their_brand, own)
        assert abs(Decimal(share) - own / total) <= Decimal("5E-10")


@pytest.mark.parametrize("kind", ["late", "repeated"])
def test_late_and_repeated_checks_are_there_once(kind: str, served: tuple[World, str]) -> None:
    story = Story(SOURCE, *served)
    story.world.faults.add({"kind": kind, "vendor": "rank"})

    story.live(timedelta(days=2))

    for book, truth in story.books():
        assert truth
        assert story.rows(book) == truth


@given(
    st.lists(
        st.builds(
            Ranking,
            brand=st.sampled_from("ABC"),
            page=st.sampled_from(["p", "q"]),
            keyword=st.sampled_from(["k", "l", "m"]),
            engine=st.just("google.com"),
            checked_at=st.integers(0, 23).map(lambda hour: DAY + timedelta(hours=hour)),
            position=st.none() | st.integers(1, 100),
            weight=st.integers(1, 9).map(Decimal),
        ),
        max_size=30,
    )
)
def test_shares_are_parts_of_one_whole(rankings: list[Ranking]) -> None:
    found = list(shares(rankings, CLICK_CURVE))

    assert {share.brand for share in found} == {ranking.brand for ranking in rankings}
    parts = [share.share for share in found if share.share is not None]
    assert not parts or abs(sum(parts) - 1) <= Decimal("1E-9") * len(parts)
    assert all(share.share is None for share in found if not share.clicks_of_all)
    assert all(0 <= share.ranked <= share.tracked for share in found)


def test_a_rank_tracker_of_another_make_is_configuration() -> None:
    other = config(
        'urls_path = "/api/sites"\nhistory_path = "/api/sites/{id}/ranks"\ntoken_header = "Authorization"\n'
        'token_value = "Bearer {token}"\nfrom_parameter = "since"\nto_parameter = "until"\npage_parameter = "p"\n'
        'per_page_parameter = "limit"\nper_page = 1\nurls_list = "data.sites"\nurl_id = "uuid"\nurl_name = "domain"\n'
        'terms_list = "data.keywords"\nterm_name = "phrase"\nterm_engine = "search.engine"\nhistory_list = "days"\n'
        'checked_field = "at"\nrank_field = "pos.desktop"\n'
    )
    (first,) = SOURCE.requests(WINDOW, other)
    listed = answer(first, {"data": {"sites": [{"uuid": "u-1", "domain": "a.test"}]}})

    SOURCE.judge(listed)
    (history,) = SOURCE.follow(listed)
    term = {"phrase": "k", "search": {"engine": "bing"}, "days": [{"at": "2026-11-20", "pos": {"desktop": 2}}]}
    full = answer(history, {"data": {"keywords": [term]}})
    SOURCE.judge(full)
    (after,) = SOURCE.follow(full)
    last = answer(after, {"data": {"keywords": []}})

    assert SOURCE.authorise(first, {"token": "t"}).headers["Authorization"] == "Bearer t"
    assert history.url.partition("#")[0] == "https://rank.test/api/sites/u-1/ranks"
    assert history.params == {"since": "2026-11-20", "until": "2026-11-20", "limit": "1", "p": "1"}
    assert (after.params["p"], list(SOURCE.follow(last))) == ("2", [])
    position, share = SOURCE.parse([listed, full, last], WINDOW, other)
    assert isinstance(position, Accepted)
    assert isinstance(share, Accepted)
    assert (position.rows[0][1]["engine"], position.rows[0][1]["position"]) == ("bing", 2)
    assert share.rows[0][1]["share"] == 1


def test_an_answer_of_another_shape_stops_the_source_and_names_the_field() -> None:
    (first,) = SOURCE.requests(WINDOW, config())

    with pytest.raises(FatalSourceError, match=r"urls: a list was expected; mend the field names"):
        SOURCE.judge(answer(first, {"sites": []}))


@pytest.mark.parametrize(
    ("line", "advice"),
    [
        ('history_path = "/history"', "line 4: .* history_path: write a path with {id}"),
        ('click_curve = ["28.5"]', "line 4: .* click_curve: write shares of clicks"),
        ('terms_list = "data..terms"', "line 4: .* terms_list: write the way to a field"),
        ('token_value = "secret"', "line 4: .* token_value: write {token}"),
    ],
)
def test_a_wrong_mapping_is_told_with_its_line(line: str, advice: str) -> None:
    with pytest.raises(ConfigError, match=advice):
        config(line)


def answer(request: Request, body: Any) -> Page:
    return Page(request, 200, {}, json.dumps(body).encode(), START)
