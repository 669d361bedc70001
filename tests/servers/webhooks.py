"""Post the demo company's webhook history, signed, as GitHub would have:

``python -m tests.servers.webhooks --url … --secret … --seed 7 --days 90``.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import local

import requests

from tests.servers.__main__ import instant
from tests.servers.company import Company
from tests.servers.deliveries import headers_of
from tests.servers.payloads import Delivery, delivery

ATTEMPTS = 4
PATIENCE_S = 30.0


def history(seed: int, now: datetime, days: int) -> list[Delivery]:
    """Answer every delivery of the last days, oldest first."""
    company = Company(seed, now)
    return [delivery(company, h) for h in company.between(now - timedelta(days=days), now)]


def post_all(
    url: str, secret: str, deliveries: Sequence[Delivery], workers: int, told: Callable[[int], None] = lambda _: None
) -> Counter[int]:
    """Post deliveries side by side; a busy or absent endpoint is tried again. Answers how often each status came."""
    kept = local()

    def post(made: Delivery) -> int:
        if not hasattr(kept, "session"):
            kept.session = requests.Session()
            kept.session.trust_env = False
        status = 0
        for attempt in range(ATTEMPTS):
            time.sleep(attempt * 0.5)
            try:
                headers = headers_of(made, secret)
                status = kept.session.post(url, data=made.body, headers=headers, timeout=PATIENCE_S).status_code
            except requests.RequestException:
                status = 0
            if status and status != 429 and status < 500:
                break
        return status

    statuses: Counter[int] = Counter()
    with ThreadPoolExecutor(workers) as pool:
        for done, status in enumerate(pool.map(post, deliveries), start=1):
            statuses[status] += 1
            told(done)
    return statuses


def main() -> int:
    """Post the history; 1 if anything was not accepted."""
    parser = argparse.ArgumentParser(prog="python -m tests.servers.webhooks", description=__doc__)
    parser.add_argument("--url", required=True)
    parser.add_argument("--secret", required=True)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--days", type=int, default=90)
    parser.add_argument("--now", type=instant, default="now", help="ISO 8601, or now")
    parser.add_argument("--workers", type=int, default=12)
    parser.add_argument("--lose", action="store_true", help="leave those out that GitHub failed to deliver")
    given = parser.parse_args()
    deliveries = [d for d in history(given.seed, given.now, given.days) if not (given.lose and d.lost)]
    started = time.monotonic()
    statuses = post_all(given.url, given.secret, deliveries, given.workers)
    sys.stdout.write(
        f"{len(deliveries)} deliveries in {time.monotonic() - started:.1f} s, by status {dict(statuses)}\n"
    )
    return 0 if all(200 <= status < 300 for status in statuses) else 1


if __name__ == "__main__":
    sys.exit(main())
