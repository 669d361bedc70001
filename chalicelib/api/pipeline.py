"""``GET /pipeline/{period}``: the original contract's leads and opportunities of a period."""

from __future__ import annotations

from chalicelib.api import contract_schemas
from chalicelib.api.context import Context
from chalicelib.api.contract import DATES, PERIOD, meta, prepare, read_span, total
from chalicelib.api.envelope import CACHE_CONTROL, etag, matches, not_modified
from chalicelib.api.ranges import FROM, TO, TZ
from chalicelib.api.routes import Access, Answer, Call, Reply, Route
from chalicelib.metrics.contract_questions import PIPELINE


def get_pipeline(call: Call, context: Context) -> Reply:
    """Answer how many leads and opportunities first reached each step."""
    asked = read_span(call.values, context.clock())
    prepared = prepare(context, PIPELINE, asked)
    tag = etag("pipeline", *prepared.tag)
    if matches(call.headers, tag):
        return not_modified(tag)
    answer = context.series.answer(prepared)
    raw, qualified, inquiries, opportunities = total(answer)
    counts = {"rawleads": raw, "mlq": qualified, "inquiries": inquiries, "opp": opportunities, "mql": qualified}
    body = {**asked.dates, **counts, "meta": meta(answer, asked)}
    return Reply(body, headers={"ETag": tag, "Cache-Control": CACHE_CONTROL})


ROUTES = (
    Route(
        method="GET",
        path="/pipeline/{period}",
        name="get_pipeline",
        access=Access.READ,
        summary="Leads and opportunities of a period",
        description=(
            "How many leads first were a raw lead, an inquiry and marketing qualified in the period, and how many "
            "opportunities (`opp`) first reached the step opportunity: Salesforce's opportunities, not the leads that "
            f"they were. `mlq` is the contract's own spelling of `mql`. {DATES}"
        ),
        answers=(
            Answer(200, "The period.", contract_schemas.PIPELINE, contract_schemas.PIPELINE_EXAMPLE),
            Answer(304, "Unchanged."),
        ),
        handler=get_pipeline,
        parameters=(PERIOD, FROM, TO, TZ),
        problems=(404, 422),
    ),
)
