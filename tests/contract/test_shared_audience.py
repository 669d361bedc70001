"""YouTube's and LinkedIn's sources over real data that nobody here wrote. Skips, saying so, where that is absent."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date
from fractions import Fraction

import pytest

from chalicelib.errors import RetriableSourceError
from chalicelib.sources.base import Accepted
from chalicelib.sources.linkedin_follower_segments import LinkedinFollowerSegments
from chalicelib.sources.youtube_analytics import YoutubeAnalytics
from chalicelib.sources.youtube_videos import YoutubeVideos
from tests.contract import shared_audience
from tests.contract.checks import check_outcome
from tests.real_data import FOLDER

pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(
        not FOLDER.is_dir(),
        reason=f"the real data is not at {FOLDER}; set HEADWATER_SHARED_DATA",
    ),
]


def test_the_statistics_of_all_361_videos_are_taken_with_the_numbers_that_were_recorded() -> None:
    source, counted = YoutubeVideos(), shared_audience.count_videos()

    assert (sum(c.received for c in counted), sum(c.ok for c in counted)) == (361, 361)
    for file in shared_audience.trending():
        videos = {video["video_id"]: video for video in shared_audience.records(file)}
        for page in shared_audience.video_pages(list(videos.values())):
            source.judge(page)
        for outcome in shared_audience.video_outcomes(file):
            check_outcome(source, outcome)
            assert isinstance(outcome, Accepted)
            row = outcome.rows[0][1]
            recorded = videos[row["video_id"]]
            assert row["views"] == int(recorded["view_count"])
            assert (row["likes"] is None) == (recorded["ratings_disabled"] == "True")
            assert row["comments"] in {None, int(recorded["comment_count"])}


def test_every_row_of_the_analytics_is_taken_or_is_one_that_came_before() -> None:
    source, rows = YoutubeAnalytics(), shared_audience.analytics()

    counted = shared_audience.count_reports()
    outcomes = list(shared_audience.report_outcomes(rows))

    assert (counted.received, counted.rejected, counted.ok + counted.duplicates) == (1000, 0, 1000)
    taken: defaultdict[date, Fraction] = defaultdict(Fraction)
    for outcome in outcomes:
        check_outcome(source, outcome)
        assert isinstance(outcome, Accepted)
        taken[outcome.rows[0][1]["day"]] += Fraction(outcome.rows[0][1]["watch_time_minutes"])
    truth: defaultdict[date, Fraction] = defaultdict(Fraction)
    for row in rows:
        truth[date.fromisoformat(row["date"])] += Fraction(float(row["watch_time_minutes"]))
    assert taken == truth
    assert sum(o.rows[0][1]["views"] for o in outcomes if isinstance(o, Accepted)) == sum(int(r["views"]) for r in rows)


def test_the_real_analytics_lack_a_day_and_are_therefore_not_taken_for_whole() -> None:
    page = shared_audience.report(shared_audience.analytics())

    with pytest.raises(RetriableSourceError, match="1 of 16 days are missing from 2021-07-") as caught:
        YoutubeAnalytics().judge(page)

    assert caught.value.retry_at is not None


def test_every_segment_of_linkedins_statistics_is_taken_and_every_other_answer_is_set_aside() -> None:
    counted = {c.name: c for c in shared_audience.count_segments()}
    (file,) = (f for f in shared_audience.linkedin_files() if f.stem == "organizationFollowerStatistics")
    source = LinkedinFollowerSegments()

    statistics = counted.pop("linkedin organizationFollowerStatistics")

    assert (statistics.received, statistics.ok, statistics.rejected) == (17, 17, 0)
    rows = []
    for outcome in shared_audience.segment_outcomes(file):
        check_outcome(source, outcome)
        assert isinstance(outcome, Accepted)
        rows.append(outcome.rows[0][1])
    recorded = json.loads(file.read_text())
    given = [s["followerCounts"] for name, listed in recorded.items() if name.startswith("follower") for s in listed]
    assert sum(r["organic_followers"] for r in rows) == sum(g["organicFollowerCount"] for g in given)
    assert sum(r["paid_followers"] for r in rows) == sum(g["paidFollowerCount"] for g in given)
    assert len(counted) == 20
    for other in counted.values():
        assert (other.received, other.rejected) == (1, 1)
        assert other.reasons
