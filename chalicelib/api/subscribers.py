"""``GET /awareness/socialmedia/subscribers``: the original contract's followers, as they stand."""

from __future__ import annotations

from chalicelib.api import contract_schemas
from chalicelib.api.context import Context
from chalicelib.api.contract import bounded, meta, prepare, total
from chalicelib.api.envelope import CACHE_CONTROL, etag, matches, not_modified
from chalicelib.api.ranges import FROM, TO, TZ
from chalicelib.api.routes import Access, Answer, Call, Reply, Route
from chalicelib.metrics.asked_range import read_range
from chalicelib.metrics.contract_questions import FOLLOWERS, LOOKED_BACK, at_present


def get_subscribers(call: Call, context: Context) -> Reply:
    """Answer how many people follow the company."""
    given = read_range(call.values)
    end = given.end or at_present(context.clock(), given.zone)
    asked = bounded(given.start or end - LOOKED_BACK, end, given.zone)
    prepared = prepare(context, FOLLOWERS, asked)
    tag = etag("subscribers", *prepared.tag)
    if matches(call.headers, tag):
        return not_modified(tag)
    answer = context.series.answer(prepared)
    views, subscribers, linkedin, x = total(answer)
    body = {
        "youtube": {"views": views, "subscribers": subscribers},
        "linkedin": linkedin,
        "twitter": x,
        "meta": meta(answer, asked),
    }
    return Reply(body, headers={"ETag": tag, "Cache-Control": CACHE_CONTROL})


ROUTES = (
    Route(
        method="GET",
        path="/awareness/socialmedia/subscribers",
        name="get_subscribers",
        access=Access.READ,
        summary="Followers on YouTube, LinkedIn and X",
        description=(
            "Followers as they were last told, the company's accounts together; `youtube.views` are the views of its "
            "channels so far. Without a range it is the present: the last look at each account within seven days. With "
            "`to`, how it stood then. null: nothing was told, or it is hidden."
        ),
        answers=(
            Answer(200, "Followers.", contract_schemas.SUBSCRIBERS, contract_schemas.SUBSCRIBERS_EXAMPLE),
            Answer(304, "Unchanged."),
        ),
        handler=get_subscribers,
        parameters=(FROM, TO, TZ),
        problems=(422,),
    ),
)
