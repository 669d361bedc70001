"""A typed client of Headwater's API.

>>> from headwater_client import Client
>>> client = Client("https://numbers.example/api", token="hw_…")  # doctest: +SKIP
>>> client.get_series("downloads", interval="P1W", tz="Europe/Paris")["meta"]["watermark"]  # doctest: +SKIP
"""

from headwater_client.client import Client
from headwater_client.errors import (
    ApiError,
    Conflict,
    Fault,
    InvalidRequest,
    NotAllowed,
    NotFound,
    NotReached,
    TooManyRequests,
    Unavailable,
)
from headwater_client.frames import to_frame
from headwater_client.retry import Retry
from headwater_client.transport import HttpTransport, Request, Response, Transport

__all__ = [
    "ApiError",
    "Client",
    "Conflict",
    "Fault",
    "HttpTransport",
    "InvalidRequest",
    "NotAllowed",
    "NotFound",
    "NotReached",
    "Request",
    "Response",
    "Retry",
    "TooManyRequests",
    "Transport",
    "Unavailable",
    "to_frame",
]
