"""Every error that Headwater raises on purpose, in one tree, named by its consequence.

::

    HeadwaterError
    ├── ConfigError               what a person configured is missing or wrong: stop, say which key
    ├── SourceError
    │   ├── FatalSourceError      stop this source and tell a person (credentials, contract broken)
    │   ├── RetriableSourceError  try again, not before ``retry_at`` if it is known
    │   │   ├── Unanswered        a call that may have been billed was not answered: not again before ``retry_at``
    │   │   └── PageTokenExpired  the way to the next page is no longer valid: fetch the window anew
    │   └── SkippableRecordError  set this one record aside, count it, go on
    ├── StoreError                the object store
    │   ├── ObjectNotFound        there is no such object
    │   ├── PreconditionFailed    412: somebody else's write was there first
    │   ├── WriteConflict         409: two conditional writes at once; nothing was written, try again
    │   └── StoreUnavailable      503 or no answer: the effect of a write is unknown, read before you believe
    ├── LakeError
    │   ├── CommitLost            another attempt won this ``seq``: drop the work, plan anew
    │   └── IntegrityError        counts, hashes or the chain disagree: never published, a person is told
    ├── QueryError                Athena or DuckDB could not answer
    │   ├── QueryFailed           the statement itself failed; the engine's reason is in the message
    │   └── QueryThrottled        try again later
    ├── SubscriptionRefused       SNS will never take this subscription; the reason is for people
    ├── DeliveryError             a message to people did not go out
    │   ├── NotTaken              surely not: try again, or never, or call a person
    │   └── NoAnswer              it was taken or it was not: look before you send it again
    └── RequestError              what an API client sent is wrong; becomes an RFC 9457 problem
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType


class HeadwaterError(Exception):
    """The root: catch it at an edge to tell our own errors from bugs."""


class ConfigError(HeadwaterError):
    """A setting or configured value is missing or wrong; the message names the key and what to do."""


class SourceError(HeadwaterError):
    """Something between an outside system and the lake went wrong."""


class FatalSourceError(SourceError):
    """Trying again will not help: a person has to act. The cursor does not move."""


class RetriableSourceError(SourceError):
    """Trying again will help.

    Parameters
    ----------
    message
        What happened, for a person.
    retry_at
        The first instant (UTC) at which another try makes sense, when the source said so.
    """

    def __init__(self, message: str, retry_at: datetime | None = None) -> None:
        super().__init__(message)
        self.retry_at = retry_at


class Unanswered(RetriableSourceError):  # noqa: N818
    """A call that may have been billed was not answered; ``retry_at`` is when we can bear another, nobody said so."""


class PageTokenExpired(RetriableSourceError):  # noqa: N818
    """The link or token that leads to the next page is no longer valid: the window is fetched anew from its start."""


class SkippableRecordError(SourceError):
    """One record cannot be read; the records beside it can."""


class StoreError(HeadwaterError):
    """The object store did not do what was asked."""


class ObjectNotFound(StoreError):  # noqa: N818 - named as the field names it
    """There is no object under this key."""


class PreconditionFailed(StoreError):  # noqa: N818
    """HTTP 412: the condition of a conditional write did not hold."""


class WriteConflict(StoreError):  # noqa: N818
    """HTTP 409: a concurrent conditional write; nothing was written by this call."""


class StoreUnavailable(StoreError):  # noqa: N818
    """HTTP 5xx, throttling or no answer. A write may or may not have happened."""


class LakeError(HeadwaterError):
    """The lake or its commit log."""


class CommitLost(LakeError):  # noqa: N818
    """Another attempt created this commit first."""


class IntegrityError(LakeError):
    """Counts, hashes or the chain of commits disagree."""


class QueryError(HeadwaterError):
    """A query engine could not answer."""


class QueryFailed(QueryError):  # noqa: N818
    """The statement failed; the message carries the engine's reason."""


class QueryThrottled(QueryError):  # noqa: N818
    """The engine is busy; the same statement can succeed later."""


class SubscriptionRefused(HeadwaterError):  # noqa: N818 - named as the field names it
    """SNS will never take this subscription as it is; the message says why, and what to do, to people."""


class DeliveryError(HeadwaterError):
    """Something between the outbox and people."""


class NotTaken(DeliveryError):  # noqa: N818
    """The message was surely not taken.

    Parameters
    ----------
    message
        Why, for a person.
    retry_after
        How long the other side asks us to wait.
    for_good
        This message will never be taken there: trying again does not help.
    call_a_person
        What is set up is wrong there: it is tried on, and people are told at once.
    """

    def __init__(
        self,
        message: str,
        *,
        retry_after: timedelta | None = None,
        for_good: bool = False,
        call_a_person: bool = False,
    ) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.for_good = for_good
        self.call_a_person = call_a_person


class NoAnswer(DeliveryError):  # noqa: N818
    """The message may have been taken, or not."""


class RequestError(HeadwaterError):
    """An API client's request is wrong.

    Parameters
    ----------
    detail
        What is wrong, in a sentence.
    status
        The HTTP status to answer with.
    errors
        One mapping per bad parameter: ``{"parameter": ..., "detail": ...}``; of a text also ``line`` and ``column``.
    headers
        What the answer's headers have to tell, such as when to try again.
    """

    def __init__(
        self,
        detail: str,
        *,
        status: int = 400,
        errors: tuple[Mapping[str, str | int], ...] = (),
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.status = status
        self.errors = errors
        self.headers = headers
