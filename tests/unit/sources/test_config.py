from __future__ import annotations

from pathlib import Path

import pytest

from chalicelib.errors import ConfigError
from chalicelib.sources.config import parse_sources
from chalicelib.sources.registry import SOURCES

ROOT = Path(__file__).parents[3]


def test_the_shipped_file_runs_every_source() -> None:
    config = parse_sources((ROOT / "config/sources.toml").read_text())

    assert set(config.enabled) == set(SOURCES)
    assert config.section("github_repository_stats")["repositories"] == [
        "acme/pipeline",
        "acme/connectors",
        "acme/docs",
    ]


def test_absent_keys_have_their_defaults() -> None:
    config = parse_sources("[s3_access_logs]\nkey_pattern = '(?P<version>x)'")

    assert config.section("s3_access_logs") == {
        "key_pattern": "(?P<version>x)",
        "log_prefix": "",
        "not_bots": [],
        "silent_after_hours": 24,
    }


def test_a_source_without_a_section_does_not_run() -> None:
    with pytest.raises(ConfigError, match=r"no section \[github_webhooks\]: add one"):
        parse_sources("").section("github_webhooks")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[github_webhooks\n", "not TOML: .*line 1"),
        ("x = 1", r"line 1: \[x\] is no source"),
        ("\n[s3_access_logs]\nkey_pattern = '(?P<v>x)'", r"line 3: \[s3_access_logs\] key_pattern: name the group"),
        ("\n[s3_access_logs]\nkey_pattern = '('", "line 3.*mend the regular expression"),
        ("# a\n[s3_access_logs]", "line 2.*needs the key key_pattern"),
        ("[github_webhooks]\n\nhook = 1", r"line 3.*has no key hook: use one of base_url, hooks, silent"),
        ("[github_webhooks]\nbase_url = 'api.github.com/'", "line 2.*write an address"),
        ("[github_webhooks]\nhooks = { 'acme' = 1 }", 'line 2.*"owner/name"'),
        ("[github_webhooks]\n[github_webhooks.hooks]\n'a/b' = true", "line 2.*whole number above zero"),
        ("[github_webhooks]\nsilent_after_hours = -1", "line 2.*0 for never"),
        ("[github_webhooks]\nsilent_after_hours = 1.5", "line 2.*whole number of hours"),
        ("[github_webhooks]\nsilent_after_hours = true", "line 2.*whole number of hours"),
        ("[github_webhooks]\nsilent_after_hours = 10000000000000", "line 2.*at most 87600"),
        ("[github_repository_stats]\nrepositories = []", "line 2.*at least one element"),
        ("[github_repository_stats]\nrepositories = ['a/b', 'a/b']", "line 2.*each element once"),
        ("[github_repository_stats]\nrepositories = ['a/b']\ncalls_per_hour = 0", "line 3.*above zero"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_to_do(text: str, told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        parse_sources(text)


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(ConfigError) as caught:
        parse_sources("[a]\n[b]\n[s3_access_logs]")

    assert len(str(caught.value).splitlines()) == 3


def test_a_section_cannot_be_changed() -> None:
    section = parse_sources("[github_webhooks]").section("github_webhooks")

    with pytest.raises(TypeError):
        section["base_url"] = "x"  # type: ignore[index]
