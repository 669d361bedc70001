"""A user agent reduced to what is counted: browser and major version, system, kind of device, bot or not. Pure.

The packages ``ua-parser`` (the patterns of the uap-core project) and ``crawler-user-agents`` know the names; both are
imported when first needed, since their tables take a third of a second to load.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from chalicelib.sources.bots import bot_test

DESKTOP, MOBILE, TABLET, OTHER = "desktop", "mobile", "tablet", "other"
LONGEST = 1_000
"""Characters of a user agent that are looked at; patterns on longer ones would be a way to keep us busy."""
_TABLET = re.compile(r"iPad|Tablet|PlayBook|Silk(?!.*Mobile)|Android(?!.*Mobile)|Kindle")
_MOBILE = re.compile(r"Mobi|iPhone|iPod|Android|Windows Phone|BlackBerry|Opera Mini")
_DESKTOP = re.compile(r"Windows NT|Macintosh|X11|CrOS|Linux x86_64")


@dataclass(frozen=True, slots=True)
class Agent:
    """What is kept of a user agent. ``version`` is the browser's major version; None: not known."""

    browser: str | None
    version: int | None
    system: str | None
    device: str
    bot: bool


NOBODY = Agent(None, None, None, OTHER, False)


@lru_cache(maxsize=2_000)
def agent_of(user_agent: str) -> Agent:
    """Reduce a user agent.

    Examples
    --------
    >>> agent_of("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    ...          "Chrome/130.0.0.0 Safari/537.36")
    Agent(browser='Chrome', version=130, system='Windows', device='desktop', bot=False)
    >>> agent_of("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)").bot
    True
    >>> agent_of("")
    Agent(browser=None, version=None, system=None, device='other', bot=False)
    """
    if not user_agent:
        return NOBODY
    import ua_parser

    looked_at = user_agent[:LONGEST]
    browser, system = ua_parser.parse_user_agent(looked_at), ua_parser.parse_os(looked_at)
    major = browser.major if browser else None
    return Agent(
        browser=browser.family if browser else None,
        version=int(major) if major and re.fullmatch(r"[0-9]{1,9}", major) else None,
        system=system.family if system else None,
        device=_device(looked_at),
        bot=bot_test()(looked_at),
    )


def _device(user_agent: str) -> str:
    """Tell the kind of device by the words that browsers use.

    They are those of MDN, "Browser detection using the user agent": Android without ``Mobile`` is a tablet.
    """
    if _TABLET.search(user_agent):
        return TABLET
    if _MOBILE.search(user_agent):
        return MOBILE
    return DESKTOP if _DESKTOP.search(user_agent) else OTHER
