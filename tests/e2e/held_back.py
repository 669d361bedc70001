"""Hold a cube's position back by some hours, as if its sources had stopped then: ``held_back CUBE HOURS``.

It says ``held``, and puts everything right when its input ends, however that comes about. A roll-up that was faster has
put it right already: then there is nothing to do.
"""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from chalicelib.aws.s3 import S3Store
from chalicelib.domain.objects import ObjectStore
from chalicelib.errors import PreconditionFailed
from chalicelib.lake import layout
from chalicelib.lake.published import Published, read_version
from infra.local.places import ENDPOINTS
from infra.local.post_deploy import client


def main(cube: str, hours: str) -> None:
    """Hold it back until the input ends."""
    found = json.loads(ENDPOINTS.read_text())
    store = S3Store(client("s3", found["aws"]), found["lake_bucket"])
    standing, etag = read_version(store, cube)
    assert standing is not None
    back = timedelta(hours=int(hours))
    earlier = replace(standing, watermarks={name: at - back for name, at in standing.watermarks.items()})
    etag = _put(store, earlier, etag)
    try:
        print("held", flush=True)
        sys.stdin.read()
    finally:
        with suppress(PreconditionFailed):
            _put(store, standing, etag)


def _put(store: ObjectStore, position: Published, etag: str | None) -> str:
    key = layout.published(position.stream)
    return store.put(key, position.to_json(), if_match=etag, content_type="application/json")


if __name__ == "__main__":
    main(*sys.argv[1:])
